/* SPDX-License-Identifier: MIT */
/*
 * list_findings.c - one row a finding.
 *
 * Unless the filter speaks of the state, the estate shows what is open, and one thing (an image, a
 * problem) everything but what is resolved.
 */
#include "store/judged.h"
#include "store/list.h"
#include "store/list_parts.h"
#include "store/risk.h"

#define IN_NAMES    "f.advisory IN (SELECT n.advisory FROM " SQL_ADVISORY_NAMES " WHERE "
#define IN_ADVISORY "f.advisory IN (SELECT a.id FROM advisory a WHERE "
#define IN_PART                                                                                    \
	"f.part IN (SELECT q.id FROM part q JOIN package k ON k.id = q.package\n"                  \
	"WHERE k.type <> '@scope' AND "
#define IN_PLACE                                                                                   \
	"f.part IN (SELECT q.id FROM part q JOIN package k ON k.id = q.package\n"                  \
	"WHERE k.type = '@scope' AND "
#define IN_ASSET                                                                                   \
	"f.asset IN (SELECT s.id FROM asset s\n"                                                   \
	"LEFT JOIN image i ON i.asset = s.id WHERE "
#define IN_DIGEST	 "f.asset IN (SELECT x.image FROM digest x WHERE "
#define OF_IMAGE(column) "COALESCE((SELECT i." column " FROM image i WHERE i.asset = f.asset), 0)"
#define PACKAGE(column)	 "CASE WHEN k.type = '@scope' THEN '' ELSE " column " END"
/* Maven's group is a part of the name, here and there. */
#define PURL                                                                                       \
	"'pkg:' || k.type || '/' || CASE WHEN k.type = 'maven' THEN replace(k.name, ':', '/')\n"   \
	"ELSE k.name END || '@' || q.version"
#define SIGHTINGS SQL_SIGHTINGS("f.asset", "f.advisory", "f.part")
#define SOURCES                                                                                    \
	SQL_JOINED("word", "SELECT o.word FROM " SIGHTINGS " g JOIN source o ON o.id = g.source\n" \
			   "WHERE g.until = 0 ORDER BY o.word")
#define LOCATIONS                                                                                  \
	SQL_JOINED("body", SQL_LOCATIONS("f.asset", "f.part") " LIMIT 20")
#define LAYER                                                                                      \
	"COALESCE((SELECT x.body FROM location l JOIN text x ON x.id = l.layer\n"                 \
	"WHERE l.asset = f.asset AND l.part = f.part ORDER BY x.body LIMIT 1), '')"
#define CLASSES                                                                                    \
	"COALESCE(cl.name, CASE a.kind WHEN 0 THEN CASE f.severity WHEN 0 THEN 'vuln-critical'\n"  \
	"WHEN 1 THEN 'vuln-high' WHEN 2 THEN 'vuln-medium' WHEN 5 THEN 'vuln-medium'\n"            \
	"ELSE 'vuln-low' END || CASE a.kev WHEN 1 THEN ', vuln-kev' ELSE '' END ELSE '' END, '')"
#define LAST_SEEN                                                                                  \
	"COALESCE((SELECT max(CASE WHEN g.until > 0 THEN g.until ELSE (SELECT max(c.at)\n"         \
	"FROM cover c WHERE c.asset = f.asset AND c.source = g.source AND c.kind = a.kind) END)\n" \
	"FROM " SIGHTINGS " g), f.since)"
/* What is open may be so at another severity, or wait for its vendor. */
#define STATE                                                                                      \
	"CASE f.state WHEN 0 THEN COALESCE((SELECT d.state FROM decided d\n"                       \
	"WHERE d.asset = f.asset AND d.advisory = f.advisory AND d.part = f.part), 0)\n"           \
	"ELSE f.state END"
#define RISK "COALESCE(" SQL_RISK(SQL_FIXED_IN) ", 0)"
/* clang-format off */
#define OWNER \
	"COALESCE(" SQL_OWNED("'finding ' || f.asset || '-' || f.advisory || '-' || f.part") ",\n" \
	SQL_OWNED("'image ' || f.asset") ",\n" \
	SQL_OWNED("'repository ' || (SELECT i.repository FROM image i WHERE i.asset = f.asset)") \
	", '')"
/* clang-format on */

static const struct column columns[] = {
	{ "id", NULL, "ID", "Numbers of the asset, the advisory and the part.", VAL_TEXT, 12, false,
	  SQL(.sql = "f.asset || '-' || f.advisory || '-' || f.part", .quiet = true) },
	{ "kind", NULL, "KIND", "vulnerability, misconfiguration, secret, licence, lint or policy.",
	  VAL_TEXT, 13, true,
	  SQL(.quiet = true, .sql = SQL_FINDING_KIND("a.kind"), .in = IN_ADVISORY,
	      .test = SQL_FINDING_KIND("a.kind")) },
	{ "severity", "sev", "S", "The worst that a tool says of it now.", VAL_SEVERITY, 1, true,
	  SQL(.sql = "f.severity") },
	{ "state", "is", "IS", "What became of it.", VAL_STATE, 6, true, SQL(.sql = STATE) },
	{ "advisory", "cve", "FINDING", "The vulnerability or the rule.", VAL_TEXT, 16, true,
	  SQL(.sql = "COALESCE(a.name, '')", .in = IN_NAMES, .test = "n.name") },
	{ "aliases", NULL, "ALIASES", "Other ids of the same vulnerability.", VAL_LIST, 20, false,
	  SQL(.sql = SQL_ALIASES("f.advisory"), .in = IN_NAMES, .test = "n.name") },
	{ "title", NULL, "TITLE", "What it is.", VAL_TEXT, 30, true,
	  SQL(.sql = "COALESCE(a.title, '')", .in = IN_ADVISORY, .test = "a.title",
	      .match = MATCH_PROSE) },
	{ "asset.kind", NULL, "ASSET",
	  "image, host, cluster, namespace, workload, container or tree.", VAL_TEXT, 9, true,
	  SQL(.quiet = true, .sql = SQL_ASSET_KIND("s.kind"), .in = IN_ASSET,
	      .test = SQL_ASSET_KIND("s.kind")) },
	{ "asset.name", "image", "WHERE", "The asset that has it.", VAL_TEXT, 28, true,
	  SQL(.sql = SQL_ASSET_NAME, .in = IN_ASSET, .test = SQL_ASSET_NAME, .match = MATCH_NAME) },
	{ "asset.digest", "digest", "DIGEST", "Digest of the image.", VAL_TEXT, 19, false,
	  SQL(.sql = "COALESCE((SELECT x.value FROM digest x WHERE x.image = f.asset\n"
		     "ORDER BY CASE x.kind WHEN 1 THEN 0 ELSE 1 END, x.kind, x.value LIMIT 1), '')",
	      .in = IN_DIGEST, .test = "x.value") },
	{ "package.type", "type", "TYPE", "Kind of package.", VAL_TEXT, 6, true,
	  SQL(.sql = PACKAGE("k.type"), .in = IN_PART, .test = "k.type") },
	{ "package.name", "pkg", "PACKAGE", "The package that has it.", VAL_TEXT, 16, true,
	  SQL(.sql = PACKAGE("k.name"), .in = IN_PART, .test = "k.name") },
	{ "package.version", "version", "HAVE", "Its version.", VAL_TEXT, 16, true,
	  SQL(.sql = PACKAGE("q.version"), .in = IN_PART, .test = "q.version") },
	{ "package.purl", "purl", "PURL", "The package as a URL.", VAL_TEXT, 30, false,
	  SQL(.quiet = true,
	      .sql = PACKAGE(PURL), .in = IN_PART, .test = PURL) },
	{ "place", NULL, "PLACE", "Resource or file, of what is no vulnerability.", VAL_TEXT, 20,
	  true,
	  SQL(.sql = "CASE WHEN k.type = '@scope' THEN q.version ELSE '' END", .in = IN_PLACE,
	      .test = "q.version") },
	{ "fixed_in", "fixed", "FIXED IN", "First version with the fix.", VAL_TEXT, 16, true,
	  SQL(.sql = SQL_FIXED_IN, .guard = "EXISTS (SELECT 1 FROM affects x WHERE ",
	      .guarded = "x.fixed_in") },
	{ "locations", "path", "LOCATIONS", "Paths it was seen at, the first 20.", VAL_LIST, 24,
	  false, SQL(.sql = LOCATIONS, .quiet = true) },
	{ "layer", NULL, "LAYER", "Layer of the image that brought it.", VAL_TEXT, 19, false,
	  SQL(.sql = LAYER, .quiet = true) },
	{ "sources", "by", "BY", "Tools that see it.", VAL_LIST, 5, false,
	  SQL(.sql = SOURCES, .match = MATCH_LETTERS, .quiet = true) },
	{ "first_seen", "age", "AGE", "Earliest scan that showed it.", VAL_TIME, 5, true,
	  SQL(.sql = "f.since") },
	{ "last_seen", "seen", "SEEN", "Newest scan that showed it.", VAL_TIME, 5, false,
	  SQL(.sql = LAST_SEEN) },
	{ "due", NULL, "DUE", "When it must be fixed.", VAL_DUE, 5, true, SQL(.sql = "f.due") },
	{ "overdue", NULL, "LATE", "Open past its due time.", VAL_FLAG, 4, true,
	  SQL(.sql = "CASE WHEN f.state = 0 AND f.due < " SQL_TODAY " THEN 1 ELSE 0 END") },
	{ "owner", "who", "OWNER", "The nearest owner: of the finding, its image, its repository.",
	  VAL_TEXT, 8, true, SQL(.sql = OWNER, .guard = SQL_OWNER_GUARD, .guarded = "o.name") },
	{ "kev", NULL, "KEV", "Known to be exploited.", VAL_FLAG, 3, true,
	  SQL(.sql = "COALESCE(a.kev, 0)", .in = IN_ADVISORY, .test = "a.kev") },
	{ "epss", NULL, "EPSS", "Probability of exploitation.", VAL_EPSS, 4, true,
	  SQL(.sql = "COALESCE(a.epss, 0)", .in = IN_ADVISORY, .test = "a.epss") },
	{ "cvss", NULL, "CVSS", "Base score.", VAL_SCORE, 4, true,
	  SQL(.sql = "COALESCE(a.score, -1)", .in = IN_ADVISORY, .test = "a.score") },
	{ "risk", NULL, "RISK", "In which order to mend, 0 to 1000: `show finding` says why.",
	  VAL_INT, 4, true, SQL(.sql = RISK, .quiet = true) },
	{ "classes", "class", "CLASS", "Finding classes: of the rule, or by severity.", VAL_LIST,
	  16, true, SQL(.sql = CLASSES, .quiet = true) },
	{ "controls", NULL, "CONTROLS", "Controls that its classes test first of all.", VAL_LIST,
	  24, false, SQL(.sql = CLASSES, .filled = true, .quiet = true) },
	{ "running", "run", "RUN", "Containers that run the image.", VAL_INT, 4, true,
	  SQL(.sql = OF_IMAGE("running")) },
	{ "exposed", NULL, "EXPOSED", "Reachable from outside: no, exposed? (not known), exposed.",
	  VAL_TEXT, 8, false, SQL(.sql = SQL_EXPOSED(OF_IMAGE("exposed")), .quiet = true) },
	{ "retired", NULL, "RETIRED", "Its image neither runs nor holds a name.", VAL_FLAG, 7,
	  false,
	  SQL(.sql = "CASE WHEN EXISTS (SELECT 1 FROM image i WHERE i.asset = f.asset\n"
		     "AND i.current = 0 AND i.running = 0) THEN 1 ELSE 0 END") },
};
/* From classes to controls. */
static bool fill_controls(struct store *st, struct arena *mem, struct value *v, struct err *e)
{
	return class_controls(st, v->u.s, mem, &v->u.s, e);
}

static const struct list_order orders[] = {
	{ "severity", "severity, due" },
	{ "due", "due, severity" },
	{ "risk", "risk, severity" },
};
static const struct list_term by_severity[] = {
	{ "f.severity", "severity", 0, 0 },
	{ "f.due", "due", 0, 0 },
};
static const struct list_term by_due[] = {
	{ "f.due", "due", 0, 0 },
	{ "f.severity", "severity", 0, 0 },
};
static const struct list_term by_risk[] = {
	{ "1000 - " RISK, "risk", 0, RISK_MOST },
	{ "f.severity", "severity", 0, 0 },
};
static const struct list_sort sorts[] = {
	{ true, false, by_severity, LENGTH(by_severity) },
	{ false, false, by_due, LENGTH(by_due) },
	{ false, false, by_risk, LENGTH(by_risk) },
};

#define NOT_RETIRED                                                                                \
	{                                                                                          \
		"retired",                                                                         \
			"NOT EXISTS (SELECT 1 FROM image z WHERE z.asset = f.asset\n"              \
			"AND z.current = 0 AND z.running = 0)",                                    \
			NULL                                                                       \
	}
static const struct list_hide hides[] = { { "state", "f.state = 0", "+f.state = 0" }, NOT_RETIRED };
static const struct list_hide in_one[] = { { "state", "f.state <> 1", NULL } };
static const struct list_hide in_problem[] = { { "state", "f.state <> 1", NULL }, NOT_RETIRED };
static const struct list_hide open_only[] = { { "state", "f.state = 0", "+f.state = 0" } };
#define HIDES(h) .hide = h, .nhide = LENGTH(h)

static const struct list_scope scopes[] = {
	{ .kind = SCOPE_ALL },
	{ .kind = SCOPE_FINDING,
	  .where = "f.asset = #0 AND f.advisory = #1 AND f.part = #2",
	  HIDES(in_one) },
	{ .kind = SCOPE_IMAGE, .where = "f.asset = #0", HIDES(in_one) },
	{ .kind = SCOPE_NODE, .where = "f.asset = #0", HIDES(in_one) },
	{ .kind = SCOPE_PROBLEM,
	  .from = SQL_PROBLEM_FROM,
	  .where = SQL_PROBLEM_WHERE,
	  HIDES(in_problem) },
	{ .kind = SCOPE_FIX, /* kind 0: rebase, from #3 to #2; 1: bump; 2: rule; 3: no fix */
	  .where = "f.asset = #0 AND CASE #1\n"
		   "WHEN 0 THEN " SQL_REBASED("#3", "#2") "\n"
		   "AND (SELECT v.kind FROM advisory v WHERE v.id = f.advisory) = 0\n"
		   "WHEN 1 THEN " SQL_FIXED_IN " <> ''\n"
		   "AND (SELECT v.package FROM part v WHERE v.id = f.part) = #2\n"
		   "WHEN 2 THEN f.advisory = #2\n"
		   "ELSE " SQL_FIXED_IN " = ''\n"
		   "AND (SELECT v.kind FROM advisory v WHERE v.id = f.advisory) = 0 END",
	  HIDES(open_only) },
	{ .kind = SCOPE_FIX_MANY,
	  .where = SQL_FIX_MANY,
	  HIDES(open_only) },
	{ .kind = SCOPE_EXCEPTION,
	  .where = "(f.asset, f.advisory, f.part) IN (SELECT d.asset, d.advisory, d.part\n"
		   "FROM decided d WHERE d.maker = #0)",
	  HIDES(in_one) },
	{ .kind = SCOPE_PART,
	  .where = "f.asset IN (SELECT h.asset FROM holds h WHERE h.part = #0) AND f.part = #0",
	  HIDES(in_problem) },
	{ .kind = SCOPE_REPOSITORY,
	  .where = "f.asset IN (SELECT x.image FROM image_name x WHERE x.repository = #0)" },
	{ .kind = SCOPE_CLUSTER,
	  .where = "f.asset IN (SELECT c.image FROM container c\n"
		   "WHERE c.cluster = #0 AND c.running = 1 UNION SELECT s.id FROM asset s\n"
		   "WHERE s.id = #0 OR s.parent = #0 UNION SELECT w.id FROM asset s\n"
		   "JOIN asset w ON w.parent = s.id WHERE s.parent = #0)" },
	{ .kind = SCOPE_NAMESPACE,
	  .where = "f.asset IN (SELECT c.image FROM container c\n"
		   "WHERE c.namespace = #0 AND c.running = 1\n"
		   "UNION SELECT s.id FROM asset s WHERE s.id = #0 OR s.parent = #0)" },
	{ .kind = SCOPE_WORKLOAD,
	  .where = "f.asset IN (SELECT c.image FROM container c\n"
		   "WHERE c.workload = #0 AND c.running = 1 UNION SELECT #0)" },
	{ .kind = SCOPE_CONTAINER,
	  .where = "f.asset IN (SELECT c.image FROM container c WHERE c.asset = #0\n"
		   "UNION SELECT #0)" },
	{ .kind = SCOPE_ALERT,
	  .where = "f.asset = (SELECT c.image FROM alert t JOIN container c ON c.asset = t.asset\n"
		   "WHERE t.id = #0)" },
	{ .kind = SCOPE_SOURCE,
	  .wide = true,
	  .where = "EXISTS (SELECT 1 FROM " SIGHTINGS " g WHERE g.source = #0 AND g.until = 0)" },
	{ .kind = SCOPE_CLASS,
	  .wide = true,
	  .where = "EXISTS (SELECT 1 FROM advisory a JOIN class cl ON cl.id = #0\n"
		   "WHERE a.id = f.advisory AND " SQL_CLASS_HOLDS ")" },
	{ .kind = SCOPE_CONTROL,
	  .wide = true,
	  .where = "f.advisory IN " SQL_RULES_OF_CONTROL "\n"
		   "OR EXISTS (SELECT 1 FROM advisory a JOIN class_control m ON m.control = #0\n"
		   "AND m.weight < 2 JOIN class cl ON cl.id = m.class\n"
		   "WHERE a.id = f.advisory AND " SQL_CLASS_HOLDS ")" },
	{ .kind = SCOPE_ITEM,
	  .wide = true,
	  .where = "EXISTS (SELECT 1 FROM advisory a JOIN item_class m ON m.item = #0\n"
		   "JOIN class cl ON cl.id = m.class\n"
		   "WHERE a.id = f.advisory AND " SQL_CLASS_HOLDS ")" },
};
static const struct list_word words[] = {
	{ "running", "running>0" },
	{ "late", "overdue" },
	{ "fixable", "!fixed_in:none" },
	/* what counts of open ones count: it is open still when its severity was decided anew */
	{ "still-open", "(is:open or is:risk-adjusted or is:vendor)" },
};

const struct list_def list_findings = {
	.info = { .name = "findings",
		  .title = "Findings",
		  .col = columns,
		  .ncol = LENGTH(columns),
		  .order = orders,
		  .norder = LENGTH(orders),
		  .nkey = 3 },
	.alias = "f",
	.from = "finding f",
	.joins = "\nLEFT JOIN advisory a ON a.id = f.advisory\n"
		 "LEFT JOIN class cl ON cl.id = a.class\n"
		 "LEFT JOIN part q ON q.id = f.part\n"
		 "LEFT JOIN package k ON k.id = q.package\n"
		 "LEFT JOIN asset s ON s.id = f.asset\n"
		 "LEFT JOIN image i ON i.asset = f.asset",
	.fill = fill_controls,
	.key = { "f.asset", "f.advisory", "f.part" },
	.sort = sorts,
	.scope = scopes,
	.nscope = LENGTH(scopes),
	.hide = hides,
	.nhide = LENGTH(hides),
	.word = words,
	.nword = LENGTH(words),
	.count = "SELECT COALESCE(sum(n), 0) FROM tally WHERE scope = 0 AND state = 0",
};
