/* SPDX-License-Identifier: MIT */
/* past_count.c - the roll-ups of a past day: every asset comes to count as it does in an import. */
#include <stdlib.h>

#include "store/ingest.h"
#include "store/past.h"

struct ids {
	int64_t *id;
	size_t n, cap;
};

static bool read_ids(struct ingest *ig, const char *sql, struct ids *out, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, sql);

	out->n = 0;
	while (db_next(s)) {
		ARRAY_MORE(out->id, out->n, out->cap);
		out->id[out->n++] = db_column(s, 0);
	}
	return db_done(s, e);
}

/* Images begin as ones that nobody runs or names, and are touched: the end finds what they are. */
static bool touch_images(struct ingest *ig, struct ids *ids, struct err *e)
{
	if (!read_ids(ig, "SELECT asset FROM image ORDER BY asset", ids, e))
		return false;
	for (size_t i = 0; i < ids->n; i++)
		if (!image_touch(ig, ids->id[i], e))
			return false;
	return true;
}

static bool count_asset(struct ingest *ig, int64_t asset, struct err *e)
{
	const struct standing none = { .asset = asset };
	struct standing is;
	bool ok = standing_load(ig, asset, &is, e) && asset_restate(ig, &none, &is, e);

	free(is.repository);
	return ok;
}

static bool count_others(struct ingest *ig, struct ids *ids, struct err *e)
{
	static const char sql[] = "SELECT DISTINCT f.asset\n"
				  "FROM finding AS f JOIN asset AS a ON a.id = f.asset\n"
				  "WHERE a.kind <> 0\n"
				  "ORDER BY f.asset";

	if (!read_ids(ig, sql, ids, e))
		return false;
	for (size_t i = 0; i < ids->n; i++)
		if (!count_asset(ig, ids->id[i], e))
			return false;
	return true;
}

static bool touch_all(struct ingest *ig, struct ids *ids, struct err *e)
{
	static const char sql[] = "SELECT asset FROM finding\n"
				  "UNION SELECT asset FROM check_result\n"
				  "UNION SELECT asset FROM image";

	if (!read_ids(ig, sql, ids, e))
		return false;
	for (size_t i = 0; i < ids->n; i++) {
		asset_touch(ig, ids->id[i], false);
		asset_touch(ig, ids->id[i], true);
	}
	return true;
}

/* A clock that nothing stands on is one that later knowledge began. */
static bool drop_idle(struct ingest *ig, struct err *e)
{
	return db_script(ig->db, "DELETE FROM clock WHERE ended = 0 AND n = 0", e);
}

static bool count_all(struct ingest *ig, struct ids *ids, struct err *e)
{
	return touch_images(ig, ids, e) && standings_settle(ig, e) && count_others(ig, ids, e) &&
	       touch_all(ig, ids, e) && clocks_settle(ig, e) && drop_idle(ig, e) &&
	       problems_flush(ig, e) && tallies_settle(ig, e) && clusters_count(ig, e) &&
	       alerts_judge(ig, e);
}

bool past_count(struct store *st, int64_t at, struct err *e)
{
	struct ingest *ig = xcalloc(1, sizeof(*ig));
	struct ids ids = { NULL, 0, 0 };
	bool ok;

	ig->st = st;
	ig->db = st->db;
	ig->newest = at;
	ig->past = true;
	ok = store_policy(st, &ig->policy, e) && store_policies(st, &ig->policies, e) &&
	     count_all(ig, &ids, e);
	free(ids.id);
	ingest_release(ig);
	free(ig);
	return ok;
}
