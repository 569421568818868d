/* SPDX-License-Identifier: MIT */
/* doc.c - what every report says through: facts, tables, lists of the store. */
#include "reports/doc.h"

void doc_heading(struct doc *d, int level, const char *text)
{
	d->ops->heading(d, level, text);
}

void doc_para(struct doc *d, const char *fmt, ...)
{
	struct buf b = BUF_INIT;
	va_list ap;

	va_start(ap, fmt);
	buf_addv(&b, fmt, ap);
	va_end(ap);
	d->ops->para(d, b.s);
	buf_release(&b);
}

void doc_fact(struct doc *d, const char *name, const char *fmt, ...)
{
	struct buf b = BUF_INIT;
	va_list ap;

	va_start(ap, fmt);
	buf_addv(&b, fmt, ap);
	va_end(ap);
	if (b.len)
		d->ops->fact(d, name, b.s);
	buf_release(&b);
}

void doc_table(struct doc *d, const char *name, const struct doc_column *col, size_t n)
{
	d->col = col;
	d->ncol = n;
	d->table = name;
	d->rows = 0;
	d->ops->table(d, name, col, n);
}

bool doc_row(struct doc *d, const struct value *v, struct err *e)
{
	d->ops->row(d, v);
	d->rows++;
	if (out_failed(d->out))
		return err_set(e, ERR_IO, "the report cannot be written");
	if (d->job->tick && d->rows % 1000 == 0 && !d->job->tick(d->job->ctx, d->rows))
		return err_set(e, ERR_CANCEL, "stopped");
	return true;
}

void doc_table_end(struct doc *d)
{
	d->ops->table_end(d);
	d->table = NULL;
}

struct value value_text(const char *s)
{
	return (struct value){ VAL_TEXT, { .s = s ? s : "" } };
}

struct value value_of(enum value_type t, int64_t i)
{
	return (struct value){ t, { .i = i } };
}

struct value value_int(int64_t i)
{
	return value_of(VAL_INT, i);
}

/* ---- a list as a table ---- */

struct listing {
	struct doc *doc;
	const size_t *pick; /* columns of the list, in the order asked for */
	size_t n;
	struct value *cell;
};

static bool on_row(void *ctx, const struct row *r, struct err *e)
{
	struct listing *l = ctx;

	for (size_t i = 0; i < l->n; i++)
		l->cell[i] = r->val[l->pick[i]];
	return doc_row(l->doc, l->cell, e);
}

static bool pick_column(const struct list_info *info, const char *name, size_t len, size_t *out,
                        struct err *e)
{
	for (*out = 0; *out < info->ncol; (*out)++)
		if (strlen(info->col[*out].name) == len &&
		    memcmp(info->col[*out].name, name, len) == 0)
			return true;
	return err_set(e, ERR_USAGE, "the list %s has no column %.*s", info->name, (int)len, name);
}

bool doc_list(struct doc *d, const char *name, const struct list_query *q, const char *columns,
              struct err *e)
{
	const struct list_info *info = store_list(q->list);
	struct arena mem = ARENA_INIT;
	size_t *pick = arena_array(&mem, size_t, info->ncol), n = 0;
	struct doc_column *col = arena_array(&mem, struct doc_column, info->ncol);
	struct listing l = { d, pick, 0, arena_array(&mem, struct value, info->ncol) };
	bool ok = true;

	for (const char *p = columns; ok && *p && n < info->ncol; n++) {
		size_t len = strcspn(p, ",");

		ok = pick_column(info, p, len, &pick[n], e);
		if (ok)
			col[n] = (struct doc_column){ info->col[pick[n]].head,
				                      info->col[pick[n]].type };
		p += len + (p[len] == ',');
	}
	l.n = n;
	if (ok) {
		doc_table(d, name, col, n);
		ok = store_each(d->job->st, q, on_row, &l, e);
		doc_table_end(d);
	}
	arena_release(&mem);
	return ok;
}
