/* SPDX-License-Identifier: MIT */
/* 3000-escape.c - imported text is shown as it is, and does nothing, in every format. */
#include "t/lib/test.h"

#include "reports/escape.h"

typedef void escape_fn(struct out *o, const char *s);

/* `s` as the format has it; the caller releases `b`. */
static const char *escaped(escape_fn *escape, const char *s, struct buf *b)
{
	struct out *o;
	struct err e = ERR_INIT;

	buf_reset(b);
	o = out_buf(b);
	escape(o, s);
	assert_true(out_close(o, &e));
	return b->s;
}

struct expected {
	const char *from, *to;
};

static void check(escape_fn *escape, const struct expected *x, size_t n)
{
	struct buf b = BUF_INIT;

	for (size_t i = 0; i < n; i++)
		assert_string_equal(escaped(escape, x[i].from, &b), x[i].to);
	buf_release(&b);
}

static void html_shows_markup_and_does_not_obey_it(UNUSED void **state)
{
	static const struct expected x[] = {
		{ NULL, "" },
		{ "", "" },
		{ "libc6", "libc6" },
		{ "<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;" },
		{ "\" onload='x' &amp;", "&quot; onload=&#39;x&#39; &amp;amp;" },
		{ "a\nb\tc", "a\nb c" },
		{ "\x1b]0;owned\x07", "^[]0;owned^G" },
		{ "evil\xe2\x80\xae" "cod.exe", "evil&lt;U+202E&gt;cod.exe" },
		{ "\xff<\xc3", "\xef\xbf\xbd&lt;\xef\xbf\xbd" },
		{ "\xc2\x9b" "31m", "&lt;U+009B&gt;31m" },
		{ "gr\xc3\xb6\xc3\x9f" "er", "gr\xc3\xb6\xc3\x9f" "er" },
	};

	check(escape_html, x, LENGTH(x));
}

static void markdown_stays_one_plain_line(UNUSED void **state)
{
	static const struct expected x[] = {
		{ NULL, "" },
		{ "a | b", "a \\| b" },
		{ "# [x](y) *z* `q`", "\\# \\[x\\](y) \\*z\\* \\`q\\`" },
		{ "CVE-2024-1 in libc6 #3", "CVE-2024-1 in libc6 #3" },
		{ "<img src=x>", "&lt;img src=x>" },
		{ "&lt;", "&amp;lt;" },
		{ "one\n\n---\ntwo", "one  --- two" },
		{ "    - a list", "\\- a list" },
		{ "\n> a quote", "\\> a quote" },
		{ "1. one", "1\\. one" },
		{ "12) twelve", "12\\) twelve" },
		{ "1.21.5", "1.21.5" },
		{ "\x1b[31m\r", "^\\[\\[31m^M" },
		{ "\xe2\x81\xa6", "&lt;U+2066>" },
	};

	check(escape_markdown, x, LENGTH(x));
}

static void csv_quotes_what_would_end_a_cell(UNUSED void **state)
{
	static const struct expected x[] = {
		{ NULL, "" },
		{ "libc6", "libc6" },
		{ "a,b", "\"a,b\"" },
		{ "a;b", "\"a;b\"" },
		{ "say \"no\"", "\"say \"\"no\"\"\"" },
		{ "two\nlines", "\"two\nlines\"" },
		{ "over\rwrite", "\"over^Mwrite\"" },
		{ "\x1b[2J", "^[[2J" },
	};

	check(escape_csv, x, LENGTH(x));
}

static void csv_defuses_formulas_and_leaves_numbers(UNUSED void **state)
{
	static const struct expected x[] = {
		{ "=HYPERLINK(\"http://x\")", "\"'=HYPERLINK(\"\"http://x\"\")\"" },
		{ "=1", "\"'=1\"" },
		{ "+1+cmd|' /C calc'!A0", "\"'+1+cmd|' /C calc'!A0\"" },
		{ "-2+3", "\"'-2+3\"" },
		{ "@SUM(A1)", "\"'@SUM(A1)\"" },
		{ "\t=1", "\"'^I=1\"" },
		{ "\r=1", "\"'^M=1\"" },
		{ "\n=1", "\"'\n=1\"" },
		{ "\xef\xbc\x9d" "1+1", "\"'\xef\xbc\x9d" "1+1\"" },
		{ "-1", "-1" },
		{ "+1.5", "\"'+1.5\"" },
		{ "-", "\"'-\"" },
		{ "@scope/pkg", "\"'@scope/pkg\"" },
	};

	check(escape_csv, x, LENGTH(x));
}

static void plain_text_cannot_steer_a_terminal(UNUSED void **state)
{
	static const struct expected x[] = {
		{ "\x1b[31mred\x7f\x01", "^[[31mred^?^A" },
		{ "a\nb", "a^Jb" },
		{ "\xc2\x9b" "31m", "<U+009B>31m" },
		{ "\xe2\x80\xaeright", "<U+202E>right" },
		{ "\xf0\x9f\x9a\xa2", "\xf0\x9f\x9a\xa2" },
		{ "\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
	};

	check(escape_plain, x, LENGTH(x));
}

static bool has_control(const char *s, const char *but)
{
	for (; *s; s++)
		if (((unsigned char)*s < 0x20 && !strchr(but, *s)) || *s == 0x7f)
			return true;
	return false;
}

/* No quote inside a quoted cell stands alone; a cell without quotes holds nothing special. */
static bool is_one_cell(const char *s)
{
	size_t n = strlen(s);

	if (*s != '"')
		return !strpbrk(s, ",\"\r\n");
	if (n < 2 || s[n - 1] != '"')
		return false;
	for (const char *p = s + 1; p < s + n - 1; p++)
		if (*p == '"' && (p + 1 == s + n - 1 || *++p != '"'))
			return false;
	return true;
}

static void no_pair_of_bytes_gets_through(UNUSED void **state)
{
	struct buf b = BUF_INIT;

	for (int i = 1; i < 65536; i++) {
		const char s[] = { (char)(i & 0xff), (char)(i >> 8), 0 };
		const char *to = escaped(escape_html, s, &b);

		assert_true(utf8_valid(to, b.len) && !has_control(to, "\n"));
		assert_null(strpbrk(to, "<>\"'"));
		to = escaped(escape_csv, s, &b);
		assert_true(utf8_valid(to, b.len) && !has_control(to, "\n") && is_one_cell(to));
		to = escaped(escape_markdown, s, &b);
		assert_true(utf8_valid(to, b.len) && !has_control(to, "") && !strchr(to, '<'));
		to = escaped(escape_plain, s, &b);
		assert_true(utf8_valid(to, b.len) && !has_control(to, ""));
	}
	buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(html_shows_markup_and_does_not_obey_it),
		cmocka_unit_test(markdown_stays_one_plain_line),
		cmocka_unit_test(csv_quotes_what_would_end_a_cell),
		cmocka_unit_test(csv_defuses_formulas_and_leaves_numbers),
		cmocka_unit_test(plain_text_cannot_steer_a_terminal),
		cmocka_unit_test(no_pair_of_bytes_gets_through),
	};

	return cmocka_run_group_tests_name("escape", tests, NULL, NULL);
}
