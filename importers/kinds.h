/* SPDX-License-Identifier: MIT */
/* kinds.h - what type a package is of, where a report tells it only by something else. */
#ifndef KINDS_H
#define KINDS_H

#include "store/base/base.h"

/*
 * The purl type that is told by the file in which a package stands ("app/package-lock.json",
 * "var/lib/dpkg/status"); NULL: it tells none.
 */
const char *kind_of_path(const char *path);
/* That of a system's own packages ("Debian GNU/Linux 12", "alpine:3.19"); NULL: not known. */
const char *kind_of_system(const char *os);
/* That of the system whose own list of vulnerabilities an address is of; NULL: of no system. */
const char *kind_of_tracker(const char *url);

/* A report's list of packages: their types, by name and version. */
struct kinds {
	struct kind *first; /* starts as NULL */
	struct arena mem;
};
#define KINDS_INIT { NULL, ARENA_INIT }
void kinds_note(struct kinds *k, const char *name, const char *version, const char *type);
/* The noted type; NULL: none, or several. */
const char *kinds_find(const struct kinds *k, const char *name, const char *version);
void kinds_release(struct kinds *k);

#endif
