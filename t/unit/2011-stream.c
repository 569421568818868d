/* SPDX-License-Identifier: MIT */
/* 2011-stream.c - logs: every JSON object is a document, whatever lies between them. */
#include "t/lib/test.h"

#include "importers/read.h"
#include "importers/source.h"
#include "t/lib/printsink.h"

static bool on_record(void *ctx, const struct read_record *r, struct err *e)
{
	struct buf *out = ctx;
	char place[160];

	(void)e;
	read_place(r, place);
	buf_addf(out, "%s #%u @%u %s\n", place, (unsigned)r->document, (unsigned)r->offset,
	         r->value[0].s != NULL ? r->value[0].s : "-");
	return true;
}

static bool on_text(void *ctx, const char *s, size_t n, uint64_t line, uint64_t offset,
		    struct err *e)
{
	struct buf *out = ctx;

	(void)e;
	assert_int_equal(strlen(s), n);
	buf_addf(out, "text %u @%u %.40s\n", (unsigned)line, (unsigned)offset, s);
	return true;
}

static const struct read_field field[] = { { "id" } };
static const struct read_scope top[] = { { "", field, LENGTH(field), on_record } };
static const struct read_scope items[] = {
	{ "", field, LENGTH(field), on_record },
	{ "items[]", field, LENGTH(field), on_record },
};

static void check_scopes(const char *log, const struct read_scope *scope, size_t n,
			 const char *want)
{
	struct print_sink sink;
	struct source *src;
	struct err e = ERR_INIT;
	struct read_opts o = { .flags = READ_STREAM, .sink = &sink.sink };

	print_sink_init(&sink);
	assert_true(source_open_bytes("x.log", log, strlen(log), &src, &e));
	if (!read_document(src, scope, n, &sink.out, &o, &e))
		fail_msg("%s", e.text);
	assert_string_equal(sink.out.s, want);
	source_close(src);
	print_sink_release(&sink);
}

static void check(const char *log, const char *want)
{
	check_scopes(log, top, 1, want);
}

static void a_line_is_a_document(void **state)
{
	(void)state;
	check("{\"id\": 1}\n{\"id\": 2}\r\n\n  {\"x\": 3}",
	      "line 1 #0 @0 1\nline 2 #1 @10 2\nline 4 #2 @24 -\n");
}

static void other_lines_are_skipped_with_their_place(void **state)
{
	(void)state;
	check("$ kubectl logs\nstarting {x}\n{\"id\": 1}\n[info] a\n{\"id\": 2} tail\n\nend",
	      "skip place=\"lines 1-2\" reason=\"not JSON\"\nline 3 #0 @28 1\n"
	      "skip place=\"line 4\" reason=\"not JSON\"\nline 5 #1 @47 2\n"
	      "skip place=\"line 5\" reason=\"not JSON\"\nskip place=\"line 7\" reason=\"not "
	      "JSON\"\n");
}

static void pretty_and_concatenated_objects_are_documents(void **state)
{
	(void)state;
	check("{\n  \"id\": 1\n}\n{\n  \"id\":\n 2}{\"id\": 3} {\"id\": 4}\n",
	      "line 1 #0 @0 1\nline 4 #1 @14 2\nline 6 #2 @27 3\nline 6 #3 @37 4\n");
}

static void elements_of_an_array_are_documents(void **state)
{
	(void)state;
	check("[{\"id\": 1},\n {\"id\": 2}\n]\n{\"id\": 3}\n[]\n",
	      "line 1 #0 @1 1\nline 2 #1 @13 2\nline 4 #2 @25 3\n");
}

static void a_broken_object_is_skipped_and_the_next_is_read(void **state)
{
	(void)state;
	check("{\"id\": 1, \"x\n{\"id\": 2}\n{\"id\": 3,\n{\"id\": 4}\n{\"id\": 5",
	      "skip place=\"line 1\" reason=\"line 1, byte 12: lexical error: invalid character "
	      "inside string.\"\n"
	      "line 2 #0 @13 2\n"
	      "skip place=\"line 3\" reason=\"line 4, byte 33: parse error: invalid object key "
	      "(must be a string)\"\n"
	      "line 4 #1 @33 4\n"
	      "skip place=\"line 5\" reason=\"line 5, byte 51: the document breaks off here\"\n");
}

static void nothing_of_a_broken_object_is_handed_over(void **state)
{
	(void)state;
	check_scopes("{\"items\": [{\"id\": 1}, {\"id\": 2}], \"id\": 9}\n{\"items\": [{\"id\": "
		     "3}, tru]}\n",
		     items, 2,
		     "line 1 #0 @0 9\nline 1: items[0] #0 @11 1\nline 1: items[1] #0 @22 2\n"
		     "skip place=\"line 2\" reason=\"line 2, byte 65: lexical error: invalid "
		     "string in json text.\"\n");
}

static void deep_objects_are_skipped(void **state)
{
	struct buf log = BUF_INIT;

	(void)state;
	for (int i = 0; i < 2000; i++)
		buf_adds(&log, "{\"a\":");
	buf_adds(&log, "\n{\"id\": 1}\n");
	check(log.s,
	      "skip place=\"line 1\" reason=\"line 1, byte 2555: nested deeper than 512 levels\"\n"
	      "line 2 #0 @10001 1\n");
	buf_release(&log);
}

static void a_huge_line_is_skipped(void **state)
{
	struct buf log = BUF_INIT;
	char *xs = xmalloc(READ_VALUE * 2 + 1);

	(void)state;
	memset(xs, 'x', READ_VALUE * 2);
	xs[READ_VALUE * 2] = 0;
	buf_addf(&log, "{\"id\": \"%s\"}\n{\"id\": 2}\n", xs);
	check(log.s, "skip place=\"line 1\" reason=\"line 1, byte 7: a value is longer than "
	      "16 MiB\"\n"
	             "line 2 #0 @33554443 2\n");
	buf_release(&log);
	free(xs);
}

static void text_lines_can_be_had(void **state)
{
	static const char log[] = "  plain text\r\n{\"id\": 1}\nmore\0\n";
	struct buf out = BUF_INIT;
	struct source *src;
	struct err e = ERR_INIT;
	struct read_opts o = { .flags = READ_STREAM, .text = on_text };

	(void)state;
	assert_true(source_open_bytes("x.log", log, strlen(log), &src, &e));
	assert_true(read_document(src, top, 1, &out, &o, &e));
	assert_string_equal(out.s, "text 1 @2 plain text\nline 2 #0 @14 1\ntext 3 @24 more\n");
	source_close(src);
	buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_is_a_document),
		cmocka_unit_test(other_lines_are_skipped_with_their_place),
		cmocka_unit_test(pretty_and_concatenated_objects_are_documents),
		cmocka_unit_test(elements_of_an_array_are_documents),
		cmocka_unit_test(a_broken_object_is_skipped_and_the_next_is_read),
		cmocka_unit_test(nothing_of_a_broken_object_is_handed_over),
		cmocka_unit_test(deep_objects_are_skipped),
		cmocka_unit_test(a_huge_line_is_skipped),
		cmocka_unit_test(text_lines_can_be_had),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
