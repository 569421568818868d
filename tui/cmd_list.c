/* SPDX-License-Identifier: MIT */
/* cmd_list.c - `seaworthy list`: the rows of any list, as a table, CSV or JSON. */
#include <stdlib.h>

#include "tui/cli.h"

struct list_args {
	const char *columns, *sort, *cluster, *image;
	bool csv, retired;
	const char *limit;
};
#define OPTION(name, letter, type, field, value, help)                                             \
	{                                                                                          \
		name, letter, type, offsetof(struct list_args, field), value, help                 \
	}
static const struct arg args[] = {
	OPTION("sort", 0, ARG_TEXT, sort, "COLUMN", "sort by this column; -COLUMN the other way"),
	OPTION("image", 0, ARG_TEXT, image, "REF", "only what belongs to this image"),
	OPTION("retired", 0, ARG_FLAG, retired, NULL,
	       "images that nothing runs or names any more, too"),
	OPTION("limit", 0, ARG_TEXT, limit, "N", "at most so many rows; what was cut is said"),
	OPTION("csv", 0, ARG_FLAG, csv, NULL, "comma-separated values"),
	{ .name = NULL },
};

struct printing {
	const struct cli *cli;
	const struct list_args *args;
	const struct list_info *info;
	struct out *out;
	size_t *width; /* of each column, on paper */
	int64_t left;  /* rows still wanted; -1: all */
	bool cut;
};

/* ---- a table whose widths come from the columns' own, so that it can stream ---- */

static size_t columns_of(const char *s)
{
	size_t n = 0, len = strlen(s);
	uint32_t c;

	for (size_t at = 0; at < len;) {
		int w;

		at += utf8_next(s + at, len - at, &c);
		w = utf8_width(c);
		n += w < 0 ? 2 : (size_t)w;
	}
	return n;
}

/* Control bytes are shown, never sent: what is printed may be a hostile image name. */
static void print_cell(struct out *o, const char *s)
{
	size_t len = strlen(s);
	uint32_t c;

	for (size_t at = 0; at < len;) {
		size_t n = utf8_next(s + at, len - at, &c);

		if (c < 0x20 || c == 0x7f)
			out_printf(o, "^%c", (char)(c ^ 0x40));
		else if (utf8_width(c) < 0 || utf8_bidi(c))
			out_printf(o, "<U+%04X>", (unsigned)c);
		else
			out_add(o, s + at, n);
		at += n;
	}
}

static bool numeric(enum value_type t)
{
	return t == VAL_INT || t == VAL_EPSS || t == VAL_SCORE;
}

static void print_padded(struct out *o, const char *s, size_t width, bool right, bool last)
{
	size_t used = columns_of(s);
	int pad = used < width ? (int)(width - used) : 0;

	if (right)
		out_printf(o, "%*s", pad, "");
	print_cell(o, s);
	if (!right && !last)
		out_printf(o, "%*s", pad, "");
	out_puts(o, last ? "\n" : "  ");
}

static void print_head(struct printing *p)
{
	for (size_t i = 0; i < p->info->ncol; i++) {
		const struct column *c = &p->info->col[i];

		p->width[i] = c->width > strlen(c->head) ? c->width : strlen(c->head);
		print_padded(p->out, c->head, p->width[i], numeric(c->type),
		             i + 1 == p->info->ncol);
	}
}

static bool on_row(void *ctx, const struct row *r, struct err *e)
{
	struct printing *p = ctx;
	struct buf cell = BUF_INIT;

	if (p->left == 0) {
		p->cut = true;
		return err_set(e, ERR_CANCEL, "enough");
	}
	p->left -= p->left > 0;
	if (p->cli->json)
		json_row(p->out, p->info, r);
	else if (p->args->csv)
		csv_row(p->out, p->info, r);
	for (size_t i = 0; !p->cli->json && !p->args->csv && i < p->info->ncol; i++) {
		buf_reset(&cell);
		value_print(&r->val[i], &cell);
		print_padded(p->out, cell.s, p->width[i], numeric(p->info->col[i].type),
		             i + 1 == p->info->ncol);
	}
	buf_release(&cell);
	return !out_failed(p->out) || err_set(e, ERR_IO, "standard output cannot be written");
}

/* ---- the question ---- */

static bool read_sort(const struct list_args *a, const struct list_info *info, struct list_query *q,
                      struct err *e)
{
	const char *name = a->sort;

	if (!name)
		return true;
	for (size_t i = 0; i < info->norder; i++)
		if (str_eq(info->order[i].name, name)) {
			q->order = (int)i;
			return true;
		}
	q->desc = *name == '-';
	name += *name == '-';
	q->order = -1;
	for (q->column = 0; q->column < info->ncol; q->column++)
		if (str_eq(info->col[q->column].name, name) ||
		    str_eq(info->col[q->column].brief, name))
			return true;
	return err_set(e, ERR_USAGE, "--sort %s: %s has no such column", name, info->name);
}

static void name_lists(struct buf *b)
{
	for (int i = 0; i < LIST_COUNT; i++)
		buf_addf(b, "%s%s", i ? ", " : "", store_list((enum list_id)i)->name);
}

static bool find_list(const char *name, enum list_id *out, struct err *e)
{
	struct buf names = BUF_INIT;

	if (list_find(name, out))
		return true;
	name_lists(&names);
	err_set(e, ERR_USAGE, "there is no list %s; there are: %s", name, names.s);
	buf_release(&names);
	return false;
}

/* Several words after the list are one filter: terms are joined by "and" anyway. */
static const char *filter_text(struct cli *c)
{
	struct buf b = BUF_INIT;
	const char *text;

	for (size_t i = 1; i < c->noperand; i++)
		buf_addf(&b, "%s%s", i > 1 ? " " : "", c->operand[i]);
	text = arena_dup(&c->mem, b.s);
	buf_release(&b);
	return text;
}

static bool ask(struct cli *c, struct store *st, struct printing *p, struct list_query *q,
                struct err *e)
{
	const struct list_args *a = c->opts;
	size_t at;

	p->info = store_list(q->list);
	q->retired = a->retired;
	p->left = -1;
	if (a->limit && !str_int64(a->limit, 0, INT64_MAX, &p->left))
		return err_set(e, ERR_USAGE, "--limit %s: wants a number", a->limit);
	if (a->image) {
		q->scope.kind = SCOPE_IMAGE;
		if (!store_image_find(st, a->image, &q->scope.key[0], e))
			return false;
	}
	return read_sort(a, p->info, q, e) &&
	       filter_parse(q->list, filter_text(c), c->now, &c->mem, &q->where, &at, e);
}

static int print_list(struct cli *c, struct store *st, struct printing *p,
                      const struct list_query *q, struct err *e)
{
	struct err each = ERR_INIT;
	bool ok;

	p->width = arena_array(&c->mem, size_t, p->info->ncol);
	p->out = cli_out();
	if (p->args->csv && !c->json)
		csv_head(p->out, p->info);
	else if (!c->json)
		print_head(p);
	ok = store_each(st, q, on_row, p, &each) || p->cut;
	if (p->cut && !c->json && !p->args->csv)
		out_printf(p->out, "(cut here by --limit)\n");
	if (!ok)
		*e = each;
	return cli_close(p->out, CLI_YES, ok ? e : &each) | (ok ? 0 : cli_exit_code(e));
}

static int run(struct cli *c, struct err *e)
{
	struct printing p = { .cli = c, .args = c->opts };
	struct list_query q = { .scope = { SCOPE_ALL, { 0 } } };
	struct store *st;
	int code;

	if (!cli_operands(c, &command_list, 1, SIZE_MAX, e) ||
	    !find_list(c->operand[0], &q.list, e) || !cli_open(c, &st, e))
		return cli_exit_code(e);
	code = ask(c, st, &p, &q, e) ? print_list(c, st, &p, &q, e) : cli_exit_code(e);
	store_close(st);
	return code;
}

const struct command command_list = {
	.name = "list",
	.operands = "LIST [FILTER]",
	.summary = "Print the rows of a list, all of them, in its order",
	.more = "FILTER is the one filter grammar: sev>=high kev running, due<7d,\n"
		"image:payments/*, !accepted, \"a text\", /a regular expression/, with or, ! and\n"
		"brackets. --json prints one object a line.",
	.arg = args,
	.opts_size = sizeof(struct list_args),
	.run = run,
};
