/* SPDX-License-Identifier: MIT */
/* 1510-scopes.c - tags bring policies into scope, the strictest wins, and due dates follow. */
#include <stdio.h>

#include "t/lib/test.h"
#include "t/lib/records.h"

#include "store/scoped.h"

#define NOW (T0 + 100 * D)

static struct import in;

static int setup(UNUSED void **state)
{
	import_init(&in, store_for_test());
	scan_image(&in, "trivy", "shop/a:1", digest('a'), T0, "CVE-2024-1");
	scan_image(&in, "trivy", "web/b:1", digest('b'), T0, "CVE-2024-1");
	return 0;
}

static int teardown(UNUSED void **state)
{
	import_free(&in);
	store_close(in.st);
	return 0;
}

/* Where 'a' runs: in the namespace pay of the cluster prod. */
static void run_in(const char *namespace)
{
	in.o.cluster = "prod";
	import_begin_test(&in);
	scan(&in, "kubectl", T0 + D);
	running(&in, namespace, "api", "pod-1", "shop/a:1", digest('a'));
	import_end_test(&in);
	in.o.cluster = NULL;
}

static void tag(const char *object, const char *word, bool bear)
{
	struct arena mem = ARENA_INIT;
	const struct scope *what;
	struct err e = ERR_INIT;
	bool changed;
	size_t n;

	if (!store_scope_find(in.st, object, &mem, &what, &n, &e))
		fail_msg("%s", e.text);
	for (size_t i = 0; i < n; i++)
		if (!store_tag(in.st, &what[i], word, bear, &changed, &e))
			fail_msg("%s", e.text);
	arena_release(&mem);
}

static void use(const char *policy)
{
	struct err e = ERR_INIT;

	if (!store_policy_use(in.st, policy, NULL, NULL, &e))
		fail_msg("%s", e.text);
}

/* Days from the clock's start until the finding of an image is due; -1: never. */
static int64_t days(const char *image)
{
	struct buf sql = BUF_INIT;
	int64_t due;

	buf_addf(&sql,
		 "SELECT f.due FROM finding AS f JOIN image AS i ON i.asset = f.asset "
		 "WHERE i.name LIKE '%%%s'",
		 image);
	due = number(in.st, sql.s);
	buf_release(&sql);
	return due == DUE_NONE ? -1 : (due - T0) / D;
}

static void expect_rule(const char *image, const char *text)
{
	struct arena mem = ARENA_INIT;
	struct finding_detail d;
	struct err e = ERR_INIT;
	int64_t key[3];
	struct stmt *s = db_stmt(in.st->db, "SELECT f.asset, f.advisory, f.part FROM finding AS f\n"
					    "JOIN image AS i ON i.asset = f.asset\n"
					    "WHERE i.name LIKE '%' || $1");

	db_text(s, 1, image);
	assert_true(db_next(s));
	for (int i = 0; i < 3; i++)
		key[i] = db_column(s, i);
	assert_true(db_done(s, &e));
	assert_true(store_finding(in.st, key, &mem, &d, &e));
	if (!d.due_rule || !strstr(d.due_rule, text))
		fail_msg("due by: %s", d.due_rule ? d.due_rule : "nothing");
	assert_null(strstr(d.due_rule, "(baseline: ")); /* said before the rule already */
	arena_release(&mem);
}

static void kev(const char *cve, int64_t due)
{
	import_begin_test(&in);
	put(&in, &(struct record){ REC_SIGNAL,
				   { .signal = { .cve = cve,
						 .kev = true,
						 .kev_added = T0 + D,
						 .kev_due = due,
						 .epss = -1 } } });
	import_end_test(&in);
}

/* ---- tags ---- */

static void a_tag_on_a_repository_brings_its_policy_into_scope(UNUSED void **state)
{
	assert_int_equal(days("shop/a:1"), 30);
	expect_rule("shop/a:1", "baseline: high");
	tag("repo/shop/a", "fedramp", true);
	assert_int_equal(days("shop/a:1"), 30);
	expect_rule("shop/a:1", "fedramp-moderate: high (FedRAMP Rev5");
	tag("repo/shop/a", "pci", true);
	tag("repo/shop/a", "fedramp", false);
	assert_int_equal(days("shop/a:1"), 60);
	expect_rule("shop/a:1", "pci-dss-4.0.1: high");
	assert_int_equal(days("web/b:1"), 30);
	expect_rule("web/b:1", "baseline: high");
	tag("repo/shop/a", "pci", false);
	assert_int_equal(days("shop/a:1"), 30);
}

static void the_strictest_policy_in_scope_wins(UNUSED void **state)
{
	tag("repo/shop/a", "pci", true);
	tag("repo/shop/a", "fedramp", true);
	assert_int_equal(days("shop/a:1"), 30);
	expect_rule("shop/a:1", "fedramp-moderate");
}

static void the_estates_own_policy_holds_beside_tags_unless_it_is_a_fallback(UNUSED void **state)
{
	use("fedramp-moderate");
	tag("repo/shop/a", "pci", true);
	assert_int_equal(days("shop/a:1"), 30);
	expect_rule("shop/a:1", "fedramp-moderate");
	use("baseline");
	assert_int_equal(days("shop/a:1"), 60);
}

static void what_starts_to_run_in_a_tagged_place_is_judged_by_its_policy(UNUSED void **state)
{
	run_in("pay");
	assert_int_equal(days("shop/a:1"), 30);
	tag("ns/pay", "pci", true);
	assert_int_equal(days("shop/a:1"), 60);
	run_in("other");
	in.o.cluster = "prod";
	import_begin_test(&in);
	scan(&in, "kubectl", T0 + 2 * D);
	running(&in, "pay", "web", "pod-2", "web/b:1", digest('b'));
	import_end_test(&in);
	assert_int_equal(days("web/b:1"), 60);
}

static void a_tag_on_a_cluster_reaches_what_runs_there(UNUSED void **state)
{
	run_in("pay");
	tag("cluster/prod", "pci", true);
	assert_int_equal(days("shop/a:1"), 60);
	tag("cluster/prod", "pci", false);
	assert_int_equal(days("shop/a:1"), 30);
}

static void exposed_is_a_tag_that_counts_as_exposure(UNUSED void **state)
{
	use("bod-26-04");
	assert_int_equal(days("web/b:1"), -1);
	tag("repo/web/b", "exposed", true);
	assert_true(days("web/b:1") > 0);
	expect_rule("web/b:1", "exposed-total (CISA BOD 26-04, Table 1)");
	assert_int_equal(number(in.st, "SELECT exposed FROM image WHERE name LIKE '%web/b:1'"), 2);
	tag("repo/web/b", "exposed", false);
	assert_int_equal(days("web/b:1"), -1);
	assert_int_equal(number(in.st, "SELECT exposed FROM image WHERE name LIKE '%web/b:1'"), 0);
}

static void tags_have_spans_and_audit_records(UNUSED void **state)
{
	struct verify_answer v;
	struct err e = ERR_INIT;

	tag("repo/shop/a", "pci", true);
	tag("repo/shop/a", "pci", true);
	assert_int_equal(number(in.st, "SELECT count(*) FROM audit WHERE act = 'tag'"), 1);
	store_set_now(in.st, NOW + D);
	tag("repo/shop/a", "pci", false);
	tag("repo/shop/a", "pci", false);
	assert_int_equal(number(in.st, "SELECT count(*) FROM audit WHERE act = 'untag'"), 1);
	assert_int_equal(number(in.st, "SELECT until - since FROM tag"), D);
	assert_int_equal(number(in.st, "SELECT until_seq > seq FROM tag"), 1);
	assert_true(store_verify(in.st, NULL, &v, &e));
	assert_true(v.intact);
}

static void wrong_tags_and_things_are_refused(UNUSED void **state)
{
	const struct scope repository = { SCOPE_REPOSITORY, { 1 } }, alert = { SCOPE_ALERT, { 1 } };
	struct arena mem = ARENA_INIT;
	const struct scope *what;
	struct err e = ERR_INIT;
	bool changed;
	size_t n;

	assert_false(store_tag(in.st, &repository, "PCI", true, &changed, &e));
	assert_int_equal(e.kind, ERR_USAGE);
	assert_false(store_tag(in.st, &repository, "", true, &changed, &e));
	assert_false(store_tag(in.st, &repository, "a b", true, &changed, &e));
	assert_false(store_tag(in.st, &alert, "pci", true, &changed, &e));
	assert_false(store_scope_find(in.st, "ns/none", &mem, &what, &n, &e));
	assert_false(store_scope_find(in.st, "shop", &mem, &what, &n, &e));
	assert_false(store_scope_find(in.st, "planet/earth", &mem, &what, &n, &e));
	assert_int_equal(e.kind, ERR_USAGE);
	assert_int_equal(number(in.st, "SELECT count(*) FROM tag"), 0);
	arena_release(&mem);
}

static void a_store_knows_sixty_four_tags(UNUSED void **state)
{
	const struct scope repository = { SCOPE_REPOSITORY, { 1 } };
	struct err e = ERR_INIT;
	char word[16];
	bool changed;

	for (int i = 0; i < TAGS_MOST; i++) {
		snprintf(word, sizeof(word), "t%d", i);
		assert_true(store_tag(in.st, &repository, word, true, &changed, &e));
	}
	assert_false(store_tag(in.st, &repository, "one-more", true, &changed, &e));
	assert_int_equal(e.kind, ERR_LIMIT);
	assert_int_equal(number(in.st, "SELECT count(*) FROM tag"), TAGS_MOST);
	assert_true(store_tag(in.st, &repository, "t7", false, &changed, &e));
	assert_true(changed);
}

/* ---- what moves due dates ---- */

static void a_policy_put_in_force_judges_all_findings(UNUSED void **state)
{
	use("pci-dss-4.0.1");
	assert_int_equal(days("shop/a:1"), 60);
	assert_int_equal(days("web/b:1"), 60);
	assert_int_equal(number(in.st, "SELECT count(*) FROM audit WHERE act = 'policy'"), 1);
	assert_int_equal(number(in.st, "SELECT count(*) FROM policy WHERE until = 0"), 1);
	use("baseline");
	assert_int_equal(days("shop/a:1"), 30);
	assert_int_equal(number(in.st, "SELECT count(*) FROM policy WHERE until = 0"), 1);
	assert_int_equal(number(in.st, "SELECT count(*) FROM policy"), 2);
}

static void an_unknown_policy_changes_nothing(UNUSED void **state)
{
	struct err e = ERR_INIT;

	assert_false(store_policy_use(in.st, "none", NULL, NULL, &e));
	assert_int_equal(e.kind, ERR_USAGE);
	assert_int_equal(number(in.st, "SELECT count(*) FROM audit WHERE act = 'policy'"), 0);
	assert_int_equal(days("shop/a:1"), 30);
}

static bool stop(UNUSED void *ctx, UNUSED uint64_t done, UNUSED uint64_t total)
{
	return false;
}

static int64_t step(const char *column)
{
	struct buf sql = BUF_INIT;
	int64_t due;

	buf_addf(&sql, "SELECT %s FROM alert", column);
	due = number(in.st, sql.s);
	buf_release(&sql);
	return due == DUE_NONE ? -1 : due - T0;
}

static const char SWIFT[] =
	"{\"scope\":{\"tags\":[\"swift\"]},\"alerts\":{\"response\":{\"critical\":{"
	"\"acknowledge\":\"5m\",\"contain\":\"2h\",\"close\":null,\"report\":\"1h\"}}}}";

static void an_alert_in(const char *namespace)
{
	run_in(namespace);
	in.o.cluster = "prod";
	import_begin_test(&in);
	scan(&in, "falco", T0 + D);
	put(&in, &(struct record){ REC_EVENT,
				   { .event = { .kind = EVENT_ALERT,
						.ts_ns = T0 * NS_PER_S,
						.rule = "shell",
						.priority = PRIO_CRITICAL,
						.namespace = namespace,
						.pod = "pod-1",
						.container = "main",
						.raw = "{}",
						.raw_len = 2 } } });
	import_end_test(&in);
	in.o.cluster = NULL;
}

static void the_steps_of_alerts_follow_the_policy_in_force(UNUSED void **state)
{
	policy_for_test("swift", SWIFT);
	an_alert_in("pay");
	assert_int_equal(step("ack_due"), 900);
	use("swift");
	assert_int_equal(step("ack_due"), 300);
	assert_int_equal(step("close_due"), -1);
	assert_int_equal(step("report_due"), 3600);
	assert_int_equal(step("next_due"), 300);
}

static void the_strictest_policy_where_an_alert_is_sets_each_of_its_steps(UNUSED void **state)
{
	policy_for_test("swift", SWIFT);
	use("pci-dss-4.0.1");
	an_alert_in("pay");
	tag("ns/pay", "swift", true);
	assert_int_equal(step("ack_due"), 300);
	assert_int_equal(step("contain_due"), 3600);
	assert_int_equal(step("close_due"), D);
	assert_int_equal(step("report_due"), 3600);
	tag("ns/pay", "swift", false);
	assert_int_equal(step("ack_due"), 900);
}

static void nothing_is_due_before_the_grace_of_its_policy_is_over(UNUSED void **state)
{
	policy_for_test("graceful", "{\"deadlines\":[{\"id\":\"all\",\"within\":\"30d\"}],"
				 "\"valid_from\":\"2025-01-01\",\"grace_to\":\"2025-07-25\"}");
	use("graceful");
	assert_int_equal(number(in.st, "SELECT max(due) FROM finding"), INT64_C(1753487999));
	expect_rule("a:1", "graceful: all, at the end of its grace");
	kev("CVE-2024-1", T0 + 2 * D); /* but for the date of the list */
	assert_int_equal(days("a:1"), 2);
}

static void a_judging_that_is_cancelled_leaves_the_old_policy(UNUSED void **state)
{
	struct err e = ERR_INIT;

	assert_false(store_policy_use(in.st, "pci-dss-4.0.1", stop, NULL, &e));
	assert_int_equal(e.kind, ERR_CANCEL);
	assert_int_equal(days("shop/a:1"), 30);
	assert_int_equal(number(in.st, "SELECT count(*) FROM policy"), 0);
	scan_image(&in, "trivy", "new/c:1", digest('c'), T0, "CVE-2024-9");
	assert_int_equal(days("new/c:1"), 30);
}

static void a_kev_listing_shortens_and_caps(UNUSED void **state)
{
	kev("CVE-2024-1", 0);
	assert_int_equal(days("shop/a:1"), 14);
	expect_rule("shop/a:1", "baseline: kev");
	kev("CVE-2024-1", T0 + 5 * D);
	assert_int_equal(days("shop/a:1"), 5);
	expect_rule("shop/a:1", "catalogue of exploited vulnerabilities");
}

static void an_assessment_moves_what_the_directive_asks(UNUSED void **state)
{
	use("bod-26-04");
	assert_int_equal(days("web/b:1"), -1);
	import_begin_test(&in);
	put(&in, &(struct record){ REC_SIGNAL,
				   { .signal = { .cve = "CVE-2024-1",
						 .epss = -1,
						 .automatable = SAID_YES,
						 .impact = IMPACT_PARTIAL,
						 .exploitation = EXPLOITATION_POC,
						 .at = T0 } } });
	import_end_test(&in);
	expect_rule("web/b:1", "inside-automatable-partial");
}

static void a_listing_lengthens_again_when_no_longer_exposed(UNUSED void **state)
{
	int64_t exposed;

	use("bod-26-04");
	tag("repo/web/b", "exposed", true);
	kev("CVE-2024-1", 0);
	exposed = days("web/b:1");
	expect_rule("web/b:1", "kev-exposed-total");
	tag("repo/web/b", "exposed", false);
	expect_rule("web/b:1", "kev-inside-total");
	assert_true(days("web/b:1") > exposed);
}

/* Its tag went on to another image, and later it had a tag again: its clock began anew. */
static void a_tag_that_asks_for_nothing_moves_no_clock(UNUSED void **state)
{
	int64_t first = days("shop/a:1"), again;

	scan_image(&in, "trivy", "shop/a:1", digest('c'), T0 + 2 * D, "");
	scan_image(&in, "trivy", "shop/a:2", digest('a'), T0 + 5 * D, "CVE-2024-1");
	again = days("shop/a:2");
	assert_int_equal(again, first + 5);
	tag("repo/shop/a", "odd", true);
	assert_int_equal(days("shop/a:2"), again);
}

/* Neither a rule's days nor the bare date of the catalogue end at an hour. */
static void what_is_due_is_due_until_its_day_ends(UNUSED void **state)
{
	int64_t listed = (time_day(T0) + 5) * D;

	assert_int_equal(number(in.st, "SELECT min(due) FROM finding"),
			 (time_day(T0) + 31) * D - 1);
	kev("CVE-2024-1", listed);
	assert_int_equal(number(in.st, "SELECT min(due) FROM finding"), listed + D - 1);
	assert_int_equal(number(in.st, "SELECT min(due) FROM problem"), listed + D - 1);
	expect_rule("shop/a:1", "catalogue of exploited");
}

static int64_t count_late(enum list_id list)
{
	struct list_query q = { .list = list };
	struct arena mem = ARENA_INIT;
	struct err e = ERR_INIT;
	int64_t n;
	size_t at;

	if (!filter_parse(list, "late", in.st->now, &mem, &q.where, &at, &e) ||
	    !store_count(in.st, &q, &n, &e))
		fail_msg("%s", e.text);
	arena_release(&mem);
	return n;
}

/* Days are what is counted: whatever says late says it at the same second. */
static void what_was_due_today_is_late_tomorrow_everywhere(UNUSED void **state)
{
	int64_t due = T0 + 30 * D, day = time_day(due) * D;
	const struct {
		int64_t now;
		bool late;
	} x[] = { { day - 1, false }, { day, false },	      { due + 1, false },
		  { day + D - 1, false }, { day + D, true }, { day + 2 * D, true } };

	assert_int_equal(days("shop/a:1"), 30);
	for (size_t i = 0; i < LENGTH(x); i++) {
		struct arena mem = ARENA_INIT;
		struct image_detail d;
		struct status s;
		struct err e = ERR_INIT;
		int64_t id;

		store_set_now(in.st, x[i].now);
		if (!store_status(in.st, &mem, &s, &e) ||
		    !store_image_find(in.st, "shop/a:1", &id, &e) ||
		    !store_image(in.st, id, &mem, &d, &e))
			fail_msg("%s", e.text);
		assert_int_equal(s.late[STATUS_HIGH], x[i].late ? 2 : 0);
		assert_int_equal(count_late(LIST_findings), x[i].late ? 2 : 0);
		assert_int_equal(count_late(LIST_problems), x[i].late);
		assert_int_equal(count_late(LIST_images), x[i].late ? 2 : 0);
		assert_int_equal(d.late, x[i].late);
		assert_string_equal(s.now[0].what, x[i].late ? "late" : "due");
		arena_release(&mem);
	}
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(a_tag_on_a_repository_brings_its_policy_into_scope),
		T(the_strictest_policy_in_scope_wins),
		T(the_estates_own_policy_holds_beside_tags_unless_it_is_a_fallback),
		T(what_starts_to_run_in_a_tagged_place_is_judged_by_its_policy),
		T(a_tag_on_a_cluster_reaches_what_runs_there),
		T(exposed_is_a_tag_that_counts_as_exposure),
		T(tags_have_spans_and_audit_records),
		T(wrong_tags_and_things_are_refused),
		T(a_store_knows_sixty_four_tags),
		T(a_policy_put_in_force_judges_all_findings),
		T(an_unknown_policy_changes_nothing),
		T(the_steps_of_alerts_follow_the_policy_in_force),
		T(the_strictest_policy_where_an_alert_is_sets_each_of_its_steps),
		T(nothing_is_due_before_the_grace_of_its_policy_is_over),
		T(a_judging_that_is_cancelled_leaves_the_old_policy),
		T(a_kev_listing_shortens_and_caps),
		T(an_assessment_moves_what_the_directive_asks),
		T(a_listing_lengthens_again_when_no_longer_exposed),
		T(a_tag_that_asks_for_nothing_moves_no_clock),
		T(what_is_due_is_due_until_its_day_ends),
		T(what_was_due_today_is_late_tomorrow_everywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
