/* SPDX-License-Identifier: MIT */
/* yaml.c - YAML becomes JSON, event by event. Spec: YAML 1.2, core schema. */
#include <stdlib.h>
#include <yaml.h>

#include "importers/read.h"
#include "importers/yaml.h"

#define FLUSH ((size_t)64 << 10)

struct level { /* an open sequence or mapping */
	bool   map;
	bool   value; /* a mapping: a value comes next, not a key */
	size_t n;     /* nodes so far, keys and values             */
	size_t anchor; /* number of the anchor it is, or NO_ANCHOR */
};
#define NO_ANCHOR SIZE_MAX

struct anchor { /* a node that may come again: a piece of the tape */
	char  *name;
	size_t from, to; /* to: 0 while it is open, when an alias to it would never end */
};

struct convert {
	yaml_parser_t  parser;
	json_more_fn  *more;
	void          *ctx;
	uint64_t       skip;
	yaml_put_fn   *put;
	void          *put_ctx;
	struct err    *e;
	struct level   level[READ_DEPTH];
	size_t         depth;
	struct buf     out;
	struct buf     tape; /* what was written since the first anchor of the document opened */
	size_t         taping; /* anchors that are open */
	struct anchor *anchor;
	size_t         nanchor;
	size_t         copied; /* bytes written for aliases in this document */
	size_t         line;   /* of the event in hand, from 1 */
	bool           any;    /* a document was written */
	bool           input_failed;
};

/* ---- output ---- */

static bool flush(struct convert *c)
{
	bool ok = c->out.len == 0 || c->put(c->put_ctx, c->out.s, c->out.len, c->e);

	buf_reset(&c->out);
	return ok;
}

static bool emit(struct convert *c, const char *s, size_t n)
{
	buf_add(&c->out, s, n);
	if (c->taping > 0) {
		if (c->tape.len + n > YAML_ALIAS)
			return err_set(c->e, ERR_LIMIT, "line %zu: more than %zu MiB below anchors",
			               c->line, YAML_ALIAS >> 20);
		buf_add(&c->tape, s, n);
	}
	return c->out.len < FLUSH || flush(c);
}

static bool bad(struct convert *c, const char *what)
{
	return err_set(c->e, ERR_FORMAT, "line %zu: %s", c->line, what);
}

static void quote(const char *s, size_t n, struct buf *b)
{
	buf_addc(b, '"');
	for (size_t i = 0; i < n; i++) {
		unsigned char ch = (unsigned char)s[i];

		if (ch == '"' || ch == '\\')
			buf_addc(b, '\\');
		if (ch < 0x20)
			buf_addf(b, "\\u%04x", ch);
		else
			buf_addc(b, s[i]);
	}
	buf_addc(b, '"');
}

/* ---- the value of a plain scalar ---- */

static bool is_null(const char *s)
{
	static const char *const word[] = { "", "~", "null", "Null", "NULL" };

	for (size_t i = 0; i < LENGTH(word); i++)
		if (str_eq(s, word[i]))
			return true;
	return false;
}

static const char *boolean(const char *s)
{
	static const char *const word[] = { "true", "True", "TRUE", "false", "False", "FALSE" };

	for (size_t i = 0; i < LENGTH(word); i++)
		if (str_eq(s, word[i]))
			return i < 3 ? "true" : "false";
	return NULL;
}

static size_t digits(const char *s, size_t n, size_t i)
{
	while (i < n && s[i] >= '0' && s[i] <= '9')
		i++;
	return i;
}

/* Is this a number as JSON writes it? */
static bool is_number(const char *s, size_t n)
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

static void plain(const char *s, size_t n, struct buf *b)
{
	if (is_null(s))
		buf_adds(b, "null");
	else if (boolean(s) != NULL)
		buf_adds(b, boolean(s));
	else if (is_number(s, n))
		buf_add(b, s, n);
	else
		quote(s, n, b);
}

/* ---- nodes ---- */

static bool at_key(const struct convert *c)
{
	return c->depth > 0 && c->level[c->depth - 1].map && !c->level[c->depth - 1].value;
}

/* What stands between this node and the one before. */
static bool begin_node(struct convert *c)
{
	struct level *l;

	if (c->depth == 0)
		return true;
	l = &c->level[c->depth - 1];
	if (l->map && l->value)
		return emit(c, ":", 1);
	return l->n == 0 || emit(c, ",", 1);
}

static void end_node(struct convert *c)
{
	struct level *l;

	if (c->depth == 0)
		return;
	l = &c->level[c->depth - 1];
	if (l->map)
		l->value = !l->value;
	l->n++;
}

static size_t anchor_open(struct convert *c, const char *name)
{
	if (name == NULL)
		return NO_ANCHOR;
	c->anchor = xrealloc_array(c->anchor, c->nanchor + 1, sizeof(*c->anchor));
	c->anchor[c->nanchor] = (struct anchor){ .name = xstrdup(name), .from = c->tape.len };
	c->taping++;
	return c->nanchor++;
}

static void anchor_close(struct convert *c, size_t i)
{
	if (i == NO_ANCHOR)
		return;
	c->anchor[i].to = c->tape.len;
	c->taping--;
}

static bool scalar(struct convert *c, const yaml_event_t *ev)
{
	struct buf b = BUF_INIT;
	const char *s = (const char *)ev->data.scalar.value;
	size_t n = ev->data.scalar.length, anchor;
	bool ok;

	if (c->depth == 0 && ev->data.scalar.plain_implicit && is_null(s))
		return true; /* an empty document */
	if (c->depth == 0)
		return bad(c, "neither a list nor a mapping");
	if (!begin_node(c))
		return false;
	anchor = anchor_open(c, (const char *)ev->data.scalar.anchor);
	if (ev->data.scalar.plain_implicit && !at_key(c))
		plain(s, n, &b);
	else
		quote(s, n, &b);
	ok = emit(c, b.s, b.len);
	buf_release(&b);
	anchor_close(c, anchor);
	end_node(c);
	return ok;
}

static bool alias(struct convert *c, const char *name)
{
	const struct anchor *a = NULL;
	struct buf copy = BUF_INIT;
	bool ok;

	for (size_t i = c->nanchor; i > 0 && a == NULL; i--)
		if (str_eq(c->anchor[i - 1].name, name))
			a = &c->anchor[i - 1];
	if (a == NULL || a->to == 0)
		return bad(c, a == NULL ? "an alias without its anchor"
					: "an alias inside its own anchor");
	if (at_key(c) && c->tape.s[a->from] != '"')
		return bad(c, "a key that is not text");
	c->copied += a->to - a->from;
	if (c->copied > YAML_ALIAS)
		return err_set(c->e, ERR_LIMIT, "line %zu: aliases repeat more than %zu MiB",
		               c->line, YAML_ALIAS >> 20);
	buf_add(&copy, c->tape.s + a->from, a->to - a->from); /* the tape may grow meanwhile */
	ok = begin_node(c) && emit(c, copy.s, copy.len);
	buf_release(&copy);
	end_node(c);
	return ok;
}

static bool open_level(struct convert *c, bool map, const char *anchor)
{
	if (at_key(c))
		return bad(c, "a key that is not text");
	if (c->depth == READ_DEPTH)
		return err_set(c->e, ERR_LIMIT, "line %zu: nested deeper than %d levels",
		               c->line, READ_DEPTH);
	if (!begin_node(c))
		return false;
	c->level[c->depth] = (struct level){ .map = map, .anchor = anchor_open(c, anchor) };
	c->depth++;
	return emit(c, map ? "{" : "[", 1);
}

static bool close_level(struct convert *c)
{
	const struct level *l = &c->level[c->depth - 1];

	if (!emit(c, l->map ? "}" : "]", 1))
		return false;
	anchor_close(c, l->anchor);
	c->depth--;
	end_node(c);
	if (c->depth > 0)
		return true;
	c->any = true;
	return emit(c, "\n", 1);
}

static void forget_anchors(struct convert *c)
{
	for (size_t i = 0; i < c->nanchor; i++)
		free(c->anchor[i].name);
	c->nanchor = c->taping = c->copied = 0;
	buf_reset(&c->tape);
}

static bool event(struct convert *c, const yaml_event_t *ev)
{
	c->line = ev->start_mark.line + 1;
	switch (ev->type) {
	case YAML_SCALAR_EVENT:
		return scalar(c, ev);
	case YAML_ALIAS_EVENT:
		return alias(c, (const char *)ev->data.alias.anchor);
	case YAML_SEQUENCE_START_EVENT:
		return open_level(c, false, (const char *)ev->data.sequence_start.anchor);
	case YAML_MAPPING_START_EVENT:
		return open_level(c, true, (const char *)ev->data.mapping_start.anchor);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		return close_level(c);
	case YAML_DOCUMENT_START_EVENT:
		forget_anchors(c);
		return true;
	default:
		return true;
	}
}

/* ---- input ---- */

static int input(void *ctx, unsigned char *dst, size_t size, size_t *n)
{
	struct convert *c = ctx;
	char block[4096];

	do {
		if (!c->more(c->ctx, block, size < sizeof(block) ? size : sizeof(block), n, c->e)) {
			c->input_failed = true;
			return 0;
		}
		if (*n > 0 && *n <= c->skip)
			c->skip -= *n;
		else
			break;
	} while (true);
	*n -= *n > 0 ? (size_t)c->skip : 0;
	memcpy(dst, block + c->skip, *n);
	c->skip = 0;
	return 1;
}

static bool parser_bad(struct convert *c)
{
	const yaml_parser_t *p = &c->parser;

	if (c->input_failed)
		return false;
	return err_set(c->e, ERR_FORMAT, "line %zu: not YAML: %s", p->problem_mark.line + 1,
	               p->problem != NULL ? p->problem : "cannot be understood");
}

static bool convert_all(struct convert *c)
{
	bool ok = true, end = false;

	while (ok && !end) {
		yaml_event_t ev;

		if (!yaml_parser_parse(&c->parser, &ev))
			return parser_bad(c);
		end = ev.type == YAML_STREAM_END_EVENT;
		ok = event(c, &ev);
		yaml_event_delete(&ev);
	}
	if (ok && !c->any)
		ok = emit(c, "null\n", 5);
	return ok && flush(c);
}

bool yaml_to_json(json_more_fn *more, void *ctx, uint64_t skip, yaml_put_fn *put, void *put_ctx,
                  struct err *e)
{
	struct convert *c = xcalloc(1, sizeof(*c));
	bool ok;

	*c = (struct convert){ .more = more,
			       .ctx = ctx,
			       .skip = skip,
			       .put = put,
			       .put_ctx = put_ctx,
			       .e = e,
			       .out = BUF_INIT,
			       .tape = BUF_INIT };
	if (!yaml_parser_initialize(&c->parser))
		die("out of memory");
	yaml_parser_set_encoding(&c->parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input(&c->parser, input, c);
	ok = convert_all(c);
	yaml_parser_delete(&c->parser);
	forget_anchors(c);
	free(c->anchor);
	buf_release(&c->out);
	buf_release(&c->tape);
	free(c);
	return ok;
}
