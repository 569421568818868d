/* SPDX-License-Identifier: MIT */
/* trends.c - the report of movement: what is open day by day, and how fast what went was mended. */
#include "reports/doc.h"

#define DAYS 90

static bool tell_days(struct doc *d, const struct status *s, struct err *e)
{
	static const struct doc_column col[] = {
		{ "day", "Day", VAL_TIME },	       { "critical", "Critical", VAL_INT },
		{ "high", "High", VAL_INT },	       { "medium", "Medium", VAL_INT },
		{ "low", "Low", VAL_INT },	       { "negligible", "Negligible", VAL_INT },
		{ "unknown", "Unknown", VAL_INT },     { "kev", "KEV", VAL_INT },
	};

	doc_heading(d, 2, "Open at the end of each day with data");
	doc_table(d, "open", col, LENGTH(col));
	for (size_t i = s->ntrend > DAYS ? s->ntrend - DAYS : 0; i < s->ntrend; i++) {
		struct value v[LENGTH(col)];

		v[0] = value_of(VAL_TIME, s->trend[i].day * DAY_S);
		for (int k = 0; k < SEV_COUNT; k++)
			v[1 + k] = value_int(s->trend[i].open[k]);
		v[1 + SEV_COUNT] = value_int(s->trend[i].kev);
		if (!doc_row(d, v, e))
			return false;
	}
	doc_table_end(d);
	return true;
}

static struct value span_value(struct arena *mem, int64_t seconds)
{
	char s[16];

	time_print_span(seconds, s);
	return value_text(arena_dup(mem, s));
}

static bool tell_mended(struct doc *d, struct arena *mem, enum mended_by by, const char *name,
                        const char *title, struct err *e)
{
	static const struct doc_column col[] = {
		{ "name", "Of", VAL_TEXT },	     { "closed", "Closed", VAL_INT },
		{ "mean", "Mean", VAL_TEXT },	     { "median", "Median", VAL_TEXT },
		{ "with_due", "Had a due date", VAL_INT }, { "in_time", "In time", VAL_INT },
		{ "share", "Share", VAL_TEXT },
	};
	const struct mended *m;
	size_t n;

	if (!store_mended(d->job->st, by, d->job->now - DAYS * DAY_S, d->job->now + 1, NULL, mem,
	                  &m, &n, e))
		return false;
	doc_heading(d, 2, title);
	doc_table(d, name, col, LENGTH(col));
	for (size_t i = 0; i < n; i++) {
		const struct value v[LENGTH(col)] = {
			value_text(m[i].name),
			value_int(m[i].closed),
			span_value(mem, m[i].mean),
			span_value(mem, m[i].median),
			value_int(m[i].due),
			value_int(m[i].in_time),
			value_text(m[i].due ? arena_printf(mem, "%lld%%",
			                                   (long long)(100 * m[i].in_time /
			                                               m[i].due))
			                    : "none"),
		};

		if (!doc_row(d, v, e))
			return false;
	}
	doc_table_end(d);
	return true;
}

static bool tell(struct doc *d, struct err *e)
{
	struct arena mem = ARENA_INIT;
	struct status s;
	char at[21];
	bool ok = store_status(d->job->st, &mem, &s, e);

	if (ok) {
		time_print(d->job->now, at);
		doc_fact(d, "Judged at", "%s", at);
		doc_para(d, "What a repository no longer has counts as closed on the day its last "
		            "image was without it; it is in time when that was not after its due "
		            "date. The last %d days.", DAYS);
		ok = tell_days(d, &s, e) &&
		     tell_mended(d, &mem, MENDED_BY_SEVERITY, "by_severity", "Closed, by severity",
		                 e) &&
		     tell_mended(d, &mem, MENDED_BY_OWNER, "by_owner", "Closed, by owner", e) &&
		     tell_mended(d, &mem, MENDED_BY_REPOSITORY, "by_repository",
		                 "Closed, by repository", e);
	}
	arena_release(&mem);
	return ok;
}

const struct report report_trends = {
	.info = { .id = "trends", .title = "Trends",
		  .about = "what came and went, how fast, and how much of it in time" },
	.tell = tell,
};
