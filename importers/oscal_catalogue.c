/* SPDX-License-Identifier: MIT */
/* oscal_catalogue.c - the controls of an OSCAL catalogue: titles, sections, and their text. */
#include "importers/oscal.h"

/* "Oversight (GV.OV)" of a thing whose title is "Oversight" is the label "GV.OV". */
static const char *label_of(struct oscal *o, json_t *object)
{
	const char *label = oscal_property(object, "label"), *title = oscal_text(object, "title");
	const char *inner;

	if (label == NULL || title == NULL || !str_prefix(label, title))
		return label;
	inner = label + strlen(title);
	if (!str_prefix(inner, " (") || !str_suffix(inner, ")") || strlen(inner) == strlen(" ()"))
		return label;
	return arena_dupn(&o->mem, inner + strlen(" ("), strlen(inner) - strlen(" ()"));
}

/* ---- controls ---- */

/* NIST's own controls are the same as those that are built in, as far as they are there. */
static const char *same_as(struct oscal_prose *p, json_t *control, const char *ident)
{
	const char *class = oscal_text(control, "class");

	if (class == NULL || !str_prefix(class, "SP800-53") || str_eq(p->o->key, "NIST-800-53"))
		return NULL;
	return arena_printf(&p->o->row, "NIST-800-53:%s", ident);
}

/* `parent`: id of the control that it is an enhancement of, NULL: none. */
static bool put_control(struct oscal_prose *p, json_t *control, const char *parent,
                        const char *section)
{
	struct oscal *o = p->o;
	const char *id = oscal_text(control, "id"), *same;
	const char *ident = label_of(o, control);
	bool withdrawn = str_ieq(oscal_property(control, "status"), "withdrawn");

	if (id == NULL)
		return oscal_skip(o, section == NULL ? "controls" : section, "no id");
	if (oscal_text(control, "title") == NULL)
		return oscal_skip(o, id, "no title");
	arena_reset(&o->row);
	buf_reset(&p->text);
	oscal_add_parts(p, control, OSCAL_NESTING);
	if (ident == NULL)
		ident = id;
	same = same_as(p, control, ident);
	return oscal_put(o, &(struct rec_entry){
		.kind = ENTRY_CONTROL, .framework = o->key, .id = ident,
		.title = oscal_text(control, "title"), .parent = section,
		.to = same, .weight = same == NULL ? NULL : "weak",
		.attributes = arena_printf(&o->row, "oscal_id=%s%s%s%s", id,
		                           parent == NULL ? "" : " | oscal_parent=",
		                           parent == NULL ? "" : parent,
		                           withdrawn ? " | force=superseded" : ""),
		.text = p->text.len > 0 ? p->text.s : NULL, .source = "OSCAL",
	});
}

static bool put_controls(struct oscal_prose *p, json_t *object, const char *parent,
                         const char *section, int depth)
{
	json_t *list = json_object_get(object, "controls"), *one;
	size_t i;

	if (depth == 0)
		return oscal_skip(p->o, section == NULL ? "controls" : section, "nested too deep");
	json_array_foreach(list, i, one)
		if (!put_control(p, one, parent, section) ||
		    !put_controls(p, one, oscal_text(one, "id"), section, depth - 1))
			return false;
	return true;
}

/* "AC Access Control": a family by its id, another group by its label. */
static const char *section_of(struct oscal_prose *p, json_t *group, const char *above)
{
	const char *title = oscal_text(group, "title"), *label = label_of(p->o, group);
	char *id = NULL;

	if (title == NULL)
		return above;
	if (label == NULL && str_eq(oscal_text(group, "class"), "family"))
		id = arena_dup(&p->o->mem, oscal_text(group, "id"));
	for (char *c = id; c != NULL && *c != '\0'; c++)
		if (*c >= 'a' && *c <= 'z')
			*c = (char)(*c - 'a' + 'A');
	label = label == NULL ? id : label;
	return label == NULL ? title : arena_printf(&p->o->mem, "%s %s", label, title);
}

static bool put_groups(struct oscal_prose *p, json_t *object, const char *section, int depth)
{
	json_t *list = json_object_get(object, "groups"), *one;
	size_t i;

	if (!put_controls(p, object, NULL, section, OSCAL_NESTING))
		return false;
	if (depth == 0)
		return oscal_skip(p->o, section == NULL ? "groups" : section, "nested too deep");
	json_array_foreach(list, i, one)
		if (!put_groups(p, one, section_of(p, one, section), depth - 1))
			return false;
	return true;
}

bool oscal_catalogue(struct oscal *o, json_t *catalogue)
{
	struct oscal_prose p = { .o = o, .text = BUF_INIT };
	bool ok;

	oscal_note_params(&p, catalogue, OSCAL_NESTING);
	ok = put_groups(&p, catalogue, NULL, OSCAL_NESTING);
	HASH_CLEAR(hh, p.params);
	buf_release(&p.text);
	return ok;
}
