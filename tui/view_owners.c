/* SPDX-License-Identifier: MIT */
/* view_owners.c - who has how much open; Enter opens the findings of one. */
#include "tui/app.h"

static enum view_result act(struct view *v, enum action a, struct err *e)
{
	const struct value *owner = table_value(view_table_const(v), "owner");
	struct view_arg arg = { .label = NULL };
	struct buf filter = BUF_INIT;

	if (a != ACT_ENTER || !owner)
		return VIEW_PASS;
	filter_add_term(&filter, "owner", owner->u.s);
	arg.filter = filter.s;
	arg.label = owner->u.s;
	if (!view_push(v->app, view_find("each"), &arg, e))
		app_fault(v->app, e);
	buf_release(&filter);
	return VIEW_DONE;
}

static const struct table_column columns[] = {
	{ "owner", "OWNER", 16, 0, true }, { "late", "LATE", 6, 0, false },
	{ "critical", "C", 6, 0, false },  { "high", "H", 6, 0, false },
	{ "medium", "M", 6, 1, false },    { "low", "L", 6, 1, false },
	{ "unrated", "OTHER", 6, 2, false }, { "kev", "KEV", 5, 0, false },
	{ "open", "OPEN", 7, 0, false },
};

static const struct table_view owners = {
	.list = LIST_owners,
	.column = columns,
	.ncolumn = LENGTH(columns),
	.by_view = true,
	.label = "owner",
	.empty = "no finding is open",
};

static const struct hint hints[] = {
	{ ACT_ENTER, "their findings" }, { ACT_COUNTS, "counts" },
	{ ACT_FILTER, "filter" }, { ACT_SORT_RIGHT, "order" },
	{ ACT_BACK, "back" },
};

const struct view_ops view_owners = {
	.name = "owners",
	.title = "Owners",
	.pane = &owners,
	.npane = 1,
	.hint = hints,
	.nhint = LENGTH(hints),
	.act = act,
};
