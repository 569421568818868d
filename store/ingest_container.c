/* SPDX-License-Identifier: MIT */
/* ingest_container.c - containers: what runs where, and which one an event speaks of. */
#include "store/ingest.h"

/* ---- the image of a container ---- */

static enum rung rung_of(const char *digest, const char *config)
{
	char normal[DIGEST_SIZE];

	if (digest_normal(digest, normal))
		return RUNG_MANIFEST;
	return digest_normal(config, normal) ? RUNG_CONFIG : RUNG_NAME;
}

bool container_image(struct ingest *ig, const char *reference, const char *digest,
		     const char *config, int64_t *image, enum rung *rung, struct err *e)
{
	const char *key = arena_printf(&ig->row, "image\t%s\t%s\t%s", reference ? reference : "",
				       digest ? digest : "", config ? config : "");
	struct rec_digest d[2];
	struct rec_asset a = { .kind = ASSET_IMAGE, .name = reference, .digest = d };

	*image = 0;
	*rung = rung_of(digest, config);
	if (*rung == RUNG_NAME && str_empty(reference)) {
		*rung = RUNG_NONE;
		return true;
	}
	if (memo_get(&ig->containers, key, strlen(key), image))
		return true;
	if (!str_empty(config))
		d[a.ndigest++] = (struct rec_digest){ DIGEST_CONFIG, config };
	if (!str_empty(digest))
		d[a.ndigest++] = (struct rec_digest){ DIGEST_UNKNOWN, digest };
	if (!image_id(ig, &a, ingest_time(ig), false, image, e))
		return false;
	memo_put(&ig->containers, key, strlen(key), *image);
	return true;
}

/* ---- the container of an event ---- */

struct where { /* as far as the event says */
	int64_t cluster, node, namespace, workload;
	char id12[ID12_SIZE];
};

static bool find_place(struct ingest *ig, const struct rec_event *r, struct where *w, struct err *e)
{
	bool unnamed, cluster = !str_empty(r->namespace) || cluster_known(ig, r->cluster);

	*w = (struct where){ 0 };
	container_id12(r->container_id, w->id12);
	if (cluster && !cluster_id(ig, r->cluster, &w->cluster, &unnamed, e))
		return false;
	if (!str_empty(r->node) && !host_id(ig, r->cluster, r->node, &w->node, e))
		return false;
	if (!str_empty(r->namespace) &&
	    !namespace_id(ig, w->cluster, r->namespace, &w->namespace, e))
		return false;
	if (w->namespace != 0 && !str_empty(r->workload))
		return workload_behind(ig, w->namespace, r->workload_kind, r->workload,
				       &w->workload, e);
	return true;
}

static const char SQL_BY_ID[] = "SELECT asset\n"
				"FROM container\n"
				"WHERE id12 = $1\n"
				"ORDER BY cluster = $2 DESC, asset\n"
				"LIMIT 1";
/* The last one decides whether a container that has an id of its own may be this one. */
#define BY_POD(which)                                                                              \
	"SELECT asset\n"                                                                           \
	"FROM container\n"                                                                         \
	"WHERE " which " AND namespace = $2 AND name = $3 AND ($4 = '' OR id12 = '')\n"            \
	"ORDER BY running DESC, last_at DESC, asset DESC\n"                                        \
	"LIMIT 1"
static const char SQL_BY_UID[] = BY_POD("pod_uid = $1 AND pod_uid <> ''");
static const char SQL_BY_POD[] = BY_POD("pod = $1");

static bool find_container(struct ingest *ig, const struct rec_event *r, const struct where *w,
			   int64_t *out, struct err *e)
{
	struct stmt *s;
	bool uid;

	*out = 0;
	if (*w->id12) {
		s = db_stmt(ig->db, SQL_BY_ID);
		db_text(s, 1, w->id12);
		db_int(s, 2, w->cluster);
		if (!db_scalar(s, 0, out, e))
			return false;
	}
	if (*out != 0 || w->namespace == 0 || str_empty(r->container))
		return true;
	uid = !str_empty(r->pod_uid);
	s = db_stmt(ig->db, uid ? SQL_BY_UID : SQL_BY_POD);
	db_text(s, 1, uid ? r->pod_uid : r->pod ? r->pod : "");
	db_int(s, 2, w->namespace);
	db_text(s, 3, r->container);
	db_text(s, 4, w->id12);
	return db_scalar(s, 0, out, e);
}

/* Another container of the same workload and name runs the same image, as far as is known. */
static bool image_of_kin(struct ingest *ig, const struct rec_event *r, const struct where *w,
			 int64_t *image, enum rung *rung, struct err *e)
{
	struct stmt *s;

	if (w->workload == 0)
		return true;
	s = db_stmt(ig->db, "SELECT image\n"
			    "FROM container\n"
			    "WHERE workload = $1 AND name = $2 AND image > 0\n"
			    "ORDER BY running DESC, last_at DESC, asset DESC\n"
			    "LIMIT 1");
	db_int(s, 1, w->workload);
	db_text(s, 2, r->container ? r->container : "");
	if (!db_scalar(s, 0, image, e))
		return false;
	*rung = *image != 0 ? RUNG_WORKLOAD : RUNG_NONE;
	return true;
}

static bool add_container(struct ingest *ig, const struct rec_event *r, const struct where *w,
			  int64_t asset, struct err *e)
{
	int64_t image, at = r->ts_ns / NS_PER_S;
	enum rung rung;
	struct stmt *s;

	if (!container_image(ig, r->image, r->image_digest, NULL, &image, &rung, e))
		return false;
	if (image == 0 && !image_of_kin(ig, r, w, &image, &rung, e))
		return false;
	s = db_stmt(ig->db,
		    "INSERT INTO container (asset, cluster, node, namespace, workload, image,\n"
		    "                       join_rung, pod, pod_uid, name, id12, id64, reference,\n"
		    "                       first_at, last_at)\n"
		    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14)\n"
		    "ON CONFLICT (asset) DO NOTHING");
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
	db_text(s, 11, w->id12);
	db_text(s, 12, container_id64(r->container_id, &ig->row));
	db_text(s, 13, r->image ? r->image : "");
	db_int(s, 14, at);
	return db_run(s, e);
}

static bool make_container(struct ingest *ig, const struct rec_event *r, const struct where *w,
			   int64_t *out, struct err *e)
{
	int64_t parent = w->workload	? w->workload
			 : w->namespace ? w->namespace
			 : w->node	? w->node
					: w->cluster;
	const char *name = *w->id12 ? arena_dup(&ig->row, w->id12)
				    : arena_printf(&ig->row, "%s/%s", r->pod ? r->pod : "",
						   r->container ? r->container : "");

	return asset_id(ig, ASSET_CONTAINER, parent, name, out, e) &&
	       add_container(ig, r, w, *out, e);
}

bool event_container(struct ingest *ig, const struct rec_event *r, int64_t *out, struct err *e)
{
	const char *const told[] = { "event",	   r->cluster, r->container_id, r->namespace,
				     r->pod_uid, r->pod,     r->container };
	struct memo_key key;
	struct where w;

	*out = 0;
	if (str_empty(r->container_id) && (str_empty(r->pod) || str_empty(r->container)))
		return true;
	key = memo_key(&ig->row, told, LENGTH(told));
	if (memo_get(&ig->containers, key.s, key.len, out))
		return true;
	if (!find_place(ig, r, &w, e))
		return false;
	if (!*w.id12 && (w.namespace == 0 || str_empty(r->container)))
		return true;
	if (!find_container(ig, r, &w, out, e) || (*out == 0 && !make_container(ig, r, &w, out, e)))
		return false;
	memo_put(&ig->containers, key.s, key.len, *out);
	return true;
}
