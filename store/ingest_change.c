/* SPDX-License-Identifier: MIT */
/*
 * ingest_change.c - what a profile changes in the controls that it selects: parameters, parts,
 * titles and properties. What it speaks of and none of them has is told.
 */
#include <stdlib.h>

#include "store/catalogue.h"
#include "store/judge.h"
#include "store/marked.h"

struct control {
	int64_t id;
	const char *ident, *oscal, *title, *attributes;
	struct buf text; /* marked where it can be */
};

/* "ac-01_odp.05" and "ac-1_prm_2" are parameters of ac-1: zeros before a number do not count. */
static bool is_param_of(const char *param, const char *control)
{
	while (*control != '\0' && *param != '_') {
		bool number = *control >= '0' && *control <= '9';

		if (number && *param == '0' && *control != '0')
			param++;
		else if (*param++ != *control++)
			return false;
	}
	return *control == '\0' && *param == '_';
}

/* ---- attributes ---- */

/* The attributes with `key` set to `value`, or without it (NULL). */
static const char *attribute_with(const char *attributes, const char *key, const char *value,
				  struct arena *mem)
{
	const char *out = "";

	for (const char *s = attributes; *s;) {
		const char *end = strstr(s, " | ");
		size_t n = end ? (size_t)(end - s) : strlen(s), k = strcspn(s, "=");

		if (k >= n || strlen(key) != k || memcmp(s, key, k) != 0)
			out = arena_printf(mem, "%s%s%.*s", out, *out ? " | " : "", (int)n, s);
		s += n + (end ? 3 : 0);
	}
	if (!value)
		return out;
	return arena_printf(mem, "%s%s%s=%s", out, *out ? " | " : "", key, value);
}

/* A property is an attribute of its own name; one word of it is known here. */
static void set_property(struct control *c, const char *name, const char *value, struct arena *mem)
{
	const char *key = arena_printf(mem, "prop.%s", name);
	char *flat = arena_dup(mem, value);
	bool withdrawn = str_eq(name, "status") && str_ieq(value, "withdrawn");

	if (strpbrk(name, "=| "))
		return;
	for (char *s = flat; s && *s; s++)
		if (*s == '|' || (unsigned char)*s < ' ')
			*s = ' ';
	c->attributes = attribute_with(c->attributes, key, flat, mem);
	if (withdrawn || (str_eq(name, "status") && !value))
		c->attributes = attribute_with(c->attributes, "force",
					       withdrawn ? "superseded" : NULL, mem);
}

/* ---- one change in one control ---- */

static bool speaks_of(const struct rec_change *x, const struct control *c)
{
	return !x->control || str_eq(x->control, c->ident) || str_eq(x->control, c->oscal);
}

/* A parameter that the text does not show stands below it. */
static bool set_parameter(struct control *c, const struct rec_change *x)
{
	if (marked_set(&c->text, x->id, x->text))
		return true;
	if (!is_param_of(x->id, c->oscal ? c->oscal : c->ident))
		return false;
	buf_addf(&c->text, "\n%s: %s", x->id, x->text);
	return true;
}

/* Has the change found what it is for? */
static bool change(struct control *c, const struct rec_change *x, struct arena *mem)
{
	if (!speaks_of(x, c))
		return false;
	switch (x->kind) {
	case CHANGE_SET:
		return set_parameter(c, x);
	case CHANGE_TITLE:
		c->title = x->text;
		return true;
	case CHANGE_ADD:
		marked_add(&c->text, x->id, x->place, x->text);
		return true;
	case CHANGE_REMOVE:
		marked_remove(&c->text, x);
		return true;
	case CHANGE_PROP:
	case CHANGE_REMOVE_PROP:
		set_property(c, x->name, x->kind == CHANGE_PROP ? x->text : NULL, mem);
		return true;
	case CHANGE_KIND_COUNT:
		break;
	}
	return true;
}

/* ---- a framework's ---- */

static bool write(struct ingest *ig, const struct control *c, struct err *e)
{
	struct buf plain = BUF_INIT;
	struct stmt *s = db_stmt(ig->db, "UPDATE control\n"
					 "SET title = $1, attributes = $2, text = $3, marked = $4\n"
					 "WHERE id = $5");
	bool ok;

	marked_plain(c->text.s, &plain);
	db_text(s, 1, c->title);
	db_text(s, 2, c->attributes);
	db_text(s, 3, plain.s);
	db_text(s, 4, c->text.s);
	db_int(s, 5, c->id);
	ok = db_run(s, e);
	buf_release(&plain);
	return ok;
}

static bool change_control(struct ingest *ig, struct control *c, struct changes *all, struct err *e)
{
	bool any = false;

	for (size_t i = 0; i < all->n; i++)
		if (str_eq(all->framework, all->v[i].framework) &&
		    change(c, &all->v[i], &ig->row))
			any = all->made[i] = true;
	return !any || write(ig, c, e);
}

static bool find_controls(struct ingest *ig, int64_t framework, struct control **out, size_t *n,
			  struct err *e)
{
	size_t cap = 0;
	struct stmt *s = db_stmt(ig->db, "SELECT id, ident, title, attributes, text, marked\n"
					 "FROM control\n"
					 "WHERE framework = $1\n"
					 "ORDER BY ord, id");

	*n = 0;
	db_int(s, 1, framework);
	while (db_next(s)) {
		const char *marked = db_column_text(s, 5);
		struct control *c;

		ARRAY_MORE(*out, *n, cap);
		c = &(*out)[(*n)++];
		*c = (struct control){
			.id = db_column(s, 0),
			.ident = arena_dup(&ig->row, db_column_text(s, 1)),
			.title = arena_dup(&ig->row, db_column_text(s, 2)),
			.attributes = arena_dup(&ig->row, db_column_text(s, 3)),
			.text = BUF_INIT,
		};
		c->oscal = attribute_get(c->attributes, "oscal_id", &ig->row);
		buf_adds(&c->text, *marked ? marked : db_column_text(s, 4));
	}
	return db_done(s, e);
}

bool changes_make(struct ingest *ig, int64_t framework, struct changes *all, struct err *e)
{
	struct control *control = NULL;
	size_t n;
	bool ok;

	arena_reset(&ig->row);
	ok = find_controls(ig, framework, &control, &n, e);
	for (size_t i = 0; i < n; i++) {
		ok = ok && change_control(ig, &control[i], all, e);
		buf_release(&control[i].text);
	}
	free(control);
	return ok;
}

void changes_tell(struct ingest *ig, const struct changes *all)
{
	for (size_t i = 0; i < all->n; i++) {
		const struct rec_change *x = &all->v[i];

		if (all->made[i])
			continue;
		arena_reset(&ig->row);
		ingest_skip(ig, x->control ? arena_printf(&ig->row, "alters %s", x->control)
					   : arena_printf(&ig->row, "set-parameters %s", x->id),
			    x->control ? "it selects no such control"
				       : "no control that it selects has it");
	}
}

void changes_add(struct ingest *ig, struct changes *all, const struct rec_change *c)
{
	struct arena *mem = &ig->mem;

	if (all->n == all->cap) {
		all->cap = all->cap > 0 ? 2 * all->cap : 64;
		all->v = xrealloc_array(all->v, all->cap, sizeof(*all->v));
		all->made = xrealloc_array(all->made, all->cap, sizeof(*all->made));
	}
	all->made[all->n] = false;
	all->v[all->n++] = (struct rec_change){
		.kind = c->kind,
		.framework = arena_dup(mem, c->framework),
		.control = arena_dup(mem, c->control),
		.id = arena_dup(mem, c->id),
		.place = c->place,
		.name = arena_dup(mem, c->name),
		.class_id = arena_dup(mem, c->class_id),
		.ns = arena_dup(mem, c->ns),
		.text = arena_dup(mem, c->text),
	};
}

void changes_release(struct changes *all)
{
	free(all->v);
	free(all->made);
}
