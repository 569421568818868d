/* SPDX-License-Identifier: MIT */
/* program.c - common options, then a command, or the dashboard when none is given. */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

#include "tui/app.h"
#include "tui/cli.h"
#include "tui/manual.h"

static const struct command *const commands[] = {
#define COMMAND(n, operands, summary) &command_##n,
#include "tui/commands.def"
#undef COMMAND
};

#define OPTION(name, letter, type, field, value, help)                                             \
	{                                                                                          \
		name, letter, type, offsetof(struct cli, field), value, help                       \
	}
static const struct arg common[] = {
	OPTION("store", 0, ARG_TEXT, store_path, "FILE",
	       "the store; else SEAWORTHY_STORE, else the user's own"),
	OPTION("json", 0, ARG_FLAG, json, NULL, "print JSON: lists one object a line"),
	OPTION("now", 0, ARG_TEXT, now_text, "TIME", "act and judge as at this time (RFC 3339)"),
	OPTION("as-of", 0, ARG_TEXT, as_of_text, "DATE",
	       "answer as of this day's end, or of this time"),
	OPTION("known", 0, ARG_TEXT, known_text, "SEQ",
	       "with what was known up to this record of the audit trail"),
	OPTION("policy", 0, ARG_TEXT, policy, "NAME", "judge by this policy"),
	OPTION("read-only", 0, ARG_FLAG, read_only, NULL, "write nothing at all"),
	OPTION("role", 0, ARG_TEXT, role, "ROLE", "lead, auditor, engineer or viewer"),
	OPTION("group", 0, ARG_TEXT, group, "NAME", "a new store is shared with this group"),
	OPTION("help", 'h', ARG_FLAG, help, NULL, "this text, or a command's own"),
	{ .name = NULL },
};
static const struct arg dashboard[] = {
	OPTION("theme", 0, ARG_TEXT, theme, "NAME", "colours of the dashboard"),
	OPTION("export", 0, ARG_TEXT, folder, "DIR",
	       "files named in the dashboard lie in this folder, and nowhere else"),
	OPTION("no-color", 0, ARG_FLAG, no_color, NULL, "no colours, as with NO_COLOR"),
	OPTION("once", 0, ARG_TEXT, once, "VIEW", "print one screen as text, and leave"),
	OPTION("plain", 0, ARG_FLAG, plain, NULL,
	       "line by line, for screen readers: nothing is drawn over"),
	OPTION("script", 0, ARG_TEXT, script, "FILE",
	       "run keys on a screen in memory, and print it"),
	OPTION("size", 0, ARG_TEXT, size, "80x24", "the size of that screen"),
	OPTION("manual", 0, ARG_FLAG, manual, NULL, "print the manual page, for man -l"),
	OPTION("version", 0, ARG_FLAG, version, NULL, "print the version"),
	{ .name = NULL },
};

/* ---- help ---- */

static void help_program(struct out *o)
{
	out_puts(o, "Seaworthy: container-security compliance from what your tools write.\n\n"
	            "usage: seaworthy [options]              the dashboard\n"
	            "       seaworthy COMMAND [options] ...  one of:\n\n");
#define COMMAND(n, operands, summary) out_printf(o, "  %-10s %-28s %s\n", #n, operands, summary);
#include "tui/commands.def"
#undef COMMAND
	out_puts(o, "\noptions:\n");
	args_help(common, o);
	args_help(dashboard, o);
	out_puts(o, "\nexit status: 0 yes or done, 1 no, 2 wrong usage, 3 no evidence or too old,\n"
	            "             4 input or store error\n");
}

static void help_command(const struct command *c, struct out *o)
{
	out_printf(o, "usage: seaworthy %s [options] %s\n%s.\n", c->name, c->operands, c->summary);
	if (c->more)
		out_printf(o, "\n%s\n", c->more);
	if (c->arg) {
		out_puts(o, "\noptions:\n");
		args_help(c->arg, o);
	}
	out_puts(o, "\ncommon options:\n");
	args_help(common, o);
}

/* ---- what the common options mean ---- */

static bool read_role(struct cli *c, struct err *e)
{
	static const char *const roles[] = { "lead", "auditor", "engineer", "viewer" };
	int role = c->role ? str_index(roles, LENGTH(roles), c->role) : ROLE_LEAD;

	if (role < 0)
		return err_set(e, ERR_USAGE,
		               "--role %s: there are lead, auditor, engineer and viewer", c->role);
	c->role_kind = (enum role)role;
	return true;
}

static bool read_now(struct cli *c, struct err *e)
{
	c->now = time_now();
	c->now_given = c->now_text != NULL;
	if (c->now_text && !time_parse(c->now_text, &c->now))
		return err_set(e, ERR_USAGE, "--now %s: wants a time such as 2026-11-23T20:40:00Z",
		               c->now_text);
	return true;
}

/* "2026-09-30" -> its last second. */
static bool read_day(const char *text, int64_t *out)
{
	char last[] = "0000-00-00T23:59:59Z";

	if (strlen(text) != strlen("0000-00-00"))
		return false;
	memcpy(last, text, strlen("0000-00-00"));
	return time_parse(last, out);
}

/* A day that is not over yet is as of now. */
static bool read_past(struct cli *c, struct err *e)
{
	const char *at = c->as_of_text, *known = c->known_text;

	if (at && read_day(at, &c->as_of)) {
		if (time_day(c->as_of) == time_day(c->now))
			c->as_of = c->now;
	} else if (at && !time_parse(at, &c->as_of)) {
		return err_set(e, ERR_USAGE,
		               "--as-of %s: wants a day such as 2026-09-30, or a time", at);
	}
	if (c->as_of > c->now)
		return err_set(e, ERR_USAGE, "--as-of %s: is not past yet", at);
	if (known && !str_int64(known + (*known == '#'), 1, INT64_MAX, &c->known))
		return err_set(e, ERR_USAGE, "--known %s: wants the number of a record", known);
	c->present = c->now;
	if (at)
		c->now = c->as_of;
	return true;
}

static bool settle(struct cli *c, struct err *e)
{
	c->store_named = !str_empty(c->store_path);
	return read_role(c, e) && read_now(c, e) && read_past(c, e) &&
	       cli_store_path(c, &c->store_path, e);
}

/* ---- the dashboard ---- */

static bool read_size(const struct cli *c, struct app_opts *o, struct err *e)
{
	const char *x = c->size ? strchr(c->size, 'x') : NULL;
	char width[8] = "";
	int64_t w, h;

	if (!c->size)
		return true;
	if (x && (size_t)(x - c->size) < sizeof(width)) {
		memcpy(width, c->size, (size_t)(x - c->size));
		if (str_int64(width, 1, 1000, &w) && str_int64(x + 1, 1, 1000, &h)) {
			o->width = (int)w;
			o->height = (int)h;
			return true;
		}
	}
	return err_set(e, ERR_USAGE, "--size %s: wants columns x lines, as in 120x40", c->size);
}

static int run_dashboard(struct cli *c, struct err *e)
{
	struct app_opts o = { .theme = c->theme,
		              .no_color = c->no_color,
		              .folder = c->folder,
		              .store = cli_store_opts(c) };
	struct store *st;
	bool ok;

	if (!read_size(c, &o, e) || !cli_open(c, &st, e))
		return cli_exit_code(e);
	o.opened = st;
	if (!c->now_given)
		o.store.now = 0;
	if (c->once)
		ok = app_once(&o, c->once, stdout, e);
	else if (c->script)
		ok = app_script(&o, c->script, stdout, e);
	else if (c->plain)
		ok = app_plain(&o, stdin, stdout, e);
	else
		ok = app_run(&o, e);
	store_close(st);
	return ok ? CLI_YES : cli_exit_code(e);
}

/* ---- */

static const struct command *command_named(const char *name)
{
	for (size_t i = 0; i < LENGTH(commands); i++)
		if (str_eq(commands[i]->name, name))
			return commands[i];
	return NULL;
}

static int run_command(struct cli *c, const struct command *cmd, struct err *e)
{
	if (c->help) {
		struct out *o = cli_out();

		help_command(cmd, o);
		return cli_close(o, CLI_YES, e);
	}
	c->reads = cmd->reads;
	return settle(c, e) ? cmd->run(c, e) : cli_exit_code(e);
}

static int run_without(struct cli *c, struct err *e)
{
	struct out *o;

	if (c->noperand) {
		err_set(e, ERR_USAGE, "%s is no command; see seaworthy --help", c->operand[0]);
		return CLI_USAGE;
	}
	if (!c->help && !c->version && !c->manual)
		return settle(c, e) ? run_dashboard(c, e) : cli_exit_code(e);
	o = cli_out();
	if (c->help)
		help_program(o);
	else if (c->manual)
		manual_print(commands, LENGTH(commands), common, dashboard, o);
	else
		out_printf(o, "seaworthy %s\n", build_version);
	return cli_close(o, CLI_YES, e);
}

/* Does this word take the next one with it? Only options that stand before a command matter. */
static bool takes_value(const char *word)
{
	const struct arg *const tables[] = { common, dashboard };

	for (size_t t = 0; t < LENGTH(tables) && str_prefix(word, "--"); t++)
		for (const struct arg *a = tables[t]; a->name; a++)
			if (str_eq(a->name, word + 2))
				return a->type == ARG_TEXT;
	return false;
}

/* Where the command stands: the first word that is no option; argc when there is none. */
static int command_at(int argc, char *const *argv)
{
	int i = 0;

	while (i < argc && argv[i][0] == '-' && argv[i][1])
		i += takes_value(argv[i]) ? 2 : 1;
	return i < argc ? i : argc;
}

static int run(struct cli *c, int argc, char *const *argv, struct err *e)
{
	int at = command_at(argc, argv);
	const struct command *cmd = at < argc ? command_named(argv[at]) : NULL;
	char **rest = arena_array(&c->mem, char *, (size_t)argc + 1);
	void *opts = cmd && cmd->opts_size
	                     ? arena_alloc(&c->mem, cmd->opts_size, alignof(max_align_t))
	                     : NULL;
	const struct arg_table tables[] = {
		{ common, c },
		{ cmd ? cmd->arg : dashboard, cmd ? opts : (void *)c },
	};
	int n = 0;

	for (int i = 0; i < argc; i++)
		if (!cmd || i != at)
			rest[n++] = argv[i];
	c->opts = opts;
	if (!args_parse(tables, LENGTH(tables), n, rest, &c->mem, &c->operand, &c->noperand, e))
		return CLI_USAGE;
	return cmd ? run_command(c, cmd, e) : run_without(c, e);
}

/* A filter with a caret under what is wrong in it; one that is no line of text is left out. */
static void show_fault(const struct cli *c)
{
	struct buf before = BUF_INIT;

	if (!c->faulty || strpbrk(c->faulty, "\n\t\r\x1b"))
		return;
	buf_add(&before, c->faulty, c->fault);
	fprintf(stderr, "  %s\n  %*s^\n", c->faulty, canvas_width(before.s), "");
	buf_release(&before);
}

int program_run(const char *actor, int argc, char **argv)
{
	struct cli c = { .actor = actor, .mem = ARENA_INIT };
	struct err e = ERR_INIT;
	int code;

	setlocale(LC_CTYPE, "");
	store_set_up();
	code = run(&c, argc - 1, argv + 1, &e);
	if (e.kind != ERR_NONE)
		fprintf(stderr, "seaworthy: %s\n", e.text);
	if (e.kind != ERR_NONE)
		show_fault(&c);
	arena_release(&c.mem);
	return code;
}
