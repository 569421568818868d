/* SPDX-License-Identifier: MIT */
/* source_inner.h - what the parts of a source share. */
#ifndef SOURCE_INNER_H
#define SOURCE_INNER_H

#include "importers/json.h"
#include "importers/source.h"

#define HEAD_SIZE ((size_t)64 << 10)

enum encoding { ENC_UTF8, ENC_UTF16LE, ENC_UTF16BE };

/* What reading a source teaches; a source is const to those who read it. */
struct source_seen {
	bool    hashed;
	uint8_t sha256[SHA256_SIZE];
};

struct source {
	char               *path, *name;
	int                 fd;      /* the bytes as delivered, or -1: in memory */
	const char         *bytes;
	int64_t             size, mtime;
	bool                packed;  /* compressed                               */
	bool                archive; /* tar or zip, perhaps compressed           */
	enum encoding       enc;
	size_t              mark;    /* bytes of byte-order mark                 */
	enum source_form    form;
	uint64_t            start;   /* YAML: banner bytes before the document   */
	int                 json_fd; /* YAML: as JSON; a runtime's log: its text  */
	struct buf          head;    /* the first HEAD_SIZE bytes, decoded       */
	struct source_seen *seen;
};

/* As source_open, but archives are let through, with `archive` set. */
bool source_open_any(const char *path, struct source **out, struct err *e) MUST_CHECK;
/* Takes `fd` (closed in any case) and the hash when not NULL. */
bool source_from_fd(const char *path, int fd, int64_t mtime, const uint8_t *sha256,
                    struct source **out, struct err *e) MUST_CHECK;
/* A walk over inputs: whom to call, and how many there were. */
struct walk {
	source_fn        *fn;
	source_failed_fn *failed;
	void             *ctx;
	size_t            n;
};
/* Hand over a source (or the members it holds) and close it. */
bool walk_one(struct walk *w, struct source *src, struct err *e) MUST_CHECK;
/*
 * Is the archive a spreadsheet of Office? Its members stand in any order: they are looked through
 * up to the first whose name is none of a spreadsheet's.
 */
bool source_is_workbook(const struct source *src);
/* Every regular member of an archive as a source of its own. */
bool source_members(const struct source *src, struct walk *w, struct err *e) MUST_CHECK;

/* Hash the bytes as delivered. */
bool source_hash(const struct source *src, struct err *e) MUST_CHECK;

/* The next bytes from `at` on, *n of them, at most `size`; 0 at the end. */
bool source_read_at(int fd, uint64_t at, char *dst, size_t size, size_t *n,
                    struct err *e) MUST_CHECK;
/* A hash that a thread of its own goes on with. */
struct hashing;
/* Adds `fd` from byte `at` on to `hash`; both stay the caller's. NULL: there is no thread. */
struct hashing *hashing_start(int fd, uint64_t at, struct sha256 *hash);
/* Waits until all of the file is in the hash; frees h in any case. */
bool hashing_end(struct hashing *h, struct err *e) MUST_CHECK;
/* Stops without it. NULL is fine. */
void hashing_drop(struct hashing *h);

/* An unlinked temporary file that is being filled. */
struct spool {
	int            fd;
	struct sha256 *hash;
};
bool spool_open(struct spool *s, struct err *e) MUST_CHECK;
bool spool_add(struct spool *s, const char *p, size_t n, struct err *e) MUST_CHECK;
/* Make a source of it; the spool is gone in any case. */
bool spool_source(struct spool *s, const char *path, int64_t mtime, struct source **out,
                  struct err *e) MUST_CHECK;
/* Its file, which the caller closes. */
int  spool_detach(struct spool *s);
void spool_drop(struct spool *s);

/*
 * JSON, YAML or neither, by the head; *start: where YAML begins. *sure: a failure to parse it as
 * YAML is an error.
 */
enum source_form head_form(const char *s, size_t n, uint64_t *start, bool *sure);

/* UTF-16 to UTF-8, in pieces of any size. */
struct utf16 {
	bool     big;
	int      odd;  /* the first byte of a unit cut in half, or -1 */
	uint32_t high; /* a high surrogate that waits for its other half, or 0 */
};
void utf16_add(struct utf16 *u, const char *s, size_t n, struct buf *out);
void utf16_end(struct utf16 *u, struct buf *out);

#endif
