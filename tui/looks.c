/* SPDX-License-Identifier: MIT */
/* looks.c - the theme worn: chosen from a menu that shows each at work, and kept. */
#include <stdlib.h>

#include "tui/app_state.h"

const char *looks_kept(const struct app *a)
{
	return settings_get(&a->settings, "theme", "worn", 0);
}

/* What it was before stays where the theme is faulty. */
static bool wear(struct app *a, const char *name, struct err *e)
{
	if (!app_set_theme(a, name, e))
		return false;
	app_say(a, "theme %s", a->theme.name);
	return true;
}

static bool keep(struct app *a, struct err *e)
{
	settings_set(&a->settings, "theme", "worn", a->theme.name);
	return app_keep_settings(a, e);
}

bool looks_take(struct app *a, const char *name, struct err *e)
{
	return wear(a, name, e) && keep(a, e);
}

static void try_on(struct app *a, size_t i)
{
	struct err e = ERR_INIT;

	if (i >= a->nmeant)
		return;
	if (!wear(a, a->meant[i], &e))
		app_fault(a, &e);
}

static bool take(struct view *v, size_t i, struct err *e)
{
	return i >= v->app->nmeant || looks_take(v->app, v->app->meant[i], e);
}

/* The last of the names is the one that is worn now: Esc goes back to it. */
void looks_choose(struct app *a)
{
	struct arena mem = ARENA_INIT;
	size_t n, at = 0;
	const char *const *name = theme_names(&mem, &n);
	struct choice *c = xcalloc(n + 1, sizeof(*c));

	meant_forget(a);
	a->meant = xcalloc(n + 1, sizeof(*a->meant));
	for (size_t i = 0; i < n; i++) {
		c[i] = (struct choice){ .text = name[i] };
		a->meant[a->nmeant++] = xstrdup(name[i]);
		if (str_eq(name[i], a->theme.name)) {
			c[i].more = "worn now";
			at = i;
		}
	}
	a->meant[a->nmeant++] = xstrdup(a->theme.name);
	app_choose(a, "Themes, each worn at once; Enter keeps it, Esc the old one", c, n, at,
	           take);
	a->chooser.moved = try_on;
	a->chooser.left = n;
	free(c);
	arena_release(&mem);
}
