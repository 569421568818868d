/* SPDX-License-Identifier: MIT */
/* matrix.c - rule by cluster: is a fault one cluster's, or everyone's? */
#include <stdlib.h>

#include "store/detail.h"

enum { RULES_MAX = 500 };

struct building {
	struct arena      *mem;
	struct matrix     *out;
	struct matrix_row *row;
	size_t             cap;
};

static bool load_clusters(struct store *st, struct building *b, int64_t silent, struct err *e)
{
	static const char count[] = "SELECT COUNT(*) FROM cluster";
	static const char sql[] = "SELECT c.asset, s.name, c.data_at\n"
				  "FROM cluster AS c JOIN asset AS s ON s.id = c.asset\n"
				  "ORDER BY s.name, c.asset";
	struct matrix_cluster *c;
	struct stmt *s;
	int64_t n;

	if (!db_scalar(db_stmt(st->db, count), 0, &n, e))
		return false;
	b->out->cluster = c = arena_array(b->mem, struct matrix_cluster, (size_t)n + 1);
	s = db_stmt(st->db, sql);
	while (db_next(s) && b->out->ncluster < (size_t)n)
		c[b->out->ncluster++] = (struct matrix_cluster){
			.id = db_column(s, 0),
			.name = arena_dup(b->mem, db_column_text(s, 1)),
			.silent = db_column(s, 2) < silent,
		};
	return db_done(s, e);
}

/* The worst counts: fail, then what a person must judge, then a warning, then a pass. */
static char worse(char have, int64_t verdict)
{
	static const char order[] = "FmwP";
	static const char letter[VERDICT_COUNT] = {
		[VERDICT_FAIL] = 'F', [VERDICT_MANUAL] = 'm', [VERDICT_WARN] = 'w',
		[VERDICT_PASS] = 'P',
	};
	char next = verdict >= 0 && verdict < VERDICT_COUNT ? letter[verdict] : '\0';

	if (next == '\0' || (have != '-' && strchr(order, have) < strchr(order, next)))
		return have;
	return next;
}

static struct matrix_row *row_of(struct building *b, struct stmt *s)
{
	size_t n = b->out->nrow;
	struct matrix_row *r;
	char *cell;

	if (n > 0 && b->row[n - 1].rule == db_column(s, 0))
		return &b->row[n - 1];
	DETAIL_MORE(b->mem, b->row, n, b->cap);
	r = &b->row[b->out->nrow++];
	cell = arena_alloc(b->mem, b->out->ncluster + 1, 1);
	memset(cell, '-', b->out->ncluster);
	*r = (struct matrix_row){
		.rule = db_column(s, 0),
		.ident = arena_dup(b->mem, db_column_text(s, 1)),
		.title = arena_dup(b->mem, db_column_text(s, 2)),
		.severity = (enum severity)db_column(s, 3),
		.cell = cell,
	};
	return r;
}

/* What a silent cluster once said is kept, and no word of today. */
static void add_verdict(struct building *b, struct matrix_row *r, int64_t cluster, int64_t verdict,
                        int64_t n)
{
	for (size_t i = 0; i < b->out->ncluster; i++) {
		const struct matrix_cluster *c = &b->out->cluster[i];

		if (c->id != cluster || c->silent)
			continue;
		r->cell[i] = worse(r->cell[i], verdict);
		if (verdict == VERDICT_FAIL) {
			r->clusters++;
			r->fail += n;
		}
	}
}

static int by_rule(const void *a, const void *b)
{
	const struct matrix_row *x = a, *y = b;

	return (x->rule > y->rule) - (x->rule < y->rule);
}

/* What fails in an image is one result, in however many clusters it runs. */
static bool count_images_once(struct store *st, struct building *b, int64_t silent, struct err *e)
{
	static const char sql[] =
		"SELECT c.advisory, SUM(r.n - 1)\n"
		"FROM (SELECT k.image, COUNT(DISTINCT k.cluster) AS n\n"
		"      FROM container AS k JOIN cluster AS l ON l.asset = k.cluster\n"
		"      WHERE k.running = 1 AND l.data_at >= $1\n"
		"      GROUP BY k.image HAVING COUNT(DISTINCT k.cluster) > 1) AS r\n"
		"  CROSS JOIN check_result AS c ON c.asset = r.image\n"
		"WHERE c.verdict = $2 AND c.gone = 0\n"
		"GROUP BY c.advisory";
	struct stmt *s = db_stmt(st->db, sql);

	db_int(s, 1, silent);
	db_int(s, 2, VERDICT_FAIL);
	while (db_next(s)) {
		const struct matrix_row want = { .rule = db_column(s, 0) };
		struct matrix_row *r = b->out->nrow == 0 ? NULL :
			bsearch(&want, b->row, b->out->nrow, sizeof(*b->row), by_rule);

		if (r)
			r->fail -= db_column(s, 1);
	}
	return db_done(s, e);
}

static bool load_verdicts(struct store *st, struct building *b, struct err *e)
{
	static const char sql[] =
		"SELECT t.advisory, a.name, a.title, a.severity, t.scope, t.verdict, t.n\n"
		"FROM check_tally AS t JOIN advisory AS a ON a.id = t.advisory\n"
		"WHERE t.n > 0 AND t.scope IN (SELECT c.asset FROM cluster AS c)\n"
		"  AND t.advisory IN (SELECT x.advisory FROM check_tally AS x\n"
		"    WHERE x.n > 0 AND x.verdict = $1\n"
		"      AND x.scope IN (SELECT c.asset FROM cluster AS c))\n"
		"ORDER BY t.advisory, t.scope, t.verdict";
	struct stmt *s = db_stmt(st->db, sql);

	db_int(s, 1, VERDICT_FAIL);
	while (db_next(s))
		add_verdict(b, row_of(b, s), db_column(s, 4), db_column(s, 5), db_column(s, 6));
	b->out->row = b->row;
	return db_done(s, e);
}

static int by_reach(const void *a, const void *b)
{
	const struct matrix_row *x = a, *y = b;

	if (x->clusters != y->clusters)
		return x->clusters < y->clusters ? 1 : -1;
	if (x->severity != y->severity)
		return x->severity < y->severity ? -1 : 1;
	if (x->fail != y->fail)
		return x->fail < y->fail ? 1 : -1;
	return strcmp(x->ident, y->ident);
}

bool store_matrix(struct store *st, struct arena *mem, struct matrix *out, struct err *e)
{
	struct building b = { .mem = mem, .out = out };
	const struct policy *policy;
	int64_t silent;

	*out = (struct matrix){ .nrow = 0 };
	if (!store_policy(st, &policy, e))
		return false;
	silent = st->now - policy->fresh.silent;
	if (!load_clusters(st, &b, silent, e) || !load_verdicts(st, &b, e) ||
	    !count_images_once(st, &b, silent, e))
		return false;
	if (out->nrow > 0)
		qsort(b.row, out->nrow, sizeof(*b.row), by_reach);
	out->all = (int64_t)out->nrow;
	while (out->nrow > 0 && (out->nrow > RULES_MAX || b.row[out->nrow - 1].clusters == 0))
		out->nrow--;
	return true;
}
