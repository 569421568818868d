/* SPDX-License-Identifier: MIT */
/*
 * view_checklist.c - the checklist, and the walk: one question, what the data says, one key to
 * answer.
 */
#include "tui/acts.h"
#include "tui/item_clock.h"

/* ---- all items ---- */

static bool find_status(struct store *st, const struct question *q, struct arena *mem,
                        void *answer, struct err *e)
{
	(void)q;
	return store_status(st, mem, answer, e);
}

static void tell_answers(const struct view *v, struct buf *right)
{
	const struct status *s = v->answer;

	for (int a = 0; a < ANSWER_COUNT; a++)
		buf_addf(right, "%lld %s  ", (long long)s->answered[a],
		         answer_word((enum answer)a));
	buf_addf(right, "%lld open", (long long)s->unanswered);
}

static const struct table_column columns[] = {
	{ "id",       "ITEM",     11, 0, false },
	{ "title",    "QUESTION", 34, 0, true },
	{ "data",     "DATA",      4, 1, false },
	{ "answer",   "ANSWER",    7, 0, false },
	{ "by",       "BY",        8, 3, false },
	{ "at",       "AGE",       5, 3, false },
	{ "review",   "REVIEW",    6, 2, false },
	{ "section",  "AREA",     20, 5, false },
};

static const struct table_view items = {
	.list = LIST_items,
	.column = columns,
	.ncolumn = LENGTH(columns),
	.enter = "item",
	.opens = SCOPE_ITEM,
	.label = "id",
	.empty = "no checklist is loaded",
};

static enum view_result act_item(struct view *v, enum action a, struct err *e)
{
	const struct scope row = view_row(v);

	(void)e;
	if (a == ACT_EVIDENCE && row.kind == SCOPE_ITEM) {
		act_evidence(v, &row);
		return VIEW_DONE;
	}
	return act_on(v, a, &row);
}

static const struct hint hints[] = {
	{ ACT_ENTER, "walk from here" }, { ACT_FILTER, "filter" }, { ACT_NOTE, "note" },
	{ ACT_EVIDENCE, "evidence" }, { ACT_WRITE, "report" }, { ACT_SORT_RIGHT, "order" },
	{ ACT_COLUMNS, "columns" }, { ACT_OWNER, "owner" },
};

const struct view_ops view_checklist = {
	.name = "checklist",
	.title = "Checklist",
	.pane = &items,
	.npane = 1,
	.answer_size = sizeof(struct status),
	.hint = hints,
	.nhint = LENGTH(hints),
	.find = find_status,
	.tell = tell_answers,
	.act = act_item,
};

/* ---- the walk ---- */

static bool find(struct store *st, const struct question *q, struct arena *mem, void *answer,
                 struct err *e)
{
	return store_item(st, q->scope.key[0], mem, answer, e);
}

static void sheet_answers(const struct item_detail *d, struct sheet *s)
{
	for (size_t i = 0; i < d->nanswer && i < 3; i++) {
		const struct answer_row *a = &d->answer[i];
		const char *label = i > 0 ? "" : d->answered ? "Answer" : "Last time";
		char at[11];

		time_print_date(a->at, at);
		sheet_field(s, label, "%s by %s, %s%s%s",
		            answer_word(a->answer), a->actor, at, str_empty(a->note) ? "" : ": ",
		            str_empty(a->note) ? "" : a->note);
	}
	if (d->nanswer == 0)
		sheet_role(s, ROLE_warn, "Answer", "not yet answered");
}

static void sheet_classes(const struct item_detail *d, struct sheet *s)
{
	for (size_t i = 0; i < d->nclass; i++) {
		const struct class_ref *k = &d->class_ref[i];

		sheet_field(s, i == 0 ? "Looks at" : "", "%s: %lld open, %lld late, %lld passed",
		            str_empty(k->title) ? k->name : k->title, (long long)k->open,
		            (long long)k->late, (long long)k->passed);
	}
}

static void sheet_attached(const struct item_detail *d, struct sheet *s)
{
	struct buf b = BUF_INIT;

	for (size_t i = 0; i < d->npiece; i++)
		buf_addf(&b, "%s%s", i > 0 ? ", " : "", d->piece[i].name);
	sheet_field(s, "Attached", "%s", b.len > 0 ? b.s : "none: e attaches");
	buf_release(&b);
}

/* The question, what the data says, the answer; then what helps to find one. */
static void sheet(const struct view *v, struct sheet *s)
{
	const struct item_detail *d = v->answer;
	struct buf b = BUF_INIT;

	buf_addf(&b, "%s  %s", d->ident, d->title);
	sheet_text(s, ROLE_head, b.s);
	buf_release(&b);
	sheet_gap(s);
	sheet_role(s, control_role(d->data), "The data", "%s  %s", control_short(d->data),
	           text_or(d->data_why, ""));
	sheet_classes(d, s);
	sheet_answers(d, s);
	sheet_attached(d, s);
	sheet_gap(s);
	sheet_field(s, "Verify", "%s", text_or(d->verify, ""));
	sheet_field(s, "Evidence", "%s", text_or(d->evidence, ""));
	sheet_field(s, "Why", "%s", text_or(d->why, ""));
	sheet_controls(s, "Maps to", d->control, d->ncontrol, false);
}

/* ---- beside the question, where there is room: the areas and the items ---- */

enum { SIDE = 46, WIDE = 110, AREAS_MAX = 12 };

struct area {
	const char *name;
	int64_t     n[ANSWER_COUNT], open;
};

/* The list that the walk goes over; NULL when the item was opened by itself. */
static const struct table *walked(const struct view *v)
{
	const struct view *below = app_below(v->app, v);
	const struct table *t = below ? view_table_const(below) : NULL;

	return t && t->lv->list == LIST_items ? t : NULL;
}

static const struct value *value_of(const struct row *r, const char *column)
{
	const struct list_info *li = store_list(LIST_items);

	for (size_t i = 0; i < li->ncol; i++)
		if (str_eq(li->col[i].name, column))
			return &r->val[i];
	return NULL;
}

static size_t count_areas(const struct table *t, struct area out[AREAS_MAX])
{
	size_t n = 0;

	for (size_t i = 0; i < t->page.nrow; i++) {
		const char *name = value_of(&t->page.row[i], "section")->u.s;
		const struct value *answer = value_of(&t->page.row[i], "answer");
		size_t k = 0;

		while (k < n && !str_eq(out[k].name, name))
			k++;
		if (k == AREAS_MAX)
			continue;
		if (k == n)
			out[n++] = (struct area){ .name = name };
		if (value_of(&t->page.row[i], "answered")->u.i && answer->type == VAL_ANSWER)
			out[k].n[answer->u.i]++;
		else
			out[k].open++;
	}
	return n;
}

static int draw_areas(const struct table *t, struct canvas *c, struct rect r)
{
	struct area area[AREAS_MAX];
	size_t n = count_areas(t, area);

	canvas_text(c, r, 0, 1, ROLE_head, "AREA");
	canvas_right(c, r, 0, r.w - 26, 26, ROLE_head, "pass fail part  n/a open");
	for (size_t i = 0; i < n; i++) {
		const int64_t col[] = { area[i].n[ANSWER_PASS], area[i].n[ANSWER_FAIL],
			                area[i].n[ANSWER_PARTIAL], area[i].n[ANSWER_NA],
			                area[i].open };

		canvas_cut(c, r, (int)i + 1, 1, r.w - 27, ROLE_text, area[i].name);
		for (size_t k = 0; k < LENGTH(col); k++) {
			char text[32];

			print_short(col[k], text);
			canvas_right(c, r, (int)i + 1, r.w - 26 + (int)k * 5, 5,
			             col[k] ? ROLE_text : ROLE_dim, text);
		}
	}
	return (int)n + 2;
}

static void draw_item(const struct table *t, const struct row *row, struct canvas *c,
                      struct rect r, int y)
{
	const struct value *answer = value_of(row, "answer");
	bool answered = value_of(row, "answered")->u.i && answer->type == VAL_ANSWER;
	const char *id = value_of(row, "id")->u.s;

	canvas_cut(c, r, y, 2, 11, ROLE_text, id);
	canvas_cut(c, r, y, 14, r.w - 23, ROLE_text, value_of(row, "title")->u.s);
	canvas_cut(c, r, y, r.w - 8, 7, answered ? ROLE_text : ROLE_warn,
	           answered ? answer_word((enum answer)answer->u.i) : "-");
	if (row != table_row(t))
		return;
	canvas_text(c, r, y, 0, ROLE_cursor, ">");
	canvas_paint(c, r, y, 0, r.w - 1, ROLE_COUNT, true);
}

static void draw_items(const struct table *t, struct canvas *c, struct rect r)
{
	size_t rows = r.h > 1 ? (size_t)r.h - 1 : 0;
	size_t top = t->cursor >= rows / 2 ? t->cursor - rows / 2 : 0;

	if (top + rows > t->page.nrow)
		top = t->page.nrow > rows ? t->page.nrow - rows : 0;
	canvas_text(c, r, 0, 2, ROLE_head, "ITEM");
	canvas_text(c, r, 0, 14, ROLE_head, "QUESTION");
	canvas_text(c, r, 0, r.w - 8, ROLE_head, "ANSWER");
	for (size_t i = top; i < t->page.nrow && i - top < rows; i++)
		draw_item(t, &t->page.row[i], c, r, (int)(i - top) + 1);
}

/* The question, beside the items where there is room for both. */
static struct rect question_at(const struct view *v)
{
	struct rect r = view_body(v);

	if (walked(v) && v->answer && r.w >= WIDE) {
		r.x += SIDE + 2;
		r.w -= SIDE + 2;
	}
	return r;
}

static void draw_walk(const struct view *v, struct canvas *c)
{
	const struct table *t = walked(v);
	struct rect side = view_body(v), main = question_at(v);
	int areas;

	if (main.w == side.w) {
		view_draw(v, c);
		return;
	}
	view_draw_line(v, c);
	side.w = SIDE;
	for (int y = 0; y < side.h; y++)
		canvas_text(c, view_body(v), y, SIDE, ROLE_rule, "|");
	areas = draw_areas(t, c, side);
	side.y += areas;
	side.h -= areas;
	draw_items(t, c, side);
	view_sheet(v, c, main, v->scroll);
	search_paint(v, c, main);
}

/* ---- its clock ---- */

/* Items without an answer, of those walked over; -1: not all are here. */
static int64_t still_open(const struct view *v)
{
	const struct table *t = walked(v);
	struct area area[AREAS_MAX];
	int64_t open = 0;
	size_t n;

	if (!t || t->total < 0 || t->page.nrow != (size_t)t->total)
		return -1;
	n = count_areas(t, area);
	for (size_t i = 0; i < n; i++)
		open += area[i].open;
	return open;
}

static bool begin_item(struct view *v, const struct view_arg *arg, struct err *e)
{
	(void)arg;
	(void)e;
	walk_item(v, v->state);
	return true;
}

static void item_taken(struct view *v)
{
	walk_open(v, still_open(v));
}

static void tell(const struct view *v, struct buf *right)
{
	enum { ROOMY = 76 };
	const struct item_detail *d = v->answer;

	if (v->at.w >= ROOMY)
		walk_tell(v, v->state, still_open(v), right);
	buf_addf(right, "%s%lld of %lld", right->len > 0 ? "  " : "",
	         (long long)d->place, (long long)d->total);
}

/* What the data says stands for itself only where it says pass or fail. */
static bool differs(const struct item_detail *d, enum answer a)
{
	return (d->data == CONTROL_PASS && a != ANSWER_PASS) ||
	       (d->data == CONTROL_FAIL && a != ANSWER_FAIL);
}

static enum view_result act(struct view *v, enum action a, struct err *e)
{
	static const enum answer answers[] = {
		[ACT_WALK_PASS - ACT_WALK_PASS] = ANSWER_PASS,
		[ACT_WALK_FAIL - ACT_WALK_PASS] = ANSWER_FAIL,
		[ACT_WALK_PART - ACT_WALK_PASS] = ANSWER_PARTIAL,
		[ACT_WALK_NA - ACT_WALK_PASS] = ANSWER_NA,
	};
	const struct item_detail *d = v->answer;

	if (a == ACT_EVIDENCE) {
		act_evidence(v, &v->scope);
		return VIEW_DONE;
	}
	if (a == ACT_WALK_SKIP)
		return view_act(v, ACT_NEXT_ITEM, e);
	if (a >= ACT_WALK_PASS && a <= ACT_WALK_NA && d) {
		enum answer given = answers[a - ACT_WALK_PASS];

		act_answer(v, given, &v->scope, differs(d, given));
		return VIEW_DONE;
	}
	return act_on(v, a, &v->scope);
}

static bool worth(const struct view *v, struct buf *out)
{
	const struct item_detail *d = v->answer;

	if (d && (d->data == CONTROL_PASS || d->data == CONTROL_FAIL))
		buf_adds(out, "An answer that differs from the data needs a note");
	else
		buf_adds(out, "Each answer is kept at once: leave the walk at any time");
	return false;
}

static const struct hint walk_hints[] = {
	{ ACT_WALK_PASS, "pass" }, { ACT_WALK_FAIL, "fail" }, { ACT_WALK_PART, "partial" },
	{ ACT_WALK_NA, "n/a" }, { ACT_WALK_SKIP, "skip" }, { ACT_NOTE, "note" },
	{ ACT_EVIDENCE, "attach" },
	{ ACT_NEXT_ITEM, "next" }, { ACT_PREV_ITEM, "previous" },
};

const struct view_ops view_item = {
	.name = "item",
	.title = "Item",
	.state_size = sizeof(struct item_time),
	.answer_size = sizeof(struct item_detail),
	.walk = true,
	.hint = walk_hints,
	.nhint = LENGTH(walk_hints),
	.needs = SCOPE_ITEM,
	.open = begin_item,
	.find = find,
	.taken = item_taken,
	.sheet = sheet,
	.text = question_at,
	.tell = tell,
	.worth = worth,
	.draw = draw_walk,
	.act = act,
	.close = walk_leave,
};
