/* SPDX-License-Identifier: MIT */
/*
 * ingest_like.c - controls that are the same as another framework's: those of a catalogue that are
 * built in, and those that a profile selects. They are tested by the same classes and rules.
 */
#include <stdlib.h>

#include "store/catalogue.h"
#include "store/judge.h"

struct base { /* a control of the other framework */
	int64_t id;
	const char *ident, *title, *section, *attributes, *text;
};
struct bases {
	struct base *b;
	size_t n, cap;
};

/* By its number, or by the id that OSCAL has for it; a pattern is one of several. */
static bool is_named(struct ingest *ig, const char *pattern, const char *ident,
		     const char *attributes)
{
	const char *oscal = attribute_get(attributes, "oscal_id", &ig->row);

	return str_glob(pattern, ident) || (oscal && str_glob(pattern, oscal));
}

/* Is it one of those that are left out, with blanks between them? */
static bool is_without(struct ingest *ig, const char *without, const char *ident,
		       const char *attributes)
{
	while (!str_empty(without)) {
		size_t n = strcspn(without, " ");

		if (is_named(ig, arena_dupn(&ig->row, without, n), ident, attributes))
			return true;
		without += n + (without[n] == ' ');
	}
	return false;
}

/* Is it below one of those that were found? Its parent comes before it. */
static bool is_child(struct ingest *ig, const struct bases *found, const char *attributes)
{
	const char *parent = attribute_get(attributes, "oscal_parent", &ig->row);

	for (size_t i = 0; parent && i < found->n; i++)
		if (str_eq(attribute_get(found->b[i].attributes, "oscal_id", &ig->row), parent))
			return true;
	return false;
}

static bool find_bases(struct ingest *ig, int64_t framework, const char *pattern, bool children,
		       const char *without, struct bases *out, struct err *e)
{
	struct stmt *s = db_stmt(ig->db,
				 "SELECT id, ident, title, section, attributes,\n"
				 "       CASE marked WHEN '' THEN text ELSE marked END\n"
				 "FROM control\n"
				 "WHERE framework = $1\n"
				 "ORDER BY ord, id");

	db_int(s, 1, framework);
	while (db_next(s)) {
		const char *ident = db_column_text(s, 1), *attributes = db_column_text(s, 4);

		if (!(is_named(ig, pattern, ident, attributes) ||
		      (children && is_child(ig, out, attributes))) ||
		    is_without(ig, without, ident, attributes))
			continue;
		ARRAY_MORE(out->b, out->n, out->cap);
		out->b[out->n++] = (struct base){
			.id = db_column(s, 0),
			.ident = arena_dup(&ig->row, ident),
			.title = arena_dup(&ig->row, db_column_text(s, 2)),
			.section = arena_dup(&ig->row, db_column_text(s, 3)),
			.attributes = arena_dup(&ig->row, attributes),
			.text = arena_dup(&ig->row, db_column_text(s, 5)),
		};
	}
	return db_done(s, e);
}

static bool copy_links(struct ingest *ig, int64_t to, int64_t from, struct err *e)
{
	static const char *const sql[] = {
		"INSERT INTO class_control (class, control, weight, source)\n"
		"SELECT class, $1, weight, source FROM class_control WHERE control = $2\n"
		"ON CONFLICT (control, class) DO NOTHING",
		"INSERT INTO rule_control (tool, rule, control, weight, source)\n"
		"SELECT tool, rule, $1, weight, source FROM rule_control WHERE control = $2\n"
		"ON CONFLICT (control, tool, rule) DO NOTHING",
	};

	for (size_t i = 0; i < LENGTH(sql); i++) {
		struct stmt *s = db_stmt(ig->db, sql[i]);

		db_int(s, 1, to);
		db_int(s, 2, from);
		if (!db_run(s, e))
			return false;
	}
	return true;
}

/* What the entry says goes before what the other control says, and a text stands below its text. */
static bool put_like(struct ingest *ig, const struct rec_entry *r, const struct base *b,
		     bool select, struct err *e)
{
	struct rec_entry n = *r;
	int64_t id;

	if (select) {
		n.id = b->ident;
		n.attributes = b->attributes;
		if (!str_empty(b->text))
			n.text = str_empty(r->text) ? b->text
						    : arena_printf(&ig->row, "%s\n%s", b->text,
								   r->text);
	}
	n.title = str_empty(n.title) ? b->title : n.title;
	n.parent = str_empty(n.parent) ? b->section : n.parent;
	n.text = str_empty(n.text) ? b->text : n.text;
	return entry_put_control(ig, &n, &id, e) && (id == 0 || copy_links(ig, id, b->id, e));
}

static bool put_likes(struct ingest *ig, const struct rec_entry *r, int64_t framework,
		      const char *pattern, bool select, struct err *e)
{
	const char *without = attribute_get(r->attributes, "without", &ig->row);
	bool children = str_eq(attribute_get(r->attributes, "children", &ig->row), "yes");
	struct bases found = { 0 };
	int64_t id;
	bool ok = find_bases(ig, framework, pattern, children, without, &found, e);

	if (ok && found.n == 0 && (select || !str_eq(r->weight, "weak")))
		entry_skip(ig, r, "the control that it is the same as is not known");
	if (ok && found.n == 0 && !select)
		ok = entry_put_control(ig, r, &id, e);
	for (size_t i = 0; ok && i < found.n && (select || i == 0); i++)
		ok = put_like(ig, r, &found.b[i], select, e);
	free(found.b);
	return ok;
}

bool entry_like(struct ingest *ig, const struct rec_entry *r, struct err *e)
{
	const char *colon = strchr(r->to, ':');
	bool select = str_eq(attribute_get(r->attributes, "select", &ig->row), "yes");
	const char *key = arena_dupn(&ig->row, r->to, strcspn(r->to, ":"));
	int64_t framework;

	if (!entry_framework(ig, key, &framework, e))
		return false;
	if (framework == 0 && select)
		return err_set(e, ERR_FORMAT,
			       "it selects controls of %s, which is not here: import that first",
			       key);
	return put_likes(ig, r, framework, colon ? colon + 1 : "", select, e);
}
