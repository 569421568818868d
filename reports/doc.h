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

struct doc_place { /* a heading that can be led to */
	const char *name; /* a word for machines, unique among headings */
	const char *text;
};

struct doc_ops {
	void (*begin)(struct doc *d, const char *title);
	/* the headings of level 1 to come; NULL where the format has no use for that */
	void (*contents)(struct doc *d, const struct doc_place *place, size_t n);
	/* level 1 to 3; its name NULL: nothing leads there */
	void (*heading)(struct doc *d, int level, const struct doc_place *place);
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
	int64_t                  told;  /* rows of all tables so far */
	int64_t                  part, parts; /* told of how many that take long; 0: not known */
	const char              *leads; /* name of the heading that says more of the next row */
	struct jot               jot;   /* JSON: how deep the writer is */
	bool                     section; /* JSON: a section is open */
};

extern const struct doc_ops doc_html, doc_markdown, doc_csv, doc_json;

/* What the reports use; each goes to the format. */
void doc_contents(struct doc *d, const struct doc_place *place, size_t n);
void doc_heading(struct doc *d, int level, const char *text);
void doc_place(struct doc *d, int level, const struct doc_place *place);
void doc_para(struct doc *d, const char *fmt, ...) PRINTF(2, 3);
void doc_fact(struct doc *d, const char *name, const char *fmt, ...) PRINTF(3, 4);
void doc_table(struct doc *d, const char *name, const struct doc_column *col, size_t n);
/* One more of its parts is told; false when the watcher cancelled: stop. */
bool doc_part(struct doc *d, struct err *e) MUST_CHECK;
/* Of a report that is the rows of one list: their number is its parts, where somebody watches. */
bool doc_parts_of(struct doc *d, const struct list_query *q, struct err *e) MUST_CHECK;
/* The n-th of them is told: the watcher hears of the first, and of one in so many. */
bool doc_part_of(struct doc *d, int64_t n, struct err *e) MUST_CHECK;
/* False when the reader of the report went away or the watcher cancelled: stop. */
bool doc_row(struct doc *d, const struct value *v, struct err *e) MUST_CHECK;
void doc_table_end(struct doc *d);
struct doc_rows { /* rows of a list of the store */
	enum list_id list;
	struct scope scope;
	const char  *filter; /* NULL: none */
	const char  *order;  /* one of the list's by name; NULL: its first */
	/* in this order; the head is made of the name unless given: "severity,asset.name=Where" */
	const char  *columns;
	size_t       most; /* 0: all; what is cut is said */
	/* NULL, or: the name of the heading that says more of a row, NULL when none does */
	const char *(*leads)(const struct list_info *l, const struct row *r, struct arena *mem);
};
/* They as a table, streamed. Says so when there is no row. */
bool doc_list(struct doc *d, const char *name, const struct doc_rows *rows,
              struct err *e) MUST_CHECK;
/* The query behind them; a filter's tree goes into `mem`. */
bool doc_query(struct doc *d, const struct doc_rows *rows, struct arena *mem,
               struct list_query *out, struct err *e) MUST_CHECK;
/* A row's value by the name of its column; asserts that there is one. */
const struct value *row_value(const struct list_info *l, const struct row *r, const char *name);

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
