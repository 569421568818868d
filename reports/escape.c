/* SPDX-License-Identifier: MIT */
/* escape.c - the only code that may make imported text safe for a format. */
#include <stdio.h>

#include "reports/escape.h"

/* Writes one harmless character; says whether it did. */
typedef bool special_fn(struct out *o, uint32_t c);

/* How a character that may not be shown is spelled; "" for one that may. */
static void spell(uint32_t c, char out[static 16])
{
	*out = 0;
	if (c < 0x20 || c == 0x7f)
		snprintf(out, 16, "^%c", (char)(c ^ 0x40));
	else if (utf8_bidi(c) || (c >= 0x80 && c < 0xa0))
		snprintf(out, 16, "<U+%04X>", (unsigned)c);
	else if (c == 0xfffd)
		snprintf(out, 16, "\xef\xbf\xbd");
}

/* The spelling is escaped in its turn: "<" is no more welcome in it than elsewhere. */
static void put_character(struct out *o, uint32_t c, const char *s, size_t n, special_fn *special)
{
	char spelled[16];

	spell(c, spelled);
	if (!*spelled)
		out_add(o, s, n);
	for (const char *p = spelled; *p; p++)
		if ((unsigned char)*p >= 0x80 || !special || !special(o, (unsigned char)*p))
			out_add(o, p, 1);
}

static void put_escaped(struct out *o, const char *s, special_fn *special)
{
	size_t len = s ? strlen(s) : 0;

	for (size_t at = 0; at < len;) {
		uint32_t c;
		size_t n = utf8_next(s + at, len - at, &c);

		if (!special || !special(o, c))
			put_character(o, c, s + at, n, special);
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

	for (size_t i = 0; i < LENGTH(map); i++)
		if (map[i].c == c) {
			out_puts(o, map[i].as);
			return true;
		}
	return false;
}

static bool special_markdown(struct out *o, uint32_t c)
{
	static const char marked[] = "\\`*_[]|~";

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

/* Some marks mean something at the beginning of a line only, after up to three blanks. */
void escape_markdown(struct out *o, const char *s)
{
	size_t digits;

	if (!s)
		return;
	s += strspn(s, " \t\n");
	digits = strspn(s, "0123456789");
	if (digits) {
		out_add(o, s, digits);
		s += digits;
		if ((*s == '.' || *s == ')') && (!s[1] || strchr(" \t\n", s[1])))
			out_puts(o, "\\");
	} else if (*s && strchr("#+-=>", *s)) {
		out_puts(o, "\\");
	}
	put_escaped(o, s, special_markdown);
}

void escape_plain(struct out *o, const char *s)
{
	put_escaped(o, s, NULL);
}

/* What spreadsheets take for a formula, wide forms of the signs too; a plain number is none. */
static bool is_formula(const char *s)
{
	static const uint32_t starts[] = { '=',    '+',    '-',    '@',    '\t',  '\r',
		                           '\n',   0xff1d, 0xff0b, 0xff0d, 0xff20 };
	double number;
	uint32_t c;

	if (str_empty(s) || str_double(s, &number))
		return false;
	utf8_next(s, strlen(s), &c);
	for (size_t i = 0; i < LENGTH(starts); i++)
		if (c == starts[i])
			return true;
	return false;
}

void escape_csv(struct out *o, const char *s)
{
	bool formula = is_formula(s);

	if (!formula && (!s || !strpbrk(s, ",\"\r\n;'"))) {
		put_escaped(o, s, NULL);
		return;
	}
	out_puts(o, formula ? "\"'" : "\"");
	put_escaped(o, s, special_csv);
	out_puts(o, "\"");
}

/* ---- YAML ---- */

void escape_yaml(struct out *o, const char *s)
{
	size_t len = s ? strlen(s) : 0;

	out_add(o, "\"", 1);
	for (size_t at = 0; at < len;) {
		uint32_t c;
		size_t n = utf8_next(s + at, len - at, &c);

		if (c == '"' || c == '\\')
			out_printf(o, "\\%c", (char)c);
		else if (c == '\n')
			out_add(o, "\\n", 2);
		else if (c >= 0x20 && c < 0x7f)
			out_add(o, s + at, n);
		else
			out_printf(o, c > 0xffff ? "\\U%08x" : "\\u%04x", (unsigned)c);
		at += n;
	}
	out_add(o, "\"", 1);
}
