/* SPDX-License-Identifier: MIT */
/*
 * spdx.c - SPDX 2.x JSON: the packages of an image or a folder.
 *
 * Which package is the image stands in a relationship, mostly at the end of the file. The file is
 * read three times: for that relationship, for that package, and for all the others. A file may
 * hold many documents: one in each attestation of a list, one for each platform of an image.
 */
#include "importers/importer.h"
#include "importers/read.h"
#include "importers/scanner.h"
#include "importers/value.h"
#include "importers/wrapped.h"

enum { R_VERSION, R_NAME, R_DESCRIBES, R_CREATORS, R_AT, R_GRAPH, R_COUNT };
static const struct read_field report_field[R_COUNT] = {
	[R_VERSION]   = { "spdxVersion" },
	[R_NAME]      = { "name" },
	[R_DESCRIBES] = { "documentDescribes", READ_LIST },
	[R_CREATORS]  = { "creationInfo.creators", READ_LIST },
	[R_AT]        = { "creationInfo.created" },
	[R_GRAPH]     = { "@context" }, /* of SPDX 3 */
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

/* What stands around a document: an attestation, or what buildx says of an image. */
enum { O_IMAGE, O_NAME, O_DIGEST, O_COUNT };
static const struct read_field outer_field[O_COUNT] = {
	[O_IMAGE]  = { "name" }, /* docker buildx imagetools inspect */
	[O_NAME]   = { "subject[].name" },
	[O_DIGEST] = { "subject[].digest.sha256" },
};

struct document {
	bool        is;   /* no other thing that stands where documents do */
	const char *root; /* SPDXID of what it describes; NULL: not said   */
	/* of that package */
	const char *name, *version, *purl;
	bool        found, image;
	bool        beside; /* of a stage or the context of a build, not of the image built */
	const char *platform;
	struct subject of;
	struct document *next;
};

struct spdx {
	struct sink             *sink;
	const struct import_opts *opts;
	struct arena             mem;  /* lives as long as the import */
	bool                     any;  /* the file holds a document   */
	bool                     rooted; /* one of them says what it describes */
	struct document         *first, *last, *at;
};

/* ---- what is described ---- */

static bool is_beside(const struct read_record *r)
{
	return strstr(r->scope->path, "AdditionalSPDXs[]") != NULL;
}

/* The records around one: of the platform ("linux/arm64": {...}), and of all of the file. */
static void look_around(struct spdx *x, struct document *d, const struct read_record *r)
{
	for (; r != NULL; r = r->up) {
		if (r->key != NULL)
			d->platform = arena_dup(&x->mem, r->key);
		else if (read_text(r, O_IMAGE) != NULL)
			d->of.image = arena_dup(&x->mem, read_text(r, O_IMAGE));
		else
			wrapped_subject(&x->mem, read_item(r, O_NAME, NULL),
			                read_item(r, O_DIGEST, NULL), &d->of);
	}
	if (d->platform == NULL)
		d->platform = d->of.platform;
}

static bool find_root(void *ctx, const struct read_record *r, UNUSED struct err *e)
{
	struct spdx *x = ctx;
	struct document *d = arena_new(&x->mem, struct document);

	*(x->last != NULL ? &x->last->next : &x->first) = d;
	x->last = d;
	d->is = read_text(r, R_VERSION) != NULL;
	d->beside = is_beside(r);
	d->root = arena_dup(&x->mem, read_item(r, R_DESCRIBES, NULL));
	x->rooted |= d->root != NULL;
	look_around(x, d, r->up);
	return true;
}

static bool on_link(void *ctx, const struct read_record *r, UNUSED struct err *e)
{
	struct spdx *x = ctx;
	const char *type = read_text(r, L_TYPE);

	if (x->last->root != NULL)
		return true;
	if (str_eq(type, "DESCRIBES") && str_eq(read_text(r, L_FROM), "SPDXRef-DOCUMENT"))
		x->last->root = arena_dup(&x->mem, read_text(r, L_TO));
	else if (str_eq(type, "DESCRIBED_BY") && str_eq(read_text(r, L_TO), "SPDXRef-DOCUMENT"))
		x->last->root = arena_dup(&x->mem, read_text(r, L_FROM));
	x->rooted |= x->last->root != NULL;
	return true;
}

/* Every pass meets the documents in the same order. */
static bool next_document(void *ctx, UNUSED const struct read_record *r, UNUSED struct err *e)
{
	struct spdx *x = ctx;

	x->at = x->at == NULL ? x->first : x->at->next;
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
	struct document *d = x->at;
	const char *purpose = read_text(r, P_PURPOSE), *purl = purl_of(r);

	if (d->root == NULL || !str_eq(read_text(r, P_ID), d->root))
		return true;
	d->found = true;
	d->name = arena_dup(&x->mem, read_text(r, P_NAME));
	d->version = arena_dup(&x->mem, read_text(r, P_VERSION));
	d->purl = arena_dup(&x->mem, purl);
	d->image = str_eq(purpose, "CONTAINER") || (purl && str_prefix(purl, "pkg:oci/")) ||
	           (purl && str_prefix(purl, "pkg:docker/"));
	return true;
}

/* ---- the document ---- */

/* What stands between a tool's name and its version, "syft-1.5.0" or "ko 0.12.0"; NULL: none. */
static const char *before_version(const char *s)
{
	for (s = strpbrk(s, "- "); s != NULL; s = strpbrk(s + 1, "- ")) {
		const char *digit = s + 1 + (s[1] == 'v');

		if ((*digit >= '0' && *digit <= '9') || str_eq(s + 1, "dev"))
			return s;
	}
	return NULL;
}

/* "Tool: syft-1.5.0" */
static void tool_of(struct spdx *x, const struct read_record *r, struct rec_scan *scan)
{
	const char *s = NULL, *end;

	scan->source = "spdx";
	while ((s = read_item(r, R_CREATORS, s)) != NULL) {
		if (!str_prefix(s, "Tool: "))
			continue;
		s += strlen("Tool: ");
		end = before_version(s);
		scan->source = end ? arena_dupn(&x->mem, s, (size_t)(end - s)) : s;
		scan->version = end ? end + 1 : NULL;
		return;
	}
}

/* The name of an image, which the document, what is around it, or the user knows. */
static const char *image_name(struct spdx *x, const struct document *d, const char *name)
{
	if (x->opts->image && (!d->image || value_is_file(name)))
		return x->opts->image;
	if (d->of.image && !d->image)
		return d->of.image;
	if (d->version && !value_digest(d->version) && name && !strpbrk(name, ":@"))
		return arena_printf(&x->mem, "%s:%s", name, d->version);
	return name;
}

static bool put_asset(struct spdx *x, const struct read_record *r, struct err *e)
{
	const struct document *d = x->at;
	const char *in_purl = value_purl_digest(&x->mem, d->purl);
	struct rec_digest digest = { DIGEST_UNKNOWN,
		                     in_purl ? in_purl : value_digest(d->version) };
	bool image = !d->beside && (d->image || x->opts->image || d->of.image);
	struct record rec = {
		.kind = REC_ASSET,
		.u.asset = { .kind = image ? ASSET_IMAGE : ASSET_TREE,
		             .name = d->name ? d->name : read_text(r, R_NAME) },
	};
	struct rec_asset *a = &rec.u.asset;

	if (!image && d->platform != NULL && !d->beside)
		return scanner_no_image(e);
	if (d->of.image && digest.value == NULL)
		digest.value = value_digest(d->of.digest);
	if (image) {
		a->digest = &digest;
		a->ndigest = digest.value != NULL;
		a->arch = d->platform;
		a->name = image_name(x, d, a->name);
	}
	if (a->name == NULL)
		a->name = "unnamed";
	return x->sink->put(x->sink, &rec, e);
}

/* Among attestations there may be one of another thing: that one is told, not all refused. */
static bool on_report(void *ctx, const struct read_record *r, struct err *e)
{
	struct spdx *x = ctx;
	const char *version = read_text(r, R_VERSION);
	struct record scan = { .kind = REC_SCAN, .u.scan = { .at = read_time(r, R_AT) } };

	if (!next_document(x, r, e))
		return false;
	if (read_text(r, R_GRAPH) != NULL)
		return err_set(e, ERR_FORMAT, "SPDX 3, which is not read: have the tool write "
		               "SPDX 2.3");
	if (version == NULL && r->scope->path[0] != 0)
		return read_skip(r, "not an SPDX document", e);
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

	if (!x->at->is)
		return true;
	if (read_text(r, P_SELF) != NULL)
		return read_skip(r, "not an object", e);
	if (rec.u.component.package == NULL)
		return read_skip(r, "no name", e);
	if ((x->at->image || (x->at->of.image && !x->at->beside)) &&
	    str_eq(read_text(r, P_ID), x->at->root))
		return true; /* it is the image that holds the others */
	return x->sink->put(x->sink, &rec, e);
}

/* ---- where documents are ---- */

#define PLACES 2 /* of documents in one file, as paths */
struct places {
	const char *outer[3]; /* what is around them */
	const char *at[PLACES];
	size_t      nouter, n;
};

/*
 * `docker buildx imagetools inspect --format '{{json .SBOM}}'` has a member SPDX, or one platform
 * by one ("linux/arm64") with such a member; `{{json .}}` has that below "sbom".
 */
static void find_places(struct arena *mem, const char *under, struct places *p)
{
	bool built = str_suffix(under, "SPDX"), all = str_prefix(under, "sbom.") || str_prefix(
		under, "sbom{}");

	*p = (struct places){ .n = 1, .at = { under } };
	if (*under == 0)
		return;
	p->outer[p->nouter++] = "";
	if (!built)
		return;
	if (all && strstr(under, "{}") != NULL)
		p->outer[p->nouter++] = "sbom{}";
	else if (strstr(under, "{}") != NULL)
		p->outer[p->nouter++] = "{}";
	p->at[p->n++] = arena_printf(mem, "%.*sAdditionalSPDXs[]",
	                             (int)(strlen(under) - strlen("SPDX")), under);
}

struct pass {
	struct read_scope scope[3 + 2 * PLACES];
	size_t n;
};

static void add_scope(struct pass *p, struct read_scope scope)
{
	p->scope[p->n++] = scope;
}

/* Of each document `on` it, and what is in its `list`. */
static void set_pass(struct arena *mem, struct pass *p, const struct places *where, read_fn *on,
                     const char *list, struct read_scope each)
{
	p->n = 0;
	for (size_t i = 0; i < where->n; i++) {
		const char *at = where->at[i];

		add_scope(p, (struct read_scope){ at, report_field, R_COUNT, on, NULL });
		each.path = arena_printf(mem, "%s%s%s", at, *at != 0 ? "." : "", list);
		add_scope(p, each);
	}
}

/* ---- the importer ---- */

static int sniff(const struct peek *p)
{
	const char *context = peek_text(p, "@context");

	if (wrapped_path(p, "spdxVersion", "SPDX-") != NULL)
		return 100;
	return context != NULL && strstr(context, "spdx.org/rdf/3") && peek_has(p, "@graph") ? 100
	                                                                                     : 0;
}

static bool read_passes(struct spdx *x, const struct source *src, const struct places *where,
                        struct err *e)
{
	struct read_opts quiet = { 0 }, how = { .sink = x->sink };
	struct pass p;

	set_pass(&x->mem, &p, where, find_root, "relationships[]",
	         (struct read_scope){ NULL, link_field, L_COUNT, on_link, NULL });
	for (size_t i = 0; i < where->nouter; i++)
		add_scope(&p, (struct read_scope){ where->outer[i], outer_field, O_COUNT, NULL,
		                                   NULL });
	if (!read_document(src, p.scope, p.n, x, &quiet, e))
		return false;
	set_pass(&x->mem, &p, where, next_document, "packages[]",
	         (struct read_scope){ NULL, package_field, P_COUNT, on_root, NULL });
	if (x->rooted && !read_document(src, p.scope, p.n, x, &quiet, e))
		return false;
	x->at = NULL;
	set_pass(&x->mem, &p, where, on_report, "packages[]",
	         (struct read_scope){ NULL, package_field, P_COUNT, on_package, NULL });
	return read_document(src, p.scope, p.n, x, &how, e);
}

static bool run(const struct source *src, const struct import_opts *o, struct sink *out,
                struct err *e)
{
	struct spdx x = { .sink = out, .opts = o, .mem = ARENA_INIT };
	struct places where;
	const char *under;
	bool ok = wrapped_find(src, "spdxVersion", &under, e);

	if (ok) {
		find_places(&x.mem, under, &where);
		ok = read_passes(&x, src, &where, e);
	}
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
