/* SPDX-License-Identifier: MIT */
/* 0017-out.c - output that remembers its first error, files that appear whole or not at all. */
#include "t/lib/test.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static int enter_folder(UNUSED void **state)
{
	char name[] = "out-XXXXXX";

	return chdir(getenv("TMPDIR")) != 0 || !mkdtemp(name) || chdir(name) != 0;
}

static size_t files_here(void)
{
	DIR   *d = opendir(".");
	size_t n = 0;

	assert_non_null(d);
	while (readdir(d))
		n++;
	closedir(d);
	return n - 2;
}

static void expect_file(const char *path, const char *text)
{
	struct buf b = BUF_INIT;
	struct err e = ERR_INIT;

	assert_true(file_read(path, 1 << 20, &b, &e));
	assert_string_equal(b.s, text);
	buf_release(&b);
}

static void write_text(const char *path, const char *text)
{
	struct out *o = out_file(path);
	struct err  e = ERR_INIT;

	out_puts(o, text);
	if (!out_close(o, &e))
		fail_msg("%s", e.text);
}

static void a_file_appears_only_when_closed(UNUSED void **state)
{
	struct out *o = out_file("report.txt");
	struct err  e = ERR_INIT;

	out_puts(o, "one ");
	out_printf(o, "%d ", 2);
	out_add(o, "three!", 5);
	assert_false(out_failed(o));
	assert_int_equal(access("report.txt", F_OK), -1);
	assert_true(out_close(o, &e));
	expect_file("report.txt", "one 2 three");
	assert_int_equal(files_here(), 1);
}

static void a_discarded_file_leaves_nothing_and_touches_nothing(UNUSED void **state)
{
	struct out *o;

	write_text("kept.txt", "old");
	o = out_file("kept.txt");
	out_puts(o, "new");
	out_discard(o);
	o = out_file("never.txt");
	out_puts(o, "new");
	out_discard(o);
	expect_file("kept.txt", "old");
	assert_int_equal(files_here(), 1);
}

static void a_replaced_file_keeps_its_mode_and_its_link(UNUSED void **state)
{
	struct stat st;

	write_text("real.txt", "old");
	assert_int_equal(chmod("real.txt", 0640), 0);
	assert_int_equal(symlink("real.txt", "link.txt"), 0);
	write_text("link.txt", "new");
	assert_int_equal(lstat("link.txt", &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	expect_file("real.txt", "new");
	assert_int_equal(stat("real.txt", &st), 0);
	assert_int_equal(st.st_mode & 0777, 0640);
}

static void a_new_file_obeys_the_umask(UNUSED void **state)
{
	mode_t      old = umask(027);
	struct stat st;

	write_text("new.txt", "x");
	umask(old);
	assert_int_equal(stat("new.txt", &st), 0);
	assert_int_equal(st.st_mode & 0777, 0640);
}

static void large_output_comes_out_whole(UNUSED void **state)
{
	struct out *o = out_file("large.txt");
	struct err  e = ERR_INIT;
	struct buf  want = BUF_INIT;

	for (int i = 0; i < 30000; i++) {
		out_printf(o, "line %d\n", i);
		buf_addf(&want, "line %d\n", i);
	}
	assert_true(out_close(o, &e));
	expect_file("large.txt", want.s);
	buf_release(&want);
}

static void a_folder_that_is_not_there_fails_at_close(UNUSED void **state)
{
	struct out *o = out_file("no/such/file");
	struct err  e = ERR_INIT;

	assert_true(out_failed(o));
	out_puts(o, "lost");
	out_printf(o, "%s", "lost");
	assert_false(out_close(o, &e));
	assert_int_equal(e.kind, ERR_IO);
	assert_string_equal(e.text, "cannot write no/such/file: No such file or directory");
}

static void a_folder_cannot_be_written(UNUSED void **state)
{
	struct err e = ERR_INIT;

	assert_false(out_close(out_file("."), &e));
	assert_string_equal(e.text, "cannot write .: Is a directory");
}

/* The device fails only when bytes reach it; what the first write said is what close tells. */
static void the_first_failure_is_remembered(UNUSED void **state)
{
	struct out *o;
	struct err  e = ERR_INIT;

	if (access("/dev/full", W_OK) != 0)
		skip();
	o = out_file("/dev/full");
	assert_false(out_failed(o));
	for (int i = 0; i < 30000; i++)
		out_puts(o, "0123456789");
	assert_true(out_failed(o));
	assert_false(out_close(o, &e));
	assert_string_equal(e.text, "cannot write /dev/full: No space left on device");
}

static void a_dash_is_standard_output_and_stays_open(UNUSED void **state)
{
	int        saved = dup(STDOUT_FILENO), fd = open("captured", O_WRONLY | O_CREAT, 0600);
	struct err e = ERR_INIT;
	struct out *o;
	bool       ok;

	assert_true(saved >= 0 && fd >= 0);
	dup2(fd, STDOUT_FILENO);
	o = out_file("-");
	out_puts(o, "to the pipe\n");
	ok = out_close(o, &e) && fcntl(STDOUT_FILENO, F_GETFD) >= 0;
	dup2(saved, STDOUT_FILENO);
	close(saved);
	close(fd);
	assert_true(ok);
	expect_file("captured", "to the pipe\n");
}

static void a_buf_takes_what_is_written_behind_what_it_holds(UNUSED void **state)
{
	struct buf  b = BUF_INIT;
	struct err  e = ERR_INIT;
	struct out *o;

	buf_adds(&b, "before ");
	o = out_buf(&b);
	out_puts(o, "and ");
	out_printf(o, "%s", "after");
	assert_true(out_close(o, &e));
	assert_string_equal(b.s, "before and after");
	o = out_buf(&b);
	out_puts(o, "dropped");
	out_discard(o);
	assert_string_equal(b.s, "before and after");
	buf_release(&b);
	out_discard(out_buf(&b));
	assert_string_equal(b.s, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_file_appears_only_when_closed, enter_folder),
		cmocka_unit_test_setup(a_discarded_file_leaves_nothing_and_touches_nothing,
		                       enter_folder),
		cmocka_unit_test_setup(a_replaced_file_keeps_its_mode_and_its_link, enter_folder),
		cmocka_unit_test_setup(a_new_file_obeys_the_umask, enter_folder),
		cmocka_unit_test_setup(large_output_comes_out_whole, enter_folder),
		cmocka_unit_test_setup(a_folder_that_is_not_there_fails_at_close, enter_folder),
		cmocka_unit_test_setup(a_folder_cannot_be_written, enter_folder),
		cmocka_unit_test_setup(the_first_failure_is_remembered, enter_folder),
		cmocka_unit_test_setup(a_dash_is_standard_output_and_stays_open, enter_folder),
		cmocka_unit_test_setup(a_buf_takes_what_is_written_behind_what_it_holds,
		                       enter_folder),
	};

	return cmocka_run_group_tests_name("out", tests, NULL, NULL);
}
