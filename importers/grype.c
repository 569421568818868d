/* SPDX-License-Identifier: MIT */
/* grype.c - Grype's JSON report, from version 0.7 on. */
#include "importers/importer.h"
#include "importers/peek.h"
#include "importers/read.h"
#include "importers/value.h"

#define NAMES 64 /* digests, names or aliases of one thing; more are left out */

enum {
	R_TOOL, R_VERSION, R_TIME, R_DB, R_DB_STATUS, R_ONLY_FIXED, R_ONLY_NOTFIXED,
	R_IGNORE_STATES, R_IGNORE_RULES, R_EXCLUDE, R_SOURCE, R_TARGET, R_INPUT, R_IMAGE_ID,
	R_MANIFEST, R_TAGS, R_DIGESTS, R_OS, R_ARCH, R_DISTRO, R_DISTRO_VERSION, R_ALERTS,
	R_MATCHES, R_COUNT
};
static const struct read_field report_field[R_COUNT] = {
	[R_TOOL]           = { "descriptor.name" },
	[R_VERSION]        = { "descriptor.version" },
	[R_TIME]           = { "descriptor.timestamp" },
	[R_DB]             = { "descriptor.db.built" },
	[R_DB_STATUS]      = { "descriptor.db.status.built" },
	[R_ONLY_FIXED]     = { "descriptor.configuration.only-fixed" },
	[R_ONLY_NOTFIXED]  = { "descriptor.configuration.only-notfixed" },
	[R_IGNORE_STATES]  = { "descriptor.configuration.ignore-wontfix" },
	[R_IGNORE_RULES]   = { "descriptor.configuration.ignore[].fix-state", READ_LIST },
	[R_EXCLUDE]        = { "descriptor.configuration.exclude", READ_LIST },
	[R_SOURCE]         = { "source.type" },
	[R_TARGET]         = { "source.target" },
	[R_INPUT]          = { "source.target.userInput" },
	[R_IMAGE_ID]       = { "source.target.imageID" },
	[R_MANIFEST]       = { "source.target.manifestDigest" },
	[R_TAGS]           = { "source.target.tags", READ_LIST },
	[R_DIGESTS]        = { "source.target.repoDigests", READ_LIST },
	[R_OS]             = { "source.target.os" },
	[R_ARCH]           = { "source.target.architecture" },
	[R_DISTRO]         = { "distro.name" },
	[R_DISTRO_VERSION] = { "distro.version" },
	[R_ALERTS]         = { "alertsByPackage[].alerts[].type", READ_LIST },
	[R_MATCHES]        = { "matches" },
};

enum {
	M_ID, M_SEVERITY, M_URL, M_URLS, M_LINKS, M_TEXT, M_FIXED_IN, M_FIX_STATE, M_EPSS,
	M_KEV, M_ADVISORIES, M_SCORE, M_VECTOR, M_RATING, M_SCORE3, M_VECTOR3, M_SCORE2,
	M_VECTOR2, M_RELATED, M_RELATED_TEXT, M_RELATED_EPSS, M_RELATED_KEV, M_RELATED_SCORE,
	M_RELATED_VECTOR, M_RELATED_RATING, M_PACKAGE, M_VERSION, M_TYPE, M_PURL, M_PATH, M_LAYER,
	M_SELF, /* the last: of a list of matches, which is no match, lines leave it out */
	M_COUNT
};
static const struct read_field match_field[M_COUNT] = {
	[M_ID]             = { "vulnerability.id" },
	[M_SEVERITY]       = { "vulnerability.severity" },
	[M_URL]            = { "vulnerability.dataSource" },
	[M_URLS]           = { "vulnerability.urls", READ_LIST },
	[M_LINKS]          = { "vulnerability.links", READ_LIST },
	[M_TEXT]           = { "vulnerability.description" },
	[M_FIXED_IN]       = { "vulnerability.fix.versions", READ_LIST },
	[M_FIX_STATE]      = { "vulnerability.fix.state" },
	[M_EPSS]           = { "vulnerability.epss[].epss", READ_LIST },
	[M_KEV]            = { "vulnerability.knownExploited[].cve", READ_LIST },
	[M_ADVISORIES]     = { "vulnerability.advisories[].id", READ_LIST },
	[M_SCORE]          = { "vulnerability.cvss[].metrics.baseScore", READ_LIST },
	[M_VECTOR]         = { "vulnerability.cvss[].vector", READ_LIST },
	[M_RATING]         = { "vulnerability.cvss[].type", READ_LIST },
	[M_SCORE3]         = { "vulnerability.cvssV3.baseScore", READ_LIST },
	[M_VECTOR3]        = { "vulnerability.cvssV3.vector", READ_LIST },
	[M_SCORE2]         = { "vulnerability.cvssV2.baseScore", READ_LIST },
	[M_VECTOR2]        = { "vulnerability.cvssV2.vector", READ_LIST },
	[M_RELATED]        = { "relatedVulnerabilities[].id", READ_LIST },
	[M_RELATED_TEXT]   = { "relatedVulnerabilities[].description", READ_LIST },
	[M_RELATED_EPSS]   = { "relatedVulnerabilities[].epss[].epss", READ_LIST },
	[M_RELATED_KEV]    = { "relatedVulnerabilities[].knownExploited[].cve", READ_LIST },
	[M_RELATED_SCORE]  = { "relatedVulnerabilities[].cvss[].metrics.baseScore", READ_LIST },
	[M_RELATED_VECTOR] = { "relatedVulnerabilities[].cvss[].vector", READ_LIST },
	[M_RELATED_RATING] = { "relatedVulnerabilities[].cvss[].type", READ_LIST },
	[M_PACKAGE]        = { "artifact.name" },
	[M_VERSION]        = { "artifact.version" },
	[M_TYPE]           = { "artifact.type" },
	[M_PURL]           = { "artifact.purl" },
	[M_PATH]           = { "artifact.locations[].path", READ_LIST },
	[M_LAYER]          = { "artifact.locations[].layerID", READ_LIST },
	[M_SELF]           = { "" },
};

enum {
	I_SELF, I_ID, I_PACKAGE, I_VERSION, I_TYPE, I_VEX_STATUS, I_VEX_REASON, I_REASON,
	I_FIX_STATE, I_RULE_ID, I_RULE_PACKAGE, I_COUNT
};
static const struct read_field ignored_field[I_COUNT] = {
	[I_SELF]         = { "" },
	[I_ID]           = { "vulnerability.id" },
	[I_PACKAGE]      = { "artifact.name" },
	[I_VERSION]      = { "artifact.version" },
	[I_TYPE]         = { "artifact.type" },
	[I_VEX_STATUS]   = { "appliedIgnoreRules[].vex-status", READ_LIST },
	[I_VEX_REASON]   = { "appliedIgnoreRules[].vex-justification", READ_LIST },
	[I_REASON]       = { "appliedIgnoreRules[].reason", READ_LIST },
	[I_FIX_STATE]    = { "appliedIgnoreRules[].fix-state", READ_LIST },
	[I_RULE_ID]      = { "appliedIgnoreRules[].vulnerability", READ_LIST },
	[I_RULE_PACKAGE] = { "appliedIgnoreRules[].package.name", READ_LIST },
};

struct score {
	int         tenths; /* -1: none */
	int         rank;
	const char *vector;
};

struct grype {
	struct sink              *sink;
	const struct import_opts *opts;
	bool                      any; /* the file holds a report */
	struct arena              mem; /* dies with the match     */
};

/* First item that says something. */
static const char *first_item(const struct read_record *r, size_t field)
{
	const char *s = NULL;

	do
		s = read_item(r, field, s);
	while (s != NULL && *s == '\0');
	return s;
}

static const char *joined_items(struct arena *mem, const struct read_record *r, size_t field)
{
	const char *all = NULL, *s = NULL;

	while ((s = read_item(r, field, s)) != NULL)
		if (*s != '\0')
			all = value_join(mem, all, ", ", s);
	return all;
}

/* ---- scan and asset ---- */

/* What the recorded configuration hides from the report; NULL: nothing. */
static const char *partial(const struct read_record *r)
{
	if (read_text(r, R_TOOL) == NULL)
		return "no descriptor";
	if (read_true(r, R_ONLY_FIXED))
		return "only-fixed";
	if (read_true(r, R_ONLY_NOTFIXED))
		return "only-notfixed";
	if (read_text(r, R_IGNORE_STATES) != NULL)
		return "ignore-states";
	if (first_item(r, R_IGNORE_RULES) != NULL)
		return "ignore by fix-state";
	return first_item(r, R_EXCLUDE) != NULL ? "exclude" : NULL;
}

static bool put_scan(struct grype *g, const struct read_record *r, struct err *e)
{
	const char *version = read_text(r, R_VERSION);
	const struct record rec = {
		.kind = REC_SCAN,
		.u.scan = {
			.source   = "grype",
			.version  = str_eq(version, "[not provided]") ? NULL : version,
			.at       = read_time(r, R_TIME),
			.db_built = read_time(r, read_text(r, R_DB) != NULL ? R_DB : R_DB_STATUS),
			.partial  = partial(r),
		},
	};

	return g->sink->put(g->sink, &rec, e);
}

/*
 * A repository's digest is the manifest's or the index's; only where it equals the manifest's is it
 * told.
 */
static size_t image_digests(const struct read_record *r, struct rec_digest *d)
{
	const char *id = value_digest(read_text(r, R_IMAGE_ID));
	const char *manifest = value_digest(read_text(r, R_MANIFEST));
	const char *s = NULL, *digest;
	size_t n = 0;

	if (id != NULL)
		d[n++] = (struct rec_digest){ DIGEST_CONFIG, id };
	if (manifest != NULL)
		d[n++] = (struct rec_digest){ DIGEST_MANIFEST, manifest };
	while (n < NAMES && (s = read_item(r, R_DIGESTS, s)) != NULL)
		if ((digest = value_digest(s)) != NULL && !str_eq(digest, manifest))
			d[n++] = (struct rec_digest){ DIGEST_UNKNOWN, digest };
	return n;
}

static const char *image_name(const struct read_record *r)
{
	const char *name = read_text(r, R_INPUT), *tag = first_item(r, R_TAGS);

	return name == NULL || (value_is_file(name) && tag != NULL) ? tag : name;
}

/* Some package is of a distribution that is out of support: the image's own, for it has but one. */
static bool is_eol(const struct read_record *r)
{
	const char *s = NULL;

	while ((s = read_item(r, R_ALERTS, s)) != NULL)
		if (str_eq(s, "distro-eol"))
			return true;
	return false;
}

static bool put_image(struct grype *g, const struct read_record *r, struct err *e)
{
	struct rec_digest digest[NAMES];
	const char *name = image_name(r), *names[NAMES], *s = NULL;
	size_t n = 0;
	struct record rec = {
		.kind = REC_ASSET,
		.u.asset = {
			.kind    = ASSET_IMAGE,
			.name    = name,
			.digest  = digest,
			.ndigest = image_digests(r, digest),
			.names   = names,
			.eol     = is_eol(r),
		},
	};
	struct rec_asset *a = &rec.u.asset;

	while (n < NAMES && (s = read_item(r, R_TAGS, s)) != NULL)
		if (*s != '\0' && !str_eq(s, name))
			names[n++] = s;
	a->nnames = n;
	a->os = value_join(&g->mem, read_text(r, R_DISTRO), " ", read_text(r, R_DISTRO_VERSION));
	a->arch = value_join(&g->mem, read_text(r, R_OS), "/", read_text(r, R_ARCH));
	return g->sink->put(g->sink, &rec, e);
}

/*
 * The target is an object for images and a text for folders, files and lists of packages. Matches
 * that were cut out of their report are of the image that the user names.
 */
static bool put_asset(struct grype *g, const struct read_record *r, struct err *e)
{
	struct record rec = {
		.kind = REC_ASSET,
		.u.asset = { .kind = ASSET_TREE, .name = read_text(r, R_TARGET) },
	};

	if (str_eq(read_text(r, R_SOURCE), "image") || read_text(r, R_IMAGE_ID) != NULL)
		return put_image(g, r, e);
	if (read_text(r, R_SOURCE) == NULL && rec.u.asset.name == NULL && g->opts->image != NULL) {
		rec.u.asset.kind = ASSET_IMAGE;
		rec.u.asset.name = g->opts->image;
	}
	if (rec.u.asset.name == NULL)
		rec.u.asset.name = ".";
	return g->sink->put(g->sink, &rec, e);
}

static bool on_report(void *ctx, const struct read_record *r, struct err *e)
{
	struct grype *g = ctx;
	const struct record cover = {
		.kind = REC_COVER,
		.u.cover = { .kind = FINDING_VULNERABILITY },
	};

	g->any = read_text(r, R_TOOL) != NULL;
	arena_reset(&g->mem);
	if (g->any && !str_eq(read_text(r, R_TOOL), "grype"))
		return err_set(e, ERR_FORMAT, "not a Grype report: descriptor.name is not grype");
	if (read_text(r, R_MATCHES) != NULL)
		return err_set(e, ERR_FORMAT, "matches is not an array");
	return put_scan(g, r, e) && put_asset(g, r, e) && g->sink->put(g->sink, &cover, e);
}

static bool on_wrong_matches(void *ctx UNUSED, const struct read_record *r UNUSED, struct err *e)
{
	return err_set(e, ERR_FORMAT, "an object where an array belongs");
}

/* ---- matches ---- */

/*
 * Version 3 before 4 and 2, because nearly every source gives it and scores should compare; of one
 * version the primary source's.
 */
static int score_rank(const char *vector, const char *rating)
{
	int rank = str_prefix(vector, "CVSS:3") ? 3 : str_prefix(vector, "CVSS:4") ? 2 : 1;

	return rank * 2 + str_ieq(rating, "Primary");
}

/*
 * The best of a list of ratings, which comes as a list of scores, one of vectors and one of types.
 * Where some rating lacks a vector or type, nobody knows which: then these are left out.
 */
static struct score best_score(const struct read_record *r, size_t score, size_t vector,
                               size_t rating)
{
	bool vectors = read_count(r, score) == read_count(r, vector);
	bool ratings = read_count(r, score) == read_count(r, rating);
	const char *s = NULL, *v = NULL, *k = NULL;
	struct score best = { -1, 0, NULL }, one;

	while ((s = read_item(r, score, s)) != NULL) {
		v = vectors ? read_item(r, vector, v) : NULL;
		k = ratings ? read_item(r, rating, k) : NULL;
		one = (struct score){ value_score(s), score_rank(v == NULL ? "" : v, k), v };
		if (one.tenths >= 0 && (one.rank > best.rank ||
		                        (v == NULL && one.tenths > best.tenths)))
			best = one;
	}
	return best;
}

/*
 * The match's own, else the related record's, which is NVD's. Version 0.7 has one score of each
 * version of CVSS, outside the lists.
 */
static struct score pick_score(const struct read_record *r)
{
	static const size_t from[][3] = {
		{ M_SCORE, M_VECTOR, M_RATING },
		{ M_RELATED_SCORE, M_RELATED_VECTOR, M_RELATED_RATING },
		{ M_SCORE3, M_VECTOR3, M_RATING },
		{ M_SCORE2, M_VECTOR2, M_RATING },
	};
	struct score s = { -1, 0, NULL };
	size_t i;

	for (i = 0; i < LENGTH(from) && s.tenths < 0; i++)
		s = best_score(r, from[i][0], from[i][1], from[i][2]);
	if (s.vector != NULL && *s.vector == '\0')
		s.vector = NULL;
	return s;
}

static int highest_share(const struct read_record *r, size_t field)
{
	const char *s = NULL;
	int best = -1, share;

	while ((s = read_item(r, field, s)) != NULL) {
		share = value_share(s);
		best = share > best ? share : best;
	}
	return best;
}

static size_t aliases(const struct read_record *r, const char **alias)
{
	static const size_t field[] = { M_RELATED, M_ADVISORIES };
	const char *s;
	size_t i, n = 0;

	for (i = 0; i < LENGTH(field); i++)
		for (s = NULL; n < NAMES && (s = read_item(r, field[i], s)) != NULL; )
			if (*s != '\0' && !str_eq(s, read_text(r, M_ID)))
				alias[n++] = s;
	return n;
}

static void fill_match(struct grype *g, const struct read_record *r, struct rec_vulnerability *v)
{
	struct score s = pick_score(r);

	v->score = s.tenths;
	v->vector = s.vector;
	v->epss = highest_share(r, M_EPSS);
	if (v->epss < 0)
		v->epss = highest_share(r, M_RELATED_EPSS);
	v->kev = read_count(r, M_KEV) > 0 || read_count(r, M_RELATED_KEV) > 0;
	v->text = read_text(r, M_TEXT);
	if (v->text == NULL)
		v->text = first_item(r, M_RELATED_TEXT);
	v->url = read_text(r, M_URL);
	if (v->url == NULL)
		v->url = first_item(r, M_URLS);
	if (v->url == NULL)
		v->url = first_item(r, M_LINKS);
	v->fixed_in = joined_items(&g->mem, r, M_FIXED_IN);
	v->fix_state = read_text(r, M_FIX_STATE);
	if (v->fix_state == NULL)
		v->fix_state = "unknown";
}

static bool on_match(void *ctx, const struct read_record *r, struct err *e)
{
	struct grype *g = ctx;
	const char *alias[NAMES];
	struct record rec = {
		.kind = REC_VULNERABILITY,
		.u.vulnerability = {
			.id           = read_text(r, M_ID),
			.aliases      = alias,
			.naliases     = aliases(r, alias),
			.severity     = severity_fold(read_text(r, M_SEVERITY)),
			.severity_raw = read_text(r, M_SEVERITY),
			.package_type = read_text(r, M_TYPE),
			.package      = read_text(r, M_PACKAGE),
			.version      = read_text(r, M_VERSION),
			.purl         = read_text(r, M_PURL),
			.path         = first_item(r, M_PATH),
			.layer        = first_item(r, M_LAYER),
		},
	};

	if (r->scope->nfield > M_SELF && read_text(r, M_SELF) != NULL)
		return read_skip(r, "not an object", e);
	if (rec.u.vulnerability.id == NULL)
		return read_skip(r, "no vulnerability.id", e);
	if (rec.u.vulnerability.package == NULL)
		return read_skip(r, "no artifact.name", e);
	g->any = true;
	arena_reset(&g->mem);
	fill_match(g, r, &rec.u.vulnerability);
	return g->sink->put(g->sink, &rec, e);
}

/* ---- what the user, or a VEX document, set aside ---- */

/*
 * A rule that names a state of the fix and nothing else is a filter of the report ("only-fixed"):
 * it makes the scan partial, and is no judgement on the vulnerability.
 */
static bool is_filter(const struct read_record *r)
{
	return first_item(r, I_FIX_STATE) != NULL && first_item(r, I_RULE_ID) == NULL &&
	       first_item(r, I_RULE_PACKAGE) == NULL && first_item(r, I_VEX_STATUS) == NULL &&
	       first_item(r, I_REASON) == NULL;
}

static bool on_ignored(void *ctx, const struct read_record *r, struct err *e)
{
	struct grype *g = ctx;
	struct record rec = {
		.kind = REC_STATEMENT,
		.u.statement = {
			.advisory      = read_text(r, I_ID),
			.package_type  = read_text(r, I_TYPE),
			.package       = read_text(r, I_PACKAGE),
			.version       = read_text(r, I_VERSION),
			.status        = first_item(r, I_VEX_STATUS),
			.justification = first_item(r, I_VEX_REASON),
			.text          = first_item(r, I_REASON),
		},
	};

	if (read_text(r, I_SELF) != NULL)
		return read_skip(r, "not an object", e);
	if (rec.u.statement.advisory == NULL)
		return read_skip(r, "no vulnerability.id", e);
	if (rec.u.statement.package == NULL)
		return read_skip(r, "no artifact.name", e);
	if (is_filter(r))
		return true;
	if (rec.u.statement.status == NULL)
		rec.u.statement.status = "ignored";
	return g->sink->put(g->sink, &rec, e);
}

/* ---- one match a line: `grype -o jsonl`, which tells neither the image nor the tool ---- */

static bool put_line_scan(struct grype *g, struct err *e)
{
	const struct record scan = {
		.kind = REC_SCAN,
		.u.scan = { .source = "grype", .partial = "no descriptor" },
	};
	const struct record asset = {
		.kind = REC_ASSET,
		.u.asset = {
			.kind = g->opts->image == NULL ? ASSET_TREE : ASSET_IMAGE,
			.name = g->opts->image == NULL ? "." : g->opts->image,
		},
	};

	return g->sink->put(g->sink, &scan, e) && g->sink->put(g->sink, &asset, e);
}

static const struct read_scope line_scope[] = {
	{ "", match_field, M_SELF, on_match, NULL },
};

/* ---- the importer ---- */

static const struct read_scope scope[] = {
	{ "", report_field, R_COUNT, on_report, NULL },
	{ "matches", NULL, 0, on_wrong_matches, NULL },
	{ "matches[]", match_field, M_COUNT, on_match, NULL },
	{ "ignoredMatches[]", ignored_field, I_COUNT, on_ignored, NULL },
};

static int sniff(const struct peek *p)
{
	if (peek_has(p, "descriptor.name"))
		return peek_is(p, "descriptor.name", "grype") ? 100 : 0;
	if (peek_has(p, "vulnerability.id") && peek_has(p, "artifact.name") &&
	    peek_has(p, "matchDetails"))
		return 90;
	return peek_has(p, "matches[0].vulnerability.id") &&
	       peek_has(p, "matches[0].artifact.name") ? 80 : 0;
}

static bool run(const struct source *src, const struct import_opts *o, struct sink *out,
                struct err *e)
{
	struct grype g = { .sink = out, .opts = o, .mem = ARENA_INIT };
	const struct read_opts how = { .sink = out };
	bool ok;

	if (peek_source_has(src, "matchDetails"))
		ok = put_line_scan(&g, e) &&
		     read_document(src, line_scope, LENGTH(line_scope), &g, &how, e);
	else
		ok = read_document(src, scope, LENGTH(scope), &g, &how, e);
	if (ok && !g.any)
		ok = err_set(e, ERR_FORMAT, "not a Grype report: no match, and no tool named");
	arena_release(&g.mem);
	return ok;
}

const struct importer importer_grype = {
	.id    = "grype",
	.title = "Grype JSON report",
	.spec  = "https://github.com/anchore/grype/tree/main/schema/grype",
	.sniff = sniff,
	.run   = run,
};
