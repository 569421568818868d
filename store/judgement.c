/* SPDX-License-Identifier: MIT */
/*
 * judgement.c - what is judged of the estate as a whole, kept in the store between questions.
 *
 * Every change of what is judged comes with an audit record, or settles exceptions: the numbers of
 * both, a hash of what else is judged by, and the time up to which nothing passes by itself say
 * whether what was kept still holds.
 */
#include "store/gate_inner.h"
#include "store/judged.h"
#include "store/judgement.h"

struct stamp { /* what it was judged by */
	int64_t seq, settled, edition;
};

/* ---- what it is judged by ---- */

static bool edition(struct store *st, int64_t *out, struct err *e)
{
	const struct policies *all;
	struct buf b = BUF_INIT;

	if (!store_policies(st, &all, e))
		return false;
	buf_adds(&b, build_version);
	for (size_t i = 0; i < all->n; i++)
		for (const struct policy_text *t = all->p[i]->text; t; t = t->extends)
			buf_adds(&b, t->json);
	*out = (int64_t)hash64(b.s, b.len);
	buf_release(&b);
	return true;
}

static bool stamp_now(struct store *st, struct stamp *out, struct err *e)
{
	static const char newest[] = "SELECT MAX(seq) FROM audit";

	return db_scalar(db_stmt(st->db, newest), 0, &out->seq, e) &&
	       meta_int(st, "settled_at", &out->settled, e) && edition(st, &out->edition, e);
}

/* ---- judged anew ---- */

static int64_t baselines_of(const struct control_row *c, struct arena *mem)
{
	static const struct {
		const char *word;
		int64_t bit;
	} table[] = {
		{ "fedramp-low", BASELINE_LOW },
		{ "fedramp-moderate", BASELINE_MODERATE },
		{ "fedramp-high", BASELINE_HIGH },
	};
	const char *list = attribute_get(c->attributes, "baselines", mem);
	int64_t bits = 0;

	for (size_t n; list && *list; list += n + (list[n] == ',')) {
		n = strcspn(list, ",");
		for (size_t i = 0; i < LENGTH(table); i++)
			if (n == strlen(table[i].word) && memcmp(list, table[i].word, n) == 0)
				bits |= table[i].bit;
	}
	return bits;
}

static struct judgement_part part_of(const struct control_row *c, struct arena *scratch)
{
	return (struct judgement_part){ .framework = c->framework,
		                        .baselines = baselines_of(c, scratch),
		                        .n = 1,
		                        .word = c->word,
		                        .tested = c->tested > 0 };
}

bool judgement_parts(struct store *st, const struct scope *scope, struct arena *mem,
		     const struct judgement_part **out, size_t *n, struct err *e)
{
	struct arena scratch = ARENA_INIT;
	const struct control_row *row;
	struct judgement_part *part;

	if (!judged_controls_in(st, scope, &row, n, e))
		return false;
	*out = part = arena_array(mem, struct judgement_part, *n + 1);
	for (size_t i = 0; i < *n; i++) {
		part[i] = part_of(&row[i], &scratch);
		arena_reset(&scratch);
	}
	arena_release(&scratch);
	return true;
}

static bool judge_anew(struct store *st, struct arena *mem, struct judgement *out, struct err *e)
{
	const struct scope estate = { SCOPE_ALL, { 0 } };
	struct judge facts;

	if (!judgement_parts(st, &estate, mem, &out->part, &out->npart, e) ||
	    !judge_load(st, &facts, e))
		return false;
	out->images = facts.images;
	out->running = facts.running;
	out->stale = facts.stale;
	return drift_counts(st, 0, &out->refused, &out->denied, e);
}

/* ---- as it was kept ---- */

static bool read_parts(struct store *st, struct arena *mem, struct judgement *out, struct err *e)
{
	static const char count[] = "SELECT COUNT(*) FROM judged_control";
	static const char sql[] = "SELECT framework, baselines, word, tested, COUNT(*)\n"
				  "FROM judged_control\n"
				  "GROUP BY framework, baselines, word, tested";
	struct judgement_part *part;
	struct stmt *s;
	int64_t n;

	if (!db_scalar(db_stmt(st->db, count), 0, &n, e))
		return false;
	out->part = part = arena_array(mem, struct judgement_part, (size_t)n + 1);
	s = db_stmt(st->db, sql);
	while (db_next(s))
		part[out->npart++] =
			(struct judgement_part){ .framework = db_column(s, 0),
			                         .baselines = db_column(s, 1),
			                         .word = (enum control_word)db_column(s, 2),
			                         .tested = db_column(s, 3) != 0,
			                         .n = db_column(s, 4) };
	return db_done(s, e);
}

static bool read_kept(struct store *st, struct judgement *out, bool *holds, struct err *e)
{
	static const char sql[] = "SELECT images, running, stale, refused, denied\n"
				  "FROM judgement\n"
				  "WHERE id = 1 AND seq = $1 AND settled = $2 AND edition = $3\n"
				  "  AND since <= $4 AND until > $5";
	struct stamp now;
	struct stmt *s;

	*holds = false;
	if (st->as_of || st->known)
		return true;
	if (!stamp_now(st, &now, e))
		return false;
	s = db_stmt(st->db, sql);
	db_int(s, 1, now.seq);
	db_int(s, 2, now.settled);
	db_int(s, 3, now.edition);
	db_int(s, 4, st->now);
	db_int(s, 5, st->now);
	*holds = db_next(s);
	if (*holds)
		*out = (struct judgement){ .images = db_column(s, 0),
			                   .running = db_column(s, 1),
			                   .stale = db_column(s, 2),
			                   .refused = db_column(s, 3),
			                   .denied = db_column(s, 4) };
	return db_done(s, e);
}

bool judgement_of(struct store *st, struct arena *mem, struct judgement *out, struct err *e)
{
	bool holds;

	*out = (struct judgement){ .npart = 0 };
	if (!read_kept(st, out, &holds, e))
		return false;
	return holds ? read_parts(st, mem, out, e) : judge_anew(st, mem, out, e);
}

bool judgement_words(struct store *st, struct arena *mem, struct control_row **out, size_t *n,
		     bool *holds, struct err *e)
{
	struct judgement kept;
	size_t set;

	if (!read_kept(st, &kept, holds, e))
		return false;
	if (!*holds)
		return true;
	if (!control_kept(st, mem, out, n, &set, e))
		return false;
	*holds = set == *n;
	return true;
}

/* ---- keeping it ---- */

/* An answer begins or ends to stand. */
static bool next_answer(struct store *st, struct judge *j, struct err *e)
{
	static const char sql[] = "SELECT MIN(at)\n"
				  "FROM (SELECT at FROM standing_answer WHERE at > $1\n"
				  "  UNION ALL SELECT until FROM standing_answer WHERE until > $2)";
	struct stmt *s = db_stmt(st->db, sql);
	int64_t at;

	db_int(s, 1, j->now);
	db_int(s, 2, j->now);
	if (!db_scalar(s, 0, &at, e))
		return false;
	judge_until(j, at);
	return true;
}

static bool write_judgement(struct store *st, const struct judge *j, int64_t refused,
			    int64_t denied, struct err *e)
{
	static const char sql[] =
		"INSERT INTO judgement (id, seq, settled, edition, since, until, images, running,\n"
		"  stale, refused, denied)\n"
		"VALUES (1, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10)\n"
		"ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, settled = excluded.settled,\n"
		"  edition = excluded.edition, since = excluded.since, until = excluded.until,\n"
		"  images = excluded.images, running = excluded.running, stale = excluded.stale,\n"
		"  refused = excluded.refused, denied = excluded.denied";
	struct stamp now;
	struct stmt *s;

	if (!stamp_now(st, &now, e))
		return false;
	s = db_stmt(st->db, sql);
	db_int(s, 1, now.seq);
	db_int(s, 2, now.settled);
	db_int(s, 3, now.edition);
	db_int(s, 4, j->now);
	db_int(s, 5, j->until);
	db_int(s, 6, j->images);
	db_int(s, 7, j->running);
	db_int(s, 8, j->stale);
	db_int(s, 9, refused);
	db_int(s, 10, denied);
	return db_run(s, e);
}

/* A row that says so already stays as it is. */
static bool write_control(struct store *st, const struct control_row *c,
			  const struct judgement_part *p, struct err *e)
{
	static const char sql[] =
		"INSERT INTO judged_control (control, framework, baselines, word, tested)\n"
		"VALUES ($1, $2, $3, $4, $5)\n"
		"ON CONFLICT (control) DO UPDATE SET framework = excluded.framework,\n"
		"  baselines = excluded.baselines, word = excluded.word, tested = excluded.tested\n"
		"WHERE judged_control.framework <> excluded.framework\n"
		"  OR judged_control.baselines <> excluded.baselines\n"
		"  OR judged_control.word <> excluded.word\n"
		"  OR judged_control.tested <> excluded.tested";
	struct stmt *s = db_stmt(st->db, sql);

	db_int(s, 1, c->id);
	db_int(s, 2, p->framework);
	db_int(s, 3, p->baselines);
	db_int(s, 4, p->word);
	db_int(s, 5, p->tested);
	return db_run(s, e);
}

#define SQL_WORDS(which)                                                                           \
	"INSERT INTO judged_word (control, day, word, seq)\n"                                      \
	"SELECT c.control, $1, c.word, (SELECT COALESCE(MAX(seq), 0) FROM audit)\n"                \
	"FROM judged_control AS c\n"                                                               \
	"WHERE c.word <> COALESCE((SELECT w.word FROM judged_word AS w\n"                          \
	"  WHERE w.control = c.control AND w.day <= $1 ORDER BY w.day DESC LIMIT 1), -1)\n" which  \
	"ON CONFLICT (control, day) DO UPDATE SET word = excluded.word, seq = excluded.seq"

/* What the day ends with, as far as it goes: of all controls. */
static bool write_words(struct store *st, int64_t day, struct err *e)
{
	struct stmt *s = db_stmt(st->db, SQL_WORDS(""));

	db_int(s, 1, day);
	return db_run(s, e);
}

/* The same of one. */
static bool write_word(struct store *st, int64_t control, int64_t day, struct err *e)
{
	struct stmt *s = db_stmt(st->db, SQL_WORDS("AND c.control = $2\n"));

	db_int(s, 1, day);
	db_int(s, 2, control);
	return db_run(s, e);
}

/*
 * Where what was judged before is of that day, whose words are there: only those that change are
 * written.
 */
static bool write_controls(struct store *st, const struct control_row *row, size_t n, int64_t day,
			   struct err *e)
{
	struct arena scratch = ARENA_INIT;
	bool ok = true;

	for (size_t i = 0; ok && i < n; i++) {
		const struct judgement_part p = part_of(&row[i], &scratch);

		ok = write_control(st, &row[i], &p, e) &&
		     (db_changes(st->db) == 0 || write_word(st, row[i].id, day, e));
		arena_reset(&scratch);
	}
	arena_release(&scratch);
	return ok;
}

struct kept_control {
	int64_t id;
	struct judgement_part part;
};

static bool read_controls(struct store *st, struct arena *mem, struct kept_control **out, size_t *n,
			  struct err *e)
{
	struct stmt *s = db_stmt(st->db, "SELECT control, framework, baselines, word, tested\n"
					 "FROM judged_control\n"
					 "ORDER BY control");
	size_t cap = 0;

	*out = NULL;
	*n = 0;
	while (db_next(s)) {
		ARENA_MORE(mem, *out, *n, cap);
		(*out)[(*n)++] = (struct kept_control){
			db_column(s, 0),
			{ .framework = db_column(s, 1),
			  .baselines = db_column(s, 2),
			  .word = (enum control_word)db_column(s, 3),
			  .tested = db_column(s, 4) != 0 },
		};
	}
	return db_done(s, e);
}

static bool says_so(const struct judgement_part *a, const struct judgement_part *b)
{
	return a->framework == b->framework && a->baselines == b->baselines &&
	       a->word == b->word && a->tested == b->tested;
}

/* All of them, in the order of their ids, and only rows that differ; words are left to others. */
static bool write_all_controls(struct store *st, const struct control_row *row, size_t n,
			       struct arena *mem, struct err *e)
{
	struct kept_control *kept;
	size_t nkept;

	if (!read_controls(st, mem, &kept, &nkept, e))
		return false;
	for (size_t i = 0, k = 0; i < n; i++) {
		const struct judgement_part p = part_of(&row[i], mem);

		while (k < nkept && kept[k].id < row[i].id)
			k++;
		if (k < nkept && kept[k].id == row[i].id && says_so(&kept[k].part, &p))
			continue;
		if (!write_control(st, &row[i], &p, e))
			return false;
	}
	return true;
}

static bool keep_all(struct store *st, struct arena *mem, struct err *e)
{
	struct control_row *row;
	struct judge facts;
	int64_t refused, denied;
	size_t n;

	return judge_load(st, &facts, e) && control_judge_anew(st, &facts, mem, &row, &n, e) &&
	       next_answer(st, &facts, e) && drift_counts(st, 0, &refused, &denied, e) &&
	       judge_keep_facts(st, &facts, e) && write_all_controls(st, row, n, mem, e) &&
	       write_judgement(st, &facts, refused, denied, e) &&
	       write_words(st, time_day(facts.now), e);
}

/* ---- only what a change bears on ---- */

struct was { /* the judgement before the change */
	struct judge facts; /* until, images, running, stale */
	int64_t refused, denied;
};

/* Does what was kept before the change still hold, but for the change? */
static bool read_was(struct store *st, struct was *out, bool *holds, struct err *e)
{
	static const char sql[] = "SELECT until, images, running, stale, refused, denied\n"
				  "FROM judgement\n"
				  "WHERE id = 1 AND seq = $1 AND settled = $2 AND edition = $3\n"
				  "  AND since <= $4 AND until > $5";
	struct stamp now;
	struct stmt *s;

	*out = (struct was){ .refused = 0 };
	*holds = false;
	if ((st->bears.what & BEARS_ALL) || st->as_of || st->known)
		return true;
	if (!stamp_now(st, &now, e))
		return false;
	s = db_stmt(st->db, sql);
	db_int(s, 1, st->bears.from);
	db_int(s, 2, now.settled);
	db_int(s, 3, now.edition);
	db_int(s, 4, st->now);
	db_int(s, 5, st->now);
	*holds = db_next(s);
	if (*holds) {
		out->facts.until = db_column(s, 0);
		out->facts.images = db_column(s, 1);
		out->facts.running = db_column(s, 2);
		out->facts.stale = db_column(s, 3);
		out->refused = db_column(s, 4);
		out->denied = db_column(s, 5);
	}
	return db_done(s, e);
}

static bool keep_some(struct store *st, struct was *was, struct arena *mem, struct err *e)
{
	struct control_row *row;
	struct judge facts;
	size_t n;

	if (!judge_load_anew(st, &st->bears, &was->facts, mem, &facts, e) ||
	    !control_judge_anew(st, &facts, mem, &row, &n, e))
		return false;
	judge_until(&facts, was->facts.until);
	return (!(st->bears.what & BEARS_DRIFT) ||
		drift_counts(st, 0, &was->refused, &was->denied, e)) &&
	       judge_keep_facts(st, &facts, e) &&
	       write_controls(st, row, n, time_day(facts.now), e) &&
	       write_judgement(st, &facts, was->refused, was->denied, e);
}

bool judgement_keep(struct store *st, struct err *e)
{
	struct arena mem = ARENA_INIT;
	struct was was;
	bool holds, ok;

	judged_forget(st); /* of before this change */
	ok = read_was(st, &was, &holds, e) &&
	     (holds ? keep_some(st, &was, &mem, e) : keep_all(st, &mem, e));
	judged_forget(st); /* a commit that fails takes this back */
	arena_release(&mem);
	return ok;
}
