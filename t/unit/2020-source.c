/* SPDX-License-Identifier: MIT */
/* 2020-source.c - inputs of every kind give the same bytes, as often as asked. */
#include "t/lib/test.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "importers/source.h"

static const char text[] = "{\"name\": \"caf\u00e9 \U0001F600\"}\n";

/* ---- helpers ---- */

static const char *in_tmp(struct arena *mem, const char *name)
{
	const char *dir = getenv("TMPDIR");

	return arena_printf(mem, "%s/%s", dir != NULL ? dir : "/tmp", name);
}

static void write_bytes(const char *path, const char *s, size_t n)
{
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(s, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
}

/* All bytes of one pass, read in small pieces. */
static void read_all(const struct source *src, struct buf *out)
{
	struct err e = ERR_INIT;
	struct pass *p;
	char piece[7];
	size_t n = 1;

	if (!pass_open(src, &p, &e))
		fail_msg("%s", e.text);
	buf_reset(out);
	while (n > 0) {
		if (!pass_read(p, piece, sizeof(piece), &n, &e))
			fail_msg("%s", e.text);
		buf_add(out, piece, n);
	}
	pass_close(p);
}

static void check_bytes(const char *s, size_t n, const char *want)
{
	struct err e = ERR_INIT;
	struct source *src;
	struct buf out = BUF_INIT;
	uint8_t sum[SHA256_SIZE], real[SHA256_SIZE];

	if (!source_open_bytes("x", s, n, &src, &e))
		fail_msg("%s", e.text);
	for (int i = 0; i < 2; i++) {
		read_all(src, &out);
		assert_string_equal(out.s, want);
	}
	assert_int_equal(source_form(src), SOURCE_JSON);
	assert_true(source_sha256(src, sum, &e));
	sha256_of(s, n, real);
	assert_memory_equal(sum, real, SHA256_SIZE);
	source_close(src);
	buf_release(&out);
}

/* `text` packed with one of libarchive's filters. */
static void pack(const char *filter, struct buf *out)
{
	struct archive *a = archive_write_new();
	struct archive_entry *entry = archive_entry_new();
	char packed[4096];
	size_t used = 0;

	assert_int_equal(archive_write_add_filter_by_name(a, filter), ARCHIVE_OK);
	assert_int_equal(archive_write_set_format_raw(a), ARCHIVE_OK);
	assert_int_equal(archive_write_set_bytes_in_last_block(a, 1), ARCHIVE_OK);
	assert_int_equal(archive_write_open_memory(a, packed, sizeof(packed), &used), ARCHIVE_OK);
	archive_entry_set_filetype(entry, AE_IFREG);
	assert_int_equal(archive_write_header(a, entry), ARCHIVE_OK);
	assert_int_equal(archive_write_data(a, text, strlen(text)), strlen(text));
	archive_entry_free(entry);
	assert_int_equal(archive_write_close(a), ARCHIVE_OK);
	archive_write_free(a);
	buf_reset(out);
	buf_add(out, packed, used);
}

/* ---- encodings ---- */

static void put_unit(struct buf *b, uint32_t c, bool big)
{
	buf_addc(b, (char)(big ? c >> 8 : c & 0xFF));
	buf_addc(b, (char)(big ? c & 0xFF : c >> 8));
}

static void to_utf16(const char *s, bool big, bool mark, struct buf *out)
{
	const char *end = s + strlen(s);

	buf_reset(out);
	if (mark)
		put_unit(out, 0xFEFF, big);
	while (s < end) {
		uint32_t c;

		s += utf8_next(s, (size_t)(end - s), &c);
		if (c < 0x10000) {
			put_unit(out, c, big);
			continue;
		}
		put_unit(out, 0xD800 + ((c - 0x10000) >> 10), big);
		put_unit(out, 0xDC00 + ((c - 0x10000) & 0x3FF), big);
	}
}

static void a_byte_order_mark_is_dropped(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	check_bytes(text, strlen(text), text);
	buf_addf(&b, "\xef\xbb\xbf%s", text);
	check_bytes(b.s, b.len, text);
	buf_release(&b);
}

static void utf16_becomes_utf8(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	for (int i = 0; i < 4; i++) {
		to_utf16(text, i & 1, i & 2, &b);
		check_bytes(b.s, b.len, text);
	}
	buf_release(&b);
}

static void a_comma_behind_the_last_member_is_blanked(void **state)
{
	static const char loose[] = "{\"a\": [1,\n],}\n{}";
	static const char *const other[] = { /* no JSON anyway, or none that a comma would mend */
		"{\"a\": 1,,}", "{\"a\": [,]}", "{\"a\": 1,} x", "{\"a\": [1,}",
		"{\"a\": \",}", "{\"a\": \",}\\\",]\"}",
	};

	(void)state;
	check_bytes(loose, strlen(loose), "{\"a\": [1 \n] }\n{}");
	for (size_t i = 0; i < LENGTH(other); i++)
		check_bytes(other[i], strlen(other[i]), other[i]);
}

static void broken_utf16_does_no_harm(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	to_utf16("{}", false, true, &b);
	put_unit(&b, 0xD800, false);
	put_unit(&b, 'x', false);
	put_unit(&b, 0xD801, false);
	buf_addc(&b, 'y');
	check_bytes(b.s, b.len, "{}\uFFFDx\uFFFD");
	buf_release(&b);
}

/* ---- compression and archives ---- */

static void compressed_files_are_decompressed(void **state)
{
	static const char *const filter[] = { "gzip", "zstd", "xz", "bzip2" };
	struct buf b = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < LENGTH(filter); i++) {
		pack(filter[i], &b);
		assert_int_not_equal(b.s[0], '{');
		check_bytes(b.s, b.len, text);
	}
	buf_release(&b);
}

static void a_compressed_file_cut_short_is_an_error(void **state)
{
	struct buf b = BUF_INIT;
	struct err e = ERR_INIT;
	struct source *src;

	(void)state;
	pack("gzip", &b);
	assert_false(source_open_bytes("a.gz", b.s, b.len / 2, &src, &e));
	assert_int_equal(e.kind, ERR_FORMAT);
	assert_true(str_prefix(e.text, "a.gz: cannot decompress: "));
	buf_release(&b);
}

/* ---- large files, whose hash a thread of its own goes on with ---- */

enum { LARGE = 5 << 20 };

/* A file of digits that hardly compress. */
static const char *write_large(struct arena *mem, uint8_t sum[static SHA256_SIZE])
{
	const char *path = in_tmp(mem, "large.json");
	char *s = xmalloc(LARGE);
	uint64_t x = 88172645463325252;

	for (size_t i = 0; i < LARGE; i++) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		s[i] = (char)('!' + x % 90);
	}
	s[0] = '[';
	write_bytes(path, s, LARGE);
	sha256_of(s, LARGE, sum);
	free(s);
	return path;
}

/* Some of the file is read, `n` bytes, and whoever reads goes away. */
static void read_some(const struct source *src, size_t n)
{
	static char piece[64 << 10];
	struct err e = ERR_INIT;
	struct pass *p;
	size_t k = 1;

	assert_true(pass_open(src, &p, &e));
	while (n > 0 && k > 0) {
		assert_true(pass_read(p, piece, n < sizeof(piece) ? n : sizeof(piece), &k, &e));
		n -= k;
	}
	pass_close(p);
}

static void the_hash_of_a_large_file_is_that_of_its_bytes(void **state)
{
	static const size_t read[] = { 0, 9 << 19, LARGE, LARGE + 1 };
	struct arena mem = ARENA_INIT;
	uint8_t want[SHA256_SIZE], sum[SHA256_SIZE];
	const char *path = write_large(&mem, want);

	(void)state;
	for (size_t i = 0; i < LENGTH(read); i++) {
		struct err e = ERR_INIT;
		struct source *src;

		if (!source_open(path, &src, &e))
			fail_msg("%s", e.text);
		read_some(src, read[i]);
		assert_true(source_sha256(src, sum, &e));
		assert_memory_equal(sum, want, SHA256_SIZE);
		source_close(src);
	}
	unlink(path);
	arena_release(&mem);
}

struct walked {
	struct buf out;
};

static bool on_source(void *ctx, const struct source *src, struct err *e)
{
	struct walked *w = ctx;
	struct buf b = BUF_INIT;

	(void)e;
	read_all(src, &b);
	buf_addf(&w->out, "%s (%s): %s\n", source_path(src), source_name(src), b.s);
	buf_release(&b);
	return true;
}

static bool on_failed(void *ctx, const char *path, struct err *e)
{
	struct walked *w = ctx;

	(void)path;
	buf_addf(&w->out, "failed: %s\n", e->text);
	return true;
}

static void add_member(struct archive *a, const char *name, const char *body, bool folder)
{
	struct archive_entry *entry = archive_entry_new();

	archive_entry_set_pathname(entry, name);
	archive_entry_set_filetype(entry, folder ? AE_IFDIR : AE_IFREG);
	archive_entry_set_perm(entry, 0644);
	archive_entry_set_size(entry, (int64_t)strlen(body));
	assert_int_equal(archive_write_header(a, entry), ARCHIVE_OK);
	if (*body != 0)
		assert_int_equal(archive_write_data(a, body, strlen(body)), strlen(body));
	archive_entry_free(entry);
}

static void members_of_an_archive_are_sources(void **state)
{
	struct arena mem = ARENA_INIT;
	const char *path = in_tmp(&mem, "reports.tar.gz");
	struct archive *a = archive_write_new();
	struct walked w = { BUF_INIT };
	struct err e = ERR_INIT;
	struct source *src;

	(void)state;
	archive_write_add_filter_gzip(a);
	archive_write_set_format_ustar(a);
	assert_int_equal(archive_write_open_filename(a, path), ARCHIVE_OK);
	add_member(a, "dir/", "", true);
	add_member(a, "dir/a.json", "{\"a\": 1}", false);
	add_member(a, "dir/._a.json", "junk", false);
	add_member(a, "empty", "", false);
	add_member(a, "b.yaml", "b: 2\n", false);
	assert_int_equal(archive_write_close(a), ARCHIVE_OK);
	archive_write_free(a);
	if (!source_walk(path, on_source, on_failed, &w, &e))
		fail_msg("%s", e.text);
	assert_string_equal(w.out.s, arena_printf(&mem, "%s/dir/a.json (a.json): {\"a\": 1}\n"
	                                                "failed: %s/empty: the file is empty\n"
	                                                "%s/b.yaml (b.yaml): {\"b\":2}\n\n",
	                                          path, path, path));
	assert_false(source_open(path, &src, &e));
	assert_int_equal(e.kind, ERR_USAGE);
	unlink(path);
	buf_release(&w.out);
	arena_release(&mem);
}

static void write_zip(const char *path, const char *const *name)
{
	struct archive *a = archive_write_new();

	archive_write_set_format_zip(a);
	assert_int_equal(archive_write_open_filename(a, path), ARCHIVE_OK);
	for (; *name != NULL; name++)
		add_member(a, *name, "<a/>", false);
	assert_int_equal(archive_write_close(a), ARCHIVE_OK);
	archive_write_free(a);
}

static void a_spreadsheet_is_refused_as_one(void **state)
{
	static const char *const sheet[] = {
		"docProps/app.xml", "_rels/.rels", "xl/workbook.xml", "[Content_Types].xml", NULL,
	};
	static const char *const plain[] = { "a.xml", "notes.txt", "xl/workbook.xml", NULL };
	struct arena mem = ARENA_INIT;
	const char *path = in_tmp(&mem, "reports.zip");
	struct walked w = { BUF_INIT };
	struct err e = ERR_INIT;

	(void)state;
	write_zip(path, sheet);
	assert_true(source_walk(path, on_source, on_failed, &w, &e));
	assert_string_equal(w.out.s,
	                    arena_printf(&mem, "failed: %s: a spreadsheet (XLSX), which is not "
	                                       "read: have it written as CSV or JSON\n", path));
	buf_reset(&w.out);
	write_zip(path, plain);
	assert_true(source_walk(path, on_source, on_failed, &w, &e));
	assert_string_equal(w.out.s,
	                    arena_printf(&mem, "%s/a.xml (a.xml): <a/>\n"
	                                       "%s/notes.txt (notes.txt): <a/>\n"
	                                       "%s/xl/workbook.xml (workbook.xml): <a/>\n",
	                                 path, path, path));
	unlink(path);
	buf_release(&w.out);
	arena_release(&mem);
}

/* ---- folders, pipes, what is not there ---- */

static void a_damaged_archive_is_told_and_what_is_behind_it_is_read(UNUSED void **state)
{
	struct arena mem = ARENA_INIT;
	const char *dir = in_tmp(&mem, "damaged");
	const char *path = in_tmp(&mem, "damaged/m.tar"), *z = in_tmp(&mem, "damaged/z.json");
	struct archive *a = archive_write_new();
	struct walked w = { BUF_INIT };
	struct err e = ERR_INIT;

	assert_int_equal(mkdir(dir, 0700), 0);
	archive_write_set_format_ustar(a);
	assert_int_equal(archive_write_open_filename(a, path), ARCHIVE_OK);
	add_member(a, "a.json", "{\"a\": 1}", false);
	add_member(a, "b.json", "{\"b\": 1}", false);
	assert_int_equal(archive_write_close(a), ARCHIVE_OK);
	archive_write_free(a);
	assert_int_equal(truncate(path, 3 * 512 + 4), 0); /* in the second one */
	write_bytes(z, "{\"z\": 1}", 8);
	if (!source_walk(dir, on_source, on_failed, &w, &e))
		fail_msg("%s", e.text);
	assert_non_null(strstr(w.out.s, arena_printf(&mem, "%s/a.json (a.json)", path)));
	assert_non_null(strstr(w.out.s, arena_printf(&mem, "failed: %s/b.json: cannot", path)));
	assert_non_null(strstr(w.out.s, arena_printf(&mem, "%s (z.json): {\"z\": 1}\n", z)));
	unlink(path);
	unlink(z);
	rmdir(dir);
	buf_release(&w.out);
	arena_release(&mem);
}

static void a_folder_is_walked_in_order_of_names(void **state)
{
	struct arena mem = ARENA_INIT;
	const char *dir = in_tmp(&mem, "walk"), *sub = in_tmp(&mem, "walk/m");
	const char *file[] = { in_tmp(&mem, "walk/z.json"), in_tmp(&mem, "walk/m/b.json"),
			       in_tmp(&mem, "walk/a.json"), in_tmp(&mem, "walk/.hidden"),
			       in_tmp(&mem, "walk/empty") };
	struct walked w = { BUF_INIT };
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(mkdir(dir, 0700), 0);
	assert_false(source_walk(dir, on_source, on_failed, &w, &e));
	assert_int_equal(e.kind, ERR_USAGE);
	assert_int_equal(mkdir(sub, 0700), 0);
	for (size_t i = 0; i < LENGTH(file); i++)
		write_bytes(file[i], "[]", i == 4 ? 0 : 2);
	assert_true(source_walk(dir, on_source, on_failed, &w, &e));
	assert_string_equal(w.out.s, arena_printf(&mem,
						  "%s (a.json): []\nfailed: %s: the file is empty\n"
						  "%s (b.json): []\n%s (z.json): []\n",
						  file[2], file[4], file[1], file[0]));
	for (size_t i = 0; i < LENGTH(file); i++)
		unlink(file[i]);
	rmdir(sub);
	rmdir(dir);
	buf_release(&w.out);
	arena_release(&mem);
}

static void a_pipe_can_be_read_twice(void **state)
{
	struct arena mem = ARENA_INIT;
	struct buf out = BUF_INIT;
	struct err e = ERR_INIT;
	struct source *src;
	int fd[2], old = dup(STDIN_FILENO);

	(void)state;
	assert_int_equal(pipe(fd), 0);
	assert_int_equal(write(fd[1], text, strlen(text)), strlen(text));
	close(fd[1]);
	dup2(fd[0], STDIN_FILENO);
	close(fd[0]);
	assert_true(source_open("-", &src, &e));
	dup2(old, STDIN_FILENO);
	close(old);
	for (int i = 0; i < 2; i++) {
		read_all(src, &out);
		assert_string_equal(out.s, text);
	}
	assert_int_equal(source_size(src), strlen(text));
	assert_int_equal(source_mtime(src), 0);
	source_close(src);
	buf_release(&out);
	arena_release(&mem);
}

static void what_cannot_be_opened_says_why(void **state)
{
	struct arena mem = ARENA_INIT;
	const char *path = in_tmp(&mem, "missing.json");
	struct err e = ERR_INIT;
	struct source *src;

	(void)state;
	assert_false(source_open(path, &src, &e));
	assert_int_equal(e.kind, ERR_IO);
	assert_non_null(strstr(e.text, "missing.json: No such file"));
	assert_false(source_open(in_tmp(&mem, "."), &src, &e));
	assert_int_equal(e.kind, ERR_USAGE);
	assert_false(source_open_bytes("x.yaml", "apiVersion: v1\na: [\n", 20, &src, &e));
	assert_true(str_prefix(e.text, "x.yaml: line "));
	arena_release(&mem);
}

static void forms_are_told_by_content(void **state)
{
	static const struct {
		const char      *s;
		enum source_form form;
	} c[] = {
		{ "[]", SOURCE_JSON },
		{ " null", SOURCE_JSON },
		{ "banner\nINFO: more\n{\"a\": 1}", SOURCE_JSON },
		{ "a: 1\nb:\n  - {x: 1}\n", SOURCE_YAML },
		{ "Applying 1 rule...\n----\napiVersion: v1\nkind: List\n", SOURCE_YAML },
		{ "---\n- a: 1\n", SOURCE_YAML },
		{ "# c\nkind: x\n", SOURCE_YAML },
		{ "cve,epss\nCVE-1,0.5\n", SOURCE_TEXT },
		{ "INFO: not: yaml\n", SOURCE_TEXT },
		{ "[notice] text\n{braces}\n", SOURCE_TEXT },
		{ "\0\1binary", SOURCE_TEXT },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(c); i++) {
		struct err e = ERR_INIT;
		struct source *src;

		if (!source_open_bytes("x", c[i].s, c[i].s[0] != 0 ? strlen(c[i].s) : 8, &src, &e))
			fail_msg("%s: %s", c[i].s, e.text);
		if (source_form(src) != c[i].form)
			fail_msg("%s: form %d", c[i].s, source_form(src));
		source_close(src);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_byte_order_mark_is_dropped),
		cmocka_unit_test(utf16_becomes_utf8),
		cmocka_unit_test(a_comma_behind_the_last_member_is_blanked),
		cmocka_unit_test(broken_utf16_does_no_harm),
		cmocka_unit_test(compressed_files_are_decompressed),
		cmocka_unit_test(a_compressed_file_cut_short_is_an_error),
		cmocka_unit_test(the_hash_of_a_large_file_is_that_of_its_bytes),
		cmocka_unit_test(members_of_an_archive_are_sources),
		cmocka_unit_test(a_spreadsheet_is_refused_as_one),
		cmocka_unit_test(a_damaged_archive_is_told_and_what_is_behind_it_is_read),
		cmocka_unit_test(a_folder_is_walked_in_order_of_names),
		cmocka_unit_test(a_pipe_can_be_read_twice),
		cmocka_unit_test(what_cannot_be_opened_says_why),
		cmocka_unit_test(forms_are_told_by_content),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
