/* SPDX-License-Identifier: MIT */
/* engine.c - what docker, podman and nerdctl tell alike of a container. */
#include "importers/engine.h"
#include "importers/kube.h"

void engine_owner(struct arena *mem, const char *name, engine_label_fn *label, const void *ctx,
                  struct rec_running *run)
{
	const char *service = label(ctx, "com.docker.compose.service");
	run->namespace = label(ctx, "io.kubernetes.pod.namespace");
	run->pod = label(ctx, "io.kubernetes.pod.name");
	run->pod_uid = label(ctx, "io.kubernetes.pod.uid");
	run->container = label(ctx, "io.kubernetes.container.name");
	if (run->container == NULL && name != NULL)
		run->container = name + (*name == '/');
	if (run->pod != NULL) {
		struct kube_workload w = kube_workload(mem, "Pod", run->pod);
		run->workload_kind = w.kind;
		run->workload = w.name;
	} else if (label(ctx, "com.docker.swarm.service.name") != NULL) {
		run->workload_kind = "SwarmService";
		run->workload = label(ctx, "com.docker.swarm.service.name");
	} else if (service != NULL && label(ctx, "com.docker.compose.project") != NULL) {
		run->workload_kind = "ComposeService";
		run->workload = arena_printf(mem, "%s/%s",
		                             label(ctx, "com.docker.compose.project"), service);
	}
}

/* An id, or its beginning: what a list shows when the name has gone to another image. */
static bool is_id(const char *image)
{
	size_t n = strspn(image, "0123456789abcdef");
	return image[n] == '\0' && (n == 12 || n == 64);
}

void engine_image(struct arena *mem, const char *reference, const char *id, const char *platform,
                  struct rec_running *run)
{
	if (reference != NULL && !is_id(reference))
		run->image = reference;
	else if (id == NULL)
		id = reference;
	run->image_digest = kube_manifest_digest(run->image);
	if (kube_is_digest(platform))
		run->image_digest = platform;
	else
		run->image_id = kube_config_digest(mem, id);
}

bool engine_runs(const char *phase)
{
	static const char *const words[] = { "running", "paused", "restarting" };
	return str_index(words, LENGTH(words), phase) >= 0;
}
