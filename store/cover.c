/* SPDX-License-Identifier: MIT */
/* cover.c - for what a scan is complete, and which newer scans have said more already. */
#include <stdlib.h>

#include "store/ingest.h"

/* ---- what is known of other scans of the same key ---- */

static bool ask_newer(struct ingest *ig, const struct look *l, struct reach *r, struct err *e)
{
	struct stmt *s = db_stmt(
		ig->db, "SELECT count(*), min(CASE WHEN complete = 1 THEN at END)\n"
			"FROM cover\n"
			"WHERE asset = $1 AND source = $2 AND kind = $3 AND scope IN (0, $4)\n"
			"  AND at > $5");

	db_int(s, 1, l->asset);
	db_int(s, 2, l->scan->source);
	db_int(s, 3, r->kind);
	db_int(s, 4, r->scope);
	db_int(s, 5, l->scan->at);
	if (db_next(s)) {
		r->newer = db_column(s, 0) > 0;
		r->next = db_column(s, 1);
	}
	return db_done(s, e);
}

struct previous {
	int64_t rows, lowest, unfixed;
};

static bool ask_previous(struct ingest *ig, const struct look *l, const struct reach *r,
			 struct previous *out, struct err *e)
{
	struct stmt *s = db_stmt(ig->db,
				 "SELECT rows, lowest, unfixed\n"
				 "FROM cover\n"
				 "WHERE asset = $1 AND source = $2 AND kind = $3 AND scope = $4\n"
				 "  AND at <= $5 AND complete = 1\n"
				 "ORDER BY at DESC, scan DESC\n"
				 "LIMIT 1");

	*out = (struct previous){ 0 };
	db_int(s, 1, l->asset);
	db_int(s, 2, l->scan->source);
	db_int(s, 3, r->kind);
	db_int(s, 4, r->scope);
	db_int(s, 5, l->scan->at);
	if (db_next(s))
		*out = (struct previous){ db_column(s, 0), db_column(s, 1), db_column(s, 2) };
	return db_done(s, e);
}

/* ---- completeness ---- */

/* A report that lists what is in order hides nothing by severity. */
static bool lists_passes(const struct look *l)
{
	for (size_t i = 0; i < l->ncheck; i++)
		if (l->check[i].verdict == VERDICT_PASS)
			return true;
	return false;
}

/* All findings of the lower severities, or all without a fix, gone at once while others remain: a
 * filter did that. */
static const char *looks_filtered(const struct reach *r, const struct previous *before)
{
	if (r->rows == 0 || before->rows == 0)
		return NULL;
	if (before->lowest > r->lowest && r->lowest >= 0)
		return "no finding is as low as some of the scan before";
	if (r->kind == FINDING_VULNERABILITY && before->unfixed > 0 && r->unfixed == 0)
		return "no finding is without a fix, as some of the scan before";
	return NULL;
}

static bool note_partial(struct ingest *ig, const struct look *l, const char *why, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "UPDATE scan\n"
					 "SET partial = $1\n"
					 "WHERE id = $2 AND partial = ''");

	db_text(s, 1, why);
	db_int(s, 2, l->scan->id);
	return db_run(s, e);
}

/* Two repositories' scans of "." would close each other's findings. */
static bool refuse_nameless(struct ingest *ig, const struct look *l, struct err *e)
{
	ingest_warn(ig,
		    "\"%s\" does not say of which repository: imported as partial, which closes "
		    "nothing; say --image NAME, or --complete where no other is scanned",
		    l->nameless);
	return note_partial(ig, l, "no repository is named", e);
}

static bool judge(struct ingest *ig, struct look *l, struct reach *r, struct err *e)
{
	bool asked = (ig->o.complete >> r->kind & 1) != 0;
	struct previous before;
	const char *why;

	if (!ask_newer(ig, l, r, e) || !ask_previous(ig, l, r, &before, e))
		return false;
	if (l->unnamed)
		return note_partial(ig, l, "no cluster is named", e);
	r->complete = asked || (r->covered && !l->scan->partial);
	if (r->complete && !asked && l->nameless) {
		r->complete = false;
		return refuse_nameless(ig, l, e);
	}
	if (!r->complete || asked || lists_passes(l))
		return true;
	why = looks_filtered(r, &before);
	if (!why)
		return true;
	r->complete = false;
	ingest_warn(
		ig,
		"looks filtered (%s): imported as partial; if nothing was left out, say --complete",
		why);
	return note_partial(ig, l, "looks filtered", e);
}

static bool write_cover(struct ingest *ig, const struct look *l, const struct reach *r,
			struct err *e)
{
	struct stmt *s = db_stmt(
		ig->db, "INSERT INTO cover (asset, source, kind, scope, at, scan, complete,\n"
			"                   passed, rows, lowest, unfixed)\n"
			"VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)");

	db_int(s, 1, l->asset);
	db_int(s, 2, l->scan->source);
	db_int(s, 3, r->kind);
	db_int(s, 4, r->scope);
	db_int(s, 5, l->scan->at);
	db_int(s, 6, l->scan->id);
	db_int(s, 7, r->complete);
	db_int(s, 8, r->passed);
	db_int(s, 9, r->rows);
	db_int(s, 10, r->lowest < 0 ? 0 : r->lowest);
	db_int(s, 11, r->unfixed);
	return db_run(s, e);
}

static bool note_scanned(struct ingest *ig, const struct look *l, const struct reach *r,
			 struct err *e)
{
	int64_t running;
	struct stmt *s;

	if (l->kind == ASSET_IMAGE && r->kind == FINDING_SECRET)
		bears_on(ig->st, BEARS_SECRETS);
	if (l->kind != ASSET_IMAGE || r->kind != FINDING_VULNERABILITY || !r->complete)
		return true;
	s = db_stmt(ig->db, "UPDATE image\n"
			    "SET scanned_at = $1, db_built = $2\n"
			    "WHERE asset = $3 AND scanned_at <= $1\n"
			    "RETURNING running");
	db_int(s, 1, l->scan->at);
	db_int(s, 2, l->scan->db_built);
	db_int(s, 3, l->asset);
	bears_on(ig->st, BEARS_SCANS);
	if (!db_scalar(s, 0, &running, e))
		return false;
	if (running > 0)
		bears_on(ig->st, BEARS_DRIFT);
	return true;
}

/* ---- the reaches of a look ---- */

static struct reach *whole(const struct look *l, enum finding_kind kind)
{
	for (size_t i = 0; i < l->nreach; i++)
		if (l->reach[i].kind == kind && l->reach[i].scope == 0)
			return &l->reach[i];
	return NULL;
}

static void ask_for(struct look *l, enum finding_kind kind)
{
	struct reach *r = whole(l, kind);

	if (!r) {
		l->reach = xrealloc_array(l->reach, l->nreach + 1, sizeof(*l->reach));
		r = &l->reach[l->nreach++];
		*r = (struct reach){ .kind = kind, .lowest = -1 };
	}
	r->covered = true;
}

/* A scan that covers all of a kind is judged as one, whatever scopes its rows lie in. */
static void gather(struct look *l)
{
	size_t to = 0;

	for (size_t i = 0; i < l->nreach; i++) {
		struct reach *all = whole(l, l->reach[i].kind);

		if (!all || !all->covered || all == &l->reach[i])
			continue;
		all->rows += l->reach[i].rows;
		all->unfixed += l->reach[i].unfixed;
		all->passed += l->reach[i].passed;
		if (l->reach[i].lowest > all->lowest)
			all->lowest = l->reach[i].lowest;
		l->reach[i].kind = FINDING_KIND_COUNT; /* taken in */
	}
	for (size_t i = 0; i < l->nreach; i++)
		if (l->reach[i].kind != FINDING_KIND_COUNT)
			l->reach[to++] = l->reach[i];
	l->nreach = to;
}

bool look_judge(struct ingest *ig, struct look *l, struct err *e)
{
	for (int k = 0; k < FINDING_KIND_COUNT; k++)
		if (ig->o.complete >> k & 1)
			ask_for(l, (enum finding_kind)k);
	gather(l);
	for (size_t i = 0; i < l->nreach; i++)
		if (!judge(ig, l, &l->reach[i], e) || !write_cover(ig, l, &l->reach[i], e) ||
		    !note_scanned(ig, l, &l->reach[i], e))
			return false;
	return true;
}

const struct reach *look_reach(const struct look *l, enum finding_kind kind, int64_t scope)
{
	const struct reach *all = NULL;

	for (size_t i = 0; i < l->nreach; i++) {
		if (l->reach[i].kind != kind)
			continue;
		if (l->reach[i].scope == scope)
			return &l->reach[i];
		if (l->reach[i].scope == 0)
			all = &l->reach[i];
	}
	return all;
}

/* ---- a policy that was tried on a whole cluster ---- */

struct holder { /* an asset with something open in a scope */
	int64_t asset, kind, scope;
};
struct holders {
	struct holder *at;
	size_t n, cap;
};

static bool covers_policy(const struct look *l, int64_t scope)
{
	for (size_t i = 0; i < l->nreach; i++)
		if (l->reach[i].kind == FINDING_POLICY && l->reach[i].covered &&
		    l->reach[i].scope != 0 && (scope == 0 || l->reach[i].scope == scope))
			return true;
	return false;
}

static bool find_holders(struct ingest *ig, const struct look *l, struct holders *out,
			 struct err *e)
{
	struct stmt *s = db_stmt(ig->db,
				 "WITH RECURSIVE below (id, kind) AS (\n"
				 "    SELECT id, kind\n"
				 "    FROM asset\n"
				 "    WHERE parent = $1\n"
				 "    UNION ALL\n"
				 "    SELECT a.id, a.kind\n"
				 "    FROM below AS b\n"
				 "    JOIN asset AS a ON a.parent = b.id)\n"
				 "SELECT DISTINCT b.id, b.kind, p.package\n"
				 "FROM below AS b\n"
				 "JOIN finding AS f ON f.asset = b.id\n"
				 "JOIN part AS p ON p.id = f.part\n"
				 "LEFT JOIN witness AS w ON w.id = f.witness\n"
				 "LEFT JOIN sighting_row AS s ON f.witness = 0\n"
				 "  AND s.asset = f.asset AND s.advisory = f.advisory\n"
				 "  AND s.part = f.part AND s.until = 0\n"
				 "WHERE coalesce(w.source, s.source) = $2");

	db_int(s, 1, l->asset);
	db_int(s, 2, l->scan->source);
	while (db_next(s)) {
		if (!covers_policy(l, db_column(s, 2)))
			continue;
		ARRAY_MORE(out->at, out->n, out->cap);
		out->at[out->n++] =
			(struct holder){ db_column(s, 0), db_column(s, 1), db_column(s, 2) };
	}
	return db_done(s, e);
}

static bool widen(struct ingest *ig, const struct look *l, struct scan *scan, struct err *e)
{
	struct holders found = { NULL, 0, 0 };
	bool ok = find_holders(ig, l, &found, e);

	ig->now_scan = scan;
	for (size_t i = 0; ok && i < found.n; i++) {
		const struct holder *h = &found.at[i];

		ok = look_at(ig, h->asset, (enum asset_kind)h->kind, l->unnamed, e);
		if (ok)
			reach_join(ig->now_look, &(struct reach){ .kind = FINDING_POLICY,
								  .scope = h->scope,
								  .covered = true,
								  .lowest = -1 });
	}
	free(found.at);
	return ok;
}

/* ---- a namespace whose workloads of a kind are listed in full ---- */

/* Workloads of the kind that this source says something of. */
static bool find_of_kind(struct ingest *ig, const struct look *l, int64_t kind, struct holders *out,
			 struct err *e)
{
	struct stmt *s = db_stmt(ig->db,
				 "SELECT a.id\n"
				 "FROM asset AS a\n"
				 "JOIN package AS p ON p.id = $1\n"
				 "WHERE a.parent = $2 AND a.kind = $3\n"
				 "  AND substr(a.name, 1, length(p.name) + 1) = p.name || '/'\n"
				 "  AND EXISTS (SELECT 1\n"
				 "              FROM check_result AS c\n"
				 "              WHERE c.asset = a.id AND c.source = $4\n"
				 "                AND c.gone = 0)");

	db_int(s, 1, kind);
	db_int(s, 2, l->asset);
	db_int(s, 3, ASSET_WORKLOAD);
	db_int(s, 4, l->scan->source);
	while (db_next(s)) {
		ARRAY_MORE(out->at, out->n, out->cap);
		out->at[out->n++] = (struct holder){ db_column(s, 0), ASSET_WORKLOAD, 0 };
	}
	return db_done(s, e);
}

static bool widen_kinds(struct ingest *ig, const struct look *l, struct scan *scan, struct err *e)
{
	struct holders found = { NULL, 0, 0 };
	bool ok = true;

	for (size_t i = 0; ok && i < l->nreach; i++)
		if (l->reach[i].kind == FINDING_MISCONFIGURATION && l->reach[i].covered &&
		    l->reach[i].scope != 0)
			ok = find_of_kind(ig, l, l->reach[i].scope, &found, e);
	ig->now_scan = scan;
	for (size_t i = 0; ok && i < found.n; i++) {
		ok = look_at(ig, found.at[i].asset, ASSET_WORKLOAD, l->unnamed, e);
		if (ok)
			reach_join(ig->now_look, &(struct reach){ .kind = FINDING_MISCONFIGURATION,
								  .covered = true,
								  .lowest = -1 });
	}
	free(found.at);
	return ok;
}

bool covers_widen(struct ingest *ig, struct err *e)
{
	size_t n = ig->nlook; /* what is added lies below these, and covers nothing further */
	struct scan *now = ig->now_scan;
	bool ok = true;

	for (size_t i = 0; i < n; i++) {
		const struct look *l = ig->look[i];

		for (size_t k = 0; k < ig->nscan; k++) {
			if (ig->scan[k] != l->scan)
				continue;
			if (l->kind == ASSET_CLUSTER && covers_policy(l, 0))
				ok = ok && widen(ig, l, ig->scan[k], e);
			if (l->kind == ASSET_NAMESPACE)
				ok = ok && widen_kinds(ig, l, ig->scan[k], e);
		}
	}
	ig->now_scan = now;
	return ok;
}
