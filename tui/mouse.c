/* SPDX-License-Identifier: MIT */
/* mouse.c - clicks, when they are wanted: each does what keys would. */
#include "tui/app_state.h"

static char char_at(const struct canvas *c, int x)
{
	return x >= 0 && x < c->w ? c->cell[x].utf8[0] : ' ';
}

/* The number of the view whose name in line 1 is at `x`; K_NONE: nothing is named there. */
static uint32_t tab_at(const struct canvas *c, int x)
{
	for (; x >= 0; x--) {
		char k = char_at(c, x), before = char_at(c, x - 1);

		if (k == ' ' && before == ' ')
			return K_NONE;
		if (k >= '1' && k <= '9' && (before == ' ' || before == '[') &&
		    char_at(c, x + 1) == ' ')
			return (uint32_t)k;
	}
	return K_NONE;
}

/* Whether the cursor may go to row y of the screen; the pane there has the focus then. */
static bool focus_at(struct app *a, int y)
{
	struct view *v = app_top(a);

	for (size_t i = 0; v && i < v->ops->npane; i++) {
		const struct rect at = v->pane[i].at;

		if (y <= at.y || y >= at.y + at.h)
			continue; /* its head is none of its rows */
		for (size_t n = 0; n < v->ops->npane && v->focus != i; n++)
			app_act(a, ACT_PANE);
		return v->focus == i;
	}
	return false;
}

static void go_by(struct app *a, int by)
{
	if (by == 0)
		app_key(a, K_ENTER);
	for (; by > 0; by--)
		app_key(a, K_DOWN);
	for (; by < 0; by++)
		app_key(a, K_UP);
}

void app_click(struct app *a, int y, int x)
{
	if (a->dialog.open || a->prompting)
		return;
	if (y == 0 && !a->chooser.open) {
		uint32_t number = tab_at(&a->canvas, x);

		if (number != K_NONE)
			app_key(a, number);
		return;
	}
	if (a->chooser.open) {
		size_t to;

		if (choose_row(a, y, &to))
			go_by(a, (int)to - (int)a->chooser.at);
		return;
	}
	if (!focus_at(a, y))
		return;
	app_draw(a); /* the cursor is where the focus is now */
	if (a->canvas.cursor_y >= 0)
		go_by(a, y - a->canvas.cursor_y);
}

bool mouse_wanted(const struct app *a)
{
	const char *kept = settings_get(&a->settings, "mouse", "screen", 0);

	return kept && str_eq(kept, "on");
}

void mouse_turn(struct app *a)
{
	struct err e = ERR_INIT;
	bool on = !mouse_wanted(a);

	settings_set(&a->settings, "mouse", "screen", on ? "on" : "off");
	if (a->screen)
		screen_mouse(a->screen, on);
	if (!app_keep_settings(a, &e))
		app_fault(a, &e);
	else
		app_say(a, on ? "the mouse is on: a click goes to a row, one more opens it" :
		              "the mouse is off: the terminal marks text again");
}
