/* SPDX-License-Identifier: MIT */
/* gather.h - rows of integers kept in memory and written many at a time, sorted. */
#ifndef GATHER_H
#define GATHER_H

#include "store/db.h"

#define GATHER_WIDTH 4
struct gathered {
	int64_t cell[GATHER_WIDTH];
};
struct gather {
	const char *sql; /* reads them from `given`; borrowed */
	/* Run first over the same rows: where it changes nothing, `sql` would not; NULL: none. */
	const char *before;
	struct gathered *row, *recent;
	size_t n, room; /* rows; as many are remembered */
};
#define GATHER_INIT(text) { .sql = (text) }
/*
 * Writes what has come so far when there is no more room. A row that came a short while ago is let
 * fall: the statement has to bear those that come again later.
 */
bool gather_add(struct db *db, struct gather *g, struct gathered row, struct err *e) MUST_CHECK;
/* Before anything reads the table. */
bool gather_flush(struct db *db, struct gather *g, struct err *e) MUST_CHECK;
void gather_release(struct gather *g);

/* qsort, which what is in order already is spared. */
void rows_sort(void *base, size_t n, size_t size, int (*cmp)(const void *a, const void *b));

/* Run a statement over rows, a slice of `given` at a time; fill(ctx, i, row) makes row i. */
bool give_all(struct db *db, const char *sql, size_t n,
              void (*fill)(const void *ctx, size_t i, struct given *row), const void *ctx,
              struct err *e) MUST_CHECK;

#endif
