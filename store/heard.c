/* SPDX-License-Identifier: MIT */
/* heard.c - when the newest data of each cluster and node is from: what falls silent shows by it.
 */
#include <stdlib.h>

#include "store/ingest.h"

#define uthash_fatal(msg) die("out of memory")
#include <uthash.h>

struct heard {
	int64_t asset, at;
	UT_hash_handle hh;
};

void asset_heard(struct ingest *ig, int64_t asset, int64_t at)
{
	struct heard *h;

	if (asset == 0)
		return;
	HASH_FIND(hh, ig->heard, &asset, sizeof(asset), h);
	if (!h) {
		h = xcalloc(1, sizeof(*h));
		h->asset = asset;
		HASH_ADD(hh, ig->heard, asset, sizeof(h->asset), h);
	}
	if (at > h->at)
		h->at = at;
}

void heard_release(struct ingest *ig)
{
	struct heard *h, *next;

	HASH_ITER(hh, ig->heard, h, next)
	{
		HASH_DEL(ig->heard, h);
		free(h);
	}
}

#define ABOVE                                                                                      \
	"WITH RECURSIVE above (id) AS (\n"                                                         \
	"  SELECT $1\n"                                                                            \
	"  UNION\n"                                                                                \
	"  SELECT a.parent FROM asset AS a JOIN above AS b ON a.id = b.id)\n"

static bool write_heard(struct ingest *ig, const struct heard *h, struct err *e)
{
	static const char *const sql[] = {
		ABOVE "UPDATE cluster\n"
		      "SET data_at = $2\n"
		      "WHERE asset IN (SELECT id FROM above) AND data_at < $2",
		ABOVE "UPDATE node\n"
		      "SET data_at = $2\n"
		      "WHERE asset IN (SELECT id FROM above) AND data_at < $2",
	};

	if (!fact_add(ig, h->asset, FACT_HEARD, h->at, 1, e))
		return false;
	for (size_t i = 0; i < LENGTH(sql); i++) {
		struct stmt *s = db_stmt(ig->db, sql[i]);

		db_int(s, 1, h->asset);
		db_int(s, 2, h->at);
		if (!db_run(s, e))
			return false;
	}
	return true;
}

static const char SQL_COUNT[] =
	"UPDATE cluster\n"
	"SET nodes = (SELECT count(*) FROM asset AS a WHERE a.parent = cluster.asset AND a.kind = "
	"$1),\n"
	"    images = (SELECT count(DISTINCT c.image) FROM container AS c\n"
	"              WHERE c.cluster = cluster.asset AND c.running = 1 AND c.image > 0),\n"
	"    pods = (SELECT count(DISTINCT c.namespace || ' ' || c.pod) FROM container AS c\n"
	"            WHERE c.cluster = cluster.asset AND c.running = 1)";

bool clusters_count(struct ingest *ig, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, SQL_COUNT);

	db_int(s, 1, ASSET_HOST);
	return db_run(s, e);
}

bool clusters_settle(struct ingest *ig, struct err *e)
{
	bool inventory = ig->stats.read[COUNT_CONTAINERS] + ig->stats.read[COUNT_OBJECTS] > 0;

	for (size_t i = 0; i < ig->nlook; i++)
		if (ig->look[i]->kind != ASSET_IMAGE && ig->look[i]->kind != ASSET_TREE)
			asset_heard(ig, ig->look[i]->asset, ig->look[i]->scan->at);
	for (const struct heard *h = ig->heard; h; h = h->hh.next)
		if (!write_heard(ig, h, e))
			return false;
	return (!inventory && !ig->heard) || clusters_count(ig, e);
}
