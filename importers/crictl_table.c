/* SPDX-License-Identifier: MIT */
/*
 * crictl_table.c - what `crictl ps`, `crictl pods` and `crictl images` print for people: tables
 * whose columns begin where the words of their head do.
 */
#include "importers/crictl.h"

enum { COLUMNS = 16 };

struct table {
	struct crictl *c;
	struct { const char *name; size_t at; } column[COLUMNS];
	size_t n; /* 0: no table so far, or it is over */
	struct arena mem; /* of the columns */
};

/* ---- heads ---- */

/* Words with one blank between them are one name. */
static size_t name_length(const char *s)
{
	size_t n = 0;
	while (s[n] != '\0' && strchr("\t\r", s[n]) == NULL &&
	       (s[n] != ' ' || strchr(" \r", s[n + 1]) == NULL))
		n++;
	return n;
}

static void split_head(struct table *t, const char *line)
{
	arena_reset(&t->mem);
	t->n = 0;
	for (const char *s = line + strspn(line, " \t"); *s != '\0' && t->n < COLUMNS;
	     s += strspn(s, " \t\r")) {
		size_t n = name_length(s);
		t->column[t->n].name = arena_dupn(&t->mem, s, n);
		t->column[t->n++].at = (size_t)(s - line);
		s += n;
	}
}

static size_t column_of(const struct table *t, const char *name)
{
	size_t i = 0;
	while (i < t->n && !str_eq(t->column[i].name, name))
		i++;
	return i;
}

static bool has(const struct table *t, const char *name)
{
	return column_of(t, name) < t->n;
}

/* docker and nerdctl have heads that are near. */
static bool is_head(struct table *t, const char *line)
{
	split_head(t, line);
	if (t->n > 0 && str_eq(t->column[0].name, "IMAGE"))
		return has(t, "TAG") && has(t, "IMAGE ID") && has(t, "SIZE");
	return t->n > 0 && has(t, "CREATED") && has(t, "STATE") && has(t, "ATTEMPT")
	       && has(t, "POD ID") && has(t, "NAME");
}

static bool begins_table(UNUSED struct arena *mem, const char *line)
{
	struct table t = { .n = 0 };
	bool is = is_head(&t, line);
	arena_release(&t.mem);
	return is;
}

bool crictl_is_table(const char *head)
{
	return head_has(head, 20, begins_table);
}

/* ---- rows ---- */

static const char *cell(const struct table *t, const char *line, const char *name)
{
	size_t i = column_of(t, name), n = strlen(line), from, to;
	if (i == t->n || t->column[i].at >= n)
		return NULL;
	from = t->column[i].at;
	to = i + 1 < t->n && t->column[i + 1].at < n ? t->column[i + 1].at : n;
	while (to > from && strchr(" \t\r", line[to - 1]) != NULL)
		to--;
	return to > from ? arena_dupn(&t->c->mem, line + from, to - from) : NULL;
}

/* "87d3992f84f74": an id, or the beginning of one. */
static bool is_id(const char *s)
{
	return s != NULL && strlen(s) >= 12 && strspn(s, "0123456789abcdef") == strlen(s);
}

static bool put_container(struct table *t, const char *id, const char *line, struct err *e)
{
	const char *image = cell(t, line, "IMAGE"), *state = cell(t, line, "STATE");
	struct record rec = { .kind = REC_RUNNING,
		              .u.running = { .container_id = id,
		                             .container = cell(t, line, "NAME"),
		                             .pod = cell(t, line, "POD"),
		                             .namespace = cell(t, line, "NAMESPACE"),
		                             .image = is_id(image) ? NULL : image,
		                             .phase = state,
		                             .running = str_ieq(state, "running") } };
	crictl_owner(t->c, &rec.u.running);
	return t->c->sink->put(t->c->sink, &rec, e);
}

static bool put_image(struct table *t, const char *line, bool *taken, struct err *e)
{
	const char *name = cell(t, line, "IMAGE"), *tag = cell(t, line, "TAG");
	struct record rec = { .kind = REC_ASSET, .u.asset = { .kind = ASSET_IMAGE } };
	*taken = is_id(cell(t, line, "IMAGE ID")) && name != NULL;
	if (!*taken || tag == NULL || *tag == '<' || *name == '<')
		return true;
	rec.u.asset.name = arena_printf(&t->c->mem, "%s:%s", name, tag);
	return t->c->sink->put(t->c->sink, &rec, e);
}

static bool put_row(struct table *t, const char *line, bool *taken, struct err *e)
{
	const char *first;
	if (!crictl_begin(t->c, e))
		return false;
	if (str_eq(t->column[0].name, "IMAGE"))
		return put_image(t, line, taken, e);
	first = cell(t, line, t->column[0].name);
	*taken = is_id(first) && cell(t, line, "NAME") != NULL;
	if (!*taken)
		return true;
	return str_eq(t->column[0].name, "POD ID")
	               ? crictl_put_pod(t->c, cell(t, line, "NAMESPACE"), cell(t, line, "NAME"),
	                                NULL, e)
	               : put_container(t, first, line, e);
}

/* Prompts stand before and behind tables; a row that is cut off is told. */
static bool on_line(void *ctx, const char *s, size_t n, uint64_t line, UNUSED uint64_t offset,
                    struct err *e)
{
	struct table *t = ctx;
	bool taken = true;
	if (strspn(s, " \t\r") == n || *s == '$' || *s == '#') {
		t->n = 0;
		return true;
	}
	if (t->n == 0) {
		if (!is_head(t, s))
			t->n = 0;
		return true;
	}
	return put_row(t, s, &taken, e) &&
	       (taken || read_skip_line(t->c->sink, line, "no row of the table", e));
}

static bool on_json(void *ctx, const struct read_record *r, struct err *e)
{
	(void)ctx;
	return read_skip(r, "no row of a table", e);
}

bool crictl_table(struct crictl *c, const struct source *src, struct err *e)
{
	static const struct read_scope scope[] = { { "", NULL, 0, on_json, NULL } };
	struct table t = { .c = c };
	struct read_opts opts = { .flags = READ_STREAM, .sink = c->sink, .text = on_line };
	bool ok = read_document(src, scope, LENGTH(scope), &t, &opts, e);
	arena_release(&t.mem);
	return ok;
}
