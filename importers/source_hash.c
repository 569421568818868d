/* SPDX-License-Identifier: MIT */
/* source_hash.c - the hash of a large file, on a thread beside the one that reads it. */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "importers/source_inner.h"

#define BLOCK ((size_t)64 << 10)

bool source_read_at(int fd, uint64_t at, char *dst, size_t size, size_t *n, struct err *e)
{
	ssize_t k;

	do
		k = pread(fd, dst, size, (off_t)at);
	while (k < 0 && errno == EINTR);
	if (k < 0)
		return err_errno(e, ERR_IO, errno, "cannot read");
	*n = (size_t)k;
	return true;
}

struct hashing {
	int            fd;
	uint64_t       at;
	struct sha256 *hash;
	struct relay  *relay;
	struct err     e;
	bool           ok; /* the end of the file was reached */
	char           block[BLOCK];
};

static bool add_block(struct hashing *h, bool *more)
{
	size_t n;

	if (!source_read_at(h->fd, h->at, h->block, BLOCK, &n, &h->e))
		return false;
	sha256_add(h->hash, h->block, n);
	h->at += n;
	*more = n > 0;
	return true;
}

/* Nothing is given: the relay only tells when nobody waits for the sum any more. */
static void hash_rest(void *ctx, struct relay *relay)
{
	struct hashing *h = ctx;
	bool more = true;
	size_t slot;

	h->ok = true;
	while (h->ok && more)
		h->ok = relay_empty(relay, &slot) && add_block(h, &more);
}

struct hashing *hashing_start(int fd, uint64_t at, struct sha256 *hash)
{
	struct hashing *h = xmalloc(sizeof(*h));

	*h = (struct hashing){ .fd = fd, .at = at, .hash = hash };
	h->relay = relay_start(1, hash_rest, h);
	if (h->relay)
		return h;
	free(h);
	return NULL;
}

bool hashing_end(struct hashing *h, struct err *e)
{
	size_t slot;
	bool ok;

	while (relay_next(h->relay, &slot))
		continue;
	ok = h->ok;
	if (!ok)
		*e = h->e;
	hashing_drop(h);
	return ok;
}

void hashing_drop(struct hashing *h)
{
	if (!h)
		return;
	relay_stop(h->relay);
	free(h);
}
