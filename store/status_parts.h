/* SPDX-License-Identifier: MIT */
/* status_parts.h - the parts of the overview. Private to store/. */
#ifndef STATUS_PARTS_H
#define STATUS_PARTS_H

#include "store/judgement.h"

/* The checklist as it stands, judged once for all who ask. */
struct items {
	struct item_row *row;
	size_t n;
};

/* Frameworks and their baselines, from controls that are alike; `ago`: and as they were. */
bool status_posture(struct store *st, const struct judgement_part *part, size_t n,
		    struct arena *mem, bool ago, struct status *out, struct err *e) MUST_CHECK;
bool status_now(struct store *st, const struct policy *p, const struct items *items,
		struct arena *mem, struct status *out, struct err *e) MUST_CHECK;

#endif
