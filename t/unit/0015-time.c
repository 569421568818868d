/* SPDX-License-Identifier: MIT */
/* 0015-time.c - times as tools write them, and as people read them. */
#include "t/lib/test.h"

#include <time.h>

static void expect_ns(const char *text, int64_t want)
{
	int64_t got = -1;

	if (!time_parse_ns(text, &got) || got != want)
		fail_msg("%s: %lld, not %lld", text, (long long)got, (long long)want);
}

static void the_spellings_of_tools_are_understood(UNUSED void **state)
{
	const int64_t at = INT64_C(1763930400) * NS_PER_S; /* 2025-11-23T20:40:00Z */

	expect_ns("2025-11-23T20:40:00Z", at);
	expect_ns("2025-11-23t20:40:00z", at);
	expect_ns("2025-11-23 20:40:00Z", at);
	expect_ns("2025-11-23T20:40:00+00:00", at);
	expect_ns("2025-11-23T20:40:00+0000", at);
	expect_ns("2025-11-23T22:40:00+02:00", at);
	expect_ns("2025-11-24T02:10:00+0530", at);
	expect_ns("2025-11-23T15:40:00-05:00", at);
	expect_ns("2025-11-23 20:40:00 +0000 UTC", at);
	expect_ns("2025-11-23 20:40:00.25 +0000 UTC", at + 250000000);
	expect_ns("2025-11-23T20:39:60Z", at);
	expect_ns("2025-11-23", at - (20 * 3600 + 40 * 60) * NS_PER_S);
}

static void fractions_are_nanoseconds(UNUSED void **state)
{
	expect_ns("1970-01-01T00:00:00.1Z", 100000000);
	expect_ns("1970-01-01T00:00:00.000000001Z", 1);
	expect_ns("1970-01-01T00:00:00.123456789Z", 123456789);
	expect_ns("1970-01-01T00:00:00.500000+00:00", 500000000);
	expect_ns("2261-12-31T23:59:59.999999999Z",
	          INT64_C(9214646399) * NS_PER_S + 999999999);
}

static void what_is_no_time_is_refused(UNUSED void **state)
{
	static const char *const bad[] = {
		"", "now", "2025", "2025-11", "2025-11-23T", "2025-11-23T20", "2025-11-23T20:40",
		"2025-11-23T20:40:00", "2025-11-23T20:40:00.Z", "2025-11-23T20:40:00.1234567890Z",
		"2025-11-23T20:40:00ZZ", "2025-11-23T20:40:00 Z", "2025-11-23T20:40:00+2",
		"2025-11-23T20:40:00+02:", "2025-11-23T20:40:00+24:00", "2025-11-23T20:40:00+02:60",
		"2025-11-23T24:00:00Z", "2025-11-23T20:60:00Z", "2025-11-23T20:40:61Z",
		"2025-00-23", "2025-13-23", "2025-11-00", "2025-11-31", "2025-02-29", "2100-02-29",
		"25-11-23", "2025/11/23", "2025-1-23", "+025-11-23", "2025-11-23x", " 2025-11-23",
		"2025-11-23T20:40:00 UTC", "1969-12-31", "1969-12-31T23:59:59Z", "2262-01-01",
		"1970-01-01T00:00:00+00:01", "2261-12-31T23:59:59-00:01", "9999-12-31",
		"0001-01-01T00:00:00Z",
	};
	int64_t t = 42;

	for (size_t i = 0; i < LENGTH(bad); i++)
		if (time_parse(bad[i], &t) || time_parse_ns(bad[i], &t))
			fail_msg("\"%s\" was taken", bad[i]);
	assert_false(time_parse(NULL, &t));
	assert_int_equal(t, 42);
}

static void offsets_may_cross_into_the_range(UNUSED void **state)
{
	int64_t t;

	assert_true(time_parse("1969-12-31T23:00:00-01:00", &t));
	assert_int_equal(t, 0);
	assert_true(time_parse("2262-01-01T00:30:00+01:00", &t));
	assert_int_equal(t, INT64_C(9214646400) - 1800);
}

/* Every day of the range against the C library's own calendar. */
static void every_day_agrees_with_the_c_library(UNUSED void **state)
{
	for (int64_t day = 0; day < time_day(INT64_C(9214646400)); day++) {
		time_t    t = (time_t)(day * DAY_S + 43210);
		struct tm tm;
		char      want[64], got[21];
		int64_t   back;

		assert_non_null(gmtime_r(&t, &tm));
		strftime(want, sizeof(want), "%Y-%m-%dT%H:%M:%SZ", &tm);
		time_print(t, got);
		assert_string_equal(got, want);
		assert_true(time_parse(got, &back));
		assert_int_equal(back, t);
	}
}

static void days_outside_the_range_print_too(UNUSED void **state)
{
	char t[21], date[11], ns[31];

	time_print(-1, t);
	assert_string_equal(t, "1969-12-31T23:59:59Z");
	time_print_ns(-1, ns);
	assert_string_equal(ns, "1969-12-31T23:59:59.999999999Z");
	time_print_ns(INT64_MIN, ns);
	assert_string_equal(ns, "1677-09-21T00:12:43.145224192Z");
	time_print_ns(INT64_MAX, ns);
	assert_string_equal(ns, "2262-04-11T23:47:16.854775807Z");
	time_print(INT64_C(-62135596800), t);
	assert_string_equal(t, "0001-01-01T00:00:00Z");
	time_print_date(INT64_C(-62162208000), date);
	assert_string_equal(date, "0000-02-28");
	time_print(INT64_MIN, t);
	assert_string_equal(t, "0000-01-01T00:00:00Z");
	time_print(INT64_MAX, t);
	assert_string_equal(t, "9999-12-31T23:59:59Z");
	time_print_date(INT64_C(951782400), date);
	assert_string_equal(date, "2000-02-29");
}

static void spans_are_short_and_round_towards_zero(UNUSED void **state)
{
	static const struct {
		int64_t     seconds;
		const char *text;
	} cases[] = {
		{ 0, "0m" },
		{ 59, "0m" },
		{ 60, "1m" },
		{ 41 * 60 + 59, "41m" },
		{ 3599, "59m" },
		{ 3600, "1h" },
		{ DAY_S - 1, "23h" },
		{ DAY_S, "1d" },
		{ 9 * DAY_S + 3600, "9d" },
		{ 98 * DAY_S - 1, "97d" },
		{ 98 * DAY_S, "14w" },
		{ 730 * DAY_S - 1, "104w" },
		{ 730 * DAY_S, "2y" },
		{ 999 * 365 * DAY_S, "999y" },
		{ 1000 * 365 * DAY_S, ">999y" },
		{ INT64_MAX, ">999y" },
		{ -1, "-00:00" },
		{ -12 * 60, "-00:12" },
		{ -(DAY_S - 1), "-23:59" },
		{ -DAY_S, "-1d" },
		{ -98 * DAY_S, "-14w" },
		{ -730 * DAY_S, "-2y" },
		{ INT64_MIN, "->999y" },
	};

	for (size_t i = 0; i < LENGTH(cases); i++) {
		char text[16];

		time_print_span(cases[i].seconds, text);
		assert_string_equal(text, cases[i].text);
		assert_true(strlen(text) <= 6);
	}
}

static void days_round_down(UNUSED void **state)
{
	assert_int_equal(time_day(0), 0);
	assert_int_equal(time_day(DAY_S - 1), 0);
	assert_int_equal(time_day(DAY_S), 1);
	assert_int_equal(time_day(-1), -1);
	assert_int_equal(time_day(-DAY_S), -1);
}

static void clocks_run(UNUSED void **state)
{
	int64_t a = time_monotonic_ms();

	assert_true(time_now() > INT64_C(1700000000));
	assert_true(time_monotonic_ms() >= a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_spellings_of_tools_are_understood),
		cmocka_unit_test(fractions_are_nanoseconds),
		cmocka_unit_test(what_is_no_time_is_refused),
		cmocka_unit_test(offsets_may_cross_into_the_range),
		cmocka_unit_test(every_day_agrees_with_the_c_library),
		cmocka_unit_test(days_outside_the_range_print_too),
		cmocka_unit_test(spans_are_short_and_round_towards_zero),
		cmocka_unit_test(days_round_down),
		cmocka_unit_test(clocks_run),
	};

	return cmocka_run_group_tests_name("time", tests, NULL, NULL);
}
