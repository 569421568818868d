/* SPDX-License-Identifier: MIT */
/* 0018-hash.c - SHA-256 against the standard's examples; hash64 spreads. */
#include "t/lib/test.h"

static void expect_sha256(const void *p, size_t n, const char *want)
{
	uint8_t digest[SHA256_SIZE];
	char    hex[2 * SHA256_SIZE + 1];

	sha256_of(p, n, digest);
	hex_print(digest, sizeof(digest), hex);
	assert_string_equal(hex, want);
}

/* Source of the first three: FIPS 180-4's published examples; the empty one is well known. */
static void known_digests_come_out(UNUSED void **state)
{
	expect_sha256("", 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	expect_sha256("abc", 3,
	              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	expect_sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 56,
	              "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

static void pieces_hash_like_the_whole(UNUSED void **state)
{
	char           text[1000];
	uint8_t        whole[SHA256_SIZE], pieces[SHA256_SIZE];
	struct sha256 *h = sha256_new();

	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (char)(i * 7);
	for (size_t at = 0, n = 0; at < sizeof(text); at += n, n++) {
		if (n > sizeof(text) - at)
			n = sizeof(text) - at;
		sha256_add(h, text + at, n);
	}
	sha256_end(h, pieces);
	sha256_of(text, sizeof(text), whole);
	assert_memory_equal(pieces, whole, sizeof(whole));
}

static void hex_is_lower_case_and_terminated(UNUSED void **state)
{
	static const uint8_t bytes[] = { 0x00, 0x0f, 0xa0, 0xff };
	char                 hex[9];

	hex_print(bytes, sizeof(bytes), hex);
	assert_string_equal(hex, "000fa0ff");
	hex_print(bytes, 0, hex);
	assert_string_equal(hex, "");
}

static void hash64_depends_on_every_byte_and_on_the_length(UNUSED void **state)
{
	unsigned char text[40] = { 0 };
	const uint64_t zero = hash64(text, sizeof(text));

	assert_true(zero == hash64(text, sizeof(text)));
	for (size_t n = 0; n < sizeof(text); n++)
		assert_true(hash64(text, n) != zero);
	for (size_t i = 0; i < sizeof(text) * 8; i++) {
		text[i / 8] ^= (unsigned char)(1 << i % 8);
		assert_true(hash64(text, sizeof(text)) != zero);
		text[i / 8] ^= (unsigned char)(1 << i % 8);
	}
	assert_true(hash64(NULL, 0) == hash64("", 0));
}

static void hash64_ignores_where_the_bytes_lie(UNUSED void **state)
{
	char a[64], b[64];

	for (size_t shift = 0; shift < 8; shift++) {
		memcpy(a, "payments/api:2.14.1", 20);
		memcpy(b + shift, "payments/api:2.14.1", 20);
		assert_true(hash64(a, 19) == hash64(b + shift, 19));
	}
}

/*
 * 65536 names that differ in little fall into 65536 slots. A random function leaves 36.8% of them
 * empty, with a standard deviation of 0.2%; both ends of the hash have to look random.
 */
static void hash64_spreads_similar_names_evenly(UNUSED void **state)
{
	enum { SLOTS = 65536 };
	bool  *low = xcalloc(SLOTS, sizeof(*low)), *high = xcalloc(SLOTS, sizeof(*high));
	size_t low_used = 0, high_used = 0;

	for (int i = 0; i < SLOTS; i++) {
		struct buf b = BUF_INIT;
		uint64_t   h;

		buf_addf(&b, "CVE-2024-%d", i);
		h = hash64(b.s, b.len);
		low[h % SLOTS] = true;
		high[h >> 48] = true;
		buf_release(&b);
	}
	for (size_t i = 0; i < SLOTS; i++) {
		low_used += low[i];
		high_used += high[i];
	}
	assert_in_range(low_used, SLOTS * 62 / 100, SLOTS * 645 / 1000);
	assert_in_range(high_used, SLOTS * 62 / 100, SLOTS * 645 / 1000);
	free(low);
	free(high);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_digests_come_out),
		cmocka_unit_test(pieces_hash_like_the_whole),
		cmocka_unit_test(hex_is_lower_case_and_terminated),
		cmocka_unit_test(hash64_depends_on_every_byte_and_on_the_length),
		cmocka_unit_test(hash64_ignores_where_the_bytes_lie),
		cmocka_unit_test(hash64_spreads_similar_names_evenly),
	};

	return cmocka_run_group_tests_name("hash", tests, NULL, NULL);
}
