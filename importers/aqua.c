/* SPDX-License-Identifier: MIT */
/*
 * aqua.c - Aqua's report of an image, and its interface's list of vulnerabilities. Spec: .spec
 * below.
 */
#include "importers/scanner.h"
#include "importers/value.h"

enum {
	R_COUNTED, R_SIZE, R_PAGE, R_IMAGE, R_PULL, R_REGISTRY, R_DIGEST, R_OS, R_VERSION, R_START,
	R_RESOURCES, R_RESULT, R_NAME, R_INNER, R_ROWS, R_ASKED, R_EXACT, R_COUNT
};
static const struct read_field report_field[R_COUNT] = {
	[R_COUNTED]   = { "count" },
	[R_SIZE]      = { "pagesize" },
	[R_PAGE]      = { "page" },
	[R_IMAGE]     = { "image" },
	[R_PULL]      = { "pull_name" },
	[R_REGISTRY]  = { "registry" },
	[R_DIGEST]    = { "digest" },
	[R_OS]        = { "os" },
	[R_VERSION]   = { "version" },
	[R_START]     = { "scan_started.seconds" },
	[R_RESOURCES] = { "resources" },
	[R_RESULT]    = { "result" },
	[R_NAME]      = { "image_name" }, /* of the first version of the interface */
	[R_ROWS]      = { "result[].name", READ_LIST }, /* no page, but its rows */
	[R_INNER]     = { "results.image" }, /* of a list of reports with their images' names */
	[R_ASKED]     = { "query.image_name" }, /* what the answer is to */
	[R_EXACT]     = { "query.image_name_exact_match" },
};

enum { P_NAME, P_VERSION, P_FORMAT, P_PATH, P_HASH, P_COUNT };
static const struct read_field package_field[P_COUNT] = {
	[P_NAME]    = { "resource.name" },
	[P_VERSION] = { "resource.version" },
	[P_FORMAT]  = { "resource.format" },
	[P_PATH]    = { "resource.path" },
	[P_HASH]    = { "resource.hash" },
};

enum {
	V_SELF, V_ID, V_TEXT, V_SEVERITY, V_VENDOR, V_NVD, V_NVD_V3, V_SCORE, V_NVD_SCORE,
	V_CVSS3_SCORE, V_OLD_SCORE, V_VECTOR, V_NVD_VECTOR, V_EPSS, V_URL, V_VENDOR_URL, V_FIXED,
	V_PUBLISHED,
	/* of the interface's rows, which stand alone */
	V_NAME, V_VERSION, V_FORMAT, V_PATH, V_IMAGE, V_REGISTRY, V_DIGEST, V_OS, V_OS_VERSION,
	V_BUILT, V_COUNT
};
static const struct read_field row_field[V_COUNT] = {
	[V_SELF]         = { "" },
	[V_ID]           = { "name" },
	[V_TEXT]         = { "description" },
	[V_SEVERITY]     = { "aqua_severity" },
	[V_VENDOR]       = { "vendor_severity" },
	[V_NVD]          = { "nvd_severity" },
	[V_NVD_V3]       = { "nvd_severity_v3" },
	[V_SCORE]        = { "aqua_score" },
	[V_NVD_SCORE]    = { "nvd_score_v3" },
	[V_CVSS3_SCORE]  = { "nvd_cvss3_score" },
	[V_OLD_SCORE]    = { "nvd_score" },
	[V_VECTOR]       = { "aqua_vectors" },
	[V_NVD_VECTOR]   = { "nvd_vectors_v3" },
	[V_EPSS]         = { "epss_score" },
	[V_URL]          = { "nvd_url" },
	[V_VENDOR_URL]   = { "vendor_url" },
	[V_FIXED]        = { "fix_version" },
	[V_PUBLISHED]    = { "publish_date" },
	[V_NAME]         = { "resource.name" },
	[V_VERSION]      = { "resource.version" },
	[V_FORMAT]       = { "resource.format" },
	[V_PATH]         = { "resource.path" },
	[V_IMAGE]        = { "image_name" },
	[V_REGISTRY]     = { "registry" },
	[V_DIGEST]       = { "image_digest" },
	[V_OS]           = { "os" },
	[V_OS_VERSION]   = { "os_version" },
	[V_BUILT]        = { "image_build_date" },
};

/* The first version of the interface tells neither versions nor kinds of packages. */
enum {
	C_SELF, C_ID, C_FILE, C_TEXT, C_SCORE, C_SEVERITY, C_URL, C_FIXED, C_PUBLISHED, C_COUNT
};
static const struct read_field cve_field[C_COUNT] = {
	[C_SELF]      = { "" },
	[C_ID]        = { "name" },
	[C_FILE]      = { "file" },
	[C_TEXT]      = { "description" },
	[C_SCORE]     = { "score" },
	[C_SEVERITY]  = { "severity" },
	[C_URL]       = { "url" },
	[C_FIXED]     = { "fix_version" },
	[C_PUBLISHED] = { "publishdate" },
};

struct aqua {
	struct scanner s;    /* first: the context of a scanner's functions */
	struct buf     last; /* image of the row before, in a list */
};

/* A list comes in pages: one that does not hold all rows is no complete answer. */
static const char *page(const struct read_record *r)
{
	int64_t count = 0, size = INT64_MAX, number = 1;

	if (!read_int(r, R_COUNTED, 0, INT64_MAX, &count))
		return NULL;
	(void)(read_int(r, R_SIZE, 0, INT64_MAX, &size) && read_int(r, R_PAGE, 0, INT64_MAX,
	                                                            &number));
	return count > size || number > 1 ? "one page of several" : NULL;
}

/* A list without a row says of the image that was asked for, in full, that it has no holes. */
static bool put_asked(struct scanner *s, const struct read_record *r, struct err *e)
{
	const struct scanner_image image = {
		.name = read_true(r, R_EXACT) ? read_text(r, R_ASKED) : NULL,
	};
	int64_t count;

	if (!read_int(r, R_COUNTED, 0, INT64_MAX, &count) || count > 0 ||
	    (image.name == NULL && s->opts->image == NULL))
		return true;
	return scanner_image(s, &image, e) && scanner_cover(s, FINDING_VULNERABILITY, e);
}

static bool on_report(void *ctx, const struct read_record *r, struct err *e)
{
	struct scanner *s = ctx;
	struct rec_scan scan = { .source = "aqua", .partial = page(r) };

	if (read_text(r, R_RESOURCES) != NULL || read_text(r, R_RESULT) != NULL)
		return err_set(e, ERR_FORMAT, "%s is not an array",
		               read_text(r, R_RESULT) != NULL ? "result" : "resources");
	if (read_text(r, R_INNER) != NULL)
		return true;
	if (!read_int(r, R_START, 0, INT32_MAX, &scan.at))
		scan.at = 0;
	if (read_text(r, R_COUNTED) != NULL || read_count(r, R_ROWS) > 0)
		return scanner_scan(s, &scan, e) && put_asked(s, r, e);
	return scanner_begin(s, &scan, &(struct scanner_image){
		.name   = scanner_word(scanner_text(r, R_PULL, R_IMAGE),
		                       value_join(&s->outer, read_text(r, R_REGISTRY), "/",
		                                  read_text(r, R_NAME))),
		.kind   = DIGEST_UNKNOWN,
		.digest = read_text(r, R_DIGEST),
		.os     = value_join(&s->outer, read_text(r, R_OS), " ", read_text(r, R_VERSION)),
	}, e);
}

static const char *severity(const struct read_record *r)
{
	const char *s = scanner_text(r, V_SEVERITY, V_VENDOR);

	return s != NULL ? s : scanner_text(r, V_NVD_V3, V_NVD);
}

static bool is_versions(const char *line, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((line[i] == ' ' || line[i] == '\t') && (i == 0 || line[i - 1] != ','))
			return false;
	return n > 0;
}

/* Where the version belongs a vendor's whole advice may stand: of its lines, those of versions. */
static const char *versions(struct arena *mem, const char *advice)
{
	const char *all = NULL;

	while (advice != NULL && *advice != '\0') {
		size_t n = strcspn(advice, "\r\n");

		if (is_versions(advice, n))
			all = value_join(mem, all, ", ",
			                 arena_printf(mem, "%.*s", (int)n, advice));
		advice += n + strspn(advice + n, "\r\n");
	}
	return all;
}

static bool put_row(struct scanner *s, const struct read_record *r, struct rec_vulnerability *v,
                    struct err *e)
{
	v->id = read_text(r, V_ID);
	v->text = read_text(r, V_TEXT);
	v->url = scanner_text(r, V_URL, V_VENDOR_URL);
	v->severity = severity_fold(severity(r));
	v->severity_raw = severity(r);
	v->score = value_score(scanner_word(scanner_text(r, V_SCORE, V_NVD_SCORE),
	                                    scanner_text(r, V_CVSS3_SCORE, V_OLD_SCORE)));
	v->vector = read_text(r, read_text(r, V_SCORE) != NULL ? V_VECTOR : V_NVD_VECTOR);
	v->epss = value_share(read_text(r, V_EPSS));
	v->published = read_time(r, V_PUBLISHED);
	v->fixed_in = versions(&s->mem, read_text(r, V_FIXED));
	if (v->package == NULL) /* a file that is known by what is in it */
		v->package = v->path;
	return scanner_row(s, r, v, e);
}

static bool on_row(void *ctx, const struct read_record *r, struct err *e)
{
	struct scanner *s = ctx;
	struct rec_vulnerability v = {
		.package_type = read_text(r->up, P_FORMAT),
		.package      = read_text(r->up, P_NAME),
		.version      = scanner_word(read_text(r->up, P_VERSION),
		                             read_text(r->up, P_HASH)),
		.path         = read_text(r->up, P_PATH),
	};

	arena_reset(&s->mem);
	return put_row(s, r, &v, e);
}

static bool on_listed(void *ctx, const struct read_record *r, struct err *e)
{
	struct aqua *a = ctx;
	const char *name = read_text(r, V_IMAGE), *digest = read_text(r, V_DIGEST), *key;
	struct rec_vulnerability v = {
		.package_type = read_text(r, V_FORMAT),
		.package      = read_text(r, V_NAME),
		.version      = read_text(r, V_VERSION),
		.path         = read_text(r, V_PATH),
	};

	arena_reset(&a->s.mem);
	arena_reset(&a->s.outer);
	key = value_join(&a->s.mem, name, "@", digest);
	if (key == NULL && a->s.opts->image == NULL)
		return read_skip(r, "no image_name", e);
	if (key == NULL)
		key = a->s.opts->image;
	if (!str_eq(key, a->last.s)) {
		buf_reset(&a->last);
		buf_adds(&a->last, key);
		if (!scanner_image(&a->s, &(struct scanner_image){
			.name   = name,
			.kind   = DIGEST_UNKNOWN,
			.digest = digest,
			.os     = value_join(&a->s.mem, read_text(r, V_OS), " ",
			                     read_text(r, V_OS_VERSION)),
			.built  = read_time(r, V_BUILT),
		}, e) || !scanner_cover(&a->s, FINDING_VULNERABILITY, e))
			return false;
	}
	return put_row(&a->s, r, &v, e);
}

static bool on_cve(void *ctx, const struct read_record *r, struct err *e)
{
	struct scanner *s = ctx;

	arena_reset(&s->mem);
	return scanner_row(s, r, &(struct rec_vulnerability){
		.id           = read_text(r, C_ID),
		.text         = read_text(r, C_TEXT),
		.url          = read_text(r, C_URL),
		.severity     = severity_fold(read_text(r, C_SEVERITY)),
		.severity_raw = read_text(r, C_SEVERITY),
		.score        = value_score(read_text(r, C_SCORE)),
		.epss         = -1,
		.published    = read_time(r, C_PUBLISHED),
		.package      = read_text(r, C_FILE),
		.fixed_in     = versions(&s->mem, read_text(r, C_FIXED)),
	}, e);
}

static const struct read_scope scope[] = {
	{ "cves[]", cve_field, C_COUNT, on_cve },
	{ "", report_field, R_COUNT, on_report },
	{ "resources[]", package_field, P_COUNT, NULL },
	{ "resources[].vulnerabilities[]", row_field, V_COUNT, on_row },
	{ "result[]", row_field, V_COUNT, on_listed },
	{ "results", report_field, R_COUNT, on_report },
	{ "results.resources[]", package_field, P_COUNT, NULL },
	{ "results.resources[].vulnerabilities[]", row_field, V_COUNT, on_row },
};

static int sniff(const struct peek *p)
{
	if (peek_has(p, "result[0].name") &&
	    (peek_has(p, "result[0].aqua_severity") || peek_has(p, "result[0].nvd_severity") ||
	     peek_has(p, "result[0].nvd_cvss3_score")))
		return peek_has(p, "count") ? 95 : 80;
	if (peek_has(p, "cves_counts") && peek_has(p, "cves"))
		return 95;
	if (peek_has(p, "cves[0].name") &&
	    (peek_has(p, "cves[0].file") || peek_has(p, "cves[0].score")))
		return 90;
	if (peek_has(p, "count") && peek_has(p, "pagesize") && peek_has(p, "result"))
		return 80;
	if (peek_has(p, "image_name") && peek_has(p, "results.resources"))
		return 95;
	if (peek_has(p, "resources[0].vulnerabilities[0].nvd_score"))
		return 80;
	return peek_has(p, "image") && peek_has(p, "resources") &&
	       (peek_has(p, "scan_started") || peek_has(p, "image_assurance_results") ||
	        peek_has(p, "vulnerability_summary")) ? 95 : 0;
}

static bool run(const struct source *src, const struct import_opts *o, struct sink *out,
                struct err *e)
{
	struct aqua a = { .s = { .sink = out, .opts = o }, .last = BUF_INIT };
	bool ok = scanner_read(&a.s, src, scope, LENGTH(scope), "Aqua", e);

	buf_release(&a.last);
	return ok;
}

const struct importer importer_aqua = {
	.id    = "aqua",
	.title = "Aqua image report and list of vulnerabilities",
	.spec  = "https://docs.aquasec.com/",
	.sniff = sniff,
	.run   = run,
};
