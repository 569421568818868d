/* SPDX-License-Identifier: MIT */
/* status_posture.c - how many controls of each framework and baseline have which word. */
#include "store/status_parts.h"

/* Baselines that are shown beside the frameworks they choose controls from. */
static const struct {
	const char *framework, *baseline, *key, *title;
	int64_t bit;
} baselines[] = {
	{ "NIST-800-53", "fedramp-moderate", "FEDRAMP-MODERATE", "FedRAMP Moderate",
	  BASELINE_MODERATE },
	{ "NIST-800-53", "fedramp-high", "FEDRAMP-HIGH", "FedRAMP High", BASELINE_HIGH },
	{ "NIST-800-53", "fedramp-low", "FEDRAMP-LOW", "FedRAMP Low", BASELINE_LOW },
};

struct posture_rows {
	struct status_framework *row;
	size_t n;
};

static void add_baselines(struct posture_rows *r, struct arena *mem, const char *totals)
{
	const struct status_framework f = r->row[r->n - 1];

	for (size_t i = 0; i < LENGTH(baselines); i++) {
		struct status_framework *b = &r->row[r->n];
		const char *total;

		if (!str_eq(baselines[i].framework, f.key))
			continue;
		*b = (struct status_framework){
			.framework = f.framework,
			.key = baselines[i].key,
			.baseline = baselines[i].baseline,
		};
		total = attribute_get(totals, arena_printf(mem, "total_%s", b->baseline), mem);
		if (!str_int64(total, 1, 100000, &b->total))
			continue;
		b->title = baselines[i].title;
		r->n++;
	}
}

/* Two of one title (a profile and what it resolves to) are told apart by their keys. */
static void tell_apart(struct posture_rows *r, struct arena *mem)
{
	for (size_t i = 0; i < r->n; i++) {
		const char *title = r->row[i].title;
		bool twice = false;

		for (size_t k = i + 1; k < r->n; k++) {
			struct status_framework *f = &r->row[k];

			if (!str_eq(f->title, title))
				continue;
			f->title = arena_printf(mem, "%s (%s)", title, f->key);
			twice = true;
		}
		if (twice)
			r->row[i].title = arena_printf(mem, "%s (%s)", title, r->row[i].key);
	}
}

static bool load_frameworks(struct store *st, struct arena *mem, struct posture_rows *r,
                            struct err *e)
{
	static const char sql[] = "SELECT id, key, title, totals FROM framework ORDER BY ord, id";
	struct stmt *s;
	int64_t n;

	if (!db_scalar(db_stmt(st->db, "SELECT COUNT(*) FROM framework"), 0, &n, e))
		return false;
	r->row = arena_array(mem, struct status_framework,
	                     (size_t)n * (1 + LENGTH(baselines)) + 1);
	s = db_stmt(st->db, sql);
	for (; n > 0 && db_next(s); n--) {
		r->row[r->n++] = (struct status_framework){
			.framework = db_column(s, 0),
			.key = arena_dup(mem, db_column_text(s, 1)),
			.title = arena_dup(mem, db_column_text(s, 2)),
		};
		add_baselines(r, mem, db_column_text(s, 3));
	}
	tell_apart(r, mem);
	return db_done(s, e);
}

static int64_t baseline_bit(const struct status_framework *f)
{
	for (size_t i = 0; i < LENGTH(baselines); i++)
		if (f->baseline && str_eq(baselines[i].baseline, f->baseline))
			return baselines[i].bit;
	return 0;
}

static void count_part(struct status_framework *f, const struct judgement_part *p)
{
	int64_t bit = baseline_bit(f);

	if (f->framework != p->framework || (bit && !(p->baselines & bit)))
		return;
	f->posture.n[p->word] += p->n;
	f->tested += p->tested ? p->n : 0;
}

/* Frameworks that hold no control (the checklist's own) are not a row of the posture. */
static void drop_empty(struct posture_rows *r)
{
	size_t kept = 0;

	for (size_t i = 0; i < r->n; i++)
		for (int w = 0; w < CONTROL_COUNT; w++)
			if (r->row[i].posture.n[w]) {
				r->row[kept++] = r->row[i];
				break;
			}
	r->n = kept;
}

/* The words that controls had at the end of a day; those of which nothing is known are left out. */
static bool posture_then(struct store *st, const struct posture_rows *r, enum status_ago ago,
			 struct err *e)
{
	static const char sql[] =
		"SELECT c.framework, c.baselines, w.word, COUNT(*)\n"
		"FROM judged_control AS c JOIN judged_word AS w ON w.control = c.control\n"
		"WHERE w.day = (SELECT MAX(x.day) FROM judged_word AS x\n"
		"  WHERE x.control = c.control AND x.day <= $1)\n"
		"GROUP BY c.framework, c.baselines, w.word";
	struct stmt *s = db_stmt(st->db, sql);

	db_int(s, 1, time_day(st->now) - (ago == STATUS_WEEK ? 7 : 30));
	while (db_next(s)) {
		for (size_t i = 0; i < r->n; i++) {
			struct status_framework *f = &r->row[i];
			int64_t bit = baseline_bit(f);

			if (f->framework == db_column(s, 0) && (!bit || db_column(s, 1) & bit))
				f->ago[ago].n[db_column(s, 2)] += db_column(s, 3);
		}
	}
	return db_done(s, e);
}

bool status_posture(struct store *st, const struct judgement_part *part, size_t n,
                    struct arena *mem, bool ago, struct status *out, struct err *e)
{
	struct posture_rows r = { .n = 0 };

	if (!load_frameworks(st, mem, &r, e))
		return false;
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < r.n; k++)
			count_part(&r.row[k], &part[i]);
	drop_empty(&r);
	out->framework = r.row;
	out->nframework = r.n;
	return !ago || (posture_then(st, &r, STATUS_WEEK, e) &&
			posture_then(st, &r, STATUS_MONTH, e));
}
