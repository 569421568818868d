/* SPDX-License-Identifier: MIT */
/* kube.h - one spelling for what Kubernetes tools spell differently. */
#ifndef KUBE_H
#define KUBE_H

#include "importers/read.h"
#include "store/record.h"

/*
 * NULL for every spelling of "absent" that the tools write: NULL, "", "<NA>", "null" and a
 * placeholder nobody filled in ("%ka.req.binding"); anything else as it is.
 */
const char *kube_value(const char *s);

/*
 * Past the scheme of a container id or image id ("containerd://551e",
 * "docker-pullable://nginx@sha256:..").
 */
const char *kube_without_scheme(const char *s);

/* A container id without its scheme; NULL when absent and for "host", which is no container. */
const char *kube_container(const char *id);

/*
 * The digest of a manifest in an image reference or a status's imageID
 * ("docker-pullable://nginx@sha256:.."), into the reference itself; NULL when it names none.
 */
const char *kube_manifest_digest(const char *image);

/*
 * The config digest in a status's imageID or an engine's image id, with its "sha256:": a bare
 * digest or 64 bare hex digits. NULL when the id names a manifest or nothing. The result lives in
 * `mem` or in `id`.
 */
const char *kube_config_digest(struct arena *mem, const char *id);

/* "sha256:" and 64 hex digits. */
bool kube_is_digest(const char *s);

/*
 * A time in seconds since 1970 as decimals ("1632889070.3075402", "1.6328890703075402e+09"), as ns
 * without rounding; false: none.
 */
bool kube_epoch_ns(const char *text, int64_t *ns) MUST_CHECK;

/* What runs something: the thing a person deployed, not the ReplicaSet, Job or pod made for it. */
struct kube_workload {
	const char *kind, *name; /* both NULL: not known */
};

/*
 * The workload behind an object, by its kind and name alone. A ReplicaSet or pod with a pod
 * template's hash belongs to a Deployment, a Job with a time of day to a CronJob. Of a pod made
 * from another template only the random end is dropped and the kind stays Pod, for the name does
 * not say whose it was. Names live in `mem` or are borrowed.
 */
struct kube_workload kube_workload(struct arena *mem, const char *kind, const char *name);

/*
 * The workload of a pod whose controller is known; `hash` is its label pod-template-hash or NULL.
 * With the label a ReplicaSet belongs to a Deployment whatever its name looks like; without, the
 * ReplicaSet stands for itself unless its name ends in a hash.
 */
struct kube_workload kube_owner(struct arena *mem, const char *kind, const char *name,
                                const char *hash);

/* The pairs of a READ_LIST field below "{}" as sorted "key=value" lines in `mem`; NULL: none. */
const char *kube_lines(struct arena *mem, const struct read_record *r, size_t field);

/*
 * The first value of `key` in the query of a URL, or all with blanks between, decoded; NULL: none.
 */
const char *kube_parameters(struct arena *mem, const char *url, const char *key, bool all);

/* "Pod" for "pods": the kind of a resource that runs containers, as URLs spell it; else NULL. */
const char *kube_kind(const char *resource);

/* True for Pod, Deployment, ...: the kinds that run containers. */
bool kube_is_workload(const char *kind);

/*
 * Fill the asset that an object of the cluster belongs to: a workload is its own (by
 * kube_workload), so are namespaces and nodes (as hosts); any other object belongs to its
 * namespace, or to the cluster when it has none. Returns the object's place in the asset,
 * "Service/web", or NULL when it is the asset. A NULL kind is the namespace, or the cluster, as a
 * whole. Strings live in `mem` or are borrowed.
 */
const char *kube_asset(struct arena *mem, const char *kind, const char *space, const char *name,
                       struct rec_asset *out);

#endif
