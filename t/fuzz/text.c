/* SPDX-License-Identifier: MIT */
/* text.c - fuzz what reads text from outside: UTF-8, times, numbers, patterns, error texts. */
#include <assert.h>
#include <stdlib.h>

#include "store/base/base.h"
#include "t/fuzz/fuzz.h"

/* Decoding ends exactly at the end, and agrees with utf8_valid on what is well-formed. */
static void characters(const char *s, size_t n)
{
	bool   valid = true;
	size_t at = 0;

	while (at < n) {
		uint32_t c;
		char     back[4];
		size_t   used = utf8_next(s + at, n - at, &c);

		assert(used >= 1 && used <= n - at && utf8_width(c) <= 2);
		if (utf8_put(c, back) != used || memcmp(back, s + at, used) != 0)
			valid = false;
		at += used;
	}
	assert(utf8_valid(s, n) == valid);
}

/* What is taken prints and parses back to itself. */
static void times(const char *s)
{
	char    printed[31];
	int64_t t, again;

	if (!time_parse_ns(s, &t))
		return;
	time_print_ns(t, printed);
	assert(time_parse_ns(printed, &again) && again == t);
	assert(time_parse(s, &again) && again == t / NS_PER_S);
}

static void numbers(const char *s)
{
	int64_t n;
	double  d;

	if (str_int64(s, -100, 100, &n))
		assert(n >= -100 && n <= 100 && str_double(s, &d) && d == (double)n);
}

static void copies(const char *s)
{
	char       field[16];
	struct err e = ERR_INIT;

	if (utf8_valid(s, strlen(s))) {
		bool whole = str_copy(field, sizeof(field), s);

		assert(utf8_valid(field, strlen(field)) && str_prefix(s, field));
		assert(whole == str_eq(s, field));
	}
	err_set(&e, ERR_FORMAT, "%s", s);
	assert(utf8_valid(e.text, strlen(e.text)));
	for (const char *p = e.text; *p; p++)
		assert((unsigned char)*p >= 0x20 && *p != 0x7f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf  b = BUF_INIT;
	const char *rest;

	for (size_t i = 0; i < size; i++)
		buf_addc(&b, (char)data[i]);
	characters(b.s, b.len);
	times(b.s);
	numbers(b.s);
	copies(b.s);
	rest = b.s + strlen(b.s);
	if (b.len < 200 && rest < b.s + b.len) /* pattern, NUL, text */
		str_glob(b.s, rest + 1);
	buf_release(&b);
	return 0;
}
