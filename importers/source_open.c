/* SPDX-License-Identifier: MIT */
/* source_open.c - inputs that can be read as often as needed: files, pipes, URLs, bytes. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "importers/source_inner.h"
#include "importers/container_log.h"
#include "importers/yaml.h"

#define BLOCK ((size_t)64 << 10)

/* ---- what is it? ---- */

/* The first bytes of a pass into b. */
static bool take_head(const struct source *src, struct buf *b, size_t limit, struct err *e)
{
	struct pass *p;
	char *block = xmalloc(limit);
	size_t n = 1;
	bool ok = pass_open(src, &p, e);

	buf_reset(b);
	while (ok && n > 0 && b->len < limit) {
		ok = pass_read(p, block, limit - b->len, &n, e);
		if (ok)
			buf_add(b, block, n);
	}
	pass_close(p);
	free(block);
	return ok;
}

static bool is_packed(const char *s, size_t n)
{
	static const struct { const char *s; size_t n; } magic[] = {
		{ "\x1f\x8b", 2 }, { "\x28\xb5\x2f\xfd", 4 }, { "\xfd" "7zXZ", 5 }, { "BZh", 3 },
	};

	for (size_t i = 0; i < LENGTH(magic); i++)
		if (n >= magic[i].n && memcmp(s, magic[i].s, magic[i].n) == 0)
			return true;
	return false;
}

static bool is_archive(const char *s, size_t n)
{
	return (n >= 4 && memcmp(s, "PK\3\4", 4) == 0) ||
	       (n >= 262 && memcmp(s + 257, "ustar", 5) == 0);
}

/* By the byte-order mark, or by where the NULs of ASCII in UTF-16 are. */
static void find_encoding(struct source *src, const char *s, size_t n)
{
	if (n >= 3 && memcmp(s, "\xef\xbb\xbf", 3) == 0) {
		src->mark = 3;
	} else if (n >= 2 && memcmp(s, "\xff\xfe", 2) == 0) {
		src->mark = 2;
		src->enc = ENC_UTF16LE;
	} else if (n >= 2 && memcmp(s, "\xfe\xff", 2) == 0) {
		src->mark = 2;
		src->enc = ENC_UTF16BE;
	} else if (n >= 4 && s[0] != 0 && s[1] == 0 && s[2] != 0 && s[3] == 0) {
		src->enc = ENC_UTF16LE;
	} else if (n >= 4 && s[0] == 0 && s[1] != 0 && s[2] == 0 && s[3] != 0) {
		src->enc = ENC_UTF16BE;
	}
}

static bool pass_more(void *ctx, char *dst, size_t size, size_t *n, struct err *e)
{
	struct pass *p = ctx;

	return pass_read(p, dst, size, n, e);
}

static bool spool_put(void *ctx, const char *s, size_t n, struct err *e)
{
	return spool_add(ctx, s, n, e);
}

/* Turn YAML into JSON, or take a runtime's log apart, once; every later pass reads that. */
static bool make_json(struct source *src, bool log, struct err *e)
{
	struct spool spool;
	struct pass *p;
	bool ok;

	if (!pass_open(src, &p, e))
		return false;
	ok = spool_open(&spool, e);
	if (ok && !(ok = log ? container_log_unwrap(pass_more, p, spool_put, &spool, e)
			     : yaml_to_json(pass_more, p, src->start, spool_put, &spool, e)))
		spool_drop(&spool);
	pass_close(p);
	if (!ok)
		return false;
	src->json_fd = spool_detach(&spool);
	return true;
}

/* A log in its runtime's form; what is in it is read as a file of its own, but never as YAML. */
static bool open_log(struct source *src, struct err *e)
{
	bool sure;

	if (!make_json(src, true, e) || !take_head(src, &src->head, HEAD_SIZE, e))
		return false;
	src->form = head_form(src->head.s, src->head.len, &src->start, &sure);
	if (src->form == SOURCE_YAML)
		src->form = SOURCE_TEXT;
	src->start = 0;
	return true;
}

/*
 * People who shorten a record for others to read leave a comma behind its last member. Blank those,
 * in a text that is all JSON otherwise; how many there were, 0 also where it is something else.
 */
static size_t blank_commas(char *s, size_t n)
{
	size_t found = 0, depth = 0, comma = 0;
	bool text = false;
	char last = 0, before = 0; /* what stood here, and before that; no blanks */

	for (size_t i = 0; i < n; i++) {
		char c = s[i];

		if (text && c == '\n')
			return 0;
		if (text && c == '\\')
			i++;
		if (c == '"')
			text = !text;
		if (text || strchr(" \t\r\n", c) != NULL)
			continue;
		if (depth == 0 && c != '{' && c != '[')
			return 0;
		depth += c == '{' || c == '[';
		if (c == '}' || c == ']') {
			if (last == ',' && strchr("{[:,", before) != NULL)
				return 0;
			s[last == ',' ? comma : i] = last == ',' ? ' ' : c;
			found += last == ',';
			depth--;
		}
		comma = c == ',' ? i : comma;
		before = last;
		last = c;
	}
	return depth == 0 && !text ? found : 0;
}

/* A file that is all in its head is read without them. */
static bool without_commas(struct source *src, struct err *e)
{
	struct buf copy = BUF_INIT;
	struct spool spool;
	bool ok = true;

	buf_add(&copy, src->head.s, src->head.len);
	if (src->head.len < HEAD_SIZE && blank_commas(copy.s, copy.len) > 0) {
		ok = spool_open(&spool, e) && spool_add(&spool, copy.s, copy.len, e);
		if (ok) {
			src->json_fd = spool_detach(&spool);
			memcpy(src->head.s, copy.s, copy.len);
		}
	}
	buf_release(&copy);
	return ok;
}

static bool recognise(struct source *src, struct err *e)
{
	bool sure;

	if (!take_head(src, &src->head, 8, e))
		return false;
	src->packed = is_packed(src->head.s, src->head.len);
	if (!take_head(src, &src->head, 512, e))
		return false;
	src->archive = is_archive(src->head.s, src->head.len);
	if (src->archive)
		return !source_is_workbook(src) ||
		       err_set(e, ERR_FORMAT, "a spreadsheet (XLSX), which is not read: have it "
		               "written as CSV or JSON");
	find_encoding(src, src->head.s, src->head.len);
	if (!take_head(src, &src->head, HEAD_SIZE, e))
		return false;
	if (src->head.len == 0)
		return err_set(e, ERR_FORMAT, "the file is empty");
	if (container_log_is(src->head.s, src->head.len))
		return open_log(src, e);
	src->form = head_form(src->head.s, src->head.len, &src->start, &sure);
	if (src->form == SOURCE_JSON)
		return without_commas(src, e);
	if (src->form != SOURCE_YAML)
		return true;
	if (!make_json(src, false, e)) {
		if (sure || e->kind != ERR_FORMAT)
			return false;
		*e = (struct err)ERR_INIT;
		src->form = SOURCE_TEXT;
		return true;
	}
	src->start = 0;
	return true;
}

/* ---- opening ---- */

static struct source *source_new(const char *path)
{
	struct source *src = xcalloc(1, sizeof(*src));

	src->path = xstrdup(path);
	src->name = xstrdup(file_base(path));
	src->fd = src->json_fd = -1;
	src->head = (struct buf)BUF_INIT;
	src->seen = xcalloc(1, sizeof(*src->seen));
	return src;
}

void source_close(struct source *src)
{
	if (src == NULL)
		return;
	if (src->fd >= 0)
		close(src->fd);
	if (src->json_fd >= 0)
		close(src->json_fd);
	buf_release(&src->head);
	free(src->seen);
	free(src->path);
	free(src->name);
	free(src);
}

static bool source_ready(struct source *src, struct source **out, struct err *e)
{
	*out = NULL;
	if (src->size == 0)
		err_set(e, ERR_FORMAT, "the file is empty");
	if (src->size == 0 || !recognise(src, e)) {
		err_context(e, "%s", src->path);
		source_close(src);
		return false;
	}
	*out = src;
	return true;
}

bool source_from_fd(const char *path, int fd, int64_t mtime, const uint8_t *sha256,
		    struct source **out, struct err *e)
{
	struct source *src = source_new(path);

	src->fd = fd;
	src->size = lseek(fd, 0, SEEK_END);
	src->mtime = mtime;
	if (sha256 != NULL) {
		memcpy(src->seen->sha256, sha256, SHA256_SIZE);
		src->seen->hashed = true;
	}
	return source_ready(src, out, e);
}

bool source_open_bytes(const char *name, const char *p, size_t n, struct source **out,
		       struct err *e)
{
	struct source *src = source_new(name);

	src->bytes = p;
	src->size = (int64_t)n;
	return source_ready(src, out, e);
}

/* Standard input, a FIFO or a device: copy it. */
static bool open_pipe(const char *path, int fd, struct source **out, struct err *e)
{
	struct spool spool;
	char *block;
	ssize_t n = 1;
	bool ok = spool_open(&spool, e);

	if (!ok)
		return false;
	block = xmalloc(BLOCK);
	while (ok && n > 0) {
		n = read(fd, block, BLOCK);
		if (n < 0 && errno == EINTR)
			n = 1;
		else if (n < 0)
			ok = err_errno(e, ERR_IO, errno, "%s: cannot read", path);
		else
			ok = spool_add(&spool, block, (size_t)n, e);
	}
	free(block);
	if (ok)
		return spool_source(&spool, path, 0, out, e);
	spool_drop(&spool);
	return false;
}

static bool open_url(const char *url, struct source **out, struct err *e)
{
	struct spool spool;

	if (!spool_open(&spool, e))
		return false;
	if (http_get(url, spool_put, &spool, e))
		return spool_source(&spool, url, 0, out, e);
	spool_drop(&spool);
	return false;
}

static bool open_file(const char *path, struct source **out, struct err *e)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool ok;

	if (fd < 0)
		return err_errno(e, ERR_IO, errno, "%s", path);
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		return source_from_fd(path, fd, st.st_mtime, NULL, out, e);
	if (S_ISDIR(st.st_mode))
		ok = err_set(e, ERR_USAGE, "%s: is a directory", path);
	else
		ok = open_pipe(path, fd, out, e);
	close(fd);
	return ok;
}

bool source_open_any(const char *path, struct source **out, struct err *e)
{
	*out = NULL;
	if (str_eq(path, "-"))
		return open_pipe(path, STDIN_FILENO, out, e);
	if (str_prefix(path, "http://") || str_prefix(path, "https://"))
		return open_url(path, out, e);
	return open_file(path, out, e);
}

bool source_open(const char *path, struct source **out, struct err *e)
{
	if (!source_open_any(path, out, e))
		return false;
	if (!(*out)->archive)
		return true;
	source_close(*out);
	*out = NULL;
	return err_set(e, ERR_USAGE, "%s: is an archive of several files", path);
}
