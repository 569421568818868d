/* SPDX-License-Identifier: MIT */
/* 4020-keys.c - names of keys, the built-in key map, and a user's own. */
#include "t/lib/test.h"

#include "tui/keys.h"

static void every_name_reads_back(UNUSED void **state)
{
	static const char *const names[] = { "j", "G", "#", "Enter", "Esc", "PgDn", "Space", "Tab",
		"S-Tab", "Ctrl-D", "Ctrl-_", "F1", "F12", "Backspace", "\xc3\xa9", "<" };
	char out[16];

	for (size_t i = 0; i < LENGTH(names); i++) {
		assert_int_not_equal(key_parse(names[i]), K_NONE);
		key_print(key_parse(names[i]), out);
		assert_string_equal(out, names[i]);
	}
}

static void nonsense_is_no_key(UNUSED void **state)
{
	assert_int_equal(key_parse(""), K_NONE);
	assert_int_equal(key_parse("jj"), K_NONE);
	assert_int_equal(key_parse("F13"), K_NONE);
	assert_int_equal(key_parse("Ctrl-"), K_NONE);
	assert_int_equal(key_parse("\033"), K_NONE);
}

static void a_script_is_read_key_by_key(UNUSED void **state)
{
	const char *s = "2<Enter>/a<lt>b<Esc>";
	const uint32_t want[] = { '2', K_ENTER, '/', 'a', '<', 'b', K_ESC, K_NONE };
	struct err e = ERR_INIT;
	uint32_t k;

	for (size_t i = 0; i < LENGTH(want); i++) {
		assert_true(key_next(&s, &k, &e));
		assert_int_equal(k, want[i]);
	}
	s = "<Nope>";
	assert_false(key_next(&s, &k, &e));
	assert_string_equal(e.text, "no key has the name <Nope>");
}

static void the_built_in_keys_are_all_keys_and_none_is_taken_twice(UNUSED void **state)
{
	struct keymap *m = keymap_new();

	for (int a = 1; a < ACT_COUNT; a++) {
		bool walk = action_info((enum action)a)->group == GROUP_WALK;
		const char *key = keymap_key(m, (enum action)a);

		assert_string_not_equal(key, "");
		assert_int_equal(keymap_action(m, key_parse(key), walk), a);
	}
	keymap_free(m);
}

static void the_walk_has_keys_of_its_own(UNUSED void **state)
{
	struct keymap *m = keymap_new();

	assert_int_equal(keymap_action(m, 'F', true), ACT_WALK_FAIL);
	assert_int_equal(keymap_action(m, 'F', false), ACT_SAVED);
	assert_int_equal(keymap_action(m, 'P', false), ACT_NONE);
	assert_int_equal(keymap_action(m, 'j', true), ACT_DOWN);
	keymap_free(m);
}

static void a_user_may_give_keys_away(UNUSED void **state)
{
	struct keymap *m = keymap_new();
	struct err e = ERR_INIT;
	struct buf b = BUF_INIT;

	assert_true(keymap_parse(m, "# mine\n\n  down = n Ctrl-N\nhelp=F2", &e));
	assert_int_equal(keymap_action(m, 'n', false), ACT_DOWN);
	assert_int_equal(keymap_action(m, 'j', false), ACT_NONE);
	assert_int_equal(keymap_action(m, key_parse("F2"), false), ACT_HELP);
	assert_int_equal(keymap_action(m, '?', false), ACT_NONE);
	assert_string_equal(keymap_key(m, ACT_MATCH_NEXT), "");
	keymap_keys(m, ACT_DOWN, &b);
	assert_string_equal(b.s, "n Ctrl-N");
	buf_release(&b);
	keymap_free(m);
}

static void faults_in_a_user_s_keys_name_the_line(UNUSED void **state)
{
	static const struct { const char *text, *want; } cases[] = {
		{ "down", "keys, line 1: want ACTION = KEY ..." },
		{ "\ndwn = j", "keys, line 2: no such action: dwn" },
		{ "down = Meta-x", "keys, line 1: no such key: Meta-x" },
		{ "down = averyveryverylongname", "keys, line 1: no such key: (too long)" },
	};

	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct keymap *m = keymap_new();
		struct err e = ERR_INIT;

		assert_false(keymap_parse(m, cases[i].text, &e));
		assert_string_equal(e.text, cases[i].want);
		keymap_free(m);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_name_reads_back),
		cmocka_unit_test(nonsense_is_no_key),
		cmocka_unit_test(a_script_is_read_key_by_key),
		cmocka_unit_test(the_built_in_keys_are_all_keys_and_none_is_taken_twice),
		cmocka_unit_test(the_walk_has_keys_of_its_own),
		cmocka_unit_test(a_user_may_give_keys_away),
		cmocka_unit_test(faults_in_a_user_s_keys_name_the_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
