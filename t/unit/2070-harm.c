/* SPDX-License-Identifier: MIT */
/*
 * 2070-harm.c - damaged reports: each file is cut off at many places, has bytes changed in many
 * ways, and odd values put in the place of each of its own; what comes of it is imported, or
 * refused with a reason, and the store stays whole.
 *
 * The files are those of t/import and, where $SEAWORTHY_HARM or $SEAWORTHY_CORPUS names a folder of
 * reports, those in it. Of all the damage a share is tried;
 * SEAWORTHY_HARM_SHARE=9 tries one piece in nine, and 1 all of it.
 */
#include "t/lib/test.h"

#include <jansson.h>

#include "importers/importer.h"
#include "importers/source.h"
#include "store/store.h"
#include "t/lib/nowhere.h"
#include "t/lib/small.h"

enum {
	WAYS = 50,           /* of cutting a file, and as many of changing it    */
	SHARE = 75,          /* one in so many is tried where not all are        */
	ODD_SHARE = 400,     /* the same of odd values, of which there are more  */
	TO_STORE = 64 << 10, /* bytes up to which it goes through the store, too */
	LARGEST = 8 << 20,
};

struct harm {
	struct store *st;
	uint64_t      seed;
	size_t        nth, files, tried, kept, refused;
	size_t        share; /* one piece in so many is tried; 0: as its kind has it */
};

static uint64_t pick(struct harm *harm, uint64_t n)
{
	harm->seed ^= harm->seed << 13;
	harm->seed ^= harm->seed >> 7;
	harm->seed ^= harm->seed << 17;
	return harm->seed % n;
}

/* ---- one piece of damage ---- */

/* A reason in one line, that a terminal would not obey. */
static void must_have_reason(const char *path, const struct err *e)
{
	if (e->kind == ERR_NONE || e->text[0] == 0)
		fail_msg("%s: refused without a reason", path);
	for (const char *c = e->text; *c != 0; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			fail_msg("%s: the reason has control bytes", path);
}

static bool import_into_store(struct harm *harm, const struct source *src,
			      const struct importer *im, struct err *e)
{
	const struct import_opts o = { .format = im->id, .cluster = "c", .node = "n" };
	uint8_t name[SHA256_SIZE] = { 0 }; /* any that no other has */
	const struct ingest_opts in = { .file = "harm", .importer = im->id, .cluster = "c",
					.node = "n", .sha256 = name };
	struct ingest_stats stats;
	struct sink *sink;
	struct err later = ERR_INIT;
	bool ok;

	memcpy(name, &harm->tried, sizeof(harm->tried));
	harm->tried++;
	if (!store_ingest_begin(harm->st, &in, &sink, e))
		fail_msg("%s", e->text);
	ok = import_source(src, &o, sink, NULL, e);
	if (!store_ingest_end(sink, ok, &stats, ok ? e : &later)) {
		if (ok && e->kind == ERR_FORMAT) /* it refers to what is not here */
			return false;
		fail_msg("the store refuses what an importer took: %s", ok ? e->text : later.text);
	}
	ingest_stats_release(&stats);
	return ok;
}

/* An exact copy, so that the sanitizers see a read of one byte too many. */
static void try(struct harm *harm, const char *path, const struct importer *im, const char *s,
		size_t n)
{
	struct sink sink = nowhere();
	const struct import_opts o = { .format = im->id };
	char *copy = memcpy(xmalloc(n + 1), s, n);
	struct source *src;
	struct err e = ERR_INIT;
	bool ok = source_open_bytes(file_base(path), copy, n, &src, &e);

	if (ok) {
		if (importer_guess(src, &e) == NULL)
			must_have_reason(path, &e);
		e = (struct err)ERR_INIT;
		ok = n <= TO_STORE ? import_into_store(harm, src, im, &e)
				   : import_source(src, &o, &sink, NULL, &e);
		source_close(src);
	}
	if (!ok)
		must_have_reason(path, &e);
	harm->kept += ok;
	harm->refused += !ok;
	free(copy);
}

/* ---- a file ---- */

static bool is_due(struct harm *harm, size_t share)
{
	if (harm->share > 0)
		share = harm->share;
	else if (test_is_slowed())
		share *= 10;
	return harm->nth++ % share == 0;
}

static void damage(struct harm *harm, const char *path, const struct importer *im,
		   const struct buf *b)
{
	char *copy = xmalloc(b->len);

	for (size_t i = 0; i < WAYS; i++)
		if (is_due(harm, SHARE))
			try(harm, path, im, b->s,
			    i * b->len / WAYS + pick(harm, b->len / WAYS + 1));
	for (size_t i = 0; i < WAYS; i++) {
		if (!is_due(harm, SHARE))
			continue;
		memcpy(copy, b->s, b->len);
		for (size_t k = 0; k <= i; k++)
			copy[pick(harm, b->len)] = (char)pick(harm, 256);
		try(harm, path, im, copy, b->len);
	}
	free(copy);
}

/* ---- odd values ---- */

/* What may stand where something else is expected; escapes that a terminal would obey. */
static const char *const odd[] = {
	"null", "7", "\"7\"", "-1e400", "[]", "{}", "[null]", "true", "\"\"",
	"\"\\u001b[31m\\u0000\\ud800\\u202e\\u009b2J\"", "\"2026-99-99T99:99:99Z\"",
};
/* Stands for it until the text is made: no tree holds all of them. */
#define MARK "\"@odd@\""

static void try_odd(struct harm *harm, const char *path, const struct importer *im,
		    const json_t *top)
{
	char *text = json_dumps(top, JSON_ENCODE_ANY);
	char *at = text == NULL ? NULL : strstr(text, MARK);
	struct buf b = BUF_INIT;

	for (size_t i = 0; at != NULL && i < LENGTH(odd); i++) {
		if (!is_due(harm, ODD_SHARE))
			continue;
		buf_reset(&b);
		buf_add(&b, text, (size_t)(at - text));
		buf_adds(&b, odd[i]);
		buf_adds(&b, at + strlen(MARK));
		try(harm, path, im, b.s, b.len);
	}
	buf_release(&b);
	free(text);
}

/* Each value below `v` in turn, whatever it is. */
static void odd_below(struct harm *harm, const char *path, const struct importer *im, json_t *top,
		      json_t *v)
{
	const char *key;
	json_t *was, *mark = json_string("@odd@");
	size_t i;
	void *next;

	json_object_foreach_safe(v, next, key, was) {
		odd_below(harm, path, im, top, was);
		json_incref(was);
		json_object_set(v, key, mark);
		try_odd(harm, path, im, top);
		json_object_set_new(v, key, was);
	}
	json_array_foreach(v, i, was) {
		odd_below(harm, path, im, top, was);
		json_incref(was);
		json_array_set(v, i, mark);
		try_odd(harm, path, im, top);
		json_array_set_new(v, i, was);
	}
	json_decref(mark);
}

static void odd_values(struct harm *harm, const char *path, const struct importer *im,
		       const struct buf *b)
{
	json_t *top = b->len > TO_STORE ? NULL
					: json_loadb(b->s, b->len, JSON_DISABLE_EOF_CHECK, NULL);

	if (top != NULL)
		odd_below(harm, path, im, top, top);
	json_decref(top);
}

/* ---- the files of a folder ---- */

static bool on_file(void *ctx, const struct source *src, UNUSED struct err *e)
{
	struct harm *harm = ctx;
	struct err unknown = ERR_INIT, unread = ERR_INIT;
	const struct importer *im = importer_guess(src, &unknown);
	struct buf b = BUF_INIT;

	if (im != NULL && file_read(source_path(src), LARGEST, &b, &unread) && b.len > 0) {
		harm->files++;
		damage(harm, source_path(src), im, &b);
		odd_values(harm, source_path(src), im, &b);
	}
	buf_release(&b);
	return true;
}

static bool go_on(UNUSED void *ctx, UNUSED const char *path, UNUSED struct err *e)
{
	return true;
}

static void harm_folder(const char *folder)
{
	const char *share = getenv("SEAWORTHY_HARM_SHARE");
	struct harm h = { .st = small_empty(), .seed = 88172645463325252,
			  .share = share != NULL ? strtoul(share, NULL, 10) : 0 };
	struct verify_answer chain;
	struct err e = ERR_INIT;

	if (!source_walk(folder, on_file, go_on, &h, &e) || !store_verify(h.st, NULL, &chain, &e))
		fail_msg("%s", e.text);
	print_message("# %s: %zu files, %zu damaged ones kept, %zu refused\n", folder, h.files,
		      h.kept, h.refused);
	assert_true(chain.intact);
	assert_true(h.files > 0 && h.kept > 0 && h.refused > 0);
	store_close(h.st);
}

/* ---- the tests ---- */

static void damaged_fixtures_are_kept_or_refused(UNUSED void **state)
{
	harm_folder("t/import");
}

static void damaged_reports_of_real_tools_are_kept_or_refused(UNUSED void **state)
{
	const char *folder = getenv("SEAWORTHY_HARM");

	if (folder == NULL)
		folder = getenv("SEAWORTHY_CORPUS");
	if (folder != NULL)
		harm_folder(folder);
	else
		print_message("# no collection of reports is named\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(damaged_fixtures_are_kept_or_refused),
		cmocka_unit_test(damaged_reports_of_real_tools_are_kept_or_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
