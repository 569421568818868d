/* SPDX-License-Identifier: MIT */
/* store.h - the one public header of store/: open, ingest, list, look up, judge, decide. */
#ifndef STORE_H
#define STORE_H

#include "store/record.h"

/* One SQLite connection and its statement cache; single-threaded: each thread opens its own. */
struct store;

enum role { ROLE_LEAD, ROLE_AUDITOR, ROLE_ENGINEER, ROLE_VIEWER };

struct store_opts {
	const char *path; /* ":memory:" for tests */
	/* no writes at all; mode=ro, else immutable (then *warning says so) */
	bool        read_only;
	const char *group; /* a new store is made 0660 for this group; NULL: 0600 */
	const char *actor; /* who acts: written in the audit trail; NULL: "unknown" */
	enum role   role;
	int64_t     now; /* seconds UTC: the only clock the store knows */
	/* name of a built-in or the user's policy; NULL: the store's own, else "baseline" */
	const char *policy;
};

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
/* Stop the statement in hand, from another thread; it fails with ERR_CANCEL. */
void        store_interrupt(struct store *st);
/* Called every few thousand steps of a long query; false cancels it. NULL: none. */
void        store_on_progress(struct store *st, bool (*fn)(void *ctx), void *ctx);

/* ---- ingest: one transaction per imported file ---- */

enum count_kind {
	COUNT_FINDINGS, COUNT_CHECKS, COUNT_EVENTS, COUNT_COMPONENTS, COUNT_STATEMENTS,
	COUNT_SIGNATURES,
	COUNT_OBJECTS, COUNT_CONTAINERS, COUNT_SIGNALS, COUNT_ENTRIES, COUNT_COUNT
};
const char *count_word(enum count_kind k); /* "findings" */

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
	bool        dry_run;  /* count, then roll back                           */
	bool        catalogue; /* a built-in catalogue: no audit record of its own */
};
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

/* ---- words of the judgement ---- */

enum finding_state {
	STATE_OPEN, STATE_RESOLVED, STATE_ACCEPTED, STATE_FALSE_POSITIVE, STATE_NOT_AFFECTED,
	STATE_OPERATIONAL,
	STATE_RISK_ADJUSTED, STATE_VENDOR, STATE_COUNT
};
enum control_word {
	CONTROL_PASS, CONTROL_FAIL, CONTROL_STALE, CONTROL_NONE, CONTROL_MANUAL, CONTROL_NA,
	CONTROL_EXCEPTED,
	CONTROL_COUNT
};
enum answer { ANSWER_PASS, ANSWER_FAIL, ANSWER_PARTIAL, ANSWER_NA, ANSWER_COUNT };
enum alert_state { ALERT_OPEN, ALERT_ACKNOWLEDGED, ALERT_CONTAINED, ALERT_CLOSED,
ALERT_STATE_COUNT };
const char *state_word(enum finding_state s);     /* "open", "false-positive" */
const char *control_word(enum control_word w);    /* "pass", "n/a"            */
const char *answer_word(enum answer a);           /* "partial"                */
const char *alert_state_word(enum alert_state s); /* "acknowledged"           */
#define DUE_NONE INT64_MAX

/* ---- the policy ---- */

struct policy_facts { /* what people and reports are told of it; strings belong to the store */
	const char *name, *title;
	/* how long evidence stays good; after `silent` a source or cluster is silent; seconds */
	int64_t     scan, database, benchmark, admission, signature, answer, silent;
};
/* Of the policy in force. ERR_USAGE, ERR_FORMAT: it cannot be read. */
bool store_policy_facts(struct store *st, struct policy_facts *out, struct err *e) MUST_CHECK;

/* ---- lists ---- */

enum list_id {
#define LIST(id) LIST_##id,
#include "store/lists.def"
#undef LIST
	LIST_COUNT
};

enum value_type {
	VAL_NULL, VAL_INT, VAL_TEXT,
	VAL_LIST,     /* text: items with ", " between   */
	VAL_TIME,     /* seconds UTC; 0 never            */
	VAL_DUE,      /* seconds UTC; DUE_NONE none      */
	VAL_SEVERITY, /* enum severity                   */
	VAL_VERDICT, VAL_STATE, VAL_CONTROL, VAL_PRIORITY, VAL_ALERT_STATE, VAL_ANSWER,
	VAL_EPSS,     /* times 10,000                    */
	VAL_SCORE,    /* CVSS times 10; -1 none          */
	VAL_FLAG      /* 0 or 1                          */
};

struct list_field; /* how a column is read (list.h); private to store/ */
struct column {
	/* "severity": filters, --columns, CSV header, JSON key; "asset.name" nests in JSON */
	const char     *name;
	const char     *brief; /* "sev": the short name in filters; NULL: none         */
	const char     *head;  /* "SEV": table header                                  */
	const char     *help;  /* one sentence                                         */
	enum value_type type;
	uint8_t         width; /* preferred columns of text                            */
	bool            sortable;
	const struct list_field *field;
};
struct list_order { /* a named composite, all ascending, all NOT NULL, ending in the key */
	const char *name;    /* "due"                  */
	const char *columns; /* "due, kev, epss"       */
};
struct list_info {
	const char              *name; /* "findings" */
	const char              *title;
	const struct column     *col;
	size_t                   ncol;
	const struct list_order *order; /* [0] is the default */
	size_t                   norder;
	size_t                   nkey; /* how many of row.key are used */
};
const struct list_info *store_list(enum list_id id);
/* By name ("images"); false when there is none. */
bool list_find(const char *name, enum list_id *out);

struct value {
	enum value_type type;
	union { int64_t i; const char *s; } u;
};
struct row {
	int64_t             key[4]; /* the list's key columns: identity, tie-break, drill-down */
	const struct value *val;    /* list_info.ncol of them                                  */
};
/* A value as plain text for tables and CSV: words, RFC 3339 times, "2%", "" for none. */
void value_print(const struct value *v, struct buf *out);

/* What a list is narrowed to: the rows that belong to one object. */
enum scope_kind {
	SCOPE_ALL, SCOPE_IMAGE, SCOPE_PROBLEM /* advisory, package */, SCOPE_CLUSTER, SCOPE_NODE,
	SCOPE_NAMESPACE,
	SCOPE_WORKLOAD, SCOPE_CONTAINER, SCOPE_FRAMEWORK, SCOPE_CONTROL, SCOPE_CLASS, SCOPE_ALERT,
	SCOPE_SOURCE,
	SCOPE_FINDING /* asset, advisory, part */,
	SCOPE_FIX /* image, kind, package: a row of the fix plan */, SCOPE_REPOSITORY, SCOPE_ITEM,
	SCOPE_PART
};
struct scope {
	enum scope_kind kind;
	int64_t         key[4];
};

/*
 * A filter (screens.md's grammar: sev>=high kev running, due<7d, image:a/b*, /re/, or, !,
 * brackets).
 */
struct filter; /* a tree, borrowed from the arena it was parsed into */
/*
 * Parse for one list; relative dates count from `now`. NULL or "" gives NULL: everything. False:
 * *at is the byte
 * offset of the fault, for a caret under it.
 */
bool filter_parse(enum list_id list, const char *text, int64_t now, struct arena *mem,
                  const struct filter **out, size_t *at, struct err *e) MUST_CHECK;

struct list_query {
	enum list_id         list;
	struct scope         scope;
	const struct filter *where; /* NULL: all */
	int                  order; /* index of list_info.order, or -1: by `column` */
	size_t               column; /* sortable column, when order is -1 */
	bool                 desc;
	bool                 retired; /* images and what hangs on them: retired ones too */
	/*
	 * Bits 1 << column of those that are looked at; 0: all. The others may be VAL_NULL, and
	 * cost nothing: who reads many rows should say.
	 */
	uint64_t             columns;
};

enum page_from { PAGE_TOP, PAGE_END, PAGE_AFTER, PAGE_BEFORE, PAGE_AT };
struct page { /* PAGE_INIT, store_page() any number of times, page_release() */
	struct arena mem; /* owns the rows and their strings */
	struct row  *row;
	size_t       nrow;
	bool         more_above, more_below;
};
#define PAGE_INIT { .mem = ARENA_INIT }
/*
 * Fill `out` with up to `want` rows in query order, starting where `from` says; AFTER, BEFORE and
 * AT are relative
 * to `anchor`, a row of an earlier page of the same query (it may live in `out` itself; it is
 * copied first). Costs
 * one index seek plus `want` steps when an index covers the query, whatever the list's size; any
 * other order or a
 * sparse filter is found once into a temporary table of keys, and paged from there.
 */
bool store_page(struct store *st, const struct list_query *q, enum page_from from,
                const struct row *anchor,
                size_t want, struct page *out, struct err *e) MUST_CHECK;
void page_release(struct page *p);
/* Exact number of rows; may scan, so views ask when idle. */
bool store_count(struct store *st, const struct list_query *q, int64_t *out,
                 struct err *e) MUST_CHECK;
/* Every row in order, for reports and exports; stop by returning false with *e set. */
typedef bool row_fn(void *ctx, const struct row *r, struct err *e);
bool store_each(struct store *st, const struct list_query *q, row_fn *fn, void *ctx,
                struct err *e) MUST_CHECK;
/* Rows by value of one column, most frequent first: value, count (in key[0]). At most `want`. */
bool store_facets(struct store *st, const struct list_query *q, size_t column, size_t want,
                  struct page *out,
                  struct err *e) MUST_CHECK;

/* ---- the overview ---- */

struct posture { int64_t n[CONTROL_COUNT]; };
struct status_framework {
	int64_t        framework;
	const char    *key, *title;
	struct posture posture;
	int64_t        tested; /* controls with at least one class that some evidence could test */
	/*
	 * A baseline of a framework ("fedramp-moderate"): the posture is of its controls that are
	 * in this store, `total` is how many it has in all. NULL: a framework as such.
	 */
	const char    *baseline;
	int64_t        total;
};
enum status_due { STATUS_CRITICAL, STATUS_HIGH, STATUS_KEV, STATUS_ALERT, STATUS_ANSWER,
STATUS_DUE_COUNT };
struct status_now { /* a row of NOW: what needs a person, least time first */
	const char *what;  /* "alert", "KEV", "late", "silent", "review" */
	const char *text, *where, *owner;
	int64_t     left;  /* seconds until due, negative: late */
	struct scope target; /* what Enter opens */
};
struct status {
	const struct status_framework *framework;
	size_t   nframework;
	int64_t  answered[ANSWER_COUNT], unanswered; /* checklist */
	int64_t  late[STATUS_DUE_COUNT], day[STATUS_DUE_COUNT], week[STATUS_DUE_COUNT];
	int64_t  open[SEV_COUNT], kev;
	int64_t  created7[SEV_COUNT], fixed7[SEV_COUNT], ago7[SEV_COUNT], kev_created7,
	kev_fixed7, kev_ago7;
	int64_t  images, running, unsigned_images, unsigned_running, stale, clusters, silent,
	denied24h, retired;
	int64_t  sources, fresh, alerts, alerts_late;
	int64_t  newest; /* time of the newest data, 0: empty store */
	int64_t  seq;    /* known to #SEQ */
	const struct status_now *now;
	size_t   nnow;
	const struct trend *trend; /* oldest first */
	size_t   ntrend;
};
struct trend { int64_t day, open[SEV_COUNT], kev; };
bool store_status(struct store *st, struct arena *mem, struct status *out,
                  struct err *e) MUST_CHECK;

/* ---- one thing in full; strings live in `mem` ---- */

struct sighting {
	const char   *source, *word;
	enum severity severity;
	int           score;
	int64_t       last_scan, db_built, until; /* until 0: sees it still */
};
struct history { int64_t at; const char *what, *who, *text; };
struct control_ref {
	int64_t     id;
	const char *framework, *ident, *title;
	int         weight; /* 0 primary, 1 supporting, 2 weak */
	enum control_word word;
};
struct note { int64_t at; const char *actor, *text; };

struct finding_detail {
	int64_t asset, advisory, part;
	enum finding_kind  kind;
	enum severity      severity;
	enum finding_state state;
	const char *name, *title, *text, *remedy, *url, *class_name;
	const char *const *alias;
	size_t      nalias;
	const char *asset_name, *asset_digest;
	enum asset_kind asset_kind;
	int64_t     running; /* containers of the image */
	int         exposed; /* 0 no, 1 not known, 2 yes */
	const char *package_type, *package, *version, *fixed_in, *fix;
	const char *scope, *place, *message; /* of what is not a vulnerability */
	const char *const *location;
	size_t      nlocation;
	int         score, epss;
	const char *vector;
	bool        kev;
	int64_t     kev_due, since, last_seen, due, clock_start;
	const char *due_rule; /* which rule of which policy set it; NULL: none */
	const char *why; /* "critical: trivy says critical (9.8), grype high; the worst counts" */
	int64_t     reach, reach_running; /* assets with the same problem */
	const struct sighting *sighting;   size_t nsighting;
	const struct history *history;     size_t nhistory;
	const struct control_ref *control; size_t ncontrol;
	const struct note *note;           size_t nnote;
	const char *owner;
};
bool store_finding(struct store *st, const int64_t key[static 3], struct arena *mem,
                   struct finding_detail *out,
                   struct err *e) MUST_CHECK;

struct image_detail {
	int64_t     id;
	const char *name, *repository, *os, *arch, *base;
	const char *const *names;   size_t nnames;   /* it holds now */
	const char *const *digest;  size_t ndigest;  /* "config sha256:..." */
	int64_t     built, scanned_at, db_built, running, due;
	bool        current, unpinned, eol;
	int         exposed;
	int64_t     open[SEV_COUNT], kev, fixable, late, accepted;
	const char *signature; /* "ok", "none", "bad", "key?", "present" */
	const char *signer;
	const char *admission; /* what admission said of it last: "denied"; "": nothing heard */
	/* under the policy in force: "admitted", "refused"; "none": no evidence to answer from */
	const char *gate;
	const char *const *runs_in; size_t nruns_in; /* "prod-eu payments 6" */
	/* newest scan of each source: last_scan, db_built */
	const struct sighting *scan; size_t nscan;
	const struct control_ref *control; size_t ncontrol; /* that its findings fail */
	const struct note *note;    size_t nnote;
	const char *owner;
};
bool store_image(struct store *st, int64_t id, struct arena *mem, struct image_detail *out,
                 struct err *e) MUST_CHECK;
/*
 * An image by what a person types: id, digest or its beginning (12 hex digits at least), or the
 * name it holds now.
 */
bool store_image_find(struct store *st, const char *what, int64_t *id, struct err *e) MUST_CHECK;

struct cluster_detail {
	int64_t     id, nodes, namespaces, images, pods, data_at;
	const char *name, *version;
	bool        silent;
	int64_t     check[VERDICT_COUNT]; /* of its benchmarks, hosts included */
	int64_t     open[SEV_COUNT], alerts, alerts_late, denied24h;
	const struct benchmark_section { const char *benchmark, *section;
	int64_t n[VERDICT_COUNT]; } *section;
	size_t      nsection;
};
bool store_cluster(struct store *st, int64_t id, struct arena *mem, struct cluster_detail *out,
                   struct err *e) MUST_CHECK;

struct control_detail {
	int64_t     id, framework_id;
	const char *framework, *framework_title, *ident, *title, *section, *text, *source,
	*attributes;
	enum control_word word;
	const char *why;       /* one sentence: what made it so */
	int64_t     failing, excepted;
	/* assets with passing evidence of those the class applies to */
	int64_t     covered, applicable;
	int         tested, classes;     /* k of n classes tested */
	int64_t     newest, window;      /* time of the newest evidence; seconds it stays good */
	enum answer answer; bool answered; int64_t answered_at, answer_until;
	const char *answer_by, *answer_note;
	const struct control_ref *also; size_t nalso; /* crosswalk, both ways */
	const struct class_ref { int64_t id; const char *name, *title; int weight; int64_t open,
	late, passed; } *class_ref;
	size_t      nclass;
	const struct note *note; size_t nnote;
	const struct history *history; size_t nhistory;
	const char *owner;
};
bool store_control(struct store *st, int64_t id, struct arena *mem, struct control_detail *out,
                   struct err *e) MUST_CHECK;
/*
 * "PCI-DSS" "6.3.3" -> id; framework keys case-blind, "pci" when it is the only one that begins
 * so.
 */
bool store_control_find(struct store *st, const char *framework, const char *ident, int64_t *id,
                        struct err *e) MUST_CHECK;

struct alert_detail {
	int64_t     id, first_ns, last_ns, events;
	enum alert_state state;
	enum priority    priority;
	const char *rule, *source, *class_name;
	const char *cluster, *node, *namespace, *workload, *pod, *container, *container_id, *image;
	int64_t     image_id, image_open[SEV_COUNT];
	int64_t     acknowledged, contained, closed, ack_due, contain_due, close_due;
	const char *fields; /* of the newest event: "name<TAB>value" lines */
	const char *raw;    /* of the newest event, NULL: not kept */
	const struct control_ref *control; size_t ncontrol;
	const struct note *note; size_t nnote;
	const struct history *history; size_t nhistory;
	const char *owner;
};
bool store_alert(struct store *st, int64_t id, struct arena *mem, struct alert_detail *out,
                 struct err *e) MUST_CHECK;

struct item_detail {
	int64_t     id;
	const char *ident, *section, *title, *why, *verify, *evidence, *automatic;
	enum control_word data; /* what the imported data says */
	const char *data_why;
	bool        answered; /* a valid answer stands */
	const struct answer_row { enum answer answer; int64_t at, until; const char *actor, *note;
	} *answer;
	size_t      nanswer; /* newest first */
	const struct control_ref *control; size_t ncontrol;
	const struct class_ref *class_ref; size_t nclass;
	int64_t     place, total; /* 31 of 50 */
};
bool store_item(struct store *st, int64_t id, struct arena *mem, struct item_detail *out,
                struct err *e) MUST_CHECK;
bool store_item_find(struct store *st, const char *ident, int64_t *id, struct err *e) MUST_CHECK;

/* ---- decisions people take; each is an audit record; nothing else writes outside ingest ---- */

/*
 * Answer an item or a control. A note is required where answer and data differ (ERR_USAGE).
 * `until` 0: the
 * policy's interval. ERR_USAGE when the role has no such right.
 */
bool store_answer(struct store *st, const struct scope *what, enum answer a, const char *note,
                  int64_t until,
                  struct err *e) MUST_CHECK;
bool store_note(struct store *st, const struct scope *what, const char *text,
                struct err *e) MUST_CHECK;
bool store_own(struct store *st, const struct scope *what, const char *owner,
               struct err *e) MUST_CHECK;
/* Alerts only go forward: acknowledged, contained, closed. */
bool store_alert_step(struct store *st, int64_t alert, enum alert_state to, const char *note,
                      struct err *e) MUST_CHECK;
/* From now on, two names of one cluster. */
bool store_alias_cluster(struct store *st, const char *a, const char *b, struct err *e) MUST_CHECK;

/* ---- the gate ---- */

struct gate_reason {
	const char *rule;  /* "vulnerability.critical", "scan.age", ... */
	const char *text;  /* "3 critical findings, 0 allowed: CVE-2024-24790 go stdlib 1.21.5" */
	const char *fix;   /* "bump go stdlib to 1.21.11"; NULL: none known */
	bool        evidence; /* missing or too old rather than refused (exit 3) */
};
struct gate_answer {
	int64_t     image;
	const char *name, *digest, *policy;
	bool        admitted;
	const struct gate_reason *reason; size_t nreason; /* those that refuse first */
};
/*
 * May it be promoted? ERR_EVIDENCE when no such image was ever seen. `max_age` seconds, 0: the
 * policy's.
 */
bool store_gate(struct store *st, const char *image, const char *policy, int64_t max_age,
                struct arena *mem,
                struct gate_answer *out, struct err *e) MUST_CHECK;

/* ---- the audit trail ---- */

struct verify_answer {
	bool        intact;
	int64_t     records, seq; /* how many, and the last one's number */
	char        head[2 * SHA256_SIZE + 1];
	int64_t     bad_seq;      /* first record that does not hold; 0: none */
	const char *reason;       /* what is wrong with it; a constant */
};
bool store_verify(struct store *st, struct verify_answer *out, struct err *e) MUST_CHECK;

#endif
