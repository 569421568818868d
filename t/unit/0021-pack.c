/* SPDX-License-Identifier: MIT */
/* 0021-pack.c - what is packed comes out as it was; what is no pack is refused. */
#include "t/lib/test.h"

static void comes_out(struct packer *p, const char *s, size_t n)
{
	struct buf packed = BUF_INIT;
	const char *bytes;
	size_t size;

	bytes = packer_pack(p, s, n, &size);
	buf_add(&packed, bytes, size);
	bytes = packer_unpack(p, packed.s, packed.len, &size);
	assert_non_null(bytes);
	assert_int_equal(size, n);
	assert_memory_equal(bytes, s, n);
	buf_release(&packed);
}

static void what_goes_in_comes_out(UNUSED void **state)
{
	struct packer *p = packer_new();
	char text[5000];

	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (char)(i * i / 7);
	comes_out(p, "", 0);
	comes_out(p, text, sizeof(text));
	comes_out(p, "a\0b", 3);
	packer_free(p);
}

static void what_repeats_becomes_smaller(UNUSED void **state)
{
	struct packer *p = packer_new();
	char text[5000];
	size_t n;

	memset(text, 'x', sizeof(text));
	packer_pack(p, text, sizeof(text), &n);
	assert_true(n < sizeof(text) / 10);
	packer_free(p);
}

static void what_is_damaged_or_none_is_refused(UNUSED void **state)
{
	struct packer *p = packer_new(), *q = packer_new();
	size_t n, size;
	const char *bytes = packer_pack(p, "some text, some text, some text", 31, &n);

	for (size_t part = 0; part < n; part++)
		assert_null(packer_unpack(q, bytes, part, &size));
	assert_null(packer_unpack(q, "no pack", 7, &size));
	packer_free(p);
	packer_free(q);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_goes_in_comes_out),
		cmocka_unit_test(what_repeats_becomes_smaller),
		cmocka_unit_test(what_is_damaged_or_none_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
