/* SPDX-License-Identifier: MIT */
/* list_rows.c - rows of lists: one by its key, all of them, how many, and by value. */
#include "store/list.h"
#include "store/store_private.h"

bool reading_begin(struct store *st, bool *mine, struct err *e)
{
	*mine = !db_in_transaction(st->db);
	list_state_keep(st, *mine || st->held);
	return !*mine || db_begin_read(st->db, e);
}

bool reading_end(struct store *st, bool mine, bool ok, struct err *e)
{
	if (!mine)
		return ok;
	if (ok && db_end(st->db, true, e))
		return true;
	list_state_keep(st, false);
	return !ok && db_end(st->db, false, e) && false;
}

/* What fell silent is so by the policy in force, which may be another each time. */
static bool learn_silence(struct store *st, struct err *e)
{
	const struct policy *p;

	if (!store_policy(st, &p, e))
		return false;
	st->silent = p->fresh.silent;
	return true;
}

bool list_begin(struct store *st, const struct list_query *q, struct list_plan *p, bool *mine,
		struct err *e)
{
	return list_plan(q, p, e) && (!p->def->heard || learn_silence(st, e)) &&
	       reading_begin(st, mine, e);
}

/* ---- rows in full ---- */

static void read_value(struct stmt *s, int i, enum value_type type, struct arena *mem,
		       struct value *out)
{
	out->type = type;
	if (type == VAL_TEXT || type == VAL_LIST)
		out->u.s = arena_dup(mem, db_column_text(s, i));
	else if (db_column_null(s, i))
		out->type = VAL_NULL;
	else
		out->u.i = db_column(s, i);
}

/* The columns of a row begin at column `first` of the statement. */
static bool read_values(struct store *st, const struct list_plan *p, struct stmt *s, int first,
			struct arena *mem, struct value *val, struct err *e)
{
	const struct list_def *def = p->def;

	for (size_t i = 0; i < def->info.ncol; i++) {
		val[i].type = VAL_NULL;
		if (!list_wants(p, i))
			continue;
		read_value(s, first + (int)i, def->info.col[i].type, mem, &val[i]);
		if (def->info.col[i].field->filled && !def->fill(st, mem, &val[i], e))
			return false;
	}
	return true;
}

/* The row with this key into `mem`; *there is false when it is gone. */
bool list_read_row(struct store *st, const struct list_plan *p, const struct sql *sql,
		   const int64_t key[4], struct arena *mem, struct row *out, bool *there,
		   struct err *e)
{
	struct stmt *s = db_stmt(st->db, sql->text.s);
	struct value *val;
	struct err unheard = ERR_INIT;
	bool ok = true;

	for (size_t i = 0; i < p->def->info.nkey; i++)
		db_int(s, (int)i + 1, key[i]);
	*there = db_next(s);
	if (*there) {
		val = arena_array(mem, struct value, p->def->info.ncol);
		ok = read_values(st, p, s, 0, mem, val, e);
		memcpy(out->key, key, sizeof(out->key));
		out->val = val;
	}
	return db_done(s, ok ? e : &unheard) && ok;
}

void list_page_empty(struct page *p)
{
	arena_reset(&p->mem);
	p->row = NULL;
	p->nrow = 0;
	p->more_above = p->more_below = false;
}

static bool count_rows(struct store *st, const struct list_plan *p, int64_t *out, struct err *e)
{
	struct found f = { NULL, 0 };
	struct sql sql = SQL_INIT;
	bool ok;

	if (p->def->rows)
		return memory_count(st, p, out, e);
	if (list_is_sparse(p) && !list_found(st, p, false, &f, e))
		return false;
	if (f.table) {
		*out = f.n;
		return true;
	}
	list_sql_count(p, &sql);
	ok = db_scalar(sql_stmt(st->db, &sql), 0, out, e);
	sql_release(&sql);
	return ok;
}

bool store_count(struct store *st, const struct list_query *q, int64_t *out, struct err *e)
{
	struct list_plan p;
	bool mine, ok;

	if (!list_begin(st, q, &p, &mine, e))
		return false;
	ok = count_rows(st, &p, out, e);
	return reading_end(st, mine, ok, e);
}

/* Where an index gives the order, one statement reads all rows as they come. */
static bool each_in_order(struct store *st, const struct list_plan *p, row_fn *fn, void *ctx,
			  struct err *e)
{
	struct arena mem = ARENA_INIT;
	struct sql sql = SQL_INIT;
	struct err unheard = ERR_INIT;
	struct stmt *s;
	bool ok = true;

	list_sql_rows(p, !p->down, &sql);
	s = sql_stmt(st->db, &sql);
	while (ok && db_next(s)) {
		struct value *val;
		struct row r;

		arena_reset(&mem);
		for (int i = 0; i < 4; i++)
			r.key[i] = db_column(s, i);
		val = arena_array(&mem, struct value, p->def->info.ncol);
		r.val = val;
		ok = read_values(st, p, s, 4, &mem, val, e) && fn(ctx, &r, e);
	}
	ok = db_done(s, ok ? e : &unheard) && ok;
	arena_release(&mem);
	sql_release(&sql);
	return ok;
}

/* Else the keys are sorted, and each row read by its key: whole rows would be too much to sort. */
static bool each_sorted(struct store *st, const struct list_plan *p, row_fn *fn, void *ctx,
			struct err *e)
{
	struct arena mem = ARENA_INIT;
	struct sql keys = SQL_INIT, sql = SQL_INIT;
	struct err unheard = ERR_INIT;
	struct row r;
	struct stmt *s;
	bool ok = true, there;

	list_sql_keys(p, &(struct list_span){ .up = !p->down }, &keys);
	list_sql_row(p, &sql);
	s = sql_stmt(st->db, &keys);
	while (ok && db_next(s)) {
		int64_t key[4];

		for (int i = 0; i < 4; i++)
			key[i] = db_column(s, i);
		arena_reset(&mem);
		ok = list_read_row(st, p, &sql, key, &mem, &r, &there, e) &&
		     (!there || fn(ctx, &r, e));
	}
	ok = db_done(s, ok ? e : &unheard) && ok;
	arena_release(&mem);
	sql_release(&keys);
	sql_release(&sql);
	return ok;
}

bool store_each(struct store *st, const struct list_query *q, row_fn *fn, void *ctx, struct err *e)
{
	struct list_plan p;
	bool mine, ok;

	if (!list_begin(st, q, &p, &mine, e))
		return false;
	if (p.def->rows)
		ok = memory_each(st, &p, fn, ctx, e);
	else
		ok = (p.indexed ? each_in_order : each_sorted)(st, &p, fn, ctx, e);
	return reading_end(st, mine, ok, e);
}

static bool read_facets(struct store *st, const struct list_plan *p, size_t column, size_t want,
			struct page *out, struct err *e)
{
	struct sql sql = SQL_INIT;
	struct stmt *s;
	struct value *val;
	bool ok;

	list_sql_facets(p, column, want, &sql);
	out->row = arena_array(&out->mem, struct row, want + 1);
	s = sql_stmt(st->db, &sql);
	while (out->nrow < want && db_next(s)) {
		val = arena_new(&out->mem, struct value);
		read_value(s, 0, p->def->info.col[column].type, &out->mem, val);
		facet_value(val);
		out->row[out->nrow++] = (struct row){ { db_column(s, 1), 0, 0, 0 }, val };
	}
	ok = db_done(s, e);
	sql_release(&sql);
	return ok;
}

static bool is_filled(const struct column *c)
{
	return c->field && c->field->filled;
}

bool store_facets(struct store *st, const struct list_query *q, size_t column, size_t want,
		  struct page *out, struct err *e)
{
	struct list_plan p;
	bool mine, ok;

	list_page_empty(out);
	if (column >= store_list(q->list)->ncol || is_filled(&store_list(q->list)->col[column]))
		return err_set(e, ERR_USAGE, "%s has no such column", store_list(q->list)->name);
	if (!list_begin(st, q, &p, &mine, e))
		return false;
	ok = p.def->rows ? memory_facets(st, &p, column, want, out, e)
			 : read_facets(st, &p, column, want, out, e);
	return reading_end(st, mine, ok, e);
}
