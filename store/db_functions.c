/* SPDX-License-Identifier: MIT */
/* db_functions.c - our functions in SQL. */
#include <sqlite3.h>

#include "store/db_functions.h"
#include "store/filter.h"

static void free_pattern(void *p)
{
	pattern_free(p);
}

/* The compiled pattern is kept with the statement while it does not change. */
static void text_match(sqlite3_context *ctx, UNUSED int n, sqlite3_value **arg)
{
	struct pattern *p = sqlite3_get_auxdata(ctx, 1), *made = NULL;
	const char *pattern = (const char *)sqlite3_value_text(arg[1]);
	const char *text = (const char *)sqlite3_value_text(arg[2]);
	int how = sqlite3_value_int(arg[0]);

	if (!p && pattern && how >= 0 && how < TEXT_HOW_COUNT)
		p = made = pattern_new((enum text_how)how, pattern, NULL);
	if (!p) {
		sqlite3_result_error(ctx, "text_match: this pattern does not compile", -1);
		return;
	}
	sqlite3_result_int(ctx, pattern_match(p, text ? text : ""));
	if (made)
		sqlite3_set_auxdata(ctx, 1, made, free_pattern);
}

static void field_of(sqlite3_context *ctx, UNUSED int n, sqlite3_value **arg)
{
	const char *fields = (const char *)sqlite3_value_text(arg[0]);
	const char *name = (const char *)sqlite3_value_text(arg[1]);
	size_t len = 0;
	const char *value = fields && name ? fields_find(fields, name, &len) : NULL;

	sqlite3_result_text(ctx, value ? value : "", (int)len, SQLITE_TRANSIENT);
}

static void tell_now(sqlite3_context *ctx, UNUSED int n, UNUSED sqlite3_value **arg)
{
	const int64_t *const *now = sqlite3_user_data(ctx);

	sqlite3_result_int64(ctx, *now ? **now : 0);
}

static void add(sqlite3 *h, const char *name, int narg, int flags, void *ctx,
                void (*fn)(sqlite3_context *ctx, int n, sqlite3_value **arg))
{
	flags |= SQLITE_UTF8 | SQLITE_DIRECTONLY;
	if (sqlite3_create_function(h, name, narg, flags, ctx, fn, NULL, NULL) != SQLITE_OK)
		die("out of memory");
}

void db_add_functions(struct sqlite3 *handle, const int64_t **now)
{
	add(handle, "text_match", 3, SQLITE_DETERMINISTIC, NULL, text_match);
	add(handle, "field_of", 2, SQLITE_DETERMINISTIC, NULL, field_of);
	add(handle, "store_now", 0, 0, now, tell_now);
}
