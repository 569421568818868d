/* SPDX-License-Identifier: MIT */
/* status_now.c - NOW: what needs a person, least time first. */
#include <stdlib.h>

#include "store/judged.h"
#include "store/list_parts.h"
#include "store/status_parts.h"

#define NOW_ROWS 16 /* what a person can take in; the lists behind hold the rest */

struct now_list {
	struct arena *mem;
	struct status_now *row;
	size_t n;
};

static struct status_now *now_add(struct now_list *l, const char *what)
{
	struct status_now *r = &l->row[l->n++];

	*r = (struct status_now){ .what = what, .owner = NULL };
	return r;
}

/* "prod-eu payments/api-7c9f": as much of it as is known. */
static const char *place_of(struct stmt *s, struct arena *mem)
{
	const char *cluster = db_column_text(s, 4), *namespace = db_column_text(s, 5);
	const char *pod = db_column_text(s, 6);

	if (!*pod)
		pod = db_column_text(s, 3);
	return arena_printf(mem, "%s%s%s%s%s", cluster, *cluster ? " " : "", namespace,
	                    *namespace ? "/" : "", pod);
}

static bool now_alerts(struct store *st, struct now_list *l, struct err *e)
{
	static const char sql[] =
		"SELECT l.id, a.name, l.next_due, s.name, COALESCE(k.name, ''),\n"
		"  COALESCE(n.name, ''), COALESCE(c.pod, '')\n"
		"FROM alert AS l JOIN advisory AS a ON a.id = l.rule\n"
		"  JOIN asset AS s ON s.id = l.asset\n"
		"  LEFT JOIN container AS c ON c.asset = l.asset\n"
		"  LEFT JOIN asset AS k ON k.id = c.cluster\n"
		"  LEFT JOIN asset AS n ON n.id = c.namespace\n"
		"WHERE l.next_due < $1 AND NOT " SQL_ALERT_MUTED("l") "\n"
		"ORDER BY l.next_due, l.priority, l.id\n"
		"LIMIT 8";
	struct stmt *s = db_stmt(st->db, sql);

	db_int(s, 1, DUE_NONE);
	while (db_next(s)) {
		struct status_now *r = now_add(l, "alert");

		r->target = (struct scope){ SCOPE_ALERT, { db_column(s, 0) } };
		r->text = arena_dup(l->mem, db_column_text(s, 1));
		r->where = place_of(s, l->mem);
		r->left = db_column(s, 2) - st->now;
	}
	return db_done(s, e);
}

static bool now_problems(struct store *st, struct now_list *l, struct err *e)
{
	static const char sql[] =
		"SELECT p.advisory, p.package, a.name, COALESCE(k.name, ''), p.due, p.no_kev,\n"
		"  p.assets, p.running\n"
		"FROM problem AS p JOIN advisory AS a ON a.id = p.advisory\n"
		"  LEFT JOIN package AS k ON k.id = p.package\n"
		"WHERE p.assets > 0 AND p.due < $1\n"
		"ORDER BY p.due, p.no_kev, p.epss, p.severity, p.advisory, p.package\n"
		"LIMIT 5";
	int64_t today = time_day(st->now) * DAY_S;
	struct stmt *s = db_stmt(st->db, sql);

	db_int(s, 1, DUE_NONE);
	while (db_next(s)) {
		struct status_now *r = now_add(l, db_column(s, 5) == 0        ? "KEV"
		                                  : db_column(s, 4) < today   ? "late"
		                                                              : "due");

		r->target = (struct scope){ SCOPE_PROBLEM, { db_column(s, 0), db_column(s, 1) } };
		r->text = arena_printf(l->mem, "%s %s", db_column_text(s, 2), db_column_text(s, 3));
		r->where = arena_printf(l->mem, "%lld asset%s, %lld running",
		                        (long long)db_column(s, 6), db_column(s, 6) == 1 ? "" : "s",
		                        (long long)db_column(s, 7));
		r->left = db_column(s, 4) - st->now;
	}
	return db_done(s, e);
}

static bool now_silent(struct store *st, const struct policy *p, struct now_list *l, struct err *e)
{
	static const char sql[] = "SELECT c.asset, s.name, c.data_at\n"
				  "FROM cluster AS c JOIN asset AS s ON s.id = c.asset\n"
				  "WHERE c.data_at < $1\n"
				  "ORDER BY c.data_at, c.asset\n"
				  "LIMIT 3";
	struct stmt *s = db_stmt(st->db, sql);

	db_int(s, 1, st->now - p->fresh.silent);
	while (db_next(s)) {
		struct status_now *r = now_add(l, "silent");
		char age[16];

		time_print_span(st->now - db_column(s, 2), age);
		r->target = (struct scope){ SCOPE_CLUSTER, { db_column(s, 0) } };
		r->text = arena_printf(l->mem, "no data for %s", age);
		r->where = arena_printf(l->mem, "cluster %s", db_column_text(s, 1));
		r->left = db_column(s, 2) + p->fresh.silent - st->now;
	}
	return db_done(s, e);
}

/* Acceptances that end within the week; what they hold is open again then. */
static bool now_exceptions(struct store *st, struct now_list *l, struct err *e)
{
	static const char sql[] =
		"SELECT x.target, x.until, CASE x.approver WHEN '' THEN x.requester\n"
		"  ELSE x.approver END,\n"
		"  (SELECT COUNT(*) FROM decided AS d WHERE d.maker = x.id)\n"
		"FROM exception AS x\n"
		"WHERE x.until > $1 AND x.until <= $2 AND " SQL_NOT_ENDED("x") "\n"
		"ORDER BY x.until, x.id\n"
		"LIMIT 3";
	struct stmt *s = db_stmt(st->db, sql);

	db_int(s, 1, st->now);
	db_int(s, 2, st->now + 7 * DAY_S);
	while (db_next(s)) {
		struct status_now *r = now_add(l, "accept");
		int64_t n = db_column(s, 3);

		r->text = arena_printf(l->mem, "%s ends", db_column_text(s, 0));
		r->where = arena_printf(l->mem, "holds %lld finding%s", (long long)n,
		                        n == 1 ? "" : "s");
		r->left = db_column(s, 1) - st->now;
		r->owner = arena_dup(l->mem, db_column_text(s, 2));
	}
	return db_done(s, e);
}

static void now_reviews(const struct store *st, const struct items *items, struct now_list *l)
{
	size_t added = 0;

	for (size_t i = 0; i < items->n && added < 3; i++) {
		const struct item_row *item = &items->row[i];
		struct status_now *r;

		if (!item->ever || item->answered)
			continue;
		r = now_add(l, "review");
		r->target = (struct scope){ SCOPE_ITEM, { item->id } };
		r->text = arena_dup(l->mem, item->title);
		r->where = arena_printf(l->mem, "checklist %s", item->ident);
		r->left = item->answer_until - st->now;
		added++;
	}
}

/* What cannot wait first: a late response, then silence, then the rest by the time that is left. */
static int need(const struct status_now *n)
{
	if (str_eq(n->what, "alert") && n->left < 0)
		return 0;
	return str_eq(n->what, "silent") ? 1 : 2;
}

static int by_need(const void *a, const void *b)
{
	const struct status_now *x = a, *y = b;
	int first = need(x) - need(y);

	return first ? first : (x->left > y->left) - (x->left < y->left);
}

bool status_now(struct store *st, const struct policy *p, const struct items *items,
		struct arena *mem, struct status *out, struct err *e)
{
	struct now_list l = { mem, arena_array(mem, struct status_now, 8 + 5 + 3 + 3 + 3), 0 };

	if (!now_alerts(st, &l, e) || !now_problems(st, &l, e) || !now_silent(st, p, &l, e) ||
	    !now_exceptions(st, &l, e))
		return false;
	now_reviews(st, items, &l);
	qsort(l.row, l.n, sizeof(*l.row), by_need);
	for (size_t i = 0; i < l.n; i++)
		if (l.row[i].target.kind != SCOPE_ALL &&
		    !object_owner(st, &l.row[i].target, mem, &l.row[i].owner, e))
			return false;
	out->now = l.row;
	out->nnow = l.n < NOW_ROWS ? l.n : NOW_ROWS;
	return true;
}
