/* SPDX-License-Identifier: MIT */
/*
 * palette.c - the `:` line: go to a view, a control, an image, a vulnerability, or run a command.
 */
#include <ctype.h>
#include <stdlib.h>

#include "tui/acts.h"
#include "tui/app_state.h"

struct command {
	const char *name, *help;
	void (*run)(struct app *a, const char *rest);
};

/* ---- commands ---- */

static void run_quit(struct app *a, const char *rest)
{
	(void)rest;
	app_quit(a);
}

static void run_help(struct app *a, const char *rest)
{
	(void)rest;
	choose_help(a);
}

static void run_theme(struct app *a, const char *rest)
{
	struct err e = ERR_INIT;

	if (rest[0] == '\0')
		looks_choose(a);
	else if (!looks_take(a, rest, &e))
		app_fault(a, &e);
}

static void run_mouse(struct app *a, const char *rest)
{
	(void)rest;
	mouse_turn(a);
}

static void run_import(struct app *a, const char *rest)
{
	bring_in(a, rest);
}

/* "who holds log4j-core": the packages of that name, and where they are. */
static void run_package(struct app *a, const char *rest)
{
	struct buf filter = BUF_INIT;
	struct view_arg arg = { .label = NULL };
	struct err e = ERR_INIT;

	if (rest[0] != '\0')
		buf_addf(&filter, "name:*%s*", rest);
	arg.filter = filter.s;
	if (!view_push(a, view_find("packages"), &arg, &e))
		app_fault(a, &e);
	buf_release(&filter);
}

static void look_up(struct app *a, const char *text, bool plan);

static void run_fixes(struct app *a, const char *rest)
{
	look_up(a, rest[0] != '\0' ? rest : "estate", true);
}

static void run_asof(struct app *a, const char *rest)
{
	past_go(a, rest);
}

static void run_known(struct app *a, const char *rest)
{
	past_known(a, rest);
}

static void run_tag(struct app *a, const char *rest)
{
	if (app_top(a))
		act_tag(app_top(a), rest, true);
}

static void run_untag(struct app *a, const char *rest)
{
	if (app_top(a))
		act_tag(app_top(a), rest, false);
}

static void run_words(struct app *a, const char *rest)
{
	(void)rest;
	words_choose(a);
}

static const struct command commands[] = {
	{ "import", "import FILE: bring in a report, or a folder of them", run_import },
	{ "pkg", "pkg NAME: who holds this package", run_package },
	{ "fixes", "fixes base/debian:12: what to change first there; repo/NAME, or in all",
	  run_fixes },
	{ "asof", "asof 2026-11-01: every screen as of that day; alone: now", run_asof },
	{ "known", "known 1234: with the audit trail's records up to that one", run_known },
	{ "tag", "tag pci: the row, or what is marked, stands under that rule", run_tag },
	{ "untag", "untag pci: it does so no longer", run_untag },
	{ "words", "what the words on this screen mean", run_words },
	{ "help", "the keys that work here", run_help },
	{ "quit", "leave the program", run_quit },
	{ "mouse", "take clicks and the wheel, or leave them to the terminal", run_mouse },
	{ "theme", "theme NAME: other colours; alone: a menu that shows each", run_theme },
};

/* ---- finding a thing by its name ---- */

/* Asked of the reader: what is it that was typed? */
struct lookup {
	struct work  w;
	struct app  *app;
	char         text[PROMPT_MAX + 1];
	struct scope found;
	bool         plan; /* a fix plan of what is named */
	struct err   e;
};

/* "pci 6.3.3": a framework and one of its controls. */
static bool find_control(struct store *st, struct lookup *l)
{
	char framework[PROMPT_MAX + 1];
	struct err e = ERR_INIT;
	size_t n = strcspn(l->text, " ");

	if (l->text[n] == '\0')
		return false;
	memcpy(framework, l->text, n);
	framework[n] = '\0';
	if (!store_control_find(st, framework, l->text + n + 1, &l->found.key[0], &e))
		return false;
	l->found.kind = SCOPE_CONTROL;
	return true;
}

/* "repo/payments/api": a kind and a name, of which there is one. */
static void find_plan(struct store *st, struct lookup *l)
{
	struct arena mem = ARENA_INIT;
	const struct scope *found;
	size_t n;

	if (store_scope_find(st, l->text, &mem, &found, &n, &l->e)) {
		l->found = found[0];
		if (n > 1)
			err_set(&l->e, ERR_USAGE, "%s is %zu things: name one", l->text, n);
	}
	arena_release(&mem);
}

static void lookup_run(struct work *w, void *ctx, const struct err *ctx_err)
{
	struct lookup *l = (struct lookup *)w;
	struct err e = ERR_INIT;

	(void)ctx_err;
	l->found = (struct scope){ SCOPE_ALL, { 0 } };
	if (!ctx)
		return;
	if (l->plan) {
		find_plan(ctx, l);
		return;
	}
	if (find_control(ctx, l))
		return;
	if (store_item_find(ctx, l->text, &l->found.key[0], &e))
		l->found.kind = SCOPE_ITEM;
	else if (store_image_find(ctx, l->text, &l->found.key[0], &e))
		l->found.kind = SCOPE_IMAGE;
}

/* Anything else is looked for among the problems: an advisory, a package, a word. */
static void lookup_open(struct lookup *l)
{
	struct view_arg arg = { .scope = l->found, .label = l->text };
	const struct view_arg words = { .filter = l->text };
	struct err e = ERR_INIT;
	bool ok;

	if (l->e.kind != ERR_NONE) {
		app_fault(l->app, &l->e);
		return;
	}
	if (l->plan)
		ok = view_push(l->app, view_find("fixes"), &arg, &e);
	else if (l->found.kind == SCOPE_ALL)
		ok = view_push(l->app, view_find("findings"), &words, &e);
	else
		ok = view_open_scope(l->app, &arg, &e);
	if (!ok)
		app_fault(l->app, &e);
}

static void lookup_done(struct work *w, bool stale)
{
	struct lookup *l = (struct lookup *)w;

	if (!stale)
		lookup_open(l);
	free(l);
}

static void look_up(struct app *a, const char *text, bool plan)
{
	struct lookup *l = xcalloc(1, sizeof(*l));

	l->w.run = lookup_run;
	l->w.done = lookup_done;
	l->app = a;
	l->plan = plan;
	str_copy(l->text, sizeof(l->text), text);
	worker_submit(a->reader, &l->w);
}

/* ---- the line ---- */

/* Views are meant by any beginning of their name that is one's own; numbered ones come first. */
static const struct view_ops *view_by_prefix(const char *s)
{
	const struct view_ops *found = view_find(s);

	for (size_t i = 0; !found && view_at(i) && strlen(s) >= 2; i++)
		if (str_prefix(view_at(i)->name, s) && view_at(i)->needs == SCOPE_ALL)
			found = view_at(i);
	return found && found->needs == SCOPE_ALL ? found : NULL;
}

static const struct command *command_by_prefix(const char *word)
{
	for (size_t i = 0; i < LENGTH(commands); i++)
		if (word[0] != '\0' && str_prefix(commands[i].name, word))
			return &commands[i];
	return NULL;
}

/* "images", or "img" for short, with something behind it: that view, narrowed. */
static const struct view_ops *view_named(const char *word)
{
	const struct view_ops *ops = view_find(str_eq(word, "img") ? "images" : word);

	return ops && ops->needs == SCOPE_ALL && ops->npane > 0 ? ops : NULL;
}

static void go_narrowed(struct app *a, const struct view_ops *ops, const char *filter)
{
	struct arena mem = ARENA_INIT;
	struct err e = ERR_INIT;
	const struct filter *f;
	size_t at;

	if (!filter_parse(ops->pane[0].list, filter, app_present(a), &mem, &f, &at, &e)) {
		app_fault(a, &e);
	} else {
		app_go(a, ops);
		app_top(a)->focus = 0;
		view_filter(app_top(a), filter);
	}
	arena_release(&mem);
}

/* One letter is enough for `:q`; views need two, so that a typing slip goes nowhere. */
static void palette_run(struct app *a, const char *line)
{
	char word[32];
	size_t n = strcspn(line, " ");
	const char *rest = line + n + strspn(line + n, " ");
	const struct view_ops *ops = NULL;
	const struct command *c = NULL;

	if (line[0] == '\0')
		return;
	if (n < sizeof(word)) {
		memcpy(word, line, n);
		word[n] = '\0';
		if (rest[0] == '\0' && (view_by_prefix(word) || view_named(word))) {
			app_go(a, view_by_prefix(word) ? view_by_prefix(word) : view_named(word));
			return;
		}
		c = command_by_prefix(word);
		ops = view_named(word);
	}
	if (c)
		c->run(a, rest);
	else if (ops)
		go_narrowed(a, ops, rest);
	else
		look_up(a, line, false);
}

static bool take_line(struct view *v, const char *text, size_t *at, struct err *e)
{
	(void)at;
	(void)e;
	palette_run(v->app, text);
	return true;
}

static bool complete_theme(const char *text, size_t i, struct buf *out)
{
	struct arena mem = ARENA_INIT;
	bool found = false;
	size_t n;
	const char *const *name = theme_names(&mem, &n);

	for (size_t k = 0; k < n && !found; k++) {
		found = str_prefix(name[k], text) && i-- == 0;
		if (found)
			buf_addf(out, "theme %s", name[k]);
	}
	arena_release(&mem);
	return found;
}

static bool complete_import(const struct app *a, const char *text, size_t i, struct buf *out)
{
	buf_adds(out, "import ");
	return bring_complete(a, text, i, out);
}

/*
 * The i-th way to go on from `text`: themes or files behind their commands, else views, commands,
 * then what the store holds.
 */
static bool complete(void *ctx, const char *text, size_t i, struct buf *out)
{
	const struct app *a = ctx;

	if (str_prefix(text, "theme "))
		return complete_theme(text + strlen("theme "), i, out);
	if (str_prefix(text, "import "))
		return complete_import(a, text + strlen("import "), i, out);
	for (size_t k = 0; view_at(k); k++)
		if (view_at(k)->needs == SCOPE_ALL && str_prefix(view_at(k)->name, text) &&
		    i-- == 0)
			return buf_adds(out, view_at(k)->name), true;
	for (size_t k = 0; k < LENGTH(commands); k++)
		if (str_prefix(commands[k].name, text) && i-- == 0)
			return buf_adds(out, commands[k].name), true;
	if (i < a->nfound)
		return buf_adds(out, a->found[i]), true;
	return false;
}

const char *complete_kind(const struct app *a, const char *text)
{
	const struct view_ops *ops = view_find(text);

	for (size_t i = 0; i < a->nfound; i++)
		if (str_eq(a->found[i], text))
			return a->found_kind[i];
	for (size_t k = 0; k < LENGTH(commands); k++)
		if (str_eq(commands[k].name, text))
			return "command";
	return ops && ops->needs == SCOPE_ALL ? "view" : "";
}

/* While Tab goes through the ways to go on, what they are stays. */
static bool changed(struct view *v, const char *text, size_t *at, struct err *e)
{
	(void)at;
	(void)e;
	if (!v->app->prompt.stem)
		complete_ask(v->app, text);
	return true;
}

void palette_open(struct app *a)
{
	const struct line_ask ask = { .label = ":", .text = "", .done = take_line,
	                              .check = changed, .history = HISTORY_COMMAND };

	complete_forget(a);
	app_prompt(a, &ask);
	a->prompt.complete = complete;
	a->prompt.ctx = a;
}
