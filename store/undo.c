/* SPDX-License-Identifier: MIT */
/* undo.c - take back what one person did last: every record of it stays, and a new one says so. */
#include <inttypes.h>
#include <stdio.h>

#include "store/judgement.h"

enum { UNDO_MAX = 100000 };

/* A record of the trail that may be taken back. */
struct deed {
	int64_t     seq;
	const char *act, *object, *before;
};

static bool undo_owner(struct store *st, const struct deed *d, struct err *e)
{
	return object_own(st, d->object, d->before, e);
}

/* What an undone answer or note wrote is passed over from here on: see the views of the schema. */
static bool undo_text(struct store *st, const struct deed *d, struct err *e)
{
	(void)st;
	(void)d;
	(void)e;
	return true;
}

static enum alert_state state_of(const char *word)
{
	int s = ALERT_STATE_COUNT;

	while (s > 0 && !str_eq(alert_state_word((enum alert_state)--s), word))
		continue;
	return (enum alert_state)s;
}

/* Back to the step before: the times of the steps after it are forgotten, its clock runs again. */
static bool undo_step(struct store *st, const struct deed *d, struct err *e)
{
	static const char sql[] =
		"UPDATE alert SET state = $1,\n"
		"  acknowledged = CASE WHEN $1 < $2 THEN 0 ELSE acknowledged END,\n"
		"  contained = CASE WHEN $1 < $3 THEN 0 ELSE contained END,\n"
		"  closed = 0,\n"
		"  next_due = CASE WHEN $1 < $2 THEN ack_due WHEN $1 < $3 THEN contain_due\n"
		"    ELSE close_due END\n"
		"WHERE id = $4";
	struct stmt *s = db_stmt(st->db, sql);
	int64_t id;

	if (!str_prefix(d->object, "alert ") ||
	    !str_int64(d->object + strlen("alert "), 1, INT64_MAX, &id))
		return err_set(e, ERR_STORE, "record %" PRId64 " names no alert", d->seq);
	db_int(s, 1, state_of(d->before));
	db_int(s, 2, ALERT_ACKNOWLEDGED);
	db_int(s, 3, ALERT_CONTAINED);
	db_int(s, 4, id);
	return db_run(s, e);
}

static const struct undoer {
	const char *act;
	bool (*undo)(struct store *st, const struct deed *d, struct err *e);
} undoers[] = {
	{ "own", undo_owner }, { "answer", undo_text }, { "note", undo_text },
	{ "alert", undo_step },
};

static const struct undoer *undoer_of(const char *act)
{
	for (size_t i = 0; i < LENGTH(undoers); i++)
		if (str_eq(undoers[i].act, act))
			return &undoers[i];
	return NULL;
}

static bool mark_undone(struct store *st, int64_t seq, struct err *e)
{
	struct stmt *s = db_stmt(st->db, "INSERT INTO undone (seq, by_seq) VALUES ($1, $2)");
	int64_t by;

	if (!audit_next(st, &by, e))
		return false;
	db_int(s, 1, seq);
	db_int(s, 2, by);
	return db_run(s, e);
}

static bool undo_one(struct store *st, const struct deed *d, struct err *e)
{
	const struct undoer *u = undoer_of(d->act);
	struct buf before = BUF_INIT;
	bool ok;

	buf_addf(&before, "%s\t%" PRId64 "\n", d->act, d->seq);
	ok = role_may(st->role, d->act, e) && u->undo(st, d, e) && mark_undone(st, d->seq, e) &&
	     audit_append(st, &(struct audit_entry){ "undo", d->object, before.s, d->before }, NULL,
	                  e);
	buf_release(&before);
	return ok;
}

/* The actor's own acts behind record `after`, newest first, but for those taken back already. */
static bool load_deeds(struct store *st, int64_t after, int64_t upto, struct arena *mem,
                       struct deed *d, size_t *n, struct err *e)
{
	static const char sql[] =
		"SELECT a.seq, a.act, a.object, a.before\n"
		"FROM audit AS a\n"
		"WHERE a.seq > $1 AND a.seq <= $2 AND a.actor = $3\n"
		"  AND NOT EXISTS (SELECT 1 FROM undone AS u WHERE u.seq = a.seq)\n"
		"ORDER BY a.seq DESC";
	struct stmt *s = db_stmt(st->db, sql);

	*n = 0;
	db_int(s, 1, after);
	db_int(s, 2, upto);
	db_text(s, 3, st->actor);
	while (db_next(s) && *n < UNDO_MAX) {
		if (!undoer_of(db_column_text(s, 1)))
			continue;
		d[*n].seq = db_column(s, 0);
		d[*n].act = arena_dup(mem, db_column_text(s, 1));
		d[*n].object = arena_dup(mem, db_column_text(s, 2));
		d[(*n)++].before = arena_dup(mem, db_column_text(s, 3));
	}
	return db_done(s, e);
}

bool store_seq(struct store *st, int64_t *seq, struct err *e)
{
	return db_scalar(db_stmt(st->db, "SELECT COALESCE(MAX(seq), 0) FROM audit"), 0, seq, e);
}

/* Exceptions that the actor made there and that stand, newest first; *n of at most `cap`. */
static bool load_exceptions(struct store *st, int64_t after, int64_t upto, int64_t *id, size_t cap,
                            size_t *n, struct err *e)
{
	static const char sql[] =
		"SELECT x.id\n"
		"FROM audit AS a JOIN exception AS x ON a.object = 'exception ' || x.id\n"
		"WHERE a.seq > $1 AND a.seq <= $2 AND a.actor = $3 AND a.act = 'except'\n"
		"  AND NOT EXISTS (SELECT 1 FROM exception_end AS n WHERE n.exception = x.id)\n"
		"ORDER BY a.seq DESC";
	struct stmt *s = db_stmt(st->db, sql);

	*n = 0;
	db_int(s, 1, after);
	db_int(s, 2, upto);
	db_text(s, 3, st->actor);
	while (*n < cap && db_next(s))
		id[(*n)++] = db_column(s, 0);
	return db_done(s, e);
}

/* Each is ended by an act of its own, which judges anew what it held. */
static bool undo_exceptions(struct store *st, int64_t after, int64_t upto, int64_t *undone,
                            struct err *e)
{
	int64_t id[64];
	size_t n;

	if (!load_exceptions(st, after, upto, id, LENGTH(id), &n, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!store_except_end(st, id[i], "taken back", e))
			return false;
		(*undone)++;
	}
	return true;
}

bool store_undo(struct store *st, int64_t after, int64_t upto, int64_t *undone, struct err *e)
{
	struct arena mem = ARENA_INIT;
	struct err later = ERR_INIT;
	struct deed *d;
	size_t n = 0;
	bool ok;

	*undone = 0;
	if (st->read_only)
		return err_set(e, ERR_USAGE, "the store is open read-only");
	if (upto <= after)
		return true;
	d = arena_array(&mem, struct deed,
	                (size_t)(upto - after < UNDO_MAX ? upto - after : UNDO_MAX));
	ok = db_begin(st->db, DB_SYNC_FULL, e);
	if (ok) {
		ok = load_deeds(st, after, upto, &mem, d, &n, e);
		for (size_t i = 0; ok && i < n; i++)
			ok = undo_one(st, &d[i], e);
		ok = ok && judgement_keep(st, e);
		ok = db_end(st->db, ok, ok ? e : &later) && ok;
	}
	*undone = ok ? (int64_t)n : 0;
	arena_release(&mem);
	return ok && undo_exceptions(st, after, upto, undone, e);
}
