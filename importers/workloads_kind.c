/* SPDX-License-Identifier: MIT */
/* workloads_kind.c - what an object is that does not say its kind. */
#include "importers/importer.h"
#include "importers/tree.h"
#include "importers/workloads_inner.h"

/*
 * What the interface itself writes into each object of a kind, and into no other's; a line further
 * up comes first. Rollouts and DeploymentConfigs look like Deployments, but for the selector or the
 * strategy's type.
 */
#define TEMPLATE "spec.template.spec.containers"
static const struct shape {
	const char *kind;
	const char *has[3];
} shapes[] = {
	{ "Node", { "status.nodeInfo" } },
	{ "Namespace", { "spec.finalizers", "status.phase" } },
	{ "Service", { "spec.clusterIP" } },
	{ "Pod", { "spec.containers", "status.phase" } },
	{ "CronJob", { "spec.jobTemplate", "spec.schedule" } },
	{ "Deployment", { TEMPLATE, "spec.strategy.type", "spec.selector.matchLabels" } },
	{ "StatefulSet", { TEMPLATE, "spec.podManagementPolicy", "spec.selector.matchLabels" } },
	{ "DaemonSet", { TEMPLATE, "spec.updateStrategy", "spec.selector.matchLabels" } },
	{ "Job", { TEMPLATE, "spec.backoffLimit" } },
	{ "ReplicaSet", { TEMPLATE, "spec.replicas", "spec.selector.matchLabels" } },
};

typedef bool has_fn(const void *object, const char *path);

static const char *by_shape(has_fn *has, const void *object)
{
	for (size_t i = 0; i < LENGTH(shapes); i++) {
		bool all = true;
		for (size_t k = 0; all && k < LENGTH(shapes[i].has); k++)
			all = shapes[i].has[k] == NULL || has(object, shapes[i].has[k]);
		if (all)
			return shapes[i].kind;
	}
	return NULL;
}

/* "/apis/apps/v1/namespaces/shop/deployments/web": the word before the name. */
static const char *by_link(struct arena *mem, const char *link)
{
	static const char *const words[] = { "nodes", "namespaces", "services", "ingresses" };
	static const char *const kinds[] = { "Node", "Namespace", "Service", "Ingress" };
	char *path = arena_dup(mem, link), *name = strrchr(path, '/'), *word;
	if (name == NULL)
		return NULL;
	*name = '\0';
	word = strrchr(path, '/');
	if (word == NULL)
		return NULL;
	int i = str_index(words, LENGTH(words), word + 1);
	return i >= 0 ? kinds[i] : kube_kind(word + 1);
}

static const char *kind_by(struct arena *mem, const char *link, has_fn *has, const void *object)
{
	return link != NULL ? by_link(mem, link) : by_shape(has, object);
}

static bool tree_has(const void *object, const char *path)
{
	return tree_at(object, path) != NULL;
}

const char *workload_kind(struct arena *mem, const struct read_record *r)
{
	json_t *object = json_object();
	json_object_set_new(object, "spec", tree_parse(read_text(r, W_SPEC)));
	json_object_set_new(object, "status", tree_parse(read_text(r, W_STATUS)));
	const char *kind = kind_by(mem, read_text(r, W_SELF_LINK), tree_has, object);
	json_decref(object);
	return kind;
}

static bool file_has(const void *object, const char *path)
{
	return peek_has(object, path);
}

const char *workload_kind_peek(struct arena *mem, const struct peek *p)
{
	return kind_by(mem, peek_text(p, "metadata.selfLink"), file_has, p);
}
