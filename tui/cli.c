/* SPDX-License-Identifier: MIT */
/* cli.c - what every command shares: the common options, the store, objects by name, exit codes. */
#include <errno.h>
#include <inttypes.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tui/cli.h"
#include "tui/table.h"

int cli_exit_code(const struct err *e)
{
	switch (e->kind) {
	case ERR_NONE:
		return CLI_YES;
	case ERR_USAGE:
		return CLI_USAGE;
	case ERR_EVIDENCE:
		return CLI_EVIDENCE;
	default:
		return CLI_ERROR;
	}
}

struct out *cli_out(void)
{
	return out_file("-");
}

int cli_close(struct out *o, int code, struct err *e)
{
	return out_close(o, e) ? code : cli_exit_code(e);
}

/* ---- the store ---- */

bool cli_store_path(struct cli *c, const char **out, struct err *e)
{
	const char *named = getenv("SEAWORTHY_STORE"), *data = getenv("XDG_DATA_HOME"),
		   *home = getenv("HOME");

	if (!str_empty(c->store_path))
		*out = c->store_path;
	else if (!str_empty(named))
		*out = named;
	else if (!str_empty(data))
		*out = arena_printf(&c->mem, "%s/seaworthy/seaworthy.db", data);
	else if (!str_empty(home))
		*out = arena_printf(&c->mem, "%s/.local/share/seaworthy/seaworthy.db", home);
	else
		return err_set(e, ERR_USAGE,
		               "no --store, no SEAWORTHY_STORE and no HOME: where is the store?");
	return true;
}

struct store_opts cli_store_opts(const struct cli *c)
{
	return (struct store_opts){
		.path = c->store_path,
		.read_only = c->read_only,
		.group = c->group,
		.actor = c->actor,
		.role = c->role_kind,
		.now = c->present,
		.policy = c->policy,
		.as_of = c->as_of,
		.known = c->known,
	};
}

void cli_tell_past(struct store *st, bool machine, struct out *o)
{
	struct buf line = BUF_INIT;
	char time[21];
	int64_t at, known;

	store_as_of(st, &at, &known);
	if (at != 0) {
		time_print(at, time);
		buf_addf(&line, "As of %s, known to #%" PRId64 "\n", time, known);
		if (machine)
			fputs(line.s, stderr);
		else
			out_puts(o, line.s);
	}
	buf_release(&line);
}

static bool is_there(const struct cli *c, struct err *e)
{
	if (!c->reads || !c->store_named || access(c->store_path, F_OK) == 0 || errno != ENOENT)
		return true;
	return err_set(e, ERR_IO, "%s: there is no such store; an import makes one",
	               c->store_path);
}

bool cli_open(const struct cli *c, struct store **out, struct err *e)
{
	const struct store_opts o = cli_store_opts(c);

	if (!is_there(c, e) || !store_open(out, &o, e))
		return false;
	if (o.read_only || !store_is_new(*out) || builtin_load(*out, e))
		return true;
	store_close(*out);
	return false;
}

/* ---- things by name ---- */

static bool numbers(const char *text, size_t n, int64_t *out)
{
	char part[24];

	for (size_t i = 0; i < n; i++) {
		size_t len = strcspn(text, "-");

		if (len >= sizeof(part))
			return false;
		memcpy(part, text, len);
		part[len] = '\0';
		if (!str_int64(part, 0, INT64_MAX, &out[i]))
			return false;
		text += len;
		if (*text != (i + 1 < n ? '-' : '\0'))
			return false;
		text += *text == '-';
	}
	return true;
}

/* "PCI-DSS:6.3.3", "pci 6.3.3" or the number of the control in this store. */
static bool control_named(struct store *st, const char *id, int64_t *out, struct err *e)
{
	size_t len = strcspn(id, ": ");
	struct arena mem = ARENA_INIT;
	bool ok;

	if (str_int64(id, 1, INT64_MAX, out))
		return true;
	if (!id[len])
		return err_set(e, ERR_USAGE,
		               "%s: a control is named FRAMEWORK:ID, as in PCI-DSS:6.3.3", id);
	ok = store_control_find(st, arena_dupn(&mem, id, len), id + len + 1, out, e);
	arena_release(&mem);
	return ok;
}

static void add_value(const struct row *r, const char *column, struct buf *out)
{
	value_print(&r->val[table_column_index(store_list(LIST_findings), column)], out);
}

/* The page's findings, for who has to choose one of them. */
static bool choose(const struct page *p, const char *name, struct err *e)
{
	struct buf which = BUF_INIT;

	for (size_t i = 0; i < p->nrow; i++) {
		buf_adds(&which, i > 0 ? ", " : "");
		add_value(&p->row[i], "id", &which);
		buf_adds(&which, " (");
		add_value(&p->row[i], "asset.name", &which);
		buf_addc(&which, ')');
	}
	err_set(e, ERR_USAGE, "%s is more than one finding, these among them: %s; give its number",
	        name, which.s);
	buf_release(&which);
	return false;
}

/* By an advisory or a rule that is open in one place only. */
static bool finding_named(struct store *st, const char *name, int64_t *key, struct err *e)
{
	enum { SHOWN = 3 };
	struct list_query q = { .list = LIST_findings };
	struct page p = PAGE_INIT;
	struct arena mem = ARENA_INIT;
	struct buf id = BUF_INIT;
	size_t at;
	bool ok = !strchr(name, '"') || err_set(e, ERR_USAGE, "%s is no id of a finding", name);

	ok = ok && filter_parse(q.list, arena_printf(&mem, "cve==\"%s\"", name), 0, &mem,
	                        &q.where, &at, e) &&
	     store_page(st, &q, PAGE_TOP, NULL, SHOWN, &p, e);
	if (ok && p.nrow > 1)
		ok = choose(&p, name, e);
	else if (ok && p.nrow == 0)
		ok = err_set(e, ERR_USAGE, "%s is no id of a finding, and none open is of it",
		             name);
	if (ok) {
		add_value(&p.row[0], "id", &id);
		ok = numbers(id.s, 3, key);
	}
	buf_release(&id);
	page_release(&p);
	arena_release(&mem);
	return ok;
}

bool cli_object(struct store *st, const char *kind, const char *id, struct scope *out,
                struct err *e)
{
	static const struct {
		const char *word;
		enum scope_kind kind;
		size_t n;
	} numbered[] = {
		{ "alert", SCOPE_ALERT, 1 },         { "finding", SCOPE_FINDING, 3 },
		{ "problem", SCOPE_PROBLEM, 2 },     { "cluster", SCOPE_CLUSTER, 1 },
		{ "namespace", SCOPE_NAMESPACE, 1 }, { "workload", SCOPE_WORKLOAD, 1 },
		{ "container", SCOPE_CONTAINER, 1 }, { "repository", SCOPE_REPOSITORY, 1 },
	};

	*out = (struct scope){ SCOPE_ALL, { 0 } };
	for (size_t i = 0; i < LENGTH(numbered); i++) {
		if (!str_eq(numbered[i].word, kind))
			continue;
		out->kind = numbered[i].kind;
		if (numbers(id, numbered[i].n, out->key))
			return true;
		if (out->kind == SCOPE_FINDING)
			return finding_named(st, id, out->key, e);
		return err_set(e, ERR_USAGE, "%s is no id of a %s", id, kind);
	}
	if (str_eq(kind, "image")) {
		out->kind = SCOPE_IMAGE;
		return store_image_find(st, id, &out->key[0], e);
	}
	if (str_eq(kind, "control")) {
		out->kind = SCOPE_CONTROL;
		return control_named(st, id, &out->key[0], e);
	}
	if (str_eq(kind, "item")) {
		out->kind = SCOPE_ITEM;
		return store_item_find(st, id, &out->key[0], e);
	}
	return err_set(e, ERR_USAGE,
	               "%s is no kind of thing; there are: image, finding, control, alert, item, "
	               "problem, cluster, namespace, workload, container, repository",
	               kind);
}

bool cli_scope(struct store *st, const char *what, struct scope *out, struct err *e)
{
	struct arena mem = ARENA_INIT;
	const struct scope *found;
	size_t n = 0;
	bool ok = store_scope_find(st, what, &mem, &found, &n, e);

	if (ok && n > 1)
		ok = err_set(e, ERR_USAGE, "%s is %zu things: say which, as in ns/CLUSTER/NAME",
		             what, n);
	if (ok)
		*out = found[0];
	arena_release(&mem);
	return ok;
}

bool cli_operands(const struct cli *c, const struct command *cmd, size_t least, size_t most,
                  struct err *e)
{
	if (c->noperand < least || c->noperand > most)
		return err_set(e, ERR_USAGE, "%s: usage: seaworthy %s [options] %s", cmd->name,
		               cmd->name, cmd->operands);
	return true;
}

const char *cli_words(struct cli *c, size_t first)
{
	struct buf b = BUF_INIT;
	const char *text;

	for (size_t i = first; i < c->noperand; i++)
		buf_addf(&b, "%s%s", i > first ? " " : "", c->operand[i]);
	text = arena_dup(&c->mem, b.s);
	buf_release(&b);
	return text;
}

/* In the first n bytes: what goes on with a character is none of its own. */
static size_t characters(const char *s, size_t n)
{
	size_t count = 0;

	for (size_t i = 0; i < n; i++)
		count += ((unsigned char)s[i] & 0xc0) != 0x80;
	return count;
}

bool cli_filter(struct cli *c, enum list_id list, const char *text, const struct filter **out,
                struct err *e)
{
	size_t at;

	if (filter_parse(list, text, c->now, &c->mem, out, &at, e))
		return true;
	c->faulty = text;
	c->fault = at;
	if (!text[at])
		return err_context(e, "filter, at its end");
	return err_context(e, "filter, character %zu (%.*s)", characters(text, at) + 1,
	                   (int)strcspn(text + at, " "), text + at);
}

int cli_finish(struct out *o, bool ok, struct err *e)
{
	if (ok)
		return cli_close(o, CLI_YES, e);
	out_discard(o);
	return cli_exit_code(e);
}
