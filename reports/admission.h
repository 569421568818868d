/* SPDX-License-Identifier: MIT */
/*
 * admission.h - the checks of workloads as an admission controller is told them; private to
 * reports/. Both engines evaluate CEL, so a check is one text, and what is judged of imported
 * workloads and what is enforced at admission cannot drift apart between engines.
 */
#ifndef ADMISSION_H
#define ADMISSION_H

#include "store/store.h"

enum admission_scope {
	ADMIT_POD,     /* once for the pod                                        */
	ADMIT_EACH,    /* for each container `c`, init and ephemeral ones too     */
	ADMIT_LASTING, /* likewise, without ephemeral ones                        */
	ADMIT_STAYING, /* likewise, only those that are restarted when they end   */
};

struct admission_row {
	const char *id, *title, *remedy; /* as in the table of the judgement */
	enum severity severity;
	enum admission_scope scope;
	bool linux_only;  /* means nothing for a pod of Windows */
	const char *good; /* CEL: true of what may be; NULL: cannot be enforced, see `remedy` */
};
const struct admission_row *admission_row(size_t i); /* NULL past the end */

/* What an engine calls things. */
struct admission_engine {
	const char *name;
	const char *object; /* CEL: what is admitted */
	void (*head)(struct out *o, const struct policy_admission *p);
	/* one or several documents that enforce the row, whose whole CEL text is `good` */
	void (*row)(struct out *o, const struct admission_row *r, const char *good);
	void (*signatures)(struct out *o, const struct policy_admission *p);
};
extern const struct admission_engine admission_kyverno, admission_gatekeeper;

/* The variables that a row's text uses, as a YAML sequence; `indent` blanks before each line. */
void admission_variables(struct out *o, const struct admission_engine *g, int indent,
                         const char *good);
/* `key: >-` and the text below it. The text holds nothing of users but admission_regex's. */
void admission_block(struct out *o, int indent, const char *key, const char *text);
/* `key: "text"`, whatever the text holds. */
void admission_text(struct out *o, int indent, const char *key, const char *text);
/* A comment; `text`, from users, is quoted. */
void admission_comment(struct out *o, const char *what, const char *text);

/*
 * One anchored RE2 expression for repositories that match one of the patterns, as the gate reads
 * them: `*` any run, `?` one character, letters of either case; a pattern without those stands
 * for all that is below it too. Holds no quote and no line's end, whatever the patterns hold.
 */
void admission_registries(const struct policy_admission *p, struct buf *out);
/* The same of one pattern that stands for itself alone. */
void admission_pattern(const char *pattern, struct buf *out);

#endif
