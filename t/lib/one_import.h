/* SPDX-License-Identifier: MIT */
/*
 * one_import.h - for tests that need a store in memory and an import into it, new for each case:
 * `in`, and what sets it up and takes it down.
 */
#ifndef ONE_IMPORT_H
#define ONE_IMPORT_H

#include "t/lib/records.h"
#include "t/lib/test.h"

static struct import in;

static int setup(UNUSED void **state)
{
	import_init(&in, store_for_test());
	return 0;
}

static int teardown(UNUSED void **state)
{
	import_free(&in);
	store_close(in.st);
	return 0;
}

#endif
