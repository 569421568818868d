/* SPDX-License-Identifier: MIT */
/*
 * 2000-import.c - every case of t/import: importer/case/input.* is recognised as the importer's and
 * gives exactly the records in `expected`. Lines of `options` are import options: "node worker-1".
 */
#include "t/lib/test.h"

#include <dirent.h>
#include <stdio.h>

#include "importers/importer.h"
#include "importers/source.h"
#include "t/lib/printsink.h"

#define ROOT "t/import"

struct one_case {
	const char *importer, *dir; /* dir: t/import/importer/case */
	const char *input;          /* path of input.*             */
};

/* The id of the importer that a folder is for: folders are spelled like the files, with '_'. */
static const char *folder_id(struct arena *mem, const char *folder)
{
	char *id = arena_dup(mem, folder);

	for (char *c = id; *c != 0; c++)
		if (*c == '_')
			*c = '-';
	return id;
}

/* ---- finding the cases ---- */

static int by_name(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;

	return strcmp(*x, *y);
}

/* Names below `dir` that start with `prefix`, sorted, not hidden. */
static const char **list(struct arena *mem, const char *dir, const char *prefix, size_t *n)
{
	const char **name = arena_array(mem, const char *, 1000);
	DIR *d = opendir(dir);
	const struct dirent *ent;

	*n = 0;
	while (d != NULL && (ent = readdir(d)) != NULL)
		if (ent->d_name[0] != '.' && str_prefix(ent->d_name, prefix) && *n < 1000)
			name[(*n)++] = arena_dup(mem, ent->d_name);
	if (d != NULL)
		closedir(d);
	qsort(name, *n, sizeof(*name), by_name);
	return name;
}

/* ---- options ---- */

static void set_option(struct import_opts *o, struct arena *mem, const char *key, const char *value)
{
	value = arena_dup(mem, value);
	if (str_eq(key, "format"))
		o->format = value;
	else if (str_eq(key, "cluster"))
		o->cluster = value;
	else if (str_eq(key, "node"))
		o->node = value;
	else if (str_eq(key, "image"))
		o->image = value;
	else if (str_eq(key, "at"))
		assert_true(time_parse(value, &o->at));
	else if (str_eq(key, "partial"))
		o->partial = true;
	else if (str_eq(key, "keep_raw"))
		o->keep_raw = true;
	else
		fail_msg("unknown option %s", key);
}

static void read_options(const char *path, struct import_opts *o, struct arena *mem)
{
	struct buf text = BUF_INIT;
	struct err e = ERR_INIT;

	if (!file_read(path, 65536, &text, &e)) {
		buf_release(&text);
		return;
	}
	for (char *line = text.s, *next; *line != 0; line = next) {
		char *blank;

		next = line + strcspn(line, "\n");
		if (*next != 0)
			*next++ = 0;
		blank = line + strcspn(line, " ");
		if (*blank != 0)
			*blank++ = 0;
		if (*line != 0)
			set_option(o, mem, line, blank);
	}
	buf_release(&text);
}

/* ---- one case ---- */

/* The records of the input as text; an import that fails ends in a line "error: ...". */
static void import_text(const struct one_case *c, struct print_sink *sink)
{
	struct arena mem = ARENA_INIT;
	struct import_opts o = { 0 };
	struct err e = ERR_INIT;
	struct source *src;
	const struct importer *im;

	read_options(arena_printf(&mem, "%s/options", c->dir), &o, &mem);
	if (!source_open(c->input, &src, &e)) {
		fail_msg("%s", e.text);
	} else if (o.format == NULL) {
		im = importer_guess(src, &e);
		if (im == NULL || !str_eq(im->id, c->importer))
			fail_msg("%s: recognised as %s (%s)", c->input,
				 im != NULL ? im->id : "nothing", e.text);
	}
	if (!import_source(src, &o, &sink->sink, NULL, &e))
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
	import_text(c, &sink);
	buf_addf(&path, "%s/expected", c->dir);
	if (getenv("SEAWORTHY_GOLDEN") != NULL)
		write_file(path.s, &sink.out);
	if (!file_read(path.s, (size_t)64 << 20, &want, &e))
		fail_msg("%s (make golden writes it)", e.text);
	compare(path.s, sink.out.s, want.s);
	buf_release(&want);
	buf_release(&path);
	print_sink_release(&sink);
}

static void add_case(struct arena *mem, struct CMUnitTest *test, const char *importer,
		     const char *name)
{
	struct one_case *c = arena_new(mem, struct one_case);
	const char **input;
	size_t n;

	c->importer = folder_id(mem, importer);
	c->dir = arena_printf(mem, ROOT "/%s/%s", importer, name);
	input = list(mem, c->dir, "input.", &n);
	c->input = n > 0 ? arena_printf(mem, "%s/%s", c->dir, input[0]) : c->dir;
	*test = (struct CMUnitTest){ arena_printf(mem, "%s/%s", importer, name),
		                     the_records_are_the_expected_ones, NULL, NULL, c };
}

/* Every importer has a case, and every folder an importer. */
static void every_importer_has_a_case(void **state)
{
	struct arena mem = ARENA_INIT;
	size_t n;
	const char **dir = list(&mem, ROOT, "", &n);

	(void)state;
	for (size_t i = 0; i < n; i++)
		if (importer_find(folder_id(&mem, dir[i])) == NULL)
			fail_msg(ROOT "/%s: no such importer", dir[i]);
	for (size_t i = 0; importer_at(i) != NULL; i++) {
		bool found = false;

		for (size_t k = 0; k < n && !found; k++)
			found = str_eq(folder_id(&mem, dir[k]), importer_at(i)->id);
		if (!found)
			fail_msg("%s has no case in " ROOT, importer_at(i)->id);
	}
	arena_release(&mem);
}

int main(void)
{
	struct arena mem = ARENA_INIT;
	struct CMUnitTest *test = arena_array(&mem, struct CMUnitTest, 4000);
	size_t n = 0, ndir, ncase;
	const char **dir = list(&mem, ROOT, "", &ndir);
	int failed;

	test[n++] = (struct CMUnitTest)cmocka_unit_test(every_importer_has_a_case);
	for (size_t i = 0; i < ndir; i++) {
		const char **name = list(&mem, arena_printf(&mem, ROOT "/%s", dir[i]), "", &ncase);

		for (size_t k = 0; k < ncase && n < 4000; k++)
			add_case(&mem, &test[n++], dir[i], name[k]);
	}
	failed = _cmocka_run_group_tests("import", test, n, NULL, NULL);
	arena_release(&mem);
	return failed;
}
