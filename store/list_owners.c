/* SPDX-License-Identifier: MIT */
/*
 * list_owners.c - who has how much open, from the roll-ups of images: of each the image's owner,
 * else its repository's. Findings that have an owner of their own are moved to that one. The rest
 * of the estate is nobody's. A computed list.
 */
#include "store/list.h"
#include "store/list_parts.h"
#include "store/store_private.h"

#define uthash_fatal(msg) die("out of memory")
#include <uthash.h>

enum { OWNER_OPEN = 1, OWNER_LATE = 8, OWNER_COUNTS };

static const struct column columns[] = {
	{ "owner", "who", "OWNER", "Who owns the findings; none: nobody does.", VAL_TEXT, 16, true,
	  NULL },
	{ "open", NULL, "OPEN", "Open findings.", VAL_INT, 6, true, NULL },
	{ "critical", "c", "C", "Critical ones of them.", VAL_INT, 5, true, NULL },
	{ "high", "h", "H", "High ones.", VAL_INT, 5, true, NULL },
	{ "medium", "m", "M", "Medium ones.", VAL_INT, 5, true, NULL },
	{ "low", "l", "L", "Low ones.", VAL_INT, 5, true, NULL },
	{ "unrated", NULL, "OTHER", "Negligible ones, and those that nobody rated.", VAL_INT, 5,
	  true, NULL },
	{ "kev", NULL, "KEV", "Known to be exploited.", VAL_INT, 4, true, NULL },
	{ "late", NULL, "LATE", "Due before today.", VAL_INT, 5, true, NULL },
};

struct owner {
	const char *name;
	int64_t n[OWNER_COUNTS]; /* as the columns from 1 on; n[0] is not used */
	UT_hash_handle hh;
};

struct owners {
	struct store *st;
	struct arena *mem;
	struct owner *all;
	int64_t today;
};

static struct owner *owner_named(struct owners *o, const char *name)
{
	struct owner *w;

	HASH_FIND_STR(o->all, name, w);
	if (!w) {
		w = arena_array(o->mem, struct owner, 1);
		*w = (struct owner){ .name = arena_dup(o->mem, name) };
		HASH_ADD_KEYPTR(hh, o->all, w->name, strlen(w->name), w);
	}
	return w;
}

struct owned { /* findings that are alike */
	int64_t severity, kev, due_day, n;
};

static void count_owned(const struct owners *o, struct owner *w, const struct owned *f)
{
	static const int column[SEV_COUNT] = {
		[SEV_CRITICAL] = 2, [SEV_HIGH] = 3,	  [SEV_MEDIUM] = 4,
		[SEV_LOW] = 5,	    [SEV_NEGLIGIBLE] = 6, [SEV_UNKNOWN] = 6,
	};

	w->n[OWNER_OPEN] += f->n;
	w->n[column[f->severity]] += f->n;
	if (f->kev)
		w->n[7] += f->n;
	if (f->due_day < o->today)
		w->n[OWNER_LATE] += f->n;
}

/* The estate's own roll-up belongs to nobody, and what is somebody's is taken from it. */
static const char SQL_ESTATE[] =
	"SELECT '', severity, kev, due_day, SUM(n)\n"
	"FROM tally\n"
	"WHERE scope = 0 AND state = 0\n"
	"GROUP BY severity, kev, due_day";
/* clang-format off */
#define OWNER_OF_IMAGE(image, repository) \
	"COALESCE(" SQL_OWNED("'image ' || " image) ",\n" \
	SQL_OWNED("'repository ' || " repository) ", '')"
/* Most of a large estate is nobody's: where to look is known from who owns what. */
#define OWNED_IDS(kind) \
	"SELECT CAST(substr(w.object, length('" kind " ') + 1) AS INTEGER) FROM owner AS w\n" \
	"WHERE w.object > '" kind " ' AND w.object < '" kind "!' AND w.until = 0"
static const char SQL_IMAGES[] =
	"SELECT o.who, t.severity, t.kev, t.due_day, SUM(t.n)\n"
	"FROM (SELECT i.asset AS asset, " OWNER_OF_IMAGE("i.asset", "i.repository") " AS who\n"
	"      FROM image AS i\n"
	"      WHERE (i.asset IN (" OWNED_IDS("image") ")\n"
	"             OR i.repository IN (" OWNED_IDS("repository") "))\n"
	"        AND EXISTS (SELECT 1 FROM counted AS c\n"
	"          WHERE c.asset = i.asset AND c.scope = 0)) AS o\n"
	"  JOIN tally AS t ON t.scope = o.asset\n"
	"WHERE o.who <> '' AND t.state = 0\n"
	"GROUP BY o.who, t.severity, t.kev, t.due_day";
static const char SQL_FINDING[] =
	"SELECT COALESCE((SELECT " OWNER_OF_IMAGE("i.asset", "i.repository") " FROM image AS i\n"
	"    WHERE i.asset = f.asset), ''), f.severity, COALESCE(a.kev, 0), f.due / 86400, 1\n"
	"FROM finding AS f JOIN advisory AS a ON a.id = f.advisory\n"
	"WHERE f.asset = $1 AND f.advisory = $2 AND f.part = $3 AND f.state = 0\n"
	"  AND EXISTS (SELECT 1 FROM counted AS c WHERE c.asset = f.asset AND c.scope = 0)";
/* clang-format on */

static struct owned owned_of(struct stmt *s)
{
	return (struct owned){ db_column(s, 1), db_column(s, 2), db_column(s, 3),
			       db_column(s, 4) };
}

static bool count_tallies(struct owners *o, struct stmt *s, bool from_nobody, struct err *e)
{
	struct owner *nobody = owner_named(o, "");

	while (db_next(s)) {
		struct owned f = owned_of(s);

		count_owned(o, owner_named(o, db_column_text(s, 0)), &f);
		f.n = -f.n;
		if (from_nobody)
			count_owned(o, nobody, &f);
	}
	return db_done(s, e);
}

static bool move_finding(struct owners *o, const int64_t key[static 3], const char *to,
			 struct err *e)
{
	struct stmt *s = db_stmt(o->st->db, SQL_FINDING);

	for (int i = 0; i < 3; i++)
		db_int(s, i + 1, key[i]);
	while (db_next(s)) {
		struct owned f = owned_of(s);

		count_owned(o, owner_named(o, to), &f);
		f.n = -f.n;
		count_owned(o, owner_named(o, db_column_text(s, 0)), &f);
	}
	return db_done(s, e);
}

static bool move_findings(struct owners *o, struct err *e)
{
	static const char sql[] =
		"SELECT object, name\n"
		"FROM owner AS o\n"
		"WHERE object >= 'finding ' AND object < 'finding!' AND until = 0\n"
		"  AND name <> ''";
	struct stmt *s = db_stmt(o->st->db, sql);
	struct err ignored = ERR_INIT;
	bool ok = true;

	while (ok && db_next(s)) {
		struct scope f;

		if (object_scope(db_column_text(s, 0), &f))
			ok = move_finding(o, f.key, db_column_text(s, 1), e);
	}
	return db_done(s, ok ? e : &ignored) && ok;
}

static struct row row_of(const struct owner *w, struct arena *mem)
{
	struct value *v = arena_array(mem, struct value, LENGTH(columns));

	v[0] = (struct value){ VAL_TEXT, { .s = *w->name ? w->name : "none" } };
	for (int i = OWNER_OPEN; i < OWNER_COUNTS; i++)
		v[i] = (struct value){ VAL_INT, { .i = w->n[i] } };
	return (struct row){
		.key = { (int64_t)(hash64(w->name, strlen(w->name)) >> 1) },
		.val = v,
	};
}

static bool owner_rows(struct store *st, UNUSED const struct list_query *q, struct arena *mem,
		       struct row **row, size_t *n, struct err *e)
{
	struct owners o = { st, mem, NULL, time_day(st->now) };
	struct owner *w, *next;
	bool ok = count_tallies(&o, db_stmt(st->db, SQL_ESTATE), false, e) &&
		  count_tallies(&o, db_stmt(st->db, SQL_IMAGES), true, e) && move_findings(&o, e);

	*row = arena_array(mem, struct row, HASH_COUNT(o.all) + 1);
	*n = 0;
	HASH_ITER(hh, o.all, w, next)
	{
		if (w->n[OWNER_OPEN] > 0)
			(*row)[(*n)++] = row_of(w, mem);
		HASH_DEL(o.all, w);
	}
	return ok;
}

static const struct list_order orders[] = { { "late", "late, critical, high" },
					    { "owner", "owner" } };
static const struct list_term by_late[] = {
	{ NULL, "late", 0, 0 },
	{ NULL, "critical", 0, 0 },
	{ NULL, "high", 0, 0 },
};
static const struct list_term by_owner[] = { { NULL, "owner", 0, 0 } };
static const struct list_sort sorts[] = { { true, true, by_late, LENGTH(by_late) },
					  { true, false, by_owner, 1 } };
static const struct list_scope scopes[] = { { .kind = SCOPE_ALL } };
const struct list_def list_owners = {
	.info = { .name = "owners",
		  .title = "Owners",
		  .col = columns,
		  .ncol = LENGTH(columns),
		  .order = orders,
		  .norder = LENGTH(orders),
		  .nkey = 1 },
	.sort = sorts,
	.scope = scopes,
	.nscope = LENGTH(scopes),
	.rows = owner_rows,
};
