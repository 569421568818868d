/* SPDX-License-Identifier: MIT */
/* list.h - how a list is described, and what composes its SQL. Private to store/. */
#ifndef LIST_H
#define LIST_H

#include "store/db.h"
#include "store/store.h"

enum match {		    /* what `column:text` means */
	     MATCH_EXACT,   /* the whole text, case-blind; a glob where it holds `*` or `?`      */
	     MATCH_PROSE,   /* it occurs in it                                                   */
	     MATCH_NAME,    /* an image's name, from any `/` on, with or without its tag         */
	     MATCH_LETTERS, /* of a list: capitals are the first letters of all its items (`TG`) */
};

/*
 * How a column is read. `sql` is an expression over the list's `from` and `joins`. A test of it is
 * made on `test` (default: `sql`), inside the set `in` when there is one: "f.advisory IN (SELECT
 * a.id FROM advisory a WHERE " is found once a query, and closed with a bracket. A column of a
 * computed list has neither.
 */
struct list_field {
	const char *sql, *in, *test;
	/*
	 * Where no text anywhere passes, no row does: "EXISTS (SELECT 1 FROM owner o WHERE ",
	 * found once a query and closed with a bracket, and the text tested there. Spares each
	 * row a costly `sql`.
	 */
	const char *guard, *guarded;
	/* Of a number: words are looked for in `test`, which is text; numbers and none are of
	 * `sql`. */
	bool named;
	bool quiet;  /* bare words do not look here: too costly, or words of an enum */
	bool filled; /* the list's `fill` makes it of what `sql` says: no filter, no order */
	bool dear;   /* left out where a query names no columns */
	enum match match;
};

/* One term of an order. Where its row is gone, its value is that of a column or key of the row as
 * it was shown. */
struct list_term {
	const char *sql;
	const char *column; /* name; NULL: key */
	size_t key;
	int64_t from; /* not 0: the term is `from` minus the column */
	bool minus;   /* the term is minus the column */
};
struct list_sort { /* beside each list_info.order */
	bool indexed;
	bool downwards;		      /* newest first */
	const struct list_term *term; /* the key columns follow by themselves */
	size_t nterm;
};

/* Rows left out unless the filter speaks of `column` (and, for "retired", unless the query asks for
 * them). */
struct list_hide {
	const char *column;
	const char *where;
	const char
		*scan; /* the same, but of no index: for orders that read all rows; NULL: where */
};

struct list_scope {
	enum scope_kind kind;
	const char *from;	      /* NULL: the list's own                         */
	const char *where;	      /* `#0` to `#3` stand for the scope's keys      */
	bool wide;		      /* it may hold much of the list: treated as a filter */
	const struct list_hide *hide; /* instead of the list's own; NULL: the list's  */
	size_t nhide;
};

/* Its values are texts: words are looked for in them. */
static inline bool type_is_text(enum value_type t)
{
	return t == VAL_TEXT || t == VAL_LIST;
}

/* clang-format off */
#define SQL(...) &(const struct list_field){ __VA_ARGS__ }
/* clang-format on */

struct list_word { /* a bare word of filters, and the filter that it is short for */
	const char *word, *means;
};

struct list_def {
	struct list_info info;
	const char *alias; /* of the one table in `from`: "f"; NULL: there are several */
	const char *from;
	const char *joins; /* all LEFT JOIN on unique columns: those not needed fall away */
	const char *key[4];
	const struct list_sort *sort;
	const struct list_scope *scope; /* SCOPE_ALL among them, where it is allowed */
	size_t nscope;
	const struct list_hide *hide;
	size_t nhide;
	const struct list_word *word;
	size_t nword;
	bool heard; /* its SQL asks for store_heard() */
	const char
		*count; /* SQL that counts the whole list from roll-ups; NULL: rows are counted */
	/* Changes the value of a `filled` column; NULL: there are none. */
	bool (*fill)(struct store *st, struct arena *mem, struct value *v, struct err *e);
	/* A computed list instead has a function: all its rows in scope, in no order; few enough to
	 * sort in memory. */
	bool (*rows)(struct store *st, const struct list_query *q, struct arena *mem,
		     struct row **row, size_t *n, struct err *e);
};
const struct list_def *list_def(enum list_id id);
/* By name or short name, case-blind; -1 when there is none. */
int list_column(const struct list_def *def, const char *name);

/* ---- SQL in the making: constants are joined, values are bound in order of appearance ---- */
struct sql {
	struct buf text;
	struct value *bind;
	size_t nbind, cap;
};
#define SQL_INIT                                                                                   \
	{                                                                                          \
		BUF_INIT, NULL, 0, 0                                                               \
	}
void sql_add(struct sql *q, const char *constant);
void sql_value(struct sql *q,
	       const struct value *v); /* binds, and writes its `$N`; text is borrowed */
void sql_int(struct sql *q, int64_t i);
void sql_release(struct sql *q);
struct stmt *sql_stmt(struct db *db,
		      const struct sql *q); /* bound, to be stepped before `q` is released */

/* ---- a query, made ready ---- */
enum {
	LIST_TERMS = 5,
	LIST_PROBE = 20000 /* rows a filter may pass over before its rows are found once */
};
struct list_plan {
	const struct list_def *def;
	const struct list_query *q;
	const struct list_scope *scope;
	struct list_term term[LIST_TERMS];
	size_t nterm;
	bool down;    /* from the last row to the first      */
	bool indexed; /* an index, or a small scope, serves it */
};
/* ERR_USAGE: the list cannot be narrowed or sorted so. */
bool list_plan(const struct list_query *q, struct list_plan *out, struct err *e) MUST_CHECK;

/* A place in the order: what the terms of a row are, and its key. */
struct list_place {
	int64_t key[4];
	struct value term[LIST_TERMS];
};
/* -1, 0, 1: ascending by terms, then keys. Texts compare by bytes, as in SQL. */
int list_compare(const struct list_plan *p, const struct list_place *a, const struct list_place *b);
/* The place of a row as it was shown; texts are borrowed from it. */
void list_place_of(const struct list_plan *p, const struct row *r, struct list_place *out);
/* Does anything narrow it that may pass over many rows? */
bool list_is_sparse(const struct list_plan *p);
/* That of the current row of a statement that selected terms; texts live as long as that row. */
void list_place_read(const struct list_plan *p, struct stmt *s, struct list_place *out);
bool list_term_is_text(const struct list_plan *p, size_t i);

/*
 * Keys of the rows in order, and their terms behind them when `terms`. From a place on (NULL: the
 * first) in the direction `up`; `op` is ">" or ">=" seen upwards. With a filter and `probe`, only
 * so many rows are looked at.
 */
struct list_span {
	const struct list_place *from;
	bool including, up, terms;
	int64_t limit; /* 0: none */
	int64_t probe; /* 0: none */
};
void list_sql_keys(const struct list_plan *p, const struct list_span *span, struct sql *out);
void list_sql_count(const struct list_plan *p, struct sql *out);
void list_sql_facets(const struct list_plan *p, size_t column, size_t want, struct sql *out);
/* facet.c: what values of a column are counted together, in SQL and of one in memory */
void facet_sql(const struct column *c, struct sql *out);
void facet_value(struct value *v);
/* The terms of the row with this key, or no row. */
void list_sql_place(const struct list_plan *p, const int64_t key[4], struct sql *out);
/* The columns that are looked at, NULL for the others, of the row with the key bound to $1... */
void list_sql_row(const struct list_plan *p, struct sql *out);
/* All rows in order: keys, and those columns behind them. */
void list_sql_rows(const struct list_plan *p, bool up, struct sql *out);
bool list_wants(const struct list_plan *p, size_t column);

/*
 * Several statements that answer one question see one state of the store. *mine goes to reading_end
 * with what became of the answer; it returns false when that was false, or when it fails itself.
 */
bool reading_begin(struct store *st, bool *mine, struct err *e) MUST_CHECK;
/* The same for a list, with its plan. */
bool list_begin(struct store *st, const struct list_query *q, struct list_plan *p, bool *mine,
		struct err *e) MUST_CHECK;
bool reading_end(struct store *st, bool mine, bool ok, struct err *e) MUST_CHECK;

/*
 * The row with this key into `mem`, by the statement that list_sql_row() made; *there is false
 * when it is gone.
 */
bool list_read_row(struct store *st, const struct list_plan *p, const struct sql *sql,
		   const int64_t key[4], struct arena *mem, struct row *out, bool *there,
		   struct err *e) MUST_CHECK;
void list_page_empty(struct page *p); /* keeps its memory for the next rows */

/* ---- rows found once, kept in temporary tables until the store changes ---- */
struct list_state; /* belongs to a struct store */
void list_state_free(struct list_state *s);
void list_state_keep(struct store *st, bool keep); /* false: forget, and keep none until told so */
struct found {
	const char *table; /* NULL: none */
	int64_t n;
};
/* Look for the table of this query; `make` it when there is none. */
bool list_found(struct store *st, const struct list_plan *p, bool make, struct found *out,
		struct err *e) MUST_CHECK;
/* The first row not before `at`, 1 to n + 1, and whether it is `at` itself. */
bool list_found_seek(struct store *st, const struct list_plan *p, const struct found *f,
		     const struct list_place *at, int64_t *n, bool *exact,
		     struct err *e) MUST_CHECK;

/* ---- computed lists ---- */
bool memory_page(struct store *st, const struct list_plan *p, enum page_from from,
		 const struct list_place *at, size_t want, struct page *out,
		 struct err *e) MUST_CHECK;
bool memory_each(struct store *st, const struct list_plan *p, row_fn *fn, void *ctx,
		 struct err *e) MUST_CHECK;
bool memory_count(struct store *st, const struct list_plan *p, int64_t *out,
		  struct err *e) MUST_CHECK;
bool memory_facets(struct store *st, const struct list_plan *p, size_t column, size_t want,
		   struct page *out, struct err *e) MUST_CHECK;

#endif
