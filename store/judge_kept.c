/* SPDX-License-Identifier: MIT */
/* judge_kept.c - what the estate was judged by, kept: a change finds anew what it bears on. */
#include <stdlib.h>

#include "store/ingest.h"
#include "store/judge.h"

/* ---- what is found anew ---- */

/* Classes that are told from images and what runs, rather than from findings and checks. */
static const struct {
	const char *name;
	unsigned what;
} told[] = {
	{ "scan-missing", BEARS_SCANS },	  { "scan-expired", BEARS_SCANS },
	{ "scan-db-outdated", BEARS_SCANS },	  { "eol-os", BEARS_SCANS },
	{ "secret-in-image", BEARS_SECRETS },	  { "unsigned-image", BEARS_SIGNATURES },
	{ "gate-drift", BEARS_DRIFT },		  { "admission-drift", BEARS_DRIFT },
	{ "unapproved-base-image", BEARS_DRIFT }, { "untrusted-registry", BEARS_DRIFT },
	{ "vuln-accepted", BEARS_VULNERABILITIES },
};

static unsigned bears_of(const struct class_fact *c)
{
	unsigned what = 0;

	if (c->record == RECORD_VULNERABILITY)
		what |= BEARS_VULNERABILITIES | BEARS_SCANS | BEARS_IMAGES;
	if (c->record == RECORD_IMAGE || c->record == RECORD_SCAN || c->record == RECORD_SECRET)
		what |= BEARS_IMAGES;
	for (size_t i = 0; i < LENGTH(told); i++)
		if (str_eq(told[i].name, c->name))
			what |= told[i].what;
	return what;
}

static void mark_class(const struct judge *j, int64_t id)
{
	struct class_fact *c = judge_class(j, id);

	if (c)
		c->anew = true;
}

static void mark_classes(const struct judge *j)
{
	for (size_t i = 0; i < j->nclass; i++) {
		struct class_fact *c = &j->class_fact[i];

		c->anew = (bears_of(c) & j->bears->what) ||
			  keyset_has(&j->bears->classes, (uint64_t)c->id);
	}
}

static const char SQL_RULES[] =
	"SELECT advisory, class, images, span, open, excepted, passed, covered, applicable,\n"
	"  oldest, newest, manual\n"
	"FROM judged_rule\n"
	"ORDER BY advisory";

static void read_rule(struct stmt *s, struct rule_fact *r)
{
	*r = (struct rule_fact){ .advisory = db_column(s, 0),
				 .class_id = db_column(s, 1),
				 .images = db_column(s, 2) != 0,
				 .fact = { .window = db_column(s, 3),
					   .open = db_column(s, 4),
					   .excepted = db_column(s, 5),
					   .passed = db_column(s, 6),
					   .covered = db_column(s, 7),
					   .applicable = db_column(s, 8),
					   .oldest = db_column(s, 9),
					   .newest = db_column(s, 10),
					   .manual = db_column(s, 11) } };
}

static int by_advisory(const void *a, const void *b)
{
	const struct rule_fact *x = a, *y = b;

	return (x->advisory > y->advisory) - (x->advisory < y->advisory);
}

static bool class_of(struct store *st, struct rule_fact *r, struct err *e)
{
	struct stmt *s = db_stmt(st->db, "SELECT class FROM advisory WHERE id = $1");

	db_int(s, 1, r->advisory);
	return db_scalar(s, 0, &r->class_id, e);
}

/* Rules that no result was known of. */
static bool add_new(struct store *st, struct judge *j, struct err *e)
{
	const struct keyset *rules = &j->bears->rules;
	const size_t known = j->nrule;

	for (size_t i = 0; i < rules->cap; i++) {
		struct rule_fact new = { .advisory = (int64_t)rules->slot[i], .anew = true };

		if (new.advisory == 0 || bsearch(&new, j->rule, known, sizeof(new), by_advisory))
			continue;
		if (!class_of(st, &new, e))
			return false;
		j->rule[j->nrule++] = new;
	}
	qsort(j->rule, j->nrule, sizeof(*j->rule), by_advisory);
	return true;
}

bool judge_mark(struct store *st, struct arena *mem, struct judge *j, struct err *e)
{
	bool images = j->bears->what & BEARS_IMAGES;
	int64_t kept;
	struct stmt *s;

	mark_classes(j);
	if (!db_scalar(db_stmt(st->db, "SELECT COUNT(*) FROM judged_rule"), 0, &kept, e))
		return false;
	j->rule = arena_array(mem, struct rule_fact, (size_t)kept + j->bears->rules.n + 1);
	s = db_stmt(st->db, SQL_RULES);
	while (j->nrule < (size_t)kept && db_next(s)) {
		struct rule_fact *r = &j->rule[j->nrule++];

		read_rule(s, r);
		r->anew = (images && r->images) ||
			  keyset_has(&j->bears->rules, (uint64_t)r->advisory);
	}
	if (!db_done(s, e) || !add_new(st, j, e))
		return false;
	for (size_t i = 0; i < j->nrule; i++)
		if (j->rule[i].anew)
			mark_class(j, j->rule[i].class_id);
	return true;
}

/* ---- what stays as it was kept ---- */

bool judge_read_kept(struct store *st, const struct judge *j, struct err *e)
{
	struct stmt *s = db_stmt(st->db, "SELECT class, open, excepted, passed, covered,\n"
					 "  applicable, oldest, newest, manual, outdated, unfixed\n"
					 "FROM judged_class");

	while (db_next(s)) {
		struct class_fact *c = judge_class(j, db_column(s, 0));

		if (!c || c->anew)
			continue;
		c->fact.open = db_column(s, 1);
		c->fact.excepted = db_column(s, 2);
		c->fact.passed = db_column(s, 3);
		c->fact.covered = db_column(s, 4);
		c->fact.applicable = db_column(s, 5);
		c->fact.oldest = db_column(s, 6);
		c->fact.newest = db_column(s, 7);
		c->fact.manual = db_column(s, 8);
		c->fact.outdated = db_column(s, 9) != 0;
		c->unfixed = db_column(s, 10);
	}
	return db_done(s, e);
}

/* ---- keeping ---- */

#define BIND(s, values)                                                                            \
	for (size_t k = 0; k < LENGTH(values); k++)                                                \
		db_int(s, 1 + (int)k, values[k])

static bool write_class(struct store *st, const struct class_fact *c, struct err *e)
{
	static const char sql[] =
		"INSERT INTO judged_class (class, open, excepted, passed, covered, applicable,\n"
		"  oldest, newest, manual, outdated, unfixed)\n"
		"VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)\n"
		"ON CONFLICT (class) DO UPDATE SET open = excluded.open,\n"
		"  excepted = excluded.excepted, passed = excluded.passed,\n"
		"  covered = excluded.covered, applicable = excluded.applicable,\n"
		"  oldest = excluded.oldest, newest = excluded.newest, manual = excluded.manual,\n"
		"  outdated = excluded.outdated, unfixed = excluded.unfixed\n"
		"WHERE (judged_class.open, judged_class.excepted, judged_class.passed,\n"
		"  judged_class.covered, judged_class.applicable, judged_class.oldest,\n"
		"  judged_class.newest, judged_class.manual, judged_class.outdated,\n"
		"  judged_class.unfixed) <> (excluded.open, excluded.excepted, excluded.passed,\n"
		"  excluded.covered, excluded.applicable, excluded.oldest, excluded.newest,\n"
		"  excluded.manual, excluded.outdated, excluded.unfixed)";
	const struct fact *f = &c->fact;
	const int64_t v[] = { c->id,	     f->open,	f->excepted, f->passed, f->covered,
			      f->applicable, f->oldest, f->newest,   f->manual, f->outdated,
			      c->unfixed };
	struct stmt *s = db_stmt(st->db, sql);

	BIND(s, v);
	return db_run(s, e);
}

static bool write_rule(struct store *st, const struct rule_fact *r, struct err *e)
{
	static const char sql[] =
		"INSERT INTO judged_rule (advisory, class, images, span, open, excepted, passed,\n"
		"  covered, applicable, oldest, newest, manual)\n"
		"VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)\n"
		"ON CONFLICT (advisory) DO UPDATE SET class = excluded.class,\n"
		"  images = excluded.images, span = excluded.span, open = excluded.open,\n"
		"  excepted = excluded.excepted, passed = excluded.passed,\n"
		"  covered = excluded.covered, applicable = excluded.applicable,\n"
		"  oldest = excluded.oldest, newest = excluded.newest, manual = excluded.manual\n"
		"WHERE (judged_rule.class, judged_rule.images, judged_rule.span,\n"
		"  judged_rule.open, judged_rule.excepted, judged_rule.passed,\n"
		"  judged_rule.covered, judged_rule.applicable, judged_rule.oldest,\n"
		"  judged_rule.newest, judged_rule.manual) <> (excluded.class,\n"
		"  excluded.images, excluded.span, excluded.open, excluded.excepted,\n"
		"  excluded.passed, excluded.covered, excluded.applicable, excluded.oldest,\n"
		"  excluded.newest, excluded.manual)";
	const struct fact *f = &r->fact;
	const int64_t v[] = { r->advisory, r->class_id, r->images,     f->window,
			      f->open,	   f->excepted, f->passed,     f->covered,
			      f->applicable, f->oldest, f->newest,     f->manual };
	struct stmt *s = db_stmt(st->db, sql);

	BIND(s, v);
	return db_run(s, e);
}

static bool drop_rule(struct store *st, int64_t advisory, struct err *e)
{
	struct stmt *s = db_stmt(st->db, "DELETE FROM judged_rule WHERE advisory = $1");

	db_int(s, 1, advisory);
	return db_run(s, e);
}

/* Rules that were kept and have no result now. */
static bool drop_others(struct store *st, const struct judge *j, struct err *e)
{
	struct stmt *s = db_stmt(st->db, "SELECT advisory FROM judged_rule");
	int64_t *gone = NULL;
	size_t n = 0, cap = 0;
	bool ok;

	while (db_next(s)) {
		if (judge_rule(j, db_column(s, 0)))
			continue;
		ARRAY_MORE(gone, n, cap);
		gone[n++] = db_column(s, 0);
	}
	ok = db_done(s, e);
	for (size_t i = 0; ok && i < n; i++)
		ok = drop_rule(st, gone[i], e);
	free(gone);
	return ok;
}

bool judge_keep_facts(struct store *st, const struct judge *j, struct err *e)
{
	if (!j->bears && !drop_others(st, j, e))
		return false;
	for (size_t i = 0; i < j->nclass; i++)
		if (j->class_fact[i].anew && !write_class(st, &j->class_fact[i], e))
			return false;
	for (size_t i = 0; i < j->nrule; i++) {
		const struct rule_fact *r = &j->rule[i];

		if (r->anew && !(r->class_id < 0 ? drop_rule(st, r->advisory, e)
						 : write_rule(st, r, e)))
			return false;
	}
	return true;
}
