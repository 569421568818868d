/* SPDX-License-Identifier: MIT */
/*
 * overview_owners.c - who has how much open, for the overview. The roll-ups of all images are read
 * for it, so it is asked for by itself, when everything else is there.
 */
#include <stdlib.h>

#include "tui/app_state.h"
#include "tui/overview.h"

enum { SLOT_LAST = 1000, OWNERS_MAX = 100, MENDED_DAYS = 90 };

struct asking_owners {
	struct work  w;
	struct view *v; /* not to be touched in the thread, nor when stale */
	int64_t      now;
	struct page  page;
	struct arena mem; /* of `mended` */
	const struct mended *mended;
	size_t       nmended;
	struct err   e;
	bool         ok;
};

static void run(struct work *w, void *ctx, const struct err *ctx_err)
{
	struct asking_owners *a = (struct asking_owners *)w;
	const struct list_query q = { .list = LIST_owners };
	struct store *st = reader_hold(ctx, ctx_err, a->now, &a->e);

	a->ok = false;
	if (!st)
		return;
	arena_reset(&a->mem);
	a->ok = store_page(st, &q, PAGE_TOP, NULL, OWNERS_MAX, &a->page, &a->e) &&
	        store_mended(st, MENDED_BY_OWNER, a->now - MENDED_DAYS * DAY_S, a->now, NULL,
	                     &a->mem, &a->mended, &a->nmended, &a->e);
	store_let_go(st);
}

static int64_t count_of(const struct row *r, const char *column)
{
	return r->val[table_column_index(store_list(LIST_owners), column)].u.i;
}

/* Days that what went had been open, on average; -1: nothing went. */
static int64_t days_to_mend(const struct asking_owners *a, const char *name)
{
	for (size_t i = 0; i < a->nmended; i++)
		if (str_eq(a->mended[i].name, name))
			return a->mended[i].mean / DAY_S;
	return -1;
}

static void take(struct overview *o, const struct asking_owners *a)
{
	const struct page *p = &a->page;
	int name = table_column_index(store_list(LIST_owners), "owner");

	arena_reset(&o->mem);
	o->owner = arena_array(&o->mem, struct overview_owner, p->nrow + 1);
	for (size_t i = 0; i < p->nrow; i++)
		o->owner[i] = (struct overview_owner){
			.name = arena_dup(&o->mem, p->row[i].val[name].u.s),
			.critical = count_of(&p->row[i], "critical"),
			.high = count_of(&p->row[i], "high"),
			.late = count_of(&p->row[i], "late"),
			.days = days_to_mend(a, p->row[i].val[name].u.s),
		};
	o->nowner = p->nrow;
	o->known = true;
	if (o->at[BLOCK_OWNERS] >= o->nowner)
		o->at[BLOCK_OWNERS] = 0;
}

static void done(struct work *w, bool stale)
{
	struct asking_owners *a = (struct asking_owners *)w;

	if (!stale && a->ok)
		take(a->v->state, a);
	else if (!stale)
		app_fault(a->v->app, &a->e);
	if (!stale)
		a->v->app->dirty = true;
	page_release(&a->page);
	arena_release(&a->mem);
	free(a);
}

void overview_ask_owners(struct view *v)
{
	struct asking_owners *a = xcalloc(1, sizeof(*a));

	a->w.run = run;
	a->w.done = done;
	a->w.owner = v;
	a->w.slot = SLOT_LAST;
	a->v = v;
	a->now = app_now(v->app);
	a->page = (struct page)PAGE_INIT;
	a->mem = (struct arena)ARENA_INIT;
	worker_submit(v->app->reader, &a->w);
}
