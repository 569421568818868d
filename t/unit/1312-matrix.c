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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_most_clusters_fail_comes_first, setup,
		                                teardown),
		cmocka_unit_test_setup_teardown(each_cell_has_the_worst_of_its_checks, setup,
		                                teardown),
		cmocka_unit_test_setup_teardown(a_silent_cluster_is_a_row_of_dashes, setup,
		                                teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
