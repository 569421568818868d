/* SPDX-License-Identifier: MIT */
/* ingest_asset.c - what a scan looks at: hosts, clusters and what lies in them, images, trees. */
#include <stdlib.h>

#include "store/ingest.h"

#define uthash_fatal(msg) die("out of memory")
#include <uthash.h>

struct look_entry {
	struct {
		int64_t scan, asset;
	} key;
	struct look *look;
	UT_hash_handle hh;
};

/* ---- assets by name ---- */

static bool find_asset(struct ingest *ig, enum asset_kind kind, int64_t parent, const char *name,
		       int64_t *out, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "SELECT id\n"
					 "FROM asset\n"
					 "WHERE kind = $1 AND parent = $2 AND name = $3");

	db_int(s, 1, kind);
	db_int(s, 2, parent);
	db_text(s, 3, name);
	return db_scalar(s, 0, out, e);
}

static bool add_side_row(struct ingest *ig, enum asset_kind kind, int64_t asset, struct err *e)
{
	static const char *const sql[ASSET_KIND_COUNT] = {
		[ASSET_HOST] = "INSERT INTO node (asset) VALUES ($1)",
		[ASSET_CLUSTER] = "INSERT INTO cluster (asset) VALUES ($1)",
		[ASSET_WORKLOAD] = "INSERT INTO workload (asset) VALUES ($1)",
	};
	struct stmt *s;

	if (!sql[kind])
		return true;
	s = db_stmt(ig->db, sql[kind]);
	db_int(s, 1, asset);
	return db_run(s, e);
}

static bool add_asset(struct ingest *ig, enum asset_kind kind, int64_t parent, const char *name,
		      int64_t *out, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "INSERT INTO asset (kind, parent, name)\n"
					 "VALUES ($1, $2, $3)");

	db_int(s, 1, kind);
	db_int(s, 2, parent);
	db_text(s, 3, name);
	if (!db_run(s, e))
		return false;
	*out = db_last_id(ig->db);
	if (kind != ASSET_IMAGE && kind != ASSET_CONTAINER) /* one more that controls apply to */
		bears_on(ig->st, BEARS_ALL);
	return add_side_row(ig, kind, *out, e);
}

bool asset_id(struct ingest *ig, enum asset_kind kind, int64_t parent, const char *name,
	      int64_t *out, struct err *e)
{
	const char *key = arena_printf(&ig->row, "%d:%lld:%s", kind, (long long)parent, name);

	if (memo_get(&ig->assets, key, strlen(key), out))
		return true;
	if (!find_asset(ig, kind, parent, name, out, e))
		return false;
	if (*out == 0 && !add_asset(ig, kind, parent, name, out, e))
		return false;
	if (!fact_known(ig, *out, ingest_time(ig), e))
		return false;
	memo_put(&ig->assets, key, strlen(key), *out);
	return true;
}

/* ---- clusters and what lies in them ---- */

static const char *cluster_name(const struct ingest *ig, const char *name)
{
	if (!str_empty(ig->o.cluster))
		return ig->o.cluster;
	if (!str_empty(name))
		return name;
	return ig->now_scan ? ig->now_scan->cluster_name : NULL;
}

bool cluster_known(struct ingest *ig, const char *name)
{
	return cluster_name(ig, name) != NULL;
}

static bool cluster_by_alias(struct ingest *ig, const char *name, int64_t *out, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "SELECT cluster\n"
					 "FROM cluster_alias\n"
					 "WHERE name = $1");

	db_text(s, 1, name);
	return db_scalar(s, 0, out, e);
}

bool cluster_id(struct ingest *ig, const char *name, int64_t *out, bool *unnamed, struct err *e)
{
	const char *want = cluster_name(ig, name);

	*unnamed = want == NULL;
	if (*unnamed) {
		ingest_warn(ig,
			    "no cluster is named: stored as cluster \"unnamed\", and as partial; "
			    "say --cluster NAME");
		want = "unnamed";
	}
	if (!cluster_by_alias(ig, want, out, e))
		return false;
	return *out != 0 || asset_id(ig, ASSET_CLUSTER, 0, want, out, e);
}

bool host_id(struct ingest *ig, const char *cluster, const char *node, int64_t *out, struct err *e)
{
	int64_t parent = 0;
	bool unnamed;

	if (cluster_known(ig, cluster) && !cluster_id(ig, cluster, &parent, &unnamed, e))
		return false;
	if (str_empty(node)) {
		ingest_warn(ig, "no node is named: stored as node \"unnamed\"; say --node NAME");
		node = "unnamed";
	}
	return asset_id(ig, ASSET_HOST, parent, node, out, e);
}

bool namespace_id(struct ingest *ig, int64_t cluster, const char *name, int64_t *out, struct err *e)
{
	return asset_id(ig, ASSET_NAMESPACE, cluster, str_empty(name) ? "default" : name, out, e);
}

bool workload_id(struct ingest *ig, int64_t place, const char *kind, const char *name, int64_t *out,
		 struct err *e)
{
	const char *full = str_empty(kind) ? name : arena_printf(&ig->row, "%s/%s", kind, name);

	return asset_id(ig, ASSET_WORKLOAD, place, full, out, e);
}

/* The workload that may have made "Pod/NAME", if the inventory knows one; 0: it does not. */
static bool find_maker(struct ingest *ig, int64_t place, const char *name, int64_t *out,
		       struct err *e)
{
	static const char *const makers[] = { "DaemonSet", "ReplicaSet", "Job",
					      "ReplicationController" };
	size_t n = strlen(name), stem = n;

	*out = 0;
	for (size_t i = 0; *out == 0 && i < LENGTH(makers); i++)
		if (!find_asset(ig, ASSET_WORKLOAD, place,
				arena_printf(&ig->row, "%s/%s", makers[i], name), out, e))
			return false;
	while (stem > 0 && name[stem - 1] >= '0' && name[stem - 1] <= '9')
		stem--;
	if (*out != 0 || stem < 2 || stem == n || name[stem - 1] != '-')
		return true;
	return find_asset(ig, ASSET_WORKLOAD, place,
			  arena_printf(&ig->row, "StatefulSet/%.*s", (int)(stem - 1), name), out,
			  e);
}

/*
 * The name of a pod does not tell what made it: "Pod/agent" is what is left of agent-x2k9p, and
 * "Pod/db-0" may be a member of a set. A workload of that name that the inventory knows is meant.
 */
bool workload_behind(struct ingest *ig, int64_t place, const char *kind, const char *name,
		     int64_t *out, struct err *e)
{
	const char *key;

	if (!str_eq(kind, "Pod"))
		return workload_id(ig, place, kind, name, out, e);
	key = arena_printf(&ig->row, "behind:%lld:%s", (long long)place, name);
	if (memo_get(&ig->assets, key, strlen(key), out))
		return true;
	if (!find_maker(ig, place, name, out, e) ||
	    (*out == 0 && !workload_id(ig, place, kind, name, out, e)))
		return false;
	memo_put(&ig->assets, key, strlen(key), *out);
	return true;
}

/* ---- looks ---- */

static struct look *add_look(struct ingest *ig, int64_t asset, enum asset_kind kind, bool unnamed)
{
	struct look *l = arena_new(&ig->mem, struct look);
	struct look_entry *entry = arena_new(&ig->mem, struct look_entry);

	*l = (struct look){
		.scan = ig->now_scan, .asset = asset, .kind = kind, .unnamed = unnamed
	};
	ARRAY_MORE(ig->look, ig->nlook, ig->caplook);
	ig->look[ig->nlook++] = l;
	entry->key.scan = ig->now_scan->id;
	entry->key.asset = asset;
	entry->look = l;
	HASH_ADD(hh, ig->looks, key, sizeof(entry->key), entry);
	return l;
}

bool look_at(struct ingest *ig, int64_t asset, enum asset_kind kind, bool unnamed, struct err *e)
{
	struct look_entry *found, want = { .key = { 0, asset } };

	if (!need_scan(ig, e))
		return false;
	want.key.scan = ig->now_scan->id;
	HASH_FIND(hh, ig->looks, &want.key, sizeof(want.key), found);
	ig->now_look = found ? found->look : add_look(ig, asset, kind, unnamed);
	return true;
}

void look_release(struct ingest *ig, struct look *l)
{
	entries_release(ig, l);
	free(l->check);
	free(l->reach);
	keyset_release(&l->listed);
	l->check = NULL;
	l->reach = NULL;
	l->ncheck = l->nreach = 0;
}

void looks_release(struct ingest *ig)
{
	for (size_t i = 0; i < ig->nlook; i++)
		look_release(ig, ig->look[i]);
	HASH_CLEAR(hh, ig->looks);
	free(ig->look);
	free(ig->scan);
}

/* What two looks of one scan at one asset saw is what one look saw. */
static bool join_looks(struct ingest *ig, struct look *into, struct look *l, struct err *e)
{
	if (!entries_join(ig, into, l, e))
		return false;
	for (size_t i = 0; i < l->ncheck; i++) {
		ARRAY_MORE(into->check, into->ncheck, into->capcheck);
		into->check[into->ncheck++] = l->check[i];
	}
	for (size_t i = 0; i < l->nreach; i++)
		reach_join(into, &l->reach[i]);
	look_release(ig, l);
	return true;
}

static bool rename_look(struct ingest *ig, struct look_entry *x, int64_t to, struct err *e)
{
	struct look_entry *other, want = { .key = { x->key.scan, to } };

	HASH_DEL(ig->looks, x);
	HASH_FIND(hh, ig->looks, &want.key, sizeof(want.key), other);
	x->look->asset = to;
	if (!other) {
		x->key.asset = to;
		HASH_ADD(hh, ig->looks, key, sizeof(x->key), x);
		return true;
	}
	if (ig->now_look == x->look)
		ig->now_look = other->look;
	return join_looks(ig, other->look, x->look, e);
}

bool looks_rename_asset(struct ingest *ig, int64_t from, int64_t to, struct err *e)
{
	struct look_entry *x, *next;

	HASH_ITER(hh, ig->looks, x, next)
	if (x->key.asset == from && !rename_look(ig, x, to, e))
		return false;
	return true;
}

/* ---- the record ---- */

static bool look_at_image(struct ingest *ig, const struct rec_asset *r, struct err *e)
{
	struct rec_asset mine = *r;
	int64_t image;

	if (ig->o.image)
		mine.name = ig->o.image;
	return image_id(ig, &mine, ig->now_scan->at, true, &image, e) &&
	       look_at(ig, image, ASSET_IMAGE, false, e);
}

static bool look_at_host(struct ingest *ig, const struct rec_asset *r, struct err *e)
{
	const char *node = ig->o.node ? ig->o.node : r->name;
	int64_t host;

	if (str_empty(node))
		node = ig->now_scan->node_name;
	return host_id(ig, r->cluster, node, &host, e) &&
	       look_at(ig, host, ASSET_HOST, str_empty(node), e);
}

static bool place_of(struct ingest *ig, const struct rec_asset *r, int64_t *out, bool *unnamed,
		     struct err *e)
{
	int64_t cluster;

	if (!cluster_id(ig, r->cluster, &cluster, unnamed, e))
		return false;
	*out = cluster;
	return str_empty(r->namespace) || namespace_id(ig, cluster, r->namespace, out, e);
}

static bool look_at_workload(struct ingest *ig, const struct rec_asset *r, struct err *e)
{
	int64_t place, workload, container;
	bool unnamed;

	if (!place_of(ig, r, &place, &unnamed, e) ||
	    !workload_behind(ig, place, r->workload_kind, r->name ? r->name : "unnamed", &workload,
			     e))
		return false;
	if (str_empty(r->container))
		return look_at(ig, workload, ASSET_WORKLOAD, unnamed, e);
	return asset_id(ig, ASSET_CONTAINER, workload, r->container, &container, e) &&
	       look_at(ig, container, ASSET_CONTAINER, unnamed, e);
}

static bool look_at_cluster(struct ingest *ig, const struct rec_asset *r, struct err *e)
{
	int64_t asset;
	bool unnamed;

	if (!cluster_id(ig, r->kind == ASSET_CLUSTER && r->name ? r->name : r->cluster, &asset,
			&unnamed, e))
		return false;
	if (r->kind == ASSET_NAMESPACE &&
	    !namespace_id(ig, asset, r->namespace ? r->namespace : r->name, &asset, e))
		return false;
	return look_at(ig, asset, r->kind, unnamed, e);
}

static bool look_at_tree(struct ingest *ig, const struct rec_asset *r, struct err *e)
{
	const char *name = str_empty(r->name) ? "." : r->name;
	int64_t tree;

	if (!asset_id(ig, ASSET_TREE, 0, name, &tree, e) ||
	    !look_at(ig, tree, ASSET_TREE, false, e))
		return false;
	if (!tree_named(name) && !ig->now_look->nameless)
		ig->now_look->nameless = arena_dup(&ig->mem, name);
	return true;
}

bool put_asset(struct ingest *ig, const struct rec_asset *r, struct err *e)
{
	if (!need_scan(ig, e))
		return false;
	switch (r->kind) {
	case ASSET_IMAGE:
		return look_at_image(ig, r, e);
	case ASSET_HOST:
		return look_at_host(ig, r, e);
	case ASSET_WORKLOAD:
	case ASSET_CONTAINER:
		return look_at_workload(ig, r, e);
	case ASSET_CLUSTER:
	case ASSET_NAMESPACE:
		return look_at_cluster(ig, r, e);
	case ASSET_TREE:
	case ASSET_KIND_COUNT:
		break;
	}
	return ig->o.image ? look_at_image(ig, r, e) : look_at_tree(ig, r, e);
}

bool need_look(struct ingest *ig, struct err *e)
{
	struct rec_asset r = { .kind = ASSET_CLUSTER };

	if (ig->now_look)
		return true;
	if (!need_scan(ig, e))
		return false;
	if (ig->o.image)
		r.kind = ASSET_IMAGE;
	else if (ig->now_scan->node_name)
		r.kind = ASSET_HOST;
	return put_asset(ig, &r, e);
}
