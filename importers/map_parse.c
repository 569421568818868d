/* SPDX-License-Identifier: MIT */
/* map_parse.c - reading a mapping file: everything in it is known, or an error that says where. */
#include <stdio.h>
#include <stdlib.h>

#include <jansson.h>

#include "importers/map.h"

struct field_list { /* the fields of one level, or the columns, as they are met */
	struct read_field *field;
	size_t             n, cap;
};

struct parsing {
	struct map        *m;
	struct err        *e;
	struct field_list *list; /* one a level; of a table, one */
	unsigned           flags; /* of the fields that are read now */
};

/* Always false: what is wrong at a path of the file. */
static bool PRINTF(3, 4) bad(const struct parsing *p, const char *path, const char *fmt, ...)
{
	char text[200];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return err_set(p->e, ERR_FORMAT, "%s: %s: %s", p->m->file, path, text);
}

/* Is every key of the object one of these? */
static bool check_keys(const struct parsing *p, const char *path, json_t *o,
                       const char *const *known, size_t n)
{
	const char *key;
	json_t *value;

	if (!json_is_object(o))
		return bad(p, path, "not an object");
	json_object_foreach(o, key, value)
		if (str_index(known, n, key) < 0)
			return bad(p, path, "nothing is called \"%.60s\" here", key);
	return true;
}

/* A text that has to be there; *out is left alone where it need not and is not. */
static bool get_text(const struct parsing *p, json_t *o, const char *key, bool needed,
                     const char **out)
{
	json_t *v = json_object_get(o, key);

	if (v == NULL && !needed)
		return true;
	if (!json_is_string(v) || *json_string_value(v) == '\0')
		return bad(p, key, v == NULL ? "missing" : "not a text");
	*out = arena_dup(&p->m->mem, json_string_value(v));
	return true;
}

/* One of a few words. */
static bool get_word(const struct parsing *p, json_t *o, const char *key,
                     const char *const *word, size_t n, int none, int *out)
{
	const char *text = NULL;

	*out = none;
	if (!get_text(p, o, key, none < 0, &text))
		return false;
	if (text == NULL)
		return true;
	*out = str_index(word, n, text);
	return *out >= 0 || bad(p, key, "\"%.60s\" is none of the words it can be", text);
}

/* ---- where things are ---- */

static size_t add_name(struct parsing *p, struct field_list *l, const char *name)
{
	for (size_t i = 0; i < l->n; i++)
		if (str_eq(l->field[i].name, name) && l->field[i].flags == p->flags)
			return i;
	if (l->n == l->cap) {
		l->cap = l->cap == 0 ? 16 : 2 * l->cap;
		l->field = xrealloc_array(l->field, l->cap, sizeof(*l->field));
	}
	l->field[l->n] = (struct read_field){ arena_dup(&p->m->mem, name), p->flags };
	return l->n++;
}

/* Keys with dots between them, each with any number of "[]" and "{}" behind it. */
static bool is_path(const char *s)
{
	if (strchr(s, '*') != NULL || *s == '.' || str_suffix(s, "."))
		return false;
	for (; *s != '\0'; s++) {
		if (str_prefix(s, ".."))
			return false;
		if (strchr("[]{}", *s) == NULL)
			continue;
		if (!str_prefix(s, "[]") && !str_prefix(s, "{}"))
			return false;
		s++;
		if (strchr(".[{", s[1]) == NULL)
			return false;
	}
	return true;
}

/* Each place in the records' path where one object stands for several is a level. */
static bool make_levels(struct parsing *p, const char *records)
{
	struct map *m = p->m;
	size_t n = strlen(records), at;

	if (!is_path(records))
		return bad(p, "records", "not a path: \"%.60s\"", records);
	m->level = arena_array(&m->mem, struct read_scope, n + 2);
	if (!str_prefix(records, "[]") && !str_prefix(records, "{}"))
		m->level[m->nlevel++].path = "";
	for (at = 0; at < n; at++)
		if (str_prefix(records + at, "[]") || str_prefix(records + at, "{}"))
			m->level[m->nlevel++].path = arena_dupn(&m->mem, records, at++ + 2);
	if (!str_eq(m->level[m->nlevel - 1].path, records))
		m->level[m->nlevel++].path = records;
	return true;
}

/* "/a[].b" is below the deepest level that its beginning names; other paths below the record. */
static size_t level_of(const struct map *m, const char **path)
{
	size_t i = m->nlevel - 1, n;

	if (**path != '/')
		return i;
	(*path)++;
	for (i++; i-- > 0;) {
		n = strlen(m->level[i].path);
		if (n > 0 && str_prefix(*path, m->level[i].path) &&
		    ((*path)[n] == '.' || (*path)[n] == '\0')) {
			*path += n + ((*path)[n] == '.');
			return i;
		}
	}
	return 0;
}

static bool get_part(struct parsing *p, const char *place, json_t *v, struct map_part *out)
{
	const char *path = json_string_value(v);

	if (path == NULL || *path == '\0')
		return bad(p, place, "not the path of a field");
	if (*path == '=') {
		*out = (struct map_part){ .text = arena_dup(&p->m->mem, path + 1) };
		return true;
	}
	if (p->m->form == MAP_CSV) {
		*out = (struct map_part){ .index = add_name(p, p->list, path) };
		return true;
	}
	out->level = level_of(p->m, &path);
	if (str_eq(path, "@key")) {
		out->index = MAP_KEY;
		return true;
	}
	if (*path == '\0' || !is_path(path))
		return bad(p, place, "not a path: \"%.60s\"", json_string_value(v));
	out->index = add_name(p, &p->list[out->level], path);
	return true;
}

static bool get_parts(struct parsing *p, const char *place, json_t *v, struct map_value *out)
{
	size_t n = json_is_array(v) ? json_array_size(v) : 1, i;
	struct map_part *part = arena_array(&p->m->mem, struct map_part, n + 1);

	for (i = 0; i < n; i++)
		if (!get_part(p, place, json_is_array(v) ? json_array_get(v, i) : v, &part[i]))
			return false;
	out->part = part;
	out->npart = n;
	return true;
}

static bool get_match(struct parsing *p, const char *place, json_t *v, struct map_value *out)
{
	const char *text = json_string_value(v);

	if (text == NULL || regcomp(&out->regex, text, REG_EXTENDED) != 0)
		return bad(p, place, "match: not a regular expression");
	out->match = true;
	return out->regex.re_nsub > 0 ||
	       bad(p, place, "match: the expression has no group in brackets to take");
}

/*
 * A path, or an object that says more: const; path or join; match; default, which is a text or
 * again such an object.
 */
static bool get_value(struct parsing *p, const char *place, json_t *v, struct map_value *out)
{
	static const char *const known[] = { "const", "path", "join", "match", "default" };
	json_t *path = json_object_get(v, "path"), *join = json_object_get(v, "join");
	const char *text = json_string_value(json_object_get(v, "const"));
	json_t *match = json_object_get(v, "match"), *other = json_object_get(v, "default");

	out->place = arena_dup(&p->m->mem, place);
	if (json_is_string(v))
		return get_parts(p, place, v, out);
	if (!check_keys(p, place, v, known, LENGTH(known)))
		return false;
	if ((text != NULL) + (path != NULL) + (join != NULL) != 1)
		return bad(p, place, "wants one of \"const\", \"path\" and \"join\"");
	out->text = arena_dup(&p->m->mem, text != NULL ? text : json_string_value(other));
	if (join != NULL && !json_is_array(join))
		return bad(p, place, "join is not an array");
	if (text == NULL && !get_parts(p, place, path != NULL ? path : join, out))
		return false;
	if (match != NULL && !get_match(p, place, match, out))
		return false;
	if (!json_is_object(other))
		return true;
	out->other = arena_array(&p->m->mem, struct map_value, 1);
	*out->other = (struct map_value){ .place = NULL };
	return get_value(p, arena_printf(&p->m->mem, "%s.default", place), other, out->other);
}

static const char *const field_name[MAP_FIELDS] = {
#define FIELD(id, name) name,
#include "importers/map_fields.def"
#undef FIELD
};

/* Every member of a group of fields: "asset" has "asset.name", ...; `extra` are not fields. */
static bool get_fields(struct parsing *p, json_t *file, const char *group,
                       const char *const *extra, size_t nextra)
{
	json_t *o = json_object_get(file, group);
	const char *key, *place;
	json_t *value;
	int i;

	if (o == NULL)
		return true;
	if (!json_is_object(o))
		return bad(p, group, "not an object");
	json_object_foreach(o, key, value) {
		if (str_index(extra, nextra, key) >= 0)
			continue;
		place = arena_printf(&p->m->mem, "%s.%.60s", group, key);
		i = str_index(field_name, MAP_FIELDS, place);
		if (i < 0)
			return bad(p, place, "there is no such field");
		p->flags = i == MAP_ALIASES && p->m->form != MAP_CSV ? READ_LIST : 0;
		if (!get_value(p, place, value, &p->m->field[i]))
			return false;
	}
	return true;
}

/* ---- words ---- */

static bool get_words(struct parsing *p, json_t *file, const char *key,
                      const char *const *known, size_t nknown, struct map_words *out)
{
	json_t *o = json_object_get(file, key);
	struct map_word *word;
	const char *name;
	json_t *value;

	if (o == NULL)
		return true;
	if (!json_is_object(o))
		return bad(p, key, "not an object");
	word = arena_array(&p->m->mem, struct map_word, json_object_size(o) + 1);
	json_object_foreach(o, name, value) {
		int i = str_index(known, nknown, json_string_value(value));

		if (i < 0)
			return bad(p, arena_printf(&p->m->mem, "%s.%.60s", key, name),
			           "none of the words it can be");
		word[out->n++] = (struct map_word){ arena_dup(&p->m->mem, name), i };
	}
	out->word = word;
	return true;
}

/* ---- recognising ---- */

static bool get_claims(struct parsing *p, json_t *file)
{
	static const char *const known[] = { "has", "is", "columns" };
	json_t *o = json_object_get(file, "recognise");
	json_t *has = json_object_get(o, "has"), *is = json_object_get(o, "is"), *one;
	json_t *columns = json_object_get(o, "columns");
	struct map_claim *claim;
	const char *path;
	json_t *value;
	size_t i;

	if (o == NULL)
		return true;
	if (!check_keys(p, "recognise", o, known, LENGTH(known)))
		return false;
	if ((columns != NULL) != (p->m->form == MAP_CSV))
		return bad(p, "recognise", "a table is told by \"columns\", and nothing else is");
	has = columns != NULL ? columns : has;
	claim = arena_array(&p->m->mem, struct map_claim,
	                    json_array_size(has) + json_object_size(is) + 1);
	json_array_foreach(has, i, one) {
		if (!json_is_string(one))
			return bad(p, "recognise", "not a text among what a file has");
		claim[p->m->nclaim++].path = arena_dup(&p->m->mem, json_string_value(one));
	}
	json_object_foreach(is, path, value) {
		if (!json_is_string(value))
			return bad(p, "recognise.is", "not a text");
		claim[p->m->nclaim++] = (struct map_claim){
			arena_dup(&p->m->mem, path),
			arena_dup(&p->m->mem, json_string_value(value)),
		};
	}
	p->m->claim = claim;
	return p->m->nclaim > 0 || bad(p, "recognise", "asks for nothing: every file has that");
}

/* ---- the file ---- */

/* The level's fields for the reader; the records' own also take what is no object, to skip it. */
static void settle_levels(struct parsing *p)
{
	struct map *m = p->m;

	for (size_t i = 0; i < m->nlevel; i++) {
		struct field_list *l = &p->list[i];
		bool last = i + 1 == m->nlevel && !str_eq(m->level[i].path, "");
		struct read_field *f = arena_array(&m->mem, struct read_field, l->n + 2);

		if (l->n > 0)
			memcpy(f, l->field, l->n * sizeof(*f));
		f[l->n].name = "";
		m->level[i].field = f;
		m->level[i].nfield = l->n + last;
	}
	for (int i = MAP_SCAN_TIME; i <= MAP_ASSET_TYPE; i++)
		for (const struct map_value *v = &m->field[i]; v != NULL; v = v->other)
			for (size_t k = 0; k < v->npart; k++)
				if (v->part[k].level > m->asset_level)
					m->asset_level = v->part[k].level;
}

static void settle_columns(struct parsing *p)
{
	const char **column = arena_array(&p->m->mem, const char *, p->list->n + 1);

	for (size_t i = 0; i < p->list->n; i++)
		column[i] = p->list->field[i].name;
	p->m->column = column;
	p->m->ncolumn = p->list->n;
}

/* A finding without these is none. */
static bool check_needed(const struct parsing *p)
{
	const struct map *m = p->m;

	if (m->field[MAP_ID].place == NULL)
		return bad(p, "fields.id", "missing");
	if (m->kind == FINDING_VULNERABILITY && m->field[MAP_PACKAGE].place == NULL &&
	    m->field[MAP_PURL].place == NULL)
		return bad(p, "fields.package", "missing: a vulnerability is one of a package");
	return true;
}

static bool get_layout(struct parsing *p, json_t *file)
{
	static const char *const form[] = { "json", "json-lines", "csv" };
	struct map *m = p->m;
	const char *records = NULL, *comma = ",";
	int word;

	if (!get_word(p, file, "form", form, LENGTH(form), MAP_JSON, &word))
		return false;
	m->form = (enum map_form)word;
	if (!get_text(p, file, "records", false, &records) ||
	    !get_text(p, file, "separator", false, &comma))
		return false;
	m->comma = comma[0];
	if (comma[1] != '\0')
		return bad(p, "separator", "more than one character");
	if ((records != NULL || m->form == MAP_JSON) && m->form == MAP_CSV)
		return bad(p, "records", "each line of a table is a record");
	if (records == NULL && m->form == MAP_JSON)
		return bad(p, "records", "missing");
	if (m->form != MAP_CSV && !make_levels(p, records == NULL ? "" : records))
		return false;
	p->list = xcalloc(m->nlevel + 1, sizeof(*p->list));
	return true;
}

static bool get_words_of(struct parsing *p, json_t *file)
{
	const char *severity[SEV_COUNT], *verdict[VERDICT_COUNT];

	for (int i = 0; i < SEV_COUNT; i++)
		severity[i] = severity_word((enum severity)i);
	for (int i = 0; i < VERDICT_COUNT; i++)
		verdict[i] = verdict_word((enum verdict)i);
	return get_words(p, file, "severities", severity, SEV_COUNT, &p->m->severities) &&
	       get_words(p, file, "verdicts", verdict, VERDICT_COUNT, &p->m->verdicts);
}

static bool get_kinds(struct parsing *p, json_t *file)
{
	const char *kind[FINDING_KIND_COUNT], *asset[ASSET_KIND_COUNT];
	json_t *of = json_object_get(file, "asset");
	json_t *whole = json_object_get(file, "complete");
	int word;

	for (int i = 0; i < FINDING_KIND_COUNT; i++)
		kind[i] = finding_kind_word((enum finding_kind)i);
	for (int i = 0; i < ASSET_KIND_COUNT; i++)
		asset[i] = asset_kind_word((enum asset_kind)i);
	if (!get_word(p, file, "kind", kind, FINDING_KIND_COUNT, FINDING_VULNERABILITY, &word))
		return false;
	p->m->kind = (enum finding_kind)word;
	if (!get_word(p, of, "is", asset, ASSET_KIND_COUNT, ASSET_IMAGE, &word))
		return false;
	p->m->asset = (enum asset_kind)word;
	if (whole != NULL && !json_is_boolean(whole))
		return bad(p, "complete", "neither true nor false");
	p->m->whole = json_is_true(whole);
	return true;
}

static bool parse(struct parsing *p, json_t *file)
{
	static const char *const known[] = {
		"name", "title", "tool", "form", "separator", "recognise", "records", "kind",
		"complete", "scan", "asset", "fields", "severities", "verdicts", "note",
	};
	static const char *const scan[] = { "time_format" };
	static const char *const asset[] = { "is" };
	struct map *m = p->m;

	if (!check_keys(p, "(top)", file, known, LENGTH(known)) ||
	    !get_text(p, file, "name", true, &m->as.id) ||
	    !get_text(p, file, "tool", true, &m->tool))
		return false;
	if (importer_find(m->as.id) != NULL)
		return bad(p, "name", "a built-in format is called \"%.60s\"", m->as.id);
	m->as.title = m->as.id;
	if (!get_text(p, file, "title", false, &m->as.title) || !get_layout(p, file) ||
	    !get_kinds(p, file) || !get_words_of(p, file) ||
	    !get_text(p, json_object_get(file, "scan"), "time_format", false, &m->time_format) ||
	    !get_fields(p, file, "scan", scan, LENGTH(scan)) ||
	    !get_fields(p, file, "asset", asset, LENGTH(asset)) ||
	    !get_fields(p, file, "fields", NULL, 0) || !get_claims(p, file) || !check_needed(p))
		return false;
	if (m->form == MAP_CSV)
		settle_columns(p);
	else
		settle_levels(p);
	return true;
}

/* "name 1a2b3c4d" */
static const char *edition(struct map *m, const char *json, size_t n)
{
	uint8_t hash[SHA256_SIZE];
	char hex[2 * SHA256_SIZE + 1];

	sha256_of(json, n, hash);
	hex_print(hash, SHA256_SIZE, hex);
	return arena_printf(&m->mem, "%s %.8s", m->as.id, hex);
}

bool map_parse(const char *file, const char *json, size_t n, struct map **out, struct err *e)
{
	struct parsing p = { .m = xcalloc(1, sizeof(*p.m)), .e = e };
	json_error_t where;
	json_t *top = json_loadb(json, n, JSON_REJECT_DUPLICATES, &where);
	bool ok;

	p.m->file = arena_dup(&p.m->mem, file);
	p.m->as.spec = "importers/README.md";
	ok = top != NULL ? parse(&p, top) :
	     err_set(e, ERR_FORMAT, "%s: line %d, column %d: %s", file, where.line, where.column,
	             where.text);
	if (ok)
		p.m->edition = edition(p.m, json, n);
	for (size_t i = 0; p.list != NULL && i <= p.m->nlevel; i++)
		free(p.list[i].field);
	free(p.list);
	json_decref(top);
	if (!ok) {
		map_free(p.m);
		p.m = NULL;
	}
	*out = p.m;
	return ok;
}

void map_free(struct map *m)
{
	if (m == NULL)
		return;
	for (int i = 0; i < MAP_FIELDS; i++)
		for (struct map_value *v = &m->field[i]; v != NULL; v = v->other)
			if (v->match)
				regfree(&v->regex);
	arena_release(&m->mem);
	free(m);
}
