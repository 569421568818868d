/* SPDX-License-Identifier: MIT */
/* 1210-lists.c - pages, counts and facets of lists: one query, every way out. */
#include "t/lib/walk.h"

/* ---- the small store, every list ---- */

static void pages_and_counts_agree_for_every_list_order_and_scope(UNUSED void **state)
{
	struct store *st = small_open();
	int turn = 0;

	for (size_t l = 0; l < LIST_COUNT; l++) {
		const struct list_def *def = list_def((enum list_id)l);

		for (size_t s = 0; s < def->nscope; s++) {
			for (int order = -1; order < (int)def->info.norder; order++) {
				struct list_query q = { .list = (enum list_id)l,
							.scope = { def->scope[s].kind,
								   { 1, 1, 1, 1 } },
							.order = order };

				while (order < 0 && !def->info.col[q.column].sortable)
					q.column++;
				for (int desc = 0; desc < 2; desc++) {
					if (test_is_slowed() && turn++ % 7 != 0)
						continue;
					q.desc = desc;
					walk_check_query(st, &q);
				}
			}
		}
	}
	store_close(st);
}

static void pages_agree_whatever_column_sorts(UNUSED void **state)
{
	struct store *st = small_open();

	/* another is silent, and what it does not say has no value; the first has none to count */
	small_sql(st, "DELETE FROM check_tally;\n"
		      "INSERT INTO asset VALUES (90, 2, 0, 'edge');\n"
		      "INSERT INTO cluster (asset, version, nodes, images, pods, data_at)\n"
		      "VALUES (90, '1.30.4', 0, 0, 0, 1)");
	for (size_t l = 0; l < LIST_COUNT; l++) {
		const struct list_def *def = list_def((enum list_id)l);

		for (size_t c = 0; c < def->info.ncol; c++) {
			struct list_query q = { .list = (enum list_id)l,
						.scope.kind = def->scope[0].kind,
						.order = -1,
						.column = c };

			if (!def->info.col[c].sortable || (test_is_slowed() && c % 7 != 0))
				continue;
			for (int desc = 0; desc < 2; desc++) {
				q.desc = desc;
				walk_check_query(st, &q);
			}
		}
	}
	store_close(st);
}

/* ---- what rows show ---- */

static const struct value *cell(const struct page *p, enum list_id list, size_t row,
				const char *column)
{
	int col = list_column(list_def(list), column);

	assert_true(col >= 0 && row < p->nrow);
	return &p->row[row].val[col];
}

static void shows(const struct page *p, enum list_id list, size_t row, const char *column,
		  const char *want)
{
	struct buf b = BUF_INIT;

	value_print(cell(p, list, row, column), &b);
	if (!str_eq(b.s, want))
		fail_msg("%s of row %zu: '%s', not '%s'", column, row, b.s, want);
	buf_release(&b);
}

static void rows_show_what_is_known(UNUSED void **state)
{
	struct store *st = small_open();
	struct page p = PAGE_INIT;

	walk_turn(st, &(struct list_query){ .list = LIST_images }, PAGE_TOP, NULL, 10, &p);
	shows(&p, LIST_images, 0, "name", "registry.example/payments/api:2.14.1");
	shows(&p, LIST_images, 0, "due", "2026-11-22T20:40:00Z");
	shows(&p, LIST_images, 0, "overdue", "2");
	shows(&p, LIST_images, 0, "epss", "91%");
	shows(&p, LIST_images, 0, "signed", "ok");
	shows(&p, LIST_images, 0, "exposed", "exposed");
	shows(&p, LIST_images, 0, "eol", "no");
	shows(&p, LIST_images, 3, "due", "");
	walk_turn(st, &(struct list_query){ .list = LIST_problems }, PAGE_TOP, NULL, 10, &p);
	shows(&p, LIST_problems, 0, "advisory", "CVE-2023-4911");
	shows(&p, LIST_problems, 0, "kev", "yes");
	shows(&p, LIST_problems, 0, "fixed_in", "2.36-9+deb12u3");
	shows(&p, LIST_problems, 1, "aliases", "GHSA-49gw-vxvf-fc2g");
	shows(&p, LIST_problems, 1, "sources", "grype, trivy");
	shows(&p, LIST_problems, 1, "cvss", "9.8");
	shows(&p, LIST_problems, 1, "severity", "critical");
	walk_turn(st, &(struct list_query){ .list = LIST_findings }, PAGE_TOP, NULL, 10, &p);
	shows(&p, LIST_findings, 0, "id", "1-1-1");
	shows(&p, LIST_findings, 0, "state", "open");
	shows(&p, LIST_findings, 0, "classes", "vuln-critical");
	shows(&p, LIST_findings, 0, "controls", "PCI-DSS 6.3.3");
	shows(&p, LIST_findings, 0, "package.purl", "pkg:golang/stdlib@1.21.5");
	shows(&p, LIST_findings, 0, "last_seen", "2026-11-23T16:40:00Z");
	shows(&p, LIST_findings, 0, "locations", "usr/local/go/bin/go");
	page_release(&p);
	store_close(st);
}

static void columns_not_looked_at_are_not_read(UNUSED void **state)
{
	struct store *st = small_open();
	struct page p = PAGE_INIT;
	const struct list_def *def = list_def(LIST_findings);
	struct list_query q = { .list = LIST_findings,
				.columns = UINT64_C(1) << list_column(def, "advisory") };

	walk_turn(st, &q, PAGE_TOP, NULL, 10, &p);
	shows(&p, LIST_findings, 0, "advisory", "CVE-2024-24790");
	assert_int_equal(cell(&p, LIST_findings, 0, "title")->type, VAL_NULL);
	assert_int_equal(cell(&p, LIST_findings, 0, "controls")->type, VAL_NULL);
	shows(&p, LIST_findings, 0, "severity", "critical"); /* of the order */
	assert_int_equal(walk_check_query(st, &q), 9);
	page_release(&p);
	store_close(st);
}

/* A scanned base, and another of its repository with one weakness less. */
static const char BASES_SCANNED[] =
	"UPDATE image SET scanned_at = 1795452000 WHERE asset IN (9, 10);\n"
	"INSERT INTO tally VALUES (9, 0, 0, 1, 1, 0, 20779, 2), (10, 0, 0, 1, 0, 0, 20779, 1),\n"
	"(1, 0, 0, 1, 1, 0, 20779, 3);";

static void a_fix_plan_ranks_changes_and_opens_their_findings(UNUSED void **state)
{
	struct store *st = small_open();
	struct page p = PAGE_INIT;
	struct list_query q = { .list = LIST_fixes, .scope = { SCOPE_IMAGE, { 1 } } };

	small_sql(st, BASES_SCANNED);
	walk_turn(st, &q, PAGE_TOP, NULL, 10, &p);
	assert_int_equal(p.nrow, 5);
	shows(&p, LIST_fixes, 0, "what",
	      "FROM docker.io/library/debian:12.1 -> 12.12");
	shows(&p, LIST_fixes, 0, "removes", "1");
	shows(&p, LIST_fixes, 1, "what", "libc6 2.36-9+deb12u1 -> 2.36-9+deb12u3");
	shows(&p, LIST_fixes, 1, "also_in", "2");
	shows(&p, LIST_fixes, 2, "what", "stdlib 1.21.5 -> 1.21.11");
	shows(&p, LIST_fixes, 2, "findings.critical", "1");
	shows(&p, LIST_fixes, 3, "kind", "bump");
	shows(&p, LIST_fixes, 4, "kind", "config");
	shows(&p, LIST_fixes, 4, "what", "Create a user (CIS-DI-0001)");
	for (size_t i = 0; i < p.nrow; i++) {
		const int64_t *k = p.row[i].key;

		assert_int_equal(walk_below(st, LIST_findings, SCOPE_FIX, k[0], k[1], k[2], k[3]),
				 cell(&p, LIST_fixes, i, "removes")->u.i);
	}
	page_release(&p);
	store_close(st);
}

static void a_plan_of_many_images_opens_what_it_counts(UNUSED void **state)
{
	static const struct scope plans[] = { { SCOPE_ALL, { 0 } },
					      { SCOPE_REPOSITORY, { 1 } },
					      { SCOPE_BASE, { 1 } } };
	struct store *st = small_open();

	small_sql(st, BASES_SCANNED);
	for (size_t k = 0; k < LENGTH(plans); k++) {
		const struct list_query q = { .list = LIST_fixes, .scope = plans[k] };
		struct page p = PAGE_INIT;

		walk_turn(st, &q, PAGE_TOP, NULL, 50, &p);
		assert_true(p.nrow > 1);
		for (size_t i = 0; i < p.nrow; i++) {
			const int64_t *r = p.row[i].key;

			assert_int_equal(walk_below(st, LIST_findings, SCOPE_FIX_MANY, r[0], r[1],
						    r[2], r[3]),
					 cell(&p, LIST_fixes, i, "removes")->u.i);
			assert_int_equal(walk_below(st, LIST_images, SCOPE_FIX_MANY, r[0], r[1],
						    r[2], r[3]),
					 cell(&p, LIST_fixes, i, "also_in")->u.i);
		}
		page_release(&p);
	}
	store_close(st);
}

static int64_t removed_by_plan_of_base(const char *sql)
{
	const struct list_query q = { .list = LIST_fixes, .scope = { SCOPE_BASE, { 1 } } };
	struct store *st = small_open();
	struct page p = PAGE_INIT;
	int64_t n = 0;

	small_sql(st, sql);
	walk_turn(st, &q, PAGE_TOP, NULL, 50, &p);
	for (size_t i = 0; i < p.nrow; i++)
		if (p.row[i].key[1] != 0)
			n += cell(&p, LIST_fixes, i, "removes")->u.i;
	page_release(&p);
	store_close(st);
	return n;
}

/* Image 1 has 4 open findings, of which the base that it stands on has two. */
static void the_plan_of_a_base_is_of_what_it_gives_to_those_on_it(UNUSED void **state)
{
	assert_int_equal(removed_by_plan_of_base("SELECT 1;"), 2);
	assert_int_equal(removed_by_plan_of_base("DELETE FROM image_name WHERE image = 9;"), 4);
}

/* How many rebases image 1 is offered once `sql` has run on the small store; *out is the first. */
static size_t rebases_after(const char *sql, struct buf *out)
{
	struct store *st = small_open();
	struct page p = PAGE_INIT;
	struct list_query q = { .list = LIST_fixes, .scope = { SCOPE_IMAGE, { 1 } } };
	size_t n = 0;

	small_sql(st, BASES_SCANNED);
	small_sql(st, sql);
	walk_turn(st, &q, PAGE_TOP, NULL, 10, &p);
	buf_reset(out);
	for (size_t i = 0; i < p.nrow; i++) {
		const int64_t *k = p.row[i].key;

		if (k[1] != 0)
			continue;
		if (n++ == 0)
			value_print(cell(&p, LIST_fixes, i, "what"), out);
		assert_int_equal(walk_below(st, LIST_findings, SCOPE_FIX, k[0], k[1], k[2], k[3]),
				 cell(&p, LIST_fixes, i, "removes")->u.i);
	}
	page_release(&p);
	store_close(st);
	return n;
}

static void a_rebase_goes_to_what_is_scanned_newer_and_better(UNUSED void **state)
{
	/* what of image 10 makes it no base to go to */
	static const char *const worse[] = {
		"UPDATE image SET scanned_at = 0 WHERE asset = 10;",
		"UPDATE image SET current = 0 WHERE asset = 10;",
		"UPDATE image SET built = 1700000000 WHERE asset = 10;",
		"UPDATE image SET arch = 'arm64' WHERE asset = 10;\n"
		"UPDATE image SET arch = 'amd64' WHERE asset = 9;",
		"UPDATE image SET kev = 2 WHERE asset = 10;",
		"UPDATE tally SET n = 2 WHERE scope = 10;",
		/* the same weakness in another version of the package */
		"INSERT INTO part VALUES (9, 2, '2.36-9+deb12u2');\n"
		"INSERT INTO finding (asset, advisory, part, severity, state, since, due)\n"
		"VALUES (10, 2, 9, 1, 0, 1, 2);",
		/* accepted there, it is there */
		"INSERT INTO finding (asset, advisory, part, severity, state, since, due)\n"
		"VALUES (10, 2, 2, 1, 2, 1, 2);",
	};
	struct buf what = BUF_INIT;

	for (size_t i = 0; i < LENGTH(worse); i++)
		if (rebases_after(worse[i], &what) != 0)
			fail_msg("offered after %s", worse[i]);
	assert_int_equal(rebases_after("INSERT INTO finding (asset, advisory, part, severity,\n"
				       "state, since, due) VALUES (10, 2, 2, 1, 1, 1, 2);",
				       &what),
			 1);
	buf_release(&what);
}

static void a_newer_tag_of_the_same_repository_is_offered(UNUSED void **state)
{
	static const char newer[] =
		"DELETE FROM image_name WHERE image = 10;\n"
		"INSERT INTO image_name (name, since, image, until, repository, seq, seen) VALUES\n"
		"('registry.example/payments/api:2.15.0', 300, 10, 0, 1, 1, 300);\n"
		"UPDATE image SET name = 'registry.example/payments/api:2.15.0', repository = 1,\n"
		"built = 1795000000 WHERE asset = 10;";
	struct buf what = BUF_INIT, sql = BUF_INIT;

	assert_int_equal(rebases_after(newer, &what), 1);
	assert_string_equal(what.s, "registry.example/payments/api:2.14.1 -> 2.15.0");
	buf_addf(&sql, "%s UPDATE image_name SET name = name || '-RC1' WHERE image = 10;", newer);
	assert_int_equal(rebases_after(sql.s, &what), 1);
	assert_string_equal(what.s,
			    "registry.example/payments/api:2.14.1 -> 2.15.0-RC1 (pre-release)");
	buf_reset(&sql);
	buf_addf(&sql, "%s UPDATE image_name SET name = 'app:1' WHERE image = 10;\n"
		       "UPDATE image SET name = 'app:1' WHERE asset = 1;\n"
		       "INSERT INTO digest VALUES ('sha256:eeeeeeeeeeeeeeee', 0, 10);", newer);
	assert_int_equal(rebases_after(sql.s, &what), 1);
	assert_string_equal(what.s, "app:1, built anew since: sha256:eeeeeeeeeeee");
	buf_reset(&sql);
	buf_addf(&sql, "%s UPDATE image SET scanned_at = 0 WHERE asset = 10;", newer);
	assert_int_equal(rebases_after(sql.s, &what), 0);
	buf_reset(&sql);
	buf_addf(&sql, "%s UPDATE image SET built = 1780000000 WHERE asset = 10;", newer);
	assert_int_equal(rebases_after(sql.s, &what), 0);
	buf_release(&sql);
	buf_release(&what);
}

static void facets_count_by_value_most_frequent_first(UNUSED void **state)
{
	struct store *st = small_open();
	struct page p = PAGE_INIT;
	struct err e = ERR_INIT;
	struct list_query q = { .list = LIST_findings };

	assert_true(store_facets(st, &q, (size_t)list_column(list_def(LIST_findings), "advisory"),
				 2, &p, &e));
	assert_int_equal(p.nrow, 2);
	assert_string_equal(p.row[0].val->u.s, "CVE-2023-4911");
	assert_int_equal(p.row[0].key[0], 3);
	q.list = LIST_controls;
	assert_true(store_facets(st, &q, (size_t)list_column(list_def(LIST_controls), "framework"),
				 9, &p, &e));
	assert_int_equal(p.nrow, 2);
	assert_int_equal(p.row[0].key[0], 2);
	page_release(&p);
	store_close(st);
}

/* Each value of a column, as a filter, finds as many rows as were counted under it. */
static void check_facets(struct store *st, enum list_id list, size_t column)
{
	const struct list_def *def = list_def(list);
	struct list_query q = { .list = list, .columns = LIST_ALL_COLUMNS };
	struct page p = PAGE_INIT;
	struct arena mem = ARENA_INIT;
	struct err e = ERR_INIT;
	size_t at;
	int64_t n;

	if (!store_facets(st, &q, column, 1000, &p, &e))
		fail_msg("%s: %s", def->info.name, e.text);
	for (size_t i = 0; i < p.nrow; i++) {
		struct buf term = BUF_INIT;

		store_facet_term(&def->info.col[column], p.row[i].val, &term);
		q.where = NULL;
		if (!filter_parse(list, term.s, SMALL_NOW, &mem, &q.where, &at, &e) ||
		    !store_count(st, &q, &n, &e))
			fail_msg("%s, %s: %s", def->info.name, term.s, e.text);
		if (n != p.row[i].key[0])
			fail_msg("%s: %lld have %s, and it finds %lld", def->info.name,
				 (long long)p.row[i].key[0], term.s, (long long)n);
		buf_release(&term);
	}
	page_release(&p);
	arena_release(&mem);
}

static void each_facet_finds_the_rows_it_counts(UNUSED void **state)
{
	struct store *st = small_open();

	small_sql(st, "UPDATE advisory SET epss = 60 WHERE id % 2 = 1;\n"
		      "UPDATE advisory SET epss = 144, title = name || ' \"in\" a\\b'\n"
		      "WHERE id = 2;\n"
		      "UPDATE finding SET due = due + 7 WHERE due < 9000000000 AND part % 2 = 1");
	for (size_t l = 0; l < LIST_COUNT; l++) {
		const struct list_def *def = list_def((enum list_id)l);

		for (size_t c = 0; def->scope[0].kind == SCOPE_ALL && c < def->info.ncol; c++)
			if (!def->info.col[c].field || !def->info.col[c].field->filled)
				check_facets(st, (enum list_id)l, c);
	}
	store_close(st);
}

/* ---- a larger store, where filters are sparse and dense, and rows come and go ---- */

static struct store *open_large(void)
{
	struct store *st = small_open();

	small_sql(
		st,
		"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 6000)\n"
		"INSERT INTO finding (asset, advisory, part, severity, state, since, due)\n"
		"SELECT 1, 1, 100 + i, i % 5, 0, 1790000000 + i, 1795000000 + i * 37 % 4000 FROM "
		"n");
	small_sql(
		st,
		"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 6000)\n"
		"INSERT INTO part SELECT 100 + i, 2, 'v' || i FROM n");
	small_sql(st, "UPDATE tally SET n = n + 6000 WHERE scope = 0 AND severity = 0");
	return st;
}

static void sparse_and_dense_filters_page_alike(UNUSED void **state)
{
	struct store *st;

	if (test_is_slowed()) /* a large list takes minutes, and a small one the same steps */
		return;
	st = open_large();
	walk_counts(st, LIST_findings, "", 6009);
	walk_counts(st, LIST_findings, "sev:critical", 1201);
	walk_counts(st, LIST_findings, "version:v5999", 1);
	walk_counts(st, LIST_findings, "version:v5*", 1111);
	walk_counts(st, LIST_findings, "version:nothing", 0);
	walk_counts(st, LIST_findings, "sev>=high pkg:libc6", 2403);
	store_close(st);
}

static void any_column_sorts_a_large_list(UNUSED void **state)
{
	struct store *st;
	struct list_query q = { .list = LIST_findings, .order = -1 };

	if (test_is_slowed())
		return;
	st = open_large();
	q.column = (size_t)list_column(list_def(LIST_findings), "version");
	assert_int_equal(walk_check_query(st, &q), 6009);
	q.desc = true;
	assert_int_equal(walk_check_query(st, &q), 6009);
	store_close(st);
}

static void a_row_that_moved_or_went_keeps_its_place(UNUSED void **state)
{
	struct store *st = open_large();
	struct list_query q = { .list = LIST_findings };
	struct page p = PAGE_INIT, there = PAGE_INIT;
	struct row gone, next;

	for (int sorted = 0; sorted < 2; sorted++) {
		if (sorted) {
			q.order = -1;
			q.column = (size_t)list_column(list_def(LIST_findings), "first_seen");
		}
		walk_turn(st, &q, PAGE_TOP, NULL, 100, &p);
		gone = p.row[40];
		next = p.row[41];
		small_sql(st, arena_printf(
				      &p.mem,
				      "DELETE FROM finding WHERE asset = %lld AND advisory = %lld\n"
				      "AND part = %lld",
				      (long long)gone.key[0], (long long)gone.key[1],
				      (long long)gone.key[2]));
		walk_turn(st, &q, PAGE_AT, &gone, 5, &there);
		assert_memory_equal(there.row[0].key, next.key, sizeof(next.key));
		assert_true(there.more_above);
		walk_turn(st, &q, PAGE_AFTER, &gone, 5, &there);
		assert_memory_equal(there.row[0].key, next.key, sizeof(next.key));
		walk_turn(st, &q, PAGE_BEFORE, &gone, 5, &there);
		assert_memory_equal(there.row[4].key, p.row[39].key, sizeof(next.key));
	}
	page_release(&p);
	page_release(&there);
	store_close(st);
}

static void what_was_found_once_is_found_anew_when_the_store_changes(UNUSED void **state)
{
	struct store *st = open_large();

	walk_counts(st, LIST_findings, "version:v5999", 1);
	small_sql(st, "UPDATE part SET version = 'gone' WHERE id = 6099");
	walk_counts(st, LIST_findings, "version:v5999", 0);
	small_sql(st, "UPDATE part SET version = 'v5999' WHERE id = 102");
	walk_counts(st, LIST_findings, "version:v5999", 1);
	small_sql(st, "DELETE FROM finding WHERE part = 102");
	walk_counts(st, LIST_findings, "version:v5999", 0);
	store_close(st);
}

static bool stop_at_once(UNUSED void *ctx)
{
	return false;
}

static void a_long_query_can_be_cancelled_and_asked_again(UNUSED void **state)
{
	struct store *st = open_large();
	struct list_query q = { .list = LIST_findings, .order = -1 };
	struct page p = PAGE_INIT;
	struct err e = ERR_INIT;

	q.column = (size_t)list_column(list_def(LIST_findings), "version");
	store_on_progress(st, stop_at_once, NULL);
	assert_false(store_page(st, &q, PAGE_TOP, NULL, 10, &p, &e));
	assert_int_equal(e.kind, ERR_CANCEL);
	store_on_progress(st, NULL, NULL);
	walk_turn(st, &q, PAGE_TOP, NULL, 10, &p);
	assert_int_equal(p.nrow, 10);
	page_release(&p);
	store_close(st);
}

static bool refuse_third(void *ctx, UNUSED const struct row *r, struct err *e)
{
	int *n = ctx;

	return ++*n < 3 || err_set(e, ERR_IO, "no more room");
}

static void a_reader_of_all_rows_may_stop_and_ask_on_the_way(UNUSED void **state)
{
	struct store *st = open_large();
	struct list_query q = { .list = LIST_findings };
	struct err e = ERR_INIT;
	int n = 0;

	assert_false(store_each(st, &q, refuse_third, &n, &e));
	assert_int_equal(n, 3);
	assert_string_equal(e.text, "no more room");
	if (!test_is_slowed())
		assert_int_equal(walk_check_query(st, &q), 6009);
	store_close(st);
}

static void what_cannot_be_asked_is_said(UNUSED void **state)
{
	struct store *st = small_open();
	struct page p = PAGE_INIT;
	struct err e = ERR_INIT;
	struct list_query q = { .list = LIST_audit, .scope = { SCOPE_IMAGE, { 1 } } };

	assert_false(store_page(st, &q, PAGE_TOP, NULL, 10, &p, &e));
	assert_string_equal(e.text, "audit cannot be narrowed to that");
	q = (struct list_query){ .list = LIST_audit, .order = 7 };
	assert_false(store_page(st, &q, PAGE_TOP, NULL, 10, &p, &e));
	assert_string_equal(e.text, "audit has no such order");
	store_close(st);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pages_and_counts_agree_for_every_list_order_and_scope),
		cmocka_unit_test(pages_agree_whatever_column_sorts),
		cmocka_unit_test(rows_show_what_is_known),
		cmocka_unit_test(columns_not_looked_at_are_not_read),
		cmocka_unit_test(a_fix_plan_ranks_changes_and_opens_their_findings),
		cmocka_unit_test(a_plan_of_many_images_opens_what_it_counts),
		cmocka_unit_test(the_plan_of_a_base_is_of_what_it_gives_to_those_on_it),
		cmocka_unit_test(a_rebase_goes_to_what_is_scanned_newer_and_better),
		cmocka_unit_test(a_newer_tag_of_the_same_repository_is_offered),
		cmocka_unit_test(facets_count_by_value_most_frequent_first),
		cmocka_unit_test(each_facet_finds_the_rows_it_counts),
		cmocka_unit_test(sparse_and_dense_filters_page_alike),
		cmocka_unit_test(any_column_sorts_a_large_list),
		cmocka_unit_test(a_row_that_moved_or_went_keeps_its_place),
		cmocka_unit_test(what_was_found_once_is_found_anew_when_the_store_changes),
		cmocka_unit_test(a_long_query_can_be_cancelled_and_asked_again),
		cmocka_unit_test(a_reader_of_all_rows_may_stop_and_ask_on_the_way),
		cmocka_unit_test(what_cannot_be_asked_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
