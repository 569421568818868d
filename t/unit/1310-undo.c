/* SPDX-License-Identifier: MIT */
/* 1310-undo.c - what a person did last is taken back, and both stay in the trail. */
#include "t/lib/test.h"
#include "t/lib/records.h"

static struct import in;
static const struct scope first_image = { SCOPE_IMAGE, { 1 } };

static int setup(UNUSED void **state)
{
	import_init(&in, store_for_test());
	scan_image(&in, "trivy", "app:1", digest('a'), T0, "CVE-1");
	return 0;
}

static int teardown(UNUSED void **state)
{
	import_free(&in);
	store_close(in.st);
	return 0;
}

static int64_t seq(void)
{
	struct err e = ERR_INIT;
	int64_t n;

	assert_true(store_seq(in.st, &n, &e));
	return n;
}

static int64_t undo(int64_t after)
{
	struct err e = ERR_INIT;
	int64_t n;

	if (!store_undo(in.st, after, seq(), &n, &e))
		fail_msg("%s", e.text);
	return n;
}

static const char *owner(struct arena *mem)
{
	struct image_detail d;
	struct err e = ERR_INIT;

	assert_true(store_image(in.st, 1, mem, &d, &e));
	return d.owner;
}

static void an_owner_goes_back_to_the_one_before(UNUSED void **state)
{
	struct arena mem = ARENA_INIT;
	struct err e = ERR_INIT;
	int64_t before;

	assert_true(store_own(in.st, &first_image, "ruiz", &e));
	before = seq();
	assert_true(store_own(in.st, &first_image, "mlee", &e));
	assert_int_equal(undo(before), 1);
	assert_string_equal(owner(&mem), "ruiz");
	arena_release(&mem);
}

static void a_note_is_passed_over_but_kept(UNUSED void **state)
{
	struct arena mem = ARENA_INIT;
	struct image_detail d;
	struct err e = ERR_INIT;
	int64_t before = seq();

	assert_true(store_note(in.st, &first_image, "slip of the pen", &e));
	assert_int_equal(undo(before), 1);
	assert_true(store_image(in.st, 1, &mem, &d, &e));
	assert_int_equal(d.nnote, 0);
	assert_int_equal(number(in.st, "SELECT COUNT(*) FROM note"), 1);
	arena_release(&mem);
}

static void an_answer_gives_way_to_the_one_before(UNUSED void **state)
{
	const struct scope item = { SCOPE_ITEM, { 1 } };
	struct arena mem = ARENA_INIT;
	struct item_detail d;
	struct err e = ERR_INIT;
	int64_t before;

	assert_true(db_script(in.st->db,
		"INSERT INTO item (id, ident, ord, section, title)\n"
		"VALUES (1, 'CN-1', 1, 's', 't')", &e));
	assert_true(store_answer(in.st, &item, ANSWER_PASS, "seen", 0, &e));
	before = seq();
	assert_true(store_answer(in.st, &item, ANSWER_FAIL, "not so", 0, &e));
	assert_int_equal(undo(before), 1);
	assert_true(store_item(in.st, 1, &mem, &d, &e));
	assert_int_equal(d.nanswer, 1);
	assert_int_equal(d.answer[0].answer, ANSWER_PASS);
	arena_release(&mem);
}

static void a_step_of_an_alert_goes_back_with_its_clock(UNUSED void **state)
{
	struct err e = ERR_INIT;
	int64_t before, ack_due;

	import_begin_test(&in);
	scan(&in, "falco", T0);
	event(&in, "Terminal shell", "c1", T0, PRIO_CRITICAL);
	import_end_test(&in);
	ack_due = number(in.st, "SELECT next_due FROM alert");
	before = seq();
	assert_true(store_alert_step(in.st, 1, ALERT_CLOSED, "done", &e));
	assert_int_equal(undo(before), 1);
	assert_int_equal(number(in.st, "SELECT state FROM alert"), ALERT_OPEN);
	assert_int_equal(number(in.st, "SELECT acknowledged + contained + closed FROM alert"), 0);
	assert_int_equal(number(in.st, "SELECT next_due FROM alert"), ack_due);
}

static void a_report_of_an_alert_is_due_again(UNUSED void **state)
{
	struct err e = ERR_INIT;
	int64_t before;

	import_begin_test(&in);
	scan(&in, "falco", T0);
	event(&in, "Terminal shell", "c1", T0, PRIO_CRITICAL);
	import_end_test(&in);
	assert_true(store_alert_step(in.st, 1, ALERT_CLOSED, "done", &e));
	before = seq();
	assert_true(store_alert_report(in.st, 1, NULL, &e));
	assert_int_equal(undo(before), 1);
	assert_int_equal(number(in.st, "SELECT reported FROM alert"), 0);
	assert_int_equal(number(in.st, "SELECT state FROM alert"), ALERT_CLOSED);
	assert_int_equal(number(in.st, "SELECT next_due = report_due FROM alert"), 1);
}

static void an_exception_is_ended_and_its_finding_open_again(UNUSED void **state)
{
	const struct exception x = { .kind = STATE_ACCEPTED, .reach = REACH_EVERYWHERE,
		                     .reason = "until the release",
		                     .until = in.st->now + 30 * D };
	struct except_answer a = { .each = NULL };
	struct err e = ERR_INIT;
	struct scope what = { SCOPE_FINDING, { 0 } };
	int64_t before = seq();

	what.key[0] = number(in.st, "SELECT asset FROM finding");
	what.key[1] = number(in.st, "SELECT advisory FROM finding");
	what.key[2] = number(in.st, "SELECT part FROM finding");
	if (!store_except(in.st, &x, &what, 1, false, &a, &e))
		fail_msg("%s", e.text);
	assert_int_equal(number(in.st, "SELECT state FROM finding"), STATE_ACCEPTED);
	assert_int_equal(undo(before), 1);
	assert_int_equal(number(in.st, "SELECT state FROM finding"), STATE_OPEN);
	assert_int_equal(undo(before), 0);
	assert_int_equal(number(in.st, "SELECT sum(open) FROM snapshot\n"
				       "WHERE day = (SELECT max(day) FROM snapshot)"),
			 1);
}

static void tags_exceptions_and_notes_are_taken_back_together(UNUSED void **state)
{
	struct exception x = { .kind = STATE_ACCEPTED, .reach = REACH_EVERYWHERE,
		               .reason = "until the release", .until = in.st->now + 30 * D };
	struct except_answer a = { .each = NULL };
	struct scope what = { SCOPE_FINDING, { number(in.st, "SELECT asset FROM finding"),
		              number(in.st, "SELECT advisory FROM finding"),
		              number(in.st, "SELECT part FROM finding") } };
	struct err e = ERR_INIT;
	int64_t before = seq(), n;
	bool changed;

	assert_true(store_tag(in.st, &first_image, "mine", true, &changed, &e));
	for (int i = 0; i < 70; i++)
		assert_true(store_except(in.st, &x, &what, 1, false, &a, &e));
	assert_true(store_note(in.st, &first_image, "x", &e));
	in.st->role = ROLE_ENGINEER; /* may not tag: none of it is undone */
	assert_false(store_undo(in.st, before, seq(), &n, &e));
	assert_int_equal(number(in.st, "SELECT state FROM finding"), STATE_ACCEPTED);
	in.st->role = ROLE_LEAD;
	assert_int_equal(undo(before), 72);
	assert_int_equal(number(in.st, "SELECT state FROM finding"), STATE_OPEN);
	assert_int_equal(number(in.st, "SELECT COUNT(*) FROM tag WHERE until = 0"), 0);
	assert_int_equal(undo(before), 0);
}

static void several_acts_are_taken_back_at_once_and_only_once(UNUSED void **state)
{
	struct err e = ERR_INIT;
	int64_t before = seq();

	for (int i = 0; i < 3; i++)
		assert_true(store_note(in.st, &first_image, "again", &e));
	assert_int_equal(undo(before), 3);
	assert_int_equal(undo(before), 0);
	assert_int_equal(number(in.st, "SELECT COUNT(*) FROM audit WHERE act = 'undo'"), 3);
}

static void the_trail_stays_whole(UNUSED void **state)
{
	struct verify_answer v;
	struct err e = ERR_INIT;
	int64_t before = seq();

	assert_true(store_note(in.st, &first_image, "x", &e));
	undo(before);
	assert_true(store_verify(in.st, NULL, &v, &e));
	assert_true(v.intact);
}

static void what_another_did_is_not_touched(UNUSED void **state)
{
	struct err e = ERR_INIT;
	int64_t before = seq();
	char another[] = "another", *me = in.st->actor;

	in.st->actor = another;
	assert_true(store_note(in.st, &first_image, "theirs", &e));
	in.st->actor = me;
	assert_int_equal(undo(before), 0);
}

static void a_role_without_the_right_is_refused(UNUSED void **state)
{
	struct err e = ERR_INIT;
	int64_t before = seq(), n;

	assert_true(store_own(in.st, &first_image, "ruiz", &e));
	in.st->role = ROLE_AUDITOR;
	assert_false(store_undo(in.st, before, seq(), &n, &e));
	assert_int_equal(e.kind, ERR_USAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(an_owner_goes_back_to_the_one_before, setup,
		                                teardown),
		cmocka_unit_test_setup_teardown(a_note_is_passed_over_but_kept, setup, teardown),
		cmocka_unit_test_setup_teardown(an_answer_gives_way_to_the_one_before, setup,
		                                teardown),
		cmocka_unit_test_setup_teardown(a_step_of_an_alert_goes_back_with_its_clock, setup,
		                                teardown),
		cmocka_unit_test_setup_teardown(a_report_of_an_alert_is_due_again, setup, teardown),
		cmocka_unit_test_setup_teardown(an_exception_is_ended_and_its_finding_open_again,
		                                setup, teardown),
		cmocka_unit_test_setup_teardown(tags_exceptions_and_notes_are_taken_back_together,
		                                setup, teardown),
		cmocka_unit_test_setup_teardown(several_acts_are_taken_back_at_once_and_only_once,
		                                setup, teardown),
		cmocka_unit_test_setup_teardown(the_trail_stays_whole, setup, teardown),
		cmocka_unit_test_setup_teardown(what_another_did_is_not_touched, setup, teardown),
		cmocka_unit_test_setup_teardown(a_role_without_the_right_is_refused, setup,
		                                teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
