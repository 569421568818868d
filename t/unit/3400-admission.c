/* SPDX-License-Identifier: MIT */
/* 3400-admission.c - admission policies: the checks that are judged, and text that stays text. */
#include "t/lib/test.h"

#include "importers/yaml.h"
#include "reports/admission.h"
#include "reports/report.h"
#include "t/lib/golden.h"

#define HOSTILE "a\"\\\n- b: c\xe2\x80\xa8\xc2\x85# \xff'"
#define KEY     "-----BEGIN PUBLIC KEY-----\nMFkw\n-----END PUBLIC KEY-----\n"

static const struct admission_signer signers[] = {
	{ "*@ci.example", "https://accounts.example", NULL },
	{ NULL, NULL, KEY },
	{ HOSTILE, NULL, NULL },
	{ NULL, NULL, "cosign.pub" },
};
static const char *const registries[] = { "registry.example/pay*", "registry.example/base",
	                                      HOSTILE };
static const char *const attestations[] = { "https://slsa.dev/provenance/v1", HOSTILE };
static const struct policy_admission strict = {
	.name = HOSTILE,
	.title = HOSTILE,
	.registry = registries,
	.nregistry = LENGTH(registries),
	.signature = true,
	.signer = signers,
	.nsigner = LENGTH(signers),
	.attestation = attestations,
	.nattestation = LENGTH(attestations),
	.base = true,
};

static struct buf written(const char *engine, const struct policy_admission *p)
{
	struct buf b = BUF_INIT;
	struct out *o = out_buf(&b);
	struct err e = ERR_INIT;

	assert_true(admission_write(o, engine, p, &e));
	assert_true(out_close(o, &e));
	return b;
}

/* ---- the table ---- */

static const struct judged {
	const char *id, *title;
	enum severity severity;
	const char *remedy;
} judged[] = {
#define RULE(name, id, title, class_id, severity, docker, kubernetes, remedy)                      \
	{ id, title, severity, remedy },
#include "importers/cis.def"
#undef RULE
};

static void every_check_is_enforced_or_said_not_to_be(UNUSED void **state)
{
	for (size_t i = 0; i < LENGTH(judged); i++) {
		const struct judged *want = &judged[i];
		const struct admission_row *got = admission_row(i);

		assert_non_null(got);
		assert_string_equal(got->id, want->id);
		assert_true(*got->remedy != '\0');
		if (got->good == NULL)
			continue;
		assert_string_equal(got->title, want->title);
		assert_string_equal(got->remedy, want->remedy);
		assert_int_equal(got->severity, want->severity);
	}
	assert_null(admission_row(LENGTH(judged)));
}

/* ---- registries ---- */

static void is_expression(const char *pattern, const char *want)
{
	const struct policy_admission p = { .registry = &pattern, .nregistry = 1 };
	struct buf b = BUF_INIT;

	admission_registries(&p, &b);
	assert_string_equal(b.s, want);
	buf_release(&b);
}

static void registries_are_one_anchored_expression(UNUSED void **state)
{
	is_expression("registry.example/a",
	              "^(?:(?i:registry[.]example/a)|registry[.]example/a/(?s:.*))$");
	is_expression("registry.example/*", "^(?:(?i:registry[.]example/(?s:.*)))$");
	is_expression("a?b", "^(?:(?i:a(?s:.)b))$");
	is_expression("a'|$\n*", "^(?:(?i:a\\x{27}\\x{7c}\\x{24}\\x{a}(?s:.*)))$");
}

/* ---- the text ---- */

static void policies_are_as_expected(UNUSED void **state)
{
	static const char *const engines[] = { "kyverno", "gatekeeper" };

	for (size_t i = 0; i < LENGTH(engines); i++) {
		struct buf b = written(engines[i], &strict), path = BUF_INIT;
		struct err e = ERR_INIT;

		buf_addf(&path, "t/report/admission.%s.expected", engines[i]);
		if (!golden_check(path.s, &b, &e))
			fail_msg("%s", e.text);
		buf_release(&path);
		buf_release(&b);
	}
}

static void an_unknown_engine_is_refused(UNUSED void **state)
{
	struct buf b = BUF_INIT;
	struct out *o = out_buf(&b);
	struct err e = ERR_INIT;

	assert_false(admission_write(o, "opa", &strict, &e));
	assert_int_equal(e.kind, ERR_USAGE);
	assert_non_null(strstr(e.text, "kyverno and gatekeeper"));
	out_discard(o);
	buf_release(&b);
}

/* ---- read back ---- */

static bool more(void *ctx, char *dst, size_t size, size_t *n, UNUSED struct err *e)
{
	struct buf *in = ctx;

	*n = in->len < size ? in->len : size;
	memcpy(dst, in->s, *n);
	memmove(in->s, in->s + *n, in->len - *n);
	in->len -= *n;
	return true;
}

static bool put(void *ctx, const char *p, size_t n, UNUSED struct err *e)
{
	buf_add(ctx, p, n);
	return true;
}

static size_t count(const char *text, const char *what)
{
	size_t n = 0;

	for (; (text = strstr(text, what)) != NULL; text += strlen(what))
		n++;
	return n;
}

static struct buf read_back(const char *engine)
{
	struct buf yaml = written(engine, &strict), json = BUF_INIT;
	struct err e = ERR_INIT;

	if (!yaml_to_json(more, &yaml, 0, put, &json, &e))
		fail_msg("%s", e.text);
	buf_release(&yaml);
	return json;
}

static size_t enforced(void)
{
	size_t n = 0;

	for (size_t i = 0; i < LENGTH(judged); i++)
		n += admission_row(i)->good != NULL;
	return n;
}

static void whatever_a_policy_holds_stays_text(UNUSED void **state)
{
	static const char type[] = "{\"type\":\"a\\\"\\\\\\u000a- b: c\xe2\x80\xa8\xc2\x85# "
				   "\xef\xbf\xbd'\",";
	struct buf json = read_back("kyverno");

	/* a document for each check, the registries, the signatures */
	assert_int_equal(count(json.s, "\n"), enforced() + 2);
	assert_int_equal(count(json.s, "{\"apiVersion\":\"kyverno.io/v1\","
				       "\"kind\":\"ClusterPolicy\","),
			 enforced() + 2);
	assert_int_equal(count(json.s, type), 1);
	assert_int_equal(count(json.s, "-----BEGIN PUBLIC KEY-----\\u000aMFkw\\u000a"), 3);
	buf_release(&json);
	json = read_back("gatekeeper");
	assert_int_equal(count(json.s, "\n"), 2 * (enforced() + 1));
	assert_int_equal(count(json.s, "\"kind\":\"ConstraintTemplate\""), enforced() + 1);
	assert_int_equal(count(json.s, "\"enforcementAction\":\"deny\""), enforced() + 1);
	buf_release(&json);
}

static void without_signers_no_signature_is_asked_for(UNUSED void **state)
{
	const struct policy_admission p = { .name = "p", .signature = true };
	struct buf b = written("kyverno", &p);

	assert_null(strstr(b.s, "verifyImages"));
	assert_non_null(strstr(b.s, "# Not enforced: signatures"));
	assert_null(strstr(b.s, "approved-registries"));
	buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_check_is_enforced_or_said_not_to_be),
		cmocka_unit_test(registries_are_one_anchored_expression),
		cmocka_unit_test(policies_are_as_expected),
		cmocka_unit_test(an_unknown_engine_is_refused),
		cmocka_unit_test(whatever_a_policy_holds_stays_text),
		cmocka_unit_test(without_signers_no_signature_is_asked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
