/* SPDX-License-Identifier: MIT */
/* shape.h - JSON written anew in another shape: the same values, every number's text kept. */
#ifndef SHAPE_H
#define SHAPE_H

#include "store/base/base.h"

enum shape_order { SHAPE_AS_IS, SHAPE_SORTED, SHAPE_REVERSED };

/* Documents one after the other; NULL when the text is anything but JSON. Lives in `mem`. */
struct shape;
struct shape *shape_parse(struct arena *mem, const char *text);
size_t shape_count(const struct shape *s); /* of documents */
/* Is every document an object with this member? */
bool shape_have(const struct shape *s, const char *key);
/* The elements of the one array that the text is, as documents; NULL: it is something else. */
struct shape *shape_elements(const struct shape *s);

/*
 * Write all documents with their members in this order: on one line each, or with `pretty` on many.
 * `end` stands behind every document.
 */
void shape_write(const struct shape *s, enum shape_order order, bool pretty, const char *end,
                 struct buf *out);

#endif
