/* SPDX-License-Identifier: MIT */
/* control_detail.c - one control in full: its word, what it rests on, where else it counts, what
 * people said. */
#include "store/judge.h"

struct control_ref control_ref_of(const struct control_row *r, int weight)
{
	return (struct control_ref){
		.id = r->id,
		.framework = r->framework_key,
		.ident = r->ident,
		.title = r->title,
		.weight = weight,
		.word = r->word,
	};
}

struct class_ref class_ref_of(const struct class_fact *c, int weight, struct arena *mem)
{
	return (struct class_ref){
		.id = c->id,
		.name = arena_dup(mem, c->name),
		.title = arena_dup(mem, c->title),
		.weight = weight,
		.open = c->unfixed,
		.late = c->record == RECORD_VULNERABILITY ? c->fact.open : 0,
		.passed = c->fact.passed,
	};
}

static const struct control_row *row_of(const struct control_row *row, size_t n, int64_t id)
{
	for (size_t i = 0; i < n; i++)
		if (row[i].id == id)
			return &row[i];
	return NULL;
}

static bool load_text(struct store *st, struct arena *mem, struct control_detail *d, struct err *e)
{
	static const char sql[] = "SELECT c.text, c.source, f.title\n"
				  "FROM control AS c JOIN framework AS f ON f.id = c.framework\n"
				  "WHERE c.id = $1";
	struct stmt *s = db_stmt(st->db, sql);

	db_int(s, 1, d->id);
	if (db_next(s)) {
		d->text = arena_dup(mem, db_column_text(s, 0));
		d->source = arena_dup(mem, db_column_text(s, 1));
		d->framework_title = arena_dup(mem, db_column_text(s, 2));
	}
	return db_done(s, e);
}

/* Both directions; the primary links first, each other control once. */
static bool load_crosswalk(struct store *st, struct arena *mem, const struct control_row *row,
                           size_t n, struct control_detail *d, struct err *e)
{
	static const char sql[] =
		"SELECT id, MIN(weight)\n"
		"FROM (SELECT other AS id, weight FROM crosswalk WHERE control = $1\n"
		"      UNION ALL SELECT control, weight FROM crosswalk WHERE other = $1) AS x\n"
		"GROUP BY id\n"
		"ORDER BY MIN(weight), id";
	struct control_ref *ref = arena_array(mem, struct control_ref, n + 1);
	struct stmt *s = db_stmt(st->db, sql);

	d->also = ref;
	db_int(s, 1, d->id);
	while (d->nalso < n && db_next(s)) {
		const struct control_row *other = row_of(row, n, db_column(s, 0));

		if (other)
			ref[d->nalso++] = control_ref_of(other, (int)db_column(s, 1));
	}
	return db_done(s, e);
}

static bool load_classes_of(struct store *st, struct arena *mem, const struct judge *j,
                            struct control_detail *d, struct err *e)
{
	static const char sql[] =
		"SELECT class, weight FROM class_control WHERE control = $1 ORDER BY weight, class";
	struct class_ref *ref = arena_array(mem, struct class_ref, j->nclass + 1);
	struct stmt *s = db_stmt(st->db, sql);

	d->class_ref = ref;
	db_int(s, 1, d->id);
	while (d->nclass < j->nclass && db_next(s)) {
		const struct class_fact *c = judge_class(j, db_column(s, 0));

		if (c)
			ref[d->nclass++] = class_ref_of(c, (int)db_column(s, 1), mem);
	}
	return db_done(s, e);
}

/* The answers are the control's history; the newest is shown by itself too. */
static bool load_history(struct store *st, struct arena *mem, struct control_detail *d,
                         struct err *e)
{
	static const char count[] = "SELECT COUNT(*) FROM standing_answer WHERE control = $1";
	static const char sql[] = "SELECT at, actor, verdict, note\n"
				  "FROM standing_answer\n"
				  "WHERE control = $1\n"
				  "ORDER BY id DESC";
	struct stmt *s = db_stmt(st->db, count);
	struct history *h;
	int64_t n;

	db_int(s, 1, d->id);
	if (!db_scalar(s, 0, &n, e))
		return false;
	d->history = h = arena_array(mem, struct history, (size_t)n + 1);
	s = db_stmt(st->db, sql);
	db_int(s, 1, d->id);
	while (d->nhistory < (size_t)n && db_next(s))
		h[d->nhistory++] = (struct history){
			.at = db_column(s, 0),
			.who = arena_dup(mem, db_column_text(s, 1)),
			.what = arena_printf(mem, "answered %s",
			                     answer_word((enum answer)db_column(s, 2))),
			.text = arena_dup(mem, db_column_text(s, 3)),
		};
	if (d->nhistory) {
		d->answer_by = h[0].who;
		d->answer_note = h[0].text;
	}
	return db_done(s, e);
}

static void copy_row(struct control_detail *d, const struct control_row *r)
{
	d->framework_id = r->framework;
	d->framework = r->framework_key;
	d->ident = r->ident;
	d->title = r->title;
	d->section = r->section;
	d->attributes = r->attributes;
	d->word = r->word;
	d->why = r->why;
	d->failing = r->failing;
	d->excepted = r->excepted;
	d->covered = r->covered;
	d->applicable = r->applicable;
	d->tested = r->tested;
	d->classes = r->classes;
	d->newest = r->newest;
	d->window = r->window;
	d->told_at = r->told_at;
	d->answer = r->answer;
	d->answered = r->answered;
	d->answered_at = r->answered_at;
	d->answer_until = r->answer_until;
}

bool store_control(struct store *st, int64_t id, struct arena *mem, struct control_detail *out,
                   struct err *e)
{
	const struct scope what = { SCOPE_CONTROL, { id } };
	struct control_row *row;
	const struct control_row *r;
	struct judge j;
	size_t n;

	*out = (struct control_detail){ .id = id };
	if (!control_judge(st, 0, mem, &j, &row, &n, e))
		return false;
	r = row_of(row, n, id);
	if (!r)
		return err_set(e, ERR_USAGE, "there is no such control");
	copy_row(out, r);
	return load_text(st, mem, out, e) && load_crosswalk(st, mem, row, n, out, e) &&
	       load_classes_of(st, mem, &j, out, e) && load_history(st, mem, out, e) &&
	       object_notes(st, &what, mem, &out->note, &out->nnote, e) &&
	       object_owner(st, &what, mem, &out->owner, e);
}

/* A framework by its key or the beginning of it; two that begin so are an error that names both. */
static bool framework_find(struct store *st, const char *key, int64_t *id, struct err *e)
{
	static const char sql[] =
		"SELECT id, key\n"
		"FROM framework\n"
		"WHERE UPPER(key) = UPPER($1) OR UPPER(SUBSTR(key, 1, LENGTH($1))) = UPPER($1)\n"
		"ORDER BY CASE WHEN UPPER(key) = UPPER($1) THEN 0 ELSE 1 END, key";
	struct stmt *s = db_stmt(st->db, sql);
	struct buf names = BUF_INIT;
	bool exact = false, ok;
	size_t n = 0;

	*id = 0;
	db_text(s, 1, key);
	while (!exact && db_next(s)) {
		exact = n == 0 && str_ieq(db_column_text(s, 1), key);
		if (n++ == 0)
			*id = db_column(s, 0);
		buf_addf(&names, "%s%s", n > 1 ? ", " : "", db_column_text(s, 1));
	}
	ok = db_done(s, e);
	if (ok && n == 0)
		ok = err_set(e, ERR_USAGE, "there is no framework %s", key);
	else if (ok && n > 1)
		ok = err_set(e, ERR_USAGE, "%s may be any of: %s", key, names.s);
	buf_release(&names);
	return ok;
}

bool store_control_find(struct store *st, const char *framework, const char *ident, int64_t *id,
                        struct err *e)
{
	struct stmt *s;
	int64_t f;

	if (!framework_find(st, framework, &f, e))
		return false;
	s = db_stmt(st->db,
	            "SELECT id FROM control WHERE framework = $1 AND UPPER(ident) = UPPER($2)");
	db_int(s, 1, f);
	db_text(s, 2, ident);
	if (!db_scalar(s, 0, id, e))
		return false;
	return *id > 0 || err_set(e, ERR_USAGE, "%s has no control %s here", framework, ident);
}
