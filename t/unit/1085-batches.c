/* SPDX-License-Identifier: MIT */
/* 1085-batches.c - many imports in one commit: each whole or not at all, all there at the end. */
#include "t/lib/test.h"

#include "store/store_private.h"

#define NOW INT64_C(1795466400)

/* A store in the test's own folder, or in memory. */
static struct store *open_at(const char *name)
{
	struct arena mem = ARENA_INIT;
	struct store_opts o = { .path = name, .now = NOW };
	struct store *st;
	struct err e = ERR_INIT;

	if (!str_eq(name, ":memory:"))
		o.path = arena_printf(&mem, "%s/%s", getenv("TMPDIR"), name);
	if (!store_open(&st, &o, &e))
		fail_msg("%s", e.text);
	arena_release(&mem);
	return st;
}

/* One finding in a tree of this name; what the store said. */
static bool bring(struct store *st, const char *tree, bool keep, struct err *e)
{
	uint8_t hash[SHA256_SIZE] = { 0 };
	const struct ingest_opts in = { .file = tree, .importer = "test", .sha256 = hash };
	const struct record rec[] = {
		{ .kind = REC_SCAN, .u.scan = { .source = "test", .at = NOW } },
		{ .kind = REC_ASSET, .u.asset = { .kind = ASSET_TREE, .name = tree } },
		{ .kind = REC_FINDING, .u.finding = { .kind = FINDING_LINT, .place = "file",
						      .rule = { .id = "rule" } } },
	};
	struct ingest_stats stats;
	struct sink *sink;
	bool ok;

	str_copy((char *)hash, sizeof(hash), tree);
	if (!store_ingest_begin(st, &in, &sink, e))
		return false;
	for (size_t i = 0; i < LENGTH(rec); i++)
		assert_true(sink->put(sink, &rec[i], e));
	ok = store_ingest_end(sink, keep, &stats, e);
	ingest_stats_release(&stats);
	return ok;
}

static int64_t count_of(struct store *st, const char *sql)
{
	struct err e = ERR_INIT;
	int64_t n;

	assert_true(db_scalar(db_stmt(st->db, sql), 0, &n, &e));
	return n;
}

static int64_t findings(struct store *st)
{
	return count_of(st, "SELECT COUNT(*) FROM finding");
}

static void each_is_whole_or_not_at_all(UNUSED void **state)
{
	struct store *st = open_at(":memory:");
	struct err e = ERR_INIT;

	store_batch_begin(st);
	assert_int_equal(store_batch_age(st), 0);
	assert_true(bring(st, "a", true, &e));
	assert_true(bring(st, "b", false, &e));
	assert_true(bring(st, "c", true, &e));
	assert_true(store_batch_age(st) > 0);
	assert_true(store_batch_end(st, &e));
	assert_int_equal(findings(st), 2);
	assert_int_equal(count_of(st, "SELECT COUNT(*) FROM import WHERE name = 'b'"), 0);
	assert_true(bring(st, "d", true, &e));
	assert_int_equal(findings(st), 3);
	store_close(st);
}

static void others_see_them_together(UNUSED void **state)
{
	struct store *st = open_at("batches.db"), *other = open_at("batches.db");
	struct err e = ERR_INIT;

	store_batch_begin(st);
	assert_true(bring(st, "a", true, &e));
	assert_true(bring(st, "b", true, &e));
	assert_int_equal(findings(other), 0);
	assert_true(store_batch_end(st, &e));
	assert_int_equal(findings(other), 2);
	store_close(other);
	store_close(st);
}

static void an_empty_batch_holds_nothing(UNUSED void **state)
{
	struct store *st = open_at("empty.db"), *other = open_at("empty.db");
	struct err e = ERR_INIT;

	store_batch_begin(st);
	assert_true(bring(other, "a", true, &e));
	assert_true(store_batch_end(st, &e));
	assert_int_equal(findings(st), 1);
	store_close(other);
	store_close(st);
}

/* What a full disk does. */
static void a_batch_that_is_undone_says_so(UNUSED void **state)
{
	struct store *st = open_at(":memory:");
	struct err e = ERR_INIT;

	store_batch_begin(st);
	assert_true(bring(st, "a", true, &e));
	assert_true(db_script(st->db, "ROLLBACK", &e));
	assert_false(bring(st, "b", true, &e));
	e = (struct err)ERR_INIT;
	assert_false(bring(st, "c", true, &e));
	assert_int_equal(e.kind, ERR_STORE);
	e = (struct err)ERR_INIT;
	assert_false(store_batch_end(st, &e));
	assert_int_equal(e.kind, ERR_STORE);
	assert_int_equal(findings(st), 0);
	e = (struct err)ERR_INIT;
	assert_true(bring(st, "d", true, &e));
	assert_int_equal(findings(st), 1);
	store_close(st);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_is_whole_or_not_at_all),
		cmocka_unit_test(others_see_them_together),
		cmocka_unit_test(an_empty_batch_holds_nothing),
		cmocka_unit_test(a_batch_that_is_undone_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
