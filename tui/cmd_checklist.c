/* SPDX-License-Identifier: MIT */
/* cmd_checklist.c - the checklist as a whole: how far it is, who does what, carried to and fro. */
#include <inttypes.h>

#include "tui/checklist_file.h"
#include "tui/cli.h"

#define FILE_MAX (512u * 1024 * 1024)

struct checklist_args {
	const char *note, *seed, *size, *output;
	bool csv;
};
static const struct arg options[] = {
	{ "note", 0, ARG_TEXT, offsetof(struct checklist_args, note), "TEXT",
	  "with submit, return and close" },
	{ "seed", 0, ARG_TEXT, offsetof(struct checklist_args, seed), "N",
	  "of a sample: the same seed draws the same rows" },
	{ "size", 0, ARG_TEXT, offsetof(struct checklist_args, size), "N",
	  "of a sample: how many rows; 25 when not given" },
	{ "csv", 0, ARG_FLAG, offsetof(struct checklist_args, csv), NULL,
	  "export comma-separated values instead of JSON" },
	{ "output", 'o', ARG_TEXT, offsetof(struct checklist_args, output), "FILE",
	  "export to this file" },
	{ .name = NULL },
};

/* ---- status ---- */

static void print_status(struct out *o, const struct status *s)
{
	int64_t answered = 0;

	for (int a = 0; a < ANSWER_COUNT; a++)
		answered += s->answered[a];
	out_printf(o, "%" PRId64 " of %" PRId64 " items answered:", answered,
	           answered + s->unanswered);
	for (int a = 0; a < ANSWER_COUNT; a++)
		out_printf(o, " %" PRId64 " %s%s", s->answered[a], answer_word((enum answer)a),
		           a + 1 < ANSWER_COUNT ? "," : "");
	out_printf(o, "; %" PRId64 " open, %" PRId64 " due again\n", s->unanswered,
	           s->late[STATUS_ANSWER]);
}

static bool status(struct cli *c, struct store *st, struct out *o, struct err *e)
{
	struct status s;

	if (!store_status(st, &c->mem, &s, e))
		return false;
	cli_tell_past(st, c->json, o);
	if (c->json)
		json_status(o, &s, c->now);
	else
		print_status(o, &s);
	return true;
}

/* ---- steps ---- */

static bool object(struct cli *c, struct store *st, struct scope *out, struct err *e)
{
	const char *name = c->operand[1];

	return cli_object(st, strchr(name, ':') ? "control" : "item", name, out, e);
}

static bool step(struct cli *c, struct store *st, enum assess_step to, const char *who,
                 struct err *e)
{
	const struct checklist_args *a = c->opts;
	struct scope what;

	return object(c, st, &what, e) && store_assess_step(st, &what, to, who, a->note, e);
}

static bool assign(struct cli *c, struct store *st, struct out *o, struct err *e)
{
	(void)o;
	return step(c, st, STEP_ASSIGNED, c->operand[2], e);
}

static bool submit(struct cli *c, struct store *st, struct out *o, struct err *e)
{
	(void)o;
	return step(c, st, STEP_SUBMITTED, NULL, e);
}

static bool send_back(struct cli *c, struct store *st, struct out *o, struct err *e)
{
	(void)o;
	return step(c, st, STEP_RETURNED, NULL, e);
}

static bool close_it(struct cli *c, struct store *st, struct out *o, struct err *e)
{
	(void)o;
	return step(c, st, STEP_CLOSED, NULL, e);
}

/* ---- samples ---- */

static void print_sample(struct cli *c, struct out *o, const struct sample *s)
{
	(void)c;
	text_line(o, "sample %" PRId64 ": %zu of %" PRId64 " %s%s%s, seed %" PRId64, s->id, s->nrow,
	          s->population, s->list, *s->filter ? " " : "", s->filter, s->seed);
	for (size_t i = 0; i < s->nrow; i++)
		text_line(o, "%4zu  %-20s %s", i + 1, s->row[i].key, s->row[i].label);
}

static bool read_number(const char *option, const char *text, int64_t most, int64_t none,
                        int64_t *out, struct err *e)
{
	*out = none;
	return !text || str_int64(text, 0, most, out) ||
	       err_set(e, ERR_USAGE, "--%s %s: wants a number up to %" PRId64, option, text, most);
}

static bool filter_of(struct cli *c, struct list_query *q, const char **text, struct err *e)
{
	*text = cli_words(c, 3);
	return cli_filter(c, q->list, *text, &q->where, e);
}

static bool sample(struct cli *c, struct store *st, struct out *o, struct err *e)
{
	const struct checklist_args *a = c->opts;
	struct list_query q = { .scope = { SCOPE_ALL, { 0 } } };
	struct sample_query s = { .from = &q };
	const struct sample *drawn;
	struct scope what;
	int64_t size, id;
	size_t n;

	if (!list_find(c->operand[2], &q.list))
		return err_set(e, ERR_USAGE, "there is no list %s", c->operand[2]);
	if (!object(c, st, &what, e) || !filter_of(c, &q, &s.filter, e) ||
	    !read_number("seed", a->seed, INT64_MAX, c->now, &s.seed, e) ||
	    !read_number("size", a->size, 10000, 25, &size, e))
		return false;
	s.want = (size_t)size;
	if (!store_sample(st, &what, &s, &id, e) ||
	    !store_samples(st, &what, &c->mem, &drawn, &n, e))
		return false;
	print_sample(c, o, &drawn[0]);
	return true;
}

/* ---- to and fro ---- */

static bool export_it(struct cli *c, struct store *st, struct out *o, struct err *e)
{
	const struct checklist_args *a = c->opts;
	struct out *file;

	if (!a->output)
		return checklist_write(st, o, a->csv, e);
	file = out_file(a->output);
	if (!checklist_write(st, file, a->csv, e)) {
		out_discard(file);
		return false;
	}
	return out_close(file, e);
}

static bool import_it(struct cli *c, struct store *st, struct out *o, struct err *e)
{
	struct checklist_file f = { .mem = ARENA_INIT };
	uint8_t hash[SHA256_SIZE];
	struct buf text = BUF_INIT;
	int64_t added = 0;
	bool ok = file_read(c->operand[1], FILE_MAX, &text, e);

	if (ok) {
		sha256_of(text.s, text.len, hash);
		ok = (checklist_read(&text, &f, e) &&
		      store_checklist_add(st, f.record, f.n, file_base(c->operand[1]), hash,
		                          &added, e)) ||
		     err_context(e, "%s", c->operand[1]);
		checklist_release(&f);
	}
	buf_release(&text);
	if (ok)
		out_printf(o, "%" PRId64 " of %zu records are new\n", added, f.n);
	return ok;
}

/* ---- */

static const struct {
	const char *word;
	size_t least, most;
	bool (*run)(struct cli *c, struct store *st, struct out *o, struct err *e);
} acts[] = {
	{ "status", 1, 1, status },    { "assign", 3, 3, assign },
	{ "submit", 2, 2, submit },    { "return", 2, 2, send_back },
	{ "close", 2, 2, close_it },   { "sample", 3, SIZE_MAX, sample },
	{ "export", 1, 1, export_it }, { "import", 2, 2, import_it },
};

static int run_checklist(struct cli *c, struct err *e)
{
	struct store *st;
	struct out *o;
	size_t i = 0;
	bool ok;

	if (!cli_operands(c, &command_checklist, 1, SIZE_MAX, e))
		return CLI_USAGE;
	while (i < LENGTH(acts) && !str_eq(acts[i].word, c->operand[0]))
		i++;
	if (i == LENGTH(acts)) {
		err_set(e, ERR_USAGE,
		        "checklist %s: there are status, assign, submit, return, close, sample, "
		        "export and import; `list items` has every item",
		        c->operand[0]);
		return CLI_USAGE;
	}
	if (!cli_operands(c, &command_checklist, acts[i].least, acts[i].most, e) ||
	    !cli_open(c, &st, e))
		return cli_exit_code(e);
	o = cli_out();
	ok = acts[i].run(c, st, o, e);
	store_close(st);
	if (!ok) {
		out_discard(o);
		return cli_exit_code(e);
	}
	return cli_close(o, CLI_YES, e);
}

const struct command command_checklist = {
	.name = "checklist",
	.operands = "status|assign ITEM NAME|submit ITEM|return ITEM|close ITEM|\n"
		    "       sample ITEM LIST [FILTER]|export|import FILE",
	.summary = "The checklist as a whole; `assess` answers, `list items` shows every item",
	.more = "An assessment is assigned, submitted once a valid answer stands, and then\n"
		"sent back with a note, or closed. A sample is drawn by its seed and recorded:\n"
		"the rows whose SHA-256 of \"SEED KEY\" is smallest. Export writes answers,\n"
		"evidence with its files, samples and steps; import adds what is not here yet.",
	.arg = options,
	.opts_size = sizeof(struct checklist_args),
	.run = run_checklist,
};
