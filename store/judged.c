/* SPDX-License-Identifier: MIT */
/* judged.c - the words of all controls, kept while neither the store nor the minute changes. */
#include <stdlib.h>

#include "store/judged.h"
#include "store/judgement.h"

struct judged {
	struct arena mem;
	struct control_row *row;
	size_t n;
	uint64_t revision;
	int64_t now;
	int64_t object; /* the scope; 0: the estate */
};

void judged_free(struct judged *j)
{
	if (!j)
		return;
	arena_release(&j->mem);
	free(j);
}

static bool is_fresh(struct store *st, const struct judged *j, int64_t object)
{
	return j && j->object == object && j->revision == store_revision(st) &&
	       j->now / 60 == st->now / 60;
}

static struct judged *begin_anew(struct store *st, struct judged **kept)
{
	struct judged *j = xcalloc(1, sizeof(*j));

	j->revision = store_revision(st);
	j->now = st->now;
	judged_free(*kept);
	*kept = NULL;
	return j;
}

static bool judge_anew(struct store *st, struct judged **kept, int64_t object, struct err *e)
{
	struct judged *j;

	if (is_fresh(st, *kept, object))
		return true;
	j = begin_anew(st, kept);
	if (!(object ? control_words_in(st, object, &j->mem, &j->row, &j->n, e)
		     : control_words(st, 0, &j->mem, &j->row, &j->n, e))) {
		judged_free(j);
		return false;
	}
	j->object = object;
	*kept = j;
	return true;
}

bool judged_controls(struct store *st, const struct control_row **row, size_t *n, struct err *e)
{
	if (!judge_anew(st, &st->judged, 0, e))
		return false;
	*row = st->judged->row;
	*n = st->judged->n;
	return true;
}

bool judged_words(struct store *st, const struct control_row **row, size_t *n, struct err *e)
{
	struct judged *j;
	bool holds;

	if (!is_fresh(st, st->judged_words, 0)) {
		j = begin_anew(st, &st->judged_words);
		if (!judgement_words(st, &j->mem, &j->row, &j->n, &holds, e)) {
			judged_free(j);
			return false;
		}
		if (!holds) {
			judged_free(j);
			return judged_controls(st, row, n, e);
		}
		st->judged_words = j;
	}
	*row = st->judged_words->row;
	*n = st->judged_words->n;
	return true;
}

bool judged_scope(const struct scope *scope, int64_t *object)
{
	*object = scope->kind == SCOPE_REPOSITORY ? -scope->key[0] : scope->key[0];
	return scope->kind == SCOPE_CLUSTER || scope->kind == SCOPE_NODE ||
	       scope->kind == SCOPE_NAMESPACE || scope->kind == SCOPE_WORKLOAD ||
	       scope->kind == SCOPE_IMAGE || scope->kind == SCOPE_REPOSITORY;
}

bool judged_controls_in(struct store *st, const struct scope *scope, const struct control_row **row,
			size_t *n, struct err *e)
{
	int64_t object;

	if (!judged_scope(scope, &object))
		return judged_controls(st, row, n, e);
	if (!judge_anew(st, &st->judged_in, object, e))
		return false;
	*row = st->judged_in->row;
	*n = st->judged_in->n;
	return true;
}

/* ---- what classes test, as text ---- */

struct class_text {
	struct class_text *next;
	const char *classes, *controls;
};
struct class_memo {
	struct arena mem;
	struct class_text *first;
	uint64_t revision;
};

void class_memo_free(struct class_memo *m)
{
	if (!m)
		return;
	arena_release(&m->mem);
	free(m);
}

static struct class_memo *memo_of(struct store *st)
{
	uint64_t revision = store_revision(st);

	if (!st->class_memo || st->class_memo->revision != revision) {
		class_memo_free(st->class_memo);
		st->class_memo = xcalloc(1, sizeof(*st->class_memo));
		st->class_memo->revision = revision;
	}
	return st->class_memo;
}

static bool read_controls(struct store *st, const char *classes, struct arena *mem,
			  const char **out, struct err *e)
{
	static const char sql[] =
		"SELECT DISTINCT fw.key || ' ' || ct.ident\n"
		"FROM class cl JOIN class_control m ON m.class = cl.id AND m.weight = 0\n"
		"JOIN control ct ON ct.id = m.control JOIN framework fw ON fw.id = ct.framework\n"
		"WHERE ', ' || $1 || ', ' LIKE '%, ' || cl.name || ', %'\n"
		"ORDER BY fw.key, ct.ord";
	struct stmt *s = db_stmt(st->db, sql);
	struct buf b = BUF_INIT;

	db_text(s, 1, classes);
	while (db_next(s))
		buf_addf(&b, "%s%s", b.len ? ", " : "", db_column_text(s, 0));
	*out = arena_dup(mem, b.s);
	buf_release(&b);
	return db_done(s, e);
}

bool class_controls(struct store *st, const char *classes, struct arena *mem, const char **out,
		    struct err *e)
{
	struct class_memo *m = memo_of(st);
	struct class_text *t = m->first;

	while (t && !str_eq(t->classes, classes))
		t = t->next;
	if (!t) {
		t = arena_new(&m->mem, struct class_text);
		t->classes = arena_dup(&m->mem, classes);
		t->next = m->first;
		if (!read_controls(st, classes, &m->mem, &t->controls, e))
			return false;
		m->first = t;
	}
	*out = arena_dup(mem, t->controls);
	return true;
}

/* ---- references to controls, gathered from classes and rules ---- */

enum { ABSENT = 9 };

bool refs_begin(struct store *st, struct arena *mem, struct refs *out, struct err *e)
{
	*out = (struct refs){ .st = st, .mem = mem };
	if (!judged_words(st, &out->row, &out->n, e))
		return false;
	out->weight = arena_alloc(mem, out->n + 1, 1);
	memset(out->weight, ABSENT, out->n + 1);
	return true;
}

static void add(struct refs *r, int64_t control, int64_t weight)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->row[i].id == control && weight < r->weight[i])
			r->weight[i] = (uint8_t)weight;
}

static bool add_all(struct refs *r, struct stmt *s, struct err *e)
{
	while (db_next(s))
		add(r, db_column(s, 0), db_column(s, 1));
	return db_done(s, e);
}

bool refs_add_class(struct refs *r, const char *class_name, struct err *e)
{
	static const char sql[] = "SELECT m.control, m.weight\n"
				  "FROM class cl\n"
				  "JOIN class_control m ON m.class = cl.id\n"
				  "WHERE cl.name = $1";
	struct stmt *s = db_stmt(r->st->db, sql);

	db_text(s, 1, class_name);
	return add_all(r, s, e);
}

bool refs_add_rule(struct refs *r, int64_t advisory, struct err *e)
{
	static const char sql[] = "SELECT m.control, m.weight\n"
				  "FROM advisory a\n"
				  "JOIN source o ON o.id = a.source\n"
				  "JOIN rule_control m ON m.tool = o.word AND m.rule = a.name\n"
				  "WHERE a.id = $1";
	struct stmt *s = db_stmt(r->st->db, sql);

	db_int(s, 1, advisory);
	return add_all(r, s, e);
}

static struct control_ref copy_of(const struct control_row *row, int weight, struct arena *mem)
{
	struct control_ref ref = control_ref_of(row, weight);

	ref.framework = arena_dup(mem, ref.framework);
	ref.ident = arena_dup(mem, ref.ident);
	ref.title = arena_dup(mem, ref.title);
	return ref;
}

void refs_end(struct refs *r, bool only_failing, const struct control_ref **out, size_t *n)
{
	struct control_ref *ref = arena_array(r->mem, struct control_ref, r->n + 1);

	*n = 0;
	for (int weight = 0; weight < ABSENT; weight++)
		for (size_t i = 0; i < r->n; i++)
			if (r->weight[i] == weight &&
			    (!only_failing || r->row[i].word == CONTROL_FAIL))
				ref[(*n)++] = copy_of(&r->row[i], weight, r->mem);
	*out = ref;
}
