/* SPDX-License-Identifier: MIT */
/*
 * wrapped.h - documents inside others: the predicate of an attestation, what buildx and GitHub put
 * around a bill of materials.
 */
#ifndef WRAPPED_H
#define WRAPPED_H

#include "importers/importer.h"
#include "importers/read.h"

struct subject {
	/* what an attestation is of, when that is an image; all NULL when it is something else */
	const char *image, *digest, *platform;
	int64_t     at; /* when the attested scan ended, seconds UTC; 0: not said */
};

/*
 * Where a document is whose `key` has a text that begins with `prefix` (NULL: any): "" when it is
 * the file; NULL: nowhere.
 */
const char *wrapped_path(const struct peek *p, const char *key, const char *prefix);
/* The same for an importer's run, which has no peek; "" where it is nowhere. */
bool wrapped_find(const struct source *src, const char *key, const char **under, struct err *e)
	MUST_CHECK;
/*
 * What an attestation says that it is of: the name and digest of its first subject, each may be
 * NULL. Leaves `out` alone where that is no image. Texts live in `mem`.
 */
void wrapped_subject(struct arena *mem, const char *name, const char *sha256, struct subject *out);

/*
 * As read_document, of documents that lie at `under`. A scope whose path begins with "[]" is of
 * files that are arrays, and is left out of documents in others.
 */
bool wrapped_read(const struct source *src, const char *under, const struct read_scope *scope,
                  size_t nscope, void *ctx, const struct read_opts *o, struct err *e) MUST_CHECK;
/*
 * What the attestation around the document is of, while it is read so: of many in one file each
 * has its own. Texts live in `mem`.
 */
struct subject wrapped_around(struct arena *mem, const struct read_record *document);

#endif
