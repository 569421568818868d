/* SPDX-License-Identifier: MIT */
/* fact.c - what was known of assets and advisories from when on: the rows that as-of reads. */
#include "store/ingest.h"

bool fact_add(struct ingest *ig, int64_t asset, enum fact_kind what, int64_t at, int64_t value,
	      struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "INSERT INTO fact (asset, what, at, seq, value)\n"
					 "VALUES ($1, $2, $3, $4, $5)\n"
					 "ON CONFLICT (asset, what, at, seq)\n"
					 "DO UPDATE SET value = excluded.value");

	db_int(s, 1, asset);
	db_int(s, 2, what);
	db_int(s, 3, at);
	db_int(s, 4, ig->seq);
	db_int(s, 5, value);
	return db_run(s, e);
}

bool fact_known(struct ingest *ig, int64_t asset, int64_t at, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "INSERT INTO fact (asset, what, at, seq, value)\n"
					 "SELECT $1, $2, $3, $4, 1\n"
					 "WHERE NOT EXISTS (SELECT 1 FROM fact AS f\n"
					 "  WHERE f.asset = $1 AND f.what = $2 AND f.at <= $3)");

	db_int(s, 1, asset);
	db_int(s, 2, FACT_KNOWN);
	db_int(s, 3, at);
	db_int(s, 4, ig->seq);
	return db_run(s, e);
}

/* ---- what ran ---- */

struct running {	/* the facts around a time */
	int64_t before; /* value that holds then; -1: none */
	int64_t next;	/* time of the next fact; 0: none  */
	int64_t listed; /* its place was next listed whole; 0: never since */
};

static bool number_at(struct ingest *ig, const char *sql, int64_t asset, enum fact_kind what,
		      int64_t at, int64_t none, int64_t *out, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, sql);

	db_int(s, 1, asset);
	db_int(s, 2, what);
	db_int(s, 3, at);
	return db_scalar(s, none, out, e);
}

static bool around(struct ingest *ig, int64_t container, int64_t place, int64_t at,
		   struct running *out, struct err *e)
{
	static const char before[] = "SELECT value\n"
				     "FROM fact\n"
				     "WHERE asset = $1 AND what = $2 AND at <= $3\n"
				     "ORDER BY at DESC, seq DESC\n"
				     "LIMIT 1";
	static const char after[] = "SELECT at\n"
				    "FROM fact\n"
				    "WHERE asset = $1 AND what = $2 AND at > $3\n"
				    "ORDER BY at\n"
				    "LIMIT 1";

	return number_at(ig, before, container, FACT_RUNS, at, -1, &out->before, e) &&
	       number_at(ig, after, container, FACT_RUNS, at, 0, &out->next, e) &&
	       number_at(ig, after, place, FACT_LISTED, at, 0, &out->listed, e);
}

/* An inventory of the place that came after and does not list it ends what is told here. */
bool fact_runs(struct ingest *ig, const struct ran *r, struct err *e)
{
	int64_t value = 2 * r->image + r->running, end = 2 * r->image;
	int64_t until = r->seen_at;
	struct running x;

	if (!around(ig, r->container, r->place, r->at, &x, e))
		return false;
	if (value == x.before)
		return true;
	if (!fact_add(ig, r->container, FACT_RUNS, r->at, value, e))
		return false;
	if (r->running && x.listed > 0 && (x.next == 0 || x.listed < x.next) &&
	    (until <= r->at || x.listed < until) &&
	    !fact_add(ig, r->container, FACT_RUNS, x.listed, end, e))
		return false;
	if (until <= r->at && x.next > 0) /* it had ended, as far as was known with another image */
		return fact_add(ig, r->container, FACT_RUNS, x.next, end, e);
	if (until > r->at && (x.next == 0 || x.next > until) && x.before >= 0)
		return fact_add(ig, r->container, FACT_RUNS, until, x.before, e);
	return true;
}

/* ---- advisories ---- */

static const char SQL_FIRST[] =
	"INSERT INTO advisory_span (advisory, at, seq, class, kev, kev_added, kev_due, epss)\n"
	"SELECT $1, 0, 0, $2, $3, 0, 0, $4\n"
	"WHERE NOT EXISTS (SELECT 1 FROM advisory_span AS s WHERE s.advisory = $1)";
static const char SQL_SINCE[] =
	"INSERT INTO advisory_span (advisory, at, seq, class, kev, kev_added, kev_due, epss,\n"
	"                           exploitation, automatable, impact, ssvc_at, triage)\n"
	"SELECT id, $1, $2, class, kev, kev_added, kev_due, epss, exploitation, automatable,\n"
	"       impact, ssvc_at, triage\n"
	"FROM advisory WHERE id = $3\n"
	"ON CONFLICT (advisory, at, seq) DO UPDATE\n"
	"SET class = excluded.class, kev = excluded.kev, kev_added = excluded.kev_added,\n"
	"    kev_due = excluded.kev_due, epss = excluded.epss,\n"
	"    exploitation = excluded.exploitation, automatable = excluded.automatable,\n"
	"    impact = excluded.impact, ssvc_at = excluded.ssvc_at, triage = excluded.triage";
static const char SQL_NEWEST[] = "SELECT max(at)\n"
				 "FROM advisory_span\n"
				 "WHERE advisory = $1";

/* What is told late holds from the newest word on, as with findings. */
bool fact_advisory(struct ingest *ig, int64_t advisory, const struct facts *was, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, SQL_FIRST);
	int64_t at = ingest_time(ig), newest;

	db_int(s, 1, advisory);
	db_int(s, 2, was->class_id);
	db_int(s, 3, was->kev);
	db_int(s, 4, was->epss);
	if (!db_run(s, e))
		return false;
	s = db_stmt(ig->db, SQL_NEWEST);
	db_int(s, 1, advisory);
	if (!db_scalar(s, 0, &newest, e))
		return false;
	s = db_stmt(ig->db, SQL_SINCE);
	db_int(s, 1, newest > at ? newest : at);
	db_int(s, 2, ig->seq);
	db_int(s, 3, advisory);
	return db_run(s, e);
}
