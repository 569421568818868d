/* SPDX-License-Identifier: MIT */
/* list_parts.h - pieces of SQL that several lists share. Private to store/. */
#ifndef LIST_PARTS_H
#define LIST_PARTS_H

/* Words of enums as text: the numbers are those of record.h. */
#define SQL_FINDING_KIND(x)                                                                        \
	"CASE " x                                                                                  \
	" WHEN 0 THEN 'vulnerability' WHEN 1 THEN 'misconfiguration' WHEN 2 THEN 'secret'\n"       \
	"WHEN 3 THEN 'licence' WHEN 4 THEN 'lint' ELSE 'policy' END"
#define SQL_ASSET_KIND(x)                                                                          \
	"CASE " x " WHEN 0 THEN 'image' WHEN 1 THEN 'host' WHEN 2 THEN 'cluster'\n"                \
	"WHEN 3 THEN 'namespace' WHEN 4 THEN 'workload' WHEN 5 THEN 'container' ELSE 'tree' END"
#define SQL_EXPOSED(x) "CASE " x " WHEN 0 THEN 'no' WHEN 1 THEN 'exposed?' ELSE 'exposed' END"

/* An alert that somebody has to do something about still: a step of its response is not taken, or
 * it is not closed (3, as in the index alert_open). */
#define SQL_ALERT_STANDS(t) "(" t ".next_due < 9223372036854775807 OR " t ".state < 3)"

/* The mute m holds now for the alert t, be it everywhere or where that happened. */
#define SQL_MUTE_HOLDS(m, t)                                                                       \
	m ".rule = " t ".rule AND " m ".since <= store_now() AND " m ".until > store_now()\n"      \
	  "AND (" m ".ended = 0 OR " m ".ended > store_now())\n"                                   \
	  "AND (" m ".place IN (0, " t ".asset) OR EXISTS (SELECT 1 FROM container AS mc\n"        \
	  "WHERE mc.asset = " t ".asset AND " m ".place IN (mc.workload, mc.namespace))\n"         \
	  "OR EXISTS (SELECT 1 FROM asset AS ma\n"                                                 \
	  "WHERE ma.id = " t ".asset AND ma.parent = " m ".place))"
#define SQL_ALERT_MUTED(t) "EXISTS (SELECT 1 FROM mute AS m WHERE " SQL_MUTE_HOLDS("m", t) ")"
/* It stands, and somebody is called for it. */
#define SQL_ALERT_CALLS(t) "(" SQL_ALERT_STANDS(t) " AND NOT " SQL_ALERT_MUTED(t) ")"

/* Nobody ended the exception x or put another in its place; it may have run out. */
#define SQL_NOT_ENDED(x)                                                                           \
	"NOT EXISTS (SELECT 1 FROM exception_end AS n WHERE n.exception = " x ".id)"

/* Of an image: that of its manifest, else of its configuration; '' while it has a name only. */
#define SQL_DIGEST_OF(image)                                                                       \
	"COALESCE((SELECT x.value FROM digest x WHERE x.image = " image "\n"                       \
	"ORDER BY CASE x.kind WHEN 1 THEN 0 ELSE 1 END, x.kind, x.value LIMIT 1), '')"

/* Who owns an object now, NULL when nobody does; the object is an expression: "'image ' ||
 * i.asset". */
#define SQL_OWNED(object)                                                                          \
	"(SELECT NULLIF(o.name, '') FROM owner o\n"                                                \
	"WHERE o.object = " object " AND o.until = 0 ORDER BY o.at DESC, o.seq DESC LIMIT 1)"

/* No owner passes: nothing of anybody does. */
#define SQL_OWNER_GUARD "EXISTS (SELECT 1 FROM owner o WHERE o.until = 0 AND "

/* Advisories by every name they have. */
#define SQL_ADVISORY_NAMES                                                                         \
	"(SELECT id AS advisory, name FROM advisory\n"                                             \
	"UNION ALL SELECT advisory, name FROM advisory_alias WHERE related = 0) n"

/* What was due before it is late: a day ends at 24:00Z, and roll-ups count by days. */
#define SQL_TODAY "(store_now() / 86400 * 86400)"

/* Items of a column of a query, with ", " between. */
#define SQL_JOINED(column, query)                                                                  \
	"COALESCE((SELECT group_concat(" column ", ', ') FROM (" query ")), '')"

#define SQL_ALIASES(advisory)                                                                      \
	SQL_JOINED("name", "SELECT y.name FROM advisory_alias y\n"                                 \
			   "WHERE y.advisory = " advisory " AND y.related = 0 ORDER BY y.name")

/* Class `cl` holds finding `f` of advisory `a`: by rule, or by severity for a known vulnerability.
 */
#define SQL_CLASS_HOLDS                                                                            \
	"(a.class = cl.id OR a.kind = 0 AND (cl.name = CASE f.severity WHEN 0 THEN "               \
	"'vuln-critical'\n"                                                                        \
	"WHEN 1 THEN 'vuln-high' WHEN 2 THEN 'vuln-medium' WHEN 5 THEN 'vuln-medium'\n"            \
	"ELSE 'vuln-low' END OR cl.name = 'vuln-kev' AND a.kev = 1\n"                              \
	"OR cl.name = 'vuln-overdue' AND f.due < " SQL_TODAY "))"

/* What a person calls an asset `s` (its image row `i` when it is one): a workload with its
 * namespace. */
#define SQL_ASSET_NAME                                                                             \
	"COALESCE(i.name, CASE WHEN s.kind = 4\n"                                                  \
	"THEN COALESCE((SELECT up.name FROM asset up WHERE up.id = s.parent), '') || '/'\n"        \
	"ELSE '' END || s.name, '')"

/* Rules that test control #0: by class or by themselves. */
#define SQL_RULES_OF_CONTROL                                                                       \
	"(SELECT a.id FROM class_control m JOIN advisory a ON a.class = m.class\n"                 \
	"WHERE m.control = #0 AND m.weight < 2\n"                                                  \
	"UNION SELECT a.id FROM rule_control m JOIN source o ON o.word = m.tool\n"                 \
	"JOIN advisory a ON a.source = o.id AND a.name = m.rule\n"                                 \
	"WHERE m.control = #0 AND m.weight < 2)"

/*
 * Parts `v` of problem (#0, #1): of the package, or all places for a rule, which has none; held by
 * assets `h`, with the finding `f` where they have it.
 */
#define SQL_PROBLEM_FROM                                                                           \
	"part v JOIN holds h ON h.part = v.id\n"                                                   \
	"JOIN finding f ON f.asset = h.asset AND f.part = h.part"
#define SQL_PROBLEM_WHERE                                                                          \
	"f.advisory = #0 AND v.package IN (SELECT #1 WHERE #1 > 0\n"                               \
	"UNION ALL SELECT y.id FROM package y WHERE y.type = '@scope' AND #1 = 0)"

/*
 * What became of statement `v`: why it never holds anything, or what it waits for, or that it holds
 * some finding now.
 */
#define SQL_HELD_BY(sign)                                                                          \
	"EXISTS (SELECT 1 FROM decides t\n"                                                        \
	"JOIN affects x ON x.advisory = t.advisory AND t.part IN (0, x.part)\n"                    \
	"JOIN part xp ON xp.id = x.part AND t.package IN (0, xp.package)\n"                        \
	"JOIN holds xh ON xh.part = x.part AND (t.place IN (0, -xh.asset) OR EXISTS (\n"           \
	"  SELECT 1 FROM image_name n WHERE n.image = xh.asset AND n.repository = t.place))\n"     \
	"JOIN decided d ON d.asset = xh.asset AND d.advisory = x.advisory AND d.part = x.part\n"   \
	"AND d.maker " sign " 0 WHERE t.maker = -v.id)"
/* The status of our own note that a tool lists what it had set aside. */
#define STATUS_LISTED "listed"
#define SQL_OUTCOME                                                                                \
	"CASE WHEN v.outcome <> '' THEN v.outcome\n"                                               \
	"WHEN EXISTS (SELECT 1 FROM decided d WHERE d.maker = -v.id) THEN 'applied'\n"             \
	"WHEN v.status = '" STATUS_LISTED "' THEN 'applied'\n"                                     \
	"WHEN EXISTS (SELECT 1 FROM decides t JOIN statement l ON l.id = -t.maker\n"               \
	"  WHERE t.advisory = v.advisory AND t.place = -v.asset\n"                                 \
	"  AND l.status = '" STATUS_LISTED "' AND l.source = v.source\n"                           \
	"  AND l.part = v.part AND l.at > v.at)\n"                                                 \
	"THEN 'ended: its tool lists it again'\n"                                                  \
	"WHEN v.status IN ('affected', 'exploitable', 'under_investigation', 'in_triage')\n"       \
	"THEN 'refused: ' || v.status || ' sets nothing aside'\n"                                  \
	"WHEN (SELECT max(t.until) FROM decides t WHERE t.maker = -v.id) <= store_now()\n"         \
	"THEN 'ended: its last day is over'\n"                                                     \
	"WHEN EXISTS (SELECT 1 FROM awaited w WHERE w.statement = v.id)\n"                         \
	"THEN 'waiting: the product was not seen yet'\n"                                           \
	"WHEN NOT EXISTS (SELECT 1 FROM affects x WHERE x.advisory = v.advisory)\n"                \
	"THEN 'waiting: nothing has this advisory'\n"                                              \
	"WHEN " SQL_HELD_BY(">") " THEN 'refused: outranked by a person'\n"                        \
	"WHEN " SQL_HELD_BY("<") " THEN 'refused: outranked by another statement'\n"               \
	"ELSE 'waiting: the product holds no such component with it' END"

/* Images that run below something: a column of container is #0. */
#define SQL_IMAGES_RUNNING(column)                                                                 \
	"(SELECT c.image FROM container c WHERE c." column " = #0 AND c.running = 1)"

/*
 * Finding f came with asset `from`, and no version of its package has it in asset `to`, whatever
 * was decided there.
 */
#define SQL_REBASED(from, to)                                                                      \
	"EXISTS (SELECT 1 FROM finding g WHERE g.asset = " from "\n"                               \
	"AND g.advisory = f.advisory AND g.part = f.part AND g.state <> 1)\n"                      \
	"AND NOT EXISTS (SELECT 1 FROM finding g JOIN part gp ON gp.id = g.part\n"                 \
	"JOIN part fp ON fp.id = f.part AND fp.package = gp.package\n"                             \
	"WHERE g.asset = " to " AND g.advisory = f.advisory AND g.state <> 1)"

/*
 * The plan of many images, as a number: 0 the estate's, -2 r that of repository r, -(2 b + 1) of
 * the base that image b stands on. Those of its images that count:
 */
#define SQL_PLAN_IMAGES(i, plan)                                                                   \
	"(" i ".current = 1 OR " i ".running > 0)\n"                                               \
	"AND (" plan " = 0 OR (" plan " % 2 = 0 AND " i ".asset IN (SELECT y.image\n"              \
	"FROM image_name y WHERE y.repository = - " plan " / 2))\n"                                \
	"OR (" plan " % 2 <> 0 AND " i ".base = " SQL_PLAN_BASE(plan) "))"
#define SQL_PLAN_BASE(plan) "(SELECT m.base FROM image m WHERE m.asset = - " plan " / 2)"
/* What the base's name stands for, if that was ever seen. */
#define SQL_BASE_IMAGE(plan)                                                                       \
	"(SELECT y.image FROM image_name y WHERE y.name = " SQL_PLAN_BASE(plan) "\n"               \
	"ORDER BY y.until > 0, y.since DESC LIMIT 1)"
/* Of the findings f of those images: all; of a base that was seen only those that it has too. */
#define SQL_PLAN_FINDINGS(plan)                                                                    \
	"(" plan " % 2 = 0 OR " SQL_BASE_IMAGE(plan) " IS NULL\n"                                  \
	"OR EXISTS (SELECT 1 FROM finding g WHERE g.asset = " SQL_BASE_IMAGE(plan) "\n"            \
	"AND g.advisory = f.advisory AND g.part = f.part AND g.state <> 1))"

#define SQL_FIXED_IN                                                                               \
	"COALESCE((SELECT x.fixed_in FROM affects x\n"                                             \
	"WHERE x.advisory = f.advisory AND x.part = f.part), '')"
/*
 * The open findings f that a row of such a plan removes: #0 plan, #1 kind, #2 what it goes to. #3
 * of a rebase: what it replaces, less than 0 for the image itself; of a bump: an image of its
 * system, or 0.
 */
#define SQL_FIX_MANY                                                                               \
	"f.asset IN (SELECT i.asset FROM image i WHERE " SQL_PLAN_IMAGES("i", "#0") "\n"           \
	"AND CASE #1 WHEN 0 THEN i.asset = - #3 OR i.base IN (SELECT y.name\n"                     \
	"FROM image_name y WHERE y.image = #3)\n"                                                  \
	"WHEN 1 THEN #3 = 0 OR release_of(i.os) =\n"                                               \
	"(SELECT release_of(o.os) FROM image o WHERE o.asset = #3) ELSE 1 END)\n"                  \
	"AND CASE #1 WHEN 0 THEN " SQL_REBASED("abs(#3)", "#2") "\n"                               \
	"AND (SELECT v.kind FROM advisory v WHERE v.id = f.advisory) = 0\n"                        \
	"ELSE " SQL_PLAN_FINDINGS("#0") " AND CASE #1\n"                                           \
	"WHEN 1 THEN " SQL_FIXED_IN " <> ''\n"                                                     \
	"AND (SELECT v.package FROM part v WHERE v.id = f.part) = #2\n"                            \
	"WHEN 2 THEN f.advisory = #2\n"                                                            \
	"ELSE " SQL_FIXED_IN " = ''\n"                                                             \
	"AND (SELECT v.kind FROM advisory v WHERE v.id = f.advisory) = 0 END END"

/*
 * What admission denied in 24 hours in a cluster: of its containers, of what lies in it or in its
 * namespaces. The plus keeps SQLite from reading the events of all kinds: admissions are few.
 */
#define SQL_DENIED_IN(cluster)                                                                     \
	"SELECT count(*)\n"                                                                        \
	"FROM event v JOIN word w ON w.id = v.action JOIN asset h ON h.id = v.asset\n"             \
	"LEFT JOIN asset u ON u.id = h.parent LEFT JOIN container d ON d.asset = v.asset\n"        \
	"WHERE v.kind = 1 AND +v.ts_ns > (store_now() - 86400) * 1000000000\n"                     \
	"AND (w.body LIKE 'den%' OR w.body LIKE 'block%')\n"                                       \
	"AND " cluster " IN (d.cluster, h.id, h.parent, u.parent)"

/* Of cluster c: nothing reports its own, but its nodes say which kubelet they run. */
#define SQL_CLUSTER_VERSION                                                                        \
	"COALESCE(NULLIF(c.version, ''), (SELECT CASE WHEN count(DISTINCT n.version) > 1\n"        \
	"THEN count(DISTINCT n.version) || ' versions' ELSE max(n.version) END\n"                  \
	"FROM asset y JOIN node n ON n.asset = y.id\n"                                             \
	"WHERE y.parent = c.asset AND y.kind = 1 AND n.version <> ''), '')"

#endif
