/* SPDX-License-Identifier: MIT */
/*
 * row_counts.c - `c`: the counts of the row under the cursor, each under a number that opens the
 * rows it counts.
 */
#include <stdio.h>
#include <stdlib.h>

#include "tui/app_state.h"

static const struct counted {
	enum list_id list;
	const char  *column, *view, *filter, *by;
} counted[] = {
#define COUNTED(l, c, v, f, b) { LIST_##l, c, v, f, b },
#include "tui/row_counts.def"
#undef COUNTED
};

enum { OFFERED_MAX = 15 }; /* as many keys as pick one */

static const struct view_ops *opened_by(const struct counted *k, const struct table_view *lv)
{
	return view_find(k->view ? k->view : lv->enter);
}

static bool can_open(const struct counted *k, const struct table_view *lv)
{
	const struct view_ops *ops = opened_by(k, lv);

	if (k->by)
		return true;
	return lv->opens != SCOPE_ALL && (ops->npane == 0 || store_list_takes(ops->pane[0].list,
	                                                                      lv->opens));
}

/* Those that open from a row of that table. */
static size_t counts_of(const struct table_view *lv, const struct counted *out[OFFERED_MAX])
{
	size_t n = 0;

	for (size_t i = 0; i < LENGTH(counted) && n < OFFERED_MAX; i++)
		if (counted[i].list == lv->list && can_open(&counted[i], lv))
			out[n++] = &counted[i];
	return n;
}

bool has_row_counts(const struct view *v)
{
	const struct table *t = view_table_const(v);
	const struct counted *k[OFFERED_MAX];

	return t && counts_of(t->lv, k) > 0;
}

/* Of the thing in the row; or, `by` a column, of all that has the row's value of it. */
static void narrow_to(const struct counted *k, struct view *v, struct view_arg *arg,
                      struct buf *filter)
{
	const struct value *value = k->by ? table_value(view_table(v), k->by) : NULL;

	buf_adds(filter, k->filter);
	if (!k->by) {
		arg->scope = view_row(v);
	} else if (value) {
		if (filter->len > 0)
			buf_addc(filter, ' ');
		filter_add_term(filter, k->by, value->u.s);
	}
	if (filter->len > 0)
		arg->filter = filter->s;
}

static void row_name(const struct view *v, struct buf *out)
{
	const struct table *t = view_table_const(v);
	struct buf name = BUF_INIT;

	if (t->lv->label && table_row(t))
		table_cell(t, table_row(t), t->lv->label, app_now(v->app), &name);
	short_words(name.s, out);
	buf_release(&name);
}

/* "payments/api:2.14.1, containers" */
static void label_of(const struct view *v, const struct view_ops *ops, struct buf *out)
{
	row_name(v, out);
	if (ops->npane > 0)
		buf_addf(out, "%s%s", out->len > 0 ? ", " : "",
		         store_list(ops->pane[0].list)->name);
}

static bool open_count(struct view *v, size_t i, struct err *e)
{
	const struct table *t = view_table(v);
	const struct view_ops *ops;
	struct buf filter = BUF_INIT, label = BUF_INIT;
	struct view_arg arg = { .label = NULL };
	const struct counted *k[OFFERED_MAX];
	bool ok;

	if (!t || !table_row(t) || i >= counts_of(t->lv, k))
		return true;
	ops = opened_by(k[i], t->lv);
	narrow_to(k[i], v, &arg, &filter);
	label_of(v, ops, &label);
	arg.label = label.s;
	ok = view_push(v->app, ops, &arg, e);
	buf_release(&filter);
	buf_release(&label);
	return ok;
}

/* "12"; "-" of what is not known. */
static void print_number(const struct value *val, char out[static 32])
{
	if (val->type == VAL_NULL || val->u.i < 0)
		(void)snprintf(out, 32, "-");
	else
		print_count(val->u.i, out);
}

/* What a column is, without how filters ask for it: "How many it holds: pkg>100. Words ..." */
static const char *help_of(const struct column *c, struct arena *mem)
{
	const char *end = strstr(c->help, ": "), *stop = strstr(c->help, ". ");

	if (!end || (stop && stop < end))
		end = stop;
	return end ? arena_printf(mem, "%.*s.", (int)(end - c->help), c->help) : c->help;
}

static void choose(struct view *v, const struct list_info *li, const struct row *r)
{
	static const char letters[OFFERED_MAX + 1] = "123456789abcdef"; /* none of them moves */
	struct arena mem = ARENA_INIT;
	struct buf title = BUF_INIT, name = BUF_INIT;
	const struct counted *k[OFFERED_MAX];
	const size_t n = counts_of(view_table(v)->lv, k);
	struct choice *c = arena_array(&mem, struct choice, n + 1);
	char number[32];

	for (size_t i = 0; i < n; i++) {
		const struct column *col = &li->col[table_column_index(li, k[i]->column)];

		print_number(&r->val[col - li->col], number);
		c[i] = (struct choice){ arena_printf(&mem, "%7s", number),
		                        arena_printf(&mem, "%-8s %s", col->head,
		                                     help_of(col, &mem)),
		                        letters[i] };
	}
	row_name(v, &name);
	/* The words first: names of files may be longer than a title. */
	buf_adds(&title, "A key opens what it counts");
	if (name.len > 0)
		buf_addf(&title, ": %s", name.s);
	app_choose(v->app, title.s, c, n, 0, open_count);
	buf_release(&name);
	buf_release(&title);
	arena_release(&mem);
}

void row_counts_choose(struct view *v)
{
	row_in_full(v, choose);
}
