/* SPDX-License-Identifier: MIT */
/* rollup.c - problems and the parts an advisory affects: kept by what an import changes, written
 * once. */
#include <stdlib.h>

#include "store/ingest.h"

#define DELTAS 32768 /* kept in memory before they are written */
#define SLOTS  (2 * DELTAS)

/* What an import adds to a problem. */
struct delta {
	int64_t advisory, package;
	int64_t assets, running, versions, n[SEV_COUNT];
	int64_t due; /* earliest of those that came */
	int64_t no_kev, epss;
	bool lost; /* the earliest may be another now: ask the clocks */
};
/* Side by side in memory, and found by a table of their places: open addressing, half full. */
struct deltas {
	struct delta row[DELTAS];
	uint32_t n;
	uint32_t slot[SLOTS]; /* place in row, from 1 */
};

static size_t slot_of(const struct deltas *l, int64_t advisory, int64_t package)
{
	const int64_t key[] = { advisory, package };
	size_t i = (size_t)hash64(key, sizeof(key)) & (SLOTS - 1);

	for (; l->slot[i] > 0; i = (i + 1) & (SLOTS - 1)) {
		const struct delta *d = &l->row[l->slot[i] - 1];

		if (d->advisory == advisory && d->package == package)
			break;
	}
	return i;
}

/* NULL when what there was could not be written to make room. */
static struct delta *delta_of(struct ingest *ig, int64_t advisory, int64_t package, struct err *e)
{
	struct deltas *l = ig->deltas;
	size_t i;

	if (!l) { /* of a small file most rows are never touched: they are not cleared */
		l = ig->deltas = xmalloc(sizeof(*l));
		l->n = 0;
		memset(l->slot, 0, sizeof(l->slot));
	}
	i = slot_of(l, advisory, package);
	if (l->slot[i] > 0)
		return &l->row[l->slot[i] - 1];
	if (l->n == DELTAS) {
		if (!problems_flush(ig, e))
			return NULL;
		i = slot_of(l, advisory, package);
	}
	l->row[l->n] = (struct delta){ .advisory = advisory, .package = package, .due = DUE_NONE };
	l->slot[i] = ++l->n;
	return &l->row[l->n - 1];
}

void rollups_release(struct ingest *ig)
{
	free(ig->deltas);
}

bool problem_due_changed(struct ingest *ig, int64_t advisory, int64_t package, struct err *e)
{
	struct delta *d = delta_of(ig, advisory, package, e);

	if (d)
		d->lost = true;
	return d != NULL;
}

/* ---- writing ---- */

static int by_problem(const void *a, const void *b)
{
	const struct delta *x = a, *y = b;

	if (x->advisory != y->advisory)
		return x->advisory < y->advisory ? -1 : 1;
	return (x->package > y->package) - (x->package < y->package);
}

static const char SQL_EARLIEST[] = "SELECT due\n"
				   "FROM clock\n"
				   "WHERE advisory = $1 AND package = $2 AND ended = 0 AND n > 0\n"
				   "ORDER BY due\n"
				   "LIMIT 1";

static bool complete(struct ingest *ig, struct delta *d, struct err *e)
{
	struct facts a;
	struct stmt *s;

	if (!advisory_facts(ig, d->advisory, &a, e))
		return false;
	d->no_kev = !a.kev;
	d->epss = 10000 - a.epss;
	if (!d->lost)
		return true;
	s = db_stmt(ig->db, SQL_EARLIEST);
	db_int(s, 1, d->advisory);
	db_int(s, 2, d->package);
	return db_scalar(s, DUE_NONE, &d->due, e);
}

static int64_t worst_of(const struct delta *d)
{
	for (int i = 0; i < SEV_COUNT; i++)
		if (d->n[i] > 0)
			return i;
	return SEV_UNKNOWN;
}

static void fill_delta(const void *ctx, size_t i, struct given *row)
{
	const struct delta *d = *((const struct delta *const *)ctx + i);

	*row = (struct given){ .n = { d->advisory, d->package, worst_of(d), d->no_kev, d->epss,
				      d->due, d->assets, d->running, d->versions } };
	memcpy(row->n + 9, d->n, sizeof(d->n));
}

/* The earliest due date is the earlier one, or the one just asked for. */
#define SQL_PROBLEM(due)                                                                           \
	"INSERT INTO problem (advisory, package, severity, no_kev, epss, due, assets, running,\n"  \
	"                     versions, critical, high, medium, low, negligible, unknown)\n"       \
	"SELECT g.a, g.b, g.c, g.d, g.e, g.f, g.g, g.h, g.i, g.j, g.k, g.l, g.m, g.n, g.o\n"       \
	"FROM given AS g\n"                                                                        \
	"WHERE true\n"                                                                             \
	"ON CONFLICT (advisory, package) DO UPDATE\n"                                              \
	"SET severity = CASE WHEN problem.critical + excluded.critical > 0 THEN 0\n"               \
	"                    WHEN problem.high + excluded.high > 0 THEN 1\n"                       \
	"                    WHEN problem.medium + excluded.medium > 0 THEN 2\n"                   \
	"                    WHEN problem.low + excluded.low > 0 THEN 3\n"                         \
	"                    WHEN problem.negligible + excluded.negligible > 0 THEN 4\n"           \
	"                    ELSE 5 END,\n"                                                        \
	"    no_kev = excluded.no_kev, epss = excluded.epss, due = " due ",\n"                     \
	"    assets = problem.assets + excluded.assets,\n"                                         \
	"    running = problem.running + excluded.running,\n"                                      \
	"    versions = problem.versions + excluded.versions,\n"                                   \
	"    critical = problem.critical + excluded.critical,\n"                                   \
	"    high = problem.high + excluded.high, medium = problem.medium + excluded.medium,\n"    \
	"    low = problem.low + excluded.low,\n"                                                  \
	"    negligible = problem.negligible + excluded.negligible,\n"                             \
	"    unknown = problem.unknown + excluded.unknown"

static const char SQL_ADD[] = SQL_PROBLEM(
	"CASE WHEN excluded.due < problem.due THEN excluded.due ELSE problem.due END");
static const char SQL_ADD_LOST[] = SQL_PROBLEM("excluded.due");
static const char SQL_DROP[] =
	"DELETE FROM problem\n"
	"WHERE (advisory, package) IN (SELECT g.a, g.b FROM given AS g) AND assets = 0\n"
	"  AND critical + high + medium + low + negligible + unknown = 0";

static bool write_deltas(struct ingest *ig, struct deltas *l, struct err *e)
{
	const struct delta **kept = xcalloc(l->n, sizeof(*kept));
	size_t nkept = 0, lost = l->n; /* from both ends */
	bool ok;

	for (uint32_t i = 0; i < l->n; i++)
		if (!l->row[i].lost)
			kept[nkept++] = &l->row[i];
	for (uint32_t i = l->n; i-- > 0;)
		if (l->row[i].lost)
			kept[--lost] = &l->row[i];
	ok = give_all(ig->db, SQL_ADD, nkept, fill_delta, kept, e) &&
	     give_all(ig->db, SQL_ADD_LOST, l->n - lost, fill_delta, kept + lost, e) &&
	     give_all(ig->db, SQL_DROP, l->n - lost, fill_delta, kept + lost, e);
	free(kept);
	return ok;
}

bool problems_flush(struct ingest *ig, struct err *e)
{
	struct deltas *l = ig->deltas;

	if (!l || l->n == 0)
		return true;
	rows_sort(l->row, l->n, sizeof(*l->row), by_problem);
	for (uint32_t i = 0; i < l->n; i++)
		if (!complete(ig, &l->row[i], e))
			return false;
	if (!write_deltas(ig, l, e))
		return false;
	l->n = 0;
	memset(l->slot, 0, sizeof(l->slot));
	return true;
}

/* ---- findings that come and go ---- */

static const char SQL_AFFECTS[] = "INSERT INTO affects (advisory, part, fixed_in, fix, n)\n"
				  "VALUES ($1, $2, $3, $4, $5)\n"
				  "ON CONFLICT (advisory, part) DO NOTHING";
static const char SQL_AFFECTS_MORE[] =
	"UPDATE affects\n"
	"SET n = n + $1,\n"
	"    fixed_in = CASE WHEN $2 <> '' THEN $2 ELSE fixed_in END,\n"
	"    fix = CASE WHEN $3 <> '' THEN $3 ELSE fix END\n"
	"WHERE advisory = $4 AND part = $5";
/* Asked for by itself: for rows that a change returns, SQLite builds a table each time. */
static const char SQL_AFFECTED[] = "SELECT n\n"
				   "FROM affects\n"
				   "WHERE advisory = $1 AND part = $2";

/* Counts the part under the advisory; *n is how many assets that count have it open then. */
static bool affects_add(struct ingest *ig, const struct finding_row *f, int change, int64_t *n,
			struct err *e)
{
	struct stmt *s = db_stmt(ig->db, SQL_AFFECTS);

	*n = change;
	db_int(s, 1, f->advisory);
	db_int(s, 2, f->part);
	db_text(s, 3, f->fixed ? f->fixed : "");
	db_text(s, 4, f->fix ? f->fix : "");
	db_int(s, 5, change);
	if (!db_run(s, e))
		return false;
	if (db_changes(ig->db) > 0)
		return true;
	s = db_stmt(ig->db, SQL_AFFECTS_MORE);
	db_int(s, 1, change);
	db_text(s, 2, f->fixed ? f->fixed : "");
	db_text(s, 3, f->fix ? f->fix : "");
	db_int(s, 4, f->advisory);
	db_int(s, 5, f->part);
	if (!db_run(s, e))
		return false;
	s = db_stmt(ig->db, SQL_AFFECTED);
	db_int(s, 1, f->advisory);
	db_int(s, 2, f->part);
	return db_scalar(s, 0, n, e);
}

bool affects_note(struct ingest *ig, const struct finding_row *f, struct err *e)
{
	int64_t n;

	return affects_add(ig, f, 0, &n, e);
}

bool count_late(struct ingest *ig, const struct standing *s, const struct finding_row *f,
		int64_t at, int64_t ended, struct err *e)
{
	struct facts a;

	if (!advisory_facts(ig, f->advisory, &a, e))
		return false;
	trend_add(ig, at, f->severity, a.kev, s->counts);
	trend_add(ig, ended, f->severity, a.kev, s->counts ? -1 : 0);
	return affects_note(ig, f, e);
}

bool problem_opened(struct ingest *ig, const struct finding_row *f, const struct facts *a,
		    bool part_new, struct err *e)
{
	struct delta *d;

	d = delta_of(ig, f->advisory, count_package(f, a), e);
	if (!d)
		return false;
	d->n[f->severity]++;
	if (f->due < d->due)
		d->due = f->due;
	d->versions += part_new;
	return true;
}

/* What changes in another way than in being open is closed and opened again. */
static void note_closed(struct ingest *ig, int64_t asset, const struct finding_row *f, bool kev,
			int64_t at)
{
	const int64_t left[] = { asset, f->advisory, f->part, f->severity, kev, at };

	memcpy(ig->left, left, sizeof(left));
}

static bool closed_just_now(struct ingest *ig, int64_t asset, const struct finding_row *f, bool kev,
			    int64_t at)
{
	const int64_t opened[] = { asset, f->advisory, f->part, f->severity, kev, at };
	bool same = memcmp(ig->left, opened, sizeof(opened)) == 0;

	memset(ig->left, 0, sizeof(ig->left));
	return same;
}

bool count_open(struct ingest *ig, const struct standing *s, struct finding_row *f, int64_t start,
		int64_t at, struct err *e)
{
	struct facts a;
	bool open = f->state == STATE_OPEN;
	int64_t n;

	f->due = DUE_NONE;
	if (!s->counts)
		return affects_note(ig, f, e);
	if (!advisory_facts(ig, f->advisory, &a, e) || !affects_add(ig, f, open, &n, e) ||
	    !clock_join(ig, s, f, &a, start, &f->due, e))
		return false;
	if (!open) { /* since it was decided: a scan may be older than that */
		trend_add(ig, at, f->severity, a.kev, f->decided_at > at);
		trend_add(ig, f->decided_at, f->severity, a.kev, f->decided_at > at ? -1 : 0);
		return true;
	}
	if (!problem_opened(ig, f, &a, n == 1, e))
		return false;
	if (closed_just_now(ig, s->asset, f, a.kev, at))
		trend_take_back(ig, at, f->severity, a.kev, 1); /* it goes on */
	else
		trend_add(ig, at, f->severity, a.kev, 1);
	return true;
}

bool count_close(struct ingest *ig, const struct standing *s, const struct finding_row *f,
		 int64_t at, struct err *e)
{
	struct finding_row bare = *f;
	struct facts a;
	struct delta *d;
	int64_t n;

	bare.fixed = bare.fix = NULL;
	if (!s->counts)
		return true;
	if (!advisory_facts(ig, f->advisory, &a, e) || !clock_leave(ig, s, f, &a, at, e))
		return false;
	if (f->state != STATE_OPEN)
		return true;
	if (!affects_add(ig, &bare, -1, &n, e))
		return false;
	d = delta_of(ig, f->advisory, count_package(f, &a), e);
	if (!d)
		return false;
	d->n[f->severity]--;
	d->versions -= n == 0;
	trend_add(ig, at, f->severity, a.kev, -1);
	note_closed(ig, s->asset, f, a.kev, at);
	return true;
}

/* ---- assets by problem ---- */

/* Rules are counted without their place: all packages of the group are one. */
static void fold_rule(struct group *g)
{
	for (size_t i = 1; i < g->n; i++) {
		g->p[0].was += g->p[i].was;
		g->p[0].is += g->p[i].is;
	}
	g->p[0].package = 0;
	g->n = 1;
}

static bool changed(const struct group *g, const struct standing *was, const struct standing *is)
{
	if (was != is)
		return true;
	for (size_t i = 0; i < g->n; i++)
		if ((g->p[i].was > 0) != (g->p[i].is > 0))
			return true;
	return false;
}

bool group_end(struct ingest *ig, struct group *g, const struct standing *was,
	       const struct standing *is, struct err *e)
{
	struct facts a;

	if (g->n == 0 || !changed(g, was, is)) {
		g->n = 0;
		return true;
	}
	if (!advisory_facts(ig, g->advisory, &a, e))
		return false;
	if (a.kind != FINDING_VULNERABILITY)
		fold_rule(g);
	for (size_t i = 0; i < g->n; i++) {
		bool had = was->counts && g->p[i].was > 0, has = is->counts && g->p[i].is > 0;
		int running = (has && is->running) - (had && was->running);
		struct delta *d;

		if (had == has && running == 0)
			continue;
		d = delta_of(ig, g->advisory, g->p[i].package, e);
		if (!d)
			return false;
		d->assets += has - had;
		d->running += running;
	}
	g->n = 0;
	return true;
}

bool group_add(struct ingest *ig, struct group *g, const struct standing *was,
	       const struct standing *is, int64_t advisory, int64_t package, bool was_open,
	       bool is_open, struct err *e)
{
	size_t i = 0;

	if (g->n > 0 && g->advisory != advisory && !group_end(ig, g, was, is, e))
		return false;
	g->advisory = advisory;
	while (i < g->n && g->p[i].package != package)
		i++;
	if (i == g->n) {
		ARRAY_MORE(g->p, g->n, g->cap);
		g->p[g->n++] = (struct group_package){ package, 0, 0 };
	}
	g->p[i].was += was_open;
	g->p[i].is += is_open;
	return true;
}
