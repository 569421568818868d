/* SPDX-License-Identifier: MIT */
/*
 * sysdig.c - the report of sysdig-cli-scanner, and Sysdig's scheduled report of what workloads run.
 * Spec: .spec below.
 */
#include "importers/scanner.h"
#include "importers/value.h"

enum {
	R_TOOL, R_VERSION, R_TIME, R_NAME, R_ID, R_DIGEST, R_OS, R_SYSTEM, R_ARCH, R_CREATED,
	R_PACKAGES, R_COUNT
};
static const struct read_field report_field[R_COUNT] = {
	[R_TOOL]     = { "scanner.name" },
	[R_VERSION]  = { "scanner.version" },
	[R_TIME]     = { "info.scanTime" },
	[R_NAME]     = { "result.metadata.pullString" },
	[R_ID]       = { "result.metadata.imageId" },
	[R_DIGEST]   = { "result.metadata.digest" },
	[R_OS]       = { "result.metadata.baseOs" },
	[R_SYSTEM]   = { "result.metadata.os" },
	[R_ARCH]     = { "result.metadata.architecture" },
	[R_CREATED]  = { "result.metadata.createdAt" },
	[R_PACKAGES] = { "result.packages" },
};

enum { P_TYPE, P_NAME, P_VERSION, P_PATH, P_LAYER, P_COUNT };
static const struct read_field package_field[P_COUNT] = {
	[P_TYPE]    = { "type" },
	[P_NAME]    = { "name" },
	[P_VERSION] = { "version" },
	[P_PATH]    = { "path" },
	[P_LAYER]   = { "layerDigest" },
};

enum { V_SELF, V_ID, V_SEVERITY, V_SCORE, V_VECTOR, V_FIXED, V_DISCLOSED, V_KEV, V_COUNT };
static const struct read_field row_field[V_COUNT] = {
	[V_SELF]      = { "" },
	[V_ID]        = { "name" },
	[V_SEVERITY]  = { "severity.value" },
	[V_SCORE]     = { "cvssScore.value.score" },
	[V_VECTOR]    = { "cvssScore.value.vector" },
	[V_FIXED]     = { "fixedInVersion" },
	[V_DISCLOSED] = { "disclosureDate" },
	[V_KEV]       = { "cisaKev" },
};

enum {
	W_SELF, W_ID, W_SEVERITY, W_SCORE, W_VECTOR, W_FIXED, W_DISCLOSED, W_KEV, W_NAME, W_VERSION,
	W_TYPE, W_PATH, W_IMAGE, W_IMAGE_ID, W_DISTRO, W_ACCEPTED, W_URL, W_COUNT
};
static const struct read_field workload_field[W_COUNT] = {
	[W_SELF]      = { "" },
	[W_ID]        = { "vuln_id" },
	[W_SEVERITY]  = { "vuln_severity" },
	[W_SCORE]     = { "vuln_cvss_score" },
	[W_VECTOR]    = { "vuln_cvss_vector" },
	[W_FIXED]     = { "vuln_fixed_in_version" },
	[W_DISCLOSED] = { "vuln_disclosure_date" },
	[W_KEV]       = { "vuln_cisa_kev_publish_date" },
	[W_NAME]      = { "scan_package_name" },
	[W_VERSION]   = { "scan_package_version" },
	[W_TYPE]      = { "scan_package_type" },
	[W_PATH]      = { "scan_package_path" },
	[W_IMAGE]     = { "container_image" },
	[W_IMAGE_ID]  = { "container_image_id" },
	[W_DISTRO]    = { "container_image_distro" },
	[W_ACCEPTED]  = { "vuln_risk_accepted" },
	[W_URL]       = { "vuln_link" },
};
/* The report before there were panels. */
static const struct read_field old_workload_field[W_COUNT] = {
	[W_SELF]      = { "" },
	[W_ID]        = { "vulnName" },
	[W_SEVERITY]  = { "vulnSeverity" },
	[W_SCORE]     = { "vulnCvssScore" },
	[W_VECTOR]    = { "vulnCvssVector" },
	[W_FIXED]     = { "vulnFixVersion" },
	[W_DISCLOSED] = { "vulnDisclosureDate" },
	[W_KEV]       = { "vulnCisaKevPublishDate" },
	[W_NAME]      = { "packageName" },
	[W_VERSION]   = { "packageVersion" },
	[W_TYPE]      = { "packageType" },
	[W_PATH]      = { "packagePath" },
	[W_IMAGE]     = { "imagePullString" },
	[W_IMAGE_ID]  = { "imageId" },
	[W_DISTRO]    = { "osName" },
	[W_ACCEPTED]  = { "riskAccepted" },
	[W_URL]       = { "vulnLink" },
};

enum { T_NAME, T_COUNT };
static const struct read_field panel_field[T_COUNT] = {
	[T_NAME] = { "name" },
};

/* ---- one image, by the scanner ---- */

static bool on_report(void *ctx, const struct read_record *r, struct err *e)
{
	struct scanner *s = ctx;

	if (read_text(r, R_PACKAGES) != NULL)
		return err_set(e, ERR_FORMAT, "result.packages is not an array");
	if (read_text(r, R_TOOL) == NULL)
		return true;
	return scanner_begin(s, &(struct rec_scan){
		.source  = "sysdig",
		.version = read_text(r, R_VERSION),
		.at      = read_time(r, R_TIME),
	}, &(struct scanner_image){
		.name   = read_text(r, R_NAME),
		.kind   = DIGEST_UNKNOWN,
		.digest = read_text(r, R_DIGEST),
		.id     = read_text(r, R_ID),
		.os     = read_text(r, R_OS),
		.arch   = value_join(&s->outer, read_text(r, R_SYSTEM), "/",
		                     read_text(r, R_ARCH)),
		.built  = read_time(r, R_CREATED),
	}, e);
}

static bool on_row(void *ctx, const struct read_record *r, struct err *e)
{
	struct scanner *s = ctx;
	const struct read_record *p = r->up, *top = p->up;

	arena_reset(&s->mem);
	return scanner_row(s, r, &(struct rec_vulnerability){
		.id           = read_text(r, V_ID),
		.severity     = severity_fold(read_text(r, V_SEVERITY)),
		.severity_raw = read_text(r, V_SEVERITY),
		.score        = value_score(read_text(r, V_SCORE)),
		.vector       = read_text(r, V_VECTOR),
		.epss         = -1,
		.kev          = read_true(r, V_KEV),
		.published    = read_time(r, V_DISCLOSED),
		.package_type = value_package_type(&s->mem, read_text(p, P_TYPE),
		                                   read_text(top, R_OS)),
		.package      = read_text(p, P_NAME),
		.version      = read_text(p, P_VERSION),
		.fixed_in     = read_text(r, V_FIXED),
		.path         = read_text(p, P_PATH),
		.layer        = read_text(p, P_LAYER),
	}, e);
}

/* ---- the images that workloads run, by the schedule: filters decide what is in it ---- */

static bool put_schedule(struct scanner *s, struct err *e)
{
	return s->any || scanner_scan(s, &(struct rec_scan){
		.source = "sysdig", .partial = "filters of the report" }, e);
}

static bool on_panel(void *ctx, const struct read_record *r UNUSED, struct err *e)
{
	return put_schedule(ctx, e);
}

/* A risk that was accepted is still there: the finding is told, and what was said of it. */
static bool put_accepted(struct scanner *s, const struct read_record *r, const char *type,
                         struct err *e)
{
	const struct record rec = {
		.kind = REC_STATEMENT,
		.u.statement = {
			.advisory     = read_text(r, W_ID),
			.package_type = type,
			.package      = read_text(r, W_NAME),
			.version      = read_text(r, W_VERSION),
			.status       = "ignored",
			.text         = "risk accepted in Sysdig",
		},
	};

	return !read_true(r, W_ACCEPTED) || scanner_put(s, &rec, e);
}

static bool on_workload_row(void *ctx, const struct read_record *r, struct err *e)
{
	struct scanner *s = ctx;
	const char *type;

	if (!put_schedule(s, e))
		return false;
	if (read_text(r, W_ID) == NULL)
		return read_skip(r, "no vulnerability", e);
	if (read_text(r, W_IMAGE) == NULL)
		return read_skip(r, "no image", e);
	arena_reset(&s->mem);
	arena_reset(&s->outer);
	type = value_package_type(&s->mem, read_text(r, W_TYPE), read_text(r, W_DISTRO));
	return scanner_image(s, &(struct scanner_image){
		.name = read_text(r, W_IMAGE),
		.id   = read_text(r, W_IMAGE_ID),
		.os   = read_text(r, W_DISTRO),
	}, e) && scanner_row(s, r, &(struct rec_vulnerability){
		.id           = read_text(r, W_ID),
		.url          = read_text(r, W_URL),
		.severity     = severity_fold(read_text(r, W_SEVERITY)),
		.severity_raw = read_text(r, W_SEVERITY),
		.score        = value_score(read_text(r, W_SCORE)),
		.vector       = read_text(r, W_VECTOR),
		.epss         = -1,
		.kev          = read_text(r, W_KEV) != NULL,
		.published    = read_time(r, W_DISCLOSED),
		.package_type = type,
		.package      = read_text(r, W_NAME),
		.version      = read_text(r, W_VERSION),
		.fixed_in     = read_text(r, W_FIXED),
		.path         = read_text(r, W_PATH),
	}, e) && put_accepted(s, r, type, e);
}

static const struct read_scope scope[] = {
	{ "", report_field, R_COUNT, on_report },
	{ "result.packages[]", package_field, P_COUNT, NULL },
	{ "result.packages[].vulns[]", row_field, V_COUNT, on_row },
	{ "panels[]", panel_field, T_COUNT, on_panel },
	{ "panels[].data[]", workload_field, W_COUNT, on_workload_row },
	{ "data[]", old_workload_field, W_COUNT, on_workload_row },
};

static int sniff(const struct peek *p)
{
	if (peek_is(p, "scanner.name", "sysdig-cli-scanner"))
		return 95;
	if (peek_has(p, "panels[0].data[0].vuln_id"))
		return 95;
	if (peek_has(p, "data[0].vulnName") && peek_has(p, "data[0].imagePullString"))
		return 95;
	return peek_has(p, "schedule") && peek_has(p, "zones") && peek_has(p, "panels") ? 80 : 0;
}

static bool run(const struct source *src, const struct import_opts *o, struct sink *out,
                struct err *e)
{
	struct scanner s = { .sink = out, .opts = o };

	return scanner_read(&s, src, scope, LENGTH(scope), "Sysdig", e);
}

const struct importer importer_sysdig = {
	.id    = "sysdig",
	.title = "Sysdig scanner and workload reports",
	.spec  = "https://docs.sysdig.com/en/sysdig-secure/install-vulnerability-cli-scanner/",
	.sniff = sniff,
	.run   = run,
};
