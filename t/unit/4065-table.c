/* SPDX-License-Identifier: MIT */
/* 4065-table.c - the list widget: rows of one scope are never another's. */
#include "t/lib/test.h"

#include "tui/table.h"

static void rows_of_the_scope_before_are_forgotten(UNUSED void **state)
{
	static const struct table_view lv = { .list = LIST_controls };
	const struct scope all = { SCOPE_ALL, { 0 } }, one = { SCOPE_FRAMEWORK, { 7 } };
	struct table t = { 0 };

	table_init(&t, &lv, &all);
	t.page.row = arena_array(&t.page.mem, struct row, 1);
	t.page.nrow = 1;
	t.loaded = true;
	assert_non_null(table_row(&t));
	table_rescope(&t, &one);
	assert_null(table_row(&t));
	assert_int_equal(t.scope.key[0], 7);
	table_release(&t);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_of_the_scope_before_are_forgotten),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
