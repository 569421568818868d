/* SPDX-License-Identifier: MIT */
/*
 * scoped.h - which policies hold for what: the estate's own, and those that tags bring into scope.
 * Private to store/.
 */
#ifndef SCOPED_H
#define SCOPED_H

#include "store/store_private.h"

#define TAGS_MOST 64          /* different tags a store may know: a set of them is a mask */
#define TAG_EXPOSED "exposed" /* what bears it counts as exposed, whatever services say */

/* What the asset $1 lies in, itself included; of an image, also where it runs: `up`. */
#define SQL_BEARERS                                                                                \
	"RECURSIVE up (id) AS (\n"                                                                 \
	"  SELECT $1\n"                                                                            \
	"  UNION\n"                                                                                \
	"  SELECT c.namespace FROM container AS c WHERE c.image = $1 AND c.running = 1\n"          \
	"  UNION\n"                                                                                \
	"  SELECT c.workload FROM container AS c WHERE c.image = $1 AND c.running = 1\n"           \
	"  UNION\n"                                                                                \
	"  SELECT c.cluster FROM container AS c WHERE c.image = $1 AND c.running = 1\n"            \
	"  UNION\n"                                                                                \
	"  SELECT a.parent FROM asset AS a JOIN up ON a.id = up.id WHERE a.parent > 0)"

/* All policies that hold somewhere. */
struct policies {
	const struct policy **p; /* [0]: the estate's own */
	size_t n;
	const char **tag; /* ever in use; a set of tags is a mask of 1 << index */
	size_t ntag;
	bool asks_ssvc; /* some deadline asks what SSVC says, or when KEV listed it */
};
/*
 * They belong to the store until it is closed, and are read anew when a commit changed the estate's
 * policy or the tags in use. ERR_USAGE, ERR_FORMAT: one cannot be read.
 */
bool store_policies(struct store *st, const struct policies **out, struct err *e) MUST_CHECK;
/* After tags or the estate's policy changed inside a transaction: ask anew. */
void policies_forget(struct store *st);

/*
 * The tags of an asset: its own, of what it lies in, of its image's repositories, and of the places
 * where that image runs. Asks nothing of the database where no tag is in use.
 */
bool asset_tags(struct store *st, const struct policies *all, int64_t asset, uint64_t *out,
                struct err *e) MUST_CHECK;
bool tags_have(const struct policies *all, uint64_t tags, const char *tag);

/* Does policy i hold for what bears these tags? A fallback does only where no other one does. */
bool policy_in_scope(const struct policies *all, size_t i, uint64_t tags);

/*
 * When a finding is due under all policies in scope: the earliest date wins, and *by (may be NULL)
 * is the policy that set it, *rule its deadline (NULL for the KEV list's date, or none).
 */
int64_t policies_due(const struct policies *all, uint64_t tags, struct deadline_case *c,
                     const struct policy **by, const struct policy_deadline **rule);

#endif
