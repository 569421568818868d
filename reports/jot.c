/* SPDX-License-Identifier: MIT */
/* jot.c - JSON written as it is told. Grammar: RFC 8259. */
#include <assert.h>
#include <inttypes.h>

#include "reports/jot.h"

static bool is_plain(uint32_t c)
{
	return c >= 0x20 && c != '"' && c != '\\' && !(c >= 0x7f && c < 0xa0) && !utf8_bidi(c) &&
	       c != 0x2028 && c != 0x2029 && c != 0xfffd;
}

static void put_odd(struct out *o, uint32_t c)
{
	if (c == '"' || c == '\\')
		out_printf(o, "\\%c", (char)c);
	else if (c == '\n')
		out_puts(o, "\\n");
	else if (c == '\t')
		out_puts(o, "\\t");
	else if (c == 0xfffd)
		out_puts(o, "\xef\xbf\xbd");
	else
		out_printf(o, "\\u%04x", (unsigned)c);
}

static void put_string(struct out *o, const char *s, size_t len)
{
	size_t from = 0;

	out_puts(o, "\"");
	for (size_t at = 0; at < len;) {
		uint32_t c;
		size_t n = utf8_next(s + at, len - at, &c);

		if (!is_plain(c)) {
			out_add(o, s + from, at - from);
			put_odd(o, c);
			from = at + n;
		}
		at += n;
	}
	out_add(o, s + from, len - from);
	out_puts(o, "\"");
}

/* What comes before a value: the comma, the name. */
static void lead_n(struct jot *j, const char *key, size_t len)
{
	if (j->depth) {
		if (j->some[j->depth - 1])
			out_puts(j->out, ",");
		j->some[j->depth - 1] = true;
	}
	if (key) {
		put_string(j->out, key, len);
		out_puts(j->out, ":");
	}
}

static void lead(struct jot *j, const char *key)
{
	lead_n(j, key, key ? strlen(key) : 0);
}

static void open_with(struct jot *j, const char *with, char close)
{
	out_puts(j->out, with);
	assert(j->depth < JOT_DEPTH);
	j->close[j->depth] = close;
	j->some[j->depth++] = false;
}

void jot_object(struct jot *j, const char *key)
{
	lead(j, key);
	open_with(j, "{", '}');
}

void jot_array(struct jot *j, const char *key)
{
	lead(j, key);
	open_with(j, "[", ']');
}

void jot_end(struct jot *j)
{
	assert(j->depth > 0);
	out_add(j->out, &j->close[--j->depth], 1);
	if (!j->depth)
		out_puts(j->out, "\n");
}

void jot_null(struct jot *j, const char *key)
{
	lead(j, key);
	out_puts(j->out, "null");
}

void jot_textn(struct jot *j, const char *key, const char *s, size_t n)
{
	lead(j, key);
	put_string(j->out, s, n);
}

void jot_text(struct jot *j, const char *key, const char *s)
{
	if (str_empty(s))
		jot_null(j, key);
	else
		jot_textn(j, key, s, strlen(s));
}

void jot_int(struct jot *j, const char *key, int64_t i)
{
	lead(j, key);
	out_printf(j->out, "%" PRId64, i);
}

void jot_number(struct jot *j, const char *key, int64_t n)
{
	if (n == 0)
		jot_null(j, key);
	else
		jot_int(j, key, n);
}

void jot_bool(struct jot *j, const char *key, bool b)
{
	lead(j, key);
	out_puts(j->out, b ? "true" : "false");
}

void jot_decimal(struct jot *j, const char *key, int64_t v, int digits)
{
	int64_t unit = 1;

	if (v < 0) {
		jot_null(j, key);
		return;
	}
	for (int i = 0; i < digits; i++)
		unit *= 10;
	lead(j, key);
	out_printf(j->out, "%" PRId64 ".%0*" PRId64, v / unit, digits, v % unit);
}

void jot_time(struct jot *j, const char *key, int64_t t)
{
	char s[21];

	time_print(t, s);
	jot_text(j, key, t ? s : NULL);
}

void jot_time_ns(struct jot *j, const char *key, int64_t t_ns)
{
	char s[31];

	time_print_ns(t_ns, s);
	jot_text(j, key, t_ns ? s : NULL);
}

void jot_due(struct jot *j, const char *key, int64_t t)
{
	jot_time(j, key, t == DUE_NONE ? 0 : t);
}

void jot_texts(struct jot *j, const char *key, const char *const *s, size_t n)
{
	jot_array(j, key);
	for (size_t i = 0; i < n; i++)
		jot_text(j, NULL, s[i]);
	jot_end(j);
}

void jot_list(struct jot *j, const char *key, const char *s)
{
	const char *end;

	jot_array(j, key);
	for (const char *p = s ? s : ""; *p; p = *end ? end + 2 : end) {
		end = strstr(p, ", ");
		if (!end)
			end = p + strlen(p);
		if (end > p)
			jot_textn(j, NULL, p, (size_t)(end - p));
	}
	jot_end(j);
}

static void jot_value(struct jot *j, const char *key, const struct value *v)
{
	switch (v->type) {
	case VAL_NULL: jot_null(j, key); break;
	case VAL_INT: jot_int(j, key, v->u.i); break;
	case VAL_TEXT: jot_text(j, key, v->u.s); break;
	case VAL_LIST: jot_list(j, key, v->u.s); break;
	case VAL_TIME: jot_time(j, key, v->u.i); break;
	case VAL_DUE: jot_due(j, key, v->u.i); break;
	case VAL_SEVERITY: jot_text(j, key, severity_word((enum severity)v->u.i)); break;
	case VAL_VERDICT: jot_text(j, key, verdict_word((enum verdict)v->u.i)); break;
	case VAL_STATE: jot_text(j, key, state_word((enum finding_state)v->u.i)); break;
	case VAL_CONTROL: jot_text(j, key, control_word((enum control_word)v->u.i)); break;
	case VAL_PRIORITY: jot_text(j, key, priority_word((enum priority)v->u.i)); break;
	case VAL_ALERT_STATE:
		jot_text(j, key, alert_state_word((enum alert_state)v->u.i));
		break;
	case VAL_ANSWER: jot_text(j, key, answer_word((enum answer)v->u.i)); break;
	case VAL_EPSS: jot_decimal(j, key, v->u.i, 4); break;
	case VAL_SCORE: jot_decimal(j, key, v->u.i, 1); break;
	case VAL_FAILS: v->u.i < 0 ? jot_null(j, key) : jot_int(j, key, v->u.i); break;
	case VAL_FLAG: jot_bool(j, key, v->u.i != 0); break;
	}
}

/* ---- nested names ---- */

struct named {
	const char *(*name)(const void *ctx, size_t i);
	const void *ctx;
	const struct value *v;
	size_t n;
};

static bool begins(const char *name, const char *with, size_t len)
{
	return strncmp(name, with, len) == 0;
}

/* Some value before the i-th has the same first `len` bytes: its group is written already. */
static bool is_written(const struct named *v, size_t i, size_t len)
{
	const char *name = v->name(v->ctx, i);

	for (size_t k = 0; k < i; k++)
		if (begins(v->name(v->ctx, k), name, len))
			return true;
	return false;
}

/* The values whose names begin with the first `len` bytes of `with`. */
static void put_group(struct jot *j, const struct named *v, const char *with, size_t len)
{
	for (size_t i = 0; i < v->n; i++) {
		const char *name = v->name(v->ctx, i), *rest, *dot;

		if (!begins(name, with, len))
			continue;
		rest = name + len;
		dot = strchr(rest, '.');
		if (!dot) {
			jot_value(j, rest, &v->v[i]);
			continue;
		}
		if (is_written(v, i, (size_t)(dot - name) + 1))
			continue;
		lead_n(j, rest, (size_t)(dot - rest));
		open_with(j, "{", '}');
		put_group(j, v, name, (size_t)(dot - name) + 1);
		jot_end(j);
	}
}

void jot_values(struct jot *j, const char *(*name)(const void *ctx, size_t i), const void *ctx,
                const struct value *v, size_t n)
{
	const struct named all = { name, ctx, v, n };

	put_group(j, &all, "", 0);
}
