/* SPDX-License-Identifier: MIT */
/* 0013-str.c - comparing, matching, copying and reading strings. */
#include "t/lib/test.h"

static void null_equals_only_null(UNUSED void **state)
{
	assert_true(str_eq(NULL, NULL));
	assert_false(str_eq(NULL, ""));
	assert_false(str_eq("", NULL));
	assert_true(str_eq("a", "a"));
	assert_false(str_eq("a", "A"));
	assert_true(str_ieq(NULL, NULL));
	assert_false(str_ieq("", NULL));
}

static void case_is_folded_in_ascii_only(UNUSED void **state)
{
	assert_true(str_ieq("CRITICAL", "critical"));
	assert_false(str_ieq("critical", "criticals"));
	assert_false(str_ieq("criticals", "critical"));
	assert_false(str_ieq("[", "{"));
	assert_false(str_ieq("@", "`"));
	assert_false(str_ieq("\xc3\x84", "\xc3\xa4"));
}

static void prefix_and_suffix_are_whole(UNUSED void **state)
{
	assert_true(str_prefix("abc", ""));
	assert_true(str_prefix("abc", "abc"));
	assert_false(str_prefix("ab", "abc"));
	assert_false(str_prefix(NULL, "abc"));
	assert_false(str_suffix(NULL, "abc"));
	assert_true(str_suffix("a.json", ".json"));
	assert_true(str_suffix("x", ""));
	assert_false(str_suffix("json", ".json"));
	assert_true(str_empty(NULL));
	assert_true(str_empty(""));
	assert_false(str_empty(" "));
}

static void globs_match_what_a_shell_would(UNUSED void **state)
{
	static const struct {
		const char *pattern, *s;
		bool        match;
	} cases[] = {
		{ "", "", true },
		{ "", "a", false },
		{ "*", "", true },
		{ "*", "anything/at:all", true },
		{ "?", "", false },
		{ "?", "a", true },
		{ "?", "ab", false },
		{ "?", "\xe2\x82\xac", true },
		{ "??", "\xe2\x82\xac", false },
		{ "payments/*", "payments/api:2", true },
		{ "payments/*", "payments", false },
		{ "*/api", "payments/api", true },
		{ "*api*", "rapid", true },
		{ "a*b*c", "aXbYc", true },
		{ "a*b*c", "aXcYb", false },
		{ "a**b", "ab", true },
		{ "*ab", "aab", true },
		{ "*a?", "aaab", true },
		{ "CVE-*", "cve-2024-1", true },
		{ "[a]", "a", false },
		{ "*?", "", false },
		{ "*\xac", "\xe2\x82\xac", false },
	};

	for (size_t i = 0; i < LENGTH(cases); i++)
		if (str_glob(cases[i].pattern, cases[i].s) != cases[i].match)
			fail_msg("\"%s\" against \"%s\"", cases[i].pattern, cases[i].s);
}

/* Backtracking into every star would take longer than anybody's patience. */
static void many_stars_do_not_explode(UNUSED void **state)
{
	char s[2001], pattern[201];

	memset(s, 'a', sizeof(s) - 1);
	s[sizeof(s) - 1] = '\0';
	for (size_t i = 0; i + 2 < sizeof(pattern); i += 2)
		memcpy(pattern + i, "*a", 2);
	memcpy(pattern + sizeof(pattern) - 3, "*b", 3);
	assert_false(str_glob(pattern, s));
}

static void integers_are_whole_and_in_range(UNUSED void **state)
{
	static const char *const bad[] = { "", "-", "+1", " 1", "1 ", "1x", "0x10", "--1", "1.0",
		"9223372036854775808", "-9223372036854775809", "99999999999999999999999" };
	int64_t n = 42;

	for (size_t i = 0; i < LENGTH(bad); i++)
		if (str_int64(bad[i], INT64_MIN, INT64_MAX, &n))
			fail_msg("\"%s\" was taken", bad[i]);
	assert_false(str_int64(NULL, 0, 1, &n));
	assert_false(str_int64("11", 0, 10, &n));
	assert_false(str_int64("-1", 0, 10, &n));
	assert_int_equal(n, 42);
	assert_true(str_int64("10", 0, 10, &n));
	assert_int_equal(n, 10);
	assert_true(str_int64("-0007", -7, 10, &n));
	assert_int_equal(n, -7);
	assert_true(str_int64("9223372036854775807", INT64_MIN, INT64_MAX, &n));
	assert_true(n == INT64_MAX);
	assert_true(str_int64("-9223372036854775808", INT64_MIN, INT64_MAX, &n));
	assert_true(n == INT64_MIN);
}

static void decimals_are_whole_and_finite(UNUSED void **state)
{
	static const char *const bad[] = { "", ".", "-", "nan", "inf", "0x1p3", "1e", "1e+", " 1",
		"1 ", "1,5", "+1", "1e999", "1.2.3" };
	double d = 42;

	for (size_t i = 0; i < LENGTH(bad); i++)
		if (str_double(bad[i], &d))
			fail_msg("\"%s\" was taken", bad[i]);
	assert_false(str_double(NULL, &d));
	assert_true(d == 42);
	assert_true(str_double("9.8", &d) && d == 9.8);
	assert_true(str_double("-.5", &d) && d == -0.5);
	assert_true(str_double("5.", &d) && d == 5);
	assert_true(str_double("2.5E-1", &d) && d == 0.25);
	assert_true(str_double("0.00043", &d) && d == 0.00043);
}

static void copies_say_when_they_were_cut(UNUSED void **state)
{
	char field[5];

	assert_true(str_copy(field, sizeof(field), ""));
	assert_string_equal(field, "");
	assert_true(str_copy(field, sizeof(field), "four"));
	assert_string_equal(field, "four");
	assert_false(str_copy(field, sizeof(field), "fives"));
	assert_string_equal(field, "five");
	assert_false(str_copy(field, sizeof(field), "ab\xe2\x82\xac"));
	assert_string_equal(field, "ab");
	assert_true(str_copy(field, sizeof(field), "a\xe2\x82\xac"));
	assert_string_equal(field, "a\xe2\x82\xac");
	assert_false(str_copy(field, 1, "x"));
	assert_string_equal(field, "");
	assert_false(str_copy(NULL, 0, ""));
}

static void names_are_found_by_index(UNUSED void **state)
{
	static const char *const names[] = { "critical", "high", "medium" };

	assert_int_equal(str_index(names, LENGTH(names), "critical"), 0);
	assert_int_equal(str_index(names, LENGTH(names), "MEDIUM"), 2);
	assert_int_equal(str_index(names, LENGTH(names), "low"), -1);
	assert_int_equal(str_index(names, LENGTH(names), ""), -1);
	assert_int_equal(str_index(names, LENGTH(names), NULL), -1);
	assert_int_equal(str_index(names, 0, "high"), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(null_equals_only_null),
		cmocka_unit_test(case_is_folded_in_ascii_only),
		cmocka_unit_test(prefix_and_suffix_are_whole),
		cmocka_unit_test(globs_match_what_a_shell_would),
		cmocka_unit_test(many_stars_do_not_explode),
		cmocka_unit_test(integers_are_whole_and_in_range),
		cmocka_unit_test(decimals_are_whole_and_finite),
		cmocka_unit_test(copies_say_when_they_were_cut),
		cmocka_unit_test(names_are_found_by_index),
	};

	return cmocka_run_group_tests_name("str", tests, NULL, NULL);
}
