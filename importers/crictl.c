/* SPDX-License-Identifier: MIT */
/* crictl.c - what runs on a node as the kubelet's runtime knows it. Spec: .spec below. */
#include "importers/cis_engine.h"
#include "importers/crictl.h"
#include "importers/kube.h"
#include "importers/source.h"
#include "importers/tree.h"

enum {
	C_ID, C_NAME, C_STATE, C_IMAGE, C_IMAGE_REF, C_LABELS,
	C_NAMESPACE, C_UID,  /* of pods      */
	C_TAGS, C_DIGESTS,   /* of images    */
	C_SPEC, C_PRIVILEGED, C_CONFIG_PRIVILEGED, /* what is inspected only: containers, */
	C_USER, C_OS, C_ARCH, C_CREATED, C_IMAGE_SPEC, /* images */
	C_COUNT
};
/* The same, where the commands put it. Environments are never asked for. */
#define FIELDS(at)                                                                                 \
	{                                                                                          \
		[C_ID] = { at "id" }, [C_NAME] = { at "metadata.name" },                           \
		[C_STATE] = { at "state" }, [C_IMAGE] = { at "image.image" },                      \
		[C_IMAGE_REF] = { at "imageRef" }, [C_LABELS] = { at "labels{}", READ_LIST },      \
		[C_NAMESPACE] = { at "metadata.namespace" }, [C_UID] = { at "metadata.uid" },      \
		[C_TAGS] = { at "repoTags", READ_LIST },                                           \
		[C_DIGESTS] = { at "repoDigests", READ_LIST },                                     \
		[C_SPEC] = { "info.runtimeSpec", READ_RAW },                                       \
		[C_PRIVILEGED] = { "info.privileged" },                                            \
		[C_CONFIG_PRIVILEGED] = { "info.config.linux.security_context.privileged" },       \
		[C_USER] = { "info.imageSpec.config.User" }, [C_OS] = { "info.imageSpec.os" },     \
		[C_ARCH] = { "info.imageSpec.architecture" },                                      \
		[C_CREATED] = { "info.imageSpec.created" },                                        \
		[C_IMAGE_SPEC] = { "info.imageSpec.rootfs.type" },                                 \
	}
static const struct read_field inspected[C_COUNT] = FIELDS("status."), listed[C_COUNT] = FIELDS("");

/* Namespaces go on on other nodes. */
static bool put_scan(const struct crictl *c, struct err *e)
{
	struct record rec = { .kind = REC_SCAN,
		              .u.scan = { .source = "crictl",
		                          .partial = "one node of a cluster" } };
	return c->sink->put(c->sink, &rec, e);
}

bool crictl_begin(struct crictl *c, struct err *e)
{
	arena_reset(&c->mem);
	if (c->begun)
		return true;
	c->begun = true;
	return put_scan(c, e);
}

static const char *label(const struct read_record *r, const char *key)
{
	const char *value = read_pair(r, C_LABELS, key);
	return str_empty(value) ? NULL : value;
}

void crictl_owner(struct crictl *c, struct rec_running *run)
{
	struct kube_workload w = kube_workload(&c->mem, "Pod", run->pod);
	run->workload_kind = w.kind;
	run->workload = w.name;
}

static void find_owner(struct crictl *c, const struct read_record *r, struct rec_running *run)
{
	run->namespace = label(r, "io.kubernetes.pod.namespace");
	run->pod = label(r, "io.kubernetes.pod.name");
	run->pod_uid = label(r, "io.kubernetes.pod.uid");
	run->container = label(r, "io.kubernetes.container.name");
	if (run->container == NULL)
		run->container = read_text(r, C_NAME);
	crictl_owner(c, run);
}

static bool judge(struct crictl *c, const struct read_record *r, const struct rec_running *run,
                  struct err *e)
{
	struct cis cis = { .sink = c->sink,
		           .mem = &c->mem,
		           .partial = *r->scope->path == '\0' ? "one container" : NULL };
	struct rec_asset host = { .kind = ASSET_HOST };
	json_t *spec = tree_parse(read_text(r, C_SPEC));
	struct cis_oci o = { .cis = &cis,
		             .spec = spec,
		             .image = run->image,
		             .privileged = read_true(r, C_PRIVILEGED)
		                           || read_true(r, C_CONFIG_PRIVILEGED) };
	bool ok = true;
	if (spec == NULL && read_text(r, C_SPEC) != NULL)
		ok = read_skip(r, "its runtimeSpec cannot be read", e);
	o.name = arena_printf(&c->mem, "%s/%s/%s", run->namespace == NULL ? "" : run->namespace,
	                      run->workload == NULL ? "" : run->workload,
	                      run->container == NULL ? "" : run->container);
	if (spec != NULL && run->running)
		ok = cis_begin(&cis, &host, e) && cis_oci(&o, e) && put_scan(c, e);
	json_decref(spec);
	return ok;
}

/* "CONTAINER_RUNNING" */
static const char *phase_of(const char *state)
{
	static const char prefix[] = "CONTAINER_";
	return state != NULL && str_prefix(state, prefix) ? state + strlen(prefix) : state;
}

static bool put_container(struct crictl *c, const struct read_record *r, struct err *e)
{
	struct record rec = { .kind = REC_RUNNING, .u.running = { .node = NULL } };
	struct rec_running *run = &rec.u.running;
	run->container_id = kube_container(read_text(r, C_ID));
	find_owner(c, r, run);
	run->image = read_text(r, C_IMAGE);
	if (kube_is_digest(run->image)) { /* a list has the image's id for its name */
		run->image_id = run->image;
		run->image = NULL;
	}
	run->image_digest = kube_manifest_digest(read_text(r, C_IMAGE_REF));
	if (run->image_id == NULL)
		run->image_id = kube_config_digest(&c->mem, read_text(r, C_IMAGE_REF));
	run->labels = kube_lines(&c->mem, r, C_LABELS);
	run->phase = phase_of(read_text(r, C_STATE));
	run->running = str_eq(run->phase, "RUNNING");
	return c->sink->put(c->sink, &rec, e) && judge(c, r, run, e);
}

/* ---- pods ---- */

static bool put_pod(struct crictl *c, const struct read_record *r, struct err *e)
{
	return crictl_put_pod(c, read_text(r, C_NAMESPACE), read_text(r, C_NAME),
	                      read_text(r, C_UID), e);
}

bool crictl_put_pod(struct crictl *c, const char *space, const char *name, const char *uid,
                    struct err *e)
{
	struct kube_workload w = kube_workload(&c->mem, "Pod", name);
	struct record rec = { .kind = REC_OBJECT,
		              .u.object = { .kind = OBJECT_WORKLOAD,
		                            .namespace = space,
		                            .type = w.kind,
		                            .name = w.name,
		                            .uid = str_eq(w.kind, "Pod") ? uid : NULL,
		                            .replicas = -1 } };
	return c->sink->put(c->sink, &rec, e);
}

/* ---- images ---- */

static bool judge_image(struct crictl *c, const struct read_record *r, const struct rec_asset *a,
                        struct err *e)
{
	struct cis cis = { .sink = c->sink,
		           .mem = &c->mem,
		           .partial = "the runtime knows no health checks" };
	return read_text(r, C_IMAGE_SPEC) == NULL
	       || (cis_begin(&cis, a, e) && cis_image_user(&cis, read_text(r, C_USER), e)
	           && put_scan(c, e));
}

/* The id is the configuration's digest; a repository's is that of an index or of a manifest. */
static bool put_image(struct crictl *c, const struct read_record *r, struct err *e)
{
	struct record rec = { .kind = REC_ASSET, .u.asset = { .kind = ASSET_IMAGE } };
	struct rec_asset *a = &rec.u.asset;
	struct rec_digest *digest = arena_array(&c->mem, struct rec_digest,
	                                        read_count(r, C_DIGESTS) + 1);
	const char **names = arena_array(&c->mem, const char *, read_count(r, C_TAGS) + 1);
	const char *os = read_text(r, C_OS), *arch = read_text(r, C_ARCH), *item = NULL;
	if ((digest[0].value = kube_config_digest(&c->mem, read_text(r, C_ID))) != NULL)
		digest[a->ndigest++].kind = DIGEST_CONFIG;
	while ((item = read_item(r, C_DIGESTS, item)) != NULL) {
		digest[a->ndigest].kind = DIGEST_UNKNOWN;
		digest[a->ndigest].value = kube_manifest_digest(item);
		a->ndigest += digest[a->ndigest].value != NULL;
	}
	while ((item = read_item(r, C_TAGS, item)) != NULL)
		names[a->nnames++] = item;
	a->digest = digest;
	a->name = a->nnames > 0 ? names[0] : read_item(r, C_DIGESTS, NULL);
	a->names = names + 1;
	a->nnames -= a->nnames > 0;
	if (a->name == NULL && a->ndigest == 0)
		return read_skip(r, "neither a name nor a digest", e);
	if (os != NULL && arch != NULL)
		a->arch = arena_printf(&c->mem, "%s/%s", os, arch);
	a->built = read_time(r, C_CREATED);
	return c->sink->put(c->sink, &rec, e) && judge_image(c, r, a, e);
}

/* ---- the objects of a file ---- */

static bool is_image(const struct read_record *r)
{
	return str_prefix(r->scope->path, "images")
	       || read_count(r, C_TAGS) + read_count(r, C_DIGESTS) > 0
	       || read_text(r, C_IMAGE_SPEC) != NULL;
}

/* Sandboxes of pods, containers and images, told apart by what only they have. */
static bool on_object(void *ctx, const struct read_record *r, struct err *e)
{
	struct crictl *c = ctx;
	if (r->value[C_ID].type != READ_STRING)
		return read_skip(r, "no container, pod or image", e);
	if (!crictl_begin(c, e))
		return false;
	if (str_prefix(read_text(r, C_STATE), "SANDBOX_"))
		return put_pod(c, r, e);
	return is_image(r) ? put_image(c, r, e) : put_container(c, r, e);
}

/* The top of a list is none. */
static bool on_top(void *ctx, const struct read_record *r, struct err *e)
{
	return read_text(r, C_ID) == NULL || on_object(ctx, r, e);
}

static const struct read_scope scopes[] = {
	{ "", inspected, C_COUNT, on_top, NULL },
	{ "[]", inspected, C_COUNT, on_object, NULL },
	{ "containers[]", listed, C_COUNT, on_object, NULL },
	{ "items[]", listed, C_COUNT, on_object, NULL },
	{ "images[]", listed, C_COUNT, on_object, NULL },
};

static bool run(const struct source *src, const struct import_opts *o UNUSED, struct sink *out,
                struct err *e)
{
	struct crictl c = { .sink = out, .mem = ARENA_INIT };
	struct read_opts opts = { .sink = out };
	bool ok = (source_form(src) == SOURCE_TEXT
	                   ? crictl_table(&c, src, e)
	                   : read_document(src, scopes, LENGTH(scopes), &c, &opts, e))
	          && crictl_begin(&c, e);
	arena_release(&c.mem);
	return ok;
}

static int sniff(const struct peek *p)
{
	if (peek_has(p, "info.imageSpec") && peek_has(p, "status.id"))
		return 95;
	if (peek_has(p, "status.repoDigests") && peek_has(p, "status.repoTags"))
		return 95;
	if (peek_has(p, "info.runtimeSpec") || peek_has(p, "status.imageRef")
	    || str_prefix(peek_text(p, "status.state"), "SANDBOX_"))
		return peek_has(p, "status.metadata.name") ? 95 : 0;
	if (peek_has(p, "containers[0].podSandboxId") && peek_has(p, "containers[0].imageRef"))
		return 95;
	if (str_prefix(peek_text(p, "items[0].state"), "SANDBOX_"))
		return 95;
	if (peek_has(p, "images[0].id") && peek_has(p, "images[0].repoTags")
	    && peek_has(p, "images[0].size"))
		return 95;
	return crictl_is_table(peek_head(p)) ? 80 : 0;
}

const struct importer importer_crictl = {
	.id = "crictl",
	.title = "crictl inspect, inspectp, inspecti; ps, pods, images",
	.spec = "https://github.com/kubernetes-sigs/cri-tools/blob/master/docs/crictl.md",
	.sniff = sniff,
	.run = run,
};
