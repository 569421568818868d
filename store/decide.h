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
