/* SPDX-License-Identifier: MIT */
/* view_clusters.c - clusters and what is wrong in them, their nodes and namespaces. */
#include "tui/acts.h"
#include "tui/matrix.h"

static const struct hint hints[] = {
	{ ACT_ENTER, "open" }, { ACT_COUNTS, "counts" }, { ACT_PANE, "pane" },
	{ ACT_FILTER, "filter" },
	{ ACT_SORT_RIGHT, "order" }, { ACT_COLUMNS, "columns" }, { ACT_NOTE, "note" },
	{ ACT_OWNER, "owner" }, { ACT_NEXT_ITEM, "next" },
};

/* ---- all clusters ---- */

static const struct table_column cluster_columns[] = {
	{ "name",       "CLUSTER", 14, 0, true },
	{ "version",    "K8S",      9, 4, false },
	{ "nodes",      "NODES",    5, 2, false },
	{ "namespaces", "NS",       4, 7, false },
	{ "images",     "IMGS",     5, 1, false },
	{ "pods",       "PODS",     5, 5, false },
	{ "cis",        "CIS",      4, 2, false },
	{ "pass",       "PASS",     5, 5, false },
	{ "fail",       "FAIL",     5, 0, false },
	{ "manual",     "MANL",     5, 5, false },
	{ "nsa",        "NSA",      4, 3, false },
	{ "findings.critical", "C", 4, 0, false },
	{ "findings.high", "H",     5, 0, false },
	{ "denied",     "DENY",     4, 3, false },
	{ "alerts",     "ALERT",    5, 0, false },
	{ "late",       "LATE",     4, 1, false },
	{ "data",       "DATA",     6, 0, false },
	{ "owner",      "OWNER",    8, 6, false },
};

static const struct table_view clusters = {
	.list = LIST_clusters,
	.column = cluster_columns,
	.ncolumn = LENGTH(cluster_columns),
	.enter = "cluster",
	.opens = SCOPE_CLUSTER,
	.label = "name",
	.empty = "no cluster yet: import the output of kubectl get or kube-bench",
};

/* Below them the rules that fail, by cluster; Tab goes there. */

static bool find_matrix(struct store *st, const struct question *q, struct arena *mem,
                        void *answer, struct err *e)
{
	(void)q;
	return store_matrix(st, mem, answer, e);
}

static void taken_matrix(struct view *v)
{
	const struct matrix *m = v->answer;
	struct matrix_at *at = v->state;

	if (at->row >= m->nrow)
		at->row = m->nrow > 0 ? m->nrow - 1 : 0;
	if (at->cell > m->ncluster)
		at->cell = 0;
}

/* What fell silent longest ago comes first. */
static bool silent_first(struct view *v, const struct view_arg *arg, struct err *e)
{
	(void)arg;
	(void)e;
	table_sort(&v->pane[0], "data");
	return true;
}

/* The list has the rows it needs, at most half; the matrix the rest. */
static void layout_clusters(struct view *v)
{
	struct rect r = view_body(v);
	int need = (int)v->pane[0].page.nrow + 1;

	if (r.h >= 12 && !v->zoomed)
		r.h = !v->pane[0].loaded || need > r.h / 2 ? r.h / 2 : need;
	v->pane[0].at = r;
}

static void draw_clusters(const struct view *v, struct canvas *c)
{
	const struct matrix *m = v->answer;
	const struct matrix_at *at = v->state;
	struct rect r = view_body(v);
	struct buf right = BUF_INIT;
	int used = v->pane[0].at.h + 1;
	size_t silent = 0;

	for (size_t i = 0; m && i < m->ncluster; i++)
		silent += m->cluster[i].silent;
	if (silent > 0)
		buf_addf(&right, "%zu silent", silent);
	if (m && m->all > 0)
		buf_addf(&right, "%s%lld rules fail", right.len > 0 ? "  " : "",
		         (long long)m->all);
	view_draw_crumb(v, c, right.len > 0 ? right.s : NULL);
	buf_release(&right);
	table_draw(&v->pane[0], c, app_now(v->app), !at->focus);
	r.y += used;
	r.h -= used;
	if (m && r.h > 2 && m->ncluster > 0)
		matrix_draw(m, at, c, r);
}

/* What is silent, the first by its name. */
static bool worth_clusters(const struct view *v, struct buf *out)
{
	const struct matrix *m = v->answer;
	const struct matrix_cluster *first = NULL;
	size_t n = 0;

	for (size_t i = 0; m && i < m->ncluster; i++) {
		if (!m->cluster[i].silent)
			continue;
		first = first ? first : &m->cluster[i];
		n++;
	}
	if (n == 0)
		return false;
	buf_adds(out, first->name);
	if (n > 1)
		buf_addf(out, " and %zu more", n - 1);
	buf_adds(out, ": silent; kept, and never counted as pass");
	return true;
}

static void speak_clusters(const struct view *v, struct buf *out)
{
	matrix_speak(v->answer, v->state, out);
}

static enum view_result act_clusters(struct view *v, enum action a, struct err *e)
{
	struct matrix_at *at = v->state;
	enum view_result done = VIEW_PASS;

	if ((a == ACT_PANE || a == ACT_PANE_BACK) && v->answer) {
		at->focus = !at->focus;
		return VIEW_DONE;
	}
	if (at->focus && v->answer)
		done = matrix_act(v, v->answer, at, a, e);
	return done != VIEW_PASS ? done : act_on_row(v, a, e);
}

const struct view_ops view_clusters = {
	.name = "clusters",
	.title = "Clusters",
	.pane = &clusters,
	.npane = 1,
	.state_size = sizeof(struct matrix_at),
	.answer_size = sizeof(struct matrix),
	.hint = hints,
	.nhint = LENGTH(hints),
	.open = silent_first,
	.find = find_matrix,
	.taken = taken_matrix,
	.layout = layout_clusters,
	.draw = draw_clusters,
	.worth = worth_clusters,
	.speak = speak_clusters,
	.act = act_clusters,
};

/* ---- one cluster ---- */

static bool find(struct store *st, const struct question *q, struct arena *mem, void *answer,
                 struct err *e)
{
	return store_cluster(st, q->scope.key[0], mem, answer, e);
}

/* Sections beside each other: "cis-1.10  1  2  3", and below each how many pass, fail, wait. */
static void sheet_table(const struct benchmark_section *section, size_t n, struct sheet *s)
{
	static const struct { const char *word; enum verdict verdict; enum style_role role; }
	row[] = {
		{ "pass", VERDICT_PASS, ROLE_pass }, { "fail", VERDICT_FAIL, ROLE_fail },
		{ "manual", VERDICT_MANUAL, ROLE_warn },
	};
	struct buf b = BUF_INIT;

	for (size_t i = 0; i < n; i++)
		buf_addf(&b, " %6.6s", section[i].section);
	sheet_role(s, ROLE_head, section[0].benchmark, "%s", b.s);
	for (size_t k = 0; k < LENGTH(row); k++) {
		buf_reset(&b);
		for (size_t i = 0; i < n; i++)
			buf_addf(&b, " %6lld", (long long)section[i].n[row[k].verdict]);
		sheet_role(s, row[k].role, row[k].word, "%s", b.s);
	}
	buf_release(&b);
}

static void add_verdicts(const int64_t n[VERDICT_COUNT], struct buf *b)
{
	for (int i = 0; i < VERDICT_COUNT; i++)
		if (n[i] > 0)
			buf_addf(b, "%s%lld %s", b->len > 0 ? "  " : "", (long long)n[i],
			         verdict_word((enum verdict)i));
}

/* A line for a benchmark: "cis-1.6  81 pass  7 fail". */
static void sheet_benchmark(const struct benchmark_section *section, size_t n, struct sheet *s)
{
	int64_t sum[VERDICT_COUNT] = { 0 };
	struct buf b = BUF_INIT;

	for (size_t i = 0; i < n; i++)
		for (int k = 0; k < VERDICT_COUNT; k++)
			sum[k] += section[i].n[k];
	add_verdicts(sum, &b);
	sheet_field(s, section[0].benchmark, "%s", b.s);
	buf_release(&b);
}

/* The sections of the benchmark that `section` begins with. */
static size_t of_benchmark(const struct benchmark_section *section, size_t n)
{
	size_t same = 1;

	while (same < n && str_eq(section[same].benchmark, section[0].benchmark))
		same++;
	return same;
}

/* One benchmark of few sections has room for a table; of several, each has a line. */
static void sheet_sections(const struct cluster_detail *d, struct sheet *s)
{
	enum { COLUMN = 7, LINES = 4 };
	size_t lines = 0, n;

	if (of_benchmark(d->section, d->nsection) == d->nsection &&
	    COLUMN * (int)d->nsection < s->r.w - s->label - 1) {
		sheet_table(d->section, d->nsection, s);
		return;
	}
	for (size_t i = 0; i < d->nsection; i += n, lines++) {
		n = of_benchmark(d->section + i, d->nsection - i);
		if (lines < LINES)
			sheet_benchmark(d->section + i, n, s);
	}
	if (lines > LINES)
		sheet_field(s, "", "and %zu more benchmarks", lines - LINES);
}

static void sheet(const struct view *v, struct sheet *s)
{
	const struct cluster_detail *d = v->answer;
	const struct { int64_t n; const char *word; } holds[] = {
		{ d->nodes, "node" }, { d->namespaces, "namespace" }, { d->images, "image" },
		{ d->pods, "pod" },
	};
	struct buf b = BUF_INIT;
	char age[16];

	print_age(d->data_at, s->now, age);
	sheet_role(s, d->silent ? ROLE_none : ROLE_text, "Data",
	           d->silent ? "silent: the last came %s ago; kept, and never counted as pass" :
	           "%s old", age);
	buf_adds(&b, text_or(d->version, "version not known"));
	for (size_t i = 0; i < LENGTH(holds); i++) {
		buf_adds(&b, "  ");
		print_many(holds[i].n, holds[i].word, &b);
	}
	sheet_field(s, "Holds", "%s", b.s);
	buf_reset(&b);
	print_severities(d->open, &b);
	sheet_field(s, "Findings", "%s   denied in 24h %lld", b.s, (long long)d->denied24h);
	sheet_role(s, d->alerts_late > 0 ? ROLE_late : ROLE_text, "Alerts", "%lld open, %lld late",
	           (long long)d->alerts, (long long)d->alerts_late);
	buf_reset(&b);
	add_verdicts(d->check, &b);
	sheet_field(s, "Checks", "%s", b.s);
	if (d->nsection > 0 && !s->terse)
		sheet_sections(d, s);
	buf_release(&b);
}

static void tell(const struct view *v, struct buf *right)
{
	const struct cluster_detail *d = v->answer;

	buf_addf(right, "%lld checks fail  ", (long long)d->check[VERDICT_FAIL]);
	print_many(d->alerts, "alert", right);
	if (d->alerts_late > 0)
		buf_addf(right, ", %lld late", (long long)d->alerts_late);
}

/* What is looked for first in a pane; Esc shows the rest. */
static void filter_first(struct view *v, size_t pane, const char *filter)
{
	struct table *t = &v->pane[pane];

	if (t->filter[0] == '\0')
		str_copy(t->filter, sizeof(t->filter), filter);
}

static bool open_failing(struct view *v, const struct view_arg *arg, struct err *e)
{
	(void)e;
	if (!arg->filter)
		filter_first(v, v->ops->npane - 1, "is:fail");
	return true;
}

enum { PANE_NAMESPACES, PANE_FAILING, PANE_ALERTS, PANE_EVENTS };

static bool open_cluster(struct view *v, const struct view_arg *arg, struct err *e)
{
	(void)arg;
	(void)e;
	filter_first(v, PANE_FAILING, "is:fail");
	filter_first(v, PANE_EVENTS, "kind:admission or kind:audit");
	return true;
}

static struct scope subject(const struct view *v)
{
	const struct scope row = view_row(v);

	return row.kind == SCOPE_ALERT ? row : v->scope;
}

static enum view_result act_cluster(struct view *v, enum action a, struct err *e)
{
	const struct scope what = subject(v);

	(void)e;
	return act_on(v, a, &what);
}

static const struct table_column namespace_columns[] = {
	{ "name",      "NAMESPACE", 20, 0, true },
	{ "workloads", "WORK",       5, 2, false },
	{ "containers", "RUN",       5, 3, false },
	{ "findings.critical", "C",  4, 0, false },
	{ "findings.high", "H",      5, 0, false },
	{ "pass",      "PASS",       5, 4, false },
	{ "fail",      "FAIL",       5, 1, false },
	{ "alerts",    "ALERT",      5, 1, false },
	{ "owner",     "OWNER",      8, 5, false },
};
static const struct table_column check_columns[] = {
	{ "status",    "IS",     6, 0, false },
	{ "id",        "CHECK", 16, 0, true },
	{ "title",     "TITLE", 28, 0, true },
	{ "asset",     "WHERE", 20, 1, true },
	{ "place",     "PLACE", 12, 6, false },
	{ "benchmark", "BENCHMARK", 10, 8, false },
	{ "tool",      "BY",    10, 4, false },
	{ "at",        "AGE",    5, 2, false },
};
static const struct table_column alert_columns[] = {
	{ "clock.next_due", "LEFT", 6, 0, false },
	{ "clock.next", "NEXT",  7, 0, false },
	{ "priority",  "PRIO",   4, 1, false },
	{ "rule",      "RULE",  26, 0, true },
	{ "namespace", "NAMESPACE", 12, 3, false },
	{ "pod",       "WHERE", 20, 1, true },
	{ "count",     "N",      4, 2, false },
	{ "owner",     "OWNER",  7, 2, false },
};
static const struct table_column event_columns[] = {
	{ "at",        "TIME",  15, 0, false, true },
	{ "action",    "DID",    8, 0, false },
	{ "kind",      "KIND",   9, 3, false },
	{ "rule",      "RULE",  22, 0, true },
	{ "asset",     "WHERE", 20, 1, true },
	{ "user",      "USER",  12, 2, false },
	{ "source",    "BY",    11, 4, false },
};
static const struct table_view cluster_panes[] = {
	[PANE_NAMESPACES] = {
		.list = LIST_namespaces,
		.title = "namespaces",
		.column = namespace_columns,
		.ncolumn = LENGTH(namespace_columns),
		.enter = "namespace",
		.opens = SCOPE_NAMESPACE,
		.label = "name",
		.empty = "no namespace is known: import kubectl get namespaces,pods -A -o json",
	},
	[PANE_FAILING] = {
		.list = LIST_checks,
		.title = "checks",
		.column = check_columns,
		.ncolumn = LENGTH(check_columns),
		.opens = SCOPE_ALL,
		.empty = "no benchmark was run here",
	},
	[PANE_ALERTS] = {
		.list = LIST_alerts,
		.title = "alerts",
		.column = alert_columns,
		.ncolumn = LENGTH(alert_columns),
		.enter = "alert",
		.opens = SCOPE_ALERT,
		.label = "rule",
		.empty = "no alert is open here",
	},
	[PANE_EVENTS] = {
		.list = LIST_events,
		.title = "admission and audit log",
		.column = event_columns,
		.ncolumn = LENGTH(event_columns),
		.empty = "no admission decision and no audit log was imported",
	},
};

const struct view_ops view_cluster = {
	.name = "cluster",
	.title = "Cluster",
	.pane = cluster_panes,
	.npane = LENGTH(cluster_panes),
	.answer_size = sizeof(struct cluster_detail),
	.hint = hints,
	.nhint = LENGTH(hints),
	.needs = SCOPE_CLUSTER,
	.open = open_cluster,
	.find = find,
	.sheet = sheet,
	.head = 11,
	.tell = tell,
	.act = act_cluster,
	.subject = subject,
};

/* ---- check results, of whatever was asked for ---- */

static const struct table_view all_checks = {
	.list = LIST_checks,
	.column = check_columns,
	.ncolumn = LENGTH(check_columns),
	.empty = "no check looked at this",
};

const struct view_ops view_checks = {
	.name = "checks",
	.title = "Checks",
	.pane = &all_checks,
	.npane = 1,
	.hint = hints,
	.nhint = LENGTH(hints),
};

/* ---- one node ---- */

static const struct table_view node_checks = {
	.list = LIST_checks,
	.column = check_columns,
	.ncolumn = LENGTH(check_columns),
	.empty = "no benchmark was run on this node",
};

const struct view_ops view_node = {
	.name = "node",
	.title = "Node",
	.pane = &node_checks,
	.npane = 1,
	.hint = hints,
	.nhint = LENGTH(hints),
	.needs = SCOPE_NODE,
	.open = open_failing,
	.act = act_cluster,
	.subject = subject,
};

static const struct table_column node_columns[] = {
	{ "name",     "NODE",    22, 0, true },
	{ "cluster",  "CLUSTER", 14, 1, false },
	{ "role",     "ROLE",    13, 3, false },
	{ "version",  "VERSION", 10, 4, false },
	{ "os",       "OS",      18, 5, false },
	{ "containers", "RUN",    4, 2, false },
	{ "pass",     "PASS",     5, 2, false },
	{ "fail",     "FAIL",     5, 0, false },
	{ "manual",   "MANL",     5, 4, false },
	{ "data",     "DATA",     6, 0, false },
};

static const struct table_view nodes = {
	.list = LIST_nodes,
	.column = node_columns,
	.ncolumn = LENGTH(node_columns),
	.enter = "node",
	.opens = SCOPE_NODE,
	.label = "name",
	.empty = "no node is known",
};

const struct view_ops view_nodes = {
	.name = "nodes",
	.title = "Nodes",
	.pane = &nodes,
	.npane = 1,
	.hint = hints,
	.nhint = LENGTH(hints),
	.act = act_on_row,
};

/* ---- namespaces, of whatever was asked for ---- */

static const struct table_column all_namespace_columns[] = {
	{ "name",      "NAMESPACE", 20, 0, true },
	{ "cluster",   "CLUSTER",   14, 0, false },
	{ "workloads", "WORK",       5, 2, false },
	{ "containers", "RUN",       5, 3, false },
	{ "findings.critical", "C",  4, 0, false },
	{ "findings.high", "H",      5, 0, false },
	{ "pass",      "PASS",       5, 4, false },
	{ "fail",      "FAIL",       5, 1, false },
	{ "alerts",    "ALERT",      5, 1, false },
	{ "owner",     "OWNER",      8, 5, false },
};
static const struct table_view namespaces = {
	.list = LIST_namespaces,
	.column = all_namespace_columns,
	.ncolumn = LENGTH(all_namespace_columns),
	.enter = "namespace",
	.opens = SCOPE_NAMESPACE,
	.label = "name",
	.empty = "no namespace is known: import kubectl get namespaces,pods -A -o json",
};

const struct view_ops view_namespaces = {
	.name = "namespaces",
	.title = "Namespaces",
	.pane = &namespaces,
	.npane = 1,
	.hint = hints,
	.nhint = LENGTH(hints),
	.act = act_on_row,
};
