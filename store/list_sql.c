/* SPDX-License-Identifier: MIT */
/* list_sql.c - a query as SQL: the one composer; it joins constants and binds all else. */
#include <assert.h>

#include "store/filter.h"

static const struct list_scope *scope_of(const struct list_def *def, enum scope_kind kind)
{
	for (size_t i = 0; i < def->nscope; i++)
		if (def->scope[i].kind == kind)
			return &def->scope[i];
	return NULL;
}

static bool plan_order(const struct list_query *q, struct list_plan *p, struct err *e)
{
	const struct list_def *def = p->def;

	if (q->order >= 0 && (size_t)q->order < def->info.norder) {
		const struct list_sort *sort = &def->sort[q->order];

		assert(sort->nterm <= LIST_TERMS);
		for (p->nterm = 0; p->nterm < sort->nterm; p->nterm++)
			p->term[p->nterm] = sort->term[p->nterm];
		p->indexed = sort->indexed || (q->scope.kind != SCOPE_ALL && !p->scope->wide);
		p->down = q->desc != sort->downwards;
		return true;
	}
	if (q->order >= 0 || q->column >= def->info.ncol || !def->info.col[q->column].sortable)
		return err_set(e, ERR_USAGE, "%s has no such order", def->info.name);
	p->term[0] = (struct list_term){ .column = def->info.col[q->column].name };
	if (def->info.col[q->column].field)
		p->term[0].sql = def->info.col[q->column].field->sql;
	p->nterm = 1;
	p->down = q->desc;
	return true;
}

bool store_list_takes(enum list_id id, enum scope_kind kind)
{
	return scope_of(list_def(id), kind) != NULL;
}

bool list_is_sparse(const struct list_plan *p)
{
	return p->q->where || p->scope->wide;
}

bool list_plan(const struct list_query *q, struct list_plan *out, struct err *e)
{
	*out = (struct list_plan){ .def = list_def(q->list), .q = q };
	out->scope = scope_of(out->def, q->scope.kind);
	if (!out->scope)
		return err_set(e, ERR_USAGE, "%s cannot be narrowed to that", out->def->info.name);
	if (!plan_order(q, out, e))
		return false;
	if (!out->def->alias && list_is_sparse(out))
		out->indexed = false; /* rows of several tables cannot be probed */
	return true;
}

static enum value_type term_type(const struct list_plan *p, size_t i)
{
	int col = p->term[i].column ? list_column(p->def, p->term[i].column) : -1;

	return col < 0 ? VAL_INT : p->def->info.col[col].type;
}

bool list_term_is_text(const struct list_plan *p, size_t i)
{
	enum value_type type = term_type(p, i);

	return type == VAL_TEXT || type == VAL_LIST;
}

static struct value term_value(const struct list_plan *p, size_t i, const struct row *r)
{
	const struct list_term *t = &p->term[i];
	struct value v = { VAL_INT, { .i = 0 } };
	int col = t->column ? list_column(p->def, t->column) : -1;

	if (col < 0) {
		v.u.i = r->key[t->key];
	} else {
		v = r->val[col];
	}
	if (list_term_is_text(p, i))
		v.u.s = v.type != VAL_NULL && v.u.s ? v.u.s : "";
	else if (v.type == VAL_NULL)
		v.u.i = 0;
	else if (t->from || t->minus)
		v.u.i = t->from - v.u.i;
	return v;
}

void list_place_of(const struct list_plan *p, const struct row *r, struct list_place *out)
{
	memcpy(out->key, r->key, sizeof(out->key));
	for (size_t i = 0; i < p->nterm; i++)
		out->term[i] = term_value(p, i, r);
}

void list_place_read(const struct list_plan *p, struct stmt *s, struct list_place *out)
{
	for (int i = 0; i < 4; i++)
		out->key[i] = db_column(s, i);
	for (size_t i = 0; i < p->nterm; i++) {
		int n = 4 + (int)i;

		if (list_term_is_text(p, i))
			out->term[i] = (struct value){ VAL_TEXT, { .s = db_column_text(s, n) } };
		else
			out->term[i] = (struct value){ VAL_INT, { .i = db_column(s, n) } };
		if (db_column_null(s, n))
			out->term[i].type = VAL_NULL;
	}
}

static int compare_int(int64_t a, int64_t b)
{
	return a < b ? -1 : a > b;
}

/* As SQL sorts: what has no value is before all that has one. */
static int compare_term(bool text, const struct value *a, const struct value *b)
{
	if (a->type == VAL_NULL || b->type == VAL_NULL)
		return compare_int(a->type != VAL_NULL, b->type != VAL_NULL);
	return text ? strcmp(a->u.s, b->u.s) : compare_int(a->u.i, b->u.i);
}

int list_compare(const struct list_plan *p, const struct list_place *a, const struct list_place *b)
{
	for (size_t i = 0; i < p->nterm; i++) {
		int c = compare_term(list_term_is_text(p, i), &a->term[i], &b->term[i]);

		if (c != 0)
			return c < 0 ? -1 : 1;
	}
	for (size_t i = 0; i < p->def->info.nkey; i++) {
		int c = compare_int(a->key[i], b->key[i]);

		if (c != 0)
			return c;
	}
	return 0;
}

/* ---- pieces ---- */

/* `#0` to `#3` in a scope's condition are its keys. */
static void add_scoped(const char *text, const struct scope *scope, struct sql *out)
{
	char piece[2] = "";

	for (; *text; text++) {
		if (text[0] == '#' && text[1] >= '0' && text[1] <= '3') {
			sql_int(out, scope->key[text[1] - '0']);
			text++;
		} else {
			piece[0] = *text;
			sql_add(out, piece);
		}
	}
}

static bool is_hidden(const struct list_plan *p, const struct list_hide *h)
{
	int col = list_column(p->def, h->column);

	if (p->q->retired && str_eq(h->column, "retired"))
		return false;
	return col < 0 || !filter_names(p->q->where, (size_t)col);
}

/* Scope and what is hidden; begins with WHERE and always holds one condition. */
static void add_where(const struct list_plan *p, struct sql *out)
{
	const struct list_hide *hide = p->scope->hide ? p->scope->hide : p->def->hide;
	size_t n = p->scope->hide ? p->scope->nhide : p->def->nhide;

	sql_add(out, "\nWHERE ");
	if (p->scope->where && !p->scope->wide)
		add_scoped(p->scope->where, &p->q->scope, out);
	else
		sql_add(out, "1 = 1");
	for (size_t i = 0; i < n; i++) {
		if (is_hidden(p, &hide[i])) {
			sql_add(out, "\nAND ");
			sql_add(out, !p->indexed && hide[i].scan ? hide[i].scan : hide[i].where);
		}
	}
}

static void add_filter(const struct list_plan *p, const char *before, struct sql *out)
{
	if (p->scope->wide) {
		sql_add(out, before);
		sql_add(out, "(");
		add_scoped(p->scope->where, &p->q->scope, out);
		sql_add(out, ")");
		before = "\nAND ";
	}
	if (p->q->where) {
		sql_add(out, before);
		filter_sql(p->q->where, p->def, out);
	}
}

/* The bound that a comparison is on the far side of a place, read `up` from there; false: none. */
static bool far_bound(enum filter_op op, bool up, enum filter_op *bound)
{
	*bound = op;
	if (op == FILTER_EQ)
		*bound = up ? FILTER_LE : FILTER_GE;
	return up ? *bound == FILTER_LE || *bound == FILTER_LT
		  : *bound == FILTER_GE || *bound == FILTER_GT;
}

/*
 * What a filter asks of the first term of the order bounds the part of the index that is read. On
 * the near side the place to read from is the better bound, and only one is used.
 */
static void add_bounds(const struct list_plan *p, const struct filter *f,
		       const struct list_span *span, struct sql *out)
{
	const struct list_field *field;
	struct filter bound;

	if (!f || p->nterm == 0)
		return;
	if (f->op == FILTER_AND) {
		add_bounds(p, f->left, span, out);
		add_bounds(p, f->right, span, out);
		return;
	}
	if (f->op < FILTER_EQ || f->op > FILTER_GE || f->col == FILTER_ANY)
		return;
	bound = *f;
	if (span->from && !far_bound(f->op, span->up, &bound.op))
		return;
	field = p->def->info.col[f->col].field;
	if (field->in || field->test || !str_eq(field->sql, p->term[0].sql))
		return;
	sql_add(out, "\nAND ");
	filter_sql(&bound, p->def, out);
}

/* Is this key column a term of the order already? An index is not recognised when it is said twice.
 */
static bool key_is_term(const struct list_plan *p, size_t key)
{
	for (size_t i = 0; i < p->nterm; i++)
		if (str_eq(p->term[i].sql, p->def->key[key]))
			return true;
	return false;
}

/* Terms and keys, each with `after` behind it, and commas between. */
static void add_columns(const struct list_plan *p, const char *after, struct sql *out)
{
	const char *comma = "";

	for (size_t i = 0; i < p->nterm; i++) {
		sql_add(out, comma);
		sql_add(out, p->term[i].sql);
		sql_add(out, after);
		comma = ", ";
	}
	for (size_t i = 0; i < p->def->info.nkey; i++) {
		if (key_is_term(p, i))
			continue;
		sql_add(out, comma);
		sql_add(out, p->def->key[i]);
		sql_add(out, after);
		comma = ", ";
	}
}

/* Their values, in the same order. */
static void add_place(const struct list_plan *p, const struct list_place *at, struct sql *out)
{
	const char *comma = "";

	for (size_t i = 0; i < p->nterm; i++) {
		struct value v = at->term[i];

		if (v.type == VAL_NULL)
			v.type = term_type(p, i);
		sql_add(out, comma);
		sql_value(out, &v);
		comma = ", ";
	}
	for (size_t i = 0; i < p->def->info.nkey; i++) {
		if (key_is_term(p, i))
			continue;
		sql_add(out, comma);
		sql_int(out, at->key[i]);
		comma = ", ";
	}
}

static void add_seek(const struct list_plan *p, const struct list_span *span, struct sql *out)
{
	if (!span->from)
		return;
	sql_add(out, "\nAND (");
	add_columns(p, "", out);
	sql_add(out, span->up ? ") >" : ") <");
	sql_add(out, span->including ? "= (" : " (");
	add_place(p, span->from, out);
	sql_add(out, ")");
}

static void add_order(const struct list_plan *p, bool up, struct sql *out)
{
	sql_add(out, "\nORDER BY ");
	add_columns(p, up ? "" : " DESC", out);
}

static void add_limit(int64_t limit, struct sql *out)
{
	if (limit == 0)
		return;
	sql_add(out, "\nLIMIT ");
	sql_int(out, limit);
}

static const char *from_of(const struct list_plan *p)
{
	return p->scope->from ? p->scope->from : p->def->from;
}

static void add_from(const struct list_plan *p, struct sql *out)
{
	sql_add(out, "\nFROM ");
	sql_add(out, from_of(p));
	sql_add(out, p->def->joins);
}

static void add_selected(const struct list_plan *p, bool terms, struct sql *out)
{
	sql_add(out, "SELECT ");
	for (size_t i = 0; i < 4; i++) {
		sql_add(out, i ? ", " : "");
		sql_add(out, i < p->def->info.nkey ? p->def->key[i] : "0");
	}
	for (size_t i = 0; terms && i < LIST_TERMS; i++) {
		sql_add(out, ", ");
		sql_add(out, i < p->nterm ? p->term[i].sql : "0");
	}
}

/* ---- statements ---- */

/*
 * The filter looks at no more than `probe` rows of the ordered list, and says nothing of those
 * beyond. An outer ORDER BY would make SQLite look at all of them before it gives the first: the
 * rows come in the inner order by themselves, and whoever reads them makes sure.
 */
static void keys_probed(const struct list_plan *p, const struct list_span *span, struct sql *out)
{
	add_selected(p, span->terms, out);
	sql_add(out, "\nFROM (SELECT ");
	sql_add(out, p->def->alias);
	sql_add(out, ".*\nFROM ");
	sql_add(out, from_of(p));
	add_where(p, out);
	add_bounds(p, p->q->where, span, out);
	add_seek(p, span, out);
	add_order(p, span->up, out);
	add_limit(span->probe, out);
	sql_add(out, ") ");
	sql_add(out, p->def->alias);
	sql_add(out, p->def->joins);
	add_filter(p, "\nWHERE ", out);
	add_limit(span->limit, out);
}

void list_sql_keys(const struct list_plan *p, const struct list_span *span, struct sql *out)
{
	if (list_is_sparse(p) && span->probe > 0) {
		keys_probed(p, span, out);
		return;
	}
	add_selected(p, span->terms, out);
	add_from(p, out);
	add_where(p, out);
	add_filter(p, "\nAND ", out);
	add_seek(p, span, out);
	add_order(p, span->up, out);
	add_limit(span->limit, out);
}

void list_sql_count(const struct list_plan *p, struct sql *out)
{
	if (p->def->count && !p->q->where && !p->q->retired && p->q->scope.kind == SCOPE_ALL) {
		sql_add(out, p->def->count);
		return;
	}
	sql_add(out, "SELECT count(*)");
	add_from(p, out);
	add_where(p, out);
	add_filter(p, "\nAND ", out);
}

void list_sql_facets(const struct list_plan *p, size_t column, size_t want, struct sql *out)
{
	sql_add(out, "SELECT ");
	facet_sql(&p->def->info.col[column], out);
	sql_add(out, ", count(*)");
	add_from(p, out);
	add_where(p, out);
	add_filter(p, "\nAND ", out);
	sql_add(out, "\nGROUP BY 1\nORDER BY 2 DESC, 1");
	add_limit((int64_t)want, out);
}

static void add_key_test(const struct list_def *def, const int64_t key[4], struct sql *out)
{
	sql_add(out, "\nWHERE ");
	for (size_t i = 0; i < def->info.nkey; i++) {
		sql_add(out, i ? " AND " : "");
		sql_add(out, def->key[i]);
		sql_add(out, " = ");
		sql_int(out, key[i]);
	}
}

void list_sql_place(const struct list_plan *p, const int64_t key[4], struct sql *out)
{
	add_selected(p, true, out);
	sql_add(out, "\nFROM ");
	sql_add(out, p->def->from);
	sql_add(out, p->def->joins);
	add_key_test(p->def, key, out);
}

bool list_wants(const struct list_plan *p, size_t column)
{
	const struct list_field *f = p->def->info.col[column].field;

	if (p->q->columns == 0 ? !f || !f->dear
			       : column >= 64 || p->q->columns & UINT64_C(1) << column)
		return true;
	for (size_t i = 0; i < p->nterm; i++)
		if (str_eq(p->term[i].column, p->def->info.col[column].name))
			return true;
	return false;
}

static void add_wanted(const struct list_plan *p, const char *comma, struct sql *out)
{
	for (size_t i = 0; i < p->def->info.ncol; i++) {
		sql_add(out, comma);
		sql_add(out, list_wants(p, i) ? p->def->info.col[i].field->sql : "NULL");
		comma = ",\n";
	}
}

void list_sql_row(const struct list_plan *p, struct sql *out)
{
	static const int64_t none[4];

	sql_add(out, "SELECT ");
	add_wanted(p, "", out);
	sql_add(out, "\nFROM ");
	sql_add(out, p->def->from);
	sql_add(out, p->def->joins);
	add_key_test(p->def, none, out);
}

void list_sql_rows(const struct list_plan *p, bool up, struct sql *out)
{
	add_selected(p, false, out);
	add_wanted(p, ",\n", out);
	add_from(p, out);
	add_where(p, out);
	add_filter(p, "\nAND ", out);
	add_order(p, up, out);
}

struct stmt *sql_stmt(struct db *db, const struct sql *q)
{
	struct stmt *s = db_stmt(db, q->text.s);

	for (size_t i = 0; i < q->nbind; i++) {
		const struct value *v = &q->bind[i];

		if (v->type == VAL_TEXT || v->type == VAL_LIST)
			db_text(s, (int)i + 1, v->u.s);
		else
			db_int(s, (int)i + 1, v->u.i);
	}
	return s;
}
