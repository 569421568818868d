/* SPDX-License-Identifier: MIT */
/*
 * facets.c - the problems that a filter leaves, counted by severity, tool, owner and fix. All of
 * them are read for it, so it is asked for by itself, when everything else is there.
 */
#include <stdlib.h>

#include "tui/app_state.h"
#include "tui/facets.h"

enum { SLOT_LAST = 1000, VALUES = 8, ROWS_MOST = 50000 };

static const struct counted {
	const char *head, *column;
	int         y, group;
} counted[] = {
	{ "BY SEVERITY", "severity", 0, 0 }, { "BY TOOL", "sources", 0, 1 },
	{ "BY OWNER", "owner", 1, 0 },
};

struct asking_facets {
	struct work           w;
	struct view          *v; /* not to be touched in the thread, nor when stale */
	struct arena          mem;
	struct table_question q;
	struct page           page[LENGTH(counted)];
	int64_t               rows, fixed;
	struct err            e;
	bool                  ok;
};

static size_t column_of(const struct counted *c)
{
	return (size_t)table_column_index(store_list(LIST_problems), c->column);
}

static bool count_fixed(struct store *st, struct asking_facets *a, struct err *e)
{
	struct table_question q = a->q;
	struct list_query lq;

	q.filter = str_empty(q.filter) ? "!fixed_in:none"
	                               : arena_printf(&a->mem, "(%s) !fixed_in:none", q.filter);
	return table_query(&q, &a->mem, &lq, e) && store_count(st, &lq, &a->fixed, e);
}

static bool count_all(struct store *st, struct asking_facets *a, struct err *e)
{
	struct list_query lq;

	if (!table_query(&a->q, &a->mem, &lq, e) || !store_count(st, &lq, &a->rows, e))
		return false;
	for (size_t i = 0; i < LENGTH(counted) && a->rows <= ROWS_MOST; i++)
		if (!store_facets(st, &lq, column_of(&counted[i]), VALUES, &a->page[i], e))
			return false;
	return a->rows > ROWS_MOST || count_fixed(st, a, e);
}

static void run(struct work *w, void *ctx, const struct err *ctx_err)
{
	struct asking_facets *a = (struct asking_facets *)w;
	struct store *st = reader_hold(ctx, ctx_err, a->q.now, &a->e);

	a->ok = false;
	if (!st)
		return;
	a->ok = count_all(st, a, &a->e);
	store_let_go(st);
}

/* ---- what it says ---- */

/* The worst first. */
static int by_severity(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	return (x->val[0].u.i > y->val[0].u.i) - (x->val[0].u.i < y->val[0].u.i);
}

static enum style_role role_of(const struct value *v)
{
	return v->type == VAL_SEVERITY ? severity_role((enum severity)v->u.i) : ROLE_text;
}

static void add_facet(struct strip *s, const struct counted *f, struct page *p)
{
	const struct column *col = &store_list(LIST_problems)->col[column_of(f)];
	char n[32];

	if (col->type == VAL_SEVERITY && p->nrow > 0)
		qsort(p->row, p->nrow, sizeof(*p->row), by_severity);
	strip_add(s, &(struct strip_cell){ .y = f->y, .group = f->group, .role = ROLE_head },
	          "%-11s", f->head);
	for (size_t i = 0; i < p->nrow; i++) {
		struct buf value = BUF_INIT, term = BUF_INIT;
		const struct value *v = &p->row[i].val[0];

		if (col->type == VAL_LIST && strchr(v->u.s, ','))
			print_letters(v->u.s, &value);
		else
			value_print(v, &value);
		store_facet_term(col, v, &term);
		print_count(p->row[i].key[0], n);
		strip_add(s, &(struct strip_cell){ .y = f->y, .group = f->group, .term = term.s,
		                                   .role = role_of(v) },
		          "%s %s", value.len > 0 ? value.s : "none", n);
		buf_release(&value);
		buf_release(&term);
	}
}

static void add_fix(struct strip *s, int64_t fixed, int64_t rows)
{
	const struct strip_cell head = { .y = 1, .group = 1, .role = ROLE_head };
	const struct strip_cell yes = { .y = 1, .group = 1, .term = "!fixed_in:none" };
	const struct strip_cell no = { .y = 1, .group = 1, .term = "fixed_in:none" };
	char n[32];

	strip_add(s, &head, "%-11s", "BY FIX");
	print_count(fixed, n);
	strip_add(s, &yes, "yes %s", n);
	print_count(rows - fixed, n);
	strip_add(s, &no, "none yet %s", n);
}

static void fill(struct strip *s, struct asking_facets *a)
{
	const struct strip_cell plain = { .role = ROLE_dim };

	strip_reset(s, (LENGTH(counted) + 1) * (VALUES + 1), 1, 2);
	if (a->rows > ROWS_MOST) {
		strip_add(s, &plain, "more than %d rows: a filter leaves fewer to count",
		          ROWS_MOST);
		return;
	}
	for (size_t i = 0; i < LENGTH(counted); i++)
		add_facet(s, &counted[i], &a->page[i]);
	add_fix(s, a->fixed, a->rows);
}

static void done(struct work *w, bool stale)
{
	struct asking_facets *a = (struct asking_facets *)w;

	if (!stale && a->ok) {
		fill(&((struct facets *)a->v->state)->strip, a);
		a->v->app->dirty = true;
	} else if (!stale) {
		app_fault(a->v->app, &a->e);
	}
	for (size_t i = 0; i < LENGTH(counted); i++)
		page_release(&a->page[i]);
	arena_release(&a->mem);
	free(a);
}

void facets_ask(struct view *v)
{
	struct facets *f = v->state;
	struct table *t = view_table(v);
	const char *filter = t->filter_off ? "" : t->filter;
	struct asking_facets *a;

	if (view_strip(v).h == 0 || (f->revision == v->seen && str_eq(f->filter, filter)))
		return;
	f->revision = v->seen;
	str_copy(f->filter, sizeof(f->filter), filter);
	a = xcalloc(1, sizeof(*a));
	a->w.run = run;
	a->w.done = done;
	a->w.owner = v;
	a->w.slot = SLOT_LAST;
	a->v = v;
	a->mem = (struct arena)ARENA_INIT;
	for (size_t i = 0; i < LENGTH(counted); i++)
		a->page[i] = (struct page)PAGE_INIT;
	a->q = (struct table_question){ .list = t->lv->list, .scope = t->scope,
	                                .now = app_now(v->app),
	                                .filter = arena_dup(&a->mem, filter) };
	worker_submit(v->app->reader, &a->w);
}

struct strip *facets_strip(const struct view *v)
{
	return &((struct facets *)v->state)->strip;
}

void facets_speak(const struct view *v, struct buf *out)
{
	if (strip_of(v))
		strip_speak(facets_strip(v), out);
}

void facets_close(struct view *v)
{
	strip_release(facets_strip(v));
}
