/* SPDX-License-Identifier: MIT */
/* walk.h - read a list every way there is, and see that all ways agree. */
#ifndef WALK_H
#define WALK_H

#include "t/lib/small.h"

/* A page, or the test fails. */
void walk_turn(struct store *st, const struct list_query *q, enum page_from from,
	       const struct row *anchor, size_t want, struct page *p);
/*
 * Read all rows, then page down, up, and to rows in the middle, and count: all must tell the same
 * rows in the same order. How many there are.
 */
size_t walk_check_query(struct store *st, const struct list_query *q);
int64_t walk_count_of(struct store *st, enum list_id list, struct scope scope, const char *filter);
/* Of the whole list, so many rows pass the filter. */
void walk_counts(struct store *st, enum list_id list, const char *filter, int64_t want);
/* How many rows the list has below one thing. */
int64_t walk_below(struct store *st, enum list_id list, enum scope_kind kind, int64_t a, int64_t b,
		   int64_t c, int64_t d);

#endif
