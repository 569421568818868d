/* SPDX-License-Identifier: MIT */
/* manual.c - see manual.h. Source of the macros: groff_man(7). */
#include "tui/keys.h"
#include "tui/manual.h"

/*
 * Text for roff: a backslash begins an escape, a bare "-" may become another dash, and a line that
 * begins with a dot or a quote would be a request.
 */
static void put(struct out *o, const char *s, size_t n)
{
	bool begins = true;

	for (size_t i = 0; i < n; i++) {
		if (begins && (s[i] == '.' || s[i] == '\''))
			out_puts(o, "\\&");
		if (s[i] == '\\')
			out_puts(o, "\\e");
		else if (s[i] == '-')
			out_puts(o, "\\-");
		else
			out_add(o, &s[i], 1);
		begins = s[i] == '\n';
	}
}

static void put_text(struct out *o, const char *s)
{
	put(o, s, strlen(s));
}

/* Inside a macro's quoted argument a quote is written as \(dq. */
static void put_heading(struct out *o, const char *macro, const char *text)
{
	out_printf(o, ".%s \"", macro);
	for (; *text != '\0'; text++)
		if (*text == '"')
			out_puts(o, "\\(dq");
		else
			put(o, text, 1);
	out_puts(o, "\"\n");
}

static void put_paragraph(struct out *o, const char *text)
{
	out_puts(o, ".PP\n");
	put_text(o, text);
	out_puts(o, "\n");
}

static void put_entry(struct out *o, const char *what, const char *meaning)
{
	out_puts(o, ".TP\n.B ");
	put_text(o, what);
	out_puts(o, "\n");
	put_text(o, meaning);
	out_puts(o, "\n");
}

static void put_options(struct out *o, const struct arg *arg)
{
	for (const struct arg *a = arg; a && a->name; a++) {
		struct buf left = BUF_INIT;

		arg_print(a, &left);
		put_entry(o, left.s, a->help);
		buf_release(&left);
	}
}

static void put_command(struct out *o, const struct command *c)
{
	struct buf head = BUF_INIT;

	buf_addf(&head, "%s %s", c->name, c->operands);
	put_heading(o, "SS", head.s);
	buf_release(&head);
	put_text(o, c->summary);
	out_puts(o, ".\n");
	if (c->more) {
		out_puts(o, ".PP\n.nf\n"); /* it holds examples and tables as they are set */
		put_text(o, c->more);
		out_puts(o, "\n.fi\n");
	}
	put_options(o, c->arg);
}

static void put_keys(struct out *o)
{
	for (int i = 0; i < ACT_COUNT; i++) {
		const struct action_info *a = action_info((enum action)i);

		if (*a->keys != '\0')
			put_entry(o, a->keys, a->help);
	}
}

static void put_surroundings(struct out *o)
{
	static const char *const variable[][2] = {
		{ "SEAWORTHY_STORE", "the store, where --store does not say" },
		{ "XDG_DATA_HOME", "the user's own store is seaworthy/seaworthy.db below it; else "
		  "below ~/.local/share" },
		{ "XDG_CONFIG_HOME", "policies, themes, keys and mapping files of the user are in "
		  "seaworthy/ below it; else below ~/.config" },
		{ "NO_COLOR", "set to anything: no colours" },
	};
	static const char *const status[][2] = {
		{ "0", "yes, or done" },
		{ "1", "no: the gate refuses, the trail is not intact" },
		{ "2", "wrong usage" },
		{ "3", "no evidence, or evidence that is too old" },
		{ "4", "input or store error" },
	};

	out_puts(o, ".SH ENVIRONMENT\n");
	for (size_t i = 0; i < LENGTH(variable); i++)
		put_entry(o, variable[i][0], variable[i][1]);
	out_puts(o, ".SH EXIT STATUS\n");
	for (size_t i = 0; i < LENGTH(status); i++)
		put_entry(o, status[i][0], status[i][1]);
}

void manual_print(const struct command *const *command, size_t n, const struct arg *common,
                  const struct arg *dashboard, struct out *o)
{
	out_printf(o, ".TH SEAWORTHY 1 \"\" \"seaworthy %s\" \"User Commands\"\n", build_version);
	out_puts(o, ".SH NAME\nseaworthy \\- container\\-security compliance from what your tools "
	            "write\n.SH SYNOPSIS\n.B seaworthy\n[options]\n.PP\n.B seaworthy\n"
	            "COMMAND [options] ...\n.SH DESCRIPTION\n");
	out_puts(o, "Imports the reports of image scanners, benchmarks, admission controllers and "
	            "runtime sensors into one store, and judges by them which controls of PCI DSS, "
	            "HIPAA, FedRAMP and CIS are met, what is late, and what may be promoted.\n");
	put_paragraph(o, "Without a command it is a dashboard; its keys are below.");
	out_puts(o, ".SH COMMANDS\n");
	for (size_t i = 0; i < n; i++)
		put_command(o, command[i]);
	out_puts(o, ".SH OPTIONS\nOf every command:\n");
	put_options(o, common);
	put_paragraph(o, "Of the dashboard:");
	put_options(o, dashboard);
	out_puts(o, ".SH KEYS\n");
	put_keys(o);
	put_surroundings(o);
}
