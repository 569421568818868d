/* SPDX-License-Identifier: MIT */
/* bearing.c - what a change in hand bears on of what is judged. */
#include "store/bearing.h"
#include "store/store_private.h"

void bears_on(struct store *st, unsigned what)
{
	st->bears.what |= what;
}

void bears_class(struct store *st, int64_t class_id)
{
	if (class_id > 0)
		keyset_add(&st->bears.classes, (uint64_t)class_id);
}

void bears_rule(struct store *st, int64_t advisory)
{
	if (advisory > 0)
		keyset_add(&st->bears.rules, (uint64_t)advisory);
}

void bears_end(struct store *st)
{
	keyset_release(&st->bears.classes);
	keyset_release(&st->bears.rules);
	st->bears = (struct bearing){ .what = BEARS_ALL, .from = -1 };
}

void bears_begin(struct store *st, int64_t newest)
{
	bears_end(st);
	st->bears.what = 0;
	st->bears.from = newest;
}
