/* SPDX-License-Identifier: MIT */
/* 2012-json.c - tokens: each with its text and place, in memory that does not grow. */
#include "t/lib/test.h"

#include "importers/json.h"
#include "importers/read.h"

#define HUGE ((size_t)100 << 20)

/* ---- tokens of a text that arrives in pieces of `step` bytes ---- */

struct text {
	const char *s;
	size_t      n, step;
};

static bool more_text(void *ctx, char *dst, size_t size, size_t *n, struct err *e)
{
	struct text *t = ctx;

	(void)e;
	*n = t->step < t->n ? t->step : t->n;
	*n = *n < size ? *n : size;
	memcpy(dst, t->s, *n);
	t->s += *n;
	t->n -= *n;
	return true;
}

/*
 * Kind, place and text of every token of a document, and where it ends; containers at depth `skip`
 * (0: none) are passed over.
 */
static void print_by(bool scan, int skip, const char *s, size_t step, struct buf *out)
{
	static const char kinds[] = "?ntf0\"k{}[]";
	struct text t = { s, strlen(s), step };
	struct err e = ERR_INIT;
	struct json_span text;
	struct json j;
	int depth = 0;

	buf_reset(out);
	json_init(&j, more_text, &t, &e);
	j.scan = scan;
	assert_int_equal(json_space(&j), (unsigned char)s[0]);
	json_begin(&j);
	do {
		enum json_kind kind = json_peek(&j);

		if (kind == JSON_FAIL) {
			buf_addf(out, "%s", e.text);
			break;
		}
		json_approach(&j);
		buf_addf(out, "%c%u@%u", kinds[kind], (unsigned)json_line(&j),
			 (unsigned)json_offset(&j));
		if (skip > 0 && depth == skip && (kind == JSON_OBJECT || kind == JSON_ARRAY)) {
			assert_true(json_skip(&j));
			continue;
		}
		json_take(&j, &text);
		buf_addf(out, " %.*s ", (int)text.n, text.n > 0 ? text.s : "");
		depth += (kind == JSON_OBJECT || kind == JSON_ARRAY) -
			 (kind == JSON_OBJECT_END || kind == JSON_ARRAY_END);
	} while (depth > 0);
	buf_addf(out, "=%u", (unsigned)json_offset(&j));
	json_release(&j);
}

static void print_tokens(const char *s, size_t step, struct buf *out)
{
	print_by(false, 0, s, step, out);
}

static void tokens_are_the_same_in_pieces_of_any_size(void **state)
{
	static const char json[] = "{\"a\\n\" : [1.50, -2e9,\ntrue,false , null,\"\\u00e9 b\"],\n"
				   "\"\":{} }{\"next\"";
	static const char want[] = "{1@0  k1@1 a\n [1@9  01@10 1.50 01@16 -2e9 t2@22 true "
				   "f2@27 false n2@35  \"2@40 \u00e9 b ]2@50  k3@53  "
				   "{3@56  }3@57  }3@59  =60";
	struct buf out = BUF_INIT;

	(void)state;
	for (size_t step = 1; step <= strlen(json); step++) {
		print_tokens(json, step, &out);
		assert_string_equal(out.s, want);
		print_by(true, 0, json, step, &out);
		assert_string_equal(out.s, want);
	}
	buf_release(&out);
}

/* ---- a scan sees what yajl sees ---- */

static uint64_t seed = 88172645463325252u;

static unsigned pick(unsigned n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (unsigned)(seed % n);
}

static void make_string(struct buf *b)
{
	static const char *const piece[] = { "a", "{", "]", "\\\"", "\\\\", "\\n",
		                             "\\u00e9", ",", ":", "\\ud83d\\ude00",
		                             "\xc3\xa9", " ", "\\\\\\\"" };

	buf_addc(b, '"');
	for (unsigned k = pick(6); k > 0; k--)
		buf_adds(b, piece[pick(LENGTH(piece))]);
	buf_addc(b, '"');
}

static void make_value(struct buf *b, int depth)
{
	static const char *const word[] = { "null", "true", "false", "0", "-1.5e+10", "12" };
	static const char *const blank[] = { "", "", " ", "\n\t" };
	bool object = pick(2) != 0;
	unsigned kind = depth == 0 ? 0 : pick(4);

	buf_adds(b, depth == 0 ? "" : blank[pick(LENGTH(blank))]);
	if (depth > 5 || kind == 1) {
		buf_adds(b, word[pick(LENGTH(word))]);
	} else if (kind == 2) {
		make_string(b);
	} else {
		buf_addc(b, object ? '{' : '[');
		for (unsigned k = 0, n = pick(5); k < n; k++) {
			buf_adds(b, k > 0 ? "," : "");
			if (object) {
				make_string(b);
				buf_adds(b, blank[pick(LENGTH(blank))]);
				buf_addc(b, ':');
			}
			make_value(b, depth + 1);
		}
		buf_adds(b, blank[pick(LENGTH(blank))]);
		buf_addc(b, object ? '}' : ']');
	}
}

static void a_scan_sees_what_yajl_sees(void **state)
{
	struct buf json = BUF_INIT, want = BUF_INIT, is = BUF_INIT;

	(void)state;
	for (int k = 0; k < 3000; k++) {
		int skip = (int)pick(4);

		buf_reset(&json);
		make_value(&json, 0);
		print_by(false, skip, json.s, json.len, &want);
		print_by(true, skip, json.s, 1 + pick(9), &is);
		assert_string_equal(is.s, want.s);
	}
	buf_release(&json);
	buf_release(&want);
	buf_release(&is);
}

static void a_scan_of_what_is_no_json_ends(void **state)
{
	static const char *const bad[] = { "[1,\n\"q", "[1, [2", "{1:2}", "{\"a\"}", "[}",
		                           "{]", "[1 @ 2]", "{\"a\":}", "[\\]", "{\"a\":[}" };
	struct buf out = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < LENGTH(bad); i++)
		for (size_t step = 1; step < 9; step += 7) {
			print_by(true, 0, bad[i], step, &out);
			assert_non_null(strstr(out.s, "line "));
		}
	buf_release(&out);
}

static void an_error_comes_behind_the_tokens_before_it(void **state)
{
	static const char json[] = "[1,\n\"\\q\", 2]";
	struct buf out = BUF_INIT;

	(void)state;
	print_tokens(json, 1, &out);
	assert_non_null(strstr(out.s, "[1@0  01@1 1 line 2, byte 6: lexical error: "));
	print_tokens(json, 100, &out);
	assert_non_null(strstr(out.s, "[1@0  01@1 1 line 2, byte 6: lexical error: "));
	print_tokens("[1, [2", 2, &out);
	assert_string_equal(out.s, "[1@0  01@1 1 [1@4  line 1, byte 6: the document breaks off "
				   "here=5");
	buf_release(&out);
}

static void between_documents_there_are_lines(void **state)
{
	static const char log[] = "log {x}\n[info]\n\n {\"a\":1} tail\nnull\n";
	struct text t = { log, strlen(log), 3 };
	struct err e = ERR_INIT;
	struct json j;
	uint64_t skipped = 0;

	(void)state;
	json_init(&j, more_text, &t, &e);
	assert_true(json_find(&j, &skipped));
	assert_int_equal(skipped, 2);
	assert_int_equal(json_line(&j), 4);
	json_begin(&j);
	assert_true(json_skip(&j));
	assert_true(json_skip_line(&j));
	assert_true(json_find(&j, &skipped));
	assert_int_equal(json_line(&j), 5);
	json_begin(&j);
	assert_int_equal(json_peek(&j), JSON_NULL);
	assert_true(json_skip(&j));
	assert_int_equal(json_space(&j), -1);
	assert_false(j.stopped);
	json_release(&j);
}

/* ---- memory ---- */

/* HUGE bytes, made up as they are read: the first and the last as given, all between alike. */
struct made {
	size_t left;
	char   first, between, last;
};

static bool more_made(void *ctx, char *dst, size_t size, size_t *n, struct err *e)
{
	struct made *m = ctx;

	(void)e;
	*n = size < m->left ? size : m->left;
	memset(dst, m->between, *n);
	if (m->left == HUGE)
		dst[0] = m->first;
	m->left -= *n;
	if (m->left == 0 && *n > 0)
		dst[*n - 1] = m->last;
	return true;
}

static void a_long_string_is_not_read_to_its_end(void **state)
{
	struct made m = { HUGE, '"', 'x', '"' };
	struct err e = ERR_INIT;
	struct json j;

	(void)state;
	json_init(&j, more_made, &m, &e);
	json_begin(&j);
	assert_false(json_skip(&j));
	assert_int_equal(e.kind, ERR_LIMIT);
	assert_string_equal(e.text, "line 1, byte 0: a value is longer than 16 MiB");
	assert_true(m.left >= HUGE - READ_VALUE - JSON_BLOCK);
	assert_true(j.cap <= 2 * READ_VALUE);
	json_release(&j);
}

static void blanks_take_no_memory(void **state)
{
	struct made m = { HUGE, '[', ' ', ']' };
	struct err e = ERR_INIT;
	struct json j;
	size_t cap;

	(void)state;
	json_init(&j, more_made, &m, &e);
	cap = j.cap;
	json_begin(&j);
	assert_true(json_skip(&j));
	assert_int_equal(json_offset(&j), HUGE);
	assert_int_equal(json_space(&j), -1);
	assert_int_equal(j.cap, cap);
	json_release(&j);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tokens_are_the_same_in_pieces_of_any_size),
		cmocka_unit_test(a_scan_sees_what_yajl_sees),
		cmocka_unit_test(a_scan_of_what_is_no_json_ends),
		cmocka_unit_test(an_error_comes_behind_the_tokens_before_it),
		cmocka_unit_test(between_documents_there_are_lines),
		cmocka_unit_test(a_long_string_is_not_read_to_its_end),
		cmocka_unit_test(blanks_take_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
