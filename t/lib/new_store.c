/* SPDX-License-Identifier: MIT */
/*
 * new_store.c - laying a schema takes longer than most tests do. The first store is laid as any;
 * what it was then is put under those that follow when SQLite opens them.
 */
#include <string.h>

#include <sqlite3.h>

#include "t/lib/test.h"
#include "t/lib/new_store.h"

static struct {
	sqlite3 *opened;
	unsigned char *bytes; /* of a new store; NULL: none yet */
	sqlite3_int64 size;
} image;

/* Called by SQLite for each connection that it opens. */
static int on_open(sqlite3 *db, UNUSED char **message, UNUSED const struct sqlite3_api_routines *r)
{
	unsigned char *copy;

	image.opened = db;
	if (!image.bytes)
		return SQLITE_OK;
	copy = sqlite3_malloc64((sqlite3_uint64)image.size);
	if (!copy)
		return SQLITE_NOMEM;
	memcpy(copy, image.bytes, (size_t)image.size);
	return sqlite3_deserialize(db, "main", copy, image.size, image.size,
				   SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_RESIZEABLE);
}

struct store *new_store_in_memory(const struct store_opts *o)
{
	void (*hook)(void) = (void (*)(void))on_open;
	struct store_opts in_memory = *o;
	struct err e = ERR_INIT;
	struct store *st;

	in_memory.path = ":memory:";
	assert_int_equal(sqlite3_auto_extension(hook), SQLITE_OK);
	if (!store_open(&st, &in_memory, &e))
		fail_msg("%s", e.text);
	sqlite3_cancel_auto_extension(hook);
	if (!image.bytes)
		image.bytes = sqlite3_serialize(image.opened, "main", &image.size, 0);
	assert_non_null(image.bytes);
	return st;
}
