/* SPDX-License-Identifier: MIT */
/* checked.h - the spans of verdicts: when a source said what of a check. Private to store/. */
#ifndef CHECKED_H
#define CHECKED_H

#include "store/ingest.h"

struct checked {
	uint64_t key;
	int64_t scope, verdict, word, message, since, at, gone;
};
/* Of the looks of a source from a time on: they speak of a check, they do not, it says when. */
enum spoken { SPOKEN, SILENT, SPOKEN_OF_OLD };
/* From `at` on it is as `is` says; `was` NULL: it is new. */
bool checked_change(struct ingest *ig, const struct look *l, const struct checked *was,
		    const struct checked *is, int64_t at, enum spoken how,
		    struct err *e) MUST_CHECK;
/* The look says what is known. */
bool checked_again(struct ingest *ig, const struct look *l, const struct checked *was,
		   struct err *e) MUST_CHECK;
/* An older look, at is->at, gave it; the next complete one, at `next`, did not. */
bool checked_until(struct ingest *ig, const struct look *l, const struct checked *is,
		   enum spoken how, int64_t next, struct err *e) MUST_CHECK;
/* Was a verdict, one that was spelt out in spans, given at this time? */
bool checked_held(struct ingest *ig, const struct look *l, const struct checked *was, int64_t at,
		  bool *held, struct err *e) MUST_CHECK;
/* The look says nothing of it. */
bool checked_silent(struct ingest *ig, const struct look *l, const struct checked *was,
		    struct err *e) MUST_CHECK;

#endif
