/* SPDX-License-Identifier: MIT */
/* doc.c - what every report says through: facts, tables, lists of the store. */
#include <assert.h>
#include <inttypes.h>

#include "reports/doc.h"

enum { TICK_ROWS = 100 }; /* a watcher is told so often, and may stop it */

void doc_contents(struct doc *d, const struct doc_place *place, size_t n)
{
	if (d->ops->contents)
		d->ops->contents(d, place, n);
}

void doc_heading(struct doc *d, int level, const char *text)
{
	doc_place(d, level, &(struct doc_place){ NULL, text });
}

void doc_place(struct doc *d, int level, const struct doc_place *place)
{
	d->ops->heading(d, level, place);
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
	d->rows = 0;
	d->ops->table(d, name, col, n);
}

/* So many rows of it are told, in the words of report_job.tick. */
static bool doc_tick(const struct doc *d, int64_t rows, struct err *e)
{
	double share = d->parts > 0 ? (double)d->part / (double)d->parts : -1;

	return !d->job->tick || d->job->tick(d->job->ctx, rows, share) ||
	       err_set(e, ERR_CANCEL, "stopped");
}

bool doc_part(struct doc *d, struct err *e)
{
	d->part++;
	return doc_tick(d, d->told, e);
}

bool doc_parts_of(struct doc *d, const struct list_query *q, struct err *e)
{
	return !d->job->tick || store_count(d->job->st, q, &d->parts, e);
}

bool doc_part_of(struct doc *d, int64_t n, struct err *e)
{
	d->part = n < d->parts ? n : d->parts;
	return n % TICK_ROWS != 1 || doc_tick(d, n, e);
}

bool doc_row(struct doc *d, const struct value *v, struct err *e)
{
	d->ops->row(d, v);
	d->rows++;
	d->told++;
	if (out_failed(d->out))
		return err_set(e, ERR_IO, "the report cannot be written");
	return d->told % TICK_ROWS != 0 || doc_tick(d, d->told, e);
}

void doc_table_end(struct doc *d)
{
	d->ops->table_end(d);
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
	const struct list_info *info;
	const struct doc_rows *rows;
	struct arena mem, row; /* row: for one at a time */
	size_t *pick; /* columns of the list, in the order asked for */
	size_t n;
	struct doc_column *col;
	struct value *cell;
};

/* "first_seen" -> "First seen", "kev" -> "KEV". */
static const char *head_of(struct arena *mem, const char *name)
{
	static const char *const acronyms[] = { "KEV", "EPSS", "CVSS", "ID", "OS" };
	int acronym = str_index(acronyms, LENGTH(acronyms), name);
	char *head = arena_dup(mem, name);

	if (acronym >= 0)
		return acronyms[acronym];
	for (char *p = head; *p; p++)
		if (*p == '_' || *p == '.')
			*p = ' ';
	if (*head >= 'a' && *head <= 'z')
		*head = (char)(*head - 'a' + 'A');
	return head;
}

/* One column as it is asked for: "name" or "name=Head". */
static bool add_column(struct listing *l, const char *asked, size_t len, struct err *e)
{
	const struct list_info *info = l->info;
	const char *name = arena_dupn(&l->mem, asked, len), *head = NULL;
	size_t i = 0;

	if (strchr(name, '=')) {
		size_t n = strcspn(name, "=");

		head = name + n + 1;
		name = arena_dupn(&l->mem, name, n);
	}
	while (i < info->ncol && !str_eq(info->col[i].name, name))
		i++;
	if (i == info->ncol)
		return err_set(e, ERR_USAGE, "the list %s has no column %s", info->name, name);
	l->pick[l->n] = i;
	l->col[l->n++] = (struct doc_column){ name, head ? head : head_of(&l->mem, name),
		                              info->col[i].type };
	return true;
}

static bool add_columns(struct listing *l, const char *columns, struct err *e)
{
	size_t most = 1;

	for (const char *p = columns; *p; p++)
		most += *p == ',';
	l->pick = arena_array(&l->mem, size_t, most);
	l->col = arena_array(&l->mem, struct doc_column, most);
	l->cell = arena_array(&l->mem, struct value, most);
	for (const char *p = columns; *p;) {
		size_t len = strcspn(p, ",");

		if (!add_column(l, p, len, e))
			return false;
		p += len + (p[len] == ',');
	}
	return true;
}

static bool on_row(void *ctx, const struct row *r, struct err *e)
{
	struct listing *l = ctx;

	bool ok;

	for (size_t i = 0; i < l->n; i++)
		l->cell[i] = r->val[l->pick[i]];
	if (l->rows->leads)
		l->doc->leads = l->rows->leads(l->info, r, &l->row);
	ok = doc_row(l->doc, l->cell, e);
	l->doc->leads = NULL;
	arena_reset(&l->row);
	return ok;
}

/* The first rows only; what is cut is said. */
static bool tell_first(struct listing *l, const struct list_query *q, size_t most, bool *cut,
                       struct err *e)
{
	struct page page = PAGE_INIT;
	bool ok = store_page(l->doc->job->st, q, PAGE_TOP, NULL, most, &page, e);

	for (size_t i = 0; ok && i < page.nrow; i++)
		ok = on_row(l, &page.row[i], e);
	*cut = page.more_below;
	page_release(&page);
	return ok;
}

static bool tell_cut(struct doc *d, const struct list_query *q, size_t most, struct err *e)
{
	int64_t all;

	if (!store_count(d->job->st, q, &all, e))
		return false;
	doc_para(d, "The first %zu of %" PRId64 ".", most, all);
	return true;
}

bool doc_query(struct doc *d, const struct doc_rows *rows, struct arena *mem,
               struct list_query *out, struct err *e)
{
	const struct list_info *info = store_list(rows->list);
	size_t at;

	*out = (struct list_query){ .list = rows->list, .scope = rows->scope };
	for (size_t i = 0; rows->order && i < info->norder; i++)
		if (str_eq(info->order[i].name, rows->order))
			out->order = (int)i;
	return filter_parse(rows->list, rows->filter, d->job->now, mem, &out->where, &at, e) ||
	       err_context(e, "%s: %s", info->name, rows->filter);
}

bool doc_list(struct doc *d, const char *name, const struct doc_rows *rows, struct err *e)
{
	struct listing l = { .doc = d, .info = store_list(rows->list), .rows = rows,
			     .mem = ARENA_INIT, .row = ARENA_INIT };
	struct list_query q;
	bool cut = false;
	bool ok = doc_query(d, rows, &l.mem, &q, e) && add_columns(&l, rows->columns, e);

	if (ok) {
		for (size_t i = 0; i < l.n && !rows->leads; i++) /* leads may look at any */
			q.columns |= UINT64_C(1) << l.pick[i];
		doc_table(d, name, l.col, l.n);
		ok = rows->most ? tell_first(&l, &q, rows->most, &cut, e)
		                : store_each(d->job->st, &q, on_row, &l, e);
		doc_table_end(d);
	}
	ok = ok && (!cut || tell_cut(d, &q, rows->most, e));
	arena_release(&l.row);
	arena_release(&l.mem);
	return ok;
}

const struct value *row_value(const struct list_info *l, const struct row *r, const char *name)
{
	size_t i = 0;

	while (i < l->ncol && !str_eq(l->col[i].name, name))
		i++;
	assert(i < l->ncol);
	return &r->val[i];
}
