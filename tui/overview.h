/* SPDX-License-Identifier: MIT */
/* overview.h - the blocks of the overview, and where the cursor is among them. */
#ifndef OVERVIEW_H
#define OVERVIEW_H

#include "tui/app.h"

enum block { BLOCK_NOW, BLOCK_POSTURE, BLOCK_DUE, BLOCK_FINDINGS, BLOCK_ESTATE, BLOCK_SOURCES,
             BLOCK_OWNERS, BLOCK_COUNT };
enum { SEVERITIES = 4, ESTATE_ROWS = 6, SOURCE_WIDTH = 40 };
enum { WIDE = 80 }; /* columns of a block from which on it says more */
enum { ROOMY = 100 }; /* columns of the screen from which the right side need not save one */

struct overview_owner {
	const char *name; /* "none": nobody's */
	int64_t     critical, high, late;
	int64_t     days; /* what went in 90 days had been open, on average; -1: nothing went */
};

/* A row and a cell of it in each block; cell 0 is the row as a whole, the others its counts. */
struct overview {
	enum block block;
	size_t     at[BLOCK_COUNT], cell[BLOCK_COUNT];
	/* who has how much open: asked for when the rest is shown */
	struct arena           mem;
	struct overview_owner *owner;
	size_t                 nowner;
	bool                   known;
};

/* The checklist is one row more below the frameworks. */
size_t overview_rows(const struct view *v, enum block b);
/* Where the blocks lie; h is 0 of those that have no room. */
void overview_places(const struct view *v, struct rect at[BLOCK_COUNT]);
size_t overview_cells(enum block b);
/* Of the row that the cursor is on: how many it has, and which. */
size_t overview_row_cells(const struct view *v);
size_t overview_cell(const struct view *v);
/* The control words behind the cells of POSTURE, from cell 1 on. */
enum control_word overview_word(size_t cell);
struct overview_estate { /* a row of ESTATE; of -1: it has one count */
	const char *label, *unit;
	int64_t     n, of;
	bool        bad; /* it is no good sign when there are any */
};
struct overview_estate overview_estate(const struct status *s, size_t i);
const char *overview_due_word(size_t i);
int64_t overview_due_open(const struct status *s, size_t i); /* of a row of DUE, due or not */
const char *overview_severity(size_t row); /* filter of a row of OPEN FINDINGS */
/* overview_moves.c: a menu of why findings came in or went out */
void overview_choose_move(struct view *v, size_t row, bool out);
/* overview_speak.c */
void overview_speak(const struct view *v, struct buf *out);
void overview_draw(const struct view *v, struct canvas *c);
void overview_number(struct canvas *c, struct rect r, int y, int x, int w, int64_t n,
                     enum style_role role);
/* The row's sign, and the cell: what names the row, or one of its counts of `w` columns at `x`. */
void overview_cursor(const struct view *v, struct canvas *c, struct rect r, int y, enum block b,
                     size_t i, int label, int x, int w);
/* overview_rows.c */
void overview_draw_now(const struct view *v, struct canvas *c, struct rect r);
void overview_draw_sources(const struct view *v, struct canvas *c, struct rect r);
void overview_draw_owners(const struct view *v, struct canvas *c, struct rect r);
/* overview_owners.c: ask the reader who has how much open, once nothing else waits */
void overview_ask_owners(struct view *v);

#endif
