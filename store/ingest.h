/* SPDX-License-Identifier: MIT */
/* ingest.h - what the files of the sink share: the import in hand, and who does what to it. */
#ifndef INGEST_H
#define INGEST_H

#include "store/event_pack.h"
#include "store/gather.h"
#include "store/identity.h"
#include "store/ingest_entry.h"
#include "store/memo.h"
#include "store/scoped.h"
#include "store/store_private.h"
#include "store/trend.h"

/* ---- what has been read, until the import ends ---- */

struct check_entry {
	uint64_t key;
	int64_t message; /* text */
	int64_t at;
	uint32_t word;
	uint8_t verdict;
};
/* What one scan looked at in one asset, for one kind and scope. */
struct reach {
	enum finding_kind kind;
	int64_t scope; /* package of type '@scope'; 0: all of the kind */
	bool covered;  /* the file says that nothing of it is left out */
	int64_t passed, rows, unfixed;
	int64_t lowest; /* least severe rank among the rows, of those that are known; -1: none */
	/* judged when the import ends */
	bool complete;
	bool newer;   /* a newer scan of the same source is here already */
	int64_t next; /* time of the next complete one; 0: none */
};

struct scan {
	int64_t id, source, at, db_built;
	const char *word; /* of the source */
	const char *version;
	bool at_inferred;
	int64_t last_event; /* seconds UTC of the newest event it told of; 0: none */
	const char *cluster_name, *node_name; /* as the file or the user has them; NULL */
	const char *partial;		      /* why; NULL: nothing says so */
};

struct look { /* one scan at one asset */
	const struct scan *scan;
	int64_t asset;
	enum asset_kind kind;
	bool unnamed; /* in a cluster without a name: never complete */
	/* name of a tree that any other may have: complete only when asked for; else NULL */
	const char *nameless;
	struct entry *entry;
	size_t nentry, capentry, sorted; /* the first `sorted` are in order and unique */
	struct run *run;		 /* rows that went to the temporary file */
	size_t nrun, caprun;
	struct check_entry *check;
	size_t ncheck, capcheck;
	struct reach *reach;
	size_t nreach;
	struct keyset listed; /* parts that a component list named */
};

/* ---- what counts ---- */

#define NO_CLOCK 0
/* How an asset counts: only one that does has due dates, clocks and a place in the roll-ups. */
struct standing {
	int64_t asset;
	bool image, counts, running;
	int exposed;	     /* 0 no, 1 not known, 2 yes */
	uint64_t tags;	     /* see struct policies */
	int64_t *repository; /* of its clocks: ids, or minus the asset when it has none */
	size_t nrepository;
	bool first; /* one repository, which had no clock at all when this was loaded */
};
struct facts { /* of an advisory, what the roll-ups need */
	enum finding_kind kind;
	int64_t class_id;
	bool kev;
	int epss;
	enum severity severity; /* a rule's own */
};
struct finding_row {
	int64_t advisory, part, package;
	int64_t severity, state, since, due;
	/* who decided its state, and what: 0 and its own state, where nobody did */
	int64_t maker, says;
	int64_t decided_at; /* since when the decision is in force */
	int64_t check_in;   /* due then, whatever the clock says; 0: by the clock */
	int64_t witness; /* of its only sighting; 0: rows tell */
	bool own;	 /* this source has a sighting */
	int64_t own_severity, own_word, own_score, own_until;
	int64_t others; /* least weight of the other sources' live sightings, see weigh.h */
	bool fix_known;
	const char *fixed, *fix;
};

struct deltas;
struct cell;
struct trend_cell;
struct touched;
struct image_touch;
struct alert_open;
struct weighings;
struct alert_list;
struct heard;
struct look_entry;
struct decision_list;
struct clock_key {
	int64_t repository, advisory, package, at;
};
struct clock_list {
	struct clock_key *key;
	size_t n, cap;
};

/* Of assets that are new, and of those known before. */
struct holdings {
	struct gather fresh, known;
};

/* The import in hand. */
struct ingest {
	struct sink sink; /* first: put() gets back here */
	struct store *st;
	struct db *db;
	const struct policy *policy; /* of the estate */
	const struct policies *policies; /* that, and what tags bring in */
	bool trusted;			 /* a signature was verified, or not, with o.trust */
	struct ingest_opts o;
	struct arena mem; /* lives as long as the import    */
	struct arena row; /* emptied before every record    */
	struct sha256 *hash; /* fresh between two uses          */
	struct buf fields;   /* of the event in hand            */
	struct event_pack pack; /* texts of events not yet written */
	struct ingest_stats stats;
	const char **warning; /* stats.warning, growing         */
	struct skip *skip;
	int64_t seq, import;
	int64_t old_assets; /* the highest id there was before this import */
	bool dead; /* a duplicate: records are let fall */
	bool past; /* a past day is counted anew: its clocks have run before */
	bool (*watch)(void *ctx, uint64_t done, uint64_t total);
	void *watch_ctx;

	struct scan **scan;
	size_t nscan;
	struct scan *now_scan;
	struct look *now_look;
	struct look_entry *looks; /* by (scan, asset) */
	struct look **look;	  /* in order of arrival */
	size_t nlook, caplook;
	int64_t newest; /* time of the newest scan */
	size_t kept;	  /* entries of all looks in memory */
	int spill_fd;	  /* where the others are; 0: none were too many */
	int64_t spilled;  /* its size */

	struct memo advisories, packages, parts, texts, short_texts, words, sources,
		assets, facts, repositories, containers, witnesses, objects, told_parts;
	struct beside part_packages;
	int64_t facts_of; /* the advisory whose facts were asked for last; 0: none */
	struct facts facts_last;
	struct intern strings;
	struct holdings held, located; /* rows of holds and location, not written yet */

	struct deltas *deltas;	    /* problems                        */
	struct cell *cells;	    /* tallies and check tallies       */
	struct trend_cell *trends;  /* snapshots                       */
	struct touched *touched;    /* assets to count again           */
	struct image_touch *images; /* images whose standing may change */
	struct clock_list idle;	    /* nothing is open on them, unless more comes */
	struct clock_list stale;    /* whose earliest due date may be another   */
	struct keyset advisories_changed;
	struct weighings *weighings;
	struct alert_list *alerts; /* by (rule, asset) */
	int64_t next_alert;
	int64_t newest_event; /* ns, of those with a time of their own; 0: not asked for yet */
	int64_t to_come;      /* events that were dated in the future */
	bool redated, redated_known; /* such events are in the store; asked for */
	struct heard *heard;	    /* clusters and nodes that data came from */
	struct audit_entry *merges; /* written behind the import's own record */
	size_t nmerge, capmerge;
	struct keyset places; /* namespaces and hosts whose containers this import lists          */
	struct keyset spaces; /* namespaces whose workloads' exposure is judged again */
	struct keyset spaces_of;      /* clusters all of whose namespaces are      */
	int64_t twin_keep, twin_gone; /* clusters that turned out to be one */
	struct keyset serviced;	      /* namespaces whose services it lists       */
	void *catalogue;	      /* ingest_catalogue.c's */
	struct decision_list *decisions; /* by advisory: decision.c's */
	struct keyset decided_of;	 /* advisories that decisions speak of */
	bool decided_known, decided_any; /* it is filled; some speak of any advisory */
	bool targets_known, targets_any; /* whether anybody set a date: target.c's */
	int64_t decide_at;		 /* decisions are asked for as of then; 0: now */
	int64_t left[6]; /* asset, advisory, part, severity, kev, time: what was closed last */
	struct keyset redecide;		 /* assets that decisions hold anew */
	int64_t *maker;			 /* decisions that came with this import */
	size_t nmaker, capmaker;
	struct keyset said; /* statements that this import makes, for the first time or again */
	struct unsaid *unsaid; /* and those it may take back: ingest_statement.c's */
	size_t nunsaid, capunsaid;
};

/* ---- ingest.c ---- */
/*
 * Take the write lock, and settle what decisions began or ended since it was last had. An act of a
 * person needs no import: it changes what it must, and ends with ingest_act_end.
 */
bool ingest_act_begin(struct store *st, struct ingest **out, struct err *e) MUST_CHECK;
/* `ok` false: roll back. With the audit record (NULL: none), when all went well. Frees it. */
bool ingest_act_end(struct ingest *ig, bool ok, const struct audit_entry *a,
		    struct err *e) MUST_CHECK;
/* One of several records of one act; what changes after it belongs to the next. */
bool ingest_act_record(struct ingest *ig, const struct audit_entry *a, struct err *e) MUST_CHECK;
void ingest_act_drop(struct ingest *ig); /* roll back; frees it */
void ingest_warn(struct ingest *ig, const char *fmt, ...) PRINTF(2, 3); /* once per text */
void ingest_skip(struct ingest *ig, const char *place, const char *reason);
/* The time of what is being read: the scan's; without a scan, what the options or the clock say. */
int64_t ingest_time(const struct ingest *ig);
/* What an import holds in memory: all of it, and by its parts. */
void ingest_release(struct ingest *ig);
void look_release(struct ingest *ig, struct look *l);
void looks_release(struct ingest *ig);
bool looks_rename_asset(struct ingest *ig, int64_t from, int64_t to, struct err *e) MUST_CHECK;
void rollups_release(struct ingest *ig);
void tallies_release(struct ingest *ig);
void standings_release(struct ingest *ig);
void clocks_release(struct ingest *ig);
/* Grow an array to hold one more. */
#define ARRAY_MORE(p, n, cap)                                                                      \
	do {                                                                                       \
		if ((n) == (cap)) {                                                                \
			(cap) = (cap) > 0 ? 2 * (cap) : 16;                                        \
			(p) = xrealloc_array((p), (cap), sizeof(*(p)));                            \
		}                                                                                  \
	} while (0)

/* ---- ingest_scan.c ---- */
bool put_scan(struct ingest *ig, const struct rec_scan *r, struct err *e) MUST_CHECK;
/* The current scan; one of source "unknown" is made when the file names none. */
bool need_scan(struct ingest *ig, struct err *e) MUST_CHECK;
/* A log without a time of its own is as new as its newest event. */
bool scans_date(struct ingest *ig, struct err *e) MUST_CHECK;
bool source_id(struct ingest *ig, const char *word, int64_t *out, struct err *e) MUST_CHECK;
bool import_begin(struct ingest *ig, struct err *e) MUST_CHECK;
bool import_end(struct ingest *ig, struct err *e) MUST_CHECK;

/* ---- ingest_asset.c ---- */
bool put_asset(struct ingest *ig, const struct rec_asset *r, struct err *e) MUST_CHECK;
/* The current look: at the scan's node, else its cluster, when the file names no asset. */
bool need_look(struct ingest *ig, struct err *e) MUST_CHECK;
bool look_at(struct ingest *ig, int64_t asset, enum asset_kind kind, bool unnamed,
	     struct err *e) MUST_CHECK;
bool asset_id(struct ingest *ig, enum asset_kind kind, int64_t parent, const char *name,
	      int64_t *out, struct err *e) MUST_CHECK;
/* `name` NULL: the scan's or the user's, else "unnamed", which is warned of. */
bool cluster_id(struct ingest *ig, const char *name, int64_t *out, bool *unnamed,
		struct err *e) MUST_CHECK;
bool cluster_known(struct ingest *ig, const char *name); /* does file or user name one? */
bool host_id(struct ingest *ig, const char *cluster, const char *node, int64_t *out,
	     struct err *e) MUST_CHECK;
bool namespace_id(struct ingest *ig, int64_t cluster, const char *name, int64_t *out,
		  struct err *e) MUST_CHECK;
bool workload_id(struct ingest *ig, int64_t place, const char *kind, const char *name, int64_t *out,
		 struct err *e) MUST_CHECK;
/* The same for a pod known only by its name: the workload of that name, where there is one. */
bool workload_behind(struct ingest *ig, int64_t place, const char *kind, const char *name,
		     int64_t *out, struct err *e) MUST_CHECK;

/* ---- ingest_image.c, image_name.c, merge.c ---- */
/* The image a record speaks of: found by its digests, else by its names at that time, else made. */
bool image_id(struct ingest *ig, const struct rec_asset *r, int64_t at, bool holds, int64_t *out,
	      struct err *e) MUST_CHECK;
bool image_by_digest(struct ingest *ig, const char *digest, int64_t *out, struct err *e) MUST_CHECK;
/* Who held `name` (normalised) at `at`, of this platform ("": any); 0: nobody known. */
bool name_holder(struct ingest *ig, const char *name, const char *arch, int64_t at, int64_t *out,
		 struct err *e) MUST_CHECK;
/* From `at` on, as far as is known, `image` holds the name. */
bool name_hold(struct ingest *ig, int64_t image, const struct image_ref *ref, int64_t at,
	       struct err *e) MUST_CHECK;
/* The image was run under this name, which says nothing of who holds it. */
bool name_mention(struct ingest *ig, int64_t image, const struct image_ref *ref, int64_t at,
		  struct err *e) MUST_CHECK;
bool repository_id(struct ingest *ig, const char *name, int64_t *out, struct err *e) MUST_CHECK;
bool name_absorb(struct ingest *ig, int64_t image, struct err *e) MUST_CHECK;
bool image_merge(struct ingest *ig, int64_t keep, int64_t gone, struct err *e) MUST_CHECK;
bool advisory_merge(struct ingest *ig, int64_t keep, int64_t gone, struct err *e) MUST_CHECK;
bool cluster_merge(struct ingest *ig, int64_t keep, int64_t gone, struct err *e) MUST_CHECK;
bool merge_records(struct ingest *ig, struct err *e) MUST_CHECK;

/* ---- ingest_part.c: texts, words, packages, places ---- */
bool text_id(struct ingest *ig, const char *body, int64_t *out,
	     struct err *e) MUST_CHECK; /* 0: NULL or "" */
bool word_id(struct ingest *ig, const char *body, int64_t *out, struct err *e) MUST_CHECK;
bool part_id(struct ingest *ig, const struct package_id *p, int64_t *part,
	     struct err *e) MUST_CHECK;
/* A bare Maven artifact: which package it is depends on the asset. */
bool part_is_bare(const struct package_id *p);
bool scope_id(struct ingest *ig, const char *scope, int64_t *out, struct err *e) MUST_CHECK;
bool place_id(struct ingest *ig, const char *scope, const char *place, int64_t *part,
	      struct err *e) MUST_CHECK;
bool part_package(struct ingest *ig, int64_t part, int64_t *out, struct err *e) MUST_CHECK;
bool hold_part(struct ingest *ig, struct look *l, int64_t part, struct err *e) MUST_CHECK;
bool locate_part(struct ingest *ig, struct look *l, int64_t part, const char *path,
		 const char *layer, struct err *e) MUST_CHECK;

void holdings_init(struct ingest *ig);
/* Before anything reads what assets hold, or where. */
bool holdings_flush(struct ingest *ig, struct err *e) MUST_CHECK;
void holdings_release(struct ingest *ig);

/* ---- ingest_advisory.c ---- */
bool advisory_id(struct ingest *ig, const struct rec_vulnerability *r, int64_t *out,
		 struct err *e) MUST_CHECK;
bool rule_id(struct ingest *ig, enum finding_kind kind, const struct rec_rule *r,
	     const char *benchmark, const char *class_key, int64_t *out, struct err *e) MUST_CHECK;
bool advisory_facts(struct ingest *ig, int64_t advisory, struct facts *out,
		    struct err *e) MUST_CHECK;
/* Its class, KEV or EPSS was `was` and is another now: what was counted of it is counted again at
 * the end. */
bool advisory_touch(struct ingest *ig, int64_t advisory, const struct facts *was,
		    struct err *e) MUST_CHECK;

/* ---- ingest_finding.c ---- */
bool put_vulnerability(struct ingest *ig, const struct rec_vulnerability *r,
		       struct err *e) MUST_CHECK;
bool put_check(struct ingest *ig, const struct rec_check *r, struct err *e) MUST_CHECK;
bool put_finding(struct ingest *ig, const struct rec_finding *r, struct err *e) MUST_CHECK;
/* The current look shows this finding among what was set aside: it is there, if it was. */
bool keep_finding(struct ingest *ig, int64_t advisory, int64_t part, struct err *e) MUST_CHECK;
bool put_cover(struct ingest *ig, const struct rec_cover *r, struct err *e) MUST_CHECK;
bool put_component(struct ingest *ig, const struct rec_component *r, struct err *e) MUST_CHECK;
void reach_join(struct look *l, const struct reach *r); /* what two looks at one asset covered */

/* ---- reconcile.c, reconcile_check.c, cover.c ---- */
bool look_judge(struct ingest *ig, struct look *l, struct err *e) MUST_CHECK;
/*
 * A policy tried on a whole cluster is complete for every asset in it, a namespace whose workloads
 * of a kind are listed for each of them: what is no longer reported there is gone. Adds the looks
 * that say so; before any look is judged.
 */
bool covers_widen(struct ingest *ig, struct err *e) MUST_CHECK;
/* The reach that holds for a finding; NULL: none. */
const struct reach *look_reach(const struct look *l, enum finding_kind kind, int64_t scope);
bool look_merge(struct ingest *ig, struct look *l, struct err *e) MUST_CHECK;
bool look_merge_checks(struct ingest *ig, struct look *l, struct err *e) MUST_CHECK;

/* ---- ingest_new.c: what an asset did not have before ---- */
struct newcomers;
struct newcomers *newcomers_new(void); /* free() ends it */
/* An open finding, in key order, seen first at `at`: counted and written with others. */
bool newcomer_add(struct ingest *ig, struct newcomers *l, const struct standing *s,
		  const struct finding_row *f, int64_t at, struct err *e) MUST_CHECK;
bool newcomers_write(struct ingest *ig, struct newcomers *l, const struct standing *s, int64_t at,
		     struct err *e) MUST_CHECK;

/* ---- sighting.c: which sources see a finding, and how bad they say it is ---- */
struct saying {
	int64_t source, severity, word, score;
};
bool witness_id(struct ingest *ig, const struct saying *w, int64_t *out, struct err *e) MUST_CHECK;
/* The source sees it still (until 0), or saw it last then; f->witness is what the row must say. */
bool sighting_write(struct ingest *ig, int64_t asset, struct finding_row *f,
		    const struct saying *w, int64_t until, struct err *e) MUST_CHECK;
/* Its only sighting, if it has just one, becomes a row of its own. */
bool sighting_spell_out(struct ingest *ig, int64_t asset, int64_t advisory, int64_t part,
			struct err *e) MUST_CHECK;

/* ---- history.c: spans ---- */
/* Writes the first interval, which the row alone implies, when no span is there yet. */
bool span_spell_out(struct ingest *ig, int64_t asset, const struct finding_row *was,
		    struct err *e) MUST_CHECK;
/*
 * From *at on scanners see the finding so (open or resolved, and how severe); later when more was
 * said since. Decisions that hold it then are laid over that: `s` NULL, they are left for later.
 */
bool span_change(struct ingest *ig, const struct standing *s, int64_t asset,
		 const struct finding_row *was, int64_t *at, int64_t state, int64_t severity,
		 struct err *e) MUST_CHECK;
/* The same for one that is there as before, when only decisions changed. */
bool span_decide(struct ingest *ig, const struct standing *s, const struct finding_row *was,
		 int64_t *at, int64_t severity, struct err *e) MUST_CHECK;
/* The spans of a new finding that decisions hold; none where none does. */
bool span_set_aside(struct ingest *ig, const struct standing *s, const struct finding_row *f,
		    int64_t at, int64_t severity, struct err *e) MUST_CHECK;
/* It was there before `was->since` already: from `at`, until `ended` when that is not 0. */
bool span_earlier(struct ingest *ig, int64_t asset, const struct finding_row *was, int64_t at,
		  int64_t ended, int64_t severity, struct err *e) MUST_CHECK;
/* A finding that only an older scan shows: open from `at`, resolved from `ended`. */
bool span_late(struct ingest *ig, int64_t asset, const struct finding_row *f, int64_t at,
	       int64_t ended, struct err *e) MUST_CHECK;
/* Seen at `at`, though it counts as resolved; *from is the time from which that changes what is
 * known. */
bool span_reopen(struct ingest *ig, const struct standing *s, int64_t asset,
		 const struct finding_row *was, int64_t at, int64_t severity, int64_t *from,
		 struct err *e) MUST_CHECK;

/* Spelt out when another import looked at the asset at that time: else the row implies it. */
bool span_begin(struct ingest *ig, int64_t asset, const struct finding_row *f,
		struct err *e) MUST_CHECK;
/* Does no other import say anything of the asset at this time? */
bool span_implied(struct ingest *ig, int64_t asset, int64_t at, bool *yes,
		  struct err *e) MUST_CHECK;

/* ---- sighted.c: spans of sightings ---- */
struct sighted {
	int64_t severity, word, score;
	bool live; /* false: no longer seen */
};
/* Has no earlier import of the source looked at the asset? Then rows imply their beginning. */
bool source_is_new(struct ingest *ig, const struct look *l, bool *yes, struct err *e) MUST_CHECK;
/* Seen for the first time now; until that time, when a later scan is known not to show it. */
bool sighted_first(struct ingest *ig, const struct look *l, const struct finding_row *f,
		   const struct sighted *x, int64_t until, struct err *e) MUST_CHECK;
/* `was` says how the source saw it until now. */
bool sighted_change(struct ingest *ig, const struct look *l, const struct finding_row *was,
		    const struct sighted *x, struct err *e) MUST_CHECK;
/* An older scan showed it already. */
bool sighted_earlier(struct ingest *ig, const struct look *l, const struct finding_row *was,
		     const struct sighted *x, int64_t until, struct err *e) MUST_CHECK;

/* ---- fact.c: what as-of reads of assets and advisories ---- */
enum fact_kind { FACT_KNOWN, FACT_HEARD, FACT_RUNS, FACT_EXPOSED, FACT_LISTED };
/* From `at` on, as far as this import knows. */
bool fact_add(struct ingest *ig, int64_t asset, enum fact_kind what, int64_t at, int64_t value,
	      struct err *e) MUST_CHECK;
/* The asset was there at `at`, if not before. */
bool fact_known(struct ingest *ig, int64_t asset, int64_t at, struct err *e) MUST_CHECK;
struct ran {
	int64_t container, place, image, at;
	bool running;
	int64_t seen_at; /* newest inventory that lists it, when that is newer than `at` */
};
bool fact_runs(struct ingest *ig, const struct ran *r, struct err *e) MUST_CHECK;
/* Its class, KEV or EPSS was `was`, and is what the row says now. */
bool fact_advisory(struct ingest *ig, int64_t advisory, const struct facts *was,
		   struct err *e) MUST_CHECK;

/* ---- standing.c ---- */
bool standing_load(struct ingest *ig, int64_t asset, struct standing *out,
		   struct err *e) MUST_CHECK;
/* Before its names, containers or exposure change: remembers how it is counted until now. */
bool image_touch(struct ingest *ig, int64_t image, struct err *e) MUST_CHECK;
/* The same for each image that `sql` names, a constant with `object` as $1. */
bool images_touch(struct ingest *ig, const char *sql, int64_t object, struct err *e) MUST_CHECK;
/* Withdraw an image from everything it is counted in, until the import ends. */
bool image_withdraw(struct ingest *ig, int64_t image, struct err *e) MUST_CHECK;
bool standings_settle(struct ingest *ig, struct err *e) MUST_CHECK;
/* Count each finding of an asset that is seen no longer under `was`, and from now on `is`. */
bool asset_restate(struct ingest *ig, const struct standing *was, const struct standing *is,
		   struct err *e) MUST_CHECK;

/* ---- target.c ---- */
/*
 * *due is made the earliest date that people set for a clock of these repositories, if that is
 * earlier; k->at: when the clock began, k->repository is not asked for.
 */
bool target_least(struct ingest *ig, const struct standing *s, const struct clock_key *k,
		  int64_t *due, struct err *e) MUST_CHECK;
/* What record `seq` of the trail set or took away is as it was before. */
bool target_undo(struct ingest *ig, int64_t seq, struct err *e) MUST_CHECK;

/* ---- act_scope.c ---- */
/* As store_tag, inside an act; nothing when it is so already. */
bool tag_change(struct ingest *ig, const struct scope *what, const char *tag, bool bear,
		bool *changed, struct err *e) MUST_CHECK;

/* ---- clock.c ---- */
/*
 * A finding that is seen begins to run on its clocks, from `start` unless they run already; *due is
 * its due date. One that is set aside runs too, and is due never: an end of the exception does not
 * begin its time anew.
 */
bool clock_join(struct ingest *ig, const struct standing *s, const struct finding_row *f,
		const struct facts *a, int64_t start, int64_t *due, struct err *e) MUST_CHECK;
bool clock_leave(struct ingest *ig, const struct standing *s, const struct finding_row *f,
		 const struct facts *a, int64_t at, struct err *e) MUST_CHECK;
/* When it is due on a clock that began at `start`: by the rules, or by an earlier target. */
bool clock_due(struct ingest *ig, const struct standing *s, const struct finding_row *f,
	       const struct facts *a, int64_t start, int64_t *out, struct err *e) MUST_CHECK;
/* Its start is another: what stands on it is due at another time, seen to when the import ends. */
void clock_is_stale(struct ingest *ig, int64_t repository, int64_t advisory, int64_t package);
/* Where a clock begins that an asset brings back: since the finding is, unless it ended after that.
 * Of a past day the clocks are there already, and none begins earlier. */
bool clock_start_again(struct ingest *ig, const struct standing *s, const struct finding_row *f,
		       const struct facts *a, int64_t at, int64_t *start, struct err *e) MUST_CHECK;
bool clock_move_back(struct ingest *ig, const struct standing *s, const struct finding_row *f,
		     const struct facts *a, int64_t at, struct err *e) MUST_CHECK;
bool clocks_settle(struct ingest *ig, struct err *e) MUST_CHECK;
/*
 * Work out the due date of every open finding anew, as when another policy is put in force;
 * ig->watch is told how many of the clocks are done.
 */
bool clocks_rejudge(struct ingest *ig, struct err *e) MUST_CHECK;
bool advisories_settle(struct ingest *ig, struct err *e) MUST_CHECK;

/* The package under which a finding is counted: none for a rule. */
int64_t count_package(const struct finding_row *f, const struct facts *a);

/* ---- rollup.c, tally.c, trend.c ---- */
/* One finding that is seen, of an asset that counts, comes or goes: open, or set aside. */
bool count_open(struct ingest *ig, const struct standing *s, struct finding_row *f, int64_t start,
		int64_t at, struct err *e) MUST_CHECK;
/* The same for the problem alone; `part_new`: no asset that counts had it in this part. */
bool problem_opened(struct ingest *ig, const struct finding_row *f, const struct facts *a,
		    bool part_new, struct err *e) MUST_CHECK;
/* A finding that was open from `at` to `ended` only. */
bool count_late(struct ingest *ig, const struct standing *s, const struct finding_row *f,
		int64_t at, int64_t ended, struct err *e) MUST_CHECK;
/* What fixes it, where the finding says so, whether or not it counts. */
bool affects_note(struct ingest *ig, const struct finding_row *f, struct err *e) MUST_CHECK;
bool count_close(struct ingest *ig, const struct standing *s, const struct finding_row *f,
		 int64_t at, struct err *e) MUST_CHECK;
/* The findings of one advisory in one asset, by package: how many were open, and how many are. */
struct group {
	int64_t advisory;
	struct group_package {
		int64_t package;
		int was, is;
	} * p;
	size_t n, cap;
};
bool group_add(struct ingest *ig, struct group *g, const struct standing *was,
	       const struct standing *is, int64_t advisory, int64_t package, bool was_open,
	       bool is_open, struct err *e) MUST_CHECK;
bool group_end(struct ingest *ig, struct group *g, const struct standing *was,
	       const struct standing *is, struct err *e) MUST_CHECK;
bool problem_due_changed(struct ingest *ig, int64_t advisory, int64_t package,
			 struct err *e) MUST_CHECK;
bool problems_flush(struct ingest *ig, struct err *e) MUST_CHECK;

/* Its findings, checks or both are to be counted again when the import ends. */
void asset_touch(struct ingest *ig, int64_t asset, bool checks);
/* Only the scopes in which it is counted may be others. */
void asset_touch_places(struct ingest *ig, int64_t asset);
bool tallies_settle(struct ingest *ig, struct err *e) MUST_CHECK;

/* ---- the other records ---- */
bool put_event(struct ingest *ig, const struct rec_event *r, struct err *e) MUST_CHECK;
void events_tell(struct ingest *ig); /* how many of those that came were dated in the future */
bool put_object(struct ingest *ig, const struct rec_object *r, struct err *e) MUST_CHECK;
bool put_running(struct ingest *ig, const struct rec_running *r, struct err *e) MUST_CHECK;
bool put_signature(struct ingest *ig, const struct rec_signature *r, struct err *e) MUST_CHECK;
bool put_signal(struct ingest *ig, const struct rec_signal *r, struct err *e) MUST_CHECK;
bool put_entry(struct ingest *ig, const struct rec_entry *r, struct err *e) MUST_CHECK;
bool put_change(struct ingest *ig, const struct rec_change *c);
bool catalogue_settle(struct ingest *ig, struct err *e) MUST_CHECK;
void catalogue_release(struct ingest *ig);
bool inventory_settle(struct ingest *ig, struct err *e) MUST_CHECK;
/* expose.c: judge again which workloads of a namespace can be reached from outside. */
bool expose_namespace(struct ingest *ig, int64_t namespace, struct err *e) MUST_CHECK;

/* ---- heard.c ---- */
/* Data about an asset at a time: it, or the host and cluster it lies in, is not silent. */
void asset_heard(struct ingest *ig, int64_t asset, int64_t at);
void heard_release(struct ingest *ig);
bool clusters_settle(struct ingest *ig, struct err *e) MUST_CHECK;
/* What runs in each cluster. */
bool clusters_count(struct ingest *ig, struct err *e) MUST_CHECK;

/* ---- ingest_statement.c ---- */
bool put_statement(struct ingest *ig, const struct rec_statement *r, struct err *e) MUST_CHECK;
/* Statements on a product that is this image, as is known only now, hold it. */
bool statements_meet(struct ingest *ig, int64_t image, struct err *e) MUST_CHECK;
/* The look lists `f` as open: what its own source set aside there before may be said no longer. */
bool statement_unsaid(struct ingest *ig, const struct look *l, const struct standing *is,
		      const struct finding_row *f, struct err *e) MUST_CHECK;
/* After all looks: those that this import did not say again hold no longer. */
bool statements_unsay(struct ingest *ig, struct err *e) MUST_CHECK;
/* Warn of those that came with this import and hold nothing: how many, and why. */
/* A time that no clock can have seen yet. */
bool is_to_come(const struct ingest *ig, int64_t at);
bool statements_tell(struct ingest *ig, struct err *e) MUST_CHECK;

/* ---- ingest_container.c ---- */
/* The container an event speaks of, made when it is not known; 0: it speaks of none. */
bool event_container(struct ingest *ig, const struct rec_event *r, int64_t *out,
		     struct err *e) MUST_CHECK;
/* How the image of a container was found. */
enum rung { RUNG_NONE, RUNG_MANIFEST, RUNG_CONFIG, RUNG_NAME, RUNG_CONTAINER, RUNG_WORKLOAD };
bool container_image(struct ingest *ig, const char *reference, const char *digest,
		     const char *config, int64_t *image, enum rung *rung, struct err *e) MUST_CHECK;

/* ---- alert.c ---- */
/* The alert an event of this time belongs to; a new one counts only once an event was added. */
bool alert_find(struct ingest *ig, int64_t rule, int64_t asset, int64_t ts_ns,
		struct alert_open **out, struct err *e) MUST_CHECK;
int64_t alert_id(const struct alert_open *a);
void alert_add(struct alert_open *a, enum priority priority, int64_t ts_ns);
bool alerts_settle(struct ingest *ig, struct err *e) MUST_CHECK;
/* When the steps of every alert are due, by its state and worst event. */
bool alerts_judge(struct ingest *ig, struct err *e) MUST_CHECK;
void alerts_release(struct ingest *ig);

#endif
