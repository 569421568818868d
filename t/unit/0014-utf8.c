/* SPDX-License-Identifier: MIT */
/* 0014-utf8.c - decoding, encoding and measuring characters. */
#include "t/lib/test.h"

#define REPLACEMENT 0xFFFD

static void every_character_survives_a_round_trip(UNUSED void **state)
{
	for (uint32_t c = 0; c <= 0x10FFFF; c++) {
		char     bytes[4];
		size_t   n = utf8_put(c, bytes);
		uint32_t back;

		if (utf8_next(bytes, n, &back) != n || !utf8_valid(bytes, n))
			fail_msg("U+%04X is not decoded whole", (unsigned int)c);
		if (c >= 0xD800 && c <= 0xDFFF)
			assert_int_equal(back, REPLACEMENT);
		else
			assert_int_equal(back, c);
	}
}

static void what_is_no_character_is_encoded_as_the_replacement(UNUSED void **state)
{
	char bytes[4];

	assert_int_equal(utf8_put(0x110000, bytes), 3);
	assert_memory_equal(bytes, "\xef\xbf\xbd", 3);
	assert_int_equal(utf8_put(UINT32_MAX, bytes), 3);
	assert_memory_equal(bytes, "\xef\xbf\xbd", 3);
}

static void malformed_bytes_are_taken_one_at_a_time(UNUSED void **state)
{
	static const char *const bad[] = {
		"\x80",             /* a tail without a head       */
		"\xbf",
		"\xc0\x80",         /* NUL in two bytes            */
		"\xc1\xbf",
		"\xe0\x9f\xbf",     /* three bytes where two do    */
		"\xf0\x8f\xbf\xbf", /* four where three do         */
		"\xed\xa0\x80",     /* a surrogate                 */
		"\xf4\x90\x80\x80", /* beyond U+10FFFF             */
		"\xf5\x80\x80\x80",
		"\xff",
		"\xe2\x82",         /* broken off                  */
		"\xe2\x28\xa1",     /* a head, then ASCII          */
		"\xf0\x9f\x98",
		"\xc3",
	};

	for (size_t i = 0; i < LENGTH(bad); i++) {
		uint32_t c = 0;

		assert_int_equal(utf8_next(bad[i], strlen(bad[i]), &c), 1);
		assert_int_equal(c, REPLACEMENT);
		assert_false(utf8_valid(bad[i], strlen(bad[i])));
	}
}

static void bytes_beyond_the_end_are_not_looked_at(UNUSED void **state)
{
	uint32_t c;

	assert_int_equal(utf8_next("\xe2\x82\xac", 2, &c), 1);
	assert_int_equal(c, REPLACEMENT);
	assert_false(utf8_valid("\xe2\x82\xac", 2));
	assert_true(utf8_valid("\xe2\x82\xac", 3));
	assert_true(utf8_valid("", 0));
	assert_true(utf8_valid("a\0b", 3));
}

static void the_replacement_character_itself_is_valid(UNUSED void **state)
{
	uint32_t c;

	assert_true(utf8_valid("\xef\xbf\xbd", 3));
	assert_int_equal(utf8_next("\xef\xbf\xbd", 3, &c), 3);
	assert_int_equal(c, REPLACEMENT);
}

static void widths_are_those_of_a_terminal(UNUSED void **state)
{
	static const struct {
		uint32_t c;
		int      width;
	} cases[] = {
		{ 0, -1 },       { 0x1f, -1 },    { ' ', 1 },      { '~', 1 },      { 0x7f, -1 },
		{ 0x80, -1 },    { 0x9f, -1 },    { 0xa0, 1 },     { 0xad, 1 },     { 0xe9, 1 },
		{ 0x2ff, 1 },    { 0x300, 0 },    { 0x36f, 0 },    { 0x370, 1 },    { 0x483, 0 },
		{ 0x600, 1 },    { 0x10ff, 1 },   { 0x1100, 2 },   { 0x115f, 2 },   { 0x1160, 0 },
		{ 0x200b, 0 },   { 0x200d, 0 },   { 0x2010, 1 },   { 0x202e, 0 },   { 0x20ac, 1 },
		{ 0x231a, 2 },   { 0x2500, 1 },   { 0x2588, 1 },   { 0x25cf, 1 },   { 0x2713, 1 },
		{ 0x26a0, 1 },   { 0x26a1, 2 },   { 0x3000, 2 },   { 0x302a, 0 },   { 0x303f, 1 },
		{ 0x3042, 2 },   { 0x3099, 0 },   { 0x4e00, 2 },   { 0x9fff, 2 },   { 0xac00, 2 },
		{ 0xd7a3, 2 },   { 0xfe0f, 0 },   { 0xfeff, 0 },   { 0xff01, 2 },   { 0xff61, 1 },
		{ 0xffe0, 2 },   { 0xfffd, 1 },   { 0x1d400, 1 },  { 0x1e08f, 0 },  { 0x1f600, 2 },
		{ 0x1f6dc, 2 },  { 0x1fae8, 2 },  { 0x20000, 2 },  { 0x323af, 2 },  { 0xe0001, 0 },
		{ 0x10ffff, 1 },
	};

	for (size_t i = 0; i < LENGTH(cases); i++)
		if (utf8_width(cases[i].c) != cases[i].width)
			fail_msg("U+%04X has width %d, not %d", (unsigned int)cases[i].c,
			         utf8_width(cases[i].c), cases[i].width);
}

static void bidirectional_controls_are_known(UNUSED void **state)
{
	size_t known = 0;

	for (uint32_t c = 0; c <= 0x10FFFF; c++)
		known += utf8_bidi(c);
	assert_int_equal(known, 5 + 4 + 3);
	assert_true(utf8_bidi(0x202A) && utf8_bidi(0x202E) && utf8_bidi(0x2066));
	assert_true(utf8_bidi(0x2069) && utf8_bidi(0x200E) && utf8_bidi(0x200F));
	assert_true(utf8_bidi(0x061C));
}

static void what_a_terminal_would_obey_is_spelt_out(UNUSED void **state)
{
	static const struct {
		uint32_t    c;
		const char *shown;
	} cases[] = {
		{ 0, "^@" },
		{ 0x1b, "^[" },
		{ '\n', "^J" },
		{ 0x7f, "^?" },
		{ 0x9b, "<U+009B>" },
		{ 0x202E, "<U+202E>" },
		{ 0x2028, "<U+2028>" },
		{ 'a', "a" },
		{ 0xe9, "\xc3\xa9" },
	};

	for (size_t i = 0; i < LENGTH(cases); i++) {
		char out[UTF8_SHOWN + 1] = "";

		out[utf8_show(cases[i].c, out)] = '\0';
		assert_string_equal(out, cases[i].shown);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_character_survives_a_round_trip),
		cmocka_unit_test(what_is_no_character_is_encoded_as_the_replacement),
		cmocka_unit_test(malformed_bytes_are_taken_one_at_a_time),
		cmocka_unit_test(bytes_beyond_the_end_are_not_looked_at),
		cmocka_unit_test(the_replacement_character_itself_is_valid),
		cmocka_unit_test(widths_are_those_of_a_terminal),
		cmocka_unit_test(bidirectional_controls_are_known),
		cmocka_unit_test(what_a_terminal_would_obey_is_spelt_out),
	};

	return cmocka_run_group_tests_name("utf8", tests, NULL, NULL);
}
