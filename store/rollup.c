/* SPDX-License-Identifier: MIT */
/* rollup.c - problems and the parts an advisory affects: kept by what an import changes, written
 * once. */
#include <stdlib.h>

#include "store/ingest.h"

#define uthash_fatal(msg)	     die("out of memory")
#define HASH_FUNCTION(key, len, out) ((out) = (unsigned)hash64((key), (len)))
#include <uthash.h>

#define DELTAS 32768 /* kept in memory before they are written */

struct delta {
	struct {
		int64_t advisory, package;
	} key;
	int64_t assets, running, versions, n[SEV_COUNT];
	int64_t due; /* earliest of those that came */
	bool lost;   /* the earliest may be another now: ask the clocks */
	UT_hash_handle hh;
};

static struct delta *
delta_of(struct ingest *ig, int64_t advisory, int64_t package)
{
	struct delta want = { .key = { advisory, package } }, *found;

	HASH_FIND(hh, ig->deltas, &want.key, sizeof(want.key), found);
	if (found)
		return found;
	found = xcalloc(1, sizeof(*found));
	found->key = want.key;
	found->due = DUE_NONE;
	HASH_ADD(hh, ig->deltas, key, sizeof(found->key), found);
	return found;
}

static void
forget(struct ingest *ig)
{
	struct delta *d, *next;

	HASH_ITER(hh, ig->deltas, d, next)
	{
		HASH_DEL(ig->deltas, d);
		free(d);
	}
}

void
rollups_release(struct ingest *ig)
{
	forget(ig);
}

void
problem_due_changed(struct ingest *ig, int64_t advisory, int64_t package)
{
	delta_of(ig, advisory, package)->lost = true;
}

/* ---- writing ---- */

static int
by_problem(const struct delta *a, const struct delta *b)
{
	if (a->key.advisory != b->key.advisory)
		return a->key.advisory < b->key.advisory ? -1 : 1;
	return (a->key.package > b->key.package) - (a->key.package < b->key.package);
}

static const char SQL_EARLIEST[] = "SELECT due\n"
				   "FROM clock\n"
				   "WHERE advisory = $1 AND package = $2 AND ended = 0 AND n > 0\n"
				   "ORDER BY due\n"
				   "LIMIT 1";

static bool
earliest_due(struct ingest *ig, const struct delta *d, int64_t *out, struct err *e)
{
	struct stmt *s;

	*out = d->due;
	if (!d->lost)
		return true;
	s = db_stmt(ig->db, SQL_EARLIEST);
	db_int(s, 1, d->key.advisory);
	db_int(s, 2, d->key.package);
	return db_scalar(s, DUE_NONE, out, e);
}

static int64_t
worst_of(const struct delta *d)
{
	for (int i = 0; i < SEV_COUNT; i++)
		if (d->n[i] > 0)
			return i;
	return SEV_UNKNOWN;
}

static const char SQL_PROBLEM[] =
	"INSERT INTO problem (advisory, package, severity, no_kev, epss, due, assets, running,\n"
	"                     versions, critical, high, medium, low, negligible, unknown)\n"
	"VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)\n"
	"ON CONFLICT (advisory, package) DO UPDATE\n"
	"SET severity = CASE WHEN problem.critical + excluded.critical > 0 THEN 0\n"
	"                    WHEN problem.high + excluded.high > 0 THEN 1\n"
	"                    WHEN problem.medium + excluded.medium > 0 THEN 2\n"
	"                    WHEN problem.low + excluded.low > 0 THEN 3\n"
	"                    WHEN problem.negligible + excluded.negligible > 0 THEN 4\n"
	"                    ELSE 5 END,\n"
	"    no_kev = excluded.no_kev, epss = excluded.epss, \n"
	"    due = CASE WHEN $16 = 1 OR excluded.due < problem.due THEN excluded.due\n"
	"               ELSE problem.due END,\n"
	"    assets = problem.assets + excluded.assets, running = problem.running + "
	"excluded.running,\n"
	"    versions = problem.versions + excluded.versions,\n"
	"    critical = problem.critical + excluded.critical, high = problem.high + "
	"excluded.high,\n"
	"    medium = problem.medium + excluded.medium, low = problem.low + excluded.low,\n"
	"    negligible = problem.negligible + excluded.negligible,\n"
	"    unknown = problem.unknown + excluded.unknown";

static bool
write_problem(struct ingest *ig, const struct delta *d, struct err *e)
{
	struct facts a;
	struct stmt *s;
	int64_t due;

	if (!advisory_facts(ig, d->key.advisory, &a, e) || !earliest_due(ig, d, &due, e))
		return false;
	s = db_stmt(ig->db, SQL_PROBLEM);
	db_int(s, 1, d->key.advisory);
	db_int(s, 2, d->key.package);
	db_int(s, 3, worst_of(d));
	db_int(s, 4, !a.kev);
	db_int(s, 5, 10000 - a.epss);
	db_int(s, 6, due);
	db_int(s, 7, d->assets);
	db_int(s, 8, d->running);
	db_int(s, 9, d->versions);
	for (int i = 0; i < SEV_COUNT; i++)
		db_int(s, 10 + i, d->n[i]);
	db_int(s, 16, d->lost);
	return db_run(s, e);
}

static bool
flush_one(struct ingest *ig, const struct delta *d, struct err *e)
{
	struct stmt *s;

	if (!write_problem(ig, d, e))
		return false;
	if (!d->lost)
		return true;
	s = db_stmt(ig->db, "DELETE FROM problem\n"
			    "WHERE advisory = $1 AND package = $2 AND assets = 0\n"
			    "  AND critical + high + medium + low + negligible + unknown = 0");
	db_int(s, 1, d->key.advisory);
	db_int(s, 2, d->key.package);
	return db_run(s, e);
}

bool
problems_flush(struct ingest *ig, struct err *e)
{
	HASH_SORT(ig->deltas, by_problem);
	for (struct delta *d = ig->deltas; d; d = d->hh.next)
		if (!flush_one(ig, d, e))
			return false;
	forget(ig);
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
static bool
affects_add(struct ingest *ig, const struct finding_row *f, int change, int64_t *n, struct err *e)
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

bool
affects_note(struct ingest *ig, const struct finding_row *f, struct err *e)
{
	int64_t n;

	return affects_add(ig, f, 0, &n, e);
}

bool
count_late(struct ingest *ig, const struct standing *s, const struct finding_row *f, int64_t at,
	   int64_t ended, struct err *e)
{
	struct facts a;

	if (!advisory_facts(ig, f->advisory, &a, e))
		return false;
	trend_add(ig, at, f->severity, a.kev, s->counts);
	trend_add(ig, ended, f->severity, a.kev, s->counts ? -1 : 0);
	return affects_note(ig, f, e);
}

bool
problem_opened(struct ingest *ig, const struct finding_row *f, const struct facts *a, bool part_new,
	       struct err *e)
{
	struct delta *d;

	if (HASH_COUNT(ig->deltas) >= DELTAS && !problems_flush(ig, e))
		return false;
	d = delta_of(ig, f->advisory, count_package(f, a));
	d->n[f->severity]++;
	if (f->due < d->due)
		d->due = f->due;
	d->versions += part_new;
	return true;
}

bool
count_open(struct ingest *ig, const struct standing *s, struct finding_row *f, int64_t start,
	   int64_t at, struct err *e)
{
	struct facts a;
	int64_t n;

	f->due = DUE_NONE;
	if (!s->counts)
		return affects_note(ig, f, e);
	if (!advisory_facts(ig, f->advisory, &a, e) || !affects_add(ig, f, 1, &n, e) ||
	    !clock_join(ig, s, f, &a, start, &f->due, e) ||
	    !problem_opened(ig, f, &a, n == 1, e))
		return false;
	trend_add(ig, at, f->severity, a.kev, 1);
	return true;
}

bool
count_close(struct ingest *ig, const struct standing *s, const struct finding_row *f, int64_t at,
	    struct err *e)
{
	struct finding_row bare = *f;
	struct facts a;
	struct delta *d;
	int64_t n;

	bare.fixed = bare.fix = NULL;
	if (!s->counts)
		return true;
	if (!advisory_facts(ig, f->advisory, &a, e) || !affects_add(ig, &bare, -1, &n, e) ||
	    !clock_leave(ig, s, f, &a, at, e))
		return false;
	d = delta_of(ig, f->advisory, count_package(f, &a));
	d->n[f->severity]--;
	d->versions -= n == 0;
	trend_add(ig, at, f->severity, a.kev, -1);
	return true;
}

/* ---- assets by problem ---- */

/* Rules are counted without their place: all packages of the group are one. */
static void
fold_rule(struct group *g)
{
	for (size_t i = 1; i < g->n; i++) {
		g->p[0].was += g->p[i].was;
		g->p[0].is += g->p[i].is;
	}
	g->p[0].package = 0;
	g->n = 1;
}

static bool
changed(const struct group *g, const struct standing *was, const struct standing *is)
{
	if (was != is)
		return true;
	for (size_t i = 0; i < g->n; i++)
		if ((g->p[i].was > 0) != (g->p[i].is > 0))
			return true;
	return false;
}

bool
group_end(struct ingest *ig, struct group *g, const struct standing *was, const struct standing *is,
	  struct err *e)
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
		d = delta_of(ig, g->advisory, g->p[i].package);
		d->assets += has - had;
		d->running += running;
	}
	g->n = 0;
	return true;
}

bool
group_add(struct ingest *ig, struct group *g, const struct standing *was, const struct standing *is,
	  int64_t advisory, int64_t package, bool was_open, bool is_open, struct err *e)
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
