/* SPDX-License-Identifier: MIT */
/* checklist_carry.c - answers, evidence, samples and steps, from one store to another. */
#include <inttypes.h>
#include <stdlib.h>

#include "store/judge.h"

const char *carry_word(enum carry c)
{
	static const char *const words[CARRY_COUNT] = { "answer", "evidence", "sample", "row",
		                                        "step" };

	return words[c];
}

/* ---- out ---- */

/* 'item 3' and 'control 12' as people and other stores call them. */
#define NAME_OF(object)                                                                            \
	"coalesce((SELECT i.ident FROM item AS i WHERE 'item ' || i.id = " object "),\n"           \
	"  (SELECT w.key || ':' || c.ident FROM control AS c JOIN framework AS w\n"                \
	"   ON w.id = c.framework WHERE 'control ' || c.id = " object "), " object ")"

static const struct {
	enum carry kind;
	const char *sql; /* object, at, actor, note, then what belongs to the kind */
} kinds[] = {
	{ CARRY_ANSWER,
	  "SELECT " NAME_OF("a.object") " AS who, a.at, a.actor, a.note, a.verdict, a.until,\n"
	  "  a.period_from, a.period_to\n"
	  "FROM (SELECT *, CASE WHEN item > 0 THEN 'item ' || item ELSE 'control ' || control END\n"
	  "        AS object FROM standing_answer) AS a\n"
	  "ORDER BY who, a.at, a.id" },
	{ CARRY_EVIDENCE,
	  "SELECT " NAME_OF("a.object") " AS who, a.at, a.actor, a.note, a.name, a.link, a.bytes,\n"
	  "  a.made_at\n"
	  "FROM attachment AS a ORDER BY who, a.at, a.id" },
	{ CARRY_SAMPLE,
	  "SELECT " NAME_OF("a.object") " AS who, a.at, a.actor, '', a.list, a.filter, a.seed,\n"
	  "  a.population, a.id\n"
	  "FROM sample AS a ORDER BY who, a.at, a.id" },
	{ CARRY_STEP,
	  "SELECT " NAME_OF("a.object") " AS who, a.at, a.actor, a.note, a.step, a.who\n"
	  "FROM assessment AS a ORDER BY who, a.at, a.id" },
};

static void read_record(struct stmt *s, struct carried *c)
{
	switch (c->kind) {
	case CARRY_ANSWER:
		c->word = answer_word((enum answer)db_column(s, 4));
		c->until = db_column(s, 5);
		c->from = db_column(s, 6);
		c->to = db_column(s, 7);
		break;
	case CARRY_EVIDENCE:
		c->name = db_column_text(s, 4);
		c->link = db_column_text(s, 5);
		c->bytes = db_column_blob(s, 6, &c->size);
		if (!c->bytes && str_empty(c->link))
			c->bytes = ""; /* a file without a byte */
		c->made_at = db_column(s, 7);
		break;
	case CARRY_SAMPLE:
		c->list = db_column_text(s, 4);
		c->filter = db_column_text(s, 5);
		c->seed = db_column(s, 6);
		c->population = db_column(s, 7);
		break;
	case CARRY_STEP:
		c->word = assess_step_word((enum assess_step)db_column(s, 4));
		c->who = db_column_text(s, 5);
		break;
	case CARRY_ROW:
	case CARRY_COUNT:
		break;
	}
}

static bool each_row(struct store *st, int64_t sample, const struct carried *of, carry_fn *fn,
                     void *ctx, struct err *e)
{
	struct stmt *s = db_stmt(st->db, "SELECT key, label FROM sample_row\n"
	                                 "WHERE sample = $1 ORDER BY n");
	bool ok = true;

	db_int(s, 1, sample);
	while (ok && db_next(s)) {
		const struct carried row = { .kind = CARRY_ROW,
			                     .object = of->object,
			                     .at = of->at,
			                     .actor = of->actor,
			                     .name = db_column_text(s, 0),
			                     .link = db_column_text(s, 1) };

		ok = fn(ctx, &row, e);
	}
	return db_done(s, ok ? e : &(struct err)ERR_INIT) && ok;
}

static bool each_of(struct store *st, size_t kind, carry_fn *fn, void *ctx, struct err *e)
{
	struct stmt *s = db_stmt(st->db, kinds[kind].sql);
	bool ok = true;

	while (ok && db_next(s)) {
		struct carried c = { .kind = kinds[kind].kind,
			             .object = db_column_text(s, 0),
			             .at = db_column(s, 1),
			             .actor = db_column_text(s, 2),
			             .note = db_column_text(s, 3) };

		read_record(s, &c);
		ok = fn(ctx, &c, e);
		if (ok && c.kind == CARRY_SAMPLE)
			ok = each_row(st, db_column(s, 8), &c, fn, ctx, e);
	}
	return db_done(s, ok ? e : &(struct err)ERR_INIT) && ok;
}

bool store_checklist_each(struct store *st, carry_fn *fn, void *ctx, struct err *e)
{
	for (size_t i = 0; i < LENGTH(kinds); i++)
		if (!each_of(st, i, fn, ctx, e))
			return false;
	return true;
}

/* ---- in ---- */

struct taking {
	struct store *st;
	int64_t seq, added;
	int64_t sample; /* the one whose rows come; 0: it was here already */
};

static bool find_control(struct store *st, const char *name, int64_t *id, struct err *e)
{
	const char *colon = strchr(name, ':');
	struct arena mem = ARENA_INIT;
	bool ok = store_control_find(st, arena_dupn(&mem, name, (size_t)(colon - name)), colon + 1,
				     id, e);

	arena_release(&mem);
	return ok;
}

static bool find_object(struct store *st, const char *name, struct scope *out, struct err *e)
{
	if (name && strchr(name, ':')) {
		out->kind = SCOPE_CONTROL;
		return find_control(st, name, &out->key[0], e);
	}
	out->kind = SCOPE_ITEM;
	return store_item_find(st, name ? name : "", &out->key[0], e);
}

static bool answer_of(const char *word, int64_t *out, struct err *e)
{
	for (int a = 0; a < ANSWER_COUNT; a++)
		if (str_eq(word, answer_word((enum answer)a))) {
			*out = a;
			return true;
		}
	return err_set(e, ERR_USAGE, "%s is no answer", word ? word : "nothing");
}

static bool step_of(const char *word, int64_t *out, struct err *e)
{
	for (int s = STEP_ASSIGNED; s < STEP_COUNT; s++)
		if (str_eq(word, assess_step_word((enum assess_step)s))) {
			*out = s;
			return true;
		}
	return err_set(e, ERR_USAGE, "%s is no step of an assessment", word ? word : "nothing");
}

static const char *text(const char *s)
{
	return s ? s : "";
}

/* Inserted unless the same was said here before this file came; *fresh tells. */
static bool run_fresh(struct taking *t, struct stmt *s, bool *fresh, struct err *e)
{
	if (!db_run(s, e))
		return false;
	*fresh = db_changes(t->st->db) > 0;
	t->added += *fresh;
	return true;
}

static bool take_answer(struct taking *t, const struct carried *c, const struct scope *what,
                        struct err *e)
{
	struct stmt *s;
	int64_t verdict = 0;
	bool fresh;

	if (!answer_of(c->word, &verdict, e))
		return false;
	s = db_stmt(t->st->db,
	            "INSERT INTO answer (seq, item, control, verdict, note, actor, at, until,\n"
	            "                    period_from, period_to)\n"
	            "SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10\n"
	            "WHERE NOT EXISTS (SELECT 1 FROM answer AS a\n"
	            "  WHERE a.seq <> $1 AND a.item = $2\n"
	            "  AND a.control = $3 AND a.verdict = $4 AND a.note = $5 AND a.actor = $6\n"
	            "  AND a.at = $7 AND a.until = $8)");
	db_int(s, 1, t->seq);
	db_int(s, 2, what->kind == SCOPE_ITEM ? what->key[0] : 0);
	db_int(s, 3, what->kind == SCOPE_CONTROL ? what->key[0] : 0);
	db_int(s, 4, verdict);
	db_text(s, 5, text(c->note));
	db_text(s, 6, text(c->actor));
	db_int(s, 7, c->at);
	db_int(s, 8, c->until);
	db_int(s, 9, c->from);
	db_int(s, 10, c->to);
	return run_fresh(t, s, &fresh, e);
}

static bool take_evidence(struct taking *t, const struct carried *c, const char *object,
                          struct err *e)
{
	bool file = str_empty(c->link);
	uint8_t hash[SHA256_SIZE];
	struct stmt *s;
	bool fresh;

	if (c->size > EVIDENCE_MAX)
		return err_set(e, ERR_USAGE, "%s: too large", text(c->name));
	sha256_of(file ? (c->bytes ? c->bytes : "") : c->link, file ? c->size : strlen(c->link),
	          hash);
	s = db_stmt(t->st->db,
	            "INSERT INTO attachment (seq, object, name, sha256, size, bytes, link,\n"
	            "                        made_at, at, actor, note)\n"
	            "SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11\n"
	            "WHERE NOT EXISTS (SELECT 1 FROM attachment AS a\n"
	            "  WHERE a.seq <> $1 AND a.object = $2\n"
	            "  AND a.name = $3 AND a.sha256 = $4 AND a.at = $9 AND a.actor = $10)");
	db_int(s, 1, t->seq);
	db_text(s, 2, object);
	db_text(s, 3, text(c->name));
	db_blob(s, 4, hash, SHA256_SIZE);
	db_int(s, 5, file ? (int64_t)c->size : 0);
	db_blob(s, 6, file ? (c->bytes ? c->bytes : "") : NULL, c->size);
	db_text(s, 7, text(c->link));
	db_int(s, 8, c->made_at);
	db_int(s, 9, c->at);
	db_text(s, 10, text(c->actor));
	db_text(s, 11, text(c->note));
	return run_fresh(t, s, &fresh, e);
}

static bool take_sample(struct taking *t, const struct carried *c, const char *object,
                        struct err *e)
{
	struct stmt *s = db_stmt(
		t->st->db,
		"INSERT INTO sample (seq, object, list, filter, seed, population, at, actor)\n"
		"SELECT $1, $2, $3, $4, $5, $6, $7, $8\n"
		"WHERE NOT EXISTS (SELECT 1 FROM sample AS a WHERE a.seq <> $1 AND a.object = $2\n"
		"  AND a.list = $3 AND a.filter = $4 AND a.seed = $5 AND a.at = $7\n"
		"  AND a.actor = $8)");
	bool fresh;

	db_int(s, 1, t->seq);
	db_text(s, 2, object);
	db_text(s, 3, text(c->list));
	db_text(s, 4, text(c->filter));
	db_int(s, 5, c->seed);
	db_int(s, 6, c->population);
	db_int(s, 7, c->at);
	db_text(s, 8, text(c->actor));
	if (!run_fresh(t, s, &fresh, e))
		return false;
	t->sample = fresh ? db_last_id(t->st->db) : 0;
	return true;
}

static bool take_row(struct taking *t, const struct carried *c, struct err *e)
{
	struct stmt *s;

	if (t->sample == 0)
		return true;
	s = db_stmt(t->st->db, "INSERT INTO sample_row (sample, n, key, label)\n"
	                       "SELECT $1, 1 + count(*), $2, $3 FROM sample_row WHERE sample = $1");
	db_int(s, 1, t->sample);
	db_text(s, 2, text(c->name));
	db_text(s, 3, text(c->link));
	return db_run(s, e);
}

static bool take_step(struct taking *t, const struct carried *c, const char *object,
                      struct err *e)
{
	struct stmt *s;
	int64_t step = 0;
	bool fresh;

	if (!step_of(c->word, &step, e))
		return false;
	s = db_stmt(t->st->db, "INSERT INTO assessment (seq, object, step, who, note, at, actor)\n"
	                       "SELECT $1, $2, $3, $4, $5, $6, $7\n"
	                       "WHERE NOT EXISTS (SELECT 1 FROM assessment AS a\n"
	                       "  WHERE a.seq <> $1 AND a.object = $2\n"
	                       "    AND a.step = $3 AND a.who = $4\n"
	                       "    AND a.note = $5 AND a.at = $6 AND a.actor = $7)");
	db_int(s, 1, t->seq);
	db_text(s, 2, object);
	db_int(s, 3, step);
	db_text(s, 4, text(c->who));
	db_text(s, 5, text(c->note));
	db_int(s, 6, c->at);
	db_text(s, 7, text(c->actor));
	return run_fresh(t, s, &fresh, e);
}

static bool take(struct taking *t, const struct carried *c, struct err *e)
{
	char object[OBJECT_SIZE];
	struct scope what;

	if (c->kind == CARRY_ROW)
		return take_row(t, c, e);
	if (!find_object(t->st, c->object, &what, e))
		return false;
	object_name(&what, object);
	switch (c->kind) {
	case CARRY_ANSWER:
		return take_answer(t, c, &what, e);
	case CARRY_EVIDENCE:
		return take_evidence(t, c, object, e);
	case CARRY_SAMPLE:
		return take_sample(t, c, object, e);
	case CARRY_STEP:
		return take_step(t, c, object, e);
	case CARRY_ROW:
	case CARRY_COUNT:
		break;
	}
	return true;
}

bool store_checklist_add(struct store *st, const struct carried *c, size_t n, const char *file,
                         const uint8_t sha256[static SHA256_SIZE], int64_t *added, struct err *e)
{
	struct taking t = { .st = st };
	char hex[2 * SHA256_SIZE + 1];
	struct buf after = BUF_INIT;
	bool ok;

	*added = 0;
	if (!may_write(st, "checklist", e) || !db_begin(st->db, DB_SYNC_FULL, e))
		return false;
	ok = audit_next(st, &t.seq, e);
	for (size_t i = 0; ok && i < n; i++) {
		ok = take(&t, &c[i], e);
		if (!ok)
			(void)err_context(e, "record %zu", i + 1);
	}
	hex_print(sha256, SHA256_SIZE, hex);
	buf_addf(&after, "sha256\t%s\nrecords\t%zu\nadded\t%" PRId64 "\n", hex, n, t.added);
	ok = act_end(st, ok, &(struct audit_entry){ .act = "checklist", .object = file,
	                                            .after = after.s }, e);
	buf_release(&after);
	if (ok)
		*added = t.added;
	return ok;
}
