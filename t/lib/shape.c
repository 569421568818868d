/* SPDX-License-Identifier: MIT */
/* shape.c - JSON written anew in another shape. */
#include "t/lib/shape.h"

#include <stdlib.h>

struct shape {
	struct shape *next, *first; /* its brother, its first child */
	const char   *key, *s;      /* of a member; of a scalar: its text */
	size_t        nkey, n;
	char          open;         /* '{', '[', or 0 for a scalar */
};

#define BLANKS " \t\r\n"

static void skip(const char **p)
{
	*p += strspn(*p, BLANKS);
}

static bool scalar(const char **p, const char **s, size_t *n)
{
	const char *start = *p;

	if (*start != '"') {
		*p += strcspn(start, BLANKS ",:{}[]\"");
	} else {
		for ((*p)++; **p != '"' && **p != 0; (*p)++)
			*p += **p == '\\' && (*p)[1] != 0;
		*p += **p == '"';
	}
	*s = start;
	*n = (size_t)(*p - start);
	return *n > 0 && (*start == '"' ? *n > 1 && (*p)[-1] == '"' :
	                                  strchr("-0123456789tfn", *start) != NULL);
}

static struct shape *parse(struct arena *mem, const char **p);

static bool children(struct arena *mem, const char **p, struct shape *v)
{
	struct shape **tail = &v->first;
	const char close = v->open == '{' ? '}' : ']', *key = NULL;
	size_t nkey = 0;

	for ((*p)++, skip(p); **p != close; skip(p)) {
		if (v->open == '{') {
			if (**p != '"' || !scalar(p, &key, &nkey) || (skip(p), *(*p)++ != ':'))
				return false;
		}
		if ((*tail = parse(mem, p)) == NULL)
			return false;
		(*tail)->key = key;
		(*tail)->nkey = nkey;
		tail = &(*tail)->next;
		skip(p);
		if (**p == ',')
			(*p)++;
		else if (**p != close)
			return false;
	}
	(*p)++;
	return true;
}

static struct shape *parse(struct arena *mem, const char **p)
{
	struct shape *v = arena_new(mem, struct shape);

	skip(p);
	if (**p != '{' && **p != '[')
		return scalar(p, &v->s, &v->n) ? v : NULL;
	v->open = **p;
	return children(mem, p, v) ? v : NULL;
}

struct shape *shape_parse(struct arena *mem, const char *text)
{
	struct shape *top = arena_new(mem, struct shape), **tail = &top->first;

	for (skip(&text); *text != 0; skip(&text)) {
		if ((*tail = parse(mem, &text)) == NULL)
			return NULL;
		tail = &(*tail)->next;
	}
	return top;
}

size_t shape_count(const struct shape *s)
{
	size_t n = 0;

	for (const struct shape *d = s->first; d != NULL; d = d->next)
		n++;
	return n;
}

static bool has(const struct shape *object, const char *key)
{
	for (const struct shape *m = object->first; m != NULL; m = m->next)
		if (m->key != NULL && m->nkey == strlen(key) + 2 &&
		    memcmp(m->key + 1, key, m->nkey - 2) == 0)
			return true;
	return false;
}

bool shape_have(const struct shape *s, const char *key)
{
	for (const struct shape *d = s->first; d != NULL; d = d->next)
		if (d->open != '{' || !has(d, key))
			return false;
	return s->first != NULL;
}

struct shape *shape_elements(const struct shape *s)
{
	bool array = s->first != NULL && s->first->next == NULL && s->first->open == '[';

	return array && s->first->first != NULL ? s->first : NULL;
}

/* ---- writing ---- */

static int by_key(const void *a, const void *b)
{
	const struct shape *x = *(const struct shape *const *)a;
	const struct shape *y = *(const struct shape *const *)b;
	size_t n = x->nkey < y->nkey ? x->nkey : y->nkey;
	int c = memcmp(x->key, y->key, n);

	return c != 0 ? c : (x->nkey > y->nkey) - (x->nkey < y->nkey);
}

struct shaping {
	enum shape_order order;
	bool             pretty;
	struct buf      *out;
};

static void line(const struct shaping *w, int depth)
{
	if (w->pretty)
		buf_addf(w->out, "\n%*s", 4 * depth, "");
}

static void write(const struct shaping *w, const struct shape *v, int depth);

static void write_children(const struct shaping *w, const struct shape *v, int depth)
{
	size_t n = shape_count(v), i = 0;
	const struct shape **all = xrealloc_array(NULL, n + 1, sizeof(*all));

	for (const struct shape *c = v->first; c != NULL; c = c->next)
		all[i++] = c;
	if (v->open == '{' && w->order != SHAPE_AS_IS)
		qsort(all, n, sizeof(const struct shape *), by_key);
	for (i = 0; i < n; i++) {
		const struct shape *c = all[v->open == '{' && w->order == SHAPE_REVERSED ?
		                            n - 1 - i : i];

		buf_adds(w->out, i > 0 ? "," : "");
		line(w, depth + 1);
		if (c->key != NULL) {
			buf_add(w->out, c->key, c->nkey);
			buf_adds(w->out, w->pretty ? " : " : ":");
		}
		write(w, c, depth + 1);
	}
	if (n > 0)
		line(w, depth);
	free(all);
}

static void write(const struct shaping *w, const struct shape *v, int depth)
{
	if (v->open == 0) {
		buf_add(w->out, v->s, v->n);
		return;
	}
	buf_addf(w->out, "%c", v->open);
	write_children(w, v, depth);
	buf_addf(w->out, "%c", v->open == '{' ? '}' : ']');
}

void shape_write(const struct shape *s, enum shape_order order, bool pretty, const char *end,
                 struct buf *out)
{
	const struct shaping w = { order, pretty, out };

	for (const struct shape *d = s->first; d != NULL; d = d->next) {
		write(&w, d, 0);
		buf_adds(out, end);
	}
}
