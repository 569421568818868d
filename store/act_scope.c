/* SPDX-License-Identifier: MIT */
/* act_scope.c - what people put under a rule: tags on things, and the policy of the estate. */
#include <inttypes.h>
#include <stdlib.h>

#include "store/decision.h"
#include "store/weigh.h"

/* ---- tags: on what ---- */

static bool tag_name(const char *tag, struct err *e)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
	size_t len = tag ? strlen(tag) : 0;

	if (len > 0 && len < 64 && strchr(letters, tag[0]) &&
	    strspn(tag, "abcdefghijklmnopqrstuvwxyz0123456789._-") == len)
		return true;
	return err_set(e, ERR_USAGE,
		       "%s is no tag: lower-case letters, digits, and . _ - after the first",
		       tag ? tag : "");
}

static bool tag_object(const struct scope *what, int64_t *out, struct err *e)
{
	switch (what->kind) {
	case SCOPE_CLUSTER:
	case SCOPE_NODE:
	case SCOPE_NAMESPACE:
	case SCOPE_WORKLOAD:
	case SCOPE_IMAGE:
		*out = what->key[0];
		return true;
	case SCOPE_REPOSITORY:
		*out = -what->key[0];
		return true;
	default:
		return err_set(e, ERR_USAGE,
			       "clusters, nodes, namespaces, workloads, repositories and images "
			       "bear tags");
	}
}

/* ---- what hangs on it: due dates under the policies that its tags bring in ---- */

struct hanging {	      /* assets that lie in the object or run there */
	struct standing *was; /* other than images, which ingest keeps itself */
	size_t n, cap;
	int64_t *space; /* namespaces whose workloads' exposure may change */
	size_t nspace, capspace;
};

static const char SQL_BELOW[] =
	"WITH RECURSIVE below (id) AS (\n"
	"  SELECT $1\n"
	"  UNION\n"
	"  SELECT a.id FROM asset AS a JOIN below AS b ON a.parent = b.id)\n"
	"SELECT a.id, a.kind\n"
	"FROM below AS b JOIN asset AS a ON a.id = b.id\n"
	"WHERE a.kind = $2\n"
	"  OR EXISTS (SELECT 1 FROM finding AS f WHERE f.asset = a.id)";
static const char SQL_IMAGES[] =
	"SELECT image FROM container WHERE namespace = $1 AND running = 1 AND image > 0\n"
	"UNION\n"
	"SELECT image FROM container WHERE cluster = $1 AND running = 1 AND image > 0\n"
	"UNION\n"
	"SELECT image FROM container WHERE workload = $1 AND running = 1 AND image > 0\n"
	"UNION\n"
	"SELECT image FROM image_name WHERE repository = -$1\n"
	"UNION\n"
	"SELECT asset FROM image WHERE asset = $1";

static bool gather(struct ingest *ig, int64_t object, struct hanging *r, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, SQL_BELOW);

	db_int(s, 1, object);
	db_int(s, 2, ASSET_NAMESPACE);
	while (db_next(s)) {
		if (db_column(s, 1) == ASSET_IMAGE)
			continue;
		ARRAY_MORE(r->was, r->n, r->cap);
		r->was[r->n++] = (struct standing){ .asset = db_column(s, 0) };
		if (db_column(s, 1) != ASSET_NAMESPACE)
			continue;
		ARRAY_MORE(r->space, r->nspace, r->capspace);
		r->space[r->nspace++] = db_column(s, 0);
	}
	if (!db_done(s, e))
		return false;
	for (size_t i = 0; i < r->n; i++)
		if (!standing_load(ig, r->was[i].asset, &r->was[i], e))
			return false;
	return images_touch(ig, SQL_IMAGES, object, e);
}

static bool restate(struct ingest *ig, const struct hanging *r, struct err *e)
{
	struct standing is;
	bool ok = true;

	for (size_t i = 0; ok && i < r->nspace; i++)
		ok = expose_namespace(ig, r->space[i], e);
	for (size_t i = 0; ok && i < r->n; i++) {
		ok = standing_load(ig, r->was[i].asset, &is, e) &&
		     asset_restate(ig, &r->was[i], &is, e);
		free(is.repository);
	}
	return ok && standings_settle(ig, e);
}

static void hanging_release(struct hanging *r)
{
	for (size_t i = 0; i < r->n; i++)
		free(r->was[i].repository);
	free(r->was);
	free(r->space);
}

/* ---- the row itself ---- */

static bool bears(struct ingest *ig, int64_t object, const char *tag, bool *yes, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "SELECT 1\n"
					 "FROM tag\n"
					 "WHERE tag = $1 AND object = $2 AND until = 0");
	int64_t found;

	db_text(s, 1, tag);
	db_int(s, 2, object);
	if (!db_scalar(s, 0, &found, e))
		return false;
	*yes = found != 0;
	return true;
}

static bool write_tag(struct ingest *ig, int64_t object, const char *tag, bool bear, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, bear ? "INSERT INTO tag (since, seq, object, tag)\n"
						"VALUES ($1, $2, $3, $4)"
					      : "UPDATE tag\n"
						"SET until = $1, until_seq = $2\n"
						"WHERE object = $3 AND tag = $4 AND until = 0");

	db_int(s, 1, ig->st->now);
	db_int(s, 2, ig->seq);
	db_int(s, 3, object);
	db_text(s, 4, tag);
	return db_run(s, e);
}

/* Policies that the tag brings in are read now: an act fails on a file that is wrong. */
static bool reload(struct ingest *ig, struct err *e)
{
	policies_forget(ig->st);
	weighings_forget(ig);
	return store_policies(ig->st, &ig->policies, e) && store_policy(ig->st, &ig->policy, e);
}

static bool room_for(const struct policies *all, const char *tag, struct err *e)
{
	if (all->ntag < TAGS_MOST || tags_have(all, UINT64_MAX, tag))
		return true;
	return err_set(e, ERR_LIMIT, "a store knows at most %d different tags", TAGS_MOST);
}

static bool change_tag(struct ingest *ig, int64_t object, const char *tag, bool bear, struct err *e)
{
	struct hanging r = { 0 };
	bool ok = room_for(ig->policies, tag, e) && gather(ig, object, &r, e) &&
		  write_tag(ig, object, tag, bear, e) && reload(ig, e) && restate(ig, &r, e) &&
		  alerts_judge(ig, e);

	hanging_release(&r);
	return ok;
}

bool tag_change(struct ingest *ig, const struct scope *what, const char *tag, bool bear,
		bool *changed, struct err *e)
{
	int64_t object = 0;
	bool is;

	*changed = false;
	if (!tag_name(tag, e) || !tag_object(what, &object, e) || !bears(ig, object, tag, &is, e))
		return false;
	*changed = is != bear;
	return !*changed || change_tag(ig, object, tag, bear, e);
}

bool store_tag(struct store *st, const struct scope *what, const char *tag, bool bear,
	       bool *changed, struct err *e)
{
	char name[OBJECT_SIZE];
	struct audit_entry a = { .act = bear ? "tag" : "untag", .object = name };
	struct ingest *ig;
	bool ok;

	*changed = false;
	if (!act_allowed(st, MAY_CONFIGURE, e) || !ingest_act_begin(st, &ig, e))
		return false;
	object_name(what, name);
	*(bear ? &a.after : &a.before) = tag;
	ok = tag_change(ig, what, tag, bear, changed, e);
	ok = ingest_act_end(ig, ok, *changed ? &a : NULL, e);
	if (!ok)
		policies_forget(st);
	return ok;
}

static const char SQL_TAGS[] =
	"SELECT t.object, t.tag, t.since, t.until, COALESCE(a.kind, -1),\n"
	"  CASE WHEN t.object < 0 THEN COALESCE(r.name, '')\n"
	"       WHEN i.asset IS NOT NULL THEN i.name\n"
	"       ELSE COALESCE(p.name || '/', '') || COALESCE(a.name, '') END\n"
	"FROM tag AS t\n"
	"  LEFT JOIN asset AS a ON a.id = t.object\n"
	"  LEFT JOIN asset AS p ON p.id = a.parent\n"
	"  LEFT JOIN image AS i ON i.asset = t.object\n"
	"  LEFT JOIN repository AS r ON r.id = -t.object\n"
	"WHERE $1 = 0 OR t.until = 0\n"
	"ORDER BY 6, t.object, t.tag, t.since, t.seq";

bool store_tags(struct store *st, bool now, struct arena *mem, const struct tag_row **out,
		size_t *n, struct err *e)
{
	struct tag_row *row = NULL;
	size_t cap = 0;
	struct stmt *s = db_stmt(st->db, SQL_TAGS);

	*n = 0;
	db_int(s, 1, now);
	while (db_next(s)) {
		int64_t kind = db_column(s, 4);

		ARENA_MORE(mem, row, *n, cap);
		row[(*n)++] = (struct tag_row){
			.kind = kind < 0 ? "repository" : asset_kind_word((enum asset_kind)kind),
			.object = arena_dup(mem, db_column_text(s, 5)),
			.tag = arena_dup(mem, db_column_text(s, 1)),
			.since = db_column(s, 2),
			.until = db_column(s, 3),
		};
	}
	*out = row;
	return db_done(s, e);
}

/* ---- the policy of the estate ---- */

static bool write_policy(struct ingest *ig, const struct policy *p,
			 const uint8_t hash[static SHA256_SIZE], struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "UPDATE policy\n"
					 "SET until = $1, until_seq = $2\n"
					 "WHERE until = 0");

	db_int(s, 1, ig->st->now);
	db_int(s, 2, ig->seq);
	if (!db_run(s, e))
		return false;
	s = db_stmt(ig->db, "INSERT INTO policy (name, since, seq, hash)\n"
			    "VALUES ($1, $2, $3, $4)");
	db_text(s, 1, p->key);
	db_int(s, 2, ig->st->now);
	db_int(s, 3, ig->seq);
	db_blob(s, 4, hash, SHA256_SIZE);
	return db_run(s, e);
}

bool store_policy_use(struct store *st, const char *name,
		      bool (*watch)(void *ctx, uint64_t done, uint64_t total), void *ctx,
		      struct err *e)
{
	struct arena mem = ARENA_INIT;
	struct audit_entry a = { .act = "policy", .object = "estate" };
	struct policy p;
	struct ingest *ig;
	uint8_t hash[SHA256_SIZE];
	char hex[2 * SHA256_SIZE + 1];
	bool ok = act_allowed(st, MAY_CONFIGURE, e) && policy_load(name, &mem, &p, e) &&
		  policy_in_use(st, &mem, &a.before, e) && ingest_act_begin(st, &ig, e);

	if (ok) {
		policy_hash(&p, hash);
		hex_print(hash, SHA256_SIZE, hex);
		a.after = arena_printf(&mem, "name\t%s\nsha256\t%s\n", name, hex);
		store_ingest_watch(&ig->sink, watch, ctx);
		free(st->policy); /* the one named at opening no longer counts */
		st->policy = NULL;
		ok = ingest_act_end(
			ig,
			write_policy(ig, &p, hash, e) && reload(ig, e) &&
				severities_settle(ig, e) && clocks_rejudge(ig, e) &&
				alerts_judge(ig, e),
			&a, e);
		if (!ok)
			policies_forget(st);
	}
	arena_release(&mem);
	return ok;
}
