/* SPDX-License-Identifier: MIT */
/* filter.h - a parsed filter: its tree, its SQL, and its judgement of one row. Private to store/.
 */
#ifndef FILTER_H
#define FILTER_H

#include "store/list.h"

enum filter_op {
	FILTER_AND,
	FILTER_OR,
	FILTER_NOT, /* left and right; NOT: left */
	FILTER_EQ,
	FILTER_LT,
	FILTER_LE,
	FILTER_GT,
	FILTER_GE,
	FILTER_HAS,
	FILTER_GLOB,
	FILTER_REGEX,
	FILTER_IS, /* nothing: no owner, no fix, no date */
	FILTER_WHOLE /* a text as the row shows it, all of it and nothing else */
};
#define FILTER_ANY SIZE_MAX /* column: every column of text */

struct filter {
	enum filter_op op;
	const struct filter *left, *right;
	size_t col;
	struct value value;
};

/* filter_parse() for a list that need not be registered. */
bool filter_parse_for(const struct list_def *def, const char *text, int64_t now, struct arena *mem,
		      const struct filter **out, size_t *at, struct err *e) MUST_CHECK;
/* Does it speak of this column? */
bool filter_names(const struct filter *f, size_t col);
/* Append the condition, in brackets. */
void filter_sql(const struct filter *f, const struct list_def *def, struct sql *q);

/* ---- judging rows that are in memory ---- */
struct filter_eval;
struct filter_eval *filter_eval_new(const struct filter *f, const struct list_def *def);
bool filter_eval_row(const struct filter_eval *v, const struct row *r);
void filter_eval_free(struct filter_eval *v);

/* ---- matching of text, the same in SQL and in memory ---- */
enum text_how {
	TEXT_HAS,
	TEXT_EQUAL,
	TEXT_GLOB,
	TEXT_REGEX,
	TEXT_NAME,
	TEXT_ITEM,
	TEXT_LETTERS,
	TEXT_HOW_COUNT
};
struct pattern;
/* Compile; NULL when a regular expression is wrong or too costly, `e` (may be NULL) says why.
 * Copies `text`. */
struct pattern *pattern_new(enum text_how how, const char *text, struct err *e);
bool pattern_match(const struct pattern *p, const char *text);
void pattern_free(struct pattern *p);
/* The value of `name` in 'name<TAB>value' lines, *n bytes of it; NULL when there is none. */
const char *fields_find(const char *fields, const char *name, size_t *n);
/* How a test of a column compares text. */
enum text_how filter_how(const struct filter *test, const struct column *c);

/* ---- between filter.c and filter_value.c ---- */
enum filter_rel { REL_IS, REL_WHOLE, REL_NOT, REL_LT, REL_LE, REL_GT, REL_GE };
struct filter_word { /* a value as it was written */
	const char *text;
	bool quoted, regex;
};
/* The test `column rel word`; ERR_USAGE when the column cannot be tested so. */
bool filter_test(const struct column *c, size_t col, enum filter_rel rel,
		 const struct filter_word *w, int64_t now, struct arena *mem,
		 const struct filter **out, struct err *e) MUST_CHECK;
/* The test that a bare word is, when it is a word of one of the list's enums; NULL: it is not. */
const struct filter *filter_enum(const struct list_def *def, const char *word, struct arena *mem);
const struct filter *filter_node(struct arena *mem, enum filter_op op, const struct filter *left,
				 const struct filter *right);

#endif
