/* SPDX-License-Identifier: MIT */
/* ndjson.c - logs: JSON objects among other lines, each a document of its own. */
#include "importers/read_inner.h"

#define LINE_LIMIT ((size_t)64 << 10) /* of a line that is not JSON, bytes handed on */

/* Hand the rest of the line on, or remember that it was skipped. */
static bool other_line(struct reader *r)
{
	struct json *j = &r->json;
	uint64_t line = json_line(j), offset = json_offset(j);
	const char *nl;
	size_t n;

	if (r->opts->text == NULL)
		return skip_line(r, line) && (json_skip_line(j) || !j->stopped);
	buf_reset(&r->scratch);
	do {
		nl = memchr(j->p, '\n', (size_t)(j->end - j->p));
		n = (size_t)((nl != NULL ? nl : j->end) - j->p);
		if (n > LINE_LIMIT - r->scratch.len)
			n = LINE_LIMIT - r->scratch.len;
		buf_add(&r->scratch, j->p, n);
		j->p += n;
	} while (nl == NULL && r->scratch.len < LINE_LIMIT && json_more(j));
	json_skip_line(j);
	if (j->stopped)
		return false;
	while (r->scratch.len > 0 && r->scratch.s[r->scratch.len - 1] == '\r')
		r->scratch.s[--r->scratch.len] = 0;
	if (r->opts->text(r->ctx, r->scratch.s, r->scratch.len, line, offset, r->e))
		return true;
	j->stopped = r->placed = true;
	return false;
}

/* A broken object: back to its start, say so, and go on behind its first line. */
static bool drop_unit(struct reader *r)
{
	struct json *j = &r->json;
	char place[160], reason[sizeof(r->e->text)];
	size_t n = (size_t)(j->end - j->keep);

	if (j->stopped || (j->full && memchr(j->keep, '\n', n) != NULL))
		return false;
	str_copy(reason, sizeof(reason), r->e->text);
	*r->e = (struct err)ERR_INIT;
	json_rewind(j, r->line);
	j->full = false;
	walk_reset(r);
	r->first = false;
	place_print(r, 0, r->line, place);
	if (!skip_flush(r) || !skip_tell(r, place, reason))
		return false;
	return json_skip_line(j) || !j->stopped;
}

/*
 * The document at p, which stays in the window until it is done. Those that could hand out records
 * early are checked first.
 */
static bool read_unit(struct reader *r)
{
	struct json *j = &r->json;
	bool ok = true;

	r->line = json_line(j);
	j->keep = j->p;
	if (!r->paths.at_top) {
		r->late.n = r->late.next = 0;
		buf_reset(&r->late.text);
		r->first = true;
		ok = walk_document(r);
		r->first = false;
		if (ok) {
			late_sort(&r->late);
			json_rewind(j, r->line);
		}
	}
	if (!ok || !walk_document(r))
		return drop_unit(r);
	j->keep = NULL;
	r->document++;
	return true;
}

bool read_stream(struct reader *r)
{
	struct json *j = &r->json;
	size_t arrays = 0; /* top-level arrays that are open: their elements are documents */
	bool ok = true;
	int c;

	while (ok && (c = json_space(j)) >= 0) {
		if (arrays > 0 && (c == ',' || c == ']')) {
			arrays -= c == ']';
			j->p++;
		} else if (c == '{' && (arrays > 0 || json_starts(j))) {
			ok = (r->skip_from == 0 || skip_flush(r)) && read_unit(r);
		} else if (c == '[' && json_starts(j)) {
			arrays++;
			j->p++;
		} else {
			ok = other_line(r);
		}
	}
	return ok && !j->stopped && skip_flush(r);
}
