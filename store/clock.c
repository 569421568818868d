/* SPDX-License-Identifier: MIT */
/*
 * clock.c - how long a weakness has been seen in a repository, and when it is due.
 *
 * A clock row knows how many findings of assets that count stand on it, open or set aside: an
 * exception neither ends nor restarts it. When the last one
 * goes, it ends only at the end of the import: a rebuild that takes the old image's name in the
 * same file continues it.
 */
#include <stdlib.h>

#include "store/aside.h"

int64_t count_package(const struct finding_row *f, const struct facts *a)
{
	return a->kind == FINDING_VULNERABILITY ? f->package : 0;
}

static void list_add(struct clock_list *l, int64_t repository, int64_t advisory, int64_t package,
		     int64_t at)
{
	ARRAY_MORE(l->key, l->n, l->cap);
	l->key[l->n++] = (struct clock_key){ repository, advisory, package, at };
}

void clock_is_stale(struct ingest *ig, int64_t repository, int64_t advisory, int64_t package)
{
	list_add(&ig->stale, repository, advisory, package, 0);
}

void clocks_release(struct ingest *ig)
{
	free(ig->idle.key);
	free(ig->stale.key);
}

/* ---- due dates ---- */

/* What lists and assessors say of the vulnerability, where a deadline asks. */
static bool read_signals(struct ingest *ig, int64_t advisory, struct deadline_case *c,
			 struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "SELECT kev_due, kev_added, automatable, impact\n"
					 "FROM advisory\n"
					 "WHERE id = $1");

	db_int(s, 1, advisory);
	if (db_next(s)) {
		c->kev_due = c->kev ? db_column(s, 0) : 0;
		c->kev_added = c->kev ? db_column(s, 1) : 0;
		c->automatable = db_column(s, 2) == SAID_YES;
		c->partial = db_column(s, 3) == IMPACT_PARTIAL;
	}
	return db_done(s, e);
}

bool clock_due(struct ingest *ig, const struct standing *s, const struct finding_row *f,
	       const struct facts *a, int64_t start, int64_t *out, struct err *e)
{
	struct deadline_case c = { .severity = (enum severity)f->severity,
				   .kev = a->kev,
				   .exposed = s->exposed > 0,
				   .running = s->running,
				   .epss = a->epss,
				   .start = start };

	if (f->state != STATE_OPEN || f->check_in > 0) { /* never, or when a person said */
		*out = f->state == STATE_OPEN ? deadline_end(f->check_in - 1) : DUE_NONE;
		return true;
	}
	if ((a->kev || (ig->policies->asks_ssvc && a->kind == FINDING_VULNERABILITY)) &&
	    !read_signals(ig, f->advisory, &c, e))
		return false;
	*out = deadline_end(policies_due(ig->policies, s->tags, &c, NULL, NULL));
	return target_least(ig, s,
			    &(struct clock_key){ 0, f->advisory, count_package(f, a), start }, out,
			    e);
}

/* ---- one clock ---- */

struct clock {
	int64_t start, due, n, ended;
	bool found;
	bool anew; /* it runs, and another before it ended after the time asked for */
};

/* The running clock, else the newest ended one that ended after `start`. */
static bool read_clock(struct ingest *ig, int64_t repository, int64_t advisory, int64_t package,
		       int64_t start, struct clock *out, struct err *e)
{
	struct stmt *s = db_stmt(ig->db,
				 "SELECT start, due, n, ended\n"
				 "FROM clock\n"
				 "WHERE repository = $1 AND advisory = $2 AND package = $3\n"
				 "ORDER BY ended");

	*out = (struct clock){ 0 };
	db_int(s, 1, repository);
	db_int(s, 2, advisory);
	db_int(s, 3, package);
	while (db_next(s)) {
		int64_t ended = db_column(s, 3);

		if (ended > 0 && ended <= start)
			continue;
		if (out->found && out->ended == 0) {
			out->anew = true;
			break;
		}
		*out = (struct clock){ .start = db_column(s, 0),
				       .due = db_column(s, 1),
				       .n = db_column(s, 2),
				       .ended = ended,
				       .found = true };
	}
	return db_done(s, e);
}

/* *fresh: there was no clock that runs. */
static bool insert_clock(struct ingest *ig, int64_t repository, int64_t advisory, int64_t package,
			 int64_t start, int64_t due, bool *fresh, struct err *e)
{
	struct stmt *s = db_stmt(ig->db,
				 "INSERT INTO clock (repository, advisory, package, ended, start,\n"
				 "                   due, n)\n"
				 "VALUES ($1, $2, $3, 0, $4, $5, 1)\n"
				 "ON CONFLICT (advisory, package, repository, ended) DO NOTHING");

	db_int(s, 1, repository);
	db_int(s, 2, advisory);
	db_int(s, 3, package);
	db_int(s, 4, start);
	db_int(s, 5, due);
	if (!db_run(s, e))
		return false;
	*fresh = db_changes(ig->db) > 0;
	return true;
}

static bool update_clock(struct ingest *ig, int64_t repository, int64_t advisory, int64_t package,
			 int64_t ended, const struct clock *is, struct err *e)
{
	struct stmt *s = db_stmt(ig->db,
				 "UPDATE clock\n"
				 "SET start = $1, due = $2, n = $3, ended = $4\n"
				 "WHERE repository = $5 AND advisory = $6 AND package = $7\n"
				 "  AND ended = $8");

	db_int(s, 1, is->start);
	db_int(s, 2, is->due);
	db_int(s, 3, is->n);
	db_int(s, 4, is->ended);
	db_int(s, 5, repository);
	db_int(s, 6, advisory);
	db_int(s, 7, package);
	db_int(s, 8, ended);
	return db_run(s, e);
}

static bool join_one(struct ingest *ig, int64_t repository, int64_t advisory, int64_t package,
		     struct clock *c, int64_t start, int64_t due, struct err *e)
{
	struct clock is = *c;
	bool fresh;

	if (!c->found)
		return insert_clock(ig, repository, advisory, package, start, due, &fresh, e);
	if (start < is.start) {
		is.start = start;
		clock_is_stale(ig, repository, advisory, package);
	}
	if (due < is.due || is.n == 0)
		is.due = due;
	is.n++;
	is.ended = 0;
	return update_clock(ig, repository, advisory, package, c->ended, &is, e);
}

bool clock_join(struct ingest *ig, const struct standing *s, const struct finding_row *f,
		const struct facts *a, int64_t start, int64_t *due, struct err *e)
{
	int64_t package = count_package(f, a), earliest = start;
	bool fresh = false;
	struct clock one, *c = s->nrepository > 1 ? xcalloc(s->nrepository, sizeof(*c)) : &one;
	bool ok = true;

	if (s->first) { /* most likely the first of its clock: try before asking */
		ok = clock_due(ig, s, f, a, start, due, e) &&
		     insert_clock(ig, s->repository[0], f->advisory, package, start, *due, &fresh,
				  e);
		if (!ok || fresh)
			return ok;
	}
	for (size_t i = 0; ok && i < s->nrepository; i++) {
		ok = read_clock(ig, s->repository[i], f->advisory, package, start, &c[i], e);
		if (ok && c[i].found && c[i].start < earliest)
			earliest = c[i].start;
	}
	ok = ok && clock_due(ig, s, f, a, earliest, due, e);
	for (size_t i = 0; ok && i < s->nrepository; i++)
		ok = join_one(ig, s->repository[i], f->advisory, package, &c[i], start, *due, e);
	if (c != &one)
		free(c);
	return ok;
}

bool clock_leave(struct ingest *ig, const struct standing *s, const struct finding_row *f,
		 const struct facts *a, int64_t at, struct err *e)
{
	int64_t package = count_package(f, a);

	for (size_t i = 0; i < s->nrepository; i++) {
		struct stmt *q = db_stmt(
			ig->db, "UPDATE clock\n"
				"SET n = n - 1\n"
				"WHERE repository = $1 AND advisory = $2 AND package = $3\n"
				"  AND ended = 0\n"
				"RETURNING n, due");
		int64_t n = 0, due = DUE_NONE;

		db_int(q, 1, s->repository[i]);
		db_int(q, 2, f->advisory);
		db_int(q, 3, package);
		if (db_next(q)) {
			n = db_column(q, 0);
			due = db_column(q, 1);
		}
		if (!db_run(q, e))
			return false;
		if (n <= 0)
			list_add(&ig->idle, s->repository[i], f->advisory, package, at);
		else if (due == f->due && due != DUE_NONE)
			clock_is_stale(ig, s->repository[i], f->advisory, package);
	}
	return problem_due_changed(ig, f->advisory, package, e);
}

bool clock_start_again(struct ingest *ig, const struct standing *s, const struct finding_row *f,
		       const struct facts *a, int64_t at, int64_t *start, struct err *e)
{
	struct clock c;

	*start = f->since;
	for (size_t i = 0; i < s->nrepository; i++) {
		if (!read_clock(ig, s->repository[i], f->advisory, count_package(f, a), f->since,
				&c, e))
			return false;
		if (c.found && (c.ended > 0 || ig->past))
			*start = at > f->since ? at : f->since;
		else if (c.anew && c.start > *start)
			*start = c.start;
	}
	return true;
}

bool clock_move_back(struct ingest *ig, const struct standing *s, const struct finding_row *f,
		     const struct facts *a, int64_t at, struct err *e)
{
	int64_t package = count_package(f, a);
	struct clock c;

	for (size_t i = 0; i < s->nrepository; i++) {
		if (!read_clock(ig, s->repository[i], f->advisory, package, at, &c, e))
			return false;
		if (!c.found || c.ended > 0 || c.start <= at)
			continue;
		c.start = at;
		clock_is_stale(ig, s->repository[i], f->advisory, package);
		if (!update_clock(ig, s->repository[i], f->advisory, package, 0, &c, e))
			return false;
	}
	return true;
}

/* ---- due dates over again: a clock's start, an advisory's KEV or the least due finding is another
 * ---- */

struct found { /* a finding on a clock, open or set aside */
	int64_t asset;
	struct finding_row f;
};

static const char SQL_ASSETS[] = "SELECT DISTINCT image\n"
				 "FROM image_name\n"
				 "WHERE repository = $1";
static const char SQL_SEEN[] = "SELECT f.part, p.package, f.severity, f.since, f.due,\n"
			       "       coalesce(d.check_in, 0), f.state\n"
			       "FROM finding AS f\n"
			       "JOIN part AS p ON p.id = f.part\n"
			       "LEFT JOIN decided AS d ON d.asset = f.asset\n"
			       "  AND d.advisory = f.advisory AND d.part = f.part\n"
			       "WHERE f.asset = $1 AND f.advisory = $2 AND f.state <> 1\n"
			       "  AND $3 IN (0, p.package)";

static bool seen_on(struct ingest *ig, int64_t asset, const struct clock_key *k,
		    struct found **list, size_t *n, size_t *cap, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, SQL_SEEN);

	db_int(s, 1, asset);
	db_int(s, 2, k->advisory);
	db_int(s, 3, k->package);
	while (db_next(s)) {
		ARRAY_MORE(*list, *n, *cap);
		(*list)[(*n)++] = (struct found){ asset,
						  { .advisory = k->advisory,
						    .part = db_column(s, 0),
						    .package = db_column(s, 1),
						    .severity = db_column(s, 2),
						    .since = db_column(s, 3),
						    .due = db_column(s, 4),
						    .check_in = db_column(s, 5),
						    .state = db_column(s, 6) } };
	}
	return db_done(s, e);
}

static bool gather_seen(struct ingest *ig, const struct clock_key *k, struct found **list,
			size_t *n, struct err *e)
{
	size_t cap = 0, nasset = 0, capasset = 0;
	int64_t *asset = NULL;
	struct stmt *s;
	bool ok = true;

	if (k->repository < 0)
		return seen_on(ig, -k->repository, k, list, n, &cap, e);
	s = db_stmt(ig->db, SQL_ASSETS);
	db_int(s, 1, k->repository);
	while (db_next(s)) {
		ARRAY_MORE(asset, nasset, capasset);
		asset[nasset++] = db_column(s, 0);
	}
	ok = db_done(s, e);
	for (size_t i = 0; ok && i < nasset; i++)
		ok = seen_on(ig, asset[i], k, list, n, &cap, e);
	free(asset);
	return ok;
}

static bool write_due(struct ingest *ig, const struct found *x, int64_t due, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "UPDATE finding\n"
					 "SET due = $1\n"
					 "WHERE asset = $2 AND advisory = $3 AND part = $4");

	asset_touch(ig, x->asset, false);
	db_int(s, 1, due);
	db_int(s, 2, x->asset);
	db_int(s, 3, x->f.advisory);
	db_int(s, 4, x->f.part);
	return db_run(s, e);
}

static bool due_by_clocks(struct ingest *ig, const struct standing *s, const struct finding_row *f,
			  const struct facts *a, int64_t *out, struct err *e)
{
	int64_t earliest = INT64_MAX;
	struct clock c;

	for (size_t i = 0; i < s->nrepository; i++) {
		if (!read_clock(ig, s->repository[i], f->advisory, count_package(f, a), INT64_MAX,
				&c, e))
			return false;
		if (c.found && c.start < earliest)
			earliest = c.start;
	}
	return clock_due(ig, s, f, a, earliest == INT64_MAX ? f->since : earliest, out, e);
}

bool clock_would_be_due(struct ingest *ig, const struct standing *s, const struct finding_row *f,
			const struct facts *a, int64_t *out, struct err *e)
{
	struct finding_row open = *f;

	open.state = STATE_OPEN;
	open.check_in = 0;
	return due_by_clocks(ig, s, &open, a, out, e);
}

/* One finding on a clock: its due date as the clocks are now; other clocks it stands on may change
 * with it. What is set aside has none, and is counted by the one it would have. */
static bool judge_found(struct ingest *ig, const struct clock_key *k, const struct found *x,
			int64_t *least, struct err *e)
{
	struct standing s;
	struct facts a;
	int64_t due = DUE_NONE;
	bool ok;

	if (x->f.state != STATE_OPEN) {
		asset_touch(ig, x->asset, false);
		return true;
	}
	if (!standing_load(ig, x->asset, &s, e))
		return false;
	ok = !s.counts ||
	     (advisory_facts(ig, k->advisory, &a, e) && due_by_clocks(ig, &s, &x->f, &a, &due, e));
	if (ok && s.counts && due != x->f.due) {
		ok = write_due(ig, x, due, e);
		for (size_t i = 0; i < s.nrepository; i++)
			if (s.repository[i] != k->repository)
				clock_is_stale(ig, s.repository[i], k->advisory, k->package);
	}
	if (due < *least)
		*least = due;
	free(s.repository);
	return ok;
}

static bool redue(struct ingest *ig, const struct clock_key *k, struct err *e)
{
	struct found *list = NULL;
	struct clock c;
	size_t n = 0;
	int64_t least = DUE_NONE;
	bool ok = read_clock(ig, k->repository, k->advisory, k->package, INT64_MAX, &c, e);

	if (!ok || !c.found)
		return ok;
	ok = gather_seen(ig, k, &list, &n, e);
	for (size_t i = 0; ok && i < n; i++)
		ok = judge_found(ig, k, &list[i], &least, e);
	free(list);
	if (!ok || least == c.due)
		return ok;
	c.due = least;
	return problem_due_changed(ig, k->advisory, k->package, e) &&
	       update_clock(ig, k->repository, k->advisory, k->package, 0, &c, e);
}

/* ---- the end of an import ---- */

static bool end_clock(struct ingest *ig, const struct clock_key *k, struct err *e)
{
	struct clock c;
	struct stmt *s;

	if (!read_clock(ig, k->repository, k->advisory, k->package, INT64_MAX, &c, e))
		return false;
	if (!c.found || c.n > 0)
		return true;
	c.ended = k->at > c.start ? k->at : c.start + 1;
	if (!problem_due_changed(ig, k->advisory, k->package, e))
		return false;
	s = db_stmt(ig->db,
		    "DELETE FROM clock\n"
		    "WHERE repository = $1 AND advisory = $2 AND package = $3 AND ended = $4");
	db_int(s, 1, k->repository);
	db_int(s, 2, k->advisory);
	db_int(s, 3, k->package);
	db_int(s, 4, c.ended);
	return db_run(s, e) && update_clock(ig, k->repository, k->advisory, k->package, 0, &c, e);
}

static int by_clock(const void *a, const void *b)
{
	const struct clock_key *x = a, *y = b;

	if (x->repository != y->repository)
		return x->repository < y->repository ? -1 : 1;
	if (x->advisory != y->advisory)
		return x->advisory < y->advisory ? -1 : 1;
	return (x->package > y->package) - (x->package < y->package);
}

bool clocks_settle(struct ingest *ig, struct err *e)
{
	for (size_t i = 0; i < ig->idle.n; i++)
		if (!end_clock(ig, &ig->idle.key[i], e))
			return false;
	ig->idle.n = 0;
	while (ig->stale.n > 0) {
		struct clock_list now = ig->stale;
		bool ok = true;

		ig->stale = (struct clock_list){ 0 };
		qsort(now.key, now.n, sizeof(*now.key), by_clock);
		for (size_t i = 0; ok && i < now.n; i++)
			if (i == 0 || by_clock(&now.key[i - 1], &now.key[i]) != 0)
				ok = redue(ig, &now.key[i], e);
		free(now.key);
		if (!ok)
			return false;
	}
	return true;
}

/* So many at once: they are sorted, and what they share is read once. */
#define REJUDGED 4096

static bool next_clocks(struct ingest *ig, struct clock_key *last, struct err *e)
{
	struct stmt *s = db_stmt(ig->db,
				 "SELECT repository, advisory, package\n"
				 "FROM clock\n"
				 "WHERE ended = 0\n"
				 "  AND (repository, advisory, package) > ($1, $2, $3)\n"
				 "ORDER BY repository, advisory, package\n"
				 "LIMIT $4");

	db_int(s, 1, last->repository);
	db_int(s, 2, last->advisory);
	db_int(s, 3, last->package);
	db_int(s, 4, REJUDGED);
	while (db_next(s)) {
		*last = (struct clock_key){ db_column(s, 0), db_column(s, 1), db_column(s, 2), 0 };
		list_add(&ig->stale, last->repository, last->advisory, last->package, 0);
	}
	return db_done(s, e);
}

bool clocks_rejudge(struct ingest *ig, struct err *e)
{
	struct clock_key last = { .repository = INT64_MIN };
	int64_t total, done = 0;

	if (!db_scalar(db_stmt(ig->db, "SELECT count(*) FROM clock WHERE ended = 0"), 0, &total, e))
		return false;
	for (;;) {
		if (!next_clocks(ig, &last, e))
			return false;
		if (ig->stale.n == 0)
			return true;
		done += (int64_t)ig->stale.n;
		if (!clocks_settle(ig, e) || !ig->sink.tick(&ig->sink, (uint64_t)done,
							     (uint64_t)total, e))
			return false;
	}
}

static bool touch_holders(struct ingest *ig, int64_t advisory, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "SELECT DISTINCT h.asset\n"
					 "FROM affects AS x\n"
					 "JOIN holds AS h ON h.part = x.part\n"
					 "WHERE x.advisory = $1");

	db_int(s, 1, advisory);
	while (db_next(s))
		asset_touch(ig, db_column(s, 0), false);
	return db_done(s, e);
}

static bool touch_clocks(struct ingest *ig, int64_t advisory, struct err *e)
{
	bool ok = true;
	struct stmt *s = db_stmt(ig->db, "SELECT repository, package\n"
					 "FROM clock\n"
					 "WHERE advisory = $1 AND ended = 0");

	db_int(s, 1, advisory);
	while (ok && db_next(s)) {
		clock_is_stale(ig, db_column(s, 0), advisory, db_column(s, 1));
		ok = problem_due_changed(ig, advisory, db_column(s, 1), e);
	}
	return db_done(s, e) && ok;
}

bool advisories_settle(struct ingest *ig, struct err *e)
{
	for (size_t i = 0; i < ig->advisories_changed.cap; i++) {
		int64_t advisory = (int64_t)ig->advisories_changed.slot[i];

		if (advisory != 0 &&
		    (!touch_holders(ig, advisory, e) || !touch_clocks(ig, advisory, e)))
			return false;
	}
	return true;
}
