/* SPDX-License-Identifier: MIT */
/*
 * checkov.c - Checkov's JSON: one object for each framework that it ran, or an array of them;
 * checks of files, secrets in them, and packages. Spec: .spec below.
 */
#include "importers/scanner.h"
#include "importers/value.h"

enum { R_TYPE, R_VERSION, R_FLAT_VERSION, R_RESULTS, R_COUNT };
static const struct read_field report_field[R_COUNT] = {
	[R_TYPE]         = { "check_type" },
	[R_VERSION]      = { "summary.checkov_version" },
	[R_FLAT_VERSION] = { "checkov_version" }, /* nothing was found to check */
	[R_RESULTS]      = { "results" },
};

enum {
	C_SELF, C_ID, C_BC_ID, C_TITLE, C_RESULT, C_REASON, C_FILE, C_RESOURCE, C_SEVERITY, C_URL,
	C_TEXT, C_CVE, C_PACKAGE, C_PACKAGE_VERSION, C_PACKAGE_TYPE, C_SCORE, C_VECTOR, C_FIXED,
	C_STATUS, C_CVE_URL, C_CVE_TEXT, C_PUBLISHED, C_CVE_SEVERITY, C_COUNT
};
#define DETAILS "vulnerability_details."
static const struct read_field check_field[C_COUNT] = {
	[C_SELF]            = { "" },
	[C_ID]              = { "check_id" },
	[C_BC_ID]           = { "bc_check_id" },
	[C_TITLE]           = { "check_name" },
	[C_RESULT]          = { "check_result.result" },
	[C_REASON]          = { "check_result.suppress_comment" },
	[C_FILE]            = { "file_path" },
	[C_RESOURCE]        = { "resource" },
	[C_SEVERITY]        = { "severity" },
	[C_URL]             = { "guideline" },
	[C_TEXT]            = { "description" },
	[C_CVE]             = { DETAILS "id" },
	[C_PACKAGE]         = { DETAILS "package_name" },
	[C_PACKAGE_VERSION] = { DETAILS "package_version" },
	[C_PACKAGE_TYPE]    = { DETAILS "package_type" },
	[C_SCORE]           = { DETAILS "cvss" },
	[C_VECTOR]          = { DETAILS "vector" },
	[C_FIXED]           = { DETAILS "lowest_fixed_version" },
	[C_STATUS]          = { DETAILS "status" },
	[C_CVE_URL]         = { DETAILS "link" },
	[C_CVE_TEXT]        = { DETAILS "description" },
	[C_PUBLISHED]       = { DETAILS "published_date" },
	[C_CVE_SEVERITY]    = { DETAILS "severity" },
};

enum { E_FILE, E_COUNT };
static const struct read_field error_field[E_COUNT] = {
	[E_FILE] = { "" },
};

#define SECRETS "CKV_SECRET_"

struct checkov {
	struct scanner s;       /* first: the context of a scanner's functions      */
	struct buf     file;    /* the current asset; empty: none                   */
	unsigned       covered; /* kinds told of it, bits 1 << enum finding_kind    */
};

/* A file of the tree that was scanned, without the root's slash, as other tools name it. */
static const char *file_of(const struct read_record *r)
{
	const char *file = read_text(r, C_FILE);

	if (file == NULL)
		return ".";
	file += *file == '/';
	return *file == '\0' ? "." : file;
}

/* Each file is an asset: a run is complete for the files it names and what it checked there. */
static bool put_file(struct checkov *c, const char *file, enum finding_kind kind, struct err *e)
{
	if (!str_eq(c->file.s, file)) {
		buf_reset(&c->file);
		buf_adds(&c->file, file);
		c->covered = 0;
		if (!scanner_asset(&c->s, &(struct rec_asset){ .kind = ASSET_TREE, .name = file },
		                   e))
			return false;
	}
	if (c->covered & 1u << kind)
		return true;
	c->covered |= 1u << kind;
	return scanner_cover(&c->s, kind, e);
}

static bool on_report(void *ctx, const struct read_record *r, struct err *e)
{
	struct checkov *c = ctx;
	const char *version = scanner_text(r, R_VERSION, R_FLAT_VERSION);

	if (read_text(r, R_TYPE) == NULL && version == NULL)
		return err_set(e, ERR_FORMAT, "not a Checkov report: no check_type");
	if (read_text(r, R_RESULTS) != NULL)
		return err_set(e, ERR_FORMAT, "results is not an object");
	buf_reset(&c->file);
	return scanner_scan(&c->s, &(struct rec_scan){ .source = "checkov", .version = version },
	                    e);
}

/* ---- rows ---- */

static enum verdict verdict_of(const char *result)
{
	static const char *const word[] = { "PASSED", "FAILED", "SKIPPED", "UNKNOWN" };
	static const enum verdict verdict[] = {
		VERDICT_PASS, VERDICT_FAIL, VERDICT_SKIP, VERDICT_MANUAL,
	};
	int i = str_index(word, LENGTH(word), result);

	return i < 0 ? VERDICT_COUNT : verdict[i];
}

static void fill_rule(const struct read_record *r, struct rec_rule *rule)
{
	rule->id = read_text(r, C_ID);
	rule->alias = read_text(r, C_BC_ID);
	rule->title = read_text(r, C_TITLE);
	rule->text = read_text(r, C_TEXT);
	rule->url = read_text(r, C_URL);
	rule->severity = severity_fold(read_text(r, C_SEVERITY));
	rule->severity_raw = read_text(r, C_SEVERITY);
}

static bool put_check(struct checkov *c, const struct read_record *r, struct err *e)
{
	struct record rec = {
		.kind = REC_CHECK,
		.u.check = {
			.kind    = FINDING_MISCONFIGURATION,
			.verdict = verdict_of(read_text(r, C_RESULT)),
			.raw     = read_text(r, C_RESULT),
			.place   = read_text(r, C_RESOURCE),
			.message = read_text(r, C_REASON),
		},
	};

	if (rec.u.check.verdict == VERDICT_COUNT)
		return read_skip(r, "unknown result", e);
	fill_rule(r, &rec.u.check.rule);
	return put_file(c, file_of(r), FINDING_MISCONFIGURATION, e) &&
	       scanner_put(&c->s, &rec, e);
}

/* The resource of a secret is a hash of it: it tells two in one file apart. */
static bool put_secret(struct checkov *c, const struct read_record *r, struct err *e)
{
	struct record rec = {
		.kind = REC_FINDING,
		.u.finding = { .kind = FINDING_SECRET, .place = read_text(r, C_RESOURCE) },
	};

	fill_rule(r, &rec.u.finding.rule);
	return put_file(c, file_of(r), FINDING_SECRET, e) &&
	       (!str_eq(read_text(r, C_RESULT), "FAILED") || scanner_put(&c->s, &rec, e));
}

static bool put_vulnerability(struct checkov *c, const struct read_record *r, struct err *e)
{
	const char *severity = scanner_text(r, C_CVE_SEVERITY, C_SEVERITY);

	if (!put_file(c, file_of(r), FINDING_VULNERABILITY, e))
		return false;
	return scanner_row(&c->s, r, &(struct rec_vulnerability){
		.id           = read_text(r, C_CVE),
		.text         = read_text(r, C_CVE_TEXT),
		.url          = read_text(r, C_CVE_URL),
		.severity     = severity_fold(severity),
		.severity_raw = severity,
		.score        = value_score(read_text(r, C_SCORE)),
		.vector       = read_text(r, C_VECTOR),
		.epss         = -1,
		.published    = read_time(r, C_PUBLISHED),
		.package_type = read_text(r, C_PACKAGE_TYPE),
		.package      = read_text(r, C_PACKAGE),
		.version      = read_text(r, C_PACKAGE_VERSION),
		.fixed_in     = scanner_text(r, C_FIXED, C_FIXED),
		.fix_state    = read_text(r, C_STATUS),
	}, e);
}

static bool on_check(void *ctx, const struct read_record *r, struct err *e)
{
	struct checkov *c = ctx;
	const char *id = read_text(r, C_ID);

	if (id == NULL)
		return read_skip(r, "no check_id", e);
	if (read_text(r, C_CVE) != NULL && str_eq(read_text(r, C_RESULT), "FAILED"))
		return put_vulnerability(c, r, e);
	return str_prefix(id, SECRETS) ? put_secret(c, r, e) : put_check(c, r, e);
}

static bool on_error(void *ctx UNUSED, const struct read_record *r, struct err *e)
{
	return read_skip(r, "Checkov could not read the file", e);
}

#define REPORT(path, below) \
	{ path, report_field, R_COUNT, on_report }, \
	{ below "results.passed_checks[]", check_field, C_COUNT, on_check }, \
	{ below "results.failed_checks[]", check_field, C_COUNT, on_check }, \
	{ below "results.skipped_checks[]", check_field, C_COUNT, on_check }, \
	{ below "results.parsing_errors[]", error_field, E_COUNT, on_error }

static const struct read_scope scope[] = {
	REPORT("", ""),
	REPORT("[]", "[]."),
};

static int sniff(const struct peek *p)
{
	if (peek_has(p, "check_type") && (peek_has(p, "results") || peek_has(p, "summary")))
		return 95;
	return peek_has(p, "checkov_version") && peek_has(p, "passed") ? 95 : 0;
}

static bool run(const struct source *src, const struct import_opts *o, struct sink *out,
                struct err *e)
{
	struct checkov c = { .s = { .sink = out, .opts = o }, .file = BUF_INIT };
	bool ok = scanner_read(&c.s, src, scope, LENGTH(scope), "Checkov", e);

	buf_release(&c.file);
	return ok;
}

const struct importer importer_checkov = {
	.id    = "checkov",
	.title = "Checkov JSON",
	.spec  = "https://www.checkov.io/2.Basics/Reviewing%20Scan%20Results.html",
	.sniff = sniff,
	.run   = run,
};
