/* SPDX-License-Identifier: MIT */
/* 1515-severity.c - where sources differ, the worst counts, or whom the policy names. */
#include <stdio.h>

#include "t/lib/test.h"
#include "t/lib/records.h"

static struct import in;

static int setup(UNUSED void **state)
{
	import_init(&in, store_for_test());
	policy_for_test("ranked", "{\"extends\":\"baseline\",\"severity\":\"trivy,grype,nvd\"}");
	policy_for_test("scored", "{\"extends\":\"baseline\",\"severity\":\"nvd\"}");
	return 0;
}

static int teardown(UNUSED void **state)
{
	import_free(&in);
	store_close(in.st);
	return 0;
}

static void use(const char *policy)
{
	struct err e = ERR_INIT;

	if (!store_policy_use(in.st, policy, NULL, NULL, &e))
		fail_msg("%s", e.text);
}

/* One finding of one image, as a source has it; `score` times ten, -1: none. */
static void says(const char *source, int64_t at, enum severity s, int score)
{
	import_begin_test(&in);
	scan(&in, source, at);
	image(&in, "shop/a:1", digest('a'));
	cover(&in, FINDING_VULNERABILITY);
	put(&in, &(struct record){ REC_VULNERABILITY,
				   { .vulnerability = { .id = "CVE-2024-1",
							.severity = s,
							.severity_raw = severity_word(s),
							.score = score,
							.epss = -1,
							.package_type = "deb",
							.package = "zlib",
							.version = "1" } } });
	import_end_test(&in);
}

static void sees_nothing(const char *source, int64_t at)
{
	import_begin_test(&in);
	scan(&in, source, at);
	image(&in, "shop/a:1", digest('a'));
	cover(&in, FINDING_VULNERABILITY);
	import_end_test(&in);
}

static enum severity is(void)
{
	return (enum severity)number(in.st, "SELECT severity FROM finding");
}

static void the_worst_counts_where_the_policy_names_nobody(UNUSED void **state)
{
	says("trivy", T0, SEV_LOW, -1);
	says("grype", T0, SEV_HIGH, 95);
	assert_int_equal(is(), SEV_HIGH);
}

static void whom_the_policy_names_first_counts_in_whatever_order_they_come(UNUSED void **state)
{
	use("ranked");
	says("grype", T0, SEV_CRITICAL, -1);
	assert_int_equal(is(), SEV_CRITICAL);
	says("trivy", T0, SEV_LOW, -1);
	assert_int_equal(is(), SEV_LOW);
	says("snyk", T0, SEV_CRITICAL, -1);
	assert_int_equal(is(), SEV_LOW);
	says("trivy", T0 + D, SEV_MEDIUM, -1);
	assert_int_equal(is(), SEV_MEDIUM);
}

static void who_no_longer_sees_it_counts_no_more(UNUSED void **state)
{
	use("ranked");
	says("trivy", T0, SEV_LOW, -1);
	says("grype", T0, SEV_HIGH, -1);
	sees_nothing("trivy", T0 + D);
	assert_int_equal(is(), SEV_HIGH);
	assert_int_equal(number(in.st, "SELECT state FROM finding"), STATE_OPEN);
}

static void who_does_not_know_leaves_it_to_the_next(UNUSED void **state)
{
	use("ranked");
	says("trivy", T0, SEV_UNKNOWN, -1);
	says("grype", T0, SEV_HIGH, -1);
	says("snyk", T0, SEV_CRITICAL, -1);
	assert_int_equal(is(), SEV_HIGH);
}

static void of_those_that_are_not_named_the_worst_counts(UNUSED void **state)
{
	use("ranked");
	says("snyk", T0, SEV_LOW, -1);
	says("clair", T0, SEV_MEDIUM, -1);
	assert_int_equal(is(), SEV_MEDIUM);
}

static void nvd_is_the_score_that_anybody_reports(UNUSED void **state)
{
	static const struct {
		int score;
		enum severity want;
	} scale[] = { { 100, SEV_CRITICAL }, { 90, SEV_CRITICAL }, { 89, SEV_HIGH },
		      { 70, SEV_HIGH },	     { 69, SEV_MEDIUM },   { 40, SEV_MEDIUM },
		      { 39, SEV_LOW },	     { 1, SEV_LOW },	   { 0, SEV_NEGLIGIBLE },
		      { -1, SEV_MEDIUM } };

	use("scored");
	for (size_t i = 0; i < LENGTH(scale); i++) {
		says("trivy", T0 + (int64_t)i * D, SEV_MEDIUM, scale[i].score);
		assert_int_equal(is(), scale[i].want);
	}
}

static void what_is_named_before_the_score_outranks_it(UNUSED void **state)
{
	use("ranked");
	says("grype", T0, SEV_LOW, 98);
	assert_int_equal(is(), SEV_LOW);
	says("grype", T0 + D, SEV_UNKNOWN, 98);
	assert_int_equal(is(), SEV_CRITICAL);
}

static void a_policy_put_in_force_weighs_all_anew_and_keeps_what_was(UNUSED void **state)
{
	struct err e = ERR_INIT;

	says("trivy", T0, SEV_LOW, -1);
	says("grype", T0, SEV_CRITICAL, -1);
	assert_int_equal(number(in.st, "SELECT due FROM finding"),
			 (time_day(T0) + 16) * D - 1);
	use("ranked");
	assert_int_equal(is(), SEV_LOW);
	assert_int_equal(number(in.st, "SELECT due FROM finding"),
			 (time_day(T0) + 181) * D - 1);
	assert_int_equal(number(in.st, "SELECT low - critical FROM image"), 1);
	assert_true(store_set_as_of(in.st, T0 + 50 * D, 0, &e));
	assert_int_equal(is(), SEV_CRITICAL);
	assert_true(store_set_as_of(in.st, 0, 0, &e));
	store_set_now(in.st, in.st->now + D);
	use("baseline");
	assert_int_equal(is(), SEV_CRITICAL);
}

static void only_one_source_may_be_weighed_by_its_score(UNUSED void **state)
{
	says("trivy", T0, SEV_LOW, 98);
	use("scored");
	assert_int_equal(is(), SEV_CRITICAL);
	use("baseline");
	assert_int_equal(is(), SEV_LOW);
}

static void expect_why(const char *want)
{
	const int64_t key[3] = { number(in.st, "SELECT asset FROM finding"),
				 number(in.st, "SELECT advisory FROM finding"),
				 number(in.st, "SELECT part FROM finding") };
	struct arena mem = ARENA_INIT;
	struct finding_detail d;
	struct err e = ERR_INIT;

	if (!store_finding(in.st, key, &mem, &d, &e))
		fail_msg("%s", e.text);
	assert_string_equal(d.why, want);
	arena_release(&mem);
}

static void what_a_person_adjusted_stays_so_and_comes_back_as_weighed(UNUSED void **state)
{
	const struct exception x = { .kind = STATE_RISK_ADJUSTED,
				     .reach = REACH_EVERYWHERE,
				     .severity = SEV_MEDIUM,
				     .reason = "behind a wall",
				     .until = in.st->now + 10 * D };
	struct scope what = { .kind = SCOPE_FINDING };
	struct except_answer a = { 0 };
	struct err e = ERR_INIT;

	says("trivy", T0, SEV_LOW, -1);
	says("grype", T0, SEV_CRITICAL, -1);
	what.key[0] = number(in.st, "SELECT asset FROM finding");
	what.key[1] = number(in.st, "SELECT advisory FROM finding");
	what.key[2] = number(in.st, "SELECT part FROM finding");
	if (!store_except(in.st, &x, &what, 1, false, &a, &e))
		fail_msg("%s", e.text);
	assert_int_equal(is(), SEV_MEDIUM);
	expect_why("medium: adjusted by decision; grype says critical, trivy says low; "
		   "the worst counts");
	use("ranked");
	assert_int_equal(is(), SEV_MEDIUM);
	store_set_now(in.st, in.st->now + 11 * D);
	assert_true(store_settle(in.st, true, &e));
	assert_int_equal(is(), SEV_LOW);
}

static void seen_under(const char *source, enum digest_kind kind, const char *value,
		       enum severity s)
{
	struct rec_digest d = { kind, value };

	import_begin_test(&in);
	scan(&in, source, T0);
	put(&in, &(struct record){ REC_ASSET, { .asset = { .kind = ASSET_IMAGE,
							   .digest = &d,
							   .ndigest = 1 } } });
	cover(&in, FINDING_VULNERABILITY);
	vuln(&in, "CVE-2024-1", "zlib", "1", s);
	import_end_test(&in);
}

static void images_that_turn_out_to_be_one_are_weighed_together(UNUSED void **state)
{
	const struct rec_digest both[2] = { { DIGEST_CONFIG, digest('a') },
					    { DIGEST_MANIFEST, digest('b') } };

	use("ranked");
	seen_under("grype", DIGEST_CONFIG, both[0].value, SEV_CRITICAL);
	seen_under("trivy", DIGEST_MANIFEST, both[1].value, SEV_LOW);
	assert_int_equal(number(in.st, "SELECT count(*) FROM finding"), 2);
	import_begin_test(&in);
	scan(&in, "kubectl", T0 + D);
	put(&in, &(struct record){ REC_ASSET, { .asset = { .kind = ASSET_IMAGE,
							   .digest = both,
							   .ndigest = 2 } } });
	import_end_test(&in);
	assert_int_equal(number(in.st, "SELECT count(*) FROM finding"), 1);
	assert_int_equal(is(), SEV_LOW);
}

static void the_finding_says_whose_word_counts(UNUSED void **state)
{
	says("trivy", T0, SEV_LOW, -1);
	expect_why("low: trivy says low");
	says("grype", T0, SEV_MEDIUM, 98);
	expect_why("medium: grype says medium (9.8), trivy says low; the worst counts");
	use("ranked");
	expect_why("low: grype says medium (9.8), trivy says low; trivy counts, as ranked asks");
	use("scored");
	expect_why("critical: grype says medium (9.8), trivy says low; "
		   "grype counts by its score, as scored asks");
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(the_worst_counts_where_the_policy_names_nobody),
		T(whom_the_policy_names_first_counts_in_whatever_order_they_come),
		T(who_no_longer_sees_it_counts_no_more),
		T(who_does_not_know_leaves_it_to_the_next),
		T(of_those_that_are_not_named_the_worst_counts),
		T(nvd_is_the_score_that_anybody_reports),
		T(what_is_named_before_the_score_outranks_it),
		T(a_policy_put_in_force_weighs_all_anew_and_keeps_what_was),
		T(only_one_source_may_be_weighed_by_its_score),
		T(what_a_person_adjusted_stays_so_and_comes_back_as_weighed),
		T(images_that_turn_out_to_be_one_are_weighed_together),
		T(the_finding_says_whose_word_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
