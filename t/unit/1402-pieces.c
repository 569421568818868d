/* SPDX-License-Identifier: MIT */
/* 1402-pieces.c - what the classes and rules that test a control make of it together. */
#include "t/lib/test.h"
#include "t/lib/one_import.h"

#define NOW (T0 + 100 * D)

static void entry(struct rec_entry r)
{
	put(&in, &(struct record){ REC_ENTRY, { .entry = r } });
}

static void class_of(const char *name, const char *attributes, const char *rule)
{
	entry((struct rec_entry){ .kind = ENTRY_CLASS, .id = name, .title = name,
				  .severity = "high", .attributes = attributes });
	entry((struct rec_entry){ .kind = ENTRY_RULE, .framework = "trivy", .id = rule,
				  .class_id = name });
}

static void control(const char *ident)
{
	entry((struct rec_entry){ .kind = ENTRY_CONTROL, .framework = "F", .id = ident,
				  .title = ident });
}

/* By the class, or by the rule itself. */
static void tests(const char *ident, const char *class_name, const char *rule, const char *weight)
{
	entry((struct rec_entry){ .kind = ENTRY_MAP, .framework = "F", .id = ident,
				  .class_id = class_name, .to = rule, .weight = weight });
}

static int begin(void **state)
{
	setup(state);
	import_begin_test(&in);
	entry((struct rec_entry){ .kind = ENTRY_FRAMEWORK, .framework = "F", .id = "F",
				  .title = "F" });
	class_of("a", "record=misconfiguration", "R1");
	entry((struct rec_entry){ .kind = ENTRY_RULE, .framework = "trivy", .id = "R2",
				  .class_id = "a" });
	class_of("b", "record=misconfiguration", "R3");
	class_of("slow", "record=benchmark", "R4");
	control("own");
	tests("own", NULL, "trivy/R1", "primary");
	tests("own", "a", NULL, "primary");
	control("two");
	tests("two", NULL, "trivy/R1", "primary");
	tests("two", NULL, "trivy/R2", "supporting");
	control("beside");
	tests("beside", NULL, "trivy/R3", "supporting");
	control("classes");
	tests("classes", "a", NULL, "primary");
	tests("classes", "b", NULL, "primary");
	tests("classes", "slow", NULL, "primary");
	import_end_test(&in);
	return 0;
}

static struct control_row judged(const char *ident)
{
	return judged_control(in.st, ident);
}

static void on_host(const char *rule, const char *node, enum verdict v, int64_t at)
{
	import_begin_test(&in);
	scan(&in, "trivy", at);
	host(&in, node);
	check(&in, rule, "a", v);
	import_end_test(&in);
}

static void on_image(const char *rule, char c, enum verdict v, int64_t at)
{
	const char name[] = { 'i', c, ':', '1', '\0' };

	import_begin_test(&in);
	scan(&in, "trivy", at);
	image(&in, name, digest(c));
	check(&in, rule, "a", v);
	import_end_test(&in);
}

static void a_class_is_left_out_where_one_of_its_rules_tests_by_itself(UNUSED void **state)
{
	struct control_row r;

	on_host("R1", "h1", VERDICT_PASS, NOW - D);
	on_host("R2", "h1", VERDICT_FAIL, NOW - D);
	r = judged("own");
	assert_int_equal(r.word, CONTROL_PASS);
	assert_int_equal(r.classes, 1);
	assert_int_equal(r.failing, 0);
	assert_int_equal(judged("two").word, CONTROL_FAIL);
	assert_int_equal(judged("two").failing, 1);
}

static void the_rules_of_a_control_are_one_piece(UNUSED void **state)
{
	struct control_row r;

	on_host("R1", "h1", VERDICT_PASS, NOW - 3 * D);
	on_host("R2", "h1", VERDICT_PASS, NOW - 2 * D);
	on_host("R2", "h2", VERDICT_PASS, NOW - 2 * D);
	r = judged("two");
	assert_int_equal(r.word, CONTROL_PASS);
	assert_int_equal(r.classes, 1);
	assert_int_equal(r.tested, 1);
	assert_int_equal(r.evidence, 3);
	assert_int_equal(r.covered, 2);
	assert_int_equal(r.applicable, 2);
	assert_int_equal(r.newest, NOW - 2 * D);
	assert_int_equal(r.window, 7 * D);
	store_set_now(in.st, NOW + 4 * D);
	assert_int_equal(judged("two").word, CONTROL_PASS);
	store_set_now(in.st, NOW + 4 * D + 1); /* the older of them is past its window */
	assert_int_equal(judged("two").word, CONTROL_STALE);
}

static void rules_that_only_support_pass_nothing(UNUSED void **state)
{
	struct control_row r;

	assert_int_equal(judged("beside").tested, 0);
	on_host("R3", "h1", VERDICT_PASS, NOW - D);
	r = judged("beside");
	assert_int_equal(r.word, CONTROL_NONE);
	assert_int_equal(r.tested, 1);
	assert_int_equal(r.evidence, 1);
}

static void the_piece_furthest_from_whole_is_shown(UNUSED void **state)
{
	struct control_row r;

	on_image("R1", 'a', VERDICT_PASS, NOW - D);
	on_image("R1", 'b', VERDICT_PASS, NOW - D);
	on_image("R3", 'c', VERDICT_PASS, NOW - D);
	on_image("R4", 'a', VERDICT_PASS, NOW - D);
	on_image("R4", 'c', VERDICT_PASS, NOW - D);
	r = judged("classes");
	assert_int_equal(r.word, CONTROL_NONE);
	assert_int_equal(r.covered, 1);
	assert_int_equal(r.applicable, 3);
}

static void classes_are_tested_by_what_passes_or_fails(UNUSED void **state)
{
	struct control_row r;

	assert_int_equal(judged("classes").tested, 0);
	on_host("R3", "h1", VERDICT_FAIL, NOW - 2 * D);
	r = judged("classes");
	assert_int_equal(r.tested, 1);
	assert_int_equal(r.classes, 3);
	on_host("R1", "h1", VERDICT_PASS, NOW - 3 * D);
	assert_int_equal(judged("classes").tested, 2);
	on_host("R1", "h2", VERDICT_FAIL, NOW - D);
	r = judged("classes");
	assert_int_equal(r.failing, 2);
	assert_string_equal(r.why, "2 open against it, by a first");
}

static void the_newest_evidence_and_the_shortest_window_count(UNUSED void **state)
{
	struct control_row r;

	on_host("R1", "h1", VERDICT_PASS, NOW - 2 * D);
	on_host("R3", "h1", VERDICT_PASS, NOW - D);
	on_host("R4", "h1", VERDICT_PASS, NOW - 3 * D);
	r = judged("classes");
	assert_int_equal(r.word, CONTROL_PASS);
	assert_int_equal(r.newest, NOW - D);
	assert_int_equal(r.window, 7 * D);
}

#define T(f) cmocka_unit_test_setup_teardown(f, begin, teardown)

int main(void)
{
	const struct CMUnitTest cases[] = {
		T(a_class_is_left_out_where_one_of_its_rules_tests_by_itself),
		T(the_rules_of_a_control_are_one_piece),
		T(rules_that_only_support_pass_nothing),
		T(the_piece_furthest_from_whole_is_shown),
		T(classes_are_tested_by_what_passes_or_fails),
		T(the_newest_evidence_and_the_shortest_window_count),
	};

	return cmocka_run_group_tests(cases, NULL, NULL);
}
