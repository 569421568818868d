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
	assert_true(n >= 7);
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

#define SEVERITY_WANTS                                                                             \
	"p.json: severity: wants \"highest\", or sources whose word counts, first come: "         \
	"\"trivy,nvd\""

static void a_wrong_policy_is_refused_by_path_and_reason(void **state)
{
	(void)state;
	expect_refusal("[]", "p.json: a policy is a JSON object");
	expect_refusal("{\"gate\":{\"critcal\":0}}",
		       "p.json: gate.critcal: no such key here; did you mean critical?");
	expect_refusal("{\"gate\":{\"critical\":-1}}",
		       "p.json: gate.critical: wants a number from 0, or null for no limit");
	expect_refusal("{\"severity\":\"trivy,,nvd\"}", SEVERITY_WANTS);
	expect_refusal("{\"severity\":\"trivy,highest\"}", SEVERITY_WANTS);
	expect_refusal("{\"severity\":\"trivy,trivy\"}", SEVERITY_WANTS);
	expect_refusal("{\"severity\":\"trivy, nvd\"}", SEVERITY_WANTS);
	expect_refusal("{\"severity\":[\"trivy\"]}", SEVERITY_WANTS);
	expect_refusal("{\"gate\":7}", "p.json: gate: wants an object");
	expect_refusal("{\"fresh\":{\"scan\":\"soon\"}}",
		       "p.json: fresh.scan: wants a duration such as \"30d\", \"12h\" or \"15m\"");
	expect_refusal("{\"deadlines\":[{\"severity\":[\"hgh\"],\"within\":\"1d\"}]}",
		       "p.json: deadlines[0].severity: wants a list of severities: critical, "
		       "high, medium, low, negligible, unknown");
	expect_refusal("{\"deadlines\":[{\"id\":\"x\"}]}",
		       "p.json: deadlines[0].within: is missing");
	expect_refusal("{\"alerts\":{\"from\":\"loud\"}}", "p.json: alerts.from: is no priority");
}

static void a_slip_is_answered_with_the_word_that_was_meant(void **state)
{
	(void)state;
	expect_refusal("{\"exeptions\":{}}",
		       "p.json: exeptions: no such key here; did you mean exceptions?");
	expect_refusal("{\"zzz\":1}", "p.json: zzz: no such key here");
	expect_refusal("{\"exceptions\":{\"longest\":{\"hihg\":\"1d\"}}}",
		       "p.json: exceptions.longest.hihg: no such key here; did you mean high?");
	expect_refusal("{\"alerts\":{\"response\":{\"critical\":{\"repport\":\"1d\"}}}}",
		       "p.json: alerts.response.critical.repport: no such key here; did you mean "
		       "report?");
	expect_refusal("{\"signers\":[{}]}",
		       "p.json: signers[0]: wants an identity, an issuer or a key");
	expect_refusal("{\"deadlines\":[{\"id\":\"x\",\"within\":\"1d\",\"impact\":\"all\"}]}",
		       "p.json: deadlines[0].impact: wants \"total\" or \"partial\"");
	expect_refusal(
		"{\"deadlines\":[{\"id\":\"x\",\"within\":\"1d\",\"valid_from\":\"2026-02-02\","
		"\"valid_to\":\"2026-02-02\"}]}",
		"p.json: deadlines[0].valid_to: is not after valid_from");
	expect_refusal("{\"valid_from\":\"2026-12-07\",\"valid_to\":\"2026-12-07\"}",
		       "p.json: valid_to: is not after valid_from");
	expect_refusal("{\"valid_from\":\"2026-12-07\",\"grace_to\":\"2026-12-06\"}",
		       "p.json: grace_to: is before valid_from");
	expect_refusal("{\"likely\":{\"epss\":2}}",
		       "p.json: likely.epss: wants a number from 0 to 1");
	expect_refusal("{\"clock\":\"now\"}", "p.json: clock: wants \"detection\" or \"kev\"");
	expect_refusal("{\"extends\":\"basline\"}",
		       "p.json: extends: there is no policy basline; did you mean baseline? There "
		       "are: baseline, bod-26-04, fedramp-2026, fedramp-moderate, hipaa, "
		       "hipaa-2025-proposal, pci-dss-4.0.1");
}

static void exceptions_signers_and_approvals_are_read(void **state)
{
	struct arena mem = ARENA_INIT;
	struct policy p = parsed(
		"{\"exceptions\":{\"longest\":{\"critical\":\"30d\",\"low\":null},"
		"\"approver\":true},"
		"\"signers\":[{\"identity\":\"ci@*\",\"issuer\":\"https://i\"},{\"key\":\"k1\"}],"
		"\"approved\":{\"registries\":[\"r.example/"
		"*\"],\"base_images\":[\"sha256:aa\",\"alpine\"]},"
		"\"attestations\":[\"https://slsa.dev/provenance/v1\"],"
		"\"scope\":{\"tags\":[\"pci\"]},\"severity\":\"highest\","
		"\"alerts\":{\"response\":{\"error\":{\"report\":\"72h\"}}}}",
		&mem);

	(void)state;
	assert_int_equal(p.exceptions.longest[SEV_CRITICAL], 30 * DAY_S);
	assert_true(p.exceptions.longest[SEV_HIGH] == DUE_NONE);
	assert_true(p.exceptions.longest[SEV_LOW] == DUE_NONE);
	assert_true(p.exceptions.approver);
	assert_int_equal(p.nsigner, 2);
	assert_string_equal(p.signer[0].identity, "ci@*");
	assert_string_equal(p.signer[0].issuer, "https://i");
	assert_null(p.signer[1].identity);
	assert_string_equal(p.signer[1].key, "k1");
	assert_int_equal(p.registries.n, 1);
	assert_string_equal(p.base_images.s[1], "alpine");
	assert_string_equal(p.attestations.s[0], "https://slsa.dev/provenance/v1");
	assert_string_equal(p.tags.s[0], "pci");
	assert_int_equal(p.response[PRIO_ERROR].report, 3 * DAY_S);
	arena_release(&mem);
}

static void what_extends_a_policy_changes_only_what_it_says(void **state)
{
	struct arena mem = ARENA_INIT;
	const struct policy base = parsed("{\"extends\":\"baseline\"}", &mem);
	const struct policy p = parsed(
		"{\"extends\":\"baseline\",\"gate\":{\"high\":3},\"deadlines\":[]}", &mem);

	(void)state;
	assert_string_equal(base.name, "p");
	assert_string_equal(base.title, "p");
	assert_false(base.fallback);
	assert_true(base.ndeadline > 0);
	assert_int_equal(p.gate.severity[SEV_HIGH], 3);
	assert_int_equal(p.gate.severity[SEV_CRITICAL], base.gate.severity[SEV_CRITICAL]);
	assert_int_equal(p.ndeadline, 0);
	assert_int_equal(p.exceptions.longest[SEV_CRITICAL], base.exceptions.longest[SEV_CRITICAL]);
	arena_release(&mem);
}

static void a_policy_that_extends_itself_is_refused(void **state)
{
	struct arena mem = ARENA_INIT;
	struct policy p;
	struct err e = ERR_INIT;
	const char *path;
	struct out *o;

	(void)state;
	assert_int_equal(setenv("XDG_CONFIG_HOME", getenv("TMPDIR"), 1), 0);
	path = arena_printf(&mem, "%s/seaworthy/policies/loop.json", getenv("TMPDIR"));
	assert_true(file_make_parents(path, &e));
	o = out_file(path);
	out_puts(o, "{\"extends\":\"loop\"}");
	assert_true(out_close(o, &e));
	assert_false(policy_load("loop", &mem, &p, &e));
	assert_int_equal(e.kind, ERR_FORMAT);
	assert_non_null(strstr(e.text, "goes too deep, or in a circle"));
	assert_int_equal(unsetenv("XDG_CONFIG_HOME"), 0);
	arena_release(&mem);
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
	assert_false(policy_load("hippa", &mem, &p, &e));
	assert_non_null(strstr(e.text, "did you mean hipaa?"));
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

/* Table 1 of the directive: KEV, exposed, automatable, total; days, 0: the next upgrade. */
static const struct {
	bool kev, exposed, automatable, total, triage;
	int days;
} table1[] = {
	{ 0, 0, 0, 0, 0, 0 },  { 1, 0, 0, 0, 0, 14 }, { 0, 1, 0, 0, 0, 60 }, { 0, 0, 1, 0, 0, 60 },
	{ 0, 0, 0, 1, 0, 0 },  { 1, 1, 0, 0, 0, 14 }, { 1, 0, 1, 0, 0, 14 }, { 0, 1, 1, 0, 0, 14 },
	{ 1, 0, 0, 1, 0, 14 }, { 0, 1, 0, 1, 0, 14 }, { 0, 0, 1, 1, 0, 60 }, { 1, 1, 1, 0, 0, 3 },
	{ 1, 1, 0, 1, 1, 3 },  { 1, 0, 1, 1, 1, 3 },  { 0, 1, 1, 1, 0, 3 },  { 1, 1, 1, 1, 1, 3 },
};

static struct policy built_in(const char *name, struct arena *mem)
{
	struct policy p;
	struct err e = ERR_INIT;

	if (!policy_load(name, mem, &p, &e))
		fail_msg("%s", e.text);
	return p;
}

/* A day after the directive: nothing of it depends on dates. */
#define AFTER INT64_C(1782000000)

static void bod_26_04_is_its_table_of_sixteen_rows(void **state)
{
	struct arena mem = ARENA_INIT;
	const struct policy p = built_in("bod-26-04", &mem);

	(void)state;
	for (size_t i = 0; i < LENGTH(table1); i++) {
		const struct deadline_case c = { .severity = SEV_LOW,
						 .kev = table1[i].kev,
						 .exposed = table1[i].exposed,
						 .automatable = table1[i].automatable,
						 .partial = !table1[i].total,
						 .start = AFTER };
		const struct policy_deadline *by;
		int64_t due = deadline_due(&p, &c, &by);

		if (!table1[i].days) {
			assert_true(due == DUE_NONE);
			continue;
		}
		assert_int_equal(due, AFTER + table1[i].days * DAY_S);
		assert_int_equal(by->triage, table1[i].triage);
	}
	arena_release(&mem);
}

static void a_clock_of_bod_26_04_starts_at_kev_addition_where_that_was_earlier(void **state)
{
	struct arena mem = ARENA_INIT;
	const struct policy p = built_in("bod-26-04", &mem);
	struct deadline_case c = { .kev = true, .start = AFTER, .kev_added = AFTER - 2 * DAY_S };

	(void)state;
	assert_int_equal(deadline_due(&p, &c, NULL), AFTER + 12 * DAY_S);
	c.exposed = true;
	assert_int_equal(deadline_due(&p, &c, NULL), AFTER + DAY_S);
	c.kev_added = AFTER + DAY_S;
	assert_int_equal(deadline_due(&p, &c, NULL), AFTER + 3 * DAY_S);
	c.kev_added = AFTER - 30 * DAY_S;
	assert_int_equal(deadline_due(&p, &c, NULL), AFTER);
	arena_release(&mem);
}

static void bod_26_04_binds_from_its_day_on_what_was_found_before(void **state)
{
	struct arena mem = ARENA_INIT;
	const struct policy p = built_in("bod-26-04", &mem);
	const struct deadline_case c = { .exposed = true, .start = 1700000000 };
	int64_t day;

	(void)state;
	assert_true(time_parse("2026-06-10", &day));
	assert_int_equal(deadline_due(&p, &c, NULL), day + 14 * DAY_S);
	arena_release(&mem);
}

static void no_longer_exposed_lengthens_but_never_past_the_kev_date(void **state)
{
	struct arena mem = ARENA_INIT;
	const struct policy p = built_in("bod-26-04", &mem);
	struct deadline_case c = { .kev = true, .exposed = true, .start = AFTER };

	(void)state;
	assert_int_equal(deadline_due(&p, &c, NULL), AFTER + 3 * DAY_S);
	c.exposed = false;
	assert_int_equal(deadline_due(&p, &c, NULL), AFTER + 14 * DAY_S);
	c.kev_due = AFTER + 5 * DAY_S;
	assert_int_equal(deadline_due(&p, &c, NULL), AFTER + 5 * DAY_S);
	arena_release(&mem);
}

#define IN_FORCE INT64_C(1805000000) /* of the rules of 2026, their grace over */

static void nothing_is_due_before_grace_is_over_but_what_the_kev_list_dates(void **state)
{
	struct arena mem = ARENA_INIT;
	const struct policy p = built_in("fedramp-2026", &mem);
	const struct policy_deadline *by;
	struct deadline_case c = { .severity = SEV_CRITICAL };
	int64_t from, grace;

	(void)state;
	assert_true(time_parse("2026-12-07", &from) && time_parse("2027-03-07", &grace));
	c.start = from;
	assert_int_equal(deadline_due(&p, &c, &by), grace);
	assert_string_equal(by->id, "c-n5-unlikely");
	c.start = grace - 15 * DAY_S;
	assert_int_equal(deadline_due(&p, &c, NULL), grace + DAY_S);
	c.kev = true;
	c.kev_due = from + DAY_S;
	c.start = from;
	assert_int_equal(deadline_due(&p, &c, NULL), from + DAY_S);
	arena_release(&mem);
}

static void fedramp_2026_asks_by_impact_reach_and_certification(void **state)
{
	struct arena mem = ARENA_INIT;
	const struct policy c_class = built_in("fedramp-2026", &mem);
	const struct policy d_class = parsed(
		"{\"extends\":\"fedramp-2026\",\"certification\":\"D\"}", &mem);
	struct deadline_case c = { .severity = SEV_CRITICAL, .start = IN_FORCE };

	(void)state;
	assert_int_equal(deadline_due(&c_class, &c, NULL), IN_FORCE + 16 * DAY_S);
	assert_int_equal(deadline_due(&d_class, &c, NULL), IN_FORCE + 8 * DAY_S);
	c.epss = 999;
	assert_int_equal(deadline_due(&c_class, &c, NULL), IN_FORCE + 16 * DAY_S);
	c.epss = 1000;
	assert_int_equal(deadline_due(&c_class, &c, NULL), IN_FORCE + 4 * DAY_S);
	assert_int_equal(deadline_due(&d_class, &c, NULL), IN_FORCE + 1 * DAY_S);
	c.exposed = true;
	assert_int_equal(deadline_due(&c_class, &c, NULL), IN_FORCE + 2 * DAY_S);
	assert_int_equal(deadline_due(&d_class, &c, NULL), IN_FORCE + DAY_S / 2);
	c.severity = SEV_UNKNOWN; /* counts as medium */
	assert_int_equal(deadline_due(&c_class, &c, NULL), IN_FORCE + 16 * DAY_S);
	arena_release(&mem);
}

static void the_proposal_for_hipaa_holds_only_where_it_is_switched_on(void **state)
{
	struct arena mem = ARENA_INIT;
	const struct policy off = built_in("hipaa", &mem),
			    on = built_in("hipaa-2025-proposal", &mem);

	(void)state;
	assert_int_equal(on.ndeadline, off.ndeadline + 2);
	for (size_t i = 0; i < off.ndeadline; i++)
		assert_int_equal(off.deadline[i].force, FORCE_MUST);
	assert_int_equal(on.force, FORCE_PROPOSED);
	assert_non_null(strstr(on.deadline[on.ndeadline - 1].citation, "proposed only"));
	arena_release(&mem);
}

static void a_rule_that_ended_binds_no_clock_that_starts_after_it(void **state)
{
	struct arena mem = ARENA_INIT;
	const struct policy p = parsed("{\"deadlines\":[{\"id\":\"old\",\"within\":\"9d\","
				       "\"valid_to\":\"2026-01-01\"}]}",
				       &mem);
	struct deadline_case c = { .start = 0 };

	(void)state;
	assert_true(time_parse("2026-01-01", &c.start));
	assert_true(deadline_due(&p, &c, NULL) == DUE_NONE);
	c.start--;
	assert_int_equal(deadline_due(&p, &c, NULL), c.start + 9 * DAY_S);
	arena_release(&mem);
}

static void a_deadline_of_a_tag_holds_only_for_what_bears_it(void **state)
{
	static const char *const one[] = { "edge" };
	struct arena mem = ARENA_INIT;
	const struct policy p = parsed(
		"{\"deadlines\":[{\"id\":\"edge\",\"tag\":\"edge\",\"within\":\"1d\"}]}", &mem);
	const struct policy_texts tags = { one, 1 };
	struct deadline_case c = { .start = 50 };

	(void)state;
	assert_true(deadline_due(&p, &c, NULL) == DUE_NONE);
	c.tags = &tags;
	assert_int_equal(deadline_due(&p, &c, NULL), 50 + DAY_S);
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

static void a_policy_binds_within_its_dates(void **state)
{
	struct arena mem = ARENA_INIT;
	struct policy p = parsed("{\"valid_from\":\"2026-03-01\",\"valid_to\":\"2026-06-01\","
				 "\"deadlines\":[{\"id\":\"any\",\"within\":\"10d\"},"
				 "{\"id\":\"brief\",\"within\":\"5d\","
				 "\"valid_to\":\"2026-04-01\"}]}",
				 &mem);
	const int64_t march = 1772323200, april = 1775001600, june = 1780272000;
	struct deadline_case c = { .start = march - 30 * DAY_S };

	(void)state;
	assert_int_equal(deadline_due(&p, &c, NULL), march + 5 * DAY_S);
	c.start = april - 1;
	assert_int_equal(deadline_due(&p, &c, NULL), april - 1 + 5 * DAY_S);
	c.start = april;
	assert_int_equal(deadline_due(&p, &c, NULL), april + 10 * DAY_S);
	c.start = june - 1;
	assert_int_equal(deadline_due(&p, &c, NULL), june - 1 + 10 * DAY_S);
	c.start = june;
	assert_true(deadline_due(&p, &c, NULL) == DUE_NONE);
	arena_release(&mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(built_in_policies_parse_and_bear_their_file_names),
		cmocka_unit_test(a_policy_says_what_its_file_says),
		cmocka_unit_test(a_wrong_policy_is_refused_by_path_and_reason),
		cmocka_unit_test(a_slip_is_answered_with_the_word_that_was_meant),
		cmocka_unit_test(exceptions_signers_and_approvals_are_read),
		cmocka_unit_test(what_extends_a_policy_changes_only_what_it_says),
		cmocka_unit_test(a_policy_that_extends_itself_is_refused),
		cmocka_unit_test(an_unknown_policy_is_refused_with_the_known_ones),
		cmocka_unit_test(the_earliest_deadline_that_holds_is_the_due_time),
		cmocka_unit_test(nothing_is_due_where_no_deadline_holds),
		cmocka_unit_test(no_deadline_runs_past_the_date_of_the_kev_list),
		cmocka_unit_test(bod_26_04_is_its_table_of_sixteen_rows),
		cmocka_unit_test(
			a_clock_of_bod_26_04_starts_at_kev_addition_where_that_was_earlier),
		cmocka_unit_test(bod_26_04_binds_from_its_day_on_what_was_found_before),
		cmocka_unit_test(no_longer_exposed_lengthens_but_never_past_the_kev_date),
		cmocka_unit_test(
			nothing_is_due_before_grace_is_over_but_what_the_kev_list_dates),
		cmocka_unit_test(fedramp_2026_asks_by_impact_reach_and_certification),
		cmocka_unit_test(the_proposal_for_hipaa_holds_only_where_it_is_switched_on),
		cmocka_unit_test(a_rule_that_ended_binds_no_clock_that_starts_after_it),
		cmocka_unit_test(a_deadline_of_a_tag_holds_only_for_what_bears_it),
		cmocka_unit_test(durations_are_whole_numbers_with_a_unit),
		cmocka_unit_test(a_policy_binds_within_its_dates),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
