/* SPDX-License-Identifier: MIT */
/*
 * purl.h - packages as URLs that scanners take for theirs. Private to reports/. Source:
 * package-url/purl-spec, and its types.
 */
#ifndef PURL_H
#define PURL_H

#include "store/store.h"

/* The systems inside images: packages of a distribution are named with it. */
struct systems {
	struct system_of *of;
	size_t n;
};
/* Of all images, in `mem`. */
bool systems_load(struct store *st, struct arena *mem, struct systems *out,
                  struct err *e) MUST_CHECK;
/* "debian 12.5"; "" where it is not known. */
const char *systems_find(const struct systems *s, int64_t image);

/* Percent-encoded, but for letters, digits and -._~ */
void purl_encode(struct buf *b, const char *s, size_t n);
/* The parts of a name, each encoded by itself: "org.x:y" of Maven, "@x/y" of npm. */
void purl_name(struct buf *b, const char *name, char parted);
/* A package in an image of this system; where that is not known, it has no namespace. */
const char *purl_package(struct arena *mem, const char *type, const char *name,
                         const char *version, const char *system);

#endif
