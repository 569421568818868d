/* SPDX-License-Identifier: MIT */
/* list_page.c - one page of a list. */
#include "store/list.h"
#include "store/store_private.h"

struct keys { /* of the rows of a page; `n` of them, one more when `more` */
	int64_t (*key)[4];
	size_t n;
	bool above, below;
};

/* ---- keys ---- */

/* Up to `want` keys of a span; *full: there were that many. */
static void own_place(const struct list_plan *p, struct arena *mem, struct list_place *at)
{
	for (size_t i = 0; i < p->nterm; i++)
		if (list_term_is_text(p, i))
			at->term[i].u.s = arena_dup(mem, at->term[i].u.s);
}

static bool read_keys(struct store *st, const struct sql *sql, size_t want, struct arena *mem,
		      struct keys *k, struct err *e)
{
	struct stmt *s = sql_stmt(st->db, sql);

	k->key = arena_alloc(mem, array_size(want + 1, sizeof(*k->key)), alignof(int64_t));
	k->n = 0;
	while (k->n < want && db_next(s)) {
		for (int i = 0; i < 4; i++)
			k->key[k->n][i] = db_column(s, i);
		k->n++;
	}
	return db_done(s, e);
}

static void reverse(struct keys *k)
{
	int64_t swap[4];

	for (size_t i = 0, j = k->n; i + 1 < j; i++) {
		j--;
		memcpy(swap, k->key[i], sizeof(swap));
		memcpy(k->key[i], k->key[j], sizeof(swap));
		memcpy(k->key[j], swap, sizeof(swap));
	}
}

/*
 * Of a probed span the rows come in order because SQLite reads it so, not because it must: should
 * they ever not, none is taken, and the rows are found once instead.
 */
static bool probe_keys(struct store *st, const struct list_plan *p, const struct sql *sql, bool up,
		       size_t want, struct arena *mem, struct keys *k, struct err *e)
{
	struct stmt *s = sql_stmt(st->db, sql);
	struct list_place last, at;
	bool ordered = true;

	k->key = arena_alloc(mem, array_size(want + 1, sizeof(*k->key)), alignof(int64_t));
	k->n = 0;
	while (ordered && k->n < want && db_next(s)) {
		list_place_read(p, s, &at);
		ordered = k->n == 0 || list_compare(p, &last, &at) == (up ? -1 : 1);
		own_place(p, mem, &at);
		last = at;
		memcpy(k->key[k->n++], at.key, sizeof(at.key));
	}
	if (!ordered)
		k->n = 0;
	return db_done(s, e);
}

static bool span_keys(struct store *st, const struct list_plan *p, const struct list_span *span,
		      struct arena *mem, struct keys *k, struct err *e)
{
	struct sql sql = SQL_INIT;
	bool ok;

	list_sql_keys(p, span, &sql);
	if (list_is_sparse(p) && span->probe > 0)
		ok = probe_keys(st, p, &sql, span->up, (size_t)span->limit, mem, k, e);
	else
		ok = read_keys(st, &sql, (size_t)span->limit, mem, k, e);
	sql_release(&sql);
	return ok;
}

/* ---- straight from an index ---- */

static bool backwards(enum page_from from)
{
	return from == PAGE_END || from == PAGE_BEFORE;
}

/*
 * Is there a row on the other side of the anchor? With a filter the answer may lie too far away:
 * then *known is false.
 */
static bool other_side(struct store *st, const struct list_plan *p, enum page_from from,
		       const struct list_place *at, bool up, struct arena *mem, bool *there,
		       bool *known, struct err *e)
{
	struct keys k;
	struct list_span span = { .from = at,
				  .including = from != PAGE_AT,
				  .up = !up,
				  .terms = true,
				  .limit = 1,
				  .probe = LIST_PROBE };

	*there = false;
	*known = true;
	if (from == PAGE_TOP || from == PAGE_END)
		return true;
	if (!span_keys(st, p, &span, mem, &k, e))
		return false;
	*there = k.n > 0;
	*known = *there || !list_is_sparse(p);
	return true;
}

/* *done is false when a filter passed over too many rows: then they are better found once. */
static bool index_keys(struct store *st, const struct list_plan *p, enum page_from from,
		       const struct list_place *at, size_t want, struct arena *mem, struct keys *k,
		       bool *done, struct err *e)
{
	bool up = backwards(from) == p->down, other, more;
	bool anchored = from != PAGE_TOP && from != PAGE_END;
	struct list_span span = { .from = anchored ? at : NULL,
				  .including = from == PAGE_AT,
				  .up = up,
				  .terms = true,
				  .limit = (int64_t)want + 1,
				  .probe = LIST_PROBE };

	if (!span_keys(st, p, &span, mem, k, e))
		return false;
	more = k->n > want;
	*done = more || !list_is_sparse(p);
	if (!*done)
		return true;
	k->n = more ? want : k->n;
	if (!other_side(st, p, from, at, up, mem, &other, done, e))
		return false;
	if (backwards(from))
		reverse(k);
	k->above = backwards(from) ? more : other;
	k->below = backwards(from) ? other : more;
	return true;
}

/* ---- the ends of an order that no index gives ---- */

/* SQLite keeps no more rows than it is asked for while it reads all: they are there long before all
 * are in order. */
static bool end_keys(struct store *st, const struct list_plan *p, enum page_from from, size_t want,
		     struct arena *mem, struct keys *k, struct err *e)
{
	struct list_span span = { .up = backwards(from) == p->down,
				  .terms = true,
				  .limit = (int64_t)want + 1 };
	bool more;

	if (!span_keys(st, p, &span, mem, k, e))
		return false;
	more = k->n > want;
	k->n = more ? want : k->n;
	if (backwards(from))
		reverse(k);
	k->above = backwards(from) && more;
	k->below = !backwards(from) && more;
	return true;
}

/* ---- from rows found once ---- */

static void range_sql(const struct found *f, int64_t lo, int64_t hi, bool down, struct sql *out)
{
	sql_add(out, "SELECT k0, k1, k2, k3\nFROM ");
	sql_add(out, f->table);
	sql_add(out, "\nWHERE n BETWEEN ");
	sql_int(out, lo);
	sql_add(out, " AND ");
	sql_int(out, hi);
	sql_add(out, down ? "\nORDER BY n DESC" : "\nORDER BY n");
}

/* Numbers of the rows wanted, counted in the order shown: 1 is the first row of the list. */
static bool found_range(struct store *st, const struct list_plan *p, const struct found *f,
			enum page_from from, const struct list_place *at, int64_t want, int64_t *lo,
			int64_t *hi, struct err *e)
{
	int64_t n = 0;
	bool exact = false;

	if (from != PAGE_TOP && from != PAGE_END) {
		if (!list_found_seek(st, p, f, at, &n, &exact, e))
			return false;
		if (p->down)
			n = f->n + 1 - n + (exact ? 0 : 1);
	}
	*lo = 1;
	switch (from) {
	case PAGE_TOP:
		break;
	case PAGE_AFTER:
		*lo = n + (exact ? 1 : 0);
		break;
	case PAGE_AT:
		*lo = n;
		break;
	case PAGE_END:
		*lo = f->n - want + 1;
		break;
	case PAGE_BEFORE:
		*lo = n - want;
		break;
	}
	*hi = *lo + want - 1;
	if (*lo < 1)
		*lo = 1;
	if (*hi > f->n)
		*hi = f->n;
	return true;
}

static bool found_keys(struct store *st, const struct list_plan *p, const struct found *f,
		       enum page_from from, const struct list_place *at, size_t want,
		       struct arena *mem, struct keys *k, struct err *e)
{
	struct sql sql = SQL_INIT;
	int64_t lo = 1, hi = 0;
	bool ok;

	if (!found_range(st, p, f, from, at, (int64_t)want, &lo, &hi, e))
		return false;
	k->above = lo > 1;
	k->below = hi < f->n;
	if (p->down)
		range_sql(f, f->n + 1 - hi, f->n + 1 - lo, true, &sql);
	else
		range_sql(f, lo, hi, false, &sql);
	ok = read_keys(st, &sql, want, mem, k, e);
	sql_release(&sql);
	return ok;
}

/* ---- rows ---- */

static bool read_rows(struct store *st, const struct list_plan *p, const struct keys *k,
		      struct page *out, struct err *e)
{
	struct sql sql = SQL_INIT;
	bool ok = true, there;

	list_sql_row(p, &sql);
	out->row = arena_array(&out->mem, struct row, k->n + 1);
	for (size_t i = 0; ok && i < k->n; i++) {
		ok = list_read_row(st, p, &sql, k->key[i], &out->mem, &out->row[out->nrow], &there,
				   e);
		if (ok && there)
			out->nrow++;
	}
	sql_release(&sql);
	return ok;
}

static bool page_keys(struct store *st, const struct list_plan *p, enum page_from from,
		      const struct list_place *at, size_t want, struct arena *mem, struct keys *k,
		      struct err *e)
{
	bool straight = p->indexed, done = false;
	struct found f = { NULL, 0 };

	if ((list_is_sparse(p) || !straight) && !list_found(st, p, false, &f, e))
		return false;
	if (!f.table && !straight && (from == PAGE_TOP || from == PAGE_END))
		return end_keys(st, p, from, want, mem, k, e);
	if (!f.table && straight) {
		if (!index_keys(st, p, from, at, want, mem, k, &done, e))
			return false;
		if (done)
			return true;
	}
	if (!f.table && !list_found(st, p, true, &f, e))
		return false;
	return found_keys(st, p, &f, from, at, want, mem, k, e);
}

/* Where the anchor is now; where it is gone, where it was. */
static bool anchor_place(struct store *st, const struct list_plan *p, const struct row *anchor,
			 struct arena *mem, struct list_place *out, struct err *e)
{
	struct sql sql = SQL_INIT;
	struct stmt *s;
	bool ok;

	list_place_of(p, anchor, out);
	own_place(p, mem, out);
	if (p->def->rows)
		return true;
	list_sql_place(p, anchor->key, &sql);
	s = sql_stmt(st->db, &sql);
	if (db_next(s)) {
		list_place_read(p, s, out);
		own_place(p, mem, out);
	}
	ok = db_done(s, e);
	sql_release(&sql);
	return ok;
}

static bool make_page(struct store *st, const struct list_plan *p, enum page_from from,
		      const struct row *anchor, size_t want, struct arena *mem, struct page *out,
		      struct err *e)
{
	struct list_place at;
	struct keys k = { NULL, 0, false, false };

	if (!anchor && from != PAGE_TOP && from != PAGE_END)
		from = PAGE_TOP;
	if (from != PAGE_TOP && from != PAGE_END && !anchor_place(st, p, anchor, mem, &at, e))
		return false;
	list_page_empty(out);
	if (p->def->rows)
		return memory_page(st, p, from, &at, want, out, e);
	if (!page_keys(st, p, from, &at, want, mem, &k, e) || !read_rows(st, p, &k, out, e))
		return false;
	out->more_above = k.above;
	out->more_below = k.below;
	return true;
}

bool store_page(struct store *st, const struct list_query *q, enum page_from from,
		const struct row *anchor, size_t want, struct page *out, struct err *e)
{
	struct arena mem = ARENA_INIT;
	struct list_plan p;
	bool mine, ok;

	if (!list_begin(st, q, &p, &mine, e))
		return false;
	ok = make_page(st, &p, from, anchor, want, &mem, out, e);
	arena_release(&mem);
	return reading_end(st, mine, ok, e);
}

void page_release(struct page *p)
{
	arena_release(&p->mem);
	*p = (struct page)PAGE_INIT;
}
