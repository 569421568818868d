/* SPDX-License-Identifier: MIT */
/*
 * gather.c - rows of integers kept in memory and written many at a time, sorted: a walk along a
 * table touches each of its pages once.
 */
#include <stdlib.h>

#include "store/gather.h"

#define ROOM_FIRST 64   /* rows; a power of two, as the next */
#define ROOM_LAST  8192
#define SLICE      512  /* rows given to one statement */

static int by_cells(const void *a, const void *b)
{
	const struct gathered *x = a, *y = b;

	for (int i = 0; i < GATHER_WIDTH; i++)
		if (x->cell[i] != y->cell[i])
			return x->cell[i] < y->cell[i] ? -1 : 1;
	return 0;
}

void rows_sort(void *base, size_t n, size_t size, int (*cmp)(const void *a, const void *b))
{
	const char *row = base;

	for (size_t i = 1; i < n; i++, row += size)
		if (cmp(row, row + size) > 0) {
			qsort(base, n, size, cmp);
			return;
		}
}

static bool give_both(struct db *db, const char *before, const char *sql, size_t n,
                      void (*fill)(const void *ctx, size_t i, struct given *row), const void *ctx,
                      struct err *e)
{
	struct given *slice = n > 0 ? xcalloc(n < SLICE ? n : SLICE, sizeof(*slice)) : NULL;
	bool ok = true;

	for (size_t at = 0; ok && at < n;) {
		size_t k = 0;

		for (; k < SLICE && at < n; k++, at++)
			fill(ctx, at, &slice[k]);
		db_give(db, slice, k);
		ok = !before || db_run(db_stmt(db, before), e);
		if (ok && (!before || db_changes(db) > 0))
			ok = db_run(db_stmt(db, sql), e);
	}
	db_give(db, NULL, 0);
	free(slice);
	return ok;
}

bool give_all(struct db *db, const char *sql, size_t n,
              void (*fill)(const void *ctx, size_t i, struct given *row), const void *ctx,
              struct err *e)
{
	return give_both(db, NULL, sql, n, fill, ctx, e);
}

static void fill_cells(const void *ctx, size_t i, struct given *row)
{
	const struct gathered *g = ctx;

	memcpy(row->n, g[i].cell, sizeof(g[i].cell));
}

bool gather_flush(struct db *db, struct gather *g, struct err *e)
{
	size_t n = g->n;

	if (n == 0)
		return true;
	g->n = 0;
	rows_sort(g->row, n, sizeof(*g->row), by_cells);
	return give_both(db, g->before, g->sql, n, fill_cells, g->row, e);
}

/* Twice the room, until it is all that may be; what was remembered is forgotten. */
static bool gather_grow(struct gather *g)
{
	if (g->room == ROOM_LAST)
		return false;
	g->room = g->room > 0 ? 2 * g->room : ROOM_FIRST;
	g->row = xrealloc_array(g->row, g->room, sizeof(*g->row));
	free(g->recent);
	g->recent = xcalloc(g->room, sizeof(*g->recent));
	return true;
}

bool gather_add(struct db *db, struct gather *g, struct gathered row, struct err *e)
{
	struct gathered *same;

	if (g->n == g->room && !gather_grow(g) && !gather_flush(db, g, e))
		return false;
	same = &g->recent[hash64(&row, sizeof(row)) & (g->room - 1)];
	if (memcmp(same, &row, sizeof(row)) == 0)
		return true;
	*same = row;
	g->row[g->n++] = row;
	return true;
}

void gather_release(struct gather *g)
{
	free(g->row);
	free(g->recent);
	g->row = g->recent = NULL;
	g->n = g->room = 0;
}
