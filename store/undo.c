/* SPDX-License-Identifier: MIT */
/* undo.c - take back what one person did last: every record of it stays, and a new one says so. */
#include <inttypes.h>

#include "store/except.h"
#include "store/judge.h"
#include "store/list_parts.h"
#include "store/mute.h"
#include "store/response.h"

enum { UNDO_MAX = 100000 };

/* A record of the trail that may be taken back. */
struct deed {
	int64_t     seq;
	const char *act, *object, *before, *after;
};

static bool undo_owner(struct ingest *ig, const struct deed *d, struct err *e)
{
	return object_own(ig->st, d->object, d->before, e);
}

/* What an undone answer or note wrote is passed over from here on: see the views of the schema. */
static bool undo_text(struct ingest *ig, const struct deed *d, struct err *e)
{
	(void)ig;
	(void)d;
	(void)e;
	return true;
}

static bool undo_due(struct ingest *ig, const struct deed *d, struct err *e)
{
	return target_undo(ig, d->seq, e);
}

static bool undo_tag(struct ingest *ig, const struct deed *d, struct err *e)
{
	bool bore = str_eq(d->act, "untag"), changed;
	struct scope what;

	if (!object_scope(d->object, &what))
		return err_set(e, ERR_STORE, "record %" PRId64 " names nothing", d->seq);
	return tag_change(ig, &what, bore ? d->before : d->after, bore, &changed, e);
}

static bool undo_exception(struct ingest *ig, const struct deed *d, struct err *e)
{
	int64_t id;

	if (!str_prefix(d->object, "exception ") ||
	    !str_int64(d->object + strlen("exception "), 1, INT64_MAX, &id))
		return err_set(e, ERR_STORE, "record %" PRId64 " names no exception", d->seq);
	return except_end(ig, id, "taken back", e);
}

static bool undo_step(struct ingest *ig, const struct deed *d, struct err *e)
{
	struct scope what;

	if (!object_scope(d->object, &what) || what.kind != SCOPE_ALERT)
		return err_set(e, ERR_STORE, "record %" PRId64 " names no alert", d->seq);
	return response_undo(ig->db, what.key[0], d->before, d->after, e);
}

static bool undo_mute(struct ingest *ig, const struct deed *d, struct err *e)
{
	return str_eq(d->act, "mute") ? mute_undo(ig->st, d->seq, e)
	                              : unmute_undo(ig->st, d->seq, e);
}

static const struct undoer {
	const char *act;
	bool (*undo)(struct ingest *ig, const struct deed *d, struct err *e);
	const char *record; /* of the trail, that says so */
} undoers[] = {
	{ "own", undo_owner, "undo" },   { "answer", undo_text, "undo" },
	{ "note", undo_text, "undo" },   { "alert", undo_step, "undo" },
	{ "due", undo_due, "undo" },     { "tag", undo_tag, "undo" },
	{ "untag", undo_tag, "undo" },   { "except", undo_exception, "except-end" },
	{ "mute", undo_mute, "undo" },   { "unmute", undo_mute, "undo" },
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

static bool undo_one(struct ingest *ig, const struct deed *d, struct err *e)
{
	const struct undoer *u = undoer_of(d->act);
	struct buf before = BUF_INIT;
	bool ok;

	buf_addf(&before, "%s\t%" PRId64 "\n", d->act, d->seq);
	ok = role_may(ig->st->role, d->act, e) && u->undo(ig, d, e) &&
	     mark_undone(ig->st, d->seq, e) &&
	     ingest_act_record(ig, &(struct audit_entry){ u->record, d->object, before.s,
	                                                  d->before },
	                       e);
	buf_release(&before);
	return ok;
}

/* The actor's own acts behind record `after`, newest first, but for those taken back already and
 * exceptions that no longer stand. */
static bool load_deeds(struct store *st, int64_t after, int64_t upto, struct arena *mem,
                       struct deed *d, size_t *n, struct err *e)
{
	static const char sql[] =
		"SELECT a.seq, a.act, a.object, a.before, a.after\n"
		"FROM audit AS a\n"
		"WHERE a.seq > $1 AND a.seq <= $2 AND a.actor = $3\n"
		"  AND NOT EXISTS (SELECT 1 FROM undone AS u WHERE u.seq = a.seq)\n"
		"  AND (a.act <> 'except' OR EXISTS (\n"
		"    SELECT 1 FROM exception AS x\n"
		"    WHERE a.object = 'exception ' || x.id AND x.until > $4\n"
		"      AND " SQL_NOT_ENDED("x") "))\n"
		"ORDER BY a.seq DESC";
	struct stmt *s = db_stmt(st->db, sql);

	*n = 0;
	db_int(s, 1, after);
	db_int(s, 2, upto);
	db_text(s, 3, st->actor);
	db_int(s, 4, st->now);
	while (db_next(s) && *n < UNDO_MAX) {
		if (!undoer_of(db_column_text(s, 1)))
			continue;
		d[*n].seq = db_column(s, 0);
		d[*n].act = arena_dup(mem, db_column_text(s, 1));
		d[*n].object = arena_dup(mem, db_column_text(s, 2));
		d[*n].before = arena_dup(mem, db_column_text(s, 3));
		d[(*n)++].after = arena_dup(mem, db_column_text(s, 4));
	}
	return db_done(s, e);
}

bool store_seq(struct store *st, int64_t *seq, struct err *e)
{
	return db_scalar(db_stmt(st->db, "SELECT COALESCE(MAX(seq), 0) FROM audit"), 0, seq, e);
}

static bool undo_all(struct store *st, const struct deed *d, size_t n, struct err *e)
{
	struct ingest *ig;
	bool ok = true;

	if (!ingest_act_begin(st, &ig, e))
		return false;
	for (size_t i = 0; ok && i < n; i++)
		ok = undo_one(ig, &d[i], e);
	ok = ingest_act_end(ig, ok, NULL, e);
	if (!ok)
		policies_forget(st); /* of tags that are as they were */
	return ok;
}

bool store_undo(struct store *st, int64_t after, int64_t upto, int64_t *undone, struct err *e)
{
	struct arena mem = ARENA_INIT;
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
	ok = load_deeds(st, after, upto, &mem, d, &n, e) && (n == 0 || undo_all(st, d, n, e));
	*undone = ok ? (int64_t)n : 0;
	arena_release(&mem);
	return ok;
}
