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

/* The cells of the row, a tab between. */
void copy_row(struct view *v)
{
	const struct table *t = view_table_const(v);
	const struct row *r = t ? table_row(t) : NULL;
	const struct list_info *li = t ? store_list(t->lv->list) : NULL;
	struct buf b = BUF_INIT;

	for (size_t i = 0; r && i < li->ncol; i++) {
		if (i > 0)
			buf_addc(&b, '\t');
		value_print(&r->val[i], &b);
	}
	if (r)
		copy(v->app, "the row", b.s);
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

static bool take_cell(struct view *v, size_t i, struct err *e)
{
	const struct table *t = view_table_const(v);
	const struct row *r = t ? table_row(t) : NULL;
	struct buf b = BUF_INIT;

	(void)e;
	if (r) {
		value_print(&r->val[i], &b);
		copy(v->app, b.s, b.s);
	}
	buf_release(&b);
	return true;
}

void copy_choose(struct view *v)
{
	const struct table *t = view_table_const(v);
	const struct row *r = t ? table_row(t) : NULL;
	const struct list_info *li = t ? store_list(t->lv->list) : NULL;
	struct arena mem = ARENA_INIT;
	struct choice *c;

	if (!r)
		return;
	c = xcalloc(li->ncol + 1, sizeof(*c));
	for (size_t i = 0; i < li->ncol; i++) {
		struct buf b = BUF_INIT;

		value_print(&r->val[i], &b);
		c[i].text = li->col[i].name;
		c[i].more = arena_dup(&mem, b.s);
		buf_release(&b);
	}
	app_choose(v->app, "Copy which part of the row?", c, li->ncol, 0, take_cell);
	free(c);
	arena_release(&mem);
}
