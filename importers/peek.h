/* SPDX-License-Identifier: MIT */
/* peek.h - making the peek that sniffers look at. */
#ifndef PEEK_H
#define PEEK_H

#include "importers/importer.h"

struct peek *peek_new(const struct source *src);
/* Look at the head alone (`whole` false) or at the whole first document. What is found is added. */
bool peek_look(struct peek *p, bool whole, struct err *e) MUST_CHECK;
/* The head held the whole first document: looking further would tell nothing new. */
bool peek_whole(const struct peek *p);
/* The file holds "[]", "{}", "null" or {"findings": []}: a result, but of what? */
bool peek_empty(const struct peek *p);
/* Why the first document could not be read to its end, until the next look; NULL: it could. */
const struct err *peek_broken(const struct peek *p);
void peek_free(struct peek *p);
/* Has the first document, in an array its first element, the key? For what layouts differ in. */
bool peek_source_has(const struct source *src, const char *path);
/* Is it an array whose first element is an array? */
bool peek_source_nested(const struct source *src);

#endif
