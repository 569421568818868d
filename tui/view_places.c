/* SPDX-License-Identifier: MIT */
/* view_places.c - workloads and containers: where images run, and what is wrong there. */
#include "tui/acts.h"

static const struct hint hints[] = {
	{ ACT_ENTER, "open" }, { ACT_COUNTS, "counts" }, { ACT_PANE, "pane" },
	{ ACT_FILTER, "filter" }, { ACT_SORT_RIGHT, "order" }, { ACT_COLUMNS, "columns" },
	{ ACT_NOTE, "note" }, { ACT_OWNER, "owner" }, { ACT_NEXT_ITEM, "next" },
};

/* ---- workloads: of one namespace, and of whatever was asked for ---- */

static const struct table_column workload_columns[] = {
	{ "name",      "WORKLOAD", 24, 0, true },
	{ "replicas",  "WANT",      4, 4, false },
	{ "containers", "RUN",      4, 2, false },
	{ "images",    "IMAGES",   24, 3, true },
	{ "findings.critical", "C", 4, 0, false },
	{ "findings.high", "H",     5, 0, false },
	{ "pass",      "PASS",      5, 5, false },
	{ "fail",      "FAIL",      5, 1, false },
	{ "alerts",    "ALERT",     5, 1, false },
	{ "exposed",   "EXPOSED",   8, 5, false },
	{ "owner",     "OWNER",     8, 6, false },
};
static const struct table_view workloads = {
	.list = LIST_workloads,
	.column = workload_columns,
	.ncolumn = LENGTH(workload_columns),
	.enter = "workload",
	.opens = SCOPE_WORKLOAD,
	.label = "name",
	.empty = "no workload is known here",
};

const struct view_ops view_namespace = {
	.name = "namespace",
	.title = "Namespace",
	.pane = &workloads,
	.npane = 1,
	.hint = hints,
	.nhint = LENGTH(hints),
	.needs = SCOPE_NAMESPACE,
	.act = act_on_row,
};

static const struct table_column all_workload_columns[] = {
	{ "name",      "WORKLOAD", 20, 0, true },
	{ "namespace", "NAMESPACE", 12, 0, false },
	{ "cluster",   "CLUSTER",  12, 0, false },
	{ "containers", "RUN",      4, 2, false },
	{ "images",    "IMAGES",   24, 3, true },
	{ "findings.critical", "C", 4, 0, false },
	{ "findings.high", "H",     5, 0, false },
	{ "fail",      "FAIL",      5, 1, false },
	{ "alerts",    "ALERT",     5, 1, false },
	{ "exposed",   "EXPOSED",   8, 5, false },
	{ "owner",     "OWNER",     8, 6, false },
};
static const struct table_view all_workloads = {
	.list = LIST_workloads,
	.column = all_workload_columns,
	.ncolumn = LENGTH(all_workload_columns),
	.enter = "workload",
	.opens = SCOPE_WORKLOAD,
	.label = "name",
	.empty = "no workload is known: import kubectl get pods,deployments -A -o json",
};

const struct view_ops view_workloads = {
	.name = "workloads",
	.title = "Workloads",
	.pane = &all_workloads,
	.npane = 1,
	.hint = hints,
	.nhint = LENGTH(hints),
	.act = act_on_row,
};

/* ---- one workload: its containers, and what is wrong with it ---- */

static const struct table_column image_columns[] = {
	{ "name",      "IMAGE",     30, 0, true },
	{ "findings.critical", "C",  4, 0, false },
	{ "findings.high", "H",      5, 0, false },
	{ "findings.medium", "M",    5, 2, false },
	{ "signed",    "SIGN",       5, 3, false },
	{ "last_scan", "SCAN",       5, 1, false },
	{ "due",       "DUE",        6, 0, false },
};
static const struct table_column container_columns[] = {
	{ "name",      "CONTAINER", 18, 0, true },
	{ "pod",       "POD",       22, 1, true },
	{ "node",      "NODE",      16, 3, false },
	{ "running",   "RUN",        3, 0, false },
	{ "alerts",    "ALERT",      5, 2, false },
	{ "last",      "LAST",       5, 0, false },
};
static const struct table_column wrong_columns[] = {
	{ "severity",  "S",        1, 0, false },
	{ "advisory",  "FINDING", 18, 0, false },
	{ "package.name", "PACKAGE", 18, 0, false },
	{ "title",     "WHAT",    24, 2, true },
	{ "place",     "PLACE",   16, 1, true },
	{ "state",     "IS",       5, 3, false },
	{ "due",       "DUE",      6, 0, false },
};
static const struct table_view workload_panes[] = {
	{
		.list = LIST_images,
		.title = "images",
		.column = image_columns,
		.ncolumn = LENGTH(image_columns),
		.enter = "image",
		.opens = SCOPE_IMAGE,
		.label = "name",
		.empty = "no image is known to run in it",
	}, {
		.list = LIST_containers,
		.title = "containers",
		.column = container_columns,
		.ncolumn = LENGTH(container_columns),
		.opens = SCOPE_CONTAINER,
		.label = "name",
		.empty = "no container is known",
	}, {
		.list = LIST_findings,
		.title = "findings",
		.column = wrong_columns,
		.ncolumn = LENGTH(wrong_columns),
		.enter = "finding",
		.opens = SCOPE_FINDING,
		.label = "advisory",
		.empty = "nothing is wrong with the workload itself",
	},
};

/* What is written is of the workload, whichever pane has the cursor. */
static struct scope subject(const struct view *v)
{
	return v->scope;
}

static enum view_result act_workload(struct view *v, enum action a, struct err *e)
{
	(void)e;
	return act_on(v, a, &v->scope);
}

const struct view_ops view_workload = {
	.name = "workload",
	.title = "Workload",
	.pane = workload_panes,
	.npane = LENGTH(workload_panes),
	.hint = hints,
	.nhint = LENGTH(hints),
	.needs = SCOPE_WORKLOAD,
	.act = act_workload,
	.subject = subject,
};

/* ---- containers, of whatever was asked for ---- */

static const struct table_column each_container_columns[] = {
	{ "name",      "CONTAINER", 12, 0, true },
	{ "pod",       "POD",       24, 0, true },
	{ "cluster",   "CLUSTER",   10, 2, false },
	{ "namespace", "NAMESPACE", 12, 3, false },
	{ "image",     "IMAGE",     20, 0, true },
	{ "findings.critical", "C",  4, 4, false },
	{ "findings.high", "H",      4, 4, false },
	{ "node",      "NODE",      16, 6, false },
	{ "last",      "LAST",       5, 5, false },
};

static const struct table_view containers = {
	.list = LIST_containers,
	.column = each_container_columns,
	.ncolumn = LENGTH(each_container_columns),
	.opens = SCOPE_CONTAINER,
	.label = "name",
	.empty = "no container is known: import kubectl get pods -A -o json",
};

static const struct hint container_hints[] = {
	{ ACT_TIMELINE, "time line" }, { ACT_COUNTS, "counts" }, { ACT_FILTER, "filter" },
	{ ACT_SORT_RIGHT, "order" }, { ACT_COLUMNS, "columns" }, { ACT_BACK, "back" },
};

const struct view_ops view_containers = {
	.name = "containers",
	.title = "Containers",
	.pane = &containers,
	.npane = 1,
	.hint = container_hints,
	.nhint = LENGTH(container_hints),
};
