/* SPDX-License-Identifier: MIT */
/* 1032-late.c - older scans that come late, and what a source says of what it sees. */
#include "t/lib/test.h"
#include "t/lib/one_import.h"

static const char A[] = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

static void a_late_older_scan_moves_the_clock_back(UNUSED void **state)
{
	scan_image(&in, "trivy", "app:1", A, T0 + D, "CVE-1");
	scan_image(&in, "trivy", "app:1", A, T0, "CVE-1");
	assert_int_equal(number(in.st, "SELECT start FROM clock"), T0);
}

/* A part of a list that is newer is no scan that it could have ended with. */
static void also_where_all_that_is_newer_is_partial(UNUSED void **state)
{
	in.o.partial = true;
	scan_image(&in, "trivy", "app:1", A, T0 + D, "CVE-1");
	in.o.partial = false;
	scan_image(&in, "trivy", "app:1", A, T0, "CVE-1");
	assert_int_equal(number(in.st, "SELECT since FROM finding"), T0);
	assert_int_equal(number(in.st, "SELECT start FROM clock"), T0);
}

static int64_t open_on(int days)
{
	struct arena mem = ARENA_INIT;
	int64_t n = number(in.st, arena_printf(&mem,
					       "SELECT sum(open) FROM snapshot\n"
					       "WHERE day = (SELECT max(day) FROM snapshot\n"
					       "  WHERE day <= %lld)",
					       (long long)time_day(T0 + days * D)));

	arena_release(&mem);
	return n;
}

static void what_was_gone_between_was_not_open_then_and_has_another_clock(UNUSED void **state)
{
	scan_image(&in, "trivy", "app:1", A, T0 + 10 * D, "CVE-1");
	scan_image(&in, "trivy", "app:1", A, T0 + 5 * D, "");
	scan_image(&in, "trivy", "app:1", A, T0, "CVE-1");
	assert_int_equal(open_on(0), 1);
	assert_int_equal(open_on(4), 1);
	assert_int_equal(open_on(5), 0);
	assert_int_equal(open_on(10), 1);
	assert_int_equal(number(in.st, "SELECT max(start) FROM clock WHERE ended = 0"),
			 T0 + 10 * D);
}

static void what_was_open_all_along_is_so_on_each_day(UNUSED void **state)
{
	scan_image(&in, "trivy", "app:1", A, T0 + 10 * D, "CVE-1");
	scan_image(&in, "trivy", "app:1", A, T0, "CVE-1");
	assert_int_equal(open_on(0), 1);
	assert_int_equal(open_on(9), 1);
	assert_int_equal(open_on(10), 1);
	assert_int_equal(open_on(11), 1);
	assert_int_equal(number(in.st, "SELECT sum(came) FROM snapshot"), 1);
	assert_int_equal(number(in.st, "SELECT sum(went) FROM snapshot"), 0);
}

static void says(int64_t at, enum severity severity, const char *word, int score)
{
	import_begin_test(&in);
	scan(&in, "trivy", at);
	image(&in, "app:1", A);
	put(&in, &(struct record){ REC_VULNERABILITY,
				   { .vulnerability = { .id = "CVE-1",
							.package_type = "deb",
							.package = "a",
							.version = "1",
							.severity = severity,
							.severity_raw = word,
							.score = score,
							.epss = -1 } } });
	cover(&in, FINDING_VULNERABILITY);
	import_end_test(&in);
}

static void what_a_source_says_is_what_it_said_last(UNUSED void **state)
{
	int64_t high;

	says(T0, SEV_HIGH, "HIGH", 75);
	high = number(in.st, "SELECT word FROM sighting");
	says(T0 + D, SEV_HIGH, "Important", 75);
	assert_int_not_equal(number(in.st, "SELECT word FROM sighting"), high);
	says(T0 + 2 * D, SEV_HIGH, "Important", 81);
	assert_int_equal(number(in.st, "SELECT score FROM sighting"), 81);
	says(T0 + 3 * D, SEV_MEDIUM, "Important", 81);
	assert_int_equal(number(in.st, "SELECT severity FROM sighting"), SEV_MEDIUM);
	assert_int_equal(number(in.st, "SELECT count(*) FROM sighting"), 1);
	assert_int_equal(number(in.st, "SELECT count(*) FROM sighting_span"), 4);
	says(T0 + 4 * D, SEV_MEDIUM, "Important", 81);
	assert_int_equal(number(in.st, "SELECT count(*) FROM sighting_span"), 4);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_late_older_scan_moves_the_clock_back),
		T(also_where_all_that_is_newer_is_partial),
		T(what_was_gone_between_was_not_open_then_and_has_another_clock),
		T(what_was_open_all_along_is_so_on_each_day),
		T(what_a_source_says_is_what_it_said_last),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
