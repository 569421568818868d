/* SPDX-License-Identifier: MIT */
/*
 * wiz.c - Wiz CLI's scan of an image or a folder (packages, libraries, secrets) and of
 * infrastructure as code (rules, secrets). Spec: .spec below.
 */
#include "importers/kinds.h"
#include "importers/scanner.h"
#include "importers/value.h"

enum { R_TIME, R_NAME, R_DIGEST, R_TYPE, R_STATE, R_OS, R_LIBRARIES, R_COUNT };
static const struct read_field report_field[R_COUNT] = {
	[R_TIME]      = { "createdAt" },
	[R_NAME]      = { "scanOriginResource.name" },
	[R_DIGEST]    = { "scanOriginResource.digest" },
	[R_TYPE]      = { "scanOriginResource.__typename" },
	[R_STATE]     = { "status.state" },
	[R_OS]        = { "result.osPackages" },
	[R_LIBRARIES] = { "result.libraries" },
};

enum { P_NAME, P_VERSION, P_PATH, P_COUNT };
static const struct read_field package_field[P_COUNT] = {
	[P_NAME]    = { "name" },
	[P_VERSION] = { "version" },
	[P_PATH]    = { "path" },
};

enum {
	V_SELF, V_ID, V_SEVERITY, V_FIXED, V_URL, V_TEXT, V_SCORE, V_KEV, V_EPSS, V_PUBLISHED,
	V_COUNT
};
static const struct read_field row_field[V_COUNT] = {
	[V_SELF]      = { "" },
	[V_ID]        = { "name" },
	[V_SEVERITY]  = { "severity" },
	[V_FIXED]     = { "fixedVersion" },
	[V_URL]       = { "source" },
	[V_TEXT]      = { "description" },
	[V_SCORE]     = { "score" },
	[V_KEV]       = { "hasCisaKevExploit" },
	[V_EPSS]      = { "epssProbability" },
	[V_PUBLISHED] = { "publishDate" },
};

enum { S_SELF, S_TYPE, S_PATH, S_TEXT, S_SEVERITY, S_COUNT };
static const struct read_field secret_field[S_COUNT] = {
	[S_SELF]     = { "" },
	[S_TYPE]     = { "type" },
	[S_PATH]     = { "path" },
	[S_TEXT]     = { "description" },
	[S_SEVERITY] = { "severity" },
};

enum { M_RULE, M_TITLE, M_SEVERITY, M_COUNT };
static const struct read_field rule_field[M_COUNT] = {
	[M_RULE]     = { "rule.id" },
	[M_TITLE]    = { "rule.name" },
	[M_SEVERITY] = { "severity" },
};

enum { A_SELF, A_FILE, A_RESOURCE, A_EXPECTED, A_FOUND, A_REMEDY, A_COUNT };
static const struct read_field match_field[A_COUNT] = {
	[A_SELF]     = { "" },
	[A_FILE]     = { "fileName" },
	[A_RESOURCE] = { "resourceName" },
	[A_EXPECTED] = { "expected" },
	[A_FOUND]    = { "found" },
	[A_REMEDY]   = { "remediationInstructions" },
};

/* Of a scan that was given no name Wiz makes one of its time: no two would be of one tree. */
static const char *tree_name(const char *name)
{
	static const char made[] = "IAC scan ";
	int64_t at;

	return name == NULL || (str_prefix(name, made) && time_parse(name + strlen(made), &at))
	       ? "." : name;
}

static bool put_tree(struct scanner *s, const struct rec_scan *scan, const char *name,
                     enum finding_kind looked_for, struct err *e)
{
	return scanner_scan(s, scan, e) &&
	       scanner_asset(s, &(struct rec_asset){
		.kind = ASSET_TREE, .name = tree_name(name) }, e) &&
	       scanner_cover(s, looked_for, e);
}

/* A folder is scanned in the same way; only images are said to be such. */
static bool on_report(void *ctx, const struct read_record *r, struct err *e)
{
	struct scanner *s = ctx;
	const char *type = read_text(r, R_TYPE), *name = read_text(r, R_NAME);
	const struct rec_scan scan = { .source = "wiz", .at = read_time(r, R_TIME) };

	if (read_text(r, R_OS) != NULL || read_text(r, R_LIBRARIES) != NULL)
		return err_set(e, ERR_FORMAT, "result.%s is not an array",
		               read_text(r, R_OS) != NULL ? "osPackages" : "libraries");
	if (str_eq(type, "CICDScanOriginIAC"))
		return put_tree(s, &scan, name, FINDING_MISCONFIGURATION, e);
	if (type != NULL && strstr(type, "Image") == NULL)
		return put_tree(s, &scan, name, FINDING_VULNERABILITY, e);
	return scanner_begin(s, &scan, &(struct scanner_image){
		.name   = name,
		.kind   = DIGEST_UNKNOWN,
		.digest = read_text(r, R_DIGEST),
	}, e);
}

static bool put_row(void *ctx, const struct read_record *r, const char *type, struct err *e)
{
	return scanner_row(ctx, r, &(struct rec_vulnerability){
		.id           = read_text(r, V_ID),
		.text         = read_text(r, V_TEXT),
		.url          = read_text(r, V_URL),
		.severity     = severity_fold(read_text(r, V_SEVERITY)),
		.severity_raw = read_text(r, V_SEVERITY),
		.score        = value_score(read_text(r, V_SCORE)),
		.epss         = value_share(read_text(r, V_EPSS)),
		.kev          = read_true(r, V_KEV),
		.published    = read_time(r, V_PUBLISHED),
		.package_type = type,
		.package      = read_text(r->up, P_NAME),
		.version      = read_text(r->up, P_VERSION),
		.fixed_in     = read_text(r, V_FIXED),
		.path         = read_text(r->up, P_PATH),
	}, e);
}

/* A package of the system has no type but its system's, which the address of the hole tells. */
static bool on_system_row(void *ctx, const struct read_record *r, struct err *e)
{
	return put_row(ctx, r, kind_of_tracker(read_text(r, V_URL)), e);
}

static bool on_library_row(void *ctx, const struct read_record *r, struct err *e)
{
	return put_row(ctx, r, kind_of_path(read_text(r->up, P_PATH)), e);
}

static bool on_secret(void *ctx, const struct read_record *r, struct err *e)
{
	return scanner_secret(ctx, r, &(struct rec_finding){
		.place   = read_text(r, S_PATH),
		.message = read_text(r, S_TEXT),
		.rule    = {
			.id           = read_text(r, S_TYPE),
			.severity     = severity_fold(read_text(r, S_SEVERITY)),
			.severity_raw = read_text(r, S_SEVERITY),
		},
	}, e);
}

/* A rule is told once, with all the places that break it. */
static bool on_match(void *ctx, const struct read_record *r, struct err *e)
{
	struct scanner *s = ctx;
	const char *file = read_text(r, A_FILE), *resource = read_text(r, A_RESOURCE);
	struct record rec = {
		.kind = REC_CHECK,
		.u.check = {
			.kind    = FINDING_MISCONFIGURATION,
			.verdict = VERDICT_FAIL,
			.message = scanner_text(r, A_FOUND, A_EXPECTED),
			.rule    = {
				.id           = read_text(r->up, M_RULE),
				.title        = read_text(r->up, M_TITLE),
				.remediation  = scanner_text(r, A_REMEDY, A_EXPECTED),
				.severity     = severity_fold(read_text(r->up, M_SEVERITY)),
				.severity_raw = read_text(r->up, M_SEVERITY),
			},
		},
	};

	if (rec.u.check.rule.id == NULL)
		return read_skip(r, "no rule", e);
	arena_reset(&s->mem);
	rec.u.check.place = file == NULL || resource == NULL
	                    ? scanner_word(file, resource)
	                    : arena_printf(&s->mem, "%s (%s)", file, resource);
	return scanner_put(s, &rec, e);
}

static const struct read_scope scope[] = {
	{ "", report_field, R_COUNT, on_report },
	{ "result.osPackages[]", package_field, P_COUNT, NULL },
	{ "result.osPackages[].vulnerabilities[]", row_field, V_COUNT, on_system_row },
	{ "result.libraries[]", package_field, P_COUNT, NULL },
	{ "result.libraries[].vulnerabilities[]", row_field, V_COUNT, on_library_row },
	{ "result.applications[]", package_field, P_COUNT, NULL },
	{ "result.applications[].vulnerabilities[]", row_field, V_COUNT, on_library_row },
	{ "result.secrets[]", secret_field, S_COUNT, on_secret },
	{ "result.ruleMatches[]", rule_field, M_COUNT, NULL },
	{ "result.ruleMatches[].matches[]", match_field, A_COUNT, on_match },
};

static int sniff(const struct peek *p)
{
	if (peek_has(p, "scanOriginResource") && peek_has(p, "result"))
		return 95;
	return peek_has(p, "result.osPackages") && peek_has(p, "policies") ? 90 : 0;
}

static bool run(const struct source *src, const struct import_opts *o, struct sink *out,
                struct err *e)
{
	struct scanner s = { .sink = out, .opts = o };

	return scanner_read(&s, src, scope, LENGTH(scope), "Wiz CLI", e);
}

const struct importer importer_wiz = {
	.id    = "wiz",
	.title = "Wiz CLI scan",
	.spec  = "https://docs.wiz.io/wiz-docs/docs/wiz-cli-overview",
	.sniff = sniff,
	.run   = run,
};
