/* SPDX-License-Identifier: MIT */
/* 4060-marks.c - a set of keys. */
#include "t/lib/test.h"

#include "tui/marks.h"

static void key_of(int64_t n, int64_t key[4])
{
	key[0] = n % 7;
	key[1] = n;
	key[2] = -n;
	key[3] = 0;
}

static void what_is_added_is_there_and_what_is_removed_is_not(UNUSED void **state)
{
	struct marks m = { NULL, 0, 0 };
	int64_t key[4];

	for (int64_t i = 0; i < 500; i++) {
		key_of(i * 7919 % 500, key);
		assert_true(marks_add(&m, key));
		assert_true(marks_add(&m, key));
	}
	assert_int_equal(m.n, 500);
	for (int64_t i = 0; i < 500; i += 2) {
		key_of(i, key);
		marks_remove(&m, key);
		marks_remove(&m, key);
	}
	assert_int_equal(m.n, 250);
	for (int64_t i = 0; i < 500; i++) {
		key_of(i, key);
		assert_int_equal(marks_have(&m, key), i % 2 == 1);
	}
	marks_clear(&m);
	assert_false(marks_have(&m, key));
	marks_release(&m);
}

static void a_full_set_says_so(UNUSED void **state)
{
	struct marks m = { NULL, 0, 0 };
	int64_t key[4] = { 0 };

	for (key[0] = 0; key[0] < MARKS_MAX; key[0]++)
		assert_true(marks_add(&m, key));
	assert_false(marks_add(&m, key));
	key[0] = 5;
	assert_true(marks_add(&m, key));
	marks_release(&m);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_added_is_there_and_what_is_removed_is_not),
		cmocka_unit_test(a_full_set_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
