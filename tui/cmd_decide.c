/* SPDX-License-Identifier: MIT */
/* cmd_decide.c - gate, report: answers that scripts and auditors take away. */
#include <inttypes.h>

#include "tui/cli.h"

/* ---- gate ---- */

struct gate_args {
	const char *max_age;
};
static const struct arg gate_options[] = {
	{ "max-age", 0, ARG_TEXT, offsetof(struct gate_args, max_age), "AGE",
	  "how old a scan may be: 24h, 7d" },
	{ .name = NULL },
};

static bool read_age(const char *text, int64_t *out, struct err *e)
{
	static const struct {
		char unit;
		int64_t seconds;
	} units[] = {
		{ 'm', 60 },
		{ 'h', 3600 },
		{ 'd', DAY_S },
		{ 'w', 7 * DAY_S },
	};
	size_t len = text ? strlen(text) : 0;
	char number[16] = "";

	*out = 0;
	if (!text)
		return true;
	for (size_t i = 0; len > 1 && len <= sizeof(number) && i < LENGTH(units); i++) {
		if (text[len - 1] != units[i].unit)
			continue;
		memcpy(number, text, len - 1);
		if (str_int64(number, 0, 1000000, out)) {
			*out *= units[i].seconds;
			return true;
		}
	}
	return err_set(e, ERR_USAGE, "--max-age %s: wants an age such as 24h or 7d", text);
}

static void print_gate(struct out *o, const struct gate_answer *a)
{
	bool refused = false;

	for (size_t i = 0; i < a->nreason; i++)
		refused |= !a->reason[i].evidence;
	text_line(o, "%s: %s  %s  (policy %s)",
	          a->admitted ? "PASS"
	          : refused   ? "REFUSED"
	                      : "NO EVIDENCE",
	          a->name, a->digest, a->policy);
	for (size_t i = 0; i < a->nreason; i++) {
		text_line(o, "  %s  %-24s %s", a->reason[i].evidence ? "?" : "-",
		          a->reason[i].rule, a->reason[i].text);
		if (a->reason[i].fix)
			text_line(o, "     %-24s fix: %s", "", a->reason[i].fix);
	}
}

/* 1 before 3 where both hold. */
static int gate_code(const struct gate_answer *a)
{
	int code = CLI_YES;

	for (size_t i = 0; i < a->nreason; i++) {
		if (!a->reason[i].evidence)
			return CLI_NO;
		code = CLI_EVIDENCE;
	}
	return code;
}

static int worse(int a, int b)
{
	static const int rank[] = {
		[CLI_YES] = 0, [CLI_EVIDENCE] = 1, [CLI_NO] = 2, [CLI_USAGE] = 3, [CLI_ERROR] = 4
	};

	return rank[a] > rank[b] ? a : b;
}

static int gate_one(struct cli *c, struct store *st, const char *image, struct out *o,
                    struct err *e)
{
	const struct gate_args *args = c->opts;
	struct gate_answer answer;
	int64_t age;

	if (!read_age(args->max_age, &age, e) ||
	    !store_gate(st, image, c->policy, age, &c->mem, &answer, e))
		return cli_exit_code(e);
	if (c->json)
		json_gate(o, &answer);
	else
		print_gate(o, &answer);
	return gate_code(&answer);
}

static int run_gate(struct cli *c, struct err *e)
{
	struct store *st;
	struct out *o;
	int code = CLI_YES;

	if (!cli_operands(c, &command_gate, 1, SIZE_MAX, e) || !cli_open(c, &st, e))
		return cli_exit_code(e);
	o = cli_out();
	cli_tell_past(st, c->json, o);
	for (size_t i = 0; i < c->noperand && code < CLI_ERROR; i++)
		code = worse(code, gate_one(c, st, c->operand[i], o, e));
	store_close(st);
	return cli_close(o, code, e);
}

const struct command command_gate = {
	.name = "gate",
	.operands = "IMAGE...",
	.summary = "May an image be promoted? Says every reason against it, and the fix",
	.more = "IMAGE is a name (the image that holds it now), a digest or its beginning.\n"
		"Exit status: 0 yes, 1 refused, 3 no evidence or too old.",
	.arg = gate_options,
	.opts_size = sizeof(struct gate_args),
	.run = run_gate,
};

/* ---- report ---- */

struct report_args {
	const char *format, *output, *framework, *image;
};
#define REPORT(name, letter, field, value, help)                                                   \
	{                                                                                          \
		name, letter, ARG_TEXT, offsetof(struct report_args, field), value, help           \
	}
static const struct arg report_options[] = {
	REPORT("format", 'f', format, "FORMAT",
	       "html, md, csv or json; else by the file's ending, else md"),
	REPORT("output", 'o', output, "FILE", "where to; standard output when not given"),
	REPORT("framework", 0, framework, "KEY", "one framework only"),
	REPORT("image", 0, image, "REF", "of an image report"),
	{ .name = NULL },
};

static const char *format_of(const struct report_args *a)
{
	const struct format_info *f;

	if (a->format)
		return a->format;
	for (size_t i = 0; a->output && (f = format_at(i)); i++)
		if (str_suffix(a->output, f->ext))
			return f->id;
	return "md";
}

static bool find_framework(struct store *st, const char *key, struct arena *mem, int64_t *out,
                           struct err *e)
{
	struct status s;

	*out = 0;
	if (!key)
		return true;
	if (!store_status(st, mem, &s, e))
		return false;
	for (size_t i = 0; i < s.nframework; i++)
		if (str_ieq(s.framework[i].key, key)) {
			*out = s.framework[i].framework;
			return true;
		}
	return err_set(e, ERR_USAGE, "there is no framework %s", key);
}

static void name_reports(struct cli *c, struct err *e)
{
	const struct report_info *r;
	struct buf names = BUF_INIT;

	for (size_t i = 0; (r = report_at(i)); i++)
		buf_addf(&names, "%s%s", i ? ", " : "", r->id);
	err_set(e, ERR_USAGE, "report: which one? There are: %s", names.s);
	buf_release(&names);
	(void)c;
}

static bool write_report(struct cli *c, struct store *st, struct err *e)
{
	const struct report_args *a = c->opts;
	struct report_job job = { .st = st, .now = c->now, .theme = c->theme };

	if (!find_framework(st, a->framework, &c->mem, &job.framework, e))
		return false;
	if (a->image && !store_image_find(st, a->image, &job.image, e))
		return false;
	return report_write(c->operand[0], format_of(a), &job, a->output ? a->output : "-", e);
}

static int run_report(struct cli *c, struct err *e)
{
	struct store *st;
	bool ok;

	if (c->noperand == 0) {
		name_reports(c, e);
		return CLI_USAGE;
	}
	if (!cli_operands(c, &command_report, 1, 1, e) || !cli_open(c, &st, e))
		return cli_exit_code(e);
	ok = write_report(c, st, e);
	store_close(st);
	return ok ? CLI_YES : cli_exit_code(e);
}

const struct command command_report = {
	.name = "report",
	.operands = "KIND",
	.summary = "Write a report; without a KIND, say which there are",
	.arg = report_options,
	.opts_size = sizeof(struct report_args),
	.run = run_report,
};
