/* SPDX-License-Identifier: MIT */
/* 4040-draw.c - short numbers, lines that every screen has, a job's, and sheets of text. */
#include "t/lib/test.h"

#include "tui/progress.h"
#include "tui/sheet.h"

static const struct tab tabs[] = {
	{ 1, "Over", "Overview" }, { 2, "Imgs", "Images" }, { 3, "Clus", "Clusters" },
	{ 4, "Ctrl", "Controls" }, { 5, "Find", "Findings" }, { 6, "Alrt", "Alerts" },
	{ 7, "List", "Checklist" }, { 8, "Rept", "Reports" },
};
enum { NOW = 1795552800 }; /* 2026-11-24T20:40:00Z */

static void assert_drawn(const struct canvas *c, const char *want)
{
	struct buf b = BUF_INIT;

	canvas_dump(c, &b, false);
	assert_string_equal(b.s, want);
	buf_release(&b);
}

static void numbers_are_grouped_and_shortened(UNUSED void **state)
{
	static const struct { int64_t n; const char *full, *brief; } cases[] = {
		{ 0, "0", "0" }, { 999, "999", "999" }, { 1000, "1,000", "1,000" },
		{ 9999, "9,999", "9,999" }, { 38112, "38,112", "38.1k" },
		{ 381120, "381,120", "381k" }, { 1234567, "1,234,567", "1.2M" },
		{ 123456789, "123,456,789", "123M" }, { -1234, "-1,234", "-1,234" },
		{ 5000000000, "5,000,000,000", "5.0G" },
	};

	for (size_t i = 0; i < LENGTH(cases); i++) {
		char out[32];

		print_count(cases[i].n, out);
		assert_string_equal(out, cases[i].full);
		print_short(cases[i].n, out);
		assert_string_equal(out, cases[i].brief);
	}
}

static void a_due_time_counts_down_and_none_is_a_dash(UNUSED void **state)
{
	char out[16];

	print_due(DUE_NONE, NOW, out);
	assert_string_equal(out, "-");
	print_due(NOW - 86400, NOW, out);
	assert_int_equal(out[0], '-');
	print_age(0, NOW, out);
	assert_string_equal(out, "none");
	print_age(NOW + 60, NOW, out);
	assert_int_not_equal(out[0], '-');
}

static void line_one_shortens_with_the_screen(UNUSED void **state)
{
	struct canvas c = CANVAS_INIT;

	canvas_resize(&c, 120, 1);
	draw_title(&c, tabs, LENGTH(tabs), 2, 1, "lead", NOW);
	assert_drawn(&c, " 1 Overview [2 Images] 3 Clusters  4 Controls  5 Findings  "
	             "6 Alerts!1  7 Checklist  8 Reports   lead  2026-11-24 20:40Z\n");
	canvas_resize(&c, 80, 1);
	draw_title(&c, tabs, LENGTH(tabs), 2, 0, "lead", NOW);
	assert_drawn(&c, " 1 Over [2 Imgs] 3 Clus  4 Ctrl  5 Find  6 Alrt  7 List  8 Rept "
	             "    lead 20:40Z\n");
	canvas_resize(&c, 60, 1);
	draw_title(&c, tabs, LENGTH(tabs), 6, 12, "lead", NOW);
	assert_drawn(&c, " 1  2  3  4  5 [6 Alrt!12] 7  8                 lead 20:40Z\n");
	canvas_release(&c);
}

static void line_two_lets_the_counts_stand(UNUSED void **state)
{
	struct canvas c = CANVAS_INIT;

	canvas_resize(&c, 30, 1);
	draw_crumb(&c, canvas_all(&c), 0, "Images > registry/payments/api", "12 of 5,723");
	assert_drawn(&c, " Images > regis~  12 of 5,723\n");
	canvas_release(&c);
}

static void the_last_line_shows_what_fits_and_always_help(UNUSED void **state)
{
	static const struct hint hints[] = {
		{ ACT_ENTER, "open" }, { ACT_FILTER, "filter" }, { ACT_NOTE, "note" },
	};
	struct keymap *m = keymap_new();
	struct canvas c = CANVAS_INIT;

	canvas_resize(&c, 60, 1);
	draw_keys(&c, 0, m, hints, LENGTH(hints), true);
	assert_drawn(&c, " Enter open  / filter  t note  ? help\n");
	canvas_resize(&c, 30, 1);
	draw_keys(&c, 0, m, hints, LENGTH(hints), true);
	assert_drawn(&c, " Enter open  / filter  ? help\n");
	canvas_release(&c);
	keymap_free(m);
}

static void text_breaks_at_blanks(UNUSED void **state)
{
	struct canvas c = CANVAS_INIT;
	const char *text = "one two three four unbreakablyлong";

	canvas_resize(&c, 10, 6);
	assert_int_equal(draw_wrapped(&c, canvas_all(&c), 0, 1, ROLE_text, text), 5);
	assert_int_equal(count_wrapped(9, text), 5);
	assert_drawn(&c, " one two\n three\n four\n unbreakab\n lyлong\n\n");
	assert_int_equal(draw_wrapped(&c, canvas_all(&c), 5, 1, ROLE_text, text), 1);
	canvas_release(&c);
}

static void a_sheet_scrolls_and_keeps_its_height(UNUSED void **state)
{
	struct canvas c = CANVAS_INIT;
	struct sheet s;

	canvas_resize(&c, 30, 2);
	for (int from = 0; from < 2; from++) {
		canvas_clear(&c);
		sheet_init(&s, &c, canvas_all(&c), from, NOW);
		sheet_line(&s, ROLE_head, "head");
		sheet_field(&s, "Fix", "%s", "bump the thing to something newer");
		sheet_field(&s, "Owner", "%s", "");
		assert_int_equal(s.y + from, 4);
	}
	assert_drawn(&c, " Fix       bump the thing to\n           something newer\n");
	canvas_release(&c);
}

static void severities_of_nothing_are_none(UNUSED void **state)
{
	const int64_t some[SEV_COUNT] = { [SEV_HIGH] = 1400, [SEV_LOW] = 2 };
	const int64_t none[SEV_COUNT] = { 0 };
	struct buf b = BUF_INIT;

	print_severities(some, &b);
	assert_string_equal(b.s, "1,400 H 2 L");
	buf_reset(&b);
	print_severities(none, &b);
	assert_string_equal(b.s, "none");
	buf_release(&b);
}

static void every_word_of_a_control_has_at_most_four_letters(UNUSED void **state)
{
	for (int w = 0; w < CONTROL_COUNT; w++) {
		size_t n = strlen(control_short((enum control_word)w));

		assert_true(n > 0 && n <= 4);
	}
}

static void a_cell_says_late_by_its_sign_and_its_role(UNUSED void **state)
{
	const struct value late = { VAL_DUE, { .i = NOW - 3600 } };
	const struct value later = { VAL_DUE, { .i = NOW + 864000 } };
	const struct value fail = { VAL_CONTROL, { .i = CONTROL_FAIL } };
	enum style_role role;
	struct buf b = BUF_INIT;

	print_cell(&late, NOW, &b, &role);
	assert_int_equal(b.s[0], '-');
	assert_int_equal(role, ROLE_late);
	buf_reset(&b);
	print_cell(&later, NOW, &b, &role);
	assert_int_equal(role, ROLE_text);
	buf_reset(&b);
	print_cell(&fail, NOW, &b, &role);
	assert_string_equal(b.s, "FAIL");
	assert_int_equal(role, ROLE_fail);
	buf_release(&b);
}

static void a_report_being_written_tells_its_rows_and_can_be_stopped(UNUSED void **state)
{
	struct canvas c = CANVAS_INIT;
	struct progress p;
	struct buf b = BUF_INIT;

	canvas_resize(&c, 100, 1);
	canvas_clear(&c);
	progress_init(&p);
	progress_begin(&p, "writing", "audit.html");
	assert_true(progress_rows(&p, 12000, -1));
	progress_draw(&p, &c, 0);
	canvas_dump(&c, &b, false);
	assert_non_null(strstr(b.s, "writing audit.html  12,000 rows  "));
	assert_non_null(strstr(b.s, " a second  Esc stops"));
	assert_true(progress_rows(&p, 12000, 0.25));
	canvas_clear(&c);
	progress_draw(&p, &c, 0);
	buf_reset(&b);
	canvas_dump(&c, &b, false);
	assert_non_null(strstr(b.s, "12,000 rows  [#####...............]  "));
	assert_non_null(strstr(b.s, " s left  Esc stops"));
	progress_stop(&p);
	assert_false(progress_rows(&p, 13000, -1));
	progress_release(&p);
	canvas_release(&c);
	buf_release(&b);
}

static void told(const struct canvas *c, const char *want)
{
	struct buf b = BUF_INIT;

	canvas_dump(c, &b, false);
	if (!strstr(b.s, want))
		fail_msg("no '%s' in: %s", want, b.s);
	buf_release(&b);
}

static void an_import_tells_how_much_of_how_much_and_of_many_files_how_many(UNUSED void **state)
{
	struct canvas c = CANVAS_INIT;
	struct progress p;

	canvas_resize(&c, 120, 1);
	progress_init(&p);
	progress_begin(&p, "importing", "a.json");
	assert_true(progress_tell(&p, "a.json", 20000000, 80000000));
	canvas_clear(&c);
	progress_draw(&p, &c, 0);
	told(&c, "importing a.json  20.0 of 80.0 MB  [#####...............]");
	assert_true(progress_tell(&p, "a.json", 80000000, 80000000));
	canvas_clear(&c);
	progress_draw(&p, &c, 0);
	told(&c, "80.0 of 80.0 MB  [####################]  taking it in  0 s  Esc stops");
	progress_files(&p, 1500, 3000);
	canvas_clear(&c);
	progress_draw(&p, &c, 0);
	told(&c, "importing a.json  1,500 of 3,000 files  [##########..........]");
	progress_files(&p, 3001, 3000); /* an archive held more */
	canvas_clear(&c);
	progress_draw(&p, &c, 0);
	told(&c, "80.0 of 80.0 MB");
	progress_release(&p);
	canvas_release(&c);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_grouped_and_shortened),
		cmocka_unit_test(a_due_time_counts_down_and_none_is_a_dash),
		cmocka_unit_test(line_one_shortens_with_the_screen),
		cmocka_unit_test(line_two_lets_the_counts_stand),
		cmocka_unit_test(the_last_line_shows_what_fits_and_always_help),
		cmocka_unit_test(text_breaks_at_blanks),
		cmocka_unit_test(a_report_being_written_tells_its_rows_and_can_be_stopped),
		cmocka_unit_test(an_import_tells_how_much_of_how_much_and_of_many_files_how_many),
		cmocka_unit_test(a_sheet_scrolls_and_keeps_its_height),
		cmocka_unit_test(severities_of_nothing_are_none),
		cmocka_unit_test(every_word_of_a_control_has_at_most_four_letters),
		cmocka_unit_test(a_cell_says_late_by_its_sign_and_its_role),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
