/* SPDX-License-Identifier: MIT */
/* maps.c - the mapping files that take part: the built-in ones, the user's, one that is named. */
#include <dirent.h>
#include <stdlib.h>

#include "importers/csv.h"
#include "importers/map.h"
#include "importers/source.h"

#define FOLDER "importers/maps/"
#define ENDING ".json"
#define LIMIT  ((size_t)1 << 20) /* bytes of a mapping file */

struct maps {
	struct map *first; /* later ones before earlier ones */
};

/* $XDG_CONFIG_HOME/seaworthy/maps; NULL without a home. */
static const char *user_folder(struct arena *mem)
{
	const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");

	if (!str_empty(config))
		return arena_printf(mem, "%s/seaworthy/maps", config);
	return str_empty(home) ? NULL : arena_printf(mem, "%s/.config/seaworthy/maps", home);
}

static bool add(struct maps *m, const char *file, const char *json, size_t n, struct err *e)
{
	struct map *one;

	if (!map_parse(file, json, n, &one, e))
		return false;
	one->next = m->first;
	m->first = one;
	return true;
}

static bool add_file(struct maps *m, const char *path, struct err *e)
{
	struct buf text = BUF_INIT;
	bool ok = file_read(path, LIMIT, &text, e) && add(m, path, text.s, text.len, e);

	buf_release(&text);
	return ok;
}

static int by_name(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;

	return strcmp(*x, *y);
}

/* The user's, in the order of their names; no folder is no error. */
static bool add_folder(struct maps *m, const char *folder, struct arena *mem, struct err *e)
{
	DIR *d = folder == NULL ? NULL : opendir(folder);
	const struct dirent *entry;
	const char **name = NULL;
	size_t n = 0, cap = 0, i;
	bool ok = true;

	while (d != NULL && (entry = readdir(d)) != NULL) {
		if (entry->d_name[0] == '.' || !str_suffix(entry->d_name, ENDING))
			continue;
		if (n == cap) {
			cap = cap == 0 ? 16 : 2 * cap;
			name = xrealloc_array(name, cap, sizeof(*name));
		}
		name[n++] = arena_printf(mem, "%s/%s", folder, entry->d_name);
	}
	if (d != NULL)
		closedir(d);
	if (n > 0)
		qsort(name, n, sizeof(*name), by_name);
	for (i = 0; ok && i < n; i++)
		ok = add_file(m, name[i], e);
	free(name);
	return ok;
}

bool maps_load(struct maps **out, struct err *e)
{
	struct maps *m = xcalloc(1, sizeof(*m));
	struct arena mem = ARENA_INIT;
	bool ok = true;

	for (const struct embed *f = embed_next(FOLDER, NULL); ok && f != NULL;
	     f = embed_next(FOLDER, f))
		ok = add(m, f->path, f->data, f->size, e);
	ok = ok && add_folder(m, user_folder(&mem), &mem, e);
	arena_release(&mem);
	if (!ok) {
		maps_free(m);
		m = NULL;
	}
	*out = m;
	return ok;
}

void maps_free(struct maps *m)
{
	if (m == NULL)
		return;
	while (m->first != NULL) {
		struct map *next = m->first->next;

		map_free(m->first);
		m->first = next;
	}
	free(m);
}

const char *maps_add(struct maps *m, const char *path, struct err *e)
{
	return add_file(m, path, e) ? m->first->as.id : NULL;
}

const struct map *maps_find(const struct maps *m, const char *name)
{
	const struct map *one = m == NULL ? NULL : m->first;

	while (one != NULL && !str_eq(one->as.id, name))
		one = one->next;
	return one;
}

const struct map *maps_next(const struct maps *m, const struct map *after)
{
	return m == NULL ? NULL : after == NULL ? m->first : after->next;
}

/* ---- recognising ---- */

#define SURE 95

static bool has_columns(const struct map *m, const char *head)
{
	size_t i = 0;

	while (i < m->nclaim && csv_heads(head, m->comma, &m->claim[i].path, 1))
		i++;
	return i == m->nclaim;
}

int map_sniff(const struct map *m, const struct peek *p)
{
	size_t i = 0;

	if (m->nclaim == 0)
		return 0;
	if (m->form == MAP_CSV)
		return peek_open(p) == 0 && has_columns(m, peek_head(p)) ? SURE : 0;
	while (i < m->nclaim && (m->claim[i].text == NULL ?
	                         peek_has(p, m->claim[i].path) :
	                         peek_is(p, m->claim[i].path, m->claim[i].text)))
		i++;
	return i == m->nclaim ? SURE : 0;
}
