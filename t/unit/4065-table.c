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

/* A list that says there are more, and brings them not: asked for once. */
static void rows_ahead_that_do_not_come_are_not_asked_for_without_end(UNUSED void **state)
{
	struct table t = { 0 };
	struct page first = rows(10, 1, false, true), same = rows(10, 1, false, true);

	begin(&t);
	assert_true(table_take(&t, &first));
	assert_true(t.ahead);
	assert_false(table_take(&t, &same));
	table_release(&t);
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

static const struct table_column plan_columns[] = {
	{ "name", "NAME", 20, 0, true }, { "running", "RUN", 4, 0, false },
	{ "os", "SYSTEM", 8, 0, false },
};
static const struct table_view plan = {
	.list = LIST_images, .column = plan_columns, .ncolumn = LENGTH(plan_columns),
	.label = "name",
};

/* A table of one row with that name, drawn that wide; its row, freed by the caller. */
static char *drawn(const char *name, int w, int *selected)
{
	const struct scope all = { SCOPE_ALL, { 0 } };
	const struct list_info *li = store_list(LIST_images);
	struct page one = rows(1, 1, false, false);
	struct value *val = arena_array(&one.mem, struct value, li->ncol);
	struct canvas c = CANVAS_INIT;
	struct buf b = BUF_INIT;
	struct table t = { 0 };
	char *line;

	for (size_t i = 0; i < li->ncol; i++) {
		val[i].type = li->col[i].type;
		if (str_eq(li->col[i].name, "name"))
			val[i].u.s = name;
		else if (str_eq(li->col[i].name, "os"))
			val[i].u.s = "linux";
		else if (li->col[i].type == VAL_TEXT || li->col[i].type == VAL_LIST)
			val[i].u.s = "";
	}
	one.row[0].val = val;
	table_init(&t, &plan, &all);
	t.at = (struct rect){ 0, 0, 2, w };
	table_restart(&t);
	(void)table_take(&t, &one);
	table_measure(&t);
	canvas_resize(&c, w, 2);
	canvas_clear(&c);
	table_draw(&t, &c, 0, true);
	canvas_dump(&c, &b, false);
	for (*selected = 0; *selected < w && c.cell[w + *selected].selected;)
		++*selected;
	line = xstrdup(strchr(b.s, '\n') + 1);
	buf_release(&b);
	canvas_release(&c);
	table_release(&t);
	return line;
}

static void assert_row(const char *name, int w, const char *want)
{
	int selected;
	char *line = drawn(name, w, &selected);

	assert_string_equal(line, want);
	free(line);
}

static void where_a_change_leads_to_stays_when_it_is_cut(UNUSED void **state)
{
	assert_row("libc6 2.36-9 -> 2.36-9+deb12u13 (debian 12)", 80,
	           "> libc6 2.36-9 -> 2.36-9+deb12u13 (debian 12)              0    linux\n");
	assert_row("libc6 2.36-9 -> 2.36-9+deb12u13 (debian 12)", 50,
	           "> libc6 2.36-9 -> 2.36-9+deb12u13       0 linux\n");
	assert_row("libc6 2.36-9 -> 2.36-9+deb12u13 (debian 12)", 46,
	           "> libc6 2.36~ -> 2.36-9+deb12u13    0 linux\n");
	assert_row("r.io/a/b:1 -> r.io/a/b:2", 38, "> a/b:1 -> a/b:2           0  linux\n");
}

static void a_number_and_the_word_behind_it_stand_apart_where_there_is_room(UNUSED void **state)
{
	assert_row("api:1", 36, "> api:1                   0 linux\n");
	assert_row("api:1", 37, "> api:1                   0  linux\n");
}

static void wide_screens_move_all_columns_apart_alike(UNUSED void **state)
{
	assert_row("api:1", 200,
	           "> api:1                             0    linux\n");
}

static void the_cursor_covers_a_long_name_to_its_end(UNUSED void **state)
{
	static const char name[] =
		"a name of 67 letters for which a column of the screen has room yet";
	int selected;

	free(drawn(name, 120, &selected));
	assert_int_equal(selected, 2 + (int)strlen(name));
	free(drawn("api:1", 120, &selected));
	assert_int_equal(selected, 2 + 28);
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
		cmocka_unit_test(rows_ahead_that_do_not_come_are_not_asked_for_without_end),
		cmocka_unit_test(keys_past_the_last_row_wait_for_the_next_and_none_is_lost),
		cmocka_unit_test(where_a_change_leads_to_stays_when_it_is_cut),
		cmocka_unit_test(a_number_and_the_word_behind_it_stand_apart_where_there_is_room),
		cmocka_unit_test(wide_screens_move_all_columns_apart_alike),
		cmocka_unit_test(the_cursor_covers_a_long_name_to_its_end),
		cmocka_unit_test(the_cursor_stays_on_a_row_that_moved),
		cmocka_unit_test(rows_of_the_scope_before_are_forgotten),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
