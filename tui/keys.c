/* SPDX-License-Identifier: MIT */
/* keys.c - names of keys, the table of actions, and one user's keys for them. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tui/keys.h"

enum { KEYS_MAX = 160, FILE_MAX_BYTES = 64 * 1024 };

struct named_key {
	const char *name;
	uint32_t    key;
};

static const struct named_key named[] = {
	{ "Up", K_UP }, { "Down", K_DOWN }, { "Left", K_LEFT }, { "Right", K_RIGHT },
	{ "PgUp", K_PGUP }, { "PgDn", K_PGDN }, { "Home", K_HOME }, { "End", K_END },
	{ "Del", K_DEL }, { "Ins", K_INS }, { "S-Tab", K_BACKTAB }, { "Backspace", K_BACKSPACE },
	{ "Tab", K_TAB }, { "Enter", K_ENTER }, { "Esc", K_ESC }, { "Space", ' ' },
	{ "lt", '<' },
};

static const struct action_info actions[ACT_COUNT] = {
#define ACTION(id, group, keys, help) [ACT_##id] = { #id, GROUP_##group, keys, help },
#include "tui/actions.def"
#undef ACTION
};

struct binding {
	uint32_t    key;
	enum action action;
};

struct keymap {
	struct binding b[KEYS_MAX]; /* in the order of preference */
	size_t         n;
	char           name[ACT_COUNT][16]; /* the first key of each action */
};

/* "F1" to "F12", "Ctrl-A" to "Ctrl-_"; K_NONE for anything else. */
static uint32_t parse_patterned(const char *name)
{
	int64_t n;

	if (name[0] == 'F' && str_int64(name + 1, 1, 12, &n))
		return K_F1 + (uint32_t)n - 1;
	if (str_prefix(name, "Ctrl-") && name[5] >= 'A' && name[5] <= '_' && name[6] == '\0')
		return (uint32_t)(name[5] & 0x1f);
	return K_NONE;
}

uint32_t key_parse(const char *name)
{
	uint32_t c;
	size_t n = strlen(name);

	for (size_t i = 0; i < LENGTH(named); i++)
		if (str_eq(named[i].name, name))
			return named[i].key;
	if (n > 0 && utf8_next(name, n, &c) == n && c > ' ' && c != 0x7f)
		return c;
	return parse_patterned(name);
}

void key_print(uint32_t key, char out[static 16])
{
	for (size_t i = 0; i < LENGTH(named); i++) {
		if (named[i].key == key && key != '<') {
			str_copy(out, 16, named[i].name);
			return;
		}
	}
	if (key >= K_F1 && key < K_F1 + 12)
		snprintf(out, 16, "F%u", (unsigned)(key - K_F1 + 1));
	else if (key < 0x20)
		snprintf(out, 16, "Ctrl-%c", (char)(key + 0x40));
	else
		out[utf8_put(key, out)] = '\0';
}

bool key_next(const char **s, uint32_t *out, struct err *e)
{
	const char *p = *s;
	size_t n = strcspn(p, ">");
	char name[16];

	*out = K_NONE;
	if (*p == '\0')
		return true;
	if (*p != '<' || p[n] == '\0') {
		*s += utf8_next(p, strlen(p), out);
		return true;
	}
	if (n - 1 < sizeof(name)) {
		memcpy(name, p + 1, n - 1);
		name[n - 1] = '\0';
		*out = key_parse(name);
	}
	*s = p + n + 1;
	if (*out == K_NONE)
		return err_set(e, ERR_USAGE, "no key has the name %.*s", (int)(n + 1), p);
	return true;
}

const struct action_info *action_info(enum action a)
{
	return &actions[a];
}

/* -1: no such action */
static int action_find(const char *id)
{
	for (int i = 1; i < ACT_COUNT; i++)
		if (str_ieq(actions[i].id, id))
			return i;
	return -1;
}

const char *group_title(enum action_group g)
{
	static const char *const title[GROUP_COUNT] = {
		[GROUP_MOVE] = "move", [GROUP_GO] = "go", [GROUP_LIST] = "lists",
		[GROUP_MARK] = "mark", [GROUP_ACT] = "act",
		[GROUP_WALK] = "walk", [GROUP_PROGRAM] = "program",
	};

	return title[g];
}

/* ---- keymaps ---- */

static bool in_walk(enum action a)
{
	return actions[a].group == GROUP_WALK;
}

/* The walk's keys and the others do not get in each other's way. */
static void unbind_key(struct keymap *m, uint32_t key, bool walk)
{
	size_t to = 0;

	for (size_t i = 0; i < m->n; i++)
		if (m->b[i].key != key || in_walk(m->b[i].action) != walk)
			m->b[to++] = m->b[i];
	m->n = to;
}

static void unbind_action(struct keymap *m, enum action a)
{
	size_t to = 0;

	for (size_t i = 0; i < m->n; i++)
		if (m->b[i].action != a)
			m->b[to++] = m->b[i];
	m->n = to;
}

/* The word of a list with blanks between at *s; false at the end. */
static bool next_word(const char **s, char out[static 16])
{
	size_t n;

	*s += strspn(*s, " \t\r");
	n = strcspn(*s, " \t\r");
	if (n == 0)
		return false;
	if (n > 15) { /* no key's name is that long: hand out what no key is called */
		str_copy(out, 16, "(too long)");
	} else {
		memcpy(out, *s, n);
		out[n] = '\0';
	}
	*s += n;
	return true;
}

static void name_actions(struct keymap *m)
{
	memset(m->name, 0, sizeof(m->name));
	for (size_t i = m->n; i-- > 0; )
		key_print(m->b[i].key, m->name[m->b[i].action]);
}

struct keymap *keymap_new(void)
{
	struct keymap *m = xcalloc(1, sizeof(*m));
	char word[16];

	for (int a = 1; a < ACT_COUNT; a++) {
		const char *s = actions[a].keys;

		while (next_word(&s, word))
			m->b[m->n++] = (struct binding){ key_parse(word), (enum action)a };
	}
	name_actions(m);
	return m;
}

void keymap_free(struct keymap *m)
{
	free(m);
}

static bool bind_line(struct keymap *m, const char *line, int nr, struct err *e)
{
	char id[32], word[16];
	size_t n = strcspn(line, " \t=");
	const char *s = line + n + strspn(line + n, " \t");
	int a;

	if (n >= sizeof(id) || *s != '=')
		return err_set(e, ERR_FORMAT, "keys, line %d: want ACTION = KEY ...", nr);
	memcpy(id, line, n);
	id[n] = '\0';
	a = action_find(id);
	if (a < 0)
		return err_set(e, ERR_FORMAT, "keys, line %d: no such action: %s", nr, id);
	unbind_action(m, (enum action)a);
	for (s++; next_word(&s, word); ) {
		uint32_t key = key_parse(word);

		if (key == K_NONE)
			return err_set(e, ERR_FORMAT, "keys, line %d: no such key: %s", nr, word);
		unbind_key(m, key, in_walk((enum action)a));
		if (m->n == KEYS_MAX)
			return err_set(e, ERR_LIMIT, "keys, line %d: too many keys", nr);
		m->b[m->n++] = (struct binding){ key, (enum action)a };
	}
	return true;
}

bool keymap_parse(struct keymap *m, const char *text, struct err *e)
{
	char line[256];

	for (int nr = 1; *text != '\0'; nr++) {
		size_t n = strcspn(text, "\n");
		const char *first = text + strspn(text, " \t\r");

		if (n >= sizeof(line))
			return err_set(e, ERR_LIMIT, "keys, line %d is too long", nr);
		if (first < text + n && *first != '#') {
			n -= (size_t)(first - text);
			memcpy(line, first, n);
			line[n] = '\0';
			if (!bind_line(m, line, nr, e))
				return false;
			text = first;
		}
		text += n + (text[n] == '\n');
	}
	name_actions(m);
	return true;
}

bool keymap_load(struct keymap *m, struct err *e)
{
	const char *config = getenv("XDG_CONFIG_HOME");
	const char *home = getenv("HOME");
	struct buf path = BUF_INIT, text = BUF_INIT;
	bool ok = true;

	if (!str_empty(config))
		buf_addf(&path, "%s/seaworthy/keys", config);
	else if (!str_empty(home))
		buf_addf(&path, "%s/.config/seaworthy/keys", home);
	if (path.len > 0 && access(path.s, F_OK) == 0)
		ok = file_read(path.s, FILE_MAX_BYTES, &text, e) && keymap_parse(m, text.s, e);
	buf_release(&path);
	buf_release(&text);
	return ok;
}

enum action keymap_action(const struct keymap *m, uint32_t key, bool walk)
{
	enum action found = ACT_NONE;

	for (size_t i = 0; i < m->n; i++) {
		if (m->b[i].key != key)
			continue;
		if (in_walk(m->b[i].action) && walk)
			return m->b[i].action;
		if (!in_walk(m->b[i].action) && found == ACT_NONE)
			found = m->b[i].action;
	}
	return found;
}

const char *keymap_key(const struct keymap *m, enum action a)
{
	return m->name[a];
}

void keymap_keys(const struct keymap *m, enum action a, struct buf *out)
{
	const char *between = "";
	char name[16];

	for (size_t i = 0; i < m->n; i++) {
		if (m->b[i].action != a)
			continue;
		key_print(m->b[i].key, name);
		buf_addf(out, "%s%s", between, name);
		between = " ";
	}
}
