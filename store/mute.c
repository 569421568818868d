/* SPDX-License-Identifier: MIT */
/* mute.c - rules of alerts that nobody is called for, until a date: what they detect is kept. */
#include <inttypes.h>
#include <stdio.h>

#include "store/list_parts.h"
#include "store/mute.h"
#include "store/store_private.h"

enum { MUTE_DAYS_MAX = 366 };

const char *mute_reach_word(enum mute_reach r)
{
	static const char *const word[MUTE_REACH_COUNT] = { "there only", "its namespace",
							    "everywhere" };

	return word[r];
}

/* What an alert can be muted by. */
struct muting {
	int64_t rule, place[MUTE_REACH_COUNT];
	bool muted;
};

static bool muting_of(struct store *st, int64_t alert, struct muting *out, struct err *e)
{
	static const char sql[] =
		"SELECT t.rule, CASE WHEN COALESCE(c.workload, 0) > 0 THEN c.workload\n"
		"  ELSE t.asset END,\n"
		"  COALESCE((SELECT y.id FROM asset AS y WHERE y.kind = 3\n"
		"    AND y.id IN (c.namespace, s.id, s.parent)), 0),\n"
		"  " SQL_ALERT_MUTED("t") "\n"
		"FROM alert AS t JOIN asset AS s ON s.id = t.asset\n"
		"  LEFT JOIN container AS c ON c.asset = t.asset\n"
		"WHERE t.id = $1";
	struct stmt *s = db_stmt(st->db, sql);
	bool found;

	*out = (struct muting){ .rule = 0 };
	db_int(s, 1, alert);
	found = db_next(s);
	if (found) {
		out->rule = db_column(s, 0);
		out->place[MUTE_THERE] = db_column(s, 1);
		out->place[MUTE_NAMESPACE] = db_column(s, 2);
		out->muted = db_column(s, 3) != 0;
	}
	return db_done(s, e) &&
	       (found || err_set(e, ERR_USAGE, "there is no alert %" PRId64, alert));
}

static bool may_mute(const struct store *st, const struct muting *m, enum mute_reach reach,
		     int64_t until, const char *reason, struct err *e)
{
	if (str_empty(reason))
		return err_set(e, ERR_USAGE, "to mute a rule is a decision: say why");
	if (until <= st->now)
		return err_set(e, ERR_USAGE, "a mute ends some day: 30d, 12w or a date to come");
	if (until > st->now + MUTE_DAYS_MAX * DAY_S)
		return err_set(e, ERR_USAGE, "a mute lasts a year at most");
	if (m->muted)
		return err_set(e, ERR_USAGE, "its rule is muted there already");
	if (reach == MUTE_NAMESPACE && m->place[reach] == 0)
		return err_set(e, ERR_USAGE, "it happened in no namespace");
	return true;
}

static bool insert_mute(struct store *st, const struct muting *m, enum mute_reach reach,
			int64_t until, const char *reason, struct err *e)
{
	struct stmt *s;
	int64_t seq;

	if (!audit_next(st, &seq, e))
		return false;
	s = db_stmt(st->db, "INSERT INTO mute (seq, rule, place, since, until, who, reason)\n"
			    "VALUES ($1, $2, $3, $4, $5, $6, $7)");
	db_int(s, 1, seq);
	db_int(s, 2, m->rule);
	db_int(s, 3, m->place[reach]);
	db_int(s, 4, st->now);
	db_int(s, 5, until);
	db_text(s, 6, st->actor);
	db_text(s, 7, reason);
	return db_run(s, e);
}

/* The act, and a record of it on the alert that somebody had enough of. */
static bool mute_done(struct store *st, bool ok, int64_t alert, struct audit_entry *a,
		      struct err *e)
{
	char object[OBJECT_SIZE];

	object_name(&(struct scope){ SCOPE_ALERT, { alert } }, object);
	a->object = object;
	return act_end(st, ok, a, e);
}

bool store_mute(struct store *st, int64_t alert, enum mute_reach reach, int64_t until,
		const char *reason, struct err *e)
{
	struct audit_entry a = { .act = "mute", .before = "" };
	struct buf after = BUF_INIT;
	struct muting m;
	char end[21];
	bool ok;

	if (!act_allowed(st, MAY_RESPOND, e) || !muting_of(st, alert, &m, e) ||
	    !may_mute(st, &m, reach, until, reason, e) || !db_begin(st->db, DB_SYNC_FULL, e))
		return false;
	time_print(until, end);
	buf_addf(&after,
		 "rule\t%" PRId64 "\nreach\t%s\nplace\t%" PRId64 "\nuntil\t%s\nreason\t%s\n",
		 m.rule, mute_reach_word(reach), m.place[reach], end, reason);
	a.after = after.s;
	ok = insert_mute(st, &m, reach, until, reason, e);
	ok = mute_done(st, ok, alert, &a, e);
	buf_release(&after);
	return ok;
}

static bool end_mutes_of(struct store *st, int64_t alert, struct err *e)
{
	static const char sql[] = "UPDATE mute AS m SET ended = $1, ended_seq = $2\n"
				  "WHERE EXISTS (SELECT 1 FROM alert AS t WHERE t.id = $3\n"
				  "  AND " SQL_MUTE_HOLDS("m", "t") ")";
	struct stmt *s;
	int64_t seq;

	if (!audit_next(st, &seq, e))
		return false;
	s = db_stmt(st->db, sql);
	db_int(s, 1, st->now);
	db_int(s, 2, seq);
	db_int(s, 3, alert);
	return db_run(s, e);
}

bool store_unmute(struct store *st, int64_t alert, struct err *e)
{
	struct audit_entry a = { .act = "unmute", .before = "muted", .after = "" };
	struct muting m;

	if (!act_allowed(st, MAY_RESPOND, e) || !muting_of(st, alert, &m, e))
		return false;
	if (!m.muted)
		return err_set(e, ERR_USAGE, "its rule is not muted");
	return db_begin(st->db, DB_SYNC_FULL, e) &&
	       mute_done(st, end_mutes_of(st, alert, e), alert, &a, e);
}

bool mute_undo(struct store *st, int64_t seq, struct err *e)
{
	struct stmt *s = db_stmt(st->db, "UPDATE mute SET ended = $1, ended_seq = $2\n"
					 "WHERE seq = $3 AND ended = 0");
	int64_t by;

	if (!audit_next(st, &by, e))
		return false;
	db_int(s, 1, st->now);
	db_int(s, 2, by);
	db_int(s, 3, seq);
	return db_run(s, e);
}

bool unmute_undo(struct store *st, int64_t seq, struct err *e)
{
	struct stmt *s = db_stmt(st->db, "UPDATE mute SET ended = 0, ended_seq = 0\n"
					 "WHERE ended_seq = $1");

	db_int(s, 1, seq);
	return db_run(s, e);
}
