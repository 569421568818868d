/* SPDX-License-Identifier: MIT */
/* 1410-control-scopes.c - a control stands in each scope as what lies or runs there says. */
#include <stdio.h>

#include "t/lib/test.h"
#include "t/lib/records.h"

#include "store/judged.h"

#define NOW (T0 + 100 * D)

static struct import in;

static void entry(struct rec_entry r)
{
	put(&in, &(struct record){ REC_ENTRY, { .entry = r } });
}

static void control(const char *ident, const char *class_name)
{
	entry((struct rec_entry){
		.kind = ENTRY_CONTROL, .framework = "F", .id = ident, .title = ident });
	entry((struct rec_entry){ .kind = ENTRY_MAP,
				  .framework = "F",
				  .id = ident,
				  .class_id = class_name,
				  .weight = "primary" });
}

static int setup(UNUSED void **state)
{
	import_init(&in, store_for_test());
	import_begin_test(&in);
	entry((struct rec_entry){ .kind = ENTRY_CLASS,
				  .id = "kubelet",
				  .title = "kubelet",
				  .severity = "high",
				  .attributes = "record=benchmark" });
	entry((struct rec_entry){ .kind = ENTRY_CLASS,
				  .id = "vuln-high",
				  .title = "high",
				  .severity = "high",
				  .attributes = "record=vulnerability" });
	entry((struct rec_entry){ .kind = ENTRY_RULE,
				  .framework = "kube-bench",
				  .id = "cis-1.8:4.2.1",
				  .class_id = "kubelet" });
	entry((struct rec_entry){
		.kind = ENTRY_FRAMEWORK, .framework = "F", .id = "F", .title = "F" });
	control("node", "kubelet");
	control("patch", "vuln-high");
	import_end_test(&in);
	return 0;
}

static int teardown(UNUSED void **state)
{
	import_free(&in);
	store_close(in.st);
	return 0;
}

static void node(const char *cluster, const char *name)
{
	in.o.cluster = cluster;
	import_begin_test(&in);
	scan(&in, "kubectl", NOW - D);
	put(&in,
	    &(struct record){ REC_OBJECT, { .object = { .kind = OBJECT_NODE, .name = name } } });
	import_end_test(&in);
	in.o.cluster = NULL;
}

static void bench(const char *cluster, const char *name, enum verdict v)
{
	in.o.cluster = cluster;
	import_begin_test(&in);
	scan(&in, "kube-bench", NOW - D);
	host(&in, name);
	check(&in, "cis-1.8:4.2.1", "", v);
	import_end_test(&in);
	in.o.cluster = NULL;
}

static void runs(const char *cluster, const char *namespace, const char *name, const char *config)
{
	in.o.cluster = cluster;
	import_begin_test(&in);
	scan(&in, "kubectl", NOW - D);
	running(&in, namespace, "app", "pod-1", name, config);
	import_end_test(&in);
	in.o.cluster = NULL;
}

static struct control_row stands(const char *ident, const char *where)
{
	struct arena mem = ARENA_INIT;
	struct control_row found = { .id = 0 };
	const struct control_row *row;
	const struct scope *what;
	struct err e = ERR_INIT;
	size_t n;

	if (!store_scope_find(in.st, where, &mem, &what, &n, &e) ||
	    !judged_controls_in(in.st, what, &row, &n, &e))
		fail_msg("%s", e.text);
	for (size_t i = 0; i < n; i++)
		if (str_eq(row[i].ident, ident))
			found = row[i];
	arena_release(&mem);
	assert_true(found.id > 0);
	return found;
}

static void expect(const char *ident, const char *where, enum control_word word)
{
	struct control_row r = stands(ident, where);

	if (r.word != word)
		fail_msg("%s in %s: %s, not %s (%s)", ident, where, control_word(r.word),
			 control_word(word), r.why);
}

static void five_of_six_nodes_are_not_a_pass(UNUSED void **state)
{
	char name[16];

	for (int i = 1; i <= 6; i++) {
		snprintf(name, sizeof(name), "node-%d", i);
		node("prod", name);
	}
	for (int i = 1; i <= 5; i++) {
		snprintf(name, sizeof(name), "node-%d", i);
		bench("prod", name, VERDICT_PASS);
	}
	expect("node", "estate", CONTROL_NONE);
	expect("node", "cluster/prod", CONTROL_NONE);
	assert_int_equal(stands("node", "cluster/prod").covered, 5);
	assert_int_equal(stands("node", "cluster/prod").applicable, 6);
	expect("node", "node/prod/node-5", CONTROL_PASS);
	bench("prod", "node-6", VERDICT_PASS);
	expect("node", "cluster/prod", CONTROL_PASS);
	expect("node", "estate", CONTROL_PASS);
}

static void each_cluster_stands_for_itself(UNUSED void **state)
{
	bench("one", "a", VERDICT_PASS);
	bench("two", "b", VERDICT_FAIL);
	expect("node", "estate", CONTROL_FAIL);
	expect("node", "cluster/one", CONTROL_PASS);
	expect("node", "cluster/two", CONTROL_FAIL);
	assert_int_equal(stands("node", "cluster/two").failing, 1);
	expect("node", "node/two/b", CONTROL_FAIL);
}

static void a_repository_and_where_it_runs_fail_by_what_is_late(UNUSED void **state)
{
	scan_image(&in, "trivy", "shop/a:1", digest('a'), NOW - 60 * D, "CVE-2024-1");
	scan_image(&in, "trivy", "shop/a:1", digest('a'), NOW - D, "CVE-2024-1");
	scan_image(&in, "trivy", "shop/b:1", digest('b'), NOW - D, "");
	runs("prod", "pay", "shop/a:1", digest('a'));
	runs("prod", "web", "shop/b:1", digest('b'));
	expect("patch", "estate", CONTROL_FAIL);
	expect("patch", "repo/shop/a", CONTROL_FAIL);
	expect("patch", "repo/shop/b", CONTROL_PASS);
	expect("patch", "ns/prod/pay", CONTROL_FAIL);
	expect("patch", "ns/prod/web", CONTROL_PASS);
	expect("patch", "cluster/prod", CONTROL_FAIL);
	expect("patch", "image/shop/b:1", CONTROL_PASS);
}

static void a_silent_scope_has_no_pass(UNUSED void **state)
{
	scan_image(&in, "trivy", "shop/a:1", digest('a'), NOW - D, "");
	runs("prod", "pay", "shop/a:1", digest('a'));
	node("other", "c");
	expect("patch", "ns/prod/pay", CONTROL_PASS);
	expect("patch", "cluster/other", CONTROL_NONE);
	expect("node", "cluster/other", CONTROL_NONE);
}

static void a_tag_shortens_the_windows_of_what_bears_it(UNUSED void **state)
{
	struct arena mem = ARENA_INIT;
	const struct scope *what;
	struct err e = ERR_INIT;
	bool changed;
	size_t n;

	scan_image(&in, "trivy", "shop/a:1", digest('a'), NOW - 20 * D, "");
	expect("patch", "repo/shop/a", CONTROL_STALE);
	assert_true(store_scope_find(in.st, "repo/shop/a", &mem, &what, &n, &e));
	assert_true(store_tag(in.st, what, "fedramp", true, &changed, &e));
	expect("patch", "repo/shop/a", CONTROL_PASS); /* 30 days there, the fallback no more */
	assert_true(store_tag(in.st, what, "fedramp-2026", true, &changed, &e));
	expect("patch", "repo/shop/a", CONTROL_STALE); /* 7 days there: the strictest */
	arena_release(&mem);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(five_of_six_nodes_are_not_a_pass),
		T(each_cluster_stands_for_itself),
		T(a_repository_and_where_it_runs_fail_by_what_is_late),
		T(a_silent_scope_has_no_pass),
		T(a_tag_shortens_the_windows_of_what_bears_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
