/* SPDX-License-Identifier: MIT */
/* history.c - the spans of findings: written when something changes, never rewritten. */
#include <stdlib.h>

#include "store/decision.h"

/* The record of the import that first showed the asset at this time. */
static bool origin_seq(struct ingest *ig, int64_t asset, int64_t at, int64_t *out, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "SELECT min(i.seq)\n"
					 "FROM cover AS c\n"
					 "JOIN scan AS n ON n.id = c.scan\n"
					 "JOIN import AS i ON i.id = n.import\n"
					 "WHERE c.asset = $1 AND c.at = $2");

	db_int(s, 1, asset);
	db_int(s, 2, at);
	return db_scalar(s, 0, out, e);
}

static bool write_span(struct ingest *ig, int64_t asset, const struct finding_row *f, int64_t at,
		       int64_t seq, int64_t state, int64_t severity, bool planned, struct err *e)
{
	struct stmt *s = db_stmt(
		ig->db, "INSERT INTO span (asset, advisory, part, at, seq, state, severity,\n"
			"                  planned)\n"
			"VALUES ($1, $2, $3, $4, $5, $6, $7, $8)\n"
			"ON CONFLICT (asset, advisory, part, at, seq) DO UPDATE\n"
			"SET state = excluded.state, severity = excluded.severity,\n"
			"    planned = excluded.planned, until_seq = 0");

	db_int(s, 1, asset);
	db_int(s, 2, f->advisory);
	db_int(s, 3, f->part);
	db_int(s, 4, at);
	db_int(s, 5, seq);
	db_int(s, 6, state);
	db_int(s, 7, severity);
	db_int(s, 8, planned);
	return db_run(s, e);
}

static bool add(struct ingest *ig, int64_t asset, const struct finding_row *f, int64_t at,
		int64_t seq, int64_t state, int64_t severity, struct err *e)
{
	return write_span(ig, asset, f, at, seq, state, severity, false, e);
}

static bool has_spans(struct ingest *ig, int64_t asset, const struct finding_row *f, bool *yes,
		      struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "SELECT 1\n"
					 "FROM span\n"
					 "WHERE asset = $1 AND advisory = $2 AND part = $3\n"
					 "LIMIT 1");
	int64_t any;

	db_int(s, 1, asset);
	db_int(s, 2, f->advisory);
	db_int(s, 3, f->part);
	if (!db_scalar(s, 0, &any, e))
		return false;
	*yes = any != 0;
	return true;
}

/* The first interval, which the row alone implies, is spelled out before a second one comes. */
bool span_spell_out(struct ingest *ig, int64_t asset, const struct finding_row *was, struct err *e)
{
	int64_t seq;
	bool yes;

	if (!has_spans(ig, asset, was, &yes, e))
		return false;
	return yes || (origin_seq(ig, asset, was->since, &seq, e) &&
		       add(ig, asset, was, was->since, seq, STATE_OPEN, was->severity, e));
}

static bool newest_span(struct ingest *ig, int64_t asset, const struct finding_row *f, int64_t *out,
			struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "SELECT max(at)\n"
					 "FROM span\n"
					 "WHERE asset = $1 AND advisory = $2 AND part = $3\n"
					 "  AND until_seq = 0 AND planned = 0");

	db_int(s, 1, asset);
	db_int(s, 2, f->advisory);
	db_int(s, 3, f->part);
	return db_scalar(s, 0, out, e);
}

/* ---- what decisions lay over it ---- */

struct edges { /* times at which decisions that hold the finding begin or end */
	int64_t *at;
	size_t n, cap;
};

static int by_time(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static void edge_add(struct edges *x, int64_t at)
{
	ARRAY_MORE(x->at, x->n, x->cap);
	x->at[x->n++] = at;
}

static bool edges_after(struct ingest *ig, const struct standing *s, const struct finding_row *f,
			int64_t at, struct edges *out, struct err *e)
{
	const struct decision *d;
	size_t n;

	if (!decisions_of(ig, f->advisory, &d, &n, e))
		return false;
	edge_add(out, at);
	for (size_t i = 0; i < n; i++) {
		bool yes;

		if (!decision_holds(ig, &d[i], s, f, &yes, e))
			return false;
		if (yes && d[i].at > at)
			edge_add(out, d[i].at);
		if (yes && d[i].until > at && d[i].until < DUE_NONE)
			edge_add(out, d[i].until);
	}
	qsort(out->at, out->n, sizeof(*out->at), by_time);
	return true;
}

struct look_of { /* a state and severity */
	int64_t state, severity;
};

/* As it is told up to a time. */
static bool told_at(struct ingest *ig, int64_t asset, const struct finding_row *f, int64_t at,
		    struct look_of *out, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "SELECT state, severity\n"
					 "FROM span\n"
					 "WHERE asset = $1 AND advisory = $2 AND part = $3\n"
					 "  AND at <= $4 AND until_seq = 0\n"
					 "ORDER BY at DESC, seq DESC\n"
					 "LIMIT 1");

	*out = (struct look_of){ -1, -1 };
	db_int(s, 1, asset);
	db_int(s, 2, f->advisory);
	db_int(s, 3, f->part);
	db_int(s, 4, at);
	if (db_next(s))
		*out = (struct look_of){ db_column(s, 0), db_column(s, 1) };
	return db_done(s, e);
}

static bool counts_as(struct ingest *ig, const struct standing *s, const struct finding_row *f,
		      int64_t at, int64_t severity, struct look_of *out, struct err *e)
{
	const struct decision *d;

	*out = (struct look_of){ STATE_OPEN, severity };
	if (!decision_at(ig, s, f, at, &d, e))
		return false;
	if (d && d->state != STATE_OPEN)
		out->state = d->state;
	if (d && d->state == STATE_RISK_ADJUSTED)
		out->severity = d->severity;
	return true;
}

/* From `at` on, one span each time that something else holds; `told`: a scan says the first. */
static bool lay(struct ingest *ig, const struct standing *s, const struct finding_row *f,
		int64_t at, int64_t severity, bool told, struct err *e)
{
	struct edges x = { 0 };
	struct look_of was = { -1, -1 }, is;
	bool ok = edges_after(ig, s, f, at, &x, e) && told_at(ig, s->asset, f, at, &was, e);

	for (size_t i = 0; ok && i < x.n; i++) {
		ok = counts_as(ig, s, f, x.at[i], severity, &is, e);
		if (!ok || (is.state == was.state && is.severity == was.severity))
			continue;
		ok = write_span(ig, s->asset, f, x.at[i], ig->seq, is.state, is.severity,
				!told || i > 0, e);
		was = is;
	}
	free(x.at);
	return ok;
}

/* What was laid ahead holds no longer. */
static bool lift(struct ingest *ig, int64_t asset, const struct finding_row *f, int64_t at,
		 struct err *e)
{
	struct stmt *s = db_stmt(ig->db,
				 "UPDATE span\n"
				 "SET until_seq = $1\n"
				 "WHERE asset = $2 AND advisory = $3 AND part = $4 AND at >= $5\n"
				 "  AND planned = 1 AND until_seq = 0");

	db_int(s, 1, ig->seq);
	db_int(s, 2, asset);
	db_int(s, 3, f->advisory);
	db_int(s, 4, f->part);
	db_int(s, 5, at);
	return db_run(s, e);
}

/* Decisions, or how sources are weighed since, were laid over it from `at` on. */
static bool has_plans(struct ingest *ig, int64_t asset, const struct finding_row *f, int64_t at,
		      bool *yes, struct err *e)
{
	struct stmt *s = db_stmt(ig->db,
				 "SELECT 1\n"
				 "FROM span\n"
				 "WHERE asset = $1 AND advisory = $2 AND part = $3 AND at >= $4\n"
				 "  AND planned = 1 AND until_seq = 0\n"
				 "LIMIT 1");
	int64_t any;

	db_int(s, 1, asset);
	db_int(s, 2, f->advisory);
	db_int(s, 3, f->part);
	db_int(s, 4, at);
	if (!db_scalar(s, 0, &any, e))
		return false;
	*yes = any != 0;
	return true;
}

static bool has_decisions(struct ingest *ig, const struct finding_row *f, bool *yes, struct err *e)
{
	const struct decision *d;
	size_t n;

	if (!decisions_of(ig, f->advisory, &d, &n, e))
		return false;
	*yes = n > 0;
	return true;
}

bool span_set_aside(struct ingest *ig, const struct standing *s, const struct finding_row *f,
		    int64_t at, int64_t severity, struct err *e)
{
	struct edges x = { 0 };
	struct look_of first = { STATE_OPEN, severity };
	bool ok = edges_after(ig, s, f, at, &x, e) && counts_as(ig, s, f, at, severity, &first, e);

	if (ok && (x.n > 1 || first.state != STATE_OPEN))
		ok = lay(ig, s, f, at, severity, true, e);
	free(x.at);
	return ok;
}

bool span_decide(struct ingest *ig, const struct standing *s, const struct finding_row *was,
		 int64_t *at, int64_t severity, struct err *e)
{
	int64_t newest;

	if (!span_spell_out(ig, s->asset, was, e) || !newest_span(ig, s->asset, was, &newest, e))
		return false;
	if (newest > *at)
		*at = newest;
	return lift(ig, s->asset, was, *at, e) && lay(ig, s, was, *at, severity, false, e);
}

/* What sources say late of a finding that others spoke of since then holds from the newest word on.
 */
bool span_change(struct ingest *ig, const struct standing *s, int64_t asset,
		 const struct finding_row *was, int64_t *at, int64_t state, int64_t severity,
		 struct err *e)
{
	int64_t newest;
	bool decided = false;

	if (!span_spell_out(ig, asset, was, e) || !newest_span(ig, asset, was, &newest, e) ||
	    (s && !has_decisions(ig, was, &decided, e)))
		return false;
	if (newest > *at)
		*at = newest;
	if (s && !decided && !has_plans(ig, asset, was, *at, &decided, e))
		return false;
	if (decided && !lift(ig, asset, was, *at, e))
		return false;
	if (decided && state != STATE_RESOLVED)
		return lay(ig, s, was, *at, severity, true, e);
	return add(ig, asset, was, *at, ig->seq, state, severity, e);
}

bool span_earlier(struct ingest *ig, int64_t asset, const struct finding_row *was, int64_t at,
		  int64_t ended, int64_t severity, struct err *e)
{
	if (!span_spell_out(ig, asset, was, e) ||
	    !add(ig, asset, was, at, ig->seq, STATE_OPEN, severity, e))
		return false;
	return ended == 0 || ended >= was->since ||
	       add(ig, asset, was, ended, ig->seq, STATE_RESOLVED, severity, e);
}

bool span_begin(struct ingest *ig, int64_t asset, const struct finding_row *f, struct err *e)
{
	return add(ig, asset, f, f->since, ig->seq, f->state, f->severity, e);
}

bool span_implied(struct ingest *ig, int64_t asset, int64_t at, bool *yes, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "SELECT 1\n"
					 "FROM cover AS c\n"
					 "JOIN scan AS n ON n.id = c.scan\n"
					 "WHERE c.asset = $1 AND c.at = $2 AND n.import <> $3\n"
					 "LIMIT 1");
	int64_t other;

	db_int(s, 1, asset);
	db_int(s, 2, at);
	db_int(s, 3, ig->import);
	if (!db_scalar(s, 0, &other, e))
		return false;
	*yes = other == 0;
	return true;
}

bool span_late(struct ingest *ig, int64_t asset, const struct finding_row *f, int64_t at,
	       int64_t ended, struct err *e)
{
	return add(ig, asset, f, at, ig->seq, STATE_OPEN, f->severity, e) &&
	       add(ig, asset, f, ended, ig->seq, STATE_RESOLVED, f->severity, e);
}

/* Since when the finding has been resolved, if that is not before `at`; else 0. */
static bool resolved_from(struct ingest *ig, int64_t asset, const struct finding_row *f, int64_t at,
			  int64_t *out, struct err *e)
{
	struct stmt *s = db_stmt(ig->db,
				 "SELECT min(at)\n"
				 "FROM span\n"
				 "WHERE asset = $1 AND advisory = $2 AND part = $3 AND at >= $4\n"
				 "  AND state = $5 AND until_seq = 0");

	db_int(s, 1, asset);
	db_int(s, 2, f->advisory);
	db_int(s, 3, f->part);
	db_int(s, 4, at);
	db_int(s, 5, STATE_RESOLVED);
	return db_scalar(s, 0, out, e);
}

static bool take_back(struct ingest *ig, int64_t asset, const struct finding_row *f, int64_t at,
		      struct err *e)
{
	struct stmt *s = db_stmt(ig->db,
				 "UPDATE span\n"
				 "SET until_seq = $1\n"
				 "WHERE asset = $2 AND advisory = $3 AND part = $4 AND at >= $5\n"
				 "  AND state = $6 AND until_seq = 0");

	db_int(s, 1, ig->seq);
	db_int(s, 2, asset);
	db_int(s, 3, f->advisory);
	db_int(s, 4, f->part);
	db_int(s, 5, at);
	db_int(s, 6, STATE_RESOLVED);
	return db_run(s, e);
}

/*
 * Seen after it was resolved: it is open again from then on. Seen before: another source's word
 * that it was gone did not end it, and is taken back.
 */
bool span_reopen(struct ingest *ig, const struct standing *s, int64_t asset,
		 const struct finding_row *was, int64_t at, int64_t severity, int64_t *from,
		 struct err *e)
{
	int64_t resolved;
	bool decided;

	*from = at;
	if (!resolved_from(ig, asset, was, at, &resolved, e) ||
	    !has_decisions(ig, was, &decided, e))
		return false;
	if (resolved == 0)
		return span_change(ig, s, asset, was, from, STATE_OPEN, severity, e);
	*from = resolved;
	return take_back(ig, asset, was, at, e) &&
	       ((severity == was->severity && !decided) ||
		span_change(ig, s, asset, was, &resolved, STATE_OPEN, severity, e));
}
