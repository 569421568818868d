/* SPDX-License-Identifier: MIT */
/*
 * past.c - the store as it was: temporary tables and views of the same names as the store's own,
 * which SQL finds first, so that every list, count and judgement works on a past day unchanged.
 *
 * What only grows is a view that leaves out what came after (past_views.c). What changes in place
 * is copied, and put right by the spans, facts and former rows that imports left behind. Roll-ups
 * are counted anew by the code of the imports (past_count.c).
 */
#include "store/list.h"
#include "store/past.h"
#include "store/sealed.h"

#define AT    PAST_AT
#define KNOWN PAST_KNOWN

/* ---- what changes in place: copied, then put right; in this order ---- */

/* Columns of rows as they were before the first record that is not known of changed them. */
#define AS_IT_WAS(table, key, columns, values)                                                     \
	"UPDATE " table " SET (" columns ") = (" values ")\n"                                      \
	"FROM (SELECT w.*, row_number() OVER (PARTITION BY " key " ORDER BY by_seq) AS r\n"        \
	"  FROM main." table "_was AS w WHERE " PAST_AFTER("w") ") AS w\n"                         \
	"WHERE w.r = 1 AND "

/* The newest fact of each kind that is known of, and what other assets became. */
static const char SQL_FACTS[] =
	"CREATE TEMP TABLE fact_now (asset INTEGER, what INTEGER, at INTEGER, value INTEGER,\n"
	"  PRIMARY KEY (asset, what)) WITHOUT ROWID;\n"
	"INSERT INTO fact_now (asset, what, at, value)\n"
	"SELECT asset, what, at, value FROM (\n"
	"  SELECT coalesce(m.keep, f.asset) AS asset, f.what, f.at, f.value, row_number() OVER (\n"
	"    PARTITION BY coalesce(m.keep, f.asset), f.what ORDER BY f.at DESC, f.seq DESC) AS r\n"
	"  FROM main.fact AS f LEFT JOIN main.merged AS m ON m.gone = f.asset\n"
	"  WHERE f.at <= " AT " AND f.seq <= " KNOWN ")\n"
	"WHERE r = 1;\n"
	"UPDATE fact_now SET value = 2 * m.keep + value % 2\n"
	"FROM main.merged AS m WHERE what = 2 AND m.gone = value / 2;\n";

static const char SQL_SEEN[] =
	"CREATE TEMP TABLE seen (asset INTEGER PRIMARY KEY);\n"
	"WITH RECURSIVE up (id) AS (\n"
	"  SELECT asset FROM fact_now WHERE what = 0\n"
	"  UNION SELECT asset FROM cover\n"
	"  UNION SELECT asset FROM event WHERE asset > 0\n"
	"  UNION SELECT image FROM image_name\n"
	"  UNION SELECT a.parent FROM main.asset AS a JOIN up ON a.id = up.id WHERE a.parent > 0)\n"
	"INSERT INTO seen (asset) SELECT id FROM up WHERE id > 0;\n"
	"CREATE TEMP TABLE heard_at (asset INTEGER PRIMARY KEY, at INTEGER);\n"
	"WITH RECURSIVE up (id, at) AS (\n"
	"  SELECT asset, at FROM fact_now WHERE what = 1\n"
	"  UNION SELECT asset, max(ts_ns) / 1000000000 FROM event WHERE asset > 0 GROUP BY asset\n"
	"  UNION SELECT a.parent, up.at FROM main.asset AS a JOIN up ON a.id = up.id\n"
	"    WHERE a.parent > 0)\n"
	"INSERT INTO heard_at (asset, at) SELECT id, max(at) FROM up GROUP BY id;\n";

/* A row is as it was before the first record that is not known of. */
static const char SQL_NAMES[] =
	"INSERT INTO image_name SELECT n.* FROM main.image_name AS n\n"
	"WHERE n.since <= " AT " AND NOT EXISTS (SELECT 1 FROM main.image_name_was AS w\n"
	"  WHERE w.name = n.name AND w.since = n.since AND w.image = n.image\n"
	"    AND w.by_seq > " KNOWN ");\n"
	"INSERT INTO image_name (name, since, image, until, seen, repository, seq)\n"
	"SELECT w.name, w.since, w.image, w.until, w.seen, w.repository, w.seq\n"
	"FROM main.image_name_was AS w\n"
	"WHERE w.there = 1 AND w.since <= " AT " AND w.by_seq = (\n"
	"  SELECT min(x.by_seq) FROM main.image_name_was AS x WHERE x.name = w.name\n"
	"    AND x.since = w.since AND x.image = w.image AND x.by_seq > " KNOWN ");\n"
	"UPDATE image_name SET until = 0 WHERE until > " AT ";\n"
	"UPDATE image_name SET seen = " AT " WHERE seen > " AT ";\n";
static const char SQL_CLOCKS[] =
	"CREATE TEMP TABLE clock_then (repository INTEGER, advisory INTEGER, package INTEGER,\n"
	"  ended INTEGER, there INTEGER, start INTEGER,\n"
	"  PRIMARY KEY (repository, advisory, package, ended)) WITHOUT ROWID;\n"
	"INSERT INTO clock_then (repository, advisory, package, ended, there, start)\n"
	"SELECT repository, advisory, package, ended, there, start FROM (\n"
	"  SELECT w.*, row_number() OVER (PARTITION BY repository, advisory, package, ended\n"
	"    ORDER BY by_seq) AS r\n"
	"  FROM main.clock_was AS w WHERE by_seq > " KNOWN " OR by_at > " AT ")\n"
	"WHERE r = 1;\n"
	"INSERT INTO clock_then (repository, advisory, package, ended, there, start)\n"
	"SELECT repository, advisory, package, ended, 1, start FROM main.clock WHERE TRUE\n"
	"ON CONFLICT (repository, advisory, package, ended) DO NOTHING;\n"
	/* what has ended since ran then */
	"INSERT INTO clock (repository, advisory, package, ended, start, due, n)\n"
	"SELECT repository, advisory, package, CASE WHEN ended > " AT " THEN 0 ELSE ended END,\n"
	"  min(start), 9223372036854775807, 0\n"
	"FROM clock_then WHERE there = 1 AND start <= " AT "\n"
	"GROUP BY 1, 2, 3, 4;\n";

static const char SQL_ASSETS[] =
	"INSERT INTO asset SELECT a.* FROM main.asset AS a JOIN seen AS s ON s.asset = a.id;\n"
	"INSERT INTO cluster SELECT c.* FROM main.cluster AS c JOIN seen USING (asset);\n"
	"INSERT INTO node SELECT n.* FROM main.node AS n JOIN seen USING (asset);\n"
	"INSERT INTO workload SELECT w.* FROM main.workload AS w JOIN seen USING (asset);\n"
	AS_IT_WAS("cluster", "asset", "uid, version, services", "w.uid, w.version, w.services")
	"w.asset = cluster.asset;\n"
	AS_IT_WAS("node", "asset", "role, version, os", "w.role, w.version, w.os")
	"w.asset = node.asset;\n"
	AS_IT_WAS("workload", "asset", "labels, replicas", "w.labels, w.replicas")
	"w.asset = workload.asset;\n"
	"UPDATE cluster SET data_at = coalesce((SELECT at FROM heard_at AS h\n"
	"  WHERE h.asset = cluster.asset), 0);\n"
	"UPDATE node SET data_at = coalesce((SELECT at FROM heard_at AS h\n"
	"  WHERE h.asset = node.asset), 0);\n"
	"UPDATE workload SET exposed = coalesce((SELECT value FROM fact_now AS f\n"
	"  WHERE f.asset = workload.asset AND f.what = 3), 0);\n"
	"INSERT INTO container SELECT c.* FROM main.container AS c JOIN seen USING (asset);\n"
	"UPDATE container SET running = 0;\n"
	"UPDATE container SET running = f.value % 2,\n"
	"  image = CASE WHEN f.value > 1 THEN f.value / 2 ELSE container.image END\n"
	"FROM fact_now AS f WHERE f.asset = container.asset AND f.what = 2;\n"
	/* seen last when it began to run, or was listed since, or shown in a part of a list */
	"CREATE TEMP TABLE ended (asset INTEGER PRIMARY KEY, at INTEGER);\n"
	"INSERT INTO ended (asset, at) SELECT asset, at FROM fact_now\n"
	"WHERE what = 2 AND value % 2 = 0;\n"
	"UPDATE container SET last_at = max(container.first_at,\n"
	"  coalesce((SELECT max(f.at) FROM main.fact AS f WHERE f.asset = container.asset\n"
	"    AND (f.what = 1 OR f.what = 2 AND f.value % 2 = 1) AND f.at <= " AT "\n"
	"    AND f.seq <= " KNOWN "), 0),\n"
	"  coalesce((SELECT max(l.at) FROM main.fact AS l WHERE l.what = 4\n"
	"    AND l.asset = CASE WHEN container.namespace > 0 THEN container.namespace\n"
	"      ELSE container.node END AND l.at <= " AT " AND l.seq <= " KNOWN "\n"
	"    AND l.at < coalesce((SELECT d.at FROM ended AS d WHERE d.asset = container.asset),\n"
	"      9223372036854775807)), 0))\n"
	"WHERE EXISTS (SELECT 1 FROM fact_now AS f\n"
	"  WHERE f.asset = container.asset AND f.what = 2);\n";

static const char SQL_IMAGES[] =
	"INSERT INTO image SELECT i.* FROM main.image AS i JOIN seen USING (asset);\n"
	AS_IT_WAS("image", "asset", "os, arch, base, built, eol",
		  "w.os, w.arch, w.base, w.built, w.eol")
	"w.asset = image.asset;\n"
	"UPDATE image SET current = 0, running = 0, exposed = 0, critical = 0, high = 0,\n"
	"  medium = 0, low = 0, negligible = 0, unknown = 0, kev = 0, epss = 0, fixable = 0,\n"
	"  due = 9223372036854775807, risk = 0, scanned_at = 0, db_built = 0,\n"
	/* a name that came later is none yet */
	"  name = CASE WHEN EXISTS (SELECT 1 FROM asset AS a WHERE a.id = image.asset\n"
	"    AND a.name LIKE 'sha256:%') AND EXISTS (SELECT 1 FROM main.image_name AS n\n"
	"    WHERE n.image = image.asset AND n.name = image.name)\n"
	"    THEN (SELECT substr(a.name, 1, 19) FROM asset AS a WHERE a.id = image.asset)\n"
	"    ELSE name END;\n"
	"UPDATE image SET scanned_at = s.at, db_built = s.db_built FROM (\n"
	"  SELECT c.asset, c.at, n.db_built, row_number() OVER (\n"
	"    PARTITION BY c.asset ORDER BY c.at DESC, n.id DESC) AS r\n"
	"  FROM cover AS c JOIN main.scan AS n ON n.id = c.scan\n"
	"  WHERE c.kind = 0 AND c.complete = 1) AS s\n"
	"WHERE s.r = 1 AND s.asset = image.asset;\n"
	"INSERT INTO signature (image, predicate, signer, issuer, result, log_index, signed_at,\n"
	"  at, scan)\n"
	SQL_SIGNATURES("main.signature_seen",
		       "WHERE at <= " AT " AND scan < (SELECT scan FROM asof)") ";\n";

static const char SQL_ADVISORIES[] =
	"INSERT INTO advisory SELECT * FROM main.advisory;\n"
	"UPDATE advisory SET class = s.class, kev = s.kev, kev_added = s.kev_added,\n"
	"  kev_due = s.kev_due, epss = s.epss, exploitation = s.exploitation,\n"
	"  automatable = s.automatable, impact = s.impact, ssvc_at = s.ssvc_at,\n"
	"  triage = s.triage\n"
	"FROM (SELECT v.*, row_number() OVER (PARTITION BY advisory ORDER BY at DESC, seq DESC)\n"
	"    AS r FROM main.advisory_span AS v WHERE at <= " AT " AND seq <= " KNOWN ") AS s\n"
	"WHERE s.r = 1 AND s.advisory = advisory.id;\n"
	AS_IT_WAS("advisory", "advisory",
		  "severity, title, text, remedy, url, benchmark, score, vector, published",
		  "w.severity, w.title, w.text, w.remedy, w.url, w.benchmark, w.score, w.vector,\n"
		  "w.published")
	"w.advisory = advisory.id;\n"
	"INSERT INTO affects SELECT * FROM main.affects;\n"
	AS_IT_WAS("affects", "advisory, part", "fixed_in, fix", "w.fixed_in, w.fix")
	"w.advisory = affects.advisory AND w.part = affects.part;\n"
	"UPDATE affects SET n = 0 WHERE n <> 0;\n";

static const char SQL_FINDINGS[] =
	"CREATE TEMP TABLE origin (asset INTEGER, at INTEGER, PRIMARY KEY (asset, at))\n"
	"WITHOUT ROWID;\n"
	"INSERT INTO origin (asset, at) SELECT DISTINCT asset, at FROM cover;\n"
	"INSERT INTO finding SELECT f.* FROM main.finding AS f\n"
	"JOIN origin AS o ON o.asset = f.asset AND o.at = f.since\n"
	"WHERE NOT EXISTS (SELECT 1 FROM main.span AS s WHERE s.asset = f.asset\n"
	"  AND s.advisory = f.advisory AND s.part = f.part);\n"
	"INSERT INTO finding SELECT f.* FROM main.finding AS f\n"
	"WHERE EXISTS (SELECT 1 FROM main.span AS s WHERE s.asset = f.asset\n"
	"  AND s.advisory = f.advisory AND s.part = f.part AND s.at <= " AT "\n"
	"  AND s.seq <= " KNOWN " AND (s.until_seq = 0 OR s.until_seq > " KNOWN "));\n"
	"UPDATE finding SET state = s.state, severity = s.severity, since = s.since\n"
	"FROM (SELECT asset, advisory, part, state, severity, row_number() OVER\n"
	"      (PARTITION BY asset, advisory, part ORDER BY at DESC, seq DESC) AS r,\n"
	"    min(at) OVER (PARTITION BY asset, advisory, part) AS since\n"
	"  FROM main.span WHERE at <= " AT " AND seq <= " KNOWN "\n"
	"    AND (until_seq = 0 OR until_seq > " KNOWN ")) AS s\n"
	"WHERE s.r = 1 AND s.asset = finding.asset AND s.advisory = finding.advisory\n"
	"  AND s.part = finding.part;\n"
	"UPDATE finding SET due = 9223372036854775807;\n";

/* Spans say what was decided; by whom, the decision that was in force. */
static const char SQL_DECIDED[] =
	"INSERT INTO decided (asset, advisory, part, maker, state, check_in)\n"
	"SELECT f.asset, f.advisory, f.part, coalesce(d.maker, 0), f.state,\n"
	"  coalesce(d.check_in, 0)\n"
	"FROM (SELECT f.asset, f.advisory, f.part, f.state, (\n"
	"    SELECT d.maker FROM decides AS d JOIN main.part AS p ON p.id = f.part\n"
	"    WHERE d.advisory IN (0, f.advisory) AND d.package IN (0, p.package)\n"
	"      AND d.part IN (0, f.part) AND d.state = f.state AND d.at <= " AT "\n"
	"      AND d.until > " AT " AND (d.place IN (0, -f.asset) OR d.place IN (\n"
	"        SELECT n.repository FROM image_name AS n WHERE n.image = f.asset))\n"
	"    ORDER BY d.maker > 0 DESC, (d.place = 0) * 2 + (d.place > 0), d.at DESC,\n"
	"      abs(d.maker) DESC LIMIT 1) AS maker\n"
	"  FROM finding AS f WHERE f.state > 1) AS f\n"
	"LEFT JOIN (SELECT maker, max(check_in) AS check_in FROM main.decides\n"
	"  GROUP BY maker) AS d ON d.maker = f.maker;\n"
	"UPDATE finding SET state = 0 WHERE state IN (6, 7);\n";

static const char SQL_SIGHTINGS[] =
	/* the look of a source's first import at an asset: what rows without spans go back to */
	"CREATE TEMP TABLE first_look (asset INTEGER, source INTEGER, at INTEGER,\n"
	"  PRIMARY KEY (asset, source)) WITHOUT ROWID;\n"
	"INSERT INTO first_look (asset, source, at)\n"
	"SELECT asset, source, at FROM (SELECT c.asset, c.source, c.at, row_number() OVER (\n"
	"    PARTITION BY c.asset, c.source ORDER BY n.import, c.at) AS r, n.id AS scan\n"
	"  FROM main.cover AS c JOIN main.scan AS n ON n.id = c.scan)\n"
	"WHERE r = 1 AND at <= " AT " AND scan < (SELECT scan FROM asof);\n"
	/* the one source a row itself names, when it had looked and nothing changed since */
	"UPDATE finding SET witness = 0 WHERE witness > 0 AND NOT EXISTS (\n"
	"  SELECT 1 FROM main.witness AS w\n"
	"  JOIN first_look AS l ON l.asset = finding.asset AND l.source = w.source\n"
	"  WHERE w.id = finding.witness AND NOT EXISTS (SELECT 1 FROM main.sighting_span AS s\n"
	"    WHERE s.asset = finding.asset AND s.advisory = finding.advisory\n"
	"      AND s.part = finding.part AND s.source = w.source));\n"
	"INSERT INTO sighting_row SELECT g.* FROM main.sighting_row AS g\n"
	"JOIN first_look AS l ON l.asset = g.asset AND l.source = g.source\n"
	"WHERE NOT EXISTS (SELECT 1 FROM main.sighting_span AS s WHERE s.asset = g.asset\n"
	"  AND s.advisory = g.advisory AND s.part = g.part AND s.source = g.source);\n"
	"INSERT INTO sighting_row (asset, advisory, part, source, severity, word, score, until)\n"
	"SELECT asset, advisory, part, source, severity, word, score,\n"
	"  CASE WHEN live = 1 THEN 0 ELSE at END\n"
	"FROM (SELECT s.*, row_number() OVER (PARTITION BY asset, advisory, part, source\n"
	"    ORDER BY at DESC, seq DESC) AS r\n"
	"  FROM main.sighting_span AS s WHERE at <= " AT " AND seq <= " KNOWN ")\n"
	"WHERE r = 1;\n";

static const char SQL_CHECKS[] =
	/* by whom an asset was looked at, when last, and whether more is known now */
	"CREATE TEMP TABLE looked (asset INTEGER, source INTEGER, at INTEGER, later INTEGER,\n"
	"  PRIMARY KEY (asset, source)) WITHOUT ROWID;\n"
	"INSERT INTO looked (asset, source, at, later)\n"
	"SELECT c.asset, c.source, coalesce(max(CASE WHEN c.at <= " AT " AND c.scan <\n"
	"    (SELECT scan FROM asof) THEN c.at END), 0), max(CASE WHEN c.at > " AT "\n"
	"    OR c.scan >= (SELECT scan FROM asof) THEN 1 ELSE 0 END)\n"
	"FROM main.cover AS c GROUP BY c.asset, c.source\n"
	"HAVING min(c.scan) < (SELECT scan FROM asof);\n"
	"INSERT INTO check_result SELECT c.* FROM main.check_result AS c\n"
	"JOIN looked AS l ON l.asset = c.asset AND l.source = c.source\n"
	"WHERE c.since <= " AT " AND NOT EXISTS (SELECT 1 FROM main.check_span AS s\n"
	"  WHERE s.asset = c.asset AND s.advisory = c.advisory AND s.part = c.part\n"
	"    AND s.source = c.source);\n"
	"INSERT INTO check_result SELECT c.* FROM main.check_result AS c\n"
	"WHERE EXISTS (SELECT 1 FROM main.check_span AS s WHERE s.asset = c.asset\n"
	"  AND s.advisory = c.advisory AND s.part = c.part AND s.source = c.source\n"
	"  AND s.at <= " AT " AND s.seq <= " KNOWN ");\n"
	/* `spoken`: the newest span in which its source spoke of it; `run`: the first one after */
	"CREATE TEMP TABLE verdict_then (asset INTEGER, advisory INTEGER, part INTEGER,\n"
	"  source INTEGER, at INTEGER, seq INTEGER, verdict INTEGER, word INTEGER,\n"
	"  message INTEGER, gone INTEGER, silent INTEGER, spoken INTEGER, old INTEGER,\n"
	"  run INTEGER, PRIMARY KEY (asset, advisory, part, source)) WITHOUT ROWID;\n"
	"INSERT INTO verdict_then\n"
	"SELECT asset, advisory, part, source, at, seq, verdict, word, message, gone, silent,\n"
	"  0, 0, 0\n"
	"FROM (SELECT v.*, row_number() OVER (PARTITION BY asset, advisory, part, source\n"
	"    ORDER BY at DESC, seq DESC) AS r\n"
	"  FROM main.check_span AS v WHERE at <= " AT " AND seq <= " KNOWN ")\n"
	"WHERE r = 1;\n"
	"UPDATE verdict_then AS v SET (spoken, old) = (SELECT s.at, s.silent\n"
	"  FROM main.check_span AS s WHERE s.asset = v.asset AND s.advisory = v.advisory\n"
	"    AND s.part = v.part AND s.source = v.source AND s.at <= " AT "\n"
	"    AND s.seq <= " KNOWN "\n"
	"    AND s.gone = 0 AND s.silent <> 1 ORDER BY s.at DESC, s.seq DESC LIMIT 1);\n"
	"UPDATE verdict_then AS v SET run = (SELECT min(s.at)\n"
	"  FROM main.check_span AS s WHERE s.asset = v.asset AND s.advisory = v.advisory\n"
	"    AND s.part = v.part AND s.source = v.source AND s.at <= " AT "\n"
	"    AND s.seq <= " KNOWN "\n"
	"    AND s.at > coalesce(v.spoken, 0))\n"
	"WHERE gone = 1 OR silent = 1;\n"
	/* so since the first span after the last that said another thing */
	"UPDATE check_result SET verdict = v.verdict, word = v.word, message = v.message,\n"
	"  gone = v.gone, since = coalesce((SELECT min(s.at) FROM main.check_span AS s\n"
	"    WHERE s.asset = v.asset AND s.advisory = v.advisory AND s.part = v.part\n"
	"      AND s.source = v.source AND s.at <= v.spoken AND s.seq <= " KNOWN "\n"
	"      AND s.verdict = v.verdict AND s.gone = 0\n"
	"      AND NOT EXISTS (SELECT 1 FROM main.check_span AS o WHERE o.asset = s.asset\n"
	"        AND o.advisory = s.advisory AND o.part = s.part AND o.source = s.source\n"
	"        AND o.at <= " AT " AND o.seq <= " KNOWN "\n"
	"        AND (o.at, o.seq) > (s.at, s.seq) AND o.at < v.spoken\n"
	"        AND (o.verdict <> v.verdict OR o.gone = 1))), v.at)\n"
	"FROM verdict_then AS v\n"
	"WHERE v.asset = check_result.asset AND v.advisory = check_result.advisory\n"
	"  AND v.part = check_result.part AND v.source = check_result.source;\n"
	/* as old as the newest look that spoke of it */
	"UPDATE check_result SET at = l.at FROM looked AS l\n"
	"WHERE l.asset = check_result.asset AND l.source = check_result.source AND l.later = 1;\n"
	"UPDATE check_result SET at = CASE WHEN v.old = 2 THEN v.spoken\n"
	"  ELSE coalesce((SELECT max(c.at) FROM cover AS c WHERE c.asset = v.asset\n"
	"    AND c.source = v.source AND c.at < v.run), v.spoken) END\n"
	"FROM verdict_then AS v, looked AS l\n"
	"WHERE (v.old = 2 OR v.gone = 1 OR v.silent = 1) AND l.later = 1\n"
	"  AND l.asset = v.asset AND l.source = v.source\n"
	"  AND v.asset = check_result.asset AND v.advisory = check_result.advisory\n"
	"  AND v.part = check_result.part AND v.source = check_result.source;\n";

static const char SQL_ALERTS[] =
	"CREATE TEMP TABLE stepped (alert INTEGER PRIMARY KEY, ack INTEGER, contain INTEGER,\n"
	"  close INTEGER, report INTEGER);\n"
	"INSERT INTO stepped (alert, ack, contain, close, report)\n"
	"SELECT CAST(substr(object, 7) AS INTEGER),\n"
	"  coalesce(min(CASE WHEN after <> 'reported' THEN at END), 0),\n"
	"  coalesce(min(CASE WHEN after IN ('contained', 'closed') THEN at END), 0),\n"
	"  coalesce(max(CASE WHEN after = 'closed' THEN at END), 0),\n"
	"  coalesce(max(CASE WHEN after = 'reported' THEN at END), 0)\n"
	"FROM audit WHERE act = 'alert' AND object LIKE 'alert %'\n"
	"  AND NOT EXISTS (SELECT 1 FROM undone AS u WHERE u.seq = audit.seq) GROUP BY 1;\n"
	"INSERT INTO alert SELECT a.* FROM main.alert AS a\n"
	"WHERE EXISTS (SELECT 1 FROM event AS v WHERE v.asset = a.asset AND v.asset > 0\n"
	"  AND v.alert = a.id);\n"
	"UPDATE alert SET priority = v.priority, first_ns = v.first, last_ns = v.last,\n"
	"  events = v.n, state = 0, acknowledged = 0, contained = 0, closed = 0,\n"
	"  reported = 0\n"
	"FROM (SELECT alert, min(priority) AS priority, min(ts_ns) AS first, max(ts_ns) AS last,\n"
	"    count(*) AS n FROM event WHERE alert > 0 GROUP BY alert) AS v\n"
	"WHERE v.alert = alert.id;\n"
	"UPDATE alert SET acknowledged = s.ack, contained = s.contain, closed = s.close,\n"
	"  reported = s.report, state = CASE WHEN s.close > 0 THEN 3 WHEN s.contain > 0 THEN 2\n"
	"    WHEN s.ack > 0 THEN 1 ELSE 0 END\n"
	"FROM stepped AS s WHERE s.alert = alert.id;\n";

static const struct {
	const char *table, *fill; /* NULL: counted later, or filled with one that comes after */
} tables[] = {
	{ "image_name", SQL_NAMES },
	{ "tally", SQL_FACTS },
	{ "check_tally", SQL_SEEN },
	{ "asset", NULL },
	{ "cluster", NULL },
	{ "node", NULL },
	{ "workload", NULL },
	{ "container", SQL_ASSETS },
	{ "image", NULL },
	{ "signature", SQL_IMAGES },
	{ "advisory", NULL },
	{ "affects", SQL_ADVISORIES },
	{ "finding", SQL_FINDINGS },
	{ "decided", SQL_DECIDED },
	{ "sighting_row", SQL_SIGHTINGS },
	{ "check_result", SQL_CHECKS },
	{ "alert", SQL_ALERTS },
	{ "clock", SQL_CLOCKS },
	{ "problem", NULL },
	{ "counted", NULL },
};
static const char *const scratch[] = {
	"asof",	   "fact_now",	   "seen",    "heard_at", "ended",	"origin",
	"looked",  "verdict_then", "stepped", "first_look", "clock_then",
};

/* ---- making and dropping ---- */

/* "CREATE TABLE x (...)" of the store, as one of a temporary table. */
static bool copy_schema(struct store *st, const char *table, struct buf *out, struct err *e)
{
	struct stmt *s = db_stmt(st->db, "SELECT type, sql\n"
					 "FROM main.sqlite_master\n"
					 "WHERE tbl_name = $1 AND type IN ('table', 'index')\n"
					 "  AND sql IS NOT NULL\n"
					 "ORDER BY type DESC");

	db_text(s, 1, table);
	while (db_next(s)) {
		const char *sql = db_column_text(s, 1), *name;

		name = strstr(sql, str_eq(db_column_text(s, 0), "table") ? "TABLE " : "INDEX ");
		if (!name)
			continue;
		name += strlen("TABLE ");
		buf_add(out, sql, (size_t)(name - sql));
		buf_addf(out, "temp.%s;\n", name);
	}
	return db_done(s, e);
}

static bool make_table(struct store *st, const char *table, struct err *e)
{
	struct buf sql = BUF_INIT;
	bool ok = copy_schema(st, table, &sql, e) && db_script(st->db, sql.s, e);

	buf_release(&sql);
	return ok;
}

static bool make_views(struct store *st, struct err *e)
{
	bool ok = true;

	for (size_t i = 0; ok && i < past_nview; i++) {
		struct buf sql = BUF_INIT;

		buf_addf(&sql, "CREATE TEMP VIEW %s AS\n%s", past_view[i].name, past_view[i].sql);
		ok = db_script(st->db, sql.s, e);
		buf_release(&sql);
	}
	return ok;
}

static bool drop(struct store *st, const char *kind, const char *name, struct err *e)
{
	struct buf sql = BUF_INIT;
	bool ok;

	buf_addf(&sql, "DROP %s IF EXISTS temp.%s", kind, name);
	ok = db_script(st->db, sql.s, e);
	buf_release(&sql);
	return ok;
}

static bool drop_all(struct store *st, struct err *e)
{
	bool ok = true;

	for (size_t i = 0; ok && i < past_nview; i++)
		ok = drop(st, "VIEW", past_view[i].name, e);
	for (size_t i = 0; ok && i < LENGTH(tables); i++)
		ok = drop(st, "TABLE", tables[i].table, e);
	for (size_t i = 0; ok && i < LENGTH(scratch); i++)
		ok = drop(st, "TABLE", scratch[i], e);
	return ok;
}

static const char SQL_LIMITS[] =
	"INSERT INTO asof (at, at_ns, known, import, scan)\n"
	"SELECT $1, $2, $3, l.import, coalesce((SELECT min(n.id) FROM main.scan AS n\n"
	"  WHERE n.import >= l.import), 9223372036854775807)\n"
	"FROM (SELECT coalesce((SELECT min(i.id) FROM main.import AS i WHERE i.seq > $3),\n"
	"  9223372036854775807) AS import) AS l";

/* The first import and scan that are not known of are kept beside the time. */
static bool make_limits(struct store *st, int64_t at, int64_t known, struct err *e)
{
	struct stmt *s;

	if (!db_script(st->db, "CREATE TEMP TABLE asof (at INTEGER, at_ns INTEGER, known INTEGER,\n"
			       "  import INTEGER, scan INTEGER)", e))
		return false;
	s = db_stmt(st->db, SQL_LIMITS);
	db_int(s, 1, at);
	db_int(s, 2, at > (INT64_MAX / NS_PER_S) - 1 ? INT64_MAX : at * NS_PER_S + NS_PER_S - 1);
	db_int(s, 3, known);
	return db_run(s, e);
}

static bool make_all(struct store *st, int64_t at, int64_t known, struct err *e)
{
	if (!make_limits(st, at, known, e) || !make_views(st, e))
		return false;
	for (size_t i = 0; i < LENGTH(tables); i++)
		if (!make_table(st, tables[i].table, e) ||
		    (tables[i].fill && !db_script(st->db, tables[i].fill, e)))
			return err_context(e, "as of: %s", tables[i].table);
	return past_count(st, at, e);
}

static bool newest_record(struct store *st, int64_t *out, struct err *e)
{
	return db_scalar(db_stmt(st->db, "SELECT coalesce(max(seq), 0) FROM main.audit"), 0, out,
			 e);
}

static bool check_question(struct store *st, int64_t at, int64_t *known, struct err *e)
{
	int64_t newest;

	if (!newest_record(st, &newest, e))
		return false;
	if (*known < 0 || *known > newest)
		return err_set(e, ERR_USAGE, "the store knows up to #%lld, not #%lld",
			       (long long)newest, (long long)*known);
	if (*known == 0)
		*known = newest;
	return at >= 0 || err_set(e, ERR_USAGE, "there is nothing before 1970");
}

/* All at once or, when it is interrupted, not at all. */
static bool leave(struct store *st, struct err *e)
{
	struct err later = ERR_INIT;
	bool ok;

	if (!db_begin_read(st->db, e))
		return false;
	ok = drop_all(st, e);
	if (!db_end(st->db, ok, ok ? e : &later) || !ok)
		return false;
	db_set_past(st->db, false);
	st->as_of = st->known = 0;
	return true;
}

bool store_set_as_of(struct store *st, int64_t at, int64_t known, struct err *e)
{
	struct err later = ERR_INIT;
	bool ok;

	answers_forget(st);
	if (!leave(st, e))
		return false;
	if (at == 0 && known == 0)
		return db_script(st->db, "PRAGMA foreign_keys = ON", e);
	if (at == 0 || at > st->now)
		at = st->now;
	if (!check_question(st, at, &known, e) ||
	    !db_script(st->db, "PRAGMA foreign_keys = OFF", e) || !db_begin_read(st->db, e))
		return false;
	ok = make_all(st, at, known, e);
	if (!db_end(st->db, ok, ok ? e : &later) || !ok)
		return false;
	st->as_of = st->now = at;
	st->known = known;
	db_set_past(st->db, true);
	return true;
}

void store_as_of(const struct store *st, int64_t *at, int64_t *known)
{
	*at = st->as_of;
	*known = st->known;
}
