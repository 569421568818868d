/* SPDX-License-Identifier: MIT */
/* read.c - the streaming reader: walks the tokens along the paths that somebody wants. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "importers/read_inner.h"
#include "importers/source.h"

/* ---- where we are ---- */

static struct step *step_push(struct reader *r, char kind)
{
	if (r->nstep == r->capstep) {
		r->capstep = r->capstep == 0 ? 32 : r->capstep * 2;
		r->step = xrealloc_array(r->step, r->capstep, sizeof(*r->step));
	}
	r->step[r->nstep] = (struct step){ .kind = kind, .at = r->keys.len };
	return &r->step[r->nstep++];
}

static void step_pop(struct reader *r)
{
	r->keys.len = r->step[--r->nstep].at;
}

void place_print(const struct reader *r, size_t nstep, uint64_t line, char out[static 160])
{
	struct buf b = BUF_INIT;
	bool log = (r->opts->flags & READ_STREAM) != 0 || r->document > 0;

	if (nstep == 0 || log)
		buf_addf(&b, "line %" PRIu64 "%s", nstep == 0 ? line : r->line,
			 nstep > 0 ? ": " : "");
	for (size_t i = 0; i < nstep; i++) {
		const struct step *s = &r->step[i];

		if (s->kind == '[') {
			buf_addf(&b, "[%" PRIu64 "]", s->index);
			continue;
		}
		if (i > 0)
			buf_addc(&b, '.');
		buf_add(&b, s->key != NULL ? s->key : r->keys.s + s->at, s->len);
	}
	str_copy(out, 160, b.s);
	buf_release(&b);
}

void walk_reset(struct reader *r)
{
	r->nframe = r->nstep = 0;
	buf_reset(&r->keys);
	for (size_t i = 0; i < r->paths.nscope; i++)
		r->open[i] = -1;
	r->json.keep = NULL;
}

/* ---- what is passed over ---- */

bool skip_tell(struct reader *r, const char *place, const char *reason)
{
	struct record rec = { .kind = REC_SKIP, .u.skip = { .place = place, .reason = reason } };

	if (r->first || r->opts->sink == NULL || r->opts->sink->put(r->opts->sink, &rec, r->e))
		return true;
	r->json.stopped = r->placed = true;
	return false;
}

bool skip_flush(struct reader *r)
{
	char place[64];
	uint64_t from = r->skip_from, to = r->skip_to;

	if (from == 0)
		return true;
	r->skip_from = r->skip_to = 0;
	if (from == to)
		snprintf(place, sizeof(place), "line %" PRIu64, from);
	else
		snprintf(place, sizeof(place), "lines %" PRIu64 "-%" PRIu64, from, to);
	return skip_tell(r, place, "not JSON");
}

bool skip_line(struct reader *r, uint64_t line)
{
	if (r->skip_from != 0 && line > r->skip_to + 1 && !skip_flush(r))
		return false;
	if (r->skip_from == 0)
		r->skip_from = line;
	r->skip_to = line;
	return true;
}

/* ---- values ---- */

static bool walk_value(struct reader *r, const struct node *node);

/* Text as it is, unless it is not UTF-8 or holds a NUL. */
static void make_clean(struct reader *r, struct json_span *s)
{
	if (json_clean(s->s, s->n))
		return;
	buf_reset(&r->scratch);
	json_repair(s->s, s->n, &r->scratch);
	s->s = r->scratch.s;
	s->n = r->scratch.len;
}

/* Into every field that wants the value, or (`raw`) its bytes. */
static bool put(struct reader *r, const struct node *node, unsigned raw, enum read_type type,
		struct json_span s)
{
	if (type == READ_STRING || type == READ_JSON)
		make_clean(r, &s);
	for (size_t i = 0; i < node->nslot; i++)
		if ((node->slot[i].flags & READ_RAW) == raw &&
		    !frame_put(r, &node->slot[i], type, s.s, s.n))
			return false;
	return true;
}

static bool walk_scalar(struct reader *r, const struct node *node, enum json_kind kind)
{
	static const enum read_type type[] = {
		[JSON_TRUE] = READ_BOOL,
		[JSON_FALSE] = READ_BOOL,
		[JSON_NUMBER] = READ_NUMBER,
		[JSON_STRING] = READ_STRING,
	};
	struct json_span s;

	json_take(&r->json, &s);
	return node->nslot == 0 || kind == JSON_NULL || put(r, node, 0, type[kind], s);
}

/* Take a member's key; the node for its value, with the way to it pushed, or NULL: not wanted. */
static const struct node *enter_member(struct reader *r, const struct node *node, uint64_t index)
{
	struct json_span key;
	const struct edge *edge;
	const struct node *to;
	struct step *s;

	json_take(&r->json, &key);
	edge = node_edge(r->memo, node, key.s, key.n);
	to = edge != NULL ? edge->to : node->member;
	if (to == NULL || (r->first && !to->first))
		return NULL;
	s = step_push(r, edge != NULL ? '.' : '{');
	s->index = index;
	if (edge != NULL) {
		s->key = edge->key;
		s->len = edge->len;
		return to;
	}
	make_clean(r, &key);
	s->len = key.n;
	buf_add(&r->keys, key.s, key.n);
	return to;
}

static bool walk_object(struct reader *r, const struct node *node)
{
	struct json *j = &r->json;
	enum json_kind kind;

	json_take(j, NULL);
	for (uint64_t index = 0; (kind = json_peek(j)) == JSON_KEY; index++) {
		const struct node *to = enter_member(r, node, index);

		if (to == NULL ? !json_skip(j) : !walk_value(r, to))
			return false;
		if (to != NULL)
			step_pop(r);
	}
	if (kind == JSON_FAIL)
		return false;
	json_take(j, NULL);
	return true;
}

/*
 * Of a top-level array, an element that is an array where scopes know of objects only: it holds
 * what the outer one would, as when several such files are gathered into one.
 */
static bool is_gathered(const struct reader *r, const struct node *node, enum json_kind kind)
{
	const struct node *element = node->element;

	return kind == JSON_ARRAY && node == r->paths.top && element->element == NULL &&
	       !element->self && !element->raw;
}

static bool walk_array(struct reader *r, const struct node *node)
{
	struct json *j = &r->json;
	enum json_kind kind;

	json_take(j, NULL);
	step_push(r, '[');
	while ((kind = json_peek(j)) != JSON_ARRAY_END) {
		if (kind == JSON_FAIL ||
		    !walk_value(r, is_gathered(r, node, kind) ? node : node->element))
			return false;
		r->step[r->nstep - 1].index++;
	}
	json_take(j, NULL);
	step_pop(r);
	return true;
}

static bool walk_plain(struct reader *r, const struct node *node, enum json_kind kind)
{
	if (kind == JSON_OBJECT && (node->nedge > 0 || node->member != NULL))
		return walk_object(r, node);
	if (kind == JSON_ARRAY && node->element != NULL && (!r->first || node->element->first))
		return walk_array(r, node);
	if (kind == JSON_OBJECT || kind == JSON_ARRAY)
		return json_skip(&r->json);
	return walk_scalar(r, node, kind);
}

/* The same for a value whose bytes somebody wants, too. */
static bool walk_raw(struct reader *r, const struct node *node, enum json_kind kind)
{
	struct json *j = &r->json;
	struct json_span s;
	bool mine = j->keep == NULL, ok;
	uint64_t at;

	json_approach(j);
	at = json_offset(j);
	if (mine)
		j->keep = j->p;
	ok = walk_plain(r, node, kind);
	if (mine)
		j->keep = NULL;
	s.s = j->buf + (at - j->base);
	s.n = (size_t)(j->p - s.s);
	return ok && (kind == JSON_NULL || put(r, node, READ_RAW, READ_JSON, s));
}

static bool walk_content(struct reader *r, const struct node *node, enum json_kind kind)
{
	return node->raw ? walk_raw(r, node, kind) : walk_plain(r, node, kind);
}

/* Is there anything below that the first pass wants? */
static bool wants_inside(const struct node *node)
{
	for (size_t i = 0; i < node->nedge; i++)
		if (node->edge[i].to->first)
			return true;
	return (node->element != NULL && node->element->first) ||
	       (node->member != NULL && node->member->first);
}

static bool walk_record(struct reader *r, const struct node *node, enum json_kind kind)
{
	struct json *j = &r->json;

	if (!frames_begin_child(r))
		return false;
	if (r->first && !r->paths.parent[node->scope])
		return wants_inside(node) ? walk_content(r, node, kind) : json_skip(j);
	json_approach(j);
	frame_open(r, node, json_offset(j), json_line(j));
	return walk_content(r, node, kind) && frame_close(r);
}

static bool is_scalar(enum json_kind kind)
{
	return kind == JSON_TRUE || kind == JSON_FALSE || kind == JSON_NUMBER ||
	       kind == JSON_STRING;
}

/* In an array of records, or where one should be: nobody there takes a scalar. */
static bool is_for_records(const struct reader *r, const struct node *node)
{
	if (node->nslot > 0)
		return false;
	if (node->scope >= 0)
		return r->nstep > 0 && r->step[r->nstep - 1].kind == '[';
	return node->element != NULL && node->element->scope >= 0;
}

static bool wrong_value(struct reader *r, const struct node *node)
{
	char place[160];

	json_take(&r->json, NULL);
	if (node->scope < 0 && (r->opts->flags & READ_STREAM) == 0)
		return json_bad(&r->json, r->json.p, "not an array");
	place_print(r, r->nstep, r->line, place);
	return skip_tell(r, place, node->scope < 0 ? "not an array" : "not an object");
}

static bool walk_value(struct reader *r, const struct node *node)
{
	enum json_kind kind = json_peek(&r->json);

	if (kind == JSON_FAIL)
		return false;
	if (node->scope >= 0 && (kind == JSON_OBJECT || (node->self && kind != JSON_NULL)))
		return walk_record(r, node, kind);
	if (is_scalar(kind) && is_for_records(r, node))
		return wrong_value(r, node);
	return walk_content(r, node, kind);
}

/*
 * An array that no scope speaks of: each of its elements is a document, as if it stood alone, and
 * those of an array in it are, too.
 */
static bool walk_documents(struct reader *r)
{
	struct json *j = &r->json;
	enum json_kind kind;

	json_take(j, NULL);
	step_push(r, '[');
	while ((kind = json_peek(j)) != JSON_ARRAY_END) {
		if (kind == JSON_FAIL || !(kind == JSON_ARRAY ? walk_documents(r)
							      : walk_value(r, r->paths.top)))
			return false;
		r->step[r->nstep - 1].index++;
	}
	json_take(j, NULL);
	step_pop(r);
	return true;
}

bool walk_document(struct reader *r)
{
	const struct node *top = r->paths.top;

	json_begin(&r->json);
	if (top->element == NULL && !top->self && !top->raw && json_peek(&r->json) == JSON_ARRAY)
		return walk_documents(r);
	return walk_value(r, top);
}

/* ---- documents and passes ---- */

static bool more(void *ctx, char *dst, size_t size, size_t *n, struct err *e)
{
	struct reader *r = ctx;
	struct sink *sink = r->opts->sink;

	if (sink != NULL && sink->tick != NULL &&
	    !sink->tick(sink, r->done + pass_done(r->pass), r->total, e))
		return false;
	return pass_read(r->pass, dst, size, n, e);
}

/*
 * Behind a document: is there another? Other text is passed over and told; what can only be a rest
 * of JSON is an error.
 */
static bool next_document(struct reader *r, bool *another)
{
	struct json *j = &r->json;
	int c;

	*another = false;
	while ((c = json_space(j)) >= 0) {
		*another = json_starts(j);
		if (*another)
			break;
		if (strchr("}],:\"", c) != NULL)
			return json_bad(j, j->p, "text after the end of the document");
		if (!skip_line(r, json_line(j)))
			return false;
		json_skip_line(j);
	}
	return !j->stopped && skip_flush(r);
}

static bool read_documents(struct reader *r)
{
	struct json *j = &r->json;
	uint64_t skipped = 0;
	bool another = true;

	if (!json_find(j, &skipped))
		return !j->stopped && err_set(r->e, ERR_FORMAT, "no JSON or YAML in it");
	if (skipped > 0) {
		r->skip_from = 1;
		r->skip_to = json_line(j) - 1;
	}
	if (!skip_flush(r))
		return false;
	for (; another; r->document++) {
		r->line = json_line(j);
		if (!walk_document(r) || !next_document(r, &another))
			return false;
	}
	return true;
}

static bool run_pass(struct reader *r, const struct source *src, bool first)
{
	bool ok;

	r->first = first;
	r->document = 0;
	if (!pass_open(src, &r->pass, r->e)) {
		r->placed = true;
		return false;
	}
	json_init(&r->json, more, r, r->e);
	r->json.scan = first;
	walk_reset(r);
	ok = (r->opts->flags & READ_STREAM) != 0 ? read_stream(r) : read_documents(r);
	r->done += pass_done(r->pass);
	json_release(&r->json);
	pass_close(r->pass);
	r->pass = NULL;
	return ok;
}

/*
 * A scan says roughly what is wrong with a text. The pass that would have come next says it
 * exactly; all that it hands over before is in vain.
 */
static bool tell_better(struct reader *r, const struct source *src)
{
	struct err scan = *r->e;

	if (scan.kind != ERR_FORMAT && scan.kind != ERR_LIMIT)
		return false;
	*r->e = (struct err)ERR_INIT;
	late_sort(&r->late);
	if (run_pass(r, src, false))
		*r->e = scan;
	return false;
}

static bool run(struct reader *r, const struct source *src)
{
	bool whole = (r->opts->flags & READ_WHOLE) != 0;
	bool twice = (r->paths.nested || whole) && (r->opts->flags & READ_STREAM) == 0;

	r->once = twice && (r->opts->flags & READ_ORDERED) != 0 && r->opts->sink != NULL &&
		  r->opts->sink->hasty;
	twice = twice && !r->once;
	r->total = (uint64_t)source_size(src) * (twice ? 2 : 1);
	if (!twice)
		return run_pass(r, src, false);
	if (run_pass(r, src, true)) {
		late_sort(&r->late);
		return run_pass(r, src, false);
	}
	return !whole && tell_better(r, src);
}

static void say_place(struct reader *r)
{
	char place[160];

	if (r->placed || r->nstep == 0 || (r->e->kind != ERR_FORMAT && r->e->kind != ERR_LIMIT))
		return;
	place_print(r, r->nstep, json_line(&r->json), place);
	err_context(r->e, "%s", place);
}

bool read_document(const struct source *src, const struct read_scope *scope, size_t nscope,
		   void *ctx, const struct read_opts *o, struct err *e)
{
	static const struct read_opts none;
	struct reader r = { .opts = o != NULL ? o : &none, .ctx = ctx, .e = e, .keys = BUF_INIT,
	                    .scratch = BUF_INIT, .late = { .text = BUF_INIT } };
	bool ok;

	paths_build(&r.paths, r.opts->under, scope, nscope);
	r.open = xcalloc(nscope + 1, sizeof(*r.open));
	ok = run(&r, src);
	if (!ok)
		say_place(&r);
	frames_release(&r);
	free(r.open);
	free(r.step);
	buf_release(&r.keys);
	buf_release(&r.scratch);
	paths_release(&r.paths);
	return ok;
}
