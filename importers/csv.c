/* SPDX-License-Identifier: MIT */
/* csv.c - comma-separated values: rows of cells, quoted where they need to be. */
#include <inttypes.h>
#include <stdlib.h>

#include "importers/csv.h"
#include "importers/read.h"

enum { BLOCK = 64 << 10 };

struct csv {
	struct pass *pass;
	char         comma; /* between two cells                   */
	char        *block; /* what was read last                  */
	size_t       n, at; /* bytes in it, and how many are taken */
	uint64_t     line;  /* of the next byte, from 1            */
	struct buf   text;  /* the row's cells, each with its NUL  */
	size_t       start[CSV_CELLS];
	const char  *cell[CSV_CELLS];
	struct csv_row row;
};

bool csv_open(const struct source *src, struct csv **out, struct err *e)
{
	struct csv *c = xcalloc(1, sizeof(*c));
	c->text = (struct buf)BUF_INIT;
	c->line = 1;
	c->comma = ',';
	*out = NULL;
	if (!pass_open(src, &c->pass, e)) {
		csv_close(c);
		return false;
	}
	c->block = xmalloc(BLOCK);
	*out = c;
	return true;
}

void csv_separator(struct csv *c, char separator)
{
	c->comma = separator;
}

void csv_close(struct csv *c)
{
	if (c == NULL)
		return;
	pass_close(c->pass);
	buf_release(&c->text);
	free(c->block);
	free(c);
}

uint64_t csv_done(const struct csv *c)
{
	return pass_done(c->pass);
}

/* The next byte without taking it; -1 at the end. */
static bool look(struct csv *c, int *byte, struct err *e)
{
	if (c->at == c->n) {
		c->at = 0;
		if (!pass_read(c->pass, c->block, BLOCK, &c->n, e))
			return false;
	}
	*byte = c->n == 0 ? -1 : (unsigned char)c->block[c->at];
	return true;
}

static void take(struct csv *c)
{
	c->line += c->block[c->at] == '\n';
	c->at++;
}

static bool add(struct csv *c, int byte, struct err *e)
{
	if (c->text.len == CSV_ROW)
		return err_set(e, ERR_LIMIT, "line %" PRIu64 ": a row longer than %zu bytes",
		               c->row.line, CSV_ROW);
	buf_addc(&c->text, (char)byte);
	return true;
}

/* Behind an opening quote, up to and with the closing one. */
static bool read_quoted(struct csv *c, struct err *e)
{
	int byte;
	for (;;) {
		if (!look(c, &byte, e))
			return false;
		if (byte < 0)
			return err_set(e, ERR_FORMAT,
			               "line %" PRIu64 ": a quote that is not closed", c->row.line);
		take(c);
		if (byte == '"') {
			if (!look(c, &byte, e))
				return false;
			if (byte != '"')
				return true;
			take(c);
		}
		if (!add(c, byte, e))
			return false;
	}
}

/* One cell up to the comma or line end behind it, which is left where it is. */
static bool read_cell(struct csv *c, struct err *e)
{
	int byte;
	if (!look(c, &byte, e))
		return false;
	if (byte == '"') {
		take(c);
		if (!read_quoted(c, e) || !look(c, &byte, e))
			return false;
	}
	while (byte >= 0 && byte != c->comma && byte != '\n') {
		take(c);
		if ((byte != '\r' && !add(c, byte, e)) || !look(c, &byte, e))
			return false;
	}
	return add(c, 0, e);
}

static bool read_row(struct csv *c, struct err *e)
{
	int byte;
	buf_reset(&c->text);
	c->row.ncell = 0;
	c->row.line = c->line;
	do {
		if (c->row.ncell == CSV_CELLS)
			return err_set(e, ERR_LIMIT, "line %" PRIu64 ": more than %d cells",
			               c->row.line, CSV_CELLS);
		c->start[c->row.ncell++] = c->text.len;
		if (!read_cell(c, e) || !look(c, &byte, e))
			return false;
		if (byte >= 0)
			take(c);
	} while (byte == c->comma);
	for (size_t i = 0; i < c->row.ncell; i++) /* only now, for the buffer moves as it grows */
		c->cell[i] = c->text.s + c->start[i];
	c->row.cell = c->cell;
	return true;
}

bool csv_next(struct csv *c, const struct csv_row **row, struct err *e)
{
	int byte;
	*row = NULL;
	for (;;) {
		if (!look(c, &byte, e))
			return false;
		if (byte < 0)
			return true;
		if (!read_row(c, e))
			return false;
		if (c->row.ncell > 1 || c->cell[0][0] != '\0') {
			*row = &c->row;
			return true;
		}
	}
}

const char *csv_cell(const struct csv_row *row, size_t column)
{
	return column < row->ncell && row->cell[column][0] != '\0' ? row->cell[column] : NULL;
}

bool csv_skip(struct sink *sink, const struct csv_row *row, const char *reason, struct err *e)
{
	return read_skip_line(sink, row->line, reason, e);
}

bool csv_heads(const char *text, char separator, const char *const *column, size_t n)
{
	struct err ignored = ERR_INIT;
	const struct csv_row *row;
	struct source *src;
	struct csv *c = NULL;
	size_t length = strcspn(text, "\r\n"), i = 0;

	if (length == 0 || !source_open_bytes("head", text, length, &src, &ignored))
		return false;
	if (csv_open(src, &c, &ignored)) {
		csv_separator(c, separator);
		if (csv_next(c, &row, &ignored) && row != NULL)
			while (i < n && str_index(row->cell, row->ncell, column[i]) >= 0)
				i++;
	}
	csv_close(c);
	source_close(src);
	return i == n;
}

bool csv_each_line(const struct source *src, csv_line_fn *fn, void *ctx, struct err *e)
{
	const struct csv_row *row = NULL;
	struct csv *csv = NULL;
	bool ok = csv_open(src, &csv, e);

	if (ok)
		csv_separator(csv, '\001');
	while (ok && (ok = csv_next(csv, &row, e)) && row != NULL)
		ok = fn(ctx, row->cell[0], e);
	csv_close(csv);
	return ok;
}
