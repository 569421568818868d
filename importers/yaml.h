/* SPDX-License-Identifier: MIT */
/* yaml.h - YAML becomes JSON, so that one reader serves both. */
#ifndef IMPORTERS_YAML_H
#define IMPORTERS_YAML_H

#include "importers/json.h"

typedef bool yaml_put_fn(void *ctx, const char *p, size_t n, struct err *e);
/*
 * Write every document of a YAML text as one line of JSON. The first `skip` bytes are left out.
 * Plain scalars get their type from the core schema (null, booleans, numbers written as JSON
 * writes them; all else is text); merge keys are kept as they are. Anchors may be used again
 * within YAML_ALIAS bytes in all: ERR_LIMIT beyond, and for nesting deeper than READ_DEPTH.
 * ERR_FORMAT names the line.
 */
bool yaml_to_json(json_more_fn *more, void *ctx, uint64_t skip, yaml_put_fn *put, void *put_ctx,
                  struct err *e) MUST_CHECK;
#define YAML_ALIAS ((size_t)4 << 20)

#endif
