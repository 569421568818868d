/* SPDX-License-Identifier: MIT */
/* audit.h - the hash of a record, for those who write and those who check. Private to store/. */
#ifndef AUDIT_H
#define AUDIT_H

#include "store/store_private.h"

/* Of all of a record but its own hash. */
void audit_hash(const struct audit_record *r, uint8_t out[static SHA256_SIZE]);
/* Hash of the newest record; zeros when there is none. */
bool store_head(struct store *st, uint8_t out[static SHA256_SIZE], struct err *e) MUST_CHECK;

#endif
