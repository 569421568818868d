/* SPDX-License-Identifier: MIT */
/* oscal_catalogue.c - the controls of an OSCAL catalogue: titles, sections, and their text. */
#include <uthash.h>

#include "importers/oscal.h"

#define NESTING 64 /* of groups, controls, parts, and of parameters in parameters */

struct param {
	const char    *id;
	json_t        *object;
	UT_hash_handle hh;
};

struct walk {
	struct oscal *o;
	struct param *params; /* of the whole catalogue */
	struct buf    text;   /* of the control in hand */
};

/* ---- parameters ---- */

static void note_params(struct walk *w, json_t *object, int depth)
{
	static const char *const below[] = { "groups", "controls" };
	json_t *one, *list = json_object_get(object, "params");
	size_t i, k;

	if (depth == 0)
		return;
	json_array_foreach(list, i, one) {
		const char *id = oscal_text(one, "id");
		struct param *p;

		if (id == NULL)
			continue;
		HASH_FIND_STR(w->params, id, p);
		if (p != NULL)
			continue;
		p = arena_new(&w->o->mem, struct param);
		p->id = arena_dup(&w->o->mem, id);
		p->object = one;
		HASH_ADD_KEYPTR(hh, w->params, p->id, strlen(p->id), p);
	}
	for (k = 0; k < LENGTH(below); k++) {
		list = json_object_get(object, below[k]);
		json_array_foreach(list, i, one)
			note_params(w, one, depth - 1);
	}
}

static void add_prose(struct walk *w, const char *s, int depth);

/* Texts of an array with `sep` between them. */
static void add_list(struct walk *w, json_t *list, const char *sep, int depth)
{
	json_t *one;
	size_t i;

	json_array_foreach(list, i, one) {
		if (i > 0)
			buf_adds(&w->text, sep);
		add_prose(w, json_string_value(one), depth);
	}
}

/* Its value; a choice and what is open are told as NIST prints them. */
static void add_param(struct walk *w, const char *id, int depth)
{
	struct param *p;
	json_t *values, *choice;
	const char *many;

	HASH_FIND_STR(w->params, id, p);
	values = json_object_get(p == NULL ? NULL : p->object, "values");
	choice = json_object_get(p == NULL ? NULL : p->object, "select");
	if (p == NULL || depth == 0) {
		buf_addf(&w->text, "[Assignment: %s]", id);
	} else if (json_array_size(values) > 0) {
		add_list(w, values, ", ", depth - 1);
	} else if (choice != NULL) {
		many = oscal_text(choice, "how-many");
		buf_addf(&w->text, "[Selection%s: ",
		         str_eq(many, "one-or-more") ? " (one or more)" : "");
		add_list(w, json_object_get(choice, "choice"), "; ", depth - 1);
		buf_addc(&w->text, ']');
	} else {
		buf_adds(&w->text, "[Assignment: ");
		add_prose(w, oscal_text(p->object, "label") == NULL ?
		          id : oscal_text(p->object, "label"), depth - 1);
		buf_addc(&w->text, ']');
	}
}

/* "{{ insert: param, ac-1_prm_1 }}", and "{{ ac-1_prm_1 }}" of the first versions. */
static void add_prose(struct walk *w, const char *s, int depth)
{
	const char *open, *close;

	while (s != NULL && (open = strstr(s, "{{")) != NULL &&
	       (close = strstr(open, "}}")) != NULL) {
		const char *id = open + 2 + strspn(open + 2, " ");
		size_t n;

		buf_add(&w->text, s, (size_t)(open - s));
		if (str_prefix(id, "insert:"))
			id += strlen("insert:") + strspn(id + strlen("insert:"), " ");
		if (str_prefix(id, "param,"))
			id += strlen("param,") + strspn(id + strlen("param,"), " ");
		n = strcspn(id, " }");
		add_param(w, arena_dupn(&w->o->row, id, n), depth);
		s = close + 2;
	}
	buf_adds(&w->text, s == NULL ? "" : s);
}

/* ---- texts ---- */

/* The value of a property; of several labels the one that is for no special use. */
static const char *property(json_t *object, const char *name)
{
	json_t *list = json_object_get(object, "props"), *one;
	const char *found = NULL;
	size_t i;

	json_array_foreach(list, i, one) {
		if (!str_eq(oscal_text(one, "name"), name))
			continue;
		if (oscal_text(one, "class") == NULL)
			return oscal_text(one, "value");
		if (found == NULL)
			found = oscal_text(one, "value");
	}
	return found;
}

/* What is for assessors is not what the control asks for. */
static bool is_text(const char *name)
{
	return name == NULL || (!str_prefix(name, "assessment") && !str_prefix(name, "objective") &&
	                        !str_eq(name, "potential-assessments"));
}

static void add_parts(struct walk *w, json_t *object, int depth)
{
	json_t *list = json_object_get(object, "parts"), *one;
	const char *label, *prose;
	size_t i;

	json_array_foreach(list, i, one) {
		if (depth == 0 || !is_text(oscal_text(one, "name")))
			continue;
		label = property(one, "label");
		prose = oscal_text(one, "prose");
		if (prose != NULL) {
			if (w->text.len > 0)
				buf_addc(&w->text, '\n');
			if (label != NULL)
				buf_addf(&w->text, "%s ", label);
			else if (str_eq(oscal_text(one, "name"), "guidance"))
				buf_adds(&w->text, "Guidance: ");
			add_prose(w, prose + strspn(prose, " "), 4);
		}
		add_parts(w, one, depth - 1);
	}
}

/* ---- controls ---- */

/* NIST's own controls are the same as those that are built in, as far as they are there. */
static const char *same_as(struct walk *w, json_t *control, const char *ident)
{
	const char *class = oscal_text(control, "class");

	if (class == NULL || !str_prefix(class, "SP800-53") || str_eq(w->o->key, "NIST-800-53"))
		return NULL;
	return arena_printf(&w->o->row, "NIST-800-53:%s", ident);
}

static bool put_control(struct walk *w, json_t *control, const char *section)
{
	struct oscal *o = w->o;
	const char *id = oscal_text(control, "id"), *ident = property(control, "label"), *same;
	bool withdrawn = str_ieq(property(control, "status"), "withdrawn");

	if (id == NULL)
		return oscal_skip(o, section == NULL ? "controls" : section, "no id");
	if (oscal_text(control, "title") == NULL)
		return oscal_skip(o, id, "no title");
	arena_reset(&o->row);
	buf_reset(&w->text);
	add_parts(w, control, NESTING);
	if (ident == NULL)
		ident = id;
	same = same_as(w, control, ident);
	return oscal_put(o, &(struct rec_entry){
		.kind = ENTRY_CONTROL, .framework = o->key, .id = ident,
		.title = oscal_text(control, "title"), .parent = section,
		.to = same, .weight = same == NULL ? NULL : "weak",
		.attributes = arena_printf(&o->row, "oscal_id=%s%s", id,
		                           withdrawn ? " | force=superseded" : ""),
		.text = w->text.len > 0 ? w->text.s : NULL, .source = "OSCAL",
	});
}

static bool put_controls(struct walk *w, json_t *object, const char *section, int depth)
{
	json_t *list = json_object_get(object, "controls"), *one;
	size_t i;

	if (depth == 0)
		return oscal_skip(w->o, section == NULL ? "controls" : section, "nested too deep");
	json_array_foreach(list, i, one)
		if (!put_control(w, one, section) || !put_controls(w, one, section, depth - 1))
			return false;
	return true;
}

/* "AC Access Control": a family by its id, another group by its label. */
static const char *section_of(struct walk *w, json_t *group, const char *above)
{
	const char *title = oscal_text(group, "title"), *label = property(group, "label");
	char *id = NULL;

	if (title == NULL)
		return above;
	if (label == NULL && str_eq(oscal_text(group, "class"), "family"))
		id = arena_dup(&w->o->mem, oscal_text(group, "id"));
	for (char *c = id; c != NULL && *c != '\0'; c++)
		if (*c >= 'a' && *c <= 'z')
			*c = (char)(*c - 'a' + 'A');
	label = label == NULL ? id : label;
	return label == NULL ? title : arena_printf(&w->o->mem, "%s %s", label, title);
}

static bool put_groups(struct walk *w, json_t *object, const char *section, int depth)
{
	json_t *list = json_object_get(object, "groups"), *one;
	size_t i;

	if (!put_controls(w, object, section, NESTING))
		return false;
	if (depth == 0)
		return oscal_skip(w->o, section == NULL ? "groups" : section, "nested too deep");
	json_array_foreach(list, i, one)
		if (!put_groups(w, one, section_of(w, one, section), depth - 1))
			return false;
	return true;
}

bool oscal_catalogue(struct oscal *o, json_t *catalogue)
{
	struct walk w = { .o = o, .text = BUF_INIT };
	bool ok;

	note_params(&w, catalogue, NESTING);
	ok = put_groups(&w, catalogue, NULL, NESTING);
	HASH_CLEAR(hh, w.params);
	buf_release(&w.text);
	return ok;
}
