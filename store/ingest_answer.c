/* SPDX-License-Identifier: MIT */
/* ingest_answer.c - answers that a checklist brings along: written as if they were given here. */
#include "store/catalogue.h"

/* Our own words, and what people write in a table. */
static bool answer_of(const char *word, enum answer *out)
{
	static const struct { const char *word; enum answer answer; } table[] = {
		{ "yes", ANSWER_PASS },	 { "ok", ANSWER_PASS },	   { "met", ANSWER_PASS },
		{ "no", ANSWER_FAIL },	 { "not met", ANSWER_FAIL }, { "partly", ANSWER_PARTIAL },
		{ "n/a", ANSWER_NA },	 { "na", ANSWER_NA },	   { "not applicable", ANSWER_NA },
	};

	for (int a = 0; a < ANSWER_COUNT; a++)
		if (str_ieq(word, answer_word((enum answer)a))) {
			*out = (enum answer)a;
			return true;
		}
	for (size_t i = 0; i < LENGTH(table); i++)
		if (str_ieq(word, table[i].word)) {
			*out = table[i].answer;
			return true;
		}
	return false;
}

/* Who imports it is who says it, unless the file names another: then it is told who brought it. */
static const char *actor_of(struct ingest *ig, const struct rec_entry *r)
{
	const char *actor = ig->st->actor;

	if (str_empty(r->by) || str_eq(r->by, actor))
		return actor;
	return arena_printf(&ig->row, "%s, as imported by %s", r->by, actor);
}

/* The same answer is not given twice: neither of that time nor, without one, as the newest. */
static bool is_known(struct ingest *ig, const struct rec_entry *r, int64_t item, enum answer a,
		     bool *known, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "SELECT verdict, note, at\n"
					 "FROM answer\n"
					 "WHERE item = $1\n"
					 "ORDER BY at DESC, id DESC");
	bool newest = true;

	*known = false;
	db_int(s, 1, item);
	while (!*known && db_next(s)) {
		*known = db_column(s, 0) == (int64_t)a &&
			 (!r->note || str_eq(db_column_text(s, 1), r->note)) &&
			 (r->at ? db_column(s, 2) == r->at : newest);
		newest = false;
	}
	return db_done(s, e);
}

static bool write_answer(struct ingest *ig, const struct rec_entry *r, int64_t item, enum answer a,
			 struct err *e)
{
	int64_t at = r->at ? r->at : ig->st->now;
	struct stmt *s = db_stmt(ig->db,
				 "INSERT INTO answer (seq, item, verdict, note, actor, at, until)\n"
				 "VALUES ($1, $2, $3, $4, $5, $6, $7)");

	db_int(s, 1, ig->seq);
	db_int(s, 2, item);
	db_int(s, 3, a);
	db_text(s, 4, r->note ? r->note : "");
	db_text(s, 5, actor_of(ig, r));
	db_int(s, 6, at);
	db_int(s, 7, r->until ? r->until : at + ig->policy->fresh.answer);
	return db_run(s, e);
}

bool entry_answer(struct ingest *ig, const struct rec_entry *r, int64_t item, struct err *e)
{
	struct err why = ERR_INIT;
	enum answer a;
	bool known;

	if (!answer_of(r->answer, &a)) {
		entry_skip(ig, r, arena_printf(&ig->row, "unknown answer: %.40s", r->answer));
		return true;
	}
	if (!role_may(ig->st->role, "answer", &why)) {
		entry_skip(ig, r, arena_dup(&ig->row, why.text));
		return true;
	}
	return is_known(ig, r, item, a, &known, e) && (known || write_answer(ig, r, item, a, e));
}
