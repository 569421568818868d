/* SPDX-License-Identifier: MIT */
/* view_overview.c - how we stand, what is due, which way it moves, and what needs a person now. */
#include <stdio.h>

#include "tui/app.h"

enum block { BLOCK_NOW, BLOCK_POSTURE, BLOCK_FINDINGS, BLOCK_COUNT };
enum { SEVERITIES = 4, RIGHT_WIDTH = 31, TWO_SIDES = 79,
       FIGURES_WIDTH = 29, WIDE = 86, TREND_AT = 48, WEEKS = 6 };

struct overview { /* where the cursor is */
	enum block block;
	size_t     at[BLOCK_COUNT];
};

static bool find(struct store *st, const struct question *q, struct arena *mem, void *answer,
                 struct err *e)
{
	(void)q;
	return store_status(st, mem, answer, e);
}

static size_t block_rows(const struct status *s, enum block b)
{
	if (b == BLOCK_NOW)
		return s->nnow;
	return b == BLOCK_POSTURE ? s->nframework : SEVERITIES + 1;
}

static void taken(struct view *v)
{
	struct overview *o = v->state;

	for (int b = 0; b < BLOCK_COUNT; b++) {
		size_t n = block_rows(v->answer, (enum block)b);

		if (o->at[b] >= n)
			o->at[b] = n > 0 ? n - 1 : 0;
	}
	if (block_rows(v->answer, o->block) == 0)
		o->block = BLOCK_POSTURE;
}

/* ---- figures ---- */

/* What passes, of all that applies; -1: nothing applies. */
static int met(const struct posture *p)
{
	int64_t all = 0;

	for (int w = 0; w < CONTROL_COUNT; w++)
		if (w != CONTROL_NA)
			all += p->n[w];
	return all > 0 ? (int)(p->n[CONTROL_PASS] * 100 / all) : -1;
}

static void print_change(int64_t now, int64_t before, char out[static 32])
{
	if (now == before)
		str_copy(out, 32, "0");
	else
		snprintf(out, 32, "%+lld", (long long)(now - before));
}

static void draw_number(struct canvas *c, struct rect r, int y, int x, int w, int64_t n,
                        enum style_role role)
{
	char text[32];

	print_short(n, text);
	canvas_right(c, r, y, x, w, n != 0 ? role : ROLE_dim, text);
}

static void draw_cursor(const struct view *v, struct canvas *c, struct rect r, int y, enum block b,
                        size_t i)
{
	const struct overview *o = v->state;

	if (o->block != b || o->at[b] != i)
		return;
	canvas_text(c, r, y, 0, ROLE_cursor, ">");
	canvas_paint(c, r, y, 0, r.w, ROLE_COUNT, true);
	canvas_cursor(c, r, y, 0);
}

/* ---- posture ---- */

/* Controls of a baseline that are in this store: no more can be judged. */
static int64_t in_reach(const struct status_framework *f)
{
	int64_t n = 0;

	for (int w = 0; w < CONTROL_COUNT; w++)
		n += f->posture.n[w];
	return n;
}

static void draw_framework(struct canvas *c, struct rect r, int y,
                           const struct status_framework *f)
{
	static const struct { enum control_word w; enum style_role role; } word[] = {
		{ CONTROL_PASS, ROLE_pass }, { CONTROL_FAIL, ROLE_fail },
		{ CONTROL_MANUAL, ROLE_warn }, { CONTROL_NONE, ROLE_none },
		{ CONTROL_STALE, ROLE_warn },
	};
	int now = met(&f->posture), x = r.w - FIGURES_WIDTH, title = x - 2;
	char reach[64];

	if (r.w >= WIDE) {
		title -= 5;
		draw_number(c, r, y, x - 5, 5, f->tested, ROLE_text);
	}
	if (f->baseline)
		(void)snprintf(reach, sizeof(reach), "%s, %lld of %lld", f->title,
		               (long long)in_reach(f), (long long)f->total);
	canvas_cut(c, r, y, 1, title, ROLE_text,
	           f->baseline && canvas_width(reach) <= title ? reach :
	           canvas_width(f->title) <= title ? f->title : f->key);
	if (now >= 0)
		canvas_printf(c, r, y, x, ROLE_text, "%3d%%", now);
	for (size_t i = 0; i < LENGTH(word); i++)
		draw_number(c, r, y, x + 4 + (int)i * 5, 5, f->posture.n[word[i].w], word[i].role);
}

static int draw_posture(const struct view *v, struct canvas *c, struct rect r, int rows)
{
	const struct status *s = v->answer;
	const struct overview *o = v->state;
	size_t top = o->at[BLOCK_POSTURE] < (size_t)rows ? 0 :
	             o->at[BLOCK_POSTURE] - (size_t)rows + 1;
	int y = 1;

	canvas_text(c, r, 0, 0, ROLE_head, "POSTURE");
	if (r.w >= WIDE)
		canvas_text(c, r, 0, r.w - FIGURES_WIDTH - 4, ROLE_head, "test");
	canvas_text(c, r, 0, r.w - FIGURES_WIDTH, ROLE_head, " met pass fail manl none stal");
	for (size_t i = top; i < s->nframework && y <= rows; i++, y++) {
		draw_framework(c, r, y, &s->framework[i]);
		draw_cursor(v, c, r, y, BLOCK_POSTURE, i);
	}
	return y;
}

static void draw_due(const struct view *v, struct canvas *c, struct rect r)
{
	static const char *const label[STATUS_DUE_COUNT] = {
		[STATUS_CRITICAL] = "Critical", [STATUS_HIGH] = "High",
		[STATUS_KEV] = "KEV, CISA date", [STATUS_ALERT] = "Alert response",
		[STATUS_ANSWER] = "Manual review",
	};
	const struct status *s = v->answer;

	canvas_text(c, r, 0, 0, ROLE_head, "DUE             late <24h  <7d");
	for (int i = 0; i < STATUS_DUE_COUNT && i + 1 < r.h; i++) {
		canvas_text(c, r, i + 1, 1, ROLE_text, label[i]);
		draw_number(c, r, i + 1, 15, 5, s->late[i], ROLE_late);
		draw_number(c, r, i + 1, 20, 5, s->day[i], ROLE_warn);
		draw_number(c, r, i + 1, 25, 5, s->week[i], ROLE_text);
	}
}

/* ---- findings ---- */

static void draw_trend_row(struct canvas *c, struct rect r, int y, const char *label,
                           enum style_role role, const int64_t n[4])
{
	char change[32];

	canvas_text(c, r, y, 1, role, label);
	draw_number(c, r, y, 13, 6, n[0], ROLE_text);
	print_change(n[1], 0, change);
	canvas_right(c, r, y, 19, 7, ROLE_text, change);
	print_change(-n[2], 0, change);
	canvas_right(c, r, y, 26, 7, ROLE_text, change);
	draw_number(c, r, y, 33, 7, n[3], ROLE_text);
	print_change(n[0], n[3], change);
	canvas_right(c, r, y, 40, 7, n[0] > n[3] ? ROLE_warn : ROLE_text, change);
}

/* The newest day that is not after `day`; NULL: data begins later. */
static const struct trend *trend_at(const struct status *s, int64_t day)
{
	const struct trend *t = NULL;

	for (size_t i = 0; i < s->ntrend && s->trend[i].day <= day; i++)
		t = &s->trend[i];
	return t;
}

/* Open findings of `sev` (SEV_COUNT: the known exploited) at the end of each of the last weeks. */
static void draw_weeks(struct canvas *c, struct rect r, int y, const struct status *s, int sev)
{
	int64_t last = s->ntrend > 0 ? s->trend[s->ntrend - 1].day : 0;
	int x = TREND_AT;

	for (int week = WEEKS; week-- > 0;) {
		const struct trend *t = trend_at(s, last - 7 * week);

		if (!t)
			continue;
		draw_number(c, r, y, x, 6, sev < SEV_COUNT ? t->open[sev] : t->kev, ROLE_text);
		x += 6;
	}
}

static int draw_findings(const struct view *v, struct canvas *c, struct rect r)
{
	static const char *const label[SEVERITIES] = { "Critical", "High", "Medium", "Low" };
	const struct status *s = v->answer;
	int y = 1;

	canvas_text(c, r, 0, 0, ROLE_head, "OPEN FINDINGS   now    new  fixed 7d ago change");
	for (int i = 0; i < SEVERITIES; i++, y++) {
		const int64_t n[4] = { s->open[i], s->created7[i], s->fixed7[i], s->ago7[i] };

		draw_trend_row(c, r, y, label[i], severity_role((enum severity)i), n);
		if (r.w >= WIDE)
			draw_weeks(c, r, y, s, i);
		draw_cursor(v, c, r, y, BLOCK_FINDINGS, (size_t)i);
	}
	draw_trend_row(c, r, y, "of them KEV", ROLE_text,
	               (const int64_t[]){ s->kev, s->kev_created7, s->kev_fixed7, s->kev_ago7 });
	if (r.w >= WIDE) {
		draw_weeks(c, r, y, s, SEV_COUNT);
		canvas_text(c, r, 0, TREND_AT + 2, ROLE_head, "weeks, oldest first");
	}
	draw_cursor(v, c, r, y, BLOCK_FINDINGS, SEVERITIES);
	return y + 1;
}

static void estate_line(struct canvas *c, struct rect r, int y, const char *label, int64_t n,
                        const char *fmt, int64_t more, enum style_role role)
{
	canvas_text(c, r, y, 1, ROLE_text, label);
	draw_number(c, r, y, 10, 7, n, role);
	canvas_printf(c, r, y, 17, ROLE_text, fmt, (long long)more);
}

static void draw_estate(const struct view *v, struct canvas *c, struct rect r)
{
	const struct status *s = v->answer;

	canvas_text(c, r, 0, 0, ROLE_head, "ESTATE");
	estate_line(c, r, 1, "images", s->images, ", %lld running", s->running, ROLE_text);
	estate_line(c, r, 2, "unsigned", s->unsigned_images, ", %lld running", s->unsigned_running,
	            ROLE_warn);
	estate_line(c, r, 3, "stale", s->stale, " scans too old", 0, ROLE_warn);
	estate_line(c, r, 4, "clusters", s->clusters, ", %lld silent", s->silent, ROLE_text);
	estate_line(c, r, 5, "denied", s->denied24h, " in 24h", 0, ROLE_text);
}

/* ---- now ---- */

static void draw_now(const struct view *v, struct canvas *c, struct rect r)
{
	const struct status *s = v->answer;
	const struct overview *o = v->state;
	size_t rows = r.h > 1 ? (size_t)r.h - 1 : 0;
	size_t top = rows > 0 && o->at[BLOCK_NOW] >= rows ? o->at[BLOCK_NOW] - rows + 1 : 0;
	int where = 9 + (r.w - 24) * 55 / 100, left = r.w - 14;

	if (r.h < 1)
		return;
	canvas_text(c, r, 0, 0, ROLE_head, "NOW      what");
	canvas_text(c, r, 0, where, ROLE_head, "where");
	canvas_text(c, r, 0, left + 2, ROLE_head, "left owner");
	if (s->nnow == 0 && r.h > 1)
		canvas_text(c, r, 1, 1, ROLE_pass, "nothing waits for a person");
	for (size_t i = top; i < s->nnow && i - top < rows; i++) {
		const struct status_now *n = &s->now[i];
		int y = (int)(i - top) + 1;
		char span[16];

		time_print_span(n->left, span);
		canvas_cut(c, r, y, 1, 7, ROLE_text, n->what);
		canvas_cut(c, r, y, 9, where - 10, ROLE_text, n->text);
		canvas_cut(c, r, y, where, left - where - 1, ROLE_text, n->where);
		canvas_right(c, r, y, left, 6, n->left < 0 ? ROLE_late : ROLE_text, span);
		canvas_cut(c, r, y, left + 7, 7, ROLE_text,
		           str_empty(n->owner) ? "none" : n->owner);
		draw_cursor(v, c, r, y, BLOCK_NOW, i);
	}
}

/* ---- all ---- */

static struct rect left_part(struct rect r, bool two)
{
	if (two)
		r.w -= RIGHT_WIDTH + 2;
	return r;
}

static void draw_bar(struct canvas *c, struct rect r, int rows)
{
	for (int y = 0; y < rows; y++)
		canvas_text(c, r, y, r.w - RIGHT_WIDTH - 2, ROLE_rule, "|");
}

static struct rect right_part(struct rect r)
{
	return (struct rect){ r.y, r.x + r.w - RIGHT_WIDTH, r.h, RIGHT_WIDTH };
}

static int draw_top(const struct view *v, struct canvas *c, struct rect r, bool two)
{
	const struct status *s = v->answer;
	int rows = (int)s->nframework, most = r.h < 16 ? 3 : r.h < 30 ? 6 : 9;
	int y = draw_posture(v, c, left_part(r, two), rows < most ? rows : most);

	if (two && y < STATUS_DUE_COUNT + 1)
		y = STATUS_DUE_COUNT + 1;
	if (two) {
		struct rect due = right_part(r);

		due.h = y;
		draw_bar(c, r, y);
		draw_due(v, c, due);
	}
	return y;
}

static struct rect below(struct rect r, int rows)
{
	if (rows > r.h)
		rows = r.h;
	r.y += rows;
	r.h -= rows;
	return r;
}

static void draw_empty(struct canvas *c, struct rect r)
{
	static const char text[] =
		"No data yet. `seaworthy import FILE...` reads what trivy, grype, kube-bench, "
		"kyverno, gatekeeper, falco and kubectl wrote, and knows by itself which is which. "
		"`make demo` opens a sample estate.";

	draw_wrapped(c, r, 1, 2, ROLE_text, text);
}

static void draw(const struct view *v, struct canvas *c)
{
	const struct status *s = v->answer;
	struct rect r = view_body(v);
	bool two = r.w >= TWO_SIDES;
	struct buf right = BUF_INIT;

	if (s)
		buf_addf(&right, "%lld of %lld sources fresh", (long long)s->fresh,
		         (long long)s->sources);
	view_draw_crumb(v, c, right.s);
	buf_release(&right);
	if (!s) {
		canvas_text(c, r, 1, 2, v->err.kind ? ROLE_fail : ROLE_dim,
		            v->err.kind ? v->err.text : "reading...");
		return;
	}
	if (s->newest == 0) {
		draw_empty(c, r);
		return;
	}
	r = below(r, draw_top(v, c, r, two) + (r.h >= 20));
	if (r.h >= 11) {
		if (two) {
			draw_estate(v, c, right_part(r));
			draw_bar(c, r, SEVERITIES + 2);
		}
		r = below(r, draw_findings(v, c, left_part(r, two)) + (r.h >= 12));
	}
	draw_now(v, c, r);
}

/* ---- acting ---- */

static void next_block(struct view *v, int by)
{
	struct overview *o = v->state;

	for (int i = 0; i < BLOCK_COUNT; i++) {
		o->block = (enum block)(((int)o->block + by + BLOCK_COUNT) % BLOCK_COUNT);
		if (block_rows(v->answer, o->block) > 0)
			return;
	}
}

static void move(struct view *v, int64_t by)
{
	struct overview *o = v->state;
	int64_t n = (int64_t)block_rows(v->answer, o->block);
	int64_t to = (int64_t)o->at[o->block] + by;

	if (to >= n)
		to = n - 1;
	o->at[o->block] = to < 0 ? 0 : (size_t)to;
}

static bool open_findings(struct view *v, size_t i, struct err *e)
{
	static const char *const filter[] = { "sev:critical", "sev:high", "sev:medium", "sev:low",
	                                      "kev" };
	const struct view_arg arg = { .filter = filter[i] };

	return view_push(v->app, view_find("findings"), &arg, e);
}

static bool open_row(struct view *v, struct err *e)
{
	const struct status *s = v->answer;
	const struct overview *o = v->state;
	size_t i = o->at[o->block];
	struct view_arg arg = { .label = NULL };
	char filter[64];

	if (i >= block_rows(s, o->block))
		return true;
	if (o->block == BLOCK_FINDINGS)
		return open_findings(v, i, e);
	if (o->block == BLOCK_POSTURE) {
		arg.scope = (struct scope){ SCOPE_FRAMEWORK, { s->framework[i].framework } };
		arg.label = s->framework[i].title;
		if (s->framework[i].baseline) {
			(void)snprintf(filter, sizeof(filter), "baseline:%s",
			               s->framework[i].baseline);
			arg.filter = filter;
		}
	} else {
		arg.scope = s->now[i].target;
		arg.label = s->now[i].where;
	}
	return view_open_scope(v->app, &arg, e);
}

static enum view_result act(struct view *v, enum action a, struct err *e)
{
	if (!v->answer)
		return VIEW_PASS;
	switch (a) {
	case ACT_DOWN: move(v, 1); return VIEW_DONE;
	case ACT_UP: move(v, -1); return VIEW_DONE;
	case ACT_PAGE_DOWN: case ACT_HALF_DOWN: move(v, 5); return VIEW_DONE;
	case ACT_PAGE_UP: case ACT_HALF_UP: move(v, -5); return VIEW_DONE;
	case ACT_TOP: move(v, INT32_MIN); return VIEW_DONE;
	case ACT_BOTTOM: move(v, INT32_MAX); return VIEW_DONE;
	case ACT_PANE: next_block(v, 1); return VIEW_DONE;
	case ACT_PANE_BACK: next_block(v, -1); return VIEW_DONE;
	case ACT_ENTER:
		if (!open_row(v, e))
			app_fault(v->app, e);
		return VIEW_DONE;
	default: return VIEW_PASS;
	}
}

static const struct hint hints[] = {
	{ ACT_ENTER, "open" }, { ACT_PANE, "pane" }, { ACT_REFRESH, "refresh" },
	{ ACT_PALETTE, "go to" }, { ACT_VIEW_2, "images" }, { ACT_QUIT, "quit" },
};

const struct view_ops view_overview = {
	.name = "overview",
	.title = "Overview",
	.state_size = sizeof(struct overview),
	.answer_size = sizeof(struct status),
	.hint = hints,
	.nhint = LENGTH(hints),
	.find = find,
	.taken = taken,
	.draw = draw,
	.act = act,
};
