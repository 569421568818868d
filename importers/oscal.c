/* SPDX-License-Identifier: MIT */
/*
 * oscal.c - OSCAL catalogues and profiles: a catalogue is a framework with its controls, a profile
 * one with those that it selects from frameworks that are there. Spec: .spec below.
 */
#include <jansson.h>

#include "importers/oscal.h"
#include "importers/source.h"

#define LIMIT ((size_t)64 << 20) /* bytes of a document */

bool oscal_put(struct oscal *o, const struct rec_entry *n)
{
	const struct record rec = { .kind = REC_ENTRY, .u.entry = *n };

	return o->sink->put(o->sink, &rec, o->e);
}

bool oscal_change(struct oscal *o, const struct rec_change *c)
{
	const struct record rec = { .kind = REC_CHANGE, .u.change = *c };

	return o->sink->put(o->sink, &rec, o->e);
}

bool oscal_skip(struct oscal *o, const char *place, const char *reason)
{
	const struct record rec = {
		.kind = REC_SKIP, .u.skip = { .place = place, .reason = reason },
	};

	return o->sink->put(o->sink, &rec, o->e);
}

const char *oscal_text(json_t *object, const char *key)
{
	const char *s = json_string_value(json_object_get(object, key));

	return str_empty(s) ? NULL : s;
}

/* The last folder of a path that goes through it to `base`, ".." and all; NULL: none is named. */
static const char *folder_of(struct arena *mem, const char *path, const char *base)
{
	const char *end = base, *start;
	size_t up = 0, n;

	for (; end > path; end = start) {
		end--; /* at the slash */
		start = end;
		while (start > path && start[-1] != '/')
			start--;
		n = (size_t)(end - start);
		if (n == 2 && str_prefix(start, ".."))
			up++;
		else if (n > 0 && (n > 1 || *start != '.') && up-- == 0)
			return arena_dupn(mem, start, n);
	}
	return NULL;
}

/*
 * A framework is known by its file: "NIST_SP-800-53_rev5_catalog-min.json" and what a profile calls
 * "../json/NIST_SP-800-53_rev5_catalog.json" are "NIST_SP-800-53_rev5". Where all files are called
 * alike it is known by its folder: "catalogs/shop/catalog.json" is "shop-catalog".
 */
const char *oscal_key(struct arena *mem, const char *path)
{
	static const char *const tail[] = {
		"_catalog", "-catalog", "_profile", "-profile", "_resolved", "-resolved",
	};
	const char *slash = strrchr(path, '/'), *base = slash == NULL ? path : slash + 1, *at;
	const char *folder;
	size_t n = strcspn(base, "?#");
	char *key;

	for (size_t i = 0; i < LENGTH(tail); i++)
		if ((at = strstr(base, tail[i])) != NULL && at > base && (size_t)(at - base) < n)
			n = (size_t)(at - base);
	at = strchr(base, '.');
	while (at != NULL && !str_prefix(at, ".json") && !str_prefix(at, ".xml") &&
	       !str_prefix(at, ".yaml") && !str_prefix(at, ".yml") && !str_prefix(at, ".oscal"))
		at = strchr(at + 1, '.');
	if (at != NULL && at > base && (size_t)(at - base) < n)
		n = (size_t)(at - base);
	key = arena_dupn(mem, base, n);
	folder = str_eq(key, "catalog") || str_eq(key, "profile") ? folder_of(mem, path, base)
	                                                          : NULL;
	if (folder != NULL)
		key = arena_printf(mem, "%s-%s", folder, key);
	for (char *c = key; *c != '\0'; c++)
		if (strchr("/: \t|;", *c) != NULL)
			*c = '-';
	return *key == '\0' ? "OSCAL" : key;
}

bool oscal_too_old(struct oscal *o, const char *what)
{
	return err_set(o->e, ERR_FORMAT, "of OSCAL before 1.0 (%.60s), which is not read: convert "
	               "it to 1.0 or later", what);
}

static bool put_framework(struct oscal *o, json_t *top)
{
	json_t *meta = json_object_get(top, "metadata");
	const char *version = oscal_text(meta, "version"), *uuid = oscal_text(top, "uuid");
	const char *written = oscal_text(meta, "oscal-version"), *attributes = NULL;

	if (oscal_text(meta, "title") == NULL)
		return err_set(o->e, ERR_FORMAT, "no metadata.title");
	if (written != NULL && str_prefix(written, "1.0.0-milestone"))
		return oscal_too_old(o, written);
	if (version != NULL)
		attributes = arena_printf(&o->mem, "version=%s", version);
	if (uuid != NULL)
		attributes = arena_printf(&o->mem, "%s%soscal_uuid=%s",
		                          attributes == NULL ? "" : attributes,
		                          attributes == NULL ? "" : " | ", uuid);
	return oscal_put(o, &(struct rec_entry){
		.kind = ENTRY_FRAMEWORK, .framework = o->key, .id = o->key,
		.title = oscal_text(meta, "title"), .attributes = attributes,
		.text = oscal_text(meta, "remarks"), .source = "OSCAL",
	});
}

static bool put_document(struct oscal *o, json_t *file)
{
	json_t *catalogue = json_object_get(file, "catalog");
	json_t *profile = json_object_get(file, "profile");

	if (json_is_object(catalogue))
		return put_framework(o, catalogue) && oscal_catalogue(o, catalogue);
	if (json_is_object(profile))
		return put_framework(o, profile) && oscal_profile(o, profile) &&
		       oscal_modify(o, profile);
	return err_set(o->e, ERR_FORMAT, "neither a catalogue nor a profile of OSCAL");
}

/* The whole document: its parts refer to one another in both directions. */
static bool read_all(const struct source *src, struct buf *out, struct err *e)
{
	static const size_t block = 64 << 10;
	struct pass *pass;
	char *room;
	size_t n = 1;
	bool ok;

	if (!pass_open(src, &pass, e))
		return false;
	room = xmalloc(block);
	while ((ok = pass_read(pass, room, block, &n, e)) && n > 0 && out->len <= LIMIT)
		buf_add(out, room, n);
	free(room);
	pass_close(pass);
	return ok && (out->len <= LIMIT || err_set(e, ERR_LIMIT, "longer than 64 MiB"));
}

static int sniff(const struct peek *p)
{
	if (peek_has(p, "catalog.metadata") || peek_has(p, "catalog.uuid"))
		return 95;
	return peek_has(p, "profile.imports") ||
	       (peek_has(p, "profile.metadata") && peek_has(p, "profile.uuid")) ? 95 : 0;
}

/* Behind lines that are none of it, as of what fetched it. */
static const char *document(const char *text)
{
	const char *s = text;

	while (*s != '\0' && *s != '{' && *s != '[') {
		s += strcspn(s, "\n");
		s += strspn(s, " \t\r\n");
	}
	return *s == '\0' ? text : s;
}

static bool run(const struct source *src, const struct import_opts *opts UNUSED, struct sink *out,
                struct err *e)
{
	struct oscal o = { .sink = out, .e = e };
	struct buf text = BUF_INIT;
	json_error_t where;
	const char *start;
	json_t *file;
	bool ok = read_all(src, &text, e);

	if (ok) {
		o.path = source_path(src);
		o.key = oscal_key(&o.mem, o.path);
		start = document(text.s);
		file = json_loads(start, JSON_DISABLE_EOF_CHECK, &where);
		ok = file == NULL ? err_set(e, ERR_FORMAT, "line %d, column %d: %s", where.line,
		                            where.column, where.text) : put_document(&o, file);
		json_decref(file);
	}
	buf_release(&text);
	arena_release(&o.row);
	arena_release(&o.mem);
	return ok;
}

const struct importer importer_oscal = {
	.id    = "oscal",
	.title = "OSCAL catalogue or profile",
	.spec  = "https://pages.nist.gov/OSCAL/resources/concepts/layer/control/",
	.sniff = sniff,
	.run   = run,
};
