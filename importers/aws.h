/* SPDX-License-Identifier: MIT */
/* aws.h - words that Amazon's scanners and its Security Hub share. */
#ifndef AWS_H
#define AWS_H

#include "store/base/base.h"

/* A version out of its three parts, "1:2.3-4"; the epoch 0 is none. Lives in `mem` or in them. */
const char *aws_version(struct arena *mem, const char *epoch, const char *version,
                        const char *release);
/* A version that is named as the first good one; Amazon has one word for "there is none". */
const char *aws_fixed(const char *version);
/* The family in "DEBIAN_11" where the manager is only "OS"; else the manager. Lives in `mem`. */
const char *aws_package_type(struct arena *mem, const char *manager, const char *platform);
/*
 * An image's full name in a registry of Amazon's; NULL unless account, region and repository are
 * known: without the registry it would be the name of another image. Lives in `mem`.
 */
const char *aws_image_name(struct arena *mem, const char *account, const char *region,
                           const char *repository, const char *tag);

#endif
