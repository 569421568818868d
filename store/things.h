/* SPDX-License-Identifier: MIT */
/* things.h - the overview, and one thing in full: part of store.h. */
#ifndef THINGS_H
#define THINGS_H

#include "store/decide.h"
#include "store/record.h"
#include "store/rows.h"
#include "store/words.h"

struct store;

/* ---- the overview ---- */

struct posture { int64_t n[CONTROL_COUNT]; };
enum status_ago { STATUS_WEEK, STATUS_MONTH, STATUS_AGO_COUNT }; /* 7 and 30 days */
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
	/*
	 * As it was judged at the end of that day, of the controls that were judged then; all 0:
	 * none was.
	 */
	struct posture ago[STATUS_AGO_COUNT];
};
enum status_due { STATUS_CRITICAL, STATUS_HIGH, STATUS_KEV, STATUS_ALERT, STATUS_EXCEPTION,
STATUS_ANSWER, STATUS_DUE_COUNT };
struct status_source { /* of the newest scan of a source */
	int64_t     source, at, db_built, skipped; /* records that were not understood */
	const char *name;
	bool        fresh, partial;
};
struct status_now { /* a row of NOW: what needs a person, least time first */
	const char *what;  /* "alert", "KEV", "late", "silent", "review", "accept" */
	const char *text, *where, *owner;
	int64_t     left;  /* seconds until due, negative: late */
	struct scope target; /* what Enter opens; SCOPE_ALL: exceptions, of "accept" */
};
struct status {
	const struct status_framework *framework;
	size_t   nframework;
	int64_t  answered[ANSWER_COUNT], unanswered; /* checklist */
	int64_t  late[STATUS_DUE_COUNT], day[STATUS_DUE_COUNT], week[STATUS_DUE_COUNT];
	int64_t  exceptions; /* that nobody ended */
	int64_t  open[SEV_COUNT], kev;
	/*
	 * What joined and left the open ones in 7 days, for whatever reason: found or come back,
	 * fixed or decided, its image in use again or retired.
	 */
	int64_t  in7[SEV_COUNT], out7[SEV_COUNT], kev_in7, kev_out7;
	int64_t  ago7[SEV_COUNT], kev_ago7; /* open 7 days ago */
	int64_t  images, running, unsigned_images, unsigned_running, stale, clusters, silent,
	denied24h, retired;
	int64_t  run_refused, run_denied; /* images that run: the gate refuses, admission denied */
	int64_t  sources, fresh, alerts, alerts_late;
	/* seconds after which the policy calls a scan stale, and a cluster or a source silent */
	int64_t  scan_window, silent_window;
	int64_t  newest; /* time of the newest data, 0: empty store */
	int64_t  seq;    /* known to #SEQ */
	int64_t  as_of;  /* the past day that is shown; 0: now */
	const struct status_source *source; /* what needs a look first */
	size_t   nsource;
	const struct status_now *now;
	size_t   nnow;
	const struct trend *trend; /* oldest first */
	size_t   ntrend;
};
struct trend { int64_t day, open[SEV_COUNT], kev; };
bool store_status(struct store *st, struct arena *mem, struct status *out,
                  struct err *e) MUST_CHECK;
/* Frameworks and their posture alone, as store_status() has them. */
bool store_postures(struct store *st, struct arena *mem, struct status *out,
                    struct err *e) MUST_CHECK;
/*
 * Posture, open findings and what is due of one scope (a cluster, namespace, node, workload, image
 * or repository), and nothing else. ERR_USAGE for other scopes.
 */
bool store_status_in(struct store *st, const struct scope *scope, struct arena *mem,
                     struct status *out, struct err *e) MUST_CHECK;
/* Its alerts_late alone, at the cost of an index seek. */
bool store_alerts_late(struct store *st, int64_t *out, struct err *e) MUST_CHECK;

/* ---- what changed (changes.c) ---- */

enum change { CHANGE_NEW, CHANGE_FIXED, CHANGE_REOPENED, CHANGE_DECIDED, CHANGE_COUNT };
const char *change_word(enum change c); /* "reopened" */
struct change_row { /* of a finding; strings live during the call */
	int64_t            key[3], at;
	enum change        what;
	enum finding_state state; /* from then on */
	enum severity      severity;
	const char *advisory, *package, *version, *asset;
	const char *repository, *owner; /* ""; of an image's newest name */
};
typedef bool change_fn(void *ctx, const struct change_row *r, struct err *e);
/*
 * From `since` up to, not including, `until`, in order of time. Reads all spans. `where` (NULL:
 * everything) is a filter of LIST_findings, and asks of the finding as it stands now.
 */
bool store_changes(struct store *st, int64_t since, int64_t until, const struct filter *where,
                   change_fn *fn, void *ctx, struct err *e) MUST_CHECK;

/* Clocks that ended then: the weaknesses of a repository that went for good. */
enum mended_by { MENDED_BY_SEVERITY, MENDED_BY_OWNER, MENDED_BY_REPOSITORY };
struct mended {
	const char *name; /* "high", "ops", "registry.example/payments/api" */
	int64_t     closed, mean, median; /* seconds they had been open */
	int64_t     due, in_time; /* how many had a due date, and went by then */
};
/* Only those with a finding that `where` holds; NULL: all. */
bool store_mended(struct store *st, enum mended_by by, int64_t since, int64_t until,
                  const struct filter *where, struct arena *mem, const struct mended **out,
                  size_t *n, struct err *e) MUST_CHECK;

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
struct verdict_on { /* a decision that speaks of a finding, in force or not */
	int64_t id;       /* of the exception, or the statement */
	bool    machine;  /* a statement                        */
	bool    holds;    /* it is the one that counts now      */
	enum finding_state state; /* STATE_OPEN: it says that it matters */
	int64_t from, until;      /* seconds UTC; DUE_NONE: no end       */
	const char *who, *approver, *reason, *justification;
	const char *status; /* a statement's own word: "fixed"; "" of an exception */
};
/* The decision that counts now for a finding that has one. ERR_USAGE: it has none. */
bool store_decision(struct store *st, const int64_t key[static 3], struct arena *mem,
                    struct verdict_on *out, struct err *e) MUST_CHECK;

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
	enum exploitation exploitation; /* SSVC's, 0 where nobody has said: also the next two */
	enum said   automatable;
	enum impact impact;
	enum said   triage; /* the KEV list asks for forensic triage */
	int64_t     kev_due, since, last_seen, due, clock_start;
	const char *due_rule; /* which rule of which policy set it; NULL: none */
	int         risk;      /* in which order to mend, 0 to 1000 */
	const char *risk_why;  /* "720 of 1000: exploited in the wild 400, ..." */
	int         vector_score; /* what the vector says, times ten; -1: it says nothing */
	const char *why; /* "critical: trivy says critical (9.8), grype high; the worst counts" */
	int64_t     reach, reach_running; /* assets with the same problem */
	int64_t     problem; /* package of that problem; 0: a rule has none */
	const struct sighting *sighting;   size_t nsighting;
	const struct history *history;     size_t nhistory;
	const struct control_ref *control; size_t ncontrol;
	const struct note *note;           size_t nnote;
	const struct verdict_on *decision; size_t ndecision; /* the one that counts first */
	const char *owner;
};
bool store_finding(struct store *st, const int64_t key[static 3], struct arena *mem,
                   struct finding_detail *out,
                   struct err *e) MUST_CHECK;
/*
 * The key of an open finding that is as severe as its problem, whichever is found first: a problem
 * may be everywhere, and looking for the one due first costs all of them. *there is false when none
 * is open.
 */
bool store_problem_example(struct store *st, const int64_t problem[static 2], int64_t out[static 3],
                           bool *there, struct err *e) MUST_CHECK;

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
	const char *signer;    /* who made it; "": not known */
	const char *claimed;   /* by whom one that nobody verified says it is; "" */
	const char *admission; /* what admission said of it last: "denied"; "": nothing heard */
	/* under the policy in force: "admitted", "refused"; "none": no evidence to answer from */
	const char *gate;
	const char *const *runs_in; size_t nruns_in; /* "prod-eu payments 6" */
	/* newest scan of each source: last_scan, db_built */
	const struct sighting *scan; size_t nscan;
	/* images of its repository as they were built, the newest of them, itself included */
	const struct image_kin { const char *name; int64_t id, open; } *kin; size_t nkin;
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

/*
 * What a person names by kind and path: "estate", "cluster/prod-eu", "ns/pay" (in every cluster
 * that has it), "ns/prod-eu/pay", "node/NAME", "workload/prod-eu/pay/Deployment/api",
 * "repo/web/login", "image/REF". Names may be patterns. Into `mem`; ERR_USAGE when there is none.
 */
bool store_scope_find(struct store *st, const char *what, struct arena *mem,
                      const struct scope **out, size_t *n, struct err *e) MUST_CHECK;

struct cluster_detail {
	int64_t     id, nodes, namespaces, images, pods, data_at;
	const char *name, *version;
	bool        silent;
	int64_t     check[VERDICT_COUNT]; /* of all that looked at it and what it holds */
	int64_t     open[SEV_COUNT], alerts, alerts_late, denied24h;
	const struct benchmark_section { const char *benchmark, *section;
	int64_t n[VERDICT_COUNT]; } *section;
	size_t      nsection;
};
bool store_cluster(struct store *st, int64_t id, struct arena *mem, struct cluster_detail *out,
                   struct err *e) MUST_CHECK;

/*
 * The rules that some cluster fails, by cluster: those that most of them fail come first. At most
 * 500 rows; `all` counts those that fail anywhere, silent clusters included.
 */
struct matrix {
	const struct matrix_cluster { int64_t id; const char *name; bool silent; } *cluster;
	size_t      ncluster;
	const struct matrix_row {
		int64_t       rule;
		const char   *ident, *title; /* "cis-1.10:4.2.6"; "" where the tool gives none */
		enum severity severity;
		int64_t       clusters, fail; /* that fail it, and checks that do */
		/* a letter a cluster: F fail, m manual, w warn, P pass, - none */
		char         *cell;
	} *row;
	size_t      nrow;
	int64_t     all;
};
bool store_matrix(struct store *st, struct arena *mem, struct matrix *out,
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
	int64_t     told_at;             /* newest standing answer, to it or an item of it; or 0 */
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
	int64_t     asset; /* the container, else the host: what its time line is of */
	enum alert_state state;
	enum priority    priority;
	const char *rule, *source, *class_name;
	const char *cluster, *node, *namespace, *workload, *pod, *container, *container_id, *image;
	int64_t     image_id, image_open[SEV_COUNT];
	int64_t     acknowledged, contained, closed, reported;
	int64_t     ack_due, contain_due, close_due, report_due, next_due;
	const char *fields; /* of the newest event: "name<TAB>value" lines */
	const char *raw;    /* of the newest event, NULL: not kept */
	/* nobody is called for it until then, seconds UTC; 0: it is not muted */
	int64_t     muted_until;
	const char *muted_by, *muted_why, *muted_where; /* where: "payments/api", "everywhere" */
	const struct control_ref *control; size_t ncontrol;
	const struct note *note; size_t nnote;
	const struct history *history; size_t nhistory;
	const char *owner;
	/* what else happened where it did, some before and some after its first event, by time */
	const struct near_event {
		int64_t         at_ns;
		enum event_kind kind;
		const char     *what, *who; /* "create pods/exec", "jpark" or "" */
	} *near; size_t nnear;
	/* alerts of its rule in the 90 days before: of its workload or asset, and of others */
	int64_t before_here, before_else; /* together at most BEFORE_MAX: more are not counted */
};
/* seconds before and after an alert that are near it; events of each; alerts before it */
enum { NEAR_S = 45 * 60, NEAR_MAX = 4, BEFORE_MAX = 1000 };
bool store_alert(struct store *st, int64_t id, struct arena *mem, struct alert_detail *out,
                 struct err *e) MUST_CHECK;

/* How the response to alerts went in the last 30 days, and which rules called most. */
enum { NOISE_MAX = 8 };
struct alert_response {
	struct alert_pace {
		int64_t ack, contain, close; /* seconds the policy gives; DUE_NONE: no limit */
		int64_t began;            /* alerts of that priority                     */
		int64_t decided, in_time; /* acknowledged or late; so, and in time       */
		int64_t median;           /* seconds until acknowledged; -1: none was    */
	} pace[PRIO_COUNT];
	/* by events; where: a workload, else the container or host; muted ones call nobody */
	struct alert_noise { const char *rule, *where; int64_t events, alerts; } noise[NOISE_MAX];
	size_t  nnoise;
	int64_t muted; /* alerts that stand, and that a mute keeps quiet */
};
/* Reads all alerts of that time. */
bool store_alert_response(struct store *st, struct arena *mem, struct alert_response *out,
                          struct err *e) MUST_CHECK;

struct item_detail {
	int64_t     id;
	const char *ident, *section, *title, *why, *verify, *evidence, *automatic;
	enum control_word data; /* what the imported data says */
	const char *data_why;
	bool        answered; /* a valid answer stands */
	const struct answer_row {
		enum answer answer;
		int64_t     at, until;
		const char *actor, *note;
		int64_t     from, to; /* assessment period; 0: not said */
	} *answer;
	size_t      nanswer; /* newest first */
	struct assess_state state;
	const struct evidence_piece *piece; size_t npiece; /* newest first */
	const struct sample *sample; size_t nsample;       /* likewise */
	const struct control_ref *control; size_t ncontrol;
	const struct class_ref *class_ref; size_t nclass;
	int64_t     place, total; /* 31 of 50 */
};
bool store_item(struct store *st, int64_t id, struct arena *mem, struct item_detail *out,
                struct err *e) MUST_CHECK;
bool store_item_find(struct store *st, const char *ident, int64_t *id, struct err *e) MUST_CHECK;

#endif
