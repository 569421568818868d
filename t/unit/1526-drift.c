/* SPDX-License-Identifier: MIT */
/* 1526-drift.c - what runs although the gate refuses it, or admission denied it. */
#include <stdio.h>

#include "t/lib/test.h"
#include "t/lib/one_import.h"

#include "store/gate_inner.h"

#define NOW (T0 + 100 * D)

static size_t drift_of(const char *kind, int64_t *which)
{
	struct list_query q = { .list = LIST_drift };
	struct page p = PAGE_INIT;
	struct err e = ERR_INIT;
	size_t n = 0;

	if (!store_page(in.st, &q, PAGE_TOP, NULL, 100, &p, &e))
		fail_msg("%s", e.text);
	for (size_t i = 0; i < p.nrow; i++)
		if (str_eq(p.row[i].val[1].u.s, kind)) {
			*which = p.row[i].key[0];
			n++;
		}
	page_release(&p);
	return n;
}

static void a_pod(const char *name, const char *config, int64_t at)
{
	in.o.cluster = "prod";
	import_begin_test(&in);
	scan(&in, "kubectl", at);
	running(&in, "shop", "web", "web-1", name, config);
	import_end_test(&in);
}

static void admission(const char *action, int64_t at, const char *image)
{
	char raw[64];

	snprintf(raw, sizeof(raw), "%s %lld", action, (long long)at);
	in.o.cluster = "prod";
	import_begin_test(&in);
	scan(&in, "gatekeeper", at);
	put(&in, &(struct record){ REC_EVENT,
				   { .event = { .kind = EVENT_ADMISSION,
						.ts_ns = at * NS_PER_S,
						.rule = "no-root",
						.priority = PRIO_WARNING,
						.action = action,
						.namespace = "shop",
						.workload_kind = "Deployment",
						.workload = "web",
						.image = image,
						.raw = raw,
						.raw_len = strlen(raw) } } });
	import_end_test(&in);
}

static void what_runs_and_is_refused_drifts_until_it_is_mended(UNUSED void **state)
{
	int64_t refused, denied, which = 0;
	struct err e = ERR_INIT;

	import_begin_test(&in);
	scan(&in, "trivy", NOW - D);
	image(&in, "registry.example/shop/a:1", digest('a'));
	vuln(&in, "CVE-2024-1", "libx", "1.0", SEV_CRITICAL);
	import_end_test(&in);
	assert_int_equal(drift_of("gate", &which), 0);
	a_pod("registry.example/shop/a:1", digest('a'), NOW - D);
	assert_int_equal(drift_of("gate", &which), 1);
	assert_true(drift_counts(in.st, 0, &refused, &denied, &e));
	assert_int_equal(refused, 1);
	assert_int_equal(denied, 0);
	scan_image(&in, "trivy", "registry.example/shop/b:1", digest('b'), NOW - D, "");
	a_pod("registry.example/shop/b:1", digest('b'), NOW - D + 60);
	assert_int_equal(drift_of("gate", &which), 0);
}

static void want_of_evidence_is_no_drift(UNUSED void **state)
{
	int64_t which = 0;

	a_pod("registry.example/shop/new:1", digest('e'), NOW - D);
	assert_int_equal(drift_of("gate", &which), 0);
}

static void what_admission_denied_last_and_runs_drifts(UNUSED void **state)
{
	int64_t refused, denied, which = 0;
	struct err e = ERR_INIT;

	scan_image(&in, "trivy", "registry.example/shop/b:1", digest('b'), NOW - D, "");
	a_pod("registry.example/shop/b:1", digest('b'), NOW - D);
	assert_int_equal(drift_of("admission", &which), 0);
	admission("denied", NOW - 7200, NULL);
	assert_int_equal(drift_of("admission", &which), 1);
	assert_true(drift_counts(in.st, 0, &refused, &denied, &e));
	assert_int_equal(denied, 1);
	admission("allowed", NOW - 3600, NULL);
	assert_int_equal(drift_of("admission", &which), 0);
	admission("denied", NOW - 1800, "registry.example/other:1");
	assert_int_equal(drift_of("admission", &which), 0);
	admission("denied", NOW - 900, "registry.example/shop/b:1");
	assert_int_equal(drift_of("admission", &which), 1);
}

#define S(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		S(what_runs_and_is_refused_drifts_until_it_is_mended),
		S(want_of_evidence_is_no_drift),
		S(what_admission_denied_last_and_runs_drifts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
