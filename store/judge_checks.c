/* SPDX-License-Identifier: MIT */
/*
 * judge_checks.c - what check results prove: by rule and by class, and on how many of the assets
 * they apply to.
 *
 * One pass over the newest check results, grouped by (class, asset, rule). A rule of a benchmark
 * applies to what its section is about: kube-bench's sections 1 to 3 to control-plane nodes, 4 to
 * every node, 5 to clusters.
 */
#include <stdlib.h>

#include "store/judge.h"

enum target { TARGET_ASSET, TARGET_CONTROL_PLANE, TARGET_NODE, TARGET_CLUSTER, TARGET_COUNT };

struct line { /* a row of the pass */
	int64_t class_id, asset, parent, advisory, pass, manual, at;
	enum asset_kind kind;
	enum target target;
};

/* Assets already counted for one fact; small, so a list. */
struct seen_set {
	int64_t *id;
	size_t n, cap;
};

struct gather { /* one class or rule on its way */
	struct fact *fact;
	bool kinds[ASSET_KIND_COUNT];
	bool targets[TARGET_COUNT];
	struct seen_set clusters;
	int64_t asset; /* whose evidence is being added, 0 none */
	int64_t asset_at, asset_pass;
};

struct pass {
	struct store *st;
	struct arena *mem;
	struct judge *j;
	bool counted; /* the numbers below are known */
	int64_t control_plane, nodes, node_clusters; /* what benchmarks of nodes apply to */
	int64_t clusters, workloads;
};

/* "cis-1.8:4.2.1" of kube-bench is about worker nodes; other rules about the asset they stand on.
 */
static enum target target_of(const char *source, const char *rule, enum asset_kind kind)
{
	const char *number = strchr(rule, ':');

	if (kind != ASSET_HOST || !str_eq(source, "kube-bench") || !number)
		return TARGET_ASSET;
	switch (number[1]) {
	case '1':
	case '2':
	case '3':
		return TARGET_CONTROL_PLANE;
	case '5':
		return TARGET_CLUSTER;
	default:
		return TARGET_NODE;
	}
}

static bool seen_add(struct seen_set *s, struct arena *mem, int64_t id)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->id[i] == id)
			return false;
	ARENA_MORE(mem, s->id, s->n, s->cap);
	s->id[s->n++] = id;
	return true;
}

/* The asset in hand is done: if it passed anything, it is covered, by evidence as old as its
 * newest. */
static void gather_asset(struct gather *g)
{
	struct fact *f = g->fact;

	if (!g->asset)
		return;
	if (g->asset_pass > 0) {
		f->covered++;
		if (!f->oldest || g->asset_at < f->oldest)
			f->oldest = g->asset_at;
		if (g->asset_at > f->newest)
			f->newest = g->asset_at;
	}
	g->asset = 0;
}

static void gather_line(struct gather *g, struct arena *mem, const struct line *l)
{
	int64_t asset = l->target == TARGET_CLUSTER ? -l->parent - 1 : l->asset;

	g->targets[l->target] = true;
	if (l->target == TARGET_ASSET)
		g->kinds[l->kind] = true;
	g->fact->passed += l->pass;
	g->fact->manual += l->manual;
	if (l->target == TARGET_CLUSTER && l->pass && !seen_add(&g->clusters, mem, l->parent))
		return;
	if (asset != g->asset) {
		gather_asset(g);
		g->asset = asset;
		g->asset_at = g->asset_pass = 0;
	}
	g->asset_pass += l->pass;
	if (l->at > g->asset_at)
		g->asset_at = l->at;
}

static int64_t assets_of(const struct pass *p, enum asset_kind k)
{
	switch (k) {
	case ASSET_IMAGE:
		return p->j->images;
	case ASSET_WORKLOAD:
		return p->workloads;
	case ASSET_CLUSTER:
		return p->clusters;
	default:
		return 0;
	}
}

/* What the evidence found would have to cover, at the least what it does cover. */
static void gather_end(struct gather *g, const struct pass *p)
{
	struct fact *f = g->fact;
	int64_t applicable = 0;

	gather_asset(g);
	for (int k = 0; k < ASSET_KIND_COUNT; k++)
		if (g->kinds[k])
			applicable += assets_of(p, (enum asset_kind)k);
	if (g->targets[TARGET_NODE])
		applicable += p->nodes;
	else if (g->targets[TARGET_CONTROL_PLANE])
		applicable += p->control_plane;
	if (g->targets[TARGET_CLUSTER])
		applicable += p->node_clusters;
	f->applicable = applicable > f->covered ? applicable : f->covered;
}

static bool count_of(struct pass *p, struct stmt *s, enum asset_kind kind, int64_t *n,
		     struct err *e)
{
	db_int(s, 1, kind);
	db_int(s, 2, p->j->scope);
	return db_scalar(s, 0, n, e);
}

static bool count_nodes(struct pass *p, struct err *e)
{
	static const char nodes[] = "SELECT COUNT(*)\n"
	                            "FROM asset AS a\n"
	                            "WHERE a.kind = $1 AND a.parent > 0\n"
	                            "  AND " SQL_IN_SCOPE("a.id", "$2");
	static const char clusters[] = "SELECT COUNT(DISTINCT a.parent)\n"
	                               "FROM asset AS a\n"
	                               "WHERE a.kind = $1 AND a.parent > 0\n"
	                               "  AND " SQL_IN_SCOPE("a.id", "$2");
	static const char roles[] =
		"SELECT COUNT(*)\n"
		"FROM node AS n\n"
		"WHERE (n.role LIKE '%control-plane%' OR n.role LIKE '%master%')\n"
		"  AND " SQL_IN_SCOPE("n.asset", "$1");
	struct stmt *s;

	if (!count_of(p, db_stmt(p->st->db, nodes), ASSET_HOST, &p->nodes, e) ||
	    !count_of(p, db_stmt(p->st->db, clusters), ASSET_HOST, &p->node_clusters, e))
		return false;
	s = db_stmt(p->st->db, roles);
	db_int(s, 1, p->j->scope);
	return db_scalar(s, 0, &p->control_plane, e);
}

static bool count_others(struct pass *p, struct err *e)
{
	static const char clusters[] = "SELECT COUNT(*)\n"
				       "FROM asset AS a\n"
				       "WHERE a.kind = $1 AND " SQL_IN_SCOPE("a.id", "$2");
	static const char workloads[] =
		"SELECT COUNT(DISTINCT c.workload)\n"
		"FROM container AS c\n"
		"WHERE c.running > 0 AND c.workload > 0 AND ($1 = 0\n"
		"  OR c.cluster = $1 OR c.namespace = $1 OR c.workload = $1 OR c.image = $1\n"
		"  OR EXISTS (SELECT 1 FROM image_name AS n\n"
		"    WHERE n.image = c.image AND n.repository = -$1))";
	struct stmt *s;

	if (!count_of(p, db_stmt(p->st->db, clusters), ASSET_CLUSTER, &p->clusters, e))
		return false;
	s = db_stmt(p->st->db, workloads);
	db_int(s, 1, p->j->scope);
	return db_scalar(s, 0, &p->workloads, e);
}

/* What evidence would have to cover: asked once there is a result, for most changes bring none. */
static bool count_once(struct pass *p, struct err *e)
{
	if (p->counted)
		return true;
	p->counted = true;
	return count_nodes(p, e) && count_others(p, e);
}

#define SQL_CHECKS(which, order)                                                                   \
	"SELECT a.class, c.asset, s.parent, s.kind, a.id, a.name, w.word,\n"                       \
	"  SUM(CASE WHEN c.verdict = $1 THEN 1 ELSE 0 END),\n"                                     \
	"  SUM(CASE WHEN c.verdict = $2 THEN 1 ELSE 0 END), MAX(c.at)\n"                           \
	"FROM check_result AS c JOIN advisory AS a ON a.id = c.advisory\n"                         \
	"  JOIN asset AS s ON s.id = c.asset JOIN source AS w ON w.id = c.source\n"                \
	"  LEFT JOIN image AS i ON i.asset = c.asset\n"                                            \
	"WHERE c.gone = 0 AND (s.kind <> $3 OR i.running > 0 OR i.current > 0)\n"                  \
	"  AND " SQL_IN_SCOPE("c.asset", "$4") "\n"                                                \
	which "GROUP BY a.class, c.asset, s.parent, s.kind, a.id, a.name, w.word\n"                \
	"ORDER BY " order
static const char SQL_CHECKS_BY_CLASS[] = SQL_CHECKS("", "a.class, c.asset, a.id");
static const char SQL_CHECKS_BY_RULE[] = SQL_CHECKS("", "a.id, c.asset");
static const char SQL_CHECKS_OF_CLASS[] =
	SQL_CHECKS("AND a.class = $5 AND a.class > 0\n", "a.class, c.asset, a.id");
static const char SQL_CHECKS_OF_RULE[] = SQL_CHECKS("AND a.id = $5\n", "a.id, c.asset");

/* `of`: the class or rule that the statement is about, if it is about one. */
static struct stmt *check_lines(struct pass *p, const char *sql, int64_t of)
{
	struct stmt *s = db_stmt(p->st->db, sql);

	db_int(s, 1, VERDICT_PASS);
	db_int(s, 2, VERDICT_MANUAL);
	db_int(s, 3, ASSET_IMAGE);
	db_int(s, 4, p->j->scope);
	if (of)
		db_int(s, 5, of);
	return s;
}

static struct line line_at(struct stmt *s)
{
	struct line l = {
		.class_id = db_column(s, 0),
		.asset = db_column(s, 1),
		.parent = db_column(s, 2),
		.kind = (enum asset_kind)db_column(s, 3),
		.advisory = db_column(s, 4),
		.pass = db_column(s, 7),
		.manual = db_column(s, 8),
		.at = db_column(s, 9),
	};

	l.target = target_of(db_column_text(s, 6), db_column_text(s, 5), l.kind);
	return l;
}

static bool gather_lines(struct pass *p, struct stmt *s, struct err *e)
{
	struct gather g = { .fact = NULL };
	int64_t class_id = 0;
	bool ok = true;

	while (ok && db_next(s)) {
		struct line l = line_at(s);
		struct class_fact *c = judge_class(p->j, l.class_id);

		if (!c || c->record == RECORD_NEVER || c->record == RECORD_EXCEPTION)
			continue;
		if (l.class_id != class_id) {
			if (g.fact)
				gather_end(&g, p);
			g = (struct gather){ .fact = &c->fact };
			class_id = l.class_id;
			ok = count_once(p, e);
		}
		gather_line(&g, p->mem, &l);
	}
	if (g.fact)
		gather_end(&g, p);
	return db_done(s, e) && ok;
}

static bool gather_classes(struct pass *p, struct err *e)
{
	if (!p->j->bears)
		return gather_lines(p, check_lines(p, SQL_CHECKS_BY_CLASS, 0), e);
	for (size_t i = 0; i < p->j->nclass; i++) {
		const struct class_fact *c = &p->j->class_fact[i];

		if (c->anew && !gather_lines(p, check_lines(p, SQL_CHECKS_OF_CLASS, c->id), e))
			return false;
	}
	return true;
}

static void rule_begin(const struct pass *p, const struct line *l, struct rule_fact *r)
{
	*r = (struct rule_fact){ .advisory = l->advisory, .class_id = l->class_id, .anew = true };
	r->fact.window = l->target == TARGET_ASSET ? p->j->policy->fresh.admission
	                                           : p->j->policy->fresh.benchmark;
}

static void rule_end(struct gather *g, const struct pass *p, struct rule_fact *r)
{
	gather_end(g, p);
	r->images = g->kinds[ASSET_IMAGE];
}

/* Those that are marked get their facts; one without any result stays as one without a fact. */
static bool gather_marked(struct pass *p, struct err *e)
{
	for (size_t i = 0; i < p->j->nrule; i++) {
		struct rule_fact *r = &p->j->rule[i];
		struct gather g = { .fact = NULL };
		struct stmt *s;

		if (!r->anew)
			continue;
		if (!count_once(p, e))
			return false;
		s = check_lines(p, SQL_CHECKS_OF_RULE, r->advisory);
		while (db_next(s)) {
			struct line l = line_at(s);

			if (!g.fact) {
				rule_begin(p, &l, r);
				g.fact = &r->fact;
			}
			gather_line(&g, p->mem, &l);
		}
		if (!db_done(s, e))
			return false;
		if (g.fact)
			rule_end(&g, p, r);
		else
			r->class_id = -1;
	}
	return true;
}

static bool gather_rules(struct pass *p, struct err *e)
{
	static const char count[] = "SELECT COUNT(DISTINCT advisory) FROM check_result";
	struct gather g = { .fact = NULL };
	struct rule_fact *r = NULL;
	int64_t n;
	struct stmt *s;

	if (p->j->bears)
		return gather_marked(p, e);
	if (!db_scalar(db_stmt(p->st->db, count), 0, &n, e) || (n > 0 && !count_once(p, e)))
		return false;
	p->j->rule = arena_array(p->mem, struct rule_fact, (size_t)n + 1);
	s = check_lines(p, SQL_CHECKS_BY_RULE, 0);
	while (db_next(s)) {
		struct line l = line_at(s);

		if (!r || l.advisory != r->advisory) {
			if (r)
				rule_end(&g, p, r);
			r = &p->j->rule[p->j->nrule++];
			rule_begin(p, &l, r);
			g = (struct gather){ .fact = &r->fact };
		}
		gather_line(&g, p->mem, &l);
	}
	if (r)
		rule_end(&g, p, r);
	return db_done(s, e);
}

bool judge_checks(struct store *st, struct arena *mem, struct judge *j, struct err *e)
{
	struct pass p = { .st = st, .mem = mem, .j = j };

	return gather_classes(&p, e) && gather_rules(&p, e);
}
