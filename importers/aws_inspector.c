/* SPDX-License-Identifier: MIT */
/*
 * aws_inspector.c - Amazon Inspector's findings (list-findings) and those of a registry's image
 * (ecr describe-image-scan-findings), which are Inspector's or of ECR's own scan. Spec: .spec
 * below.
 */
#include "importers/aws.h"
#include "importers/kube.h"
#include "importers/value.h"

enum {
	R_NEXT, R_REPOSITORY, R_DIGEST, R_STATUS, R_STATUS_TEXT, R_TIME, R_DB, R_EVENT,
	R_EVENT_TIME, R_COUNT
};
static const struct read_field report_field[R_COUNT] = {
	[R_NEXT]        = { "nextToken" },
	[R_REPOSITORY]  = { "repositoryName" },
	[R_DIGEST]      = { "imageId.imageDigest" },
	[R_STATUS]      = { "imageScanStatus.status" },
	[R_STATUS_TEXT] = { "imageScanStatus.description" },
	[R_TIME]        = { "imageScanFindings.imageScanCompletedAt" },
	[R_DB]          = { "imageScanFindings.vulnerabilitySourceUpdatedAt" },
	[R_EVENT]       = { "detail.findingArn" }, /* one finding, as EventBridge sends it */
	[R_EVENT_TIME]  = { "time" },
};

#define DETAILS "packageVulnerabilityDetails."
#define IMAGE   "resources[].details.awsEcrContainerImage."
enum {
	F_SELF, F_ARN, F_TYPE, F_STATUS, F_SEVERITY, F_TITLE, F_TEXT, F_FIX, F_EPSS, F_REMEDY,
	F_ID, F_URL, F_VENDOR, F_SCORE, F_VECTOR, F_RELATED, F_PUBLISHED, F_KIND, F_RESOURCE,
	F_REGION, F_ACCOUNT, F_REPOSITORY, F_TAGS, F_DIGEST, F_ARCH, F_PLATFORM, F_HOST_PLATFORM,
	F_INSPECTOR, F_DETECTOR, F_DETECTS, F_FILE, F_COUNT
};
static const struct read_field finding_field[F_COUNT] = {
	[F_SELF]          = { "" },
	[F_ARN]           = { "findingArn" },
	[F_TYPE]          = { "type" },
	[F_STATUS]        = { "status" },
	[F_SEVERITY]      = { "severity" },
	[F_TITLE]         = { "title" },
	[F_TEXT]          = { "description" },
	[F_FIX]           = { "fixAvailable" },
	[F_EPSS]          = { "epss.score" },
	[F_REMEDY]        = { "remediation.recommendation.text" },
	[F_ID]            = { DETAILS "vulnerabilityId" },
	[F_URL]           = { DETAILS "sourceUrl" },
	[F_VENDOR]        = { DETAILS "vendorSeverity" },
	[F_SCORE]         = { DETAILS "cvss[].baseScore", READ_LIST },
	[F_VECTOR]        = { DETAILS "cvss[].scoringVector", READ_LIST },
	[F_RELATED]       = { DETAILS "relatedVulnerabilities", READ_LIST },
	[F_PUBLISHED]     = { DETAILS "vendorCreatedAt" },
	[F_KIND]          = { "resources[].type", READ_LIST },
	[F_RESOURCE]      = { "resources[].id", READ_LIST },
	[F_REGION]        = { "resources[].region", READ_LIST },
	[F_ACCOUNT]       = { IMAGE "registry", READ_LIST },
	[F_REPOSITORY]    = { IMAGE "repositoryName", READ_LIST },
	[F_TAGS]          = { IMAGE "imageTags[]", READ_LIST },
	[F_DIGEST]        = { IMAGE "imageHash", READ_LIST },
	[F_ARCH]          = { IMAGE "architecture", READ_LIST },
	[F_PLATFORM]      = { IMAGE "platform", READ_LIST },
	[F_HOST_PLATFORM] = { "resources[].details.awsEc2Instance.platform", READ_LIST },
	[F_INSPECTOR]     = { "inspectorScore" },
	[F_DETECTOR]      = { "codeVulnerabilityDetails.detectorId" },
	[F_DETECTS]       = { "codeVulnerabilityDetails.detectorName" },
	[F_FILE]          = { "codeVulnerabilityDetails.filePath.filePath" },
};

static const struct read_field package_field[AWS_PACKAGE] = {
	[AWS_SELF]    = { "" },
	[AWS_NAME]    = { "name" },
	[AWS_EPOCH]   = { "epoch" },
	[AWS_VERSION] = { "version" },
	[AWS_RELEASE] = { "release" },
	[AWS_MANAGER] = { "packageManager" },
	[AWS_FIXED]   = { "fixedInVersion" },
	[AWS_PATH]    = { "filePath" },
	[AWS_LAYER]   = { "sourceLayerHash" },
};

enum { B_SELF, B_ID, B_TEXT, B_URL, B_SEVERITY, B_KEYS, B_VALUES, B_COUNT };
static const struct read_field basic_field[B_COUNT] = {
	[B_SELF]     = { "" },
	[B_ID]       = { "name" },
	[B_TEXT]     = { "description" },
	[B_URL]      = { "uri" },
	[B_SEVERITY] = { "severity" },
	[B_KEYS]     = { "attributes[].key", READ_LIST },
	[B_VALUES]   = { "attributes[].value", READ_LIST },
};

struct aws {
	struct scanner s;        /* first: the context of a scanner's functions             */
	struct buf     last;     /* resource of the finding before                          */
	bool           packages; /* the finding in hand named one                           */
	const char    *partial;  /* why the list is not whole; NULL: nothing says so        */
	const char    *source;   /* of the scan that was put; NULL: none yet                */
	int64_t        at, db;
	int64_t        newest; /* when a finding was last seen, of all in the file          */
};

/* ---- scan and asset ---- */

static bool put_scan(struct aws *a, const char *source, struct err *e)
{
	if (str_eq(a->source, source))
		return true;
	a->source = source;
	return scanner_scan(&a->s, &(struct rec_scan){
		.source = source, .at = a->at, .db_built = a->db, .partial = a->partial }, e);
}

/* Times come as text, or as seconds with decimals. */
static int64_t time_at(const struct read_record *r, size_t field)
{
	const char *text = read_text(r, field);
	int64_t t = read_time(r, field), ns;

	if (t == 0 && text != NULL && kube_epoch_ns(text, &ns))
		t = ns / 1000000000;
	return t;
}

/*
 * The answer of the registry names the image by its digest; its name would want the region. A scan
 * that is not done has no findings to tell.
 */
static bool on_report(void *ctx, const struct read_record *r, struct err *e)
{
	struct aws *a = ctx;
	const char *status = read_text(r, R_STATUS), *text = read_text(r, R_STATUS_TEXT);

	a->partial = read_text(r, R_NEXT) != NULL ? "one page of several" : NULL;
	a->at = time_at(r, R_TIME);
	a->at = a->at == 0 ? a->newest : a->at;
	a->db = time_at(r, R_DB);
	if (read_text(r, R_EVENT) != NULL) {
		a->partial = "an event";
		a->at = time_at(r, R_EVENT_TIME);
		a->source = NULL; /* each was sent at a time of its own */
		buf_reset(&a->last);
	}
	if (status != NULL && !str_eq(status, "COMPLETE") && !str_eq(status, "ACTIVE"))
		return err_set(e, ERR_FORMAT, "the registry has no result: scan status %s%s%s",
		               status, text == NULL ? "" : ": ", text == NULL ? "" : text);
	a->s.any = true;
	if (read_text(r, R_REPOSITORY) == NULL)
		return true;
	return put_scan(a, str_eq(status, "ACTIVE") ? "inspector" : "ecr", e) &&
	       scanner_image(&a->s, &(struct scanner_image){
		.kind   = DIGEST_MANIFEST,
		.digest = read_text(r, R_DIGEST),
	}, e) && scanner_cover(&a->s, FINDING_VULNERABILITY, e);
}

static const struct aws_resources resources_field = {
	.id = F_RESOURCE, .account = F_ACCOUNT, .region = F_REGION, .repository = F_REPOSITORY,
	.digest = F_DIGEST, .arch = F_ARCH, .tags = F_TAGS,
};

static const char *of_resource(const struct read_record *r, size_t field, size_t n)
{
	return aws_of_resource(r, &resources_field, field, n);
}

static bool put_image(struct aws *a, const struct read_record *r, size_t n, struct err *e)
{
	struct aws_image image = aws_image_of(r, &resources_field, n);

	image.os = of_resource(r, F_PLATFORM, n);
	return aws_put_image(&a->s, r, &image, e);
}

static bool put_resource(struct aws *a, const struct read_record *r, size_t n, struct err *e)
{
	const char *kind = of_resource(r, F_KIND, n), *id = of_resource(r, F_RESOURCE, n);
	struct rec_asset other = { .kind = ASSET_TREE, .name = id };

	if (str_eq(id, a->last.s))
		return true;
	buf_reset(&a->last);
	buf_adds(&a->last, id);
	arena_reset(&a->s.outer);
	if (str_eq(kind, "AWS_EC2_INSTANCE"))
		other.kind = ASSET_HOST;
	if (!put_scan(a, "inspector", e) ||
	    !(of_resource(r, F_DIGEST, n) != NULL ? put_image(a, r, n, e) :
	                                            scanner_asset(&a->s, &other, e)))
		return false;
	return scanner_cover(&a->s, FINDING_VULNERABILITY, e);
}

/* ---- Inspector's findings ---- */

/* What is no package: a port that can be reached, a flaw in code. */
static bool put_other(struct aws *a, const struct read_record *r, struct err *e)
{
	const struct record rec = {
		.kind = REC_FINDING,
		.u.finding = {
			.kind    = FINDING_MISCONFIGURATION,
			.place   = scanner_text(r, F_FILE, F_TITLE),
			.message = read_text(r, F_TEXT),
			.rule    = {
				.id           = scanner_text(r, F_DETECTOR, F_TYPE),
				.title        = scanner_text(r, F_DETECTS, F_TITLE),
				.remediation  = read_text(r, F_REMEDY),
				.severity     = severity_fold(read_text(r, F_SEVERITY)),
				.severity_raw = read_text(r, F_SEVERITY),
			},
		},
	};

	size_t resources = read_count(r, F_RESOURCE);
	bool ok = true;

	if (!str_eq(read_text(r, F_STATUS), "ACTIVE"))
		return read_skip(r, "neither active nor about a package", e);
	for (size_t i = 0; ok && i < resources; i++)
		ok = put_resource(a, r, i, e) && scanner_put(&a->s, &rec, e);
	return ok;
}

static bool on_finding(void *ctx, const struct read_record *r, struct err *e)
{
	struct aws *a = ctx;

	a->packages = true;
	if (read_item(r, F_RESOURCE, NULL) == NULL)
		return read_skip(r, "no resource", e);
	if (!put_resource(a, r, 0, e))
		return false;
	if (read_text(r, F_ID) == NULL && read_text(r, F_TYPE) != NULL)
		return put_other(a, r, e);
	a->packages = false;
	return true;
}

static bool end_finding(void *ctx, const struct read_record *r, struct err *e)
{
	struct aws *a = ctx;

	return a->packages || read_skip(r, "no package", e);
}

static void fill_finding(const struct read_record *f, struct rec_vulnerability *v)
{
	v->id = read_text(f, F_ID);
	v->title = read_text(f, F_TITLE);
	v->text = read_text(f, F_TEXT);
	v->url = read_text(f, F_URL);
	v->severity = severity_fold(read_text(f, F_SEVERITY));
	v->severity_raw = read_text(f, F_SEVERITY);
	v->score = value_score(read_item(f, F_SCORE, NULL));
	v->vector = read_item(f, F_VECTOR, NULL);
	if (v->score < 0)
		v->score = value_score(read_text(f, F_INSPECTOR));
	v->epss = value_share(read_text(f, F_EPSS));
	v->published = read_time(f, F_PUBLISHED);
	v->fix_state = str_eq(read_text(f, F_FIX), "NO") ? "not-fixed" : NULL;
}

/*
 * Once for each resource. A finding that was closed is no longer there; one that was suppressed is
 * not to count.
 */
static bool put_row(struct aws *a, const struct read_record *r, const struct rec_vulnerability *v,
                    struct err *e)
{
	const struct read_record *f = r->up;
	const char *status = read_text(f, F_STATUS);
	bool closed = str_eq(status, "CLOSED"), suppressed = str_eq(status, "SUPPRESSED");
	size_t resources = read_count(f, F_RESOURCE);
	bool ok = true;

	for (size_t i = 0; ok && i < resources; i++)
		ok = put_resource(a, f, i, e) &&
		     (closed || suppressed
		      ? aws_settled(&a->s, r, v, closed ? "fixed" : "ignored", status, e)
		      : scanner_row(&a->s, r, v, e));
	return ok;
}

static bool on_package(void *ctx, const struct read_record *r, struct err *e)
{
	struct aws *a = ctx;
	const struct read_record *f = r->up;
	const char *alias[AWS_NAMES];
	struct rec_vulnerability v = {
		.aliases  = alias,
		.naliases = aws_related(f, F_RELATED, alias),
	};

	a->packages = true;
	arena_reset(&a->s.mem);
	fill_finding(f, &v);
	aws_package(&a->s, r, scanner_word(read_item(f, F_PLATFORM, NULL),
	                                   read_item(f, F_HOST_PLATFORM, NULL)), &v);
	return put_row(a, r, &v, e);
}

/* ---- the registry's own scan ---- */

static const char *attribute(const struct read_record *r, const char *key)
{
	const char *k = NULL, *v = NULL;

	if (read_count(r, B_KEYS) != read_count(r, B_VALUES))
		return NULL;
	while ((k = read_item(r, B_KEYS, k)) != NULL) {
		v = read_item(r, B_VALUES, v);
		if (str_eq(k, key))
			return v;
	}
	return NULL;
}

static bool on_basic(void *ctx, const struct read_record *r, struct err *e)
{
	struct aws *a = ctx;
	bool three = attribute(r, "CVSS3_SCORE") != NULL;

	return scanner_row(&a->s, r, &(struct rec_vulnerability){
		.id           = read_text(r, B_ID),
		.text         = read_text(r, B_TEXT),
		.url          = read_text(r, B_URL),
		.severity     = severity_fold(read_text(r, B_SEVERITY)),
		.severity_raw = read_text(r, B_SEVERITY),
		.score        = value_score(attribute(r, three ? "CVSS3_SCORE" : "CVSS2_SCORE")),
		.vector       = attribute(r, three ? "CVSS3_VECTOR" : "CVSS2_VECTOR"),
		.epss         = -1,
		.package      = attribute(r, "package_name"),
		.version      = attribute(r, "package_version"),
		.fixed_in     = attribute(r, "patched_version"),
	}, e);
}

#define FINDINGS(path) \
	{ path, finding_field, F_COUNT, on_finding, end_finding }, \
	{ path ".packageVulnerabilityDetails.vulnerablePackages[]", package_field, AWS_PACKAGE, \
	  on_package }

static const struct read_scope scope[] = {
	{ "", report_field, R_COUNT, on_report },
	FINDINGS("findings[]"),
	FINDINGS("imageScanFindings.enhancedFindings[]"),
	FINDINGS("detail"),
	{ "imageScanFindings.findings[]", basic_field, B_COUNT, on_basic },
};

/* A list of findings does not say when it was drawn up: not before what is newest in it. */
static bool on_time(void *ctx, const struct read_record *r, UNUSED struct err *e)
{
	struct aws *a = ctx;

	for (size_t i = 0; i < r->scope->nfield; i++) {
		int64_t at = time_at(r, i);

		a->newest = at > a->newest ? at : a->newest;
	}
	return true;
}

static const struct read_field time_field[] = { { "lastObservedAt" }, { "updatedAt" } };
static const struct read_scope times[] = {
	{ "findings[]", time_field, LENGTH(time_field), on_time },
	{ "imageScanFindings.enhancedFindings[]", time_field, LENGTH(time_field), on_time },
};

static int sniff(const struct peek *p)
{
	if (peek_has(p, "findings[0].findingArn") && peek_has(p, "findings[0].resources"))
		return 95;
	if (peek_has(p, "detail.findingArn") && peek_has(p, "detail.resources"))
		return 95;
	if (peek_has(p, "imageScanFindings") && peek_has(p, "repositoryName"))
		return 95;
	return peek_has(p, "imageScanStatus") && peek_has(p, "repositoryName") ? 90 : 0;
}

static bool run(const struct source *src, const struct import_opts *o, struct sink *out,
                struct err *e)
{
	struct aws a = { .s = { .sink = out, .opts = o }, .last = BUF_INIT };
	bool ok = read_document(src, times, LENGTH(times), &a, &(struct read_opts){ 0 }, e) &&
	          scanner_read(&a.s, src, scope, LENGTH(scope), "Amazon Inspector", e) &&
	          (a.source != NULL || put_scan(&a, "inspector", e));

	buf_release(&a.last);
	return ok;
}

const struct importer importer_aws_inspector = {
	.id    = "aws-inspector",
	.title = "Amazon Inspector and ECR image scan findings",
	.spec  = "https://docs.aws.amazon.com/inspector/v2/APIReference/API_Finding.html",
	.sniff = sniff,
	.run   = run,
};
