/* SPDX-License-Identifier: MIT */
/* clair.c - Clair 2's findings of one image, as clair-scanner and Klar write them. */
#include "importers/scanner.h"

enum { R_IMAGE, R_ROWS, R_COUNT };
static const struct read_field report_field[R_COUNT] = {
	[R_IMAGE] = { "image" },
	[R_ROWS]  = { "vulnerabilities" },
};

enum { V_SELF, V_ID, V_PACKAGE, V_VERSION, V_SPACE, V_TEXT, V_URL, V_SEVERITY, V_FIXED, V_COUNT };
static const struct read_field scanner_field[V_COUNT] = {
	[V_SELF]     = { "" },
	[V_ID]       = { "vulnerability" },
	[V_PACKAGE]  = { "featurename" },
	[V_VERSION]  = { "featureversion" },
	[V_SPACE]    = { "namespace" },
	[V_TEXT]     = { "description" },
	[V_URL]      = { "link" },
	[V_SEVERITY] = { "severity" },
	[V_FIXED]    = { "fixedby" },
};
static const struct read_field klar_field[V_COUNT] = {
	[V_SELF]     = { "" },
	[V_ID]       = { "Name" },
	[V_PACKAGE]  = { "FeatureName" },
	[V_VERSION]  = { "FeatureVersion" },
	[V_SPACE]    = { "NamespaceName" },
	[V_TEXT]     = { "Description" },
	[V_URL]      = { "Link" },
	[V_SEVERITY] = { "Severity" },
	[V_FIXED]    = { "FixedBy" },
};

static bool on_report(void *ctx, const struct read_record *r, struct err *e)
{
	struct scanner *s = ctx;

	if (read_text(r, R_ROWS) != NULL)
		return err_set(e, ERR_FORMAT, "vulnerabilities is not an array");
	return scanner_begin(s, &(struct rec_scan){ .source = "clair" },
	                     &(struct scanner_image){ .name = read_text(r, R_IMAGE) }, e);
}

/* "debian:9" is the release that a package is from: its name stands for the type. */
static bool on_row(void *ctx, const struct read_record *r, struct err *e)
{
	struct scanner *s = ctx;
	const char *space = read_text(r, V_SPACE);

	arena_reset(&s->mem);
	return scanner_row(s, r, &(struct rec_vulnerability){
		.id           = read_text(r, V_ID),
		.text         = read_text(r, V_TEXT),
		.url          = read_text(r, V_URL),
		.severity     = severity_fold(read_text(r, V_SEVERITY)),
		.severity_raw = read_text(r, V_SEVERITY),
		.score        = -1,
		.epss         = -1,
		.package_type = space == NULL ? NULL :
		                arena_dupn(&s->mem, space, strcspn(space, ":")),
		.package      = read_text(r, V_PACKAGE),
		.version      = read_text(r, V_VERSION),
		.fixed_in     = read_text(r, V_FIXED),
	}, e);
}

static const struct read_scope scope[] = {
	{ "", report_field, R_COUNT, on_report },
	{ "vulnerabilities[]", scanner_field, V_COUNT, on_row },
	{ "Vulnerabilities{}[]", klar_field, V_COUNT, on_row },
};

static int sniff(const struct peek *p)
{
	if (peek_has(p, "image") && peek_has(p, "unapproved") && peek_has(p, "vulnerabilities"))
		return 95;
	return peek_has(p, "LayerCount") && peek_has(p, "Vulnerabilities") ? 95 : 0;
}

static bool run(const struct source *src, const struct import_opts *o, struct sink *out,
                struct err *e)
{
	struct scanner s = { .sink = out, .opts = o };

	return scanner_read(&s, src, scope, LENGTH(scope), "Clair", e);
}

const struct importer importer_clair = {
	.id    = "clair",
	.title = "Clair 2, as clair-scanner and Klar write it",
	.spec  = "https://github.com/arminc/clair-scanner",
	.sniff = sniff,
	.run   = run,
};
