/* SPDX-License-Identifier: MIT */
/* 1090-catalogue.c - frameworks, classes, rules and links: in any order, and never dangling. */
#include "t/lib/test.h"
#include "t/lib/one_import.h"

static void entry(struct rec_entry r)
{
	put(&in, &(struct record){ REC_ENTRY, { .entry = r } });
}

static void framework(const char *controls)
{
	entry((struct rec_entry){ .kind = ENTRY_FRAMEWORK,
				  .framework = "ACME",
				  .id = "ACME",
				  .title = "Acme",
				  .attributes = "x=1 | version=3" });
	for (; *controls; controls++)
		entry((struct rec_entry){ .kind = ENTRY_CONTROL,
					  .framework = "ACME",
					  .id = (const char[]){ *controls, 0 },
					  .title = "t" });
}

static void class_root(void)
{
	entry((struct rec_entry){ .kind = ENTRY_CLASS,
				  .id = "root-user",
				  .title = "Root",
				  .severity = "high",
				  .attributes = "record=image" });
}

static void references_may_come_before_what_they_name(UNUSED void **state)
{
	import_begin_test(&in);
	entry((struct rec_entry){ .kind = ENTRY_MAP,
				  .framework = "ACME",
				  .id = "A",
				  .class_id = "root-user",
				  .weight = "supporting" });
	entry((struct rec_entry){ .kind = ENTRY_RULE,
				  .framework = "trivy",
				  .id = "DS002",
				  .class_id = "root-user",
				  .attributes = "aliases=AVD-DS-0002, X1" });
	entry((struct rec_entry){
		.kind = ENTRY_MAP, .framework = "ACME", .id = "A", .to = "ACME:B" });
	entry((struct rec_entry){
		.kind = ENTRY_MAP, .framework = "ACME", .id = "B", .to = "trivy/DS002" });
	entry((struct rec_entry){ .kind = ENTRY_ITEM,
				  .framework = "CN",
				  .id = "CN-1",
				  .title = "t",
				  .class_id = "root-user",
				  .to = "ACME:A; ACME:B",
				  .text = "because" });
	entry((struct rec_entry){
		.kind = ENTRY_DEADLINE, .framework = "ACME", .id = "patch", .to = "ACME:A" });
	framework("AB");
	class_root();
	import_end_test(&in);
	assert_int_equal(in.stats.nskipped, 0);
	assert_int_equal(number(in.st, "SELECT weight FROM class_control"), 1);
	assert_int_equal(number(in.st, "SELECT count(*) FROM crosswalk"), 1);
	assert_int_equal(number(in.st, "SELECT count(*) FROM rule_control WHERE rule = 'DS-0002'"),
			 1);
	assert_int_equal(number(in.st, "SELECT count(*) FROM tool_rule"), 3);
	assert_int_equal(number(in.st, "SELECT count(*) FROM item_control"), 2);
	assert_int_equal(number(in.st, "SELECT attributes = 'why=because' FROM item"), 1);
	assert_int_equal(number(in.st, "SELECT attributes = 'control=ACME:A' FROM deadline"), 1);
	assert_int_equal(number(in.st, "SELECT version = '3' FROM framework"), 1);
}

static void a_dangling_reference_is_a_skip_with_its_place(UNUSED void **state)
{
	import_begin_test(&in);
	framework("A");
	entry((struct rec_entry){
		.kind = ENTRY_MAP, .framework = "ACME", .id = "A", .class_id = "nothing" });
	entry((struct rec_entry){
		.kind = ENTRY_MAP, .framework = "ACME", .id = "Z", .class_id = "nothing" });
	entry((struct rec_entry){
		.kind = ENTRY_MAP, .framework = "ACME", .id = "A", .to = "NONE:1" });
	entry((struct rec_entry){
		.kind = ENTRY_RULE, .framework = "trivy", .id = "X", .class_id = "nothing" });
	entry((struct rec_entry){ .kind = ENTRY_CONTROL, .framework = "NONE", .id = "1" });
	import_end_test(&in);
	assert_int_equal(in.stats.nskipped, 5);
	assert_string_equal(in.stats.skip[0].place, "control NONE 1");
	assert_string_equal(in.stats.skip[1].place, "map ACME A");
	assert_int_equal(number(in.st, "SELECT count(*) FROM import_skip"), 5);
}

static void a_newer_version_replaces_the_older(UNUSED void **state)
{
	import_begin_test(&in);
	framework("ABC");
	class_root();
	entry((struct rec_entry){
		.kind = ENTRY_MAP, .framework = "ACME", .id = "A", .class_id = "root-user" });
	import_end_test(&in);
	import_begin_test(&in);
	framework("BD");
	entry((struct rec_entry){
		.kind = ENTRY_MAP, .framework = "ACME", .id = "B", .class_id = "root-user" });
	import_end_test(&in);
	assert_int_equal(number(in.st, "SELECT count(*) FROM control"), 2);
	assert_int_equal(number(in.st, "SELECT count(*) FROM class_control"), 1);
	assert_int_equal(number(in.st, "SELECT ord FROM control WHERE ident = 'D'"), 2);
}

static void a_rule_shown_before_it_is_classed_is_counted_anew(UNUSED void **state)
{
	import_begin_test(&in);
	scan(&in, "trivy", T0);
	image(&in, "app:1", digest('a'));
	check(&in, "DS002", "Dockerfile", VERDICT_FAIL);
	import_end_test(&in);
	assert_int_equal(number(in.st, "SELECT class FROM tally WHERE scope = 0"), 0);
	import_begin_test(&in);
	class_root();
	entry((struct rec_entry){ .kind = ENTRY_RULE,
				  .framework = "trivy",
				  .id = "DS-0002",
				  .class_id = "root-user" });
	import_end_test(&in);
	assert_int_equal(number(in.st, "SELECT class FROM tally WHERE scope = 0"), 1);
	assert_int_equal(number(in.st, "SELECT count(*) FROM tally WHERE scope = 0"), 1);
}

static void a_rule_without_a_severity_has_its_classs(UNUSED void **state)
{
	import_begin_test(&in);
	class_root();
	entry((struct rec_entry){ .kind = ENTRY_RULE,
				  .framework = "kube-bench",
				  .id = "1.1",
				  .class_id = "root-user" });
	import_end_test(&in);
	import_begin_test(&in);
	scan(&in, "kube-bench", T0);
	host(&in, "node-1");
	put(&in, &(struct record){ REC_CHECK,
				   { .check = { .kind = FINDING_MISCONFIGURATION,
						.rule = { .id = "1.1", .severity = SEV_UNKNOWN },
						.verdict = VERDICT_FAIL } } });
	import_end_test(&in);
	assert_int_equal(number(in.st, "SELECT severity FROM finding"), SEV_HIGH);
}

static int64_t class_shown(const char *rule)
{
	import_begin_test(&in);
	scan(&in, "kyverno", T0);
	host(&in, "node-1");
	check(&in, rule, "Pod/web", VERDICT_FAIL);
	import_end_test(&in);
	return number(in.st, "SELECT class FROM advisory ORDER BY id DESC LIMIT 1");
}

static void a_policy_stands_for_the_rules_in_it(UNUSED void **state)
{
	import_begin_test(&in);
	class_root();
	entry((struct rec_entry){ .kind = ENTRY_RULE,
				  .framework = "kyverno",
				  .id = "run-as",
				  .class_id = "root-user" });
	import_end_test(&in);
	assert_int_equal(class_shown("run-as/check"), 1);
	assert_int_equal(class_shown("shop/run-as/check"), 1);
	assert_int_equal(class_shown("run-as-not/check"), 0);
	assert_int_equal(class_shown("other/run-as"), 0);
}

static void a_built_in_catalogue_is_no_act(UNUSED void **state)
{
	in.o.catalogue = true;
	import_begin_test(&in);
	framework("A");
	import_end_test(&in);
	assert_int_equal(number(in.st, "SELECT count(*) FROM audit"), 0);
	assert_false(store_is_new(in.st));
}

/* ACME has A, B and C with classes; A and B are known to OSCAL by another id. */
static void import_acme(void)
{
	import_begin_test(&in);
	class_root();
	framework("C");
	for (const char *id = "AB"; *id; id++) {
		const char ident[] = { *id, 0 };

		entry((struct rec_entry){ .kind = ENTRY_CONTROL,
					  .framework = "ACME",
					  .id = ident,
					  .title = "Title",
					  .text = "Text",
					  .attributes = *id == 'A' ? "oscal_id=a-1"
								   : "oscal_id=a-2" });
		entry((struct rec_entry){ .kind = ENTRY_MAP,
					  .framework = "ACME",
					  .id = ident,
					  .class_id = "root-user",
					  .weight = "primary" });
	}
	import_end_test(&in);
}

static void import_baseline(const char *pattern, const char *without)
{
	char to[32] = "ACME:", attributes[64] = "select=yes";

	str_copy(to + 5, sizeof(to) - 5, pattern);
	if (without)
		str_copy(attributes + 10, sizeof(attributes) - 10, without);
	import_begin_test(&in);
	entry((struct rec_entry){
		.kind = ENTRY_FRAMEWORK, .framework = "BASE", .id = "BASE", .title = "Base" });
	entry((struct rec_entry){ .kind = ENTRY_CONTROL,
				  .framework = "BASE",
				  .id = pattern,
				  .to = to,
				  .text = "a-1_prm: daily",
				  .attributes = attributes });
}

#define IN_BASE "FROM control WHERE framework = (SELECT id FROM framework WHERE key = 'BASE')"
#define LINKS   "SELECT count(*) FROM class_control WHERE control IN (SELECT id " IN_BASE ")"

static void a_selected_control_is_the_others_with_its_links(UNUSED void **state)
{
	import_acme();
	import_baseline("a-1", NULL);
	import_end_test(&in);
	assert_int_equal(number(in.st, "SELECT count(*) " IN_BASE), 1);
	assert_int_equal(number(in.st, "SELECT count(*) " IN_BASE " AND ident = 'A' AND "
				       "text = 'Text' || char(10) || 'a-1_prm: daily'"),
			 1);
	assert_int_equal(number(in.st, LINKS), 1);
	import_baseline("*", " | without=a-2 C");
	import_end_test(&in);
	assert_int_equal(number(in.st, "SELECT count(*) " IN_BASE), 1);
	import_baseline("a-*", NULL);
	import_end_test(&in);
	assert_int_equal(number(in.st, "SELECT count(*) " IN_BASE), 2);
	assert_int_equal(number(in.st, LINKS), 2);
	import_baseline("a-9", NULL);
	import_end_test(&in);
	assert_int_equal(in.stats.nskipped, 1);
	assert_string_equal(in.stats.skip[0].reason,
			    "the control that it is the same as is not known");
}

static void a_selection_from_nowhere_is_an_error(UNUSED void **state)
{
	struct err e = ERR_INIT;
	struct ingest_stats stats;

	import_baseline("*", NULL);
	assert_false(store_ingest_end(in.sink, true, &stats, &e));
	assert_int_equal(e.kind, ERR_FORMAT);
	assert_string_equal(e.text,
			    "it selects controls of ACME, which is not here: import that first");
	assert_int_equal(number(in.st, "SELECT count(*) FROM framework"), 0);
}

static void a_control_may_be_the_same_as_one_elsewhere(UNUSED void **state)
{
	import_acme();
	import_begin_test(&in);
	entry((struct rec_entry){
		.kind = ENTRY_FRAMEWORK, .framework = "BASE", .id = "BASE", .title = "Base" });
	for (const char *id = "BZ"; *id; id++)
		entry((struct rec_entry){ .kind = ENTRY_CONTROL,
					  .framework = "BASE",
					  .id = (const char[]){ *id, 0 },
					  .title = "Own",
					  .weight = "weak",
					  .to = *id == 'B' ? "ACME:B" : "ACME:Z" });
	import_end_test(&in);
	assert_int_equal(number(in.st, "SELECT count(*) " IN_BASE " AND title = 'Own'"), 2);
	assert_int_equal(number(in.st, LINKS), 1);
	assert_int_equal(in.stats.nskipped, 0);
}

static void answer(const char *id, const char *word, const char *by, int64_t at)
{
	entry((struct rec_entry){ .kind = ENTRY_ITEM,
				  .framework = "CN",
				  .id = id,
				  .answer = word,
				  .by = by,
				  .at = at });
}

static void a_checklist_brings_its_answers_once(UNUSED void **state)
{
	import_begin_test(&in);
	entry((struct rec_entry){ .kind = ENTRY_ITEM,
				  .framework = "CN",
				  .id = "CN-1",
				  .title = "Statement",
				  .answer = "Yes" });
	import_end_test(&in);
	for (int i = 0; i < 2; i++) {
		import_begin_test(&in);
		answer("CN-1", "fail", "auditor@example", 1795000000);
		answer("CN-9", "pass", NULL, 0);
		answer("CN-1", "maybe", NULL, 0);
		import_end_test(&in);
		assert_int_equal(in.stats.nskipped, 2);
	}
	assert_int_equal(number(in.st, "SELECT count(*) FROM answer"), 2);
	assert_int_equal(number(in.st, "SELECT count(*) FROM answer WHERE verdict = 1 AND "
				       "actor LIKE 'auditor@example, as imported by %'"),
			 1);
	assert_int_equal(number(in.st, "SELECT count(*) FROM item WHERE title = 'Statement'"), 1);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(references_may_come_before_what_they_name),
		T(a_dangling_reference_is_a_skip_with_its_place),
		T(a_newer_version_replaces_the_older),
		T(a_rule_shown_before_it_is_classed_is_counted_anew),
		T(a_rule_without_a_severity_has_its_classs),
		T(a_policy_stands_for_the_rules_in_it),
		T(a_built_in_catalogue_is_no_act),
		T(a_selected_control_is_the_others_with_its_links),
		T(a_selection_from_nowhere_is_an_error),
		T(a_control_may_be_the_same_as_one_elsewhere),
		T(a_checklist_brings_its_answers_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
