/* SPDX-License-Identifier: MIT */
/* response.h - the steps of the response to an alert; private to store/. */
#ifndef RESPONSE_H
#define RESPONSE_H

#include "store/ingest.h"

struct response { /* when each step is due, seconds; DUE_NONE: never */
	int64_t ack, contain, close, report;
};
/* Under the strictest of the policies in scope where it happened; from the first event, whenever
 * that came to be known. */
bool response_of(struct ingest *ig, int64_t asset, int64_t priority, int64_t first_ns,
		 struct response *out, struct err *e) MUST_CHECK;
/* After a step was taken, or is due at another time: the earliest of those not taken is next. */
bool response_next(struct db *db, int64_t alert, struct err *e) MUST_CHECK;
/* Take back the step that a record tells of by its two words. */
bool response_undo(struct db *db, int64_t alert, const char *before, const char *after,
		   struct err *e) MUST_CHECK;

#endif
