/* SPDX-License-Identifier: MIT */
/* judged.c - the words of all controls, kept while neither the store nor the minute changes. */
#include <stdlib.h>

#include "store/judged.h"

struct judged {
	struct arena mem;
	struct control_row *row;
	size_t n;
	uint64_t revision;
	int64_t now;
};

void
judged_free(struct judged *j)
{
	if (!j)
		return;
	arena_release(&j->mem);
	free(j);
}

bool
judged_controls(struct store *st, const struct control_row **row, size_t *n, struct err *e)
{
	uint64_t revision = store_revision(st);
	struct judged *j = st->judged;

	if (!j || j->revision != revision || j->now / 60 != st->now / 60) {
		judged_free(j);
		st->judged = NULL;
		j = xcalloc(1, sizeof(*j));
		if (!control_words(st, 0, &j->mem, &j->row, &j->n, e)) {
			judged_free(j);
			return false;
		}
		j->revision = revision;
		j->now = st->now;
		st->judged = j;
	}
	*row = j->row;
	*n = j->n;
	return true;
}

/* ---- references to controls, gathered from classes and rules ---- */

enum { ABSENT = 9 };

bool
refs_begin(struct store *st, struct arena *mem, struct refs *out, struct err *e)
{
	*out = (struct refs){ .st = st, .mem = mem };
	if (!judged_controls(st, &out->row, &out->n, e))
		return false;
	out->weight = arena_alloc(mem, out->n + 1, 1);
	memset(out->weight, ABSENT, out->n + 1);
	return true;
}

static void
add(struct refs *r, int64_t control, int64_t weight)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->row[i].id == control && weight < r->weight[i])
			r->weight[i] = (uint8_t)weight;
}

static bool
add_all(struct refs *r, struct stmt *s, struct err *e)
{
	while (db_next(s))
		add(r, db_column(s, 0), db_column(s, 1));
	return db_done(s, e);
}

bool
refs_add_class(struct refs *r, const char *class_name, struct err *e)
{
	static const char sql[] = "SELECT m.control, m.weight\n"
				  "FROM class cl\n"
				  "JOIN class_control m ON m.class = cl.id\n"
				  "WHERE cl.name = $1";
	struct stmt *s = db_stmt(r->st->db, sql);

	db_text(s, 1, class_name);
	return add_all(r, s, e);
}

bool
refs_add_rule(struct refs *r, int64_t advisory, struct err *e)
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

static struct control_ref
copy_of(const struct control_row *row, int weight, struct arena *mem)
{
	struct control_ref ref = control_ref_of(row, weight);

	ref.framework = arena_dup(mem, ref.framework);
	ref.ident = arena_dup(mem, ref.ident);
	ref.title = arena_dup(mem, ref.title);
	return ref;
}

void
refs_end(struct refs *r, bool only_failing, const struct control_ref **out, size_t *n)
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
