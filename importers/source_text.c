/* SPDX-License-Identifier: MIT */
/* source_text.c - what kind of text it is: JSON, YAML, other; UTF-16 becomes UTF-8. */
#include "importers/source_inner.h"

/* ---- UTF-16 ---- */

static void put(struct buf *out, uint32_t c)
{
	char u[4];

	buf_add(out, u, utf8_put(c, u));
}

static void unit(struct utf16 *u, uint32_t c, struct buf *out)
{
	if (u->high != 0 && c >= 0xDC00 && c < 0xE000) {
		put(out, 0x10000 + ((u->high - 0xD800) << 10) + (c - 0xDC00));
		u->high = 0;
		return;
	}
	if (u->high != 0)
		put(out, 0xFFFD);
	u->high = c >= 0xD800 && c < 0xDC00 ? c : 0;
	if (u->high == 0)
		put(out, c);
}

void utf16_add(struct utf16 *u, const char *s, size_t n, struct buf *out)
{
	for (size_t i = 0; i < n; i++) {
		int b = (unsigned char)s[i];

		if (u->odd < 0) {
			u->odd = b;
			continue;
		}
		unit(u, (uint32_t)(u->big ? u->odd << 8 | b : b << 8 | u->odd), out);
		u->odd = -1;
	}
}

void utf16_end(struct utf16 *u, struct buf *out)
{
	if (u->high != 0 || u->odd >= 0)
		put(out, 0xFFFD);
	u->high = 0;
	u->odd = -1;
}

/* ---- JSON, YAML or neither ---- */

static bool in_key(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c != 0 && strchr("_-./$@", c) != NULL);
}

/* Length of a YAML key at s, with its colon and a blank or line end behind it; else 0. */
static size_t yaml_key(const char *s, size_t n)
{
	size_t i = 0;

	while (i < n && in_key(s[i]))
		i++;
	if (i == 0 || i == n || s[i] != ':')
		return 0;
	return i + 1 == n || strchr(" \r\n", s[i + 1]) != NULL ? i + 1 : 0;
}

static bool starts(const char *s, size_t n, const char *prefix)
{
	return n >= strlen(prefix) && memcmp(s, prefix, strlen(prefix)) == 0;
}

/* Go's tests begin their lines so, too: "--- PASS: allowed". */
static bool certain_yaml(const char *s, size_t n)
{
	return !starts(s, n, "--- PASS: ") && !starts(s, n, "--- FAIL: ") &&
	       ((starts(s, n, "---") && (n == 3 || strchr(" \r\n", s[3]) != NULL)) ||
	        starts(s, n, "%YAML") || starts(s, n, "apiVersion:") ||
	        starts(s, n, "kind:") || starts(s, n, "- apiVersion:"));
}

static bool maybe_yaml(const char *s, size_t n)
{
	if (starts(s, n, "- "))
		return yaml_key(s + 2, n - 2) > 0;
	return yaml_key(s, n) > 0;
}

static bool head_only(void *ctx, char *dst, size_t size, size_t *n, struct err *e)
{
	(void)ctx;
	(void)dst;
	(void)size;
	(void)e;
	*n = 0;
	return true;
}

static bool line_is_json(const char *s, size_t n)
{
	struct err e = ERR_INIT;
	struct json j = { .more = head_only, .e = &e };

	struct buf b = BUF_INIT;
	bool is;

	buf_add(&b, s, n);
	j.buf = b.s;
	j.cap = b.cap;
	j.p = b.s;
	j.end = b.s + b.len;
	j.ended = true;
	is = json_starts(&j) || (starts(s, n, "null") && (n == 4 || strchr("\r\n ", s[4]) != NULL));
	buf_release(&b);
	return is;
}

enum source_form head_form(const char *s, size_t n, uint64_t *start, bool *sure)
{
	bool maybe = false;

	*start = 0;
	*sure = false;
	for (size_t i = 0, next; i < n; i = next) {
		const char *nl = memchr(s + i, '\n', n - i);
		size_t blank = i, rest;

		next = nl != NULL ? (size_t)(nl - s) + 1 : n;
		while (blank < next && strchr(" \t\r\n", s[blank]) != NULL && s[blank] != 0)
			blank++;
		rest = n - blank < 256 ? n - blank : 256;
		if (blank < n && (blank == i || !maybe) && line_is_json(s + blank, rest))
			return SOURCE_JSON;
		if (maybe || blank == next || s[blank] == '#')
			continue;
		*sure = blank == i && certain_yaml(s + i, n - i);
		if (*sure) {
			*start = i;
			return SOURCE_YAML;
		}
		maybe = blank == i && maybe_yaml(s + i, n - i);
	}
	return maybe ? SOURCE_YAML : SOURCE_TEXT;
}
