/* SPDX-License-Identifier: MIT */
/*
 * decision.h - exceptions and statements as they bear on findings; private to store/.
 *
 * Scanners say whether a finding is there; decisions say what is thought of it. Both are kept, and
 * neither undoes the other: the state shown is "resolved" where nobody sees it any more, else that
 * of the decision in force, else open. A person outranks a machine, then the narrower reach counts,
 * then the newer decision. What a tool's own report sets aside holds until such a report lists it.
 */
#ifndef DECISION_H
#define DECISION_H

#include "store/ingest.h"

struct decision {      /* a row of table decides */
	int64_t maker; /* exception, or minus a statement */
	int64_t package, part, place, holder;
	int64_t state, severity, check_in;
	int64_t at, until; /* in force from, up to */
};

/* ---- decision.c: which one holds ---- */
/* Those that may hold findings of an advisory; they live until decisions_forget. */
bool decisions_of(struct ingest *ig, int64_t advisory, const struct decision **out, size_t *n,
		  struct err *e) MUST_CHECK;
bool decisions_any(struct ingest *ig, bool *yes, struct err *e) MUST_CHECK;
/* The table changed: ask it anew. */
void decisions_forget(struct ingest *ig);
/* Does this one hold the finding, whenever it is in force? */
bool decision_holds(struct ingest *ig, const struct decision *d, const struct standing *s,
		    const struct finding_row *f, bool *yes, struct err *e) MUST_CHECK;
/* The one that counts at a time; NULL: none. */
bool decision_at(struct ingest *ig, const struct standing *s, const struct finding_row *f,
		 int64_t at, const struct decision **out, struct err *e) MUST_CHECK;
/*
 * `f` as scanners see it becomes what it counts as at the store's now: state, severity, check_in
 * and who decided so.
 */
bool finding_decide(struct ingest *ig, const struct standing *s, struct finding_row *f,
		    struct err *e) MUST_CHECK;
/* Keep, or drop, the note of who decided. */
bool decided_write(struct ingest *ig, int64_t asset, const struct finding_row *f,
		   struct err *e) MUST_CHECK;

/* ---- decision_settle.c: findings are given the state that decisions say ---- */
/* Every finding that this decision may hold, or held; what changes, changes from `at` on. */
bool decision_apply(struct ingest *ig, int64_t maker, int64_t at, struct err *e) MUST_CHECK;
/* The decisions that came with this import, and the assets it renamed or joined. */
bool decisions_settle(struct ingest *ig, struct err *e) MUST_CHECK;
/* All findings whose sources are weighed otherwise now, from now on. */
bool severities_settle(struct ingest *ig, struct err *e) MUST_CHECK;
/* What began or ended between the last settling and the store's now. */
bool decisions_settle_now(struct ingest *ig, struct err *e) MUST_CHECK;
/* Write a target of a decision; its beginning and end are remembered as edges. */
bool decides_add(struct ingest *ig, int64_t advisory, const struct decision *d,
		 struct err *e) MUST_CHECK;
/* It is in force no longer from `at` on. */
bool decides_end(struct ingest *ig, int64_t maker, int64_t at, struct err *e) MUST_CHECK;

#endif
