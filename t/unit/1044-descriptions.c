/* SPDX-License-Identifier: MIT */
/* 1044-descriptions.c - what reports say of things: a past day does not know what came later. */
#include <stdio.h>

#include "t/lib/one_import.h"

#define NOW (T0 + 20 * D)

/* What a report may say of an image and of a weakness in it. */
struct words {
	const char *os, *base, *title, *fixed_in, *path, *layer, *alias, *package;
	int score;
	bool eol;
};
static const struct words little = { .os = "debian 12.5", .fixed_in = "2", .path = "/a",
				    .score = -1 };
static const struct words more = { "debian 12.6", "debian:12", "A title",	     "3", "/a",
				  "sha256:1",	 "GHSA-xvch-5gv4-984h", "another", 98, true };

static void report(const struct words *x, int64_t at)
{
	const struct rec_digest config = { DIGEST_CONFIG, digest('a') };

	import_begin_test(&in);
	scan(&in, "trivy", at);
	put(&in, &(struct record){ REC_ASSET, { .asset = { .kind = ASSET_IMAGE, .name = "app:1",
							   .digest = &config, .ndigest = 1,
							   .os = x->os, .base = x->base,
							   .eol = x->eol } } });
	cover(&in, FINDING_VULNERABILITY);
	put(&in, &(struct record){ REC_VULNERABILITY,
				   { .vulnerability = { .id = "CVE-1",
							.aliases = &x->alias,
							.naliases = x->alias != NULL,
							.title = x->title,
							.severity = SEV_HIGH,
							.score = x->score,
							.epss = -1,
							.package_type = "deb",
							.package = "zlib",
							.version = "1",
							.fixed_in = x->fixed_in,
							.path = x->path,
							.layer = x->layer } } });
	put(&in, &(struct record){ REC_CHECK,
				   { .check = { .kind = FINDING_MISCONFIGURATION,
						.rule = { .id = "DS-0001",
							  .severity = SEV_LOW },
						.place = "Dockerfile",
						.verdict = VERDICT_WARN,
						.message = x->os } } });
	if (x->package)
		put(&in, &(struct record){ REC_COMPONENT,
					   { .component = { .package_type = "deb",
							    .package = x->package,
							    .version = "1",
							    .path = "/b" } } });
	import_end_test(&in);
}

static void node(const char *version, bool service, int64_t replicas, int64_t at)
{
	in.o.cluster = "prod";
	import_begin_test(&in);
	scan(&in, "kubectl", at);
	put(&in, &(struct record){ REC_OBJECT, { .object = { .kind = OBJECT_NODE, .name = "n1",
							     .version = version,
							     .replicas = -1 } } });
	put(&in, &(struct record){ REC_OBJECT,
				   { .object = { .kind = OBJECT_WORKLOAD, .namespace = "shop",
						 .type = "Deployment", .name = "web",
						 .replicas = replicas } } });
	if (service)
		put(&in, &(struct record){ REC_OBJECT,
					   { .object = { .kind = OBJECT_SERVICE,
							 .namespace = "shop", .name = "web",
							 .type = "ClusterIP",
							 .replicas = -1 } } });
	import_end_test(&in);
	in.o.cluster = NULL;
}

/* Everything that is told of things, and is not counted. */
static void told(struct buf *out)
{
	static const char *const sql[] = {
		"SELECT name || ' ' || os || ' ' || arch || ' ' || base || ' ' || built || eol\n"
		"FROM image ORDER BY asset",
		"SELECT version || ' ' || services FROM cluster ORDER BY asset",
		"SELECT role || ' ' || version || ' ' || os FROM node ORDER BY asset",
		"SELECT replicas FROM workload ORDER BY asset",
		"SELECT title || ' ' || score || ' ' || url || ' ' || text FROM advisory\n"
		"WHERE name = 'CVE-1'",
		"SELECT x.fixed_in || ' ' || x.fix FROM affects AS x JOIN finding AS f\n"
		"  ON f.advisory = x.advisory AND f.part = x.part ORDER BY x.advisory, x.part",
		"SELECT count(*) FROM holds",
		"SELECT path || ' ' || layer FROM location ORDER BY asset, part, path",
		"SELECT name FROM advisory_alias ORDER BY name",
		"SELECT name FROM cluster_alias ORDER BY name",
		"SELECT word FROM source ORDER BY word",
		"SELECT until FROM decides ORDER BY maker",
		"SELECT t.body FROM check_result AS c JOIN text AS t ON t.id = c.message",
	};
	struct err e = ERR_INIT;

	buf_reset(out);
	for (size_t i = 0; i < LENGTH(sql); i++) {
		struct stmt *s = db_stmt(in.st->db, sql[i]);

		buf_addf(out, "%zu", i);
		while (db_next(s))
			buf_addf(out, " [%s]", db_column_text(s, 0));
		if (!db_done(s, &e))
			fail_msg("%s: %s", sql[i], e.text);
		buf_addc(out, '\n');
	}
}

static void look_back(int64_t at, int64_t known, struct buf *out)
{
	struct err e = ERR_INIT;

	store_set_now(in.st, NOW);
	if (!store_set_as_of(in.st, at, known, &e))
		fail_msg("%s", e.text);
	told(out);
	if (!store_set_as_of(in.st, 0, 0, &e))
		fail_msg("%s", e.text);
}

static int64_t newest(void)
{
	return number(in.st, "SELECT max(seq) FROM audit");
}

/* The first import of each thing says what it says: nothing was there before. */
static void what_a_later_report_says_is_not_known_before(UNUSED void **state)
{
	struct buf before = BUF_INIT, now = BUF_INIT, then = BUF_INIT;
	struct err e = ERR_INIT;
	int64_t known, at = T0 + 5 * D;

	report(&little, T0);
	node("v1.29", false, 1, T0);
	store_set_now(in.st, at);
	told(&before);
	known = newest();
	store_set_now(in.st, NOW);
	report(&more, T0 + 10 * D);
	node("v1.30", true, 3, T0 + 10 * D);
	scan_image(&in, "grype", "app:2", digest('b'), T0 + 11 * D, "CVE-9");
	assert_true(store_alias_cluster(in.st, "prod", "live", &e));
	told(&now);
	assert_string_not_equal(now.s, before.s);
	look_back(at, known, &then);
	assert_string_equal(then.s, before.s);
	look_back(at, 0, &then); /* all is known, and was said on a later day */
	assert_string_equal(then.s, before.s);
	look_back(NOW, 0, &then);
	assert_string_equal(then.s, now.s);
	told(&then);
	assert_string_equal(then.s, now.s);
	buf_release(&before);
	buf_release(&now);
	buf_release(&then);
}

/* It speaks of an earlier day: that day is told anew, but not as it was known. */
static void what_comes_late_changes_its_day_and_not_what_was_known(UNUSED void **state)
{
	struct buf before = BUF_INIT, then = BUF_INIT;
	int64_t known;

	report(&little, T0);
	store_set_now(in.st, T0 + 5 * D);
	told(&before);
	known = newest();
	store_set_now(in.st, NOW);
	report(&more, T0 + D);
	look_back(T0 + 5 * D, known, &then);
	assert_string_equal(then.s, before.s);
	look_back(T0 + 5 * D, 0, &then);
	assert_non_null(strstr(then.s, "debian:12"));
	look_back(T0, 0, &then);
	assert_null(strstr(then.s, "debian:12"));
	buf_release(&before);
	buf_release(&then);
}

/* One file may hold many scans: what came with a thing is no later word of it. */
static void what_comes_with_a_thing_is_known_with_it(UNUSED void **state)
{
	const struct rec_digest config = { DIGEST_CONFIG, digest('a') };
	const struct rec_digest other = { DIGEST_CONFIG, digest('b') };
	struct buf then = BUF_INIT;

	import_begin_test(&in);
	scan(&in, "trivy", T0);
	put(&in, &(struct record){ REC_ASSET, { .asset = { .kind = ASSET_IMAGE, .name = "app:1",
							   .digest = &config, .ndigest = 1,
							   .os = "debian 12.5" } } });
	cover(&in, FINDING_VULNERABILITY);
	scan(&in, "trivy", T0 + 10 * D);
	put(&in, &(struct record){ REC_ASSET, { .asset = { .kind = ASSET_IMAGE, .name = "app:2",
							   .digest = &other, .ndigest = 1,
							   .os = "alpine 3.20" } } });
	cover(&in, FINDING_VULNERABILITY);
	import_end_test(&in);
	look_back(T0 + 5 * D, 0, &then);
	assert_non_null(strstr(then.s, "debian 12.5"));
	assert_null(strstr(then.s, "alpine"));
	buf_release(&then);
}

/* One that was revoked since, or renewed, was to last longer then. */
static void an_exception_ends_then_when_it_was_to_end(UNUSED void **state)
{
	struct buf before = BUF_INIT, then = BUF_INIT;
	struct except_answer a = { 0 };
	struct err e = ERR_INIT;
	struct scope what = { .kind = SCOPE_FINDING };
	int64_t known;

	scan_image(&in, "trivy", "app:1", digest('a'), T0, "CVE-1");
	what.key[0] = number(in.st, "SELECT asset FROM finding");
	what.key[1] = number(in.st, "SELECT advisory FROM finding");
	what.key[2] = number(in.st, "SELECT part FROM finding");
	store_set_now(in.st, T0 + D);
	if (!store_except(in.st, &(struct exception){ .kind = STATE_ACCEPTED, .reason = "so it is",
						      .until = T0 + 30 * D },
			  &what, 1, false, &a, &e))
		fail_msg("%s", e.text);
	told(&before);
	known = newest();
	store_set_now(in.st, T0 + 10 * D);
	if (!store_except_end(in.st, a.id, "no longer", &e))
		fail_msg("%s", e.text);
	look_back(T0 + D, known, &then);
	assert_string_equal(then.s, before.s);
	look_back(T0 + D, 0, &then);
	assert_string_equal(then.s, before.s);
	buf_release(&before);
	buf_release(&then);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_a_later_report_says_is_not_known_before, setup,
						teardown),
		cmocka_unit_test_setup_teardown(
			what_comes_late_changes_its_day_and_not_what_was_known, setup, teardown),
		cmocka_unit_test_setup_teardown(what_comes_with_a_thing_is_known_with_it, setup,
						teardown),
		cmocka_unit_test_setup_teardown(an_exception_ends_then_when_it_was_to_end, setup,
						teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
