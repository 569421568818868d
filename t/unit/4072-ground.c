/* SPDX-License-Identifier: MIT */
/* 4072-ground.c - what a terminal answers about its ground, told from keys. */
#include "t/lib/test.h"

#include "tui/ground.h"
#include "tui/keys.h"

/* What came out as keys, so far. */
struct came {
	struct ground g;
	int64_t       now;
	char          keys[200];
	size_t        n;
};

static void collect(struct came *c)
{
	uint32_t key;

	while ((key = ground_key(&c->g)) != K_NONE) {
		assert_true(c->n + 1 < sizeof(c->keys));
		c->keys[c->n++] = key == K_ESC ? '^' : key < 0x80 ? (char)key : '@';
	}
	c->keys[c->n] = '\0';
}

static void type(struct came *c, const char *bytes)
{
	for (; *bytes != '\0'; bytes++) {
		ground_take(&c->g, (unsigned char)*bytes, c->now);
		collect(c);
	}
}

/* Nothing more comes for so long. */
static void wait_ms(struct came *c, int ms)
{
	ground_rest(&c->g, c->now);
	c->now += ms;
	ground_rest(&c->g, c->now);
	collect(c);
}

static struct came asked(void)
{
	struct came c = { .now = 1000000 };

	ground_ask(&c.g, c.now);
	return c;
}

static void answers_are_read_and_are_no_keys(UNUSED void **state)
{
	static const struct { const char *bytes; enum ground_says says; } cases[] = {
		{ "\033]11;rgb:ffff/ffff/ffff\a", GROUND_LIGHT },
		{ "\033]11;rgb:ffff/ffff/ffff\033\\", GROUND_LIGHT },
		{ "\033]11;rgb:fdf6/f6e3/e3d5\033\\", GROUND_LIGHT },
		{ "\033]11;rgb:0000/0000/0000\a", GROUND_DARK },
		{ "\033]11;rgb:1e1e/1E1E/1e1e\a", GROUND_DARK },
		{ "\033]11;rgb:00/2b/36\033\\", GROUND_DARK },
		{ "\033]11;rgb:f/f/f\033\\", GROUND_LIGHT },
		{ "\033]11;rgb:fff/fff/fff\033\\", GROUND_LIGHT },
		{ "\033]11;rgba:ffff/ffff/ffff/cccc\a", GROUND_LIGHT },
		{ "\033]11;rgb:0000/0000/ffff\a", GROUND_DARK },
		{ "\033]11;rgb:0000/ffff/0000\a", GROUND_LIGHT },
		{ "\033]11;?\a", GROUND_NOTHING }, /* the question, sent back */
		{ "\033]11;rgb:ffff/ffff\a", GROUND_NOTHING },
		{ "\033]11;rgb:ff//ff\a", GROUND_NOTHING },
		{ "\033]11;\a", GROUND_NOTHING },
	};

	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct came c = asked();

		type(&c, "ab");
		type(&c, cases[i].bytes);
		type(&c, "cd");
		wait_ms(&c, 1);
		assert_string_equal(c.keys, "abcd");
		assert_int_equal(c.g.says, cases[i].says);
		assert_false(c.g.asked);
	}
}

/* Wherever the line cuts it: no key of it is left, but Esc where the rest is long in coming. */
static void an_answer_in_pieces_is_no_keys(UNUSED void **state)
{
	static const char answer[] = "\033]11;rgb:ffff/ffff/ffff\033\\";

	for (size_t cut = 1; cut < sizeof(answer) - 1; cut++) {
		for (int ms = 0; ms < 1000; ms = ms * 5 + 1) {
			struct came c = asked();
			char first[sizeof(answer)] = "";

			memcpy(first, answer, cut);
			type(&c, first);
			wait_ms(&c, ms);
			type(&c, answer + cut);
			wait_ms(&c, 10000);
			type(&c, "x");
			assert_string_equal(c.keys, cut == 1 && ms >= 100 ? "^x" : "x");
			assert_int_equal(c.g.says, GROUND_LIGHT);
		}
	}
}

static void a_late_answer_is_no_keys(UNUSED void **state)
{
	struct came c = asked();

	wait_ms(&c, 3600 * 1000);
	type(&c, "j\033]11;rgb:ffff/ffff/ffff\ak");
	assert_string_equal(c.keys, "jk");
	assert_int_equal(c.g.says, GROUND_LIGHT);
}

static void keys_are_keys_when_nothing_answers(UNUSED void **state)
{
	struct came c = asked();

	type(&c, "2]1");
	assert_string_equal(c.keys, "2]1");
	type(&c, "\033");
	assert_string_equal(c.keys, "2]1");
	assert_true(ground_holds(&c.g));
	wait_ms(&c, 99);
	assert_string_equal(c.keys, "2]1");
	wait_ms(&c, 1);
	assert_string_equal(c.keys, "2]1^");
	assert_false(ground_holds(&c.g));
	type(&c, "\033]");
	wait_ms(&c, 999);
	assert_string_equal(c.keys, "2]1^");
	wait_ms(&c, 1);
	assert_string_equal(c.keys, "2]1^^]");
	c.n = strlen("2]1^");
	type(&c, "\033\033Q");
	assert_string_equal(c.keys, "2]1^^^Q");
	type(&c, "\033]12");
	assert_string_equal(c.keys, "2]1^^^Q^]12");
	type(&c, "\033]11x");
	assert_string_equal(c.keys, "2]1^^^Q^]12^]11x");
	ground_take(&c.g, K_UP, c.now);
	collect(&c);
	assert_string_equal(c.keys, "2]1^^^Q^]12^]11x@");
}

/* After some seconds Esc waits no longer than for what came with it. */
static void esc_is_not_slow_for_ever(UNUSED void **state)
{
	struct came c = asked();

	wait_ms(&c, 5000);
	type(&c, "\033");
	assert_string_equal(c.keys, "");
	wait_ms(&c, 0);
	assert_string_equal(c.keys, "^");
}

static void an_answer_that_breaks_off_ends_with_the_next_key(UNUSED void **state)
{
	struct came c = asked();

	type(&c, "\033]11;rgb:ff");
	wait_ms(&c, 1000);
	type(&c, "jQ]11;");
	assert_string_equal(c.keys, "jQ]11;");
	assert_int_equal(c.g.says, GROUND_NOTHING);
	type(&c, "\033]11;rgb:ff/ff/ff\ak");
	assert_string_equal(c.keys, "jQ]11;k");
	assert_int_equal(c.g.says, GROUND_LIGHT);

	c = asked();
	type(&c, "\033]11;rgb:");
	for (int i = 0; i < 60; i++)
		type(&c, "f");
	assert_in_range(c.n, 1, 30);
}

static void what_was_not_asked_for_is_keys(UNUSED void **state)
{
	struct came c = { .now = 5 };

	type(&c, "\033]11;rgb:ffff/ffff/ffff\a");
	assert_string_equal(c.keys, "^]11;rgb:ffff/ffff/ffff\a");
	assert_int_equal(c.g.says, GROUND_NOTHING);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_are_read_and_are_no_keys),
		cmocka_unit_test(an_answer_in_pieces_is_no_keys),
		cmocka_unit_test(a_late_answer_is_no_keys),
		cmocka_unit_test(keys_are_keys_when_nothing_answers),
		cmocka_unit_test(esc_is_not_slow_for_ever),
		cmocka_unit_test(an_answer_that_breaks_off_ends_with_the_next_key),
		cmocka_unit_test(what_was_not_asked_for_is_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
