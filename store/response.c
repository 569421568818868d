/* SPDX-License-Identifier: MIT */
/* response.c - the steps of the response to an alert: when each is due, and who took it when. */
#include <inttypes.h>

#include "store/response.h"

#define REPORTED "reported" /* in the trail, beside the words of states */

/* ---- when ---- */

static void least(int64_t *have, int64_t other)
{
	if (other < *have)
		*have = other;
}

/* Of the policies in scope, of each step the shortest time. */
static struct policy_response strictest(const struct policies *all, uint64_t tags, int64_t priority)
{
	struct policy_response r = { DUE_NONE, DUE_NONE, DUE_NONE, DUE_NONE };

	for (size_t i = 0; i < all->n; i++) {
		const struct policy_response *one = &all->p[i]->response[priority];

		if (!policy_in_scope(all, i, tags))
			continue;
		least(&r.acknowledge, one->acknowledge);
		least(&r.contain, one->contain);
		least(&r.close, one->close);
		least(&r.report, one->report);
	}
	return r;
}

static int64_t due_after(int64_t first, int64_t within)
{
	return within == DUE_NONE ? DUE_NONE : first + within;
}

bool response_of(struct ingest *ig, int64_t asset, int64_t priority, int64_t first_ns,
		 struct response *out, struct err *e)
{
	const int64_t first = first_ns / NS_PER_S;
	struct policy_response p;
	uint64_t tags;

	if (!asset_tags(ig->st, ig->policies, asset, &tags, e))
		return false;
	p = strictest(ig->policies, tags, priority);
	*out = (struct response){ due_after(first, p.acknowledge), due_after(first, p.contain),
				  due_after(first, p.close), due_after(first, p.report) };
	return true;
}

bool response_next(struct db *db, int64_t alert, struct err *e)
{
	struct stmt *s = db_stmt(db, "UPDATE alert\n"
				     "SET next_due = (SELECT min(due)\n"
				     "  FROM (SELECT ack_due AS due WHERE state < 1\n"
				     "    UNION ALL SELECT contain_due WHERE state < 2\n"
				     "    UNION ALL SELECT close_due WHERE state < 3\n"
				     "    UNION ALL SELECT report_due WHERE reported = 0\n"
				     "    UNION ALL SELECT $1) AS step)\n"
				     "WHERE id = $2");

	db_int(s, 1, DUE_NONE);
	db_int(s, 2, alert);
	return db_run(s, e);
}

/* ---- who ---- */

struct standing_alert {
	enum alert_state state;
	bool reported;
};

static bool alert_now(struct store *st, int64_t alert, struct standing_alert *out, struct err *e)
{
	struct stmt *s = db_stmt(st->db, "SELECT state, reported > 0 FROM alert WHERE id = $1");
	bool found;

	db_int(s, 1, alert);
	found = db_next(s);
	if (found)
		*out = (struct standing_alert){ (enum alert_state)db_column(s, 0),
						db_column(s, 1) != 0 };
	return db_done(s, e) &&
	       (found || err_set(e, ERR_USAGE, "there is no alert %" PRId64, alert));
}

/* A later step implies the earlier ones; their times are not rewritten. */
static bool move_alert(struct store *st, int64_t alert, enum alert_state to, struct err *e)
{
	struct stmt *s = db_stmt(
		st->db,
		"UPDATE alert SET state = $1,\n"
		"  acknowledged = CASE WHEN acknowledged = 0 THEN $2 ELSE acknowledged END,\n"
		"  contained = CASE WHEN contained = 0 AND $1 >= $3 THEN $2 ELSE contained END,\n"
		"  closed = CASE WHEN $1 >= $4 THEN $2 ELSE closed END\n"
		"WHERE id = $5");

	db_int(s, 1, to);
	db_int(s, 2, st->now);
	db_int(s, 3, ALERT_CONTAINED);
	db_int(s, 4, ALERT_CLOSED);
	db_int(s, 5, alert);
	return db_run(s, e) && response_next(st->db, alert, e);
}

static bool write_reported(struct db *db, int64_t alert, int64_t at, struct err *e)
{
	struct stmt *s = db_stmt(db, "UPDATE alert SET reported = $1 WHERE id = $2");

	db_int(s, 1, at);
	db_int(s, 2, alert);
	return db_run(s, e) && response_next(db, alert, e);
}

/* A step that is made, with a note on it and a record of it. */
static bool step_end(struct store *st, bool ok, int64_t alert, const char *note, const char *before,
		     const char *after, struct err *e)
{
	const struct scope what = { SCOPE_ALERT, { alert } };
	char object[OBJECT_SIZE];

	object_name(&what, object);
	if (ok && !str_empty(note))
		ok = object_note(st, object, note, e);
	return act_end(st, ok,
		       &(struct audit_entry){
			       .act = "alert", .object = object, .before = before, .after = after },
		       e);
}

bool store_alert_step(struct store *st, int64_t alert, enum alert_state to, const char *note,
		      struct err *e)
{
	struct standing_alert is;

	if (!act_allowed(st, MAY_RESPOND, e) || !alert_now(st, alert, &is, e))
		return false;
	if (to <= is.state)
		return err_set(e, ERR_USAGE, "the alert is %s already", alert_state_word(is.state));
	return db_begin(st->db, DB_SYNC_FULL, e) &&
	       step_end(st, move_alert(st, alert, to, e), alert, note, alert_state_word(is.state),
			alert_state_word(to), e);
}

bool store_alert_report(struct store *st, int64_t alert, const char *note, struct err *e)
{
	struct standing_alert is;

	if (!act_allowed(st, MAY_RESPOND, e) || !alert_now(st, alert, &is, e))
		return false;
	if (is.reported)
		return err_set(e, ERR_USAGE, "the alert is reported already");
	return db_begin(st->db, DB_SYNC_FULL, e) &&
	       step_end(st, write_reported(st->db, alert, st->now, e), alert, note,
			alert_state_word(is.state), REPORTED, e);
}

/* ---- taken back ---- */

static enum alert_state state_of(const char *word)
{
	int s = ALERT_STATE_COUNT;

	while (s > 0 && !str_eq(alert_state_word((enum alert_state)--s), word))
		continue;
	return (enum alert_state)s;
}

/* Back to the state before: the times of the steps after it are forgotten. */
static bool move_back(struct db *db, int64_t alert, enum alert_state to, struct err *e)
{
	struct stmt *s = db_stmt(
		db, "UPDATE alert SET state = $1,\n"
		    "  acknowledged = CASE WHEN $1 < $2 THEN 0 ELSE acknowledged END,\n"
		    "  contained = CASE WHEN $1 < $3 THEN 0 ELSE contained END,\n"
		    "  closed = 0\n"
		    "WHERE id = $4");

	db_int(s, 1, to);
	db_int(s, 2, ALERT_ACKNOWLEDGED);
	db_int(s, 3, ALERT_CONTAINED);
	db_int(s, 4, alert);
	return db_run(s, e) && response_next(db, alert, e);
}

bool response_undo(struct db *db, int64_t alert, const char *before, const char *after,
		   struct err *e)
{
	return str_eq(after, REPORTED) ? write_reported(db, alert, 0, e)
				       : move_back(db, alert, state_of(before), e);
}
