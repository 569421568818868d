/* SPDX-License-Identifier: MIT */
/* importer.h - the one public header of importers/: turn a file into records. */
#ifndef IMPORTER_H
#define IMPORTER_H

#include "store/record.h"

struct source; /* an input that can be read from its start as often as needed (source.h) */

/*
 * What every sniffer may look at: computed once per file, from its first 64 KiB, from all of it
 * when those do not suffice.
 */
struct peek;
struct maps;
/* Base name of the file, as delivered, for what only a name tells ("*.csv"). */
const char *peek_name(const struct peek *p);
/* First character of the first document: '{', '[', or 0 when the file holds no JSON or YAML. */
char peek_open(const struct peek *p);
/* The first bytes, decoded to UTF-8, NUL-terminated; what is not JSON or YAML is told by these. */
const char *peek_head(const struct peek *p);
/*
 * Is one of the first `most` lines of a head that are not empty such a one? What `is` makes in
 * `mem`, where its line is too, is forgotten behind it.
 */
bool head_has(const char *head, int most, bool (*is)(struct arena *mem, const char *line));
/*
 * All paths below start in the first document; in a top-level array, in its first element. They go
 * down to four keys, through the first element of arrays: "descriptor.name", "items[0].kind",
 * "runs[0].tool.driver.name"; "{}" in one is any member: "{}.SPDX", "sbom{}.SPDX.name".
 */
bool peek_has(const struct peek *p, const char *path);        /* the key is there and not null */
const char *peek_text(const struct peek *p, const char *path); /* scalar as text; NULL: none    */
bool peek_is(const struct peek *p, const char *path, const char *text); /* scalar equals text   */
bool peek_number(const struct peek *p, const char *path);     /* it is a number, not a string  */
/* Is there a top-level key with this prefix or suffix, be it null? NULL: any. */
bool peek_key_like(const struct peek *p, const char *prefix, const char *suffix);

/* What the user said about the import; every text may be NULL, every number 0. */
struct import_opts {
	/* --format: importer's id, instead of recognising it */
	const char *format;
	/* --cluster */
	const char *cluster;
	/* --node */
	const char *node;
	/* --image */
	const char *image;
	/* --at, seconds UTC */
	int64_t     at;
	/* --partial: the scan is not complete */
	bool        partial;
	/* --complete: bit 1 << enum finding_kind for each kind */
	unsigned    complete;
	/* --keep-raw */
	bool        keep_raw;
	/* mapping files that take part, by name in `format` and in recognition; NULL: none */
	const struct maps *maps;
};

struct importer {
	const char *id;    /* "trivy": --format, scan.source, tests  */
	const char *title; /* "Trivy JSON report"                    */
	const char *spec;  /* URL of the format's own documentation  */
	/* 0: not mine; 100: certain. Looks only at the peek; cannot fail. */
	int (*sniff)(const struct peek *p);
	/*
	 * Put every record of `src` into `out`. Reads nothing else, writes nothing else. `o` is
	 * never NULL.
	 */
	bool (*run)(const struct source *src, const struct import_opts *o, struct sink *out,
		    struct err *e);
};

const struct importer *importer_at(size_t i); /* NULL past the end; in the order of importers.def */
const struct importer *importer_find(const char *id);
/*
 * The surest importer. Looks at the head first and reads the whole file only when nobody is
 * certain. ERR_FORMAT when none claims the file, when two tie, or when it is an empty result
 * ("[]", "null") that names no tool.
 */
const struct importer *importer_guess(const struct source *src, struct err *e);
/* The importer of o->format, else the surest, o->maps among them; NULL with *e set. */
const struct importer *importer_pick(const struct source *src, const struct import_opts *o,
				     struct err *e);
/*
 * Recognise `src` (or take o->format) and run its importer; *used (may be NULL) tells which.
 * Errors name the file.
 */
bool import_source(const struct source *src, const struct import_opts *o, struct sink *out,
                   const struct importer **used, struct err *e) MUST_CHECK;
/* The same for a path, "-" or URL that holds exactly one input. */
bool import_file(const char *path, const struct import_opts *o, struct sink *out,
		 struct err *e) MUST_CHECK;

/* ---- mapping files: layouts told as data (importers/README.md) ---- */

/*
 * The built-in ones and the user's, $XDG_CONFIG_HOME/seaworthy/maps/NAME.json. Errors name the
 * file, the JSON path in it and the reason.
 */
bool maps_load(struct maps **out, struct err *e) MUST_CHECK;
/* One more, before all others; its name, for import_opts.format, or NULL with *e set. */
const char *maps_add(struct maps *m, const char *path, struct err *e);
void maps_free(struct maps *m); /* NULL is fine */
/*
 * What a file was read by: the importer's id; of a mapping also a digest of it, because a mapping
 * that was changed reads another thing in the same file.
 */
const char *importer_edition(const struct importer *im, const struct maps *m);
/* Is there an importer or a mapping of this name? */
bool importer_known(const char *format, const struct maps *m);

/* ---- inputs, for those who drive an import ---- */

/*
 * Call `fn` for every input below `path`: the file itself, "-" (standard input), an http(s) URL,
 * every regular file of a directory (recursive, sorted by name, hidden ones left out), every file
 * in a tar archive. Each source is closed after its call. `fn` returns false to stop. An input
 * that cannot be opened is handed to `failed`, which returns whether to go on; with `failed` NULL
 * it ends the walk. ERR_USAGE when a directory holds no file at all.
 */
typedef bool source_fn(void *ctx, const struct source *src, struct err *e);
typedef bool source_failed_fn(void *ctx, const char *path, struct err *e);
/* How many files lie at or below the path; what an archive holds is not looked at. */
int64_t source_count(const char *path);
bool source_walk(const char *path, source_fn *fn, source_failed_fn *failed, void *ctx,
		 struct err *e) MUST_CHECK;

/* The same for the catalogues that ride in the program; each refers to earlier ones only. */
bool source_walk_builtin(source_fn *fn, void *ctx, struct err *e) MUST_CHECK;

/* as named by the user; "dir/a.json", "a.tar/member" */
const char *source_path(const struct source *src);
/* its last component */
const char *source_name(const struct source *src);
/* bytes as delivered (compressed) */
int64_t     source_size(const struct source *src);
/* seconds UTC; 0: not known (standard input, URL) */
int64_t     source_mtime(const struct source *src);
/*
 * SHA-256 of the bytes as delivered. Free once the source has been read to its end; before that it
 * costs a pass of hashing, so ask early only when `source_size` says that the store may know the
 * file already.
 */
bool source_sha256(const struct source *src, uint8_t out[static SHA256_SIZE],
		   struct err *e) MUST_CHECK;

#endif
