/* SPDX-License-Identifier: MIT */
/* app.h - the dashboard: how it is started, and what views may ask of it. */
#ifndef APP_H
#define APP_H

#include <stdio.h>

#include "store/store.h"
#include "tui/view.h"

struct app_opts {
	/* each worker opens its own; .now 0: the clock; strings are borrowed */
	struct store_opts store;
	struct store *opened;    /* open so already: the reader's while this runs; NULL: none */
	const char *theme;       /* NULL: "default", or "mono" without colour */
	bool        no_color;
	const char *folder;      /* files named in the dashboard lie here only; NULL: anywhere */
	const char *view;        /* first view: "alerts"; NULL: "overview" */
	int         width, height; /* of app_script() and app_once(); 0: 80x24 */
};

/*
 * The dashboard on this terminal, until the user leaves. False: *e says why it could not be shown.
 */
bool app_run(const struct app_opts *o, struct err *e) MUST_CHECK;
/*
 * Run a script on a canvas, without a terminal: a command a line, `#` comments.
 *   size 80x24     keys 2<Enter>/sev>=high<Enter>     screen     screen roles
 * Every key is answered whole before the next. Screens go to `out`, each below a line `== N ==`;
 * `view` tells which view is on top.
 */
bool app_script(const struct app_opts *o, const char *path, FILE *out, struct err *e) MUST_CHECK;
/*
 * The dashboard line by line, for screen readers: what is typed on `in` are keys, and what `out`
 * gets is never drawn over. False: it cannot begin, or `out` is broken.
 */
bool app_plain(const struct app_opts *o, FILE *in, FILE *out, struct err *e) MUST_CHECK;
/* One view, once, as text. */
bool app_once(const struct app_opts *o, const char *view, FILE *out, struct err *e) MUST_CHECK;

/* ---- for views ---- */

int64_t app_now(const struct app *a);
/* past.c: every screen as of a day, "2026-11-01", or a time; "" comes back to the present */
void past_go(struct app *a, const char *text);
/* The past is left with the view on top. */
void past_visit(struct app *a);
bool app_read_only(const struct app *a);
/*
 * The path of a file that was typed: "~/" is the home folder. Where the dashboard is confined to a
 * folder, the path inside it, and ERR_USAGE for all that lies elsewhere or is no file at all.
 */
bool app_place(const struct app *a, const char *typed, char *out, size_t size,
               struct err *e) MUST_CHECK;
/* The message line, until the next key; kept for `:messages`. */
void app_say(struct app *a, const char *fmt, ...) PRINTF(2, 3);
void app_fault(struct app *a, const struct err *e);
/* What was said, oldest first; NULL past the end. */
const char *app_said(const struct app *a, size_t i);
/* The view below `v` on the stack; NULL at the bottom. */
struct view *app_below(struct app *a, const struct view *v);

/*
 * A line to be typed. `done` false: *e is shown, a fault at byte *at is pointed at, and the prompt
 * stays.
 */
struct line_ask {
	const char *label, *text;
	bool (*done)(struct view *v, const char *text, size_t *at, struct err *e);
	/* On every change: false shows the fault while typing. NULL: none. */
	bool (*check)(struct view *v, const char *text, size_t *at, struct err *e);
	int  history; /* enum app_history */
	bool propose; /* the text is only proposed: what is typed takes its place */
	/* The prompt was left with Esc: nothing of it stays. NULL: nothing to do. */
	void (*left)(struct view *v);
};
enum app_history { HISTORY_FILTER, HISTORY_COMMAND, HISTORY_NOTE, HISTORY_SEARCH,
                   HISTORY_COUNT };
void app_prompt(struct app *a, const struct line_ask *ask);

/* A choice from a list that covers the view. `done` gets the index; text is copied. */
struct choice {
	const char *text, *more; /* more: a second column; NULL: none */
	char        letter;      /* picks it at once; 0: none */
};
void app_choose(struct app *a, const char *title, const struct choice *c, size_t n, size_t at,
                bool (*done)(struct view *v, size_t i, struct err *e));

/*
 * Let the job worker write to the store. `act` runs there with a copy of `size` bytes at `arg` and
 * may leave a line for the user in `say`; views are asked again when it is done.
 */
void app_job(struct app *a, const void *arg, size_t size,
             bool (*act)(struct store *st, void *arg, struct buf *say, struct err *e));
/* The same; when it went well `then` gets the argument as `act` left it, on the main thread. */
void app_job_then(struct app *a, const void *arg, size_t size,
                  bool (*act)(struct store *st, void *arg, struct buf *say, struct err *e),
                  void (*then)(struct app *a, void *arg, size_t size));
/*
 * The same after a question that names what it will touch: `n` names and `more` without one. Cancel
 * is the default. Everything is copied.
 */
void app_confirm(struct app *a, const char *title, const char *const *name, size_t n, size_t more,
                 const void *arg, size_t size,
                 bool (*act)(struct store *st, void *arg, struct buf *say, struct err *e));
/* What the job just given is, for the line that shows while it runs. */
struct progress *app_progress(struct app *a); /* of the job worker; progress.h */
void app_doing(struct app *a, const char *what, const char *name);
/* May this session write such a record ("note")? Says why not. */
bool app_may(struct app *a, const char *record);
void app_quit(struct app *a);
/*
 * Room for `size` bytes (1,200 at most) that lives between a key and the end of the prompt it
 * opened.
 */
void *app_scratch(struct app *a, size_t size);

#endif
