/* SPDX-License-Identifier: MIT */
/* trivy_k8s.c - Trivy's report of a cluster, in its two forms, and its compliance reports. */
#include "importers/kube.h"
#include "importers/trivy_result.h"
#include "importers/value.h"

#define NAMES 64 /* digests and further names of one image; more are left out */

enum { R_CLUSTER, R_RESOURCES, R_FINDINGS, R_ID, R_OLD_ID, R_REPORT_ID, R_RESULTS, R_COUNT };
static const struct read_field report_field[R_COUNT] = {
	[R_CLUSTER]   = { "ClusterName" },
	[R_RESOURCES] = { "Resources" },
	[R_FINDINGS]  = { "Findings" },
	[R_ID]        = { "ID" },
	[R_OLD_ID]    = { "id" }, /* of compliance, before version 0.38 */
	[R_REPORT_ID] = { "ReportID" }, /* likewise, of its summary */
	[R_RESULTS]   = { "Results" },
};

/* What a resource says of its images; of one, as an object, before there were several. */
enum { M_IMAGE_IDS, M_TAGS, M_DIGESTS, M_REFERENCES, M_COUNT };
#define METADATA_FIELDS(at, path) \
	[(at) + M_IMAGE_IDS]  = { path ".ImageID", READ_LIST }, \
	[(at) + M_TAGS]       = { path ".RepoTags[]", READ_LIST }, \
	[(at) + M_DIGESTS]    = { path ".RepoDigests[]", READ_LIST }, \
	[(at) + M_REFERENCES] = { path ".Reference", READ_LIST }

enum {
	W_NAMESPACE, W_KIND, W_NAME, W_ERROR, W_IMAGES, W_IMAGE = W_IMAGES + M_COUNT,
	W_COUNT = W_IMAGE + M_COUNT
};
static const struct read_field resource_field[W_COUNT] = {
	[W_NAMESPACE] = { "Namespace" },
	[W_KIND]      = { "Kind" },
	[W_NAME]      = { "Name" },
	[W_ERROR]     = { "Error" },
	METADATA_FIELDS(W_IMAGES, "Metadata[]"),
	METADATA_FIELDS(W_IMAGE, "Metadata"),
};

enum { C_ID, C_NAME, C_SEVERITY, C_TEXT, C_TOTAL, C_OLD, C_COUNT = 2 * C_OLD };
static const struct read_field control_field[C_COUNT] = {
	[C_ID]       = { "ID" },
	[C_NAME]     = { "Name" },
	[C_SEVERITY] = { "Severity" },
	[C_TEXT]     = { "Description" },
	[C_TOTAL]    = { "TotalFail" },
	/* before version 0.38 */
	[C_OLD + C_ID]       = { "id" },
	[C_OLD + C_NAME]     = { "name" },
	[C_OLD + C_SEVERITY] = { "severity" },
	[C_OLD + C_TEXT]     = { "description" },
	[C_OLD + C_TOTAL]    = { "totalFail" },
};

/* ---- what a result is about ---- */

/* The object itself, or what it is part of: the same that every other tool's findings are of. */
static bool put_object(struct trivy *t, const struct read_record *w, struct err *e)
{
	const char *kind = read_text(w, W_KIND), *name = read_text(w, W_NAME);
	struct record rec = { .kind = REC_ASSET };

	t->object.target = value_join(&t->outer, kind, "/", name);
	t->object.place = kube_asset(&t->outer, str_eq(kind, "NodeInfo") ? "Node" : kind,
	                             read_text(w, W_NAMESPACE), name, &rec.u.asset);
	t->covered = 0;
	return t->sink->put(t->sink, &rec, e);
}

/* The resource with the fields of its images. */
static struct read_record as_metadata(const struct read_record *w)
{
	struct read_record m = *w;

	m.value += read_count(w, W_IMAGE + M_IMAGE_IDS) != 0 ? W_IMAGE : W_IMAGES;
	return m;
}

/* Is the reference, with a tag or digest behind it, of this repository? */
static bool is_of(const char *repository, const char *reference)
{
	size_t n = strlen(repository);

	return strncmp(reference, repository, n) == 0 &&
	       (reference[n] == ':' || reference[n] == '@');
}

/* The repository of an image that is alone in having it among those of the resource, else NULL. */
static const char *only_repository(struct arena *mem, const struct read_record *m,
                                   const char *name)
{
	const char *slash = strrchr(name, '/'), *rest = slash == NULL ? name : slash;
	const char *repository = arena_dupn(mem, name, (size_t)(rest - name) + strcspn(rest, ":@"));
	const char *tag = NULL;
	size_t n = 0;

	while ((tag = read_item(m, M_TAGS, tag)) != NULL)
		n += is_of(repository, tag);
	return n == 1 ? repository : NULL;
}

/*
 * Newer reports describe the images beside the results. Of several, the one that is meant is told
 * by its repository, and its config digest is not told.
 */
static void fill_image(struct trivy *t, const struct read_record *m, struct rec_asset *a,
                       struct rec_digest *digest, const char **names)
{
	bool alone = read_count(m, M_IMAGE_IDS) == 1;
	const char *id = alone ? value_digest(read_item(m, M_IMAGE_IDS, NULL)) : NULL, *s, *d;
	const char *repository = alone ? NULL : only_repository(&t->mem, m, a->name);
	bool config = id != NULL;

	if (!alone && repository == NULL)
		return;
	for (s = NULL; a->ndigest + 1 < NAMES && (s = read_item(m, M_DIGESTS, s)) != NULL; ) {
		if ((!alone && !is_of(repository, s)) || (d = value_digest(s)) == NULL)
			continue;
		config = config && !str_eq(d, id);
		digest[a->ndigest++] = (struct rec_digest){ DIGEST_UNKNOWN, d };
	}
	if (config)
		digest[a->ndigest++] = (struct rec_digest){ DIGEST_CONFIG, id };
	for (s = NULL; alone && a->nnames < NAMES && (s = read_item(m, M_TAGS, s)) != NULL; )
		if (*s != '\0' && !str_eq(s, a->name))
			names[a->nnames++] = s;
}

static bool put_image(struct trivy *t, const struct read_record *m, const char *name,
                      const char *os, struct err *e)
{
	struct rec_digest digest[NAMES];
	const char *names[NAMES];
	struct record rec = {
		.kind = REC_ASSET,
		.u.asset = {
			.kind   = ASSET_IMAGE,
			.name   = name,
			.os     = os,
			.digest = digest,
			.names  = names,
		},
	};

	fill_image(t, m, &rec.u.asset, digest, names);
	t->covered = 0;
	return t->sink->put(t->sink, &rec, e);
}

/*
 * An image is told by the target of its system packages; what follows in the same resource is found
 * in that image, checks of the object excepted. Packages before any image belong to the workload.
 */
static bool settle_resource(struct trivy *t, const struct read_record *result, struct err *e)
{
	const struct read_record *w = result->up;
	const struct read_record m = as_metadata(w);
	const char *name, *os;

	if (value_target(&t->mem, read_text(result, T_TARGET), &name, &os)) {
		t->settled = true;
		return put_image(t, &m, name, os, e);
	}
	if (t->settled && !(str_eq(read_text(result, T_CLASS), "config") &&
	                    str_eq(read_text(result, T_TYPE), "kubernetes")))
		return true;
	name = read_count(&m, M_IMAGE_IDS) == 1 ? read_item(&m, M_REFERENCES, NULL) : NULL;
	if (name != NULL && !str_eq(read_text(result, T_CLASS), "config")) {
		t->settled = true;
		return put_image(t, &m, name, NULL, e);
	}
	t->settled = false;
	return put_object(t, w, e);
}

static bool on_resource(void *ctx, const struct read_record *r, struct err *e)
{
	struct trivy *t = ctx;
	const char *error = read_text(r, W_ERROR);

	arena_reset(&t->mem);
	arena_reset(&t->outer);
	t->any = true;
	t->settled = false;
	t->settle = settle_resource;
	t->object = (struct trivy_object){ NULL, NULL };
	return error == NULL || read_skip(r, arena_printf(&t->mem, "not scanned: %s", error), e);
}

/* ---- the report ---- */

static bool on_report(void *ctx, const struct read_record *r, struct err *e)
{
	struct trivy *t = ctx;
	const struct record scan = {
		.kind = REC_SCAN,
		.u.scan = { .source = "trivy", .cluster = read_text(r, R_CLUSTER) },
	};

	static const size_t list[] = { R_RESOURCES, R_FINDINGS, R_RESULTS };
	size_t i;

	for (i = 0; i < LENGTH(list); i++)
		if (read_text(r, list[i]) != NULL)
			return err_set(e, ERR_FORMAT, "%s is not an array",
			               report_field[list[i]].name);
	return t->sink->put(t->sink, &scan, e);
}

/* ---- compliance: controls over the checks of the whole cluster ---- */

/*
 * The scan is complete for the control, and not for the cluster: the checks below it may be those
 * of any object, and its target does not always say which.
 */
static bool settle_control(struct trivy *t, const struct read_record *result, struct err *e)
{
	struct record rec = { .kind = REC_ASSET, .u.asset = { .kind = ASSET_CLUSTER } };
	const char *name, *os;

	if (value_target(&t->mem, read_text(result, T_TARGET), &name, &os)) {
		rec.u.asset.kind = ASSET_IMAGE;
		rec.u.asset.name = name;
		rec.u.asset.os = os;
	}
	return t->sink->put(t->sink, &rec, e);
}

/* The field of a control in the spelling that it has. */
static size_t spelled(const struct read_record *r, size_t field)
{
	return read_text(r, field) != NULL ? field : C_OLD + field;
}

/* A summary has but the number of failures; a control without one is for people to check. */
static bool put_control(struct trivy *t, const struct read_record *r, struct err *e)
{
	const char *total = read_text(r, spelled(r, C_TOTAL));
	int64_t failed = 0;
	bool counted = read_int(r, spelled(r, C_TOTAL), 0, INT64_MAX, &failed);
	struct record asset = { .kind = REC_ASSET, .u.asset = { .kind = ASSET_CLUSTER } };
	struct record cover = {
		.kind = REC_COVER,
		.u.cover = { .kind = FINDING_MISCONFIGURATION, .scope = t->control.scope },
	};
	struct record rec = {
		.kind = REC_CHECK,
		.u.check = {
			.kind      = FINDING_MISCONFIGURATION,
			.benchmark = t->control.benchmark,
			.verdict   = counted ? VERDICT_PASS : VERDICT_MANUAL,
			.raw       = total,
			.scope     = t->control.scope,
			.rule      = {
				.id           = t->control.scope,
				.title        = t->control.title,
				.text         = read_text(r, spelled(r, C_TEXT)),
				.severity     = severity_fold(t->control.severity),
				.severity_raw = t->control.severity,
			},
		},
	};

	if (failed > 0) {
		rec.u.check.verdict = VERDICT_FAIL;
		rec.u.check.message = arena_printf(&t->mem, "%s failed", total);
	}
	return t->sink->put(t->sink, &asset, e) && t->sink->put(t->sink, &cover, e) &&
	       t->sink->put(t->sink, &rec, e);
}

/* What the checks below a control do not say of themselves, the control does. */
static void take_control(struct trivy *t, const struct read_record *r)
{
	static const size_t id[] = { R_ID, R_OLD_ID, R_REPORT_ID };
	const char *benchmark = NULL;

	for (size_t i = 0; benchmark == NULL && i < LENGTH(id); i++)
		benchmark = read_text(r->up, id[i]);
	t->any = true;
	t->covered = 0;
	t->settle = settle_control;
	arena_reset(&t->mem);
	arena_reset(&t->outer);
	t->control = (struct trivy_control){
		.benchmark = benchmark,
		.scope     = value_join(&t->outer, benchmark, ":",
		                        read_text(r, spelled(r, C_ID))),
		.title     = read_text(r, spelled(r, C_NAME)),
		.severity  = read_text(r, spelled(r, C_SEVERITY)),
	};
}

static bool on_control(void *ctx, const struct read_record *r, struct err *e)
{
	take_control(ctx, r);
	return read_text(r, spelled(r, C_ID)) != NULL || read_skip(r, "no ID", e);
}

static bool on_summary(void *ctx, const struct read_record *r, struct err *e)
{
	take_control(ctx, r);
	return read_text(r, spelled(r, C_ID)) != NULL ? put_control(ctx, r, e) :
	       read_skip(r, "no ID", e);
}

/* ---- the importer ---- */

#define RESOURCES(path) \
	{ path, resource_field, W_COUNT, on_resource, NULL }, \
	TRIVY_SCOPES(path ".Results[]", trivy_on_result)

static const struct read_scope scope[] = {
	{ "", report_field, R_COUNT, on_report, NULL },
	RESOURCES("Resources[]"),
	RESOURCES("Findings[]"),  /* the summary: one for each object, whole like the others */
	RESOURCES("Vulnerabilities[]"), /* the old form: objects by what was found in them */
	RESOURCES("Misconfigurations[]"),
	{ "Results[]", control_field, C_COUNT, on_control, NULL },
	TRIVY_SCOPES("Results[].Results[]", trivy_on_result),
	{ "SummaryControls[]", control_field, C_COUNT, on_summary, NULL },
	{ "results[]", control_field, C_COUNT, on_control, NULL },
	TRIVY_SCOPES("results[].results[]", trivy_on_result),
	{ "summaryControls[]", control_field, C_COUNT, on_summary, NULL },
};

static int sniff(const struct peek *p)
{
	if (peek_has(p, "ClusterName"))
		return peek_key_like(p, "Resources", "Resources") || peek_has(p, "Findings") ||
		       peek_has(p, "Vulnerabilities") || peek_has(p, "Misconfigurations") ? 100 : 0;
	if (peek_has(p, "SchemaVersion"))
		return 0;
	if (peek_has(p, "ReportID") && peek_has(p, "SummaryControls"))
		return 90;
	if (peek_has(p, "ID") && peek_has(p, "Title"))
		return peek_has(p, "SummaryControls") ? 95 :
		       peek_has(p, "Results[0].Results") ? 90 : peek_has(p, "Results") ? 60 : 0;
	if (peek_has(p, "id") && peek_has(p, "title"))
		return peek_has(p, "summaryControls[0].id") ||
		       peek_has(p, "results[0].results[0].Target") ? 90 : 0;
	return 0;
}

static bool run(const struct source *src, const struct import_opts *o, struct sink *out,
                struct err *e)
{
	struct trivy t = {
		.sink = out, .src = src, .opts = o, .mem = ARENA_INIT, .outer = ARENA_INIT,
	};
	const struct read_opts how = { .flags = READ_ORDERED, .sink = out };
	bool ok = read_document(src, scope, LENGTH(scope), &t, &how, e);

	if (ok && !t.any)
		ok = err_set(e, ERR_FORMAT, "not a Trivy cluster report: it holds no resources");
	arena_release(&t.mem);
	arena_release(&t.outer);
	return ok;
}

const struct importer importer_trivy_k8s = {
	.id    = "trivy-k8s",
	.title = "Trivy cluster or compliance report",
	.spec  = "https://trivy.dev/latest/docs/target/kubernetes/",
	.sniff = sniff,
	.run   = run,
};
