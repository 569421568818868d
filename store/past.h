/* SPDX-License-Identifier: MIT */
/* past.h - what the two halves of as-of share. Private to store/. */
#ifndef PAST_H
#define PAST_H

#include "store/store_private.h"

/* Count the roll-ups of the temporary tables anew, as an import would that brought all of it. */
bool past_count(struct store *st, int64_t at, struct err *e) MUST_CHECK;

#endif
