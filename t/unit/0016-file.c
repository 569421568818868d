/* SPDX-License-Identifier: MIT */
/* 0016-file.c - whole files, folders and paths. */
#include "t/lib/test.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* A path below the test's own folder; the caller frees. */
static char *path_of(const char *name)
{
	struct buf b = BUF_INIT;

	buf_addf(&b, "%s/%s", getenv("TMPDIR"), name);
	return buf_detach(&b);
}

static void write_file(const char *path, const char *bytes, size_t n)
{
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
}

static void a_file_is_read_whole_with_its_nuls(UNUSED void **state)
{
	char      *path = path_of("nuls");
	struct buf b = BUF_INIT;
	struct err e = ERR_INIT;

	write_file(path, "a\0b\n", 4);
	buf_adds(&b, "what was there before");
	assert_true(file_read(path, 100, &b, &e));
	assert_int_equal(b.len, 4);
	assert_memory_equal(b.s, "a\0b\n", 5);
	buf_release(&b);
	free(path);
}

static void the_limit_is_the_largest_file_taken(UNUSED void **state)
{
	char      *path = path_of("large"), *bytes = xcalloc(1, 200000);
	struct buf b = BUF_INIT;
	struct err e = ERR_INIT;

	write_file(path, bytes, 200000);
	assert_true(file_read(path, 200000, &b, &e));
	assert_int_equal(b.len, 200000);
	assert_false(file_read(path, 199999, &b, &e));
	assert_int_equal(e.kind, ERR_LIMIT);
	assert_non_null(strstr(e.text, path));
	buf_release(&b);
	free(bytes);
	free(path);
}

static void what_cannot_be_read_says_which_and_why(UNUSED void **state)
{
	char      *path = path_of("absent");
	struct buf b = BUF_INIT;
	struct err e = ERR_INIT;

	assert_false(file_read(path, 10, &b, &e));
	assert_int_equal(e.kind, ERR_IO);
	assert_non_null(strstr(e.text, path));
	assert_true(str_suffix(e.text, ": No such file or directory"));
	assert_false(file_read(getenv("TMPDIR"), 10, &b, &e));
	assert_true(str_suffix(e.text, ": Is a directory"));
	buf_release(&b);
	free(path);
}

static void folders_above_a_path_are_made_private(UNUSED void **state)
{
	char       *path = path_of("a//b/c/file.db"), *folder = path_of("a/b/c");
	struct err  e = ERR_INIT;
	struct stat st;

	assert_true(file_make_parents(path, &e));
	assert_int_equal(stat(folder, &st), 0);
	assert_true(S_ISDIR(st.st_mode));
	assert_int_equal(st.st_mode & 0777, 0700);
	assert_int_equal(access(path, F_OK), -1);
	assert_true(file_make_parents(path, &e));
	assert_true(file_make_parents("plain", &e));
	assert_true(file_make_parents("/plain", &e));
	free(folder);
	free(path);
}

static void a_file_in_the_way_is_named(UNUSED void **state)
{
	char      *file = path_of("in-the-way"), *path = path_of("in-the-way/x/y");
	struct err e = ERR_INIT;

	write_file(file, "", 0);
	assert_false(file_make_parents(path, &e));
	assert_int_equal(e.kind, ERR_IO);
	assert_true(str_suffix(e.text, "in-the-way is in the way: it is not a folder"));
	free(file);
	free(path);
}

static void the_last_component_is_the_base(UNUSED void **state)
{
	assert_string_equal(file_base("/a/b.json"), "b.json");
	assert_string_equal(file_base("b.json"), "b.json");
	assert_string_equal(file_base("a/"), "");
	assert_string_equal(file_base("-"), "-");
	assert_string_equal(file_base(""), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_is_read_whole_with_its_nuls),
		cmocka_unit_test(the_limit_is_the_largest_file_taken),
		cmocka_unit_test(what_cannot_be_read_says_which_and_why),
		cmocka_unit_test(folders_above_a_path_are_made_private),
		cmocka_unit_test(a_file_in_the_way_is_named),
		cmocka_unit_test(the_last_component_is_the_base),
	};

	return cmocka_run_group_tests_name("file", tests, NULL, NULL);
}
