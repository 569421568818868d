/* SPDX-License-Identifier: MIT */
/* run.c - the dashboard on a terminal: one loop over keys, answers, signals and the clock. */
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "tui/app_state.h"
#include "tui/ground.h"

enum { WATCH_MS = 1000, BUSY_MS = 100, SOON_MS = 60, LEAVE_MS = 100, KEYS_AT_ONCE = 64 };

/* A minute's change of the clock, or a view's own countdown, is drawn when it is due. */
static bool time_to_repaint(const struct app *a, int64_t *painted)
{
	const struct view *v = app_top(a);
	int64_t every = v && v->ops->tick > 0 ? v->ops->tick : 60;
	int64_t now = app_now(a) / every;

	if (now == *painted)
		return false;
	*painted = now;
	return true;
}

/* How long nothing need be drawn: a job's progress wants more often than the clock. */
static int until_next(struct app *a)
{
	if (app_busy(a))
		return BUSY_MS;
	return a->reading != 0 || !worker_idle(a->job) ? SOON_MS : WATCH_MS;
}

/* The default's colours are for dark grounds. What was chosen meanwhile stays. */
static void suit_ground(struct app *a, const struct ground *g)
{
	struct err e = ERR_INIT;

	if (g->says == GROUND_LIGHT && str_eq(a->theme.name, "default") && !looks_kept(a) &&
	    !app_set_theme(a, "light", &e))
		app_fault(a, &e);
}

static void take_key(struct app *a, uint32_t key)
{
	int y, x;

	if (key != K_CLICK) {
		app_key(a, key);
		return;
	}
	screen_click(a->screen, &y, &x);
	app_click(a, y, x);
}

/* A key or what else comes from the terminal; false: nothing did. */
static bool hear(struct app *a, struct ground *g)
{
	const bool asked = g->asked;
	const uint32_t key = screen_key(a->screen);

	if (key == K_NONE)
		ground_rest(g, time_monotonic_ms());
	else
		ground_take(g, key, time_monotonic_ms());
	if (asked && !g->asked)
		suit_ground(a, g);
	return key != K_NONE;
}

static void take_keys(struct app *a, struct ground *g)
{
	uint32_t key;
	bool more = true;

	for (int i = 0; i < KEYS_AT_ONCE && more && !a->quit; i++) {
		more = hear(a, g);
		while ((key = ground_key(g)) != K_NONE && !a->quit)
			take_key(a, key);
	}
}

static void take_events(struct app *a)
{
	unsigned events = screen_events(a->screen);

	if (events & SCREEN_RESIZED)
		app_resize(a, screen_width(a->screen), screen_height(a->screen));
	if (events & SCREEN_END)
		a->quit = true;
}

static void take_answers(struct app *a)
{
	char drop[64];

	while (read(a->wake[0], drop, sizeof(drop)) > 0)
		continue;
	worker_collect(a->reader);
	worker_collect(a->job);
	held_go_on(a);
}

static void loop(struct app *a, struct ground *g)
{
	int64_t painted = 0, watched = time_monotonic_ms();

	while (!a->quit) {
		struct pollfd p[3] = {
			{ screen_fd(a->screen), POLLIN, 0 },
			{ screen_signal_fd(a->screen), POLLIN, 0 },
			{ a->wake[0], POLLIN, 0 },
		};

		if (a->dirty || time_to_repaint(a, &painted)) {
			app_draw(a);
			screen_draw(a->screen, &a->canvas);
		}
		poll(p, LENGTH(p), ground_holds(g) ? SOON_MS : until_next(a));
		a->dirty |= app_busy(a);
		take_events(a);
		if (p[0].revents & (POLLHUP | POLLERR | POLLNVAL))
			a->quit = true; /* the terminal is gone */
		else
			take_keys(a, g);
		take_answers(a);
		if (time_monotonic_ms() - watched >= WATCH_MS) {
			watched = time_monotonic_ms();
			app_ask_revision(a);
		}
	}
}

static bool wants_color(const struct app_opts *o)
{
	return !o->no_color && str_empty(getenv("NO_COLOR"));
}

/*
 * Does the terminal say that its ground is light? "0;15" is black on white: numbers of the 16
 * colours, the ground's last. Source: the manual of rxvt, which began it; Konsole and iTerm2 do so.
 */
static bool ground_is_light(void)
{
	const char *says = getenv("COLORFGBG");
	const char *last = says ? strrchr(says, ';') : NULL;

	return last && (str_eq(last + 1, "7") || str_eq(last + 1, "15"));
}

static bool dress(struct app *a, struct err *e)
{
	if (a->opts->theme)
		screen_theme(a->screen, &a->theme);
	else if (screen_colors(a->screen) == 0)
		return app_set_theme(a, "mono", e);
	else if (!looks_kept(a) && ground_is_light())
		return app_set_theme(a, "light", e);
	else
		screen_theme(a->screen, &a->theme);
	return true;
}

/* Terminals with fewer colours are old, and some of those show what they do not understand. */
static void ask_ground(struct app *a, struct ground *g)
{
	if (a->opts->theme || looks_kept(a) || screen_colors(a->screen) < 256 ||
	    !str_empty(getenv("COLORFGBG")))
		return;
	ground_ask(g, time_monotonic_ms());
	screen_send(a->screen, GROUND_QUESTION, strlen(GROUND_QUESTION));
}

/* Who leaves at once would find the answer typed after the shell's prompt. */
static void hear_out(struct app *a, struct ground *g)
{
	const int64_t until = time_monotonic_ms() + LEAVE_MS;
	int64_t now;

	while ((now = time_monotonic_ms()) < until && ground_expects(g, now)) {
		struct pollfd p = { screen_fd(a->screen), POLLIN, 0 };

		if (poll(&p, 1, (int)(until - now)) <= 0 || !hear(a, g))
			return;
		while (ground_key(g) != K_NONE)
			continue;
	}
}

static void start(struct app *a)
{
	const struct view_ops *ops = view_find(a->opts->view ? a->opts->view : "overview");

	app_resize(a, screen_width(a->screen), screen_height(a->screen));
	if (mouse_wanted(a))
		screen_mouse(a->screen, true);
	app_go(a, ops && ops->needs == SCOPE_ALL ? ops : view_at(0));
	app_ask_revision(a);
}

bool app_run(const struct app_opts *o, struct err *e)
{
	struct app *a = xcalloc(1, sizeof(*a));
	struct ground ground = { .asked = false };
	bool ok = false;

	if (!app_init(a, o, e)) {
		free(a);
		return false;
	}
	if (screen_open(&a->screen, wants_color(o), e) && dress(a, e)) {
		ask_ground(a, &ground);
		start(a);
		loop(a, &ground);
		hear_out(a, &ground);
		ok = true;
	}
	screen_close(a->screen);
	a->screen = NULL;
	app_release(a);
	free(a);
	return ok;
}
