/* SPDX-License-Identifier: MIT */
/*
 * store.h - the one public header of store/: open and ingest here; lists, things, decisions and the
 * gate in the headers it includes, which only store/ includes by themselves.
 */
#ifndef STORE_H
#define STORE_H

#include "store/decide.h"
#include "store/gate.h"
#include "store/record.h"
#include "store/rows.h"
#include "store/things.h"
#include "store/words.h"

/* One SQLite connection and its statement cache; single-threaded: each thread opens its own. */
struct store;

struct store_opts {
	const char *path; /* ":memory:" for tests */
	/* no writes at all; mode=ro, else immutable (then *warning says so) */
	bool        read_only;
	const char *group; /* a new store is made 0660 for this group; NULL: 0600 */
	const char *actor; /* who acts: written in the audit trail; NULL: "unknown" */
	enum role   role;
	int64_t     now; /* seconds UTC: the only clock the store knows */
	/*
	 * Show the store as of this time, with what is known up to record #known; 0: the present,
	 * and all that is known. Reads only: see store_set_as_of.
	 */
	int64_t as_of, known;
	/* name of a built-in or the user's policy; NULL: the store's own, else "baseline" */
	const char *policy;
};

/* Once in a program, before the first is opened and while there is one thread. */
void        store_set_up(void);
/*
 * Open or create, and bring the schema up to date; a new store is filled with the built-in
 * catalogues by the
 * caller (import_builtin, importer.h). A schema newer than the program is refused. ERR_STORE,
 * ERR_IO.
 */
bool        store_open(struct store **out, const struct store_opts *o, struct err *e) MUST_CHECK;
void        store_close(struct store *st);           /* NULL is fine */
bool        store_is_new(const struct store *st);    /* holds no framework yet */
/* something the user should know of the opening; NULL: nothing */
const char *store_warning(const struct store *st);
/* grows with every commit, other processes' included */
uint64_t    store_revision(struct store *st);
void        store_set_now(struct store *st, int64_t now);
int64_t     store_now(const struct store *st);
const char *store_actor(const struct store *st);     /* who acts; "unknown" */
/*
 * From now on every question is answered as of `at` (seconds UTC, at most now), with what the audit
 * trail's records up to #known brought (0: all of them); store_now() is `at` then, and every act
 * is refused. The same question gives the same answer, byte for byte, whatever was imported since.
 * 0, 0: back to the present; set the clock anew then. Costs a copy of what changes in place,
 * counted anew: 0.6 s for the 4,000 findings of the demo estate. When it fails the present is
 * shown. ERR_USAGE: a record that is not there.
 */
bool        store_set_as_of(struct store *st, int64_t at, int64_t known, struct err *e) MUST_CHECK;
/* What is shown; 0 and 0: the present. */
void        store_as_of(const struct store *st, int64_t *at, int64_t *known);
/*
 * Stop what is asked, from another thread: the statement in hand and those to come fail with
 * ERR_CANCEL, until store_go_on().
 */
void        store_interrupt(struct store *st);
void        store_go_on(struct store *st);
/*
 * From here to store_let_go() every answer shows one state of the store, whoever commits meanwhile,
 * and is found without taking and giving back the lock each time. Only for reading.
 */
bool        store_hold(struct store *st, struct err *e) MUST_CHECK;
void        store_let_go(struct store *st);
/* Called every few thousand steps of a long query; false cancels it. NULL: none. */
void        store_on_progress(struct store *st, bool (*fn)(void *ctx), void *ctx);

/* ---- ingest: one transaction per imported file ---- */

enum count_kind {
	COUNT_FINDINGS, COUNT_CHECKS, COUNT_EVENTS, COUNT_COMPONENTS, COUNT_STATEMENTS,
	COUNT_SIGNATURES,
	COUNT_OBJECTS, COUNT_CONTAINERS, COUNT_SIGNALS, COUNT_ENTRIES, COUNT_COUNT
};
const char *count_word(enum count_kind k); /* "findings" */
const char *count_noun(enum count_kind k, int64_t n); /* "finding" of 1, else "findings" */

struct ingest_opts {
	const char *file;     /* name as the user gave it, for people            */
	const char *importer; /* id                                              */
	const uint8_t *sha256; /* of the bytes as delivered                      */
	int64_t     size;     /* of them                                         */
	int64_t     mtime;    /* the file's, 0: none                             */
	const char *cluster, *node, *image; /* --cluster, --node, --image; NULL  */
	int64_t     at;       /* --at, 0: not given                              */
	bool        partial;  /* --partial                                       */
	uint32_t    complete; /* --complete: bits 1 << enum finding_kind         */
	bool        keep_raw; /* keep the bytes of every event                   */
	const char *vouched;  /* --verified: who says that its signatures hold; NULL: nobody */
	const struct trust *trust; /* keys that verify signatures, borrowed; NULL: none do */
	size_t      rows;     /* findings gathered in memory before a temporary file holds them;
	                         0: some hundred thousand */
	bool        dry_run;  /* count, then roll back                           */
	bool        catalogue; /* a built-in catalogue: no audit record of its own */
};
/* The public keys that policies name now, in `mem`. */
const struct trust *store_trust(struct arena *mem);
/*
 * Importer of signatures, for ingest_opts.importer: with a digest of these keys and of who vouches,
 * where there are any; with other keys the same file says another thing.
 */
const char *store_trust_edition(const struct trust *t, struct arena *mem, const char *importer,
				const char *vouched);

struct skip { const char *place, *reason; };
struct ingest_stats { /* strings live until ingest_stats_release() */
	/* the same bytes under the same options are here already: nothing was done */
	bool        duplicate;
	int64_t     read[COUNT_COUNT], created[COUNT_COUNT], reopened[COUNT_COUNT],
	unchanged[COUNT_COUNT],
	            resolved[COUNT_COUNT];
	int64_t     severity[SEV_COUNT]; /* finding rows read, by severity      */
	int64_t     scan_time;    /* of the newest scan in the file             */
	bool        time_inferred;
	const char *source, *version; /* of the first scan; NULL: none          */
	const char *const *warning;   /* "looks filtered: imported as partial"  */
	size_t      nwarning;
	const struct skip *skip;      /* at most 1,000; nskipped counts them all */
	size_t      nskip;
	int64_t     nskipped;
	struct arena mem;
};
/*
 * Take the write lock (waits for another importer up to 60 s), and give the sink to put records
 * into.
 */
bool store_ingest_begin(struct store *st, const struct ingest_opts *o, struct sink **out,
                        struct err *e) MUST_CHECK;
/*
 * Progress for whoever watches: bytes done of total (0 unknown); false cancels. Before the first
 * put.
 */
void store_ingest_watch(struct sink *s, bool (*fn)(void *ctx, uint64_t done, uint64_t total),
                        void *ctx);
/*
 * keep: reconcile, roll up, write the audit record, commit; else roll back. Frees the sink in any
 * case. When
 * false, the store is as it was.
 */
bool store_ingest_end(struct sink *s, bool keep, struct ingest_stats *out,
                      struct err *e) MUST_CHECK;
void ingest_stats_release(struct ingest_stats *s);
/*
 * Many small files in one commit: each import between is whole or not at all as ever, but what was
 * kept is there for good, and for others, only when store_batch_end has returned true. False: none
 * of them is there. The write lock is held from the first import to the end; store_batch_age tells
 * for how many ms (0: not yet).
 */
void    store_batch_begin(struct store *st);
bool    store_batch_end(struct store *st, struct err *e) MUST_CHECK;
int64_t store_batch_age(const struct store *st);
/*
 * For a file whose hash is known only when it has been read: sets it, when the options had none.
 * If the same bytes are here already, what was put is forgotten and `duplicate` will say so.
 * Before store_ingest_end.
 */
bool store_ingest_hash(struct sink *s, const uint8_t sha256[static SHA256_SIZE],
                       struct err *e) MUST_CHECK;
/* Was any file of this many bytes imported? If not, there is no need to hash before reading. */
bool store_has_size(struct store *st, int64_t size, bool *yes, struct err *e) MUST_CHECK;
/* ERR_USAGE: the store is open read-only, or this role does not import. */
bool store_may_import(const struct store *st, struct err *e) MUST_CHECK;
/* Is this file here already, under these options? (before it is parsed at all) */
bool store_has_import(struct store *st, const struct ingest_opts *o, bool *yes,
                      struct err *e) MUST_CHECK;

#endif
