/* SPDX-License-Identifier: MIT */
/* view_messages.c - what the message line said, newest last. */
#include "tui/app.h"

static void draw(const struct view *v, struct canvas *c)
{
	struct rect r = view_body(v);
	size_t n = 0, from;

	while (app_said(v->app, n))
		n++;
	from = n > (size_t)r.h ? n - (size_t)r.h : 0;
	view_draw_crumb(v, c, NULL);
	if (n == 0)
		canvas_text(c, r, 0, 2, ROLE_dim, "nothing was said yet");
	for (size_t i = from; i < n; i++)
		canvas_cut(c, r, (int)(i - from), 1, r.w - 2, ROLE_text, app_said(v->app, i));
}

static const struct hint hints[] = { { ACT_BACK, "back" } };

const struct view_ops view_messages = {
	.name = "messages",
	.title = "Messages",
	.draw = draw,
	.hint = hints,
	.nhint = LENGTH(hints),
};
