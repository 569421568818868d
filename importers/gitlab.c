/* SPDX-License-Identifier: MIT */
/*
 * gitlab.c - GitLab's security reports of images, dependencies and secrets, which Docker Scout,
 * Trivy, Grype and others write. Spec: .spec below.
 */
#include "importers/kinds.h"
#include "importers/scanner.h"
#include "importers/value.h"

enum { R_TYPE, R_TOOL, R_VERSION, R_END, R_START, R_STATUS, R_ROWS, R_COUNT };
static const struct read_field report_field[R_COUNT] = {
	[R_TYPE]    = { "scan.type" },
	[R_TOOL]    = { "scan.scanner.id" },
	[R_VERSION] = { "scan.scanner.version" },
	[R_END]     = { "scan.end_time" },
	[R_START]   = { "scan.start_time" },
	[R_STATUS]  = { "scan.status" },
	[R_ROWS]    = { "vulnerabilities" },
};

enum {
	V_SELF, V_NAME, V_MESSAGE, V_TEXT, V_SEVERITY, V_SOLUTION, V_PACKAGE, V_VERSION, V_IMAGE,
	V_OS, V_FILE, V_TYPES, V_IDS, V_URLS, V_LINKS, V_CATEGORY, V_SCANNER, V_NAMESPACE, V_KIND,
	V_OBJECT, V_CONTAINER, V_COUNT
};
static const struct read_field row_field[V_COUNT] = {
	[V_SELF]      = { "" },
	[V_NAME]      = { "name" },
	[V_MESSAGE]   = { "message" },
	[V_TEXT]      = { "description" },
	[V_SEVERITY]  = { "severity" },
	[V_SOLUTION]  = { "solution" },
	[V_PACKAGE]   = { "location.dependency.package.name" },
	[V_VERSION]   = { "location.dependency.version" },
	[V_IMAGE]     = { "location.image" },
	[V_OS]        = { "location.operating_system" },
	[V_FILE]      = { "location.file" },
	[V_TYPES]     = { "identifiers[].type", READ_LIST },
	[V_IDS]       = { "identifiers[].value", READ_LIST },
	[V_URLS]      = { "identifiers[].url", READ_LIST },
	[V_LINKS]     = { "links[].url", READ_LIST },
	[V_CATEGORY]  = { "category" },
	[V_SCANNER]   = { "scanner.id" }, /* of each row, before version 15 */
	[V_NAMESPACE] = { "location.kubernetes_resource.namespace" },
	[V_KIND]      = { "location.kubernetes_resource.kind" },
	[V_OBJECT]    = { "location.kubernetes_resource.name" },
	[V_CONTAINER] = { "location.kubernetes_resource.container_name" },
};

#define ALIASES 64

struct gitlab {
	struct scanner    s;     /* first: the context of a scanner's functions */
	struct rec_scan   scan;  /* of the report; put before its first row     */
	struct buf        asset; /* name of the current one; empty: none        */
	enum finding_kind kind;  /* that the report is of                       */
	bool              image; /* it is of images                             */
	bool              one;   /* it is of one image                          */
};

/* ---- the report ---- */

/* Times are in UTC and do not say so. */
static int64_t time_at(struct arena *mem, const char *text)
{
	int64_t t;

	if (text == NULL)
		return 0;
	return time_parse(text, &t) || time_parse(arena_printf(mem, "%sZ", text), &t) ? t : 0;
}

static bool on_report(void *ctx, const struct read_record *r, struct err *e)
{
	struct gitlab *g = ctx;
	const char *type = read_text(r, R_TYPE), *status = read_text(r, R_STATUS);

	if (read_text(r, R_ROWS) != NULL)
		return err_set(e, ERR_FORMAT, "vulnerabilities is not an array");
	g->s.any = true;
	g->kind = str_eq(type, "secret_detection") ? FINDING_SECRET : FINDING_VULNERABILITY;
	g->one = str_eq(type, "container_scanning");
	g->image = g->one || str_eq(type, "cluster_image_scanning");
	g->scan = (struct rec_scan){
		.source  = read_text(r, R_TOOL),
		.version = read_text(r, R_VERSION),
		.at      = time_at(&g->s.outer, scanner_text(r, R_END, R_START)),
		.partial = status != NULL && !str_eq(status, "success") ? "the scan failed" : NULL,
	};
	return g->scan.source == NULL || scanner_scan(&g->s, &g->scan, e);
}

static bool put_asset(struct gitlab *g, const struct rec_asset *a, struct err *e)
{
	if (str_eq(g->asset.s, a->name))
		return true;
	buf_reset(&g->asset);
	buf_adds(&g->asset, a->name);
	return scanner_asset(&g->s, a, e) && scanner_cover(&g->s, g->kind, e);
}

/* The image that a row names; a report of images that names none is of the user's. */
static bool settle(struct gitlab *g, const struct read_record *r, struct err *e)
{
	const char *image = read_text(r, V_IMAGE), *file = read_text(r, V_FILE);
	struct rec_digest digest = { DIGEST_UNKNOWN, value_digest(image) };
	struct rec_asset a = { .kind = ASSET_TREE, .name = file == NULL ? "." : file };

	if (image == NULL && g->image)
		image = g->s.opts->image;
	if (image == NULL && g->image)
		return scanner_no_image(e);
	if (image != NULL)
		a = (struct rec_asset){
			.kind = ASSET_IMAGE, .name = image,
			.os = str_ieq(read_text(r, V_OS), "unknown") ? NULL : read_text(r, V_OS),
			.digest = &digest, .ndigest = digest.value != NULL,
		};
	if (g->scan.source == NULL) {
		g->scan.source = scanner_text(r, V_SCANNER, V_SCANNER);
		if (g->scan.source == NULL)
			g->scan.source = "gitlab";
		if (!scanner_scan(&g->s, &g->scan, e))
			return false;
		g->scan.source = "gitlab"; /* the row's own text goes with it */
	}
	return put_asset(g, &a, e);
}

/* ---- rows ---- */

/* A CVE where one is named, else the first name of a database, else the first of all. */
static const char *advisory(const struct read_record *r)
{
	static const char *const database[] = { "cve", "ghsa", "rhsa", "usn", "elsa", "gms" };
	const char *best = read_item(r, V_IDS, NULL);
	int least = LENGTH(database);

	if (read_count(r, V_TYPES) != read_count(r, V_IDS))
		return best;
	for (const char *t = NULL, *id = NULL; (t = read_item(r, V_TYPES, t)) != NULL; ) {
		int i = str_index(database, LENGTH(database), t);

		id = read_item(r, V_IDS, id);
		if (i >= 0 && i < least) {
			least = i;
			best = id;
		}
	}
	return best;
}

/* Weaknesses are no other names of a vulnerability. */
static size_t aliases(const struct read_record *r, const char *id, const char **alias)
{
	const char *t = NULL, *s = NULL;
	size_t n = 0;

	if (read_count(r, V_TYPES) != read_count(r, V_IDS))
		return 0;
	while (n < ALIASES && (t = read_item(r, V_TYPES, t)) != NULL) {
		s = read_item(r, V_IDS, s);
		if (!str_eq(s, id) && (str_ieq(t, "cve") || str_ieq(t, "ghsa")))
			alias[n++] = s;
	}
	return n;
}

/* "Upgrade apk-tools to 2.10.7-r0": what scanners write where there is a fix. */
static const char *fixed_in(struct arena *mem, const struct read_record *r)
{
	const char *text = read_text(r, V_SOLUTION), *version = read_text(r, V_VERSION);
	const char *package = read_text(r, V_PACKAGE);
	const char *const lead[] = {
		arena_printf(mem, "Upgrade %s to ", package),
		arena_printf(mem, "Upgrade %s from %s to ", package, version),
	};

	for (size_t i = 0; text != NULL && i < LENGTH(lead); i++)
		if (str_prefix(text, lead[i]) && strchr(text + strlen(lead[i]), ' ') == NULL)
			return text + strlen(lead[i]);
	return NULL;
}

/*
 * A package's type is told by the file it stands in, if by anything: the system of the image is
 * that of some of its packages.
 */
static bool put_row(struct gitlab *g, const struct read_record *r, struct err *e)
{
	const char *alias[ALIASES], *id = advisory(r);

	return scanner_row(&g->s, r, &(struct rec_vulnerability){
		.id           = id,
		.aliases      = alias,
		.naliases     = aliases(r, id, alias),
		.title        = scanner_text(r, V_NAME, V_MESSAGE),
		.text         = read_text(r, V_TEXT),
		.url          = scanner_word(read_item(r, V_LINKS, NULL),
		                             read_item(r, V_URLS, NULL)),
		.severity     = severity_fold(read_text(r, V_SEVERITY)),
		.severity_raw = read_text(r, V_SEVERITY),
		.score        = -1,
		.epss         = -1,
		.package_type = kind_of_path(read_text(r, V_FILE)),
		.package      = read_text(r, V_PACKAGE),
		.version      = read_text(r, V_VERSION),
		.fixed_in     = fixed_in(&g->s.mem, r),
		.path         = g->image ? read_text(r, V_FILE) : NULL,
	}, e);
}

static bool put_secret(struct gitlab *g, const struct read_record *r, struct err *e)
{
	const struct record rec = {
		.kind = REC_FINDING,
		.u.finding = {
			.kind  = FINDING_SECRET,
			.rule  = {
				.id           = read_item(r, V_IDS, NULL),
				.title        = scanner_text(r, V_NAME, V_MESSAGE),
				.severity     = severity_fold(read_text(r, V_SEVERITY)),
				.severity_raw = read_text(r, V_SEVERITY),
			},
		},
	};

	return scanner_put(&g->s, &rec, e);
}

static bool on_row(void *ctx, const struct read_record *r, struct err *e)
{
	struct gitlab *g = ctx;

	arena_reset(&g->s.mem);
	if (g->scan.source == NULL && str_eq(read_text(r, V_CATEGORY), "container_scanning"))
		g->image = true;
	if (read_item(r, V_IDS, NULL) == NULL)
		return read_skip(r, "no identifiers", e);
	if (g->kind != FINDING_SECRET && read_text(r, V_PACKAGE) == NULL)
		return read_skip(r, "about no package", e);
	if (!settle(g, r, e))
		return false;
	return g->kind == FINDING_SECRET ? put_secret(g, r, e) : put_row(g, r, e);
}

/*
 * A report without rows is of nothing that it names: of the user's image, if of images; of a
 * cluster's images it may say that there are none.
 */
static bool end_report(void *ctx, const struct read_record *r UNUSED, struct err *e)
{
	struct gitlab *g = ctx;
	const struct rec_asset a = { .kind = ASSET_IMAGE, .name = g->s.opts->image };

	if (g->asset.len > 0 || !g->image)
		return true;
	if (a.name == NULL)
		return !g->one || scanner_no_image(e);
	return put_asset(g, &a, e);
}

static const struct read_scope scope[] = {
	{ "", report_field, R_COUNT, on_report, end_report },
	{ "vulnerabilities[]", row_field, V_COUNT, on_row },
};

static int sniff(const struct peek *p)
{
	if (peek_has(p, "scan.type") && peek_has(p, "version") && peek_has(p, "vulnerabilities"))
		return 95;
	if (peek_has(p, "scan.scanner.id") && peek_has(p, "vulnerabilities"))
		return 95;
	return peek_has(p, "vulnerabilities[0].identifiers[0].type") &&
	       peek_has(p, "vulnerabilities[0].location") && peek_has(p, "version") ? 90 : 0;
}

static bool run(const struct source *src, const struct import_opts *o, struct sink *out,
                struct err *e)
{
	struct gitlab g = { .s = { .sink = out, .opts = o }, .asset = BUF_INIT };
	bool ok = scanner_read(&g.s, src, scope, LENGTH(scope), "GitLab's scanners", e);

	buf_release(&g.asset);
	return ok;
}

const struct importer importer_gitlab = {
	.id    = "gitlab",
	.title = "GitLab security report (Docker Scout, Trivy, Grype, ...)",
	.spec  = "https://gitlab.com/gitlab-org/security-products/security-report-schemas",
	.sniff = sniff,
	.run   = run,
};
