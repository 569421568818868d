/* SPDX-License-Identifier: MIT */
/* csv.h - comma-separated values: rows of cells, quoted where they need to be. */
#ifndef CSV_H
#define CSV_H

#include "importers/source.h"

struct csv; /* one pass over a source */

struct csv_row {
	const char *const *cell;  /* decoded, NUL-terminated; lives until the next row */
	size_t             ncell;
	uint64_t           line;  /* of its first byte, from 1                         */
};

#define CSV_ROW   ((size_t)1 << 20) /* bytes of the longest row taken; ERR_LIMIT beyond */
#define CSV_CELLS 256               /* cells of a row; ERR_LIMIT beyond                 */

bool csv_open(const struct source *src, struct csv **out, struct err *e) MUST_CHECK;
/* What stands between two cells, instead of a comma; before the first row. */
void csv_separator(struct csv *c, char separator);
/*
 * The next row that is not empty; NULL in *row at the end. A cell in quotes may hold commas, line
 * ends and doubled quotes; a quote that is never closed is ERR_FORMAT and names the line.
 * Source: RFC 4180.
 */
bool csv_next(struct csv *c, const struct csv_row **row, struct err *e) MUST_CHECK;
/* The cell of this column; NULL when the row has none or it is empty. */
const char *csv_cell(const struct csv_row *row, size_t column);
/* Tell the sink that this row was skipped and why. */
bool csv_skip(struct sink *sink, const struct csv_row *row, const char *reason,
              struct err *e) MUST_CHECK;
/* Does the first line of this text name all these columns, in whatever order? */
bool csv_heads(const char *text, char separator, const char *const *column, size_t n);
uint64_t csv_done(const struct csv *c); /* bytes of the source as delivered taken so far */
void     csv_close(struct csv *c);      /* NULL is fine */
/* Every line of a text that is not empty, read as one cell; fn returns false to stop. */
typedef bool csv_line_fn(void *ctx, const char *line, struct err *e);
bool csv_each_line(const struct source *src, csv_line_fn *fn, void *ctx,
                   struct err *e) MUST_CHECK;

#endif
