/* SPDX-License-Identifier: MIT */
/*
 * ingest_new.c - findings that are new in an asset, written many at a time.
 *
 * Most of a large report is new, and every one of its rows touches five tables. Here they come in
 * the order of the finding table, wait until there are many, and then go to each table in that
 * table's order, with one statement a table.
 */
#include <stdlib.h>

#include "store/gather.h"
#include "store/ingest.h"

#define NEWCOMERS 2048

/* Findings of one advisory in one package: they stand on the same clocks. */
struct crowd {
	int64_t advisory, package;
	int64_t earliest; /* start of the oldest of their clocks */
	int64_t due;	  /* earliest of theirs */
	uint32_t first, n; /* in newcomers.order */
	bool alone;	   /* brings back a clock that had ended: a row at a time */
};
struct newcomer {
	struct finding_row f;
	struct facts a;
};
struct newcomers {
	struct newcomer row[NEWCOMERS];
	size_t n;
	uint32_t order[NEWCOMERS]; /* rows by advisory and package */
	struct crowd crowd[NEWCOMERS];
	size_t ncrowd;
	int64_t counted[NEWCOMERS]; /* assets with the part open under the advisory, then */
};

/* ---- who stands together ---- */

static int64_t package_of(const struct newcomer *x)
{
	return count_package(&x->f, &x->a);
}

/* Rows come by advisory; within one there are few packages, mostly in order already. */
static void sort_rows(struct newcomers *l)
{
	for (uint32_t i = 0; i < l->n; i++) {
		int64_t package = package_of(&l->row[i]);
		uint32_t k = i;

		for (; k > 0; k--) {
			const struct newcomer *before = &l->row[l->order[k - 1]];

			if (before->f.advisory != l->row[i].f.advisory ||
			    package_of(before) <= package)
				break;
			l->order[k] = l->order[k - 1];
		}
		l->order[k] = i;
	}
}

static void form_crowds(struct newcomers *l, int64_t at)
{
	struct crowd *c = NULL;

	sort_rows(l);
	l->ncrowd = 0;
	for (uint32_t i = 0; i < l->n; i++) {
		const struct newcomer *x = &l->row[l->order[i]];

		if (!c || c->advisory != x->f.advisory || c->package != package_of(x)) {
			c = &l->crowd[l->ncrowd++];
			*c = (struct crowd){ .advisory = x->f.advisory,
					     .package = package_of(x),
					     .earliest = at,
					     .due = DUE_NONE,
					     .first = i };
		}
		c->n++;
	}
}

/* ---- clocks ---- */

/* A crowd on one of its clocks. */
struct stand {
	const struct newcomers *l;
	const struct standing *s;
	const struct crowd **crowd;
	int64_t at;
};

static void fill_stand(const void *ctx, size_t i, struct given *row)
{
	const struct stand *t = ctx;
	const struct crowd *c = t->crowd[i / t->s->nrepository];

	row->n[0] = t->s->repository[i % t->s->nrepository];
	row->n[1] = c->advisory;
	row->n[2] = c->package;
	row->n[3] = t->at;
	row->n[4] = c->due;
	row->n[5] = c->n;
	row->n[6] = c - t->l->crowd;
}

static const char SQL_CLOCKS[] =
	"SELECT g.g, c.repository, c.start, c.ended\n"
	"FROM given AS g\n"
	"JOIN clock AS c ON c.advisory = g.b AND c.package = g.c AND c.repository = g.a\n"
	"WHERE c.ended = 0 OR c.ended > g.d";
static const char SQL_JOIN[] =
	"INSERT INTO clock (repository, advisory, package, ended, start, due, n)\n"
	"SELECT g.a, g.b, g.c, 0, g.d, g.e, g.f\n"
	"FROM given AS g\n"
	"WHERE true\n"
	"ON CONFLICT (advisory, package, repository, ended) DO UPDATE\n"
	"SET n = clock.n + excluded.n,\n"
	"    due = CASE WHEN clock.n = 0 OR excluded.due < clock.due THEN excluded.due\n"
	"               ELSE clock.due END,\n"
	"    start = CASE WHEN excluded.start < clock.start THEN excluded.start\n"
	"                 ELSE clock.start END";

/* What runs already, and what has ended since: the first tells when they are due. */
static bool read_clocks(struct ingest *ig, struct newcomers *l, const struct stand *t,
			struct err *e)
{
	size_t n = l->ncrowd * t->s->nrepository;
	struct given *row = xcalloc(n, sizeof(*row));
	struct stmt *s;

	for (size_t i = 0; i < n; i++)
		fill_stand(t, i, &row[i]);
	db_give(ig->db, row, n);
	s = db_stmt(ig->db, SQL_CLOCKS);
	while (db_next(s)) {
		struct crowd *c = &l->crowd[db_column(s, 0)];
		int64_t start = db_column(s, 2);

		c->alone |= db_column(s, 3) > 0;
		if (start < c->earliest)
			c->earliest = start;
		else if (start > t->at) /* it began earlier than was known */
			clock_is_stale(ig, db_column(s, 1), c->advisory, c->package);
	}
	db_give(ig->db, NULL, 0);
	free(row);
	return db_done(s, e);
}

static bool judge_crowd(struct ingest *ig, struct newcomers *l, const struct stand *t,
			struct crowd *c, struct err *e)
{
	for (uint32_t i = 0; i < c->n; i++) {
		struct newcomer *x = &l->row[l->order[c->first + i]];

		if (!(c->alone ? clock_join(ig, t->s, &x->f, &x->a, t->at, &x->f.due, e)
			       : clock_due(ig, t->s, &x->f, &x->a, c->earliest, &x->f.due, e)))
			return false;
		if (x->f.due < c->due)
			c->due = x->f.due;
	}
	return true;
}

static bool join_clocks(struct ingest *ig, struct newcomers *l, const struct standing *s,
			int64_t at, struct err *e)
{
	struct stand t = { l, s, xcalloc(l->ncrowd, sizeof(*t.crowd)), at };
	size_t together = 0;
	bool ok = true;

	for (size_t i = 0; i < l->ncrowd; i++)
		t.crowd[i] = &l->crowd[i];
	ok = s->first || read_clocks(ig, l, &t, e);
	for (size_t i = 0; ok && i < l->ncrowd; i++) {
		ok = judge_crowd(ig, l, &t, &l->crowd[i], e);
		if (!l->crowd[i].alone)
			t.crowd[together++] = &l->crowd[i];
	}
	ok = ok && give_all(ig->db, SQL_JOIN, together * s->nrepository, fill_stand, &t, e);
	free(t.crowd);
	return ok;
}

/* ---- the parts that the advisory affects ---- */

static const char SQL_AFFECTS[] =
	"INSERT INTO affects (advisory, part, fixed_in, fix, n)\n"
	"SELECT g.a, g.b, g.s, g.t, g.c\n"
	"FROM given AS g\n"
	"WHERE true\n"
	"ON CONFLICT (advisory, part) DO UPDATE\n"
	"SET n = told(affects.n + excluded.n),\n"
	"    fixed_in = CASE WHEN excluded.fixed_in <> '' THEN excluded.fixed_in\n"
	"                    ELSE affects.fixed_in END,\n"
	"    fix = CASE WHEN excluded.fix <> '' THEN excluded.fix ELSE affects.fix END";

static bool write_affects(struct ingest *ig, struct newcomers *l, bool counts, struct err *e)
{
	struct given *row = xcalloc(l->n, sizeof(*row));
	bool ok;

	for (size_t i = 0; i < l->n; i++) {
		const struct finding_row *f = &l->row[i].f;

		row[i] = (struct given){ .n = { f->advisory, f->part, counts },
					 .s = { f->fixed, f->fix },
					 .told = counts };
	}
	db_give(ig->db, row, l->n);
	ok = db_run(db_stmt(ig->db, SQL_AFFECTS), e);
	for (size_t i = 0; i < l->n; i++)
		l->counted[i] = row[i].told;
	db_give(ig->db, NULL, 0);
	free(row);
	return ok;
}

/* ---- the findings ---- */

struct found_in {
	const struct newcomers *l;
	int64_t asset;
};

static void fill_finding(const void *ctx, size_t i, struct given *row)
{
	const struct found_in *in = ctx;
	const struct finding_row *f = &in->l->row[i].f;

	*row = (struct given){ .n = { in->asset, f->advisory, f->part, f->severity, f->state,
				      f->since, f->due, f->witness } };
}

static const char SQL_FINDING[] =
	"INSERT INTO finding (asset, advisory, part, severity, state, since, due, witness)\n"
	"SELECT g.a, g.b, g.c, g.d, g.e, g.f, g.g, g.h\n"
	"FROM given AS g";

struct newcomers *newcomers_new(void)
{
	struct newcomers *l = xmalloc(sizeof(*l)); /* not cleared: a small report needs little */

	l->n = l->ncrowd = 0;
	return l;
}

bool newcomers_write(struct ingest *ig, struct newcomers *l, const struct standing *s, int64_t at,
		     struct err *e)
{
	const struct found_in in = { l, s->asset };

	if (l->n == 0)
		return true;
	if (s->counts) {
		form_crowds(l, at);
		if (!join_clocks(ig, l, s, at, e))
			return false;
	}
	if (!write_affects(ig, l, s->counts, e) ||
	    !give_all(ig->db, SQL_FINDING, l->n, fill_finding, &in, e))
		return false;
	for (size_t i = 0; s->counts && i < l->n; i++) {
		const struct newcomer *x = &l->row[i];

		if (!problem_opened(ig, &x->f, &x->a, l->counted[i] == 1, e))
			return false;
		trend_add(ig, at, x->f.severity, x->a.kev, 1);
	}
	l->n = 0;
	return true;
}

bool newcomer_add(struct ingest *ig, struct newcomers *l, const struct standing *s,
		  const struct finding_row *f, int64_t at, struct err *e)
{
	struct newcomer *x;

	if (l->n == NEWCOMERS && !newcomers_write(ig, l, s, at, e))
		return false;
	x = &l->row[l->n++];
	x->f = *f;
	return advisory_facts(ig, f->advisory, &x->a, e);
}
