/* SPDX-License-Identifier: MIT */
/*
 * 2003-shapes.c - the same JSON in another shape is the same file: keys in any order, on one line
 * or many, documents one after the other, in a list, behind banner lines. Every case of t/import is
 * written anew in each way, must be recognised as before and must give the same records.
 */
#include "t/lib/test.h"

#include <stdio.h>
#include <stdlib.h>

#include "importers/source.h"
#include "t/lib/cases.h"
#include "t/lib/printsink.h"
#include "t/lib/shape.h"

#define LIST   "{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":["
#define BANNER "Pulling the image\nDone in 3 s.\n\n"

static const struct way {
	const char      *name;
	const char      *before, *after;
	enum shape_order order;
	bool             pretty;
	enum { ALL, ARRAYS, SINGLES, GATHERED, OBJECTS } of; /* which cases: see is_for */
} ways[] = {
	{ "minified", "", "\n", SHAPE_AS_IS, false },
	{ "sorted", "", "\n", SHAPE_SORTED, false },
	{ "reversed", "", "\n", SHAPE_REVERSED, false },
	{ "pretty", "", "\n", SHAPE_AS_IS, true },
	{ "pretty and reversed", "", "\n", SHAPE_REVERSED, true },
	{ "without line ends", "", "", SHAPE_AS_IS, false },
	{ "with a banner", BANNER, "\n", SHAPE_AS_IS, true },
	{ "with a banner, sorted", BANNER, "\n", SHAPE_SORTED, false },
	{ "a line each", "", "\n", SHAPE_AS_IS, false, ARRAYS },
	{ "one after the other", "", "", SHAPE_AS_IS, true, ARRAYS },
	{ "in an array", "[", ",", SHAPE_AS_IS, true, SINGLES },
	{ "gathered in an array", "[", ",", SHAPE_AS_IS, true, GATHERED },
	{ "in a List", LIST, ",", SHAPE_REVERSED, false, OBJECTS },
};

/* Where a list and its elements are two things: cases, all of an importer or one, and why. */
static const char *const exceptions[][2] = {
	{ "anchore/application", "an array is the rows of one image, as anchorectl writes them" },
	{ "anchore/ctl", "likewise" },
	{ "anchore_policy/", "an array is Engine's answer" },
	{ "asff/alone", "an array is of findings" },
	{ "asff/checks-in-array", "likewise" },
	{ "asff/trivy", "likewise" },
	{ "cosign/", "an array is what was verified of one image" },
	{ "crictl/", "an array is of what was inspected, an object may be the list" },
	{ "docker_inspect/", "an array is all of a host, an object one container" },
	{ "gatekeeper/gator-test", "gator's results have no shape outside their array" },
	{ "hadolint/", "rows name no tool outside their array" },
	{ "oscal/", "a file is one framework, which has its name" },
	{ "ssvc/many", "a number among records is a line of text among lines" },
	{ "ssvc/selections-1", "an array in an array is no list of records" },
	{ "trivy/", "an array is the results of the oldest versions" },
	{ "trivy_operator/not-a-report", "other objects are told of in a list only" },
};

static bool is_exception(const char *name)
{
	for (size_t i = 0; i < LENGTH(exceptions); i++)
		if (str_prefix(name, exceptions[i][0]))
			return true;
	return false;
}

/* ---- records without what the shape may change: their order, places in the file, bytes ---- */

struct lines {
	char       **at;
	size_t       n, cap;
	struct arena mem;
};

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void add(struct lines *l, const char *scan, const char *asset, const char *text)
{
	if (l->n == l->cap) {
		l->cap = l->cap > 0 ? 2 * l->cap : 64;
		l->at = xrealloc_array(l->at, l->cap, sizeof(*l->at));
	}
	l->at[l->n++] = arena_printf(&l->mem, "%s | %s | %s", scan, asset, text);
}

/* Cut " key=value" out of the line; values hold no blanks unless they are quoted. */
static void cut(char *line, const char *key)
{
	char *s = strstr(line, key), *end;

	if (s == NULL)
		return;
	end = s + strlen(key);
	if (*end == '"')
		for (end++; *end != 0 && *end != '"'; end++)
			end += *end == '\\' && end[1] != 0;
	end += strcspn(end, " ");
	memmove(s, end, strlen(end) + 1);
}

/* Every record with its scan and its asset, in the order of their texts. */
static void normal(char *text, bool banner, struct lines *l)
{
	const char *scan = "", *asset = "";

	for (char *line = text, *next; *line != 0; line = next) {
		next = line + strcspn(line, "\n");
		if (*next != 0)
			*next++ = 0;
		if (str_prefix(line, "scan ")) {
			scan = line;
			asset = "";
		} else if (str_prefix(line, "asset ")) {
			asset = line;
		} else if (str_prefix(line, "skip ") || str_prefix(line, "error: ")) {
			cut(line, " place=");
			if (!banner)
				add(l, "", "", line);
		} else {
			cut(line, " offset=");
			cut(line, " raw=");
			cut(line, " more");
			add(l, scan, asset, line);
		}
	}
	if (l->n > 0)
		qsort(l->at, l->n, sizeof(*l->at), by_text);
}

static void release(struct lines *l)
{
	free(l->at);
	arena_release(&l->mem);
}

static void import_lines(const struct one_case *c, const char *text, size_t n, bool banner,
                         struct lines *l)
{
	struct arena mem = ARENA_INIT;
	struct import_opts o = { 0 };
	struct err e = ERR_INIT;
	struct print_sink sink;
	struct source *src;
	const struct importer *im;

	print_sink_init(&sink);
	cases_options(c, &o, &mem);
	if (!source_open_bytes(c->input, text, n, &src, &e))
		fail_msg("%s", e.text);
	im = o.format != NULL ? importer_find(o.format) : importer_guess(src, &e);
	if (im == NULL || !str_eq(im->id, c->importer))
		buf_addf(&sink.out, "error: recognised as %s\n", im == NULL ? e.text : im->id);
	else if (!import_source(src, &o, &sink.sink, NULL, &e))
		buf_adds(&sink.out, "error: the import fails\n");
	normal(sink.out.s, banner, l);
	source_close(src);
	print_sink_release(&sink);
	arena_release(&mem);
}

static void compare(const char *name, const char *way, const struct lines *got,
                    const struct lines *want)
{
	static const char *const none = "nothing";

	for (size_t i = 0; i < got->n || i < want->n; i++) {
		const char *g = i < got->n ? got->at[i] : none;
		const char *w = i < want->n ? want->at[i] : none;

		if (!str_eq(g, w))
			fail_msg("%s, %s:\n  got  %s\n  want %s", name, way, g, w);
	}
}

/* What the file itself gives: as it is, and without what a banner may change. */
struct wanted {
	struct lines plain, banner;
};

static void try_way(const struct one_case *c, const struct shape *s, const struct way *w,
                    const struct wanted *want)
{
	struct lines got = { .mem = ARENA_INIT };
	struct buf text = BUF_INIT;
	bool banner = str_eq(w->before, BANNER);

	buf_adds(&text, w->before);
	shape_write(w->of == ARRAYS ? shape_elements(s) : s, w->order, w->pretty, w->after, &text);
	if (str_eq(w->after, ",")) {
		text.len--;
		buf_adds(&text, w->of == OBJECTS ? "]}" : "]");
	}
	import_lines(c, text.s, text.len, banner, &got);
	compare(c->name, w->name, &got, banner ? &want->banner : &want->plain);
	buf_release(&text);
	release(&got);
}

/* Lists of objects may be written as their elements, objects of Kubernetes as a list of them. */
static bool is_for(const struct way *w, const struct shape *s)
{
	if (w->of == ARRAYS)
		return shape_elements(s) != NULL;
	if (w->of == SINGLES)
		return shape_elements(s) == NULL;
	if (w->of == GATHERED)
		return shape_elements(s) != NULL;
	if (w->of == OBJECTS)
		return shape_have(s, "apiVersion") && shape_have(s, "kind") &&
		       !shape_have(s, "items");
	return true;
}

static bool is_set(const char *variable)
{
	const char *value = getenv(variable);

	return value != NULL && *value != 0;
}

static void every_shape_gives_the_same_records(void **state)
{
	static size_t turn;
	const struct one_case *c = *state;
	struct wanted want = { { .mem = ARENA_INIT }, { .mem = ARENA_INIT } };
	size_t one_in = test_is_slowed() ? 16 : is_set("SEAWORTHY_SAN") ? 4 : 1;
	struct arena mem = ARENA_INIT;
	struct buf file = BUF_INIT;
	struct err e = ERR_INIT;
	struct shape *s;

	if (!file_read(c->input, (size_t)64 << 20, &file, &e))
		fail_msg("%s", e.text);
	s = shape_parse(&mem, file.s);
	import_lines(c, file.s, file.len, false, &want.plain);
	import_lines(c, file.s, file.len, true, &want.banner);
	for (size_t i = 0; s != NULL && shape_count(s) > 0 && i < LENGTH(ways); i++)
		/* Sanitizers and valgrind look at what all ways have in common. */
		if (is_for(&ways[i], s) && (ways[i].of == ALL || !is_exception(c->name)) &&
		    turn++ % one_in == 0)
			try_way(c, s, &ways[i], &want);
	release(&want.plain);
	release(&want.banner);
	buf_release(&file);
	arena_release(&mem);
}

int main(void)
{
	struct arena mem = ARENA_INIT;
	size_t n;
	struct one_case *all = cases_all(&mem, &n);
	struct CMUnitTest *test = arena_array(&mem, struct CMUnitTest, n);
	int failed;

	for (size_t i = 0; i < n; i++)
		test[i] = (struct CMUnitTest){ .name = all[i].name, .initial_state = &all[i],
		                               .test_func = every_shape_gives_the_same_records };
	failed = _cmocka_run_group_tests("shapes", test, n, NULL, NULL);
	arena_release(&mem);
	return failed;
}
