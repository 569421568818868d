/* SPDX-License-Identifier: MIT */
/* pod.c - the containers of a pod or pod template, and what their status says of them. */
#include "importers/kube.h"
#include "importers/pod.h"
#include "importers/tree.h"

static const struct {
	const char *containers, *statuses;
} lists[POD_LIST_COUNT] = {
	[POD_MAIN] = { "containers", "containerStatuses" },
	[POD_INIT] = { "initContainers", "initContainerStatuses" },
	[POD_EPHEMERAL] = { "ephemeralContainers", "ephemeralContainerStatuses" },
};

static const json_t *status_of(const json_t *statuses, const char *name)
{
	size_t i;
	const json_t *s;
	json_array_foreach(statuses, i, s) {
		if (str_eq(tree_text(s, "name"), name))
			return s;
	}
	return NULL;
}

static bool has_host_port(const json_t *container)
{
	const json_t *port;
	size_t i;
	json_array_foreach(json_object_get(container, "ports"), i, port) {
		if (json_integer_value(json_object_get(port, "hostPort")) > 0)
			return true;
	}
	return false;
}

static bool has_ended(const char *phase)
{
	return str_eq(phase, "Succeeded") || str_eq(phase, "Failed");
}

/*
 * A container that waits counts when it ran before (it crashes and comes again), not when its image
 * is not there yet.
 */
static bool is_running(const struct pod *p, const json_t *status, bool init)
{
	const json_t *state = json_object_get(status, "state");
	if (p->run.pod == NULL || has_ended(p->run.phase))
		return false;
	if (json_object_get(state, "running") != NULL)
		return true;
	if (init || json_object_get(state, "terminated") != NULL)
		return false;
	if (status == NULL) /* a list without status: what is specified is taken to run */
		return !str_eq(p->run.phase, "Pending");
	return tree_text(status, "imageID") != NULL;
}

static bool put_skip(const struct pod *p, enum pod_list list, size_t i, struct err *e)
{
	const char *space = p->run.namespace == NULL ? "" : p->run.namespace;
	const char *name = p->run.pod != NULL ? p->run.pod : p->run.workload;
	struct record rec = { .kind = REC_SKIP, .u.skip = { .place = NULL } };
	rec.u.skip.place = arena_printf(p->mem, "%s/%s: %s[%zu]", space, name,
	                                lists[list].containers, i);
	rec.u.skip.reason = "a container without name or image";
	return p->sink->put(p->sink, &rec, e);
}

static bool put_container(const struct pod *p, const json_t *c, const json_t *status,
                          enum pod_list list, struct err *e)
{
	struct record rec = { .kind = REC_RUNNING, .u.running = p->run };
	struct rec_running *r = &rec.u.running;
	const char *id = tree_text(status, "imageID");
	r->container = tree_text(c, "name");
	r->image = tree_text(c, "image");
	r->container_id = kube_container(tree_text(status, "containerID"));
	r->image_digest = kube_manifest_digest(id);
	if (r->image_digest == NULL)
		r->image_digest = kube_manifest_digest(r->image);
	r->image_id = kube_config_digest(p->mem, id);
	r->init = list == POD_INIT;
	r->host_port = p->host_network || has_host_port(c);
	r->running = is_running(p, status, r->init);
	return p->sink->put(p->sink, &rec, e);
}

static bool is_specified(const json_t *containers, const char *name)
{
	return status_of(containers, name) != NULL;
}

/* What the status tells of and the specification does not: virtual nodes add agents of theirs. */
static bool put_unspecified(const struct pod *p, enum pod_list list, struct err *e)
{
	const json_t *containers = tree_at(p->spec, lists[list].containers), *s;
	bool ok = true;
	size_t i;
	json_array_foreach(tree_at(p->status, lists[list].statuses), i, s) {
		const char *name = tree_text(s, "name");
		if (ok && name != NULL && tree_text(s, "image") != NULL
		    && !is_specified(containers, name))
			ok = put_container(p, s, s, list, e);
	}
	return ok;
}

static bool put_list(const struct pod *p, enum pod_list list, struct err *e)
{
	const json_t *containers = tree_at(p->spec, lists[list].containers);
	const json_t *statuses = tree_at(p->status, lists[list].statuses);
	bool ok = true;
	for (size_t i = 0; ok && i < json_array_size(containers); i++) {
		const json_t *c = json_array_get(containers, i);
		if (tree_text(c, "name") == NULL || tree_text(c, "image") == NULL)
			ok = put_skip(p, list, i, e);
		else
			ok = put_container(p, c, status_of(statuses, tree_text(c, "name")), list,
			                   e);
	}
	return ok && put_unspecified(p, list, e);
}

bool pod_put(const struct pod *p, struct err *e)
{
	return put_list(p, POD_INIT, e) && put_list(p, POD_MAIN, e)
	       && put_list(p, POD_EPHEMERAL, e);
}
