/* SPDX-License-Identifier: MIT */
/*
 * trend.c - how many findings were open at the end of each day: the estate's curve.
 *
 * What opens or closes at a time changes that day and every later one, so late reports put right
 * what was drawn before.
 */
#include <stdlib.h>

#include "store/ingest.h"

#define uthash_fatal(msg) die("out of memory")
#include <uthash.h>

struct trend_cell {
	struct {
		int64_t at, severity, kev;
		int64_t seq; /* of the record that tells of it */
	} key;
	int64_t n, came, went;
	UT_hash_handle hh;
};

/* What a decision planned for a time was known before any record of what settles it. */
static int64_t told_by(const struct ingest *ig)
{
	return ig->decide_at > 0 ? ig->seq - 1 : ig->seq;
}

static struct trend_cell *cell_of(struct ingest *ig, int64_t at, int64_t severity, bool kev)
{
	struct trend_cell want = { .key = { at, severity, kev, told_by(ig) } }, *c;

	HASH_FIND(hh, ig->trends, &want.key, sizeof(want.key), c);
	if (!c) {
		c = xcalloc(1, sizeof(*c));
		c->key = want.key;
		HASH_ADD(hh, ig->trends, key, sizeof(c->key), c);
	}
	return c;
}

void trend_add(struct ingest *ig, int64_t at, int64_t severity, bool kev, int n)
{
	struct trend_cell *c = n != 0 ? cell_of(ig, at, severity, kev) : NULL;

	if (!c)
		return;
	c->n += n;
	if (n > 0)
		c->came += n;
	else
		c->went -= n;
}

void trend_take_back(struct ingest *ig, int64_t at, int64_t severity, bool kev, int n)
{
	struct trend_cell *c = n != 0 ? cell_of(ig, at, severity, kev) : NULL;

	if (!c)
		return;
	c->n += n;
	if (n > 0)
		c->went -= n;
	else
		c->came += n;
}

void trends_release(struct ingest *ig)
{
	struct trend_cell *c, *next;

	HASH_ITER(hh, ig->trends, c, next)
	{
		HASH_DEL(ig->trends, c);
		free(c);
	}
}

static int by_time(const struct trend_cell *a, const struct trend_cell *b)
{
	return (a->key.at > b->key.at) - (a->key.at < b->key.at);
}

/* A day without a picture of its own begins as the last one before it that has. */
static bool begin_day(struct ingest *ig, int64_t day, struct err *e)
{
	struct stmt *s = db_stmt(ig->db,
				 "INSERT INTO snapshot (day, scope, severity, kev, open)\n"
				 "SELECT $1, scope, severity, kev, open\n"
				 "FROM snapshot\n"
				 "WHERE day = (SELECT max(day) FROM snapshot WHERE day < $1)\n"
				 "ON CONFLICT (day, scope, severity, kev) DO NOTHING");

	db_int(s, 1, day);
	return db_run(s, e);
}

static bool begin_cell(struct ingest *ig, const struct trend_cell *c, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "INSERT INTO snapshot (day, scope, severity, kev, open)\n"
					 "VALUES ($1, 0, $2, $3, 0)\n"
					 "ON CONFLICT (day, scope, severity, kev) DO NOTHING");

	db_int(s, 1, time_day(c->key.at));
	db_int(s, 2, c->key.severity);
	db_int(s, 3, c->key.kev);
	return db_run(s, e);
}

static bool add_from(struct ingest *ig, const struct trend_cell *c, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "INSERT INTO snapshot (day, scope, severity, kev, open)\n"
					 "SELECT DISTINCT day, 0, $1, $2, $3\n"
					 "FROM snapshot\n"
					 "WHERE day >= $4\n"
					 "ON CONFLICT (day, scope, severity, kev)\n"
					 "DO UPDATE SET open = snapshot.open + excluded.open");

	db_int(s, 1, c->key.severity);
	db_int(s, 2, c->key.kev);
	db_int(s, 3, c->n);
	db_int(s, 4, time_day(c->key.at));
	return db_run(s, e);
}

static bool add_moves(struct ingest *ig, const struct trend_cell *c, struct err *e)
{
	struct stmt *s = db_stmt(ig->db,
				 "UPDATE snapshot\n"
				 "SET came = came + $1, went = went + $2\n"
				 "WHERE day = $3 AND scope = 0 AND severity = $4 AND kev = $5");

	db_int(s, 1, c->came);
	db_int(s, 2, c->went);
	db_int(s, 3, time_day(c->key.at));
	db_int(s, 4, c->key.severity);
	db_int(s, 5, c->key.kev);
	return db_run(s, e);
}

/* What as-of adds up again; a day that begins without a picture is none. */
static bool note_moves(struct ingest *ig, const struct trend_cell *c, struct err *e)
{
	struct stmt *s = db_stmt(ig->db,
				 "INSERT INTO trend (at, seq, severity, kev, open, came, went)\n"
				 "SELECT $1, $2, $3, $4, $5, $6, $7\n"
				 "WHERE EXISTS (SELECT 1 FROM snapshot WHERE day = $8)\n"
				 "ON CONFLICT (at, seq, severity, kev) DO UPDATE\n"
				 "SET open = trend.open + excluded.open,\n"
				 "    came = trend.came + excluded.came,\n"
				 "    went = trend.went + excluded.went");

	db_int(s, 1, c->key.at);
	db_int(s, 2, c->key.seq);
	db_int(s, 3, c->key.severity);
	db_int(s, 4, c->key.kev);
	db_int(s, 5, c->n);
	db_int(s, 6, c->came);
	db_int(s, 7, c->went);
	db_int(s, 8, time_day(c->key.at));
	return db_run(s, e);
}

bool trends_settle(struct ingest *ig, struct err *e)
{
	HASH_SORT(ig->trends, by_time);
	for (const struct trend_cell *c = ig->trends; c; c = c->hh.next)
		if (!begin_day(ig, time_day(c->key.at), e) || !begin_cell(ig, c, e) ||
		    !add_from(ig, c, e) || !add_moves(ig, c, e) || !note_moves(ig, c, e))
			return false;
	trends_release(ig); /* an act may settle more than once */
	return ig->newest == 0 ||
	       (begin_day(ig, time_day(ig->newest), e) &&
		note_moves(ig, &(struct trend_cell){ .key = { ig->newest, .seq = ig->seq } }, e));
}
