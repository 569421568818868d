/* SPDX-License-Identifier: MIT */
/* cases.c - the cases of t/import. */
#include "t/lib/test.h"

#include <dirent.h>
#include <stdio.h>

#include "t/lib/cases.h"

/* Folders are spelled like the files, with '_'. */
const char *cases_id(struct arena *mem, const char *folder)
{
	char *id = arena_dup(mem, folder);

	for (char *c = id; *c != 0; c++)
		if (*c == '_')
			*c = '-';
	return id;
}

static int by_name(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;

	return strcmp(*x, *y);
}

const char **cases_list(struct arena *mem, const char *dir, const char *prefix, size_t *n)
{
	const char **name = arena_array(mem, const char *, 1000);
	DIR *d = opendir(dir);
	const struct dirent *ent;

	*n = 0;
	while (d != NULL && (ent = readdir(d)) != NULL)
		if (ent->d_name[0] != '.' && str_prefix(ent->d_name, prefix) && *n < 1000)
			name[(*n)++] = arena_dup(mem, ent->d_name);
	if (d != NULL)
		closedir(d);
	qsort(name, *n, sizeof(*name), by_name);
	return name;
}

#define MOST 4000

struct one_case *cases_all(struct arena *mem, size_t *n)
{
	size_t ndir, ncase, ninput;
	const char **dir = cases_list(mem, CASES, "", &ndir);
	struct one_case *all = arena_array(mem, struct one_case, MOST), *c;

	*n = 0;
	for (size_t i = 0; i < ndir; i++) {
		const char *path = arena_printf(mem, CASES "/%s", dir[i]);
		const char **name = cases_list(mem, path, "", &ncase), **input;

		for (size_t k = 0; k < ncase && *n < MOST; k++) {
			c = &all[(*n)++];
			c->name = arena_printf(mem, "%s/%s", dir[i], name[k]);
			c->importer = cases_id(mem, dir[i]);
			c->dir = arena_printf(mem, CASES "/%s", c->name);
			input = cases_list(mem, c->dir, "input.", &ninput);
			c->input = ninput == 0 ? c->dir :
			                         arena_printf(mem, "%s/%s", c->dir, input[0]);
		}
	}
	return all;
}

static void set_option(struct import_opts *o, struct arena *mem, const char *key, const char *value)
{
	value = arena_dup(mem, value);
	if (str_eq(key, "format"))
		o->format = value;
	else if (str_eq(key, "cluster"))
		o->cluster = value;
	else if (str_eq(key, "node"))
		o->node = value;
	else if (str_eq(key, "image"))
		o->image = value;
	else if (str_eq(key, "at"))
		assert_true(time_parse(value, &o->at));
	else if (str_eq(key, "partial"))
		o->partial = true;
	else if (str_eq(key, "keep_raw"))
		o->keep_raw = true;
	else
		fail_msg("unknown option %s", key);
}

void cases_options(const struct one_case *c, struct import_opts *o, struct arena *mem)
{
	const char *path = arena_printf(mem, "%s/options", c->dir);
	struct buf text = BUF_INIT;
	struct err e = ERR_INIT;

	if (!file_read(path, 65536, &text, &e)) {
		buf_release(&text);
		return;
	}
	for (char *line = text.s, *next; *line != 0; line = next) {
		char *blank;

		next = line + strcspn(line, "\n");
		if (*next != 0)
			*next++ = 0;
		blank = line + strcspn(line, " ");
		if (*blank != 0)
			*blank++ = 0;
		if (*line != 0)
			set_option(o, mem, line, blank);
	}
	buf_release(&text);
}
