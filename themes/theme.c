/* SPDX-License-Identifier: MIT */
/* theme.c - reads theme files: variables, roles, parents. */
#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>

#include "themes/theme.h"

enum { WORD_MAX = 12, VAR_MAX = 64, LINE_MAX_BYTES = 512, FILE_MAX_BYTES = 64 * 1024 };

struct role_info {
	const char     *name;
	enum style_role parent;
};

static const struct role_info roles[ROLE_COUNT] = {
#define ROLE(name, parent, what) [ROLE_##name] = { #name, ROLE_##parent },
#include "themes/roles.def"
#undef ROLE
};

struct variable {
	char    name[32];
	int32_t color;
};

struct parser {
	struct theme   *t;
	bool            set[ROLE_COUNT];
	struct variable var[VAR_MAX];
	size_t          nvar;
	int             line;
};

const char *role_name(enum style_role r)
{
	return roles[r].name;
}

/* The role of that name; -1 when there is none. */
static int role_find(const char *name)
{
	for (int i = 0; i < ROLE_COUNT; i++)
		if (str_eq(roles[i].name, name))
			return i;
	return -1;
}

static bool fault(const struct parser *p, struct err *e, const char *what, const char *word)
{
	return err_set(e, ERR_FORMAT, "theme %s, line %d: %s: %s", p->t->name, p->line, what, word);
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

static bool parse_hex(const char *s, int32_t *out)
{
	int32_t v = 0;

	if (strlen(s) != 6)
		return false;
	for (; *s != '\0'; s++) {
		int d = hex_digit(*s);

		if (d < 0)
			return false;
		v = v * 16 + d;
	}
	*out = v;
	return true;
}

static const struct variable *find_var(const struct parser *p, const char *name)
{
	for (size_t i = 0; i < p->nvar; i++)
		if (str_eq(p->var[i].name, name))
			return &p->var[i];
	return NULL;
}

/* A colour: default, #rrggbb, $variable, or a role set above (its foreground). */
static bool parse_color(const struct parser *p, const char *s, int32_t *out, struct err *e)
{
	const struct variable *v;
	int r;

	if (str_eq(s, "default")) {
		*out = COLOR_NONE;
		return true;
	}
	if (s[0] == '#')
		return parse_hex(s + 1, out) || fault(p, e, "a colour is # and six digits", s);
	if (s[0] == '$') {
		v = find_var(p, s);
		if (!v)
			return fault(p, e, "no such variable above", s);
		*out = v->color;
		return true;
	}
	r = role_find(s);
	if (r < 0)
		return fault(p, e, "not a colour, a role or a style", s);
	if (!p->set[r])
		return fault(p, e, "this role is not set above", s);
	*out = p->t->role[r].fg;
	return true;
}

static uint8_t attr_of(const char *s)
{
	static const char *const names[] = { "bold", "dim", "underline", "reverse" };
	int i = str_index(names, LENGTH(names), s);

	return (uint8_t)(i < 0 ? 0 : 1 << i);
}

/* Cut a line into words in place; returns how many, at most WORD_MAX + 1. */
static size_t split(char *line, char *word[WORD_MAX + 1])
{
	size_t n = 0;
	char *s = line;

	for (;;) {
		s += strspn(s, " \t\r");
		if (*s == '\0' || n > WORD_MAX)
			return n;
		word[n++] = s;
		s += strcspn(s, " \t\r");
		if (*s != '\0')
			*s++ = '\0';
	}
}

static bool set_variable(struct parser *p, char *const *word, size_t n, struct err *e)
{
	struct variable v = { .color = COLOR_NONE };

	if (n != 3)
		return fault(p, e, "a variable is one colour", word[0]);
	if (p->nvar == VAR_MAX)
		return fault(p, e, "too many variables", word[0]);
	if (find_var(p, word[0]))
		return fault(p, e, "the variable is set twice", word[0]);
	if (!str_copy(v.name, sizeof(v.name), word[0]))
		return fault(p, e, "the name is too long", word[0]);
	if (!parse_color(p, word[2], &v.color, e))
		return false;
	p->var[p->nvar++] = v;
	return true;
}

static bool parse_style(const struct parser *p, char *const *word, size_t n, struct style *out,
                        struct err *e)
{
	struct style s = { COLOR_NONE, COLOR_NONE, 0 };
	size_t i = 0;

	if (n > 0 && attr_of(word[0]) == 0) {
		if (!parse_color(p, word[i++], &s.fg, e))
			return false;
	}
	if (i < n && str_eq(word[i], "on")) {
		if (++i == n)
			return fault(p, e, "a colour is missing after", "on");
		if (!parse_color(p, word[i++], &s.bg, e))
			return false;
	}
	for (; i < n; i++) {
		uint8_t bit = attr_of(word[i]);

		if (bit == 0)
			return fault(p, e, "not a style (bold, dim, underline, reverse)", word[i]);
		s.attr |= bit;
	}
	*out = s;
	return true;
}

static bool set_role(struct parser *p, char *const *word, size_t n, struct err *e)
{
	int r = role_find(word[0]);

	if (r < 0)
		return fault(p, e, "no such role", word[0]);
	if (p->set[r])
		return fault(p, e, "the role is set twice", word[0]);
	if (n < 3)
		return fault(p, e, "a colour or a style is missing", word[0]);
	if (!parse_style(p, word + 2, n - 2, &p->t->role[r], e))
		return false;
	p->set[r] = true;
	return true;
}

/*
 * A line that begins with #, or the rest after a # that no hexadecimal digit follows: colours need
 * no quotes.
 */
static void cut_comment(char *line)
{
	char *first = line + strspn(line, " \t");

	for (char *s = first; *s != '\0'; s++) {
		bool apart = s == first || s[-1] == ' ' || s[-1] == '\t';

		if (*s == '#' && apart && (s == first || hex_digit(s[1]) < 0)) {
			*s = '\0';
			return;
		}
	}
}

static bool parse_line(struct parser *p, char *line, struct err *e)
{
	char *word[WORD_MAX + 1];
	size_t n;

	cut_comment(line);
	n = split(line, word);
	if (n == 0)
		return true;
	if (n > WORD_MAX)
		return fault(p, e, "too many words after", word[0]);
	if (n < 2 || !str_eq(word[1], "="))
		return fault(p, e, "want NAME = VALUE, not", word[0]);
	return word[0][0] == '$' ? set_variable(p, word, n, e) : set_role(p, word, n, e);
}

/* Parents stand above their children in roles.def, so one pass is enough. */
static void inherit(struct parser *p)
{
	for (int r = 1; r < ROLE_COUNT; r++)
		if (!p->set[r])
			p->t->role[r] = p->t->role[roles[r].parent];
}

bool theme_parse(struct theme *t, const char *name, const char *text, struct err *e)
{
	struct parser p = { .t = t };
	char line[LINE_MAX_BYTES];

	if (!str_copy(t->name, sizeof(t->name), name))
		return err_set(e, ERR_LIMIT, "theme name is too long: %s", name);
	t->role[ROLE_text] = (struct style){ COLOR_NONE, COLOR_NONE, 0 };
	while (*text != '\0') {
		size_t n = strcspn(text, "\n");

		p.line++;
		if (n >= sizeof(line))
			return fault(&p, e, "the line is too long", "512 bytes are the most");
		memcpy(line, text, n);
		line[n] = '\0';
		if (!parse_line(&p, line, e))
			return false;
		text += n + (text[n] == '\n');
	}
	inherit(&p);
	return true;
}

static bool name_is_plain(const char *name)
{
	return name[0] != '\0' && name[0] != '.' && !strchr(name, '/') && strlen(name) < 32;
}

/* Where the user's own lie; false when the environment names no place for them. */
static bool user_folder(struct buf *path)
{
	const char *config = getenv("XDG_CONFIG_HOME");
	const char *home = getenv("HOME");

	if (!str_empty(config))
		buf_addf(path, "%s/seaworthy/themes", config);
	else if (!str_empty(home))
		buf_addf(path, "%s/.config/seaworthy/themes", home);
	return path->len > 0;
}

static bool load_builtin(struct theme *t, const char *name, struct err *e)
{
	char path[64] = "";
	struct buf have = BUF_INIT;
	const struct embed *f = NULL;
	struct buf b = BUF_INIT;

	buf_addf(&b, "themes/%s.theme", name);
	if (str_copy(path, sizeof(path), b.s))
		f = embed_find(path);
	buf_release(&b);
	if (f)
		return theme_parse(t, name, f->data, e);
	for (size_t i = 0; theme_at(i, path) != NULL; i++)
		buf_addf(&have, "%s%s", i > 0 ? ", " : "", path);
	err_set(e, ERR_USAGE, "no theme %s; there are %s", name, have.s);
	buf_release(&have);
	return false;
}

/* 1: loaded; 0: no such file; -1: failed, *e says why. */
static int load_user(struct theme *t, const char *name, struct err *e)
{
	struct buf path = BUF_INIT, text = BUF_INIT;
	int got = 0;

	if (user_folder(&path)) {
		buf_addf(&path, "/%s.theme", name);
		if (access(path.s, F_OK) != 0)
			got = 0;
		else if (file_read(path.s, FILE_MAX_BYTES, &text, e) && theme_parse(t, name, text.s,
		                                                                    e))
			got = 1;
		else
			got = -1;
	}
	buf_release(&path);
	buf_release(&text);
	return got;
}

bool theme_load(struct theme *t, const char *name, struct err *e)
{
	int got;

	if (!name_is_plain(name))
		return err_set(e, ERR_USAGE, "not a theme's name: %s", name);
	got = load_user(t, name, e);
	if (got != 0)
		return got > 0;
	return load_builtin(t, name, e);
}

const char *theme_at(size_t i, char out[static 32])
{
	const struct embed *f = NULL;

	do {
		f = embed_next("themes/", f);
	} while (f && (!str_suffix(f->path, ".theme") || i-- > 0));
	if (!f)
		return NULL;
	str_copy(out, 32, file_base(f->path));
	if (str_suffix(out, ".theme"))
		out[strlen(out) - strlen(".theme")] = '\0';
	return out;
}

static void add_name(const char ***name, size_t *n, const char *s)
{
	*name = xrealloc_array(*name, *n + 1, sizeof(**name));
	(*name)[(*n)++] = s;
}

/* "x.theme" in the user's folder: those that theme_load() would take. */
static void add_user_names(struct arena *mem, const char ***name, size_t *n)
{
	struct buf path = BUF_INIT;
	DIR *d = user_folder(&path) ? opendir(path.s) : NULL;
	const struct dirent *entry;

	while (d && (entry = readdir(d)) != NULL) {
		size_t len = strlen(entry->d_name);
		const char *stem;

		if (!str_suffix(entry->d_name, ".theme") || !utf8_valid(entry->d_name, len))
			continue;
		stem = arena_dupn(mem, entry->d_name, len - strlen(".theme"));
		if (name_is_plain(stem))
			add_name(name, n, stem);
	}
	if (d)
		closedir(d);
	buf_release(&path);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

const char *const *theme_names(struct arena *mem, size_t *n)
{
	const char **name = NULL, **out;
	char built_in[32];
	size_t all = 0;

	*n = 0;
	for (size_t i = 0; theme_at(i, built_in); i++)
		add_name(&name, &all, arena_dup(mem, built_in));
	add_user_names(mem, &name, &all);
	qsort(name, all, sizeof(*name), by_name);
	out = arena_array(mem, const char *, all);
	for (size_t i = 0; i < all; i++)
		if (i == 0 || !str_eq(name[i], name[i - 1]))
			out[(*n)++] = name[i];
	free(name);
	return out;
}
