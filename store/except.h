/* SPDX-License-Identifier: MIT */
/* except.h - what an exception speaks of, gathered before it is written; private to store/. */
#ifndef EXCEPT_H
#define EXCEPT_H

#include "store/decision.h"

struct except_target { /* as in table decides */
	int64_t advisory, package, part, place;
};
struct except_targets {
	enum except_reach reach;
	struct except_target *t;
	size_t n, cap;
	enum severity worst; /* of the findings they were made on */
	size_t findings;     /* how many */
	struct buf text;     /* the first of them, in words */
	bool *asked;   /* of each policy: does it hold for one of them? NULL: of none is known */
	int64_t asset; /* the last of which it was asked */
};
#define EXCEPT_TARGETS_INIT(r)                                                                     \
	{                                                                                          \
		.reach = (r), .worst = SEV_COUNT, .text = BUF_INIT                                 \
	}
/* Add what an exception of this reach on a finding or a problem speaks of. ERR_USAGE: none such. */
bool except_targets_add(struct ingest *ig, struct except_targets *x, const struct scope *what,
			struct err *e) MUST_CHECK;
/* The policies in the scope of an asset have a say. */
bool except_targets_ask(struct ingest *ig, struct except_targets *x, int64_t asset,
			struct err *e) MUST_CHECK;
/* Sorted, each once. */
void except_targets_end(struct except_targets *x);
/* With which each line of a target begins. */
#define EXCEPT_ON "on\t"
/* Several targets, a line each, for the trail; one is told by `text`. */
bool except_targets_tell(struct ingest *ig, const struct except_targets *x, struct buf *out,
			 struct err *e) MUST_CHECK;
void except_targets_release(struct except_targets *x);
/* As store_except_end, inside an act. ERR_USAGE: it is not there, or is not in force. */
bool except_end(struct ingest *ig, int64_t id, const char *reason, struct err *e) MUST_CHECK;
/*
 * What the trail keeps of one, before its targets when they are several: enough to tell what was
 * decided without the store.
 */
void except_describe(const struct store *st, const struct exception *x, const char *target,
		     int64_t renews, struct buf *out);

#endif
