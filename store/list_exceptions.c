/* SPDX-License-Identifier: MIT */
/* list_exceptions.c - decisions on findings: exceptions of people, statements of machines. */
#include "store/list.h"
#include "store/list_parts.h"

#define USES(maker) "(SELECT count(*) FROM decided d WHERE d.maker = " maker ")"
#define ENDED	    "COALESCE((SELECT n.at FROM exception_end n WHERE n.exception = x.id), 0)"
#define ENDER(column)                                                                              \
	"COALESCE((SELECT n." column " FROM exception_end n WHERE n.exception = x.id), '')"

static const struct column exception_columns[] = {
	{ "id", NULL, "ID", "Number of the exception.", VAL_INT, 4, true, SQL(.sql = "x.id") },
	{ "kind", "is", "KIND", "What the findings it holds count as.", VAL_STATE, 14, true,
	  SQL(.sql = "x.kind") },
	{ "reach", NULL, "REACH", "digest, repository or everywhere.", VAL_TEXT, 10, true,
	  SQL(.sql = "CASE x.reach WHEN 0 THEN 'digest' WHEN 1 THEN 'repository'\n"
		     "ELSE 'everywhere' END") },
	{ "target", NULL, "TARGET", "What it speaks of.", VAL_TEXT, 30, true,
	  SQL(.sql = "x.target", .match = MATCH_PROSE) },
	{ "reason", NULL, "REASON", "Why.", VAL_TEXT, 24, true,
	  SQL(.sql = "x.reason", .match = MATCH_PROSE) },
	{ "approver", NULL, "APPROVER", "Who approved it.", VAL_TEXT, 10, true,
	  SQL(.sql = "x.approver") },
	{ "requester", "who", "ASKED BY", "Who asked for it.", VAL_TEXT, 10, true,
	  SQL(.sql = "x.requester") },
	{ "from", "age", "FROM", "In force from.", VAL_TIME, 5, true, SQL(.sql = "x.at") },
	{ "until", "due", "UNTIL", "In force up to.", VAL_DUE, 6, true, SQL(.sql = "x.until") },
	{ "uses", NULL, "USES", "Findings that it holds now.", VAL_INT, 5, true,
	  SQL(.sql = USES("x.id")) },
	{ "unused", NULL, "UNUSED", "In force, and holds no finding.", VAL_FLAG, 6, true,
	  SQL(.sql = "CASE WHEN x.until > store_now() AND " SQL_NOT_ENDED("x")
		     " AND NOT EXISTS (SELECT 1 FROM decided d WHERE d.maker = x.id)\n"
		     "THEN 1 ELSE 0 END") },
	{ "expired", NULL, "EXPIRED", "Its end has come, and nobody renewed it.", VAL_FLAG, 7, true,
	  SQL(.sql = "CASE WHEN x.until <= store_now() AND " SQL_NOT_ENDED("x") "\n"
			"THEN 1 ELSE 0 END") },
	{ "ended", NULL, "ENDED", "When it was revoked or renewed.", VAL_TIME, 6, true,
	  SQL(.sql = ENDED) },
	{ "ended_by", NULL, "ENDED BY", "Who ended it.", VAL_TEXT, 10, true,
	  SQL(.sql = ENDER("actor")) },
	{ "end_reason", NULL, "WHY ENDED", "Why it was ended.", VAL_TEXT, 20, true,
	  SQL(.sql = ENDER("reason"), .match = MATCH_PROSE) },
	{ "justification", NULL, "VEX", "Why it is not affected, in a word of VEX.", VAL_TEXT, 20,
	  true, SQL(.sql = "x.justification") },
	{ "control", NULL, "CONTROL", "What compensates meanwhile.", VAL_TEXT, 20, true,
	  SQL(.sql = "x.control", .match = MATCH_PROSE) },
	{ "severity", "sev", "S", "What risk-adjusted findings count as.", VAL_SEVERITY, 1, true,
	  SQL(.sql = "CASE WHEN x.severity < 0 THEN 5 ELSE x.severity END") },
	{ "check_in", NULL, "CHECK IN", "When to ask the vendor again.", VAL_TIME, 8, true,
	  SQL(.sql = "x.check_in") },
	{ "renews", NULL, "RENEWS", "The exception that it took the place of; 0: none.", VAL_INT, 6,
	  true, SQL(.sql = "x.renews") },
};
static const struct list_order exception_orders[] = { { "until", "until" }, { "newest", "id" } };
static const struct list_term by_until[] = { { "x.until", "until", 0, 0 } };
static const struct list_sort exception_sorts[] = { { true, false, by_until, 1 },
						    { true, true, NULL, 0 } };
static const struct list_scope exception_scopes[] = {
	{ .kind = SCOPE_ALL },
	{ .kind = SCOPE_FINDING,
	  .where = "x.id IN (SELECT d.maker FROM decided d\n"
		   "WHERE d.asset = #0 AND d.advisory = #1 AND d.part = #2)" },
	{ .kind = SCOPE_IMAGE,
	  .where = "x.id IN (SELECT d.maker FROM decided d WHERE d.asset = #0)" },
};
const struct list_def list_exceptions = {
	.info = { .name = "exceptions",
		  .title = "Exceptions",
		  .col = exception_columns,
		  .ncol = LENGTH(exception_columns),
		  .order = exception_orders,
		  .norder = LENGTH(exception_orders),
		  .nkey = 1 },
	.alias = "x",
	.from = "exception x",
	.joins = "",
	.key = { "x.id" },
	.sort = exception_sorts,
	.scope = exception_scopes,
	.nscope = LENGTH(exception_scopes),
};

/* ---- statements ---- */

static const struct column statement_columns[] = {
	{ "id", NULL, "ID", "Number of the statement.", VAL_INT, 4, true, SQL(.sql = "v.id") },
	{ "advisory", "cve", "FINDING", "The vulnerability or rule it speaks of.", VAL_TEXT, 16,
	  true, SQL(.sql = "v.name") },
	{ "status", NULL, "STATUS", "not_affected, affected, fixed, under_investigation, ignored.",
	  VAL_TEXT, 19, true, SQL(.sql = "v.status") },
	{ "product", NULL, "PRODUCT", "What it says it of; empty: what was scanned.", VAL_TEXT, 30,
	  true, SQL(.sql = "v.product", .match = MATCH_PROSE) },
	{ "package.name", "pkg", "PACKAGE", "The package in it.", VAL_TEXT, 16, true,
	  SQL(.sql = "COALESCE(k.name, '')") },
	{ "package.version", "version", "VERSION", "Its version.", VAL_TEXT, 12, true,
	  SQL(.sql = "COALESCE(q.version, '')") },
	{ "justification", "why", "WHY", "Why it is not affected, in a word of VEX.", VAL_TEXT, 24,
	  true, SQL(.sql = "v.justification") },
	{ "text", NULL, "TEXT", "What it says besides.", VAL_TEXT, 30, false,
	  SQL(.sql = "COALESCE(t.body, '')", .match = MATCH_PROSE) },
	{ "author", "who", "AUTHOR", "Who says so.", VAL_TEXT, 16, true, SQL(.sql = "v.author") },
	{ "source", NULL, "SOURCE", "The tool or format.", VAL_TEXT, 10, true,
	  SQL(.sql = "COALESCE(o.word, '')") },
	{ "at", "age", "AT", "When it was said.", VAL_TIME, 5, true, SQL(.sql = "v.at") },
	{ "outcome", NULL, "OUTCOME", "applied, waiting, or why not.", VAL_TEXT, 24, true,
	  SQL(.sql = SQL_OUTCOME, .match = MATCH_PROSE) },
	{ "uses", NULL, "USES", "Findings whose state it sets now.", VAL_INT, 5, true,
	  SQL(.sql = USES("-v.id")) },
};
static const struct list_order statement_orders[] = { { "newest", "id" } };
static const struct list_sort statement_sorts[] = { { true, true, NULL, 0 } };
static const struct list_scope statement_scopes[] = {
	{ .kind = SCOPE_ALL },
	{ .kind = SCOPE_FINDING,
	  .where = "-v.id IN (SELECT d.maker FROM decided d\n"
		   "WHERE d.asset = #0 AND d.advisory = #1 AND d.part = #2)" },
	{ .kind = SCOPE_IMAGE,
	  .where = "-v.id IN (SELECT d.maker FROM decided d WHERE d.asset = #0)" },
	{ .kind = SCOPE_SOURCE, .where = "v.source = #0" },
};
const struct list_def list_statements = {
	.info = { .name = "statements",
		  .title = "Statements",
		  .col = statement_columns,
		  .ncol = LENGTH(statement_columns),
		  .order = statement_orders,
		  .norder = 1,
		  .nkey = 1 },
	.alias = "v",
	.from = "statement v",
	.joins = "\nLEFT JOIN part q ON q.id = v.part\nLEFT JOIN package k ON k.id = q.package\n"
		 "LEFT JOIN source o ON o.id = v.source\nLEFT JOIN text t ON t.id = v.text",
	.key = { "v.id" },
	.sort = statement_sorts,
	.scope = statement_scopes,
	.nscope = LENGTH(statement_scopes),
};
