/* SPDX-License-Identifier: MIT */
/* whole.c - a row read in full, when a key asks: a list reads no more of its rows than it shows. */
#include <stdlib.h>

#include "tui/app_state.h"

enum { SLOT_WHOLE = 52 };

struct reading_row {
	struct work           w;
	struct view          *v;
	struct arena          mem;
	struct table_question q;
	struct page           page;
	row_taken            *taken;
	struct err            e;
	bool                  ok;
};

static void run(struct work *w, void *ctx, const struct err *ctx_err)
{
	struct reading_row *k = (struct reading_row *)w;

	k->e = *ctx_err;
	k->ok = false;
	if (!ctx)
		return;
	k->e = (struct err)ERR_INIT;
	store_set_now(ctx, k->q.now);
	k->ok = table_fetch(ctx, &k->q, &k->page, &k->e);
}

static void take(struct reading_row *k)
{
	const struct row *r = k->page.nrow > 0 ? &k->page.row[0] : NULL;

	if (!k->ok)
		app_fault(k->v->app, &k->e);
	else if (!r || memcmp(r->key, k->q.anchor.key, sizeof(r->key)) != 0)
		app_say(k->v->app, "this row is gone");
	else if (app_top(k->v->app) == k->v)
		k->taken(k->v, store_list(k->q.list), r);
}

static void done(struct work *w, bool stale)
{
	struct reading_row *k = (struct reading_row *)w;

	if (!stale)
		take(k);
	page_release(&k->page);
	arena_release(&k->mem);
	free(k);
}

void row_in_full(struct view *v, row_taken *taken)
{
	const struct table *t = view_table_const(v);
	struct reading_row *k;

	if (!t || !table_row(t)) {
		app_say(v->app, "no row to read");
		return;
	}
	k = xcalloc(1, sizeof(*k));
	k->w.run = run;
	k->w.done = done;
	k->w.owner = v;
	k->w.slot = SLOT_WHOLE;
	k->v = v;
	k->mem = (struct arena)ARENA_INIT;
	k->page = (struct page)PAGE_INIT;
	k->taken = taken;
	table_ask_row(t, app_now(v->app), &k->mem, &k->q);
	worker_submit(v->app->reader, &k->w);
}
