/* SPDX-License-Identifier: MIT */
/* 0020-embed.c - files baked into the binary are the files on disk. */
#include "t/lib/test.h"

static void every_embedded_file_is_that_on_disk(UNUSED void **state)
{
	const struct embed *f = NULL;

	while ((f = embed_next("", f))) {
		struct buf b = BUF_INIT;
		struct err e = ERR_INIT;

		if (!file_read(f->path, SIZE_MAX, &b, &e))
			fail_msg("%s", e.text);
		assert_int_equal(f->size, b.len);
		assert_memory_equal(f->data, b.s, b.len);
		assert_int_equal(f->data[f->size], '\0');
		assert_ptr_equal(embed_find(f->path), f);
		buf_release(&b);
	}
}

static void files_come_in_order_of_path(UNUSED void **state)
{
	const struct embed *f = embed_next("", NULL), *next;

	assert_non_null(f);
	for (; (next = embed_next("", f)); f = next)
		assert_true(strcmp(f->path, next->path) < 0);
}

static void a_prefix_selects(UNUSED void **state)
{
	const struct embed *f = NULL;
	size_t              n = 0, all = 0;

	while ((f = embed_next("importers/", f))) {
		assert_true(str_prefix(f->path, "importers/"));
		n++;
	}
	while ((f = embed_next("", f)))
		all += str_prefix(f->path, "importers/");
	assert_int_equal(n, all);
	assert_null(embed_next("no/such/", NULL));
}

static void what_is_not_embedded_is_not_found(UNUSED void **state)
{
	assert_null(embed_find(""));
	assert_null(embed_find("themes"));
	assert_null(embed_find("zzz"));
}

static void the_version_is_known(UNUSED void **state)
{
	assert_true(build_version[0] >= '0' && build_version[0] <= '9');
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_embedded_file_is_that_on_disk),
		cmocka_unit_test(files_come_in_order_of_path),
		cmocka_unit_test(a_prefix_selects),
		cmocka_unit_test(what_is_not_embedded_is_not_found),
		cmocka_unit_test(the_version_is_known),
	};

	return cmocka_run_group_tests_name("embed", tests, NULL, NULL);
}
