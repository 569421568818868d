/* SPDX-License-Identifier: MIT */
/* 4030-prompt.c - the line editor, driven by keys. */
#include "t/lib/test.h"

#include <stdio.h>

#include "tui/keys.h"
#include "tui/prompt.h"

/* Types `keys` (script notation) and returns the last result. */
static enum prompt_result type(struct prompt *p, const char *keys)
{
	enum prompt_result last = PROMPT_GOES_ON;
	struct err e = ERR_INIT;
	uint32_t k;

	while (key_next(&keys, &k, &e) && k != K_NONE)
		last = prompt_key(p, k);
	assert_int_equal(e.kind, ERR_NONE);
	return last;
}

static void assert_types(const char *start, const char *keys, const char *want)
{
	struct prompt p;

	prompt_open(&p, "/", start);
	type(&p, keys);
	assert_string_equal(p.text.s, want);
	prompt_release(&p);
}

static void keys_edit_the_line(UNUSED void **state)
{
	assert_types("", "abc", "abc");
	assert_types("abc", "<Left><Left>X", "aXbc");
	assert_types("abc", "<Home>X<End>Y", "XabcY");
	assert_types("abc", "<Ctrl-A><Del><Ctrl-E>!", "bc!");
	assert_types("one two  ", "<Ctrl-W>3", "one 3");
	assert_types("one two", "<Left><Left><Ctrl-U>", "wo");
	assert_types("one two", "<Home><Right><Ctrl-K>", "o");
	assert_types("abc", "<Backspace>", "ab");
	assert_types("abc", "<F1><PgDn>", "abc");
}

static void characters_are_edited_whole(UNUSED void **state)
{
	assert_types("a\xc3\xa9", "<Backspace>", "a");
	assert_types("\xe6\xbc\xa2z", "<Left><Left>x<Right>y", "x\xe6\xbc\xa2yz");
}

static void enter_ends_and_escape_leaves(UNUSED void **state)
{
	struct prompt p;

	prompt_open(&p, "/", "x");
	assert_int_equal(type(&p, "y"), PROMPT_CHANGED);
	assert_int_equal(type(&p, "<Left>"), PROMPT_GOES_ON);
	assert_int_equal(type(&p, "<Enter>"), PROMPT_DONE);
	assert_int_equal(type(&p, "<Esc>"), PROMPT_LEFT);
	assert_int_equal(type(&p, "<Ctrl-C>"), PROMPT_LEFT);
	assert_int_equal(type(&p, "<End><Backspace><Backspace>"), PROMPT_CHANGED);
	assert_int_equal(type(&p, "<Backspace>"), PROMPT_LEFT);
	prompt_release(&p);
}

static void history_goes_up_and_comes_back(UNUSED void **state)
{
	struct typed h = { .n = 0 };
	struct prompt p;

	typed_add(&h, "first");
	typed_add(&h, "second");
	typed_add(&h, "second");
	typed_add(&h, "");
	assert_int_equal(h.n, 2);
	prompt_open(&p, "/", "");
	p.history = &h;
	type(&p, "dra<Up>");
	assert_string_equal(p.text.s, "second");
	type(&p, "<Up><Up><Up>");
	assert_string_equal(p.text.s, "first");
	type(&p, "<Down><Down><Down>");
	assert_string_equal(p.text.s, "dra");
	prompt_release(&p);
	typed_release(&h);
}

static void history_keeps_the_newest(UNUSED void **state)
{
	struct typed h = { .n = 0 };
	char line[16];

	for (int i = 0; i < HISTORY_MAX + 5; i++) {
		snprintf(line, sizeof(line), "%d", i);
		typed_add(&h, line);
	}
	assert_int_equal(h.n, HISTORY_MAX);
	assert_string_equal(h.line[0], "5");
	typed_release(&h);
}

static bool fruit(UNUSED void *ctx, const char *text, size_t i, struct buf *out)
{
	static const char *const all[] = { "apple", "apricot", "banana" };

	for (size_t k = 0; k < LENGTH(all); k++) {
		if (str_prefix(all[k], text) && i-- == 0) {
			buf_adds(out, all[k]);
			return true;
		}
	}
	return false;
}

static void tab_completes_in_turn(UNUSED void **state)
{
	struct prompt p;

	prompt_open(&p, ":", "ap");
	p.complete = fruit;
	type(&p, "<Tab>");
	assert_string_equal(p.text.s, "apple");
	type(&p, "<Tab>");
	assert_string_equal(p.text.s, "apricot");
	type(&p, "<Tab>");
	assert_string_equal(p.text.s, "ap");
	type(&p, "<Tab>");
	assert_string_equal(p.text.s, "apple");
	prompt_release(&p);
}

static void a_fault_is_pointed_at_until_the_text_changes(UNUSED void **state)
{
	struct canvas c = CANVAS_INIT;
	struct buf b = BUF_INIT;
	struct prompt p;

	canvas_resize(&c, 30, 2);
	prompt_open(&p, "/", "sev>>high");
	prompt_fault(&p, 4, "want a value");
	prompt_draw(&p, &c, canvas_all(&c), 1);
	canvas_dump(&c, &b, false);
	assert_string_equal(b.s, "     v want a value\n/sev>>high\n");
	assert_int_equal(c.cursor_x, 10);
	type(&p, "<Backspace>");
	assert_int_equal(p.fault, -1);
	buf_release(&b);
	prompt_release(&p);
	canvas_release(&c);
}

static void a_long_line_scrolls_so_that_the_cursor_shows(UNUSED void **state)
{
	struct canvas c = CANVAS_INIT;
	struct buf b = BUF_INIT;
	struct prompt p;

	canvas_resize(&c, 8, 1);
	prompt_open(&p, "/", "0123456789");
	prompt_draw(&p, &c, canvas_all(&c), 0);
	canvas_dump(&c, &b, false);
	assert_string_equal(b.s, "/456789\n");
	assert_int_equal(c.cursor_x, 7);
	buf_release(&b);
	prompt_release(&p);
	canvas_release(&c);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_edit_the_line),
		cmocka_unit_test(characters_are_edited_whole),
		cmocka_unit_test(enter_ends_and_escape_leaves),
		cmocka_unit_test(history_goes_up_and_comes_back),
		cmocka_unit_test(history_keeps_the_newest),
		cmocka_unit_test(tab_completes_in_turn),
		cmocka_unit_test(a_fault_is_pointed_at_until_the_text_changes),
		cmocka_unit_test(a_long_line_scrolls_so_that_the_cursor_shows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
