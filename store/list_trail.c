/* SPDX-License-Identifier: MIT */
/* list_trail.c - where the data comes from and what was done: sources, scans, packages, audit. */
#include "store/list.h"
#include "store/list_parts.h"

/* ---- sources ---- */

#define NEWEST(column)                                                                             \
	"COALESCE((SELECT n." column " FROM scan n WHERE n.source = o.id\n"                        \
	"ORDER BY n.at DESC, n.id DESC LIMIT 1), "

static const struct column source_columns[] = {
	{ "id", NULL, "ID", "Number of the source in this store.", VAL_INT, 4, true,
	  SQL(.sql = "o.id") },
	{ "name", "source", "SOURCE", "The tool.", VAL_TEXT, 16, true, SQL(.sql = "o.word") },
	{ "version", NULL, "VERSION", "Of the newest scan.", VAL_TEXT, 10, true,
	  SQL(.sql = NEWEST("version") "'')") },
	{ "scans", NULL, "SCANS", "Reports imported.", VAL_INT, 6, true,
	  SQL(.sql = "(SELECT count(*) FROM scan n WHERE n.source = o.id)") },
	{ "last", "age", "LAST", "Time of the newest scan.", VAL_TIME, 5, true,
	  SQL(.sql = NEWEST("at") "0)") },
	{ "database", "db", "ITS DB", "When the database of that scan was built.", VAL_TIME, 6,
	  true, SQL(.sql = NEWEST("db_built") "0)") },
	{ "partial", NULL, "PARTIAL", "Why that scan was not complete.", VAL_TEXT, 16, true,
	  SQL(.sql = NEWEST("partial") "'')", .match = MATCH_PROSE) },
	{ "skipped", NULL, "SKIPPED", "Records of its newest file not understood.", VAL_INT, 7,
	  true,
	  SQL(.sql = "COALESCE((SELECT count(*) FROM import_skip k WHERE k.import = (SELECT "
		     "n.import\n"
		     "FROM scan n WHERE n.source = o.id ORDER BY n.at DESC, n.id DESC LIMIT 1)), "
		     "0)") },
};
static const struct list_order source_orders[] = { { "name", "name" } };
static const struct list_term source_terms[] = { { "o.word", "name", 0, 0 } };
static const struct list_sort source_sorts[] = { { true, false, source_terms, 1 } };
static const struct list_scope source_scopes[] = {
	{ .kind = SCOPE_ALL },
	{ .kind = SCOPE_SOURCE, .where = "o.id = #0" },
};
const struct list_def list_sources = {
	.info = { .name = "sources",
		  .title = "Sources",
		  .col = source_columns,
		  .ncol = LENGTH(source_columns),
		  .order = source_orders,
		  .norder = 1,
		  .nkey = 1 },
	.alias = "o",
	.from = "source o",
	.joins = "",
	.key = { "o.id" },
	.sort = source_sorts,
	.scope = source_scopes,
	.nscope = LENGTH(source_scopes),
};

/* ---- scans ---- */

#define COUNTED(column)                                                                            \
	"COALESCE((SELECT sum(v." column ") FROM import_count v WHERE v.import = n.import), 0)"

static const struct column scan_columns[] = {
	{ "id", NULL, "ID", "Number of the scan in this store.", VAL_INT, 6, true,
	  SQL(.sql = "n.id") },
	{ "source", NULL, "SOURCE", "The tool.", VAL_TEXT, 14, true,
	  SQL(.sql = "COALESCE(o.word, '')") },
	{ "version", NULL, "VERSION", "Of the tool.", VAL_TEXT, 10, true, SQL(.sql = "n.version") },
	{ "at", "age", "SCANNED", "When the tool ran.", VAL_TIME, 7, true, SQL(.sql = "n.at") },
	{ "inferred", NULL, "INFERRED", "That time was not in the file.", VAL_FLAG, 8, true,
	  SQL(.sql = "n.at_inferred") },
	{ "database", "db", "ITS DB", "When its database was built.", VAL_TIME, 6, true,
	  SQL(.sql = "n.db_built") },
	{ "cluster", NULL, "CLUSTER", "Where it ran.", VAL_TEXT, 14, true,
	  SQL(.sql = "COALESCE((SELECT y.name FROM asset y WHERE y.id = n.cluster), '')") },
	{ "node", NULL, "NODE", "Where it ran.", VAL_TEXT, 18, true,
	  SQL(.sql = "COALESCE((SELECT y.name FROM asset y WHERE y.id = n.node), '')") },
	{ "partial", NULL, "PARTIAL", "Why it is not complete.", VAL_TEXT, 16, true,
	  SQL(.sql = "n.partial", .match = MATCH_PROSE) },
	{ "file", NULL, "FILE", "Name of the file.", VAL_TEXT, 28, true,
	  SQL(.sql = "COALESCE(m.name, '')", .match = MATCH_NAME) },
	{ "importer", NULL, "FORMAT", "How the file was read.", VAL_TEXT, 12, true,
	  SQL(.sql = "COALESCE(m.importer, '')") },
	{ "imported", NULL, "IMPORTED", "When it was imported.", VAL_TIME, 8, true,
	  SQL(.sql = "COALESCE(m.imported_at, 0)") },
	{ "sha256", NULL, "SHA256", "Of the file as delivered.", VAL_TEXT, 12, false,
	  SQL(.sql = "lower(hex(COALESCE(m.sha256, '')))") },
	{ "read", NULL, "READ", "Records of its file.", VAL_INT, 7, true,
	  SQL(.sql = COUNTED("read")) },
	{ "created", "new", "NEW", "Of them new.", VAL_INT, 7, true,
	  SQL(.sql = COUNTED("created")) },
	{ "resolved", NULL, "CLOSED", "What it no longer showed.", VAL_INT, 7, true,
	  SQL(.sql = COUNTED("resolved")) },
	{ "reopened", NULL, "AGAIN", "What it showed again.", VAL_INT, 7, true,
	  SQL(.sql = COUNTED("reopened")) },
	{ "skipped", NULL, "SKIPPED", "Records of its file not understood.", VAL_INT, 7, true,
	  SQL(.sql = "(SELECT count(*) FROM import_skip v WHERE v.import = n.import)") },
};
static const struct list_order scan_orders[] = { { "newest", "id" }, { "at", "at" } };
static const struct list_term scan_terms[] = { { "n.at", "at", 0, 0 } };
static const struct list_sort scan_sorts[] = { { true, true, NULL, 0 },
					       { false, true, scan_terms, 1 } };
static const struct list_scope scan_scopes[] = {
	{ .kind = SCOPE_ALL },
	{ .kind = SCOPE_SOURCE, .where = "n.source = #0" },
	{ .kind = SCOPE_CLUSTER, .where = "n.cluster = #0" },
	{ .kind = SCOPE_IMAGE, .where = "n.id IN (SELECT v.scan FROM cover v WHERE v.asset = #0)" },
	{ .kind = SCOPE_NODE, .where = "n.id IN (SELECT v.scan FROM cover v WHERE v.asset = #0)" },
};
const struct list_def list_scans = {
	.info = { .name = "scans",
		  .title = "Scans",
		  .col = scan_columns,
		  .ncol = LENGTH(scan_columns),
		  .order = scan_orders,
		  .norder = LENGTH(scan_orders),
		  .nkey = 1 },
	.alias = "n",
	.from = "scan n",
	.joins = "\nLEFT JOIN source o ON o.id = n.source\nLEFT JOIN import m ON m.id = n.import",
	.key = { "n.id" },
	.sort = scan_sorts,
	.scope = scan_scopes,
	.nscope = LENGTH(scan_scopes),
};

/* ---- packages ---- */

static const struct column package_columns[] = {
	{ "id", NULL, "ID", "Number of the package in this version.", VAL_INT, 6, true,
	  SQL(.sql = "q.id") },
	{ "type", NULL, "TYPE", "Kind of package.", VAL_TEXT, 8, true, SQL(.sql = "k.type") },
	{ "name", "pkg", "PACKAGE", "Its name.", VAL_TEXT, 28, true, SQL(.sql = "k.name") },
	{ "version", NULL, "VERSION", "Its version.", VAL_TEXT, 20, true, SQL(.sql = "q.version") },
	{ "assets", "img", "IN", "Assets that hold it.", VAL_INT, 5, true,
	  SQL(.sql = "(SELECT count(*) FROM holds h WHERE h.part = q.id)") },
	{ "running", "run", "RUN", "Running images that hold it.", VAL_INT, 5, true,
	  SQL(.sql = "(SELECT count(*) FROM holds h JOIN image i ON i.asset = h.asset\n"
		     "WHERE h.part = q.id AND i.running > 0)") },
};
static const struct list_order package_orders[] = { { "name", "name, version" }, { "id", "id" } };
static const struct list_term package_terms[] = {
	{ "k.name", "name", 0, 0 },
	{ "k.id", NULL, 1, 0 },
	{ "q.version", "version", 0, 0 },
};
static const struct list_sort package_sorts[] = {
	{ true, false, package_terms, LENGTH(package_terms) },
	{ false, false, NULL, 0 },
};
static const struct list_scope package_scopes[] = {
	{ .kind = SCOPE_ALL, .where = "k.type <> '@scope'\n"
				      "AND EXISTS (SELECT 1 FROM holds h WHERE h.part = q.id)" },
	{ .kind = SCOPE_PART, .where = "q.id = #0" },
	{ .kind = SCOPE_IMAGE,
	  .where = "k.type <> '@scope' AND EXISTS (SELECT 1 FROM holds h\n"
		   "WHERE h.part = q.id AND h.asset = #0)" },
};
const struct list_def list_packages = {
	.info = { .name = "packages",
		  .title = "Packages",
		  .col = package_columns,
		  .ncol = LENGTH(package_columns),
		  .order = package_orders,
		  .norder = LENGTH(package_orders),
		  .nkey = 2 },
	.from = "package k CROSS JOIN part q ON q.package = k.id",
	.joins = "",
	.key = { "q.id", "k.id" },
	.sort = package_sorts,
	.scope = package_scopes,
	.nscope = LENGTH(package_scopes),
};

/* ---- audit ---- */

/* What a record speaks of, by its name: "image 250" is "image payments/api:2.14.1". */
#define NUMBER_IN(object) "CAST(substr(u.object, length('" object " ') + 1) AS INTEGER)"
#define NAMED(object, query)                                                                       \
	"WHEN u.object LIKE '" object " %' THEN '" object " ' || COALESCE((" query                 \
	" = " NUMBER_IN(object) "), substr(u.object, length('" object " ') + 1))\n"
#define SQL_OBJECT                                                                                 \
	"CASE " NAMED("image", "SELECT i.name FROM image i WHERE i.asset")                         \
	NAMED("repository", "SELECT r.name FROM repository r WHERE r.id")                          \
	NAMED("item", "SELECT c.ident FROM item c WHERE c.id")                                     \
	NAMED("control", "SELECT f.key || ' ' || c.ident FROM control c\n"                         \
			 "JOIN framework f ON f.id = c.framework WHERE c.id")                      \
	NAMED("alert", "SELECT a.name FROM alert t JOIN advisory a ON a.id = t.rule WHERE t.id")   \
	NAMED("cluster", "SELECT s.name FROM asset s WHERE s.id")                                  \
	NAMED("namespace", "SELECT s.name FROM asset s WHERE s.id")                                \
	NAMED("workload", "SELECT s.name FROM asset s WHERE s.id")                                 \
	NAMED("node", "SELECT s.name FROM asset s WHERE s.id")                                     \
	NAMED("problem", "SELECT a.name FROM advisory a WHERE a.id")                               \
	"WHEN u.object LIKE 'finding %' THEN 'finding ' || COALESCE((\n"                           \
	"SELECT a.name || ' ' || COALESCE(i.name, s.name, '') FROM advisory a\n"                   \
	"LEFT JOIN asset s ON s.id = " NUMBER_IN("finding") "\n"                                   \
	"LEFT JOIN image i ON i.asset = s.id\n"                                                    \
	"WHERE a.id = CAST(substr(u.object, instr(u.object, '-') + 1) AS INTEGER)),\n"             \
	"substr(u.object, length('finding ') + 1))\n"                                              \
	"ELSE u.object END"
static const struct column audit_columns[] = {
	{ "seq", NULL, "SEQ", "Number in the chain.", VAL_INT, 7, true, SQL(.sql = "u.seq") },
	{ "at", "age", "AT", "When.", VAL_TIME, 6, true, SQL(.sql = "u.at") },
	{ "actor", "who", "WHO", "Who.", VAL_TEXT, 10, true, SQL(.sql = "u.actor") },
	{ "act", NULL, "ACT", "What was done.", VAL_TEXT, 10, true, SQL(.sql = "u.act") },
	{ "object", NULL, "OBJECT", "What it was done to.", VAL_TEXT, 28, true,
	  SQL(.sql = "u.object", .match = MATCH_PROSE) },
	{ "before", NULL, "BEFORE", "What was so before.", VAL_TEXT, 30, false,
	  SQL(.sql = "u.before", .match = MATCH_PROSE) },
	{ "after", NULL, "AFTER", "What is so since.", VAL_TEXT, 40, false,
	  SQL(.sql = "u.after", .match = MATCH_PROSE) },
	{ "what", NULL, "WHAT", "The same as `object`, by its name.", VAL_TEXT, 28, false,
	  SQL(.sql = SQL_OBJECT, .match = MATCH_PROSE) },
	{ "was", NULL, "BEFORE", "The same as `before`, in one line.", VAL_TEXT, 30, false,
	  SQL(.sql = "in_one_line(u.before)", .match = MATCH_PROSE) },
	{ "is", NULL, "AFTER", "The same as `after`, in one line.", VAL_TEXT, 40, false,
	  SQL(.sql = "in_one_line(u.after)", .match = MATCH_PROSE) },
	{ "hash", NULL, "HASH", "Of the record, and so of all before it.", VAL_TEXT, 12, false,
	  SQL(.sql = "lower(hex(u.hash))") },
};
static const struct list_order audit_orders[] = { { "newest", "seq" } };
static const struct list_sort audit_sorts[] = { { true, true, NULL, 0 } };
static const struct list_scope audit_scopes[] = {
	{ .kind = SCOPE_ALL },
	{ .kind = SCOPE_CONTROL, /* and the items of the checklist that bear on it */
	  .wide = true,
	  .where = "u.object = 'control ' || #0 OR u.object IN (SELECT 'item ' || m.item\n"
		   "FROM item_control m WHERE m.control = #0)" },
};
const struct list_def list_audit = {
	.info = { .name = "audit",
		  .title = "Audit trail",
		  .col = audit_columns,
		  .ncol = LENGTH(audit_columns),
		  .order = audit_orders,
		  .norder = 1,
		  .nkey = 1 },
	.alias = "u",
	.from = "audit u",
	.joins = "",
	.key = { "u.seq" },
	.sort = audit_sorts,
	.scope = audit_scopes,
	.nscope = LENGTH(audit_scopes),
};
