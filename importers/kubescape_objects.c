/* SPDX-License-Identifier: MIT */
/*
 * kubescape_objects.c - what Kubescape's operator keeps in a cluster: scans of images, bills of
 * materials, controls of workloads.
 *
 * Scans and bills are documents of Grype, Syft and SPDX inside an object that knows the image.
 * Their own importers read them; what they do not say of the image, the object adds on the way.
 */
#include "importers/kube.h"
#include "importers/kubescape.h"
#include "importers/scanner.h"
#include "importers/source.h"
#include "importers/value.h"

#define GROUP "spdx.softwarecomposition.kubescape.io/"

enum {
	O_API, O_KIND, O_IMAGE, O_TAG, O_WLID, O_W_KIND, O_W_NAME, O_W_SPACE, O_SPACE, O_MADE,
	O_AT, O_VERSION, O_RELEVANT, O_PAYLOAD, O_SYFT, O_SPDX, O_ID, O_CONTENT, O_COUNT
};
static const struct read_field object_field[O_COUNT] = {
	[O_API]      = { "apiVersion" },
	[O_KIND]     = { "kind" },
	[O_IMAGE]    = { "metadata.annotations.kubescape.io/image-id" },
	[O_TAG]      = { "metadata.annotations.kubescape.io/image-tag" },
	[O_WLID]     = { "metadata.annotations.kubescape.io/wlid" },
	[O_W_KIND]   = { "metadata.labels.kubescape.io/workload-kind" },
	[O_W_NAME]   = { "metadata.labels.kubescape.io/workload-name" },
	[O_W_SPACE]  = { "metadata.labels.kubescape.io/workload-namespace" },
	[O_SPACE]    = { "metadata.namespace" },
	[O_MADE]     = { "metadata.creationTimestamp" },
	[O_AT]       = { "spec.metadata.report.createdAt" },
	[O_VERSION]  = { "spec.metadata.tool.version" },
	[O_RELEVANT] = { "spec.metadata.withRelevancy" },
	[O_PAYLOAD]  = { "spec.payload", READ_RAW },
	[O_SYFT]     = { "spec.syft", READ_RAW },
	[O_SPDX]     = { "spec.spdx", READ_RAW },
	[O_ID]       = { "ID" }, /* as kubevuln hands it on, before it is an object */
	[O_CONTENT]  = { "Content", READ_RAW },
};

enum {
	C_ID, C_NAME, C_SEVERITY, C_STATUS, C_SUB, C_FAILED, C_FIX, C_VALUE, C_COUNT
};
static const struct read_field control_field[C_COUNT] = {
	[C_ID]       = { "controlID" },
	[C_NAME]     = { "name" },
	[C_SEVERITY] = { "severity.severity" },
	[C_STATUS]   = { "status.status" },
	[C_SUB]      = { "status.subStatus" },
	[C_FAILED]   = { "rules[].paths[].failedPath", READ_LIST },
	[C_FIX]      = { "rules[].paths[].fixPath", READ_LIST },
	[C_VALUE]    = { "rules[].paths[].fixPathValue", READ_LIST },
};

struct objects {
	struct scanner s;        /* first: the context of a scanner's functions          */
	bool           controls; /* the object in hand has controls                      */
	const char    *place;    /* of it in its asset; NULL: it is the asset; in `outer` */
};

/* ---- documents inside ---- */

struct dressed { /* a sink that adds what the object knows */
	struct sink               as; /* first: what the inner importer is given */
	struct sink              *to;
	const struct read_record *object;
	const char               *inside; /* where the document lies */
	struct arena              mem;
};

/* "wlid://cluster-prod/namespace-shop/deployment-web" */
static const char *cluster_of(struct arena *mem, const struct read_record *r)
{
	static const char begin[] = "wlid://cluster-";
	const char *wlid = read_text(r, O_WLID);

	if (wlid == NULL || !str_prefix(wlid, begin))
		return NULL;
	wlid += strlen(begin);
	return *wlid == '/' ? NULL : arena_dupn(mem, wlid, strcspn(wlid, "/"));
}

static int64_t made_at(const struct read_record *r)
{
	return read_time(r, O_AT) > 0 ? read_time(r, O_AT) : read_time(r, O_MADE);
}

static void dress_scan(struct dressed *d, struct rec_scan *scan)
{
	const struct read_record *r = d->object;

	scan->source = "kubescape";
	if (read_text(r, O_VERSION) != NULL)
		scan->version = read_text(r, O_VERSION);
	if (scan->at == 0)
		scan->at = made_at(r);
	scan->cluster = cluster_of(&d->mem, r);
	if (read_true(r, O_RELEVANT))
		scan->partial = "only what a workload uses";
}

/* The image is told by its repository and the digest of a manifest or an index. */
static void dress_asset(struct dressed *d, struct rec_asset *a, struct rec_digest *digest)
{
	const char *image = read_text(d->object, O_IMAGE);
	const char *tag = read_text(d->object, O_TAG);

	if (image == NULL)
		image = read_text(d->object, O_ID);
	a->kind = ASSET_IMAGE;
	if (tag != NULL || a->name == NULL || value_is_file(a->name))
		a->name = tag != NULL ? tag : image;
	*digest = (struct rec_digest){ DIGEST_UNKNOWN, value_digest(image) };
	if (a->ndigest == 0 && digest->value != NULL) {
		a->digest = digest;
		a->ndigest = 1;
	}
}

static bool dressed_put(struct sink *s, const struct record *rec, struct err *e)
{
	struct dressed *d = (struct dressed *)s;
	struct record r = *rec;
	struct rec_digest digest;

	if (r.kind == REC_SCAN)
		dress_scan(d, &r.u.scan);
	if (r.kind == REC_ASSET)
		dress_asset(d, &r.u.asset, &digest);
	if (r.kind == REC_ASSET && r.u.asset.name == NULL && r.u.asset.ndigest == 0)
		return scanner_no_image(e);
	if (r.kind == REC_SKIP)
		r.u.skip.place = arena_printf(&d->mem, "%s: %s", d->inside, r.u.skip.place);
	return d->to->put(d->to, &r, e);
}

static bool no_tick(UNUSED struct sink *s, UNUSED uint64_t done, UNUSED uint64_t total,
                    UNUSED struct err *e)
{
	return true;
}

static bool put_document(struct objects *o, const struct read_record *r, const char *json,
                         struct err *e)
{
	char place[160];
	struct dressed d = {
		.as = { .put = dressed_put, .tick = no_tick }, .to = o->s.sink, .object = r,
		.inside = place, .mem = ARENA_INIT,
	};
	struct import_opts opts = *o->s.opts;
	struct err said = ERR_INIT;
	struct source *src = NULL;
	const struct importer *im = NULL;
	bool ok = false;

	read_place(r, place);
	if (source_open_bytes("document", json, strlen(json), &src, &said))
		im = importer_guess(src, &said);
	if (im != NULL)
		ok = im->run(src, &opts, &d.as, e);
	else
		ok = read_skip(r, "its document is of no known format", e);
	source_close(src);
	arena_release(&d.mem);
	return ok;
}

/* ---- the objects ---- */

static bool put_workload(struct objects *o, const struct read_record *r, struct err *e)
{
	struct rec_asset a;
	const char *space = read_text(r, O_W_SPACE);

	o->controls = true;
	o->place = kube_asset(&o->s.outer, read_text(r, O_W_KIND),
	                      space != NULL ? space : read_text(r, O_SPACE),
	                      read_text(r, O_W_NAME), &a);
	return scanner_scan(&o->s, &(struct rec_scan){ .source = "kubescape",
	                                               .at = made_at(r),
	                                               .cluster = cluster_of(&o->s.outer, r) },
	                    e) &&
	       scanner_asset(&o->s, &a, e);
}

static const char *document_of(const struct read_record *r)
{
	static const size_t field[] = { O_PAYLOAD, O_SYFT, O_SPDX, O_CONTENT };

	for (size_t i = 0; i < LENGTH(field); i++)
		if (read_text(r, field[i]) != NULL)
			return read_text(r, field[i]);
	return NULL;
}

/* Items of "XList" are X, and need not say so. */
static const char *kind_of(struct objects *o, const struct read_record *r)
{
	const char *kind = read_text(r, O_KIND), *list;

	if (kind != NULL || r->up == NULL || (list = read_text(r->up, O_KIND)) == NULL)
		return kind;
	return str_suffix(list, "List") ? arena_dupn(&o->s.outer, list, strlen(list) - 4) : NULL;
}

static bool on_object(void *ctx, const struct read_record *r, struct err *e)
{
	static const char *const documents[] = {
		"VulnerabilityManifest", "SBOMSyft", "SBOMSyftFiltered", "SBOMSPDXv2p3",
		"SBOMSPDXv2p3Filtered",
	};
	struct objects *o = ctx;
	const char *kind, *api = read_text(r, O_API);

	arena_reset(&o->s.outer);
	o->controls = false;
	kind = kind_of(o, r);
	if (r->up == NULL && kind != NULL && str_suffix(kind, "List"))
		return true; /* its items come on their own */
	if (api != NULL && !str_prefix(api, GROUP))
		return read_skip(r, "no object of Kubescape", e);
	o->s.any = true;
	if (kind != NULL && str_prefix(kind, "WorkloadConfigurationScan"))
		return put_workload(o, r, e);
	if (document_of(r) != NULL)
		return put_document(o, r, document_of(r), e);
	if (str_index(documents, LENGTH(documents), kind) >= 0)
		return read_skip(r, "its document was left out, as of every list: get each object "
		                 "by its name", e);
	return read_skip(r, arena_printf(&o->s.outer, "kind %s is not read",
	                                 kind == NULL ? "not told" : kind), e);
}

/* Each control is its own scope, as in the reports. */
static bool on_control(void *ctx, const struct read_record *r, struct err *e)
{
	struct objects *o = ctx;
	const char *status = read_text(r, C_STATUS), *severity = read_text(r, C_SEVERITY);
	const char *id = read_text(r, C_ID) != NULL ? read_text(r, C_ID) : r->key;
	const struct record cover = {
		.kind = REC_COVER,
		.u.cover = { .kind = FINDING_MISCONFIGURATION, .scope = id },
	};
	struct record rec = {
		.kind = REC_CHECK,
		.u.check = {
			.kind    = FINDING_MISCONFIGURATION,
			.verdict = kubescape_verdict(status, read_text(r, C_SUB)),
			.raw     = status,
			.scope   = id,
			.place   = o->place,
			.rule    = { .id = id, .title = read_text(r, C_NAME),
			             .severity = severity_fold(severity),
			             .severity_raw = severity },
		},
	};

	if (!o->controls)
		return true;
	if (rec.u.check.verdict == VERDICT_COUNT)
		return read_skip(r, "unknown status", e);
	arena_reset(&o->s.mem);
	rec.u.check.message = kubescape_fixes(&o->s.mem, scanner_items(&o->s.mem, r, C_FAILED), r,
	                                      C_FIX, C_VALUE);
	return scanner_put(&o->s, &cover, e) && scanner_put(&o->s, &rec, e);
}

/* ---- the importer ---- */

#define OBJECTS(path, below) \
	{ path, object_field, O_COUNT, on_object, NULL }, \
	{ below "spec.controls{}", control_field, C_COUNT, on_control, NULL }

static const struct read_scope scope[] = {
	OBJECTS("", ""),
	OBJECTS("items[]", "items[]."),
};

static int sniff(const struct peek *p)
{
	const char *api = peek_text(p, "apiVersion"), *item = peek_text(p, "items[0].apiVersion");

	if ((api != NULL && str_prefix(api, GROUP)) || (item != NULL && str_prefix(item, GROUP)))
		return 95;
	return peek_has(p, "ID") && (peek_has(p, "Content.matches") ||
	                             peek_has(p, "Content.artifacts")) ? 90 : 0;
}

static bool run(const struct source *src, const struct import_opts *o, struct sink *out,
                struct err *e)
{
	struct objects x = { .s = { .sink = out, .opts = o } };

	return scanner_read(&x.s, src, scope, LENGTH(scope), "Kubescape's operator", e);
}

const struct importer importer_kubescape_objects = {
	.id    = "kubescape-objects",
	.title = "Kubescape's objects in a cluster",
	.spec  = "https://kubescape.io/docs/operator/",
	.sniff = sniff,
	.run   = run,
};
