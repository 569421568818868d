/* SPDX-License-Identifier: MIT */
/* facets.h - the problems that a filter leaves, counted by what one asks for first. */
#ifndef FACETS_H
#define FACETS_H

#include "tui/strip.h"
#include "tui/table.h"

enum { FACET_ROWS = 2 };

/* State of a view of problems. */
struct facets {
	struct strip strip;
	uint64_t     revision; /* of the store, and the filter: what was asked of last */
	char         filter[FILTER_MAX + 1];
};

/* Asks when the store or the filter is another; for view_ops.taken. */
void          facets_ask(struct view *v);
struct strip *facets_strip(const struct view *v);
void          facets_speak(const struct view *v, struct buf *out);
void          facets_close(struct view *v);

#endif
