/* SPDX-License-Identifier: MIT */
/* decide.h - what people decide, and the trail of it: part of store.h. */
#ifndef DECIDE_H
#define DECIDE_H

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
bool store_note(struct store *st, const struct scope *what, const char *text,
                struct err *e) MUST_CHECK;
bool store_own(struct store *st, const struct scope *what, const char *owner,
               struct err *e) MUST_CHECK;
/* Alerts only go forward: acknowledged, contained, closed. */
bool store_alert_step(struct store *st, int64_t alert, enum alert_state to, const char *note,
                      struct err *e) MUST_CHECK;
/* Number of the newest record of the audit trail; 0: there is none. */
bool store_seq(struct store *st, int64_t *seq, struct err *e) MUST_CHECK;
/*
 * Take back all that this actor did behind record `after`, up to `upto`: answers, notes, owners,
 * steps of alerts. Each is a record of its own, and so is its undoing; *undone says how many. All
 * or none: ERR_USAGE when the role has no right to one of them. What was taken back once is not
 * taken back again.
 */
bool store_undo(struct store *st, int64_t after, int64_t upto, int64_t *undone,
                struct err *e) MUST_CHECK;
/* May this role write such a record ("note", "own", "alert", "answer")? ERR_USAGE says why not. */
bool role_may(enum role role, const char *record, struct err *e) MUST_CHECK;
/* From now on, two names of one cluster. */
bool store_alias_cluster(struct store *st, const char *a, const char *b, struct err *e) MUST_CHECK;

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
