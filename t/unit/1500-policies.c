/* SPDX-License-Identifier: MIT */
/* 1500-policies.c - policies: the built-in ones hold, and a wrong file is refused by name, path and
 * reason. */
#include "t/lib/test.h"

#include "store/policy.h"

static struct policy parsed(const char *json, struct arena *mem)
{
	struct policy p;
	struct err e = ERR_INIT;

	if (!policy_parse("p.json", json, mem, &p, &e))
		fail_msg("%s", e.text);
	return p;
}

static void expect_refusal(const char *json, const char *message)
{
	struct arena mem = ARENA_INIT;
	struct policy p;
	struct err e = ERR_INIT;

	assert_false(policy_parse("p.json", json, &mem, &p, &e));
	assert_string_equal(e.text, message);
	assert_int_equal(e.kind, ERR_FORMAT);
	arena_release(&mem);
}

static void built_in_policies_parse_and_bear_their_file_names(void **state)
{
	size_t n = 0;

	(void)state;
	for (const struct embed *f = embed_next("store/policies/", NULL); f;
	     f = embed_next("store/policies/", f), n++) {
		struct arena mem = ARENA_INIT;
		struct policy p = parsed(f->data, &mem);

		assert_string_equal(arena_printf(&mem, "store/policies/%s.json", p.name), f->path);
		assert_true(p.ndeadline > 0);
		arena_release(&mem);
	}
	assert_true(n >= 5);
}

static void a_policy_says_what_its_file_says(void **state)
{
	struct arena mem = ARENA_INIT;
	struct policy p = parsed(
		"{\"name\":\"x\",\"title\":\"X\",\"deadlines\":[{\"id\":\"d\","
		"\"severity\":[\"high\"],"
		"\"kev\":true,\"within\":\"2w\",\"citation\":\"c\"}],\"gate\":{\"critical\":0,"
		"\"high\":null,\"signature\":true,\"scan_age\":\"36h\"},"
		"\"fresh\":{\"scan\":\"1d\"},"
		"\"alerts\":{\"from\":\"error\",\"gap\":\"1h\",\"response\":{\"critical\":"
		"{\"acknowledge\":\"15m\"}}}}",
		&mem);

	(void)state;
	assert_string_equal(p.title, "X");
	assert_int_equal(p.ndeadline, 1);
	assert_int_equal(p.deadline[0].severities, 1u << SEV_HIGH);
	assert_int_equal(p.deadline[0].kev, 1);
	assert_int_equal(p.deadline[0].exposed, -1);
	assert_int_equal(p.deadline[0].within, 14 * DAY_S);
	assert_int_equal(p.gate.severity[SEV_CRITICAL], 0);
	assert_int_equal(p.gate.severity[SEV_HIGH], -1);
	assert_int_equal(p.gate.severity[SEV_LOW], -1);
	assert_true(p.gate.signature);
	assert_int_equal(p.gate.scan_age, 36 * 3600);
	assert_int_equal(p.fresh.scan, DAY_S);
	assert_int_equal(p.alert_from, PRIO_ERROR);
	assert_int_equal(p.alert_gap, 3600);
	assert_int_equal(p.response[PRIO_CRITICAL].acknowledge, 15 * 60);
	assert_true(p.response[PRIO_CRITICAL].close == DUE_NONE);
	arena_release(&mem);
}

static void a_wrong_policy_is_refused_by_path_and_reason(void **state)
{
	(void)state;
	expect_refusal("[]", "p.json: a policy is a JSON object");
	expect_refusal("{\"gate\":{\"critcal\":0}}",
	               "p.json: gate.critcal: no such key in a policy");
	expect_refusal("{\"gate\":{\"critical\":-1}}",
	               "p.json: gate.critical: wants a number from 0, or null for no limit");
	expect_refusal("{\"gate\":7}", "p.json: gate: wants an object");
	expect_refusal("{\"fresh\":{\"scan\":\"soon\"}}",
	               "p.json: fresh.scan: wants a duration such as \"30d\", \"12h\" or \"15m\"");
	expect_refusal("{\"deadlines\":[{\"severity\":[\"hgh\"],\"within\":\"1d\"}]}",
	               "p.json: deadlines[0].severity: holds a word that is no severity");
	expect_refusal("{\"deadlines\":[{\"id\":\"x\"}]}",
	               "p.json: deadlines[0].within: is missing");
	expect_refusal("{\"alerts\":{\"from\":\"loud\"}}", "p.json: alerts.from: is no priority");
}

static void an_unknown_policy_is_refused_with_the_known_ones(void **state)
{
	struct arena mem = ARENA_INIT;
	struct policy p;
	struct err e = ERR_INIT;

	(void)state;
	assert_false(policy_load("bas", &mem, &p, &e));
	assert_int_equal(e.kind, ERR_USAGE);
	assert_non_null(strstr(e.text, "baseline"));
	assert_false(policy_load("../baseline", &mem, &p, &e));
	arena_release(&mem);
}

/* ---- deadlines ---- */

static const char rules[] =
	"{\"deadlines\":["
	"{\"id\":\"kev\",\"kev\":true,\"exposed\":true,\"within\":\"3d\",\"citation\":\"k\"},"
	"{\"id\":\"high\",\"severity\":[\"critical\",\"high\"],"
	"\"within\":\"30d\",\"citation\":\"h\"},"
	"{\"id\":\"idle\",\"severity\":[\"high\"],\"running\":false,"
	"\"within\":\"10d\",\"citation\":\"i\"}]}";

static void the_earliest_deadline_that_holds_is_the_due_time(void **state)
{
	struct arena mem = ARENA_INIT;
	const struct policy p = parsed(rules, &mem);
	const struct policy_deadline *by = NULL;
	struct deadline_case c = { .severity = SEV_HIGH, .running = true, .start = 1000 };

	(void)state;
	assert_int_equal(deadline_due(&p, &c, &by), 1000 + 30 * DAY_S);
	assert_string_equal(by->id, "high");
	c.running = false;
	assert_int_equal(deadline_due(&p, &c, &by), 1000 + 10 * DAY_S);
	assert_string_equal(by->id, "idle");
	c.kev = true;
	assert_int_equal(deadline_due(&p, &c, &by), 1000 + 10 * DAY_S);
	c.exposed = true;
	assert_int_equal(deadline_due(&p, &c, &by), 1000 + 3 * DAY_S);
	assert_string_equal(by->id, "kev");
	arena_release(&mem);
}

static void nothing_is_due_where_no_deadline_holds(void **state)
{
	struct arena mem = ARENA_INIT;
	const struct policy p = parsed(rules, &mem);
	const struct policy_deadline *by = &p.deadline[0];
	const struct deadline_case c = { .severity = SEV_LOW, .exposed = true, .start = 1000 };

	(void)state;
	assert_true(deadline_due(&p, &c, &by) == DUE_NONE);
	assert_null(by);
	arena_release(&mem);
}

static void no_deadline_runs_past_the_date_of_the_kev_list(void **state)
{
	struct arena mem = ARENA_INIT;
	const struct policy p = parsed(rules, &mem);
	const struct policy_deadline *by = NULL;
	struct deadline_case c = {
		.severity = SEV_HIGH, .running = true, .kev = true, .kev_due = 5000, .start = 1000
	};

	(void)state;
	assert_int_equal(deadline_due(&p, &c, &by), 5000);
	assert_null(by);
	c.start = 7000;
	assert_int_equal(deadline_due(&p, &c, &by), 7000);
	arena_release(&mem);
}

static void durations_are_whole_numbers_with_a_unit(void **state)
{
	static const char *const wrong[] = {
		"", "d", "3", "3y", "-3d", "3 d", "1.5d", "9999999999d"
	};
	int64_t out = 7;

	(void)state;
	for (size_t i = 0; i < LENGTH(wrong); i++)
		assert_false(duration_parse(wrong[i], &out));
	assert_false(duration_parse(NULL, &out));
	assert_int_equal(out, 7);
	assert_true(duration_parse("2w", &out));
	assert_int_equal(out, 14 * DAY_S);
	assert_true(duration_parse("0s", &out));
	assert_int_equal(out, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(built_in_policies_parse_and_bear_their_file_names),
		cmocka_unit_test(a_policy_says_what_its_file_says),
		cmocka_unit_test(a_wrong_policy_is_refused_by_path_and_reason),
		cmocka_unit_test(an_unknown_policy_is_refused_with_the_known_ones),
		cmocka_unit_test(the_earliest_deadline_that_holds_is_the_due_time),
		cmocka_unit_test(nothing_is_due_where_no_deadline_holds),
		cmocka_unit_test(no_deadline_runs_past_the_date_of_the_kev_list),
		cmocka_unit_test(durations_are_whole_numbers_with_a_unit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
