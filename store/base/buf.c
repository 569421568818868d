/* SPDX-License-Identifier: MIT */
/* buf.c - growing strings. */
#include <stdio.h>
#include <stdlib.h>

#include "store/base/base.h"

#define CAP_FIRST 64

char buf_empty[] = "";

/* Room for n more bytes and the terminator. */
static void reserve(struct buf *b, size_t n)
{
	size_t need, cap = b->cap > 0 ? b->cap : CAP_FIRST;

	if (n > SIZE_MAX - b->len - 1)
		die("a text of %zu more bytes is more than memory can hold", n);
	need = b->len + n + 1;
	if (need <= b->cap)
		return;
	while (cap < need)
		cap = cap > SIZE_MAX / 2 ? need : cap * 2;
	b->s = xrealloc_array(b->cap > 0 ? b->s : NULL, cap, 1);
	b->cap = cap;
}

void buf_add(struct buf *b, const char *s, size_t n)
{
	if (n == 0)
		return;
	reserve(b, n);
	memcpy(b->s + b->len, s, n);
	b->len += n;
	b->s[b->len] = '\0';
}

void buf_adds(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

void buf_addc(struct buf *b, char c)
{
	buf_add(b, &c, 1);
}

/* Most texts fit what is there already: one pass of vsnprintf is the rule, two the exception. */
void buf_addv(struct buf *b, const char *fmt, va_list ap)
{
	size_t  room;
	va_list again;
	int     n;

	reserve(b, CAP_FIRST);
	room = b->cap - b->len;
	va_copy(again, ap);
	n = vsnprintf(b->s + b->len, room, fmt, ap);
	if (n < 0)
		die("cannot format \"%s\"", fmt);
	if ((size_t)n >= room) {
		reserve(b, (size_t)n);
		vsnprintf(b->s + b->len, (size_t)n + 1, fmt, again);
	}
	va_end(again);
	b->len += (size_t)n;
}

void buf_addf(struct buf *b, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	buf_addv(b, fmt, ap);
	va_end(ap);
}

void buf_reset(struct buf *b)
{
	b->len = 0;
	if (b->cap > 0)
		b->s[0] = '\0';
}

void buf_release(struct buf *b)
{
	if (b->cap > 0)
		free(b->s);
	*b = (struct buf)BUF_INIT;
}

char *buf_detach(struct buf *b)
{
	char *s;

	reserve(b, 0);
	b->s[b->len] = '\0';
	s = b->s;
	*b = (struct buf)BUF_INIT;
	return s;
}
