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

static const struct table_column shown[] = {
	{ "name", NULL, 20, 0, true }, { "due", NULL, 6, 0, false },
};
static const struct table_view images = {
	.list = LIST_images, .column = shown, .ncolumn = LENGTH(shown), .label = "name",
};

static void begin(struct table *t)
{
	const struct scope all = { SCOPE_ALL, { 0 } };

	table_init(t, &images, &all);
	t->at = (struct rect){ 0, 0, 11, 80 }; /* a head line and ten rows */
	table_restart(t);
}

/* A page of n rows, the first of them with that key. */
static struct page rows(size_t n, int64_t first, bool above, bool below)
{
	struct page p = PAGE_INIT;

	p.row = arena_array(&p.mem, struct row, n);
	p.nrow = n;
	for (size_t i = 0; i < n; i++)
		p.row[i] = (struct row){ { first + (int64_t)i },
			arena_array(&p.mem, struct value, store_list(LIST_images)->ncol) };
	p.more_above = above;
	p.more_below = below;
	return p;
}

static uint64_t bit_of(const char *name)
{
	const struct list_info *li = store_list(LIST_images);

	for (size_t i = 0; i < li->ncol; i++)
		if (str_eq(li->col[i].name, name))
			return UINT64_C(1) << i;
	return 0;
}

static void no_more_columns_are_read_than_are_shown(UNUSED void **state)
{
	struct arena mem = ARENA_INIT;
	struct table_question q;
	struct table t = { 0 };

	begin(&t);
	table_ask(&t, 0, &mem, &q);
	assert_true(q.columns == (bit_of("id") | bit_of("name") | bit_of("due")));
	t.more[t.nmore++] = (struct table_column){ "overdue", NULL, 5, 0, false };
	table_ask(&t, 0, &mem, &q);
	assert_true(q.columns & bit_of("overdue"));
	table_release(&t);
	arena_release(&mem);
}

static void what_is_shown_comes_first_and_the_rest_ahead(UNUSED void **state)
{
	struct arena mem = ARENA_INIT;
	struct table_question q;
	struct table t = { 0 };
	struct page first = rows(10, 1, false, true), rest = rows(60, 1, false, true);

	begin(&t);
	table_ask(&t, 0, &mem, &q);
	assert_int_equal(q.want, 10);
	assert_false(t.ahead);
	assert_true(table_take(&t, &first));
	assert_true(t.ahead);
	table_ask(&t, 0, &mem, &q);
	assert_int_equal(q.want, 60);
	assert_false(table_take(&t, &rest)); /* enough for the keys to come */
	table_release(&t);
	arena_release(&mem);
}

static void keys_past_the_last_row_wait_for_the_next_and_none_is_lost(UNUSED void **state)
{
	struct arena mem = ARENA_INIT;
	struct table_question q;
	struct table t = { 0 };
	struct page first = rows(10, 1, false, true), rest = rows(60, 1, false, true);
	uint64_t asks;
	bool ask;

	begin(&t);
	assert_true(table_take(&t, &first));
	table_ask(&t, 0, &mem, &q);
	asks = t.asks;
	table_act(&t, ACT_PAGE_DOWN, &ask); /* from the first row ten on: one more than there is */
	assert_true(ask);
	assert_false(t.ahead);
	assert_true(t.asks > asks); /* what was ahead is no longer taken */
	table_ask(&t, 0, &mem, &q);
	table_act(&t, ACT_DOWN, &ask);
	table_act(&t, ACT_DOWN, &ask);
	assert_false(ask);
	(void)table_take(&t, &rest);
	assert_int_equal(table_row(&t)->key[0], 13);
	table_release(&t);
	arena_release(&mem);
}

static void the_cursor_stays_on_a_row_that_moved(UNUSED void **state)
{
	struct arena mem = ARENA_INIT;
	struct table_question q;
	struct table t = { 0 };
	struct page before = rows(9, 1, false, false), after = rows(9, 1, false, false);
	bool ask;

	begin(&t);
	(void)table_take(&t, &before);
	table_act(&t, ACT_BOTTOM, &ask);
	table_reload(&t);
	table_ask(&t, 0, &mem, &q);
	assert_int_equal(q.anchor.key[0], 9);
	assert_int_equal(q.from, PAGE_BEFORE);
	after.row[0].key[0] = 9;
	after.row[8].key[0] = 1;
	(void)table_take(&t, &after);
	assert_int_equal(t.cursor, 0);
	assert_int_equal(table_row(&t)->key[0], 9);
	table_release(&t);
	arena_release(&mem);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_more_columns_are_read_than_are_shown),
		cmocka_unit_test(what_is_shown_comes_first_and_the_rest_ahead),
		cmocka_unit_test(keys_past_the_last_row_wait_for_the_next_and_none_is_lost),
		cmocka_unit_test(the_cursor_stays_on_a_row_that_moved),
		cmocka_unit_test(rows_of_the_scope_before_are_forgotten),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
