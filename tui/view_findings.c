/* SPDX-License-Identifier: MIT */
/* view_findings.c - triage: one row a problem over all assets, and where each one is. */
#include "tui/acts.h"
#include "tui/facets.h"

/* A problem is previewed by one of its worst findings: what is wrong, how to mend it, where. */
static bool find(struct store *st, const struct question *q, struct arena *mem, void *answer,
                 struct err *e)
{
	int64_t key[3];
	bool there;

	if (q->row.kind != SCOPE_PROBLEM)
		return true;
	return store_problem_example(st, q->row.key, key, &there, e) &&
	       (!there || store_finding(st, key, mem, answer, e));
}

static void sheet(const struct view *v, struct sheet *s)
{
	const struct finding_detail *d = v->answer;
	struct buf b = BUF_INIT;

	if (!d->name)
		return;
	sheet_line(s, ROLE_head, "%s   %s", d->name, text_or(d->title, ""));
	buf_adds(&b, d->asset_name);
	if (d->reach > 1)
		buf_addf(&b, " and %lld more", (long long)d->reach - 1);
	sheet_field(s, "In", "%s, %lld running", b.s, (long long)d->reach_running);
	buf_reset(&b);
	print_fix(d, &b);
	sheet_field(s, "Fix", "%s", b.s);
	buf_reset(&b);
	sheet_field(s, "Why", "%s", text_or(d->why, ""));
	for (size_t i = 0; i < d->nsighting; i++)
		buf_addf(&b, "%s%s %s", i > 0 ? ", " : "", d->sighting[i].source,
		         d->sighting[i].word);
	sheet_field(s, "Seen by", "%s", b.s);
	sheet_controls(s, "Breaks", d->control, d->ncontrol, true);
	sheet_notes(s, d->note, d->nnote < 2 ? d->nnote : 2);
	buf_release(&b);
}

static const struct table_column columns[] = {
	{ "severity",   "S",        1, 0, false },
	{ "advisory",   "FINDING", 16, 0, false },
	{ "package.name", "WHAT",  14, 0, true },
	{ "package.version", "HAVE", 14, 5, false },
	{ "fixed_in",   "FIXED IN", 14, 3, false },
	{ "images",     "IMG",      4, 0, false },
	{ "running",    "RUN",      4, 1, false },
	{ "kev",        "KEV",      3, 2, false },
	{ "epss",       "EPSS",     4, 4, false },
	{ "cvss",       "CVSS",     4, 8, false },
	{ "sources",    "BY",       5, 7, false },
	{ "state",      "IS",       5, 5, false },
	{ "owner",      "OWNER",    7, 9, false },
	{ "due",        "DUE",      6, 0, false },
	{ "title",      "TITLE",   30, 9, true },
};

static const struct table_view problems = {
	.list = LIST_problems,
	.column = columns,
	.ncolumn = LENGTH(columns),
	.enter = "problem",
	.opens = SCOPE_PROBLEM,
	.within = "still-open", /* what its counts count */
	.label = "advisory",
	.empty = "no open finding",
};

static const struct hint hints[] = {
	{ ACT_ENTER, "open" }, { ACT_MARK, "mark" }, { ACT_FILTER, "filter" },
	{ ACT_STATE, "state" }, { ACT_ACCEPT, "accept" }, { ACT_OWNER, "owner" },
	{ ACT_UNDO, "undo" }, { ACT_DUE, "due" }, { ACT_NOTE, "note" }, { ACT_SAVED, "saved" },
	{ ACT_COUNTS, "counts" },
	{ ACT_PREVIEW, "preview" }, { ACT_PANE, "totals" }, { ACT_COLUMNS, "columns" },
};

const struct view_ops view_findings = {
	.name = "findings",
	.title = "Findings",
	.pane = &problems,
	.npane = 1,
	.state_size = sizeof(struct facets),
	.answer_size = sizeof(struct finding_detail),
	.by_row = true,
	.hint = hints,
	.nhint = LENGTH(hints),
	.find = find,
	.taken = facets_ask,
	.sheet = sheet,
	.strip = facets_strip,
	.strip_rows = FACET_ROWS,
	.speak = facets_speak,
	.act = act_on_row,
	.close = facets_close,
};

/* ---- one problem: every place it is at ---- */

static const struct table_column place_columns[] = {
	{ "severity",   "S",        1, 0, false },
	{ "asset.name", "WHERE",   24, 0, true },
	{ "package.version", "HAVE", 16, 2, false },
	{ "fixed_in",   "FIXED IN", 16, 1, false },
	{ "sources",    "BY",       5, 5, false },
	{ "state",      "IS",       5, 3, false },
	{ "owner",      "OWNER",    8, 4, false },
	{ "due",        "DUE",      6, 0, false },
	{ "first_seen", "AGE",      5, 6, false },
};

static const struct table_view places = {
	.list = LIST_findings,
	.column = place_columns,
	.ncolumn = LENGTH(place_columns),
	.enter = "finding",
	.opens = SCOPE_FINDING,
	.label = "asset.name",
	.empty = "nothing has it any more",
};

static const struct hint place_hints[] = {
	{ ACT_ENTER, "open" }, { ACT_MARK, "mark" }, { ACT_FILTER, "filter" },
	{ ACT_STATE, "state" }, { ACT_ACCEPT, "accept" }, { ACT_OWNER, "owner" },
	{ ACT_DUE, "due" },
	{ ACT_NEXT_ITEM, "next" }, { ACT_NOTE, "note" }, { ACT_SORT_RIGHT, "order" },
};

const struct view_ops view_problem = {
	.name = "problem",
	.title = "Problem",
	.pane = &places,
	.npane = 1,
	.hint = place_hints,
	.nhint = LENGTH(place_hints),
	.needs = SCOPE_PROBLEM,
	.act = act_on_row,
};

/* ---- every finding by itself: what the counts of findings count ---- */

static const struct table_column each_columns[] = {
	{ "severity",   "S",        1, 0, false },
	{ "advisory",   "FINDING", 15, 0, false },
	{ "package.name", "WHAT",  14, 0, true },
	{ "package.version", "HAVE", 14, 5, false },
	{ "asset.name", "WHERE",   18, 0, true },
	{ "fixed_in",   "FIXED IN", 14, 4, false },
	{ "kev",        "KEV",      3, 2, false },
	{ "epss",       "EPSS",     4, 6, false },
	{ "sources",    "BY",       5, 7, false },
	{ "state",      "IS",       5, 3, false },
	{ "owner",      "OWNER",    7, 8, false },
	{ "due",        "DUE",      6, 0, false },
	{ "first_seen", "AGE",      5, 9, false },
};

static const struct table_view each = {
	.list = LIST_findings,
	.column = each_columns,
	.ncolumn = LENGTH(each_columns),
	.order = "due",
	.enter = "finding",
	.opens = SCOPE_FINDING,
	.label = "advisory",
	.empty = "no open finding",
};

const struct view_ops view_each = {
	.name = "each",
	.title = "Every finding",
	.pane = &each,
	.npane = 1,
	.hint = place_hints,
	.nhint = LENGTH(place_hints),
	.act = act_on_row,
};
