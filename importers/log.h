/* SPDX-License-Identifier: MIT */
/* log.h - logs whose lines are objects, with whatever else stands between and before them. */
#ifndef LOG_H
#define LOG_H

#include "importers/read.h"
#include "store/record.h"

struct source;
struct log;

/* A line that is no JSON, NUL-terminated. Take it (put records, set *taken) or leave it alone. */
struct log_line {
	const char *s;
	size_t      n;
	uint64_t    line, offset;
};
typedef bool log_text_fn(struct log *g, const struct log_line *l, bool *taken, struct err *e);

struct log { /* what the functions of the scopes get as their ctx */
	struct sink *sink;
	const struct read_scope *scope; /* of an object of the log; their ctx is this struct */
	size_t       nscope;
	log_text_fn *text;    /* NULL: such lines are searched for an object, else skipped  */
	void        *own;     /* the importer's                                             */
	struct arena mem;     /* strings of the record at hand; the scopes' functions reset it */
	const char  *cluster; /* of the records at hand, where a wrapper names it           */
	uint64_t     base;    /* of an object found inside a line: where it begins          */
	uint64_t     line;    /* of it; 0: the reader knows                                 */
	int64_t      at;      /* of records that do not say their time; 0: they are skipped  */
};

/*
 * Put the scan and read the log: objects one a line or spread over many, alone, in arrays, or
 * behind the prefix of a syslog or container log. Everything else is skipped with its line and
 * `reason`. Initialise sink, scope, nscope and own; the rest with 0 and ARENA_INIT; releases mem.
 */
bool log_read(struct log *g, const struct source *src, const char *tool, struct err *e) MUST_CHECK;

/* Read an object that a record holds as text; skipped with `r`'s place when it is no JSON. */
bool log_inside(struct log *g, const struct read_record *r, const char *json, size_t n,
                struct err *e) MUST_CHECK;

/* A record without a time happened when the user says; false: the user does not say either. */
bool log_time(const struct log *g, struct rec_event *out) MUST_CHECK;

/* Skip this record; as read_skip, but right inside a line too. */
bool log_skip(struct log *g, const struct read_record *r, const char *reason, struct err *e);

/* Fill raw, raw_len and offset from the field that holds the object's own text (READ_RAW). */
void log_origin(const struct log *g, const struct read_record *r, size_t field,
                struct rec_event *out);

/*
 * Take these keys out of the raw record, wherever they stand in it, and the value of an object that
 * has one of them as its name: they may be secrets.
 * A record without them stays as it came. The new text lives in g->mem; it is the record's identity
 * too, so the same text comes out of the same record.
 */
void log_hide(struct log *g, struct rec_event *ev, const char *const *key, size_t n);

#endif
