/* SPDX-License-Identifier: MIT */
/* ingest_entry.h - findings as the rows of a report showed them, in memory and beyond. */
#ifndef INGEST_ENTRY_H
#define INGEST_ENTRY_H

#include "store/base/base.h"

struct ingest;
struct look;

/* A finding as a row showed it: sorted and merged with what is stored when the import ends. */
struct entry {
	uint64_t key;	/* entry_key() */
	uint32_t fixed; /* interned: first good versions */
	uint32_t fix;	/* interned: the tool's state of a fix */
	uint32_t word;	/* id in table word: the tool's severity word */
	int16_t score;
	uint8_t severity;
	bool absent; /* looked for and found to be in order */
	bool kept;   /* shown only as set aside: it is there as before, if it was */
};
struct run { /* rows in order, in the temporary file */
	int64_t at;
	size_t n;
};

/* The two ids of a finding in one number that sorts as they do. */
#define PART_BITS 40
uint64_t entry_key(int64_t advisory, int64_t part);
int64_t key_advisory(uint64_t key);
int64_t key_part(uint64_t key);

/* A row, zeroed, to be filled at once; NULL: no room could be made. */
struct entry *entry_new(struct ingest *ig, struct look *l, struct err *e) MUST_CHECK;
bool entries_rename_advisory(struct ingest *ig, struct look *l, int64_t from, int64_t to,
			     struct err *e) MUST_CHECK;
bool entries_join(struct ingest *ig, struct look *into, struct look *l, struct err *e) MUST_CHECK;
void entries_release(struct ingest *ig, struct look *l);

struct entry_source { /* a run, or the rows in memory (row is NULL) */
	struct entry *row;
	size_t next, n; /* of those at hand */
	int64_t at;	/* of those that are not */
	size_t left;
};
struct entry_walk {
	struct entry now; /* when `there` */
	bool there;
	int fd;
	const struct entry *memory;
	struct entry_source *source;
	size_t n;
};
/* The rows of a look in key order, one a key: begin at the first, go on, end (in any case). */
bool entries_walk(struct ingest *ig, struct look *l, struct entry_walk *w,
		  struct err *e) MUST_CHECK;
bool entries_next(struct entry_walk *w, struct err *e) MUST_CHECK;
void entries_walked(struct entry_walk *w);

#endif
