/* SPDX-License-Identifier: MIT */
/* search.c - `/`, `n`, `N` in a view that is text: find the rows that hold what was typed. */
#include <ctype.h>
#include <stdlib.h>

#include "tui/app_state.h"

enum { ROWS_MAX = 20000 };

static bool same(const char *a, const char *b)
{
	return tolower((unsigned char)*a) == tolower((unsigned char)*b);
}

/* Columns the match takes when it begins in cell x of a row of `w` cells; 0: it does not. */
static int match_at(const struct glyph *row, int x, int w, const char *text)
{
	int from = x;

	while (*text != '\0') {
		const char *cell = x < w ? row[x++].utf8 : "";

		if (*cell == '\0' && x < w)
			continue; /* the right half of a wide character */
		for (; *cell != '\0' && *text != '\0'; cell++, text++)
			if (!same(cell, text))
				return 0;
		if (*cell != '\0' || (*text != '\0' && x >= w))
			return 0;
	}
	return x - from;
}

void search_paint(const struct view *v, struct canvas *c, struct rect r)
{
	for (int y = 0; y < r.h && v->search[0] != '\0'; y++) {
		const struct glyph *row = &c->cell[(r.y + y) * c->w + r.x];

		for (int x = 0; x < r.w; x++) {
			int n = match_at(row, x, r.w, v->search);

			if (n > 0)
				canvas_paint(c, r, y, x, n, ROLE_mark, true);
		}
	}
}

/* Is the word in row `y` of the text? It is drawn where nobody looks, with that row on top. */
static bool holds(const struct view *v, struct canvas *c, int y)
{
	canvas_clear(c);
	view_sheet(v, c, canvas_all(c), y);
	for (int x = 0; x < c->w; x++)
		if (match_at(c->cell, x, c->w, v->search) > 0)
			return true;
	return false;
}

static void find_row(struct view *v, int by)
{
	struct canvas c = CANVAS_INIT;
	int height = view_sheet_height(v), y = v->found + by;

	canvas_resize(&c, view_text(v).w, view_text(v).h);
	while (y >= 0 && y < height && y < ROWS_MAX && !holds(v, &c, y))
		y += by;
	canvas_release(&c);
	if (y < 0 || y >= height || y >= ROWS_MAX) {
		app_say(v->app, "%s: no more %s", v->search, by > 0 ? "below" : "above");
		return;
	}
	v->found = y;
	view_scroll(v, y - v->scroll);
}

static bool take_search(struct view *v, const char *text, size_t *at, struct err *e)
{
	*at = 0;
	if (!str_copy(v->search, sizeof(v->search), text))
		return err_set(e, ERR_LIMIT, "at most %zu bytes", sizeof(v->search) - 1);
	v->found = v->scroll - 1;
	if (text[0] != '\0')
		find_row(v, 1);
	return true;
}

bool search_act(struct view *v, enum action a)
{
	const struct line_ask ask = { .label = "/ ", .text = "", .done = take_search,
	                              .history = HISTORY_SEARCH };

	if (v->ops->npane > 0 || !v->ops->sheet)
		return false;
	if (a == ACT_FILTER)
		app_prompt(v->app, &ask);
	else if (v->search[0] == '\0')
		app_say(v->app, "nothing to look for yet: / says what");
	else
		find_row(v, a == ACT_MATCH_NEXT ? 1 : -1);
	return true;
}
