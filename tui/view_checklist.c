/* SPDX-License-Identifier: MIT */
/*
 * view_checklist.c - the checklist, and the walk: one question, what the data says, one key to
 * answer.
 */
#include "tui/acts.h"

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

static const struct hint hints[] = {
	{ ACT_ENTER, "walk from here" }, { ACT_FILTER, "filter" }, { ACT_SORT_RIGHT, "order" },
	{ ACT_COLUMNS, "columns" }, { ACT_REFRESH, "refresh" },
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

static void sheet(const struct view *v, struct sheet *s)
{
	const struct item_detail *d = v->answer;
	struct buf b = BUF_INIT;

	buf_addf(&b, "%s  %s", d->ident, d->title);
	sheet_text(s, ROLE_head, b.s);
	sheet_gap(s);
	sheet_field(s, "Why", "%s", text_or(d->why, ""));
	sheet_field(s, "Verify", "%s", text_or(d->verify, ""));
	sheet_field(s, "Evidence", "%s", text_or(d->evidence, ""));
	sheet_controls(s, "Maps to", d->control, d->ncontrol, false);
	sheet_gap(s);
	sheet_role(s, control_role(d->data), "The data", "%s  %s", control_short(d->data),
	           text_or(d->data_why, ""));
	sheet_classes(d, s);
	sheet_gap(s);
	sheet_answers(d, s);
	buf_release(&b);
}

static void tell(const struct view *v, struct buf *right)
{
	const struct item_detail *d = v->answer;

	buf_addf(right, "%lld of %lld", (long long)d->place, (long long)d->total);
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

	if (a == ACT_WALK_SKIP)
		return view_act(v, ACT_NEXT_ITEM, e);
	if (a >= ACT_WALK_PASS && a <= ACT_WALK_NA && d) {
		enum answer given = answers[a - ACT_WALK_PASS];

		act_answer(v, given, &v->scope, differs(d, given));
		return VIEW_DONE;
	}
	return act_on(v, a, &v->scope);
}

static const struct hint walk_hints[] = {
	{ ACT_WALK_PASS, "pass" }, { ACT_WALK_FAIL, "fail" }, { ACT_WALK_PART, "partial" },
	{ ACT_WALK_NA, "n/a" }, { ACT_WALK_SKIP, "skip" }, { ACT_NOTE, "note" },
	{ ACT_NEXT_ITEM, "next" }, { ACT_PREV_ITEM, "previous" },
};

const struct view_ops view_item = {
	.name = "item",
	.title = "Item",
	.answer_size = sizeof(struct item_detail),
	.walk = true,
	.hint = walk_hints,
	.nhint = LENGTH(walk_hints),
	.needs = SCOPE_ITEM,
	.find = find,
	.sheet = sheet,
	.tell = tell,
	.act = act,
};
