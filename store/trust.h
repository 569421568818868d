/* SPDX-License-Identifier: MIT */
/* trust.h - the public keys that policies name as signers. Private to store/. */
#ifndef TRUST_H
#define TRUST_H

#include "store/store.h"

struct trust_key {
	const char *pem;
	char name[SIGN_NAME_SIZE]; /* what a signature that it verified is told by */
};
/* Of every policy there is, in use or not: whose key counts is for the policy that judges to say.
 * Each key once. */
struct trust {
	const struct trust_key *key;
	size_t n;
	const char *unread; /* names of policies that cannot be read, ", " between; "" none */
};

/* The key that made this signature of these bytes; NULL: none of them. */
const struct trust_key *trust_find(const struct trust *t, const void *p, size_t n,
				   const void *signature, size_t size);

/* A signer's `key` of a policy: PEM rather than a pattern. */
bool trust_is_pem(const char *key);

#endif
