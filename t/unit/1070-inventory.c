/* SPDX-License-Identifier: MIT */
/* 1070-inventory.c - what runs where, what is exposed, and what stops. */
#include "t/lib/test.h"
#include "t/lib/records.h"

static struct import in;

static int setup(UNUSED void **state)
{
	import_init(&in, store_for_test());
	in.o.cluster = "prod";
	return 0;
}

static int teardown(UNUSED void **state)
{
	import_free(&in);
	store_close(in.st);
	return 0;
}

static void begin(int64_t at)
{
	import_begin_test(&in);
	scan(&in, "kubectl", at);
}

static void service(const char *name, const char *type, const char *selector)
{
	put(&in, &(struct record){ REC_OBJECT,
				   { .object = { .kind = OBJECT_SERVICE,
						 .namespace = "shop",
						 .name = name,
						 .type = type,
						 .selector = selector } } });
}

static void object(enum object_kind kind, const char *namespace, const char *name)
{
	put(&in, &(struct record){ REC_OBJECT,
				   { .object = { .kind = kind,
						 .namespace = namespace,
						 .name = name,
						 .type = "Deployment",
						 .replicas = -1 } } });
}

static void every_kind_of_object(void)
{
	running(&in, "shop", "web", "web-1", "app:1", digest('a'));
	object(OBJECT_NODE, NULL, "node-1");
	object(OBJECT_NAMESPACE, NULL, "shop");
	object(OBJECT_WORKLOAD, "shop", "web");
	object(OBJECT_WORKLOAD, "shop", "web");
	object(OBJECT_INGRESS, "shop", "front");
	service("front", "ClusterIP", "app=web");
	service("front", "ClusterIP", "app=web");
}

static void each_object_is_created_once(UNUSED void **state)
{
	begin(T0);
	every_kind_of_object();
	import_end_test(&in);
	assert_int_equal(in.stats.read[COUNT_OBJECTS], 7);
	assert_int_equal(in.stats.created[COUNT_OBJECTS], 5);
	begin(T0 + D);
	every_kind_of_object();
	object(OBJECT_NAMESPACE, NULL, "pay");
	import_end_test(&in);
	assert_int_equal(in.stats.created[COUNT_OBJECTS], 1);
	assert_int_equal(in.stats.unchanged[COUNT_OBJECTS], 5);
}

static int64_t exposed(void)
{
	return number(in.st, "SELECT exposed FROM image");
}

static void an_image_runs_where_the_newest_inventory_shows_it(UNUSED void **state)
{
	begin(T0);
	running(&in, "shop", "web", "web-1", "app:1", digest('a'));
	running(&in, "pay", "api", "api-1", "app:1", digest('a'));
	import_end_test(&in);
	assert_int_equal(number(in.st, "SELECT running FROM image"), 2);
	begin(T0 + D);
	running(&in, "shop", "web", "web-2", "app:2", digest('b'));
	import_end_test(&in);
	assert_int_equal(in.stats.resolved[COUNT_CONTAINERS], 1);
	assert_int_equal(number(in.st, "SELECT running FROM image ORDER BY asset LIMIT 1"), 1);
}

static void an_older_inventory_changes_nothing_that_runs(UNUSED void **state)
{
	begin(T0 + D);
	running(&in, "shop", "web", "web-1", "app:1", digest('a'));
	import_end_test(&in);
	begin(T0);
	running(&in, "shop", "web", "web-0", "app:0", digest('b'));
	import_end_test(&in);
	assert_int_equal(number(in.st, "SELECT sum(running) FROM image"), 1);
	assert_int_equal(number(in.st, "SELECT running FROM image ORDER BY asset LIMIT 1"), 1);
}

static void a_cluster_that_falls_silent_retires_nothing(UNUSED void **state)
{
	begin(T0);
	running(&in, "shop", "web", "web-1", "app:1", digest('a'));
	import_end_test(&in);
	in.o.cluster = "other";
	begin(T0 + 50 * D);
	running(&in, "shop", "web", "web-9", "app:9", digest('c'));
	import_end_test(&in);
	assert_int_equal(number(in.st, "SELECT sum(running) FROM image"), 2);
}

static void a_partial_inventory_stops_nothing(UNUSED void **state)
{
	begin(T0);
	running(&in, "shop", "web", "web-1", "app:1", digest('a'));
	import_end_test(&in);
	in.o.partial = true;
	begin(T0 + D);
	running(&in, "shop", "api", "api-1", "app:1", digest('a'));
	import_end_test(&in);
	assert_int_equal(number(in.st, "SELECT running FROM image"), 2);
}

static void findings_are_counted_where_the_image_runs(UNUSED void **state)
{
	scan_image(&in, "trivy", "app:1", digest('a'), T0, "CVE-1 CVE-2");
	begin(T0);
	running(&in, "shop", "web", "web-1", "app:1", digest('a'));
	import_end_test(&in);
	assert_int_equal(number(in.st,
				"SELECT sum(n) FROM tally AS t JOIN asset AS a ON a.id = t.scope\n"
				"WHERE a.kind = 2"),
			 2);
	assert_int_equal(number(in.st, "SELECT max(running) FROM problem"), 1);
	begin(T0 + D);
	running(&in, "shop", "web", "web-2", "app:2", digest('b'));
	import_end_test(&in);
	assert_int_equal(
		number(in.st, "SELECT count(*) FROM tally AS t JOIN asset AS a ON a.id = t.scope\n"
			      "WHERE a.kind = 2"),
		0);
	assert_int_equal(number(in.st, "SELECT max(running) FROM problem"), 0);
}

static void without_services_everything_may_be_exposed(UNUSED void **state)
{
	begin(T0);
	running(&in, "shop", "web", "web-1", "app:1", digest('a'));
	import_end_test(&in);
	assert_int_equal(exposed(), 1);
}

static void a_load_balancer_exposes_what_it_selects(UNUSED void **state)
{
	begin(T0);
	running(&in, "shop", "web", "web-1", "app:1", digest('a'));
	service("inner", "ClusterIP", "app=web");
	import_end_test(&in);
	assert_int_equal(exposed(), 0);
	begin(T0 + D);
	running(&in, "shop", "web", "web-1", "app:1", digest('a'));
	service("outer", "LoadBalancer", "app=web");
	import_end_test(&in);
	assert_int_equal(exposed(), 2);
	begin(T0 + 2 * D);
	running(&in, "shop", "web", "web-1", "app:1", digest('a'));
	service("outer", "LoadBalancer", "app=web\ntier=front");
	import_end_test(&in);
	assert_int_equal(exposed(), 0);
}

static void an_ingress_exposes_the_services_behind_it(UNUSED void **state)
{
	begin(T0);
	running(&in, "shop", "web", "web-1", "app:1", digest('a'));
	service("inner", "ClusterIP", "app=web");
	put(&in, &(struct record){ REC_OBJECT,
				   { .object = { .kind = OBJECT_INGRESS,
						 .namespace = "shop",
						 .name = "front",
						 .backends = "other\ninner" } } });
	import_end_test(&in);
	assert_int_equal(exposed(), 2);
}

static void a_cluster_without_a_name_is_unnamed_and_warned_of(UNUSED void **state)
{
	in.o.cluster = NULL;
	begin(T0);
	running(&in, "shop", "web", "web-1", "app:1", digest('a'));
	import_end_test(&in);
	assert_int_equal(in.stats.nwarning, 1);
	assert_int_equal(
		number(in.st, "SELECT count(*) FROM asset WHERE kind = 2 AND name = 'unnamed'"), 1);
}

static void the_uid_of_kube_system_makes_two_names_one_cluster(UNUSED void **state)
{
	const struct record ns = {
		REC_OBJECT,
		{ .object = { .kind = OBJECT_NAMESPACE, .name = "kube-system", .uid = "u-1" } }
	};

	begin(T0);
	put(&in, &ns);
	running(&in, "shop", "web", "web-1", "app:1", digest('a'));
	import_end_test(&in);
	in.o.cluster = "prod-eu";
	begin(T0 + D);
	put(&in, &ns);
	running(&in, "shop", "web", "web-1", "app:1", digest('a'));
	running(&in, "pay", "api", "api-1", "app:1", digest('a'));
	import_end_test(&in);
	assert_int_equal(number(in.st, "SELECT count(*) FROM cluster"), 1);
	assert_int_equal(number(in.st, "SELECT count(*) FROM asset WHERE kind = 3"), 3);
	assert_int_equal(number(in.st, "SELECT count(*) FROM audit WHERE act = 'merge'"), 1);
	begin(T0 + 2 * D);
	running(&in, "shop", "web", "web-1", "app:1", digest('a'));
	import_end_test(&in);
	assert_int_equal(number(in.st, "SELECT count(*) FROM cluster"), 1);
}

static void a_benchmark_without_a_node_is_on_node_unnamed_and_says_so(UNUSED void **state)
{
	in.o.cluster = NULL;
	import_begin_test(&in);
	scan(&in, "docker-bench", T0);
	host(&in, NULL);
	check(&in, "1.1", "", VERDICT_PASS);
	import_end_test(&in);
	assert_int_equal(in.stats.nwarning, 1);
	assert_int_equal(
		number(in.st, "SELECT count(*) FROM asset WHERE kind = 1 AND name = 'unnamed'"), 1);
}

static void known(const char *kind, const char *name)
{
	put(&in, &(struct record){ REC_OBJECT,
				   { .object = { .kind = OBJECT_WORKLOAD,
						 .namespace = "shop",
						 .type = kind,
						 .name = name } } });
}

/* Where a check of this pod goes, as the name of the asset. */
static void pod_is(const char *pod, const char *want)
{
	struct buf sql = BUF_INIT;

	import_begin_test(&in);
	scan(&in, "kyverno", T0 + D);
	put(&in, &(struct record){ REC_ASSET,
				   { .asset = { .kind = ASSET_WORKLOAD,
						.namespace = "shop",
						.workload_kind = "Pod",
						.name = pod } } });
	check(&in, pod, NULL, VERDICT_FAIL);
	import_end_test(&in);
	buf_addf(&sql,
		 "SELECT count(*) FROM finding AS f JOIN asset AS a ON a.id = f.asset\n"
		 "JOIN advisory AS v ON v.id = f.advisory WHERE a.name = '%s' AND v.name = '%s'",
		 want, pod);
	assert_int_equal(number(in.st, sql.s), 1);
	buf_release(&sql);
}

static void a_pod_known_by_name_belongs_to_the_workload_of_that_name(UNUSED void **state)
{
	begin(T0);
	known("DaemonSet", "agent");
	known("StatefulSet", "db");
	known("Deployment", "web");
	import_end_test(&in);
	pod_is("agent", "DaemonSet/agent");
	pod_is("db-0", "StatefulSet/db");
	pod_is("web", "Pod/web");
	pod_is("web-1", "Pod/web-1");
	pod_is("db-x", "Pod/db-x");
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(each_object_is_created_once),
		T(an_image_runs_where_the_newest_inventory_shows_it),
		T(an_older_inventory_changes_nothing_that_runs),
		T(a_cluster_that_falls_silent_retires_nothing),
		T(a_partial_inventory_stops_nothing),
		T(findings_are_counted_where_the_image_runs),
		T(without_services_everything_may_be_exposed),
		T(a_load_balancer_exposes_what_it_selects),
		T(an_ingress_exposes_the_services_behind_it),
		T(a_cluster_without_a_name_is_unnamed_and_warned_of),
		T(the_uid_of_kube_system_makes_two_names_one_cluster),
		T(a_benchmark_without_a_node_is_on_node_unnamed_and_says_so),
		T(a_pod_known_by_name_belongs_to_the_workload_of_that_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
