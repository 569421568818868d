/* SPDX-License-Identifier: MIT */
/*
 * bearing.h - what a change in hand bears on of what is judged; private to store/.
 *
 * Imports say what they touch as they write it, and only the controls that this can change are
 * judged again when the change is kept. Who says nothing bears on everything.
 */
#ifndef BEARING_H
#define BEARING_H

#include "store/memo.h"

struct store;

enum {
	BEARS_ALL = 1,
	BEARS_VULNERABILITIES = 2,
	BEARS_SCANS = 4, /* of images that count */
	BEARS_SECRETS = 8,
	BEARS_SIGNATURES = 16,
	BEARS_DRIFT = 32,  /* images that run */
	BEARS_IMAGES = 64, /* which of them count */
};

struct bearing {
	unsigned what;
	struct keyset classes; /* of rules with findings, and of alerts */
	struct keyset rules;   /* advisories with check results */
	int64_t from;	       /* the newest audit record before the change; -1: none was begun */
};

void bears_on(struct store *st, unsigned what);
void bears_class(struct store *st, int64_t class_id);
void bears_rule(struct store *st, int64_t advisory);

/* A change begins, behind that audit record: nothing is touched yet. */
void bears_begin(struct store *st, int64_t newest);
/* The change is kept, or not: whatever comes next is one of its own. */
void bears_end(struct store *st);

#endif
