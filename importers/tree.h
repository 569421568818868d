/* SPDX-License-Identifier: MIT */
/* tree.h - a small piece of JSON as a tree: what the reader hands over as text (READ_RAW). */
#ifndef TREE_H
#define TREE_H

#include <jansson.h>

#include "store/base/base.h"

/*
 * The tree of `text`, which the caller gives back with json_decref. NULL for NULL, and for what no
 * tree can hold: a number beyond all sizes, half of a surrogate pair written as an escape. A NUL
 * written as an escape ends its text.
 */
json_t *tree_parse(const char *text);

/* What stands at "securityContext.capabilities.drop" below `o`; NULL when absent or null. */
const json_t *tree_at(const json_t *o, const char *path);
/* The text there; NULL when it is absent, empty or no text. */
const char *tree_text(const json_t *o, const char *path);
/* The whole number there, also written as text; false leaves *out alone. */
bool tree_int(const json_t *o, const char *path, int64_t *out) MUST_CHECK;
/* True only for true. */
bool tree_true(const json_t *o, const char *path);
/* Does the array hold this text, ASCII case folded? NULL holds nothing. */
bool tree_holds(const json_t *array, const char *text);

#endif
