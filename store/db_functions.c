/* SPDX-License-Identifier: MIT */
/* db_functions.c - our functions in SQL. */
#include <sqlite3.h>
#include <stdlib.h>

#include "store/db_functions.h"
#include "store/event_pack.h"
#include "store/filter.h"
#include "store/version.h"

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

/* The last pack that was asked of: rows in order ask of the same one again and again. */
struct opened {
	struct packer *packer;
	struct buf     packed;
	const char    *text; /* the packer's; NULL: it is damaged */
	size_t         n;
};

static void free_opened(void *p)
{
	struct opened *o = p;

	packer_free(o->packer);
	buf_release(&o->packed);
	free(o);
}

static bool open_pack(struct opened *o, const char *bytes, size_t n)
{
	if (o->text && o->packed.len == n && memcmp(o->packed.s, bytes, n) == 0)
		return true;
	buf_reset(&o->packed);
	buf_add(&o->packed, bytes, n);
	o->text = packer_unpack(o->packer, bytes, n, &o->n);
	return o->text != NULL;
}

static void packed(sqlite3_context *ctx, UNUSED int n, sqlite3_value **arg)
{
	struct opened *o = sqlite3_user_data(ctx);
	const char *bytes = sqlite3_value_blob(arg[0]), *text;
	size_t len = 0;

	if (!bytes)
		return;
	if (!open_pack(o, bytes, (size_t)sqlite3_value_bytes(arg[0]))) {
		sqlite3_result_error(ctx, "the texts of some events are damaged", -1);
		return;
	}
	text = event_pack_find(o->text, o->n, sqlite3_value_int64(arg[1]), &len);
	if (text)
		sqlite3_result_text(ctx, text, (int)len, SQLITE_TRANSIENT);
}

static void release_of(sqlite3_context *ctx, UNUSED int n, sqlite3_value **arg)
{
	const char *os = (const char *)sqlite3_value_text(arg[0]);

	if (os)
		sqlite3_result_text(ctx, os, (int)version_release(os), SQLITE_TRANSIENT);
}

static void tell_now(sqlite3_context *ctx, UNUSED int n, UNUSED sqlite3_value **arg)
{
	const struct clock *clock = sqlite3_user_data(ctx);

	sqlite3_result_int64(ctx, clock->now ? *clock->now : 0);
}

static void tell_heard(sqlite3_context *ctx, UNUSED int n, UNUSED sqlite3_value **arg)
{
	const struct clock *clock = sqlite3_user_data(ctx);
	const bool told = clock->silent && *clock->silent > 0;

	sqlite3_result_int64(ctx, told ? *clock->now - *clock->silent : 0);
}

/* "until<TAB>1802685600" is "until 2027-02-16": of lines that end with a time only this. */
static void add_line(struct buf *out, const char *line, size_t len)
{
	static const char until[] = "until\t";
	const size_t name = sizeof(until) - 1;
	struct buf value = BUF_INIT;
	char date[11];
	int64_t t;

	buf_add(&value, line, len);
	if (str_prefix(value.s, until) && str_int64(value.s + name, 1, INT64_MAX / 2, &t)) {
		time_print_date(t, date);
		buf_addf(out, "until %s", date);
	} else {
		for (size_t i = 0; i < len; i++)
			buf_addc(out, line[i] == '\t' ? ' ' : line[i]);
	}
	buf_release(&value);
}

/* Records end with a line's end; a note may have several lines itself. */
static void in_one_line(sqlite3_context *ctx, UNUSED int n, sqlite3_value **arg)
{
	const char *text = (const char *)sqlite3_value_text(arg[0]);
	struct buf out = BUF_INIT;

	while (text && *text) {
		size_t len = strcspn(text, "\n");

		add_line(&out, text, len);
		text += len;
		text += *text == '\n';
		if (*text)
			buf_adds(&out, "; ");
	}
	sqlite3_result_text(ctx, out.s ? out.s : "", (int)out.len, SQLITE_TRANSIENT);
	buf_release(&out);
}

static void add(sqlite3 *h, const char *name, int narg, int flags, void *ctx,
                void (*fn)(sqlite3_context *ctx, int n, sqlite3_value **arg),
                void (*end)(void *ctx))
{
	flags |= SQLITE_UTF8 | SQLITE_DIRECTONLY;
	if (sqlite3_create_function_v2(h, name, narg, flags, ctx, fn, NULL, NULL, end) != SQLITE_OK)
		die("out of memory");
}

static struct opened *opened_new(void)
{
	struct opened *o = xcalloc(1, sizeof(*o));

	o->packer = packer_new();
	o->packed = (struct buf)BUF_INIT;
	return o;
}

void db_add_functions(struct sqlite3 *handle, struct clock *clock)
{
	add(handle, "text_match", 3, SQLITE_DETERMINISTIC, NULL, text_match, NULL);
	add(handle, "field_of", 2, SQLITE_DETERMINISTIC, NULL, field_of, NULL);
	add(handle, "release_of", 1, SQLITE_DETERMINISTIC, NULL, release_of, NULL);
	add(handle, "in_one_line", 1, SQLITE_DETERMINISTIC, NULL, in_one_line, NULL);
	add(handle, "store_now", 0, 0, clock, tell_now, NULL);
	add(handle, "store_heard", 0, 0, clock, tell_heard, NULL);
	add(handle, "packed", 2, SQLITE_DETERMINISTIC, opened_new(), packed, free_opened);
}
