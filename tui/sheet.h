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

bool sheet_terse(int rows);
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
/* `s`, or what is said instead of nothing. */
const char *text_or(const char *s, const char *instead);
/* "1 container", "2 containers": the number and the word, with an s where it needs one. */
void print_many(int64_t n, const char *word, struct buf *out);
/* A control: its word and why, how far it is tested, the answer, the crosswalk, the log. */
void sheet_control(struct sheet *s, const struct control_detail *d);
/* Fields that several things have. */
/* Grouped by framework and word. `brief`: the primary ones, and how many more there are. */
void sheet_controls(struct sheet *s, const char *label, const struct control_ref *c, size_t n,
                    bool brief);
void sheet_notes(struct sheet *s, const struct note *n, size_t count);
void sheet_history(struct sheet *s, const struct history *h, size_t n);
/* Open findings from build to build of a repository; nothing where it has one image. */
void sheet_kin(struct sheet *s, const struct image_detail *d);
/* "ok by ci@example"; of a signature that nobody verified, by whom it claims to be. */
void print_signature(const struct image_detail *d, struct buf *out);
/* What to do about a finding: "update libc6 to 2.36-9". */
void print_fix(const struct finding_detail *d, struct buf *out);
/* "3 C 14 H 38 M 6 L"; "none" when all are 0. */
void print_severities(const int64_t n[SEV_COUNT], struct buf *out);

#endif
