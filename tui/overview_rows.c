/* SPDX-License-Identifier: MIT */
/* overview_rows.c - the blocks of the overview that list things: NOW, SOURCES, OWNER. */
#include <inttypes.h>
#include <stdio.h>

#include "tui/overview.h"

enum { NOW_WIDTH = 150 }; /* an eye goes along no wider row */
enum { NOW_WIDE = 86 };    /* from which on the next step has a column */

/* ---- NOW ---- */

/* What a person does next about a row of NOW. */
static const char *next_step(const char *what)
{
	static const struct { const char *what, *next; } table[] = {
		{ "alert", "respond" }, { "KEV", "fix" }, { "late", "fix" }, { "silent", "check" },
		{ "review", "answer" }, { "accept", "renew" },
	};

	for (size_t i = 0; i < LENGTH(table); i++)
		if (str_eq(table[i].what, what))
			return table[i].next;
	return "look";
}

static int where_at(struct rect r)
{
	return 9 + (r.w - (r.w >= NOW_WIDE ? 33 : 24)) * 55 / 100;
}

static void draw_now_row(struct canvas *c, struct rect r, int y, const struct status_now *n)
{
	int wide = r.w >= NOW_WIDE ? 9 : 0;
	int where = where_at(r), left = r.w - 14 - wide;
	char span[16];

	time_print_span(n->left, span);
	canvas_cut(c, r, y, 1, 7, ROLE_text, n->what);
	canvas_cut(c, r, y, 9, where - 10, ROLE_text, n->text);
	canvas_cut(c, r, y, where, left - where - 1, ROLE_text, n->where);
	canvas_right(c, r, y, left, 6, n->left < 0 ? ROLE_late : ROLE_text, span);
	canvas_cut(c, r, y, left + 7, 7, ROLE_text, str_empty(n->owner) ? "none" : n->owner);
	if (wide)
		canvas_cut(c, r, y, left + 15, 8, ROLE_text, next_step(n->what));
}

void overview_draw_now(const struct view *v, struct canvas *c, struct rect r)
{
	const struct status *s = v->answer;
	const struct overview *o = v->state;
	size_t rows = r.h > 1 ? (size_t)r.h - 1 : 0;
	size_t top = rows > 0 && o->at[BLOCK_NOW] >= rows ? o->at[BLOCK_NOW] - rows + 1 : 0;
	int wide;

	if (r.h < 1)
		return;
	if (r.w > NOW_WIDTH)
		r.w = NOW_WIDTH;
	wide = r.w >= NOW_WIDE ? 9 : 0;
	canvas_text(c, r, 0, 0, ROLE_head, "NOW      what");
	canvas_text(c, r, 0, where_at(r), ROLE_head, "where");
	canvas_printf(c, r, 0, r.w - 12 - wide, ROLE_head, "left owner%s", wide ? "   next" : "");
	if (s->nnow == 0 && r.h > 1)
		canvas_text(c, r, 1, 1, ROLE_pass, "nothing waits for a person");
	for (size_t i = top; i < s->nnow && i - top < rows; i++) {
		int y = (int)(i - top) + 1;

		draw_now_row(c, r, y, &s->now[i]);
		overview_cursor(v, c, r, y, BLOCK_NOW, i, where_at(r) - 1, 0, 0);
	}
}

/* ---- SOURCES ---- */

static void draw_source(const struct view *v, struct canvas *c, struct rect r, int y,
                        const struct status_source *s)
{
	char age[16], skipped[32];

	canvas_cut(c, r, y, 1, 16, ROLE_text, s->name);
	print_age(s->at, app_now(v->app), age);
	canvas_right(c, r, y, 17, 6, s->fresh ? ROLE_text : ROLE_late, age);
	print_age(s->db_built, app_now(v->app), age);
	canvas_right(c, r, y, 23, 7, s->db_built ? ROLE_text : ROLE_dim, age);
	if (!s->fresh) {
		canvas_text(c, r, y, 31, ROLE_late, "OLD");
	} else if (s->skipped > 0) {
		print_short(s->skipped, skipped);
		canvas_printf(c, r, y, 31, ROLE_warn, "%s skip", skipped);
	} else {
		canvas_text(c, r, y, 31, s->partial ? ROLE_warn : ROLE_pass,
		            s->partial ? "partial" : "ok");
	}
}

/* Down the first column, then the next. */
void overview_draw_sources(const struct view *v, struct canvas *c, struct rect r)
{
	const struct status *s = v->answer;
	const struct overview *o = v->state;
	size_t columns = r.w / SOURCE_WIDTH > 1 ? (size_t)(r.w / SOURCE_WIDTH) : 1;
	size_t rows = r.h > 1 ? (size_t)r.h - 1 : 0, room = rows * columns;
	size_t top = room > 0 && o->at[BLOCK_SOURCES] >= room ? o->at[BLOCK_SOURCES] - room + 1 : 0;

	for (size_t k = 0; k < columns && k * rows < s->nsource; k++) {
		struct rect head = { r.y, r.x + (int)k * SOURCE_WIDTH, 1, SOURCE_WIDTH };

		canvas_text(c, head, 0, 0, ROLE_head,
		            k == 0 ? "SOURCES           last its DB state" :
		                     "                  last its DB state");
	}
	for (size_t i = top; i < s->nsource && i - top < room; i++) {
		struct rect at = { r.y, r.x + (int)((i - top) / rows) * SOURCE_WIDTH, r.h,
		                   SOURCE_WIDTH };
		int y = (int)((i - top) % rows) + 1;

		draw_source(v, c, at, y, &s->source[i]);
		overview_cursor(v, c, at, y, BLOCK_SOURCES, i, 17, 0, 0);
	}
}

/* ---- OWNER ---- */

void overview_draw_owners(const struct view *v, struct canvas *c, struct rect r)
{
	enum { FIGURES = 23, NAME = 20 };
	const struct overview *o = v->state;
	size_t rows = r.h > 1 ? (size_t)r.h - 1 : 0;
	size_t top = rows > 0 && o->at[BLOCK_OWNERS] >= rows ? o->at[BLOCK_OWNERS] - rows + 1 : 0;
	int x = r.w - FIGURES < NAME ? r.w - FIGURES : NAME;

	canvas_text(c, r, 0, 0, ROLE_head, "OWNER");
	canvas_text(c, r, 0, x, ROLE_head, "  crit  high  late MTTR");
	if (!o->known)
		canvas_text(c, r, 1, 1, ROLE_dim, "reading...");
	for (size_t i = top; i < o->nowner && i - top < rows; i++) {
		const struct overview_owner *w = &o->owner[i];
		int y = (int)(i - top) + 1;
		char days[24];

		canvas_cut(c, r, y, 1, x, ROLE_text, w->name);
		overview_number(c, r, y, x, 6, w->critical, ROLE_text);
		overview_number(c, r, y, x + 6, 6, w->high, ROLE_text);
		overview_number(c, r, y, x + 12, 6, w->late, ROLE_late);
		if (w->days >= 0)
			(void)snprintf(days, sizeof(days), "%" PRId64 "d", w->days);
		canvas_right(c, r, y, x + 18, 5, ROLE_text, w->days >= 0 ? days : "-");
		overview_cursor(v, c, r, y, BLOCK_OWNERS, i, x + 1, x, 6);
	}
}
