/* SPDX-License-Identifier: MIT */
/*
 * asff.c - AWS Security Hub's findings (ASFF), of Inspector and of other tools that write it, such
 * as Trivy by its template. Spec: .spec below.
 */
#include "importers/aws.h"
#include "importers/kinds.h"
#include "importers/peek.h"
#include "importers/value.h"

#define IMAGE "Resources[].Details.AwsEcrContainerImage."
#define OTHER "Resources[].Details.Other."
enum {
	F_SELF, F_ID, F_PRODUCT, F_PROVIDER, F_GENERATOR, F_UPDATED, F_LABEL, F_NUMBER, F_TITLE,
	F_TEXT, F_REMEDY, F_URL, F_STATE, F_WORKFLOW, F_COMPLIANCE, F_KIND, F_RESOURCE, F_REGION,
	F_ACCOUNT, F_REPOSITORY, F_TAG, F_DIGEST, F_ARCH, F_PLATFORM, F_CONTAINER, F_OTHER_ID,
	F_OTHER_TITLE, F_OTHER_NAME, F_OTHER_VERSION, F_OTHER_FIXED, F_OTHER_SCORE,
	F_OTHER_VECTOR, F_FILE, F_RECORD, F_CVES, F_EPSS, F_SCORE, F_TYPES, F_COUNT
};
static const struct read_field finding_field[F_COUNT] = {
	[F_SELF]          = { "" },
	[F_ID]            = { "Id" },
	[F_PRODUCT]       = { "ProductName" },
	[F_PROVIDER]      = { "ProductFields.ProviderName" }, /* before the hub has it */
	[F_GENERATOR]     = { "GeneratorId" },
	[F_UPDATED]       = { "UpdatedAt" },
	[F_LABEL]         = { "Severity.Label" },
	[F_NUMBER]        = { "Severity.Normalized" }, /* that alone in old findings */
	[F_TITLE]         = { "Title" },
	[F_TEXT]          = { "Description" },
	[F_REMEDY]        = { "Remediation.Recommendation.Text" },
	[F_URL]           = { "Remediation.Recommendation.Url" },
	[F_STATE]         = { "RecordState" },
	[F_WORKFLOW]      = { "Workflow.Status" },
	[F_COMPLIANCE]    = { "Compliance.Status" },
	[F_KIND]          = { "Resources[].Type", READ_LIST },
	[F_RESOURCE]      = { "Resources[].Id", READ_LIST },
	[F_REGION]        = { "Resources[].Region", READ_LIST },
	[F_ACCOUNT]       = { IMAGE "RegistryId", READ_LIST },
	[F_REPOSITORY]    = { IMAGE "RepositoryName", READ_LIST },
	[F_TAG]           = { IMAGE "ImageTags[]", READ_LIST },
	[F_DIGEST]        = { IMAGE "ImageDigest", READ_LIST },
	[F_ARCH]          = { IMAGE "Architecture", READ_LIST },
	[F_PLATFORM]      = { "ProductFields.aws/inspector/resources/1/resourceDetails/"
	                      "awsEcrContainerImageDetails/platform" },
	[F_CONTAINER]     = { "Resources[].Details.Container.ImageName", READ_LIST },
	[F_OTHER_ID]      = { OTHER "CVE ID", READ_LIST },
	[F_OTHER_TITLE]   = { OTHER "CVE Title", READ_LIST },
	[F_OTHER_NAME]    = { OTHER "PkgName", READ_LIST },
	[F_OTHER_VERSION] = { OTHER "Installed Package", READ_LIST },
	[F_OTHER_FIXED]   = { OTHER "Patched Package", READ_LIST },
	[F_OTHER_SCORE]   = { OTHER "NvdCvssScoreV3", READ_LIST },
	[F_OTHER_VECTOR]  = { OTHER "NvdCvssVectorV3", READ_LIST },
	[F_FILE]          = { OTHER "Filename", READ_LIST },
	[F_RECORD]        = { "SchemaVersion" },
	[F_CVES]          = { "Vulnerabilities[].Id", READ_LIST },
	[F_EPSS]          = { "EpssScore" },
	[F_SCORE]         = { "ProductFields.aws/inspector/inspectorScore" },
	[F_TYPES]         = { "Types", READ_LIST },
};

enum { V_ID, V_URL, V_SEVERITY, V_SCORE, V_VECTOR, V_EPSS, V_RELATED, V_FIX, V_COUNT };
static const struct read_field vulnerability_field[V_COUNT] = {
	[V_ID]       = { "Id" },
	[V_URL]      = { "Vendor.Url" },
	[V_SEVERITY] = { "Vendor.VendorSeverity" },
	[V_SCORE]    = { "Cvss[].BaseScore", READ_LIST },
	[V_VECTOR]   = { "Cvss[].BaseVector", READ_LIST },
	[V_EPSS]     = { "EpssScore" },
	[V_RELATED]  = { "RelatedVulnerabilities", READ_LIST },
	[V_FIX]      = { "FixAvailable" },
};

static const struct read_field package_field[AWS_PACKAGE] = {
	[AWS_SELF]    = { "" },
	[AWS_NAME]    = { "Name" },
	[AWS_EPOCH]   = { "Epoch" },
	[AWS_VERSION] = { "Version" },
	[AWS_RELEASE] = { "Release" },
	[AWS_MANAGER] = { "PackageManager" },
	[AWS_FIXED]   = { "FixedInVersion" },
	[AWS_PATH]    = { "FilePath" },
	[AWS_LAYER]   = { "SourceLayerHash" },
};

struct asff {
	struct scanner s;    /* first: the context of a scanner's functions */
	struct buf     tool; /* of the scan that was put                    */
	struct buf     last; /* resource of the finding before              */
	int64_t        at;   /* the newest update of a finding              */
	bool           rows; /* the finding in hand has given one           */
};

/* The hub's word for how severe it is, or the one that it has for the number. */
static const char *severity_of(const struct read_record *r)
{
	const char *label = read_text(r, F_LABEL);
	int64_t n;

	if (label != NULL || !read_int(r, F_NUMBER, 0, 100, &n))
		return label;
	return n == 0 ? "INFORMATIONAL" : n < 40 ? "LOW" : n < 70 ? "MEDIUM" :
	       n < 90 ? "HIGH" : "CRITICAL";
}

/* ---- scan and asset ---- */

/* Whose findings these are, in the word that the tool's own reports have. */
static const char *tool_of(const struct read_record *r)
{
	static const char *const known[] = { "Inspector", "Trivy", "Grype", "Snyk", "Prowler" };
	static const char *const word[] = { "inspector", "trivy", "grype", "snyk", "prowler" };
	const char *name = scanner_text(r, F_PRODUCT, F_PROVIDER);
	int i = str_index(known, LENGTH(known), name);

	if (i < 0 && (name == NULL || str_eq(name, "Default"))) {
		name = read_text(r, F_GENERATOR);
		i = str_index(known, LENGTH(known), name);
		if (i < 0 && name != NULL && str_prefix(name, "Trivy/"))
			return "trivy"; /* the rest is the vulnerability */
	}
	return i >= 0 ? word[i] : name == NULL ? "asff" : name;
}

static bool put_scan(struct asff *a, const struct read_record *r, struct err *e)
{
	const char *tool = tool_of(r);

	if (a->s.any && str_eq(tool, a->tool.s))
		return true;
	buf_reset(&a->tool);
	buf_adds(&a->tool, tool);
	buf_reset(&a->last);
	return scanner_scan(&a->s, &(struct rec_scan){
		.source = tool, .at = a->at, .partial = "findings of a hub" }, e);
}

static const struct aws_resources resources_field = {
	.id = F_RESOURCE, .account = F_ACCOUNT, .region = F_REGION, .repository = F_REPOSITORY,
	.digest = F_DIGEST, .arch = F_ARCH, .tags = F_TAG,
};

static const char *of_resource(const struct read_record *r, size_t field, size_t n)
{
	return aws_of_resource(r, &resources_field, field, n);
}

/* The id of an image ends in its digest: "arn:aws:ecr:...:repository/shop/web/sha256:..." */
static const char *digest_in(const char *id)
{
	const char *last = strrchr(id, '/');

	return last == NULL ? NULL : value_digest(last + 1);
}

static bool put_image(struct asff *a, const struct read_record *r, size_t n, struct err *e)
{
	const char *target = of_resource(r, F_CONTAINER, n), *os = NULL;
	struct aws_image image = aws_image_of(r, &resources_field, n);

	if (image.digest == NULL)
		image.digest = digest_in(of_resource(r, F_RESOURCE, n));
	if (target != NULL && !value_target(&a->s.outer, target, &image.name, &os))
		image.name = target;
	image.os = os != NULL ? os : read_text(r, F_PLATFORM);
	if (image.name == NULL && value_digest(image.digest) == NULL &&
	    (image.account == NULL || image.region == NULL || image.repository == NULL))
		image.name = of_resource(r, F_RESOURCE, n);
	return aws_put_image(&a->s, r, &image, e);
}

static bool put_resource(struct asff *a, const struct read_record *r, size_t n, struct err *e)
{
	const char *id = of_resource(r, F_RESOURCE, n), *kind = of_resource(r, F_KIND, n);
	struct rec_asset other = { .kind = ASSET_TREE, .name = id };

	if (str_eq(id, a->last.s))
		return true;
	buf_reset(&a->last);
	buf_adds(&a->last, id);
	arena_reset(&a->s.outer);
	if (str_eq(kind, "AwsEcrContainerImage") || str_eq(kind, "Container"))
		return put_image(a, r, n, e);
	if (str_eq(kind, "AwsEc2Instance"))
		other.kind = ASSET_HOST;
	return scanner_asset(&a->s, &other, e);
}

/* ---- findings ---- */

static bool is_settled(const struct read_record *r)
{
	return str_eq(read_text(r, F_STATE), "ARCHIVED") ||
	       str_eq(read_text(r, F_WORKFLOW), "RESOLVED") ||
	       str_eq(read_text(r, F_WORKFLOW), "SUPPRESSED") ||
	       str_eq(read_text(r, F_COMPLIANCE), "PASSED");
}

/* Once for each resource of the finding `f`. */
static bool put_row(struct asff *a, const struct read_record *f, const struct read_record *r,
                    const struct rec_vulnerability *v, struct err *e)
{
	bool suppressed = str_eq(read_text(f, F_WORKFLOW), "SUPPRESSED"), ok = true;
	size_t resources = read_count(f, F_RESOURCE);

	a->rows = true;
	for (size_t i = 0; ok && i < resources; i++)
		ok = put_resource(a, f, i, e) &&
		     (is_settled(f) ? aws_settled(&a->s, r, v, suppressed ? "ignored" : "fixed",
		                                  NULL, e)
		                    : scanner_row(&a->s, r, v, e));
	return ok;
}

/* Trivy's template names the result: an image with its system, or the file of a language. */
static const char *other_type(struct asff *a, const struct read_record *r)
{
	const char *target = read_item(r, F_CONTAINER, NULL), *name, *os;

	if (target == NULL)
		target = read_item(r, F_RESOURCE, NULL);
	return value_target(&a->s.mem, target, &name, &os) ? kind_of_system(os) :
	                                                     kind_of_path(target);
}

/* As Trivy's template writes it: one package, told among other details. */
static bool put_other(struct asff *a, const struct read_record *r, struct err *e)
{
	return put_row(a, r, r, &(struct rec_vulnerability){
		.id           = read_item(r, F_OTHER_ID, NULL),
		.title        = read_item(r, F_OTHER_TITLE, NULL),
		.text         = read_text(r, F_TEXT),
		.url          = read_text(r, F_URL),
		.severity     = severity_fold(severity_of(r)),
		.severity_raw = severity_of(r),
		.score        = value_score(read_item(r, F_OTHER_SCORE, NULL)),
		.vector       = read_item(r, F_OTHER_VECTOR, NULL),
		.epss         = -1,
		.package_type = other_type(a, r),
		.package      = read_item(r, F_OTHER_NAME, NULL),
		.version      = read_item(r, F_OTHER_VERSION, NULL),
		.fixed_in     = read_item(r, F_OTHER_FIXED, NULL),
	}, e);
}

static bool on_finding(void *ctx, const struct read_record *r, struct err *e)
{
	struct asff *a = ctx;

	a->rows = true;
	if (r->scope->path[0] == '\0' && read_text(r, F_RECORD) == NULL)
		return true; /* what is around the findings */
	if (read_text(r, F_ID) == NULL || read_text(r, F_RECORD) == NULL)
		return read_skip(r, "not a finding", e);
	if (read_item(r, F_RESOURCE, NULL) == NULL)
		return read_skip(r, "no resource", e);
	if (!put_scan(a, r, e) || !put_resource(a, r, 0, e))
		return false;
	a->rows = false;
	return read_item(r, F_OTHER_ID, NULL) == NULL || put_other(a, r, e);
}

static bool on_package(void *ctx, const struct read_record *r, struct err *e)
{
	struct asff *a = ctx;
	const struct read_record *v = r->up, *f = v->up;
	const char *alias[AWS_NAMES];
	struct rec_vulnerability row = {
		.id           = read_text(v, V_ID),
		.aliases      = alias,
		.naliases     = aws_related(v, V_RELATED, alias),
		.title        = read_text(f, F_TITLE),
		.text         = read_text(f, F_TEXT),
		.url          = read_text(v, V_URL),
		.severity     = severity_fold(severity_of(f)),
		.severity_raw = severity_of(f),
		.score        = value_score(read_item(v, V_SCORE, NULL)),
		.vector       = read_item(v, V_VECTOR, NULL),
		.epss         = value_share(scanner_word(read_text(v, V_EPSS),
		                                         read_text(f, F_EPSS))),
		.fix_state    = str_eq(read_text(v, V_FIX), "NO") ? "not-fixed" : NULL,
	};

	arena_reset(&a->s.mem);
	aws_package(&a->s, r, read_text(f, F_PLATFORM), &row);
	return put_row(a, f, r, &row, e);
}

/*
 * Of some findings Inspector tells no package, but in the title: "CVE-2022-3643 - kernel". False
 * when it is no such title.
 */
static bool titled(struct asff *a, const struct read_record *r, const char **id,
                   const char **package)
{
	static const char between[] = " - ";
	const char *title = read_text(r, F_TITLE);
	const char *end = title == NULL ? NULL : strstr(title, between);

	if (end == NULL || !(str_prefix(title, "CVE-") || str_prefix(title, "GHSA-")))
		return false;
	*id = arena_dupn(&a->s.mem, title, (size_t)(end - title));
	*package = arena_dup(&a->s.mem, end + strlen(between));
	return true;
}

static bool put_titled(struct asff *a, const struct read_record *r, const char *id,
                       const char *package, struct err *e)
{
	return put_row(a, r, r, &(struct rec_vulnerability){
		.id           = id,
		.title        = read_text(r, F_TITLE),
		.text         = read_text(r, F_TEXT),
		.severity     = severity_fold(severity_of(r)),
		.severity_raw = severity_of(r),
		.score        = value_score(read_text(r, F_SCORE)),
		.epss         = value_share(read_text(r, F_EPSS)),
		.package      = package,
	}, e);
}

static enum verdict check_verdict(const struct read_record *r)
{
	if (is_settled(r))
		return VERDICT_PASS;
	if (str_eq(read_text(r, F_COMPLIANCE), "WARNING"))
		return VERDICT_WARN;
	return str_eq(read_text(r, F_COMPLIANCE), "NOT_AVAILABLE") ? VERDICT_SKIP : VERDICT_FAIL;
}

/*
 * Prowler's checks have its name before them, so that they are the hub's own. GuardDuty names the
 * detector for all that it finds, and what that is as the type.
 */
static const char *rule_of(const struct read_record *r)
{
	static const char own[] = "prowler-";
	const char *id = scanner_text(r, F_GENERATOR, F_TITLE);

	if (id != NULL && strstr(id, ":detector/") != NULL && read_count(r, F_TYPES) > 0)
		return read_item(r, F_TYPES, NULL);
	return id != NULL && str_prefix(id, own) ? id + strlen(own) : id;
}

/* A file; of what an account lacks, the region in which it does: each has its own answer. */
static const char *place_of(const struct read_record *r, size_t n)
{
	const char *file = read_item(r, F_FILE, NULL), *id = of_resource(r, F_RESOURCE, n);

	if (file == NULL && (str_eq(of_resource(r, F_KIND, n), "AwsAccount") ||
	                     id[strspn(id, "0123456789")] == '\0'))
		return of_resource(r, F_REGION, n);
	return file;
}

static bool put_check(struct asff *a, const struct read_record *r, struct err *e)
{
	struct record rec = {
		.kind = REC_CHECK,
		.u.check = {
			.kind    = FINDING_MISCONFIGURATION,
			.verdict = check_verdict(r),
			.raw     = scanner_text(r, F_COMPLIANCE, F_STATE),
			.message = read_text(r, F_TEXT),
			.rule    = {
				.id           = rule_of(r),
				.title        = read_text(r, F_TITLE),
				.remediation  = read_text(r, F_REMEDY),
				.url          = read_text(r, F_URL),
				.severity     = severity_fold(severity_of(r)),
				.severity_raw = severity_of(r),
			},
		},
	};
	size_t resources = read_count(r, F_RESOURCE);
	bool ok = true;

	if (rec.u.check.rule.id == NULL)
		return read_skip(r, "no GeneratorId", e);
	for (size_t i = 0; ok && i < resources; i++) {
		rec.u.check.place = place_of(r, i);
		ok = put_resource(a, r, i, e) && scanner_put(&a->s, &rec, e);
	}
	return ok;
}

/* A finding without vulnerabilities is one of configuration. */
static bool end_finding(void *ctx, const struct read_record *r, struct err *e)
{
	struct asff *a = ctx;
	const char *id, *package;

	if (a->rows)
		return true;
	a->rows = true; /* what is around it ends too, and is no finding */
	if (read_count(r, F_CVES) > 0)
		return read_skip(r, "a vulnerability of no package", e);
	arena_reset(&a->s.mem);
	if (titled(a, r, &id, &package))
		return put_titled(a, r, id, package, e);
	return put_check(a, r, e);
}

#define FINDINGS(path, below) \
	{ path, finding_field, F_COUNT, on_finding, end_finding }, \
	{ below "Vulnerabilities[]", vulnerability_field, V_COUNT, NULL }, \
	{ below "Vulnerabilities[].VulnerablePackages[]", package_field, AWS_PACKAGE, on_package }

/* Pages of findings, one or many, also in an array; and findings alone, one or in an array. */
static const struct read_scope pages[] = {
	FINDINGS("Findings[]", "Findings[]."),
	FINDINGS("findings[]", "findings[]."),
	FINDINGS("detail.findings[]", "detail.findings[]."), /* an event of EventBridge */
};
static const struct read_scope alone[] = {
	FINDINGS("", ""),
	FINDINGS("[]", "[]."),
};

/* A list is as new as what is newest in it: findings that nobody touched are old, and there. */
static bool on_time(void *ctx, const struct read_record *r, UNUSED struct err *e)
{
	struct asff *a = ctx;
	int64_t at = read_time(r, 0);

	a->at = at > a->at ? at : a->at;
	return true;
}

static const struct read_field time_field[] = { { "UpdatedAt" } };
static const struct read_scope page_times[] = {
	{ "Findings[]", time_field, LENGTH(time_field), on_time },
	{ "findings[]", time_field, LENGTH(time_field), on_time },
	{ "detail.findings[]", time_field, LENGTH(time_field), on_time },
};
static const struct read_scope alone_times[] = {
	{ "", time_field, LENGTH(time_field), on_time },
	{ "[]", time_field, LENGTH(time_field), on_time },
};

static bool read_times(struct asff *a, const struct source *src, bool single, struct err *e)
{
	const struct read_opts quiet = { 0 };

	return read_document(src, single ? alone_times : page_times,
	                     single ? LENGTH(alone_times) : LENGTH(page_times), a, &quiet, e);
}

static int sniff(const struct peek *p)
{
	if (peek_has(p, "Findings[0].ProductArn") && peek_has(p, "Findings[0].SchemaVersion"))
		return 95;
	if (peek_has(p, "findings[0].ProductArn") && peek_has(p, "findings[0].SchemaVersion"))
		return 95;
	if (peek_has(p, "detail.findings[0].ProductArn"))
		return 95;
	return peek_has(p, "ProductArn") && peek_is(p, "SchemaVersion", "2018-10-08") ? 95 : 0;
}

/* A page without findings, which tells of no tool. */
static bool is_bare(const struct source *src)
{
	return (peek_source_has(src, "Findings") && !peek_source_has(src, "Findings[0]")) ||
	       (peek_source_has(src, "findings") && !peek_source_has(src, "findings[0]"));
}

static bool run(const struct source *src, const struct import_opts *o, struct sink *out,
                struct err *e)
{
	struct asff a = { .s = { .sink = out, .opts = o }, .tool = BUF_INIT, .last = BUF_INIT };
	bool single = peek_source_has(src, "ProductArn"), bare = !single && is_bare(src);
	bool ok = bare ? scanner_scan(&a.s, &(struct rec_scan){ .source = "asff" }, e) :
	          read_times(&a, src, single, e) &&
	          scanner_read(&a.s, src, single ? alone : pages,
	                       single ? LENGTH(alone) : LENGTH(pages), "Security Hub", e);

	buf_release(&a.tool);
	buf_release(&a.last);
	return ok;
}

const struct importer importer_asff = {
	.id    = "asff",
	.title = "AWS Security Hub findings (ASFF)",
	.spec  = "https://docs.aws.amazon.com/securityhub/latest/userguide/"
	         "securityhub-findings-format.html",
	.sniff = sniff,
	.run   = run,
};
