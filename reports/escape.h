/* SPDX-License-Identifier: MIT */
/*
 * escape.h - the only code that may make imported text safe for a format. Imported text is
 * hostile.
 */
#ifndef ESCAPE_H
#define ESCAPE_H

#include "store/base/base.h"

/*
 * Each writes `s` (UTF-8; NULL as nothing) so that it is shown as it is and does nothing. Control
 * characters become ^X or <U+009B>, bidirectional ones <U+202E>, malformed UTF-8 U+FFFD.
 */
void escape_html(struct out *o, const char *s);     /* element content and quoted attributes */
void escape_markdown(struct out *o, const char *s); /* a cell or a line: no markup, no HTML  */
void escape_plain(struct out *o, const char *s);    /* a terminal                            */
/*
 * One CSV cell (RFC 4180). A cell that a spreadsheet would take for a formula (it begins with = +
 * - @, one of their wide forms, a tab or a line's end) gets a single quote in front, unless it is a
 * plain number.
 */
void escape_csv(struct out *o, const char *s);

/*
 * A YAML scalar in double quotes, whatever `s` holds, in ASCII: it can end neither the scalar nor
 * the line. Malformed UTF-8 becomes U+FFFD.
 */
void escape_yaml(struct out *o, const char *s);

#endif
