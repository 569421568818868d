/* SPDX-License-Identifier: MIT */
/*
 * 3300-reports.c - the reports of a small store, as t/report has them; and what they
 * say when there is nothing, or nothing that may pass.
 */
#include "t/lib/small.h"

#include "reports/report.h"
#include "t/lib/golden.h"
#include "t/lib/markup.h"
#include "t/lib/readback.h"

#define IMAGE 1 /* payments/api, see small.c */

static struct report_job job_of(struct store *st)
{
	return (struct report_job){ .st = st, .now = SMALL_NOW, .image = IMAGE };
}

/* A report as text; the program's version is taken out, for it changes. */
static void write_report(const char *id, const char *format, const struct report_job *job,
                         struct buf *b)
{
	struct arena mem = ARENA_INIT;
	const char *path = arena_printf(&mem, "%s/report", getenv("TMPDIR"));
	const char *version;
	struct err e = ERR_INIT;

	if (!report_write(id, format, job, path, &e) || !file_read(path, 1 << 24, b, &e))
		fail_msg("%s as %s: %s", id, format, e.text);
	version = strstr(b->s, build_version);
	if (version) {
		struct buf cut = BUF_INIT;

		buf_add(&cut, b->s, (size_t)(version - b->s));
		buf_addf(&cut, "VERSION%s", version + strlen(build_version));
		buf_release(b);
		*b = cut;
	}
	arena_release(&mem);
}

static void check(const char *id, const char *path)
{
	struct store *st = small_open();
	const struct report_job job = job_of(st);
	struct buf b = BUF_INIT;
	struct err e = ERR_INIT;

	write_report(id, "md", &job, &b);
	if (!golden_check(path, &b, &e))
		fail_msg("%s", e.text);
	buf_release(&b);
	store_close(st);
}

static bool note_share(void *ctx, UNUSED int64_t rows, double share)
{
	double *last = ctx;

	assert_true(share >= *last && share <= 1);
	*last = share;
	return true;
}

static void the_audit_report_tells_how_much_of_it_is_written(UNUSED void **state)
{
	struct store *st = small_open();
	struct report_job job = job_of(st);
	double last = 0;
	struct buf b = BUF_INIT;

	job.tick = note_share;
	job.ctx = &last;
	write_report("audit", "md", &job, &b);
	assert_true(last > 0.999);
	buf_release(&b);
	store_close(st);
}

static void the_audit_report_is_as_expected(UNUSED void **state)
{
	check("audit", "t/report/audit.md.expected");
}

static void the_image_report_is_as_expected(UNUSED void **state)
{
	check("image", "t/report/image.md.expected");
}

/* Two of people, one of a machine that knows of a fix; hostile words in the first. */
static const char SQL_DECIDED[] =
	"INSERT INTO exception (id, seq, kind, reach, severity, check_in, reason, justification,\n"
	"requester, approver, target, at, until) VALUES\n"
	"(1, 1, 4, 0, -1, 0, '\"]}' || char(10) || char(27) || '[2J' || char(8238),\n"
	"'component_not_present', 'kim', 'lee', 'x', 1795000000, 9223372036854775807),\n"
	"(2, 1, 7, 0, -1, 1795600000, 'asked', '', 'kim', '', 'x', 1795000000, 1796000000);\n"
	"INSERT INTO statement (id, hash, source, import, advisory, asset, part, name, product,\n"
	"status, justification, text, author, at, outcome) VALUES (1, x'01', 1, 1, 1, 1, 1,\n"
	"'CVE-2024-24790', '', 'fixed', '', 0, 'vendor', 1795000000, '');\n"
	"UPDATE finding SET state = 4 WHERE asset = 1 AND advisory IN (1, 7);\n"
	"INSERT INTO decided (asset, advisory, part, maker, state, check_in) VALUES\n"
	"(1, 7, 5, 1, 4, 0), (2, 2, 2, 2, 7, 1795600000), (1, 1, 1, -1, 4, 0);\n";

static void decisions_as_openvex_are_as_expected(UNUSED void **state)
{
	struct store *st = small_open();
	struct report_job job = job_of(st);
	double last = 0;
	struct buf b = BUF_INIT;
	struct err e = ERR_INIT;
	json_t *root;

	small_sql(st, SQL_DECIDED);
	job.image = 0;
	job.tick = note_share;
	job.ctx = &last;
	write_report("vex", "json", &job, &b);
	assert_true(last > 0); /* of how many, too */
	if (!golden_check("t/report/vex.json.expected", &b, &e))
		fail_msg("%s", e.text);
	root = read_line(&b, &e);
	assert_int_equal(json_array_size(read_at(root, "statements")), 3);
	json_decref(root);
	assert_false(report_write("vex", "md", &job, "-", &e));
	assert_non_null(strstr(e.text, "json only"));
	buf_release(&b);
	store_close(st);
}

static void check_html(struct store *st, const char *id)
{
	const struct report_job job = job_of(st);
	struct buf b = BUF_INIT;
	struct err e = ERR_INIT;

	write_report(id, "html", &job, &b);
	if (!markup_check(b.s, &e))
		fail_msg("%s: %s", id, e.text);
	buf_release(&b);
}

static void check_json(struct store *st, const char *id)
{
	const struct report_job job = job_of(st);
	struct buf b = BUF_INIT;
	struct err e = ERR_INIT;
	json_t *root;

	write_report(id, "json", &job, &b);
	root = read_line(&b, &e);
	if (!root)
		fail_msg("%s: %s", id, e.text);
	assert_true(json_array_size(read_at(root, "sections")) > 3);
	json_decref(root);
	buf_release(&b);
}

static void every_report_is_sound_in_every_format(UNUSED void **state)
{
	struct store *st = small_open();
	const struct report_info *r;
	const struct format_info *f;

	for (size_t i = 0; (r = report_at(i)); i++) {
		if (r->format)
			continue; /* it has another form */
		for (size_t k = 0; (f = format_at(k)); k++) {
			const struct report_job job = job_of(st);
			struct buf b = BUF_INIT;

			write_report(r->id, f->id, &job, &b);
			assert_true(b.len > 500 && utf8_valid(b.s, b.len));
			buf_release(&b);
		}
		check_html(st, r->id);
		check_json(st, r->id);
	}
	store_close(st);
}

/* Imported names that would act, end a tag, a row or a cell. */
static void hostile_names_change_no_report(UNUSED void **state)
{
	struct store *st = small_open();

	small_sql(st, "UPDATE advisory SET name = '\"><script>x</script>' || id,\n"
		      "title = '=cmd|x' || char(10) || char(27) || '[2J' || char(8238);\n"
		      "UPDATE framework SET key = '\"><b>' || id, title = '<i>' || char(7);\n"
		      "UPDATE control SET title = '| a' || char(10) || '# b';\n"
		      "UPDATE image SET name = '<img src=x onerror=y>' || asset;\n");
	check_html(st, "audit");
	check_json(st, "audit");
	check_html(st, "image");
	check_json(st, "image");
	store_close(st);
}

static void the_same_store_gives_the_same_bytes(UNUSED void **state)
{
	struct store *st = small_open();
	const struct report_job job = job_of(st);
	struct buf a = BUF_INIT, b = BUF_INIT;

	write_report("audit", "json", &job, &a);
	write_report("audit", "json", &job, &b);
	assert_string_equal(a.s, b.s);
	buf_release(&a);
	buf_release(&b);
	store_close(st);
}

static void an_empty_store_passes_nothing(UNUSED void **state)
{
	struct store *st = small_empty();
	const struct report_job job = job_of(st);
	struct buf b = BUF_INIT;

	write_report("audit", "md", &job, &b);
	assert_non_null(strstr(b.s, "- **Newest data**: none\n"));
	assert_non_null(strstr(b.s, "That says nothing of those that were not judged."));
	assert_null(strstr(b.s, "judged by evidence"));
	buf_release(&b);
	store_close(st);
}

static void one_framework_can_be_asked_for(UNUSED void **state)
{
	struct store *st = small_open();
	struct report_job job = job_of(st);
	struct buf b = BUF_INIT;
	struct err e = ERR_INIT;

	job.framework = 2;
	write_report("audit", "md", &job, &b);
	assert_non_null(strstr(b.s, "Health data"));
	assert_null(strstr(b.s, "PCI-DSS"));
	job.framework = 99;
	assert_false(report_write("audit", "md", &job, "nowhere/report", &e));
	assert_int_equal(e.kind, ERR_USAGE);
	buf_release(&b);
	store_close(st);
}

static void what_is_cut_is_said(UNUSED void **state)
{
	struct store *st = small_open();
	const struct report_job job = job_of(st);
	struct buf b = BUF_INIT;

	small_sql(st, "WITH RECURSIVE n(i) AS (SELECT 4 UNION ALL SELECT i + 1 FROM n\n"
		      "WHERE i < 150)\n"
		      "INSERT INTO audit SELECT i, 1795460000, 'ci', 'note', 'x', '', '', x'03',\n"
		      "CAST('hash' || i AS BLOB) FROM n;\n");
	write_report("audit", "md", &job, &b);
	assert_non_null(strstr(b.s, "The first 100 of 150."));
	buf_release(&b);
	store_close(st);
}

static void a_broken_audit_trail_is_said_at_the_top(UNUSED void **state)
{
	struct store *st = small_open(); /* its trail is made up: no hash holds */
	const struct report_job job = job_of(st);
	struct buf b = BUF_INIT;
	const char *said, *heading;

	write_report("audit", "md", &job, &b);
	said = strstr(b.s, "NOT INTACT: record #1");
	heading = strstr(b.s, "\n## ");
	assert_true(said && heading && said < heading);
	buf_release(&b);
	store_close(st);
}

static void unknown_words_name_the_known_ones(UNUSED void **state)
{
	struct store *st = small_empty();
	struct report_job job = job_of(st);
	struct err e = ERR_INIT;

	assert_false(report_write("odit", "md", &job, "-", &e));
	assert_int_equal(e.kind, ERR_USAGE);
	assert_non_null(strstr(e.text, "audit, image"));
	assert_false(report_write("audit", "pdf", &job, "-", &e));
	assert_non_null(strstr(e.text, "html, md, csv, json"));
	job.image = 0;
	assert_false(report_write("image", "md", &job, "-", &e));
	assert_int_equal(e.kind, ERR_USAGE);
	store_close(st);
}

static bool stop(UNUSED void *ctx, UNUSED int64_t rows, UNUSED double share)
{
	return false;
}

static void a_report_that_fails_leaves_no_file(UNUSED void **state)
{
	struct store *st = small_open();
	struct report_job job = job_of(st);
	struct arena mem = ARENA_INIT;
	const char *path = arena_printf(&mem, "%s/stopped", getenv("TMPDIR"));
	struct buf b = BUF_INIT;
	struct err e = ERR_INIT;

	small_sql(st, "WITH RECURSIVE n(i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n\n"
		      "WHERE i < 3000)\n"
		      "INSERT INTO item (id, ident, ord, section, title)\n"
		      "SELECT i, 'X-' || i, i, 'Data', 'Why?' FROM n;\n");
	job.tick = stop;
	assert_false(report_write("audit", "md", &job, path, &e));
	assert_int_equal(e.kind, ERR_CANCEL);
	assert_false(file_read(path, 1 << 20, &b, &e));
	buf_release(&b);
	arena_release(&mem);
	store_close(st);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_audit_report_is_as_expected),
		cmocka_unit_test(the_audit_report_tells_how_much_of_it_is_written),
		cmocka_unit_test(the_image_report_is_as_expected),
		cmocka_unit_test(decisions_as_openvex_are_as_expected),
		cmocka_unit_test(every_report_is_sound_in_every_format),
		cmocka_unit_test(hostile_names_change_no_report),
		cmocka_unit_test(the_same_store_gives_the_same_bytes),
		cmocka_unit_test(an_empty_store_passes_nothing),
		cmocka_unit_test(one_framework_can_be_asked_for),
		cmocka_unit_test(what_is_cut_is_said),
		cmocka_unit_test(a_broken_audit_trail_is_said_at_the_top),
		cmocka_unit_test(unknown_words_name_the_known_ones),
		cmocka_unit_test(a_report_that_fails_leaves_no_file),
	};

	return cmocka_run_group_tests_name("reports", tests, NULL, NULL);
}
