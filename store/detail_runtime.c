/* SPDX-License-Identifier: MIT */
/* detail_runtime.c - one cluster and one alert in full. */
#include "store/detail.h"
#include "store/event_pack.h"
#include "store/judged.h"
#include "store/list.h"
#include "store/list_parts.h"
#include "store/policy.h"

/* ---- clusters ---- */

static bool load_cluster(struct store *st, struct arena *mem, struct cluster_detail *d,
			 struct err *e)
{
	static const char sql[] =
		"SELECT s.name, " SQL_CLUSTER_VERSION ", c.nodes, c.images, c.pods, c.data_at,\n"
		"(SELECT count(*) FROM asset y WHERE y.parent = c.asset AND y.kind = 3)\n"
		"FROM cluster c JOIN asset s ON s.id = c.asset\n"
		"WHERE c.asset = $1";
	struct stmt *s = db_stmt(st->db, sql);
	bool found;

	db_int(s, 1, d->id);
	found = db_next(s);
	if (found) {
		d->name = arena_dup(mem, db_column_text(s, 0));
		d->version = arena_dup(mem, db_column_text(s, 1));
		d->nodes = db_column(s, 2);
		d->images = db_column(s, 3);
		d->pods = db_column(s, 4);
		d->data_at = db_column(s, 5);
		d->namespaces = db_column(s, 6);
	}
	if (!db_done(s, e))
		return false;
	return found || err_set(e, ERR_USAGE, "there is no cluster %lld", (long long)d->id);
}

/* Numbers by a small index: `sql` gives index and count. */
static bool load_counts(struct store *st, const char *sql, int64_t id, int64_t *n, int64_t limit,
			struct err *e)
{
	struct stmt *s = db_stmt(st->db, sql);

	db_int(s, 1, id);
	while (db_next(s))
		if (db_column(s, 0) >= 0 && db_column(s, 0) < limit)
			n[db_column(s, 0)] += db_column(s, 1);
	return db_done(s, e);
}

/*
 * A section is the rule's number up to the first dot behind the benchmark's name: "cis-1.8:4.2.1"
 * is of section 4.
 */
static const char SQL_SECTIONS[] =
	"SELECT z.benchmark, CASE WHEN instr(z.number, '.') > 0\n"
	"THEN substr(z.number, 1, instr(z.number, '.') - 1) ELSE z.number END,\n"
	"z.verdict, sum(z.n)\n"
	"FROM (SELECT a.benchmark AS benchmark,\n"
	"substr(a.name, instr(a.name, ':') + 1) AS number, t.verdict AS verdict, t.n AS n\n"
	"FROM check_tally t JOIN advisory a ON a.id = t.advisory\n"
	"WHERE t.scope = $1 AND a.benchmark <> '') z\n"
	"GROUP BY 1, 2, 3\n"
	"ORDER BY 1, CAST(z.number AS INTEGER), 2";

static struct benchmark_section *section_of(struct arena *mem, struct benchmark_section **all,
					    size_t *n, size_t *cap, struct stmt *s)
{
	const char *benchmark = db_column_text(s, 0), *section = db_column_text(s, 1);

	if (*n > 0 && str_eq((*all)[*n - 1].benchmark, benchmark) &&
	    str_eq((*all)[*n - 1].section, section))
		return &(*all)[*n - 1];
	DETAIL_MORE(mem, *all, *n, *cap);
	(*all)[*n] = (struct benchmark_section){ .benchmark = arena_dup(mem, benchmark),
						 .section = arena_dup(mem, section) };
	return &(*all)[(*n)++];
}

static bool load_sections(struct store *st, struct arena *mem, struct cluster_detail *d,
			  struct err *e)
{
	struct stmt *s = db_stmt(st->db, SQL_SECTIONS);
	struct benchmark_section *all = NULL;
	size_t cap = 0;

	db_int(s, 1, d->id);
	while (db_next(s)) {
		struct benchmark_section *one = section_of(mem, &all, &d->nsection, &cap, s);
		int64_t verdict = db_column(s, 2);

		if (verdict >= 0 && verdict < VERDICT_COUNT)
			one->n[verdict] += db_column(s, 3);
	}
	d->section = all;
	return db_done(s, e);
}

/* All that looked at it, as the list of checks has them: benchmarks, admission rules, our own. */
static bool load_checks_of(struct store *st, struct cluster_detail *d, struct err *e)
{
	static const char sql[] = "SELECT verdict, sum(n) FROM check_tally\n"
				  "WHERE scope = $1\n"
				  "GROUP BY verdict";

	return load_counts(st, sql, d->id, d->check, VERDICT_COUNT, e);
}

static bool load_alerts_of(struct store *st, struct cluster_detail *d, struct err *e)
{
	static const char sql[] =
		"SELECT count(*), COALESCE(sum(t.next_due < store_now()), 0)\n"
		"FROM alert t JOIN asset s ON s.id = t.asset\n"
		"LEFT JOIN container c ON c.asset = t.asset\n"
		"WHERE " SQL_ALERT_CALLS("t") " AND $1 IN (c.cluster, s.id, s.parent)";
	static const char denied[] = SQL_DENIED_IN("$1");
	struct stmt *s = db_stmt(st->db, sql);

	db_int(s, 1, d->id);
	if (db_next(s)) {
		d->alerts = db_column(s, 0);
		d->alerts_late = db_column(s, 1);
	}
	if (!db_done(s, e))
		return false;
	s = db_stmt(st->db, denied);
	db_int(s, 1, d->id);
	return db_scalar(s, 0, &d->denied24h, e);
}

bool store_cluster(struct store *st, int64_t id, struct arena *mem, struct cluster_detail *out,
		   struct err *e)
{
	static const char open[] = "SELECT severity, sum(n) FROM tally\n"
				   "WHERE scope = $1 AND state = 0 GROUP BY severity";
	const struct policy *policy;
	bool mine, ok;

	*out = (struct cluster_detail){ .id = id };
	if (!store_policy(st, &policy, e) || !reading_begin(st, &mine, e))
		return false;
	ok = load_cluster(st, mem, out, e) && load_counts(st, open, id, out->open, SEV_COUNT, e) &&
	     load_sections(st, mem, out, e) && load_checks_of(st, out, e) &&
	     load_alerts_of(st, out, e);
	out->silent = out->data_at < st->now - policy->fresh.silent;
	return reading_end(st, mine, ok, e);
}

/* ---- alerts ---- */

static const char SQL_ALERT[] =
	"SELECT t.first_ns, t.last_ns, t.events, t.state, t.priority, a.name,\n"
	"COALESCE(o.word, ''), COALESCE(cl.name, ''),\n"
	"COALESCE((SELECT y.name FROM asset y WHERE y.kind = 2\n"
	"AND y.id IN (c.cluster, s.parent)), ''),\n"
	"COALESCE((SELECT y.name FROM asset y WHERE y.kind = 1 AND y.id IN (c.node, s.id)), ''),\n"
	"COALESCE((SELECT y.name FROM asset y WHERE y.id = c.namespace), ''),\n"
	"COALESCE((SELECT y.name FROM asset y WHERE y.id = c.workload), ''),\n"
	"COALESCE(c.pod, ''), COALESCE(c.name, ''),\n"
	"CASE WHEN COALESCE(c.id64, '') <> '' THEN c.id64 ELSE COALESCE(c.id12, '') END,\n"
	"COALESCE(i.name, c.reference, ''), COALESCE(c.image, 0),\n"
	"COALESCE(i.critical, 0), COALESCE(i.high, 0), COALESCE(i.medium, 0), COALESCE(i.low, 0),\n"
	"COALESCE(i.negligible, 0), COALESCE(i.unknown, 0), t.acknowledged, t.contained, "
	"t.closed,\n"
	"t.ack_due, t.contain_due, t.close_due, t.rule, COALESCE(c.workload, 0),\n"
	"COALESCE(c.namespace, 0), COALESCE(c.cluster, 0), t.asset, t.reported, t.report_due,\n"
	"t.next_due\n"
	"FROM alert t\n"
	"JOIN advisory a ON a.id = t.rule\n"
	"JOIN asset s ON s.id = t.asset\n"
	"LEFT JOIN source o ON o.id = a.source\n"
	"LEFT JOIN class cl ON cl.id = a.class\n"
	"LEFT JOIN container c ON c.asset = t.asset\n"
	"LEFT JOIN image i ON i.asset = c.image\n"
	"WHERE t.id = $1";

struct near { /* what else an alert's owner may be the owner of */
	int64_t rule, workload, namespace, cluster;
};

#define NEAR_WHAT                                                                                  \
	"SELECT e.ts_ns, e.kind, COALESCE(a.name, ''),\n"                                          \
	"field_of(" SQL_EVENT_FIELDS("e") ", 'user')\n"                                            \
	"FROM event e LEFT JOIN advisory a ON a.id = e.rule\n"                                     \
	"WHERE e.asset > 0 AND e.asset = $1 AND e.alert <> $2 AND "

static void read_alert(struct stmt *s, struct arena *mem, struct alert_detail *d, struct near *near)
{
	const char **text[] = { &d->rule,      &d->source,	 &d->class_name, &d->cluster,
				&d->node,      &d->namespace,	 &d->workload,	 &d->pod,
				&d->container, &d->container_id, &d->image };
	int64_t *time[] = { &d->acknowledged, &d->contained, &d->closed,  &d->ack_due,
			    &d->contain_due,  &d->close_due, &near->rule, &near->workload,
			    &near->namespace, &near->cluster, &d->asset,  &d->reported,
			    &d->report_due,   &d->next_due };

	d->first_ns = db_column(s, 0);
	d->last_ns = db_column(s, 1);
	d->events = db_column(s, 2);
	d->state = (enum alert_state)db_column(s, 3);
	d->priority = (enum priority)db_column(s, 4);
	for (size_t i = 0; i < LENGTH(text); i++)
		*text[i] = arena_dup(mem, db_column_text(s, 5 + (int)i));
	d->image_id = db_column(s, 16);
	for (int i = 0; i < SEV_COUNT; i++)
		d->image_open[i] = db_column(s, 17 + i);
	for (size_t i = 0; i < LENGTH(time); i++)
		*time[i] = db_column(s, 23 + (int)i);
}

static bool load_alert(struct store *st, struct arena *mem, struct alert_detail *d,
		       struct near *near, struct err *e)
{
	struct stmt *s = db_stmt(st->db, SQL_ALERT);
	bool found;

	db_int(s, 1, d->id);
	found = db_next(s);
	if (found)
		read_alert(s, mem, d, near);
	if (!db_done(s, e))
		return false;
	return found || err_set(e, ERR_USAGE, "there is no alert %lld", (long long)d->id);
}

static bool load_newest(struct store *st, struct arena *mem, struct alert_detail *d, struct err *e)
{
	static const char sql[] =
		"SELECT " SQL_EVENT_FIELDS("v") ", " SQL_EVENT_RAW("v") "\n"
		"FROM event v\n"
		"WHERE v.asset > 0 AND v.asset = (SELECT t.asset FROM alert t WHERE t.id = $1)\n"
		"AND v.alert = $1\n"
		"ORDER BY v.ts_ns DESC, v.id DESC\n"
		"LIMIT 1";
	struct stmt *s = db_stmt(st->db, sql);
	const void *raw;
	size_t n;

	d->fields = "";
	db_int(s, 1, d->id);
	if (db_next(s)) {
		d->fields = arena_dup(mem, db_column_text(s, 0));
		raw = db_column_null(s, 1) ? NULL : db_column_blob(s, 1, &n);
		if (raw)
			d->raw = arena_dupn(mem, raw, n);
	}
	return db_done(s, e);
}

/* What people did to it stands in the audit trail; the events before that are its own. */
static bool load_history(struct store *st, struct arena *mem, struct alert_detail *d, struct err *e)
{
	const struct {
		int64_t at;
		const char *what;
	} step[] = {
		{ d->first_ns / NS_PER_S, "first event" },
		{ d->acknowledged, "acknowledged" },
		{ d->contained, "contained" },
		{ d->closed, "closed" },
	};
	static const char sql[] = "SELECT actor\n"
				  "FROM audit\n"
				  "WHERE object = $1 AND at = $2\n"
				  "ORDER BY seq DESC\n"
				  "LIMIT 1";
	struct history *h = arena_array(mem, struct history, LENGTH(step));
	char object[OBJECT_SIZE];

	object_name(&(struct scope){ SCOPE_ALERT, { d->id } }, object);
	d->history = h;
	for (size_t i = 0; i < LENGTH(step); i++) {
		struct history *one = &h[d->nhistory];
		struct stmt *s;

		if (step[i].at == 0)
			continue;
		*one = (struct history){ step[i].at, step[i].what, d->source, "" };
		d->nhistory++;
		if (i == 0)
			continue;
		s = db_stmt(st->db, sql);
		db_text(s, 1, object);
		db_int(s, 2, step[i].at);
		if (!detail_text(s, mem, &one->who, e))
			return false;
	}
	return true;
}

static bool load_bearing(struct store *st, struct arena *mem, struct alert_detail *d,
			 const struct near *near, struct err *e)
{
	const struct scope owners[] = {
		{ SCOPE_ALERT, { d->id } },
		{ SCOPE_WORKLOAD, { near->workload } },
		{ SCOPE_NAMESPACE, { near->namespace } },
		{ SCOPE_CLUSTER, { near->cluster } },
	};
	struct refs r;

	if (!refs_begin(st, mem, &r, e) || !refs_add_class(&r, d->class_name, e) ||
	    !refs_add_rule(&r, near->rule, e))
		return false;
	refs_end(&r, false, &d->control, &d->ncontrol);
	return object_notes(st, &owners[0], mem, &d->note, &d->nnote, e) &&
	       detail_owner(st, owners, LENGTH(owners), mem, &d->owner, e);
}

/* The mute that holds longest. */
static bool load_mute(struct store *st, struct arena *mem, struct alert_detail *d, struct err *e)
{
	static const char sql[] =
		"SELECT m.until, m.who, m.reason,\n"
		"  COALESCE(up.name || '/', '') || COALESCE(a.name, 'everywhere')\n"
		"FROM alert AS t JOIN mute AS m ON " SQL_MUTE_HOLDS("m", "t") "\n"
		"  LEFT JOIN asset AS a ON a.id = m.place\n"
		"  LEFT JOIN asset AS up ON up.id = a.parent\n"
		"WHERE t.id = $1\n"
		"ORDER BY m.until DESC\n"
		"LIMIT 1";
	struct stmt *s = db_stmt(st->db, sql);

	db_int(s, 1, d->id);
	if (db_next(s)) {
		d->muted_until = db_column(s, 0);
		d->muted_by = arena_dup(mem, db_column_text(s, 1));
		d->muted_why = arena_dup(mem, db_column_text(s, 2));
		d->muted_where = arena_dup(mem, db_column_text(s, 3));
	}
	return db_done(s, e);
}

static bool read_near(struct stmt *s, const struct alert_detail *d, int64_t from, int64_t to,
		      struct arena *mem, struct near_event *out, size_t *n, struct err *e)
{
	db_int(s, 1, d->asset);
	db_int(s, 2, d->id);
	db_int(s, 3, from);
	db_int(s, 4, to);
	db_int(s, 5, NEAR_MAX);
	while (db_next(s))
		out[(*n)++] = (struct near_event){
			.at_ns = db_column(s, 0),
			.kind = (enum event_kind)db_column(s, 1),
			.what = arena_dup(mem, db_column_text(s, 2)),
			.who = arena_dup(mem, db_column_text(s, 3)),
		};
	return db_done(s, e);
}

/* Both ways from its first event, the nearest first; told by time. */
static bool load_near(struct store *st, struct arena *mem, struct alert_detail *d, struct err *e)
{
	static const char before[] = NEAR_WHAT "e.ts_ns >= $3 AND e.ts_ns < $4\n"
					       "ORDER BY e.ts_ns DESC, e.id DESC\n"
					       "LIMIT $5";
	static const char after[] = NEAR_WHAT "e.ts_ns >= $3 AND e.ts_ns < $4\n"
					      "ORDER BY e.ts_ns, e.id\n"
					      "LIMIT $5";
	const int64_t span = NEAR_S * NS_PER_S;
	struct near_event *near = arena_array(mem, struct near_event, 2 * (size_t)NEAR_MAX);

	d->near = near;
	if (d->asset <= 0)
		return true;
	if (!read_near(db_stmt(st->db, before), d, d->first_ns - span, d->first_ns, mem, near,
		       &d->nnear, e))
		return false;
	for (size_t i = 0; i < d->nnear / 2; i++) {
		const struct near_event one = near[i];

		near[i] = near[d->nnear - 1 - i];
		near[d->nnear - 1 - i] = one;
	}
	return read_near(db_stmt(st->db, after), d, d->first_ns, d->last_ns + span, mem, near,
			 &d->nnear, e);
}

static bool load_before(struct store *st, struct alert_detail *d, const struct near *near,
			struct err *e)
{
	static const char sql[] =
		"SELECT count(*), COALESCE(sum(z.here), 0) FROM (\n"
		"  SELECT CASE WHEN t.asset = $1 OR c.workload = $2 THEN 1 ELSE 0 END AS here\n"
		"  FROM alert t LEFT JOIN container c ON c.asset = t.asset\n"
		"  WHERE t.rule = $3 AND t.id <> $4 AND t.last_ns >= $5 AND t.first_ns < $6\n"
		"  LIMIT $7) z";
	struct stmt *s = db_stmt(st->db, sql);

	db_int(s, 1, d->asset);
	db_int(s, 2, near->workload > 0 ? near->workload : -1);
	db_int(s, 3, near->rule);
	db_int(s, 4, d->id);
	db_int(s, 5, d->first_ns - 90 * (int64_t)86400 * NS_PER_S);
	db_int(s, 6, d->first_ns);
	db_int(s, 7, BEFORE_MAX);
	if (db_next(s)) {
		d->before_here = db_column(s, 1);
		d->before_else = db_column(s, 0) - d->before_here;
	}
	return db_done(s, e);
}

bool store_alert(struct store *st, int64_t id, struct arena *mem, struct alert_detail *out,
		 struct err *e)
{
	struct near near = { 0, 0, 0, 0 };
	bool mine, ok;

	*out = (struct alert_detail){ .id = id };
	if (!reading_begin(st, &mine, e))
		return false;
	ok = load_alert(st, mem, out, &near, e) && load_newest(st, mem, out, e) &&
	     load_mute(st, mem, out, e) && load_history(st, mem, out, e) &&
	     load_bearing(st, mem, out, &near, e) && load_near(st, mem, out, e) &&
	     load_before(st, out, &near, e);
	return reading_end(st, mine, ok, e);
}
