/* SPDX-License-Identifier: MIT */
/*
 * copy.c - `y` and `Y`: cells and rows to the clipboard of the terminal in front of the user (OSC
 * 52).
 */
#include <stdlib.h>

#include "tui/app_state.h"

/*
 * Terminals drop longer ones without a word; 74,994 bytes of text make the 100,000 they commonly
 * take.
 */
enum { COPY_MAX = 74994 };

static void add_base64(struct buf *b, const char *s, size_t n)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < n; i += 3) {
		uint32_t group = 0;
		size_t have = n - i < 3 ? n - i : 3;

		for (size_t k = 0; k < 3; k++)
			group = group << 8 | (k < have ? (uint8_t)s[i + k] : 0);
		for (size_t k = 0; k < 4; k++)
			buf_addc(b, k <= have ? digits[group >> (18 - 6 * k) & 63] : '=');
	}
}

static void add_osc52(struct buf *b, const char *text)
{
	buf_adds(b, "\033]52;c;");
	add_base64(b, text, strlen(text));
	buf_adds(b, "\a");
}

/*
 * screen passes on what is wrapped for it. So does tmux, where allow-passthrough is on; else it
 * takes what is bare, where set-clipboard is: it gets both, and the second changes nothing.
 */
static void add_sequence(struct buf *b, const char *text)
{
	const char *term = getenv("TERM");
	bool tmux = !str_empty(getenv("TMUX"));
	bool screen = !tmux && term && str_prefix(term, "screen");

	if (!screen)
		add_osc52(b, text);
	if (!tmux && !screen)
		return;
	buf_adds(b, tmux ? "\033Ptmux;\033" : "\033P");
	add_osc52(b, text);
	buf_adds(b, "\033\\");
}

static void copy(struct app *a, const char *what, const char *text)
{
	struct buf b = BUF_INIT;

	if (strlen(text) > COPY_MAX) {
		app_say(a, "too long for the clipboard; W writes a file");
		return;
	}
	add_sequence(&b, text);
	if (a->screen)
		screen_send(a->screen, b.s, b.len);
	app_say(a, "copied %s", what);
	buf_release(&b);
}

bool copy_sheet(struct view *v)
{
	struct buf b = BUF_INIT;

	if (!v->ops->copy || !v->answer)
		return false;
	v->ops->copy(v, &b);
	copy(v->app, b.s, b.s);
	buf_release(&b);
	return true;
}

/* ---- a row ---- */

/* The cells of the row, a tab between. */
static void copy_cells(struct app *a, const struct list_info *li, const struct row *r)
{
	struct buf b = BUF_INIT;

	for (size_t i = 0; i < li->ncol; i++) {
		if (i > 0)
			buf_addc(&b, '\t');
		value_print(&r->val[i], &b);
	}
	copy(a, "the row", b.s);
	buf_release(&b);
}

static bool take_cell(struct view *v, size_t i, struct err *e)
{
	struct app *a = v->app;

	(void)e;
	if (i < a->nmeant)
		copy(a, a->meant[i], a->meant[i]);
	return true;
}

static void add_cell(struct app *a, const struct list_info *li, const struct row *r, size_t i,
                     struct choice *c)
{
	struct buf b = BUF_INIT;

	value_print(&r->val[i], &b);
	if (b.len == 0) {
		buf_release(&b);
		return;
	}
	c[a->nmeant] = (struct choice){ li->col[i].name, b.s, 0 };
	a->meant[a->nmeant++] = buf_detach(&b);
}

/* What names the row comes first: Enter copies it. What it does not have is left out. */
static void choose_cell(struct view *v, const struct list_info *li, const struct row *r)
{
	const char *label = view_table(v)->lv->label;
	int first = label ? table_column_index(li, label) : -1;
	struct choice *c = xcalloc(li->ncol + 1, sizeof(*c));
	struct app *a = v->app;

	meant_forget(a);
	a->meant = xcalloc(li->ncol + 1, sizeof(*a->meant));
	if (first >= 0)
		add_cell(a, li, r, (size_t)first, c);
	for (size_t i = 0; i < li->ncol; i++)
		if ((int)i != first)
			add_cell(a, li, r, i, c);
	app_choose(a, "Copy which part of the row?", c, a->nmeant, 0, take_cell);
	free(c);
}

static void take_row(struct view *v, const struct list_info *li, const struct row *r)
{
	copy_cells(v->app, li, r);
}

void copy_row(struct view *v)
{
	row_in_full(v, take_row);
}

void copy_choose(struct view *v)
{
	row_in_full(v, choose_cell);
}
