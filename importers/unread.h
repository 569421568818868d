/* SPDX-License-Identifier: MIT */
/* unread.h - forms of known tools that are not read. */
#ifndef UNREAD_H
#define UNREAD_H

#include "importers/peek.h"

/* What the file is, and what to have written instead; NULL: not known. */
const char *unread(const struct peek *p);

#endif
