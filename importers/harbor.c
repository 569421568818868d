/* SPDX-License-Identifier: MIT */
/* harbor.c - the vulnerabilities of an artifact, as Harbor's interface answers. Spec: below. */
#include "importers/scanner.h"
#include "importers/value.h"

/*
 * The document is one object, its key the type of the report: whichever, the report is the same.
 * Clients of the interface hand on the report alone.
 */
enum { R_TIME, R_TOOL, R_VERSION, R_REPOSITORY, R_TAG, R_DIGEST, R_REGISTRY, R_ROWS, R_COUNT };
static const struct read_field report_field[R_COUNT] = {
	[R_TIME]       = { "generated_at" },
	[R_TOOL]       = { "scanner.name" },
	[R_VERSION]    = { "scanner.version" },
	[R_REPOSITORY] = { "artifact.repository" },
	[R_TAG]        = { "artifact.tag" },
	[R_DIGEST]     = { "artifact.digest" },
	[R_REGISTRY]   = { "artifact.registry_url" },
	[R_ROWS]       = { "vulnerabilities" },
};

#define TYPE     "application/vnd.security.vulnerability.report"
#define OLD_TYPE "application/vnd.scanner.adapter.vuln.report.harbor"

enum {
	V_SELF, V_ID, V_PACKAGE, V_VERSION, V_FIXED, V_SEVERITY, V_TEXT, V_LINKS, V_SCORE, V_VECTOR,
	V_SCORE2, V_VECTOR2, V_TYPE, V_STATUS, V_DIGESTS, V_DIGEST, V_COUNT
};
static const struct read_field row_field[V_COUNT] = {
	[V_SELF]     = { "" },
	[V_ID]       = { "id" },
	[V_PACKAGE]  = { "package" },
	[V_VERSION]  = { "version" },
	[V_FIXED]    = { "fix_version" },
	[V_SEVERITY] = { "severity" },
	[V_TEXT]     = { "description" },
	[V_LINKS]    = { "links", READ_LIST },
	[V_SCORE]    = { "preferred_cvss.score_v3" },
	[V_VECTOR]   = { "preferred_cvss.vector_v3" },
	[V_SCORE2]   = { "preferred_cvss.score_v2" },
	[V_VECTOR2]  = { "preferred_cvss.vector_v2" },
	[V_TYPE]     = { "package_type" },
	[V_STATUS]   = { "status" },
	[V_DIGESTS]  = { "artifact_digests", READ_LIST },
	[V_DIGEST]   = { "artifact_digest" }, /* before there were several */
};

struct harbor {
	struct scanner s;    /* first: the context of a scanner's functions              */
	bool           rows; /* the report names no image: every row does, by its digest */
	struct buf     last; /* that of the row before                                   */
};

static const char *image_name(struct scanner *s, const struct read_record *r)
{
	const char *registry = read_text(r, R_REGISTRY), *name = read_text(r, R_REPOSITORY);
	const char *host = registry == NULL ? NULL : strstr(registry, "://");

	if (name == NULL)
		return NULL;
	if (registry != NULL)
		name = value_join(&s->outer, host == NULL ? registry : host + 3, "/", name);
	return value_join(&s->outer, name, ":", read_text(r, R_TAG));
}

/* Around a report is an object, and within it are others: none of them is one. */
static bool is_report(const struct read_record *r)
{
	if (r->key != NULL)
		return str_prefix(r->key, TYPE) || str_prefix(r->key, OLD_TYPE);
	return read_text(r, R_TIME) != NULL && read_text(r, R_TOOL) != NULL;
}

static bool put_image(struct scanner *s, const char *name, const char *digest, struct err *e)
{
	return scanner_image(s, &(struct scanner_image){
		.name = name, .kind = DIGEST_MANIFEST, .digest = digest,
	}, e) && scanner_cover(s, FINDING_VULNERABILITY, e);
}

static bool on_report(void *ctx, const struct read_record *r, struct err *e)
{
	struct harbor *h = ctx;
	const char *name, *digest = read_text(r, R_DIGEST);

	if (!is_report(r))
		return true;
	if (read_text(r, R_ROWS) != NULL)
		return err_set(e, ERR_FORMAT, "vulnerabilities is not an array");
	buf_reset(&h->last);
	name = image_name(&h->s, r);
	h->rows = name == NULL && digest == NULL && h->s.opts->image == NULL;
	return scanner_scan(&h->s, &(struct rec_scan){
		.source  = "harbor",
		.version = read_text(r, R_VERSION),
		.at      = read_time(r, R_TIME),
	}, e) && (h->rows || put_image(&h->s, name, digest, e));
}

/* A report of nothing that names no image is of no use. */
static bool end_report(void *ctx, const struct read_record *r, struct err *e)
{
	struct harbor *h = ctx;

	return !is_report(r) || !h->rows || h->last.len > 0 || scanner_no_image(e);
}

static bool settle_row(struct harbor *h, const struct read_record *r, struct err *e)
{
	const char *digest = scanner_word(read_item(r, V_DIGESTS, NULL), read_text(r, V_DIGEST));

	if (!h->rows || (h->last.len > 0 && str_eq(digest, h->last.s)))
		return true;
	if (digest == NULL)
		return scanner_no_image(e);
	buf_reset(&h->last);
	buf_adds(&h->last, digest);
	return put_image(&h->s, NULL, digest, e);
}

static bool on_row(void *ctx, const struct read_record *r, struct err *e)
{
	struct harbor *h = ctx;
	bool three = value_score(read_text(r, V_SCORE)) > 0, two;

	two = !three && value_score(read_text(r, V_SCORE2)) > 0; /* 0 is what has no score */
	return settle_row(h, r, e) && scanner_row(&h->s, r, &(struct rec_vulnerability){
		.id           = read_text(r, V_ID),
		.text         = read_text(r, V_TEXT),
		.url          = read_item(r, V_LINKS, NULL),
		.severity     = severity_fold(read_text(r, V_SEVERITY)),
		.severity_raw = read_text(r, V_SEVERITY),
		.score        = three || two ? value_score(read_text(r, three ? V_SCORE : V_SCORE2))
		                             : -1,
		.vector       = read_text(r, two ? V_VECTOR2 : V_VECTOR),
		.epss         = -1,
		.package_type = read_text(r, V_TYPE),
		.package      = read_text(r, V_PACKAGE),
		.version      = read_text(r, V_VERSION),
		.fixed_in     = read_text(r, V_FIXED),
		.fix_state    = read_text(r, V_STATUS),
	}, e);
}

static const struct read_scope scope[] = {
	{ "", report_field, R_COUNT, on_report, end_report },
	{ "vulnerabilities[]", row_field, V_COUNT, on_row },
	{ "{}", report_field, R_COUNT, on_report, end_report },
	{ "{}.vulnerabilities[]", row_field, V_COUNT, on_row },
};

static int sniff(const struct peek *p)
{
	if (peek_key_like(p, TYPE, NULL) || peek_key_like(p, OLD_TYPE, NULL))
		return 100;
	return peek_has(p, "generated_at") && peek_has(p, "scanner.vendor") &&
	       peek_has(p, "vulnerabilities") ? 95 : 0;
}

static bool run(const struct source *src, const struct import_opts *o, struct sink *out,
                struct err *e)
{
	struct harbor h = { .s = { .sink = out, .opts = o }, .last = BUF_INIT };
	bool ok = scanner_read(&h.s, src, scope, LENGTH(scope), "Harbor", e);

	buf_release(&h.last);
	return ok;
}

const struct importer importer_harbor = {
	.id    = "harbor",
	.title = "Harbor's vulnerabilities of an artifact",
	.spec  = "https://goharbor.io/docs/main/administration/vulnerability-scanning/",
	.sniff = sniff,
	.run   = run,
};
