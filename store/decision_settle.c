/* SPDX-License-Identifier: MIT */
/*
 * decision_settle.c - findings are given the state that decisions say, in rows and roll-ups.
 *
 * Roll-ups hold for one time, 'settled_at'. When a decision begins or ends is known beforehand: who
 * writes settles first what began or ended since, so that what he adds to is true at his own time.
 */
#include <stdlib.h>

#include "store/decision.h"
#include "store/weigh.h"

struct pair { /* all findings of an advisory in an asset are counted together */
	int64_t asset, advisory;
};
struct pairs {
	struct pair *p;
	size_t n, cap;
};
struct rows {
	struct finding_row *row;
	int64_t *raw; /* severity, as scanners see it */
	size_t n, cap;
};
struct settling {
	struct ingest *ig;
	struct standing s;
	struct group g;
	int64_t at;   /* from when what changes does */
	int64_t maker; /* the decision that is applied; 0: none in particular */
	int64_t from; /* since when that is in force; at most `at` */
	bool planned; /* the spans say so already */
	bool reweighed; /* scanners say what they said, and only that counts otherwise */
};

/* ---- one finding ---- */

static const char SQL_ROWS[] =
	"SELECT f.part, p.package, f.severity, f.state, f.since, f.due, coalesce(d.maker, 0),\n"
	"       coalesce(d.state, f.state), coalesce(d.check_in, 0)\n"
	"FROM finding AS f\n"
	"JOIN part AS p ON p.id = f.part\n"
	"LEFT JOIN decided AS d ON d.asset = f.asset AND d.advisory = f.advisory\n"
	"  AND d.part = f.part\n"
	"WHERE f.asset = $1 AND f.advisory = $2 AND f.state <> 1\n"
	"ORDER BY f.part";

static bool read_raw(struct settling *x, const struct pair *p, struct rows *out, struct err *e)
{
	for (size_t i = 0; i < out->n; i++) {
		int64_t weight;

		if (!weight_of(x->ig, p->asset, p->advisory, out->row[i].part, 0, &weight, e))
			return false;
		out->raw[i] = weight == WEIGHT_NONE ? out->row[i].severity
						    : weight_severity(weight);
	}
	return true;
}

static bool read_rows(struct settling *x, const struct pair *p, struct rows *out, struct err *e)
{
	struct stmt *s = db_stmt(x->ig->db, SQL_ROWS);

	out->n = 0;
	db_int(s, 1, p->asset);
	db_int(s, 2, p->advisory);
	while (db_next(s)) {
		ARRAY_MORE(out->row, out->n, out->cap);
		out->raw = xrealloc_array(out->raw, out->cap, sizeof(*out->raw));
		out->row[out->n++] = (struct finding_row){ .advisory = p->advisory,
							   .part = db_column(s, 0),
							   .package = db_column(s, 1),
							   .severity = db_column(s, 2),
							   .state = db_column(s, 3),
							   .since = db_column(s, 4),
							   .due = db_column(s, 5),
							   .maker = db_column(s, 6),
							   .says = db_column(s, 7),
							   .check_in = db_column(s, 8) };
	}
	return db_done(s, e) && read_raw(x, p, out, e);
}

static bool write_row(struct settling *x, const struct finding_row *f, struct err *e)
{
	struct stmt *s = db_stmt(x->ig->db, "UPDATE finding\n"
					    "SET severity = $1, state = $2, due = $3\n"
					    "WHERE asset = $4 AND advisory = $5 AND part = $6");

	db_int(s, 1, f->severity);
	db_int(s, 2, f->state);
	db_int(s, 3, f->due);
	db_int(s, 4, x->s.asset);
	db_int(s, 5, f->advisory);
	db_int(s, 6, f->part);
	return db_run(s, e);
}

static bool same(const struct finding_row *a, const struct finding_row *b)
{
	return a->state == b->state && a->severity == b->severity && a->maker == b->maker &&
	       a->says == b->says && a->check_in == b->check_in;
}

/*
 * From when it counts as it does now: not before it was seen, nor before anything said since. A
 * decision may be of an earlier day; where one ends, what it outranked rules from then on only.
 */
static int64_t change_time(const struct settling *x, const struct finding_row *was,
			   const struct finding_row *is)
{
	int64_t at = x->at;

	if (is->decided_at > 0 && is->maker != was->maker && is->maker == x->maker)
		at = is->decided_at;
	return at > was->since ? at : was->since;
}

/*
 * What decisions say from the last word of a scan on, which *at moves to; from when the decision
 * that is applied is in force, too: another may outrank it now that did not then.
 */
static bool tell_spans(struct settling *x, const struct finding_row *was, int64_t *at, int64_t raw,
		       struct err *e)
{
	int64_t from = x->from < *at ? x->from : *at;

	if (x->planned || (x->reweighed && was->maker == 0 && raw == was->severity))
		return true;
	if (from < was->since)
		from = was->since;
	if (!span_decide(x->ig, &x->s, was, &from, raw, e))
		return false;
	if (from > *at)
		*at = from;
	return true;
}

static bool change(struct settling *x, const struct finding_row *was, struct finding_row *is,
		   int64_t raw, struct err *e)
{
	struct ingest *ig = x->ig;
	int64_t at = change_time(x, was, is);

	asset_touch(ig, x->s.asset, false);
	if (!tell_spans(x, was, &at, raw, e))
		return false;
	is->due = DUE_NONE;
	is->decided_at = 0; /* `at` is since then */
	return count_close(ig, &x->s, was, at, e) && count_open(ig, &x->s, is, at, at, e) &&
	       write_row(x, is, e) && decided_write(ig, x->s.asset, is, e);
}

/* It counts as before; what lies ahead may be another. */
static bool keep(struct settling *x, const struct finding_row *was, int64_t raw, struct err *e)
{
	int64_t at = change_time(x, was, was);

	return tell_spans(x, was, &at, raw, e);
}

static bool settle_row(struct settling *x, const struct finding_row *was, int64_t raw,
		       struct err *e)
{
	struct finding_row is = *was;

	is.state = STATE_OPEN;
	is.severity = raw;
	return finding_decide(x->ig, &x->s, &is, e) &&
	       (same(was, &is) ? keep(x, was, raw, e) : change(x, was, &is, raw, e)) &&
	       group_add(x->ig, &x->g, &x->s, &x->s, was->advisory, was->package,
			 was->state == STATE_OPEN, is.state == STATE_OPEN, e);
}

/* ---- many ---- */

static int by_pair(const void *a, const void *b)
{
	const struct pair *x = a, *y = b;

	if (x->asset != y->asset)
		return x->asset < y->asset ? -1 : 1;
	return (x->advisory > y->advisory) - (x->advisory < y->advisory);
}

static bool settle_pair(struct settling *x, const struct pair *p, struct rows *rows, struct err *e)
{
	if (p->asset != x->s.asset) {
		if (!group_end(x->ig, &x->g, &x->s, &x->s, e))
			return false;
		free(x->s.repository);
		x->s.repository = NULL;
		if (!standing_load(x->ig, p->asset, &x->s, e))
			return false;
	}
	if (!read_rows(x, p, rows, e))
		return false;
	for (size_t i = 0; i < rows->n; i++)
		if (!settle_row(x, &rows->row[i], rows->raw[i], e))
			return false;
	return true;
}

/* As `how` says; the pairs are released. */
static bool settle_pairs(const struct settling *how, struct pairs *p, struct err *e)
{
	struct settling x = *how;
	struct ingest *ig = how->ig;
	struct rows rows = { 0 };
	bool ok = true;

	if (p->n > 0)
		qsort(p->p, p->n, sizeof(*p->p), by_pair);
	for (size_t i = 0; ok && i < p->n; i++)
		if (i == 0 || by_pair(&p->p[i - 1], &p->p[i]) != 0)
			ok = settle_pair(&x, &p->p[i], &rows, e);
	ok = ok && group_end(ig, &x.g, &x.s, &x.s, e);
	free(x.g.p);
	free(x.s.repository);
	free(rows.row);
	free(rows.raw);
	free(p->p);
	*p = (struct pairs){ 0 };
	return ok;
}

static bool read_pairs(struct stmt *s, struct pairs *out, struct err *e)
{
	while (db_next(s)) {
		ARRAY_MORE(out->p, out->n, out->cap);
		out->p[out->n++] = (struct pair){ db_column(s, 0), db_column(s, 1) };
	}
	return db_done(s, e);
}

/* ---- by decision ---- */

/* Findings of a known advisory, by the parts it affects and who holds them. */
static const char SQL_SPOKEN_OF[] =
	"SELECT DISTINCT h.asset, x.advisory\n"
	"FROM decides AS d\n"
	"JOIN affects AS x ON x.advisory = d.advisory AND d.part IN (0, x.part)\n"
	"JOIN part AS p ON p.id = x.part AND d.package IN (0, p.package)\n"
	"JOIN holds AS h ON h.part = x.part AND (d.place >= 0 OR h.asset = -d.place)\n"
	"WHERE d.maker = $1 AND d.advisory > 0";
/* Of any advisory: those in its package or part. */
static const char SQL_IN_PACKAGE[] =
	"SELECT DISTINCT h.asset, f.advisory\n"
	"FROM decides AS d\n"
	"JOIN part AS p ON p.package = d.package AND d.part IN (0, p.id)\n"
	"JOIN holds AS h ON h.part = p.id AND (d.place >= 0 OR h.asset = -d.place)\n"
	"JOIN finding AS f ON f.asset = h.asset AND f.part = p.id\n"
	"WHERE d.maker = $1 AND d.advisory = 0";
static const char SQL_HELD[] = "SELECT DISTINCT asset, advisory\n"
			       "FROM decided\n"
			       "WHERE maker = $1";

static bool pairs_of(struct ingest *ig, int64_t maker, struct pairs *out, struct err *e)
{
	static const char *const sql[] = { SQL_SPOKEN_OF, SQL_IN_PACKAGE, SQL_HELD };

	for (size_t i = 0; i < LENGTH(sql); i++) {
		struct stmt *s = db_stmt(ig->db, sql[i]);

		db_int(s, 1, maker);
		if (!read_pairs(s, out, e))
			return false;
	}
	return true;
}

/* Since when it is in force; `at` where it no longer has a target. */
static bool begins(struct ingest *ig, int64_t maker, int64_t at, int64_t *out, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "SELECT at\n"
					 "FROM decides\n"
					 "WHERE maker = $1\n"
					 "ORDER BY at\n"
					 "LIMIT 1");

	db_int(s, 1, maker);
	return db_scalar(s, at, out, e);
}

bool decision_apply(struct ingest *ig, int64_t maker, int64_t at, struct err *e)
{
	struct pairs p = { 0 };
	int64_t from;

	decisions_forget(ig);
	if (!begins(ig, maker, at, &from, e))
		return false;
	if (!pairs_of(ig, maker, &p, e)) {
		free(p.p);
		return false;
	}
	return settle_pairs(&(struct settling){ .ig = ig, .at = at, .maker = maker, .from = from },
			    &p, e);
}

static const char SQL_ASSET_PAIRS[] =
	"SELECT DISTINCT asset, advisory\n"
	"FROM finding\n"
	"WHERE asset = $1 AND state <> 1\n"
	"  AND ($2 = 1 OR advisory IN (SELECT advisory FROM decides)\n"
	"    OR advisory IN (SELECT advisory FROM decided WHERE asset = $1))";

/* All findings of an asset whose names or numbers changed. */
static bool asset_redecide(struct ingest *ig, int64_t asset, struct err *e)
{
	struct pairs p = { 0 };
	struct stmt *s;
	bool any;

	if (!decisions_any(ig, &any, e))
		return false;
	if (!any)
		return true;
	s = db_stmt(ig->db, SQL_ASSET_PAIRS);
	db_int(s, 1, asset);
	db_int(s, 2, ig->decided_any);
	if (!read_pairs(s, &p, e)) {
		free(p.p);
		return false;
	}
	return settle_pairs(&(struct settling){ .ig = ig,
						.at = ingest_time(ig),
						.from = ingest_time(ig) },
			    &p, e);
}

/* ---- by how sources are weighed ---- */

static const char SQL_WEIGHED[] =
	"SELECT f.asset, f.advisory, f.severity, coalesce(w.source, 0), w.severity, w.score,\n"
	"       coalesce(d.maker, 0)\n"
	"FROM finding AS f\n"
	"LEFT JOIN witness AS w ON w.id = f.witness\n"
	"LEFT JOIN decided AS d ON d.asset = f.asset AND d.advisory = f.advisory\n"
	"  AND d.part = f.part\n"
	"WHERE f.state <> 1";

/* False only where the row itself says that it is as severe as it was. */
static bool weighs_otherwise(struct ingest *ig, struct stmt *s, bool *yes, struct err *e)
{
	struct weighing w;

	*yes = true;
	if (db_column(s, 3) == 0 || db_column(s, 6) != 0)
		return true;
	if (!weighing_of(ig, db_column(s, 3), &w, e))
		return false;
	*yes = weight_severity(weigh(&w, db_column(s, 4), db_column(s, 5))) != db_column(s, 2);
	return true;
}

bool severities_settle(struct ingest *ig, struct err *e)
{
	struct pairs p = { 0 };
	struct stmt *s = db_stmt(ig->db, SQL_WEIGHED);
	bool ok = true, yes;

	while (ok && db_next(s)) {
		ok = weighs_otherwise(ig, s, &yes, e);
		if (!ok || !yes)
			continue;
		ARRAY_MORE(p.p, p.n, p.cap);
		p.p[p.n++] = (struct pair){ db_column(s, 0), db_column(s, 1) };
	}
	if (!db_done(s, e) || !ok) {
		free(p.p);
		return false;
	}
	return settle_pairs(&(struct settling){ .ig = ig,
						.at = ig->st->now,
						.from = ig->st->now,
						.reweighed = true },
			    &p, e);
}

/* ---- by what assets hold ---- */

static const char SQL_HOLDERS[] =
	"SELECT h.asset\n"
	"FROM decides AS d\n"
	"JOIN holds AS h ON h.part = d.holder\n"
	"WHERE d.holder > 0\n"
	"UNION SELECT h.asset\n"
	"FROM decides AS d\n"
	"JOIN part AS p ON p.package = -d.holder\n"
	"JOIN holds AS h ON h.part = p.id\n"
	"WHERE d.holder < 0";

/* What was seen in an asset before it held the product that a statement speaks of. */
static bool holders_redecide(struct ingest *ig, struct err *e)
{
	struct keyset seen = KEYSET_INIT;
	struct stmt *s;
	bool any;

	if (!decisions_any(ig, &any, e))
		return false;
	if (!any)
		return true;
	for (size_t i = 0; i < ig->nlook; i++)
		keyset_add(&seen, (uint64_t)ig->look[i]->asset);
	s = db_stmt(ig->db, SQL_HOLDERS);
	while (db_next(s))
		if (keyset_has(&seen, (uint64_t)db_column(s, 0)))
			keyset_add(&ig->redecide, (uint64_t)db_column(s, 0));
	keyset_release(&seen);
	return db_done(s, e);
}

bool decisions_settle(struct ingest *ig, struct err *e)
{
	if (!holders_redecide(ig, e))
		return false;
	for (size_t i = 0; i < ig->redecide.cap; i++) {
		int64_t asset = (int64_t)ig->redecide.slot[i];

		if (asset != 0 && (!statements_meet(ig, asset, e) || !asset_redecide(ig, asset, e)))
			return false;
	}
	for (size_t i = 0; i < ig->nmaker; i++)
		if (!decision_apply(ig, ig->maker[i], ig->st->now, e))
			return false;
	return statements_tell(ig, e);
}

/* ---- by time ---- */

static bool add_edge(struct ingest *ig, int64_t at, int64_t maker, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "INSERT INTO decision_edge (at, maker)\n"
					 "VALUES ($1, $2)\n"
					 "ON CONFLICT (at, maker) DO NOTHING");

	db_int(s, 1, at);
	db_int(s, 2, maker);
	return db_run(s, e);
}

bool decides_add(struct ingest *ig, int64_t advisory, const struct decision *d, struct err *e)
{
	static const char sql[] =
		"INSERT INTO decides (advisory, maker, package, part, place, holder, state,\n"
		"                     severity, check_in, at, until)\n"
		"VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)\n"
		"ON CONFLICT (advisory, maker, package, part, place, holder) DO NOTHING";
	const int64_t v[] = { advisory, d->maker,    d->package,  d->part, d->place, d->holder,
			      d->state, d->severity, d->check_in, d->at,   d->until };
	struct stmt *s = db_stmt(ig->db, sql);

	for (size_t i = 0; i < LENGTH(v); i++)
		db_int(s, 1 + (int)i, v[i]);
	return db_run(s, e) && add_edge(ig, d->at, d->maker, e) &&
	       (d->until == DUE_NONE || add_edge(ig, d->until, d->maker, e)) &&
	       meta_set_int(ig->st, "settled_at", ig->st->now, e);
}

bool decides_end(struct ingest *ig, int64_t maker, int64_t at, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "UPDATE decides\n"
					 "SET until = $1\n"
					 "WHERE maker = $2 AND until > $1");

	db_int(s, 1, at);
	db_int(s, 2, maker);
	return db_run(s, e) && add_edge(ig, at, maker, e);
}

struct edge {
	int64_t at, maker;
};

static const char SQL_EDGES[] = "SELECT at, maker\n"
				"FROM decision_edge\n"
				"WHERE at > $1 AND at <= $2\n"
				"ORDER BY at, maker";

/* Edges between two times, whichever comes first. */
static struct stmt *edges(struct store *st, int64_t a, int64_t b)
{
	struct stmt *s = db_stmt(st->db, SQL_EDGES);

	db_int(s, 1, a < b ? a : b);
	db_int(s, 2, a < b ? b : a);
	return s;
}

bool store_unsettled(struct store *st, bool *yes, struct err *e)
{
	int64_t settled;
	struct stmt *s;

	if (!meta_int(st, "settled_at", &settled, e))
		return false;
	s = edges(st, settled, st->now);
	*yes = db_next(s);
	return db_done(s, e);
}

static bool settle_edge(struct ingest *ig, const struct edge *x, struct err *e)
{
	struct pairs p = { 0 };

	if (!pairs_of(ig, x->maker, &p, e)) {
		free(p.p);
		return false;
	}
	return settle_pairs(
		&(struct settling){ .ig = ig, .at = x->at, .from = x->at, .planned = true }, &p, e);
}

bool decisions_settle_now(struct ingest *ig, struct err *e)
{
	struct edge *list = NULL;
	size_t n = 0, cap = 0;
	struct stmt *s;
	int64_t settled;
	bool ok, back; /* the clock was put back: what began or ended since did not */

	if (!meta_int(ig->st, "settled_at", &settled, e))
		return false;
	s = edges(ig->st, settled, ig->st->now);
	while (db_next(s)) {
		ARRAY_MORE(list, n, cap);
		list[n++] = (struct edge){ db_column(s, 0), db_column(s, 1) };
	}
	ok = db_done(s, e);
	back = ig->st->now < settled;
	for (size_t i = 0; ok && i < n; i++) {
		const struct edge *x = &list[back ? n - 1 - i : i];

		ig->decide_at = back ? x->at - 1 : x->at;
		ok = settle_edge(ig, x, e);
	}
	ig->decide_at = 0;
	free(list);
	return ok && (n == 0 || meta_set_int(ig->st, "settled_at", ig->st->now, e));
}
