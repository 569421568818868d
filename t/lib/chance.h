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

#endif
