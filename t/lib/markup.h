/* SPDX-License-Identifier: MIT */
/* markup.h - is a page of HTML well-formed, and free of what could act? */
#ifndef MARKUP_H
#define MARKUP_H

#include "store/base/base.h"

/*
 * False, and *e says where, when a tag is not closed in its turn, an id comes twice, an "&" or "<"
 * stands bare, or there is a script, an event handler or anything to fetch.
 */
bool markup_check(const char *html, struct err *e) MUST_CHECK;

#endif
