/* SPDX-License-Identifier: MIT */
/* chance.h - random histories of imports, for tests of what holds after any of them. */
#ifndef CHANCE_H
#define CHANCE_H

#include "t/lib/records.h"

void chance_seed(uint64_t n);
int chance_pick(int n); /* 0 to n - 1 */

/*
 * Import something at random, of this time: 0 a signal, 1 an inventory, 2 to 5 a scan, 6 alerts,
 * 7 a verified signature.
 */
void history_import(struct import *in, int64_t at, int kind);
/* Import a VEX statement at random, in a file of this time. */
void history_state(struct import *in, int64_t at, int64_t said);

enum history_act {
	ACT_EXCEPT,
	ACT_CHANGE_EXCEPTION, /* it ends, or is renewed */
	ACT_SAY, /* an owner, a note, an answer */
	ACT_UNDO,
	ACT_TAG,
	ACT_POLICY,
	ACT_COUNT
};
/*
 * Somebody does it now, to something at random; nothing, where there is nothing to do it to.
 * ACT_POLICY wants a policy `by-grype` (policy_for_test).
 */
void history_act(struct import *in, enum history_act what);

#endif
