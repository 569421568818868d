/* SPDX-License-Identifier: MIT */
/* filter_sql.c - the filter language: a tree as a condition in SQL. */
#include "store/filter.h"

/* text_match() is ours (db_sqlite.c); its first argument is an enum text_how. */
static const char *const text_match[TEXT_HOW_COUNT] = {
	[TEXT_HAS] = "text_match(0, ",	   [TEXT_EQUAL] = "text_match(1, ",
	[TEXT_GLOB] = "text_match(2, ",	   [TEXT_REGEX] = "text_match(3, ",
	[TEXT_NAME] = "text_match(4, ",	   [TEXT_ITEM] = "text_match(5, ",
	[TEXT_LETTERS] = "text_match(6, ",
};

static const char *expression(const struct column *c)
{
	return c->field->test ? c->field->test : c->field->sql;
}

static const char *comparison(enum filter_op op)
{
	switch (op) {
	case FILTER_LT:
		return " < ";
	case FILTER_LE:
		return " <= ";
	case FILTER_GT:
		return " > ";
	case FILTER_GE:
		return " >= ";
	case FILTER_EQ:
	case FILTER_AND:
	case FILTER_OR:
	case FILTER_NOT:
	case FILTER_HAS:
	case FILTER_GLOB:
	case FILTER_REGEX:
	case FILTER_IS:
	case FILTER_WHOLE:
		break;
	}
	return " = ";
}

static void add_match(const struct filter *f, const struct column *c, const char *text,
		      struct sql *q)
{
	sql_add(q, text_match[filter_how(f, c)]);
	sql_value(q, &f->value);
	sql_add(q, ", ");
	sql_add(q, text);
	sql_add(q, ")");
}

static void add_text(const struct filter *f, const struct column *c, struct sql *q)
{
	if (c->field->guard) {
		sql_add(q, "(");
		sql_add(q, c->field->guard);
		add_match(f, c, c->field->guarded, q);
		sql_add(q, ") AND ");
	}
	add_match(f, c, expression(c), q);
	if (c->field->guard)
		sql_add(q, ")");
}

/* Of the row itself: that there is nothing, no set of what there is can say. */
static void add_nothing(const struct column *c, struct sql *q)
{
	sql_add(q, c->field->in ? c->field->sql : expression(c));
	if (type_is_text(c->type))
		sql_add(q, " IN ('', 'none')");
	else if (c->type == VAL_DUE)
		sql_add(q, " = 9223372036854775807");
	else if (c->type == VAL_SCORE || c->type == VAL_FAILS)
		sql_add(q, " < 0");
	else if (c->type == VAL_INT || c->type == VAL_TIME || c->type == VAL_EPSS)
		sql_add(q, " = 0");
	else
		sql_add(q, " IS NULL");
}

static void add_test(const struct filter *f, const struct column *c, struct sql *q)
{
	if (f->op == FILTER_IS) {
		add_nothing(c, q);
		return;
	}
	if (f->op == FILTER_WHOLE) {
		add_match(f, c, c->field->sql, q);
		return;
	}
	if (c->field->in)
		sql_add(q, c->field->in);
	if (f->value.type == VAL_TEXT) {
		add_text(f, c, q);
	} else {
		sql_add(q, expression(c));
		sql_add(q, comparison(f->op));
		sql_value(q, &f->value);
	}
	if (c->field->in)
		sql_add(q, ")");
}

/* Of a number that has names, tests of the number itself do not look at these. */
static void add_count_test(const struct filter *f, const struct column *c, struct sql *q)
{
	const struct list_field plain = { .sql = c->field->sql };
	struct column count = *c;

	count.field = &plain;
	add_test(f, &count, q);
}

/* Do bare words look here? */
static bool is_text(const struct column *c)
{
	return type_is_text(c->type) && !c->field->quiet;
}

/* Columns that are found in one set are looked for in it together. */
static void add_set(const struct filter *f, const struct list_info *info, size_t first,
		    struct sql *q)
{
	const char *in = info->col[first].field->in;
	bool joined = false;

	sql_add(q, in);
	sql_add(q, "(");
	for (size_t i = first; i < info->ncol; i++) {
		if (!is_text(&info->col[i]) || !str_eq(info->col[i].field->in, in))
			continue;
		if (joined)
			sql_add(q, " OR ");
		add_text(f, &info->col[i], q);
		joined = true;
	}
	sql_add(q, "))");
}

static bool set_is_new(const struct list_info *info, size_t col)
{
	for (size_t i = 0; i < col; i++)
		if (is_text(&info->col[i]) &&
		    str_eq(info->col[i].field->in, info->col[col].field->in))
			return false;
	return true;
}

static void add_any(const struct filter *f, const struct list_info *info, struct sql *q)
{
	bool joined = false;

	for (size_t i = 0; i < info->ncol; i++) {
		const struct column *c = &info->col[i];

		if (!is_text(c) || (c->field->in && !set_is_new(info, i)))
			continue;
		if (joined)
			sql_add(q, " OR ");
		if (c->field->in)
			add_set(f, info, i, q);
		else
			add_text(f, c, q);
		joined = true;
	}
	if (!joined)
		sql_add(q, "1 = 0");
}

void filter_sql(const struct filter *f, const struct list_def *def, struct sql *q)
{
	sql_add(q, "(");
	if (f->op == FILTER_NOT) {
		sql_add(q, "NOT ");
		filter_sql(f->left, def, q);
	} else if (f->op == FILTER_AND || f->op == FILTER_OR) {
		filter_sql(f->left, def, q);
		sql_add(q, f->op == FILTER_AND ? " AND " : " OR ");
		filter_sql(f->right, def, q);
	} else if (f->col == FILTER_ANY) {
		add_any(f, &def->info, q);
	} else if (def->info.col[f->col].field->named && f->value.type != VAL_TEXT) {
		add_count_test(f, &def->info.col[f->col], q);
	} else {
		add_test(f, &def->info.col[f->col], q);
	}
	sql_add(q, ")");
}
