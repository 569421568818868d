/* SPDX-License-Identifier: MIT */
/*
 * sighted.c - the spans of sightings: since when a source sees a finding, and how severe it calls
 * it. What its first look at an asset showed is implied by the row, as long as nothing changes.
 */
#include "store/ingest.h"

struct key {
	int64_t asset, advisory, part, source;
};

static struct key key_of(const struct look *l, const struct finding_row *f)
{
	return (struct key){ l->asset, f->advisory, f->part, l->scan->source };
}

static void bind_key(struct stmt *s, const struct key *k)
{
	db_int(s, 1, k->asset);
	db_int(s, 2, k->advisory);
	db_int(s, 3, k->part);
	db_int(s, 4, k->source);
}

static bool add(struct ingest *ig, const struct key *k, int64_t at, int64_t seq,
		const struct sighted *x, struct err *e)
{
	struct stmt *s = db_stmt(
		ig->db, "INSERT INTO sighting_span (asset, advisory, part, source, at, seq,\n"
			"                           severity, word, score, live)\n"
			"VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)\n"
			"ON CONFLICT (asset, advisory, part, source, at, seq) DO UPDATE\n"
			"SET severity = excluded.severity, word = excluded.word,\n"
			"    score = excluded.score, live = excluded.live");

	bind_key(s, k);
	db_int(s, 5, at);
	db_int(s, 6, seq);
	db_int(s, 7, x->severity);
	db_int(s, 8, x->word);
	db_int(s, 9, x->score);
	db_int(s, 10, x->live);
	return db_run(s, e);
}

/* *at 0: none. */
static bool oldest(struct ingest *ig, const struct key *k, int64_t *at, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "SELECT min(at)\n"
					 "FROM sighting_span\n"
					 "WHERE asset = $1 AND advisory = $2 AND part = $3\n"
					 "  AND source = $4");

	bind_key(s, k);
	return db_scalar(s, 0, at, e);
}

static bool newest_of(struct ingest *ig, const struct key *k, int64_t *at, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "SELECT max(at)\n"
					 "FROM sighting_span\n"
					 "WHERE asset = $1 AND advisory = $2 AND part = $3\n"
					 "  AND source = $4");

	bind_key(s, k);
	return db_scalar(s, 0, at, e);
}

/* When the source's first import looked at the asset, and the record of it. */
static bool first_look(struct ingest *ig, const struct key *k, int64_t *at, int64_t *seq,
		       struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "SELECT c.at, i.seq\n"
					 "FROM cover AS c\n"
					 "JOIN scan AS n ON n.id = c.scan\n"
					 "JOIN import AS i ON i.id = n.import\n"
					 "WHERE c.asset = $1 AND c.source = $2\n"
					 "ORDER BY i.id, c.at\n"
					 "LIMIT 1");

	*at = *seq = 0;
	db_int(s, 1, k->asset);
	db_int(s, 2, k->source);
	if (db_next(s)) {
		*at = db_column(s, 0);
		*seq = db_column(s, 1);
	}
	return db_done(s, e);
}

/* The time from which spans are there: the first is spelt out when there is none. */
static bool spell_out(struct ingest *ig, const struct key *k, const struct finding_row *was,
		      int64_t *from, struct err *e)
{
	const struct sighted x = { was->own_severity, was->own_word, was->own_score, true };
	int64_t seq;

	if (!oldest(ig, k, from, e))
		return false;
	return *from != 0 || (first_look(ig, k, from, &seq, e) && add(ig, k, *from, seq, &x, e));
}

bool sighted_first(struct ingest *ig, const struct look *l, const struct finding_row *f,
		   const struct sighted *x, int64_t until, struct err *e)
{
	const struct key k = key_of(l, f);
	struct sighted end = *x;

	end.live = false;
	return add(ig, &k, l->scan->at, ig->seq, x, e) &&
	       (until == 0 || add(ig, &k, until, ig->seq, &end, e));
}

bool sighted_change(struct ingest *ig, const struct look *l, const struct finding_row *was,
		    const struct sighted *x, struct err *e)
{
	const struct key k = key_of(l, was);
	int64_t from, newest;

	return spell_out(ig, &k, was, &from, e) && newest_of(ig, &k, &newest, e) &&
	       add(ig, &k, newest > l->scan->at ? newest : l->scan->at, ig->seq, x, e);
}

bool sighted_earlier(struct ingest *ig, const struct look *l, const struct finding_row *was,
		     const struct sighted *x, int64_t until, struct err *e)
{
	const struct key k = key_of(l, was);
	struct sighted end = *x;
	int64_t from;

	end.live = false;
	if (!spell_out(ig, &k, was, &from, e))
		return false;
	if (l->scan->at >= from)
		return true;
	return add(ig, &k, l->scan->at, ig->seq, x, e) &&
	       (until == 0 || until >= from || add(ig, &k, until, ig->seq, &end, e));
}

bool source_is_new(struct ingest *ig, const struct look *l, bool *yes, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "SELECT 1\n"
					 "FROM cover AS c\n"
					 "JOIN scan AS n ON n.id = c.scan\n"
					 "WHERE c.asset = $1 AND c.source = $2\n"
					 "  AND n.import <> $3\n"
					 "LIMIT 1");
	int64_t other;

	db_int(s, 1, l->asset);
	db_int(s, 2, l->scan->source);
	db_int(s, 3, ig->import);
	if (!db_scalar(s, 0, &other, e))
		return false;
	*yes = other == 0;
	return true;
}
