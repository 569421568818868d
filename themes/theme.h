/* SPDX-License-Identifier: MIT */
/* theme.h - the one public header of themes/: what each role looks like. */
#ifndef THEME_H
#define THEME_H

#include "store/base/base.h"

enum style_role {
#define ROLE(name, parent, what) ROLE_##name,
#include "themes/roles.def"
#undef ROLE
	ROLE_COUNT
};

enum { COLOR_NONE = -1 };
enum { STYLE_BOLD = 1, STYLE_DIM = 2, STYLE_UNDERLINE = 4, STYLE_REVERSE = 8 };

struct style {
	int32_t fg, bg; /* 0xRRGGBB, or COLOR_NONE: the terminal's own */
	uint8_t attr;   /* STYLE_* bits */
};

struct theme {
	char         name[32];
	struct style role[ROLE_COUNT];
};

/* The role's name as themes spell it: "critical". */
const char *role_name(enum style_role r);

/*
 * Parse theme text (README.md has the grammar). Roles left out look like their parent. Errors name
 * the theme and the line, and leave *t undefined.
 */
bool theme_parse(struct theme *t, const char *name, const char *text, struct err *e) MUST_CHECK;
/*
 * By name: $XDG_CONFIG_HOME/seaworthy/themes/NAME.theme (or below ~/.config) first, then the
 * built-in ones. ERR_USAGE names the themes there are when none has that name.
 */
bool theme_load(struct theme *t, const char *name, struct err *e) MUST_CHECK;
/* Names of the built-in themes, sorted; NULL past the end. Written into `out`. */
const char *theme_at(size_t i, char out[static 32]);
/*
 * Names of all there are, the user's own among them, sorted and each once; `*n` of them. In `mem`.
 */
const char *const *theme_names(struct arena *mem, size_t *n);

#endif
