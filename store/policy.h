/* SPDX-License-Identifier: MIT */
/* policy.h - an organisation's thresholds, deadlines, windows and response times; private to
 * store/. */
#ifndef POLICY_H
#define POLICY_H

#include "store/store.h"

/* How binding a rule is; a proposed one holds only where the policy switches proposals on. */
enum policy_force { FORCE_MUST, FORCE_SHOULD, FORCE_PROPOSED };

/* A list of texts; a pattern may hold `*` and `?`. */
struct policy_texts {
	const char *const *s;
	size_t n;
};
/* Its texts with ", " between them, in `mem`. */
const char *policy_texts_joined(struct arena *mem, const struct policy_texts *t);

/*
 * One remediation deadline: it holds for a finding when all of its conditions do. A condition of
 * 1 wants it so, 0 wants it not so, -1 does not care.
 */
struct policy_deadline {
	const char *id;	      /* "critical", for people and exports                      */
	const char *citation; /* "PCI DSS 4.0.1, 6.3.3"                                   */
	uint32_t severities;  /* bits 1 << enum severity                                  */
	int kev;	      /* exploited in the wild                                    */
	int exposed;	      /* to outside the cluster                                   */
	int running;
	int likely;	 /* likely exploitable, see policy.likely_epss               */
	int automatable; /* SSVC: an attacker can automate all steps                 */
	int total;	 /* SSVC: technical impact total rather than partial         */
	const char *tag; /* only what bears this tag; NULL: all                      */
	int64_t within;	 /* seconds from the clock's start; DUE_NONE: no date        */
	bool triage;	 /* asks for forensic triage too                             */
	/* the rule binds from the first up to, not including, the second; 0: no such end */
	int64_t valid_from, valid_to;
	enum policy_force force;
	const char *certification; /* FedRAMP class that it is for; NULL: every */
};

/* Steps of a response, seconds from an alert's first event; DUE_NONE: none asked for. */
struct policy_response {
	int64_t acknowledge, contain, close, report;
};

struct policy_gate { /* how many open findings an image may have and still be promoted; -1: any
			number */
	int64_t severity[SEV_COUNT]; /* vulnerabilities */
	int64_t lint[SEV_COUNT];     /* what linters and image checks found wrong with it */
	int64_t kev, secret;
	bool fixable_only;    /* vulnerabilities without a fix do not count against the limits */
	bool signature;	      /* asks for a valid signature                                    */
	int64_t scan_age;     /* seconds; older scans are no answer                            */
	int64_t database_age; /* likewise, of the scanner's database when it ran               */
};

struct policy_fresh { /* how long evidence stays good, seconds */
	int64_t scan, database, benchmark, admission, signature, answer, silent;
};

struct policy_signer { /* who may sign: all that is not NULL must match; patterns */
	const char *identity, *issuer, *key;
	char key_name[SIGN_NAME_SIZE]; /* of a key in PEM, else "" */
};

struct policy_exceptions {
	int64_t longest[SEV_COUNT]; /* of an exception, seconds; DUE_NONE: no limit */
	bool approver;	    /* the approver must be another than the requester */
};

struct policy_text {
	const char *json;
	const struct policy_text *extends; /* NULL: nothing */
};

struct policy {
	const char *name, *title, *note;
	const char *key; /* its file's name without the ending: what it is asked for by */
	const struct policy_text *text; /* as it was read */
	const char *file; /* where it was read: a path, or that of a built-in one */
	/* of the rules it follows, for people; seconds UTC, 0: no such end */
	int64_t valid_from, valid_to, grace_to;
	enum policy_force force;
	bool fallback;		   /* holds only where no other policy does          */
	struct policy_texts tags;  /* whatever bears one of them is in its scope     */
	bool proposed;		   /* rules that are only proposed hold too          */
	const char *certification; /* FedRAMP class, "A" to "D"; NULL: none          */
	bool start_kev; /* clocks start at the earlier of KEV listing and detection */
	/* likely exploitable: in KEV, automatable, or EPSS at least this (times 10,000) */
	int64_t likely_epss;
	const struct policy_deadline *deadline;
	size_t ndeadline;
	/* whose word of a severity counts, first come; none: the worst of all. Of the estate's own
	 * policy only: a finding has one severity */
	struct policy_texts severity;
	struct policy_gate gate;
	/* approved; none: any. Patterns of registries or repositories; of those, or digests */
	struct policy_texts registries, base_images;
	const struct policy_signer *signer; /* trusted; none: whoever signed validly is */
	size_t nsigner;
	struct policy_texts attestations; /* predicate types an image must have */
	struct policy_fresh fresh;
	struct policy_exceptions exceptions;
	struct policy_response response[PRIO_COUNT];
	enum priority alert_from; /* less urgent events make no alert        */
	int64_t alert_gap;	  /* seconds of silence that end an alert    */
};

/*
 * By name: the user's $XDG_CONFIG_HOME/seaworthy/policies/NAME.json, else the built-in
 * store/policies/NAME.json. Strings live in `mem`. Errors name the file, the JSON path
 * ("gate.critical") and the reason. What a policy extends is read first.
 */
bool policy_load(const char *name, struct arena *mem, struct policy *out, struct err *e) MUST_CHECK;
/* From text; `file` is for messages, and its base name the policy's default name. */
bool policy_parse(const char *file, const char *json, struct arena *mem, struct policy *out,
		  struct err *e) MUST_CHECK;
/* From any file. ERR_IO, ERR_FORMAT. */
bool policy_read(const char *path, struct arena *mem, struct policy *out, struct err *e) MUST_CHECK;

/* Of its text and of all that it extends, nearest last. */
void policy_hash(const struct policy *p, uint8_t out[static SHA256_SIZE]);

/* Names of all policies there are, built-in and the user's, sorted, each once, into `mem`. */
void policy_names(struct arena *mem, const char *const **out, size_t *n);

/* What a deadline looks at. */
struct deadline_case {
	enum severity severity;
	bool kev;
	bool exposed; /* not known counts as exposed */
	bool running;
	/* SSVC; where no source says, what BOD 26-04 states for that: not automatable, total */
	bool automatable, partial;
	int epss;			 /* times 10,000 */
	const struct policy_texts *tags; /* the asset bears; NULL: none */
	int64_t kev_added, kev_due;	 /* the KEV list's own dates, 0 none */
	int64_t start;			 /* of the clock                    */
};
/*
 * When a finding is due under a policy, seconds UTC: the earliest of the deadlines that hold and
 * the KEV list's date (at once, where it was past when the clock began); DUE_NONE when none does.
 * *rule (may be NULL) is the one that set it, NULL for the KEV date or none.
 */
int64_t deadline_due(const struct policy *p, const struct deadline_case *c,
		     const struct policy_deadline **rule);
/* A finding is due on a day, which ends at 24:00Z: the last second of the one that `due` is in. */
int64_t deadline_end(int64_t due);
/* Does their signature count, which somebody verified? Where nobody is named, anybody's does. */
bool policy_trusts(const struct policy *p, const char *signer, const char *issuer);
/* "30d", "12h", "15m", "90s", "2w" in seconds; false when it is none. */
bool duration_parse(const char *s, int64_t *out) MUST_CHECK;

#endif
