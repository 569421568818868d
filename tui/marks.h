/* SPDX-License-Identifier: MIT */
/*
 * marks.h - the rows chosen for the next act, by key: they stay marked wherever the list scrolls.
 */
#ifndef MARKS_H
#define MARKS_H

#include "store/store.h"

enum { MARKS_MAX = 10000 }; /* what is more is a job for the command line */

struct mark {
	int64_t key[4];
};
struct marks { /* zeroed, then marks_release() */
	struct mark *mark; /* sorted */
	size_t       n, cap;
};

bool marks_have(const struct marks *m, const int64_t key[4]);
bool marks_add(struct marks *m, const int64_t key[4]); /* false: full */
void marks_remove(struct marks *m, const int64_t key[4]);
void marks_clear(struct marks *m);
void marks_release(struct marks *m);

#endif
