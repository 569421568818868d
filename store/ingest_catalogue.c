/* SPDX-License-Identifier: MIT */
/*
 * ingest_catalogue.c - frameworks, classes, rules, maps, deadlines and the checklist.
 *
 * Frameworks, controls and classes are written as they come; what refers to others waits until the
 * import ends, so that the order of lines and files does not matter. A reference to nothing is a
 * skip.
 */
#include <stdlib.h>

#include "store/catalogue.h"
#include "store/judge.h"
#include "store/marked.h"

struct framework_seen {
	int64_t id, ord;
	const char *key;
	struct keyset controls;
};
struct catalogue {
	struct rec_entry *later;
	size_t nlater, caplater;
	struct framework_seen *framework;
	size_t nframework, capframework;
	struct changes changes;
	int64_t item_ord;
};

static struct catalogue *catalogue_of(struct ingest *ig)
{
	if (!ig->catalogue)
		ig->catalogue = xcalloc(1, sizeof(struct catalogue));
	return ig->catalogue;
}

void catalogue_release(struct ingest *ig)
{
	struct catalogue *c = ig->catalogue;

	if (!c)
		return;
	for (size_t i = 0; i < c->nframework; i++)
		keyset_release(&c->framework[i].controls);
	changes_release(&c->changes);
	free(c->framework);
	free(c->later);
	free(c);
}

const char *entry_text(const char *s, const char *none)
{
	return s ? s : none;
}

void entry_skip(struct ingest *ig, const struct rec_entry *r, const char *reason)
{
	static const char *const words[ENTRY_KIND_COUNT] = { "framework", "control", "class",
							     "rule",	  "map",     "deadline",
							     "item" };

	ingest_skip(ig,
		    arena_printf(&ig->row, "%s %s %s", words[r->kind],
				 entry_text(r->framework, "-"), entry_text(r->id, "-")),
		    reason);
}

/* ---- looking up ---- */

static bool id_of(struct ingest *ig, const char *sql, const char *a, const char *b, int64_t *out,
		  struct err *e)
{
	struct stmt *s = db_stmt(ig->db, sql);

	db_text(s, 1, a);
	if (b)
		db_text(s, 2, b);
	return db_scalar(s, 0, out, e);
}

bool entry_class(struct ingest *ig, const char *name, int64_t *out, struct err *e)
{
	return id_of(ig, "SELECT id FROM class WHERE name = $1", name, NULL, out, e);
}

bool entry_control(struct ingest *ig, const char *framework, const char *ident, int64_t *out,
		   struct err *e)
{
	return id_of(ig,
		     "SELECT c.id\n"
		     "FROM framework AS f\n"
		     "JOIN control AS c ON c.framework = f.id\n"
		     "WHERE f.key = $1 AND c.ident = $2",
		     framework, ident, out, e);
}

bool entry_framework(struct ingest *ig, const char *key, int64_t *out, struct err *e)
{
	return id_of(ig, "SELECT id FROM framework WHERE key = $1", key, NULL, out, e);
}

/* "FRAMEWORK:control" */
bool entry_control_named(struct ingest *ig, const char *name, int64_t *out, struct err *e)
{
	const char *colon = strchr(name, ':');

	*out = 0;
	return !colon || entry_control(ig, arena_dupn(&ig->row, name, (size_t)(colon - name)),
				       colon + 1, out, e);
}

/* ---- frameworks and controls ---- */

static struct framework_seen *seen_framework(struct catalogue *c, const char *key)
{
	for (size_t i = 0; i < c->nframework; i++)
		if (str_eq(c->framework[i].key, key))
			return &c->framework[i];
	return NULL;
}

/* A newer version of a framework replaces the links of the older one. */
static bool forget_links(struct ingest *ig, int64_t framework, struct err *e)
{
	static const char *const sql[] = {
		"DELETE FROM class_control\n"
		"WHERE control IN (SELECT id FROM control WHERE framework = $1)",
		"DELETE FROM rule_control\n"
		"WHERE control IN (SELECT id FROM control WHERE framework = $1)",
		"DELETE FROM crosswalk\n"
		"WHERE control IN (SELECT id FROM control WHERE framework = $1)",
		"DELETE FROM deadline WHERE framework = $1",
	};

	for (size_t i = 0; i < LENGTH(sql); i++) {
		struct stmt *s = db_stmt(ig->db, sql[i]);

		db_int(s, 1, framework);
		if (!db_run(s, e))
			return false;
	}
	return true;
}

static bool put_framework(struct ingest *ig, const struct rec_entry *r, struct err *e)
{
	struct catalogue *c = catalogue_of(ig);
	struct framework_seen *f;
	int64_t id;
	struct stmt *s = db_stmt(ig->db,
				 "INSERT INTO framework (key, title, version, ord, totals)\n"
				 "VALUES ($1, $2, $3, $4, $5)\n"
				 "ON CONFLICT (key) DO UPDATE\n"
				 "SET title = excluded.title, version = excluded.version,\n"
				 "    ord = excluded.ord, totals = excluded.totals\n"
				 "RETURNING id");
	int64_t ord = 1000;

	db_text(s, 1, r->framework);
	db_text(s, 2, entry_text(r->title, r->framework));
	db_text(s, 3, entry_text(attribute_get(r->attributes, "version", &ig->row), ""));
	if (!str_int64(attribute_get(r->attributes, "order", &ig->row), 0, 1000000, &ord))
		ord = 1000;
	db_int(s, 4, ord);
	db_text(s, 5, entry_text(r->attributes, ""));
	if (!db_scalar(s, 0, &id, e))
		return false;
	if (seen_framework(c, r->framework))
		return true;
	ARRAY_MORE(c->framework, c->nframework, c->capframework);
	f = &c->framework[c->nframework++];
	*f = (struct framework_seen){ .id = id, .key = arena_dup(&ig->mem, r->framework) };
	return forget_links(ig, id, e);
}

/* Controls of a framework that the file does not declare are added to the one that is there. */
static bool need_framework(struct ingest *ig, const char *key, struct framework_seen **out,
			   struct err *e)
{
	struct catalogue *c = catalogue_of(ig);
	struct framework_seen f = { 0 };

	*out = seen_framework(c, key);
	if (*out)
		return true;
	if (!entry_framework(ig, key, &f.id, e))
		return false;
	if (f.id == 0)
		return true;
	f.key = arena_dup(&ig->mem, key);
	f.ord = -1; /* only added to: nothing of it is dropped at the end */
	ARRAY_MORE(c->framework, c->nframework, c->capframework);
	c->framework[c->nframework++] = f;
	*out = &c->framework[c->nframework - 1];
	return true;
}

static bool next_ord(struct ingest *ig, struct framework_seen *f, int64_t *out, struct err *e)
{
	struct stmt *s;

	if (f->ord >= 0) {
		*out = ++f->ord;
		return true;
	}
	s = db_stmt(ig->db, "SELECT coalesce(max(ord), 0) + 1\n"
			    "FROM control\n"
			    "WHERE framework = $1");
	db_int(s, 1, f->id);
	return db_scalar(s, 1, out, e);
}

static const char SQL_CONTROL[] =
	"INSERT INTO control (framework, ident, ord, title, section, attributes, text, source,\n"
	"                     marked)\n"
	"VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)\n"
	"ON CONFLICT (framework, ident) DO UPDATE\n"
	"SET ord = excluded.ord, title = excluded.title, section = excluded.section,\n"
	"    attributes = excluded.attributes, text = excluded.text, source = excluded.source,\n"
	"    marked = excluded.marked\n"
	"RETURNING id";

static bool write_control(struct ingest *ig, const struct rec_entry *r, int64_t framework,
			  int64_t ord, int64_t *id, struct err *e)
{
	const char *marked = entry_text(r->text, "");
	struct buf plain = BUF_INIT;
	struct stmt *s = db_stmt(ig->db, SQL_CONTROL);
	bool ok;

	marked_plain(marked, &plain);
	db_int(s, 1, framework);
	db_text(s, 2, r->id);
	db_int(s, 3, ord);
	db_text(s, 4, entry_text(r->title, r->id));
	db_text(s, 5, entry_text(r->parent, ""));
	db_text(s, 6, entry_text(r->attributes, ""));
	db_text(s, 7, plain.s);
	db_text(s, 8, entry_text(r->source, ""));
	db_text(s, 9, strchr(marked, MARK_OPEN) ? marked : "");
	ok = db_scalar(s, 0, id, e);
	buf_release(&plain);
	return ok;
}

bool entry_put_control(struct ingest *ig, const struct rec_entry *r, int64_t *id, struct err *e)
{
	struct framework_seen *f;
	int64_t ord;

	*id = 0;
	if (!need_framework(ig, r->framework, &f, e))
		return false;
	if (!f) {
		entry_skip(ig, r, "no such framework");
		return true;
	}
	if (!next_ord(ig, f, &ord, e))
		return false;
	if (!write_control(ig, r, f->id, ord, id, e))
		return false;
	keyset_add(&f->controls, (uint64_t)*id);
	return true;
}

static bool put_class(struct ingest *ig, const struct rec_entry *r, struct err *e)
{
	struct stmt *s = db_stmt(ig->db,
				 "INSERT INTO class (name, title, severity, record, topic)\n"
				 "VALUES ($1, $2, $3, $4, $5)\n"
				 "ON CONFLICT (name) DO UPDATE\n"
				 "SET title = excluded.title, severity = excluded.severity,\n"
				 "    record = excluded.record, topic = excluded.topic");

	db_text(s, 1, r->id);
	db_text(s, 2, entry_text(r->title, r->id));
	db_int(s, 3, severity_fold(r->severity));
	db_text(s, 4, entry_text(attribute_get(r->attributes, "record", &ig->row), ""));
	db_text(s, 5, entry_text(r->parent, ""));
	return db_run(s, e);
}

/* ---- rules ---- */

static bool write_rule(struct ingest *ig, const char *tool, const char *rule, int64_t class_id,
		       struct err *e)
{
	struct stmt *s = db_stmt(ig->db,
				 "INSERT INTO tool_rule (tool, rule, class)\n"
				 "VALUES ($1, $2, $3)\n"
				 "ON CONFLICT (tool, rule) DO UPDATE SET class = excluded.class");

	db_text(s, 1, tool);
	db_text(s, 2, rule);
	db_int(s, 3, class_id);
	return db_run(s, e);
}

/* Rules that scans have shown already get the class, and what was counted without it is counted
 * again. */
static bool reclass(struct ingest *ig, const char *tool, const char *rule, int64_t class_id,
		    struct err *e)
{
	int64_t advisory;
	struct facts was;
	struct stmt *s;

	if (!id_of(ig,
		   "SELECT a.id\n"
		   "FROM source AS s\n"
		   "JOIN advisory AS a ON a.source = s.id\n"
		   "WHERE s.word = $1 AND a.name = $2",
		   tool, rule, &advisory, e))
		return false;
	if (advisory == 0)
		return true;
	if (!advisory_facts(ig, advisory, &was, e))
		return false;
	if (was.class_id == class_id)
		return true;
	s = db_stmt(ig->db, "UPDATE advisory\n"
			    "SET class = $1\n"
			    "WHERE id = $2");
	db_int(s, 1, class_id);
	db_int(s, 2, advisory);
	return db_run(s, e) && advisory_touch(ig, advisory, &was, e);
}

static bool settle_rule(struct ingest *ig, const struct rec_entry *r, struct err *e)
{
	const char *aliases = attribute_get(r->attributes, "aliases", &ig->row);
	const char *rule = rule_normal(r->framework, r->id, &ig->row);
	int64_t class_id;

	if (!entry_class(ig, entry_text(r->class_id, ""), &class_id, e))
		return false;
	if (class_id == 0) {
		entry_skip(ig, r, "no such class");
		return true;
	}
	if (!write_rule(ig, r->framework, rule, class_id, e) ||
	    !reclass(ig, r->framework, rule, class_id, e))
		return false;
	while (!str_empty(aliases)) {
		const char *end = strstr(aliases, ", ");
		size_t n = end ? (size_t)(end - aliases) : strlen(aliases);

		if (!write_rule(ig, r->framework, arena_dupn(&ig->row, aliases, n), class_id, e))
			return false;
		aliases = end ? end + 2 : NULL;
	}
	return true;
}

/* ---- deadlines ---- */

static const char SQL_DEADLINE[] =
	"INSERT INTO deadline (framework, ident, title, severity, attributes, text, source)\n"
	"VALUES ($1, $2, $3, $4, $5, $6, $7)\n"
	"ON CONFLICT (framework, ident) DO UPDATE\n"
	"SET title = excluded.title, severity = excluded.severity, attributes = "
	"excluded.attributes,\n"
	"    text = excluded.text, source = excluded.source";

static bool settle_deadline(struct ingest *ig, const struct rec_entry *r, struct err *e)
{
	struct framework_seen *f;
	const char *attributes = entry_text(r->attributes, "");
	int64_t control = 0;
	struct stmt *s;

	if (!need_framework(ig, r->framework, &f, e) ||
	    (r->to && !entry_control_named(ig, r->to, &control, e)))
		return false;
	if (!f || (r->to && control == 0)) {
		entry_skip(ig, r,
			   f ? "the control that sets it is not known" : "no such framework");
		return true;
	}
	if (r->to)
		attributes = arena_printf(&ig->row, "%s%scontrol=%s", attributes,
					  *attributes ? " | " : "", r->to);
	s = db_stmt(ig->db, SQL_DEADLINE);
	db_int(s, 1, f->id);
	db_text(s, 2, r->id);
	db_text(s, 3, entry_text(r->title, r->id));
	db_text(s, 4, entry_text(r->severity, ""));
	db_text(s, 5, attributes);
	db_text(s, 6, entry_text(r->text, ""));
	db_text(s, 7, entry_text(r->source, ""));
	return db_run(s, e);
}

/* ---- the record, and the end ---- */

static void keep_for_later(struct ingest *ig, const struct rec_entry *r)
{
	struct catalogue *c = catalogue_of(ig);
	struct rec_entry *k;

	ARRAY_MORE(c->later, c->nlater, c->caplater);
	k = &c->later[c->nlater++];
	*k = (struct rec_entry){ .kind = r->kind,
				 .framework = arena_dup(&ig->mem, r->framework),
				 .id = arena_dup(&ig->mem, r->id),
				 .title = arena_dup(&ig->mem, r->title),
				 .parent = arena_dup(&ig->mem, r->parent),
				 .class_id = arena_dup(&ig->mem, r->class_id),
				 .to = arena_dup(&ig->mem, r->to),
				 .severity = arena_dup(&ig->mem, r->severity),
				 .weight = arena_dup(&ig->mem, r->weight),
				 .attributes = arena_dup(&ig->mem, r->attributes),
				 .text = arena_dup(&ig->mem, r->text),
				 .source = arena_dup(&ig->mem, r->source),
				 .answer = arena_dup(&ig->mem, r->answer),
				 .note = arena_dup(&ig->mem, r->note),
				 .by = arena_dup(&ig->mem, r->by),
				 .at = r->at,
				 .until = r->until };
}

bool put_entry(struct ingest *ig, const struct rec_entry *r, struct err *e)
{
	int64_t id;

	if (str_empty(r->id) || (r->kind != ENTRY_CLASS && str_empty(r->framework))) {
		entry_skip(ig, r, str_empty(r->id) ? "no id" : "no framework");
		return true;
	}
	ig->stats.created[COUNT_ENTRIES]++;
	switch (r->kind) {
	case ENTRY_FRAMEWORK:
		return put_framework(ig, r, e);
	case ENTRY_CONTROL:
		if (str_empty(r->to))
			return entry_put_control(ig, r, &id, e);
		keep_for_later(ig, r);
		return true;
	case ENTRY_CLASS:
		return put_class(ig, r, e);
	default:
		keep_for_later(ig, r);
		return true;
	}
}

bool put_change(struct ingest *ig, const struct rec_change *c)
{
	changes_add(ig, &catalogue_of(ig)->changes, c);
	return true;
}

static bool settle_changes(struct ingest *ig, struct catalogue *c, struct err *e)
{
	for (size_t i = 0; c->changes.n > 0 && i < c->nframework; i++) {
		c->changes.framework = c->framework[i].key;
		if (!changes_make(ig, c->framework[i].id, &c->changes, e))
			return false;
	}
	changes_tell(ig, &c->changes);
	return true;
}

static bool settle_entry(struct ingest *ig, const struct rec_entry *r, struct err *e)
{
	arena_reset(&ig->row);
	switch (r->kind) {
	case ENTRY_CONTROL:
		return true; /* before all others */
	case ENTRY_RULE:
		return settle_rule(ig, r, e);
	case ENTRY_MAP:
		return entry_map(ig, r, e);
	case ENTRY_DEADLINE:
		return settle_deadline(ig, r, e);
	default:
		return entry_item(ig, r, ++catalogue_of(ig)->item_ord, e);
	}
}

/* Controls that a renewed framework no longer has go, unless a person answered them. */
static bool drop_control(struct ingest *ig, int64_t control, struct err *e)
{
	static const char *const sql[] = {
		"DELETE FROM item_control WHERE control = $1",
		"DELETE FROM crosswalk WHERE other = $1",
		"DELETE FROM control WHERE id = $1",
	};

	for (size_t i = 0; i < LENGTH(sql); i++) {
		struct stmt *s = db_stmt(ig->db, sql[i]);

		db_int(s, 1, control);
		if (!db_run(s, e))
			return false;
	}
	return true;
}

static bool drop_unseen(struct ingest *ig, const struct framework_seen *f, struct err *e)
{
	int64_t *gone = NULL;
	size_t n = 0, cap = 0;
	bool ok;
	struct stmt *s = db_stmt(
		ig->db, "SELECT c.id\n"
			"FROM control AS c\n"
			"WHERE c.framework = $1\n"
			"  AND NOT EXISTS (SELECT 1 FROM answer AS a WHERE a.control = c.id)");

	db_int(s, 1, f->id);
	while (db_next(s))
		if (!keyset_has(&f->controls, (uint64_t)db_column(s, 0))) {
			ARRAY_MORE(gone, n, cap);
			gone[n++] = db_column(s, 0);
		}
	ok = db_done(s, e);
	for (size_t i = 0; ok && i < n; i++)
		ok = drop_control(ig, gone[i], e);
	free(gone);
	return ok;
}

bool catalogue_settle(struct ingest *ig, struct err *e)
{
	struct catalogue *c = ig->catalogue;

	if (!c)
		return true;
	for (size_t i = 0; i < c->nlater; i++) {
		arena_reset(&ig->row);
		if (c->later[i].kind == ENTRY_CONTROL && !entry_like(ig, &c->later[i], e))
			return false;
	}
	if (!settle_changes(ig, c, e))
		return false;
	for (size_t i = 0; i < c->nframework; i++)
		if (c->framework[i].ord > 0 && !drop_unseen(ig, &c->framework[i], e))
			return false;
	for (size_t i = 0; i < c->nlater; i++)
		if (!settle_entry(ig, &c->later[i], e))
			return false;
	return true;
}
