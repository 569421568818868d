/* SPDX-License-Identifier: MIT */
/*
 * control_pieces.c - what tests a control: finding classes and, where a framework is a benchmark,
 * single rules.
 *
 * The rules that test one control are alternatives of each other (one benchmark in several
 * versions), so together they count as one piece; a class that one of them belongs to is left out,
 * for it holds many other rules as well.
 */
#include "store/control_bench.h"

static void join_fact(struct fact *all, const struct fact *one)
{
	all->open += one->open;
	all->excepted += one->excepted;
	all->passed += one->passed;
	all->manual += one->manual;
	if (one->covered > all->covered)
		all->covered = one->covered;
	if (one->applicable > all->applicable)
		all->applicable = one->applicable;
	if (one->oldest && (!all->oldest || one->oldest < all->oldest))
		all->oldest = one->oldest;
	if (one->newest > all->newest)
		all->newest = one->newest;
	if (one->window > all->window)
		all->window = one->window;
}

static void add_rule(struct bench *b, struct judging *c, int64_t weight, int64_t class_id)
{
	struct class_list *of = arena_new(b->mem, struct class_list);

	c->has_rules = true;
	c->rules_primary |= weight == WEIGHT_PRIMARY;
	*of = (struct class_list){ c->of_rules, class_id };
	c->of_rules = of;
}

/* A question of all controls (control 0), or of each of some. */
static bool ask_each(struct bench *b, bool (*ask)(struct bench *b, int64_t control, struct err *e),
                     struct err *e)
{
	if (!b->some)
		return ask(b, 0, e);
	for (size_t i = 0; i < b->n; i++)
		if (!ask(b, b->control[i].row->id, e))
			return false;
	return true;
}

#define SQL_RULES(which)                                                                           \
	"SELECT m.control, m.weight, COALESCE(t.class, 0)\n"                                       \
	"FROM rule_control AS m\n"                                                                 \
	"  LEFT JOIN tool_rule AS t ON t.tool = m.tool AND t.rule = m.rule\n"                      \
	"WHERE m.weight < $1" which

/* Every rule, whether a report has shown it or not. */
static bool load_rules(struct bench *b, int64_t control, struct err *e)
{
	struct stmt *s = db_stmt(b->st->db, control ? SQL_RULES(" AND m.control = $2")
	                                            : SQL_RULES(""));

	db_int(s, 1, WEIGHT_WEAK);
	if (control)
		db_int(s, 2, control);
	while (db_next(s)) {
		struct judging *c = control_of(b, db_column(s, 0));

		if (c)
			add_rule(b, c, db_column(s, 1), db_column(s, 2));
	}
	return db_done(s, e);
}

static void join_rule(struct bench *b, struct judging *c, int64_t weight,
                      const struct rule_fact *r)
{
	if (!c || !r || r->class_id < 0)
		return;
	add_rule(b, c, weight, r->class_id);
	join_fact(&c->rules, &r->fact);
}

/* A table names a policy, a report the rule in it too: "policy/rule". By rule, since all controls
 * are at hand. */
static bool load_rule_facts(struct bench *b, struct err *e)
{
	for (size_t i = 0; i < b->judge.nrule; i++) {
		struct stmt *s = db_stmt(b->st->db, SQL_RULE_CONTROLS);

		db_int(s, 1, b->judge.rule[i].advisory);
		db_int(s, 2, WEIGHT_WEAK);
		while (db_next(s))
			join_rule(b, control_of(b, db_column(s, 0)), db_column(s, 1),
			          &b->judge.rule[i]);
		if (!db_done(s, e))
			return false;
	}
	return true;
}

/* The same by control: SQL_RULE_CONTROLS from its other end. */
static bool load_facts_of_rules(struct bench *b, struct err *e)
{
	static const char sql[] =
		"SELECT a.id, m.weight\n"
		"FROM rule_control AS m JOIN source AS s ON s.word = m.tool\n"
		"  JOIN advisory AS a ON a.source = s.id AND (a.name = m.rule\n"
		"    OR (a.name > m.rule || '/' AND a.name < m.rule || '0'\n"
		"      AND substr(a.name, 1, instr(a.name, '/') - 1) = m.rule))\n"
		"WHERE m.control = $1 AND m.weight < $2\n"
		"ORDER BY a.id";

	for (size_t i = 0; i < b->n; i++) {
		struct judging *c = &b->control[i];
		struct stmt *s;

		if (!c->has_rules)
			continue;
		s = db_stmt(b->st->db, sql);
		db_int(s, 1, c->row->id);
		db_int(s, 2, WEIGHT_WEAK);
		while (db_next(s))
			join_rule(b, c, db_column(s, 1), judge_rule(&b->judge, db_column(s, 0)));
		if (!db_done(s, e))
			return false;
	}
	return true;
}

/* Where several pieces fall short, the one furthest from whole is shown. */
static void note_gap(struct control_row *r, const struct fact *f)
{
	if (r->applicable && f->covered * r->applicable >= r->covered * f->applicable)
		return;
	r->covered = f->covered;
	r->applicable = f->applicable;
}

static void note_age(struct bench *b, struct judging *c, const struct fact *f,
                     const char *name)
{
	if (!c->row->window || f->window < c->row->window)
		c->row->window = f->window;
	judge_until(&b->judge, f->oldest + f->window + 1);
	if (f->oldest < b->judge.now - f->window || f->outdated) {
		c->stale = true;
		c->stale_by = name;
	}
}

static void add_piece(struct bench *b, struct judging *c, const struct fact *f,
                      int64_t weight, const char *name)
{
	c->row->classes++;
	c->row->tested += f->passed > 0 || f->open > 0;
	c->row->evidence += f->passed;
	if (f->newest > c->row->newest)
		c->row->newest = f->newest;
	if (f->open && !c->failed_by)
		c->failed_by = name;
	if (weight != WEIGHT_PRIMARY || f->never)
		return;
	c->primary++;
	if (!f->passed)
		return;
	c->primary_tested++;
	note_gap(c->row, f);
	c->gap |= f->covered < f->applicable;
	note_age(b, c, f, name);
}

static void count_piece(struct judging *c, const struct fact *f)
{
	c->row->failing += f->open;
	c->row->excepted += f->excepted;
}

static bool stands_for(const struct judging *c, int64_t class_id)
{
	for (const struct class_list *l = c->of_rules; l; l = l->next)
		if (l->class_id == class_id)
			return true;
	return false;
}

static void add_rules(struct bench *b)
{
	for (size_t i = 0; i < b->n; i++) {
		struct judging *c = &b->control[i];

		if (!c->has_rules)
			continue;
		count_piece(c, &c->rules);
		add_piece(b, c, &c->rules, c->rules_primary ? WEIGHT_PRIMARY : WEIGHT_SUPPORTING,
		          "its own checks");
	}
}

#define SQL_CLASSES(which)                                                                         \
	"SELECT control, class, weight\n"                                                          \
	"FROM class_control\n"                                                                     \
	"WHERE weight < $1" which "\n"                                                             \
	"ORDER BY control, class"

struct link { /* a class that tests a control */
	struct judging *control;
	const struct class_fact *class;
	int64_t weight;
};

static void add_class(struct bench *b, const struct link *l)
{
	if (l->class->vulns)
		l->control->vulns |= l->class->vulns;
	else
		count_piece(l->control, &l->class->fact);
	add_piece(b, l->control, &l->class->fact, l->weight, l->class->name);
}

static bool read_links(struct bench *b, struct stmt *s, struct link **link, size_t *n,
		       struct err *e)
{
	size_t cap = 0;

	while (db_next(s)) {
		struct judging *c = control_of(b, db_column(s, 0));
		const struct class_fact *f = judge_class(&b->judge, db_column(s, 1));

		if (!c || !f || f->record == RECORD_EXCEPTION || stands_for(c, f->id))
			continue;
		ARENA_MORE(b->mem, *link, *n, cap);
		(*link)[(*n)++] = (struct link){ c, f, db_column(s, 2) };
	}
	return db_done(s, e);
}

/* Of each control the primary classes come first; rows come as they are stored, nothing is sorted.
 */
static bool add_classes(struct bench *b, int64_t control, struct err *e)
{
	struct stmt *s = db_stmt(b->st->db, control ? SQL_CLASSES(" AND control = $2")
	                                            : SQL_CLASSES(""));
	struct link *link = NULL;
	size_t n = 0;

	db_int(s, 1, WEIGHT_WEAK);
	if (control)
		db_int(s, 2, control);
	if (!read_links(b, s, &link, &n, e))
		return false;
	for (int64_t w = WEIGHT_PRIMARY; w < WEIGHT_WEAK; w++)
		for (size_t i = 0; i < n; i++)
			if (link[i].weight == w)
				add_class(b, &link[i]);
	return true;
}

/* A vulnerability that is in several of its classes fails a control once. */
static void add_vulns(struct bench *b)
{
	for (size_t i = 0; i < b->n; i++)
		judge_vulns(&b->judge, b->control[i].vulns, &b->control[i].row->failing,
			    &b->control[i].row->excepted);
}

bool control_pieces(struct bench *b, struct err *e)
{
	if (!ask_each(b, load_rules, e) ||
	    !(b->some ? load_facts_of_rules(b, e) : load_rule_facts(b, e)))
		return false;
	add_rules(b);
	if (!ask_each(b, add_classes, e))
		return false;
	add_vulns(b);
	return true;
}
