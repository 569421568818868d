/* SPDX-License-Identifier: MIT */
/* strip.c - counts of a list beside each other; each opens the rows that it counts. */
#include "tui/app_state.h"
#include "tui/strip.h"

enum { BETWEEN = 2 }; /* columns between two counts */

void strip_reset(struct strip *s, size_t most, int lead, int groups)
{
	arena_reset(&s->mem);
	s->cell = arena_array(&s->mem, struct strip_cell, most);
	s->n = 0;
	s->lead = lead;
	s->groups = groups > 0 ? groups : 1;
}

void strip_release(struct strip *s)
{
	arena_release(&s->mem);
}

void strip_add(struct strip *s, const struct strip_cell *c, const char *fmt, ...)
{
	struct buf b = BUF_INIT;
	va_list ap;

	va_start(ap, fmt);
	buf_addv(&b, fmt, ap);
	va_end(ap);
	s->cell[s->n] = *c;
	s->cell[s->n].text = arena_dup(&s->mem, b.s);
	s->cell[s->n++].term = arena_dup(&s->mem, c->term);
	buf_release(&b);
}

/* ---- where ---- */

struct placed {
	int x, w;
};

static int group_width(const struct strip *s, int width)
{
	return (width - s->lead) / s->groups;
}

/* Of what does not fit in its group nothing is shown. */
static bool place(const struct strip *s, int width, size_t i, struct placed *out)
{
	const struct strip_cell *c = &s->cell[i], *before = i > 0 ? c - 1 : NULL;
	int each = group_width(s, width), from = c->group < 0 ? 1 : s->lead + c->group * each;
	int end = c->group < 0 ? s->lead : from + each - BETWEEN;
	struct placed p;

	out->w = canvas_width(c->text);
	out->x = c->right && out->w < end - from ? end - out->w : from;
	if (before && !c->right && before->y == c->y && before->group == c->group) {
		if (!place(s, width, i - 1, &p))
			return false;
		out->x = p.x + p.w + BETWEEN;
	}
	if (out->x == from && out->w > end - from)
		out->w = end - from; /* alone it is cut */
	return out->x + out->w <= end;
}

void strip_draw(const struct view *v, struct canvas *c, struct rect r)
{
	const struct strip *s = strip_of(v);
	struct placed p;

	for (size_t i = 0; i < s->n; i++) {
		if (!place(s, r.w, i, &p)) {
			if (i > 0 && place(s, r.w, i - 1, &p))
				canvas_text(c, r, s->cell[i].y, p.x + p.w, ROLE_dim, "..");
			continue;
		}
		canvas_cut(c, r, s->cell[i].y, p.x, p.w, s->cell[i].role, s->cell[i].text);
		if (!s->focus || i != s->at)
			continue;
		canvas_paint(c, r, s->cell[i].y, p.x, p.w, ROLE_COUNT, true);
		canvas_cursor(c, r, s->cell[i].y, p.x);
	}
}

void strip_speak(const struct strip *s, struct buf *out)
{
	for (size_t i = 0; i < s->n; i++)
		buf_addf(out, "%s%s", i == 0 ? "" : s->cell[i].y != s->cell[i - 1].y ? "\n" : "  ",
		         s->cell[i].text);
	if (s->n > 0)
		buf_addc(out, '\n');
}

/* ---- keys ---- */

struct strip *strip_of(const struct view *v)
{
	return v->ops->strip && view_strip(v).h > 0 ? v->ops->strip(v) : NULL;
}

static bool opens(const struct view *v, const struct strip *s, size_t i)
{
	struct placed p;

	return s->cell[i].term && place(s, v->at.w, i, &p);
}

/* The next one that opens something, `by` 1 or -1 away; where there is none the cursor stays. */
static bool step(const struct view *v, struct strip *s, int by)
{
	for (size_t i = s->at + (size_t)by; i < s->n; i += (size_t)by)
		if (opens(v, s, i)) {
			s->at = i;
			return true;
		}
	return false;
}

/* In the row above or below, nearest to the column. */
static void step_row(const struct view *v, struct strip *s, int by)
{
	const struct strip_cell *was = &s->cell[s->at];
	struct placed here, there;
	size_t best = s->n;
	int nearest = 0;

	if (!place(s, v->at.w, s->at, &here))
		return;
	for (size_t i = 0; i < s->n; i++) {
		int off;

		if (s->cell[i].y != was->y + by || !opens(v, s, i) ||
		    !place(s, v->at.w, i, &there))
			continue;
		off = there.x > here.x ? there.x - here.x : here.x - there.x;
		if (best == s->n || off < nearest) {
			best = i;
			nearest = off;
		}
	}
	if (best < s->n)
		s->at = best;
}

static void enter(const struct view *v, struct strip *s)
{
	s->at = 0;
	s->focus = s->n > 0 && (opens(v, s, 0) || step(v, s, 1));
}

/* The count's filter joins the list's. */
static void keep_rows(struct view *v, struct strip *s)
{
	s->focus = false;
	view_narrow(v, s->cell[s->at].term);
}

bool strip_act(struct view *v, enum action a)
{
	struct strip *s = strip_of(v);

	if (!s)
		return false;
	if (s->focus && (s->at >= s->n || !opens(v, s, s->at)))
		enter(v, s);
	if (a == ACT_PANE || a == ACT_PANE_BACK) {
		if (s->focus)
			s->focus = false;
		else
			enter(v, s);
		return true;
	}
	if (!s->focus)
		return false;
	switch (a) {
	case ACT_RIGHT: (void)step(v, s, 1); return true;
	case ACT_LEFT: (void)step(v, s, -1); return true;
	case ACT_DOWN: step_row(v, s, 1); return true;
	case ACT_UP: step_row(v, s, -1); return true;
	case ACT_ENTER: keep_rows(v, s); return true;
	case ACT_ESCAPE: case ACT_BACK: s->focus = false; return true;
	default: return false;
	}
}
