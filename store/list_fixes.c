/* SPDX-License-Identifier: MIT */
/*
 * list_fixes.c - the fix plan of an image, a repository or the estate: what to change, most risk
 * removed first.
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
 *
 * The plan of more than one image adds theirs up, of those that count: a bump is one for each
 * distribution, a base is replaced for all that stand on it, and only what runs goes to another
 * tag. That of a base is of all images that stand on it, and of what they have from it, where the
 * base itself was seen; to go to other tags is not its matter.
 */
#include <stdio.h>
#include <stdlib.h>

#include "store/ingest.h"
#include "store/list.h"
#include "store/list_parts.h"
#include "store/store_private.h"
#include "store/version.h"

#define DIGEST_SHOWN 19 /* bytes: sha256: and 12 of 64 digits */

enum fix_kind { FIX_REBASE, FIX_BUMP, FIX_CONFIG, FIX_NONE, FIX_KIND_COUNT };

struct fix {
	enum fix_kind kind;
	int64_t id;    /* rebase: image to rebase to; bump: package; config: advisory */
	/* rebase: what that replaces, the base or the image itself; bump of a distribution: an
	 * image of it */
	int64_t other;
	bool itself; /* rebase: that is the image itself */
	const char *type, *name, *have, *to, *what;
	const char *distro; /* of many images: that of a bump; "" where it does not matter */
	int64_t open[SEV_COUNT], kev, removes, assets;
	int64_t last; /* image counted last */
};
struct plan {
	struct arena *mem;
	struct arena scratch;
	bool many; /* images */
	struct fix *fix;
	size_t n, cap;
	size_t *slot; /* hash of kind, id and distribution: index in fix, plus 1 */
	size_t nslot; /* a power of two, at least twice n */
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
	{ "also_in", "also", "ALSO IN",
	  "Images that it helps; of the plan of one image, the others that it would help.", VAL_INT,
	  7, true, NULL },
	{ "rank", NULL, "RANK", "Lower removes more risk.", VAL_INT, 9, true, NULL },
};

static struct fix *fix_new(struct plan *p, enum fix_kind kind, int64_t id)
{
	ARENA_MORE(p->mem, p->fix, p->n, p->cap);
	p->fix[p->n] = (struct fix){ .kind = kind, .id = id, .distro = "", .have = "", .to = "" };
	return &p->fix[p->n++];
}

static size_t place_of(const struct plan *p, enum fix_kind kind, int64_t id, const char *distro)
{
	uint64_t h = (uint64_t)id * 4 + kind;

	for (; *distro; distro++)
		h = h * 31 + (unsigned char)*distro;
	return (size_t)(h * UINT64_C(0x9e3779b97f4a7c15) >> 32) & (p->nslot - 1);
}

static size_t find_slot(const struct plan *p, enum fix_kind kind, int64_t id, const char *distro)
{
	size_t at = place_of(p, kind, id, distro);

	for (; p->slot[at]; at = (at + 1) & (p->nslot - 1)) {
		const struct fix *f = &p->fix[p->slot[at] - 1];

		if (f->kind == kind && f->id == id && str_eq(f->distro, distro))
			break;
	}
	return at;
}

static void grow_slots(struct plan *p)
{
	p->nslot = p->nslot ? 2 * p->nslot : 64;
	p->slot = arena_array(p->mem, size_t, p->nslot);
	memset(p->slot, 0, p->nslot * sizeof(*p->slot));
	for (size_t i = 0; i < p->n; i++) {
		const struct fix *f = &p->fix[i];

		p->slot[find_slot(p, f->kind, f->id, f->distro)] = i + 1;
	}
}

static struct fix *fix_of(struct plan *p, enum fix_kind kind, int64_t id, const char *distro)
{
	struct fix *f;
	size_t at;

	if (2 * (p->n + 1) > p->nslot)
		grow_slots(p);
	at = find_slot(p, kind, id, distro);
	if (p->slot[at])
		return &p->fix[p->slot[at] - 1];
	f = fix_new(p, kind, id);
	f->distro = *distro ? arena_dup(p->mem, distro) : "";
	p->slot[at] = p->n;
	return f;
}

static void count(struct fix *f, int64_t severity, bool kev, int64_t assets)
{
	f->removes++;
	f->open[severity < SEV_COUNT ? severity : SEV_UNKNOWN]++;
	f->kev += kev;
	if (assets > f->assets)
		f->assets = assets;
}

/* One more image that it would help, unless it is the one counted last. */
static void count_image(struct fix *f, int64_t image)
{
	f->assets += f->last != image;
	f->last = image;
}

/* ---- findings, one by one ---- */

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
	COL_ASSETS,
	COL_IMAGE,
	COL_OS
};
#define FINDING_COLUMNS                                                                            \
	"SELECT f.advisory, q.package, f.severity, a.kind, a.kev, a.name, a.title, k.type, "       \
	"k.name,\n"                                                                                \
	"q.version, COALESCE(x.fixed_in, ''), "
static const char findings[] =
	FINDING_COLUMNS "COALESCE(r.assets, 1), f.asset, ''\n"
	"FROM finding f JOIN advisory a ON a.id = f.advisory JOIN part q ON q.id = f.part\n"
	"JOIN package k ON k.id = q.package\n"
	"LEFT JOIN affects x ON x.advisory = f.advisory AND x.part = f.part\n"
	"LEFT JOIN problem r ON r.advisory = f.advisory\n"
	"AND r.package = CASE a.kind WHEN 0 THEN q.package ELSE 0 END\n"
	"WHERE f.asset = $1 AND f.state = 0\n"
	"ORDER BY f.advisory, f.part";

static const char findings_of_many[] =
	FINDING_COLUMNS "0, f.asset, i.os\n"
	"FROM image i JOIN finding f ON f.asset = i.asset AND f.state = 0\n"
	"JOIN advisory a ON a.id = f.advisory JOIN part q ON q.id = f.part\n"
	"JOIN package k ON k.id = q.package\n"
	"LEFT JOIN affects x ON x.advisory = f.advisory AND x.part = f.part\n"
	"WHERE " SQL_PLAN_IMAGES("i", "$1") " AND " SQL_PLAN_FINDINGS("$1") "\n"
	"ORDER BY i.asset, f.advisory, f.part";

/* Packages whose versions compare within one release of a system only. */
static bool is_system(const char *type)
{
	static const char *const systems[] = { "deb", "rpm", "apk" };

	return str_index(systems, LENGTH(systems), type) >= 0;
}

static const char *distro_of(struct plan *p, const char *type, const char *os)
{
	if (!p->many || !is_system(type))
		return "";
	return arena_dupn(&p->scratch, os, version_release(os));
}

static void bump(struct plan *p, struct stmt *s, struct fix *f)
{
	const char *type = db_column_text(s, COL_TYPE), *have = db_column_text(s, COL_VERSION);
	const char *to = version_next(type, have, db_column_text(s, COL_FIXED), &p->scratch);

	if (!f->type) {
		f->type = arena_dup(p->mem, type);
		f->name = arena_dup(p->mem, db_column_text(s, COL_PKG));
		f->other = p->many && is_system(type) ? db_column(s, COL_IMAGE) : 0;
	}
	if (str_empty(f->have) || version_compare(type, have, f->have) < 0)
		f->have = arena_dup(p->mem, have);
	if (to && (str_empty(f->to) || version_compare(type, to, f->to) > 0))
		f->to = arena_dup(p->mem, to);
}

static void configure(struct plan *p, struct stmt *s, struct fix *f)
{
	if (f->name)
		return;
	f->name = arena_dup(p->mem, db_column_text(s, COL_NAME));
	f->what = arena_dup(p->mem, db_column_text(s, COL_TITLE));
}

static void take_finding(struct plan *p, struct stmt *s)
{
	const char *distro = distro_of(p, db_column_text(s, COL_TYPE), db_column_text(s, COL_OS));
	struct fix *f;

	if (db_column(s, COL_KIND) != FINDING_VULNERABILITY) {
		f = fix_of(p, FIX_CONFIG, db_column(s, COL_ADVISORY), "");
		configure(p, s, f);
	} else if (*db_column_text(s, COL_FIXED)) {
		f = fix_of(p, FIX_BUMP, db_column(s, COL_PACKAGE), distro);
		bump(p, s, f);
	} else {
		f = fix_of(p, FIX_NONE, 0, "");
	}
	count(f, db_column(s, COL_SEVERITY), db_column(s, COL_KEV) != 0, db_column(s, COL_ASSETS));
	if (p->many)
		count_image(f, db_column(s, COL_IMAGE));
}

/* Of an image; of many: of a plan, see list_parts.h. */
static bool load_findings(struct store *st, int64_t of, struct plan *p, struct err *e)
{
	struct stmt *s = db_stmt(st->db, p->many ? findings_of_many : findings);

	db_int(s, 1, of);
	while (db_next(s)) {
		take_finding(p, s);
		arena_reset(&p->scratch);
	}
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

/* What is replaced and by what: image, name, digest. */
#define BEFORE_AND_AFTER                                                                           \
	"b.asset, b.name, " SQL_DIGEST_OF("b.asset") ",\n"                                         \
	"n.asset, z.name, " SQL_DIGEST_OF("n.asset")
/* The image that the base's name stands for, and the one to take instead. */
static const char bases[] =
	"SELECT " BEFORE_AND_AFTER "\n"
	"FROM image i JOIN image_name y ON y.name = i.base JOIN image b ON b.asset = y.image\n"
	"JOIN image_name z ON z.repository = y.repository AND z.until = 0\n"
	BETTER_THAN_B
	"WHERE i.asset = $1 AND i.base <> ''\n"
	BEST_FIRST ", y.since DESC\n"
	"LIMIT 1";
/* The image itself, and another of its repository. */
static const char tags[] =
	"SELECT " BEFORE_AND_AFTER "\n"
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

static bool count_rebase(struct store *st, int64_t image, struct fix *f, struct err *e)
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

/* A tag that moved names both images: their digests tell them apart. */
static const char *told(struct plan *p, const char *name, const char *digest)
{
	return arena_printf(p->mem, "%s%s%s", name, *digest ? "@" : "", digest);
}

/* "2.15.0-rc1", "3.0.0.beta2", "1.4-SNAPSHOT": not yet what its makers mean to be run. */
static bool prerelease(const char *name)
{
	static const char *const word[] = { "alpha", "beta", "rc", "pre", "preview", "dev",
					    "snapshot", "nightly", "canary" };
	const char *at = strrchr(name, ':');

	while (at && (at = strpbrk(at + 1, "-._")) != NULL) {
		size_t n = strcspn(at + 1, "-._0123456789");
		char part[16];

		snprintf(part, sizeof(part), "%.*s", (int)n, at + 1);
		for (size_t i = 0; i < LENGTH(word); i++)
			if (str_ieq(part, word[i]))
				return true;
	}
	return false;
}

static bool same_repository(const char *a, const char *b)
{
	const char *tag = strrchr(b, ':');
	size_t n = tag ? (size_t)(tag + 1 - b) : 0;

	return n > 0 && strncmp(a, b, n) == 0 && !strchr(tag, '/');
}

static void name_rebase(struct plan *p, struct stmt *s, struct fix *f)
{
	const char *have = db_column_text(s, 1), *to = db_column_text(s, 4);
	const char *was = db_column_text(s, 2), *is = db_column_text(s, 5);
	const char *from = f->itself ? "" : "FROM ";
	const bool moved = str_eq(have, to);

	f->have = told(p, have, moved ? was : "");
	f->to = told(p, to, moved ? is : "");
	if (moved)
		f->what = arena_printf(p->mem, "%s%s, built anew since%s%.*s", from, have,
				       *is ? ": " : "", DIGEST_SHOWN, is);
	else
		f->what = arena_printf(p->mem, "%s%s -> %s%s", from, have,
				       same_repository(have, to) ? strrchr(to, ':') + 1 : to,
				       prerelease(to) ? " (pre-release)" : "");
}

static bool load_rebase(struct store *st, int64_t image, const char *sql, struct plan *p,
			struct err *e)
{
	struct stmt *s = db_stmt(st->db, sql);
	struct fix *f = NULL;

	db_int(s, 1, image);
	if (db_next(s)) {
		f = fix_new(p, FIX_REBASE, db_column(s, 3));
		f->other = db_column(s, 0);
		f->itself = f->other == image;
		name_rebase(p, s, f);
	}
	if (!db_done(s, e) || (f && !count_rebase(st, image, f, e)))
		return false;
	if (f && f->removes == 0)
		p->n--;
	return true;
}

/* ---- the same for many images ---- */

/* Each image that stands on a base, and each that runs and could be another of its repository. */
static const char based[] = "SELECT i.asset FROM image i\n"
			    "WHERE i.base <> '' AND " SQL_PLAN_IMAGES("i", "$1") "\n"
			    "ORDER BY i.asset";
static const char named[] = "SELECT i.asset FROM image i\n"
			    "WHERE i.running > 0 AND i.repository <> 0\n"
			    "AND " SQL_PLAN_IMAGES("i", "$1") "\n"
			    "ORDER BY i.asset";

static bool read_images(struct store *st, const char *sql, int64_t plan, struct plan *p,
			const int64_t **out, size_t *n, struct err *e)
{
	struct stmt *s = db_stmt(st->db, sql);
	int64_t *image = NULL;
	size_t cap = 0;

	*n = 0;
	db_int(s, 1, plan);
	while (db_next(s)) {
		ARRAY_MORE(image, *n, cap);
		image[(*n)++] = db_column(s, 0);
	}
	*out = *n ? memcpy(arena_array(p->mem, int64_t, *n), image, *n * sizeof(*image)) : NULL;
	free(image);
	return db_done(s, e);
}

/* Add the last fix to one before it that makes the same change, where there is one. */
static void join_last(struct plan *p, size_t first, int64_t image)
{
	struct fix *last = &p->fix[p->n - 1], *f = NULL;

	for (size_t i = first; i + 1 < p->n && !f; i++)
		if (p->fix[i].id == last->id && p->fix[i].other == last->other)
			f = &p->fix[i];
	if (!f) {
		last->assets = 1;
		last->last = image;
		return;
	}
	for (size_t i = 0; i < SEV_COUNT; i++)
		f->open[i] += last->open[i];
	f->kev += last->kev;
	f->removes += last->removes;
	count_image(f, image);
	p->n--;
}

static bool load_rebases(struct store *st, int64_t plan, const char *images, const char *sql,
			 struct plan *p, struct err *e)
{
	const size_t first = p->n;
	const int64_t *image;
	size_t n;

	if (!read_images(st, images, plan, p, &image, &n, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		const size_t before = p->n;

		if (!load_rebase(st, image[i], sql, p, e))
			return false;
		if (p->n > before)
			join_last(p, first, image[i]);
	}
	return true;
}

/* ---- rows ---- */

/* Exploited first, then by severity; what cannot be fixed comes last. */
static int64_t rank_of(const struct fix *f)
{
	static const int64_t weight[SEV_COUNT] = { 1000000000, 1000000, 1000, 10, 1, 10 };
	int64_t risk = f->kev * INT64_C(1000000000000);

	for (size_t i = 0; i < SEV_COUNT; i++)
		risk += f->open[i] * weight[i];
	return f->kind == FIX_NONE ? INT64_MAX : -risk;
}

static const char *what_of(const struct fix *f, struct arena *mem)
{
	switch (f->kind) {
	case FIX_REBASE:
		return f->what;
	case FIX_BUMP:
		return arena_printf(mem, "%s %s -> %s%s%s%s", f->name, f->have, f->to,
				    *f->distro ? " (" : "", f->distro, *f->distro ? ")" : "");
	case FIX_CONFIG:
		return str_empty(f->what) ? f->name
					  : arena_printf(mem, "%s (%s)", f->what, f->name);
	case FIX_NONE:
	case FIX_KIND_COUNT:
		break;
	}
	return "no fix: accept with an end date, mitigate, or wait for the vendor";
}

static struct value text(const char *s)
{
	return (struct value){ VAL_TEXT, { .s = s ? s : "" } };
}

static struct value number(int64_t i)
{
	return (struct value){ VAL_INT, { .i = i } };
}

/* `of`: the image, or the plan of many. */
static void write_row(const struct fix *f, int64_t of, bool many, struct arena *mem, struct row *r)
{
	static const char *const words[FIX_KIND_COUNT] = { "rebase", "bump", "config", "none" };
	struct value *v = arena_array(mem, struct value, LENGTH(columns));
	int64_t other = many && f->itself ? -f->other : f->other;

	*r = (struct row){ { of, (int64_t)f->kind, f->id, other }, v };
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
	*v++ = number(many ? f->assets : f->assets > 1 ? f->assets - 1 : 0);
	*v = number(rank_of(f));
}

static int64_t plan_of(const struct scope *s)
{
	switch (s->kind) {
	case SCOPE_IMAGE:
		return s->key[0];
	case SCOPE_REPOSITORY:
		return -2 * s->key[0];
	case SCOPE_BASE:
		return -2 * s->key[0] - 1;
	default:
		return 0;
	}
}

static bool fix_rows(struct store *st, const struct list_query *q, struct arena *mem,
		     struct row **row, size_t *n, struct err *e)
{
	struct plan p = { .mem = mem, .scratch = ARENA_INIT,
			  .many = q->scope.kind != SCOPE_IMAGE };
	int64_t of = plan_of(&q->scope);
	bool ok = load_findings(st, of, &p, e);

	*n = 0;
	if (p.many)
		ok = ok && load_rebases(st, of, based, bases, &p, e) &&
		     (q->scope.kind == SCOPE_BASE || load_rebases(st, of, named, tags, &p, e));
	else
		ok = ok && load_rebase(st, of, bases, &p, e) && load_rebase(st, of, tags, &p, e);
	arena_release(&p.scratch);
	if (!ok)
		return false;
	*row = arena_array(mem, struct row, p.n + 1);
	for (size_t i = 0; i < p.n; i++)
		write_row(&p.fix[i], of, p.many, mem, &(*row)[(*n)++]);
	return true;
}

static const struct list_order orders[] = { { "risk", "risk removed" } };
static const struct list_term terms[] = { { NULL, "rank", 0, 0 } };
static const struct list_sort sorts[] = { { true, false, terms, 1 } };
static const struct list_scope scopes[] = { { .kind = SCOPE_IMAGE },
					    { .kind = SCOPE_REPOSITORY },
					    { .kind = SCOPE_BASE },
					    { .kind = SCOPE_ALL } };

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
