/* SPDX-License-Identifier: MIT */
/* escape.c - the only code that may make imported text safe for a format. */
#include <stdio.h>

#include "reports/escape.h"

/* Writes one harmless character; says whether it did. */
typedef bool special_fn(struct out *o, uint32_t c);

static void put_character(struct out *o, uint32_t c, const char *s, size_t n)
{
	if (c < 0x20 || c == 0x7f)
		out_printf(o, "^%c", (char)(c ^ 0x40));
	else if (utf8_bidi(c) || (c >= 0x80 && c < 0xa0))
		out_printf(o, "<U+%04X>", (unsigned)c);
	else if (c == 0xfffd)
		out_puts(o, "\xef\xbf\xbd");
	else
		out_add(o, s, n);
}

static void put_escaped(struct out *o, const char *s, special_fn *special)
{
	size_t len = s ? strlen(s) : 0;

	for (size_t at = 0; at < len;) {
		uint32_t c;
		size_t n = utf8_next(s + at, len - at, &c);

		if (!special || !special(o, c))
			put_character(o, c, s + at, n);
		at += n;
	}
}

static bool special_html(struct out *o, uint32_t c)
{
	static const struct {
		uint32_t c;
		const char *as;
	} map[] = {
		{ '<', "&lt;" },   { '>', "&gt;" },  { '&', "&amp;" }, { '"', "&quot;" },
		{ '\'', "&#39;" }, { '\n', "\n" },  { '\t', " " },
	};

	if (utf8_bidi(c)) {
		out_printf(o, "&lt;U+%04X&gt;", (unsigned)c);
		return true;
	}
	for (size_t i = 0; i < LENGTH(map); i++)
		if (map[i].c == c) {
			out_puts(o, map[i].as);
			return true;
		}
	return false;
}

static bool special_markdown(struct out *o, uint32_t c)
{
	static const char marked[] = "\\`*_{}[]()#+-!|~>";

	if (c == '<') {
		out_puts(o, "&lt;");
	} else if (c == '&') {
		out_puts(o, "&amp;");
	} else if (c == '\n' || c == '\t') {
		out_puts(o, " ");
	} else if (c < 0x80 && c && strchr(marked, (int)c)) {
		out_printf(o, "\\%c", (char)c);
	} else {
		return false;
	}
	return true;
}

static bool special_csv(struct out *o, uint32_t c)
{
	if (c == '"') {
		out_puts(o, "\"\"");
		return true;
	}
	if (c == '\n') {
		out_puts(o, "\n");
		return true;
	}
	return false;
}

void escape_html(struct out *o, const char *s)
{
	put_escaped(o, s, special_html);
}

void escape_markdown(struct out *o, const char *s)
{
	put_escaped(o, s, special_markdown);
}

void escape_plain(struct out *o, const char *s)
{
	put_escaped(o, s, NULL);
}

void escape_csv(struct out *o, const char *s)
{
	double number;
	bool formula = s && *s && strchr("=+-@\t\r", *s) && !str_double(s, &number);

	if (!formula && (!s || !strpbrk(s, ",\"\r\n;'"))) {
		put_escaped(o, s, NULL);
		return;
	}
	out_puts(o, formula ? "\"'" : "\"");
	put_escaped(o, s, special_csv);
	out_puts(o, "\"");
}
