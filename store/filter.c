/* SPDX-License-Identifier: MIT */
/* filter.c - the filter language: text to tree. */
#include "store/filter.h"

enum { MAX_DEPTH = 64, MAX_TERMS = 256 };

struct parser {
	const struct list_def *def;
	const char *text;
	size_t at;    /* next byte to read   */
	size_t fault; /* where an error lies */
	int64_t now;
	struct arena *mem;
	int depth;
	size_t terms;
	struct err *e;
};

static bool parse_or(struct parser *p, const struct filter **out);

const struct filter *filter_node(struct arena *mem, enum filter_op op, const struct filter *left,
				 const struct filter *right)
{
	struct filter *f = arena_new(mem, struct filter);

	*f = (struct filter){ .op = op, .left = left, .right = right };
	return f;
}

static bool fail(struct parser *p, size_t at, const char *what)
{
	p->fault = at;
	return err_set(p->e, ERR_USAGE, "%s", what);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '.';
}

static void skip_blanks(struct parser *p)
{
	while (is_blank(p->text[p->at]))
		p->at++;
}

/* Is the next word `or` (or whatever `word` is)? Leaves it there. */
static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool next_is(const struct parser *p, const char *word)
{
	const char *s = p->text + p->at;
	size_t n = strlen(word);
	char head[8];

	if (strnlen(s, n) < n || n >= sizeof(head))
		return false;
	memcpy(head, s, n);
	head[n] = '\0';
	return str_ieq(head, word) &&
	       (s[n] == '\0' || is_blank(s[n]) || s[n] == '(' || s[n] == ')');
}

/* Text between two equal marks; a mark inside is written with a backslash before it. */
static bool scan_quoted(struct parser *p, char mark, const char **out)
{
	struct buf b = BUF_INIT;
	size_t start = p->at++;

	for (; p->text[p->at] != mark; p->at++) {
		if (p->text[p->at] == '\0') {
			buf_release(&b);
			return fail(p, start,
				    mark == '/' ? "this / has no second one"
						: "this quote is not closed");
		}
		if (p->text[p->at] == '\\' && p->text[p->at + 1] == mark)
			p->at++;
		buf_addc(&b, p->text[p->at]);
	}
	p->at++;
	*out = arena_dupn(p->mem, b.s, b.len);
	buf_release(&b);
	return true;
}

/* A word ends at a blank, or at a bracket that it did not open itself: 164.308(a)(5) is one word.
 */
static const char *scan_word(struct parser *p)
{
	size_t start = p->at, open = 0;

	for (; p->text[p->at] != '\0' && !is_blank(p->text[p->at]); p->at++) {
		if (p->text[p->at] == '(')
			open++;
		else if (p->text[p->at] == ')' && open-- == 0)
			break;
	}
	return arena_dupn(p->mem, p->text + start, p->at - start);
}

static bool scan_value(struct parser *p, struct filter_word *w)
{
	char c = p->text[p->at];

	*w = (struct filter_word){ NULL, false, false };
	if (c == '"' || c == '\'') {
		w->quoted = true;
		return scan_quoted(p, c, &w->text);
	}
	if (c == '/') {
		w->regex = true;
		return scan_quoted(p, c, &w->text);
	}
	w->text = scan_word(p);
	return true;
}

/* The relation written at `s`, and its length; 0: there is none. */
static size_t relation(const char *s, enum filter_rel *rel)
{
	static const struct {
		const char *text;
		enum filter_rel rel;
	} known[] = {
		{ "<=", REL_LE }, { ">=", REL_GE }, { "!=", REL_NOT }, { "<", REL_LT },
		{ ">", REL_GT },  { "==", REL_WHOLE }, { "=", REL_IS },  { ":", REL_IS },
	};

	for (size_t i = 0; i < LENGTH(known); i++) {
		if (str_prefix(s, known[i].text)) {
			*rel = known[i].rel;
			return strlen(known[i].text);
		}
	}
	return 0;
}

static bool unknown_column(struct parser *p, const char *name, size_t at)
{
	struct buf b = BUF_INIT;

	buf_addf(&b, "no column '%s' here (quotes make it text); columns:", name);
	for (size_t i = 0; i < p->def->info.ncol; i++) {
		const struct column *c = &p->def->info.col[i];

		buf_addf(&b, "%s %s", i ? "," : "", c->brief ? c->brief : c->name);
	}
	fail(p, at, b.s);
	buf_release(&b);
	return false;
}

/* A list's own word stands for a filter of its own. */
static bool parse_meaning(struct parser *p, const char *means, const struct filter **out)
{
	struct parser inner = *p;

	inner.text = means;
	inner.at = 0;
	if (!parse_or(&inner, out))
		return fail(p, p->fault, "this word means nothing here");
	return true;
}

static const struct filter *any_text(struct parser *p, enum filter_op op, const char *text)
{
	struct filter *f = arena_new(p->mem, struct filter);

	*f = (struct filter){ .op = op, .col = FILTER_ANY, .value = { VAL_TEXT, { .s = text } } };
	return f;
}

static bool parse_bare(struct parser *p, const struct filter **out)
{
	size_t start = p->at;
	const char *word = scan_word(p);
	int col = list_column(p->def, word);

	p->fault = start;
	for (size_t i = 0; i < p->def->nword; i++)
		if (str_ieq(p->def->word[i].word, word))
			return parse_meaning(p, p->def->word[i].means, out);
	if (col >= 0 && p->def->info.col[col].type == VAL_FLAG)
		return filter_test(&p->def->info.col[col], (size_t)col, REL_IS,
				   &(struct filter_word){ "yes", false, false }, p->now, p->mem,
				   out, p->e);
	*out = filter_enum(p->def, word, p->mem);
	if (!*out)
		*out = any_text(p, strpbrk(word, "*?") ? FILTER_GLOB : FILTER_HAS, word);
	return true;
}

/* "api:2.14.1" and "sha256:ab12" are what people call images, and no columns with a value. */
static bool is_reference(const char *name, const char *value)
{
	size_t n = strcspn(value, " .");

	if (value[-1] != ':')
		return false;
	return str_eq(name, "sha256") ||
	       (value[n] == '.' && (is_digit(value[0]) || (value[0] == 'v' && is_digit(value[1]))));
}

static bool parse_test(struct parser *p, const char *name, size_t start, enum filter_rel rel,
		       const struct filter **out)
{
	int col = list_column(p->def, name);
	size_t value = p->at;
	struct filter_word w;

	if (col < 0 && is_reference(name, p->text + value)) {
		p->at = start;
		return parse_bare(p, out);
	}
	if (col < 0)
		return unknown_column(p, name, start);
	if (!scan_value(p, &w))
		return false;
	if (str_empty(w.text) && !w.quoted)
		return fail(p, value, "a value is missing here");
	p->fault = value;
	return filter_test(&p->def->info.col[col], (size_t)col, rel, &w, p->now, p->mem, out, p->e);
}

static bool parse_regex(struct parser *p, const struct filter **out)
{
	size_t start = p->at;
	const char *text;
	struct pattern *trial;

	if (!scan_quoted(p, '/', &text))
		return false;
	p->fault = start;
	trial = pattern_new(TEXT_REGEX, text, p->e);
	if (!trial)
		return false;
	pattern_free(trial);
	*out = any_text(p, FILTER_REGEX, text);
	return true;
}

static bool parse_term(struct parser *p, const struct filter **out)
{
	size_t start = p->at, n = 0;
	char c = p->text[start];
	const char *text;
	enum filter_rel rel;

	if (++p->terms > MAX_TERMS)
		return fail(p, start, "this filter has too many terms");
	if (c == '/')
		return parse_regex(p, out);
	if (c == '"' || c == '\'') {
		if (!scan_quoted(p, c, &text))
			return false;
		*out = any_text(p, FILTER_HAS, text);
		return true;
	}
	while (is_name(p->text[start + n]))
		n++;
	if (n > 0 && relation(p->text + start + n, &rel) > 0) {
		text = arena_dupn(p->mem, p->text + start, n);
		p->at = start + n + relation(p->text + start + n, &rel);
		return parse_test(p, text, start, rel, out);
	}
	if (relation(p->text + start, &rel) > 0)
		return fail(p, start, "a column's name is missing before this");
	return parse_bare(p, out);
}

static bool parse_bracket(struct parser *p, const struct filter **out)
{
	size_t start = p->at++;

	if (!parse_or(p, out))
		return false;
	skip_blanks(p);
	if (p->text[p->at] != ')')
		return fail(p, start, "this bracket is not closed");
	p->at++;
	return true;
}

static bool parse_unary(struct parser *p, const struct filter **out)
{
	bool ok;

	if (++p->depth > MAX_DEPTH)
		return fail(p, p->at, "this filter is nested too deep");
	if (p->text[p->at] == '!' && p->text[p->at + 1] != '=') {
		p->at++;
		skip_blanks(p);
		ok = parse_unary(p, out);
		if (ok)
			*out = filter_node(p->mem, FILTER_NOT, *out, NULL);
	} else if (p->text[p->at] == '(') {
		ok = parse_bracket(p, out);
	} else if (p->text[p->at] == '\0' || p->text[p->at] == ')' || next_is(p, "or") ||
		   next_is(p, "and")) {
		ok = fail(p, p->at, "a term is missing here");
	} else {
		ok = parse_term(p, out);
	}
	p->depth--;
	return ok;
}

static bool parse_and(struct parser *p, const struct filter **out)
{
	const struct filter *right;

	skip_blanks(p);
	if (!parse_unary(p, out))
		return false;
	for (;;) {
		skip_blanks(p);
		if (next_is(p, "and")) {
			p->at += 3;
			skip_blanks(p);
		} else if (p->text[p->at] == '\0' || p->text[p->at] == ')' || next_is(p, "or")) {
			return true;
		}
		if (!parse_unary(p, &right))
			return false;
		*out = filter_node(p->mem, FILTER_AND, *out, right);
	}
}

static bool parse_or(struct parser *p, const struct filter **out)
{
	const struct filter *right;

	if (!parse_and(p, out))
		return false;
	while (next_is(p, "or")) {
		p->at += 2;
		if (!parse_and(p, &right))
			return false;
		*out = filter_node(p->mem, FILTER_OR, *out, right);
	}
	return true;
}

bool filter_parse_for(const struct list_def *def, const char *text, int64_t now, struct arena *mem,
		      const struct filter **out, size_t *at, struct err *e)
{
	struct parser p = { .def = def, .text = text, .now = now, .mem = mem, .e = e };
	bool ok;

	*out = NULL;
	if (!text)
		return true;
	if (!utf8_valid(text, strlen(text))) {
		*at = 0;
		return err_set(e, ERR_USAGE, "this filter is not UTF-8 text");
	}
	skip_blanks(&p);
	if (text[p.at] == '\0')
		return true;
	ok = parse_or(&p, out);
	if (ok && text[p.at] == '\0')
		return true;
	if (ok)
		fail(&p, p.at, "this bracket was never opened");
	*at = p.fault;
	*out = NULL;
	return false;
}

bool filter_parse(enum list_id list, const char *text, int64_t now, struct arena *mem,
		  const struct filter **out, size_t *at, struct err *e)
{
	return filter_parse_for(list_def(list), text, now, mem, out, at, e);
}

bool filter_names(const struct filter *f, size_t col)
{
	if (!f)
		return false;
	if (f->op == FILTER_AND || f->op == FILTER_OR || f->op == FILTER_NOT)
		return filter_names(f->left, col) || filter_names(f->right, col);
	return f->col == col;
}
