/* SPDX-License-Identifier: MIT */
/*
 * batch.c - many imports in one commit.
 *
 * Within a batch an import is a savepoint below the batch's own transaction. SQLite undoes the
 * whole of it when the disk is full; then the batch is lost, and says so at its end.
 */
#include "store/ingest.h"
#include "store/judgement.h"

static bool begin(struct store *st, struct err *e)
{
	int64_t newest;

	if (!db_begin(st->db, DB_SYNC_NORMAL, e) || !store_seq(st, &newest, e))
		return false;
	bears_begin(st, newest);
	return true;
}

bool batch_enter(struct store *st, struct err *e)
{
	struct batch *b = &st->batch;

	if (!b->on)
		return begin(st, e);
	b->lost = b->lost || (b->since != 0 && !db_in_transaction(st->db));
	if (b->lost)
		return err_set(e, ERR_STORE, "an earlier failure undid this, too");
	if (b->since == 0 && !begin(st, e))
		return false;
	if (b->since == 0)
		b->since = time_monotonic_ms();
	b->inside = db_script(st->db, "SAVEPOINT one", e);
	return b->inside;
}

/* What a change leads to is judged once, with its commit. */
static bool end_kept(struct store *st, bool keep, struct err *e)
{
	struct err ignored = ERR_INIT;
	bool kept = !keep || judgement_keep(st, e);

	bears_end(st);
	return kept ? db_end(st->db, keep, e) : !db_end(st->db, false, &ignored);
}

bool batch_leave(struct store *st, bool keep, struct err *e)
{
	struct batch *b = &st->batch;
	struct err ignored = ERR_INIT;

	if (!b->on)
		return end_kept(st, keep, e);
	if (!b->inside)
		return true;
	b->inside = false;
	if (db_in_transaction(st->db)) {
		if (keep && db_script(st->db, "RELEASE one", e))
			return true;
		if (db_script(st->db, "ROLLBACK TO one; RELEASE one", &ignored))
			return !keep;
	}
	b->lost = true;
	return db_end(st->db, false, &ignored) &&
	       (!keep || err_set(e, ERR_STORE, "the change was undone by an earlier failure"));
}

void store_batch_begin(struct store *st)
{
	st->batch = (struct batch){ .on = true };
}

bool store_batch_end(struct store *st, struct err *e)
{
	const struct batch was = st->batch;

	st->batch = (struct batch){ .on = false };
	if (was.lost || (was.since != 0 && !db_in_transaction(st->db)))
		return err_set(e, ERR_STORE, "a later failure undid this, too");
	return was.since == 0 || end_kept(st, true, e);
}

int64_t store_batch_age(const struct store *st)
{
	return st->batch.since == 0 ? 0 : time_monotonic_ms() - st->batch.since + 1;
}
