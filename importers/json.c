/* SPDX-License-Identifier: MIT */
/* json.c - the tokens of a JSON text, by yajl. Spec: RFC 8259. */
#include <inttypes.h>
#include <stdlib.h>
#include <yajl/yajl_parse.h>

#include "importers/json.h"
#include "importers/read.h"

/* yajl gets this much at a time: its tokens stay in the nearest cache until they are taken. */
#define PIECE ((size_t)16 << 10)

void json_init(struct json *j, json_more_fn *more, void *ctx, struct err *e)
{
	*j = (struct json){ .more = more, .ctx = ctx, .e = e, .cap = 2 * JSON_BLOCK, .line = 1,
			    .text = BUF_INIT };
	j->buf = xmalloc(j->cap);
	j->p = j->end = j->counted = j->buf;
}

void json_release(struct json *j)
{
	if (j->yajl != NULL)
		yajl_free(j->yajl);
	buf_release(&j->text);
	free(j->token);
	free(j->buf);
	j->yajl = NULL;
	j->token = NULL;
	j->buf = NULL;
}

/* ---- tokens come from yajl; a 0 stops it ---- */

static void token_text(struct json *j, struct json_token *t, const char *s, size_t n)
{
	uintptr_t at = (uintptr_t)s - (uintptr_t)j->piece;

	t->n = (uint32_t)n;
	t->copied = at >= (uintptr_t)(j->fed - j->piece);
	t->at = (uint32_t)(t->copied ? j->text.len : at);
	if (t->copied)
		buf_add(&j->text, s, n);
}

static int push(struct json *j, enum json_kind kind, const void *s, size_t n)
{
	struct json_token *t;

	if (j->ntoken == j->captoken) {
		j->captoken = j->captoken == 0 ? 1024 : j->captoken * 2;
		j->token = xrealloc_array(j->token, j->captoken, sizeof(*j->token));
	}
	t = &j->token[j->ntoken++];
	*t = (struct json_token){ .end = (uint32_t)yajl_get_bytes_consumed(j->yajl),
				  .kind = (uint8_t)kind };
	if (s != NULL)
		token_text(j, t, s, n);
	return 1;
}

static int push_open(struct json *j, enum json_kind kind)
{
	return ++j->depth < READ_DEPTH && push(j, kind, NULL, 0);
}

static int push_close(struct json *j, enum json_kind kind)
{
	j->depth--;
	return push(j, kind, NULL, 0);
}

static int on_null(void *j)
{
	return push(j, JSON_NULL, NULL, 0);
}

static int on_boolean(void *j, int yes)
{
	return yes ? push(j, JSON_TRUE, "true", 4) : push(j, JSON_FALSE, "false", 5);
}

static int on_number(void *j, const char *s, size_t n)
{
	return push(j, JSON_NUMBER, s, n);
}

static int on_string(void *j, const unsigned char *s, size_t n)
{
	return push(j, JSON_STRING, s, n);
}

static int on_key(void *j, const unsigned char *s, size_t n)
{
	return push(j, JSON_KEY, s, n);
}

static int on_object(void *j)
{
	return push_open(j, JSON_OBJECT);
}

static int on_object_end(void *j)
{
	return push_close(j, JSON_OBJECT_END);
}

static int on_array(void *j)
{
	return push_open(j, JSON_ARRAY);
}

static int on_array_end(void *j)
{
	return push_close(j, JSON_ARRAY_END);
}

static const yajl_callbacks callbacks = {
	.yajl_null        = on_null,
	.yajl_boolean     = on_boolean,
	.yajl_number      = on_number, /* exact text, whatever its size */
	.yajl_string      = on_string,
	.yajl_map_key     = on_key,
	.yajl_start_map   = on_object,
	.yajl_end_map     = on_object_end,
	.yajl_start_array = on_array,
	.yajl_end_array   = on_array_end,
};

/* ---- yajl gets pieces of the window ---- */

static void forget_tokens(struct json *j)
{
	j->next = j->ntoken = 0;
	buf_reset(&j->text);
}

static void begin_scan(struct json *j)
{
	if (j->token == NULL)
		j->token = xcalloc(j->captoken = 1, sizeof(*j->token));
	j->valued = false;
}

static void begin_yajl(struct json *j)
{
	if (j->yajl != NULL)
		yajl_free(j->yajl);
	j->yajl = yajl_alloc(&callbacks, NULL, j);
	if (j->yajl == NULL)
		die("out of memory");
	/* what is not UTF-8 is repaired in what is wanted; behind a document another may follow */
	yajl_config(j->yajl, yajl_dont_validate_strings, 1);
	yajl_config(j->yajl, yajl_allow_trailing_garbage, 1);
}

void json_begin(struct json *j)
{
	if (j->scan)
		begin_scan(j);
	else
		begin_yajl(j);
	forget_tokens(j);
	j->piece = j->fed = j->p;
	j->depth = 0;
	j->bad = false;
}

static const char *pass_blanks(const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t'))
		p++;
	return p;
}

const char *json_next(const char *p, const char *end)
{
	for (p = pass_blanks(p, end); p < end && (*p == ',' || *p == ':');)
		p = pass_blanks(p + 1, end);
	return p;
}

void json_approach(struct json *j)
{
	j->p = json_next(j->p, j->piece + j->token[j->next].end);
}

/*
 * yajl stopped in the last piece. Tell why and where: at the token that cannot be, or at the byte
 * of a string. What yajl says it used ends behind that token; after a member's value, before it.
 */
static bool refuse(struct json *j)
{
	size_t used = yajl_get_bytes_consumed(j->yajl);
	const char *at = json_next(j->p, j->piece + (used > 0 ? used - 1 : 0));
	unsigned char *said;
	char why[160];

	at = pass_blanks(at, j->fed);
	if (j->depth >= READ_DEPTH)
		return err_set(j->e, ERR_LIMIT,
			       "line %" PRIu64 ", byte %" PRIu64 ": nested deeper than %d levels",
			       json_line(j), j->base + (uint64_t)(at - j->buf), READ_DEPTH);
	said = yajl_get_error(j->yajl, 0, NULL, 0);
	str_copy(why, sizeof(why), said != NULL ? (const char *)said : "this is not JSON");
	yajl_free_error(j->yajl, said);
	why[strcspn(why, "\n")] = 0;
	if (at < j->fed && *at == '"' && str_prefix(why, "lexical"))
		at = j->piece + used;
	return json_bad(j, at, why);
}

/* Bytes of the window that are there for one token, or for the document that is kept. */
static size_t held(const struct json *j)
{
	return (size_t)(j->end - (j->keep != NULL ? j->keep : j->p));
}

/* Get more bytes for yajl, enough to be worth its look at all of a token it has a part of. */
static bool more(struct json *j)
{
	uint64_t fed = j->base + (uint64_t)(j->fed - j->buf);
	size_t part;
	bool ok;

	j->p = json_next(j->p, j->end);
	part = (size_t)(j->end - j->p);
	do {
		ok = json_more(j);
		j->fed = j->buf + (fed - j->base);
	} while (ok && (size_t)(j->end - j->fed) < part && held(j) <= READ_VALUE);
	if (j->stopped || j->full)
		return false;
	return j->fed < j->end || json_bad(j, j->end, "the document breaks off here");
}

static void feed(struct json *j)
{
	size_t left = (size_t)(j->end - j->fed), part = (size_t)(j->fed - j->p);
	size_t n = part > PIECE ? part : PIECE;
	const unsigned char *s = (const unsigned char *)j->fed;

	n = n < left ? n : left;
	j->piece = j->fed;
	j->fed += n;
	j->bad = yajl_parse(j->yajl, s, n) != yajl_status_ok;
}

bool json_fill(struct json *j)
{
	if (j->scan)
		return json_scan_fill(j);
	forget_tokens(j);
	while (j->ntoken == 0) {
		if (j->bad)
			return refuse(j);
		if (j->fed == j->end && !more(j))
			return false;
		feed(j);
	}
	return true;
}

bool json_skip(struct json *j)
{
	size_t depth = 0;

	if (j->scan)
		return json_scan_skip(j);
	do {
		enum json_kind kind = json_peek(j);

		if (kind == JSON_FAIL)
			return false;
		depth += kind == JSON_OBJECT || kind == JSON_ARRAY;
		depth -= kind == JSON_OBJECT_END || kind == JSON_ARRAY_END;
		json_take(j, NULL);
	} while (depth > 0);
	return true;
}

/* ---- one string of a scan ---- */

static int on_scanned(void *text, const unsigned char *s, size_t n)
{
	buf_add(text, (const char *)s, n);
	return 1;
}

/* yajl decodes it, so that both passes see the same. */
struct json_span json_decode(struct json *j, const struct json_token *t)
{
	static const yajl_callbacks one = { .yajl_string = on_scanned };
	yajl_handle h = yajl_alloc(&one, NULL, &j->text);

	if (h == NULL)
		die("out of memory");
	yajl_config(h, yajl_dont_validate_strings, 1);
	buf_reset(&j->text);
	yajl_parse(h, (const unsigned char *)j->piece, t->end);
	yajl_complete_parse(h);
	yajl_free(h);
	return (struct json_span){ j->text.s, j->text.len };
}
