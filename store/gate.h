/* SPDX-License-Identifier: MIT */
/* gate.h - the policy in force and the gate: part of store.h. */
#ifndef GATE_H
#define GATE_H

#include "store/base/base.h"

struct store;

/* ---- the policy ---- */

struct policy_facts { /* what people and reports are told of it; strings belong to the store */
	const char *name, *title;
	/* how long evidence stays good; after `silent` a source or cluster is silent; seconds */
	int64_t     scan, database, benchmark, admission, signature, answer, silent;
};
/* Of the policy in force. ERR_USAGE, ERR_FORMAT: it cannot be read. */
bool store_policy_facts(struct store *st, struct policy_facts *out, struct err *e) MUST_CHECK;

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

#endif
