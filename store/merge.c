/* SPDX-License-Identifier: MIT */
/* merge.c - two records turn out to be one thing: what was kept under one moves to the other, for
 * good. */
#include <stdlib.h>

#include "store/decision.h"
#include "store/merge.h"
#include "store/sealed.h"
#include "store/weigh.h"

/* ---- the audit trail: told behind the import's own record ---- */

void merge_note(struct ingest *ig, const char *kind, int64_t keep, int64_t gone, const char *name)
{
	ARRAY_MORE(ig->merges, ig->nmerge, ig->capmerge);
	ig->merges[ig->nmerge++] = (struct audit_entry){
		"merge", arena_printf(&ig->mem, "%s %lld", kind, (long long)keep),
		arena_printf(&ig->mem, "%s\t%lld\nname\t%s\n", kind, (long long)gone, name),
		arena_printf(&ig->mem, "%s\t%lld\n", kind, (long long)keep)
	};
}

bool merge_records(struct ingest *ig, struct err *e)
{
	for (size_t i = 0; i < ig->nmerge; i++)
		if (!audit_append(ig->st, &ig->merges[i], NULL, e))
			return false;
	return true;
}

/* ---- one finding ---- */

static bool run_move(struct ingest *ig, const char *sql, const struct place *to,
		     const struct place *from, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, sql);

	db_int(s, 1, to->asset);
	db_int(s, 2, to->advisory);
	db_int(s, 3, to->part);
	db_int(s, 4, from->asset);
	db_int(s, 5, from->advisory);
	db_int(s, 6, from->part);
	return db_run(s, e);
}

static const char SQL_MOVE_FINDING[] = "UPDATE finding\n"
				       "SET asset = $1, advisory = $2, part = $3\n"
				       "WHERE asset = $4 AND advisory = $5 AND part = $6";
static const char SQL_MOVE_SPANS[] =
	"INSERT INTO span (asset, advisory, part, at, seq, until_seq, state, severity, planned)\n"
	"SELECT $1, $2, $3, at, seq, until_seq, state, severity, planned\n"
	"FROM span\n"
	"WHERE asset = $4 AND advisory = $5 AND part = $6\n"
	"ON CONFLICT (asset, advisory, part, at, seq) DO NOTHING";
static const char SQL_MOVE_SIGHTINGS[] =
	"INSERT INTO sighting_row (asset, advisory, part, source, severity, word, score, until)\n"
	"SELECT $1, $2, $3, source, severity, word, score, until\n"
	"FROM sighting_row\n"
	"WHERE asset = $4 AND advisory = $5 AND part = $6\n"
	"ON CONFLICT (asset, advisory, part, source) DO UPDATE\n"
	"SET until = CASE WHEN sighting_row.until = 0 OR excluded.until = 0 THEN 0\n"
	"                 WHEN sighting_row.until > excluded.until\n"
	"                      THEN sighting_row.until\n"
	"                 ELSE excluded.until END";

static const char SQL_MOVE_SIGHTED[] =
	"INSERT INTO sighting_span (asset, advisory, part, source, at, seq, severity, word, score, "
	"live)\n"
	"SELECT $1, $2, $3, source, at, seq, severity, word, score, live\n"
	"FROM sighting_span\n"
	"WHERE asset = $4 AND advisory = $5 AND part = $6\n"
	"ON CONFLICT (asset, advisory, part, source, at, seq) DO NOTHING";
/* Where one of the two has spans, what the row says now is spelt out too. */
static const char SQL_SPELL_SIGHTED[] =
	"INSERT INTO sighting_span (asset, advisory, part, source, at, seq, severity, word, score, "
	"live)\n"
	"SELECT g.asset, g.advisory, g.part, g.source, max(s.at), coalesce((SELECT CAST(value AS\n"
	"    INTEGER) FROM meta WHERE name = 'counter'), 0) + 1, g.severity, g.word, g.score,\n"
	"  g.until = 0\n"
	"FROM sighting AS g\n"
	"JOIN sighting_span AS s ON s.asset = g.asset AND s.advisory = g.advisory\n"
	"  AND s.part = g.part AND s.source = g.source\n"
	"WHERE g.asset = $1 AND g.advisory = $2 AND g.part = $3\n"
	"GROUP BY g.source\n"
	"ON CONFLICT (asset, advisory, part, source, at, seq) DO UPDATE\n"
	"SET severity = excluded.severity, word = excluded.word, score = excluded.score,\n"
	"    live = excluded.live";

static bool run_place(struct ingest *ig, const char *sql, const struct place *p, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, sql);

	db_int(s, 1, p->asset);
	db_int(s, 2, p->advisory);
	db_int(s, 3, p->part);
	return db_run(s, e);
}

static bool drop_place(struct ingest *ig, const struct place *p, struct err *e)
{
	static const char *const sql[] = {
		"DELETE FROM span WHERE asset = $1 AND advisory = $2 AND part = $3",
		"DELETE FROM sighting_row WHERE asset = $1 AND advisory = $2 AND part = $3",
		"DELETE FROM sighting_span WHERE asset = $1 AND advisory = $2 AND part = $3",
		"DELETE FROM finding WHERE asset = $1 AND advisory = $2 AND part = $3",
	};

	for (size_t i = 0; i < LENGTH(sql); i++)
		if (!run_place(ig, sql[i], p, e))
			return false;
	return true;
}

static bool move_sightings(struct ingest *ig, const struct place *to, const struct place *from,
			   struct err *e)
{
	return run_move(ig, SQL_MOVE_SIGHTINGS, to, from, e) &&
	       run_move(ig, SQL_MOVE_SIGHTED, to, from, e) &&
	       run_place(ig, SQL_SPELL_SIGHTED, to, e);
}

static bool read_finding(struct ingest *ig, const struct place *p, struct finding_row *out,
			 bool *found, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "SELECT severity, state, since, due\n"
					 "FROM finding\n"
					 "WHERE asset = $1 AND advisory = $2 AND part = $3");

	*out = (struct finding_row){ .advisory = p->advisory, .part = p->part };
	db_int(s, 1, p->asset);
	db_int(s, 2, p->advisory);
	db_int(s, 3, p->part);
	*found = db_next(s);
	if (*found) {
		out->severity = db_column(s, 0);
		out->state = db_column(s, 1);
		out->since = db_column(s, 2);
		out->due = db_column(s, 3);
	}
	return db_done(s, e);
}

static bool write_union(struct ingest *ig, const struct place *p, const struct finding_row *f,
			struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "UPDATE finding\n"
					 "SET severity = $1, state = $2, since = $3, due = $4\n"
					 "WHERE asset = $5 AND advisory = $6 AND part = $7");

	db_int(s, 1, f->severity);
	db_int(s, 2, f->state);
	db_int(s, 3, f->since);
	db_int(s, 4, DUE_NONE);
	db_int(s, 5, p->asset);
	db_int(s, 6, p->advisory);
	db_int(s, 7, p->part);
	return db_run(s, e);
}

/* Open outranks resolved, a decision outranks both; the severity is that of the worse open one,
 * until the sightings of both are weighed. */
static void unite(const struct finding_row *a, const struct finding_row *b, struct finding_row *out)
{
	bool a_open = a->state != STATE_RESOLVED, b_open = b->state != STATE_RESOLVED;

	*out = *a;
	out->since = a->since < b->since ? a->since : b->since;
	if (a_open == b_open)
		out->severity = a->severity < b->severity ? a->severity : b->severity;
	else
		out->severity = a_open ? a->severity : b->severity;
	if (a->state == STATE_RESOLVED || (a->state == STATE_OPEN && b_open))
		out->state = b->state;
}

static bool unite_severity(struct ingest *ig, const struct place *p, const struct finding_row *a,
			   const struct finding_row *b, struct finding_row *is, struct err *e)
{
	int64_t weight;

	if (a->state != STATE_OPEN || b->state != STATE_OPEN)
		return true;
	if (!weight_of(ig, p->asset, p->advisory, p->part, 0, &weight, e))
		return false;
	if (weight != WEIGHT_NONE)
		is->severity = weight_severity(weight);
	return true;
}

static bool join_findings(struct ingest *ig, const struct place *to, const struct place *from,
			  const struct finding_row *keep, const struct finding_row *gone,
			  struct err *e)
{
	int64_t at = ig->newest > 0 ? ig->newest : ingest_time(ig);
	struct finding_row is;
	bool same;

	unite(keep, gone, &is);
	same = keep->since == gone->since && keep->state == gone->state &&
	       keep->severity == gone->severity;
	if (!same &&
	    (!span_spell_out(ig, to->asset, keep, e) || !span_spell_out(ig, from->asset, gone, e)))
		return false;
	if (!sighting_spell_out(ig, to->asset, to->advisory, to->part, e) ||
	    !sighting_spell_out(ig, from->asset, from->advisory, from->part, e) ||
	    !run_move(ig, SQL_MOVE_SPANS, to, from, e) ||
	    !move_sightings(ig, to, from, e) || !drop_place(ig, from, e))
		return false;
	if (!same && !unite_severity(ig, to, keep, gone, &is, e))
		return false;
	if (!same && !span_change(ig, NULL, to->asset, keep, &at, is.state, is.severity, e))
		return false;
	return write_union(ig, to, &is, e);
}

#define FINDING_AT(p) \
	(struct scope){ SCOPE_FINDING, { (p)->asset, (p)->advisory, (p)->part } }

bool merge_finding(struct ingest *ig, const struct place *to, const struct place *from,
		   struct err *e)
{
	struct finding_row keep, gone;
	bool kept, found;

	bears_on(ig->st, BEARS_ALL);
	if (!read_finding(ig, to, &keep, &kept, e) || !read_finding(ig, from, &gone, &found, e) ||
	    !merge_people(ig, &FINDING_AT(to), &FINDING_AT(from), e))
		return false;
	if (kept)
		return join_findings(ig, to, from, &keep, &gone, e);
	return run_move(ig, SQL_MOVE_FINDING, to, from, e) &&
	       run_move(ig, SQL_MOVE_SPANS, to, from, e) &&
	       move_sightings(ig, to, from, e) && drop_place(ig, from, e);
}

/* ---- assets ---- */

bool merge_run_pair(struct ingest *ig, const char *sql, int64_t keep, int64_t gone, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, sql);

	db_int(s, 1, keep);
	db_int(s, 2, gone);
	return db_run(s, e);
}

static bool run_one(struct ingest *ig, const char *sql, int64_t id, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, sql);

	db_int(s, 1, id);
	return db_run(s, e);
}

static bool first_finding(struct ingest *ig, int64_t asset, struct place *out, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "SELECT advisory, part\n"
					 "FROM finding\n"
					 "WHERE asset = $1\n"
					 "LIMIT 1");

	*out = (struct place){ 0 };
	db_int(s, 1, asset);
	if (db_next(s))
		*out = (struct place){ asset, db_column(s, 0), db_column(s, 1) };
	return db_done(s, e);
}

static bool merge_findings(struct ingest *ig, int64_t keep, int64_t gone, struct err *e)
{
	struct place from, to;

	for (;;) {
		if (!first_finding(ig, gone, &from, e))
			return false;
		if (from.asset == 0)
			return true;
		to = from;
		to.asset = keep;
		if (!merge_finding(ig, &to, &from, e))
			return false;
	}
}

/* Rows whose key holds the asset: copied where there is none yet, then dropped. */
static const char *const copy_rows[] = {
	"INSERT INTO location (asset, part, path, layer)\n"
	"SELECT $1, part, path, layer FROM location WHERE asset = $2\n"
	"ON CONFLICT (asset, part, path) DO NOTHING",
	"INSERT INTO holds (part, asset)\n"
	"SELECT part, $1 FROM holds WHERE asset = $2\n"
	"ON CONFLICT (part, asset) DO NOTHING",
	"INSERT INTO check_result (asset, advisory, part, source, verdict, word, message, since, "
	"at, gone)\n"
	"SELECT $1, advisory, part, source, verdict, word, message, since, at, gone\n"
	"FROM check_result WHERE asset = $2\n"
	"ON CONFLICT (asset, advisory, part, source) DO UPDATE\n"
	"SET verdict = excluded.verdict, word = excluded.word, message = excluded.message,\n"
	"    since = excluded.since, at = excluded.at, gone = excluded.gone\n"
	"WHERE excluded.at > check_result.at",
	"INSERT INTO check_span (asset, advisory, part, source, at, seq, verdict, word, message, "
	"gone, silent)\n"
	"SELECT $1, advisory, part, source, at, seq, verdict, word, message, gone, silent\n"
	"FROM check_span WHERE asset = $2\n"
	"ON CONFLICT (asset, advisory, part, source, at, seq) DO NOTHING",
	/* where one of the two has spans, what the row says now is spelt out too */
	"INSERT INTO check_span (asset, advisory, part, source, at, seq, verdict, word, message, "
	"gone)\n"
	"SELECT c.asset, c.advisory, c.part, c.source, c.at, coalesce((SELECT CAST(value AS "
	"INTEGER)\n"
	"    FROM meta WHERE name = 'counter'), 0) + 1, c.verdict, c.word, c.message, c.gone\n"
	"FROM check_result AS c WHERE c.asset = $1 AND $2 > 0\n"
	"  AND EXISTS (SELECT 1 FROM check_span AS s WHERE s.asset = c.asset\n"
	"    AND s.advisory = c.advisory AND s.part = c.part AND s.source = c.source)\n"
	"ON CONFLICT (asset, advisory, part, source, at, seq) DO UPDATE\n"
	"SET verdict = excluded.verdict, word = excluded.word, message = excluded.message,\n"
	"    gone = excluded.gone",
	"UPDATE merged SET keep = $1 WHERE keep = $2",
	"INSERT INTO merged (keep, gone) VALUES ($1, $2)",
	"INSERT INTO cover (asset, source, kind, scope, at, scan, complete, passed, rows, lowest, "
	"unfixed)\n"
	"SELECT $1, source, kind, scope, at, scan, complete, passed, rows, lowest, unfixed\n"
	"FROM cover WHERE asset = $2\n"
	"ON CONFLICT (asset, source, kind, scope, at, scan) DO NOTHING",
	"INSERT INTO decides (advisory, maker, package, part, place, holder, state, severity,\n"
	"                     check_in, at, until)\n"
	"SELECT advisory, maker, package, part, -$1, holder, state, severity, check_in, at, until\n"
	"FROM decides WHERE place = -$2\n"
	"ON CONFLICT (advisory, maker, package, part, place, holder) DO NOTHING",
};
static const char *const drop_rows[] = {
	"DELETE FROM location WHERE asset = $1",
	"DELETE FROM holds WHERE asset = $1",
	"DELETE FROM check_result WHERE asset = $1",
	"DELETE FROM check_span WHERE asset = $1",
	"DELETE FROM cover WHERE asset = $1",
	"DELETE FROM decides WHERE place = -$1",
	"DELETE FROM decided WHERE asset = $1",
};
static const char *const copy_image_rows[] = {
	"INSERT INTO index_digest (value, image)\n"
	"SELECT value, $1 FROM index_digest WHERE image = $2\n"
	"ON CONFLICT (value, image) DO NOTHING",
	"INSERT INTO image_name (name, since, image, until, seen, repository, seq)\n"
	"SELECT name, since, $1, until, seen, repository, seq FROM image_name WHERE image = $2\n"
	"ON CONFLICT (name, since, image) DO NOTHING",
	"INSERT INTO image_name_was (name, since, image, by_seq, there, until, seen, repository, "
	"seq)\n"
	"SELECT name, since, $1, by_seq, there, until, seen, repository, seq\n"
	"FROM image_name_was WHERE image = $2\n"
	"ON CONFLICT (name, since, image, by_seq) DO NOTHING",
	"INSERT INTO signature_seen (image, predicate, signer, issuer, at, scan, result, "
	"log_index, signed_at)\n"
	"SELECT $1, predicate, signer, issuer, at, scan, result, log_index, signed_at\n"
	"FROM signature_seen WHERE image = $2\n"
	"ON CONFLICT (image, predicate, signer, issuer, at, scan) DO NOTHING",
	SQL_SIGNATURES_HOLD("WHERE image = $1 AND $2 > 0"),
	"UPDATE digest SET image = $1 WHERE image = $2",
	"UPDATE container SET image = $1 WHERE image = $2",
	"UPDATE statement SET asset = $1 WHERE asset = $2",
	"UPDATE image\n"
	"SET os = CASE WHEN image.os = '' THEN o.os ELSE image.os END,\n"
	"    arch = CASE WHEN image.arch = '' THEN o.arch ELSE image.arch END,\n"
	"    base = CASE WHEN image.base = '' THEN o.base ELSE image.base END,\n"
	"    built = CASE WHEN image.built = 0 THEN o.built ELSE image.built END,\n"
	"    eol = CASE WHEN o.eol > 0 THEN 1 ELSE image.eol END,\n"
	"    unpinned = CASE WHEN o.unpinned = 0 THEN 0 ELSE image.unpinned END,\n"
	"    db_built = CASE WHEN o.scanned_at > image.scanned_at THEN o.db_built\n"
	"                    ELSE image.db_built END,\n"
	"    scanned_at = CASE WHEN o.scanned_at > image.scanned_at THEN o.scanned_at\n"
	"                      ELSE image.scanned_at END\n"
	"FROM image AS o\n"
	"WHERE image.asset = $1 AND o.asset = $2",
};
static const char *const drop_image_rows[] = {
	"DELETE FROM index_digest WHERE image = $1",
	"DELETE FROM image_name WHERE image = $1",
	"DELETE FROM signature WHERE image = $1",
	"DELETE FROM signature_seen WHERE image = $1",
	"DELETE FROM image_name_was WHERE image = $1",
	"DELETE FROM image WHERE asset = $1",
	/* the number stays taken: nothing that comes later may be mistaken for it */
	"UPDATE asset SET name = 'merged:' || id WHERE id = $1",
};

bool merge_run_pairs(struct ingest *ig, const char *const *sql, size_t n, int64_t keep,
		     int64_t gone, struct err *e)
{
	for (size_t i = 0; i < n; i++)
		if (!merge_run_pair(ig, sql[i], keep, gone, e))
			return false;
	return true;
}

bool merge_run_ones(struct ingest *ig, const char *const *sql, size_t n, int64_t id, struct err *e)
{
	bears_on(ig->st, BEARS_ALL);
	for (size_t i = 0; i < n; i++)
		if (!run_one(ig, sql[i], id, e))
			return false;
	return true;
}

bool merge_asset_rows(struct ingest *ig, int64_t keep, int64_t gone, struct err *e)
{
	decisions_forget(ig);
	keyset_add(&ig->redecide, (uint64_t)keep);
	return holdings_flush(ig, e) && merge_findings(ig, keep, gone, e) &&
	       merge_people_of_asset(ig, keep, gone, e) &&
	       merge_run_pairs(ig, copy_rows, LENGTH(copy_rows), keep, gone, e) &&
	       merge_run_ones(ig, drop_rows, LENGTH(drop_rows), gone, e);
}

bool merge_asset_name(struct ingest *ig, int64_t asset, const char **out, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "SELECT name\n"
					 "FROM asset\n"
					 "WHERE id = $1");

	*out = "";
	db_int(s, 1, asset);
	if (db_next(s))
		*out = arena_dup(&ig->mem, db_column_text(s, 0));
	return db_done(s, e);
}

void merge_touch(struct ingest *ig, int64_t keep, int64_t gone)
{
	asset_touch(ig, keep, false);
	asset_touch(ig, keep, true);
	asset_touch(ig, gone, false);
	asset_touch(ig, gone, true);
}

bool image_merge(struct ingest *ig, int64_t keep, int64_t gone, struct err *e)
{
	const char *name;

	if (!merge_asset_name(ig, gone, &name, e) || !image_withdraw(ig, keep, e) ||
	    !image_withdraw(ig, gone, e) || !merge_asset_rows(ig, keep, gone, e) ||
	    !merge_run_pairs(ig, copy_image_rows, LENGTH(copy_image_rows), keep, gone, e) ||
	    !merge_run_ones(ig, drop_image_rows, LENGTH(drop_image_rows), gone, e))
		return false;
	merge_touch(ig, keep, gone);
	if (!looks_rename_asset(ig, gone, keep, e))
		return false;
	memo_reset(&ig->assets);
	memo_reset(&ig->containers);
	merge_note(ig, "image", keep, gone, name);
	return true;
}
