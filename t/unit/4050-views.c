/* SPDX-License-Identifier: MIT */
/* 4050-views.c - the tables of views agree with the lists of the store, and lead somewhere. */
#include "t/lib/test.h"

#include "tui/view.h"

static void check_columns(const struct view_ops *ops, const struct table_view *tv)
{
	const struct list_info *li = store_list(tv->list);

	for (size_t i = 0; i < tv->ncolumn; i++) {
		size_t k = 0;

		while (k < li->ncol && !str_eq(li->col[k].name, tv->column[i].name))
			k++;
		if (k == li->ncol)
			fail_msg("%s: the list %s has no column %s", ops->name, li->name,
			         tv->column[i].name);
	}
}

static void every_column_of_a_view_is_one_of_its_list(UNUSED void **state)
{
	const struct view_ops *ops;

	for (size_t i = 0; (ops = view_at(i)) != NULL; i++)
		for (size_t k = 0; k < ops->npane; k++)
			check_columns(ops, &ops->pane[k]);
}

static void every_enter_opens_a_view_that_can_be_opened_so(UNUSED void **state)
{
	const struct view_ops *ops, *to;

	for (size_t i = 0; (ops = view_at(i)) != NULL; i++) {
		for (size_t k = 0; k < ops->npane; k++) {
			if (!ops->pane[k].enter)
				continue;
			to = view_find(ops->pane[k].enter);
			assert_non_null(to);
			assert_true(to->needs == SCOPE_ALL || to->needs == ops->pane[k].opens);
		}
	}
}

static void every_view_fits_where_it_is_kept(UNUSED void **state)
{
	const struct view_ops *ops;

	for (size_t i = 0; (ops = view_at(i)) != NULL; i++) {
		assert_true(ops->npane <= PANES_MAX);
		assert_true(!ops->find || ops->answer_size > 0);
		for (size_t k = 0; k < ops->npane; k++)
			assert_true(ops->pane[k].ncolumn <= TABLE_COLUMNS_MAX);
	}
}

static void the_first_column_of_a_table_stays_at_any_width(UNUSED void **state)
{
	const struct view_ops *ops;

	for (size_t i = 0; (ops = view_at(i)) != NULL; i++)
		for (size_t k = 0; k < ops->npane; k++)
			assert_int_equal(ops->pane[k].column[0].drop, 0);
}

/* At 60 columns, the narrowest we promise, what stays must fit. */
static void what_never_drops_fits_sixty_columns(UNUSED void **state)
{
	const struct view_ops *ops;

	for (size_t i = 0; (ops = view_at(i)) != NULL; i++) {
		for (size_t k = 0; k < ops->npane; k++) {
			int w = 1;

			for (size_t n = 0; n < ops->pane[k].ncolumn; n++)
				if (ops->pane[k].column[n].drop == 0)
					w += ops->pane[k].column[n].width + 1;
			if (w > 60)
				fail_msg("%s, pane %zu: %d columns stay", ops->name, k, w);
		}
	}
}

static void numbers_of_views_are_the_keys_one_to_eight(UNUSED void **state)
{
	const struct view_ops *ops;
	unsigned seen = 0;

	for (size_t i = 0; (ops = view_at(i)) != NULL; i++)
		if (view_number(ops) > 0)
			seen |= 1u << view_number(ops);
	assert_int_equal(seen, 0x1fe);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_column_of_a_view_is_one_of_its_list),
		cmocka_unit_test(every_enter_opens_a_view_that_can_be_opened_so),
		cmocka_unit_test(every_view_fits_where_it_is_kept),
		cmocka_unit_test(the_first_column_of_a_table_stays_at_any_width),
		cmocka_unit_test(what_never_drops_fits_sixty_columns),
		cmocka_unit_test(numbers_of_views_are_the_keys_one_to_eight),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
