/* SPDX-License-Identifier: MIT */
/* 2010-kube.c - workloads, images and times, however a Kubernetes tool spells them. */
#include "t/lib/test.h"

#include "importers/kube.h"

static void check_workload(const char *kind, const char *name, const char *want_kind,
                           const char *want)
{
	struct arena mem = ARENA_INIT;
	struct kube_workload w = kube_workload(&mem, kind, name);

	if (!str_eq(w.kind, want_kind) || !str_eq(w.name, want))
		fail_msg("%s %s: %s %s", kind, name, w.kind, w.name);
	arena_release(&mem);
}

static void a_name_leads_to_what_was_deployed(UNUSED void **state)
{
	check_workload("Pod", "web-7d4b9c6f58-x2k9p", "Deployment", "web");
	check_workload("Pod", "go-default-516098-5bdbf8c8f5-g8gvc", "Deployment",
	               "go-default-516098");
	check_workload("ReplicaSet", "web-7d4b9c6f58", "Deployment", "web");
	check_workload("Pod", "api-jmg94j54l9-lx55p", "Deployment", "api");
	check_workload("Job", "backup-29012345", "CronJob", "backup");
	check_workload("Job", "backup-1627384920", "CronJob", "backup");
	check_workload("Pod", "backup-29012345-4fk9d", "CronJob", "backup");
}

static void a_name_that_only_looks_made_up_is_kept(UNUSED void **state)
{
	check_workload("Deployment", "web-7d4b9c6f58", "Deployment", "web-7d4b9c6f58");
	check_workload("ReplicaSet", "front-end", "ReplicaSet", "front-end");
	check_workload("ReplicaSet", "web-v123456", "ReplicaSet", "web-v123456");
	check_workload("ReplicaSet", "web-bcdfghjk", "ReplicaSet", "web-bcdfghjk");
	check_workload("Pod", "web-bcdfghjk-x2k9p", "Pod", "web-bcdfghjk");
	check_workload("Job", "migrate-2024", "Job", "migrate-2024");
	check_workload("Pod", "db-0", "Pod", "db-0");
	check_workload("Pod", "kube-apiserver-plane", "Pod", "kube-apiserver-plane");
	check_workload("Pod", "x2k9p", "Pod", "x2k9p");
	check_workload("Pod", "-x2k9p", "Pod", "-x2k9p");
}

static void a_pod_of_an_unknown_controller_loses_its_random_end(UNUSED void **state)
{
	check_workload("Pod", "exporter-8944q", "Pod", "exporter");
}

static void nothing_leads_to_nothing(UNUSED void **state)
{
	check_workload("Pod", NULL, NULL, NULL);
	check_workload(NULL, "web", NULL, NULL);
	check_workload("Pod", "<NA>", NULL, NULL);
}

static void the_template_hash_names_the_deployment(UNUSED void **state)
{
	struct arena mem = ARENA_INIT;
	struct kube_workload w = kube_owner(&mem, "ReplicaSet", "web-abc", "abc");

	assert_string_equal(w.kind, "Deployment");
	assert_string_equal(w.name, "web");
	w = kube_owner(&mem, "ReplicaSet", "web-abc", "xyz");
	assert_string_equal(w.kind, "ReplicaSet");
	assert_string_equal(w.name, "web-abc");
	w = kube_owner(&mem, "DaemonSet", "agent", "abc");
	assert_string_equal(w.kind, "DaemonSet");
	arena_release(&mem);
}

static void absent_has_five_spellings(UNUSED void **state)
{
	assert_null(kube_value(NULL));
	assert_null(kube_value(""));
	assert_null(kube_value("<NA>"));
	assert_null(kube_value("null"));
	assert_null(kube_value("%ka.req.binding"));
	assert_null(kube_value("%proc.aname[2]"));
	assert_string_equal(kube_value("%"), "%");
	assert_string_equal(kube_value("%d items"), "%d items");
	assert_string_equal(kube_value("100%"), "100%");
}

static void a_container_is_known_without_its_scheme(UNUSED void **state)
{
	assert_string_equal(kube_container("containerd://551e"), "551e");
	assert_string_equal(kube_container("cri-o://551e"), "551e");
	assert_string_equal(kube_container("551e"), "551e");
	assert_null(kube_container("host"));
	assert_null(kube_container(""));
	assert_null(kube_container("docker://"));
}

#define HEX "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void a_manifest_and_a_configuration_are_told_apart(UNUSED void **state)
{
	struct arena mem = ARENA_INIT;

	assert_string_equal(kube_manifest_digest("docker-pullable://nginx@sha256:" HEX),
	                    "sha256:" HEX);
	assert_null(kube_manifest_digest("docker://sha256:" HEX));
	assert_null(kube_manifest_digest("nginx@sha256:0123"));
	assert_null(kube_manifest_digest(NULL));
	assert_string_equal(kube_config_digest(&mem, "docker://sha256:" HEX), "sha256:" HEX);
	assert_string_equal(kube_config_digest(&mem, HEX), "sha256:" HEX);
	assert_null(kube_config_digest(&mem, "nginx@sha256:" HEX));
	assert_null(kube_config_digest(&mem, "sha256:ABC"));
	assert_null(kube_config_digest(&mem, NULL));
	arena_release(&mem);
}

static void seconds_keep_their_digits(UNUSED void **state)
{
	int64_t ns = -1;

	assert_true(kube_epoch_ns("1632889070.3075402", &ns));
	assert_true(ns == INT64_C(1632889070307540200));
	assert_true(kube_epoch_ns("1632889070", &ns));
	assert_true(ns == INT64_C(1632889070000000000));
	assert_true(kube_epoch_ns("1.1234567891", &ns));
	assert_true(ns == INT64_C(1123456789));
	assert_false(kube_epoch_ns("", &ns));
	assert_true(kube_epoch_ns("1.6328890703075402e+09", &ns));
	assert_int_equal(ns, INT64_C(1632889070307540200));
	assert_true(kube_epoch_ns("1.666094801E9", &ns));
	assert_int_equal(ns, INT64_C(1666094801000000000));
	assert_true(kube_epoch_ns("1e9", &ns));
	assert_int_equal(ns, INT64_C(1000000000000000000));
	assert_true(kube_epoch_ns("1.5e0", &ns));
	assert_int_equal(ns, INT64_C(1500000000));
	assert_false(kube_epoch_ns("1e-9", &ns));
	assert_false(kube_epoch_ns("1e99", &ns));
	assert_false(kube_epoch_ns("1e18", &ns));
	assert_false(kube_epoch_ns("1.5e", &ns));
	assert_false(kube_epoch_ns("1.5.5e9", &ns));
	assert_false(kube_epoch_ns("e9", &ns));
	assert_false(kube_epoch_ns("1234567890123456789012345e9", &ns));
	assert_false(kube_epoch_ns("2021-09-29", &ns));
	assert_false(kube_epoch_ns("99999999999999999999", &ns));
}

static void an_object_belongs_to_a_workload_or_to_what_holds_it(UNUSED void **state)
{
	struct arena mem = ARENA_INIT;
	struct rec_asset a;

	assert_null(kube_asset(&mem, "Deployment", "shop", "web", &a));
	assert_int_equal(a.kind, ASSET_WORKLOAD);
	assert_string_equal(a.name, "web");
	assert_string_equal(a.namespace, "shop");
	assert_null(kube_asset(&mem, "Namespace", NULL, "shop", &a));
	assert_int_equal(a.kind, ASSET_NAMESPACE);
	assert_null(kube_asset(&mem, "Node", NULL, "worker-1", &a));
	assert_int_equal(a.kind, ASSET_HOST);
	assert_string_equal(kube_asset(&mem, "Service", "shop", "web", &a), "Service/web");
	assert_int_equal(a.kind, ASSET_NAMESPACE);
	assert_string_equal(a.name, "shop");
	assert_string_equal(kube_asset(&mem, "ClusterRole", NULL, "wide", &a), "ClusterRole/wide");
	assert_int_equal(a.kind, ASSET_CLUSTER);
	assert_null(kube_asset(&mem, NULL, NULL, NULL, &a));
	assert_int_equal(a.kind, ASSET_CLUSTER);
	arena_release(&mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_name_leads_to_what_was_deployed),
		cmocka_unit_test(a_name_that_only_looks_made_up_is_kept),
		cmocka_unit_test(a_pod_of_an_unknown_controller_loses_its_random_end),
		cmocka_unit_test(nothing_leads_to_nothing),
		cmocka_unit_test(the_template_hash_names_the_deployment),
		cmocka_unit_test(absent_has_five_spellings),
		cmocka_unit_test(a_container_is_known_without_its_scheme),
		cmocka_unit_test(a_manifest_and_a_configuration_are_told_apart),
		cmocka_unit_test(seconds_keep_their_digits),
		cmocka_unit_test(an_object_belongs_to_a_workload_or_to_what_holds_it),
	};

	return cmocka_run_group_tests_name("kube", tests, NULL, NULL);
}
