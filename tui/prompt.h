/* SPDX-License-Identifier: MIT */
/* prompt.h - a line being typed: UTF-8, history, completion, and a caret under a fault. */
#ifndef PROMPT_H
#define PROMPT_H

#include "tui/canvas.h"

enum { HISTORY_MAX = 50, PROMPT_MAX = 1000 };

/* Lines typed before, newest last; one for each kind of prompt. */
struct typed {
	char  *line[HISTORY_MAX];
	size_t n;
};
void typed_add(struct typed *h, const char *line); /* copies; "" and a repeat are not kept */
void typed_release(struct typed *h);

/*
 * Completion: the i-th way to complete `text` as a whole line, written to `out`; false past the
 * last.
 */
typedef bool prompt_complete(void *ctx, const char *text, size_t i, struct buf *out);

struct prompt {
	char             label[128]; /* "/", ":", "note: " */
	struct buf       text;
	size_t           at;        /* byte offset of the cursor, at a character's start */
	struct typed  *history;   /* borrowed; NULL: none */
	size_t           back;      /* how far up the history we are; 0: the line being typed */
	char            *draft;     /* the line being typed, while the history shows */
	prompt_complete *complete;  /* NULL: none */
	void            *ctx;
	char            *stem;      /* what was typed when Tab was pressed first */
	size_t           choice;    /* completion shown, counted from 0 */
	bool             fresh;     /* a proposal: the first character typed takes its place */
	int              fault;     /* byte offset of a fault, -1: none */
	char             why[160];  /* what is wrong there */
};

enum prompt_result { PROMPT_GOES_ON, PROMPT_CHANGED, PROMPT_DONE, PROMPT_LEFT };

/* Begin with `text` and the cursor at its end. */
void prompt_open(struct prompt *p, const char *label, const char *text);
void prompt_release(struct prompt *p);
/*
 * Take one key. CHANGED: the text is another; DONE: Enter; LEFT: Esc, Ctrl-C, or Backspace on
 * nothing.
 */
enum prompt_result prompt_key(struct prompt *p, uint32_t key);
/* Show a fault under byte `at`; cleared by the next change. */
void prompt_fault(struct prompt *p, size_t at, const char *why);
/* On row y of `r`, scrolled so that the cursor shows; a fault takes the row above. */
void prompt_draw(const struct prompt *p, struct canvas *c, struct rect r, int y);

#endif
