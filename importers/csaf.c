/* SPDX-License-Identifier: MIT */
/*
 * csaf.c - CSAF 2.x: advisories and VEX of vendors.
 *
 * A vulnerability's status names products by id; what an id is stands in the product tree, often as
 * one product that is part of another. A first reading keeps that tree in memory.
 */
#include <stdlib.h>

#include "importers/importer.h"
#include "importers/read.h"
#include "importers/value.h"

#define uthash_fatal(msg) die("out of memory")
#include <uthash.h>

enum { R_VERSION, R_CATEGORY, R_PUBLISHER, R_AT, R_ID, R_COUNT };
static const struct read_field report_field[R_COUNT] = {
	[R_VERSION]   = { "document.csaf_version" },
	[R_CATEGORY]  = { "document.category" },
	[R_PUBLISHER] = { "document.publisher.name" },
	[R_AT]        = { "document.tracking.current_release_date" },
	[R_ID]        = { "document.tracking.id" },
};

/* A product, wherever it stands; version 2.1 may give it several purls. */
enum { B_ID, B_NAME, B_PURL, B_PURLS, B_COUNT };
#define PRODUCT(at)                                                           \
	[B_ID]    = { at "product_id" },                                      \
	[B_NAME]  = { at "name" },                                            \
	[B_PURL]  = { at "product_identification_helper.purl" },              \
	[B_PURLS] = { at "product_identification_helper.purls", READ_LIST }
static const struct read_field branch_field[B_COUNT] = { PRODUCT("product.") };
static const struct read_field product_field[B_COUNT] = { PRODUCT("") };

enum { L_PART = B_COUNT, L_WHOLE, L_COUNT };
static const struct read_field link_field[L_COUNT] = {
	PRODUCT("full_product_name."),
	[L_PART]  = { "product_reference" },
	[L_WHOLE] = { "relates_to_product_reference" },
};

/* Version 2.1: what it begins with as part of the next, and so on; links of one step are short. */
enum { H_PART = B_COUNT, H_WHOLES, H_COUNT };
static const struct read_field path_field[H_COUNT] = {
	PRODUCT("full_product_name."),
	[H_PART]   = { "beginning_product_reference" },
	[H_WHOLES] = { "subpaths[].next_product_reference", READ_LIST },
};

enum { G_ID, G_PRODUCTS, G_COUNT };
static const struct read_field group_field[G_COUNT] = {
	[G_ID]       = { "group_id" },
	[G_PRODUCTS] = { "product_ids", READ_LIST },
};

enum {
	V_SELF, V_CVE, V_IDS, V_NOT, V_FIXED, V_FIRST_FIXED, V_AFFECTED, V_FIRST_AFFECTED,
	V_LAST_AFFECTED, V_LOOKED_AT, V_UNKNOWN, V_COUNT
};
static const struct read_field vulnerability_field[V_COUNT] = {
	[V_SELF]           = { "" },
	[V_CVE]            = { "cve" },
	[V_IDS]            = { "ids[].text", READ_LIST },
	[V_NOT]            = { "product_status.known_not_affected", READ_LIST },
	[V_FIXED]          = { "product_status.fixed", READ_LIST },
	[V_FIRST_FIXED]    = { "product_status.first_fixed", READ_LIST },
	[V_AFFECTED]       = { "product_status.known_affected", READ_LIST },
	[V_FIRST_AFFECTED] = { "product_status.first_affected", READ_LIST },
	[V_LAST_AFFECTED]  = { "product_status.last_affected", READ_LIST },
	[V_LOOKED_AT]      = { "product_status.under_investigation", READ_LIST },
	[V_UNKNOWN]        = { "product_status.unknown", READ_LIST }, /* of 2.1 */
};

/* Flags, threats and remediations: a word, a text, and of which products. */
enum { N_WORD, N_TEXT, N_PRODUCTS, N_GROUPS, N_COUNT };
static const struct read_field flag_field[N_COUNT] = {
	[N_WORD]     = { "label" },
	[N_TEXT]     = { "date" },
	[N_PRODUCTS] = { "product_ids", READ_LIST },
	[N_GROUPS]   = { "group_ids", READ_LIST },
};
static const struct read_field remark_field[N_COUNT] = {
	[N_WORD]     = { "category" },
	[N_TEXT]     = { "details" },
	[N_PRODUCTS] = { "product_ids", READ_LIST },
	[N_GROUPS]   = { "group_ids", READ_LIST },
};

/* Ids of products: one after the other, or several by one name, which remarks use. */
struct member {
	struct member *next;
	const char    *product;
};
struct group {
	const char    *id;
	struct member *first;
	UT_hash_handle hh;
};

/* Of a product: a flag, other remarks, and whether one of them tells the impact on it. */
enum remark { REMARK_FLAG, REMARK_TEXT, REMARK_IMPACT, REMARK_COUNT };

struct product {
	const char *id, *name, *purl;
	const char    *part;   /* id: this one is it, as part of ... */
	struct member *wholes; /* ... the first of these, which is part of the second, ... */
	/* of the vulnerability in hand, and which one that is */
	const char *said[REMARK_COUNT];
	uint64_t    of;
	UT_hash_handle hh;
};

struct csaf {
	struct sink    *sink;
	bool            any;  /* the file holds a document           */
	bool            vex;  /* of the profile that asks for reasons */
	bool            more; /* the vulnerability was put once      */
	uint64_t        of;   /* number of the vulnerability in hand */
	const char     *said[REMARK_COUNT]; /* of all its products */
	const char     *author;
	int64_t         at;
	struct product *products; /* by id */
	struct group   *groups;   /* likewise */
	struct arena    mem;      /* lives as long as the import   */
	struct arena    row;      /* dies with the vulnerability   */
};

static bool on_report(void *ctx, const struct read_record *r, struct err *e)
{
	struct csaf *c = ctx;
	struct record scan = { .kind = REC_SCAN,
		               .u.scan = { .source = "csaf", .at = read_time(r, R_AT) } };

	if (read_text(r, R_VERSION) == NULL)
		return err_set(e, ERR_FORMAT, "not a CSAF document: it has no csaf_version");
	c->any = true;
	c->vex = str_eq(read_text(r, R_CATEGORY), "csaf_vex");
	c->at = scan.u.scan.at;
	c->author = arena_dup(&c->mem, read_text(r, R_PUBLISHER));
	return c->sink->put(c->sink, &scan, e);
}

/* ---- the product tree ---- */

static struct product *product_of(const struct csaf *c, const char *id)
{
	struct product *p = NULL;

	if (id != NULL)
		HASH_FIND_STR(c->products, id, p);
	return p;
}

static struct product *product_add(struct csaf *c, const char *id)
{
	struct product *p = product_of(c, id);

	if (p != NULL)
		return p;
	p = arena_new(&c->mem, struct product);
	p->id = arena_dup(&c->mem, id);
	HASH_ADD_KEYPTR(hh, c->products, p->id, strlen(p->id), p);
	return p;
}

static void fill(struct csaf *c, struct product *p, const struct read_record *r)
{
	const char *purl = read_text(r, B_PURL);

	p->name = arena_dup(&c->mem, read_text(r, B_NAME));
	p->purl = arena_dup(&c->mem, purl != NULL ? purl : read_item(r, B_PURLS, NULL));
}

static bool on_product(void *ctx, const struct read_record *r, UNUSED struct err *e)
{
	struct csaf *c = ctx;

	if (read_text(r, B_ID) == NULL)
		return true; /* a branch without a product of its own */
	fill(c, product_add(c, read_text(r, B_ID)), r);
	return true;
}

static struct member *member_new(struct csaf *c, const char *product)
{
	struct member *m = arena_new(&c->mem, struct member);

	m->product = arena_dup(&c->mem, product);
	return m;
}

static bool on_link(void *ctx, const struct read_record *r, struct err *e)
{
	struct csaf *c = ctx;
	struct product *p;

	if (read_text(r, B_ID) == NULL)
		return read_skip(r, "no product_id", e);
	p = product_add(c, read_text(r, B_ID));
	fill(c, p, r);
	p->part = arena_dup(&c->mem, read_text(r, L_PART));
	p->wholes = read_text(r, L_WHOLE) == NULL ? NULL : member_new(c, read_text(r, L_WHOLE));
	return true;
}

static bool on_path(void *ctx, const struct read_record *r, struct err *e)
{
	struct csaf *c = ctx;
	const char *whole = NULL;
	struct member **end;
	struct product *p;

	if (read_text(r, B_ID) == NULL)
		return read_skip(r, "no product_id", e);
	p = product_add(c, read_text(r, B_ID));
	fill(c, p, r);
	p->part = arena_dup(&c->mem, read_text(r, H_PART));
	p->wholes = NULL;
	for (end = &p->wholes; (whole = read_item(r, H_WHOLES, whole)) != NULL; end = &(*end)->next)
		*end = member_new(c, whole);
	return true;
}

static struct group *group_of(const struct csaf *c, const char *id)
{
	struct group *g = NULL;

	if (id != NULL)
		HASH_FIND_STR(c->groups, id, g);
	return g;
}

static bool on_group(void *ctx, const struct read_record *r, struct err *e)
{
	struct csaf *c = ctx;
	const char *product = NULL;
	struct group *g = group_of(c, read_text(r, G_ID));

	if (read_text(r, G_ID) == NULL)
		return read_skip(r, "no group_id", e);
	if (g == NULL) {
		g = arena_new(&c->mem, struct group);
		g->id = arena_dup(&c->mem, read_text(r, G_ID));
		HASH_ADD_KEYPTR(hh, c->groups, g->id, strlen(g->id), g);
	}
	while ((product = read_item(r, G_PRODUCTS, product)) != NULL) {
		struct member *m = member_new(c, product);

		m->next = g->first;
		g->first = m;
	}
	return true;
}

/* ---- remarks ---- */

static const char **remark_at(struct csaf *c, struct product *p, enum remark what)
{
	if (p == NULL)
		return &c->said[what];
	if (p->of != c->of) {
		p->of = c->of;
		memset(p->said, 0, sizeof(p->said));
	}
	return &p->said[what];
}

/* What is said of a product, else of all of them. */
static const char *said_of(struct csaf *c, struct product *p, enum remark what)
{
	const char *own = *remark_at(c, p, what);

	return own ? own : c->said[what];
}

static void note_at(struct csaf *c, struct product *p, enum remark what, const char *text)
{
	const char **at = remark_at(c, p, what);

	*at = what == REMARK_TEXT ? value_join(&c->row, *at, "; ", text) : text;
}

/* Of the products that it names, one by one or as groups; of all when it names none. */
static void note(struct csaf *c, const struct read_record *r, enum remark what, const char *text)
{
	const char *id = NULL;

	if (read_count(r, N_PRODUCTS) + read_count(r, N_GROUPS) == 0)
		note_at(c, NULL, what, text);
	while ((id = read_item(r, N_PRODUCTS, id)) != NULL)
		if (product_of(c, id) != NULL)
			note_at(c, product_of(c, id), what, text);
	while ((id = read_item(r, N_GROUPS, id)) != NULL) {
		const struct group *g = group_of(c, id);

		for (const struct member *m = g ? g->first : NULL; m != NULL; m = m->next)
			if (product_of(c, m->product) != NULL)
				note_at(c, product_of(c, m->product), what, text);
	}
}

static bool on_flag(void *ctx, const struct read_record *r, UNUSED struct err *e)
{
	struct csaf *c = ctx;

	note(c, r, REMARK_FLAG, arena_dup(&c->row, read_text(r, N_WORD)));
	return true;
}

static bool on_threat(void *ctx, const struct read_record *r, UNUSED struct err *e)
{
	struct csaf *c = ctx;

	if (!str_eq(read_text(r, N_WORD), "impact") || str_empty(read_text(r, N_TEXT)))
		return true;
	note(c, r, REMARK_TEXT, arena_dup(&c->row, read_text(r, N_TEXT)));
	note(c, r, REMARK_IMPACT, "said");
	return true;
}

static bool on_remediation(void *ctx, const struct read_record *r, UNUSED struct err *e)
{
	struct csaf *c = ctx;

	note(c, r, REMARK_TEXT,
	     value_join(&c->row, read_text(r, N_WORD), ": ", read_text(r, N_TEXT)));
	return true;
}

/* ---- statements ---- */

#define LINKS 16 /* relationships that are followed, one after the other */

/* Its own, or that of what it is made of: a part may itself be one thing as part of another. */
static const struct product *part_of(const struct csaf *c, const struct product *p)
{
	for (int depth = 0; p && p->purl == NULL && p->part && depth < LINKS; depth++)
		p = product_of(c, p->part);
	return p;
}

/* The first of what it is part of that has a purl; that may itself be part of more. */
static const char *purl_around(const struct csaf *c, const struct product *p, int *links)
{
	const char *purl = NULL;

	for (const struct member *m = p->wholes; m && !purl && *links > 0; m = m->next) {
		const struct product *whole = product_of(c, m->product);

		--*links;
		if (whole)
			purl = whole->purl ? whole->purl : purl_around(c, whole, links);
	}
	return purl;
}

/* What a part is in; that may itself be one thing in another, the outer one without a purl. */
static const char *around(const struct csaf *c, const struct product *p)
{
	const char *purl = NULL;
	int links = LINKS;

	for (; p && p->part && !purl && links-- > 0; p = product_of(c, p->part))
		purl = purl_around(c, p, &links);
	return purl;
}

static const char *name_of(const struct csaf *c, const char *id)
{
	const struct product *p = product_of(c, id);

	return p && p->name ? p->name : id;
}

static bool is_image(const char *purl)
{
	return purl && (str_prefix(purl, "pkg:oci/") || str_prefix(purl, "pkg:docker/"));
}

/* A part of a product: the product when that is an image or a package, the part's package. */
static void place(const struct csaf *c, const char *id, struct rec_statement *s)
{
	const struct product *p = product_of(c, id);
	const struct product *inner = p && p->part ? part_of(c, product_of(c, p->part)) : NULL;
	const char *part = inner ? inner->purl : NULL;

	s->product = p ? p->purl : NULL;
	if (s->product == NULL && p && p->part) {
		s->product = around(c, p);
		if (is_image(part)) { /* shipped with something that is no image */
			s->product = part;
			part = NULL;
		} else if (s->product == NULL) {
			s->product = part;
			part = NULL;
		} else if (part == NULL) { /* not all of the product */
			s->package = inner ? inner->name : p->part;
		}
		s->purl = part;
	}
	if (s->product == NULL)
		s->product = name_of(c, id);
}

static bool put(struct csaf *c, const struct read_record *r, const char *id, const char *status,
                struct err *e)
{
	struct product *p = product_of(c, id);
	const char *flag = said_of(c, p, REMARK_FLAG);
	const char *name = read_text(r, V_CVE);
	struct record rec = {
		.kind = REC_STATEMENT,
		.u.statement = {
			.advisory      = name ? name : read_item(r, V_IDS, NULL),
			.status        = status,
			.justification = flag,
			.text          = said_of(c, p, REMARK_TEXT),
			.author        = c->author,
			.at            = c->at,
			.more          = c->more,
			.unexplained   = c->vex && str_eq(status, "not_affected") &&
			                 str_empty(flag) && !said_of(c, p, REMARK_IMPACT),
		},
	};

	place(c, id, &rec.u.statement);
	c->more = true;
	return c->sink->put(c->sink, &rec, e);
}

static bool on_vulnerability(void *ctx, UNUSED const struct read_record *r, UNUSED struct err *e)
{
	struct csaf *c = ctx;

	arena_reset(&c->row);
	c->of++;
	c->more = false;
	memset(c->said, 0, sizeof(c->said));
	return true;
}

static bool end_vulnerability(void *ctx, const struct read_record *r, struct err *e)
{
	static const struct {
		size_t      field;
		const char *status;
	} kinds[] = {
		{ V_NOT, "not_affected" },
		{ V_FIXED, "fixed" },
		{ V_FIRST_FIXED, "fixed" },
		{ V_AFFECTED, "affected" },
		{ V_FIRST_AFFECTED, "affected" },
		{ V_LAST_AFFECTED, "affected" },
		{ V_LOOKED_AT, "under_investigation" },
		{ V_UNKNOWN, "unknown" },
	};
	struct csaf *c = ctx;

	if (read_text(r, V_SELF) != NULL)
		return read_skip(r, "not an object", e);
	if (read_text(r, V_CVE) == NULL && read_count(r, V_IDS) == 0)
		return read_skip(r, "no cve and no ids", e);
	for (size_t i = 0; i < LENGTH(kinds); i++) {
		const char *id = NULL;

		while ((id = read_item(r, kinds[i].field, id)) != NULL)
			if (!put(c, r, id, kinds[i].status, e))
				return false;
	}
	return c->more || read_skip(r, "no product has a status", e);
}

/* ---- the importer ---- */

static const struct read_scope tree[] = {
	{ "product_tree.branches[]**", branch_field, B_COUNT, on_product, NULL },
	{ "product_tree.full_product_names[]", product_field, B_COUNT, on_product, NULL },
	{ "product_tree.relationships[]", link_field, L_COUNT, on_link, NULL },
	{ "product_tree.product_paths[]", path_field, H_COUNT, on_path, NULL },
	{ "product_tree.product_groups[]", group_field, G_COUNT, on_group, NULL },
};
static const struct read_scope scope[] = {
	{ "", report_field, R_COUNT, on_report, NULL },
	{ "vulnerabilities[]", vulnerability_field, V_COUNT, on_vulnerability, end_vulnerability },
	{ "vulnerabilities[].flags[]", flag_field, N_COUNT, on_flag, NULL },
	{ "vulnerabilities[].threats[]", remark_field, N_COUNT, on_threat, NULL },
	{ "vulnerabilities[].remediations[]", remark_field, N_COUNT, on_remediation, NULL },
};

static int sniff(const struct peek *p)
{
	return peek_has(p, "document.csaf_version") ? 100 : 0;
}

static bool run(const struct source *src, UNUSED const struct import_opts *o, struct sink *out,
                struct err *e)
{
	struct csaf c = { .sink = out, .mem = ARENA_INIT, .row = ARENA_INIT };
	const struct read_opts how = { .sink = out };
	bool ok = read_document(src, tree, LENGTH(tree), &c, &how, e) &&
	          read_document(src, scope, LENGTH(scope), &c, &how, e);

	if (ok && !c.any)
		ok = err_set(e, ERR_FORMAT, "not a CSAF document: it holds no object");
	HASH_CLEAR(hh, c.products);
	HASH_CLEAR(hh, c.groups);
	arena_release(&c.mem);
	arena_release(&c.row);
	return ok;
}

const struct importer importer_csaf = {
	.id    = "csaf",
	.title = "CSAF advisory or VEX",
	.spec  = "https://docs.oasis-open.org/csaf/csaf/v2.0/csaf-v2.0.html",
	.sniff = sniff,
	.run   = run,
};
