/* SPDX-License-Identifier: MIT */
/*
 * target.c - dates that people set for a finding or a problem, earlier than what the rules say.
 *
 * A target belongs to clocks, as the due date does: an image that is built anew keeps it, and a
 * weakness that was gone and comes back does not.
 */
#include <stdlib.h>

#include "store/ingest.h"

/* What a target is set on: the clocks of one finding, or all of a problem. */
struct aim {
	struct scope what;
	int64_t advisory, package;
	struct standing s; /* of a finding's asset; a problem has none */
};

/* ---- asked for by every due date ---- */

static bool any_target(struct ingest *ig, bool *yes, struct err *e)
{
	int64_t n;

	if (!ig->targets_known) {
		if (!db_scalar(db_stmt(ig->db,
				       "SELECT EXISTS (SELECT 1 FROM target WHERE until = 0)"),
			       0, &n, e))
			return false;
		ig->targets_known = true;
		ig->targets_any = n != 0;
	}
	*yes = ig->targets_any;
	return true;
}

bool target_least(struct ingest *ig, const struct standing *s, const struct clock_key *k,
		  int64_t *due, struct err *e)
{
	static const char sql[] = "SELECT min(due)\n"
				  "FROM target\n"
				  "WHERE advisory = $1 AND package = $2 AND until = 0\n"
				  "  AND repository IN (0, $3) AND at >= $4\n"
				  "HAVING min(due) IS NOT NULL";
	bool any;

	if (!any_target(ig, &any, e))
		return false;
	for (size_t i = 0; any && i < s->nrepository; i++) {
		struct stmt *q = db_stmt(ig->db, sql);
		int64_t target;

		db_int(q, 1, k->advisory);
		db_int(q, 2, k->package);
		db_int(q, 3, s->repository[i]);
		db_int(q, 4, k->at);
		if (!db_scalar(q, DUE_NONE, &target, e))
			return false;
		if (target != DUE_NONE)
			target = deadline_end(target - 1);
		if (target < *due)
			*due = target;
	}
	return true;
}

/* ---- what it is set on ---- */

static bool aim_at_finding(struct ingest *ig, struct aim *a, struct err *e)
{
	struct finding_row f = { .advisory = a->what.key[1], .part = a->what.key[2] };
	struct facts facts;
	struct stmt *s = db_stmt(ig->db, "SELECT p.package\n"
					 "FROM finding AS f JOIN part AS p ON p.id = f.part\n"
					 "WHERE f.asset = $1 AND f.advisory = $2 AND f.part = $3");

	for (int i = 0; i < 3; i++)
		db_int(s, i + 1, a->what.key[i]);
	if (!db_scalar(s, -1, &f.package, e))
		return false;
	if (f.package < 0)
		return err_set(e, ERR_USAGE, "there is no such finding");
	if (!advisory_facts(ig, f.advisory, &facts, e))
		return false;
	a->advisory = f.advisory;
	a->package = count_package(&f, &facts);
	return standing_load(ig, a->what.key[0], &a->s, e);
}

static bool aim_at(struct ingest *ig, const struct scope *what, struct aim *a, struct err *e)
{
	*a = (struct aim){ .what = *what, .advisory = what->key[0], .package = what->key[1] };
	switch (what->kind) {
	case SCOPE_PROBLEM:
		return true;
	case SCOPE_FINDING:
		return aim_at_finding(ig, a, e);
	default:
		return err_set(e, ERR_USAGE, "findings and problems are due, nothing else");
	}
}

typedef bool clock_fn(struct ingest *ig, const struct aim *a, int64_t repository, int64_t due,
		      struct err *e);

static bool each_clock(struct ingest *ig, const struct aim *a, struct err *e, clock_fn *fn,
		       int64_t due)
{
	if (a->what.kind == SCOPE_PROBLEM)
		return fn(ig, a, 0, due, e);
	for (size_t i = 0; i < a->s.nrepository; i++)
		if (!fn(ig, a, a->s.repository[i], due, e))
			return false;
	return true;
}

/* ---- the rows ---- */

static bool end_row(struct ingest *ig, const struct aim *a, int64_t repository, int64_t due,
		    struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "UPDATE target\n"
					 "SET until = $1, until_seq = $2\n"
					 "WHERE advisory = $3 AND package = $4\n"
					 "  AND repository = $5 AND until = 0");

	(void)due;
	db_int(s, 1, ig->st->now);
	db_int(s, 2, ig->seq);
	db_int(s, 3, a->advisory);
	db_int(s, 4, a->package);
	db_int(s, 5, repository);
	return db_run(s, e);
}

static bool add_row(struct ingest *ig, const struct aim *a, int64_t repository, int64_t due,
		    struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "INSERT INTO target (advisory, package, repository, at,\n"
					 "                    seq, due)\n"
					 "VALUES ($1, $2, $3, $4, $5, $6)");

	db_int(s, 1, a->advisory);
	db_int(s, 2, a->package);
	db_int(s, 3, repository);
	db_int(s, 4, ig->st->now);
	db_int(s, 5, ig->seq);
	db_int(s, 6, due);
	return db_run(s, e);
}

/* What stands on the clocks is due anew. */
static bool redue(struct ingest *ig, int64_t advisory, int64_t package, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "SELECT repository\n"
					 "FROM clock\n"
					 "WHERE advisory = $1 AND package = $2 AND ended = 0");

	ig->targets_known = false;
	db_int(s, 1, advisory);
	db_int(s, 2, package);
	while (db_next(s))
		clock_is_stale(ig, db_column(s, 0), advisory, package);
	return db_done(s, e) && clocks_settle(ig, e);
}

/* ---- is it earlier? ---- */

static const char SQL_FINDING_DUE[] =
	"SELECT due\n"
	"FROM finding\n"
	"WHERE asset = $1 AND advisory = $2 AND part = $3 AND state = 0";
/* Clocks of what is set aside, or is due never, have no date. */
static const char SQL_PROBLEM_DUE[] =
	"SELECT CASE WHEN count(*) = 0 THEN 0\n"
	"  ELSE coalesce(max(CASE WHEN due < $1 THEN due END),\n"
	"    CASE WHEN EXISTS (SELECT 1 FROM problem AS p\n"
	"      WHERE p.advisory = $2 AND p.package = $3) THEN $1 ELSE 0 END) END\n"
	"FROM clock\n"
	"WHERE advisory = $2 AND package = $3 AND ended = 0";

/* The latest date on which anything of it is due now; 0: nothing of it is due at all. */
static bool latest_due(struct ingest *ig, const struct aim *a, int64_t *out, struct err *e)
{
	bool one = a->what.kind == SCOPE_FINDING;
	struct stmt *s;

	*out = 0;
	if (one && !a->s.counts)
		return true;
	s = db_stmt(ig->db, one ? SQL_FINDING_DUE : SQL_PROBLEM_DUE);
	db_int(s, 1, one ? a->what.key[0] : DUE_NONE);
	db_int(s, 2, a->advisory);
	db_int(s, 3, one ? a->what.key[2] : a->package);
	return db_scalar(s, 0, out, e);
}

/* A target changes something, or is refused: later than the rules say only by exception. */
static bool check_earlier(struct ingest *ig, const struct aim *a, int64_t due, struct err *e)
{
	char day[11];
	int64_t latest;

	if (!latest_due(ig, a, &latest, e))
		return false;
	if (latest == 0)
		return err_set(e, ERR_USAGE, "nothing of it is open where it counts");
	if (due < latest)
		return true;
	time_print_date(latest, day);
	return err_set(e, ERR_USAGE, "due %s by the rules: a later date needs an exception",
		       day);
}

static bool standing_target(struct ingest *ig, const struct aim *a, int64_t *out, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "SELECT due\n"
					 "FROM target\n"
					 "WHERE advisory = $1 AND package = $2 AND until = 0\n"
					 "  AND repository = $3");

	db_int(s, 1, a->advisory);
	db_int(s, 2, a->package);
	db_int(s, 3, a->s.nrepository > 0 ? a->s.repository[0] : 0);
	return db_scalar(s, 0, out, e);
}

/* The old one goes first: what is left is what the rules say. */
static bool set_target(struct ingest *ig, const struct aim *a, int64_t due, struct err *e)
{
	if (!each_clock(ig, a, e, end_row, 0) || !redue(ig, a->advisory, a->package, e))
		return false;
	return due == 0 || (check_earlier(ig, a, due, e) && each_clock(ig, a, e, add_row, due) &&
			    redue(ig, a->advisory, a->package, e));
}

static const char *day_text(int64_t due, char out[static 21])
{
	out[0] = '\0';
	if (due > 0)
		time_print(due, out);
	return out;
}

bool store_due(struct store *st, const struct scope *what, int64_t due, struct err *e)
{
	char object[OBJECT_SIZE], before[21], after[21];
	struct aim a = { .s = { .nrepository = 0 } };
	struct ingest *ig;
	int64_t was = 0;
	bool ok;

	if (!act_allowed(st, MAY_OWN, e))
		return false;
	if (due != 0)
		due = deadline_end(due - 1);
	if (due != 0 && due <= st->now)
		return err_set(e, ERR_USAGE, "a target lies ahead; that time is past");
	if (!ingest_act_begin(st, &ig, e))
		return false;
	object_name(what, object);
	ok = aim_at(ig, what, &a, e) && standing_target(ig, &a, &was, e);
	if (ok && due == 0 && was == 0)
		ok = err_set(e, ERR_USAGE, "nobody set a date for it: there is none to take away");
	ok = ok && set_target(ig, &a, due, e);
	free(a.s.repository);
	return ingest_act_end(ig, ok,
			      &(struct audit_entry){ .act = "due",
						     .object = object,
						     .before = day_text(was, before),
						     .after = day_text(due, after) },
			      e);
}

/* ---- taken back ---- */

static const char SQL_RESTORE[] =
	"INSERT INTO target (advisory, package, repository, at, seq, due)\n"
	"SELECT advisory, package, repository, at, $1, due\n"
	"FROM target\n"
	"WHERE until_seq = $2";
/* What stands where that record set something: its own, or what an undo brought back. */
static const char SQL_END[] =
	"UPDATE target\n"
	"SET until = $1, until_seq = $2\n"
	"WHERE until = 0 AND EXISTS (\n"
	"  SELECT 1 FROM target AS t\n"
	"  WHERE t.advisory = target.advisory AND t.package = target.package\n"
	"    AND t.repository = target.repository AND $3 IN (t.seq, t.until_seq))";
static const char SQL_OF[] = "SELECT advisory, package\n"
			     "FROM target\n"
			     "WHERE seq = $1 OR until_seq = $1\n"
			     "LIMIT 1";

bool target_undo(struct ingest *ig, int64_t seq, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, SQL_OF);
	int64_t advisory = 0, package = 0;

	db_int(s, 1, seq);
	if (db_next(s)) {
		advisory = db_column(s, 0);
		package = db_column(s, 1);
	}
	if (!db_done(s, e))
		return false;
	s = db_stmt(ig->db, SQL_END);
	db_int(s, 1, ig->st->now);
	db_int(s, 2, ig->seq);
	db_int(s, 3, seq);
	if (!db_run(s, e))
		return false;
	s = db_stmt(ig->db, SQL_RESTORE);
	db_int(s, 1, ig->seq);
	db_int(s, 2, seq);
	return db_run(s, e) && redue(ig, advisory, package, e);
}
