/* SPDX-License-Identifier: MIT */
/* checklist.c - the items of the checklist, what the data says of each, and how they were answered.
 */
#include "store/judge.h"

static bool load_item_rows(struct store *st, struct arena *mem, struct item_row **out, size_t *n,
                           struct err *e)
{
	static const char sql[] =
		"SELECT id, ord, ident, section, title, attributes FROM item ORDER BY ord, id";
	int64_t count;
	struct stmt *s;

	*n = 0;
	if (!db_scalar(db_stmt(st->db, "SELECT COUNT(*) FROM item"), 0, &count, e))
		return false;
	*out = arena_array(mem, struct item_row, (size_t)count + 1);
	s = db_stmt(st->db, sql);
	while (*n < (size_t)count && db_next(s)) {
		struct item_row *r = &(*out)[(*n)++];

		r->id = db_column(s, 0);
		r->ord = db_column(s, 1);
		r->ident = arena_dup(mem, db_column_text(s, 2));
		r->section = arena_dup(mem, db_column_text(s, 3));
		r->title = arena_dup(mem, db_column_text(s, 4));
		r->automatic = attribute_get(db_column_text(s, 5), "automatic", mem);
	}
	return db_done(s, e);
}

static struct item_row *row_of(struct item_row *row, size_t n, int64_t id)
{
	for (size_t i = 0; i < n; i++)
		if (row[i].id == id)
			return &row[i];
	return NULL;
}

static bool load_item_answers(struct store *st, struct arena *mem, struct item_row *row, size_t n,
                              struct err *e)
{
	static const char sql[] = "SELECT item, verdict, at, until, actor\n"
				  "FROM standing_answer\n"
				  "WHERE item > 0 AND at <= $1\n"
				  "ORDER BY id";
	struct stmt *s = db_stmt(st->db, sql);

	db_int(s, 1, st->now);
	while (db_next(s)) {
		struct item_row *r = row_of(row, n, db_column(s, 0));

		if (!r)
			continue;
		r->ever = true;
		r->answer = (enum answer)db_column(s, 1);
		r->answered_at = db_column(s, 2);
		r->answer_until = db_column(s, 3);
		r->answered_by = arena_dup(mem, db_column_text(s, 4));
		r->answered = r->answer_until > st->now;
	}
	return db_done(s, e);
}

/* The classes of an item, one after the other: any that fails makes it fail; all must have evidence
 * to pass. */
static void add_class(struct item_row *r, const struct class_fact *c, struct arena *mem)
{
	const struct fact *f = &c->fact;

	if (c->record == RECORD_EXCEPTION || r->data == CONTROL_FAIL)
		return;
	if (f->open) {
		r->data = CONTROL_FAIL;
		r->data_why = arena_printf(mem, "%lld open of %s", (long long)f->open, c->name);
	} else if (!f->never && (!f->passed || f->covered < f->applicable)) {
		r->data = CONTROL_NONE;
		r->data_why = arena_printf(mem, "%s: evidence on %lld of %lld", c->name,
		                           (long long)f->covered, (long long)f->applicable);
	}
}

static bool load_item_data(struct store *st, struct arena *mem, const struct judge *j,
                           struct item_row *row, size_t n, struct err *e)
{
	static const char sql[] = "SELECT item, class FROM item_class ORDER BY item, class";
	struct stmt *s = db_stmt(st->db, sql);

	for (size_t i = 0; i < n; i++) {
		row[i].data = str_eq(row[i].automatic, "yes") ? CONTROL_PASS : CONTROL_MANUAL;
		row[i].data_why = row[i].data == CONTROL_PASS
		                          ? "nothing that was imported speaks against it"
		                          : "data alone cannot tell";
	}
	while (db_next(s)) {
		struct item_row *r = row_of(row, n, db_column(s, 0));
		const struct class_fact *c = judge_class(j, db_column(s, 1));

		if (!r || !c || str_eq(r->automatic, "no"))
			continue;
		if (r->data == CONTROL_MANUAL && !c->fact.open)
			continue; /* partly automatic: the data shows failure, not success */
		add_class(r, c, mem);
	}
	return db_done(s, e);
}

bool items_answered(struct store *st, struct arena *mem, struct item_row **out, size_t *n,
                  struct err *e)
{
	return load_item_rows(st, mem, out, n, e) && load_item_answers(st, mem, *out, *n, e);
}

bool item_words(struct store *st, struct arena *mem, struct judge *facts, struct item_row **out,
                size_t *n, struct err *e)
{
	struct judge own;
	struct judge *j = facts ? facts : &own;

	return judge_load(st, j, e) && items_answered(st, mem, out, n, e) &&
	       load_item_data(st, mem, j, *out, *n, e);
}

bool store_item_find(struct store *st, const char *ident, int64_t *id, struct err *e)
{
	struct stmt *s = db_stmt(st->db, "SELECT id FROM item WHERE UPPER(ident) = UPPER($1)");

	db_text(s, 1, ident);
	if (!db_scalar(s, 0, id, e))
		return false;
	return *id > 0 || err_set(e, ERR_USAGE, "the checklist has no item %s", ident);
}

/* ---- one item in full ---- */

static bool item_text(struct store *st, struct arena *mem, struct item_detail *d, struct err *e)
{
	struct stmt *s = db_stmt(st->db, "SELECT attributes, source FROM item WHERE id = $1");

	db_int(s, 1, d->id);
	if (db_next(s)) {
		d->why = attribute_get(db_column_text(s, 0), "why", mem);
		d->verify = attribute_get(db_column_text(s, 0), "verify", mem);
		d->evidence = attribute_get(db_column_text(s, 0), "evidence", mem);
	}
	return db_done(s, e);
}

static bool item_answers(struct store *st, struct arena *mem, struct item_detail *d, struct err *e)
{
	static const char count[] = "SELECT COUNT(*) FROM standing_answer WHERE item = $1";
	static const char sql[] = "SELECT verdict, at, until, actor, note, period_from, period_to\n"
				  "FROM standing_answer\n"
				  "WHERE item = $1\n"
				  "ORDER BY id DESC";
	struct stmt *s = db_stmt(st->db, count);
	struct answer_row *row;
	int64_t n;

	db_int(s, 1, d->id);
	if (!db_scalar(s, 0, &n, e))
		return false;
	d->answer = row = arena_array(mem, struct answer_row, (size_t)n + 1);
	s = db_stmt(st->db, sql);
	db_int(s, 1, d->id);
	while (d->nanswer < (size_t)n && db_next(s))
		row[d->nanswer++] = (struct answer_row){
			.answer = (enum answer)db_column(s, 0),
			.at = db_column(s, 1),
			.until = db_column(s, 2),
			.actor = arena_dup(mem, db_column_text(s, 3)),
			.note = arena_dup(mem, db_column_text(s, 4)),
			.from = db_column(s, 5),
			.to = db_column(s, 6),
		};
	return db_done(s, e);
}

static bool item_assessment(struct store *st, struct arena *mem, struct item_detail *d,
                            struct err *e)
{
	const struct scope what = { SCOPE_ITEM, { d->id } };

	return store_assess_state(st, &what, mem, &d->state, e) &&
	       store_evidence(st, &what, mem, &d->piece, &d->npiece, e) &&
	       store_samples(st, &what, mem, &d->sample, &d->nsample, e);
}

static bool item_controls(struct store *st, struct arena *mem, struct item_detail *d, struct err *e)
{
	static const char sql[] =
		"SELECT control FROM item_control WHERE item = $1 ORDER BY control";
	struct control_row *row;
	struct control_ref *ref;
	struct stmt *s;
	size_t n;

	if (!control_words(st, 0, mem, &row, &n, e))
		return false;
	d->control = ref = arena_array(mem, struct control_ref, n + 1);
	s = db_stmt(st->db, sql);
	db_int(s, 1, d->id);
	while (d->ncontrol < n && db_next(s))
		for (size_t i = 0; i < n; i++)
			if (row[i].id == db_column(s, 0))
				ref[d->ncontrol++] = control_ref_of(&row[i], 0);
	return db_done(s, e);
}

static bool item_classes(struct store *st, struct arena *mem, const struct judge *j,
                         struct item_detail *d, struct err *e)
{
	static const char sql[] = "SELECT class FROM item_class WHERE item = $1 ORDER BY class";
	struct class_ref *ref = arena_array(mem, struct class_ref, j->nclass + 1);
	struct stmt *s = db_stmt(st->db, sql);

	d->class_ref = ref;
	db_int(s, 1, d->id);
	while (db_next(s)) {
		const struct class_fact *c = judge_class(j, db_column(s, 0));

		if (c)
			ref[d->nclass++] = class_ref_of(c, 0, mem);
	}
	return db_done(s, e);
}

bool store_item(struct store *st, int64_t id, struct arena *mem, struct item_detail *out,
                struct err *e)
{
	struct judge j;
	struct item_row *row, *r;
	size_t n;

	*out = (struct item_detail){ .id = id };
	if (!item_words(st, mem, &j, &row, &n, e))
		return false;
	r = row_of(row, n, id);
	if (!r)
		return err_set(e, ERR_USAGE, "the checklist has no such item");
	out->ident = r->ident;
	out->section = r->section;
	out->title = r->title;
	out->automatic = r->automatic;
	out->data = r->data;
	out->data_why = r->data_why;
	out->answered = r->answered;
	out->place = r - row + 1;
	out->total = (int64_t)n;
	return item_text(st, mem, out, e) && item_answers(st, mem, out, e) &&
	       item_assessment(st, mem, out, e) && item_controls(st, mem, out, e) &&
	       item_classes(st, mem, &j, out, e);
}
