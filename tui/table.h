/* SPDX-License-Identifier: MIT */
/* table.h - the one list widget: a window of rows that pages, sorts, filters and remembers. */
#ifndef TABLE_H
#define TABLE_H

#include "store/store.h"
#include "tui/canvas.h"
#include "tui/keys.h"
#include "tui/marks.h"

enum { TABLE_COLUMNS_MAX = 40, MORE_MAX = 8, FILTER_MAX = 1000 };

/* One column as a screen wants it. */
struct table_column {
	const char *name;  /* of the store's column; one the store does not have is left out */
	const char *head;  /* NULL: the store's */
	uint8_t     width; /* columns of text it needs */
	uint8_t     drop;  /* 0: stays; else the highest are dropped first where room is short */
	bool        grow;  /* takes what room is left */
	bool        clock; /* a time is shown as such, not as an age: 15 columns */
};

/* A list screen is data. */
struct table_view {
	enum list_id              list;
	const struct table_column *column; /* in the order they are shown */
	size_t                    ncolumn;
	const char               *title;  /* of a pane: "FIX PLAN"; NULL: none */
	const char               *enter;  /* view that Enter opens; NULL: none */
	bool                      by_view; /* Enter opens it by the view's own act */
	enum scope_kind           opens;  /* what a row is, for that view: its key goes along */
	const char               *within; /* filter that it opens with; NULL: none */
	const char               *label;  /* column that names a row in line 2 */
	/* name of the order to begin with; NULL: the list's own */
	const char               *order;
	/* said when there is no row and no filter; NULL: "nothing here" */
	const char               *empty;
};

/* What the reader is asked; strings belong to the asking. */
struct table_question {
	enum list_id   list;
	struct scope   scope;
	const char    *filter;
	int            order;
	size_t         column;
	bool           desc;
	enum page_from from;
	struct row     anchor;
	bool           anchored;
	size_t         want;
	uint64_t       columns;     /* those that are looked at, as in list_query */
	int64_t        now;
};

/* What a list remembers. Zeroed, then table_init(). */
struct table {
	const struct table_view *lv;
	struct scope scope;
	char         filter[FILTER_MAX + 1];
	bool         filter_off; /* the filter is kept, but not used */
	int          order;      /* as in list_query */
	size_t       column;
	bool         desc;
	struct rect  at;         /* head line and rows */

	struct page  page;       /* the window of rows */
	bool         loaded;
	size_t       top;        /* index in the page of the first row shown */
	size_t       cursor;     /* index in the page */
	int64_t      first;      /* absolute index of page.row[0]; -1: not known */
	int64_t      total;      /* rows that match; -1: not known */
	int64_t      all;        /* rows without the filter; -1: not known */
	int          pending;    /* rows still to move once the window arrives */
	int          shift;      /* columns scrolled to the right */

	enum page_from asked;    /* how the page in flight was asked for */
	int64_t      asked_first;/* absolute index of its anchor; -1 */
	bool         in_flight;
	bool         ahead;      /* it is for keys that may come: nobody waits for it */
	uint64_t     asks;       /* windows asked for so far: of an older one nothing is taken */
	struct marks marks;      /* rows chosen for the next act */
	int64_t      marked[4];  /* key of the row marked last: where a range begins */
	bool         hidden[TABLE_COLUMNS_MAX]; /* by index in lv->column */
	struct table_column more[MORE_MAX];     /* columns of the store that the user added */
	size_t       nmore;
	/* of each column in lv->column, what its widest value so far takes; texts only */
	uint8_t      widest[TABLE_COLUMNS_MAX];
	char         was[FILTER_MAX + 1];       /* the filter before the one being typed */
};

void table_init(struct table *l, const struct table_view *lv, const struct scope *scope);
void table_release(struct table *l);
/* Sort by a column of the store, rising; one it does not have changes nothing. */
void table_sort(struct table *l, const char *column);

/* The row under the cursor; NULL when there is none. */
const struct row *table_row(const struct table *l);
/* Value of a column of the row under the cursor, by the store's name; NULL when it has none. */
const struct value *table_value(const struct table *l, const char *column);
/* The same as a cell's text would say it, into `out`. */
void table_cell(const struct table *l, const struct row *r, const char *column, int64_t now,
               struct buf *out);

/*
 * Keys. True when the list took the action; then *ask says that rows must be asked for. Movement,
 * order, columns' scrolling; filters and menus belong to the view.
 */
bool table_act(struct table *l, enum action a, bool *ask);
/* Mark the rows of a page, all of the list that is wanted; false: more than can be marked. */
bool table_mark_page(struct table *l, const struct page *p);
/* Begin again from the first row: the filter, the order or the scope is another. */
void table_restart(struct table *l);
/* Of another scope now: rows of the one before are forgotten at once, so that no key opens one. */
void table_rescope(struct table *l, const struct scope *scope);
/* Ask for the same rows afresh, the cursor staying on its row. */
void table_reload(struct table *l);

/* What to ask for next: the window of rows in flight. Strings are copied into `mem`. */
void table_ask(struct table *l, int64_t now, struct arena *mem, struct table_question *q);
/* The row under the cursor in full, which must be there; the list goes on as if not asked. */
void table_ask_row(const struct table *l, int64_t now, struct arena *mem, struct table_question *q);
/*
 * The column that is shown where a row's own value is empty: the title of a rule without a package;
 * NULL: none.
 */
const char *table_instead(const char *column);
/* In the reader: the question as the store takes it; what it points to lives in `mem`. */
bool table_query(const struct table_question *q, struct arena *mem, struct list_query *out,
                 struct err *e);
/* In the reader: answer it. */
bool table_fetch(struct store *st, const struct table_question *q, struct page *out, struct err *e);
bool table_count(struct store *st, const struct table_question *q, int64_t *total, int64_t *all,
                struct err *e);
/*
 * Take the page (its contents move); true when more rows must be asked for, be it only for keys
 * that may come: `ahead` tells.
 */
bool table_take(struct table *l, struct page *p);

/* The rows of the page tell how wide columns had better be. */
void table_measure(struct table *l);
/* `focus`: the cursor is shown. */
void table_draw(const struct table *l, struct canvas *c, int64_t now, bool focus);
/* "trivy, grype" as "TG". */
void print_letters(const char *list, struct buf *out);
/* "by due", "12 of 5,723": what line 2 says of it. */
void table_describe(const struct table *l, struct buf *left, struct buf *right);
/* Index of a column of a list by its name; -1: it has none such. */
int table_column_index(const struct list_info *li, const char *name);
/* Name of the order or column it is sorted by. */
const char *table_order_name(const struct table *l);

#endif
