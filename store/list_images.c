/* SPDX-License-Identifier: MIT */
/* list_images.c - one row an image: what runs, what is open in it, when it is due. */
#include "store/detail.h"
#include "store/list.h"
#include "store/list_parts.h"

#define IN_NAMES "i.asset IN (SELECT x.image FROM image_name x WHERE x.until = 0 AND "
#define IN_DIGESTS                                                                                 \
	"i.asset IN (SELECT x.image FROM (SELECT image, value FROM digest\n"                       \
	"UNION ALL SELECT image, value FROM index_digest) x WHERE "
/* Open findings by the rules of one tool; -1 where it never looked. */
#define FAILS_OF(tool)                                                                             \
	"CASE WHEN EXISTS (SELECT 1 FROM source s JOIN cover c ON c.source = s.id\n"               \
	"WHERE s.word = '" tool "' AND c.asset = i.asset)\n"                                       \
	"THEN (SELECT count(*) FROM source s CROSS JOIN advisory a ON a.source = s.id\n"           \
	"CROSS JOIN finding f ON f.asset = i.asset AND f.advisory = a.id\n"                        \
	"WHERE s.word = '" tool "' AND f.state = 0) ELSE -1 END"
#define OPEN_OF_KIND(kind)                                                                         \
	"COALESCE((SELECT sum(t.n) FROM tally t\n"                                                 \
	"WHERE t.scope = i.asset AND t.kind = " kind " AND t.state = 0), 0)"
#define LATE                                                                                       \
	"CASE WHEN i.due < " SQL_TODAY " THEN (SELECT count(*) FROM finding f\n"                   \
	"WHERE f.asset = i.asset AND f.state = 0 AND f.due < " SQL_TODAY ") ELSE 0 END"
#define SIGNED                                                                                     \
	"COALESCE((SELECT CASE min(CASE g.result WHEN 0 THEN 0 WHEN 2 THEN 1 WHEN 3 THEN 2\n"      \
	"WHEN 4 THEN 3 ELSE 4 END) WHEN 0 THEN 'ok' WHEN 1 THEN 'bad' WHEN 2 THEN 'key?'\n"        \
	"WHEN 3 THEN 'present' ELSE 'none' END\n"                                                  \
	"FROM signature g WHERE g.image = i.asset AND g.predicate = ''), 'none')"
/* Of what runs it: a request names the workload, or the pod that a container is known by. */
#define ADMISSION                                                                                  \
	"COALESCE((SELECT w.body FROM event e JOIN word w ON w.id = e.action\n"                    \
	"WHERE e.kind = 1 AND e.asset IN (SELECT i.asset\n"                                        \
	"UNION ALL SELECT c.asset FROM container c WHERE c.image = i.asset\n"                      \
	"UNION ALL SELECT c.workload FROM container c WHERE c.image = i.asset)\n"                  \
	"ORDER BY e.ts_ns DESC, e.id DESC LIMIT 1), '')"
#define OWNER                                                                                      \
	"COALESCE(" SQL_OWNED("'image ' || i.asset") ",\n" SQL_OWNED(                              \
		"'repository ' || i.repository") ", '')"

static const struct column columns[] = {
	{ "id", NULL, "ID", "Number of the image in this store.", VAL_INT, 6, true,
	  SQL(.sql = "i.asset") },
	{ "name", "image", "IMAGE", "The newest name it holds, else its digest.", VAL_TEXT, 28,
	  true, SQL(.sql = "i.name", .match = MATCH_NAME) },
	{ "names", NULL, "NAMES", "Every name it holds now.", VAL_LIST, 30, false,
	  SQL(.sql = SQL_JOINED("name", "SELECT x.name FROM image_name x\n"
					"WHERE x.image = i.asset AND x.until = 0 ORDER BY x.name"),
	      .in = IN_NAMES, .test = "x.name", .match = MATCH_NAME) },
	{ "digest", NULL, "DIGEST", "Digest of its manifest, else of its configuration.", VAL_TEXT,
	  19, false, SQL(.sql = SQL_DIGEST_OF("i.asset"), .in = IN_DIGESTS, .test = "x.value") },
	{ "os", NULL, "OS", "Operating system inside.", VAL_TEXT, 14, true, SQL(.sql = "i.os") },
	{ "arch", NULL, "ARCH", "Platform it is built for.", VAL_TEXT, 11, true,
	  SQL(.sql = "i.arch") },
	{ "base", NULL, "BASE", "Image it is built from.", VAL_TEXT, 14, true,
	  SQL(.sql = "i.base", .match = MATCH_NAME) },
	{ "created", "built", "BUILT", "When it was built.", VAL_TIME, 6, true,
	  SQL(.sql = "i.built") },
	{ "running", "run", "RUN", "Containers that run it.", VAL_INT, 4, true,
	  SQL(.sql = "i.running") },
	{ "findings.critical", "c", "C", "Open critical findings.", VAL_INT, 4, true,
	  SQL(.sql = "i.critical") },
	{ "findings.high", "h", "H", "Open high findings.", VAL_INT, 4, true,
	  SQL(.sql = "i.high") },
	{ "findings.medium", "m", "M", "Open medium findings.", VAL_INT, 4, true,
	  SQL(.sql = "i.medium") },
	{ "findings.low", "l", "L", "Open low findings.", VAL_INT, 4, true, SQL(.sql = "i.low") },
	{ "findings.negligible", "n", "N", "Open negligible findings.", VAL_INT, 4, true,
	  SQL(.sql = "i.negligible") },
	{ "findings.unknown", "u", "U", "Open findings of unknown severity.", VAL_INT, 4, true,
	  SQL(.sql = "i.unknown") },
	{ "kev", NULL, "KEV", "Open findings known to be exploited.", VAL_INT, 3, true,
	  SQL(.sql = "i.kev") },
	{ "epss", NULL, "EPSS", "Highest probability of exploitation.", VAL_EPSS, 4, true,
	  SQL(.sql = "i.epss") },
	{ "fixable", "fix", "FIX", "Open findings with a fix.", VAL_INT, 4, true,
	  SQL(.sql = "i.fixable") },
	{ "overdue", NULL, "LATE", "Open findings past their due time.", VAL_INT, 4, true,
	  SQL(.sql = LATE) },
	{ "due", NULL, "DUE", "Earliest due time of its findings.", VAL_DUE, 5, true,
	  SQL(.sql = "i.due") },
	{ "signed", "sign", "SIGN", "ok, none, bad, key? (another key) or present (not verified).",
	  VAL_TEXT, 5, true, SQL(.sql = SIGNED, .quiet = true) },
	{ "admission", "admit", "ADMIT", "What admission said of it last.", VAL_TEXT, 7, true,
	  SQL(.sql = ADMISSION, .quiet = true) },
	{ "gate", NULL, "GATE", "May it be promoted: admitted, refused or none (no evidence).",
	  VAL_TEXT, 8, false, SQL(.sql = "CAST(i.asset AS TEXT)", .filled = true, .dear = true,
	      .quiet = true) },
	{ "lint", NULL, "LINT", "What Hadolint finds wrong in the files it is built by.",
	  VAL_FAILS, 4, true, SQL(.sql = FAILS_OF("hadolint")) },
	{ "dockle", "dock", "DOCK", "What Dockle finds wrong in how it is built.",
	  VAL_FAILS, 4, true, SQL(.sql = FAILS_OF("dockle")) },
	{ "config", NULL, "CONF", "Open misconfigurations.", VAL_INT, 4, true,
	  SQL(.sql = OPEN_OF_KIND("1")) },
	{ "last_scan", "scan", "SCAN", "Newest complete vulnerability scan.", VAL_TIME, 5, true,
	  SQL(.sql = "i.scanned_at") },
	{ "database", "db", "DB", "When that scan's database was built.", VAL_TIME, 5, true,
	  SQL(.sql = "i.db_built") },
	{ "owner", "who", "OWNER", "Owner of the image, else of its repository.", VAL_TEXT, 8, true,
	  SQL(.sql = OWNER, .guard = SQL_OWNER_GUARD, .guarded = "o.name") },
	{ "repository", "repo", "REPOSITORY", "Its name without tag.", VAL_TEXT, 28, true,
	  SQL(.sql = "COALESCE(r.name, '')", .match = MATCH_NAME) },
	{ "packages", "pkg", "PACKAGES",
	  "How many it holds: pkg>100. Words are looked for in their names: pkg:openssl.", VAL_INT,
	  8, true,
	  SQL(.named = true,
	      .sql = "(SELECT count(*) FROM holds h JOIN part q ON q.id = h.part\n"
		     "JOIN package k ON k.id = q.package AND k.type <> '@scope'\n"
		     "WHERE h.asset = i.asset)",
	      .in = "i.asset IN (SELECT h.asset FROM package k JOIN part q ON q.package = k.id\n"
		    "JOIN holds h ON h.part = q.id WHERE k.type <> '@scope' AND ",
	      .test = "k.name") },
	{ "exposed", NULL, "EXPOSED", "Reachable from outside: no, exposed? (not known), exposed.",
	  VAL_TEXT, 8, true, SQL(.sql = SQL_EXPOSED("i.exposed"), .quiet = true) },
	{ "eol", NULL, "EOL", "Its base system is out of support.", VAL_FLAG, 3, true,
	  SQL(.sql = "i.eol") },
	{ "unpinned", NULL, "UNPINNED", "Known by name only.", VAL_FLAG, 8, true,
	  SQL(.sql = "i.unpinned") },
	{ "current", NULL, "CURRENT", "Holds a name now.", VAL_FLAG, 7, true,
	  SQL(.sql = "i.current") },
	{ "retired", NULL, "RETIRED", "Neither running nor current.", VAL_FLAG, 7, true,
	  SQL(.sql = "CASE WHEN i.current = 0 AND i.running = 0 THEN 1 ELSE 0 END") },
	/* The store keeps it as what ascends in the order of the list. */
	{ "risk", NULL, "RISK",
	  "Higher is worse: critical x 100,000,000 + high x 10,000 + medium findings.", VAL_INT, 10,
	  true, SQL(.sql = "-i.risk") },
};
/* From the number of an image to its gate's word. */
static bool fill_gate(struct store *st, struct arena *mem, struct value *v, struct err *e)
{
	(void)mem;
	return image_gate(st, v->u.s, &v->u.s, e);
}

static const struct list_order orders[] = {
	{ "due", "due, risk" },
	{ "name", "name" },
	{ "risk", "risk" },
};
static const struct list_term by_due[] = {
	{ "i.due", "due", 0, 0 },
	{ "i.risk", "risk", 0, 0, true },
};
static const struct list_term by_name[] = { { "i.name", "name", 0, 0 } };
static const struct list_term by_risk[] = { { "i.risk", "risk", 0, 0, true } };
static const struct list_sort sorts[] = {
	{ true, false, by_due, LENGTH(by_due) },
	{ true, false, by_name, LENGTH(by_name) },
	{ false, false, by_risk, LENGTH(by_risk) },
};
static const struct list_hide hides[] = { { "retired", "(i.current = 1 OR i.running > 0)", NULL } };
static const struct list_scope scopes[] = {
	{ .kind = SCOPE_ALL },
	{ .kind = SCOPE_IMAGE, .where = "i.asset = #0" },
	{ .kind = SCOPE_REPOSITORY,
	  .where = "i.asset IN (SELECT x.image FROM image_name x WHERE x.repository = #0)" },
	{ .kind = SCOPE_BASE,
	  .where = "i.base = (SELECT m.base FROM image m WHERE m.asset = #0)" },
	{ .kind = SCOPE_CLUSTER, .where = "i.asset IN " SQL_IMAGES_RUNNING("cluster") },
	{ .kind = SCOPE_NODE, .where = "i.asset IN " SQL_IMAGES_RUNNING("node") },
	{ .kind = SCOPE_NAMESPACE, .where = "i.asset IN " SQL_IMAGES_RUNNING("namespace") },
	{ .kind = SCOPE_WORKLOAD, .where = "i.asset IN " SQL_IMAGES_RUNNING("workload") },
	{ .kind = SCOPE_CONTAINER,
	  .where = "i.asset = (SELECT c.image FROM container c WHERE c.asset = #0)" },
	{ .kind = SCOPE_PART,
	  .where = "i.asset IN (SELECT h.asset FROM holds h WHERE h.part = #0)" },
	{ .kind = SCOPE_PROBLEM,
	  .where = "i.asset IN (SELECT f.asset FROM " SQL_PROBLEM_FROM
		   "\nWHERE f.state = 0 AND " SQL_PROBLEM_WHERE ")" },
	{ .kind = SCOPE_FIX_MANY,
	  .where = "i.asset IN (SELECT f.asset FROM finding f\n"
		   "WHERE f.state = 0 AND " SQL_FIX_MANY ")" },
};
static const struct list_word words[] = {
	{ "running", "running>0" },
	{ "late", "overdue>0" },
	{ "fixable", "fixable>0" },
	{ "kev", "kev>0" },
	{ "critical", "findings.critical>0" },
	{ "high", "findings.high>0" },
	{ "open", "(c>0 or h>0 or m>0 or l>0 or n>0 or u>0)" },
	{ "exposed", "!exposed:no" },
	{ "signed", "signed:ok" },
	{ "unsigned", "!signed:ok" },
};

const struct list_def list_images = {
	.info = { .name = "images",
		  .title = "Images",
		  .col = columns,
		  .ncol = LENGTH(columns),
		  .order = orders,
		  .norder = LENGTH(orders),
		  .nkey = 1 },
	.alias = "i",
	.from = "image i",
	.joins = "\nLEFT JOIN repository r ON r.id = i.repository",
	.key = { "i.asset" },
	.sort = sorts,
	.scope = scopes,
	.nscope = LENGTH(scopes),
	.hide = hides,
	.nhide = LENGTH(hides),
	.word = words,
	.nword = LENGTH(words),
	.count = "SELECT count(*) FROM image WHERE current = 1 OR running > 0",
	.fill = fill_gate,
};
