/* SPDX-License-Identifier: MIT */
/* db_functions.h - our functions in SQL, for db_sqlite.c; what they do stands in db.h. */
#ifndef DB_FUNCTIONS_H
#define DB_FUNCTIONS_H

#include "store/base/base.h"

struct sqlite3;
/* What store_now() and store_heard() tell by at that time; NULL: they tell 0. */
struct clock {
	const int64_t *now, *silent; /* seconds UTC; seconds, 0 when it was not told */
};
void db_add_functions(struct sqlite3 *handle, struct clock *clock);

#endif
