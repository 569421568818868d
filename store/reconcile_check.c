/* SPDX-License-Identifier: MIT */
/* reconcile_check.c - verdicts of a scan against those stored: new, changed, the same, no longer
 * given. */
#include <stdlib.h>

#include "store/checked.h"

#define CHUNK 512

struct merge {
	struct ingest *ig;
	const struct look *l;
	size_t next;
	bool first; /* this source has not looked at the asset in any earlier import */
};

/* ---- the rows of a look ---- */

/* Worst first: what one place was judged to be twice counts as the worse. */
static int rank(uint8_t verdict)
{
	static const int order[VERDICT_COUNT] = {
		[VERDICT_FAIL] = 0, [VERDICT_WARN] = 1, [VERDICT_MANUAL] = 2,
		[VERDICT_INFO] = 3, [VERDICT_PASS] = 4, [VERDICT_SKIP] = 5,
	};

	return order[verdict];
}

static int by_key(const void *a, const void *b)
{
	const struct check_entry *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return rank(x->verdict) - rank(y->verdict);
}

static void compact(struct look *l)
{
	size_t to = 0;

	if (l->ncheck == 0)
		return;
	qsort(l->check, l->ncheck, sizeof(*l->check), by_key);
	for (size_t i = 1; i < l->ncheck; i++)
		if (l->check[i].key != l->check[to].key)
			l->check[++to] = l->check[i];
	l->ncheck = to + 1;
}

/* ---- rows ---- */

static const char SQL_STORED[] =
	"SELECT c.advisory, c.part, p.package, c.verdict, c.word, c.message, c.since, c.at, "
	"c.gone\n"
	"FROM check_result AS c\n"
	"JOIN part AS p ON p.id = c.part\n"
	"WHERE c.asset = $1 AND c.source = $2 AND (c.advisory, c.part) > ($3, $4)\n"
	"ORDER BY c.advisory, c.part\n"
	"LIMIT $5";

static bool read_chunk(struct merge *m, uint64_t after, struct checked *out, size_t *n,
		       struct err *e)
{
	struct stmt *s = db_stmt(m->ig->db, SQL_STORED);

	*n = 0;
	db_int(s, 1, m->l->asset);
	db_int(s, 2, m->l->scan->source);
	db_int(s, 3, key_advisory(after));
	db_int(s, 4, key_part(after));
	db_int(s, 5, CHUNK);
	while (db_next(s))
		out[(*n)++] = (struct checked){ entry_key(db_column(s, 0), db_column(s, 1)),
					       db_column(s, 2),
					       db_column(s, 3),
					       db_column(s, 4),
					       db_column(s, 5),
					       db_column(s, 6),
					       db_column(s, 7),
					       db_column(s, 8) };
	return db_done(s, e);
}

static bool write_row(struct merge *m, const struct checked *r, struct err *e)
{
	struct stmt *s = db_stmt(
		m->ig->db,
		"INSERT INTO check_result (asset, advisory, part, source, verdict, word,\n"
		"                          message, since, at, gone)\n"
		"VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)\n"
		"ON CONFLICT (asset, advisory, part, source) DO UPDATE\n"
		"SET verdict = excluded.verdict, word = excluded.word,\n"
		"    message = excluded.message, since = excluded.since,\n"
		"    at = excluded.at, gone = excluded.gone");

	asset_touch(m->ig, m->l->asset, true);
	bears_rule(m->ig->st, key_advisory(r->key));
	db_int(s, 1, m->l->asset);
	db_int(s, 2, key_advisory(r->key));
	db_int(s, 3, key_part(r->key));
	db_int(s, 4, m->l->scan->source);
	db_int(s, 5, r->verdict);
	db_int(s, 6, r->word);
	db_int(s, 7, r->message);
	db_int(s, 8, r->since);
	db_int(s, 9, r->at);
	db_int(s, 10, r->gone);
	return db_run(s, e);
}

static bool same_verdict(const struct checked *a, const struct checked *b)
{
	return a->verdict == b->verdict && a->word == b->word && a->message == b->message &&
	       a->gone == b->gone;
}

static int64_t time_of(const struct merge *m, const struct check_entry *x)
{
	return x->at > 0 ? x->at : m->l->scan->at;
}

/* ---- one verdict ---- */

static bool reach_for(struct merge *m, uint64_t key, int64_t scope, const struct reach **out,
		      struct err *e)
{
	struct facts a;

	if (!advisory_facts(m->ig, key_advisory(key), &a, e))
		return false;
	*out = look_reach(m->l, a.kind, scope);
	return true;
}

static enum spoken how_told(const struct check_entry *x)
{
	return x->at > 0 ? SPOKEN_OF_OLD : SPOKEN;
}

static bool told(struct merge *m, const struct checked *was, const struct checked *is,
		 const struct check_entry *x, struct err *e)
{
	return checked_change(m->ig, m->l, was, is, is->at, how_told(x), e);
}

/* An older scan gives a verdict that the next complete one, at `next`, no longer gives. */
static bool given_until(struct merge *m, const struct checked *is, const struct check_entry *x,
			int64_t next, struct err *e)
{
	struct checked ended = *is;

	ended.gone = 1;
	return checked_until(m->ig, m->l, is, how_told(x), next > is->at ? next : is->at, e) &&
	       write_row(m, &ended, e);
}

static bool create(struct merge *m, const struct check_entry *x, struct err *e)
{
	int64_t at = time_of(m, x), scope;
	const struct reach *r;
	struct checked is;

	if (!part_package(m->ig, key_part(x->key), &scope, e) ||
	    !reach_for(m, x->key, scope, &r, e))
		return false;
	m->ig->stats.created[COUNT_CHECKS]++;
	is = (struct checked){ x->key, scope, x->verdict, x->word, x->message, at, at, 0 };
	if (r && r->next > 0)
		return given_until(m, &is, x, r->next, e);
	return ((m->first && x->at <= 0) || told(m, NULL, &is, x, e)) && write_row(m, &is, e);
}

/* An older verdict that is the same as today's may have been so since then; else it changes
 * nothing. */
static bool seen_earlier(struct merge *m, const struct checked *was, const struct check_entry *x,
			 struct err *e)
{
	struct checked is = *was;

	m->ig->stats.unchanged[COUNT_CHECKS]++;
	is.since = time_of(m, x);
	if (was->gone || was->verdict != x->verdict || is.since >= was->since)
		return true;
	return checked_change(m->ig, m->l, was, &is, is.since, how_told(x), e) &&
	       write_row(m, &is, e);
}

/* Gone, and the scan at hand is older than one that said so. */
static bool gone_since(struct merge *m, const struct checked *was, const struct check_entry *x,
		       int64_t *next, struct err *e)
{
	const struct reach *r;

	*next = 0;
	if (!was->gone)
		return true;
	if (!reach_for(m, x->key, was->scope, &r, e))
		return false;
	*next = r ? r->next : 0;
	return true;
}

static bool seen_between(struct merge *m, const struct checked *was, const struct check_entry *x,
			 int64_t next, struct err *e)
{
	int64_t at = time_of(m, x);
	struct checked is = {
		x->key, was->scope, x->verdict, x->word, x->message, at, at, 0
	};
	bool held;

	m->ig->stats.unchanged[COUNT_CHECKS]++;
	if (!checked_held(m->ig, m->l, was, at, &held, e))
		return false;
	if (held && was->verdict == x->verdict)
		is.since = was->since;
	return given_until(m, &is, x, next, e);
}

static bool seen(struct merge *m, const struct checked *was, const struct check_entry *x,
		 struct err *e)
{
	int64_t at = time_of(m, x), next;
	struct checked is = { x->key,	 was->scope,
			     x->verdict, x->word,
			     x->message, was->verdict == x->verdict && !was->gone ? was->since : at,
			     at,	 0 };

	if (at < was->at)
		return seen_earlier(m, was, x, e);
	if (!gone_since(m, was, x, &next, e))
		return false;
	if (next > 0)
		return seen_between(m, was, x, next, e);
	if (was->gone)
		m->ig->stats.reopened[COUNT_CHECKS]++;
	else
		m->ig->stats.unchanged[COUNT_CHECKS]++;
	if (!same_verdict(was, &is) || (x->at > 0 && at != was->at))
		return told(m, was, &is, x, e) && write_row(m, &is, e);
	return (x->at > 0 || checked_again(m->ig, m->l, was, e)) && write_row(m, &is, e);
}

static bool unseen(struct merge *m, const struct checked *was, struct err *e)
{
	int64_t at = m->l->scan->at;
	struct checked is = *was;
	const struct reach *r;

	if (was->gone) /* which a late look may have been before */
		return checked_silent(m->ig, m->l, was, e);
	if (!reach_for(m, was->key, was->scope, &r, e))
		return false;
	if (!r || r->newer || !r->complete)
		return checked_silent(m->ig, m->l, was, e);
	is.gone = 1;
	m->ig->stats.resolved[COUNT_CHECKS]++;
	return checked_change(m->ig, m->l, was, &is, at > was->at ? at : was->at, SPOKEN, e) &&
	       write_row(m, &is, e);
}

/* ---- the walk, as in reconcile.c ---- */

static bool create_until(struct merge *m, uint64_t key, struct err *e)
{
	for (; m->next < m->l->ncheck && m->l->check[m->next].key < key; m->next++)
		if (!create(m, &m->l->check[m->next], e))
			return false;
	return true;
}

static bool meet(struct merge *m, const struct checked *r, struct err *e)
{
	if (!create_until(m, r->key, e))
		return false;
	if (m->next < m->l->ncheck && m->l->check[m->next].key == r->key)
		return seen(m, r, &m->l->check[m->next++], e);
	return unseen(m, r, e);
}

static bool walk(struct merge *m, struct checked *row, struct err *e)
{
	uint64_t last = 0;
	size_t n;

	do {
		if (!read_chunk(m, last, row, &n, e))
			return false;
		for (size_t i = 0; i < n; i++)
			if (!meet(m, &row[i], e))
				return false;
		if (n > 0)
			last = row[n - 1].key;
	} while (n == CHUNK);
	return create_until(m, UINT64_MAX, e);
}

bool look_merge_checks(struct ingest *ig, struct look *l, struct err *e)
{
	struct merge m = { .ig = ig, .l = l };
	struct checked *row;
	bool ok;

	if (l->nreach == 0)
		return true;
	compact(l);
	row = xcalloc(CHUNK, sizeof(*row));
	ok = source_is_new(ig, l, &m.first, e) && walk(&m, row, e);
	free(row);
	return ok;
}
