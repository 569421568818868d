/* SPDX-License-Identifier: MIT */
/* 1540-risk.c - in which order to mend: each part moves the number its own way, in C and in SQL. */
#include "t/lib/test.h"
#include "t/lib/records.h"

#include "store/risk.h"

static void each_part_raises_the_risk(void **state)
{
	const struct risk_case base = { .severity = SEV_MEDIUM, .score = -1 };
	struct risk_case c;
	int none = risk_of(&base);

	(void)state;
	c = base, c.kev = true;
	assert_int_equal(risk_of(&c), none + 400);
	c = base, c.running = true;
	assert_int_equal(risk_of(&c), none + 100);
	c = base, c.exposed = 2;
	assert_int_equal(risk_of(&c), none + 60);
	c = base, c.exposed = 1;
	assert_int_equal(risk_of(&c), none + 30);
	c = base, c.fixable = true;
	assert_int_equal(risk_of(&c), none + 40);
	c = base, c.epss = 100;
	assert_int_equal(risk_of(&c), none + 80);
	c.epss = 99;
	assert_int_equal(risk_of(&c), none + 30);
	c = base, c.score = 98;
	assert_int_equal(risk_of(&c), 196);
	c = (struct risk_case){ SEV_CRITICAL, true, true, true, 9999, 100, 2 };
	assert_int_equal(risk_of(&c), RISK_MOST);
}

static void each_step_of_epss_and_severity_has_its_points(void **state)
{
	static const struct {
		int epss, points;
	} steps[] = {
		{ 0, 0 },     { 9, 0 },	      { 10, 30 },    { 99, 30 },    { 100, 80 },
		{ 999, 80 },  { 1000, 150 },  { 4999, 150 }, { 5000, 200 }, { 10000, 200 },
	};
	static const int by_word[SEV_COUNT] = { 180, 140, 100, 50, 10, 100 };

	(void)state;
	for (size_t i = 0; i < LENGTH(steps); i++) {
		const struct risk_case c = { .score = 0, .epss = steps[i].epss };

		assert_int_equal(risk_of(&c), steps[i].points);
	}
	for (int s = 0; s < SEV_COUNT; s++) {
		const struct risk_case c = { .severity = (enum severity)s, .score = -1 };

		assert_int_equal(risk_of(&c), by_word[s]);
	}
}

static void exploitation_outweighs_what_is_only_severe(void **state)
{
	const struct risk_case listed = { .severity = SEV_LOW, .score = 31, .kev = true };
	const struct risk_case severe = {
		.severity = SEV_CRITICAL, .score = 100, .running = true, .fixable = true
	};

	(void)state;
	assert_true(risk_of(&listed) > risk_of(&severe));
}

static void the_explanation_names_every_part_that_counts(void **state)
{
	struct arena mem = ARENA_INIT;
	const struct risk_case c = { SEV_HIGH, true, true, false, 1234, 85, 1 };

	(void)state;
	assert_string_equal(
		risk_explain(&c, &mem),
		"850 of 1000: exploited in the wild 400, EPSS 12.34% 150, CVSS 8.5 170, "
		"running 100, perhaps exposed 30");
	arena_release(&mem);
}

static void the_list_orders_by_what_the_detail_explains(void **state)
{
	struct list_query q = { .list = LIST_findings };
	struct import in;
	struct page p = PAGE_INIT;
	struct err e = ERR_INIT;
	int64_t before = RISK_MOST;
	int order, column = -1;

	(void)state;
	import_init(&in, store_for_test());
	import_begin_test(&in);
	scan(&in, "trivy", T0);
	image(&in, "shop/a:1", digest('a'));
	vuln(&in, "CVE-2024-1", "liba", "1", SEV_CRITICAL);
	vuln(&in, "CVE-2024-2", "libb", "1", SEV_LOW);
	vuln(&in, "CVE-2024-3", "libc", "1", SEV_HIGH);
	import_end_test(&in);
	in.o.cluster = "prod";
	import_begin_test(&in);
	scan(&in, "kubectl", T0 + D);
	running(&in, "shop", "a", "pod-a", "shop/a:1", digest('a'));
	put(&in,
	    &(struct record){ REC_SIGNAL,
			      { .signal = { .cve = "CVE-2024-2", .kev = true, .epss = 1500 } } });
	import_end_test(&in);
	for (order = 0; !str_eq(store_list(LIST_findings)->order[order].name, "risk"); order++)
		continue;
	for (size_t i = 0; i < store_list(LIST_findings)->ncol; i++)
		if (str_eq(store_list(LIST_findings)->col[i].name, "risk"))
			column = (int)i;
	q.order = order;
	assert_true(store_page(in.st, &q, PAGE_TOP, NULL, 10, &p, &e));
	assert_int_equal(p.nrow, 3);
	for (size_t i = 0; i < p.nrow; i++) {
		struct arena mem = ARENA_INIT;
		struct finding_detail d;

		assert_true(store_finding(in.st, p.row[i].key, &mem, &d, &e));
		assert_int_equal(d.risk, p.row[i].val[column].u.i);
		assert_true(d.risk <= before);
		before = d.risk;
		if (i == 0)
			assert_string_equal(d.name, "CVE-2024-2");
		arena_release(&mem);
	}
	page_release(&p);
	import_free(&in);
	store_close(in.st);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_part_raises_the_risk),
		cmocka_unit_test(each_step_of_epss_and_severity_has_its_points),
		cmocka_unit_test(exploitation_outweighs_what_is_only_severe),
		cmocka_unit_test(the_explanation_names_every_part_that_counts),
		cmocka_unit_test(the_list_orders_by_what_the_detail_explains),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
