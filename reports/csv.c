/* SPDX-License-Identifier: MIT */
/* csv.c - tables as comma-separated values (RFC 4180); of a document, one block a table. */
#include "reports/doc.h"
#include "reports/escape.h"

static void end_of_line(struct out *o)
{
	out_puts(o, "\r\n");
}

static void put_cell(struct out *o, size_t i, const struct value *v, struct buf *cell)
{
	buf_reset(cell);
	value_print(v, cell);
	if (i)
		out_puts(o, ",");
	escape_csv(o, cell->s);
}

void csv_head(struct out *o, const struct list_info *l)
{
	for (size_t i = 0; i < l->ncol; i++) {
		if (i)
			out_puts(o, ",");
		escape_csv(o, l->col[i].name);
	}
	end_of_line(o);
}

void csv_row(struct out *o, const struct list_info *l, const struct row *r)
{
	struct buf cell = BUF_INIT;

	for (size_t i = 0; i < l->ncol; i++)
		put_cell(o, i, &r->val[i], &cell);
	end_of_line(o);
	buf_release(&cell);
}

/* ---- a document: what is not a table becomes lines of two cells ---- */

static void line(struct doc *d, const char *a, const char *b)
{
	escape_csv(d->out, a);
	out_puts(d->out, ",");
	escape_csv(d->out, b);
	end_of_line(d->out);
}

static void begin(struct doc *d, const char *title)
{
	line(d, "report", title);
}

static void heading(struct doc *d, int level, const struct doc_place *place)
{
	(void)level;
	end_of_line(d->out);
	line(d, "section", place->text);
}

static void para(struct doc *d, const char *text)
{
	line(d, "text", text);
}

static void fact(struct doc *d, const char *name, const char *value)
{
	line(d, name, value);
}

static void table(struct doc *d, const char *name, const struct doc_column *col, size_t n)
{
	line(d, "table", name);
	for (size_t i = 0; i < n; i++) {
		if (i)
			out_puts(d->out, ",");
		escape_csv(d->out, col[i].name);
	}
	end_of_line(d->out);
}

static void row(struct doc *d, const struct value *v)
{
	struct buf cell = BUF_INIT;

	for (size_t i = 0; i < d->ncol; i++)
		put_cell(d->out, i, &v[i], &cell);
	end_of_line(d->out);
	buf_release(&cell);
}

static void nothing(struct doc *d)
{
	(void)d;
}

const struct doc_ops doc_csv = {
	.begin = begin,
	.heading = heading,
	.para = para,
	.fact = fact,
	.table = table,
	.row = row,
	.table_end = nothing,
	.end = nothing,
};
const struct format format_csv = { { "csv", ".csv", "Comma-separated values" }, &doc_csv };
