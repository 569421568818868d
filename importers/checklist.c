/* SPDX-License-Identifier: MIT */
/*
 * checklist.c - the checklist as a table or as JSON: its statements, or answers to them, or both.
 * Layout: README.md.
 */
#include "importers/csv.h"
#include "importers/importer.h"
#include "importers/read.h"
#include "importers/source.h"

enum {
	I_ID, I_TITLE, I_SECTION, I_CLASS, I_TO, I_AUTOMATIC, I_WHY, I_VERIFY, I_EVIDENCE,
	I_ANSWER, I_NOTE, I_BY, I_AT, I_UNTIL, I_DATA, I_COUNT
};
static const struct read_field item_field[I_COUNT] = {
	[I_ID]        = { "id" },
	[I_TITLE]     = { "title" },
	[I_SECTION]   = { "section" },
	[I_CLASS]     = { "classes", READ_LIST },
	[I_TO]        = { "controls", READ_LIST },
	[I_AUTOMATIC] = { "automatic" },
	[I_WHY]       = { "why" },
	[I_VERIFY]    = { "verify" },
	[I_EVIDENCE]  = { "evidence" },
	[I_ANSWER]    = { "answer" },
	[I_NOTE]      = { "note" },
	[I_BY]        = { "by" },
	[I_AT]        = { "at" },
	[I_UNTIL]     = { "review" },
	[I_DATA]      = { "data" }, /* only what this program writes has it: items as they are */
};

struct checklist {
	struct sink *sink;
	const char  *cell[I_COUNT]; /* of the row in hand */
	bool         defines;       /* it says what the items are, not only what was answered */
	uint64_t     items;
	struct arena mem;           /* dies with the row */
};

/* ---- a row ---- */

/* What lies between " | " would be read as another attribute. */
static void add_attribute(struct buf *b, const char *key, const char *value)
{
	if (value == NULL)
		return;
	buf_addf(b, "%s%s=", b->len > 0 ? " | " : "", key);
	for (; *value != '\0'; value++)
		buf_addc(b, *value == '|' || *value == '\n' || *value == '\t' ? ' ' : *value);
}

static const char *attributes(struct checklist *c)
{
	static const struct { const char *key; size_t cell; } one[] = {
		{ "automatic", I_AUTOMATIC }, { "why", I_WHY }, { "verify", I_VERIFY },
		{ "evidence", I_EVIDENCE },
	};
	struct buf b = BUF_INIT;
	const char *text = NULL;

	for (size_t i = 0; i < LENGTH(one); i++)
		add_attribute(&b, one[i].key, c->cell[one[i].cell]);
	if (b.len > 0)
		text = arena_dup(&c->mem, b.s);
	buf_release(&b);
	return text;
}

static int64_t time_of(const char *text)
{
	int64_t t;

	return text != NULL && time_parse(text, &t) ? t : 0;
}

/* Why the row is no use; NULL: it is. */
static const char *flaw(const struct checklist *c)
{
	if (c->cell[I_ID] == NULL)
		return "no id";
	if (c->defines && c->cell[I_TITLE] == NULL)
		return "no title";
	return !c->defines && c->cell[I_ANSWER] == NULL ? "not answered" : NULL;
}

/* Answers alone leave the item as it is: without its title it is only named. */
static bool put_item(struct checklist *c, struct err *e)
{
	const char *const *cell = c->cell;
	struct record rec = {
		.kind = REC_ENTRY,
		.u.entry = {
			.kind = ENTRY_ITEM, .framework = "CN", .id = cell[I_ID],
			.answer = cell[I_ANSWER], .note = cell[I_NOTE], .by = cell[I_BY],
			.at = time_of(cell[I_AT]), .until = time_of(cell[I_UNTIL]),
		},
	};
	struct rec_entry *n = &rec.u.entry;

	c->items++;
	if (c->defines) {
		n->title = cell[I_TITLE];
		n->parent = cell[I_SECTION];
		n->class_id = cell[I_CLASS];
		n->to = cell[I_TO];
		n->attributes = attributes(c);
		n->source = "ours";
	}
	return c->sink->put(c->sink, &rec, e);
}

/* ---- JSON ---- */

static const char *joined(struct checklist *c, const struct read_record *r, size_t field)
{
	struct buf b = BUF_INIT;
	const char *text;

	read_join(r, field, "; ", &b);
	text = b.len > 0 ? arena_dup(&c->mem, b.s) : NULL;
	buf_release(&b);
	return text;
}

static bool on_item(void *ctx, const struct read_record *r, struct err *e)
{
	struct checklist *c = ctx;

	arena_reset(&c->mem);
	for (size_t i = 0; i < I_COUNT; i++)
		c->cell[i] = r->value[i].type == READ_ITEMS ? joined(c, r, i) : read_text(r, i);
	if (c->cell[I_ID] == NULL && c->cell[I_TITLE] == NULL && r->up == NULL && r->index == 0)
		return true; /* the object around the items */
	c->defines = c->cell[I_CLASS] != NULL || c->cell[I_TO] != NULL ||
	             c->cell[I_WHY] != NULL || c->cell[I_VERIFY] != NULL ||
	             c->cell[I_EVIDENCE] != NULL || c->cell[I_ANSWER] == NULL;
	c->defines = c->defines && c->cell[I_DATA] == NULL;
	return flaw(c) != NULL ? read_skip(r, flaw(c), e) : put_item(c, e);
}

/* ---- a table ---- */

/* Columns in any order; those that say what an item is make the file one that defines them. */
static void find_columns(struct checklist *c, const struct csv_row *head, int at[static I_COUNT])
{
	static const size_t of_items[] = { I_CLASS, I_TO, I_WHY, I_VERIFY, I_EVIDENCE };

	for (size_t i = 0; i < I_COUNT; i++)
		at[i] = str_index(head->cell, head->ncell, item_field[i].name);
	for (size_t i = 0; i < LENGTH(of_items); i++)
		c->defines = c->defines || at[of_items[i]] >= 0;
	c->defines = (c->defines || at[I_ANSWER] < 0) && at[I_DATA] < 0;
}

static bool on_row(struct checklist *c, const struct csv_row *row, const int at[static I_COUNT],
                   struct err *e)
{
	arena_reset(&c->mem);
	for (size_t i = 0; i < I_COUNT; i++)
		c->cell[i] = at[i] < 0 ? NULL : csv_cell(row, (size_t)at[i]);
	return flaw(c) != NULL ? csv_skip(c->sink, row, flaw(c), e) : put_item(c, e);
}

static bool read_rows(struct checklist *c, struct csv *t, struct err *e)
{
	const struct csv_row *row;
	int at[I_COUNT];

	if (!csv_next(t, &row, e))
		return false;
	if (row == NULL || str_index(row->cell, row->ncell, "id") < 0)
		return err_set(e, ERR_FORMAT, "line 1: no column id");
	find_columns(c, row, at);
	for (;;) {
		if (!csv_next(t, &row, e) || (row != NULL && !on_row(c, row, at, e)))
			return false;
		if (row == NULL)
			return true;
	}
}

static bool read_table(struct checklist *c, const struct source *src, struct err *e)
{
	struct csv *t;
	bool ok;

	if (!csv_open(src, &t, e))
		return false;
	ok = read_rows(c, t, e);
	csv_close(t);
	return ok;
}

static const struct read_scope scope[] = {
	{ "", item_field, I_COUNT, on_item },
	{ "items[]", item_field, I_COUNT, on_item },
};

static int sniff(const struct peek *p)
{
	static const char *const table[] = { "id", "section", "title" };

	if (peek_open(p) == 0)
		return csv_heads(peek_head(p), ',', table, LENGTH(table)) ? 90 : 0;
	if (peek_has(p, "items[0].id") && peek_has(p, "items[0].title"))
		return peek_has(p, "items[0].section") || peek_has(p, "items[0].answer") ? 90 : 0;
	return peek_has(p, "id") && peek_has(p, "title") && peek_has(p, "section") &&
	       (peek_has(p, "answer") || peek_has(p, "verify") || peek_has(p, "automatic")) ?
	       90 : 0;
}

static bool run(const struct source *src, const struct import_opts *o UNUSED, struct sink *out,
                struct err *e)
{
	struct checklist c = { .sink = out };
	const struct read_opts how = { .sink = out };
	bool ok = source_form(src) == SOURCE_TEXT ?
	          read_table(&c, src, e) : read_document(src, scope, LENGTH(scope), &c, &how, e);

	arena_release(&c.mem);
	return ok;
}

const struct importer importer_checklist = {
	.id    = "checklist",
	.title = "Checklist: statements and answers (CSV, JSON)",
	.spec  = "importers/README.md",
	.sniff = sniff,
	.run   = run,
};
