/* SPDX-License-Identifier: MIT */
/* cmd_list.c - `seaworthy list`: the rows of any list, as a table, CSV or JSON. */
#include <stdio.h>

#include "tui/cli.h"
#include "tui/view.h"

struct list_args {
	const char *sort, *image, *control, *scope, *columns;
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
	OPTION("control", 0, ARG_TEXT, control, "FRAMEWORK:ID",
	       "only what belongs to this control, as in PCI-DSS:6.3.3"),
	OPTION("scope", 0, ARG_TEXT, scope, "KIND/NAME",
	       "only what lies or runs there: cluster/NAME, ns/CLUSTER/NAME, repo/NAME, ..."),
	OPTION("retired", 0, ARG_FLAG, retired, NULL,
	       "images that nothing runs or names any more, too"),
	OPTION("columns", 0, ARG_TEXT, columns, "NAMES",
	       "columns of the table, commas between; \"all\" for every one"),
	OPTION("limit", 0, ARG_TEXT, limit, "N", "at most so many rows; what was cut is said"),
	OPTION("csv", 0, ARG_FLAG, csv, NULL, "comma-separated values"),
	{ .name = NULL },
};

struct printing {
	const struct cli *cli;
	const struct list_args *args;
	const struct list_info *info;
	struct out *out;
	size_t *pick;  /* the columns to print, npick of them */
	size_t npick;
	size_t *width; /* of each of those, on paper */
	struct arena mem;
	const char **held; /* cells of the rows that are measured before the first is printed */
	size_t nheld;	   /* rows; NONE: measured and printed */
	int64_t left;	   /* rows still wanted; -1: all */
	bool cut;
};

/*
 * ---- a table ----
 *
 * The first rows are held back: they tell how wide its texts are. Those that follow stream.
 */

enum { MEASURED = 500 };
#define NONE SIZE_MAX

static bool numeric(enum value_type t)
{
	return t == VAL_INT || t == VAL_EPSS || t == VAL_SCORE || t == VAL_FAILS;
}

/* What the words and times of a type take, whatever the first rows hold. */
static size_t least_width(const struct column *c)
{
	static const uint8_t least[] = {
		[VAL_TIME] = 20,    [VAL_DUE] = 20,     [VAL_SEVERITY] = 10,   [VAL_VERDICT] = 6,
		[VAL_STATE] = 14,   [VAL_CONTROL] = 8,  [VAL_PRIORITY] = 13,   [VAL_ANSWER] = 7,
		[VAL_FLAG] = 3,     [VAL_ALERT_STATE] = 12,
	};
	size_t width = (size_t)c->type < LENGTH(least) ? least[c->type] : 0;
	size_t head = text_columns(c->head);

	return head > width ? head : width;
}

static const char *cell_text(const struct value *v, struct arena *mem)
{
	struct buf cell = BUF_INIT, clean = BUF_INIT;
	const char *text;

	value_print(v, &cell);
	text_clean(cell.s, cell.len, &clean);
	text = arena_dupn(mem, clean.s, clean.len);
	buf_release(&cell);
	buf_release(&clean);
	return text;
}

static void add_cell(struct buf *line, const char *clean, size_t width, bool right)
{
	size_t used = text_columns(clean);

	for (size_t i = used; right && i < width; i++)
		buf_addc(line, ' ');
	buf_adds(line, clean);
	for (size_t i = used; !right && i < width; i++)
		buf_addc(line, ' ');
	buf_adds(line, "  ");
}

static void print_cells(struct printing *p, const char *const *cell)
{
	struct buf line = BUF_INIT;

	for (size_t i = 0; i < p->npick; i++)
		add_cell(&line, cell[i], p->width[i], numeric(p->info->col[p->pick[i]].type));
	text_line(p->out, "%s", line.s);
	buf_release(&line);
}

static void print_held(struct printing *p)
{
	const char **head = arena_array(&p->mem, const char *, p->npick);

	for (size_t i = 0; i < p->npick; i++) {
		const struct column *c = &p->info->col[p->pick[i]];

		head[i] = c->head;
		p->width[i] = least_width(c);
		for (size_t k = 0; k < p->nheld; k++) {
			size_t width = text_columns(p->held[k * p->npick + i]);

			if (width > p->width[i])
				p->width[i] = width;
		}
	}
	print_cells(p, head);
	for (size_t k = 0; k < p->nheld; k++)
		print_cells(p, &p->held[k * p->npick]);
	p->nheld = NONE;
}

static void print_row(struct printing *p, const struct row *r)
{
	const char **cell;

	if (p->nheld == MEASURED)
		print_held(p);
	if (p->nheld == NONE) {
		arena_reset(&p->mem);
		cell = arena_array(&p->mem, const char *, p->npick);
	} else {
		cell = &p->held[p->nheld++ * p->npick];
	}
	for (size_t i = 0; i < p->npick; i++)
		cell[i] = cell_text(&r->val[p->pick[i]], &p->mem);
	if (p->nheld == NONE)
		print_cells(p, cell);
}

static bool on_row(void *ctx, const struct row *r, struct err *e)
{
	struct printing *p = ctx;

	if (p->left == 0) {
		p->cut = true;
		return err_set(e, ERR_CANCEL, "enough");
	}
	p->left -= p->left > 0;
	if (p->cli->json)
		json_row(p->out, p->info, r);
	else if (p->args->csv)
		csv_row(p->out, p->info, r);
	else
		print_row(p, r);
	return !out_failed(p->out) || err_set(e, ERR_IO, "standard output cannot be written");
}

/* ---- which columns ---- */

static bool pick(struct printing *p, const char *name, size_t len)
{
	for (size_t i = 0; i < p->info->ncol; i++) {
		const struct column *c = &p->info->col[i];

		if (strlen(c->name) != len || memcmp(c->name, name, len) != 0)
			continue;
		p->pick[p->npick++] = i;
		return true;
	}
	return false;
}

/* What is shown of one thing's rows does not say which; of all rows, that comes first. */
static void pick_whose(struct printing *p, enum list_id list)
{
	static const struct { enum list_id list; const char *column[2]; } whose[] = {
		{ LIST_controls, { "framework" } },
		{ LIST_findings, { "asset.name" } },
		{ LIST_namespaces, { "cluster" } },
		{ LIST_workloads, { "cluster", "namespace" } },
		{ LIST_containers, { "cluster", "namespace" } },
	};

	for (size_t i = 0; i < LENGTH(whose); i++)
		for (size_t k = 0; whose[i].list == list && k < 2 && whose[i].column[k]; k++)
			(void)pick(p, whose[i].column[k], strlen(whose[i].column[k]));
}

/* Those that the screen of this list shows. */
static void pick_shown(struct printing *p, enum list_id list)
{
	const struct view_ops *v;
	size_t before = p->npick;

	for (size_t i = 0; p->npick == before && (v = view_at(i)); i++)
		for (size_t k = 0; p->npick == before && k < v->npane; k++)
			for (size_t c = 0; v->pane[k].list == list && c < v->pane[k].ncolumn; c++)
				(void)pick(p, v->pane[k].column[c].name,
				           strlen(v->pane[k].column[c].name));
}

static void pick_all(struct printing *p)
{
	for (size_t i = 0; i < p->info->ncol; i++)
		p->pick[p->npick++] = i;
}

static bool pick_named(struct printing *p, const char *names, struct err *e)
{
	while (*names) {
		size_t len = strcspn(names, ",");

		if (p->npick >= p->info->ncol || !pick(p, names, len))
			return err_set(e, ERR_USAGE, "--columns: %s has no column %.*s",
			               p->info->name, (int)len, names);
		names += len + (names[len] == ',');
	}
	return true;
}

static bool pick_columns(struct printing *p, enum list_id list, struct arena *mem, struct err *e)
{
	const char *names = p->args->columns;

	p->pick = arena_array(mem, size_t, p->info->ncol + TABLE_COLUMNS_MAX);
	if (names && !str_eq(names, "all"))
		return pick_named(p, names, e);
	if (!names && str_empty(p->args->image))
		pick_whose(p, list);
	if (!names)
		pick_shown(p, list);
	if (p->npick == 0)
		pick_all(p);
	return true;
}

/* ---- the question ---- */

static bool read_sort(const struct list_args *a, const struct list_info *info, struct list_query *q,
                      struct err *e)
{
	const char *name = a->sort;

	if (!name)
		return true;
	q->desc = *name == '-';
	name += *name == '-';
	for (size_t i = 0; i < info->norder; i++)
		if (str_eq(info->order[i].name, name)) {
			q->order = (int)i;
			return true;
		}
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

/* One list is of one thing only. */
static bool read_scope(const struct list_args *a, struct store *st, struct list_query *q,
                       struct err *e)
{
	if ((a->image != NULL) + (a->control != NULL) + (a->scope != NULL) > 1)
		return err_set(e, ERR_USAGE, "--image, --control and --scope exclude each other");
	if (a->scope)
		return cli_scope(st, a->scope, &q->scope, e);
	if (a->image)
		return cli_object(st, "image", a->image, &q->scope, e);
	if (a->control)
		return cli_object(st, "control", a->control, &q->scope, e);
	if (q->list == LIST_evidence)
		return err_set(e, ERR_USAGE,
		               "evidence is listed for one control: --control FRAMEWORK:ID");
	return true;
}

static bool ask(struct cli *c, struct store *st, struct printing *p, struct list_query *q,
                struct err *e)
{
	const struct list_args *a = c->opts;

	p->info = store_list(q->list);
	q->retired = a->retired;
	q->columns = LIST_ALL_COLUMNS;
	p->left = -1;
	if (a->limit && !str_int64(a->limit, 0, INT64_MAX, &p->left))
		return err_set(e, ERR_USAGE, "--limit %s: wants a number", a->limit);
	return read_scope(a, st, q, e) && read_sort(a, p->info, q, e) &&
	       pick_columns(p, q->list, &c->mem, e) &&
	       cli_filter(c, q->list, cli_words(c, 1), &q->where, e);
}

/* What was cut is said: below a table, and beside output that programs read. */
static void tell_cut(const struct printing *p)
{
	if (p->cli->json || p->args->csv)
		fprintf(stderr, "seaworthy: list %s: cut after %s rows by --limit\n",
		        p->info->name, p->args->limit);
	else
		text_line(p->out, "(cut after %s rows by --limit)", p->args->limit);
}

static int print_list(struct cli *c, struct store *st, struct printing *p,
		      const struct list_query *q, struct err *e)
{
	bool table = !c->json && !p->args->csv;
	struct err each = ERR_INIT;

	p->width = arena_array(&c->mem, size_t, p->npick + 1);
	p->held = arena_array(&p->mem, const char *, table ? MEASURED * p->npick : 1);
	p->out = cli_out();
	cli_tell_past(st, !table, p->out);
	if (p->args->csv && !c->json)
		csv_head(p->out, p->info);
	if (!store_each(st, q, on_row, p, &each) && !p->cut) {
		if (out_failed(p->out)) /* it knows why */
			return cli_close(p->out, CLI_ERROR, e);
		out_discard(p->out);
		*e = each;
		return cli_exit_code(e);
	}
	if (table && p->nheld != NONE)
		print_held(p);
	if (p->cut)
		tell_cut(p);
	return cli_close(p->out, CLI_YES, e);
}

static int run(struct cli *c, struct err *e)
{
	struct printing p = { .cli = c, .args = c->opts, .mem = ARENA_INIT };
	struct list_query q = { .scope = { SCOPE_ALL, { 0 } } };
	struct store *st;
	int code;

	if (!cli_operands(c, &command_list, 1, SIZE_MAX, e) ||
	    !find_list(c->operand[0], &q.list, e) || !cli_open(c, &st, e))
		return cli_exit_code(e);
	code = ask(c, st, &p, &q, e) ? print_list(c, st, &p, &q, e) : cli_exit_code(e);
	arena_release(&p.mem);
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
	.reads = true,
};
