/* SPDX-License-Identifier: MIT */
/* crictl.c - containers of a node as the kubelet's runtime knows them. Spec: .spec below. */
#include "importers/cis_engine.h"
#include "importers/importer.h"
#include "importers/kube.h"
#include "importers/read.h"
#include "importers/tree.h"

enum {
	C_ID, C_NAME, C_STATE, C_IMAGE, C_IMAGE_REF, C_LABELS,
	C_SPEC, C_PRIVILEGED, C_CONFIG_PRIVILEGED, /* of `crictl inspect` only */
	C_COUNT
};
/* The same, where the two commands put it. Of runtimeSpec the environment is never told. */
#define FIELDS(at)                                                                                 \
	{                                                                                          \
		[C_ID] = { at "id" }, [C_NAME] = { at "metadata.name" },                           \
		[C_STATE] = { at "state" }, [C_IMAGE] = { at "image.image" },                      \
		[C_IMAGE_REF] = { at "imageRef" }, [C_LABELS] = { at "labels{}", READ_LIST },      \
		[C_SPEC] = { "info.runtimeSpec", READ_RAW },                                       \
		[C_PRIVILEGED] = { "info.privileged" },                                            \
		[C_CONFIG_PRIVILEGED] = { "info.config.linux.security_context.privileged" },       \
	}
static const struct read_field inspected[C_COUNT] = FIELDS("status."), listed[C_COUNT] = FIELDS("");

struct crictl {
	struct sink *sink;
	struct arena mem; /* strings of the container at hand */
	bool begun;
};

/* Namespaces go on on other nodes. */
static bool put_scan(const struct crictl *c, struct err *e)
{
	struct record rec = { .kind = REC_SCAN,
		              .u.scan = { .source = "crictl",
		                          .partial = "one node of a cluster" } };
	return c->sink->put(c->sink, &rec, e);
}

static const char *label(const struct read_record *r, const char *key)
{
	const char *value = read_pair(r, C_LABELS, key);
	return str_empty(value) ? NULL : value;
}

static void find_owner(struct crictl *c, const struct read_record *r, struct rec_running *run)
{
	run->namespace = label(r, "io.kubernetes.pod.namespace");
	run->pod = label(r, "io.kubernetes.pod.name");
	run->pod_uid = label(r, "io.kubernetes.pod.uid");
	run->container = label(r, "io.kubernetes.container.name");
	if (run->container == NULL)
		run->container = read_text(r, C_NAME);
	struct kube_workload w = kube_workload(&c->mem, "Pod", run->pod);
	run->workload_kind = w.kind;
	run->workload = w.name;
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

static bool on_container(void *ctx, const struct read_record *r, struct err *e)
{
	struct crictl *c = ctx;
	arena_reset(&c->mem);
	if (r->value[C_ID].type != READ_STRING)
		return read_skip(r, "no container", e);
	if (!c->begun && !put_scan(c, e))
		return false;
	c->begun = true;
	return put_container(c, r, e);
}

/* The top of a list is no container. */
static bool on_top(void *ctx, const struct read_record *r, struct err *e)
{
	return read_text(r, C_ID) == NULL || on_container(ctx, r, e);
}

static const struct read_scope scopes[] = {
	{ "", inspected, C_COUNT, on_top, NULL },
	{ "[]", inspected, C_COUNT, on_container, NULL },
	{ "containers[]", listed, C_COUNT, on_container, NULL },
};

static bool run(const struct source *src, const struct import_opts *o UNUSED, struct sink *out,
                struct err *e)
{
	struct crictl c = { .sink = out, .mem = ARENA_INIT };
	struct read_opts opts = { .sink = out };
	bool ok = read_document(src, scopes, LENGTH(scopes), &c, &opts, e)
	          && (c.begun || put_scan(&c, e));
	arena_release(&c.mem);
	return ok;
}

static int sniff(const struct peek *p)
{
	if (peek_has(p, "info.runtimeSpec") || peek_has(p, "status.imageRef"))
		return peek_has(p, "status.metadata.name") ? 95 : 0;
	return peek_has(p, "containers[0].podSandboxId") && peek_has(p, "containers[0].imageRef")
	               ? 95
	               : 0;
}

const struct importer importer_crictl = {
	.id = "crictl",
	.title = "crictl inspect, crictl ps -o json",
	.spec = "https://github.com/kubernetes-sigs/cri-tools/blob/master/docs/crictl.md",
	.sniff = sniff,
	.run = run,
};
