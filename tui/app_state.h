/* SPDX-License-Identifier: MIT */
/* app_state.h - what the dashboard is made of; for the files that run it, not for views. */
#ifndef APP_STATE_H
#define APP_STATE_H

#include "tui/app.h"
#include "tui/progress.h"
#include "tui/prompt.h"
#include "tui/screen.h"
#include "tui/settings.h"
#include "tui/worker.h"

enum { VIEWS_MAX = 24, ROOTS_MAX = 9, SAID_MAX = 100, FOUND_MAX = 20, PIECES_MAX = 40,
       DONE_MAX = 100, MESSAGE_MAX = 512 };

enum { VIEW_KINDS = 0
#define VIEW(id, number, brief, full) + 1
#include "tui/views.def"
#undef VIEW
};

/* A choice from a list that covers the view. */
struct chooser {
	bool   open;
	char   title[LABEL_MAX];
	char **text, **more;
	char  *letter; /* that picks each; 0: none */
	size_t n, at;
	bool (*done)(struct view *v, size_t i, struct err *e);
	void (*moved)(struct app *a, size_t i); /* the cursor is on another; NULL: no matter */
	size_t left;                            /* what `moved` is told when nothing is chosen */
};

/* A question before an act on many things. */
struct dialog {
	bool   open, sure; /* sure: the cursor is on "Do it" */
	char   title[MESSAGE_MAX];
	char **name;
	size_t n, more;    /* things named, and those that are not */
	void  *arg;
	size_t size;
	bool (*act)(struct store *st, void *arg, struct buf *say, struct err *e);
};

/* The records of the trail that one act wrote. */
struct done {
	int64_t after, upto;
};

/* The past that is shown; 0 and 0: the present. */
struct past {
	int64_t at, known;
};

/* Keys that wait for what they are about (held.c), oldest first. */
enum { HELD_MAX = 128 };
struct held {
	uint32_t key[HELD_MAX];
	size_t   n;
};

/* A walk over the checklist: since when, how many items were open then, when one was last left. */
struct walk {
	int64_t began, open, left;
};

struct app {
	const struct app_opts *opts;
	struct screen  *screen; /* NULL: headless */
	struct canvas   canvas;
	struct theme    theme;
	struct keymap  *keys;
	struct worker  *reader, *job;
	struct past     past;
	struct walk     walk;
	struct held     held;
	const struct view *visit;           /* leaving it comes back from the past; NULL: none */
	struct progress progress;           /* of the job worker */
	int64_t         reading;            /* ms, monotonic: the view waits since then; 0: no */
	int             wake[2];            /* workers write, poll reads */
	struct view    *view[VIEWS_MAX];    /* the stack; [0] is a root */
	size_t          nview;
	struct view    *root[ROOTS_MAX];    /* numbered views live as long as the program */
	struct view    *other[VIEWS_MAX];   /* the stack before this one, for `-` */
	size_t          nother;
	int             head[VIEW_KINDS];   /* rows that the head of each had last; 0: not known */
	bool            prompting;
	struct prompt   prompt;
	struct line_ask ask;
	struct typed  history[HISTORY_COUNT];
	struct settings settings;
	struct chooser  chooser;
	struct dialog   dialog;
	struct done     done[DONE_MAX];     /* what `u` takes back, newest last */
	size_t          ndone;
	char            message[MESSAGE_MAX];
	enum style_role message_role;
	char           *said[SAID_MAX];     /* newest last */
	size_t          nsaid;
	uint64_t        revision;           /* of the newest answer */
	int64_t         alerts_late;
	char          **meant;              /* by the choices of a menu (count.c, looks.c) */
	size_t          nmeant;
	int64_t         piece[PIECES_MAX];  /* evidence in the menu (evidence.c); 0: a link */
	size_t          npiece;
	char           *found[FOUND_MAX], *found_kind[FOUND_MAX]; /* that `:` may go on to */
	size_t          nfound;
	bool            dirty, quit;
	bool            paused;             /* lists stay as they are when the store changes */
	bool            typed;              /* the history is another than the one kept */
	alignas(max_align_t) char scratch[1200];
};

/* The view keys act on; NULL only while the program starts or ends. */
struct view *app_top(const struct app *a);

/* app.c */
bool app_init(struct app *a, const struct app_opts *o, struct err *e) MUST_CHECK;
void app_release(struct app *a);
void app_key(struct app *a, uint32_t key);
void app_take_key(struct app *a, uint32_t key); /* now, whatever is still to come */
/* held.c: true when the key waits; answers came, so keys may go on */
bool held_key(struct app *a, uint32_t key);
void held_go_on(struct app *a);
void app_act(struct app *a, enum action act);
void app_go(struct app *a, const struct view_ops *ops);
void app_draw(struct app *a); /* onto a->canvas; app_draw.c */
int  app_root_number(const struct app *a); /* of the view at the bottom; 0: it has none */
void app_resize(struct app *a, int w, int h);
/* jobs.c: each worker has its own connection to the store; `arg` is the app. */
extern const struct worker_ops app_reader, app_writer;
/* Ask whether the store is another by now, and how many alerts are late. */
void app_ask_revision(struct app *a);
/* Wait until every answer is there; headless only. */
void app_settle(struct app *a);
bool app_set_theme(struct app *a, const char *name, struct err *e) MUST_CHECK;

/* script.c: a dashboard of the wanted size without a terminal, its first view whole */
struct app *app_headless(const struct app_opts *o, const char *view, struct err *e);
void app_headless_free(struct app *a);

/* view_act.c: narrow the focused list; the text is known to parse */
void view_filter(struct view *v, const char *text);
/* The same filter, narrowed by one more term. */
void view_narrow(struct view *v, const char *term);

/* view_act.c: what `L` and `H` would show; SCOPE_ALL: there is nothing */
struct scope timeline_of(const struct view *v);
struct scope history_of(const struct view *v);

/* choose.c: over the lower part of `r`, or all of it */
void choose_draw(const struct app *a, struct canvas *c);
/* The choice that lies in that row of the screen; false: none does. */
bool choose_row(const struct app *a, int row, size_t *out);
void choose_key(struct app *a, uint32_t key);
void choose_close(struct app *a);
void choose_help(struct app *a); /* the keys that work here */
bool action_works(const struct view *v, enum action act);

/* dialog.c */
void dialog_draw(const struct app *a, struct canvas *c, struct rect r);
void dialog_key(struct app *a, uint32_t key);
void dialog_close(struct app *a);
/* jobs.c: take back the newest act of this session that was not yet */
void undo_last(struct app *a);

/* Write what the screens remember; a session that may not write keeps it until it ends. */
bool app_keep_settings(struct app *a, struct err *e) MUST_CHECK;

/* columns.c, saved.c, words.c */
void columns_load(struct view *v, size_t pane);
void columns_choose(struct view *v);
void saved_choose(struct view *v);
void words_choose(struct app *a);
/* past.c: what :known shows; a worker's store as of then */
void past_known(struct app *a, const char *text);
bool past_set(struct store *st, const struct past *to, int64_t present,
              struct err *e) MUST_CHECK;
int64_t app_present(const struct app *a); /* the clock, whatever is shown */
/* bring.c: import from inside; the i-th way to complete a path */
void bring_in(struct app *a, const char *path);
bool bring_complete(const struct app *a, const char *text, size_t i, struct buf *out);
/* Something runs for longer than a person takes for at once: its line is drawn, Esc stops it. */
bool app_busy(struct app *a);
/* search.c */
bool search_act(struct view *v, enum action a);

/* looks.c: a menu of the themes; wear one and keep it; NULL: none was kept */
void looks_choose(struct app *a);
bool looks_take(struct app *a, const char *name, struct err *e) MUST_CHECK;
const char *looks_kept(const struct app *a);

/* mouse.c: a click at that place; take clicks from now on, or no longer, and keep it */
void app_click(struct app *a, int y, int x);
bool mouse_wanted(const struct app *a);
void mouse_turn(struct app *a);

/* count.c, copy.c */
void count_choose(struct view *v);
void meant_forget(struct app *a);
void copy_choose(struct view *v);
void copy_row(struct view *v);
bool copy_sheet(struct view *v); /* false: this view has nothing to copy */
/* whole.c: the row under the cursor with all its columns, once the reader has it */
typedef void row_taken(struct view *v, const struct list_info *li, const struct row *r);
void row_in_full(struct view *v, row_taken *taken);
/* row_counts.c: does a row of the list have counts that open? offer them */
bool has_row_counts(const struct view *v);
void row_counts_choose(struct view *v);
void mark_all(struct view *v); /* mark_all.c */

/* complete.c: things of the store that the palette's text may go on to */
void complete_ask(struct app *a, const char *text);
void complete_forget(struct app *a);
void complete_draw(const struct app *a, struct canvas *c);
/* palette.c: what a completion is: "view", "command", "image" */
const char *complete_kind(const struct app *a, const char *text);

/* palette.c */
void palette_open(struct app *a);

#endif
