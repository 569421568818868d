/* SPDX-License-Identifier: MIT */
/* list_problems.c - one row an (advisory, package) over all assets: the triage. */
#include "store/list.h"
#include "store/list_parts.h"

#define IN_NAMES    "p.advisory IN (SELECT n.advisory FROM " SQL_ADVISORY_NAMES " WHERE "
#define IN_ADVISORY "p.advisory IN (SELECT a.id FROM advisory a WHERE "
#define IN_PACKAGE  "p.package IN (SELECT k.id FROM package k WHERE "
/* From the assets on: those that a name fits are few, however many findings there are. */
#define IN_ASSETS                                                                                  \
	"(p.advisory, p.package) IN (SELECT f.advisory, CASE WHEN v.kind = 0 THEN q.package\n"     \
	"ELSE 0 END FROM asset s LEFT JOIN image i ON i.asset = s.id\n"                            \
	"JOIN finding f ON f.asset = s.id AND f.state = 0 JOIN part q ON q.id = f.part\n"          \
	"JOIN advisory v ON v.id = f.advisory WHERE "
#define PARTS                                                                                      \
	"FROM affects x JOIN part q ON q.id = x.part\n"                                            \
	"WHERE x.advisory = p.advisory AND q.package = p.package"
#define VERSION                                                                                    \
	"CASE WHEN p.package = 0 THEN '' WHEN p.versions > 1 THEN p.versions || ' versions'\n"     \
	"ELSE COALESCE((SELECT q.version " PARTS "\nORDER BY q.id DESC LIMIT 1), '') END"
#define FIXED_IN                                                                                   \
	"CASE WHEN p.package = 0 THEN '' ELSE COALESCE((SELECT CASE count(DISTINCT x.fixed_in)\n"  \
	"WHEN 0 THEN '' WHEN 1 THEN max(x.fixed_in)\n"                                             \
	"ELSE count(DISTINCT x.fixed_in) || ' versions' END " PARTS                                \
	" AND x.fixed_in <> ''), '') END"
/* Looking at every asset would cost as much as the problem is wide. */
#define SOURCES                                                                                    \
	SQL_JOINED(                                                                                \
		"word",                                                                            \
		"SELECT DISTINCT o.word FROM (SELECT x.part, h.asset FROM affects x\n"             \
		"JOIN part q ON q.id = x.part JOIN holds h ON h.part = x.part\n"                   \
		"WHERE x.advisory = p.advisory AND (p.package = 0 OR q.package = p.package)\n"     \
		"LIMIT 16) z JOIN finding f ON f.asset = z.asset AND f.advisory = p.advisory\n"    \
		"AND f.part = z.part LEFT JOIN witness w ON w.id = f.witness\n"                    \
		"LEFT JOIN sighting_row g ON f.witness = 0 AND g.asset = f.asset\n"                \
		"AND g.advisory = f.advisory AND g.part = f.part AND g.until = 0\n"                \
		"JOIN source o ON o.id = COALESCE(w.source, g.source)\n"                           \
		"ORDER BY o.word")
#define OWNER "COALESCE(" SQL_OWNED("'problem ' || p.advisory || '-' || p.package") ", '')"

static const struct column columns[] = {
	{ "id", NULL, "ID", "Numbers of the advisory and the package.", VAL_TEXT, 9, false,
	  SQL(.sql = "p.advisory || '-' || p.package", .quiet = true) },
	{ "severity", "sev", "S", "Worst severity that any of its findings has.", VAL_SEVERITY, 1,
	  true, SQL(.sql = "p.severity") },
	{ "advisory", "cve", "FINDING", "The vulnerability or the rule.", VAL_TEXT, 16, true,
	  SQL(.sql = "COALESCE(a.name, '')", .in = IN_NAMES, .test = "n.name") },
	{ "aliases", NULL, "ALIASES", "Other ids of the same vulnerability.", VAL_LIST, 20, false,
	  SQL(.sql = SQL_ALIASES("p.advisory"), .in = IN_NAMES, .test = "n.name") },
	{ "title", NULL, "TITLE", "What it is.", VAL_TEXT, 30, true,
	  SQL(.sql = "COALESCE(a.title, '')", .in = IN_ADVISORY, .test = "a.title",
	      .match = MATCH_PROSE) },
	{ "kind", NULL, "KIND", "vulnerability, misconfiguration, secret, licence, lint or policy.",
	  VAL_TEXT, 13, true,
	  SQL(.quiet = true, .sql = SQL_FINDING_KIND("a.kind"), .in = IN_ADVISORY,
	      .test = SQL_FINDING_KIND("a.kind")) },
	{ "package.type", "type", "TYPE", "Kind of package.", VAL_TEXT, 6, true,
	  SQL(.sql = "COALESCE(k.type, '')", .in = IN_PACKAGE, .test = "k.type") },
	{ "package.name", "pkg", "PACKAGE", "The package that has it.", VAL_TEXT, 16, true,
	  SQL(.sql = "COALESCE(k.name, '')", .in = IN_PACKAGE, .test = "k.name") },
	{ "package.version", "version", "HAVE", "Its version, or how many there are.", VAL_TEXT, 16,
	  false, SQL(.sql = VERSION) },
	{ "fixed_in", "fixed", "FIXED IN", "Version that has the fix, or how many there are.",
	  VAL_TEXT, 14, false, SQL(.sql = FIXED_IN) },
	{ "images", "img", "IMG", "Assets with it open.", VAL_INT, 5, true,
	  SQL(.sql = "p.assets") },
	{ "running", "run", "RUN", "Those of them that run.", VAL_INT, 5, true,
	  SQL(.sql = "p.running") },
	{ "image", NULL, "IN",
	  "Assets with it open: image>3. Words are looked for in their names: image:payments/*.",
	  VAL_INT, 5, true,
	  SQL(.named = true, .quiet = true, .sql = "p.assets", .in = IN_ASSETS,
	      .test = SQL_ASSET_NAME, .match = MATCH_NAME) },
	{ "kev", NULL, "KEV", "Known to be exploited.", VAL_FLAG, 3, true,
	  SQL(.sql = "1 - p.no_kev") },
	{ "epss", NULL, "EPSS", "Probability of exploitation.", VAL_EPSS, 4, true,
	  SQL(.sql = "10000 - p.epss") },
	{ "cvss", NULL, "CVSS", "Base score.", VAL_SCORE, 4, true,
	  SQL(.sql = "COALESCE(a.score, -1)", .in = IN_ADVISORY, .test = "a.score") },
	{ "sources", "by", "BY", "Tools that see it, judged by up to 16 of its assets.", VAL_LIST,
	  5, false, SQL(.sql = SOURCES, .match = MATCH_LETTERS, .quiet = true) },
	{ "state", "is", "IS", "Open while any asset has it open.", VAL_STATE, 6, false,
	  SQL(.sql = "CASE WHEN p.assets > 0 THEN 0 ELSE 1 END") },
	{ "owner", "who", "OWNER", "Who takes care of it.", VAL_TEXT, 8, true,
	  SQL(.sql = OWNER, .guard = SQL_OWNER_GUARD, .guarded = "o.name") },
	{ "due", NULL, "DUE", "Earliest due time.", VAL_DUE, 5, true, SQL(.sql = "p.due") },
	{ "overdue", NULL, "LATE", "Past its due time.", VAL_FLAG, 4, true,
	  SQL(.sql = "CASE WHEN p.due < " SQL_TODAY " THEN 1 ELSE 0 END") },
	{ "classes", "class", "CLASS", "Finding class of the rule.", VAL_LIST, 16, true,
	  SQL(.sql = "COALESCE(cl.name, '')",
	      .in = "p.advisory IN (SELECT a.id FROM advisory a JOIN class cl ON cl.id = a.class "
		    "WHERE ",
	      .test = "cl.name") },
	{ "published", NULL, "PUBLISHED", "When it became known.", VAL_TIME, 6, true,
	  SQL(.sql = "COALESCE(a.published, 0)", .in = IN_ADVISORY, .test = "a.published") },
};
static const struct list_order orders[] = {
	{ "due", "due, kev, epss, severity" },
	{ "severity", "severity, due" },
	{ "epss", "epss" },
};
static const struct list_term by_due[] = {
	{ "p.due", "due", 0, 0 },
	{ "p.no_kev", "kev", 0, 1 },
	{ "p.epss", "epss", 0, 10000 },
	{ "p.severity", "severity", 0, 0 },
};
static const struct list_term by_severity[] = {
	{ "p.severity", "severity", 0, 0 },
	{ "p.due", "due", 0, 0 },
};
static const struct list_term by_epss[] = { { "p.epss", "epss", 0, 10000 } };
static const struct list_sort sorts[] = {
	{ true, false, by_due, LENGTH(by_due) },
	{ false, false, by_severity, LENGTH(by_severity) },
	{ false, false, by_epss, LENGTH(by_epss) },
};
static const struct list_hide hides[] = { { "state", "p.assets > 0", NULL } };
static const struct list_scope scopes[] = {
	{ .kind = SCOPE_ALL },
	{ .kind = SCOPE_PROBLEM, .where = "p.advisory = #0 AND p.package = #1" },
	{ .kind = SCOPE_IMAGE,
	  .where = "EXISTS (SELECT 1 FROM finding f JOIN part q ON q.id = f.part\n"
		   "WHERE f.asset = #0 AND f.advisory = p.advisory AND f.state = 0\n"
		   "AND (p.package = 0 OR q.package = p.package))" },
	{ .kind = SCOPE_CLASS,
	  .wide = true,
	  .where = "EXISTS (SELECT 1 FROM advisory a JOIN class cl ON cl.id = #0\n"
		   "JOIN (SELECT p.severity AS severity, p.due AS due) f\n"
		   "WHERE a.id = p.advisory AND " SQL_CLASS_HOLDS ")" },
	{ .kind = SCOPE_CONTROL,
	  .wide = true,
	  .where = "p.advisory IN " SQL_RULES_OF_CONTROL "\n"
		   "OR EXISTS (SELECT 1 FROM advisory a JOIN class_control m ON m.control = #0\n"
		   "AND m.weight < 2 JOIN class cl ON cl.id = m.class\n"
		   "JOIN (SELECT p.severity AS severity, p.due AS due) f\n"
		   "WHERE a.id = p.advisory AND " SQL_CLASS_HOLDS ")" },
};
static const struct list_word words[] = {
	{ "running", "running>0" },
	{ "late", "overdue" },
	{ "fixable", "!fixed_in:none" },
};

const struct list_def list_problems = {
	.info = { .name = "problems",
		  .title = "Findings",
		  .col = columns,
		  .ncol = LENGTH(columns),
		  .order = orders,
		  .norder = LENGTH(orders),
		  .nkey = 2 },
	.alias = "p",
	.from = "problem p",
	.joins = "\nLEFT JOIN advisory a ON a.id = p.advisory\n"
		 "LEFT JOIN package k ON k.id = p.package\n"
		 "LEFT JOIN class cl ON cl.id = a.class",
	.key = { "p.advisory", "p.package" },
	.sort = sorts,
	.scope = scopes,
	.nscope = LENGTH(scopes),
	.hide = hides,
	.nhide = LENGTH(hides),
	.word = words,
	.nword = LENGTH(words),
	.count = "SELECT count(*) FROM problem WHERE assets > 0", /* the index of the order alone */
};
