/* SPDX-License-Identifier: MIT */
/*
 * strip.h - counts of a list beside each other, between the list and its preview; each opens the
 * rows that it counts.
 */
#ifndef STRIP_H
#define STRIP_H

#include "tui/draw.h"
#include "tui/keys.h"

struct view;

struct strip_cell {
	int             y, group; /* row; group of columns, -1: the label before them */
	bool            right;    /* ends where its group does; else behind the one before */
	const char     *text, *term; /* filter that its count is of; NULL: opens nothing */
	enum style_role role;
};

/* Zeroed, then filled; what cells point to lives in `mem`. */
struct strip {
	struct arena       mem;
	struct strip_cell *cell;
	size_t             n;
	int                lead, groups; /* columns of the label; groups of equal width */
	size_t             at;           /* the cell that the cursor is on */
	bool               focus;        /* keys go here, not to the list */
};

/* Forget all cells; there is room for `most` then. */
void strip_reset(struct strip *s, size_t most, int lead, int groups);
void strip_release(struct strip *s);
void strip_add(struct strip *s, const struct strip_cell *c, const char *fmt, ...) PRINTF(3, 4);
/* In sentences, for those who do not see it. */
void strip_speak(const struct strip *s, struct buf *out);

/* The strip of a view that shows it now; NULL: none. */
struct strip *strip_of(const struct view *v);
void strip_draw(const struct view *v, struct canvas *c, struct rect r);
/* Tab comes here and goes back; then arrows choose and Enter keeps the rows of a count. */
bool strip_act(struct view *v, enum action a);

#endif
