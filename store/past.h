/* SPDX-License-Identifier: MIT */
/* past.h - what the parts of as-of share. Private to store/. */
#ifndef PAST_H
#define PAST_H

#include "store/store_private.h"

/* The day that is asked for, and the newest record of the trail that is known of. */
#define PAST_AT	   "(SELECT at FROM asof)"
#define PAST_AT_NS "(SELECT at_ns FROM asof)"
#define PAST_KNOWN "(SELECT known FROM asof)"
/* A row of what was there until a record came that is not known of, or that told of a later day. */
#define PAST_AFTER(w) "(" w ".by_seq > " PAST_KNOWN " OR " w ".by_at > " PAST_AT ")"

/* Views that stand for tables; each may read those before it. */
struct past_view {
	const char *name, *sql;
};
extern const struct past_view past_view[];
extern const size_t past_nview;

/* Count the roll-ups of the temporary tables anew, as an import would that brought all of it. */
bool past_count(struct store *st, int64_t at, struct err *e) MUST_CHECK;

#endif
