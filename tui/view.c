/* SPDX-License-Identifier: MIT */
/* view.c - the stack of views, and how their questions reach the store and come back. */
#include <stdlib.h>

#include "tui/app_state.h"

/*
 * What a question is about; lower slots go first (worker.h): rows somebody waits for, the view's
 * own answer, rows that keys may come to, and how many there are.
 */
enum {
	SLOT_ROWS = 0,
	SLOT_OWN = PANES_MAX,
	SLOT_AHEAD = SLOT_OWN + 1,
	SLOT_COUNT = SLOT_AHEAD + PANES_MAX
};

/* One question on its way: plain data, and the arenas its strings live in. */
struct asking {
	struct work            w;
	struct app            *app;
	struct view           *v; /* not to be touched in the thread, nor when stale */
	const struct view_ops *ops;
	size_t                 pane;
	uint64_t               asks; /* of the table, when it asked */
	struct arena           mem, answer_mem;
	struct question        q;
	struct table_question  tq;
	struct page            page;
	int64_t                total, all;
	void                  *answer;
	uint64_t               revision;
	struct err             e;
	bool                   ok;
};

static const struct view_ops *const all_views[] = {
#define VIEW(id, number, brief, full) &view_##id,
#include "tui/views.def"
#undef VIEW
};
static const int numbers[] = {
#define VIEW(id, number, brief, full) number,
#include "tui/views.def"
#undef VIEW
};

const struct view_ops *view_at(size_t i)
{
	return i < LENGTH(all_views) ? all_views[i] : NULL;
}

const struct view_ops *view_find(const char *name)
{
	for (size_t i = 0; i < LENGTH(all_views); i++)
		if (str_eq(all_views[i]->name, name))
			return all_views[i];
	return NULL;
}

int view_number(const struct view_ops *ops)
{
	for (size_t i = 0; i < LENGTH(all_views); i++)
		if (all_views[i] == ops)
			return numbers[i];
	return 0;
}

struct table *view_table(struct view *v)
{
	return v->focus < v->ops->npane ? &v->pane[v->focus] : NULL;
}

const struct table *view_table_const(const struct view *v)
{
	return v->focus < v->ops->npane ? &v->pane[v->focus] : NULL;
}

struct scope view_row(const struct view *v)
{
	struct scope s = { SCOPE_ALL, { 0 } };
	const struct table *t = view_table_const(v);
	const struct row *r = t ? table_row(t) : NULL;

	if (r) {
		s.kind = t->lv->opens;
		memcpy(s.key, r->key, sizeof(s.key));
	}
	return s;
}

/* ---- asking ---- */

static void asking_free(struct asking *a)
{
	page_release(&a->page);
	arena_release(&a->mem);
	arena_release(&a->answer_mem);
	free(a->answer);
	free(a);
}

static void run_own(struct asking *a, struct store *st)
{
	arena_reset(&a->answer_mem);
	memset(a->answer, 0, a->ops->answer_size);
	a->ok = a->ops->find(st, &a->q, &a->answer_mem, a->answer, &a->e);
}

struct store *reader_hold(void *ctx, const struct err *ctx_err, int64_t now, struct err *e)
{
	struct store *st = ctx;

	*e = *ctx_err;
	if (!st)
		return NULL;
	*e = (struct err)ERR_INIT;
	store_set_now(st, now);
	return store_hold(st, e) ? st : NULL;
}

/* In the reader. May be run again from its start, when something more urgent came between. */
static void asking_run(struct work *w, void *ctx, const struct err *ctx_err)
{
	struct asking *a = (struct asking *)w;
	struct store *st = reader_hold(ctx, ctx_err, a->q.now, &a->e);

	a->ok = false;
	if (!st)
		return;
	a->revision = store_revision(st);
	if (w->slot == SLOT_OWN)
		run_own(a, st);
	else if (w->slot < SLOT_COUNT)
		a->ok = table_fetch(st, &a->tq, &a->page, &a->e);
	else
		a->ok = table_count(st, &a->tq, &a->total, &a->all, &a->e);
	store_let_go(st);
}

static void take_own(struct asking *a)
{
	struct view *v = a->v;
	void *old = v->answer;

	v->asked = false;
	v->answer = a->answer;
	arena_release(&v->answer_mem);
	v->answer_mem = a->answer_mem;
	a->answer_mem = (struct arena)ARENA_INIT;
	a->answer = NULL;
	free(old);
	if (v->ops->taken)
		v->ops->taken(v);
	view_layout(v);
}

static void take_rows(struct asking *a)
{
	bool waited = a->w.slot < SLOT_OWN;
	bool more = table_take(&a->v->pane[a->pane], &a->page);

	view_layout(a->v);
	if (more)
		view_ask_rows(a->v, a->pane);
	if (a->ops->by_row && waited)
		view_ask(a->v);
}

static void take_count(struct asking *a)
{
	struct table *t = &a->v->pane[a->pane];

	t->total = a->total;
	t->all = a->all;
}

static void take_failure(struct asking *a)
{
	if (a->w.slot == SLOT_OWN)
		a->v->asked = false;
	else if (a->w.slot < SLOT_COUNT)
		a->v->pane[a->pane].in_flight = false;
	a->v->err = a->e;
	app_fault(a->app, &a->e);
}

/* Rows of a window that another was asked for instead of since. */
static bool outdated(const struct asking *a)
{
	return a->w.slot != SLOT_OWN && a->w.slot < SLOT_COUNT &&
	       a->asks != a->v->pane[a->pane].asks;
}

static void asking_done(struct work *w, bool stale)
{
	struct asking *a = (struct asking *)w;

	if (!stale && !outdated(a)) {
		a->app->dirty = true;
		a->v->seen = a->revision;
		if (!a->ok)
			take_failure(a);
		else if (w->slot == SLOT_OWN)
			take_own(a);
		else if (w->slot < SLOT_COUNT)
			take_rows(a);
		else
			take_count(a);
	}
	asking_free(a);
}

static struct asking *asking_new(struct view *v, int slot)
{
	struct asking *a = xcalloc(1, sizeof(*a));

	a->w.run = asking_run;
	a->w.done = asking_done;
	a->w.owner = v;
	a->w.slot = slot;
	a->app = v->app;
	a->v = v;
	a->ops = v->ops;
	a->page = (struct page)PAGE_INIT;
	a->mem = a->answer_mem = (struct arena)ARENA_INIT;
	a->q = (struct question){ v->scope, view_row(v), view_preview(v).h > 0, app_now(v->app) };
	return a;
}

void view_ask(struct view *v)
{
	struct asking *a;

	if (!v->ops->find || (v->ops->by_row && view_preview(v).h == 0 && v->ops->sheet &&
	                      !v->ops->rows_later))
		return;
	a = asking_new(v, SLOT_OWN);
	a->answer = xcalloc(1, v->ops->answer_size);
	v->asked = true;
	worker_submit(v->app->reader, &a->w);
}

static void ask_count(struct view *v, size_t pane)
{
	struct asking *a = asking_new(v, SLOT_COUNT + (int)pane);

	a->pane = pane;
	table_ask(&v->pane[pane], a->q.now, &a->mem, &a->tq);
	worker_submit(v->app->reader, &a->w);
}

void view_ask_rows(struct view *v, size_t pane)
{
	struct table *t = &v->pane[pane];
	struct asking *a = asking_new(v, (t->ahead ? SLOT_AHEAD : SLOT_ROWS) + (int)pane);

	a->pane = pane;
	a->asks = t->asks;
	table_ask(&v->pane[pane], a->q.now, &a->mem, &a->tq);
	worker_submit(v->app->reader, &a->w);
	if (v->pane[pane].total < 0)
		ask_count(v, pane);
}

static bool rows_wait(const struct view *v)
{
	return v->ops->rows_later && v->scope.kind == SCOPE_ALL;
}

/* A preview is asked for when its row is there. */
static bool asks_first(const struct view *v)
{
	return !v->ops->by_row || v->ops->npane == 0 || v->ops->rows_later;
}

void view_reload(struct view *v)
{
	v->err = (struct err)ERR_INIT;
	for (size_t i = 0; i < v->ops->npane && !rows_wait(v); i++) {
		table_reload(&v->pane[i]);
		view_ask_rows(v, i);
	}
	if (asks_first(v))
		view_ask(v);
}

/* ---- the stack ---- */

void view_resize(struct view *v)
{
	int before = view_preview(v).h;

	v->at = (struct rect){ 1, 0, v->app->canvas.h - 3, v->app->canvas.w };
	view_layout(v);
	if (v->ops->npane == 0 && v->answer)
		view_scroll(v, 0); /* no further than there is text now */
	if (before == 0 && view_preview(v).h > 0)
		view_ask(v);
}

static void view_free(struct view *v)
{
	if (v->app->visit == v)
		v->app->visit = NULL;
	if (v->ops->close)
		v->ops->close(v);
	worker_cancel(v->app->reader, v);
	worker_collect(v->app->reader);
	for (size_t i = 0; i < v->ops->npane; i++)
		table_release(&v->pane[i]);
	arena_release(&v->answer_mem);
	free(v->answer);
	free(v->state);
	free(v);
}

static struct view *view_new(struct app *app, const struct view_ops *ops,
                             const struct view_arg *arg)
{
	struct view *v = xcalloc(1, sizeof(*v));

	v->ops = ops;
	v->app = app;
	v->scope = arg->scope;
	v->answer_mem = (struct arena)ARENA_INIT;
	v->state = xcalloc(1, ops->state_size > 0 ? ops->state_size : 1);
	str_copy(v->label, sizeof(v->label), arg->label ? arg->label : "");
	for (size_t i = 0; i < ops->npane; i++) {
		table_init(&v->pane[i], &ops->pane[i], &v->scope);
		columns_load(v, i);
	}
	if (arg->filter && ops->npane > 0)
		str_copy(v->pane[0].filter, sizeof(v->pane[0].filter), arg->filter);
	return v;
}

bool view_push(struct app *app, const struct view_ops *ops, const struct view_arg *arg,
               struct err *e)
{
	static const struct view_arg none;
	struct view *v;

	if (app->nview == VIEWS_MAX)
		return err_set(e, ERR_LIMIT, "too deep: go back first");
	if (!arg)
		arg = &none;
	if (ops->needs != SCOPE_ALL && arg->scope.kind != ops->needs)
		return err_set(e, ERR_USAGE, "%s opens from a row of another view", ops->title);
	v = view_new(app, ops, arg);
	if (ops->open && !ops->open(v, arg, e)) {
		view_free(v);
		return false;
	}
	app->view[app->nview++] = v;
	app->dirty = true;
	app_resize(app, app->canvas.w, app->canvas.h);
	for (size_t i = 0; i < ops->npane; i++) {
		table_restart(&v->pane[i]);
		if (!rows_wait(v))
			view_ask_rows(v, i);
	}
	if (asks_first(v))
		view_ask(v);
	return true;
}

bool view_open_scope(struct app *app, const struct view_arg *arg, struct err *e)
{
	static const struct { enum scope_kind kind; const char *view; } table[] = {
		{ SCOPE_IMAGE, "image" }, { SCOPE_PROBLEM, "problem" }, { SCOPE_CLUSTER,
			"cluster" },
		{ SCOPE_NODE, "node" }, { SCOPE_NAMESPACE, "namespace" },
		{ SCOPE_WORKLOAD, "workload" }, { SCOPE_FRAMEWORK, "controls" },
		{ SCOPE_CONTROL, "control" }, { SCOPE_ALERT, "alert" }, { SCOPE_SOURCE, "scans" },
		{ SCOPE_FIX, "fix" }, { SCOPE_FIX_MANY, "change" }, { SCOPE_FINDING, "finding" },
		{ SCOPE_ITEM, "item" },
	};

	for (size_t i = 0; i < LENGTH(table); i++)
		if (table[i].kind == arg->scope.kind)
			return view_push(app, view_find(table[i].view), arg, e);
	return err_set(e, ERR_USAGE, "this row has nothing behind it");
}

static bool is_root(const struct app *app, const struct view *v)
{
	int n = view_number(v->ops);

	return n > 0 && app->root[n] == v;
}

void view_pop(struct app *app)
{
	struct view *v;

	if (app->nview == 0)
		return;
	v = app->view[--app->nview];
	if (v == app->visit && app->past.at != 0)
		past_go(app, "");
	if (is_root(app, v) && app->nview == 0)
		worker_cancel(app->reader, v);
	else
		view_free(v);
	app->dirty = true;
}

/* ---- acting ---- */

bool view_enter(struct view *v, struct err *e)
{
	struct table *t = view_table(v);
	const struct row *r = t ? table_row(t) : NULL;
	struct buf name = BUF_INIT, label = BUF_INIT;
	struct view_arg arg;
	bool ok;

	if (!r || !t->lv->enter)
		return true;
	if (t->lv->label)
		table_cell(t, r, t->lv->label, app_now(v->app), &name);
	short_words(name.s, &label);
	buf_release(&name);
	arg = (struct view_arg){ .scope = view_row(v), .label = label.s,
	                         .filter = t->lv->within };
	ok = view_push(v->app, view_find(t->lv->enter), &arg, e);
	buf_release(&label);
	return ok;
}
