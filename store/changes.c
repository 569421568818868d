/* SPDX-License-Identifier: MIT */
/*
 * changes.c - what came, went, came back and was decided between two times, and how long what went
 * had been there. Read from spans and ended clocks, so it says the same whenever it is asked.
 */
#include <stdlib.h>

#include "store/filter.h"
#include "store/store_private.h"

const char *change_word(enum change c)
{
	static const char *const words[CHANGE_COUNT] = { "new", "fixed", "reopened", "decided" };

	return words[c];
}

/* ---- what is asked for ---- */

static void add_between(struct sql *q, const char *column, int64_t since, int64_t until)
{
	sql_add(q, column);
	sql_add(q, " >= ");
	sql_int(q, since);
	sql_add(q, " AND ");
	sql_add(q, column);
	sql_add(q, " < ");
	sql_int(q, until);
}

/* Only what stands for a finding that `where` holds now; `these` ties findings f to the row. */
static void add_filter(struct sql *q, const char *these, const struct filter *where)
{
	const struct list_def *def = list_def(LIST_findings);

	if (!where)
		return;
	sql_add(q, "\nAND EXISTS (SELECT 1 FROM ");
	sql_add(q, def->from);
	sql_add(q, def->joins);
	sql_add(q, "\nWHERE ");
	sql_add(q, these);
	sql_add(q, " AND ");
	filter_sql(where, def, q);
	sql_add(q, ")");
}

/* ---- what changed ---- */

/*
 * A finding without spans came when its row says. Of spans of one time the one written last holds;
 * what state a finding was in before tells what a span changes: `was` -1: it was not there.
 */
static const char SQL_MOVED[] =
	"WITH held AS (\n"
	"  SELECT asset, advisory, part, at, state, severity, row_number() OVER (\n"
	"    PARTITION BY asset, advisory, part, at ORDER BY seq DESC) AS r\n"
	"  FROM span WHERE until_seq = 0),\n"
	"moved AS (\n"
	"  SELECT asset, advisory, part, at, state, severity, coalesce(lag(state) OVER (\n"
	"    PARTITION BY asset, advisory, part ORDER BY at), -1) AS was\n"
	"  FROM held WHERE r = 1\n"
	"  UNION ALL\n"
	"  SELECT asset, advisory, part, since, state, severity, -1 FROM finding AS f\n"
	"  WHERE NOT EXISTS (SELECT 1 FROM span AS s\n"
	"    WHERE s.asset = f.asset AND s.advisory = f.advisory AND s.part = f.part)\n"
	"  AND ";
static const char SQL_CHANGES[] =
	")\n"
	"SELECT m.asset, m.advisory, m.part, m.at, m.state, m.was, m.severity, a.name, k.name,\n"
	"  p.version, coalesce(i.name, t.name), coalesce(r.name, ''),\n"
	"  coalesce((SELECT o.name FROM owner AS o\n"
	"    WHERE o.object = 'repository ' || i.repository AND o.until = 0\n"
	"    ORDER BY o.at DESC, o.seq DESC LIMIT 1), '')\n"
	"FROM moved AS m\n"
	"JOIN advisory AS a ON a.id = m.advisory\n"
	"JOIN part AS p ON p.id = m.part\n"
	"JOIN package AS k ON k.id = p.package\n"
	"JOIN asset AS t ON t.id = m.asset\n"
	"LEFT JOIN image AS i ON i.asset = m.asset\n"
	"LEFT JOIN repository AS r ON r.id = i.repository\n"
	"WHERE m.state <> m.was AND ";

static void ask_changes(struct sql *q, int64_t since, int64_t until, const struct filter *where)
{
	sql_add(q, SQL_MOVED);
	add_between(q, "f.since", since, until);
	sql_add(q, SQL_CHANGES);
	add_between(q, "m.at", since, until);
	add_filter(q, "f.asset = m.asset AND f.advisory = m.advisory AND f.part = m.part", where);
	sql_add(q, "\nORDER BY m.at, m.severity, m.asset, m.advisory, m.part");
}

static enum change change_of(int64_t state, int64_t was)
{
	if (was < 0)
		return CHANGE_NEW;
	if (state == STATE_RESOLVED)
		return CHANGE_FIXED;
	return was == STATE_RESOLVED && state == STATE_OPEN ? CHANGE_REOPENED : CHANGE_DECIDED;
}

bool store_changes(struct store *st, int64_t since, int64_t until, const struct filter *where,
                   change_fn *fn, void *ctx, struct err *e)
{
	struct err ignored = ERR_INIT;
	struct sql q = SQL_INIT;
	struct stmt *s;
	bool ok = true;

	ask_changes(&q, since, until, where);
	s = sql_stmt(st->db, &q);
	while (ok && db_next(s)) {
		const struct change_row row = {
			.key = { db_column(s, 0), db_column(s, 1), db_column(s, 2) },
			.at = db_column(s, 3),
			.state = (enum finding_state)db_column(s, 4),
			.what = change_of(db_column(s, 4), db_column(s, 5)),
			.severity = (enum severity)db_column(s, 6),
			.advisory = db_column_text(s, 7),
			.package = db_column_text(s, 8),
			.version = db_column_text(s, 9),
			.asset = db_column_text(s, 10),
			.repository = db_column_text(s, 11),
			.owner = db_column_text(s, 12),
		};

		ok = fn(ctx, &row, e);
	}
	ok = db_done(s, ok ? e : &ignored) && ok;
	sql_release(&q);
	return ok;
}

/* ---- how long it took ---- */

#define IN_REPOSITORY                                                                              \
	"f.asset IN (SELECT n.image FROM image_name AS n WHERE n.repository = c.repository\n"      \
	"UNION SELECT -c.repository)"
static const char SQL_ENDED[] =
	"SELECT c.start, c.ended, c.due, coalesce(r.name, t.name, ''),\n"
	"  coalesce((SELECT o.name FROM owner AS o\n"
	"    WHERE o.object = 'repository ' || c.repository AND o.until = 0\n"
	"    ORDER BY o.at DESC, o.seq DESC LIMIT 1), 'none'),\n"
	"  coalesce((SELECT min(f.severity) FROM finding AS f\n"
	"    WHERE f.advisory = c.advisory AND " IN_REPOSITORY "), a.severity)\n"
	"FROM clock AS c\n"
	"JOIN advisory AS a ON a.id = c.advisory\n"
	"LEFT JOIN repository AS r ON r.id = c.repository\n"
	"LEFT JOIN asset AS t ON t.id = -c.repository\n"
	"WHERE ";

/* The clock of a rule is of no package. */
static void ask_ended(struct sql *q, int64_t since, int64_t until, const struct filter *where)
{
	sql_add(q, SQL_ENDED);
	add_between(q, "c.ended", since, until);
	add_filter(q,
		   "f.advisory = c.advisory AND c.package IN (0, q.package) AND " IN_REPOSITORY,
		   where);
	sql_add(q, "\nORDER BY c.advisory, c.package, c.repository, c.ended");
}

struct mending { /* one group, as it grows */
	const char *name;
	int64_t order; /* severities in their own order */
	int64_t *took;
	size_t n, cap;
	int64_t due, in_time;
};
struct mendings {
	struct mending *row;
	size_t n, cap;
	struct arena *mem;
};

static struct mending *group_named(struct mendings *all, const char *name, int64_t order)
{
	for (size_t i = 0; i < all->n; i++)
		if (str_eq(all->row[i].name, name))
			return &all->row[i];
	if (all->n == all->cap) {
		all->cap = all->cap ? 2 * all->cap : 16;
		all->row = xrealloc_array(all->row, all->cap, sizeof(*all->row));
	}
	all->row[all->n] = (struct mending){ .name = arena_dup(all->mem, name), .order = order };
	return &all->row[all->n++];
}

static void add_ended(struct mending *m, int64_t start, int64_t ended, int64_t due)
{
	if (m->n == m->cap) {
		m->cap = m->cap ? 2 * m->cap : 16;
		m->took = xrealloc_array(m->took, m->cap, sizeof(*m->took));
	}
	m->took[m->n++] = ended - start;
	m->due += due != DUE_NONE && due > 0;
	m->in_time += due != DUE_NONE && due > 0 && ended <= due;
}

static int by_time(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static int by_order(const void *a, const void *b)
{
	const struct mending *x = a, *y = b;

	if (x->order != y->order)
		return x->order < y->order ? -1 : 1;
	return strcmp(x->name, y->name);
}

static void finish(struct mendings *all, const struct mended **out, size_t *n)
{
	struct mended *row = arena_array(all->mem, struct mended, all->n + 1);

	if (all->n > 0)
		qsort(all->row, all->n, sizeof(*all->row), by_order);
	for (size_t i = 0; i < all->n; i++) {
		struct mending *m = &all->row[i];
		int64_t sum = 0;

		qsort(m->took, m->n, sizeof(*m->took), by_time);
		for (size_t k = 0; k < m->n; k++)
			sum += m->took[k];
		row[i] = (struct mended){ .name = m->name,
			                  .closed = (int64_t)m->n,
			                  .mean = sum / (int64_t)m->n,
			                  .median = m->took[(m->n - 1) / 2],
			                  .due = m->due,
			                  .in_time = m->in_time };
		free(m->took);
	}
	*out = row;
	*n = all->n;
	free(all->row);
}

bool store_mended(struct store *st, enum mended_by by, int64_t since, int64_t until,
                  const struct filter *where, struct arena *mem, const struct mended **out,
                  size_t *n, struct err *e)
{
	struct mendings all = { .mem = mem };
	struct sql q = SQL_INIT;
	struct stmt *s;
	bool ok;

	ask_ended(&q, since, until, where);
	s = sql_stmt(st->db, &q);
	while (db_next(s)) {
		int64_t severity = db_column(s, 5);
		const char *name = by == MENDED_BY_SEVERITY ? severity_word((enum severity)severity)
				   : by == MENDED_BY_OWNER  ? db_column_text(s, 4)
							    : db_column_text(s, 3);

		add_ended(group_named(&all, name, by == MENDED_BY_SEVERITY ? severity : 0),
		          db_column(s, 0), db_column(s, 1), db_column(s, 2));
	}
	finish(&all, out, n);
	ok = db_done(s, e);
	sql_release(&q);
	return ok;
}
