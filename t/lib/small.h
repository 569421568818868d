/* SPDX-License-Identifier: MIT */
/* small.h - a small store for tests of reading, filled by SQL: what is in it stands in small.c. */
#ifndef SMALL_H
#define SMALL_H

#include "t/lib/test.h"

#include "store/list.h"
#include "store/store_private.h"

/* Its now is 2026-11-23T20:40:00Z. */
#define SMALL_NOW INT64_C(1795466400)

struct store *small_open(void);
struct store *small_empty(void);
/* Run SQL on it, as another import would. */
void small_sql(struct store *st, const char *sql);

#endif
