/* SPDX-License-Identifier: MIT */
/* json_window.c - the bytes under the tokens: blocks, lines, and where a document may begin. */
#include <inttypes.h>
#include <stdlib.h>

#include "importers/json.h"
#include "importers/read.h"

/* ---- the window ---- */

/* Move what has to stay to the front and make room for a block behind it. */
static void slide(struct json *j)
{
	const char *from = j->keep != NULL ? j->keep : j->p;
	size_t start = (size_t)(from - j->buf), stay = (size_t)(j->end - from);
	size_t at = (size_t)(j->p - from);
	bool keep = j->keep != NULL;

	json_line(j);
	if (start > 0)
		memmove(j->buf, from, stay);
	j->base += start;
	if (j->cap - stay < JSON_BLOCK) {
		j->cap *= 2;
		j->buf = xrealloc_array(j->buf, j->cap, 1);
	}
	j->p = j->counted = j->buf + at;
	j->end = j->buf + stay;
	j->keep = keep ? j->buf : NULL;
}

bool json_more(struct json *j)
{
	size_t n = 0;

	if (j->ended || j->stopped || j->full)
		return false;
	slide(j);
	if ((size_t)(j->end - j->buf) > READ_VALUE) {
		j->full = true;
		return err_set(j->e, ERR_LIMIT,
			       "line %" PRIu64 ", byte %" PRIu64
			       ": a value is longer than %zu MiB",
			       json_line(j), json_offset(j), READ_VALUE >> 20);
	}
	if (!j->more(j->ctx, j->buf + (j->end - j->buf), JSON_BLOCK, &n, j->e)) {
		j->stopped = true;
		return false;
	}
	j->end += n;
	j->ended = n == 0;
	return n > 0;
}

static uint64_t newlines(const char *s, const char *end)
{
	uint64_t n = 0;

	while (s < end && (s = memchr(s, '\n', (size_t)(end - s))) != NULL) {
		s++;
		n++;
	}
	return n;
}

uint64_t json_line(struct json *j)
{
	j->line += newlines(j->counted, j->p);
	j->counted = j->p;
	return j->line;
}

void json_rewind(struct json *j, uint64_t line)
{
	j->p = j->counted = j->keep;
	j->line = line;
}

bool json_bad(struct json *j, const char *at, const char *what)
{
	uint64_t line = json_line(j) + newlines(j->p, at);

	return err_set(j->e, ERR_FORMAT, "line %" PRIu64 ", byte %" PRIu64 ": %s", line,
		       j->base + (uint64_t)(at - j->buf), what);
}

/* ---- blanks and lines ---- */

static bool is_blank(char c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

int json_space(struct json *j)
{
	for (;;) {
		while (j->p < j->end && is_blank(*j->p))
			j->p++;
		if (j->p < j->end)
			return (unsigned char)*j->p;
		if (!json_more(j))
			return -1;
	}
}

bool json_skip_line(struct json *j)
{
	for (;;) {
		const char *nl = memchr(j->p, '\n', (size_t)(j->end - j->p));

		j->p = nl != NULL ? nl + 1 : j->end;
		if (nl != NULL)
			return true;
		if (!json_more(j))
			return false;
	}
}

/* ---- where a document begins ---- */

/* The first byte behind p[0] that is not blank; 0 when it is not within reach. */
static char follower(struct json *j)
{
	const char *own = j->keep, *q;
	char c = 0;

	if (own == NULL)
		j->keep = j->p;
	do {
		for (q = j->p + 1; q < j->end && is_blank(*q); q++)
			continue;
		if (q < j->end)
			c = *q;
	} while (c == 0 && q == j->end && (size_t)(j->end - j->p) < JSON_BLOCK && json_more(j));
	if (own == NULL)
		j->keep = NULL;
	return c;
}

bool json_starts(struct json *j)
{
	char c;

	if (j->p == j->end || (*j->p != '{' && *j->p != '['))
		return false;
	c = follower(j);
	if (c == 0) /* cut off right behind it: a document that breaks off, not a banner */
		return j->end - j->p == 1 || *j->p == '{';
	return strchr(*j->p == '{' ? "\"}" : "{[]\"", c) != NULL;
}

/* Is the word null at p, alone on its line? */
static bool null_here(struct json *j)
{
	const char *q;
	bool is;

	j->keep = j->p;
	while (j->end - j->p < 6 && json_more(j))
		continue;
	j->keep = NULL;
	is = j->end - j->p >= 4 && memcmp(j->p, "null", 4) == 0;
	for (q = j->p + 4; is && q < j->end && *q != '\n'; q++)
		is = is_blank(*q);
	return is;
}

bool json_find(struct json *j, uint64_t *skipped)
{
	while (json_space(j) >= 0) {
		if (json_starts(j) || (*j->p == 'n' && null_here(j)))
			return true;
		++*skipped;
		json_skip_line(j);
	}
	return false;
}

/* ---- text ---- */

/* How many bytes from s[0] on are plain ASCII, and not NUL. */
static size_t ascii(const char *s, size_t n)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), highs = ones << 7;
	size_t i = 0;
	uint64_t w;

	for (; n - i >= sizeof(w); i += sizeof(w)) {
		memcpy(&w, s + i, sizeof(w));
		if (((w | (w - ones)) & highs) != 0)
			break;
	}
	while (i < n && s[i] != 0 && (unsigned char)s[i] < 0x80)
		i++;
	return i;
}

bool json_clean(const char *s, size_t n)
{
	size_t i = ascii(s, n);

	return i == n || (memchr(s + i, 0, n - i) == NULL && utf8_valid(s + i, n - i));
}

void json_repair(const char *s, size_t n, struct buf *out)
{
	for (const char *end = s + n; s < end;) {
		char u[4];
		uint32_t c;

		s += utf8_next(s, (size_t)(end - s), &c);
		buf_add(out, u, utf8_put(c == 0 ? 0xFFFD : c, u));
	}
}
