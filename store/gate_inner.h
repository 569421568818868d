/* SPDX-License-Identifier: MIT */
/* gate_inner.h - what the gate knows of an image, and how it judges that. Private to store/. */
#ifndef GATE_INNER_H
#define GATE_INNER_H

#include "store/scoped.h"

enum gate_kind { GATE_VULNERABILITY, GATE_LINT, GATE_SECRET, GATE_KIND_COUNT };

/* Open findings, and of them those a fix is known for. */
struct gate_counts {
	int64_t severity[GATE_KIND_COUNT][SEV_COUNT], fixable[SEV_COUNT];
	int64_t kev, kev_fixable;
};
struct gate_finding { /* one of them, to be named */
	enum gate_kind kind;
	enum severity severity;
	bool kev;
	const char *name, *package, *version, *fixed;
	const char *control; /* of the CIS Docker benchmark that it is about; "" none */
	const char *type;    /* of its package */
};
struct gate_signature {
	const char *predicate; /* "" a signature; else an attestation's type */
	const char *signer, *issuer;
	enum signature_result result;
	int64_t at;
};
struct gate_facts {
	int64_t image;
	const char *name, *digest, *base;
	const char *asked; /* the reference that was asked for, where it is one; NULL */
	uint64_t tags;
	int64_t scanned_at, db_built;
	struct gate_counts n;
	const struct gate_finding *finding; /* worst first; NULL: only counted */
	size_t nfinding;
	struct gate_signature *signature;
	size_t nsignature;
	const char **repository; /* of the names it holds now */
	size_t nrepository;
};

/* All of one image, its findings by name. Strings live in `mem`. */
bool gate_facts(struct store *st, int64_t image, struct arena *mem, struct gate_facts *out,
                struct err *e) MUST_CHECK;
/* Of every image that runs, by id; findings are only counted, by a few statements in all. */
bool gate_facts_running(struct store *st, struct arena *mem, struct gate_facts **out, size_t *n,
                        struct err *e) MUST_CHECK;

/*
 * What the gate would say now of every image that runs, by id; findings are counted, not named.
 * They belong to the store until the next call.
 */
bool gate_running(struct store *st, const struct gate_answer **out, size_t *n,
                  struct err *e) MUST_CHECK;

/* Refused, and not only for want of evidence. */
bool gate_refuses(const struct gate_answer *a);
/*
 * How many images run that the gate refuses, in all, and that admission denied, in a scope (0 the
 * estate; see judge.h), by list_drift.c.
 */
bool drift_counts(struct store *st, int64_t scope, int64_t *refused, int64_t *denied,
                  struct err *e) MUST_CHECK;

struct gate_list { /* reasons in the making */
	struct arena *mem;
	struct gate_reason *reason;
	int64_t *limit; /* beside each: the number it was measured by; -1: none */
	size_t n, cap, limit_cap;
};
/*
 * Add what one policy has against the image. Of two policies that limit the same number, the
 * stricter is kept. `max_age` seconds, 0: the policy's.
 */
void gate_judge(const struct policy *p, const struct gate_facts *f, int64_t now, int64_t max_age,
                struct gate_list *out);

#endif
