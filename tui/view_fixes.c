/* SPDX-License-Identifier: MIT */
/* view_fixes.c - what to change first in the estate, a repository or all that stand on one base. */
#include "tui/acts.h"

static const struct table_column columns[] = {
	{ "kind", "DO", 6, 0, false },
	{ "what", "WHAT TO CHANGE", 34, 0, true },
	{ "removes", "FIXES", 6, 0, false },
	{ "findings.critical", "C", 5, 2, false },
	{ "findings.high", "H", 5, 2, false },
	{ "findings.medium", "M", 5, 4, false },
	{ "findings.low", "L", 5, 5, false },
	{ "kev", "KEV", 4, 3, false },
	{ "also_in", "IMGS", 5, 1, false },
};

static const struct table_view fixes = {
	.list = LIST_fixes,
	.column = columns,
	.ncolumn = LENGTH(columns),
	.enter = "change",
	.opens = SCOPE_FIX_MANY,
	.label = "what",
	.empty = "nothing to change: no image that counts has an open finding here",
};

static const struct hint hints[] = {
	{ ACT_ENTER, "its findings" }, { ACT_COUNTS, "counts" }, { ACT_FILTER, "filter" },
	{ ACT_SORT, "order" },
};

const struct view_ops view_fixes = {
	.name = "fixes",
	.title = "Fix plan",
	.pane = &fixes,
	.npane = 1,
	.hint = hints,
	.nhint = LENGTH(hints),
};

/* ---- the findings that one change would remove, wherever they are ---- */

static const struct table_column finding_columns[] = {
	{ "severity", "S", 1, 0, false },
	{ "asset.name", "IN", 18, 0, true },
	{ "advisory", "FINDING", 16, 0, false },
	{ "package.name", "PACKAGE", 12, 0, true },
	{ "package.version", "HAVE", 14, 2, false },
	{ "fixed_in", "FIXED IN", 14, 1, false },
	{ "kev", "KEV", 3, 4, false },
	{ "owner", "OWNER", 6, 5, false },
	{ "due", "DUE", 6, 0, false },
};

static const struct table_view removed = {
	.list = LIST_findings,
	.column = finding_columns,
	.ncolumn = LENGTH(finding_columns),
	.enter = "finding",
	.opens = SCOPE_FINDING,
	.label = "advisory",
	.empty = "this change removes nothing any more",
};

static const struct hint finding_hints[] = {
	{ ACT_ENTER, "open" }, { ACT_FILTER, "filter" }, { ACT_ACCEPT, "accept" },
	{ ACT_STATE, "state" }, { ACT_DUE, "due" },	 { ACT_OWNER, "owner" },
};

const struct view_ops view_change = {
	.name = "change",
	.title = "Change",
	.pane = &removed,
	.npane = 1,
	.hint = finding_hints,
	.nhint = LENGTH(finding_hints),
	.needs = SCOPE_FIX_MANY,
	.act = act_on_row,
};
