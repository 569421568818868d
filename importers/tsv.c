/* SPDX-License-Identifier: MIT */
/* tsv.c - tables of text: one line a row, tabs between the cells, no quoting. */
#include <inttypes.h>
#include <stdlib.h>

#include "importers/tsv.h"

#define BLOCK ((size_t)64 << 10)

struct tsv {
	struct pass   *pass;
	char          *block;         /* what was read last */
	size_t         nblock, taken; /* of it, and how much of that is used up */
	bool           ended;
	struct buf     line;
	const char    *cell[TSV_CELLS];
	struct tsv_row row;
};

static bool fill(struct tsv *t, struct err *e)
{
	t->taken = 0;
	if (!pass_read(t->pass, t->block, BLOCK, &t->nblock, e))
		return false;
	t->ended = t->nblock == 0;
	return true;
}

/* The next line without its end into t->line; *more is false when there is none. */
static bool next_line(struct tsv *t, bool *more, struct err *e)
{
	buf_reset(&t->line);
	*more = false;
	while (!t->ended) {
		const char *from = t->block + t->taken;
		size_t      left = t->nblock - t->taken;
		const char *end = left > 0 ? memchr(from, '\n', left) : NULL;
		size_t      n = end != NULL ? (size_t)(end - from) : left;

		*more = *more || left > 0;
		if (n > TSV_LINE - t->line.len)
			return err_set(e, ERR_LIMIT, "line %" PRIu64 " is longer than %zu bytes",
			               t->row.line + 1, TSV_LINE);
		buf_add(&t->line, from, n);
		t->taken += n + (end != NULL);
		if (end != NULL)
			break;
		if (!fill(t, e))
			return false;
	}
	t->row.line += *more;
	if (t->line.len > 0 && t->line.s[t->line.len - 1] == '\r')
		t->line.s[--t->line.len] = '\0';
	return true;
}

/* Cut t->line at its tabs. A cell that holds a NUL ends there. */
static void split(struct tsv *t)
{
	char *s = t->line.s, *end = s + t->line.len;

	t->row.ncell = 0;
	for (;;) {
		char *tab = memchr(s, '\t', (size_t)(end - s));

		if (tab != NULL)
			*tab = '\0';
		if (t->row.ncell < TSV_CELLS)
			t->cell[t->row.ncell] = *s == '\0' || str_eq(s, "-") ? NULL : s;
		t->row.ncell++;
		if (tab == NULL)
			return;
		s = tab + 1;
	}
}

static bool check_header(struct tsv *t, const char *const *column, size_t ncolumn, struct err *e)
{
	bool more;

	if (!next_line(t, &more, e))
		return false;
	split(t);
	for (size_t i = 0; i < ncolumn; i++) {
		const char *is = i < t->row.ncell && i < TSV_CELLS ? t->cell[i] : NULL;

		if (!str_eq(is, column[i]))
			return err_set(e, ERR_FORMAT, "line 1: column %zu is %s, want %s", i + 1,
			               is != NULL ? is : "missing", column[i]);
	}
	if (t->row.ncell > ncolumn)
		return err_set(e, ERR_FORMAT, "line 1: %zu columns, want %zu", t->row.ncell,
			       ncolumn);
	return true;
}

bool tsv_open(struct tsv **out, const struct source *src, const char *const *column, size_t ncolumn,
	      struct err *e)
{
	struct tsv *t = xcalloc(1, sizeof(*t));

	t->line = (struct buf)BUF_INIT;
	t->block = xmalloc(BLOCK);
	t->row.cell = t->cell;
	*out = t;
	if (pass_open(src, &t->pass, e) && check_header(t, column, ncolumn, e))
		return true;
	tsv_close(t);
	*out = NULL;
	return false;
}

bool tsv_next(struct tsv *t, const struct tsv_row **row, struct err *e)
{
	bool more;

	*row = NULL;
	do {
		if (!next_line(t, &more, e))
			return false;
		if (!more)
			return true;
	} while (t->line.len == 0 || t->line.s[0] == '#');
	split(t);
	*row = &t->row;
	return true;
}

uint64_t tsv_done(const struct tsv *t)
{
	return pass_done(t->pass);
}

void tsv_close(struct tsv *t)
{
	if (t == NULL)
		return;
	pass_close(t->pass);
	buf_release(&t->line);
	free(t->block);
	free(t);
}
