/* SPDX-License-Identifier: MIT */
/* view_act.c - what keys do in every view: panes, filters, orders, columns, neighbours. */
#include <stdio.h>
#include <stdlib.h>

#include "tui/app_state.h"
#include "tui/strip.h"

static void ask_focused(struct view *v)
{
	view_ask_rows(v, v->focus);
}

static void next_pane(struct view *v, int by)
{
	size_t n = v->ops->npane;

	if (n == 0)
		return;
	v->focus = (v->focus + n + (size_t)(by + (int)n)) % n;
	view_layout(v);
	if (v->ops->by_row)
		view_ask(v);
}

/* ---- filter ---- */

static bool check_filter(struct view *v, const char *text, size_t *at, struct err *e)
{
	struct table *t = view_table(v);
	struct arena mem = ARENA_INIT;
	const struct filter *f;
	bool ok = true;

	if (strlen(text) > FILTER_MAX)
		ok = err_set(e, ERR_LIMIT, "a filter has at most %d bytes", FILTER_MAX);
	else if (t)
		ok = filter_parse(t->lv->list, text, app_now(v->app), &mem, &f, at, e);
	arena_release(&mem);
	return ok;
}

void view_filter(struct view *v, const char *text)
{
	struct table *t = view_table(v);

	str_copy(t->filter, sizeof(t->filter), text);
	t->filter_off = false;
	table_restart(t);
	ask_focused(v);
}

void view_narrow(struct view *v, const char *term)
{
	const struct table *t = view_table(v);
	struct buf b = BUF_INIT;

	if (t->filter[0] != '\0')
		buf_addf(&b, "(%s) ", t->filter);
	buf_adds(&b, term);
	view_filter(v, b.s);
	buf_release(&b);
}

static bool take_filter(struct view *v, const char *text, size_t *at, struct err *e)
{
	if (!check_filter(v, text, at, e))
		return false;
	if (view_table(v) && !str_eq(view_table(v)->filter, text))
		view_filter(v, text);
	return true;
}

/* Does a column's name go on from the word being typed? A flag's whole name means something. */
static bool names_column(const struct table *t, const char *word)
{
	const struct list_info *li = store_list(t->lv->list);

	for (size_t i = 0; i < li->ncol; i++) {
		const struct column *c = &li->col[i];
		const char *brief = c->brief ? c->brief : c->name;

		if ((str_prefix(c->name, word) || str_prefix(brief, word)) &&
		    !(c->type == VAL_FLAG && (str_eq(c->name, word) || str_eq(brief, word))))
			return true;
	}
	return false;
}

/* The term being typed is not yet one: "se" goes on to "sev>=high", and is no word to look for. */
static bool half_typed(const struct table *t, const char *text)
{
	const char *word = text + strlen(text);

	while (word > text && word[-1] != ' ' && word[-1] != '(' && word[-1] != '!')
		word--;
	return *word != '\0' && names_column(t, word);
}

/* What is typed narrows the list as soon as it means something. */
static bool narrow(struct view *v, const char *text, size_t *at, struct err *e)
{
	const struct table *t = view_table(v);

	if (t && half_typed(t, text))
		return check_filter(v, text, at, e);
	return take_filter(v, text, at, e);
}

static void leave_filter(struct view *v)
{
	struct table *t = view_table(v);

	if (t && !str_eq(t->filter, t->was))
		view_filter(v, t->was);
}

static void ask_filter(struct view *v)
{
	struct table *t = view_table(v);
	const struct line_ask ask = { .label = "/ ", .text = t->filter, .done = take_filter,
	                              .check = narrow, .left = leave_filter,
	                              .history = HISTORY_FILTER };

	str_copy(t->was, sizeof(t->was), t->filter);
	app_prompt(v->app, &ask);
}

static void toggle_filter(struct view *v)
{
	struct table *t = view_table(v);

	if (t->filter[0] == '\0')
		return;
	t->filter_off = !t->filter_off;
	table_restart(t);
	ask_focused(v);
}

/* ---- order and columns ---- */

/* The named orders first, then the columns that can be sorted by: what the menu's index means. */
static bool take_order(struct view *v, size_t i, struct err *e)
{
	struct table *t = view_table(v);
	const struct list_info *li = store_list(t->lv->list);

	(void)e;
	t->order = i < li->norder ? (int)i : -1;
	for (size_t k = 0, n = li->norder; k < li->ncol && t->order < 0; k++)
		if (li->col[k].sortable && n++ == i)
			t->column = k;
	table_restart(t);
	ask_focused(v);
	return true;
}

static void choose_order(struct view *v)
{
	const struct list_info *li = store_list(view_table(v)->lv->list);
	struct choice *c = xcalloc(li->norder + li->ncol + 1, sizeof(*c));
	size_t n = 0;

	for (size_t i = 0; i < li->norder; i++)
		c[n++] = (struct choice){ li->order[i].name, li->order[i].columns };
	for (size_t i = 0; i < li->ncol; i++)
		if (li->col[i].sortable)
			c[n++] = (struct choice){ li->col[i].name, li->col[i].help };
	app_choose(v->app, "Order by", c, n, 0, take_order);
	free(c);
}

/* ---- neighbours ---- */

bool view_has_neighbours(const struct view *v)
{
	const struct view *below = app_below(v->app, v);
	const struct table *t = below ? view_table_const(below) : NULL;

	return t && t->lv->enter && table_row(t) && str_eq(t->lv->enter, v->ops->name);
}

/* The next or previous row of that list, opened in its place; false: there is none. */
static bool open_neighbour(struct view *v, enum action a, struct err *e)
{
	struct view *below = app_below(v->app, v);
	struct table *t = below ? view_table(below) : NULL;
	struct app *app = v->app;
	const struct row *was;
	int64_t key[4];
	bool ask;

	if (!t || !view_has_neighbours(v))
		return false;
	memcpy(key, table_row(t)->key, sizeof(key));
	table_act(t, a, &ask);
	was = table_row(t);
	if (ask)
		view_ask_rows(below, below->focus);
	if (memcmp(was->key, key, sizeof(key)) == 0) {
		app_say(app, "that was the %s", a == ACT_DOWN ? "last" : "first");
		return true;
	}
	view_pop(app);
	if (!view_enter(below, e))
		app_fault(app, e);
	return true;
}

/* ---- what happened there ---- */

static bool has_events(enum scope_kind k)
{
	return k == SCOPE_CLUSTER || k == SCOPE_NODE || k == SCOPE_NAMESPACE ||
	       k == SCOPE_WORKLOAD || k == SCOPE_IMAGE || k == SCOPE_CONTAINER;
}

static bool has_history(enum scope_kind k)
{
	return has_events(k) || k == SCOPE_FINDING || k == SCOPE_PROBLEM || k == SCOPE_ALERT ||
	       k == SCOPE_CONTROL || k == SCOPE_ITEM;
}

/* The row, else what the view is about: whichever has such a thing. */
static struct scope thing_of(const struct view *v, bool (*has)(enum scope_kind k))
{
	const struct scope row = view_row(v), none = { SCOPE_ALL, { 0 } };

	return has(row.kind) ? row : has(v->scope.kind) ? v->scope : none;
}

struct scope timeline_of(const struct view *v)
{
	return thing_of(v, has_events);
}

struct scope history_of(const struct view *v)
{
	return thing_of(v, has_history);
}

/* Its name before the word: "prod-eu, time line". */
static void add_label(const struct view *v, const struct scope *what, const char *word,
                      struct buf *b)
{
	const struct table *t = view_table_const(v);
	const struct scope row = view_row(v);

	if (t && t->lv->label && row.kind == what->kind && table_row(t))
		table_cell(t, table_row(t), t->lv->label, app_now(v->app), b);
	buf_addf(b, "%s%s", b->len > 0 ? ", " : "", word);
}

static bool open_about(struct view *v, const struct scope *what, const char *view,
                       const char *word, struct view_arg *arg, struct err *e)
{
	struct buf label = BUF_INIT;
	bool ok;

	if (what->kind == SCOPE_ALL)
		return false;
	add_label(v, what, word, &label);
	arg->label = label.s;
	ok = view_push(v->app, view_find(view), arg, e);
	if (!ok)
		app_fault(v->app, e);
	buf_release(&label);
	return true;
}

static bool open_time_line(struct view *v, struct err *e)
{
	const struct scope what = timeline_of(v);
	struct view_arg arg = { .scope = what };

	return open_about(v, &what, "timeline", "time line", &arg, e);
}

/* What people did to it: the records of the audit trail that name it. */
static bool open_history(struct view *v, struct err *e)
{
	const struct scope what = history_of(v);
	char object[OBJECT_SIZE], filter[OBJECT_SIZE + 16];
	struct view_arg arg = { .filter = filter };

	object_name(&what, object);
	(void)snprintf(filter, sizeof(filter), "object:/^%s$/", object);
	return open_about(v, &what, "audit", "history", &arg, e);
}

/* ---- all together ---- */

static bool act_on_table(struct view *v, enum action a)
{
	struct table *t = view_table(v);
	bool ask;

	if (!t || !table_act(t, a, &ask))
		return false;
	if (ask)
		ask_focused(v);
	if (v->ops->by_row)
		view_ask(v);
	return true;
}

/* Actions that need a list; false when there is none or it is not such an action. */
static bool act_on_list(struct view *v, enum action a)
{
	if (!view_table(v) || !action_works(v, a))
		return false;
	switch (a) {
	case ACT_FILTER: ask_filter(v); return true;
	case ACT_FILTER_OFF: toggle_filter(v); return true;
	case ACT_SORT: choose_order(v); return true;
	case ACT_COLUMNS: columns_choose(v); return true;
	case ACT_SAVED: saved_choose(v); return true;
	case ACT_COUNT_BY: count_choose(v); return true;
	case ACT_COUNTS: row_counts_choose(v); return true;
	case ACT_MARK_ALL: mark_all(v); return true;
	case ACT_COPY_MENU: copy_choose(v); return true;
	case ACT_COPY: copy_row(v); return true;
	case ACT_PANE: next_pane(v, 1); return true;
	case ACT_PANE_BACK: next_pane(v, -1); return true;
	case ACT_ZOOM:
		v->zoomed = !v->zoomed;
		view_layout(v);
		return true;
	default: return false;
	}
}

static bool clear_filter(struct view *v)
{
	struct table *t = view_table(v);

	if (!t || t->filter[0] == '\0')
		return false;
	view_filter(v, "");
	return true;
}

static bool act_on_sheet(struct view *v, enum action a)
{
	int page = v->at.h - 1;

	if (v->ops->npane > 0 || !v->ops->sheet)
		return false;
	switch (a) {
	case ACT_FILTER: case ACT_MATCH_NEXT: case ACT_MATCH_PREV: return search_act(v, a);
	case ACT_COPY: case ACT_COPY_MENU: return copy_sheet(v);
	case ACT_DOWN: view_scroll(v, 1); return true;
	case ACT_UP: view_scroll(v, -1); return true;
	case ACT_PAGE_DOWN: view_scroll(v, page); return true;
	case ACT_PAGE_UP: view_scroll(v, -page); return true;
	case ACT_HALF_DOWN: view_scroll(v, page / 2); return true;
	case ACT_HALF_UP: view_scroll(v, -page / 2); return true;
	case ACT_TOP: view_scroll(v, -CANVAS_MAX); return true;
	case ACT_BOTTOM: view_scroll(v, CANVAS_MAX); return true;
	default: return false;
	}
}

enum view_result view_act(struct view *v, enum action a, struct err *e)
{
	enum view_result r;

	if (strip_act(v, a))
		return VIEW_DONE;
	r = v->ops->act ? v->ops->act(v, a, e) : VIEW_PASS;
	if (r == VIEW_ASK)
		view_ask(v);
	if (r != VIEW_PASS || act_on_table(v, a) || act_on_list(v, a) ||
	    act_on_sheet(v, a))
		return VIEW_DONE;
	switch (a) {
	case ACT_ENTER:
		if (!action_works(v, a))
			return VIEW_PASS;
		if (!view_enter(v, e))
			app_fault(v->app, e);
		return VIEW_DONE;
	case ACT_NEXT_ITEM: return open_neighbour(v, ACT_DOWN, e) ? VIEW_DONE : VIEW_PASS;
	case ACT_PREV_ITEM: return open_neighbour(v, ACT_UP, e) ? VIEW_DONE : VIEW_PASS;
	case ACT_PREVIEW:
		if (!v->ops->by_row)
			return VIEW_PASS;
		v->preview = view_preview(v).h > 0 ? PREVIEW_OFF : PREVIEW_ON;
		view_layout(v);
		view_ask(v);
		return VIEW_DONE;
	case ACT_TIMELINE: return open_time_line(v, e) ? VIEW_DONE : VIEW_PASS;
	case ACT_HISTORY: return open_history(v, e) ? VIEW_DONE : VIEW_PASS;
	case ACT_REFRESH: view_reload(v); return VIEW_DONE;
	case ACT_ESCAPE:
		if (v->search[0] != '\0') {
			v->search[0] = '\0';
			return VIEW_DONE;
		}
		return clear_filter(v) ? VIEW_DONE : VIEW_PASS;
	default: return VIEW_PASS;
	}
}
