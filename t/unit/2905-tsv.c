/* SPDX-License-Identifier: MIT */
/* 2905-tsv.c - tables of text are cut into cells, and nothing is lost where blocks meet. */
#include "t/lib/test.h"

#include "importers/tsv.h"

static const char *const columns[] = { "a", "b" };

struct table {
	struct source *src;
	struct tsv    *t;
	struct err     e;
};

static bool open_table(struct table *x, const char *text, size_t n)
{
	*x = (struct table){ .e = ERR_INIT };
	assert_true(source_open_bytes("t.tsv", text, n, &x->src, &x->e));
	return tsv_open(&x->t, x->src, columns, LENGTH(columns), &x->e);
}

static void close_table(struct table *x)
{
	tsv_close(x->t);
	source_close(x->src);
}

static const struct tsv_row *next(struct table *x)
{
	const struct tsv_row *row;

	assert_true(tsv_next(x->t, &row, &x->e));
	return row;
}

static void cells_are_cut_at_tabs_and_empty_ones_are_null(UNUSED void **state)
{
	static const char     text[] = "a\tb\none\ttwo words\n\tx\n-\t-\nlast";
	struct table          x;
	const struct tsv_row *row;

	assert_true(open_table(&x, text, sizeof(text) - 1));
	row = next(&x);
	assert_string_equal(row->cell[0], "one");
	assert_string_equal(row->cell[1], "two words");
	assert_int_equal(row->line, 2);
	row = next(&x);
	assert_null(row->cell[0]);
	assert_string_equal(row->cell[1], "x");
	row = next(&x);
	assert_null(row->cell[0]);
	assert_null(row->cell[1]);
	row = next(&x);
	assert_string_equal(row->cell[0], "last");
	assert_int_equal(row->ncell, 1);
	assert_int_equal(row->line, 5);
	assert_null(next(&x));
	assert_null(next(&x));
	close_table(&x);
}

static void comments_and_empty_lines_count_but_are_no_rows(UNUSED void **state)
{
	static const char     text[] = "a\tb\r\n# said aside\r\n\r\n1\t2\r\n";
	struct table          x;
	const struct tsv_row *row;

	assert_true(open_table(&x, text, sizeof(text) - 1));
	row = next(&x);
	assert_int_equal(row->line, 4);
	assert_string_equal(row->cell[1], "2");
	assert_null(next(&x));
	close_table(&x);
}

static void a_header_that_differs_is_refused_by_name(UNUSED void **state)
{
	static const struct { const char *text, *why; } bad[] = {
		{ "a\tc\n", "line 1: column 2 is c, want b" },
		{ "a\n", "line 1: column 2 is missing, want b" },
		{ "a\tb\tc\n", "line 1: 3 columns, want 2" },
		{ "\n", "line 1: column 1 is missing, want a" },
	};

	for (size_t i = 0; i < LENGTH(bad); i++) {
		struct table x;

		assert_false(open_table(&x, bad[i].text, strlen(bad[i].text)));
		assert_int_equal(x.e.kind, ERR_FORMAT);
		assert_string_equal(x.e.text, bad[i].why);
		assert_null(x.t);
		close_table(&x);
	}
}

static void cells_beyond_the_room_are_counted(UNUSED void **state)
{
	struct buf            text = BUF_INIT;
	struct table          x;
	const struct tsv_row *row;

	buf_adds(&text, "a\tb\n");
	for (int i = 0; i < 3 * TSV_CELLS; i++)
		buf_adds(&text, "x\t");
	assert_true(open_table(&x, text.s, text.len));
	row = next(&x);
	assert_int_equal(row->ncell, 3 * TSV_CELLS + 1);
	assert_string_equal(row->cell[TSV_CELLS - 1], "x");
	close_table(&x);
	buf_release(&text);
}

/* Lines of every length around the size of a block, so that each kind of cut happens somewhere. */
static void lines_that_span_blocks_stay_whole(UNUSED void **state)
{
	struct buf   text = BUF_INIT;
	struct table x;
	size_t       rows = 0;

	buf_adds(&text, "a\tb\n");
	for (int i = 0; i < 60000; i++)
		buf_addf(&text, "%d\t%d%s\n", i, 7 * i, i % 7 == 0 ? "" : "\r");
	assert_true(open_table(&x, text.s, text.len));
	for (const struct tsv_row *row; (row = next(&x)) != NULL; rows++) {
		int64_t a, b;

		assert_int_equal(row->ncell, 2);
		assert_true(str_int64(row->cell[0], 0, INT64_MAX, &a));
		assert_true(str_int64(row->cell[1], 0, INT64_MAX, &b));
		assert_int_equal(a, (int64_t)rows);
		assert_int_equal(b, 7 * a);
	}
	assert_int_equal(rows, 60000);
	assert_int_equal(tsv_done(x.t), text.len);
	close_table(&x);
	buf_release(&text);
}

static void a_line_without_end_is_refused(UNUSED void **state)
{
	struct buf            text = BUF_INIT;
	struct table          x;
	const struct tsv_row *row;

	buf_adds(&text, "a\tb\n1\t2\n");
	for (size_t i = 0; i <= TSV_LINE; i++)
		buf_addc(&text, 'x');
	assert_true(open_table(&x, text.s, text.len));
	assert_non_null(next(&x));
	assert_false(tsv_next(x.t, &row, &x.e));
	assert_int_equal(x.e.kind, ERR_LIMIT);
	assert_true(str_prefix(x.e.text, "line 3 is longer than"));
	close_table(&x);
	buf_release(&text);
}

static void a_zero_byte_ends_its_cell_only(UNUSED void **state)
{
	static const char     text[] = "a\tb\none\0more\ttwo\n";
	struct table          x;
	const struct tsv_row *row;

	assert_true(open_table(&x, text, sizeof(text) - 1));
	row = next(&x);
	assert_string_equal(row->cell[0], "one");
	assert_string_equal(row->cell[1], "two");
	close_table(&x);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cells_are_cut_at_tabs_and_empty_ones_are_null),
		cmocka_unit_test(comments_and_empty_lines_count_but_are_no_rows),
		cmocka_unit_test(a_header_that_differs_is_refused_by_name),
		cmocka_unit_test(cells_beyond_the_room_are_counted),
		cmocka_unit_test(lines_that_span_blocks_stay_whole),
		cmocka_unit_test(a_line_without_end_is_refused),
		cmocka_unit_test(a_zero_byte_ends_its_cell_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
