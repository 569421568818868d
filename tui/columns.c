/* SPDX-License-Identifier: MIT */
/* columns.c - `C`: which columns a list shows, kept for each screen from session to session. */
#include <stdio.h>
#include <stdlib.h>

#include "tui/app_state.h"

static const struct list_info *info(const struct table *t)
{
	return store_list(t->lv->list);
}

/* "image.1": the view and the number of its pane. */
static void print_place(const struct view *v, size_t pane, char out[static 40])
{
	(void)snprintf(out, 40, "%s.%zu", v->ops->name, pane + 1);
}

static int own_column(const struct table *t, const char *name)
{
	for (size_t i = 0; i < t->lv->ncolumn; i++)
		if (str_eq(t->lv->column[i].name, name))
			return (int)i;
	return -1;
}

static int more_column(const struct table *t, const char *name)
{
	for (size_t i = 0; i < t->nmore; i++)
		if (str_eq(t->more[i].name, name))
			return (int)i;
	return -1;
}

/* Show one of the store's columns that the screen did not begin with; false: there is no room. */
static bool add_more(struct table *t, const struct column *c)
{
	int w = c->width;

	if (t->nmore == LENGTH(t->more))
		return false;
	if (canvas_width(c->head) > w)
		w = canvas_width(c->head);
	t->more[t->nmore++] = (struct table_column){ c->name, c->head, (uint8_t)w, 0, false };
	return true;
}

static void drop_more(struct table *t, size_t i)
{
	memmove(t->more + i, t->more + i + 1, sizeof(t->more[0]) * (--t->nmore - i));
}

/* ---- kept ---- */

static void keep(struct view *v)
{
	const struct table *t = view_table(v);
	struct settings *s = &v->app->settings;
	struct buf b = BUF_INIT;
	struct err e = ERR_INIT;
	char place[40];

	for (size_t i = 0; i < t->lv->ncolumn; i++)
		if (t->hidden[i])
			buf_addf(&b, "%s-%s", b.len > 0 ? " " : "", t->lv->column[i].name);
	for (size_t i = 0; i < t->nmore; i++)
		buf_addf(&b, "%s%s", b.len > 0 ? " " : "", t->more[i].name);
	print_place(v, v->focus, place);
	settings_set(s, "columns", place, b.len > 0 ? b.s : NULL);
	buf_release(&b);
	if (!app_keep_settings(v->app, &e))
		app_fault(v->app, &e);
}

static void load_word(struct table *t, const char *word)
{
	int own = word[0] == '-' ? own_column(t, word + 1) : -1;

	if (own > 0 && own < TABLE_COLUMNS_MAX)
		t->hidden[own] = true;
	for (size_t i = 0; i < info(t)->ncol && word[0] != '-'; i++)
		if (str_eq(info(t)->col[i].name, word) && own_column(t, word) < 0)
			(void)add_more(t, &info(t)->col[i]);
}

void columns_load(struct view *v, size_t pane)
{
	struct arena mem = ARENA_INIT;
	char place[40];
	const char *kept;

	print_place(v, pane, place);
	kept = settings_get(&v->app->settings, "columns", place, 0);
	while (kept && *kept != '\0') {
		size_t n = strcspn(kept, " ");

		load_word(&v->pane[pane], arena_dupn(&mem, kept, n));
		kept += n + strspn(kept + n, " ");
	}
	arena_release(&mem);
}

/* ---- the menu: the screen's own columns, then what else the store knows ---- */

static void choose_at(struct view *v, size_t at);

static const struct column *other_column(const struct table *t, size_t i)
{
	for (size_t k = 0; k < info(t)->ncol; k++)
		if (own_column(t, info(t)->col[k].name) < 0 && i-- == 0)
			return &info(t)->col[k];
	return NULL;
}

static bool toggle(struct view *v, size_t i, struct err *e)
{
	struct table *t = view_table(v);
	size_t n = t->lv->ncolumn;
	const struct column *other = i >= n ? other_column(t, i - n) : NULL;
	int more = other ? more_column(t, other->name) : -1;

	if (i < n && i > 0 && i < TABLE_COLUMNS_MAX)
		t->hidden[i] = !t->hidden[i];
	else if (more >= 0)
		drop_more(t, (size_t)more);
	else if (other && !add_more(t, other))
		return err_set(e, ERR_LIMIT, "at most %zu columns more", LENGTH(t->more));
	if (other && more < 0) {
		table_reload(t); /* it may be one that was not read */
		view_ask_rows(v, v->focus);
	}
	keep(v);
	choose_at(v, i);
	return true;
}

static const char *help_of(const struct table *t, const char *name)
{
	for (size_t i = 0; i < info(t)->ncol; i++)
		if (str_eq(info(t)->col[i].name, name))
			return info(t)->col[i].help;
	return "";
}

static void choose_at(struct view *v, size_t at)
{
	const struct table *t = view_table(v);
	struct choice *c = xcalloc(t->lv->ncolumn + info(t)->ncol + 1, sizeof(*c));
	struct arena mem = ARENA_INIT;
	const struct column *other;
	size_t n = 0;

	for (size_t i = 0; i < t->lv->ncolumn; i++)
		c[n++] = (struct choice){ t->lv->column[i].name,
			arena_printf(&mem, "%-7s %s", t->hidden[i] ? "hidden" : "shown",
			             help_of(t, t->lv->column[i].name)), 0 };
	while ((other = other_column(t, n - t->lv->ncolumn))) {
		c[n].text = other->name;
		c[n++].more = arena_printf(&mem, "%-7s %s",
		                           more_column(t, other->name) >= 0 ? "shown" : "-",
		                           other->help);
	}
	app_choose(v->app, "Columns: Enter shows or hides, Esc ends", c, n, at, toggle);
	arena_release(&mem);
	free(c);
}

void columns_choose(struct view *v)
{
	choose_at(v, 0);
}
