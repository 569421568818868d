/* SPDX-License-Identifier: MIT */
/* 1030-reconcile.c - findings are created, seen again, resolved and reopened as scans say. */
#include "t/lib/test.h"
#include "t/lib/one_import.h"

#define FINDINGS COUNT_FINDINGS
static const char A[] = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

static void counts(int64_t created, int64_t reopened, int64_t unchanged, int64_t resolved)
{
	assert_int_equal(in.stats.created[FINDINGS], created);
	assert_int_equal(in.stats.reopened[FINDINGS], reopened);
	assert_int_equal(in.stats.unchanged[FINDINGS], unchanged);
	assert_int_equal(in.stats.resolved[FINDINGS], resolved);
}

static int64_t open_findings(void)
{
	return number(in.st, "SELECT count(*) FROM finding WHERE state = 0");
}

static void two_scanners_make_one_finding_with_two_sightings(UNUSED void **state)
{
	scan_image(&in, "trivy", "app:1", A, T0, "CVE-1 CVE-2");
	counts(2, 0, 0, 0);
	scan_image(&in, "grype", "app:1", A, T0 + D, "CVE-1");
	counts(0, 0, 1, 0);
	assert_int_equal(number(in.st, "SELECT count(*) FROM finding"), 2);
	assert_int_equal(number(in.st, "SELECT count(*) FROM sighting"), 3);
	assert_int_equal(number(in.st, "SELECT count(*) FROM sighting_span"), 0);
}

static void the_same_findings_in_a_newer_scan_are_unchanged(UNUSED void **state)
{
	scan_image(&in, "trivy", "app:1", A, T0, "CVE-1 CVE-2");
	scan_image(&in, "trivy", "app:1", A, T0 + D, "CVE-2 CVE-1");
	counts(0, 0, 2, 0);
	assert_int_equal(number(in.st, "SELECT count(*) FROM span"), 0);
}

static void a_finding_is_resolved_when_no_source_sees_it(UNUSED void **state)
{
	scan_image(&in, "trivy", "app:1", A, T0, "CVE-1 CVE-2");
	scan_image(&in, "grype", "app:1", A, T0, "CVE-1 CVE-2");
	scan_image(&in, "trivy", "app:1", A, T0 + D, "CVE-1");
	counts(0, 0, 1, 0);
	assert_int_equal(open_findings(), 2);
	scan_image(&in, "grype", "app:1", A, T0 + 2 * D, "CVE-1");
	counts(0, 0, 1, 1);
	assert_int_equal(open_findings(), 1);
}

static void a_finding_reopens_with_its_history(UNUSED void **state)
{
	scan_image(&in, "trivy", "app:1", A, T0, "CVE-1 CVE-2");
	scan_image(&in, "trivy", "app:1", A, T0 + D, "CVE-2");
	counts(0, 0, 1, 1);
	scan_image(&in, "trivy", "app:1", A, T0 + 2 * D, "CVE-1 CVE-2");
	counts(0, 1, 1, 0);
	assert_int_equal(number(in.st, "SELECT count(*) FROM span"), 3);
	assert_int_equal(number(in.st, "SELECT min(since) FROM finding"), T0);
	assert_int_equal(number(in.st, "SELECT state FROM span ORDER BY at LIMIT 1 OFFSET 1"),
			 STATE_RESOLVED);
}

static void the_same_bytes_twice_change_nothing(UNUSED void **state)
{
	int64_t audit;

	scan_image(&in, "trivy", "app:1", A, T0, "CVE-1");
	audit = number(in.st, "SELECT count(*) FROM audit");
	in.hash[0]--;
	scan_image(&in, "trivy", "app:1", A, T0 + D, "CVE-2");
	assert_true(in.stats.duplicate);
	counts(0, 0, 0, 0);
	assert_int_equal(number(in.st, "SELECT count(*) FROM audit"), audit);
	assert_int_equal(number(in.st, "SELECT count(*) FROM finding"), 1);
}

static void bytes_known_only_at_the_end_are_a_duplicate_too(UNUSED void **state)
{
	uint8_t hash[SHA256_SIZE];
	struct err e = ERR_INIT;

	scan_image(&in, "trivy", "app:1", A, T0, "CVE-1");
	memcpy(hash, in.hash, sizeof(hash));
	in.o.sha256 = NULL;
	ingest_stats_release(&in.stats);
	assert_true(store_ingest_begin(in.st, &in.o, &in.sink, &e));
	scan(&in, "trivy", T0 + D);
	image(&in, "app:1", A);
	vuln(&in, "CVE-9", "x", "1", SEV_LOW);
	assert_true(store_ingest_hash(in.sink, hash, &e));
	import_end_test(&in);
	assert_true(in.stats.duplicate);
	assert_int_equal(number(in.st, "SELECT count(*) FROM finding"), 1);
}

static void a_late_older_scan_moves_since_back_and_nothing_else(UNUSED void **state)
{
	scan_image(&in, "trivy", "app:1", A, T0 + 10 * D, "CVE-1 CVE-2");
	scan_image(&in, "trivy", "app:1", A, T0, "CVE-1");
	counts(0, 0, 1, 0);
	assert_int_equal(number(in.st, "SELECT since FROM finding ORDER BY advisory LIMIT 1"), T0);
	assert_int_equal(open_findings(), 2);
}

static void a_late_older_scan_creates_what_only_it_shows_as_resolved(UNUSED void **state)
{
	scan_image(&in, "trivy", "app:1", A, T0 + 10 * D, "CVE-1");
	scan_image(&in, "trivy", "app:1", A, T0, "CVE-1 CVE-3");
	counts(1, 0, 1, 0);
	assert_int_equal(
		number(in.st,
		       "SELECT count(*) FROM finding WHERE state = 1 AND since = 1750000000"),
		1);
	assert_int_equal(number(in.st, "SELECT max(at) FROM span"), T0 + 10 * D);
	assert_int_equal(number(in.st, "SELECT until FROM sighting WHERE until > 0"), T0 + 10 * D);
}

static void a_late_older_scan_reopens_nothing(UNUSED void **state)
{
	scan_image(&in, "trivy", "app:1", A, T0, "CVE-1 CVE-2");
	scan_image(&in, "trivy", "app:1", A, T0 + 10 * D, "CVE-2");
	scan_image(&in, "trivy", "app:1", A, T0 + 5 * D, "CVE-1 CVE-2");
	counts(0, 0, 2, 0);
	assert_int_equal(open_findings(), 1);
}

static void another_sources_older_word_takes_back_a_resolution(UNUSED void **state)
{
	scan_image(&in, "trivy", "app:1", A, T0, "CVE-1 CVE-2");
	scan_image(&in, "trivy", "app:1", A, T0 + 10 * D, "CVE-2");
	scan_image(&in, "grype", "app:1", A, T0 + 5 * D, "CVE-1");
	counts(0, 1, 0, 0);
	assert_int_equal(open_findings(), 2);
	assert_int_equal(number(in.st, "SELECT count(*) FROM span WHERE until_seq = 0"), 1);
}

static void at_equal_times_the_later_import_is_newer(UNUSED void **state)
{
	scan_image(&in, "trivy", "app:1", A, T0, "CVE-1 CVE-2");
	scan_image(&in, "trivy", "app:1", A, T0, "CVE-1");
	counts(0, 0, 1, 1);
}

static void a_partial_scan_resolves_nothing(UNUSED void **state)
{
	scan_image(&in, "trivy", "app:1", A, T0, "CVE-1 CVE-2");
	in.o.partial = true;
	scan_image(&in, "trivy", "app:1", A, T0 + D, "CVE-1");
	counts(0, 0, 1, 0);
	assert_int_equal(open_findings(), 2);
}

/* All the low ones gone at once. */
static void put_filtered(int64_t at, uint32_t complete)
{
	in.o.complete = complete;
	import_begin_test(&in);
	scan(&in, "trivy", at);
	image(&in, "app:1", A);
	cover(&in, FINDING_VULNERABILITY);
	vuln(&in, "CVE-1", "a", "1", SEV_CRITICAL);
	import_end_test(&in);
}

static void put_unfiltered(void)
{
	import_begin_test(&in);
	scan(&in, "trivy", T0);
	image(&in, "app:1", A);
	cover(&in, FINDING_VULNERABILITY);
	vuln(&in, "CVE-1", "a", "1", SEV_CRITICAL);
	vuln(&in, "CVE-2", "b", "1", SEV_LOW);
	import_end_test(&in);
}

static void a_scan_that_looks_filtered_is_partial_and_says_so(UNUSED void **state)
{
	put_unfiltered();
	put_filtered(T0 + D, 0);
	assert_int_equal(in.stats.nwarning, 1);
	counts(0, 0, 1, 0);
	put_filtered(T0 + 2 * D, 0);
	assert_int_equal(in.stats.nwarning, 1);
	counts(0, 0, 1, 0);
	assert_int_equal(open_findings(), 2);
}

static void complete_overrides_what_looks_filtered(UNUSED void **state)
{
	put_unfiltered();
	put_filtered(T0 + D, 1u << FINDING_VULNERABILITY);
	assert_int_equal(in.stats.nwarning, 0);
	counts(0, 0, 1, 1);
}

/* One image's scans one after the other; findings as severity (c, h, l), upper case: has a fix. */
static void scan_of(int64_t at, const char *findings)
{
	import_begin_test(&in);
	scan(&in, "trivy", at);
	image(&in, "app:1", A);
	cover(&in, FINDING_VULNERABILITY);
	for (const char *f = findings; *f; f++) {
		char name[] = { 'p', (char)('0' + (f - findings)), *f, '\0' };
		bool fixed = *f < 'a';
		enum severity level = strchr("cC", *f)	 ? SEV_CRITICAL
				      : strchr("hH", *f) ? SEV_HIGH
							 : SEV_LOW;

		put(&in, &(struct record){ REC_VULNERABILITY,
					   { .vulnerability = { .id = name,
								.package_type = "deb",
								.package = name,
								.version = "1",
								.fixed_in = fixed ? "2" : NULL,
								.severity = level,
								.score = -1,
								.epss = -1 } } });
	}
	import_end_test(&in);
}

static void it_looks_filtered_only_where_a_whole_kind_is_gone_and_others_stay(UNUSED void **state)
{
	static const struct {
		const char *before, *after;
		bool filtered;
	} x[] = {
		{ "CHL", "CH", true },	/* none is low any more                  */
		{ "CHL", "CL", false }, /* one of the middle went                */
		{ "Ch", "C", true },	/* the same, and none is without a fix   */
		{ "Ccc", "C", true },	/* none is without a fix                 */
		{ "Ccc", "Cc", false }, /* one of them still is                  */
		{ "CC", "C", false },	/* there was none without a fix          */
		{ "CHL", "", false },	/* nothing stays: all of it was mended   */
		{ "", "C", false },	/* nothing was there to be filtered out  */
		{ "C", "CL", false },	/* more is no less                       */
	};

	for (size_t i = 0; i < LENGTH(x); i++) {
		if (i > 0)
			(void)setup(NULL);
		scan_of(T0, x[i].before);
		assert_int_equal(in.stats.nwarning, 0);
		scan_of(T0 + D, x[i].after);
		if (in.stats.nwarning != x[i].filtered)
			fail_msg("'%s' after '%s'", x[i].after, x[i].before);
		if (i + 1 < LENGTH(x))
			(void)teardown(NULL);
	}
}

static void complete_of_another_kind_overrides_nothing(UNUSED void **state)
{
	put_unfiltered();
	put_filtered(T0 + D, 1u << FINDING_SECRET);
	assert_int_equal(in.stats.nwarning, 1);
	counts(0, 0, 1, 0);
}

static void checked(int64_t at, bool low, bool passes)
{
	import_begin_test(&in);
	scan(&in, "kube-linter", at);
	host(&in, "node-1");
	cover(&in, FINDING_MISCONFIGURATION);
	check(&in, "R1", "a", VERDICT_FAIL);
	if (low)
		put(&in, &(struct record){ REC_CHECK,
					   { .check = { .kind = FINDING_MISCONFIGURATION,
							.rule = { .id = "R2", .severity = SEV_LOW },
							.verdict = VERDICT_FAIL,
							.place = "a" } } });
	if (passes)
		check(&in, "R3", "a", VERDICT_PASS);
	import_end_test(&in);
}

static void a_report_that_lists_what_is_in_order_hides_nothing(UNUSED void **state)
{
	checked(T0, true, false);
	checked(T0 + D, false, false);
	assert_int_equal(in.stats.nwarning, 1);
	checked(T0 + 2 * D, false, true);
	assert_int_equal(in.stats.nwarning, 0);
}

static void a_run_for_secrets_resolves_no_vulnerability(UNUSED void **state)
{
	scan_image(&in, "trivy", "app:1", A, T0, "CVE-1");
	import_begin_test(&in);
	scan(&in, "trivy", T0 + D);
	image(&in, "app:1", A);
	cover(&in, FINDING_SECRET);
	secret(&in, "aws-key", "/app/env");
	import_end_test(&in);
	counts(1, 0, 0, 0);
	assert_int_equal(open_findings(), 2);
}

static void an_empty_complete_scan_resolves_all_of_its_kind(UNUSED void **state)
{
	scan_image(&in, "trivy", "app:1", A, T0, "CVE-1 CVE-2");
	scan_image(&in, "trivy", "app:1", A, T0 + D, "");
	counts(0, 0, 0, 2);
}

static void a_new_version_of_the_tool_still_closes(UNUSED void **state)
{
	scan_image(&in, "trivy", "app:1", A, T0, "CVE-1 CVE-2");
	import_begin_test(&in);
	put(&in,
	    &(struct record){ REC_SCAN,
			      { .scan = { .source = "trivy", .version = "99", .at = T0 + D } } });
	image(&in, "app:1", A);
	cover(&in, FINDING_VULNERABILITY);
	vuln(&in, "CVE-1", "CVE-1", "1.0", SEV_HIGH);
	import_end_test(&in);
	counts(0, 0, 1, 1);
}

static void rows_that_are_one_finding_are_counted_once(UNUSED void **state)
{
	import_begin_test(&in);
	scan(&in, "trivy", T0);
	image(&in, "app:1", A);
	cover(&in, FINDING_VULNERABILITY);
	vuln(&in, "CVE-1", "a", "1", SEV_LOW);
	vuln(&in, "CVE-1", "a", "1", SEV_HIGH);
	vuln(&in, "CVE-1", "a", "2", SEV_LOW);
	import_end_test(&in);
	assert_int_equal(in.stats.read[FINDINGS], 3);
	counts(2, 0, 0, 0);
	assert_int_equal(number(in.st, "SELECT min(severity) FROM finding"), SEV_HIGH);
}

static void the_worst_live_sighting_is_the_severity_and_a_change_is_a_span(UNUSED void **state)
{
	import_begin_test(&in);
	scan(&in, "trivy", T0);
	image(&in, "app:1", A);
	vuln(&in, "CVE-1", "a", "1", SEV_LOW);
	import_end_test(&in);
	import_begin_test(&in);
	scan(&in, "grype", T0 + D);
	image(&in, "app:1", A);
	cover(&in, FINDING_VULNERABILITY);
	vuln(&in, "CVE-1", "a", "1", SEV_CRITICAL);
	import_end_test(&in);
	assert_int_equal(number(in.st, "SELECT severity FROM finding"), SEV_CRITICAL);
	assert_int_equal(number(in.st, "SELECT severity FROM span ORDER BY at LIMIT 1"), SEV_LOW);
	scan_image(&in, "grype", "app:1", A, T0 + 2 * D, "");
	assert_int_equal(number(in.st, "SELECT severity FROM finding"), SEV_LOW);
	assert_int_equal(open_findings(), 1);
}

static void a_failed_check_is_a_finding_and_a_later_pass_resolves_it(UNUSED void **state)
{
	import_begin_test(&in);
	scan(&in, "kube-bench", T0);
	host(&in, "node-1");
	check(&in, "cis-1.8:1.1.1", "", VERDICT_FAIL);
	check(&in, "cis-1.8:1.1.2", "", VERDICT_PASS);
	import_end_test(&in);
	counts(1, 0, 0, 0);
	assert_int_equal(in.stats.created[COUNT_CHECKS], 2);
	assert_int_equal(in.stats.read[COUNT_CHECKS], 2);
	assert_int_equal(in.stats.read[FINDINGS], 1);
	import_begin_test(&in);
	scan(&in, "kube-bench", T0 + D);
	host(&in, "node-1");
	check(&in, "cis-1.8:1.1.1", "", VERDICT_PASS);
	import_end_test(&in);
	counts(0, 0, 0, 1);
	assert_int_equal(
		number(in.st,
		       "SELECT since FROM check_result WHERE verdict = 0 AND since > 1750000000"),
		T0 + D);
	assert_int_equal(number(in.st, "SELECT count(*) FROM check_result WHERE gone = 0"), 2);
}

static void a_verdict_keeps_its_since_until_it_changes(UNUSED void **state)
{
	for (int day = 0; day < 3; day++) {
		import_begin_test(&in);
		scan(&in, "kube-bench", T0 + day * D);
		host(&in, "node-1");
		cover(&in, FINDING_MISCONFIGURATION);
		check(&in, "r1", "", VERDICT_PASS);
		if (day == 0)
			check(&in, "r2", "", VERDICT_WARN);
		import_end_test(&in);
	}
	assert_int_equal(number(in.st, "SELECT since FROM check_result WHERE gone = 0"), T0);
	assert_int_equal(number(in.st, "SELECT at FROM check_result WHERE gone = 0"), T0 + 2 * D);
	assert_int_equal(number(in.st, "SELECT count(*) FROM check_result WHERE gone = 1"), 1);
}

/* A whole benchmark of a host; it has the rule or not. */
static void bench_of(int64_t at, const enum verdict *verdict)
{
	import_begin_test(&in);
	scan(&in, "kube-bench", at);
	host(&in, "node-1");
	cover(&in, FINDING_MISCONFIGURATION);
	check(&in, "r0", "", VERDICT_PASS);
	if (verdict)
		check(&in, "r1", "", *verdict);
	import_end_test(&in);
}

static int64_t of_r1(const char *column)
{
	struct arena mem = ARENA_INIT;
	int64_t n = number(in.st, arena_printf(&mem, "SELECT c.%s FROM check_result AS c\n"
						     "JOIN advisory AS a ON a.id = c.advisory\n"
						     "WHERE a.name = 'r1'", column));

	arena_release(&mem);
	return n;
}

static void a_late_report_brings_no_verdict_back_that_a_newer_one_lacks(UNUSED void **state)
{
	const enum verdict fail = VERDICT_FAIL, pass = VERDICT_PASS;

	bench_of(T0, &fail);
	bench_of(T0 + 4 * D, NULL);
	assert_int_equal(of_r1("gone"), 1);
	bench_of(T0 + 2 * D, &fail);
	assert_int_equal(of_r1("gone"), 1);
	assert_int_equal(of_r1("since"), T0); /* it was not gone until then */
	assert_int_equal(of_r1("at"), T0 + 2 * D);
	assert_int_equal(in.stats.reopened[COUNT_CHECKS], 0);
	bench_of(T0 + 3 * D, &pass);
	assert_int_equal(of_r1("gone"), 1);
	assert_int_equal(of_r1("verdict"), VERDICT_PASS);
	assert_int_equal(of_r1("since"), T0 + 3 * D);
	bench_of(T0 + 5 * D, &pass);
	assert_int_equal(of_r1("gone"), 0);
	assert_int_equal(in.stats.reopened[COUNT_CHECKS], 1);
	assert_int_equal(of_r1("since"), T0 + 5 * D);
}

static void a_dry_run_counts_and_leaves_nothing(UNUSED void **state)
{
	in.o.dry_run = true;
	scan_image(&in, "trivy", "app:1", A, T0, "CVE-1");
	counts(1, 0, 0, 0);
	assert_int_equal(number(in.st, "SELECT count(*) FROM finding"), 0);
	assert_int_equal(number(in.st, "SELECT count(*) FROM audit"), 0);
}

static void workload(const char *name)
{
	put(&in, &(struct record){ REC_ASSET,
				   { .asset = { .kind = ASSET_WORKLOAD,
						.namespace = "shop",
						.workload_kind = "Deployment",
						.name = name } } });
}

static void violated(const char *constraint)
{
	put(&in, &(struct record){ REC_CHECK,
				   { .check = { .kind = FINDING_POLICY,
						.rule = { .id = constraint, .severity = SEV_HIGH },
						.verdict = VERDICT_FAIL,
						.scope = constraint } } });
}

/* The cluster was tried against a constraint, and these workloads violate it. */
static void audit(int64_t at, const char *constraint, bool whole, const char *first,
		  const char *second)
{
	in.o.cluster = "c";
	import_begin_test(&in);
	scan(&in, "gatekeeper", at);
	put(&in, &(struct record){ REC_ASSET, { .asset = { .kind = ASSET_CLUSTER } } });
	if (whole)
		put(&in, &(struct record){ REC_COVER, { .cover = { .kind = FINDING_POLICY,
								   .scope = constraint } } });
	if (first != NULL) {
		workload(first);
		violated(constraint);
	}
	if (second != NULL) {
		workload(second);
		violated(constraint);
	}
	import_end_test(&in);
}

static void what_a_cluster_no_longer_violates_is_resolved_wherever_it_was(UNUSED void **state)
{
	audit(T0, "Limits/a", true, "web", "api");
	audit(T0, "Repos/b", true, "web", NULL);
	audit(T0 + D, "Limits/a", true, "api", NULL);
	counts(0, 0, 1, 1);
	assert_int_equal(open_findings(), 2);
	audit(T0 + 2 * D, "Limits/a", true, NULL, NULL);
	counts(0, 0, 0, 1);
	assert_int_equal(open_findings(), 1);
}

static void a_cut_list_of_violations_resolves_nothing(UNUSED void **state)
{
	audit(T0, "Limits/a", true, "web", "api");
	audit(T0 + D, "Limits/a", false, "api", NULL);
	counts(0, 0, 1, 0);
	assert_int_equal(open_findings(), 2);
}

static void an_older_audit_resolves_nothing_of_a_newer_one(UNUSED void **state)
{
	audit(T0 + D, "Limits/a", true, "web", NULL);
	audit(T0, "Limits/a", true, NULL, NULL);
	assert_int_equal(open_findings(), 1);
}

static void tree(const char *name, int64_t at, const char *failed, const char *passed)
{
	import_begin_test(&in);
	scan(&in, "trivy", at);
	put(&in, &(struct record){ REC_ASSET, .u.asset = { .kind = ASSET_TREE, .name = name } });
	cover(&in, FINDING_MISCONFIGURATION);
	check(&in, failed, "app.yaml", VERDICT_FAIL);
	if (passed)
		check(&in, passed, "app.yaml", VERDICT_PASS);
	import_end_test(&in);
}

static void what_two_repositories_call_the_same_closes_nothing_of_the_other(UNUSED void **state)
{
	tree(".", T0, "R-1", NULL);
	tree(".", T0 + D, "R-2", NULL);
	counts(1, 0, 0, 0);
	assert_int_equal(in.stats.nwarning, 1);
	assert_non_null(strstr(in.stats.warning[0], "say --image NAME, or --complete"));
	tree(".", T0 + 2 * D, "R-3", "R-1");
	counts(1, 0, 0, 0);
	tree(".", T0 - D, "R-4", NULL);
	assert_int_equal(open_findings(), 4);
	in.o.complete = 1u << FINDING_MISCONFIGURATION;
	tree(".", T0 + 3 * D, "R-2", NULL);
	counts(0, 0, 1, 3);
	assert_int_equal(in.stats.nwarning, 0);
	in.o.complete = 0;
	in.o.image = "registry.example/shop:1";
	tree(".", T0 + 4 * D, "R-5", NULL);
	tree(".", T0 + 5 * D, "R-6", NULL);
	counts(1, 0, 0, 1);
	in.o.image = NULL;
	tree("shop", T0, "R-1", NULL);
	tree("shop", T0 + D, "R-2", NULL);
	counts(1, 0, 0, 1);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(two_scanners_make_one_finding_with_two_sightings),
		T(the_same_findings_in_a_newer_scan_are_unchanged),
		T(a_finding_is_resolved_when_no_source_sees_it),
		T(a_finding_reopens_with_its_history),
		T(the_same_bytes_twice_change_nothing),
		T(bytes_known_only_at_the_end_are_a_duplicate_too),
		T(a_late_older_scan_moves_since_back_and_nothing_else),
		T(a_late_older_scan_creates_what_only_it_shows_as_resolved),
		T(a_late_older_scan_reopens_nothing),
		T(another_sources_older_word_takes_back_a_resolution),
		T(at_equal_times_the_later_import_is_newer),
		T(a_partial_scan_resolves_nothing),
		T(a_scan_that_looks_filtered_is_partial_and_says_so),
		T(complete_overrides_what_looks_filtered),
		T(it_looks_filtered_only_where_a_whole_kind_is_gone_and_others_stay),
		T(complete_of_another_kind_overrides_nothing),
		T(a_report_that_lists_what_is_in_order_hides_nothing),
		T(a_run_for_secrets_resolves_no_vulnerability),
		T(an_empty_complete_scan_resolves_all_of_its_kind),
		T(a_new_version_of_the_tool_still_closes),
		T(rows_that_are_one_finding_are_counted_once),
		T(the_worst_live_sighting_is_the_severity_and_a_change_is_a_span),
		T(a_failed_check_is_a_finding_and_a_later_pass_resolves_it),
		T(a_verdict_keeps_its_since_until_it_changes),
		T(a_late_report_brings_no_verdict_back_that_a_newer_one_lacks),
		T(what_two_repositories_call_the_same_closes_nothing_of_the_other),
		T(a_dry_run_counts_and_leaves_nothing),
		T(what_a_cluster_no_longer_violates_is_resolved_wherever_it_was),
		T(a_cut_list_of_violations_resolves_nothing),
		T(an_older_audit_resolves_nothing_of_a_newer_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
