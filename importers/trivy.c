/* SPDX-License-Identifier: MIT */
/* trivy.c - Trivy's JSON report, of whatever it scanned, and its old list form. */
#include "importers/scanner.h"
#include "importers/trivy_result.h"
#include "importers/value.h"

#define SCHEMA 2
#define NAMES  64 /* digests and further names of one image; more are left out */

enum {
	R_SCHEMA, R_TIME, R_NAME, R_TYPE, R_VERSION, R_OS_FAMILY, R_OS_NAME, R_OS_EOL, R_IMAGE_ID,
	R_TAGS, R_DIGESTS, R_REFERENCE, R_OS, R_ARCH, R_BUILT, R_BASE, R_RESULTS, R_COUNT
};
/* `at`: what stands before them in the record */
#define REPORT_FIELDS(at) \
	[(at) + R_SCHEMA]     = { "SchemaVersion" }, \
	[(at) + R_TIME]       = { "CreatedAt" }, \
	[(at) + R_NAME]       = { "ArtifactName" }, \
	[(at) + R_TYPE]       = { "ArtifactType" }, \
	[(at) + R_VERSION]    = { "Trivy.Version" }, \
	[(at) + R_OS_FAMILY]  = { "Metadata.OS.Family" }, \
	[(at) + R_OS_NAME]    = { "Metadata.OS.Name" }, \
	[(at) + R_OS_EOL]     = { "Metadata.OS.EOSL" }, \
	[(at) + R_IMAGE_ID]   = { "Metadata.ImageID" }, \
	[(at) + R_TAGS]       = { "Metadata.RepoTags", READ_LIST }, \
	[(at) + R_DIGESTS]    = { "Metadata.RepoDigests", READ_LIST }, \
	[(at) + R_REFERENCE]  = { "Metadata.Reference" }, \
	[(at) + R_OS]         = { "Metadata.ImageConfig.os" }, \
	[(at) + R_ARCH]       = { "Metadata.ImageConfig.architecture" }, \
	[(at) + R_BUILT]      = { "Metadata.ImageConfig.created" }, \
	[(at) + R_BASE]       = { "Metadata.ImageConfig.config.Labels." \
	                         "org.opencontainers.image.base.name" }, \
	[(at) + R_RESULTS]    = { "Results" }
static const struct read_field report_field[R_COUNT] = { REPORT_FIELDS(0) };

/* ---- what was scanned ---- */

/*
 * A report on an SBOM has the metadata of the image that the SBOM describes, if it is one. What is
 * attested of an image is said of it, whatever was looked at.
 */
static enum asset_kind asset_kind(const struct trivy *t, const struct read_record *r)
{
	const char *type = read_text(r, R_TYPE);

	if (str_eq(type, "container_image") || t->of.image != NULL)
		return ASSET_IMAGE;
	if (str_eq(type, "vm"))
		return ASSET_HOST;
	if ((str_eq(type, "cyclonedx") || str_eq(type, "spdx")) &&
	    (read_text(r, R_IMAGE_ID) != NULL || read_item(r, R_TAGS, NULL) != NULL))
		return ASSET_IMAGE;
	return ASSET_TREE;
}

/* Is the artifact's name that of a file or folder, and no reference? */
static bool is_file(const struct read_record *r)
{
	return !str_eq(read_text(r, R_TYPE), "container_image") ||
	       value_is_file(read_text(r, R_NAME));
}

static const char *first_tag(const struct read_record *r)
{
	const char *tag = NULL;

	do
		tag = read_item(r, R_TAGS, tag);
	while (tag != NULL && *tag == '\0');
	return tag;
}

/*
 * The reference of an image: as the tool was given it, else as the image names itself, else as the
 * attestation names it, else from a result's target.
 */
static const char *image_name(const struct trivy *t, const struct read_record *r,
                              const char *target)
{
	const char *name = is_file(r) ? NULL : read_text(r, R_NAME);

	if (name == NULL)
		name = read_text(r, R_REFERENCE);
	if (name == NULL)
		name = first_tag(r);
	if (name == NULL)
		name = t->of.image;
	if (name == NULL)
		name = read_text(r, R_NAME);
	return name != NULL ? name : target;
}

/*
 * An image's id is the digest of its configuration, except where the engine keeps images in
 * containerd's store: there it is the manifest's or the index's, and equal to a repository digest.
 */
static size_t image_digests(const struct trivy *t, const struct read_record *r,
                            struct rec_digest *d)
{
	const char *id = value_digest(read_text(r, R_IMAGE_ID)), *s = NULL, *digest;
	bool config = id != NULL;
	size_t n = 0;

	while ((s = read_item(r, R_DIGESTS, s)) != NULL && n + 1 < NAMES) {
		if ((digest = value_digest(s)) == NULL)
			continue;
		config = config && !str_eq(digest, id);
		d[n++] = (struct rec_digest){ DIGEST_UNKNOWN, digest };
	}
	if (n == 0 && value_digest(t->of.digest) != NULL)
		d[n++] = (struct rec_digest){ DIGEST_UNKNOWN, value_digest(t->of.digest) };
	if (config)
		d[n++] = (struct rec_digest){ DIGEST_CONFIG, id };
	return n;
}

static size_t image_names(const struct read_record *r, const char *name, const char **names)
{
	const char *s = read_text(r, R_REFERENCE);
	size_t n = 0;

	if (s != NULL && !str_eq(s, name))
		names[n++] = s;
	for (s = NULL; (s = read_item(r, R_TAGS, s)) != NULL && n < NAMES; )
		if (!str_empty(s) && !str_eq(s, name) && (n == 0 || !str_eq(s, names[0])))
			names[n++] = s;
	return n;
}

static bool put_asset(struct trivy *t, const struct read_record *r,
                      const struct read_record *result, struct err *e)
{
	struct rec_digest digest[NAMES];
	const char *names[NAMES];
	struct record rec = {
		.kind = REC_ASSET,
		.u.asset = {
			.kind = asset_kind(t, r),
			.name = read_text(r, R_NAME),
			.eol  = read_true(r, R_OS_EOL),
		},
	};
	struct rec_asset *a = &rec.u.asset;
	const char *target = result == NULL ? NULL : read_text(result, T_TARGET), *os = NULL;

	if (!value_target(&t->mem, target, &target, &os))
		target = NULL;
	t->settled = true;
	a->os = value_join(&t->mem, read_text(r, R_OS_FAMILY), " ", read_text(r, R_OS_NAME));
	if (a->os == NULL)
		a->os = os;
	if (a->kind == ASSET_IMAGE) {
		a->name = image_name(t, r, target);
		a->digest = digest;
		a->ndigest = image_digests(t, r, digest);
		a->names = names;
		a->nnames = image_names(r, a->name, names);
		a->arch = value_join(&t->mem, read_text(r, R_OS), "/", read_text(r, R_ARCH));
		a->base = read_text(r, R_BASE);
		a->built = read_time(r, R_BUILT);
	}
	return t->sink->put(t->sink, &rec, e);
}

/* ---- the report ---- */

static bool settle_report(struct trivy *t, const struct read_record *result, struct err *e)
{
	return t->settled || put_asset(t, result->up, result, e);
}

static bool on_report(void *ctx, const struct read_record *r, struct err *e)
{
	struct trivy *t = ctx;
	const char *schema = read_text(r, R_SCHEMA);
	struct record scan = {
		.kind = REC_SCAN,
		.u.scan = {
			.source  = "trivy",
			.version = read_text(r, R_VERSION),
			.at      = read_time(r, R_TIME),
		},
	};
	int64_t version;

	t->any = true;
	t->settle = settle_report;
	t->settled = false;
	t->covered = 0;
	t->results = false;
	arena_reset(&t->mem);
	arena_reset(&t->outer);
	t->of = wrapped_around(&t->outer, r);
	if (scan.u.scan.at == 0)
		scan.u.scan.at = t->of.at;
	if (schema == NULL)
		return err_set(e, ERR_FORMAT, "not a Trivy report: it has no SchemaVersion");
	if (!read_int(r, R_SCHEMA, SCHEMA, SCHEMA, &version))
		return err_set(e, ERR_FORMAT, "Trivy report schema %s is not supported (want %d)",
		               schema, SCHEMA);
	if (read_text(r, R_RESULTS) != NULL)
		return err_set(e, ERR_FORMAT, "Results is not an array");
	if (!t->sink->put(t->sink, &scan, e))
		return false;
	/* an image without a name is put with the first result, whose target may tell it */
	if (asset_kind(t, r) == ASSET_IMAGE && image_name(t, r, NULL) == NULL)
		return true;
	return put_asset(t, r, NULL, e);
}

/* A report without results is a clean one, and says so of vulnerabilities. */
static bool end_report(void *ctx, const struct read_record *r, struct err *e)
{
	struct trivy *t = ctx;

	if (!t->settled && !put_asset(t, r, NULL, e))
		return false;
	return t->results || trivy_cover(t, FINDING_VULNERABILITY, e);
}

static bool on_wrong_results(void *ctx UNUSED, const struct read_record *r UNUSED, struct err *e)
{
	return err_set(e, ERR_FORMAT, "an object where an array belongs");
}

/* ---- the list: reports before version 0.20 are their bare results ---- */

struct list_name {
	struct arena *mem;
	const char   *name, *os;
};

static bool find_list_name(void *ctx, const struct read_record *r, struct err *e UNUSED)
{
	struct list_name *l = ctx;

	if (l->name == NULL && !value_target(l->mem, read_text(r, 0), &l->name, &l->os))
		l->name = NULL;
	return true;
}

/*
 * The image is told by the target of its system packages alone, which are not always the first
 * result. A list with no such result is of files.
 */
static bool settle_list(struct trivy *t, const struct read_record *result, struct err *e)
{
	static const struct read_field target[] = { { "Target" } };
	static const struct read_scope element[] = {
		{ "[]", target, LENGTH(target), find_list_name, NULL },
	};
	const struct record scan = { .kind = REC_SCAN, .u.scan = { .source = "trivy" } };
	struct record asset = {
		.kind = REC_ASSET,
		.u.asset = { .kind = ASSET_TREE, .name = "." },
	};
	struct list_name l = { .mem = &t->mem };

	if (t->settled)
		return true;
	t->settled = true;
	if (!value_target(&t->mem, read_text(result, T_TARGET), &l.name, &l.os) &&
	    !read_document(t->src, element, LENGTH(element), &l, NULL, e))
		return false;
	if (l.name != NULL || t->opts->image != NULL) {
		asset.u.asset.kind = ASSET_IMAGE;
		asset.u.asset.name = l.name != NULL ? l.name : t->opts->image;
		asset.u.asset.os = l.os;
	}
	return t->sink->put(t->sink, &scan, e) && t->sink->put(t->sink, &asset, e);
}

/* ---- elements of an array: results of the oldest versions, or reports that were gathered ---- */

enum { E_REPORT = T_COUNT, E_COUNT = E_REPORT + R_COUNT };
static const struct read_field element_field[E_COUNT] = {
	TRIVY_RESULT_FIELDS,
	REPORT_FIELDS(E_REPORT),
};

/* The element with the fields of a report. */
static struct read_record as_report(const struct read_record *element)
{
	struct read_record r = *element;

	r.value += E_REPORT;
	return r;
}

static bool settle_gathered(struct trivy *t, const struct read_record *result, struct err *e)
{
	const struct read_record report = as_report(result->up);
	struct read_record r = *result;

	r.up = &report;
	return settle_report(t, &r, e);
}

static bool on_element(void *ctx, const struct read_record *r, struct err *e)
{
	struct trivy *t = ctx;
	const struct read_record report = as_report(r);
	bool whole = read_text(&report, R_SCHEMA) != NULL;

	if (t->any && whole != (t->settle == settle_gathered))
		return err_set(e, ERR_FORMAT, "whole reports and results without one in one array");
	if (whole && !on_report(ctx, &report, e))
		return false;
	t->settle = whole ? settle_gathered : settle_list;
	if (whole)
		return true;
	if (read_text(r, T_TARGET) == NULL && read_text(r, T_SELF) == NULL)
		return err_set(e, ERR_FORMAT, "not a Trivy result: it has no Target");
	return trivy_on_result(ctx, r, e);
}

static bool end_element(void *ctx, const struct read_record *r, struct err *e)
{
	const struct read_record report = as_report(r);

	return read_text(&report, R_SCHEMA) != NULL ? end_report(ctx, &report, e)
						    : trivy_end_result(ctx, r, e);
}

/* `null` and `[]` are what those versions wrote when there was nothing to say. */
static bool put_empty_list(struct trivy *t, struct err *e)
{
	const struct record scan = { .kind = REC_SCAN, .u.scan = { .source = "trivy" } };
	const struct record asset = {
		.kind = REC_ASSET,
		.u.asset = { .kind = ASSET_IMAGE, .name = t->opts->image },
	};

	if (t->opts->image == NULL)
		return scanner_no_image(e);
	return t->sink->put(t->sink, &scan, e) && t->sink->put(t->sink, &asset, e) &&
	       trivy_cover(t, FINDING_VULNERABILITY, e);
}

/* ---- the importer ---- */

static const struct read_scope scope[] = {
	{ "", report_field, R_COUNT, on_report, end_report },
	{ "Results", NULL, 0, on_wrong_results, NULL },
	TRIVY_SCOPES("Results[]", trivy_on_result),
	{ "[]", element_field, E_COUNT, on_element, end_element },
	TRIVY_ROWS("[]"),
	{ "[].Results", NULL, 0, on_wrong_results, NULL },
	TRIVY_SCOPES("[].Results[]", trivy_on_result),
};

static int sniff(const struct peek *p)
{
	const char *under = wrapped_path(p, "SchemaVersion", NULL);

	if (under != NULL && *under != 0)
		return under == wrapped_path(p, "ArtifactName", NULL) ? 100 : 0;
	if (peek_number(p, "SchemaVersion") && !peek_has(p, "ClusterName"))
		return peek_has(p, "ArtifactName") || peek_has(p, "ArtifactType") ? 100 :
		       peek_has(p, "Results[0].Target") ? 90 : 0;
	if (peek_open(p) == '[' && peek_has(p, "Target"))
		return peek_has(p, "Vulnerabilities") || peek_has(p, "Type") ? 90 :
		       peek_key_like(p, "Vulnerabilities", NULL) ? 80 : 0;
	return 0;
}

static bool run(const struct source *src, const struct import_opts *o, struct sink *out,
                struct err *e)
{
	struct trivy t = {
		.sink = out, .src = src, .opts = o, .mem = ARENA_INIT, .outer = ARENA_INIT,
	};
	const struct read_opts how = { .flags = READ_ORDERED, .sink = out };
	const char *under;
	bool ok = wrapped_find(src, "SchemaVersion", &under, e) &&
	          wrapped_read(src, under, scope, LENGTH(scope), &t, &how, e) &&
	          (t.any || put_empty_list(&t, e));

	arena_release(&t.mem);
	arena_release(&t.outer);
	return ok;
}

const struct importer importer_trivy = {
	.id    = "trivy",
	.title = "Trivy JSON report",
	.spec  = "https://trivy.dev/latest/docs/configuration/reporting/#json",
	.sniff = sniff,
	.run   = run,
};
