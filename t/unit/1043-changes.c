/* SPDX-License-Identifier: MIT */
/* 1043-changes.c - what changed between two times, and how long what went had been there. */
#include "t/lib/test.h"
#include "t/lib/records.h"

static struct import in;
static int n[CHANGE_COUNT];
static char last[64];

static bool count_change(UNUSED void *ctx, const struct change_row *r, UNUSED struct err *e)
{
	n[r->what]++;
	assert_true(str_copy(last, sizeof(last), r->advisory));
	return true;
}

static const struct filter *filter(const char *text, struct arena *mem)
{
	const struct filter *where;
	struct err e = ERR_INIT;
	size_t at;

	if (!filter_parse(LIST_findings, text, T0, mem, &where, &at, &e))
		fail_msg("%s: %s", text, e.text);
	return where;
}

static void changes_of(const struct filter *where, int64_t since, int64_t until)
{
	struct err e = ERR_INIT;

	memset(n, 0, sizeof(n));
	if (!store_changes(in.st, since, until, where, count_change, NULL, &e))
		fail_msg("%s", e.text);
}

static void changes(int64_t since, int64_t until)
{
	changes_of(NULL, since, until);
}

/* Day 0: two. Day 10: one is gone. Day 20: it is back. Day 30: all are gone. */
static int setup(UNUSED void **state)
{
	import_init(&in, store_for_test());
	scan_image(&in, "trivy", "app:1", digest('a'), T0, "CVE-1 CVE-2");
	scan_image(&in, "trivy", "app:1", digest('a'), T0 + 10 * D, "CVE-2");
	scan_image(&in, "trivy", "app:1", digest('a'), T0 + 20 * D, "CVE-1 CVE-2");
	scan_image(&in, "trivy", "app:1", digest('a'), T0 + 30 * D, "");
	return 0;
}

static int teardown(UNUSED void **state)
{
	import_free(&in);
	store_close(in.st);
	return 0;
}

static void each_change_is_told_once_in_its_time(UNUSED void **state)
{
	changes(T0, T0 + 1);
	assert_int_equal(n[CHANGE_NEW], 2);
	changes(T0 + 1, T0 + 11 * D);
	assert_int_equal(n[CHANGE_NEW], 0);
	assert_int_equal(n[CHANGE_FIXED], 1);
	assert_string_equal(last, "CVE-1");
	changes(T0 + 11 * D, T0 + 21 * D);
	assert_int_equal(n[CHANGE_REOPENED], 1);
	assert_int_equal(n[CHANGE_FIXED] + n[CHANGE_NEW] + n[CHANGE_DECIDED], 0);
	changes(T0, T0 + 100 * D);
	assert_int_equal(n[CHANGE_NEW], 2);
	assert_int_equal(n[CHANGE_FIXED], 3);
}

static void the_end_is_not_included(UNUSED void **state)
{
	changes(T0 - D, T0);
	assert_int_equal(n[CHANGE_NEW], 0);
	changes(T0 + 10 * D, T0 + 10 * D + 1);
	assert_int_equal(n[CHANGE_FIXED], 1);
}

static void a_past_day_knows_no_later_change(UNUSED void **state)
{
	struct err e = ERR_INIT;

	assert_true(store_set_as_of(in.st, T0 + 15 * D, 0, &e));
	changes(T0, T0 + 100 * D);
	assert_int_equal(n[CHANGE_FIXED], 1);
	assert_int_equal(n[CHANGE_REOPENED], 0);
}

/* CVE-1 was open 10 days twice, CVE-2 30 days; high is due in 30 days by the baseline. */
static void how_long_and_whether_in_time(UNUSED void **state)
{
	struct arena mem = ARENA_INIT;
	struct err e = ERR_INIT;
	const struct mended *m;
	size_t count;

	assert_true(store_mended(in.st, MENDED_BY_SEVERITY, T0, T0 + 100 * D, NULL, &mem, &m,
				 &count, &e));
	assert_int_equal(count, 1);
	assert_string_equal(m[0].name, "high");
	assert_int_equal(m[0].closed, 3);
	assert_int_equal(m[0].median, 10 * D);
	assert_int_equal(m[0].mean, 50 * D / 3);
	assert_int_equal(m[0].due, 3);
	assert_int_equal(m[0].in_time, 3);
	assert_true(store_mended(in.st, MENDED_BY_REPOSITORY, T0, T0 + 20 * D, NULL, &mem, &m,
				 &count, &e));
	assert_int_equal(count, 1);
	assert_string_equal(m[0].name, "docker.io/library/app");
	assert_int_equal(m[0].closed, 1);
	assert_true(store_mended(in.st, MENDED_BY_OWNER, T0 + 40 * D, T0 + 50 * D, NULL, &mem, &m,
				 &count, &e));
	assert_int_equal(count, 0);
	arena_release(&mem);
}

/* Both are resolved by now: a filter asks of what is hidden in the list, too. */
static void a_filter_keeps_the_changes_of_what_it_holds(UNUSED void **state)
{
	struct arena mem = ARENA_INIT;

	changes_of(filter("cve:CVE-1 sev>=high", &mem), T0, T0 + 100 * D);
	assert_int_equal(n[CHANGE_NEW], 1);
	assert_int_equal(n[CHANGE_FIXED], 2);
	assert_int_equal(n[CHANGE_REOPENED], 1);
	assert_string_equal(last, "CVE-1");
	changes_of(filter("image:app* !cve:CVE-1", &mem), T0, T0 + 100 * D);
	assert_int_equal(n[CHANGE_NEW], 1);
	assert_int_equal(n[CHANGE_FIXED], 1);
	assert_string_equal(last, "CVE-2");
	changes_of(filter("sev:low", &mem), T0, T0 + 100 * D);
	assert_int_equal(n[CHANGE_NEW] + n[CHANGE_FIXED] + n[CHANGE_REOPENED], 0);
	arena_release(&mem);
}

static void a_filter_keeps_what_ended_of_what_it_holds(UNUSED void **state)
{
	struct arena mem = ARENA_INIT;
	struct err e = ERR_INIT;
	const struct mended *m;
	size_t count;

	assert_true(store_mended(in.st, MENDED_BY_SEVERITY, T0, T0 + 100 * D,
				 filter("cve:CVE-2", &mem), &mem, &m, &count, &e));
	assert_int_equal(count, 1);
	assert_int_equal(m[0].closed, 1);
	assert_int_equal(m[0].mean, 30 * D);
	assert_true(store_mended(in.st, MENDED_BY_SEVERITY, T0, T0 + 100 * D,
				 filter("sev:low", &mem), &mem, &m, &count, &e));
	assert_int_equal(count, 0);
	arena_release(&mem);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(each_change_is_told_once_in_its_time),
		T(the_end_is_not_included),
		T(a_past_day_knows_no_later_change),
		T(how_long_and_whether_in_time),
		T(a_filter_keeps_the_changes_of_what_it_holds),
		T(a_filter_keeps_what_ended_of_what_it_holds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
