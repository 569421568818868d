/* SPDX-License-Identifier: MIT */
/* list_runtime.c - what happened: alerts and events. */
#include "store/event_pack.h"
#include "store/list.h"
#include "store/list_parts.h"

#define NAME_OF(id) "COALESCE((SELECT y.name FROM asset y WHERE y.id = " id "), '')"
/* A container's row `c` tells where it ran; an event of a host or a workload has none. */
#define PARENT_OF(id) "(SELECT p.parent FROM asset p WHERE p.id = " id ")"
#define CLUSTER                                                                                    \
	"COALESCE((SELECT y.name FROM asset y WHERE y.kind = 2\n"                                  \
	"AND y.id IN (c.cluster, s.id, s.parent, " PARENT_OF("s.parent") ")), '')"
#define NAMESPACE                                                                                  \
	"COALESCE((SELECT y.name FROM asset y WHERE y.kind = 3\n"                                  \
	"AND y.id IN (c.namespace, s.id, s.parent)), '')"
#define NODE                                                                                       \
	"COALESCE((SELECT y.name FROM asset y WHERE y.kind = 1 AND y.id IN (c.node, s.id)), '')"
#define IMAGE "COALESCE((SELECT i.name FROM image i WHERE i.asset = c.image), c.reference, '')"
#define BELOW_CLUSTER(asset)                                                                       \
	asset " IN (SELECT d.asset FROM container d WHERE d.cluster = #0\n"                        \
	      "UNION SELECT y.id FROM asset y WHERE y.id = #0 OR y.parent = #0\n"          \
	      "UNION SELECT w.id FROM asset y JOIN asset w ON w.parent = y.id\n"           \
	      "WHERE y.parent = #0)"
#define BELOW_NODE(asset)                                                                          \
	asset " IN (SELECT d.asset FROM container d WHERE d.node = #0 UNION SELECT #0)"
#define BELOW_NAMESPACE(asset)                                                                     \
	asset " IN (SELECT d.asset FROM container d WHERE d.namespace = #0 UNION SELECT #0\n"      \
	      "UNION SELECT y.id FROM asset y WHERE y.parent = #0)"
#define BELOW_WORKLOAD(asset)                                                                      \
	asset " IN (SELECT d.asset FROM container d WHERE d.workload = #0 UNION SELECT #0)"
#define OF_IMAGE(asset)                                                                            \
	asset " IN (SELECT d.asset FROM container d WHERE d.image = #0 UNION SELECT #0)"

/* ---- alerts ---- */

#define IN_RULE "t.rule IN (SELECT a.id FROM advisory a WHERE "
/* clang-format off */
#define ALERT_OWNER \
	"COALESCE(" SQL_OWNED("'alert ' || t.id") ",\n" \
	SQL_OWNED("'workload ' || c.workload") ",\n" \
	SQL_OWNED("'namespace ' || c.namespace") ",\n" SQL_OWNED("'cluster ' || c.cluster") ", '')"
/* clang-format on */

static const struct column alert_columns[] = {
	{ "id", NULL, "ID", "Number of the alert in this store.", VAL_INT, 5, true,
	  SQL(.sql = "t.id") },
	{ "clock.next", "next", "NEXT", "The step that is due next.", VAL_TEXT, 7, true,
	  SQL(.sql = "CASE WHEN t.next_due = 9223372036854775807 THEN ''\n"
		     "WHEN t.state < 1 AND t.ack_due = t.next_due THEN 'ack'\n"
		     "WHEN t.state < 2 AND t.contain_due = t.next_due THEN 'contain'\n"
		     "WHEN t.state < 3 AND t.close_due = t.next_due THEN 'close'\n"
		     "ELSE 'report' END") },
	{ "clock.next_due", "due", "LEFT", "When it is due.", VAL_DUE, 6, true,
	  SQL(.sql = "t.next_due") },
	{ "rule", NULL, "RULE", "What was detected.", VAL_TEXT, 30, true,
	  SQL(.sql = "COALESCE(a.name, '')", .in = IN_RULE, .test = "a.name",
	      .match = MATCH_PROSE) },
	{ "priority", "prio", "PRIO", "The worst of its events.", VAL_PRIORITY, 5, true,
	  SQL(.sql = "t.priority") },
	{ "container", NULL, "CONTAINER", "Where; a host by its name.", VAL_TEXT, 14, true,
	  SQL(.sql = "COALESCE(c.name, s.name, '')") },
	{ "pod", NULL, "POD", "Its pod.", VAL_TEXT, 24, true, SQL(.sql = "COALESCE(c.pod, '')") },
	{ "image", NULL, "IMAGE", "What the container runs.", VAL_TEXT, 26, true,
	  SQL(.sql = IMAGE, .match = MATCH_NAME) },
	{ "cluster", NULL, "CLUSTER", "Its cluster.", VAL_TEXT, 9, true, SQL(.sql = CLUSTER) },
	{ "namespace", "ns", "NAMESPACE", "Its namespace.", VAL_TEXT, 14, true,
	  SQL(.sql = NAMESPACE) },
	{ "workload", NULL, "WORKLOAD", "What made the container.", VAL_TEXT, 24, true,
	  SQL(.sql = NAME_OF("c.workload")) },
	{ "node", NULL, "NODE", "Its node.", VAL_TEXT, 18, true, SQL(.sql = NODE) },
	{ "first", "age", "FIRST", "Its first event; the clock starts here.", VAL_TIME, 6, true,
	  SQL(.sql = "t.first_ns / 1000000000") },
	{ "last", NULL, "LAST", "Its newest event.", VAL_TIME, 6, true,
	  SQL(.sql = "t.last_ns / 1000000000") },
	{ "count", "n", "N", "Its events.", VAL_INT, 5, true, SQL(.sql = "t.events") },
	{ "state", "is", "IS", "How far the response is.", VAL_ALERT_STATE, 6, true,
	  SQL(.sql = "t.state") },
	{ "clock.ack_due", NULL, "ACK DUE", "To be acknowledged by then.", VAL_DUE, 7, true,
	  SQL(.sql = "t.ack_due") },
	{ "clock.contain_due", NULL, "CONTAIN DUE", "To be contained by then.", VAL_DUE, 11, true,
	  SQL(.sql = "t.contain_due") },
	{ "clock.close_due", NULL, "CLOSE DUE", "To be closed by then.", VAL_DUE, 9, true,
	  SQL(.sql = "t.close_due") },
	{ "clock.report_due", NULL, "REPORT DUE", "To be reported by then.", VAL_DUE, 10, true,
	  SQL(.sql = "t.report_due") },
	{ "reported", NULL, "REPORTED", "Whoever has to know was told, or need not be.", VAL_TIME,
	  8, true, SQL(.sql = "t.reported") },
	{ "clock.late", "late", "LATE", "The next step is past its time.", VAL_FLAG, 4, true,
	  SQL(.sql = "CASE WHEN t.next_due < store_now() THEN 1 ELSE 0 END") },
	{ "muted", NULL, "MUTED", "Its rule is muted there: nobody is called for it.", VAL_FLAG, 5,
	  true, SQL(.sql = SQL_ALERT_MUTED("t")) },
	{ "source", "by", "BY", "Who detected it.", VAL_TEXT, 8, true,
	  SQL(.sql = "COALESCE((SELECT o.word FROM source o WHERE o.id = a.source), '')") },
	{ "owner", "who", "OWNER", "Owner of the alert, else of where it is.", VAL_TEXT, 8, true,
	  SQL(.sql = ALERT_OWNER, .guard = SQL_OWNER_GUARD, .guarded = "o.name") },
};
static const struct list_order alert_orders[] = { { "due", "due, priority" }, { "newest", "id" } };
static const struct list_term alert_terms[] = {
	{ "t.next_due", "clock.next_due", 0, 0 },
	{ "t.priority", "priority", 0, 0 },
};
static const struct list_sort alert_sorts[] = {
	{ true, false, alert_terms, LENGTH(alert_terms) },
	{ true, true, NULL, 0 },
};
static const struct list_hide alert_hides[] = {
	{ "state", SQL_ALERT_STANDS("t"), NULL },
	{ "muted", "NOT " SQL_ALERT_MUTED("t"), NULL },
};
/* Whoever asks for a rule's alerts gets them all, as its controls count them. */
#define ALL_OF_THEM .hide = alert_hides, .nhide = 0
static const struct list_scope alert_scopes[] = {
	{ .kind = SCOPE_ALL },
	{ .kind = SCOPE_ALERT, .where = "t.id = #0" },
	{ .kind = SCOPE_CLUSTER, .wide = true, .where = BELOW_CLUSTER("t.asset") },
	{ .kind = SCOPE_NODE, .wide = true, .where = BELOW_NODE("t.asset") },
	{ .kind = SCOPE_NAMESPACE, .wide = true, .where = BELOW_NAMESPACE("t.asset") },
	{ .kind = SCOPE_WORKLOAD, .where = BELOW_WORKLOAD("t.asset") },
	{ .kind = SCOPE_IMAGE, .where = OF_IMAGE("t.asset") },
	{ .kind = SCOPE_CONTAINER, .where = "t.asset = #0" },
	{ .kind = SCOPE_PROBLEM, .where = "t.rule = #0", ALL_OF_THEM },
	{ .kind = SCOPE_CLASS,
	  .where = "t.rule IN (SELECT a.id FROM advisory a WHERE a.class = #0)" },
	{ .kind = SCOPE_CONTROL, .where = "t.rule IN " SQL_RULES_OF_CONTROL },
	{ .kind = SCOPE_ITEM,
	  .where = "t.rule IN (SELECT a.id FROM item_class m JOIN advisory a ON a.class = m.class\n"
		   "WHERE m.item = #0)" },
};
static const struct list_word alert_words[] = {
	{ "open", "!state:closed" },
};
const struct list_def list_alerts = {
	.info = { .name = "alerts",
		  .title = "Alerts",
		  .col = alert_columns,
		  .ncol = LENGTH(alert_columns),
		  .order = alert_orders,
		  .norder = LENGTH(alert_orders),
		  .nkey = 1 },
	.alias = "t",
	.from = "alert t",
	.joins = "\nLEFT JOIN advisory a ON a.id = t.rule\n"
		 "LEFT JOIN asset s ON s.id = t.asset\n"
		 "LEFT JOIN container c ON c.asset = t.asset",
	.key = { "t.id" },
	.sort = alert_sorts,
	.scope = alert_scopes,
	.nscope = LENGTH(alert_scopes),
	.hide = alert_hides,
	.nhide = LENGTH(alert_hides),
	.word = alert_words,
	.nword = LENGTH(alert_words),
};

/* ---- events ---- */

#define EVENT_KIND                                                                                 \
	"CASE e.kind WHEN 0 THEN 'alert' WHEN 1 THEN 'admission' WHEN 2 THEN 'lifecycle'\n"        \
	"WHEN 3 THEN 'audit' WHEN 4 THEN 'process' WHEN 5 THEN 'network' ELSE 'health' END"
/* A container is known by its pod, where it has one: its own name is the runtime's id. */
#define EVENT_WHERE "COALESCE(i.name, CASE WHEN c.pod <> '' THEN c.pod END, s.name)"
#define FIELD(name) "field_of(" SQL_EVENT_FIELDS("e") ", '" name "')"

static const struct column event_columns[] = {
	{ "id", NULL, "ID", "Number of the event in this store.", VAL_INT, 8, true,
	  SQL(.sql = "e.id") },
	{ "at", "age", "TIME", "When it happened.", VAL_TIME, 9, true,
	  SQL(.sql = "e.ts_ns / 1000000000") },
	{ "kind", NULL, "WHAT", "alert, admission, lifecycle, audit, process, network or health.",
	  VAL_TEXT, 9, true, SQL(.sql = EVENT_KIND) },
	{ "source", "by", "SOURCE", "Who tells of it.", VAL_TEXT, 8, true,
	  SQL(.sql = "COALESCE(o.word, '')", .in = "e.source IN (SELECT o.id FROM source o WHERE ",
	      .test = "o.word") },
	{ "rule", NULL, "RULE", "What was detected.", VAL_TEXT, 28, true,
	  SQL(.sql = "COALESCE(a.name, '')", .in = "e.rule IN (SELECT a.id FROM advisory a WHERE ",
	      .test = "a.name", .match = MATCH_PROSE) },
	{ "priority", "prio", "PRIO", "How urgent its source calls it.", VAL_PRIORITY, 5, true,
	  SQL(.sql = "e.priority") },
	{ "action", NULL, "ACTION", "detected, denied, blocked, created, ...", VAL_TEXT, 9, true,
	  SQL(.sql = "COALESCE(w.body, '')", .in = "e.action IN (SELECT w.id FROM word w WHERE ",
	      .test = "w.body") },
	{ "asset", "where", "WHERE", "What it happened to.", VAL_TEXT, 26, true,
	  SQL(.sql = "COALESCE(" EVENT_WHERE ", '')",
	      .in = "e.asset IN (SELECT s.id FROM asset s LEFT JOIN image i ON i.asset = s.id "
		    "LEFT JOIN container c ON c.asset = s.id WHERE ",
	      .test = EVENT_WHERE, .match = MATCH_NAME) },
	{ "cluster", NULL, "CLUSTER", "Its cluster.", VAL_TEXT, 9, true, SQL(.sql = CLUSTER) },
	{ "namespace", "ns", "NAMESPACE", "Its namespace.", VAL_TEXT, 14, true,
	  SQL(.sql = NAMESPACE) },
	{ "pod", NULL, "POD", "Its pod.", VAL_TEXT, 24, true, SQL(.sql = "COALESCE(c.pod, '')") },
	{ "container", NULL, "CONTAINER", "Its container.", VAL_TEXT, 14, true,
	  SQL(.sql = "COALESCE(c.name, '')") },
	{ "image", NULL, "IMAGE", "What the container runs.", VAL_TEXT, 26, true,
	  SQL(.sql = IMAGE, .match = MATCH_NAME) },
	{ "user", NULL, "USER", "Who did it.", VAL_TEXT, 14, true, SQL(.sql = FIELD("user")) },
	{ "process", NULL, "PROCESS", "The process that did it.", VAL_TEXT, 16, true,
	  SQL(.sql = FIELD("process")) },
	{ "message", NULL, "MESSAGE", "What its source says.", VAL_TEXT, 60, false,
	  SQL(.sql = FIELD("message"), .match = MATCH_PROSE) },
	{ "alert", NULL, "ALERT", "The alert it belongs to.", VAL_INT, 5, true,
	  SQL(.sql = "e.alert") },
};
static const struct list_order event_orders[] = { { "newest", "at, id" } };
static const struct list_term event_terms[] = { { "e.ts_ns", NULL, 1, 0 } };
static const struct list_sort event_sorts[] = { { true, true, event_terms, 1 } };
#define IN_ORDER "e.asset > 0 AND "
#define OF_ALERT "e.asset = (SELECT t.asset FROM alert t WHERE t.id = #0) AND e.alert = #0"
static const struct list_scope event_scopes[] = {
	{ .kind = SCOPE_ALL },
	{ .kind = SCOPE_ALERT, .where = IN_ORDER OF_ALERT },
	{ .kind = SCOPE_CONTAINER, .where = IN_ORDER "e.asset = #0" },
	{ .kind = SCOPE_CLUSTER, .wide = true, .where = IN_ORDER BELOW_CLUSTER("e.asset") },
	{ .kind = SCOPE_NODE, .wide = true, .where = IN_ORDER BELOW_NODE("e.asset") },
	{ .kind = SCOPE_NAMESPACE, .wide = true, .where = IN_ORDER BELOW_NAMESPACE("e.asset") },
	{ .kind = SCOPE_WORKLOAD, .wide = true, .where = IN_ORDER BELOW_WORKLOAD("e.asset") },
	{ .kind = SCOPE_IMAGE, .wide = true, .where = IN_ORDER OF_IMAGE("e.asset") },
	{ .kind = SCOPE_SOURCE, .wide = true, .where = "e.source = #0" },
	{ .kind = SCOPE_PROBLEM, .wide = true, .where = "e.rule = #0" },
};
static const struct list_word event_words[] = {
	{ "denied", "action:den* or action:block*" },
};
const struct list_def list_events = {
	.info = { .name = "events",
		  .title = "Events",
		  .col = event_columns,
		  .ncol = LENGTH(event_columns),
		  .order = event_orders,
		  .norder = 1,
		  .nkey = 2 },
	.alias = "e",
	.from = "event e",
	.joins = "\nLEFT JOIN source o ON o.id = e.source\n"
		 "LEFT JOIN advisory a ON a.id = e.rule\n"
		 "LEFT JOIN word w ON w.id = e.action\n"
		 "LEFT JOIN asset s ON s.id = e.asset\n"
		 "LEFT JOIN image i ON i.asset = e.asset\n"
		 "LEFT JOIN container c ON c.asset = e.asset",
	.key = { "e.id", "e.ts_ns" },
	.sort = event_sorts,
	.scope = event_scopes,
	.nscope = LENGTH(event_scopes),
	.word = event_words,
	.nword = LENGTH(event_words),
};
