/* SPDX-License-Identifier: MIT */
/* 1040-rollups.c - after any history, what imports kept up to date equals what counting anew gives.
 */
#include <stdio.h>

#include "t/lib/test.h"
#include "t/lib/chance.h"
#include "t/lib/records.h"

#define HISTORIES 45
#define IMPORTS	  25

static struct import in;

/* Findings of assets that count: images that run or hold a name, and everything else. */
#define COUNTING                                                                                   \
	"WITH counting AS (SELECT f.*, a.kind AS akind, p.package AS pkg, v.kind AS vkind,\n"      \
	"    v.kev AS kev, v.class AS class, coalesce(i.running, 1) AS runs\n"                     \
	"  FROM finding AS f JOIN asset AS a ON a.id = f.asset\n"                                  \
	"  JOIN part AS p ON p.id = f.part JOIN advisory AS v ON v.id = f.advisory\n"              \
	"  LEFT JOIN image AS i ON i.asset = f.asset\n"                                            \
	"  WHERE a.kind <> 0 OR i.current > 0 OR i.running > 0)\n"

static const struct law {
	const char *name, *is, *want;
} laws[] = {
	{ "the estate's tally",
	  "SELECT kind, class, severity, kev, state,\n"
	  "  CASE WHEN state <> 0 THEN 2147483647 ELSE due_day END AS day, sum(n) FROM tally\n"
	  "WHERE scope = 0 GROUP BY 1, 2, 3, 4, 5, 6",
	  COUNTING "SELECT vkind, class, severity, kev, state,\n"
		   "  CASE WHEN due = 9223372036854775807 OR state <> 0 THEN 2147483647 ELSE due / "
		   "86400 END\n"
		   "    AS day, count(*) FROM counting GROUP BY 1, 2, 3, 4, 5, 6" },
	{ "each asset's own tally",
	  "SELECT scope, kind, severity, state, sum(n) FROM tally\n"
	  "WHERE scope IN (SELECT id FROM asset WHERE kind IN (0, 1)) GROUP BY 1, 2, 3, 4",
	  "SELECT f.asset, v.kind, f.severity, f.state, count(*) FROM finding AS f\n"
	  "JOIN advisory AS v ON v.id = f.advisory GROUP BY 1, 2, 3, 4" },
	{ "namespaces' tallies",
	  "SELECT scope, severity, state, sum(n) FROM tally\n"
	  "WHERE scope IN (SELECT id FROM asset WHERE kind = 3) GROUP BY 1, 2, 3",
	  "SELECT c.namespace, f.severity, f.state, count(*) FROM finding AS f\n"
	  "JOIN (SELECT DISTINCT namespace, image FROM container WHERE running = 1) AS c\n"
	  "  ON c.image = f.asset GROUP BY 1, 2, 3" },
	{ "problems",
	  "SELECT advisory, package, severity, due, assets, running, versions,\n"
	  "  critical, high, medium, low, negligible, unknown FROM problem",
	  COUNTING
	  "SELECT advisory, CASE WHEN vkind = 0 THEN pkg ELSE 0 END AS k, min(severity), "
	  "min(due),\n"
	  "  count(DISTINCT asset), count(DISTINCT CASE WHEN runs > 0 THEN asset END),\n"
	  "  count(DISTINCT part), sum(severity = 0), sum(severity = 1), sum(severity = 2),\n"
	  "  sum(severity = 3), sum(severity = 4), sum(severity = 5)\n"
	  "FROM counting WHERE state = 0 GROUP BY 1, 2" },
	{ "parts affected", "SELECT advisory, part, n FROM affects WHERE n <> 0",
	  COUNTING "SELECT advisory, part, count(*) FROM counting WHERE state = 0 GROUP BY 1, 2" },
	{ "clocks that run",
	  "SELECT repository, advisory, package, n, due FROM clock WHERE ended = 0",
	  COUNTING
	  "SELECT coalesce(r.repository, -asset) AS rep, advisory,\n"
	  "  CASE WHEN vkind = 0 THEN pkg ELSE 0 END AS k, count(*), min(due)\n"
	  "FROM counting LEFT JOIN (SELECT DISTINCT image, repository FROM image_name) AS r\n"
	  "  ON r.image = asset WHERE state <> 1 GROUP BY 1, 2, 3" },
	{ "what is set aside is due never", "SELECT asset FROM finding WHERE state > 1",
	  "SELECT asset FROM finding WHERE state > 1 AND due = 9223372036854775807" },
	{ "no due date without a clock",
	  "SELECT f.asset FROM finding AS f JOIN image AS i ON i.asset = f.asset\n"
	  "WHERE i.current = 0 AND i.running = 0 AND f.due <> 9223372036854775807",
	  "SELECT 1 WHERE 0" },
	{ "the last day of the trend",
	  "SELECT severity, kev, open FROM snapshot\n"
	  "WHERE day = (SELECT max(day) FROM snapshot) AND open <> 0",
	  COUNTING "SELECT severity, kev, count(*) FROM counting WHERE state = 0 GROUP BY 1, 2" },
	{ "images' columns",
	  "SELECT asset, critical, high, medium, low, negligible, unknown, due FROM image\n"
	  "WHERE critical + high + medium + low + negligible + unknown > 0",
	  "SELECT f.asset, sum(f.severity = 0), sum(f.severity = 1), sum(f.severity = 2),\n"
	  "  sum(f.severity = 3), sum(f.severity = 4), sum(f.severity = 5), min(f.due)\n"
	  "FROM finding AS f JOIN image AS i ON i.asset = f.asset WHERE f.state = 0 GROUP BY 1" },
	{ "images that run", "SELECT asset, running FROM image WHERE running > 0",
	  "SELECT image, count(*) FROM container WHERE running = 1 GROUP BY 1" },
	{ "verdicts of the estate", "SELECT advisory, verdict, n FROM check_tally WHERE scope = 0",
	  "SELECT c.advisory, c.verdict, count(*) FROM check_result AS c\n"
	  "LEFT JOIN image AS i ON i.asset = c.asset\n"
	  "WHERE c.gone = 0 AND coalesce(i.current + i.running, 1) > 0 GROUP BY 1, 2" },
	{ "severity is that of the worst live sighting, or of whom the policy names",
	  "SELECT asset, advisory, part, severity FROM finding AS f WHERE state <> 1\n"
	  "  AND NOT EXISTS (SELECT 1 FROM decided AS d WHERE d.asset = f.asset\n"
	  "  AND d.advisory = f.advisory AND d.part = f.part AND d.state = 6)\n"
	  "UNION ALL SELECT asset, advisory, part, (SELECT min(severity) FROM sighting AS s\n"
	  "  WHERE s.asset = d.asset AND s.advisory = d.advisory AND s.part = d.part\n"
	  "  AND until = 0) FROM decided AS d WHERE state = 6",
	  "SELECT asset, advisory, part, min(severity + CASE\n"
	  "    WHEN NOT EXISTS (SELECT 1 FROM policy WHERE until = 0 AND name = 'by-grype')\n"
	  "      THEN 0\n"
	  "    WHEN severity = 5 THEN 12 WHEN o.word = 'grype' THEN 0 ELSE 6 END) % 6\n"
	  "FROM sighting AS s JOIN source AS o ON o.id = s.source\n"
	  "WHERE until = 0 GROUP BY 1, 2, 3" },
	{ "a finding's own word of who sees it, or rows that tell, not both",
	  "SELECT f.asset FROM finding AS f JOIN sighting_row AS r ON r.asset = f.asset\n"
	  "AND r.advisory = f.advisory AND r.part = f.part WHERE f.witness > 0",
	  "SELECT 1 WHERE 0" },
	{ "every finding was seen by somebody", "SELECT asset, advisory, part FROM finding",
	  "SELECT DISTINCT asset, advisory, part FROM sighting" },
	{ "what assets hold", "SELECT part, asset FROM holds",
	  "SELECT DISTINCT part, asset FROM finding" },
	{ "spans end as the finding is",
	  "SELECT f.asset, f.advisory, f.part, coalesce(d.state, f.state), f.severity\n"
	  "FROM finding AS f LEFT JOIN decided AS d ON d.asset = f.asset\n"
	  "  AND d.advisory = f.advisory AND d.part = f.part\n"
	  "WHERE EXISTS (SELECT 1 FROM span AS s WHERE s.asset = f.asset AND s.advisory = "
	  "f.advisory\n"
	  "  AND s.part = f.part) AND f.state <> 1\n"
	  "UNION ALL SELECT asset, advisory, part, state, 9 FROM finding AS f WHERE state = 1\n"
	  "  AND EXISTS (SELECT 1 FROM span AS s WHERE s.asset = f.asset AND s.advisory = "
	  "f.advisory\n"
	  "  AND s.part = f.part)",
	  "SELECT asset, advisory, part, state, CASE state WHEN 1 THEN 9 ELSE severity END\n"
	  "FROM (SELECT *, row_number() OVER (PARTITION BY\n"
	  "  asset, advisory, part ORDER BY at DESC, seq DESC) AS r FROM span WHERE until_seq = "
	  "0\n"
	  "  AND at <= store_now()) WHERE r = 1" },
	{ "a person's decision outranks a machine's, then the narrower, then the newer",
	  "SELECT f.asset, f.advisory, f.part, coalesce(d.maker, 0), coalesce(d.state, f.state)\n"
	  "FROM finding AS f LEFT JOIN decided AS d ON d.asset = f.asset\n"
	  "  AND d.advisory = f.advisory AND d.part = f.part WHERE f.state <> 1",
	  "SELECT asset, advisory, part, CASE WHEN coalesce(says, 0) = 0 THEN 0 ELSE maker END,\n"
	  "  coalesce(says, 0) FROM (SELECT f.asset, f.advisory, f.part, d.maker,\n"
	  "  d.state AS says, row_number() OVER (PARTITION BY f.asset, f.advisory, f.part\n"
	  "    ORDER BY d.maker > 0 DESC, (d.place = 0) * 2 + (d.place > 0), d.at DESC,\n"
	  "    abs(d.maker) DESC) AS r\n"
	  "  FROM finding AS f JOIN part AS p ON p.id = f.part\n"
	  "  LEFT JOIN decides AS d ON d.advisory = f.advisory AND d.package IN (0, p.package)\n"
	  "    AND d.part IN (0, f.part) AND d.at <= store_now() AND d.until > store_now()\n"
	  "    AND (d.place = 0 OR d.place = -f.asset OR d.place IN (SELECT repository\n"
	  "      FROM image_name AS n WHERE n.image = f.asset))\n"
	  "    AND (d.holder = 0 OR EXISTS (SELECT 1 FROM holds AS h JOIN part AS hp\n"
	  "      ON hp.id = h.part WHERE h.asset = f.asset\n"
	  "      AND d.holder IN (hp.id, -hp.package)))\n"
	  "  WHERE f.state <> 1) WHERE r = 1" },
	{ "no finding is resolved that somebody sees",
	  "SELECT f.asset FROM finding AS f JOIN sighting AS s ON s.asset = f.asset\n"
	  "  AND s.advisory = f.advisory AND s.part = f.part\n"
	  "WHERE f.state = 1 AND s.until = 0",
	  "SELECT 1 WHERE 0" },
};

static void obey(const struct law *l, int history, int import)
{
	struct buf sql = BUF_INIT;
	int64_t n;

	buf_addf(&sql,
		 "SELECT (SELECT count(*) FROM (SELECT * FROM (%s) EXCEPT SELECT * FROM (%s)))\n"
		 "     + (SELECT count(*) FROM (SELECT * FROM (%s) EXCEPT SELECT * FROM (%s)))",
		 l->is, l->want, l->want, l->is);
	n = number(in.st, sql.s);
	if (n != 0)
		fail_msg("history %d, import %d: %s: %lld rows differ", history, import, l->name,
			 (long long)n);
	buf_release(&sql);
}

/* The date that is stored is the one that the policies in scope set now. */
static void dues_are_those_of_the_policies(int history, int import)
{
	struct arena mem = ARENA_INIT;
	struct stmt *s = db_stmt(in.st->db, "SELECT asset, advisory, part FROM finding\n"
					    "WHERE state = 0 AND due < 9223372036854775807");
	int64_t(*key)[3] = NULL;
	size_t n = 0;
	struct err e = ERR_INIT;

	while (db_next(s)) {
		key = xrealloc_array(key, n + 1, sizeof(*key));
		for (int i = 0; i < 3; i++)
			key[n][i] = db_column(s, i);
		n++;
	}
	assert_true(db_done(s, &e));
	for (size_t i = 0; i < n; i++) {
		struct finding_detail d;

		if (!store_finding(in.st, key[i], &mem, &d, &e))
			fail_msg("%s", e.text);
		if (str_prefix(d.due_rule, "set under"))
			fail_msg("history %d, import %d: finding %lld-%lld-%lld: %s", history,
				 import, (long long)key[i][0], (long long)key[i][1],
				 (long long)key[i][2], d.due_rule);
	}
	free(key);
	arena_release(&mem);
}

/* ---- random histories ---- */

/* Not before the policy in force was: sources are weighed as it says since then. */
static void go_to(int64_t now)
{
	int64_t since = number(in.st, "SELECT coalesce(max(since), 0) FROM policy");

	store_set_now(in.st, now > since ? now : since);
}

static void people(int history, int import)
{
	switch (chance_pick(8)) {
	case 0: /* the days go by, and somebody looks back */
		go_to(T0 + (100 + chance_pick(40)) * D);
		break;
	case 1:
	case 2:
		history_state(&in, T0 + chance_pick(100) * D, T0 + chance_pick(120) * D);
		break;
	case 3:
	case 4:
	case 5:
		history_act(&in, (enum history_act)chance_pick(ACT_TAG));
		break;
	default:
		return;
	}
	for (size_t i = 0; i < LENGTH(laws); i++)
		obey(&laws[i], history, import);
}

static void live(int history)
{
	for (int k = 0; k < IMPORTS; k++) {
		int64_t at = T0 + (int64_t)(chance_pick(3) ? k : chance_pick(IMPORTS)) * D;

		history_import(&in, at, chance_pick(6));
		for (size_t i = 0; i < LENGTH(laws); i++)
			obey(&laws[i], history, k);
		people(history, k);
	}
}

/* The same while tags come and go, people decide, and one policy takes the place of another. */
static void live_under_policies(int history)
{
	for (int k = 0; k < IMPORTS; k++) {
		int64_t at = T0 + (int64_t)(chance_pick(3) ? k : chance_pick(IMPORTS)) * D;

		if (chance_pick(4) == 0)
			history_act(&in, chance_pick(4) ? ACT_TAG : ACT_POLICY);
		history_import(&in, at, chance_pick(6));
		for (size_t i = 0; i < LENGTH(laws); i++)
			obey(&laws[i], history, k);
		dues_are_those_of_the_policies(history, k);
		people(history, k);
	}
}

static void new_store(void)
{
	policy_for_test("by-grype", "{\"extends\":\"baseline\",\"severity\":\"grype\"}");
	import_init(&in, store_for_test());
}

static void rollups_equal_recounts_after_random_histories(UNUSED void **state)
{
	struct verify_answer v;
	struct err e = ERR_INIT;

	for (int h = 0; h < test_tries(HISTORIES); h++) {
		chance_seed((uint64_t)h + 1);
		import_init(&in, store_for_test());
		in.o.rows = h % 2 == 0 ? 0 : (size_t)(1 + h % 5);
		live(h);
		assert_true(store_verify(in.st, NULL, &v, &e));
		assert_true(v.intact);
		import_free(&in);
		store_close(in.st);
	}
}

static void dates_follow_tags_and_policies_after_random_histories(UNUSED void **state)
{
	for (int h = 0; h < test_tries(HISTORIES); h++) {
		chance_seed((uint64_t)h + 1);
		new_store();
		live_under_policies(h);
		import_free(&in);
		store_close(in.st);
	}
}

/* More than are written at once, several of them on one clock, in images of one repository. */
static void thousands(int64_t at)
{
	char id[32], package[32];

	scan(&in, chance_pick(3) ? "trivy" : "grype", at);
	image(&in, chance_pick(2) ? "app:1" : "app:2", digest((char)('a' + chance_pick(3))));
	cover(&in, FINDING_VULNERABILITY);
	for (int k = 0; k < 6000; k++) {
		snprintf(id, sizeof(id), "CVE-%d", chance_pick(100));
		snprintf(package, sizeof(package), "lib%d", chance_pick(40));
		vuln(&in, id, package, chance_pick(2) ? "1" : "2", (enum severity)(k % SEV_COUNT));
	}
}

static void rollups_equal_recounts_after_large_reports(UNUSED void **state)
{
	chance_seed(1);
	import_init(&in, store_for_test());
	for (int k = 0; k < test_tries(8); k++) {
		in.o.rows = k % 2 == 0 ? 0 : 1000;
		import_begin_test(&in);
		thousands(T0 + (k == 5 ? -3 : k) * D);
		import_end_test(&in);
		for (size_t i = 0; i < LENGTH(laws); i++)
			obey(&laws[i], 0, k);
	}
	import_free(&in);
	store_close(in.st);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rollups_equal_recounts_after_random_histories),
		cmocka_unit_test(dates_follow_tags_and_policies_after_random_histories),
		cmocka_unit_test(rollups_equal_recounts_after_large_reports),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
