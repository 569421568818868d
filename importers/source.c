/* SPDX-License-Identifier: MIT */
/* source.c - one pass over an input, compressed or not; the members of an archive. */
#include <archive.h>
#include <archive_entry.h>
#include <stdlib.h>

#include "importers/source_inner.h"

#define BLOCK ((size_t)64 << 10)
/* From here on a thread of its own hashes: a smaller file is read before one stands. */
#define LARGE ((uint64_t)4 << 20)

/* ---- one pass ---- */

struct pass {
	const struct source *src;
	int fd; /* what is read: the source's file, or the JSON form of its YAML */
	uint64_t             at;    /* bytes taken of it                                         */
	uint64_t             grown; /* bytes after decompression                                 */
	struct sha256       *hash;  /* NULL: somebody else did it                                */
	struct hashing      *beside; /* who goes on with it; NULL: this pass                     */
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

	if (p->fd < 0) {
		size_t rest = (size_t)src->size - (size_t)p->at;

		*n = rest < size ? rest : size;
		memcpy(dst, src->bytes + p->at, *n);
	} else if (!source_read_at(p->fd, p->at, dst, size, n, e)) {
		return false;
	}
	p->at += *n;
	if (p->hash != NULL && p->beside == NULL && *n > 0)
		sha256_add(p->hash, dst, *n);
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

static bool hash_rest(struct pass *p, struct err *e)
{
	struct hashing *beside = p->beside;
	size_t n = 1;

	p->beside = NULL;
	if (beside != NULL)
		return hashing_end(beside, e);
	if (p->block == NULL)
		p->block = xmalloc(BLOCK);
	while (n > 0)
		if (!read_raw(p, p->block, BLOCK, &n, e))
			return false;
	return true;
}

/* The end: what nobody read belongs to the hash too. */
static bool finish_hash(struct pass *p, struct err *e)
{
	struct source_seen *seen = p->src->seen;

	if (p->hash == NULL)
		return true;
	if (!hash_rest(p, e))
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
	if (p->hash != NULL && p->beside == NULL && p->fd >= 0 && p->at >= LARGE)
		p->beside = hashing_start(p->fd, p->at, p->hash);
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
	hashing_drop(p->beside);
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
	return err_context(e, "%s", path);
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

bool source_is_workbook(const struct source *src)
{
	struct pass p = { .src = src, .fd = src->fd, .text = BUF_INIT };
	struct err ignored = ERR_INIT; /* whoever reads the archive meets it again */
	struct archive_entry *entry;
	bool found = false, ok;

	p.block = xmalloc(2 * BLOCK);
	ok = unpack_open(&p, true, &ignored);
	while (ok && !found && archive_read_next_header(p.unpack, &entry) == ARCHIVE_OK) {
		const char *name = archive_entry_pathname_utf8(entry);

		ok = name != NULL && (str_suffix(name, ".xml") || str_suffix(name, ".rels") ||
		                      str_suffix(name, ".bin"));
		found = ok && str_prefix(name, "xl/workbook.");
	}
	archive_read_free(p.unpack);
	free(p.block);
	return found;
}

/* The rest of an archive cannot be read; what comes behind it can. */
static bool give_up(const struct source *src, struct walk *w, struct err *e)
{
	(void)err_context(e, "%s", src->path);
	return w->failed != NULL && e->kind != ERR_CANCEL && w->failed(w->ctx, src->path, e);
}

bool source_members(const struct source *src, struct walk *w, struct err *e)
{
	struct pass p = { .src = src, .fd = src->fd, .text = BUF_INIT };
	struct archive_entry *entry;
	bool sound, on = true;
	int rc;

	p.block = xmalloc(2 * BLOCK);
	sound = unpack_open(&p, true, e);
	while (sound && on && (rc = archive_read_next_header(p.unpack, &entry)) != ARCHIVE_EOF) {
		sound = rc >= ARCHIVE_WARN || archive_bad(&p, e);
		on = !sound || one_member(&p, entry, w, e);
	}
	if (!sound)
		on = give_up(src, w, e);
	archive_read_free(p.unpack);
	free(p.block);
	return on;
}
