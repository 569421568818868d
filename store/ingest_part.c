/* SPDX-License-Identifier: MIT */
/* ingest_part.c - texts, words, packages and places: everything that is stored once and then is a
 * number. */
#include "store/ingest.h"

/* Type of the package that stands for a scope; no purl type begins so. */
#define SCOPE_TYPE "@scope"
/* Texts up to here are their own key in memory: paths, layers. */
#define SHORT_TEXT 128

static void text_hash(struct ingest *ig, const char *body, size_t len,
		      uint8_t out[static SHA256_SIZE])
{
	sha256_add(ig->hash, body, len);
	sha256_take(ig->hash, out);
}

static bool stored_text(struct ingest *ig, const char *body, const uint8_t *hash, int64_t *out,
			struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "SELECT id\n"
					 "FROM text\n"
					 "WHERE hash = $1");

	db_blob(s, 1, hash, ID_HASH_SIZE);
	if (!db_scalar(s, 0, out, e))
		return false;
	if (*out != 0)
		return true;
	s = db_stmt(ig->db, "INSERT INTO text (hash, body)\n"
			    "VALUES ($1, $2)");
	db_blob(s, 1, hash, ID_HASH_SIZE);
	db_text(s, 2, body);
	if (!db_run(s, e))
		return false;
	*out = db_last_id(ig->db);
	return true;
}

static bool short_text_id(struct ingest *ig, const char *body, size_t len, int64_t *out,
			  struct err *e)
{
	uint8_t hash[SHA256_SIZE];

	if (memo_get(&ig->short_texts, body, len, out))
		return true;
	text_hash(ig, body, len, hash);
	if (!stored_text(ig, body, hash, out, e))
		return false;
	memo_put(&ig->short_texts, body, len, *out);
	return true;
}

bool text_id(struct ingest *ig, const char *body, int64_t *out, struct err *e)
{
	uint8_t hash[SHA256_SIZE];
	size_t len = body ? strlen(body) : 0;

	*out = 0;
	if (len == 0)
		return true;
	if (len <= SHORT_TEXT)
		return short_text_id(ig, body, len, out, e);
	text_hash(ig, body, len, hash);
	if (memo_get(&ig->texts, (const char *)hash, ID_HASH_SIZE, out))
		return true;
	if (!stored_text(ig, body, hash, out, e))
		return false;
	memo_put(&ig->texts, (const char *)hash, ID_HASH_SIZE, *out);
	return true;
}

bool word_id(struct ingest *ig, const char *body, int64_t *out, struct err *e)
{
	struct stmt *s;

	body = body ? body : "";
	if (memo_get(&ig->words, body, strlen(body), out))
		return true;
	s = db_stmt(ig->db, "INSERT INTO word (body)\n"
			    "VALUES ($1)\n"
			    "ON CONFLICT (body) DO UPDATE SET body = excluded.body\n"
			    "RETURNING id");
	db_text(s, 1, body);
	if (!db_scalar(s, 0, out, e))
		return false;
	memo_put(&ig->words, body, strlen(body), *out);
	return true;
}

/* ---- packages ---- */

static bool package_id(struct ingest *ig, const char *type, const char *name, int64_t *out,
		       struct err *e)
{
	const char *const told[] = { type, name };
	struct memo_key key = memo_key(&ig->row, told, LENGTH(told));
	struct stmt *s;

	if (memo_get(&ig->packages, key.s, key.len, out))
		return true;
	s = db_stmt(ig->db, "SELECT id\n"
			    "FROM package\n"
			    "WHERE type = $1 AND name = $2");
	db_text(s, 1, type);
	db_text(s, 2, name);
	if (!db_scalar(s, 0, out, e))
		return false;
	if (*out == 0) {
		s = db_stmt(ig->db, "INSERT INTO package (type, name)\n"
				    "VALUES ($1, $2)");
		db_text(s, 1, type);
		db_text(s, 2, name);
		if (!db_run(s, e))
			return false;
		*out = db_last_id(ig->db);
	}
	memo_put(&ig->packages, key.s, key.len, *out);
	return true;
}

static bool version_part(struct ingest *ig, int64_t package, const char *version, int64_t *out,
			 struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "SELECT id\n"
					 "FROM part\n"
					 "WHERE package = $1 AND version = $2");

	db_int(s, 1, package);
	db_text(s, 2, version);
	if (!db_scalar(s, 0, out, e))
		return false;
	if (*out == 0) {
		s = db_stmt(ig->db, "INSERT INTO part (package, version)\n"
				    "VALUES ($1, $2)");
		db_int(s, 1, package);
		db_text(s, 2, version);
		if (!db_run(s, e))
			return false;
		*out = db_last_id(ig->db);
	}
	beside_put(&ig->part_packages, *out, package);
	return true;
}

/* A bare Maven artifact is the only package of that artifact which the asset holds, when there is
 * just one. */
static bool full_artifact(struct ingest *ig, const char *artifact, const char **out, struct err *e)
{
	const char *pattern = arena_printf(&ig->row, "%%:%s", artifact);
	int found = 0;
	struct stmt *s;

	if (!holdings_flush(ig, e))
		return false;
	s = db_stmt(ig->db, "SELECT DISTINCT p.name\n"
					 "FROM package AS p\n"
					 "JOIN part AS v ON v.package = p.id\n"
					 "JOIN holds AS h ON h.part = v.id AND h.asset = $1\n"
					 "WHERE p.type = 'maven' AND p.name LIKE $2\n"
					 "LIMIT 2");

	db_int(s, 1, ig->now_look->asset);
	db_text(s, 2, pattern);
	while (db_next(s)) {
		found++;
		*out = arena_dup(&ig->row, db_column_text(s, 0));
	}
	if (found != 1)
		*out = artifact;
	return db_done(s, e);
}

bool part_is_bare(const struct package_id *p)
{
	return str_eq(p->type, "maven") && !strchr(p->name, ':');
}

bool part_id(struct ingest *ig, const struct package_id *p, int64_t *part, struct err *e)
{
	bool bare = part_is_bare(p) && ig->now_look;
	const char *const told[] = {
		p->type, p->name, p->version,
		bare ? arena_printf(&ig->row, "%lld", (long long)ig->now_look->asset) : NULL
	};
	struct memo_key key = memo_key(&ig->row, told, LENGTH(told));
	const char *name = p->name;
	int64_t package;

	if (memo_get(&ig->parts, key.s, key.len, part))
		return true;
	if (bare && !full_artifact(ig, p->name, &name, e))
		return false;
	if (!package_id(ig, p->type, name, &package, e) ||
	    !version_part(ig, package, p->version, part, e))
		return false;
	memo_put(&ig->parts, key.s, key.len, *part);
	return true;
}

bool part_package(struct ingest *ig, int64_t part, int64_t *out, struct err *e)
{
	struct stmt *s;

	if (beside_get(&ig->part_packages, part, out))
		return true;
	s = db_stmt(ig->db, "SELECT package\n"
			    "FROM part\n"
			    "WHERE id = $1");
	db_int(s, 1, part);
	if (!db_scalar(s, 0, out, e))
		return false;
	beside_put(&ig->part_packages, part, *out);
	return true;
}

/* ---- places: parts of a scope ---- */

bool scope_id(struct ingest *ig, const char *scope, int64_t *out, struct err *e)
{
	return package_id(ig, SCOPE_TYPE, scope ? scope : "", out, e);
}

bool place_id(struct ingest *ig, const char *scope, const char *place, int64_t *part, struct err *e)
{
	const struct package_id p = { SCOPE_TYPE, scope ? scope : "", place ? place : "" };

	return part_id(ig, &p, part, e);
}

/* ---- what an asset holds, and where ---- */

static bool add_holding(struct ingest *ig, struct holdings *h, int64_t asset, struct gathered row,
			struct err *e)
{
	return gather_add(ig->db, asset > ig->old_assets ? &h->fresh : &h->known, row, e);
}

bool hold_part(struct ingest *ig, struct look *l, int64_t part, struct err *e)
{
	return add_holding(ig, &ig->held, l->asset, (struct gathered){ { part, l->asset } }, e);
}

bool locate_part(struct ingest *ig, struct look *l, int64_t part, const char *path,
		 const char *layer, struct err *e)
{
	int64_t path_text, layer_text;

	if (str_empty(path) && str_empty(layer))
		return true;
	if (!text_id(ig, path, &path_text, e) || !text_id(ig, layer, &layer_text, e))
		return false;
	return add_holding(ig, &ig->located, l->asset,
			   (struct gathered){ { l->asset, part, path_text, layer_text } }, e);
}

/* ---- both are written many at a time ---- */

static const char SQL_HOLDS[] = "INSERT INTO holds (part, asset)\n"
				"SELECT g.a, g.b\n"
				"FROM given AS g\n"
				"WHERE true\n"
				"ON CONFLICT (part, asset) DO NOTHING";
static const char SQL_LOCATION[] =
	"INSERT INTO location (asset, part, path, layer)\n"
	"SELECT g.a, g.b, g.c, g.d\n"
	"FROM given AS g\n"
	"WHERE true\n"
	"ON CONFLICT (asset, part, path) DO UPDATE SET layer = excluded.layer\n"
	"WHERE excluded.layer > 0 AND location.layer <> excluded.layer";

/*
 * What an asset that was known before turns out to hold is told before it is written, as it was: a
 * past day does not show it. Most of what comes again is as it was, and neither is written.
 */
static const char SQL_HOLDS_WAS[] =
	"INSERT INTO holds_was (part, asset, by_seq, by_at)\n"
	"SELECT DISTINCT g.a, g.b, r.seq, r.at\n"
	"FROM given AS g CROSS JOIN record_now AS r\n"
	"WHERE NOT EXISTS (SELECT 1 FROM holds AS h WHERE h.part = g.a AND h.asset = g.b)\n"
	"ON CONFLICT (part, asset) DO UPDATE SET by_seq = by_seq";
static const char SQL_LOCATION_WAS[] =
	"INSERT INTO location_was (asset, part, path, by_seq, by_at, layer)\n"
	"SELECT DISTINCT g.a, g.b, g.c, r.seq, r.at, coalesce(l.layer, -1)\n"
	"FROM given AS g CROSS JOIN record_now AS r\n"
	"LEFT JOIN location AS l ON l.asset = g.a AND l.part = g.b AND l.path = g.c\n"
	"WHERE l.asset IS NULL OR g.d > 0 AND l.layer <> g.d\n"
	"ON CONFLICT (asset, part, path, by_seq) DO UPDATE SET layer = layer";

static void holding_init(struct holdings *h, const char *sql, const char *was)
{
	h->fresh = (struct gather)GATHER_INIT(sql);
	h->known = (struct gather)GATHER_INIT(sql);
	h->known.before = was;
}

void holdings_init(struct ingest *ig)
{
	holding_init(&ig->held, SQL_HOLDS, SQL_HOLDS_WAS);
	holding_init(&ig->located, SQL_LOCATION, SQL_LOCATION_WAS);
}

static bool holding_flush(struct db *db, struct holdings *h, struct err *e)
{
	return gather_flush(db, &h->fresh, e) && gather_flush(db, &h->known, e);
}

bool holdings_flush(struct ingest *ig, struct err *e)
{
	return holding_flush(ig->db, &ig->held, e) && holding_flush(ig->db, &ig->located, e);
}

static void holding_release(struct holdings *h)
{
	gather_release(&h->fresh);
	gather_release(&h->known);
}

void holdings_release(struct ingest *ig)
{
	holding_release(&ig->held);
	holding_release(&ig->located);
}
