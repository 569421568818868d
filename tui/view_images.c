/* SPDX-License-Identifier: MIT */
/* view_images.c - one row an image, what is due first; the preview says what to change. */
#include "tui/acts.h"

enum { FIXES = 3 };

/* An image, and the first changes of its fix plan. */
struct preview {
	struct image_detail image;
	const char         *fix[FIXES];
};

static int column_of(const char *name)
{
	const struct list_info *li = store_list(LIST_fixes);

	for (size_t i = 0; i < li->ncol; i++)
		if (str_eq(li->col[i].name, name))
			return (int)i;
	return 0;
}

static bool find_fixes(struct store *st, const struct question *q, struct arena *mem,
                       struct preview *out, struct err *e)
{
	const struct list_query lq = { .list = LIST_fixes, .scope = q->row };
	struct page p = PAGE_INIT;
	bool ok = store_page(st, &lq, PAGE_TOP, NULL, FIXES, &p, e);

	for (size_t i = 0; ok && i < p.nrow; i++) {
		const struct value *val = p.row[i].val;

		out->fix[i] = arena_printf(mem, "%s %s removes %lld", val[column_of("kind")].u.s,
		                           val[column_of("what")].u.s,
		                           (long long)val[column_of("removes")].u.i);
	}
	page_release(&p);
	return ok;
}

static bool find(struct store *st, const struct question *q, struct arena *mem, void *answer,
                 struct err *e)
{
	struct preview *p = answer;

	if (q->row.kind != SCOPE_IMAGE)
		return true;
	return store_image(st, q->row.key[0], mem, &p->image, e) && find_fixes(st, q, mem, p, e);
}

static void sheet_state(const struct image_detail *d, struct sheet *s)
{
	struct buf b = BUF_INIT;
	char age[16];

	print_age(d->scanned_at, s->now, age);
	sheet_field(s, "Scanned", "%s%s   fixable %lld   accepted %lld   known exploited %lld", age,
	            d->scanned_at > 0 ? " ago" : "", (long long)d->fixable,
	            (long long)d->accepted, (long long)d->kev);
	print_signature(d, &b);
	sheet_field(s, "Signed", "%s   owner %s   base %s", b.s, text_or(d->owner, "none"),
	            str_empty(d->base) ? "not known" : file_base(d->base));
	buf_release(&b);
}

static void sheet(const struct view *v, struct sheet *s)
{
	const struct preview *p = v->answer;
	const struct image_detail *d = &p->image;
	struct buf b = BUF_INIT;
	char due[16];

	if (d->id == 0)
		return;
	print_severities(d->open, &b);
	print_due(d->due, s->now, due);
	sheet_line(s, ROLE_head, "%s   open %s   late %lld   due %s", d->name, b.s,
	           (long long)d->late, due);
	for (size_t i = 0; i < FIXES; i++)
		if (p->fix[i])
			sheet_field(s, i == 0 ? "Fix plan" : "", "%s", p->fix[i]);
	if (!p->fix[0])
		sheet_field(s, "Fix plan", "nothing to change");
	buf_reset(&b);
	for (size_t i = 0; i < d->nruns_in; i++)
		buf_addf(&b, "%s%s", i > 0 ? "   " : "", d->runs_in[i]);
	sheet_field(s, "Runs in", "%s", b.s);
	sheet_state(d, s);
	sheet_kin(s, d);
	sheet_controls(s, "Breaks", d->control, d->ncontrol, true);
	buf_release(&b);
}

static const struct table_column columns[] = {
	{ "name",       "IMAGE", 22, 0, true },
	{ "digest",      NULL,    7, 9, false },
	{ "base",        NULL,   14, 8, false },
	{ "running",    "RUN",    4, 0, false },
	{ "findings.critical", "C",      4, 0, false },
	{ "findings.high", "H",      4, 0, false },
	{ "findings.medium", "M",      5, 3, false },
	{ "findings.low", "L",      4, 10, false },
	{ "kev",        "KEV",    3, 1, false },
	{ "epss",       "EPSS",   4, 7, false },
	{ "signed",     "SIGN",   5, 4, false },
	{ "admission",  "ADMIT",  6, 5, false },
	{ "lint",       "LINT",   4, 9, false },
	{ "dockle",     "DOCK",   4, 9, false },
	{ "last_scan",  "SCAN",   4, 2, false },
	{ "due",        "DUE",    5, 0, false },
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
	{ ACT_ENTER, "open" }, { ACT_COUNTS, "counts" }, { ACT_FILTER, "filter" },
	{ ACT_SORT_RIGHT, "order" },
	{ ACT_MARK, "mark" }, { ACT_OWNER, "owner" }, { ACT_NOTE, "note" },
	{ ACT_COUNT_BY, "count by" }, { ACT_PREVIEW, "preview" }, { ACT_COLUMNS, "columns" },
};

const struct view_ops view_images = {
	.name = "images",
	.title = "Images",
	.pane = &images,
	.npane = 1,
	.answer_size = sizeof(struct preview),
	.by_row = true,
	.hint = hints,
	.nhint = LENGTH(hints),
	.find = find,
	.sheet = sheet,
	.act = act_on_row,
};
