/* SPDX-License-Identifier: MIT */
/* kyverno_line.c - a line that Kyverno's controllers write for people, as an object. */
#include <ctype.h>
#include <jansson.h>
#include <stdlib.h>

#include "importers/kyverno_line.h"

/* ---- pairs: key=value, "key"="value", with JSON for lists and objects ---- */

/* Past a value in quotes or brackets, or up to the next blank; NULL: it does not end. */
static const char *past_value(const char *s)
{
	size_t depth = 0;
	bool quoted = false;
	if (strchr("\"{[", *s) == NULL || *s == '\0')
		return s + strcspn(s, " ");
	for (; *s != '\0'; s++) {
		if (quoted && *s == '\\' && s[1] != '\0')
			s++;
		else if (*s == '"')
			quoted = !quoted;
		else if (!quoted && (*s == '{' || *s == '['))
			depth++;
		else if (!quoted && (*s == '}' || *s == ']'))
			depth--;
		if (!quoted && depth == 0 && strchr("\"}]", *s) != NULL)
			return s + 1;
	}
	return NULL;
}

/* A value as JSON: what is JSON already (but for bare numbers and words, which are text). */
static json_t *value_of(struct arena *mem, const char *s, size_t n)
{
	json_t *v = NULL;
	if (n > 0 && strchr("\"{[", *s) != NULL)
		v = json_loadb(s, n, JSON_DECODE_ANY, NULL);
	return v != NULL ? v : json_string(arena_dupn(mem, s, n));
}

/* The object that the pairs are, as text. */
static const char *object_of(struct arena *mem, const char *s)
{
	json_t *object = json_object();
	for (s += strspn(s, " "); *s != '\0'; s += strspn(s, " ")) {
		const char *equals = strchr(s, '='); /* a key may hold a blank: "failed rules" */
		const char *end = equals == NULL ? NULL : past_value(equals + 1);
		if (end == NULL)
			break;
		size_t n = (size_t)(equals - s);
		bool quoted = n >= 2 && s[0] == '"' && s[n - 1] == '"';
		const char *key = quoted ? arena_dupn(mem, s + 1, n - 2) : arena_dupn(mem, s, n);
		json_object_set_new(object, key,
		                    value_of(mem, equals + 1, (size_t)(end - equals - 1)));
		s = end;
	}
	char *text = json_dumps(object, JSON_COMPACT);
	json_decref(object);
	const char *copy = arena_dup(mem, text);
	free(text);
	return copy;
}

/* ---- the forms ---- */

/* time, level, logger, file, text, object, with a tab between two; the object may be missing. */
static bool split_tabs(char *s, struct kyverno_line *out)
{
	char *column[6] = { s };
	size_t n = 1;
	for (char *at = s; n < LENGTH(column) && (at = strchr(at, '\t')) != NULL; n++) {
		*at++ = '\0';
		column[n] = at;
	}
	if (n < 5)
		return false;
	out->time = column[0];
	out->text = column[4];
	out->object = n == 6 && column[5][0] == '{' ? column[5] : NULL;
	return true;
}

/* "TIME TRC file.go:29 > text key=value": the text ends before the first pair's key. */
static bool split_levels(struct arena *mem, const char *s, struct kyverno_line *out)
{
	static const char *const levels[] = { "TRC", "DBG", "INF", "WRN", "ERR", "FTL", "PNC" };
	size_t n = strcspn(s, " ");
	const char *level = s[n] == '\0' ? "" : s + n + 1;
	if (str_index(levels, LENGTH(levels), arena_dupn(mem, level, strcspn(level, " "))) < 0)
		return false;
	const char *text = strstr(s, " > ");
	if (text == NULL)
		return false;
	text += 3;
	const char *equals = strchr(text, '=');
	const char *key = equals;
	while (key != NULL && key > text && key[-1] != ' ')
		key--;
	out->time = arena_dupn(mem, s, n);
	const char *end = key;
	while (end != NULL && end > text && end[-1] == ' ')
		end--;
	out->text = end == NULL ? text : arena_dupn(mem, text, (size_t)(end - text));
	out->object = key == NULL ? NULL : object_of(mem, key);
	return true;
}

static int number(const char *s, size_t n)
{
	int v = 0;
	for (; n > 0; n--, s++)
		v = v * 10 + (*s - '0');
	return v;
}

/* "I1120 08:01:02.000001       1 file.go:1] ..." */
static bool split_klog(struct arena *mem, const char *s, struct kyverno_line *out)
{
	if (strchr("IWEF", *s) == NULL || strspn(s + 1, "0123456789") != 4 || s[5] != ' ')
		return false;
	const char *rest = strstr(s, "] ");
	if (rest == NULL)
		return false;
	rest += 2;
	out->month = number(s + 1, 2);
	out->day = number(s + 3, 2);
	out->clock = arena_dupn(mem, s + 6, strcspn(s + 6, " "));
	const char *old = strstr(rest, "\"msg\"=");
	const char *end = *rest == '"' ? past_value(rest) : NULL;
	if (old != NULL) {
		out->object = object_of(mem, old);
	} else if (end != NULL) {
		out->text = arena_dupn(mem, rest + 1, (size_t)(end - rest) - 2);
		out->object = object_of(mem, end);
	}
	return true;
}

/* Without the colours of a terminal. */
static char *uncoloured(struct arena *mem, const char *line)
{
	char *s = arena_dup(mem, line), *to = s;
	for (const char *from = s; *from != '\0';) {
		size_t n = str_prefix(from, "\033[") ? 2 + strcspn(from + 2, "m") : 0;
		if (n > 0)
			from += n + (from[n] == 'm');
		else
			*to++ = *from++;
	}
	*to = '\0';
	return s;
}

bool kyverno_line(struct arena *mem, const char *line, struct kyverno_line *out)
{
	char *s = uncoloured(mem, line);
	memset(out, 0, sizeof(*out));
	if (split_klog(mem, s, out))
		return true;
	return isdigit((unsigned char)*s) && (split_levels(mem, s, out) || split_tabs(s, out));
}
