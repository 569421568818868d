/* SPDX-License-Identifier: MIT */
/*
 * spdx.c - SPDX 2.x JSON: the packages of an image or a folder.
 *
 * Which package is the image stands in a relationship, mostly at the end of the file. The file is
 * read three times: for that relationship, for that package, and for all the others.
 */
#include "importers/importer.h"
#include "importers/read.h"
#include "importers/value.h"
#include "importers/wrapped.h"

enum { R_VERSION, R_NAME, R_DESCRIBES, R_CREATORS, R_AT, R_COUNT };
static const struct read_field report_field[R_COUNT] = {
	[R_VERSION]   = { "spdxVersion" },
	[R_NAME]      = { "name" },
	[R_DESCRIBES] = { "documentDescribes", READ_LIST },
	[R_CREATORS]  = { "creationInfo.creators", READ_LIST },
	[R_AT]        = { "creationInfo.created" },
};

enum { L_TYPE, L_FROM, L_TO, L_COUNT };
static const struct read_field link_field[L_COUNT] = {
	[L_TYPE] = { "relationshipType" },
	[L_FROM] = { "spdxElementId" },
	[L_TO]   = { "relatedSpdxElement" },
};

enum {
	P_SELF, P_ID, P_NAME, P_VERSION, P_PURPOSE, P_LICENCE, P_DECLARED, P_REF_TYPES,
	P_REF_LOCATORS, P_CHECKSUMS, P_COUNT
};
static const struct read_field package_field[P_COUNT] = {
	[P_SELF]         = { "" },
	[P_ID]           = { "SPDXID" },
	[P_NAME]         = { "name" },
	[P_VERSION]      = { "versionInfo" },
	[P_PURPOSE]      = { "primaryPackagePurpose" },
	[P_LICENCE]      = { "licenseConcluded" },
	[P_DECLARED]     = { "licenseDeclared" },
	[P_REF_TYPES]    = { "externalRefs[].referenceType", READ_LIST },
	[P_REF_LOCATORS] = { "externalRefs[].referenceLocator", READ_LIST },
	[P_CHECKSUMS]    = { "checksums[].checksumValue", READ_LIST },
};

struct spdx {
	struct sink             *sink;
	const struct import_opts *opts;
	struct arena             mem;  /* lives as long as the import */
	bool                     any;  /* the file holds a document   */
	const char              *root; /* SPDXID of what it describes; NULL: not said */
	/* of that package */
	const char *name, *version, *purl;
	bool        found, image;
	struct wrapped around;
};

/* ---- what is described ---- */

static bool find_root(void *ctx, const struct read_record *r, UNUSED struct err *e)
{
	struct spdx *x = ctx;

	if (x->root == NULL)
		x->root = arena_dup(&x->mem, read_item(r, R_DESCRIBES, NULL));
	return true;
}

static bool on_link(void *ctx, const struct read_record *r, UNUSED struct err *e)
{
	struct spdx *x = ctx;
	const char *type = read_text(r, L_TYPE);

	if (x->root != NULL)
		return true;
	if (str_eq(type, "DESCRIBES") && str_eq(read_text(r, L_FROM), "SPDXRef-DOCUMENT"))
		x->root = arena_dup(&x->mem, read_text(r, L_TO));
	else if (str_eq(type, "DESCRIBED_BY") && str_eq(read_text(r, L_TO), "SPDXRef-DOCUMENT"))
		x->root = arena_dup(&x->mem, read_text(r, L_FROM));
	return true;
}

/* Types and locators come side by side: every reference has both. */
static const char *purl_of(const struct read_record *r)
{
	const char *type = NULL, *locator = NULL;

	while ((type = read_item(r, P_REF_TYPES, type)) != NULL) {
		locator = read_item(r, P_REF_LOCATORS, locator);
		if (locator == NULL)
			return NULL;
		if (str_eq(type, "purl"))
			return locator;
	}
	return NULL;
}

static bool on_root(void *ctx, const struct read_record *r, UNUSED struct err *e)
{
	struct spdx *x = ctx;
	const char *purpose = read_text(r, P_PURPOSE), *purl = purl_of(r);

	if (!str_eq(read_text(r, P_ID), x->root))
		return true;
	x->found = true;
	x->name = arena_dup(&x->mem, read_text(r, P_NAME));
	x->version = arena_dup(&x->mem, read_text(r, P_VERSION));
	x->purl = arena_dup(&x->mem, purl);
	x->image = str_eq(purpose, "CONTAINER") || (purl && str_prefix(purl, "pkg:oci/")) ||
	           (purl && str_prefix(purl, "pkg:docker/"));
	return true;
}

/* ---- the document ---- */

/* "Tool: syft-1.5.0" */
static void tool_of(struct spdx *x, const struct read_record *r, struct rec_scan *scan)
{
	const char *s = NULL, *dash;

	scan->source = "spdx";
	while ((s = read_item(r, R_CREATORS, s)) != NULL) {
		if (!str_prefix(s, "Tool: "))
			continue;
		s += strlen("Tool: ");
		dash = strchr(s, '-');
		while (dash && (dash[1] < '0' || dash[1] > '9') && !str_prefix(dash + 1, "dev") &&
		       !str_prefix(dash + 1, "v"))
			dash = strchr(dash + 1, '-');
		scan->source = dash ? arena_dupn(&x->mem, s, (size_t)(dash - s)) : s;
		scan->version = dash ? dash + 1 : NULL;
		return;
	}
}

static bool put_asset(struct spdx *x, const struct read_record *r, struct err *e)
{
	const char *in_purl = value_purl_digest(&x->mem, x->purl);
	struct rec_digest digest = { DIGEST_UNKNOWN,
		                     in_purl ? in_purl : value_digest(x->version) };
	const char *of = r->document == 0 ? x->around.image : NULL;
	bool image = x->image || x->opts->image || of;
	struct record rec = {
		.kind = REC_ASSET,
		.u.asset = { .kind = image ? ASSET_IMAGE : ASSET_TREE,
		             .name = x->name ? x->name : read_text(r, R_NAME) },
	};
	struct rec_asset *a = &rec.u.asset;

	if (of && digest.value == NULL)
		digest.value = value_digest(x->around.digest);
	if (a->kind == ASSET_IMAGE) {
		a->digest = &digest;
		a->ndigest = digest.value != NULL;
		if (x->opts->image && (!x->image || value_is_file(a->name)))
			a->name = x->opts->image;
		else if (of && !x->image)
			a->name = of;
		else if (x->version && !value_digest(x->version) && a->name &&
		         !strpbrk(a->name, ":@"))
			a->name = arena_printf(&x->mem, "%s:%s", a->name, x->version);
	}
	if (a->name == NULL)
		a->name = "unnamed";
	return x->sink->put(x->sink, &rec, e);
}

static bool on_report(void *ctx, const struct read_record *r, struct err *e)
{
	struct spdx *x = ctx;
	const char *version = read_text(r, R_VERSION);
	struct record scan = { .kind = REC_SCAN, .u.scan = { .at = read_time(r, R_AT) } };

	if (version == NULL || !str_prefix(version, "SPDX-2."))
		return err_set(e, ERR_FORMAT, "not an SPDX 2.x document: spdxVersion is %s",
		               version ? version : "missing");
	x->any = true;
	tool_of(x, r, &scan.u.scan);
	return x->sink->put(x->sink, &scan, e) && put_asset(x, r, e);
}

static const char *licence_of(const struct read_record *r)
{
	static const char *const nothing[] = { "NOASSERTION", "NONE" };
	const char *said = read_text(r, P_LICENCE);

	if (said == NULL || str_index(nothing, LENGTH(nothing), said) >= 0)
		said = read_text(r, P_DECLARED);
	return said && str_index(nothing, LENGTH(nothing), said) >= 0 ? NULL : said;
}

static bool on_package(void *ctx, const struct read_record *r, struct err *e)
{
	struct spdx *x = ctx;
	const struct record rec = {
		.kind = REC_COMPONENT,
		.u.component = {
			.package = read_text(r, P_NAME),
			.version = read_text(r, P_VERSION),
			.purl    = purl_of(r),
			.licence = licence_of(r),
		},
	};

	if (read_text(r, P_SELF) != NULL)
		return read_skip(r, "not an object", e);
	if (rec.u.component.package == NULL)
		return read_skip(r, "no name", e);
	if (x->image && str_eq(read_text(r, P_ID), x->root))
		return true; /* it is the image that holds the others */
	return x->sink->put(x->sink, &rec, e);
}

/* ---- the importer ---- */

static const struct read_scope links[] = {
	{ "", report_field, R_COUNT, find_root, NULL },
	{ "relationships[]", link_field, L_COUNT, on_link, NULL },
};
static const struct read_scope root[] = {
	{ "packages[]", package_field, P_COUNT, on_root, NULL },
};
static const struct read_scope scope[] = {
	{ "", report_field, R_COUNT, on_report, NULL },
	{ "packages[]", package_field, P_COUNT, on_package, NULL },
};

static int sniff(const struct peek *p)
{
	const char *context = peek_text(p, "@context");

	if (wrapped_path(p, "spdxVersion", "SPDX-") != NULL)
		return 100;
	return context != NULL && strstr(context, "spdx.org/rdf/3") && peek_has(p, "@graph") ? 100
	                                                                                     : 0;
}

static bool run(const struct source *src, const struct import_opts *o, struct sink *out,
                struct err *e)
{
	struct spdx x = { .sink = out, .opts = o, .mem = ARENA_INIT };
	struct read_opts quiet = { 0 }, how = { .sink = out };
	bool ok = wrapped_find(src, "spdxVersion", &x.mem, &x.around, e);

	quiet.under = how.under = x.around.under;
	ok = ok && read_document(src, links, LENGTH(links), &x, &quiet, e) &&
	     (x.root == NULL || read_document(src, root, LENGTH(root), &x, &quiet, e)) &&
	     read_document(src, scope, LENGTH(scope), &x, &how, e);

	if (ok && !x.any)
		ok = err_set(e, ERR_FORMAT, "not an SPDX document: it holds no object");
	arena_release(&x.mem);
	return ok;
}

const struct importer importer_spdx = {
	.id    = "spdx",
	.title = "SPDX 2.x JSON",
	.spec  = "https://spdx.github.io/spdx-spec/v2.3/",
	.sniff = sniff,
	.run   = run,
};
