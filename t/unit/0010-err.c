/* SPDX-License-Identifier: MIT */
/* 0010-err.c - errors are one safe line. */
#include "t/lib/test.h"

#include <errno.h>

static void setting_records_kind_and_text_and_is_false(UNUSED void **state)
{
	struct err e = ERR_INIT;

	assert_false(err_set(&e, ERR_FORMAT, "schema %d of %s", 3, "trivy"));
	assert_int_equal(e.kind, ERR_FORMAT);
	assert_string_equal(e.text, "schema 3 of trivy");
}

static void errno_is_spelled_out(UNUSED void **state)
{
	struct err e = ERR_INIT;

	assert_false(err_errno(&e, ERR_IO, ENOENT, "cannot open %s", "x"));
	assert_int_equal(e.kind, ERR_IO);
	assert_string_equal(e.text, "cannot open x: No such file or directory");
}

static void context_goes_in_front_and_keeps_the_kind(UNUSED void **state)
{
	struct err e = ERR_INIT;

	err_set(&e, ERR_LIMIT, "too deep");
	assert_false(err_context(&e, "%s: Results[%d]", "a.json", 3));
	assert_int_equal(e.kind, ERR_LIMIT);
	assert_string_equal(e.text, "a.json: Results[3]: too deep");
}

static void its_own_text_may_be_an_argument(UNUSED void **state)
{
	struct err e = ERR_INIT;

	err_set(&e, ERR_NET, "inner");
	err_set(&e, ERR_STORE, "outer (%s)", e.text);
	assert_string_equal(e.text, "outer (inner)");
	err_context(&e, "%s", e.text);
	assert_string_equal(e.text, "outer (inner): outer (inner)");
}

static void control_bytes_are_shown_not_sent(UNUSED void **state)
{
	struct err e = ERR_INIT;

	err_set(&e, ERR_IO, "a\x1b[31m\nb\x7f\t");
	assert_string_equal(e.text, "a^[[31m^Jb^?^I");
	err_set(&e, ERR_IO, "%s", "\xc2\x9b" "31m");
	assert_string_equal(e.text, "<U+009B>31m");
}

static void bidirectional_controls_are_shown_not_obeyed(UNUSED void **state)
{
	struct err e = ERR_INIT;

	err_set(&e, ERR_IO, "%s", "nginx\xe2\x80\xaegpj.exe\xe2\x80\xa8");
	assert_string_equal(e.text, "nginx<U+202E>gpj.exe<U+2028>");
}

static void malformed_bytes_become_the_replacement_character(UNUSED void **state)
{
	struct err e = ERR_INIT;

	err_set(&e, ERR_IO, "%s", "a\xff" "b");
	assert_string_equal(e.text, "a\xef\xbf\xbd" "b");
}

static void a_long_text_is_cut_at_a_whole_character(UNUSED void **state)
{
	struct err e = ERR_INIT;
	struct buf b = BUF_INIT;

	for (size_t i = 0; i < sizeof(e.text); i++)
		buf_adds(&b, "\xe2\x82\xac"); /* three bytes each */
	err_set(&e, ERR_IO, "%s", b.s);
	assert_int_equal(strlen(e.text), (sizeof(e.text) - 1) / 3 * 3);
	assert_true(utf8_valid(e.text, strlen(e.text)));
	err_context(&e, "%s", "xx");
	assert_true(str_prefix(e.text, "xx: \xe2\x82\xac"));
	assert_true(utf8_valid(e.text, strlen(e.text)));
	buf_release(&b);
}

static void a_text_that_just_fits_is_whole(UNUSED void **state)
{
	struct err e = ERR_INIT;

	err_set(&e, ERR_IO, "%*s|", (int)sizeof(e.text) - 2, "");
	assert_int_equal(strlen(e.text), sizeof(e.text) - 1);
	assert_int_equal(e.text[sizeof(e.text) - 2], '|');
	err_set(&e, ERR_IO, "%*s|", (int)sizeof(e.text) - 1, "");
	assert_int_equal(strlen(e.text), sizeof(e.text) - 1);
	assert_int_equal(e.text[sizeof(e.text) - 2], ' ');
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(setting_records_kind_and_text_and_is_false),
		cmocka_unit_test(errno_is_spelled_out),
		cmocka_unit_test(context_goes_in_front_and_keeps_the_kind),
		cmocka_unit_test(its_own_text_may_be_an_argument),
		cmocka_unit_test(control_bytes_are_shown_not_sent),
		cmocka_unit_test(bidirectional_controls_are_shown_not_obeyed),
		cmocka_unit_test(malformed_bytes_become_the_replacement_character),
		cmocka_unit_test(a_long_text_is_cut_at_a_whole_character),
		cmocka_unit_test(a_text_that_just_fits_is_whole),
	};

	return cmocka_run_group_tests_name("err", tests, NULL, NULL);
}
