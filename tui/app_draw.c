/* SPDX-License-Identifier: MIT */
/* app_draw.c - the whole screen: the lines above and below, and between them the view on top. */
#include <stdio.h>

#include "tui/app_state.h"

enum { W_MIN = 60, H_MIN = 15, ROOMY = 76 };

static const struct tab tabs[] = {
#define VIEW(id, number, brief, full) { number, brief, full },
#include "tui/views.def"
#undef VIEW
};

static size_t numbered_tabs(struct tab out[LENGTH(tabs)])
{
	size_t n = 0;

	for (size_t i = 0; i < LENGTH(tabs); i++)
		if (tabs[i].number > 0)
			out[n++] = tabs[i];
	return n;
}

static const char *who(const struct app *a)
{
	static const char *const words[] = { "lead", "audit", "eng", "view" };

	if (a->opts->store.read_only)
		return "read-only";
	return (size_t)a->opts->store.role < LENGTH(words) ? words[a->opts->store.role] : "";
}

static const char *day(int64_t t, char out[static 11])
{
	time_print_date(t, out);
	return out;
}

static void draw_view(const struct view *v, struct canvas *c)
{
	if (v->zoomed || !v->ops->draw)
		view_draw(v, c);
	else
		v->ops->draw(v, c);
}

/* The record of the trail that an act writes, where the role must have a right to it. */
static const char *record_of(const struct view *v, enum action act)
{
	enum scope_kind k = view_row(v).kind != SCOPE_ALL ? view_row(v).kind : v->scope.kind;

	switch (act) {
	case ACT_OWNER: return "own";
	case ACT_DUE: return "due";
	case ACT_NOTE: return "note";
	case ACT_ACCEPT: return k == SCOPE_ALERT ? "alert" : "except";
	case ACT_STATE: return v->scope.kind == SCOPE_CONTROL ? "answer" :
	                       k == SCOPE_ALERT ? "alert" : "except";
	case ACT_WALK_PASS: case ACT_WALK_FAIL: case ACT_WALK_PART: case ACT_WALK_NA:
		return "answer";
	default: return NULL;
	}
}

/* What is refused anyway is no advice. */
static bool hint_allowed(const struct view *v, enum action act)
{
	const char *record = record_of(v, act);
	struct err e = ERR_INIT;

	return !record || (!app_read_only(v->app) && v->app->past.at == 0 &&
	                   role_may(v->app->opts->store.role, record, &e));
}

/* What a key does here, as the last line has it. */
static const char *label_of(const struct view *v, enum action act)
{
	for (size_t i = 0; i < v->ops->nhint; i++)
		if (v->ops->hint[i].action == act)
			return v->ops->hint[i].label;
	return action_info(act)->id;
}

/* "2 marked: a accept, w owner act on both": while rows are marked nothing else is worth more. */
static bool tell_marked(const struct app *a, const struct view *v, struct buf *out)
{
	static const enum action acts[] = { ACT_STATE, ACT_ACCEPT, ACT_OWNER, ACT_DUE, ACT_NOTE };
	const struct table *t = view_table_const(v);
	bool any = false;

	if (!t || t->marks.n == 0)
		return false;
	buf_addf(out, "%zu marked: ", t->marks.n);
	for (size_t i = 0; i < LENGTH(acts); i++) {
		if (!action_works(v, acts[i]) || !hint_allowed(v, acts[i]))
			continue;
		buf_addf(out, "%s%s %s", any ? ", " : "", keymap_key(a->keys, acts[i]),
		         label_of(v, acts[i]));
		any = true;
	}
	buf_addf(out, "%s%s", any ? " act on " : "no act is for them",
	         !any ? "" : t->marks.n == 1 ? "it" : t->marks.n == 2 ? "both" : "all");
	if (v->at.w >= ROOMY)
		buf_addf(out, ".  %s marks none", keymap_key(a->keys, ACT_MARK_NONE));
	return true;
}

static void draw_worth(const struct app *a, struct canvas *c)
{
	const struct view *v = app_top(a);
	struct buf b = BUF_INIT;
	enum style_role role = ROLE_dim;

	if (!tell_marked(a, v, &b) && v->ops->worth && v->ops->worth(v, &b))
		role = ROLE_warn;
	if (b.len > 0)
		canvas_cut(c, canvas_all(c), c->h - 2, 1, c->w - 2, role, b.s);
	buf_release(&b);
}

/* The prompt, else what runs, else what was said last, else what is worth knowing here. */
static void draw_message(struct app *a, struct canvas *c)
{
	struct rect all = canvas_all(c);
	int y = c->h - 2;

	if (a->prompting) {
		complete_draw(a, c);
		prompt_draw(&a->prompt, c, all, y);
	} else if (progress_shows(&a->progress))
		progress_draw(&a->progress, c, y);
	else if (app_busy(a))
		canvas_text(c, all, y, 1, ROLE_message, "reading...  Esc stops");
	else if (a->message[0] == '\0' && a->past.at != 0)
		canvas_text(c, all, y, 1, ROLE_dim,
		            a->visit ? "the past, to look at: q comes back to now" :
		                       "the past, to look at: :asof comes back to now");
	else if (a->message[0] == '\0')
		draw_worth(a, c);
	else
		canvas_cut(c, all, y, 1, c->w - 2, a->message_role, a->message);
}

/* A text that goes on below the screen: that it does is the first thing to know. */
static bool goes_on(const struct view *v)
{
	return v->ops->npane == 0 && v->answer &&
	       view_sheet_height(v) - v->scroll > view_text(v).h;
}

static void draw_hints(const struct app *a, struct canvas *c, const struct view *v)
{
	struct hint hint[ACT_COUNT];
	size_t n = 0;

	if (goes_on(v))
		hint[n++] = (struct hint){ ACT_DOWN, "more" };
	for (size_t i = 0; i < v->ops->nhint && n < ACT_COUNT; i++)
		if (action_works(v, v->ops->hint[i].action) &&
		    hint_allowed(v, v->ops->hint[i].action))
			hint[n++] = v->ops->hint[i];
	draw_keys(c, c->h - 1, a->keys, hint, n, true);
}

/* What came from the palette is none of the numbered views. */
static int open_number(const struct app *a)
{
	for (size_t i = 0; i < a->nview; i++)
		if (a->view[i]->alone)
			return 0;
	return app_root_number(a);
}

/* While a line is typed letters are its own: what ends it is said. */
static void draw_typing(const struct app *a, struct canvas *c)
{
	static const struct { const char *key, *label; } typing[] = {
		{ "Enter", "done" }, { "Esc", "leave it" }, { "Up", "what was typed before" },
		{ "Tab", "complete" },
	};
	size_t n = LENGTH(typing) - (a->prompt.complete == NULL);
	struct rect r = canvas_all(c);
	int x = 1;

	for (size_t i = 0; i < n; i++) {
		x += canvas_text(c, r, c->h - 1, x, ROLE_key, typing[i].key) + 1;
		x += canvas_text(c, r, c->h - 1, x, ROLE_dim, typing[i].label) + 2;
	}
}

static void draw_lines(struct app *a, struct canvas *c)
{
	static const struct hint choosing[] = {
		{ ACT_ENTER, "choose" }, { ACT_DOWN, "next" }, { ACT_ESCAPE, "back" },
	};
	static const struct hint asking[] = {
		{ ACT_ESCAPE, "cancel" }, { ACT_PANE, "other button" }, { ACT_ENTER, "press it" },
	};
	const struct view *v = app_top(a);
	struct tab numbered[LENGTH(tabs)];
	char past[48], date[11];

	if (a->past.at != 0)
		(void)snprintf(past, sizeof(past), a->past.known > 0 ? "AS OF %s #%lld" :
		               "AS OF %s", day(a->past.at, date), (long long)a->past.known);
	draw_title(c, numbered, numbered_tabs(numbered), open_number(a), a->alerts_late,
	           a->past.at != 0 ? past : who(a), app_now(a));
	draw_message(a, c);
	if (a->dialog.open)
		draw_keys(c, c->h - 1, a->keys, asking, LENGTH(asking), false);
	else if (a->chooser.open)
		draw_keys(c, c->h - 1, a->keys, choosing, LENGTH(choosing), false);
	else if (a->prompting)
		draw_typing(a, c);
	else if (v)
		draw_hints(a, c, v);
}

void app_draw(struct app *a)
{
	struct canvas *c = &a->canvas;
	const struct view *v = app_top(a);

	canvas_clear(c);
	a->dirty = false;
	if (c->w < W_MIN || c->h < H_MIN) {
		canvas_printf(c, canvas_all(c), c->h / 2, 0, ROLE_text,
		              "%dx%d needed, this is %dx%d", W_MIN, H_MIN, c->w, c->h);
		return;
	}
	if (v)
		draw_view(v, c);
	if (a->chooser.open)
		choose_draw(a, c);
	if (a->dialog.open)
		dialog_draw(a, c, (struct rect){ 1, 0, c->h - 3, c->w });
	draw_lines(a, c);
}
