/* SPDX-License-Identifier: MIT */
/* item_clock.h - the clock of a walk over the checklist: of one item, and of all since it began. */
#ifndef ITEM_CLOCK_H
#define ITEM_CLOCK_H

#include "tui/app.h"

struct item_time {
	int64_t since; /* this item is looked at */
};

/* An item comes up; a walk that was left for long begins afresh. */
void walk_item(struct view *v, struct item_time *t);
/* How many items have no answer, once that is known. */
void walk_open(struct view *v, int64_t open);
void walk_leave(struct view *v);
/* "item 2m, session 1h, 19 to answer in about 40m"; `open` -1: not known. */
void walk_tell(const struct view *v, const struct item_time *t, int64_t open, struct buf *out);

#endif
