/* SPDX-License-Identifier: MIT */
/* overview.h - the blocks of the overview, and where the cursor is among them. */
#ifndef OVERVIEW_H
#define OVERVIEW_H

#include "tui/app.h"

enum block { BLOCK_NOW, BLOCK_POSTURE, BLOCK_DUE, BLOCK_FINDINGS, BLOCK_ESTATE, BLOCK_COUNT };
enum { SEVERITIES = 4, ESTATE_ROWS = 6 };

/* A row and a cell of it in each block; cell 0 is the row as a whole, the others its counts. */
struct overview {
	enum block block;
	size_t     at[BLOCK_COUNT], cell[BLOCK_COUNT];
};

/* The checklist is one row more below the frameworks. */
size_t overview_rows(const struct status *s, enum block b);
size_t overview_cells(enum block b);
/* The control words behind the cells of POSTURE, from cell 1 on. */
enum control_word overview_word(size_t cell);
struct overview_estate { /* a row of ESTATE; of -1: it has one count */
	const char *label, *unit;
	int64_t     n, of;
	bool        bad; /* it is no good sign when there are any */
};
struct overview_estate overview_estate(const struct status *s, size_t i);
const char *overview_due_word(size_t i);
/* overview_speak.c */
void overview_speak(const struct view *v, struct buf *out);
void overview_draw(const struct view *v, struct canvas *c);

#endif
