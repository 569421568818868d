/* SPDX-License-Identifier: MIT */
/* view_images.c - one row an image, what is due first; the preview says what to change. */
#include "tui/acts.h"

static bool find(struct store *st, const struct question *q, struct arena *mem, void *answer,
                 struct err *e)
{
	if (q->row.kind != SCOPE_IMAGE)
		return true;
	return store_image(st, q->row.key[0], mem, answer, e);
}

static void sheet(const struct view *v, struct sheet *s)
{
	const struct image_detail *d = v->answer;
	struct buf b = BUF_INIT;
	char age[16], due[16];

	if (d->id == 0)
		return;
	print_severities(d->open, &b);
	print_due(d->due, s->now, due);
	sheet_line(s, ROLE_head, "%s   open %s   late %lld   due %s", d->name, b.s,
	           (long long)d->late, due);
	buf_reset(&b);
	for (size_t i = 0; i < d->nruns_in; i++)
		buf_addf(&b, "%s%s", i > 0 ? "   " : "", d->runs_in[i]);
	sheet_field(s, "Runs in", "%s", b.s);
	print_age(d->scanned_at, s->now, age);
	sheet_field(s, "Base", "%s   %s %s", text_or(d->base, "not known"),
	            text_or(d->os, ""), text_or(d->arch, ""));
	sheet_field(s, "Scanned", "%s%s   fixable %lld   accepted %lld   known exploited %lld", age,
	            d->scanned_at > 0 ? " ago" : "", (long long)d->fixable,
	            (long long)d->accepted, (long long)d->kev);
	sheet_field(s, "Signed", "%s%s%s", text_or(d->signature, "none"),
	            str_empty(d->signer) ? "" : " by ", text_or(d->signer, ""));
	sheet_controls(s, "Breaks", d->control, d->ncontrol, true);
	sheet_field(s, "Owner", "%s", text_or(d->owner, ""));
	buf_release(&b);
}

static enum view_result act(struct view *v, enum action a, struct err *e)
{
	const struct scope row = view_row(v);

	(void)e;
	return act_on(v, a, &row);
}

static const struct table_column columns[] = {
	{ "name",       "IMAGE", 22, 0, true },
	{ "digest",      NULL,    7, 9, false },
	{ "base",        NULL,   14, 8, false },
	{ "running",    "RUN",    4, 0, false },
	{ "findings.critical", "C",      4, 0, false },
	{ "findings.high", "H",      4, 0, false },
	{ "findings.medium", "M",      5, 3, false },
	{ "findings.low", "L",      5, 9, false },
	{ "kev",        "KEV",    4, 1, false },
	{ "epss",       "EPSS",   5, 7, false },
	{ "signed",     "SIGN",   5, 4, false },
	{ "admission",  "ADMIT",  5, 5, false },
	{ "last_scan",  "SCAN",   5, 2, false },
	{ "due",        "DUE",    6, 0, false },
	{ "owner",      "OWNER",  8, 6, false },
};

static const struct table_view images = {
	.list = LIST_images,
	.column = columns,
	.ncolumn = LENGTH(columns),
	.enter = "image",
	.opens = SCOPE_IMAGE,
	.label = "name",
	.empty = "no image was imported yet",
};

static const struct hint hints[] = {
	{ ACT_ENTER, "open" }, { ACT_FILTER, "filter" }, { ACT_SORT_RIGHT, "order" },
	{ ACT_COLUMNS, "columns" }, { ACT_PREVIEW, "preview" }, { ACT_NOTE, "note" },
	{ ACT_OWNER, "owner" },
};

const struct view_ops view_images = {
	.name = "images",
	.title = "Images",
	.pane = &images,
	.npane = 1,
	.answer_size = sizeof(struct image_detail),
	.by_row = true,
	.hint = hints,
	.nhint = LENGTH(hints),
	.find = find,
	.sheet = sheet,
	.act = act,
};
