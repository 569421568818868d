/* SPDX-License-Identifier: MIT */
/* except_target.c - from findings and problems to what an exception on them speaks of. */
#include <stdlib.h>

#include "store/except.h"
#include "store/scoped.h"

static void target_add(struct except_targets *x, const struct except_target *t)
{
	ARRAY_MORE(x->t, x->n, x->cap);
	x->t[x->n++] = *t;
}

/* The package of part $1, or package $2; a rule's scope is named by what it is in. */
#define SQL_OF                                                                                     \
	"  coalesce((SELECT CASE WHEN k.type = '@scope' THEN p.version\n"                          \
	"                        ELSE k.name END\n"                                                \
	"            FROM part AS p JOIN package AS k ON k.id = p.package\n"                       \
	"            WHERE p.id = $1),\n"                                                          \
	"           (SELECT name FROM package WHERE id = $2), ''),\n"

static void name_of(struct stmt *s, bool place, struct buf *out)
{
	buf_adds(out, db_column_text(s, 0));
	if (*db_column_text(s, 1))
		buf_addf(out, " in %s", db_column_text(s, 1));
	if (place && *db_column_text(s, 2))
		buf_addf(out, ", %s", db_column_text(s, 2));
}

/* "CVE-2024-3094 in xz-utils", and where, for people. */
static bool name_first(struct ingest *ig, struct except_targets *x, const struct scope *what,
		       struct err *e)
{
	struct stmt *s = db_stmt(
		ig->db, "SELECT a.name,\n"
			SQL_OF
			"  coalesce(i.name, s.name, '')\n"
			"FROM advisory AS a\n"
			"LEFT JOIN asset AS s ON s.id = $3\n"
			"LEFT JOIN image AS i ON i.asset = $3\n"
			"WHERE a.id = $4");
	bool finding = what->kind == SCOPE_FINDING;

	db_int(s, 1, finding ? what->key[2] : 0);
	db_int(s, 2, finding ? 0 : what->key[1]);
	db_int(s, 3, finding ? what->key[0] : 0);
	db_int(s, 4, finding ? what->key[1] : what->key[0]);
	if (db_next(s))
		name_of(s, x->reach != REACH_EVERYWHERE, &x->text);
	return db_done(s, e);
}

static const char SQL_TARGET[] =
	"SELECT a.name,\n" SQL_OF
	"  coalesce((SELECT name FROM repository WHERE id = $3),\n"
	"           (SELECT i.name || coalesce('@' || (SELECT min(value) FROM digest\n"
	"                                              WHERE image = i.asset), '')\n"
	"            FROM image AS i WHERE i.asset = $4),\n"
	"           (SELECT name FROM asset WHERE id = $4), '')\n"
	"FROM advisory AS a\n"
	"WHERE a.id = $5";

bool except_targets_tell(struct ingest *ig, const struct except_targets *x, struct buf *out,
			 struct err *e)
{
	bool ok = true;

	for (size_t i = 0; ok && x->n > 1 && i < x->n; i++) {
		const struct except_target *t = &x->t[i];
		struct stmt *s = db_stmt(ig->db, SQL_TARGET);

		db_int(s, 1, t->part);
		db_int(s, 2, t->package);
		db_int(s, 3, t->place);
		db_int(s, 4, -t->place);
		db_int(s, 5, t->advisory);
		if (db_next(s)) {
			buf_adds(out, EXCEPT_ON);
			name_of(s, true, out);
			buf_adds(out, "\n");
		}
		ok = db_done(s, e);
	}
	return ok;
}

struct found { /* a finding as stored */
	int64_t asset, kind, severity, package;
	bool is;
};

static bool read_found(struct ingest *ig, const struct scope *what, struct found *out,
		       struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "SELECT a.kind, f.severity, p.package\n"
					 "FROM finding AS f\n"
					 "JOIN advisory AS a ON a.id = f.advisory\n"
					 "JOIN part AS p ON p.id = f.part\n"
					 "WHERE f.asset = $1 AND f.advisory = $2 AND f.part = $3");

	*out = (struct found){ .asset = what->key[0] };
	for (int i = 0; i < 3; i++)
		db_int(s, 1 + i, what->key[i]);
	out->is = db_next(s);
	if (out->is) {
		out->kind = db_column(s, 0);
		out->severity = db_column(s, 1);
		out->package = db_column(s, 2);
	}
	return db_done(s, e);
}

bool except_targets_ask(struct ingest *ig, struct except_targets *x, int64_t asset, struct err *e)
{
	const struct policies *all;
	uint64_t tags;

	if (x->asked && x->asset == asset)
		return true;
	if (!store_policies(ig->st, &all, e) || !asset_tags(ig->st, all, asset, &tags, e))
		return false;
	if (!x->asked) {
		x->asked = arena_array(&ig->mem, bool, all->n);
		memset(x->asked, 0, all->n * sizeof(*x->asked));
	}
	for (size_t i = 0; i < all->n; i++)
		x->asked[i] = x->asked[i] || policy_in_scope(all, i, tags);
	x->asset = asset;
	return true;
}

static bool add_finding(struct ingest *ig, struct except_targets *x, const struct scope *what,
			struct err *e)
{
	struct except_target t = { .advisory = what->key[1] };
	struct standing s;
	struct found f;

	if (!read_found(ig, what, &f, e))
		return false;
	if (!f.is)
		return err_set(e, ERR_USAGE, "there is no finding %lld-%lld-%lld",
			       (long long)what->key[0], (long long)what->key[1],
			       (long long)what->key[2]);
	if (!except_targets_ask(ig, x, f.asset, e))
		return false;
	if ((enum severity)f.severity < x->worst)
		x->worst = (enum severity)f.severity;
	x->findings++;
	if (f.kind == FINDING_VULNERABILITY)
		t.package = f.package;
	else
		t.part = what->key[2];
	if (x->reach != REACH_REPOSITORY) {
		t.place = x->reach == REACH_DIGEST ? -f.asset : 0;
		target_add(x, &t);
		return true;
	}
	if (!standing_load(ig, f.asset, &s, e))
		return false;
	for (size_t i = 0; i < s.nrepository; i++) {
		t.place = s.repository[i];
		target_add(x, &t);
	}
	free(s.repository);
	return true;
}

static const char SQL_OF_PROBLEM[] =
	"SELECT DISTINCT f.asset, f.part, f.severity\n"
	"FROM affects AS x\n"
	"JOIN part AS p ON p.id = x.part\n"
	"JOIN holds AS h ON h.part = x.part\n"
	"JOIN finding AS f ON f.asset = h.asset AND f.advisory = x.advisory AND f.part = x.part\n"
	"WHERE x.advisory = $1 AND $2 IN (0, p.package) AND f.state <> 1";

/* All findings of it that are seen now. */
static bool add_problem(struct ingest *ig, struct except_targets *x, const struct scope *what,
			struct err *e)
{
	struct stmt *s = db_stmt(ig->db, SQL_OF_PROBLEM);
	struct scope *f = NULL;
	size_t n = 0, cap = 0;
	bool ok;

	db_int(s, 1, what->key[0]);
	db_int(s, 2, what->key[1]);
	while (db_next(s)) {
		ARRAY_MORE(f, n, cap);
		f[n++] = (struct scope){ SCOPE_FINDING,
					 { db_column(s, 0), what->key[0], db_column(s, 1) } };
	}
	ok = db_done(s, e);
	if (ok && n == 0)
		ok = err_set(e, ERR_USAGE, "there is no problem %lld-%lld that anything has now",
			     (long long)what->key[0], (long long)what->key[1]);
	for (size_t i = 0; ok && i < n; i++)
		ok = add_finding(ig, x, &f[i], e);
	if (ok && x->reach == REACH_EVERYWHERE) /* every place of a rule, those to come too */
		target_add(x, &(struct except_target){ what->key[0], what->key[1], 0, 0 });
	free(f);
	return ok;
}

bool except_targets_add(struct ingest *ig, struct except_targets *x, const struct scope *what,
			struct err *e)
{
	if (what->kind != SCOPE_FINDING && what->kind != SCOPE_PROBLEM)
		return err_set(e, ERR_USAGE, "exceptions are made on findings and problems");
	if (x->text.len == 0 && !name_first(ig, x, what, e))
		return false;
	return what->kind == SCOPE_FINDING ? add_finding(ig, x, what, e)
					   : add_problem(ig, x, what, e);
}

static int by_target(const void *a, const void *b)
{
	const struct except_target *x = a, *y = b;
	const int64_t p[] = { x->advisory, x->package, x->part, x->place };
	const int64_t q[] = { y->advisory, y->package, y->part, y->place };

	for (size_t i = 0; i < LENGTH(p); i++)
		if (p[i] != q[i])
			return p[i] < q[i] ? -1 : 1;
	return 0;
}

void except_targets_end(struct except_targets *x)
{
	size_t to = 0;

	if (x->n == 0)
		return;
	qsort(x->t, x->n, sizeof(*x->t), by_target);
	for (size_t i = 1; i < x->n; i++)
		if (by_target(&x->t[to], &x->t[i]) != 0)
			x->t[++to] = x->t[i];
	x->n = to + 1;
	if (x->n > 1)
		buf_addf(&x->text, " and %zu more", x->n - 1);
}

void except_targets_release(struct except_targets *x)
{
	free(x->t);
	buf_release(&x->text);
}
