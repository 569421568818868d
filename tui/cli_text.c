/* SPDX-License-Identifier: MIT */
/* cli_text.c - imported text on standard output: shown as it is, never obeyed. */
#include "tui/cli.h"

void text_clean(const char *s, size_t n, struct buf *out)
{
	char shown[UTF8_SHOWN];
	uint32_t c;

	for (size_t at = 0; at < n;) {
		at += utf8_next(s + at, n - at, &c);
		buf_add(out, shown, utf8_show(c, shown));
	}
}

size_t text_columns(const char *s)
{
	size_t n = 0, len = strlen(s);
	uint32_t c;

	for (size_t at = 0; at < len;) {
		int w;

		at += utf8_next(s + at, len - at, &c);
		w = utf8_width(c);
		n += w < 0 ? 0 : (size_t)w;
	}
	return n;
}

void text_line(struct out *o, const char *fmt, ...)
{
	struct buf raw = BUF_INIT, line = BUF_INIT;
	va_list ap;

	va_start(ap, fmt);
	buf_addv(&raw, fmt, ap);
	va_end(ap);
	text_clean(raw.s, raw.len, &line);
	while (line.len > 0 && line.s[line.len - 1] == ' ')
		line.len--;
	buf_addc(&line, '\n');
	out_add(o, line.s, line.len);
	buf_release(&line);
	buf_release(&raw);
}

/* As much of s as fits into `width` columns. */
static size_t fitting(const char *s, size_t len, size_t width, size_t *used)
{
	size_t at = 0;
	uint32_t c;

	*used = 0;
	while (at < len) {
		size_t n = utf8_next(s + at, len - at, &c);
		int w = utf8_width(c);

		if (*used + (size_t)w > width)
			break;
		*used += (size_t)w;
		at += n;
	}
	return at;
}

void text_cell(struct buf *line, const char *s, size_t width)
{
	struct buf clean = BUF_INIT;
	size_t used;

	text_clean(s, strlen(s), &clean);
	buf_add(line, clean.s, fitting(clean.s, clean.len, width, &used));
	for (; used < width; used++)
		buf_addc(line, ' ');
	buf_release(&clean);
}
