/* SPDX-License-Identifier: MIT */
/* merge_cluster.c - two names turn out to be one cluster: all that lies below is joined by name. */
#include <stdlib.h>

#include "store/merge.h"

struct child {
	int64_t id, kind, twin; /* twin: the same thing below the other parent */
};

static const char SQL_HELD[] = "SELECT DISTINCT image\n"
			       "FROM container\n"
			       "WHERE cluster = $1 AND image > 0";

static bool next_child(struct ingest *ig, int64_t keep, int64_t gone, struct child *out,
		       struct err *e)
{
	struct stmt *s = db_stmt(ig->db,
				 "SELECT g.id, g.kind, coalesce(k.id, 0)\n"
				 "FROM asset AS g\n"
				 "LEFT JOIN asset AS k ON k.kind = g.kind AND k.parent = $1\n"
				 "  AND k.name = g.name\n"
				 "WHERE g.parent = $2\n"
				 "LIMIT 1");

	*out = (struct child){ 0 };
	db_int(s, 1, keep);
	db_int(s, 2, gone);
	if (db_next(s))
		*out = (struct child){ db_column(s, 0), db_column(s, 1), db_column(s, 2) };
	return db_done(s, e);
}

/* Where containers, services and events point. */
static const char *const move_references[] = {
	"UPDATE container SET cluster = $1 WHERE cluster = $2",
	"UPDATE container SET node = $1 WHERE node = $2",
	"UPDATE container SET namespace = $1 WHERE namespace = $2",
	"UPDATE container SET workload = $1 WHERE workload = $2",
	"UPDATE scan SET cluster = $1 WHERE cluster = $2",
	"UPDATE scan SET node = $1 WHERE node = $2",
	"UPDATE event SET asset = $1 WHERE asset = $2",
	"UPDATE alert SET asset = $1 WHERE asset = $2",
	"UPDATE mute SET place = $1 WHERE place = $2",
	"INSERT INTO service (namespace, name, type, selector, at)\n"
	"SELECT $1, name, type, selector, at FROM service WHERE namespace = $2\n"
	"ON CONFLICT (namespace, name) DO NOTHING",
	"INSERT INTO ingress (namespace, name, backends, at)\n"
	"SELECT $1, name, backends, at FROM ingress WHERE namespace = $2\n"
	"ON CONFLICT (namespace, name) DO NOTHING",
	"INSERT INTO inventory (place, at, scan)\n"
	"SELECT $1, at, scan FROM inventory WHERE place = $2\n"
	"ON CONFLICT (place) DO UPDATE SET at = excluded.at, scan = excluded.scan\n"
	"WHERE excluded.at > inventory.at",
	"UPDATE cluster_alias SET cluster = $1 WHERE cluster = $2",
	"INSERT INTO tag (object, tag, since, seq, until, until_seq)\n"
	"SELECT $1, tag, since, seq, until, until_seq FROM tag WHERE object = $2\n"
	"ON CONFLICT (object, tag, since, seq) DO NOTHING",
};
static const char *const drop_references[] = {
	"DELETE FROM service WHERE namespace = $1",
	"DELETE FROM ingress WHERE namespace = $1",
	"DELETE FROM inventory WHERE place = $1",
	"DELETE FROM tag WHERE object = $1",
	"DELETE FROM container WHERE asset = $1",
	"DELETE FROM cluster WHERE asset = $1",
	"DELETE FROM node WHERE asset = $1",
	"DELETE FROM workload WHERE asset = $1",
	"UPDATE asset SET name = 'merged:' || id, parent = 0, kind = -1 WHERE id = $1",
};

static bool restate_pair(struct ingest *ig, const struct standing s[static 2], bool back,
			 struct err *e)
{
	for (int i = 0; i < 2; i++) {
		const struct standing none = { .asset = s[i].asset, .image = true };

		if (back && i == 1)
			continue; /* gone */
		if (!asset_restate(ig, back ? &none : &s[i], back ? &s[i] : &none, e))
			return false;
	}
	return true;
}

static bool merge_rows(struct ingest *ig, int64_t keep, int64_t gone, struct err *e)
{
	struct standing s[2] = { { 0 }, { 0 } };
	bool ok = standing_load(ig, keep, &s[0], e) && standing_load(ig, gone, &s[1], e) &&
		  restate_pair(ig, s, false, e) && merge_asset_rows(ig, keep, gone, e) &&
		  merge_run_pairs(ig, move_references, LENGTH(move_references), keep, gone, e) &&
		  merge_run_ones(ig, drop_references, LENGTH(drop_references), gone, e) &&
		  restate_pair(ig, s, true, e);

	free(s[0].repository);
	free(s[1].repository);
	merge_touch(ig, keep, gone);
	return ok && looks_rename_asset(ig, gone, keep, e);
}

/* Everything below is counted in other clusters from now on. */
static bool touch_below(struct ingest *ig, int64_t asset, struct err *e)
{
	struct stmt *s = db_stmt(
		ig->db, "WITH RECURSIVE below (id) AS (\n"
			"  SELECT $1\n"
			"  UNION\n"
			"  SELECT a.id FROM asset AS a JOIN below AS b ON a.parent = b.id)\n"
			"SELECT id FROM below");

	db_int(s, 1, asset);
	while (db_next(s))
		asset_touch_places(ig, db_column(s, 0));
	return db_done(s, e);
}

static bool adopt(struct ingest *ig, int64_t child, int64_t parent, struct err *e)
{
	if (!touch_below(ig, child, e))
		return false;
	return merge_run_pair(ig, "UPDATE asset SET parent = $1 WHERE id = $2", parent, child, e);
}

/* Things of one name below both become one, from the leaves up; everything else moves. */
static bool merge_below(struct ingest *ig, int64_t keep, int64_t gone, struct err *e)
{
	struct child c;

	for (;;) {
		if (!next_child(ig, keep, gone, &c, e))
			return false;
		if (c.id == 0)
			return merge_rows(ig, keep, gone, e);
		if (!(c.twin ? merge_below(ig, c.twin, c.id, e) : adopt(ig, c.id, keep, e)))
			return false;
	}
}

bool cluster_merge(struct ingest *ig, int64_t keep, int64_t gone, struct err *e)
{
	const char *name;
	struct stmt *s;

	if (!merge_asset_name(ig, gone, &name, e) || !images_touch(ig, SQL_HELD, gone, e) ||
	    !merge_below(ig, keep, gone, e))
		return false;
	memo_reset(&ig->assets);
	memo_reset(&ig->containers);
	merge_note(ig, "cluster", keep, gone, name);
	s = db_stmt(ig->db, "INSERT INTO cluster_alias (name, cluster)\n"
			    "VALUES ($1, $2)\n"
			    "ON CONFLICT (name) DO UPDATE SET cluster = excluded.cluster");
	db_text(s, 1, name);
	db_int(s, 2, keep);
	return db_run(s, e);
}
