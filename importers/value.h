/* SPDX-License-Identifier: MIT */
/* value.h - values that many formats write alike: scores, digests, targets, secrets. */
#ifndef VALUE_H
#define VALUE_H

#include "store/base/base.h"

/* Both with `sep` between them, or the one that is there, or NULL. Lives in `mem`, `a` or `b`. */
const char *value_join(struct arena *mem, const char *a, const char *sep, const char *b);
/*
 * The type of a package, where "os" stands for one of the image's system: `os`, "debian 12.5",
 * tells the family. Lives in `mem` or is `type`; each may be NULL.
 */
const char *value_package_type(struct arena *mem, const char *type, const char *os);
/* Is the name of an image that of an archive or a folder, and no reference? NULL is none. */
bool value_is_file(const char *name);
/*
 * A CVSS base score ("9.8", "10") in tenths, 0-100; -1 when there is none or it lies outside 0-10.
 */
int value_score(const char *text);
/*
 * A probability ("0.0719") in ten-thousandths, 0-10000; -1 when there is none or it lies outside
 * 0-1.
 */
int value_share(const char *text);
/*
 * The digest of "name@sha256:<64 hex>" or of the bare digest; NULL when it is not well-formed.
 * Points into `ref`.
 */
const char *value_digest(const char *ref);
/* Percent-decoded; a '%' that no two digits follow, or 00, stays. Lives in `mem`. */
const char *value_decoded(struct arena *mem, const char *s);
/* The digest in the purl of an image, percent-encoded or not; NULL: none. Lives in `mem`. */
const char *value_purl_digest(struct arena *mem, const char *purl);
/*
 * Split "name:tag (debian 12.5)", which is how Trivy names an image among its targets. False when
 * the text has no such tail; the two live in `mem`.
 */
bool value_target(struct arena *mem, const char *target, const char **name, const char **os);
/*
 * What may be shown of the line that holds a secret. Text in which the scanner has put a run of
 * asterisks is taken as it is; of any other only what stands before the first '=' or ':' stays
 * legible. Lives in `mem`.
 */
const char *value_mask(struct arena *mem, const char *match);
/* A text in which "NAME=value" may stand: each value, up to the next blank, in asterisks. */
const char *value_mask_values(struct arena *mem, const char *text);
/*
 * The title of a benchmark's check without the end in brackets, "(Automated)", which says how it is
 * checked and is spelled in several ways. Lives in `mem` or is `title`.
 */
const char *value_title(struct arena *mem, const char *title);
/* The line without the colours that a terminal was to show it in. Lives in `mem` or is `s`. */
const char *value_plain(struct arena *mem, const char *s);

#endif
