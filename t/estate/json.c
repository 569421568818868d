/* SPDX-License-Identifier: MIT */
/* json.c - JSON written member by member, indented as people's tools do it. */
#include <assert.h>
#include <inttypes.h>

#include "t/estate/json.h"

static void quote(struct out *o, const char *s)
{
	out_puts(o, "\"");
	for (; *s != '\0'; s++) {
		if (*s == '"' || *s == '\\')
			out_printf(o, "\\%c", *s);
		else if ((unsigned char)*s < 0x20)
			out_printf(o, "\\u%04x", (unsigned)*s);
		else
			out_add(o, s, 1);
	}
	out_puts(o, "\"");
}

static void new_line(struct json *j)
{
	if (j->indent > 0)
		out_printf(j->out, "\n%*s", j->indent * (int)j->depth, "");
}

/* What stands before a value: the comma, the place, the key. */
static void lead(struct json *j, const char *key)
{
	if (j->depth > 0) {
		out_puts(j->out, j->filled[j->depth - 1] ? "," : "");
		j->filled[j->depth - 1] = true;
		new_line(j);
	}
	if (key != NULL) {
		quote(j->out, key);
		out_puts(j->out, j->indent > 0 ? ": " : ":");
	}
}

static void begin(struct json *j, const char *key, const char *mark, char close)
{
	lead(j, key);
	out_puts(j->out, mark);
	assert(j->depth < JSON_DEEP);
	j->filled[j->depth] = false;
	j->close[j->depth++] = close;
}

void json_object(struct json *j, const char *key)
{
	begin(j, key, "{", '}');
}

void json_array(struct json *j, const char *key)
{
	begin(j, key, "[", ']');
}

void json_end(struct json *j)
{
	assert(j->depth > 0);
	j->depth--;
	if (j->filled[j->depth])
		new_line(j);
	out_printf(j->out, "%c%s", j->close[j->depth], j->depth == 0 ? "\n" : "");
}

void json_text(struct json *j, const char *key, const char *s)
{
	if (s == NULL)
		return;
	lead(j, key);
	quote(j->out, s);
}

void json_textf(struct json *j, const char *key, const char *fmt, ...)
{
	struct buf b = BUF_INIT;
	va_list    ap;

	va_start(ap, fmt);
	buf_addv(&b, fmt, ap);
	va_end(ap);
	json_text(j, key, b.s);
	buf_release(&b);
}

void json_int(struct json *j, const char *key, int64_t n)
{
	lead(j, key);
	out_printf(j->out, "%" PRId64, n);
}

void json_real(struct json *j, const char *key, double d)
{
	lead(j, key);
	out_printf(j->out, "%.1f", d);
}

void json_bool(struct json *j, const char *key, bool b)
{
	lead(j, key);
	out_puts(j->out, b ? "true" : "false");
}
