/* SPDX-License-Identifier: MIT */
/* dialog.c - the question before an act on many things: what it will touch. Cancel is default. */
#include <stdlib.h>

#include "tui/app_state.h"

enum { NAMES_SHOWN = 6 };

void dialog_close(struct app *a)
{
	struct dialog *d = &a->dialog;

	for (size_t i = 0; i < d->n; i++)
		free(d->name[i]);
	free(d->name);
	free(d->arg);
	*d = (struct dialog){ .open = false };
	a->dirty = true;
}

void app_confirm(struct app *a, const char *title, const char *const *name, size_t n, size_t more,
                 const void *arg, size_t size,
                 bool (*act)(struct store *st, void *arg, struct buf *say, struct err *e))
{
	struct dialog *d = &a->dialog;

	dialog_close(a);
	*d = (struct dialog){ .open = true, .n = n, .more = more, .size = size, .act = act };
	str_copy(d->title, sizeof(d->title), title);
	d->name = xcalloc(n + 1, sizeof(*d->name));
	for (size_t i = 0; i < n; i++)
		d->name[i] = xstrdup(name[i]);
	d->arg = xmalloc(size);
	memcpy(d->arg, arg, size);
}

static size_t rows_shown(const struct dialog *d)
{
	return d->n < NAMES_SHOWN ? d->n : NAMES_SHOWN;
}

static int dialog_height(const struct app *a)
{
	const struct dialog *d = &a->dialog;
	size_t rest = d->more + d->n - rows_shown(d);

	return (int)rows_shown(d) + (rest > 0) + 3;
}

static void draw_buttons(const struct dialog *d, struct canvas *c, struct rect r, int y)
{
	int x = 2;

	x += canvas_text(c, r, y, x, d->sure ? ROLE_text : ROLE_tab,
	                 d->sure ? " Cancel " : "[Cancel]");
	x += canvas_text(c, r, y, x + 2, d->sure ? ROLE_tab : ROLE_text,
	                 d->sure ? "[Do it]" : " Do it ");
	canvas_text(c, r, y, x + 5, ROLE_dim, "y does it at once");
	canvas_cursor(c, r, y, d->sure ? 12 : 2);
}

void dialog_draw(const struct app *a, struct canvas *c, struct rect r)
{
	const struct dialog *d = &a->dialog;
	size_t shown = rows_shown(d), rest = d->more + d->n - shown;
	int h = dialog_height(a), y = 2;

	r.y += r.h - h;
	r.h = h;
	for (int i = 0; i < h; i++)
		canvas_fill(c, r, i, 0, r.w, ROLE_text, ' ');
	draw_rule(c, r, 0);
	canvas_cut(c, r, 1, 1, r.w - 2, ROLE_head, d->title);
	for (size_t i = 0; i < shown; i++, y++)
		canvas_cut(c, r, y, 3, r.w - 4, ROLE_text, d->name[i]);
	if (rest > 0)
		canvas_printf(c, r, y++, 3, ROLE_text, "and %zu more", rest);
	draw_buttons(d, c, r, y);
}

static void do_it(struct app *a)
{
	struct dialog *d = &a->dialog;

	app_job(a, d->arg, d->size, d->act);
	if (app_top(a) && view_table(app_top(a)))
		marks_clear(&view_table(app_top(a))->marks);
	dialog_close(a);
}

void dialog_key(struct app *a, uint32_t key)
{
	struct dialog *d = &a->dialog;

	a->dirty = true;
	switch (key) {
	case 'y': case 'Y': do_it(a); return;
	case K_TAB: case K_BACKTAB: case K_LEFT: case K_RIGHT: case 'h': case 'l':
		d->sure = !d->sure;
		return;
	case K_ENTER:
		if (d->sure) {
			do_it(a);
			return;
		}
		break;
	case 'n': case 'N': case 'q': case K_ESC: case 'C' & 0x1f: break;
	default: return;
	}
	dialog_close(a);
	app_say(a, "cancelled: nothing was changed");
}
