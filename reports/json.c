/* SPDX-License-Identifier: MIT */
/* json.c - rows of lists, and documents, as JSON; nothing is kept in memory. */
#include "reports/doc.h"

static const char *list_name(const void *ctx, size_t i)
{
	const struct list_info *l = ctx;

	return l->col[i].name;
}

void json_row(struct out *o, const struct list_info *l, const struct row *r)
{
	struct jot j = { .out = o };

	jot_object(&j, NULL);
	jot_values(&j, list_name, l, r->val, l->ncol);
	jot_end(&j);
}

/*
 * ---- a document: { report, made, sections: [ { heading, level, content: [...] } ] } ----
 *
 * An entry of a section's content is { "text": ... }, { "facts": [ { name, value } ] } or
 * { "table": name, "rows": [ ... ] }.
 */

static void end_facts(struct doc *d)
{
	if (d->facts) {
		jot_end(&d->jot);
		jot_end(&d->jot);
	}
	d->facts = false;
}

static void end_section(struct doc *d)
{
	end_facts(d);
	if (d->section) {
		jot_end(&d->jot);
		jot_end(&d->jot);
	}
	d->section = false;
}

static void begin_section(struct doc *d, int level, const struct doc_place *place)
{
	end_section(d);
	jot_object(&d->jot, NULL);
	jot_text(&d->jot, "heading", place->text);
	jot_int(&d->jot, "level", level);
	jot_array(&d->jot, "content");
	d->section = true;
}

/* What comes before the first heading has a section without one. */
static void need_section(struct doc *d)
{
	if (!d->section)
		begin_section(d, 0, &(struct doc_place){ NULL, NULL });
}

static void begin(struct doc *d, const char *title)
{
	d->jot = (struct jot){ .out = d->out };
	jot_object(&d->jot, NULL);
	jot_text(&d->jot, "report", title);
	jot_time(&d->jot, "made", d->job->now);
	jot_array(&d->jot, "sections");
}

static void para(struct doc *d, const char *text)
{
	need_section(d);
	end_facts(d);
	jot_object(&d->jot, NULL);
	jot_text(&d->jot, "text", text);
	jot_end(&d->jot);
}

static void fact(struct doc *d, const char *name, const char *value)
{
	need_section(d);
	if (!d->facts) {
		jot_object(&d->jot, NULL);
		jot_array(&d->jot, "facts");
	}
	d->facts = true;
	jot_object(&d->jot, NULL);
	jot_text(&d->jot, "name", name);
	jot_text(&d->jot, "value", value);
	jot_end(&d->jot);
}

static void table(struct doc *d, const char *name, const struct doc_column *col, size_t n)
{
	(void)col;
	(void)n;
	need_section(d);
	end_facts(d);
	jot_object(&d->jot, NULL);
	jot_text(&d->jot, "table", name);
	jot_array(&d->jot, "rows");
}

static const char *column_name(const void *ctx, size_t i)
{
	const struct doc_column *col = ctx;

	return col[i].name;
}

static void row(struct doc *d, const struct value *v)
{
	jot_object(&d->jot, NULL);
	jot_values(&d->jot, column_name, d->col, v, d->ncol);
	jot_end(&d->jot);
}

static void table_end(struct doc *d)
{
	jot_end(&d->jot);
	jot_end(&d->jot);
}

static void end(struct doc *d)
{
	end_section(d);
	jot_end(&d->jot);
	jot_end(&d->jot);
}

const struct doc_ops doc_json = {
	.begin = begin,
	.heading = begin_section,
	.para = para,
	.fact = fact,
	.table = table,
	.row = row,
	.table_end = table_end,
	.end = end,
};
const struct format format_json = { { "json", ".json", "JSON, one object" }, &doc_json };
