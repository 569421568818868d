/* SPDX-License-Identifier: MIT */
/* 1525-trust.c - the keys of policies, and what an import verifies with them. */
#include "t/lib/test.h"
#include "t/lib/records.h"

static struct import in;
static struct arena mem;

static int setup(UNUSED void **state)
{
	mem = (struct arena)ARENA_INIT;
	import_init(&in, store_for_test());
	return 0;
}

static int teardown(UNUSED void **state)
{
	import_free(&in);
	store_close(in.st);
	arena_release(&mem);
	return 0;
}

/* A new key, and a policy that names it: the file that holds its private half. */
static const char *key_of_a_policy(const char *policy)
{
	const char *path = arena_printf(&mem, "%s/%s.pem", getenv("TMPDIR"), policy);
	const char *file = arena_printf(&mem, "%s.pub", path);
	struct buf pem = BUF_INIT, json = BUF_INIT;
	struct err e = ERR_INIT;

	if (!sign_make_key(path, &e) || !file_read(file, 4096, &pem, &e))
		fail_msg("%s", e.text);
	buf_adds(&json, "{\"extends\":\"baseline\",\"signers\":[{\"key\":\"");
	for (size_t i = 0; i < pem.len; i++)
		buf_addf(&json, pem.s[i] == '\n' ? "\\n" : "%c", pem.s[i]);
	buf_adds(&json, "\"}]}");
	policy_for_test(policy, json.s);
	buf_release(&pem);
	buf_release(&json);
	return path;
}

static void a_file_is_verified_with_the_keys_that_its_edition_is_told_by(UNUSED void **state)
{
	const char *key = key_of_a_policy("signed");
	uint8_t seal[SIGN_SIZE], public[SIGN_KEY_SIZE];
	struct err e = ERR_INIT;
	struct rec_signature r = { .digest = digest('a'),
				   .result = SIGNATURE_PRESENT,
				   .log_index = -1,
				   .sealed = "this",
				   .sealed_len = 4,
				   .seal = seal,
				   .seal_len = sizeof(seal) };

	assert_true(sign_make(key, "this", 4, seal, public, &e));
	in.o.trust = store_trust(&mem);
	assert_string_not_equal(store_trust_edition(in.o.trust, &mem, "cosign", NULL), "cosign");
	policy_for_test("signed", "{\"extends\":\"baseline\"}"); /* while the file is read */
	import_begin_test(&in);
	scan(&in, "cosign", T0);
	put(&in, &(struct record){ REC_SIGNATURE, { .signature = r } });
	import_end_test(&in);
	assert_int_equal(number(in.st, "SELECT result FROM signature"), SIGNATURE_OK);
	assert_string_equal(store_trust_edition(store_trust(&mem), &mem, "cosign", NULL), "cosign");
}

/* What somebody says at a time of the signature by "team". */
static void said(enum signature_result result, int64_t at)
{
	import_begin_test(&in);
	scan(&in, "cosign", at);
	put(&in, &(struct record){ REC_SIGNATURE, { .signature = { .digest = digest('a'),
								    .result = result,
								    .signer = "team",
								    .log_index = -1 } } });
	import_end_test(&in);
}

static int64_t holds(void)
{
	return number(in.st, "SELECT result FROM signature");
}

static int64_t held(int64_t at)
{
	struct err e = ERR_INIT;
	int64_t result;

	if (!store_set_as_of(in.st, at, 0, &e))
		fail_msg("%s", e.text);
	result = holds();
	if (!store_set_as_of(in.st, 0, 0, &e))
		fail_msg("%s", e.text);
	return result;
}

/* Nor does it make it older or newer, whichever is imported first. */
static void a_claim_undoes_no_verification(UNUSED void **state)
{
	in.st->now = T0 + 9 * D;
	said(SIGNATURE_PRESENT, T0);
	assert_int_equal(holds(), SIGNATURE_PRESENT);
	said(SIGNATURE_PRESENT, T0 + 3 * D);
	said(SIGNATURE_OK, T0 + D); /* verified before the newest claim, and heard of after it */
	assert_int_equal(holds(), SIGNATURE_OK);
	said(SIGNATURE_PRESENT, T0 + 4 * D);
	assert_int_equal(holds(), SIGNATURE_OK);
	assert_int_equal(number(in.st, "SELECT at FROM signature"), T0 + D);
	said(SIGNATURE_BAD, T0 + 5 * D);
	assert_int_equal(holds(), SIGNATURE_BAD);
	said(SIGNATURE_PRESENT, T0 + 6 * D);
	said(SIGNATURE_OK, T0 + 2 * D);
	assert_int_equal(holds(), SIGNATURE_BAD);
	said(SIGNATURE_OTHER_KEY, T0 + 7 * D);
	said(SIGNATURE_PRESENT, T0 + 8 * D);
	assert_int_equal(holds(), SIGNATURE_OTHER_KEY);
	assert_int_equal(held(T0 + 8 * D), SIGNATURE_OTHER_KEY);
	assert_int_equal(held(T0 + 6 * D), SIGNATURE_BAD);
	assert_int_equal(held(T0 + 4 * D), SIGNATURE_OK);
	assert_int_equal(held(T0 + D / 2), SIGNATURE_PRESENT);
}

/* Who found none verified nothing: a signature that is there later is news. */
static void a_claim_is_news_where_none_was_found(UNUSED void **state)
{
	in.st->now = T0 + 9 * D;
	said(SIGNATURE_NONE, T0 + D);
	said(SIGNATURE_PRESENT, T0);
	assert_int_equal(holds(), SIGNATURE_NONE);
	said(SIGNATURE_PRESENT, T0 + 2 * D);
	assert_int_equal(holds(), SIGNATURE_PRESENT);
	assert_int_equal(held(T0 + D), SIGNATURE_NONE);
}

int main(void)
{
#define S(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		S(a_file_is_verified_with_the_keys_that_its_edition_is_told_by),
		S(a_claim_undoes_no_verification),
		S(a_claim_is_news_where_none_was_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
