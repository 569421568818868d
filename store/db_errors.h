/* SPDX-License-Identifier: MIT */
/* db_errors.h - what SQLite's failures are called, for db_sqlite.c. */
#ifndef DB_ERRORS_H
#define DB_ERRORS_H

#include "store/base/base.h"

#define BUSY_MS 60000 /* how long another process's lock is waited for */

struct sqlite3;
/* The failure `rc` of the newest call on the database at `path`, in the user's words; false. */
bool db_fail(struct sqlite3 *h, const char *path, int rc, struct err *e);

#endif
