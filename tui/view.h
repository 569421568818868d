/* SPDX-License-Identifier: MIT */
/* view.h - one screen of the program, and the stack they live on. */
#ifndef VIEW_H
#define VIEW_H

#include "tui/draw.h"
#include "tui/sheet.h"
#include "tui/table.h"

enum { PANES_MAX = 4, LABEL_MAX = 96 };

struct app;
struct strip;
struct view;

/* What the view before was looking at. */
struct view_arg {
	struct scope scope;
	const char  *label;  /* for line 2; copied */
	const char  *filter; /* for the first list; NULL: none */
};

/* What the reader is asked for a view's own answer. */
struct question {
	struct scope scope;
	struct scope row;   /* the focused list's cursor; SCOPE_ALL: no row */
	bool         shown; /* there is room for a preview */
	int64_t      now;
};

enum view_result {
	VIEW_PASS, /* not for this view */
	VIEW_DONE, /* done; draw again  */
	VIEW_ASK,  /* done, and the view's own answer must be asked for again */
};

struct view_ops {
	const char              *name;   /* "findings": palette, scripts, tests */
	const char              *title;  /* "Findings" */
	const struct table_view  *pane;   /* its lists; they page, sort and filter by themselves */
	size_t                   npane;
	size_t                   state_size;
	size_t                   answer_size;
	/* the answer belongs to the row under the cursor: a preview */
	bool                     by_row;
	bool                     always; /* the preview shows on small screens too */
	/* without a scope the lists wait for the answer, whose taken() asks for them */
	bool                     rows_later;
	bool                     walk;   /* the checklist's own keys hold */
	int                      tick;   /* seconds between repaints, for countdowns; 0: a minute */
	const struct hint       *hint;   /* last line, most used first */
	size_t                   nhint;
	enum scope_kind          needs;  /* scope it cannot do without; SCOPE_ALL: none */
	/* Any of the rest may be NULL. */
	bool (*open)(struct view *v, const struct view_arg *arg, struct err *e);
	/*
	 * In the reader: fill `answer` (answer_size zeroed bytes) from the store; what it points to
	 * lives in `mem`. Sees nothing of the view.
	 */
	bool (*find)(struct store *st, const struct question *q, struct arena *mem, void *answer,
	             struct err *e);
	/* A new answer is in v->answer. */
	void (*taken)(struct view *v);
	/*
	 * What the answer says, as text; called only when there is one. Without panes it fills the
	 * view and scrolls; with by_row it is the preview; else it stands above the panes and gets
	 * `head` rows.
	 */
	void (*sheet)(const struct view *v, struct sheet *s);
	int  head;
	/* where a sheet without panes lies; NULL: all below line 2 */
	struct rect (*text)(const struct view *v);
	/* counts between the list and the preview, where there is room for both; so many rows */
	struct strip *(*strip)(const struct view *v);
	int  strip_rows;
	void (*tell)(const struct view *v, struct buf *right); /* for the right end of line 2 */
	/*
	 * The one thing worth knowing here, for the message line while nothing is said there; true:
	 * it is a warning.
	 */
	bool (*worth)(const struct view *v, struct buf *out);
	/* place the panes in v->at; NULL: below the head, each its share */
	void (*layout)(struct view *v);
	/* all of it, instead of the above; pure */
	void (*draw)(const struct view *v, struct canvas *c);
	/*
	 * What draw() shows besides panes and sheet, in sentences, a line each: for those who do
	 * not see it. Not called while an answer is still to come.
	 */
	void (*speak)(const struct view *v, struct buf *out);
	/* Sees actions first. */
	enum view_result (*act)(struct view *v, enum action a, struct err *e);
	/* What its act() gives to act_on(); NULL: the row, without panes what the view is about. */
	struct scope (*subject)(const struct view *v);
	/* of a view without panes: what `y` copies */
	void (*copy)(const struct view *v, struct buf *out);
	void (*close)(struct view *v);
};

struct view {
	const struct view_ops *ops;
	struct app  *app;
	struct rect  at;       /* line 2 to above the message line; set before layout and draw */
	struct scope scope;
	char         label[LABEL_MAX];
	bool         alone;    /* came from the palette: line 2 begins with it */
	struct table  pane[PANES_MAX];
	size_t       focus;    /* index of the pane that keys act on */
	int          scroll;   /* rows of the sheet scrolled away above */
	char         search[128]; /* what is looked for in the sheet; "": nothing */
	int          found;    /* row of the sheet that had it last */
	bool         zoomed;   /* the focused pane has the whole view */
	enum { PREVIEW_AUTO, PREVIEW_ON, PREVIEW_OFF } preview; /* AUTO: where there is room */
	uint64_t     seen;     /* store_revision() of the newest answer */
	bool         asked;    /* the view's own answer is on its way */
	void        *answer;   /* answer_size bytes; NULL before the first */
	struct arena answer_mem;
	struct err   err;      /* why the last question failed; ERR_NONE: it did not */
	void        *state;    /* state_size bytes, zeroed; writable by open, taken, act, close */
};

#define VIEW(id, number, brief, full) extern const struct view_ops view_##id;
#include "tui/views.def"
#undef VIEW

const struct view_ops *view_find(const char *name); /* NULL: none */
/* in the order of views.def; NULL past the end */
const struct view_ops *view_at(size_t i);
int                    view_number(const struct view_ops *ops); /* 1 to 8; 0: no number */

/* Push a view; its questions are asked at once, and it is drawn before they are answered. */
bool view_push(struct app *app, const struct view_ops *ops, const struct view_arg *arg,
               struct err *e) MUST_CHECK;
/* Push the view that shows what arg->scope is in full. */
bool view_open_scope(struct app *app, const struct view_arg *arg, struct err *e) MUST_CHECK;
/* The view below comes back as it was, and is asked again when the store changed meanwhile. */
void view_pop(struct app *app);

/* Ask for the view's own answer; for the rows of one pane; for everything. */
void view_ask(struct view *v);
void view_ask_rows(struct view *v, size_t pane);
void view_reload(struct view *v);
/*
 * In the reader: its store, held as it is at `now` until store_let_go(). NULL: *e says why, for
 * the reader without a store what `ctx_err` says.
 */
struct store *reader_hold(void *ctx, const struct err *ctx_err, int64_t now,
                          struct err *e) MUST_CHECK;
/* Sets the rectangles of the panes; a preview that shows now is asked for. */
void view_resize(struct view *v);
/* Sets the rectangles of the panes. */
void view_layout(struct view *v);
/* The focused list; NULL when the view has none. */
struct table *view_table(struct view *v);
const struct table *view_table_const(const struct view *v);
/* What the row under the cursor is; SCOPE_ALL when there is none. */
struct scope view_row(const struct view *v);
/* Line 2: title and labels of the stack, the list's filter and order, counts. */
void view_draw_crumb(const struct view *v, struct canvas *c, const char *right);
/* The same, with what the view itself tells. */
void view_draw_line(const struct view *v, struct canvas *c);
/* Line 2, sheet and panes: what views without a draw() of their own do. */
void view_draw(const struct view *v, struct canvas *c);
/* Move the sheet of a view without panes by so many rows, as far as it goes. */
void view_scroll(struct view *v, int by);
/* The sheet in `r`, its first `from` rows scrolled away; and all the rows it has. */
void view_sheet(const struct view *v, struct canvas *c, struct rect r, int from);
int  view_sheet_height(const struct view *v);
/* Where a detail begins: below line 2. */
struct rect view_body(const struct view *v);
/* Where a sheet that scrolls lies in it. */
struct rect view_text(const struct view *v);
/*
 * Where the preview of a by_row view goes, its rule in row 0 and a strip below that; h is 0 when it
 * is off.
 */
struct rect view_preview(const struct view *v);
/* The strip in it; h is 0 where there is none. */
struct rect view_strip(const struct view *v);
/* search.c: mark what is looked for where it shows in `r` */
void search_paint(const struct view *v, struct canvas *c, struct rect r);
/* Open what Enter opens for the row under the cursor. */
bool view_enter(struct view *v, struct err *e) MUST_CHECK;
/* The list behind opened this view from a row, so that `]` and `[` lead to others. */
bool view_has_neighbours(const struct view *v);
/* Act on a key: the view, then its list, then what all views share. */
enum view_result view_act(struct view *v, enum action a, struct err *e);

#endif
