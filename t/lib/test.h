/* SPDX-License-Identifier: MIT */
/* test.h - cmocka and what it needs before it; the one header every C test includes first. */
#ifndef TEST_H
#define TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "store/base/base.h"

/* Whether a program runs the test that slows each step down many times over (`make grind`). */
static inline bool test_is_slowed(void)
{
	return getenv("SEAWORTHY_UNDER") != NULL;
}

/*
 * How many random histories to live through: `n`, a third of it where sanitizers slow each step
 * down, a fortieth where test_is_slowed(); one at the least.
 */
static inline int test_tries(int n)
{
	int share = 1;

#ifdef __SANITIZE_ADDRESS__
	share = 3;
#endif
	if (test_is_slowed())
		share = 40;
	return n < share ? 1 : n / share;
}

#endif
