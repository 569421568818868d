/* SPDX-License-Identifier: MIT */
/* standing.c - which assets count: an image that runs or holds a name, and everything that is no
 * image. */
#include <stdlib.h>

#include "store/ingest.h"

#define uthash_fatal(msg) die("out of memory")
#include <uthash.h>

#define CHUNK 512

struct image_touch {
	int64_t image;
	struct standing was; /* as counted until now */
	UT_hash_handle hh;
};

/* ---- as counted ---- */

static bool read_repositories(struct ingest *ig, struct standing *s, struct err *e)
{
	size_t cap = 0;
	struct stmt *q = db_stmt(ig->db, "SELECT DISTINCT repository\n"
					 "FROM image_name\n"
					 "WHERE image = $1\n"
					 "ORDER BY repository");

	db_int(q, 1, s->asset);
	while (s->image && db_next(q)) {
		ARRAY_MORE(s->repository, s->nrepository, cap);
		s->repository[s->nrepository++] = db_column(q, 0);
	}
	if (!db_done(q, e))
		return false;
	if (s->nrepository == 0) {
		ARRAY_MORE(s->repository, s->nrepository, cap);
		s->repository[s->nrepository++] = -s->asset;
	}
	return true;
}

/* Nothing has ever been found in it, nor in another image of its one repository. */
static const char SQL_FIRST[] =
	"SELECT EXISTS (SELECT 1 FROM finding WHERE asset = $1)\n"
	"    OR EXISTS (SELECT 1 FROM image_name WHERE repository = $2 AND image <> $1)";

static bool read_first(struct ingest *ig, struct standing *s, struct err *e)
{
	int64_t any;
	struct stmt *q = db_stmt(ig->db, SQL_FIRST);

	db_int(q, 1, s->asset);
	db_int(q, 2, s->repository[0]);
	if (!db_scalar(q, 0, &any, e))
		return false;
	s->first = s->nrepository == 1 && any == 0;
	return true;
}

static const char SQL_STANDING[] =
	"SELECT a.kind, coalesce(i.current, 0), coalesce(i.running, 0),\n"
	"       coalesce(i.exposed, w.exposed, 0)\n"
	"FROM asset AS a\n"
	"LEFT JOIN image AS i ON i.asset = a.id\n"
	"LEFT JOIN workload AS w ON w.asset = a.id\n"
	"WHERE a.id = $1";

bool standing_load(struct ingest *ig, int64_t asset, struct standing *out, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, SQL_STANDING);

	*out = (struct standing){ .asset = asset };
	db_int(s, 1, asset);
	if (db_next(s)) {
		int64_t kind = db_column(s, 0);

		out->image = kind == ASSET_IMAGE;
		out->counts = !out->image || db_column(s, 1) > 0 || db_column(s, 2) > 0;
		out->running = out->image ? db_column(s, 2) > 0 : kind != ASSET_TREE;
		out->exposed = (int)db_column(s, 3);
	}
	if (!db_done(s, e) || !asset_tags(ig->st, ig->policies, asset, &out->tags, e))
		return false;
	if (tags_have(ig->policies, out->tags, TAG_EXPOSED))
		out->exposed = 2;
	return read_repositories(ig, out, e) && read_first(ig, out, e);
}

bool image_touch(struct ingest *ig, int64_t image, struct err *e)
{
	struct image_touch *t;

	HASH_FIND(hh, ig->images, &image, sizeof(image), t);
	if (t)
		return true;
	t = xcalloc(1, sizeof(*t));
	t->image = image;
	HASH_ADD(hh, ig->images, image, sizeof(t->image), t);
	return standing_load(ig, image, &t->was, e);
}

bool images_touch(struct ingest *ig, const char *sql, int64_t object, struct err *e)
{
	int64_t *image = NULL;
	size_t n = 0, cap = 0;
	struct stmt *s = db_stmt(ig->db, sql);
	bool ok;

	db_int(s, 1, object);
	while (db_next(s)) {
		ARRAY_MORE(image, n, cap);
		image[n++] = db_column(s, 0);
	}
	ok = db_done(s, e);
	for (size_t i = 0; ok && i < n; i++)
		ok = image_touch(ig, image[i], e);
	free(image);
	return ok;
}

void standings_release(struct ingest *ig)
{
	struct image_touch *t, *next;

	HASH_ITER(hh, ig->images, t, next)
	{
		HASH_DEL(ig->images, t);
		free(t->was.repository);
		free(t);
	}
}

/* ---- counting an asset's findings anew ---- */

static const char SQL_SEEN[] =
	"SELECT f.advisory, f.part, p.package, f.severity, f.since, f.due, f.state,\n"
	"       coalesce(d.maker, 0), coalesce(d.state, f.state), coalesce(d.check_in, 0)\n"
	"FROM finding AS f\n"
	"JOIN part AS p ON p.id = f.part\n"
	"LEFT JOIN decided AS d ON d.asset = f.asset AND d.advisory = f.advisory\n"
	"  AND d.part = f.part\n"
	"WHERE f.asset = $1 AND f.state <> 1 AND (f.advisory, f.part) > ($2, $3)\n"
	"ORDER BY f.advisory, f.part\n"
	"LIMIT $4";

static bool read_seen(struct ingest *ig, int64_t asset, const struct finding_row *after,
		      struct finding_row *out, size_t *n, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, SQL_SEEN);

	*n = 0;
	db_int(s, 1, asset);
	db_int(s, 2, after->advisory);
	db_int(s, 3, after->part);
	db_int(s, 4, CHUNK);
	while (db_next(s))
		out[(*n)++] = (struct finding_row){ .advisory = db_column(s, 0),
						    .part = db_column(s, 1),
						    .package = db_column(s, 2),
						    .severity = db_column(s, 3),
						    .since = db_column(s, 4),
						    .due = db_column(s, 5),
						    .state = db_column(s, 6),
						    .maker = db_column(s, 7),
						    .says = db_column(s, 8),
						    .check_in = db_column(s, 9) };
	return db_done(s, e);
}

static bool write_due(struct ingest *ig, int64_t asset, const struct finding_row *f, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "UPDATE finding\n"
					 "SET due = $1\n"
					 "WHERE asset = $2 AND advisory = $3 AND part = $4");

	db_int(s, 1, f->due);
	db_int(s, 2, asset);
	db_int(s, 3, f->advisory);
	db_int(s, 4, f->part);
	return db_run(s, e);
}

static bool restate_one(struct ingest *ig, const struct standing *was, const struct standing *is,
			const struct finding_row *f, struct err *e)
{
	int64_t at = ig->newest > 0 ? ig->newest : ingest_time(ig), start = at;
	struct finding_row now = *f;
	struct facts a;

	if (!count_close(ig, was, f, at, e))
		return false;
	now.due = DUE_NONE;
	if (is->counts && (!advisory_facts(ig, f->advisory, &a, e) ||
			   !clock_start_again(ig, is, f, &a, at, &start, e) ||
			   !count_open(ig, is, &now, start, at, e)))
		return false;
	return now.due == f->due || write_due(ig, is->asset, &now, e);
}

static bool restate_all(struct ingest *ig, const struct standing *was, const struct standing *is,
			struct finding_row *row, struct group *g, struct err *e)
{
	struct finding_row last = { 0 };
	size_t n;

	do {
		if (!read_seen(ig, is->asset, &last, row, &n, e))
			return false;
		for (size_t i = 0; i < n; i++) {
			bool open = row[i].state == STATE_OPEN;

			if (!restate_one(ig, was, is, &row[i], e) ||
			    !group_add(ig, g, was, is, row[i].advisory, row[i].package, open, open,
				       e))
				return false;
		}
		if (n > 0)
			last = row[n - 1];
	} while (n == CHUNK);
	return group_end(ig, g, was, is, e);
}

static bool same_repositories(const struct standing *a, const struct standing *b)
{
	return a->nrepository == b->nrepository &&
	       memcmp(a->repository, b->repository, a->nrepository * sizeof(*a->repository)) == 0;
}

static bool same_standing(const struct standing *a, const struct standing *b)
{
	return a->counts == b->counts && a->running == b->running && a->exposed == b->exposed &&
	       a->tags == b->tags && same_repositories(a, b);
}

bool asset_restate(struct ingest *ig, const struct standing *was, const struct standing *is,
		   struct err *e)
{
	struct finding_row *row;
	struct group g = { 0 };
	bool ok;

	if ((!was->counts && !is->counts) || same_standing(was, is))
		return true;
	asset_touch(ig, is->asset, false);
	row = xcalloc(CHUNK, sizeof(*row));
	ok = restate_all(ig, was, is, row, &g, e);
	free(row);
	free(g.p);
	return ok;
}

/* ---- images whose names, containers or exposure this import touched ---- */

struct image_now {
	int64_t current, running, exposed, repository;
	char *name;
};

static const char SQL_NOW[] =
	"SELECT EXISTS (SELECT 1 FROM image_name AS n WHERE n.image = $1 AND n.until = 0),\n"
	"       count(c.asset),\n"
	"       coalesce(max(CASE WHEN c.host_port = 1 THEN 2\n"
	"                         ELSE coalesce(w.exposed, 0) END), 0)\n"
	"FROM container AS c\n"
	"LEFT JOIN workload AS w ON w.asset = c.workload\n"
	"WHERE c.image = $1 AND c.running = 1";
static const char SQL_NAME[] = "SELECT name, repository\n"
			       "FROM image_name\n"
			       "WHERE image = $1\n"
			       "ORDER BY until = 0 DESC, since DESC, name\n"
			       "LIMIT 1";

static bool read_now(struct ingest *ig, int64_t image, struct image_now *out, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, SQL_NOW);

	*out = (struct image_now){ 0 };
	db_int(s, 1, image);
	if (db_next(s)) {
		out->current = db_column(s, 0);
		out->running = db_column(s, 1);
		out->exposed = db_column(s, 2);
	}
	if (!db_done(s, e))
		return false;
	s = db_stmt(ig->db, SQL_NAME);
	db_int(s, 1, image);
	if (db_next(s)) {
		out->name = arena_dup(&ig->row, db_column_text(s, 0));
		out->repository = db_column(s, 1);
	}
	return db_done(s, e);
}

static bool write_now(struct ingest *ig, int64_t image, const struct image_now *now, struct err *e)
{
	struct stmt *s = db_stmt(ig->db,
				 "UPDATE image\n"
				 "SET current = $1, running = $2, exposed = $3, repository = $4,\n"
				 "    name = CASE WHEN $5 <> '' THEN $5 ELSE name END\n"
				 "WHERE asset = $6");

	db_int(s, 1, now->current);
	db_int(s, 2, now->running);
	db_int(s, 3, now->exposed);
	db_int(s, 4, now->repository);
	db_text(s, 5, now->name ? now->name : "");
	db_int(s, 6, image);
	return db_run(s, e);
}

/* What is judged of images that count is another now, what checks say of this one too. */
static bool bear(struct ingest *ig, int64_t image, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "SELECT DISTINCT advisory\n"
					 "FROM check_result\n"
					 "WHERE asset = $1");

	bears_on(ig->st, BEARS_IMAGES | BEARS_SCANS | BEARS_SECRETS | BEARS_SIGNATURES |
				 BEARS_DRIFT);
	db_int(s, 1, image);
	while (db_next(s))
		bears_rule(ig->st, db_column(s, 0));
	return db_done(s, e);
}

static bool settle_image(struct ingest *ig, const struct image_touch *t, struct err *e)
{
	struct standing is;
	struct image_now now;
	bool ok;

	uint64_t tags;

	arena_reset(&ig->row);
	if (!read_now(ig, t->image, &now, e) ||
	    !asset_tags(ig->st, ig->policies, t->image, &tags, e))
		return false;
	if (tags_have(ig->policies, tags, TAG_EXPOSED))
		now.exposed = 2;
	if (!write_now(ig, t->image, &now, e))
		return false;
	asset_touch_places(ig, t->image);
	ok = standing_load(ig, t->image, &is, e) && asset_restate(ig, &t->was, &is, e);
	if (ok && (is.counts != t->was.counts || is.running != t->was.running))
		ok = bear(ig, t->image, e);
	if (ok) /* exceptions may reach it by its new names, and statements wait for them */
		keyset_add(&ig->redecide, (uint64_t)t->image);
	free(is.repository);
	return ok;
}

bool image_withdraw(struct ingest *ig, int64_t image, struct err *e)
{
	struct standing none = { .asset = image, .image = true };
	struct image_touch *t;
	struct stmt *s;

	if (!image_touch(ig, image, e))
		return false;
	HASH_FIND(hh, ig->images, &image, sizeof(image), t);
	if (!asset_restate(ig, &t->was, &none, e))
		return false;
	t->was.counts = t->was.running = false;
	s = db_stmt(ig->db, "UPDATE image\n"
			    "SET current = 0, running = 0\n"
			    "WHERE asset = $1");
	db_int(s, 1, image);
	return db_run(s, e);
}

bool standings_settle(struct ingest *ig, struct err *e)
{
	for (struct image_touch *t = ig->images; t; t = t->hh.next)
		if (!settle_image(ig, t, e))
			return false;
	return true;
}
