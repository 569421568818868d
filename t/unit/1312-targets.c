/* SPDX-License-Identifier: MIT */
/* 1312-targets.c - dates that people set, earlier than the rules' own. */
#include "t/lib/test.h"
#include "t/lib/records.h"

static struct import in;

static int setup(UNUSED void **state)
{
	import_init(&in, store_for_test());
	scan_image(&in, "trivy", "shop/a:1", digest('a'), T0, "CVE-2024-1");
	scan_image(&in, "trivy", "web/b:1", digest('b'), T0, "CVE-2024-1");
	in.st->now = T0 + D;
	return 0;
}

static int teardown(UNUSED void **state)
{
	import_free(&in);
	store_close(in.st);
	return 0;
}

static int64_t due(int nth)
{
	return nth == 0 ? number(in.st, "SELECT due FROM finding ORDER BY asset LIMIT 1")
	                : number(in.st, "SELECT due FROM finding ORDER BY asset DESC LIMIT 1");
}

/* The last second of the day that is `days` after T0's. */
static int64_t end_of(int days)
{
	return (time_day(T0) + days + 1) * D - 1;
}

static struct scope finding(void)
{
	return (struct scope){ SCOPE_FINDING,
		{ number(in.st, "SELECT asset FROM finding ORDER BY asset"),
		  number(in.st, "SELECT advisory FROM finding ORDER BY asset"),
		  number(in.st, "SELECT part FROM finding ORDER BY asset") } };
}

static struct scope problem(void)
{
	return (struct scope){ SCOPE_PROBLEM,
		{ number(in.st, "SELECT advisory FROM problem"),
		  number(in.st, "SELECT package FROM problem") } };
}

static void set(struct scope what, int64_t at)
{
	struct err e = ERR_INIT;

	if (!store_due(in.st, &what, at, &e))
		fail_msg("%s", e.text);
}

static void refused(struct scope what, int64_t at, const char *why)
{
	struct err e = ERR_INIT;

	assert_false(store_due(in.st, &what, at, &e));
	assert_non_null(strstr(e.text, why));
}

static int64_t seq(void)
{
	struct err e = ERR_INIT;
	int64_t n;

	assert_true(store_seq(in.st, &n, &e));
	return n;
}

static void a_finding_is_due_at_the_earlier_date_and_others_are_not(UNUSED void **state)
{
	int64_t rule = due(1);

	set(finding(), T0 + 3 * D);
	assert_int_equal(due(0), end_of(3));
	assert_int_equal(due(1), rule);
	assert_int_equal(number(in.st, "SELECT due FROM problem"), end_of(3));
	assert_int_equal(number(in.st, "SELECT min(due) FROM image"), end_of(3));
}

/* Its last day is whole, whether the time given is a second of it or the midnight that ends it. */
static void a_target_ends_with_its_day(UNUSED void **state)
{
	set(finding(), (time_day(T0) + 4) * D);
	assert_int_equal(due(0), end_of(3));
	set(finding(), end_of(3));
	assert_int_equal(due(0), end_of(3));
	set(finding(), (time_day(T0) + 3) * D + 1);
	assert_int_equal(due(0), end_of(3));
	refused(finding(), (time_day(T0) + 1) * D, "past"); /* T0's day, and it is the next */
	set(finding(), (time_day(T0) + 1) * D + 1);	    /* what is left of today */
	assert_int_equal(due(0), end_of(1));
}

static void a_problem_is_due_at_it_everywhere(UNUSED void **state)
{
	set(problem(), T0 + 3 * D);
	assert_int_equal(due(0), end_of(3));
	assert_int_equal(due(1), end_of(3));
}

static void a_later_date_needs_an_exception(UNUSED void **state)
{
	int64_t rule = due(0);

	refused(finding(), rule + D, "needs an exception");
	refused(finding(), rule, "needs an exception");
	refused(finding(), T0, "past");
	assert_int_equal(due(0), rule);
	set(finding(), T0 + 2 * D);
	set(finding(), T0 + 3 * D); /* later than one's own, not than the rule's */
	assert_int_equal(due(0), end_of(3));
	assert_int_equal(number(in.st, "SELECT COUNT(*) FROM audit WHERE act = 'due'"), 2);
}

static void images_that_no_longer_count_make_no_date_early(UNUSED void **state)
{
	int64_t rule = due(0);

	scan_image(&in, "trivy", "shop/a:1", digest('c'), T0 + D, "CVE-2024-1"); /* retires 'a' */
	refused(problem(), rule + 90 * D, "needs an exception");
	refused(finding(), T0 + 3 * D, "open where it counts");
}

static void it_is_taken_away_and_the_rule_holds_again(UNUSED void **state)
{
	int64_t rule = due(0);

	set(finding(), T0 + 3 * D);
	set(finding(), 0);
	assert_int_equal(due(0), rule);
	refused(finding(), 0, "nobody set");
}

static void undo_brings_the_one_before_back(UNUSED void **state)
{
	struct err e = ERR_INIT;
	int64_t rule = due(0), first = seq(), second, n;

	set(finding(), T0 + 5 * D);
	second = seq();
	set(finding(), T0 + 3 * D);
	assert_true(store_undo(in.st, second, seq(), &n, &e));
	assert_int_equal(n, 1);
	assert_int_equal(due(0), end_of(5));
	assert_true(store_undo(in.st, first, second, &n, &e));
	assert_int_equal(due(0), rule);
}

static void a_rebuilt_image_keeps_it(UNUSED void **state)
{
	set(finding(), T0 + 3 * D);
	scan_image(&in, "trivy", "shop/a:1", digest('c'), T0 + D, "CVE-2024-1");
	assert_int_equal(number(in.st, "SELECT due FROM finding ORDER BY asset DESC LIMIT 1"),
	                 end_of(3));
}

static void what_was_gone_and_comes_back_is_due_by_the_rules(UNUSED void **state)
{
	set(finding(), T0 + 3 * D);
	scan_image(&in, "trivy", "shop/a:1", digest('a'), T0 + 2 * D, "");
	in.st->now = T0 + 5 * D;
	scan_image(&in, "trivy", "shop/a:1", digest('a'), T0 + 5 * D, "CVE-2024-1");
	assert_true(due(0) > T0 + 5 * D);
}

static void the_day_before_knows_nothing_of_it(UNUSED void **state)
{
	struct err e = ERR_INIT;
	int64_t rule = due(0);

	in.st->now = T0 + 2 * D;
	set(finding(), T0 + 4 * D);
	in.st->now = T0 + 3 * D;
	set(finding(), 0);
	assert_true(store_set_as_of(in.st, T0 + D, 0, &e));
	assert_int_equal(due(0), rule);
	assert_true(store_set_as_of(in.st, 0, 0, &e));
	in.st->now = T0 + 3 * D;
	assert_true(store_set_as_of(in.st, T0 + 2 * D, 0, &e));
	assert_int_equal(due(0), end_of(4));
	assert_true(store_set_as_of(in.st, 0, 0, &e));
}

static void the_finding_says_who_set_it(UNUSED void **state)
{
	struct scope what = finding();
	struct finding_detail d;
	struct arena mem = ARENA_INIT;
	struct err e = ERR_INIT;

	set(what, T0 + 3 * D);
	assert_true(store_finding(in.st, what.key, &mem, &d, &e));
	assert_string_equal(d.due_rule, "target set by tester");
	arena_release(&mem);
}

static void an_auditor_sets_none(UNUSED void **state)
{
	in.st->role = ROLE_AUDITOR;
	refused(finding(), T0 + 3 * D, "may not set owners and dates");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_finding_is_due_at_the_earlier_date_and_others_are_not),
		TEST(a_target_ends_with_its_day),
		TEST(a_problem_is_due_at_it_everywhere),
		TEST(a_later_date_needs_an_exception),
		TEST(images_that_no_longer_count_make_no_date_early),
		TEST(it_is_taken_away_and_the_rule_holds_again),
		TEST(undo_brings_the_one_before_back),
		TEST(a_rebuilt_image_keeps_it),
		TEST(what_was_gone_and_comes_back_is_due_by_the_rules),
		TEST(the_day_before_knows_nothing_of_it),
		TEST(the_finding_says_who_set_it),
		TEST(an_auditor_sets_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
