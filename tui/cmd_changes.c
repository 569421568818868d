/* SPDX-License-Identifier: MIT */
/* cmd_changes.c - `seaworthy changes`: what came, went, came back and was decided. */
#include <inttypes.h>

#include "tui/cli.h"

struct changes_args {
	const char *what, *severity, *match;
	bool csv, summary;
};
static const struct arg options[] = {
	{ "what", 0, ARG_TEXT, offsetof(struct changes_args, what), "WORD",
	  "only new, fixed, reopened or decided" },
	{ "severity", 0, ARG_TEXT, offsetof(struct changes_args, severity), "WORD",
	  "only of this severity or worse" },
	{ "match", 0, ARG_TEXT, offsetof(struct changes_args, match), "TEXT",
	  "only what names it: advisory, package, asset, repository or owner" },
	{ "summary", 0, ARG_FLAG, offsetof(struct changes_args, summary), NULL,
	  "how many, and how long what went had been there" },
	{ "csv", 0, ARG_FLAG, offsetof(struct changes_args, csv), NULL,
	  "comma-separated values" },
	{ .name = NULL },
};

struct telling {
	const struct cli *cli;
	const struct changes_args *args;
	struct out *out;
	const struct filter *where;
	int what;      /* -1: any */
	int severity;  /* at least as bad as this */
	int64_t n[CHANGE_COUNT][SEV_COUNT];
};

static bool wanted(const struct telling *t, const struct change_row *r)
{
	const char *const text[] = { r->advisory, r->package, r->asset, r->repository, r->owner };

	if ((t->what >= 0 && r->what != (enum change)t->what) || (int)r->severity > t->severity)
		return false;
	for (size_t i = 0; t->args->match && i < LENGTH(text); i++)
		if (strstr(text[i], t->args->match))
			return true;
	return !t->args->match;
}

static bool on_change(void *ctx, const struct change_row *r, struct err *e)
{
	struct telling *t = ctx;
	char at[21];

	if (!wanted(t, r))
		return true;
	t->n[r->what][r->severity]++;
	if (t->args->summary)
		return true;
	time_print(r->at, at);
	if (t->cli->json)
		json_change(t->out, r);
	else if (t->args->csv)
		csv_change(t->out, r);
	else
		text_line(t->out, "%s %-8s %-10s %-18s %s %s  %s%s%s", at, change_word(r->what),
		          severity_word(r->severity), r->advisory, r->package, r->version,
		          r->asset, r->what == CHANGE_DECIDED ? " " : "",
		          r->what == CHANGE_DECIDED ? state_word(r->state) : "");
	return !out_failed(t->out) || err_set(e, ERR_IO, "standard output cannot be written");
}

static void print_share(struct out *o, const struct mended *m)
{
	char mean[16], median[16];
	struct buf name = BUF_INIT;

	time_print_span(m->mean, mean);
	time_print_span(m->median, median);
	text_cell(&name, m->name, 40);
	if (m->due)
		text_line(o, "%s %8" PRId64 " %8s %8s %7" PRId64 "%%", name.s, m->closed, mean,
		          median, 100 * m->in_time / m->due);
	else
		text_line(o, "%s %8" PRId64 " %8s %8s %8s", name.s, m->closed, mean, median,
		          "no due");
	buf_release(&name);
}

static bool print_mended(struct telling *t, struct store *st, int64_t since, int64_t until,
                         struct err *e)
{
	static const char *const by[] = { "severity", "owner", "repository" };

	for (size_t i = 0; i < LENGTH(by); i++) {
		struct arena mem = ARENA_INIT;
		const struct mended *m;
		size_t n;
		bool ok = store_mended(st, (enum mended_by)i, since, until, t->where, &mem, &m,
		                       &n, e);

		if (ok && !t->cli->json)
			out_printf(t->out, "\n%-40s %8s %8s %8s %8s\n", by[i], "closed", "mean",
			           "median", "in time");
		for (size_t k = 0; ok && k < n; k++) {
			if (t->cli->json)
				json_mended(t->out, by[i], &m[k]);
			else
				print_share(t->out, &m[k]);
		}
		arena_release(&mem);
		if (!ok)
			return false;
	}
	return true;
}

static void print_counts(const struct telling *t)
{
	out_printf(t->out, "%-12s", "");
	for (int c = 0; c < CHANGE_COUNT; c++)
		out_printf(t->out, " %9s", change_word((enum change)c));
	out_puts(t->out, "\n");
	for (int s = 0; s < SEV_COUNT; s++) {
		out_printf(t->out, "%-12s", severity_word((enum severity)s));
		for (int c = 0; c < CHANGE_COUNT; c++)
			out_printf(t->out, " %9" PRId64, t->n[c][s]);
		out_puts(t->out, "\n");
	}
}

/* A day: its beginning; a time: itself. */
static bool read_edge(const char *text, int64_t *out, struct err *e)
{
	char day[] = "0000-00-00T00:00:00Z";

	if (strlen(text) == strlen("0000-00-00")) {
		memcpy(day, text, strlen("0000-00-00"));
		if (time_parse(day, out))
			return true;
	}
	return time_parse(text, out) ||
	       err_set(e, ERR_USAGE, "%s: wants a day such as 2026-09-30, or a time", text);
}

/*
 * SINCE [UNTIL] [FILTER]: behind SINCE, what begins with a digit is UNTIL, so that a mistyped day
 * is an error and not a text to look for; the rest is the filter.
 */
static bool read_operands(struct cli *c, struct telling *t, int64_t *since, int64_t *until,
                          struct err *e)
{
	size_t first = 1;

	if (!read_edge(c->operand[0], since, e))
		return false;
	if (c->noperand > 1 && c->operand[1][0] >= '0' && c->operand[1][0] <= '9') {
		if (!read_edge(c->operand[1], until, e))
			return false;
		first = 2;
	}
	return cli_filter(c, LIST_findings, cli_words(c, first), &t->where, e);
}

static bool read_words(struct telling *t, struct err *e)
{
	t->what = -1;
	t->severity = SEV_COUNT;
	for (int c = 0; c < CHANGE_COUNT && t->args->what; c++)
		if (str_eq(t->args->what, change_word((enum change)c)))
			t->what = c;
	if (t->args->what && t->what < 0)
		return err_set(e, ERR_USAGE, "--what %s: there are new, fixed, reopened, decided",
		               t->args->what);
	for (int s = 0; s < SEV_COUNT && t->args->severity; s++)
		if (str_eq(t->args->severity, severity_word((enum severity)s)))
			t->severity = s;
	return !t->args->severity || t->severity < SEV_COUNT ||
	       err_set(e, ERR_USAGE, "--severity %s: is no severity", t->args->severity);
}

static bool tell(struct telling *t, struct store *st, int64_t since, int64_t until, struct err *e)
{
	cli_tell_past(st, t->cli->json || t->args->csv, t->out);
	if (t->args->csv && !t->args->summary && !t->cli->json)
		csv_change_head(t->out);
	if (!store_changes(st, since, until, t->where, on_change, t, e))
		return false;
	if (!t->args->summary)
		return true;
	if (!t->cli->json)
		print_counts(t);
	return print_mended(t, st, since, until, e);
}

static int run(struct cli *c, struct err *e)
{
	struct telling t = { .cli = c, .args = c->opts };
	int64_t since, until = c->now;
	struct store *st;
	bool ok;

	if (!cli_operands(c, &command_changes, 1, SIZE_MAX, e) || !read_words(&t, e) ||
	    !read_operands(c, &t, &since, &until, e) || !cli_open(c, &st, e))
		return cli_exit_code(e);
	t.out = cli_out();
	ok = tell(&t, st, since, until, e);
	store_close(st);
	if (!ok) {
		out_discard(t.out);
		return cli_exit_code(e);
	}
	return cli_close(t.out, CLI_YES, e);
}

const struct command command_changes = {
	.name = "changes",
	.operands = "SINCE [UNTIL] [FILTER]",
	.summary = "What came, went, came back and was decided between two times",
	.more = "A day stands for its beginning; UNTIL is not included, and is now when it is\n"
		"not given. FILTER is that of `list findings`, as in sev>=high kev, and asks of\n"
		"the finding as it stands now; one that begins with a digit comes after UNTIL.\n"
		"--summary counts, and says by severity, owner and repository how long what\n"
		"ended had been open, and what share of it went in time; FILTER holds for both.",
	.arg = options,
	.opts_size = sizeof(struct changes_args),
	.run = run,
	.reads = true,
};
