/* SPDX-License-Identifier: MIT */
/* test.h - cmocka and what it needs before it; the one header every C test includes first. */
#ifndef TEST_H
#define TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "store/base/base.h"

/*
 * How many random histories to live through: a tenth of `n`, and one at the least, under a program
 * that slows each step down many times (SEAWORTHY_UNDER, `make grind`).
 */
static inline int test_tries(int n)
{
	return getenv("SEAWORTHY_UNDER") == NULL ? n : n < 10 ? 1 : n / 10;
}

#endif
