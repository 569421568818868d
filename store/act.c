/* SPDX-License-Identifier: MIT */
/* act.c - what people do: answers, notes, owners, steps of a response. Each is a record of the
 * audit trail. */
#include <inttypes.h>
#include <stdio.h>

#include "store/judgement.h"

/* ---- names of things ---- */

static const struct object {
	enum scope_kind kind;
	const char *word;
	int nkey;
} objects[] = {
	{ SCOPE_IMAGE, "image", 1 },         { SCOPE_PROBLEM, "problem", 2 },
	{ SCOPE_CLUSTER, "cluster", 1 },     { SCOPE_NODE, "node", 1 },
	{ SCOPE_NAMESPACE, "namespace", 1 }, { SCOPE_WORKLOAD, "workload", 1 },
	{ SCOPE_CONTAINER, "container", 1 }, { SCOPE_FRAMEWORK, "framework", 1 },
	{ SCOPE_CONTROL, "control", 1 },     { SCOPE_CLASS, "class", 1 },
	{ SCOPE_ALERT, "alert", 1 },         { SCOPE_SOURCE, "source", 1 },
	{ SCOPE_FINDING, "finding", 3 },     { SCOPE_REPOSITORY, "repository", 1 },
	{ SCOPE_ITEM, "item", 1 },
};

void object_name(const struct scope *s, char out[static OBJECT_SIZE])
{
	int at = 0;

	for (size_t i = 0; i < LENGTH(objects); i++) {
		if (objects[i].kind != s->kind)
			continue;
		at = snprintf(out, OBJECT_SIZE, "%s", objects[i].word);
		for (int k = 0; k < objects[i].nkey; k++)
			at += snprintf(out + at, OBJECT_SIZE - (size_t)at, "%c%" PRId64,
			               k ? '-' : ' ', s->key[k]);
		return;
	}
	(void)snprintf(out, OBJECT_SIZE, "estate");
}

/* "1-2-3" */
static bool read_key(const char *text, int nkey, int64_t key[4])
{
	for (int k = 0; k < nkey; k++) {
		size_t n = strcspn(text, "-");
		char number[24];

		if (n >= sizeof(number) || (text[n] == '-') != (k + 1 < nkey))
			return false;
		memcpy(number, text, n);
		number[n] = '\0';
		if (!str_int64(number, 0, INT64_MAX, &key[k]))
			return false;
		text += n + (text[n] == '-');
	}
	return true;
}

bool object_scope(const char *name, struct scope *out)
{
	const char *space = strchr(name, ' ');

	for (size_t i = 0; space && i < LENGTH(objects); i++) {
		size_t n = strlen(objects[i].word);

		if (n != (size_t)(space - name) || memcmp(name, objects[i].word, n) != 0)
			continue;
		*out = (struct scope){ objects[i].kind, { 0 } };
		return read_key(space + 1, objects[i].nkey, out->key);
	}
	return false;
}

bool object_notes(struct store *st, const struct scope *s, struct arena *mem,
                  const struct note **out, size_t *n, struct err *e)
{
	static const char count[] = "SELECT COUNT(*) FROM standing_note WHERE object = $1";
	static const char sql[] =
		"SELECT at, actor, body\n"
		"FROM standing_note\n"
		"WHERE object = $1\n"
		"ORDER BY id DESC";
	char object[OBJECT_SIZE];
	struct stmt *q = db_stmt(st->db, count);
	struct note *note;
	int64_t total;

	*n = 0;
	object_name(s, object);
	db_text(q, 1, object);
	if (!db_scalar(q, 0, &total, e))
		return false;
	*out = note = arena_array(mem, struct note, (size_t)total + 1);
	q = db_stmt(st->db, sql);
	db_text(q, 1, object);
	while (*n < (size_t)total && db_next(q))
		note[(*n)++] = (struct note){
			.at = db_column(q, 0),
			.actor = arena_dup(mem, db_column_text(q, 1)),
			.text = arena_dup(mem, db_column_text(q, 2)),
		};
	return db_done(q, e);
}

bool object_owner(struct store *st, const struct scope *s, struct arena *mem, const char **out,
                  struct err *e)
{
	static const char sql[] = "SELECT name\n"
				  "FROM owner\n"
				  "WHERE object = $1 AND until = 0\n"
				  "ORDER BY at DESC, seq DESC\n"
				  "LIMIT 1";
	char object[OBJECT_SIZE];
	struct stmt *q = db_stmt(st->db, sql);

	*out = NULL;
	object_name(s, object);
	db_text(q, 1, object);
	if (db_next(q) && *db_column_text(q, 0))
		*out = arena_dup(mem, db_column_text(q, 0));
	return db_done(q, e);
}

/* ---- who may do what ---- */

static bool may_act(enum role role, enum right a, struct err *e)
{
	static const uint32_t rights[] = {
		[ROLE_LEAD] = 1u << MAY_ANSWER | 1u << MAY_NOTE | 1u << MAY_OWN |
		              1u << MAY_RESPOND | 1u << MAY_CONFIGURE | 1u << MAY_IMPORT |
		              1u << MAY_EXCEPT | 1u << MAY_ASSIGN,
		[ROLE_AUDITOR] = 1u << MAY_ANSWER | 1u << MAY_NOTE,
		[ROLE_ENGINEER] = 1u << MAY_NOTE | 1u << MAY_OWN | 1u << MAY_RESPOND |
		                  1u << MAY_IMPORT | 1u << MAY_EXCEPT,
		[ROLE_VIEWER] = 0,
	};
	static const char *const roles[] = { "lead", "auditor", "engineer", "viewer" };
	static const char *const acts[] = {
		"answer items and controls",   "write notes", "set owners and dates", "move alerts",
		"change the store's settings", "import",
		"make exceptions",
		"assign, return and close assessments",
	};

	if (!(rights[role] & 1u << a))
		return err_set(e, ERR_USAGE, "the role %s may not %s", roles[role], acts[a]);
	return true;
}

static bool may_open(const struct store *st, struct err *e)
{
	if (st->as_of)
		return err_set(e, ERR_USAGE, "a past day is shown: nothing can be done to it");
	if (st->read_only)
		return err_set(e, ERR_USAGE, "the store is open read-only");
	return true;
}

bool act_allowed(const struct store *st, enum right a, struct err *e)
{
	return may_open(st, e) && may_act(st->role, a, e);
}

bool role_may(enum role role, const char *record, struct err *e)
{
	static const struct { const char *record; enum right act; } table[] = {
		{ "answer", MAY_ANSWER }, { "note", MAY_NOTE }, { "own", MAY_OWN },
		{ "due", MAY_OWN }, { "alert", MAY_RESPOND }, { "mute", MAY_RESPOND },
		{ "unmute", MAY_RESPOND }, { "import", MAY_IMPORT },
		{ "except", MAY_EXCEPT }, { "except-end", MAY_EXCEPT },
		{ "attach", MAY_ANSWER }, { "sample", MAY_ANSWER }, { "checklist", MAY_ANSWER },
		{ "sign", MAY_ANSWER },
		{ "submitted", MAY_ANSWER }, { "assigned", MAY_ASSIGN },
		{ "returned", MAY_ASSIGN }, { "closed", MAY_ASSIGN },
	};

	for (size_t i = 0; i < LENGTH(table); i++)
		if (str_eq(table[i].record, record))
			return may_act(role, table[i].act, e);
	return may_act(role, MAY_CONFIGURE, e);
}

bool may_write(const struct store *st, const char *record, struct err *e)
{
	return may_open(st, e) && role_may(st->role, record, e);
}

bool store_may_import(const struct store *st, struct err *e)
{
	return act_allowed(st, MAY_IMPORT, e);
}

/* ---- one transaction an act ---- */

/* End what was begun: with an audit record when all went well so far. */
bool act_end(struct store *st, bool ok, const struct audit_entry *a, struct err *e)
{
	struct err later = ERR_INIT;

	if (ok)
		ok = audit_append(st, a, NULL, e) && judgement_keep(st, e);
	return db_end(st->db, ok, ok ? e : &later) && ok;
}

static bool insert_answer(struct store *st, const struct scope *what, const struct assessed *a,
                          int64_t until, struct err *e)
{
	static const char sql[] =
		"INSERT INTO answer (seq, item, control, verdict, note, actor, at, until,\n"
		"                    period_from, period_to)\n"
		"VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
	struct stmt *s;
	int64_t seq;

	if (!audit_next(st, &seq, e))
		return false;
	s = db_stmt(st->db, sql);
	db_int(s, 1, seq);
	db_int(s, 2, what->kind == SCOPE_ITEM ? what->key[0] : 0);
	db_int(s, 3, what->kind == SCOPE_CONTROL ? what->key[0] : 0);
	db_int(s, 4, a->answer);
	db_text(s, 5, a->note ? a->note : "");
	db_text(s, 6, st->actor);
	db_int(s, 7, st->now);
	db_int(s, 8, until);
	db_int(s, 9, a->from);
	db_int(s, 10, a->to);
	return db_run(s, e);
}

/* What the data says of the thing that is being answered; false in *known where it cannot tell. */
static bool data_says(struct store *st, const struct scope *what, enum control_word *word,
                      bool *known, struct err *e)
{
	struct arena mem = ARENA_INIT;
	struct control_row *row;
	struct item_row *item;
	size_t n = 0;
	bool ok;

	*known = false;
	if (what->kind == SCOPE_ITEM) {
		ok = item_words(st, &mem, NULL, &item, &n, e);
		for (size_t i = 0; ok && i < n; i++)
			if (item[i].id == what->key[0]) {
				*word = item[i].data;
				*known = true;
			}
	} else {
		ok = control_words(st, 0, &mem, &row, &n, e);
		for (size_t i = 0; ok && i < n; i++)
			if (row[i].id == what->key[0]) {
				*word = row[i].word;
				*known = true;
			}
	}
	arena_release(&mem);
	if (ok && !*known)
		return err_set(e, ERR_USAGE, "there is no such item or control");
	*known = *known && (*word == CONTROL_PASS || *word == CONTROL_FAIL);
	return ok;
}

/* Pass and fail are opposites; n/a and partial say something else than either. */
static bool differs(enum control_word data, enum answer a)
{
	return !(data == CONTROL_PASS && a == ANSWER_PASS) &&
	       !(data == CONTROL_FAIL && a == ANSWER_FAIL);
}

/* "2026-07-01T00:00:00Z to 2026-09-30T23:59:59Z" */
static void tell_period(struct buf *b, const struct assessed *a)
{
	char from[21], to[21];

	if (a->from == 0 && a->to == 0)
		return;
	time_print(a->from, from);
	time_print(a->to, to);
	buf_addf(b, "period\t%s to %s\n", from, to);
}

static bool check_answer(struct store *st, const struct scope *what, const struct assessed *a,
                         struct err *e)
{
	enum control_word word = CONTROL_NONE;
	bool known = false;

	if (what->kind != SCOPE_ITEM && what->kind != SCOPE_CONTROL)
		return err_set(e, ERR_USAGE, "only items and controls are answered");
	if (a->to < a->from)
		return err_set(e, ERR_USAGE, "the assessment period ends before it begins");
	if (a->from > st->now)
		return err_set(e, ERR_USAGE, "the assessment period has not begun yet");
	if (!data_says(st, what, &word, &known, e))
		return false;
	if (known && differs(word, a->answer) && str_empty(a->note))
		return err_set(e, ERR_USAGE,
		               "the data says %s: an answer that differs needs a note",
		               control_word(word));
	return true;
}

bool store_assess(struct store *st, const struct scope *what, const struct assessed *a,
                  struct err *e)
{
	char object[OBJECT_SIZE];
	struct buf after = BUF_INIT;
	const struct policy *policy;
	int64_t until;
	bool ok;

	if (!act_allowed(st, MAY_ANSWER, e) || !store_policy(st, &policy, e) ||
	    !check_answer(st, what, a, e))
		return false;
	until = a->until ? a->until : st->now + policy->fresh.answer;
	object_name(what, object);
	buf_addf(&after, "answer\t%s\nnote\t%s\nuntil\t%" PRId64 "\n", answer_word(a->answer),
	         a->note ? a->note : "", until);
	tell_period(&after, a);
	ok = db_begin(st->db, DB_SYNC_FULL, e) &&
	     act_end(st, insert_answer(st, what, a, until, e),
	             &(struct audit_entry){ .act = "answer", .object = object, .after = after.s },
	             e);
	buf_release(&after);
	return ok;
}

bool store_answer(struct store *st, const struct scope *what, enum answer a, const char *note,
                  int64_t until, struct err *e)
{
	return store_assess(st, what,
	                    &(struct assessed){ .answer = a, .note = note, .until = until }, e);
}

bool object_note(struct store *st, const char *object, const char *text, struct err *e)
{
	static const char sql[] =
		"INSERT INTO note (seq, object, actor, at, body) VALUES ($1, $2, $3, $4, $5)";
	struct stmt *s;
	int64_t seq;

	if (!audit_next(st, &seq, e))
		return false;
	s = db_stmt(st->db, sql);
	db_int(s, 1, seq);
	db_text(s, 2, object);
	db_text(s, 3, st->actor);
	db_int(s, 4, st->now);
	db_text(s, 5, text);
	return db_run(s, e);
}

bool store_note(struct store *st, const struct scope *what, const char *text, struct err *e)
{
	char object[OBJECT_SIZE];

	if (!act_allowed(st, MAY_NOTE, e))
		return false;
	if (str_empty(text))
		return err_set(e, ERR_USAGE, "a note without text says nothing");
	object_name(what, object);
	return db_begin(st->db, DB_SYNC_FULL, e) &&
	       act_end(st, object_note(st, object, text, e),
	              &(struct audit_entry){ .act = "note", .object = object, .after = text }, e);
}

bool object_own(struct store *st, const char *object, const char *owner, struct err *e)
{
	static const char end[] = "UPDATE owner SET until = $1 WHERE object = $2 AND until = 0";
	static const char begin[] =
		"INSERT INTO owner (object, at, seq, name) VALUES ($1, $2, $3, $4)";
	struct stmt *s;
	int64_t seq;

	if (!audit_next(st, &seq, e))
		return false;
	s = db_stmt(st->db, end);
	db_int(s, 1, st->now);
	db_text(s, 2, object);
	if (!db_run(s, e))
		return false;
	s = db_stmt(st->db, begin);
	db_text(s, 1, object);
	db_int(s, 2, st->now);
	db_int(s, 3, seq);
	db_text(s, 4, owner);
	return db_run(s, e);
}

bool store_own(struct store *st, const struct scope *what, const char *owner, struct err *e)
{
	char object[OBJECT_SIZE];
	struct arena mem = ARENA_INIT;
	const char *before = NULL;
	bool ok;

	object_name(what, object);
	ok = act_allowed(st, MAY_OWN, e) && object_owner(st, what, &mem, &before, e) &&
	     db_begin(st->db, DB_SYNC_FULL, e) &&
	     act_end(st, object_own(st, object, owner ? owner : "", e),
	            &(struct audit_entry){
			    .act = "own", .object = object, .before = before, .after = owner },
	            e);
	arena_release(&mem);
	return ok;
}

/* ---- names of clusters ---- */

static bool insert_alias(struct store *st, const char *name, int64_t cluster, struct err *e)
{
	static const char sql[] = "INSERT INTO cluster_alias (name, cluster)\n"
				  "VALUES ($1, $2)\n"
				  "ON CONFLICT (name) DO UPDATE SET cluster = excluded.cluster";
	struct stmt *s = db_stmt(st->db, sql);

	db_text(s, 1, name);
	db_int(s, 2, cluster);
	return db_run(s, e);
}

static bool cluster_id(struct store *st, const char *name, int64_t *out, struct err *e)
{
	struct stmt *s = db_stmt(
		st->db, "SELECT id FROM asset WHERE kind = $1 AND parent = 0 AND name = $2");

	db_int(s, 1, ASSET_CLUSTER);
	db_text(s, 2, name);
	return db_scalar(s, 0, out, e);
}

bool store_alias_cluster(struct store *st, const char *a, const char *b, struct err *e)
{
	int64_t known_a, known_b;

	if (!act_allowed(st, MAY_CONFIGURE, e) || !cluster_id(st, a, &known_a, e) ||
	    !cluster_id(st, b, &known_b, e))
		return false;
	if (!known_a)
		return err_set(e, ERR_USAGE, "there is no cluster %s", a);
	if (known_b)
		return err_set(e, ERR_USAGE,
		               "both %s and %s hold data already: import under one name", a, b);
	return db_begin(st->db, DB_SYNC_FULL, e) &&
	       act_end(st, insert_alias(st, b, known_a, e),
	              &(struct audit_entry){ .act = "alias", .object = a, .after = b }, e);
}
