/* SPDX-License-Identifier: MIT */
/* workloads.c - what a Kubernetes cluster holds and runs, from kubectl get. Spec: .spec below. */
#include <stdlib.h>

#include "importers/importer.h"
#include "importers/pod.h"
#include "importers/tree.h"
#include "importers/workloads_inner.h"

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
	[W_CONTINUE] = { "metadata.continue" },
	[W_ANNOTATIONS] = { "metadata.annotations{}", READ_LIST },
	[W_TEMPLATE_ANNOTATIONS] = { "spec.template.metadata.annotations{}", READ_LIST },
	[W_JOB_ANNOTATIONS] = { "spec.jobTemplate.spec.template.metadata.annotations{}",
	                        READ_LIST },
	[W_SPEC] = { "spec", READ_RAW },
	[W_STATUS] = { "status", READ_RAW },
	[W_SELF_LINK] = { "metadata.selfLink" },
	/* further places of a backend's name: older ingresses, defaults, the gateway's and
	   OpenShift's routes */
	[W_BACKEND_TOO] = { "spec.rules[].http.paths[].backend.serviceName" },
	[W_BACKEND_TOO + 1] = { "spec.defaultBackend.service.name", READ_LIST },
	[W_BACKEND_TOO + 2] = { "spec.backend.serviceName", READ_LIST },
	[W_BACKEND_TOO + 3] = { "spec.rules[].backendRefs[].name" },
	[W_BACKEND_TOO + 4] = { "spec.to.name", READ_LIST },
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

static void fill_pod(struct inventory *v, const struct read_record *r, const struct template *t,
                     struct pod *p)
{
	memset(p, 0, sizeof(*p));
	p->spec = t->spec;
	p->run.namespace = read_text(r, W_NAMESPACE);
	p->mem = &v->mem;
	p->sink = v->sink;
	p->run.workload_kind = t->who.kind;
	p->run.workload = t->who.name;
}

static bool put_pod(struct inventory *v, const struct read_record *r, const struct template *t,
                    const json_t *status, struct err *e)
{
	struct pod p;
	if (!has_owner(r)) {
		struct record rec;
		start(v, r, OBJECT_WORKLOAD, &rec);
		rec.u.object.type = t->who.kind;
		rec.u.object.name = t->who.name;
		rec.u.object.replicas = 1;
		if (!put_object(v, &rec, e))
			return false;
	}
	fill_pod(v, r, t, &p);
	p.status = status;
	p.run.node = read_text(r, W_NODE);
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
static bool put_controller(struct inventory *v, const struct read_record *r,
                           const struct template *t, struct err *e)
{
	bool cron = str_eq(t->who.kind, "CronJob");
	struct record rec;
	struct pod p;
	start(v, r, OBJECT_WORKLOAD, &rec);
	rec.u.object.type = t->who.kind;
	rec.u.object.name = t->who.name;
	rec.u.object.labels = kube_lines(&v->mem, r, cron ? W_JOB_LABELS : W_TEMPLATE_LABELS);
	if (!read_int(r, W_REPLICAS, 0, INT32_MAX, &rec.u.object.replicas))
		rec.u.object.replicas = -1;
	if (!put_object(v, &rec, e))
		return false;
	fill_pod(v, r, t, &p);
	p.run.labels = rec.u.object.labels;
	p.run.phase = "Template";
	return pod_put(&p, e);
}

/* ---- pods and what they are made from ---- */

/* Made by another controller, which stands for it: a Deployment's ReplicaSet, a CronJob's Job. */
static bool is_made(const struct read_record *r, const char *kind)
{
	return has_owner(r) && !str_eq(kind, "StatefulSet") && !str_eq(kind, "DaemonSet")
	       && !str_eq(kind, "Deployment");
}

static void find_template(struct inventory *v, const struct read_record *r, const char *kind,
                          const json_t *spec, struct template *t)
{
	static const struct {
		const char *kind, *path, *root;
		size_t      annotations;
	} where[] = {
		{ "Pod", "", "spec", W_ANNOTATIONS },
		{ "CronJob", "jobTemplate.spec.template.spec",
		  "spec.jobTemplate.spec.template.spec", W_JOB_ANNOTATIONS },
		{ NULL, "template.spec", "spec.template.spec", W_TEMPLATE_ANNOTATIONS },
	};
	size_t i = 0;
	while (where[i].kind != NULL && !str_eq(where[i].kind, kind))
		i++;
	t->root = where[i].root;
	t->spec = tree_at(spec, where[i].path);
	t->annotations = where[i].annotations;
	t->is_pod = i == 0;
	t->made = !t->is_pod && is_made(r, kind);
	t->who = t->is_pod || t->made
	                 ? workload_of(v, r, kind)
	                 : kube_workload(&v->mem, kind, read_text(r, W_NAME));
}

/* Of a ReplicaSet without replicas nothing runs: it is an older revision. */
static bool is_live(const struct read_record *r, const json_t *status)
{
	int64_t replicas;
	const char *phase = tree_text(status, "phase");
	return !(read_int(r, W_REPLICAS, 0, INT32_MAX, &replicas) && replicas == 0)
	       && !str_eq(phase, "Succeeded") && !str_eq(phase, "Failed");
}

static bool put_workload(struct inventory *v, const struct read_record *r,
                         const struct template *t, const json_t *status, struct err *e)
{
	bool counts = (!t->is_pod && !t->made) || is_live(r, status);
	if (v->first) {
		if (counts)
			workload_note(v, r, t);
		return true;
	}
	if (t->is_pod ? !put_pod(v, r, t, status, e) : !t->made && !put_controller(v, r, t, e))
		return false;
	return !counts || workload_judge(v, r, t, e);
}

/* Text of the file that no tree can hold: told, for its containers are not. */
static bool is_broken(const struct read_record *r, size_t field, const json_t *tree)
{
	return tree == NULL && read_text(r, field) != NULL;
}

static bool on_workload(struct inventory *v, const struct read_record *r, const char *kind,
                        struct err *e)
{
	json_t *spec = tree_parse(read_text(r, W_SPEC));
	json_t *status = tree_parse(read_text(r, W_STATUS));
	struct template t;
	bool ok;
	find_template(v, r, kind, spec, &t);
	ok = put_workload(v, r, &t, status, e);
	if (ok && !v->first && (is_broken(r, W_SPEC, spec) || is_broken(r, W_STATUS, status)))
		ok = read_skip(r, "its containers cannot be read", e);
	json_decref(spec);
	json_decref(status);
	return ok;
}

static bool is_ingress(const char *kind)
{
	static const char *const kinds[] = { "Ingress",  "HTTPRoute", "GRPCRoute",
		                             "TCPRoute", "TLSRoute",  "Route" };
	return str_index(kinds, LENGTH(kinds), kind) >= 0;
}

/* Knative has Services too, which are something else. */
static const char *kind_of(const struct read_record *r)
{
	const char *kind = read_text(r, W_KIND), *group = read_text(r, W_GROUP);
	bool other = group != NULL && strchr(group, '/') != NULL && str_eq(kind, "Service");
	return other ? group : kind;
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
	if (str_eq(kind, "Service"))
		return put_service(v, r, e);
	return is_ingress(kind) ? put_ingress(v, r, e) : on_workload(v, r, kind, e);
}

/* "PodList" is a list of "Pod"; NULL: no list of one kind. */
static char *listed(struct arena *mem, const char *kind)
{
	size_t n = kind == NULL ? 0 : strlen(kind);
	return n > 4 && str_suffix(kind, "List") ? arena_dupn(mem, kind, n - 4) : NULL;
}

/* First pass. */
static bool note_object(struct inventory *v, const struct read_record *r, const char *kind,
                        struct err *e)
{
	if (kind == NULL || !kube_is_workload(kind) || r->value[W_NAME].type != READ_STRING)
		return true;
	workload_note_kind(v, kind);
	return str_eq(kind, "Pod") || on_workload(v, r, kind, e);
}

static void on_list(struct inventory *v, const struct read_record *r, const char *kind)
{
	v->list_kind = listed(&v->names, kind);
	v->listed = true;
	v->paged = v->paged || read_text(r, W_CONTINUE) != NULL;
}

static bool on_object(void *ctx, const struct read_record *r, struct err *e)
{
	struct inventory *v = ctx;
	const char *kind = kind_of(r);
	arena_reset(&v->mem);
	if (r->up == NULL && kind != NULL && str_suffix(kind, "List")) {
		on_list(v, r, kind);
		return true;
	}
	v->listed = v->listed || str_eq(r->scope->path, "[]");
	if (kind == NULL && r->up != NULL)
		kind = v->list_kind;
	if (kind == NULL)
		kind = workload_kind(&v->mem, r);
	if (v->first && is_inventory(kind))
		v->any = true;
	else if (v->first && kind != NULL && v->other == NULL)
		v->other = arena_dup(&v->names, kind);
	if (v->first)
		return note_object(v, r, kind, e);
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
};

/* What speaks of a choice of objects, or of the first of them, says nothing of the others. */
static const char *why_partial(const struct inventory *v)
{
	return v->paged ? "the list goes on" : v->listed ? NULL : "no list";
}

bool workload_scan(const struct inventory *v, struct err *e)
{
	struct record scan = { .kind = REC_SCAN, .u.scan = { .source = "kubernetes" } };
	scan.u.scan.partial = why_partial(v);
	return v->sink->put(v->sink, &scan, e);
}

static bool cover_all(struct inventory *v, struct err *e)
{
	for (size_t i = 0; why_partial(v) == NULL && i < v->nspace; i++) {
		if (!workload_cover(v, v->space[i], e))
			return false;
	}
	return v->nspace == 0 || workload_scan(v, e);
}

static bool read_all(const struct source *src, struct inventory *v, struct err *e)
{
	struct read_opts opts = { .sink = v->sink };
	v->first = true;
	if (!read_document(src, scopes, LENGTH(scopes), v, NULL, e))
		return false;
	v->first = false;
	if (!v->any && v->other != NULL)
		return err_set(e, ERR_FORMAT, "Kubernetes objects (%s), but no node, namespace, "
		               "workload, service or ingress among them", v->other);
	return workload_scan(v, e) && read_document(src, scopes, LENGTH(scopes), v, &opts, e)
	       && cover_all(v, e);
}

static bool run(const struct source *src, const struct import_opts *o UNUSED, struct sink *out,
                struct err *e)
{
	struct inventory v = { .sink = out, .mem = ARENA_INIT, .names = ARENA_INIT };
	bool ok = read_all(src, &v, e);
	free(v.space);
	workload_release(&v);
	arena_release(&v.names);
	arena_release(&v.mem);
	return ok;
}

/* What is none of an inventory may stand before it, in a chart or among all that was asked for. */
static int sniff_kind(const char *group, const char *kind, bool named)
{
	struct arena mem = ARENA_INIT;
	const char *one = listed(&mem, kind);
	int sure = group == NULL || kind == NULL ? 0
	           : is_inventory(kind) || is_inventory(one) ? 90
	           : named ? 10 : 0;
	arena_release(&mem);
	return sure;
}

/* Collectors write the objects of one kind as an array, and leave out what is the same in all. */
static int sniff_bare(const struct peek *p)
{
	struct arena mem = ARENA_INIT;
	int sure = peek_has(p, "metadata.name") && workload_kind_peek(&mem, p) != NULL ? 85 : 0;
	arena_release(&mem);
	return sure;
}

static int sniff(const struct peek *p)
{
	const char *kind = peek_text(p, "kind");
	if (kind == NULL && peek_text(p, "apiVersion") == NULL)
		return sniff_bare(p);
	if (!str_eq(kind, "List"))
		return sniff_kind(peek_text(p, "apiVersion"), kind, peek_has(p, "metadata.name"));
	return sniff_kind(peek_text(p, "items[0].apiVersion"), peek_text(p, "items[0].kind"),
	                  peek_has(p, "items[0].metadata.name"));
}

const struct importer importer_workloads = {
	.id = "workloads",
	.title = "Kubernetes inventory (kubectl get -o json|yaml)",
	.spec = "https://kubernetes.io/docs/reference/kubernetes-api/",
	.sniff = sniff,
	.run = run,
};
