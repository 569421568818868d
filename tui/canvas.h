/* SPDX-License-Identifier: MIT */
/* canvas.h - a grid of glyphs in memory. Views draw here; only screen.c knows the terminal. */
#ifndef CANVAS_H
#define CANVAS_H

#include "themes/theme.h"

enum { CANVAS_MAX = 1000 }; /* columns and rows beyond this are not drawn */

struct glyph {
	/* one character and its combining marks, cut when too many; "" right of a wide one */
	char    utf8[14];
	uint8_t role;     /* enum style_role */
	uint8_t selected; /* part of the cursor's row: the cursor's style is added */
};

struct rect {
	int y, x, h, w;
};

struct canvas {
	int           w, h;
	struct glyph *cell; /* w * h, row by row */
	int           cursor_y, cursor_x; /* where the terminal's cursor belongs; -1: hidden */
};
#define CANVAS_INIT { 0, 0, NULL, -1, -1 }

/* forgets what was drawn; sizes are bounded to 0..CANVAS_MAX */
void canvas_resize(struct canvas *c, int w, int h);
void canvas_clear(struct canvas *c);                /* blanks in ROLE_text, no cursor */
void canvas_release(struct canvas *c);

struct rect canvas_all(const struct canvas *c);

/*
 * Write s at row y, column x of `r`, clipped to `r` and to the canvas. Control bytes are shown as
 * ^X, bidirectional controls as <U+202E>, broken UTF-8 as U+FFFD; combining marks join the cell
 * before them. A wide character that does not fit whole is left out. Returns the columns used
 * inside `r`.
 */
int canvas_text(struct canvas *c, struct rect r, int y, int x, enum style_role role, const char *s);
/* The same, at most `width` columns: text that is longer ends in `~`. */
int canvas_cut(struct canvas *c, struct rect r, int y, int x, int width, enum style_role role,
               const char *s);
/* The same, but what is cut is the beginning: names of images differ at their end. */
int canvas_tail(struct canvas *c, struct rect r, int y, int x, int width, enum style_role role,
                const char *s);
/* The same, so that the text ends before column x + width. */
int canvas_right(struct canvas *c, struct rect r, int y, int x, int width, enum style_role role,
                 const char *s);
int canvas_printf(struct canvas *c, struct rect r, int y, int x, enum style_role role,
                  const char *fmt,
                  ...) PRINTF(6, 7);
/* Columns s would take if nothing clipped it. */
int canvas_width(const char *s);

/* `n` times the ASCII character ch. */
void canvas_fill(struct canvas *c, struct rect r, int y, int x, int n, enum style_role role,
                 char ch);
/* Give `n` cells a role (ROLE_COUNT: keep theirs) and mark them as the cursor's. */
void canvas_paint(struct canvas *c, struct rect r, int y, int x, int n, enum style_role role,
                  bool selected);
void canvas_cursor(struct canvas *c, struct rect r, int y, int x);
/* Nothing stands at that place, or it is outside. */
bool canvas_blank(const struct canvas *c, struct rect r, int y, int x);

/*
 * The canvas as text, one line a row, blanks at the end cut. With roles, a second part lists for
 * each row the runs that are not plain text: `4: 0-11 head, 20-23 late`; `cursor` names the rows
 * that are selected.
 */
void canvas_dump(const struct canvas *c, struct buf *out, bool with_roles);

#endif
