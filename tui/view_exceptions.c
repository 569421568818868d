/* SPDX-License-Identifier: MIT */
/* view_exceptions.c - decisions on findings: what they hold, until when; ending and renewing. */
#include "tui/acts.h"

enum { TEXT_MAX = 400, DAY = 86400 };

/* What the job worker gets. */
struct ending {
	int64_t id, until; /* until 0: end it */
	char    reason[TEXT_MAX + 1];
};

static bool run_end(struct store *st, void *arg, struct buf *say, struct err *e)
{
	const struct ending *d = arg;

	buf_adds(say, "ended: what it held is open again");
	return store_except_end(st, d->id, d->reason, e);
}

static bool run_renew(struct store *st, void *arg, struct buf *say, struct err *e)
{
	const struct ending *d = arg;
	struct except_answer a = { .each = NULL };

	if (!store_except_renew(st, d->id, d->until, d->reason[0] != '\0' ? d->reason : NULL, NULL,
	                        &a, e))
		return false;
	buf_adds(say, "renewed: it holds ");
	print_many(a.findings, "finding", say);
	return true;
}

static struct ending *ending_of(struct view *v)
{
	return app_scratch(v->app, sizeof(struct ending));
}

static bool take_why(struct view *v, const char *text, size_t *at, struct err *e)
{
	struct ending *d = ending_of(v);

	*at = 0;
	if (text[0] == '\0')
		return err_set(e, ERR_USAGE, "say why; Esc leaves it in force");
	if (!str_copy(d->reason, sizeof(d->reason), text))
		return err_set(e, ERR_LIMIT, "at most %d bytes", TEXT_MAX);
	app_job(v->app, d, sizeof(*d), run_end);
	return true;
}

static bool take_until(struct view *v, const char *text, size_t *at, struct err *e)
{
	struct ending *d = ending_of(v);

	*at = 0;
	if (!read_until(text, app_now(v->app), &d->until) || d->until == 0)
		return err_set(e, ERR_USAGE, "30d, 12w or a date to come such as 2027-01-31");
	app_job(v->app, d, sizeof(*d), run_renew);
	return true;
}

static bool take_deed(struct view *v, size_t i, struct err *e)
{
	struct line_ask ask = { .label = "end it, why: ", .text = "", .done = take_why,
	                        .history = HISTORY_NOTE };

	(void)e;
	if (i == 1) {
		ask.label = "renew until (30d, 12w, 2027-01-31): ";
		ask.text = "30d";
		ask.propose = true;
		ask.done = take_until;
	}
	app_prompt(v->app, &ask);
	return true;
}

static enum view_result act(struct view *v, enum action a, struct err *e)
{
	static const struct choice deeds[] = {
		{ "end", "what it holds is open again, under the clock that never stopped", 'e' },
		{ "renew", "one like it in its place, to a later date", 'r' },
	};
	const struct table *t = view_table_const(v);
	const struct row *r = t ? table_row(t) : NULL;

	(void)e;
	if (a != ACT_STATE || !r)
		return VIEW_PASS;
	if (!app_may(v->app, "except"))
		return VIEW_DONE;
	*ending_of(v) = (struct ending){ .id = r->key[0] };
	app_choose(v->app, "End or renew the exception", deeds, LENGTH(deeds), 0, take_deed);
	return VIEW_DONE;
}

/* Those in force; Esc shows what was ended too. */
static bool open_standing(struct view *v, const struct view_arg *arg, struct err *e)
{
	(void)e;
	if (!arg->filter)
		str_copy(v->pane[0].filter, sizeof(v->pane[0].filter), "ended:none");
	return true;
}

static const struct table_column columns[] = {
	{ "kind",      "IS",        5, 0, false },
	{ "target",    "WHAT",     20, 0, true },
	{ "reach",     "REACH",    10, 1, false },
	{ "reason",    "WHY",      16, 0, true },
	{ "uses",      "HOLDS",     5, 1, false },
	{ "requester", "BY",        7, 2, false },
	{ "approver",  "APPROVED",  8, 4, false },
	{ "from",      "AGE",       5, 5, false },
	{ "until",     "LEFT",      6, 0, false },
	{ "ended_by",  "ENDED BY",  8, 6, false },
	{ "justification", "VEX",  20, 7, false },
	{ "id",        "ID",        4, 8, false },
};

static const struct table_view exceptions = {
	.list = LIST_exceptions,
	.column = columns,
	.ncolumn = LENGTH(columns),
	.enter = "each", /* the findings that it holds */
	.opens = SCOPE_EXCEPTION,
	.label = "target",
	.empty = "no exception was made: a or s on a finding makes one",
};

static const struct hint hints[] = {
	{ ACT_ENTER, "its findings" }, { ACT_STATE, "end, renew" },
	{ ACT_FILTER, "filter" }, { ACT_SAVED, "saved" },
	{ ACT_SORT_RIGHT, "order" }, { ACT_COLUMNS, "columns" }, { ACT_BACK, "back" },
};

const struct view_ops view_exceptions = {
	.name = "exceptions",
	.title = "Exceptions",
	.pane = &exceptions,
	.npane = 1,
	.hint = hints,
	.nhint = LENGTH(hints),
	.open = open_standing,
	.act = act,
};
