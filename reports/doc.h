/* SPDX-License-Identifier: MIT */
/*
 * doc.h - how a document is written, format by format; private to reports/. Text arrives raw; the
 * format escapes it.
 */
#ifndef DOC_H
#define DOC_H

#include "reports/jot.h"
#include "reports/report.h"
#include "themes/theme.h"

struct doc;

struct doc_column { /* of a table */
	const char     *name; /* for machines, stable: "asset.name" nests in JSON */
	const char     *head; /* for people: "Asset name"                         */
	enum value_type type;
};

struct doc_ops {
	void (*begin)(struct doc *d, const char *title);
	void (*heading)(struct doc *d, int level, const char *text); /* level 1 to 3 */
	void (*para)(struct doc *d, const char *text);
	void (*fact)(struct doc *d, const char *name, const char *value); /* "Policy: baseline" */
	/* `name` is a word for machines, unique in the document; the heading above is for people */
	void (*table)(struct doc *d, const char *name, const struct doc_column *col, size_t n);
	void (*row)(struct doc *d, const struct value *v);
	void (*table_end)(struct doc *d);
	void (*end)(struct doc *d);
};

struct doc {
	const struct doc_ops    *ops;
	struct out              *out;
	const struct report_job *job;
	const struct theme      *theme; /* HTML's colours */
	const struct doc_column *col;   /* of the open table */
	size_t                   ncol;
	bool                     facts; /* a list of facts is open */
	int64_t                  rows;  /* of the open table */
	struct jot               jot;   /* JSON: how deep the writer is */
	bool                     section; /* JSON: a section is open */
};

extern const struct doc_ops doc_html, doc_markdown, doc_csv, doc_json;

/* What the reports use; each goes to the format. */
void doc_heading(struct doc *d, int level, const char *text);
void doc_para(struct doc *d, const char *fmt, ...) PRINTF(2, 3);
void doc_fact(struct doc *d, const char *name, const char *fmt, ...) PRINTF(3, 4);
void doc_table(struct doc *d, const char *name, const struct doc_column *col, size_t n);
/* False when the reader of the report went away or the watcher cancelled: stop. */
bool doc_row(struct doc *d, const struct value *v, struct err *e) MUST_CHECK;
void doc_table_end(struct doc *d);
/*
 * A list of the store as a table: the named columns, in the list's order, streamed. The head of a
 * column is made of its name, unless it says its own: "severity,asset.name=Where". Says so when
 * there is no row.
 */
bool doc_list(struct doc *d, const char *name, const struct list_query *q, const char *columns,
              struct err *e) MUST_CHECK;
/* The same, its first `most` rows only; *cut says whether there are more. */
bool doc_first(struct doc *d, const char *name, const struct list_query *q, const char *columns,
               size_t most, bool *cut, struct err *e) MUST_CHECK;

struct value value_text(const char *s);
struct value value_int(int64_t i);
struct value value_of(enum value_type t, int64_t i);

/* A report: what is said, once for all formats. */
struct report {
	struct report_info info;
	bool (*tell)(struct doc *d, struct err *e);
};
struct format {
	struct format_info    info;
	const struct doc_ops *doc;
};

#endif
