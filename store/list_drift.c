/* SPDX-License-Identifier: MIT */
/*
 * list_drift.c - what runs although it should not: images that the gate refuses, and images that
 * admission denied when it was last asked. A computed list.
 */
#include "store/event_pack.h"
#include "store/gate_inner.h"
#include "store/judge.h"
#include "store/list.h"
#include "store/list_parts.h"

enum { DRIFT_GATE, DRIFT_ADMISSION };

static const struct column columns[] = {
	{ "id", NULL, "ID", "Number of the image in this store.", VAL_INT, 6, true, NULL },
	{ "kind", NULL, "BY", "Who refuses it: gate or admission.", VAL_TEXT, 9, true, NULL },
	{ "image", "img", "IMAGE", "The image that runs.", VAL_TEXT, 40, true,
	  SQL(.match = MATCH_NAME) },
	{ "digest", NULL, "DIGEST", "Its digest.", VAL_TEXT, 19, true, NULL },
	{ "running", "run", "RUN", "Containers that run it.", VAL_INT, 4, true, NULL },
	{ "where", NULL, "WHERE", "Clusters and namespaces in which it runs.", VAL_LIST, 28, false,
	  NULL },
	{ "rules", NULL, "RULES", "The rules that it breaks.", VAL_LIST, 40, false, NULL },
	{ "why", NULL, "WHY", "What is against it.", VAL_TEXT, 50, false,
	  SQL(.match = MATCH_PROSE) },
	{ "policy", NULL, "POLICY", "The policies in its scope.", VAL_LIST, 16, true, NULL },
	{ "at", "age", "AT", "When admission denied it.", VAL_TIME, 6, true, NULL },
};

struct drift { /* rows in the making */
	struct store *st;
	struct arena *mem;
	struct row *row;
	struct value **val; /* of each row, as long as it is being filled */
	size_t n, cap, val_cap;
};

static struct value *add_row(struct drift *d, int64_t image, int64_t kind)
{
	struct value *val = arena_array(d->mem, struct value, LENGTH(columns));

	ARENA_MORE(d->mem, d->row, d->n, d->cap);
	ARENA_MORE(d->mem, d->val, d->n, d->val_cap);
	d->val[d->n] = val;
	d->row[d->n++] = (struct row){ .key = { image, kind }, .val = val };
	return val;
}

static struct value text(enum value_type type, const char *s)
{
	return (struct value){ type, { .s = s ? s : "" } };
}

static struct value integer(enum value_type type, int64_t i)
{
	return (struct value){ type, { .i = i } };
}

/* ---- refused by the gate ---- */

static void join_reasons(struct drift *d, const struct gate_answer *a, const char **rules,
			 const char **why)
{
	struct buf r = BUF_INIT, w = BUF_INIT;

	for (size_t i = 0; i < a->nreason; i++) {
		if (a->reason[i].evidence)
			continue;
		buf_addf(&r, "%s%s", r.len ? ", " : "", a->reason[i].rule);
		buf_addf(&w, "%s%s", w.len ? "; " : "", a->reason[i].text);
	}
	*rules = arena_dup(d->mem, r.s);
	*why = arena_dup(d->mem, w.s);
	buf_release(&r);
	buf_release(&w);
}

bool gate_refuses(const struct gate_answer *a)
{
	for (size_t i = 0; i < a->nreason; i++)
		if (!a->reason[i].evidence)
			return true;
	return false;
}

static bool where_it_runs(struct drift *d, int64_t image, const char **where, int64_t *running,
			  struct err *e)
{
	struct stmt *s = db_stmt(d->st->db,
				 "SELECT COALESCE(k.name, ''), COALESCE(n.name, ''), COUNT(*)\n"
				 "FROM container AS c\n"
				 "  LEFT JOIN asset AS k ON k.id = c.cluster\n"
				 "  LEFT JOIN asset AS n ON n.id = c.namespace\n"
				 "WHERE c.image = $1 AND c.running = 1\n"
				 "GROUP BY k.name, n.name\n"
				 "ORDER BY 1, 2");
	struct buf b = BUF_INIT;

	*running = 0;
	db_int(s, 1, image);
	while (db_next(s)) {
		const char *namespace = db_column_text(s, 1);

		buf_addf(&b, "%s%s%s%s", b.len ? ", " : "", db_column_text(s, 0),
			 *namespace ? "/" : "", namespace);
		*running += db_column(s, 2);
	}
	*where = arena_dup(d->mem, b.s);
	buf_release(&b);
	return db_done(s, e);
}

static bool add_refused(struct drift *d, const struct gate_answer *a, struct err *e)
{
	const char *rules, *why, *where;
	struct value *v;
	int64_t running;

	if (!where_it_runs(d, a->image, &where, &running, e))
		return false;
	join_reasons(d, a, &rules, &why);
	v = add_row(d, a->image, DRIFT_GATE);
	v[0] = integer(VAL_INT, a->image);
	v[1] = text(VAL_TEXT, "gate");
	v[2] = text(VAL_TEXT, arena_dup(d->mem, a->name));
	v[3] = text(VAL_TEXT, arena_dup(d->mem, a->digest));
	v[4] = integer(VAL_INT, running);
	v[5] = text(VAL_LIST, where);
	v[6] = text(VAL_LIST, rules);
	v[7] = text(VAL_TEXT, why);
	v[8] = text(VAL_LIST, arena_dup(d->mem, a->policy));
	v[9] = integer(VAL_TIME, 0);
	return true;
}

/* ---- denied at admission ---- */

/*
 * The newest word of admission on each thing is a denial, and it runs. Where the request named an
 * image, only what runs that image counts. The plus keeps SQLite from reading the events of all
 * kinds: admissions are few.
 */
static const char SQL_DENIED[] =
	"SELECT i.asset, MAX(i.name), MAX(x.at), MAX(x.rule), MAX(x.message),\n"
	"  " SQL_DIGEST_OF("i.asset") "\n"
	"FROM (SELECT e.asset AS asset, w.body AS body, e.ts_ns / 1000000000 AS at,\n"
	"        COALESCE(a.name, '') AS rule, field_of(" SQL_EVENT_FIELDS(
		"e") ", 'message') AS message,\n"
	"        field_of(" SQL_EVENT_FIELDS("e") ", 'image') AS image,\n"
	"        ROW_NUMBER() OVER (PARTITION BY e.asset ORDER BY e.ts_ns DESC, e.id DESC) AS r\n"
	"      FROM event AS e JOIN word AS w ON w.id = e.action\n"
	"        LEFT JOIN advisory AS a ON a.id = e.rule\n"
	"      WHERE e.kind = 1 AND +e.asset > 0) AS x\n"
	"  JOIN container AS c ON c.running = 1 AND c.image > 0\n"
	"    AND (c.asset = x.asset OR c.workload = x.asset)\n"
	"  JOIN image AS i ON i.asset = c.image\n"
	"WHERE x.r = 1 AND x.body = 'denied' AND x.image IN ('', c.reference)\n"
	"  AND " SQL_IN_SCOPE("i.asset", "$1") "\n"
	"GROUP BY i.asset\n"
	"ORDER BY i.asset";

static void add_denied(struct drift *d, struct stmt *s)
{
	struct value *v = add_row(d, db_column(s, 0), DRIFT_ADMISSION);

	v[0] = integer(VAL_INT, db_column(s, 0));
	v[1] = text(VAL_TEXT, "admission");
	v[2] = text(VAL_TEXT, arena_dup(d->mem, db_column_text(s, 1)));
	v[3] = text(VAL_TEXT, arena_dup(d->mem, db_column_text(s, 5)));
	v[6] = text(VAL_LIST, arena_dup(d->mem, db_column_text(s, 3)));
	v[7] = text(VAL_TEXT, arena_dup(d->mem, db_column_text(s, 4)));
	v[8] = text(VAL_LIST, "");
	v[9] = integer(VAL_TIME, db_column(s, 2));
}

static bool denied_rows(struct drift *d, struct err *e)
{
	struct stmt *s = db_stmt(d->st->db, SQL_DENIED);
	size_t first = d->n;

	db_int(s, 1, 0);
	while (db_next(s))
		add_denied(d, s);
	if (!db_done(s, e))
		return false;
	for (size_t i = first; i < d->n; i++) {
		const char *where;
		int64_t running;

		if (!where_it_runs(d, d->row[i].key[0], &where, &running, e))
			return false;
		d->val[i][4] = integer(VAL_INT, running);
		d->val[i][5] = text(VAL_LIST, where);
	}
	return true;
}

/* ---- */

static bool drift_rows(struct store *st, const struct list_query *q, struct arena *mem,
		       struct row **row, size_t *n, struct err *e)
{
	struct drift d = { .st = st, .mem = mem };
	const struct gate_answer *a;
	size_t count, kept = 0;

	if (!gate_running(st, &a, &count, e))
		return false;
	for (size_t i = 0; i < count; i++)
		if (gate_refuses(&a[i]) && !add_refused(&d, &a[i], e))
			return false;
	if (!denied_rows(&d, e))
		return false;
	for (size_t i = 0; i < d.n; i++)
		if (q->scope.kind == SCOPE_ALL || q->scope.key[0] == d.row[i].key[0])
			d.row[kept++] = d.row[i];
	*row = d.row;
	*n = kept;
	return true;
}

bool drift_counts(struct store *st, int64_t scope, int64_t *refused, int64_t *denied, struct err *e)
{
	const struct gate_answer *a;
	struct stmt *s;
	size_t n;

	*refused = *denied = 0;
	if (!gate_running(st, &a, &n, e))
		return false;
	for (size_t i = 0; i < n; i++)
		*refused += gate_refuses(&a[i]);
	s = db_stmt(st->db, SQL_DENIED);
	db_int(s, 1, scope);
	while (db_next(s))
		++*denied;
	return db_done(s, e);
}

static const struct list_order orders[] = { { "image", "image, kind" } };
static const struct list_term by_image[] = { { NULL, "image", 0, 0 }, { NULL, "kind", 0, 0 } };
static const struct list_sort sorts[] = { { true, false, by_image, LENGTH(by_image) } };
static const struct list_scope scopes[] = { { .kind = SCOPE_ALL }, { .kind = SCOPE_IMAGE } };
static const struct list_word words[] = {
	{ "gate", "kind:gate" },
	{ "admission", "kind:admission" },
};
const struct list_def list_drift = {
	.info = { .name = "drift",
		  .title = "Running against the rules",
		  .col = columns,
		  .ncol = LENGTH(columns),
		  .order = orders,
		  .norder = LENGTH(orders),
		  .nkey = 2 },
	.sort = sorts,
	.scope = scopes,
	.nscope = LENGTH(scopes),
	.word = words,
	.nword = LENGTH(words),
	.rows = drift_rows,
};
