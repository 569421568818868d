/* SPDX-License-Identifier: MIT */
/*
 * gate.c - may this image be promoted? Every reason against it, with the fix where one is known.
 *
 * A refusal outranks missing evidence: an image with critical findings is refused whatever the age
 * of its scan.
 */
#include <inttypes.h>

#include "store/judge.h"

#define NAMED 3 /* findings named in a reason; the rest are counted */

struct gate {
	struct store *st;
	struct arena *mem;
	struct policy policy;
	int64_t image;
	struct gate_reason *reason;
	size_t n, cap;
};

static void add_reason(struct gate *g, const char *rule, const char *text, const char *fix,
                       bool evidence)
{
	if (g->n == g->cap) {
		size_t cap = g->cap ? 2 * g->cap : 8;
		struct gate_reason *grown = arena_array(g->mem, struct gate_reason, cap);

		if (g->n)
			memcpy(grown, g->reason, g->n * sizeof(*grown));
		g->reason = grown;
		g->cap = cap;
	}
	g->reason[g->n++] = (struct gate_reason){ rule, text, fix, evidence };
}

/* ---- findings over a limit ---- */

struct over { /* the findings of one limit */
	int64_t n;
	struct buf names, fixes;
	size_t nfix;
};

static void over_add(struct over *o, struct stmt *s)
{
	const char *name = db_column_text(s, 2), *package = db_column_text(s, 3);
	const char *version = db_column_text(s, 4), *fixed = db_column_text(s, 5);

	if (o->n++ >= NAMED)
		return;
	buf_addf(&o->names, "%s%s", o->names.len ? ", " : "", name);
	if (*package)
		buf_addf(&o->names, " %s %s", package, version);
	if (*fixed)
		buf_addf(&o->fixes, "%s%s to %s", o->nfix++ ? ", " : "bump ", package, fixed);
}

static void over_end(struct gate *g, struct over *o, int64_t limit, const char *rule,
                     const char *what)
{
	struct buf text = BUF_INIT;

	if (limit >= 0 && o->n > limit) {
		buf_addf(&text, "%" PRId64 " %s, %" PRId64 " allowed: %s", o->n, what, limit,
		         o->names.s);
		if (o->n > NAMED)
			buf_addf(&text, " and %" PRId64 " more", o->n - NAMED);
		add_reason(g, rule, arena_dup(g->mem, text.s),
		           o->fixes.len ? arena_dup(g->mem, o->fixes.s) : NULL, false);
	}
	buf_release(&text);
	buf_release(&o->names);
	buf_release(&o->fixes);
}

/* Open findings of the image, worst first; `more` narrows them. */
#define SQL_FINDINGS(more)                                                                         \
	"SELECT f.severity, a.kev, a.name, k.name, p.version, COALESCE(x.fixed_in, '')\n"          \
	"FROM finding AS f JOIN advisory AS a ON a.id = f.advisory\n"                              \
	"  JOIN part AS p ON p.id = f.part JOIN package AS k ON k.id = p.package\n"                \
	"  LEFT JOIN affects AS x ON x.advisory = f.advisory AND x.part = f.part\n"                \
	"WHERE f.asset = $1 AND f.state = $2 AND a.kind = $3" more "\n"                            \
	"ORDER BY f.severity, a.kev DESC, a.epss DESC, f.advisory, f.part"

static struct stmt *findings(struct gate *g, const char *sql, enum finding_kind kind)
{
	struct stmt *s = db_stmt(g->st->db, sql);

	db_int(s, 1, g->image);
	db_int(s, 2, STATE_OPEN);
	db_int(s, 3, kind);
	return s;
}

static bool check_vulnerabilities(struct gate *g, struct err *e)
{
	const struct policy_gate *limit = &g->policy.gate;
	struct over by_severity[SEV_COUNT], kev = { 0, BUF_INIT, BUF_INIT, 0 };
	struct stmt *s = findings(g, SQL_FINDINGS(""), FINDING_VULNERABILITY);

	for (int i = 0; i < SEV_COUNT; i++)
		by_severity[i] = (struct over){ 0, BUF_INIT, BUF_INIT, 0 };
	while (db_next(s)) {
		if (limit->fixable_only && !*db_column_text(s, 5))
			continue;
		over_add(&by_severity[db_column(s, 0)], s);
		if (db_column(s, 1))
			over_add(&kev, s);
	}
	over_end(g, &kev, limit->kev, "vulnerability.kev", "exploited in the wild (KEV)");
	for (int i = 0; i < SEV_COUNT; i++) {
		const char *word = severity_word((enum severity)i);

		over_end(g, &by_severity[i], limit->severity[i],
		         arena_printf(g->mem, "vulnerability.%s", word),
		         arena_printf(g->mem, "open %s vulnerabilities", word));
	}
	return db_done(s, e);
}

static bool check_secrets(struct gate *g, struct err *e)
{
	static const char sql[] = "SELECT f.severity, 0, a.name, '', '', ''\n"
				  "FROM finding AS f JOIN advisory AS a ON a.id = f.advisory\n"
				  "WHERE f.asset = $1 AND f.state = $2 AND a.kind = $3\n"
				  "ORDER BY f.severity, f.advisory, f.part";
	struct over secrets = { 0, BUF_INIT, BUF_INIT, 0 };
	struct stmt *s = findings(g, sql, FINDING_SECRET);

	while (db_next(s))
		over_add(&secrets, s);
	over_end(g, &secrets, g->policy.gate.secret, "secret", "secrets in the image");
	return db_done(s, e);
}

/* ---- evidence ---- */

static bool check_scan(struct gate *g, int64_t max_age, struct err *e)
{
	struct stmt *s = db_stmt(g->st->db,
	                         "SELECT scanned_at, db_built FROM image WHERE asset = $1");
	int64_t at = 0, built = 0;
	char age[16];

	db_int(s, 1, g->image);
	if (db_next(s)) {
		at = db_column(s, 0);
		built = db_column(s, 1);
	}
	if (!db_done(s, e))
		return false;
	if (!at) {
		add_reason(g, "scan.missing",
		           "no complete vulnerability scan of this image is on record",
		           "scan it, and import the report", true);
		return true;
	}
	time_print_span(g->st->now - at, age);
	if (g->st->now - at > max_age)
		add_reason(g, "scan.age", arena_printf(g->mem, "the last scan is %s old", age),
		           "scan it again, and import the report", true);
	time_print_span(at - built, age);
	if (built && at - built > g->policy.gate.database_age)
		add_reason(
			g, "scan.database",
			arena_printf(g->mem, "the scanner's database was %s old when it ran", age),
			"update the scanner's database, and scan again", true);
	return true;
}

static bool check_signature(struct gate *g, struct err *e)
{
	static const char sql[] = "SELECT COUNT(*), COALESCE(MIN(result), -1)\n"
				  "FROM signature\n"
				  "WHERE image = $1 AND predicate = ''";
	struct stmt *s = db_stmt(g->st->db, sql);
	int64_t known = 0, best = -1;

	if (!g->policy.gate.signature)
		return db_done(s, e);
	db_int(s, 1, g->image);
	if (db_next(s)) {
		known = db_column(s, 0);
		best = db_column(s, 1);
	}
	if (!known)
		add_reason(g, "signature.missing", "nothing is known of a signature",
		           "verify it with cosign, and import the output", true);
	else if (best != SIGNATURE_OK)
		add_reason(g, "signature", "no valid signature by a trusted signer", "sign it",
		           false);
	return db_done(s, e);
}

/* ---- the answer ---- */

static bool name_image(struct gate *g, struct gate_answer *out, struct err *e)
{
	static const char sql[] =
		"SELECT i.name,\n"
		"  COALESCE((SELECT MIN(d.value) FROM digest AS d WHERE d.image = i.asset), '')\n"
		"FROM image AS i\n"
		"WHERE i.asset = $1";
	struct stmt *s = db_stmt(g->st->db, sql);

	db_int(s, 1, g->image);
	if (db_next(s)) {
		out->name = arena_dup(g->mem, db_column_text(s, 0));
		out->digest = arena_dup(g->mem, db_column_text(s, 1));
	}
	return db_done(s, e);
}

/* Refusals first, then what evidence is missing; each group in the order it was found. */
static void order_reasons(struct gate *g, struct gate_answer *out)
{
	struct gate_reason *sorted = arena_array(g->mem, struct gate_reason, g->n + 1);
	size_t n = 0;

	for (int evidence = 0; evidence < 2; evidence++)
		for (size_t i = 0; i < g->n; i++)
			if (g->reason[i].evidence == evidence)
				sorted[n++] = g->reason[i];
	out->reason = sorted;
	out->nreason = n;
	out->admitted = n == 0;
}

bool store_gate(struct store *st, const char *image, const char *policy, int64_t max_age,
                struct arena *mem, struct gate_answer *out, struct err *e)
{
	struct gate g = { .st = st, .mem = mem };
	const struct policy *in_force;

	*out = (struct gate_answer){ .admitted = false };
	if (!store_policy(st, &in_force, e))
		return false;
	g.policy = *in_force;
	if (policy && !policy_load(policy, mem, &g.policy, e))
		return false;
	if (!store_image_find(st, image, &g.image, e)) {
		if (e->kind == ERR_USAGE)
			e->kind = ERR_EVIDENCE; /* never seen: there is no answer */
		return false;
	}
	out->image = g.image;
	out->policy = arena_dup(mem, g.policy.name);
	if (!name_image(&g, out, e) || !check_vulnerabilities(&g, e) || !check_secrets(&g, e) ||
	    !check_scan(&g, max_age ? max_age : g.policy.gate.scan_age, e) ||
	    !check_signature(&g, e))
		return false;
	order_reasons(&g, out);
	return true;
}
