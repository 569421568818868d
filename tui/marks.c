/* SPDX-License-Identifier: MIT */
/* marks.c - a sorted set of keys. */
#include <stdlib.h>

#include "tui/marks.h"

static int compare(const int64_t a[4], const int64_t b[4])
{
	for (int i = 0; i < 4; i++)
		if (a[i] != b[i])
			return a[i] < b[i] ? -1 : 1;
	return 0;
}

/* Index of the first mark that is not before the key. */
static size_t place(const struct marks *m, const int64_t key[4])
{
	size_t lo = 0, hi = m->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (compare(m->mark[mid].key, key) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

bool marks_have(const struct marks *m, const int64_t key[4])
{
	size_t i = place(m, key);

	return i < m->n && compare(m->mark[i].key, key) == 0;
}

bool marks_add(struct marks *m, const int64_t key[4])
{
	size_t i = place(m, key);

	if (i < m->n && compare(m->mark[i].key, key) == 0)
		return true;
	if (m->n == MARKS_MAX)
		return false;
	if (m->n == m->cap) {
		m->cap = m->cap > 0 ? m->cap * 2 : 16;
		m->mark = xrealloc_array(m->mark, m->cap, sizeof(*m->mark));
	}
	memmove(m->mark + i + 1, m->mark + i, sizeof(*m->mark) * (m->n - i));
	memcpy(m->mark[i].key, key, sizeof(m->mark[i].key));
	m->n++;
	return true;
}

void marks_remove(struct marks *m, const int64_t key[4])
{
	size_t i = place(m, key);

	if (i == m->n || compare(m->mark[i].key, key) != 0)
		return;
	memmove(m->mark + i, m->mark + i + 1, sizeof(*m->mark) * (m->n - i - 1));
	m->n--;
}

void marks_clear(struct marks *m)
{
	m->n = 0;
}

void marks_release(struct marks *m)
{
	free(m->mark);
	*m = (struct marks){ NULL, 0, 0 };
}
