/* SPDX-License-Identifier: MIT */
/* past.c - `:asof` and `:known`: every screen as it would have been shown on a past day. */
#include <stdio.h>
#include <stdlib.h>

#include "tui/app_state.h"

enum { DAY = 86400, SLOT_PAST = 2000 }; /* after what was asked of the day shown now */

/* Asked of the reader, which then answers every question as of then. */
struct going {
	struct work w;
	struct app *app;
	struct past to;
	int64_t     present;
	struct err  e;
	bool        ok;
};

bool past_set(struct store *st, const struct past *to, int64_t present, struct err *e)
{
	int64_t at, known;

	store_as_of(st, &at, &known);
	if (at == to->at && known == to->known)
		return true;
	if (!store_set_as_of(st, 0, 0, e))
		return false;
	store_set_now(st, present); /* of a day that was shown, nothing later can be asked */
	return (to->at == 0 && to->known == 0) || store_set_as_of(st, to->at, to->known, e);
}

static void going_run(struct work *w, void *ctx, const struct err *ctx_err)
{
	struct going *g = (struct going *)w;

	g->e = *ctx_err;
	if (!ctx)
		return;
	g->e = (struct err)ERR_INIT;
	g->ok = past_set(ctx, &g->to, g->present, &g->e);
}

static void tell(struct app *a)
{
	char at[21];

	time_print(a->past.at, at);
	if (a->past.at == 0)
		app_say(a, "back in the present");
	else if (a->past.known > 0)
		app_say(a, "as of %s, known to #%lld: nothing can be written; :asof comes back", at,
		        (long long)a->past.known);
	else
		app_say(a, "as of %s: nothing can be written; %s comes back", at,
		        a->visit ? "q" : ":asof alone");
}

static void going_done(struct work *w, bool stale)
{
	struct going *g = (struct going *)w;
	struct app *a = g->app;

	if (!stale && !g->ok) {
		a->past = (struct past){ 0, 0 };
		app_fault(a, &g->e);
	} else if (!stale) {
		a->past = g->to;
		tell(a);
	}
	if (!stale) {
		a->revision = 0; /* the count of late alerts is another */
		app_ask_revision(a);
		for (size_t i = 0; i < a->nview; i++)
			a->view[i]->seen = 0;
		for (size_t i = 0; i < a->nother; i++)
			a->other[i]->seen = 0;
		if (app_top(a))
			view_reload(app_top(a));
	}
	free(g);
}

static void go_to(struct app *a, struct past to)
{
	struct going *g = xcalloc(1, sizeof(*g));

	g->w.run = going_run;
	g->w.done = going_done;
	g->w.owner = &a->past;
	g->w.slot = SLOT_PAST;
	g->app = a;
	g->to = to;
	g->present = app_present(a);
	app_say(a, "reading what was known then...");
	worker_submit(a->reader, &g->w);
}

/* A day means its last second, but today means now. */
static bool read_time(const char *text, int64_t now, int64_t *out)
{
	char whole[21];

	if (strlen(text) == 10) {
		(void)snprintf(whole, sizeof(whole), "%sT00:00:00Z", text);
		if (!time_parse(whole, out))
			return false;
		*out = time_day(*out) == time_day(now) ? now : *out + DAY - 1;
		return *out <= now;
	}
	return time_parse(text, out) && *out <= now;
}

void past_go(struct app *a, const char *text)
{
	struct past to = { 0, 0 };

	if (text[0] != '\0' && !read_time(text, app_present(a), &to.at))
		app_say(a, ":asof 2026-11-01, or a time such as 2026-11-01T12:00:00Z; "
		           "alone: the present");
	else
		go_to(a, to);
}

void past_visit(struct app *a)
{
	a->visit = app_top(a);
}

void past_known(struct app *a, const char *text)
{
	struct past to = { a->past.at != 0 ? a->past.at : app_present(a), 0 };

	if (text[0] == '#')
		text++;
	if (!str_int64(text, 1, INT64_MAX, &to.known))
		app_say(a, ":known 1234: with the audit trail's records up to that number");
	else
		go_to(a, to);
}
