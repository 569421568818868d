/* SPDX-License-Identifier: MIT */
/* 1522-gate-store.c - what the gate knows of an image, and by which name and when it judges it. */
#include "t/lib/test.h"
#include "t/lib/one_import.h"

#include "store/gate_inner.h"

#define NOW (T0 + 100 * D)

static void an_image(void)
{
	import_begin_test(&in);
	scan(&in, "trivy", NOW - D);
	image(&in, "registry.example/shop/a:1", digest('a'));
	vuln(&in, "CVE-2024-1", "libx", "1.0", SEV_CRITICAL);
	vuln(&in, "CVE-2024-2", "libx", "1.0", SEV_HIGH);
	check(&in, "DS-0002", "Dockerfile", VERDICT_FAIL);
	secret(&in, "aws-key", "/app/.env");
	cover(&in, FINDING_VULNERABILITY);
	put(&in, &(struct record){ REC_SIGNATURE,
				   { .signature = { .digest = digest('a'),
						    .name = "registry.example/shop/a:1",
						    .result = SIGNATURE_OK,
						    .signer = "ci@example",
						    .log_index = -1 } } });
	import_end_test(&in);
}

/* By which it is pulled; whichever comes first in the alphabet. */
static void an_image_is_told_by_the_digest_of_its_manifest(UNUSED void **state)
{
	const struct rec_digest digests[] = { { DIGEST_CONFIG, digest('a') },
					      { DIGEST_MANIFEST, digest('b') } };
	struct gate_answer a = { .digest = NULL };
	struct arena m = ARENA_INIT;
	struct err e = ERR_INIT;

	import_begin_test(&in);
	scan(&in, "trivy", NOW - D);
	put(&in, &(struct record){ REC_ASSET, { .asset = { .kind = ASSET_IMAGE, .name = "app:1",
							   .digest = digests,
							   .ndigest = LENGTH(digests) } } });
	import_end_test(&in);
	assert_true(store_gate(in.st, "app:1", NULL, 0, &m, &a, &e));
	assert_string_equal(a.digest, digest('b'));
	arena_release(&m);
}

static void facts_hold_what_scans_checks_and_signatures_said(UNUSED void **state)
{
	struct arena m = ARENA_INIT;
	struct gate_facts f;
	struct err e = ERR_INIT;
	int64_t id;

	an_image();
	assert_true(store_image_find(in.st, "registry.example/shop/a:1", &id, &e));
	assert_true(gate_facts(in.st, id, &m, &f, &e));
	assert_int_equal(f.n.severity[GATE_VULNERABILITY][SEV_CRITICAL], 1);
	assert_int_equal(f.n.severity[GATE_VULNERABILITY][SEV_HIGH], 1);
	assert_int_equal(f.n.severity[GATE_SECRET][SEV_CRITICAL], 1);
	assert_int_equal(f.n.severity[GATE_LINT][SEV_HIGH], 1);
	assert_int_equal(f.nsignature, 1);
	assert_string_equal(f.signature[0].signer, "ci@example");
	assert_int_equal(f.nrepository, 1);
	assert_string_equal(f.repository[0], "registry.example/shop/a");
	assert_int_equal(f.scanned_at, NOW - D);
	arena_release(&m);
}

static void a_tag_adds_its_policy_to_the_gate_and_the_answer_names_it(UNUSED void **state)
{
	struct arena m = ARENA_INIT;
	struct gate_answer a;
	struct err e = ERR_INIT;
	const struct scope *what;
	bool changed;
	size_t n;

	an_image();
	assert_true(store_gate(in.st, "registry.example/shop/a:1", NULL, 0, &m, &a, &e));
	assert_string_equal(a.policy, "baseline");
	for (size_t i = 0; i < a.nreason; i++)
		assert_string_not_equal(a.reason[i].rule, "vulnerability.high");
	assert_true(store_scope_find(in.st, "repo/registry.example/shop/a", &m, &what, &n, &e));
	assert_true(store_tag(in.st, what, "pci", true, &changed, &e));
	assert_true(store_gate(in.st, "registry.example/shop/a:1", NULL, 0, &m, &a, &e));
	assert_string_equal(a.policy, "pci-dss-4.0.1");
	n = 0;
	for (size_t i = 0; i < a.nreason; i++)
		n += str_eq(a.reason[i].rule, "vulnerability.high") &&
		     str_eq(a.reason[i].policy, "pci-dss-4.0.1");
	assert_int_equal(n, 1);
	arena_release(&m);
}

static void what_runs_is_judged_as_one_by_one(UNUSED void **state)
{
	struct arena m = ARENA_INIT;
	const struct gate_answer *all;
	struct gate_answer one;
	struct err e = ERR_INIT;
	size_t n;

	an_image();
	scan_image(&in, "trivy", "registry.example/shop/b:1", digest('b'), NOW - D, "");
	scan_image(&in, "trivy", "registry.example/shop/c:1", digest('c'), NOW - D, "CVE-2024-7");
	in.o.cluster = "prod";
	import_begin_test(&in);
	scan(&in, "kubectl", NOW - D);
	running(&in, "shop", "a", "pod-a", "registry.example/shop/a:1", digest('a'));
	running(&in, "shop", "b", "pod-b", "registry.example/shop/b:1", digest('b'));
	import_end_test(&in);
	assert_true(gate_running(in.st, &all, &n, &e));
	assert_int_equal(n, 2);
	for (size_t i = 0; i < n; i++) {
		assert_true(store_gate(in.st, all[i].name, NULL, 0, &m, &one, &e));
		assert_int_equal(all[i].admitted, one.admitted);
		assert_int_equal(all[i].nreason, one.nreason);
		for (size_t k = 0; k < one.nreason; k++)
			assert_string_equal(all[i].reason[k].rule, one.reason[k].rule);
	}
	assert_false(all[0].admitted);
	assert_true(all[1].admitted);
	arena_release(&m);
}

/* The first reason against an image; "": none. */
static void refuses(const char *image, const char *policy, const char *rule)
{
	struct arena m = ARENA_INIT;
	struct gate_answer a;
	struct err e = ERR_INIT;

	if (!store_gate(in.st, image, policy, 0, &m, &a, &e))
		fail_msg("%s", e.text);
	assert_string_equal(a.nreason ? a.reason[0].rule : "", rule);
	arena_release(&m);
}

static void an_image_is_judged_by_the_name_it_was_asked_for(UNUSED void **state)
{
	struct arena m = ARENA_INIT;
	struct gate_answer a;
	struct err e = ERR_INIT;

	policy_for_test("places", "{\"approved\":{\"registries\":[\"good.example\"]}}");
	scan_image(&in, "trivy", "good.example/a:1", digest('a'), NOW - D, "");
	scan_image(&in, "trivy", "evil.example/a:1", digest('a'), NOW - D, "");
	refuses("good.example/a:1", "places", "");
	refuses("evil.example/a:1", "places", "registry");
	refuses(digest('a'), "places", "");
	assert_false(store_gate(in.st, "good.example/a:1", "absent", 0, &m, &a, &e));
	assert_non_null(strstr(e.text, "absent"));
	arena_release(&m);
}

static void findings_count_by_what_fixes_them_and_whether_they_are_in_kev(UNUSED void **state)
{
	struct arena m = ARENA_INIT;
	struct gate_facts f;
	struct err e = ERR_INIT;
	int64_t id;

	import_begin_test(&in);
	scan(&in, "trivy", NOW - D);
	image(&in, "registry.example/shop/a:1", digest('a'));
	for (int i = 0; i < 2; i++)
		put(&in, &(struct record){ REC_VULNERABILITY,
					   { .vulnerability = { .id = "CVE-2024-1",
								.package_type = "deb",
								.package = i ? "libx" : "liby",
								.version = "1.0",
								.fixed_in = i ? "1.1" : NULL,
								.kev = true,
								.severity = SEV_HIGH,
								.score = -1,
								.epss = -1 } } });
	import_end_test(&in);
	assert_true(store_image_find(in.st, "registry.example/shop/a:1", &id, &e));
	assert_true(gate_facts(in.st, id, &m, &f, &e));
	assert_int_equal(f.n.severity[GATE_VULNERABILITY][SEV_HIGH], 2);
	assert_int_equal(f.n.fixable[SEV_HIGH], 1);
	assert_int_equal(f.n.kev, 2);
	assert_int_equal(f.n.kev_fixable, 1);
	assert_string_equal(f.finding[0].package, "liby");
	arena_release(&m);
}

static void what_runs_is_judged_anew_when_the_store_or_the_minute_is_another(UNUSED void **state)
{
	const struct gate_answer *all;
	struct err e = ERR_INIT;
	size_t n;

	scan_image(&in, "trivy", "registry.example/shop/b:1", digest('b'), NOW - D, "");
	in.o.cluster = "prod";
	import_begin_test(&in);
	scan(&in, "kubectl", NOW - D);
	running(&in, "shop", "b", "pod-b", "registry.example/shop/b:1", digest('b'));
	import_end_test(&in);
	assert_true(gate_running(in.st, &all, &n, &e));
	assert_true(n == 1 && all[0].admitted);
	in.st->now += 30 * D;
	assert_true(gate_running(in.st, &all, &n, &e));
	assert_int_equal(all[0].admitted, false);
	assert_string_equal(all[0].reason[0].rule, "scan.age");
	scan_image(&in, "trivy", "registry.example/shop/b:1", digest('b'), NOW + 30 * D, "");
	assert_true(gate_running(in.st, &all, &n, &e));
	assert_true(n == 1 && all[0].admitted);
}

#define S(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		S(an_image_is_told_by_the_digest_of_its_manifest),
		S(facts_hold_what_scans_checks_and_signatures_said),
		S(a_tag_adds_its_policy_to_the_gate_and_the_answer_names_it),
		S(an_image_is_judged_by_the_name_it_was_asked_for),
		S(findings_count_by_what_fixes_them_and_whether_they_are_in_kev),
		S(what_runs_is_judged_as_one_by_one),
		S(what_runs_is_judged_anew_when_the_store_or_the_minute_is_another),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
