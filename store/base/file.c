/* SPDX-License-Identifier: MIT */
/* file.c - whole files, folders and paths. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/base/base.h"

#define PIECE ((size_t)64 << 10)

/* Read fd to its end, or to one byte beyond limit. */
static bool read_all(int fd, const char *path, size_t limit, struct buf *b, struct err *e)
{
	char   *piece = xmalloc(PIECE);
	ssize_t n;

	while ((n = read(fd, piece, PIECE)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 || (size_t)n > limit - b->len)
			break;
		buf_add(b, piece, (size_t)n);
	}
	free(piece);
	if (n < 0)
		return err_errno(e, ERR_IO, errno, "cannot read %s", path);
	if (n > 0)
		return err_set(e, ERR_LIMIT, "%s is larger than %zu bytes", path, limit);
	return true;
}

bool file_read(const char *path, size_t limit, struct buf *b, struct err *e)
{
	int  fd = open(path, O_RDONLY | O_CLOEXEC);
	bool ok;

	buf_reset(b);
	if (fd < 0)
		return err_errno(e, ERR_IO, errno, "cannot open %s", path);
	ok = read_all(fd, path, limit, b, e);
	close(fd);
	return ok;
}

bool file_scratch(int *fd, struct err *e)
{
	const char *dir = getenv("TMPDIR");
	struct buf name = BUF_INIT;

	buf_addf(&name, "%s/seaworthy-XXXXXX", str_empty(dir) ? "/tmp" : dir);
	*fd = mkstemp(name.s);
	if (*fd < 0)
		err_errno(e, ERR_IO, errno, "cannot make a temporary file %s", name.s);
	else
		unlink(name.s);
	buf_release(&name);
	return *fd >= 0;
}

/* One folder, which may be there already. */
static bool make_folder(const char *path, struct err *e)
{
	struct stat st;

	if (mkdir(path, 0700) == 0)
		return true;
	if (errno != EEXIST)
		return err_errno(e, ERR_IO, errno, "cannot create the folder %s", path);
	if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode))
		return err_set(e, ERR_IO, "%s is in the way: it is not a folder", path);
	return true;
}

bool file_make_parents(const char *path, struct err *e)
{
	char *copy = xstrdup(path);
	bool  ok = true;

	for (char *p = copy; ok && *p; p++) {
		if (*p != '/' || p == copy || p[-1] == '/')
			continue;
		*p = '\0';
		ok = make_folder(copy, e);
		*p = '/';
	}
	free(copy);
	return ok;
}

const char *file_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}
