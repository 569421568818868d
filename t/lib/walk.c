/* SPDX-License-Identifier: MIT */
/* walk.c - read a list every way there is, and see that all ways agree. */
#include "t/lib/walk.h"

enum { MAX_ROWS = 9000 };

/* Small enough to turn several, large enough for thousands of rows. */
static size_t page_size(size_t rows)
{
	return rows < 100 ? 3 : 211;
}

/* ---- reading a list every way there is ---- */

struct walk {
	int64_t (*key)[4];
	size_t n;
};

static bool take(void *ctx, const struct row *r, UNUSED struct err *e)
{
	struct walk *w = ctx;

	assert_true(w->n < MAX_ROWS);
	memcpy(w->key[w->n++], r->key, sizeof(r->key));
	return true;
}

static void walk_each(struct store *st, const struct list_query *q, struct walk *w)
{
	struct err e = ERR_INIT;

	w->key = xcalloc(MAX_ROWS, sizeof(*w->key));
	w->n = 0;
	if (!store_each(st, q, take, w, &e))
		fail_msg("%s: %s", store_list(q->list)->name, e.text);
}

void walk_turn(struct store *st, const struct list_query *q, enum page_from from,
	       const struct row *anchor, size_t want, struct page *p)
{
	struct err e = ERR_INIT;

	if (!store_page(st, q, from, anchor, want, p, &e))
		fail_msg("%s: %s", store_list(q->list)->name, e.text);
}

static void same_rows(const struct list_query *q, const struct walk *w, size_t at,
		      const struct page *p)
{
	for (size_t i = 0; i < p->nrow; i++)
		if (at + i >= w->n || memcmp(p->row[i].key, w->key[at + i], sizeof(p->row[i].key)))
			fail_msg("%s: row %zu of the page at %zu of %zu is another",
				 store_list(q->list)->name, i, at, w->n);
	assert_int_equal(p->more_above, at > 0);
	assert_int_equal(p->more_below, at + p->nrow < w->n);
}

static void walk_down(struct store *st, const struct list_query *q, const struct walk *w)
{
	struct page p = PAGE_INIT;
	size_t at = 0, page = page_size(w->n);

	for (walk_turn(st, q, PAGE_TOP, NULL, page, &p);;
	     walk_turn(st, q, PAGE_AFTER, &p.row[p.nrow - 1], page, &p)) {
		same_rows(q, w, at, &p);
		at += p.nrow;
		if (!p.more_below)
			break;
		assert_int_equal(p.nrow, page);
	}
	assert_int_equal(at, w->n);
	page_release(&p);
}

static void walk_up(struct store *st, const struct list_query *q, const struct walk *w)
{
	struct page p = PAGE_INIT;
	size_t at = w->n, page = page_size(w->n);

	for (walk_turn(st, q, PAGE_END, NULL, page, &p);;
	     walk_turn(st, q, PAGE_BEFORE, &p.row[0], page, &p)) {
		at -= p.nrow;
		same_rows(q, w, at, &p);
		if (!p.more_above)
			break;
		assert_int_equal(p.nrow, page);
	}
	assert_int_equal(at, 0);
	page_release(&p);
}

/* From some rows in the middle: the page that begins with the row. */
static void land_on_rows(struct store *st, const struct list_query *q, const struct walk *w)
{
	struct page p = PAGE_INIT, there = PAGE_INIT;

	walk_turn(st, q, PAGE_TOP, NULL, 50, &p);
	for (size_t i = 0; i < p.nrow; i += 3) {
		walk_turn(st, q, PAGE_AT, &p.row[i], 7, &there);
		same_rows(q, w, i, &there);
	}
	page_release(&p);
	page_release(&there);
}

size_t walk_check_query(struct store *st, const struct list_query *q)
{
	struct err e = ERR_INIT;
	struct walk w;
	int64_t n;
	size_t rows;

	walk_each(st, q, &w);
	walk_down(st, q, &w);
	walk_up(st, q, &w);
	land_on_rows(st, q, &w);
	if (!store_count(st, q, &n, &e))
		fail_msg("%s", e.text);
	if (n != (int64_t)w.n)
		fail_msg("%s: %lld counted, %zu shown", store_list(q->list)->name, (long long)n,
			 w.n);
	rows = w.n;
	free(w.key);
	return rows;
}

int64_t walk_count_of(struct store *st, enum list_id list, struct scope scope, const char *filter)
{
	struct list_query q = { .list = list, .scope = scope };
	struct arena mem = ARENA_INIT;
	struct err e = ERR_INIT;
	size_t at;
	size_t n;

	if (!filter_parse(list, filter, SMALL_NOW, &mem, &q.where, &at, &e))
		fail_msg("%s: %s", filter, e.text);
	n = walk_check_query(st, &q);
	arena_release(&mem);
	return (int64_t)n;
}

void walk_counts(struct store *st, enum list_id list, const char *filter, int64_t want)
{
	int64_t n = walk_count_of(st, list, (struct scope){ SCOPE_ALL, { 0 } }, filter);

	if (n != want)
		fail_msg("%s '%s': %lld rows, not %lld", store_list(list)->name, filter,
			 (long long)n, (long long)want);
}

int64_t walk_below(struct store *st, enum list_id list, enum scope_kind kind, int64_t a, int64_t b,
		   int64_t c, int64_t d)
{
	return walk_count_of(st, list, (struct scope){ kind, { a, b, c, d } }, "");
}
