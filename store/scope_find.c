/* SPDX-License-Identifier: MIT */
/* scope_find.c - what people name by kind and path: "ns/pay", "cluster/prod-eu", "repo/web/login".
 */
#include "store/identity.h"
#include "store/store_private.h"

struct finder {
	struct store *st;
	struct arena *mem;
	struct scope *found;
	size_t n, cap;
};

static void add(struct finder *f, enum scope_kind kind, int64_t id)
{
	ARENA_MORE(f->mem, f->found, f->n, f->cap);
	f->found[f->n++] = (struct scope){ kind, { id } };
}

/* "NAME", or "CLUSTER/NAME"; both may be patterns. */
static bool find_placed(struct finder *f, enum scope_kind scope, enum asset_kind kind,
			const char *what, struct err *e)
{
	const char *slash = strchr(what, '/');
	const char *place = slash ? arena_dupn(f->mem, what, (size_t)(slash - what)) : "*";
	const char *name = slash ? slash + 1 : what;
	struct stmt *s = db_stmt(f->st->db, "SELECT a.id, a.name, COALESCE(p.name, '')\n"
					    "FROM asset AS a\n"
					    "  LEFT JOIN asset AS p ON p.id = a.parent\n"
					    "WHERE a.kind = $1\n"
					    "ORDER BY p.name, a.name, a.id");

	db_int(s, 1, kind);
	while (db_next(s))
		if (str_glob(name, db_column_text(s, 1)) && str_glob(place, db_column_text(s, 2)))
			add(f, scope, db_column(s, 0));
	return db_done(s, e);
}

/* In full, as Docker shortens it, or what it ends in after a slash; also a pattern. */
static bool is_repository(const char *what, const struct image_ref *full, const char *name)
{
	size_t len = strlen(name), end = strlen(what);

	if (str_glob(what, name) || (full->repository && str_eq(full->repository, name)))
		return true;
	return len > end && name[len - end - 1] == '/' && str_eq(name + len - end, what);
}

static bool find_repository(struct finder *f, const char *what, struct err *e)
{
	struct image_ref full = { NULL, NULL, NULL, NULL };
	struct stmt *s = db_stmt(f->st->db, "SELECT id, name\n"
					    "FROM repository\n"
					    "ORDER BY name");

	if (!image_ref_parse(what, f->mem, &full))
		full.repository = NULL;
	while (db_next(s))
		if (is_repository(what, &full, db_column_text(s, 1)))
			add(f, SCOPE_REPOSITORY, db_column(s, 0));
	return db_done(s, e);
}

/* "CLUSTER/NAMESPACE/WORKLOAD", the workload as its kind and name, or its name. */
static bool find_workload(struct finder *f, const char *what, struct err *e)
{
	struct stmt *s = db_stmt(
		f->st->db,
		"SELECT w.id,\n"
		"  COALESCE(c.name, '') || '/' || COALESCE(n.name, '') || '/' || w.name\n"
		"FROM asset AS w\n"
		"  LEFT JOIN asset AS n ON n.id = w.parent\n"
		"  LEFT JOIN asset AS c ON c.id = n.parent\n"
		"WHERE w.kind = $1\n"
		"ORDER BY 2, w.id");
	const char *end = arena_printf(f->mem, "*/%s", what);

	db_int(s, 1, ASSET_WORKLOAD);
	while (db_next(s))
		if (str_glob(what, db_column_text(s, 1)) || str_glob(end, db_column_text(s, 1)))
			add(f, SCOPE_WORKLOAD, db_column(s, 0));
	return db_done(s, e);
}

/* By its name as images tell it, with the tag or without; what stands for it is one image on it. */
static bool find_base(struct finder *f, const char *what, struct err *e)
{
	struct image_ref full = { NULL, NULL, NULL, NULL }, base;
	struct stmt *s = db_stmt(f->st->db, "SELECT base, MIN(asset)\n"
					    "FROM image\n"
					    "WHERE base <> '' AND (current = 1 OR running > 0)\n"
					    "GROUP BY base\n"
					    "ORDER BY base");

	if (!image_ref_parse(what, f->mem, &full))
		full.repository = NULL;
	while (db_next(s)) {
		const char *name = db_column_text(s, 0);

		if (is_repository(what, &full, name) || str_eq(full.name, name) ||
		    (image_ref_parse(name, f->mem, &base) &&
		     is_repository(what, &full, base.repository) && !strchr(what, ':')))
			add(f, SCOPE_BASE, db_column(s, 1));
	}
	return db_done(s, e);
}

static bool find_image(struct finder *f, const char *what, struct err *e)
{
	int64_t id;

	if (!store_image_find(f->st, what, &id, e))
		return false;
	add(f, SCOPE_IMAGE, id);
	return true;
}

static bool find(struct finder *f, const char *kind, const char *what, struct err *e)
{
	static const struct {
		const char *word, *brief;
		enum scope_kind scope;
		enum asset_kind asset;
	} placed[] = {
		{ "cluster", "cl", SCOPE_CLUSTER, ASSET_CLUSTER },
		{ "namespace", "ns", SCOPE_NAMESPACE, ASSET_NAMESPACE },
		{ "node", "no", SCOPE_NODE, ASSET_HOST },
	};

	for (size_t i = 0; i < LENGTH(placed); i++)
		if (str_eq(kind, placed[i].word) || str_eq(kind, placed[i].brief))
			return find_placed(f, placed[i].scope, placed[i].asset, what, e);
	if (str_eq(kind, "repository") || str_eq(kind, "repo"))
		return find_repository(f, what, e);
	if (str_eq(kind, "workload") || str_eq(kind, "wl"))
		return find_workload(f, what, e);
	if (str_eq(kind, "base"))
		return find_base(f, what, e);
	if (str_eq(kind, "image"))
		return find_image(f, what, e);
	return err_set(e, ERR_USAGE,
		       "%s/%s: there are cluster/, ns/, node/, workload/, repo/, base/ and image/",
		       kind, what);
}

bool store_scope_find(struct store *st, const char *what, struct arena *mem,
		      const struct scope **out, size_t *n, struct err *e)
{
	struct finder f = { .st = st, .mem = mem };
	const char *slash = strchr(what, '/');

	*n = 0;
	if (str_eq(what, "estate")) {
		add(&f, SCOPE_ALL, 0);
	} else if (!slash || !slash[1]) {
		return err_set(e, ERR_USAGE,
			       "%s: wants a kind before it: cluster/NAME, ns/NAME, "
			       "ns/CLUSTER/NAME, repo/NAME, image/NAME",
			       what);
	} else if (!find(&f, arena_dupn(mem, what, (size_t)(slash - what)), slash + 1, e)) {
		return false;
	}
	*out = f.found;
	*n = f.n;
	return f.n > 0 || err_set(e, ERR_USAGE, "no %s was ever seen", what);
}
