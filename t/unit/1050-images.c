/* SPDX-License-Identifier: MIT */
/* 1050-images.c - which records are one image, who holds a name when, and how long a weakness is
 * open. */
#include "t/lib/test.h"
#include "t/lib/one_import.h"

/* An image with one digest of any kind, its platform and build time. */
static void seen_as(const char *name, enum digest_kind kind, const char *value, const char *arch,
		    int64_t built, int64_t at)
{
	struct rec_digest d = { kind, value };

	import_begin_test(&in);
	scan(&in, "trivy", at);
	put(&in, &(struct record){ REC_ASSET,
				   { .asset = { .kind = ASSET_IMAGE,
						.name = name,
						.digest = &d,
						.ndigest = value != NULL,
						.arch = arch,
						.built = built } } });
	vuln(&in, "CVE-1", "zlib", "1", SEV_HIGH);
	import_end_test(&in);
}

static int64_t images(void)
{
	return number(in.st, "SELECT count(*) FROM image");
}

static int64_t holder(const char *name, int64_t at)
{
	struct buf sql = BUF_INIT;
	int64_t n;

	buf_addf(&sql,
		 "SELECT image FROM image_name WHERE name = '%s' AND since <= %lld\n"
		 "  AND (until = 0 OR until > %lld)",
		 name, (long long)at, (long long)at);
	n = number(in.st, sql.s);
	buf_release(&sql);
	return n;
}

static void one_config_digest_is_one_image(UNUSED void **state)
{
	seen_as("app:1", DIGEST_CONFIG, digest('a'), NULL, 0, T0);
	seen_as("other:1", DIGEST_CONFIG, digest('a'), NULL, 0, T0);
	assert_int_equal(images(), 1);
	assert_int_equal(number(in.st, "SELECT count(*) FROM finding"), 1);
}

static void an_index_digest_does_not_make_two_platforms_one(UNUSED void **state)
{
	const struct rec_digest d[2] = { { DIGEST_CONFIG, digest('a') },
					 { DIGEST_INDEX, digest('9') } };
	const struct rec_digest f[2] = { { DIGEST_CONFIG, digest('b') },
					 { DIGEST_INDEX, digest('9') } };

	import_begin_test(&in);
	scan(&in, "trivy", T0);
	put(&in,
	    &(struct record){ REC_ASSET,
			      { .asset = { .kind = ASSET_IMAGE, .digest = d, .ndigest = 2 } } });
	put(&in,
	    &(struct record){ REC_ASSET,
			      { .asset = { .kind = ASSET_IMAGE, .digest = f, .ndigest = 2 } } });
	import_end_test(&in);
	assert_int_equal(images(), 2);
	assert_int_equal(number(in.st, "SELECT count(*) FROM index_digest"), 2);
}

static void an_unknown_digest_is_the_same_image_unless_the_platform_differs(UNUSED void **state)
{
	seen_as("app:1", DIGEST_UNKNOWN, digest('c'), "linux/amd64", 0, T0);
	seen_as("app:1", DIGEST_UNKNOWN, digest('c'), "linux/amd64", 0, T0 + D);
	assert_int_equal(images(), 1);
	seen_as("app:1", DIGEST_UNKNOWN, digest('c'), "linux/arm64", 0, T0 + 2 * D);
	assert_int_equal(images(), 2);
	assert_int_equal(number(in.st, "SELECT count(*) FROM digest"), 0);
}

static void a_name_that_it_ran_under_first_is_held_from_then_on(UNUSED void **state)
{
	import_begin_test(&in);
	scan(&in, "kubectl", T0);
	running(&in, "shop", "web", "web-1", "app:1", digest('a'));
	import_end_test(&in);
	seen_as("app:1", DIGEST_CONFIG, digest('a'), NULL, 0, T0 + D);
	seen_as("app:1", DIGEST_CONFIG, digest('a'), NULL, 0, T0);
	assert_int_equal(number(in.st, "SELECT count(*) FROM image_name"), 1);
	assert_int_equal(number(in.st, "SELECT since FROM image_name WHERE until = 0"), T0);
}

static void two_images_that_share_a_record_are_merged(UNUSED void **state)
{
	struct rec_digest d[2] = { { DIGEST_CONFIG, digest('a') },
				   { DIGEST_MANIFEST, digest('b') } };
	struct verify_answer v;
	struct err e = ERR_INIT;

	seen_as("app:1", DIGEST_CONFIG, d[0].value, NULL, 0, T0 + D);
	seen_as("app:2", DIGEST_MANIFEST, d[1].value, NULL, 0, T0);
	assert_int_equal(images(), 2);
	import_begin_test(&in);
	scan(&in, "grype", T0 + 2 * D);
	put(&in,
	    &(struct record){ REC_ASSET,
			      { .asset = { .kind = ASSET_IMAGE, .digest = d, .ndigest = 2 } } });
	vuln(&in, "CVE-1", "zlib", "1", SEV_HIGH);
	import_end_test(&in);
	assert_int_equal(images(), 1);
	assert_int_equal(number(in.st, "SELECT count(*) FROM finding"), 1);
	assert_int_equal(number(in.st, "SELECT since FROM finding"), T0);
	assert_int_equal(number(in.st, "SELECT count(*) FROM sighting"), 2);
	assert_int_equal(number(in.st, "SELECT count(*) FROM audit WHERE act = 'merge'"), 1);
	assert_int_equal(number(in.st, "SELECT assets FROM problem"), 1);
	assert_true(store_verify(in.st, NULL, &v, &e) && v.intact);
}

static void a_name_is_held_from_to(UNUSED void **state)
{
	int64_t old;

	seen_as("app:1", DIGEST_CONFIG, digest('a'), NULL, 0, T0);
	old = number(in.st, "SELECT asset FROM image");
	seen_as("app:1", DIGEST_CONFIG, digest('b'), NULL, 0, T0 + 10 * D);
	assert_int_equal(holder("docker.io/library/app:1", T0 + 5 * D), old);
	assert_int_not_equal(holder("docker.io/library/app:1", T0 + 11 * D), old);
	assert_int_equal(number(in.st, "SELECT sum(current) FROM image"), 1);
}

static void a_report_with_only_a_name_belongs_to_who_held_it_then(UNUSED void **state)
{
	seen_as("app:1", DIGEST_CONFIG, digest('a'), NULL, 0, T0);
	seen_as("app:1", DIGEST_CONFIG, digest('b'), NULL, 0, T0 + 10 * D);
	import_begin_test(&in);
	scan(&in, "kubescape", T0 + 5 * D);
	image(&in, "app:1", NULL);
	vuln(&in, "CVE-2", "x", "1", SEV_LOW);
	import_end_test(&in);
	assert_int_equal(images(), 2);
	assert_int_equal(number(in.st,
				"SELECT asset = (SELECT min(asset) FROM image) FROM finding\n"
				"ORDER BY advisory DESC LIMIT 1"),
			 1);
}

static void an_older_report_does_not_take_a_name_back(UNUSED void **state)
{
	seen_as("app:1", DIGEST_CONFIG, digest('b'), NULL, 0, T0 + 10 * D);
	seen_as("app:1", DIGEST_CONFIG, digest('a'), NULL, 0, T0);
	assert_int_equal(holder("docker.io/library/app:1", T0 + 20 * D),
			 number(in.st, "SELECT image FROM digest WHERE value LIKE 'sha256:b%'"));
}

static void an_image_seen_later_keeps_its_name_against_a_report_between(UNUSED void **state)
{
	seen_as("app:1", DIGEST_CONFIG, digest('a'), NULL, 0, T0);
	seen_as("app:1", DIGEST_CONFIG, digest('a'), NULL, 0, T0 + 10 * D);
	seen_as("app:1", DIGEST_CONFIG, digest('b'), NULL, 0, T0 + 5 * D);
	assert_int_equal(holder("docker.io/library/app:1", T0 + 20 * D),
			 number(in.st, "SELECT image FROM digest WHERE value LIKE 'sha256:a%'"));
}

static void a_name_without_an_image_is_absorbed_by_the_first_digest(UNUSED void **state)
{
	seen_as("app:1", DIGEST_CONFIG, NULL, NULL, 0, T0);
	assert_int_equal(number(in.st, "SELECT unpinned FROM image"), 1);
	seen_as("app:1", DIGEST_CONFIG, digest('a'), NULL, T0 - 5 * D, T0 + D);
	assert_int_equal(images(), 1);
	assert_int_equal(number(in.st, "SELECT unpinned FROM image"), 0);
	assert_int_equal(number(in.st, "SELECT since FROM finding"), T0);
}

static void an_image_built_after_the_scan_absorbs_nothing(UNUSED void **state)
{
	seen_as("app:1", DIGEST_CONFIG, NULL, NULL, 0, T0);
	seen_as("app:1", DIGEST_CONFIG, digest('a'), NULL, T0 + D / 2, T0 + D);
	assert_int_equal(images(), 2);
}

static void a_rebuild_under_a_new_tag_does_not_restart_the_clock(UNUSED void **state)
{
	seen_as("app:1", DIGEST_CONFIG, digest('a'), NULL, 0, T0);
	seen_as("app:2", DIGEST_CONFIG, digest('b'), NULL, 0, T0 + 10 * D);
	assert_int_equal(number(in.st, "SELECT count(*) FROM clock"), 1);
	assert_int_equal(number(in.st, "SELECT start FROM clock"), T0);
	assert_int_equal(number(in.st, "SELECT n FROM clock"), 2);
	assert_int_equal(number(in.st, "SELECT count(DISTINCT due) FROM finding"), 1);
}

static void a_rebuild_that_takes_the_tag_continues_the_clock(UNUSED void **state)
{
	seen_as("app:1", DIGEST_CONFIG, digest('a'), NULL, 0, T0);
	seen_as("app:1", DIGEST_CONFIG, digest('b'), NULL, 0, T0 + 10 * D);
	assert_int_equal(number(in.st, "SELECT count(*) FROM clock WHERE ended = 0"), 1);
	assert_int_equal(number(in.st, "SELECT start FROM clock WHERE ended = 0"), T0);
}

static void a_rebuild_without_it_ends_the_clock_and_a_return_begins_a_new_one(UNUSED void **state)
{
	scan_image(&in, "trivy", "app:1", digest('a'), T0, "CVE-1 CVE-2");
	scan_image(&in, "trivy", "app:1", digest('b'), T0 + 10 * D, "CVE-2");
	assert_int_equal(number(in.st, "SELECT ended FROM clock WHERE ended > 0"), T0 + 10 * D);
	scan_image(&in, "trivy", "app:1", digest('c'), T0 + 20 * D, "CVE-1 CVE-2");
	assert_int_equal(number(in.st, "SELECT max(start) FROM clock WHERE ended = 0"),
			 T0 + 20 * D);
	assert_int_equal(number(in.st, "SELECT count(*) FROM clock"), 3);
}

static void retired_images_have_no_due_dates_and_are_not_counted(UNUSED void **state)
{
	scan_image(&in, "trivy", "app:1", digest('a'), T0, "CVE-1");
	assert_int_equal(
		number(in.st, "SELECT count(*) FROM finding WHERE due < 9223372036854775807"), 1);
	scan_image(&in, "trivy", "app:1", digest('b'), T0 + D, "");
	assert_int_equal(
		number(in.st, "SELECT count(*) FROM finding WHERE due < 9223372036854775807"), 0);
	assert_int_equal(number(in.st, "SELECT count(*) FROM problem"), 0);
	assert_int_equal(number(in.st, "SELECT count(*) FROM finding WHERE state = 0"), 1);
}

/* An advisory of GitHub's that names one CVE, in version 1 of zlib. */
static void put_aliased(void)
{
	const char *const cve[] = { "CVE-2024-1" };
	struct record r = { REC_VULNERABILITY,
			    { .vulnerability = { .id = "GHSA-aaaa-bbbb-cccc",
						 .aliases = cve,
						 .naliases = 1,
						 .package_type = "deb",
						 .package = "zlib",
						 .version = "1",
						 .severity = SEV_HIGH,
						 .score = -1,
						 .epss = -1 } } };

	put(&in, &r);
}

static void an_alias_and_its_cve_are_one_finding(UNUSED void **state)
{
	import_begin_test(&in);
	scan(&in, "grype", T0);
	image(&in, "app:1", digest('a'));
	put_aliased();
	vuln(&in, "CVE-2024-1", "zlib", "1", SEV_HIGH);
	import_end_test(&in);
	assert_int_equal(number(in.st, "SELECT count(*) FROM finding"), 1);
	assert_int_equal(number(in.st, "SELECT count(*) FROM advisory WHERE name = 'CVE-2024-1'"),
			 1);
}

/* The name of the CVE that an id of before is known by. */
static void a_cve_is_told(void)
{
	import_begin_test(&in);
	scan(&in, "grype", T0 + D);
	image(&in, "app:1", digest('a'));
	vuln(&in, "CVE-2024-1", "zlib", "1", SEV_HIGH);
	put_aliased();
	import_end_test(&in);
}

static void a_late_alias_merges(UNUSED void **state)
{
	import_begin_test(&in);
	scan(&in, "snyk", T0);
	image(&in, "app:1", digest('a'));
	vuln(&in, "GHSA-aaaa-bbbb-cccc", "zlib", "1", SEV_LOW);
	vuln(&in, "GHSA-aaaa-bbbb-cccc", "zlib", "2", SEV_LOW);
	import_end_test(&in);
	a_cve_is_told();
	assert_int_equal(number(in.st, "SELECT count(*) FROM finding"), 2);
	assert_int_equal(number(in.st, "SELECT count(DISTINCT advisory) FROM finding"), 1);
	assert_int_equal(number(in.st, "SELECT count(*) FROM problem"), 1);
	assert_int_equal(number(in.st, "SELECT versions FROM problem"), 2);
	assert_int_equal(number(in.st, "SELECT min(since) FROM finding"), T0);
	assert_int_equal(number(in.st, "SELECT count(*) FROM audit WHERE act = 'merge'"), 1);
}

static int64_t image_of(char c)
{
	struct buf sql = BUF_INIT;
	int64_t id;

	buf_addf(&sql, "SELECT image FROM digest WHERE value = '%s'", digest(c));
	id = number(in.st, sql.s);
	buf_release(&sql);
	return id;
}

static void says(const struct scope *s, const char *note, const char *owner)
{
	struct err e = ERR_INIT;

	assert_true(store_note(in.st, s, note, &e));
	assert_true(store_own(in.st, s, owner, &e));
}

static void told(const struct scope *s, int notes, const char *owner)
{
	struct arena mem = ARENA_INIT;
	struct err e = ERR_INIT;
	const struct note *note;
	const char *name;
	size_t n;

	assert_true(object_notes(in.st, s, &mem, &note, &n, &e));
	assert_int_equal(n, notes);
	assert_true(object_owner(in.st, s, &mem, &name, &e));
	assert_string_equal(name, owner);
	arena_release(&mem);
}

/* The newer word on the owner holds, whichever of the two is kept. */
static void notes_and_owners_go_with_an_image(UNUSED void **state)
{
	const struct rec_digest both[2] = { { DIGEST_CONFIG, digest('a') },
					    { DIGEST_MANIFEST, digest('b') } };
	struct scope is;

	seen_as("app:1", DIGEST_CONFIG, both[0].value, NULL, 0, T0 + D);
	seen_as("app:2", DIGEST_MANIFEST, both[1].value, NULL, 0, T0);
	is = (struct scope){ SCOPE_IMAGE, { image_of('a') } };
	says(&is, "ours", "ruiz");
	is.key[0] = image_of('b');
	says(&is, "theirs", "mlee");
	is = (struct scope){ SCOPE_FINDING,
			     { image_of('b'), number(in.st, "SELECT max(advisory) FROM finding"),
			       number(in.st, "SELECT max(part) FROM finding") } };
	says(&is, "look here", "ops");
	import_begin_test(&in);
	scan(&in, "grype", T0 + 2 * D);
	put(&in, &(struct record){ REC_ASSET,
				   { .asset = { .kind = ASSET_IMAGE, .digest = both,
						.ndigest = 2 } } });
	vuln(&in, "CVE-1", "zlib", "1", SEV_HIGH);
	import_end_test(&in);
	assert_int_equal(images(), 1);
	is.key[0] = image_of('b');
	told(&is, 1, "ops");
	told(&(struct scope){ SCOPE_IMAGE, { image_of('a') } }, 2, "mlee");
	assert_int_equal(number(in.st, "SELECT count(*) FROM owner WHERE until = 0"), 2);
}

static void notes_owners_and_targets_go_with_an_advisory(UNUSED void **state)
{
	struct scope problem = { SCOPE_PROBLEM, { 0 } };
	struct err e = ERR_INIT;

	import_begin_test(&in);
	scan(&in, "snyk", T0);
	image(&in, "app:1", digest('a'));
	vuln(&in, "GHSA-aaaa-bbbb-cccc", "zlib", "1", SEV_LOW);
	import_end_test(&in);
	problem.key[0] = number(in.st, "SELECT advisory FROM problem");
	problem.key[1] = number(in.st, "SELECT package FROM problem");
	in.st->now = T0 + D;
	says(&problem, "seen", "ops");
	assert_true(store_due(in.st, &problem, T0 + 3 * D, &e));
	a_cve_is_told();
	assert_int_equal(number(in.st, "SELECT count(*) FROM problem"), 1);
	problem.key[0] = number(in.st, "SELECT advisory FROM problem");
	told(&problem, 1, "ops");
	assert_int_equal(number(in.st, "SELECT due FROM finding"),
			 (time_day(T0) + 4) * D - 1);
	assert_int_equal(number(in.st, "SELECT count(*) FROM target"), 1);
}

static void an_id_of_several_cves_stays_itself_and_inherits_their_signals(UNUSED void **state)
{
	const char *const cve[] = { "CVE-2024-1", "CVE-2024-2" };

	import_begin_test(&in);
	put(&in,
	    &(struct record){ REC_SIGNAL,
			      { .signal = { .cve = "CVE-2024-2", .kev = true, .epss = 700 } } });
	import_end_test(&in);
	import_begin_test(&in);
	scan(&in, "trivy", T0);
	image(&in, "app:1", digest('a'));
	put(&in, &(struct record){ REC_VULNERABILITY,
				   { .vulnerability = { .id = "DSA-1-1",
							.aliases = cve,
							.naliases = 2,
							.package_type = "deb",
							.package = "zlib",
							.version = "1",
							.severity = SEV_HIGH,
							.score = -1,
							.epss = -1 } } });
	import_end_test(&in);
	assert_int_equal(number(in.st, "SELECT kev FROM advisory WHERE name = 'DSA-1-1'"), 1);
	assert_int_equal(number(in.st, "SELECT no_kev FROM problem"), 0);
	assert_int_equal(number(in.st, "SELECT epss FROM problem"), 10000 - 700);
}

static void assess(const char *cve, enum impact impact, int64_t at)
{
	import_begin_test(&in);
	put(&in, &(struct record){ REC_SIGNAL,
				   { .signal = { .cve = cve,
						 .epss = -1,
						 .exploitation = EXPLOITATION_POC,
						 .automatable = SAID_YES,
						 .impact = impact,
						 .at = at } } });
	import_end_test(&in);
}

static void the_newest_assessment_of_a_vulnerability_holds(UNUSED void **state)
{
	assess("CVE-2024-2", IMPACT_TOTAL, T0);
	assess("CVE-2024-2", IMPACT_PARTIAL, T0 - 86400);
	assert_int_equal(number(in.st, "SELECT impact FROM advisory"), IMPACT_TOTAL);
	assert_int_equal(number(in.st, "SELECT exploitation FROM advisory"), EXPLOITATION_POC);
	assert_int_equal(number(in.st, "SELECT automatable FROM advisory"), SAID_YES);
	assess("CVE-2024-2", IMPACT_PARTIAL, T0 + 86400);
	assert_int_equal(number(in.st, "SELECT impact FROM advisory"), IMPACT_PARTIAL);
}

static void an_assessment_survives_the_merge_of_its_advisory(UNUSED void **state)
{
	const char *const cve[] = { "CVE-2024-1" };
	struct record r = { REC_VULNERABILITY,
			    { .vulnerability = { .id = "GHSA-1",
						 .package_type = "deb",
						 .package = "zlib",
						 .version = "1",
						 .severity = SEV_HIGH,
						 .score = -1,
						 .epss = -1 } } };

	import_begin_test(&in);
	scan(&in, "trivy", T0);
	image(&in, "app:1", digest('a'));
	put(&in, &r);
	import_end_test(&in);
	assess("CVE-2024-1", IMPACT_TOTAL, T0);
	import_begin_test(&in);
	scan(&in, "grype", T0);
	image(&in, "app:1", digest('a'));
	r.u.vulnerability.aliases = cve;
	r.u.vulnerability.naliases = 1;
	put(&in, &r);
	import_end_test(&in);
	assert_int_equal(number(in.st, "SELECT count(*) FROM advisory WHERE source = 0"), 1);
	assert_int_equal(number(in.st, "SELECT impact FROM advisory WHERE source = 0"),
			 IMPACT_TOTAL);
}

static void a_bare_maven_artifact_is_the_only_one_of_that_name(UNUSED void **state)
{
	struct record r = { REC_VULNERABILITY,
			    { .vulnerability = { .id = "CVE-1",
						 .package_type = "jar",
						 .package = "org.apache:log4j",
						 .version = "2",
						 .severity = SEV_HIGH,
						 .score = -1,
						 .epss = -1 } } };

	import_begin_test(&in);
	scan(&in, "trivy", T0);
	image(&in, "app:1", digest('a'));
	put(&in, &r);
	r.u.vulnerability.package = "log4j";
	put(&in, &r);
	import_end_test(&in);
	assert_int_equal(number(in.st, "SELECT count(*) FROM finding"), 1);
}

static void a_name_has_an_image_for_each_platform(UNUSED void **state)
{
	seen_as("app:1", DIGEST_UNKNOWN, NULL, "linux/amd64", 0, T0);
	seen_as("app:1", DIGEST_UNKNOWN, NULL, "linux/arm64", 0, T0);
	seen_as("app:1", DIGEST_UNKNOWN, NULL, "linux/arm64/v8", 0, T0);
	assert_int_equal(images(), 2);
	assert_int_equal(number(in.st, "SELECT count(*) FROM finding"), 2);
}

static void a_digest_absorbs_the_name_of_its_platform(UNUSED void **state)
{
	seen_as("app:1", DIGEST_UNKNOWN, NULL, "linux/amd64", 0, T0);
	seen_as("app:1", DIGEST_UNKNOWN, NULL, "linux/arm64", 0, T0);
	seen_as("app:1", DIGEST_CONFIG, digest('a'), "linux/arm64", T0 - DAY_S, T0 + DAY_S);
	assert_int_equal(images(), 2);
	assert_int_equal(number(in.st, "SELECT count(*) FROM image\n"
				       "WHERE arch = 'linux/amd64' AND unpinned = 1"), 1);
}

/* ---- what joins and leaves the open findings, by day ---- */

static void moved(int64_t at, int64_t came, int64_t went)
{
	struct arena mem = ARENA_INIT;
	const char *day = arena_printf(&mem, "FROM snapshot WHERE day = %lld",
				       (long long)time_day(at));

	assert_int_equal(number(in.st, arena_printf(&mem, "SELECT sum(came) %s", day)), came);
	assert_int_equal(number(in.st, arena_printf(&mem, "SELECT sum(went) %s", day)), went);
	arena_release(&mem);
}

static void what_comes_to_run_neither_joins_nor_leaves(UNUSED void **state)
{
	scan_image(&in, "trivy", "app:1", digest('a'), T0, "CVE-1 CVE-2");
	import_begin_test(&in);
	scan(&in, "kubectl", T0 + D);
	running(&in, "shop", "web", "web-1", "app:1", digest('a'));
	import_end_test(&in);
	moved(T0, 2, 0);
	moved(T0 + D, 0, 0);
	scan_image(&in, "trivy", "app:1", digest('a'), T0 + 2 * D, "CVE-2 CVE-3");
	moved(T0 + 2 * D, 1, 1);
}

static void what_an_older_scan_shows_joined_then(UNUSED void **state)
{
	scan_image(&in, "trivy", "app:1", digest('a'), T0 + 2 * D, "CVE-1");
	moved(T0 + 2 * D, 1, 0);
	scan_image(&in, "grype", "app:1", digest('a'), T0, "CVE-1");
	moved(T0, 1, 0);
	moved(T0 + 2 * D, 0, 0);
}

static void what_becomes_known_to_be_exploited_was_open_before(UNUSED void **state)
{
	scan_image(&in, "trivy", "app:1", digest('a'), T0, "CVE-1");
	import_begin_test(&in);
	put(&in, &(struct record){ REC_SIGNAL,
				   { .signal = { .cve = "CVE-1", .kev = true, .epss = -1,
						 .at = T0 + D } } });
	import_end_test(&in);
	assert_int_equal(number(in.st, "SELECT sum(came) FROM snapshot"), 1);
	assert_int_equal(number(in.st, "SELECT sum(went) FROM snapshot"), 0);
	assert_int_equal(number(in.st, "SELECT sum(came) FROM snapshot WHERE kev = 1"), 1);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(one_config_digest_is_one_image),
		T(an_index_digest_does_not_make_two_platforms_one),
		T(an_unknown_digest_is_the_same_image_unless_the_platform_differs),
		T(two_images_that_share_a_record_are_merged),
		T(a_name_is_held_from_to),
		T(a_report_with_only_a_name_belongs_to_who_held_it_then),
		T(an_older_report_does_not_take_a_name_back),
		T(an_image_seen_later_keeps_its_name_against_a_report_between),
		T(a_name_without_an_image_is_absorbed_by_the_first_digest),
		T(an_image_built_after_the_scan_absorbs_nothing),
		T(a_rebuild_under_a_new_tag_does_not_restart_the_clock),
		T(a_rebuild_that_takes_the_tag_continues_the_clock),
		T(a_rebuild_without_it_ends_the_clock_and_a_return_begins_a_new_one),
		T(retired_images_have_no_due_dates_and_are_not_counted),
		T(an_alias_and_its_cve_are_one_finding),
		T(a_name_that_it_ran_under_first_is_held_from_then_on),
		T(a_late_alias_merges),
		T(notes_and_owners_go_with_an_image),
		T(notes_owners_and_targets_go_with_an_advisory),
		T(an_id_of_several_cves_stays_itself_and_inherits_their_signals),
		T(the_newest_assessment_of_a_vulnerability_holds),
		T(an_assessment_survives_the_merge_of_its_advisory),
		T(a_name_has_an_image_for_each_platform),
		T(a_digest_absorbs_the_name_of_its_platform),
		T(a_bare_maven_artifact_is_the_only_one_of_that_name),
		T(what_comes_to_run_neither_joins_nor_leaves),
		T(what_an_older_scan_shows_joined_then),
		T(what_becomes_known_to_be_exploited_was_open_before),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
