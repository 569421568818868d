/* SPDX-License-Identifier: MIT */
/* trivy_k8s.c - Trivy's report of a cluster, in its two forms, and its compliance reports. */
#include "importers/kube.h"
#include "importers/trivy_result.h"
#include "importers/value.h"

#define NAMES 64 /* digests and further names of one image; more are left out */

enum { R_CLUSTER, R_RESOURCES, R_ID, R_TITLE, R_RESULTS, R_COUNT };
static const struct read_field report_field[R_COUNT] = {
	[R_CLUSTER]   = { "ClusterName" },
	[R_RESOURCES] = { "Resources" },
	[R_ID]        = { "ID" },
	[R_TITLE]     = { "Title" },
	[R_RESULTS]   = { "Results" },
};

enum {
	W_NAMESPACE, W_KIND, W_NAME, W_ERROR, W_IMAGE_IDS, W_TAGS, W_DIGESTS, W_REFERENCES, W_COUNT
};
static const struct read_field resource_field[W_COUNT] = {
	[W_NAMESPACE]  = { "Namespace" },
	[W_KIND]       = { "Kind" },
	[W_NAME]       = { "Name" },
	[W_ERROR]      = { "Error" },
	[W_IMAGE_IDS]  = { "Metadata[].ImageID", READ_LIST },
	[W_TAGS]       = { "Metadata[].RepoTags[]", READ_LIST },
	[W_DIGESTS]    = { "Metadata[].RepoDigests[]", READ_LIST },
	[W_REFERENCES] = { "Metadata[].Reference", READ_LIST },
};

enum { C_ID, C_NAME, C_SEVERITY, C_TEXT, C_TOTAL, C_COUNT };
static const struct read_field control_field[C_COUNT] = {
	[C_ID]       = { "ID" },
	[C_NAME]     = { "Name" },
	[C_SEVERITY] = { "Severity" },
	[C_TEXT]     = { "Description" },
	[C_TOTAL]    = { "TotalFail" },
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

/*
 * Newer reports describe the image beside the results: told only where it is one image that is
 * meant.
 */
static void fill_image(const struct read_record *w, struct rec_asset *a, struct rec_digest *digest,
                       const char **names)
{
	const char *id = value_digest(read_item(w, W_IMAGE_IDS, NULL)), *s = NULL, *d;
	bool config = id != NULL;

	if (read_count(w, W_IMAGE_IDS) != 1)
		return;
	while (a->ndigest + 1 < NAMES && (s = read_item(w, W_DIGESTS, s)) != NULL) {
		if ((d = value_digest(s)) == NULL)
			continue;
		config = config && !str_eq(d, id);
		digest[a->ndigest++] = (struct rec_digest){ DIGEST_UNKNOWN, d };
	}
	if (config)
		digest[a->ndigest++] = (struct rec_digest){ DIGEST_CONFIG, id };
	for (s = NULL; a->nnames < NAMES && (s = read_item(w, W_TAGS, s)) != NULL; )
		if (*s != '\0' && !str_eq(s, a->name))
			names[a->nnames++] = s;
}

static bool put_image(struct trivy *t, const struct read_record *w, const char *name,
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

	fill_image(w, &rec.u.asset, digest, names);
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
	const char *name, *os;

	if (value_target(&t->mem, read_text(result, T_TARGET), &name, &os)) {
		t->settled = true;
		return put_image(t, w, name, os, e);
	}
	if (t->settled && !(str_eq(read_text(result, T_CLASS), "config") &&
	                    str_eq(read_text(result, T_TYPE), "kubernetes")))
		return true;
	if (read_item(w, W_REFERENCES, NULL) != NULL && read_count(w, W_IMAGE_IDS) == 1 &&
	    !str_eq(read_text(result, T_CLASS), "config")) {
		t->settled = true;
		return put_image(t, w, read_item(w, W_REFERENCES, NULL), NULL, e);
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

	if (read_text(r, R_RESOURCES) != NULL || read_text(r, R_RESULTS) != NULL)
		return err_set(e, ERR_FORMAT, "%s is not an array",
		               read_text(r, R_RESOURCES) != NULL ? "Resources" : "Results");
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

/* A summary has but the number of failures; a control without one is for people to check. */
static bool put_control(struct trivy *t, const struct read_record *r, struct err *e)
{
	const char *total = read_text(r, C_TOTAL);
	int64_t failed = 0;
	bool counted = read_int(r, C_TOTAL, 0, INT64_MAX, &failed);
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
				.text         = read_text(r, C_TEXT),
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
	const char *benchmark = read_text(r->up, R_ID);

	t->any = true;
	t->covered = 0;
	t->settle = settle_control;
	arena_reset(&t->mem);
	arena_reset(&t->outer);
	t->control = (struct trivy_control){
		.benchmark = benchmark,
		.scope     = value_join(&t->outer, benchmark, ":", read_text(r, C_ID)),
		.title     = read_text(r, C_NAME),
		.severity  = read_text(r, C_SEVERITY),
	};
}

static bool on_control(void *ctx, const struct read_record *r, struct err *e)
{
	take_control(ctx, r);
	return read_text(r, C_ID) != NULL || read_skip(r, "no ID", e);
}

static bool on_summary(void *ctx, const struct read_record *r, struct err *e)
{
	take_control(ctx, r);
	return read_text(r, C_ID) != NULL ? put_control(ctx, r, e) : read_skip(r, "no ID", e);
}

/* ---- the importer ---- */

#define RESOURCES(path) \
	{ path, resource_field, W_COUNT, on_resource, NULL }, \
	TRIVY_SCOPES(path ".Results[]", trivy_on_result)

static const struct read_scope scope[] = {
	{ "", report_field, R_COUNT, on_report, NULL },
	RESOURCES("Resources[]"),
	RESOURCES("Vulnerabilities[]"), /* the old form: objects by what was found in them */
	RESOURCES("Misconfigurations[]"),
	{ "Results[]", control_field, C_COUNT, on_control, NULL },
	TRIVY_SCOPES("Results[].Results[]", trivy_on_result),
	{ "SummaryControls[]", control_field, C_COUNT, on_summary, NULL },
};

static int sniff(const struct peek *p)
{
	if (peek_has(p, "SchemaVersion"))
		return 0;
	if (peek_has(p, "ClusterName"))
		return peek_has(p, "Resources") || peek_has(p, "Vulnerabilities") ||
		       peek_has(p, "Misconfigurations") ? 100 : 0;
	if (peek_has(p, "ID") && peek_has(p, "Title"))
		return peek_has(p, "SummaryControls") ? 95 :
		       peek_has(p, "Results[0].Results") ? 90 : peek_has(p, "Results") ? 60 : 0;
	return 0;
}

static bool run(const struct source *src, const struct import_opts *o, struct sink *out,
                struct err *e)
{
	struct trivy t = {
		.sink = out, .src = src, .opts = o, .mem = ARENA_INIT, .outer = ARENA_INIT,
	};
	const struct read_opts how = { .sink = out };
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
