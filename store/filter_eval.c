/* SPDX-License-Identifier: MIT */
/* filter_eval.c - the filter language: judging a row that is in memory. */
#include <stdlib.h>

#include "store/filter.h"

/* The tree with its patterns compiled; the same shape as the filter. */
struct filter_eval {
	const struct filter *f;
	const struct list_def *def;
	struct filter_eval *left, *right;
	struct pattern *pattern; /* of a test of text */
};

static bool is_text(enum filter_op op, enum value_type type)
{
	return op == FILTER_HAS || op == FILTER_GLOB || op == FILTER_REGEX || op == FILTER_WHOLE ||
	       (op == FILTER_EQ && type == VAL_TEXT);
}

struct filter_eval *filter_eval_new(const struct filter *f, const struct list_def *def)
{
	struct filter_eval *v;

	if (!f)
		return NULL;
	v = xcalloc(1, sizeof(*v));
	v->f = f;
	v->def = def;
	if (f->op == FILTER_AND || f->op == FILTER_OR || f->op == FILTER_NOT) {
		v->left = filter_eval_new(f->left, def);
		v->right = filter_eval_new(f->right, def);
	} else if (is_text(f->op, f->value.type)) {
		const struct column *c = f->col == FILTER_ANY ? &def->info.col[0]
							      : &def->info.col[f->col];

		v->pattern = pattern_new(filter_how(f, c), f->value.u.s, NULL);
	}
	return v;
}

void filter_eval_free(struct filter_eval *v)
{
	if (!v)
		return;
	filter_eval_free(v->left);
	filter_eval_free(v->right);
	pattern_free(v->pattern);
	free(v);
}

/* A count whose column takes names holds none itself. */
static bool text_holds(const struct filter_eval *v, const struct value *val)
{
	const char *text = type_is_text(val->type) && val->u.s ? val->u.s : "";

	return v->pattern && pattern_match(v->pattern, text);
}

static bool any_holds(const struct filter_eval *v, const struct row *r)
{
	for (size_t i = 0; i < v->def->info.ncol; i++) {
		const struct column *c = &v->def->info.col[i];
		bool quiet = c->field && c->field->quiet;

		if (type_is_text(c->type) && !quiet && text_holds(v, &r->val[i]))
			return true;
	}
	return false;
}

static bool is_nothing(const struct value *val)
{
	switch (val->type) {
	case VAL_NULL:
		return true;
	case VAL_TEXT:
	case VAL_LIST:
		return str_empty(val->u.s) || str_eq(val->u.s, "none");
	case VAL_DUE:
		return val->u.i == DUE_NONE;
	case VAL_SCORE:
	case VAL_FAILS:
		return val->u.i < 0;
	case VAL_INT:
	case VAL_TIME:
	case VAL_EPSS:
		return val->u.i == 0;
	case VAL_SEVERITY:
	case VAL_VERDICT:
	case VAL_STATE:
	case VAL_CONTROL:
	case VAL_PRIORITY:
	case VAL_ALERT_STATE:
	case VAL_ANSWER:
	case VAL_FLAG:
		break;
	}
	return false;
}

static bool number_holds(enum filter_op op, int64_t have, int64_t want)
{
	switch (op) {
	case FILTER_EQ:
		return have == want;
	case FILTER_LT:
		return have < want;
	case FILTER_LE:
		return have <= want;
	case FILTER_GT:
		return have > want;
	case FILTER_GE:
		return have >= want;
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
	return false;
}

bool filter_eval_row(const struct filter_eval *v, const struct row *r)
{
	const struct filter *f;

	if (!v)
		return true;
	f = v->f;
	if (f->op == FILTER_AND)
		return filter_eval_row(v->left, r) && filter_eval_row(v->right, r);
	if (f->op == FILTER_OR)
		return filter_eval_row(v->left, r) || filter_eval_row(v->right, r);
	if (f->op == FILTER_NOT)
		return !filter_eval_row(v->left, r);
	if (f->col == FILTER_ANY)
		return any_holds(v, r);
	if (f->op == FILTER_IS)
		return is_nothing(&r->val[f->col]);
	if (is_text(f->op, f->value.type))
		return text_holds(v, &r->val[f->col]);
	return r->val[f->col].type != VAL_NULL &&
	       number_holds(f->op, r->val[f->col].u.i, f->value.u.i);
}
