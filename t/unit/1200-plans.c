/* SPDX-License-Identifier: MIT */
/* 1200-plans.c - every list asks in SQL that compiles, and no index it should use is missed. */
#include "t/lib/test.h"

#include "store/filter.h"
#include "store/store_private.h"

static struct store *open_empty(void)
{
	struct store_opts o = { .path = ":memory:", .now = 1000000000 };
	struct store *st;
	struct err e = ERR_INIT;

	if (!store_open(&st, &o, &e))
		fail_msg("%s", e.text);
	return st;
}

static void page_of(struct store *st, const struct list_query *q, enum page_from from,
		    const struct row *anchor, struct page *p)
{
	struct err e = ERR_INIT;

	if (!store_page(st, q, from, anchor, 10, p, &e))
		fail_msg("%s: %s", store_list(q->list)->name, e.text);
}

static void every_scope_and_order_compiles(UNUSED void **state)
{
	struct store *st = open_empty();
	struct page p = PAGE_INIT;

	for (size_t l = 0; l < LIST_COUNT; l++) {
		const struct list_def *def = list_def((enum list_id)l);

		for (size_t s = 0; s < def->nscope; s++) {
			struct list_query q = { .list = (enum list_id)l,
						.scope = { def->scope[s].kind, { 1, 1, 1, 1 } } };

			for (q.order = 0; q.order < (int)def->info.norder; q.order++) {
				page_of(st, &q, PAGE_TOP, NULL, &p);
				page_of(st, &q, PAGE_END, NULL, &p);
				assert_int_equal(p.nrow, 0);
				assert_false(p.more_above || p.more_below);
			}
		}
	}
	page_release(&p);
	store_close(st);
}

static void every_sortable_column_sorts(UNUSED void **state)
{
	struct store *st = open_empty();
	struct page p = PAGE_INIT;

	for (size_t l = 0; l < LIST_COUNT; l++) {
		const struct list_def *def = list_def((enum list_id)l);

		for (size_t c = 0; c < def->info.ncol; c++) {
			struct list_query q = { .list = (enum list_id)l,
						.order = -1,
						.column = c,
						.scope = { def->scope[0].kind, { 1, 1, 1, 1 } } };
			struct err e = ERR_INIT;

			if (def->info.col[c].sortable)
				page_of(st, &q, PAGE_TOP, NULL, &p);
			else
				assert_false(store_page(st, &q, PAGE_TOP, NULL, 10, &p, &e));
		}
	}
	page_release(&p);
	store_close(st);
}

/* Filters, counts, facets, and whole rows read by a key that is not there. */
static void every_column_can_be_asked_about(UNUSED void **state)
{
	struct store *st = open_empty();
	struct page p = PAGE_INIT;
	struct arena mem = ARENA_INIT;

	for (size_t l = 0; l < LIST_COUNT; l++) {
		const struct list_def *def = list_def((enum list_id)l);

		for (size_t c = 0; c < def->info.ncol; c++) {
			const struct list_field *field = def->info.col[c].field;
			struct list_query q = { .list = (enum list_id)l,
						.scope = { def->scope[0].kind, { 1, 1, 1, 1 } } };
			struct err e = ERR_INIT;
			int64_t n;
			size_t at;
			const char *value = def->info.col[c].type == VAL_FLAG	? "yes"
					    : def->info.col[c].type == VAL_TEXT ? "/a.c/"
										: "none";
			const char *text = arena_printf(&mem, "%s:%s or word or a*c",
							def->info.col[c].name, value);

			if (!filter_parse((enum list_id)l, text, 0, &mem, &q.where, &at, &e)) {
				text = "word";
				assert_int_equal(e.kind, ERR_USAGE);
				assert_true(filter_parse((enum list_id)l, text, 0, &mem, &q.where,
							 &at, &e));
			}
			page_of(st, &q, PAGE_TOP, NULL, &p);
			if (!store_count(st, &q, &n, &e) ||
			    (!(field && field->filled) && !store_facets(st, &q, c, 5, &p, &e)))
				fail_msg("%s %s: %s", def->info.name, def->info.col[c].name,
					 e.text);
			assert_int_equal(n, 0);
		}
	}
	arena_release(&mem);
	page_release(&p);
	store_close(st);
}

static void whole_rows_compile(UNUSED void **state)
{
	struct store *st = open_empty();

	for (size_t l = 0; l < LIST_COUNT; l++) {
		const struct list_def *def = list_def((enum list_id)l);
		const struct list_query all = { .list = (enum list_id)l };
		struct list_plan plan;
		struct sql q = SQL_INIT;
		struct err e = ERR_INIT;

		if (def->rows)
			continue;
		assert_true(list_plan(&all, &plan, &e));
		list_sql_row(&plan, &q);
		if (!db_run(sql_stmt(st->db, &q), &e))
			fail_msg("%s: %s", def->info.name, e.text);
		sql_release(&q);
	}
	store_close(st);
}

/* Tables that grow with findings; in lists f stands for finding and h for holds. */
static bool reads_all_of_a_large_table(const char *step)
{
	static const char *const scans[] = { "SCAN f", "SCAN h", "SCAN finding", "SCAN holds",
					     "SCAN affects", "SCAN clock", "SCAN sighting_row" };

	for (size_t i = 0; i < LENGTH(scans); i++) {
		size_t n = strlen(scans[i]);

		if (str_prefix(step, scans[i]) && (step[n] == '\0' || step[n] == ' '))
			return true;
	}
	return false;
}

static void no_row_reads_all_of_a_large_table(UNUSED void **state)
{
	struct store *st = open_empty();

	for (size_t l = 0; l < LIST_COUNT; l++) {
		const struct list_def *def = list_def((enum list_id)l);
		const struct list_query all = { .list = (enum list_id)l };
		struct list_plan plan;
		struct sql q = SQL_INIT;
		struct err e = ERR_INIT;
		struct stmt *s;

		if (def->rows)
			continue;
		sql_add(&q, "EXPLAIN QUERY PLAN ");
		assert_true(list_plan(&all, &plan, &e));
		list_sql_row(&plan, &q);
		s = sql_stmt(st->db, &q);
		while (db_next(s))
			if (reads_all_of_a_large_table(db_column_text(s, 3)))
				fail_msg("%s: %s\n%s", def->info.name, db_column_text(s, 3),
					 q.text.s);
		assert_true(db_done(s, &e));
		sql_release(&q);
	}
	store_close(st);
}

/* Lists that hold few rows on any estate are read whole and sorted. */
static bool is_small(enum list_id l)
{
	return l == LIST_clusters || l == LIST_sources;
}

static void explain(struct store *st, enum list_id l, const struct list_plan *plan, bool from_place)
{
	static const struct list_place place;
	struct list_span span = { .from = from_place ? &place : NULL,
				  .up = !plan->down,
				  .limit = 40,
				  .probe = LIST_PROBE };
	struct sql q = SQL_INIT;
	struct err e = ERR_INIT;
	struct stmt *s;

	sql_add(&q, "EXPLAIN QUERY PLAN ");
	list_sql_keys(plan, &span, &q);
	s = sql_stmt(st->db, &q);
	while (db_next(s)) {
		const char *step = db_column_text(s, 3);

		if (strstr(step, "TEMP B-TREE") && !is_small(l))
			fail_msg("%s sorts: %s\n%s", plan->def->info.name, step, q.text.s);
		/* From the top, a table in its own order is read no further than the page. */
		if (from_place && str_prefix(step, "SCAN") && !strstr(step, "USING") &&
		    !is_small(l))
			fail_msg("%s scans: %s\n%s", plan->def->info.name, step, q.text.s);
	}
	assert_true(db_done(s, &e));
	sql_release(&q);
}

static void default_orders_are_read_from_an_index(UNUSED void **state)
{
	struct store *st = open_empty();

	for (size_t l = 0; l < LIST_COUNT; l++) {
		const struct list_def *def = list_def((enum list_id)l);
		struct list_query q = { .list = (enum list_id)l };
		struct list_plan plan;
		struct err e = ERR_INIT;

		if (def->rows)
			continue;
		for (q.order = 0; q.order < (int)def->info.norder; q.order++) {
			if (!def->sort[q.order].indexed)
				continue;
			assert_true(list_plan(&q, &plan, &e));
			explain(st, (enum list_id)l, &plan, false);
			explain(st, (enum list_id)l, &plan, true);
			plan.down = !plan.down;
			explain(st, (enum list_id)l, &plan, true);
		}
	}
	store_close(st);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_scope_and_order_compiles),
		cmocka_unit_test(every_sortable_column_sorts),
		cmocka_unit_test(every_column_can_be_asked_about),
		cmocka_unit_test(whole_rows_compile),
		cmocka_unit_test(no_row_reads_all_of_a_large_table),
		cmocka_unit_test(default_orders_are_read_from_an_index),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
