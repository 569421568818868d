/* SPDX-License-Identifier: MIT */
/*
 * twistlock.c - Prisma Cloud's (Twistlock's) report of images, or of a repository of code, as
 * twistcli writes it. Spec: .spec below.
 */
#include "importers/kinds.h"
#include "importers/peek.h"
#include "importers/scanner.h"
#include "importers/twistlock.h"
#include "importers/value.h"

/* The plugin of Jenkins writes an array, and what was scanned beside the results. */
enum { T_ID, T_NAME, T_DISTRO, T_COUNT };
static const struct read_field top_field[T_COUNT] = {
	[T_ID]     = { "entityInfo.id" },
	[T_NAME]   = { "entityInfo.name" },
	[T_DISTRO] = { "entityInfo.distro" },
};

enum {
	R_ID, R_NAME, R_DISTRO, R_DIGEST, R_TIME, R_ROWS, R_CHECKS, R_CHECKED, R_REPOSITORY, R_COUNT
};
static const struct read_field result_field[R_COUNT] = {
	[R_ID]         = { "id" },
	[R_NAME]       = { "name" },
	[R_DISTRO]     = { "distro" },
	[R_DIGEST]     = { "digest" },
	[R_TIME]       = { "scanTime" },
	[R_ROWS]       = { "vulnerabilities" },
	[R_CHECKS]     = { "compliances" },
	[R_CHECKED]    = { "complianceDistribution.total" },
	[R_REPOSITORY] = { "repository" }, /* of code: the whole report is its one result */
};

enum {
	V_SELF, V_ID, V_STATUS, V_SCORE, V_VECTOR, V_TEXT, V_SEVERITY, V_PACKAGE, V_VERSION, V_URL,
	V_PUBLISHED, V_PATH, V_TYPE, V_COUNT
};
static const struct read_field row_field[V_COUNT] = {
	[V_SELF]      = { "" },
	[V_ID]        = { "id" },
	[V_STATUS]    = { "status" },
	[V_SCORE]     = { "cvss" },
	[V_VECTOR]    = { "vector" },
	[V_TEXT]      = { "description" },
	[V_SEVERITY]  = { "severity" },
	[V_PACKAGE]   = { "packageName" },
	[V_VERSION]   = { "packageVersion" },
	[V_URL]       = { "link" },
	[V_PUBLISHED] = { "publishedDate" },
	[V_PATH]      = { "packagePath" },
	[V_TYPE]      = { "packageType" },
};

enum { C_SELF, C_ID, C_TITLE, C_SEVERITY, C_CAUSE, C_TEXT, C_COUNT };
static const struct read_field check_field[C_COUNT] = {
	[C_SELF]     = { "" },
	[C_ID]       = { "id" },
	[C_TITLE]    = { "title" },
	[C_SEVERITY] = { "severity" },
	[C_CAUSE]    = { "cause" },
	[C_TEXT]     = { "description" },
};

/* The list of packages, which comes after the holes: it tells their types. */
enum { P_TYPE, P_NAME, P_VERSION, P_COUNT };
static const struct read_field package_field[P_COUNT] = {
	[P_TYPE]    = { "type" },
	[P_NAME]    = { "name" },
	[P_VERSION] = { "version" },
};

struct twistlock {
	struct scanner s; /* first: the context of a scanner's functions */
	struct kinds   kinds;
};

static const char *distro_of(const struct read_record *result)
{
	const char *own = read_text(result, R_DISTRO);

	return result->up == NULL ? own : scanner_word(own, read_text(result->up, T_DISTRO));
}

const char *twistlock_type(const char *type, const char *distro)
{
	return str_ieq(type, "os") || str_ieq(type, "package") ? kind_of_system(distro) : type;
}

static bool note_package(void *ctx, const struct read_record *r, struct err *e UNUSED)
{
	struct twistlock *t = ctx;

	kinds_note(&t->kinds, read_text(r, P_NAME), read_text(r, P_VERSION),
	           twistlock_type(read_text(r, P_TYPE), distro_of(r->up)));
	return true;
}

/* Only holes of a system's packages name their binaries. */
static const char *row_type(const struct twistlock *t, const struct read_record *r,
                            const char *package, bool used)
{
	const char *distro = distro_of(r->up), *version = read_text(r, V_VERSION);
	const char *type = twistlock_type(read_text(r, V_TYPE), distro);

	if (type == NULL)
		type = kinds_find(&t->kinds, package, version);
	if (type == NULL)
		type = used ? kind_of_system(distro) : kind_of_path(read_text(r, V_PATH));
	return type;
}

const char *twistlock_package(struct arena *mem, const char *package, const char *type)
{
	const char *line = package == NULL ? NULL : strchr(package, '_');
	const char *dot = package == NULL ? NULL : strchr(package, '.');

	if (line == NULL || dot == NULL || dot > line ||
	    !(str_eq(type, "jar") || str_eq(type, "java") || str_eq(type, "maven")))
		return package;
	return arena_printf(mem, "%.*s:%s", (int)(line - package), package, line + 1);
}

static bool has_lists(const struct read_record *r, struct err *e)
{
	return (read_text(r, R_ROWS) == NULL && read_text(r, R_CHECKS) == NULL) ||
	       err_set(e, ERR_FORMAT, "%s is not an array",
	               read_text(r, R_ROWS) != NULL ? "vulnerabilities" : "compliances");
}

static bool on_repository(void *ctx, const struct read_record *r, struct err *e)
{
	struct scanner *s = ctx;

	return has_lists(r, e) &&
	       scanner_scan(s, &(struct rec_scan){
		.source = "twistlock", .at = read_time(r, R_TIME) }, e) &&
	       scanner_asset(s, &(struct rec_asset){
		.kind = ASSET_TREE, .name = read_text(r, R_REPOSITORY) }, e) &&
	       scanner_cover(s, FINDING_VULNERABILITY, e);
}

static bool on_result(void *ctx, const struct read_record *r, struct err *e)
{
	struct scanner *s = ctx;

	return has_lists(r, e) && scanner_begin(s, &(struct rec_scan){
		.source = "twistlock",
		.at     = read_time(r, R_TIME),
	}, &(struct scanner_image){
		.name   = scanner_word(read_text(r, R_NAME), read_text(r->up, T_NAME)),
		.kind   = DIGEST_MANIFEST,
		.digest = read_text(r, R_DIGEST),
		.id     = scanner_word(read_text(r, R_ID), read_text(r->up, T_ID)),
		.os     = distro_of(r),
	}, e) && (read_text(r, R_CHECKED) == NULL ||
	          scanner_cover(s, FINDING_MISCONFIGURATION, e));
}

/* "glibc (used in libc6, libc-bin)": a source package, and what it is in. */
#define USED " (used in "

static bool on_row(void *ctx, const struct read_record *r, struct err *e)
{
	struct twistlock *t = ctx;
	struct scanner *s = &t->s;
	const char *package = read_text(r, V_PACKAGE), *path = read_text(r, V_PATH);
	const char *used = package == NULL ? NULL : strstr(package, USED);
	const char *status = read_text(r, V_STATUS), *type;
	bool fixed = status != NULL && str_prefix(status, TWISTLOCK_FIXED);

	arena_reset(&s->mem);
	if (used != NULL) {
		if (path == NULL)
			path = arena_dupn(&s->mem, used + strlen(USED),
			                  strcspn(used + strlen(USED), ")"));
		package = arena_dupn(&s->mem, package, (size_t)(used - package));
	}
	type = row_type(t, r, package, used != NULL);
	return scanner_row(s, r, &(struct rec_vulnerability){
		.id           = read_text(r, V_ID),
		.text         = read_text(r, V_TEXT),
		.url          = read_text(r, V_URL),
		.severity     = severity_fold(read_text(r, V_SEVERITY)),
		.severity_raw = read_text(r, V_SEVERITY),
		.score        = value_score(read_text(r, V_SCORE)),
		.vector       = read_text(r, V_VECTOR),
		.epss         = -1,
		.published    = read_time(r, V_PUBLISHED),
		.package_type = type,
		.package      = twistlock_package(&s->mem, package, type),
		.version      = read_text(r, V_VERSION),
		.fixed_in     = fixed ? status + strlen(TWISTLOCK_FIXED) : NULL,
		.fix_state    = fixed ? "fixed" : status,
		.path         = path,
	}, e);
}

/* What is in the list has failed. Old versions give an issue no number: its title is it. */
static bool on_check(void *ctx, const struct read_record *r, struct err *e)
{
	const char *id = scanner_text(r, C_ID, C_TITLE);
	const struct record rec = {
		.kind = REC_CHECK,
		.u.check = {
			.kind    = FINDING_MISCONFIGURATION,
			.verdict = VERDICT_FAIL,
			.message = read_text(r, C_CAUSE),
			.rule    = {
				.id           = id,
				.title        = read_text(r, C_TITLE),
				.text         = read_text(r, C_TEXT),
				.severity     = severity_fold(read_text(r, C_SEVERITY)),
				.severity_raw = read_text(r, C_SEVERITY),
			},
		},
	};

	return id == NULL ? read_skip(r, "no id", e) : scanner_put(ctx, &rec, e);
}

static const struct read_scope packages[] = {
	{ "", top_field, T_COUNT, NULL },
	{ "results[]", result_field, R_COUNT, NULL },
	{ "results[].packages[]", package_field, P_COUNT, note_package },
};
static const struct read_scope scope[] = {
	{ "", top_field, T_COUNT, NULL },
	{ "results[]", result_field, R_COUNT, on_result },
	{ "results[].vulnerabilities[]", row_field, V_COUNT, on_row },
	{ "results[].compliances[]", check_field, C_COUNT, on_check },
};

static const struct read_scope code_packages[] = {
	{ "", result_field, R_COUNT, NULL },
	{ "packages[]", package_field, P_COUNT, note_package },
};
static const struct read_scope code[] = {
	{ "", result_field, R_COUNT, on_repository },
	{ "vulnerabilities[]", row_field, V_COUNT, on_row },
	{ "complianceIssues[]", check_field, C_COUNT, on_check },
};

static int sniff(const struct peek *p)
{
	if (peek_has(p, "repository") && peek_has(p, "vulnerabilityDistribution"))
		return 95;
	if (peek_has(p, "results[0].complianceDistribution") ||
	    peek_has(p, "results[0].vulnerabilityDistribution"))
		return 95;
	if (peek_has(p, "entityInfo") && peek_has(p, "results[0].vulnerabilities"))
		return 90;
	return peek_has(p, "results[0].distro") &&
	       (peek_has(p, "results[0].vulnerabilities") || peek_has(p, "consoleURL")) ? 90 : 0;
}

static bool run(const struct source *src, const struct import_opts *o, struct sink *out,
                struct err *e)
{
	struct twistlock t = { .s = { .sink = out, .opts = o }, .kinds = KINDS_INIT };
	bool of_code = peek_source_has(src, "repository");
	bool ok = read_document(src, of_code ? code_packages : packages,
	                        of_code ? LENGTH(code_packages) : LENGTH(packages), &t, NULL, e) &&
	          scanner_read(&t.s, src, of_code ? code : scope,
	                       of_code ? LENGTH(code) : LENGTH(scope), "Prisma Cloud", e);

	kinds_release(&t.kinds);
	return ok;
}

const struct importer importer_twistlock = {
	.id    = "twistlock",
	.title = "Prisma Cloud (Twistlock) twistcli report",
	.spec  = "https://docs.prismacloud.io/en/compute-edition/32/admin-guide/tools/"
	         "twistcli-scan-images",
	.sniff = sniff,
	.run   = run,
};
