/* SPDX-License-Identifier: MIT */
/* merge_advisory.c - an id turns out to be another name of a CVE: its findings become the CVE's. */
#include <stdlib.h>

#include "store/decision.h"
#include "store/merge.h"

struct holders {
	struct standing *s;
	size_t n, cap;
};

static bool read_holders(struct ingest *ig, int64_t advisory, struct holders *h, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "SELECT DISTINCT h.asset\n"
					 "FROM affects AS x\n"
					 "JOIN holds AS h ON h.part = x.part\n"
					 "JOIN finding AS f ON f.asset = h.asset\n"
					 "  AND f.advisory = x.advisory AND f.part = x.part\n"
					 "WHERE x.advisory = $1");

	db_int(s, 1, advisory);
	while (db_next(s)) {
		ARRAY_MORE(h->s, h->n, h->cap);
		h->s[h->n++] = (struct standing){ .asset = db_column(s, 0) };
	}
	if (!db_done(s, e))
		return false;
	for (size_t i = 0; i < h->n; i++)
		if (!standing_load(ig, h->s[i].asset, &h->s[i], e))
			return false;
	return true;
}

static bool restate_holders(struct ingest *ig, const struct holders *h, bool back, struct err *e)
{
	for (size_t i = 0; i < h->n; i++) {
		const struct standing none = { .asset = h->s[i].asset, .image = h->s[i].image };

		if (!asset_restate(ig, back ? &none : &h->s[i], back ? &h->s[i] : &none, e))
			return false;
	}
	return true;
}

static bool next_of(struct ingest *ig, int64_t asset, int64_t advisory, struct place *out,
		    struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "SELECT part\n"
					 "FROM finding\n"
					 "WHERE asset = $1 AND advisory = $2\n"
					 "LIMIT 1");

	*out = (struct place){ 0 };
	db_int(s, 1, asset);
	db_int(s, 2, advisory);
	if (db_next(s))
		*out = (struct place){ asset, advisory, db_column(s, 0) };
	return db_done(s, e);
}

static bool rename_advisory(struct ingest *ig, int64_t asset, int64_t keep, int64_t gone,
			    struct err *e)
{
	struct place from, to;

	for (;;) {
		if (!next_of(ig, asset, gone, &from, e))
			return false;
		if (from.asset == 0)
			return true;
		to = from;
		to.advisory = keep;
		if (!merge_finding(ig, &to, &from, e))
			return false;
	}
}

static const char *const copy_advisory_rows[] = {
	"INSERT INTO affects (advisory, part, fixed_in, fix, n)\n"
	"SELECT $1, part, fixed_in, fix, 0 FROM affects WHERE advisory = $2\n"
	"ON CONFLICT (advisory, part) DO NOTHING",
	"INSERT INTO advisory_alias (name, advisory, related)\n"
	"SELECT name, $1, related FROM advisory_alias WHERE advisory = $2\n"
	"ON CONFLICT (name, advisory) DO NOTHING",
	"UPDATE statement SET advisory = $1 WHERE advisory = $2",
	"UPDATE mute SET rule = $1 WHERE rule = $2",
	"INSERT INTO target (advisory, package, repository, at, seq, until, until_seq, due)\n"
	"SELECT $1, package, repository, at, seq, until, until_seq, due\n"
	"FROM target WHERE advisory = $2\n"
	"ON CONFLICT (advisory, package, repository, at, seq) DO NOTHING",
	"INSERT INTO decides (advisory, maker, package, part, place, holder, state, severity,\n"
	"                     check_in, at, until)\n"
	"SELECT $1, maker, package, part, place, holder, state, severity, check_in, at, until\n"
	"FROM decides WHERE advisory = $2\n"
	"ON CONFLICT (advisory, maker, package, part, place, holder) DO NOTHING",
	"UPDATE advisory\n"
	"SET kev = CASE WHEN o.kev > advisory.kev THEN o.kev ELSE advisory.kev END,\n"
	"    epss = CASE WHEN o.epss > advisory.epss THEN o.epss ELSE advisory.epss END,\n"
	"    kev_added = CASE WHEN advisory.kev_added = 0 THEN o.kev_added\n"
	"                     ELSE advisory.kev_added END,\n"
	"    kev_due = CASE WHEN advisory.kev_due = 0 THEN o.kev_due\n"
	"                   ELSE advisory.kev_due END,\n"
	"    triage = CASE WHEN o.triage > advisory.triage THEN o.triage\n"
	"                  ELSE advisory.triage END,\n"
	"    exploitation = CASE WHEN o.ssvc_at > advisory.ssvc_at OR advisory.exploitation = 0\n"
	"                        THEN o.exploitation ELSE advisory.exploitation END,\n"
	"    automatable = CASE WHEN o.ssvc_at > advisory.ssvc_at OR advisory.automatable = 0\n"
	"                       THEN o.automatable ELSE advisory.automatable END,\n"
	"    impact = CASE WHEN o.ssvc_at > advisory.ssvc_at OR advisory.impact = 0\n"
	"                  THEN o.impact ELSE advisory.impact END,\n"
	"    ssvc_at = CASE WHEN o.ssvc_at > advisory.ssvc_at THEN o.ssvc_at\n"
	"                   ELSE advisory.ssvc_at END,\n"
	"    title = CASE WHEN advisory.title = '' THEN o.title ELSE advisory.title END,\n"
	"    text = CASE WHEN advisory.text = 0 THEN o.text ELSE advisory.text END,\n"
	"    url = CASE WHEN advisory.url = '' THEN o.url ELSE advisory.url END\n"
	"FROM advisory AS o\n"
	"WHERE advisory.id = $1 AND o.id = $2",
};
static const char *const drop_advisory_rows[] = {
	"DELETE FROM affects WHERE advisory = $1",
	"DELETE FROM advisory_alias WHERE advisory = $1",
	"DELETE FROM decides WHERE advisory = $1",
	"DELETE FROM target WHERE advisory = $1",
	"DELETE FROM decided WHERE advisory = $1",
	/* the number stays taken, the name does not */
	"UPDATE advisory SET source = -1, name = name || ' merged:' || id WHERE id = $1",
};

static bool merge_held(struct ingest *ig, const struct holders *h, int64_t keep, int64_t gone,
		       struct err *e)
{
	struct facts was;

	if (!advisory_facts(ig, keep, &was, e) || !restate_holders(ig, h, false, e))
		return false;
	for (size_t i = 0; i < h->n; i++)
		if (!rename_advisory(ig, h->s[i].asset, keep, gone, e))
			return false;
	if (!merge_run_pairs(ig, copy_advisory_rows, LENGTH(copy_advisory_rows), keep, gone, e) ||
	    !merge_run_ones(ig, drop_advisory_rows, LENGTH(drop_advisory_rows), gone, e) ||
	    !merge_people_of_problems(ig, keep, gone, e))
		return false;
	return advisory_touch(ig, keep, &was, e) && restate_holders(ig, h, true, e);
}

static bool advisory_name(struct ingest *ig, int64_t id, const char **out, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "SELECT name\n"
					 "FROM advisory\n"
					 "WHERE id = $1");

	*out = "";
	db_int(s, 1, id);
	if (db_next(s))
		*out = arena_dup(&ig->mem, db_column_text(s, 0));
	return db_done(s, e);
}

static void holders_release(struct holders *h)
{
	for (size_t i = 0; i < h->n; i++)
		free(h->s[i].repository);
	free(h->s);
}

bool advisory_merge(struct ingest *ig, int64_t keep, int64_t gone, struct err *e)
{
	struct holders h = { 0 };
	const char *name;
	bool ok = advisory_name(ig, gone, &name, e) && holdings_flush(ig, e) &&
		  read_holders(ig, gone, &h, e) &&
		  merge_held(ig, &h, keep, gone, e);

	for (size_t i = 0; i < h.n; i++)
		keyset_add(&ig->redecide, (uint64_t)h.s[i].asset);
	holders_release(&h);
	if (!ok)
		return false;
	for (size_t i = 0; i < ig->nlook; i++)
		if (!entries_rename_advisory(ig, ig->look[i], gone, keep, e))
			return false;
	decisions_forget(ig);
	memo_reset(&ig->advisories);
	merge_note(ig, "advisory", keep, gone, name);
	return true;
}
