/* SPDX-License-Identifier: MIT */
/* openvex.c - OpenVEX documents: whether a vulnerability matters in a product. */
#include "importers/importer.h"
#include "importers/read.h"
#include "importers/value.h"
#include "importers/wrapped.h"

#define CONTEXT "https://openvex.dev/ns"

enum { R_CONTEXT, R_AUTHOR, R_AT, R_UPDATED, R_TOOLING, R_COUNT };
static const struct read_field report_field[R_COUNT] = {
	[R_CONTEXT] = { "@context" },
	[R_AUTHOR]  = { "author" },
	[R_AT]      = { "timestamp" },
	[R_UPDATED] = { "last_updated" },
	[R_TOOLING] = { "tooling" },
};

enum {
	S_NAME, S_OLD_NAME, S_ID, S_ALIASES, S_STATUS, S_JUSTIFICATION, S_IMPACT, S_ACTION, S_NOTES,
	S_AT, S_PARTS, S_COUNT
};
static const struct read_field statement_field[S_COUNT] = {
	[S_NAME]          = { "vulnerability.name" },
	[S_OLD_NAME]      = { "vulnerability" }, /* of 0.0.1: a text */
	[S_ID]            = { "vulnerability.@id" },
	[S_ALIASES]       = { "vulnerability.aliases", READ_LIST },
	[S_STATUS]        = { "status" },
	[S_JUSTIFICATION] = { "justification" },
	[S_IMPACT]        = { "impact_statement" },
	[S_ACTION]        = { "action_statement" },
	[S_NOTES]         = { "status_notes" },
	[S_AT]            = { "timestamp" },
	[S_PARTS]         = { "subcomponents", READ_LIST }, /* of 0.0.1: for all its products */
};

enum { P_TEXT, P_ID, P_PURL, P_HASH, P_COUNT };
static const struct read_field product_field[P_COUNT] = {
	[P_TEXT] = { "" }, /* of 0.0.1: a text */
	[P_ID]   = { "@id" },
	[P_PURL] = { "identifiers.purl" },
	[P_HASH] = { "hashes.sha-256" },
};

#define ALIASES 32

struct openvex {
	struct sink *sink;
	bool         any;  /* the file holds a document           */
	bool         more; /* the statement was put once already  */
	bool         part; /* the product has a part of its own   */
	bool         named; /* the statement has a product        */
	int64_t      at;   /* of the document                     */
	const char  *author, *product;
	const char  *package; /* in the product, that alone is meant; NULL: all of it */
	struct subject of; /* what the document is attested of */
	struct arena doc; /* dies with the document  */
	struct arena mem; /* dies with the statement */
};

static bool on_report(void *ctx, const struct read_record *r, struct err *e)
{
	struct openvex *v = ctx;
	const char *context = read_text(r, R_CONTEXT);
	struct record scan = { .kind = REC_SCAN, .u.scan = { .source = "openvex" } };

	if (context != NULL && !str_prefix(context, CONTEXT))
		return err_set(e, ERR_FORMAT, "not an OpenVEX document: its @context is another");
	v->any = true;
	arena_reset(&v->doc);
	v->of = wrapped_around(&v->doc, r);
	v->author = arena_dup(&v->doc, read_text(r, R_AUTHOR));
	v->at = read_time(r, R_AT);
	scan.u.scan.at = read_time(r, R_UPDATED) > 0 ? read_time(r, R_UPDATED) : v->at;
	return v->sink->put(v->sink, &scan, e);
}

/* ---- a statement, once for each product and part of it ---- */

static const char *vulnerability(const struct read_record *r)
{
	const char *name = read_text(r, S_NAME), *slash;

	if (name == NULL)
		name = read_text(r, S_OLD_NAME);
	if (name != NULL)
		return name;
	name = read_text(r, S_ID);
	slash = name ? strrchr(name, '/') : NULL;
	return slash && slash[1] ? slash + 1 : name;
}

static const char *text(struct openvex *v, const struct read_record *r)
{
	const char *all = value_join(&v->mem, read_text(r, S_IMPACT), "; ", read_text(r, S_ACTION));

	return value_join(&v->mem, all, "; ", read_text(r, S_NOTES));
}

/* The specification asks of "not_affected" for one of the two. */
static bool is_unexplained(const struct read_record *r)
{
	return str_eq(read_text(r, S_STATUS), "not_affected") &&
	       str_empty(read_text(r, S_JUSTIFICATION)) && str_empty(read_text(r, S_IMPACT));
}

/* `r` is the statement. */
static bool put(struct openvex *v, const struct read_record *r, const char *part, struct err *e)
{
	const char *alias[ALIASES], *s = NULL;
	struct record rec = {
		.kind = REC_STATEMENT,
		.u.statement = {
			.advisory      = vulnerability(r),
			.aliases       = alias,
			.product       = v->product,
			.purl          = part,
			.status        = read_text(r, S_STATUS),
			.justification = read_text(r, S_JUSTIFICATION),
			.text          = text(v, r),
			.author        = v->author,
			.at            = read_time(r, S_AT) > 0 ? read_time(r, S_AT) : v->at,
			.more          = v->more,
			.unexplained   = is_unexplained(r),
		},
	};
	size_t *n = &rec.u.statement.naliases;

	while (*n < ALIASES && (s = read_item(r, S_ALIASES, s)) != NULL)
		alias[(*n)++] = s;
	v->more = true;
	return v->sink->put(v->sink, &rec, e);
}

static bool on_statement(void *ctx, UNUSED const struct read_record *r, UNUSED struct err *e)
{
	struct openvex *v = ctx;

	arena_reset(&v->mem);
	v->more = v->named = false;
	return true;
}

static const char *name_of(const struct read_record *r)
{
	if (read_text(r, P_PURL) != NULL)
		return read_text(r, P_PURL);
	return read_text(r, P_ID) != NULL ? read_text(r, P_ID) : read_text(r, P_TEXT);
}

/*
 * Kubescape has the image as the product's id, and as its purl the package in it that is meant.
 * Then the statement is of that package in that image, and not of the package wherever it is.
 */
static bool is_image_and_package(const struct read_record *r)
{
	const char *id = read_text(r, P_ID), *purl = read_text(r, P_PURL);

	return purl != NULL && !str_prefix(purl, "pkg:oci/") && !str_prefix(purl, "pkg:docker/") &&
	       value_digest(id) != NULL && !str_prefix(id, "pkg:");
}

static bool on_product(void *ctx, const struct read_record *r, UNUSED struct err *e)
{
	struct openvex *v = ctx;
	bool pair = is_image_and_package(r);

	v->product = arena_dup(&v->mem, pair ? read_text(r, P_ID) : name_of(r));
	v->package = pair ? arena_dup(&v->mem, read_text(r, P_PURL)) : NULL;
	if (v->product == NULL && read_text(r, P_HASH) != NULL)
		v->product = arena_printf(&v->mem, "sha256:%s", read_text(r, P_HASH));
	v->part = false;
	v->named = true;
	return true;
}

static bool on_part(void *ctx, const struct read_record *r, struct err *e)
{
	struct openvex *v = ctx;

	if (v->product == NULL || name_of(r) == NULL)
		return read_skip(r, "no name", e);
	v->part = true;
	return vulnerability(r->up->up) == NULL || put(v, r->up->up, name_of(r), e);
}

/* `r` is the statement: of the product in hand, and the parts that it names for all of them. */
static bool put_product(struct openvex *v, const struct read_record *r, struct err *e)
{
	const char *part = NULL;

	if (read_count(r, S_PARTS) == 0)
		return put(v, r, NULL, e);
	while ((part = read_item(r, S_PARTS, part)) != NULL)
		if (!put(v, r, part, e))
			return false;
	return true;
}

static bool end_product(void *ctx, const struct read_record *r, struct err *e)
{
	struct openvex *v = ctx;

	if (v->product == NULL)
		return read_skip(r, "no name", e);
	if (v->part || vulnerability(r->up) == NULL)
		return true;
	return v->package != NULL ? put(v, r->up, v->package, e) : put_product(v, r->up, e);
}

/* A statement of an attested document need not name what the attestation is of. */
static bool end_statement(void *ctx, const struct read_record *r, struct err *e)
{
	struct openvex *v = ctx;

	if (v->more)
		return true;
	if (vulnerability(r) == NULL)
		return read_skip(r, "no vulnerability", e);
	v->product = v->of.digest != NULL ? v->of.digest : v->of.image;
	if (v->named || v->product == NULL)
		return read_skip(r, "no products", e);
	return put_product(v, r, e);
}

static const struct read_scope scope[] = {
	{ "", report_field, R_COUNT, on_report, NULL },
	{ "statements[]", statement_field, S_COUNT, on_statement, end_statement },
	{ "statements[].products[]", product_field, P_COUNT, on_product, end_product },
	{ "statements[].products[].subcomponents[]", product_field, P_COUNT, on_part, NULL },
};

/* Some who merge documents leave the context empty: then the statements tell. */
static int sniff(const struct peek *p)
{
	if (wrapped_path(p, "@context", CONTEXT) != NULL)
		return 100;
	return (peek_key_like(p, "@context", NULL) ? str_empty(peek_text(p, "@context")) :
	                                             peek_has(p, "author")) &&
	       peek_has(p, "statements[0].vulnerability") && peek_has(p, "statements[0].status")
	       ? 90 : 0;
}

static bool run(const struct source *src, UNUSED const struct import_opts *o, struct sink *out,
                struct err *e)
{
	struct openvex v = { .sink = out, .doc = ARENA_INIT, .mem = ARENA_INIT };
	struct read_opts how = { .sink = out };
	const char *under;
	bool ok = wrapped_find(src, "@context", &under, e) &&
	          wrapped_read(src, under, scope, LENGTH(scope), &v, &how, e);

	if (ok && !v.any)
		ok = err_set(e, ERR_FORMAT, "not an OpenVEX document: it holds no object");
	arena_release(&v.doc);
	arena_release(&v.mem);
	return ok;
}

const struct importer importer_openvex = {
	.id    = "openvex",
	.title = "OpenVEX document",
	.spec  = "https://github.com/openvex/spec",
	.sniff = sniff,
	.run   = run,
};
