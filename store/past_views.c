/* SPDX-License-Identifier: MIT */
/* past_views.c - the store as it was: what only grows, without what came after. */
#include "store/past.h"

#define AT    PAST_AT
#define AT_NS PAST_AT_NS
#define KNOWN PAST_KNOWN

const struct past_view past_view[] = {
	{ "scan", "SELECT * FROM main.scan\n"
		  "WHERE at <= " AT " AND id < (SELECT scan FROM asof)" },
	{ "import", "SELECT i.* FROM main.import AS i\n"
		    "WHERE i.id < (SELECT import FROM asof) AND (\n"
		    "  EXISTS (SELECT 1 FROM main.scan AS n\n"
		    "    WHERE n.import = i.id AND n.at <= " AT ")\n"
		    "  OR (i.imported_at <= " AT "\n"
		    "    AND NOT EXISTS (SELECT 1 FROM main.scan AS n WHERE n.import = i.id)))" },
	{ "cover", "SELECT * FROM main.cover\n"
		   "WHERE at <= " AT " AND scan < (SELECT scan FROM asof)" },
	{ "event", "SELECT * FROM main.event\n"
		   "WHERE ts_ns <= " AT_NS " AND import < (SELECT import FROM asof)" },
	{ "audit", "SELECT * FROM main.audit WHERE at <= " AT " AND seq <= " KNOWN },
	{ "answer", "SELECT * FROM main.answer WHERE at <= " AT " AND seq <= " KNOWN },
	{ "note", "SELECT * FROM main.note WHERE at <= " AT " AND seq <= " KNOWN },
	{ "attachment", "SELECT * FROM main.attachment WHERE at <= " AT " AND seq <= " KNOWN },
	{ "sample", "SELECT * FROM main.sample WHERE at <= " AT " AND seq <= " KNOWN },
	{ "assessment", "SELECT * FROM main.assessment WHERE at <= " AT " AND seq <= " KNOWN },
	{ "span", "SELECT asset, advisory, part, at, seq, 0 AS until_seq, state, severity,\n"
		  "  planned\n"
		  "FROM main.span WHERE at <= " AT " AND seq <= " KNOWN "\n"
		  "  AND (until_seq = 0 OR until_seq > " KNOWN ")" },
	/* a product that was found later: waited for; no asset has that number */
	{ "decides", "SELECT d.advisory, d.maker, d.package, d.part, CASE WHEN EXISTS (\n"
		     "    SELECT 1 FROM main.statement AS v WHERE v.id = -d.maker\n"
		     "    AND (v.met_at > " AT " OR v.met_seq > " KNOWN "))\n"
		     "  THEN -4611686018427387904 ELSE d.place END AS place, d.holder, d.state,\n"
		     "  d.severity, d.check_in, d.at,\n"
		     /* what was revoked or renewed later was to last longer then */
		     "  CASE WHEN EXISTS (SELECT 1 FROM main.exception_end AS n\n"
		     "    WHERE n.exception = d.maker AND (n.at > " AT " OR n.seq > " KNOWN "))\n"
		     "  THEN (SELECT x.until FROM main.exception AS x WHERE x.id = d.maker)\n"
		     "  ELSE d.until END AS until\n"
		     "FROM main.decides AS d WHERE d.at <= " AT " AND (\n"
		     "  EXISTS (SELECT 1 FROM main.exception AS x WHERE x.id = d.maker\n"
		     "    AND x.seq <= " KNOWN ")\n"
		     "  OR EXISTS (SELECT 1 FROM main.statement AS v WHERE v.id = -d.maker\n"
		     "    AND v.import < (SELECT import FROM asof)))" },
	/* whoever had looked at nothing yet was not there; rules name tools that never look */
	{ "source", "SELECT * FROM main.source AS o\n"
		    "WHERE EXISTS (SELECT 1 FROM scan AS n WHERE n.source = o.id)\n"
		    "  OR NOT EXISTS (SELECT 1 FROM main.scan AS n WHERE n.source = o.id)" },
	{ "holds", "SELECT h.* FROM main.holds AS h JOIN asset AS a ON a.id = h.asset\n"
		   "WHERE NOT EXISTS (SELECT 1 FROM main.holds_was AS w\n"
		   "  WHERE w.part = h.part AND w.asset = h.asset AND " PAST_AFTER("w") ")" },
	{ "location",
	  "SELECT l.asset, l.part, l.path, coalesce((SELECT w.layer FROM main.location_was AS w\n"
	  "    WHERE w.asset = l.asset AND w.part = l.part AND w.path = l.path\n"
	  "      AND " PAST_AFTER("w") "\n"
	  "    ORDER BY w.by_seq LIMIT 1), l.layer) AS layer\n"
	  "FROM main.location AS l\n"
	  "WHERE NOT EXISTS (SELECT 1 FROM main.location_was AS w\n"
	  "  WHERE w.asset = l.asset AND w.part = l.part AND w.path = l.path AND w.layer < 0\n"
	  "    AND " PAST_AFTER("w") ")" },
	{ "advisory_alias", "SELECT a.* FROM main.advisory_alias AS a\n"
			    "WHERE NOT EXISTS (SELECT 1 FROM main.advisory_alias_was AS w\n"
			    "  WHERE w.name = a.name AND w.advisory = a.advisory\n"
			    "    AND " PAST_AFTER("w") ")" },
	{ "cluster_alias", "SELECT c.* FROM main.cluster_alias AS c\n"
			   "WHERE NOT EXISTS (SELECT 1 FROM main.cluster_alias_was AS w\n"
			   "  JOIN main.audit AS r ON r.seq = w.by_seq\n"
			   "  WHERE w.name = c.name AND (r.at > " AT " OR r.seq > " KNOWN "))" },
	{ "undone", "SELECT * FROM main.undone\n"
		    "WHERE EXISTS (SELECT 1 FROM audit AS a WHERE a.seq = by_seq)" },
	{ "standing_answer", "SELECT * FROM answer\n"
			     "WHERE NOT EXISTS (SELECT 1 FROM undone AS u\n"
			     "  WHERE u.seq = answer.seq)" },
	{ "standing_note", "SELECT * FROM note\n"
			   "WHERE NOT EXISTS (SELECT 1 FROM undone AS u WHERE u.seq = note.seq)" },
	{ "exception", "SELECT * FROM main.exception WHERE at <= " AT " AND seq <= " KNOWN },
	{ "exception_end", "SELECT * FROM main.exception_end\n"
			   "WHERE at <= " AT " AND seq <= " KNOWN },
	/* who came after is known only when the record of it is */
	{ "owner", "SELECT o.object, o.at, o.seq, CASE WHEN o.until <= " AT "\n"
		   "  AND EXISTS (SELECT 1 FROM main.owner AS n WHERE n.object = o.object\n"
		   "    AND n.at = o.until AND n.seq > o.seq AND n.seq <= " KNOWN ")\n"
		   "  THEN o.until ELSE 0 END AS until, o.name\n"
		   "FROM main.owner AS o WHERE o.at <= " AT " AND o.seq <= " KNOWN },
	{ "tag", "SELECT object, tag, since, seq,\n"
		 "  CASE WHEN until <= " AT " AND until_seq <= " KNOWN " THEN until ELSE 0 END\n"
		 "    AS until, until_seq\n"
		 "FROM main.tag WHERE since <= " AT " AND seq <= " KNOWN },
	{ "mute", "SELECT seq, rule, place, since, until,\n"
		  "  CASE WHEN ended_seq <= " KNOWN " THEN ended ELSE 0 END AS ended, ended_seq,\n"
		  "  who, reason\n"
		  "FROM main.mute WHERE since <= " AT " AND seq <= " KNOWN },
	{ "target", "SELECT advisory, package, repository, at, seq,\n"
		    "  CASE WHEN until <= " AT " AND until_seq <= " KNOWN " THEN until ELSE 0 END\n"
		    "    AS until, until_seq, due\n"
		    "FROM main.target WHERE at <= " AT " AND seq <= " KNOWN },
	{ "policy", "SELECT name, since, seq,\n"
		    "  CASE WHEN until <= " AT " AND until_seq <= " KNOWN " THEN until ELSE 0 END\n"
		    "    AS until, until_seq, hash\n"
		    "FROM main.policy WHERE since <= " AT " AND seq <= " KNOWN },
	/* of a product that nobody had seen then */
	{ "statement", "SELECT id, hash, source, import, advisory,\n"
		       "  CASE WHEN met_at <= " AT " AND met_seq <= " KNOWN "\n"
		       "    AND asset IN (SELECT a.id FROM asset AS a) THEN asset ELSE 0 END\n"
		       "    AS asset, part, name, product, status, justification, text, author,\n"
		       "  at, outcome\n"
		       "FROM main.statement\n"
		       "WHERE at <= " AT " AND import < (SELECT import FROM asof)" },
	{ "sighting",
	  "SELECT f.asset AS asset, f.advisory AS advisory, f.part AS part, w.source AS source,\n"
	  "  w.severity AS severity, w.word AS word, w.score AS score, 0 AS until\n"
	  "FROM finding AS f JOIN main.witness AS w ON w.id = f.witness\n"
	  "UNION ALL SELECT asset, advisory, part, source, severity, word, score, until\n"
	  "FROM sighting_row" },
	{ "judged_word", "SELECT * FROM main.judged_word\n"
			 "WHERE day * 86400 <= " AT " AND seq <= " KNOWN },
	{ "inventory", "SELECT asset AS place, at, value AS scan FROM fact_now WHERE what = 4" },
	{ "snapshot",
	  "SELECT d.day, 0 AS scope, k.severity, k.kev,\n"
	  "  (SELECT coalesce(sum(t.open), 0) FROM main.trend AS t\n"
	  "     WHERE t.at < 86400 * (d.day + 1) AND t.at <= " AT " AND t.seq <= " KNOWN "\n"
	  "     AND t.severity = k.severity AND t.kev = k.kev) AS open,\n"
	  "  (SELECT coalesce(sum(t.came), 0) FROM main.trend AS t WHERE t.at >= 86400 * d.day\n"
	  "     AND t.at < 86400 * (d.day + 1) AND t.at <= " AT " AND t.seq <= " KNOWN "\n"
	  "     AND t.severity = k.severity AND t.kev = k.kev) AS came,\n"
	  "  (SELECT coalesce(sum(t.went), 0) FROM main.trend AS t WHERE t.at >= 86400 * d.day\n"
	  "     AND t.at < 86400 * (d.day + 1) AND t.at <= " AT " AND t.seq <= " KNOWN "\n"
	  "     AND t.severity = k.severity AND t.kev = k.kev) AS went\n"
	  "FROM (SELECT DISTINCT at / 86400 AS day FROM main.trend\n"
	  "  WHERE at <= " AT " AND seq <= " KNOWN ") AS d\n"
	  "CROSS JOIN (SELECT DISTINCT severity, kev FROM main.trend) AS k" },
};

const size_t past_nview = LENGTH(past_view);
