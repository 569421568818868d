/* SPDX-License-Identifier: MIT */
/* list_judged.c - computed lists: frameworks, their controls, and the checklist. */
#include "store/filter.h"
#include "store/judged.h"
#include "store/list.h"
#include "store/list_parts.h"

/* Values of a row, written one behind the other in the order of its columns. */
struct writer {
	struct value *val;
	size_t n;
};

static struct writer row_new(struct arena *mem, struct row *r, size_t ncol)
{
	struct value *val = arena_array(mem, struct value, ncol);

	r->val = val;
	return (struct writer){ val, 0 };
}

static void put_int(struct writer *w, enum value_type type, int64_t i)
{
	w->val[w->n++] = (struct value){ type, { .i = i } };
}

static void put_text(struct writer *w, enum value_type type, const char *s)
{
	w->val[w->n++] = (struct value){ type, { .s = s ? s : "" } };
}

static const char *owner_of(struct store *st, const char *kind, int64_t id, struct arena *mem,
			    struct err *e)
{
	static const char sql[] = "SELECT name FROM owner\n"
				  "WHERE object = $1 AND until = 0\n"
				  "ORDER BY at DESC, seq DESC\n"
				  "LIMIT 1";
	struct stmt *s = db_stmt(st->db, sql);
	const char *object = arena_printf(mem, "%s %lld", kind, (long long)id), *name = "";

	db_text(s, 1, object);
	if (db_next(s))
		name = arena_dup(mem, db_column_text(s, 0));
	return db_done(s, e) ? name : NULL;
}

/* ---- frameworks ---- */

#define WORD_COUNT(name, brief, head, help)                                                        \
	{                                                                                          \
		name, brief, head, help, VAL_INT, 4, true, NULL                                    \
	}
static const struct column framework_columns[] = {
	{ "id", NULL, "ID", "Number of the framework in this store.", VAL_INT, 4, true, NULL },
	{ "framework", "key", "KEY", "Short name.", VAL_TEXT, 14, true, NULL },
	{ "title", NULL, "FRAMEWORK", "Its title.", VAL_TEXT, 36, true, SQL(.match = MATCH_PROSE) },
	{ "version", NULL, "VERSION", "Its edition.", VAL_TEXT, 10, true, NULL },
	WORD_COUNT("controls", NULL, "CTRL", "Controls."),
	WORD_COUNT("pass", NULL, "PASS", "Controls that pass."),
	WORD_COUNT("fail", NULL, "FAIL", "Controls that fail."),
	WORD_COUNT("stale", NULL, "OLD", "Controls that passed on evidence now too old."),
	WORD_COUNT("none", NULL, "NONE", "Controls without evidence."),
	WORD_COUNT("manual", "manl", "MANL", "Controls that a person must judge."),
	WORD_COUNT("n/a", "na", "N/A", "Controls that do not apply."),
	WORD_COUNT("excepted", "exc", "EXC", "Controls that fail but for exceptions."),
	WORD_COUNT("tested", NULL, "TEST", "Controls that some class of finding could test."),
};

static bool framework_texts(struct store *st, struct arena *mem, struct row **row, size_t *n,
			    struct err *e)
{
	int64_t count;
	struct stmt *s;

	if (!db_scalar(db_stmt(st->db, "SELECT count(*) FROM framework"), 0, &count, e))
		return false;
	*row = arena_array(mem, struct row, (size_t)count + 1);
	*n = 0;
	s = db_stmt(st->db, "SELECT id, key, title, version FROM framework");
	while (*n < (size_t)count && db_next(s)) {
		struct row *r = &(*row)[(*n)++];
		struct writer w = row_new(mem, r, LENGTH(framework_columns));

		r->key[0] = db_column(s, 0);
		put_int(&w, VAL_INT, r->key[0]);
		for (int i = 1; i < 4; i++)
			put_text(&w, VAL_TEXT, arena_dup(mem, db_column_text(s, i)));
		while (w.n < LENGTH(framework_columns))
			put_int(&w, VAL_INT, 0);
	}
	return db_done(s, e);
}

static void keep_scope(const struct scope *scope, struct row *row, size_t *n)
{
	size_t kept = 0;

	for (size_t i = 0; i < *n; i++)
		if (scope->kind == SCOPE_ALL || row[i].key[0] == scope->key[0])
			row[kept++] = row[i];
	*n = kept;
}

/* Controls come grouped by framework; a framework without controls keeps its noughts. */
static bool framework_rows(struct store *st, const struct list_query *q, struct arena *mem,
			   struct row **row, size_t *n, struct err *e)
{
	const struct control_row *c;
	size_t nc;

	if (!framework_texts(st, mem, row, n, e) || !judged_controls(st, &c, &nc, e))
		return false;
	keep_scope(&q->scope, *row, n);
	for (size_t i = 0; i < *n; i++) {
		int64_t counts[LENGTH(framework_columns)] = { 0 };
		struct writer w = { NULL, 0 };

		for (size_t k = 0; k < nc; k++) {
			if (c[k].framework != (*row)[i].key[0])
				continue;
			counts[4]++;
			counts[5 + c[k].word]++;
			counts[5 + CONTROL_COUNT] += c[k].classes > 0;
		}
		w = row_new(mem, &(struct row){ { 0 }, NULL }, LENGTH(framework_columns));
		for (; w.n < 4; w.n++)
			w.val[w.n] = (*row)[i].val[w.n];
		while (w.n < LENGTH(framework_columns))
			put_int(&w, VAL_INT, counts[w.n]);
		(*row)[i].val = w.val;
	}
	return true;
}

static const struct list_order framework_orders[] = { { "name", "framework" } };
static const struct list_term framework_terms[] = { { NULL, "framework", 0, 0 } };
static const struct list_sort framework_sorts[] = { { true, false, framework_terms, 1 } };
static const struct list_scope framework_scopes[] = { { .kind = SCOPE_ALL },
						      { .kind = SCOPE_FRAMEWORK } };
const struct list_def list_frameworks = {
	.info = { .name = "frameworks",
		  .title = "Frameworks",
		  .col = framework_columns,
		  .ncol = LENGTH(framework_columns),
		  .order = framework_orders,
		  .norder = 1,
		  .nkey = 1 },
	.sort = framework_sorts,
	.scope = framework_scopes,
	.nscope = LENGTH(framework_scopes),
	.rows = framework_rows,
};

/* ---- controls ---- */

static const struct column control_columns[] = {
	{ "framework", "fw", "FRAMEWORK", "Short name of its framework.", VAL_TEXT, 12, true,
	  NULL },
	{ "id", "control", "CONTROL", "Its number there.", VAL_TEXT, 10, true, NULL },
	{ "title", NULL, "TITLE", "What it asks for, in our own words.", VAL_TEXT, 40, true,
	  SQL(.match = MATCH_PROSE) },
	{ "section", NULL, "SECTION", "What it is part of.", VAL_TEXT, 20, true,
	  SQL(.match = MATCH_PROSE) },
	{ "status", "is", "IS", "pass, fail, stale, none, manual, n/a or excepted.", VAL_CONTROL, 5,
	  true, NULL },
	{ "why", NULL, "WHY", "What made it so.", VAL_TEXT, 40, false, SQL(.match = MATCH_PROSE) },
	{ "evidence.kind", NULL, "EVIDENCE", "data, answer (of a person), both or none.", VAL_TEXT,
	  8, true, NULL },
	{ "evidence.age_seconds", NULL, "SECONDS", "Age of the newest of it, in seconds.", VAL_INT,
	  8, true, NULL },
	{ "evidence.count", "evid", "EVID", "Pieces of evidence.", VAL_INT, 5, true, NULL },
	{ "evidence.at", "age", "AGE", "Time of the newest evidence.", VAL_TIME, 5, true, NULL },
	{ "failing", "fails", "FAILS", "Findings that fail it.", VAL_INT, 5, true, NULL },
	{ "excepted", NULL, "EXC", "Findings that would but for exceptions.", VAL_INT, 4, true,
	  NULL },
	{ "covered", NULL, "COVERED", "Assets with passing evidence.", VAL_INT, 7, true, NULL },
	{ "applicable", NULL, "OF", "Assets that it applies to.", VAL_INT, 5, true, NULL },
	{ "tested", NULL, "TESTED", "Classes of finding that were tested.", VAL_INT, 6, true,
	  NULL },
	{ "classes", NULL, "OF", "Classes of finding that test it.", VAL_INT, 4, true, NULL },
	{ "answered", NULL, "ANSWERED", "A valid answer of a person stands.", VAL_FLAG, 8, true,
	  NULL },
	{ "manual", "answer", "ANSWER", "That answer.", VAL_ANSWER, 7, true, NULL },
	{ "review", "due", "REVIEW", "When the answer falls due again.", VAL_DUE, 6, true, NULL },
	{ "owner", "who", "OWNER", "Who takes care of it.", VAL_TEXT, 8, true, NULL },
	{ "status_30d", "was", "30d", "What it was 30 days ago.", VAL_CONTROL, 4, true, NULL },
	{ "baselines", "baseline", "BASELINES", "Baselines that it belongs to.", VAL_LIST, 20,
	  false, NULL },
	{ "tools", "tool", "TOOLS", "Tools whose rules test it, by class or by themselves.",
	  VAL_LIST, 24, false, NULL },
};

static void put_evidence(const struct store *st, const struct control_row *c, struct writer *w)
{
	int64_t at = c->told_at > c->newest ? c->told_at : c->newest;

	put_text(w, VAL_TEXT, evidence_word(c->newest, c->told_at));
	put_int(w, at ? VAL_INT : VAL_NULL, st->now - at);
	put_int(w, VAL_INT, c->evidence);
	put_int(w, VAL_TIME, at);
}

/* The tools whose rules test a control, by class or by themselves. */
static bool tools_of(struct store *st, int64_t control, struct arena *mem, const char **out,
		     struct err *e)
{
	static const char sql[] =
		"SELECT t.tool FROM class_control AS m JOIN tool_rule AS t ON t.class = m.class\n"
		"WHERE m.control = $1 AND m.weight < 2\n"
		"UNION SELECT tool FROM rule_control WHERE control = $1 AND weight < 2\n"
		"ORDER BY 1";
	struct stmt *s = db_stmt(st->db, sql);
	struct buf b = BUF_INIT;

	db_int(s, 1, control);
	while (db_next(s))
		buf_addf(&b, "%s%s", b.len ? ", " : "", db_column_text(s, 0));
	*out = arena_dup(mem, b.s);
	buf_release(&b);
	return db_done(s, e);
}

/* The word it had at the end of the day a month ago; false in *known: it was not judged then. */
static bool word_then(struct store *st, int64_t control, bool *known, int64_t *word, struct err *e)
{
	static const char sql[] = "SELECT word FROM judged_word\n"
				  "WHERE control = $1 AND day <= $2\n"
				  "ORDER BY day DESC\n"
				  "LIMIT 1";
	struct stmt *s = db_stmt(st->db, sql);

	db_int(s, 1, control);
	db_int(s, 2, time_day(st->now) - 30);
	*known = db_next(s);
	*word = *known ? db_column(s, 0) : 0;
	return db_done(s, e);
}

/* "a,b" as a list of values: "a, b". */
static const char *spaced(const char *list, struct arena *mem)
{
	struct buf b = BUF_INIT;
	const char *text;

	for (const char *p = list ? list : ""; *p; p++)
		buf_adds(&b, *p == ',' ? ", " : (const char[]){ *p, '\0' });
	text = arena_dup(mem, b.s);
	buf_release(&b);
	return text;
}

struct wanted { /* columns that cost a question a control */
	bool tools, then;
};

static bool control_row(struct store *st, const struct control_row *c, struct wanted wants,
			struct arena *mem, struct row *r, struct err *e)
{
	struct writer w = row_new(mem, r, LENGTH(control_columns));
	const char *owner = owner_of(st, "control", c->id, mem, e), *tools = "";
	int64_t then = 0;
	bool known = false;

	if (!owner || (wants.then && !word_then(st, c->id, &known, &then, e)) ||
	    (wants.tools && !tools_of(st, c->id, mem, &tools, e)))
		return false;
	r->key[0] = c->id;
	r->key[1] = c->framework;
	r->key[2] = c->ord;
	put_text(&w, VAL_TEXT, c->framework_key);
	put_text(&w, VAL_TEXT, c->ident);
	put_text(&w, VAL_TEXT, c->title);
	put_text(&w, VAL_TEXT, c->section);
	put_int(&w, VAL_CONTROL, c->word);
	put_text(&w, VAL_TEXT, c->why);
	put_evidence(st, c, &w);
	put_int(&w, VAL_INT, c->failing);
	put_int(&w, VAL_INT, c->excepted);
	put_int(&w, VAL_INT, c->covered);
	put_int(&w, VAL_INT, c->applicable);
	put_int(&w, VAL_INT, c->tested);
	put_int(&w, VAL_INT, c->classes);
	put_int(&w, VAL_FLAG, c->answered);
	put_int(&w, c->answered ? VAL_ANSWER : VAL_NULL, c->answer);
	put_int(&w, VAL_DUE, c->answered && c->answer_until > 0 ? c->answer_until : DUE_NONE);
	put_text(&w, VAL_TEXT, owner);
	put_int(&w, known ? VAL_CONTROL : VAL_NULL, then);
	put_text(&w, VAL_LIST, spaced(attribute_get(c->attributes, "baselines", mem), mem));
	put_text(&w, VAL_LIST, tools);
	return true;
}

/* Of the controls of a class or an item, those that it is mapped to, weakly or not. */
static bool control_mapped(struct store *st, const struct scope *scope, int64_t control, bool *yes,
			   struct err *e)
{
	static const char by_class[] =
		"SELECT 1 FROM class_control WHERE class = $1 AND control = $2";
	static const char by_item[] = "SELECT 1 FROM item_control WHERE item = $1 AND control = $2";
	static const char crosswalk[] =
		"SELECT 1 FROM crosswalk\n"
		"WHERE (control = $1 AND other = $2) OR (other = $3 AND control = $4)";
	struct stmt *s = db_stmt(st->db, scope->kind == SCOPE_CLASS  ? by_class
					 : scope->kind == SCOPE_ITEM ? by_item
								     : crosswalk);
	int64_t any;

	db_int(s, 1, scope->key[0]);
	db_int(s, 2, control);
	if (scope->kind == SCOPE_CONTROL) {
		db_int(s, 3, scope->key[0]);
		db_int(s, 4, control);
	}
	if (!db_scalar(s, 0, &any, e))
		return false;
	*yes = any != 0;
	return true;
}

static bool is_wanted(const struct list_query *q, const char *column)
{
	size_t i = 0;

	while (!str_eq(control_columns[i].name, column))
		i++;
	return !q->columns || q->columns >> i & 1 || filter_names(q->where, i) ||
	       filter_names(q->where, FILTER_ANY) || (q->order < 0 && q->column == i);
}

static bool control_rows(struct store *st, const struct list_query *q, struct arena *mem,
			 struct row **row, size_t *n, struct err *e)
{
	const struct scope *scope = &q->scope;
	const struct control_row *c;
	int64_t object;
	bool placed = judged_scope(scope, &object), yes = true;
	bool mapped = !placed && scope->kind != SCOPE_ALL && scope->kind != SCOPE_FRAMEWORK;
	const struct wanted wants = { is_wanted(q, "tools"), is_wanted(q, "status_30d") };
	size_t nc;

	*n = 0;
	if (!judged_controls_in(st, scope, &c, &nc, e))
		return false;
	*row = arena_array(mem, struct row, nc + 1);
	for (size_t i = 0; i < nc; i++) {
		if (scope->kind == SCOPE_FRAMEWORK && c[i].framework != scope->key[0])
			continue;
		if (mapped && !control_mapped(st, scope, c[i].id, &yes, e))
			return false;
		if (yes && !control_row(st, &c[i], wants, mem, &(*row)[(*n)++], e))
			return false;
	}
	return true;
}

static const struct list_order control_orders[] = { { "framework", "framework, number" } };
static const struct list_term control_terms[] = { { NULL, NULL, 1, 0 }, { NULL, NULL, 2, 0 } };
static const struct list_sort control_sorts[] = { { true, false, control_terms, 2 } };
static const struct list_scope control_scopes[] = {
	/* judged by what lies or runs there */
	{ .kind = SCOPE_CLUSTER },  { .kind = SCOPE_NAMESPACE }, { .kind = SCOPE_NODE },
	{ .kind = SCOPE_WORKLOAD }, { .kind = SCOPE_REPOSITORY }, { .kind = SCOPE_IMAGE },
	{ .kind = SCOPE_ALL },	{ .kind = SCOPE_FRAMEWORK }, { .kind = SCOPE_CLASS },
	{ .kind = SCOPE_ITEM }, { .kind = SCOPE_CONTROL }, /* those it is linked to by a crosswalk
							    */
};
static const struct list_word control_words_known[] = {
	{ "untested", "classes<1" }, /* no class of finding that is known could test it */
	{ "silent", "classes>0 tested<1" }, /* some could, and no data did */
};
const struct list_def list_controls = {
	.info = { .name = "controls",
		  .title = "Controls",
		  .col = control_columns,
		  .ncol = LENGTH(control_columns),
		  .order = control_orders,
		  .norder = 1,
		  .nkey = 3 },
	.sort = control_sorts,
	.scope = control_scopes,
	.nscope = LENGTH(control_scopes),
	.word = control_words_known,
	.nword = LENGTH(control_words_known),
	.rows = control_rows,
};

/* ---- the checklist ---- */

static const struct column item_columns[] = {
	{ "id", "item", "ITEM", "Its number.", VAL_TEXT, 11, true, NULL },
	{ "section", "area", "AREA", "What it is part of.", VAL_TEXT, 14, true,
	  SQL(.match = MATCH_PROSE) },
	{ "title", NULL, "QUESTION", "What is asked.", VAL_TEXT, 44, true,
	  SQL(.match = MATCH_PROSE) },
	{ "answer", "is", "IS", "The answer that stands.", VAL_ANSWER, 7, true, NULL },
	{ "answered", NULL, "ANSWERED", "A valid answer stands.", VAL_FLAG, 8, true, NULL },
	{ "ever", NULL, "EVER", "It was answered before, perhaps too long ago.", VAL_FLAG, 4, true,
	  NULL },
	{ "data", NULL, "DATA", "What the imported data says.", VAL_CONTROL, 5, true, NULL },
	{ "data_why", "why", "WHY", "Why it says so.", VAL_TEXT, 40, false,
	  SQL(.match = MATCH_PROSE) },
	{ "automatic", NULL, "AUTOMATIC", "How far data can answer it.", VAL_TEXT, 9, true, NULL },
	{ "by", "who", "BY", "Who answered.", VAL_TEXT, 8, true, NULL },
	{ "at", "age", "AT", "When it was answered.", VAL_TIME, 6, true, NULL },
	{ "review", "due", "REVIEW", "When the answer falls due again.", VAL_DUE, 6, true, NULL },
};

static void item_row(const struct item_row *i, struct arena *mem, struct row *r)
{
	struct writer w = row_new(mem, r, LENGTH(item_columns));

	r->key[0] = i->id;
	r->key[1] = i->ord;
	put_text(&w, VAL_TEXT, i->ident);
	put_text(&w, VAL_TEXT, i->section);
	put_text(&w, VAL_TEXT, i->title);
	put_int(&w, i->answered ? VAL_ANSWER : VAL_NULL, i->answer);
	put_int(&w, VAL_FLAG, i->answered);
	put_int(&w, VAL_FLAG, i->ever);
	put_int(&w, VAL_CONTROL, i->data);
	put_text(&w, VAL_TEXT, i->data_why);
	put_text(&w, VAL_TEXT, i->automatic);
	put_text(&w, VAL_TEXT, i->answered_by);
	put_int(&w, VAL_TIME, i->answered_at);
	put_int(&w, VAL_DUE, i->ever && i->answer_until > 0 ? i->answer_until : DUE_NONE);
}

static bool item_rows(struct store *st, const struct list_query *q, struct arena *mem,
		      struct row **row, size_t *n, struct err *e)
{
	struct item_row *item;
	size_t count;

	*n = 0;
	if (!item_words(st, mem, NULL, &item, &count, e))
		return false;
	*row = arena_array(mem, struct row, count + 1);
	for (size_t i = 0; i < count; i++)
		if (q->scope.kind == SCOPE_ALL || item[i].id == q->scope.key[0])
			item_row(&item[i], mem, &(*row)[(*n)++]);
	return true;
}

static const struct list_order item_orders[] = { { "number", "number" } };
static const struct list_term item_terms[] = { { NULL, NULL, 1, 0 } };
static const struct list_sort item_sorts[] = { { true, false, item_terms, 1 } };
static const struct list_scope item_scopes[] = { { .kind = SCOPE_ALL }, { .kind = SCOPE_ITEM } };
static const struct list_word item_words_known[] = { { "open", "!answered" } };
const struct list_def list_items = {
	.info = { .name = "items",
		  .title = "Checklist",
		  .col = item_columns,
		  .ncol = LENGTH(item_columns),
		  .order = item_orders,
		  .norder = 1,
		  .nkey = 2 },
	.sort = item_sorts,
	.scope = item_scopes,
	.nscope = LENGTH(item_scopes),
	.word = item_words_known,
	.nword = LENGTH(item_words_known),
	.rows = item_rows,
};
