/* SPDX-License-Identifier: MIT */
/* 1316-response.c - how fast alerts were acknowledged of late, and which rules call most. */
#include "t/lib/test.h"
#include "t/lib/one_import.h"

enum { HOUR = 3600 };

/* Three alerts: one old; of two rules, one of them with three events. */
static void three_alerts(void)
{
	import_begin_test(&in);
	scan(&in, "falco", T0);
	event(&in, "Terminal shell", "aaaaaaaaaaaa", T0 - 40 * DAY_S, PRIO_CRITICAL);
	event(&in, "Terminal shell", "aaaaaaaaaaaa", T0, PRIO_CRITICAL);
	event(&in, "Write below etc", "bbbbbbbbbbbb", T0, PRIO_CRITICAL);
	event(&in, "Write below etc", "bbbbbbbbbbbb", T0 + 1, PRIO_CRITICAL);
	event(&in, "Write below etc", "bbbbbbbbbbbb", T0 + 2, PRIO_CRITICAL);
	import_end_test(&in);
}

static void acknowledge(const char *rule, int64_t at)
{
	struct arena mem = ARENA_INIT;
	struct err e = ERR_INIT;
	const char *sql = arena_printf(&mem,
	                               "SELECT max(t.id) FROM alert t\n"
	                               "JOIN advisory a ON a.id = t.rule WHERE a.name = '%s'",
	                               rule);

	store_set_now(in.st, at);
	if (!store_alert_step(in.st, number(in.st, sql), ALERT_ACKNOWLEDGED, NULL, &e))
		fail_msg("%s", e.text);
	arena_release(&mem);
}

static struct alert_response told(struct arena *mem)
{
	struct alert_response r;
	struct err e = ERR_INIT;

	if (!store_alert_response(in.st, mem, &r, &e))
		fail_msg("%s", e.text);
	return r;
}

/* Critical ones have 15 minutes under the baseline. */
static void what_was_late_counts_and_what_has_time_left_does_not(UNUSED void **state)
{
	struct arena mem = ARENA_INIT;
	struct alert_response r;

	three_alerts();
	store_set_now(in.st, T0 + 60);
	r = told(&mem);
	assert_int_equal(r.pace[PRIO_CRITICAL].ack, 15 * 60);
	assert_int_equal(r.pace[PRIO_CRITICAL].began, 2);
	assert_int_equal(r.pace[PRIO_CRITICAL].decided, 0);
	assert_int_equal(r.pace[PRIO_CRITICAL].median, -1);
	acknowledge("Terminal shell", T0 + 5 * 60);
	store_set_now(in.st, T0 + HOUR);
	r = told(&mem);
	assert_int_equal(r.pace[PRIO_CRITICAL].decided, 2);
	assert_int_equal(r.pace[PRIO_CRITICAL].in_time, 1);
	assert_int_equal(r.pace[PRIO_CRITICAL].median, 5 * 60);
	acknowledge("Write below etc", T0 + HOUR);
	r = told(&mem);
	assert_int_equal(r.pace[PRIO_CRITICAL].in_time, 1);
	assert_int_equal(r.pace[PRIO_CRITICAL].median, HOUR);
	arena_release(&mem);
}

static void the_loudest_rule_comes_first_unless_it_is_muted(UNUSED void **state)
{
	struct arena mem = ARENA_INIT;
	struct alert_response r;
	struct err e = ERR_INIT;
	int64_t loud;

	three_alerts();
	store_set_now(in.st, T0 + HOUR);
	r = told(&mem);
	assert_int_equal(r.nnoise, 2);
	assert_string_equal(r.noise[0].rule, "Write below etc");
	assert_int_equal(r.noise[0].events, 3);
	assert_int_equal(r.noise[0].alerts, 1);
	assert_string_equal(r.noise[1].rule, "Terminal shell");
	assert_int_equal(r.muted, 0);
	loud = number(in.st, "SELECT id FROM alert WHERE events = 3");
	assert_true(store_mute(in.st, loud, MUTE_THERE, T0 + 5 * DAY_S, "the probe", &e));
	r = told(&mem);
	assert_int_equal(r.nnoise, 1);
	assert_int_equal(r.muted, 1);
	arena_release(&mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			what_was_late_counts_and_what_has_time_left_does_not, setup, teardown),
		cmocka_unit_test_setup_teardown(
			the_loudest_rule_comes_first_unless_it_is_muted, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
