/* SPDX-License-Identifier: MIT */
/* 1312-matrix.c - rules by cluster: most failed first, and a silent cluster says nothing. */
#include "t/lib/test.h"
#include "t/lib/records.h"

static struct import in;

/* What kube-bench says of one cluster's control plane at one time. */
static void bench(const char *cluster, int64_t at, const char *const *rule,
                  const enum verdict *verdict, size_t n)
{
	in.o.cluster = cluster;
	import_begin_test(&in);
	scan(&in, "kube-bench", at);
	host(&in, "cp-1");
	for (size_t i = 0; i < n; i++)
		check(&in, rule[i], "", verdict[i]);
	import_end_test(&in);
}

static int setup(UNUSED void **state)
{
	static const char *const rule[] = { "1.1", "1.2", "1.3" };

	import_init(&in, store_for_test());
	bench("east", T0 + 99 * D, rule,
	      (enum verdict[]){ VERDICT_FAIL, VERDICT_FAIL, VERDICT_PASS }, 3);
	bench("west", T0 + 99 * D, rule,
	      (enum verdict[]){ VERDICT_PASS, VERDICT_FAIL, VERDICT_MANUAL }, 3);
	bench("edge", T0, rule, (enum verdict[]){ VERDICT_FAIL, VERDICT_FAIL, VERDICT_FAIL }, 3);
	return 0;
}

static int teardown(UNUSED void **state)
{
	import_free(&in);
	store_close(in.st);
	return 0;
}

static struct matrix load(struct arena *mem)
{
	struct matrix m;
	struct err e = ERR_INIT;

	if (!store_matrix(in.st, mem, &m, &e))
		fail_msg("%s", e.text);
	return m;
}

/* The letter of a rule's row in the column of a cluster; '?' when either is not there. */
static char cell(const struct matrix *m, const char *rule, const char *cluster)
{
	for (size_t r = 0; r < m->nrow; r++)
		for (size_t c = 0; c < m->ncluster; c++)
			if (str_suffix(m->row[r].ident, rule) &&
			    str_eq(m->cluster[c].name, cluster))
				return m->row[r].cell[c];
	return '?';
}

static void what_most_clusters_fail_comes_first(UNUSED void **state)
{
	struct arena mem = ARENA_INIT;
	struct matrix m = load(&mem);

	assert_int_equal(m.ncluster, 3);
	assert_true(m.nrow >= 2);
	assert_true(str_suffix(m.row[0].ident, "1.2"));
	assert_int_equal(m.row[0].clusters, 2);
	arena_release(&mem);
}

static void each_cell_has_the_worst_of_its_checks(UNUSED void **state)
{
	struct arena mem = ARENA_INIT;
	struct matrix m = load(&mem);

	assert_int_equal(cell(&m, "1.1", "east"), 'F');
	assert_int_equal(cell(&m, "1.1", "west"), 'P');
	assert_int_equal(cell(&m, "1.2", "west"), 'F');
	arena_release(&mem);
}

static void a_silent_cluster_is_a_row_of_dashes(UNUSED void **state)
{
	struct arena mem = ARENA_INIT;
	struct matrix m = load(&mem);

	assert_int_equal(cell(&m, "1.1", "edge"), '-');
	assert_int_equal(cell(&m, "1.2", "edge"), '-');
	assert_int_equal(cell(&m, "1.3", "edge"), '?'); /* nobody that speaks fails it */
	assert_int_equal(m.all, 3);
	arena_release(&mem);
}

/* The number that a column of the list of clusters has for this one; -1: none is told. */
static int64_t told(const struct page *p, const char *cluster, const char *column)
{
	const struct list_info *li = store_list(LIST_clusters);
	size_t name = 0, col = 0;

	for (size_t i = 0; i < li->ncol; i++) {
		name = str_eq(li->col[i].name, "name") ? i : name;
		col = str_eq(li->col[i].name, column) ? i : col;
	}
	for (size_t r = 0; r < p->nrow; r++)
		if (str_eq(p->row[r].val[name].u.s, cluster))
			return p->row[r].val[col].type == VAL_NULL ? -1 : p->row[r].val[col].u.i;
	fail_msg("no cluster %s", cluster);
	return 0;
}

static void the_list_counts_nothing_of_what_fell_silent(UNUSED void **state)
{
	static const char *const no_word[] = { "pass", "fail", "manual", "cis", "nsa", "alerts",
	                                       "late", "denied" };
	const struct list_query q = { .list = LIST_clusters };
	struct page p = PAGE_INIT;
	struct err e = ERR_INIT;

	assert_true(store_page(in.st, &q, PAGE_TOP, NULL, 10, &p, &e));
	assert_int_equal(told(&p, "east", "fail"), 2);
	assert_int_equal(told(&p, "east", "pass"), 1);
	assert_int_equal(told(&p, "east", "alerts"), 0);
	for (size_t i = 0; i < LENGTH(no_word); i++)
		assert_int_equal(told(&p, "edge", no_word[i]), -1);
	assert_int_equal(told(&p, "edge", "nodes"), 1);
	page_release(&p);
}

struct placed {
	const char *rule, *place;
	enum severity severity;
	enum verdict verdict;
};

/* More of the cluster south, whose benchmark looks at several places by one rule. */
static void south(const struct placed *x, size_t n)
{
	in.o.cluster = "south";
	import_begin_test(&in);
	scan(&in, "kube-bench", T0 + 99 * D);
	host(&in, "cp-1");
	for (size_t i = 0; i < n; i++)
		put(&in, &(struct record){
				 REC_CHECK,
				 { .check = { .kind = FINDING_MISCONFIGURATION,
					      .rule = { .id = x[i].rule,
							.severity = x[i].severity },
					      .verdict = x[i].verdict,
					      .place = x[i].place } } });
	import_end_test(&in);
}

static void of_several_places_the_worst_word_stands(void **state)
{
	static const struct placed x[] = {
		{ "1.1", "a", SEV_HIGH, VERDICT_PASS },	  { "1.1", "b", SEV_HIGH, VERDICT_MANUAL },
		{ "1.2", "a", SEV_HIGH, VERDICT_MANUAL }, { "1.2", "b", SEV_HIGH, VERDICT_FAIL },
		{ "2.1", "a", SEV_HIGH, VERDICT_FAIL },	  { "2.1", "b", SEV_HIGH, VERDICT_PASS },
		{ "1.3", "a", SEV_HIGH, VERDICT_WARN },	  { "1.3", "b", SEV_HIGH, VERDICT_MANUAL },
		{ "2.2", "a", SEV_HIGH, VERDICT_PASS },	  { "2.2", "b", SEV_HIGH, VERDICT_WARN },
	};
	struct arena mem = ARENA_INIT;
	struct matrix m;

	(void)state;
	bench("north", T0 + 99 * D, (const char *[]){ "1.3", "2.2" },
	      (enum verdict[]){ VERDICT_FAIL, VERDICT_FAIL }, 2);
	south(x, LENGTH(x));
	m = load(&mem);
	assert_int_equal(cell(&m, "1.1", "south"), 'm');
	assert_int_equal(cell(&m, "1.2", "south"), 'F');
	assert_int_equal(cell(&m, "2.1", "south"), 'F');
	assert_int_equal(cell(&m, "1.3", "south"), 'm');
	assert_int_equal(cell(&m, "2.2", "south"), 'w');
	arena_release(&mem);
}

static void of_equal_reach_the_more_severe_then_the_more_failed_comes_first(void **state)
{
	static const struct placed x[] = {
		{ "3.1", "a", SEV_LOW, VERDICT_FAIL },	{ "3.1", "b", SEV_LOW, VERDICT_FAIL },
		{ "3.2", "a", SEV_HIGH, VERDICT_FAIL }, { "3.3", "a", SEV_HIGH, VERDICT_FAIL },
		{ "3.3", "b", SEV_HIGH, VERDICT_FAIL }, { "3.4", "a", SEV_CRITICAL, VERDICT_FAIL },
		{ "3.0", "a", SEV_LOW, VERDICT_FAIL },
	};
	static const char *const order[] = { "1.2", "3.4", "3.3", "1.1", "3.2", "3.1", "3.0" };
	struct arena mem = ARENA_INIT;
	struct matrix m;

	(void)state;
	south(x, LENGTH(x));
	m = load(&mem);
	assert_int_equal(m.nrow, LENGTH(order));
	for (size_t i = 0; i < LENGTH(order); i++)
		assert_true(str_suffix(m.row[i].ident, order[i]));
	arena_release(&mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_most_clusters_fail_comes_first, setup,
		                                teardown),
		cmocka_unit_test_setup_teardown(each_cell_has_the_worst_of_its_checks, setup,
		                                teardown),
		cmocka_unit_test_setup_teardown(a_silent_cluster_is_a_row_of_dashes, setup,
		                                teardown),
		cmocka_unit_test_setup_teardown(the_list_counts_nothing_of_what_fell_silent, setup,
		                                teardown),
		cmocka_unit_test_setup_teardown(of_several_places_the_worst_word_stands, setup,
		                                teardown),
		cmocka_unit_test_setup_teardown(
			of_equal_reach_the_more_severe_then_the_more_failed_comes_first, setup,
			teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
