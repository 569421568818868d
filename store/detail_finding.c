/* SPDX-License-Identifier: MIT */
/* detail_finding.c - one finding in full: what, where, why this severity, who sees it, since when.
 */
#include "store/cvss.h"
#include "store/detail.h"
#include "store/judged.h"
#include "store/list.h"
#include "store/risk.h"
#include "store/scoped.h"
#include "store/weigh.h"

static const char SQL_FINDING[] =
	"SELECT a.kind, f.severity, COALESCE(d.state, f.state), a.name, a.title,\n"
	"COALESCE(t.body, ''), COALESCE(r.body, ''), a.url, COALESCE(cl.name, ''), s.name,\n"
	"COALESCE(i.name, ''),\n"
	"s.kind, COALESCE(i.running, 0), COALESCE(i.exposed, w.exposed, 0), k.type, k.name,\n"
	"q.version,\n"
	"COALESCE(x.fixed_in, ''), COALESCE(x.fix, ''), a.score, a.epss, a.vector, a.kev,\n"
	"a.kev_due, f.since, f.due, COALESCE(i.repository, 0), q.package, a.exploitation,\n"
	"a.automatable, a.impact, a.triage, a.kev_added\n"
	"FROM finding f\n"
	"JOIN advisory a ON a.id = f.advisory\n"
	"JOIN part q ON q.id = f.part\n"
	"JOIN package k ON k.id = q.package\n"
	"JOIN asset s ON s.id = f.asset\n"
	"LEFT JOIN image i ON i.asset = f.asset\n"
	"LEFT JOIN workload w ON w.asset = f.asset\n"
	"LEFT JOIN class cl ON cl.id = a.class\n"
	"LEFT JOIN text t ON t.id = a.text\n"
	"LEFT JOIN text r ON r.id = a.remedy\n"
	"LEFT JOIN affects x ON x.advisory = f.advisory AND x.part = f.part\n"
	"LEFT JOIN decided d ON d.asset = f.asset AND d.advisory = f.advisory AND d.part = f.part\n"
	"WHERE f.asset = $1 AND f.advisory = $2 AND f.part = $3";

struct work { /* what one question needs besides its answer */
	struct store *st;
	struct arena *mem;
	struct finding_detail *d;
	int64_t repository, package, kev_added;
	struct err *e;
};

static const char *column_text(struct work *w, struct stmt *s, int n)
{
	return arena_dup(w->mem, db_column_text(s, n));
}

static void read_what(struct work *w, struct stmt *s)
{
	struct finding_detail *d = w->d;

	d->kind = (enum finding_kind)db_column(s, 0);
	d->severity = (enum severity)db_column(s, 1);
	d->state = (enum finding_state)db_column(s, 2);
	d->name = column_text(w, s, 3);
	d->title = column_text(w, s, 4);
	d->text = column_text(w, s, 5);
	d->remedy = column_text(w, s, 6);
	d->url = column_text(w, s, 7);
	d->class_name = column_text(w, s, 8);
	d->score = (int)db_column(s, 19);
	d->epss = (int)db_column(s, 20);
	d->vector = column_text(w, s, 21);
	d->kev = db_column(s, 22) != 0;
	d->kev_due = db_column(s, 23);
	d->since = db_column(s, 24);
	d->due = db_column(s, 25);
	d->exploitation = (enum exploitation)db_column(s, 28);
	d->automatable = (enum said)db_column(s, 29);
	d->impact = (enum impact)db_column(s, 30);
	d->triage = (enum said)db_column(s, 31);
	w->kev_added = db_column(s, 32);
}

static void read_where(struct work *w, struct stmt *s)
{
	struct finding_detail *d = w->d;
	bool place = str_eq(db_column_text(s, 14), "@scope");

	d->asset_kind = (enum asset_kind)db_column(s, 11);
	d->asset_name = column_text(w, s, d->asset_kind == ASSET_IMAGE ? 10 : 9);
	d->running = db_column(s, 12);
	d->exposed = (int)db_column(s, 13);
	d->package_type = place ? "" : column_text(w, s, 14);
	d->package = place ? "" : column_text(w, s, 15);
	d->version = place ? "" : column_text(w, s, 16);
	d->fixed_in = column_text(w, s, 17);
	d->fix = column_text(w, s, 18);
	d->scope = place ? column_text(w, s, 15) : "";
	d->place = place ? column_text(w, s, 16) : "";
	w->repository = db_column(s, 26);
	w->package = db_column(s, 27);
}

static void bind_key(struct stmt *s, const struct finding_detail *d)
{
	db_int(s, 1, d->asset);
	db_int(s, 2, d->advisory);
	db_int(s, 3, d->part);
}

static bool load_finding(struct work *w)
{
	struct stmt *s = db_stmt(w->st->db, SQL_FINDING);
	bool found;

	bind_key(s, w->d);
	found = db_next(s);
	if (found) {
		read_what(w, s);
		read_where(w, s);
	}
	if (!db_done(s, w->e))
		return false;
	return found ||
	       err_set(w->e, ERR_USAGE, "there is no finding %lld-%lld-%lld",
		       (long long)w->d->asset, (long long)w->d->advisory, (long long)w->d->part);
}

static bool load_lists(struct work *w)
{
	static const char aliases[] = "SELECT name\n"
				      "FROM advisory_alias\n"
				      "WHERE advisory = $1\n"
				      "ORDER BY related, name";
	static const char locations[] = SQL_LOCATIONS("$1", "$2") "\nLIMIT 200";
	static const char digests[] =
		"SELECT value FROM digest WHERE image = $1\n"
		"ORDER BY CASE kind WHEN 1 THEN 0 ELSE 1 END, kind, value LIMIT 1";
	static const char messages[] =
		"SELECT x.body FROM check_result c JOIN text x ON x.id = c.message\n"
		"WHERE c.asset = $1 AND c.advisory = $2 AND c.part = $3 ORDER BY c.gone, c.at DESC";
	struct finding_detail *d = w->d;
	struct stmt *s = db_stmt(w->st->db, aliases);

	db_int(s, 1, d->advisory);
	if (!detail_texts(s, w->mem, &d->alias, &d->nalias, w->e))
		return false;
	s = db_stmt(w->st->db, locations);
	db_int(s, 1, d->asset);
	db_int(s, 2, d->part);
	if (!detail_texts(s, w->mem, &d->location, &d->nlocation, w->e))
		return false;
	s = db_stmt(w->st->db, digests);
	db_int(s, 1, d->asset);
	if (!detail_text(s, w->mem, &d->asset_digest, w->e))
		return false;
	s = db_stmt(w->st->db, messages);
	bind_key(s, d);
	return detail_text(s, w->mem, &d->message, w->e);
}

/* ---- who sees it ---- */

/* Every source that ever saw it, and those that look at the asset for such things and never did. */
static const char SQL_SIGHTINGS[] =
	"SELECT o.word, COALESCE(w.body, 'silent'), COALESCE(g.severity, 5),\n"
	"COALESCE(g.score, -1), z.at, COALESCE(n.db_built, 0),\n"
	"CASE WHEN g.source IS NULL THEN z.at ELSE g.until END\n"
	"FROM (SELECT v.source AS source, max(v.at) AS at FROM cover v\n"
	"WHERE v.asset = $1 AND v.kind = $2 GROUP BY v.source) z\n"
	"JOIN source o ON o.id = z.source\n"
	"LEFT JOIN " SQL_SIGHTINGS("$3", "$4", "$5") " g ON g.source = z.source\n"
	"LEFT JOIN word w ON w.id = g.word\n"
	"LEFT JOIN scan n ON n.id = (SELECT max(v.scan) FROM cover v WHERE v.asset = $6\n"
	"AND v.source = z.source AND v.kind = $7 AND v.at = z.at)\n"
	"ORDER BY g.source IS NULL, g.until > 0, g.severity, o.word";

static bool load_sightings(struct work *w)
{
	struct finding_detail *d = w->d;
	struct stmt *s = db_stmt(w->st->db, SQL_SIGHTINGS);
	struct sighting *g = NULL;
	size_t cap = 0;

	db_int(s, 1, d->asset);
	db_int(s, 2, d->kind);
	db_int(s, 3, d->asset);
	db_int(s, 4, d->advisory);
	db_int(s, 5, d->part);
	db_int(s, 6, d->asset);
	db_int(s, 7, d->kind);
	while (db_next(s)) {
		DETAIL_MORE(w->mem, g, d->nsighting, cap);
		g[d->nsighting++] = (struct sighting){
			.source = column_text(w, s, 0),
			.word = column_text(w, s, 1),
			.severity = (enum severity)db_column(s, 2),
			.score = (int)db_column(s, 3),
			.last_scan = db_column(s, 4),
			.db_built = db_column(s, 5),
			.until = db_column(s, 6),
		};
	}
	d->sighting = g;
	for (size_t i = 0; i < d->nsighting; i++) {
		int64_t seen = g[i].until ? g[i].until : g[i].last_scan;

		if (!str_eq(g[i].word, "silent") && seen > d->last_seen)
			d->last_seen = seen;
	}
	return db_done(s, w->e);
}

/* "critical: trivy says CRITICAL (9.8), grype High; the worst counts"; a person's word outranks. */
static bool explain(struct work *w)
{
	struct finding_detail *d = w->d;
	const struct policy *p;

	if (!store_policy(w->st, &p, w->e))
		return false;
	d->why = arena_printf(w->mem, "%s: %s%s", severity_word(d->severity),
			      d->state == STATE_RISK_ADJUSTED ? "adjusted by decision; " : "",
			      weigh_explain(p, d->sighting, d->nsighting, w->mem));
	return true;
}

/* ---- the clock ---- */

static bool load_clock(struct work *w)
{
	static const char sql[] =
		"SELECT start\n"
		"FROM clock\n"
		"WHERE (repository = $1\n"
		"    OR repository IN (SELECT repository FROM image_name WHERE image = $2))\n"
		"  AND advisory = $3 AND package = $4 AND ended = 0\n"
		"ORDER BY start\n"
		"LIMIT 1";
	struct finding_detail *d = w->d;
	struct stmt *s = db_stmt(w->st->db, sql);

	db_int(s, 1, w->repository ? w->repository : -d->asset);
	db_int(s, 2, d->asset);
	db_int(s, 3, d->advisory);
	db_int(s, 4, d->kind == FINDING_VULNERABILITY ? w->package : 0);
	return db_scalar(s, 0, &d->clock_start, w->e);
}

/* What a rule cites, without the policy's own name before it; "" where that is the rule's name. */
static const char *cited(const struct policy *p, const struct policy_deadline *rule)
{
	const char *said = rule->citation;
	size_t n = strlen(p->name);

	if (str_prefix(said, p->name) && str_prefix(said + n, ": "))
		said += n + strlen(": ");
	return str_eq(said, rule->id) ? "" : said;
}

static const char *due_text(struct work *w, const struct policy *p,
			    const struct policy_deadline *rule)
{
	const char *said;

	if (!rule)
		return "date of the catalogue of exploited vulnerabilities";
	said = cited(p, rule);
	return arena_printf(w->mem, "%s: %s%s%s%s%s", p->name, rule->id,
			    str_empty(said) ? "" : " (", said, str_empty(said) ? "" : ")",
			    w->d->due == deadline_end(p->grace_to)
				    ? ", at the end of its grace"
				    : "");
}

/* Who set an earlier date, if that is what it is due by: "target set by ruiz"; NULL. */
static bool load_target(struct work *w, const char **out)
{
	static const char sql[] =
		"SELECT a.actor\n"
		"FROM target AS t JOIN audit AS a ON a.seq = t.seq\n"
		"WHERE t.advisory = $1 AND t.package = $2 AND t.until = 0\n"
		"  AND (t.due - 1) / 86400 = $3 / 86400\n"
		"ORDER BY t.seq DESC\n"
		"LIMIT 1";
	const struct finding_detail *d = w->d;
	struct stmt *s = db_stmt(w->st->db, sql);

	*out = NULL;
	db_int(s, 1, d->advisory);
	db_int(s, 2, d->kind == FINDING_VULNERABILITY ? w->package : 0);
	db_int(s, 3, d->due);
	if (db_next(s))
		*out = arena_printf(w->mem, "target set by %s", db_column_text(s, 0));
	return db_done(s, w->e);
}

static bool load_due_rule(struct work *w)
{
	struct finding_detail *d = w->d;
	struct deadline_case c = {
		.severity = d->severity,
		.kev = d->kev,
		.exposed = d->exposed > 0,
		.running = d->running > 0 || !(d->asset_kind == ASSET_IMAGE ||
					       d->asset_kind == ASSET_TREE),
		.automatable = d->automatable == SAID_YES,
		.partial = d->impact == IMPACT_PARTIAL,
		.epss = d->epss,
		.kev_added = d->kev ? w->kev_added : 0,
		.kev_due = d->kev ? d->kev_due : 0,
		.start = d->clock_start ? d->clock_start : d->since,
	};
	const struct policy_deadline *rule;
	const struct policies *all;
	const struct policy *by;
	uint64_t tags;

	if (d->due == DUE_NONE)
		return true;
	if (d->state == STATE_VENDOR) {
		d->due_rule = "the next check-in with the vendor";
		return true;
	}
	if (!load_target(w, &d->due_rule))
		return false;
	if (d->due_rule)
		return true;
	if (!store_policies(w->st, &all, w->e) ||
	    !asset_tags(w->st, all, d->asset, &tags, w->e))
		return false;
	if (tags_have(all, tags, TAG_EXPOSED))
		c.exposed = true;
	if (deadline_end(policies_due(all, tags, &c, &by, &rule)) == d->due)
		d->due_rule = due_text(w, by, rule);
	else
		d->due_rule = arena_printf(w->mem, "set under another policy than %s",
					   all->p[0]->name);
	return true;
}

static bool load_risk(struct work *w)
{
	struct finding_detail *d = w->d;
	const struct risk_case c = {
		.severity = d->severity,
		.kev = d->kev,
		.running = d->running > 0 ||
			   !(d->asset_kind == ASSET_IMAGE || d->asset_kind == ASSET_TREE),
		.fixable = !str_empty(d->fixed_in),
		.epss = d->epss,
		.score = d->score,
		.exposed = d->exposed,
	};

	d->risk = risk_of(&c);
	d->risk_why = risk_explain(&c, w->mem);
	d->vector_score = cvss_score(d->vector);
	return true;
}

/* ---- what became of it ---- */

static const char SQL_SPANS[] =
	"SELECT p.at, p.state, p.severity, COALESCE(u.actor, ''), COALESCE(u.object, '')\n"
	"FROM span p\n"
	"LEFT JOIN audit u ON u.seq = p.seq\n"
	"WHERE p.asset = $1 AND p.advisory = $2 AND p.part = $3 AND p.until_seq = 0\n"
	"ORDER BY p.at, p.seq";

static const char *change(struct work *w, int64_t state, int64_t severity, int64_t was_state,
			  int64_t was_severity)
{
	if (state != was_state)
		return state == STATE_OPEN ? "reopened" : state_word((enum finding_state)state);
	if (severity != was_severity && was_severity >= 0)
		return arena_printf(w->mem, "%s, was %s", severity_word((enum severity)severity),
				    severity_word((enum severity)was_severity));
	return severity_word((enum severity)severity);
}

static void first_seen(struct work *w, struct history *h)
{
	const char *by = "";

	for (size_t i = 0; i < w->d->nsighting; i++)
		if (!str_eq(w->d->sighting[i].word, "silent") && str_empty(by))
			by = w->d->sighting[i].source;
	*h = (struct history){ .at = w->d->since, .what = "opened", .who = by, .text = "" };
}

static bool load_history(struct work *w)
{
	struct finding_detail *d = w->d;
	struct stmt *s = db_stmt(w->st->db, SQL_SPANS);
	int64_t state = STATE_OPEN, severity = -1;
	struct history *h = NULL;
	size_t cap = 0;

	DETAIL_MORE(w->mem, h, d->nhistory, cap);
	first_seen(w, &h[d->nhistory++]);
	bind_key(s, d);
	while (db_next(s)) {
		DETAIL_MORE(w->mem, h, d->nhistory, cap);
		h[d->nhistory++] = (struct history){
			.at = db_column(s, 0),
			.what = change(w, db_column(s, 1), db_column(s, 2), state, severity),
			.who = column_text(w, s, 3),
			.text = column_text(w, s, 4),
		};
		state = db_column(s, 1);
		severity = db_column(s, 2);
	}
	d->history = h;
	return db_done(s, w->e);
}

/* ---- what was decided ---- */

static const char SQL_DECISIONS[] =
	"SELECT t.maker, t.state, t.at, t.until, COALESCE(x.requester, v.author, ''),\n"
	"COALESCE(x.approver, ''), COALESCE(x.reason, b.body, ''),\n"
	"COALESCE(x.justification, v.justification, ''), COALESCE(v.status, ''),\n"
	"COALESCE(d.maker, 0) = t.maker\n"
	"FROM decides t\n"
	"LEFT JOIN exception x ON x.id = t.maker\n"
	"LEFT JOIN statement v ON v.id = -t.maker\n"
	"LEFT JOIN text b ON b.id = v.text\n"
	"LEFT JOIN decided d ON d.asset = $1 AND d.advisory = $2 AND d.part = $3\n"
	"WHERE t.advisory IN (0, $2) AND t.part IN (0, $3) AND t.package IN (0, $4)\n"
	"AND (t.place IN (0, -$1) OR t.place IN (SELECT n.repository FROM image_name n\n"
	"WHERE n.image = $1))\n"
	"ORDER BY COALESCE(d.maker, 0) = t.maker DESC, t.at DESC, t.maker DESC\n"
	"LIMIT 50";

static const char SQL_DECISION[] =
	"SELECT d.maker, d.state, COALESCE(x.at, v.at),\n"
	"COALESCE(x.until, (SELECT max(t.until) FROM decides t\n"
	"WHERE t.advisory IN (0, d.advisory) AND t.maker = d.maker), 9223372036854775807),\n"
	"COALESCE(x.requester, v.author, ''), COALESCE(x.approver, ''),\n"
	"COALESCE(x.reason, b.body, ''), COALESCE(x.justification, v.justification, ''),\n"
	"COALESCE(v.status, ''), 1\n"
	"FROM decided d\n"
	"LEFT JOIN exception x ON x.id = d.maker\n"
	"LEFT JOIN statement v ON v.id = -d.maker\n"
	"LEFT JOIN text b ON b.id = v.text\n"
	"WHERE d.asset = $1 AND d.advisory = $2 AND d.part = $3";

static struct verdict_on read_decision(struct stmt *s, struct arena *mem)
{
	int64_t maker = db_column(s, 0);

	return (struct verdict_on){
		.id = maker > 0 ? maker : -maker,
		.machine = maker < 0,
		.state = (enum finding_state)db_column(s, 1),
		.from = db_column(s, 2),
		.until = db_column(s, 3),
		.who = arena_dup(mem, db_column_text(s, 4)),
		.approver = arena_dup(mem, db_column_text(s, 5)),
		.reason = arena_dup(mem, db_column_text(s, 6)),
		.justification = arena_dup(mem, db_column_text(s, 7)),
		.status = arena_dup(mem, db_column_text(s, 8)),
		.holds = db_column(s, 9) != 0,
	};
}

bool store_decision(struct store *st, const int64_t key[static 3], struct arena *mem,
		    struct verdict_on *out, struct err *e)
{
	struct stmt *s = db_stmt(st->db, SQL_DECISION);
	bool found;

	for (int i = 0; i < 3; i++)
		db_int(s, 1 + i, key[i]);
	found = db_next(s);
	if (found)
		*out = read_decision(s, mem);
	if (!db_done(s, e))
		return false;
	return found ||
	       err_set(e, ERR_USAGE, "nothing was decided of finding %lld-%lld-%lld",
		       (long long)key[0], (long long)key[1], (long long)key[2]);
}

static bool load_decisions(struct work *w)
{
	struct finding_detail *d = w->d;
	struct stmt *s = db_stmt(w->st->db, SQL_DECISIONS);
	struct verdict_on *v = NULL;
	size_t cap = 0;

	bind_key(s, d);
	db_int(s, 4, w->package);
	while (db_next(s)) {
		DETAIL_MORE(w->mem, v, d->ndecision, cap);
		v[d->ndecision++] = read_decision(s, w->mem);
	}
	d->decision = v;
	return db_done(s, w->e);
}

/* ---- what it bears on ---- */

static bool load_reach(struct work *w)
{
	static const char sql[] = "SELECT assets, running\n"
				  "FROM problem\n"
				  "WHERE advisory = $1 AND package = $2";
	struct finding_detail *d = w->d;
	struct stmt *s = db_stmt(w->st->db, sql);

	db_int(s, 1, d->advisory);
	db_int(s, 2, d->kind == FINDING_VULNERABILITY ? w->package : 0);
	if (db_next(s)) {
		d->problem = d->kind == FINDING_VULNERABILITY ? w->package : 0;
		d->reach = db_column(s, 0);
		d->reach_running = db_column(s, 1);
	}
	return db_done(s, w->e);
}

static bool load_controls(struct work *w)
{
	struct finding_detail *d = w->d;
	struct refs r;

	if (d->kind == FINDING_VULNERABILITY && str_empty(d->class_name))
		d->class_name = detail_vulnerability_class(d->severity);
	if (!refs_begin(w->st, w->mem, &r, w->e) || !refs_add_class(&r, d->class_name, w->e) ||
	    (d->kev && !refs_add_class(&r, "vuln-kev", w->e)) ||
	    !refs_add_rule(&r, d->advisory, w->e))
		return false;
	refs_end(&r, false, &d->control, &d->ncontrol);
	return true;
}

static bool load_people(struct work *w)
{
	struct finding_detail *d = w->d;
	const struct scope near[] = {
		{ SCOPE_FINDING, { d->asset, d->advisory, d->part } },
		{ SCOPE_IMAGE, { d->asset } },
		{ SCOPE_REPOSITORY, { w->repository } },
	};

	return object_notes(w->st, &near[0], w->mem, &d->note, &d->nnote, w->e) &&
	       detail_owner(w->st, near, LENGTH(near), w->mem, &d->owner, w->e);
}

bool store_finding(struct store *st, const int64_t key[static 3], struct arena *mem,
		   struct finding_detail *out, struct err *e)
{
	struct work w = { .st = st, .mem = mem, .d = out, .e = e };
	bool mine, ok;

	*out = (struct finding_detail){ .asset = key[0], .advisory = key[1], .part = key[2] };
	if (!reading_begin(st, &mine, e))
		return false;
	ok = load_finding(&w) && load_lists(&w) && load_sightings(&w) && load_clock(&w) &&
	     load_due_rule(&w) && load_risk(&w) && load_history(&w) && load_decisions(&w) &&
	     load_reach(&w) && load_controls(&w) && load_people(&w) && explain(&w);
	return reading_end(st, mine, ok, e);
}

bool store_problem_example(struct store *st, const int64_t problem[static 2], int64_t out[static 3],
			   bool *there, struct err *e)
{
	static const char sql[] =
		"SELECT f.asset, f.advisory, f.part\n"
		"FROM problem p\n"
		"CROSS JOIN affects x ON x.advisory = p.advisory\n"
		"CROSS JOIN part v ON v.id = x.part AND (p.package = 0 OR v.package = p.package)\n"
		"CROSS JOIN holds h ON h.part = v.id\n"
		"CROSS JOIN finding f ON f.asset = h.asset AND f.advisory = p.advisory\n"
		"  AND f.part = h.part\n"
		"WHERE p.advisory = $1 AND p.package = $2 AND f.state = 0\n"
		"  AND f.severity = p.severity\n"
		"  AND NOT EXISTS (SELECT 1 FROM image z WHERE z.asset = f.asset\n"
		"    AND z.current = 0 AND z.running = 0)\n"
		"LIMIT 1";
	struct stmt *s = db_stmt(st->db, sql);

	db_int(s, 1, problem[0]);
	db_int(s, 2, problem[1]);
	*there = db_next(s);
	for (int i = 0; *there && i < 3; i++)
		out[i] = db_column(s, i);
	return db_done(s, e);
}
