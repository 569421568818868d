/* SPDX-License-Identifier: MIT */
/* saved.c - `F`: filters kept under a name, the user's and those that ride in the program. */
#include <stdlib.h>

#include "tui/app_state.h"

enum { SAVED_MAX = 60 };

/* What people ask of a list most. */
static const struct { enum list_id list; const char *name, *filter; } ready[] = {
	{ LIST_problems, "late", "late" },
	{ LIST_problems, "exploited and running", "kev running" },
	{ LIST_problems, "likely exploited", "(kev or epss>0.5) fixable" },
	{ LIST_problems, "nobody's, due this week", "owner:none due<7d" },
	{ LIST_problems, "no fix", "!fixable sev>=high" },
	{ LIST_findings, "late", "late" },
	{ LIST_findings, "exploited and running", "kev running" },
	{ LIST_findings, "nobody's, due this week", "owner:none due<7d" },
	{ LIST_findings, "new this week", "age<7d" },
	{ LIST_images, "running and late", "running late" },
	{ LIST_images, "unsigned and running", "unsigned running" },
	{ LIST_images, "exposed with criticals", "exposed critical" },
	{ LIST_images, "scan too old, or none", "scan>7d or scan:none" },
	{ LIST_controls, "failing", "is:fail" },
	{ LIST_controls, "no evidence", "is:none" },
	{ LIST_controls, "for a person", "is:manual" },
	{ LIST_alerts, "late", "late" },
	{ LIST_alerts, "nobody's", "owner:none" },
	{ LIST_items, "open", "open" },
	{ LIST_items, "answer and data differ", "(is:pass data:fail) or (is:fail data:pass)" },
	{ LIST_checks, "failing", "is:fail" },
	{ LIST_checks, "for a person", "is:manual" },
	{ LIST_scans, "partial or with skipped records", "skipped>0 or !partial:none" },
};

static const char *list_name(const struct view *v)
{
	return store_list(view_table_const(v)->lv->list)->name;
}

/* "NAME = FILTER" -> FILTER */
static const char *filter_of(const char *text)
{
	const char *s = strstr(text, " = ");

	return s ? s + 3 : text;
}

/* The i-th of both: the user's first; NULL past the last. */
static const char *saved_filter(const struct view *v, size_t i)
{
	const char *text = settings_get(&v->app->settings, "filter", list_name(v), i);
	size_t own = 0;

	if (text)
		return filter_of(text);
	while (settings_get(&v->app->settings, "filter", list_name(v), own))
		own++;
	for (size_t k = 0; k < LENGTH(ready); k++)
		if (ready[k].list == view_table_const(v)->lv->list && i-- == own)
			return ready[k].filter;
	return NULL;
}

static bool take_forgotten(struct view *v, size_t i, struct err *e)
{
	settings_drop(&v->app->settings, "filter", list_name(v), i);
	return app_keep_settings(v->app, e);
}

static bool take_name(struct view *v, const char *text, size_t *at, struct err *e)
{
	struct buf b = BUF_INIT;
	bool ok;

	*at = 0;
	if (text[0] == '\0' || strstr(text, " = "))
		return err_set(e, ERR_USAGE, "a name has letters, and no \" = \"");
	buf_addf(&b, "%s = %s", text, view_table(v)->filter);
	settings_add(&v->app->settings, "filter", list_name(v), b.s);
	buf_release(&b);
	ok = app_keep_settings(v->app, e);
	if (ok)
		app_say(v->app, "saved as %s: F finds it", text);
	return ok;
}

static void ask_name(struct view *v)
{
	const struct line_ask ask = { .label = "save the filter as: ", .text = "",
	                              .done = take_name, .history = HISTORY_NOTE };

	if (view_table(v)->filter[0] == '\0')
		app_say(v->app, "there is no filter to save: / sets one");
	else
		app_prompt(v->app, &ask);
}

static size_t add_own(const struct view *v, struct arena *mem, struct choice *c)
{
	const char *text;
	size_t n = 0;

	while (n < SAVED_MAX &&
	       (text = settings_get(&v->app->settings, "filter", list_name(v), n))) {
		const char *filter = filter_of(text);
		size_t name = filter > text ? (size_t)(filter - text) - 3 : strlen(text);

		c[n++] = (struct choice){ arena_dupn(mem, text, name), arena_dup(mem, filter), 0 };
	}
	return n;
}

static void choose_forgotten(struct view *v)
{
	struct choice c[SAVED_MAX];
	struct arena mem = ARENA_INIT;
	size_t n = add_own(v, &mem, c);

	app_choose(v->app, "Forget which saved filter?", c, n, 0, take_forgotten);
	arena_release(&mem);
}

/* The filters, then the two lines below them. */
static bool take_saved(struct view *v, size_t i, struct err *e)
{
	const char *filter = saved_filter(v, i);
	size_t n = i;

	(void)e;
	if (filter) {
		view_filter(v, filter);
		return true;
	}
	while (n > 0 && !saved_filter(v, n - 1))
		n--;
	if (i == n)
		ask_name(v);
	else
		choose_forgotten(v);
	return true;
}

void saved_choose(struct view *v)
{
	struct choice c[SAVED_MAX + LENGTH(ready) + 2];
	struct arena mem = ARENA_INIT;
	size_t own = add_own(v, &mem, c), n = own;

	for (size_t k = 0; k < LENGTH(ready); k++)
		if (ready[k].list == view_table(v)->lv->list)
			c[n++] = (struct choice){ ready[k].name, ready[k].filter, 0 };
	c[n++] = (struct choice){ "save...", view_table(v)->filter[0] != '\0' ?
	                          view_table(v)->filter : "the filter in use; there is none", 0 };
	if (own > 0)
		c[n++] = (struct choice){ "forget...", "one of your own", 0 };
	app_choose(v->app, "Saved filters of this list", c, n, 0, take_saved);
	arena_release(&mem);
}
