/* SPDX-License-Identifier: MIT */
/* view_draw.c - where the parts of a view go, and what all views draw alike. */
#include <limits.h>

#include "tui/app_state.h"
#include "tui/strip.h"

/* ---- where ---- */

struct rect view_body(const struct view *v)
{
	struct rect r = v->at;

	r.y++;
	r.h--;
	return r;
}

/* Rows that the list does not need, where all of it is known to be here. */
static int rows_left(const struct view *v)
{
	const struct table *t = view_table_const(v);
	bool all = t && t->loaded && !t->page.more_above && !t->page.more_below;

	return all ? v->at.h - 4 - (int)t->page.nrow : 0;
}

static bool has_room(const struct view *v)
{
	enum { H_AUTO = 34, W_AUTO = 100 };

	return v->at.h >= H_AUTO && v->at.w >= W_AUTO;
}

/* With the rule below it. */
static int strip_rows(const struct view *v)
{
	return v->ops->strip && has_room(v) ? v->ops->strip_rows + 1 : 0;
}

struct rect view_preview(const struct view *v)
{
	enum { ROWS = 10, H_ALWAYS = 18 };
	bool on = v->preview == PREVIEW_ON ||
	          (v->preview == PREVIEW_AUTO &&
	           (has_room(v) || (v->ops->always && v->at.h >= H_ALWAYS)));
	int h = ROWS < v->at.h / 2 ? ROWS : v->at.h / 2, most = v->at.h * 2 / 3;

	h += strip_rows(v);
	if (rows_left(v) > h)
		h = rows_left(v) < most ? rows_left(v) : most;
	if (!on || !v->ops->by_row || v->zoomed)
		h = 0;
	return (struct rect){ v->at.y + v->at.h - h, v->at.x, h, v->at.w };
}

struct rect view_strip(const struct view *v)
{
	struct rect r = view_preview(v);

	r.y++;
	r.h = r.h > 0 && strip_rows(v) > 0 ? strip_rows(v) - 1 : 0;
	return r;
}

/* The rows a sheet would take, found by drawing it where nobody looks. */
static int sheet_height(const struct view *v, struct rect r)
{
	struct canvas nowhere = CANVAS_INIT;
	struct sheet s;

	sheet_init(&s, &nowhere, r, 0, app_now(v->app));
	if (v->answer)
		v->ops->sheet(v, &s);
	return s.y;
}

/* What the head of the last view of this kind took. */
static int *last_head(const struct view *v)
{
	size_t i = 0;

	while (view_at(i) != v->ops)
		i++;
	return &v->app->head[i];
}

/*
 * Rows that the sheet above the panes and a blank one may take: `head` or a third of the view;
 * where room is short the lists come first. 0: there is no such sheet.
 */
static int head_most(const struct view *v)
{
	int half = (v->at.h - 1) / 2, rows = v->at.h / 3;

	if (v->ops->by_row || v->ops->npane == 0 || !v->ops->sheet || v->zoomed)
		return 0;
	if (rows < v->ops->head)
		rows = v->ops->head;
	return rows < half ? rows : half;
}

/*
 * Rows that it takes: what it needs. While it is read it takes what the one before took, so that
 * the lists stay where they are from one thing to the next.
 */
static int head_rows(const struct view *v)
{
	int rows = head_most(v), need;
	struct rect r = view_body(v);

	if (rows == 0)
		return 0;
	r.h = rows;
	need = v->answer ? sheet_height(v, r) + 1 : *last_head(v);
	return need > 0 && need < rows ? need : rows;
}

/*
 * How high the head of such a view is nobody knows yet: lists drawn now would jump when it is
 * there.
 */
static bool head_awaited(const struct view *v)
{
	return v->asked && !v->answer && !v->ops->by_row && v->ops->sheet && !v->zoomed &&
	       v->err.kind == ERR_NONE && *last_head(v) == 0;
}

/*
 * Of many panes those that fit, the focused one among them: [*first, *end). Two always share, as
 * both are looked at together.
 */
static void panes_shown(const struct view *v, int rows, size_t *first, size_t *end)
{
	enum { LEAST = 4, FEW = 2 };
	size_t n = v->ops->npane, fit = rows > LEAST * FEW ? (size_t)(rows / LEAST) : FEW;

	*first = fit < n ? v->focus / fit * fit : 0;
	*end = *first + fit < n ? *first + fit : n;
}

/* Rows that a pane would fill, its head and a blank one among them. */
static int pane_need(const struct table *t)
{
	int need = (int)t->page.nrow + 2;

	return !t->loaded ? INT_MAX : need < 3 ? 3 : need;
}

/* Of what is left an equal share goes to each pane that fills it; the others need less. */
static int pane_share(const struct view *v, size_t first, size_t n, int rows)
{
	int share = rows / (int)(n - first), before;

	do {
		int left = rows, more = 0;

		before = share;
		for (size_t i = first; i < n; i++) {
			int need = pane_need(&v->pane[i]);

			more += need > share;
			left -= need > share ? 0 : need;
		}
		if (more > 0)
			share = left / more;
	} while (share > before);
	return share;
}

/* Below the head each pane gets its share, the last what is left; short lists give theirs away. */
static void stack_panes(struct view *v, struct rect r)
{
	size_t first, n;

	for (size_t i = 0; i < v->ops->npane; i++)
		v->pane[i].at = (struct rect){ 0, 0, 0, 0 };
	panes_shown(v, r.h, &first, &n);
	for (size_t i = first; i < n; i++) {
		int need = pane_need(&v->pane[i]), share = pane_share(v, i, n, r.h);
		int h = i + 1 == n ? r.h : need < share ? need : share;

		v->pane[i].at = (struct rect){ r.y, r.x, h, r.w };
		if (i + 1 < n)
			v->pane[i].at.h--; /* a blank line between */
		r.y += h;
		r.h -= h;
	}
}

void view_layout(struct view *v)
{
	struct rect r = view_body(v);
	int head = head_rows(v);

	if (v->ops->layout && !v->zoomed) {
		v->ops->layout(v);
		return;
	}
	if (v->answer && head > 0)
		*last_head(v) = head;
	r.h -= view_preview(v).h + head;
	r.y += head;
	if (!v->zoomed) {
		stack_panes(v, r);
		return;
	}
	for (size_t i = 0; i < v->ops->npane; i++)
		v->pane[i].at = i == v->focus ? r : (struct rect){ 0, 0, 0, 0 };
}

/* ---- drawing ---- */

static const char *path_word(const struct view *v)
{
	return v->label[0] != '\0' ? short_name(v->label) : v->ops->title;
}

/*
 * The way here: "Images > payments/api:2.14.1". Where that is too long its middle goes: where it
 * began and where we are say most.
 */
static void add_path(const struct view *v, int width, struct buf *out)
{
	const struct app *a = v->app;
	size_t first = 0, last = 0;

	for (size_t i = 0; i < a->nview; i++) {
		if (a->view[i]->alone)
			first = i;
		if (a->view[i] == v)
			last = i;
	}
	for (size_t i = first; i <= last; i++)
		buf_addf(out, "%s%s", i > first ? " > " : "", path_word(a->view[i]));
	if (last - first < 2 || canvas_width(out->s) <= width)
		return;
	buf_reset(out);
	buf_addf(out, "%s > .. > %s", path_word(a->view[first]), path_word(v));
}

void view_draw_crumb(const struct view *v, struct canvas *c, const char *right)
{
	struct buf left = BUF_INIT, more = BUF_INIT, counts = BUF_INIT;
	const struct table *t = view_table_const(v);
	int room;

	if (t)
		table_describe(t, &more, &counts);
	if (right)
		buf_addf(&counts, "%s%s", counts.len > 0 ? "  " : "", right);
	room = v->at.w - canvas_width(counts.s) - 5;
	add_path(v, room, &left);
	if (canvas_width(left.s) + canvas_width(more.s) <= room || (t && t->filter[0] != '\0'))
		buf_adds(&left, more.s); /* a filter is cut rather than unsaid */
	draw_crumb(c, v->at, 0, left.s, counts.s);
	buf_release(&more);
	buf_release(&left);
	buf_release(&counts);
}

void view_sheet(const struct view *v, struct canvas *c, struct rect r, int from)
{
	int most = head_most(v);
	struct sheet s;

	if (r.h <= 0 || !v->ops->sheet)
		return;
	sheet_init(&s, c, r, from, app_now(v->app));
	if (most > 0) /* as it was measured */
		s.terse = sheet_terse(most);
	if (v->answer)
		v->ops->sheet(v, &s);
	else if (v->err.kind != ERR_NONE)
		sheet_text(&s, ROLE_fail, v->err.text);
	else
		sheet_line(&s, ROLE_dim, "reading...");
}

struct rect view_text(const struct view *v)
{
	return v->ops->text ? v->ops->text(v) : view_body(v);
}

int view_sheet_height(const struct view *v)
{
	return v->ops->sheet ? sheet_height(v, view_text(v)) : 0;
}

void view_scroll(struct view *v, int by)
{
	int most = view_sheet_height(v) - view_text(v).h;

	v->scroll += by;
	if (v->scroll > most)
		v->scroll = most;
	if (v->scroll < 0)
		v->scroll = 0;
}

static struct rect sheet_rect(const struct view *v)
{
	struct rect r = view_body(v);

	if (v->ops->by_row) {
		r = view_preview(v);
		r.y += 1 + strip_rows(v);
		r.h -= 1 + strip_rows(v);
	} else if (v->ops->npane > 0) {
		r.h = head_rows(v) - 1;
	}
	return r;
}

/*
 * In the blank row above a pane: what it lists, how it is narrowed, how many rows. Of the focused
 * one line 2 says the rest.
 */
static void draw_pane_title(const struct view *v, struct canvas *c, const struct table *t)
{
	struct buf b = BUF_INIT;
	char n[32];

	if (v->ops->npane < 2 || v->zoomed || !t->lv->title || t->at.y <= view_body(v).y)
		return;
	buf_addf(&b, "%s", t->lv->title);
	if (t->total >= 0) {
		print_count(t->total, n);
		buf_addf(&b, "  %s", n);
	}
	if (t->total >= 0 && t->all > t->total) {
		print_count(t->all, n);
		buf_addf(&b, " of %s", n);
	}
	if (t->filter[0] != '\0')
		buf_addf(&b, "  %s%s", t->filter_off ? "(off) " : "", t->filter);
	canvas_cut(c, v->at, t->at.y - v->at.y - 1, 1, v->at.w - 2, ROLE_dim, b.s);
	buf_release(&b);
}

void view_draw_line(const struct view *v, struct canvas *c)
{
	struct buf right = BUF_INIT;

	if (v->ops->tell && v->answer)
		v->ops->tell(v, &right);
	view_draw_crumb(v, c, right.len > 0 ? right.s : NULL);
	buf_release(&right);
}

void view_draw(const struct view *v, struct canvas *c)
{
	struct rect preview = view_preview(v);
	bool in_strip = strip_of(v) && strip_of(v)->focus;

	view_draw_line(v, c);
	for (size_t i = 0; i < v->ops->npane && !head_awaited(v); i++) {
		draw_pane_title(v, c, &v->pane[i]);
		table_draw(&v->pane[i], c, app_now(v->app), i == v->focus && !in_strip);
	}
	if (preview.h > 0)
		draw_rule(c, preview, 0);
	if (strip_of(v)) {
		strip_draw(v, c, view_strip(v));
		draw_rule(c, preview, view_strip(v).h + 1);
	}
	if (!v->zoomed)
		view_sheet(v, c, sheet_rect(v), v->ops->npane == 0 ? v->scroll : 0);
	if (v->ops->npane == 0)
		search_paint(v, c, view_body(v));
}
