/* SPDX-License-Identifier: MIT */
/* tsv.h - tables of text: one line a row, tabs between the cells, no quoting. */
#ifndef TSV_H
#define TSV_H

#include "importers/source.h"

struct tsv; /* one pass over a source */

struct tsv_row {
	const char *const *cell;  /* NULL where it is empty or "-"; lives until the next row */
	size_t             ncell; /* as many as the line has: the caller compares            */
	uint64_t           line;  /* from 1                                                  */
};

#define TSV_LINE  ((size_t)1 << 20) /* longest line taken; ERR_LIMIT beyond  */
#define TSV_CELLS 64                /* further cells are counted, not handed over */

/*
 * Begin to read `src`, whose first line must name these columns; ERR_FORMAT says which one
 * differs. The names are borrowed only for this call. On failure *out is NULL.
 */
bool tsv_open(struct tsv **out, const struct source *src, const char *const *column, size_t ncolumn,
              struct err *e) MUST_CHECK;
/* The next row; NULL in *row at the end. Passes over empty lines and those that begin with '#'. */
bool tsv_next(struct tsv *t, const struct tsv_row **row, struct err *e) MUST_CHECK;
uint64_t tsv_done(const struct tsv *t); /* bytes of the source taken so far, for progress */
void tsv_close(struct tsv *t);          /* NULL is fine */

#endif
