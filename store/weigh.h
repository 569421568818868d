/* SPDX-License-Identifier: MIT */
/*
 * weigh.h - how severe a finding is when its sources differ; private to store/.
 *
 * What a source says has a weight, and the least of those that still see the finding counts: by the
 * source's place in the list of the policy, then the worst first. A source that says "unknown"
 * counts after those that are not listed, and those that are not listed count alike.
 */
#ifndef WEIGH_H
#define WEIGH_H

#include "store/ingest.h"

#define WEIGHT_NONE INT64_MAX /* nobody sees it */

struct weighing { /* how one source's words are weighed: places in the policy's list */
	int64_t listed, last;
	int64_t nvd; /* of its scores; -1: they are not asked for */
};
/* `score` times ten, -1: it names none. */
int64_t weigh(const struct weighing *w, int64_t severity, int64_t score);
int64_t weight_severity(int64_t weight);
/* "trivy says CRITICAL (9.8), grype High; the worst counts", of what sources see or saw, in `mem`.
 */
const char *weigh_explain(const struct policy *p, const struct sighting *said, size_t n,
			  struct arena *mem);

/* Of a source by its number, under the policy of the estate. */
bool weighing_of(struct ingest *ig, int64_t source, struct weighing *out,
		 struct err *e) MUST_CHECK;
/* The least of all sources that see the finding, but for `source` (0: of all); WEIGHT_NONE. */
bool weight_of(struct ingest *ig, int64_t asset, int64_t advisory, int64_t part, int64_t source,
	       int64_t *out, struct err *e) MUST_CHECK;
/* The policy is another: ask it anew. */
void weighings_forget(struct ingest *ig);

#endif
