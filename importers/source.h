/* SPDX-License-Identifier: MIT */
/* source.h - inputs that can be read from their start as often as needed, as UTF-8. */
#ifndef SOURCE_H
#define SOURCE_H

#include "importers/importer.h"

enum source_form {
	SOURCE_TEXT, /* no JSON or YAML found in the head: CSV, syslog, ... */
	SOURCE_JSON,
	SOURCE_YAML, /* the bytes read are its JSON form, one document a line */
};

/*
 * Open a file, "-" or an http(s) URL. Standard input, URLs and YAML are spooled to an unlinked
 * temporary file; compressed files (gzip, zstd, xz, bzip2) are decompressed anew at every read. A
 * directory or tar archive is ERR_USAGE: those are for source_walk. An empty file is ERR_FORMAT.
 */
bool source_open(const char *path, struct source **out, struct err *e) MUST_CHECK;
/* A source over bytes in memory, for tests and embedded files; borrows them. */
bool source_open_bytes(const char *name, const char *p, size_t n, struct source **out,
		       struct err *e) MUST_CHECK;
void source_close(struct source *src); /* NULL is fine */

enum source_form source_form(const struct source *src);

/* ---- one pass over the bytes: decompressed, UTF-8, without a byte-order mark ---- */
struct pass;
bool pass_open(const struct source *src, struct pass **out, struct err *e) MUST_CHECK;
/* Up to `size` bytes (at least 4); *n is 0 at the end. Malformed UTF-8 is passed on as it is. */
bool pass_read(struct pass *p, char *dst, size_t size, size_t *n, struct err *e) MUST_CHECK;
/* bytes as delivered taken so far, for progress against source_size */
uint64_t pass_done(const struct pass *p);
void pass_close(struct pass *p);          /* NULL is fine */

/*
 * What a compressed file may grow to: this many times its size once it is past SOURCE_FREE bytes.
 * ERR_LIMIT beyond.
 */
#define SOURCE_RATIO 250
#define SOURCE_FREE  (UINT64_C(1) << 30)

#endif
