/* SPDX-License-Identifier: MIT */
/* image_name.c - which image holds a name from when to when. */
#include "store/ingest.h"

/* One interval of a name. */
struct holding {
	int64_t image, since, until, seen;
	bool found;
};

static bool read_holding(struct stmt *s, struct holding *out, struct err *e)
{
	*out = (struct holding){ 0 };
	if (db_next(s))
		*out = (struct holding){ db_column(s, 0), db_column(s, 1), db_column(s, 2),
					 db_column(s, 3), true };
	return db_done(s, e);
}

/* Intervals of no length only say that a container ran under the name; they hold nothing. */
static bool newest_until(struct ingest *ig, const char *name, const char *arch, int64_t at,
			 struct holding *out, struct err *e)
{
	struct stmt *s = db_stmt(ig->db,
				 "SELECT n.image, n.since, n.until, n.seen\n"
				 "FROM image_name AS n\n"
				 "JOIN image AS i ON i.asset = n.image\n"
				 "WHERE n.name = $1 AND n.since <= $2 AND n.until <> n.since\n"
				 "  AND ($3 = '' OR i.arch IN ('', $3))\n"
				 "ORDER BY n.since DESC, n.seq DESC\n"
				 "LIMIT 1");

	db_text(s, 1, name);
	db_int(s, 2, at);
	db_text(s, 3, arch);
	return read_holding(s, out, e);
}

static bool oldest_after(struct ingest *ig, const char *name, const char *arch, int64_t at,
			 struct holding *out, struct err *e)
{
	struct stmt *s = db_stmt(ig->db,
				 "SELECT n.image, n.since, n.until, n.seen\n"
				 "FROM image_name AS n\n"
				 "JOIN image AS i ON i.asset = n.image\n"
				 "WHERE n.name = $1 AND n.since > $2 AND n.until <> n.since\n"
				 "  AND ($3 = '' OR i.arch IN ('', $3))\n"
				 "ORDER BY n.since, n.seq\n"
				 "LIMIT 1");

	db_text(s, 1, name);
	db_int(s, 2, at);
	db_text(s, 3, arch);
	return read_holding(s, out, e);
}

static bool built_before(struct ingest *ig, int64_t image, int64_t at, bool *yes, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "SELECT built\n"
					 "FROM image\n"
					 "WHERE asset = $1");
	int64_t built;

	db_int(s, 1, image);
	if (!db_scalar(s, 0, &built, e))
		return false;
	*yes = built > 0 && built <= at;
	return true;
}

/* Before the first interval the name may well have meant the same image already, if that was built
 * by then. */
bool name_holder(struct ingest *ig, const char *name, const char *arch, int64_t at, int64_t *out,
		 struct err *e)
{
	struct holding h;
	bool there = false;

	*out = 0;
	if (!newest_until(ig, name, arch, at, &h, e))
		return false;
	if (!h.found) {
		if (!oldest_after(ig, name, arch, at, &h, e))
			return false;
		if (h.found && !built_before(ig, h.image, at, &there, e))
			return false;
		*out = there ? h.image : 0;
		return true;
	}
	*out = h.image;
	return true;
}

bool repository_id(struct ingest *ig, const char *name, int64_t *out, struct err *e)
{
	struct stmt *s;

	if (memo_get(&ig->repositories, name, strlen(name), out))
		return true;
	s = db_stmt(ig->db, "INSERT INTO repository (name)\n"
			    "VALUES ($1)\n"
			    "ON CONFLICT (name) DO UPDATE SET name = excluded.name\n"
			    "RETURNING id");
	db_text(s, 1, name);
	if (!db_scalar(s, 0, out, e))
		return false;
	memo_put(&ig->repositories, name, strlen(name), *out);
	return true;
}

static bool add_interval(struct ingest *ig, int64_t image, const struct image_ref *ref,
			 int64_t since, int64_t until, int64_t seen, struct err *e)
{
	struct stmt *s;
	int64_t repository;

	if (!repository_id(ig, ref->repository, &repository, e))
		return false;
	s = db_stmt(ig->db,
		    "INSERT INTO image_name (name, since, image, until, seen, repository, seq)\n"
		    "VALUES ($1, $2, $3, $4, $5, $6, $7)\n"
		    "ON CONFLICT (name, since, image) DO UPDATE\n"
		    "SET until = excluded.until, seen = excluded.seen, seq = excluded.seq");
	db_text(s, 1, ref->name ? ref->name : ref->repository);
	db_int(s, 2, since);
	db_int(s, 3, image);
	db_int(s, 4, until);
	db_int(s, 5, seen);
	db_int(s, 6, repository);
	db_int(s, 7, ig->seq);
	return db_run(s, e);
}

static bool end_interval(struct ingest *ig, const char *name, const struct holding *h,
			 int64_t until, struct err *e)
{
	struct stmt *s;

	if (h->since == until) { /* it held the name for no time at all */
		s = db_stmt(ig->db, "UPDATE image_name\n"
				    "SET until = since\n"
				    "WHERE name = $1 AND since = $2 AND image = $3");
		db_text(s, 1, name);
		db_int(s, 2, h->since);
		db_int(s, 3, h->image);
		return db_run(s, e);
	}
	s = db_stmt(ig->db, "UPDATE image_name\n"
			    "SET until = $1\n"
			    "WHERE name = $2 AND since = $3 AND image = $4");
	db_int(s, 1, until);
	db_text(s, 2, name);
	db_int(s, 3, h->since);
	db_int(s, 4, h->image);
	return db_run(s, e);
}

static bool mark_seen(struct ingest *ig, const char *name, const struct holding *h, int64_t at,
		      struct err *e)
{
	struct stmt *s = db_stmt(ig->db,
				 "UPDATE image_name\n"
				 "SET seen = $1\n"
				 "WHERE name = $2 AND since = $3 AND image = $4 AND seen < $1");

	db_int(s, 1, at);
	db_text(s, 2, name);
	db_int(s, 3, h->since);
	db_int(s, 4, h->image);
	return db_run(s, e);
}

static bool move_start(struct ingest *ig, const char *name, const struct holding *h, int64_t since,
		       struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "DELETE FROM image_name\n"
					 "WHERE name = $1 AND since = $2 AND image = $3");

	db_text(s, 1, name); /* that it ran under the name then is part of holding it now */
	db_int(s, 2, since);
	db_int(s, 3, h->image);
	if (!db_run(s, e))
		return false;
	s = db_stmt(ig->db, "UPDATE image_name\n"
			    "SET since = $1\n"
			    "WHERE name = $2 AND since = $3 AND image = $4");
	db_int(s, 1, since);
	db_text(s, 2, name);
	db_int(s, 3, h->since);
	db_int(s, 4, h->image);
	return db_run(s, e);
}

/*
 * Between two intervals, or behind the last. An image that was seen under the name later than `at`
 * takes it back then: a late report moves nothing that a newer one said.
 */
static bool hold_from(struct ingest *ig, int64_t image, const struct image_ref *ref, int64_t at,
		      const struct holding *before, const struct holding *after, struct err *e)
{
	int64_t until = after->found ? after->since : 0;
	bool back = before->found && before->seen > at;

	if (before->found &&
	    (!image_touch(ig, before->image, e) || !end_interval(ig, ref->name, before, at, e)))
		return false;
	if (!back && after->found && after->image == image)
		return move_start(ig, ref->name, after, at, e);
	if (!add_interval(ig, image, ref, at, back ? before->seen : until, at, e))
		return false;
	return !back || add_interval(ig, before->image, ref, before->seen, until, before->seen, e);
}

static bool arch_of(struct ingest *ig, int64_t image, const char **out, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "SELECT arch\n"
					 "FROM image\n"
					 "WHERE asset = $1");

	*out = "";
	db_int(s, 1, image);
	if (db_next(s))
		*out = arena_dup(&ig->row, db_column_text(s, 0));
	return db_done(s, e);
}

/* Images of different platforms hold one name side by side. */
bool name_hold(struct ingest *ig, int64_t image, const struct image_ref *ref, int64_t at,
	       struct err *e)
{
	struct holding before, after;
	const char *arch;

	if (!arch_of(ig, image, &arch, e) || !newest_until(ig, ref->name, arch, at, &before, e))
		return false;
	if (before.found && before.image == image)
		return mark_seen(ig, ref->name, &before, at, e);
	return oldest_after(ig, ref->name, arch, at, &after, e) && image_touch(ig, image, e) &&
	       hold_from(ig, image, ref, at, &before, &after, e);
}

bool name_mention(struct ingest *ig, int64_t image, const struct image_ref *ref, int64_t at,
		  struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "SELECT 1\n"
					 "FROM image_name\n"
					 "WHERE image = $1 AND name = $2\n"
					 "LIMIT 1");
	int64_t known;

	db_int(s, 1, image);
	db_text(s, 2, ref->name ? ref->name : ref->repository);
	if (!db_scalar(s, 0, &known, e))
		return false;
	return known || (image_touch(ig, image, e) && add_interval(ig, image, ref, at, at, at, e));
}

/* ---- images that only a name was known of ---- */

struct loose {
	int64_t image, since;
};

static bool next_loose(struct ingest *ig, int64_t image, int64_t built, struct loose *out,
		       struct err *e)
{
	struct stmt *s = db_stmt(
		ig->db, "SELECT l.image, l.since\n"
			"FROM image_name AS mine\n"
			"JOIN image AS me ON me.asset = mine.image\n"
			"JOIN image_name AS l ON l.name = mine.name AND l.image <> mine.image\n"
			"JOIN image AS i ON i.asset = l.image AND i.unpinned = 1\n"
			"  AND (me.arch = '' OR i.arch IN ('', me.arch))\n"
			"WHERE mine.image = $1 AND l.since >= $2\n"
			"  AND NOT EXISTS (SELECT 1 FROM image_name AS o\n"
			"    JOIN image AS a ON a.asset = o.image\n"
			"      AND (me.arch = '' OR a.arch IN ('', me.arch))\n"
			"    WHERE o.name = l.name AND o.since <= l.since\n"
			"      AND (o.until = 0 OR o.until > l.since)\n"
			"      AND o.image <> l.image AND o.image <> mine.image)\n"
			"ORDER BY l.since\n"
			"LIMIT 1");

	*out = (struct loose){ 0 };
	db_int(s, 1, image);
	db_int(s, 2, built);
	if (db_next(s))
		*out = (struct loose){ db_column(s, 0), db_column(s, 1) };
	return db_done(s, e);
}

bool name_absorb(struct ingest *ig, int64_t image, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "SELECT built\n"
					 "FROM image\n"
					 "WHERE asset = $1 AND unpinned = 0");
	struct loose l;
	int64_t built;

	db_int(s, 1, image);
	if (!db_scalar(s, 0, &built, e))
		return false;
	while (built > 0) {
		if (!next_loose(ig, image, built, &l, e))
			return false;
		if (l.image == 0)
			return true;
		if (!image_merge(ig, image, l.image, e))
			return false;
	}
	return true;
}
