/* SPDX-License-Identifier: MIT */
/* weigh.c - how severe a finding is: as the worst of its sources says, or whom the policy names. */
#include <stdlib.h>

#include "store/weigh.h"

#define NVD "nvd"

static int64_t weight(int64_t place, int64_t severity)
{
	return place * SEV_COUNT + severity;
}

static struct weighing weighing_by(const struct policy *p, const char *source)
{
	int64_t last = (int64_t)p->severity.n;
	int listed = str_index(p->severity.s, p->severity.n, source);

	return (struct weighing){ .listed = listed < 0 ? last : listed,
				  .last = last + 1,
				  .nvd = str_index(p->severity.s, p->severity.n, NVD) };
}

int64_t weigh(const struct weighing *w, int64_t severity, int64_t score)
{
	int64_t said = weight(severity == SEV_UNKNOWN ? w->last : w->listed, severity);
	int64_t rated = w->nvd < 0 || score < 0 ? WEIGHT_NONE
						: weight(w->nvd, severity_rating(score));

	return said < rated ? said : rated;
}

int64_t weight_severity(int64_t weight)
{
	return weight % SEV_COUNT;
}

/* ---- in words ---- */

static void add_word(const struct sighting *g, struct buf *b)
{
	buf_addf(b, "%s%s says %s", b->len ? ", " : "", g->source,
		 str_empty(g->word) ? severity_word(g->severity) : g->word);
	if (g->score >= 0)
		buf_addf(b, " (%d.%d)", g->score / 10, g->score % 10);
}

const char *weigh_explain(const struct policy *p, const struct sighting *said, size_t n,
			  struct arena *mem)
{
	struct buf b = BUF_INIT;
	const struct sighting *by = NULL;
	int64_t least = WEIGHT_NONE;
	size_t see = 0;
	const char *text;

	for (size_t i = 0; i < n; i++) {
		struct weighing how = weighing_by(p, said[i].source);
		int64_t weight = weigh(&how, said[i].severity, said[i].score);

		if (said[i].until)
			continue;
		see++;
		add_word(&said[i], &b);
		if (weight < least) {
			least = weight;
			by = &said[i];
		}
	}
	if (by && p->severity.n > 0)
		buf_addf(&b, "; %s counts%s, as %s asks", by->source,
			 (int64_t)by->severity == weight_severity(least) ? "" : " by its score",
			 p->name);
	else if (see > 1)
		buf_adds(&b, "; the worst counts");
	text = arena_dup(mem, see > 0 ? b.s : "no tool sees it now");
	buf_release(&b);
	return text;
}

/* ---- by numbers ---- */

struct weighings {
	struct {
		int64_t source;
		struct weighing w;
	} *of;
	size_t n, cap;
};

void weighings_forget(struct ingest *ig)
{
	if (ig->weighings)
		free(ig->weighings->of);
	free(ig->weighings);
	ig->weighings = NULL;
}

static bool ask(struct ingest *ig, int64_t source, struct weighing *out, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "SELECT word FROM source WHERE id = $1");

	db_int(s, 1, source);
	*out = weighing_by(ig->policy, db_next(s) ? db_column_text(s, 0) : "");
	return db_done(s, e);
}

bool weighing_of(struct ingest *ig, int64_t source, struct weighing *out, struct err *e)
{
	struct weighings *l = ig->weighings;

	if (!l)
		l = ig->weighings = xcalloc(1, sizeof(*l));
	for (size_t i = 0; i < l->n; i++)
		if (l->of[i].source == source) {
			*out = l->of[i].w;
			return true;
		}
	if (!ask(ig, source, out, e))
		return false;
	ARRAY_MORE(l->of, l->n, l->cap);
	l->of[l->n].source = source;
	l->of[l->n++].w = *out;
	return true;
}

/* ---- of a finding ---- */

bool weight_of(struct ingest *ig, int64_t asset, int64_t advisory, int64_t part, int64_t source,
	       int64_t *out, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "SELECT o.source, o.severity, o.score\n"
					 "FROM " SQL_SIGHTINGS("$1", "$2", "$3") " AS o\n"
					 "WHERE o.until = 0 AND o.source <> $4");
	bool ok = true;

	*out = WEIGHT_NONE;
	db_int(s, 1, asset);
	db_int(s, 2, advisory);
	db_int(s, 3, part);
	db_int(s, 4, source);
	while (ok && db_next(s)) {
		struct weighing w;
		int64_t one;

		ok = weighing_of(ig, db_column(s, 0), &w, e);
		one = ok ? weigh(&w, db_column(s, 1), db_column(s, 2)) : WEIGHT_NONE;
		if (one < *out)
			*out = one;
	}
	return db_done(s, e) && ok;
}
