/* SPDX-License-Identifier: MIT */
/* builtin.c - the catalogues that ride in the program, as sources like any other. */
#include "importers/source.h"

/* In this order every line refers to earlier ones only. */
static const char *const folders[] = {
	"importers/classes.tsv", "importers/rules/", "importers/frameworks/",
	"importers/crosswalks/", "importers/checklist.tsv",
};

static bool visit(const struct embed *f, source_fn *fn, void *ctx, struct err *e)
{
	struct source *src;
	bool ok;

	if (!source_open_bytes(f->path, f->data, f->size, &src, e))
		return false;
	ok = fn(ctx, src, e);
	source_close(src);
	return ok;
}

bool source_walk_builtin(source_fn *fn, void *ctx, struct err *e)
{
	for (size_t i = 0; i < LENGTH(folders); i++)
		for (const struct embed *f = embed_next(folders[i], NULL); f;
		     f = embed_next(folders[i], f))
			if (!visit(f, fn, ctx, e))
				return false;
	return true;
}
