/* SPDX-License-Identifier: MIT */
/* hash.c - SHA-256 for identity and evidence (libcrypto), hash64 for tables in memory. */
#include <openssl/evp.h>
#include <stdlib.h>

#include "store/base/base.h"

struct sha256 {
	EVP_MD_CTX *ctx;
};

/* Nothing can fail here but memory and a library built without SHA-256. */
static void check(int done)
{
	if (done != 1)
		die("libcrypto cannot compute SHA-256");
}

struct sha256 *sha256_new(void)
{
	struct sha256 *h = xmalloc(sizeof(*h));

	h->ctx = EVP_MD_CTX_new();
	check(h->ctx && EVP_DigestInit_ex(h->ctx, EVP_sha256(), NULL));
	return h;
}

void sha256_add(struct sha256 *h, const void *p, size_t n)
{
	check(EVP_DigestUpdate(h->ctx, p, n));
}

void sha256_take(struct sha256 *h, uint8_t out[static SHA256_SIZE])
{
	check(EVP_DigestFinal_ex(h->ctx, out, NULL) && EVP_DigestInit_ex(h->ctx, NULL, NULL));
}

void sha256_end(struct sha256 *h, uint8_t out[static SHA256_SIZE])
{
	check(EVP_DigestFinal_ex(h->ctx, out, NULL));
	sha256_free(h);
}

void sha256_free(struct sha256 *h)
{
	if (h)
		EVP_MD_CTX_free(h->ctx);
	free(h);
}

void sha256_of(const void *p, size_t n, uint8_t out[static SHA256_SIZE])
{
	check(EVP_Digest(p, n, out, NULL, EVP_sha256(), NULL));
}

void hex_print(const uint8_t *p, size_t n, char *out)
{
	static const char digit[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		*out++ = digit[p[i] >> 4];
		*out++ = digit[p[i] & 15];
	}
	*out = '\0';
}

/*
 * Eight bytes at a time: mix them in, multiply by an odd constant (the golden ratio's bits), and
 * fold the high half, which a product mixes best, into the low. Each step can be undone, so two
 * texts that differ in one word never collide. The last step spreads every bit over the whole word;
 * the length keeps a text apart from the same one with NULs behind it.
 */
static uint64_t mix(uint64_t h)
{
	h *= UINT64_C(0x9E3779B97F4A7C15);
	return h ^ h >> 32;
}

uint64_t hash64(const void *p, size_t n)
{
	const unsigned char *s = p;
	uint64_t             h = mix(n + 1), word;

	for (; n >= sizeof(word); n -= sizeof(word), s += sizeof(word)) {
		memcpy(&word, s, sizeof(word));
		h = mix(h ^ word);
	}
	word = 0;
	if (n > 0)
		memcpy(&word, s, n);
	return mix(mix(h ^ word));
}
