/* SPDX-License-Identifier: MIT */
/* 1505-policy-numbers.c - each number of the built-in policies, beside what its source says. */
#include <inttypes.h>
#include <stdio.h>

#include "t/lib/test.h"

#include "store/policy.h"

#define H INT64_C(3600)

static struct arena mem;

static int begin(UNUSED void **state)
{
	mem = (struct arena)ARENA_INIT;
	return 0;
}

static int end(UNUSED void **state)
{
	arena_release(&mem);
	return 0;
}

static struct policy built_in(const char *name)
{
	struct policy p;
	struct err e = ERR_INIT;

	if (!policy_load(name, &mem, &p, &e))
		fail_msg("%s", e.text);
	return p;
}

static void same(const char *policy, const char *what, int64_t is, int64_t want)
{
	if (is != want)
		fail_msg("%s: %s is %" PRId64 ", not %" PRId64, policy, what, is, want);
}

/* ---- remediation ---- */

/* Days by severity, worst first, negligible and unknown last; of what is in KEV. */
static const struct {
	const char *policy;
	int days[SEV_COUNT], kev;
} remediation[] = {
	{ "baseline", { 15, 30, 90, 180, 180, 90 }, 14 },
	{ "pci-dss-4.0.1", { 30, 60, 90, 90, 90, 90 }, 14 },
	{ "fedramp-moderate", { 30, 30, 90, 180, 180, 90 }, 0 },
	{ "hipaa", { 15, 30, 90, 90, 90, 90 }, 14 },
	{ "hipaa-2025-proposal", { 15, 30, 90, 90, 90, 90 }, 14 },
};

static void each_severity_has_its_days(UNUSED void **state)
{
	for (size_t i = 0; i < LENGTH(remediation); i++) {
		const struct policy p = built_in(remediation[i].policy);

		for (int s = 0; s < SEV_COUNT; s++) {
			struct deadline_case c = { .severity = (enum severity)s, .partial = true };
			int kev = remediation[i].kev, days = remediation[i].days[s];
			const char *word = severity_word(c.severity);

			same(p.key, word, deadline_due(&p, &c, NULL), days * DAY_S);
			c.kev = true;
			same(p.key, "kev", deadline_due(&p, &c, NULL),
			     (kev && kev < days ? kev : days) * DAY_S);
		}
	}
}

/* Hours by certification, adverse impact from N5 to N2, and reachability: likely exploitable and
 * reachable from the internet, likely exploitable, not likely. FedRAMP 2026, VDR-TFR-PVR. */
static const int vdr[4][4][3] = {
	{ { 4 * 24, 8 * 24, 32 * 24 },
	  { 8 * 24, 32 * 24, 64 * 24 },
	  { 32 * 24, 64 * 24, 192 * 24 },
	  { 96 * 24, 160 * 24, 192 * 24 } },
	{ { 4 * 24, 8 * 24, 32 * 24 },
	  { 8 * 24, 32 * 24, 64 * 24 },
	  { 32 * 24, 64 * 24, 192 * 24 },
	  { 96 * 24, 160 * 24, 192 * 24 } },
	{ { 2 * 24, 4 * 24, 16 * 24 },
	  { 4 * 24, 8 * 24, 64 * 24 },
	  { 16 * 24, 32 * 24, 128 * 24 },
	  { 48 * 24, 128 * 24, 192 * 24 } },
	{ { 12, 1 * 24, 8 * 24 },
	  { 2 * 24, 8 * 24, 32 * 24 },
	  { 8 * 24, 16 * 24, 64 * 24 },
	  { 24 * 24, 96 * 24, 192 * 24 } },
};

static void fedramp_2026_is_its_table_of_forty_eight_times(UNUSED void **state)
{
	static const enum severity of[][2] = {
		{ SEV_CRITICAL, SEV_CRITICAL },
		{ SEV_HIGH, SEV_HIGH },
		{ SEV_MEDIUM, SEV_UNKNOWN },
		{ SEV_LOW, SEV_NEGLIGIBLE },
	};

	for (size_t i = 0; i < 4 * 4 * 3 * 2; i++) {
		size_t class = i / 24, impact = i / 6 % 4, reach = i / 2 % 3;
		struct policy p = built_in("fedramp-2026");
		struct deadline_case c = { .severity = of[impact][i % 2],
					   .epss = reach < 2 ? 1000 : 999,
					   .exposed = reach == 0,
					   .start = INT64_C(1900000000) };
		char text[64];
		struct err e = ERR_INIT;

		(void)snprintf(text, sizeof(text),
			       "{\"extends\":\"fedramp-2026\",\"certification\":\"%c\"}",
			       (char)('A' + class));
		assert_true(policy_parse("p.json", text, &mem, &p, &e));
		same(text, severity_word(c.severity), deadline_due(&p, &c, NULL) - c.start,
		     vdr[class][impact][reach] * H);
		c.exposed = reach != 1; /* what is not likely is so wherever it is */
		same(text, severity_word(c.severity), deadline_due(&p, &c, NULL) - c.start,
		     vdr[class][impact][reach] * H);
		assert_int_equal(p.ndeadline, 4 * 3); /* those of one certification */
		assert_int_equal(p.deadline[i % p.ndeadline].force, FORCE_SHOULD);
	}
}

/* 90 FR 898, section 164.308(a)(4): of a proposal that is not in force. */
static void the_proposal_for_hipaa_has_its_own_days(UNUSED void **state)
{
	const struct policy p = built_in("hipaa-2025-proposal");

	for (size_t i = 0; i < p.ndeadline; i++)
		if (p.deadline[i].force == FORCE_PROPOSED)
			same(p.key, p.deadline[i].id, p.deadline[i].within,
			     (p.deadline[i].severities == 1u << SEV_CRITICAL ? 15 : 30) * DAY_S);
	assert_int_equal(p.deadline[p.ndeadline - 2].severities, 1u << SEV_CRITICAL);
	assert_int_equal(p.deadline[p.ndeadline - 1].severities, 1u << SEV_HIGH);
	assert_int_equal(p.deadline[p.ndeadline - 2].force, FORCE_PROPOSED);
	assert_int_equal(p.deadline[p.ndeadline - 1].force, FORCE_PROPOSED);
}

static void what_is_in_kev_or_automatable_is_likely_exploitable(UNUSED void **state)
{
	const struct policy p = built_in("fedramp-2026");
	struct deadline_case c = { .severity = SEV_CRITICAL, .start = INT64_C(1900000000) };

	same(p.key, "neither", deadline_due(&p, &c, NULL) - c.start, 16 * DAY_S);
	c.kev = true;
	same(p.key, "in KEV", deadline_due(&p, &c, NULL) - c.start, 4 * DAY_S);
	c.kev = false;
	c.automatable = true;
	same(p.key, "automatable", deadline_due(&p, &c, NULL) - c.start, 4 * DAY_S);
}

/* ---- the gate, evidence and exceptions ---- */

/* Days, but for counts and truths. */
static const struct {
	const char *policy, *tags;
	int critical, high, kev, secret, scan_age, database_age;
	struct {
		int scan, database, benchmark, admission, signature, answer, silent;
	} fresh;
	int longest[SEV_COUNT];
	bool approver, fallback, start_kev, proposed;
	int64_t valid_from, valid_to, grace_to;
} numbers[] = {
	{ "baseline", "", 0, 10, 0, 0, 7, 7, { 7, 7, 30, 7, 90, 90, 3 },
	  { 30, 90, 180, 365, 365, 90 }, false, true, false, false, 0, 0, 0 },
	{ "pci-dss-4.0.1", "pci cde", 0, 0, 0, 0, 7, 7, { 90, 7, 90, 7, 90, 365, 3 },
	  { 30, 90, 90, 365, 365, 90 }, true, false, false, false, 0, 0, 0 },
	{ "fedramp-moderate", "fedramp", 0, 0, 0, 0, 30, 7, { 30, 7, 30, 7, 90, 365, 3 },
	  { 30, 30, 90, 180, 180, 90 }, true, false, false, false, 0, 1796601600, 0 },
	{ "fedramp-2026", "fedramp-2026", 0, 0, 0, 0, 30, 7, { 7, 7, 30, 7, 90, 365, 3 },
	  { 30, 30, 90, 180, 180, 90 }, true, false, false, false, 1796601600, 0, 1804377600 },
	{ "bod-26-04", "federal", 0, 0, 0, 0, 7, 7, { 7, 7, 30, 7, 90, 90, 3 },
	  { 14, 30, 60, 180, 180, 60 }, true, false, true, false, 1781049600, 0, 0 },
	{ "hipaa", "hipaa phi", 0, 10, 0, 0, 7, 7, { 30, 7, 90, 7, 90, 365, 3 },
	  { 30, 90, 180, 365, 365, 180 }, true, false, false, false, 0, 0, 0 },
	{ "hipaa-2025-proposal", "", 0, 10, 0, 0, 7, 7, { 30, 7, 90, 7, 90, 365, 3 },
	  { 30, 90, 180, 365, 365, 180 }, true, false, false, true, 0, 0, 0 },
};

static const char *in_one(const struct policy_texts *t)
{
	const char *all = "";

	for (size_t i = 0; i < t->n; i++)
		all = arena_printf(&mem, "%s%s%s", all, i ? " " : "", t->s[i]);
	return all;
}

static void each_gate_allows_what_its_policy_says(UNUSED void **state)
{
	for (size_t i = 0; i < LENGTH(numbers); i++) {
		const struct policy p = built_in(numbers[i].policy);

		same(p.key, "gate.critical", p.gate.severity[SEV_CRITICAL], numbers[i].critical);
		same(p.key, "gate.high", p.gate.severity[SEV_HIGH], numbers[i].high);
		for (int s = SEV_MEDIUM; s < SEV_COUNT; s++)
			same(p.key, "gate.medium and less", p.gate.severity[s], -1);
		same(p.key, "gate.kev", p.gate.kev, numbers[i].kev);
		same(p.key, "gate.secret", p.gate.secret, numbers[i].secret);
		same(p.key, "gate.fixable_only", p.gate.fixable_only, false);
		same(p.key, "gate.scan_age", p.gate.scan_age, numbers[i].scan_age * DAY_S);
		same(p.key, "gate.database_age", p.gate.database_age,
		     numbers[i].database_age * DAY_S);
	}
}

static void evidence_stays_good_as_long_as_its_policy_says(UNUSED void **state)
{
	for (size_t i = 0; i < LENGTH(numbers); i++) {
		const struct policy p = built_in(numbers[i].policy);

		same(p.key, "fresh.scan", p.fresh.scan, numbers[i].fresh.scan * DAY_S);
		same(p.key, "fresh.database", p.fresh.database, numbers[i].fresh.database * DAY_S);
		same(p.key, "fresh.benchmark", p.fresh.benchmark,
		     numbers[i].fresh.benchmark * DAY_S);
		same(p.key, "fresh.admission", p.fresh.admission,
		     numbers[i].fresh.admission * DAY_S);
		same(p.key, "fresh.signature", p.fresh.signature,
		     numbers[i].fresh.signature * DAY_S);
		same(p.key, "fresh.answer", p.fresh.answer, numbers[i].fresh.answer * DAY_S);
		same(p.key, "fresh.silent", p.fresh.silent, numbers[i].fresh.silent * DAY_S);
	}
}

static void an_exception_may_last_as_long_as_its_policy_says(UNUSED void **state)
{
	for (size_t i = 0; i < LENGTH(numbers); i++) {
		const struct policy p = built_in(numbers[i].policy);

		for (int s = 0; s < SEV_COUNT; s++)
			same(p.key, severity_word((enum severity)s), p.exceptions.longest[s],
			     numbers[i].longest[s] * DAY_S);
		same(p.key, "exceptions.approver", p.exceptions.approver, numbers[i].approver);
	}
}

static void each_policy_holds_where_and_when_it_says(UNUSED void **state)
{
	for (size_t i = 0; i < LENGTH(numbers); i++) {
		const struct policy p = built_in(numbers[i].policy);

		assert_string_equal(in_one(&p.tags), numbers[i].tags);
		same(p.key, "fallback", p.fallback, numbers[i].fallback);
		same(p.key, "clock", p.start_kev, numbers[i].start_kev);
		same(p.key, "proposed", p.proposed, numbers[i].proposed);
		same(p.key, "valid_from", p.valid_from, numbers[i].valid_from);
		same(p.key, "valid_to", p.valid_to, numbers[i].valid_to);
		same(p.key, "grace_to", p.grace_to, numbers[i].grace_to);
		same(p.key, "severity", (int64_t)p.severity.n, 0);
	}
}

/* ---- alerts ---- */

static void alerts_are_answered_in_the_same_times_everywhere(UNUSED void **state)
{
	static const struct policy_response want[PRIO_COUNT] = {
		[PRIO_EMERGENCY] = { H / 4, H, 24 * H, 24 * H },
		[PRIO_ALERT] = { H / 4, H, 24 * H, 24 * H },
		[PRIO_CRITICAL] = { H / 4, H, 24 * H, 24 * H },
		[PRIO_ERROR] = { H / 2, 4 * H, 72 * H, 72 * H },
		[PRIO_WARNING] = { 4 * H, 24 * H, 7 * DAY_S, DUE_NONE },
		[PRIO_NOTICE] = { 24 * H, 72 * H, 14 * DAY_S, DUE_NONE },
		[PRIO_INFO] = { DUE_NONE, DUE_NONE, DUE_NONE, DUE_NONE },
		[PRIO_DEBUG] = { DUE_NONE, DUE_NONE, DUE_NONE, DUE_NONE },
	};

	for (size_t i = 0; i < LENGTH(numbers); i++) {
		const struct policy p = built_in(numbers[i].policy);

		for (int k = 0; k < PRIO_COUNT; k++) {
			same(p.key, "acknowledge", p.response[k].acknowledge, want[k].acknowledge);
			same(p.key, "contain", p.response[k].contain, want[k].contain);
			same(p.key, "close", p.response[k].close, want[k].close);
			same(p.key, "report", p.response[k].report, want[k].report);
		}
		same(p.key, "alerts.from", p.alert_from, PRIO_NOTICE);
		same(p.key, "alerts.gap", p.alert_gap, 24 * H);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_severity_has_its_days),
		TEST(fedramp_2026_is_its_table_of_forty_eight_times),
		TEST(the_proposal_for_hipaa_has_its_own_days),
		TEST(what_is_in_kev_or_automatable_is_likely_exploitable),
		TEST(each_gate_allows_what_its_policy_says),
		TEST(evidence_stays_good_as_long_as_its_policy_says),
		TEST(an_exception_may_last_as_long_as_its_policy_says),
		TEST(each_policy_holds_where_and_when_it_says),
		TEST(alerts_are_answered_in_the_same_times_everywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
