/* SPDX-License-Identifier: MIT */
/* scanner.h - what the reports of image scanners share: the frame around their rows. */
#ifndef SCANNER_H
#define SCANNER_H

#include "importers/importer.h"
#include "importers/read.h"

struct scanner {
	struct sink              *sink;
	const struct import_opts *opts;
	bool                      any;   /* the file holds a report                  */
	const char               *last;  /* what was settled last; lives in `outer`  */
	struct arena              mem;   /* dies with the row; scanner_read frees it */
	struct arena              outer; /* likewise, with the report                */
};

bool scanner_put(struct scanner *s, const struct record *r, struct err *e) MUST_CHECK;
bool scanner_scan(struct scanner *s, const struct rec_scan *scan, struct err *e) MUST_CHECK;
bool scanner_asset(struct scanner *s, const struct rec_asset *a, struct err *e) MUST_CHECK;
bool scanner_cover(struct scanner *s, enum finding_kind kind, struct err *e) MUST_CHECK;

struct scanner_image {
	const char      *name;   /* NULL: what --image says                  */
	enum digest_kind kind;
	const char      *digest; /* with or without "sha256:", NULL: none    */
	const char      *id;     /* digest of the configuration, likewise    */
	const char      *os, *arch;
	int64_t          built;
};
/*
 * The image that the report is of; ERR_USAGE when neither file nor user names it. A digest that is
 * not well-formed counts as none.
 */
bool scanner_image(struct scanner *s, const struct scanner_image *i, struct err *e) MUST_CHECK;
/* ERR_USAGE for a report that names no image, nor the user; it says how. Always false. */
bool scanner_no_image(struct err *e);
/*
 * Scan, image, and that it was looked at for vulnerabilities in full: what most reports begin with.
 */
bool scanner_begin(struct scanner *s, const struct rec_scan *scan, const struct scanner_image *i,
                   struct err *e) MUST_CHECK;
/*
 * A row, unless it lacks an id or a package: then it is skipped. One that has no word for how
 * severe it is, but a score, is as severe as CVSS calls that score.
 */
bool scanner_row(struct scanner *s, const struct read_record *r, const struct rec_vulnerability *v,
                 struct err *e) MUST_CHECK;
/* A secret, its message masked here, unless it lacks an id: then it is skipped. */
bool scanner_secret(struct scanner *s, const struct read_record *r, const struct rec_finding *f,
                    struct err *e) MUST_CHECK;
/*
 * Read the whole source, with the scanner as the functions' context, and free what it holds.
 * `what` names the report for ERR_FORMAT when the file has none.
 */
bool scanner_read(struct scanner *s, const struct source *src, const struct read_scope *scope,
                  size_t nscope, const char *what, struct err *e) MUST_CHECK;

/* ---- words of rows ---- */

/* The first that says something: not NULL, not "" and not a tool's word for nothing ("None"). */
const char *scanner_word(const char *a, const char *b);
#define scanner_text(r, i, j) scanner_word(read_text(r, i), read_text(r, j))
/* The items of a list with ", " between them, NULL when there are none. Lives in `mem`. */
const char *scanner_items(struct arena *mem, const struct read_record *r, size_t field);

#endif
