/* SPDX-License-Identifier: MIT */
/*
 * aside.h - on which day what is set aside would be late, as roll-ups count it; private to store/.
 *
 * A finding that is set aside has no due date. But only one that would be late fails a control but
 * for the decision, so the roll-ups count it under the day on which it would be due.
 */
#ifndef ASIDE_H
#define ASIDE_H

#include "store/ingest.h"

/* In place of a due day: none; of what is set aside: that the rules give it none. */
enum { NO_DAY = INT32_MAX, NEVER_DAY = INT32_MAX - 1 };

/* When it would be due on the clocks as they are, were it open. */
bool clock_would_be_due(struct ingest *ig, const struct standing *s, const struct finding_row *f,
			const struct facts *a, int64_t *out, struct err *e) MUST_CHECK;

#endif
