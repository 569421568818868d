/* SPDX-License-Identifier: MIT */
/*
 * 3200-documents.c - one document with every kind of value and hostile text, in every format, as
 * t/report/document.*.expected has it.
 */
#include "t/lib/test.h"

#include <jansson.h>

#include "reports/doc.h"
#include "t/lib/golden.h"
#include "t/lib/markup.h"

#define NOW INT64_C(1795464000) /* 2026-11-23T20:00:00Z */

static const char hostile[] =
	"<script>alert(1)</script> | =1+1 \x1b]0;x\x07 \xe2\x80\xae \xff \"'&\n2";

static void tell_values(struct doc *d)
{
	static const struct doc_column col[] = {
		{ "what", "What", VAL_TEXT },
		{ "value.one", "One", VAL_TEXT },
		{ "count", "Count", VAL_INT },
		{ "value.two", "Two", VAL_TEXT },
	};
	static const struct {
		const char *what;
		struct value one, two;
	} rows[] = {
		{ "null", { VAL_NULL, { 0 } }, { VAL_NULL, { 0 } } },
		{ "int", { VAL_INT, { -7 } }, { VAL_INT, { INT64_MAX } } },
		{ "text", { VAL_TEXT, { .s = hostile } }, { VAL_TEXT, { .s = "" } } },
		{ "long", { VAL_TEXT, { .s = "registry.example/payments/api:2" } },
		  { VAL_TEXT, { .s = "Front-end-of-a-front-end-of-a-front" } } },
		{ "list", { VAL_LIST, { .s = "trivy, grype" } }, { VAL_LIST, { .s = "" } } },
		{ "time", { VAL_TIME, { NOW } }, { VAL_TIME, { 0 } } },
		{ "due", { VAL_DUE, { NOW - 1 } }, { VAL_DUE, { DUE_NONE } } },
		{ "severity", { VAL_SEVERITY, { 0 } }, { VAL_SEVERITY, { SEV_UNKNOWN } } },
		{ "verdict", { VAL_VERDICT, { VERDICT_PASS } }, { VAL_VERDICT, { VERDICT_FAIL } } },
		{ "state", { VAL_STATE, { STATE_OPEN } }, { VAL_STATE, { STATE_VENDOR } } },
		{ "control", { VAL_CONTROL, { CONTROL_NONE } }, { VAL_CONTROL, { CONTROL_NA } } },
		{ "priority", { VAL_PRIORITY, { PRIO_ALERT } }, { VAL_PRIORITY, { PRIO_DEBUG } } },
		{ "alert", { VAL_ALERT_STATE, { 0 } }, { VAL_ALERT_STATE, { ALERT_CLOSED } } },
		{ "answer", { VAL_ANSWER, { ANSWER_PASS } }, { VAL_ANSWER, { ANSWER_PARTIAL } } },
		{ "epss", { VAL_EPSS, { 9731 } }, { VAL_EPSS, { 4 } } },
		{ "score", { VAL_SCORE, { 98 } }, { VAL_SCORE, { -1 } } },
		{ "fails", { VAL_FAILS, { 3 } }, { VAL_FAILS, { -1 } } },
		{ "flag", { VAL_FLAG, { 1 } }, { VAL_FLAG, { 0 } } },
	};
	struct err e = ERR_INIT;

	doc_table(d, "values", col, LENGTH(col));
	for (size_t i = 0; i < LENGTH(rows); i++) {
		const struct value v[] = { value_text(rows[i].what), rows[i].one,
			                   value_int((int64_t)i), rows[i].two };

		d->leads = i == 1 ? "none" : NULL;
		assert_true(doc_row(d, v, &e));
	}
	doc_table_end(d);
}

static void tell(struct doc *d)
{
	static const struct doc_column col[] = { { "id", "Id", VAL_TEXT } };
	const struct doc_place place[] = { { hostile, "Every value" }, { "none", hostile } };

	doc_fact(d, "Before", "any heading");
	doc_contents(d, place, LENGTH(place));
	doc_place(d, 1, &place[0]);
	doc_para(d, "%s", hostile);
	doc_fact(d, "Policy", "%s", "pci-dss-4.0.1");
	doc_fact(d, "Hostile", "%s", hostile);
	doc_fact(d, "Left out", "%s", "");
	tell_values(d);
	doc_place(d, 2, &place[1]);
	doc_table(d, "none", col, LENGTH(col));
	doc_table_end(d);
	doc_fact(d, "After", "a table");
	doc_heading(d, 1, "An empty section");
}

static void write_document(const struct doc_ops *ops, const char *theme, struct buf *b)
{
	const struct report_job job = { .now = NOW };
	struct theme t;
	struct doc d = { .ops = ops, .job = &job, .theme = &t, .out = out_buf(b) };
	struct err e = ERR_INIT;

	assert_true(theme_load(&t, theme, &e));
	ops->begin(&d, "Test <report>");
	tell(&d);
	ops->end(&d);
	assert_true(out_close(d.out, &e));
}

static void check(const struct doc_ops *ops, const char *path)
{
	struct buf b = BUF_INIT;
	struct err e = ERR_INIT;

	write_document(ops, "light", &b);
	assert_true(utf8_valid(b.s, b.len));
	if (!golden_check(path, &b, &e))
		fail_msg("%s", e.text);
	buf_release(&b);
}

static void html_is_as_expected(UNUSED void **state)
{
	check(&doc_html, "t/report/document.html.expected");
}

static void markdown_is_as_expected(UNUSED void **state)
{
	check(&doc_markdown, "t/report/document.md.expected");
}

static void csv_is_as_expected(UNUSED void **state)
{
	check(&doc_csv, "t/report/document.csv.expected");
}

static void json_is_as_expected(UNUSED void **state)
{
	check(&doc_json, "t/report/document.json.expected");
}

static void html_is_well_formed_and_inert_in_every_theme(UNUSED void **state)
{
	char name[32];

	for (size_t i = 0; theme_at(i, name); i++) {
		struct buf b = BUF_INIT;
		struct err e = ERR_INIT;

		write_document(&doc_html, name, &b);
		if (!markup_check(b.s, &e))
			fail_msg("%s: %s", name, e.text);
		assert_null(strstr(b.s, "<script"));
		buf_release(&b);
	}
}

static void the_check_of_html_sees_what_is_wrong(UNUSED void **state)
{
	static const char *const pages[] = {
		"<p>no type</p>",
		"<!DOCTYPE html>\n<p>",
		"<!DOCTYPE html>\n<p></body>",
		"<!DOCTYPE html>\n<p><dl></p></dl>",
		"<!DOCTYPE html>\n<script></script>",
		"<!DOCTYPE html>\n<p onclick=\"x\"></p>",
		"<!DOCTYPE html>\n<p>a & b</p>",
		"<!DOCTYPE html>\n<p>a > b</p>",
		"<!DOCTYPE html>\n<p id=\"a\"></p><p id=\"a\"></p>",
		"<!DOCTYPE html>\n<p id=\"a\"></p><a href=\"#b\">x</a>",
		"<!DOCTYPE html>\n<p id=\"a\"></p><a href=\"https://a\">x</a>",
	};
	struct err e = ERR_INIT;

	for (size_t i = 0; i < LENGTH(pages); i++)
		assert_false(markup_check(pages[i], &e));
	assert_true(markup_check("<!DOCTYPE html>\n<p id=\"a\">x &lt; y</p>\n"
				 "<a href=\"#a\">z</a>", &e));
}

static void html_takes_a_dark_page_for_bright_inks(UNUSED void **state)
{
	struct buf b = BUF_INIT;

	write_document(&doc_html, "light", &b);
	assert_non_null(strstr(b.s, "color-scheme: light; }\nbody"));
	buf_reset(&b);
	write_document(&doc_html, "gruvbox", &b);
	assert_non_null(strstr(b.s, "color-scheme: dark; }\nbody"));
	buf_release(&b);
}

/* The table "values" of the document, parsed by a reader that is not ours. */
static const json_t *values_of(const json_t *root)
{
	const json_t *section = json_array_get(json_object_get(root, "sections"), 1);
	const json_t *content = json_object_get(section, "content");
	const json_t *entry = json_array_get(content, 2);

	assert_string_equal(json_string_value(json_object_get(entry, "table")), "values");
	return json_object_get(entry, "rows");
}

static void json_parses_to_what_was_told(UNUSED void **state)
{
	struct buf b = BUF_INIT;
	json_error_t at;
	json_t *root;
	const json_t *rows, *two, *text;

	write_document(&doc_json, "light", &b);
	root = json_loadb(b.s, b.len, JSON_REJECT_DUPLICATES, &at);
	if (!root)
		fail_msg("%s at %d", at.text, at.position);
	assert_int_equal(json_array_size(json_object_get(root, "sections")), 4);
	rows = values_of(root);
	assert_int_equal(json_array_size(rows), 18);
	two = json_object_get(json_object_get(json_array_get(rows, 1), "value"), "two");
	assert_true(json_integer_value(two) == INT64_MAX);
	text = json_object_get(json_object_get(json_array_get(rows, 2), "value"), "one");
	assert_string_equal(json_string_value(text),
	                    "<script>alert(1)</script> | =1+1 \x1b]0;x\x07 \xe2\x80\xae "
	                    "\xef\xbf\xbd \"'&\n2");
	json_decref(root);
	buf_release(&b);
}

static bool stop_at_once(void *ctx, int64_t rows, UNUSED double share)
{
	*(int64_t *)ctx = rows;
	return false;
}

static void a_watcher_is_told_the_rows_of_all_tables_and_can_stop(UNUSED void **state)
{
	static const struct doc_column col[] = { { "n", "N", VAL_INT } };
	int64_t seen = 0, n = 0;
	const struct report_job job = { .now = NOW, .tick = stop_at_once, .ctx = &seen };
	struct buf b = BUF_INIT;
	struct doc d = { .ops = &doc_csv, .job = &job, .out = out_buf(&b) };
	struct err e = ERR_INIT;
	struct value v;

	doc_table(&d, "n", col, 1);
	for (; n < 60; n++) {
		v = value_int(n);
		assert_true(doc_row(&d, &v, &e));
	}
	doc_table_end(&d);
	doc_table(&d, "m", col, 1);
	do
		v = value_int(n++);
	while (n < 100000 && doc_row(&d, &v, &e));
	assert_int_equal(e.kind, ERR_CANCEL);
	assert_true(n == 100 && seen == 100);
	assert_true(out_close(d.out, &e));
	buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(html_is_as_expected),
		cmocka_unit_test(markdown_is_as_expected),
		cmocka_unit_test(csv_is_as_expected),
		cmocka_unit_test(json_is_as_expected),
		cmocka_unit_test(html_is_well_formed_and_inert_in_every_theme),
		cmocka_unit_test(the_check_of_html_sees_what_is_wrong),
		cmocka_unit_test(html_takes_a_dark_page_for_bright_inks),
		cmocka_unit_test(json_parses_to_what_was_told),
		cmocka_unit_test(a_watcher_is_told_the_rows_of_all_tables_and_can_stop),
	};

	return cmocka_run_group_tests_name("documents", tests, NULL, NULL);
}
