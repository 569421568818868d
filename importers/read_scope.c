/* SPDX-License-Identifier: MIT */
/* read_scope.c - scopes and their fields become one tree of paths. */
#include <assert.h>

#include "importers/read_inner.h"

static struct node *node_new(struct paths *p)
{
	struct node *n = arena_new(&p->mem, struct node);

	n->scope = -1;
	return n;
}

static const struct edge *find_edge(const struct node *n, const char *key, size_t len)
{
	for (size_t i = 0; i < n->nedge; i++)
		if (n->edge[i].len == len && memcmp(n->edge[i].key, key, len) == 0)
			return &n->edge[i];
	return NULL;
}

/* A key with dots that no edge spells as a whole may be a path: {"a.b": 1} is {"a": {"b": 1}}. */
static const struct edge *find_dotted(const struct node *n, const char *key, size_t len)
{
	const struct edge *edge;
	const char *dot;

	while ((dot = memchr(key, '.', len)) != NULL) {
		edge = find_edge(n, key, (size_t)(dot - key));
		if (edge == NULL)
			return NULL;
		n = edge->to;
		len -= (size_t)(dot + 1 - key);
		key = dot + 1;
		edge = find_edge(n, key, len);
		if (edge != NULL)
			return edge;
	}
	return NULL;
}

/* Which memo a key at a node may be in. */
static size_t memo_slot(const struct node *n, const char *key, size_t len)
{
	uint32_t h = (uint32_t)((uintptr_t)n >> 4) * 31 + (uint32_t)len;

	if (len > 0)
		h = (h * 31 + (unsigned char)key[len / 2]) * 31 + (unsigned char)key[len - 1];
	return (h * UINT32_C(2654435769)) >> (32 - KEY_MEMO_BITS);
}

const struct edge *node_edge(struct key_memo *memo, const struct node *n, const char *key,
			     size_t len)
{
	struct key_memo *m = &memo[memo_slot(n, key, len)];
	const struct edge *edge;

	if (m->node == n && m->len == len && memcmp(m->key, key, len) == 0)
		return m->edge;
	edge = find_edge(n, key, len);
	if (edge == NULL)
		edge = find_dotted(n, key, len);
	if (len <= sizeof(m->key)) {
		*m = (struct key_memo){ .node = n, .edge = edge, .len = len };
		memcpy(m->key, key, len);
	}
	return edge;
}

static void add_edge(struct paths *p, struct node *n, const char *key, size_t len, struct node *to)
{
	struct edge *edge = arena_array(&p->mem, struct edge, n->nedge + 1);

	if (n->nedge > 0)
		memcpy(edge, n->edge, n->nedge * sizeof(*edge));
	edge[n->nedge++] = (struct edge){ key, len, to };
	n->edge = edge;
}

static void add_slot(struct paths *p, struct node *n, struct slot s)
{
	struct slot *slot = arena_array(&p->mem, struct slot, n->nslot + 1);

	if (n->nslot > 0)
		memcpy(slot, n->slot, n->nslot * sizeof(*slot));
	slot[n->nslot++] = s;
	n->raw |= (s.flags & READ_RAW) != 0;
	n->slot = slot;
}

/* Where a step of a path ends: at a dot, or at "[]", "{}" and "**". */
static size_t key_length(const char *s)
{
	size_t n = 0;

	for (;;) {
		n += strcspn(s + n, ".[{*");
		if (s[n] == 0 || s[n] == '.' || str_prefix(s + n, "[]") ||
		    str_prefix(s + n, "{}") || str_prefix(s + n, "**"))
			return n;
		n++;
	}
}

/*
 * The way from a node along a path; what it passed is told, for the kind of the slot and of the
 * scope.
 */
struct way {
	struct node *at;
	bool         element, member, mark; /* mark: the first pass comes this way */
	struct node *repeat_from, *repeat_to; /* the last key: from this node to that one */
	const char  *repeat;
	size_t       repeat_len;
};

static void way_step(struct way *w, struct node *to)
{
	w->at = to;
	to->first |= w->mark;
}

static void way_key(struct paths *p, struct way *w, const char *key, size_t len)
{
	const struct edge *edge = find_edge(w->at, key, len);
	struct node *to = edge != NULL ? edge->to : node_new(p);

	if (edge == NULL)
		add_edge(p, w->at, key, len, to);
	w->repeat = key;
	w->repeat_len = len;
	w->repeat_to = to;
	way_step(w, to);
}

static void way_inner(struct paths *p, struct way *w, struct node **inner)
{
	if (*inner == NULL)
		*inner = node_new(p);
	way_step(w, *inner);
}

/*
 * Follow `path` from w->at, adding what is not there; on each node on the way, `visit` (NULL:
 * none).
 */
static void way_follow(struct paths *p, struct way *w, const char *path,
		       void (*visit)(struct paths *, struct node *))
{
	while (*path != 0) {
		size_t n = key_length(path);

		if (visit != NULL)
			visit(p, w->at);
		if (n > 0) {
			way_key(p, w, path, n);
			path += n;
		} else if (str_prefix(path, "[]")) {
			way_inner(p, w, &w->at->element);
			w->element = true;
			path += 2;
		} else if (str_prefix(path, "{}")) {
			way_inner(p, w, &w->at->member);
			w->member = true;
			path += 2;
		} else if (str_prefix(path, "**")) {
			assert(w->repeat_to != NULL);
			if (find_edge(w->at, w->repeat, w->repeat_len) == NULL)
				add_edge(p, w->at, w->repeat, w->repeat_len, w->repeat_to);
			path += 2;
		}
		path += *path == '.';
	}
}

static void visit_parent(struct paths *p, struct node *n)
{
	if (n->scope >= 0) {
		p->parent[n->scope] = true;
		p->nested = true;
	}
}

static void add_scope(struct paths *p, size_t i)
{
	const char *path = p->scope[i].path;
	struct way w = { .at = p->under, .mark = true };

	way_follow(p, &w, path, NULL);
	assert(w.at->scope < 0);
	w.at->scope = (int)i;
	w.at->keyed = str_suffix(path, "{}");
	if (strstr(path, "**") != NULL)
		p->parent[i] = p->nested = true;
}

static void add_field(struct paths *p, size_t scope, size_t field)
{
	const struct read_field *f = &p->scope[scope].field[field];
	struct slot slot = { scope, field, f->flags };
	struct way w = { .at = p->under };

	way_follow(p, &w, p->scope[scope].path, NULL);
	w = (struct way){ .at = w.at, .mark = p->parent[scope] };
	if (f->name[0] == 0)
		w.at->self = true;
	way_follow(p, &w, f->name, NULL);
	if ((slot.flags & READ_RAW) == 0 && (w.element || w.member))
		slot.flags |= READ_LIST;
	if (w.member && (slot.flags & READ_LIST) != 0)
		slot.flags |= SLOT_KEYED;
	add_slot(p, w.at, slot);
	if ((slot.flags & READ_LIST) != 0 && !w.element) {
		way_inner(p, &w, &w.at->element);
		add_slot(p, w.at, slot);
	}
}

static void find_under(struct paths *p, const char *under)
{
	struct way w = { .at = p->top, .mark = true };

	p->top->first = true;
	way_follow(p, &w, under, NULL);
	p->under = w.at;
}

void paths_build(struct paths *p, const char *under, const struct read_scope *scope, size_t nscope)
{
	*p = (struct paths){ .scope = scope, .nscope = nscope };
	p->top = node_new(p);
	find_under(p, under != NULL ? under : "");
	p->parent = arena_array(&p->mem, bool, nscope + 1);
	for (size_t i = 0; i < nscope; i++)
		add_scope(p, i);
	for (size_t i = 0; i < nscope; i++) {
		struct way w = { .at = p->under };

		way_follow(p, &w, scope[i].path, visit_parent);
		if (scope[i].nfield > p->widest)
			p->widest = scope[i].nfield;
	}
	for (size_t i = 0; i < nscope; i++)
		for (size_t k = 0; k < scope[i].nfield; k++)
			add_field(p, i, k);
	p->at_top = nscope == 1 && scope[0].path[0] == 0 && p->under == p->top;
}

void paths_release(struct paths *p)
{
	arena_release(&p->mem);
}
