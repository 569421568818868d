/* SPDX-License-Identifier: MIT */
/* sarif.h - what the files of the SARIF importer share: runs, their rules, and their results. */
#ifndef SARIF_H
#define SARIF_H

#include "importers/importer.h"
#include "importers/read.h"

/* What scanners write as "Label: value" lines into messages and help; NULL: no such line. */
struct sarif_labels {
	const char *id; /* after "Vulnerability " */
	const char *package, *version, *fixed_in, *type, *location, *severity, *message, *match;
	const char *purl; /* Docker Scout names packages by it */
};
/* Find them in `text`, which may be NULL. Values live in `mem`. */
void sarif_labels(struct arena *mem, const char *text, struct sarif_labels *out);

/* ---- what tools that write no such lines say in sentences and ids; see sarif_words.c ---- */

struct sarif_rule;
struct sarif_said {
	const struct sarif_rule *rule;
	const char *id, *message; /* of the result; may be NULL */
};
/*
 * Fill in the labels, their values in `mem`; those of OSV-Scanner and Snyk also other ids of the
 * advisory, of which the first `max` are told. False: it speaks of no package.
 */
bool sarif_osv(struct arena *mem, const struct sarif_said *x, struct sarif_labels *out,
               const char **alias, size_t max, size_t *n);
bool sarif_snyk(struct arena *mem, const struct sarif_said *x, struct sarif_labels *out,
                const char **alias, size_t max, size_t *n);
bool sarif_twistcli(struct arena *mem, const struct sarif_said *x, struct sarif_labels *out);
bool sarif_clair(struct arena *mem, const struct sarif_said *x, struct sarif_labels *out);
bool sarif_checkov(struct arena *mem, const struct sarif_said *x, struct sarif_labels *out);
/* The image in a rule of Grype before 0.33 and its help's labels; NULL: it was a folder. */
const char *sarif_anchore_image(struct arena *mem, const char *id, const struct sarif_labels *l);

/* ---- rules: those of all runs are known before the first result ---- */

struct sarif_rule {
	uint64_t    run;   /* number of the run in the file               */
	uint64_t    index; /* in its driver's array; UINT64_MAX: elsewhere */
	uint64_t    extension, nth; /* elsewhere: of which of the run's, and where there */
	const char *id, *name, *title, *text, *url;
	const char *level;
	const char *security; /* "security-severity": a number like CVSS's */
	const char *cvss;
	const char *word;     /* severity word among the tags              */
	const char *type;     /* the tag that may be a package's type      */
	struct sarif_labels help;
	const char *const *message; /* id, text, id, text, ... */
	size_t             nmessage;
	const char *fixed_in;       /* the first version without it */
	const char *const *purl;    /* packages that it is about    */
	size_t             npurl;
};

/* What the command line or a file of settings made of a rule for a run. */
struct sarif_override {
	uint64_t    run;
	int64_t     extension, index; /* -1: not said */
	const char *id, *level;
};

struct sarif_words { /* messages that all rules of a run share: id, text, id, text, ... */
	uint64_t           run;
	const char *const *message;
	size_t             nmessage;
};

struct sarif_artifact { /* a file that results may name by its number alone */
	uint64_t    run, index;
	const char *uri;
};

/*
 * Runs of one tool on one thing complement each other, however long each took and whatever part of
 * the tool it was: they are told as one scan.
 */
struct sarif_run {
	const char *of;      /* tool and thing                        */
	const char *version; /* of the newest                         */
	int64_t     at;      /* when the newest ended; 0: nobody says */
	bool        failed;  /* one of them did                       */
};

struct sarif_rules {
	struct arena              mem;
	struct sarif_rule        *rule; /* in the file's order */
	size_t                    n, cap;
	const struct sarif_rule **by_id;
	uint64_t                  runs; /* seen so far */
	struct sarif_run         *run;  /* each, in the file's order */
	size_t                    caprun;
	struct sarif_artifact    *artifact; /* in the file's order */
	size_t                    nartifact, capartifact;
	struct sarif_override    *override;
	size_t                    noverride, capoverride;
	struct sarif_words       *words; /* in the file's order */
	size_t                    nwords, capwords;
};
#define SARIF_RULES_INIT { .mem = ARENA_INIT }
/* Read the rules of every run; a pass over the file. */
bool sarif_rules_read(struct sarif_rules *t, const struct source *src, struct err *e) MUST_CHECK;
void sarif_rules_release(struct sarif_rules *t);
/*
 * By its index in the driver's rules (UINT64_MAX: none), unless the rule there has another id; else
 * by its id. NULL: not described.
 */
const struct sarif_rule *sarif_rule_find(const struct sarif_rules *t, uint64_t run, uint64_t index,
                                         const char *id);
/* By its number in an extension of the run; NULL: not described. */
const struct sarif_rule *sarif_rule_of(const struct sarif_rules *t, uint64_t run,
                                       uint64_t extension, uint64_t nth);
/* The run's message of that id, which is no rule's own; NULL: none. */
const char *sarif_message(const struct sarif_rules *t, uint64_t run, const char *id);
/* Where the run's artifact of that number is; NULL: not said. */
const char *sarif_artifact(const struct sarif_rules *t, uint64_t run, uint64_t index);

/* ---- runs ---- */

/* The first reading: note the run, and when all are noted, let them share what they have. */
void sarif_note_run(struct sarif_rules *t, const struct read_record *run);
void sarif_join_runs(struct sarif_rules *t);

enum sarif_tool {
	TOOL_OTHER, TOOL_TRIVY, TOOL_GRYPE, TOOL_SNYK, TOOL_DOCKLE, TOOL_HADOLINT, TOOL_SCOUT,
	TOOL_ANCHORE, TOOL_CHECKOV, TOOL_CLAIR, TOOL_GITLEAKS, TOOL_OSV, TOOL_TWISTCLI,
	TOOL_DEPENDENCY_CHECK, TOOL_SYSDIG
};

struct sarif {
	struct sink              *sink;
	const struct import_opts *opts;
	struct sarif_rules        rules;
	bool                      any; /* the file says that it is SARIF */
	bool                      outside; /* it has results that belong to a run, but not in it */
	/* of the current run */
	uint64_t                  run; /* its number, from 1 */
	enum sarif_tool           tool;
	bool                      ran;     /* it has an array of results           */
	struct buf                category; /* part of the tool's rules that it was run with */
	struct buf                asset;   /* name of the current asset; empty: none yet */
	unsigned                  covered; /* kinds found in it, bits 1 << finding_kind  */
	struct arena              mem;     /* dies with the result */
};

/* Fields of a run that results look at; a result finds its run in `r->up->up`. */
enum {
	RUN_TOOL, RUN_VERSION, RUN_SEMANTIC, RUN_IMAGE, RUN_IMAGE_ID, RUN_TAGS, RUN_DIGESTS,
	RUN_BASES, RUN_REPOSITORY, RUN_STARTED, RUN_ENDED, RUN_SUCCESS, RUN_AUTOMATION,
	RUN_ELSEWHERE, RUN_PULLED, RUN_MANIFEST, RUN_CONFIG, RUN_COUNT
};
extern const struct read_field sarif_run_field[RUN_COUNT];

enum { SARIF_RESULT = 21 };
extern const struct read_field sarif_result_field[SARIF_RESULT];
read_fn sarif_on_result;

/*
 * Put the asset that a result is about, unless it is the current one: an image by this name, or
 * with NULL what the run itself tells (an image, or a tree of files).
 */
bool sarif_settle(struct sarif *s, const struct read_record *run, const char *image, struct err *e);
/* What the run's checks are a part of; NULL: of all that the tool has. */
const char *sarif_category(const struct sarif *s);

#endif
