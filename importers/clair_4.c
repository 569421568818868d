/* SPDX-License-Identifier: MIT */
/*
 * clair_4.c - Clair 4's vulnerability report of one image (clairctl report -o json). Packages,
 * vulnerabilities and which package has which are three tables, joined by numbers. Spec: .spec
 * below.
 */
#include <uthash.h>

#include "importers/kinds.h"
#include "importers/scanner.h"
#include "importers/value.h"

#define ALIASES 64 /* of one vulnerability; more are left out */

struct package {
	const char     *id, *name, *version, *kind;
	const char     *type, *path; /* NULL: not told */
	UT_hash_handle  hh;
};
struct affected { /* a package that has the vulnerability */
	const struct package *package;
	struct affected      *next;
};
struct advisory {
	const char      *id;
	const char      *vector; /* of the score                  */
	int              score;  /* as in rec_vulnerability       */
	bool             scored; /* the two are known             */
	struct affected *first, *last;
	UT_hash_handle   hh;
};

struct clair {
	struct scanner   s; /* first: the context of a scanner's functions */
	struct package  *packages;
	struct advisory *advisories;
	struct arena     tables;
};

enum { P_NAME, P_VERSION, P_KIND, P_COUNT };
static const struct read_field package_field[P_COUNT] = {
	[P_NAME]    = { "name" },
	[P_VERSION] = { "version" },
	[P_KIND]    = { "kind" },
};

enum { E_DB, E_COUNT };
static const struct read_field place_field[E_COUNT] = {
	[E_DB] = { "package_db" },
};

enum { A_SELF, A_COUNT };
static const struct read_field affected_field[A_COUNT] = {
	[A_SELF] = { "", READ_LIST },
};

enum { S_SCORE, S_VECTOR, S_COUNT };
static const struct read_field score_field[S_COUNT] = {
	[S_SCORE]  = { "baseScore" },
	[S_VECTOR] = { "vectorString" },
};

enum { R_MANIFEST, R_COUNT };
static const struct read_field report_field[R_COUNT] = {
	[R_MANIFEST] = { "manifest_hash" },
};

enum { V_NAME, V_TEXT, V_LINKS, V_SEVERITY, V_NORMAL, V_FIXED, V_ISSUED, V_COUNT };
static const struct read_field row_field[V_COUNT] = {
	[V_NAME]     = { "name" },
	[V_TEXT]     = { "description" },
	[V_LINKS]    = { "links" },
	[V_SEVERITY] = { "severity" },
	[V_NORMAL]   = { "normalized_severity" },
	[V_FIXED]    = { "fixed_in_version" },
	[V_ISSUED]   = { "issued" },
};

/* ---- the tables ---- */

static struct package *package_of(struct clair *c, const char *id)
{
	struct package *p;

	HASH_FIND_STR(c->packages, id, p);
	if (p == NULL) {
		p = arena_new(&c->tables, struct package);
		p->id = arena_dup(&c->tables, id);
		HASH_ADD_KEYPTR(hh, c->packages, p->id, strlen(p->id), p);
	}
	return p;
}

static struct advisory *advisory_of(struct clair *c, const char *id)
{
	struct advisory *a;

	HASH_FIND_STR(c->advisories, id, a);
	if (a == NULL) {
		a = arena_new(&c->tables, struct advisory);
		a->id = arena_dup(&c->tables, id);
		HASH_ADD_KEYPTR(hh, c->advisories, a->id, strlen(a->id), a);
	}
	return a;
}

static bool note_package(void *ctx, const struct read_record *r, struct err *e UNUSED)
{
	struct clair *c = ctx;
	struct package *p = package_of(c, r->key);

	p->name = arena_dup(&c->tables, read_text(r, P_NAME));
	p->version = arena_dup(&c->tables, read_text(r, P_VERSION));
	p->kind = arena_dup(&c->tables, read_text(r, P_KIND));
	return true;
}

/*
 * Where a package is recorded tells its type: a database of the system, which has a form of its own
 * for rpm ("sqlite:usr/lib/sysimage/rpm"), or "python:usr/lib/...".
 */
static bool note_place(void *ctx, const struct read_record *r, struct err *e UNUSED)
{
	struct clair *c = ctx;
	struct package *p = package_of(c, r->up->key);
	const char *db = read_text(r, E_DB);
	size_t n = db == NULL ? 0 : strcspn(db, ":");

	if (db == NULL || p->type != NULL)
		return true;
	if (str_prefix(db, "bdb:") || str_prefix(db, "ndb:") || str_prefix(db, "sqlite:")) {
		p->type = "rpm";
	} else if (db[n] == ':') {
		p->type = arena_dupn(&c->tables, db, n);
		p->path = arena_dup(&c->tables, db + n + 1);
	} else {
		p->type = kind_of_path(db);
	}
	return true;
}

static bool note_affected(void *ctx, const struct read_record *r, struct err *e UNUSED)
{
	struct clair *c = ctx;
	const char *id = NULL;

	while ((id = read_item(r, A_SELF, id)) != NULL) {
		struct advisory *a = advisory_of(c, id);
		struct affected *link = arena_new(&c->tables, struct affected);

		link->package = package_of(c, r->key);
		if (a->first == NULL)
			a->first = link;
		else
			a->last->next = link;
		a->last = link;
	}
	return true;
}

/* What enriches a vulnerability are objects of CVSS, or of another kind, which have no score. */
static bool note_score(void *ctx, const struct read_record *r, struct err *e UNUSED)
{
	struct clair *c = ctx;
	int score = value_score(read_text(r, S_SCORE));
	struct advisory *a;

	if (score < 0)
		return true;
	a = advisory_of(c, r->up->key);
	if (a->scored && a->score >= score)
		return true;
	a->scored = true;
	a->score = score;
	a->vector = arena_dup(&c->tables, read_text(r, S_VECTOR));
	return true;
}

static const struct read_scope table[] = {
	{ "packages{}", package_field, P_COUNT, note_package },
	{ "environments{}", affected_field, A_COUNT, NULL },
	{ "environments{}[]", place_field, E_COUNT, note_place },
	{ "package_vulnerabilities{}", affected_field, A_COUNT, note_affected },
	{ "enrichments{}[]{}", affected_field, A_COUNT, NULL },
	{ "enrichments{}[]{}[]", score_field, S_COUNT, note_score },
};

/* ---- the records ---- */

static bool on_report(void *ctx, const struct read_record *r, struct err *e)
{
	return scanner_begin(ctx, &(struct rec_scan){ .source = "clair" },
	                     &(struct scanner_image){
		.kind   = DIGEST_UNKNOWN,
		.digest = read_text(r, R_MANIFEST),
	}, e);
}

/*
 * Some updaters write more than an id: "RHSA-2021:0557: perl security update (Important)",
 * "CVE-2019-3843 on Ubuntu 18.04 LTS (bionic) - low."
 */
static const char *id_of(struct arena *mem, const char *name)
{
	size_t n = name == NULL ? 0 : strcspn(name, " ");

	if (name == NULL || name[n] == '\0')
		return name;
	return arena_dupn(mem, name, n - (n > 0 && name[n - 1] == ':'));
}

/* The CVEs whose pages are linked: ".../CVE-2020-10543". */
static size_t linked(struct arena *mem, const char *links, const char *id, const char **alias)
{
	const char *end, *s;
	size_t n = 0;

	for (; links != NULL && *links != '\0' && n < ALIASES; links = end + (*end == ' ')) {
		end = links + strcspn(links, " ");
		for (s = end; s > links && s[-1] != '/' && s[-1] != '='; s--)
			;
		s = arena_dupn(mem, s, (size_t)(end - s));
		if (str_prefix(s, "CVE-") && !str_eq(s, id))
			alias[n++] = s;
	}
	return n;
}

static bool on_row(void *ctx, const struct read_record *r, struct err *e)
{
	struct clair *c = ctx;
	struct advisory *a;
	const char *alias[ALIASES];
	const char *severity = scanner_text(r, V_NORMAL, V_SEVERITY);
	const char *raw = scanner_text(r, V_SEVERITY, V_NORMAL), *links = read_text(r, V_LINKS);
	struct rec_vulnerability v = {
		.aliases      = alias,
		.text         = read_text(r, V_TEXT),
		.severity     = severity_fold(severity),
		.severity_raw = raw,
		.score        = -1,
		.epss         = -1,
		.published    = read_time(r, V_ISSUED),
		.fixed_in     = read_text(r, V_FIXED),
	};
	const struct affected *at;
	bool ok = true;

	HASH_FIND_STR(c->advisories, r->key, a);
	if (a == NULL || a->first == NULL)
		return read_skip(r, "no package has it", e);
	arena_reset(&c->s.mem);
	v.id = id_of(&c->s.mem, read_text(r, V_NAME));
	v.title = str_eq(v.id, read_text(r, V_NAME)) ? NULL : read_text(r, V_NAME);
	v.naliases = linked(&c->s.mem, links, v.id, alias);
	if (a->scored) {
		v.score = a->score;
		v.vector = a->vector;
	}
	v.url = links == NULL ? NULL : arena_dupn(&c->s.mem, links, strcspn(links, " "));
	for (at = a->first; ok && at != NULL; at = at->next) {
		v.package_type = at->package->type;
		v.package = at->package->name;
		v.version = at->package->version;
		v.path = at->package->path;
		ok = scanner_row(&c->s, r, &v, e);
	}
	return ok;
}

static const struct read_scope scope[] = {
	{ "", report_field, R_COUNT, on_report },
	{ "vulnerabilities{}", row_field, V_COUNT, on_row },
};

static int sniff(const struct peek *p)
{
	if (!peek_has(p, "manifest_hash"))
		return 0;
	return peek_has(p, "package_vulnerabilities") ? 95 :
	       peek_has(p, "vulnerabilities") && peek_has(p, "packages") ? 80 : 0;
}

static bool run(const struct source *src, const struct import_opts *o, struct sink *out,
                struct err *e)
{
	struct clair c = { .s = { .sink = out, .opts = o } };
	const struct read_opts quiet = { .flags = 0 };
	bool ok = read_document(src, table, LENGTH(table), &c, &quiet, e) &&
	          scanner_read(&c.s, src, scope, LENGTH(scope), "Clair", e);

	HASH_CLEAR(hh, c.packages);
	HASH_CLEAR(hh, c.advisories);
	arena_release(&c.tables);
	return ok;
}

const struct importer importer_clair_4 = {
	.id    = "clair-4",
	.title = "Clair 4 vulnerability report",
	.spec  = "https://quay.github.io/clair/reference/api.html",
	.sniff = sniff,
	.run   = run,
};
