/* SPDX-License-Identifier: MIT */
/* log.c - logs whose lines are objects, with whatever else stands between and before them. */
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>

#include "importers/embedded.h"
#include "importers/log.h"

bool log_skip(struct log *g, const struct read_record *r, const char *reason, struct err *e)
{
	return read_skip_line(g->sink, g->line != 0 ? g->line : r->line, reason, e);
}

void log_origin(const struct log *g, const struct read_record *r, size_t field,
                struct rec_event *out)
{
	out->raw = r->value[field].s;
	out->raw_len = r->value[field].n;
	out->offset = (int64_t)(g->base + r->offset);
}

static void hide_in(json_t *v, const char *const *key, size_t n)
{
	static const char *const values[] = { "value", "str", "str_array", "strArray" };
	const char *name;
	json_t *child;
	size_t i;
	const char *named = json_string_value(json_object_get(v, "name"));
	for (size_t k = 0; k < n; k++) {
		json_object_del(v, key[k]);
		for (size_t m = 0; str_eq(named, key[k]) && m < LENGTH(values); m++)
			json_object_del(v, values[m]);
	}
	json_object_foreach(v, name, child)
		hide_in(child, key, n);
	json_array_foreach(v, i, child)
		hide_in(child, key, n);
}

void log_hide(struct log *g, struct rec_event *ev, const char *const *key, size_t n)
{
	bool any = false;
	for (size_t i = 0; i < n; i++)
		any = any || strstr(ev->raw, key[i]) != NULL;
	if (!any)
		return;
	json_t *v = json_loadb(ev->raw, ev->raw_len, 0, NULL);
	hide_in(v, key, n);
	char *text = v == NULL ? NULL : json_dumps(v, JSON_COMPACT);
	json_decref(v);
	ev->raw = text == NULL ? "" : arena_dup(&g->mem, text);
	ev->raw_len = strlen(ev->raw);
	free(text);
}

static bool read_inside(struct log *g, const char *json, size_t n, uint64_t line, uint64_t offset,
                        struct err *e)
{
	uint64_t old_base = g->base, old_line = g->line;
	bool good;
	g->base = offset;
	g->line = line;
	bool ok = embedded_read(json, n, g->scope, g->nscope, g, &good, e);
	g->base = old_base;
	g->line = old_line;
	return ok && (good || read_skip_line(g->sink, line, "not JSON", e));
}

bool log_time(const struct log *g, struct rec_event *out)
{
	out->ts_ns = g->at * NS_PER_S;
	out->ts_inferred = true;
	return g->at != 0;
}

bool log_inside(struct log *g, const struct read_record *r, const char *json, size_t n,
                struct err *e)
{
	uint64_t line = g->line != 0 ? g->line : r->line;
	return read_inside(g, json, n, line, g->base + r->offset, e);
}

static bool on_text(void *ctx, const char *s, size_t n, uint64_t line, uint64_t offset,
                    struct err *e)
{
	struct log *g = ctx;
	const struct log_line l = { s, n, line, offset };
	const char *json = embedded_find(s);
	bool taken = false;
	if (strspn(s, " \t\r") == n)
		return true;
	if (g->text != NULL) {
		arena_reset(&g->mem);
		if (!g->text(g, &l, &taken, e))
			return false;
	}
	if (taken)
		return true;
	if (json == NULL || json == s)
		return read_skip_line(g->sink, line, "not JSON", e);
	return read_inside(g, json, n - (size_t)(json - s), line, offset + (uint64_t)(json - s), e);
}

bool log_read(struct log *g, const struct source *src, const char *tool, struct err *e)
{
	struct record scan = { .kind = REC_SCAN, .u.scan = { .source = tool } };
	struct read_opts opts = { .flags = READ_STREAM, .sink = g->sink, .text = on_text };
	bool ok = (tool == NULL || g->sink->put(g->sink, &scan, e))
	          && read_document(src, g->scope, g->nscope, g, &opts, e);
	arena_release(&g->mem);
	return ok;
}
