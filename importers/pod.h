/* SPDX-License-Identifier: MIT */
/* pod.h - the containers of a pod or pod template, and what their status says of them. */
#ifndef POD_H
#define POD_H

#include <jansson.h>

#include "store/record.h"

enum pod_list { POD_MAIN, POD_INIT, POD_EPHEMERAL, POD_LIST_COUNT };

struct pod {
	struct sink  *sink;
	struct arena *mem; /* for strings made on the way                                         */
	struct rec_running run; /* what all its containers share: where, whose, labels, phase */
	bool          host_network;
	const json_t *spec, *status;  /* of the pod or template, each may be NULL                 */
};

/*
 * Put a REC_RUNNING for each container; one that is no object or has no name is skipped with a
 * REC_SKIP. A template (run.pod NULL) runs nothing. In a pod a container runs unless the pod has
 * ended, it has ended itself, or it was never started; an init container only while it does.
 */
bool pod_put(const struct pod *p, struct err *e) MUST_CHECK;

#endif
