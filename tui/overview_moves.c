/* SPDX-License-Identifier: MIT */
/*
 * overview_moves.c - what is behind `in` and `out`. The store keeps sums of what each record moved,
 * not which findings: so the rows are offered by the reason for which findings come and go.
 */
#include <stdio.h>

#include "tui/overview.h"

enum { REASONS = 3 };

static const struct reason {
	const char *text, *more, *view, *filter;
	bool        by_row; /* the filter of the row, its severity, comes before */
} reasons[2][REASONS] = {
	{
		{ "first seen", "what is open and was first seen in 7 days", "each", "age<7d",
		  true },
		{ "seen again", "scans that showed again what was closed", "scans",
		  "age<7d reopened>0", false },
		{ "no longer decided", "exceptions that ended in 7 days, or ran out", "exceptions",
		  "ended<7d or (expired due>=-7d)", false },
	},
	{
		{ "no longer seen", "scans that no longer showed what was open", "scans",
		  "age<7d resolved>0", false },
		{ "decided", "exceptions made in 7 days", "exceptions", "from<7d", false },
		{ "not in use", "images that nothing runs or names any more", "images", "retired",
		  false },
	},
};

static bool open_reason(struct view *v, size_t i, struct err *e)
{
	const struct overview *o = v->state;
	const struct reason *r = &reasons[overview_cell(v) - 1][i];
	struct buf filter = BUF_INIT;
	struct view_arg arg = { .label = r->text };
	bool ok;

	if (r->by_row)
		buf_addf(&filter, "%s ", overview_severity(o->at[BLOCK_FINDINGS]));
	buf_adds(&filter, r->filter);
	arg.filter = filter.s;
	ok = view_push(v->app, view_find(r->view), &arg, e);
	buf_release(&filter);
	return ok;
}

void overview_choose_move(struct view *v, size_t row, bool out)
{
	const struct status *s = v->answer;
	const bool kev = row == SEVERITIES;
	struct choice c[REASONS];
	char title[120], n[32];

	print_count(out ? (kev ? s->kev_out7 : s->out7[row]) : kev ? s->kev_in7 : s->in7[row], n);
	(void)snprintf(title, sizeof(title), "in 7 days %s %s %s: kept as sums, so rows by reason",
	               n, kev ? "KEV" : severity_word((enum severity)row),
	               out ? "went out" : "came in");
	for (size_t i = 0; i < REASONS; i++)
		c[i] = (struct choice){ reasons[out][i].text, reasons[out][i].more };
	app_choose(v->app, title, c, REASONS, 0, open_reason);
}
