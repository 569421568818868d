/* SPDX-License-Identifier: MIT */
/* source.c - inputs that can be read as often as needed: files, pipes, URLs, compressed or not. */
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "importers/source_inner.h"
#include "importers/container_log.h"
#include "importers/yaml.h"

#define BLOCK ((size_t)256 << 10)

/* ---- one pass ---- */

struct pass {
	const struct source *src;
	int fd; /* what is read: the source's file, or the JSON form of its YAML */
	uint64_t             at;    /* bytes taken of it                                         */
	uint64_t             grown; /* bytes after decompression                                 */
	struct sha256       *hash;  /* NULL: somebody else did it                                */
	struct archive      *unpack;
	char                *block; /* for the archive and for UTF-16                            */
	struct utf16         utf16;
	struct buf           text;  /* decoded, not yet handed out: from `given` on              */
	size_t               given;
	size_t               mark;  /* bytes of byte-order mark still to drop                    */
	struct err           trouble; /* what a callback of the archive ran into                 */
};

static bool read_raw(struct pass *p, char *dst, size_t size, size_t *n, struct err *e)
{
	const struct source *src = p->src;
	ssize_t k;

	if (p->fd < 0) {
		size_t rest = (size_t)src->size - (size_t)p->at;

		k = (ssize_t)(rest < size ? rest : size);
		memcpy(dst, src->bytes + p->at, (size_t)k);
	} else {
		do
			k = pread(p->fd, dst, size, (off_t)p->at);
		while (k < 0 && errno == EINTR);
		if (k < 0)
			return err_errno(e, ERR_IO, errno, "cannot read");
	}
	*n = (size_t)k;
	p->at += (uint64_t)k;
	if (p->hash != NULL && k > 0)
		sha256_add(p->hash, dst, (size_t)k);
	return true;
}

static la_ssize_t archive_block(struct archive *a, void *ctx, const void **block)
{
	struct pass *p = ctx;
	size_t n;

	(void)a;
	*block = p->block;
	return read_raw(p, p->block, BLOCK, &n, &p->trouble) ? (la_ssize_t)n : ARCHIVE_FATAL;
}

static bool archive_bad(struct pass *p, struct err *e)
{
	const char *why = archive_error_string(p->unpack);

	if (p->trouble.kind != ERR_NONE) {
		*e = p->trouble;
		return false;
	}
	return err_set(e, ERR_FORMAT, "cannot decompress: %s", why != NULL ? why : "damaged data");
}

static bool unpack_open(struct pass *p, bool members, struct err *e)
{
	struct archive_entry *entry;

	p->unpack = archive_read_new();
	if (p->unpack == NULL)
		die("out of memory");
	archive_read_support_filter_all(p->unpack);
	if (members) {
		archive_read_support_format_tar(p->unpack);
		archive_read_support_format_zip(p->unpack);
	} else {
		archive_read_support_format_raw(p->unpack);
	}
	if (archive_read_open(p->unpack, p, NULL, archive_block, NULL) != ARCHIVE_OK)
		return archive_bad(p, e);
	if (!members && archive_read_next_header(p->unpack, &entry) != ARCHIVE_OK)
		return archive_bad(p, e);
	return true;
}

static bool read_unpacked(struct pass *p, char *dst, size_t size, size_t *n, struct err *e)
{
	la_ssize_t k;

	if (p->unpack == NULL)
		return read_raw(p, dst, size, n, e);
	k = archive_read_data(p->unpack, dst, size);
	if (k < 0)
		return archive_bad(p, e);
	*n = (size_t)k;
	p->grown += *n;
	if (p->grown > SOURCE_FREE && p->grown / SOURCE_RATIO > (uint64_t)p->src->size)
		return err_set(e, ERR_LIMIT, "decompresses to more than %d times its size",
			       SOURCE_RATIO);
	return true;
}

/* The end: what nobody read belongs to the hash too. */
static bool finish_hash(struct pass *p, struct err *e)
{
	struct source_seen *seen = p->src->seen;
	size_t n = 1;

	if (p->hash == NULL)
		return true;
	if (p->block == NULL)
		p->block = xmalloc(BLOCK);
	while (n > 0)
		if (!read_raw(p, p->block, BLOCK, &n, e))
			return false;
	sha256_end(p->hash, seen->sha256);
	p->hash = NULL;
	seen->hashed = true;
	return true;
}

static bool pass_start(struct pass *p, struct err *e)
{
	p->utf16 = (struct utf16){ .big = p->src->enc == ENC_UTF16BE, .odd = -1 };
	if (p->src->packed || p->src->enc != ENC_UTF8)
		p->block = xmalloc(2 * BLOCK); /* one half for the archive, one for UTF-16 */
	return !p->src->packed || unpack_open(p, false, e);
}

bool pass_open(const struct source *src, struct pass **out, struct err *e)
{
	struct pass *p = xcalloc(1, sizeof(*p));

	*out = NULL;
	p->src = src;
	p->text = (struct buf)BUF_INIT;
	p->fd = src->json_fd >= 0 ? src->json_fd : src->fd;
	if (src->json_fd < 0) {
		p->mark = src->mark;
		if (!src->seen->hashed)
			p->hash = sha256_new();
		if (!pass_start(p, e)) {
			pass_close(p);
			return false;
		}
	}
	*out = p;
	return true;
}

/* Take the byte-order mark, or what is left of it, off the front of n bytes. */
static size_t drop_mark(struct pass *p, size_t n)
{
	size_t cut = n < p->mark ? n : p->mark;

	p->mark -= cut;
	return cut;
}

static bool read_utf16(struct pass *p, char *dst, size_t size, size_t *n, struct err *e)
{
	char *block = p->block + BLOCK;
	size_t got = 1, cut;

	while (p->given == p->text.len && got > 0) {
		buf_reset(&p->text);
		p->given = 0;
		if (!read_unpacked(p, block, BLOCK, &got, e))
			return false;
		cut = drop_mark(p, got);
		utf16_add(&p->utf16, block + cut, got - cut, &p->text);
		if (got == 0)
			utf16_end(&p->utf16, &p->text);
	}
	*n = p->text.len - p->given < size ? p->text.len - p->given : size;
	memcpy(dst, p->text.s + p->given, *n);
	p->given += *n;
	return true;
}

static bool read_utf8(struct pass *p, char *dst, size_t size, size_t *n, struct err *e)
{
	size_t cut;

	do {
		if (!read_unpacked(p, dst, size, n, e))
			return false;
		cut = drop_mark(p, *n);
	} while (cut > 0 && cut == *n);
	*n -= cut;
	if (cut > 0)
		memmove(dst, dst + cut, *n);
	return true;
}

bool pass_read(struct pass *p, char *dst, size_t size, size_t *n, struct err *e)
{
	bool yaml = p->src->json_fd >= 0;

	if (yaml)
		return read_raw(p, dst, size, n, e);
	if (p->src->enc == ENC_UTF8 ? !read_utf8(p, dst, size, n, e)
				    : !read_utf16(p, dst, size, n, e))
		return false;
	return *n > 0 || finish_hash(p, e);
}

uint64_t pass_done(const struct pass *p)
{
	return p->at;
}

void pass_close(struct pass *p)
{
	uint8_t sum[SHA256_SIZE];

	if (p == NULL)
		return;
	if (p->hash != NULL)
		sha256_end(p->hash, sum);
	if (p->unpack != NULL)
		archive_read_free(p->unpack);
	free(p->block);
	buf_release(&p->text);
	free(p);
}

bool source_hash(const struct source *src, struct err *e)
{
	struct pass p = { .src = src, .fd = src->fd, .text = BUF_INIT, .hash = sha256_new() };
	bool ok = finish_hash(&p, e);
	uint8_t sum[SHA256_SIZE];

	if (p.hash != NULL)
		sha256_end(p.hash, sum);
	free(p.block);
	return ok;
}

/* ---- archives ---- */

static bool spool_member(struct pass *p, struct spool *spool, struct err *e)
{
	char *block = p->block + BLOCK;
	size_t n = 1;

	while (n > 0)
		if (!read_unpacked(p, block, BLOCK, &n, e) || !spool_add(spool, block, n, e))
			return false;
	return true;
}

static bool open_member(struct pass *p, const char *path, int64_t mtime, struct source **out,
			struct err *e)
{
	struct spool spool;

	if (!spool_open(&spool, e))
		return false;
	if (spool_member(p, &spool, e))
		return spool_source(&spool, path, mtime, out, e);
	spool_drop(&spool);
	return false;
}

static bool one_member(struct pass *p, struct archive_entry *entry, struct walk *w, struct err *e)
{
	struct buf path = BUF_INIT;
	const char *name = archive_entry_pathname_utf8(entry);
	struct source *src;

	if (archive_entry_filetype(entry) != AE_IFREG || str_empty(name) ||
	    file_base(name)[0] == '.')
		return true;
	buf_addf(&path, "%s/%s", p->src->path, name);
	if (!open_member(p, path.s, archive_entry_mtime(entry), &src, e)) {
		bool on = w->failed != NULL && e->kind != ERR_CANCEL &&
			  w->failed(w->ctx, path.s, e);

		w->n++;
		buf_release(&path);
		return on;
	}
	buf_release(&path);
	return walk_one(w, src, e);
}

bool source_members(const struct source *src, struct walk *w, struct err *e)
{
	struct pass p = { .src = src, .fd = src->fd, .text = BUF_INIT };
	struct archive_entry *entry;
	bool ok;
	int rc;

	p.block = xmalloc(2 * BLOCK);
	ok = unpack_open(&p, true, e);
	while (ok && (rc = archive_read_next_header(p.unpack, &entry)) != ARCHIVE_EOF)
		ok = rc >= ARCHIVE_WARN ? one_member(&p, entry, w, e) : archive_bad(&p, e);
	archive_read_free(p.unpack);
	free(p.block);
	return ok;
}

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
		return true;
	find_encoding(src, src->head.s, src->head.len);
	if (!take_head(src, &src->head, HEAD_SIZE, e))
		return false;
	if (src->head.len == 0)
		return err_set(e, ERR_FORMAT, "the file is empty");
	if (container_log_is(src->head.s, src->head.len))
		return open_log(src, e);
	src->form = head_form(src->head.s, src->head.len, &src->start, &sure);
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
