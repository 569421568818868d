/* SPDX-License-Identifier: MIT */
/*
 * judge.h - what the store knows of each finding class, and what that makes of controls; private
 * to store/.
 */
#ifndef JUDGE_H
#define JUDGE_H

#include "store/store_private.h"

enum class_record { /* where a class's evidence comes from */
	RECORD_VULNERABILITY, RECORD_IMAGE, RECORD_SCAN, RECORD_SECRET, RECORD_MISCONFIGURATION,
	RECORD_BENCHMARK,
	RECORD_EXCEPTION, /* tells of decisions: neither fails nor passes a control           */
	RECORD_NEVER,     /* runtime, admission, incident, vendor, audit, forensic, inventory: */
	                  /* can fail a control and never pass it                              */
};

/* What is known of one class, or of the rules that test one control, over the whole estate. */
struct fact {
	int64_t open;       /* findings that fail: open; of a vulnerability class, late ones     */
	int64_t excepted;   /* findings that would fail but for a decision                       */
	int64_t passed;     /* passing pieces of evidence: checks, scanned images                */
	int64_t covered;    /* assets that have one, of ...                                      */
	int64_t applicable; /* ... those it applies to                                           */
	int64_t oldest;     /* over the assets, the oldest of their newest evidence; 0: none     */
	int64_t newest;     /* evidence of all; 0: none                                          */
	int64_t window;     /* seconds that it stays good                                        */
	int64_t manual;     /* verdicts that call for a person                                   */
	bool    outdated;   /* a scanner's database was older than its window                    */
	bool    never;      /* cannot pass a control                                             */
};

/* The classes that a vulnerability may be in, several at once: by severity, KEV, and being late. */
enum { VULN_CRITICAL, VULN_HIGH, VULN_MEDIUM, VULN_LOW, VULN_KEV, VULN_OVERDUE, VULN_COUNT };

struct class_fact {
	int64_t           id;
	const char       *name, *title;
	enum class_record record;
	enum severity     severity;
	struct fact       fact;
	int64_t           unfixed; /* all open ones, late or not */
	bool              anew;    /* found anew, rather than as it was kept */
	unsigned          vulns;   /* of vulnerabilities: 1 << the above; 0: another class */
};
struct rule_fact {
	int64_t     advisory, class_id; /* class -1: it has no result any more */
	struct fact fact;
	bool        images; /* some of its results are of images */
	bool        anew;   /* as above */
};

struct judge {
	const struct policy *policy; /* of a scope: its windows are the strictest in scope */
	int64_t            now;
	int64_t            until; /* as now passes it, facts or words may change by themselves */
	int64_t            scope; /* 0: the estate; an asset; minus a repository */
	const struct bearing *bears; /* only this is found anew; NULL: all */
	struct class_fact *class_fact; /* by id */
	size_t             nclass;
	struct rule_fact  *rule;       /* by advisory */
	size_t             nrule;
	/* vulnerabilities that are late, by severity and KEV; set aside, that would be */
	int64_t late[VULN_KEV][2], aside[VULN_KEV][2];
	int64_t images, running, scanned, stale; /* images that count; stale: no scan, or too old */
};

/*
 * Everything the judgement of controls stands on. Kept while neither the store nor its now
 * changes: what it points to belongs to the store until the next call. Cost of the first: see
 * judge.c.
 */
bool judge_load(struct store *st, struct judge *out, struct err *e) MUST_CHECK;
/*
 * The same after a change that bears on no more than that, the rest as judge_keep_facts kept it;
 * `was` has the numbers of images. Lives in `mem`.
 */
bool judge_load_anew(struct store *st, const struct bearing *bears, const struct judge *was,
                     struct arena *mem, struct judge *out, struct err *e) MUST_CHECK;
/* The same of what lies or runs in one scope; arrays live in `mem`. Not kept between questions. */
bool judge_load_scope(struct store *st, int64_t scope, struct arena *mem, struct judge *out,
                      struct err *e) MUST_CHECK;
/* In SQL: does an asset lie or run in a scope, an expression? Each is 0, an asset, or minus a
 * repository. */
#define SQL_IN_SCOPE(asset, scope)                                                                 \
	"(" scope " = 0 OR " asset " = " scope "\n"                                                \
	"  OR EXISTS (SELECT 1 FROM counted AS w\n"                                                \
	"    WHERE w.asset = " asset " AND w.scope = " scope ")\n"                                 \
	"  OR EXISTS (SELECT 1 FROM asset AS w\n"                                                  \
	"    WHERE w.id = " asset " AND w.parent = " scope ")\n"                                   \
	"  OR EXISTS (SELECT 1 FROM image_name AS w\n"                                             \
	"    WHERE w.image = " asset " AND w.repository = -" scope "))"
/* Add the vulnerabilities that fail any of these classes, and those that would: each once. */
void judge_vulns(const struct judge *j, unsigned vulns, int64_t *open, int64_t *excepted);
/* A piece of evidence that an image passes. */
void image_evidence(struct fact *f, int64_t at);
/* Something may change by itself as now passes `at`; what is past is no matter. */
void judge_until(struct judge *j, int64_t at);
struct class_fact *judge_class(const struct judge *j, int64_t id); /* NULL when there is none */
struct rule_fact  *judge_rule(const struct judge *j, int64_t advisory); /* likewise */

/* ---- judge_kept.c ---- */
/* Mark the classes that the change bears on; read the rules as they were kept, and mark them. */
bool judge_mark(struct store *st, struct arena *mem, struct judge *j, struct err *e) MUST_CHECK;
/* Classes that are not found anew get the facts that were kept. */
bool judge_read_kept(struct store *st, const struct judge *j, struct err *e) MUST_CHECK;
/* Keep the facts of the estate; rows that say so already stay as they are. */
bool judge_keep_facts(struct store *st, const struct judge *j, struct err *e) MUST_CHECK;

/* The parts of judge_load that read what runs against the rules, and check results. */
bool judge_drift(struct store *st, const struct judge *j, struct err *e) MUST_CHECK;
bool judge_signatures(struct store *st, const struct judge *j, struct err *e) MUST_CHECK;
bool judge_checks(struct store *st, struct arena *mem, struct judge *j, struct err *e) MUST_CHECK;

struct control_row { /* one judged control; strings live in the arena it was made in */
	int64_t     id, framework, ord;
	const char *framework_key, *ident, *title, *section, *attributes;
	enum control_word word;
	const char *why;        /* one sentence */
	int64_t     failing, excepted, evidence, covered, applicable;
	int         tested, classes;
	int64_t     newest, window;
	bool        answered;   /* a valid answer stands */
	enum answer answer;
	int64_t     answered_at, answer_until;
	int64_t     told_at; /* newest answer that stands, to it or to an item that bears on it */
};
/*
 * Judge the controls of a framework (0: of all), in the framework's order. Model: "Control C in
 * scope S at time T",
 * with S the estate and T the store's now.
 */
bool control_words(struct store *st, int64_t framework, struct arena *mem,
                   struct control_row **out, size_t *n,
                   struct err *e) MUST_CHECK;
/*
 * Judge only the controls that a class or rule that is found anew tests, by facts that are loaded:
 * all of them where all facts are. In the order of their ids, without the texts that only people
 * read.
 */
bool control_judge_anew(struct store *st, struct judge *facts, struct arena *mem,
                        struct control_row **out, size_t *n, struct err *e) MUST_CHECK;
/* All controls with their texts and the words that were kept, of *set of them: none is judged. */
bool control_kept(struct store *st, struct arena *mem, struct control_row **out, size_t *n,
		  size_t *set, struct err *e) MUST_CHECK;
/* All of them as they stand in one scope (SQL_IN_SCOPE): what people answered holds there too. */
bool control_words_in(struct store *st, int64_t scope, struct arena *mem, struct control_row **out,
                      size_t *n, struct err *e) MUST_CHECK;
/* The same, and the facts it was judged by. */
bool control_judge(struct store *st, int64_t framework, struct arena *mem, struct judge *facts,
                   struct control_row **out, size_t *n, struct err *e) MUST_CHECK;

/* an item of the checklist beside what the data says; strings live in the arena */
struct item_row {
	int64_t     id, ord;
	const char *ident, *section, *title, *automatic;
	enum control_word data; /* pass and fail only where the data can tell */
	const char *data_why;
	bool        answered;   /* a valid answer stands */
	bool        ever;       /* some answer was given, perhaps fallen due again */
	enum answer answer;
	int64_t     answered_at, answer_until;
	const char *answered_by;
};
/* The whole checklist in its order. `facts` may be NULL. */
bool item_words(struct store *st, struct arena *mem, struct judge *facts, struct item_row **out,
                size_t *n,
                struct err *e) MUST_CHECK;

/* The same without what the data says. */
bool items_answered(struct store *st, struct arena *mem, struct item_row **out, size_t *n,
                  struct err *e) MUST_CHECK;

/* For the details: a reference to a judged control, to a class. */
struct control_ref control_ref_of(const struct control_row *r, int weight);
struct class_ref   class_ref_of(const struct class_fact *c, int weight, struct arena *mem);

/* The value of `key` in "key=value | key=value" attributes, into `mem`; NULL when absent. */
const char *attribute_get(const char *attributes, const char *key, struct arena *mem);

#endif
