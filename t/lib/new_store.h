/* SPDX-License-Identifier: MIT */
/* new_store.h - stores in memory for tests, the schema laid once for all of them. */
#ifndef NEW_STORE_H
#define NEW_STORE_H

#include "store/store.h"

/* A store as `o` says, new and in memory (its path is not looked at); the test fails if it can't be
 * had. */
struct store *new_store_in_memory(const struct store_opts *o);

#endif
