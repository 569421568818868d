/* SPDX-License-Identifier: MIT */
/* ingest_image.c - which image a record speaks of: by its digests, else by its names, else a new
 * one. */
#include <stdlib.h>

#include "store/ingest.h"

#define DIGESTS 32 /* of one record */
#define NAMES	64

/* What a record says of an image's identity, in normal spelling. */
struct claim {
	struct {
		enum digest_kind kind;
		const char *value;
	} digest[DIGESTS];
	size_t ndigest;
	struct image_ref ref[NAMES];
	size_t nref;
	const char *label; /* a name that is no reference: "build/app.tar" */
	const char *arch;
};

/* ---- reading the record ---- */

static void claim_digest(struct ingest *ig, struct claim *c, enum digest_kind kind,
			 const char *value)
{
	char normal[DIGEST_SIZE];

	if (!digest_normal(value, normal) || c->ndigest == DIGESTS)
		return;
	for (size_t i = 0; i < c->ndigest; i++)
		if (str_eq(c->digest[i].value, normal)) {
			if (c->digest[i].kind == DIGEST_UNKNOWN)
				c->digest[i].kind = kind;
			return;
		}
	c->digest[c->ndigest].kind = kind;
	c->digest[c->ndigest++].value = arena_dup(&ig->row, normal);
}

static bool is_archive(const char *name)
{
	return name[0] == '/' || name[0] == '.' || str_suffix(name, ".tar") ||
	       str_suffix(name, ".tar.gz") || str_suffix(name, ".tgz");
}

static void claim_name(struct ingest *ig, struct claim *c, const char *name)
{
	struct image_ref ref;

	if (str_empty(name) || c->nref == NAMES)
		return;
	if (is_archive(name) || !image_ref_parse(name, &ig->row, &ref)) {
		c->label = c->label ? c->label : name;
		return;
	}
	if (ref.digest)
		claim_digest(ig, c, DIGEST_UNKNOWN, ref.digest);
	if (ref.repository)
		c->ref[c->nref++] = ref;
}

static void read_claim(struct ingest *ig, const struct rec_asset *r, struct claim *c)
{
	*c = (struct claim){ .arch = platform_normal(r->arch, &ig->row) };
	for (size_t i = 0; i < r->ndigest; i++)
		claim_digest(ig, c, r->digest[i].kind, r->digest[i].value);
	claim_name(ig, c, r->name);
	for (size_t i = 0; i < r->nnames; i++)
		claim_name(ig, c, r->names[i]);
}

/* ---- digests ---- */

struct digest_row {
	int64_t image, kind;
	bool found;
};

static bool find_digest(struct ingest *ig, const char *value, struct digest_row *out, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "SELECT image, kind\n"
					 "FROM digest\n"
					 "WHERE value = $1");

	*out = (struct digest_row){ 0 };
	db_text(s, 1, value);
	if (db_next(s))
		*out = (struct digest_row){ db_column(s, 0), db_column(s, 1), true };
	return db_done(s, e);
}

static bool is_index(struct ingest *ig, const char *value, bool *yes, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "SELECT 1\n"
					 "FROM index_digest\n"
					 "WHERE value = $1\n"
					 "LIMIT 1");
	int64_t found;

	db_text(s, 1, value);
	if (!db_scalar(s, 0, &found, e))
		return false;
	*yes = found != 0;
	return true;
}

static bool add_index(struct ingest *ig, const char *value, int64_t image, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "INSERT INTO index_digest (value, image)\n"
					 "VALUES ($1, $2)\n"
					 "ON CONFLICT (value, image) DO NOTHING");

	db_text(s, 1, value);
	db_int(s, 2, image);
	return db_run(s, e);
}

/* What was taken for one image's digest turns out to stand for several. */
static bool make_index(struct ingest *ig, const char *value, int64_t image, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "DELETE FROM digest\n"
					 "WHERE value = $1");

	db_text(s, 1, value);
	return db_run(s, e) && add_index(ig, value, image, e);
}

static bool set_pinned(struct ingest *ig, int64_t image, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "UPDATE image\n"
					 "SET unpinned = 0\n"
					 "WHERE asset = $1 AND unpinned = 1");

	db_int(s, 1, image);
	return db_run(s, e);
}

static bool image_add_digest(struct ingest *ig, int64_t image, enum digest_kind kind,
			     const char *value, struct err *e)
{
	struct stmt *s;

	if (!set_pinned(ig, image, e))
		return false;
	if (kind == DIGEST_INDEX)
		return add_index(ig, value, image, e);
	s = db_stmt(ig->db, "INSERT INTO digest (value, kind, image)\n"
			    "VALUES ($1, $2, $3)\n"
			    "ON CONFLICT (value) DO UPDATE SET kind = excluded.kind\n"
			    "WHERE digest.kind = $4");
	db_text(s, 1, value);
	db_int(s, 2, kind);
	db_int(s, 3, image);
	db_int(s, 4, DIGEST_UNKNOWN);
	if (!db_run(s, e))
		return false;
	if (db_changes(ig->db) > 0) /* a policy may approve of it by its digest */
		bears_on(ig->st, BEARS_DRIFT);
	return true;
}

/* The only image a digest of any kind stands for; 0: none, or several. */
bool image_by_digest(struct ingest *ig, const char *digest, int64_t *out, struct err *e)
{
	struct digest_row row;
	struct stmt *s;

	if (!find_digest(ig, digest, &row, e))
		return false;
	*out = row.image;
	if (row.found)
		return true;
	s = db_stmt(ig->db, "SELECT CASE WHEN count(*) = 1 THEN max(image) ELSE 0 END\n"
			    "FROM index_digest\n"
			    "WHERE value = $1");
	db_text(s, 1, digest);
	return db_scalar(s, 0, out, e);
}

/* ---- conflicts: what shows that an unknown digest is not this image's own ---- */

static const char *config_of(const struct claim *c)
{
	for (size_t i = 0; i < c->ndigest; i++)
		if (c->digest[i].kind == DIGEST_CONFIG)
			return c->digest[i].value;
	return NULL;
}

static bool conflicts(struct ingest *ig, const struct claim *c, int64_t image, bool *yes,
		      struct err *e)
{
	const char *config = config_of(c);
	struct stmt *s = db_stmt(ig->db,
				 "SELECT i.arch, coalesce(d.value, '')\n"
				 "FROM image AS i\n"
				 "LEFT JOIN digest AS d ON d.image = i.asset AND d.kind = $1\n"
				 "WHERE i.asset = $2");

	db_int(s, 1, DIGEST_CONFIG);
	db_int(s, 2, image);
	*yes = false;
	while (db_next(s)) {
		const char *arch = db_column_text(s, 0), *other = db_column_text(s, 1);

		*yes |= *arch && *c->arch && !str_eq(arch, c->arch);
		*yes |= *other && config && !str_eq(other, config);
	}
	return db_done(s, e);
}

/* An image this digest leads to, or 0; the digest's kind is put right on the way. */
static bool follow_digest(struct ingest *ig, struct claim *c, size_t i, int64_t *out, struct err *e)
{
	const char *value = c->digest[i].value;
	struct digest_row row;
	bool yes = false;

	*out = 0;
	if (c->digest[i].kind == DIGEST_UNKNOWN && !is_index(ig, value, &yes, e))
		return false;
	if (yes)
		c->digest[i].kind = DIGEST_INDEX;
	if (!find_digest(ig, value, &row, e))
		return false;
	if (!row.found)
		return true;
	if (c->digest[i].kind == DIGEST_INDEX)
		return make_index(ig, value, row.image, e);
	if (row.kind == DIGEST_UNKNOWN || c->digest[i].kind == DIGEST_UNKNOWN) {
		if (!conflicts(ig, c, row.image, &yes, e))
			return false;
		if (yes) {
			c->digest[i].kind = DIGEST_INDEX;
			return make_index(ig, value, row.image, e);
		}
	}
	*out = row.image;
	return true;
}

/* All images the digests lead to are one. */
static bool by_digests(struct ingest *ig, struct claim *c, int64_t *out, struct err *e)
{
	int64_t found;

	*out = 0;
	for (size_t i = 0; i < c->ndigest; i++) {
		if (!follow_digest(ig, c, i, &found, e))
			return false;
		if (found == 0 || found == *out)
			continue;
		if (*out != 0 &&
		    !image_merge(ig, *out < found ? *out : found, *out < found ? found : *out, e))
			return false;
		*out = *out == 0 || found < *out ? found : *out;
	}
	return true;
}

static bool has_own_digest(const struct claim *c)
{
	for (size_t i = 0; i < c->ndigest; i++)
		if (c->digest[i].kind != DIGEST_INDEX)
			return true;
	return false;
}

/* Of a record with nothing but an index digest: the image of that index that fits. */
static bool by_index(struct ingest *ig, const struct claim *c, int64_t *out, struct err *e)
{
	struct stmt *s;

	*out = 0;
	for (size_t i = 0; i < c->ndigest && *out == 0; i++) {
		s = db_stmt(ig->db,
			    "SELECT CASE WHEN count(*) = 1 THEN max(x.image) ELSE 0 END\n"
			    "FROM index_digest AS x\n"
			    "JOIN image AS i ON i.asset = x.image\n"
			    "WHERE x.value = $1 AND ($2 = '' OR i.arch = '' OR i.arch = $2)");
		db_text(s, 1, c->digest[i].value);
		db_text(s, 2, c->arch);
		if (!db_scalar(s, 0, out, e))
			return false;
	}
	return true;
}

static bool by_names(struct ingest *ig, const struct claim *c, int64_t at, int64_t *out,
		     struct err *e)
{
	*out = 0;
	for (size_t i = 0; i < c->nref && *out == 0; i++)
		if (c->ref[i].name && !name_holder(ig, c->ref[i].name, c->arch, at, out, e))
			return false;
	return true;
}

/* ---- a new image ---- */

/* The digest that names it best: what only this image can have. */
static const char *first_digest(const struct claim *c)
{
	static const enum digest_kind order[] = { DIGEST_CONFIG, DIGEST_MANIFEST, DIGEST_UNKNOWN,
						  DIGEST_INDEX };

	for (size_t k = 0; k < LENGTH(order); k++)
		for (size_t i = 0; i < c->ndigest; i++)
			if (c->digest[i].kind == order[k])
				return c->digest[i].value;
	return NULL;
}

static const char *claim_key(struct ingest *ig, const struct claim *c)
{
	const char *digest = first_digest(c);

	if (digest && has_own_digest(c))
		return digest;
	if (digest)
		return arena_printf(&ig->row, "%s %s", digest, c->arch);
	if (c->nref > 0) /* a name has an image for each platform */
		return arena_printf(&ig->row, "name:%s%s%s",
				    c->ref[0].name ? c->ref[0].name : c->ref[0].repository,
				    *c->arch ? " " : "", c->arch);
	return arena_printf(&ig->row, "name:%s", c->label ? c->label : "unnamed");
}

static const char *claim_name_shown(struct ingest *ig, const struct claim *c)
{
	const char *digest = first_digest(c);

	if (c->nref > 0)
		return c->ref[0].name ? c->ref[0].name : c->ref[0].repository;
	if (c->label || !digest)
		return c->label ? c->label : "unnamed";
	return arena_dupn(&ig->row, digest, strlen("sha256:") + 12);
}

static bool make_image(struct ingest *ig, const struct claim *c, int64_t *out, struct err *e)
{
	struct stmt *s;

	if (!asset_id(ig, ASSET_IMAGE, 0, claim_key(ig, c), out, e))
		return false;
	s = db_stmt(ig->db, "INSERT INTO image (asset, name, unpinned)\n"
			    "VALUES ($1, $2, $3)\n"
			    "ON CONFLICT (asset) DO NOTHING");
	db_int(s, 1, *out);
	db_text(s, 2, claim_name_shown(ig, c));
	db_int(s, 3, c->ndigest == 0);
	return db_run(s, e);
}

static bool describe(struct ingest *ig, int64_t image, const struct rec_asset *r,
		     const char *arch, struct err *e)
{
	struct stmt *s;

	if (str_empty(r->os) && str_empty(arch) && str_empty(r->base) && r->built == 0 &&
	    !r->eol)
		return true;
	s = db_stmt(ig->db, "UPDATE image\n"
			    "SET os = CASE WHEN $1 <> '' THEN $1 ELSE os END,\n"
			    "    arch = CASE WHEN $2 <> '' THEN $2 ELSE arch END,\n"
			    "    base = CASE WHEN $3 <> '' THEN $3 ELSE base END,\n"
			    "    built = CASE WHEN $4 > 0 THEN $4 ELSE built END,\n"
			    "    eol = CASE WHEN $5 > 0 THEN 1 ELSE eol END\n"
			    "WHERE asset = $6");
	db_text(s, 1, r->os ? r->os : "");
	db_text(s, 2, arch);
	db_text(s, 3, r->base ? r->base : "");
	db_int(s, 4, r->built);
	db_int(s, 5, r->eol);
	db_int(s, 6, image);
	bears_on(ig->st, (r->eol ? BEARS_SCANS : 0u) | (str_empty(r->base) ? 0u : BEARS_DRIFT));
	return db_run(s, e);
}

static bool write_names(struct ingest *ig, const struct claim *c, int64_t image, int64_t at,
			bool holds, struct err *e)
{
	for (size_t i = 0; i < c->nref; i++) {
		const struct image_ref *ref = &c->ref[i];

		if (holds && ref->name ? !name_hold(ig, image, ref, at, e)
				       : !name_mention(ig, image, ref, at, e))
			return false;
	}
	return true;
}

static bool find_image(struct ingest *ig, struct claim *c, int64_t at, int64_t *out, struct err *e)
{
	if (!by_digests(ig, c, out, e))
		return false;
	if (*out != 0 || has_own_digest(c))
		return true;
	return by_index(ig, c, out, e) && (*out != 0 || by_names(ig, c, at, out, e));
}

bool image_id(struct ingest *ig, const struct rec_asset *r, int64_t at, bool holds, int64_t *out,
	      struct err *e)
{
	struct claim *c = arena_new(&ig->row, struct claim);
	bool named_only;

	read_claim(ig, r, c);
	if (!find_image(ig, c, at, out, e))
		return false;
	if (*out == 0 && !make_image(ig, c, out, e))
		return false;
	for (size_t i = 0; i < c->ndigest; i++)
		if (!image_add_digest(ig, *out, c->digest[i].kind, c->digest[i].value, e))
			return false;
	named_only = c->ndigest == 0;
	return describe(ig, *out, r, c->arch, e) &&
	       write_names(ig, c, *out, at, holds || named_only, e) &&
	       image_touch(ig, *out, e) && name_absorb(ig, *out, e);
}
