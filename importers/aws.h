/* SPDX-License-Identifier: MIT */
/* aws.h - what Amazon's scanners and its Security Hub share: words, images, packages. */
#ifndef AWS_H
#define AWS_H

#include "importers/scanner.h"

/* An image in a registry of Amazon's; all but one of digest and name may be NULL. */
struct aws_image {
	const char *name; /* as somebody else calls it; NULL: by the registry's words */
	const char *account, *region, *repository, *digest, *arch, *os;
	size_t      tags; /* field with its tags, a list                              */
};
bool aws_put_image(struct scanner *s, const struct read_record *r, const struct aws_image *i,
                   struct err *e) MUST_CHECK;

/* Lists of a finding that have an item for each of its resources: their fields' numbers. */
struct aws_resources {
	size_t id, account, region, repository, digest, arch;
	size_t tags; /* of a single one: of several nobody says which tag is whose */
};
/*
 * Of the n-th resource: what `field` says. What not each of several has in the same number cannot
 * be told apart: it is left out.
 */
const char *aws_of_resource(const struct read_record *r, const struct aws_resources *f,
                            size_t field, size_t n);
/* It as an image, the system left out. */
struct aws_image aws_image_of(const struct read_record *r, const struct aws_resources *f,
                              size_t n);

/* Fields of a package, which both spell alike but for the case of the first letter. */
enum {
	AWS_SELF, AWS_NAME, AWS_EPOCH, AWS_VERSION, AWS_RELEASE, AWS_MANAGER, AWS_FIXED, AWS_PATH,
	AWS_LAYER, AWS_PACKAGE
};
/*
 * Package, version, fix and place of a row from such a record. A manager that is only "OS" gives
 * way to the family in `platform` ("DEBIAN_11"). Lives in the scanner's `mem` or in the record.
 */
void aws_package(struct scanner *s, const struct read_record *r, const char *platform,
                 struct rec_vulnerability *v);
/*
 * A row that is no longer to count, for `status` ("fixed", "ignored") and what is said of it; one
 * without id or package is skipped.
 */
bool aws_settled(struct scanner *s, const struct read_record *r, const struct rec_vulnerability *v,
                 const char *status, const char *text, struct err *e) MUST_CHECK;
/* The aliases that a list has, at most AWS_NAMES; returns how many. */
#define AWS_NAMES 64
size_t aws_related(const struct read_record *r, size_t field, const char **alias);

#endif
