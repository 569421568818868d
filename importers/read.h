/* SPDX-License-Identifier: MIT */
/*
 * read.h - the streaming reader: an importer names the objects and fields it wants, and gets them
 * one by one.
 */
#ifndef READ_H
#define READ_H

#include "store/base/base.h"

/*
 * An importer describes, as data, which objects of a JSON or YAML file it wants (scopes) and which
 * of their fields. The reader hands each object over as a record; nothing else is copied, and
 * memory does not grow with the file. YAML is turned into JSON by the source, so no importer knows
 * the difference.
 *
 *	enum { R_NAME, R_TIME };
 *	static const struct read_field report[] = {
 *		[R_NAME] = { "ArtifactName" },
 *		[R_TIME] = { "CreatedAt" },
 *	};
 *	enum { V_ID, V_PACKAGE, V_REFS, V_SCORES, V_CVSS };
 *	static const struct read_field vulnerability[] = {
 *		[V_ID]      = { "VulnerabilityID" },
 *		[V_PACKAGE] = { "PkgIdentifier.PURL" },            below the record's own object
 *		[V_REFS]    = { "References", READ_LIST },         an array of strings
 *		[V_SCORES]  = { "CVSS{}.V3Score", READ_LIST },  pairs: vendor, score, ...
 *		[V_CVSS]    = { "CVSS", READ_RAW },             the subtree as JSON text
 *	};
 *	static const struct read_scope trivy[] = {
 *		{ "",                            report,        LENGTH(report),        on_report },
 *		{ "Results[].Vulnerabilities[]", vulnerability, LENGTH(vulnerability),
 *		  on_vulnerability },
 *	};
 *	static bool on_vulnerability(void *ctx, const struct read_record *r, struct err *e)
 *	{
 *		struct trivy *t = ctx;
 *		const char *id = read_text(r, V_ID);
 *
 *		if (id == NULL)
 *			return read_skip(r, "no VulnerabilityID", e);  counted, with its place
 *		...
 *		return t->sink->put(t->sink, &record, e);
 *	}
 *	return read_document(src, trivy, LENGTH(trivy), &t, &(struct read_opts){ .sink = sink }, e);
 *
 * Paths are keys joined by dots, each followed by any number of "[]" (every element of the array)
 * or "{}" (every member of the object, whatever its key). "" is the top-level value, "[]" the
 * elements of a top-level array, "{}" the members of a top-level object, "components[]**" the same
 * object at any depth of nesting: components[], components[].components[], ... (`**` may stand
 * once, behind the last "[]" of a scope's path). A scope takes objects; when it has the field ""
 * it takes scalars and arrays too. Two scopes may not have the same path.
 *
 * Dots mean the same in a path and in a key of the file: "output_fields.container.id" finds the
 * nested object as well as {"output_fields": {"container.id": ...}}, and labels such as
 * "app.kubernetes.io/name" need no quoting. A field's name is relative to its scope; "" is the
 * record's own value. Absent, null and a value of the wrong shape (an object where a scalar is
 * wanted) are the same: READ_NONE. But a scalar where a scope has an array of objects is an error
 * (in a log: told), and one among the objects is told. Of duplicate keys the last not null wins;
 * lists are joined.
 *
 * A top-level array is read as the documents that are its elements, unless a scope's path begins
 * with "[]"; then, an array in it is read as the top-level one is, unless a scope speaks of it.
 *
 * Order: a parent is handed over whole before its first child, whatever the order of keys in the
 * file; siblings come in the file's order; `end` of a parent after its last child. Sets with
 * nested scopes are read twice, unless READ_ORDERED spares it: the first pass checks the syntax and
 * notes the fields of parents that come after their first child, the second streams.
 */
enum read_type {
	READ_NONE,   /* absent or null: s is NULL                                       */
	READ_STRING, /* decoded UTF-8; NUL and malformed bytes have become U+FFFD, half */
	             /* of a surrogate pair, written as an escape, that or '?'          */
	READ_NUMBER, /* its exact text: "1705312800123456789", "9.80"                   */
	READ_BOOL,   /* "true" or "false"                                               */
	READ_JSON,   /* READ_RAW: JSON text of the subtree (any type, strings quoted)   */
	READ_ITEMS,  /* READ_LIST: n bytes of NUL-terminated items; see read_item       */
};

enum { /* flags of a field */
	READ_RAW = 1, /* the value's JSON text, whatever its type                          */
	/*
	 * Every scalar at this path: of an array (with or without "[]" written) or alone ("cwe":
	 * "CWE-1" and "cwe": ["CWE-1"] are the same). Implied by "[]" in the name. Below a "{}"
	 * each item is preceded by the member's key as an item of its own.
	 */
	READ_LIST = 2,
};

struct read_field {
	const char *name;
	unsigned    flags;
};

struct read_value {
	const char    *s; /* NUL-terminated; lives until the record's object closes in the file */
	size_t         n; /* without the NUL */
	enum read_type type;
};

struct reader;
struct read_record {
	/* one per field of the scope, in the scope's order */
	const struct read_value  *value;
	/* the enclosing record, whole and valid; NULL: none */
	const struct read_record *up;
	const struct read_scope  *scope;
	/* member's key when the path ends in "{}"; else NULL */
	const char               *key;
	/* number among its siblings in the array or object, from 0 */
	uint64_t                  index;
	/* number of the document in the file, from 0 */
	uint64_t                  document;
	/* of the record's first byte, from 1 (YAML: of its JSON form) */
	uint64_t                  line;
	/* of the record's first byte in the decoded input */
	uint64_t                  offset;
	struct reader            *reader;
};

/* One record. True: go on. False with *e set ends the read. */
typedef bool read_fn(void *ctx, const struct read_record *r, struct err *e);

struct read_scope {
	const char              *path;
	const struct read_field *field;
	size_t                   nfield;
	/* the record, before everything below it; may be NULL */
	read_fn                 *on;
	/* its object has closed, after everything below it; may be NULL */
	read_fn                 *end;
};

enum { /* flags of a read */
	/*
	 * A log: any mix of JSON objects (one a line, pretty-printed, concatenated, elements of
	 * one array) and other lines. Every object is a document of its own (scope ""), checked
	 * whole before its first record. Lines that are not JSON are handed to `text` or skipped,
	 * broken objects are skipped, each with its place; they never end the read.
	 */
	READ_STREAM = 1,
	/* Of a broken text nothing is handed over; the reason why is then told less exactly. */
	READ_WHOLE = 2,
	/*
	 * The tool writes parents' fields before their children: one pass will do. When a file is
	 * otherwise, the read fails with ERR_AGAIN; of a sink that is not hasty it is read as any.
	 */
	READ_ORDERED = 4,
};

struct sink;
struct read_opts {
	unsigned     flags;
	/* where all scopes begin: "predicate"; NULL: at the top */
	const char  *under;
	/* gets tick() as the read goes on and REC_SKIP for what is skipped; NULL: nobody */
	struct sink *sink;
	/*
	 * READ_STREAM: a line that is not JSON, without its end, NUL-terminated; `line` from 1.
	 * NULL: skipped.
	 */
	bool (*text)(void *ctx, const char *s, size_t n, uint64_t line, uint64_t offset,
		     struct err *e);
};

struct source;
/*
 * Read all documents of `src` and hand every object that a scope names to its functions, with
 * `ctx`. Without READ_STREAM, lines before the first '{' or '[' (banners) are skipped, `null` and
 * `[]` are valid and empty, and several documents may follow one another. `o` may be NULL. Fails
 * with ERR_FORMAT (not JSON, broken off, garbage), ERR_LIMIT (nesting deeper than READ_DEPTH; a
 * string or number longer than READ_VALUE, wanted or not; bytes of a READ_RAW value or of a
 * stream's document longer than that), ERR_IO, ERR_CANCEL, or what a function set; the text names
 * line and byte, or the record's place. Costs one or two passes over the bytes.
 */
bool read_document(const struct source *src, const struct read_scope *scope, size_t nscope,
		   void *ctx, const struct read_opts *o, struct err *e) MUST_CHECK;

#define READ_DEPTH 512               /* nested containers              */
#define READ_VALUE ((size_t)16 << 20) /* bytes of one value, or of a document of a stream */

/* ---- inside a record function; `i` indexes the scope's fields ---- */

/* Text of a scalar or of READ_RAW; NULL when absent or "". */
const char *read_text(const struct read_record *r, size_t i);
/* A whole number, written as number or string, within lo..hi; false leaves *out alone. */
bool read_int(const struct read_record *r, size_t i, int64_t lo, int64_t hi, int64_t *out);
/* A number, written as number or string; false leaves *out alone. */
bool read_double(const struct read_record *r, size_t i, double *out);
/* True when the value is true or "true" (any case); absent and all else are false. */
bool read_true(const struct read_record *r, size_t i);
/* RFC 3339 text as seconds UTC; 0 when absent, malformed or "not set". */
int64_t read_time(const struct read_record *r, size_t i);
/* Items of READ_LIST: for (s = NULL; (s = read_item(r, i, s)) != NULL; ) */
const char *read_item(const struct read_record *r, size_t i, const char *after);
size_t      read_count(const struct read_record *r, size_t i);
/*
 * Of a list whose path has one "{}": the last value of the member `key`; NULL when there is none.
 */
const char *read_pair(const struct read_record *r, size_t i, const char *key);
/* Append the items with `sep` between them. */
void read_join(const struct read_record *r, size_t i, const char *sep, struct buf *out);

/* Why a record is skipped that needs one. */
#define READ_NO_TIME "no time, and none to take it from: use --at"

/*
 * Where the record is: "Results[3].Vulnerabilities[17]", "line 41", "line 41: items[2]"; the top
 * is "line 1".
 */
void read_place(const struct read_record *r, char out[static 160]);
/*
 * Tell the sink that this record was skipped and why (REC_SKIP); returns what the sink said, true
 * without one.
 */
bool read_skip(const struct read_record *r, const char *reason, struct err *e);
/* The same of a line that is in no record. */
bool read_skip_line(struct sink *sink, uint64_t line, const char *reason, struct err *e);

#endif
