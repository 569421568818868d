/* SPDX-License-Identifier: MIT */
/* filter_match.c - the filter language: matching of text, and judging a row in memory. */
#include <regex.h>
#include <stdlib.h>

#include "store/filter.h"

enum {
	MAX_REGEX = 256,   /* bytes of an expression                                   */
	MAX_REPEAT = 1000, /* product of its {n} counts: each multiplies its automaton */
	MAX_TEXT = 4096	   /* bytes of a text that are looked at                       */
};

struct pattern {
	enum text_how how;
	char *text; /* folded to lower case but for regex and letters */
	regex_t re;
	bool glob;
};

static char fold(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_capitals(const char *s)
{
	for (; *s; s++)
		if (*s < 'A' || *s > 'Z')
			return false;
	return true;
}

/* The largest factor that `{n}` or `{n,m}` at s names; *end is its last byte. */
static int64_t interval(const char *s, const char **end)
{
	int64_t n = 0, product = 1;

	for (; s[1] && s[1] != '}'; s++) {
		n = s[1] >= '0' && s[1] <= '9' && n < MAX_REPEAT ? n * 10 + (s[1] - '0') : 0;
		if (n > 1 && product <= MAX_REPEAT && (s[2] < '0' || s[2] > '9'))
			product *= n;
	}
	*end = s;
	return product;
}

/*
 * Refuse what would make the automaton huge, and what POSIX does not know: back references. A `+`
 * stands for twice what it repeats, which is much where that repeats already.
 */
static bool regex_is_modest(const char *text, struct err *e)
{
	int64_t product = 1;

	if (strlen(text) > MAX_REGEX)
		return err_set(e, ERR_USAGE, "this expression is longer than %d bytes", MAX_REGEX);
	for (const char *s = text; *s && product <= MAX_REPEAT; s++) {
		if (*s == '\\' && s[1] >= '1' && s[1] <= '9')
			return err_set(e, ERR_USAGE, "back references are not supported");
		if (*s == '\\' && s[1])
			s++;
		else if (*s == '{')
			product *= interval(s, &s);
		else if (*s == '+' && s > text && strchr("+*?})", s[-1]))
			product *= 2;
	}
	return product <= MAX_REPEAT ||
	       err_set(e, ERR_USAGE, "this expression repeats too much");
}

static bool regex_compile(regex_t *re, const char *text, struct err *e)
{
	char why[160];
	int rc;

	if (!regex_is_modest(text, e))
		return false;
	rc = regcomp(re, text, REG_EXTENDED | REG_ICASE | REG_NOSUB);
	if (rc == 0)
		return true;
	regerror(rc, re, why, sizeof(why));
	return err_set(e, ERR_USAGE, "/%s/: %s", text, why);
}

struct pattern *pattern_new(enum text_how how, const char *text, struct err *e)
{
	struct err unheard = ERR_INIT;
	struct pattern *p = xcalloc(1, sizeof(*p));

	p->how = how;
	p->text = xstrdup(text);
	p->glob = strpbrk(text, "*?") != NULL;
	if (how == TEXT_REGEX && !regex_compile(&p->re, text, e ? e : &unheard)) {
		free(p->text);
		free(p);
		return NULL;
	}
	if (how != TEXT_REGEX && how != TEXT_LETTERS)
		for (char *s = p->text; *s; s++)
			*s = fold(*s);
	return p;
}

void pattern_free(struct pattern *p)
{
	if (!p)
		return;
	if (p->how == TEXT_REGEX)
		regfree(&p->re);
	free(p->text);
	free(p);
}

/* `needle` is folded already. Texts are short: no index is worth its making. */
static bool has(const char *needle, const char *text)
{
	size_t n = strlen(needle);

	for (; *text; text++) {
		size_t i = 0;

		while (i < n && needle[i] == fold(text[i]))
			i++;
		if (i == n)
			return true;
	}
	return n == 0;
}

static bool equal_or_glob(const struct pattern *p, const char *text)
{
	return p->glob ? str_glob(p->text, text) : str_ieq(p->text, text);
}

/* The name, the name without tag and digest, and either from any '/' on. */
static bool match_name(const struct pattern *p, const char *name)
{
	char bare[MAX_TEXT];
	const char *slash, *tag;

	if (!str_copy(bare, sizeof(bare), name))
		return has(p->text, name);
	slash = strrchr(name, '/');
	tag = strpbrk(slash ? slash : name, ":@");
	if (tag)
		bare[tag - name] = '\0';
	for (size_t i = 0;;) {
		const char *next = strchr(bare + i, '/');

		if (equal_or_glob(p, name + i) || equal_or_glob(p, bare + i))
			return true;
		if (!next)
			return false;
		i = (size_t)(next - bare) + 1;
	}
}

static bool match_item(const struct pattern *p, const char *list)
{
	char item[MAX_TEXT];

	while (*list) {
		const char *end = strstr(list, ", ");
		size_t n = end ? (size_t)(end - list) : strlen(list);

		if (n < sizeof(item)) {
			memcpy(item, list, n);
			item[n] = '\0';
			if (equal_or_glob(p, item))
				return true;
		}
		list += n + (end ? 2 : 0);
	}
	return false;
}

/* "TG" of "grype, trivy": the same first letters, each once, in any order. */
static bool match_letters(const struct pattern *p, const char *list)
{
	bool want[26] = { false }, have[26] = { false };

	if (!is_capitals(p->text))
		return match_item(p, list);
	for (const char *s = p->text; *s; s++)
		want[*s - 'A'] = true;
	while (*list) {
		char c = fold(*list);
		const char *end = strstr(list, ", ");

		if (c >= 'a' && c <= 'z')
			have[c - 'a'] = true;
		list = end ? end + 2 : "";
	}
	return memcmp(want, have, sizeof(want)) == 0;
}

static bool match_regex(const struct pattern *p, const char *text)
{
	char head[MAX_TEXT];

	if (strlen(text) < sizeof(head))
		return regexec(&p->re, text, 0, NULL, 0) == 0;
	memcpy(head, text, sizeof(head) - 1);
	head[sizeof(head) - 1] = '\0';
	return regexec(&p->re, head, 0, NULL, 0) == 0;
}

bool pattern_match(const struct pattern *p, const char *text)
{
	switch (p->how) {
	case TEXT_HAS:
		return has(p->text, text);
	case TEXT_EQUAL:
		return str_ieq(p->text, text);
	case TEXT_GLOB:
		return str_glob(p->text, text);
	case TEXT_REGEX:
		return match_regex(p, text);
	case TEXT_NAME:
		return match_name(p, text);
	case TEXT_ITEM:
		return match_item(p, text);
	case TEXT_LETTERS:
		return match_letters(p, text);
	case TEXT_HOW_COUNT:
		break;
	}
	return false;
}

const char *fields_find(const char *fields, const char *name, size_t *n)
{
	size_t len = strlen(name);
	const char *end;

	while (*fields) {
		if (strncmp(fields, name, len) == 0 && fields[len] == '\t') {
			*n = strcspn(fields + len + 1, "\n");
			return fields + len + 1;
		}
		end = strchr(fields, '\n');
		if (!end)
			break;
		fields = end + 1;
	}
	return NULL;
}

enum text_how filter_how(const struct filter *test, const struct column *c)
{
	enum match match = c->field ? c->field->match : MATCH_EXACT;

	if (test->op == FILTER_HAS)
		return TEXT_HAS;
	if (test->op == FILTER_REGEX)
		return TEXT_REGEX;
	if (test->op == FILTER_WHOLE)
		return TEXT_EQUAL;
	if (test->col == FILTER_ANY)
		return TEXT_GLOB;
	if (match == MATCH_NAME)
		return TEXT_NAME;
	if (match == MATCH_LETTERS)
		return TEXT_LETTERS;
	if (c->type == VAL_LIST)
		return TEXT_ITEM;
	return test->op == FILTER_GLOB ? TEXT_GLOB : TEXT_EQUAL;
}
