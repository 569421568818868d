/* SPDX-License-Identifier: MIT */
/* peek.c - the keys and scalars at the top of a file, for recognising its format. */
#include <stdlib.h>

#include "importers/peek.h"
#include "importers/source_inner.h"

#define KEYS    4    /* how many keys deep                       */
#define ENTRIES 4096 /* how many paths, against huge dictionaries */
#define TEXT    1024 /* of a scalar, bytes kept                   */

struct entry {
	const char *path;
	const char *text;   /* of a scalar; NULL: a container */
	bool        number, null;
	size_t      keys;   /* in the path */
};

struct peek {
	const struct source *src;
	struct arena         mem;
	struct entry        *entry;
	size_t               n;
	char                 open;
	bool                 whole, null;
	bool                 bare; /* at the top a scalar, or an array of one or of "{}" */
	struct err           broken; /* why the newest look did not see it whole */
	/* while looking */
	struct json          json;
	struct buf           path, text;
	struct pass         *pass;
	bool                 head_given;
};

struct peek *peek_new(const struct source *src)
{
	struct peek *p = xcalloc(1, sizeof(*p));

	p->src = src;
	p->entry = xcalloc(ENTRIES, sizeof(*p->entry));
	p->path = p->text = (struct buf)BUF_INIT;
	return p;
}

void peek_free(struct peek *p)
{
	arena_release(&p->mem);
	buf_release(&p->path);
	buf_release(&p->text);
	free(p->entry);
	free(p);
}

/* ---- looking ---- */

static struct entry *add(struct peek *p, size_t keys)
{
	if (p->n == ENTRIES || p->path.len == 0)
		return NULL;
	p->entry[p->n] = (struct entry){ .path = arena_dup(&p->mem, p->path.s), .keys = keys };
	return &p->entry[p->n++];
}

static void add_text(struct peek *p, size_t keys, struct json_span s, bool number)
{
	struct entry *en = add(p, keys);

	p->bare = p->bare || p->path.len == 0;
	if (en == NULL)
		return;
	buf_reset(&p->text);
	json_repair(s.s, s.n < TEXT ? s.n : TEXT, &p->text);
	en->text = arena_dup(&p->mem, p->text.s);
	en->number = number;
}

static void path_cut(struct peek *p, size_t len)
{
	p->path.len = len;
	if (p->path.cap > 0)
		p->path.s[len] = 0;
}

static bool look_value(struct peek *p, size_t keys);

static bool look_object(struct peek *p, size_t keys)
{
	struct json_span key;
	size_t len = p->path.len;
	enum json_kind kind;

	json_take(&p->json, NULL);
	while ((kind = json_peek(&p->json)) == JSON_KEY) {
		json_take(&p->json, &key);
		if (len > 0)
			buf_addc(&p->path, '.');
		json_repair(key.s, key.n, &p->path);
		if (!look_value(p, keys + 1))
			return false;
		path_cut(p, len);
	}
	if (kind == JSON_FAIL)
		return false;
	json_take(&p->json, NULL);
	return true;
}

/*
 * The first element stands for all. The top-level array is transparent: paths begin in its first
 * element.
 */
static bool look_array(struct peek *p, size_t keys)
{
	size_t len = p->path.len, n = p->n;
	enum json_kind kind;

	json_take(&p->json, NULL);
	for (size_t i = 0; (kind = json_peek(&p->json)) != JSON_ARRAY_END; i++) {
		if (i == 0 && len > 0)
			buf_adds(&p->path, "[0]");
		if (kind == JSON_FAIL || !(i == 0 ? look_value(p, keys) : json_skip(&p->json)))
			return false;
		p->bare = p->bare || (len == 0 && kind == JSON_OBJECT && p->n == n);
		path_cut(p, len);
	}
	json_take(&p->json, NULL);
	return true;
}

static bool look_value(struct peek *p, size_t keys)
{
	struct json *j = &p->json;
	struct json_span s;
	struct entry *en;
	enum json_kind kind = json_peek(j);

	if (kind == JSON_OBJECT || kind == JSON_ARRAY) {
		add(p, keys);
		if (keys >= KEYS)
			return json_skip(j);
		return kind == JSON_OBJECT ? look_object(p, keys) : look_array(p, keys);
	}
	if (kind == JSON_FAIL)
		return false;
	json_take(j, &s);
	if (kind != JSON_NULL)
		add_text(p, keys, s, kind == JSON_NUMBER);
	else if ((en = add(p, keys)) != NULL)
		en->null = true;
	return true;
}

static bool more_head(void *ctx, char *dst, size_t size, size_t *n, struct err *e)
{
	struct peek *p = ctx;

	(void)e;
	*n = p->head_given || p->src->head.len > size ? 0 : p->src->head.len;
	if (*n > 0)
		memcpy(dst, p->src->head.s, *n);
	p->head_given = true;
	return true;
}

static bool more_file(void *ctx, char *dst, size_t size, size_t *n, struct err *e)
{
	struct peek *p = ctx;

	return pass_read(p->pass, dst, size, n, e);
}

static void forget(struct peek *p)
{
	p->n = 0;
	p->open = 0;
	p->null = p->bare = false;
	arena_reset(&p->mem);
	path_cut(p, 0);
}

/* The first document that can be read, or as much of the last one tried as there is. */
static void look_documents(struct peek *p, struct err *e)
{
	struct json *j = &p->json;
	uint64_t skipped;

	while (!p->whole && !j->stopped && json_find(j, &skipped)) {
		uint64_t at = json_offset(j);

		forget(p);
		*e = (struct err)ERR_INIT;
		p->null = *j->p == 'n';
		p->open = (char)(p->null ? 0 : *j->p);
		json_begin(j);
		p->whole = look_value(p, 0);
		if (p->whole || j->ended || json_offset(j) == at)
			break;
		json_skip_line(j);
	}
}

bool peek_look(struct peek *p, bool whole, struct err *e)
{
	/* the head of YAML is not JSON: take all of its JSON form */
	whole = whole || source_form(p->src) == SOURCE_YAML;
	p->head_given = false;
	if (whole && !pass_open(p->src, &p->pass, e))
		return false;
	p->broken = (struct err)ERR_INIT;
	json_init(&p->json, whole ? more_file : more_head, p, &p->broken);
	look_documents(p, &p->broken);
	pass_close(p->pass);
	p->pass = NULL;
	if (p->json.stopped)
		*e = p->broken;
	json_release(&p->json);
	return !p->json.stopped;
}

/* ---- asking ---- */

const struct err *peek_broken(const struct peek *p)
{
	return p->whole || p->broken.kind == ERR_NONE ? NULL : &p->broken;
}

/*
 * "a{}.b" is "a.X.b" and "{}.b" is "X.b", whatever X is; it has no dot. `any`: where "{}" stands in
 * the path; NULL: it does not.
 */
static bool is_path(const char *have, const char *path, const char *any)
{
	size_t n = any != NULL ? (size_t)(any - path) : 0;

	if (any == NULL)
		return str_eq(have, path);
	if (strncmp(have, path, n) != 0 || (n > 0 && have[n++] != '.'))
		return false;
	return str_eq(have + n + strcspn(have + n, "."), any + 2);
}

static const struct entry *find(const struct peek *p, const char *path)
{
	const char *any = strstr(path, "{}");

	for (size_t i = 0; i < p->n; i++)
		if (!p->entry[i].null && is_path(p->entry[i].path, path, any))
			return &p->entry[i];
	return NULL;
}

const char *peek_name(const struct peek *p)
{
	return source_name(p->src);
}

char peek_open(const struct peek *p)
{
	return p->open;
}

const char *peek_head(const struct peek *p)
{
	return p->src->head.s;
}

bool head_has(const char *head, int most, bool (*is)(struct arena *mem, const char *line))
{
	struct arena mem = ARENA_INIT;
	bool found = false;

	for (int i = 0; i < most && *head != '\0' && !found; i++) {
		size_t n = strcspn(head, "\r\n");

		found = is(&mem, arena_dupn(&mem, head, n));
		arena_reset(&mem);
		head += n + strspn(head + n, "\r\n");
	}
	arena_release(&mem);
	return found;
}

bool peek_has(const struct peek *p, const char *path)
{
	return find(p, path) != NULL;
}

const char *peek_text(const struct peek *p, const char *path)
{
	const struct entry *en = find(p, path);

	return en != NULL ? en->text : NULL;
}

bool peek_is(const struct peek *p, const char *path, const char *text)
{
	const char *have = peek_text(p, path);

	return have != NULL && str_eq(have, text);
}

bool peek_number(const struct peek *p, const char *path)
{
	const struct entry *en = find(p, path);

	return en != NULL && en->number;
}

bool peek_key_like(const struct peek *p, const char *prefix, const char *suffix)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->entry[i].keys == 1 && !str_suffix(p->entry[i].path, "[0]") &&
		    (prefix == NULL || str_prefix(p->entry[i].path, prefix)) &&
		    (suffix == NULL || str_suffix(p->entry[i].path, suffix)))
			return true;
	return false;
}

bool peek_whole(const struct peek *p)
{
	return p->whole;
}

bool peek_empty(const struct peek *p)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->entry[i].text != NULL || p->entry[i].keys > 1 ||
		    str_suffix(p->entry[i].path, "[0]"))
			return false;
	return p->whole && !p->bare;
}

bool peek_source_has(const struct source *src, const char *path)
{
	struct peek *p = peek_new(src);
	struct err ignored = ERR_INIT; /* whoever reads the source meets it again */
	bool found = peek_look(p, false, &ignored) && peek_has(p, path);

	if (!found && !peek_whole(p))
		found = peek_look(p, true, &ignored) && peek_has(p, path);
	peek_free(p);
	return found;
}

bool peek_source_nested(const struct source *src)
{
	struct peek *p = peek_new(src);
	struct err ignored = ERR_INIT;
	const char *s = peek_look(p, false, &ignored) && peek_open(p) == '[' ?
	                strchr(peek_head(p), '[') : NULL;
	bool nested = s != NULL && s[1 + strspn(s + 1, " \t\r\n")] == '[';

	peek_free(p);
	return nested;
}
