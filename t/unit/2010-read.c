/* SPDX-License-Identifier: MIT */
/* 2010-read.c - the reader hands over what scopes name, whatever the shape of the file. */
#include "t/lib/test.h"

#include "importers/read.h"
#include "importers/source.h"
#include "t/lib/printsink.h"

/* ---- a set of scopes, and what came of them as text ---- */

struct seen {
	struct buf out;
	size_t     stop_at; /* fail at this record, from 1; 0: never */
	size_t     n;
};

static void put_value(struct buf *b, const struct read_record *r, size_t i)
{
	const char *sep = "";

	if (r->value[i].type == READ_NONE)
		return;
	buf_addf(b, " %s=", r->scope->field[i].name);
	if (r->value[i].type != READ_ITEMS) {
		buf_adds(b, r->value[i].s);
		return;
	}
	for (const char *s = NULL; (s = read_item(r, i, s)) != NULL; sep = "|")
		buf_addf(b, "%s%s", sep, s);
}

static bool on_record(void *ctx, const struct read_record *r, struct err *e)
{
	struct seen *seen = ctx;
	char place[160];

	read_place(r, place);
	buf_adds(&seen->out, place);
	if (r->key != NULL)
		buf_addf(&seen->out, " key=%s", r->key);
	for (size_t i = 0; i < r->scope->nfield; i++)
		put_value(&seen->out, r, i);
	if (r->up != NULL && r->up->scope->nfield > 0 && r->up->value[0].s != NULL)
		buf_addf(&seen->out, " up=%s", r->up->value[0].s);
	buf_addc(&seen->out, '\n');
	if (++seen->n == seen->stop_at)
		return err_set(e, ERR_FORMAT, "no");
	return true;
}

static bool on_end(void *ctx, const struct read_record *r, struct err *e)
{
	struct seen *seen = ctx;

	(void)e;
	buf_addf(&seen->out, "end %s\n", r->value[0].s != NULL ? r->value[0].s : "-");
	return true;
}

static const struct read_field report_fields[] = {
	{ "name" },
	{ "meta.os.family" },
	{ "tags", READ_LIST },
};
static const struct read_field result_fields[] = {
	{ "target" },
	{ "labels{}", READ_LIST },
	{ "extra", READ_RAW },
};
static const struct read_field row_fields[] = {
	{ "id" },
	{ "score" },
	{ "fixed" },
	{ "refs[].url" },
	{ "cvss{}.v3" },
};
static const struct read_scope report_scopes[] = {
	{ "", report_fields, LENGTH(report_fields), on_record },
	{ "results[]", result_fields, LENGTH(result_fields), on_record, on_end },
	{ "results[].rows[]", row_fields, LENGTH(row_fields), on_record },
};

static bool read_bytes(const char *s, size_t n, const struct read_scope *scope, size_t nscope,
                       struct seen *seen, const struct read_opts *o, struct err *e)
{
	struct source *src;
	bool ok;

	*seen = (struct seen){ .out = BUF_INIT, .stop_at = seen->stop_at };
	if (!source_open_bytes("x.json", s, n, &src, e))
		return false;
	ok = read_document(src, scope, nscope, seen, o, e);
	source_close(src);
	return ok;
}

static void check(const char *json, const struct read_scope *scope, size_t nscope, const char *want)
{
	struct seen seen = { .stop_at = 0 };
	struct err e = ERR_INIT;

	if (!read_bytes(json, strlen(json), scope, nscope, &seen, NULL, &e))
		fail_msg("%s", e.text);
	assert_string_equal(seen.out.s, want);
	buf_release(&seen.out);
}

static void check_fails(const char *s, size_t n, enum err_kind kind, const char *text)
{
	struct seen seen = { .stop_at = 0 };
	struct err e = ERR_INIT;

	assert_false(read_bytes(s, n, report_scopes, LENGTH(report_scopes), &seen, NULL, &e));
	assert_int_equal(e.kind, kind);
	if (strstr(e.text, text) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", e.text, text);
	buf_release(&seen.out);
}

/* ---- what is handed over ---- */

static const char whole[] = "line 1 name=n meta.os.family=alpine tags=a|b\n"
			    "results[0] target=t0 labels{}=k|v extra={\"x\": [1]} up=n\n"
			    "results[0].rows[0] id=1 score=9.80 fixed=true refs[].url=u|w "
			    "cvss{}.v3=nvd|7.5|ghsa|8 up=t0\n"
			    "results[0].rows[1] id=2 up=t0\n"
			    "end t0\n"
			    "results[1] target=t1 up=n\n"
			    "end t1\n";

#define ROWS                                                                                       \
	"\"rows\": [{\"id\": \"1\", \"score\": 9.80, \"fixed\": true, \"refs\": [{\"url\": "       \
	"\"u\"}, "                                                                                 \
	"{}, {\"url\": \"w\"}], \"cvss\": {\"nvd\": {\"v3\": 7.5}, \"ghsa\": {\"v3\": 8}}}, "      \
	"{\"junk\": [[{}]], \"id\": 2}]"

static void parents_come_whole_before_children(void **state)
{
	(void)state;
	check("{\"name\": \"n\", \"meta\": {\"os\": {\"family\": \"alpine\"}}, \"tags\": [\"a\", "
	      "\"b\"],"
	      "\"results\": [{\"target\": \"t0\", \"labels\": {\"k\": \"v\"}, \"extra\": {\"x\": "
	      "[1]}, " ROWS "}, {\"target\": \"t1\", \"rows\": null}]}",
	      report_scopes, LENGTH(report_scopes), whole);
}

static void key_order_changes_nothing(void **state)
{
	(void)state;
	check("{\"results\": [{" ROWS ", \"extra\": {\"x\": [1]}, \"target\": \"t0\", \"labels\": "
	      "{\"k\": \"v\"}}, {\"rows\": [], \"target\": \"t1\"}], \"tags\": [\"a\", \"b\"],"
	      "\"meta\": {\"os\": {\"family\": \"alpine\"}}, \"name\": \"n\"}",
	      report_scopes, LENGTH(report_scopes), whole);
	check("{\"tags\": [\"a\"], \"name\": \"n\", \"results\": [{\"target\": \"t0\", " ROWS
	      ", \"labels\": {\"k\": \"v\"}, \"extra\": {\"x\": [1]}}, {\"target\": \"t1\"}],"
	      "\"tags\": [\"b\"], \"meta\": {\"os\": {\"family\": \"alpine\"}}}",
	      report_scopes, LENGTH(report_scopes), whole);
}

static void absent_null_and_wrong_shapes_are_none(void **state)
{
	(void)state;
	check("{\"name\": null, \"meta\": 5, \"tags\": {}, \"results\": [{\"target\": {\"a\": 1}}, "
	      "7, "
	      "null, {\"rows\": {}}, {\"rows\": null}]}",
	      report_scopes, LENGTH(report_scopes),
	      "line 1\nresults[0]\nend -\nresults[3]\nend -\nresults[4]\nend -\n");
	check("{}", report_scopes, LENGTH(report_scopes), "line 1\n");
	check("[]", report_scopes, LENGTH(report_scopes), "");
	check(" null\n", report_scopes, LENGTH(report_scopes), "");
}

static void a_scalar_for_an_array_of_records_is_an_error(void **state)
{
	static const char text[] = "{\"results\": [{}, {\"rows\": 7}]}";
	static const char top[] = "{\"results\": \"none\"}";

	(void)state;
	check_fails(text, strlen(text), ERR_FORMAT,
		    "results[1].rows: line 1, byte 27: not an array");
	check_fails(top, strlen(top), ERR_FORMAT, "results: line 1, byte 18: not an array");
}

static void a_scalar_among_records_is_told(void **state)
{
	static const char text[] = "{\"results\": [{\"target\": \"a\"}, 7, null, \"b\"]}";
	struct seen seen = { .stop_at = 0 };
	struct print_sink sink;
	struct err e = ERR_INIT;

	(void)state;
	print_sink_init(&sink);
	assert_true(read_bytes(text, strlen(text), report_scopes, LENGTH(report_scopes), &seen,
	                       &(struct read_opts){ .sink = &sink.sink }, &e));
	assert_string_equal(sink.out.s, "skip place=results[1] reason=\"not an object\"\n"
					"skip place=results[3] reason=\"not an object\"\n");
	buf_release(&seen.out);
	print_sink_release(&sink);
}

static void the_last_of_equal_keys_wins(void **state)
{
	(void)state;
	check("{\"name\": \"a\", \"name\": \"b\", \"name\": null}", report_scopes, 1,
	      "line 1 name=b\n");
}

static void dots_in_keys_are_dots_in_paths(void **state)
{
	static const struct read_field field[] = { { "out.container.id" }, { "l.app.io/name" } };
	static const struct read_scope scope[] = { { "", field, LENGTH(field), on_record } };
	const char want[] = "line 1 out.container.id=c l.app.io/name=web\n";

	(void)state;
	check("{\"out\": {\"container.id\": \"c\"}, \"l\": {\"app.io/name\": \"web\"}}", scope, 1,
	      want);
	check("{\"out\": {\"container\": {\"id\": \"c\"}}, \"l.app.io/name\": \"web\"}", scope, 1,
	      want);
	check("{\"out.container\": {\"id\": \"c\"}, \"l.app\": {\"io/name\": \"web\"}}", scope, 1,
	      want);
	check("{\"out.\": {\"id\": \"c\"}, \".out\": 1, \"out..container\": 2}", scope, 1,
	      "line 1\n");
}

static void nesting_without_end_is_one_scope(void **state)
{
	static const struct read_field field[] = { { "name" } };
	static const struct read_field licence[] = { { "id" } };
	static const struct read_scope scope[] = {
		{ "components[]**", field, LENGTH(field), on_record },
		{ "components[]**.licences[]", licence, LENGTH(licence), on_record },
	};

	(void)state;
	check("{\"components\": [{\"components\": [{\"name\": \"b\", \"licences\": [{\"id\": "
	      "\"MIT\"}]}, "
	      "{\"components\": [{\"name\": \"d\"}], \"name\": \"c\"}], \"name\": \"a\"}]}",
	      scope, LENGTH(scope),
	      "components[0] name=a\n"
	      "components[0].components[0] name=b up=a\n"
	      "components[0].components[0].licences[0] id=MIT up=b\n"
	      "components[0].components[1] name=c up=a\n"
	      "components[0].components[1].components[0] name=d up=c\n");
}

/* ... and nothing beside that place is looked at. */
static void scopes_may_begin_inside(void **state)
{
	static const char json[] =
		"[{\"name\": \"no\", \"a\": {\"b\": {\"results\": [{\"target\": \"t0\"}], "
		"\"name\": \"n\"}}, \"results\": [{\"target\": \"no\"}]}]";
	const struct read_opts o = { .under = "a.b" };
	struct seen seen = { .stop_at = 0 };
	struct err e = ERR_INIT;

	(void)state;
	assert_true(read_bytes(json, strlen(json), report_scopes, LENGTH(report_scopes), &seen, &o,
	                       &e));
	assert_string_equal(seen.out.s, "[0].a.b name=n\n"
					"[0].a.b.results[0] target=t0 up=n\n"
					"end t0\n");
	buf_release(&seen.out);
}

static void members_and_scalars_can_be_records(void **state)
{
	static const struct read_field self[] = { { "" } };
	static const struct read_field inner[] = { { "n" }, { "", READ_RAW } };
	static const struct read_scope scope[] = {
		{ "labels{}", self, LENGTH(self), on_record },
		{ "tags[]", self, LENGTH(self), on_record },
		{ "maps{}", inner, LENGTH(inner), on_record },
	};

	(void)state;
	check("{\"labels\": {\"a.b/c\": \"1\", \"x\": 2, \"none\": null}, \"tags\": [\"t\", "
	      "{\"o\": 1}, true],"
	      "\"maps\": {\"m\": {\"n\": 1}, \"s\": \"text\"}}",
	      scope, LENGTH(scope),
	      "labels.a.b/c key=a.b/c =1\nlabels.x key=x =2\ntags[0] =t\ntags[1]\ntags[2] =true\n"
	      "maps.m key=m n=1 ={\"n\": 1}\nmaps.s key=s =\"text\"\n");
}

static void a_list_may_be_a_lone_scalar(void **state)
{
	check("{\"tags\": \"one\"}", report_scopes, 1, "line 1 tags=one\n");
	check("{\"tags\": [\"one\", null, 2, [3], \"\"]}", report_scopes, 1,
	      "line 1 tags=one|2|\n");
	(void)state;
}

static bool on_convert(void *ctx, const struct read_record *r, struct err *e)
{
	int64_t n = 7;
	double d = 0;
	struct buf b = BUF_INIT;

	(void)e;
	assert_false(read_int(r, 0, 0, 100, &n));
	assert_int_equal(n, 7);
	assert_true(read_int(r, 1, 0, INT64_MAX, &n));
	assert_true(n == INT64_C(1705312800123456789));
	assert_true(read_int(r, 2, 0, 100, &n));
	assert_int_equal(n, 42);
	assert_true(read_double(r, 3, &d));
	assert_true(d > 9.79 && d < 9.81);
	assert_true(read_true(r, 4));
	assert_true(read_true(r, 5));
	assert_false(read_true(r, 2));
	assert_int_equal(read_time(r, 6), 1700000000);
	assert_null(read_text(r, 7));
	assert_string_equal(read_pair(r, 8, "b"), "2");
	assert_null(read_pair(r, 8, "2"));
	assert_int_equal(read_count(r, 8), 4);
	read_join(r, 8, ", ", &b);
	assert_string_equal(b.s, "a, 1, b, 2");
	buf_release(&b);
	assert_int_equal(r->value[1].type, READ_NUMBER);
	assert_int_equal(r->value[2].type, READ_STRING);
	*(int *)ctx = 1;
	return true;
}

static void accessors_convert(void **state)
{
	static const struct read_field field[] = {
		{ "none" }, { "big" }, { "text" }, { "ratio" }, { "yes" },
		{ "Yes" },  { "time" }, { "empty" }, { "map{}" },
	};
	static const struct read_scope scope[] = { { "", field, LENGTH(field), on_convert } };
	static const char json[] =
		"{\"big\": 1705312800123456789, \"text\": \"42\", \"ratio\": \"9.80\", "
		"\"yes\": true, \"Yes\": \"True\", \"time\": \"2023-11-14T22:13:20Z\", "
		"\"empty\": \"\", \"map\": {\"a\": 1, \"b\": \"2\"}}";
	struct source *src;
	struct err e = ERR_INIT;
	int called = 0;

	(void)state;
	assert_true(source_open_bytes("x", json, strlen(json), &src, &e));
	assert_true(read_document(src, scope, 1, &called, NULL, &e));
	assert_int_equal(called, 1);
	source_close(src);
}

/* ---- bytes ---- */

static void escapes_and_bad_bytes_become_text(void **state)
{
	static const char json[] =
		"{\"n\\u0061me\": \"a\\n\\u00e9\\ud83d\\ude00x\\u0000\\/\\udc00\"}";
	static const char raw[] = "{\"name\": \"\xff\xc3\x28 \x7f z\", \"tags\": [\"\\ud800\"]}";
	struct seen seen = { .stop_at = 0 };
	struct err e = ERR_INIT;

	(void)state;
	check(json, report_scopes, 1,
	      "line 1 name=a\n\u00e9\U0001F600x\uFFFD/\uFFFD\uFFFD\uFFFD\n");
	assert_true(read_bytes(raw, sizeof(raw) - 1, report_scopes, 1, &seen, NULL, &e));
	assert_string_equal(seen.out.s, "line 1 name=\uFFFD\uFFFD( \x7f z tags=?\n");
	buf_release(&seen.out);
}

static void raw_values_are_their_bytes(void **state)
{
	static const struct read_field field[] = { { "a", READ_RAW }, { "", READ_RAW } };
	static const struct read_scope scope[] = { { "r[]", field, LENGTH(field), on_record } };

	(void)state;
	check("{\"r\" : [ {\"a\" :  \"x\\u0061\\n\" , \"b\":0},{ \"a\":-1.50e+3}, {\"a\":[ 1,\n"
	      "{} ] }, {\"a\":null}, {\"a\": true,\"a\":\"\xff\"}, [2, 3]]}",
	      scope, 1,
	      "r[0] a=\"x\\u0061\\n\" ={\"a\" :  \"x\\u0061\\n\" , \"b\":0}\n"
	      "r[1] a=-1.50e+3 ={ \"a\":-1.50e+3}\n"
	      "r[2] a=[ 1,\n{} ] ={\"a\":[ 1,\n{} ] }\n"
	      "r[3] ={\"a\":null}\n"
	      "r[4] a=\"\uFFFD\" ={\"a\": true,\"a\":\"\uFFFD\"}\n"
	      "r[5] =[2, 3]\n");
}

/* A block ends behind every byte of a record in turn. */
static void records_lie_across_blocks(void **state)
{
	static const char json[] =
		"{\"name\": \"n\\u0061\\\\ \u00e9\", \"tags\": [1.5e3, \"b\", true], "
		"\"sk\\u0069p\": [\"\\\"x\", -1, {}], \"results\": [{\"extra\": [ 1 ]}]}";
	static const char want[] = "name=na\\ \u00e9 tags=1.5e3|b|true\nresults[0] extra=[ 1 ]";
	const size_t block = 262144, len = strlen(json);
	struct buf b = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < block; i++)
		buf_addc(&b, i % 100 == 0 ? '\n' : ' ');
	for (size_t cut = 1; cut <= len; cut += 1) {
		struct seen seen = { .stop_at = 0 };
		struct err e = ERR_INIT;

		b.len = block - cut;
		buf_adds(&b, json);
		if (!read_bytes(b.s, b.len, report_scopes, 2, &seen, NULL, &e))
			fail_msg("cut at %zu: %s", cut, e.text);
		if (strstr(seen.out.s, want) == NULL)
			fail_msg("cut at %zu: %s", cut, seen.out.s);
		buf_release(&seen.out);
		buf_adds(&b, "                ");
		memset(b.s + block - cut, ' ', len);
	}
	buf_release(&b);
}

/* ---- documents ---- */

static void documents_may_follow_one_another(void **state)
{
	(void)state;
	check("{\"name\": 1}{\"name\": 2}\n[] \n{\n\"results\": [{}]}", report_scopes, 2,
	      "line 1 name=1\nline 1 name=2\nline 3\nline 3: results[0]\nend -\n");
}

static void banners_are_passed_over(void **state)
{
	static const char json[] = "2024-01-01 INFO [x] start {\n[INFO] go\n[notice]\n{braces}\n\n "
				   "{\"name\": 1}\n$ \n";
	struct print_sink sink;
	struct seen seen = { .stop_at = 0 };
	struct err e = ERR_INIT;

	(void)state;
	print_sink_init(&sink);
	assert_true(read_bytes(json, strlen(json), report_scopes, 1, &seen,
	                       &(struct read_opts){ .sink = &sink.sink }, &e));
	assert_string_equal(seen.out.s, "line 6 name=1\n");
	assert_string_equal(sink.out.s, "skip place=\"lines 1-5\" reason=\"not JSON\"\n"
	                                "skip place=\"line 7\" reason=\"not JSON\"\n");
	buf_release(&seen.out);
	print_sink_release(&sink);
}

static void what_breaks_off_is_an_error(void **state)
{
	static const char json[] = "{\"name\": \"n\\u00e9\", \"a\": [1, -2.5, {\"b\": null}], "
				   "\"results\": [{\"rows\": "
				   "[{\"id\": true, \"cvss\": {\"x\": {\"v3\": 1}}}]}]}";

	(void)state;
	for (size_t n = 1; n < strlen(json); n++)
		check_fails(json, n, ERR_FORMAT, "");
	check_fails(json, strlen(json) - 1, ERR_FORMAT, "breaks off");
	check_fails(json, strlen(json) - 4, ERR_FORMAT,
		    "results[0].rows[1]: line 1, byte 109: the");
}

static void what_is_not_json_is_an_error(void **state)
{
	static const char *const bad[] = {
		"{\"a\" 1}",	"{\"a\": ,}",	   "{\"a\": [,]}",	"{\"a\": [1 2]}",
		"{\"a\": tru}", "{\"a\": 01}",	   "{\"a\": 1.}",	"{\"a\": -}",
		"{\"a\": 1e}",	"{\"a\": nul}",	   "{\"a\": \"\n\"}",	"{\"a\": 1}}",
		"{\"a\": 1}]",	"{\"a\": {1: 2}}", "{\"a\": [}",	"{\"a\": 1} , {}",
		"{\"a\": 'b'}", "{\"name\": .5}",  "{\"a\": \"\\\n\"}", "{\"name\": {]}",
		"{\"a\": \"\\q\"}", "{\"a\": \"\x01\"}", "{\"a\": \"\\u12g4\"}", "{\"a\": /**/ 1}",
	};
	static const struct {
		const char *json, *place;
	} at[] = {
		{ "{\"a\": \"b\\q\"}", "line 1, byte 9: " },
		{ "{\"a\": \"\x01\"}", "line 1, byte 7: " },
		{ "{\"a\":\n[1,,2]}", "line 2, byte 9: " },
		{ "{\"a\":\n[1, 2\n\"b\"]}", "line 3, byte 12: " },
		{ "{\"a\": 1\n{\"b\": 2}", "line 2, byte 8: " },
		{ "{\"a\": 1 \"bcd\": 2}", "line 1, byte 8: " },
		{ "{\"a\": 1: 2}", "line 1, byte 7: " },
		{ "{\"a\" , 2}", "line 1, byte 5: " },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(bad); i++)
		check_fails(bad[i], strlen(bad[i]), ERR_FORMAT, "line ");
	for (size_t i = 0; i < LENGTH(at); i++)
		check_fails(at[i].json, strlen(at[i].json), ERR_FORMAT, at[i].place);
	check_fails("text only\n", 10, ERR_FORMAT, "no JSON or YAML");
	check_fails("{\"a\":\0 1}", 9, ERR_FORMAT, "line 1, byte 5: ");
	check_fails("", 0, ERR_FORMAT, "empty");
}

static void deep_nesting_is_refused(void **state)
{
	static const char *const open[] = { "[", "{\"a\":", "{\"components\":[" };
	struct buf b = BUF_INIT;

	(void)state;
	for (size_t k = 0; k < LENGTH(open); k++) {
		buf_reset(&b);
		buf_adds(&b, "{\"results\": [{\"rows\": [");
		for (int i = 0; i < 100000; i++)
			buf_adds(&b, open[k]);
		check_fails(b.s, b.len, ERR_LIMIT, "deeper than 512");
	}
	buf_release(&b);
}

static void strings_are_bounded_wanted_or_not(void **state)
{
	struct buf b = BUF_INIT;
	struct seen seen = { .stop_at = 0 };
	struct err e = ERR_INIT;
	char *xs = xmalloc(READ_VALUE + (1 << 20));

	(void)state;
	memset(xs, 'x', READ_VALUE + (1 << 20));
	buf_adds(&b, "{\"junk\":\n\"");
	buf_add(&b, xs, READ_VALUE + (1 << 20));
	buf_adds(&b, "\", \"name\": 1}");
	check_fails(b.s, b.len, ERR_LIMIT, "line 2, byte 9: a value is longer than 16 MiB");
	memcpy(b.s, "{\"name\":\n", 9);
	check_fails(b.s, b.len, ERR_LIMIT, "name: line 2, byte 9: a value is longer than 16 MiB");
	buf_reset(&b);
	buf_adds(&b, "{\"junk\": \"");
	buf_add(&b, xs, READ_VALUE - 100);
	buf_adds(&b, "\", \"name\": \"");
	buf_add(&b, xs, READ_VALUE - 100);
	buf_adds(&b, "\\u0061\"}");
	assert_true(read_bytes(b.s, b.len, report_scopes, 1, &seen, NULL, &e));
	assert_int_equal(seen.out.len, strlen("line 1 name=\n") + READ_VALUE - 100 + 1);
	buf_release(&seen.out);
	buf_release(&b);
	free(xs);
}

/* ---- errors of functions ---- */

static void a_function_that_fails_names_its_record(void **state)
{
	static const char json[] = "{\"results\": [{}, {\"rows\": [{}, {}]}]}";
	struct seen seen = { .stop_at = 5 };
	struct err e = ERR_INIT;

	(void)state;
	assert_false(read_bytes(json, strlen(json), report_scopes, 3, &seen, NULL, &e));
	assert_string_equal(e.text, "results[1].rows[1]: no");
	buf_release(&seen.out);
}

static bool cancel(struct sink *s, uint64_t done, uint64_t total, struct err *e)
{
	(void)s;
	(void)done;
	(void)total;
	return err_set(e, ERR_CANCEL, "stopped");
}

static void the_tick_can_stop_the_read(void **state)
{
	struct sink sink = { .tick = cancel };
	struct seen seen = { .stop_at = 0 };
	struct err e = ERR_INIT;

	(void)state;
	assert_false(read_bytes("{}", 2, report_scopes, 1, &seen,
				&(struct read_opts){ .sink = &sink }, &e));
	assert_int_equal(e.kind, ERR_CANCEL);
	assert_string_equal(e.text, "stopped");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parents_come_whole_before_children),
		cmocka_unit_test(key_order_changes_nothing),
		cmocka_unit_test(absent_null_and_wrong_shapes_are_none),
		cmocka_unit_test(a_scalar_for_an_array_of_records_is_an_error),
		cmocka_unit_test(a_scalar_among_records_is_told),
		cmocka_unit_test(the_last_of_equal_keys_wins),
		cmocka_unit_test(dots_in_keys_are_dots_in_paths),
		cmocka_unit_test(nesting_without_end_is_one_scope),
		cmocka_unit_test(scopes_may_begin_inside),
		cmocka_unit_test(members_and_scalars_can_be_records),
		cmocka_unit_test(a_list_may_be_a_lone_scalar),
		cmocka_unit_test(accessors_convert),
		cmocka_unit_test(escapes_and_bad_bytes_become_text),
		cmocka_unit_test(raw_values_are_their_bytes),
		cmocka_unit_test(records_lie_across_blocks),
		cmocka_unit_test(documents_may_follow_one_another),
		cmocka_unit_test(banners_are_passed_over),
		cmocka_unit_test(what_breaks_off_is_an_error),
		cmocka_unit_test(what_is_not_json_is_an_error),
		cmocka_unit_test(deep_nesting_is_refused),
		cmocka_unit_test(strings_are_bounded_wanted_or_not),
		cmocka_unit_test(a_function_that_fails_names_its_record),
		cmocka_unit_test(the_tick_can_stop_the_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
