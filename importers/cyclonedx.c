/* SPDX-License-Identifier: MIT */
/*
 * cyclonedx.c - CycloneDX JSON: what an image holds, its vulnerabilities, and what was said of
 * them.
 *
 * Vulnerabilities point to components by reference. A first reading notes which components are
 * pointed to; only those are kept in memory.
 */
#include "importers/cyclonedx.h"
#include "importers/importer.h"
#include "importers/value.h"

/* ---- the document ---- */

enum {
	R_FORMAT, R_SCHEMA, R_AT, R_TOOLS, R_TOOL_VERSIONS, R_TOOL_COMPONENTS,
	R_TOOL_COMPONENT_VERSIONS, R_TYPE, R_NAME, R_GROUP, R_VERSION, R_PURL, R_REF,
	R_PROPERTY_NAMES, R_PROPERTY_VALUES, R_AUTHORS, R_SUPPLIER, R_COUNT
};
static const struct read_field report_field[R_COUNT] = {
	[R_FORMAT]                  = { "bomFormat" },
	[R_SCHEMA]                  = { "$schema" },
	[R_AT]                      = { "metadata.timestamp" },
	[R_TOOLS]                   = { "metadata.tools[].name", READ_LIST },
	[R_TOOL_VERSIONS]           = { "metadata.tools[].version", READ_LIST },
	[R_TOOL_COMPONENTS]         = { "metadata.tools.components[].name", READ_LIST },
	[R_TOOL_COMPONENT_VERSIONS] = { "metadata.tools.components[].version", READ_LIST },
	[R_TYPE]                    = { "metadata.component.type" },
	[R_NAME]                    = { "metadata.component.name" },
	[R_GROUP]                   = { "metadata.component.group" },
	[R_VERSION]                 = { "metadata.component.version" },
	[R_PURL]                    = { "metadata.component.purl" },
	[R_REF]                     = { "metadata.component.bom-ref" },
	[R_PROPERTY_NAMES]          = { "metadata.component.properties[].name", READ_LIST },
	[R_PROPERTY_VALUES]         = { "metadata.component.properties[].value", READ_LIST },
	[R_AUTHORS]                 = { "metadata.authors[].name", READ_LIST },
	[R_SUPPLIER]                = { "metadata.supplier.name" },
};

#define NAMES 64

struct target { /* what Trivy says of the image */
	const char *config, *digest, *name[NAMES];
	size_t n;
};

/* Names and values come side by side: every property has both. */
static void read_properties(const struct read_record *r, struct target *t)
{
	static const char trivy[] = "aquasecurity:trivy:";
	const char *name = NULL, *value = NULL;

	*t = (struct target){ 0 };
	while ((name = read_item(r, R_PROPERTY_NAMES, name)) != NULL &&
	       (value = read_item(r, R_PROPERTY_VALUES, value)) != NULL) {
		const char *what = str_prefix(name, trivy) ? name + strlen(trivy) : "";

		if (str_eq(what, "ImageID"))
			t->config = value_digest(value);
		else if (str_eq(what, "RepoDigest"))
			t->digest = value_digest(value);
		else if (str_eq(what, "RepoTag") && t->n < NAMES)
			t->name[t->n++] = value;
	}
}

static bool is_image(const struct cyclonedx *x, const struct read_record *r)
{
	const char *purl = read_text(r, R_PURL);

	return x->opts->image || x->of.image || str_eq(read_text(r, R_TYPE), "container") ||
	       (purl && str_prefix(purl, "pkg:oci/"));
}

/* The digest that stands for the version; JFrog Xray has it as "sha256__" and the digits. */
static const char *manifest_of(struct cyclonedx *x, const struct read_record *r)
{
	static const char jfrog[] = "sha256__";
	const char *version = read_text(r, R_VERSION);

	if (version != NULL && str_prefix(version, jfrog))
		version = arena_printf(&x->mem, "sha256:%s", version + strlen(jfrog));
	return value_digest(version);
}

static const char *image_name(struct cyclonedx *x, const struct read_record *r,
                              const struct target *t)
{
	const char *name = read_text(r, R_NAME), *version = read_text(r, R_VERSION);

	if (name == NULL || value_is_file(name))
		name = t->n > 0 ? t->name[0] : NULL;
	if (name == NULL || !str_eq(read_text(r, R_TYPE), "container"))
		return x->opts->image ? x->opts->image : x->of.image;
	return version && !manifest_of(x, r) && !strrchr(name, ':')
	       ? arena_printf(&x->mem, "%s:%s", name, version) : name;
}

static bool put_image(struct cyclonedx *x, const struct read_record *r, struct err *e)
{
	struct target t;
	struct rec_digest digest[3];
	const char *manifest = manifest_of(x, r), *name;
	struct record rec = { .kind = REC_ASSET, .u.asset = { .kind = ASSET_IMAGE } };
	struct rec_asset *a = &rec.u.asset;

	read_properties(r, &t);
	if (t.digest == NULL)
		t.digest = value_purl_digest(&x->mem, read_text(r, R_PURL));
	if (t.digest == NULL)
		t.digest = value_digest(x->of.digest);
	name = image_name(x, r, &t);
	if (t.config != NULL)
		digest[a->ndigest++] = (struct rec_digest){ DIGEST_CONFIG, t.config };
	if (manifest != NULL)
		digest[a->ndigest++] = (struct rec_digest){ DIGEST_MANIFEST, manifest };
	else if (t.digest != NULL)
		digest[a->ndigest++] = (struct rec_digest){ DIGEST_UNKNOWN, t.digest };
	a->name = name ? name : x->opts->image;
	a->digest = digest;
	a->names = t.name;
	a->nnames = t.n;
	return x->sink->put(x->sink, &rec, e);
}

static bool put_tree(struct cyclonedx *x, const struct read_record *r, struct err *e)
{
	struct record rec = {
		.kind = REC_ASSET,
		.u.asset = { .kind = ASSET_TREE,
		             .name = value_join(&x->mem, read_text(r, R_GROUP), "/",
		                                read_text(r, R_NAME)) },
	};

	if (rec.u.asset.name == NULL)
		rec.u.asset.name = "unnamed";
	return x->sink->put(x->sink, &rec, e);
}

static void tool_of(struct cyclonedx *x, const struct read_record *r, struct rec_scan *scan)
{
	bool old = read_count(r, R_TOOLS) > 0;
	const char *name = read_item(r, old ? R_TOOLS : R_TOOL_COMPONENTS, NULL);
	char *lower = arena_dup(&x->mem, name);

	for (char *c = lower; c && *c; c++)
		*c = (char)(*c >= 'A' && *c <= 'Z' ? *c - 'A' + 'a' : *c);
	scan->source = lower ? lower : "cyclonedx";
	scan->version = read_item(r, old ? R_TOOL_VERSIONS : R_TOOL_COMPONENT_VERSIONS, NULL);
}

/* Who says it: a person or a firm, or else the tool. */
static const char *author_of(const struct read_record *r, const char *tool)
{
	const char *author = read_item(r, R_AUTHORS, NULL);

	if (str_empty(author))
		author = read_text(r, R_SUPPLIER);
	return str_empty(author) ? tool : author;
}

/* Some writers leave bomFormat out, and have the schema only. */
static bool is_schema(const char *schema)
{
	return schema != NULL && strstr(schema, "cyclonedx.org/schema/bom") != NULL;
}

/*
 * A document that only says what is thought of vulnerabilities is of no asset; one that does not
 * say of what it is may be of something else than the one before.
 */
static bool on_report(void *ctx, const struct read_record *r, struct err *e)
{
	struct cyclonedx *x = ctx;
	struct record scan = { .kind = REC_SCAN, .u.scan = { .at = read_time(r, R_AT) } };

	x->document++;
	if (read_text(r, R_FORMAT) == NULL ? !is_schema(read_text(r, R_SCHEMA)) :
	                                     !str_eq(read_text(r, R_FORMAT), "CycloneDX"))
		return err_set(e, ERR_FORMAT, "not a CycloneDX document: bomFormat is another");
	x->any = true;
	x->asset = x->holds[x->document - 1] || read_text(r, R_NAME) != NULL || x->opts->image;
	x->nfinding = 0;
	x->of = wrapped_around(&x->mem, r);
	tool_of(x, r, &scan.u.scan);
	x->author = arena_dup(&x->mem, author_of(r, scan.u.scan.source));
	x->at = scan.u.scan.at;
	if (x->asset && read_text(r, R_NAME) == NULL && !is_image(x, r))
		scan.u.scan.partial = "no name";
	if (!x->sink->put(x->sink, &scan, e))
		return false;
	if (!x->asset)
		return true;
	return is_image(x, r) ? put_image(x, r, e) : put_tree(x, r, e);
}

/* A report that lists any has looked for all; one with an empty list may be a bill of materials. */
static bool end_report(void *ctx, UNUSED const struct read_record *r, struct err *e)
{
	struct cyclonedx *x = ctx;

	return !x->asset || x->nfinding == 0 ||
	       x->sink->put(x->sink,
	                    &(struct record){ .kind = REC_COVER,
	                                      .u.cover = { .kind = FINDING_VULNERABILITY } },
	                    e);
}

static bool keep_root(void *ctx, const struct read_record *r, UNUSED struct err *e)
{
	((struct cyclonedx *)ctx)->document++;
	cyclonedx_keep_as(ctx, read_text(r, R_REF), read_text(r, R_GROUP), read_text(r, R_NAME),
	                  read_text(r, R_VERSION), read_text(r, R_PURL));
	return true;
}

/* ---- components ---- */

static const char *component_name(struct arena *mem, const struct read_record *r)
{
	return value_join(mem, read_text(r, CYCLONEDX_GROUP), "/", read_text(r, CYCLONEDX_NAME));
}

static bool on_component(void *ctx, const struct read_record *r, struct err *e)
{
	struct cyclonedx *x = ctx;
	struct buf licences = BUF_INIT;
	struct record rec = {
		.kind = REC_COMPONENT,
		.u.component = { .version = read_text(r, CYCLONEDX_VERSION),
		                 .purl    = read_text(r, CYCLONEDX_PURL) },
	};
	bool ok;

	if (read_text(r, CYCLONEDX_SELF) != NULL)
		return read_skip(r, "not an object", e);
	if (read_text(r, CYCLONEDX_NAME) == NULL)
		return read_skip(r, "no name", e);
	arena_reset(&x->row);
	rec.u.component.package = component_name(&x->row, r);
	if (str_eq(read_text(r, CYCLONEDX_TYPE), "operating-system"))
		rec.u.component.package_type = "operating-system";
	for (size_t i = CYCLONEDX_LICENCE_IDS; licences.len == 0 && i < CYCLONEDX_COMPONENT; i++)
		read_join(r, i, ", ", &licences);
	rec.u.component.licence = licences.len > 0 ? licences.s : NULL;
	ok = x->sink->put(x->sink, &rec, e);
	buf_release(&licences);
	return ok;
}

/* ---- the importer ---- */

/* Those of the document, and the parts of what it is of. */
#define COMPONENTS(on) \
	{ "components[]**", cyclonedx_component_field, CYCLONEDX_COMPONENT, on, NULL }, \
	{ "metadata.component.components[]**", cyclonedx_component_field, CYCLONEDX_COMPONENT, on, \
	  NULL }

static const struct read_scope first[] = {
	{ "", NULL, 0, cyclonedx_next, NULL },
	COMPONENTS(cyclonedx_count),
	{ "vulnerabilities[]", cyclonedx_vulnerability_field, CYCLONEDX_VULNERABILITY, NULL,
	  cyclonedx_note_self },
	{ "vulnerabilities[].affects[]", cyclonedx_affects_field, CYCLONEDX_AFFECTS,
	  cyclonedx_note_ref, NULL },
};
static const struct read_scope second[] = {
	{ "", report_field, R_COUNT, keep_root, NULL },
	COMPONENTS(cyclonedx_keep),
	{ "services[]**", cyclonedx_component_field, CYCLONEDX_COMPONENT, cyclonedx_keep, NULL },
};
static const struct read_scope scope[] = {
	{ "", report_field, R_COUNT, on_report, end_report },
	COMPONENTS(on_component),
	{ "vulnerabilities[]", cyclonedx_vulnerability_field, CYCLONEDX_VULNERABILITY,
	  cyclonedx_on_vulnerability, cyclonedx_end_vulnerability },
	{ "vulnerabilities[].affects[]", cyclonedx_affects_field, CYCLONEDX_AFFECTS,
	  cyclonedx_on_affects, cyclonedx_end_affects },
	{ "vulnerabilities[].affects[].versions[]", cyclonedx_versions_field, CYCLONEDX_VERSIONS,
	  cyclonedx_on_version, NULL },
};

static int sniff(const struct peek *p)
{
	if (wrapped_path(p, "bomFormat", "CycloneDX") != NULL)
		return 100;
	return is_schema(peek_text(p, "$schema")) && peek_has(p, "specVersion") ? 90 : 0;
}

/* Every pass meets the documents in the same order. */
static bool pass(struct cyclonedx *x, const struct source *src, const char *under,
                 const struct read_scope *s, size_t n, const struct read_opts *how, struct err *e)
{
	x->document = 0;
	return wrapped_read(src, under, s, n, x, how, e);
}

static bool run(const struct source *src, const struct import_opts *o, struct sink *out,
                struct err *e)
{
	struct cyclonedx x = {
		.sink = out, .opts = o, .mem = ARENA_INIT, .row = ARENA_INIT, .key = BUF_INIT,
	};
	const struct read_opts quiet = { 0 }, how = { .sink = out };
	const char *under;
	bool ok = wrapped_find(src, "bomFormat", &under, e) &&
	          pass(&x, src, under, first, LENGTH(first), &quiet, e) &&
	          (x.refs == NULL || pass(&x, src, under, second, LENGTH(second), &quiet, e)) &&
	          pass(&x, src, under, scope, LENGTH(scope), &how, e);

	if (ok && !x.any)
		ok = err_set(e, ERR_FORMAT, "not a CycloneDX document: it holds no object");
	cyclonedx_release(&x);
	return ok;
}

const struct importer importer_cyclonedx = {
	.id    = "cyclonedx",
	.title = "CycloneDX JSON",
	.spec  = "https://cyclonedx.org/docs/1.6/json/",
	.sniff = sniff,
	.run   = run,
};
