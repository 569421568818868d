/* SPDX-License-Identifier: MIT */
/* 1314-mutes.c - nobody is called for what a muted rule detects, and nothing of it is lost. */
#include "t/lib/test.h"
#include "t/lib/records.h"

enum { MONTH = 30 * 86400 };

static struct import in;

static int setup(UNUSED void **state)
{
	import_init(&in, store_for_test());
	import_begin_test(&in);
	scan(&in, "falco", T0);
	event(&in, "Terminal shell", "aaaaaaaaaaaa", T0, PRIO_CRITICAL);
	event(&in, "Write below etc", "aaaaaaaaaaaa", T0, PRIO_CRITICAL);
	event(&in, "Terminal shell", "bbbbbbbbbbbb", T0, PRIO_CRITICAL);
	import_end_test(&in);
	store_set_now(in.st, T0 + 10 * 86400);
	return 0;
}

static int teardown(UNUSED void **state)
{
	import_free(&in);
	store_close(in.st);
	return 0;
}

static void mute(enum mute_reach reach)
{
	struct err e = ERR_INIT;

	if (!store_mute(in.st, 1, reach, store_now(in.st) + MONTH, "the probe does it", &e))
		fail_msg("%s", e.text);
}

static int64_t listed(const char *filter)
{
	struct list_query q = { .list = LIST_alerts };
	struct arena mem = ARENA_INIT;
	struct err e = ERR_INIT;
	size_t at;
	int64_t n;

	assert_true(filter_parse(LIST_alerts, filter, store_now(in.st), &mem, &q.where, &at, &e));
	assert_true(store_count(in.st, &q, &n, &e));
	arena_release(&mem);
	return n;
}

static void told(int64_t standing, int64_t late)
{
	struct arena mem = ARENA_INIT;
	struct err e = ERR_INIT;
	struct status s;
	size_t alerts = 0;

	assert_true(store_status(in.st, &mem, &s, &e));
	for (size_t i = 0; i < s.nnow; i++)
		alerts += str_eq(s.now[i].what, "alert");
	assert_int_equal(s.alerts, standing);
	assert_int_equal(s.alerts_late, late);
	assert_int_equal(s.late[STATUS_ALERT], late);
	assert_int_equal(alerts, standing);
	arena_release(&mem);
}

static void a_muted_rule_calls_nobody_there(UNUSED void **state)
{
	told(3, 3);
	mute(MUTE_THERE);
	told(2, 2);
	assert_int_equal(listed(""), 2);
	assert_int_equal(listed("muted"), 1);
	assert_int_equal(number(in.st, "SELECT COUNT(*) FROM event"), 3);
}

static void everywhere_means_every_alert_of_the_rule(UNUSED void **state)
{
	mute(MUTE_EVERYWHERE);
	told(1, 1);
	assert_int_equal(listed("muted"), 2);
}

static void it_calls_again_when_the_mute_runs_out(UNUSED void **state)
{
	mute(MUTE_THERE);
	store_set_now(in.st, store_now(in.st) + MONTH);
	told(3, 3);
}

static void it_calls_again_when_a_person_ends_it(UNUSED void **state)
{
	struct err e = ERR_INIT;

	mute(MUTE_THERE);
	assert_true(store_unmute(in.st, 1, &e));
	told(3, 3);
	assert_false(store_unmute(in.st, 1, &e));
}

static void undo(int64_t after, int64_t want)
{
	struct err e = ERR_INIT;
	int64_t now, n;

	assert_true(store_seq(in.st, &now, &e));
	if (!store_undo(in.st, after, now, &n, &e))
		fail_msg("%s", e.text);
	assert_int_equal(n, want);
}

static void both_acts_are_taken_back(UNUSED void **state)
{
	struct err e = ERR_INIT;
	int64_t before, between;

	assert_true(store_seq(in.st, &before, &e));
	mute(MUTE_THERE);
	assert_true(store_seq(in.st, &between, &e));
	assert_true(store_unmute(in.st, 1, &e));
	undo(between, 1);
	told(2, 2);
	undo(before, 1);
	told(3, 3);
}

static void a_past_day_has_the_mutes_of_that_day(UNUSED void **state)
{
	struct err e = ERR_INIT;
	int64_t day = store_now(in.st);

	mute(MUTE_THERE);
	store_set_now(in.st, day + 86400);
	assert_true(store_unmute(in.st, 1, &e));
	if (!store_set_as_of(in.st, day + 3600, 0, &e))
		fail_msg("%s", e.text);
	assert_int_equal(listed("muted"), 1);
	assert_true(store_set_as_of(in.st, day - 3600, 0, &e));
	assert_int_equal(listed("muted"), 0);
}

static void the_alert_tells_who_muted_it_and_why(UNUSED void **state)
{
	struct arena mem = ARENA_INIT;
	struct alert_detail d;
	struct err e = ERR_INIT;

	mute(MUTE_EVERYWHERE);
	assert_true(store_alert(in.st, 3, &mem, &d, &e));
	assert_int_equal(d.muted_until, store_now(in.st) + MONTH);
	assert_string_equal(d.muted_where, "everywhere");
	assert_string_equal(d.muted_by, store_actor(in.st));
	assert_string_equal(d.muted_why, "the probe does it");
	assert_int_equal(number(in.st, "SELECT COUNT(*) FROM audit\n"
	                               "WHERE act = 'mute' AND object = 'alert 1'"), 1);
	arena_release(&mem);
}

static void refused(const char *reason, int64_t until, const char *why)
{
	struct err e = ERR_INIT;

	assert_false(store_mute(in.st, 1, MUTE_THERE, until, reason, &e));
	assert_int_equal(e.kind, ERR_USAGE);
	if (!strstr(e.text, why))
		fail_msg("%s", e.text);
}

static void it_has_a_reason_and_an_end(UNUSED void **state)
{
	int64_t now = store_now(in.st);

	refused("", now + MONTH, "say why");
	refused("noise", now, "ends some day");
	refused("noise", now + 20 * MONTH, "a year at most");
	mute(MUTE_THERE);
	refused("noise", now + MONTH, "already");
}

static void an_auditor_mutes_nothing(UNUSED void **state)
{
	struct err e = ERR_INIT;

	assert_false(role_may(ROLE_AUDITOR, "mute", &e));
	assert_false(role_may(ROLE_AUDITOR, "unmute", &e));
	assert_true(role_may(ROLE_ENGINEER, "mute", &e));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_muted_rule_calls_nobody_there, setup, teardown),
		cmocka_unit_test_setup_teardown(everywhere_means_every_alert_of_the_rule, setup,
		                                teardown),
		cmocka_unit_test_setup_teardown(it_calls_again_when_the_mute_runs_out, setup,
		                                teardown),
		cmocka_unit_test_setup_teardown(it_calls_again_when_a_person_ends_it, setup,
		                                teardown),
		cmocka_unit_test_setup_teardown(both_acts_are_taken_back, setup, teardown),
		cmocka_unit_test_setup_teardown(a_past_day_has_the_mutes_of_that_day, setup,
		                                teardown),
		cmocka_unit_test_setup_teardown(the_alert_tells_who_muted_it_and_why, setup,
		                                teardown),
		cmocka_unit_test_setup_teardown(it_has_a_reason_and_an_end, setup, teardown),
		cmocka_unit_test_setup_teardown(an_auditor_mutes_nothing, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
