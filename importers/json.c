/* SPDX-License-Identifier: MIT */
/* json.c - the tokens of a JSON text that arrives in blocks. Spec: RFC 8259. */
#include <stdlib.h>

#include "importers/json.h"
#include "importers/read.h"

#define BLOCK ((size_t)256 << 10)

/* ---- the window ---- */

void json_init(struct json *j, json_more_fn *more, void *ctx, struct err *e)
{
	*j = (struct json){ .more = more, .ctx = ctx, .e = e, .cap = BLOCK, .line = 1 };
	j->buf = xmalloc(j->cap);
	j->p = j->end = j->buf;
}

void json_release(struct json *j)
{
	free(j->buf);
	j->buf = NULL;
}

/* Move what has to stay to the front and make room for a block behind it. */
static void slide(struct json *j)
{
	const char *from = j->keep != NULL ? j->keep : j->p;
	size_t start = (size_t)(from - j->buf), stay = (size_t)(j->end - from);
	size_t at = (size_t)(j->p - from);
	bool keep = j->keep != NULL;

	memmove(j->buf, from, stay);
	j->base += start;
	if (j->cap - stay < BLOCK / 2) {
		j->cap = j->cap * 2;
		j->buf = xrealloc_array(j->buf, j->cap, 1);
	}
	j->p = j->buf + at;
	j->end = j->buf + stay;
	j->keep = keep ? j->buf : NULL;
}

bool json_more(struct json *j)
{
	size_t n = 0, room;

	if (j->ended || j->stopped || j->full)
		return false;
	slide(j);
	if ((size_t)(j->end - j->buf) > READ_VALUE) {
		j->full = true;
		return err_set(j->e, ERR_LIMIT, "line %llu: a value is longer than %zu MiB",
		               (unsigned long long)j->line, READ_VALUE >> 20);
	}
	room = j->cap - (size_t)(j->end - j->buf);
	if (!j->more(j->ctx, j->buf + (j->end - j->buf), room < BLOCK ? room : BLOCK, &n, j->e)) {
		j->stopped = true;
		return false;
	}
	j->end += n;
	j->ended = n == 0;
	return n > 0;
}

bool json_bad(struct json *j, const char *what)
{
	if (j->stopped || j->full)
		return false;
	if (j->p == j->end && j->ended)
		what = "the document breaks off here";
	return err_set(j->e, ERR_FORMAT, "line %llu, byte %llu: %s", (unsigned long long)j->line,
	               (unsigned long long)json_offset(j), what);
}

/* ---- eight bytes at a time ---- */

#define ONES  UINT64_C(0x0101010101010101)
#define HIGHS UINT64_C(0x8080808080808080)

static uint64_t load(const char *p)
{
	uint64_t w;

	memcpy(&w, p, sizeof(w));
	return w;
}

/*
 * Set in some byte's high bit when any byte of w is zero; exact as a yes or no, which is all we
 * ask.
 */
static uint64_t zeros(uint64_t w)
{
	return (w - ONES) & ~w & HIGHS;
}

/* Does w hold a quote, a backslash, or a byte below 0x20? Bytes above 0x7F are none of them. */
static uint64_t special(uint64_t w)
{
	return zeros(w ^ ONES * '"') | zeros(w ^ ONES * '\\') | ((w - ONES * 0x20) & ~w & HIGHS);
}

/* ---- blanks and lines ---- */

int json_space(struct json *j)
{
	for (;;) {
		const char *p = j->p, *end = j->end;

		for (; p < end; p++) {
			if (*p == ' ') { /* indentation */
				while (end - p > 8 && load(p + 1) == ONES * ' ')
					p += 8;
				continue;
			}
			if (*p == '\n')
				j->line++;
			else if (*p != '\r' && *p != '\t')
				break;
		}
		j->p = p;
		if (p < end)
			return (unsigned char)*p;
		if (!json_more(j))
			return -1;
	}
}

bool json_skip_line(struct json *j)
{
	for (;;) {
		const char *nl = memchr(j->p, '\n', (size_t)(j->end - j->p));

		if (nl != NULL) {
			j->p = nl + 1;
			j->line++;
			return true;
		}
		j->p = j->end;
		if (!json_more(j))
			return false;
	}
}

/* The first byte behind p[0] that is not blank; 0 when it is not within reach. */
static char follower(struct json *j)
{
	const char *own = j->keep, *q;
	char c = 0;

	if (own == NULL)
		j->keep = j->p;
	do {
		for (q = j->p + 1; q < j->end && strchr(" \t\r\n", *q) != NULL && *q != 0; q++)
			continue;
		if (q < j->end)
			c = *q;
	} while (c == 0 && q == j->end && (size_t)(j->end - j->p) < BLOCK && json_more(j));
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
		is = *q == ' ' || *q == '\r' || *q == '\t';
	return is;
}

bool json_find(struct json *j, bool null_too, uint64_t *skipped)
{
	while (json_space(j) >= 0) {
		if (json_starts(j) || (null_too && *j->p == 'n' && null_here(j)))
			return true;
		++*skipped;
		json_skip_line(j);
	}
	return false;
}

/* ---- scalars ---- */

/*
 * From inside a string to behind its closing quote. *plain becomes false when its bytes are not
 * its text.
 */
static bool string_end(struct json *j, bool *plain)
{
	uint64_t seen = 0;

	for (;;) {
		const char *p = j->p, *end = j->end;

		for (;;) {
			while (end - p >= 8 && special(load(p)) == 0) {
				seen |= load(p);
				p += 8;
			}
			while (p < end && (unsigned char)*p >= 0x20 && *p != '"' && *p != '\\')
				seen |= (unsigned char)*p++;
			if (p == end || *p == '"' || *p == '\n')
				break;
			seen |= HIGHS;
			if (*p == '\\' && end - p < 2)
				break;
			p += *p == '\\' && p[1] != '\n' ? 2 : 1;
		}
		j->p = p;
		if (p < end && *p != '\\') {
			if (*p == '\n')
				return json_bad(j, "a string runs over the end of the line");
			j->p++;
			*plain = (seen & HIGHS) == 0;
			return true;
		}
		if (p == end ? !json_more(j) : !json_more(j) || j->end - j->p < 2) {
			j->p = j->end;
			return json_bad(j, "a string without an end");
		}
	}
}

bool json_string(struct json *j, struct json_span *out)
{
	bool mine = j->keep == NULL, ok;
	uint64_t start = json_offset(j) + 1;

	if (mine)
		j->keep = j->p;
	j->p++;
	ok = string_end(j, &out->plain);
	if (mine)
		j->keep = NULL;
	if (!ok)
		return false;
	out->s = j->buf + (start - j->base);
	out->n = (size_t)(j->p - out->s) - 1;
	return true;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static size_t digits(const char *s, size_t n, size_t i)
{
	while (i < n && is_digit(s[i]))
		i++;
	return i;
}

bool json_number(const char *s, size_t n)
{
	size_t i = n > 0 && s[0] == '-', k = digits(s, n, i);

	if (k == i || (k > i + 1 && s[i] == '0'))
		return false;
	if (k < n && s[k] == '.') {
		i = k + 1;
		k = digits(s, n, i);
		if (k == i)
			return false;
	}
	if (k < n && (s[k] == 'e' || s[k] == 'E')) {
		i = k + 1;
		i += i < n && (s[i] == '+' || s[i] == '-');
		k = digits(s, n, i);
		if (k == i)
			return false;
	}
	return k == n;
}

static bool word_ok(const struct json_span *w)
{
	static const char *const word[] = { "null", "true", "false" };

	for (size_t i = 0; i < LENGTH(word); i++)
		if (w->n == strlen(word[i]) && memcmp(w->s, word[i], w->n) == 0)
			return true;
	return json_number(w->s, w->n);
}

static bool in_word(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '+' ||
	       c == '-' || c == '.';
}

bool json_word(struct json *j, struct json_span *out)
{
	bool mine = j->keep == NULL;
	uint64_t start = json_offset(j);

	if (mine)
		j->keep = j->p;
	do {
		while (j->p < j->end && in_word(*j->p))
			j->p++;
	} while (j->p == j->end && json_more(j));
	if (mine)
		j->keep = NULL;
	if (j->stopped || j->full)
		return false;
	out->s = j->buf + (start - j->base);
	out->n = (size_t)(j->p - out->s);
	out->plain = true;
	if (word_ok(out))
		return true;
	if (j->p != j->end || !j->ended)
		j->p = out->s;
	return json_bad(j, "this is not JSON: a value was expected");
}

/* ---- containers ---- */

static bool colon(struct json *j)
{
	if (json_space(j) != ':')
		return json_bad(j, "a colon was expected after the key");
	j->p++;
	return true;
}

bool json_key(struct json *j, struct json_span *out)
{
	bool mine = j->keep == NULL, ok;
	uint64_t start;

	if (json_space(j) != '"')
		return json_bad(j, "a key in quotes was expected");
	start = json_offset(j) + 1;
	if (mine)
		j->keep = j->p;
	ok = json_string(j, out) && colon(j);
	if (mine)
		j->keep = NULL;
	out->s = j->buf + (start - j->base);
	return ok;
}

bool json_enter(struct json *j, bool *empty)
{
	char close = *j->p == '{' ? '}' : ']';

	if (j->depth + 1 >= READ_DEPTH)
		return err_set(j->e, ERR_LIMIT,
			       "line %llu, byte %llu: nested deeper than %d levels",
			       (unsigned long long)j->line, (unsigned long long)json_offset(j),
			       READ_DEPTH);
	j->p++;
	*empty = json_space(j) == close;
	if (*empty)
		j->p++;
	else
		j->depth++;
	return true;
}

bool json_next(struct json *j, char close, bool *done)
{
	int c = json_space(j);

	*done = c == close;
	if (c != ',' && c != close)
		return json_bad(j, close == '}' ? "a comma or } was expected"
						: "a comma or ] was expected");
	j->p++;
	if (*done)
		j->depth--;
	return !*done;
}

/* A key that nobody wants to see. */
static bool skip_key(struct json *j)
{
	bool plain;

	if (json_space(j) != '"')
		return json_bad(j, "a key in quotes was expected");
	j->p++;
	return string_end(j, &plain) && colon(j);
}

/* Pass one scalar, or step into a container that is not empty (*in). */
static bool skip_one(struct json *j, bool *in, char *close)
{
	struct json_span span;
	bool plain, empty;
	int c = json_space(j);

	*in = false;
	if (c == '"') {
		j->p++;
		return string_end(j, &plain);
	}
	if (c != '{' && c != '[')
		return json_word(j, &span);
	*close = c == '{' ? '}' : ']';
	if (!json_enter(j, &empty))
		return false;
	*in = !empty;
	return true;
}

bool json_skip(struct json *j)
{
	char close[READ_DEPTH]; /* what ends each container we are in */
	size_t n = 0;
	bool in, done;

	do {
		if (!skip_one(j, &in, &close[n]))
			return false;
		n += in;
		while (!in && n > 0 && !json_next(j, close[n - 1], &done)) {
			if (!done)
				return false;
			n--;
		}
		if (n > 0 && close[n - 1] == '}' && !skip_key(j))
			return false;
	} while (n > 0);
	return true;
}

/* ---- text ---- */

/* Four hex digits, or -1. */
static int32_t hex4(const char *s, const char *end)
{
	int32_t v = 0;

	if (end - s < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		char c = s[i];
		int d = is_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 :
		        c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;

		if (d < 0)
			return -1;
		v = v * 16 + d;
	}
	return v;
}

static void put_char(struct buf *out, uint32_t c)
{
	char u[4];

	buf_add(out, u, utf8_put(c == 0 ? 0xFFFD : c, u));
}

/* s is behind "\u"; returns the first byte behind the character. */
static const char *decode_u(const char *s, const char *end, struct buf *out)
{
	int32_t hi = hex4(s, end), lo;

	if (hi < 0) {
		put_char(out, 0xFFFD);
		return s;
	}
	s += 4;
	if (hi >= 0xD800 && hi < 0xDC00 && end - s >= 6 && s[0] == '\\' && s[1] == 'u') {
		lo = hex4(s + 2, end);
		if (lo >= 0xDC00 && lo < 0xE000) {
			put_char(out, 0x10000 + ((uint32_t)(hi - 0xD800) << 10) +
					      (uint32_t)(lo - 0xDC00));
			return s + 6;
		}
	}
	put_char(out, (uint32_t)hi); /* a lone surrogate becomes U+FFFD */
	return s;
}

static const char *decode_escape(const char *s, const char *end, struct buf *out)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char *at;

	if (s == end)
		return s;
	if (*s == 'u')
		return decode_u(s + 1, end, out);
	at = *s != 0 ? strchr(from, *s) : NULL;
	if (at != NULL)
		buf_addc(out, to[at - from]);
	else
		put_char(out, 0xFFFD);
	return s + 1;
}

void json_decode(const struct json_span *span, struct buf *out)
{
	const char *s = span->s, *end = s + span->n;

	if (span->plain) {
		buf_add(out, s, span->n);
		return;
	}
	while (s < end) {
		const char *run = s;
		uint32_t c;

		while (s < end && (unsigned char)*s < 0x80 && *s != '\\' && *s != 0)
			s++;
		buf_add(out, run, (size_t)(s - run));
		if (s == end)
			return;
		if (*s == '\\') {
			s = decode_escape(s + 1, end, out);
			continue;
		}
		s += utf8_next(s, (size_t)(end - s), &c);
		put_char(out, c);
	}
}

bool json_clean(const char *s, size_t n)
{
	size_t i = 0;

	while (n - i >= 8 && (load(s + i) & HIGHS) == 0 && zeros(load(s + i)) == 0)
		i += 8;
	return memchr(s + i, 0, n - i) == NULL && utf8_valid(s + i, n - i);
}

void json_repair(const char *s, size_t n, struct buf *out)
{
	for (const char *end = s + n; s < end;) {
		uint32_t c;

		s += utf8_next(s, (size_t)(end - s), &c);
		put_char(out, c);
	}
}
