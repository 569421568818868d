/* SPDX-License-Identifier: MIT */
/* source_spool.c - unlinked temporary files for what can be read only once. */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "importers/source_inner.h"

bool spool_open(struct spool *s, struct err *e)
{
	s->hash = NULL;
	if (!file_scratch(&s->fd, e))
		return false;
	s->hash = sha256_new();
	return true;
}

bool spool_add(struct spool *s, const char *p, size_t n, struct err *e)
{
	sha256_add(s->hash, p, n);
	while (n > 0) {
		ssize_t k = write(s->fd, p, n);

		if (k < 0 && errno == EINTR)
			continue;
		if (k < 0)
			return err_errno(e, ERR_IO, errno, "cannot write a temporary file");
		p += k;
		n -= (size_t)k;
	}
	return true;
}

void spool_drop(struct spool *s)
{
	uint8_t sum[SHA256_SIZE];

	sha256_end(s->hash, sum);
	close(s->fd);
}

bool spool_source(struct spool *s, const char *path, int64_t mtime, struct source **out,
		  struct err *e)
{
	uint8_t sum[SHA256_SIZE];

	sha256_end(s->hash, sum);
	return source_from_fd(path, s->fd, mtime, sum, out, e);
}

int spool_detach(struct spool *s)
{
	uint8_t sum[SHA256_SIZE];

	sha256_end(s->hash, sum);
	return s->fd;
}
