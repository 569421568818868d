/* SPDX-License-Identifier: MIT */
/* facet.c - rows counted by the values of one column: which values are one, and the filter that
 * finds the rows of one. */
#include <inttypes.h>

#include "store/list.h"

enum { PERCENT = 100 };

/*
 * What a screen shows alike is counted as one: a day of times, a per cent of shares, texts whose
 * case differs.
 */
void facet_sql(const struct column *c, struct sql *out)
{
	const char *x = c->field->sql;

	switch (c->type) {
	case VAL_TIME:
	case VAL_DUE:
		sql_add(out, "(");
		sql_add(out, x);
		sql_add(out, ") / 86400 * 86400");
		break;
	case VAL_EPSS:
		sql_add(out, "CASE WHEN (");
		sql_add(out, x);
		sql_add(out, ") < 0 THEN -1 ELSE ((");
		sql_add(out, x);
		sql_add(out, ") + 50) / 100 * 100 END");
		break;
	case VAL_TEXT:
	case VAL_LIST:
		sql_add(out, "COALESCE(NULLIF(");
		sql_add(out, x);
		sql_add(out, ", 'none'), '') COLLATE NOCASE");
		break;
	default:
		sql_add(out, x);
		break;
	}
}

void facet_value(struct value *v)
{
	if (v->type == VAL_EPSS)
		v->u.i = v->u.i < 0 ? -1 : (v->u.i + PERCENT / 2) / PERCENT * PERCENT;
	else if (v->type == VAL_DUE && v->u.i / DAY_S == DUE_NONE / DAY_S)
		v->u.i = DUE_NONE;
	else if (v->type == VAL_TIME || v->type == VAL_DUE)
		v->u.i -= v->u.i % DAY_S;
	else if (type_is_text(v->type) && v->u.s && str_eq(v->u.s, "none"))
		v->u.s = "";
}

/* ---- as a filter ---- */

/* In quotes where a blank or a sign would mean something else; a quote in it has a backslash. */
static void add_text(struct buf *b, const char *text)
{
	if (strcspn(text, " \t\"'()!<>=:*?/,\\") == strlen(text)) {
		buf_adds(b, text);
		return;
	}
	buf_addc(b, '"');
	for (const char *s = text; *s != '\0'; s++)
		buf_addf(b, *s == '"' ? "\\%c" : "%c", *s);
	buf_addc(b, '"');
}

void filter_add_term(struct buf *b, const char *column, const char *value)
{
	buf_addf(b, "%s:", column);
	if (value[0] == '\0')
		buf_adds(b, "none");
	else
		add_text(b, value);
}

/* What `:` asks of such a column is less than all of its text. */
static bool asks_part(const struct column *c)
{
	return c->type == VAL_LIST || (c->field && c->field->match != MATCH_EXACT);
}

static void add_share(const char *name, int64_t i, struct buf *b)
{
	if (i < 0)
		buf_addf(b, "%s<0", name);
	if (i > 0)
		buf_addf(b, "%s>=%.4f", name, (double)(i - PERCENT / 2) / (PERCENT * PERCENT));
	if (i >= 0 && i < PERCENT * PERCENT)
		buf_addf(b, "%s%s<%.4f", i > 0 ? " " : "", name,
			 (double)(i + PERCENT / 2) / (PERCENT * PERCENT));
}

/* A name that a filter cannot spell has another one. */
static const char *name_of(const struct column *c)
{
	return strchr(c->name, '/') ? c->brief : c->name;
}

void store_facet_term(const struct column *c, const struct value *v, struct buf *out)
{
	const char *name = name_of(c);
	struct buf text = BUF_INIT;

	value_print(v, &text);
	if (v->type == VAL_EPSS)
		add_share(name, v->u.i, out);
	else if ((v->type == VAL_TIME || v->type == VAL_DUE) && text.len > 0)
		buf_addf(out, "%s:%.10s", name, text.s);
	else if (v->type == VAL_INT && c->field && c->field->named)
		buf_addf(out, "%s==%s", name, text.s);
	else if (text.len == 0 || !asks_part(c))
		filter_add_term(out, name, text.s);
	else {
		buf_addf(out, "%s==", name);
		add_text(out, text.s);
	}
	buf_release(&text);
}
