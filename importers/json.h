/* SPDX-License-Identifier: MIT */
/* json.h - the tokens of a JSON text that arrives in blocks. */
#ifndef JSON_H
#define JSON_H

#include "store/base/base.h"

/*
 * Why a tokenizer of our own: yajl keeps every string whole and scans it again with each block
 * that arrives (16 MB cost 0.4 s, and it grows with the square), cannot skip a value, and does
 * not tell where a value's bytes are. This one never holds what nobody wants, skips it at the
 * speed of memory, and hands raw bytes out.
 *
 * A window slides over the input. Bytes from `keep` on stay in it; without `keep`, what lies
 * before `p` may go.
 */
typedef bool json_more_fn(void *ctx, char *dst, size_t size, size_t *n, struct err *e);

struct json {
	json_more_fn *more; /* the next bytes, *n 0 at the end */
	void         *ctx;
	struct err   *e;    /* where functions that return false have said why */
	char         *buf;
	size_t        cap;
	const char   *p, *end; /* the next byte; one past the last byte in the window   */
	const char   *keep;    /* NULL, or the first byte that has to stay               */
	uint64_t      base;    /* offset of buf[0] in the input                          */
	uint64_t      line;    /* of p, from 1                                           */
	unsigned      depth;   /* containers open around p, as far as the caller entered */
	bool          ended;   /* `more` has nothing left                                */
	bool          stopped; /* `more` failed: no syntax error, and no use in going on */
	bool          full;    /* READ_VALUE bytes are kept already: ERR_LIMIT */
};

/* A string or number in the window; valid until the next call that takes the same json. */
struct json_span {
	const char *s;
	size_t      n;
	bool        plain; /* no escapes, no control bytes, all ASCII: its bytes are its text */
};

void json_init(struct json *j, json_more_fn *more, void *ctx, struct err *e);
void json_release(struct json *j);

static inline uint64_t json_offset(const struct json *j)
{
	return j->base + (uint64_t)(j->p - j->buf);
}

/* Skip blanks; the next byte, or -1 at the end of the input and when `more` fails (j->stopped). */
int json_space(struct json *j);
/*
 * From the start of a line on, find the first line that begins a document: '{' before a key or
 * '}', '[' before a container, string or ']', or (with `null_too`) the word null on its own. Lines
 * passed over are counted in *skipped.
 */
bool json_find(struct json *j, bool null_too, uint64_t *skipped);
/* Does a document begin at p? Looks ahead within the window and one block. */
bool json_starts(struct json *j);
/*
 * Get more bytes behind `end`; false at the end of the input, on failure, and when too much is
 * kept.
 */
bool json_more(struct json *j);
/* Pass the rest of the line and its end; false at the end of the input. */
bool json_skip_line(struct json *j);

/* p is at a quote: the string's bytes, still escaped, without the quotes. */
bool json_string(struct json *j, struct json_span *out);
/* p is at a number, true, false or null: its text. */
bool json_word(struct json *j, struct json_span *out);
/* After '{' or after ',': the member's key, and the colon behind it passed. */
bool json_key(struct json *j, struct json_span *out);
/*
 * After a value inside a container that ends with `close`: true to go on; false with *done at its
 * end, else error.
 */
bool json_next(struct json *j, char close, bool *done);
/* Pass the value at p (blanks first), whatever it is and however long. */
bool json_skip(struct json *j);
/*
 * Enter the container at p: counts it; *empty when it closes at once (then it has been left
 * again).
 */
bool json_enter(struct json *j, bool *empty);

/* Append the text of a string: escapes decoded, malformed UTF-8 and NUL replaced by U+FFFD. */
void json_decode(const struct json_span *s, struct buf *out);
/* Is this a number as JSON writes it? */
bool json_number(const char *s, size_t n);
/*
 * Are these bytes UTF-8 without a NUL? If not, json_repair appends them with U+FFFD for what is
 * not.
 */
bool json_clean(const char *s, size_t n);
void json_repair(const char *s, size_t n, struct buf *out);
/* Say what is wrong at p: ERR_FORMAT with line and byte, or what `more` said; always false. */
bool json_bad(struct json *j, const char *what);

#endif
