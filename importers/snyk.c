/* SPDX-License-Identifier: MIT */
/* snyk.c - the JSON that `snyk test`, `snyk container test` and `snyk iac test` print. */
#include "importers/importer.h"
#include "importers/read.h"
#include "importers/value.h"

#define IMAGE_PROJECT "docker-image|" /* before the repository, in a container's project name */
#define LICENCE_ID    "snyk:lic:"
#define ISSUES        "infrastructureAsCodeIssues"
#define ALIASES       64 /* of one row; more are left out */

enum {
	P_NAME, P_PATH, P_TARGET, P_SHOWN_TARGET, P_MANAGER, P_PLATFORM, P_BASE, P_ERROR, P_OK,
	P_ROWS, P_ISSUES, P_COUNT
};
static const struct read_field project_field[P_COUNT] = {
	[P_NAME]         = { "projectName" },
	[P_PATH]         = { "path" },
	[P_TARGET]       = { "targetFile" },
	[P_SHOWN_TARGET] = { "displayTargetFile" },
	[P_MANAGER]      = { "packageManager" },
	[P_PLATFORM]     = { "platform" },
	[P_BASE]         = { "docker.baseImage" },
	[P_ERROR]        = { "error" },
	[P_OK]           = { "ok" },
	[P_ROWS]         = { "vulnerabilities" },
	[P_ISSUES]       = { ISSUES, READ_RAW },
};

enum {
	V_ID, V_TYPE, V_TITLE, V_TEXT, V_SEVERITY, V_NEW_SEVERITY, V_SCORE, V_VECTOR, V_EPSS,
	V_CVES, V_GHSAS, V_PUBLISHED, V_MANAGER, V_NAME, V_SOURCE_NAME, V_VERSION, V_FIXED_IN,
	V_NEAREST, V_FROM, V_URLS, V_LICENCE, V_REASONS, V_SELF, V_COUNT
};
static const struct read_field row_field[V_COUNT] = {
	[V_ID]           = { "id" },
	[V_TYPE]         = { "type" },
	[V_TITLE]        = { "title" },
	[V_TEXT]         = { "description" },
	[V_SEVERITY]     = { "severity" },
	[V_NEW_SEVERITY] = { "severityWithCritical" },
	[V_SCORE]        = { "cvssScore" },
	[V_VECTOR]       = { "CVSSv3" },
	[V_EPSS]         = { "epssDetails.probability" },
	[V_CVES]         = { "identifiers.CVE", READ_LIST },
	[V_GHSAS]        = { "identifiers.GHSA", READ_LIST },
	[V_PUBLISHED]    = { "publicationTime" },
	[V_MANAGER]      = { "packageManager" },
	[V_NAME]         = { "name" },
	[V_SOURCE_NAME]  = { "packageName" },
	[V_VERSION]      = { "version" },
	[V_FIXED_IN]     = { "fixedIn", READ_LIST },
	[V_NEAREST]      = { "nearestFixedInVersion" },
	[V_FROM]         = { "from", READ_LIST },
	[V_URLS]         = { "references[].url", READ_LIST },
	[V_LICENCE]      = { "license" },
	[V_REASONS]      = { "filtered.ignored[].reason", READ_LIST },
	[V_SELF]         = { "" },
};

enum { I_SELF, I_ID, I_TITLE, I_SEVERITY, I_WHY, I_HELP, I_URL, I_PLACE, I_IGNORED, I_COUNT };
static const struct read_field issue_field[I_COUNT] = {
	[I_SELF]     = { "" },
	[I_ID]       = { "id" },
	[I_TITLE]    = { "title" },
	[I_SEVERITY] = { "severity" },
	[I_WHY]      = { "impact" },
	[I_HELP]     = { "resolve" },
	[I_URL]      = { "documentation" },
	[I_PLACE]    = { "msg" },
	[I_IGNORED]  = { "isIgnored" },
};

struct snyk {
	struct sink              *sink;
	const struct import_opts *opts;
	bool                      any;      /* the file holds a project             */
	bool                      skipped;  /* the current project has no asset     */
	bool                      iac;      /* it is a file of configuration        */
	bool                      licences; /* the current project has rows of them */
	struct buf                error;    /* why the first project was not tested */
	struct arena              mem;      /* dies with the row                    */
};

static const char *first_text(const char *a, const char *b)
{
	return a != NULL ? a : b;
}

static bool put(struct snyk *s, const struct record *rec, struct err *e)
{
	return s->sink->put(s->sink, rec, e);
}

/* ---- projects ---- */

static bool is_image(const struct read_record *r)
{
	const char *name = read_text(r, P_NAME);

	if (name != NULL && str_prefix(name, IMAGE_PROJECT))
		return true;
	return read_text(r, P_PLATFORM) != NULL || read_text(r, P_BASE) != NULL;
}

/* Past what tells an archive ("docker-archive:web.tar"), if that is what the path is of. */
static const char *past_scheme(const char *path)
{
	static const char *const scheme[] = {
		"docker-archive:", "oci-archive:", "kaniko-archive:",
	};
	size_t i;

	for (i = 0; path != NULL && i < LENGTH(scheme); i++)
		if (str_prefix(path, scheme[i]))
			return path + strlen(scheme[i]);
	return path;
}

/* Of ":8.2.0-28.tar.gz" what stands before the archive's endings. */
static size_t tag_length(const char *tag)
{
	const char *end = strstr(tag, ".t");

	while (end != NULL && !value_is_file(end))
		end = strstr(end + 1, ".t");
	return end == NULL ? strlen(tag) : (size_t)(end - tag);
}

/*
 * The path of an image is its reference, sometimes with "/" and a project of the image behind it:
 * cut off where the project's name tells the repository. An archive's path is no reference, but
 * where it has the tag.
 */
static const char *image_name(struct arena *mem, const struct read_record *r)
{
	const char *path = past_scheme(read_text(r, P_PATH)), *name = read_text(r, P_NAME), *rest;

	if (name == NULL || !str_prefix(name, IMAGE_PROJECT))
		return path;
	name += strlen(IMAGE_PROJECT);
	if (path == NULL || !str_prefix(path, name))
		return path == NULL || value_is_file(path) ? name : path;
	rest = path + strlen(name);
	if (*rest != ':' && *rest != '@')
		return value_is_file(path) ? name : path;
	if (value_is_file(path)) /* "web:1.2.tar": the archive is named after what is in it */
		return arena_dupn(mem, path, strlen(name) + tag_length(rest));
	return arena_dupn(mem, path, strlen(name) + strcspn(rest, "/"));
}

static const char *target(const struct read_record *project)
{
	return first_text(read_text(project, P_SHOWN_TARGET), read_text(project, P_TARGET));
}

/*
 * Outside of images every project is a tree of its own, for each is tested on its own. A file of
 * configuration is told by its own path, as other tools tell it.
 */
static bool put_asset(struct snyk *s, const struct read_record *r, struct err *e)
{
	const char *path = read_text(r, P_PATH), *file = target(r);
	struct record rec = { .kind = REC_ASSET };
	struct rec_asset *a = &rec.u.asset;

	if (is_image(r)) {
		a->kind = ASSET_IMAGE;
		a->name = image_name(&s->mem, r);
		a->arch = read_text(r, P_PLATFORM);
		a->base = read_text(r, P_BASE);
	} else if (s->iac) {
		a->kind = ASSET_TREE;
		a->name = first_text(file, path);
	} else {
		a->kind = ASSET_TREE;
		a->name = first_text(path, read_text(r, P_NAME));
		if (a->name != NULL && file != NULL)
			a->name = arena_printf(&s->mem, "%s (%s)", a->name, file);
	}
	if (a->name == NULL) { /* rows that were cut out of their report */
		a->kind = s->opts->image != NULL ? ASSET_IMAGE : ASSET_TREE;
		a->name = s->opts->image != NULL ? s->opts->image : first_text(file, ".");
	}
	return put(s, &rec, e);
}

static bool on_project(void *ctx, const struct read_record *r, struct err *e)
{
	struct snyk *s = ctx;
	struct record scan = { .kind = REC_SCAN, .u.scan = { .source = "snyk" } };
	const char *error = read_text(r, P_ERROR);

	s->licences = false;
	s->skipped = true;
	arena_reset(&s->mem);
	if (error != NULL && s->error.len == 0)
		buf_adds(&s->error, error);
	if (error != NULL)
		return read_skip(r, arena_printf(&s->mem, "not tested: %s", error), e);
	if (read_text(r, P_ROWS) != NULL)
		return err_set(e, ERR_FORMAT, "vulnerabilities is not an array");
	if (read_text(r, P_OK) == NULL && read_text(r, P_MANAGER) == NULL)
		return err_set(e, ERR_FORMAT, "not a Snyk report: it does not say ok");
	s->any = true;
	s->skipped = false;
	s->iac = read_text(r, P_ISSUES) != NULL;
	if (read_text(r, P_PATH) == NULL && read_text(r, P_NAME) == NULL)
		scan.u.scan.partial = "no path";
	return put(s, &scan, e) && put_asset(s, r, e);
}

static bool end_project(void *ctx, const struct read_record *r UNUSED, struct err *e)
{
	struct snyk *s = ctx;
	const struct record rows = {
		.kind = REC_COVER,
		.u.cover = { .kind = s->iac ? FINDING_MISCONFIGURATION : FINDING_VULNERABILITY },
	};
	const struct record licences = {
		.kind = REC_COVER,
		.u.cover = { .kind = FINDING_LICENCE },
	};

	if (s->skipped)
		return true;
	return put(s, &rows, e) && (!s->licences || put(s, &licences, e));
}

static bool on_wrong_rows(void *ctx UNUSED, const struct read_record *r UNUSED, struct err *e)
{
	return err_set(e, ERR_FORMAT, "an object where an array belongs");
}

/* ---- rows: one for each way that leads to the package ---- */

/* The dependencies that lead there, from the file or image that starts them. */
static const char *row_path(struct arena *mem, const struct read_record *r)
{
	const char *s = read_item(r, V_FROM, NULL), *path = target(r->up);

	while (s != NULL && (s = read_item(r, V_FROM, s)) != NULL)
		path = value_join(mem, path, " > ", s);
	return path;
}

static size_t aliases(const struct read_record *r, const char **alias)
{
	const char *s;
	size_t n = 0;

	for (s = NULL; n < ALIASES && (s = read_item(r, V_CVES, s)) != NULL; )
		alias[n++] = s;
	for (s = NULL; n < ALIASES && (s = read_item(r, V_GHSAS, s)) != NULL; )
		alias[n++] = s;
	return n;
}

static const char *fixed_in(struct arena *mem, const struct read_record *r)
{
	const char *all = NULL, *s = NULL;

	while ((s = read_item(r, V_FIXED_IN, s)) != NULL)
		all = value_join(mem, all, ", ", s);
	return first_text(all, read_text(r, V_NEAREST));
}

static const char *severity(const struct read_record *r)
{
	return first_text(read_text(r, V_NEW_SEVERITY), read_text(r, V_SEVERITY));
}

/* Of C and C++ without a package manager, it is in the name: "https://curl.se|curl@7.58.0". */
static const char *version(const struct read_record *r)
{
	const char *name = read_text(r, V_NAME), *version = read_text(r, V_VERSION);

	if (version != NULL || name == NULL || strchr(name, '|') == NULL)
		return version;
	version = strrchr(name, '@');
	return version == NULL || version[1] == '\0' ? NULL : version + 1;
}

static const char *package(const struct read_record *r)
{
	const char *name = read_text(r, V_NAME), *source = read_text(r, V_SOURCE_NAME);

	if (source != NULL && read_text(r, V_VERSION) == NULL && version(r) != NULL)
		return source;
	return first_text(name, source);
}

/* "debian:11" and "Unmanaged (C/C++)" tell more than the type of a package, which alone counts. */
static const char *package_type(struct arena *mem, const struct read_record *r)
{
	const char *type = first_text(read_text(r, V_MANAGER), read_text(r->up, P_MANAGER));

	return type == NULL ? NULL : arena_dupn(mem, type, strcspn(type, ": ("));
}

static bool put_vulnerability(struct snyk *s, const struct read_record *r, struct err *e)
{
	const char *alias[ALIASES];
	const struct record rec = {
		.kind = REC_VULNERABILITY,
		.u.vulnerability = {
			.id           = read_text(r, V_ID),
			.aliases      = alias,
			.naliases     = aliases(r, alias),
			.title        = read_text(r, V_TITLE),
			.text         = read_text(r, V_TEXT),
			.url          = read_item(r, V_URLS, NULL),
			.severity     = severity_fold(severity(r)),
			.severity_raw = severity(r),
			.score        = value_score(read_text(r, V_SCORE)),
			.vector       = read_text(r, V_VECTOR),
			.epss         = value_share(read_text(r, V_EPSS)),
			.published    = read_time(r, V_PUBLISHED),
			.package_type = package_type(&s->mem, r),
			.package      = package(r),
			.version      = version(r),
			.fixed_in     = fixed_in(&s->mem, r),
			.path         = row_path(&s->mem, r),
		},
	};

	return put(s, &rec, e);
}

static bool put_licence(struct snyk *s, const struct read_record *r, struct err *e)
{
	const char *licence = read_text(r, V_LICENCE), *id = read_text(r, V_ID);
	const struct record rec = {
		.kind = REC_FINDING,
		.u.finding = {
			.kind    = FINDING_LICENCE,
			.place   = value_join(&s->mem, package(r), "@", version(r)),
			.message = row_path(&s->mem, r),
			.rule    = {
				.id           = first_text(licence, id),
				.alias        = licence == NULL ? NULL : id,
				.title        = read_text(r, V_TITLE),
				.text         = read_text(r, V_TEXT),
				.severity     = severity_fold(severity(r)),
				.severity_raw = severity(r),
			},
		},
	};

	s->licences = true;
	return put(s, &rec, e);
}

/* Why a row is no use; NULL: it is. */
static const char *flaw(const struct read_record *r)
{
	if (read_text(r, V_SELF) != NULL)
		return "not an object";
	if (read_text(r, V_ID) == NULL)
		return "no id";
	return package(r) == NULL ? "no name" : NULL;
}

static bool on_row(void *ctx, const struct read_record *r, struct err *e)
{
	struct snyk *s = ctx;

	if (s->skipped)
		return true;
	if (flaw(r) != NULL)
		return read_skip(r, flaw(r), e);
	arena_reset(&s->mem);
	if (str_eq(read_text(r, V_TYPE), "license") || str_prefix(read_text(r, V_ID), LICENCE_ID))
		return put_licence(s, r, e);
	return put_vulnerability(s, r, e);
}

/* What the project's policy file has set aside. */
static bool on_ignored(void *ctx, const struct read_record *r, struct err *e)
{
	struct snyk *s = ctx;
	struct record rec = {
		.kind = REC_STATEMENT,
		.u.statement = {
			.advisory     = read_text(r, V_ID),
			.package      = package(r),
			.version      = version(r),
			.status       = "ignored",
			.text         = read_item(r, V_REASONS, NULL),
		},
	};

	if (s->skipped)
		return true;
	if (flaw(r) != NULL)
		return read_skip(r, flaw(r), e);
	arena_reset(&s->mem);
	rec.u.statement.package_type = package_type(&s->mem, r);
	return put(s, &rec, e);
}

/* ---- configuration ---- */

static bool put_check(struct snyk *s, const struct read_record *r, enum verdict verdict,
                      const char *raw, struct err *e)
{
	const struct record rec = {
		.kind = REC_CHECK,
		.u.check = {
			.kind    = FINDING_MISCONFIGURATION,
			.verdict = verdict,
			.raw     = raw,
			.place   = read_text(r, I_PLACE),
			.rule    = {
				.id           = read_text(r, I_ID),
				.title        = read_text(r, I_TITLE),
				.text         = read_text(r, I_WHY),
				.remediation  = read_text(r, I_HELP),
				.url          = read_text(r, I_URL),
				.severity     = severity_fold(read_text(r, I_SEVERITY)),
				.severity_raw = read_text(r, I_SEVERITY),
			},
		},
	};

	if (s->skipped)
		return true;
	if (read_text(r, I_SELF) != NULL)
		return read_skip(r, "not an object", e);
	if (rec.u.check.rule.id == NULL)
		return read_skip(r, "no id", e);
	return put(s, &rec, e);
}

static bool on_issue(void *ctx, const struct read_record *r, struct err *e)
{
	return str_eq(read_text(r, I_IGNORED), "true") ?
	       put_check(ctx, r, VERDICT_SKIP, "ignored", e) :
	       put_check(ctx, r, VERDICT_FAIL, "issue", e);
}

static bool on_success(void *ctx, const struct read_record *r, struct err *e)
{
	return put_check(ctx, r, VERDICT_PASS, "success", e);
}

/* ---- the importer ---- */

#define ROWS(below) \
	{ below "vulnerabilities", NULL, 0, on_wrong_rows }, \
	{ below "vulnerabilities[]", row_field, V_COUNT, on_row }, \
	{ below "filtered.ignore[]", row_field, V_COUNT, on_ignored }

#define CHECKS(below) \
	{ below ISSUES "[]", issue_field, I_COUNT, on_issue }, \
	{ below "infrastructureAsCodeSuccesses[]", issue_field, I_COUNT, on_success }

/* A project, or an array of them; those that lie in an image come below it, and are part of it. */
static const struct read_scope scope[] = {
	{ "", project_field, P_COUNT, on_project, end_project },
	ROWS(""),
	CHECKS(""),
	{ "applications[]", project_field, P_COUNT, NULL },
	ROWS("applications[]."),
	{ "[]", project_field, P_COUNT, on_project, end_project },
	ROWS("[]."),
	CHECKS("[]."),
	{ "[].applications[]", project_field, P_COUNT, NULL },
	ROWS("[].applications[]."),
};

static int sniff(const struct peek *p)
{
	if (!peek_has(p, "ok"))
		return peek_has(p, "packageManager") && peek_has(p, "vulnerabilities") ? 60 : 0;
	if (peek_has(p, ISSUES))
		return 95;
	if (peek_has(p, "vulnerabilities"))
		return peek_has(p, "packageManager") || peek_has(p, "docker") ? 95 : 60;
	return peek_has(p, "error") && peek_has(p, "path") ? 60 : 0;
}

static bool run(const struct source *src, const struct import_opts *o, struct sink *out,
                struct err *e)
{
	struct snyk s = { .sink = out, .opts = o, .error = BUF_INIT, .mem = ARENA_INIT };
	const struct read_opts how = { .sink = out };
	bool ok = read_document(src, scope, LENGTH(scope), &s, &how, e);

	if (ok && !s.any && s.error.len > 0)
		ok = err_set(e, ERR_FORMAT, "no report, but an error of Snyk's: %s", s.error.s);
	else if (ok && !s.any)
		ok = err_set(e, ERR_FORMAT, "not a Snyk report: it holds no project");
	buf_release(&s.error);
	arena_release(&s.mem);
	return ok;
}

const struct importer importer_snyk = {
	.id    = "snyk",
	.title = "Snyk test, container test and iac test",
	.spec  = "https://docs.snyk.io/developer-tools/snyk-cli/commands/container-test",
	.sniff = sniff,
	.run   = run,
};
