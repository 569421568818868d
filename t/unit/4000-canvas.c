/* SPDX-License-Identifier: MIT */
/* 4000-canvas.c - drawing in memory: clipping, widths, and nothing a terminal would obey. */
#include "t/lib/test.h"

#include "tui/canvas.h"

static struct canvas canvas_of(int w, int h)
{
	struct canvas c = CANVAS_INIT;

	canvas_resize(&c, w, h);
	return c;
}

static void assert_dump(const struct canvas *c, bool roles, const char *want)
{
	struct buf b = BUF_INIT;

	canvas_dump(c, &b, roles);
	assert_string_equal(b.s, want);
	buf_release(&b);
}

static void assert_text(int w, const char *s, const char *want)
{
	struct canvas c = canvas_of(w, 1);
	struct buf line = BUF_INIT;

	canvas_text(&c, canvas_all(&c), 0, 0, ROLE_text, s);
	buf_addf(&line, "%s\n", want);
	assert_dump(&c, false, line.s);
	buf_release(&line);
	canvas_release(&c);
}

static void text_is_clipped_to_its_rectangle(UNUSED void **state)
{
	struct canvas c = canvas_of(10, 3);
	struct rect r = { 1, 2, 1, 4 };

	assert_int_equal(canvas_text(&c, r, 0, 0, ROLE_text, "abcdefgh"), 4);
	assert_int_equal(canvas_text(&c, r, 0, -2, ROLE_text, "XYz"), 1);
	assert_int_equal(canvas_text(&c, r, 1, 0, ROLE_text, "below"), 0);
	assert_int_equal(canvas_text(&c, r, -1, 0, ROLE_text, "above"), 0);
	assert_dump(&c, false, "\n  zbcd\n\n");
	canvas_release(&c);
}

static void a_rectangle_outside_the_canvas_draws_nothing(UNUSED void **state)
{
	struct canvas c = canvas_of(4, 2);

	canvas_text(&c, (struct rect){ 5, 5, 3, 3 }, 0, 0, ROLE_text, "x");
	canvas_text(&c, (struct rect){ -5, -5, 3, 3 }, 0, 0, ROLE_text, "x");
	canvas_text(&c, (struct rect){ 0, 2, 9, 9 }, 0, 0, ROLE_text, "wide");
	assert_dump(&c, false, "  wi\n\n");
	canvas_release(&c);
}

static void control_bytes_are_shown_and_never_sent(UNUSED void **state)
{
	assert_text(20, "a\033[31mb\tc\x7f", "a^[[31mb^Ic^?");
	assert_text(20, "x\xc2\x9by", "x<U+009B>y");
}

static void bidirectional_controls_are_made_visible(UNUSED void **state)
{
	assert_text(24, "a\xe2\x80\xae" "b", "a<U+202E>b");
}

static void broken_utf8_shows_the_replacement_character(UNUSED void **state)
{
	assert_text(10, "a\xff" "b", "a\xef\xbf\xbd" "b");
}

static void wide_characters_take_two_columns(UNUSED void **state)
{
	struct canvas c = canvas_of(6, 1);

	assert_int_equal(canvas_text(&c, canvas_all(&c), 0, 0, ROLE_text, "\xe6\xbc\xa2x"), 3);
	assert_dump(&c, false, "\xe6\xbc\xa2x\n");
	canvas_text(&c, canvas_all(&c), 0, 1, ROLE_text, "y");
	assert_dump(&c, false, " yx\n");
	canvas_release(&c);
}

static void a_wide_character_that_does_not_fit_is_left_out(UNUSED void **state)
{
	assert_text(3, "ab\xe6\xbc\xa2", "ab");
}

static void the_right_half_of_a_clipped_wide_character_is_blank(UNUSED void **state)
{
	struct canvas c = canvas_of(4, 1);

	canvas_text(&c, canvas_all(&c), 0, 0, ROLE_text, "....");
	canvas_text(&c, canvas_all(&c), 0, -1, ROLE_text, "\xe6\xbc\xa2z");
	assert_dump(&c, false, " z..\n");
	canvas_release(&c);
}

static void combining_marks_join_the_cell_before_and_are_bounded(UNUSED void **state)
{
	struct canvas c = canvas_of(3, 1);
	struct buf zalgo = BUF_INIT;

	buf_adds(&zalgo, "e");
	for (int i = 0; i < 100; i++)
		buf_adds(&zalgo, "\xcc\x81");
	buf_adds(&zalgo, "x");
	assert_int_equal(canvas_text(&c, canvas_all(&c), 0, 0, ROLE_text, zalgo.s), 2);
	assert_true(strlen(c.cell[0].utf8) < sizeof(c.cell[0].utf8));
	assert_memory_equal(c.cell[0].utf8, "e\xcc\x81", 3);
	assert_string_equal(c.cell[1].utf8, "x");
	buf_release(&zalgo);
	canvas_release(&c);
}

static void a_combining_mark_with_nothing_before_it_is_dropped(UNUSED void **state)
{
	assert_text(5, "\xcc\x81x", "x");
}

static void text_that_is_cut_says_so(UNUSED void **state)
{
	struct canvas c = canvas_of(10, 3);

	assert_int_equal(canvas_cut(&c, canvas_all(&c), 0, 0, 5, ROLE_text, "abcdefg"), 5);
	assert_int_equal(canvas_cut(&c, canvas_all(&c), 1, 0, 5, ROLE_text, "abcde"), 5);
	assert_int_equal(canvas_cut(&c, canvas_all(&c), 2, 0, 0, ROLE_text, "abcde"), 0);
	assert_dump(&c, false, "abcd~\nabcde\n\n");
	canvas_release(&c);
}

static void numbers_stand_right(UNUSED void **state)
{
	struct canvas c = canvas_of(10, 2);

	canvas_right(&c, canvas_all(&c), 0, 1, 6, ROLE_text, "42");
	canvas_right(&c, canvas_all(&c), 1, 1, 6, ROLE_text, "12345678");
	assert_dump(&c, false, "     42\n 12345~\n");
	canvas_release(&c);
}

static void width_counts_what_text_would_use(UNUSED void **state)
{
	assert_int_equal(canvas_width("abc"), 3);
	assert_int_equal(canvas_width("\xe6\xbc\xa2"), 2);
	assert_int_equal(canvas_width("\033"), 2);
	assert_int_equal(canvas_width("\xe2\x80\xae"), 8);
}

static void a_dump_with_roles_lists_the_runs(UNUSED void **state)
{
	struct canvas c = canvas_of(8, 2);

	canvas_text(&c, canvas_all(&c), 0, 0, ROLE_head, "HEAD");
	canvas_text(&c, canvas_all(&c), 1, 2, ROLE_late, "late");
	canvas_paint(&c, canvas_all(&c), 1, 0, 8, ROLE_COUNT, true);
	assert_dump(&c, true, "HEAD\n  late\n1: 0-3 head\n2: cursor 0-7, 2-5 late\n");
	canvas_release(&c);
}

/* A menu covers the list behind it, the row of the cursor with the rest. */
static void what_covers_a_selected_row_is_not_selected(UNUSED void **state)
{
	struct canvas c = canvas_of(8, 1);

	canvas_text(&c, canvas_all(&c), 0, 0, ROLE_text, "behind");
	canvas_paint(&c, canvas_all(&c), 0, 0, 8, ROLE_COUNT, true);
	canvas_fill(&c, canvas_all(&c), 0, 0, 8, ROLE_text, ' ');
	canvas_text(&c, canvas_all(&c), 0, 0, ROLE_text, "menu");
	assert_dump(&c, true, "menu\n");
	canvas_release(&c);
}

static void the_cursor_stays_on_the_canvas(UNUSED void **state)
{
	struct canvas c = canvas_of(8, 2);

	canvas_cursor(&c, canvas_all(&c), 1, 99);
	assert_int_equal(c.cursor_y, 1);
	assert_int_equal(c.cursor_x, 7);
	canvas_cursor(&c, canvas_all(&c), 9, 0);
	assert_int_equal(c.cursor_y, 1);
	canvas_clear(&c);
	assert_int_equal(c.cursor_y, -1);
	canvas_release(&c);
}

static void sizes_are_bounded(UNUSED void **state)
{
	struct canvas c = canvas_of(-5, 100000);

	assert_int_equal(c.w, 0);
	assert_int_equal(c.h, CANVAS_MAX);
	canvas_text(&c, canvas_all(&c), 0, 0, ROLE_text, "x");
	canvas_release(&c);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_clipped_to_its_rectangle),
		cmocka_unit_test(a_rectangle_outside_the_canvas_draws_nothing),
		cmocka_unit_test(control_bytes_are_shown_and_never_sent),
		cmocka_unit_test(bidirectional_controls_are_made_visible),
		cmocka_unit_test(broken_utf8_shows_the_replacement_character),
		cmocka_unit_test(wide_characters_take_two_columns),
		cmocka_unit_test(a_wide_character_that_does_not_fit_is_left_out),
		cmocka_unit_test(the_right_half_of_a_clipped_wide_character_is_blank),
		cmocka_unit_test(combining_marks_join_the_cell_before_and_are_bounded),
		cmocka_unit_test(a_combining_mark_with_nothing_before_it_is_dropped),
		cmocka_unit_test(text_that_is_cut_says_so),
		cmocka_unit_test(numbers_stand_right),
		cmocka_unit_test(width_counts_what_text_would_use),
		cmocka_unit_test(a_dump_with_roles_lists_the_runs),
		cmocka_unit_test(what_covers_a_selected_row_is_not_selected),
		cmocka_unit_test(the_cursor_stays_on_the_canvas),
		cmocka_unit_test(sizes_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
