/* SPDX-License-Identifier: MIT */
/*
 * list_fixes.c - the fix plan of an image: what to change, most risk removed first.
 *
 * A bump is one package raised to the lowest version that has every fix. A rebase takes another
 * image: of the base's repository instead of the base, or of the image's own repository instead of
 * the image. Only one that holds a name now, was built later for the same platform, has had a
 * complete vulnerability scan (an image that nobody scanned shows no findings either), and has
 * fewer open vulnerabilities and no more exploited ones than what it replaces. It removes a
 * vulnerability only when the new image does not have it in any version of that package, decided
 * on or not; other kinds of findings are not counted, as that scan does not look for them. What is
 * no vulnerability is a change of configuration, one row a rule. Vulnerabilities without a fix are
 * one row at the end.
 */
#include <stdlib.h>

#include "store/list.h"
#include "store/list_parts.h"
#include "store/store_private.h"
#include "store/version.h"

enum fix_kind { FIX_REBASE, FIX_BUMP, FIX_CONFIG, FIX_NONE, FIX_KIND_COUNT };

struct fix {
	enum fix_kind kind;
	int64_t id;    /* rebase: image to rebase to; bump: package; config: advisory */
	int64_t other; /* rebase: what that replaces, the base or the image itself   */
	const char *type, *name, *have, *to, *what;
	int64_t open[SEV_COUNT], kev, removes, assets;
};
struct plan {
	struct arena *mem;
	struct fix *fix;
	size_t n, cap;
};

static const struct column columns[] = {
	{ "kind", NULL, "FIX PLAN", "rebase, bump, config or none.", VAL_TEXT, 8, true, NULL },
	{ "what", NULL, "WHAT TO CHANGE", "The change.", VAL_TEXT, 44, false,
	  SQL(.match = MATCH_PROSE) },
	{ "package.type", "type", "TYPE", "Kind of package.", VAL_TEXT, 8, true, NULL },
	{ "package.name", "pkg", "PACKAGE", "The package, or the rule.", VAL_TEXT, 20, true, NULL },
	{ "have", NULL, "HAVE", "Its version now.", VAL_TEXT, 16, false, NULL },
	{ "to", NULL, "TO", "The version to go to.", VAL_TEXT, 16, false, NULL },
	{ "removes", NULL, "FIXES", "Open findings that it removes.", VAL_INT, 5, true, NULL },
	{ "findings.critical", "c", "C", "Of them critical.", VAL_INT, 4, true, NULL },
	{ "findings.high", "h", "H", "Of them high.", VAL_INT, 4, true, NULL },
	{ "findings.medium", "m", "M", "Of them medium.", VAL_INT, 4, true, NULL },
	{ "findings.low", "l", "L", "Of them low.", VAL_INT, 4, true, NULL },
	{ "kev", NULL, "KEV", "Of them known to be exploited.", VAL_INT, 3, true, NULL },
	{ "also_in", "also", "ALSO IN", "Other images that it would help.", VAL_INT, 7, true,
	  NULL },
	{ "rank", NULL, "RANK", "Lower removes more risk.", VAL_INT, 9, true, NULL },
};

static struct fix *
fix_new(struct plan *p, enum fix_kind kind, int64_t id)
{
	struct fix *grown;

	if (p->n == p->cap) {
		p->cap = p->cap ? p->cap * 2 : 32;
		grown = arena_array(p->mem, struct fix, p->cap);
		for (size_t i = 0; i < p->n; i++)
			grown[i] = p->fix[i];
		p->fix = grown;
	}
	p->fix[p->n] = (struct fix){ .kind = kind, .id = id, .have = "", .to = "" };
	return &p->fix[p->n++];
}

static struct fix *
fix_of(struct plan *p, enum fix_kind kind, int64_t id)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->fix[i].kind == kind && p->fix[i].id == id)
			return &p->fix[i];
	return fix_new(p, kind, id);
}

static void
count(struct fix *f, int64_t severity, bool kev, int64_t assets)
{
	f->removes++;
	f->open[severity < SEV_COUNT ? severity : SEV_UNKNOWN]++;
	f->kev += kev;
	if (assets > f->assets)
		f->assets = assets;
}

/* ---- findings of the image, one by one ---- */

enum {
	COL_ADVISORY,
	COL_PACKAGE,
	COL_SEVERITY,
	COL_KIND,
	COL_KEV,
	COL_NAME,
	COL_TITLE,
	COL_TYPE,
	COL_PKG,
	COL_VERSION,
	COL_FIXED,
	COL_ASSETS
};
static const char findings[] =
	"SELECT f.advisory, q.package, f.severity, a.kind, a.kev, a.name, a.title, k.type, "
	"k.name,\n"
	"q.version, COALESCE(x.fixed_in, ''), COALESCE(r.assets, 1)\n"
	"FROM finding f JOIN advisory a ON a.id = f.advisory JOIN part q ON q.id = f.part\n"
	"JOIN package k ON k.id = q.package\n"
	"LEFT JOIN affects x ON x.advisory = f.advisory AND x.part = f.part\n"
	"LEFT JOIN problem r ON r.advisory = f.advisory\n"
	"AND r.package = CASE a.kind WHEN 0 THEN q.package ELSE 0 END\n"
	"WHERE f.asset = $1 AND f.state = 0\n"
	"ORDER BY f.advisory, f.part";

static void
bump(struct plan *p, struct stmt *s, struct fix *f)
{
	const char *type = db_column_text(s, COL_TYPE), *have = db_column_text(s, COL_VERSION);
	const char *to = version_next(type, have, db_column_text(s, COL_FIXED), p->mem);

	f->type = arena_dup(p->mem, type);
	f->name = arena_dup(p->mem, db_column_text(s, COL_PKG));
	if (str_empty(f->have) || version_compare(type, have, f->have) < 0)
		f->have = arena_dup(p->mem, have);
	if (to && (str_empty(f->to) || version_compare(type, to, f->to) > 0))
		f->to = to;
}

static void
take_finding(struct plan *p, struct stmt *s)
{
	struct fix *f;

	if (db_column(s, COL_KIND) != FINDING_VULNERABILITY) {
		f = fix_of(p, FIX_CONFIG, db_column(s, COL_ADVISORY));
		f->name = arena_dup(p->mem, db_column_text(s, COL_NAME));
		f->what = arena_dup(p->mem, db_column_text(s, COL_TITLE));
	} else if (*db_column_text(s, COL_FIXED)) {
		f = fix_of(p, FIX_BUMP, db_column(s, COL_PACKAGE));
		bump(p, s, f);
	} else {
		f = fix_of(p, FIX_NONE, 0);
	}
	count(f, db_column(s, COL_SEVERITY), db_column(s, COL_KEV) != 0, db_column(s, COL_ASSETS));
}

static bool
load_findings(struct store *st, int64_t image, struct plan *p, struct err *e)
{
	struct stmt *s = db_stmt(st->db, findings);

	db_int(s, 1, image);
	while (db_next(s))
		take_finding(p, s);
	return db_done(s, e);
}

/* ---- another base, a newer tag ---- */

#define VULNERABILITIES(asset)                                                                     \
	"COALESCE((SELECT sum(t.n) FROM tally t WHERE t.scope = " asset "\n"                       \
	"AND t.kind = 0 AND t.state = 0), 0)"
/*
 * Of what may stand for image b under a name z: the image with the fewest exploited and the
 * fewest open vulnerabilities, the newest of those.
 */
#define BETTER_THAN_B                                                                              \
	"JOIN image n ON n.asset = z.image AND n.asset <> b.asset AND n.built > b.built\n"         \
	"AND n.current = 1 AND n.scanned_at > 0\n"                                                 \
	"AND (n.arch = b.arch OR n.arch = '' OR b.arch = '')\n"                                    \
	"AND n.kev <= b.kev AND " VULNERABILITIES("n.asset") " < " VULNERABILITIES("b.asset") "\n"
#define BEST_FIRST                                                                                 \
	"ORDER BY n.kev, " VULNERABILITIES("n.asset") ", n.built DESC, n.asset DESC,\n"            \
	"z.name <> n.name, z.name"

/* The image that the base's name stands for, and the one to take instead. */
static const char bases[] =
	"SELECT b.asset, b.name, n.asset, z.name\n"
	"FROM image i JOIN image_name y ON y.name = i.base JOIN image b ON b.asset = y.image\n"
	"JOIN image_name z ON z.repository = y.repository AND z.until = 0\n"
	BETTER_THAN_B
	"WHERE i.asset = $1 AND i.base <> ''\n"
	BEST_FIRST ", y.since DESC\n"
	"LIMIT 1";
/* The image itself, and another of its repository. */
static const char tags[] =
	"SELECT b.asset, b.name, n.asset, z.name\n"
	"FROM image b JOIN image_name z ON z.repository = b.repository AND z.until = 0\n"
	BETTER_THAN_B
	"WHERE b.asset = $1 AND b.repository <> 0\n"
	BEST_FIRST "\n"
	"LIMIT 1";
static const char rebased[] =
	"SELECT f.severity, a.kev\n"
	"FROM finding f JOIN advisory a ON a.id = f.advisory AND a.kind = 0\n"
	"WHERE f.asset = $1 AND f.state = 0 AND " SQL_REBASED("$2", "$3");
static const char based_on[] = "SELECT count(*)\n"
			       "FROM image i JOIN image me ON me.base = i.base AND me.asset = $1\n"
			       "WHERE i.current = 1 OR i.running > 0";

static bool
count_rebase(struct store *st, int64_t image, struct fix *f, struct err *e)
{
	struct stmt *s = db_stmt(st->db, rebased);
	int64_t assets;

	db_int(s, 1, image);
	db_int(s, 2, f->other);
	db_int(s, 3, f->id);
	while (db_next(s))
		count(f, db_column(s, 0), db_column(s, 1) != 0, 1);
	if (!db_done(s, e))
		return false;
	if (f->other == image)
		return true;
	s = db_stmt(st->db, based_on);
	db_int(s, 1, image);
	if (!db_scalar(s, 1, &assets, e))
		return false;
	f->assets = assets;
	return true;
}

static bool
load_rebase(struct store *st, int64_t image, const char *sql, struct plan *p, struct err *e)
{
	struct stmt *s = db_stmt(st->db, sql);
	struct fix *f = NULL;

	db_int(s, 1, image);
	if (db_next(s)) {
		f = fix_new(p, FIX_REBASE, db_column(s, 2));
		f->other = db_column(s, 0);
		f->have = arena_dup(p->mem, db_column_text(s, 1));
		f->to = arena_dup(p->mem, db_column_text(s, 3));
		f->what = arena_printf(p->mem, "%s%s -> %s", f->other == image ? "" : "FROM ",
				       f->have, f->to);
	}
	if (!db_done(s, e) || (f && !count_rebase(st, image, f, e)))
		return false;
	if (f && f->removes == 0)
		p->n--;
	return true;
}

/* ---- rows ---- */

/* Exploited first, then by severity; what cannot be fixed comes last. */
static int64_t
rank_of(const struct fix *f)
{
	static const int64_t weight[SEV_COUNT] = { 1000000000, 1000000, 1000, 10, 1, 10 };
	int64_t risk = f->kev * INT64_C(1000000000000);

	for (size_t i = 0; i < SEV_COUNT; i++)
		risk += f->open[i] * weight[i];
	return f->kind == FIX_NONE ? INT64_MAX : -risk;
}

static const char *
what_of(const struct fix *f, struct arena *mem)
{
	switch (f->kind) {
	case FIX_REBASE:
		return f->what;
	case FIX_BUMP:
		return arena_printf(mem, "%s %s -> %s", f->name, f->have, f->to);
	case FIX_CONFIG:
		return str_empty(f->what) ? f->name
					  : arena_printf(mem, "%s (%s)", f->what, f->name);
	case FIX_NONE:
	case FIX_KIND_COUNT:
		break;
	}
	return "no fix: accept with an end date, mitigate, or wait for the vendor";
}

static struct value
text(const char *s)
{
	return (struct value){ VAL_TEXT, { .s = s ? s : "" } };
}

static struct value
number(int64_t i)
{
	return (struct value){ VAL_INT, { .i = i } };
}

static void
write_row(const struct fix *f, int64_t image, struct arena *mem, struct row *r)
{
	static const char *const words[FIX_KIND_COUNT] = { "rebase", "bump", "config", "none" };
	struct value *v = arena_array(mem, struct value, LENGTH(columns));

	*r = (struct row){ { image, (int64_t)f->kind, f->id, f->other }, v };
	*v++ = text(words[f->kind]);
	*v++ = text(what_of(f, mem));
	*v++ = text(f->type);
	*v++ = text(f->name);
	*v++ = text(f->have);
	*v++ = text(f->to);
	*v++ = number(f->removes);
	*v++ = number(f->open[SEV_CRITICAL]);
	*v++ = number(f->open[SEV_HIGH]);
	*v++ = number(f->open[SEV_MEDIUM]);
	*v++ = number(f->open[SEV_LOW]);
	*v++ = number(f->kev);
	*v++ = number(f->assets > 1 ? f->assets - 1 : 0);
	*v = number(rank_of(f));
}

static bool
fix_rows(struct store *st, const struct list_query *q, struct arena *mem, struct row **row,
	 size_t *n, struct err *e)
{
	struct plan p = { mem, NULL, 0, 0 };
	int64_t image = q->scope.key[0];

	*n = 0;
	if (!load_findings(st, image, &p, e) || !load_rebase(st, image, bases, &p, e) ||
	    !load_rebase(st, image, tags, &p, e))
		return false;
	*row = arena_array(mem, struct row, p.n + 1);
	for (size_t i = 0; i < p.n; i++)
		write_row(&p.fix[i], image, mem, &(*row)[(*n)++]);
	return true;
}

static const struct list_order orders[] = { { "risk", "risk removed" } };
static const struct list_term terms[] = { { NULL, "rank", 0, 0 } };
static const struct list_sort sorts[] = { { true, false, terms, 1 } };
static const struct list_scope scopes[] = { { .kind = SCOPE_IMAGE } };

const struct list_def list_fixes = {
	.info = { .name = "fixes",
		  .title = "Fix plan",
		  .col = columns,
		  .ncol = LENGTH(columns),
		  .order = orders,
		  .norder = LENGTH(orders),
		  .nkey = 4 },
	.sort = sorts,
	.scope = scopes,
	.nscope = LENGTH(scopes),
	.rows = fix_rows,
};
