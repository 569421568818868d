/* SPDX-License-Identifier: MIT */
/* migrate.c - bring a store's schema up to date, one numbered file after the other. */
#include <stdlib.h>

#include "store/store_private.h"

#define FOLDER "store/migrations/"

/* "store/migrations/0001-first.sql" -> 1 */
static int64_t number_of(const struct embed *f)
{
	return (int64_t)strtol(f->path + strlen(FOLDER), NULL, 10);
}

int64_t store_schema(void)
{
	int64_t newest = 0;

	for (const struct embed *f = embed_next(FOLDER, NULL); f; f = embed_next(FOLDER, f))
		newest = number_of(f);
	return newest;
}

/* Files are sorted by name, and so by number. */
static bool apply(struct store *st, int64_t have, struct err *e)
{
	for (const struct embed *f = embed_next(FOLDER, NULL); f; f = embed_next(FOLDER, f)) {
		if (number_of(f) <= have)
			continue;
		if (!db_script(st->db, f->data, e) || !db_set_version(st->db, number_of(f), e))
			return err_context(e, "%s", f->path);
	}
	return true;
}

/* Looks again under the lock: another process may have been faster. */
static bool upgrade(struct store *st, struct err *e)
{
	struct err ignored = ERR_INIT;
	int64_t    have;
	bool       ok;

	if (!db_begin(st->db, DB_SYNC_FULL, e))
		return false;
	ok = db_version(st->db, &have, e) && apply(st, have, e);
	return db_end(st->db, ok, ok ? e : &ignored) && ok;
}

bool store_migrate(struct store *st, struct err *e)
{
	int64_t have, want = store_schema();

	if (!db_version(st->db, &have, e))
		return false;
	if (have > want)
		return err_set(e, ERR_STORE,
			       "%s: made by a newer version of this program (schema %lld, this one "
			       "knows %lld)",
			       st->path, (long long)have, (long long)want);
	if (have == want)
		return true;
	if (st->read_only)
		return err_set(e, ERR_STORE, "%s: %s; open it once without --read-only", st->path,
			       have == 0 ? "holds nothing yet"
					 : "made by an older version of this program");
	return upgrade(st, e);
}
