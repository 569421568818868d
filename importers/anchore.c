/* SPDX-License-Identifier: MIT */
/*
 * anchore.c - vulnerabilities of Anchore Engine, Anchore Enterprise and anchorectl, which spell one
 * set of fields in two ways, and evaluations, which have fields of their own. Spec: .spec below.
 */
#include "importers/peek.h"
#include "importers/scanner.h"
#include "importers/value.h"

enum {
	R_DIGEST, R_DIGEST_2, R_NAME, R_NAME_2, R_TYPE, R_TYPE_2, R_ROWS, R_EVALUATED, R_REGISTRY,
	R_REPOSITORY, R_TAG, R_DIGEST_3, R_TIME, R_COUNT
};
static const struct read_field report_field[R_COUNT] = {
	[R_DIGEST]     = { "image_digest" },
	[R_DIGEST_2]   = { "imageDigest" },
	[R_NAME]       = { "imageFullTag" },
	[R_NAME_2]     = { "image_full_tag" },
	[R_TYPE]       = { "vulnerability_type" },
	[R_TYPE_2]     = { "vulnerabilityType" },
	[R_ROWS]       = { "vulnerabilities" },
	/* of an evaluation */
	[R_EVALUATED]  = { "securityEvaluation" },
	[R_REGISTRY]   = { "metadata.registry" },
	[R_REPOSITORY] = { "metadata.repository" },
	[R_TAG]        = { "metadata.tag" },
	[R_DIGEST_3]   = { "metadata.imageDigest" },
	[R_TIME]       = { "metadata.timestamp" },
};

enum {
	V_SELF, V_ID, V_SEVERITY, V_URL, V_FIX, V_NAME, V_NAME_2, V_VERSION, V_VERSION_2, V_TYPE,
	V_TYPE_2, V_PATH, V_PATH_2, V_TEXT, V_TEXT_2, V_SCORE, V_SCORE_2, V_CVES, V_CVES_2,
	V_WILL_NOT, V_WILL_NOT_2, V_PURL, V_KEVS, V_KEVS_2, V_ID_2, V_ID_3, V_FIXES, V_FIXES_2,
	V_STATE, V_STATE_2, V_KEV, V_COUNT
};
static const struct read_field row_field[V_COUNT] = {
	[V_SELF]       = { "" },
	[V_ID]         = { "vuln" },
	[V_SEVERITY]   = { "severity" },
	[V_URL]        = { "url" },
	[V_FIX]        = { "fix" },
	[V_NAME]       = { "package_name" },
	[V_NAME_2]     = { "packageName" },
	[V_VERSION]    = { "package_version" },
	[V_VERSION_2]  = { "packageVersion" },
	[V_TYPE]       = { "package_type" },
	[V_TYPE_2]     = { "packageType" },
	[V_PATH]       = { "package_path" },
	[V_PATH_2]     = { "packagePath" },
	[V_TEXT]       = { "extra.description" },
	[V_TEXT_2]     = { "description" },
	[V_SCORE]      = { "nvd_data[].cvss_v3.base_score", READ_LIST },
	[V_SCORE_2]    = { "nvdData[].cvssV3.baseScore", READ_LIST },
	[V_CVES]       = { "nvd_data[].id", READ_LIST },
	[V_CVES_2]     = { "nvdData[].id", READ_LIST },
	[V_WILL_NOT]   = { "will_not_fix" },
	[V_WILL_NOT_2] = { "willNotFix" },
	[V_PURL]       = { "purl" },
	[V_KEVS]       = { "nvd_data[].is_kev", READ_LIST },
	[V_KEVS_2]     = { "nvdData[].isKev", READ_LIST },
	/* of the packages of an application */
	[V_ID_2]       = { "vulnerabilityId" },
	[V_ID_3]       = { "vulnerability_id" },
	[V_FIXES]      = { "fixVersions", READ_LIST },
	[V_FIXES_2]    = { "fix_versions", READ_LIST },
	[V_STATE]      = { "fixState" },
	[V_STATE_2]    = { "fix_state" },
	[V_KEV]        = { "kev" },
};

enum {
	E_SELF, E_ID, E_CVES, E_SEVERITY, E_TYPE, E_PATH, E_PACKAGE, E_FIX, E_URL, E_SCORE, E_COUNT
};
static const struct read_field evaluated_field[E_COUNT] = {
	[E_SELF]     = { "" },
	[E_ID]       = { "vulnerabilityId" },
	[E_CVES]     = { "cves" },
	[E_SEVERITY] = { "severity" },
	[E_TYPE]     = { "packageType" },
	[E_PATH]     = { "path" },
	[E_PACKAGE]  = { "package" },
	[E_FIX]      = { "fixAvailable" },
	[E_URL]      = { "link" },
	[E_SCORE]    = { "nvdCvssBaseScore" },
};

#define ALIASES 64

/* What the report was asked for; NULL: everything. */
static const char *partial(const char *type)
{
	return type == NULL || str_eq(type, "all") ? NULL : type;
}

static const char *evaluated_image(struct scanner *s, const struct read_record *r)
{
	const char *name = read_text(r, R_REPOSITORY);

	if (name == NULL)
		return NULL;
	name = value_join(&s->outer, read_text(r, R_REGISTRY), "/", name);
	return value_join(&s->outer, name, ":", read_text(r, R_TAG));
}

static bool on_report(void *ctx, const struct read_record *r, struct err *e)
{
	struct scanner *s = ctx;

	if (read_text(r, R_ROWS) != NULL || read_text(r, R_EVALUATED) != NULL)
		return err_set(e, ERR_FORMAT, "%s is not an array",
		               read_text(r, R_ROWS) != NULL ? "vulnerabilities" :
		                                              "securityEvaluation");
	return scanner_begin(s, &(struct rec_scan){
		.source  = "anchore",
		.at      = read_time(r, R_TIME),
		.partial = partial(scanner_text(r, R_TYPE, R_TYPE_2)),
	}, &(struct scanner_image){
		.name   = scanner_word(scanner_text(r, R_NAME, R_NAME_2), evaluated_image(s, r)),
		.kind   = DIGEST_MANIFEST,
		.digest = scanner_word(scanner_text(r, R_DIGEST, R_DIGEST_2),
		                       read_text(r, R_DIGEST_3)),
	}, e);
}

/* NVD's score is under -1 where there is none. */
static int score(const struct read_record *r)
{
	const char *s = read_item(r, V_SCORE, NULL);

	return value_score(s == NULL ? read_item(r, V_SCORE_2, NULL) : s);
}

static size_t aliases(const struct read_record *r, const char **alias)
{
	size_t n = 0;

	for (size_t field = V_CVES; field <= V_CVES_2; field++)
		for (const char *s = NULL;
		     n < ALIASES && (s = read_item(r, field, s)) != NULL; )
			if (!str_eq(s, read_text(r, V_ID)))
				alias[n++] = s;
	return n;
}

/* What is said of a fix beside its version, in everybody's words for it. */
static const char *fix_state(const struct read_record *r)
{
	const char *state = scanner_text(r, V_STATE, V_STATE_2);

	if (read_true(r, V_WILL_NOT) || read_true(r, V_WILL_NOT_2) || str_eq(state, "wont_fix"))
		return "wont-fix";
	return str_eq(state, "not_fixed") ? "not-fixed" : state;
}

/* CISA lists it: said of the row, or of one of the advisories that it is from. */
static bool is_kev(const struct read_record *r)
{
	bool listed = read_true(r, V_KEV);

	for (size_t field = V_KEVS; field <= V_KEVS_2; field++)
		for (const char *s = NULL; !listed && (s = read_item(r, field, s)) != NULL; )
			listed = str_ieq(s, "true");
	return listed;
}

static bool put_row(struct scanner *s, const struct read_record *r, struct err *e)
{
	const char *alias[ALIASES];
	const char *path = scanner_text(r, V_PATH, V_PATH_2);

	arena_reset(&s->mem);
	return scanner_row(s, r, &(struct rec_vulnerability){
		.id           = scanner_word(read_text(r, V_ID), scanner_text(r, V_ID_2, V_ID_3)),
		.aliases      = alias,
		.naliases     = aliases(r, alias),
		.text         = scanner_text(r, V_TEXT, V_TEXT_2),
		.url          = read_text(r, V_URL),
		.severity     = severity_fold(read_text(r, V_SEVERITY)),
		.severity_raw = read_text(r, V_SEVERITY),
		.score        = score(r),
		.epss         = -1,
		.package_type = scanner_text(r, V_TYPE, V_TYPE_2),
		.package      = scanner_text(r, V_NAME, V_NAME_2),
		.version      = scanner_text(r, V_VERSION, V_VERSION_2),
		.purl         = read_text(r, V_PURL),
		.fixed_in     = scanner_word(read_text(r, V_FIX),
		                             scanner_word(scanner_items(&s->mem, r, V_FIXES),
		                                          scanner_items(&s->mem, r, V_FIXES_2))),
		.fix_state    = fix_state(r),
		.kev          = is_kev(r),
		.path         = str_eq(path, "pkgdb") ? NULL : path,
	}, e);
}

static bool on_row(void *ctx, const struct read_record *r, struct err *e)
{
	return put_row(ctx, r, e);
}

/* anchorectl writes the rows alone: whose they are, the user has to say. */
static bool on_bare_row(void *ctx, const struct read_record *r, struct err *e)
{
	struct scanner *s = ctx;

	if (!s->any && !scanner_begin(s, &(struct rec_scan){ .source = "anchore" },
	                              &(struct scanner_image){ .name = NULL }, e))
		return false;
	return put_row(s, r, e);
}

static bool on_list(UNUSED void *ctx, const struct read_record *r, struct err *e)
{
	return r->index == 0 ||
	       err_set(e, ERR_USAGE, "lists of several images that name none of them: import each "
	               "list by itself, with --image NAME:TAG");
}

/* ---- evaluations ---- */

/* Words with commas between them, one after the other; returns what follows, NULL at the end. */
static const char *next_word(struct arena *mem, const char *list, const char **word)
{
	size_t n;

	if (list == NULL)
		return NULL;
	list += strspn(list, ", ");
	n = strcspn(list, ", ");
	if (n == 0)
		return NULL;
	*word = arena_dupn(mem, list, n);
	return list + n;
}

static size_t evaluated_aliases(struct arena *mem, const struct read_record *r, const char **alias)
{
	const char *list = read_text(r, E_CVES), *word = NULL;
	size_t n = 0;

	while (n < ALIASES && (list = next_word(mem, list, &word)) != NULL)
		if (!str_eq(word, read_text(r, E_ID)))
			alias[n++] = word;
	return n;
}

static const char *evaluated_fix(struct arena *mem, const struct read_record *r)
{
	const char *list = scanner_text(r, E_FIX, E_FIX), *word = NULL, *all = NULL;

	while ((list = next_word(mem, list, &word)) != NULL)
		all = value_join(mem, all, ", ", word);
	return all;
}

/*
 * Where the version begins in "openssl-1:1.1.1k-14.el8": behind the last hyphen, unless what
 * stands before it is a number too. NULL: there is none.
 */
static const char *version_in(const char *package)
{
	const char *last = package == NULL ? NULL : strrchr(package, '-'), *s;

	if (last == NULL)
		return NULL;
	for (s = last; s > package && s[-1] != '-'; s--)
		;
	return s > package && *s >= '0' && *s <= '9' ? s : last + 1;
}

static bool on_evaluated(void *ctx, const struct read_record *r, struct err *e)
{
	struct scanner *s = ctx;
	const char *alias[ALIASES], *package = read_text(r, E_PACKAGE);
	const char *path = read_text(r, E_PATH), *version = version_in(package);

	arena_reset(&s->mem);
	if (version != NULL)
		package = arena_dupn(&s->mem, package, (size_t)(version - package) - 1);
	return scanner_row(s, r, &(struct rec_vulnerability){
		.id           = read_text(r, E_ID),
		.aliases      = alias,
		.naliases     = evaluated_aliases(&s->mem, r, alias),
		.url          = read_text(r, E_URL),
		.severity     = severity_fold(read_text(r, E_SEVERITY)),
		.severity_raw = read_text(r, E_SEVERITY),
		.score        = value_score(read_text(r, E_SCORE)),
		.epss         = -1,
		.package_type = read_text(r, E_TYPE),
		.package      = package,
		.version      = version,
		.fixed_in     = evaluated_fix(&s->mem, r),
		.path         = str_eq(path, "pkgdb") ? NULL : path,
	}, e);
}

/* Reports, one or many, also in an array; and the rows of one alone, which are an array. */
static const struct read_scope reports[] = {
	{ "", report_field, R_COUNT, on_report },
	{ "vulnerabilities[]", row_field, V_COUNT, on_row },
	/* of an image at once, beside its bill of materials */
	{ "vulnerabilities.vulnerabilities[]", row_field, V_COUNT, on_row },
	{ "securityEvaluation[]", evaluated_field, E_COUNT, on_evaluated },
};
static const struct read_scope bare[] = {
	{ "[]", row_field, V_COUNT, on_bare_row },
};

/*
 * Lists in a list: of one, the rows; of several nobody knows which is of which image, and the first
 * list's would be all the others', too.
 */
static const struct read_field list_field[] = { { "" } };
static const struct read_scope lists[] = {
	{ "[]", list_field, LENGTH(list_field), on_list },
	{ "[][]", row_field, V_COUNT, on_bare_row },
};

static int sniff(const struct peek *p)
{
	if (peek_open(p) == '[' && (peek_has(p, "packageName") || peek_has(p, "package_name")))
		return peek_has(p, "vuln") ||
		       (peek_has(p, "vulnerabilityId") && peek_has(p, "packageType")) ||
		       (peek_has(p, "vulnerability_id") && peek_has(p, "package_type")) ? 95 : 0;
	if (peek_has(p, "sbom") && peek_has(p, "policyEvaluation") &&
	    peek_has(p, "vulnerabilities.vulnerabilities"))
		return 95;
	if (peek_has(p, "securityEvaluation") && peek_has(p, "metadata.imageDigest"))
		return 95;
	if (peek_has(p, "vulnerability_type") || peek_has(p, "vulnerabilityType"))
		return peek_has(p, "vulnerabilities") ? 95 : 0;
	return peek_has(p, "vulnerabilities[0].vuln") && peek_has(p, "vulnerabilities[0].severity")
	       ? 90 : 0;
}

static bool run(const struct source *src, const struct import_opts *o, struct sink *out,
                struct err *e)
{
	struct scanner s = { .sink = out, .opts = o };
	bool rows = peek_source_has(src, "packageName") || peek_source_has(src, "package_name");

	if (rows && peek_source_nested(src))
		return scanner_read(&s, src, lists, LENGTH(lists), "Anchore", e);
	return scanner_read(&s, src, rows ? bare : reports, rows ? LENGTH(bare) : LENGTH(reports),
	                    "Anchore", e);
}

const struct importer importer_anchore = {
	.id    = "anchore",
	.title = "Anchore Engine, Enterprise and anchorectl vulnerabilities",
	.spec  = "https://docs.anchore.com/current/docs/vulnerability_management/",
	.sniff = sniff,
	.run   = run,
};
