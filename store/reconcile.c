/* SPDX-License-Identifier: MIT */
/*
 * reconcile.c - what a scan says of an asset's findings against what is stored: created, seen
 * again, gone.
 *
 * The rows of a look, sorted, are merged with the asset's stored findings, which the database keeps
 * in the same order: one walk over both finds every difference, and writes nothing where there is
 * none.
 */
#include <stdlib.h>

#include "store/decision.h"
#include "store/weigh.h"

#define CHUNK 512 /* stored findings read at a time: nothing is written while a statement reads */

struct merge {
	struct ingest *ig;
	const struct look *l;
	struct standing s;
	struct group g;
	struct newcomers *new;
	bool grown;  /* something is new */
	struct entry_walk seen;
	struct weighing own; /* of this source's words */
	bool first;   /* no earlier import of this source looked at this asset */
	bool implied; /* no other import speaks of this asset at this time */
};

/* ---- reading ---- */

/* The row's own witness is its only sighting; without one, rows of their own tell. */
static const char SQL_STORED[] =
	"SELECT f.advisory, f.part, p.package, f.severity, f.state, f.since, f.due, f.witness,\n"
	"       w.source, coalesce(s.severity, w.severity), coalesce(s.word, w.word),\n"
	"       coalesce(s.score, w.score), s.until,\n"
	"       x.fixed_in, x.fix, coalesce(d.maker, 0), coalesce(d.state, f.state),\n"
	"       coalesce(d.check_in, 0)\n"
	"FROM finding AS f\n"
	"JOIN part AS p ON p.id = f.part\n"
	"LEFT JOIN witness AS w ON w.id = f.witness\n"
	"LEFT JOIN sighting_row AS s ON f.witness = 0 AND s.asset = f.asset\n"
	"  AND s.advisory = f.advisory AND s.part = f.part AND s.source = $1\n"
	"LEFT JOIN affects AS x ON x.advisory = f.advisory AND x.part = f.part\n"
	"LEFT JOIN decided AS d ON d.asset = f.asset AND d.advisory = f.advisory\n"
	"  AND d.part = f.part\n"
	"WHERE f.asset = $2 AND (f.advisory, f.part) > ($3, $4)\n"
	"ORDER BY f.advisory, f.part\n"
	"LIMIT $5";

/* Of a finding whose only sighting is another source's. */
static bool read_witness(struct merge *m, struct stmt *s, struct finding_row *f, struct err *e)
{
	struct weighing w;

	if (!weighing_of(m->ig, db_column(s, 8), &w, e))
		return false;
	f->others = weigh(&w, db_column(s, 9), db_column(s, 11));
	return true;
}

static void read_own(struct stmt *s, struct finding_row *f)
{
	f->own = true;
	f->own_severity = db_column(s, 9);
	f->own_word = db_column(s, 10);
	f->own_score = db_column(s, 11);
	f->own_until = db_column(s, 12);
}

static bool read_sightings(struct merge *m, struct stmt *s, struct finding_row *f, struct err *e)
{
	int64_t source = m->l->scan->source;
	bool told = !db_column_null(s, 9);

	f->others = WEIGHT_NONE;
	if (told && f->witness > 0 && db_column(s, 8) != source)
		return read_witness(m, s, f, e);
	if (told)
		read_own(s, f);
	return f->witness > 0 ||
	       weight_of(m->ig, m->l->asset, f->advisory, f->part, source, &f->others, e);
}

static bool read_row(struct merge *m, struct stmt *s, struct finding_row *f, struct err *e)
{
	*f = (struct finding_row){ .advisory = db_column(s, 0),
				   .part = db_column(s, 1),
				   .package = db_column(s, 2),
				   .severity = db_column(s, 3),
				   .state = db_column(s, 4),
				   .since = db_column(s, 5),
				   .due = db_column(s, 6),
				   .witness = db_column(s, 7),
				   .maker = db_column(s, 15),
				   .says = db_column(s, 16),
				   .check_in = db_column(s, 17) };
	f->fixed = arena_dup(&m->ig->row, db_column_text(s, 13));
	f->fix = arena_dup(&m->ig->row, db_column_text(s, 14));
	return read_sightings(m, s, f, e);
}

static bool read_chunk(struct merge *m, const struct finding_row *after, struct finding_row *out,
		       size_t *n, struct err *e)
{
	struct stmt *s = db_stmt(m->ig->db, SQL_STORED);
	bool ok = true;

	*n = 0;
	db_int(s, 1, m->l->scan->source);
	db_int(s, 2, m->l->asset);
	db_int(s, 3, after->advisory);
	db_int(s, 4, after->part);
	db_int(s, 5, CHUNK);
	while (ok && db_next(s))
		ok = read_row(m, s, &out[(*n)++], e);
	return db_done(s, e) && ok;
}

/* ---- writing ---- */

/* What its word weighs. */
static int64_t weight(const struct merge *m, const struct entry *x)
{
	return weigh(&m->own, x->severity, x->score);
}

/* As severe as the finding were, if nobody else saw it. */
static int64_t severity_of(const struct merge *m, const struct entry *x)
{
	return weight_severity(weight(m, x));
}

static struct saying saying_of(struct merge *m, const struct entry *x)
{
	return (struct saying){ m->l->scan->source, x->severity, x->word, x->score };
}

static bool write_sighting(struct merge *m, struct finding_row *f, const struct entry *x,
			   int64_t until, struct err *e)
{
	const struct saying w = saying_of(m, x);

	return sighting_write(m->ig, m->l->asset, f, &w, until, e);
}

static bool end_sighting(struct merge *m, struct finding_row *f, struct err *e)
{
	const struct saying w = { m->l->scan->source, f->own_severity, f->own_word, f->own_score };
	const struct sighted ended = { f->own_severity, f->own_word, f->own_score, false };

	return sighted_change(m->ig, m->l, f, &ended, e) &&
	       sighting_write(m->ig, m->l->asset, f, &w, m->l->scan->at, e);
}

static struct sighted sighted_of(const struct entry *x)
{
	return (struct sighted){ x->severity, x->word, x->score, true };
}

/* What a source's first look shows needs no span. */
static bool note_first(struct merge *m, const struct finding_row *f, const struct entry *x,
		       int64_t until, struct err *e)
{
	const struct sighted saw = sighted_of(x);

	return (m->first && until == 0) || sighted_first(m->ig, m->l, f, &saw, until, e);
}

static bool change_sighting(struct merge *m, struct finding_row *was, const struct entry *x,
			    struct err *e)
{
	const struct sighted saw = sighted_of(x);

	return (was->own ? sighted_change(m->ig, m->l, was, &saw, e)
			 : note_first(m, was, x, 0, e)) &&
	       write_sighting(m, was, x, 0, e);
}

static bool insert_finding(struct merge *m, const struct finding_row *f, struct err *e)
{
	struct stmt *s = db_stmt(m->ig->db,
				 "INSERT INTO finding (asset, advisory, part, severity, state,\n"
				 "                     since, due)\n"
				 "VALUES ($1, $2, $3, $4, $5, $6, $7)");

	db_int(s, 1, m->l->asset);
	db_int(s, 2, f->advisory);
	db_int(s, 3, f->part);
	db_int(s, 4, f->severity);
	db_int(s, 5, f->state);
	db_int(s, 6, f->since);
	db_int(s, 7, f->due);
	return db_run(s, e);
}

static bool update_finding(struct merge *m, const struct finding_row *f, struct err *e)
{
	struct stmt *s = db_stmt(m->ig->db, "UPDATE finding\n"
					    "SET severity = $1, state = $2, since = $3, due = $4\n"
					    "WHERE asset = $5 AND advisory = $6 AND part = $7");

	db_int(s, 1, f->severity);
	db_int(s, 2, f->state);
	db_int(s, 3, f->since);
	db_int(s, 4, f->due);
	db_int(s, 5, m->l->asset);
	db_int(s, 6, f->advisory);
	db_int(s, 7, f->part);
	return db_run(s, e);
}

/* ---- one finding ---- */

static bool group(struct merge *m, const struct finding_row *f, bool was_open, bool is_open,
		  struct err *e)
{
	return group_add(m->ig, &m->g, &m->s, &m->s, f->advisory, f->package, was_open, is_open, e);
}

static bool is_open(const struct finding_row *f)
{
	return f->state == STATE_OPEN;
}

/* Where a scan stands that shows, or no longer shows, this finding. */
static bool reach_for(struct merge *m, const struct finding_row *f, const struct reach **out,
		      struct err *e)
{
	struct facts a;

	if (!advisory_facts(m->ig, f->advisory, &a, e))
		return false;
	*out = look_reach(m->l, a.kind, a.kind == FINDING_VULNERABILITY ? 0 : f->package);
	return true;
}

static bool is_seen(const struct finding_row *f)
{
	return f->state != STATE_RESOLVED;
}

/* From `was` to `is`, in the roll-ups and in the row; `at` is when, for trends, `start` for a clock
 * that begins. */
static bool change(struct merge *m, const struct finding_row *was, struct finding_row *is,
		   int64_t start, int64_t at, struct err *e)
{
	bool counted = is_seen(was) && m->s.counts, counts = is_seen(is) && m->s.counts;

	asset_touch(m->ig, m->l->asset, false);
	if (counted && !count_close(m->ig, &m->s, was, at, e))
		return false;
	is->due = DUE_NONE;
	if (counts && !count_open(m->ig, &m->s, is, start, at, e))
		return false;
	if (is->maker != was->maker && !decided_write(m->ig, m->l->asset, is, e))
		return false;
	return update_finding(m, is, e) && group(m, is, is_open(was), is_open(is), e);
}

static bool unchanged(struct merge *m, const struct finding_row *f, struct err *e)
{
	return group(m, f, is_open(f), is_open(f), e);
}

/* Only an older scan shows it: it is gone since the next one. */
static bool create_late(struct merge *m, struct finding_row *f, const struct entry *x,
			int64_t ended, struct err *e)
{
	int64_t at = m->l->scan->at;

	f->state = STATE_RESOLVED;
	return count_late(m->ig, &m->s, f, at, ended, e) &&
	       span_late(m->ig, m->l->asset, f, at, ended, e) && insert_finding(m, f, e) &&
	       note_first(m, f, x, ended, e) && write_sighting(m, f, x, ended, e);
}

/* Decisions speak of its advisory: it may be set aside from the start, or on a day to come. */
static bool create_decided(struct merge *m, struct finding_row *f, const struct entry *x,
			   struct err *e)
{
	int64_t at = m->l->scan->at, severity = f->severity;

	return finding_decide(m->ig, &m->s, f, e) && count_open(m->ig, &m->s, f, at, at, e) &&
	       span_set_aside(m->ig, &m->s, f, at, severity, e) && insert_finding(m, f, e) &&
	       write_sighting(m, f, x, 0, e) &&
	       (f->maker == 0 || decided_write(m->ig, m->l->asset, f, e));
}

static bool create_open(struct merge *m, struct finding_row *f, const struct entry *x,
			struct err *e)
{
	const struct saying w = saying_of(m, x);
	const struct decision *d;
	size_t n;

	if ((!m->implied && !span_begin(m->ig, m->l->asset, f, e)) || !note_first(m, f, x, 0, e) ||
	    !decisions_of(m->ig, f->advisory, &d, &n, e))
		return false;
	if (n > 0)
		return create_decided(m, f, x, e);
	return witness_id(m->ig, &w, &f->witness, e) &&
	       newcomer_add(m->ig, m->new, &m->s, f, f->since, e);
}

static bool create(struct merge *m, const struct entry *x, struct err *e)
{
	struct ingest *ig = m->ig;
	struct finding_row f = { .advisory = key_advisory(x->key),
				 .part = key_part(x->key),
				 .severity = severity_of(m, x),
				 .state = STATE_OPEN,
				 .since = m->l->scan->at,
				 .due = DUE_NONE };
	const struct reach *r;

	f.fixed = intern_text(&ig->strings, x->fixed);
	f.fix = intern_text(&ig->strings, x->fix);
	if (!part_package(ig, f.part, &f.package, e) || !reach_for(m, &f, &r, e))
		return false;
	ig->stats.created[COUNT_FINDINGS]++;
	m->grown = true;
	if (!(r && r->next > 0 ? create_late(m, &f, x, r->next, e) : create_open(m, &f, x, e)))
		return false;
	return group(m, &f, false, is_open(&f), e);
}

/* An older scan shows what is known: it may have been there earlier, and nothing else. */
static bool seen_earlier(struct merge *m, struct finding_row *was, const struct entry *x,
			 const struct reach *r, struct err *e)
{
	const struct sighted saw = sighted_of(x);
	struct finding_row is;
	int64_t at = m->l->scan->at, severity = severity_of(m, x);
	struct facts a;

	if (was->own ? !sighted_earlier(m->ig, m->l, was, &saw, r->next, e)
		     : !note_first(m, was, x, r->next, e) ||
			       !write_sighting(m, was, x, r->next, e))
		return false;
	if (at >= was->since)
		return unchanged(m, was, e);
	is = *was;
	is.since = at;
	if (!span_earlier(m->ig, m->l->asset, was, at, r->next, severity, e) ||
	    !advisory_facts(m->ig, was->advisory, &a, e))
		return false;
	trend_add(m->ig, at, severity, a.kev, m->s.counts);
	if (r->next > 0 && r->next < was->since)
		trend_add(m->ig, r->next, severity, a.kev, m->s.counts ? -1 : 0);
	else if (severity != was->severity)
		trend_add(m->ig, was->since, severity, a.kev, m->s.counts ? -1 : 0);
	else
		trend_take_back(m->ig, was->since, severity, a.kev, m->s.counts ? -1 : 0);
	if (is_seen(was) && m->s.counts && (r->next == 0 || r->next >= was->since) &&
	    !clock_move_back(m->ig, &m->s, was, &a, at, e))
		return false;
	return update_finding(m, &is, e) && unchanged(m, &is, e);
}

static bool same_sighting(const struct finding_row *f, const struct entry *x)
{
	return f->own && f->own_until == 0 && f->own_severity == x->severity &&
	       f->own_word == x->word && f->own_score == x->score;
}

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static bool reopen(struct merge *m, const struct finding_row *was, struct finding_row *is,
		   struct err *e)
{
	int64_t at = m->l->scan->at, from;

	m->ig->stats.reopened[COUNT_FINDINGS]++;
	is->state = STATE_OPEN;
	return span_reopen(m->ig, &m->s, m->l->asset, was, at, is->severity, &from, e) &&
	       finding_decide(m->ig, &m->s, is, e) && change(m, was, is, at, from, e);
}

/* Another source's first scan may be older than all that was known. */
static bool move_since(struct merge *m, struct finding_row *was, struct finding_row *is,
		       struct err *e)
{
	int64_t at = m->l->scan->at;
	struct facts a;

	if (at >= was->since)
		return true;
	if (!span_earlier(m->ig, m->l->asset, was, at, 0, is->severity, e) ||
	    !advisory_facts(m->ig, was->advisory, &a, e))
		return false;
	trend_add(m->ig, at, was->severity, a.kev, m->s.counts);
	trend_take_back(m->ig, was->since, was->severity, a.kev, m->s.counts ? -1 : 0);
	if (m->s.counts && is_seen(was) && !clock_move_back(m->ig, &m->s, was, &a, at, e))
		return false;
	was->since = is->since = at;
	return update_finding(m, was, e);
}

static bool note_fix(struct merge *m, const struct finding_row *f, const struct entry *x,
		     struct err *e)
{
	struct finding_row is = *f;

	is.fixed = intern_text(&m->ig->strings, x->fixed);
	is.fix = intern_text(&m->ig->strings, x->fix);
	if ((!is.fixed || str_eq(is.fixed, f->fixed)) && (!is.fix || str_eq(is.fix, f->fix)))
		return true;
	asset_touch(m->ig, m->l->asset, false);
	return affects_note(m->ig, &is, e);
}

/* As its live sightings say; `f` has one at the least. */
static int64_t seen_severity(const struct merge *m, const struct finding_row *f)
{
	int64_t own = f->own && f->own_until == 0
			      ? weigh(&m->own, f->own_severity, f->own_score)
			      : WEIGHT_NONE;

	return weight_severity(least(own, f->others));
}

/*
 * It is there as before, was seen as `before` and now as severe as `is` says. Under an exception
 * that may show nowhere yet, but will when that ends.
 */
static bool reword(struct merge *m, const struct finding_row *was, int64_t before,
		   struct finding_row *is, struct err *e)
{
	int64_t at = m->l->scan->at, raw = is->severity;

	if (!finding_decide(m->ig, &m->s, is, e))
		return false;
	if (raw != before &&
	    !span_change(m->ig, &m->s, m->l->asset, was, &at, STATE_OPEN, raw, e))
		return false;
	if (is->severity == was->severity && is->state == was->state)
		return unchanged(m, is, e);
	return change(m, was, is, at, at, e);
}

static bool seen(struct merge *m, struct finding_row *was, const struct entry *x, struct err *e)
{
	struct finding_row is = *was;
	const struct reach *r;
	int64_t seen_before;

	if (!reach_for(m, was, &r, e))
		return false;
	if (r && r->newer && (was->own || r->next > 0)) {
		m->ig->stats.unchanged[COUNT_FINDINGS]++;
		return seen_earlier(m, was, x, r, e);
	}
	seen_before = seen_severity(m, was);
	is.severity = weight_severity(least(weight(m, x), was->others));
	if (!note_fix(m, was, x, e) || (!same_sighting(was, x) && !change_sighting(m, was, x, e)) ||
	    !statement_unsaid(m->ig, m->l, &m->s, was, e))
		return false;
	if (was->state == STATE_RESOLVED)
		return move_since(m, was, &is, e) && reopen(m, was, &is, e);
	m->ig->stats.unchanged[COUNT_FINDINGS]++;
	if (!move_since(m, was, &is, e))
		return false;
	return reword(m, was, seen_before, &is, e);
}

/* When the last of its sightings ended. */
static bool last_seen(struct merge *m, const struct finding_row *f, int64_t *out, struct err *e)
{
	struct stmt *s = db_stmt(m->ig->db, "SELECT max(until)\n"
					    "FROM sighting_row\n"
					    "WHERE asset = $1 AND advisory = $2 AND part = $3");

	db_int(s, 1, m->l->asset);
	db_int(s, 2, f->advisory);
	db_int(s, 3, f->part);
	return db_scalar(s, 0, out, e);
}

/* This source no longer sees it; the finding ends when no other does. */
static bool gone(struct merge *m, struct finding_row *was, struct err *e)
{
	int64_t at = m->l->scan->at, before = seen_severity(m, was);
	struct finding_row is = *was;

	if (!end_sighting(m, was, e))
		return false;
	is.severity = weight_severity(was->others);
	if (was->others != WEIGHT_NONE)
		return reword(m, was, before, &is, e);
	is.state = STATE_RESOLVED;
	is.severity = was->severity;
	is.maker = 0;
	m->ig->stats.resolved[COUNT_FINDINGS]++;
	return last_seen(m, was, &at, e) &&
	       span_change(m->ig, &m->s, m->l->asset, was, &at, STATE_RESOLVED, is.severity, e) &&
	       change(m, was, &is, at, at, e);
}

/* `passed`: the scan looked for it and says that it is in order, which ends it even when the scan
 * is partial; unless it may have looked elsewhere. */
static bool unseen(struct merge *m, struct finding_row *was, bool passed, struct err *e)
{
	const struct reach *r;

	if (!was->own || was->own_until != 0)
		return unchanged(m, was, e);
	if (!reach_for(m, was, &r, e))
		return false;
	if (r && !r->newer && (r->complete || (passed && !m->l->nameless)))
		return gone(m, was, e);
	return unchanged(m, was, e);
}

/* ---- the walk ---- */

static bool create_until(struct merge *m, uint64_t key, struct err *e)
{
	struct entry_walk *w = &m->seen;

	while (w->there && w->now.key < key)
		if ((!w->now.absent && !w->now.kept && !create(m, &w->now, e)) ||
		    !entries_next(w, e))
			return false;
	return true;
}

static bool meet(struct merge *m, struct finding_row *f, struct err *e)
{
	uint64_t key = entry_key(f->advisory, f->part);
	struct entry_walk *w = &m->seen;

	if (!create_until(m, key, e))
		return false;
	if (!w->there || w->now.key != key)
		return unseen(m, f, false, e);
	if (w->now.kept)
		return unchanged(m, f, e) && entries_next(w, e);
	return (w->now.absent ? unseen(m, f, true, e) : seen(m, f, &w->now, e)) &&
	       entries_next(w, e);
}

static bool walk(struct merge *m, struct finding_row *row, struct err *e)
{
	struct finding_row last = { 0 };
	size_t n;

	do {
		arena_reset(&m->ig->row);
		if (!read_chunk(m, &last, row, &n, e))
			return false;
		for (size_t i = 0; i < n; i++)
			if (!meet(m, &row[i], e))
				return false;
		if (n > 0)
			last = row[n - 1];
	} while (n == CHUNK);
	return create_until(m, UINT64_MAX, e) &&
	       newcomers_write(m->ig, m->new, &m->s, m->l->scan->at, e) &&
	       group_end(m->ig, &m->g, &m->s, &m->s, e);
}

bool look_merge(struct ingest *ig, struct look *l, struct err *e)
{
	struct merge m = { .ig = ig, .l = l };
	struct finding_row *row;
	bool ok;

	if (l->nreach == 0)
		return true;
	row = xcalloc(CHUNK, sizeof(*row));
	m.new = newcomers_new();
	ok = entries_walk(ig, l, &m.seen, e) && standing_load(ig, l->asset, &m.s, e) &&
	     span_implied(ig, l->asset, l->scan->at, &m.implied, e) &&
	     source_is_new(ig, l, &m.first, e) &&
	     weighing_of(ig, l->scan->source, &m.own, e) && walk(&m, row, e);
	if (m.grown)
		asset_touch(ig, l->asset, false);
	entries_walked(&m.seen);
	free(m.new);
	free(m.g.p);
	free(m.s.repository);
	free(row);
	return ok;
}
