/* SPDX-License-Identifier: MIT */
/* neuvector.c - NeuVector's report of an image, and its compliance report. Spec: .spec below. */
#include "importers/kinds.h"
#include "importers/scanner.h"
#include "importers/value.h"

enum {
	R_REGISTRY, R_REPOSITORY, R_TAG, R_DIGEST, R_ID, R_OS, R_BUILT, R_DB, R_ROWS, R_COUNT
};
static const struct read_field report_field[R_COUNT] = {
	[R_REGISTRY]   = { "registry" },
	[R_REPOSITORY] = { "repository" },
	[R_TAG]        = { "tag" },
	[R_DIGEST]     = { "digest" },
	[R_ID]         = { "image_id" },
	[R_OS]         = { "base_os" },
	[R_BUILT]      = { "created_at" }, /* the image, not the report, which tells no time */
	[R_DB]         = { "cvedb_create_time" },
	[R_ROWS]       = { "vulnerabilities" },
};

enum {
	V_SELF, V_ID, V_SEVERITY, V_TEXT, V_PACKAGE, V_VERSION, V_FIXED, V_URL, V_SCORE, V_SCORE3,
	V_VECTOR, V_VECTOR3, V_FILE, V_CVES, V_RATING, V_PUBLISHED, V_COUNT
};
static const struct read_field row_field[V_COUNT] = {
	[V_SELF]      = { "" },
	[V_ID]        = { "name" },
	[V_SEVERITY]  = { "severity" },
	[V_TEXT]      = { "description" },
	[V_PACKAGE]   = { "package_name" },
	[V_VERSION]   = { "package_version" },
	[V_FIXED]     = { "fixed_version" },
	[V_URL]       = { "link" },
	[V_SCORE]     = { "score" },
	[V_SCORE3]    = { "score_v3" },
	[V_VECTOR]    = { "vectors" },
	[V_VECTOR3]   = { "vectors_v3" },
	[V_FILE]      = { "file_name" },
	[V_CVES]      = { "cves", READ_LIST },
	[V_RATING]    = { "feed_rating" },
	[V_PUBLISHED] = { "published_timestamp" },
};

/* What was looked through: packages of "debian:12", of "python". */
enum { M_NAME, M_VERSION, M_SOURCE, M_COUNT };
static const struct read_field module_field[M_COUNT] = {
	[M_NAME]    = { "name" },
	[M_VERSION] = { "version" },
	[M_SOURCE]  = { "source" },
};

enum { T_ERROR, T_TIME, T_DOCKER, T_KUBERNETES, T_ITEMS, T_COUNT };
static const struct read_field top_field[T_COUNT] = {
	[T_ERROR]      = { "error_message" }, /* of a scan; "" where it went well */
	[T_TIME]       = { "run_timestamp" },
	[T_DOCKER]     = { "docker_cis_version" },
	[T_KUBERNETES] = { "kubernetes_cis_version" },
	[T_ITEMS]      = { "items" },
};

enum {
	C_SELF, C_NUMBER, C_CATEGORY, C_SCORED, C_AUTOMATED, C_TITLE, C_REMEDY, C_LEVEL, C_MESSAGE,
	C_COUNT
};
static const struct read_field item_field[C_COUNT] = {
	[C_SELF]      = { "" },
	[C_NUMBER]    = { "test_number" },
	[C_CATEGORY]  = { "category" },
	[C_SCORED]    = { "scored" },
	[C_AUTOMATED] = { "automated" },
	[C_TITLE]     = { "description" },
	[C_REMEDY]    = { "remediation" },
	[C_LEVEL]     = { "level" },
	[C_MESSAGE]   = { "message", READ_LIST },
};

enum { S_SELF, S_TYPE, S_EVIDENCE, S_PATH, S_REMEDY, S_COUNT };
static const struct read_field secret_field[S_COUNT] = {
	[S_SELF]     = { "" },
	[S_TYPE]     = { "type" },
	[S_EVIDENCE] = { "evidence" },
	[S_PATH]     = { "path" },
	[S_REMEDY]   = { "suggestion" },
};

#define ALIASES 64

struct neuvector {
	struct scanner s; /* first: the context of a scanner's functions */
	struct kinds   kinds;
	bool           report; /* the document holds one */
};

/* ---- an image ---- */

/* Its words for where a module is from, besides a system with its version. */
static const char *source_type(const char *source)
{
	static const struct { const char *word, *type; } known[] = {
		{ "python", "pypi" }, { "ruby", "gem" }, { "jar", "maven" }, { "java", "maven" },
		{ "node.js", "npm" }, { "nodejs", "npm" }, { "golang", "golang" },
		{ "go", "golang" }, { ".NET", "nuget" }, { "php", "composer" }, { "r", "cran" },
	};

	for (size_t i = 0; i < LENGTH(known); i++)
		if (str_ieq(known[i].word, source))
			return known[i].type;
	return source != NULL && strchr(source, ':') != NULL ? kind_of_system(source) : NULL;
}

static bool note_module(void *ctx, const struct read_record *r, struct err *e UNUSED)
{
	struct neuvector *n = ctx;

	kinds_note(&n->kinds, read_text(r, M_NAME), read_text(r, M_VERSION),
	           source_type(read_text(r, M_SOURCE)));
	return true;
}

/* What NeuVector calls the registry whose images everybody else calls docker.io's. */
#define HUB "registry.hub.docker.com"

static const char *image_name(struct scanner *s, const struct read_record *r)
{
	const char *registry = read_text(r, R_REGISTRY), *name = read_text(r, R_REPOSITORY);
	const char *host = registry == NULL ? NULL : strstr(registry, "://");
	size_t n;

	if (name == NULL)
		return NULL;
	if (registry != NULL) {
		registry = host == NULL ? registry : host + 3;
		n = strlen(registry);
		n -= n > 0 && registry[n - 1] == '/';
		if (n == strlen(HUB) && strncmp(registry, HUB, n) == 0)
			n = strlen(registry = "docker.io");
		name = arena_printf(&s->outer, "%.*s/%s", (int)n, registry, name);
	}
	return value_join(&s->outer, name, ":", read_text(r, R_TAG));
}

static bool on_report(void *ctx, const struct read_record *r, struct err *e)
{
	struct neuvector *n = ctx;
	struct scanner *s = &n->s;

	n->report = true;
	if (read_text(r, R_ROWS) != NULL)
		return err_set(e, ERR_FORMAT, "report.vulnerabilities is not an array");
	return scanner_begin(s, &(struct rec_scan){
		.source   = "neuvector",
		.db_built = read_time(r, R_DB),
		.partial  = str_empty(read_text(r->up, T_ERROR)) ? NULL : "the scan failed",
	}, &(struct scanner_image){
		.name   = image_name(s, r),
		.kind   = DIGEST_MANIFEST,
		.digest = read_text(r, R_DIGEST),
		.id     = read_text(r, R_ID),
		.os     = read_text(r, R_OS),
		.built  = read_time(r, R_BUILT),
	}, e);
}

static size_t aliases(const struct read_record *r, const char **alias)
{
	const char *s = NULL;
	size_t n = 0;

	while (n < ALIASES && (s = read_item(r, V_CVES, s)) != NULL)
		if (*s != '\0' && !str_eq(s, read_text(r, V_ID)))
			alias[n++] = s;
	return n;
}

static bool on_row(void *ctx, const struct read_record *r, struct err *e)
{
	const struct neuvector *n = ctx;
	const char *alias[ALIASES], *type = kind_of_path(read_text(r, V_FILE));
	bool three = value_score(read_text(r, V_SCORE3)) > 0;
	struct rec_vulnerability v = {
		.id           = read_text(r, V_ID),
		.aliases      = alias,
		.naliases     = aliases(r, alias),
		.text         = read_text(r, V_TEXT),
		.url          = read_text(r, V_URL),
		.severity     = severity_fold(read_text(r, V_SEVERITY)),
		.severity_raw = read_text(r, V_SEVERITY),
		.score        = value_score(read_text(r, three ? V_SCORE3 : V_SCORE)),
		.vector       = read_text(r, three ? V_VECTOR3 : V_VECTOR),
		.epss         = -1,
		.package_type = type != NULL ? type :
		                kinds_find(&n->kinds, read_text(r, V_PACKAGE),
		                           read_text(r, V_VERSION)),
		.package      = read_text(r, V_PACKAGE),
		.version      = read_text(r, V_VERSION),
		.fixed_in     = read_text(r, V_FIXED),
		.path         = read_text(r, V_FILE),
	};

	if (!read_int(r, V_PUBLISHED, 0, INT32_MAX, &v.published))
		v.published = 0;
	return scanner_row(ctx, r, &v, e);
}

static bool on_secret(void *ctx, const struct read_record *r, struct err *e)
{
	return scanner_secret(ctx, r, &(struct rec_finding){
		.place   = read_text(r, S_PATH),
		.message = read_text(r, S_EVIDENCE),
		.rule    = {
			.id          = read_text(r, S_TYPE),
			.remediation = read_text(r, S_REMEDY),
			.severity    = SEV_UNKNOWN,
		},
	}, e);
}

/* ---- compliance: the CIS benchmarks of Docker and Kubernetes on one host ---- */

static bool on_top(void *ctx, const struct read_record *r, struct err *e)
{
	struct neuvector *n = ctx;
	struct scanner *s = &n->s;
	struct rec_scan scan = { .source = "neuvector" };

	n->report = false;
	if (read_text(r, T_DOCKER) == NULL && read_text(r, T_KUBERNETES) == NULL)
		return true;
	if (read_text(r, T_ITEMS) != NULL)
		return err_set(e, ERR_FORMAT, "items is not an array");
	if (!read_int(r, T_TIME, 0, INT32_MAX, &scan.at))
		scan.at = 0;
	return scanner_scan(s, &scan, e) &&
	       scanner_asset(s, &(struct rec_asset){ .kind = ASSET_HOST }, e);
}

static bool end_top(void *ctx, const struct read_record *r, struct err *e)
{
	const struct neuvector *n = ctx;
	const char *error = read_text(r, T_ERROR);

	return n->report || str_empty(error) ||
	       err_set(e, ERR_FORMAT, "NeuVector's scan failed, there is no report: %s", error);
}

/* As in the scripts that NeuVector took them from, WARN is the failure. */
static enum verdict verdict_of(const struct read_record *r)
{
	static const char *const word[] = { "PASS", "WARN", "INFO", "NOTE", "ERROR" };
	static const enum verdict verdict[] = {
		VERDICT_PASS, VERDICT_FAIL, VERDICT_INFO, VERDICT_MANUAL, VERDICT_FAIL,
	};
	int i = str_index(word, LENGTH(word), read_text(r, C_LEVEL));
	bool manual = str_eq(read_text(r, C_SCORED), "false") ||
	              str_eq(read_text(r, C_AUTOMATED), "false");

	if (i < 0)
		return VERDICT_COUNT;
	return manual && verdict[i] == VERDICT_FAIL ? VERDICT_MANUAL : verdict[i];
}

/* The scan is complete for the categories that it shows. */
static bool put_category(struct scanner *s, const char *category, struct err *e)
{
	const struct record cover = {
		.kind = REC_COVER,
		.u.cover = { .kind = FINDING_MISCONFIGURATION, .scope = category },
	};

	if (category == NULL || str_eq(s->last, category))
		return true;
	s->last = arena_dup(&s->outer, category);
	return scanner_put(s, &cover, e);
}

static bool on_item(void *ctx, const struct read_record *r, struct err *e)
{
	struct scanner *s = ctx;
	struct record rec = {
		.kind = REC_CHECK,
		.u.check = {
			.kind    = FINDING_MISCONFIGURATION,
			.verdict = verdict_of(r),
			.raw     = read_text(r, C_LEVEL),
			.scope   = read_text(r, C_CATEGORY),
			.message = scanner_items(&s->mem, r, C_MESSAGE),
			.rule    = {
				.id          = read_text(r, C_NUMBER),
				.title       = read_text(r, C_TITLE),
				.remediation = read_text(r, C_REMEDY),
				.severity    = SEV_UNKNOWN,
			},
		},
	};
	bool ok;

	if (rec.u.check.rule.id == NULL)
		return read_skip(r, "no test_number", e);
	if (rec.u.check.verdict == VERDICT_COUNT)
		return read_skip(r, "unknown level", e);
	ok = put_category(s, rec.u.check.scope, e) && scanner_put(s, &rec, e);
	arena_reset(&s->mem);
	return ok;
}

static const struct read_scope modules[] = {
	{ "report.modules[]", module_field, M_COUNT, note_module },
};
static const struct read_scope scope[] = {
	{ "", top_field, T_COUNT, on_top, end_top },
	{ "items[]", item_field, C_COUNT, on_item },
	{ "report", report_field, R_COUNT, on_report },
	{ "report.vulnerabilities[]", row_field, V_COUNT, on_row },
	{ "report.checks[]", item_field, C_COUNT, on_item },
	{ "report.secrets[]", secret_field, S_COUNT, on_secret },
};

static int sniff(const struct peek *p)
{
	if (peek_has(p, "kubernetes_cis_version") || peek_has(p, "docker_cis_version"))
		return peek_has(p, "items") ? 95 : 0;
	if (peek_has(p, "report.vulnerabilities[0].package_name") ||
	    (peek_has(p, "report.image_id") && peek_has(p, "report.cvedb_version")))
		return 95;
	if (peek_has(p, "error_message") && peek_key_like(p, "report", "report") &&
	    !peek_has(p, "report"))
		return 90;
	return peek_has(p, "report.vulnerabilities") ? 80 : 0;
}

static bool run(const struct source *src, const struct import_opts *o, struct sink *out,
                struct err *e)
{
	struct neuvector n = { .s = { .sink = out, .opts = o }, .kinds = KINDS_INIT };
	bool ok = read_document(src, modules, LENGTH(modules), &n, NULL, e) &&
	          scanner_read(&n.s, src, scope, LENGTH(scope), "NeuVector", e);

	kinds_release(&n.kinds);
	return ok;
}

const struct importer importer_neuvector = {
	.id    = "neuvector",
	.title = "NeuVector scan and compliance reports",
	.spec  = "https://open-docs.neuvector.com/scanning/scanning/vulnerabilities",
	.sniff = sniff,
	.run   = run,
};
