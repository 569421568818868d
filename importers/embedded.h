/* SPDX-License-Identifier: MIT */
/* embedded.h - JSON inside a string or behind a log's prefix. */
#ifndef EMBEDDED_H
#define EMBEDDED_H

#include "importers/read.h"

/*
 * Read `n` bytes of text as documents of their own, with scopes as for read_document. *good is
 * false when the text is no JSON, which is no failure; what the functions set is. Places are those
 * inside the text, so the caller tells its own.
 */
bool embedded_read(const char *json, size_t n, const struct read_scope *scope, size_t nscope,
                   void *ctx, bool *good, struct err *e) MUST_CHECK;

/* Where the object in a line of a log begins, behind whatever a logger put there; NULL: nowhere. */
const char *embedded_find(const char *line);

#endif
