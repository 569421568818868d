/* SPDX-License-Identifier: MIT */
/* args.c - options of the command line: read, explained and listed from one table. */
#include "tui/args.h"

struct parse {
	const struct arg_table *table;
	size_t n;
	char *const *argv;
	int argc, at;
	struct err *e;
};

/* ---- which option is meant ---- */

static const struct arg *find(const struct parse *p, const char *name, size_t len, char letter,
                              void **into)
{
	for (size_t i = 0; i < p->n; i++)
		for (const struct arg *a = p->table[i].arg; a && a->name; a++) {
			bool same = letter ? a->letter == letter
			                   : strlen(a->name) == len &&
			                             memcmp(a->name, name, len) == 0;

			if (same) {
				*into = p->table[i].into;
				return a;
			}
		}
	return NULL;
}

/* How many letters two words share in front: enough to guess at a slip. */
static size_t shared(const char *a, const char *b, size_t len)
{
	size_t n = 0;

	while (n < len && a[n] && a[n] == b[n])
		n++;
	return n;
}

static bool unknown(const struct parse *p, const char *name, size_t len)
{
	const char *near = NULL;
	size_t best = 1;

	for (size_t i = 0; i < p->n; i++)
		for (const struct arg *a = p->table[i].arg; a && a->name; a++)
			if (shared(a->name, name, len) > best) {
				best = shared(a->name, name, len);
				near = a->name;
			}
	if (near)
		return err_set(p->e, ERR_USAGE,
		               "there is no option --%.*s here; did you mean --%s?", (int)len, name,
		               near);
	return err_set(p->e, ERR_USAGE, "there is no option --%.*s here", (int)len, name);
}

/* ---- taking one ---- */

static bool store_value(const struct parse *p, const struct arg *a, void *into, const char *value)
{
	char *field = (char *)into + a->at;

	if (a->type == ARG_FLAG) {
		const bool yes = true;

		if (value)
			return err_set(p->e, ERR_USAGE, "--%s takes no value", a->name);
		memcpy(field, &yes, sizeof(yes));
		return true;
	}
	if (!value)
		return err_set(p->e, ERR_USAGE, "--%s needs a value: %s", a->name, a->value);
	memcpy(field, &value, sizeof(value));
	return true;
}

static const char *next_value(struct parse *p, const struct arg *a)
{
	if (a->type == ARG_FLAG)
		return NULL;
	if (a->type == ARG_OPTIONAL)
		return "";
	return p->at + 1 < p->argc ? p->argv[++p->at] : NULL;
}

static bool take_long(struct parse *p, const char *word)
{
	const char *equals = strchr(word, '=');
	size_t len = equals ? (size_t)(equals - word) : strlen(word);
	void *into;
	const struct arg *a = find(p, word, len, 0, &into);

	if (!a)
		return unknown(p, word, len);
	return store_value(p, a, into, equals ? equals + 1 : next_value(p, a));
}

/* Letters may stand together; the first that takes a value takes the rest of the word, or the next
 * one. */
static bool take_short(struct parse *p, const char *word)
{
	for (; *word; word++) {
		void *into;
		const struct arg *a = find(p, NULL, 0, *word, &into);

		if (!a)
			return err_set(p->e, ERR_USAGE, "there is no option -%c here", *word);
		if (a->type != ARG_FLAG)
			return store_value(p, a, into, word[1] ? word + 1 : next_value(p, a));
		if (!store_value(p, a, into, NULL))
			return false;
	}
	return true;
}

bool args_parse(const struct arg_table *table, size_t n, int argc, char *const *argv,
                struct arena *mem, const char *const **operand, size_t *noperand, struct err *e)
{
	struct parse p = { table, n, argv, argc, 0, e };
	const char **rest = arena_array(mem, const char *, (size_t)argc + 1);
	bool open = true; /* no "--" so far */

	*operand = rest;
	*noperand = 0;
	for (; p.at < argc; p.at++) {
		const char *word = argv[p.at];

		if (!open || word[0] != '-' || !word[1])
			rest[(*noperand)++] = word;
		else if (str_eq(word, "--"))
			open = false;
		else if (!(word[1] == '-' ? take_long(&p, word + 2) : take_short(&p, word + 1)))
			return false;
	}
	return true;
}

void arg_print(const struct arg *a, struct buf *out)
{
	if (a->letter)
		buf_addf(out, "-%c, ", a->letter);
	buf_addf(out, "--%s", a->name);
	if (a->type == ARG_OPTIONAL)
		buf_addf(out, "[=%s]", a->value);
	else if (a->type == ARG_TEXT)
		buf_addf(out, " %s", a->value);
}

void args_help(const struct arg *arg, struct out *o)
{
	for (const struct arg *a = arg; a && a->name; a++) {
		struct buf left = BUF_INIT;

		arg_print(a, &left);
		out_printf(o, "  %-26s %s\n", left.s, a->help);
		buf_release(&left);
	}
}
