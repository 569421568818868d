/* SPDX-License-Identifier: MIT */
/* memo.c - small tables in memory that spare the database questions. */
#include <stdlib.h>

#include "store/memo.h"

/* Running out of memory ends the program, as with xmalloc. */
#define uthash_fatal(msg)	     die("out of memory")
#define HASH_FUNCTION(key, len, out) ((out) = (unsigned)hash64((key), (len)))
#include <uthash.h>

/* ---- names and their ids: open addressing, at most half full ---- */

static size_t place_of(const struct memo *m, uint64_t hash, const char *key, size_t len)
{
	size_t i = (size_t)hash & (m->cap - 1);

	for (; m->slot[i].key; i = (i + 1) & (m->cap - 1)) {
		const struct memo_slot *s = &m->slot[i];

		if (s->hash == hash && s->len == len && memcmp(s->key, key, len) == 0)
			break;
	}
	return i;
}

struct memo_key memo_key(struct arena *mem, const char *const *text, size_t n)
{
	size_t len = 0, at = 0;
	char *key;

	for (size_t i = 0; i < n; i++)
		len += (text[i] ? strlen(text[i]) : 0) + 1;
	key = arena_array(mem, char, len);
	for (size_t i = 0; i < n; i++) {
		size_t one = text[i] ? strlen(text[i]) + 1 : 1;

		memcpy(key + at, text[i] ? text[i] : "", one);
		at += one;
	}
	return (struct memo_key){ key, len };
}

static void memo_grow(struct memo *m)
{
	struct memo old = *m;

	m->cap = old.cap > 0 ? 2 * old.cap : 64;
	m->slot = xcalloc(m->cap, sizeof(*m->slot));
	for (size_t i = 0; i < old.cap; i++) {
		const struct memo_slot *s = &old.slot[i];

		if (s->key)
			m->slot[place_of(m, s->hash, s->key, s->len)] = *s;
	}
	free(old.slot);
}

bool memo_get(const struct memo *m, const char *key, size_t len, int64_t *id)
{
	const struct memo_slot *s;

	if (m->n == 0)
		return false;
	s = &m->slot[place_of(m, hash64(key, len), key, len)];
	if (s->key)
		*id = s->id;
	return s->key != NULL;
}

void memo_put(struct memo *m, const char *key, size_t len, int64_t id)
{
	uint64_t hash = hash64(key, len);
	struct memo_slot *s;

	if (m->n == MEMO_LIMIT)
		memo_reset(m);
	if (2 * (m->n + 1) > m->cap)
		memo_grow(m);
	s = &m->slot[place_of(m, hash, key, len)];
	if (s->key) {
		s->id = id;
		return;
	}
	*s = (struct memo_slot){ hash, id, arena_dupn(&m->mem, key, len), len };
	m->n++;
}

void memo_reset(struct memo *m)
{
	if (m->cap > 0)
		memset(m->slot, 0, m->cap * sizeof(*m->slot));
	m->n = 0;
	arena_reset(&m->mem);
}

void memo_release(struct memo *m)
{
	free(m->slot);
	arena_release(&m->mem);
	*m = (struct memo)MEMO_INIT;
}

/* ---- what belongs to a row ---- */

bool beside_get(const struct beside *b, int64_t row, int64_t *value)
{
	const struct beside_row *at;

	if (!b->at)
		return false;
	at = &b->at[(uint64_t)row % BESIDE_ROWS];
	if (at->row != row)
		return false;
	*value = at->value;
	return true;
}

void beside_put(struct beside *b, int64_t row, int64_t value)
{
	if (!b->at)
		b->at = xcalloc(BESIDE_ROWS, sizeof(*b->at));
	b->at[(uint64_t)row % BESIDE_ROWS] = (struct beside_row){ row, value };
}

void beside_release(struct beside *b)
{
	free(b->at);
	b->at = NULL;
}

/* ---- sets of keys: open addressing, at most half full ---- */

static size_t slot_of(const struct keyset *s, uint64_t key)
{
	size_t i = (size_t)hash64(&key, sizeof(key)) & (s->cap - 1);

	while (s->slot[i] != 0 && s->slot[i] != key)
		i = (i + 1) & (s->cap - 1);
	return i;
}

static void keyset_grow(struct keyset *s)
{
	struct keyset old = *s;

	s->cap = old.cap > 0 ? 2 * old.cap : 64;
	s->slot = xcalloc(s->cap, sizeof(*s->slot));
	for (size_t i = 0; i < old.cap; i++)
		if (old.slot[i] != 0)
			s->slot[slot_of(s, old.slot[i])] = old.slot[i];
	free(old.slot);
}

bool keyset_add(struct keyset *s, uint64_t key)
{
	size_t i;

	if (2 * (s->n + 1) > s->cap)
		keyset_grow(s);
	i = slot_of(s, key);
	if (s->slot[i] == key)
		return false;
	s->slot[i] = key;
	s->n++;
	return true;
}

bool keyset_has(const struct keyset *s, uint64_t key)
{
	return s->cap > 0 && s->slot[slot_of(s, key)] == key;
}

void keyset_release(struct keyset *s)
{
	free(s->slot);
	*s = (struct keyset)KEYSET_INIT;
}

/* ---- texts kept once ---- */

struct intern_entry {
	uint32_t id;
	UT_hash_handle hh;
};

uint32_t intern_add(struct intern *t, const char *s)
{
	struct intern_entry *found;
	size_t len;

	if (!s)
		return 0;
	len = strlen(s);
	HASH_FIND(hh, t->table, s, len, found);
	if (found)
		return found->id;
	if (t->n + 1 >= t->cap) {
		t->cap = t->cap > 0 ? 2 * t->cap : 64;
		t->text = xrealloc_array(t->text, t->cap, sizeof(*t->text));
	}
	found = arena_new(&t->mem, struct intern_entry);
	found->id = ++t->n;
	t->text[found->id] = arena_dupn(&t->mem, s, len);
	HASH_ADD_KEYPTR(hh, t->table, t->text[found->id], len, found);
	return found->id;
}

const char *intern_text(const struct intern *t, uint32_t i)
{
	return i > 0 ? t->text[i] : NULL;
}

void intern_release(struct intern *t)
{
	HASH_CLEAR(hh, t->table);
	free(t->text);
	arena_release(&t->mem);
	*t = (struct intern)INTERN_INIT;
}
