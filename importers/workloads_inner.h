/* SPDX-License-Identifier: MIT */
/* workloads_inner.h - what the files that read kubectl's lists share. */
#ifndef WORKLOADS_INNER_H
#define WORKLOADS_INNER_H

#include "importers/cis_pod.h"
#include "importers/kube.h"
#include "importers/read.h"

/*
 * What every object has, and the few fields of each kind. Environment values and annotations are
 * seen in passing, and never told.
 */
enum {
	W_GROUP,
	W_KIND,
	W_NAME,
	W_NAMESPACE,
	W_UID,
	W_LABELS,
	W_OWNER_KINDS,
	W_OWNER_NAMES,
	W_TYPE,
	W_SELECTOR,
	W_REPLICAS,
	W_NODE,
	W_PHASE,
	W_HOST_NETWORK,
	W_KUBELET,
	W_OS,
	W_BACKENDS,
	W_TEMPLATE_LABELS,
	W_JOB_LABELS,
	W_CONTINUE,
	W_ANNOTATIONS,
	W_TEMPLATE_ANNOTATIONS,
	W_JOB_ANNOTATIONS,
	W_SPEC,
	W_STATUS,
	W_SELF_LINK,
	W_BACKEND_TOO,
	W_COUNT = W_BACKEND_TOO + 5
};

struct known; /* a workload, or one of its containers, that is judged elsewhere */
struct peek;

struct inventory {
	struct sink *sink;
	struct arena mem;   /* strings of the object at hand     */
	struct arena names; /* of the namespaces seen            */
	const char **space;
	size_t nspace, cap;
	const char *list_kind; /* "Pod" of a PodList, whose items do not say; in `names` */
	bool first;            /* a pass that only looks for what is listed              */
	bool listed, paged;    /* there is a list; it goes on in another file          */
	bool any;              /* something of an inventory was seen                     */
	const char *other;     /* kind of the first object that is none of one, or NULL  */
	struct known *known;
};

/* A pod, or the template of a controller, as it stands in an object. */
struct template
{
	struct kube_workload who; /* whose it is                                             */
	const char *root;         /* "spec.template.spec"                                    */
	const json_t *spec;
	size_t annotations; /* field                                              */
	bool is_pod;
	bool made; /* the object is a controller's own: a Deployment's ReplicaSet */
};

/* ---- workloads_judge.c ---- */

/* First pass: the template stands in the file, so its pods need not speak for it. */
void workload_note(struct inventory *v, const struct read_record *r, const struct template *t);
/* First pass: objects of this kind are listed. */
void workload_note_kind(struct inventory *v, const char *kind);
/*
 * Second pass: put Seaworthy's verdicts on a workload. A template is judged whole; one that was
 * made from another's only when that one is not in the file. A pod is judged for the containers
 * that its template does not have (admission or a person put them in); whole when the file has no
 * template of it, once for each revision.
 */
bool workload_judge(struct inventory *v, const struct read_record *r, const struct template *t,
                    struct err *e) MUST_CHECK;
/*
 * Say of a namespace which kinds of workloads are listed in full: what is no longer there has no
 * findings either.
 */
bool workload_cover(struct inventory *v, const char *space, struct err *e) MUST_CHECK;
void workload_release(struct inventory *v);

/* ---- workloads_kind.c ---- */

/*
 * The kind of an object that does not say it: by its link, or by fields that only its kind has;
 * NULL: not known.
 */
const char *workload_kind(struct arena *mem, const struct read_record *r);
/* The same of the first object of a file. */
const char *workload_kind_peek(struct arena *mem, const struct peek *p);

/* ---- workloads.c ---- */

/* The scan that lists the objects; what comes next belongs to it. */
bool workload_scan(const struct inventory *v, struct err *e) MUST_CHECK;

#endif
