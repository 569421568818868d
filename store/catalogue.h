/* SPDX-License-Identifier: MIT */
/* catalogue.h - what the two files that take catalogue entries share; private to store/. */
#ifndef CATALOGUE_H
#define CATALOGUE_H

#include "store/ingest.h"

const char *entry_text(const char *s, const char *none); /* `none` when s is NULL */
void entry_skip(struct ingest *ig, const struct rec_entry *r, const char *reason);
/* Ids by name; 0: there is none. */
bool entry_class(struct ingest *ig, const char *name, int64_t *out, struct err *e) MUST_CHECK;
bool entry_control(struct ingest *ig, const char *framework, const char *ident, int64_t *out,
		   struct err *e) MUST_CHECK;
bool entry_control_named(struct ingest *ig, const char *name, int64_t *out,
			 struct err *e) MUST_CHECK;

bool entry_framework(struct ingest *ig, const char *key, int64_t *out, struct err *e) MUST_CHECK;

/* *id is 0 when its framework is not known, which is told. */
bool entry_put_control(struct ingest *ig, const struct rec_entry *r, int64_t *id,
		       struct err *e) MUST_CHECK;
/* A control that is the same as another framework's, or selects several. */
bool entry_like(struct ingest *ig, const struct rec_entry *r, struct err *e) MUST_CHECK;

/* What profiles change in the controls that they select. */
struct changes {
	struct rec_change *v;
	bool *made; /* of each: a control had what it is for */
	size_t n, cap;
	const char *framework; /* key of the one in hand */
};
void changes_add(struct ingest *ig, struct changes *all, const struct rec_change *c);
/* In the controls of the framework in hand, which is `framework`. */
bool changes_make(struct ingest *ig, int64_t framework, struct changes *all,
		  struct err *e) MUST_CHECK;
/* Those that nothing was there for. */
void changes_tell(struct ingest *ig, const struct changes *all);
void changes_release(struct changes *all);

bool entry_map(struct ingest *ig, const struct rec_entry *r, struct err *e) MUST_CHECK;
/* The answer that an item brings along. */
bool entry_answer(struct ingest *ig, const struct rec_entry *r, int64_t item,
		  struct err *e) MUST_CHECK;
/* `ord`: its place in the checklist. */
bool entry_item(struct ingest *ig, const struct rec_entry *r, int64_t ord,
		struct err *e) MUST_CHECK;

#endif
