/* SPDX-License-Identifier: MIT */
/*
 * wrapped.h - documents inside others: the predicate of an attestation, what buildx and GitHub put
 * around a bill of materials.
 */
#ifndef WRAPPED_H
#define WRAPPED_H

#include "importers/importer.h"

struct wrapped {
	const char *under;         /* path to the document, for read_opts; NULL: it is the file   */
	/* what the attestation is of, when that is an image, or NULL */
	const char *image, *digest, *platform;
};

/*
 * Where a document is whose `key` has a text that begins with `prefix` (NULL: any): "" when it is
 * the file; NULL: nowhere.
 */
const char *wrapped_path(const struct peek *p, const char *key, const char *prefix);
/*
 * What an attestation says that it is of: the name and digest of its first subject, each may be
 * NULL. Leaves `out` alone where that is no image. Texts live in `mem`.
 */
void wrapped_subject(struct arena *mem, const char *name, const char *sha256, struct wrapped *out);
/* Where it is and what that is of, for an importer's run. Texts live in `mem`. */
bool wrapped_find(const struct source *src, const char *key, struct arena *mem, struct wrapped *out,
                  struct err *e) MUST_CHECK;

#endif
