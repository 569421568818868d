/* SPDX-License-Identifier: MIT */
/* nowhere.c - a sink that looks at each record and keeps none. */
#include <stdlib.h>

#include "t/lib/nowhere.h"

static bool put(struct sink *s, const struct record *r, struct err *e)
{
	(void)s;
	(void)e;
	if (r->kind >= REC_KIND_COUNT)
		abort();
	return true;
}

static bool tick(struct sink *s, uint64_t done, uint64_t total, struct err *e)
{
	(void)s;
	(void)done;
	(void)total;
	(void)e;
	return true;
}

struct sink nowhere(void)
{
	return (struct sink){ put, tick };
}
