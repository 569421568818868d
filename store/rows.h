/* SPDX-License-Identifier: MIT */
/* rows.h - lists, their columns, filters and pages: part of store.h. */
#ifndef ROWS_H
#define ROWS_H

#include "store/record.h"

struct store;


enum list_id {
#define LIST(id) LIST_##id,
#include "store/lists.def"
#undef LIST
	LIST_COUNT
};

enum value_type {
	VAL_NULL, VAL_INT, VAL_TEXT,
	VAL_LIST,     /* text: items with ", " between   */
	VAL_TIME,     /* seconds UTC; 0 never            */
	VAL_DUE,      /* seconds UTC; DUE_NONE none      */
	VAL_SEVERITY, /* enum severity                   */
	VAL_VERDICT, VAL_STATE, VAL_CONTROL, VAL_PRIORITY, VAL_ALERT_STATE, VAL_ANSWER,
	VAL_EPSS,     /* a share times 10,000; -1 none   */
	VAL_SCORE,    /* CVSS times 10; -1 none          */
	VAL_FAILS,    /* a count; -1 nobody looked       */
	VAL_FLAG      /* 0 or 1                          */
};

struct list_field; /* how a column is read (list.h); private to store/ */
struct column {
	/* "severity": filters, --columns, CSV header, JSON key; "asset.name" nests in JSON */
	const char     *name;
	const char     *brief; /* "sev": the short name in filters; NULL: none         */
	const char     *head;  /* "SEV": table header                                  */
	const char     *help;  /* one sentence                                         */
	enum value_type type;
	uint8_t         width; /* preferred columns of text                            */
	bool            sortable;
	const struct list_field *field;
};
struct list_order { /* a named composite, all ascending, all NOT NULL, ending in the key */
	const char *name;    /* "due"                  */
	const char *columns; /* "due, kev, epss"       */
};
struct list_info {
	const char              *name; /* "findings" */
	const char              *title;
	const struct column     *col;
	size_t                   ncol;
	const struct list_order *order; /* [0] is the default */
	size_t                   norder;
	size_t                   nkey; /* how many of row.key are used */
};
const struct list_info *store_list(enum list_id id);
/* By name ("images"); false when there is none. */
bool list_find(const char *name, enum list_id *out);

struct value {
	enum value_type type;
	union { int64_t i; const char *s; } u;
};
struct row {
	int64_t             key[4]; /* the list's key columns: identity, tie-break, drill-down */
	const struct value *val;    /* list_info.ncol of them                                  */
};
/* A value as plain text for tables and CSV: words, RFC 3339 times, "2%", "" for none. */
void value_print(const struct value *v, struct buf *out);

/* What a list is narrowed to: the rows that belong to one object. */
enum scope_kind {
	SCOPE_ALL, SCOPE_IMAGE, SCOPE_PROBLEM /* advisory, package */, SCOPE_CLUSTER, SCOPE_NODE,
	SCOPE_NAMESPACE,
	SCOPE_WORKLOAD, SCOPE_CONTAINER, SCOPE_FRAMEWORK, SCOPE_CONTROL, SCOPE_CLASS, SCOPE_ALERT,
	SCOPE_SOURCE,
	SCOPE_FINDING /* asset, advisory, part */,
	SCOPE_FIX /* image, kind, package: a row of the fix plan */, SCOPE_REPOSITORY, SCOPE_ITEM,
	SCOPE_PART,
	SCOPE_SCAN, /* the import that a scan came with */
	SCOPE_BASE, /* an image: its base, and all that stand on the same */
	SCOPE_FIX_MANY, /* plan (list_parts.h), kind, package: a row of the plan of many images */
	SCOPE_EXCEPTION
};
struct scope {
	enum scope_kind kind;
	int64_t         key[4];
};

/* Can the list be narrowed to such a thing? */
bool store_list_takes(enum list_id id, enum scope_kind kind);

/*
 * A filter (screens.md's grammar: sev>=high kev running, due<7d, image:a/b*, /re/, or, !,
 * brackets).
 */
struct filter; /* a tree, borrowed from the arena it was parsed into */
/*
 * Parse for one list; relative dates count from `now`. NULL or "" gives NULL: everything. False:
 * *at is the byte
 * offset of the fault, for a caret under it.
 */
bool filter_parse(enum list_id list, const char *text, int64_t now, struct arena *mem,
                  const struct filter **out, size_t *at, struct err *e) MUST_CHECK;

#define LIST_ALL_COLUMNS UINT64_MAX

struct list_query {
	enum list_id         list;
	struct scope         scope;
	const struct filter *where; /* NULL: all */
	int                  order; /* index of list_info.order, or -1: by `column` */
	size_t               column; /* sortable column, when order is -1 */
	bool                 desc;
	bool                 retired; /* images and what hangs on them: retired ones too */
	/*
	 * Bits 1 << column of those that are looked at; LIST_ALL_COLUMNS; 0: all but the
	 * dear ones (an image's gate). The others may be VAL_NULL, and cost nothing: who reads many
	 * rows should say.
	 */
	uint64_t             columns;
};

enum page_from { PAGE_TOP, PAGE_END, PAGE_AFTER, PAGE_BEFORE, PAGE_AT };
struct page { /* PAGE_INIT, store_page() any number of times, page_release() */
	struct arena mem; /* owns the rows and their strings */
	struct row  *row;
	size_t       nrow;
	bool         more_above, more_below;
};
#define PAGE_INIT { .mem = ARENA_INIT }
/*
 * Fill `out` with up to `want` rows in query order, starting where `from` says; AFTER, BEFORE and
 * AT are relative
 * to `anchor`, a row of an earlier page of the same query (it may live in `out` itself; it is
 * copied first). Costs
 * one index seek plus `want` steps when an index covers the query, whatever the list's size; any
 * other order or a
 * sparse filter is found once into a temporary table of keys, and paged from there; the ends of
 * another order (TOP, END) come before that, from one pass that keeps `want` rows.
 */
bool store_page(struct store *st, const struct list_query *q, enum page_from from,
                const struct row *anchor,
                size_t want, struct page *out, struct err *e) MUST_CHECK;
void page_release(struct page *p);
/* Exact number of rows; may scan, so views ask when idle. */
bool store_count(struct store *st, const struct list_query *q, int64_t *out,
                 struct err *e) MUST_CHECK;
/* Every row in order, for reports and exports; stop by returning false with *e set. */
typedef bool row_fn(void *ctx, const struct row *r, struct err *e);
bool store_each(struct store *st, const struct list_query *q, row_fn *fn, void *ctx,
                struct err *e) MUST_CHECK;
/*
 * Rows by value of one column, most frequent first: value, count (in key[0]). At most `want`. Times
 * are counted by day, shares by per cent.
 */
bool store_facets(struct store *st, const struct list_query *q, size_t column, size_t want,
                  struct page *out,
                  struct err *e) MUST_CHECK;
/* The filter of the rows that store_facets counted under this value. */
void store_facet_term(const struct column *c, const struct value *v, struct buf *out);
/*
 * One value as a filter spells it, "owner:mlee" or "owner:none": in quotes where a blank or a sign
 * would mean something else.
 */
void filter_add_term(struct buf *b, const char *column, const char *value);

#endif
