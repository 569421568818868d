/* SPDX-License-Identifier: MIT */
/* policy.h - an organisation's thresholds, deadlines, windows and response times; private to
 * store/. */
#ifndef POLICY_H
#define POLICY_H

#include "store/store.h"

/* One remediation deadline: it holds for a finding when all of its conditions do. */
struct policy_deadline {
	const char *id;       /* "critical", for people and exports                      */
	const char *citation; /* "PCI DSS 4.0.1, 6.3.3"                                   */
	uint32_t severities;  /* bits 1 << enum severity                                  */
	int kev;              /* 1 only if exploited in the wild, 0 only if not, -1 either */
	int exposed;          /* likewise: exposed to outside the cluster                 */
	int running;          /* likewise                                                 */
	int64_t within;       /* seconds from the clock's start                           */
};

/* Steps of a response, seconds from an alert's first event; DUE_NONE: none asked for. */
struct policy_response {
	int64_t acknowledge, contain, close;
};

struct policy_gate { /* how many open findings an image may have and still be promoted; -1: any
	                number */
	int64_t severity[SEV_COUNT];
	int64_t kev, secret;
	bool fixable_only;    /* vulnerabilities without a fix do not count against the limits */
	bool signature;       /* asks for a valid signature                                    */
	int64_t scan_age;     /* seconds; older scans are no answer                            */
	int64_t database_age; /* likewise, of the scanner's database when it ran               */
};

struct policy_fresh { /* how long evidence stays good, seconds */
	int64_t scan, database, benchmark, admission, signature, answer, silent;
};

struct policy {
	const char *name, *title, *note;
	const struct policy_deadline *deadline;
	size_t ndeadline;
	struct policy_gate gate;
	struct policy_fresh fresh;
	struct policy_response response[PRIO_COUNT];
	enum priority alert_from; /* less urgent events make no alert        */
	int64_t alert_gap;        /* seconds of silence that end an alert    */
};

/*
 * By name: the user's $XDG_CONFIG_HOME/seaworthy/policies/NAME.json, else the built-in
 * store/policies/NAME.json. Strings live in `mem`. Errors name the file, the JSON path
 * ("gate.critical") and the reason.
 */
bool policy_load(const char *name, struct arena *mem, struct policy *out, struct err *e) MUST_CHECK;
/* From text; `file` is for messages. */
bool policy_parse(const char *file, const char *json, struct arena *mem, struct policy *out,
                  struct err *e) MUST_CHECK;

/* What a deadline looks at. */
struct deadline_case {
	enum severity severity;
	bool kev;
	bool exposed; /* not known counts as exposed */
	bool running;
	int64_t kev_due; /* the KEV list's own date, 0 none */
	int64_t start;   /* of the clock                    */
};
/*
 * When a finding is due under a policy, seconds UTC: the earliest of the deadlines that hold and
 * the KEV list's date (at once, where it was past when the clock began); DUE_NONE when none does.
 * *rule (may be NULL) is the one that set it, NULL for the KEV date or none.
 */
int64_t deadline_due(const struct policy *p, const struct deadline_case *c,
                     const struct policy_deadline **rule);
/* "30d", "12h", "15m", "90s", "2w" in seconds; false when it is none. */
bool duration_parse(const char *s, int64_t *out) MUST_CHECK;

#endif
