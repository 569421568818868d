/* SPDX-License-Identifier: MIT */
/*
 * judgement.h - what is judged of the estate as a whole, kept in the store between questions.
 * Private to store/.
 */
#ifndef JUDGEMENT_H
#define JUDGEMENT_H

#include "store/judge.h"

/* Baselines that a framework's controls may belong to, as bits. */
enum { BASELINE_LOW = 1, BASELINE_MODERATE = 2, BASELINE_HIGH = 4 };

struct judgement_part { /* controls that are alike */
	int64_t framework, baselines, n;
	enum control_word word;
	bool tested;
};
struct judgement {
	const struct judgement_part *part;
	size_t npart;
	int64_t images, running, stale; /* as struct judge has them */
	int64_t refused, denied;        /* as drift_counts gives them */
};
/*
 * As it was kept, a few rows, where that still holds; else judged anew. Lives in `mem`. The past is
 * always judged anew.
 */
bool judgement_of(struct store *st, struct arena *mem, struct judgement *out,
                  struct err *e) MUST_CHECK;
/* The controls of one scope, counted the same way. */
bool judgement_parts(struct store *st, const struct scope *scope, struct arena *mem,
                     const struct judgement_part **out, size_t *n, struct err *e) MUST_CHECK;
/*
 * All controls with their texts and the words that were kept; *holds is false, and nothing is set,
 * where these no longer hold.
 */
bool judgement_words(struct store *st, struct arena *mem, struct control_row **out, size_t *n,
                     bool *holds, struct err *e) MUST_CHECK;
/*
 * Judge what the change in hand bears on (bearing.h), all where that is not known, and keep that
 * with it: the last thing before its commit. Only rows of controls whose word has changed are
 * written.
 */
bool judgement_keep(struct store *st, struct err *e) MUST_CHECK;

#endif
