/* SPDX-License-Identifier: MIT */
/* status.c - the overview: how do we stand, what is due, which way does it move, what needs a
 * person now. */
#include <stdlib.h>

#include "store/judged.h"
#include "store/judgement.h"
#include "store/list_parts.h"

#define NOW_ROWS 12 /* what a person can take in; the lists behind hold the rest */

/* ---- posture ---- */

/* Baselines that are shown beside the frameworks they choose controls from. */
static const struct {
	const char *framework, *baseline, *key, *title;
	int64_t bit;
} baselines[] = {
	{ "NIST-800-53", "fedramp-moderate", "FEDRAMP-MODERATE", "FedRAMP Moderate",
	  BASELINE_MODERATE },
	{ "NIST-800-53", "fedramp-high", "FEDRAMP-HIGH", "FedRAMP High", BASELINE_HIGH },
	{ "NIST-800-53", "fedramp-low", "FEDRAMP-LOW", "FedRAMP Low", BASELINE_LOW },
};

struct posture_rows {
	struct status_framework *row;
	size_t n;
};

static void add_baselines(struct posture_rows *r, struct arena *mem, const char *totals)
{
	const struct status_framework f = r->row[r->n - 1];

	for (size_t i = 0; i < LENGTH(baselines); i++) {
		struct status_framework *b = &r->row[r->n];
		const char *total;

		if (!str_eq(baselines[i].framework, f.key))
			continue;
		*b = (struct status_framework){
			.framework = f.framework,
			.key = baselines[i].key,
			.baseline = baselines[i].baseline,
		};
		total = attribute_get(totals, arena_printf(mem, "total_%s", b->baseline), mem);
		if (!str_int64(total, 1, 100000, &b->total))
			continue;
		b->title = baselines[i].title;
		r->n++;
	}
}

/* Two of one title (a profile and what it resolves to) are told apart by their keys. */
static void tell_apart(struct posture_rows *r, struct arena *mem)
{
	for (size_t i = 0; i < r->n; i++) {
		const char *title = r->row[i].title;
		bool twice = false;

		for (size_t k = i + 1; k < r->n; k++) {
			struct status_framework *f = &r->row[k];

			if (!str_eq(f->title, title))
				continue;
			f->title = arena_printf(mem, "%s (%s)", title, f->key);
			twice = true;
		}
		if (twice)
			r->row[i].title = arena_printf(mem, "%s (%s)", title, r->row[i].key);
	}
}

static bool load_frameworks(struct store *st, struct arena *mem, struct posture_rows *r,
                            struct err *e)
{
	static const char sql[] = "SELECT id, key, title, totals FROM framework ORDER BY ord, id";
	struct stmt *s;
	int64_t n;

	if (!db_scalar(db_stmt(st->db, "SELECT COUNT(*) FROM framework"), 0, &n, e))
		return false;
	r->row = arena_array(mem, struct status_framework,
	                     (size_t)n * (1 + LENGTH(baselines)) + 1);
	s = db_stmt(st->db, sql);
	for (; n > 0 && db_next(s); n--) {
		r->row[r->n++] = (struct status_framework){
			.framework = db_column(s, 0),
			.key = arena_dup(mem, db_column_text(s, 1)),
			.title = arena_dup(mem, db_column_text(s, 2)),
		};
		add_baselines(r, mem, db_column_text(s, 3));
	}
	tell_apart(r, mem);
	return db_done(s, e);
}

static int64_t baseline_bit(const struct status_framework *f)
{
	for (size_t i = 0; i < LENGTH(baselines); i++)
		if (f->baseline && str_eq(baselines[i].baseline, f->baseline))
			return baselines[i].bit;
	return 0;
}

static void count_part(struct status_framework *f, const struct judgement_part *p)
{
	int64_t bit = baseline_bit(f);

	if (f->framework != p->framework || (bit && !(p->baselines & bit)))
		return;
	f->posture.n[p->word] += p->n;
	f->tested += p->tested ? p->n : 0;
}

/* Frameworks that hold no control (the checklist's own) are not a row of the posture. */
static void drop_empty(struct posture_rows *r)
{
	size_t kept = 0;

	for (size_t i = 0; i < r->n; i++)
		for (int w = 0; w < CONTROL_COUNT; w++)
			if (r->row[i].posture.n[w]) {
				r->row[kept++] = r->row[i];
				break;
			}
	r->n = kept;
}

static bool posture(struct store *st, const struct judgement_part *part, size_t n,
                    struct arena *mem, struct status *out, struct err *e)
{
	struct posture_rows r = { .n = 0 };

	if (!load_frameworks(st, mem, &r, e))
		return false;
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < r.n; k++)
			count_part(&r.row[k], &part[i]);
	drop_empty(&r);
	out->framework = r.row;
	out->nframework = r.n;
	return true;
}

/* The checklist as it stands, judged once for all who ask. */
struct items {
	struct item_row *row;
	size_t n;
};

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
	return count(st, "SELECT COUNT(*) FROM alert WHERE next_due < $1 AND id > $2", st->now, 0,
	             out, e);
}

/* From each source's newest scan, which an index gives: scans are many, sources few. */
static bool source_counts(struct store *st, int64_t silent, struct status *out, struct err *e)
{
	static const char sql[] =
		"SELECT (SELECT MAX(s.at) FROM scan AS s WHERE s.source = o.id)\n"
		"FROM source AS o";
	struct stmt *s = db_stmt(st->db, sql);

	while (db_next(s)) {
		int64_t at = db_column(s, 0);

		if (db_column_null(s, 0))
			continue;
		out->sources++;
		out->fresh += at >= silent;
		if (at > out->newest)
			out->newest = at;
	}
	return db_done(s, e);
}

/* The plus keeps SQLite from reading the events of all kinds of that day: admissions are few. */
static const char SQL_DENIED[] =
	"SELECT COUNT(*)\n"
	"FROM event AS v JOIN word AS w ON w.id = v.action\n"
	"WHERE v.kind = 1 AND +v.ts_ns >= $1 AND w.id > $2 AND w.body = 'denied'";

static bool estate_counts(struct store *st, const struct policy *p, struct status *out,
                          struct err *e)
{
	const int64_t silent = st->now - p->fresh.silent;

	out->scan_window = p->fresh.scan;
	out->silent_window = p->fresh.silent;
	return count(st, "SELECT COUNT(*) FROM asset WHERE kind = $1 AND id > $2", ASSET_CLUSTER, 0,
	             &out->clusters, e) &&
	       count(st, "SELECT COUNT(*) FROM cluster WHERE data_at < $1 AND asset > $2", silent,
	             0, &out->silent, e) &&
	       count(st, SQL_DENIED, (st->now - DAY_S) * NS_PER_S, 0, &out->denied24h, e) &&
	       source_counts(st, silent, out, e) &&
	       count(st, "SELECT COUNT(*) FROM alert AS t\n"
	                 "WHERE t.id > $1 AND t.id > $2 AND " SQL_ALERT_STANDS("t"), 0, 0,
	             &out->alerts, e) &&
	       store_alerts_late(st, &out->alerts_late, e) &&
	       known_to(st, out, e);
}

static bool alert_dues(struct store *st, struct status *out, struct err *e)
{
	static const char sql[] = "SELECT next_due FROM alert WHERE next_due <= $1";
	struct stmt *s = db_stmt(st->db, sql);

	db_int(s, 1, st->now + 7 * DAY_S);
	while (db_next(s)) {
		int64_t left = db_column(s, 0) - st->now;

		count_due(out, STATUS_ALERT, left < 0 ? -1 : left / DAY_S, 1);
	}
	return db_done(s, e);
}

/* ---- NOW ---- */

struct now_list {
	struct arena *mem;
	struct status_now *row;
	size_t n;
};

static struct status_now *now_add(struct now_list *l, const char *what)
{
	struct status_now *r = &l->row[l->n++];

	*r = (struct status_now){ .what = what, .owner = NULL };
	return r;
}

/* "prod-eu payments/api-7c9f": as much of it as is known. */
static const char *place_of(struct stmt *s, struct arena *mem)
{
	const char *cluster = db_column_text(s, 4), *namespace = db_column_text(s, 5);
	const char *pod = db_column_text(s, 6);

	if (!*pod)
		pod = db_column_text(s, 3);
	return arena_printf(mem, "%s%s%s%s%s", cluster, *cluster ? " " : "", namespace,
	                    *namespace ? "/" : "", pod);
}

static bool now_alerts(struct store *st, struct now_list *l, struct err *e)
{
	static const char sql[] =
		"SELECT l.id, a.name, l.next_due, s.name, COALESCE(k.name, ''),\n"
		"  COALESCE(n.name, ''), COALESCE(c.pod, '')\n"
		"FROM alert AS l JOIN advisory AS a ON a.id = l.rule\n"
		"  JOIN asset AS s ON s.id = l.asset\n"
		"  LEFT JOIN container AS c ON c.asset = l.asset\n"
		"  LEFT JOIN asset AS k ON k.id = c.cluster\n"
		"  LEFT JOIN asset AS n ON n.id = c.namespace\n"
		"WHERE l.next_due < $1\n"
		"ORDER BY l.next_due, l.priority, l.id\n"
		"LIMIT 5";
	struct stmt *s = db_stmt(st->db, sql);

	db_int(s, 1, DUE_NONE);
	while (db_next(s)) {
		struct status_now *r = now_add(l, "alert");

		r->target = (struct scope){ SCOPE_ALERT, { db_column(s, 0) } };
		r->text = arena_dup(l->mem, db_column_text(s, 1));
		r->where = place_of(s, l->mem);
		r->left = db_column(s, 2) - st->now;
	}
	return db_done(s, e);
}

static bool now_problems(struct store *st, struct now_list *l, struct err *e)
{
	static const char sql[] =
		"SELECT p.advisory, p.package, a.name, COALESCE(k.name, ''), p.due, p.no_kev,\n"
		"  p.assets, p.running\n"
		"FROM problem AS p JOIN advisory AS a ON a.id = p.advisory\n"
		"  LEFT JOIN package AS k ON k.id = p.package\n"
		"WHERE p.assets > 0 AND p.due < $1\n"
		"ORDER BY p.due, p.no_kev, p.epss, p.severity, p.advisory, p.package\n"
		"LIMIT 5";
	struct stmt *s = db_stmt(st->db, sql);

	db_int(s, 1, DUE_NONE);
	while (db_next(s)) {
		struct status_now *r = now_add(l, db_column(s, 5) == 0        ? "KEV"
		                                  : db_column(s, 4) < st->now ? "late"
		                                                              : "due");

		r->target = (struct scope){ SCOPE_PROBLEM, { db_column(s, 0), db_column(s, 1) } };
		r->text = arena_printf(l->mem, "%s %s", db_column_text(s, 2), db_column_text(s, 3));
		r->where = arena_printf(l->mem, "%lld assets, %lld running",
		                        (long long)db_column(s, 6), (long long)db_column(s, 7));
		r->left = db_column(s, 4) - st->now;
	}
	return db_done(s, e);
}

static bool now_silent(struct store *st, const struct policy *p, struct now_list *l, struct err *e)
{
	static const char sql[] = "SELECT c.asset, s.name, c.data_at\n"
				  "FROM cluster AS c JOIN asset AS s ON s.id = c.asset\n"
				  "WHERE c.data_at < $1\n"
				  "ORDER BY c.data_at, c.asset\n"
				  "LIMIT 3";
	struct stmt *s = db_stmt(st->db, sql);

	db_int(s, 1, st->now - p->fresh.silent);
	while (db_next(s)) {
		struct status_now *r = now_add(l, "silent");
		char age[16];

		time_print_span(st->now - db_column(s, 2), age);
		r->target = (struct scope){ SCOPE_CLUSTER, { db_column(s, 0) } };
		r->text = arena_printf(l->mem, "no data for %s", age);
		r->where = arena_printf(l->mem, "cluster %s", db_column_text(s, 1));
		r->left = db_column(s, 2) + p->fresh.silent - st->now;
	}
	return db_done(s, e);
}

static void now_reviews(const struct store *st, const struct items *items, struct now_list *l)
{
	size_t added = 0;

	for (size_t i = 0; i < items->n && added < 3; i++) {
		const struct item_row *item = &items->row[i];
		struct status_now *r;

		if (!item->ever || item->answered)
			continue;
		r = now_add(l, "review");
		r->target = (struct scope){ SCOPE_ITEM, { item->id } };
		r->text = arena_dup(l->mem, item->title);
		r->where = arena_printf(l->mem, "checklist %s", item->ident);
		r->left = item->answer_until - st->now;
		added++;
	}
}

/* What cannot wait first: a late response, then silence, then the rest by the time that is left. */
static int need(const struct status_now *n)
{
	if (str_eq(n->what, "alert") && n->left < 0)
		return 0;
	return str_eq(n->what, "silent") ? 1 : 2;
}

static int by_need(const void *a, const void *b)
{
	const struct status_now *x = a, *y = b;
	int first = need(x) - need(y);

	return first ? first : (x->left > y->left) - (x->left < y->left);
}

static bool now_rows(struct store *st, const struct policy *p, const struct items *items,
                     struct arena *mem, struct status *out, struct err *e)
{
	struct now_list l = { mem, arena_array(mem, struct status_now, 5 + 5 + 3 + 3), 0 };

	if (!now_alerts(st, &l, e) || !now_problems(st, &l, e) || !now_silent(st, p, &l, e))
		return false;
	now_reviews(st, items, &l);
	qsort(l.row, l.n, sizeof(*l.row), by_need);
	for (size_t i = 0; i < l.n; i++)
		if (!object_owner(st, &l.row[i].target, mem, &l.row[i].owner, e))
			return false;
	out->now = l.row;
	out->nnow = l.n < NOW_ROWS ? l.n : NOW_ROWS;
	return true;
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
	     posture(st, j.part, j.npart, mem, out, e) &&
	     items_answered(st, &judged, &items.row, &items.n, e) &&
	     finding_counts(st, 0, out, e) && trends(st, mem, out, e) && moves(st, out, e) &&
	     image_counts(st, &j, out, e) && estate_counts(st, p, out, e) &&
	     alert_dues(st, out, e) && now_rows(st, p, &items, mem, out, e);
	if (ok)
		checklist_counts(st, &items, out);
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
	return judgement_parts(st, scope, mem, &part, &n, e) && posture(st, part, n, mem, out, e) &&
	       finding_counts(st, object, out, e) &&
	       count(st, "SELECT COALESCE(MAX(at), 0) FROM scan WHERE id > $1 OR id > $2", 0, 0,
	             &out->newest, e) &&
	       known_to(st, out, e);
}
