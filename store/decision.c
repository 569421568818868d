/* SPDX-License-Identifier: MIT */
/* decision.c - which decision holds a finding. */
#include <stdlib.h>

#include "store/decision.h"

#define uthash_fatal(msg)	     die("out of memory")
#define HASH_FUNCTION(key, len, out) ((out) = (unsigned)hash64((key), (len)))
#include <uthash.h>

struct decision_list { /* of one advisory, with those that speak of any */
	int64_t advisory;
	struct decision *d;
	size_t n, cap;
	UT_hash_handle hh;
};

/* ---- the table, as far as it is asked for ---- */

void decisions_forget(struct ingest *ig)
{
	struct decision_list *l, *next;

	HASH_ITER(hh, ig->decisions, l, next)
	{
		HASH_DEL(ig->decisions, l);
		free(l->d);
		free(l);
	}
	keyset_release(&ig->decided_of);
	ig->decided_of = (struct keyset)KEYSET_INIT;
	ig->decided_known = ig->decided_any = false;
}

/* Most advisories have none: which have some is asked once. */
static bool know(struct ingest *ig, struct err *e)
{
	struct stmt *s;

	if (ig->decided_known)
		return true;
	s = db_stmt(ig->db, "SELECT DISTINCT advisory\n"
			    "FROM decides");
	while (db_next(s)) {
		int64_t advisory = db_column(s, 0);

		if (advisory == 0)
			ig->decided_any = true;
		else
			keyset_add(&ig->decided_of, (uint64_t)advisory);
	}
	ig->decided_known = true;
	return db_done(s, e);
}

static bool read_list(struct ingest *ig, struct decision_list *l, struct err *e)
{
	struct stmt *s = db_stmt(ig->db,
				 "SELECT maker, package, part, place, holder, state, severity,\n"
				 "       check_in, at, until\n"
				 "FROM decides\n"
				 "WHERE advisory IN (0, $1)");

	db_int(s, 1, l->advisory);
	while (db_next(s)) {
		ARRAY_MORE(l->d, l->n, l->cap);
		l->d[l->n++] = (struct decision){ db_column(s, 0), db_column(s, 1), db_column(s, 2),
						  db_column(s, 3), db_column(s, 4), db_column(s, 5),
						  db_column(s, 6), db_column(s, 7), db_column(s, 8),
						  db_column(s, 9) };
	}
	return db_done(s, e);
}

bool decisions_any(struct ingest *ig, bool *yes, struct err *e)
{
	if (!know(ig, e))
		return false;
	*yes = ig->decided_any || ig->decided_of.n > 0;
	return true;
}

bool decisions_of(struct ingest *ig, int64_t advisory, const struct decision **out, size_t *n,
		  struct err *e)
{
	struct decision_list *l;

	*n = 0;
	if (!know(ig, e))
		return false;
	if (!ig->decided_any &&
	    (ig->decided_of.n == 0 || !keyset_has(&ig->decided_of, (uint64_t)advisory)))
		return true;
	HASH_FIND(hh, ig->decisions, &advisory, sizeof(advisory), l);
	if (!l) {
		l = xcalloc(1, sizeof(*l));
		l->advisory = advisory;
		HASH_ADD(hh, ig->decisions, advisory, sizeof(l->advisory), l);
		if (!read_list(ig, l, e))
			return false;
	}
	*out = l->d;
	*n = l->n;
	return true;
}

/* ---- does it hold? ---- */

static bool place_holds(const struct decision *d, const struct standing *s)
{
	if (d->place <= 0)
		return d->place == 0 || s->asset == -d->place;
	for (size_t i = 0; i < s->nrepository; i++)
		if (s->repository[i] == d->place)
			return true;
	return false;
}

/* A statement may speak of a package inside a product: the asset must hold that too. */
static bool holder_holds(struct ingest *ig, const struct decision *d, int64_t asset, bool *yes,
			 struct err *e)
{
	struct stmt *s;
	int64_t any;

	*yes = d->holder == 0;
	if (*yes)
		return true;
	s = db_stmt(ig->db, d->holder > 0 ? "SELECT 1\n"
					    "FROM holds\n"
					    "WHERE part = $1 AND asset = $2"
					  : "SELECT 1\n"
					    "FROM part AS p\n"
					    "JOIN holds AS h ON h.part = p.id\n"
					    "WHERE p.package = $1 AND h.asset = $2\n"
					    "LIMIT 1");
	db_int(s, 1, d->holder > 0 ? d->holder : -d->holder);
	db_int(s, 2, asset);
	if (!db_scalar(s, 0, &any, e))
		return false;
	*yes = any != 0;
	return true;
}

bool decision_holds(struct ingest *ig, const struct decision *d, const struct standing *s,
		    const struct finding_row *f, bool *yes, struct err *e)
{
	*yes = (d->package == 0 || d->package == f->package) &&
	       (d->part == 0 || d->part == f->part) && place_holds(d, s);
	return !*yes || holder_holds(ig, d, s->asset, yes, e);
}

static int width(const struct decision *d)
{
	return d->place < 0 ? 0 : d->place > 0 ? 1 : 2;
}

static bool outranks(const struct decision *a, const struct decision *b)
{
	if ((a->maker > 0) != (b->maker > 0))
		return a->maker > 0;
	if (width(a) != width(b))
		return width(a) < width(b);
	if (a->at != b->at)
		return a->at > b->at;
	return llabs(a->maker) > llabs(b->maker);
}

bool decision_at(struct ingest *ig, const struct standing *s, const struct finding_row *f,
		 int64_t at, const struct decision **out, struct err *e)
{
	const struct decision *d;
	size_t n;

	*out = NULL;
	if (!decisions_of(ig, f->advisory, &d, &n, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		bool yes;

		if (at < d[i].at || at >= d[i].until || (*out && !outranks(&d[i], *out)))
			continue;
		if (!decision_holds(ig, &d[i], s, f, &yes, e))
			return false;
		if (yes)
			*out = &d[i];
	}
	return true;
}

bool finding_decide(struct ingest *ig, const struct standing *s, struct finding_row *f,
		    struct err *e)
{
	const struct decision *d;

	f->maker = f->check_in = f->decided_at = 0;
	f->says = f->state;
	if (f->state == STATE_RESOLVED)
		return true;
	f->says = f->state = STATE_OPEN;
	if (!decision_at(ig, s, f, ig->decide_at > 0 ? ig->decide_at : ig->st->now, &d, e))
		return false;
	if (!d || d->state == STATE_OPEN)
		return true;
	f->maker = d->maker;
	f->says = d->state;
	f->decided_at = d->at;
	if (d->state == STATE_RISK_ADJUSTED)
		f->severity = d->severity;
	else if (d->state == STATE_VENDOR)
		f->check_in = d->check_in;
	else
		f->state = d->state;
	return true;
}

bool decided_write(struct ingest *ig, int64_t asset, const struct finding_row *f, struct err *e)
{
	struct stmt *s;

	if (f->maker == 0) {
		s = db_stmt(ig->db, "DELETE FROM decided\n"
				    "WHERE asset = $1 AND advisory = $2 AND part = $3");
	} else {
		s = db_stmt(ig->db,
			    "INSERT INTO decided (asset, advisory, part, maker, state, check_in)\n"
			    "VALUES ($1, $2, $3, $4, $5, $6)\n"
			    "ON CONFLICT (asset, advisory, part) DO UPDATE\n"
			    "SET maker = excluded.maker, state = excluded.state,\n"
			    "    check_in = excluded.check_in");
		db_int(s, 4, f->maker);
		db_int(s, 5, f->says);
		db_int(s, 6, f->check_in);
	}
	db_int(s, 1, asset);
	db_int(s, 2, f->advisory);
	db_int(s, 3, f->part);
	return db_run(s, e);
}
