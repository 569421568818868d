/* SPDX-License-Identifier: MIT */
/* gatekeeper_log.h - Gatekeeper's audit and webhook logs, and what they share with its constraints.
 */
#ifndef GATEKEEPER_LOG_H
#define GATEKEEPER_LOG_H

#include "importers/importer.h"

/* One object that violates one constraint; every string may be NULL but rule, kind and name. */
struct gatekeeper_violation {
	const char *rule;      /* "K8sRequiredLabels/ns-must-have-gk"      */
	const char *rule_text; /* what the constraint is for               */
	const char *action;    /* deny, warn, dryrun, scoped               */
	const char *strictest; /* of a scoped action                       */
	const char *severity;  /* where a site labels its constraints so   */
	const char *kind, *space, *name; /* of the object                  */
	const char *cluster;   /* NULL: the scan's                         */
	const char *message;
	int64_t     at;        /* seconds UTC; 0: the scan's               */
};

/* Put the object's asset and its failed check; strings made on the way live in `mem`. */
bool gatekeeper_put(struct sink *out, struct arena *mem, const struct gatekeeper_violation *v,
                    struct err *e) MUST_CHECK;

/*
 * Gatekeeper has no severities: a site's label where it is a known word, else what the action tells
 * (deny high, the others low).
 */
enum severity gatekeeper_severity(const char *label, const char *action);

/* The sentence of a message; some sites put a JSON object and " >> " before it. NULL stays NULL. */
const char *gatekeeper_message(const char *message);

/* What the file holds, by its head. */
enum gatekeeper_form {
	GATEKEEPER_CONSTRAINTS, GATEKEEPER_LOG, GATEKEEPER_TEST, GATEKEEPER_DOOP
};
bool gatekeeper_form(const struct source *src, enum gatekeeper_form *form, struct err *e)
	MUST_CHECK;
int  gatekeeper_sniff_log(const struct peek *p);

/*
 * Read a log or an export. A violation that the audit found is the state of an object: a check, in
 * a scan of the audit's own time; a log alone never shows what is in order, so these scans are
 * partial, but for constraints that it says have no violation. What the webhook refused, warned of
 * or let pass is an admission event, `at` that time when a line does not say its own.
 */
bool gatekeeper_read_log(const struct source *src, int64_t at, struct sink *out, struct err *e)
	MUST_CHECK;

#endif
