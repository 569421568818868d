/* SPDX-License-Identifier: MIT */
/* falco.c - alerts of Falco and Falcosidekick: JSON in any shape, text, syslog. Spec: .spec below.
 */
#include <limits.h>

#include "importers/embedded.h"
#include "importers/falco_alert.h"
#include "importers/falco_text.h"
#include "importers/importer.h"
#include "importers/read.h"
#include "importers/source.h"

struct falco {
	struct falco_reading at; /* the event at hand */
	const struct source *src;
	struct sink *sink;
	int64_t  known;   /* the newest time the log itself has dated; 0: none yet */
	uint64_t line;    /* of the object's source; 0: the reader knows */
	bool     wrapped; /* objects were seen that hold alerts */
	enum falco_spelling spelling; /* of the events that are read now */
	enum falco_spelling other;    /* of the last event that was left for later */
	bool seen[FALCO_SPELLINGS];   /* of all that were left for later */
	struct read_field field[FALCO_SPELLINGS][F_COUNT];
};

static bool skip(struct falco *f, const struct read_record *r, const char *reason, struct err *e)
{
	return read_skip_line(f->sink, f->line != 0 ? f->line : r->line, reason, e);
}

static bool holds_alerts(const struct read_record *r)
{
	return r->value[F_RULE].type == READ_NONE
	       && (r->value[F_IN_DATA].type != READ_NONE || read_count(r, F_IN_RESULTS) > 0
	           || r->value[F_IN_HIT].type != READ_NONE || read_count(r, F_IN_HITS) > 0
	           || r->value[F_IN_ECS].type != READ_NONE || read_count(r, F_IN_EVENTS) > 0);
}

/* Read objects inside a text, as alerts; recursive, for they are read by on_event. */
static bool read_inside(struct falco *f, const char *json, size_t n, uint64_t line,
                        uint64_t offset, struct err *e);

static bool on_event(void *ctx, const struct read_record *r, struct err *e)
{
	struct falco *f = ctx;
	struct record rec = { .kind = REC_EVENT, .u.event = { .ts_ns = 0 } };

	arena_reset(&f->at.mem);
	if (falco_spelling(r) != f->spelling) {
		f->other = falco_spelling(r);
		f->seen[f->other] = true;
		return true;
	}
	if (holds_alerts(r)) {
		f->wrapped = true;
		return true;
	}
	if (r->value[F_RULE].type == READ_NONE && f->line == 0
	    && str_prefix(read_text(r, F_MESSAGE), "{")) /* CloudWatch, Datadog */
		return read_inside(f, r->value[F_MESSAGE].s, r->value[F_MESSAGE].n, r->line,
		                   r->offset, e);
	if (r->value[F_RULE].type == READ_NONE)
		return skip(f, r, "no rule: not a Falco event", e);
	if (r->value[F_RULE].type != READ_STRING)
		return skip(f, r, "rule is not a string", e);
	if (read_text(r, F_RULE) == NULL)
		return skip(f, r, "rule is empty", e);
	if (!falco_has_priority(r))
		return skip(f, r, "no priority", e);
	if (!falco_time(&f->at, r, &rec.u.event))
		return skip(f, r, READ_NO_TIME, e);
	falco_fill(&f->at, r, &rec.u.event);
	return f->sink->put(f->sink, &rec, e);
}

static bool on_ecs(void *ctx, const struct read_record *r, struct err *e)
{
	struct falco *f = ctx;
	struct record rec = { .kind = REC_EVENT, .u.event = { .ts_ns = 0 } };

	arena_reset(&f->at.mem);
	if (f->spelling != FALCO_AS_IS)
		return true;
	if (read_text(r, F_RULE) == NULL && read_text(r->up, X_RULE) == NULL)
		return skip(f, r, "no rule: not a Falco event", e);
	if (!falco_has_priority(r))
		return skip(f, r, "no priority", e);
	if (!falco_time(&f->at, r, &rec.u.event))
		return skip(f, r, READ_NO_TIME, e);
	falco_fill(&f->at, r, &rec.u.event);
	falco_fill_ecs(&f->at, r->up, &rec.u.event);
	return f->sink->put(f->sink, &rec, e);
}

/* The scopes; their fields are those of the spelling that is read. */
static const struct read_scope events[] = {
	{ "", NULL, F_COUNT, on_event, NULL },
};
static const struct read_scope wrapped_events[] = {
	{ "data", NULL, F_COUNT, on_event, NULL },      /* CloudEvents             */
	{ "results[]", NULL, F_COUNT, on_event, NULL }, /* Falcosidekick's own UI  */
	{ "events[]", NULL, F_COUNT, on_event, NULL },  /* CloudWatch              */
	{ "_source", NULL, F_COUNT, on_event, NULL },   /* Elasticsearch's answers */
	{ "hits.hits[]._source", NULL, F_COUNT, on_event, NULL },
	{ "", NULL, F_COUNT, NULL, NULL },
	{ "falco", NULL, F_COUNT, on_ecs, NULL },       /* Elastic's agent         */
	{ "_source.falco", NULL, F_COUNT, on_ecs, NULL },
	{ "hits.hits[]._source.falco", NULL, F_COUNT, on_ecs, NULL },
};
enum { MOST_SCOPES = LENGTH(wrapped_events) };

static const struct read_scope *spelt(const struct falco *f, const struct read_scope *scope,
                                      size_t n, struct read_scope out[static MOST_SCOPES])
{
	for (size_t i = 0; i < n; i++) {
		out[i] = scope[i];
		out[i].field = f->field[f->spelling];
	}
	return out;
}

static bool read_inside(struct falco *f, const char *json, size_t n, uint64_t line,
                        uint64_t offset, struct err *e)
{
	struct read_scope scope[MOST_SCOPES];
	enum falco_spelling outside = f->spelling;
	bool good;
	f->at.base = offset;
	f->line = line;
	f->spelling = f->other = FALCO_AS_IS;
	bool ok = embedded_read(json, n, spelt(f, events, LENGTH(events), scope), LENGTH(events),
	                        f, &good, e);
	f->spelling = f->other;
	if (ok && good && f->spelling != FALCO_AS_IS)
		ok = embedded_read(json, n, spelt(f, events, LENGTH(events), scope),
		                   LENGTH(events), f, &good, e);
	f->spelling = outside;
	f->at.base = 0;
	f->line = 0;
	return ok && (good || read_skip_line(f->sink, line, "not JSON", e));
}

/*
 * What follows was written within a day of this, give or take what is out of order. The user may
 * know better.
 */
static void follow(struct falco *f, int64_t time)
{
	if (f->at.at != 0 || time <= f->known)
		return;
	f->known = time;
	f->at.until = time + DAY_S - 3600;
}

static bool on_text(void *ctx, const char *s, size_t n, uint64_t line, uint64_t offset,
                    struct err *e)
{
	struct falco *f = ctx;
	struct record rec = { .kind = REC_EVENT, .u.event = { .ts_ns = 0 } };

	arena_reset(&f->at.mem);
	if (strspn(s, " \t\r") == n)
		return true;
	if (falco_text(&f->at.mem, s, f->at.until, &rec.u.event)) {
		if (rec.u.event.ts_ns < DAY_S * NS_PER_S)
			return read_skip_line(f->sink, line,
			                "a time without a date, and none to take it from: use --at",
			                e);
		rec.u.event.raw = s;
		rec.u.event.raw_len = n;
		rec.u.event.offset = (int64_t)offset;
		if (f->known != 0)
			follow(f, rec.u.event.ts_ns / NS_PER_S);
		return f->sink->put(f->sink, &rec, e);
	}
	const char *json = embedded_find(s);
	if (json != NULL && json > s)
		return read_inside(f, json, n - (size_t)(json - s), line,
		                   offset + (uint64_t)(json - s), e);
	follow(f, falco_text_console(s));
	return read_skip_line(f->sink, line, "not a Falco event", e);
}

/* The file as one spelling after the other, as far as they were seen. */
static bool read_spelt(struct falco *f, const struct read_scope *scope, size_t n,
                       const struct read_opts *first, struct err *e)
{
	const struct read_opts later = { .flags = READ_STREAM }; /* what is skipped was said */
	struct read_scope mine[MOST_SCOPES];
	bool ok = true;
	memset(f->seen, 0, sizeof(f->seen));
	for (size_t i = 0; ok && i < FALCO_SPELLINGS; i++) {
		f->spelling = (enum falco_spelling)i;
		if (i == 0 || f->seen[i])
			ok = read_document(f->src, spelt(f, scope, n, mine), n, f,
			                   i == 0 ? first : &later, e);
	}
	f->spelling = FALCO_AS_IS;
	return ok;
}

static bool read_all(struct falco *f, struct err *e)
{
	struct record scan = { .kind = REC_SCAN, .u.scan = { .source = "falco" } };
	const struct read_opts opts = { .flags = READ_STREAM, .sink = f->sink, .text = on_text };
	const struct read_opts quiet = { .flags = READ_STREAM };
	return f->sink->put(f->sink, &scan, e)
	       && read_spelt(f, events, LENGTH(events), &opts, e)
	       && (!f->wrapped
	           || read_spelt(f, wrapped_events, LENGTH(wrapped_events), &quiet, e));
}

static bool run(const struct source *src, const struct import_opts *o, struct sink *out,
                struct err *e)
{
	struct arena mem = ARENA_INIT;
	struct falco f = { .src = src, .sink = out,
		           .at = { .mem = ARENA_INIT, .tags = BUF_INIT, .at = o->at } };
	f.at.until = o->at != 0 ? o->at : source_mtime(src);
	falco_fields(&mem, f.field);
	bool ok = read_all(&f, e);
	buf_release(&f.at.tags);
	arena_release(&f.at.mem);
	arena_release(&mem);
	return ok;
}

enum { ANY_TIME = INT32_MAX }; /* to recognise a line its date does not matter */

static bool is_text(struct arena *mem, const char *line)
{
	struct rec_event ev;
	return falco_text(mem, line, ANY_TIME, &ev);
}

static bool has_text(const char *head)
{
	return head_has(head, INT_MAX, is_text);
}

static int sniff(const struct peek *p)
{
	const char *type = peek_text(p, "type");
	if (peek_has(p, "condition"))
		return 0; /* a rule, not what it found */
	if (peek_has(p, "rule") && peek_has(p, "priority"))
		return peek_has(p, "output") || peek_has(p, "output_fields")
		                       || peek_has(p, "outputFields")
		                       || (peek_has(p, "message") && peek_has(p, "source"))
		               ? 95 : 0;
	if (type != NULL && str_prefix(type, "falco.") && peek_has(p, "data.rule"))
		return 95;
	if (peek_has(p, "falco.output") && peek_has(p, "falco.priority"))
		return 95;
	if (strstr(peek_head(p), "\"output_fields\"") != NULL
	    && strstr(peek_head(p), "\"rule\"") != NULL)
		return 60; /* other lines come first */
	if (strstr(peek_head(p), "\\\"output_fields\\\"") != NULL
	    && strstr(peek_head(p), "\\\"rule\\\"") != NULL)
		return 80; /* inside another log's text */
	return has_text(peek_head(p)) ? 80 : 0;
}

const struct importer importer_falco = {
	.id = "falco",
	.title = "Falco alerts (JSON, text, syslog), also from Falcosidekick",
	.spec = "https://falco.org/docs/concepts/outputs/",
	.sniff = sniff,
	.run = run,
};
