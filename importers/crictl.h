/* SPDX-License-Identifier: MIT */
/* crictl.h - what the two files of the crictl importer share. */
#ifndef CRICTL_H
#define CRICTL_H

#include "importers/importer.h"
#include "importers/read.h"

struct crictl {
	struct sink *sink;
	struct arena mem; /* strings of the object at hand */
	bool begun;
};

/* Before each object: the scan, once, and room for the object's strings. */
bool crictl_begin(struct crictl *c, struct err *e) MUST_CHECK;
/* Which workload a container's pod is of. */
void crictl_owner(struct crictl *c, struct rec_running *run);
/* Put the workload that a pod is of. */
bool crictl_put_pod(struct crictl *c, const char *space, const char *name, const char *uid,
                    struct err *e) MUST_CHECK;

/* Has the text a table's head in it, as `crictl ps`, `pods` and `images` print one? */
bool crictl_is_table(const char *head);
/* All tables of a text, with whatever stands around them. */
bool crictl_table(struct crictl *c, const struct source *src, struct err *e) MUST_CHECK;

#endif
