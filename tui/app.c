/* SPDX-License-Identifier: MIT */
/* app.c - the dashboard: what it is made of, how it draws, and where keys go. */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

#include "tui/app_state.h"

/* ---- what views may ask ---- */

int64_t app_present(const struct app *a)
{
	return a->opts->store.now != 0 ? a->opts->store.now : time_now();
}

int64_t app_now(const struct app *a)
{
	return a->past.at != 0 ? a->past.at : app_present(a);
}

bool app_read_only(const struct app *a)
{
	return a->opts->store.read_only;
}

bool app_may(struct app *a, const char *record)
{
	struct err e = ERR_INIT;

	if (app_read_only(a))
		err_set(&e, ERR_USAGE, "opened read-only: nothing can be written");
	else if (a->past.at != 0)
		err_set(&e, ERR_USAGE, "the past cannot be changed; :asof comes back");
	else if (role_may(a->opts->store.role, record, &e))
		return true;
	app_fault(a, &e);
	return false;
}

struct view *app_top(const struct app *a)
{
	return a->nview > 0 ? a->view[a->nview - 1] : NULL;
}

struct view *app_below(struct app *a, const struct view *v)
{
	for (size_t i = 1; i < a->nview; i++)
		if (a->view[i] == v)
			return a->view[i - 1];
	return NULL;
}

static void remember(struct app *a, const char *text)
{
	if (a->nsaid == SAID_MAX) {
		free(a->said[0]);
		memmove(a->said, a->said + 1, sizeof(a->said[0]) * --a->nsaid);
	}
	a->said[a->nsaid++] = xstrdup(text);
}

static void say(struct app *a, enum style_role role, const char *text)
{
	str_copy(a->message, sizeof(a->message), text);
	a->message_role = role;
	a->dirty = true;
	remember(a, text);
}

void app_say(struct app *a, const char *fmt, ...)
{
	struct buf b = BUF_INIT;
	va_list ap;

	va_start(ap, fmt);
	buf_addv(&b, fmt, ap);
	va_end(ap);
	say(a, ROLE_message, b.s);
	buf_release(&b);
}

void app_fault(struct app *a, const struct err *e)
{
	if (e->kind != ERR_NONE)
		say(a, ROLE_fail, e->text);
}

void *app_scratch(struct app *a, size_t size)
{
	assert(size <= sizeof(a->scratch));
	return a->scratch;
}

const char *app_said(const struct app *a, size_t i)
{
	return i < a->nsaid ? a->said[i] : NULL;
}

void app_quit(struct app *a)
{
	a->quit = true;
}

void app_prompt(struct app *a, const struct line_ask *ask)
{
	prompt_release(&a->prompt);
	prompt_open(&a->prompt, ask->label, ask->text);
	a->prompt.history = &a->history[ask->history];
	a->prompt.fresh = ask->propose;
	a->ask = *ask;
	a->prompting = true;
	a->dirty = true;
}

struct progress *app_progress(struct app *a)
{
	return &a->progress;
}

void app_doing(struct app *a, const char *what, const char *name)
{
	progress_begin(&a->progress, what, name);
}

bool app_set_theme(struct app *a, const char *name, struct err *e)
{
	struct theme t;

	if (!theme_load(&t, name, e))
		return false;
	a->theme = t;
	if (a->screen)
		screen_theme(a->screen, &a->theme);
	a->dirty = true;
	return true;
}

/* ---- life ---- */

bool app_keep_settings(struct app *a, struct err *e)
{
	return app_read_only(a) || settings_save(&a->settings, e);
}

static const char *history_name(int i)
{
	static const char *const name[HISTORY_COUNT] = { "filter", "command", "note", "search" };

	return name[i];
}

static void load_history(struct app *a)
{
	const char *line;

	for (int i = 0; i < HISTORY_COUNT; i++)
		for (size_t k = 0; (line = settings_get(&a->settings, "typed", history_name(i),
		                                        k)) != NULL; k++)
			typed_add(&a->history[i], line);
}

/* Notes are not kept: they are in the store, and are nobody else's business. */
static void keep_history(struct app *a)
{
	struct err ignored = ERR_INIT;

	if (!a->typed)
		return;
	for (int i = 0; i < HISTORY_COUNT; i++) {
		settings_drop(&a->settings, "typed", history_name(i), SIZE_MAX);
		for (size_t k = 0; i != HISTORY_NOTE && k < a->history[i].n; k++)
			settings_add(&a->settings, "typed", history_name(i), a->history[i].line[k]);
	}
	if (!app_keep_settings(a, &ignored))
		settings_release(&a->settings);
}

static bool wake_pipe(int fd[2], struct err *e)
{
	if (pipe(fd) != 0)
		return err_errno(e, ERR_IO, errno, "cannot make a pipe");
	for (int i = 0; i < 2; i++) {
		fcntl(fd[i], F_SETFL, O_NONBLOCK);
		fcntl(fd[i], F_SETFD, FD_CLOEXEC);
	}
	return true;
}

/* Such a theme may be gone or faulty by now: then it is the default. */
static bool wear_kept(struct app *a, struct err *e)
{
	struct err none = ERR_INIT;
	const char *kept = looks_kept(a);

	if (kept && app_set_theme(a, kept, e))
		return true;
	return app_set_theme(a, "default", kept ? &none : e) && !kept;
}

bool app_init(struct app *a, const struct app_opts *o, struct err *e)
{
	struct err forgot = ERR_INIT;

	*a = (struct app){ .opts = o, .past = { o->store.as_of, o->store.known },
	                   .canvas = CANVAS_INIT, .wake = { -1, -1 },
	                   .prompt = { .text = BUF_INIT, .fault = -1 }, .dirty = true };
	a->keys = keymap_new();
	if (!settings_load(&a->settings, &forgot) || !wear_kept(a, &forgot))
		app_fault(a, &forgot); /* nothing that the screens could not do without */
	if (!keymap_load(a->keys, e) || (o->theme && !app_set_theme(a, o->theme, e)) ||
	    !wake_pipe(a->wake, e)) {
		keymap_free(a->keys);
		settings_release(&a->settings);
		return false;
	}
	load_history(a);
	progress_init(&a->progress);
	a->reader = worker_new(&app_reader, a, a->wake[1]);
	a->job = worker_new(&app_writer, a, a->wake[1]);
	if (o->opened && store_warning(o->opened))
		app_say(a, "%s", store_warning(o->opened));
	return true;
}

static void swap_stacks(struct app *a)
{
	struct view *v[VIEWS_MAX];
	size_t n = a->nview;

	memcpy(v, a->view, sizeof(v));
	memcpy(a->view, a->other, sizeof(v));
	memcpy(a->other, v, sizeof(v));
	a->nview = a->nother;
	a->nother = n;
}

static void drop_stack(struct app *a)
{
	while (a->nview > 0)
		view_pop(a);
}

void app_release(struct app *a)
{
	drop_stack(a);
	swap_stacks(a);
	drop_stack(a);
	for (int i = 1; i < ROOTS_MAX; i++) {
		struct view *v = a->root[i];

		if (!v)
			continue;
		a->root[i] = NULL;
		a->view[a->nview++] = v;
		view_pop(a);
	}
	progress_stop(&a->progress);
	worker_free(a->job);
	worker_free(a->reader);
	progress_release(&a->progress);
	choose_close(a);
	complete_forget(a);
	dialog_close(a);
	meant_forget(a);
	prompt_release(&a->prompt);
	keep_history(a);
	settings_release(&a->settings);
	for (int i = 0; i < HISTORY_COUNT; i++)
		typed_release(&a->history[i]);
	while (a->nsaid > 0)
		free(a->said[--a->nsaid]);
	keymap_free(a->keys);
	canvas_release(&a->canvas);
	close(a->wake[0]);
	close(a->wake[1]);
}

/* ---- going about ---- */

int app_root_number(const struct app *a)
{
	return a->nview > 0 ? view_number(a->view[0]->ops) : 0;
}

/* Put this stack aside; the one that was aside is forgotten, but for its numbered view. */
static void leave_stack(struct app *a)
{
	swap_stacks(a);
	drop_stack(a);
}

/* The view on top is seen again: at this size, and of the store as it is now. */
static void come_back(struct app *a)
{
	app_resize(a, a->canvas.w, a->canvas.h);
	if (app_top(a)->seen != a->revision)
		view_reload(app_top(a));
}

/* A root seen before comes back with its filter and its cursor. */
static void go_root(struct app *a, const struct view_ops *ops, int number)
{
	struct err e = ERR_INIT;

	if (app_root_number(a) == number) {
		while (a->nview > 1)
			view_pop(a);
		come_back(a);
		return;
	}
	if (a->nview > 0)
		leave_stack(a);
	if (a->root[number]) {
		a->view[a->nview++] = a->root[number];
		come_back(a);
	} else if (view_push(a, ops, NULL, &e)) {
		a->root[number] = app_top(a);
	} else {
		app_fault(a, &e);
	}
	a->dirty = true;
}

static void go_last(struct app *a)
{
	if (a->nother == 0)
		return;
	swap_stacks(a);
	come_back(a);
}

void app_go(struct app *a, const struct view_ops *ops)
{
	struct err e = ERR_INIT;
	int number = view_number(ops);

	if (number > 0)
		go_root(a, ops, number);
	else if (view_push(a, ops, NULL, &e))
		app_top(a)->alone = true;
	else
		app_fault(a, &e);
}

static void go_number(struct app *a, int number)
{
	for (size_t i = 0; view_at(i); i++)
		if (number > 0 && view_number(view_at(i)) == number)
			go_root(a, view_at(i), number);
}

static void go_back(struct app *a)
{
	if (a->nview <= 1)
		return;
	view_pop(a);
	come_back(a);
}

bool app_busy(struct app *a)
{
	enum { AT_ONCE_MS = 50 };
	bool reads = (app_top(a) && worker_busy(a->reader, app_top(a))) ||
	             worker_busy(a->reader, &a->past);

	if (!reads)
		a->reading = 0;
	else if (a->reading == 0)
		a->reading = time_monotonic_ms();
	return progress_shows(&a->progress) ||
	       (reads && time_monotonic_ms() - a->reading > AT_ONCE_MS);
}

static bool take_leave(struct view *v, const char *text, size_t *at, struct err *e)
{
	(void)at;
	(void)e;
	if (text[0] == 'y' || text[0] == 'Y')
		app_quit(v->app);
	return true;
}

static void cancel(struct app *a)
{
	const struct line_ask ask = { "leave the program? (y/n) ", "", take_leave, NULL,
	                              HISTORY_NOTE };

	if (!worker_idle(a->job)) {
		progress_stop(&a->progress);
		worker_cancel(a->job, NULL);
		app_say(a, "stopped; nothing half done is kept");
	} else if (worker_busy(a->reader, &a->past)) {
		worker_cancel(a->reader, &a->past);
		past_go(a, "");
	} else if (app_top(a) && worker_busy(a->reader, app_top(a))) {
		worker_cancel(a->reader, app_top(a));
		app_say(a, "stopped reading; R reads again");
	} else {
		app_prompt(a, &ask);
	}
}

/* Reports of what is on the screen: of this image, of this framework. */
static void write_report(struct app *a)
{
	const struct view *v = app_top(a);
	const struct view_arg arg = { .scope = v->scope };
	struct err e = ERR_INIT;

	if (!view_push(a, view_find("reports"), &arg, &e))
		app_fault(a, &e);
}

/* Countdowns go on; only the rows stand still. */
static void toggle_pause(struct app *a)
{
	a->paused = !a->paused;
	if (!a->paused && app_top(a))
		view_reload(app_top(a));
	app_say(a, a->paused ? "paused: the rows stay as they are until %s" :
	        "live again; %s pauses", keymap_key(a->keys, ACT_PAUSE));
}

/* A key that does nothing says why: there is no row for it, or no use. */
static void say_useless(struct app *a, enum action act)
{
	const struct table *t = app_top(a) ? view_table_const(app_top(a)) : NULL;
	enum action_group g = action_info(act)->group;

	if (t && t->loaded && t->page.nrow == 0 && (g == GROUP_ACT || g == GROUP_MARK))
		app_say(a, "no row here to act on%s",
		        t->filter[0] != '\0' && !t->filter_off ? ": Esc clears the filter" : "");
	else
		app_say(a, "not here: %s; %s shows what works", action_info(act)->help,
		        keymap_key(a->keys, ACT_HELP));
}

void app_act(struct app *a, enum action act)
{
	struct err e = ERR_INIT;
	struct view *v = app_top(a);

	a->dirty = true;
	if (act == ACT_ESCAPE && app_busy(a)) {
		cancel(a);
		return;
	}
	if (v && view_act(v, act, &e) != VIEW_PASS) {
		app_fault(a, &e);
		return;
	}
	switch (act) {
	case ACT_VIEW_1: case ACT_VIEW_2: case ACT_VIEW_3: case ACT_VIEW_4:
	case ACT_VIEW_5: case ACT_VIEW_6: case ACT_VIEW_7: case ACT_VIEW_8:
		go_number(a, (int)(act - ACT_VIEW_1) + 1);
		break;
	case ACT_ESCAPE: case ACT_BACK: go_back(a); break;
	case ACT_LAST: go_last(a); break;
	case ACT_PALETTE: palette_open(a); break;
	case ACT_WRITE: write_report(a); break;
	case ACT_HELP: choose_help(a); break;
	case ACT_UNDO: undo_last(a); break;
	case ACT_WORDS: words_choose(a); break;
	case ACT_PAUSE: toggle_pause(a); break;
	case ACT_CANCEL: cancel(a); break;
	case ACT_QUIT: app_quit(a); break;
	case ACT_REDRAW: if (a->screen) screen_redraw(a->screen); break;
	case ACT_SUSPEND: if (a->screen) screen_suspend(a->screen); break;
	case ACT_NONE: break;
	default: say_useless(a, act); break;
	}
}

/* ---- keys ---- */

static void prompt_done(struct app *a)
{
	struct line_ask ask = a->ask;
	char *text = xstrdup(a->prompt.text.s);
	struct err e = ERR_INIT;
	size_t at = 0;

	a->prompting = false;
	if (ask.done(app_top(a), text, &at, &e)) {
		typed_add(&a->history[ask.history], text);
		a->typed = true;
	} else {
		a->prompting = true;
		prompt_fault(&a->prompt, at, e.text);
	}
	free(text);
}

static void prompt_check(struct app *a)
{
	struct err e = ERR_INIT;
	size_t at = 0;

	if (a->ask.check && !a->ask.check(app_top(a), a->prompt.text.s, &at, &e))
		prompt_fault(&a->prompt, at, e.text);
}

void app_key(struct app *a, uint32_t key)
{
	a->dirty = true;
	if (key != K_RESIZE && !held_key(a, key))
		app_take_key(a, key);
}

void app_take_key(struct app *a, uint32_t key)
{
	a->message[0] = '\0';
	if (a->dialog.open) {
		dialog_key(a, key);
		return;
	}
	if (a->chooser.open) {
		choose_key(a, key);
		return;
	}
	if (!a->prompting) {
		app_act(a, keymap_action(a->keys, key, app_top(a) && app_top(a)->ops->walk));
		return;
	}
	switch (prompt_key(&a->prompt, key)) {
	case PROMPT_DONE: prompt_done(a); break;
	case PROMPT_CHANGED: prompt_check(a); break;
	case PROMPT_LEFT:
		a->prompting = false;
		if (a->ask.left)
			a->ask.left(app_top(a));
		break;
	case PROMPT_GOES_ON: break;
	}
}

void app_resize(struct app *a, int w, int h)
{
	canvas_resize(&a->canvas, w, h);
	for (size_t i = 0; i < a->nview; i++)
		view_resize(a->view[i]);
	a->dirty = true;
}
