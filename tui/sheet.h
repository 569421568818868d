/* SPDX-License-Identifier: MIT */
/*
 * sheet.h - text below text: fields, heads, wrapped lines, on a part of the canvas that may scroll.
 */
#ifndef SHEET_H
#define SHEET_H

#include "tui/draw.h"

struct sheet {
	struct canvas *c;
	struct rect    r;
	int            y;     /* next row; negative above the part that shows */
	int            label; /* columns of the labels */
	int64_t        now;
	bool           terse; /* room is short: what is secondary is left out */
};

/* `from`: rows scrolled away above. */
void sheet_init(struct sheet *s, struct canvas *c, struct rect r, int from, int64_t now);
/* A line of its own, cut at the edge. */
void sheet_line(struct sheet *s, enum style_role role, const char *fmt, ...) PRINTF(3, 4);
/* Text broken at blanks into as many lines as it needs; NULL and "" take none. */
void sheet_text(struct sheet *s, enum style_role role, const char *text);
/* A label and what belongs to it, broken at blanks; an empty value is shown as "none". */
void sheet_field(struct sheet *s, const char *label, const char *fmt, ...) PRINTF(3, 4);
/* The same in a role of its own. */
void sheet_role(struct sheet *s, enum style_role role, const char *label, const char *fmt, ...)
	PRINTF(4, 5);
void sheet_head(struct sheet *s, const char *text);
void sheet_gap(struct sheet *s);
/* Fields that several things have. */
void sheet_controls(struct sheet *s, const char *label, const struct control_ref *c, size_t n);
void sheet_notes(struct sheet *s, const struct note *n, size_t count);
void sheet_history(struct sheet *s, const struct history *h, size_t n);
/* "3 C 14 H 38 M 6 L"; "none" when all are 0. */
void print_severities(const int64_t n[SEV_COUNT], struct buf *out);

#endif
