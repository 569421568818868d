/* SPDX-License-Identifier: MIT */
/*
 * 2000-import.c - every case of t/import: importer/case/input.* is recognised as the importer's and
 * gives exactly the records in `expected`. Lines of `options` are import options: "node worker-1".
 */
#include "t/lib/test.h"

#include "importers/ahead.h"
#include "importers/importer.h"
#include "importers/source.h"
#include "t/lib/cases.h"
#include "t/lib/printsink.h"

/* ---- one case ---- */

struct input {
	const struct source *src;
	const struct import_opts *o;
};

static bool import_input(void *ctx, struct sink *out, struct err *e)
{
	const struct input *x = ctx;

	return import_source(x->src, x->o, out, NULL, e);
}

static bool run_here(ahead_fn *fn, void *ctx, struct sink *out, struct err *e)
{
	return fn(ctx, out, e);
}

/* The records of the input as text; an import that fails ends in a line "error: ...". */
static void import_text(const struct one_case *c, bool ahead, struct print_sink *sink)
{
	struct arena mem = ARENA_INIT;
	struct import_opts o = { 0 };
	struct err e = ERR_INIT;
	struct source *src;
	const struct importer *im;

	cases_options(c, &o, &mem);
	if (!source_open(c->input, &src, &e)) {
		fail_msg("%s", e.text);
	} else if (o.format == NULL) {
		im = importer_guess(src, &e);
		if (im == NULL || !str_eq(im->id, c->importer))
			fail_msg("%s: recognised as %s (%s)", c->input,
				 im != NULL ? im->id : "nothing", e.text);
	}
	if (!(ahead ? ahead_run : run_here)(import_input, &(struct input){ src, &o }, &sink->sink,
					    &e))
		buf_addf(&sink->out, "error: %s\n", e.text);
	source_close(src);
	arena_release(&mem);
}

static void write_file(const char *path, const struct buf *b)
{
	struct err e = ERR_INIT;
	struct out *o = out_file(path);

	out_add(o, b->s, b->len);
	if (!out_close(o, &e))
		fail_msg("%s", e.text);
}

/* The first line that differs, for the message. */
static void compare(const char *path, const char *got, const char *want)
{
	size_t line = 1;

	while (*got != 0 && *got == *want) {
		const char *g = got + strcspn(got, "\n"), *w = want + strcspn(want, "\n");

		if (g - got != w - want || memcmp(got, want, (size_t)(g - got)) != 0)
			break;
		got = g + (*g != 0);
		want = w + (*w != 0);
		line++;
	}
	if (!str_eq(got, want))
		fail_msg("%s:%zu:\n  got  %.*s\n  want %.*s", path, line, (int)strcspn(got, "\n"),
			 got, (int)strcspn(want, "\n"), want);
}

static void the_records_are_the_expected_ones(void **state)
{
	const struct one_case *c = *state;
	struct print_sink sink;
	struct buf want = BUF_INIT, path = BUF_INIT;
	struct err e = ERR_INIT;

	print_sink_init(&sink);
	import_text(c, false, &sink);
	buf_addf(&path, "%s/expected", c->dir);
	if (getenv("SEAWORTHY_GOLDEN") != NULL)
		write_file(path.s, &sink.out);
	if (!file_read(path.s, (size_t)64 << 20, &want, &e))
		fail_msg("%s (make golden writes it)", e.text);
	compare(path.s, sink.out.s, want.s);
	buf_reset(&sink.out);
	import_text(c, true, &sink);
	compare(path.s, sink.out.s, want.s);
	buf_release(&want);
	buf_release(&path);
	print_sink_release(&sink);
}

/* Every importer has a case, and every folder an importer. */
static void every_importer_has_a_case(void **state)
{
	struct arena mem = ARENA_INIT;
	size_t n;
	const char **dir = cases_list(&mem, CASES, "", &n);

	(void)state;
	for (size_t i = 0; i < n; i++)
		if (importer_find(cases_id(&mem, dir[i])) == NULL)
			fail_msg(CASES "/%s: no such importer", dir[i]);
	for (size_t i = 0; importer_at(i) != NULL; i++) {
		bool found = false;

		for (size_t k = 0; k < n && !found; k++)
			found = str_eq(cases_id(&mem, dir[k]), importer_at(i)->id);
		if (!found)
			fail_msg("%s has no case in " CASES, importer_at(i)->id);
	}
	arena_release(&mem);
}

int main(void)
{
	struct arena mem = ARENA_INIT;
	size_t n;
	struct one_case *all = cases_all(&mem, &n);
	struct CMUnitTest *test = arena_array(&mem, struct CMUnitTest, n + 1);
	int failed;

	test[n] = (struct CMUnitTest)cmocka_unit_test(every_importer_has_a_case);
	for (size_t i = 0; i < n; i++)
		test[i] = (struct CMUnitTest){ all[i].name, the_records_are_the_expected_ones, NULL,
		                               NULL, &all[i] };
	failed = _cmocka_run_group_tests("import", test, n + 1, NULL, NULL);
	arena_release(&mem);
	return failed;
}
