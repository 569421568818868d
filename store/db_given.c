/* SPDX-License-Identifier: MIT */
/*
 * db_given.c - rows in memory as a table of SQL.
 *
 * A statement that is run a row costs more than the row: binding, stepping, and finding the way
 * from the root of each tree anew. INSERT ... SELECT from here runs once, and rows that come in
 * order are written where the one before ended: a third of the time a row, measured on tables
 * like ours.
 */
#include <stdlib.h>
#include <sqlite3.h>

#include "store/db_given.h"

#define COLUMNS "CREATE TABLE given (a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, s, t)"
enum { COLUMN_S = GIVEN_INTS, COLUMN_T };

struct table {
	sqlite3_vtab base; /* first: SQLite gets back here */
	struct givens *given;
};
struct cursor {
	sqlite3_vtab_cursor base; /* first */
	struct givens *given;
	size_t next;
};

static int connect_given(sqlite3 *h, void *ctx, UNUSED int argc, UNUSED const char *const *argv,
                         sqlite3_vtab **out, UNUSED char **error)
{
	struct table *t = xcalloc(1, sizeof(*t));

	t->given = ctx;
	*out = &t->base;
	return sqlite3_declare_vtab(h, COLUMNS);
}

static int disconnect_given(sqlite3_vtab *t)
{
	free(t);
	return SQLITE_OK;
}

/* There is one way through, and joins begin with it. */
static int best_index(UNUSED sqlite3_vtab *t, sqlite3_index_info *info)
{
	info->estimatedCost = 1;
	info->estimatedRows = 1000;
	return SQLITE_OK;
}

static int open_cursor(sqlite3_vtab *t, sqlite3_vtab_cursor **out)
{
	struct cursor *c = xcalloc(1, sizeof(*c));

	c->given = ((struct table *)t)->given;
	*out = &c->base;
	return SQLITE_OK;
}

static int close_cursor(sqlite3_vtab_cursor *c)
{
	free(c);
	return SQLITE_OK;
}

static void stand(struct cursor *c, size_t at)
{
	c->next = at;
	if (at < c->given->n)
		c->given->at = &c->given->row[at];
}

static int filter(sqlite3_vtab_cursor *c, UNUSED int number, UNUSED const char *name,
                  UNUSED int argc, UNUSED sqlite3_value **argv)
{
	stand((struct cursor *)c, 0);
	return SQLITE_OK;
}

static int next_row(sqlite3_vtab_cursor *c)
{
	stand((struct cursor *)c, ((struct cursor *)c)->next + 1);
	return SQLITE_OK;
}

static int at_end(sqlite3_vtab_cursor *c)
{
	return ((struct cursor *)c)->next >= ((struct cursor *)c)->given->n;
}

static int column(sqlite3_vtab_cursor *c, sqlite3_context *ctx, int i)
{
	const struct given *row = &((struct cursor *)c)->given->row[((struct cursor *)c)->next];

	if (i < GIVEN_INTS)
		sqlite3_result_int64(ctx, row->n[i]);
	else
		sqlite3_result_text(ctx, row->s[i - COLUMN_S] ? row->s[i - COLUMN_S] : "", -1,
		                    SQLITE_STATIC);
	return SQLITE_OK;
}

static int row_id(sqlite3_vtab_cursor *c, sqlite3_int64 *out)
{
	*out = (sqlite3_int64)((struct cursor *)c)->next;
	return SQLITE_OK;
}

static const sqlite3_module module = {
	.xConnect = connect_given,
	.xBestIndex = best_index,
	.xDisconnect = disconnect_given,
	.xDestroy = disconnect_given,
	.xOpen = open_cursor,
	.xClose = close_cursor,
	.xFilter = filter,
	.xNext = next_row,
	.xEof = at_end,
	.xColumn = column,
	.xRowid = row_id,
};

static void told(sqlite3_context *ctx, UNUSED int n, sqlite3_value **arg)
{
	const struct givens *g = sqlite3_user_data(ctx);

	if (!g->at) {
		sqlite3_result_error(ctx, "told: no row is given", -1);
		return;
	}
	g->at->told = sqlite3_value_int64(arg[0]);
	sqlite3_result_value(ctx, arg[0]);
}

void db_add_given(sqlite3 *handle, struct givens *g)
{
	if (sqlite3_create_module(handle, "given", &module, g) != SQLITE_OK ||
	    sqlite3_create_function(handle, "told", 1, SQLITE_UTF8 | SQLITE_DIRECTONLY, g, told,
	                            NULL, NULL) != SQLITE_OK)
		die("out of memory");
}
