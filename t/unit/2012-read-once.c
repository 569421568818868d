/* SPDX-License-Identifier: MIT */
/* 2012-read-once.c - what its tool writes in order is read once, and nothing is lost when it is
 * not. */
#include "t/lib/test.h"

#include "importers/read.h"
#include "importers/source.h"

struct take {
	struct sink sink;
	uint64_t    total;  /* bytes that were to be read */
	size_t      n;      /* records */
	bool        refuse; /* every record */
};

static bool note_total(struct sink *s, uint64_t done, uint64_t total, struct err *e)
{
	(void)done;
	(void)e;
	((struct take *)s)->total = total;
	return true;
}

static bool on_any(void *ctx, const struct read_record *r, struct err *e)
{
	struct take *t = ctx;

	(void)r;
	t->n++;
	return !t->refuse || err_set(e, ERR_FORMAT, "no name");
}

static const struct read_field fields[] = { { "name" }, { "tags", READ_LIST } };
static const struct read_scope scopes[] = {
	{ "", fields, LENGTH(fields), on_any },
	{ "results[]", fields, LENGTH(fields), on_any },
	{ "results[].rows[]", fields, LENGTH(fields), on_any },
};

static enum err_kind take(struct take *t, const char *json, bool hasty)
{
	const struct read_opts o = { .flags = READ_ORDERED, .sink = &t->sink };
	struct err e = ERR_INIT;
	struct source *src;

	t->sink = (struct sink){ .tick = note_total, .hasty = hasty };
	if (!source_open_bytes("x.json", json, strlen(json), &src, &e))
		fail_msg("%s", e.text);
	if (read_document(src, scopes, LENGTH(scopes), t, &o, &e))
		assert_int_equal(e.kind, ERR_NONE);
	source_close(src);
	return e.kind;
}

static void what_is_in_order_is_read_once(void **state)
{
	static const char json[] = "{\"name\": \"n\", \"results\": [{\"rows\": [{}]}, {}],"
				   " \"x\": 1}";
	struct take hasty = { .n = 0 }, careful = { .n = 0 };

	(void)state;
	assert_int_equal(take(&hasty, json, true), ERR_NONE);
	assert_int_equal(hasty.total, strlen(json));
	assert_int_equal(take(&careful, json, false), ERR_NONE);
	assert_int_equal(careful.total, 2 * strlen(json));
	assert_int_equal(hasty.n, careful.n);
}

static void what_comes_late_asks_for_more_care(void **state)
{
	static const char *const late[] = {
		"{\"results\": [{}], \"name\": \"n\"}",
		"{\"results\": [{\"rows\": [{}], \"name\": \"t\"}]}",
		"{\"tags\": [\"a\"], \"results\": [{}], \"tags\": [\"b\"]}",
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(late); i++) {
		struct take t = { .n = 0 };

		assert_int_equal(take(&t, late[i], true), ERR_AGAIN);
		assert_int_equal(take(&t, late[i], false), ERR_NONE);
	}
}

static void what_a_record_misses_may_come_late(void **state)
{
	struct take t = { .refuse = true };

	(void)state;
	assert_int_equal(take(&t, "{\"results\": []}", true), ERR_AGAIN);
	assert_int_equal(take(&t, "{\"results\": []}", false), ERR_FORMAT);
}

static void what_is_not_json_is_so_at_once(void **state)
{
	struct take t = { .n = 0 };

	(void)state;
	assert_int_equal(take(&t, "{\"results\": [{]}", true), ERR_FORMAT);
	assert_int_equal(take(&t, "{\"results\": [{}", true), ERR_FORMAT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_in_order_is_read_once),
		cmocka_unit_test(what_comes_late_asks_for_more_care),
		cmocka_unit_test(what_a_record_misses_may_come_late),
		cmocka_unit_test(what_is_not_json_is_so_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
