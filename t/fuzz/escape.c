/* SPDX-License-Identifier: MIT */
/* escape.c - fuzz what goes out: no imported text may act in a page, a sheet, a terminal, JSON. */
#include <assert.h>
#include <jansson.h>

#include "reports/escape.h"
#include "reports/jot.h"
#include "t/fuzz/fuzz.h"

typedef void escape_fn(struct out *o, const char *s);

static void escaped(escape_fn *escape, const char *s, struct buf *b)
{
	struct err e = ERR_INIT;
	struct out *o;

	buf_reset(b);
	o = out_buf(b);
	escape(o, s);
	if (!out_close(o, &e))
		assert(false);
	assert(utf8_valid(b->s, b->len));
}

static void no_control(const char *s, const char *but)
{
	for (; *s; s++)
		assert(((unsigned char)*s >= 0x20 && *s != 0x7f) || strchr(but, *s));
}

static void no_bidi(const char *s)
{
	uint32_t c;

	for (size_t at = 0, len = strlen(s); at < len;) {
		at += utf8_next(s + at, len - at, &c);
		assert(!utf8_bidi(c) && !(c >= 0x80 && c < 0xa0));
	}
}

static void pages(const char *s, struct buf *b)
{
	escaped(escape_html, s, b);
	assert(!strpbrk(b->s, "<>\"'"));
	no_control(b->s, "\n");
	no_bidi(b->s);
	escaped(escape_markdown, s, b);
	assert(!strchr(b->s, '<'));
	no_control(b->s, "");
	no_bidi(b->s);
	escaped(escape_plain, s, b);
	no_control(b->s, "");
	no_bidi(b->s);
}

/* One cell that reads back whole, and begins like no formula. */
static void sheets(const char *s, struct buf *b)
{
	double number;
	size_t n;

	escaped(escape_csv, s, b);
	n = b->len;
	no_control(b->s, "\n");
	if (*b->s != '"') {
		assert(!strpbrk(b->s, ",\"\r\n"));
		assert(!*b->s || !strchr("=+-@", *b->s) || str_double(b->s, &number));
		return;
	}
	assert(n >= 2 && b->s[n - 1] == '"' && !strchr("=+-@", b->s[1]));
	for (size_t i = 1; i + 1 < n; i++)
		if (b->s[i] == '"')
			assert(i + 2 < n && b->s[++i] == '"');
}

/* What was text comes back as it was. */
static void objects(const char *s, struct buf *b)
{
	struct err e = ERR_INIT;
	struct jot j;
	json_error_t at;
	json_t *root;

	buf_reset(b);
	j = (struct jot){ .out = out_buf(b) };
	jot_object(&j, NULL);
	jot_text(&j, "text", s);
	jot_list(&j, "list", s);
	jot_object(&j, s);
	jot_end(&j);
	jot_end(&j);
	if (!out_close(j.out, &e))
		assert(false);
	no_control(b->s, "\n");
	root = json_loadb(b->s, b->len, 0, &at);
	assert(root);
	if (*s && utf8_valid(s, strlen(s)) && !str_eq(s, "text"))
		assert(str_eq(json_string_value(json_object_get(root, "text")), s));
	json_decref(root);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf text = BUF_INIT, b = BUF_INIT;

	for (size_t i = 0; i < size; i++)
		buf_addc(&text, (char)data[i]);
	pages(text.s, &b);
	sheets(text.s, &b);
	objects(text.s, &b);
	buf_release(&text);
	buf_release(&b);
	return 0;
}
