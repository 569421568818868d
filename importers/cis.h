/* SPDX-License-Identifier: MIT */
/*
 * cis.h - Seaworthy's own checks of what inventories show: the key CIS controls of workloads,
 * containers and images. Each check is a row of cis.def, and a function for each kind of input
 * that can answer it.
 */
#ifndef CIS_H
#define CIS_H

#include <jansson.h>

#include "store/record.h"

enum cis_rule {
#define RULE(name, id, title, class_id, severity, docker, kubernetes, remedy) CIS_##name,
#include "importers/cis.def"
#undef RULE
	CIS_COUNT
};

/* A rule as it is told; `class_id` and the numbers in the CIS benchmarks are for tests. */
struct cis_text {
	const char *id, *title, *class_id;
	enum severity severity;
	const char *docker, *kubernetes, *remedy;
};
const struct cis_text *cis_text(enum cis_rule rule);

struct cis {
	struct sink *sink;
	struct arena *mem;   /* emptied by the importer after each object */
	const char *partial; /* why the asset is not told in whole; NULL: it is */
};

/*
 * From here on the records are Seaworthy's own scan of `asset`. The importer puts its own scan
 * again before its next record.
 */
bool cis_begin(const struct cis *cis, const struct rec_asset *asset, struct err *e) MUST_CHECK;
/*
 * A verdict. `place` is the field's path with names in the place of numbers, part of the identity;
 * `message` has the exact path and what stands there.
 */
bool cis_put(const struct cis *cis, enum cis_rule rule, enum verdict verdict, const char *place,
             const char *message, struct err *e) MUST_CHECK;

/* ---- what several inputs are judged by ---- */

/* "NET_RAW" for "CAP_NET_RAW" and "net_raw"; lives in `mem` or `name`. */
const char *cis_capability(struct arena *mem, const char *name);
/* Those of an array that may not be added: all but NET_BIND_SERVICE. "" when there are none. */
const char *cis_added(struct arena *mem, const json_t *list);
/* Does an array of capabilities, in any spelling, hold `name` or ALL? */
bool cis_has_capability(struct arena *mem, const json_t *list, const char *name);
/* A sysctl that Kubernetes calls safe. Source: Pod Security Standards, baseline, "Sysctls". */
bool cis_is_safe_sysctl(const char *name);
/* Which rule a folder or file of the host breaks when it is mounted. */
enum cis_rule cis_host_path(const char *path);
/* The tag of an image reference, "latest" when it has none; NULL when a digest pins it. */
const char *cis_tag(struct arena *mem, const char *reference);
/* Is a user as engines write it, "0:0", "root:wheel", ":", root? NULL and "" are. */
bool cis_is_root(const char *user);

#endif
