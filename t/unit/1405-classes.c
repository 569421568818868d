/* SPDX-License-Identifier: MIT */
/* 1405-classes.c - what images, weaknesses, secrets and signatures say of the classes of their own,
 * which no rule is mapped to. */
#include "t/lib/test.h"
#include "t/lib/records.h"

#include "store/judge.h"

#define NOW (T0 + 100 * D)

static struct import in;
static struct arena mem;

static const struct {
	const char *name, *record;
} classes[] = {
	{ "scan-missing", "scan" },	   { "scan-expired", "scan" },
	{ "scan-db-outdated", "scan" },	   { "eol-os", "image" },
	{ "vuln-critical", "vulnerability" }, { "vuln-high", "vulnerability" },
	{ "vuln-medium", "vulnerability" },   { "vuln-low", "vulnerability" },
	{ "vuln-kev", "vulnerability" },      { "vuln-overdue", "vulnerability" },
	{ "vuln-accepted", "vulnerability" }, { "secret-in-image", "secret" },
	{ "cloud-key", "secret" },	      { "unsigned-image", "image" },
	{ "workload", "workload" },	      { "misconfiguration", "misconfiguration" },
	{ "host", "host" },		      { "cluster", "cluster" },
	{ "benchmark", "benchmark" },	      { "exception", "exception" },
	{ "runtime", "runtime" },	      { "admission", "admission" },
};

static void entry(struct rec_entry r)
{
	put(&in, &(struct record){ REC_ENTRY, { .entry = r } });
}

static int setup(UNUSED void **state)
{
	mem = (struct arena)ARENA_INIT;
	import_init(&in, store_for_test());
	import_begin_test(&in);
	for (size_t i = 0; i < LENGTH(classes); i++)
		entry((struct rec_entry){ .kind = ENTRY_CLASS,
					  .id = classes[i].name,
					  .title = classes[i].name,
					  .severity = "high",
					  .attributes = arena_printf(&mem, "record=%s",
								     classes[i].record) });
	entry((struct rec_entry){ .kind = ENTRY_RULE, .framework = "trivy", .id = "secret:any",
				  .class_id = "cloud-key" });
	import_end_test(&in);
	return 0;
}

static int teardown(UNUSED void **state)
{
	import_free(&in);
	store_close(in.st);
	arena_release(&mem);
	return 0;
}

static const struct class_fact *class_of(const char *name)
{
	struct judge j;
	struct err e = ERR_INIT;

	if (!judge_load(in.st, &j, &e))
		fail_msg("%s", e.text);
	for (size_t i = 0; i < j.nclass; i++)
		if (str_eq(j.class_fact[i].name, name))
			return &j.class_fact[i];
	fail_msg("there is no class %s", name);
	return NULL;
}

static void is(const char *name, const char *what, int64_t is, int64_t want)
{
	if (is != want)
		fail_msg("%s of %s: %lld, not %lld", what, name, (long long)is, (long long)want);
}

/* Findings that fail it and pieces of evidence that it passes. */
static void stands(const char *name, int64_t open, int64_t passed)
{
	const struct fact *f = &class_of(name)->fact;

	is(name, "open", f->open, open);
	is(name, "passed", f->passed, passed);
}

static void spans(const char *name, int64_t oldest, int64_t newest)
{
	const struct fact *f = &class_of(name)->fact;

	is(name, "oldest", f->oldest, oldest);
	is(name, "newest", f->newest, newest);
}

/* ---- images ---- */

/* A whole scan without findings. */
static void scanned(char c, int64_t at, int64_t db_built, bool eol)
{
	struct rec_digest d = { DIGEST_CONFIG, digest(c) };

	import_begin_test(&in);
	put(&in, &(struct record){ REC_SCAN, { .scan = { .source = "trivy",
							 .at = at,
							 .db_built = db_built } } });
	put(&in, &(struct record){
			 REC_ASSET,
			 { .asset = { .kind = ASSET_IMAGE,
				      .name = arena_printf(&mem, "registry.example/%c:1", c),
				      .digest = &d,
				      .ndigest = 1,
				      .eol = eol } } });
	cover(&in, FINDING_VULNERABILITY);
	import_end_test(&in);
}

static void scans_tell_of_their_age_their_database_and_the_system(UNUSED void **state)
{
	scanned('a', NOW - D, NOW - 2 * D, false);
	scanned('b', NOW - 8 * D, NOW - 9 * D, true);
	scanned('c', NOW - 2 * D, NOW - 10 * D, false);
	scanned('d', NOW - 3 * D, 0, false); /* of its database nothing is known */
	in.o.cluster = "prod";
	import_begin_test(&in);
	scan(&in, "kubectl", NOW - D);
	running(&in, "shop", "e", "pod-e", "registry.example/e:1", digest('e'));
	import_end_test(&in);
	stands("scan-missing", 1, 4);
	spans("scan-missing", NOW - 8 * D, NOW - D);
	stands("scan-expired", 1, 3);
	spans("scan-expired", NOW - 3 * D, NOW - D);
	stands("scan-db-outdated", 1, 2);
	spans("scan-db-outdated", NOW - 8 * D, NOW - D);
	stands("eol-os", 1, 3);
	stands("vuln-high", 0, 4);
	spans("vuln-high", NOW - 8 * D, NOW - D);
	is("vuln-high", "applicable", class_of("vuln-high")->fact.applicable, 5);
	is("vuln-high", "outdated", class_of("vuln-high")->fact.outdated, true);
	is("secret-in-image", "applicable", class_of("secret-in-image")->fact.applicable, 5);
	is("host", "applicable", class_of("host")->fact.applicable, 0);
}

static void a_window_holds_to_its_last_second(UNUSED void **state)
{
	scanned('a', NOW - 7 * D, NOW - 14 * D, false);
	stands("scan-expired", 0, 1);
	stands("scan-db-outdated", 0, 1);
	is("vuln-high", "outdated", class_of("vuln-high")->fact.outdated, false);
	scanned('b', NOW - 7 * D - 1, NOW - 14 * D - 2, false);
	stands("scan-expired", 1, 1);
	stands("scan-db-outdated", 1, 1);
}

static void each_kind_of_evidence_has_its_window_or_never_passes(UNUSED void **state)
{
	static const struct {
		const char *name;
		int days;
		bool never;
	} x[] = {
		{ "vuln-high", 7, false },    { "scan-missing", 7, false },
		{ "eol-os", 7, false },	      { "secret-in-image", 7, false },
		{ "workload", 7, false },     { "misconfiguration", 7, false },
		{ "host", 30, false },	      { "cluster", 30, false },
		{ "benchmark", 30, false },   { "exception", 7, true },
		{ "vuln-accepted", 7, true }, { "runtime", 7, true },
		{ "admission", 7, true },
	};

	for (size_t i = 0; i < LENGTH(x); i++) {
		is(x[i].name, "window", class_of(x[i].name)->fact.window, x[i].days * D);
		is(x[i].name, "never", class_of(x[i].name)->fact.never, x[i].never);
	}
}

/* ---- what was found ---- */

static void found(const char *id, enum severity s, bool kev)
{
	put(&in, &(struct record){ REC_VULNERABILITY,
				   { .vulnerability = { .id = id,
							.package_type = "deb",
							.package = id,
							.version = "1",
							.severity = s,
							.kev = kev,
							.score = -1,
							.epss = -1 } } });
}

static void unfixed(const char *name, int64_t n, int64_t late, int64_t excepted)
{
	is(name, "unfixed", class_of(name)->unfixed, n);
	is(name, "late", class_of(name)->fact.open, late);
	is(name, "excepted", class_of(name)->fact.excepted, excepted);
}

static void weaknesses_count_by_severity_and_fail_once_they_are_late(UNUSED void **state)
{
	import_begin_test(&in);
	scan(&in, "trivy", NOW - 20 * D); /* 15 days for critical, 14 in KEV, 30 for high */
	image(&in, "registry.example/a:1", digest('a'));
	found("CVE-2024-1", SEV_CRITICAL, false);
	found("CVE-2024-2", SEV_HIGH, false);
	found("CVE-2024-3", SEV_HIGH, true);
	found("CVE-2024-4", SEV_MEDIUM, false);
	found("CVE-2024-5", SEV_UNKNOWN, false);
	found("CVE-2024-6", SEV_LOW, false);
	found("CVE-2024-7", SEV_NEGLIGIBLE, false);
	import_end_test(&in);
	unfixed("vuln-critical", 1, 1, 0);
	unfixed("vuln-high", 2, 1, 0);
	unfixed("vuln-medium", 2, 0, 0);
	unfixed("vuln-low", 2, 0, 0);
	unfixed("vuln-kev", 1, 1, 0);
	unfixed("vuln-overdue", 2, 2, 0);
	unfixed("vuln-accepted", 0, 0, 0);
}

/* The one finding is accepted for 20 days. */
static void accept_it(void)
{
	const struct exception x = { .kind = STATE_ACCEPTED,
				     .reach = REACH_DIGEST,
				     .reason = "r",
				     .until = NOW + 20 * D };
	const struct scope what = { SCOPE_FINDING,
				    { number(in.st, "SELECT asset FROM finding"),
				      number(in.st, "SELECT advisory FROM finding"),
				      number(in.st, "SELECT part FROM finding") } };
	struct except_answer a = { 0 };
	struct err e = ERR_INIT;

	assert_true(store_except(in.st, &x, &what, 1, false, &a, &e));
}

static void accepted_a_day_old(void)
{
	import_begin_test(&in);
	scan(&in, "trivy", NOW - D);
	image(&in, "registry.example/a:1", digest('a'));
	found("CVE-2024-1", SEV_CRITICAL, false);
	import_end_test(&in);
	accept_it();
}

static void what_would_not_be_late_is_not_excepted_yet(UNUSED void **state)
{
	accepted_a_day_old();
	unfixed("vuln-critical", 0, 0, 0);
	unfixed("vuln-overdue", 0, 0, 0);
	unfixed("vuln-accepted", 1, 0, 0);
	store_set_now(in.st, NOW + 14 * D); /* it would be due on this day */
	unfixed("vuln-critical", 0, 0, 0);
	store_set_now(in.st, NOW + 15 * D);
	unfixed("vuln-critical", 0, 0, 1);
	unfixed("vuln-overdue", 0, 0, 1);
}

static void what_would_be_due_earlier_now_is_excepted_earlier(UNUSED void **state)
{
	accepted_a_day_old();
	import_begin_test(&in);
	put(&in, &(struct record){ REC_SIGNAL,
				   { .signal = { .cve = "CVE-2024-1",
						 .at = NOW,
						 .kev = true,
						 .kev_added = NOW - 2 * D,
						 .kev_due = NOW - 2 * D,
						 .epss = -1,
						 .percentile = -1 } } });
	import_end_test(&in);
	unfixed("vuln-critical", 0, 0, 1);
	unfixed("vuln-kev", 0, 0, 1);
}

static void what_older_programs_counted_as_set_aside_is_excepted(UNUSED void **state)
{
	struct err e = ERR_INIT;

	accepted_a_day_old();
	assert_true(db_script(in.st->db, "UPDATE tally SET due_day = 2147483647", &e));
	unfixed("vuln-critical", 0, 0, 1);
}

static void what_was_decided_is_excepted_and_counted_as_accepted(UNUSED void **state)
{
	import_begin_test(&in);
	scan(&in, "trivy", NOW - 20 * D);
	image(&in, "registry.example/a:1", digest('a'));
	found("CVE-2024-1", SEV_CRITICAL, false);
	import_end_test(&in);
	accept_it();
	unfixed("vuln-critical", 0, 0, 1);
	unfixed("vuln-overdue", 0, 0, 1);
	unfixed("vuln-accepted", 1, 0, 0);
	import_begin_test(&in); /* mended, it is neither */
	scan(&in, "trivy", NOW - D);
	image(&in, "registry.example/a:1", digest('a'));
	cover(&in, FINDING_VULNERABILITY);
	import_end_test(&in);
	unfixed("vuln-critical", 0, 0, 0);
	unfixed("vuln-accepted", 0, 0, 0);
}

static void a_secret_fails_the_class_of_its_tool_else_that_of_all_secrets(UNUSED void **state)
{
	import_begin_test(&in);
	scan(&in, "trivy", NOW - D);
	image(&in, "registry.example/a:1", digest('a'));
	secret(&in, "aws-key", "/a");
	import_end_test(&in);
	stands("cloud-key", 1, 0);
	stands("secret-in-image", 0, 0);
	import_begin_test(&in);
	scan(&in, "gitleaks", NOW - D);
	image(&in, "registry.example/b:1", digest('b'));
	secret(&in, "a-password", "/b");
	cover(&in, FINDING_SECRET);
	import_end_test(&in);
	stands("cloud-key", 1, 0);
	stands("secret-in-image", 1, 1); /* it was looked for there */
	spans("secret-in-image", NOW - D, NOW - D);
}

static void signature(char c, enum signature_result result)
{
	put(&in, &(struct record){ REC_SIGNATURE,
				   { .signature = { .digest = digest(c),
						    .name = arena_printf(
							    &mem, "registry.example/%c:1", c),
						    .result = result,
						    .log_index = -1 } } });
}

static void a_signature_counts_where_it_was_verified(UNUSED void **state)
{
	for (char c = 'a'; c <= 'c'; c++)
		scanned(c, NOW - D, 0, false);
	stands("unsigned-image", 0, 0); /* nobody looked */
	import_begin_test(&in);
	scan(&in, "cosign", NOW - D);
	signature('a', SIGNATURE_OK);
	signature('b', SIGNATURE_BAD);
	signature('c', SIGNATURE_PRESENT);
	import_end_test(&in);
	stands("unsigned-image", 2, 1);
}

static void signed_by(const char *signer, enum signature_result result, int64_t at)
{
	import_begin_test(&in);
	scan(&in, "cosign", at);
	put(&in, &(struct record){ REC_SIGNATURE, { .signature = { .digest = digest('a'),
								   .name = "registry.example/a:1",
								   .signer = signer,
								   .issuer = "https://ci.example",
								   .result = result,
								   .log_index = -1 } } });
	import_end_test(&in);
}

static void a_signature_counts_by_whom_the_policy_trusts(UNUSED void **state)
{
	struct err e = ERR_INIT;

	policy_for_test("signers", "{\"extends\":\"baseline\","
				   "\"signers\":[{\"identity\":\"*@ci.example\"}]}");
	scanned('a', NOW - 30 * D, 0, false);
	signed_by("eve@else.example", SIGNATURE_OK, NOW - 2 * D);
	stands("unsigned-image", 0, 1); /* nobody is named: anybody will do */
	if (!store_policy_use(in.st, "signers", NULL, NULL, &e))
		fail_msg("%s", e.text);
	stands("unsigned-image", 1, 0);
	signed_by("kim@ci.example", SIGNATURE_OK, NOW - 20 * D);
	stands("unsigned-image", 0, 1);
	/* no other makes it fresher than it is */
	spans("unsigned-image", NOW - 20 * D, NOW - 20 * D);
	signed_by("bot@ci.example", SIGNATURE_PRESENT, NOW - D);
	spans("unsigned-image", NOW - 20 * D, NOW - 20 * D);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(scans_tell_of_their_age_their_database_and_the_system),
		T(a_window_holds_to_its_last_second),
		T(each_kind_of_evidence_has_its_window_or_never_passes),
		T(weaknesses_count_by_severity_and_fail_once_they_are_late),
		T(what_would_not_be_late_is_not_excepted_yet),
		T(what_would_be_due_earlier_now_is_excepted_earlier),
		T(what_older_programs_counted_as_set_aside_is_excepted),
		T(what_was_decided_is_excepted_and_counted_as_accepted),
		T(a_secret_fails_the_class_of_its_tool_else_that_of_all_secrets),
		T(a_signature_counts_where_it_was_verified),
		T(a_signature_counts_by_whom_the_policy_trusts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
