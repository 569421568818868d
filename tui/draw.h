/* SPDX-License-Identifier: MIT */
/* draw.h - what every screen has: the lines above and below, short numbers, spans, values. */
#ifndef DRAW_H
#define DRAW_H

#include "store/store.h"
#include "tui/canvas.h"
#include "tui/keys.h"

/* A key worth showing on the last line, and what it does here: "open". */
struct hint {
	enum action action;
	const char *label;
};

struct tab {
	int         number;      /* 1 to 8 */
	const char *brief, *full; /* "Imgs", "Images" */
};

/*
 * Line 1: the numbered views, the open one in brackets, `!late` behind alerts; at the right who
 * acts and the time. Narrow screens get short names, then numbers only.
 */
void draw_title(struct canvas *c, const struct tab *tab, size_t ntab, int open, int64_t late,
                const char *who, int64_t now);
/* Line 2 at row y of r: `left` from the left, `right` from the right; `left` gives way. */
void draw_crumb(struct canvas *c, struct rect r, int y, const char *left, const char *right);
/* The last line: as many hints as fit, and behind them, where it helps, always the key for help. */
void draw_keys(struct canvas *c, int y, const struct keymap *m, const struct hint *hint, size_t n,
               bool with_help);
void draw_rule(struct canvas *c, struct rect r, int y);
/* Text broken at blanks into lines of the width of r from row y on; returns the rows it took. */
int  draw_wrapped(struct canvas *c, struct rect r, int y, int x, enum style_role role,
                  const char *text);

/* The rows that would be, without an edge below. */
int  count_wrapped(int width, const char *text);

/*
 * The name of an image without its registry, where it has one: points into `s`. Text that is no
 * such name stays whole.
 */
const char *short_name(const char *s);
/* "host/path:1.2": an image, whose registry is left out; a package's path is not. */
bool has_tag(const char *s);
/*
 * "rebase a/b:1 -> registry.example/a/b:2" is "rebase a/b:1 -> 2": images among the words go
 * without their registry, and the second without what the first said.
 */
void short_words(const char *s, struct buf *out);

/* 5723 -> "5,723". */
void print_count(int64_t n, char out[static 32]);
/* 38112 -> "38.1k": at most 5 columns. */
void print_short(int64_t n, char out[static 32]);
/* Rest until a due time, negative when late; "-" for DUE_NONE. */
void print_due(int64_t due, int64_t now, char out[static 16]);
/* Age of a time; "none" for 0. */
void print_age(int64_t at, int64_t now, char out[static 16]);

/* Letters and words of at most four columns, and their roles. */
const char     *severity_letter(enum severity s); /* C H M L N ? */
enum style_role severity_role(enum severity s);
const char     *control_short(enum control_word w); /* PASS FAIL STAL NONE MANL N/A EXC */
enum style_role control_role(enum control_word w);

/* A value as a cell of a table: short words, spans counted from `now`; sets the role. */
void print_cell(const struct value *v, int64_t now, struct buf *out, enum style_role *role);
/* Numbers, spans and scores stand right. */
bool value_right(enum value_type t);

#endif
