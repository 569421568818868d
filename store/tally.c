/* SPDX-License-Identifier: MIT */
/*
 * tally.c - findings and verdicts counted by scope.
 *
 * What an asset adds to the scopes it is counted in is stored beside them: under its own id for an
 * image, which holds nothing but itself; under minus its id for any other, whose own id stands for
 * itself with all that lies in it. An asset that changed is counted once; what differs from its
 * stored rows goes to all its scopes.
 */
#include <stdlib.h>

#include "store/aside.h"

#define uthash_fatal(msg)	     die("out of memory")
#define HASH_FUNCTION(key, len, out) ((out) = (unsigned)hash64((key), (len)))
#include <uthash.h>

#define CELLS	65536 /* kept in memory before they are written */
#define VERDICT (-1) /* in place of a kind: the cell is one of check_tally */

struct touched {
	int64_t asset;
	bool findings, checks;
	UT_hash_handle hh;
};

struct cell_key {
	int64_t scope, kind;
	int64_t what;	  /* class; of a verdict: the rule */
	int64_t severity; /* of a verdict: the verdict     */
	int64_t kev, state, day;
};
struct cell {
	struct cell_key key;
	int64_t was, is; /* in an asset's own count; else `is` is what is to be added */
	UT_hash_handle hh;
};

/* ---- which assets ---- */

static struct touched *touch(struct ingest *ig, int64_t asset)
{
	struct touched *t;

	HASH_FIND(hh, ig->touched, &asset, sizeof(asset), t);
	if (t)
		return t;
	t = xcalloc(1, sizeof(*t));
	t->asset = asset;
	HASH_ADD(hh, ig->touched, asset, sizeof(t->asset), t);
	return t;
}

void asset_touch(struct ingest *ig, int64_t asset, bool checks)
{
	struct touched *t = touch(ig, asset);

	t->findings |= !checks;
	t->checks |= checks;
}

void asset_touch_places(struct ingest *ig, int64_t asset)
{
	touch(ig, asset);
}

/* ---- cells ---- */

static struct cell *cell_of(struct cell **table, const struct cell_key *key)
{
	struct cell *c;

	HASH_FIND(hh, *table, key, sizeof(*key), c);
	if (c)
		return c;
	c = xcalloc(1, sizeof(*c));
	c->key = *key;
	HASH_ADD(hh, *table, key, sizeof(c->key), c);
	return c;
}

static void cells_free(struct cell **table)
{
	struct cell *c, *next;

	HASH_ITER(hh, *table, c, next)
	{
		HASH_DEL(*table, c);
		free(c);
	}
}

void tallies_release(struct ingest *ig)
{
	struct touched *t, *next;

	cells_free(&ig->cells);
	HASH_ITER(hh, ig->touched, t, next)
	{
		HASH_DEL(ig->touched, t);
		free(t);
	}
}

static int by_cell(const struct cell *a, const struct cell *b)
{
	const int64_t x[] = { a->key.scope, a->key.kind,  a->key.what, a->key.severity,
			      a->key.kev,   a->key.state, a->key.day };
	const int64_t y[] = { b->key.scope, b->key.kind,  b->key.what, b->key.severity,
			      b->key.kev,   b->key.state, b->key.day };

	for (size_t i = 0; i < LENGTH(x); i++)
		if (x[i] != y[i])
			return x[i] < y[i] ? -1 : 1;
	return 0;
}

static void bind_finding(struct stmt *s, const struct cell_key *k)
{
	db_int(s, 1, k->scope);
	db_int(s, 2, k->kind);
	db_int(s, 3, k->what);
	db_int(s, 4, k->severity);
	db_int(s, 5, k->kev);
	db_int(s, 6, k->state);
	db_int(s, 7, k->day);
}

static bool add_finding_cell(struct ingest *ig, const struct cell *c, struct err *e)
{
	int64_t n;
	struct stmt *s = db_stmt(
		ig->db, "INSERT INTO tally (scope, kind, class, severity, kev, state, due_day, n)\n"
			"VALUES ($1, $2, $3, $4, $5, $6, $7, $8)\n"
			"ON CONFLICT (scope, kind, class, severity, kev, state, due_day)\n"
			"DO UPDATE SET n = tally.n + excluded.n\n"
			"RETURNING n");

	bind_finding(s, &c->key);
	db_int(s, 8, c->is);
	if (!db_scalar(s, 0, &n, e))
		return false;
	if (n != 0)
		return true;
	s = db_stmt(ig->db, "DELETE FROM tally\n"
			    "WHERE scope = $1 AND kind = $2 AND class = $3 AND severity = $4\n"
			    "  AND kev = $5 AND state = $6 AND due_day = $7");
	bind_finding(s, &c->key);
	return db_run(s, e);
}

static bool add_verdict_cell(struct ingest *ig, const struct cell *c, struct err *e)
{
	int64_t n;
	struct stmt *s = db_stmt(ig->db, "INSERT INTO check_tally (scope, advisory, verdict, n)\n"
					 "VALUES ($1, $2, $3, $4)\n"
					 "ON CONFLICT (scope, advisory, verdict)\n"
					 "DO UPDATE SET n = check_tally.n + excluded.n\n"
					 "RETURNING n");

	db_int(s, 1, c->key.scope);
	db_int(s, 2, c->key.what);
	db_int(s, 3, c->key.severity);
	db_int(s, 4, c->is);
	if (!db_scalar(s, 0, &n, e))
		return false;
	if (n != 0)
		return true;
	s = db_stmt(ig->db, "DELETE FROM check_tally\n"
			    "WHERE scope = $1 AND advisory = $2 AND verdict = $3");
	db_int(s, 1, c->key.scope);
	db_int(s, 2, c->key.what);
	db_int(s, 3, c->key.severity);
	return db_run(s, e);
}

/* On which controls a count of the estate bears. */
static void bear(struct store *st, const struct cell_key *k)
{
	if (k->kind == VERDICT)
		bears_rule(st, k->what);
	else if (k->kind == FINDING_VULNERABILITY)
		bears_on(st, BEARS_VULNERABILITIES);
	else if (k->kind == FINDING_SECRET && k->what == 0)
		bears_on(st, BEARS_SECRETS);
	else
		bears_class(st, k->what);
}

static bool flush(struct ingest *ig, struct err *e)
{
	HASH_SORT(ig->cells, by_cell);
	for (struct cell *c = ig->cells; c; c = c->hh.next) {
		if (c->is == 0)
			continue;
		if (c->key.scope == 0)
			bear(ig->st, &c->key);
		if (!(c->key.kind == VERDICT ? add_verdict_cell(ig, c, e)
					     : add_finding_cell(ig, c, e)))
			return false;
	}
	cells_free(&ig->cells);
	return true;
}

static void add_to(struct ingest *ig, const struct cell_key *key, int64_t scope, int64_t n)
{
	struct cell_key k = *key;

	k.scope = scope;
	if (n != 0)
		cell_of(&ig->cells, &k)->is += n;
}

/* ---- scopes ---- */

struct scopes {
	int64_t *id;
	size_t n, cap;
};

static bool read_scopes(struct ingest *ig, const char *sql, int64_t asset, struct scopes *out,
			struct err *e)
{
	struct stmt *s = db_stmt(ig->db, sql);

	db_int(s, 1, asset);
	while (db_next(s)) {
		ARRAY_MORE(out->id, out->n, out->cap);
		out->id[out->n++] = db_column(s, 0);
	}
	return db_done(s, e);
}

static const char SQL_COUNTED[] = "SELECT scope\n"
				  "FROM counted\n"
				  "WHERE asset = $1";
/* What an asset that is no image lies in, itself included; the estate is scope 0. */
static const char SQL_ABOVE[] =
	"WITH RECURSIVE above (id) AS (\n"
	"  SELECT id FROM asset WHERE id = $1\n"
	"  UNION\n"
	"  SELECT a.parent FROM asset AS a JOIN above AS b ON a.id = b.id)\n"
	"SELECT id FROM above\n"
	"UNION SELECT 0";
/* Where an image runs; a host's own containers are counted with the host. */
static const char SQL_RUNS[] =
	"SELECT workload FROM container WHERE image = $1 AND running = 1 AND workload > 0\n"
	"UNION SELECT namespace FROM container WHERE image = $1 AND running = 1 AND namespace > 0\n"
	"UNION SELECT cluster FROM container WHERE image = $1 AND running = 1 AND cluster > 0\n"
	"UNION SELECT node FROM container WHERE image = $1 AND running = 1 AND cluster = 0 AND "
	"node > 0\n"
	"UNION SELECT 0";

static bool scopes_now(struct ingest *ig, const struct standing *s, struct scopes *out,
		       struct err *e)
{
	if (!s->counts)
		return true;
	return read_scopes(ig, s->image ? SQL_RUNS : SQL_ABOVE, s->asset, out, e);
}

static bool has(const struct scopes *s, int64_t id)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->id[i] == id)
			return true;
	return false;
}

static bool write_scopes(struct ingest *ig, int64_t asset, const struct scopes *was,
			 const struct scopes *is, struct err *e)
{
	for (size_t i = 0; i < was->n + is->n; i++) {
		bool old = i < was->n;
		int64_t id = old ? was->id[i] : is->id[i - was->n];
		struct stmt *s;

		if (has(old ? is : was, id))
			continue;
		s = db_stmt(ig->db, old ? "DELETE FROM counted\n"
					  "WHERE asset = $1 AND scope = $2"
					: "INSERT INTO counted (asset, scope)\n"
					  "VALUES ($1, $2)");
		db_int(s, 1, asset);
		db_int(s, 2, id);
		if (!db_run(s, e))
			return false;
	}
	return true;
}

/* ---- one asset's own count ---- */

static int64_t own_scope(int64_t asset, bool image)
{
	return image ? asset : -asset;
}

static bool read_stored(struct ingest *ig, int64_t scope, struct cell **own, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "SELECT kind, class, severity, kev, state, due_day, n\n"
					 "FROM tally\n"
					 "WHERE scope = $1");

	db_int(s, 1, scope);
	while (db_next(s)) {
		const struct cell_key k = { 0,
					    db_column(s, 0),
					    db_column(s, 1),
					    db_column(s, 2),
					    db_column(s, 3),
					    db_column(s, 4),
					    db_column(s, 5) };

		cell_of(own, &k)->was = db_column(s, 6);
	}
	if (!db_done(s, e))
		return false;
	s = db_stmt(ig->db, "SELECT advisory, verdict, n\n"
			    "FROM check_tally\n"
			    "WHERE scope = $1");
	db_int(s, 1, scope);
	while (db_next(s)) {
		const struct cell_key k = { .kind = VERDICT,
					    .what = db_column(s, 0),
					    .severity = db_column(s, 1) };

		cell_of(own, &k)->was = db_column(s, 2);
	}
	return db_done(s, e);
}

struct image_sum { /* what an image's row says of its open findings */
	int64_t n[SEV_COUNT], kev, epss, fixable, due;
};

static const char SQL_FINDINGS[] =
	"SELECT f.advisory, f.severity, f.state, f.due, x.fixed_in <> '', f.part\n"
	"FROM finding AS f\n"
	"LEFT JOIN affects AS x ON x.advisory = f.advisory AND x.part = f.part\n"
	"WHERE f.asset = $1";

static void sum_open(struct stmt *s, const struct facts *a, struct image_sum *sum)
{
	int64_t due = db_column(s, 3);

	sum->n[db_column(s, 1)]++;
	sum->kev += a->kev;
	sum->fixable += db_column(s, 4);
	if (a->epss > sum->epss)
		sum->epss = a->epss;
	if (due < sum->due)
		sum->due = due;
}

static struct cell_key key_of(struct stmt *s, const struct facts *a)
{
	bool open = db_column(s, 2) == STATE_OPEN;
	int64_t due = db_column(s, 3);

	return (struct cell_key){ 0,
				  a->kind,
				  a->class_id,
				  db_column(s, 1),
				  a->kev,
				  db_column(s, 2),
				  open && due != DUE_NONE ? time_day(due) : NO_DAY };
}

/* The day on which a weakness that is set aside would be due. */
static bool aside_day(struct ingest *ig, const struct standing *of, struct finding_row *f,
		      const struct facts *a, int64_t *day, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "SELECT p.package, f.since\n"
					 "FROM finding AS f JOIN part AS p ON p.id = f.part\n"
					 "WHERE f.asset = $1 AND f.advisory = $2 AND f.part = $3");
	int64_t due;

	db_int(s, 1, of->asset);
	db_int(s, 2, f->advisory);
	db_int(s, 3, f->part);
	if (db_next(s)) {
		f->package = db_column(s, 0);
		f->since = db_column(s, 1);
	}
	if (!db_done(s, e) || !clock_would_be_due(ig, of, f, a, &due, e))
		return false;
	*day = due == DUE_NONE ? NEVER_DAY : time_day(due);
	return true;
}

static bool is_aside(const struct cell_key *k)
{
	return k->kind == FINDING_VULNERABILITY && k->state != STATE_OPEN &&
	       k->state != STATE_RESOLVED;
}

static bool count_findings(struct ingest *ig, const struct standing *of, struct cell **own,
			   struct image_sum *sum, struct err *e)
{
	struct facts a = { 0 };
	struct stmt *s = db_stmt(ig->db, SQL_FINDINGS);
	int64_t last = 0;
	bool ok = true;

	db_int(s, 1, of->asset);
	while (ok && db_next(s)) {
		int64_t advisory = db_column(s, 0);
		struct cell_key k;

		ok = advisory == last || advisory_facts(ig, advisory, &a, e);
		last = advisory;
		k = key_of(s, &a);
		if (ok && of->counts && is_aside(&k))
			ok = aside_day(ig, of,
				       &(struct finding_row){ .advisory = advisory,
							      .part = db_column(s, 5),
							      .severity = k.severity },
				       &a, &k.day, e);
		cell_of(own, &k)->is++;
		if (k.state == STATE_OPEN)
			sum_open(s, &a, sum);
	}
	return db_done(s, e) && ok;
}

static bool count_checks(struct ingest *ig, int64_t asset, struct cell **own, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "SELECT advisory, verdict\n"
					 "FROM check_result\n"
					 "WHERE asset = $1 AND gone = 0");

	db_int(s, 1, asset);
	while (db_next(s)) {
		const struct cell_key k = { .kind = VERDICT,
					    .what = db_column(s, 0),
					    .severity = db_column(s, 1) };

		cell_of(own, &k)->is++;
	}
	return db_done(s, e);
}

static bool write_sum(struct ingest *ig, int64_t image, const struct image_sum *sum, struct err *e)
{
	struct stmt *s = db_stmt(
		ig->db, "UPDATE image\n"
			"SET critical = $1, high = $2, medium = $3, low = $4, negligible = $5,\n"
			"    unknown = $6, kev = $7, epss = $8, fixable = $9, due = $10,\n"
			"    risk = $11\n"
			"WHERE asset = $12");

	for (int i = 0; i < SEV_COUNT; i++)
		db_int(s, 1 + i, sum->n[i]);
	db_int(s, 7, sum->kev);
	db_int(s, 8, sum->epss);
	db_int(s, 9, sum->fixable);
	db_int(s, 10, sum->due);
	db_int(s, 11,
	       -(sum->n[SEV_CRITICAL] * 100000000 + sum->n[SEV_HIGH] * 10000 + sum->n[SEV_MEDIUM]));
	db_int(s, 12, image);
	return db_run(s, e);
}

static bool count_own(struct ingest *ig, const struct touched *t, const struct standing *of,
		      struct cell **own, struct err *e)
{
	struct image_sum sum = { .due = DUE_NONE };

	if (!read_stored(ig, own_scope(t->asset, of->image), own, e))
		return false;
	if (t->findings && (!count_findings(ig, of, own, &sum, e) ||
			    (of->image && !write_sum(ig, t->asset, &sum, e))))
		return false;
	if (t->checks && !count_checks(ig, t->asset, own, e))
		return false;
	for (struct cell *c = *own; c; c = c->hh.next)
		if (c->key.kind == VERDICT ? !t->checks : !t->findings)
			c->is = c->was; /* not counted again: as it was */
	return true;
}

static void spread(struct ingest *ig, int64_t own_rows, const struct cell *own,
		   const struct scopes *was, const struct scopes *is)
{
	for (const struct cell *c = own; c; c = c->hh.next) {
		add_to(ig, &c->key, own_rows, c->is - c->was);
		for (size_t i = 0; i < was->n; i++)
			add_to(ig, &c->key, was->id[i], -c->was);
		for (size_t i = 0; i < is->n; i++)
			add_to(ig, &c->key, is->id[i], c->is);
	}
}

static bool same_scopes(const struct scopes *a, const struct scopes *b)
{
	for (size_t i = 0; i < a->n; i++)
		if (!has(b, a->id[i]))
			return false;
	return a->n == b->n;
}

static bool settle_asset(struct ingest *ig, const struct touched *t, struct err *e)
{
	struct scopes was = { 0 }, is = { 0 };
	struct standing s = { 0 };
	struct cell *own = NULL;
	bool ok = standing_load(ig, t->asset, &s, e) &&
		  read_scopes(ig, SQL_COUNTED, t->asset, &was, e) && scopes_now(ig, &s, &is, e);

	if (s.image && s.running)
		bears_on(ig->st, BEARS_DRIFT);
	if (ok && (t->findings || t->checks || !same_scopes(&was, &is))) {
		ok = count_own(ig, t, &s, &own, e) && write_scopes(ig, t->asset, &was, &is, e);
		if (ok)
			spread(ig, own_scope(t->asset, s.image), own, &was, &is);
	}
	cells_free(&own);
	free(s.repository);
	free(was.id);
	free(is.id);
	return ok && (HASH_COUNT(ig->cells) < CELLS || flush(ig, e));
}

bool tallies_settle(struct ingest *ig, struct err *e)
{
	for (const struct touched *t = ig->touched; t; t = t->hh.next)
		if (!settle_asset(ig, t, e))
			return false;
	return flush(ig, e);
}
