/* SPDX-License-Identifier: MIT */
/* 2012-der.c - base64 in all its forms, and certificates, broken off at every byte. */
#include "t/lib/test.h"

#include "importers/der.h"

#define CERTIFICATE \
	"MIGPMIGEoAMCAQICAQEwAKN4MHYwDgYDVR0PAQH/BAQDAgeAMDsGA1UdEQEB/wQxMC+GLWh0dHBzOi8vZXhh" \
	"bXBsZS5jb20vcmVsZWFzZS55YW1sQHJlZnMvdGFncy92MTAnBgorBgEEAYO/MAEBBBlodHRwczovL3Rva2Vu" \
	"LmV4YW1wbGUuY29tMAADBABhYmM=" \
	""

static void check_base64(const char *text, const char *want)
{
	struct arena mem = ARENA_INIT;
	size_t n;
	const char *got = base64_decode(&mem, text, &n);

	if (!str_eq(got, want))
		fail_msg("%s: %s", text, got == NULL ? "NULL" : got);
	if (want != NULL)
		assert_int_equal(n, strlen(want));
	arena_release(&mem);
}

static void base64_comes_padded_or_not_in_either_alphabet(UNUSED void **state)
{
	check_base64("", "");
	check_base64("Zg==", "f");
	check_base64("Zg", "f");
	check_base64("Zm9v\r\nYmFy", "foobar");
	check_base64("-_--", "\xfb\xff\xbe");
	check_base64("+/++", "\xfb\xff\xbe");
	check_base64("Zm9v!", NULL);
	check_base64("Zg==Zg", NULL);
}

static void a_certificate_tells_who_and_by_whom(UNUSED void **state)
{
	struct arena mem = ARENA_INIT;
	const char *signer, *issuer, *der;
	size_t n;

	der = pem_decode(&mem, "-----BEGIN X-----\n" CERTIFICATE "\n-----END X-----\n", &n);
	certificate_names(&mem, der, n, &signer, &issuer);
	assert_string_equal(signer, "https://example.com/release.yaml@refs/tags/v1");
	assert_string_equal(issuer, "https://token.example.com");
	arena_release(&mem);
}

static void a_broken_certificate_tells_nothing_and_harms_nobody(UNUSED void **state)
{
	struct arena mem = ARENA_INIT;
	const char *signer, *issuer;
	size_t n;
	const char *der = base64_decode(&mem, CERTIFICATE, &n);

	for (size_t i = 0; i < n; i++) {
		char *part = xmalloc(i + 1); /* of its own, so that reading past it is found */

		memcpy(part, der, i);
		certificate_names(&mem, part, i, &signer, &issuer);
		free(part);
	}
	for (size_t i = 0; i < n; i++) {
		char *bent = xmalloc(n);

		memcpy(bent, der, n);
		bent[i] = (char)0xff;
		certificate_names(&mem, bent, n, &signer, &issuer);
		free(bent);
	}
	arena_release(&mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(base64_comes_padded_or_not_in_either_alphabet),
		cmocka_unit_test(a_certificate_tells_who_and_by_whom),
		cmocka_unit_test(a_broken_certificate_tells_nothing_and_harms_nobody),
	};

	return cmocka_run_group_tests_name("der", tests, NULL, NULL);
}
