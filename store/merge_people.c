/* SPDX-License-Identifier: MIT */
/* merge_people.c - what people wrote of a thing and who owns it go with it into what it becomes. */
#include <inttypes.h>
#include <stdio.h>

#include "store/decide.h"
#include "store/merge.h"

/* ---- the rows of an object: $1 its new name, $2 the one that goes ---- */

static const char SQL_NOTES[] = "UPDATE note SET object = $1 WHERE object = $2";
static const char SQL_OWNERS[] = "INSERT INTO owner (object, at, seq, until, name)\n"
				 "SELECT $1, at, seq, until, name FROM owner WHERE object = $2\n"
				 "ON CONFLICT (object, at, seq) DO NOTHING";
static const char SQL_NO_OWNERS[] = "DELETE FROM owner WHERE object = $1";
/* One thing has one owner: each until the next. */
static const char SQL_SUCCESSION[] =
	"UPDATE owner\n"
	"SET until = (SELECT min(n.at) FROM owner AS n WHERE n.object = owner.object\n"
	"             AND (n.at, n.seq) > (owner.at, owner.seq))\n"
	"WHERE object = $1 AND until = 0\n"
	"  AND EXISTS (SELECT 1 FROM owner AS n WHERE n.object = owner.object\n"
	"              AND (n.at, n.seq) > (owner.at, owner.seq))";

static bool run_named(struct ingest *ig, const char *sql, const char *one, const char *two,
		      struct err *e)
{
	struct stmt *s = db_stmt(ig->db, sql);

	db_text(s, 1, one);
	if (two)
		db_text(s, 2, two);
	return db_run(s, e);
}

static bool move_object(struct ingest *ig, const char *keep, const char *gone, struct err *e)
{
	return run_named(ig, SQL_NOTES, keep, gone, e) &&
	       run_named(ig, SQL_OWNERS, keep, gone, e) &&
	       run_named(ig, SQL_NO_OWNERS, gone, NULL, e) &&
	       run_named(ig, SQL_SUCCESSION, keep, NULL, e);
}

bool merge_people(struct ingest *ig, const struct scope *keep, const struct scope *gone,
		  struct err *e)
{
	char to[OBJECT_SIZE], from[OBJECT_SIZE];

	object_name(keep, to);
	object_name(gone, from);
	return move_object(ig, to, from, e);
}

/* Its name as an object has its kind in it. */
bool merge_people_of_asset(struct ingest *ig, int64_t keep, int64_t gone, struct err *e)
{
	static const enum scope_kind kinds[] = { SCOPE_IMAGE, SCOPE_CLUSTER, SCOPE_NODE,
						 SCOPE_NAMESPACE, SCOPE_WORKLOAD,
						 SCOPE_CONTAINER };

	for (size_t i = 0; i < LENGTH(kinds); i++)
		if (!merge_people(ig, &(struct scope){ kinds[i], { keep } },
				  &(struct scope){ kinds[i], { gone } }, e))
			return false;
	return true;
}

/* ---- problems: their names hold the advisory first ---- */

static bool next_problem(struct ingest *ig, const char *prefix, struct buf *out, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "SELECT object FROM note\n"
					 "WHERE object >= $1 || '-' AND object < $1 || '.'\n"
					 "UNION ALL SELECT object FROM owner\n"
					 "WHERE object >= $1 || '-' AND object < $1 || '.'\n"
					 "LIMIT 1");

	buf_reset(out);
	db_text(s, 1, prefix);
	if (db_next(s))
		buf_adds(out, db_column_text(s, 0));
	return db_done(s, e);
}

bool merge_people_of_problems(struct ingest *ig, int64_t keep, int64_t gone, struct err *e)
{
	char to[OBJECT_SIZE], from[OBJECT_SIZE];
	struct buf was = BUF_INIT, is = BUF_INIT;
	bool ok;

	(void)snprintf(to, sizeof(to), "problem %" PRId64, keep);
	(void)snprintf(from, sizeof(from), "problem %" PRId64, gone);
	while ((ok = next_problem(ig, from, &was, e)) && was.len > 0) {
		buf_reset(&is);
		buf_addf(&is, "%s%s", to, was.s + strlen(from));
		ok = move_object(ig, is.s, was.s, e);
		if (!ok)
			break;
	}
	buf_release(&was);
	buf_release(&is);
	return ok;
}
