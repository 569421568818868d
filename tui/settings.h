/* SPDX-License-Identifier: MIT */
/* settings.h - what the screens remember from one session to the next. */
#ifndef SETTINGS_H
#define SETTINGS_H

#include "store/base/base.h"

/*
 * Lines of $XDG_CONFIG_HOME/seaworthy/screens (or below ~/.config), `kind where text`:
 *   columns findings cvss -owner     shown beside, and taken away from, those a screen begins with
 *   filter problems late = due<0d    a saved filter of a list, and its name
 *   typed 0 sev>=high                what was typed at a prompt, oldest first
 *   theme worn nord                  the theme that was chosen
 *   mouse screen on                  whether clicks are taken
 */
struct setting {
	char *kind, *where, *text;
};
struct settings {
	struct setting *row;
	size_t          n;
	bool            changed;
};

/* Nothing there, or no home: no settings. A line that is none is left out when it is written. */
bool settings_load(struct settings *s, struct err *e) MUST_CHECK;
/* Writes only what was changed. */
bool settings_save(struct settings *s, struct err *e) MUST_CHECK;
void settings_release(struct settings *s);
/* The i-th text of that kind and place, oldest first; NULL past the last. */
const char *settings_get(const struct settings *s, const char *kind, const char *where, size_t i);
void settings_add(struct settings *s, const char *kind, const char *where, const char *text);
/* In place of all there were; NULL: there are none then. */
void settings_set(struct settings *s, const char *kind, const char *where, const char *text);
/* Forget the i-th of them; SIZE_MAX: all. */
void settings_drop(struct settings *s, const char *kind, const char *where, size_t i);

#endif
