/* SPDX-License-Identifier: MIT */
/*
 * list_found.c - the keys of a query that no index serves, found once into a temporary table.
 *
 * A few tables are kept, and forgotten when the store changes. A row's number in its table is its
 * place in the order.
 */
#include <stdlib.h>

#include "store/list.h"
#include "store/store_private.h"

enum { TABLES = 4 };

struct kept {
	char *what; /* SQL and bound values of the query; NULL: empty */
	uint64_t revision;
	uint64_t used;
	int64_t n;
};
struct list_state {
	struct kept kept[TABLES];
	uint64_t clock;
	bool keep;
};

#define COLUMNS	 " (n INTEGER PRIMARY KEY, k0, k1, k2, k3, t0, t1, t2, t3, t4)"
#define INSERTED " (k0, k1, k2, k3, t0, t1, t2, t3, t4)\n"
#define SELECTED "SELECT k0, k1, k2, k3, t0, t1, t2, t3, t4\nFROM "
static const struct {
	const char *name, *make, *empty, *fill, *seek;
} table[TABLES] = {
#define TABLE(t)                                                                                   \
	{                                                                                          \
		t, "CREATE TEMP TABLE IF NOT EXISTS " t COLUMNS, "DELETE FROM " t,                 \
			"INSERT INTO " t INSERTED, SELECTED t "\nWHERE n = $1"                     \
	}
	TABLE("found0"),
	TABLE("found1"),
	TABLE("found2"),
	TABLE("found3"),
#undef TABLE
};

static void forget(struct list_state *s)
{
	for (size_t i = 0; i < TABLES; i++) {
		free(s->kept[i].what);
		s->kept[i].what = NULL;
	}
}

void list_state_free(struct list_state *s)
{
	if (!s)
		return;
	forget(s);
	free(s);
}

/* In another's transaction, or after a failure that undid ours, the tables cannot be relied on. */
void list_state_keep(struct store *st, bool keep)
{
	if (!st->lists)
		st->lists = xcalloc(1, sizeof(*st->lists));
	st->lists->keep = keep;
	if (!keep)
		forget(st->lists);
}

/* What is asked, as text; direction and limits left out. Queries that look at the clock hold for
 * its minute. */
static char *describe(const struct store *st, const struct sql *q)
{
	struct buf b = BUF_INIT;

	buf_adds(&b, q->text.s);
	for (size_t i = 0; i < q->nbind; i++) {
		if (q->bind[i].type == VAL_TEXT || q->bind[i].type == VAL_LIST)
			buf_addf(&b, "\n%zu:%s", strlen(q->bind[i].u.s), q->bind[i].u.s);
		else
			buf_addf(&b, "\n%lld", (long long)q->bind[i].u.i);
	}
	if (strstr(q->text.s, "store_now()") || strstr(q->text.s, "store_heard()"))
		buf_addf(&b, "\n@%lld", (long long)(st->now / 60));
	return buf_detach(&b);
}

static struct kept *look(struct list_state *s, const char *what, uint64_t revision)
{
	for (size_t i = 0; i < TABLES; i++)
		if (s->kept[i].what && s->kept[i].revision == revision &&
		    str_eq(s->kept[i].what, what))
			return &s->kept[i];
	return NULL;
}

static struct kept *oldest(struct list_state *s)
{
	struct kept *k = &s->kept[0];

	for (size_t i = 1; i < TABLES; i++)
		if (s->kept[i].used < k->used)
			k = &s->kept[i];
	free(k->what);
	k->what = NULL;
	return k;
}

static bool make_tables(struct store *st, struct err *e)
{
	for (size_t i = 0; i < TABLES; i++)
		if (!db_script(st->db, table[i].make, e))
			return false;
	return true;
}

static bool fill(struct store *st, const struct sql *q, struct kept *k, struct err *e)
{
	size_t i = (size_t)(k - st->lists->kept);
	struct sql insert = { BUF_INIT, q->bind, q->nbind, q->cap };
	struct stmt *s;
	bool ok;

	if (!make_tables(st, e) || !db_run(db_stmt(st->db, table[i].empty), e))
		return false;
	buf_adds(&insert.text, table[i].fill);
	buf_adds(&insert.text, q->text.s);
	s = sql_stmt(st->db, &insert);
	ok = db_run(s, e);
	k->n = ok ? db_changes(st->db) : 0;
	buf_release(&insert.text);
	return ok;
}

bool list_found(struct store *st, const struct list_plan *p, bool make, struct found *out,
		struct err *e)
{
	uint64_t revision = store_revision(st);
	struct sql q = SQL_INIT;
	struct kept *k;
	char *what;
	bool ok = true;

	*out = (struct found){ NULL, 0 };
	list_sql_keys(p, &(struct list_span){ .up = true, .terms = true }, &q);
	what = describe(st, &q);
	k = look(st->lists, what, revision);
	if (!k && make) {
		k = oldest(st->lists);
		ok = fill(st, &q, k, e);
		if (ok && st->lists->keep) {
			k->what = what;
			k->revision = revision;
			what = NULL;
		}
	}
	if (k && ok) {
		k->used = ++st->lists->clock;
		*out = (struct found){ table[k - st->lists->kept].name, k->n };
	}
	free(what);
	sql_release(&q);
	return ok;
}

static bool compare_row(struct store *st, const struct list_plan *p, const char *seek, int64_t n,
			const struct list_place *at, int *c, struct err *e)
{
	struct stmt *s = db_stmt(st->db, seek);
	struct list_place have;

	db_int(s, 1, n);
	if (db_next(s)) {
		list_place_read(p, s, &have);
		*c = list_compare(p, &have, at);
	}
	return db_done(s, e);
}

bool list_found_seek(struct store *st, const struct list_plan *p, const struct found *f,
		     const struct list_place *at, int64_t *n, bool *exact, struct err *e)
{
	int64_t lo = 1, hi = f->n + 1;
	size_t i = 0;

	while (!str_eq(table[i].name, f->table))
		i++;
	*exact = false;
	while (lo < hi) {
		int64_t mid = lo + (hi - lo) / 2;
		int c = 0;

		if (!compare_row(st, p, table[i].seek, mid, at, &c, e))
			return false;
		if (c == 0)
			*exact = true;
		if (c < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	*n = lo;
	return true;
}
