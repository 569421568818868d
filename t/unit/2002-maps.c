/* SPDX-License-Identifier: MIT */
/*
 * 2002-maps.c - mapping files: every case of t/maps gives exactly the records in `expected`, by its
 * map.json or, where it has none, by a built-in mapping that recognises it; and what is wrong with
 * a mapping is said with its place.
 */
#include "t/lib/test.h"

#include <stdlib.h>
#include <unistd.h>

#include "importers/map.h"
#include "importers/source.h"
#include "t/lib/printsink.h"

#define ROOT "t/maps"

static const char *const cases[] = {
	"levels", "lines", "table", "table-semicolon", "checks", "secrets", "clean", "osv",
	"harbor", "harbor-hub", "sysdig", "trivy-csv", "no-column",
	"quay", "clair-layer", "cells", "kube-hunter", "kubeaudit", "kubevuln",
	"kube-linter", "kube-score",
	"sysdig-engine", "sysdig-cli", "trivy-metrics", "trivy-metrics-secrets",
	"trivy-metrics-configaudits", "trivy-metrics-rbac", "prowler",
	"kics", "semgrep", "compliance-check-results", "compliance-check-result", "gcp-image",
	"gcp-occurrences", "gcp-occurrences-page",
};

/* The one file of the case that begins with "input.". */
static const char *input_of(struct arena *mem, const char *dir)
{
	static const char *const ending[] = { "json", "csv", "ndjson" };

	for (size_t i = 0; i < LENGTH(ending); i++) {
		const char *path = arena_printf(mem, "%s/input.%s", dir, ending[i]);

		if (access(path, R_OK) == 0)
			return path;
	}
	fail_msg("%s holds no input", dir);
	return NULL;
}

/* "image NAME", the only option that a case has. */
static const char *image_of(struct arena *mem, const char *dir)
{
	struct buf text = BUF_INIT;
	struct err e = ERR_INIT;
	const char *image = NULL;

	if (file_read(arena_printf(mem, "%s/options", dir), 4096, &text, &e))
		image = arena_dupn(mem, text.s + strlen("image "),
				   strcspn(text.s, "\n") - strlen("image "));
	buf_release(&text);
	return image;
}

static void import_case(const char *dir, struct arena *mem, struct print_sink *sink)
{
	const char *map = arena_printf(mem, "%s/map.json", dir);
	struct import_opts o = { .image = image_of(mem, dir) };
	struct err e = ERR_INIT;
	struct maps *maps;
	struct source *src;

	if (!maps_load(&maps, &e))
		fail_msg("%s", e.text);
	o.maps = maps;
	if (access(map, R_OK) == 0 && (o.format = maps_add(maps, map, &e)) == NULL)
		fail_msg("%s", e.text);
	if (!source_open(input_of(mem, dir), &src, &e))
		fail_msg("%s", e.text);
	if (!import_source(src, &o, &sink->sink, NULL, &e))
		buf_addf(&sink->out, "error: %s\n", e.text);
	source_close(src);
	maps_free(maps);
}

static void write_expected(const char *path, const struct buf *b)
{
	struct err e = ERR_INIT;
	struct out *o = out_file(path);

	out_add(o, b->s, b->len);
	if (!out_close(o, &e))
		fail_msg("%s", e.text);
}

static void the_records_are_the_expected_ones(void **state)
{
	struct arena mem = ARENA_INIT;

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		const char *dir = arena_printf(&mem, ROOT "/%s", cases[i]);
		const char *path = arena_printf(&mem, "%s/expected", dir);
		struct print_sink sink;
		struct buf want = BUF_INIT;
		struct err e = ERR_INIT;

		print_sink_init(&sink);
		import_case(dir, &mem, &sink);
		if (getenv("SEAWORTHY_GOLDEN") != NULL)
			write_expected(path, &sink.out);
		if (!file_read(path, (size_t)1 << 20, &want, &e))
			fail_msg("%s (make golden writes it)", e.text);
		if (!str_eq(sink.out.s, want.s))
			fail_msg("%s differs:\n%s", path, sink.out.s);
		buf_release(&want);
		print_sink_release(&sink);
	}
	arena_release(&mem);
}

static void what_is_wrong_is_said_with_its_place(void **state)
{
	static const struct { const char *json, *text; } bad[] = {
		{ "{", "m.json: line 1, column 1: " },
		{ "[]", "m.json: (top): not an object" },
		{ "{\"nam\": 1}", "m.json: (top): nothing is called \"nam\" here" },
		{ "{\"tool\": \"t\"}", "m.json: name: missing" },
		{ "{\"name\": \"trivy\", \"tool\": \"t\"}",
		  "m.json: name: a built-in format is called \"trivy\"" },
		{ "{\"name\": \"n\", \"tool\": 3}", "m.json: tool: not a text" },
		{ "{\"name\": \"n\", \"tool\": \"t\"}", "m.json: records: missing" },
		{ "{\"name\": \"n\", \"tool\": \"t\", \"form\": \"xml\"}",
		  "m.json: form: \"xml\" is none of the words it can be" },
		{ "{\"name\": \"n\", \"tool\": \"t\", \"form\": \"csv\", \"records\": \"a\"}",
		  "m.json: records: each line of a table is a record" },
		{ "{\"name\": \"n\", \"tool\": \"t\", \"records\": \"a[]b\"}",
		  "m.json: records: not a path: \"a[]b\"" },
		{ "{\"name\": \"n\", \"tool\": \"t\", \"records\": \"a**\"}",
		  "m.json: records: not a path: \"a**\"" },
		{ "{\"name\": \"n\", \"tool\": \"t\", \"records\": \"a[]\"}",
		  "m.json: fields.id: missing" },
		{ "{\"name\": \"n\", \"tool\": \"t\", \"records\": \"a[]\", "
		  "\"fields\": {\"id\": \"x\"}}",
		  "m.json: fields.package: missing: a vulnerability is one of a package" },
		{ "{\"name\": \"n\", \"tool\": \"t\", \"records\": \"a[]\", "
		  "\"fields\": {\"idd\": \"x\"}}",
		  "m.json: fields.idd: there is no such field" },
		{ "{\"name\": \"n\", \"tool\": \"t\", \"records\": \"a[]\", "
		  "\"fields\": {\"id\": 3}}",
		  "m.json: fields.id: not an object" },
		{ "{\"name\": \"n\", \"tool\": \"t\", \"records\": \"a[]\", "
		  "\"fields\": {\"id\": {\"path\": \"x\", \"const\": \"y\"}}}",
		  "m.json: fields.id: wants one of \"const\", \"path\" and \"join\"" },
		{ "{\"name\": \"n\", \"tool\": \"t\", \"records\": \"a[]\", "
		  "\"fields\": {\"id\": {\"path\": \"x\", \"match\": \"(\"}}}",
		  "m.json: fields.id: match: not a regular expression" },
		{ "{\"name\": \"n\", \"tool\": \"t\", \"records\": \"a[]\", "
		  "\"fields\": {\"id\": {\"path\": \"x\", "
		  "\"default\": {\"path\": \"x\", \"match\": \"(\"}}}}",
		  "m.json: fields.id.default: match: not a regular expression" },
		{ "{\"name\": \"n\", \"tool\": \"t\", \"records\": \"a[]\", "
		  "\"fields\": {\"id\": {\"path\": \"x\", \"match\": \"x\"}}}",
		  "m.json: fields.id: match: the expression has no group" },
		{ "{\"name\": \"n\", \"tool\": \"t\", \"records\": \"a[]\", "
		  "\"severities\": {\"P1\": \"worst\"}}",
		  "m.json: severities.P1: none of the words it can be" },
		{ "{\"name\": \"n\", \"tool\": \"t\", \"records\": \"a[]\", \"recognise\": {}}",
		  "m.json: recognise: asks for nothing: every file has that" },
		{ "{\"name\": \"n\", \"tool\": \"t\", \"records\": \"a[]\", "
		  "\"fields\": {\"id\": \"x[0]\"}}",
		  "m.json: fields.id: not a path: \"x[0]\"" },
		{ "{\"name\": \"n\", \"tool\": \"t\", \"records\": \"a[]\", \"recognise\": "
		  "{\"columns\": [\"a\"]}, \"fields\": {\"id\": \"i\", \"package\": \"p\"}}",
		  "m.json: recognise: a table is told by" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(bad); i++) {
		struct err e = ERR_INIT;
		struct map *m;

		if (map_parse("m.json", bad[i].json, strlen(bad[i].json), &m, &e))
			fail_msg("%s is taken", bad[i].json);
		assert_null(m);
		if (!str_prefix(e.text, bad[i].text))
			fail_msg("\"%s\" does not begin with \"%s\"", e.text, bad[i].text);
	}
}

static void times_are_read_by_pattern(void **state)
{
	static const struct { const char *format, *text, *want; } one[] = {
		{ NULL, "2031-03-01T10:30:00+01:00", "2031-03-01T09:30:00Z" },
		{ "%Y%m%d-%H%M%S", "20310301-103005", "2031-03-01T10:30:05Z" },
		{ "%d. %b %Y", "1. Mar 2031", "2031-03-01T00:00:00Z" },
		{ "unix", "1930127405.9", "2031-03-01T10:30:05Z" },
		{ "unix-ms", "1930127405900", "2031-03-01T10:30:05Z" },
		{ "%Y", "2031 ", NULL }, { "%Y%", "2031", NULL }, { "%q", "1", NULL },
		{ "%Y-%m", "2031-13", NULL }, { "unix", "x", NULL }, { "x", "", NULL },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(one); i++) {
		int64_t t = map_time(one[i].format, one[i].text), want = 0;

		if (one[i].want != NULL)
			assert_true(time_parse(one[i].want, &want));
		if (t != want)
			fail_msg("%s by %s is %lld", one[i].text,
				 one[i].format == NULL ? "RFC 3339" : one[i].format, (long long)t);
	}
}

static void two_mappings_that_claim_a_file_are_named(void **state)
{
	static const char map[] = "{\"name\": \"mine\", \"tool\": \"t\", "
		"\"records\": \"results[]\", "
		"\"recognise\": {\"has\": [\"results[0].packages\"]}, "
		"\"fields\": {\"id\": \"i\", \"package\": \"p\"}}";
	struct err e = ERR_INIT;
	struct import_opts o = { .format = NULL };
	struct arena mem = ARENA_INIT;
	const char *path = arena_printf(&mem, "%s/mine.json", getenv("TMPDIR"));
	struct maps *maps;
	struct source *src;
	struct buf b = BUF_INIT;

	(void)state;
	buf_adds(&b, map);
	write_expected(path, &b);
	assert_true(maps_load(&maps, &e));
	assert_non_null(maps_add(maps, path, &e));
	o.maps = maps;
	assert_true(source_open(ROOT "/osv/input.json", &src, &e));
	assert_null(importer_pick(src, &o, &e));
	if (!str_prefix(e.text, "could be any of mine, osv-scanner: say which with --format"))
		fail_msg("%s", e.text);
	source_close(src);
	maps_free(maps);
	buf_release(&b);
	arena_release(&mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_records_are_the_expected_ones),
		cmocka_unit_test(what_is_wrong_is_said_with_its_place),
		cmocka_unit_test(times_are_read_by_pattern),
		cmocka_unit_test(two_mappings_that_claim_a_file_are_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
