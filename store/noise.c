/* SPDX-License-Identifier: MIT */
/* noise.c - how the response to alerts went of late, and which rules call most. */
#include <stdlib.h>

#include "store/ingest.h"
#include "store/list_parts.h"
#include "store/store_private.h"

enum { NOISE_DAYS = 30 };

/* ---- how fast ---- */

struct taking { /* seconds that acknowledging took, of the alerts of one priority */
	int64_t *took;
	size_t n, cap;
};

static int by_length(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* An alert that still has time to be acknowledged says nothing of it yet. */
static void add_alert(struct alert_pace *p, struct taking *t, int64_t first, int64_t acknowledged,
		      int64_t due, int64_t now)
{
	p->began++;
	if (acknowledged == 0 && due >= now)
		return;
	p->decided++;
	p->in_time += acknowledged > 0 && acknowledged <= due;
	if (acknowledged == 0)
		return;
	ARRAY_MORE(t->took, t->n, t->cap);
	t->took[t->n++] = acknowledged > first ? acknowledged - first : 0;
}

static bool load_paces(struct store *st, struct alert_response *out, struct err *e)
{
	struct stmt *s = db_stmt(st->db, "SELECT priority, first_ns / 1000000000, acknowledged,\n"
					 "  ack_due\n"
					 "FROM alert\n"
					 "WHERE first_ns >= $1");
	struct taking taking[PRIO_COUNT] = { { NULL, 0, 0 } };
	bool ok;

	db_int(s, 1, (st->now - NOISE_DAYS * DAY_S) * NS_PER_S);
	while (db_next(s)) {
		int64_t priority = db_column(s, 0);

		if (priority >= 0 && priority < PRIO_COUNT)
			add_alert(&out->pace[priority], &taking[priority], db_column(s, 1),
				  db_column(s, 2), db_column(s, 3), st->now);
	}
	ok = db_done(s, e);
	for (int i = 0; i < PRIO_COUNT; i++) {
		struct taking *t = &taking[i];

		if (t->n > 0)
			qsort(t->took, t->n, sizeof(*t->took), by_length);
		out->pace[i].median = t->n > 0 ? t->took[t->n / 2] : -1;
		free(t->took);
	}
	return ok;
}

static bool load_targets(struct store *st, struct alert_response *out, struct err *e)
{
	const struct policy *p;

	if (!store_policy(st, &p, e))
		return false;
	for (int i = 0; i < PRIO_COUNT; i++) {
		out->pace[i].ack = p->response[i].acknowledge;
		out->pace[i].contain = p->response[i].contain;
		out->pace[i].close = p->response[i].close;
	}
	return true;
}

/* ---- how loud ---- */

static const char SQL_NOISE[] =
	"SELECT a.name, COALESCE(up.name || '/', '')\n" /* without the kind of the workload */
	"  || COALESCE(substr(w.name, instr(w.name, '/') + 1), ''), z.events, z.alerts\n"
	"FROM (SELECT t.rule AS rule, CASE WHEN COALESCE(c.workload, 0) > 0 THEN c.workload\n"
	"    ELSE t.asset END AS place, sum(t.events) AS events, count(*) AS alerts\n"
	"  FROM alert AS t LEFT JOIN container AS c ON c.asset = t.asset\n"
	"  WHERE t.last_ns >= $1 AND NOT " SQL_ALERT_MUTED("t") "\n"
	"  GROUP BY 1, 2) AS z\n"
	"  JOIN advisory AS a ON a.id = z.rule\n"
	"  LEFT JOIN asset AS w ON w.id = z.place\n"
	"  LEFT JOIN asset AS up ON up.id = w.parent\n"
	"ORDER BY z.events DESC, z.alerts DESC, a.name, z.place\n"
	"LIMIT $2";

static bool load_noise(struct store *st, struct arena *mem, struct alert_response *out,
		       struct err *e)
{
	struct stmt *s = db_stmt(st->db, SQL_NOISE);

	db_int(s, 1, (st->now - NOISE_DAYS * DAY_S) * NS_PER_S);
	db_int(s, 2, NOISE_MAX);
	while (db_next(s) && out->nnoise < NOISE_MAX)
		out->noise[out->nnoise++] = (struct alert_noise){
			.rule = arena_dup(mem, db_column_text(s, 0)),
			.where = arena_dup(mem, db_column_text(s, 1)),
			.events = db_column(s, 2),
			.alerts = db_column(s, 3),
		};
	return db_done(s, e) &&
	       db_scalar(db_stmt(st->db, "SELECT count(*) FROM alert AS t\n"
					 "WHERE " SQL_ALERT_STANDS("t") " AND "
					 SQL_ALERT_MUTED("t")),
			 0, &out->muted, e);
}

bool store_alert_response(struct store *st, struct arena *mem, struct alert_response *out,
			  struct err *e)
{
	*out = (struct alert_response){ .muted = 0 };
	return load_targets(st, out, e) && load_paces(st, out, e) && load_noise(st, mem, out, e);
}
