/* SPDX-License-Identifier: MIT */
/* 0011-buf.c - growing strings. */
#include "t/lib/test.h"

static void a_new_buf_is_an_empty_string(UNUSED void **state)
{
	struct buf b = BUF_INIT;

	assert_string_equal(b.s, "");
	buf_reset(&b);
	buf_release(&b);
	assert_string_equal(b.s, "");
	assert_int_equal(buf_empty[0], '\0');
}

static void adding_keeps_every_byte_and_the_terminator(UNUSED void **state)
{
	struct buf b = BUF_INIT;

	for (int i = 0; i < 1000; i++) {
		buf_addc(&b, (char)('a' + i % 26));
		assert_int_equal(b.s[b.len], '\0');
	}
	buf_add(&b, "\0x", 2);
	assert_int_equal(b.len, 1002);
	assert_int_equal(b.s[999], 'a' + 999 % 26);
	assert_memory_equal(b.s + 1000, "\0x", 3);
	buf_release(&b);
}

static void adding_nothing_allocates_nothing(UNUSED void **state)
{
	struct buf b = BUF_INIT;

	buf_add(&b, NULL, 0);
	buf_adds(&b, "");
	assert_ptr_equal(b.s, buf_empty);
}

static void formatted_text_longer_than_the_room_is_whole(UNUSED void **state)
{
	struct buf b = BUF_INIT;
	char       long_text[5000];

	memset(long_text, 'x', sizeof(long_text) - 1);
	long_text[sizeof(long_text) - 1] = '\0';
	buf_addf(&b, "%d:", 42);
	buf_addf(&b, "%s", long_text);
	buf_addf(&b, "%s", "");
	assert_int_equal(b.len, 3 + sizeof(long_text) - 1);
	assert_memory_equal(b.s, "42:", 3);
	assert_string_equal(b.s + 3, long_text);
	buf_release(&b);
}

/* Whatever the room left, a text that just fits and one that just does not both come out whole. */
static void formatted_text_is_whole_at_every_boundary(UNUSED void **state)
{
	for (int n = 0; n < 300; n++) {
		struct buf b = BUF_INIT;

		buf_addf(&b, "%*s", 5, "");
		buf_addf(&b, "%*s|", n, "");
		assert_int_equal(b.len, 5 + n + 1);
		assert_int_equal(b.s[b.len - 1], '|');
		assert_int_equal(strlen(b.s), b.len);
		buf_release(&b);
	}
}

static void reset_forgets_the_text_and_keeps_the_room(UNUSED void **state)
{
	struct buf  b = BUF_INIT;
	const char *before;

	buf_adds(&b, "something");
	before = b.s;
	buf_reset(&b);
	assert_string_equal(b.s, "");
	buf_adds(&b, "else");
	assert_ptr_equal(b.s, before);
	assert_string_equal(b.s, "else");
	buf_release(&b);
}

static void a_detached_text_is_the_callers(UNUSED void **state)
{
	struct buf b = BUF_INIT;
	char      *s;

	buf_adds(&b, "mine");
	s = buf_detach(&b);
	assert_string_equal(s, "mine");
	assert_string_equal(b.s, "");
	free(s);
	s = buf_detach(&b);
	assert_string_equal(s, "");
	assert_ptr_not_equal(s, buf_empty);
	free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_new_buf_is_an_empty_string),
		cmocka_unit_test(adding_keeps_every_byte_and_the_terminator),
		cmocka_unit_test(adding_nothing_allocates_nothing),
		cmocka_unit_test(formatted_text_longer_than_the_room_is_whole),
		cmocka_unit_test(formatted_text_is_whole_at_every_boundary),
		cmocka_unit_test(reset_forgets_the_text_and_keeps_the_room),
		cmocka_unit_test(a_detached_text_is_the_callers),
	};

	return cmocka_run_group_tests_name("buf", tests, NULL, NULL);
}
