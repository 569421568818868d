/* SPDX-License-Identifier: MIT */
/*
 * plain.c - the dashboard line by line, for screen readers and terminals that only print.
 *
 * Nothing is drawn over, and no place on a line means anything: the selected row comes first, then
 * the rows around it, each value behind the name of its column. A line that is typed is a key, some
 * keys, or what a prompt asks for; the keys are those of the screens.
 */
#include <stdarg.h>
#include <stdlib.h>

#include "tui/app_state.h"
#include "tui/cli.h"

/* Columns that a screen of usual width drops first are left out: a row is heard to its end. */
enum { DROP_MOST = 5, WIDTH = 100, LINE_BYTES = 4096 };

struct plain {
	struct app *app;
	FILE       *out;
};

/* ---- what is said ---- */

/* One line; what tools wrote is shown, never obeyed. */
static void say(const struct plain *p, const char *fmt, ...) PRINTF(2, 3);
static void say(const struct plain *p, const char *fmt, ...)
{
	struct buf raw = BUF_INIT, line = BUF_INIT;
	va_list ap;

	va_start(ap, fmt);
	buf_addv(&raw, fmt, ap);
	va_end(ap);
	text_clean(raw.s, raw.len, &line);
	fprintf(p->out, "%s\n", line.s);
	buf_release(&line);
	buf_release(&raw);
}

/* "package.name", "fixed_in" as people say it. */
static void add_words(const char *name, struct buf *b)
{
	for (; *name != '\0'; name++)
		buf_addc(b, *name == '.' || *name == '_' ? ' ' : *name);
}

/* Of the whole row: "advisory CVE-2024-1, package name zlib, due 3d". */
static void add_row(const struct table *t, const struct row *r, int64_t now, struct buf *b)
{
	const char *between = "";

	for (size_t i = 0; i < t->lv->ncolumn; i++) {
		const struct table_column *c = &t->lv->column[i];
		struct buf cell = BUF_INIT;

		if (t->hidden[i] || c->drop > DROP_MOST)
			continue;
		table_cell(t, r, c->name, now, &cell);
		if (cell.len > 0 && !str_eq(cell.s, "-")) {
			buf_adds(b, between);
			add_words(c->name, b);
			buf_addf(b, " %s", cell.s);
			between = ", ";
		}
		buf_release(&cell);
	}
}

static void tell_row(const struct plain *p, const struct table *t, size_t i, const char *before)
{
	struct buf b = BUF_INIT;

	if (marks_have(&t->marks, t->page.row[i].key))
		buf_adds(&b, "marked, ");
	add_row(t, &t->page.row[i], app_now(p->app), &b);
	if (t->first >= 0)
		say(p, "%srow %lld: %s", before, (long long)(t->first + (int64_t)i + 1),
		          b.s);
	else
		say(p, "%srow: %s", before, b.s);
	buf_release(&b);
}

static void tell_table(const struct plain *p, const struct table *t, bool focus)
{
	size_t end = t->top + (t->at.h > 1 ? (size_t)t->at.h - 1 : 1);

	if (t->lv->title)
		say(p, "%s%s", t->lv->title, focus ? ", the keys act here" : "");
	if (!table_row(t)) {
		say(p, "%s", t->filter[0] != '\0' ? "nothing matches; Esc clears" :
		          t->lv->empty ? t->lv->empty : "nothing here");
		return;
	}
	if (focus)
		tell_row(p, t, t->cursor, "selected ");
	for (size_t i = t->top; i < t->page.nrow && i < end; i++)
		if (!focus || i != t->cursor)
			tell_row(p, t, i, "");
}

/* Lines of a canvas, what stood apart on them with a comma between; `|` parts two blocks. */
static void tell_line(const struct plain *p, const char *s, size_t n)
{
	struct buf b = BUF_INIT;

	for (size_t i = 0; i < n; i++) {
		size_t gap = strspn(s + i, " ");

		if (gap > n - i)
			gap = n - i;
		if (gap >= 2 && b.len > 0 && i + gap < n)
			buf_adds(&b, ", ");
		else if (gap == 1 && b.len > 0)
			buf_addc(&b, ' ');
		if (gap > 0)
			i += gap - 1;
		else
			buf_addc(&b, s[i]);
	}
	if (b.len > 0 && strspn(b.s, "-") < b.len)
		say(p, "%s", b.s);
	buf_release(&b);
}

static void tell_canvas(const struct plain *p, const struct canvas *c, int from, int to)
{
	struct buf b = BUF_INIT;
	const char *line;

	canvas_dump(c, &b, false);
	line = b.s;
	for (int y = 0; *line != '\0' && y < to; y++) {
		size_t n = strcspn(line, "\n");

		if (y >= from)
			tell_line(p, line, n);
		line += n + (line[n] == '\n');
	}
	buf_release(&b);
}

/* All of a text, however long; only a part of it is on the screen. */
static void tell_sheet(const struct plain *p, const struct view *v)
{
	struct canvas all = CANVAS_INIT;
	int h = view_sheet_height(v);

	canvas_resize(&all, WIDTH, h > 0 ? h : 1);
	view_sheet(v, &all, canvas_all(&all), 0);
	tell_canvas(p, &all, 0, all.h);
	canvas_release(&all);
}

/* What the view says of itself, a line each. */
static void tell_spoken(const struct plain *p, const struct view *v)
{
	struct buf b = BUF_INIT;
	char *line, *next;

	v->ops->speak(v, &b);
	for (line = b.s; *line != '\0'; line = next) {
		next = line + strcspn(line, "\n");
		if (*next != '\0')
			*next++ = '\0';
		say(p, "%s", line);
	}
	buf_release(&b);
}

static void tell_view(const struct plain *p, const struct view *v)
{
	struct canvas *c = &p->app->canvas;
	bool answered = v->answer != NULL || v->ops->answer_size == 0;

	app_draw(p->app);
	tell_canvas(p, c, 1, 2);
	if (v->ops->speak && answered)
		tell_spoken(p, v);
	else if (v->ops->draw && v->ops->npane == 0 && !v->ops->sheet)
		tell_canvas(p, c, 2, c->h - 2);
	if (v->ops->sheet && v->answer && (!v->ops->by_row || v->preview == PREVIEW_ON))
		tell_sheet(p, v);
	for (size_t i = 0; i < v->ops->npane; i++)
		tell_table(p, &v->pane[i], i == v->focus);
}

static void tell_choice(const struct plain *p)
{
	const struct chooser *c = &p->app->chooser;

	say(p, "%s", c->title);
	for (size_t i = 0; i < c->n; i++) {
		struct buf b = BUF_INIT;

		buf_addf(&b, "%zu%s%.1s. %s%s%s%s", i + 1, c->letter[i] ? " or " : "",
		         c->letter[i] ? &c->letter[i] : "", c->text[i],
		         c->more[i][0] != '\0' ? ": " : "", c->more[i],
		         i == c->at ? " (chosen by Enter)" : "");
		tell_line(p, b.s, b.len);
		buf_release(&b);
	}
}

static void tell_dialog(const struct plain *p)
{
	const struct dialog *d = &p->app->dialog;

	say(p, "%s", d->title);
	for (size_t i = 0; i < d->n; i++)
		say(p, "%s", d->name[i]);
	if (d->more > 0)
		say(p, "and %zu more", d->more);
}

static void tell(const struct plain *p)
{
	struct app *a = p->app;

	if (a->message[0] != '\0')
		say(p, "%s", a->message);
	if (a->prompting) {
		if (a->prompt.fault >= 0)
			say(p, "%s", a->prompt.why);
	} else if (a->dialog.open) {
		tell_dialog(p);
	} else if (a->chooser.open) {
		tell_choice(p);
	} else if (app_top(a)) {
		tell_view(p, app_top(a));
	}
}

/* What the line to come is for; it ends without a newline, as a prompt does. */
static void tell_prompt(const struct plain *p)
{
	const struct app *a = p->app;
	struct buf b = BUF_INIT;

	if (a->prompting) {
		text_clean(a->prompt.label, strlen(a->prompt.label), &b);
		if (a->prompt.text.len > 0) {
			buf_adds(&b, "(empty keeps ");
			text_clean(a->prompt.text.s, a->prompt.text.len, &b);
			buf_adds(&b, ") ");
		}
	} else {
		buf_adds(&b, a->dialog.open ? "y does it, n does not: " :
		         a->chooser.open ? "number, letter or Esc: " : "key (? lists them): ");
	}
	fputs(b.s, p->out);
	fflush(p->out);
	buf_release(&b);
}

/* ---- what is typed ---- */

static void press(struct plain *p, uint32_t key)
{
	app_key(p->app, key);
	app_settle(p->app);
}

/* In place of what is proposed; nothing typed keeps it. */
static void type_text(struct plain *p, const char *s)
{
	size_t len = strlen(s);
	uint32_t c;

	if (len > 0)
		press(p, 'U' & 0x1f);
	for (size_t at = 0; at < len;) {
		at += utf8_next(s + at, len - at, &c);
		press(p, c);
	}
	press(p, K_ENTER);
}

static uint32_t named_key(const char *s)
{
	char name[16];
	uint32_t key = key_parse(s);

	if (key != K_NONE || strlen(s) < 2 || !str_copy(name, sizeof(name), s))
		return key;
	if (name[0] >= 'a' && name[0] <= 'z')
		name[0] = (char)(name[0] - 'a' + 'A');
	return key_parse(name);
}

static void type_keys(struct plain *p, const char *s)
{
	struct err e = ERR_INIT;
	uint32_t key;

	while (key_next(&s, &key, &e) && key != K_NONE)
		press(p, key);
	app_fault(p->app, &e);
}

static void take_line(struct plain *p, const char *s)
{
	struct app *a = p->app;
	int64_t n;

	if (str_ieq(s, "esc"))
		press(p, K_ESC);
	else if (a->prompting)
		type_text(p, s);
	else if (a->chooser.open && str_int64(s, 1, (int64_t)a->chooser.n, &n)) {
		a->chooser.at = (size_t)n - 1;
		press(p, K_ENTER);
	} else if (s[0] == '\0')
		press(p, K_ENTER);
	else if (named_key(s) != K_NONE)
		press(p, named_key(s));
	else if (s[0] == ':' || s[0] == '/') {
		press(p, (uint32_t)s[0]);
		if (a->prompting)
			type_text(p, s + 1);
	} else
		type_keys(p, s);
}

static void converse(struct plain *p, FILE *in)
{
	char line[LINE_BYTES];

	say(p, "Type a key or some (j, 5, Enter, Esc) and Enter; :images goes to a view, /words "
	       "filters, Q leaves.");
	tell(p);
	for (;;) {
		tell_prompt(p);
		if (!fgets(line, sizeof(line), in))
			break;
		line[strcspn(line, "\r\n")] = '\0';
		p->app->message[0] = '\0';
		take_line(p, line);
		if (p->app->quit)
			break;
		tell(p);
	}
	fputs("\n", p->out);
}

bool app_plain(const struct app_opts *o, FILE *in, FILE *out, struct err *e)
{
	struct plain p = { .app = app_headless(o, o->view, e), .out = out };

	if (!p.app)
		return false;
	converse(&p, in);
	app_headless_free(p.app);
	return ferror(out) == 0 || err_set(e, ERR_IO, "standard output: cannot be written");
}
