/* SPDX-License-Identifier: MIT */
/* judged.h - judged controls for lists and details, kept between questions. Private to store/. */
#ifndef JUDGED_H
#define JUDGED_H

#include "store/judge.h"

/*
 * All controls, as control_words() gives them for all frameworks. They belong to the store until
 * the next call: copy what is to last.
 */
bool judged_controls(struct store *st, const struct control_row **row, size_t *n,
		     struct err *e) MUST_CHECK;
/*
 * The same with no more than their texts and words: as they were kept with the last change of the
 * store, where that holds, at the cost of reading them; else judged.
 */
bool judged_words(struct store *st, const struct control_row **row, size_t *n,
		  struct err *e) MUST_CHECK;

/*
 * The same in one scope: "cluster/prod-eu" and the like, as store_scope_find() gives it. Kept until
 * another scope is asked for.
 */
bool judged_controls_in(struct store *st, const struct scope *scope, const struct control_row **row,
			size_t *n, struct err *e) MUST_CHECK;
/* Is it a scope that controls can be judged in? *object is what SQL_IN_SCOPE wants. */
bool judged_scope(const struct scope *scope, int64_t *object);

/*
 * The controls that classes (", " between) test first of all, as "PCI-DSS 6.3.3, HIPAA 164.312(b)",
 * into `mem`. Kept by class until the store changes.
 */
bool class_controls(struct store *st, const char *classes, struct arena *mem, const char **out,
		    struct err *e) MUST_CHECK;

/* Controls that something bears on, each once with its strongest link; most primary first. */
struct refs {
	struct store *st;
	struct arena *mem;
	const struct control_row *row;
	size_t n;
	uint8_t *weight;
};
bool refs_begin(struct store *st, struct arena *mem, struct refs *out, struct err *e) MUST_CHECK;
bool refs_add_class(struct refs *r, const char *class_name, struct err *e) MUST_CHECK;
bool refs_add_rule(struct refs *r, int64_t advisory, struct err *e) MUST_CHECK;
void refs_end(struct refs *r, bool only_failing, const struct control_ref **out, size_t *n);

#endif
