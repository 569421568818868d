/* SPDX-License-Identifier: MIT */
/* embed.h - the table the Makefile writes from the files to bake in. */
#ifndef EMBED_H
#define EMBED_H

#include "store/base/base.h"

extern const struct embed embed_table[]; /* sorted by path, then one entry of NULLs */
extern const size_t       embed_count;   /* without that last entry */

#endif
