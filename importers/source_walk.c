/* SPDX-License-Identifier: MIT */
/* source_walk.c - every input below a path; what a source knows of itself. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "importers/source_inner.h"

#define FOLDERS 64 /* depth of a directory tree, so that links in a circle end */

bool walk_one(struct walk *w, struct source *src, struct err *e)
{
	bool ok;

	w->n++;
	ok = src->archive ? source_members(src, w, e) : w->fn(w->ctx, src, e);
	source_close(src);
	return ok;
}

static bool walk_file(struct walk *w, const char *path, struct err *e)
{
	struct source *src;

	if (source_open_any(path, &src, e))
		return walk_one(w, src, e);
	w->n++;
	return w->failed != NULL && e->kind != ERR_CANCEL && w->failed(w->ctx, path, e);
}

static int by_name(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;

	return strcmp(*x, *y);
}

/* The names in a folder, sorted, without the hidden ones; they live in `mem`. */
static bool names(const char *path, struct arena *mem, char ***out, size_t *n, struct err *e)
{
	DIR *dir = opendir(path);
	const struct dirent *d;
	size_t cap = 0;

	if (dir == NULL)
		return err_errno(e, ERR_IO, errno, "%s", path);
	while ((d = readdir(dir)) != NULL) {
		if (d->d_name[0] == '.')
			continue;
		if (*n == cap) {
			cap = cap == 0 ? 64 : cap * 2;
			*out = xrealloc_array(*out, cap, sizeof(char *));
		}
		(*out)[(*n)++] = arena_dup(mem, d->d_name);
	}
	closedir(dir);
	if (*n > 1)
		qsort(*out, *n, sizeof(char *), by_name);
	return true;
}

static bool walk_path(struct walk *w, const char *path, int depth, struct err *e);

static bool walk_folder(struct walk *w, const char *path, int depth, struct err *e)
{
	struct arena mem = ARENA_INIT;
	char **name = NULL;
	size_t n = 0;
	bool ok;

	if (depth == FOLDERS)
		return err_set(e, ERR_LIMIT, "%s: more than %d folders deep", path, FOLDERS);
	ok = names(path, &mem, &name, &n, e);
	for (size_t i = 0; ok && i < n; i++) {
		const char *sep = str_suffix(path, "/") ? "" : "/";

		ok = walk_path(w, arena_printf(&mem, "%s%s%s", path, sep, name[i]), depth + 1, e);
	}
	free(name);
	arena_release(&mem);
	return ok;
}

static bool walk_path(struct walk *w, const char *path, int depth, struct err *e)
{
	struct stat st;

	bool there = stat(path, &st) == 0;

	if (there && S_ISDIR(st.st_mode))
		return walk_folder(w, path, depth, e);
	if (depth > 0 && there && !S_ISREG(st.st_mode))
		return true; /* sockets and pipes inside a folder are nobody's reports */
	return walk_file(w, path, e);
}

bool source_walk(const char *path, source_fn *fn, source_failed_fn *failed, void *ctx,
		 struct err *e)
{
	struct walk w = { fn, failed, ctx, 0 };

	if (!walk_path(&w, path, 0, e))
		return false;
	return w.n > 0 || err_set(e, ERR_USAGE, "%s: no files in it", path);
}

int64_t source_count(const char *path)
{
	struct arena mem = ARENA_INIT;
	struct err unread = ERR_INIT;
	char **name = NULL;
	size_t n = 0;
	int64_t all = 0;
	struct stat st;

	if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode))
		return 1;
	if (!names(path, &mem, &name, &n, &unread))
		n = 0;
	for (size_t i = 0; i < n; i++) {
		const char *below = arena_printf(&mem, "%s/%s", path, name[i]);

		/* a link to a folder may lead in a circle: that counts as one */
		if (lstat(below, &st) == 0)
			all += S_ISDIR(st.st_mode) ? source_count(below) : !S_ISFIFO(st.st_mode);
	}
	free(name);
	arena_release(&mem);
	return all;
}

const char *source_path(const struct source *src)
{
	return src->path;
}

const char *source_name(const struct source *src)
{
	return src->name;
}

int64_t source_size(const struct source *src)
{
	return src->size;
}

int64_t source_mtime(const struct source *src)
{
	return src->mtime;
}

enum source_form source_form(const struct source *src)
{
	return src->form;
}

bool source_sha256(const struct source *src, uint8_t out[static SHA256_SIZE], struct err *e)
{
	if (!src->seen->hashed && !source_hash(src, e))
		return false;
	memcpy(out, src->seen->sha256, SHA256_SIZE);
	return true;
}
