/* SPDX-License-Identifier: MIT */
/* out.c - output that remembers its first error, and files that appear whole or not at all. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/base/base.h"

#define PENDING   ((size_t)64 << 10)
#define TEMP_TRIES 100

struct out {
	struct buf *sink; /* borrowed; set: nothing below but err is used */
	size_t      sink_start;
	int         fd;   /* -1: never opened */
	char       *path; /* what the user calls it; NULL: standard output */
	char       *real; /* what the temporary file will be renamed to; NULL: written directly */
	char       *temp;
	struct err  err;  /* the first thing that went wrong */
	struct buf  pending;
};

static const char *name_of(const struct out *o)
{
	return o->path ? o->path : "standard output";
}

static void fail(struct out *o, int errnum)
{
	if (o->err.kind == ERR_NONE)
		err_errno(&o->err, ERR_IO, errnum, "cannot write %s", name_of(o));
}

/* A new file beside o->real; the umask decides its mode, and O_EXCL that nobody else's is used. */
static void open_temp(struct out *o)
{
	struct buf name = BUF_INIT;

	for (int i = 0; i < TEMP_TRIES; i++) {
		buf_reset(&name);
		buf_addf(&name, "%s.%ld-%d.tmp", o->real, (long)getpid(), i);
		o->fd = open(name.s, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
		if (o->fd >= 0 || errno != EEXIST)
			break;
	}
	if (o->fd < 0)
		fail(o, errno);
	else
		o->temp = xstrdup(name.s);
	buf_release(&name);
}

/* Writing through a link must not replace the link; a device or pipe cannot be replaced at all. */
static void open_path(struct out *o)
{
	struct stat st;

	if (stat(o->path, &st) != 0) {
		o->real = xstrdup(o->path);
		open_temp(o);
		return;
	}
	if (!S_ISREG(st.st_mode)) {
		o->fd = open(o->path, O_WRONLY | O_CLOEXEC);
		if (o->fd < 0)
			fail(o, errno);
		return;
	}
	o->real = realpath(o->path, NULL);
	if (!o->real) {
		fail(o, errno);
		return;
	}
	open_temp(o);
	if (o->fd >= 0 && fchmod(o->fd, st.st_mode & 07777) != 0)
		fail(o, errno);
}

static struct out *out_new(void)
{
	struct out *o = xcalloc(1, sizeof(*o));

	o->fd = -1;
	o->pending = (struct buf)BUF_INIT;
	return o;
}

struct out *out_file(const char *path)
{
	struct out *o = out_new();

	if (str_eq(path, "-")) {
		o->fd = STDOUT_FILENO;
	} else {
		o->path = xstrdup(path);
		open_path(o);
	}
	return o;
}

struct out *out_buf(struct buf *b)
{
	struct out *o = out_new();

	o->sink = b;
	o->sink_start = b->len;
	return o;
}

static void flush(struct out *o)
{
	const char *p = o->pending.s;
	size_t      left = o->pending.len;

	while (left > 0 && !out_failed(o)) {
		ssize_t n = write(o->fd, p, left);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			fail(o, errno);
			break;
		}
		p += n;
		left -= (size_t)n;
	}
	buf_reset(&o->pending);
}

void out_add(struct out *o, const char *s, size_t n)
{
	if (o->sink) {
		buf_add(o->sink, s, n);
	} else if (!out_failed(o)) {
		buf_add(&o->pending, s, n);
		if (o->pending.len >= PENDING)
			flush(o);
	}
}

void out_puts(struct out *o, const char *s)
{
	out_add(o, s, strlen(s));
}

void out_printf(struct out *o, const char *fmt, ...)
{
	va_list ap;

	if (out_failed(o))
		return;
	va_start(ap, fmt);
	buf_addv(o->sink ? o->sink : &o->pending, fmt, ap);
	va_end(ap);
	if (!o->sink && o->pending.len >= PENDING)
		flush(o);
}

bool out_failed(const struct out *o)
{
	return o->err.kind != ERR_NONE;
}

/* A new name is on the disk only once its folder is. Some file systems cannot say: no harm then. */
static void sync_folder(const char *path)
{
	char *folder = xstrdup(path);
	char *slash = strrchr(folder, '/');
	int   fd;

	if (slash)
		slash[slash == folder] = '\0';
	fd = open(slash ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
	free(folder);
}

static void free_out(struct out *o)
{
	if (o->fd > STDOUT_FILENO)
		close(o->fd);
	if (o->temp)
		unlink(o->temp);
	free(o->temp);
	free(o->real);
	free(o->path);
	buf_release(&o->pending);
	free(o);
}

/* Put the finished temporary file in its place. */
static void publish(struct out *o)
{
	int fd = o->fd;

	if (out_failed(o) || !o->temp)
		return;
	if (fsync(fd) != 0) {
		fail(o, errno);
		return;
	}
	o->fd = -1;
	if (close(fd) != 0 || rename(o->temp, o->real) != 0) {
		fail(o, errno);
		return;
	}
	free(o->temp);
	o->temp = NULL;
	sync_folder(o->real);
}

bool out_close(struct out *o, struct err *e)
{
	bool ok;

	flush(o);
	publish(o);
	ok = !out_failed(o);
	if (!ok)
		*e = o->err;
	free_out(o);
	return ok;
}

void out_discard(struct out *o)
{
	if (o->sink && o->sink->len > o->sink_start) {
		o->sink->len = o->sink_start;
		o->sink->s[o->sink_start] = '\0';
	}
	free_out(o);
}
