/* SPDX-License-Identifier: MIT */
/* ingest_links.c - maps of catalogues: from controls to classes, rules and other controls; the
 * checklist. */
#include "store/catalogue.h"

/* ---- maps ---- */

static int64_t weight_of(const char *word)
{
	return str_ieq(word, "weak") ? 2 : str_ieq(word, "supporting") ? 1 : 0;
}

static bool link_control(struct ingest *ig, const char *sql, int64_t control, int64_t other,
			 const struct rec_entry *r, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, sql);

	db_int(s, 1, control);
	db_int(s, 2, other);
	db_int(s, 3, weight_of(r->weight));
	db_text(s, 4, entry_text(r->source, ""));
	return db_run(s, e);
}

static const char SQL_CLASS_LINK[] = "INSERT INTO class_control (control, class, weight, source)\n"
				     "VALUES ($1, $2, $3, $4)\n"
				     "ON CONFLICT (control, class) DO UPDATE\n"
				     "SET weight = excluded.weight, source = excluded.source";
static const char SQL_CROSSWALK[] = "INSERT INTO crosswalk (control, other, weight, source)\n"
				    "VALUES ($1, $2, $3, $4)\n"
				    "ON CONFLICT (control, other) DO UPDATE\n"
				    "SET weight = excluded.weight, source = excluded.source";

static bool link_rule(struct ingest *ig, int64_t control, const struct rec_entry *r,
		      const char *slash, struct err *e)
{
	const char *tool = arena_dupn(&ig->row, r->to, (size_t)(slash - r->to));
	struct stmt *s = db_stmt(ig->db,
				 "INSERT INTO rule_control (tool, rule, control, weight, source)\n"
				 "VALUES ($1, $2, $3, $4, $5)\n"
				 "ON CONFLICT (control, tool, rule) DO UPDATE\n"
				 "SET weight = excluded.weight, source = excluded.source");

	db_text(s, 1, tool);
	db_text(s, 2, rule_normal(tool, slash + 1, &ig->row));
	db_int(s, 3, control);
	db_int(s, 4, weight_of(r->weight));
	db_text(s, 5, entry_text(r->source, ""));
	return db_run(s, e);
}

static bool link_class(struct ingest *ig, int64_t control, const struct rec_entry *r, struct err *e)
{
	int64_t class_id;

	if (!entry_class(ig, entry_text(r->class_id, ""), &class_id, e))
		return false;
	if (class_id != 0)
		return link_control(ig, SQL_CLASS_LINK, control, class_id, r, e);
	entry_skip(ig, r, "no such class");
	return true;
}

bool entry_map(struct ingest *ig, const struct rec_entry *r, struct err *e)
{
	size_t first = r->to ? strcspn(r->to, "/:") : 0;
	int64_t control, other;

	if (!entry_control(ig, r->framework, r->id, &control, e))
		return false;
	if (control == 0) {
		entry_skip(ig, r, "no such control");
		return true;
	}
	if (str_empty(r->to))
		return link_class(ig, control, r, e);
	if (r->to[first] == '/')
		return link_rule(ig, control, r, r->to + first, e);
	if (!entry_control_named(ig, r->to, &other, e))
		return false;
	if (other != 0)
		return link_control(ig, SQL_CROSSWALK, control, other, r, e);
	entry_skip(ig, r, "the control it points to is not known");
	return true;
}

/* ---- the checklist ---- */

static const char SQL_ITEM[] =
	"INSERT INTO item (ident, ord, section, title, attributes, source)\n"
	"VALUES ($1, $2, $3, $4, $5, $6)\n"
	"ON CONFLICT (ident) DO UPDATE\n"
	"SET ord = excluded.ord, section = excluded.section, title = excluded.title,\n"
	"    attributes = excluded.attributes, source = excluded.source\n"
	"RETURNING id";

static bool write_item(struct ingest *ig, const struct rec_entry *r, int64_t ord, int64_t *item,
		       struct err *e)
{
	const char *attributes = entry_text(r->attributes, "");
	struct stmt *s;

	if (!str_empty(r->text))
		attributes = arena_printf(&ig->row, "%s%swhy=%s", attributes,
					  *attributes ? " | " : "", r->text);
	s = db_stmt(ig->db, SQL_ITEM);
	db_text(s, 1, r->id);
	db_int(s, 2, ord);
	db_text(s, 3, entry_text(r->parent, ""));
	db_text(s, 4, entry_text(r->title, r->id));
	db_text(s, 5, attributes);
	db_text(s, 6, entry_text(r->source, ""));
	return db_scalar(s, 0, item, e);
}

static bool forget_item_links(struct ingest *ig, int64_t item, struct err *e)
{
	static const char *const sql[] = { "DELETE FROM item_class WHERE item = $1",
					   "DELETE FROM item_control WHERE item = $1" };

	for (size_t i = 0; i < LENGTH(sql); i++) {
		struct stmt *s = db_stmt(ig->db, sql[i]);

		db_int(s, 1, item);
		if (!db_run(s, e))
			return false;
	}
	return true;
}

static bool link_item(struct ingest *ig, const struct rec_entry *r, int64_t item, bool control,
		      const char *name, struct err *e)
{
	int64_t other;
	struct stmt *s;

	if (!(control ? entry_control_named(ig, name, &other, e)
		      : entry_class(ig, name, &other, e)))
		return false;
	if (other == 0) {
		entry_skip(ig, r,
			   arena_printf(&ig->row, "no such %s: %s", control ? "control" : "class",
					name));
		return true;
	}
	s = db_stmt(ig->db, control ? "INSERT INTO item_control (item, control)\n"
				      "VALUES ($1, $2)\n"
				      "ON CONFLICT (item, control) DO NOTHING"
				    : "INSERT INTO item_class (item, class)\n"
				      "VALUES ($1, $2)\n"
				      "ON CONFLICT (item, class) DO NOTHING");
	db_int(s, 1, item);
	db_int(s, 2, other);
	return db_run(s, e);
}

/* "a; b; c" */
static bool link_items(struct ingest *ig, const struct rec_entry *r, int64_t item, bool control,
		       const char *list, struct err *e)
{
	while (!str_empty(list)) {
		const char *end = strstr(list, "; ");
		size_t n = end ? (size_t)(end - list) : strlen(list);

		if (!link_item(ig, r, item, control, arena_dupn(&ig->row, list, n), e))
			return false;
		list = end ? end + 2 : NULL;
	}
	return true;
}

static bool define_item(struct ingest *ig, const struct rec_entry *r, int64_t ord, int64_t *item,
			struct err *e)
{
	return write_item(ig, r, ord, item, e) && forget_item_links(ig, *item, e) &&
	       link_items(ig, r, *item, false, r->class_id, e) &&
	       link_items(ig, r, *item, true, r->to, e);
}

/* Without a title it is one that is there already. */
static bool find_item(struct ingest *ig, const struct rec_entry *r, int64_t *item, struct err *e)
{
	struct stmt *s = db_stmt(ig->db, "SELECT id FROM item WHERE ident = $1");

	db_text(s, 1, r->id);
	if (!db_scalar(s, 0, item, e))
		return false;
	if (*item == 0)
		entry_skip(ig, r, "no such item");
	return true;
}

bool entry_item(struct ingest *ig, const struct rec_entry *r, int64_t ord, struct err *e)
{
	int64_t item;

	if (!(str_empty(r->title) ? find_item(ig, r, &item, e)
				  : define_item(ig, r, ord, &item, e)))
		return false;
	return item == 0 || str_empty(r->answer) || entry_answer(ig, r, item, e);
}
