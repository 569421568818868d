/* SPDX-License-Identifier: MIT */
/* 1048-exception-rules.c - what an exception must have, for how long, and who must approve it. */
#include "t/lib/test.h"
#include "t/lib/records.h"

static struct import in;
static struct store *st;
static struct scope finding;

#define NOW (T0 + 100 * D)
#define HUB "docker.io/library/"

static int setup(UNUSED void **state)
{
	st = store_for_test();
	import_init(&in, st);
	scan_image(&in, "trivy", "app:1", digest('a'), NOW - D, "CVE-1");
	finding = (struct scope){ SCOPE_FINDING,
				  { number(st, "SELECT asset FROM finding"),
				    number(st, "SELECT advisory FROM finding"),
				    number(st, "SELECT part FROM finding") } };
	return 0;
}

static int teardown(UNUSED void **state)
{
	import_free(&in);
	store_close(st);
	return 0;
}

static struct exception accepted(int64_t days)
{
	return (struct exception){ .kind = STATE_ACCEPTED,
				   .reach = REACH_DIGEST,
				   .reason = "not reachable",
				   .until = NOW + days * D };
}

/* "": it would be made. */
static void tried(const struct exception *x, const char *refusal)
{
	struct except_answer a = { 0 };
	struct err e = ERR_INIT;

	if (store_except(st, x, &finding, 1, true, &a, &e) != !*refusal)
		fail_msg("%s", *refusal ? refusal : e.text);
	if (*refusal && !strstr(e.text, refusal))
		fail_msg("%s, not %s", e.text, refusal);
}

static void each_kind_has_an_end_but_what_is_no_risk(UNUSED void **state)
{
	struct exception x = accepted(0);

	tried(&x, "lies in the past"); /* it would end as it begins */
	x.until++;
	tried(&x, "");
	x.until = NOW + 90 * D; /* the baseline's days for high */
	tried(&x, "");
	x.until++;
	tried(&x, "allows 90 days");
	x.kind = STATE_NOT_AFFECTED;
	tried(&x, "");
	x.until = 0;
	tried(&x, "");
	x.kind = STATE_FALSE_POSITIVE;
	tried(&x, "");
	x.kind = STATE_OPERATIONAL;
	tried(&x, "needs an end");
}

static void each_kind_says_what_it_needs(UNUSED void **state)
{
	struct exception x = accepted(30);

	x.kind = STATE_OPEN;
	tried(&x, "no kind of exception");
	x.kind = STATE_COUNT;
	tried(&x, "no kind of exception");
	x = accepted(30);
	x.reach = REACH_COUNT;
	tried(&x, "no kind of exception");
	x = accepted(30);
	x.kind = STATE_RISK_ADJUSTED;
	x.severity = SEV_COUNT;
	tried(&x, "to which severity");
	x.severity = SEV_UNKNOWN;
	tried(&x, "");
	x.kind = STATE_VENDOR;
	x.check_in = NOW;
	tried(&x, "next check-in");
	x.check_in = x.until + 1;
	tried(&x, "behind the end");
	x.check_in = x.until;
	tried(&x, "");
	x.kind = STATE_ACCEPTED; /* of no account there */
	x.check_in = x.until + 1;
	tried(&x, "");
}

static void a_policy_in_scope_may_want_an_approver_who_is_not_the_requester(UNUSED void **state)
{
	struct exception x = accepted(30);
	struct arena mem = ARENA_INIT;
	const struct scope *what;
	struct err e = ERR_INIT;
	bool changed;
	size_t n;

	tried(&x, "");
	assert_true(store_scope_find(st, "repo/docker.io/library/app", &mem, &what, &n, &e));
	assert_true(store_tag(st, what, "pci", true, &changed, &e));
	tried(&x, "pci-dss-4.0.1 wants an approver");
	x.requester = "Ann";
	x.approver = "ann";
	tried(&x, "other than the requester Ann");
	x.approver = "Bob";
	tried(&x, "");
	x.requester = NULL; /* who runs the program asks */
	x.approver = st->actor;
	tried(&x, "other than the requester");
	arena_release(&mem);
}

static void the_strictest_length_in_scope_holds(UNUSED void **state)
{
	struct exception x = accepted(60);
	struct arena mem = ARENA_INIT;
	const struct scope *what;
	struct err e = ERR_INIT;
	bool changed;
	size_t n;

	x.approver = "Bob";
	tried(&x, "");
	assert_true(store_scope_find(st, "repo/docker.io/library/app", &mem, &what, &n, &e));
	assert_true(store_tag(st, what, "pci", true, &changed, &e));
	tried(&x, "");
	assert_true(store_tag(st, what, "fedramp", true, &changed, &e));
	tried(&x, "fedramp-moderate allows 30 days");
	arena_release(&mem);
}

static void who_ends_or_renews_one_says_so_in_full(UNUSED void **state)
{
	struct exception x = accepted(30);
	struct except_answer a = { 0 };
	struct err e = ERR_INIT;

	assert_true(store_except(st, &x, &finding, 1, false, &a, &e));
	assert_false(store_except_end(st, a.id, "", &e));
	assert_non_null(strstr(e.text, "say why"));
	assert_true(store_except_end(st, a.id, "mended", &e));
	assert_false(store_except_end(st, a.id, "mended", &e));
	assert_non_null(strstr(e.text, "was ended already"));
	assert_false(store_except_end(st, a.id + 1, "mended", &e));
}

static void an_exception_that_ran_out_cannot_be_ended(UNUSED void **state)
{
	struct exception x = accepted(30);
	struct except_answer a = { 0 };
	struct err e = ERR_INIT;

	assert_true(store_except(st, &x, &finding, 1, false, &a, &e));
	store_set_now(st, x.until);
	assert_false(store_except_end(st, a.id, "mended", &e));
}

static int64_t trail_with(const char *line)
{
	struct arena mem = ARENA_INIT;
	int64_t n = number(st, arena_printf(&mem, "SELECT count(*) FROM audit\n"
						  "WHERE instr(after, '%s') > 0", line));

	arena_release(&mem);
	return n;
}

static void the_trail_says_all_that_was_said_of_it(UNUSED void **state)
{
	struct exception x = accepted(30);
	struct except_answer a = { 0 };
	struct err e = ERR_INIT;

	x.approver = "Bob";
	x.justification = "inline mitigations";
	x.control = "a proxy in front";
	assert_true(store_except(st, &x, &finding, 1, false, &a, &e));
	assert_int_equal(trail_with("approver\tBob\n"), 1);
	assert_int_equal(trail_with("justification\tinline mitigations\n"), 1);
	assert_int_equal(trail_with("control\ta proxy in front\n"), 1);
	assert_int_equal(trail_with("check-in") + trail_with("severity\t"), 0);
	x = accepted(30);
	x.kind = STATE_FALSE_POSITIVE;
	x.until = 0;
	assert_true(store_except(st, &x, &finding, 1, false, &a, &e));
	assert_int_equal(trail_with("until\tnever\n"), 1);
	assert_int_equal(trail_with("approver\t"), 1);
	assert_int_equal(trail_with("justification\t") + trail_with("control\t"), 2);
	x = accepted(30);
	x.kind = STATE_RISK_ADJUSTED;
	x.severity = SEV_LOW;
	assert_true(store_except(st, &x, &finding, 1, false, &a, &e));
	assert_int_equal(trail_with("severity\tlow\n"), 1);
	x.kind = STATE_VENDOR;
	x.check_in = NOW + D;
	assert_true(store_except(st, &x, &finding, 1, false, &a, &e));
	assert_int_equal(trail_with("check-in\t2025-09-24"), 1);
}

static void the_trail_names_all_that_one_decision_holds(UNUSED void **state)
{
	struct exception x = accepted(30);
	struct except_answer a = { 0 };
	struct verify_answer v;
	struct err e = ERR_INIT;
	struct scope both[2] = { finding, finding };

	assert_true(store_except(st, &x, both, 2, false, &a, &e));
	assert_int_equal(trail_with("\non\t"), 0); /* the target says it */
	scan_image(&in, "trivy", "app:2", digest('b'), NOW - D, "CVE-2");
	both[1] = (struct scope){ SCOPE_FINDING,
				  { number(st, "SELECT max(asset) FROM finding"),
				    number(st, "SELECT max(advisory) FROM finding"),
				    number(st, "SELECT max(part) FROM finding") } };
	assert_true(store_except(st, &x, both, 2, false, &a, &e));
	assert_int_equal(trail_with("\non\tCVE-1 in CVE-1, " HUB "app:1@sha256:aaaa"), 1);
	assert_int_equal(trail_with("\non\tCVE-2 in CVE-2, " HUB "app:2@sha256:bbbb"), 1);
	x.reach = REACH_REPOSITORY;
	assert_true(store_except(st, &x, both, 2, false, &a, &e));
	assert_int_equal(trail_with("\non\tCVE-1 in CVE-1, " HUB "app\n"), 1);
	x.reach = REACH_EVERYWHERE;
	assert_true(store_except(st, &x, both, 2, false, &a, &e));
	assert_int_equal(trail_with("\non\tCVE-1 in CVE-1\non\tCVE-2 in CVE-2\n"), 1);
	assert_true(store_verify(st, NULL, &v, &e));
	assert_true(v.intact);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(each_kind_has_an_end_but_what_is_no_risk),
		T(each_kind_says_what_it_needs),
		T(a_policy_in_scope_may_want_an_approver_who_is_not_the_requester),
		T(the_strictest_length_in_scope_holds),
		T(who_ends_or_renews_one_says_so_in_full),
		T(an_exception_that_ran_out_cannot_be_ended),
		T(the_trail_says_all_that_was_said_of_it),
		T(the_trail_names_all_that_one_decision_holds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
