/* SPDX-License-Identifier: MIT */
/* choose.c - a choice from a list that covers the view: orders, columns, frameworks, help. */
#include <stdlib.h>

#include "tui/acts.h"
#include "tui/app_state.h"
#include "tui/strip.h"

void choose_close(struct app *a)
{
	struct chooser *c = &a->chooser;

	for (size_t i = 0; i < c->n; i++) {
		free(c->text[i]);
		free(c->more[i]);
	}
	free(c->text);
	free(c->more);
	free(c->letter);
	*c = (struct chooser){ .open = false };
	a->dirty = true;
}

void app_choose(struct app *a, const char *title, const struct choice *choice, size_t n, size_t at,
                bool (*done)(struct view *v, size_t i, struct err *e))
{
	struct chooser *c = &a->chooser;

	choose_close(a);
	*c = (struct chooser){ .open = true, .n = n, .at = at, .done = done };
	str_copy(c->title, sizeof(c->title), title);
	c->text = xcalloc(n + 1, sizeof(*c->text));
	c->more = xcalloc(n + 1, sizeof(*c->more));
	c->letter = xcalloc(n + 1, 1);
	for (size_t i = 0; i < n; i++) {
		c->text[i] = xstrdup(choice[i].text);
		c->more[i] = xstrdup(choice[i].more ? choice[i].more : "");
		c->letter[i] = choice[i].letter;
	}
	a->dirty = true;
}

static int first_width(const struct chooser *c)
{
	int most = 0;

	for (size_t i = 0; i < c->n; i++) {
		int w = canvas_width(c->text[i]);

		if (w > most)
			most = w;
	}
	return most;
}

/* Where the columns of a menu lie in a width: letters, texts, and what is said of them. */
struct columns {
	int text, width, more, room;
};

static struct columns columns_of(const struct chooser *ch, int width)
{
	struct columns k = { 2, first_width(ch), 0, 0 };

	for (size_t i = 0; i < ch->n; i++)
		if (ch->letter[i] != '\0')
			k.text = 5;
	if (k.width > width / 2)
		k.width = width / 2;
	k.more = k.text + k.width + 2;
	k.room = width - k.more;
	return k;
}

/* What is said of a choice is wrapped, not cut. */
static int lines_of(const struct chooser *ch, const struct columns *k, size_t i)
{
	int lines = k->room > 0 ? count_wrapped(k->room, ch->more[i]) : 1;

	return lines > 0 ? lines : 1;
}

/* The first choice that shows, so that the one under the cursor does, whole. */
static size_t first_shown(const struct chooser *ch, const struct columns *k, int shown)
{
	size_t top = ch->at;

	for (int left = shown - lines_of(ch, k, ch->at); top > 0; top--) {
		left -= lines_of(ch, k, top - 1);
		if (left < 0)
			break;
	}
	return top;
}

static struct rect below_line_2(const struct app *a)
{
	return (struct rect){ 1, 0, a->canvas.h - 3, a->canvas.w };
}

/* A short menu stands below what it is about, a rule between; a long one takes its place. */
static struct rect place(const struct chooser *ch, const struct columns *k, struct rect all,
                         bool *rule)
{
	struct rect r = all;
	int h = 1;

	for (size_t i = 0; i < ch->n && h < all.h; i++)
		h += lines_of(ch, k, i);
	*rule = h < all.h * 2 / 3 + 2;
	r.h = *rule ? h : all.h;
	r.y += all.h - r.h;
	return r;
}

static void draw_choice(const struct chooser *ch, const struct columns *k, struct canvas *c,
                        struct rect r, int y, size_t i)
{
	if (ch->letter[i] != '\0')
		canvas_printf(c, r, y, 2, ROLE_key, "%c", ch->letter[i]);
	canvas_cut(c, r, y, k->text, k->width, ROLE_text, ch->text[i]);
	if (k->room > 0)
		draw_wrapped(c, r, y, k->more, ROLE_dim, ch->more[i]);
	if (i != ch->at)
		return;
	canvas_text(c, r, y, 0, ROLE_cursor, ">");
	for (int line = 0; line < lines_of(ch, k, i) && y + line < r.h; line++)
		canvas_paint(c, r, y + line, 0, r.w, ROLE_COUNT, true);
	canvas_cursor(c, r, y, 0);
}

void choose_draw(const struct app *a, struct canvas *c)
{
	const struct chooser *ch = &a->chooser;
	const struct columns k = columns_of(ch, c->w);
	bool rule;
	const struct rect all = below_line_2(a), r = place(ch, &k, all, &rule);
	int y = 1;

	for (int i = all.h - r.h - rule; i < all.h; i++)
		canvas_fill(c, all, i, 0, all.w, ROLE_text, ' ');
	if (rule)
		draw_rule(c, all, all.h - r.h - 1);
	canvas_cut(c, r, 0, 1, r.w - 2, ROLE_head, ch->title);
	if (ch->n == 0)
		return;
	for (size_t i = first_shown(ch, &k, r.h - 1); i < ch->n && y < r.h; i++) {
		draw_choice(ch, &k, c, r, y, i);
		y += lines_of(ch, &k, i);
	}
}

bool choose_row(const struct app *a, int row, size_t *out)
{
	const struct chooser *ch = &a->chooser;
	const struct columns k = columns_of(ch, a->canvas.w);
	bool rule;
	const struct rect r = place(ch, &k, below_line_2(a), &rule);
	int y = r.y + 1;

	if (ch->n == 0 || row < y)
		return false;
	for (size_t i = first_shown(ch, &k, r.h - 1); i < ch->n; i++) {
		y += lines_of(ch, &k, i);
		if (row < y) {
			*out = i;
			return true;
		}
	}
	return false;
}

static void pick(struct app *a)
{
	bool (*done)(struct view *, size_t, struct err *) = a->chooser.done;
	size_t i = a->chooser.at;
	bool some = a->chooser.n > 0;
	struct err e = ERR_INIT;

	choose_close(a);
	if (some && !done(app_top(a), i, &e))
		app_fault(a, &e);
}

static void move_to(struct app *a, int64_t to)
{
	struct chooser *c = &a->chooser;
	size_t was = c->at;

	if (to >= (int64_t)c->n)
		to = (int64_t)c->n - 1;
	c->at = to < 0 ? 0 : (size_t)to;
	if (c->moved && c->at != was)
		c->moved(a, c->at);
}

static void leave(struct app *a)
{
	void (*moved)(struct app *, size_t) = a->chooser.moved;
	size_t left = a->chooser.left;

	choose_close(a);
	if (moved)
		moved(a, left);
}

void choose_key(struct app *a, uint32_t key)
{
	struct chooser *c = &a->chooser;
	int64_t at = (int64_t)c->at, page = a->canvas.h > 6 ? a->canvas.h - 5 : 1;

	a->dirty = true;
	for (size_t i = 0; i < c->n; i++)
		if (key != 0 && (uint32_t)(unsigned char)c->letter[i] == key) {
			c->at = i;
			pick(a);
			return;
		}
	switch (keymap_action(a->keys, key, false)) {
	case ACT_DOWN: move_to(a, at + 1); break;
	case ACT_UP: move_to(a, at - 1); break;
	case ACT_PAGE_DOWN: case ACT_HALF_DOWN: move_to(a, at + page); break;
	case ACT_PAGE_UP: case ACT_HALF_UP: move_to(a, at - page); break;
	case ACT_TOP: move_to(a, 0); break;
	case ACT_BOTTOM: move_to(a, (int64_t)c->n); break;
	case ACT_ENTER: case ACT_MARK: pick(a); break;
	case ACT_ESCAPE: case ACT_BACK: case ACT_CANCEL: leave(a); break;
	default: break;
	}
}

/* ---- help ---- */

static bool hinted(const struct view *v, enum action act)
{
	for (size_t i = 0; i < v->ops->nhint; i++)
		if (v->ops->hint[i].action == act)
			return true;
	return false;
}

static bool opens_rows(const struct view *v)
{
	const struct table *t = view_table_const(v);

	return t ? t->lv->enter || t->lv->by_view : hinted(v, ACT_ENTER);
}

/* What the keys that act would act on. */
static struct scope subject_of(const struct view *v)
{
	const struct table *t = view_table_const(v);
	struct scope what = { SCOPE_ALL, { 0 } };

	if (!v->ops->act)
		return what;
	if (t && !t->loaded && !v->ops->subject) { /* its rows are on their way */
		what.kind = t->lv->opens;
		return what;
	}
	return v->ops->subject ? v->ops->subject(v) : v->ops->npane > 0 ? view_row(v) : v->scope;
}

bool action_works(const struct view *v, enum action act)
{
	const struct view_ops *ops = v->ops;
	bool list = ops->npane > 0, sheet = !list && ops->sheet;

	switch (act) {
	case ACT_ENTER: return opens_rows(v);
	case ACT_NEXT_ITEM: case ACT_PREV_ITEM: return view_has_neighbours(v);
	case ACT_PANE: case ACT_PANE_BACK:
		return ops->npane > 1 || ops->layout || strip_of(v) ||
		       (!list && hinted(v, ACT_RIGHT));
	case ACT_LEFT: case ACT_RIGHT: return list || hinted(v, ACT_RIGHT);
	case ACT_ZOOM: return list && (ops->npane > 1 || ops->by_row || ops->layout);
	case ACT_FILTER: return list || sheet;
	case ACT_MATCH_NEXT: case ACT_MATCH_PREV: return sheet;
	case ACT_COPY_MENU: case ACT_COPY: return list || ops->copy;
	case ACT_FILTER_OFF: case ACT_SORT: case ACT_SORT_LEFT:
	case ACT_SORT_RIGHT: case ACT_SORT_FLIP: case ACT_COLUMNS: case ACT_COUNT_BY:
	case ACT_SAVED: case ACT_MARK: case ACT_MARK_RANGE:
	case ACT_MARK_ALL: case ACT_MARK_NONE:
		return list;
	case ACT_COUNTS: return has_row_counts(v);
	case ACT_PREVIEW: return ops->by_row;
	case ACT_HISTORY: return history_of(v).kind != SCOPE_ALL;
	case ACT_TIMELINE: return hinted(v, act) || timeline_of(v).kind != SCOPE_ALL;
	case ACT_UNDO: return !app_read_only(v->app);
	case ACT_WRITE: return true;
	case ACT_NOTE: case ACT_OWNER: case ACT_DUE: case ACT_ACCEPT:
		return act_takes(act, subject_of(v).kind);
	case ACT_STATE: case ACT_CROSSWALK:
		return hinted(v, act) || act_takes(act, subject_of(v).kind);
	default: break;
	}
	switch (action_info(act)->group) {
	case GROUP_MOVE: return list || sheet || ops->act;
	case GROUP_GO: case GROUP_PROGRAM: return true;
	default: return hinted(v, act);
	}
}

/* What a view calls the action, else what it does everywhere. */
static const char *help_text(const struct view *v, enum action act)
{
	for (size_t i = 0; i < v->ops->nhint; i++)
		if (v->ops->hint[i].action == act && action_info(act)->group == GROUP_ACT)
			return v->ops->hint[i].label;
	return action_info(act)->help;
}

/* The actions that work here: those of the last line, then the others in the order of the table. */
static size_t working(const struct view *v, enum action out[ACT_COUNT])
{
	size_t n = 0;

	for (size_t i = 0; i < v->ops->nhint; i++)
		if (action_works(v, v->ops->hint[i].action))
			out[n++] = v->ops->hint[i].action;
	for (int g = 0; g < GROUP_COUNT; g++)
		for (int act = 1; act < ACT_COUNT; act++)
			if (action_info((enum action)act)->group == (enum action_group)g &&
			    !hinted(v, (enum action)act) && action_works(v, (enum action)act))
				out[n++] = (enum action)act;
	return n;
}

static bool run_help(struct view *v, size_t i, struct err *e)
{
	enum action act[ACT_COUNT];

	(void)e;
	if (i < working(v, act))
		app_act(v->app, act[i]);
	return true;
}

void choose_help(struct app *a)
{
	enum action act[ACT_COUNT];
	struct choice c[ACT_COUNT];
	struct arena mem = ARENA_INIT;
	size_t n = working(app_top(a), act);

	for (size_t i = 0; i < n; i++) {
		struct buf keys = BUF_INIT;

		keymap_keys(a->keys, act[i], &keys);
		c[i] = (struct choice){
			.text = arena_dup(&mem, keys.s),
			.more = arena_printf(&mem, "%-8s %s",
			                     group_title(action_info(act[i])->group),
			                     help_text(app_top(a), act[i])),
		};
		buf_release(&keys);
	}
	app_choose(a, "Keys that work here; Enter runs one", c, n, 0, run_help);
	arena_release(&mem);
}
