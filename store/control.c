/* SPDX-License-Identifier: MIT */
/* control.c - the word of each control: pass, fail, stale, none, manual, n/a, excepted. */
#include <stdlib.h>

#include "store/control_bench.h"

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

struct judging *control_of(const struct bench *b, int64_t id)
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

/* Those at hand, by facts that are loaded. */
static bool judge_loaded(struct bench *b, struct control_row **out, size_t *n, struct err *e)
{
	if (!control_pieces(b, e) || !load_answers(b, e) || !load_items(b, e))
		return false;
	for (size_t i = 0; i < b->n; i++)
		b->control[i].row->word = word_of(b, &b->control[i]);
	*out = b->n ? b->control[0].row : NULL;
	*n = b->n;
	return true;
}

static bool judge_controls(struct bench *b, int64_t framework, struct control_row **out, size_t *n,
                           struct err *e)
{
	return load_controls(b, framework, e) && judge_loaded(b, out, n, e);
}

/* ---- only some ---- */

struct ids {
	int64_t *id;
	size_t n, cap;
};

static bool read_ids(struct bench *b, struct stmt *s, struct ids *out, struct err *e)
{
	while (db_next(s)) {
		ARENA_MORE(b->mem, out->id, out->n, out->cap);
		out->id[out->n++] = db_column(s, 0);
	}
	return db_done(s, e);
}

static bool tested_by_classes(struct bench *b, struct ids *out, struct err *e)
{
	for (size_t i = 0; i < b->judge.nclass; i++) {
		struct stmt *s;

		if (!b->judge.class_fact[i].anew)
			continue;
		s = db_stmt(b->st->db, "SELECT control\n"
				       "FROM class_control\n"
				       "WHERE class = $1 AND weight < $2");
		db_int(s, 1, b->judge.class_fact[i].id);
		db_int(s, 2, WEIGHT_WEAK);
		if (!read_ids(b, s, out, e))
			return false;
	}
	return true;
}

static bool tested_by_rules(struct bench *b, struct ids *out, struct err *e)
{
	for (size_t i = 0; i < b->judge.nrule; i++) {
		struct stmt *s;

		if (!b->judge.rule[i].anew)
			continue;
		s = db_stmt(b->st->db, SQL_RULE_CONTROLS);
		db_int(s, 1, b->judge.rule[i].advisory);
		db_int(s, 2, WEIGHT_WEAK);
		if (!read_ids(b, s, out, e))
			return false;
	}
	return true;
}

static int by_number(const void *a, const void *b)
{
	const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static bool load_one(struct bench *b, int64_t id, struct control_row *row, struct err *e)
{
	struct stmt *s = db_stmt(b->st->db, "SELECT framework, attributes\n"
					    "FROM control\n"
					    "WHERE id = $1");

	db_int(s, 1, id);
	if (db_next(s)) {
		*row = (struct control_row){ .id = id,
			                     .framework = db_column(s, 0),
			                     .attributes = arena_dup(b->mem,
			                                             db_column_text(s, 1)) };
		b->control[b->n++].row = row;
	}
	return db_done(s, e);
}

static bool load_some(struct bench *b, const struct ids *ids, struct err *e)
{
	struct control_row *row = arena_array(b->mem, struct control_row, ids->n + 1);

	b->control = arena_array(b->mem, struct judging, ids->n + 1);
	for (size_t i = 0; i < ids->n; i++)
		if ((i == 0 || ids->id[i] != ids->id[i - 1]) &&
		    !load_one(b, ids->id[i], &row[b->n], e))
			return false;
	sort_by_id(b);
	return true;
}

static bool load_tested(struct bench *b, struct err *e)
{
	struct ids ids = { 0 };

	if (!tested_by_classes(b, &ids, e) || !tested_by_rules(b, &ids, e))
		return false;
	if (ids.n > 0)
		qsort(ids.id, ids.n, sizeof(*ids.id), by_number);
	return load_some(b, &ids, e);
}

/* All of them, likewise without what only people read. */
static bool load_bare(struct bench *b, struct err *e)
{
	struct control_row *row;
	struct stmt *s;
	int64_t most;

	if (!db_scalar(db_stmt(b->st->db, "SELECT COUNT(*) FROM control"), 0, &most, e))
		return false;
	row = arena_array(b->mem, struct control_row, (size_t)most + 1);
	b->control = arena_array(b->mem, struct judging, (size_t)most + 1);
	s = db_stmt(b->st->db, "SELECT id, framework, attributes FROM control ORDER BY id");
	while (b->n < (size_t)most && db_next(s)) {
		struct control_row *r = &row[b->n];

		r->id = db_column(s, 0);
		r->framework = db_column(s, 1);
		r->attributes = arena_dup(b->mem, db_column_text(s, 2));
		b->control[b->n++].row = r;
	}
	sort_by_id(b);
	return db_done(s, e);
}

bool control_judge_anew(struct store *st, struct judge *facts, struct arena *mem,
                        struct control_row **out, size_t *n, struct err *e)
{
	struct bench b = { .st = st, .mem = mem, .judge = *facts, .some = facts->bears };

	if (!(b.some ? load_tested(&b, e) : load_bare(&b, e)) || !judge_loaded(&b, out, n, e))
		return false;
	*facts = b.judge;
	return true;
}

/* ---- all ---- */

bool control_judge(struct store *st, int64_t framework, struct arena *mem, struct judge *facts,
                   struct control_row **out, size_t *n, struct err *e)
{
	struct bench b = { .st = st, .mem = mem };

	if (!judge_load(st, &b.judge, e) || !judge_controls(&b, framework, out, n, e))
		return false;
	*facts = b.judge;
	return true;
}

bool control_kept(struct store *st, struct arena *mem, struct control_row **out, size_t *n,
		  size_t *set, struct err *e)
{
	struct bench b = { .st = st, .mem = mem };
	struct stmt *s;

	*set = 0;
	if (!load_controls(&b, 0, e))
		return false;
	s = db_stmt(st->db, "SELECT control, word FROM judged_control");
	while (db_next(s)) {
		struct judging *c = control_of(&b, db_column(s, 0));

		if (!c)
			continue;
		c->row->word = (enum control_word)db_column(s, 1);
		(*set)++;
	}
	*out = b.n ? b.control[0].row : NULL;
	*n = b.n;
	return db_done(s, e);
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
