/* SPDX-License-Identifier: MIT */
/*
 * judge.c - what is known of each finding class and rule, over the whole estate.
 *
 * Findings come from the tallies (a few thousand rows), evidence from the newest check results and
 * the images. All of it is read anew when the store has changed: the cost grows with check results
 * and images, not with findings.
 */
#include <stdlib.h>

#include "store/aside.h"
#include "store/judge.h"
#include "store/scoped.h"

static enum class_record record_of(const char *class_name, const char *record)
{
	static const struct {
		const char *word;
		enum class_record record;
	} words[] = {
		{ "vulnerability", RECORD_VULNERABILITY },
		{ "image", RECORD_IMAGE },
		{ "scan", RECORD_SCAN },
		{ "secret", RECORD_SECRET },
		{ "misconfiguration", RECORD_MISCONFIGURATION },
		{ "workload", RECORD_MISCONFIGURATION },
		{ "host", RECORD_BENCHMARK },
		{ "cluster", RECORD_BENCHMARK },
		{ "benchmark", RECORD_BENCHMARK },
		{ "exception", RECORD_EXCEPTION },
	};

	if (str_eq(class_name, "vuln-accepted"))
		return RECORD_EXCEPTION;
	for (size_t i = 0; i < LENGTH(words); i++)
		if (str_eq(words[i].word, record))
			return words[i].record;
	return RECORD_NEVER;
}

static int64_t window_of(const struct policy_fresh *f, enum class_record r)
{
	switch (r) {
	case RECORD_BENCHMARK:
		return f->benchmark;
	case RECORD_MISCONFIGURATION:
		return f->admission;
	default:
		return f->scan;
	}
}

void judge_until(struct judge *j, int64_t at)
{
	if (at > j->now && at < j->until)
		j->until = at;
}

struct class_fact *judge_class(const struct judge *j, int64_t id)
{
	size_t lo = 0, hi = j->nclass;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (j->class_fact[mid].id < id)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < j->nclass && j->class_fact[lo].id == id ? &j->class_fact[lo] : NULL;
}

struct rule_fact *judge_rule(const struct judge *j, int64_t advisory)
{
	size_t lo = 0, hi = j->nrule;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (j->rule[mid].advisory < advisory)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < j->nrule && j->rule[lo].advisory == advisory ? &j->rule[lo] : NULL;
}

static struct class_fact *class_named(const struct judge *j, const char *name)
{
	for (size_t i = 0; i < j->nclass; i++)
		if (str_eq(j->class_fact[i].name, name))
			return &j->class_fact[i];
	return NULL;
}

static const char *const vuln_names[VULN_COUNT] = {
	"vuln-critical", "vuln-high", "vuln-medium", "vuln-low", "vuln-kev", "vuln-overdue",
};

static unsigned vuln_named(const char *name)
{
	for (int i = 0; i < VULN_COUNT; i++)
		if (str_eq(vuln_names[i], name))
			return 1u << i;
	return 0;
}

static bool load_classes(struct store *st, struct arena *mem, struct judge *j, struct err *e)
{
	static const char sql[] = "SELECT id, name, title, record, severity\n"
				  "FROM class\n"
				  "ORDER BY id";
	int64_t count;
	struct stmt *s;

	if (!db_scalar(db_stmt(st->db, "SELECT COUNT(*) FROM class"), 0, &count, e))
		return false;
	j->class_fact = arena_array(mem, struct class_fact, (size_t)count + 1);
	s = db_stmt(st->db, sql);
	while (j->nclass < (size_t)count && db_next(s)) {
		struct class_fact *c = &j->class_fact[j->nclass++];

		c->id = db_column(s, 0);
		c->name = arena_dup(mem, db_column_text(s, 1));
		c->title = arena_dup(mem, db_column_text(s, 2));
		c->record = record_of(c->name, db_column_text(s, 3));
		c->severity = (enum severity)db_column(s, 4);
		c->fact.never = c->record == RECORD_NEVER || c->record == RECORD_EXCEPTION;
		c->fact.window = window_of(&j->policy->fresh, c->record);
		c->anew = !j->bears;
		c->vulns = vuln_named(c->name);
	}
	return db_done(s, e);
}

/* ---- findings, from the tallies ---- */

/* The severity classes of vulnerabilities; negligible counts as low, unknown as medium. */
static int vuln_of(enum severity s)
{
	static const int kinds[SEV_COUNT] = {
		VULN_CRITICAL, VULN_HIGH, VULN_MEDIUM, VULN_LOW, VULN_LOW, VULN_MEDIUM,
	};

	return kinds[s];
}

static bool is_open(enum finding_state s)
{
	return s == STATE_OPEN || s == STATE_RISK_ADJUSTED || s == STATE_VENDOR;
}

static void count_finding(struct class_fact *c, enum finding_state state, bool fails, int64_t n)
{
	if (!c || state == STATE_RESOLVED)
		return;
	if (!is_open(state)) {
		c->fact.excepted += n;
		return;
	}
	c->unfixed += n;
	if (fails)
		c->fact.open += n;
}

struct tally_row {
	int64_t class_id, due_day, n;
	enum finding_kind kind;
	enum severity severity;
	enum finding_state state;
	bool kev;
};

/*
 * A vulnerability fails its classes only once it is late, and one that is set aside is an exception
 * only once it would be. Older programs counted that one under no day: it may be.
 */
static void count_vulnerability(struct judge *j, const struct tally_row *t)
{
	bool open = is_open(t->state), late = t->due_day < time_day(j->now);
	int kind = vuln_of(t->severity);

	if (t->state == STATE_RESOLVED)
		return;
	if (!open)
		count_finding(class_named(j, "vuln-accepted"), STATE_OPEN, false, t->n);
	if (!open && t->due_day == NO_DAY)
		late = true;
	if (open || late) {
		count_finding(class_named(j, vuln_names[kind]), t->state, late, t->n);
		if (t->kev)
			count_finding(class_named(j, vuln_names[VULN_KEV]), t->state, late, t->n);
	}
	if (late) {
		count_finding(class_named(j, vuln_names[VULN_OVERDUE]), t->state, true, t->n);
		(open ? j->late : j->aside)[kind][t->kev] += t->n;
	}
}

void judge_vulns(const struct judge *j, unsigned vulns, int64_t *open, int64_t *excepted)
{
	for (int kind = 0; kind < VULN_KEV; kind++)
		for (int kev = 0; kev < 2; kev++) {
			unsigned in = 1u << kind | 1u << VULN_OVERDUE | (unsigned)kev << VULN_KEV;

			if (!(in & vulns))
				continue;
			*open += j->late[kind][kev];
			*excepted += j->aside[kind][kev];
		}
}

#define SQL_TALLY(which)                                                                           \
	"SELECT kind, class, severity, kev, state, due_day, SUM(n)\n"                              \
	"FROM tally\n"                                                                             \
	"WHERE " which "\n"                                                                        \
	"GROUP BY kind, class, severity, kev, state, due_day"
#define OF_REPOSITORY "scope IN (SELECT image FROM image_name WHERE repository = -$1)"

static bool load_findings(struct store *st, struct judge *j, struct err *e)
{
	struct stmt *s = db_stmt(st->db, j->scope < 0 ? SQL_TALLY(OF_REPOSITORY)
	                                              : SQL_TALLY("scope = $1"));

	db_int(s, 1, j->scope);

	while (db_next(s)) {
		const struct tally_row t = {
			.kind = (enum finding_kind)db_column(s, 0),
			.class_id = db_column(s, 1),
			.severity = (enum severity)db_column(s, 2),
			.kev = db_column(s, 3) != 0,
			.state = (enum finding_state)db_column(s, 4),
			.due_day = db_column(s, 5),
			.n = db_column(s, 6),
		};

		if (t.kind == FINDING_VULNERABILITY)
			count_vulnerability(j, &t);
		else if (t.kind == FINDING_SECRET && !t.class_id)
			count_finding(class_named(j, "secret-in-image"), t.state, true, t.n);
		else
			count_finding(judge_class(j, t.class_id), t.state, true, t.n);
	}
	return db_done(s, e);
}

/* Open findings of single rules, for controls that a rule tests directly: rules are few, problems
 * many. */
static bool load_rule_findings(struct store *st, const struct judge *j, struct err *e)
{
	static const char all[] = "SELECT p.assets\n"
				  "FROM problem AS p\n"
				  "WHERE p.advisory = $1 AND p.package = $2";
	static const char some[] =
		"SELECT COUNT(DISTINCT f.asset)\n"
		"FROM affects AS x JOIN holds AS h ON h.part = x.part\n"
		"  JOIN finding AS f ON f.asset = h.asset AND f.advisory = x.advisory\n"
		"    AND f.part = h.part\n"
		"WHERE x.advisory = $1 AND f.state = 0 AND " SQL_IN_SCOPE("f.asset", "$2");

	for (size_t i = 0; i < j->nrule; i++) {
		struct stmt *s;
		int64_t n;

		if (!j->rule[i].anew || j->rule[i].class_id < 0)
			continue;
		s = db_stmt(st->db, j->scope ? some : all);
		db_int(s, 1, j->rule[i].advisory);
		db_int(s, 2, j->scope);
		if (!db_scalar(s, 0, &n, e))
			return false;
		j->rule[i].fact.open += n;
	}
	return true;
}

static bool load_alerts(struct store *st, const struct judge *j, struct err *e)
{
	static const char sql[] = "SELECT a.class, COUNT(*)\n"
				  "FROM alert AS l JOIN advisory AS a ON a.id = l.rule\n"
				  "  LEFT JOIN container AS c ON c.asset = l.asset\n"
				  "WHERE l.state < 3 AND (" SQL_IN_SCOPE("l.asset", "$1") "\n"
				  "  OR c.cluster = $1 OR c.namespace = $1 OR c.node = $1\n"
				  "  OR c.workload = $1 OR c.image = $1\n"
				  "  OR EXISTS (SELECT 1 FROM image_name AS n\n"
				  "    WHERE n.image = c.image AND n.repository = -$1))\n"
				  "GROUP BY a.class";
	struct stmt *s = db_stmt(st->db, sql);

	db_int(s, 1, j->scope);
	while (db_next(s))
		count_finding(judge_class(j, db_column(s, 0)), STATE_OPEN, true, db_column(s, 1));
	return db_done(s, e);
}

/* ---- evidence of images ---- */

void image_evidence(struct fact *f, int64_t at)
{
	f->passed++;
	f->covered++;
	if (!f->oldest || at < f->oldest)
		f->oldest = at;
	if (at > f->newest)
		f->newest = at;
}

/* What the images that count say of the classes that are about scans and images as such. */
struct image_facts {
	struct fact scanned, fresh, new_database, supported; /* images that pass, and when */
	int64_t missing, old, outdated, eol;                 /* images that do not         */
};

static void judge_image(struct judge *j, struct stmt *s, struct image_facts *f)
{
	int64_t at = db_column(s, 0), db_built = db_column(s, 1);
	bool eol = db_column(s, 2) != 0;

	f->eol += eol;
	if (!at) {
		f->missing++;
		return;
	}
	image_evidence(&f->scanned, at);
	judge_until(j, at + j->policy->fresh.scan + 1);
	if (at < j->now - j->policy->fresh.scan)
		f->old++;
	else
		image_evidence(&f->fresh, at);
	if (db_built && at - db_built > j->policy->fresh.database)
		f->outdated++;
	else if (db_built)
		image_evidence(&f->new_database, at);
	if (!eol)
		image_evidence(&f->supported, at);
}

static void add_evidence(struct fact *to, const struct fact *f)
{
	to->passed += f->passed;
	to->covered += f->covered;
	if (f->oldest && (!to->oldest || f->oldest < to->oldest))
		to->oldest = f->oldest;
	if (f->newest > to->newest)
		to->newest = f->newest;
}

static void add_images(struct judge *j, const struct image_facts *f)
{
	const struct {
		const char *name;
		const struct fact *right;
		int64_t wrong;
	} says[] = {
		{ "scan-missing", &f->scanned, f->missing },
		{ "scan-expired", &f->fresh, f->old },
		{ "scan-db-outdated", &f->new_database, f->outdated },
		{ "eol-os", &f->supported, f->eol },
	};

	for (size_t i = 0; i < LENGTH(says); i++) {
		struct class_fact *c = class_named(j, says[i].name);

		if (!c)
			continue;
		add_evidence(&c->fact, says[i].right);
		count_finding(c, STATE_OPEN, true, says[i].wrong);
	}
	for (size_t i = 0; i < j->nclass; i++) {
		struct class_fact *c = &j->class_fact[i];

		if (c->record != RECORD_VULNERABILITY)
			continue;
		add_evidence(&c->fact, &f->scanned);
		c->fact.outdated |= f->outdated > 0;
	}
}

/* Read from the index image_counted alone. */
static bool load_images(struct store *st, struct judge *j, struct err *e)
{
	static const char all[] = "SELECT scanned_at, db_built, eol, running\n"
				  "FROM image\n"
				  "WHERE running > $1 OR current > 0";
	static const char some[] = "SELECT i.scanned_at, i.db_built, i.eol, i.running\n"
				   "FROM image AS i\n"
				   "WHERE (i.running > 0 OR i.current > 0)\n"
				   "  AND " SQL_IN_SCOPE("i.asset", "$1");
	struct stmt *s = db_stmt(st->db, j->scope ? some : all);
	struct image_facts f = { .missing = 0 };

	j->images = j->running = 0;
	db_int(s, 1, j->scope);
	while (db_next(s)) {
		j->images++;
		j->running += db_column(s, 3) > 0;
		judge_image(j, s, &f);
	}
	j->scanned = f.scanned.passed;
	j->stale = f.missing + f.old;
	add_images(j, &f);
	for (size_t i = 0; i < j->nclass; i++) {
		struct class_fact *c = &j->class_fact[i];

		if (c->record == RECORD_VULNERABILITY || c->record == RECORD_IMAGE ||
		    c->record == RECORD_SCAN || c->record == RECORD_SECRET)
			c->fact.applicable = j->images;
	}
	return db_done(s, e);
}

/* Images that a complete report looked at for secrets; read from the index cover_secret. */
static bool load_secret_scans(struct store *st, const struct judge *j, struct err *e)
{
	static const char sql[] =
		"SELECT MAX(v.at)\n"
		"FROM cover AS v JOIN image AS i ON i.asset = v.asset\n"
		"WHERE v.kind = 2 AND v.complete = 1 AND (i.running > 0 OR i.current > 0)\n"
		"  AND " SQL_IN_SCOPE("i.asset", "$1") "\n"
		"GROUP BY v.asset";
	struct class_fact *c = class_named(j, "secret-in-image");
	struct stmt *s;

	if (!c)
		return true;
	s = db_stmt(st->db, sql);
	db_int(s, 1, j->scope);
	while (db_next(s))
		image_evidence(&c->fact, db_column(s, 0));
	return db_done(s, e);
}

/* The windows of all policies that hold for what is in a scope: of each the shortest. */
static bool strictest(struct store *st, int64_t scope, struct arena *mem,
                      const struct policy **out, struct err *e)
{
	const struct policies *all;
	struct policy *p = arena_new(mem, struct policy);
	uint64_t tags;
	bool first = true;

	if (!store_policies(st, &all, e) || !asset_tags(st, all, scope, &tags, e))
		return false;
	for (size_t i = 0; i < all->n; i++) {
		const struct policy_fresh *f = &all->p[i]->fresh;
		const struct {
			int64_t *mine, other;
		} windows[] = {
			{ &p->fresh.scan, f->scan },
			{ &p->fresh.database, f->database },
			{ &p->fresh.benchmark, f->benchmark },
			{ &p->fresh.admission, f->admission },
			{ &p->fresh.signature, f->signature },
		};

		if (!policy_in_scope(all, i, tags))
			continue;
		if (first)
			*p = *all->p[i];
		first = false;
		for (size_t k = 0; k < LENGTH(windows); k++)
			if (windows[k].other < *windows[k].mine)
				*windows[k].mine = windows[k].other;
	}
	*out = p;
	return true;
}

static bool anew(const struct judge *j, const char *class_name)
{
	const struct class_fact *c = class_named(j, class_name);

	return c && c->anew;
}

/* Are numbers and scans of images asked for? */
static bool images_anew(const struct judge *j)
{
	for (size_t i = 0; i < j->nclass; i++) {
		const struct class_fact *c = &j->class_fact[i];

		if (c->anew && (c->record == RECORD_VULNERABILITY || c->record == RECORD_IMAGE ||
		                c->record == RECORD_SCAN || c->record == RECORD_SECRET))
			return true;
	}
	return !j->bears || (j->bears->what & (BEARS_IMAGES | BEARS_SCANS));
}

/* What bears on nothing that is found anew is passed over. */
static bool load_parts(struct store *st, struct arena *mem, struct judge *j, struct err *e)
{
	return load_findings(st, j, e) && load_alerts(st, j, e) &&
	       (!images_anew(j) || load_images(st, j, e)) &&
	       (!anew(j, "secret-in-image") || load_secret_scans(st, j, e)) &&
	       (!anew(j, "unsigned-image") || judge_signatures(st, j, e)) &&
	       ((j->bears && !(j->bears->what & BEARS_DRIFT)) || judge_drift(st, j, e)) &&
	       judge_checks(st, mem, j, e) && load_rule_findings(st, j, e);
}

static bool load_all(struct store *st, int64_t scope, struct arena *mem, struct judge *out,
                     struct err *e)
{
	*out = (struct judge){
		.now = st->now,
		.until = (time_day(st->now) + 1) * DAY_S, /* late is a matter of days */
		.scope = scope,
	};
	return (scope ? strictest(st, scope, mem, &out->policy, e)
	              : store_policy(st, &out->policy, e)) &&
	       load_classes(st, mem, out, e) && load_parts(st, mem, out, e);
}

bool judge_load_anew(struct store *st, const struct bearing *bears, const struct judge *was,
                     struct arena *mem, struct judge *out, struct err *e)
{
	*out = (struct judge){
		.now = st->now,
		.until = (time_day(st->now) + 1) * DAY_S,
		.bears = bears,
		.images = was->images,
		.running = was->running,
		.stale = was->stale,
	};
	return store_policy(st, &out->policy, e) && load_classes(st, mem, out, e) &&
	       judge_mark(st, mem, out, e) && load_parts(st, mem, out, e) &&
	       judge_read_kept(st, out, e);
}

struct judge_memo {
	struct arena mem;
	struct judge facts;
	uint64_t revision;
};

void judge_memo_free(struct judge_memo *m)
{
	if (!m)
		return;
	arena_release(&m->mem);
	free(m);
}

bool judge_load(struct store *st, struct judge *out, struct err *e)
{
	uint64_t revision = store_revision(st);
	struct judge_memo *m = st->facts;

	if (!m || m->revision != revision || m->facts.now != st->now) {
		judge_memo_free(m);
		st->facts = NULL;
		m = xcalloc(1, sizeof(*m));
		m->revision = revision;
		if (!load_all(st, 0, &m->mem, &m->facts, e)) {
			judge_memo_free(m);
			return false;
		}
		st->facts = m;
	}
	*out = m->facts;
	return true;
}

bool judge_load_scope(struct store *st, int64_t scope, struct arena *mem, struct judge *out,
                      struct err *e)
{
	return load_all(st, scope, mem, out, e);
}
