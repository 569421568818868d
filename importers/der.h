/* SPDX-License-Identifier: MIT */
/* der.h - what signatures wrap things in: base64, PEM, and the two names in a Fulcio certificate.
 */
#ifndef DER_H
#define DER_H

#include "store/base/base.h"

/* The bytes between the first pair of PEM lines; as they came when there are none. */
const char *pem_decode(struct arena *mem, const char *text, size_t *n);

/*
 * Who asked for a certificate (its subject alternative name: mail address or URI) and who vouched
 * for that (Fulcio's issuer extension, old or new); NULL where it does not say. In `mem`. The
 * certificate is looked into, not verified. Source: RFC 5280; Fulcio, oid-info.
 */
void certificate_names(struct arena *mem, const char *der, size_t n, const char **signer,
                       const char **issuer);

#endif
