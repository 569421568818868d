/* SPDX-License-Identifier: MIT */
/* ingest_advisory.c - vulnerabilities and rules: which ids are one thing, and what is known of it.
 */
#include "store/cvss.h"
#include "store/ingest.h"

#define CVES 16 /* of one record that are looked at one by one */

/* ---- names ---- */

static bool find_by(struct ingest *ig, const char *sql, int64_t source, const char *name,
		    int64_t *out, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, sql);

	db_int(s, 1, source);
	db_text(s, 2, name);
	return db_scalar(s, 0, out, e);
}

static const char SQL_BY_NAME[] = "SELECT id\n"
				  "FROM advisory\n"
				  "WHERE source = $1 AND name = $2";
static const char SQL_BY_ALIAS[] = "SELECT l.advisory\n"
				   "FROM advisory_alias AS l\n"
				   "JOIN advisory AS a ON a.id = l.advisory AND a.source = $1\n"
				   "WHERE l.name = $2 AND l.related = 0\n"
				   "LIMIT 1";

static bool find_named(struct ingest *ig, int64_t source, const char *name, int64_t *out,
		       struct err *e)
{
	if (!find_by(ig, SQL_BY_NAME, source, name, out, e))
		return false;
	return *out != 0 || find_by(ig, SQL_BY_ALIAS, source, name, out, e);
}

/* An advisory by any of its names; 0: unknown. */
static bool advisory_find(struct ingest *ig, const char *normal, int64_t *out, struct err *e)
{
	return find_named(ig, 0, normal, out, e);
}

static bool add_alias(struct ingest *ig, const char *name, int64_t advisory, bool related,
		      struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "INSERT INTO advisory_alias (name, advisory, related)\n"
					 "VALUES ($1, $2, $3)\n"
					 "ON CONFLICT (name, advisory) DO UPDATE\n"
					 "SET related = excluded.related\n"
					 "WHERE excluded.related < advisory_alias.related");

	db_text(s, 1, name);
	db_int(s, 2, advisory);
	db_int(s, 3, related);
	return db_run(s, e);
}

static bool add_advisory(struct ingest *ig, int64_t source, const char *name,
			 enum finding_kind kind, int64_t *out, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "INSERT INTO advisory (source, name, kind)\n"
					 "VALUES ($1, $2, $3)");

	db_int(s, 1, source);
	db_text(s, 2, name);
	db_int(s, 3, kind);
	if (!db_run(s, e))
		return false;
	*out = db_last_id(ig->db);
	return true;
}

/* ---- vulnerabilities ---- */

struct names { /* of one record, in normal spelling */
	const char *own;
	const char *cve[CVES];
	size_t ncve;
};

static void read_names(struct ingest *ig, const struct rec_vulnerability *r, struct names *n)
{
	n->own = advisory_normal(r->id, &ig->row);
	n->ncve = 0;
	if (advisory_is_cve(n->own))
		n->cve[n->ncve++] = n->own;
	for (size_t i = 0; i < r->naliases; i++) {
		const char *a = r->aliases[i] ? advisory_normal(r->aliases[i], &ig->row) : "";
		size_t k = 0;

		while (k < n->ncve && !str_eq(n->cve[k], a))
			k++;
		if (advisory_is_cve(a) && k == n->ncve && n->ncve < CVES)
			n->cve[n->ncve++] = a;
	}
}

/* The name it goes by: a CVE's own; a record's only CVE; else what the tool calls it. */
static const char *chosen(const struct names *n)
{
	return !advisory_is_cve(n->own) && n->ncve == 1 ? n->cve[0] : n->own;
}

/* An id that was an advisory of its own until a record named its one CVE. */
static bool make_alias(struct ingest *ig, const char *name, int64_t advisory, struct err *e)
{
	int64_t old;

	if (!find_by(ig, SQL_BY_NAME, 0, name, &old, e))
		return false;
	if (old != 0 && old != advisory && !advisory_merge(ig, advisory, old, e))
		return false;
	return add_alias(ig, name, advisory, false, e);
}

static bool relate(struct ingest *ig, const struct rec_vulnerability *r, const struct names *n,
		   const char *name, int64_t advisory, struct err *e)
{
	if (!str_eq(n->own, name) && !make_alias(ig, n->own, advisory, e))
		return false;
	for (size_t i = 0; i < r->naliases; i++) {
		const char *a = r->aliases[i] ? advisory_normal(r->aliases[i], &ig->row) : "";

		if (*a && !str_eq(a, name) && !str_eq(a, n->own) &&
		    !add_alias(ig, a, advisory, true, e))
			return false;
	}
	return true;
}

/* KEV if any related CVE is, EPSS the highest. */
static bool inherit_signals(struct ingest *ig, int64_t advisory, struct err *e)
{
	struct facts was;
	struct stmt *s = db_stmt(
		ig->db, "UPDATE advisory\n"
			"SET kev = max_of.kev, epss = max_of.epss\n"
			"FROM (SELECT max(c.kev) AS kev, max(c.epss) AS epss\n"
			"      FROM advisory_alias AS l\n"
			"      JOIN advisory AS c ON c.source = 0 AND c.name = l.name\n"
			"      WHERE l.advisory = $1 AND l.related = 1) AS max_of\n"
			"WHERE id = $1\n"
			"  AND (max_of.kev > advisory.kev OR max_of.epss > advisory.epss)");

	db_int(s, 1, advisory);
	return advisory_facts(ig, advisory, &was, e) && db_run(s, e) &&
	       (db_changes(ig->db) == 0 || advisory_touch(ig, advisory, &was, e));
}

/*
 * What is stored wins for texts; scores and dates are taken where none is. Most records bring
 * nothing new, and then no page is written.
 */
static const char SQL_DESCRIBE[] =
	"UPDATE advisory\n"
	"SET title = CASE WHEN title = '' THEN $1 ELSE title END,\n"
	"    text = CASE WHEN text = 0 THEN $2 ELSE text END,\n"
	"    url = CASE WHEN url = '' THEN $3 ELSE url END,\n"
	"    vector = CASE WHEN score < 0 THEN $4 ELSE vector END,\n"
	"    score = CASE WHEN score < 0 THEN $5 ELSE score END,\n"
	"    epss = CASE WHEN epss = 0 THEN $6 ELSE epss END,\n"
	"    kev = CASE WHEN kev = 0 THEN $7 ELSE kev END,\n"
	"    published = CASE WHEN published = 0 THEN $8 ELSE published END\n"
	"WHERE id = $9\n"
	"  AND (title = '' AND $1 <> '' OR text = 0 AND $2 > 0 OR url = '' AND $3 <> ''\n"
	"       OR score < 0 AND ($5 >= 0 OR $4 <> vector) OR epss = 0 AND $6 > 0\n"
	"       OR kev = 0 AND $7 > 0 OR published = 0 AND $8 <> 0)";

static void bind_description(struct stmt *s, const struct rec_vulnerability *r, int64_t text)
{
	db_text(s, 1, r->title ? r->title : "");
	db_int(s, 2, text);
	db_text(s, 3, r->url ? r->url : "");
	db_text(s, 4, r->vector ? r->vector : "");
	db_int(s, 5, r->score >= 0 ? r->score : cvss_score(r->vector));
	db_int(s, 6, r->epss > 0 ? r->epss : 0);
	db_int(s, 7, r->kev);
	db_int(s, 8, r->published);
}

static bool write_description(struct ingest *ig, const struct rec_vulnerability *r, int64_t text,
			      int64_t advisory, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, SQL_DESCRIBE);

	bind_description(s, r, text);
	db_int(s, 9, advisory);
	return db_run(s, e);
}

static bool add_vulnerability(struct ingest *ig, const struct rec_vulnerability *r,
			      const char *name, int64_t *out, struct err *e)
{
	struct stmt *s;
	int64_t text;

	if (!text_id(ig, r->text, &text, e))
		return false;
	s = db_stmt(ig->db, "INSERT INTO advisory (title, text, url, vector, score, epss, kev,\n"
			    "                      published, source, name, kind)\n"
			    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9, $10)");
	bind_description(s, r, text);
	db_text(s, 9, name);
	db_int(s, 10, FINDING_VULNERABILITY);
	if (!db_run(s, e))
		return false;
	*out = db_last_id(ig->db);
	return true;
}

static bool describe(struct ingest *ig, const struct rec_vulnerability *r, int64_t advisory,
		     struct err *e)
{
	struct facts was;
	int64_t text;

	return text_id(ig, r->text, &text, e) && advisory_facts(ig, advisory, &was, e) &&
	       write_description(ig, r, text, advisory, e) &&
	       ((was.kev || !r->kev) && (was.epss > 0 || r->epss <= 0)
			? true
			: advisory_touch(ig, advisory, &was, e));
}

static bool look_up(struct ingest *ig, const struct rec_vulnerability *r, int64_t *out,
		    struct err *e)
{
	struct names n;
	const char *name;
	bool fresh;

	read_names(ig, r, &n);
	name = chosen(&n);
	if (!advisory_find(ig, name, out, e))
		return false;
	fresh = *out == 0;
	if (fresh && !add_vulnerability(ig, r, name, out, e))
		return false;
	if (!relate(ig, r, &n, name, *out, e) || (!fresh && !describe(ig, r, *out, e)))
		return false;
	return n.ncve < 2 || advisory_is_cve(name) || inherit_signals(ig, *out, e);
}

bool advisory_id(struct ingest *ig, const struct rec_vulnerability *r, int64_t *out, struct err *e)
{
	const char **told = arena_array(&ig->row, const char *, r->naliases + 1);
	struct memo_key key;

	told[0] = r->id;
	if (r->naliases > 0)
		memcpy(told + 1, r->aliases, r->naliases * sizeof(*told));
	key = memo_key(&ig->row, told, r->naliases + 1);
	if (memo_get(&ig->advisories, key.s, key.len, out))
		return true;
	if (!look_up(ig, r, out, e))
		return false;
	memo_put(&ig->advisories, key.s, key.len, *out);
	return true;
}

/* ---- rules ---- */

/* What the catalogues say of this spelling of a rule; nothing changes when they do not know it. */
static bool class_of(struct ingest *ig, const char *tool, const char *rule, int64_t *class_id,
		     int64_t *severity, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "SELECT c.id, c.severity\n"
					 "FROM tool_rule AS r\n"
					 "JOIN class AS c ON c.id = r.class\n"
					 "WHERE r.tool = $1 AND r.rule = $2");

	db_text(s, 1, tool);
	db_text(s, 2, rule);
	if (db_next(s)) {
		*class_id = db_column(s, 0);
		*severity = db_column(s, 1);
	}
	return db_done(s, e);
}

/*
 * A rule's class, and how bad it is where nothing better is known. Catalogues may know the whole of
 * "policy/rule", or the policy alone, which a namespace may stand before.
 */
static bool rule_class(struct ingest *ig, const char *tool, const char *rule, int64_t *class_id,
		       int64_t *severity, struct err *e)
{
	char *key = arena_dup(&ig->row, rule), *slash;
	const char *space = strchr(rule, '/'), *last = strrchr(rule, '/');

	*class_id = 0;
	*severity = SEV_UNKNOWN;
	do {
		if (!class_of(ig, tool, key, class_id, severity, e))
			return false;
		slash = strrchr(key, '/');
		if (slash)
			*slash = '\0';
	} while (*class_id == 0 && slash);
	if (*class_id != 0 || space == last)
		return true;
	return class_of(ig, tool, arena_dupn(&ig->row, space + 1, (size_t)(last - space - 1)),
			class_id, severity, e);
}

static const char SQL_DESCRIBE_RULE[] =
	"UPDATE advisory\n"
	"SET title = CASE WHEN $1 <> '' THEN $1 ELSE title END,\n"
	"    text = CASE WHEN text = 0 THEN $2 ELSE text END,\n"
	"    remedy = CASE WHEN remedy = 0 THEN $3 ELSE remedy END,\n"
	"    url = CASE WHEN url = '' THEN $4 ELSE url END,\n"
	"    severity = $5,\n"
	"    class = CASE WHEN $6 > 0 THEN $6 ELSE class END,\n"
	"    benchmark = CASE WHEN $7 <> '' THEN $7 ELSE benchmark END\n"
	"WHERE id = $8";

static bool describe_rule(struct ingest *ig, const struct rec_rule *r, const char *benchmark,
			  const char *class_key, int64_t id, struct err *e)
{
	const char *tool = rule_tool(ig->now_scan->word);
	int64_t text, remedy, class_id, severity;
	struct stmt *s;

	if (!text_id(ig, r->text, &text, e) || !text_id(ig, r->remediation, &remedy, e) ||
	    !rule_class(ig, tool, class_key, &class_id, &severity, e))
		return false;
	s = db_stmt(ig->db, SQL_DESCRIBE_RULE);
	db_text(s, 1, r->title ? r->title : "");
	db_int(s, 2, text);
	db_int(s, 3, remedy);
	db_text(s, 4, r->url ? r->url : "");
	db_int(s, 5, r->severity != SEV_UNKNOWN ? (int64_t)r->severity : severity);
	db_int(s, 6, class_id);
	db_text(s, 7, benchmark ? benchmark : "");
	db_int(s, 8, id);
	return db_run(s, e);
}

static bool look_up_rule(struct ingest *ig, enum finding_kind kind, const struct rec_rule *r,
			 const char *benchmark, const char *class_key, int64_t *out, struct err *e)
{
	const char *tool = rule_tool(ig->now_scan->word);
	const char *name = rule_normal(tool, r->id, &ig->row);
	int64_t source;

	if (!source_id(ig, tool, &source, e) || !find_named(ig, source, name, out, e))
		return false;
	if (*out == 0 && !add_advisory(ig, source, name, kind, out, e))
		return false;
	if (!str_eq(name, r->id) && !add_alias(ig, r->id, *out, false, e))
		return false;
	if (!str_empty(r->alias) && !str_eq(r->alias, name) &&
	    !add_alias(ig, r->alias, *out, false, e))
		return false;
	return describe_rule(ig, r, benchmark, class_key ? class_key : name, *out, e);
}

bool rule_id(struct ingest *ig, enum finding_kind kind, const struct rec_rule *r,
	     const char *benchmark, const char *class_key, int64_t *out, struct err *e)
{
	const char *const told[] = { "", ig->now_scan->word, r->id };
	struct memo_key key = memo_key(&ig->row, told, LENGTH(told));

	if (memo_get(&ig->advisories, key.s, key.len, out))
		return true;
	if (!look_up_rule(ig, kind, r, benchmark, class_key, out, e))
		return false;
	memo_put(&ig->advisories, key.s, key.len, *out);
	return true;
}

/* ---- what the roll-ups need of it ---- */

/* Packed into the 63 bits of a memo: class, EPSS (below 2^14), severity, KEV, kind. */
static int64_t pack(const struct facts *f)
{
	return (f->class_id << 24) | ((int64_t)f->epss << 8) | ((int64_t)f->severity << 4) |
	       ((int64_t)f->kev << 3) | (int64_t)f->kind;
}

static struct facts unpack(int64_t v)
{
	return (struct facts){ .class_id = v >> 24,
			       .epss = (int)(v >> 8 & 0xffff),
			       .severity = (enum severity)(v >> 4 & 0xf),
			       .kev = (v >> 3 & 1) != 0,
			       .kind = (enum finding_kind)(v & 7) };
}

static bool read_facts(struct ingest *ig, int64_t advisory, struct facts *out, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "SELECT kind, class, kev, epss, severity\n"
					 "FROM advisory\n"
					 "WHERE id = $1");

	db_int(s, 1, advisory);
	*out = (struct facts){ 0 };
	if (db_next(s))
		*out = (struct facts){ (enum finding_kind)db_column(s, 0), db_column(s, 1),
				       db_column(s, 2) != 0, (int)db_column(s, 3),
				       (enum severity)db_column(s, 4) };
	if (!db_done(s, e))
		return false;
	memo_put(&ig->facts, (const char *)&advisory, sizeof(advisory), pack(out));
	ig->facts_of = 0;
	return true;
}

bool advisory_facts(struct ingest *ig, int64_t advisory, struct facts *out, struct err *e)
{
	int64_t packed;

	if (advisory == ig->facts_of) {
		*out = ig->facts_last;
		return true;
	}
	if (!memo_get(&ig->facts, (const char *)&advisory, sizeof(advisory), &packed))
		return read_facts(ig, advisory, out, e);
	*out = ig->facts_last = unpack(packed);
	ig->facts_of = advisory;
	return true;
}

/* Findings counted as not exploited are counted as exploited from now on, or the other way round.
 */
static bool move_trend(struct ingest *ig, int64_t advisory, bool was_kev, bool is_kev,
		       struct err *e)
{
	int64_t n[SEV_COUNT] = { 0 };
	struct stmt *s;

	if (!problems_flush(ig, e))
		return false;
	s = db_stmt(ig->db,
		    "SELECT sum(critical), sum(high), sum(medium), sum(low), sum(negligible),\n"
		    "       sum(unknown)\n"
		    "FROM problem\n"
		    "WHERE advisory = $1");
	db_int(s, 1, advisory);
	if (db_next(s))
		for (int i = 0; i < SEV_COUNT; i++)
			n[i] = db_column(s, i);
	if (!db_done(s, e))
		return false;
	for (int i = 0; i < SEV_COUNT; i++) {
		/* to or from those known to be exploited; as findings they stay */
		(was_kev ? trend_add : trend_take_back)(ig, ingest_time(ig), i, was_kev,
							 (int)-n[i]);
		(is_kev ? trend_add : trend_take_back)(ig, ingest_time(ig), i, is_kev, (int)n[i]);
	}
	return true;
}

bool advisory_touch(struct ingest *ig, int64_t advisory, const struct facts *was, struct err *e)
{
	struct facts is;

	if (!read_facts(ig, advisory, &is, e) || !fact_advisory(ig, advisory, was, e))
		return false;
	keyset_add(&ig->advisories_changed, (uint64_t)advisory);
	return is.kev == was->kev || move_trend(ig, advisory, was->kev, is.kev, e);
}
