/* SPDX-License-Identifier: MIT */
/* embed.c - look up files baked into the binary. */
#include <stdlib.h>

#include "store/base/embed.h"

static int compare(const void *path, const void *entry)
{
	return strcmp(path, ((const struct embed *)entry)->path);
}

const struct embed *embed_find(const char *path)
{
	return bsearch(path, embed_table, embed_count, sizeof(embed_table[0]), compare);
}

const struct embed *embed_next(const char *prefix, const struct embed *after)
{
	const struct embed *f = after ? after + 1 : embed_table;

	for (; f->path; f++)
		if (str_prefix(f->path, prefix))
			return f;
	return NULL;
}
