/* SPDX-License-Identifier: MIT */
/* matrix.h - rules by cluster, below the list of clusters. */
#ifndef MATRIX_H
#define MATRIX_H

#include "tui/app.h"

/* Where the cursor is: a rule, and a cluster; cell 0 is all of them. */
struct matrix_at {
	bool   focus;
	size_t row, cell;
};

void matrix_draw(const struct matrix *m, const struct matrix_at *at, struct canvas *c,
                 struct rect r);
/* The same in sentences, from the rule under the cursor on. */
void matrix_speak(const struct matrix *m, const struct matrix_at *at, struct buf *out);
/* An action while the matrix has the cursor; VIEW_PASS: not for it. */
enum view_result matrix_act(struct view *v, const struct matrix *m, struct matrix_at *at,
                            enum action a, struct err *e);

#endif
