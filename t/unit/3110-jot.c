/* SPDX-License-Identifier: MIT */
/* 3110-jot.c - JSON as it is told: any bytes, absent values, nested names, rows of every list. */
#include "t/lib/test.h"

#include "reports/jot.h"
#include "reports/report.h"
#include "t/lib/readback.h"

#define NOW INT64_C(1795464000) /* 2026-11-23T20:00:00Z */

static json_t *readback(struct buf *b)
{
	struct err e = ERR_INIT;
	json_t *root = read_line(b, &e);

	if (!root)
		fail_msg("%s: %s", e.text, b->s);
	buf_reset(b);
	return root;
}

static void text_of_any_bytes_comes_back(UNUSED void **state)
{
	struct buf b = BUF_INIT;

	for (int i = 1; i < 65536; i++) {
		const char s[] = { (char)(i & 0xff), (char)(i >> 8), 0 };
		struct jot j = { .out = out_buf(&b) };
		struct err e = ERR_INIT;
		json_t *root;

		jot_array(&j, NULL);
		jot_text(&j, NULL, s);
		jot_end(&j);
		assert_true(out_close(j.out, &e));
		root = readback(&b);
		if (*s && utf8_valid(s, strlen(s)))
			assert_string_equal(json_string_value(read_at(root, "0")), s);
		json_decref(root);
	}
	buf_release(&b);
}

static void what_is_absent_is_null(UNUSED void **state)
{
	struct buf b = BUF_INIT;
	struct jot j = { .out = out_buf(&b) };
	struct err e = ERR_INIT;

	jot_array(&j, NULL);
	jot_text(&j, NULL, NULL);
	jot_text(&j, NULL, "");
	jot_time(&j, NULL, 0);
	jot_due(&j, NULL, DUE_NONE);
	jot_decimal(&j, NULL, -1, 1);
	jot_list(&j, NULL, NULL);
	jot_end(&j);
	assert_true(out_close(j.out, &e));
	assert_string_equal(b.s, "[null,null,null,null,null,[]]\n");
	buf_release(&b);
}

static void decimals_are_exact(UNUSED void **state)
{
	struct buf b = BUF_INIT;
	struct jot j = { .out = out_buf(&b) };
	struct err e = ERR_INIT;

	jot_array(&j, NULL);
	jot_decimal(&j, NULL, 0, 4);
	jot_decimal(&j, NULL, 1, 4);
	jot_decimal(&j, NULL, 10000, 4);
	jot_decimal(&j, NULL, 98, 1);
	jot_end(&j);
	assert_true(out_close(j.out, &e));
	assert_string_equal(b.s, "[0.0000,0.0001,1.0000,9.8]\n");
	buf_release(&b);
}

static void items_of_a_list_are_an_array(UNUSED void **state)
{
	struct buf b = BUF_INIT;
	struct jot j = { .out = out_buf(&b) };
	struct err e = ERR_INIT;

	jot_array(&j, NULL);
	jot_list(&j, NULL, "trivy");
	jot_list(&j, NULL, "trivy, grype, a,b");
	jot_end(&j);
	assert_true(out_close(j.out, &e));
	assert_string_equal(b.s, "[[\"trivy\"],[\"trivy\",\"grype\",\"a,b\"]]\n");
	buf_release(&b);
}

/* ---- rows ---- */

static void names_with_dots_nest_wherever_they_stand(UNUSED void **state)
{
	static const struct column col[] = {
		{ .name = "id", .type = VAL_INT },
		{ .name = "clock.next", .type = VAL_TEXT },
		{ .name = "state", .type = VAL_ALERT_STATE },
		{ .name = "clock.due.at", .type = VAL_DUE },
		{ .name = "clocks", .type = VAL_INT },
		{ .name = "clock.late", .type = VAL_FLAG },
		{ .name = "clock.due.by", .type = VAL_LIST },
	};
	static const struct list_info info = { .name = "test", .col = col, .ncol = LENGTH(col) };
	static const struct value v[] = {
		{ VAL_INT, { 7 } },        { VAL_TEXT, { .s = "soon" } },
		{ VAL_ALERT_STATE, { ALERT_OPEN } }, { VAL_DUE, { NOW } },
		{ VAL_INT, { 3 } },        { VAL_FLAG, { 1 } },
		{ VAL_LIST, { .s = "a, b" } },
	};
	const struct row r = { { 7 }, v };
	struct buf b = BUF_INIT;
	struct out *o = out_buf(&b);
	struct err e = ERR_INIT;
	json_t *root;

	json_row(o, &info, &r);
	assert_true(out_close(o, &e));
	root = readback(&b);
	assert_int_equal(json_object_size(root), 4);
	assert_string_equal(json_string_value(read_at(root, "clock.next")), "soon");
	assert_string_equal(json_string_value(read_at(root, "clock.due.at")),
	                    "2026-11-23T20:00:00Z");
	assert_string_equal(json_string_value(read_at(root, "clock.due.by.1")), "b");
	assert_true(json_is_true(read_at(root, "clock.late")));
	assert_int_equal(json_integer_value(read_at(root, "clocks")), 3);
	json_decref(root);
	buf_release(&b);
}

static void a_row_has_each_column_of_every_list_once(UNUSED void **state)
{
	struct buf b = BUF_INIT;

	for (int i = 0; i < LIST_COUNT; i++) {
		const struct list_info *info = store_list((enum list_id)i);
		struct arena mem = ARENA_INIT;
		struct value *v = arena_array(&mem, struct value, info->ncol);
		const struct row r = { { 0 }, v };
		struct out *o = out_buf(&b);
		struct err e = ERR_INIT;
		json_t *root;

		json_row(o, info, &r); /* all values null */
		assert_true(out_close(o, &e));
		root = readback(&b);
		for (size_t c = 0; c < info->ncol; c++)
			assert_true(json_is_null(read_at(root, info->col[c].name)));
		json_decref(root);
		arena_release(&mem);
	}
	buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_of_any_bytes_comes_back),
		cmocka_unit_test(what_is_absent_is_null),
		cmocka_unit_test(decimals_are_exact),
		cmocka_unit_test(items_of_a_list_are_an_array),
		cmocka_unit_test(names_with_dots_nest_wherever_they_stand),
		cmocka_unit_test(a_row_has_each_column_of_every_list_once),
	};

	return cmocka_run_group_tests_name("jot", tests, NULL, NULL);
}
