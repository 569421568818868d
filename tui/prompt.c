/* SPDX-License-Identifier: MIT */
/* prompt.c - the line editor. */
#include <stdlib.h>

#include "tui/keys.h"
#include "tui/prompt.h"

void typed_add(struct typed *h, const char *line)
{
	if (line[0] == '\0' || (h->n > 0 && str_eq(h->line[h->n - 1], line)))
		return;
	if (h->n == HISTORY_MAX) {
		free(h->line[0]);
		memmove(h->line, h->line + 1, sizeof(h->line[0]) * --h->n);
	}
	h->line[h->n++] = xstrdup(line);
}

void typed_release(struct typed *h)
{
	while (h->n > 0)
		free(h->line[--h->n]);
}

static void forget_completion(struct prompt *p)
{
	free(p->stem);
	p->stem = NULL;
}

void prompt_open(struct prompt *p, const char *label, const char *text)
{
	*p = (struct prompt){ .text = BUF_INIT, .fault = -1 };
	str_copy(p->label, sizeof(p->label), label);
	buf_adds(&p->text, text);
	p->at = p->text.len;
}

void prompt_release(struct prompt *p)
{
	forget_completion(p);
	free(p->draft);
	buf_release(&p->text);
	*p = (struct prompt){ .text = BUF_INIT, .fault = -1 };
}

static void set_text(struct prompt *p, const char *s)
{
	buf_reset(&p->text);
	buf_adds(&p->text, s);
	p->at = p->text.len;
}

static size_t before(const struct prompt *p, size_t at)
{
	while (at > 0 && ((unsigned char)p->text.s[--at] & 0xc0) == 0x80)
		continue;
	return at;
}

static size_t after(const struct prompt *p, size_t at)
{
	uint32_t c;

	return at < p->text.len ? at + utf8_next(p->text.s + at, p->text.len - at, &c) : at;
}

static void erase(struct prompt *p, size_t from, size_t to)
{
	memmove(p->text.s + from, p->text.s + to, p->text.len - to + 1);
	p->text.len -= to - from;
	p->at = from;
}

static void insert(struct prompt *p, uint32_t key)
{
	char utf8[4];
	size_t n = utf8_put(key, utf8);

	if (p->text.len + n > PROMPT_MAX)
		return;
	buf_add(&p->text, utf8, n);
	memmove(p->text.s + p->at + n, p->text.s + p->at, p->text.len - n - p->at);
	memcpy(p->text.s + p->at, utf8, n);
	p->at += n;
}

static size_t word_before(const struct prompt *p)
{
	size_t at = p->at;

	while (at > 0 && p->text.s[at - 1] == ' ')
		at--;
	while (at > 0 && p->text.s[at - 1] != ' ')
		at--;
	return at;
}

/* Show the line `back` steps up the history; 0 is the one being typed. */
static void show_history(struct prompt *p, size_t back)
{
	if (!p->history || back > p->history->n)
		return;
	if (p->back == 0) {
		free(p->draft);
		p->draft = xstrdup(p->text.s);
	}
	p->back = back;
	set_text(p, back == 0 ? p->draft : p->history->line[p->history->n - back]);
}

static void complete(struct prompt *p)
{
	struct buf b = BUF_INIT;

	if (!p->complete)
		return;
	if (p->stem) {
		p->choice++;
	} else {
		p->stem = xstrdup(p->text.s);
		p->choice = 0;
	}
	if (!p->complete(p->ctx, p->stem, p->choice, &b)) { /* round again,
		by way of what was typed */
		p->choice = (size_t)-1;
		buf_reset(&b);
		buf_adds(&b, p->stem);
	}
	set_text(p, b.s);
	buf_reset(&b);
	/* The only way to go on: the next Tab goes on from there. */
	if (p->choice == 0 && !p->complete(p->ctx, p->stem, 1, &b))
		forget_completion(p);
	buf_release(&b);
}

/* Keys that move or change; false when the key is none of them. */
static bool edit(struct prompt *p, uint32_t key)
{
	switch (key) {
	case K_LEFT: case 'B' & 0x1f: p->at = before(p, p->at); return true;
	case K_RIGHT: case 'F' & 0x1f: p->at = after(p, p->at); return true;
	case K_HOME: case 'A' & 0x1f: p->at = 0; return true;
	case K_END: case 'E' & 0x1f: p->at = p->text.len; return true;
	case K_UP: case 'P' & 0x1f: show_history(p, p->back + 1); return true;
	case K_DOWN: case 'N' & 0x1f: if (p->back > 0) show_history(p, p->back - 1); return true;
	case K_BACKSPACE: erase(p, before(p, p->at), p->at); return true;
	case K_DEL: case 'D' & 0x1f: erase(p, p->at, after(p, p->at)); return true;
	case 'W' & 0x1f: erase(p, word_before(p), p->at); return true;
	case 'U' & 0x1f: erase(p, 0, p->at); return true;
	case 'K' & 0x1f: erase(p, p->at, p->text.len); return true;
	case K_TAB: complete(p); return true;
	default: break;
	}
	if (key < ' ' || key >= K_NAMED)
		return false;
	insert(p, key);
	return true;
}

enum prompt_result prompt_key(struct prompt *p, uint32_t key)
{
	char *was;
	bool same;

	if (key == K_ENTER)
		return PROMPT_DONE;
	if (key == K_ESC || key == ('C' & 0x1f) || (key == K_BACKSPACE && p->text.len == 0))
		return PROMPT_LEFT;
	if (p->fresh && key >= ' ' && key < K_NAMED && key != K_BACKSPACE)
		set_text(p, "");
	p->fresh = false;
	if (key != K_TAB)
		forget_completion(p);
	was = xstrdup(p->text.s);
	edit(p, key);
	same = str_eq(was, p->text.s);
	free(was);
	if (same)
		return PROMPT_GOES_ON;
	p->fault = -1;
	return PROMPT_CHANGED;
}

void prompt_fault(struct prompt *p, size_t at, const char *why)
{
	p->fault = (int)(at < p->text.len ? at : p->text.len);
	str_copy(p->why, sizeof(p->why), why);
}

/* Columns of the first `n` bytes of the text. */
static int columns(const struct prompt *p, size_t n)
{
	char *s = xmalloc(n + 1);
	int w;

	memcpy(s, p->text.s, n);
	s[n] = '\0';
	w = canvas_width(s);
	free(s);
	return w;
}

/*
 * The caret under the fault would cover the keys: it stands above, pointing down, its reason behind
 * it.
 */
static void draw_fault(const struct prompt *p, struct canvas *c, struct rect r, int y, int x)
{
	int w = canvas_width(p->why);

	canvas_fill(c, r, y, 0, r.w, ROLE_text, ' ');
	canvas_text(c, r, y, x, ROLE_fail, "v");
	if (x + 2 + w <= r.w || x < w)
		canvas_cut(c, r, y, x + 2, r.w - x - 2, ROLE_fail, p->why);
	else
		canvas_text(c, r, y, x - 1 - w, ROLE_fail, p->why);
}

void prompt_draw(const struct prompt *p, struct canvas *c, struct rect r, int y)
{
	int label = canvas_width(p->label);
	int cursor = label + columns(p, p->at);
	int shift = cursor < r.w ? 0 : cursor - r.w + 1;
	struct rect field = { r.y + y, r.x + label, 1, r.w - label };

	canvas_fill(c, r, y, 0, r.w, ROLE_prompt, ' ');
	canvas_text(c, r, y, 0, ROLE_prompt, p->label);
	canvas_text(c, field, 0, -shift, ROLE_prompt, p->text.s);
	if (p->fault >= 0 && y > 0)
		draw_fault(p, c, r, y - 1, label + columns(p, (size_t)p->fault) - shift);
	canvas_cursor(c, r, y, cursor - shift);
}
