/* SPDX-License-Identifier: MIT */
/* cmd_decide.c - report: an answer that auditors take away. */
#include <inttypes.h>

#include "tui/cli.h"

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
	       "html, md, csv or json; else by the file's ending, else md (what scanners "
	       "read: json)"),
	REPORT("output", 'o', output, "FILE", "where to; standard output when not given"),
	REPORT("framework", 0, framework, "KEY", "one framework only"),
	REPORT("image", 0, image, "REF", "one image only"),
	{ .name = NULL },
};

static const char *format_of(const struct report_args *a, const char *kind)
{
	const struct format_info *f;
	const struct report_info *r;

	if (a->format)
		return a->format;
	for (size_t i = 0; a->output && (f = format_at(i)); i++)
		if (str_suffix(a->output, f->ext))
			return f->id;
	for (size_t i = 0; (r = report_at(i)); i++)
		if (str_eq(r->id, kind) && r->format)
			return r->format;
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
	return report_write(c->operand[0], format_of(a, c->operand[0]), &job,
	                    a->output ? a->output : "-", e);
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
	.reads = true,
};
