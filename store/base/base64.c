/* SPDX-License-Identifier: MIT */
/* base64.c - bytes as text (RFC 4648). */
#include "store/base/base.h"

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void base64_add(struct buf *b, const void *p, size_t n)
{
	const unsigned char *s = p;

	for (; n > 0; s += 3) {
		size_t take = n < 3 ? n : 3;
		unsigned word = (unsigned)s[0] << 16 | (take > 1 ? (unsigned)s[1] << 8 : 0u) |
				(take > 2 ? (unsigned)s[2] : 0u);

		for (unsigned i = 0; i < 4; i++)
			buf_addc(b, i <= take ? digits[word >> (18 - 6 * i) & 63] : '=');
		n -= take;
	}
}

/* Value of a base64 digit; -1: none. */
static int digit(char c)
{
	if (c == '-' || c == '_') /* URL-safe */
		c = c == '-' ? '+' : '/';
	const char *at = c == '\0' ? NULL : strchr(digits, c);
	return at == NULL ? -1 : (int)(at - digits);
}

const char *base64_decode(struct arena *mem, const char *text, size_t *n)
{
	struct buf out = BUF_INIT;
	unsigned bits = 0, held = 0;
	const char *s = text;
	for (; *s != '\0' && *s != '='; s++) {
		int d = digit(*s);
		if (strchr(" \t\r\n", *s) != NULL)
			continue;
		if (d < 0)
			break;
		held = (held << 6 | (unsigned)d) & 0xffff;
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			buf_addc(&out, (char)(held >> bits & 0xff));
		}
	}
	s += strspn(s, "= \t\r\n");
	const char *bytes = *s == '\0' ? arena_dupn(mem, out.s, out.len) : NULL;
	*n = out.len;
	buf_release(&out);
	return bytes;
}
