/* SPDX-License-Identifier: MIT */
/* 1400-controls.c - the seven words of a control, what a person may answer, and the gate. */
#include "t/lib/test.h"
#include "t/lib/records.h"

#define NOW (T0 + 100 * D)

static struct import in;

static void entry(struct rec_entry r)
{
	put(&in, &(struct record){ REC_ENTRY, { .entry = r } });
}

static void class_of(const char *name, const char *record)
{
	struct buf attributes = BUF_INIT;

	buf_addf(&attributes, "record=%s", record);
	entry((struct rec_entry){ .kind = ENTRY_CLASS, .id = name, .title = name,
	                          .severity = "high", .attributes = attributes.s });
	buf_release(&attributes);
}

/* A control that one class tests; `class_name` NULL: none does. */
static void control(const char *ident, const char *class_name, const char *weight,
                    const char *attributes)
{
	entry((struct rec_entry){ .kind = ENTRY_CONTROL, .framework = "F", .id = ident,
	                          .title = ident, .attributes = attributes });
	if (class_name)
		entry((struct rec_entry){ .kind = ENTRY_MAP, .framework = "F", .id = ident,
		                          .class_id = class_name, .weight = weight });
}

static int setup(UNUSED void **state)
{
	import_init(&in, store_for_test());
	import_begin_test(&in);
	class_of("root-user", "misconfiguration");
	class_of("vuln-high", "vulnerability");
	class_of("runtime-shell", "runtime");
	entry((struct rec_entry){ .kind = ENTRY_RULE, .framework = "trivy", .id = "R1",
	                          .class_id = "root-user" });
	entry((struct rec_entry){ .kind = ENTRY_RULE, .framework = "falco", .id = "shell",
	                          .class_id = "runtime-shell" });
	entry((struct rec_entry){ .kind = ENTRY_FRAMEWORK, .framework = "F", .id = "F",
	                          .title = "F" });
	control("root", "root-user", "primary", NULL);
	control("weak", "root-user", "weak", NULL);
	control("patch", "vuln-high", "primary", NULL);
	control("shell", "runtime-shell", "primary", NULL);
	control("person", NULL, NULL, "assessments=all | assessment=manual");
	control("nothing", NULL, NULL, NULL);
	import_end_test(&in);
	return 0;
}

static int teardown(UNUSED void **state)
{
	import_free(&in);
	store_close(in.st);
	return 0;
}

static struct control_row judged(const char *ident)
{
	return judged_control(in.st, ident);
}

static void expect(const char *ident, enum control_word word)
{
	assert_string_equal(control_word(judged(ident).word), control_word(word));
}

static void check_host(const char *name, enum verdict v, int64_t at)
{
	import_begin_test(&in);
	scan(&in, "trivy", at);
	host(&in, name);
	check(&in, "R1", "Dockerfile", v);
	cover(&in, FINDING_MISCONFIGURATION);
	import_end_test(&in);
}

static bool answer(const char *ident, enum answer a, const char *note, struct err *e)
{
	const struct scope what = { SCOPE_CONTROL, { judged(ident).id } };

	return store_answer(in.st, &what, a, note, 0, e);
}

/* ---- evidence ---- */

static void no_evidence_is_never_a_pass(UNUSED void **state)
{
	expect("root", CONTROL_NONE);
	expect("patch", CONTROL_NONE);
	expect("shell", CONTROL_NONE);
	expect("nothing", CONTROL_NONE);
	expect("person", CONTROL_MANUAL);
}

static void a_passing_check_passes_and_a_failing_one_fails(UNUSED void **state)
{
	check_host("a", VERDICT_PASS, NOW - D);
	expect("root", CONTROL_PASS);
	check_host("b", VERDICT_FAIL, NOW - D);
	expect("root", CONTROL_FAIL);
	assert_int_equal(judged("root").failing, 1);
	check_host("b", VERDICT_PASS, NOW - D + 60);
	expect("root", CONTROL_PASS);
}

static void a_check_that_needs_a_person_proves_nothing(UNUSED void **state)
{
	check_host("a", VERDICT_MANUAL, NOW - D);
	expect("root", CONTROL_NONE);
	check_host("b", VERDICT_WARN, NOW - D);
	expect("root", CONTROL_NONE);
}

static void a_weak_link_is_not_judged_by(UNUSED void **state)
{
	check_host("a", VERDICT_FAIL, NOW - D);
	expect("root", CONTROL_FAIL);
	expect("weak", CONTROL_NONE);
}

static void evidence_goes_stale_when_its_window_has_passed(UNUSED void **state)
{
	check_host("a", VERDICT_PASS, NOW - 7 * D);
	expect("root", CONTROL_PASS);
	store_set_now(in.st, NOW + 1);
	expect("root", CONTROL_STALE);
}

static void one_asset_with_old_evidence_makes_it_stale(UNUSED void **state)
{
	check_host("a", VERDICT_PASS, NOW - D);
	check_host("b", VERDICT_PASS, NOW - 20 * D);
	expect("root", CONTROL_STALE);
}

static void five_of_six_is_not_a_pass(UNUSED void **state)
{
	scan_image(&in, "trivy", "shop/a:1", digest('a'), NOW - D, "");
	expect("patch", CONTROL_PASS);
	import_begin_test(&in);
	scan(&in, "trivy", NOW - D);
	image(&in, "shop/b:1", digest('b'));
	import_end_test(&in);
	expect("patch", CONTROL_NONE);
	assert_int_equal(judged("patch").covered, 1);
	assert_int_equal(judged("patch").applicable, 2);
}

/* ---- what fails ---- */

static void a_vulnerability_fails_once_it_is_late(UNUSED void **state)
{
	scan_image(&in, "trivy", "shop/a:1", digest('a'), NOW - D, "CVE-2024-1");
	expect("patch", CONTROL_PASS);
	/* High: 30 days under the baseline, late the day after. */
	store_set_now(in.st, NOW + 29 * D + 60);
	scan_image(&in, "trivy", "shop/a:1", digest('a'), NOW + 29 * D, "CVE-2024-1");
	expect("patch", CONTROL_PASS);
	store_set_now(in.st, NOW + 31 * D);
	expect("patch", CONTROL_FAIL);
	scan_image(&in, "trivy", "shop/a:1", digest('a'), NOW + 30 * D, "");
	expect("patch", CONTROL_PASS);
}

static void a_vulnerability_of_several_classes_fails_a_control_once(UNUSED void **state)
{
	static const char *const more[] = { "vuln-kev", "vuln-overdue" };

	import_begin_test(&in);
	for (size_t i = 0; i < LENGTH(more); i++) {
		class_of(more[i], "vulnerability");
		entry((struct rec_entry){ .kind = ENTRY_MAP, .framework = "F", .id = "patch",
					  .class_id = more[i], .weight = "supporting" });
	}
	control("exploited", "vuln-kev", "primary", NULL);
	put(&in, &(struct record){ REC_SIGNAL,
				   { .signal = { .cve = "CVE-2024-1", .kev = true, .epss = -1,
						 .percentile = -1, .at = NOW } } });
	import_end_test(&in);
	scan_image(&in, "trivy", "shop/a:1", digest('a'), NOW - 40 * D, "CVE-2024-1 CVE-2024-2");
	assert_int_equal(judged("patch").failing, 2);
	assert_int_equal(judged("exploited").failing, 1);
}

/* A clock that is wrong by years: neither fresh for years, nor newer than all that follows. */
static void a_time_of_the_future_is_not_believed(UNUSED void **state)
{
	scan_image(&in, "trivy", "shop/a:1", digest('a'), NOW + 400 * D, "CVE-2024-1");
	assert_int_equal(number(in.st, "SELECT at FROM scan WHERE at_inferred = 1"), NOW);
	assert_string_equal(in.stats.warning[0], "when the tool ran, 2026-10-28T15:06:40Z, is in "
						 "the future: not believed");
	expect("patch", CONTROL_PASS);
	store_set_now(in.st, NOW + 8 * D);
	expect("patch", CONTROL_STALE);
	scan_image(&in, "trivy", "shop/a:1", digest('a'), NOW + 8 * D, "");
	assert_int_equal(in.stats.resolved[COUNT_FINDINGS], 1);
}

static void a_clock_that_is_ahead_by_hours_is_believed(UNUSED void **state)
{
	scan_image(&in, "trivy", "shop/a:1", digest('a'), NOW + D, "CVE-2024-1");
	assert_int_equal(number(in.st, "SELECT at FROM scan WHERE at_inferred = 0"), NOW + D);
	assert_int_equal(in.stats.nwarning, 0);
}

static void an_alert_fails_its_control_and_its_end_does_not_pass_it(UNUSED void **state)
{
	struct err e = ERR_INIT;

	import_begin_test(&in);
	scan(&in, "falco", NOW - 3600);
	event(&in, "shell", "aaaaaaaaaaaa", NOW - 3600, PRIO_ERROR);
	import_end_test(&in);
	expect("shell", CONTROL_FAIL);
	assert_true(store_alert_step(in.st, number(in.st, "SELECT id FROM alert"), ALERT_CLOSED,
	                             "dealt with", &e));
	expect("shell", CONTROL_NONE);
}

static void what_only_exceptions_keep_from_failing_is_excepted(UNUSED void **state)
{
	struct err e = ERR_INIT;

	check_host("a", VERDICT_FAIL, NOW - D);
	assert_true(db_script(in.st->db, "UPDATE tally SET state = 2", &e));
	expect("root", CONTROL_EXCEPTED);
}

/* ---- what people say ---- */

static void a_person_passes_what_only_a_person_can_judge_for_a_time(UNUSED void **state)
{
	struct err e = ERR_INIT;

	assert_true(answer("person", ANSWER_PASS, "seen", &e));
	expect("person", CONTROL_PASS);
	store_set_now(in.st, NOW + 90 * D + 1);
	expect("person", CONTROL_MANUAL);
}

static void an_answer_fails_or_takes_out_a_control(UNUSED void **state)
{
	struct err e = ERR_INIT;

	assert_true(answer("person", ANSWER_PARTIAL, "half", &e));
	expect("person", CONTROL_FAIL);
	assert_string_equal(judged("person").why, "answered: partial");
	assert_true(answer("person", ANSWER_FAIL, "none of it", &e));
	assert_string_equal(judged("person").why, "answered: fail");
	assert_true(answer("person", ANSWER_NA, "no such thing here", &e));
	expect("person", CONTROL_NA);
}

static void no_answer_passes_what_data_has_to_show(UNUSED void **state)
{
	struct err e = ERR_INIT;

	assert_true(answer("root", ANSWER_PASS, "I say so", &e));
	expect("root", CONTROL_NONE);
}

static void item(const char *id, const char *title, const char *word, int64_t at)
{
	import_begin_test(&in);
	entry((struct rec_entry){ .kind = ENTRY_ITEM,
				  .framework = "CN",
				  .id = id,
				  .title = title,
				  .to = title ? "F:nothing" : NULL,
				  .answer = word,
				  .by = word ? "auditor" : NULL,
				  .at = at });
	import_end_test(&in);
}

static void a_control_that_items_bear_on_passes_by_all_and_fails_by_one(UNUSED void **state)
{
	expect("nothing", CONTROL_NONE);
	item("CN-1", "one", NULL, 0);
	item("CN-2", "two", NULL, 0);
	expect("nothing", CONTROL_MANUAL);
	item("CN-1", NULL, "pass", NOW - D);
	expect("nothing", CONTROL_MANUAL);
	item("CN-2", NULL, "pass", NOW - 2 * D);
	expect("nothing", CONTROL_PASS);
	assert_int_equal(judged("nothing").told_at, NOW - D); /* the newest */
	item("CN-2", NULL, "partial", NOW - D);
	expect("nothing", CONTROL_FAIL);
	store_set_now(in.st, NOW + 400 * D); /* answers fall due again */
	expect("nothing", CONTROL_MANUAL);
}

static void an_answer_against_the_data_needs_a_note(UNUSED void **state)
{
	struct err e = ERR_INIT;

	check_host("a", VERDICT_FAIL, NOW - D);
	assert_false(answer("root", ANSWER_PASS, NULL, &e));
	assert_int_equal(e.kind, ERR_USAGE);
	assert_non_null(strstr(e.text, "needs a note"));
	assert_true(answer("root", ANSWER_FAIL, NULL, &e));
	assert_true(answer("root", ANSWER_PASS, "compensated", &e));
	expect("root", CONTROL_FAIL);
}

static void every_answer_is_in_the_audit_trail(UNUSED void **state)
{
	struct verify_answer v;
	struct err e = ERR_INIT;

	assert_true(answer("person", ANSWER_PASS, "seen", &e));
	assert_int_equal(number(in.st, "SELECT COUNT(*) FROM audit WHERE act = 'answer'"), 1);
	assert_true(store_verify(in.st, NULL, &v, &e));
	assert_true(v.intact);
}

/* ---- the gate ---- */

static struct gate_answer gate(struct arena *mem)
{
	struct gate_answer a;
	struct err e = ERR_INIT;

	if (!store_gate(in.st, "shop/a:1", NULL, 0, mem, &a, &e))
		fail_msg("%s", e.text);
	return a;
}

static void the_gate_names_the_finding_and_refuses_before_it_doubts(UNUSED void **state)
{
	struct arena mem = ARENA_INIT;
	struct gate_answer a;

	import_begin_test(&in);
	scan(&in, "trivy", NOW - 30 * D);
	image(&in, "shop/a:1", digest('a'));
	vuln(&in, "CVE-2024-9", "libx", "1.0", SEV_CRITICAL);
	cover(&in, FINDING_VULNERABILITY);
	import_end_test(&in);
	a = gate(&mem);
	assert_false(a.admitted);
	assert_int_equal(a.nreason, 2);
	assert_string_equal(a.reason[0].rule, "vulnerability.critical");
	assert_string_equal(a.reason[0].text, "1 open critical vulnerability, 0 allowed: "
	                                      "CVE-2024-9 libx 1.0");
	assert_false(a.reason[0].evidence);
	assert_string_equal(a.reason[1].rule, "scan.age");
	assert_true(a.reason[1].evidence);
	arena_release(&mem);
}

static void the_gate_lets_a_clean_fresh_image_pass(UNUSED void **state)
{
	struct arena mem = ARENA_INIT;

	scan_image(&in, "trivy", "shop/a:1", digest('a'), NOW - D, "");
	assert_true(gate(&mem).admitted);
	arena_release(&mem);
}

static void the_gate_has_no_answer_for_what_was_never_seen(UNUSED void **state)
{
	struct arena mem = ARENA_INIT;
	struct gate_answer a;
	struct err e = ERR_INIT;

	assert_false(store_gate(in.st, "shop/never:1", NULL, 0, &mem, &a, &e));
	assert_int_equal(e.kind, ERR_EVIDENCE);
	arena_release(&mem);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(no_evidence_is_never_a_pass),
		TEST(a_passing_check_passes_and_a_failing_one_fails),
		TEST(a_check_that_needs_a_person_proves_nothing),
		TEST(a_weak_link_is_not_judged_by),
		TEST(evidence_goes_stale_when_its_window_has_passed),
		TEST(one_asset_with_old_evidence_makes_it_stale),
		TEST(five_of_six_is_not_a_pass),
		TEST(a_vulnerability_fails_once_it_is_late),
		TEST(a_vulnerability_of_several_classes_fails_a_control_once),
		TEST(a_time_of_the_future_is_not_believed),
		TEST(a_clock_that_is_ahead_by_hours_is_believed),
		TEST(an_alert_fails_its_control_and_its_end_does_not_pass_it),
		TEST(what_only_exceptions_keep_from_failing_is_excepted),
		TEST(a_person_passes_what_only_a_person_can_judge_for_a_time),
		TEST(an_answer_fails_or_takes_out_a_control),
		TEST(no_answer_passes_what_data_has_to_show),
		TEST(a_control_that_items_bear_on_passes_by_all_and_fails_by_one),
		TEST(an_answer_against_the_data_needs_a_note),
		TEST(every_answer_is_in_the_audit_trail),
		TEST(the_gate_names_the_finding_and_refuses_before_it_doubts),
		TEST(the_gate_lets_a_clean_fresh_image_pass),
		TEST(the_gate_has_no_answer_for_what_was_never_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
