/* SPDX-License-Identifier: MIT */
/* history.c - the spans of findings: written when something changes, never rewritten. */
#include "store/ingest.h"

/* The record of the import that first showed the asset at this time. */
static bool
origin_seq(struct ingest *ig, int64_t asset, int64_t at, int64_t *out, struct err *e)
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

static bool
add(struct ingest *ig, int64_t asset, const struct finding_row *f, int64_t at, int64_t seq,
    int64_t state, int64_t severity, struct err *e)
{
	struct stmt *s = db_stmt(
		ig->db, "INSERT INTO span (asset, advisory, part, at, seq, state, severity)\n"
			"VALUES ($1, $2, $3, $4, $5, $6, $7)\n"
			"ON CONFLICT (asset, advisory, part, at, seq) DO UPDATE\n"
			"SET state = excluded.state, severity = excluded.severity");

	db_int(s, 1, asset);
	db_int(s, 2, f->advisory);
	db_int(s, 3, f->part);
	db_int(s, 4, at);
	db_int(s, 5, seq);
	db_int(s, 6, state);
	db_int(s, 7, severity);
	return db_run(s, e);
}

static bool
has_spans(struct ingest *ig, int64_t asset, const struct finding_row *f, bool *yes, struct err *e)
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
bool
span_spell_out(struct ingest *ig, int64_t asset, const struct finding_row *was, struct err *e)
{
	int64_t seq;
	bool yes;

	if (!has_spans(ig, asset, was, &yes, e))
		return false;
	return yes || (origin_seq(ig, asset, was->since, &seq, e) &&
		       add(ig, asset, was, was->since, seq, STATE_OPEN, was->severity, e));
}

static bool
newest_span(struct ingest *ig, int64_t asset, const struct finding_row *f, int64_t *out,
	    struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "SELECT max(at)\n"
					 "FROM span\n"
					 "WHERE asset = $1 AND advisory = $2 AND part = $3\n"
					 "  AND until_seq = 0");

	db_int(s, 1, asset);
	db_int(s, 2, f->advisory);
	db_int(s, 3, f->part);
	return db_scalar(s, 0, out, e);
}

/* What sources say late of a finding that others spoke of since then holds from the newest word on.
 */
bool
span_change(struct ingest *ig, int64_t asset, const struct finding_row *was, int64_t *at,
	    int64_t state, int64_t severity, struct err *e)
{
	int64_t newest;

	if (!span_spell_out(ig, asset, was, e) || !newest_span(ig, asset, was, &newest, e))
		return false;
	if (newest > *at)
		*at = newest;
	return add(ig, asset, was, *at, ig->seq, state, severity, e);
}

bool
span_earlier(struct ingest *ig, int64_t asset, const struct finding_row *was, int64_t at,
	     int64_t ended, int64_t severity, struct err *e)
{
	if (!span_spell_out(ig, asset, was, e) ||
	    !add(ig, asset, was, at, ig->seq, STATE_OPEN, severity, e))
		return false;
	return ended == 0 || ended >= was->since ||
	       add(ig, asset, was, ended, ig->seq, STATE_RESOLVED, severity, e);
}

bool
span_begin(struct ingest *ig, int64_t asset, const struct finding_row *f, struct err *e)
{
	return add(ig, asset, f, f->since, ig->seq, f->state, f->severity, e);
}

bool
span_implied(struct ingest *ig, int64_t asset, int64_t at, bool *yes, struct err *e)
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

bool
span_late(struct ingest *ig, int64_t asset, const struct finding_row *f, int64_t at, int64_t ended,
	  struct err *e)
{
	return add(ig, asset, f, at, ig->seq, STATE_OPEN, f->severity, e) &&
	       add(ig, asset, f, ended, ig->seq, STATE_RESOLVED, f->severity, e);
}

/* Since when the finding has been resolved, if that is not before `at`; else 0. */
static bool
resolved_from(struct ingest *ig, int64_t asset, const struct finding_row *f, int64_t at,
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

static bool
take_back(struct ingest *ig, int64_t asset, const struct finding_row *f, int64_t at, struct err *e)
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
bool
span_reopen(struct ingest *ig, int64_t asset, const struct finding_row *was, int64_t at,
	    int64_t severity, int64_t *from, struct err *e)
{
	int64_t resolved;

	*from = at;
	if (!resolved_from(ig, asset, was, at, &resolved, e))
		return false;
	if (resolved == 0)
		return span_change(ig, asset, was, from, STATE_OPEN, severity, e);
	*from = resolved;
	return take_back(ig, asset, was, at, e) &&
	       (severity == was->severity ||
		span_change(ig, asset, was, &resolved, STATE_OPEN, severity, e));
}
