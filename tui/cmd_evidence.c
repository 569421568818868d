/* SPDX-License-Identifier: MIT */
/* cmd_evidence.c - `seaworthy evidence`: files and links that answers rest on. */
#include <inttypes.h>

#include "tui/cli.h"

struct evidence_args {
	const char *note, *made, *link, *output, *name;
};
#define OPTION(option, letter, field, value, help)                                                 \
	{                                                                                          \
		option, letter, ARG_TEXT, offsetof(struct evidence_args, field), value, help       \
	}
static const struct arg options[] = {
	OPTION("note", 0, note, "TEXT", "what it shows"),
	OPTION("made", 0, made, "TIME", "the document's own date"),
	OPTION("link", 0, link, "URL", "a link or the name of a record, instead of a file"),
	OPTION("name", 0, name, "NAME", "what to call it; else the file's name"),
	OPTION("output", 'o', output, "FILE", "save to this file"),
	{ .name = NULL },
};

static bool object(struct store *st, const char *name, struct scope *out, struct err *e)
{
	return cli_object(st, strchr(name, ':') ? "control" : "item", name, out, e);
}

bool cli_attach(struct cli *c, struct store *st, const struct scope *what, const char *path,
                const struct evidence_in *as, struct err *e)
{
	struct evidence_in in = *as;
	struct buf bytes = BUF_INIT;
	bool ok = true;

	(void)c;
	if (path) {
		ok = file_read(path, EVIDENCE_MAX + 1, &bytes, e);
		in.bytes = bytes.s;
		in.size = bytes.len;
		if (str_empty(in.name))
			in.name = file_base(path);
	} else if (str_empty(in.name)) {
		in.name = in.link;
	}
	ok = ok && store_attach(st, what, &in, NULL, e);
	buf_release(&bytes);
	return ok;
}

static bool attach(struct cli *c, struct store *st, struct out *o, struct err *e)
{
	const struct evidence_args *a = c->opts;
	const char *path = c->noperand > 2 ? c->operand[2] : NULL;
	struct evidence_in in = { .name = a->name, .link = a->link, .note = a->note };
	struct scope what;

	(void)o;
	if (path && a->link)
		return err_set(e, ERR_USAGE, "evidence is a file or a link, not both");
	if (a->made && !time_parse(a->made, &in.made_at))
		return err_set(e, ERR_USAGE, "--made %s: wants a time such as 2026-11-23T20:40:00Z",
		               a->made);
	return object(st, c->operand[1], &what, e) && cli_attach(c, st, &what, path, &in, e);
}

static void print_piece(struct out *o, const struct evidence_piece *p)
{
	char at[21];

	time_print(p->at, at);
	text_line(o, "%4" PRId64 "  %-12s %s %-10s %.12s %8" PRId64 " %s%s%s", p->id, p->object, at,
	          p->actor, p->sha256, p->size, p->name, *p->link ? " -> " : "", p->link);
}

static bool list(struct cli *c, struct store *st, struct out *o, struct err *e)
{
	const struct evidence_piece *piece;
	struct scope what;
	size_t n;

	if (c->noperand > 1 && !object(st, c->operand[1], &what, e))
		return false;
	if (!store_evidence(st, c->noperand > 1 ? &what : NULL, &c->mem, &piece, &n, e))
		return false;
	cli_tell_past(st, c->json, o);
	for (size_t i = 0; i < n; i++) {
		if (c->json)
			json_evidence(o, &piece[i]);
		else
			print_piece(o, &piece[i]);
	}
	return true;
}

static bool save(struct cli *c, struct store *st, struct out *o, struct err *e)
{
	const struct evidence_args *a = c->opts;
	struct buf bytes = BUF_INIT;
	struct out *file = o;
	int64_t id;
	bool ok;

	if (!str_int64(c->operand[1], 1, INT64_MAX, &id))
		return err_set(e, ERR_USAGE, "%s: evidence is named by its number", c->operand[1]);
	ok = store_evidence_bytes(st, id, &bytes, e);
	if (ok) {
		if (a->output)
			file = out_file(a->output);
		out_add(file, bytes.s, bytes.len);
		ok = file == o || out_close(file, e);
	}
	buf_release(&bytes);
	return ok;
}

static const struct {
	const char *word;
	size_t least, most;
	bool (*run)(struct cli *c, struct store *st, struct out *o, struct err *e);
} acts[] = {
	{ "attach", 2, 3, attach },
	{ "list", 1, 2, list },
	{ "save", 2, 2, save },
};

static int run(struct cli *c, struct err *e)
{
	struct store *st;
	struct out *o;
	size_t i = 0;
	bool ok;

	if (!cli_operands(c, &command_evidence, 1, 3, e))
		return CLI_USAGE;
	while (i < LENGTH(acts) && !str_eq(acts[i].word, c->operand[0]))
		i++;
	if (i == LENGTH(acts)) {
		err_set(e, ERR_USAGE, "evidence %s: there are attach, list and save",
		        c->operand[0]);
		return CLI_USAGE;
	}
	if (!cli_operands(c, &command_evidence, acts[i].least, acts[i].most, e) ||
	    !cli_open(c, &st, e))
		return cli_exit_code(e);
	o = cli_out();
	ok = acts[i].run(c, st, o, e);
	store_close(st);
	return cli_finish(o, ok, e);
}

const struct command command_evidence = {
	.name = "evidence",
	.operands = "attach ITEM|CONTROL [FILE]|list [ITEM|CONTROL]|save ID",
	.summary = "Files and links that answers rest on, with their SHA-256",
	.more = "A file is kept in the store, up to 16 MB, with its own date (--made) and the\n"
		"date it was attached; save checks it against its hash.",
	.arg = options,
	.opts_size = sizeof(struct evidence_args),
	.run = run,
};
