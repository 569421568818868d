/* SPDX-License-Identifier: MIT */
/* count.c - `#`: the rows of a list counted by one column; Enter keeps the rows of one value. */
#include <stdlib.h>

#include "tui/app_state.h"

enum { VALUES_MAX = 200, SLOT_FACETS = 50 };

/* Asked of the reader. The values stay with it until the next one is chosen. */
struct counting {
	struct work           w;
	struct view          *v;
	struct arena          mem;
	struct table_question q;
	size_t                column;
	struct page           page;
	struct err            e;
	bool                  ok;
};

static void counting_run(struct work *w, void *ctx, const struct err *ctx_err)
{
	struct counting *k = (struct counting *)w;
	struct list_query lq;

	k->e = *ctx_err;
	k->ok = false;
	if (!ctx)
		return;
	k->e = (struct err)ERR_INIT;
	store_set_now(ctx, k->q.now);
	k->ok = table_query(&k->q, &k->mem, &lq, &k->e) &&
	        store_facets(ctx, &lq, k->column, VALUES_MAX, &k->page, &k->e);
}

/* The chosen value joins the filter; the line is the user's to change. */
static bool take_value(struct view *v, size_t i, struct err *e)
{
	struct app *a = v->app;

	(void)e;
	if (view_table(v) && i < a->nmeant)
		view_narrow(v, a->meant[i]);
	return true;
}

void meant_forget(struct app *a)
{
	for (size_t i = 0; i < a->nmeant; i++)
		free(a->meant[i]);
	free(a->meant);
	a->meant = NULL;
	a->nmeant = 0;
}

/* Times are counted by the day. */
static void print_value(const struct value *v, struct buf *out)
{
	struct buf whole = BUF_INIT;

	value_print(v, &whole);
	buf_addf(out, "%.*s", v->type == VAL_TIME || v->type == VAL_DUE ? 10 : (int)whole.len,
	         whole.s);
	buf_release(&whole);
}

static void show_values(struct counting *k)
{
	struct app *a = k->v->app;
	const struct column *col = &store_list(k->q.list)->col[k->column];
	struct choice *c = xcalloc(k->page.nrow + 1, sizeof(*c));
	struct buf title = BUF_INIT;

	meant_forget(a);
	a->meant = xcalloc(k->page.nrow + 1, sizeof(*a->meant));
	for (size_t i = 0; i < k->page.nrow; i++) {
		struct buf value = BUF_INIT, term = BUF_INIT;
		char n[32];

		print_value(&k->page.row[i].val[0], &value);
		store_facet_term(col, &k->page.row[i].val[0], &term);
		print_count(k->page.row[i].key[0], n);
		c[i].text = arena_dup(&k->mem, value.len > 0 ? value.s : "none");
		c[i].more = arena_dup(&k->mem, n);
		a->meant[a->nmeant++] = buf_detach(&term);
		buf_release(&value);
	}
	buf_addf(&title, "Count by %s; Enter keeps the rows of one", col->name);
	app_choose(a, title.s, c, k->page.nrow, 0, take_value);
	buf_release(&title);
	free(c);
}

static void counting_done(struct work *w, bool stale)
{
	struct counting *k = (struct counting *)w;

	if (!stale && !k->ok)
		app_fault(k->v->app, &k->e);
	else if (!stale && app_top(k->v->app) == k->v)
		show_values(k);
	page_release(&k->page);
	arena_release(&k->mem);
	free(k);
}

static bool take_column(struct view *v, size_t i, struct err *e)
{
	struct counting *k = xcalloc(1, sizeof(*k));
	bool in_flight;

	(void)e;
	k->w.run = counting_run;
	k->w.done = counting_done;
	k->w.owner = v;
	k->w.slot = SLOT_FACETS;
	k->v = v;
	k->mem = (struct arena)ARENA_INIT;
	k->page = (struct page)PAGE_INIT;
	k->column = i;
	in_flight = view_table(v)->in_flight;
	table_ask(view_table(v), app_now(v->app), &k->mem, &k->q);
	view_table(v)->in_flight = in_flight;
	k->q.columns |= UINT64_C(1) << i;
	worker_submit(v->app->reader, &k->w);
	return true;
}

/* The column that most begin with, as it has few values: how bad, what became of it, what it is. */
static size_t first_choice(const struct list_info *li)
{
	static const char *const telling[] = { "severity", "status", "priority", "act", "kind",
	                                       "type", "base", "role", "source", "cluster",
	                                       "importer" };

	for (size_t k = 0; k < LENGTH(telling); k++)
		for (size_t i = 0; i < li->ncol; i++)
			if (str_eq(li->col[i].name, telling[k]))
				return i;
	return 0;
}

void count_choose(struct view *v)
{
	const struct list_info *li = store_list(view_table(v)->lv->list);
	struct choice *c = xcalloc(li->ncol + 1, sizeof(*c));

	for (size_t i = 0; i < li->ncol; i++)
		c[i] = (struct choice){ li->col[i].name, li->col[i].help };
	app_choose(v->app, "Count by which column?", c, li->ncol, first_choice(li),
	           take_column);
	free(c);
}
