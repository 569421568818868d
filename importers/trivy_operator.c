/* SPDX-License-Identifier: MIT */
/* trivy_operator.c - reports that trivy-operator, and Starboard before it, keep in a cluster. */
#include "importers/importer.h"
#include "importers/kube.h"
#include "importers/read.h"
#include "importers/trivy_operator.h"
#include "importers/value.h"

#define GROUP "aquasecurity.github.io/"
#define BENCH "CISKubeBenchReport" /* kube_bench.c's */

enum {
	O_API, O_KIND, O_NAMESPACE, O_RESOURCE_KIND, O_RESOURCE_NAME, O_RESOURCE_LONG_NAME,
	O_RESOURCE_NAMESPACE, O_OLD_KIND, O_OLD_NAME, O_OLD_NAMESPACE, O_TIME, O_STATUS_TIME,
	O_SCANNER_VERSION, O_SERVER, O_REPOSITORY, O_TAG, O_DIGEST, O_OS_FAMILY, O_OS_NAME,
	O_OS_EOL, O_PASSED, O_BENCHMARK, O_NAME, O_NODE, O_VERB, O_COUNT
};
static const struct read_field object_field[O_COUNT] = {
	[O_API]                = { "apiVersion" },
	[O_KIND]               = { "kind" },
	[O_NAMESPACE]          = { "metadata.namespace" },
	[O_RESOURCE_KIND]      = { "metadata.labels.trivy-operator.resource.kind" },
	[O_RESOURCE_NAME]      = { "metadata.labels.trivy-operator.resource.name" },
	[O_RESOURCE_LONG_NAME] = { "metadata.annotations.trivy-operator.resource.name" },
	[O_RESOURCE_NAMESPACE] = { "metadata.labels.trivy-operator.resource.namespace" },
	[O_OLD_KIND]           = { "metadata.labels.starboard.resource.kind" },
	[O_OLD_NAME]           = { "metadata.labels.starboard.resource.name" },
	[O_OLD_NAMESPACE]      = { "metadata.labels.starboard.resource.namespace" },
	[O_TIME]               = { "report.updateTimestamp" },
	[O_STATUS_TIME]        = { "status.updateTimestamp" },
	[O_SCANNER_VERSION]    = { "report.scanner.version" },
	[O_SERVER]             = { "report.registry.server" },
	[O_REPOSITORY]         = { "report.artifact.repository" },
	[O_TAG]                = { "report.artifact.tag" },
	[O_DIGEST]             = { "report.artifact.digest" },
	[O_OS_FAMILY]          = { "report.os.family" },
	[O_OS_NAME]            = { "report.os.name" },
	[O_OS_EOL]             = { "report.os.eosl" },
	[O_PASSED]             = { "report.summary.passCount" },
	[O_BENCHMARK]          = { "spec.compliance.id" },
	[O_NAME]               = { "metadata.name" },
	[O_NODE]               = { "report.artifact.nodeName" },
	[O_VERB]               = { "verb" }, /* around what is sent to a webhook */
};

enum {
	V_ID, V_PACKAGE, V_VERSION, V_FIXED_IN, V_SEVERITY, V_SCORE, V_TITLE, V_TEXT, V_URL,
	V_LINKS, V_TARGET, V_CLASS, V_TYPE, V_PATH, V_OLD_PATH, V_PURL, V_PUBLISHED, V_SCORE4,
	V_VECTOR4, V_SCORE3, V_VECTOR3, V_SCORE2, V_VECTOR2, V_SELF, V_COUNT
};
static const struct read_field vulnerability_field[V_COUNT] = {
	[V_ID]        = { "vulnerabilityID" },
	[V_PACKAGE]   = { "resource" },
	[V_VERSION]   = { "installedVersion" },
	[V_FIXED_IN]  = { "fixedVersion" },
	[V_SEVERITY]  = { "severity" },
	[V_SCORE]     = { "score" },
	[V_TITLE]     = { "title" },
	[V_TEXT]      = { "description" },
	[V_URL]       = { "primaryLink" },
	[V_LINKS]     = { "links", READ_LIST },
	[V_TARGET]    = { "target" },
	[V_CLASS]     = { "class" },
	[V_TYPE]      = { "packageType" },
	[V_PATH]      = { "packagePath" },
	[V_OLD_PATH]  = { "pkgPath" },
	[V_PURL]      = { "packagePURL" },
	[V_PUBLISHED] = { "publishedDate" },
	[V_SCORE4]    = { "cvss{}.V40Score", READ_LIST },
	[V_VECTOR4]   = { "cvss{}.V40Vector", READ_LIST },
	[V_SCORE3]    = { "cvss{}.V3Score", READ_LIST },
	[V_VECTOR3]   = { "cvss{}.V3Vector", READ_LIST },
	[V_SCORE2]    = { "cvss{}.V2Score", READ_LIST },
	[V_VECTOR2]   = { "cvss{}.V2Vector", READ_LIST },
	[V_SELF]      = { "" },
};

enum { S_RULE, S_TITLE, S_SEVERITY, S_MATCH, S_TARGET, S_COUNT };
static const struct read_field secret_field[S_COUNT] = {
	[S_RULE]     = { "ruleID" },
	[S_TITLE]    = { "title" },
	[S_SEVERITY] = { "severity" },
	[S_MATCH]    = { "match" },
	[S_TARGET]   = { "target" },
};

enum { P_GROUP, P_NAME, P_VERSION, P_PURL, P_LICENCE_IDS, P_LICENCE_NAMES, P_COUNT };
static const struct read_field component_field[P_COUNT] = {
	[P_GROUP]         = { "group" },
	[P_NAME]          = { "name" },
	[P_VERSION]       = { "version" },
	[P_PURL]          = { "purl" },
	[P_LICENCE_IDS]   = { "licenses[].license.id", READ_LIST },
	[P_LICENCE_NAMES] = { "licenses[].license.name", READ_LIST },
};

static const char *first_text(const char *a, const char *b)
{
	return a != NULL ? a : b;
}

static const char *first_of(const struct read_record *r, size_t a, size_t b)
{
	return first_text(read_text(r, a), read_text(r, b));
}

/* ---- the object ---- */

static enum report report_of(const char *kind)
{
	static const char *const name[] = {
		"VulnerabilityReport", "SbomReport", "ExposedSecretReport", "ConfigAuditReport",
		"RbacAssessmentReport", "InfraAssessmentReport", "ComplianceReport",
		"ComplianceDetailReport",
	};
	static const enum report report[] = {
		REPORT_PACKAGES, REPORT_COMPONENTS, REPORT_SECRETS, REPORT_CHECKS,
		REPORT_CHECKS, REPORT_CHECKS, REPORT_CONTROLS, REPORT_DETAILS,
	};
	static const char *const about[] = { "Cluster", "Image", "Node" };
	size_t k;
	int i;

	for (k = 0; kind != NULL && k < LENGTH(about); k++) {
		if (str_prefix(kind, about[k])) {
			kind += strlen(about[k]);
			break;
		}
	}
	i = str_index(name, LENGTH(name), kind);
	return i < 0 ? REPORT_NONE : report[i];
}

/*
 * "registry/repository:tag"; the name that Docker Hub's registry answers to is not the one in use.
 */
static const char *image_name(struct arena *mem, const struct read_record *r)
{
	const char *server = read_text(r, O_SERVER), *repository = read_text(r, O_REPOSITORY);
	const char *tag = read_text(r, O_TAG), *digest = read_text(r, O_DIGEST);

	if (repository == NULL)
		return NULL;
	if (str_eq(server, "index.docker.io"))
		server = "docker.io";
	repository = value_join(mem, server, "/", repository);
	if (tag != NULL)
		return arena_printf(mem, "%s:%s", repository, tag);
	return value_join(mem, repository, "@", digest);
}

/*
 * The digest is the configuration's or the manifest's, as the container's status had it: nothing
 * says which.
 */
static bool put_image(struct operator *o, const struct read_record *r, struct err *e)
{
	const struct rec_digest digest = { DIGEST_UNKNOWN, value_digest(read_text(r, O_DIGEST)) };
	struct record rec = {
		.kind = REC_ASSET,
		.u.asset = {
			.kind    = ASSET_IMAGE,
			.digest  = &digest,
			.ndigest = digest.value != NULL,
		},
	};

	if (read_text(r, O_NODE) != NULL)
		kube_asset(&o->mem, "Node", NULL, read_text(r, O_NODE), &rec.u.asset);
	else
		rec.u.asset.name = image_name(&o->mem, r);
	rec.u.asset.eol = read_true(r, O_OS_EOL);
	rec.u.asset.os = value_join(&o->mem, read_text(r, O_OS_FAMILY), " ",
	                            read_text(r, O_OS_NAME));
	if (rec.u.asset.name != NULL || digest.value != NULL)
		return operator_put(o, &rec, e);
	o->report = REPORT_NONE;
	return read_skip(r, "no image", e);
}

/* Labels name the object; names too long for a label stand in an annotation. */
static bool put_object(struct operator *o, const struct read_record *r, struct err *e)
{
	const char *kind = first_of(r, O_RESOURCE_KIND, O_OLD_KIND);
	const char *space = first_of(r, O_RESOURCE_NAMESPACE, O_OLD_NAMESPACE);
	const char *name = first_of(r, O_RESOURCE_LONG_NAME, O_RESOURCE_NAME);
	struct record rec = { .kind = REC_ASSET };
	const struct rec_asset *a = &rec.u.asset;

	name = first_text(name, read_text(r, O_OLD_NAME));
	space = first_text(space, read_text(r, O_NAMESPACE));
	o->place = kube_asset(&o->mem, str_eq(kind, "NodeInfo") ? "Node" : kind, space, name,
	                      &rec.u.asset);
	if (a->kind == ASSET_WORKLOAD) {
		kind = a->workload_kind;
		name = a->name;
	}
	o->object = value_join(&o->mem, kind, "/", name);
	return operator_put(o, &rec, e);
}

static bool put_asset(struct operator *o, const struct read_record *r, struct err *e)
{
	const struct record cluster = { .kind = REC_ASSET, .u.asset = { .kind = ASSET_CLUSTER } };

	switch (o->report) {
	case REPORT_PACKAGES:
	case REPORT_SECRETS:
	case REPORT_COMPONENTS:
		return put_image(o, r, e);
	case REPORT_DETAILS: /* "nsa-details": apart from the summary, for each is whole */
	case REPORT_CONTROLS:
		o->benchmark = first_text(read_text(r, O_BENCHMARK), read_text(r, O_NAME));
		return operator_put(o, &cluster, e);
	default:
		return put_object(o, r, e);
	}
}

/* Of an item that does not say it itself: "XReportList" of GROUP is a list of XReport. */
static const char *kind_in_list(struct operator *o, const struct read_record *r)
{
	const char *api = r->up == NULL ? NULL : read_text(r->up, O_API);
	const char *kind = r->up == NULL ? NULL : read_text(r->up, O_KIND);
	size_t n = kind == NULL ? 0 : strlen(kind);

	if (api == NULL || !str_prefix(api, GROUP) || n <= 4 || !str_suffix(kind, "List"))
		return NULL;
	return arena_dupn(&o->mem, kind, n - 4);
}

/* Lists and dictionaries of reports are objects too; their members come on their own. */
static bool on_object(void *ctx, const struct read_record *r, struct err *e)
{
	struct operator *o = ctx;
	const char *api = read_text(r, O_API), *kind = read_text(r, O_KIND);
	struct record scan = {
		.kind = REC_SCAN,
		.u.scan = { .version = read_text(r, O_SCANNER_VERSION) },
	};

	o->report = REPORT_NONE;
	o->passes = 0;
	arena_reset(&o->mem);
	if (api == NULL && kind == NULL)
		kind = kind_in_list(o, r);
	if (api == NULL ? kind == NULL : !str_prefix(api, GROUP)) {
		if (r->up == NULL)
			return true;
		return read_skip(r, "no report of trivy-operator", e);
	}
	o->any = true;
	if (kind == NULL || str_suffix(kind, "List"))
		return true;
	if (r->up != NULL && str_eq(read_text(r->up, O_VERB), "delete"))
		return read_skip(r, "a report that was deleted", e);
	o->report = report_of(kind);
	if (o->report == REPORT_NONE)
		return read_skip(r, arena_printf(&o->mem, "kind %s is not read", kind), e);
	scan.u.scan.source = read_text(r, O_OLD_KIND) != NULL ? "starboard" : "trivy-operator";
	scan.u.scan.at = read_time(r, o->report == REPORT_CONTROLS ? O_STATUS_TIME : O_TIME);
	return operator_put(o, &scan, e) && put_asset(o, r, e);
}

/* What the report was complete for; Starboard counts passes that have no rows. */
static bool end_object(void *ctx, const struct read_record *r, struct err *e)
{
	struct operator *o = ctx;
	enum report report = o->report;
	int64_t passed = 0;

	o->report = REPORT_NONE; /* a list that it lies in ends after it */
	switch (report) {
	case REPORT_PACKAGES:
		return operator_cover(o, FINDING_VULNERABILITY, NULL, 0, e);
	case REPORT_SECRETS:
		return operator_cover(o, FINDING_SECRET, NULL, 0, e);
	case REPORT_CHECKS:
		if (read_int(r, O_PASSED, 0, INT64_MAX, &passed))
			passed = passed > o->passes ? passed - o->passes : 0;
		return operator_cover(o, FINDING_MISCONFIGURATION, o->object, passed, e);
	default:
		return true;
	}
}

/* ---- packages and secrets of an image ---- */

/* Older reports tell no type: then packages without a target are the operating system's. */
static const char *package_type(const struct read_record *r)
{
	const char *type = read_text(r, V_TYPE);

	if (type != NULL || read_text(r, V_TARGET) != NULL)
		return type;
	return read_text(r->up, O_OS_FAMILY);
}

/* What lies in files has a path, or the target is their lock file or program. */
static const char *package_path(const struct read_record *r)
{
	const char *path = first_of(r, V_PATH, V_OLD_PATH);

	if (path != NULL || str_eq(read_text(r, V_CLASS), "os-pkgs"))
		return path;
	return read_text(r, V_TARGET);
}

/* The vector of the vendor whose score the report took; NULL: nobody's. */
static const char *score_vector(const struct read_record *r, int score)
{
	static const struct { size_t score, vector; } cvss[] = {
		{ V_SCORE3, V_VECTOR3 }, { V_SCORE2, V_VECTOR2 }, { V_SCORE4, V_VECTOR4 },
	};
	const char *vendor, *number, *vector;
	size_t i;

	for (i = 0; score >= 0 && i < LENGTH(cvss); i++) {
		for (vendor = read_item(r, cvss[i].score, NULL); vendor != NULL;
		     vendor = read_item(r, cvss[i].score, number)) {
			number = read_item(r, cvss[i].score, vendor);
			vector = read_pair(r, cvss[i].vector, vendor);
			if (vector != NULL && value_score(number) == score)
				return vector;
		}
	}
	return NULL;
}

static bool on_vulnerability(void *ctx, const struct read_record *r, struct err *e)
{
	struct operator *o = ctx;
	struct record rec = {
		.kind = REC_VULNERABILITY,
		.u.vulnerability = {
			.id           = read_text(r, V_ID),
			.title        = read_text(r, V_TITLE),
			.text         = read_text(r, V_TEXT),
			.url          = read_text(r, V_URL),
			.severity     = severity_fold(read_text(r, V_SEVERITY)),
			.severity_raw = read_text(r, V_SEVERITY),
			.score        = value_score(read_text(r, V_SCORE)),
			.epss         = -1,
			.published    = read_time(r, V_PUBLISHED),
			.package      = read_text(r, V_PACKAGE),
			.version      = read_text(r, V_VERSION),
			.purl         = read_text(r, V_PURL),
			.fixed_in     = read_text(r, V_FIXED_IN),
			.path         = package_path(r),
		},
	};

	if (o->report != REPORT_PACKAGES)
		return true;
	if (read_text(r, V_SELF) != NULL)
		return read_skip(r, "not an object", e);
	if (rec.u.vulnerability.id == NULL)
		return read_skip(r, "no vulnerabilityID", e);
	if (rec.u.vulnerability.package == NULL)
		return read_skip(r, "no resource", e);
	rec.u.vulnerability.package_type = package_type(r);
	rec.u.vulnerability.vector = score_vector(r, rec.u.vulnerability.score);
	if (rec.u.vulnerability.url == NULL)
		rec.u.vulnerability.url = read_item(r, V_LINKS, NULL);
	return operator_put(o, &rec, e);
}

static bool on_component(void *ctx, const struct read_record *r, struct err *e)
{
	struct operator *o = ctx;
	struct buf licences = BUF_INIT;
	struct record rec = {
		.kind = REC_COMPONENT,
		.u.component = { .version = read_text(r, P_VERSION), .purl = read_text(r, P_PURL) },
	};
	bool ok;

	if (o->report != REPORT_COMPONENTS)
		return true;
	if (read_text(r, P_NAME) == NULL)
		return read_skip(r, "no name", e);
	arena_reset(&o->row);
	rec.u.component.package = value_join(&o->row, read_text(r, P_GROUP), "/",
	                                     read_text(r, P_NAME));
	read_join(r, P_LICENCE_IDS, ", ", &licences);
	if (licences.len == 0)
		read_join(r, P_LICENCE_NAMES, ", ", &licences);
	rec.u.component.licence = licences.len == 0 ? NULL : licences.s;
	ok = operator_put(o, &rec, e);
	buf_release(&licences);
	return ok;
}

static bool on_secret(void *ctx, const struct read_record *r, struct err *e)
{
	struct operator *o = ctx;
	struct record rec = {
		.kind = REC_FINDING,
		.u.finding = {
			.kind  = FINDING_SECRET,
			.place = read_text(r, S_TARGET),
			.rule  = {
				.id           = read_text(r, S_RULE),
				.title        = read_text(r, S_TITLE),
				.severity     = severity_fold(read_text(r, S_SEVERITY)),
				.severity_raw = read_text(r, S_SEVERITY),
			},
		},
	};

	if (o->report != REPORT_SECRETS)
		return true;
	if (rec.u.finding.rule.id == NULL)
		return read_skip(r, "no ruleID", e);
	arena_reset(&o->row);
	rec.u.finding.message = value_mask(&o->row, read_text(r, S_MATCH));
	return operator_put(o, &rec, e);
}

/* ---- the importer ---- */

/* One report, an array of them, and arrays as members: a List, or a dictionary by kind. */
#define OBJECTS(path, below) \
	{ path, object_field, O_COUNT, on_object, end_object }, \
	{ below "report.vulnerabilities[]", vulnerability_field, V_COUNT, on_vulnerability }, \
	{ below "report.checks[]", operator_check_field, OPERATOR_CHECK, operator_on_check }, \
	{ below "report.secrets[]", secret_field, S_COUNT, on_secret }, \
	{ below "report.components.components[]", component_field, P_COUNT, on_component }, \
	{ below "status.detailReport.results[]", operator_control_field, OPERATOR_CONTROL, \
	  operator_on_control }, \
	{ below "status.detailReport.results[].checks[]", operator_check_field, OPERATOR_CHECK, \
	  operator_on_control_check }, \
	{ below "status.summaryReport.controlCheck[]", operator_control_field, OPERATOR_CONTROL, \
	  operator_on_summary }, \
	{ below "status.controlCheck[]", operator_control_field, OPERATOR_CONTROL, \
	  operator_on_summary }, \
	{ below "report.controlCheck[]", operator_control_field, OPERATOR_CONTROL, \
	  operator_on_control }, \
	{ below "report.controlCheck[].checkResults[]", operator_detail_check_field, \
	  OPERATOR_DETAIL_CHECK, NULL }, \
	{ below "report.controlCheck[].checkResults[].details[]", operator_detail_field, \
	  OPERATOR_DETAIL, operator_on_detail }

static const struct read_scope scope[] = {
	OBJECTS("", ""),
	OBJECTS("{}[]", "{}[]."),
	OBJECTS("operatorObject", "operatorObject."),
};

static int sniff(const struct peek *p)
{
	const char *api = peek_text(p, "apiVersion"), *item = peek_text(p, "items[0].apiVersion");

	if (api == NULL)
		api = peek_text(p, "operatorObject.apiVersion");
	if (peek_key_like(p, NULL, ".aquasecurity.github.io"))
		return 95;
	if (str_eq(peek_text(p, "kind"), BENCH) || str_eq(peek_text(p, "items[0].kind"), BENCH))
		return 0;
	if (api != NULL && str_prefix(api, GROUP))
		return 100;
	return item != NULL && str_prefix(item, GROUP) ? 100 : 0;
}

static bool run(const struct source *src, const struct import_opts *opts UNUSED, struct sink *out,
                struct err *e)
{
	struct operator o = { .sink = out, .mem = ARENA_INIT, .row = ARENA_INIT };
	const struct read_opts how = { .sink = out };
	bool ok = read_document(src, scope, LENGTH(scope), &o, &how, e);

	if (ok && !o.any)
		ok = err_set(e, ERR_FORMAT, "no report of trivy-operator: no apiVersion %s", GROUP);
	arena_release(&o.mem);
	arena_release(&o.row);
	return ok;
}

const struct importer importer_trivy_operator = {
	.id    = "trivy-operator",
	.title = "trivy-operator and Starboard reports",
	.spec  = "https://aquasecurity.github.io/trivy-operator/latest/docs/crds/",
	.sniff = sniff,
	.run   = run,
};
