/* SPDX-License-Identifier: MIT */
/*
 * sighting.c - which sources see a finding, and how bad they say it is.
 *
 * Mostly one source sees a finding and goes on seeing it; then the finding's own row names what it
 * says, which thousands of findings share. The view `sighting` shows both kinds alike.
 */
#include "store/ingest.h"

bool witness_id(struct ingest *ig, const struct saying *w, int64_t *out, struct err *e)
{
	struct stmt *s;

	if (memo_get(&ig->witnesses, (const char *)w, sizeof(*w), out))
		return true;
	s = db_stmt(ig->db, "INSERT INTO witness (source, severity, word, score)\n"
			    "VALUES ($1, $2, $3, $4)\n"
			    "ON CONFLICT (source, severity, word, score)\n"
			    "DO UPDATE SET score = excluded.score\n"
			    "RETURNING id");
	db_int(s, 1, w->source);
	db_int(s, 2, w->severity);
	db_int(s, 3, w->word);
	db_int(s, 4, w->score);
	if (!db_scalar(s, 0, out, e))
		return false;
	memo_put(&ig->witnesses, (const char *)w, sizeof(*w), *out);
	return true;
}

static bool run_at(struct ingest *ig, const char *sql, int64_t asset, int64_t advisory,
		   int64_t part, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, sql);

	db_int(s, 1, asset);
	db_int(s, 2, advisory);
	db_int(s, 3, part);
	return db_run(s, e);
}

bool sighting_spell_out(struct ingest *ig, int64_t asset, int64_t advisory, int64_t part,
			struct err *e)
{
	static const char spell[] =
		"INSERT INTO sighting_row (asset, advisory, part, source, severity, word, score,\n"
		"                          until)\n"
		"SELECT f.asset, f.advisory, f.part, w.source, w.severity, w.word, w.score, 0\n"
		"FROM finding AS f\n"
		"JOIN witness AS w ON w.id = f.witness\n"
		"WHERE f.asset = $1 AND f.advisory = $2 AND f.part = $3";
	static const char clear[] =
		"UPDATE finding\n"
		"SET witness = 0\n"
		"WHERE asset = $1 AND advisory = $2 AND part = $3 AND witness > 0";

	return run_at(ig, spell, asset, advisory, part, e) &&
	       run_at(ig, clear, asset, advisory, part, e);
}

static bool write_row(struct ingest *ig, int64_t asset, const struct finding_row *f,
		      const struct saying *w, int64_t until, struct err *e)
{
	struct stmt *s = db_stmt(
		ig->db, "INSERT INTO sighting_row (asset, advisory, part, source, severity, word,\n"
			"                          score, until)\n"
			"VALUES ($1, $2, $3, $4, $5, $6, $7, $8)\n"
			"ON CONFLICT (asset, advisory, part, source) DO UPDATE\n"
			"SET severity = excluded.severity, word = excluded.word,\n"
			"    score = excluded.score, until = excluded.until");

	db_int(s, 1, asset);
	db_int(s, 2, f->advisory);
	db_int(s, 3, f->part);
	db_int(s, 4, w->source);
	db_int(s, 5, w->severity);
	db_int(s, 6, w->word);
	db_int(s, 7, w->score);
	db_int(s, 8, until);
	return db_run(s, e);
}

static bool say_otherwise(struct ingest *ig, int64_t asset, struct finding_row *f,
			  const struct saying *w, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "UPDATE finding\n"
					 "SET witness = $1\n"
					 "WHERE asset = $2 AND advisory = $3 AND part = $4");

	if (!witness_id(ig, w, &f->witness, e))
		return false;
	db_int(s, 1, f->witness);
	db_int(s, 2, asset);
	db_int(s, 3, f->advisory);
	db_int(s, 4, f->part);
	return db_run(s, e);
}

bool sighting_write(struct ingest *ig, int64_t asset, struct finding_row *f, const struct saying *w,
		    int64_t until, struct err *e)
{
	if (f->witness > 0 && f->own && until == 0)
		return say_otherwise(ig, asset, f, w, e);
	if (f->witness > 0 && !sighting_spell_out(ig, asset, f->advisory, f->part, e))
		return false;
	f->witness = 0;
	return write_row(ig, asset, f, w, until, e);
}
