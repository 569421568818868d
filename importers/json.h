/* SPDX-License-Identifier: MIT */
/* json.h - the tokens of a JSON text that arrives in blocks. */
#ifndef JSON_H
#define JSON_H

#include "store/base/base.h"

/*
 * yajl tokenises: it is handed a piece of the text, pushes the tokens in it, and they wait in a
 * queue until the reader takes them, so that who walks a document can be written as a walk. The
 * queue holds one piece; strings are copied only where yajl had to decode them or to put them
 * together from two pieces.
 *
 * A window slides over the input. Bytes from `keep` on stay in it; without `keep`, what lies
 * before `p` may go. So the bytes of any value are there for who wants them as they are written.
 */
typedef bool json_more_fn(void *ctx, char *dst, size_t size, size_t *n, struct err *e);

enum json_kind {
	JSON_FAIL,  /* no token: an error, told in *e; also when the document breaks off */
	JSON_NULL,
	JSON_TRUE,
	JSON_FALSE,
	JSON_NUMBER,
	JSON_STRING,
	JSON_KEY,   /* of a member; its value comes next */
	JSON_OBJECT, JSON_OBJECT_END,
	JSON_ARRAY, JSON_ARRAY_END,
};

struct json_token {
	uint32_t at, n;  /* its text: in the piece, or in `text` when `copied` */
	uint32_t end;    /* in the piece: the byte behind it */
	uint8_t  kind;
	bool     copied;
	bool     escaped; /* of a scan: still as it is written */
};

#define JSON_DEPTH 512 /* nested containers */
#define JSON_BLOCK ((size_t)64 << 10) /* bytes asked of `more` at a time */

struct yajl_handle_t;
struct json {
	json_more_fn *more; /* the next bytes, *n 0 at the end */
	void         *ctx;
	struct err   *e;    /* where functions that return false have said why */

	/* the window */
	char         *buf;
	size_t        cap;
	const char   *p, *end; /* behind the last token or line taken; one past the last byte */
	const char   *keep;    /* NULL, or the first byte that has to stay */
	uint64_t      base;    /* offset of buf[0] in the input            */
	const char   *counted; /* lines are counted up to here, ...        */
	uint64_t      line;    /* ... which is in this one, from 1         */
	bool          ended;   /* `more` has nothing left                  */
	bool          stopped; /* `more` failed: no syntax error, and no use in going on */
	bool          full;    /* READ_VALUE bytes are kept already: ERR_LIMIT */

	/* the tokens */
	struct yajl_handle_t *yajl;
	const char        *piece, *fed; /* what yajl got last, from .. to                   */
	struct json_token *token;
	size_t             next, ntoken, captoken;
	struct buf         text;
	unsigned           depth; /* containers open where yajl is */
	bool               bad;   /* behind the queue is an error */

	/* a scan: no yajl, a token at a time */
	bool               scan;
	bool               valued; /* a member's value comes next */
	uint64_t           object[JSON_DEPTH / 64 + 1]; /* a bit a level: it is an object */
};

/* The text of a scalar (none of null) or key, decoded; valid until the next token is looked at. */
struct json_span {
	const char *s;
	size_t      n;
};

void json_init(struct json *j, json_more_fn *more, void *ctx, struct err *e);
void json_release(struct json *j);

static inline uint64_t json_offset(const struct json *j)
{
	return j->base + (uint64_t)(j->p - j->buf);
}

/* ---- between documents: bytes (json_window.c) ---- */

/*
 * Get more bytes behind `end`; false at the end of the input, on failure, and when too much is
 * kept.
 */
bool json_more(struct json *j);
/* The line of p, from 1. */
uint64_t json_line(struct json *j);
/* Go back to `keep`, which is in `line`. */
void json_rewind(struct json *j, uint64_t line);
/* Pass blanks; the next byte, or -1 at the end of the input and when `more` fails (j->stopped). */
int json_space(struct json *j);
/* Pass the rest of the line and its end; false at the end of the input. */
bool json_skip_line(struct json *j);
/* Does a document begin at p? Looks ahead within the window and one block. */
bool json_starts(struct json *j);
/*
 * From the start of a line on, find the first line that begins a document: '{' before a key or
 * '}', '[' before a container, string or ']', or the word null on its own. Lines passed over are
 * counted in *skipped.
 */
bool json_find(struct json *j, uint64_t *skipped);
/* Say what is wrong at `at`, in the window: ERR_FORMAT with line and byte; always false. */
bool json_bad(struct json *j, const char *at, const char *what);

/* ---- a document: tokens (json.c) ---- */

/* A document begins at p: forget all tokens. It ends behind its last token, where p is then. */
void json_begin(struct json *j);
/* Get tokens when there are none. False: an error. */
bool json_fill(struct json *j);

/* The next token's kind. */
static inline enum json_kind json_peek(struct json *j)
{
	if (j->next == j->ntoken && !json_fill(j))
		return JSON_FAIL;
	return (enum json_kind)j->token[j->next].kind;
}

/* The same for a scan (json_scan.c), where `scan` is set before json_begin. */
bool json_scan_fill(struct json *j);
bool json_scan_skip(struct json *j);
/* The text of the token that was taken, decoded: it holds an escape. */
struct json_span json_decode(struct json *j, const struct json_token *t);
/* From behind a token to the next: over blanks, and commas and colons, no tokens here. */
const char *json_next(const char *p, const char *end);

/* Take the token that was looked at, with its text in *out (NULL: not wanted); p is behind it. */
static inline void json_take(struct json *j, struct json_span *out)
{
	const struct json_token *t = &j->token[j->next++];

	j->p = j->piece + t->end;
	if (out != NULL && t->escaped) {
		*out = json_decode(j, t);
	} else if (out != NULL) {
		out->s = (t->copied ? j->text.s : j->piece) + t->at;
		out->n = t->n;
	}
}

/* A token was looked at: move p to its first byte. */
void json_approach(struct json *j);
/* Take the next token; of a container, all up to its end. */
bool json_skip(struct json *j);

/* ---- text (json_window.c) ---- */

/*
 * Are these bytes UTF-8 without a NUL? If not, json_repair appends them with U+FFFD for what is
 * not.
 */
bool json_clean(const char *s, size_t n);
void json_repair(const char *s, size_t n, struct buf *out);

#endif
