/* SPDX-License-Identifier: MIT */
/* ingest_scan.c - imports and scans: who looked, with what, when, and what the audit trail keeps of
 * it. */
#include <stdlib.h>

#include "store/ingest.h"

int64_t ingest_time(const struct ingest *ig)
{
	return ig->now_scan ? ig->now_scan->at : ig->o.at > 0 ? ig->o.at : ig->st->now;
}

/* ---- the import's own row ---- */

/* What came with earlier imports; triggers ask for it too. */
static bool highest(struct ingest *ig, const char *sql, const char *name, int64_t *out,
		    struct err *e)
{
	return db_scalar(db_stmt(ig->db, sql), 0, out, e) && meta_set_int(ig->st, name, *out, e);
}

bool import_begin(struct ingest *ig, struct err *e)
{
	static const uint8_t unknown[SHA256_SIZE];
	struct stmt *s;
	int64_t known;

	if (!ig->o.catalogue && !audit_next(ig->st, &ig->seq, e))
		return false;
	s = db_stmt(ig->db,
		    "INSERT INTO import (seq, sha256, size, name, importer, cluster, node,\n"
		    "                    image, at, imported_at)\n"
		    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)");
	db_int(s, 1, ig->seq);
	db_blob(s, 2, ig->o.sha256 ? ig->o.sha256 : unknown, SHA256_SIZE);
	db_int(s, 3, ig->o.size);
	db_text(s, 4, ig->o.file);
	db_text(s, 5, ig->o.importer);
	db_text(s, 6, ig->o.cluster ? ig->o.cluster : "");
	db_text(s, 7, ig->o.node ? ig->o.node : "");
	db_text(s, 8, ig->o.image ? ig->o.image : "");
	db_int(s, 9, ig->o.at);
	db_int(s, 10, ig->st->now);
	if (!db_run(s, e))
		return false;
	ig->import = db_last_id(ig->db);
	return highest(ig, "SELECT coalesce(max(id), 0) FROM asset", "old_assets",
		       &ig->old_assets, e) &&
	       highest(ig, "SELECT coalesce(max(id), 0) FROM advisory", "old_advisories", &known,
		       e);
}

static bool write_counts(struct ingest *ig, const char *what, const int64_t n[static 5],
			 struct err *e)
{
	struct stmt *s = db_stmt(ig->db,
				 "INSERT INTO import_count (import, what, read, created,\n"
				 "                          reopened, unchanged, resolved)\n"
				 "VALUES ($1, $2, $3, $4, $5, $6, $7)");

	db_int(s, 1, ig->import);
	db_text(s, 2, what);
	for (int i = 0; i < 5; i++)
		db_int(s, 3 + i, n[i]);
	return db_run(s, e);
}

static bool write_all_counts(struct ingest *ig, struct err *e)
{
	const struct ingest_stats *c = &ig->stats;
	const int64_t skipped[5] = { c->nskipped };

	for (int k = 0; k < COUNT_COUNT; k++) {
		const int64_t n[5] = { c->read[k], c->created[k], c->reopened[k], c->unchanged[k],
				       c->resolved[k] };

		if (n[0] + n[1] + n[2] + n[3] + n[4] > 0 &&
		    !write_counts(ig, count_word((enum count_kind)k), n, e))
			return false;
	}
	return c->nskipped == 0 || write_counts(ig, "skipped", skipped, e);
}

static bool write_skips(struct ingest *ig, struct err *e)
{
	for (size_t i = 0; i < ig->stats.nskip; i++) {
		struct stmt *s = db_stmt(ig->db,
					 "INSERT INTO import_skip (import, n, place, reason)\n"
					 "VALUES ($1, $2, $3, $4)");

		db_int(s, 1, ig->import);
		db_int(s, 2, (int64_t)i + 1);
		db_text(s, 3, ig->skip[i].place);
		db_text(s, 4, ig->skip[i].reason);
		if (!db_run(s, e))
			return false;
	}
	return true;
}

static void tell_counts(struct buf *b, const struct ingest_stats *c)
{
	for (int k = 0; k < COUNT_COUNT; k++)
		if (c->read[k] + c->created[k] + c->reopened[k] + c->resolved[k] > 0)
			buf_addf(b,
				 "%s\tread %lld, created %lld, reopened %lld, unchanged %lld, "
				 "resolved %lld\n",
				 count_word((enum count_kind)k), (long long)c->read[k],
				 (long long)c->created[k], (long long)c->reopened[k],
				 (long long)c->unchanged[k], (long long)c->resolved[k]);
	if (c->nskipped > 0)
		buf_addf(b, "skipped\t%lld\n", (long long)c->nskipped);
}

static void tell_import(struct ingest *ig, struct buf *b)
{
	char hex[2 * SHA256_SIZE + 1] = "", time[21];

	if (ig->o.sha256)
		hex_print(ig->o.sha256, SHA256_SIZE, hex);
	buf_addf(b, "sha256\t%s\nsize\t%lld\nimporter\t%s\n", hex, (long long)ig->o.size,
		 ig->o.importer);
	if (ig->o.vouched)
		buf_addf(b, "verified\t%s\n", ig->o.vouched);
	for (size_t i = 0; i < ig->nscan && i < 16; i++) {
		time_print(ig->scan[i]->at, time);
		buf_addf(b, "scan\t%s %s at %s%s\n", ig->scan[i]->word, ig->scan[i]->version, time,
			 ig->scan[i]->at_inferred ? " (inferred)" : "");
	}
	tell_counts(b, &ig->stats);
}

static bool write_hash(struct ingest *ig, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "UPDATE import\n"
					 "SET sha256 = $1\n"
					 "WHERE id = $2");

	db_blob(s, 1, ig->o.sha256, SHA256_SIZE);
	db_int(s, 2, ig->import);
	return db_run(s, e);
}

bool import_end(struct ingest *ig, struct err *e)
{
	struct buf after = BUF_INIT;
	bool ok;

	if (ig->o.sha256 && !write_hash(ig, e))
		return false;
	if (!write_all_counts(ig, e) || !write_skips(ig, e))
		return false;
	if (ig->o.catalogue)
		return true;
	tell_import(ig, &after);
	ok = audit_append(ig->st, &(struct audit_entry){ "import", ig->o.file, NULL, after.s },
			  NULL, e) &&
	     merge_records(ig, e);
	buf_release(&after);
	return ok;
}

/* ---- scans ---- */

bool source_id(struct ingest *ig, const char *word, int64_t *out, struct err *e)
{
	struct stmt *s;

	if (memo_get(&ig->sources, word, strlen(word), out))
		return true;
	s = db_stmt(ig->db, "INSERT INTO source (word)\n"
			    "VALUES ($1)\n"
			    "ON CONFLICT (word) DO UPDATE SET word = excluded.word\n"
			    "RETURNING id");
	db_text(s, 1, word);
	if (!db_scalar(s, 0, out, e))
		return false;
	memo_put(&ig->sources, word, strlen(word), *out);
	return true;
}

/* A tool's clock may be ahead of ours, or its time that of another zone; not by more than a day. */
bool is_to_come(const struct ingest *ig, int64_t at)
{
	return at > ig->st->now + DAY_S;
}

/*
 * What is of the future would be fresh until then, and newer than every scan that follows: a time
 * that cannot be is as good as none.
 */
static int64_t believed(struct ingest *ig, int64_t at, const char *what)
{
	char time[21];

	if (!is_to_come(ig, at))
		return at;
	time_print(at, time);
	ingest_warn(ig, "%s, %s, is in the future: not believed", what, time);
	return 0;
}

/* --at, else the file's own time, else the file's date, else now. */
static void set_time(struct ingest *ig, const struct rec_scan *r, struct scan *sc)
{
	int64_t said = ig->o.at > 0 ? ig->o.at : believed(ig, r->at, "when the tool ran");
	int64_t dated = ig->o.mtime <= ig->st->now ? ig->o.mtime : 0;

	sc->at = said > 0 ? said : dated > 0 ? dated : ig->st->now;
	sc->at_inferred = said <= 0;
	sc->db_built = believed(ig, r->db_built, "when the scanner's database was built");
}

static const char *first_of(const char *a, const char *b)
{
	return str_empty(a) ? (str_empty(b) ? NULL : b) : a;
}

static bool same_scan(const struct scan *a, const struct scan *b)
{
	return a->at == b->at && str_eq(a->word, b->word) && str_eq(a->version, b->version) &&
	       str_eq(a->cluster_name, b->cluster_name) && str_eq(a->node_name, b->node_name) &&
	       str_eq(a->partial, b->partial) && a->db_built == b->db_built;
}

static bool write_scan(struct ingest *ig, struct scan *sc, struct err *e)
{
	bool unnamed;
	int64_t cluster = 0, node = 0;
	struct stmt *s;

	if (!source_id(ig, sc->word, &sc->source, e))
		return false;
	if (sc->cluster_name && !cluster_id(ig, sc->cluster_name, &cluster, &unnamed, e))
		return false;
	if (sc->node_name && !host_id(ig, sc->cluster_name, sc->node_name, &node, e))
		return false;
	s = db_stmt(ig->db,
		    "INSERT INTO scan (import, source, version, at, at_inferred, db_built,\n"
		    "                  cluster, node, partial)\n"
		    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");
	db_int(s, 1, ig->import);
	db_int(s, 2, sc->source);
	db_text(s, 3, sc->version);
	db_int(s, 4, sc->at);
	db_int(s, 5, sc->at_inferred);
	db_int(s, 6, sc->db_built);
	db_int(s, 7, cluster);
	db_int(s, 8, node);
	db_text(s, 9, sc->partial ? sc->partial : "");
	if (!db_run(s, e))
		return false;
	sc->id = db_last_id(ig->db);
	return true;
}

static const char *kept(struct ingest *ig, const char *s)
{
	return arena_dup(&ig->mem, s);
}

static void adopt(struct ingest *ig, struct scan *sc)
{
	ig->scan = xrealloc_array(ig->scan, ig->nscan + 1, sizeof(*ig->scan));
	ig->scan[ig->nscan++] = sc;
	ig->now_scan = sc;
	if (sc->at > ig->newest)
		ig->newest = sc->at;
	if (ig->nscan == 1)
		ig->stats.time_inferred = sc->at_inferred;
}

bool put_scan(struct ingest *ig, const struct rec_scan *r, struct err *e)
{
	struct scan want = { .word = str_empty(r->source) ? "unknown" : r->source,
			     .version = r->version ? r->version : "",
			     .cluster_name = first_of(ig->o.cluster, r->cluster),
			     .node_name = first_of(ig->o.node, r->node),
			     .partial = ig->o.partial ? "asked for" : r->partial };
	struct scan *sc;

	set_time(ig, r, &want);
	ig->now_look = NULL;
	for (size_t i = ig->nscan; i-- > 0;)
		if (same_scan(ig->scan[i], &want)) {
			ig->now_scan = ig->scan[i];
			return true;
		}
	sc = arena_new(&ig->mem, struct scan);
	*sc = want;
	sc->word = kept(ig, want.word);
	sc->version = kept(ig, want.version);
	sc->cluster_name = kept(ig, want.cluster_name);
	sc->node_name = kept(ig, want.node_name);
	sc->partial = kept(ig, want.partial);
	adopt(ig, sc);
	return write_scan(ig, sc, e);
}

static bool date_scan(struct ingest *ig, struct scan *sc, struct err *e)
{
	struct stmt *s;

	if (!sc->at_inferred || believed(ig, sc->last_event, "the newest event's time") <= 0)
		return true;
	for (size_t i = 0; i < ig->nlook; i++)
		if (ig->look[i]->scan == sc)
			return true; /* it said more than events, of a time that is not theirs */
	sc->at = sc->last_event;
	sc->at_inferred = false;
	s = db_stmt(ig->db, "UPDATE scan\n"
			    "SET at = $1, at_inferred = 0\n"
			    "WHERE id = $2");
	db_int(s, 1, sc->at);
	db_int(s, 2, sc->id);
	return db_run(s, e);
}

bool scans_date(struct ingest *ig, struct err *e)
{
	ig->newest = 0;
	for (size_t i = 0; i < ig->nscan; i++) {
		if (!date_scan(ig, ig->scan[i], e))
			return false;
		if (ig->scan[i]->at > ig->newest)
			ig->newest = ig->scan[i]->at;
	}
	if (ig->nscan > 0)
		ig->stats.time_inferred = ig->scan[0]->at_inferred;
	return true;
}

bool need_scan(struct ingest *ig, struct err *e)
{
	const struct rec_scan unsaid = { .source = str_empty(ig->o.importer) ? NULL
									     : ig->o.importer };

	return ig->now_scan || put_scan(ig, &unsaid, e);
}
