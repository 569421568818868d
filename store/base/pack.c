/* SPDX-License-Identifier: MIT */
/* pack.c - bytes made smaller, and as they were again (libzstd). */
#include <stdlib.h>
#include <zstd.h>

#include "store/base/base.h"

/* The quickest that still finds what repeats: an import waits for it. */
#define LEVEL (-1)

struct packer {
	ZSTD_CCtx *in;
	ZSTD_DCtx *out;
	char      *bytes;
	size_t     cap;
};

struct packer *packer_new(void)
{
	return xcalloc(1, sizeof(struct packer));
}

void packer_free(struct packer *p)
{
	if (!p)
		return;
	ZSTD_freeCCtx(p->in);
	ZSTD_freeDCtx(p->out);
	free(p->bytes);
	free(p);
}

static void make_room(struct packer *p, size_t n)
{
	if (n <= p->cap)
		return;
	free(p->bytes);
	p->bytes = xmalloc(n);
	p->cap = n;
}

const void *packer_pack(struct packer *p, const void *s, size_t n, size_t *size)
{
	if (!p->in)
		p->in = ZSTD_createCCtx();
	if (!p->in)
		die("out of memory");
	make_room(p, ZSTD_compressBound(n));
	*size = ZSTD_compressCCtx(p->in, p->bytes, p->cap, s, n, LEVEL);
	if (ZSTD_isError(*size))
		die("libzstd cannot compress");
	return p->bytes;
}

const void *packer_unpack(struct packer *p, const void *s, size_t n, size_t *size)
{
	unsigned long long whole = ZSTD_getFrameContentSize(s, n);

	if (whole > PACK_LIMIT) /* its two errors are the greatest numbers */
		return NULL;
	if (!p->out)
		p->out = ZSTD_createDCtx();
	if (!p->out)
		die("out of memory");
	make_room(p, (size_t)whole + 1);
	*size = ZSTD_decompressDCtx(p->out, p->bytes, p->cap, s, n);
	return ZSTD_isError(*size) || *size != whole ? NULL : p->bytes;
}
