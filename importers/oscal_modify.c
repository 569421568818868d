/* SPDX-License-Identifier: MIT */
/*
 * oscal_modify.c - what an OSCAL profile changes in the controls that it selects: parameters that
 * it sets, parts and properties that it adds or removes, titles. What it asks for besides is told.
 */
#include "importers/oscal.h"

struct modify {
	struct oscal_prose prose;
	size_t props, links, guidelines, removals; /* that are passed over */
};

static bool put(struct modify *m, struct rec_change c)
{
	struct oscal *o = m->prose.o;

	c.framework = o->key;
	return oscal_change(o, &c);
}

static bool is_of(const char *word, const char *item)
{
	return word == NULL || str_eq(word, item);
}

/* ---- what goes ---- */

static bool remove_one(struct modify *m, const char *control, json_t *remove)
{
	const char *item = oscal_text(remove, "by-item-name");
	struct rec_change c = {
		.control = control, .id = oscal_text(remove, "by-id"),
		.name = oscal_text(remove, "by-name"), .class_id = oscal_text(remove, "by-class"),
		.ns = oscal_text(remove, "by-ns"),
	};

	if (item != NULL && !is_of(item, "part") && !is_of(item, "prop")) {
		m->removals++;
		return true;
	}
	c.kind = CHANGE_REMOVE;
	if (is_of(item, "part") && !put(m, c))
		return false;
	c.kind = CHANGE_REMOVE_PROP;
	return c.name == NULL || !is_of(item, "prop") || put(m, c);
}

/* ---- what comes ---- */

static enum change_place place_of(const char *word)
{
	static const char *const words[] = { "before", "starting", "ending", "after" };
	int i = str_index(words, LENGTH(words), word == NULL ? "ending" : word);

	return i < 0 ? CHANGE_ENDING : (enum change_place)i;
}

static bool add_props(struct modify *m, const char *control, bool to_control, json_t *add)
{
	json_t *list = json_object_get(add, "props"), *one;
	size_t i;

	json_array_foreach(list, i, one) {
		const struct rec_change c = {
			.kind = CHANGE_PROP, .control = control, .name = oscal_text(one, "name"),
			.text = oscal_text(one, "value"),
		};

		if (!to_control || c.name == NULL || c.text == NULL)
			m->props++;
		else if (!put(m, c))
			return false;
	}
	return true;
}

static bool add_one(struct modify *m, const char *control, json_t *add)
{
	const char *id = oscal_text(add, "by-id"), *title = oscal_text(add, "title");
	bool to_control = id == NULL || str_eq(id, control);

	m->props += title != NULL && !to_control;
	m->links += json_array_size(json_object_get(add, "links"));
	oscal_note_params(&m->prose, add, 1);
	buf_reset(&m->prose.text);
	oscal_add_parts(&m->prose, add, OSCAL_NESTING);
	if (title != NULL && to_control &&
	    !put(m, (struct rec_change){ .kind = CHANGE_TITLE, .control = control,
	                                 .text = title }))
		return false;
	if (m->prose.text.len > 0 &&
	    !put(m, (struct rec_change){ .kind = CHANGE_ADD, .control = control,
	                                 .id = to_control ? NULL : id,
	                                 .place = place_of(oscal_text(add, "position")),
	                                 .text = m->prose.text.s }))
		return false;
	return add_props(m, control, to_control, add);
}

static bool alter(struct modify *m, json_t *one)
{
	const char *control = oscal_text(one, "control-id");
	json_t *removes = json_object_get(one, "removes"), *adds = json_object_get(one, "adds");
	json_t *inner;
	size_t i;

	if (control == NULL)
		return oscal_skip(m->prose.o, "modify.alters", "no control-id");
	arena_reset(&m->prose.o->row);
	json_array_foreach(removes, i, inner)
		if (!remove_one(m, control, inner))
			return false;
	json_array_foreach(adds, i, inner)
		if (!add_one(m, control, inner))
			return false;
	return true;
}

/* ---- parameters ---- */

static bool set(struct modify *m, json_t *one)
{
	const char *id = oscal_text(one, "param-id");

	if (id == NULL)
		return oscal_skip(m->prose.o, "modify.set-parameters", "no param-id");
	arena_reset(&m->prose.o->row);
	buf_reset(&m->prose.text);
	m->guidelines += json_array_size(json_object_get(one, "guidelines"));
	return !oscal_add_setting(&m->prose, one, 4) ||
	       put(m, (struct rec_change){ .kind = CHANGE_SET, .id = id,
	                                   .text = m->prose.text.s });
}

/* ---- what is not done ---- */

static bool passed_over(struct modify *m, size_t n, const char *place, const char *what)
{
	struct oscal *o = m->prose.o;

	return n == 0 ||
	       oscal_skip(o, place, arena_printf(&o->mem, "passed over: %s (%zu)", what, n));
}

static bool tell_merge(struct oscal *o, json_t *merge)
{
	static const char *const ways[] = { "flat", "custom" };

	for (size_t i = 0; i < LENGTH(ways); i++)
		if (json_object_get(merge, ways[i]) != NULL &&
		    !oscal_skip(o, arena_printf(&o->mem, "merge.%s", ways[i]),
		                "the controls keep the sections of their catalogue"))
			return false;
	return true;
}

bool oscal_modify(struct oscal *o, json_t *profile)
{
	struct modify m = { .prose = { .o = o, .text = BUF_INIT } };
	json_t *modify = json_object_get(profile, "modify"), *one;
	json_t *alters = json_object_get(modify, "alters");
	json_t *sets = json_object_get(modify, "set-parameters");
	bool ok = true;
	size_t i;

	json_array_foreach(alters, i, one)
		ok = ok && alter(&m, one);
	json_array_foreach(sets, i, one)
		ok = ok && set(&m, one);
	ok = ok && passed_over(&m, m.props, "modify.alters", "properties and titles of parts") &&
	     passed_over(&m, m.links, "modify.alters", "links") &&
	     passed_over(&m, m.removals, "modify.alters", "removals of parameters and links") &&
	     passed_over(&m, m.guidelines, "modify.set-parameters", "guidelines") &&
	     tell_merge(o, json_object_get(profile, "merge"));
	HASH_CLEAR(hh, m.prose.params);
	buf_release(&m.prose.text);
	return ok;
}
