/* SPDX-License-Identifier: MIT */
/* script.c - the dashboard without a terminal: scripts for tests, and one view as text. */
#include <stdlib.h>

#include "tui/app_state.h"

enum { SCRIPT_MAX = 64 * 1024 };

struct script {
	struct app *app;
	FILE       *out;
	int         shown; /* screens written so far */
};

static bool run_keys(struct app *a, const char *s, struct err *e)
{
	uint32_t key;

	for (;;) {
		if (!key_next(&s, &key, e))
			return false;
		if (key == K_NONE)
			return true;
		app_key(a, key);
		app_settle(a);
	}
}

static bool run_size(struct app *a, const char *s, struct err *e)
{
	char w[8];
	size_t n = strcspn(s, "x");
	int64_t width, height;

	if (n >= sizeof(w) || s[n] == '\0')
		return err_set(e, ERR_USAGE, "want size 80x24, not %s", s);
	memcpy(w, s, n);
	w[n] = '\0';
	if (!str_int64(w, 1, CANVAS_MAX, &width) || !str_int64(s + n + 1, 1, CANVAS_MAX, &height))
		return err_set(e, ERR_USAGE, "want size 80x24, not %s", s);
	app_resize(a, (int)width, (int)height);
	return true;
}

static void print_screen(struct script *s, bool roles)
{
	struct buf b = BUF_INIT;

	app_draw(s->app);
	canvas_dump(&s->app->canvas, &b, roles);
	fprintf(s->out, "== %d ==\n%s", ++s->shown, b.s);
	buf_release(&b);
}

static bool run_line(struct script *s, const char *line, struct err *e)
{
	if (line[0] == '\0' || line[0] == '#')
		return true;
	if (str_prefix(line, "keys "))
		return run_keys(s->app, line + 5, e);
	if (str_prefix(line, "size "))
		return run_size(s->app, line + 5, e);
	if (str_eq(line, "screen") || str_eq(line, "screen roles")) {
		print_screen(s, line[6] != '\0');
		return true;
	}
	if (str_eq(line, "view")) {
		fprintf(s->out, "view %s\n", app_top(s->app)->ops->name);
		return true;
	}
	return err_set(e, ERR_USAGE, "want keys, size, screen or view, not %s", line);
}

static bool run_lines(struct script *s, char *text, struct err *e)
{
	char *next;

	for (int nr = 1; text && *text != '\0'; nr++, text = next) {
		next = strchr(text, '\n');
		if (next)
			*next++ = '\0';
		if (!run_line(s, text, e))
			return err_context(e, "line %d", nr);
	}
	return true;
}

struct app *app_headless(const struct app_opts *o, const char *view, struct err *e)
{
	struct app *a = xcalloc(1, sizeof(*a));
	const struct view_ops *ops = view_find(view ? view : "overview");

	if (!ops || ops->needs != SCOPE_ALL) {
		err_set(e, ERR_USAGE, "no view is called %s", view);
		free(a);
		return NULL;
	}
	if (!app_init(a, o, e)) {
		free(a);
		return NULL;
	}
	app_resize(a, o->width > 0 ? o->width : 80, o->height > 0 ? o->height : 24);
	app_ask_revision(a);
	app_settle(a);
	app_go(a, ops);
	app_settle(a);
	return a;
}

void app_headless_free(struct app *a)
{
	app_release(a);
	free(a);
}

bool app_script(const struct app_opts *o, const char *path, FILE *out, struct err *e)
{
	struct script s = { .out = out };
	struct buf text = BUF_INIT;
	bool ok = file_read(path, SCRIPT_MAX, &text, e);

	if (ok) {
		s.app = app_headless(o, o->view, e);
		ok = s.app != NULL;
	}
	if (ok) {
		ok = run_lines(&s, text.s, e) || err_context(e, "%s", path);
		app_headless_free(s.app);
	}
	buf_release(&text);
	return ok;
}

bool app_once(const struct app_opts *o, const char *view, FILE *out, struct err *e)
{
	struct app *a = app_headless(o, view, e);
	struct buf b = BUF_INIT;
	bool ok;

	if (!a)
		return false;
	app_draw(a);
	canvas_dump(&a->canvas, &b, false);
	fputs(b.s, out);
	buf_release(&b);
	ok = app_top(a) && app_top(a)->err.kind == ERR_NONE;
	if (!ok && app_top(a))
		*e = app_top(a)->err;
	app_headless_free(a);
	return ok;
}
