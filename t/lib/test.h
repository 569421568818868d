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

#endif
