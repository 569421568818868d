/* SPDX-License-Identifier: MIT */
/* view_sources.c - which tools spoke, when last, and what they delivered; and the audit trail. */
#include "tui/view.h"

static const struct hint hints[] = {
	{ ACT_ENTER, "open" }, { ACT_COUNTS, "counts" }, { ACT_FILTER, "filter" },
	{ ACT_SORT_RIGHT, "order" },
	{ ACT_COLUMNS, "columns" }, { ACT_BACK, "back" },
};

static const struct table_column source_columns[] = {
	{ "name",     "SOURCE",  18, 0, true },
	{ "version",  "VERSION", 12, 3, false },
	{ "last",     "LAST",     6, 0, false },
	{ "database", "ITS DB",   6, 1, false },
	{ "scans",    "SCANS",    6, 2, false },
	{ "skipped",  "SKIPPED",  7, 1, false },
	{ "partial",  "PARTIAL", 20, 2, false },
};
static const struct table_view sources = {
	.list = LIST_sources,
	.column = source_columns,
	.ncolumn = LENGTH(source_columns),
	.enter = "scans",
	.opens = SCOPE_SOURCE,
	.label = "name",
	.empty = "no tool's report was imported yet",
};

/* What fell silent longest ago comes first. */
static bool silent_first(struct view *v, const struct view_arg *arg, struct err *e)
{
	(void)arg;
	(void)e;
	table_sort(&v->pane[0], "last");
	return true;
}

const struct view_ops view_sources = {
	.name = "sources",
	.title = "Sources",
	.pane = &sources,
	.npane = 1,
	.hint = hints,
	.nhint = LENGTH(hints),
	.open = silent_first,
};

static const struct table_column scan_columns[] = {
	{ "at",        "AGE",     6, 0, false },
	{ "source",    "SOURCE", 12, 2, false },
	{ "version",   "VERSION", 9, 4, false },
	{ "cluster",   "CLUSTER", 12, 6, false },
	{ "node",      "NODE",   16, 6, false },
	{ "file",      "FILE",   24, 0, true },
	{ "database",  "ITS DB",  6, 3, false },
	{ "partial",   "PARTIAL", 12, 3, false },
	{ "read",      "READ",    6, 1, false },
	{ "created",   "NEW",     6, 1, false },
	{ "resolved",  "CLOSED",  6, 2, false },
	{ "skipped",   "SKIPPED", 7, 2, false },
	{ "sha256",    "SHA-256", 12, 7, false },
};
static const struct table_view scans = {
	.list = LIST_scans,
	.column = scan_columns,
	.ncolumn = LENGTH(scan_columns),
	.enter = "skips",
	.opens = SCOPE_SCAN,
	.label = "file",
	.empty = "no scan",
};
const struct view_ops view_scans = {
	.name = "scans",
	.title = "Scans",
	.pane = &scans,
	.npane = 1,
	.hint = hints,
	.nhint = LENGTH(hints),
};

/* What was not understood: each record with its place in the file, and why. */
static const struct table_column skip_columns[] = {
	{ "place",  "PLACE",  24, 0, true },
	{ "reason", "REASON", 28, 0, true },
	{ "file",   "FILE",   24, 1, true },
	{ "importer", "BY",   12, 2, false },
	{ "at",     "AGE",     5, 3, false },
};
static const struct table_view skips = {
	.list = LIST_skips,
	.column = skip_columns,
	.ncolumn = LENGTH(skip_columns),
	.empty = "every record of it was understood",
};
const struct view_ops view_skips = {
	.name = "skips",
	.title = "Skipped records",
	.pane = &skips,
	.npane = 1,
	.hint = hints,
	.nhint = LENGTH(hints),
};

static const struct table_column audit_columns[] = {
	{ "seq",    "#",       6, 0, false },
	{ "at",     "AGE",     5, 0, false },
	{ "actor",  "WHO",     9, 1, false },
	{ "act",    "DID",    10, 0, false },
	{ "what",   "WHAT",   18, 0, true },
	{ "was",    "BEFORE", 12, 3, false },
	{ "is",     "AFTER",  20, 2, true },
};
static const struct table_view audit = {
	.list = LIST_audit,
	.column = audit_columns,
	.ncolumn = LENGTH(audit_columns),
	.empty = "nothing was done yet",
};
const struct view_ops view_audit = {
	.name = "audit",
	.title = "Audit trail",
	.pane = &audit,
	.npane = 1,
	.hint = hints,
	.nhint = LENGTH(hints),
};

static const struct table_column event_columns[] = {
	{ "at",        "TIME",    15, 0, false, true },
	{ "kind",      "KIND",     9, 2, false },
	{ "priority",  "PRIO",     4, 1, false },
	{ "rule",      "RULE",    20, 0, true },
	{ "action",    "DID",      9, 3, false },
	{ "cluster",   "CLUSTER", 10, 4, false },
	{ "asset",     "WHERE",   24, 2, true },
	{ "source",    "BY",      10, 5, false },
};
static const struct table_view events = {
	.list = LIST_events,
	.column = event_columns,
	.ncolumn = LENGTH(event_columns),
	.empty = "no event was imported yet",
};
const struct view_ops view_events = {
	.name = "events",
	.title = "Events",
	.pane = &events,
	.npane = 1,
	.hint = hints,
	.nhint = LENGTH(hints),
};

/* ---- the time line of one thing: what happened there, oldest first ---- */

static const struct table_column line_columns[] = {
	{ "at",        "TIME",    15, 0, false, true },
	{ "kind",      "KIND",     9, 0, false },
	{ "priority",  "PRIO",     4, 1, false },
	{ "message",   "WHAT",    30, 0, true },
	{ "user",      "USER",     9, 2, false },
	{ "process",   "PROCESS", 10, 3, false },
	{ "action",    "DID",      9, 4, false },
	{ "rule",      "RULE",    20, 5, true },
	{ "container", "CONTAINER", 10, 6, false },
	{ "source",    "BY",       8, 4, false },
};
static const struct table_view line = {
	.list = LIST_events,
	.column = line_columns,
	.ncolumn = LENGTH(line_columns),
	.empty = "nothing is known to have happened here",
};

static bool oldest_first(struct view *v, const struct view_arg *arg, struct err *e)
{
	(void)arg;
	(void)e;
	v->pane[0].desc = true;
	return true;
}

const struct view_ops view_timeline = {
	.name = "timeline",
	.title = "Time line",
	.pane = &line,
	.npane = 1,
	.hint = hints,
	.nhint = LENGTH(hints),
	.open = oldest_first,
};

static const struct table_column package_columns[] = {
	{ "type",     "TYPE",     8, 0, false },
	{ "name",     "PACKAGE", 22, 0, true },
	{ "version",  "VERSION", 18, 0, false },
	{ "assets",   "IN",       5, 0, false },
	{ "running",  "RUN",      5, 1, false },
};
static const struct table_view packages = {
	.list = LIST_packages,
	.column = package_columns,
	.ncolumn = LENGTH(package_columns),
	.enter = "images", /* that hold it */
	.opens = SCOPE_PART,
	.label = "name",
	.empty = "no component list was imported yet",
};
const struct view_ops view_packages = {
	.name = "packages",
	.title = "Packages",
	.pane = &packages,
	.npane = 1,
	.hint = hints,
	.nhint = LENGTH(hints),
};
