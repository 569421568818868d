/* SPDX-License-Identifier: MIT */
/* err.c - errors as one line of text that is safe to show on any terminal. */
#include <stdio.h>

#include "store/base/base.h"

/* Append s to e->text from `at`, cut at a whole character; returns the new end. */
static size_t append(struct err *e, size_t at, const char *s, size_t n)
{
	char     shown[UTF8_SHOWN];
	uint32_t c;

	while (n > 0) {
		size_t used = utf8_next(s, n, &c);
		size_t len = utf8_show(c, shown);

		if (at + len >= sizeof(e->text))
			break;
		memcpy(e->text + at, shown, len);
		at += len;
		s += used;
		n -= used;
	}
	e->text[at] = '\0';
	return at;
}

/* The text is made whole before e is touched: an argument may be e->text itself. */
static void fill(struct err *e, enum err_kind kind, const char *fmt, va_list ap, const char *tail)
{
	struct buf b = BUF_INIT;

	buf_addv(&b, fmt, ap);
	if (tail) {
		buf_adds(&b, ": ");
		buf_adds(&b, tail);
	}
	e->kind = kind;
	append(e, 0, b.s, b.len);
	buf_release(&b);
}

bool err_set(struct err *e, enum err_kind kind, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fill(e, kind, fmt, ap, NULL);
	va_end(ap);
	return false;
}

bool err_errno(struct err *e, enum err_kind kind, int errnum, const char *fmt, ...)
{
	char    reason[128];
	va_list ap;

	if (strerror_r(errnum, reason, sizeof(reason)) != 0)
		snprintf(reason, sizeof(reason), "error %d", errnum);
	va_start(ap, fmt);
	fill(e, kind, fmt, ap, reason);
	va_end(ap);
	return false;
}

bool err_context(struct err *e, const char *fmt, ...)
{
	struct buf b = BUF_INIT;
	va_list    ap;

	va_start(ap, fmt);
	buf_addv(&b, fmt, ap);
	va_end(ap);
	buf_adds(&b, ": ");
	buf_adds(&b, e->text);
	append(e, 0, b.s, b.len);
	buf_release(&b);
	return false;
}
