/* SPDX-License-Identifier: MIT */
/* marked.h - texts of controls with marks in them (record.h): reading and changing them. */
#ifndef MARKED_H
#define MARKED_H

#include "store/record.h"

/* Append the text as people read it. */
void marked_plain(const char *s, struct buf *out);
/* Put `text` for each parameter of that id; false: there is none. */
bool marked_set(struct buf *b, const char *id, const char *text);
/* Put `text` at the part of that id, NULL: the whole; at the end where there is no such part. */
void marked_add(struct buf *b, const char *id, enum change_place at, const char *text);
/* Take away the parts that `c` describes. */
void marked_remove(struct buf *b, const struct rec_change *c);

#endif
