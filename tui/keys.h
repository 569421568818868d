/* SPDX-License-Identifier: MIT */
/* keys.h - keys have names, actions have keys; both tables are data. */
#ifndef KEYS_H
#define KEYS_H

#include "store/base/base.h"

/* A key: a Unicode character, a control character (1-31), or one of these. */
enum {
	K_NONE = 0,
	K_NAMED = 0x110000, /* past the last character */
	K_UP = K_NAMED, K_DOWN, K_LEFT, K_RIGHT,
	K_PGUP, K_PGDN, K_HOME, K_END,
	K_DEL, K_INS, K_BACKTAB, K_BACKSPACE,
	K_F1, /* to F12, in order */
	K_RESIZE = K_F1 + 12, K_CLICK,
	K_TAB = '\t', K_ENTER = '\r', K_ESC = 27,
};

/* Parse "j", "G", "Enter", "PgDn", "Space", "Ctrl-D", "F1", "S-Tab"; K_NONE when unknown. */
uint32_t key_parse(const char *name);
/* The name key_parse() reads. */
void key_print(uint32_t key, char out[static 16]);
/*
 * The next key of a script such as `2<Enter>/api<Esc>`: *s moves past it. `<lt>` is a `<`. K_NONE
 * at the end; a name in <> that no key has is ERR_USAGE and false.
 */
bool key_next(const char **s, uint32_t *out, struct err *e) MUST_CHECK;

/* What a key asks for: ACTION(id, group, "keys", "what it does"). */
enum action {
#define ACTION(id, group, keys, help) ACT_##id,
#include "tui/actions.def"
#undef ACTION
	ACT_COUNT
};

enum action_group { GROUP_MOVE, GROUP_GO, GROUP_LIST, GROUP_MARK, GROUP_ACT, GROUP_WALK,
	GROUP_PROGRAM, GROUP_COUNT };

struct action_info {
	const char       *id;   /* "filter", as the `keys` file spells it */
	enum action_group group;
	const char       *keys; /* names with blanks between: "Down j" */
	const char       *help;
};

const struct action_info *action_info(enum action a);
const char *group_title(enum action_group g);

/* Which key does what, for one user. */
struct keymap;
struct keymap *keymap_new(void); /* the built-in keys */
void           keymap_free(struct keymap *m);
/*
 * Read a `keys` file: lines `action = KEY KEY...`, `#` comments. An action named there loses its
 * built-in keys, and a key given there is taken from the action that had it. Errors name the line.
 */
bool keymap_parse(struct keymap *m, const char *text, struct err *e) MUST_CHECK;
/* $XDG_CONFIG_HOME/seaworthy/keys (or below ~/.config), when there is one. */
bool keymap_load(struct keymap *m, struct err *e) MUST_CHECK;
/* The action of a key; `walk` asks the checklist's own keys first. ACT_NONE when it has none. */
enum action keymap_action(const struct keymap *m, uint32_t key, bool walk);
/* The first key of an action, "" when it has none. */
const char *keymap_key(const struct keymap *m, enum action a);
/* All keys of an action, blanks between. */
void keymap_keys(const struct keymap *m, enum action a, struct buf *out);

#endif
