/* SPDX-License-Identifier: MIT */
/* cis_pod.h - pods and pod templates under Seaworthy's own checks. */
#ifndef CIS_POD_H
#define CIS_POD_H

#include "importers/cis.h"

struct cis_pod {
	const struct cis *cis;
	const char *root;      /* where the specification stands: "spec.template.spec" */
	const json_t *spec;    /* it                                                    */
	const char *namespace; /* NULL: not said                                        */
	bool is_pod;           /* no template: what admission made of it                */
	/* value of an annotation; "" and NULL are the same */
	const char *(*annotation)(const void *ctx, const char *key);
	/* is this container to be judged? NULL: all, and the pod as a whole */
	bool (*wanted)(const void *ctx, const char *container);
	const void *ctx;
};

/*
 * Put a verdict for every check of the pod and of each of its containers, init and ephemeral ones
 * included. What a container does not set it has from the pod, as Kubernetes does it; what neither
 * sets is judged by Kubernetes' default. Checks that cannot be answered from here are skipped.
 */
bool cis_pod(const struct cis_pod *p, struct err *e) MUST_CHECK;

#endif
