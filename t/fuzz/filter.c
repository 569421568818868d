/* SPDX-License-Identifier: MIT */
/* filter.c - any text as a filter of any list: parsed or refused, and what is parsed runs. */
#include <stdlib.h>

#include "store/filter.h"
#include "t/fuzz/fuzz.h"

/* Rows for the filters to judge: every column empty, then every column at its worst. */
static void judge(const struct filter *f, const struct list_def *def, int64_t i, const char *s,
		  struct arena *mem)
{
	struct value *val = arena_array(mem, struct value, def->info.ncol);
	struct row r = { { 0 }, val };
	struct filter_eval *v = filter_eval_new(f, def);

	for (size_t k = 0; k < def->info.ncol; k++) {
		val[k].type = def->info.col[k].type;
		if (val[k].type == VAL_TEXT || val[k].type == VAL_LIST)
			val[k].u.s = s;
		else
			val[k].u.i = i;
	}
	(void)filter_eval_row(v, &r);
	filter_eval_free(v);
}

static void try(enum list_id list, const char *text)
{
	const struct list_def *def = list_def(list);
	struct arena mem = ARENA_INIT;
	struct err e = ERR_INIT;
	const struct filter *f;
	size_t at = SIZE_MAX;

	if (!filter_parse(list, text, 1000000000, &mem, &f, &at, &e)) {
		if (at > strlen(text) || e.kind != ERR_USAGE || !*e.text)
			abort();
	} else if (f) {
		struct sql q = SQL_INIT;

		judge(f, def, 0, "", &mem);
		judge(f, def, INT64_MAX, "a/b:c@d, e", &mem);
		if (!def->rows)
			filter_sql(f, def, &q);
		sql_release(&q);
	}
	arena_release(&mem);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena mem = ARENA_INIT;
	const char *text;

	if (size < 2)
		return 0;
	text = arena_dupn(&mem, (const char *)data + 1, size - 1);
	try((enum list_id)(data[0] % LIST_COUNT), text);
	arena_release(&mem);
	return 0;
}
