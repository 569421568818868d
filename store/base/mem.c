/* SPDX-License-Identifier: MIT */
/* mem.c - memory that never comes back NULL, and arenas. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "store/base/base.h"

/* Blocks double from the first size up to the last; larger objects get a block to themselves. */
#define BLOCK_FIRST ((size_t)4 << 10)
#define BLOCK_LAST  ((size_t)1 << 20)

struct arena_block {
	struct arena_block *older;
	size_t              size;    /* bytes in data */
	alignas(max_align_t) unsigned char data[];
};

void (*die_hook)(void) = NULL;

void die(const char *fmt, ...)
{
	va_list ap;

	if (die_hook)
		die_hook();
	fputs("seaworthy: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(70); /* EX_SOFTWARE of sysexits.h */
}

void mem_hold(void)
{
#ifdef __GLIBC__
	(void)(mallopt(M_TRIM_THRESHOLD, MEM_HELD) && mallopt(M_MMAP_THRESHOLD, MEM_HELD));
#endif
}

size_t array_size(size_t n, size_t size)
{
	if (size != 0 && n > SIZE_MAX / size)
		die("%zu objects of %zu bytes are more than memory can hold", n, size);
	return n * size;
}

void *xmalloc(size_t size)
{
	void *p = malloc(size > 0 ? size : 1);

	if (!p)
		die("out of memory (%zu bytes)", size);
	return p;
}

void *xcalloc(size_t n, size_t size)
{
	size_t total = array_size(n, size);
	void  *p = calloc(1, total > 0 ? total : 1);

	if (!p)
		die("out of memory (%zu bytes)", total);
	return p;
}

void *xrealloc_array(void *p, size_t n, size_t size)
{
	size_t total = array_size(n, size);
	void  *q = realloc(p, total > 0 ? total : 1);

	if (!q)
		die("out of memory (%zu bytes)", total);
	return q;
}

char *xstrdup(const char *s)
{
	size_t size;

	if (!s)
		return NULL;
	size = strlen(s) + 1;
	return memcpy(xmalloc(size), s, size);
}

/* A new block with room for `need` bytes, put first. */
static void grow(struct arena *a, size_t need)
{
	size_t              size = BLOCK_FIRST;
	struct arena_block *b;

	if (a->block)
		size = a->block->size < BLOCK_LAST ? a->block->size * 2 : a->block->size;
	if (size > BLOCK_LAST)
		size = BLOCK_LAST;
	if (size < need)
		size = need;
	if (size > SIZE_MAX - sizeof(*b))
		die("out of memory (%zu bytes)", size);
	b = xmalloc(sizeof(*b) + size);
	b->older = a->block;
	b->size = size;
	a->block = b;
	a->used = 0;
}

/* Where the next object of this alignment would begin in the newest block. */
static size_t aligned(const struct arena *a, size_t align)
{
	uintptr_t at = (uintptr_t)a->block->data + a->used;

	return a->used + (size_t)(-at & (align - 1));
}

/* Room for an object, with whatever lies there. */
static void *take(struct arena *a, size_t size, size_t align)
{
	size_t at;

	assert(align > 0 && (align & (align - 1)) == 0);
	if (size > SIZE_MAX - align)
		die("out of memory (%zu bytes)", size);
	if (!a->block)
		grow(a, size + align);
	at = aligned(a, align);
	if (at > a->block->size || size > a->block->size - at) {
		grow(a, size + align);
		at = aligned(a, align);
	}
	a->used = at + size;
	return a->block->data + at;
}

void *arena_alloc(struct arena *a, size_t size, size_t align)
{
	return memset(take(a, size, align), 0, size);
}

void *arena_more(struct arena *a, void *p, size_t n, size_t *cap, size_t size)
{
	void *more;

	if (n < *cap)
		return p;
	*cap = *cap > 0 ? 2 * *cap : 16;
	more = arena_alloc(a, array_size(*cap, size), alignof(max_align_t));
	return n > 0 ? memcpy(more, p, n * size) : more;
}

char *arena_dupn(struct arena *a, const char *s, size_t n)
{
	char *copy = take(a, array_size(n, 1) + 1, 1);

	if (n > 0)
		memcpy(copy, s, n);
	copy[n] = '\0';
	return copy;
}

char *arena_dup(struct arena *a, const char *s)
{
	return s ? arena_dupn(a, s, strlen(s)) : NULL;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
	struct buf b = BUF_INIT;
	va_list    ap;
	char      *copy;

	va_start(ap, fmt);
	buf_addv(&b, fmt, ap);
	va_end(ap);
	copy = arena_dupn(a, b.s, b.len);
	buf_release(&b);
	return copy;
}

/* Keeps the newest block: blocks grow, so it is the largest of the common kind. */
void arena_reset(struct arena *a)
{
	struct arena_block *keep = a->block;
	struct arena        rest = ARENA_INIT;

	if (!keep)
		return;
	rest.block = keep->older;
	keep->older = NULL;
	a->used = 0;
	arena_release(&rest);
}

void arena_release(struct arena *a)
{
	struct arena_block *b = a->block;

	while (b) {
		struct arena_block *older = b->older;

		free(b);
		b = older;
	}
	a->block = NULL;
	a->used = 0;
}
