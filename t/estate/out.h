/* SPDX-License-Identifier: MIT */
/* out.h - one writer for each format; all write the same world. */
#ifndef ESTATE_OUT_H
#define ESTATE_OUT_H

#include "t/estate/world.h"

void out_trivy(struct out *o, const struct image *im, size_t scan);
void out_grype(struct out *o, const struct image *im, size_t scan);
/* What linters say of how an image is built; the file of not every image is there to be read. */
bool image_linted(const struct image *im);
void out_hadolint(struct out *o, const struct image *im);
void out_dockle(struct out *o, const struct image *im);
void out_kubectl(struct out *o, const struct cluster *c, size_t scan);
void out_kube_bench(struct out *o, const struct cluster *c, const char *node, size_t scan);
void out_kyverno(struct out *o, const struct cluster *c, size_t scan);
void out_gatekeeper(struct out *o, const struct cluster *c, size_t scan);
/* What Falco saw between the scan before and this one. */
void out_falco(struct out *o, const struct cluster *c, size_t scan);
/* `cosign verify` of an image that has a signature; not every image has one. */
bool image_signed(const struct image *im);
void out_cosign(struct out *o, const struct image *im);
/* What the admission webhook logged on a scan's day, and the API server's audit log up to it. */
bool admission_spoke(const struct cluster *c, size_t scan);
void out_admission(struct out *o, const struct cluster *c, size_t scan);
bool audit_spoke(const struct cluster *c, size_t scan);
void out_audit(struct out *o, const struct cluster *c, size_t scan);
void out_kev(struct out *o, size_t scan);
void out_epss(struct out *o, size_t scan);

/* Package URL of a sighting in an image. */
void purl_print(struct buf *b, const struct image *im, const struct sighting *s);

#endif
