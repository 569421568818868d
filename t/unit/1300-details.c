/* SPDX-License-Identifier: MIT */
/* 1300-details.c - one thing in full. */
#include "t/lib/small.h"

static void a_finding_is_told_in_full(UNUSED void **state)
{
	struct store *st = small_open();
	struct arena mem = ARENA_INIT;
	struct finding_detail d;
	struct err e = ERR_INIT;

	if (!store_finding(st, (const int64_t[]){ 1, 1, 1 }, &mem, &d, &e))
		fail_msg("%s", e.text);
	assert_string_equal(d.name, "CVE-2024-24790");
	assert_string_equal(d.text, "A mapped address was not seen as private.");
	assert_int_equal(d.severity, SEV_CRITICAL);
	assert_string_equal(d.asset_name, "registry.example/payments/api:2.14.1");
	assert_true(str_prefix(d.asset_digest, "sha256:aaaaaaaaaaaaaaaa"));
	assert_string_equal(d.package, "stdlib");
	assert_string_equal(d.fixed_in, "1.21.11, 1.22.4");
	assert_int_equal(d.nalias, 2);
	assert_string_equal(d.alias[0], "GHSA-49gw-vxvf-fc2g");
	assert_int_equal(d.nlocation, 1);
	assert_string_equal(d.location[0], "usr/local/go/bin/go");
	assert_int_equal(d.exposed, 2);
	assert_int_equal(d.clock_start, 1792788000);
	assert_int_equal(d.reach, 1);
	assert_string_equal(d.owner, "ruiz");
	assert_int_equal(d.nnote, 1);
	assert_string_equal(d.class_name, "vuln-critical");
	assert_int_equal(d.ncontrol, 1);
	assert_string_equal(d.control[0].ident, "6.3.3");
	arena_release(&mem);
	store_close(st);
}

static void the_example_of_a_problem_is_as_severe_and_open(UNUSED void **state)
{
	struct store *st = small_open();
	int64_t key[3] = { 0 };
	struct err e = ERR_INIT;
	bool there;

	small_sql(st, "UPDATE finding SET severity = 3 WHERE asset = 1 AND advisory = 1;");
	if (!store_problem_example(st, (const int64_t[]){ 1, 1 }, key, &there, &e))
		fail_msg("%s", e.text);
	assert_false(there); /* the problem is critical, and no finding is */
	small_sql(st, "UPDATE finding SET severity = 0 WHERE asset = 1 AND advisory = 1;");
	assert_true(store_problem_example(st, (const int64_t[]){ 1, 1 }, key, &there, &e));
	assert_true(there);
	assert_int_equal(key[0], 1);
	assert_int_equal(key[1], 1);
	assert_int_equal(key[2], 1);
	small_sql(st, "UPDATE finding SET state = 1 WHERE asset = 1 AND advisory = 1;");
	assert_true(store_problem_example(st, (const int64_t[]){ 1, 1 }, key, &there, &e));
	assert_false(there);
	store_close(st);
}

static void who_sees_it_who_does_not_and_why_it_is_critical(UNUSED void **state)
{
	struct store *st = small_open();
	struct arena mem = ARENA_INIT;
	struct finding_detail d;
	struct err e = ERR_INIT;

	assert_true(store_finding(st, (const int64_t[]){ 1, 1, 1 }, &mem, &d, &e));
	assert_int_equal(d.nsighting, 3);
	assert_string_equal(d.sighting[0].source, "trivy");
	assert_int_equal(d.sighting[0].score, 98);
	assert_int_equal(d.sighting[0].db_built, 1795430000);
	assert_string_equal(d.sighting[1].source, "grype");
	assert_int_equal(d.sighting[1].until, 0);
	assert_string_equal(d.sighting[2].source, "snyk");
	assert_string_equal(d.sighting[2].word, "silent");
	assert_int_equal(d.sighting[2].until, 1795200000);
	assert_int_equal(d.last_seen, 1795452000);
	assert_string_equal(d.why, "critical: trivy says CRITICAL (9.8), grype says High (8.8); "
				   "the worst counts");
	arena_release(&mem);
	store_close(st);
}

static void its_history_is_told_in_words(UNUSED void **state)
{
	struct store *st = small_open();
	struct arena mem = ARENA_INIT;
	struct finding_detail d;
	struct err e = ERR_INIT;

	assert_true(store_finding(st, (const int64_t[]){ 1, 1, 1 }, &mem, &d, &e));
	assert_int_equal(d.nhistory, 3);
	assert_string_equal(d.history[0].what, "opened");
	assert_int_equal(d.history[0].at, 1792788000);
	assert_string_equal(d.history[1].what, "resolved");
	assert_string_equal(d.history[1].who, "ci");
	assert_string_equal(d.history[1].text, "trivy.json");
	assert_string_equal(d.history[2].what, "reopened");
	arena_release(&mem);
	store_close(st);
}

static void a_rule_has_a_place_and_a_message(UNUSED void **state)
{
	struct store *st = small_open();
	struct arena mem = ARENA_INIT;
	struct finding_detail d;
	struct err e = ERR_INIT;

	assert_true(store_finding(st, (const int64_t[]){ 1, 4, 4 }, &mem, &d, &e));
	assert_string_equal(d.place, "USER");
	assert_string_equal(d.scope, "image");
	assert_string_equal(d.package, "");
	assert_string_equal(d.message, "last USER is root");
	assert_string_equal(d.class_name, "root-user");
	assert_int_equal(d.ncontrol, 1);
	assert_string_equal(d.control[0].ident, "2.2.6");
	assert_int_equal(d.control[0].weight, 1);
	arena_release(&mem);
	store_close(st);
}

static void what_is_not_there_is_an_error_that_names_it(UNUSED void **state)
{
	struct store *st = small_open();
	struct arena mem = ARENA_INIT;
	struct finding_detail f;
	struct image_detail i;
	struct cluster_detail c;
	struct alert_detail a;
	struct err e = ERR_INIT;

	assert_false(store_finding(st, (const int64_t[]){ 9, 9, 9 }, &mem, &f, &e));
	assert_non_null(strstr(e.text, "9-9-9"));
	assert_false(store_image(st, 4, &mem, &i, &e));
	assert_false(store_cluster(st, 1, &mem, &c, &e));
	assert_false(store_alert(st, 77, &mem, &a, &e));
	assert_string_equal(e.text, "there is no alert 77");
	arena_release(&mem);
	store_close(st);
}

static void an_image_is_told_in_full(UNUSED void **state)
{
	struct store *st = small_open();
	struct arena mem = ARENA_INIT;
	struct image_detail d;
	struct err e = ERR_INIT;

	if (!store_image(st, 1, &mem, &d, &e))
		fail_msg("%s", e.text);
	assert_string_equal(d.name, "registry.example/payments/api:2.14.1");
	assert_string_equal(d.repository, "registry.example/payments/api");
	assert_int_equal(d.nnames, 1);
	assert_int_equal(d.ndigest, 2);
	assert_true(str_prefix(d.digest[0], "config sha256:"));
	assert_int_equal(d.open[SEV_HIGH], 3);
	assert_int_equal(d.late, 2);
	assert_int_equal(d.accepted, 1);
	assert_string_equal(d.signature, "ok");
	assert_string_equal(d.signer, "kms://prod");
	assert_int_equal(d.nruns_in, 1);
	assert_string_equal(d.runs_in[0], "prod payments 1");
	assert_int_equal(d.nscan, 3);
	assert_string_equal(d.scan[0].source, "trivy");
	assert_string_equal(d.owner, "ruiz");
	assert_string_equal(d.admission, "");
	assert_string_equal(d.gate, "refused");
	arena_release(&mem);
	store_close(st);
}

static void finds(struct store *st, const char *what, int64_t want)
{
	struct err e = ERR_INIT;
	int64_t id;

	if (!store_image_find(st, what, &id, &e))
		fail_msg("%s: %s", what, e.text);
	assert_int_equal(id, want);
}

static void an_image_shows_what_admission_and_the_gate_say(UNUSED void **state)
{
	struct store *st = small_open();
	struct arena mem = ARENA_INIT;
	struct image_detail d;
	struct err e = ERR_INIT;

	assert_true(store_image(st, 2, &mem, &d, &e));
	assert_string_equal(d.admission, "denied");
	assert_string_equal(d.gate, "refused");
	assert_true(store_image(st, 10, &mem, &d, &e)); /* never scanned */
	assert_string_equal(d.gate, "none");
	small_sql(st, "UPDATE image SET scanned_at = 1795452000, db_built = 1795452000\n"
		      "WHERE asset = 10;\n");
	assert_true(store_image(st, 10, &mem, &d, &e));
	assert_string_equal(d.gate, "admitted");
	arena_release(&mem);
	store_close(st);
}

static void an_image_is_found_by_what_a_person_types(UNUSED void **state)
{
	struct store *st = small_open();
	struct err e = ERR_INIT;
	int64_t id;

	finds(st, "2", 2);
	finds(st, "aaaaaaaaaaaa", 1);
	finds(st, "sha256:bbbbbbbbbbbb", 2);
	finds(st, "web/proxy@sha256:bbbbbbbbbbbbbbbb", 2);
	finds(st, "registry.example/payments/api:2.14.1", 1);
	finds(st, "payments/api:2.14.1", 1);
	finds(st, "payments/api", 1);
	finds(st, "debian:12.12", 10);
	assert_false(store_image_find(st, "debian", &id, &e));
	assert_non_null(strstr(e.text, "debian is more than one image, these among them:"));
	assert_non_null(strstr(e.text, "debian:12.12 (10)"));
	assert_false(store_image_find(st, "nobody/nothing", &id, &e));
	assert_string_equal(e.text, "no image nobody/nothing was ever seen");
	store_close(st);
}

static void version_is(struct store *st, const char *want)
{
	struct arena mem = ARENA_INIT;
	struct cluster_detail d;
	struct err e = ERR_INIT;

	if (!store_cluster(st, 4, &mem, &d, &e))
		fail_msg("%s", e.text);
	assert_string_equal(d.version, want);
	arena_release(&mem);
}

static void a_cluster_is_of_the_version_that_its_nodes_run(UNUSED void **state)
{
	struct store *st = small_open();

	version_is(st, "1.30.4");
	small_sql(st, "UPDATE cluster SET version = ''");
	version_is(st, "v1.30.4");
	small_sql(st, "INSERT INTO asset VALUES (90, 1, 4, 'node-2');\n"
		      "INSERT INTO node VALUES (90, 'worker', 'v1.31.1', '', 1795460000)");
	version_is(st, "2 versions");
	small_sql(st, "UPDATE node SET version = ''");
	version_is(st, "");
	store_close(st);
}

static void a_cluster_is_told_in_full(UNUSED void **state)
{
	struct store *st = small_open();
	struct arena mem = ARENA_INIT;
	struct cluster_detail d;
	struct err e = ERR_INIT;

	/* advisory 1 is a rule of no benchmark */
	small_sql(st, "INSERT INTO check_tally VALUES (4, 1, 1, 2);");
	if (!store_cluster(st, 4, &mem, &d, &e))
		fail_msg("%s", e.text);
	assert_string_equal(d.name, "prod");
	assert_int_equal(d.namespaces, 2);
	assert_int_equal(d.check[VERDICT_FAIL], 3);
	assert_int_equal(d.open[SEV_CRITICAL], 1);
	assert_int_equal(d.alerts, 1);
	assert_int_equal(d.alerts_late, 1);
	assert_int_equal(d.nsection, 1);
	assert_string_equal(d.section[0].section, "4");
	assert_false(d.silent);
	arena_release(&mem);
	store_close(st);
}

static void an_alert_is_told_in_full(UNUSED void **state)
{
	struct store *st = small_open();
	struct arena mem = ARENA_INIT;
	struct alert_detail d;
	struct err e = ERR_INIT;

	if (!store_alert(st, 1, &mem, &d, &e))
		fail_msg("%s", e.text);
	assert_string_equal(d.rule, "Terminal shell in container");
	assert_string_equal(d.source, "falco");
	assert_string_equal(d.cluster, "prod");
	assert_string_equal(d.node, "node-1");
	assert_string_equal(d.namespace, "payments");
	assert_string_equal(d.workload, "Deployment/api");
	assert_string_equal(d.pod, "api-7c9f");
	assert_string_equal(d.container_id, "abcdef012345");
	assert_int_equal(d.image_id, 1);
	assert_int_equal(d.image_open[SEV_CRITICAL], 1);
	assert_string_equal(d.fields, "user\tjpark\n");
	assert_string_equal(d.raw, "{}");
	assert_string_equal(d.owner, "ops");
	assert_int_equal(d.ncontrol, 1);
	assert_string_equal(d.control[0].framework, "HIPAA");
	assert_int_equal(d.nhistory, 1);
	assert_true(store_alert(st, 2, &mem, &d, &e));
	assert_int_equal(d.nhistory, 4);
	assert_string_equal(d.history[3].what, "closed");
	assert_string_equal(d.history[3].who, "mlee");
	assert_null(d.raw);
	arena_release(&mem);
	store_close(st);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_finding_is_told_in_full),
		cmocka_unit_test(the_example_of_a_problem_is_as_severe_and_open),
		cmocka_unit_test(who_sees_it_who_does_not_and_why_it_is_critical),
		cmocka_unit_test(its_history_is_told_in_words),
		cmocka_unit_test(a_rule_has_a_place_and_a_message),
		cmocka_unit_test(what_is_not_there_is_an_error_that_names_it),
		cmocka_unit_test(a_cluster_is_of_the_version_that_its_nodes_run),
		cmocka_unit_test(an_image_is_told_in_full),
		cmocka_unit_test(an_image_shows_what_admission_and_the_gate_say),
		cmocka_unit_test(an_image_is_found_by_what_a_person_types),
		cmocka_unit_test(a_cluster_is_told_in_full),
		cmocka_unit_test(an_alert_is_told_in_full),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
