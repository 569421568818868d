/* SPDX-License-Identifier: MIT */
/* mute.h - take back that a rule was muted, or no longer; private to store/. */
#ifndef MUTE_H
#define MUTE_H

#include "store/decide.h"

/* What the record `seq` began is over; what it ended goes on. Within a transaction. */
bool mute_undo(struct store *st, int64_t seq, struct err *e) MUST_CHECK;
bool unmute_undo(struct store *st, int64_t seq, struct err *e) MUST_CHECK;

#endif
