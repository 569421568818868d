/* SPDX-License-Identifier: MIT */
/* detail.c - what the files that read one thing in full share. */
#include "store/detail.h"

void *detail_grow(struct arena *mem, const void *array, size_t size, size_t n, size_t *cap)
{
	void *grown;

	*cap = *cap ? *cap * 2 : 8;
	grown = arena_alloc(mem, array_size(*cap, size), alignof(max_align_t));
	if (n > 0)
		memcpy(grown, array, n * size);
	return grown;
}

bool detail_texts(struct stmt *s, struct arena *mem, const char *const **out, size_t *n,
		  struct err *e)
{
	const char **text = NULL;
	size_t cap = 0;

	*n = 0;
	while (db_next(s)) {
		DETAIL_MORE(mem, text, *n, cap);
		text[(*n)++] = arena_dup(mem, db_column_text(s, 0));
	}
	*out = (const char *const *)text;
	return db_done(s, e);
}

bool detail_text(struct stmt *s, struct arena *mem, const char **out, struct err *e)
{
	*out = db_next(s) ? arena_dup(mem, db_column_text(s, 0)) : "";
	return db_done(s, e);
}

bool detail_owner(struct store *st, const struct scope *near, size_t n, struct arena *mem,
		  const char **out, struct err *e)
{
	*out = NULL;
	for (size_t i = 0; i < n && !*out; i++)
		if (near[i].key[0] != 0 && !object_owner(st, &near[i], mem, out, e))
			return false;
	return true;
}

const char *detail_vulnerability_class(enum severity s)
{
	static const char *const names[SEV_COUNT] = {
		"vuln-critical", "vuln-high", "vuln-medium", "vuln-low", "vuln-low", "vuln-medium",
	};

	return names[s];
}
