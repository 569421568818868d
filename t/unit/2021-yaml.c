/* SPDX-License-Identifier: MIT */
/* 2021-yaml.c - YAML becomes JSON, a document a line. */
#include "t/lib/test.h"

#include "importers/yaml.h"

struct input {
	const char *s;
	size_t      n;
};

static bool more(void *ctx, char *dst, size_t size, size_t *n, struct err *e)
{
	struct input *in = ctx;

	(void)e;
	*n = in->n < size ? in->n : size;
	memcpy(dst, in->s, *n);
	in->s += *n;
	in->n -= *n;
	return true;
}

static bool put(void *ctx, const char *p, size_t n, struct err *e)
{
	(void)e;
	buf_add(ctx, p, n);
	return true;
}

static void check(const char *yaml, const char *want)
{
	struct input in = { yaml, strlen(yaml) };
	struct buf out = BUF_INIT;
	struct err e = ERR_INIT;

	if (!yaml_to_json(more, &in, 0, put, &out, &e))
		fail_msg("%s", e.text);
	assert_string_equal(out.s, want);
	buf_release(&out);
}

static void check_fails(const char *yaml, enum err_kind kind, const char *text)
{
	struct input in = { yaml, strlen(yaml) };
	struct buf out = BUF_INIT;
	struct err e = ERR_INIT;

	assert_false(yaml_to_json(more, &in, 0, put, &out, &e));
	assert_int_equal(e.kind, kind);
	if (strstr(e.text, text) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", e.text, text);
	buf_release(&out);
}

static void lists_and_mappings(void **state)
{
	(void)state;
	check("a:\n- b: 1\n  c: [x, 'y']\n- {}\n- []\nd:\n  e: f\n",
	      "{\"a\":[{\"b\":1,\"c\":[\"x\",\"y\"]},{},[]],\"d\":{\"e\":\"f\"}}\n");
	check("- 1\n- - 2\n  - 3\n", "[1,[2,3]]\n");
}

static void plain_scalars_have_types_and_quoted_ones_are_text(void **state)
{
	(void)state;
	check("[~, null, '', true, False, 'true', 12, -1.5e3, '12', 0x1F, 012, .5, +1, 1.0.0, yes, "
	      "on, 2024-01-01]",
	      "[null,null,\"\",true,false,\"true\",12,-1.5e3,\"12\",\"0x1F\",\"012\",\".5\",\"+1\","
	      "\"1.0.0\","
	      "\"yes\",\"on\",\"2024-01-01\"]\n");
	check("a:\nb: |\n  two\n  \"lines\"\\\nc: >-\n  fol\n  ded\n",
	      "{\"a\":null,\"b\":\"two\\u000a\\\"lines\\\"\\\\\\u000a\",\"c\":\"fol ded\"}\n");
}

static void keys_are_text(void **state)
{
	(void)state;
	check("{1: a, true: b, ~: c}", "{\"1\":\"a\",\"true\":\"b\",\"~\":\"c\"}\n");
	check_fails("? [a]\n: b\n", ERR_FORMAT, "line 1: a key that is not text");
}

static void documents_are_lines(void **state)
{
	(void)state;
	check("---\na: 1\n---\nb: 2\n...\n---\n---\n- c\n", "{\"a\":1}\n{\"b\":2}\n[\"c\"]\n");
	check("# nothing\n", "null\n");
}

static void aliases_repeat_their_anchors(void **state)
{
	(void)state;
	check("a: &x {b: [1, &y 2]}\nc: *x\nd: *y\ne: &x 3\nf: *x\n",
	      "{\"a\":{\"b\":[1,2]},\"c\":{\"b\":[1,2]},\"d\":2,\"e\":3,\"f\":3}\n");
	check_fails("a: &x [*x]\n", ERR_FORMAT, "inside its own anchor");
	check_fails("a: &x 1\n---\nb: *x\n", ERR_FORMAT, "without its anchor");
}

static void a_billion_laughs_are_refused(void **state)
{
	struct buf yaml = BUF_INIT;

	(void)state;
	buf_adds(&yaml, "a0: &a0 lol\n");
	for (int i = 1; i < 30; i++) {
		buf_addf(&yaml, "a%d: &a%d [", i, i);
		for (int k = 0; k < 10; k++)
			buf_addf(&yaml, "%s*a%d", k > 0 ? ", " : "", i - 1);
		buf_adds(&yaml, "]\n");
	}
	check_fails(yaml.s, ERR_LIMIT, "MiB");
	buf_release(&yaml);
}

static void deep_nesting_is_refused(void **state)
{
	struct buf yaml = BUF_INIT;

	(void)state;
	for (int i = 0; i < 600; i++)
		buf_adds(&yaml, "- ");
	buf_adds(&yaml, "x\n");
	check_fails(yaml.s, ERR_LIMIT, "line 1: nested deeper than 512");
	buf_release(&yaml);
}

static void what_is_not_yaml_names_its_line(void **state)
{
	(void)state;
	check_fails("a: 1\nb: [1, 2\nc: 3\n", ERR_FORMAT, "line 3: not YAML: ");
	check_fails("a: b: c\n", ERR_FORMAT, "line 1: not YAML: ");
	check_fails("just text\n", ERR_FORMAT, "neither a list nor a mapping");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists_and_mappings),
		cmocka_unit_test(plain_scalars_have_types_and_quoted_ones_are_text),
		cmocka_unit_test(keys_are_text),
		cmocka_unit_test(documents_are_lines),
		cmocka_unit_test(aliases_repeat_their_anchors),
		cmocka_unit_test(a_billion_laughs_are_refused),
		cmocka_unit_test(deep_nesting_is_refused),
		cmocka_unit_test(what_is_not_yaml_names_its_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
