/* SPDX-License-Identifier: MIT */
/* 1520-gate.c - each thing a policy may ask of an image refuses it, or lacks evidence, by name. */
#include "t/lib/test.h"
#include "t/lib/records.h"

#include "store/gate_inner.h"

#define NOW (T0 + 100 * D)

/* ---- one policy before facts ---- */

static struct gate_facts clean;
static struct arena mem;

static int begin(UNUSED void **state)
{
	static const char *repository[] = { "registry.example/shop/a" };

	mem = (struct arena)ARENA_INIT;
	clean = (struct gate_facts){ .image = 1,
				     .name = "registry.example/shop/a:1",
				     .digest = "sha256:aa",
				     .base = "registry.example/base/debian:12",
				     .scanned_at = NOW - D,
				     .db_built = NOW - 2 * D,
				     .repository = repository,
				     .nrepository = 1 };
	return 0;
}

static int end(UNUSED void **state)
{
	arena_release(&mem);
	return 0;
}

static struct gate_list judge_max(const char *json, const struct gate_facts *f, int64_t max_age)
{
	struct gate_list l = { .mem = &mem };
	struct policy p;
	struct err e = ERR_INIT;

	if (!policy_parse("p.json", json, &mem, &p, &e))
		fail_msg("%s", e.text);
	gate_judge(&p, f, NOW, max_age, &l);
	return l;
}

static struct gate_list judge(const char *json, const struct gate_facts *f)
{
	return judge_max(json, f, 0);
}

static void passes(const char *json, const struct gate_facts *f)
{
	struct gate_list l = judge(json, f);

	if (l.n)
		fail_msg("%s: %s", l.reason[0].rule, l.reason[0].text);
}

static void one_reason(const char *json, const struct gate_facts *f, const char *rule,
		       bool evidence)
{
	struct gate_list l = judge(json, f);

	assert_int_equal(l.n, 1);
	assert_string_equal(l.reason[0].rule, rule);
	assert_int_equal(l.reason[0].evidence, evidence);
	assert_string_equal(l.reason[0].policy, "p");
	assert_non_null(l.reason[0].text);
}

static void limits_allow_as_many_as_they_say_and_no_more(UNUSED void **state)
{
	struct gate_facts f = clean;

	f.n.severity[GATE_VULNERABILITY][SEV_HIGH] = 3;
	passes("{\"gate\":{\"high\":3,\"critical\":0}}", &f);
	one_reason("{\"gate\":{\"high\":2}}", &f, "vulnerability.high", false);
	passes("{\"gate\":{\"high\":null}}", &f);
	passes("{}", &f);
}

static void only_what_can_be_fixed_counts_where_a_policy_says_so(UNUSED void **state)
{
	struct gate_facts f = clean;

	f.n.severity[GATE_VULNERABILITY][SEV_CRITICAL] = 2;
	f.n.fixable[SEV_CRITICAL] = 1;
	f.n.kev = 1;
	one_reason("{\"gate\":{\"critical\":1}}", &f, "vulnerability.critical", false);
	passes("{\"gate\":{\"critical\":1,\"fixable_only\":true,\"kev\":0}}", &f);
	one_reason("{\"gate\":{\"critical\":0,\"fixable_only\":true}}", &f,
		   "vulnerability.critical", false);
	one_reason("{\"gate\":{\"kev\":0}}", &f, "vulnerability.kev", false);
}

static void a_limit_names_the_first_of_its_own_findings_and_what_mends_them(UNUSED void **state)
{
	static const struct gate_finding finding[] = {
		{ GATE_VULNERABILITY, SEV_CRITICAL, false, "CVE-1", "zlib", "1", "", "", "" },
		{ GATE_VULNERABILITY, SEV_CRITICAL, true, "CVE-2", "curl", "1", "2", "", "" },
		{ GATE_VULNERABILITY, SEV_CRITICAL, false, "CVE-3", "curl", "1", "3", "", "" },
		{ GATE_VULNERABILITY, SEV_CRITICAL, false, "CVE-4", "musl", "1", "", "", "" },
		{ GATE_VULNERABILITY, SEV_HIGH, false, "CVE-5", "bash", "1", "2", "", "" },
		{ GATE_SECRET, SEV_CRITICAL, false, "aws-key", "", "", "", "", "" },
	};
	static const struct gate_finding many[] = {
		{ GATE_VULNERABILITY, SEV_LOW, false, "CVE-1", "a", "1", "2", "", "" },
		{ GATE_VULNERABILITY, SEV_LOW, false, "CVE-2", "b", "1.5", "1.2, 3", "", "" },
		{ GATE_VULNERABILITY, SEV_LOW, false, "CVE-3", "c", "1", "4", "", "" },
		{ GATE_VULNERABILITY, SEV_LOW, false, "CVE-4", "d", "1", "5", "", "" },
	};
	struct gate_facts f = clean;
	struct gate_list l;

	f.finding = finding;
	f.nfinding = LENGTH(finding);
	f.n.severity[GATE_VULNERABILITY][SEV_CRITICAL] = 4;
	f.n.severity[GATE_VULNERABILITY][SEV_HIGH] = 1;
	f.n.fixable[SEV_CRITICAL] = 2;
	f.n.kev = f.n.kev_fixable = 1;
	l = judge("{\"gate\":{\"critical\":0}}", &f);
	assert_string_equal(l.reason[0].text,
			    "4 open critical vulnerabilities, 0 allowed: CVE-1 zlib 1, "
			    "CVE-2 curl 1, CVE-3 curl 1 and 1 more");
	assert_string_equal(l.reason[0].fix, "bump curl to 3");
	l = judge("{\"gate\":{\"critical\":0,\"fixable_only\":true}}", &f);
	assert_string_equal(l.reason[0].text, "2 open critical vulnerabilities, 0 allowed: "
					      "CVE-2 curl 1, CVE-3 curl 1");
	l = judge("{\"gate\":{\"high\":0}}", &f);
	assert_string_equal(l.reason[0].text,
			    "1 open high vulnerability, 0 allowed: CVE-5 bash 1");
	f.n.severity[GATE_VULNERABILITY][SEV_LOW] = 4;
	f.finding = many;
	f.nfinding = LENGTH(many);
	assert_string_equal(judge("{\"gate\":{\"low\":0}}", &f).reason[0].fix,
			    "bump a to 2, b to 3, c to 4 and 1 more");
	f.finding = finding;
	f.nfinding = LENGTH(finding);
	l = judge("{\"gate\":{\"kev\":0}}", &f);
	assert_string_equal(l.reason[0].text,
			    "1 exploited in the wild (KEV), 0 allowed: CVE-2 curl 1");
}

static void of_equal_limits_the_first_policy_is_named_once(UNUSED void **state)
{
	struct gate_list l = { .mem = &mem };
	struct gate_facts f = clean;
	struct policy p, q;
	struct err e = ERR_INIT;

	f.n.severity[GATE_VULNERABILITY][SEV_HIGH] = 3;
	assert_true(policy_parse("p.json", "{\"gate\":{\"high\":0}}", &mem, &p, &e));
	assert_true(policy_parse("q.json", "{\"gate\":{\"high\":0}}", &mem, &q, &e));
	gate_judge(&p, &f, NOW, 0, &l);
	gate_judge(&q, &f, NOW, 0, &l);
	assert_int_equal(l.n, 1);
	assert_string_equal(l.reason[0].policy, "p");
}

static void secrets_and_image_checks_have_limits_of_their_own(UNUSED void **state)
{
	struct gate_facts f = clean;

	f.n.severity[GATE_SECRET][SEV_LOW] = 1;
	one_reason("{\"gate\":{\"secret\":0,\"low\":0}}", &f, "secret", false);
	assert_string_equal(judge("{\"gate\":{\"secret\":0}}", &f).reason[0].fix,
			    "take them out, and revoke them");
	assert_string_equal(judge("{\"gate\":{\"secret\":0}}", &f).reason[0].text,
			    "1 secret in the image, 0 allowed");
	f.n.severity[GATE_SECRET][SEV_LOW] = 2;
	assert_string_equal(judge("{\"gate\":{\"secret\":0}}", &f).reason[0].text,
			    "2 secrets in the image, 0 allowed");
	f.n.severity[GATE_SECRET][SEV_LOW] = 0;
	f.n.severity[GATE_LINT][SEV_HIGH] = 1;
	one_reason("{\"gate\":{\"high\":0,\"lint\":{\"high\":0}}}", &f, "lint.high", false);
	assert_string_equal(judge("{\"gate\":{\"lint\":{\"high\":0}}}", &f).reason[0].fix,
			    "see the remedy of each finding");
	passes("{\"gate\":{\"high\":0,\"lint\":{\"critical\":0,\"high\":1}}}", &f);
}

static void the_scan_must_be_there_fresh_and_of_a_fresh_database(UNUSED void **state)
{
	struct gate_facts f = clean;

	f.scanned_at = 0;
	one_reason("{}", &f, "scan.missing", true);
	f.scanned_at = NOW - 7 * D;
	f.db_built = f.scanned_at - 7 * D;
	passes("{}", &f);
	f.scanned_at--;
	f.db_built--;
	one_reason("{}", &f, "scan.age", true);
	f.scanned_at = NOW - D;
	f.db_built = f.scanned_at - 7 * D - 1;
	one_reason("{}", &f, "scan.database", true);
	assert_int_equal(judge_max("{}", &clean, D).n, 0);
	assert_int_equal(judge_max("{}", &clean, D - 1).n, 1);
}

static void signed_by(struct gate_facts *f, struct gate_signature *g)
{
	f->signature = g;
	f->nsignature = 1;
}

#define SIGNED "{\"gate\":{\"signature\":true}"

static void a_signature_is_asked_for_by_a_trusted_signer_and_freshly_verified(UNUSED void **state)
{
	struct gate_facts f = clean;
	struct gate_signature g = { "", "ci@example", "https://issuer", SIGNATURE_OK, NOW - D };

	one_reason(SIGNED "}", &f, "signature.missing", true);
	signed_by(&f, &g);
	passes(SIGNED "}", &f);
	passes(SIGNED ",\"signers\":[{\"identity\":\"*@example\"}]}", &f);
	one_reason(SIGNED ",\"signers\":[{\"identity\":\"*@other\"}]}", &f, "signature.signer",
		   false);
	one_reason(SIGNED ",\"signers\":[{\"identity\":\"*@example\",\"issuer\":\"https://x\"}]}",
		   &f, "signature.signer", false);
	passes(SIGNED ",\"signers\":[{\"key\":\"k\"},{\"issuer\":\"https://issuer\"}]}", &f);
	one_reason(SIGNED ",\"fresh\":{\"signature\":\"12h\"}}", &f, "signature.age", true);
	passes(SIGNED ",\"fresh\":{\"signature\":\"1d\"}}", &f);
	g.result = SIGNATURE_BAD;
	one_reason(SIGNED "}", &f, "signature", false);
	g.result = SIGNATURE_PRESENT;
	one_reason(SIGNED "}", &f, "signature", false);
	assert_non_null(strstr(judge(SIGNED "}", &f).reason[0].text,
			       "only one that claims to be by ci@example, and that nobody"));
	g.result = SIGNATURE_OTHER_KEY;
	assert_non_null(strstr(judge(SIGNED "}", &f).reason[0].text, "only one by a key that no"));
	g.predicate = "https://slsa.dev/provenance/v1";
	g.result = SIGNATURE_OK;
	one_reason(SIGNED "}", &f, "signature.missing", true);
	passes("{}", &f);
}

static void who_signed_instead_and_how_is_said(UNUSED void **state)
{
	struct gate_facts f = clean;
	struct gate_signature g[2] = { { "", "", "", SIGNATURE_OK, NOW - D },
				       { "t", "eve@example", "", SIGNATURE_OK, NOW - D } };
	const char *json = "{\"gate\":{\"signature\":true},\"attestations\":[\"t\"],"
			   "\"signers\":[{\"identity\":\"ci@example\"}]}";
	struct gate_list l;

	signed_by(&f, g);
	f.nsignature = 2;
	l = judge(json, &f);
	assert_int_equal(l.n, 2);
	assert_string_equal(l.reason[0].text, "signed by somebody unnamed, who is not trusted");
	assert_string_equal(l.reason[1].text, "attested by eve@example, who is not trusted");
	g[1].result = SIGNATURE_PRESENT;
	assert_string_equal(judge(json, &f).reason[1].text,
			    "there is only an attestation that claims to be by eve@example, and "
			    "that nobody verified");
	g[1].signer = "";
	assert_string_equal(judge(json, &f).reason[1].text,
			    "there is only an attestation that nobody verified");
	g[1].result = SIGNATURE_OTHER_KEY;
	assert_string_equal(judge(json, &f).reason[1].text,
			    "there is only an attestation by a key that no policy names");
	f.nsignature = 1;
	assert_string_equal(judge(json, &f).reason[1].text,
			    "there is no attestation of this type");
}

/* Each policy that names its own signers has a word of its own; of the others one speaks. */
static void each_policy_with_signers_of_its_own_refuses_by_itself(UNUSED void **state)
{
	static const char *const asks[] = { SIGNED "}", SIGNED ",\"signers\":[{\"key\":\"k\"}]}" };
	static const size_t reasons[] = { 1, 2 };
	struct err e = ERR_INIT;
	struct policy one, two;

	for (size_t i = 0; i < LENGTH(asks); i++) {
		struct gate_list l = { .mem = &mem };

		assert_true(policy_parse("one.json", asks[i], &mem, &one, &e));
		assert_true(policy_parse("two.json", asks[i], &mem, &two, &e));
		gate_judge(&one, &clean, NOW, 0, &l);
		gate_judge(&two, &clean, NOW, 0, &l);
		assert_int_equal(l.n, reasons[i]);
	}
}

#define ATTESTED "{\"attestations\":[\"https://slsa.dev/provenance/v1\"]"

static void attestations_are_asked_for_by_their_type(UNUSED void **state)
{
	struct gate_facts f = clean;
	struct gate_signature g = { "https://slsa.dev/provenance/v1", "ci@example", "",
				    SIGNATURE_OK, NOW - D };
	const char *rule = "attestation.https://slsa.dev/provenance/v1";

	one_reason(ATTESTED "}", &f, rule, true);
	signed_by(&f, &g);
	passes(ATTESTED "}", &f);
	one_reason(ATTESTED ",\"signers\":[{\"identity\":\"x\"}]}", &f, rule, false);
	g.result = SIGNATURE_BAD;
	one_reason(ATTESTED "}", &f, rule, false);
	g = (struct gate_signature){ "", "ci@example", "", SIGNATURE_OK, NOW - D };
	one_reason(ATTESTED "}", &f, rule, false);
}

static void the_registry_must_be_approved(UNUSED void **state)
{
	struct gate_facts f = clean;

	passes("{\"approved\":{\"registries\":[\"registry.example\"]}}", &f);
	passes("{\"approved\":{\"registries\":[\"other.example\",\"registry.example/shop/*\"]}}",
	       &f);
	one_reason("{\"approved\":{\"registries\":[\"registry.exam\"]}}", &f, "registry", false);
	one_reason("{\"approved\":{\"registries\":[\"other.example/*\"]}}", &f, "registry", false);
	f.asked = "evil.example/shop/a";
	one_reason("{\"approved\":{\"registries\":[\"registry.example\"]}}", &f, "registry", false);
	f.asked = NULL;
	f.nrepository = 0;
	one_reason("{\"approved\":{\"registries\":[\"registry.example\"]}}", &f, "registry.unknown",
		   true);
}

static void what_is_not_approved_is_named_with_what_is(UNUSED void **state)
{
	const char *json = "{\"approved\":{\"registries\":[\"a.example\",\"b.example\"],"
			   "\"base_images\":[\"a.example/x\",\"a.example/y\"]}}";
	struct gate_facts f = clean;
	struct gate_list l = judge(json, &f);

	assert_int_equal(l.n, 2);
	assert_string_equal(l.reason[0].text, "registry.example/shop/a is no approved registry");
	assert_string_equal(l.reason[0].fix, "push it to one of: a.example, b.example");
	assert_string_equal(l.reason[1].text,
			    "registry.example/base/debian:12 is no approved base image");
	assert_string_equal(l.reason[1].fix, "build it on one of: a.example/x, a.example/y");
	f.nrepository = 0;
	f.base = "";
	l = judge(json, &f);
	assert_string_equal(l.reason[0].text, "it has no name that would say where it comes from");
	assert_string_equal(l.reason[1].text, "no report says which base image it was built on");
}

#define BASES(p) "{\"approved\":{\"base_images\":[\"" p "\"]}}"

static void the_base_image_must_be_approved(UNUSED void **state)
{
	struct gate_facts f = clean;

	passes(BASES("registry.example/base/*"), &f);
	passes(BASES("registry.example/base/debian"), &f);
	passes(BASES("registry.example/base/debian:12"), &f);
	passes(BASES("registry.example/base/deb?an"), &f);
	passes(BASES("*/debian:1*"), &f);
	one_reason(BASES("registry.example/base/alpine"), &f, "base", false);
	one_reason(BASES("registry.example/base/alp*"), &f, "base", false);
	one_reason(BASES("*/debian:11*"), &f, "base", false);
	f.base = "debian:12"; /* a short name is a long one, too */
	passes(BASES("docker.io/library/*"), &f);
	passes(BASES("docker.io/library/debian:1?"), &f);
	passes(BASES("docker.io/library/debia?"), &f);
	passes(BASES("debian:1?"), &f);
	one_reason(BASES("docker.io/library/alp*"), &f, "base", false);
	f.base = "debian@sha256:"
		 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
	passes(BASES("sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
	       &f);
	passes(BASES("debian"), &f);
	one_reason(BASES("sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"),
		   &f, "base", false);
	f.base = "";
	one_reason(BASES("debian"), &f, "base.unknown", true);
}

static void of_two_policies_the_stricter_limit_is_named(UNUSED void **state)
{
	struct gate_list l = { .mem = &mem };
	struct policy loose, strict;
	struct gate_facts f = clean;
	struct err e = ERR_INIT;

	f.n.severity[GATE_VULNERABILITY][SEV_HIGH] = 9;
	assert_true(policy_parse("loose.json", "{\"gate\":{\"high\":5}}", &mem, &loose, &e));
	assert_true(policy_parse("strict.json", "{\"gate\":{\"high\":2}}", &mem, &strict, &e));
	gate_judge(&loose, &f, NOW, 0, &l);
	gate_judge(&strict, &f, NOW, 0, &l);
	gate_judge(&loose, &f, NOW, 0, &l);
	assert_int_equal(l.n, 1);
	assert_string_equal(l.reason[0].policy, "strict");
	assert_non_null(strstr(l.reason[0].text, "2 allowed"));
}

#define J(f) cmocka_unit_test_setup_teardown(f, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		J(limits_allow_as_many_as_they_say_and_no_more),
		J(only_what_can_be_fixed_counts_where_a_policy_says_so),
		J(a_limit_names_the_first_of_its_own_findings_and_what_mends_them),
		J(of_equal_limits_the_first_policy_is_named_once),
		J(secrets_and_image_checks_have_limits_of_their_own),
		J(the_scan_must_be_there_fresh_and_of_a_fresh_database),
		J(a_signature_is_asked_for_by_a_trusted_signer_and_freshly_verified),
		J(who_signed_instead_and_how_is_said),
		J(each_policy_with_signers_of_its_own_refuses_by_itself),
		J(attestations_are_asked_for_by_their_type),
		J(the_registry_must_be_approved),
		J(what_is_not_approved_is_named_with_what_is),
		J(the_base_image_must_be_approved),
		J(of_two_policies_the_stricter_limit_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
