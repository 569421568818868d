/* SPDX-License-Identifier: MIT */
/*
 * oscal_prose.c - what a control of OSCAL says: its parts, one a line, and the parameters in them.
 * Both are marked (record.h), so that a profile can change them.
 */
#include "importers/oscal.h"

/* What marks are made of has no place in a text. */
static void add_text(struct oscal_prose *p, const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strchr(MARK_BYTES, s[i]) == NULL)
			buf_addc(&p->text, s[i]);
}

static void add_string(struct oscal_prose *p, const char *s)
{
	if (s != NULL)
		add_text(p, s, strlen(s));
}

/* ---- parameters ---- */

void oscal_note_params(struct oscal_prose *p, json_t *object, int depth)
{
	static const char *const below[] = { "groups", "controls" };
	json_t *one, *list = json_object_get(object, "params");
	size_t i, k;

	if (depth == 0)
		return;
	json_array_foreach(list, i, one) {
		const char *id = oscal_text(one, "id");
		struct oscal_param *param;

		if (id == NULL)
			continue;
		HASH_FIND_STR(p->params, id, param);
		if (param != NULL)
			continue;
		param = arena_new(&p->o->mem, struct oscal_param);
		param->id = arena_dup(&p->o->mem, id);
		param->object = one;
		HASH_ADD_KEYPTR(hh, p->params, param->id, strlen(param->id), param);
	}
	for (k = 0; k < LENGTH(below); k++) {
		list = json_object_get(object, below[k]);
		json_array_foreach(list, i, one)
			oscal_note_params(p, one, depth - 1);
	}
}

static void add_prose(struct oscal_prose *p, const char *s, int depth);

/* Texts of an array with `sep` between them. */
static void add_list(struct oscal_prose *p, json_t *list, const char *sep, int depth)
{
	json_t *one;
	size_t i;

	json_array_foreach(list, i, one) {
		if (i > 0)
			buf_adds(&p->text, sep);
		add_prose(p, json_string_value(one), depth);
	}
}

/* The texts that constraints have, none when there is none. */
static bool add_constraints(struct oscal_prose *p, json_t *list, int depth)
{
	const char *text, *sep = "[Assignment: ";
	json_t *one;
	size_t i;

	json_array_foreach(list, i, one) {
		if ((text = oscal_text(one, "description")) == NULL)
			continue;
		buf_adds(&p->text, sep);
		add_prose(p, text, depth);
		sep = "; ";
	}
	if (*sep == '[')
		return false;
	buf_addc(&p->text, ']');
	return true;
}

/*
 * A value; a choice and what is open are told as NIST prints them, and a constraint stands where
 * the label of what is open would.
 */
bool oscal_add_setting(struct oscal_prose *p, json_t *param, int depth)
{
	json_t *values = json_object_get(param, "values");
	json_t *choice = json_object_get(param, "select");
	const char *many = oscal_text(choice, "how-many"), *label = oscal_text(param, "label");

	if (json_array_size(values) > 0) {
		add_list(p, values, ", ", depth);
	} else if (add_constraints(p, json_object_get(param, "constraints"), depth)) {
		return true;
	} else if (choice != NULL) {
		buf_addf(&p->text, "[Selection%s: ",
		         str_eq(many, "one-or-more") ? " (one or more)" : "");
		add_list(p, json_object_get(choice, "choice"), "; ", depth);
		buf_addc(&p->text, ']');
	} else if (label != NULL) {
		buf_adds(&p->text, "[Assignment: ");
		add_prose(p, label, depth);
		buf_addc(&p->text, ']');
	} else {
		return false;
	}
	return true;
}

static void add_param(struct oscal_prose *p, const char *id, int depth)
{
	struct oscal_param *param;

	HASH_FIND_STR(p->params, id, param);
	buf_addf(&p->text, "%c%c", MARK_OPEN, MARK_PARAMETER);
	add_string(p, id);
	buf_addc(&p->text, MARK_BODY);
	if (param == NULL || depth == 0 || !oscal_add_setting(p, param->object, depth - 1)) {
		buf_adds(&p->text, "[Assignment: ");
		add_string(p, id);
		buf_addc(&p->text, ']');
	}
	buf_addc(&p->text, MARK_CLOSE);
}

/* "{{ insert: param, ac-1_prm_1 }}", and "{{ ac-1_prm_1 }}" of the first versions. */
static void add_prose(struct oscal_prose *p, const char *s, int depth)
{
	const char *open, *close;

	while (s != NULL && (open = strstr(s, "{{")) != NULL &&
	       (close = strstr(open, "}}")) != NULL) {
		const char *id = open + 2 + strspn(open + 2, " ");
		size_t n;

		add_text(p, s, (size_t)(open - s));
		if (str_prefix(id, "insert:"))
			id += strlen("insert:") + strspn(id + strlen("insert:"), " ");
		if (str_prefix(id, "param,"))
			id += strlen("param,") + strspn(id + strlen("param,"), " ");
		n = strcspn(id, " }");
		add_param(p, arena_dupn(&p->o->row, id, n), depth);
		s = close + 2;
	}
	add_string(p, s);
}

/* ---- parts ---- */

const char *oscal_property(json_t *object, const char *name)
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

static void open_part(struct oscal_prose *p, json_t *part)
{
	static const char *const head[] = { "id", "name", "class", "ns" };

	buf_addf(&p->text, "%c%c", MARK_OPEN, MARK_PART);
	for (size_t i = 0; i < LENGTH(head); i++) {
		if (i > 0)
			buf_addc(&p->text, MARK_NEXT);
		add_string(p, oscal_text(part, head[i]));
	}
	buf_addc(&p->text, MARK_BODY);
}

static void add_line(struct oscal_prose *p, json_t *part)
{
	const char *label = oscal_property(part, "label"), *title = oscal_text(part, "title");
	const char *prose = oscal_text(part, "prose");

	if (prose == NULL && title == NULL)
		return;
	buf_addc(&p->text, '\n');
	if (label != NULL) {
		add_string(p, label);
		buf_addc(&p->text, ' ');
	} else if (title == NULL && str_eq(oscal_text(part, "name"), "guidance")) {
		buf_adds(&p->text, "Guidance: ");
	}
	add_string(p, title);
	if (title != NULL && prose != NULL)
		buf_addc(&p->text, '\n');
	if (prose != NULL)
		add_prose(p, prose + strspn(prose, " "), 4);
}

void oscal_add_parts(struct oscal_prose *p, json_t *object, int depth)
{
	json_t *list = json_object_get(object, "parts"), *one;
	size_t i;

	json_array_foreach(list, i, one) {
		if (depth == 0 || !is_text(oscal_text(one, "name")))
			continue;
		open_part(p, one);
		add_line(p, one);
		oscal_add_parts(p, one, depth - 1);
		buf_addc(&p->text, MARK_CLOSE);
	}
}
