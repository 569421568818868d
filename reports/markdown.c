/* SPDX-License-Identifier: MIT */
/* markdown.c - documents as Markdown: tables as in GitHub's dialect. */
#include "reports/doc.h"
#include "reports/escape.h"

static void end_facts(struct doc *d)
{
	if (d->facts)
		out_puts(d->out, "\n");
	d->facts = false;
}

static void begin(struct doc *d, const char *title)
{
	out_puts(d->out, "# ");
	escape_markdown(d->out, title);
	out_puts(d->out, "\n\n");
}

static void heading(struct doc *d, int level, const struct doc_place *place)
{
	end_facts(d);
	out_printf(d->out, "%.*s ", level + 1, "####");
	escape_markdown(d->out, place->text);
	out_puts(d->out, "\n\n");
}

static void para(struct doc *d, const char *text)
{
	end_facts(d);
	escape_markdown(d->out, text);
	out_puts(d->out, "\n\n");
}

static void fact(struct doc *d, const char *name, const char *value)
{
	d->facts = true;
	out_puts(d->out, "- **");
	escape_markdown(d->out, name);
	out_puts(d->out, "**: ");
	escape_markdown(d->out, value);
	out_puts(d->out, "\n");
}

static bool is_number(enum value_type t)
{
	return t == VAL_INT || t == VAL_EPSS || t == VAL_SCORE || t == VAL_FAILS;
}

static void table(struct doc *d, const char *name, const struct doc_column *col, size_t n)
{
	(void)name;
	end_facts(d);
	for (size_t i = 0; i < n; i++) {
		out_puts(d->out, "| ");
		escape_markdown(d->out, col[i].head);
		out_puts(d->out, i + 1 < n ? " " : " |\n");
	}
	for (size_t i = 0; i < n; i++)
		out_printf(d->out, "| %s%s", is_number(col[i].type) ? "--:" : "---",
		           i + 1 < n ? " " : " |\n");
}

static void row(struct doc *d, const struct value *v)
{
	struct buf cell = BUF_INIT;

	for (size_t i = 0; i < d->ncol; i++) {
		buf_reset(&cell);
		value_print(&v[i], &cell);
		out_puts(d->out, "| ");
		escape_markdown(d->out, cell.s);
		out_puts(d->out, i + 1 < d->ncol ? " " : " |\n");
	}
	buf_release(&cell);
}

static void table_end(struct doc *d)
{
	out_puts(d->out, d->rows ? "\n" : "\nNothing to list.\n\n");
}

static void end(struct doc *d)
{
	end_facts(d);
}

const struct doc_ops doc_markdown = {
	.begin = begin,
	.heading = heading,
	.para = para,
	.fact = fact,
	.table = table,
	.row = row,
	.table_end = table_end,
	.end = end,
};
const struct format format_markdown = { { "md", ".md", "Markdown" }, &doc_markdown };
