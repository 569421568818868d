/* SPDX-License-Identifier: MIT */
/* list.c - the register of lists, and SQL in the making. */
#include <stdlib.h>

#include "store/list.h"

#define LIST(id) extern const struct list_def list_##id;
#include "store/lists.def"
#undef LIST

static const struct list_def *const all[LIST_COUNT] = {
#define LIST(id) [LIST_##id] = &list_##id,
#include "store/lists.def"
#undef LIST
};

const struct list_def *list_def(enum list_id id)
{
	return all[id];
}

const struct list_info *store_list(enum list_id id)
{
	return &all[id]->info;
}

bool list_find(const char *name, enum list_id *out)
{
	for (size_t i = 0; i < LIST_COUNT; i++) {
		if (str_ieq(all[i]->info.name, name)) {
			*out = (enum list_id)i;
			return true;
		}
	}
	return false;
}

int list_column(const struct list_def *def, const char *name)
{
	for (size_t i = 0; i < def->info.ncol; i++)
		if (str_ieq(def->info.col[i].name, name))
			return (int)i;
	for (size_t i = 0; i < def->info.ncol; i++)
		if (def->info.col[i].brief && str_ieq(def->info.col[i].brief, name))
			return (int)i;
	return -1;
}

void sql_add(struct sql *q, const char *constant)
{
	buf_adds(&q->text, constant);
}

void sql_value(struct sql *q, const struct value *v)
{
	if (q->nbind == q->cap) {
		q->cap = q->cap ? q->cap * 2 : 16;
		q->bind = xrealloc_array(q->bind, q->cap, sizeof(*q->bind));
	}
	q->bind[q->nbind++] = *v;
	buf_addf(&q->text, "$%zu", q->nbind);
}

void sql_int(struct sql *q, int64_t i)
{
	sql_value(q, &(struct value){ VAL_INT, { .i = i } });
}

void sql_release(struct sql *q)
{
	buf_release(&q->text);
	free(q->bind);
	*q = (struct sql)SQL_INIT;
}
