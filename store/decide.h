/* SPDX-License-Identifier: MIT */
/* decide.h - what people decide, and the trail of it: part of store.h. */
#ifndef DECIDE_H
#define DECIDE_H

#include "store/record.h"
#include "store/rows.h"
#include "store/words.h"

struct store;

/* ---- decisions people take; each is an audit record; nothing else writes outside ingest ---- */

/*
 * Answer an item or a control. A note is required where answer and data differ (ERR_USAGE).
 * `until` 0: the
 * policy's interval. ERR_USAGE when the role has no such right.
 */
bool store_answer(struct store *st, const struct scope *what, enum answer a, const char *note,
                  int64_t until,
                  struct err *e) MUST_CHECK;
/* The same, for the time that was looked at; 0, 0: not said. */
struct assessed {
	enum answer answer;
	const char *note;
	int64_t     until;    /* falls due again; 0: the policy's interval */
	int64_t     from, to; /* assessment period */
};
bool store_assess(struct store *st, const struct scope *what, const struct assessed *a,
                  struct err *e) MUST_CHECK;

/* ---- what an answer rests on: files, links, samples (assess.c) ---- */

#define EVIDENCE_MAX (16 * 1024 * 1024) /* bytes of a file; larger ones are linked */
struct evidence_in {
	const char *name;  /* of the file, or a title of the link */
	const void *bytes; /* NULL: a link */
	size_t      size;
	const char *link;  /* a URL, or the name of a record: "image 7", "ticket SEC-12" */
	int64_t     made_at; /* the document's own date; 0: not known */
	const char *note;
};
/* Attach to an item or a control; *id may be NULL. ERR_USAGE: too large, nothing given, role. */
bool store_attach(struct store *st, const struct scope *what, const struct evidence_in *in,
                  int64_t *id, struct err *e) MUST_CHECK;
struct evidence_piece {
	int64_t     id, seq, size, made_at, at;
	bool        file; /* else a link */
	const char *object, *name, *link, *actor, *note;
	char        sha256[2 * SHA256_SIZE + 1];
};
/* Newest first; `what` NULL: of everything. Strings live in `mem`. */
bool store_evidence(struct store *st, const struct scope *what, struct arena *mem,
                    const struct evidence_piece **out, size_t *n, struct err *e) MUST_CHECK;
/* The bytes of a file, checked against their hash; ERR_STORE when they are others. */
bool store_evidence_bytes(struct store *st, int64_t id, struct buf *out,
                          struct err *e) MUST_CHECK;

struct sample_query {
	const struct list_query *from;
	const char *filter; /* its text, for the record; NULL: none */
	int64_t     seed;   /* the same seed and rows give the same draw */
	size_t      want;
};
/*
 * Draw rows by the SHA-256 of "SEED KEY", smallest first, whatever their order, and record them:
 * whoever has the list can draw again. ERR_USAGE: nothing to draw from.
 */
bool store_sample(struct store *st, const struct scope *what, const struct sample_query *q,
                  int64_t *id, struct err *e) MUST_CHECK;
struct sample {
	int64_t     id, seed, population, at;
	const char *list, *filter, *actor;
	const struct sample_row { const char *key, *label; } *row; /* in the order of the draw */
	size_t      nrow;
};
bool store_samples(struct store *st, const struct scope *what, struct arena *mem,
                   const struct sample **out, size_t *n, struct err *e) MUST_CHECK;

/* ---- the steps of an assessment ---- */

enum assess_step { STEP_OPEN, STEP_ASSIGNED, STEP_SUBMITTED, STEP_RETURNED, STEP_CLOSED,
                   STEP_COUNT };
const char *assess_step_word(enum assess_step s); /* "submitted" */
/*
 * Assigned to `who`; submitted once a valid answer stands; returned with a note, or closed, once
 * submitted. Assigning and closing are the lead's. A new answer opens a closed one. ERR_USAGE.
 */
bool store_assess_step(struct store *st, const struct scope *what, enum assess_step to,
                       const char *who, const char *note, struct err *e) MUST_CHECK;
struct assess_state {
	enum assess_step step;
	const char *who;   /* assigned to; NULL: nobody */
	const char *note, *actor; /* of the newest step; NULL: none */
	int64_t     at;
};
bool store_assess_state(struct store *st, const struct scope *what, struct arena *mem,
                        struct assess_state *out, struct err *e) MUST_CHECK;

/* ---- the checklist carried from one store to another (checklist_carry.c) ---- */

enum carry { CARRY_ANSWER, CARRY_EVIDENCE, CARRY_SAMPLE, CARRY_ROW, CARRY_STEP, CARRY_COUNT };
const char *carry_word(enum carry c); /* "answer", "evidence", "sample", "row", "step" */
struct carried { /* one record; what does not belong to its kind is 0 or NULL */
	enum carry  kind;
	const char *object; /* "CN-DATA-01", "PCI-DSS:6.3.3" */
	int64_t     at;
	const char *actor, *note;
	const char *word;            /* answer, or step */
	int64_t     until, from, to; /* of an answer */
	const char *name, *link;     /* of evidence; a row: its key, its label */
	const void *bytes;
	size_t      size;
	int64_t     made_at;
	const char *list, *filter; /* of a sample; its rows follow it */
	int64_t     seed, population;
	const char *who;
};
/* Every record that stands, by object and time; strings and bytes live during the call. */
typedef bool carry_fn(void *ctx, const struct carried *c, struct err *e);
bool store_checklist_each(struct store *st, carry_fn *fn, void *ctx, struct err *e) MUST_CHECK;
/*
 * Take over what is not here yet, all or nothing: what was said, by whom and when stays as it is
 * written; one record of the audit trail says who brought it, from which file (its SHA-256), and
 * how much. ERR_USAGE: an item that is not here, a word that means nothing, a role without right.
 */
bool store_checklist_add(struct store *st, const struct carried *c, size_t n, const char *file,
                         const uint8_t sha256[static SHA256_SIZE], int64_t *added,
                         struct err *e) MUST_CHECK;

bool store_note(struct store *st, const struct scope *what, const char *text,
                struct err *e) MUST_CHECK;
bool store_own(struct store *st, const struct scope *what, const char *owner,
               struct err *e) MUST_CHECK;
/*
 * From now on a finding, or all that is seen of a problem now, is due by `due` (seconds UTC; the
 * day that ends then or holds it), which must lie ahead and be earlier than what the rules say:
 * later only by exception. An image that is built anew keeps it; what was gone and comes back does
 * not. 0: by the rules again. ERR_USAGE.
 */
bool store_due(struct store *st, const struct scope *what, int64_t due, struct err *e) MUST_CHECK;
/* Alerts only go forward: acknowledged, contained, closed. */
bool store_alert_step(struct store *st, int64_t alert, enum alert_state to, const char *note,
                      struct err *e) MUST_CHECK;
/*
 * Whoever has to know of it was told, or need not be, as the note says: the last step of a
 * response, which neither implies another nor is implied by one. ERR_USAGE: it was taken already.
 */
bool store_alert_report(struct store *st, int64_t alert, const char *note,
                        struct err *e) MUST_CHECK;
/* Where a rule is muted, as seen from an alert of it. */
enum mute_reach {
	MUTE_THERE,     /* its workload; without one its container or host alone */
	MUTE_NAMESPACE,
	MUTE_EVERYWHERE,
	MUTE_REACH_COUNT
};
const char *mute_reach_word(enum mute_reach r); /* "its namespace" */
/*
 * From now up to `until` (seconds UTC, within a year) nobody is called for what the alert's rule
 * detects there: such alerts leave the list, the counts of what waits, and what is late. They are
 * kept, filters show them ("muted"), controls are judged as before, and the clocks go on.
 * ERR_USAGE: no reason, muted already, no namespace.
 */
bool store_mute(struct store *st, int64_t alert, enum mute_reach reach, int64_t until,
                const char *reason, struct err *e) MUST_CHECK;
/* From now on it is called for again, whoever muted it. ERR_USAGE: it is not muted. */
bool store_unmute(struct store *st, int64_t alert, struct err *e) MUST_CHECK;
/* Number of the newest record of the audit trail; 0: there is none. */
bool store_seq(struct store *st, int64_t *seq, struct err *e) MUST_CHECK;
/*
 * Take back all that this actor did behind record `after`, up to `upto`: answers, notes, owners,
 * dates, tags, steps of alerts, exceptions. Each is a record of its own, and so is its undoing;
 * *undone says how many. All or none: ERR_USAGE when the role has no right to one of them. What was
 * taken back once is not taken back again.
 */
bool store_undo(struct store *st, int64_t after, int64_t upto, int64_t *undone,
                struct err *e) MUST_CHECK;
/* May this role write such a record ("note", "own", "alert", "answer")? ERR_USAGE says why not. */
bool role_may(enum role role, const char *record, struct err *e) MUST_CHECK;
/* From now on, two names of one cluster. */
bool store_alias_cluster(struct store *st, const char *a, const char *b, struct err *e) MUST_CHECK;

/* ---- exceptions: decisions on findings that hold until a date ---- */

/* How far one reaches from the finding it was made on. */
enum except_reach {
	REACH_DIGEST,     /* this image (or host, workload, ...) alone                     */
	REACH_REPOSITORY, /* every image of its repositories, those that come later too    */
	REACH_EVERYWHERE,
	REACH_COUNT
};
const char *reach_word(enum except_reach r); /* "digest", "repository", "everywhere" */

struct exception {
	/*
	 * STATE_ACCEPTED to STATE_VENDOR. The first four take findings out of the open counts and
	 * out of what is due; risk-adjusted leaves them open at another severity, vendor leaves
	 * them open and due at the next check-in.
	 */
	enum finding_state kind;
	enum except_reach  reach;
	enum severity      severity; /* risk-adjusted: what they count as                     */
	int64_t            check_in; /* vendor: seconds UTC, not past `until`                 */
	const char        *reason;   /* one must be given                                     */
	/* a VEX word ("vulnerable_code_not_present"), and what compensates; NULL: not said */
	const char        *justification, *control;
	const char        *requester; /* NULL: who acts                                       */
	const char        *approver;  /* NULL: nobody; the policy may ask for one other than the
	                               * requester */
	/*
	 * In force from now up to this time, seconds UTC; 0: no end, which only false-positive and
	 * not-affected may have. The policy may cap that of the other kinds by the worst severity
	 * among the findings.
	 */
	int64_t            until;
};
struct except_held { /* a finding that it holds; strings live during the call */
	int64_t     key[3];
	const char *asset, *advisory, *package, *version; /* package: or the place */
};
struct except_answer {
	/* in: told of each finding that it holds, or would; NULL: nobody is */
	void  (*each)(void *ctx, const struct except_held *h);
	void   *ctx;
	/* out: */
	int64_t id;       /* of the exception; 0 after a trial          */
	int64_t targets;  /* (advisory, package, place) it speaks of    */
	int64_t findings; /* that it holds now: a person's narrower or newer one keeps its own */
	int64_t until;    /* seconds UTC; DUE_NONE: no end              */
};
/*
 * Decide on findings (SCOPE_FINDING) and problems (SCOPE_PROBLEM: with a narrower reach than
 * everywhere, all findings of it that are seen now). For a vulnerability the version of the package
 * does not matter, for any other finding its place does. Findings that come later and fall in its
 * reach count as decided from the start; scans neither end nor undo it; that scanners still see
 * them stays on record. `trial`: say what it would do, and change nothing. ERR_USAGE: nothing to
 * decide on, a field is missing or the policy forbids it.
 */
bool store_except(struct store *st, const struct exception *x, const struct scope *what,
                  size_t nwhat, bool trial, struct except_answer *out, struct err *e) MUST_CHECK;
/* The same for all rows of a query of the list of findings. */
bool store_except_rows(struct store *st, const struct exception *x, const struct list_query *q,
                       bool trial, struct except_answer *out, struct err *e) MUST_CHECK;
/* Revoke one from now on: what it held is open again, under the clock that never stopped. */
bool store_except_end(struct store *st, int64_t id, const char *reason, struct err *e) MUST_CHECK;
/*
 * In its place, from now on, one of the same reach and targets that ends later. `reason` and
 * `approver` NULL: as before. An exception that was revoked or renewed is not renewed; one that
 * has lapsed may be.
 */
bool store_except_renew(struct store *st, int64_t id, int64_t until, const char *reason,
                        const char *approver, struct except_answer *out,
                        struct err *e) MUST_CHECK;

/*
 * Tags say under which rules a thing stands: a cluster, namespace, workload, node, image or
 * repository bears one from now on, or (`bear` false) no longer. "exposed" marks what can be
 * reached from outside, whatever services say. What hangs on it is judged anew. *changed: it was
 * not so already. ERR_USAGE, ERR_LIMIT.
 */
bool store_tag(struct store *st, const struct scope *what, const char *tag, bool bear,
               bool *changed, struct err *e) MUST_CHECK;
struct tag_row { const char *kind, *object, *tag; int64_t since, until; /* until 0: bears it */ };
/* All that ever were, by object; `now` only: those that are. Into `mem`. */
bool store_tags(struct store *st, bool now, struct arena *mem, const struct tag_row **out,
                size_t *n, struct err *e) MUST_CHECK;
/*
 * Put a policy in force for the estate, and judge all findings by it; also when the file of the one
 * in force changed. `watch` (may be NULL) is told how far it is; false cancels: nothing changes.
 */
bool store_policy_use(struct store *st, const char *name,
                      bool (*watch)(void *ctx, uint64_t done, uint64_t total), void *ctx,
                      struct err *e) MUST_CHECK;

/* ---- the audit trail ---- */

#define OBJECT_SIZE 96
/*
 * The name under which notes, owners and audit records keep a thing: "finding 1-2-3", "image 7",
 * "control 12".
 */
void object_name(const struct scope *s, char out[static OBJECT_SIZE]);
/* The thing of that name; false: it is no name of one. */
bool object_scope(const char *name, struct scope *out) MUST_CHECK;

struct verify_answer {
	bool        intact;
	int64_t     records, seq; /* how many, and the last one's number */
	char        head[2 * SHA256_SIZE + 1];
	int64_t     bad_seq;      /* first record that does not hold; 0: none */
	const char *reason;       /* what is wrong with it; a constant */
	/* newest record that something outside the trail vouches for; 0: nothing does */
	int64_t     anchored;
	char        key[2 * SIGN_KEY_SIZE + 1]; /* who signed it; "": the anchor that was given */
	/* records dated before one ahead of them: somebody's clock was wrong, or said so */
	int64_t     backdated, first_backdated; /* how many; the number of the first, 0: none */
};

/* What must hold besides the chain; all 0: nothing. */
struct anchor {
	int64_t seq; /* this record has this hash: of a report's footer, of a signed head */
	uint8_t head[SHA256_SIZE];
	bool    by_key; /* only signatures of this key vouch for anything */
	uint8_t key[SIGN_KEY_SIZE];
};
/*
 * Check the whole trail: each record's hash and its link to the one before, signatures of heads,
 * numbers that other tables prove, files of evidence; `want` NULL: no anchor from outside. False
 * only when it cannot be read.
 */
bool store_verify(struct store *st, const struct anchor *want, struct verify_answer *out,
                  struct err *e) MUST_CHECK;

/*
 * The newest record that is known of, and its hash in hexadecimal: what a report carries in its
 * footer, and `verify --anchor` takes. *seq 0: the trail is empty.
 */
bool store_anchor(struct store *st, int64_t *seq, char head[static 2 * SHA256_SIZE + 1],
                  struct err *e) MUST_CHECK;

/* One record, as it is stored and exported. */
struct audit_record {
	int64_t     seq, at; /* seconds UTC */
	const char *actor, *act, *object, *before, *after;
	uint8_t     prev[SHA256_SIZE], hash[SHA256_SIZE];
};
typedef bool audit_fn(void *ctx, const struct audit_record *r, struct err *e);
/* Every record, oldest first. */
bool store_audit_each(struct store *st, audit_fn *fn, void *ctx, struct err *e) MUST_CHECK;

/* The same check without a store: begin, add every record in the order of the file, end. */
struct audit_check {
	struct verify_answer *out;
	const struct anchor *want; /* NULL: none */
	uint8_t prev[SHA256_SIZE];
	int64_t latest; /* time of the records so far */
	bool    met; /* the anchor's record came */
};
void audit_check_begin(struct audit_check *c, const struct anchor *want,
                       struct verify_answer *out);
void audit_check_add(struct audit_check *c, const struct audit_record *r);
/* What stands there of this record says what the record does not. */
void audit_check_other(struct audit_check *c, int64_t seq);
void audit_check_end(struct audit_check *c);

/*
 * Sign the head with the private key in this PEM file: the signature is a record of the trail, so
 * that whoever has the public key can tell up to which record nothing was changed. *seq is the
 * record that is signed, `head` its hash in hexadecimal. ERR_USAGE: an empty trail, role.
 */
bool store_sign(struct store *st, const char *key_file, int64_t *seq,
                char head[static 2 * SHA256_SIZE + 1], struct err *e) MUST_CHECK;

#endif
