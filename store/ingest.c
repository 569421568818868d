/* SPDX-License-Identifier: MIT */
/* ingest.c - the sink: takes records, settles what they change, commits or leaves no trace. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "store/decision.h"
#include "store/judgement.h"
#include "store/weigh.h"

#define CACHE_MB      16 /* pages kept while importing */
#define CACHE_MB_END  8
#define SKIPS_KEPT    1000
#define WARNINGS_KEPT 50

static struct ingest *ingest_of(struct sink *s)
{
	return (struct ingest *)s;
}

/* ---- what the file's records do not say ---- */

void ingest_warn(struct ingest *ig, const char *fmt, ...)
{
	struct ingest_stats *stats = &ig->stats;
	struct buf text = BUF_INIT;
	va_list ap;

	va_start(ap, fmt);
	buf_addv(&text, fmt, ap);
	va_end(ap);
	for (size_t i = 0; i < stats->nwarning; i++)
		if (str_eq(ig->warning[i], text.s) || i + 1 == WARNINGS_KEPT)
			goto out;
	if (!ig->warning)
		ig->warning = arena_array(&stats->mem, const char *, WARNINGS_KEPT);
	ig->warning[stats->nwarning++] = arena_dup(&stats->mem, text.s);
	stats->warning = ig->warning;
out:
	buf_release(&text);
}

void ingest_skip(struct ingest *ig, const char *place, const char *reason)
{
	struct ingest_stats *stats = &ig->stats;

	stats->nskipped++;
	if (stats->nskip == SKIPS_KEPT)
		return;
	if (!ig->skip)
		ig->skip = arena_array(&stats->mem, struct skip, SKIPS_KEPT);
	ig->skip[stats->nskip++] = (struct skip){ arena_dup(&stats->mem, place ? place : ""),
						  arena_dup(&stats->mem, reason ? reason : "") };
	stats->skip = ig->skip;
}

/* ---- records ---- */

static bool count(struct ingest *ig, enum count_kind k)
{
	ig->stats.read[k]++;
	return true;
}

/* What records bear on by what they are; the rest is said where it is written. */
static void bear(struct store *st, const struct record *r)
{
	switch (r->kind) {
	case REC_OBJECT:
	case REC_RUNNING:
	case REC_ENTRY:
	case REC_CHANGE:
		bears_on(st, BEARS_ALL);
		break;
	case REC_SIGNATURE:
		bears_on(st, BEARS_SIGNATURES | BEARS_DRIFT);
		break;
	case REC_STATEMENT:
	case REC_SIGNAL:
		bears_on(st, BEARS_DRIFT);
		break;
	case REC_EVENT:
		bears_on(st, r->u.event.kind == EVENT_ADMISSION ? BEARS_DRIFT : 0u);
		break;
	default:
		break;
	}
}

static bool put_one(struct ingest *ig, const struct record *r, struct err *e)
{
	bear(ig->st, r);
	switch (r->kind) {
	case REC_SCAN:
		return put_scan(ig, &r->u.scan, e);
	case REC_ASSET:
		return put_asset(ig, &r->u.asset, e);
	case REC_COVER:
		return put_cover(ig, &r->u.cover, e);
	case REC_VULNERABILITY:
		return count(ig, COUNT_FINDINGS) && put_vulnerability(ig, &r->u.vulnerability, e);
	case REC_CHECK: /* one that fails is a row of the findings too */
		if (r->u.check.verdict == VERDICT_FAIL)
			count(ig, COUNT_FINDINGS);
		return count(ig, COUNT_CHECKS) && put_check(ig, &r->u.check, e);
	case REC_FINDING:
		return count(ig, COUNT_FINDINGS) && put_finding(ig, &r->u.finding, e);
	case REC_COMPONENT:
		return count(ig, COUNT_COMPONENTS) && put_component(ig, &r->u.component, e);
	case REC_STATEMENT:
		if (!r->u.statement.more)
			count(ig, COUNT_STATEMENTS);
		return put_statement(ig, &r->u.statement, e);
	case REC_EVENT:
		return count(ig, COUNT_EVENTS) && put_event(ig, &r->u.event, e);
	case REC_SIGNATURE:
		return count(ig, COUNT_SIGNATURES) && put_signature(ig, &r->u.signature, e);
	case REC_OBJECT:
		return count(ig, COUNT_OBJECTS) && put_object(ig, &r->u.object, e);
	case REC_RUNNING:
		return count(ig, COUNT_CONTAINERS) && put_running(ig, &r->u.running, e);
	case REC_SIGNAL:
		return count(ig, COUNT_SIGNALS) && put_signal(ig, &r->u.signal, e);
	case REC_ENTRY:
		return count(ig, COUNT_ENTRIES) && put_entry(ig, &r->u.entry, e);
	case REC_CHANGE: /* no row of its own */
		return put_change(ig, &r->u.change);
	case REC_SKIP:
		ingest_skip(ig, r->u.skip.place, r->u.skip.reason);
		return true;
	case REC_KIND_COUNT:
		break;
	}
	return true;
}

static bool ingest_put(struct sink *s, const struct record *r, struct err *e)
{
	struct ingest *ig = ingest_of(s);

	if (ig->dead)
		return true;
	arena_reset(&ig->row);
	return put_one(ig, r, e);
}

static bool ingest_tick(struct sink *s, uint64_t done, uint64_t total, struct err *e)
{
	struct ingest *ig = ingest_of(s);

	if (ig->watch && !ig->watch(ig->watch_ctx, done, total))
		return err_set(e, ERR_CANCEL, "cancelled");
	return true;
}

/* ---- beginning ---- */

static const char *keep(struct ingest *ig, const char *s)
{
	return arena_dup(&ig->mem, s);
}

static void copy_options(struct ingest *ig, const struct ingest_opts *o)
{
	ig->o = *o;
	ig->o.file = keep(ig, o->file ? o->file : "");
	ig->o.importer = keep(ig, o->importer ? o->importer : "");
	ig->o.cluster = keep(ig, o->cluster);
	ig->o.node = keep(ig, o->node);
	ig->o.image = keep(ig, o->image);
	ig->o.vouched = keep(ig, o->vouched);
	if (o->sha256)
		ig->o.sha256 = memcpy(arena_array(&ig->mem, uint8_t, SHA256_SIZE), o->sha256,
				      SHA256_SIZE);
}

bool store_has_import(struct store *st, const struct ingest_opts *o, bool *yes, struct err *e)
{
	struct stmt *s = db_stmt(st->db, "SELECT 1\n"
					 "FROM import\n"
					 "WHERE sha256 = $1 AND importer = $2 AND cluster = $3\n"
					 "  AND node = $4 AND image = $5 AND at = $6");
	int64_t found;

	db_blob(s, 1, o->sha256, SHA256_SIZE);
	db_text(s, 2, o->importer ? o->importer : "");
	db_text(s, 3, o->cluster ? o->cluster : "");
	db_text(s, 4, o->node ? o->node : "");
	db_text(s, 5, o->image ? o->image : "");
	db_int(s, 6, o->at);
	if (!db_scalar(s, 0, &found, e))
		return false;
	*yes = found != 0;
	return true;
}

bool store_has_size(struct store *st, int64_t size, bool *yes, struct err *e)
{
	struct stmt *s = db_stmt(st->db, "SELECT 1\n"
					 "FROM import\n"
					 "WHERE size = $1\n"
					 "LIMIT 1");
	int64_t found;

	db_int(s, 1, size);
	if (!db_scalar(s, 0, &found, e))
		return false;
	*yes = found != 0;
	return true;
}

static bool begin(struct ingest *ig, struct err *e)
{
	bool known = false;

	if (ig->o.sha256 && !store_has_import(ig->st, &ig->o, &known, e))
		return false;
	ig->dead = ig->stats.duplicate = known;
	return known || (import_begin(ig, e) && decisions_settle_now(ig, e));
}

void ingest_release(struct ingest *ig)
{
	struct memo *memos[] = { &ig->advisories,    &ig->packages,  &ig->parts,
				 &ig->short_texts,   &ig->texts,     &ig->words,
				 &ig->sources,	     &ig->assets,    &ig->facts,
				 &ig->repositories,  &ig->containers, &ig->witnesses,
				 &ig->objects,	     &ig->told_parts };

	for (size_t i = 0; i < LENGTH(memos); i++)
		memo_release(memos[i]);
	beside_release(&ig->part_packages);
	looks_release(ig);
	if (ig->spill_fd > 0)
		close(ig->spill_fd);
	rollups_release(ig);
	tallies_release(ig);
	trends_release(ig);
	standings_release(ig);
	clocks_release(ig);
	alerts_release(ig);
	weighings_forget(ig);
	heard_release(ig);
	holdings_release(ig);
	catalogue_release(ig);
	decisions_forget(ig);
	free(ig->maker);
	free(ig->merges);
	sha256_free(ig->hash);
	buf_release(&ig->fields);
	event_pack_release(&ig->pack);
	intern_release(&ig->strings);
	keyset_release(&ig->advisories_changed);
	keyset_release(&ig->places);
	keyset_release(&ig->spaces);
	keyset_release(&ig->spaces_of);
	keyset_release(&ig->serviced);
	keyset_release(&ig->redecide);
	keyset_release(&ig->said);
	free(ig->unsaid);
	ingest_stats_release(&ig->stats);
	arena_release(&ig->row);
	arena_release(&ig->mem);
}

static void release(struct ingest *ig)
{
	struct err ignored = ERR_INIT;

	db_cache_size(ig->db, CACHE_MB_END);
	if (!batch_leave(ig->st, false, &ignored))
		die("a rollback cannot fail");
	ingest_release(ig);
	free(ig);
}

/* The write lock is had; NULL: it is given back. */
static struct ingest *ingest_new(struct store *st, struct err *e)
{
	struct ingest *ig;

	db_cache_size(st->db, CACHE_MB);
	ig = xcalloc(1, sizeof(*ig));
	ig->sink = (struct sink){ ingest_put, ingest_tick };
	ig->st = st;
	ig->db = st->db;
	ig->hash = sha256_new();
	ig->fields = (struct buf)BUF_INIT;
	ig->pack = (struct event_pack)EVENT_PACK_INIT;
	holdings_init(ig);
	if (store_policy(st, &ig->policy, e) && store_policies(st, &ig->policies, e))
		return ig;
	release(ig);
	return NULL;
}

bool store_ingest_begin(struct store *st, const struct ingest_opts *o, struct sink **out,
			struct err *e)
{
	struct ingest *ig;

	*out = NULL;
	if (!o->catalogue && !store_may_import(st, e))
		return false;
	if (!batch_enter(st, e))
		return false;
	ig = ingest_new(st, e);
	if (!ig)
		return false;
	copy_options(ig, o);
	if (!begin(ig, e)) {
		release(ig);
		return false;
	}
	*out = &ig->sink;
	return true;
}

void store_ingest_watch(struct sink *s, bool (*fn)(void *ctx, uint64_t done, uint64_t total),
			void *ctx)
{
	struct ingest *ig = ingest_of(s);

	ig->watch = fn;
	ig->watch_ctx = ctx;
}

bool store_ingest_hash(struct sink *s, const uint8_t sha256[static SHA256_SIZE], struct err *e)
{
	struct ingest *ig = ingest_of(s);
	bool known;

	if (ig->o.sha256)
		return true;
	ig->o.sha256 = memcpy(arena_array(&ig->mem, uint8_t, SHA256_SIZE), sha256, SHA256_SIZE);
	if (!store_has_import(ig->st, &ig->o, &known, e))
		return false;
	ig->dead = ig->stats.duplicate = known;
	return true;
}

/* ---- the end: what the records change, in an order in which each step finds the one before done
 * ---- */

static int older_first(const void *a, const void *b)
{
	const struct look *x = *(const struct look *const *)a, *y = *(const struct look *const *)b;

	if (x->scan->at != y->scan->at)
		return x->scan->at < y->scan->at ? -1 : 1;
	return (x->scan->id > y->scan->id) - (x->scan->id < y->scan->id);
}

static bool merge_looks(struct ingest *ig, struct err *e)
{
	if (!covers_widen(ig, e))
		return false;
	if (ig->nlook > 0)
		qsort(ig->look, ig->nlook, sizeof(*ig->look), older_first);
	for (size_t i = 0; i < ig->nlook; i++) {
		struct look *l = ig->look[i];

		arena_reset(&ig->row);
		if (!look_judge(ig, l, e) || !look_merge(ig, l, e) || !look_merge_checks(ig, l, e))
			return false;
		look_release(ig, l);
	}
	return true;
}

static bool settle(struct ingest *ig, struct err *e)
{
	events_tell(ig);
	return holdings_flush(ig, e) && event_pack_flush(&ig->pack, ig->db, e) &&
	       scans_date(ig, e) && inventory_settle(ig, e) && standings_settle(ig, e) &&
	       merge_looks(ig, e) && statements_unsay(ig, e) && decisions_settle(ig, e) &&
	       catalogue_settle(ig, e) && clocks_settle(ig, e) && advisories_settle(ig, e) &&
	       clocks_settle(ig, e) && problems_flush(ig, e) && alerts_settle(ig, e) &&
	       tallies_settle(ig, e) && trends_settle(ig, e) && clusters_settle(ig, e) &&
	       import_end(ig, e);
}

/* ---- acts ---- */

static bool act_begin(struct store *st, struct ingest **out, struct err *e)
{
	struct ingest *ig = ingest_new(st, e);

	*out = NULL;
	if (!ig)
		return false;
	if (!audit_next(st, &ig->seq, e) || !decisions_settle_now(ig, e)) {
		release(ig);
		return false;
	}
	*out = ig;
	return true;
}

bool ingest_act_begin(struct store *st, struct ingest **out, struct err *e)
{
	return db_begin(st->db, DB_SYNC_FULL, e) && act_begin(st, out, e);
}

void ingest_act_drop(struct ingest *ig)
{
	release(ig);
}

static bool act_settle(struct ingest *ig, struct err *e)
{
	return clocks_settle(ig, e) && problems_flush(ig, e) && tallies_settle(ig, e) &&
	       trends_settle(ig, e);
}

bool ingest_act_record(struct ingest *ig, const struct audit_entry *a, struct err *e)
{
	return act_settle(ig, e) && audit_append(ig->st, a, NULL, e) &&
	       audit_next(ig->st, &ig->seq, e);
}

bool ingest_act_end(struct ingest *ig, bool ok, const struct audit_entry *a, struct err *e)
{
	ok = ok && act_settle(ig, e) && (!a || audit_append(ig->st, a, NULL, e)) &&
	     judgement_keep(ig->st, e) && db_end(ig->db, true, e);
	bears_end(ig->st);
	release(ig);
	return ok;
}

static void tell(struct ingest *ig, struct ingest_stats *out)
{
	ig->stats.scan_time = ig->newest;
	if (ig->nscan > 0) {
		ig->stats.source = arena_dup(&ig->stats.mem, ig->scan[0]->word);
		ig->stats.version = arena_dup(&ig->stats.mem, ig->scan[0]->version);
	}
	*out = ig->stats;
	ig->stats = (struct ingest_stats){ .mem = ARENA_INIT };
}

bool store_ingest_end(struct sink *s, bool keep_it, struct ingest_stats *out, struct err *e)
{
	struct ingest *ig = ingest_of(s);
	bool ok = true;

	*out = (struct ingest_stats){ .mem = ARENA_INIT };
	if (keep_it && !ig->dead)
		ok = settle(ig, e) && (ig->o.dry_run || batch_leave(ig->st, true, e));
	if (ok)
		tell(ig, out);
	release(ig);
	return ok;
}

void ingest_stats_release(struct ingest_stats *s)
{
	arena_release(&s->mem);
	*s = (struct ingest_stats){ .mem = ARENA_INIT };
}

bool store_settle(struct store *st, bool wait, struct err *e)
{
	struct ingest *ig;
	bool due = false, mine;

	if (!store_unsettled(st, &due, e))
		return false;
	if (!due)
		return true;
	db_patience(st->db, wait);
	mine = db_begin(st->db, DB_SYNC_NORMAL, e);
	db_patience(st->db, true);
	return mine && act_begin(st, &ig, e) && ingest_act_end(ig, true, NULL, e);
}
