/* SPDX-License-Identifier: MIT */
/* ingest_inventory.c - nodes, namespaces, workloads, services, and the containers that run. */
#include <stdlib.h>

#include "store/ingest.h"

/* ---- objects ---- */

/* Counts an object once, whatever spoke of it before in this import. */
static void note_object(struct ingest *ig, enum object_kind kind, int64_t place, const char *name,
			bool known)
{
	const char *key = arena_printf(&ig->row, "%d:%lld:%s", kind, (long long)place,
				       name ? name : "");
	int64_t any;

	if (memo_get(&ig->objects, key, strlen(key), &any))
		return;
	memo_put(&ig->objects, key, strlen(key), 1);
	if (known)
		ig->stats.unchanged[COUNT_OBJECTS]++;
	else
		ig->stats.created[COUNT_OBJECTS]++;
}

static void note_asset(struct ingest *ig, enum object_kind kind, int64_t asset)
{
	note_object(ig, kind, asset, "", asset <= ig->old_assets);
}

static bool note_row(struct ingest *ig, enum object_kind kind, const char *sql, int64_t namespace,
		     const char *name, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, sql);
	int64_t known;

	db_int(s, 1, namespace);
	db_text(s, 2, name ? name : "");
	if (!db_scalar(s, 0, &known, e))
		return false;
	note_object(ig, kind, namespace, name, known != 0);
	return true;
}

static bool write_node(struct ingest *ig, const struct rec_object *r, struct err *e)
{
	struct stmt *s;
	int64_t host;

	if (!host_id(ig, NULL, r->name, &host, e))
		return false;
	asset_heard(ig, host, ingest_time(ig));
	note_asset(ig, r->kind, host);
	s = db_stmt(ig->db, "UPDATE node\n"
			    "SET role = $1, version = $2, os = $3\n"
			    "WHERE asset = $4 AND data_at <= $5");
	db_text(s, 1, r->type ? r->type : "");
	db_text(s, 2, r->version ? r->version : "");
	db_text(s, 3, r->os ? r->os : "");
	db_int(s, 4, host);
	db_int(s, 5, ingest_time(ig));
	return db_run(s, e);
}

static bool cluster_of_uid(struct ingest *ig, const char *uid, int64_t *out, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "SELECT asset\n"
					 "FROM cluster\n"
					 "WHERE uid = $1\n"
					 "ORDER BY asset\n"
					 "LIMIT 1");

	db_text(s, 1, uid);
	return db_scalar(s, 0, out, e);
}

/* The uid of kube-system is the cluster's own, whatever people call it. */
static bool know_cluster(struct ingest *ig, int64_t cluster, const char *uid, struct err *e)
{
	int64_t same;
	struct stmt *s;

	if (!cluster_of_uid(ig, uid, &same, e))
		return false;
	if (same != 0 &&
	    same != cluster) { /* when the import ends: records still come under this name */
		ig->twin_keep = same;
		ig->twin_gone = cluster;
		return true;
	}
	s = db_stmt(ig->db, "UPDATE cluster\n"
			    "SET uid = $1\n"
			    "WHERE asset = $2 AND uid = ''");
	db_text(s, 1, uid);
	db_int(s, 2, cluster);
	return db_run(s, e);
}

static bool write_namespace(struct ingest *ig, const struct rec_object *r, struct err *e)
{
	int64_t cluster, namespace;
	bool unnamed;

	if (!cluster_id(ig, NULL, &cluster, &unnamed, e) ||
	    !namespace_id(ig, cluster, r->name, &namespace, e))
		return false;
	note_asset(ig, r->kind, namespace);
	if (!str_eq(r->name, "kube-system") || str_empty(r->uid) || unnamed)
		return true;
	return know_cluster(ig, cluster, r->uid, e);
}

static bool place_namespace(struct ingest *ig, const char *name, int64_t *cluster,
			    int64_t *namespace, struct err *e)
{
	bool unnamed;

	if (!cluster_id(ig, NULL, cluster, &unnamed, e) ||
	    !namespace_id(ig, *cluster, name, namespace, e))
		return false;
	keyset_add(&ig->spaces, (uint64_t) * namespace);
	asset_heard(ig, *namespace, ingest_time(ig));
	return true;
}

static bool describe_workload(struct ingest *ig, int64_t workload, const char *labels,
			      int64_t replicas, struct err *e)
{
	struct stmt *s = db_stmt(ig->db,
				 "UPDATE workload\n"
				 "SET labels = CASE WHEN $1 <> '' THEN $1 ELSE labels END,\n"
				 "    replicas = CASE WHEN $2 >= 0 THEN $2 ELSE replicas END\n"
				 "WHERE asset = $3");

	db_text(s, 1, labels ? labels : "");
	db_int(s, 2, replicas);
	db_int(s, 3, workload);
	return db_run(s, e);
}

static bool write_workload(struct ingest *ig, const struct rec_object *r, struct err *e)
{
	int64_t cluster, namespace, workload;

	if (!place_namespace(ig, r->namespace, &cluster, &namespace, e) ||
	    !workload_id(ig, namespace, r->type, r->name, &workload, e))
		return false;
	note_asset(ig, r->kind, workload);
	return describe_workload(ig, workload, r->labels, r->replicas, e);
}

static bool has_services(struct ingest *ig, int64_t cluster, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "UPDATE cluster\n"
					 "SET services = 1\n"
					 "WHERE asset = $1 AND services = 0\n"
					 "RETURNING asset");
	int64_t fresh;

	db_int(s, 1, cluster);
	if (!db_scalar(s, 0, &fresh, e))
		return false;
	if (fresh != 0) /* what was "exposed?" everywhere is now known */
		keyset_add(&ig->spaces_of, (uint64_t)cluster);
	return true;
}

static const char SQL_SERVICE[] =
	"INSERT INTO service (namespace, name, type, selector, at)\n"
	"VALUES ($1, $2, $3, $4, $5)\n"
	"ON CONFLICT (namespace, name) DO UPDATE\n"
	"SET type = excluded.type, selector = excluded.selector, at = excluded.at\n"
	"WHERE excluded.at >= service.at";
static const char SQL_INGRESS[] = "INSERT INTO ingress (namespace, name, backends, at)\n"
				  "VALUES ($1, $2, $3, $4)\n"
				  "ON CONFLICT (namespace, name) DO UPDATE\n"
				  "SET backends = excluded.backends, at = excluded.at\n"
				  "WHERE excluded.at >= ingress.at";

static bool write_service(struct ingest *ig, const struct rec_object *r, struct err *e)
{
	int64_t cluster, namespace;
	struct stmt *s;

	if (!place_namespace(ig, r->namespace, &cluster, &namespace, e) ||
	    !has_services(ig, cluster, e) ||
	    !note_row(ig, r->kind, "SELECT 1 FROM service WHERE namespace = $1 AND name = $2",
		      namespace, r->name, e))
		return false;
	keyset_add(&ig->serviced, (uint64_t) namespace);
	s = db_stmt(ig->db, SQL_SERVICE);
	db_int(s, 1, namespace);
	db_text(s, 2, r->name ? r->name : "");
	db_text(s, 3, r->type ? r->type : "");
	db_text(s, 4, r->selector ? r->selector : "");
	db_int(s, 5, ingest_time(ig));
	return db_run(s, e);
}

static bool write_ingress(struct ingest *ig, const struct rec_object *r, struct err *e)
{
	int64_t cluster, namespace;
	struct stmt *s;

	if (!place_namespace(ig, r->namespace, &cluster, &namespace, e) ||
	    !note_row(ig, r->kind, "SELECT 1 FROM ingress WHERE namespace = $1 AND name = $2",
		      namespace, r->name, e))
		return false;
	keyset_add(&ig->serviced, (uint64_t) namespace);
	s = db_stmt(ig->db, SQL_INGRESS);
	db_int(s, 1, namespace);
	db_text(s, 2, r->name ? r->name : "");
	db_text(s, 3, r->backends ? r->backends : "");
	db_int(s, 4, ingest_time(ig));
	return db_run(s, e);
}

bool put_object(struct ingest *ig, const struct rec_object *r, struct err *e)
{
	if (!need_scan(ig, e))
		return false;
	if (str_empty(r->name) && r->kind != OBJECT_HOST) {
		ingest_skip(ig, "object", "no name");
		return true;
	}
	switch (r->kind) {
	case OBJECT_NODE:
	case OBJECT_HOST:
		return write_node(ig, r, e);
	case OBJECT_NAMESPACE:
		return write_namespace(ig, r, e);
	case OBJECT_WORKLOAD:
		return write_workload(ig, r, e);
	case OBJECT_SERVICE:
		return write_service(ig, r, e);
	case OBJECT_INGRESS:
		return write_ingress(ig, r, e);
	}
	return true;
}

/* ---- containers ---- */

struct spot { /* where a container runs */
	int64_t cluster, node, namespace, workload, place;
	bool stale; /* the place has a newer inventory already */
	bool partial;
};

static bool place_is_newer(struct ingest *ig, int64_t place, bool *yes, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "SELECT at\n"
					 "FROM inventory\n"
					 "WHERE place = $1");
	int64_t at;

	db_int(s, 1, place);
	if (!db_scalar(s, 0, &at, e))
		return false;
	*yes = at > ingest_time(ig);
	return true;
}

static bool find_workload(struct ingest *ig, const struct rec_running *r, struct spot *w,
			  struct err *e)
{
	bool bare = str_empty(r->workload);
	int64_t labelled;
	struct stmt *s;

	if (bare && str_empty(r->pod))
		return true;
	if (!workload_id(ig, w->namespace, bare ? "Pod" : r->workload_kind,
			 bare ? r->pod : r->workload, &w->workload, e))
		return false;
	s = db_stmt(ig->db, "SELECT 1\n"
			    "FROM workload\n"
			    "WHERE asset = $1 AND labels <> ''");
	db_int(s, 1, w->workload);
	return db_scalar(s, 0, &labelled, e) &&
	       (labelled || describe_workload(ig, w->workload, r->labels, -1, e));
}

static bool find_spot(struct ingest *ig, const struct rec_running *r, struct spot *w, struct err *e)
{
	bool kubernetes = !str_empty(r->namespace) || !str_empty(r->pod) || cluster_known(ig, NULL);
	const char *node = !str_empty(r->node) ? r->node : ig->now_scan->node_name;

	*w = (struct spot){ .partial = ig->now_scan->partial != NULL };
	if (kubernetes) {
		if (!place_namespace(ig, r->namespace, &w->cluster, &w->namespace, e))
			return false;
		w->partial |= !cluster_known(ig, NULL);
		w->place = w->namespace;
	}
	if ((node || !kubernetes) && !host_id(ig, NULL, node, &w->node, e))
		return false;
	if (!kubernetes)
		w->place = w->node;
	asset_heard(ig, w->node, ingest_time(ig));
	return (!kubernetes || find_workload(ig, r, w, e)) &&
	       place_is_newer(ig, w->place, &w->stale, e);
}

static bool container_asset(struct ingest *ig, const struct rec_running *r, const struct spot *w,
			    const char *id12, int64_t *out, struct err *e)
{
	int64_t parent = w->workload ? w->workload : w->place;
	const char *name = id12;
	struct stmt *s;

	*out = 0;
	if (*id12) { /* an event may have made it, under another parent */
		s = db_stmt(ig->db, "SELECT asset\n"
				    "FROM container\n"
				    "WHERE id12 = $1 AND cluster = $2\n"
				    "LIMIT 1");
		db_text(s, 1, id12);
		db_int(s, 2, w->cluster);
		if (!db_scalar(s, 0, out, e))
			return false;
	} else {
		name = arena_printf(&ig->row, "%s/%s", r->pod ? r->pod : "",
				    r->container ? r->container : "");
	}
	return *out != 0 || asset_id(ig, ASSET_CONTAINER, parent, name, out, e);
}

struct container_was {
	int64_t image, running, last_at;
	bool found;
};

static bool read_container(struct ingest *ig, int64_t asset, struct container_was *out,
			   struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "SELECT image, running, last_at\n"
					 "FROM container\n"
					 "WHERE asset = $1");

	*out = (struct container_was){ 0 };
	db_int(s, 1, asset);
	if (db_next(s))
		*out = (struct container_was){ db_column(s, 0), db_column(s, 1), db_column(s, 2),
					       true };
	return db_done(s, e);
}

static const char SQL_CONTAINER[] =
	"INSERT INTO container (asset, cluster, node, namespace, workload, image, join_rung, pod,\n"
	"                       pod_uid, name, id12, id64, reference, running, host_port, "
	"first_at,\n"
	"                       last_at)\n"
	"VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $16)\n"
	"ON CONFLICT (asset) DO UPDATE\n"
	"SET cluster = excluded.cluster, node = excluded.node, namespace = excluded.namespace,\n"
	"    workload = excluded.workload, image = excluded.image, join_rung = "
	"excluded.join_rung,\n"
	"    pod = excluded.pod, pod_uid = excluded.pod_uid, name = excluded.name,\n"
	"    id12 = excluded.id12, id64 = excluded.id64, reference = excluded.reference,\n"
	"    running = excluded.running, host_port = excluded.host_port, last_at = "
	"excluded.last_at";

static bool write_container(struct ingest *ig, const struct rec_running *r, const struct spot *w,
			    const char *id12, int64_t asset, int64_t image, enum rung rung,
			    struct err *e)
{
	struct stmt *s = db_stmt(ig->db, SQL_CONTAINER);

	db_int(s, 1, asset);
	db_int(s, 2, w->cluster);
	db_int(s, 3, w->node);
	db_int(s, 4, w->namespace);
	db_int(s, 5, w->workload);
	db_int(s, 6, image);
	db_int(s, 7, rung);
	db_text(s, 8, r->pod ? r->pod : "");
	db_text(s, 9, r->pod_uid ? r->pod_uid : "");
	db_text(s, 10, r->container ? r->container : "");
	db_text(s, 11, id12);
	db_text(s, 12, container_id64(r->container_id, &ig->row));
	db_text(s, 13, r->image ? r->image : "");
	db_int(s, 14, r->running && !w->stale);
	db_int(s, 15, r->host_port);
	db_int(s, 16, ingest_time(ig));
	return db_run(s, e);
}

/* Images are counted by what runs; both the old and the new one may be counted otherwise now. */
static bool touch_images(struct ingest *ig, const struct container_was *was, int64_t image,
			 bool running, struct err *e)
{
	if (was->found && was->image == image && (was->running != 0) == running)
		return true;
	if (was->image != 0 && !image_touch(ig, was->image, e))
		return false;
	return image == 0 || image_touch(ig, image, e);
}

bool put_running(struct ingest *ig, const struct rec_running *r, struct err *e)
{
	char id12[ID12_SIZE];
	int64_t asset, image;
	struct container_was was;
	struct spot w;
	enum rung rung;

	if (!need_scan(ig, e) || !find_spot(ig, r, &w, e))
		return false;
	container_id12(r->container_id, id12);
	if (!container_asset(ig, r, &w, id12, &asset, e) || !read_container(ig, asset, &was, e) ||
	    !container_image(ig, r->image, r->image_digest, r->image_id, &image, &rung, e))
		return false;
	if (was.found)
		ig->stats.unchanged[COUNT_CONTAINERS]++;
	else
		ig->stats.created[COUNT_CONTAINERS]++;
	if (!w.partial && !w.stale)
		keyset_add(&ig->places, (uint64_t)w.place);
	if (!fact_runs(ig,
		       &(struct ran){ asset, w.place, image, ingest_time(ig), r->running,
				      was.last_at },
		       e))
		return false;
	/* neither a list of the place nor that it runs will tell a past day when it was seen */
	if ((w.partial || w.stale || !r->running) &&
	    !fact_add(ig, asset, FACT_HEARD, ingest_time(ig), 1, e))
		return false;
	if (was.found && was.last_at > ingest_time(ig))
		return true;
	return touch_images(ig, &was, image, r->running && !w.stale, e) &&
	       write_container(ig, r, &w, id12, asset, image, rung, e);
}

/* ---- what no longer runs ---- */

static bool next_stopped(struct ingest *ig, int64_t place, int64_t *asset, int64_t *image,
			 struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "SELECT asset, image\n"
					 "FROM container\n"
					 "WHERE running = 1 AND last_at < $1\n"
					 "  AND (namespace = $2 OR (node = $2 AND cluster = 0))\n"
					 "LIMIT 1");

	*asset = *image = 0;
	db_int(s, 1, ig->newest);
	db_int(s, 2, place);
	if (db_next(s)) {
		*asset = db_column(s, 0);
		*image = db_column(s, 1);
	}
	return db_done(s, e);
}

static bool stop(struct ingest *ig, int64_t asset, int64_t image, struct err *e)
{
	struct stmt *s;

	if (image != 0 && !image_touch(ig, image, e))
		return false;
	ig->stats.resolved[COUNT_CONTAINERS]++;
	s = db_stmt(ig->db, "UPDATE container\n"
			    "SET running = 0\n"
			    "WHERE asset = $1");
	db_int(s, 1, asset);
	return db_run(s, e) && fact_add(ig, asset, FACT_RUNS, ig->newest, 2 * image, e);
}

static bool settle_place(struct ingest *ig, int64_t place, struct err *e)
{
	int64_t asset, image;
	struct stmt *s;

	for (;;) {
		if (!next_stopped(ig, place, &asset, &image, e))
			return false;
		if (asset == 0)
			break;
		if (!stop(ig, asset, image, e))
			return false;
	}
	if (!fact_add(ig, place, FACT_LISTED, ig->newest, ig->now_scan->id, e))
		return false;
	s = db_stmt(ig->db,
		    "INSERT INTO inventory (place, at, scan)\n"
		    "VALUES ($1, $2, $3)\n"
		    "ON CONFLICT (place) DO UPDATE SET at = excluded.at, scan = excluded.scan\n"
		    "WHERE excluded.at >= inventory.at");
	db_int(s, 1, place);
	db_int(s, 2, ig->newest);
	db_int(s, 3, ig->now_scan->id);
	return db_run(s, e);
}

/* --complete: the cluster has no namespaces but those shown. */
static bool add_places(struct ingest *ig, const char *sql, int64_t cluster, struct keyset *to,
		       struct err *e)
{
	struct stmt *s = db_stmt(ig->db, sql);

	db_int(s, 1, cluster);
	db_int(s, 2, ASSET_NAMESPACE);
	while (db_next(s))
		keyset_add(to, (uint64_t)db_column(s, 0));
	return db_done(s, e);
}

static const char SQL_NAMESPACES[] = "SELECT id\n"
				     "FROM asset\n"
				     "WHERE parent = $1 AND kind = $2";

static bool complete_cluster(struct ingest *ig, struct err *e)
{
	int64_t cluster;
	bool unnamed;

	if (ig->o.complete == 0 || ig->places.n == 0 || !cluster_known(ig, NULL))
		return true;
	return cluster_id(ig, NULL, &cluster, &unnamed, e) &&
	       add_places(ig, SQL_NAMESPACES, cluster, &ig->places, e) &&
	       add_places(ig, SQL_NAMESPACES, cluster, &ig->spaces, e);
}

static bool drop_services(struct ingest *ig, int64_t namespace, struct err *e)
{
	static const char *const sql[] = {
		"DELETE FROM service WHERE namespace = $1 AND at < $2",
		"DELETE FROM ingress WHERE namespace = $1 AND at < $2",
	};

	for (size_t i = 0; i < LENGTH(sql); i++) {
		struct stmt *s = db_stmt(ig->db, sql[i]);

		db_int(s, 1, namespace);
		db_int(s, 2, ig->newest);
		if (!db_run(s, e))
			return false;
	}
	return true;
}

static bool each_key(struct ingest *ig, const struct keyset *k,
		     bool (*fn)(struct ingest *, int64_t, struct err *), struct err *e)
{
	for (size_t i = 0; i < k->cap; i++)
		if (k->slot[i] != 0 && !fn(ig, (int64_t)k->slot[i], e))
			return false;
	return true;
}

static bool add_spaces_of(struct ingest *ig, int64_t cluster, struct err *e)
{
	return add_places(ig, SQL_NAMESPACES, cluster, &ig->spaces, e);
}

bool inventory_settle(struct ingest *ig, struct err *e)
{
	bool partial = ig->now_scan && ig->now_scan->partial;

	return complete_cluster(ig, e) && each_key(ig, &ig->spaces_of, add_spaces_of, e) &&
	       each_key(ig, &ig->places, settle_place, e) &&
	       (partial || each_key(ig, &ig->serviced, drop_services, e)) &&
	       each_key(ig, &ig->spaces, expose_namespace, e) &&
	       (ig->twin_gone == 0 || cluster_merge(ig, ig->twin_keep, ig->twin_gone, e));
}
