/* SPDX-License-Identifier: MIT */
/* complete.c - what the `:` line may go on to: things of the store, asked of the reader. */
#include <stdlib.h>

#include "tui/app_state.h"

enum { SLOT_COMPLETE = 60, EACH = 5, ROWS = 8, SHORTEST = 2 };

/* Asked of the reader; owned by the app, so that a newer one replaces it. */
struct completing {
	struct work  w;
	struct app  *app;
	int64_t      now;
	char         text[PROMPT_MAX + 1];
	struct arena mem;
	char        *found[FOUND_MAX], *kind[FOUND_MAX];
	size_t       n;
};

/* What is looked for: the first rows of a list whose column goes on from the text. */
static const struct source_list {
	enum list_id list;
	const char  *kind, *filter, *prefix, *first, *second; /* columns that spell it */
} lists[] = {
	{ LIST_images, "image", "name:*%s*", "", "name", NULL },
	{ LIST_problems, "problem", "advisory:%s*", "", "advisory", NULL },
	{ LIST_controls, "control", "id:%s*", "", "framework", "id" },
	{ LIST_packages, "package", "name:*%s*", "pkg ", "name", NULL },
};

static int column_of(enum list_id list, const char *name)
{
	return table_column_index(store_list(list), name);
}

static void add_text(enum list_id list, const struct row *r, const char *name, struct buf *b)
{
	struct buf text = BUF_INIT;

	value_print(&r->val[column_of(list, name)], &text);
	buf_adds(b, list == LIST_images ? short_name(text.s) : text.s);
	buf_release(&text);
}

static void add_found(struct completing *k, const struct source_list *l, const struct row *r)
{
	struct buf b = BUF_INIT;

	buf_adds(&b, l->prefix);
	add_text(l->list, r, l->first, &b);
	if (l->second) {
		buf_addc(&b, ' ');
		add_text(l->list, r, l->second, &b);
	}
	for (size_t i = 0; i < k->n; i++)
		if (str_eq(k->found[i], b.s)) {
			buf_release(&b);
			return;
		}
	if (k->n < FOUND_MAX) {
		k->found[k->n] = arena_dup(&k->mem, b.s);
		k->kind[k->n++] = arena_dup(&k->mem, l->kind);
	}
	buf_release(&b);
}

static void find_in(struct store *st, struct completing *k, const struct source_list *l,
                    const char *text)
{
	struct list_query q = { .list = l->list,
				.columns = UINT64_C(1) << column_of(l->list, l->first) };
	struct page p = PAGE_INIT;
	struct arena mem = ARENA_INIT;
	struct err e = ERR_INIT;
	struct buf f = BUF_INIT;
	size_t at;

	if (l->second)
		q.columns |= UINT64_C(1) << column_of(l->list, l->second);
	buf_addf(&f, l->filter, text);
	if (filter_parse(l->list, f.s, k->now, &mem, &q.where, &at, &e) &&
	    store_page(st, &q, PAGE_TOP, NULL, EACH, &p, &e))
		for (size_t i = 0; i < p.nrow; i++)
			add_found(k, l, &p.row[i]);
	page_release(&p);
	buf_release(&f);
	arena_release(&mem);
}

/* "pci 6.3": controls of one framework; their number is behind the blank. */
static void find_control(struct store *st, struct completing *k, const char *number)
{
	static const struct source_list controls = {
		LIST_controls, "control", "framework:*%s*", "", "framework", "id",
	};
	struct source_list l = controls;
	struct buf filter = BUF_INIT;
	char *framework = arena_dupn(&k->mem, k->text, (size_t)(number - k->text) - 1);

	buf_addf(&filter, "framework:*%s* id:%%s*", framework);
	l.filter = filter.s;
	find_in(st, k, &l, number);
	buf_release(&filter);
}

/* Only what a filter would take as it is. */
static bool plain(const char *s)
{
	static const char sign[] = "._:/@+-";

	for (; *s != '\0'; s++)
		if (!(*s >= '0' && *s <= '9') && !(*s >= 'a' && *s <= 'z') &&
		    !(*s >= 'A' && *s <= 'Z') && !strchr(sign, *s))
			return false;
	return true;
}

static void completing_run(struct work *w, void *ctx, const struct err *ctx_err)
{
	struct completing *k = (struct completing *)w;
	const char *blank = strchr(k->text, ' ');

	(void)ctx_err;
	arena_reset(&k->mem);
	k->n = 0;
	if (!ctx)
		return;
	store_set_now(ctx, k->now);
	if (blank && str_prefix(k->text, "pkg ") && plain(blank + 1)) {
		find_in(ctx, k, &lists[LENGTH(lists) - 1], blank + 1);
	} else if (blank && plain(blank + 1)) {
		find_control(ctx, k, blank + 1);
	} else if (!blank && plain(k->text)) {
		for (size_t i = 0; i < LENGTH(lists); i++)
			find_in(ctx, k, &lists[i], k->text);
	}
}

void complete_forget(struct app *a)
{
	for (size_t i = 0; i < a->nfound; i++) {
		free(a->found[i]);
		free(a->found_kind[i]);
	}
	a->nfound = 0;
}

static void completing_done(struct work *w, bool stale)
{
	struct completing *k = (struct completing *)w;
	struct app *a = k->app;

	if (!stale && a->prompting && !a->prompt.stem && str_eq(a->prompt.text.s, k->text)) {
		complete_forget(a);
		for (size_t i = 0; i < k->n; i++) {
			a->found[i] = xstrdup(k->found[i]);
			a->found_kind[i] = xstrdup(k->kind[i]);
		}
		a->nfound = k->n;
		a->dirty = true;
	}
	arena_release(&k->mem);
	free(k);
}

void complete_ask(struct app *a, const char *text)
{
	struct completing *k;

	complete_forget(a);
	if (strlen(text) < SHORTEST || str_prefix(text, "import ") || str_prefix(text, "theme "))
		return;
	k = xcalloc(1, sizeof(*k));
	k->w.run = completing_run;
	k->w.done = completing_done;
	k->w.owner = a->found;
	k->w.slot = SLOT_COMPLETE;
	k->app = a;
	k->now = app_now(a);
	k->mem = (struct arena)ARENA_INIT;
	str_copy(k->text, sizeof(k->text), text);
	worker_submit(a->reader, &k->w);
}

/* ---- drawing ---- */

void complete_draw(const struct app *a, struct canvas *c)
{
	const struct prompt *p = &a->prompt;
	const char *text = p->stem ? p->stem : p->text.s;
	struct rect r = { c->h - 2 - ROWS, 0, ROWS, c->w };
	struct buf line[ROWS];
	int n = 0;

	for (; p->complete && text[0] != '\0' && n < ROWS; n++) {
		line[n] = (struct buf)BUF_INIT;
		if (!p->complete(p->ctx, text, (size_t)n, &line[n])) {
			buf_release(&line[n]);
			break;
		}
	}
	for (int i = 0; i < n; i++) {
		int y = ROWS - n + i;
		bool here = p->stem && p->choice == (size_t)i;

		canvas_fill(c, r, y, 0, c->w, ROLE_text, ' ');
		canvas_cut(c, r, y, 2, c->w - 24, here ? ROLE_tab : ROLE_text, line[i].s);
		canvas_cut(c, r, y, c->w - 20, 19, ROLE_dim, complete_kind(a, line[i].s));
		if (here)
			canvas_text(c, r, y, 0, ROLE_cursor, ">");
		buf_release(&line[i]);
	}
}
