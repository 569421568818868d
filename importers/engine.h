/* SPDX-License-Identifier: MIT */
/* engine.h - what docker, podman and nerdctl tell alike of a container, however they list it. */
#ifndef ENGINE_H
#define ENGINE_H

#include "store/record.h"

/* The container's label `key`; NULL: it has none. `ctx` is what was given along. */
typedef const char *engine_label_fn(const void *ctx, const char *key);

/*
 * Whose container it is, and what it is called there: the kubelet, compose and swarm say so in
 * labels. `name` is the engine's own, with or without a slash before it.
 */
void engine_owner(struct arena *mem, const char *name, engine_label_fn *label, const void *ctx,
                  struct rec_running *run);

/*
 * What it was made from. `reference` is a name or an id, `id` the image's, `platform` the digest of
 * the manifest where the engine keeps those (and `id` is an index, then, not a configuration).
 */
void engine_image(struct arena *mem, const char *reference, const char *id, const char *platform,
                  struct rec_running *run);

/* "running", "paused" and the like, as opposed to "exited", "created", ... */
bool engine_runs(const char *phase);

#endif
