/* SPDX-License-Identifier: MIT */
/* version.h - which of two versions is the later, by the rules of their ecosystem. */
#ifndef VERSION_H
#define VERSION_H

#include "store/base/base.h"

/*
 * -1, 0 or 1. `type` is a package type (deb, rpm, apk, pypi, maven, golang, npm, ...); one not
 * known compares by numbers and words. Sources: Debian Policy 5.6.12; rpm-version(7);
 * apk-package(5); Semantic Versioning 2.0.0, clause 11; PyPA version specifiers (PEP 440); Maven
 * POM reference, version order; Go modules reference, versions.
 */
int version_compare(const char *type, const char *a, const char *b);
/* The lowest of a ", "-separated list that is above `have` into `mem`; the lowest of all when none
 * is; NULL: empty. */
const char *version_next(const char *type, const char *have, const char *list, struct arena *mem);
/* Of the name of a system: "debian 12" of "debian 12.5", "alpine 3.18" of "alpine 3.18.4". Only
 * within such a release do the versions of its packages compare. */
size_t version_release(const char *os);

#endif
