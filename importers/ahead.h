/* SPDX-License-Identifier: MIT */
/* ahead.h - an importer reads on while what it found is put where it belongs. */
#ifndef AHEAD_H
#define AHEAD_H

#include "store/record.h"

/*
 * fn(ctx, sink, e) on a thread of its own, filling a sink that stands for `out`: records wait in a
 * few batches, and go into `out` from the thread that called, in their order. What is seldom is
 * waited for, so that the importer hears what `out` said of it; of the rest it hears one batch or
 * so later, and what it can then no longer place is ERR_AGAIN. So `out` has to be hasty.
 */
typedef bool ahead_fn(void *ctx, struct sink *out, struct err *e);
bool ahead_run(ahead_fn *fn, void *ctx, struct sink *out, struct err *e) MUST_CHECK;

#endif
