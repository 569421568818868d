/* SPDX-License-Identifier: MIT */
/* settings.c - a small file of lines in the user's configuration folder. */
#include <stdlib.h>
#include <unistd.h>

#include "tui/settings.h"

enum { FILE_MAX_BYTES = 256 * 1024 };

/* False: there is no place for it. */
static bool find_path(struct buf *path)
{
	const char *config = getenv("XDG_CONFIG_HOME");
	const char *home = getenv("HOME");

	if (!str_empty(config))
		buf_addf(path, "%s/seaworthy/screens", config);
	else if (!str_empty(home))
		buf_addf(path, "%s/.config/seaworthy/screens", home);
	return path->len > 0;
}

void settings_add(struct settings *s, const char *kind, const char *where, const char *text)
{
	s->row = xrealloc_array(s->row, s->n + 1, sizeof(*s->row));
	s->row[s->n++] = (struct setting){ xstrdup(kind), xstrdup(where), xstrdup(text) };
	s->changed = true;
}

static void drop_row(struct settings *s, size_t i)
{
	free(s->row[i].kind);
	free(s->row[i].where);
	free(s->row[i].text);
	memmove(s->row + i, s->row + i + 1, sizeof(*s->row) * (--s->n - i));
	s->changed = true;
}

static bool is_row(const struct setting *r, const char *kind, const char *where)
{
	return str_eq(r->kind, kind) && str_eq(r->where, where);
}

void settings_drop(struct settings *s, const char *kind, const char *where, size_t i)
{
	size_t seen = 0;

	for (size_t k = 0; k < s->n;) {
		if (!is_row(&s->row[k], kind, where) || (i != SIZE_MAX && seen++ != i))
			k++;
		else
			drop_row(s, k);
	}
}

void settings_set(struct settings *s, const char *kind, const char *where, const char *text)
{
	settings_drop(s, kind, where, SIZE_MAX);
	if (text)
		settings_add(s, kind, where, text);
}

const char *settings_get(const struct settings *s, const char *kind, const char *where, size_t i)
{
	for (size_t k = 0; k < s->n; k++)
		if (is_row(&s->row[k], kind, where) && i-- == 0)
			return s->row[k].text;
	return NULL;
}

/* The next word of *s in place; NULL at the line's end. */
static char *take_word(char **s)
{
	char *word = *s;
	size_t n = strcspn(word, " ");

	if (n == 0 || word[n] == '\0')
		return NULL;
	word[n] = '\0';
	*s = word + n + 1;
	return word;
}

static void take_line(struct settings *s, char *line)
{
	const char *kind = take_word(&line);
	const char *where = kind ? take_word(&line) : NULL;

	if (where && line[0] != '\0')
		settings_add(s, kind, where, line);
}

bool settings_load(struct settings *s, struct err *e)
{
	struct buf path = BUF_INIT, text = BUF_INIT;
	char *line, *next;
	bool ok = true;

	*s = (struct settings){ .n = 0 };
	if (find_path(&path) && access(path.s, R_OK) == 0) {
		ok = file_read(path.s, FILE_MAX_BYTES, &text, e);
		for (line = text.s; ok && line && *line != '\0'; line = next) {
			next = line + strcspn(line, "\n");
			if (*next == '\n')
				*next++ = '\0';
			if (utf8_valid(line, strlen(line)))
				take_line(s, line);
		}
	}
	s->changed = false;
	buf_release(&path);
	buf_release(&text);
	return ok;
}

bool settings_save(struct settings *s, struct err *e)
{
	struct buf path = BUF_INIT;
	bool ok = true;

	if (s->changed && find_path(&path) && (ok = file_make_parents(path.s, e))) {
		struct out *o = out_file(path.s);

		for (size_t i = 0; i < s->n; i++)
			out_printf(o, "%s %s %s\n", s->row[i].kind, s->row[i].where,
			           s->row[i].text);
		ok = out_close(o, e);
		s->changed = !ok;
	}
	buf_release(&path);
	return ok;
}

void settings_release(struct settings *s)
{
	while (s->n > 0)
		drop_row(s, s->n - 1);
	free(s->row);
	*s = (struct settings){ .n = 0 };
}
