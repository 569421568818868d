/* SPDX-License-Identifier: MIT */
/*
 * pace.c - how fast alerts were acknowledged, and which rules call most: for the preview of
 * alerts where there is room. All alerts of a month are read for it, so it is asked for by itself.
 */
#include <stdio.h>
#include <stdlib.h>

#include "tui/app_state.h"
#include "tui/pace.h"

enum { SLOT_RESPONSE = 1000, NOISE_AT = 62 };

struct asking_response {
	struct work           w;
	struct view          *v; /* not to be touched in the thread, nor when stale */
	int64_t               now;
	struct arena          mem;
	struct alert_response r;
	struct err            e;
	bool                  ok;
};

static void run(struct work *w, void *ctx, const struct err *ctx_err)
{
	struct asking_response *a = (struct asking_response *)w;
	struct store *st = reader_hold(ctx, ctx_err, a->now, &a->e);

	a->ok = false;
	if (!st)
		return;
	arena_reset(&a->mem);
	a->ok = store_alert_response(st, &a->mem, &a->r, &a->e);
	store_let_go(st);
}

static void done(struct work *w, bool stale)
{
	struct asking_response *a = (struct asking_response *)w;
	struct responding *r = stale ? NULL : a->v->state;

	if (r && a->ok) {
		arena_release(&r->mem);
		r->mem = a->mem;
		r->r = a->r;
		r->known = true;
		a->mem = (struct arena)ARENA_INIT;
		a->v->app->dirty = true;
	} else if (r) {
		app_fault(a->v->app, &a->e);
	}
	arena_release(&a->mem);
	free(a);
}

void pace_ask(struct view *v)
{
	struct responding *r = v->state;
	struct asking_response *a;

	if (r->revision == v->seen)
		return;
	r->revision = v->seen;
	a = xcalloc(1, sizeof(*a));
	a->w.run = run;
	a->w.done = done;
	a->w.owner = v;
	a->w.slot = SLOT_RESPONSE;
	a->v = v;
	a->now = app_now(v->app);
	a->mem = (struct arena)ARENA_INIT;
	worker_submit(v->app->reader, &a->w);
}

void pace_close(struct view *v)
{
	struct responding *r = v->state;

	arena_release(&r->mem);
}

/* ---- what it says ---- */

static void print_limit(int64_t seconds, char out[static 16])
{
	if (seconds == DUE_NONE)
		str_copy(out, 16, "-");
	else
		time_print_span(seconds, out);
}

static void add_pace(const struct alert_pace *p, const char *priority, struct buf *b)
{
	char ack[16], contain[16], close[16], median[16] = "-", share[16] = "-";

	print_limit(p->ack, ack);
	print_limit(p->contain, contain);
	print_limit(p->close, close);
	if (p->median >= 0)
		time_print_span(p->median, median);
	if (p->decided > 0)
		(void)snprintf(share, sizeof(share), "%lld%%",
		               (long long)(p->in_time * 100 / p->decided));
	buf_addf(b, "%-10s %6s %8s %6s %6lld %8s %7s", priority, ack, contain, close,
	         (long long)p->began, share, median);
}

/* The i-th priority of which there were alerts; false: there are no more. */
static bool pace_at(const struct alert_response *r, size_t i, struct buf *b)
{
	for (int k = 0; k < PRIO_COUNT; k++)
		if (r->pace[k].began > 0 && i-- == 0) {
			add_pace(&r->pace[k], priority_word((enum priority)k), b);
			return true;
		}
	return false;
}

static bool noise_at(const struct alert_response *r, size_t i, struct buf *b)
{
	if (i >= r->nnoise)
		return false;
	while (canvas_width(b->s) < NOISE_AT)
		buf_addc(b, ' ');
	buf_addf(b, "%6lld %6lld  %s  %s", (long long)r->noise[i].events,
	         (long long)r->noise[i].alerts, r->noise[i].where, r->noise[i].rule);
	return true;
}

void pace_sheet(const struct responding *r, struct sheet *s)
{
	enum { ROWS = 6 };
	struct buf b = BUF_INIT;

	if (!r->known)
		return;
	sheet_gap(s);
	sheet_head(s, "RESPONSE      ack  contain  close    30d  in time  median     events "
	              "alerts  NOISE in 30d; x mutes the rule");
	for (size_t i = 0; i < ROWS; i++) {
		bool any;

		buf_reset(&b);
		any = pace_at(&r->r, i, &b);
		any |= noise_at(&r->r, i, &b);
		if (any)
			sheet_line(s, ROLE_text, "%s", b.s);
	}
	buf_release(&b);
}
