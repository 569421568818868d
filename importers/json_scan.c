/* SPDX-License-Identifier: MIT */
/*
 * json_scan.c - tokens of a text that is only looked through: a token at a time, by no more than
 * strings and brackets.
 *
 * A pass that notes a few fields of parents needs neither numbers that are checked nor strings that
 * are decoded, and passes over the most of a file: here that costs a fraction of what yajl takes.
 * Of a text that is JSON the tokens are yajl's. What is wrong with any other, the next pass tells.
 */
#include "importers/json.h"
#include "importers/read.h"

static bool broken_off(struct json *j)
{
	return !j->stopped && !j->full && json_bad(j, j->end, "the document breaks off here");
}

/* ---- containers: which are open, and whether a member's value comes next ---- */

static bool in_object(const struct json *j)
{
	return j->depth > 0 && (j->object[j->depth / 64] >> (j->depth % 64) & 1) != 0;
}

static bool open_container(struct json *j, bool object)
{
	uint64_t bit = UINT64_C(1) << (++j->depth % 64);

	if (j->depth >= READ_DEPTH)
		return false;
	if (object)
		j->object[j->depth / 64] |= bit;
	else
		j->object[j->depth / 64] &= ~bit;
	j->valued = false;
	return true;
}

static void close_container(struct json *j)
{
	j->depth--;
	j->valued = false;
}

/* ---- strings ---- */

/*
 * From behind the opening quote, or from where the window ended, to behind the closing one; NULL:
 * the window ends first. A backslash hides what comes behind it.
 */
static const char *string_end(const char *p, const char *end, bool *hidden)
{
	const char *quote = NULL;

	while (p < end) {
		const char *back;

		if (*hidden) {
			*hidden = false;
			p++;
			continue;
		}
		if (quote == NULL || quote < p)
			quote = memchr(p, '"', (size_t)(end - p));
		back = memchr(p, '\\', (size_t)((quote != NULL ? quote : end) - p));
		if (back == NULL)
			return quote != NULL ? quote + 1 : NULL;
		*hidden = true;
		p = back + 1;
	}
	return NULL;
}

/* The string at p, whole in the window; *to is behind it. */
static bool whole_string(struct json *j, const char **to)
{
	size_t seen = 1; /* bytes looked at */
	bool hidden = false;

	while ((*to = string_end(j->p + seen, j->end, &hidden)) == NULL) {
		seen = (size_t)(j->end - j->p);
		if (!json_more(j))
			return broken_off(j);
	}
	return true;
}

/* ---- tokens ---- */

static bool is_word(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       c == '-' || c == '+' || c == '.';
}

static enum json_kind word_kind(const char *s, size_t n)
{
	if (n == 4 && memcmp(s, "null", 4) == 0)
		return JSON_NULL;
	if (n == 4 && memcmp(s, "true", 4) == 0)
		return JSON_TRUE;
	if (n == 5 && memcmp(s, "false", 5) == 0)
		return JSON_FALSE;
	return JSON_NUMBER;
}

static bool scan_word(struct json *j, struct json_token *t)
{
	size_t n = 0;

	for (;;) {
		while (j->p + n < j->end && is_word(j->p[n]))
			n++;
		if (j->p + n < j->end || !json_more(j))
			break;
	}
	if (n == 0 || j->stopped || j->full)
		return n == 0 ? json_bad(j, j->p, "this is not JSON") : false;
	*t = (struct json_token){ .n = (uint32_t)n, .end = (uint32_t)n,
				  .kind = (uint8_t)word_kind(j->p, n) };
	if (t->kind == JSON_NULL)
		t->n = 0;
	j->valued = false;
	return true;
}

static bool scan_string(struct json *j, struct json_token *t)
{
	const char *to;
	size_t n;

	if (!whole_string(j, &to))
		return false;
	n = (size_t)(to - j->p);
	j->valued = in_object(j) && !j->valued;
	*t = (struct json_token){ .at = 1, .n = (uint32_t)n - 2, .end = (uint32_t)n,
				  .kind = j->valued ? JSON_KEY : JSON_STRING };
	t->escaped = memchr(j->p + 1, '\\', t->n) != NULL;
	return true;
}

static bool scan_bracket(struct json *j, char c, struct json_token *t)
{
	bool object = c == '{' || c == '}';

	t->end = 1;
	if (c == '{' || c == '[') {
		t->kind = object ? JSON_OBJECT : JSON_ARRAY;
		return open_container(j, object) ||
		       err_set(j->e, ERR_LIMIT, "nested deeper than %d levels", READ_DEPTH);
	}
	if (j->depth == 0 || object != in_object(j) || (object && j->valued))
		return json_bad(j, j->p, "this is not JSON");
	t->kind = object ? JSON_OBJECT_END : JSON_ARRAY_END;
	close_container(j);
	return true;
}

bool json_scan_fill(struct json *j)
{
	struct json_token *t = j->token;
	char c;
	bool ok;

	j->next = j->ntoken = 0;
	while ((j->p = json_next(j->p, j->end)) == j->end)
		if (!json_more(j))
			return broken_off(j);
	c = *j->p;
	*t = (struct json_token){ 0 };
	if (c == '"')
		ok = scan_string(j, t);
	else if (in_object(j) && !j->valued && c != '}')
		ok = json_bad(j, j->p, "this is not JSON");
	else if (strchr("{}[]", c) != NULL && c != 0)
		ok = scan_bracket(j, c, t);
	else
		ok = scan_word(j, t);
	j->piece = j->p;
	j->ntoken = ok;
	return ok;
}

/* ---- passing over a container ---- */

/* Pass p over bytes to the end of a container, `*depth` levels up, or to the end of the window. */
static const char *pass_levels(const char *p, const char *end, size_t *depth, bool *inside,
			       bool *hidden)
{
	while (p < end && *depth > 0) {
		char c;

		if (*inside) {
			p = string_end(p, end, hidden);
			if (p == NULL)
				return end;
			*inside = false;
			continue;
		}
		c = *p++;
		*inside = c == '"';
		*depth += c == '{' || c == '[';
		*depth -= c == '}' || c == ']';
	}
	return p;
}

bool json_scan_skip(struct json *j)
{
	enum json_kind kind = json_peek(j);
	bool inside = false, hidden = false;
	size_t depth = 1;

	if (kind == JSON_FAIL)
		return false;
	json_take(j, NULL);
	if (kind != JSON_OBJECT && kind != JSON_ARRAY)
		return true;
	while ((j->p = pass_levels(j->p, j->end, &depth, &inside, &hidden)) == j->end && depth > 0)
		if (!json_more(j))
			return broken_off(j);
	close_container(j);
	return true;
}
