/* SPDX-License-Identifier: MIT */
/* policy_file.c - where policies lie: the user's folder, then the built-in ones. */
#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>

#include "store/policy_json.h"

#define FOLDER "store/policies/"
#define ENDING ".json"

/* $XDG_CONFIG_HOME/seaworthy/policies; NULL without a home. */
static const char *user_folder(struct arena *mem)
{
	const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");

	if (!str_empty(config))
		return arena_printf(mem, "%s/seaworthy/policies", config);
	if (!str_empty(home))
		return arena_printf(mem, "%s/.config/seaworthy/policies", home);
	return NULL;
}

/* ---- names ---- */

struct names {
	struct arena *mem;
	const char **s;
	size_t n, cap;
};

static void add_name(struct names *l, const char *base)
{
	size_t len = strlen(base) - strlen(ENDING);
	const char *name = arena_dupn(l->mem, base, len);

	if (str_index(l->s, l->n, name) >= 0)
		return;
	ARENA_MORE(l->mem, l->s, l->n, l->cap);
	l->s[l->n++] = name;
}

static int by_name(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;

	return strcmp(*x, *y);
}

static void add_user_names(struct names *l)
{
	const char *folder = user_folder(l->mem);
	DIR *d = folder ? opendir(folder) : NULL;

	if (!d)
		return;
	for (const struct dirent *f = readdir(d); f; f = readdir(d))
		if (f->d_name[0] != '.' && str_suffix(f->d_name, ENDING))
			add_name(l, f->d_name);
	closedir(d);
}

void policy_names(struct arena *mem, const char *const **out, size_t *n)
{
	struct names l = { .mem = mem };

	for (const struct embed *f = embed_next(FOLDER, NULL); f; f = embed_next(FOLDER, f))
		add_name(&l, file_base(f->path));
	add_user_names(&l);
	qsort(l.s, l.n, sizeof(*l.s), by_name);
	*out = l.s;
	*n = l.n;
}

/* ---- texts ---- */

static bool unknown_policy(const char *name, struct arena *mem, struct err *e)
{
	const char *const *names, *near;
	struct buf all = BUF_INIT;
	size_t n;

	policy_names(mem, &names, &n);
	for (size_t i = 0; i < n; i++)
		buf_addf(&all, "%s%s", i ? ", " : "", names[i]);
	near = str_nearest(names, n, name);
	if (near)
		err_set(e, ERR_USAGE, "there is no policy %s; did you mean %s? There are: %s", name,
			near, all.s);
	else
		err_set(e, ERR_USAGE, "there is no policy %s; there are: %s", name, all.s);
	buf_release(&all);
	return false;
}

bool policy_text(const char *name, struct arena *mem, const char **file, struct buf *out,
		 struct err *e)
{
	const char *folder = user_folder(mem);
	const struct embed *f;

	if (str_empty(name) || strchr(name, '/'))
		return err_set(e, ERR_USAGE, "%s is no name of a policy", name ? name : "");
	*file = folder ? arena_printf(mem, "%s/%s" ENDING, folder, name) : NULL;
	if (*file && access(*file, F_OK) == 0)
		return file_read(*file, POLICY_LIMIT, out, e);
	f = embed_find(arena_printf(mem, FOLDER "%s" ENDING, name));
	if (!f)
		return unknown_policy(name, mem, e);
	*file = f->path;
	buf_reset(out);
	buf_add(out, f->data, f->size);
	return true;
}
