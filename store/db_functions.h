/* SPDX-License-Identifier: MIT */
/* db_functions.h - our functions in SQL, for db_sqlite.c; what they do stands in db.h. */
#ifndef DB_FUNCTIONS_H
#define DB_FUNCTIONS_H

#include "store/base/base.h"

struct sqlite3;
/* store_now() tells what *now points to at that time; 0 while it is NULL. */
void db_add_functions(struct sqlite3 *handle, const int64_t **now);

#endif
