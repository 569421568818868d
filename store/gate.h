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

struct policy_line { /* one thing that a policy asks for, or that makes it hold */
	const char *section; /* "scope", "policy", "deadline", "gate", "fresh", "exception", ... */
	const char *name, *value;
	const char *policy;  /* whose word it is, or the strictest's; "" where none */
	const char *why;     /* citation or reason; "": none */
};
/*
 * What holds: for an image, which tags it bears and by what, which policies they bring into scope,
 * and of each thing asked for the strictest with its policy; with `image` 0, every policy that
 * holds for anything, in full. Into `mem`.
 */
bool store_policy_show(struct store *st, int64_t image, struct arena *mem,
                       const struct policy_line **out, size_t *n, struct err *e) MUST_CHECK;
/* A file, read as strictly as one that is put in force. ERR_IO, ERR_FORMAT. */
bool store_policy_check(const char *path, struct arena *mem, const struct policy_line **out,
                        size_t *n, struct err *e) MUST_CHECK;
struct policy_info {
	const char *name, *title, *file, *validity, *tags;
	const char *use;    /* "estate", "by tag", "": holds for nothing now */
	bool        edited; /* its file changed after findings were judged by it */
};
/* All there are, by name; one whose file is wrong is an error. */
bool store_policy_list(struct store *st, struct arena *mem, const struct policy_info **out,
                       size_t *n, struct err *e) MUST_CHECK;

/* What a policy asks for that an admission controller can enforce; patterns hold `*` and `?`. */
struct admission_signer {
	const char *identity, *issuer, *key; /* all that are not NULL must match */
};
struct policy_admission {
	const char *name, *title;
	const char *const *registry; size_t nregistry; /* approved; none: any      */
	bool signature;                                /* a valid one is asked for */
	const struct admission_signer *signer; size_t nsigner; /* none: anybody    */
	const char *const *attestation; size_t nattestation;   /* predicate types  */
	bool base;                                     /* base images are approved */
};
/* Of the policy in force; strings belong to the store, the rest to `mem`. ERR_USAGE, ERR_FORMAT. */
bool store_policy_admission(struct store *st, struct arena *mem, struct policy_admission *out,
                            struct err *e) MUST_CHECK;

/* ---- the gate ---- */

struct gate_reason {
	const char *rule;  /* "vulnerability.critical", "scan.age", ... */
	const char *text;  /* "3 critical findings, 0 allowed: CVE-2024-24790 go stdlib 1.21.5" */
	const char *fix;   /* "bump go stdlib to 1.21.11"; NULL: none known */
	const char *policy; /* whose rule it is: of several, the strictest's */
	bool        evidence; /* missing or too old rather than refused (exit 3) */
};
struct gate_answer {
	int64_t     image;
	const char *name, *digest, *policy;
	bool        admitted;
	const struct gate_reason *reason; size_t nreason; /* those that refuse first */
};
/*
 * May it be promoted, under the policies in its scope, or under `policy` alone? Vulnerabilities
 * (exceptions and VEX applied), secrets and image checks against the limits; scan, signature,
 * attestations, registry and base image as the policy asks. ERR_EVIDENCE when no such image was
 * ever seen. `max_age` of the scan in seconds, 0: the policy's.
 */
bool store_gate(struct store *st, const char *image, const char *policy, int64_t max_age,
                struct arena *mem,
                struct gate_answer *out, struct err *e) MUST_CHECK;

#endif
