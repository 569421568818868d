/* SPDX-License-Identifier: MIT */
/*
 * mark_all.c - `V`: mark every row that the filter lets through, those not yet on the screen too.
 */
#include <stdlib.h>

#include "tui/app_state.h"

enum { SLOT_MARKING = 51 };

struct marking {
	struct work           w;
	struct view          *v;
	size_t                pane;
	struct arena          mem;
	struct table_question q;
	struct page           page;
	struct err            e;
	bool                  ok;
};

static void marking_run(struct work *w, void *ctx, const struct err *ctx_err)
{
	struct marking *m = (struct marking *)w;
	struct list_query lq;

	m->e = *ctx_err;
	m->ok = false;
	if (!ctx)
		return;
	m->e = (struct err)ERR_INIT;
	store_set_now(ctx, m->q.now);
	m->ok = table_query(&m->q, &m->mem, &lq, &m->e);
	lq.columns = 1; /* keys are all that a mark needs */
	m->ok = m->ok && store_page(ctx, &lq, PAGE_TOP, NULL, MARKS_MAX, &m->page, &m->e);
}

static void marking_done(struct work *w, bool stale)
{
	struct marking *m = (struct marking *)w;
	struct app *a = stale ? NULL : m->v->app;

	if (a && !m->ok)
		app_fault(a, &m->e);
	if (a && m->ok) {
		bool all = table_mark_page(&m->v->pane[m->pane], &m->page) && !m->page.more_below;

		if (!all)
			app_say(a, "the first %d are marked: no more can be", MARKS_MAX);
		a->dirty = true;
	}
	page_release(&m->page);
	arena_release(&m->mem);
	free(m);
}

void mark_all(struct view *v)
{
	struct marking *m = xcalloc(1, sizeof(*m));
	struct table *t = view_table(v);
	bool in_flight = t->in_flight;

	m->w.run = marking_run;
	m->w.done = marking_done;
	m->w.owner = v;
	m->w.slot = SLOT_MARKING;
	m->v = v;
	m->pane = v->focus;
	m->mem = (struct arena)ARENA_INIT;
	m->page = (struct page)PAGE_INIT;
	table_ask(t, app_now(v->app), &m->mem, &m->q);
	t->in_flight = in_flight;
	worker_submit(v->app->reader, &m->w);
}
