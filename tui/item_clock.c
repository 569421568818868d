/* SPDX-License-Identifier: MIT */
/* item_clock.c - how long an assessor looks at an item, and how long the rest will take. */
#include "tui/app_state.h"
#include "tui/item_clock.h"

enum { PAUSE_S = 1800 }; /* who was away for longer begins another walk */

void walk_item(struct view *v, struct item_time *t)
{
	struct walk *w = &v->app->walk;
	int64_t now = app_now(v->app);

	if (w->began == 0 || now - w->left > PAUSE_S)
		*w = (struct walk){ .began = now, .open = -1 };
	w->left = now;
	t->since = now;
}

void walk_open(struct view *v, int64_t open)
{
	if (v->app->walk.open < 0)
		v->app->walk.open = open;
}

void walk_leave(struct view *v)
{
	v->app->walk.left = app_now(v->app);
}

/* As fast as so far: nothing is said of the time before some are answered. */
void walk_tell(const struct view *v, const struct item_time *t, int64_t open, struct buf *out)
{
	const struct walk *w = &v->app->walk;
	int64_t now = app_now(v->app), answered = w->open - open;
	char item[16], session[16], left[16];

	time_print_span(now - t->since, item);
	time_print_span(now - w->began, session);
	buf_addf(out, "item %s, session %s", item, session);
	if (open > 0)
		buf_addf(out, ", %lld to answer", (long long)open);
	if (open > 0 && answered > 0) {
		time_print_span((now - w->began) * open / answered, left);
		buf_addf(out, " in about %s", left);
	}
}
