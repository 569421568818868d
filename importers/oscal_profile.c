/* SPDX-License-Identifier: MIT */
/* oscal_profile.c - what an OSCAL profile selects, and from where. */
#include "importers/oscal.h"

/* ---- where from ---- */

/* Of a reference, which may be relative to the profile. */
static const char *key_of(struct oscal *o, const char *href)
{
	const char *slash = strrchr(o->path, '/');

	if (slash == NULL || *href == '/' || strstr(href, "://") != NULL)
		return oscal_key(&o->mem, href);
	return oscal_key(&o->mem, arena_printf(&o->mem, "%.*s/%s", (int)(slash - o->path), o->path,
	                                       href));
}

/* "#uuid" names a resource of the back matter, which names files; any other reference is one. */
static const char *imported(struct oscal *o, json_t *profile, json_t *import)
{
	const char *href = oscal_text(import, "href");
	json_t *list = json_object_get(json_object_get(profile, "back-matter"), "resources"), *one;
	size_t i;

	if (href == NULL)
		return NULL;
	if (*href != '#')
		return key_of(o, href);
	json_array_foreach(list, i, one) {
		json_t *link = json_array_get(json_object_get(one, "rlinks"), 0);

		if (str_eq(oscal_text(one, "uuid"), href + 1))
			return oscal_text(link, "href") == NULL ?
			       NULL : key_of(o, oscal_text(link, "href"));
	}
	return NULL;
}

/* ---- which ---- */

/* The ids and patterns of a selection, one after the other, with what is below them or not. */
typedef bool each_fn(struct oscal *o, const char *id, bool children, void *ctx);

static bool each_selected(struct oscal *o, json_t *selection, each_fn *fn, void *ctx)
{
	json_t *one, *inner, *id;
	bool children;
	size_t i, k;

	json_array_foreach(selection, i, one) {
		children = str_eq(oscal_text(one, "with-child-controls"), "yes");
		inner = json_object_get(one, "with-ids");
		json_array_foreach(inner, k, id)
			if (json_is_string(id) && !fn(o, json_string_value(id), children, ctx))
				return false;
		inner = json_object_get(one, "matching");
		json_array_foreach(inner, k, id)
			if (oscal_text(id, "pattern") != NULL &&
			    !fn(o, oscal_text(id, "pattern"), children, ctx))
				return false;
	}
	return true;
}

struct selecting {
	const char *from;    /* framework that is selected from  */
	struct buf  without; /* ids and patterns, blanks between */
};

static bool add_without(struct oscal *o UNUSED, const char *id, bool children UNUSED, void *ctx)
{
	struct selecting *s = ctx;

	buf_addf(&s->without, "%s%s", s->without.len > 0 ? " " : "", id);
	return true;
}

static bool put_selected(struct oscal *o, const char *id, bool children, void *ctx)
{
	const struct selecting *s = ctx;

	arena_reset(&o->row);
	return oscal_put(o, &(struct rec_entry){
		.kind = ENTRY_CONTROL, .framework = o->key, .id = id,
		.to = arena_printf(&o->row, "%s:%s", s->from, id),
		.attributes = arena_printf(&o->row, "select=yes%s%s%s",
		                           children ? " | children=yes" : "",
		                           s->without.len == 0 ? "" : " | without=",
		                           s->without.s),
		.source = "OSCAL",
	});
}

static bool put_import(struct oscal *o, json_t *profile, json_t *import)
{
	struct selecting s = {
		.from = imported(o, profile, import), .without = BUF_INIT,
	};
	json_t *some = json_object_get(import, "include-controls");
	bool ok;

	if (json_object_get(import, "include") != NULL)
		return oscal_too_old(o, "imports.include");
	if (json_object_get(import, "exclude") != NULL)
		return oscal_too_old(o, "imports.exclude");
	if (s.from == NULL)
		return err_set(o->e, ERR_FORMAT, "an import of the profile leads nowhere: %.100s",
		               oscal_text(import, "href") == NULL ? "no href" :
		                                                    oscal_text(import, "href"));
	ok = each_selected(o, json_object_get(import, "exclude-controls"), add_without, &s);
	if (ok && some != NULL)
		ok = each_selected(o, some, put_selected, &s);
	else if (ok)
		ok = put_selected(o, "*", false, &s);
	buf_release(&s.without);
	return ok;
}

bool oscal_profile(struct oscal *o, json_t *profile)
{
	json_t *list = json_object_get(profile, "imports"), *one;
	size_t i;

	if (json_array_size(list) == 0)
		return err_set(o->e, ERR_FORMAT, "the profile imports nothing");
	json_array_foreach(list, i, one)
		if (!put_import(o, profile, one))
			return false;
	return true;
}
