/* SPDX-License-Identifier: MIT */
/* twistlock.h - how Twistlock and Prisma Cloud name packages, in all that they write. */
#ifndef TWISTLOCK_H
#define TWISTLOCK_H

#include "store/base/base.h"

#define TWISTLOCK_FIXED "fixed in " /* before the versions; other words are only a state */

/* Of a system's own packages they say only that they are such: "os", "package". */
const char *twistlock_type(const char *type, const char *distro);
/* "org.example_core" of a jar: Maven's group, which has dots, and artifact. */
const char *twistlock_package(struct arena *mem, const char *package, const char *type);

#endif
