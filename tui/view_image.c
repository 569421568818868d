/* SPDX-License-Identifier: MIT */
/* view_image.c - one image: what it is, what to change in it, and what is wrong with it. */
#include <ctype.h>

#include "tui/acts.h"

enum { ROOMY = 76 }; /* columns that have room for what is secondary */
enum { DIGEST_SHOWN = 30 }; /* its kind, and enough of it to find it again */

static bool find(struct store *st, const struct question *q, struct arena *mem, void *answer,
                 struct err *e)
{
	return store_image(st, q->scope.key[0], mem, answer, e);
}

static void add_scans(const struct image_detail *d, int64_t now, struct buf *b)
{
	for (size_t i = 0; i < d->nscan; i++) {
		const struct sighting *n = &d->scan[i];
		char age[16], db[16];

		print_age(n->last_scan, now, age);
		print_age(n->db_built, now, db);
		buf_addf(b, "%s%s %s", i > 0 ? "   " : "", n->source, age);
		if (n->db_built > 0)
			buf_addf(b, " (db %s)", db);
	}
}

static void add_runs(const struct image_detail *d, struct buf *b)
{
	print_many(d->running, "container", b);
	for (size_t i = 0; i < d->nruns_in; i++)
		buf_addf(b, "%s%s", i > 0 ? ", " : ": ", d->runs_in[i]);
	if (d->exposed)
		buf_addf(b, "   %s", d->exposed == 2 ? "exposed" : "exposed?");
}

static void sheet(const struct view *v, struct sheet *s)
{
	const struct image_detail *d = v->answer;
	struct buf b = BUF_INIT;
	char built[11] = "not known";

	if (d->built > 0)
		time_print_date(d->built, built);
	buf_adds(&b, text_or(d->os, "system not known"));
	if (!str_empty(d->arch))
		buf_addf(&b, ", %s", d->arch);
	sheet_line(s, ROLE_text, "%.*s  %s  built %s%s%s", DIGEST_SHOWN,
	           d->ndigest > 0 ? d->digest[0] : "no digest", b.s, built,
	           d->current ? "" : "  retired", d->unpinned ? "  unpinned" : "");
	buf_reset(&b);
	add_scans(d, s->now, &b);
	sheet_role(s, d->nscan > 0 ? ROLE_text : ROLE_none, "Scan", "%s",
	           d->nscan > 0 ? b.s : "none: nothing here is known to be good");
	buf_reset(&b);
	add_runs(d, &b);
	sheet_field(s, "Run", "%s", b.s);
	sheet_field(s, "Base", "%s%s   Owner  %s   Gate  %s   Admit  %s",
	            str_empty(d->base) ? "not known" : short_name(d->base),
	            d->eol ? ", past its end of life" : "", text_or(d->owner, "none"),
	            text_or(d->gate, "none"), text_or(d->admission, "none"));
	buf_reset(&b);
	print_signature(d, &b);
	sheet_field(s, "Sign", "%s", b.s);
	if (!s->terse)
		sheet_kin(s, d);
	sheet_controls(s, "Breaks", d->control, d->ncontrol, true);
	buf_release(&b);
}

static void tell(const struct view *v, struct buf *right)
{
	const struct image_detail *d = v->answer;

	buf_adds(right, "open ");
	print_severities(d->open, right);
	if (d->late > 0)
		buf_addf(right, "  %lld late", (long long)d->late);
}

/* What the letters of BY stand for here. */
static bool worth(const struct view *v, struct buf *out)
{
	const struct image_detail *d = v->answer;

	for (size_t i = 0; d && i < d->nscan; i++)
		buf_addf(out, "%s%c %s", i > 0 ? "  " : "BY: ",
		         toupper((unsigned char)d->scan[i].source[0]), d->scan[i].source);
	if (out->len > 0 && d->accepted > 0 && v->at.w >= ROOMY)
		buf_adds(out, "   IS acc: accepted");
	return false;
}

/* A line of the fix plan is no thing of its own. */
static struct scope subject(const struct view *v)
{
	return v->focus == 1 ? view_row(v) : v->scope;
}

static enum view_result act(struct view *v, enum action a, struct err *e)
{
	const struct scope what = subject(v);

	(void)e;
	return act_on(v, a, &what);
}

static const struct table_column fix_columns[] = {
	{ "kind",        "FIX PLAN", 8, 0, false },
	{ "what",        "what to change, most risk first", 34, 0, true },
	{ "removes",     "fixes",  5, 1, false },
	{ "findings.critical", "C", 4, 0, false },
	{ "findings.high", "H",    4, 0, false },
	{ "findings.medium", "M",  4, 3, false },
	{ "findings.low", "L",     4, 4, false },
	{ "kev",         "KEV",    4, 2, false },
	{ "also_in",     "also in", 7, 5, false },
};

static const struct table_column finding_columns[] = {
	{ "severity",    "S",        1, 0, false },
	{ "advisory",    "FINDING", 16, 0, false },
	{ "package.name", "PACKAGE", 12, 0, true },
	{ "package.version", "HAVE",    14, 2, false },
	{ "fixed_in",    "FIXED IN", 14, 1, false },
	{ "kev",         "KEV",      3, 3, false },
	{ "epss",        "EPSS",     4, 5, false },
	{ "cvss",        "CVSS",     4, 8, false },
	{ "sources",     "BY",       5, 7, false },
	{ "layer",       "LAYER",    8, 10, false },
	{ "state",       "IS",       4, 4, false },
	{ "owner",       "OWNER",    6, 9, false },
	{ "due",         "DUE",      6, 0, false },
	{ "first_seen",  "AGE",      5, 9, false },
};

static const struct table_view panes[] = {
	{
		.list = LIST_fixes,
		.column = fix_columns,
		.ncolumn = LENGTH(fix_columns),
		.title = "fix plan",
		.enter = "fix",
		.opens = SCOPE_FIX,
		.label = "what",
		.empty = "nothing to change",
	}, {
		.list = LIST_findings,
		.column = finding_columns,
		.ncolumn = LENGTH(finding_columns),
		.title = "findings",
		.enter = "finding",
		.opens = SCOPE_FINDING,
		.label = "advisory",
		.empty = "no open finding; the scans above say how much that is worth",
	},
};

static const struct hint hints[] = {
	{ ACT_ENTER, "open" }, { ACT_PANE, "pane" }, { ACT_NEXT_ITEM, "next" },
	{ ACT_FILTER, "filter" }, { ACT_ZOOM, "full" }, { ACT_NOTE, "note" },
	{ ACT_OWNER, "owner" }, { ACT_DUE, "due" },
};

const struct view_ops view_image = {
	.name = "image",
	.title = "Image",
	.pane = panes,
	.npane = LENGTH(panes),
	.answer_size = sizeof(struct image_detail),
	.hint = hints,
	.nhint = LENGTH(hints),
	.needs = SCOPE_IMAGE,
	.find = find,
	.sheet = sheet,
	.head = 7,
	.tell = tell,
	.worth = worth,
	.act = act,
	.subject = subject,
};

/* ---- the findings that one change would remove ---- */

static const struct table_view fix_findings = {
	.list = LIST_findings,
	.column = finding_columns,
	.ncolumn = LENGTH(finding_columns),
	.enter = "finding",
	.opens = SCOPE_FINDING,
	.label = "advisory",
	.empty = "this change removes nothing any more",
};

const struct view_ops view_fix = {
	.name = "fix",
	.title = "Fix",
	.pane = &fix_findings,
	.npane = 1,
	.hint = hints,
	.nhint = LENGTH(hints),
	.needs = SCOPE_FIX,
	.act = act_on_row,
};
