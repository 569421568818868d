/* SPDX-License-Identifier: MIT */
/* db_given.h - rows in memory as a table of SQL, for db_sqlite.c; how it is used stands in db.h. */
#ifndef DB_GIVEN_H
#define DB_GIVEN_H

#include "store/db.h"

struct sqlite3;
struct givens { /* of a connection; borrowed by it while it is open */
	struct given *row;
	size_t n;
	struct given *at; /* the row that the newest statement stands on */
};
void db_add_given(struct sqlite3 *handle, struct givens *g);

#endif
