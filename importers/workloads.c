/* SPDX-License-Identifier: MIT */
/* workloads.c - what a Kubernetes cluster holds and runs, from kubectl get. Spec: .spec below. */
#include <stdlib.h>

#include "importers/importer.h"
#include "importers/kube.h"
#include "importers/pod.h"
#include "importers/read.h"

/*
 * What every object has, and the few fields of each kind; annotations and env values are never
 * asked for.
 */
enum {
	W_GROUP, W_KIND, W_NAME, W_NAMESPACE, W_UID, W_LABELS, W_OWNER_KINDS, W_OWNER_NAMES,
	W_TYPE, W_SELECTOR, W_REPLICAS, W_NODE, W_PHASE, W_HOST_NETWORK, W_KUBELET, W_OS,
	W_BACKENDS, W_TEMPLATE_LABELS, W_JOB_LABELS,
	W_CONTAINERS, /* three lists of a pod, then of a template, of a job's, of a status */
	W_TEMPLATE = W_CONTAINERS + POD_LIST_COUNT, W_JOB = W_TEMPLATE + POD_LIST_COUNT,
	W_STATUS = W_JOB + POD_LIST_COUNT, W_BACKEND_TOO = W_STATUS + POD_LIST_COUNT,
	W_COUNT = W_BACKEND_TOO + 5
};
static const struct read_field object_fields[W_COUNT] = {
	[W_GROUP] = { "apiVersion" },
	[W_KIND] = { "kind" },
	[W_NAME] = { "metadata.name" },
	[W_NAMESPACE] = { "metadata.namespace" },
	[W_UID] = { "metadata.uid" },
	[W_LABELS] = { "metadata.labels{}", READ_LIST },
	[W_OWNER_KINDS] = { "metadata.ownerReferences[].kind" },
	[W_OWNER_NAMES] = { "metadata.ownerReferences[].name" },
	[W_TYPE] = { "spec.type" },
	[W_SELECTOR] = { "spec.selector{}", READ_LIST },
	[W_REPLICAS] = { "spec.replicas" },
	[W_NODE] = { "spec.nodeName" },
	[W_PHASE] = { "status.phase" },
	[W_HOST_NETWORK] = { "spec.hostNetwork" },
	[W_KUBELET] = { "status.nodeInfo.kubeletVersion" },
	[W_OS] = { "status.nodeInfo.osImage" },
	[W_BACKENDS] = { "spec.rules[].http.paths[].backend.service.name" },
	[W_TEMPLATE_LABELS] = { "spec.template.metadata.labels{}", READ_LIST },
	[W_JOB_LABELS] = { "spec.jobTemplate.spec.template.metadata.labels{}", READ_LIST },
	[W_CONTAINERS + POD_MAIN] = { "spec.containers", READ_RAW },
	[W_CONTAINERS + POD_INIT] = { "spec.initContainers", READ_RAW },
	[W_CONTAINERS + POD_EPHEMERAL] = { "spec.ephemeralContainers", READ_RAW },
	[W_TEMPLATE + POD_MAIN] = { "spec.template.spec.containers", READ_RAW },
	[W_TEMPLATE + POD_INIT] = { "spec.template.spec.initContainers", READ_RAW },
	[W_TEMPLATE + POD_EPHEMERAL] = { "spec.template.spec.ephemeralContainers", READ_RAW },
	[W_JOB + POD_MAIN] = { "spec.jobTemplate.spec.template.spec.containers", READ_RAW },
	[W_JOB + POD_INIT] = { "spec.jobTemplate.spec.template.spec.initContainers", READ_RAW },
	[W_JOB + POD_EPHEMERAL] = { "spec.jobTemplate.spec.template.spec.ephemeralContainers",
	                            READ_RAW },
	[W_STATUS + POD_MAIN] = { "status.containerStatuses", READ_RAW },
	[W_STATUS + POD_INIT] = { "status.initContainerStatuses", READ_RAW },
	[W_STATUS + POD_EPHEMERAL] = { "status.ephemeralContainerStatuses", READ_RAW },
	/* further places of a backend's name: older ingresses, defaults, the gateway's and
	   OpenShift's routes */
	[W_BACKEND_TOO] = { "spec.rules[].http.paths[].backend.serviceName" },
	[W_BACKEND_TOO + 1] = { "spec.defaultBackend.service.name", READ_LIST },
	[W_BACKEND_TOO + 2] = { "spec.backend.serviceName", READ_LIST },
	[W_BACKEND_TOO + 3] = { "spec.rules[].backendRefs[].name" },
	[W_BACKEND_TOO + 4] = { "spec.to.name", READ_LIST },
};

struct inventory {
	struct sink *sink;
	struct arena mem;         /* strings of the object at hand     */
	struct arena names;       /* of the namespaces seen            */
	const char **space;
	size_t       nspace, cap;
	const char  *list_kind;   /* "Pod" of a PodList, whose items do not say; in `names` */
};

static bool put_object(struct inventory *v, const struct record *rec, struct err *e)
{
	return v->sink->put(v->sink, rec, e);
}

/* ---- namespaces: whatever shows one says that it was looked at ---- */

static bool is_seen(const struct inventory *v, const char *space)
{
	for (size_t i = v->nspace; i-- > 0;) { /* lists are sorted, so it is mostly the newest */
		if (str_eq(v->space[i], space))
			return true;
	}
	return false;
}

static void see(struct inventory *v, const char *space)
{
	if (v->nspace == v->cap) {
		v->cap = v->cap == 0 ? 64 : v->cap * 2;
		v->space = xrealloc_array(v->space, v->cap, sizeof(*v->space));
	}
	v->space[v->nspace++] = arena_dup(&v->names, space);
}

static bool put_namespace_of(struct inventory *v, const struct read_record *r, struct err *e)
{
	struct record rec = { .kind = REC_OBJECT,
		              .u.object = { .kind = OBJECT_NAMESPACE, .replicas = -1 } };
	const char *space = read_text(r, W_NAMESPACE);
	if (space == NULL || is_seen(v, space))
		return true;
	see(v, space);
	rec.u.object.name = space;
	return put_object(v, &rec, e);
}

/* ---- one function per kind of object ---- */

static void start(struct inventory *v, const struct read_record *r, enum object_kind kind,
                  struct record *rec)
{
	memset(rec, 0, sizeof(*rec));
	rec->kind = REC_OBJECT;
	rec->u.object.kind = kind;
	rec->u.object.namespace = read_text(r, W_NAMESPACE);
	rec->u.object.name = read_text(r, W_NAME);
	rec->u.object.uid = read_text(r, W_UID);
	rec->u.object.labels = kube_lines(&v->mem, r, W_LABELS);
	rec->u.object.replicas = -1;
}

static const char *role_of(const struct read_record *r)
{
	static const char prefix[] = "node-role.kubernetes.io/";
	const char *key = read_item(r, W_LABELS, NULL);
	while (key != NULL) {
		if (str_prefix(key, prefix) && key[strlen(prefix)] != '\0')
			return key + strlen(prefix);
		const char *value = read_item(r, W_LABELS, key);
		key = value == NULL ? NULL : read_item(r, W_LABELS, value);
	}
	return NULL;
}

static bool put_node(struct inventory *v, const struct read_record *r, struct err *e)
{
	struct record rec;
	start(v, r, OBJECT_NODE, &rec);
	rec.u.object.type = role_of(r);
	rec.u.object.version = read_text(r, W_KUBELET);
	rec.u.object.os = read_text(r, W_OS);
	return put_object(v, &rec, e);
}

static bool put_namespace(struct inventory *v, const struct read_record *r, struct err *e)
{
	struct record rec;
	start(v, r, OBJECT_NAMESPACE, &rec);
	if (!is_seen(v, rec.u.object.name))
		see(v, rec.u.object.name);
	return put_object(v, &rec, e);
}

static bool put_service(struct inventory *v, const struct read_record *r, struct err *e)
{
	struct record rec;
	start(v, r, OBJECT_SERVICE, &rec);
	rec.u.object.type = read_text(r, W_TYPE);
	if (rec.u.object.type == NULL)
		rec.u.object.type = "ClusterIP"; /* the API's default */
	rec.u.object.selector = kube_lines(&v->mem, r, W_SELECTOR);
	return put_object(v, &rec, e);
}

static bool put_ingress(struct inventory *v, const struct read_record *r, struct err *e)
{
	struct record rec;
	struct buf names = BUF_INIT;
	start(v, r, OBJECT_INGRESS, &rec);
	read_join(r, W_BACKENDS, "\n", &names);
	for (size_t i = W_BACKEND_TOO; i < W_COUNT; i++) {
		if (read_count(r, i) > 0 && names.len > 0)
			buf_addc(&names, '\n');
		read_join(r, i, "\n", &names);
	}
	rec.u.object.backends = names.len > 0 ? arena_dup(&v->mem, names.s) : NULL;
	buf_release(&names);
	return put_object(v, &rec, e);
}

/*
 * The controller behind a pod, ReplicaSet or Job; the object itself when it has none (a static
 * pod's is its node).
 */
static struct kube_workload workload_of(struct inventory *v, const struct read_record *r,
                                        const char *kind)
{
	const char *owner = read_item(r, W_OWNER_KINDS, NULL);
	const char *rollout = read_pair(r, W_LABELS, "rollouts-pod-template-hash");
	const char *hash = rollout != NULL ? rollout : read_pair(r, W_LABELS, "pod-template-hash");
	if (owner == NULL || str_eq(owner, "Node"))
		return kube_workload(&v->mem, kind, read_text(r, W_NAME));
	struct kube_workload w = kube_owner(&v->mem, owner, read_item(r, W_OWNER_NAMES, NULL),
	                                    hash);
	if (rollout != NULL && str_eq(w.kind, "Deployment"))
		w.kind = "Rollout"; /* Argo's */
	return w;
}

static bool has_owner(const struct read_record *r)
{
	const char *owner = read_item(r, W_OWNER_KINDS, NULL);
	return owner != NULL && !str_eq(owner, "Node");
}

static void fill_pod(struct inventory *v, const struct read_record *r, size_t lists, struct pod *p)
{
	memset(p, 0, sizeof(*p));
	for (size_t i = 0; i < POD_LIST_COUNT; i++)
		p->containers[i] = read_text(r, lists + i);
	p->run.namespace = read_text(r, W_NAMESPACE);
	p->mem = &v->mem;
	p->sink = v->sink;
}

static bool put_pod(struct inventory *v, const struct read_record *r, struct err *e)
{
	struct pod p;
	struct kube_workload w = workload_of(v, r, "Pod");
	if (!has_owner(r)) {
		struct record rec;
		start(v, r, OBJECT_WORKLOAD, &rec);
		rec.u.object.type = w.kind;
		rec.u.object.name = w.name;
		rec.u.object.replicas = 1;
		if (!put_object(v, &rec, e))
			return false;
	}
	fill_pod(v, r, W_CONTAINERS, &p);
	for (size_t i = 0; i < POD_LIST_COUNT; i++)
		p.statuses[i] = read_text(r, W_STATUS + i);
	p.run.node = read_text(r, W_NODE);
	p.run.workload_kind = w.kind;
	p.run.workload = w.name;
	p.run.pod = read_text(r, W_NAME);
	p.run.pod_uid = read_text(r, W_UID);
	p.run.labels = kube_lines(&v->mem, r, W_LABELS);
	p.run.phase = read_text(r, W_PHASE);
	p.host_network = read_true(r, W_HOST_NETWORK);
	return pod_put(&p, e);
}

/*
 * A template says what shall run, not what does: its containers are told of, and none counts as
 * running.
 */
static bool put_controller(struct inventory *v, const struct read_record *r, const char *kind,
                           struct err *e)
{
	bool cron = str_eq(kind, "CronJob");
	struct record rec;
	struct pod p;
	if (has_owner(r) && !str_eq(kind, "StatefulSet") && !str_eq(kind, "DaemonSet")
	    && !str_eq(kind, "Deployment"))
		return true; /* a ReplicaSet, a Job: its owner stands for it */
	start(v, r, OBJECT_WORKLOAD, &rec);
	struct kube_workload w = kube_workload(&v->mem, kind, rec.u.object.name);
	rec.u.object.type = w.kind;
	rec.u.object.name = w.name;
	rec.u.object.labels = kube_lines(&v->mem, r, cron ? W_JOB_LABELS : W_TEMPLATE_LABELS);
	if (!read_int(r, W_REPLICAS, 0, INT32_MAX, &rec.u.object.replicas))
		rec.u.object.replicas = -1;
	if (!put_object(v, &rec, e))
		return false;
	fill_pod(v, r, cron ? W_JOB : W_TEMPLATE, &p);
	p.run.workload_kind = w.kind;
	p.run.workload = w.name;
	p.run.labels = rec.u.object.labels;
	p.run.phase = "Template";
	return pod_put(&p, e);
}

static bool is_ingress(const char *kind)
{
	static const char *const kinds[] = { "Ingress",  "HTTPRoute", "GRPCRoute",
		                             "TCPRoute", "TLSRoute",  "Route" };
	return str_index(kinds, LENGTH(kinds), kind) >= 0;
}

static bool is_inventory(const char *kind)
{
	return str_eq(kind, "Node") || str_eq(kind, "Namespace") || str_eq(kind, "Service")
	       || is_ingress(kind) || kube_is_workload(kind);
}

static bool put_kind(struct inventory *v, const struct read_record *r, const char *kind,
                     struct err *e)
{
	if (str_eq(kind, "Node"))
		return put_node(v, r, e);
	if (str_eq(kind, "Namespace"))
		return put_namespace(v, r, e);
	if (!put_namespace_of(v, r, e))
		return false;
	if (str_eq(kind, "Pod"))
		return put_pod(v, r, e);
	if (str_eq(kind, "Service"))
		return put_service(v, r, e);
	return is_ingress(kind) ? put_ingress(v, r, e) : put_controller(v, r, kind, e);
}

/* "PodList" is a list of "Pod"; NULL: no list of one kind. */
static char *listed(struct arena *mem, const char *kind)
{
	size_t n = kind == NULL ? 0 : strlen(kind);
	return n > 4 && str_suffix(kind, "List") ? arena_dupn(mem, kind, n - 4) : NULL;
}

static bool on_object(void *ctx, const struct read_record *r, struct err *e)
{
	struct inventory *v = ctx;
	const char *kind = read_text(r, W_KIND);
	arena_reset(&v->mem);
	if (r->up == NULL && kind != NULL && str_suffix(kind, "List")) {
		v->list_kind = listed(&v->names, kind);
		return true;
	}
	if (kind == NULL && r->up != NULL)
		kind = v->list_kind;
	if (!is_inventory(kind))
		return read_skip(r,
		                 kind == NULL ? "no kind"
		                              : "neither node, namespace, workload nor service",
		                 e);
	if (r->value[W_NAME].type != READ_STRING)
		return read_skip(r, "no name", e);
	return put_kind(v, r, kind, e);
}

static const struct read_scope scopes[] = {
	{ "", object_fields, W_COUNT, on_object, NULL },
	{ "items[]", object_fields, W_COUNT, on_object, NULL },
	{ "[]", object_fields, W_COUNT, on_object, NULL },
};

static bool run(const struct source *src, const struct import_opts *o UNUSED, struct sink *out,
                struct err *e)
{
	struct inventory v = { .sink = out, .mem = ARENA_INIT, .names = ARENA_INIT };
	struct record scan = { .kind = REC_SCAN, .u.scan = { .source = "kubernetes" } };
	struct read_opts opts = { .sink = out };
	bool ok = out->put(out, &scan, e)
	          && read_document(src, scopes, LENGTH(scopes), &v, &opts, e);
	free(v.space);
	arena_release(&v.names);
	arena_release(&v.mem);
	return ok;
}

static int sniff_kind(const char *group, const char *kind)
{
	struct arena mem = ARENA_INIT;
	const char *one = listed(&mem, kind);
	int sure = group != NULL && (is_inventory(kind) || is_inventory(one)) ? 90 : 0;
	arena_release(&mem);
	return sure;
}

static int sniff(const struct peek *p)
{
	const char *kind = peek_text(p, "kind");
	if (!str_eq(kind, "List"))
		return sniff_kind(peek_text(p, "apiVersion"), kind);
	return sniff_kind(peek_text(p, "items[0].apiVersion"), peek_text(p, "items[0].kind"));
}

const struct importer importer_workloads = {
	.id = "workloads",
	.title = "Kubernetes inventory (kubectl get -o json|yaml)",
	.spec = "https://kubernetes.io/docs/reference/kubernetes-api/",
	.sniff = sniff,
	.run = run,
};
