/* SPDX-License-Identifier: MIT */
/* workloads_judge.c - which of a list's pods and templates are judged, and as what. */
#include "importers/tree.h"
#include "importers/workloads_inner.h"

#define uthash_fatal(msg) die("out of memory")
#include <uthash.h>

struct known {
	const char *name;
	UT_hash_handle hh;
};

/* ---- what is known ---- */

static bool is_known(const struct inventory *v, const char *name)
{
	struct known *k;
	HASH_FIND_STR(v->known, name, k);
	return k != NULL;
}

static void know(struct inventory *v, const char *name)
{
	if (is_known(v, name))
		return;
	struct known *k = arena_new(&v->names, struct known);
	k->name = arena_dup(&v->names, name);
	HASH_ADD_KEYPTR(hh, v->known, k->name, strlen(k->name), k);
}

void workload_release(struct inventory *v)
{
	HASH_CLEAR(hh, v->known);
}

static const char *kind_name(struct inventory *v, const char *kind)
{
	return arena_printf(&v->mem, "kind %s", kind);
}

void workload_note_kind(struct inventory *v, const char *kind)
{
	know(v, kind_name(v, kind));
}

/* A workload as one of its sources has it. No name has a blank, and no hash is one of the words. */
static const char *source_name(struct inventory *v, const struct read_record *r,
                               const struct template *t, const char *source)
{
	const char *space = read_text(r, W_NAMESPACE);
	return arena_printf(&v->mem, "%s %s/%s %s", space == NULL ? "" : space, t->who.kind,
	                    t->who.name, source);
}

static const char *container_name(struct inventory *v, const char *source, const char *container)
{
	return arena_printf(&v->mem, "%s %s", source, container);
}

static void know_containers(struct inventory *v, const struct template *t, const char *source)
{
	static const char *const lists[] = { "initContainers", "containers",
		                             "ephemeralContainers" };
	const json_t *c;
	size_t i;
	know(v, source);
	for (size_t l = 0; l < LENGTH(lists); l++) {
		json_array_foreach (tree_at(t->spec, lists[l]), i, c) {
			if (tree_text(c, "name") != NULL)
				know(v, container_name(v, source, tree_text(c, "name")));
		}
	}
}

void workload_note(struct inventory *v, const struct read_record *r, const struct template *t)
{
	if (tree_at(t->spec, "containers") != NULL) /* Argo's Rollout may refer to another's */
		know_containers(v, t, source_name(v, r, t, t->made ? "made" : "template"));
}

/* ---- judging ---- */

struct judged {
	struct inventory *v;
	const struct read_record *r;
	size_t annotations;
	const char *source[3]; /* names of what may be known of the workload */
};

static const char *annotation(const void *ctx, const char *key)
{
	const struct judged *d = ctx;
	return read_pair(d->r, d->annotations, key);
}

static bool is_wanted(const void *ctx, const char *container)
{
	const struct judged *d = ctx;
	for (size_t i = 0; i < LENGTH(d->source); i++) {
		if (is_known(d->v, container_name(d->v, d->source[i], container)))
			return false;
	}
	return true;
}

/* Pods of one revision are alike; what made them says which it is. */
static const char *revision_of(const struct read_record *r)
{
	static const char *const labels[] = { "rollouts-pod-template-hash", "pod-template-hash",
		                              "controller-revision-hash" };
	for (size_t i = 0; i < LENGTH(labels); i++) {
		const char *hash = read_pair(r, W_LABELS, labels[i]);
		if (!str_empty(hash))
			return hash;
	}
	return "";
}

static bool has_unjudged(const struct template *t, const struct judged *d)
{
	static const char *const lists[] = { "initContainers", "containers",
		                             "ephemeralContainers" };
	const json_t *c;
	size_t i;
	for (size_t l = 0; l < LENGTH(lists); l++) {
		json_array_foreach (tree_at(t->spec, lists[l]), i, c) {
			if (tree_text(c, "name") != NULL && is_wanted(d, tree_text(c, "name")))
				return true;
		}
	}
	return false;
}

static bool judge_it(struct inventory *v, const struct template *t, const struct judged *d,
                     bool whole, struct err *e)
{
	struct cis j = { .sink = v->sink, .mem = &v->mem };
	struct rec_asset asset = { .kind = ASSET_WORKLOAD,
		                   .name = t->who.name,
		                   .namespace = read_text(d->r, W_NAMESPACE),
		                   .workload_kind = t->who.kind };
	struct cis_pod p = { .cis = &j,
		             .root = t->root,
		             .spec = t->spec,
		             .namespace = asset.namespace,
		             .is_pod = t->is_pod,
		             .annotation = annotation,
		             .wanted = whole ? NULL : is_wanted,
		             .ctx = d };
	return cis_begin(&j, &asset, e) && cis_pod(&p, e);
}

/* Has one of the first `n` sources of the workload spoken for it? */
static bool is_spoken_for(const struct judged *d, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (is_known(d->v, d->source[i]))
			return true;
	}
	return false;
}

bool workload_judge(struct inventory *v, const struct read_record *r, const struct template *t,
                    struct err *e)
{
	struct judged d = { .v = v, .r = r, .annotations = t->annotations };
	if (tree_at(t->spec, "containers") == NULL)
		return true;
	d.source[0] = source_name(v, r, t, "template");
	d.source[1] = source_name(v, r, t, "made");
	d.source[2] = source_name(v, r, t, revision_of(r));
	bool whole = t->is_pod ? !is_spoken_for(&d, LENGTH(d.source))
	                       : !t->made || !is_spoken_for(&d, 1);
	if (!whole && (!t->is_pod || !has_unjudged(t, &d)))
		return true;
	if (!judge_it(v, t, &d, whole, e))
		return false;
	if (t->is_pod)
		know_containers(v, t, d.source[2]);
	return workload_scan(v, e);
}

bool workload_cover(struct inventory *v, const char *space, struct err *e)
{
	static const char *const kinds[] = {
		"CronJob",
		"DaemonSet",
		"Deployment",
		"Job",
		"Pod",
		"ReplicaSet",
		"ReplicationController",
		"Rollout",
		"StatefulSet",
		"DeploymentConfig",
	};
	struct record scan = { .kind = REC_SCAN, .u.scan = { .source = "seaworthy" } };
	struct record asset = { .kind = REC_ASSET,
		                .u.asset = { .kind = ASSET_NAMESPACE, .name = space } };
	bool begun = false;
	for (size_t i = 0; i < LENGTH(kinds); i++) {
		struct record cover = { .kind = REC_COVER,
			                .u.cover = { .kind = FINDING_MISCONFIGURATION,
			                             .scope = kinds[i] } };
		arena_reset(&v->mem);
		if (!is_known(v, kind_name(v, kinds[i])))
			continue;
		if (!begun
		    && (!v->sink->put(v->sink, &scan, e) || !v->sink->put(v->sink, &asset, e)))
			return false;
		begun = true;
		if (!v->sink->put(v->sink, &cover, e))
			return false;
	}
	return true;
}
