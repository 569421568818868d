/* SPDX-License-Identifier: MIT */
/* memo.h - small tables in memory that spare the database questions; private to store/. */
#ifndef MEMO_H
#define MEMO_H

#include "store/base/base.h"

/*
 * Names already looked up, and the ids they have. Bounded: when it holds MEMO_LIMIT names it is
 * emptied, since whatever it forgets can be asked again.
 */
#define MEMO_LIMIT 16384
struct memo_slot {
	uint64_t hash;
	int64_t id;
	const char *key; /* NULL: empty */
	size_t len;
};
struct memo {
	struct memo_slot *slot;
	size_t n, cap; /* cap is 0 or a power of two */
	struct arena mem;
};
#define MEMO_INIT                                                                                  \
	{                                                                                          \
		NULL, 0, 0, ARENA_INIT                                                             \
	}
bool memo_get(const struct memo *m, const char *key, size_t len, int64_t *id);
void memo_put(struct memo *m, const char *key, size_t len, int64_t id);
/* n texts (NULL as "") in a row, none taken for part of another: a key, in `mem`. */
struct memo_key {
	const char *s;
	size_t len;
};
struct memo_key memo_key(struct arena *mem, const char *const *text, size_t n);
void memo_reset(struct memo *m); /* forget all */
void memo_release(struct memo *m);

/*
 * What belongs to a row's number, by the last bits of the number: a later row may take the place of
 * an earlier one, since that, too, can be asked again. Rows of one report lie side by side.
 */
#define BESIDE_ROWS 32768
struct beside {
	struct beside_row {
		int64_t row, value; /* row 0: empty */
	} *at;			    /* NULL: nothing yet */
};
bool beside_get(const struct beside *b, int64_t row, int64_t *value);
void beside_put(struct beside *b, int64_t row, int64_t value);
void beside_release(struct beside *b);

/* A set of 64-bit keys, none of them 0. */
struct keyset {
	uint64_t *slot;
	size_t n, cap; /* cap is 0 or a power of two */
};
#define KEYSET_INIT                                                                                \
	{                                                                                          \
		NULL, 0, 0                                                                         \
	}
bool keyset_add(struct keyset *s, uint64_t key); /* true: it is new */
bool keyset_has(const struct keyset *s, uint64_t key);
void keyset_release(struct keyset *s);

/* Texts kept once, and numbered from 1 in order of arrival; 0 is NULL. */
struct intern_entry;
struct intern {
	struct intern_entry *table;
	const char **text;
	uint32_t n, cap;
	struct arena mem;
};
#define INTERN_INIT                                                                                \
	{                                                                                          \
		NULL, NULL, 0, 0, ARENA_INIT                                                       \
	}
uint32_t intern_add(struct intern *t, const char *s);
const char *intern_text(const struct intern *t, uint32_t i); /* NULL for 0 */
void intern_release(struct intern *t);

#endif
