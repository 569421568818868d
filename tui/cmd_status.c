/* SPDX-License-Identifier: MIT */
/* cmd_status.c - `seaworthy status` and `checklist status`: the overview as text. */
#include <inttypes.h>
#include <stdio.h>

#include "tui/canvas.h"
#include "tui/cli.h"

enum { TITLE = 44 }; /* columns; a framework of a longer title is told by its key */

/* "FedRAMP Moderate, 149 of 323 controls": what of a baseline can be judged at all. */
static void print_title(const struct status_framework *f, char *out, size_t size)
{
	int64_t n = 0;

	for (int w = 0; w < CONTROL_COUNT; w++)
		n += f->posture.n[w];
	if (f->baseline)
		(void)snprintf(out, size, "%s, %" PRId64 " of %" PRId64 " controls", f->title, n,
		               f->total);
	else
		(void)str_copy(out, size, canvas_width(f->title) > TITLE ? f->key : f->title);
}

static void print_posture(struct out *o, const struct status *s)
{
	out_printf(o, "%-*s %5s %5s %5s %5s %6s %5s %8s\n", TITLE, "POSTURE", "pass", "fail",
	           "stale", "none", "manual", "n/a", "excepted");
	for (size_t i = 0; i < s->nframework; i++) {
		const struct status_framework *f = &s->framework[i];
		const int64_t *n = f->posture.n;
		struct buf line = BUF_INIT;
		char title[64];

		print_title(f, title, sizeof(title));
		text_cell(&line, title, TITLE);
		text_line(o,
		          "%s %5" PRId64 " %5" PRId64 " %5" PRId64 " %5" PRId64 " %6" PRId64
		          " %5" PRId64 " %8" PRId64,
		          line.s, n[CONTROL_PASS], n[CONTROL_FAIL], n[CONTROL_STALE],
		          n[CONTROL_NONE], n[CONTROL_MANUAL], n[CONTROL_NA], n[CONTROL_EXCEPTED]);
		buf_release(&line);
	}
}

static void print_findings(struct out *o, const struct status *s)
{
	out_printf(o, "\n%-16s %8s %8s\n", "OPEN FINDINGS", "now", "7d ago");
	for (int i = 0; i < SEV_COUNT; i++)
		out_printf(o, " %-15s %8" PRId64 " %8" PRId64 "\n", severity_word((enum severity)i),
		           s->open[i], s->ago7[i]);
	out_printf(o, " %-15s %8" PRId64 " %8" PRId64 "\n", "of them KEV", s->kev, s->kev_ago7);
}

static void print_due(struct out *o, const struct status *s)
{
	static const char *const what[STATUS_DUE_COUNT] = {
		"critical", "high", "KEV", "alert response", "exception ends",
		"checklist answer",
	};

	out_printf(o, "\n%-16s %8s %8s %8s\n", "DUE", "late", "<24h", "<7d");
	for (int i = 0; i < STATUS_DUE_COUNT; i++)
		out_printf(o, " %-15s %8" PRId64 " %8" PRId64 " %8" PRId64 "\n", what[i],
		           s->late[i], s->day[i], s->week[i]);
}

static void print_estate(struct out *o, const struct status *s)
{
	out_printf(o,
	           "\nESTATE           %" PRId64 " images, %" PRId64 " running, %" PRId64
	           " unsigned, %" PRId64 " with an old scan; %" PRId64 " clusters, %" PRId64
	           " silent; %" PRId64 " denied in 24h; %" PRId64 " of %" PRId64 " sources fresh\n"
	           "DRIFT            %" PRId64 " running images that the gate refuses, %" PRId64
	           " that admission denied\n",
	           s->images, s->running, s->unsigned_images, s->stale, s->clusters, s->silent,
	           s->denied24h, s->fresh, s->sources, s->run_refused, s->run_denied);
}

static void print_now(struct out *o, const struct status *s)
{
	if (!s->nnow)
		return;
	out_printf(o, "\n%-7s %-44s %-26s %7s %s\n", "NOW", "what", "where", "left", "owner");
	for (size_t i = 0; i < s->nnow; i++) {
		const struct status_now *n = &s->now[i];
		struct buf line = BUF_INIT;
		char left[16];

		time_print_span(n->left, left);
		text_cell(&line, n->text, 44);
		buf_addc(&line, ' ');
		text_cell(&line, n->where, 26);
		text_line(o, "%-7s %s %7s %s", n->what, line.s, left,
		          n->owner ? n->owner : "none");
		buf_release(&line);
	}
}

static void print_status(struct out *o, const struct status *s)
{
	char at[21];

	if (!s->newest) {
		out_puts(
			o,
			"No data yet. `seaworthy import FILE...` reads what your tools wrote;\n"
			"`seaworthy import --help` says how.\n");
		return;
	}
	if (s->as_of) {
		time_print(s->as_of, at);
		out_printf(o, "As of %s. ", at);
	}
	time_print(s->newest, at);
	out_printf(o, "Newest data %s, known to #%" PRId64 "\n\n", at, s->seq);
	print_posture(o, s);
	print_due(o, s);
	print_findings(o, s);
	print_estate(o, s);
	print_now(o, s);
}

static int with_status(struct cli *c, void (*print)(struct out *o, const struct status *s),
                       struct err *e)
{
	struct status s;
	struct store *st;
	struct out *o;
	bool ok;

	if (!cli_open(c, &st, e))
		return cli_exit_code(e);
	ok = store_status(st, &c->mem, &s, e);
	store_close(st);
	if (!ok)
		return cli_exit_code(e);
	o = cli_out();
	if (c->json)
		json_status(o, &s, c->now);
	else
		print(o, &s);
	return cli_close(o, CLI_YES, e);
}

struct status_args {
	const char *scope;
};
static const struct arg status_options[] = {
	{ "scope", 0, ARG_TEXT, offsetof(struct status_args, scope), "KIND/NAME",
	  "posture and findings of a part: cluster/NAME, ns/CLUSTER/NAME, repo/NAME, ..." },
	{ .name = NULL },
};

static int status_of_scope(struct cli *c, const char *what, struct err *e)
{
	struct scope scope;
	struct status s;
	struct store *st;
	struct out *o;
	bool ok;

	if (!cli_open(c, &st, e))
		return cli_exit_code(e);
	ok = cli_scope(st, what, &scope, e) &&
	     (scope.kind == SCOPE_ALL ? store_status(st, &c->mem, &s, e)
	                              : store_status_in(st, &scope, &c->mem, &s, e));
	store_close(st);
	if (!ok)
		return cli_exit_code(e);
	o = cli_out();
	if (c->json) {
		json_status(o, &s, c->now);
	} else {
		text_line(o, "%s, known to #%" PRId64, what, s.seq);
		out_puts(o, "\n");
		print_posture(o, &s);
		print_due(o, &s);
		print_findings(o, &s);
	}
	return cli_close(o, CLI_YES, e);
}

static int run_status(struct cli *c, struct err *e)
{
	const struct status_args *a = c->opts;

	if (!cli_operands(c, &command_status, 0, 0, e))
		return CLI_USAGE;
	return a->scope ? status_of_scope(c, a->scope, e) : with_status(c, print_status, e);
}

const struct command command_status = {
	.name = "status",
	.operands = "",
	.summary =
		"Print the overview: posture, what is due, open findings, what needs a person now",
	.arg = status_options,
	.opts_size = sizeof(struct status_args),
	.run = run_status,
	.reads = true,
};
