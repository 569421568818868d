/* SPDX-License-Identifier: MIT */
/* list_memory.c - lists whose rows are computed: filtered, sorted and paged in memory. */
#include <stdlib.h>

#include "store/filter.h"

struct ranked {
	struct list_place at;
	const struct row *row;
	const struct list_plan *plan; /* for qsort, which passes nothing else */
};
struct ranking {
	struct arena mem;
	struct ranked *item; /* ascending */
	size_t n;
};

static int by_place(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	return list_compare(x->plan, &x->at, &y->at);
}

static bool is_shown(const struct list_plan *p, const struct row *r)
{
	const struct list_hide *hide = p->scope->hide ? p->scope->hide : p->def->hide;
	size_t n = p->scope->hide ? p->scope->nhide : p->def->nhide;

	for (size_t i = 0; i < n; i++) {
		int col = list_column(p->def, hide[i].column);

		if (col >= 0 && !filter_names(p->q->where, (size_t)col) && r->val[col].u.i != 0)
			return false;
	}
	return true;
}

static bool rank(struct store *st, const struct list_plan *p, struct ranking *out, struct err *e)
{
	struct filter_eval *v;
	struct row *row;
	size_t n;

	*out = (struct ranking){ ARENA_INIT, NULL, 0 };
	if (!p->def->rows(st, p->q, &out->mem, &row, &n, e))
		return false;
	out->item = arena_array(&out->mem, struct ranked, n + 1);
	v = filter_eval_new(p->q->where, p->def);
	for (size_t i = 0; i < n; i++) {
		if (!is_shown(p, &row[i]) || !filter_eval_row(v, &row[i]))
			continue;
		out->item[out->n].row = &row[i];
		out->item[out->n].plan = p;
		list_place_of(p, &row[i], &out->item[out->n++].at);
	}
	filter_eval_free(v);
	if (out->n > 0)
		qsort(out->item, out->n, sizeof(*out->item), by_place);
	return true;
}

/* The i-th row in the order shown. */
static const struct ranked *shown(const struct list_plan *p, const struct ranking *r, size_t i)
{
	return &r->item[p->down ? r->n - 1 - i : i];
}

/* How many rows are shown before `at`; *exact: the next one is it. */
static size_t rows_before(const struct list_plan *p, const struct ranking *r,
			  const struct list_place *at, bool *exact)
{
	size_t i;

	*exact = false;
	for (i = 0; i < r->n; i++) {
		int c = list_compare(p, &shown(p, r, i)->at, at);

		if (p->down ? c <= 0 : c >= 0) {
			*exact = c == 0;
			break;
		}
	}
	return i;
}

static void copy_row(const struct list_plan *p, const struct row *from, struct arena *mem,
		     struct row *out)
{
	struct value *val = arena_array(mem, struct value, p->def->info.ncol);

	for (size_t i = 0; i < p->def->info.ncol; i++) {
		val[i] = from->val[i];
		if (val[i].type == VAL_TEXT || val[i].type == VAL_LIST)
			val[i].u.s = arena_dup(mem, val[i].u.s);
	}
	*out = *from;
	out->val = val;
}

bool memory_page(struct store *st, const struct list_plan *p, enum page_from from,
		 const struct list_place *at, size_t want, struct page *out, struct err *e)
{
	struct ranking r;
	size_t lo = 0, hi, before = 0;
	bool exact = false, ok = rank(st, p, &r, e);

	if (ok) {
		if (from != PAGE_TOP && from != PAGE_END)
			before = rows_before(p, &r, at, &exact);
		if (from == PAGE_AFTER || from == PAGE_AT)
			lo = before + (from == PAGE_AFTER && exact ? 1 : 0);
		hi = from == PAGE_BEFORE ? before : r.n;
		if ((from == PAGE_END || from == PAGE_BEFORE) && hi > want)
			lo = hi - want;
		else if (hi > lo + want)
			hi = lo + want;
		out->row = arena_array(&out->mem, struct row, hi - lo + 1);
		for (size_t i = lo; i < hi; i++)
			copy_row(p, shown(p, &r, i)->row, &out->mem, &out->row[out->nrow++]);
		out->more_above = lo > 0;
		out->more_below = hi < r.n;
	}
	arena_release(&r.mem);
	return ok;
}

bool memory_each(struct store *st, const struct list_plan *p, row_fn *fn, void *ctx, struct err *e)
{
	struct ranking r;
	bool ok = rank(st, p, &r, e);

	for (size_t i = 0; ok && i < r.n; i++)
		ok = fn(ctx, shown(p, &r, i)->row, e);
	arena_release(&r.mem);
	return ok;
}

bool memory_count(struct store *st, const struct list_plan *p, int64_t *out, struct err *e)
{
	struct ranking r;
	bool ok = rank(st, p, &r, e);

	*out = ok ? (int64_t)r.n : 0;
	arena_release(&r.mem);
	return ok;
}

static bool same_value(const struct value *a, const struct value *b)
{
	if (a->type != b->type)
		return false;
	if (type_is_text(a->type))
		return str_ieq(a->u.s ? a->u.s : "", b->u.s ? b->u.s : "");
	return a->type == VAL_NULL || a->u.i == b->u.i;
}

static int by_count(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	return x->key[0] > y->key[0] ? -1 : x->key[0] < y->key[0];
}

bool memory_facets(struct store *st, const struct list_plan *p, size_t column, size_t want,
		   struct page *out, struct err *e)
{
	struct ranking r;
	struct row *facet;
	size_t n = 0, k;
	bool ok = rank(st, p, &r, e);

	if (ok) {
		facet = arena_array(&out->mem, struct row, r.n + 1);
		for (size_t i = 0; i < r.n; i++) {
			struct value v = r.item[i].row->val[column];

			facet_value(&v);
			for (k = 0; k < n && !same_value(facet[k].val, &v); k++)
				continue;
			if (k == n) {
				struct value *copy = arena_new(&out->mem, struct value);

				*copy = v;
				if (type_is_text(v.type))
					copy->u.s = arena_dup(&out->mem, v.u.s);
				facet[n++].val = copy;
			}
			facet[k].key[0]++;
		}
		if (n > 0)
			qsort(facet, n, sizeof(*facet), by_count);
		out->row = facet;
		out->nrow = n < want ? n : want;
	}
	arena_release(&r.mem);
	return ok;
}
