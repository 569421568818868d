/* SPDX-License-Identifier: MIT */
/* 1045-exceptions.c - what people decide of findings: how far it reaches, and when it ends. */
#include "t/lib/test.h"
#include "t/lib/records.h"

static struct import in;
static struct store *st;

#define NOW (T0 + 100 * D)

static int setup(UNUSED void **state)
{
	st = store_for_test();
	import_init(&in, st);
	return 0;
}

static int teardown(UNUSED void **state)
{
	import_free(&in);
	store_close(st);
	return 0;
}

/* The finding of an advisory in an image. */
static struct scope finding(const char *image_name, const char *id)
{
	struct scope s = { SCOPE_FINDING, { 0 } };
	struct arena mem = ARENA_INIT;
	static const char *const column[] = { "f.asset", "f.advisory", "f.part" };

	for (int i = 0; i < 3; i++)
		s.key[i] = number(st, arena_printf(&mem,
						   "SELECT %s FROM finding AS f\n"
						   "JOIN image AS i ON i.asset = f.asset\n"
						   "JOIN advisory AS a ON a.id = f.advisory\n"
						   "WHERE i.name = '%s' AND a.name = '%s'",
						   column[i], image_name, id));
	arena_release(&mem);
	return s;
}

static enum finding_state state_of(const char *image_name, const char *id)
{
	struct scope s = finding(image_name, id);
	struct arena mem = ARENA_INIT;
	struct finding_detail d;
	struct err e = ERR_INIT;
	enum finding_state out;

	if (!store_finding(st, s.key, &mem, &d, &e))
		fail_msg("%s", e.text);
	out = d.state;
	arena_release(&mem);
	return out;
}

static struct exception accepted(enum except_reach reach, int64_t days)
{
	return (struct exception){ .kind = STATE_ACCEPTED,
				   .reach = reach,
				   .reason = "not reachable",
				   .until = NOW + days * D };
}

static int64_t except(const struct exception *x, struct scope what)
{
	struct except_answer a = { 0 };
	struct err e = ERR_INIT;

	if (!store_except(st, x, &what, 1, false, &a, &e))
		fail_msg("%s", e.text);
	return a.id;
}

#define APP1 "docker.io/library/app:1"
#define APP2 "docker.io/library/app:2"
#define WEB  "docker.io/library/web:1"

static int64_t open_in_tally(void)
{
	return number(st, "SELECT coalesce(sum(n), 0) FROM tally WHERE scope = 0 AND state = 0");
}

static void three_images(void)
{
	scan_image(&in, "trivy", "app:1", digest('a'), T0, "CVE-1 CVE-2");
	scan_image(&in, "trivy", "app:2", digest('b'), T0, "CVE-1");
	scan_image(&in, "trivy", "web:1", digest('c'), T0, "CVE-1");
}

static void a_digest_s_exception_holds_there_alone(UNUSED void **state)
{
	const struct exception x = accepted(REACH_DIGEST, 30);

	three_images();
	except(&x, finding(APP1, "CVE-1"));
	assert_int_equal(state_of(APP1, "CVE-1"), STATE_ACCEPTED);
	assert_int_equal(state_of(APP1, "CVE-2"), STATE_OPEN);
	assert_int_equal(state_of(APP2, "CVE-1"), STATE_OPEN);
	assert_int_equal(open_in_tally(), 3);
}

static void a_repository_s_holds_on_its_other_tags_and_on_the_next_one(UNUSED void **state)
{
	const struct exception x = accepted(REACH_REPOSITORY, 30);

	three_images();
	except(&x, finding(APP1, "CVE-1"));
	assert_int_equal(state_of(APP2, "CVE-1"), STATE_ACCEPTED);
	assert_int_equal(state_of(WEB, "CVE-1"), STATE_OPEN);
	scan_image(&in, "trivy", "app:3", digest('d'), NOW, "CVE-1 CVE-2");
	assert_int_equal(state_of("docker.io/library/app:3", "CVE-1"), STATE_ACCEPTED);
	assert_int_equal(state_of("docker.io/library/app:3", "CVE-2"), STATE_OPEN);
}

static void one_everywhere_holds_everywhere(UNUSED void **state)
{
	const struct exception x = accepted(REACH_EVERYWHERE, 30);

	three_images();
	except(&x, finding(APP1, "CVE-1"));
	assert_int_equal(state_of(WEB, "CVE-1"), STATE_ACCEPTED);
	assert_int_equal(open_in_tally(), 1);
}

static void a_scan_does_not_undo_it_and_what_scanners_see_stays_on_record(UNUSED void **state)
{
	const struct exception x = accepted(REACH_DIGEST, 30);

	three_images();
	except(&x, finding(APP1, "CVE-1"));
	scan_image(&in, "trivy", "app:1", digest('a'), NOW, "CVE-1 CVE-2");
	scan_image(&in, "grype", "app:1", digest('a'), NOW, "CVE-1");
	assert_int_equal(state_of(APP1, "CVE-1"), STATE_ACCEPTED);
	assert_int_equal(number(st, "SELECT count(*) FROM sighting AS s\n"
				    "JOIN decided AS d USING (asset, advisory, part)\n"
				    "WHERE s.until = 0"),
			 2);
}

static void it_ends_on_its_day_without_anybody_s_doing(UNUSED void **state)
{
	const struct exception x = accepted(REACH_DIGEST, 30);

	three_images();
	except(&x, finding(APP1, "CVE-1"));
	store_set_now(st, NOW + 30 * D - 1);
	assert_int_equal(state_of(APP1, "CVE-1"), STATE_ACCEPTED);
	store_set_now(st, NOW + 30 * D);
	assert_int_equal(state_of(APP1, "CVE-1"), STATE_OPEN);
	assert_int_equal(open_in_tally(), 4);
	store_set_now(st, NOW + 2 * D); /* who asks of an earlier time is told of that */
	assert_int_equal(state_of(APP1, "CVE-1"), STATE_ACCEPTED);
	assert_int_equal(open_in_tally(), 3);
}

static int64_t due_of(const char *image_name, const char *id)
{
	struct scope s = finding(image_name, id);
	struct arena mem = ARENA_INIT;
	struct finding_detail d;
	struct err e = ERR_INIT;

	assert_true(store_finding(st, s.key, &mem, &d, &e));
	arena_release(&mem);
	return d.due;
}

static void its_end_does_not_start_the_clock_anew(UNUSED void **state)
{
	const struct exception x = accepted(REACH_DIGEST, 30);
	int64_t due;

	three_images();
	due = due_of(APP1, "CVE-1");
	except(&x, finding(APP1, "CVE-1"));
	assert_int_equal(due_of(APP1, "CVE-1"), DUE_NONE);
	store_set_now(st, NOW + 31 * D);
	assert_int_equal(due_of(APP1, "CVE-1"), due);
}

static void revoked_it_is_open_again_at_once(UNUSED void **state)
{
	const struct exception x = accepted(REACH_EVERYWHERE, 30);
	struct err e = ERR_INIT;
	int64_t id;

	three_images();
	id = except(&x, finding(APP1, "CVE-1"));
	store_set_now(st, NOW + D);
	assert_true(store_except_end(st, id, "it is reachable after all", &e));
	assert_int_equal(state_of(WEB, "CVE-1"), STATE_OPEN);
	assert_int_equal(open_in_tally(), 4);
	assert_false(store_except_end(st, id, "again", &e));
}

static void renewed_it_holds_longer(UNUSED void **state)
{
	const struct exception x = accepted(REACH_REPOSITORY, 30);
	struct except_answer a = { 0 };
	struct err e = ERR_INIT;
	int64_t id;

	three_images();
	id = except(&x, finding(APP1, "CVE-1"));
	store_set_now(st, NOW + 20 * D);
	assert_true(store_except_renew(st, id, NOW + 60 * D, NULL, NULL, &a, &e));
	assert_int_equal(a.findings, 2);
	assert_int_equal(id, 1);
	assert_int_equal(number(st, "SELECT count(*) FROM audit WHERE act = 'except'\n"
				    "AND object = 'exception 2'\n"
				    "AND after LIKE '%renews\texception 1\n%'"), 1);
	store_set_now(st, NOW + 40 * D);
	assert_int_equal(state_of(APP2, "CVE-1"), STATE_ACCEPTED);
	store_set_now(st, NOW + 60 * D);
	assert_int_equal(state_of(APP2, "CVE-1"), STATE_OPEN);
	assert_false(store_except_renew(st, id, NOW + 90 * D, NULL, NULL, &a, &e));
}

static void a_risk_adjusted_finding_is_open_at_its_new_severity(UNUSED void **state)
{
	struct exception x = accepted(REACH_DIGEST, 80);
	int64_t due;

	x.kind = STATE_RISK_ADJUSTED;
	x.severity = SEV_LOW;
	three_images();
	due = due_of(APP1, "CVE-1");
	except(&x, finding(APP1, "CVE-1"));
	assert_int_equal(state_of(APP1, "CVE-1"), STATE_RISK_ADJUSTED);
	assert_int_equal(open_in_tally(), 4);
	assert_int_equal(number(st, "SELECT n FROM tally WHERE scope = 0 AND severity = 3"), 1);
	assert_true(due_of(APP1, "CVE-1") > due);
	scan_image(&in, "trivy", "app:1", digest('a'), NOW, "CVE-1 CVE-2");
	assert_int_equal(number(st, "SELECT n FROM tally WHERE scope = 0 AND severity = 3"), 1);
}

static void a_finding_that_waits_for_its_vendor_is_due_at_the_check_in(UNUSED void **state)
{
	struct exception x = accepted(REACH_DIGEST, 80);
	int64_t last = (time_day(NOW) + 31) * D - 1; /* second of that day */

	x.kind = STATE_VENDOR;
	x.check_in = NOW + 30 * D;
	three_images();
	except(&x, finding(APP1, "CVE-1"));
	assert_int_equal(state_of(APP1, "CVE-1"), STATE_VENDOR);
	assert_int_equal(due_of(APP1, "CVE-1"), last);
	scan_image(&in, "grype", "app:1", digest('a'), NOW, "CVE-1");
	assert_int_equal(due_of(APP1, "CVE-1"), last);
}

static void fixed_and_back_it_is_accepted_again(UNUSED void **state)
{
	const struct exception x = accepted(REACH_DIGEST, 30);

	three_images();
	except(&x, finding(APP1, "CVE-1"));
	store_set_now(st, NOW + 3 * D);
	scan_image(&in, "trivy", "app:1", digest('a'), NOW + D, "CVE-2");
	assert_int_equal(state_of(APP1, "CVE-1"), STATE_RESOLVED);
	scan_image(&in, "trivy", "app:1", digest('a'), NOW + 2 * D, "CVE-1 CVE-2");
	assert_int_equal(state_of(APP1, "CVE-1"), STATE_ACCEPTED);
	store_set_now(st, NOW + 30 * D);
	assert_int_equal(state_of(APP1, "CVE-1"), STATE_OPEN);
}

static void the_narrower_reach_outranks_then_the_newer(UNUSED void **state)
{
	struct exception wide = accepted(REACH_EVERYWHERE, 30), near = accepted(REACH_DIGEST, 30);
	int64_t id;
	struct err e = ERR_INIT;

	near.kind = STATE_FALSE_POSITIVE;
	three_images();
	id = except(&near, finding(APP1, "CVE-1"));
	except(&wide, finding(APP1, "CVE-1"));
	assert_int_equal(state_of(APP1, "CVE-1"), STATE_FALSE_POSITIVE);
	assert_int_equal(state_of(WEB, "CVE-1"), STATE_ACCEPTED);
	store_set_now(st, NOW + D);
	assert_true(store_except_end(st, id, "wrong", &e));
	assert_int_equal(state_of(APP1, "CVE-1"), STATE_ACCEPTED);
	near.kind = STATE_OPERATIONAL;
	near.reach = REACH_EVERYWHERE;
	except(&near, finding(APP1, "CVE-1"));
	assert_int_equal(state_of(WEB, "CVE-1"), STATE_OPERATIONAL);
}

static void a_trial_changes_nothing(UNUSED void **state)
{
	const struct exception x = accepted(REACH_EVERYWHERE, 30);
	struct except_answer a = { 0 };
	struct err e = ERR_INIT;
	struct scope what;

	three_images();
	what = finding(APP1, "CVE-1");
	assert_true(store_except(st, &x, &what, 1, true, &a, &e));
	assert_int_equal(a.findings, 3);
	assert_int_equal(a.id, 0);
	assert_int_equal(number(st, "SELECT count(*) FROM exception"), 0);
	assert_int_equal(open_in_tally(), 4);
}

/* ---- decisions hold anew where images turn out to be others ---- */

/* The state in the only image with that finding. */
static int64_t state_with(char config, const char *id)
{
	struct arena mem = ARENA_INIT;
	int64_t n = number(st, arena_printf(&mem,
					    "SELECT coalesce(c.state, f.state) FROM finding AS f\n"
					    "JOIN advisory AS a ON a.id = f.advisory\n"
					    "JOIN digest AS d ON d.image = f.asset\n"
					    "LEFT JOIN decided AS c ON c.asset = f.asset\n"
					    "  AND c.advisory = f.advisory AND c.part = f.part\n"
					    "WHERE a.name = '%s' AND d.value = '%s'",
					    id, digest(config)));

	arena_release(&mem);
	return n;
}

static void a_name_in_the_repository_brings_its_exception_from_then_on(UNUSED void **state)
{
	const struct exception x = accepted(REACH_REPOSITORY, 30);
	struct err e = ERR_INIT;

	three_images();
	except(&x, finding(APP1, "CVE-1"));
	store_set_now(st, NOW + D);
	scan_image(&in, "trivy", "app:9", digest('c'), NOW + D, "CVE-1");
	assert_int_equal(state_with('c', "CVE-1"), STATE_ACCEPTED);
	assert_int_equal(open_in_tally(), 1);
	assert_true(store_set_as_of(st, NOW + D - 1, 0, &e));
	assert_int_equal(state_with('c', "CVE-1"), STATE_OPEN);
	store_set_now(st, NOW + 2 * D);
	assert_true(store_set_as_of(st, NOW + D, 0, &e));
	assert_int_equal(state_with('c', "CVE-1"), STATE_ACCEPTED);
	assert_true(store_set_as_of(st, 0, 0, &e));
}

static void one_image_of_two_names(char config, char manifest)
{
	const struct rec_digest d[2] = { { DIGEST_CONFIG, digest(config) },
					 { DIGEST_MANIFEST, digest(manifest) } };

	import_begin_test(&in);
	scan(&in, "kubectl", NOW + D);
	put(&in, &(struct record){ REC_ASSET, { .asset = { .kind = ASSET_IMAGE,
							   .digest = d,
							   .ndigest = 2 } } });
	import_end_test(&in);
}

static void scan_by_manifest(const char *name, char manifest, const char *id)
{
	const struct rec_digest d = { DIGEST_MANIFEST, digest(manifest) };

	import_begin_test(&in);
	scan(&in, "trivy", T0);
	put(&in, &(struct record){ REC_ASSET, { .asset = { .kind = ASSET_IMAGE,
							   .name = name,
							   .digest = &d,
							   .ndigest = 1 } } });
	cover(&in, FINDING_VULNERABILITY);
	vuln(&in, id, id, "1", SEV_HIGH);
	import_end_test(&in);
}

static void an_exception_of_either_of_two_images_that_are_one_holds_there(UNUSED void **state)
{
	const struct exception x = accepted(REACH_DIGEST, 30);

	for (int first = 0; first < 2; first++) {
		char config = first ? 'a' : 'c', manifest = first ? 'b' : 'd';
		const char *app = first ? "app:1" : "web:1", *other = first ? "app:2" : "web:2";

		scan_image(&in, "trivy", app, digest(config), T0, "CVE-1");
		scan_by_manifest(other, manifest, "CVE-1");
		except(&x, finding(first ? APP1 : "docker.io/library/web:2", "CVE-1"));
		store_set_now(st, NOW + D);
		one_image_of_two_names(config, manifest);
		assert_int_equal(state_with(config, "CVE-1"), STATE_ACCEPTED);
		assert_int_equal(open_in_tally(), 0);
		store_set_now(st, NOW + 31 * D);
		assert_true(store_settle(st, true, &(struct err)ERR_INIT));
		assert_int_equal(state_with(config, "CVE-1"), STATE_OPEN);
		store_set_now(st, NOW);
		assert_true(store_settle(st, true, &(struct err)ERR_INIT));
	}
}

static void what_is_missing_is_said(UNUSED void **state)
{
	struct exception x = accepted(REACH_DIGEST, 30);
	struct except_answer a = { 0 };
	struct err e = ERR_INIT;
	struct scope what;

	three_images();
	what = finding(APP1, "CVE-1");
	x.reason = "";
	assert_false(store_except(st, &x, &what, 1, false, &a, &e));
	assert_non_null(strstr(e.text, "reason"));
	x = accepted(REACH_DIGEST, 30);
	x.until = 0;
	assert_false(store_except(st, &x, &what, 1, false, &a, &e));
	assert_non_null(strstr(e.text, "needs an end"));
	x.until = NOW - 1;
	assert_false(store_except(st, &x, &what, 1, false, &a, &e));
	x.until = NOW + 91 * D;
	assert_false(store_except(st, &x, &what, 1, false, &a, &e));
	assert_non_null(strstr(e.text, "allows 90 days"));
	what.key[1] = 999;
	x = accepted(REACH_DIGEST, 30);
	assert_false(store_except(st, &x, &what, 1, false, &a, &e));
	assert_non_null(strstr(e.text, "no finding"));
}

static void a_clock_put_back_takes_each_day_back_on_its_own(UNUSED void **state)
{
	struct exception first = accepted(REACH_DIGEST, 5), then = accepted(REACH_EVERYWHERE, 8);
	struct err e = ERR_INIT;

	then.kind = STATE_RISK_ADJUSTED;
	then.severity = SEV_LOW;
	scan_image(&in, "trivy", "app:1", digest('a'), T0, "CVE-1");
	except(&first, finding(APP1, "CVE-1"));
	except(&then, finding(APP1, "CVE-1"));
	store_set_now(st, NOW + 20 * D);
	assert_true(store_settle(st, true, &e));
	store_set_now(st, NOW + D);
	assert_true(store_settle(st, true, &e));
	assert_int_equal(state_of(APP1, "CVE-1"), STATE_ACCEPTED);
	assert_int_equal(number(st, "SELECT count(*) FROM snapshot WHERE open < 0"), 0);
}

/* What the finding is one of. */
static struct scope problem(struct scope f)
{
	struct arena mem = ARENA_INIT;
	int64_t package = number(st, arena_printf(&mem, "SELECT package FROM part WHERE id = %lld",
						  (long long)f.key[2]));

	arena_release(&mem);
	return (struct scope){ SCOPE_PROBLEM, { f.key[1], package } };
}

static void one_of_a_problem_holds_all_that_is_seen_of_it(UNUSED void **state)
{
	struct exception x = accepted(REACH_DIGEST, 10);

	three_images();
	except(&x, problem(finding(APP1, "CVE-1")));
	assert_int_equal(state_of(APP1, "CVE-1"), STATE_ACCEPTED);
	assert_int_equal(state_of(WEB, "CVE-1"), STATE_ACCEPTED);
	assert_int_equal(state_of(APP1, "CVE-2"), STATE_OPEN);
}

static void a_problem_that_nothing_has_takes_none(UNUSED void **state)
{
	struct exception x = accepted(REACH_DIGEST, 10);
	const struct scope none = { SCOPE_PROBLEM, { 77, 77 } };
	struct except_answer a = { 0 };
	struct err e = ERR_INIT;

	three_images();
	assert_false(store_except(st, &x, &none, 1, false, &a, &e));
	assert_non_null(strstr(e.text, "there is no problem 77-77"));
}

/* The next check-in of one that is renewed is its end, unless it lies ahead still. */
static void who_renews_what_waits_for_a_vendor_checks_in_at_its_end(UNUSED void **state)
{
	struct exception x = accepted(REACH_DIGEST, 10);
	struct except_answer a = { 0 };
	struct err e = ERR_INIT;
	int64_t id;

	x.kind = STATE_VENDOR;
	x.check_in = NOW + 5 * D;
	three_images();
	id = except(&x, finding(APP1, "CVE-1"));
	store_set_now(st, NOW + D);
	assert_true(store_except_renew(st, id, NOW + 20 * D, NULL, NULL, &a, &e));
	assert_int_equal(number(st, "SELECT check_in FROM exception ORDER BY id DESC"),
			 NOW + 5 * D);
	store_set_now(st, NOW + 6 * D);
	assert_true(store_except_renew(st, a.id, NOW + 30 * D, NULL, NULL, &a, &e));
	assert_int_equal(number(st, "SELECT check_in FROM exception ORDER BY id DESC"),
			 NOW + 30 * D);
}

static int64_t low_came_on(int64_t at)
{
	struct arena mem = ARENA_INIT;
	int64_t n = number(st, arena_printf(&mem, "SELECT came FROM snapshot\n"
						  "WHERE severity = 3 AND day = %lld",
					    (long long)time_day(at)));

	arena_release(&mem);
	return n;
}

/* It was low, then accepted, and is low again: that came on two days. */
static void what_an_ended_decision_outranked_rules_from_then_on(UNUSED void **state)
{
	struct exception low = accepted(REACH_EVERYWHERE, 40), then = accepted(REACH_DIGEST, 40);
	struct err e = ERR_INIT;
	int64_t id;

	low.kind = STATE_RISK_ADJUSTED;
	low.severity = SEV_LOW;
	scan_image(&in, "trivy", "app:1", digest('a'), T0, "CVE-1");
	except(&low, finding(APP1, "CVE-1"));
	store_set_now(st, NOW + 2 * D);
	id = except(&then, finding(APP1, "CVE-1"));
	store_set_now(st, NOW + 4 * D);
	assert_true(store_except_end(st, id, "wrong", &e));
	assert_int_equal(low_came_on(NOW), 1);
	assert_int_equal(low_came_on(NOW + 2 * D), 0);
	assert_int_equal(low_came_on(NOW + 4 * D), 1);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_digest_s_exception_holds_there_alone),
		T(a_repository_s_holds_on_its_other_tags_and_on_the_next_one),
		T(one_everywhere_holds_everywhere),
		T(a_scan_does_not_undo_it_and_what_scanners_see_stays_on_record),
		T(it_ends_on_its_day_without_anybody_s_doing),
		T(one_of_a_problem_holds_all_that_is_seen_of_it),
		T(a_problem_that_nothing_has_takes_none),
		T(who_renews_what_waits_for_a_vendor_checks_in_at_its_end),
		T(a_clock_put_back_takes_each_day_back_on_its_own),
		T(what_an_ended_decision_outranked_rules_from_then_on),
		T(its_end_does_not_start_the_clock_anew),
		T(revoked_it_is_open_again_at_once),
		T(renewed_it_holds_longer),
		T(a_risk_adjusted_finding_is_open_at_its_new_severity),
		T(a_finding_that_waits_for_its_vendor_is_due_at_the_check_in),
		T(fixed_and_back_it_is_accepted_again),
		T(the_narrower_reach_outranks_then_the_newer),
		T(a_trial_changes_nothing),
		T(a_name_in_the_repository_brings_its_exception_from_then_on),
		T(an_exception_of_either_of_two_images_that_are_one_holds_there),
		T(what_is_missing_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
