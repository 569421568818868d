/* SPDX-License-Identifier: MIT */
/* status.c - the overview: how do we stand, what is due, which way does it move, what needs a
 * person now. */
#include <stdlib.h>

#include "store/judged.h"
#include "store/list_parts.h"
#include "store/status_parts.h"

static void checklist_counts(const struct store *st, const struct items *items, struct status *out)
{
	for (size_t i = 0; i < items->n; i++) {
		const struct item_row *r = &items->row[i];

		if (r->answered)
			out->answered[r->answer]++;
		else
			out->unanswered++;
		if (!r->ever)
			continue;
		if (r->answer_until <= st->now)
			out->late[STATUS_ANSWER]++;
		else if (r->answer_until <= st->now + DAY_S)
			out->day[STATUS_ANSWER]++;
		else if (r->answer_until <= st->now + 7 * DAY_S)
			out->week[STATUS_ANSWER]++;
	}
}

/* ---- findings ---- */

/* Days are the grain of the tallies: late is a due day before today, <24h is today's, <7d the six
 * after. */
static void count_due(struct status *out, enum status_due what, int64_t days, int64_t n)
{
	if (days < 0)
		out->late[what] += n;
	else if (days < 1)
		out->day[what] += n;
	else if (days < 7)
		out->week[what] += n;
}

#define SQL_COUNTS(which)                                                                          \
	"SELECT severity, kev, due_day, SUM(n)\n"                                                  \
	"FROM tally\n"                                                                             \
	"WHERE " which " AND state = $2\n"                                                         \
	"GROUP BY severity, kev, due_day"
#define OF_REPOSITORY "scope IN (SELECT image FROM image_name WHERE repository = -$1)"

/* `object`: 0 the estate, an asset, or minus a repository. */
static bool finding_counts(struct store *st, int64_t object, struct status *out, struct err *e)
{
	struct stmt *s = db_stmt(st->db, object < 0 ? SQL_COUNTS(OF_REPOSITORY)
	                                            : SQL_COUNTS("scope = $1"));

	db_int(s, 1, object);
	db_int(s, 2, STATE_OPEN);
	while (db_next(s)) {
		int64_t severity = db_column(s, 0), n = db_column(s, 3);
		int64_t days = db_column(s, 2) - time_day(st->now);

		out->open[severity] += n;
		if (severity == SEV_CRITICAL)
			count_due(out, STATUS_CRITICAL, days, n);
		else if (severity == SEV_HIGH)
			count_due(out, STATUS_HIGH, days, n);
		if (db_column(s, 1)) {
			out->kev += n;
			count_due(out, STATUS_KEV, days, n);
		}
	}
	return db_done(s, e);
}

static bool trends(struct store *st, struct arena *mem, struct status *out, struct err *e)
{
	static const char days[] =
		"SELECT COUNT(DISTINCT day) FROM snapshot WHERE scope = 0 AND day <= $1";
	static const char sql[] =
		"SELECT day, severity, SUM(open), SUM(CASE WHEN kev > 0 THEN open ELSE 0 END)\n"
		"FROM snapshot\n"
		"WHERE scope = 0 AND day <= $1\n"
		"GROUP BY day, severity\n"
		"ORDER BY day, severity";
	int64_t today = time_day(st->now), n;
	struct stmt *s = db_stmt(st->db, days);
	struct trend *t;

	db_int(s, 1, today);
	if (!db_scalar(s, 0, &n, e))
		return false;
	out->trend = t = arena_array(mem, struct trend, (size_t)n + 1);
	s = db_stmt(st->db, sql);
	db_int(s, 1, today);
	while (db_next(s)) {
		if (!out->ntrend || t[out->ntrend - 1].day != db_column(s, 0))
			t[out->ntrend++].day = db_column(s, 0);
		t[out->ntrend - 1].open[db_column(s, 1)] += db_column(s, 2);
		t[out->ntrend - 1].kev += db_column(s, 3);
	}
	for (size_t i = 0; i < out->ntrend && t[i].day <= today - 7; i++) {
		memcpy(out->ago7, t[i].open, sizeof(out->ago7));
		out->kev_ago7 = t[i].kev;
	}
	return db_done(s, e);
}

/* What came and went in the seven days that end today. */
static bool moves(struct store *st, struct status *out, struct err *e)
{
	static const char sql[] = "SELECT severity, kev, SUM(came), SUM(went)\n"
				  "FROM snapshot\n"
				  "WHERE scope = 0 AND day > $1 AND day <= $2\n"
				  "GROUP BY severity, kev";
	struct stmt *s = db_stmt(st->db, sql);

	db_int(s, 1, time_day(st->now) - 7);
	db_int(s, 2, time_day(st->now));
	while (db_next(s)) {
		int64_t severity = db_column(s, 0);

		out->in7[severity] += db_column(s, 2);
		out->out7[severity] += db_column(s, 3);
		if (db_column(s, 1)) {
			out->kev_in7 += db_column(s, 2);
			out->kev_out7 += db_column(s, 3);
		}
	}
	return db_done(s, e);
}

/* ---- the estate ---- */

static bool image_counts(struct store *st, const struct judgement *j, struct status *out,
                         struct err *e)
{
	static const char every[] = "SELECT COUNT(*) FROM image";
	static const char with_signature[] =
		"SELECT COUNT(*), COALESCE(SUM(CASE WHEN i.running > 0 THEN 1 ELSE 0 END), 0)\n"
		"FROM (SELECT DISTINCT image FROM signature\n"
		"      WHERE predicate = '' AND result = $1) AS g\n"
		"  JOIN image AS i ON i.asset = g.image\n"
		"WHERE i.running > 0 OR i.current > 0";
	struct stmt *s = db_stmt(st->db, with_signature);

	out->images = j->images;
	out->running = j->running;
	out->stale = j->stale;
	out->run_refused = j->refused;
	out->run_denied = j->denied;
	db_int(s, 1, SIGNATURE_OK);
	if (db_next(s)) {
		out->unsigned_images = j->images - db_column(s, 0);
		out->unsigned_running = j->running - db_column(s, 1);
	}
	if (!db_done(s, e) || !db_scalar(db_stmt(st->db, every), 0, &out->retired, e))
		return false;
	out->retired -= j->images;
	return true;
}

static bool count(struct store *st, const char *sql, int64_t a, int64_t b, int64_t *out,
                  struct err *e)
{
	struct stmt *s = db_stmt(st->db, sql);

	db_int(s, 1, a);
	db_int(s, 2, b);
	return db_scalar(s, 0, out, e);
}

/* Of a past day: what the question said, else the newest record there is. */
static bool known_to(struct store *st, struct status *out, struct err *e)
{
	out->as_of = st->as_of;
	out->seq = st->known;
	return st->as_of ||
	       db_scalar(db_stmt(st->db, "SELECT COALESCE(MAX(seq), 0) FROM audit"), 0, &out->seq,
	                 e);
}

bool store_alerts_late(struct store *st, int64_t *out, struct err *e)
{
	return count(st, "SELECT COUNT(*) FROM alert AS t\n"
			 "WHERE t.next_due < $1 AND t.id > $2 AND NOT " SQL_ALERT_MUTED("t"),
		     st->now, 0,
	             out, e);
}

/* From each source's newest scan, which an index gives: scans are many, sources few. */
static const char SQL_SOURCES[] =
	"SELECT o.id, o.word, s.at, s.db_built, s.partial <> '',\n"
	"  (SELECT COUNT(*) FROM import_skip AS k WHERE k.import = s.import)\n"
	"FROM source AS o JOIN scan AS s ON s.id = (SELECT n.id FROM scan AS n\n"
	"  WHERE n.source = o.id ORDER BY n.at DESC, n.id DESC LIMIT 1)\n"
	"ORDER BY o.word";

/* 0 is what sent nothing for too long, 1 what was not understood whole. */
static int look(const struct status_source *s)
{
	return !s->fresh ? 0 : s->skipped > 0 ? 1 : 2;
}

static int by_look(const void *a, const void *b)
{
	const struct status_source *x = a, *y = b;
	int first = look(x) - look(y);

	return first ? first : strcmp(x->name, y->name);
}

static bool source_rows(struct store *st, int64_t silent, struct arena *mem, struct status *out,
                        struct err *e)
{
	struct status_source *row;
	struct stmt *s;
	int64_t n;

	if (!db_scalar(db_stmt(st->db, "SELECT COUNT(*) FROM source"), 0, &n, e))
		return false;
	out->source = row = arena_array(mem, struct status_source, (size_t)n + 1);
	s = db_stmt(st->db, SQL_SOURCES);
	while (out->nsource < (size_t)n && db_next(s)) {
		struct status_source *r = &row[out->nsource++];

		*r = (struct status_source){ .source = db_column(s, 0),
			                     .name = arena_dup(mem, db_column_text(s, 1)),
			                     .at = db_column(s, 2),
			                     .db_built = db_column(s, 3),
			                     .partial = db_column(s, 4) != 0,
			                     .skipped = db_column(s, 5),
			                     .fresh = db_column(s, 2) >= silent };
		out->sources++;
		out->fresh += r->fresh;
		if (r->at > out->newest)
			out->newest = r->at;
	}
	if (out->nsource > 0)
		qsort(row, out->nsource, sizeof(*row), by_look);
	return db_done(s, e);
}

/* The plus keeps SQLite from reading the events of all kinds of that day: admissions are few. */
static const char SQL_DENIED[] =
	"SELECT COUNT(*)\n"
	"FROM event AS v JOIN word AS w ON w.id = v.action\n"
	"WHERE v.kind = 1 AND +v.ts_ns >= $1 AND w.id > $2 AND w.body = 'denied'";

static bool estate_counts(struct store *st, const struct policy *p, struct arena *mem,
                          struct status *out, struct err *e)
{
	const int64_t silent = st->now - p->fresh.silent;

	out->scan_window = p->fresh.scan;
	out->silent_window = p->fresh.silent;
	return count(st, "SELECT COUNT(*) FROM asset WHERE kind = $1 AND id > $2", ASSET_CLUSTER, 0,
	             &out->clusters, e) &&
	       count(st, "SELECT COUNT(*) FROM cluster WHERE data_at < $1 AND asset > $2", silent,
	             0, &out->silent, e) &&
	       count(st, SQL_DENIED, (st->now - DAY_S) * NS_PER_S, 0, &out->denied24h, e) &&
	       source_rows(st, silent, mem, out, e) &&
	       db_scalar(db_stmt(st->db, "SELECT COUNT(*) FROM alert AS t\n"
					 "WHERE " SQL_ALERT_CALLS("t")), 0, &out->alerts, e) &&
	       store_alerts_late(st, &out->alerts_late, e) &&
	       known_to(st, out, e);
}

static bool alert_dues(struct store *st, struct status *out, struct err *e)
{
	static const char sql[] = "SELECT t.next_due FROM alert AS t\n"
				  "WHERE t.next_due <= $1 AND NOT " SQL_ALERT_MUTED("t");
	struct stmt *s = db_stmt(st->db, sql);

	db_int(s, 1, st->now + 7 * DAY_S);
	while (db_next(s)) {
		int64_t left = db_column(s, 0) - st->now;

		count_due(out, STATUS_ALERT, left < 0 ? -1 : left / DAY_S, 1);
	}
	return db_done(s, e);
}

/* Late are those whose end has come, and that nobody renewed or ended. */
static bool exception_dues(struct store *st, struct status *out, struct err *e)
{
	static const char sql[] =
		"SELECT x.until FROM exception AS x\n"
		"WHERE x.until <= $1 AND " SQL_NOT_ENDED("x");
	static const char all[] = "SELECT COUNT(*) FROM exception AS x WHERE " SQL_NOT_ENDED("x");
	struct stmt *s;

	if (!db_scalar(db_stmt(st->db, all), 0, &out->exceptions, e))
		return false;
	s = db_stmt(st->db, sql);
	db_int(s, 1, st->now + 7 * DAY_S);
	while (db_next(s)) {
		int64_t left = db_column(s, 0) - st->now;

		count_due(out, STATUS_EXCEPTION, left <= 0 ? -1 : left / DAY_S, 1);
	}
	return db_done(s, e);
}

bool store_status(struct store *st, struct arena *mem, struct status *out, struct err *e)
{
	const struct policy *p;
	struct arena judged = ARENA_INIT;
	struct judgement j;
	struct items items;
	bool ok;

	*out = (struct status){ .nframework = 0 };
	ok = store_policy(st, &p, e) && judgement_of(st, &judged, &j, e) &&
	     status_posture(st, j.part, j.npart, mem, true, out, e) &&
	     items_answered(st, &judged, &items.row, &items.n, e) &&
	     finding_counts(st, 0, out, e) && trends(st, mem, out, e) && moves(st, out, e) &&
	     image_counts(st, &j, out, e) && estate_counts(st, p, mem, out, e) &&
	     alert_dues(st, out, e) && exception_dues(st, out, e) &&
	     status_now(st, p, &items, mem, out, e);
	if (ok)
		checklist_counts(st, &items, out);
	arena_release(&judged);
	return ok;
}

bool store_postures(struct store *st, struct arena *mem, struct status *out, struct err *e)
{
	struct arena judged = ARENA_INIT;
	struct judgement j;
	bool ok;

	*out = (struct status){ .nframework = 0 };
	ok = judgement_of(st, &judged, &j, e) &&
	     status_posture(st, j.part, j.npart, mem, false, out, e);
	arena_release(&judged);
	return ok;
}

bool store_status_in(struct store *st, const struct scope *scope, struct arena *mem,
                     struct status *out, struct err *e)
{
	const struct judgement_part *part;
	int64_t object;
	size_t n;

	*out = (struct status){ .nframework = 0 };
	if (!judged_scope(scope, &object))
		return err_set(e, ERR_USAGE, "no posture is judged of such a thing");
	return judgement_parts(st, scope, mem, &part, &n, e) &&
	       status_posture(st, part, n, mem, false, out, e) &&
	       finding_counts(st, object, out, e) &&
	       count(st, "SELECT COALESCE(MAX(at), 0) FROM scan WHERE id > $1 OR id > $2", 0, 0,
	             &out->newest, e) &&
	       known_to(st, out, e);
}
