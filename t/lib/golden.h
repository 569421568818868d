/* SPDX-License-Identifier: MIT */
/* golden.h - compare what was made with the file that says what is expected. */
#ifndef GOLDEN_H
#define GOLDEN_H

#include "store/base/base.h"

/*
 * False when `got` differs from the file at `path`: *e names the first line that does. With
 * SEAWORTHY_GOLDEN set the file is written instead, for review in `git diff`.
 */
bool golden_check(const char *path, const struct buf *got, struct err *e) MUST_CHECK;

#endif
