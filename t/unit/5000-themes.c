/* SPDX-License-Identifier: MIT */
/*
 * 5000-themes.c - every theme we ship parses and can be read, parents fill the gaps, and faults
 * name the line.
 */
#include <math.h>

#include "t/lib/test.h"

#include "themes/theme.h"
#include "tui/color.h"

static void every_theme_we_ship_parses(UNUSED void **state)
{
	struct theme t;
	struct err e = ERR_INIT;
	char name[32];
	size_t n = 0;

	while (theme_at(n, name)) {
		if (!theme_load(&t, name, &e))
			fail_msg("%s", e.text);
		assert_string_equal(t.name, name);
		n++;
	}
	assert_int_equal(n, 8);
}

static void no_theme_we_ship_paints_the_ground(UNUSED void **state)
{
	struct theme t;
	struct err e = ERR_INIT;
	char name[32];

	for (size_t i = 0; theme_at(i, name); i++) {
		assert_true(theme_load(&t, name, &e));
		assert_int_equal(t.role[ROLE_text].fg, COLOR_NONE);
		for (int r = 0; r < ROLE_COUNT; r++)
			assert_int_equal(t.role[r].bg, COLOR_NONE);
	}
}

/* Source: WCAG 2.2, "relative luminance" and "contrast ratio". */
static double luminance(int32_t rgb)
{
	static const double weight[] = { 0.0722, 0.7152, 0.2126 }; /* blue, green, red */
	double sum = 0;

	for (int i = 0; i < 3; i++) {
		double part = ((rgb >> (8 * i)) & 0xff) / 255.0;

		sum += weight[i] * (part <= 0.04045 ? part / 12.92 :
		                                      pow((part + 0.055) / 1.055, 2.4));
	}
	return sum;
}

static double contrast(int32_t a, int32_t b)
{
	double x = luminance(a), y = luminance(b);

	return x > y ? (x + 0.05) / (y + 0.05) : (y + 0.05) / (x + 0.05);
}

/* As a terminal with 256 colours shows it: xterm's cube, and its greys. */
static int32_t shown(int32_t rgb)
{
	static const int32_t step[] = { 0, 95, 135, 175, 215, 255 };
	int i = color_nearest(rgb, 256);

	assert_true(i >= 16 && i < 256);
	if (i >= 232)
		return (8 + 10 * (i - 232)) * 0x10101;
	i -= 16;
	return step[i / 36] << 16 | step[i / 6 % 6] << 8 | step[i % 6];
}

static void every_colour_we_ship_can_be_read_on_the_ground_it_is_made_for(UNUSED void **state)
{
	static const struct { const char *theme; int32_t ground; double least; } made[] = {
		{ "blue-orange", 0x1e1e1e, 4.5 }, { "default", 0x1e1e1e, 4.5 },
		{ "gruvbox", 0x282828, 4.5 },     { "high-contrast", 0x000000, 7 },
		{ "light", 0xffffff, 4.5 },       { "mono", 0x000000, 4.5 },
		{ "nord", 0x2e3440, 4.5 },        { "solarized", 0x002b36, 4.5 },
	};
	struct theme t;
	struct err e = ERR_INIT;
	char name[32];
	size_t n = 0;

	for (; theme_at(n, name); n++) {
		assert_true(n < LENGTH(made));
		assert_string_equal(name, made[n].theme);
		assert_true(theme_load(&t, name, &e));
		for (int r = 0; r < ROLE_COUNT; r++) {
			int32_t fg = t.role[r].fg;

			if (fg != COLOR_NONE &&
			    (contrast(fg, made[n].ground) < made[n].least ||
			     contrast(shown(fg), made[n].ground) < made[n].least))
				fail_msg("%s: %s is #%06x, %.2f to the ground, of 256 %.2f", name,
				         role_name((enum style_role)r), (unsigned)fg,
				         contrast(fg, made[n].ground),
				         contrast(shown(fg), made[n].ground));
		}
	}
	assert_int_equal(n, LENGTH(made));
}

/* Yellow, cyan and white cannot be read on white, blue not on black, in most palettes of eight. */
static bool can_be_read(int color, bool on_white)
{
	int plain = color % 8;

	return on_white ? color < 8 && plain != 3 && plain != 6 && plain != 7 :
	                  plain != 0 && plain != 4;
}

static void with_few_colours_no_theme_mixes_pass_warning_and_failure(UNUSED void **state)
{
	static const int few[] = { 8, 16 };
	struct theme t;
	struct err e = ERR_INIT;
	char name[32];

	for (size_t i = 0; theme_at(i, name); i++) {
		assert_true(theme_load(&t, name, &e));
		for (size_t k = 0; k < LENGTH(few) && !str_eq(name, "mono"); k++) {
			int pass = color_nearest(t.role[ROLE_pass].fg, few[k]);
			int warn = color_nearest(t.role[ROLE_warn].fg, few[k]);
			int fail = color_nearest(t.role[ROLE_fail].fg, few[k]);

			if (pass == warn || warn == fail || pass == fail)
				fail_msg("%s, %d colours: pass %d, warn %d, fail %d", name, few[k],
				         pass, warn, fail);
			for (int r = 0; r < ROLE_COUNT; r++) {
				int c = color_nearest(t.role[r].fg, few[k]);

				assert_true(c < few[k]);
				if (t.role[r].fg != COLOR_NONE && c >= 0 &&
				    !can_be_read(c, str_eq(name, "light")))
					fail_msg("%s, %d colours: %s is %d", name, few[k],
					         role_name((enum style_role)r), c);
			}
		}
	}
}

static void few_colours_keep_the_hue(UNUSED void **state)
{
	static const struct { int32_t rgb; int in8, in16; } cases[] = {
		{ 0xe15a66, 1, 9 },  { 0xd18f52, 3, 11 }, { 0x8cc265, 2, 10 }, { 0x4aa5f0, 6, 14 },
		{ 0xb3261e, 1, 1 },  { 0x8a5300, 5, 5 },  { 0x137a13, 2, 2 },  { 0x0b57a4, 4, 4 },
		{ 0xff6666, 1, 9 }, { 0xb8bb26, 2, 10 }, { 0xffff00, 3, 11 }, { 0xd070d0, 5, 13 },
		{ 0xe5e9f0, 7, 7 },  { 0x5f6368, -1, -1 }, { 0x000000, -1, -1 },
		{ COLOR_NONE, -1, -1 },
	};

	for (size_t i = 0; i < LENGTH(cases); i++) {
		assert_int_equal(color_nearest(cases[i].rgb, 8), cases[i].in8);
		assert_int_equal(color_nearest(cases[i].rgb, 16), cases[i].in16);
	}
	assert_int_equal(color_nearest(0xff0000, 256), 196);
	assert_int_equal(color_nearest(COLOR_NONE, 256), -1);
}

static void mono_has_no_colour_and_still_tells_late_from_text(UNUSED void **state)
{
	struct theme t;
	struct err e = ERR_INIT;

	assert_true(theme_load(&t, "mono", &e));
	for (int r = 0; r < ROLE_COUNT; r++)
		assert_int_equal(t.role[r].fg, COLOR_NONE);
	assert_int_not_equal(t.role[ROLE_late].attr, t.role[ROLE_text].attr);
	assert_int_not_equal(t.role[ROLE_cursor].attr, t.role[ROLE_text].attr);
}

static void roles_left_out_look_like_their_parent(UNUSED void **state)
{
	struct theme t;
	struct err e = ERR_INIT;

	assert_true(theme_parse(&t, "t", "fail = #ff0000 bold\nwarn = #ffff00\n", &e));
	assert_int_equal(t.role[ROLE_critical].fg, 0xff0000);
	assert_int_equal(t.role[ROLE_critical].attr, STYLE_BOLD);
	assert_int_equal(t.role[ROLE_none].fg, 0xffff00);
	assert_int_equal(t.role[ROLE_pass].fg, COLOR_NONE);
}

static void a_style_has_colours_and_attributes(UNUSED void **state)
{
	static const char text[] =
		"$a = #0000fF   # blue\n"
		"late = $a on #010203 bold dim underline reverse\n"
		"mark = late underline # the colour of late\n"
		"cursor = reverse\n"
		"#fail = no role of this line is set\n";
	struct theme t;
	struct err e = ERR_INIT;

	assert_true(theme_parse(&t, "t", text, &e));
	assert_int_equal(t.role[ROLE_late].fg, 0x0000ff);
	assert_int_equal(t.role[ROLE_late].bg, 0x010203);
	assert_int_equal(t.role[ROLE_late].attr, 15);
	assert_int_equal(t.role[ROLE_mark].fg, 0x0000ff);
	assert_int_equal(t.role[ROLE_mark].attr, STYLE_UNDERLINE);
	assert_int_equal(t.role[ROLE_cursor].attr, STYLE_REVERSE);
}

static void faults_name_the_theme_and_the_line(UNUSED void **state)
{
	static const struct { const char *text, *want; } cases[] = {
		{ "late", "theme t, line 1: want NAME = VALUE, not: late" },
		{ "\nlat = bold", "theme t, line 2: no such role: lat" },
		{ "late = ", "theme t, line 1: a colour or a style is missing: late" },
		{ "late = #12345", "theme t, line 1: a colour is # and six digits: #12345" },
		{ "late = $x", "theme t, line 1: no such variable above: $x" },
		{ "late = red", "theme t, line 1: not a colour, a role or a style: red" },
		{ "late = fail", "theme t, line 1: this role is not set above: fail" },
		{ "late = bold on",
		  "theme t, line 1: not a style (bold, dim, underline, reverse): on" },
		{ "late = default on", "theme t, line 1: a colour is missing after: on" },
		{ "late = bold\nlate = dim", "theme t, line 2: the role is set twice: late" },
		{ "$a = #111111\n$a = #222222", "theme t, line 2: the variable is set twice: $a" },
		{ "$a = #111111 bold", "theme t, line 1: a variable is one colour: $a" },
	};

	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct theme t;
		struct err e = ERR_INIT;

		assert_false(theme_parse(&t, "t", cases[i].text, &e));
		assert_string_equal(e.text, cases[i].want);
		assert_int_equal(e.kind, ERR_FORMAT);
	}
}

static void write_file(const char *path, const char *text)
{
	struct out *o = out_file(path);
	struct err e = ERR_INIT;

	out_puts(o, text);
	assert_true(out_close(o, &e));
}

static void a_user_s_file_wins_over_the_built_in(UNUSED void **state)
{
	struct buf path = BUF_INIT;
	struct theme t;
	struct err e = ERR_INIT;

	buf_addf(&path, "%s/seaworthy/themes/nord.theme", getenv("TMPDIR"));
	assert_true(file_make_parents(path.s, &e));
	assert_int_equal(setenv("XDG_CONFIG_HOME", getenv("TMPDIR"), 1), 0);
	write_file(path.s, "late = #123456\n");
	assert_true(theme_load(&t, "nord", &e));
	assert_int_equal(t.role[ROLE_late].fg, 0x123456);
	write_file(path.s, "late = #12345\n");
	assert_false(theme_load(&t, "nord", &e));
	assert_string_equal(e.text, "theme nord, line 1: a colour is # and six digits: #12345");
	assert_int_equal(unsetenv("XDG_CONFIG_HOME"), 0);
	buf_release(&path);
}

static void an_unknown_theme_is_answered_with_the_names_there_are(UNUSED void **state)
{
	struct theme t;
	struct err e = ERR_INIT;

	assert_false(theme_load(&t, "neon", &e));
	assert_non_null(strstr(e.text, "no theme neon; there are blue-orange, default"));
	assert_false(theme_load(&t, "../../etc/passwd", &e));
	assert_false(theme_load(&t, "", &e));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_theme_we_ship_parses),
		cmocka_unit_test(no_theme_we_ship_paints_the_ground),
		cmocka_unit_test(every_colour_we_ship_can_be_read_on_the_ground_it_is_made_for),
		cmocka_unit_test(with_few_colours_no_theme_mixes_pass_warning_and_failure),
		cmocka_unit_test(few_colours_keep_the_hue),
		cmocka_unit_test(mono_has_no_colour_and_still_tells_late_from_text),
		cmocka_unit_test(roles_left_out_look_like_their_parent),
		cmocka_unit_test(a_style_has_colours_and_attributes),
		cmocka_unit_test(faults_name_the_theme_and_the_line),
		cmocka_unit_test(a_user_s_file_wins_over_the_built_in),
		cmocka_unit_test(an_unknown_theme_is_answered_with_the_names_there_are),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
