/* SPDX-License-Identifier: MIT */
/* list_estate.c - where things run: clusters, nodes, namespaces, workloads, containers. */
#include "store/list.h"
#include "store/list_parts.h"

/* What a cluster that fell silent said last is kept, and is no word of today: never counted. */
#define OF_TODAY(number) "CASE WHEN c.data_at >= store_heard() THEN " number " END"
/* What still stands there is told, and no "none" of one who does not speak. */
#define SOME_OR_TODAY(number)                                                                      \
	"NULLIF(" number ", CASE WHEN c.data_at >= store_heard() THEN -1 ELSE 0 END)"

/* Of the roll-ups of a scope, which is an asset. `which` narrows what is said of checks. */
#define OPEN_IN(scope, severity)                                                                   \
	"COALESCE((SELECT sum(t.n) FROM tally t WHERE t.scope = " scope                            \
	" AND t.severity = " severity "\nAND t.state = 0), 0)"
#define CHECKS_IN(scope, verdict)                                                                  \
	"COALESCE((SELECT sum(t.n) FROM check_tally t\n"                                           \
	"WHERE t.scope = " scope " AND t.verdict = " verdict "), 0)"
#define ALWAYS(number) number
#define COUNTS(scope, which)                                                                       \
	{ "findings.critical",                                                                     \
	  "c",                                                                                     \
	  "C",                                                                                     \
	  "Open critical findings.",                                                               \
	  VAL_INT,                                                                                 \
	  4,                                                                                       \
	  true,                                                                                    \
	  SQL(.sql = OPEN_IN(scope, "0")) },                                                       \
		{ "findings.high", "h", "H",  "Open high findings.",                               \
		  VAL_INT,	   4,	true, SQL(.sql = OPEN_IN(scope, "1")) },                   \
		{ "pass",  NULL, "PASS", "Checks that pass.",                                      \
		  VAL_INT, 5,	 true,	 SQL(.sql = which(CHECKS_IN(scope, "0"))) },               \
		{ "fail",  NULL, "FAIL", "Checks that fail.",                                      \
		  VAL_INT, 5,	 true,	 SQL(.sql = which(CHECKS_IN(scope, "1"))) },               \
	{                                                                                          \
		"manual", "manl", "MANL", "Checks that call for a person.", VAL_INT, 5, true,      \
			SQL(.sql = which(CHECKS_IN(scope, "4")))                                   \
	}
/* Of the checks there that pass or fail, and are such, the share that passes; -1: there is none. */
#define SHARE(scope, such)                                                                         \
	"COALESCE((SELECT sum(CASE WHEN t.verdict = 0 THEN t.n ELSE 0 END) * 10000 / sum(t.n)\n"   \
	"FROM check_tally t JOIN advisory a ON a.id = t.advisory\n"                                \
	"WHERE t.scope = " scope " AND t.verdict IN (0, 1) AND " such "), -1)"
#define PASS_SHARE(scope) SHARE(scope, "a.benchmark <> ''")
/* Of what tests the NSA's hardening guide, whichever tool checked it. */
#define NSA_SHARE(scope)                                                                           \
	SHARE(scope, "a.class IN (SELECT m.class\n"                                                \
		     "FROM framework w JOIN control y ON y.framework = w.id\n"                     \
		     "JOIN class_control m ON m.control = y.id AND m.weight < 2\n"                 \
		     "WHERE w.key = 'NSA-K8S')")
#define NAME_OF(id) "COALESCE((SELECT y.name FROM asset y WHERE y.id = " id "), '')"
#define CONTAINERS_OF(column, asset)                                                               \
	"(SELECT count(*) FROM container d WHERE d." column " = " asset " AND d.running = 1)"
/* Alerts with steps to take: few, however many containers there are. */
#define ALERTS_OF(column, asset)                                                                   \
	"(SELECT count(*) FROM alert t JOIN container d ON d.asset = t.asset\n"                    \
	"WHERE " SQL_ALERT_CALLS("t") " AND d." column " = " asset ")"
#define LATE_ALERTS_OF(column, asset)                                                              \
	"(SELECT count(*) FROM alert t JOIN container d ON d.asset = t.asset\n"                    \
	"WHERE t.next_due < store_now() AND " SQL_ALERT_CALLS("t")                                 \
	" AND d." column " = " asset ")"
#define OWNER(kind, asset) "COALESCE(" SQL_OWNED("'" kind " ' || " asset) ", '')"

static const struct list_order by_name[] = { { "name", "name" } };
static const struct list_order in_cluster[] = { { "cluster", "cluster, name" } };

/* ---- clusters ---- */

static const struct column cluster_columns[] = {
	{ "id", NULL, "ID", "Number of the cluster in this store.", VAL_INT, 5, true,
	  SQL(.sql = "c.asset") },
	{ "name", "cluster", "CLUSTER", "Its name.", VAL_TEXT, 14, true,
	  SQL(.sql = "COALESCE(s.name, '')") },
	{ "aliases", NULL, "ALIASES", "Other names of it.", VAL_LIST, 14, false,
	  SQL(.sql = SQL_JOINED("name", "SELECT y.name FROM cluster_alias y\n"
					"WHERE y.cluster = c.asset ORDER BY y.name")) },
	{ "version", "k8s", "K8S", "Version of Kubernetes, as its nodes run it.", VAL_TEXT,
	  9, true, SQL(.sql = SQL_CLUSTER_VERSION) },
	{ "nodes", NULL, "NODES", "Nodes.", VAL_INT, 5, true, SQL(.sql = "c.nodes") },
	{ "namespaces", "ns", "NS", "Namespaces.", VAL_INT, 4, true,
	  SQL(.sql = "(SELECT count(*) FROM asset y WHERE y.parent = c.asset AND y.kind = 3)") },
	{ "images", "img", "IMGS", "Images that run in it.", VAL_INT, 5, true,
	  SQL(.sql = "c.images") },
	{ "pods", NULL, "PODS", "Pods.", VAL_INT, 5, true, SQL(.sql = "c.pods") },
	COUNTS("c.asset", OF_TODAY),
	{ "cis", NULL, "CIS", "Of its CIS benchmark's checks that pass or fail, those that pass.",
	  VAL_EPSS, 4, true, SQL(.sql = OF_TODAY(PASS_SHARE("c.asset"))) },
	{ "nsa", NULL, "NSA",
	  "Of the checks of what the NSA hardening guide asks that pass or fail, those that pass.",
	  VAL_EPSS, 4, true, SQL(.sql = OF_TODAY(NSA_SHARE("c.asset"))) },
	{ "alerts", NULL, "ALERT", "Alerts with steps to take.", VAL_INT, 5, true,
	  SQL(.sql = SOME_OR_TODAY(ALERTS_OF("cluster", "c.asset"))) },
	{ "late", NULL, "LATE", "Alerts whose next step is late.", VAL_INT, 4, true,
	  SQL(.sql = SOME_OR_TODAY(LATE_ALERTS_OF("cluster", "c.asset"))) },
	{ "denied", "deny", "DENY", "What admission denied in 24 hours.", VAL_INT, 4, true,
	  SQL(.sql = SOME_OR_TODAY("(" SQL_DENIED_IN("c.asset") ")"), .quiet = true) },
	{ "data", NULL, "DATA", "Newest data of any source.", VAL_TIME, 5, true,
	  SQL(.sql = "c.data_at") },
	{ "services", NULL, "SERVICES", "An inventory of services is there.", VAL_FLAG, 8, true,
	  SQL(.sql = "c.services") },
	{ "owner", "who", "OWNER", "Who takes care of it.", VAL_TEXT, 8, true,
	  SQL(.sql = OWNER("cluster", "c.asset")) },
};
static const struct list_term cluster_terms[] = { { "s.name", "name", 0, 0 } };
/* There are few clusters: no index orders them. */
static const struct list_sort cluster_sorts[] = { { true, false, cluster_terms, 1 } };
static const struct list_scope cluster_scopes[] = {
	{ .kind = SCOPE_ALL },
	{ .kind = SCOPE_CLUSTER, .where = "c.asset = #0" },
};
const struct list_def list_clusters = {
	.info = { .name = "clusters",
		  .title = "Clusters",
		  .col = cluster_columns,
		  .ncol = LENGTH(cluster_columns),
		  .order = by_name,
		  .norder = 1,
		  .nkey = 1 },
	.from = "cluster c JOIN asset s ON s.id = c.asset",
	.joins = "",
	.key = { "c.asset" },
	.sort = cluster_sorts,
	.scope = cluster_scopes,
	.nscope = LENGTH(cluster_scopes),
	.heard = true,
};

/* ---- nodes ---- */

static const struct column node_columns[] = {
	{ "id", NULL, "ID", "Number of the node in this store.", VAL_INT, 5, true,
	  SQL(.sql = "n.asset") },
	{ "name", "node", "NODE", "Its name.", VAL_TEXT, 24, true,
	  SQL(.sql = "COALESCE(s.name, '')") },
	{ "cluster", NULL, "CLUSTER", "Its cluster; none for a host alone.", VAL_TEXT, 14, true,
	  SQL(.sql = NAME_OF("s.parent")) },
	{ "role", NULL, "ROLE", "What it does in the cluster.", VAL_TEXT, 13, true,
	  SQL(.sql = "n.role") },
	{ "version", NULL, "VERSION", "Of its kubelet or engine.", VAL_TEXT, 10, true,
	  SQL(.sql = "n.version") },
	{ "os", NULL, "OS", "Operating system.", VAL_TEXT, 18, true, SQL(.sql = "n.os") },
	{ "containers", NULL, "RUN", "Containers that run on it.", VAL_INT, 4, true,
	  SQL(.sql = "(SELECT count(*) FROM container d WHERE d.cluster = s.parent AND d.node = "
		     "n.asset\n"
		     "AND d.running = 1)") },
	COUNTS("n.asset", ALWAYS),
	{ "data", NULL, "DATA", "Newest data of any source.", VAL_TIME, 5, true,
	  SQL(.sql = "n.data_at") },
	{ "owner", "who", "OWNER", "Who takes care of it.", VAL_TEXT, 8, true,
	  SQL(.sql = OWNER("node", "n.asset")) },
};
static const struct list_order node_order[] = { { "id", "id" }, { "name", "name" } };
static const struct list_term node_terms[] = { { "s.name", "name", 0, 0 } };
static const struct list_sort node_sorts[] = { { true, false, NULL, 0 },
					       { false, false, node_terms, 1 } };
static const struct list_scope node_scopes[] = {
	{ .kind = SCOPE_ALL },
	{ .kind = SCOPE_NODE, .where = "n.asset = #0" },
	{ .kind = SCOPE_CLUSTER,
	  .where = "n.asset IN (SELECT y.id FROM asset y WHERE y.parent = #0 AND y.kind = 1)" },
};
const struct list_def list_nodes = {
	.info = { .name = "nodes",
		  .title = "Nodes",
		  .col = node_columns,
		  .ncol = LENGTH(node_columns),
		  .order = node_order,
		  .norder = LENGTH(node_order),
		  .nkey = 1 },
	.alias = "n",
	.from = "node n",
	.joins = "\nLEFT JOIN asset s ON s.id = n.asset",
	.key = { "n.asset" },
	.sort = node_sorts,
	.scope = node_scopes,
	.nscope = LENGTH(node_scopes),
};

/* ---- namespaces ---- */

static const struct column namespace_columns[] = {
	{ "id", NULL, "ID", "Number of the namespace in this store.", VAL_INT, 5, true,
	  SQL(.sql = "s.id") },
	{ "name", "namespace", "NAMESPACE", "Its name.", VAL_TEXT, 20, true, SQL(.sql = "s.name") },
	{ "cluster", NULL, "CLUSTER", "Its cluster.", VAL_TEXT, 14, true,
	  SQL(.sql = NAME_OF("s.parent")) },
	{ "workloads", NULL, "WORK", "Workloads in it.", VAL_INT, 5, true,
	  SQL(.sql = "(SELECT count(*) FROM asset y WHERE y.parent = s.id AND y.kind = 4)") },
	{ "containers", NULL, "RUN", "Containers that run in it.", VAL_INT, 5, true,
	  SQL(.sql = CONTAINERS_OF("namespace", "s.id")) },
	COUNTS("s.id", ALWAYS),
	{ "alerts", NULL, "ALERT", "Alerts with steps to take.", VAL_INT, 5, true,
	  SQL(.sql = ALERTS_OF("namespace", "s.id")) },
	{ "data", NULL, "DATA", "Newest inventory of it.", VAL_TIME, 5, true,
	  SQL(.sql = "COALESCE((SELECT v.at FROM inventory v WHERE v.place = s.id), 0)") },
	{ "owner", "who", "OWNER", "Owner of the namespace, else of its cluster.", VAL_TEXT, 8,
	  true,
	  SQL(.sql = "COALESCE(" SQL_OWNED("'namespace ' || s.id") ",\n" SQL_OWNED(
		      "'cluster ' || s.parent") ", '')") },
};
static const struct list_term namespace_terms[] = {
	{ "s.parent", NULL, 1, 0 },
	{ "s.name", "name", 0, 0 },
};
static const struct list_sort namespace_sorts[] = { { true, false, namespace_terms, 2 } };
static const struct list_scope namespace_scopes[] = {
	{ .kind = SCOPE_ALL, .where = "s.kind = 3" },
	{ .kind = SCOPE_NAMESPACE, .where = "s.kind = 3 AND s.id = #0" },
	{ .kind = SCOPE_CLUSTER, .where = "s.kind = 3 AND s.parent = #0" },
};
const struct list_def list_namespaces = {
	.info = { .name = "namespaces",
		  .title = "Namespaces",
		  .col = namespace_columns,
		  .ncol = LENGTH(namespace_columns),
		  .order = in_cluster,
		  .norder = 1,
		  .nkey = 2 },
	.alias = "s",
	.from = "asset s",
	.joins = "",
	.key = { "s.id", "s.parent" },
	.sort = namespace_sorts,
	.scope = namespace_scopes,
	.nscope = LENGTH(namespace_scopes),
};

/* ---- workloads ---- */

#define NAMESPACE_OF_WORKLOAD "CASE COALESCE(u.kind, 0) WHEN 3 THEN u.name ELSE '' END"
#define CLUSTER_OF_WORKLOAD                                                                        \
	"CASE COALESCE(u.kind, 0) WHEN 3 THEN " NAME_OF("u.parent")                                \
	"\nELSE COALESCE(u.name, '') END"

static const struct column workload_columns[] = {
	{ "id", NULL, "ID", "Number of the workload in this store.", VAL_INT, 5, true,
	  SQL(.sql = "s.id") },
	{ "name", "workload", "WORKLOAD", "Its kind and name.", VAL_TEXT, 30, true,
	  SQL(.sql = "s.name") },
	{ "namespace", "ns", "NAMESPACE", "Its namespace.", VAL_TEXT, 16, true,
	  SQL(.sql = NAMESPACE_OF_WORKLOAD) },
	{ "cluster", NULL, "CLUSTER", "Its cluster.", VAL_TEXT, 14, true,
	  SQL(.sql = CLUSTER_OF_WORKLOAD) },
	{ "replicas", NULL, "WANT", "Pods wanted.", VAL_INT, 4, true,
	  SQL(.sql = "CASE WHEN w.replicas >= 0 THEN w.replicas END") },
	{ "containers", NULL, "RUN", "Containers that run.", VAL_INT, 4, true,
	  SQL(.sql = CONTAINERS_OF("workload", "s.id")) },
	{ "images", NULL, "IMAGES", "Images that it runs.", VAL_LIST, 28, false,
	  SQL(.sql = SQL_JOINED("name",
				"SELECT DISTINCT i.name FROM container d\n"
				"JOIN image i ON i.asset = d.image\n"
				"WHERE d.workload = s.id AND d.running = 1 ORDER BY i.name"),
	      .match = MATCH_NAME) },
	COUNTS("s.id", ALWAYS),
	{ "exposed", NULL, "EXPOSED", "Reachable from outside: no, exposed? (not known), exposed.",
	  VAL_TEXT, 8, true, SQL(.sql = SQL_EXPOSED("COALESCE(w.exposed, 0)")) },
	{ "alerts", NULL, "ALERT", "Alerts with steps to take.", VAL_INT, 5, true,
	  SQL(.sql = ALERTS_OF("workload", "s.id")) },
	{ "owner", "who", "OWNER", "Owner of the workload, else of its namespace.", VAL_TEXT, 8,
	  true,
	  SQL(.sql = "COALESCE(" SQL_OWNED("'workload ' || s.id") ",\n" SQL_OWNED(
		      "'namespace ' || s.parent") ", '')") },
};
static const struct list_order workload_order[] = { { "namespace", "namespace, cluster, name" } };
/* Of several namespaces by their names, which no index has beside those of what is in them. */
static const struct list_term workload_terms[] = {
	{ NAMESPACE_OF_WORKLOAD, "namespace", 0, 0 },
	{ CLUSTER_OF_WORKLOAD, "cluster", 0, 0 },
	{ "s.name", "name", 0, 0 },
};
static const struct list_sort workload_sorts[] = { { false, false, workload_terms, 3 } };
static const struct list_scope workload_scopes[] = {
	{ .kind = SCOPE_ALL, .where = "s.kind = 4" },
	{ .kind = SCOPE_WORKLOAD, .where = "s.kind = 4 AND s.id = #0" },
	{ .kind = SCOPE_NAMESPACE, .where = "s.kind = 4 AND s.parent = #0" },
	{ .kind = SCOPE_CLUSTER,
	  .where = "s.kind = 4 AND s.parent IN (SELECT y.id FROM asset y\n"
		   "WHERE y.id = #0 OR y.parent = #0 AND y.kind = 3)" },
	{ .kind = SCOPE_IMAGE,
	  .where = "s.kind = 4 AND s.id IN (SELECT d.workload FROM container d\n"
		   "WHERE d.image = #0 AND d.running = 1)" },
};
static const struct list_word workload_words[] = {
	{ "running", "containers>0" },
	{ "exposed", "!exposed:no" },
};
const struct list_def list_workloads = {
	.info = { .name = "workloads",
		  .title = "Workloads",
		  .col = workload_columns,
		  .ncol = LENGTH(workload_columns),
		  .order = workload_order,
		  .norder = 1,
		  .nkey = 2 },
	.alias = "s",
	.from = "asset s",
	.joins = "\nLEFT JOIN workload w ON w.asset = s.id\nLEFT JOIN asset u ON u.id = s.parent",
	.key = { "s.id", "s.parent" },
	.sort = workload_sorts,
	.scope = workload_scopes,
	.nscope = LENGTH(workload_scopes),
	.word = workload_words,
	.nword = LENGTH(workload_words),
};

/* ---- containers ---- */

static const struct column container_columns[] = {
	{ "id", NULL, "ID", "Number of the container in this store.", VAL_INT, 6, true,
	  SQL(.sql = "c.asset") },
	{ "name", "container", "CONTAINER", "Its name.", VAL_TEXT, 14, true, SQL(.sql = "c.name") },
	{ "pod", NULL, "POD", "Its pod.", VAL_TEXT, 26, true, SQL(.sql = "c.pod") },
	{ "container_id", "cid", "CONTAINER ID", "As the engine has it.", VAL_TEXT, 12, true,
	  SQL(.sql = "CASE WHEN c.id64 <> '' THEN c.id64 ELSE c.id12 END") },
	{ "image", NULL, "IMAGE", "What it runs.", VAL_TEXT, 28, true,
	  SQL(.sql = "COALESCE((SELECT i.name FROM image i WHERE i.asset = c.image), c.reference)",
	      .match = MATCH_NAME) },
	{ "cluster", NULL, "CLUSTER", "Where it runs.", VAL_TEXT, 14, true,
	  SQL(.sql = NAME_OF("c.cluster")) },
	{ "namespace", "ns", "NAMESPACE", "Its namespace.", VAL_TEXT, 16, true,
	  SQL(.sql = NAME_OF("c.namespace")) },
	{ "workload", NULL, "WORKLOAD", "What made it.", VAL_TEXT, 24, true,
	  SQL(.sql = NAME_OF("c.workload")) },
	{ "node", NULL, "NODE", "Its node.", VAL_TEXT, 18, true, SQL(.sql = NAME_OF("c.node")) },
	{ "running", "run", "RUN", "In the newest inventory of its place.", VAL_FLAG, 3, true,
	  SQL(.sql = "c.running") },
	{ "host_port", NULL, "PORT", "Reachable on the node's own address.", VAL_FLAG, 4, true,
	  SQL(.sql = "c.host_port") },
	{ "findings.critical", "c", "C", "Open critical findings of its image.", VAL_INT, 4, true,
	  SQL(.sql = "COALESCE((SELECT i.critical FROM image i WHERE i.asset = c.image), 0)") },
	{ "findings.high", "h", "H", "Open high findings of its image.", VAL_INT, 4, true,
	  SQL(.sql = "COALESCE((SELECT i.high FROM image i WHERE i.asset = c.image), 0)") },
	{ "alerts", NULL, "ALERT", "Alerts of it, closed ones too.", VAL_INT, 5, true,
	  SQL(.sql = "(SELECT count(*) FROM alert t WHERE t.asset = c.asset)") },
	{ "first", NULL, "FIRST", "When it was first heard of.", VAL_TIME, 5, true,
	  SQL(.sql = "c.first_at") },
	{ "last", NULL, "LAST", "When it was last heard of.", VAL_TIME, 5, true,
	  SQL(.sql = "c.last_at") },
};
static const struct list_order container_order[] = { { "cluster", "cluster, id" } };
static const struct list_term container_terms[] = { { "c.cluster", NULL, 1, 0 } };
static const struct list_sort container_sorts[] = { { true, false, container_terms, 1 } };
static const struct list_hide container_hides[] = { { "running", "c.running = 1", NULL } };
static const struct list_scope container_scopes[] = {
	{ .kind = SCOPE_ALL },
	{ .kind = SCOPE_CONTAINER, .where = "c.asset = #0" },
	{ .kind = SCOPE_IMAGE, .where = "c.image = #0" },
	{ .kind = SCOPE_CLUSTER, .where = "c.cluster = #0" },
	{ .kind = SCOPE_NODE, .where = "c.node = #0" },
	{ .kind = SCOPE_NAMESPACE, .where = "c.namespace = #0" },
	{ .kind = SCOPE_WORKLOAD, .where = "c.workload = #0" },
};
const struct list_def list_containers = {
	.info = { .name = "containers",
		  .title = "Containers",
		  .col = container_columns,
		  .ncol = LENGTH(container_columns),
		  .order = container_order,
		  .norder = 1,
		  .nkey = 2 },
	.alias = "c",
	.from = "container c",
	.joins = "",
	.key = { "c.asset", "c.cluster" },
	.sort = container_sorts,
	.scope = container_scopes,
	.nscope = LENGTH(container_scopes),
	.hide = container_hides,
	.nhide = LENGTH(container_hides),
};
