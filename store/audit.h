/* SPDX-License-Identifier: MIT */
/* audit.h - the hash of a record, for those who write and those who check. Private to store/. */
#ifndef AUDIT_H
#define AUDIT_H

#include "store/store_private.h"

/* Of all of a record but its own hash. */
void audit_hash(const struct audit_record *r, uint8_t out[static SHA256_SIZE]);
/* Hash of the newest record; zeros when there is none. */
bool store_head(struct store *st, uint8_t out[static SHA256_SIZE], struct err *e) MUST_CHECK;

/* Something is wrong from this record on; of several, what was found first is kept. */
void audit_fault(struct verify_answer *out, int64_t seq, const char *reason);
/* Do the tables of what people decided hold what the trail says of it? What differs is a fault. */
bool audit_check_said(struct store *st, struct verify_answer *out, struct err *e) MUST_CHECK;

#endif
