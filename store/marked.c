/* SPDX-License-Identifier: MIT */
/* marked.c - texts of controls with marks in them: reading and changing them. */
#include "store/marked.h"

/* ---- pieces ---- */

struct piece {
	const char *open;  /* its MARK_OPEN                     */
	const char *body;  /* behind its MARK_BODY              */
	const char *close; /* its MARK_CLOSE, or the text's end */
};

static struct piece piece_at(const char *open)
{
	struct piece p = { .open = open, .body = open + strcspn(open, "\002\003") };
	int depth = 0;

	p.body += *p.body == MARK_BODY;
	for (p.close = p.body; *p.close != 0; p.close++) {
		if (*p.close == MARK_CLOSE && depth-- == 0)
			break;
		depth += *p.close == MARK_OPEN;
	}
	return p;
}

static const char *behind(struct piece p)
{
	return p.close + (*p.close != 0);
}

/* The `nth` word of the head of what opens there is `word`; NULL is any. */
static bool has_word(const char *open, int nth, const char *word)
{
	const char *s = open + 2;
	size_t n;

	if (!word)
		return true;
	for (; nth > 0; nth--) {
		s += strcspn(s, MARK_BYTES);
		if (*s != MARK_NEXT)
			return false;
		s++;
	}
	n = strcspn(s, MARK_BYTES);
	return strlen(word) == n && memcmp(s, word, n) == 0;
}

/* The first piece of a kind and id from `s` on. */
static bool find(const char *s, char kind, const char *id, struct piece *out)
{
	while ((s = strchr(s, MARK_OPEN))) {
		if (s[1] == kind && has_word(s, 0, id)) {
			*out = piece_at(s);
			return true;
		}
		s++;
	}
	return false;
}

/* Put n bytes of `text` for those from `from` to `to`. */
static void splice(struct buf *b, const char *from, const char *to, const char *text, size_t n)
{
	struct buf out = BUF_INIT;

	buf_add(&out, b->s, (size_t)(from - b->s));
	buf_add(&out, text, n);
	buf_adds(&out, to);
	buf_release(b);
	*b = out;
}

/* ---- changing ---- */

bool marked_set(struct buf *b, const char *id, const char *text)
{
	size_t n = strlen(text), at = 0;
	struct piece p;
	bool any = false;

	while (find(b->s + at, MARK_PARAMETER, id, &p)) {
		at = (size_t)(p.body - b->s) + n;
		splice(b, p.body, p.close, text, n);
		any = true;
	}
	return any;
}

void marked_add(struct buf *b, const char *id, enum change_place at, const char *text)
{
	struct piece p = { b->s, b->s, b->s + b->len }, first;
	const char *where = p.close;

	if (id && !find(b->s, MARK_PART, id, &p))
		at = CHANGE_ENDING;
	switch (at) {
	case CHANGE_BEFORE:
		where = p.open;
		break;
	case CHANGE_STARTING: /* before its own parts, and behind its own line */
		where = find(p.body, MARK_PART, NULL, &first) && first.open < p.close ? first.open
										      : p.close;
		break;
	case CHANGE_ENDING:
		where = p.close;
		break;
	case CHANGE_AFTER:
		where = behind(p);
		break;
	}
	splice(b, where, where, text, strlen(text));
}

void marked_remove(struct buf *b, const struct rec_change *c)
{
	struct piece p;
	size_t at = 0;

	while (find(b->s + at, MARK_PART, c->id, &p)) {
		at = (size_t)(p.open - b->s);
		if (has_word(p.open, 1, c->name) && has_word(p.open, 2, c->class_id) &&
		    has_word(p.open, 3, c->ns))
			splice(b, p.open, behind(p), "", 0);
		else
			at++;
	}
}

/* ---- reading ---- */

void marked_plain(const char *s, struct buf *out)
{
	size_t start = out->len;

	while (*s != 0) {
		size_t n = strcspn(s, MARK_BYTES);

		buf_add(out, s, n);
		s += n;
		if (*s == MARK_OPEN)
			s += strcspn(s, "\002\003");
		s += *s != 0;
	}
	if (out->len > start && out->s[start] == '\n') {
		memmove(out->s + start, out->s + start + 1, out->len - start);
		out->len--;
	}
}
