/* SPDX-License-Identifier: MIT */
/* 4026-settings.c - what the screens remember is written as it was, and only when it changed. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "t/lib/test.h"
#include "tui/settings.h"

static char folder[200], file[300];

static int setup(UNUSED void **state)
{
	struct err e = ERR_INIT;

	snprintf(folder, sizeof(folder), "%s/settings-%d",
	         getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp", (int)getpid());
	snprintf(file, sizeof(file), "%s/seaworthy/screens", folder);
	setenv("XDG_CONFIG_HOME", folder, 1);
	return file_make_parents(file, &e) ? 0 : -1;
}

static int teardown(UNUSED void **state)
{
	unlink(file);
	return 0;
}

static void write_file(const char *text)
{
	struct out *o = out_file(file);
	struct err e = ERR_INIT;

	out_puts(o, text);
	assert_true(out_close(o, &e));
}

static struct settings load(void)
{
	struct settings s;
	struct err e = ERR_INIT;

	assert_true(settings_load(&s, &e));
	return s;
}

static void no_file_is_no_settings(UNUSED void **state)
{
	struct settings s = load();

	assert_int_equal(s.n, 0);
	settings_release(&s);
}

static void what_was_saved_is_read_again(UNUSED void **state)
{
	struct settings s = load(), again;
	struct err e = ERR_INIT;

	settings_add(&s, "filter", "problems", "late and mine = due<0d owner:me");
	settings_add(&s, "columns", "findings.1", "cvss -owner");
	assert_true(settings_save(&s, &e));
	again = load();
	assert_string_equal(settings_get(&again, "filter", "problems", 0),
	                    "late and mine = due<0d owner:me");
	assert_null(settings_get(&again, "filter", "problems", 1));
	assert_string_equal(settings_get(&again, "columns", "findings.1", 0), "cvss -owner");
	settings_release(&s);
	settings_release(&again);
}

static void nothing_is_written_when_nothing_changed(UNUSED void **state)
{
	struct settings s;
	struct err e = ERR_INIT;

	write_file("filter problems a = kev\n");
	s = load();
	assert_int_equal(unlink(file), 0);
	assert_true(settings_save(&s, &e));
	assert_int_equal(access(file, F_OK), -1);
	settings_release(&s);
}

static void one_is_dropped_and_its_kin_stay(UNUSED void **state)
{
	struct settings s = { .n = 0 };

	settings_add(&s, "typed", "filter", "a");
	settings_add(&s, "typed", "filter", "b");
	settings_add(&s, "typed", "note", "c");
	settings_drop(&s, "typed", "filter", 0);
	assert_string_equal(settings_get(&s, "typed", "filter", 0), "b");
	settings_drop(&s, "typed", "filter", SIZE_MAX);
	assert_null(settings_get(&s, "typed", "filter", 0));
	assert_string_equal(settings_get(&s, "typed", "note", 0), "c");
	settings_release(&s);
}

static void lines_that_are_none_are_passed_over(UNUSED void **state)
{
	struct settings s;

	write_file("filter\n\nfilter problems\n \nbroken \xff\xfe line\nfilter images x = kev");
	s = load();
	assert_int_equal(s.n, 1);
	assert_string_equal(settings_get(&s, "filter", "images", 0), "x = kev");
	settings_release(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(no_file_is_no_settings, setup, teardown),
		cmocka_unit_test_setup_teardown(what_was_saved_is_read_again, setup, teardown),
		cmocka_unit_test_setup_teardown(nothing_is_written_when_nothing_changed, setup,
		                                teardown),
		cmocka_unit_test_setup_teardown(one_is_dropped_and_its_kin_stay, setup, teardown),
		cmocka_unit_test_setup_teardown(lines_that_are_none_are_passed_over, setup,
		                                teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
