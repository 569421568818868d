/* SPDX-License-Identifier: MIT */
/* cmd_policy.c - policy and tag: what is asked for, of what, and by which rule. */
#include <stdio.h>
#include <unistd.h>

#include "tui/cli.h"

struct policy_args {
	const char *engine, *output;
};
static const struct arg policy_options[] = {
	{ "engine", 0, ARG_TEXT, offsetof(struct policy_args, engine), "ENGINE",
	  "of export: kyverno or gatekeeper" },
	{ "output", 'o', ARG_TEXT, offsetof(struct policy_args, output), "FILE",
	  "of export: where to; standard output when not given" },
	{ .name = NULL },
};

/* ---- printing ---- */

/* So many columns that no ordinary name is cut. */
static size_t name_width(const struct policy_line *line, size_t n)
{
	size_t width = 20;

	for (size_t i = 0; i < n; i++)
		if (strlen(line[i].name) > width)
			width = strlen(line[i].name);
	return width < 40 ? width : 40;
}

static void print_lines(struct out *o, const struct policy_line *line, size_t n)
{
	const size_t width = name_width(line, n);
	const char *section = "";

	for (size_t i = 0; i < n; i++) {
		const struct policy_line *l = &line[i];
		struct buf b = BUF_INIT;

		text_cell(&b, str_eq(section, l->section) ? "" : l->section, 11);
		buf_addc(&b, ' ');
		text_cell(&b, l->name, width);
		text_line(o, "%s  %s%s%s%s%s%s", b.s, l->value, *l->policy ? "  [" : "", l->policy,
			  *l->policy ? "]" : "", *l->why ? "  " : "", l->why);
		section = l->section;
		buf_release(&b);
	}
}

static void print_list(struct out *o, const struct policy_info *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct buf b = BUF_INIT;

		text_cell(&b, p[i].name, 20);
		buf_addc(&b, ' ');
		text_cell(&b, p[i].use, 7);
		text_line(o, "%s %s (%s)%s%s%s", b.s, p[i].title, p[i].validity,
			  *p[i].tags ? "; tags " : "", p[i].tags,
			  p[i].edited ? "; its file changed since findings were judged by it: "
					"seaworthy policy use"
				      : "");
		buf_release(&b);
	}
}

/* ---- policy ---- */

/* Standard error shows how far the judging is, where somebody watches. */
static bool progress(void *ctx, uint64_t done, uint64_t total)
{
	(void)ctx;
	if (isatty(STDERR_FILENO))
		fprintf(stderr, "\r%llu of %llu clocks judged%s", (unsigned long long)done,
			(unsigned long long)total, done >= total ? "\n" : "");
	return true;
}

static bool show(struct cli *c, struct store *st, struct out *o, struct err *e)
{
	const struct policy_line *line;
	int64_t image = 0;
	size_t n;

	if (c->noperand > 1 && !store_image_find(st, c->operand[1], &image, e))
		return false;
	if (!store_policy_show(st, image, &c->mem, &line, &n, e))
		return false;
	if (c->json)
		json_policy(o, line, n);
	else
		print_lines(o, line, n);
	return true;
}

static bool check(struct cli *c, struct store *st, struct out *o, struct err *e)
{
	const struct policy_line *line;
	size_t n;

	(void)st;
	if (!store_policy_check(c->operand[1], &c->mem, &line, &n, e))
		return false;
	if (c->json)
		json_policy(o, line, n);
	else
		text_line(o, "%s: a policy, nothing wrong with it", c->operand[1]);
	return true;
}

static bool list(struct cli *c, struct store *st, struct out *o, struct err *e)
{
	const struct policy_info *p;
	size_t n;

	if (!store_policy_list(st, &c->mem, &p, &n, e))
		return false;
	if (c->json)
		json_policies(o, p, n);
	else
		print_list(o, p, n);
	return true;
}

static bool use(struct cli *c, struct store *st, struct out *o, struct err *e)
{
	if (!store_policy_use(st, c->operand[1], progress, NULL, e))
		return false;
	text_line(o, "%s is the policy of the estate; every open finding was judged by it",
		  c->operand[1]);
	return true;
}

/* A file is replaced when all of it is written, and not before. */
static bool export_policy(struct cli *c, struct store *st, struct out *o, struct err *e)
{
	const struct policy_args *a = c->opts;
	struct policy_admission p;
	struct out *file;
	bool ok;

	if (!a->engine)
		return err_set(e, ERR_USAGE, "policy export wants --engine kyverno or gatekeeper");
	if (!store_policy_admission(st, &c->mem, &p, e))
		return false;
	if (!a->output)
		return admission_write(o, a->engine, &p, e);
	file = out_file(a->output);
	ok = admission_write(file, a->engine, &p, e);
	if (!ok)
		out_discard(file);
	return ok && out_close(file, e);
}

static int run_policy(struct cli *c, struct err *e)
{
	static const struct {
		const char *word;
		size_t least, most; /* operands behind it */
		bool (*run)(struct cli *c, struct store *st, struct out *o, struct err *e);
	} verbs[] = {
		{ "show", 0, 1, show },
		{ "list", 0, 0, list },
		{ "check", 1, 1, check },
		{ "use", 1, 1, use },
		{ "export", 0, 0, export_policy },
	};
	struct store *st;
	struct out *o;
	bool ok;

	if (!cli_operands(c, &command_policy, 1, 2, e))
		return CLI_USAGE;
	for (size_t i = 0; i < LENGTH(verbs); i++) {
		if (!str_eq(verbs[i].word, c->operand[0]))
			continue;
		if (!cli_operands(c, &command_policy, 1 + verbs[i].least, 1 + verbs[i].most, e) ||
		    !cli_open(c, &st, e))
			return cli_exit_code(e);
		o = cli_out();
		ok = verbs[i].run(c, st, o, e);
		store_close(st);
		return cli_close(o, ok ? CLI_YES : cli_exit_code(e), e);
	}
	err_set(e, ERR_USAGE, "policy %s: there are show, list, check, use and export",
		c->operand[0]);
	return CLI_USAGE;
}

const struct command command_policy = {
	.name = "policy",
	.operands = "show [IMAGE] | list | check FILE | use NAME | export --engine ENGINE",
	.summary = "Which policies hold, for what and why; check a file; put one in force; export",
	.more = "show IMAGE says which tags the image bears and by what, which policies they "
		"bring\n"
		"into scope, and of everything that is asked for the strictest and whose word it "
		"is.\n"
		"use NAME judges all open findings anew, also after its file changed.\n"
		"export writes admission policies (YAML) that enforce what --policy, else that of "
		"the\n"
		"estate, asks for, and the checks of workloads; what cannot be enforced is told "
		"there.",
	.arg = policy_options,
	.opts_size = sizeof(struct policy_args),
	.run = run_policy,
};

/* ---- tag ---- */

struct tag_args {
	bool remove;
};
static const struct arg tag_options[] = {
	{ "remove", 0, ARG_FLAG, offsetof(struct tag_args, remove), NULL, "it bears it no longer" },
	{ .name = NULL },
};

static bool print_tags(struct cli *c, struct store *st, struct out *o, struct err *e)
{
	const struct tag_row *row;
	size_t n;

	if (!store_tags(st, !c->json, &c->mem, &row, &n, e))
		return false;
	if (c->json)
		json_tags(o, row, n);
	for (size_t i = 0; !c->json && i < n; i++) {
		char day[11];

		time_print_date(row[i].since, day);
		text_line(o, "%-10s %s  %s  since %s", row[i].kind, row[i].object, row[i].tag, day);
	}
	return true;
}

static bool tag(struct cli *c, struct store *st, struct out *o, struct err *e)
{
	const struct tag_args *a = c->opts;
	const struct scope *what;
	size_t n, nchanged = 0;

	if (!store_scope_find(st, c->operand[0], &c->mem, &what, &n, e))
		return false;
	for (size_t i = 0; i < n; i++)
		for (size_t k = 1; k < c->noperand; k++) {
			bool changed;

			if (!store_tag(st, &what[i], c->operand[k], !a->remove, &changed, e))
				return false;
			nchanged += changed;
		}
	text_line(o, "%s: %zu found, %zu %s changed", c->operand[0], n, nchanged,
		  nchanged == 1 ? "tag" : "tags");
	return true;
}

static int run_tag(struct cli *c, struct err *e)
{
	struct store *st;
	struct out *o;
	bool ok;

	if (c->noperand == 1)
		return cli_operands(c, &command_tag, 2, SIZE_MAX, e) ? CLI_YES : CLI_USAGE;
	if (!cli_open(c, &st, e))
		return cli_exit_code(e);
	o = cli_out();
	ok = c->noperand ? tag(c, st, o, e) : print_tags(c, st, o, e);
	store_close(st);
	return cli_close(o, ok ? CLI_YES : cli_exit_code(e), e);
}

const struct command command_tag = {
	.name = "tag",
	.operands = "[cluster/NAME|ns/[CLUSTER/]NAME|repo/NAME|... TAG...]",
	.summary = "Say under which rules a thing stands; without operands, what bears which tag",
	.more = "Policies name the tags that bring them into scope (pci, hipaa, fedramp, ...); "
		"the\n"
		"strictest in scope wins. `exposed` marks what can be reached from outside. Names "
		"may\n"
		"be patterns: ns/pay is that namespace of every cluster, repo/payments/* all such.",
	.arg = tag_options,
	.opts_size = sizeof(struct tag_args),
	.run = run_tag,
};
