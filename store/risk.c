/* SPDX-License-Identifier: MIT */
/* risk.c - in which order to mend, and why: the parts of one number. */
#include "store/risk.h"

static int of_epss(int epss)
{
	return epss >= 5000 ? 200 : epss >= 1000 ? 150 : epss >= 100 ? 80 : epss >= 10 ? 30 : 0;
}

static int of_severity(const struct risk_case *c)
{
	static const int points[SEV_COUNT] = { 180, 140, 100, 50, 10, 100 };

	return c->score >= 0 ? 2 * c->score : points[c->severity];
}

int risk_of(const struct risk_case *c)
{
	return (c->kev ? 400 : 0) + of_epss(c->epss) + of_severity(c) + (c->running ? 100 : 0) +
	       30 * c->exposed + (c->fixable ? 40 : 0);
}

static void add_part(struct buf *b, int points, const char *what)
{
	if (points)
		buf_addf(b, "%s%s %d", b->len ? ", " : "", what, points);
}

const char *risk_explain(const struct risk_case *c, struct arena *mem)
{
	struct buf b = BUF_INIT;
	const char *text;

	add_part(&b, c->kev ? 400 : 0, "exploited in the wild");
	add_part(&b, of_epss(c->epss),
		 arena_printf(mem, "EPSS %d.%02d%%", c->epss / 100, c->epss % 100));
	add_part(&b, of_severity(c),
		 c->score >= 0 ? arena_printf(mem, "CVSS %d.%d", c->score / 10, c->score % 10)
			       : arena_printf(mem, "severity %s", severity_word(c->severity)));
	add_part(&b, c->running ? 100 : 0, "running");
	add_part(&b, 30 * c->exposed, c->exposed == 2 ? "exposed" : "perhaps exposed");
	add_part(&b, c->fixable ? 40 : 0, "a fix is known");
	text = arena_printf(mem, "%d of %d: %s", risk_of(c), RISK_MOST, b.len ? b.s : "nothing");
	buf_release(&b);
	return text;
}
