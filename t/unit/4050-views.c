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

/* What the sheet of a view says of an answer, on 60 columns. */
static void assert_says(const char *view, void *answer, int rows, const char *want)
{
	struct canvas c = CANVAS_INIT;
	struct buf got = BUF_INIT;
	struct view v = { .ops = view_find(view), .answer = answer };
	struct sheet s;

	canvas_resize(&c, 60, rows);
	sheet_init(&s, &c, canvas_all(&c), 0, 0);
	v.ops->sheet(&v, &s);
	canvas_dump(&c, &got, false);
	if (!strstr(got.s, want))
		fail_msg("'%s' is not in\n%s", want, got.s);
	buf_release(&got);
	canvas_release(&c);
}

static void one_benchmark_has_a_table_several_have_a_line_each(UNUSED void **state)
{
	struct benchmark_section section[] = {
		{ "cis-1.10", "1", { [VERDICT_PASS] = 3, [VERDICT_FAIL] = 1 } },
		{ "cis-1.10", "2", { [VERDICT_PASS] = 4, [VERDICT_MANUAL] = 2 } },
		{ "nsa", "KSV-0001", { [VERDICT_FAIL] = 5 } },
	};
	struct cluster_detail d = { .section = section, .nsection = 2 };

	assert_says("cluster", &d, 12,
	            " cis-1.10        1      2\n"
	            " pass            3      4\n"
	            " fail            1      0\n");
	d.nsection = 3;
	assert_says("cluster", &d, 12, " cis-1.10  7 pass  1 fail  2 manual\n nsa       5 fail\n");
}

static void a_benchmark_of_more_sections_than_have_room_is_summed(UNUSED void **state)
{
	struct benchmark_section section[12];
	struct cluster_detail d = { .section = section, .nsection = LENGTH(section) };

	for (size_t i = 0; i < LENGTH(section); i++)
		section[i] = (struct benchmark_section){ "nsa", "1", { [VERDICT_PASS] = 2 } };
	assert_says("cluster", &d, 12, " nsa       24 pass\n");
}

static void others_are_counted_where_there_are_any(UNUSED void **state)
{
	struct finding_detail d = { .name = "CVE-2031-1", .asset_name = "shop/web:1", .reach = 1 };

	assert_says("findings", &d, 12, " In        shop/web:1, 0 running\n");
	d.reach = 3;
	assert_says("findings", &d, 12, " In        shop/web:1 and 2 more, 0 running\n");
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
		cmocka_unit_test(one_benchmark_has_a_table_several_have_a_line_each),
		cmocka_unit_test(a_benchmark_of_more_sections_than_have_room_is_summed),
		cmocka_unit_test(others_are_counted_where_there_are_any),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
