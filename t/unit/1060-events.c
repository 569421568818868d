/* SPDX-License-Identifier: MIT */
/* 1060-events.c - events are kept once, and gathered into alerts with a response clock. */
#include <stdio.h>

#include "store/event_pack.h"
#include "t/lib/test.h"
#include "t/lib/one_import.h"

static const char BOX[] = "0123456789abcdef";

static void one_event(const char *rule, int64_t at, enum priority p)
{
	import_begin_test(&in);
	scan(&in, "falco", T0);
	event(&in, rule, BOX, at, p);
	import_end_test(&in);
}

static int64_t alerts(void)
{
	return number(in.st, "SELECT count(*) FROM alert");
}

static void events_of_one_rule_in_one_container_are_one_alert(UNUSED void **state)
{
	one_event("shell", T0, PRIO_WARNING);
	one_event("shell", T0 + 600, PRIO_CRITICAL);
	one_event("other", T0 + 600, PRIO_WARNING);
	assert_int_equal(alerts(), 2);
	assert_int_equal(number(in.st, "SELECT events FROM alert ORDER BY id LIMIT 1"), 2);
	assert_int_equal(number(in.st, "SELECT priority FROM alert ORDER BY id LIMIT 1"),
			 PRIO_CRITICAL);
}

static void the_same_event_again_changes_nothing(UNUSED void **state)
{
	one_event("shell", T0, PRIO_WARNING);
	one_event("shell", T0, PRIO_WARNING);
	assert_int_equal(in.stats.unchanged[COUNT_EVENTS], 1);
	assert_int_equal(number(in.st, "SELECT count(*) FROM event"), 1);
	assert_int_equal(number(in.st, "SELECT events FROM alert"), 1);
}

/* Its response clock would begin then, and nobody would be late before. */
static void an_event_of_the_future_is_dated_as_imported(UNUSED void **state)
{
	in.st->now = T0;
	one_event("shell", T0 + D, PRIO_WARNING); /* clocks differ */
	assert_int_equal(in.stats.nwarning, 0);
	assert_int_equal(number(in.st, "SELECT max(ts_ns) FROM event"), (T0 + D) * NS_PER_S);
	one_event("future", T0 + D + 1, PRIO_WARNING);
	assert_int_equal(in.stats.nwarning, 1);
	assert_non_null(strstr(in.stats.warning[0], "an event is dated in the future"));
	assert_int_equal(number(in.st, "SELECT ts_ns FROM event WHERE inferred = 1"),
			 T0 * NS_PER_S);
	assert_int_equal(number(in.st, "SELECT min(first_ns) FROM alert"), T0 * NS_PER_S);
	in.st->now = T0 + 2 * D; /* the same line once more, when its time has come */
	one_event("future", T0 + D + 1, PRIO_WARNING);
	one_event("shell", T0 + D, PRIO_WARNING);
	assert_int_equal(number(in.st, "SELECT count(*) FROM event"), 2);
	assert_int_equal(number(in.st, "SELECT sum(events) FROM alert"), 2);
}

static void a_gap_of_a_day_begins_a_new_alert(UNUSED void **state)
{
	one_event("shell", T0, PRIO_WARNING);
	one_event("shell", T0 + D - 1, PRIO_WARNING);
	assert_int_equal(alerts(), 1);
	one_event("shell", T0 + 2 * D + 1, PRIO_WARNING);
	assert_int_equal(alerts(), 2);
}

static void an_event_after_closing_begins_an_alert_and_one_before_joins_the_old(UNUSED void **state)
{
	struct err e = ERR_INIT;

	one_event("shell", T0, PRIO_WARNING);
	store_set_now(in.st, T0 + 1000);
	assert_true(store_alert_step(in.st, 1, ALERT_CLOSED, "done", &e));
	one_event("shell", T0 + 500, PRIO_WARNING);
	assert_int_equal(alerts(), 1);
	assert_int_equal(number(in.st, "SELECT next_due = 9223372036854775807 FROM alert"), 1);
	one_event("shell", T0 + 2000, PRIO_WARNING);
	assert_int_equal(alerts(), 2);
}

static void the_response_clock_starts_at_the_first_event_however_late_it_comes(UNUSED void **state)
{
	int64_t due;

	one_event("shell", T0 + 600, PRIO_CRITICAL);
	due = number(in.st, "SELECT ack_due FROM alert");
	one_event("shell", T0, PRIO_CRITICAL);
	assert_int_equal(number(in.st, "SELECT ack_due FROM alert"), due - 600);
}

#define NEXT_DUE number(in.st, "SELECT next_due FROM alert")
#define REPORT	 number(in.st, "SELECT report_due FROM alert")

static void set(const char *sql)
{
	struct err e = ERR_INIT;

	if (!db_script(in.st->db, sql, &e))
		fail_msg("%s", e.text);
}

/* Rows of the list under a filter; "": as it opens. */
static int64_t standing(const char *filter)
{
	struct list_query q = { .list = LIST_alerts };
	struct arena mem = ARENA_INIT;
	struct err e = ERR_INIT;
	int64_t n = 0;
	size_t at;

	if (!filter_parse(LIST_alerts, filter, in.st->now, &mem, &q.where, &at, &e) ||
	    !store_count(in.st, &q, &n, &e))
		fail_msg("%s", e.text);
	arena_release(&mem);
	return n;
}

static void a_closed_alert_stands_until_it_is_reported(UNUSED void **state)
{
	struct err e = ERR_INIT;
	int64_t late;

	one_event("shell", T0, PRIO_CRITICAL);
	store_set_now(in.st, T0 + 1000);
	assert_int_equal(REPORT, T0 + D);
	assert_true(store_alert_step(in.st, 1, ALERT_CLOSED, "done", &e));
	assert_int_equal(NEXT_DUE, T0 + D);
	assert_int_equal(standing(""), 1);
	assert_int_equal(standing("next=report"), 1);
	store_set_now(in.st, T0 + D + 1);
	assert_true(store_alerts_late(in.st, &late, &e));
	assert_int_equal(late, 1);
	assert_int_equal(standing("late"), 1);
	assert_true(store_alert_report(in.st, 1, "told the office", &e));
	assert_int_equal(NEXT_DUE, DUE_NONE);
	assert_int_equal(number(in.st, "SELECT reported FROM alert"), T0 + D + 1);
	assert_int_equal(standing(""), 0);
	assert_false(store_alert_report(in.st, 1, NULL, &e));
	assert_int_equal(e.kind, ERR_USAGE);
}

static void to_report_neither_moves_an_alert_nor_ends_its_other_steps(UNUSED void **state)
{
	struct err e = ERR_INIT;

	one_event("shell", T0, PRIO_CRITICAL);
	assert_true(store_alert_report(in.st, 1, NULL, &e));
	assert_int_equal(number(in.st, "SELECT state FROM alert"), ALERT_OPEN);
	assert_int_equal(NEXT_DUE, T0 + 900);
}

static void the_step_that_is_due_first_is_next(UNUSED void **state)
{
	struct err e = ERR_INIT;

	one_event("shell", T0, PRIO_CRITICAL);
	set("UPDATE alert SET contain_due = 9223372036854775807, report_due = 5");
	assert_true(store_alert_step(in.st, 1, ALERT_ACKNOWLEDGED, NULL, &e));
	assert_int_equal(NEXT_DUE, 5);
	assert_true(store_alert_report(in.st, 1, NULL, &e));
	assert_int_equal(NEXT_DUE, T0 + D); /* of closing: nothing asks to contain */
}

/* The only alert as of a time: its state, when it was reported, when its next step is due. */
static void expect_then(int64_t at, enum alert_state state, int64_t reported, int64_t next)
{
	struct err e = ERR_INIT;

	store_set_now(in.st, T0 + D);
	if (!store_set_as_of(in.st, at, 0, &e))
		fail_msg("%s", e.text);
	assert_int_equal(number(in.st, "SELECT state FROM alert"), state);
	assert_int_equal(number(in.st, "SELECT reported FROM alert"), reported);
	assert_int_equal(NEXT_DUE, next);
	assert_true(store_set_as_of(in.st, 0, 0, &e));
}

static void a_past_day_shows_the_steps_that_were_taken_by_then(UNUSED void **state)
{
	struct err e = ERR_INIT;

	store_set_now(in.st, T0 + 100);
	one_event("shell", T0, PRIO_CRITICAL);
	store_set_now(in.st, T0 + 1000);
	assert_true(store_alert_report(in.st, 1, NULL, &e));
	store_set_now(in.st, T0 + 2000);
	assert_true(store_alert_step(in.st, 1, ALERT_ACKNOWLEDGED, NULL, &e));
	store_set_now(in.st, T0 + 3000);
	assert_true(store_alert_step(in.st, 1, ALERT_CLOSED, NULL, &e));
	expect_then(T0 + 500, ALERT_OPEN, 0, T0 + 900);
	expect_then(T0 + 1500, ALERT_OPEN, T0 + 1000, T0 + 900);
	expect_then(T0 + 2500, ALERT_ACKNOWLEDGED, T0 + 1000, T0 + 3600);
	expect_then(T0 + 3500, ALERT_CLOSED, T0 + 1000, DUE_NONE);
}

static void an_alert_without_any_due_step_is_open_all_the_same(UNUSED void **state)
{
	struct err e = ERR_INIT;

	one_event("shell", T0, PRIO_NOTICE);
	set("UPDATE alert SET ack_due = 9223372036854775807,\n"
		   "  contain_due = 9223372036854775807, close_due = 9223372036854775807,\n"
		   "  next_due = 9223372036854775807");
	assert_int_equal(standing(""), 1);
	assert_true(store_alert_step(in.st, 1, ALERT_CLOSED, NULL, &e));
	assert_int_equal(standing(""), 0);
}

static void what_is_less_than_a_notice_makes_no_alert(UNUSED void **state)
{
	one_event("noise", T0, PRIO_INFO);
	one_event("heed", T0, PRIO_NOTICE);
	assert_int_equal(alerts(), 1);
	assert_int_equal(number(in.st, "SELECT count(*) FROM event"), 2);
}

static void raw_bytes_are_kept_for_alerts_only_unless_asked_for(UNUSED void **state)
{
	one_event("heed", T0, PRIO_NOTICE);
	one_event("noise", T0, PRIO_INFO);
	assert_int_equal(number(in.st, "SELECT count(" SQL_EVENT_RAW("e") ") FROM event e"), 1);
	in.o.keep_raw = true;
	one_event("noise", T0 + 1, PRIO_INFO);
	assert_int_equal(number(in.st, "SELECT count(" SQL_EVENT_RAW("e") ") FROM event e"), 2);
}

static void expect_raw(int64_t alert, const char *want)
{
	struct arena mem = ARENA_INIT;
	struct alert_detail d;
	struct err e = ERR_INIT;

	assert_true(store_alert(in.st, alert, &mem, &d, &e));
	assert_string_equal(d.raw ? d.raw : "none", want);
	arena_release(&mem);
}

static void every_event_of_a_long_log_keeps_its_own_texts(UNUSED void **state)
{
	char rule[16], raw[64];

	import_begin_test(&in);
	scan(&in, "falco", T0);
	for (int i = 0; i < 300; i++) {
		snprintf(rule, sizeof(rule), "rule-%d", i);
		event(&in, rule, BOX, T0 + i, i % 3 ? PRIO_WARNING : PRIO_INFO);
	}
	import_end_test(&in);
	assert_int_equal(number(in.st, "SELECT count(*) > 1 FROM event_pack"), 1);
	assert_int_equal(alerts(), 200);
	for (int64_t alert = 1; alert <= 200; alert++) {
		int64_t i = 1 + (alert - 1) / 2 * 3 + (alert - 1) % 2;

		snprintf(raw, sizeof(raw), "rule-%d %s %lld", (int)i, BOX, (long long)(T0 + i));
		expect_raw(alert, raw);
	}
	assert_int_equal(number(in.st, "SELECT count(*) FROM event e\n"
				       "WHERE field_of(" SQL_EVENT_FIELDS(
					       "e") ", 'node') = 'node-1'"),
			 300);
}

static void what_else_happened_there_is_told_with_an_alert_and_how_usual_it_is(UNUSED void **state)
{
	struct arena mem = ARENA_INIT;
	struct alert_detail d;
	struct err e = ERR_INIT;

	one_event("shell", T0 - 2 * D, PRIO_WARNING); /* an alert before, at the same place */
	one_event("far", T0 - NEAR_S - 1, PRIO_WARNING);
	for (int i = 0; i < NEAR_MAX + 1; i++)
		one_event("exec", T0 - 600 + i, PRIO_INFO);
	one_event("shell", T0, PRIO_WARNING);
	one_event("shell", T0 + 60, PRIO_WARNING); /* its own is not near it */
	one_event("curl", T0 + 60 + NEAR_S - 1, PRIO_WARNING);
	assert_true(store_alert(in.st, number(in.st, "SELECT alert FROM event e\n"
					      "ORDER BY ts_ns DESC LIMIT 1 OFFSET 1"),
				&mem, &d, &e));
	assert_int_equal(d.nnear, NEAR_MAX + 1);
	assert_string_equal(d.near[0].what, "exec");
	assert_true(d.near[0].at_ns == (T0 - 599) * NS_PER_S);
	assert_string_equal(d.near[NEAR_MAX].what, "curl");
	assert_int_equal(d.before_here, 1);
	assert_int_equal(d.before_else, 0);
	arena_release(&mem);
}

static void an_event_that_keeps_its_texts_in_its_row_is_read_as_before(UNUSED void **state)
{
	struct err e = ERR_INIT;

	one_event("shell", T0, PRIO_WARNING);
	assert_true(db_script(in.st->db,
			      "UPDATE event SET fields = 'user\tann', raw = x'6f6c64'", &e));
	expect_raw(1, "old");
	assert_int_equal(number(in.st, "SELECT field_of(" SQL_EVENT_FIELDS(
					       "e") ", 'user') = 'ann' FROM event e"),
			 1);
}

static void damaged_texts_are_an_error_and_not_a_crash(UNUSED void **state)
{
	struct arena mem = ARENA_INIT;
	struct alert_detail d;
	struct err e = ERR_INIT;

	one_event("shell", T0, PRIO_WARNING);
	assert_true(db_script(in.st->db, "UPDATE event_pack SET raw = x'0102030405'", &e));
	assert_false(store_alert(in.st, 1, &mem, &d, &e));
	arena_release(&mem);
}

static void a_text_is_found_by_its_event_only(UNUSED void **state)
{
	static const char packed[] = "\1\0\0\0\0\0\0\0\2\0\0\0\0\0\0\0ab"
				     "\3\0\0\0\0\0\0\0\377\0\0\0\0\0\0\0short";
	size_t n;

	assert_memory_equal(event_pack_find(packed, sizeof(packed) - 1, 1, &n), "ab", 2);
	assert_int_equal(n, 2);
	assert_null(event_pack_find(packed, sizeof(packed) - 1, 2, &n));
	assert_null(event_pack_find(packed, sizeof(packed) - 1, 3, &n));
	assert_null(event_pack_find(packed, 5, 1, &n));
}

static void an_admission_decision_makes_no_alert(UNUSED void **state)
{
	import_begin_test(&in);
	scan(&in, "kyverno", T0);
	put(&in, &(struct record){ REC_EVENT,
				   { .event = { .kind = EVENT_ADMISSION,
						.ts_ns = T0 * NS_PER_S,
						.rule = "no-root",
						.priority = PRIO_CRITICAL,
						.cluster = "prod",
						.namespace = "shop",
						.action = "denied",
						.raw = "{}",
						.raw_len = 2 } } });
	import_end_test(&in);
	assert_int_equal(alerts(), 0);
	assert_int_equal(
		number(in.st, "SELECT kind FROM asset WHERE id = (SELECT asset FROM event)"),
		ASSET_NAMESPACE);
}

static void a_kubernetes_event_is_renewed_by_its_uid(UNUSED void **state)
{
	struct record r = { REC_EVENT,
			    { .event = { .kind = EVENT_LIFECYCLE,
					 .ts_ns = T0 * NS_PER_S,
					 .uid = "u-1",
					 .priority = PRIO_INFO,
					 .cluster = "prod",
					 .namespace = "shop",
					 .pod = "web-1",
					 .raw = "a",
					 .raw_len = 1 } } };

	import_begin_test(&in);
	scan(&in, "kubectl", T0);
	put(&in, &r);
	r.u.event.ts_ns += NS_PER_S;
	r.u.event.raw = "b";
	put(&in, &r);
	import_end_test(&in);
	assert_int_equal(number(in.st, "SELECT count(*) FROM event"), 1);
	assert_int_equal(number(in.st, "SELECT ts_ns FROM event"), (T0 + 1) * NS_PER_S);
}

static void an_event_finds_the_container_of_the_inventory(UNUSED void **state)
{
	import_begin_test(&in);
	in.o.cluster = NULL;
	scan(&in, "kubectl", T0);
	put(&in, &(struct record){ REC_RUNNING,
				   { .running = { .namespace = "shop",
						  .workload_kind = "Deployment",
						  .workload = "web",
						  .pod = "web-1",
						  .pod_uid = "u",
						  .container = "main",
						  .container_id = "containerd://0123456789abcdef",
						  .image = "app:1",
						  .image_id = digest('a'),
						  .running = true } } });
	import_end_test(&in);
	one_event("shell", T0, PRIO_WARNING);
	assert_int_equal(number(in.st, "SELECT count(*) FROM container"), 1);
	assert_int_equal(number(in.st, "SELECT image > 0 AND workload > 0 FROM container\n"
				       "WHERE asset = (SELECT asset FROM alert)"),
			 1);
}

static void an_event_of_a_host_belongs_to_the_host(UNUSED void **state)
{
	import_begin_test(&in);
	scan(&in, "falco", T0);
	event(&in, "kernel", NULL, T0, PRIO_ERROR);
	import_end_test(&in);
	assert_int_equal(
		number(in.st, "SELECT kind FROM asset WHERE id = (SELECT asset FROM alert)"),
		ASSET_HOST);
	assert_int_equal(number(in.st, "SELECT data_at FROM node"), T0);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(events_of_one_rule_in_one_container_are_one_alert),
		T(the_same_event_again_changes_nothing),
		T(an_event_of_the_future_is_dated_as_imported),
		T(a_gap_of_a_day_begins_a_new_alert),
		T(an_event_after_closing_begins_an_alert_and_one_before_joins_the_old),
		T(the_response_clock_starts_at_the_first_event_however_late_it_comes),
		T(a_closed_alert_stands_until_it_is_reported),
		T(to_report_neither_moves_an_alert_nor_ends_its_other_steps),
		T(the_step_that_is_due_first_is_next),
		T(a_past_day_shows_the_steps_that_were_taken_by_then),
		T(an_alert_without_any_due_step_is_open_all_the_same),
		T(what_is_less_than_a_notice_makes_no_alert),
		T(raw_bytes_are_kept_for_alerts_only_unless_asked_for),
		T(every_event_of_a_long_log_keeps_its_own_texts),
		T(what_else_happened_there_is_told_with_an_alert_and_how_usual_it_is),
		T(an_event_that_keeps_its_texts_in_its_row_is_read_as_before),
		T(damaged_texts_are_an_error_and_not_a_crash),
		T(a_text_is_found_by_its_event_only),
		T(an_admission_decision_makes_no_alert),
		T(a_kubernetes_event_is_renewed_by_its_uid),
		T(an_event_finds_the_container_of_the_inventory),
		T(an_event_of_a_host_belongs_to_the_host),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
