/* SPDX-License-Identifier: MIT */
/* list_checks.c - check results: the newest verdict of each source, rule, asset and place. */
#include "store/list.h"
#include "store/list_parts.h"

#define IN_NAMES    "c.advisory IN (SELECT n.advisory FROM " SQL_ADVISORY_NAMES " WHERE "
#define IN_ADVISORY "c.advisory IN (SELECT a.id FROM advisory a WHERE "
#define IN_ASSET                                                                                   \
	"c.asset IN (SELECT s.id FROM asset s\n"                                                   \
	"LEFT JOIN image i ON i.asset = s.id WHERE "
#define TEXT_OF(id) "COALESCE((SELECT y.body FROM text y WHERE y.id = " id "), '')"
/* The cluster an asset belongs to, through at most two others. */
#define CLUSTER                                                                                    \
	"COALESCE((SELECT y.name FROM asset y WHERE y.kind = 2 AND y.id IN (s.id, s.parent,\n"     \
	"(SELECT u.parent FROM asset u WHERE u.id = s.parent))), '')"

/* Those that an image runs in, of all others the one: an item is found by its own name. */
#define CLUSTERS                                                                                   \
	"CASE WHEN s.kind = 0 THEN " SQL_JOINED("name",                                            \
		"SELECT DISTINCT y.name FROM container k JOIN asset y ON y.id = k.cluster\n"       \
		"WHERE k.image = s.id AND k.running = 1 ORDER BY y.name") " ELSE " CLUSTER " END"
#define IN_CLUSTERS                                                                                \
	"c.asset IN (SELECT z.asset FROM (\n"                                                      \
	"SELECT s.id AS asset, " CLUSTER " AS name FROM asset s WHERE s.kind <> 0\n"               \
	"UNION ALL SELECT k.image, y.name FROM container k JOIN asset y ON y.id = k.cluster\n"     \
	"WHERE k.running = 1\n"                                                                    \
	"UNION ALL SELECT i.asset, '' FROM image i WHERE i.running = 0) z WHERE "

static const struct column columns[] = {
	{ "tool", "source", "TOOL", "Who checked.", VAL_TEXT, 12, true,
	  SQL(.sql = "COALESCE(o.word, '')", .in = "c.source IN (SELECT o.id FROM source o WHERE ",
	      .test = "o.word") },
	{ "benchmark", NULL, "BENCHMARK", "The benchmark that the rule is of.", VAL_TEXT, 12, true,
	  SQL(.sql = "COALESCE(a.benchmark, '')", .in = IN_ADVISORY, .test = "a.benchmark") },
	{ "id", "rule", "RULE", "The rule.", VAL_TEXT, 12, true,
	  SQL(.sql = "COALESCE(a.name, '')", .in = IN_NAMES, .test = "n.name") },
	{ "title", NULL, "TITLE", "What it asks for.", VAL_TEXT, 40, true,
	  SQL(.sql = "COALESCE(a.title, '')", .in = IN_ADVISORY, .test = "a.title",
	      .match = MATCH_PROSE) },
	{ "status", "is", "IS", "pass, fail, warn, info, manual or skip.", VAL_VERDICT, 6, true,
	  SQL(.sql = "c.verdict") },
	{ "word", NULL, "WORD", "The tool's own word for it.", VAL_TEXT, 8, true,
	  SQL(.sql = "COALESCE((SELECT w.body FROM word w WHERE w.id = c.word), '')") },
	{ "severity", "sev", "S", "Severity of the rule.", VAL_SEVERITY, 1, true,
	  SQL(.sql = "COALESCE(a.severity, 5)", .in = IN_ADVISORY, .test = "a.severity") },
	{ "asset", "image", "WHERE", "What was checked.", VAL_TEXT, 26, true,
	  SQL(.sql = SQL_ASSET_NAME, .in = IN_ASSET, .test = SQL_ASSET_NAME, .match = MATCH_NAME) },
	{ "asset_kind", NULL, "KIND",
	  "image, host, cluster, namespace, workload, container or tree.", VAL_TEXT, 9, true,
	  SQL(.sql = SQL_ASSET_KIND("s.kind"), .in = IN_ASSET, .test = SQL_ASSET_KIND("s.kind")) },
	{ "cluster", NULL, "CLUSTER", "Its cluster, or those that run it.", VAL_LIST,
	  14, false, SQL(.sql = CLUSTERS, .in = IN_CLUSTERS, .test = "z.name") },
	{ "place", NULL, "PLACE", "Resource or file.", VAL_TEXT, 24, true,
	  SQL(.sql = "COALESCE(q.version, '')", .in = "c.part IN (SELECT q.id FROM part q WHERE ",
	      .test = "q.version") },
	{ "message", NULL, "MESSAGE", "What the tool said of it here.", VAL_TEXT, 40, false,
	  SQL(.sql = TEXT_OF("c.message"), .match = MATCH_PROSE) },
	{ "class", NULL, "CLASS", "Finding class of the rule.", VAL_TEXT, 16, true,
	  SQL(.sql = "COALESCE(cl.name, '')",
	      .in = "c.advisory IN (SELECT a.id FROM advisory a JOIN class cl ON cl.id = a.class "
		    "WHERE ",
	      .test = "cl.name") },
	{ "since", "age", "SINCE", "The verdict is so since then.", VAL_TIME, 5, true,
	  SQL(.sql = "c.since") },
	{ "at", "seen", "SEEN", "Newest scan that said so.", VAL_TIME, 5, true,
	  SQL(.sql = "c.at") },
	{ "gone", NULL, "GONE", "A newer complete scan no longer has it.", VAL_FLAG, 4, true,
	  SQL(.sql = "CASE WHEN c.gone > 0 THEN 1 ELSE 0 END") },
};
static const struct list_order orders[] = {
	{ "rule", "rule, status" },
	{ "severity", "severity, status" },
};
static const struct list_term by_rule[] = {
	{ "c.advisory", NULL, 1, 0 },
	{ "c.verdict", "status", 0, 0 },
};
static const struct list_term by_severity[] = {
	{ "COALESCE(a.severity, 5)", "severity", 0, 0 },
	{ "c.verdict", "status", 0, 0 },
};
static const struct list_sort sorts[] = {
	{ true, false, by_rule, LENGTH(by_rule) },
	{ false, false, by_severity, LENGTH(by_severity) },
};
static const struct list_hide hides[] = { { "gone", "c.gone = 0", NULL } };
static const struct list_scope scopes[] = {
	{ .kind = SCOPE_ALL },
	{ .kind = SCOPE_IMAGE, .where = "c.asset = #0" },
	{ .kind = SCOPE_NODE, .where = "c.asset = #0" },
	/* places: with the images that run there, as tallies count them */
	{ .kind = SCOPE_WORKLOAD,
	  .where = "c.asset IN (SELECT d.image FROM container d\n"
		   "WHERE d.workload = #0 AND d.running = 1 UNION SELECT #0)" },
	{ .kind = SCOPE_NAMESPACE,
	  .where = "c.asset IN (SELECT d.image FROM container d\n"
		   "WHERE d.namespace = #0 AND d.running = 1\n"
		   "UNION SELECT s.id FROM asset s WHERE s.id = #0 OR s.parent = #0)" },
	{ .kind = SCOPE_CLUSTER,
	  .where = "c.asset IN (SELECT d.image FROM container d\n"
		   "WHERE d.cluster = #0 AND d.running = 1\n"
		   "UNION SELECT s.id FROM asset s WHERE s.id = #0 OR s.parent = #0\n"
		   "UNION SELECT w.id FROM asset s JOIN asset w ON w.parent = s.id\n"
		   "WHERE s.parent = #0)" },
	{ .kind = SCOPE_PROBLEM, .where = "c.advisory = #0" },
	{ .kind = SCOPE_SOURCE, .wide = true, .where = "c.source = #0" },
	{ .kind = SCOPE_CLASS,
	  .where = "c.advisory IN (SELECT a.id FROM advisory a WHERE a.class = #0)" },
	{ .kind = SCOPE_CONTROL, .where = "c.advisory IN " SQL_RULES_OF_CONTROL },
	{ .kind = SCOPE_ITEM,
	  .where = "c.advisory IN (SELECT a.id FROM item_class m\n"
		   "JOIN advisory a ON a.class = m.class WHERE m.item = #0)" },
};

const struct list_def list_checks = {
	.info = { .name = "checks",
		  .title = "Checks",
		  .col = columns,
		  .ncol = LENGTH(columns),
		  .order = orders,
		  .norder = LENGTH(orders),
		  .nkey = 4 },
	.alias = "c",
	.from = "check_result c",
	.joins = "\nLEFT JOIN advisory a ON a.id = c.advisory\n"
		 "LEFT JOIN class cl ON cl.id = a.class\n"
		 "LEFT JOIN source o ON o.id = c.source\n"
		 "LEFT JOIN part q ON q.id = c.part\n"
		 "LEFT JOIN asset s ON s.id = c.asset\n"
		 "LEFT JOIN image i ON i.asset = c.asset",
	.key = { "c.asset", "c.advisory", "c.part", "c.source" },
	.sort = sorts,
	.scope = scopes,
	.nscope = LENGTH(scopes),
	.hide = hides,
	.nhide = LENGTH(hides),
};
