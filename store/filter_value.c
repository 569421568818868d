/* SPDX-License-Identifier: MIT */
/* filter_value.c - the filter language: what a value means in a column of its type. */
#include "store/filter.h"

struct words { /* an enum's spellings */
	const char *(*word)(int64_t i);
	int64_t count;
	const char *const *brief; /* beside them, NULL: none */
	bool ranked;		  /* 0 is the worst: `>=` is at least as bad */
};

static const char *severity_at(int64_t i)
{
	return severity_word((enum severity)i);
}
static const char *verdict_at(int64_t i)
{
	return verdict_word((enum verdict)i);
}
static const char *state_at(int64_t i)
{
	return state_word((enum finding_state)i);
}
static const char *control_at(int64_t i)
{
	return control_word((enum control_word)i);
}
static const char *priority_at(int64_t i)
{
	return priority_word((enum priority)i);
}
static const char *alert_at(int64_t i)
{
	return alert_state_word((enum alert_state)i);
}
static const char *answer_at(int64_t i)
{
	return answer_word((enum answer)i);
}

static const char *const severity_brief[SEV_COUNT] = { "c", "h", "m", "l", "n", "u" };
static const char *const state_brief[STATE_COUNT] = { NULL, "res",  "acc", "fp",
						      "na", "oper", "adj", "vend" };
static const char *const control_brief[CONTROL_COUNT] = { NULL,	  NULL, NULL, NULL,
							  "manl", "na", "exc" };
static const char *const priority_brief[PRIO_COUNT] = { "emerg", NULL,	 "crit", "err",
							"warn",	 "note", "info", NULL };
static const char *const alert_brief[ALERT_STATE_COUNT] = { NULL, "ack", NULL, NULL };

static const struct words *words_of(enum value_type type)
{
	static const struct words all[] = {
		[VAL_SEVERITY] = { severity_at, SEV_COUNT, severity_brief, true },
		[VAL_VERDICT] = { verdict_at, VERDICT_COUNT, NULL, false },
		[VAL_STATE] = { state_at, STATE_COUNT, state_brief, false },
		[VAL_CONTROL] = { control_at, CONTROL_COUNT, control_brief, false },
		[VAL_PRIORITY] = { priority_at, PRIO_COUNT, priority_brief, true },
		[VAL_ALERT_STATE] = { alert_at, ALERT_STATE_COUNT, alert_brief, false },
		[VAL_ANSWER] = { answer_at, ANSWER_COUNT, NULL, false },
	};

	return (size_t)type < LENGTH(all) && all[type].word ? &all[type] : NULL;
}

/* `briefs`: take the short spellings too, down to one letter. */
static int64_t word_find(const struct words *w, const char *text, bool briefs)
{
	for (int64_t i = 0; i < w->count; i++)
		if (str_ieq(text, w->word(i)) ||
		    (briefs && w->brief && w->brief[i] && str_ieq(text, w->brief[i])))
			return i;
	return -1;
}

static const struct filter *leaf(struct arena *mem, enum filter_op op, size_t col, struct value v)
{
	struct filter *f = arena_new(mem, struct filter);

	*f = (struct filter){ .op = op, .col = col, .value = v };
	return f;
}

static const struct filter *number(struct arena *mem, enum filter_op op, size_t col,
				   enum value_type type, int64_t i)
{
	return leaf(mem, op, col, (struct value){ type, { .i = i } });
}

static enum filter_op op_of(enum filter_rel rel)
{
	switch (rel) {
	case REL_LT:
		return FILTER_LT;
	case REL_LE:
		return FILTER_LE;
	case REL_GT:
		return FILTER_GT;
	case REL_GE:
		return FILTER_GE;
	case REL_IS:
	case REL_WHOLE:
	case REL_NOT:
		break;
	}
	return FILTER_EQ;
}

static enum filter_rel turned(enum filter_rel rel)
{
	switch (rel) {
	case REL_LT:
		return REL_GT;
	case REL_LE:
		return REL_GE;
	case REL_GT:
		return REL_LT;
	case REL_GE:
		return REL_LE;
	case REL_IS:
	case REL_WHOLE:
	case REL_NOT:
		break;
	}
	return rel;
}

static bool is_order(enum filter_rel rel)
{
	return rel != REL_IS && rel != REL_WHOLE && rel != REL_NOT;
}

static const struct filter *negated(struct arena *mem, enum filter_rel rel, const struct filter *f)
{
	return rel == REL_NOT ? filter_node(mem, FILTER_NOT, f, NULL) : f;
}

static bool no_order(const struct column *c, struct err *e)
{
	return err_set(e, ERR_USAGE, "%s has no order: it takes : or !=", c->name);
}

static bool test_word(const struct column *c, size_t col, enum filter_rel rel, const char *text,
		      struct arena *mem, const struct filter **out, struct err *e)
{
	const struct words *w = words_of(c->type);
	int64_t i = word_find(w, text, true);
	struct buf b = BUF_INIT;

	if (i < 0 && c->type == VAL_PRIORITY && priority_fold(text) != PRIO_COUNT)
		i = priority_fold(text);
	if (i < 0) {
		for (int64_t k = 0; k < w->count; k++)
			buf_addf(&b, "%s %s", k ? "," : "", w->word(k));
		err_set(e, ERR_USAGE, "'%s' is no %s; there are:%s", text, c->name, b.s);
		buf_release(&b);
		return false;
	}
	if (is_order(rel) && !w->ranked)
		return no_order(c, e);
	*out = negated(mem, rel,
		       number(mem, op_of(w->ranked ? turned(rel) : rel), col, c->type, i));
	return true;
}

static bool test_flag(const struct column *c, size_t col, enum filter_rel rel, const char *text,
		      struct arena *mem, const struct filter **out, struct err *e)
{
	static const char *const yes[] = { "yes", "1", "true" }, *const no[] = { "no", "0", "false",
										 "none" };
	bool on = str_index(yes, LENGTH(yes), text) >= 0;

	if (!on && str_index(no, LENGTH(no), text) < 0)
		return err_set(e, ERR_USAGE, "%s is yes or no", c->name);
	if (is_order(rel))
		return no_order(c, e);
	*out = number(mem, FILTER_EQ, col, VAL_FLAG, on != (rel == REL_NOT));
	return true;
}

/* A share as `0.5` or `50%`, times 10,000. */
static bool share(const char *text, int64_t *out, struct err *e)
{
	char digits[32];
	double d;
	bool percent = str_suffix(text, "%");

	if (!str_copy(digits, sizeof(digits), text))
		return err_set(e, ERR_USAGE, "'%s' is no share", text);
	if (percent)
		digits[strlen(digits) - 1] = '\0';
	if (!str_double(digits, &d) || d < 0 || d > (percent ? 100 : 1))
		return err_set(e, ERR_USAGE, "'%s' is no share: write 0.5 or 50%%", text);
	*out = (int64_t)(d * (percent ? 100 : 10000) + 0.5);
	return true;
}

static bool test_number(const struct column *c, size_t col, enum filter_rel rel, const char *text,
			struct arena *mem, const struct filter **out, struct err *e)
{
	int64_t i = 0;
	double d;

	if (c->type == VAL_EPSS) {
		if (!share(text, &i, e))
			return false;
	} else if (c->type == VAL_SCORE) {
		if (!str_double(text, &d) || d < 0 || d > 10)
			return err_set(e, ERR_USAGE, "'%s' is no score: write 0 to 10", text);
		i = (int64_t)(d * 10 + 0.5);
	} else if (!str_int64(text, INT64_MIN, INT64_MAX, &i)) {
		return err_set(e, ERR_USAGE, "%s takes a number, not '%s'", c->name, text);
	}
	*out = negated(mem, rel, number(mem, op_of(rel), col, c->type, i));
	if ((c->type == VAL_SCORE || c->type == VAL_FAILS) && (rel == REL_LT || rel == REL_LE))
		*out = filter_node(mem, FILTER_AND, number(mem, FILTER_GE, col, c->type, 0), *out);
	return true;
}

/* "7d", "-12h", "2w", "0": seconds. */
static bool duration(const char *text, int64_t *out)
{
	static const struct {
		char unit;
		int64_t seconds;
	} unit[] = { { 's', 1 },     { 'm', 60 },	 { 'h', 3600 },
		     { 'd', DAY_S }, { 'w', 7 * DAY_S }, { 'y', 365 * DAY_S } };
	char digits[24];
	size_t n = strlen(text);
	int64_t i;

	if (str_eq(text, "0")) {
		*out = 0;
		return true;
	}
	if (n < 2 || !str_copy(digits, sizeof(digits), text))
		return false;
	digits[n - 1] = '\0';
	for (size_t k = 0; k < LENGTH(unit); k++) {
		if (text[n - 1] == unit[k].unit && str_int64(digits, -1000000, 1000000, &i)) {
			*out = i * unit[k].seconds;
			return true;
		}
	}
	return false;
}

/* A date: the whole of its day. */
static const struct filter *in_day(struct arena *mem, size_t col, enum filter_rel rel,
				   enum value_type type, int64_t day)
{
	switch (rel) {
	case REL_LT:
	case REL_GE:
		return number(mem, op_of(rel), col, type, day);
	case REL_LE:
		return number(mem, FILTER_LT, col, type, day + DAY_S);
	case REL_GT:
		return number(mem, FILTER_GE, col, type, day + DAY_S);
	case REL_IS:
	case REL_WHOLE:
	case REL_NOT:
		break;
	}
	return negated(mem, rel,
		       filter_node(mem, FILTER_AND, number(mem, FILTER_GE, col, type, day),
				   number(mem, FILTER_LT, col, type, day + DAY_S)));
}

/*
 * A moment. A duration is the rest until what is due, and the age of anything else: `due<7d` is
 * before then, `scan>7d` was before then.
 */
static bool test_time(const struct column *c, size_t col, enum filter_rel rel, const char *text,
		      int64_t now, struct arena *mem, const struct filter **out, struct err *e)
{
	bool due = c->type == VAL_DUE;
	int64_t i;

	if (duration(text, &i)) {
		*out = negated(mem, rel,
			       number(mem, op_of(due ? rel : turned(rel)), col, c->type,
				      due ? now + i : now - i));
	} else if (time_parse(text, &i)) {
		*out = strlen(text) == 10
			       ? in_day(mem, col, rel, c->type, i)
			       : negated(mem, rel, number(mem, op_of(rel), col, c->type, i));
	} else {
		return err_set(e, ERR_USAGE, "'%s' is no time: write 7d, 12h, 2026-11-23 or none",
			       text);
	}
	if (due && (rel == REL_GT || rel == REL_GE))
		*out = filter_node(mem, FILTER_AND, *out,
				   number(mem, FILTER_LT, col, c->type, DUE_NONE));
	return true;
}

static bool test_text(const struct column *c, size_t col, enum filter_rel rel,
		      const struct filter_word *w, struct arena *mem, const struct filter **out,
		      struct err *e)
{
	enum filter_op op = FILTER_EQ;
	struct pattern *trial;

	if (is_order(rel))
		return no_order(c, e);
	if (w->regex) {
		op = FILTER_REGEX;
		trial = pattern_new(TEXT_REGEX, w->text, e);
		if (!trial)
			return false;
		pattern_free(trial);
	} else if (rel == REL_WHOLE) {
		op = FILTER_WHOLE;
	} else if (!w->quoted && strpbrk(w->text, "*?")) {
		op = FILTER_GLOB;
	} else if (c->field && c->field->match == MATCH_PROSE) {
		op = FILTER_HAS;
	}
	*out = negated(mem, rel, leaf(mem, op, col, (struct value){ VAL_TEXT, { .s = w->text } }));
	return true;
}

bool filter_test(const struct column *c, size_t col, enum filter_rel rel,
		 const struct filter_word *w, int64_t now, struct arena *mem,
		 const struct filter **out, struct err *e)
{
	bool named = c->field && c->field->named && (rel == REL_IS || rel == REL_NOT);
	bool text = type_is_text(c->type) || named;

	if (c->field && c->field->filled)
		return err_set(e, ERR_USAGE, "%s is worked out row by row, and cannot be asked for",
		               c->name);
	/* "none" is a word of some enums, and elsewhere a value that is not there. */
	if (words_of(c->type) && !w->quoted && !w->regex &&
	    (!str_ieq(w->text, "none") || word_find(words_of(c->type), w->text, false) >= 0))
		return test_word(c, col, rel, w->text, mem, out, e);
	if (!text && (w->quoted || w->regex))
		return err_set(e, ERR_USAGE, "%s is not text", c->name);
	if (c->type == VAL_FLAG)
		return test_flag(c, col, rel, w->text, mem, out, e);
	if (!w->quoted && !w->regex && str_ieq(w->text, "none")) {
		if (is_order(rel))
			return err_set(e, ERR_USAGE, "none has no order: it takes : or !=");
		*out = negated(mem, rel,
			       leaf(mem, FILTER_IS, col, (struct value){ c->type, { .i = 0 } }));
		return true;
	}
	if (text)
		return test_text(c, col, rel, w, mem, out, e);
	if (c->type == VAL_TIME || c->type == VAL_DUE)
		return test_time(c, col, rel, w->text, now, mem, out, e);
	return test_number(c, col, rel, w->text, mem, out, e);
}

const struct filter *filter_enum(const struct list_def *def, const char *word, struct arena *mem)
{
	for (size_t i = 0; i < def->info.ncol; i++) {
		const struct words *w = words_of(def->info.col[i].type);
		int64_t k = w && strlen(word) > 1 ? word_find(w, word, true) : -1;

		if (k >= 0)
			return number(mem, FILTER_EQ, i, def->info.col[i].type, k);
	}
	return NULL;
}
