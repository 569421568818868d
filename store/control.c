/* SPDX-License-Identifier: MIT */
/*
 * control.c - the word of each control: pass, fail, stale, none, manual, n/a, excepted.
 *
 * A control is tested by finding classes and, where a framework is a benchmark, by single rules.
 * The rules that test one control are alternatives of each other (one benchmark in several
 * versions), so together they count as one piece; a class that one of them belongs to is left out,
 * for it holds many other rules as well.
 */
#include <stdlib.h>

#include "store/judge.h"

enum { WEIGHT_PRIMARY, WEIGHT_SUPPORTING, WEIGHT_WEAK };

struct class_list {
	struct class_list *next;
	int64_t class_id;
};

struct judging { /* one control while its pieces come in */
	struct control_row *row;
	struct class_list *of_rules; /* classes that its rules stand for         */
	struct fact rules;           /* all its rules together                   */
	bool has_rules, rules_primary;
	int primary, primary_tested; /* pieces that could pass it */
	const char *failed_by, *stale_by;
	bool gap, stale;
	int64_t items, items_passed, items_failed;
};

struct bench { /* a judgement in hand */
	struct store *st;
	struct arena *mem;
	struct judge judge;
	struct judging *control;
	size_t n;
	struct judging **by_id; /* the same, by id of the control */
};

const char *attribute_get(const char *attributes, const char *key, struct arena *mem)
{
	size_t len = strlen(key);

	for (const char *p = attributes; p && *p;
	     p = strstr(p, " | ") ? strstr(p, " | ") + 3 : NULL) {
		const char *end = strstr(p, " | ");

		if (strncmp(p, key, len) == 0 && p[len] == '=') {
			p += len + 1;
			return arena_dupn(mem, p, end ? (size_t)(end - p) : strlen(p));
		}
	}
	return NULL;
}

/* ---- the controls ---- */

static struct judging *control_of(const struct bench *b, int64_t id)
{
	size_t lo = 0, hi = b->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (b->by_id[mid]->row->id < id)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < b->n && b->by_id[lo]->row->id == id ? b->by_id[lo] : NULL;
}

static int by_id(const void *a, const void *b)
{
	const struct judging *const *x = a, *const *y = b;

	return ((*x)->row->id > (*y)->row->id) - ((*x)->row->id < (*y)->row->id);
}

static void sort_by_id(struct bench *b)
{
	b->by_id = arena_array(b->mem, struct judging *, b->n + 1);
	for (size_t i = 0; i < b->n; i++)
		b->by_id[i] = &b->control[i];
	qsort(b->by_id, b->n, sizeof(struct judging *), by_id);
}

struct framework {
	int64_t id;
	const char *key;
};

static void load_control(struct bench *b, struct stmt *s, const struct framework *f,
                         struct control_row *r)
{
	r->framework = f->id;
	r->framework_key = f->key;
	r->id = db_column(s, 0);
	r->ord = db_column(s, 1);
	r->ident = arena_dup(b->mem, db_column_text(s, 2));
	r->title = arena_dup(b->mem, db_column_text(s, 3));
	r->section = arena_dup(b->mem, db_column_text(s, 4));
	r->attributes = arena_dup(b->mem, db_column_text(s, 5));
}

/* In their order: an index has them so, and nothing is sorted. */
static bool load_framework(struct bench *b, const struct framework *f, struct control_row *row,
                           size_t most, struct err *e)
{
	static const char sql[] = "SELECT id, ord, ident, title, section, attributes\n"
				  "FROM control\n"
				  "WHERE framework = $1\n"
				  "ORDER BY ord, id";
	struct stmt *s = db_stmt(b->st->db, sql);

	db_int(s, 1, f->id);
	while (b->n < most && db_next(s)) {
		b->control[b->n].row = &row[b->n];
		load_control(b, s, f, &row[b->n++]);
	}
	return db_done(s, e);
}

static bool load_frameworks(struct bench *b, int64_t framework, struct framework **out, size_t *n,
                            struct err *e)
{
	static const char sql[] = "SELECT id, key\n"
				  "FROM framework\n"
				  "WHERE $1 = 0 OR id = $1\n"
				  "ORDER BY ord, id";
	struct stmt *s = db_stmt(b->st->db, "SELECT COUNT(*) FROM framework");
	int64_t count;

	*n = 0;
	if (!db_scalar(s, 0, &count, e))
		return false;
	*out = arena_array(b->mem, struct framework, (size_t)count + 1);
	s = db_stmt(b->st->db, sql);
	db_int(s, 1, framework);
	while (*n < (size_t)count && db_next(s))
		(*out)[(*n)++] = (struct framework){ db_column(s, 0),
			                             arena_dup(b->mem, db_column_text(s, 1)) };
	return db_done(s, e);
}

static bool load_controls(struct bench *b, int64_t framework, struct err *e)
{
	static const char count[] = "SELECT COUNT(*) FROM control WHERE $1 = 0 OR framework = $1";
	struct stmt *s = db_stmt(b->st->db, count);
	struct framework *f;
	struct control_row *row;
	int64_t most;
	size_t n;

	db_int(s, 1, framework);
	if (!db_scalar(s, 0, &most, e) || !load_frameworks(b, framework, &f, &n, e))
		return false;
	row = arena_array(b->mem, struct control_row, (size_t)most + 1);
	b->control = arena_array(b->mem, struct judging, (size_t)most + 1);
	for (size_t i = 0; i < n; i++)
		if (!load_framework(b, &f[i], row, (size_t)most, e))
			return false;
	sort_by_id(b);
	return true;
}

/* ---- the pieces that test them ---- */

static void join_fact(struct fact *all, const struct fact *one)
{
	all->open += one->open;
	all->excepted += one->excepted;
	all->passed += one->passed;
	all->manual += one->manual;
	if (one->covered > all->covered)
		all->covered = one->covered;
	if (one->applicable > all->applicable)
		all->applicable = one->applicable;
	if (one->oldest && (!all->oldest || one->oldest < all->oldest))
		all->oldest = one->oldest;
	if (one->newest > all->newest)
		all->newest = one->newest;
	if (one->window > all->window)
		all->window = one->window;
}

static void add_rule(struct bench *b, struct judging *c, int64_t weight, int64_t class_id)
{
	struct class_list *of = arena_new(b->mem, struct class_list);

	c->has_rules = true;
	c->rules_primary |= weight == WEIGHT_PRIMARY;
	*of = (struct class_list){ c->of_rules, class_id };
	c->of_rules = of;
}

/* Every rule, whether a report has shown it or not. */
static bool load_rules(struct bench *b, struct err *e)
{
	static const char sql[] =
		"SELECT m.control, m.weight, COALESCE(t.class, 0)\n"
		"FROM rule_control AS m\n"
		"  LEFT JOIN tool_rule AS t ON t.tool = m.tool AND t.rule = m.rule\n"
		"WHERE m.weight < $1";
	struct stmt *s = db_stmt(b->st->db, sql);

	db_int(s, 1, WEIGHT_WEAK);
	while (db_next(s)) {
		struct judging *c = control_of(b, db_column(s, 0));

		if (c)
			add_rule(b, c, db_column(s, 1), db_column(s, 2));
	}
	return db_done(s, e);
}

/* A table names a policy, a report the rule in it too: "policy/rule". */
static bool load_rule_facts(struct bench *b, struct err *e)
{
	static const char sql[] =
		"SELECT m.control, m.weight\n"
		"FROM advisory AS a JOIN source AS s ON s.id = a.source\n"
		"  JOIN rule_control AS m ON m.tool = s.word AND m.rule IN (a.name,\n"
		"    substr(a.name, 1, instr(a.name, '/') - 1))\n"
		"WHERE a.id = $1 AND m.weight < $2";

	for (size_t i = 0; i < b->judge.nrule; i++) {
		const struct rule_fact *r = &b->judge.rule[i];
		struct stmt *s = db_stmt(b->st->db, sql);

		db_int(s, 1, r->advisory);
		db_int(s, 2, WEIGHT_WEAK);
		while (db_next(s)) {
			struct judging *c = control_of(b, db_column(s, 0));

			if (!c)
				continue;
			add_rule(b, c, db_column(s, 1), r->class_id);
			join_fact(&c->rules, &r->fact);
		}
		if (!db_done(s, e))
			return false;
	}
	return true;
}

/* Where several pieces fall short, the one furthest from whole is shown. */
static void note_gap(struct control_row *r, const struct fact *f)
{
	if (r->applicable && f->covered * r->applicable >= r->covered * f->applicable)
		return;
	r->covered = f->covered;
	r->applicable = f->applicable;
}

static void note_age(struct bench *b, struct judging *c, const struct fact *f,
                     const char *name)
{
	if (!c->row->window || f->window < c->row->window)
		c->row->window = f->window;
	judge_until(&b->judge, f->oldest + f->window + 1);
	if (f->oldest < b->judge.now - f->window || f->outdated) {
		c->stale = true;
		c->stale_by = name;
	}
}

static void add_piece(struct bench *b, struct judging *c, const struct fact *f,
                      int64_t weight, const char *name)
{
	c->row->classes++;
	c->row->tested += f->passed > 0 || f->open > 0;
	c->row->evidence += f->passed;
	c->row->failing += f->open;
	c->row->excepted += f->excepted;
	if (f->newest > c->row->newest)
		c->row->newest = f->newest;
	if (f->open && !c->failed_by)
		c->failed_by = name;
	if (weight != WEIGHT_PRIMARY || f->never)
		return;
	c->primary++;
	if (!f->passed)
		return;
	c->primary_tested++;
	note_gap(c->row, f);
	c->gap |= f->covered < f->applicable;
	note_age(b, c, f, name);
}

static bool stands_for(const struct judging *c, int64_t class_id)
{
	for (const struct class_list *l = c->of_rules; l; l = l->next)
		if (l->class_id == class_id)
			return true;
	return false;
}

static void add_rules(struct bench *b)
{
	for (size_t i = 0; i < b->n; i++) {
		struct judging *c = &b->control[i];

		if (c->has_rules)
			add_piece(b, c, &c->rules,
			          c->rules_primary ? WEIGHT_PRIMARY : WEIGHT_SUPPORTING,
			          "its own checks");
	}
}

/* Of each control the primary classes come first, as they are stored then. */
static bool add_classes(struct bench *b, int weight, struct err *e)
{
	static const char sql[] = "SELECT control, class\n"
				  "FROM class_control\n"
				  "WHERE weight = $1\n"
				  "ORDER BY control, class";
	struct stmt *s = db_stmt(b->st->db, sql);

	db_int(s, 1, weight);
	while (db_next(s)) {
		struct judging *c = control_of(b, db_column(s, 0));
		const struct class_fact *f = judge_class(&b->judge, db_column(s, 1));

		if (c && f && f->record != RECORD_EXCEPTION && !stands_for(c, f->id))
			add_piece(b, c, &f->fact, weight, f->name);
	}
	return db_done(s, e);
}

static bool load_pieces(struct bench *b, struct err *e)
{
	add_rules(b);
	return add_classes(b, WEIGHT_PRIMARY, e) && add_classes(b, WEIGHT_SUPPORTING, e);
}

/* ---- what people answered ---- */

static bool load_answers(struct bench *b, struct err *e)
{
	static const char sql[] = "SELECT control, verdict, at, until\n"
				  "FROM standing_answer\n"
				  "WHERE control > 0 AND at <= $1\n"
				  "ORDER BY id";
	struct stmt *s = db_stmt(b->st->db, sql);

	db_int(s, 1, b->judge.now);
	while (db_next(s)) {
		struct judging *c = control_of(b, db_column(s, 0));

		if (!c)
			continue;
		c->row->answer = (enum answer)db_column(s, 1);
		c->row->answered_at = db_column(s, 2);
		c->row->answer_until = db_column(s, 3);
		c->row->answered = c->row->answer_until > b->judge.now;
		c->row->told_at = c->row->answered ? c->row->answered_at : 0;
	}
	return db_done(s, e);
}

/* The checklist's items bear on controls: the newest answer of each, while it stands. */
static bool load_items(struct bench *b, struct err *e)
{
	static const char sql[] =
		"SELECT m.control, a.verdict, a.at\n"
		"FROM item_control AS m\n"
		"  LEFT JOIN standing_answer AS a ON a.item = m.item AND a.until > $1 AND a.id =\n"
		"    (SELECT MAX(x.id) FROM standing_answer AS x\n"
		"     WHERE x.item = m.item AND x.at <= $2)";
	struct stmt *s = db_stmt(b->st->db, sql);

	db_int(s, 1, b->judge.now);
	db_int(s, 2, b->judge.now);
	while (db_next(s)) {
		struct judging *c = control_of(b, db_column(s, 0));

		if (!c)
			continue;
		c->items++;
		if (db_column_null(s, 1))
			continue;
		if (db_column(s, 1) == ANSWER_FAIL || db_column(s, 1) == ANSWER_PARTIAL)
			c->items_failed++;
		else
			c->items_passed++;
		if (db_column(s, 2) > c->row->told_at)
			c->row->told_at = db_column(s, 2);
	}
	return db_done(s, e);
}

/* ---- the word ---- */

static bool calls_for_a_person(const struct bench *b, const struct judging *c)
{
	const char *assessment = attribute_get(c->row->attributes, "assessment", b->mem);

	if (str_eq(assessment, "manual") || (c->rules.manual > 0 && !c->rules.passed))
		return true;
	return !c->primary && c->items > 0;
}

static bool person_says_pass(const struct judging *c)
{
	if (c->row->answered)
		return c->row->answer == ANSWER_PASS;
	return c->items > 0 && c->items_passed == c->items;
}

static enum control_word say(struct control_row *r, enum control_word w, const char *why)
{
	r->why = why;
	return w;
}

static enum control_word word_without_failure(const struct bench *b, struct judging *c)
{
	struct control_row *r = c->row;
	bool person = calls_for_a_person(b, c);

	if (person && !c->primary_tested) {
		if (!person_says_pass(c))
			return say(r, CONTROL_MANUAL,
			           "a person has to judge it, and no valid answer stands");
		return say(r, CONTROL_PASS, "a person judged it, and the answer stands");
	}
	if (!r->classes)
		return say(r, CONTROL_NONE, "no data that is imported can test it");
	if (!c->primary_tested)
		return say(r, CONTROL_NONE, "there is no passing evidence for it");
	if (c->gap)
		return say(r, CONTROL_NONE,
		           arena_printf(b->mem, "evidence covers %lld of the %lld it applies to",
		                        (long long)r->covered, (long long)r->applicable));
	if (c->stale)
		return say(r, CONTROL_STALE,
		           arena_printf(b->mem, "the evidence of %s is older than its window",
		                        c->stale_by));
	if (person && !person_says_pass(c))
		return say(r, CONTROL_MANUAL, "the data passes; a person has to judge the rest");
	return say(r, CONTROL_PASS, "nothing fails, and fresh evidence covers all it applies to");
}

/* In the order of the model: the first that holds. */
static enum control_word word_of(const struct bench *b, struct judging *c)
{
	struct control_row *r = c->row;

	if (r->answered && r->answer == ANSWER_NA)
		return say(r, CONTROL_NA, "answered: does not apply");
	if (r->failing)
		return say(r, CONTROL_FAIL,
		           arena_printf(b->mem, "%lld open against it, by %s first",
		                        (long long)r->failing, c->failed_by));
	if (r->answered && (r->answer == ANSWER_FAIL || r->answer == ANSWER_PARTIAL))
		return say(r, CONTROL_FAIL,
		           r->answer == ANSWER_FAIL ? "answered: fail" : "answered: partial");
	if (c->items_failed)
		return say(r, CONTROL_FAIL,
		           "a checklist item that bears on it is answered fail or partial");
	if (r->excepted)
		return say(r, CONTROL_EXCEPTED, "it fails but for exceptions");
	return word_without_failure(b, c);
}

/* By facts that are loaded. */
static bool judge_controls(struct bench *b, int64_t framework, struct control_row **out, size_t *n,
                           struct err *e)
{
	if (!load_controls(b, framework, e) || !load_rules(b, e) || !load_rule_facts(b, e) ||
	    !load_pieces(b, e) || !load_answers(b, e) || !load_items(b, e))
		return false;
	for (size_t i = 0; i < b->n; i++)
		b->control[i].row->word = word_of(b, &b->control[i]);
	*out = b->n ? b->control[0].row : NULL;
	*n = b->n;
	return true;
}

bool control_judge(struct store *st, int64_t framework, struct arena *mem, struct judge *facts,
                   struct control_row **out, size_t *n, struct err *e)
{
	struct bench b = { .st = st, .mem = mem };

	if (!judge_load(st, &b.judge, e) || !judge_controls(&b, framework, out, n, e))
		return false;
	*facts = b.judge;
	return true;
}

bool control_texts(struct store *st, struct arena *mem, struct control_row **out, size_t *n,
                   struct err *e)
{
	struct bench b = { .st = st, .mem = mem };

	if (!load_controls(&b, 0, e))
		return false;
	*out = b.n ? b.control[0].row : NULL;
	*n = b.n;
	return true;
}

bool control_words_in(struct store *st, int64_t scope, struct arena *mem, struct control_row **out,
                      size_t *n, struct err *e)
{
	struct bench b = { .st = st, .mem = mem };

	return judge_load_scope(st, scope, mem, &b.judge, e) && judge_controls(&b, 0, out, n, e);
}

bool control_words(struct store *st, int64_t framework, struct arena *mem, struct control_row **out,
                   size_t *n, struct err *e)
{
	struct judge facts;

	return control_judge(st, framework, mem, &facts, out, n, e);
}
