/* SPDX-License-Identifier: MIT */
/* readback.h - JSON that we wrote, read by a reader that is not ours (jansson). */
#ifndef READBACK_H
#define READBACK_H

#include <jansson.h>

#include "store/base/base.h"

/*
 * The one value that `b` holds, on one line that a terminal may see, no key twice; NULL and *e
 * otherwise. The caller drops the reference.
 */
json_t *read_line(const struct buf *b, struct err *e);
/* The value at "asset.names.0"; NULL when there is none. */
const json_t *read_at(const json_t *v, const char *path);

#endif
