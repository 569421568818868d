/* SPDX-License-Identifier: MIT */
/* gate_facts.c - what is known of an image that the gate asks for. */
#include <stdlib.h>

#include "store/gate_inner.h"
#include "store/list_parts.h"

static int gate_kind_of(int64_t kind)
{
	switch (kind) {
	case FINDING_VULNERABILITY:
		return GATE_VULNERABILITY;
	case FINDING_SECRET:
		return GATE_SECRET;
	case FINDING_MISCONFIGURATION:
	case FINDING_LINT:
		return GATE_LINT;
	default:
		return -1;
	}
}

/* ---- one image ---- */

static const char SQL_IMAGE[] =
	"SELECT i.name, i.base, i.scanned_at, i.db_built,\n"
	"  " SQL_DIGEST_OF("i.asset") "\n"
	"FROM image AS i\n"
	"WHERE i.asset = $1";

static bool read_image(struct store *st, struct arena *mem, struct gate_facts *f, struct err *e)
{
	struct stmt *s = db_stmt(st->db, SQL_IMAGE);

	db_int(s, 1, f->image);
	if (db_next(s)) {
		f->name = arena_dup(mem, db_column_text(s, 0));
		f->base = arena_dup(mem, db_column_text(s, 1));
		f->scanned_at = db_column(s, 2);
		f->db_built = db_column(s, 3);
		f->digest = arena_dup(mem, db_column_text(s, 4));
	}
	return db_done(s, e);
}

/* Open findings of the image, worst first. */
static const char SQL_FINDINGS[] =
	"SELECT a.kind, f.severity, a.kev, a.name, k.type, k.name, p.version,\n"
	"  COALESCE(x.fixed_in, ''),\n"
	"  CASE WHEN a.class > 0 THEN COALESCE((\n"
	"    SELECT c.ident FROM class_control AS m\n"
	"      JOIN control AS c ON c.id = m.control JOIN framework AS w ON w.id = c.framework\n"
	"    WHERE m.class = a.class AND m.weight = 0 AND w.key = 'CIS-DOCKER'\n"
	"    ORDER BY c.ord LIMIT 1), '') ELSE '' END\n"
	"FROM finding AS f JOIN advisory AS a ON a.id = f.advisory\n"
	"  JOIN part AS p ON p.id = f.part JOIN package AS k ON k.id = p.package\n"
	"  LEFT JOIN affects AS x ON x.advisory = f.advisory AND x.part = f.part\n"
	"WHERE f.asset = $1 AND f.state = $2\n"
	"ORDER BY f.severity, a.kev DESC, a.epss DESC, f.advisory, f.part";

static void count_finding(struct gate_counts *n, const struct gate_finding *f)
{
	bool fixable = *f->fixed != '\0';

	n->severity[f->kind][f->severity]++;
	if (f->kind != GATE_VULNERABILITY)
		return;
	n->fixable[f->severity] += fixable;
	n->kev += f->kev;
	n->kev_fixable += f->kev && fixable;
}

static bool read_findings(struct store *st, struct arena *mem, struct gate_facts *f, struct err *e)
{
	struct stmt *s = db_stmt(st->db, SQL_FINDINGS);
	struct gate_finding *list = NULL;
	size_t cap = 0;

	db_int(s, 1, f->image);
	db_int(s, 2, STATE_OPEN);
	while (db_next(s)) {
		int kind = gate_kind_of(db_column(s, 0));
		bool package = !str_prefix(db_column_text(s, 4), "@"); /* else a place */

		if (kind < 0)
			continue;
		ARENA_MORE(mem, list, f->nfinding, cap);
		list[f->nfinding] = (struct gate_finding){
			.kind = (enum gate_kind)kind,
			.severity = (enum severity)db_column(s, 1),
			.kev = db_column(s, 2) != 0,
			.name = arena_dup(mem, db_column_text(s, 3)),
			.package = package ? arena_dup(mem, db_column_text(s, 5)) : "",
			.version = package ? arena_dup(mem, db_column_text(s, 6)) : "",
			.fixed = arena_dup(mem, db_column_text(s, 7)),
			.control = arena_dup(mem, db_column_text(s, 8)),
			.type = arena_dup(mem, db_column_text(s, 4)),
		};
		count_finding(&f->n, &list[f->nfinding++]);
	}
	f->finding = list ? list : arena_new(mem, struct gate_finding);
	return db_done(s, e);
}

/* ---- what is read the same way for one image and for all that run ---- */

struct lists { /* growing, while rows of one image come in */
	size_t capsignature, caprepository;
};

static void add_signature(struct arena *mem, struct gate_facts *f, struct lists *l, struct stmt *s)
{
	ARENA_MORE(mem, f->signature, f->nsignature, l->capsignature);
	f->signature[f->nsignature++] = (struct gate_signature){
		.predicate = arena_dup(mem, db_column_text(s, 1)),
		.signer = arena_dup(mem, db_column_text(s, 2)),
		.issuer = arena_dup(mem, db_column_text(s, 3)),
		.result = (enum signature_result)db_column(s, 4),
		.at = db_column(s, 5),
	};
}

static void add_repository(struct arena *mem, struct gate_facts *f, struct lists *l, struct stmt *s)
{
	ARENA_MORE(mem, f->repository, f->nrepository, l->caprepository);
	f->repository[f->nrepository++] = arena_dup(mem, db_column_text(s, 1));
}

#define SQL_SIGNATURES(which)                                                                      \
	"SELECT g.image, g.predicate, g.signer, g.issuer, g.result, g.at\n"                        \
	"FROM image AS i CROSS JOIN signature AS g ON g.image = i.asset\n"                         \
	"WHERE " which "\n"                                                                        \
	"ORDER BY g.image, g.predicate, g.result, g.signer, g.issuer"
#define SQL_REPOSITORIES(which)                                                                    \
	"SELECT DISTINCT n.image, r.name\n"                                                        \
	"FROM image AS i CROSS JOIN image_name AS n ON n.image = i.asset\n"                        \
	"  JOIN repository AS r ON r.id = n.repository\n"                                          \
	"WHERE n.until = 0 AND " which "\n"                                                        \
	"ORDER BY n.image, r.name"
#define ONE	"i.asset = $1"
/* Read from the index image_running, in its order. */
#define RUNNING "i.running > 0 AND i.asset > $1"

typedef void spread_fn(struct arena *mem, struct gate_facts *f, struct lists *l, struct stmt *s);

/* Rows that begin with an image's id, in its order, go to that image. */
static bool spread(struct stmt *s, struct arena *mem, struct gate_facts *f, size_t n,
		   spread_fn *add, struct err *e)
{
	struct lists l = { 0, 0 };
	size_t at = 0;

	while (db_next(s)) {
		int64_t image = db_column(s, 0);

		while (at < n && f[at].image < image) {
			at++;
			l = (struct lists){ 0, 0 };
		}
		if (at < n && f[at].image == image)
			add(mem, &f[at], &l, s);
	}
	return db_done(s, e);
}

static bool read_lists(struct store *st, struct arena *mem, struct gate_facts *f, size_t n,
		       bool running, struct err *e)
{
	int64_t which = running ? 0 : f->image;
	struct stmt *s = db_stmt(st->db, running ? SQL_SIGNATURES(RUNNING) : SQL_SIGNATURES(ONE));

	db_int(s, 1, which);
	if (!spread(s, mem, f, n, add_signature, e))
		return false;
	s = db_stmt(st->db, running ? SQL_REPOSITORIES(RUNNING) : SQL_REPOSITORIES(ONE));
	db_int(s, 1, which);
	return spread(s, mem, f, n, add_repository, e);
}

bool gate_facts(struct store *st, int64_t image, struct arena *mem, struct gate_facts *out,
		struct err *e)
{
	const struct policies *all;

	*out = (struct gate_facts){ .image = image, .name = "", .digest = "", .base = "" };
	return store_policies(st, &all, e) && asset_tags(st, all, image, &out->tags, e) &&
	       read_image(st, mem, out, e) && read_findings(st, mem, out, e) &&
	       read_lists(st, mem, out, 1, false, e);
}

/* ---- all images that run ---- */

static const char SQL_RUNNING[] =
	"SELECT i.asset, i.name, i.base, i.scanned_at, i.db_built,\n"
	"  " SQL_DIGEST_OF("i.asset") "\n"
	"FROM image AS i\n"
	"WHERE i.running > 0\n"
	"ORDER BY i.asset";

static bool read_running(struct store *st, struct arena *mem, struct gate_facts **out, size_t *n,
			 struct err *e)
{
	struct stmt *s = db_stmt(st->db, SQL_RUNNING);
	struct gate_facts *f = NULL;
	size_t cap = 0;

	*n = 0;
	while (db_next(s)) {
		ARENA_MORE(mem, f, *n, cap);
		f[(*n)++] = (struct gate_facts){
			.image = db_column(s, 0),
			.name = arena_dup(mem, db_column_text(s, 1)),
			.base = arena_dup(mem, db_column_text(s, 2)),
			.scanned_at = db_column(s, 3),
			.db_built = db_column(s, 4),
			.digest = arena_dup(mem, db_column_text(s, 5)),
		};
	}
	*out = f;
	return db_done(s, e);
}

static void add_tally(struct arena *mem, struct gate_facts *f, struct lists *l, struct stmt *s)
{
	int kind = gate_kind_of(db_column(s, 1));
	int64_t n = db_column(s, 4);

	(void)mem;
	(void)l;
	if (kind < 0)
		return;
	f->n.severity[kind][db_column(s, 2)] += n;
	if (kind == GATE_VULNERABILITY && db_column(s, 3))
		f->n.kev += n;
}

static const char SQL_TALLIES[] = "SELECT t.scope, t.kind, t.severity, t.kev, SUM(t.n)\n"
				  "FROM image AS i CROSS JOIN tally AS t ON t.scope = i.asset\n"
				  "WHERE " RUNNING " AND t.state = $2\n"
				  "GROUP BY t.scope, t.kind, t.severity, t.kev\n"
				  "ORDER BY t.scope";

/* The roll-ups do not tell what can be fixed: where a policy asks, findings are looked at. */
static bool asks_fixable(const struct policies *all)
{
	for (size_t i = 0; i < all->n; i++)
		if (all->p[i]->gate.fixable_only)
			return true;
	return false;
}

static bool count_running(struct store *st, const struct policies *all, struct arena *mem,
			  struct gate_facts *f, size_t n, struct err *e)
{
	struct stmt *s;

	for (size_t i = 0; asks_fixable(all) && i < n; i++) {
		if (!read_findings(st, mem, &f[i], e))
			return false;
		f[i].finding = NULL;
	}
	if (asks_fixable(all))
		return true;
	s = db_stmt(st->db, SQL_TALLIES);
	db_int(s, 1, 0);
	db_int(s, 2, STATE_OPEN);
	return spread(s, mem, f, n, add_tally, e);
}

bool gate_facts_running(struct store *st, struct arena *mem, struct gate_facts **out, size_t *n,
			struct err *e)
{
	const struct policies *all;

	if (!store_policies(st, &all, e) || !read_running(st, mem, out, n, e) ||
	    !count_running(st, all, mem, *out, *n, e) || !read_lists(st, mem, *out, *n, true, e))
		return false;
	for (size_t i = 0; i < *n; i++)
		if (!asset_tags(st, all, (*out)[i].image, &(*out)[i].tags, e))
			return false;
	return true;
}
