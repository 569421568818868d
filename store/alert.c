/* SPDX-License-Identifier: MIT */
/* alert.c - events of one rule in one container, gathered into what a person handles as one thing.
 */
#include <stdlib.h>

#include "store/response.h"

#define uthash_fatal(msg)	     die("out of memory")
#define HASH_FUNCTION(key, len, out) ((out) = (unsigned)hash64((key), (len)))
#include <uthash.h>

struct alert_open {
	int64_t id, rule, asset, priority, first_ns, last_ns, events, state;
	int64_t acknowledged, contained, closed; /* seconds */
	bool stored, changed;
	struct alert_open *next;
};
struct alert_list {
	struct {
		int64_t rule, asset;
	} key;
	struct alert_open *first;
	UT_hash_handle hh;
};

/* ---- what is stored already ---- */

static struct alert_open *new_alert(struct alert_list *l)
{
	struct alert_open *a = xcalloc(1, sizeof(*a));

	a->rule = l->key.rule;
	a->asset = l->key.asset;
	a->next = l->first;
	l->first = a;
	return a;
}

static bool read_alerts(struct ingest *ig, struct alert_list *l, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "SELECT id, priority, first_ns, last_ns, events, state,\n"
					 "       acknowledged, contained, closed\n"
					 "FROM alert\n"
					 "WHERE rule = $1 AND asset = $2\n"
					 "ORDER BY last_ns");

	db_int(s, 1, l->key.rule);
	db_int(s, 2, l->key.asset);
	while (db_next(s)) {
		struct alert_open *a = new_alert(l);

		a->id = db_column(s, 0);
		a->priority = db_column(s, 1);
		a->first_ns = db_column(s, 2);
		a->last_ns = db_column(s, 3);
		a->events = db_column(s, 4);
		a->state = db_column(s, 5);
		a->acknowledged = db_column(s, 6);
		a->contained = db_column(s, 7);
		a->closed = db_column(s, 8);
		a->stored = true;
	}
	return db_done(s, e);
}

static bool list_of(struct ingest *ig, int64_t rule, int64_t asset, struct alert_list **out,
		    struct err *e)
{
	struct alert_list want = { .key = { rule, asset } };

	HASH_FIND(hh, ig->alerts, &want.key, sizeof(want.key), *out);
	if (*out)
		return true;
	*out = xcalloc(1, sizeof(**out));
	(*out)->key.rule = rule;
	(*out)->key.asset = asset;
	HASH_ADD(hh, ig->alerts, key, sizeof((*out)->key), *out);
	return read_alerts(ig, *out, e);
}

/* ---- joining ---- */

/* Within the gap on either side, and not after a person closed it. */
static bool takes(const struct ingest *ig, const struct alert_open *a, int64_t ts_ns)
{
	int64_t gap = ig->policy->alert_gap * NS_PER_S;

	if (a->events == 0)
		return false;
	if (a->state == ALERT_CLOSED && ts_ns / NS_PER_S > a->closed)
		return false;
	return ts_ns >= a->first_ns - gap && ts_ns <= a->last_ns + gap;
}

static bool next_id(struct ingest *ig, int64_t *out, struct err *e)
{
	if (ig->next_alert == 0 &&
	    !db_scalar(db_stmt(ig->db, "SELECT coalesce(max(id), 0) FROM alert"), 0,
		       &ig->next_alert, e))
		return false;
	*out = ++ig->next_alert;
	return true;
}

bool alert_find(struct ingest *ig, int64_t rule, int64_t asset, int64_t ts_ns,
		struct alert_open **out, struct err *e)
{
	struct alert_list *l;

	if (!list_of(ig, rule, asset, &l, e))
		return false;
	for (*out = l->first; *out; *out = (*out)->next)
		if (takes(ig, *out, ts_ns))
			return true;
	for (*out = l->first; *out; *out = (*out)->next)
		if ((*out)->events == 0) /* made for an event that turned out to be known */
			return true;
	*out = new_alert(l);
	(*out)->priority = PRIO_DEBUG;
	return next_id(ig, &(*out)->id, e);
}

int64_t alert_id(const struct alert_open *a)
{
	return a->id;
}

void alert_add(struct alert_open *a, enum priority priority, int64_t ts_ns)
{
	if (a->events == 0 || ts_ns < a->first_ns)
		a->first_ns = ts_ns;
	if (a->events == 0 || ts_ns > a->last_ns)
		a->last_ns = ts_ns;
	if ((int64_t)priority < a->priority)
		a->priority = priority;
	a->events++;
	a->changed = true;
}

/* ---- writing ---- */

static bool write_alert(struct ingest *ig, const struct alert_open *a, struct err *e)
{
	struct response r;
	struct facts rule;
	struct stmt *s;

	if (!response_of(ig, a->asset, a->priority, a->first_ns, &r, e) ||
	    !advisory_facts(ig, a->rule, &rule, e))
		return false;
	bears_class(ig->st, rule.class_id);
	s = db_stmt(
		ig->db, "INSERT INTO alert (id, rule, asset, priority, first_ns, last_ns, events,\n"
			"                   state, ack_due, contain_due, close_due, report_due,\n"
			"                   next_due)\n"
			"VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)\n"
			"ON CONFLICT (id) DO UPDATE\n"
			"SET priority = excluded.priority, first_ns = excluded.first_ns,\n"
			"    last_ns = excluded.last_ns, events = excluded.events,\n"
			"    ack_due = excluded.ack_due, contain_due = excluded.contain_due,\n"
			"    close_due = excluded.close_due, report_due = excluded.report_due");

	db_int(s, 1, a->id);
	db_int(s, 2, a->rule);
	db_int(s, 3, a->asset);
	db_int(s, 4, a->priority);
	db_int(s, 5, a->first_ns);
	db_int(s, 6, a->last_ns);
	db_int(s, 7, a->events);
	db_int(s, 8, a->state);
	db_int(s, 9, r.ack);
	db_int(s, 10, r.contain);
	db_int(s, 11, r.close);
	db_int(s, 12, r.report);
	db_int(s, 13, DUE_NONE);
	return db_run(s, e) && response_next(ig->db, a->id, e);
}

bool alerts_settle(struct ingest *ig, struct err *e)
{
	for (const struct alert_list *l = ig->alerts; l; l = l->hh.next)
		for (const struct alert_open *a = l->first; a; a = a->next)
			if (a->changed && !write_alert(ig, a, e))
				return false;
	return true;
}

/* ---- all of them over again ---- */

struct dues {
	int64_t id, asset, priority, first_ns;
	struct response was;
};

static bool write_dues(struct ingest *ig, const struct dues *a, struct err *e)
{
	struct response r;
	struct stmt *s;

	if (!response_of(ig, a->asset, a->priority, a->first_ns, &r, e))
		return false;
	if (memcmp(&r, &a->was, sizeof(r)) != 0) {
		s = db_stmt(ig->db, "UPDATE alert\n"
				    "SET ack_due = $1, contain_due = $2, close_due = $3,\n"
				    "    report_due = $4\n"
				    "WHERE id = $5");
		db_int(s, 1, r.ack);
		db_int(s, 2, r.contain);
		db_int(s, 3, r.close);
		db_int(s, 4, r.report);
		db_int(s, 5, a->id);
		if (!db_run(s, e))
			return false;
	}
	return response_next(ig->db, a->id, e);
}

bool alerts_judge(struct ingest *ig, struct err *e)
{
	struct dues *list = NULL;
	size_t n = 0, cap = 0;
	struct stmt *s = db_stmt(ig->db, "SELECT id, asset, priority, first_ns, ack_due,\n"
					 "       contain_due, close_due, report_due\n"
					 "FROM alert");
	bool ok;

	while (db_next(s)) {
		ARRAY_MORE(list, n, cap);
		list[n++] = (struct dues){ .id = db_column(s, 0),
					   .asset = db_column(s, 1),
					   .priority = db_column(s, 2),
					   .first_ns = db_column(s, 3),
					   .was = { db_column(s, 4), db_column(s, 5),
						    db_column(s, 6), db_column(s, 7) } };
	}
	ok = db_done(s, e);
	for (size_t i = 0; ok && i < n; i++)
		ok = write_dues(ig, &list[i], e);
	free(list);
	return ok;
}

void alerts_release(struct ingest *ig)
{
	struct alert_list *l, *next;

	HASH_ITER(hh, ig->alerts, l, next)
	{
		HASH_DEL(ig->alerts, l);
		for (struct alert_open *a = l->first, *after; a; a = after) {
			after = a->next;
			free(a);
		}
		free(l);
	}
}
