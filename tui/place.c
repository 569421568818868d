/* SPDX-License-Identifier: MIT */
/* place.c - where the files lie that are named in the dashboard: anywhere, or in one folder. */
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "tui/app_state.h"

/* "~/x" is below the home folder. */
static void expand(const char *typed, struct buf *out)
{
	const char *home = getenv("HOME");

	if (str_prefix(typed, "~/") && home)
		buf_addf(out, "%s%s", home, typed + 1);
	else
		buf_adds(out, typed);
}

/* Is `path`, which exists, the folder or below it, whatever links lead there? */
static bool lies_in(const char *folder, const char *path)
{
	char *top = realpath(folder, NULL), *real = realpath(path, NULL);
	size_t n = top ? strlen(top) : 0;
	bool in = top && real && strncmp(real, top, n) == 0 && (real[n] == '\0' || real[n] == '/');

	free(top);
	free(real);
	return in;
}

/* The folder that a file is in, or will be. */
static bool parent_lies_in(const char *folder, const char *path)
{
	struct buf parent = BUF_INIT;
	bool in;

	buf_add(&parent, path, (size_t)(strrchr(path, '/') - path));
	in = lies_in(folder, parent.s);
	buf_release(&parent);
	return in;
}

/* A URL or standard input is no file of the folder; neither is what a link leads out of it to. */
static bool confine(const char *folder, const char *typed, struct buf *out, struct err *e)
{
	buf_addf(out, "%s/%s", folder, typed);
	if (typed[0] != '\0' && typed[0] != '/' && typed[0] != '~' && !str_eq(typed, "-") &&
	    !strstr(typed, "://") && parent_lies_in(folder, out->s) &&
	    (access(out->s, F_OK) != 0 || lies_in(folder, out->s)))
		return true;
	return err_set(e, ERR_USAGE, "only files in %s may be named, not %s", folder, typed);
}

bool app_place(const struct app *a, const char *typed, char *out, size_t size, struct err *e)
{
	struct buf path = BUF_INIT;
	bool ok = true;

	if (a->opts->folder)
		ok = confine(a->opts->folder, typed, &path, e);
	else
		expand(typed, &path);
	if (ok && !str_copy(out, size, path.s))
		ok = err_set(e, ERR_LIMIT, "the path is too long");
	buf_release(&path);
	return ok;
}
