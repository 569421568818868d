/* SPDX-License-Identifier: MIT */
/* framework.c - catalogues: frameworks, classes, rule tables, checklists. Layout: README.md. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <uthash.h>

#include "importers/tsv.h"

enum {
	C_KIND,
	C_FRAMEWORK,
	C_ID,
	C_TITLE,
	C_PARENT,
	C_CLASS,
	C_TO,
	C_SEVERITY,
	C_WEIGHT,
	C_ATTRIBUTES,
	C_TEXT,
	C_SOURCE,
	C_COUNT
};
static const char *const columns[C_COUNT] = {
	[C_KIND] = "kind",         [C_FRAMEWORK] = "framework",   [C_ID] = "id",
	[C_TITLE] = "title",       [C_PARENT] = "parent",         [C_CLASS] = "class",
	[C_TO] = "to",             [C_SEVERITY] = "severity",     [C_WEIGHT] = "weight",
	[C_ATTRIBUTES] = "attributes", [C_TEXT] = "text",         [C_SOURCE] = "source",
};

static const char *const weights[] = { "primary", "supporting", "weak" };

/* What a line of each kind cannot do without. */
enum { NEED_FRAMEWORK = 1, NEED_TITLE = 2, NEED_CLASS = 4, NEED_TO = 8, NEED_END = 16 };
static const struct kind {
	const char *word;
	unsigned    need;
} kinds[ENTRY_KIND_COUNT] = {
	[ENTRY_FRAMEWORK] = { "framework", NEED_FRAMEWORK | NEED_TITLE },
	[ENTRY_CONTROL]   = { "control",   NEED_FRAMEWORK | NEED_TITLE },
	[ENTRY_CLASS]     = { "class",     NEED_TITLE },
	[ENTRY_RULE]      = { "rule",      NEED_FRAMEWORK | NEED_CLASS },
	[ENTRY_MAP]       = { "map",       NEED_FRAMEWORK | NEED_END },
	[ENTRY_DEADLINE]  = { "deadline",  NEED_FRAMEWORK | NEED_TITLE | NEED_TO },
	[ENTRY_ITEM]      = { "item",      NEED_FRAMEWORK | NEED_TITLE },
};

struct seen { /* a key that a former line has */
	UT_hash_handle hh;
	const char    *key;
	uint64_t       line;
};

struct reading {
	struct sink *sink;
	struct arena mem; /* the keys */
	struct seen *seen;
	char         why[160]; /* why the line at hand is no good */
};

static bool PRINTF(2, 3)
bad(struct reading *r, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(r->why, sizeof(r->why), fmt, ap);
	va_end(ap);
	return false;
}

static bool is_severity(const char *word)
{
	for (int s = 0; s < SEV_COUNT; s++)
		if (str_eq(word, severity_word((enum severity)s)))
			return true;
	return false;
}

/* "tool/rule" or "FRAMEWORK:control", of n bytes: something before and behind the first mark. */
static bool is_reference(const char *s, size_t n)
{
	size_t at = strcspn(s, "/:");

	return at > 0 && at + 1 < n;
}

/* Every piece between " | " is key=value. */
static bool check_attributes(struct reading *r, const char *s)
{
	while (s != NULL) {
		const char *end = strstr(s, " | ");
		size_t      n = end != NULL ? (size_t)(end - s) : strlen(s);
		size_t      key = strcspn(s, "= ");

		if (key == 0 || key + 1 >= n || s[key] != '=')
			return bad(r, "attribute is not key=value: %.*s",
			           (int)(n < 60 ? n : 60), s);
		s = end != NULL ? end + 3 : NULL;
	}
	return true;
}

static bool check_references(struct reading *r, const char *s)
{
	while (s != NULL) {
		const char *end = strstr(s, "; ");
		size_t      n = end != NULL ? (size_t)(end - s) : strlen(s);

		if (!is_reference(s, n))
			return bad(r, "neither tool/rule nor FRAMEWORK:control: %.*s",
			           (int)(n < 60 ? n : 60), s);
		s = end != NULL ? end + 2 : NULL;
	}
	return true;
}

static bool check_needs(struct reading *r, const struct rec_entry *n)
{
	unsigned    need = kinds[n->kind].need;
	const char *word = kinds[n->kind].word;

	if (n->id == NULL)
		return bad(r, "%s without an id", word);
	if ((need & NEED_FRAMEWORK) && n->framework == NULL)
		return bad(r, "%s %s without a framework", word, n->id);
	if ((need & NEED_TITLE) && n->title == NULL)
		return bad(r, "%s %s without a title", word, n->id);
	if ((need & NEED_CLASS) && n->class_id == NULL)
		return bad(r, "%s %s without a class", word, n->id);
	if ((need & NEED_TO) && n->to == NULL)
		return bad(r, "%s %s without what sets it (to)", word, n->id);
	if ((need & NEED_END) && (n->class_id == NULL) == (n->to == NULL))
		return bad(r, "map of %s needs one of class and to", n->id);
	return true;
}

static bool check_words(struct reading *r, const struct rec_entry *n)
{
	if (n->severity != NULL && !is_severity(n->severity))
		return bad(r, "unknown severity: %.60s", n->severity);
	if (n->weight != NULL && str_index(weights, LENGTH(weights), n->weight) < 0)
		return bad(r, "unknown weight: %.60s", n->weight);
	/* The other end of a map is one reference; a rule's id may hold what separates a list. */
	if (n->kind == ENTRY_MAP && n->to != NULL && !is_reference(n->to, strlen(n->to)))
		return bad(r, "neither tool/rule nor FRAMEWORK:control: %.60s", n->to);
	if (n->kind != ENTRY_MAP && !check_references(r, n->to))
		return false;
	return check_attributes(r, n->attributes);
}

static bool check_first(struct reading *r, const struct rec_entry *n, uint64_t line)
{
	bool         map = n->kind == ENTRY_MAP;
	const char  *key = arena_printf(&r->mem, "%d\t%s\t%s\t%s\t%s", (int)n->kind,
	                                n->framework != NULL ? n->framework : "", n->id,
	                                map && n->class_id != NULL ? n->class_id : "",
	                                map && n->to != NULL ? n->to : "");
	size_t       len = strlen(key);
	struct seen *s;

	HASH_FIND(hh, r->seen, key, len, s);
	if (s != NULL)
		return bad(r, "%s %s is there already, in line %" PRIu64, kinds[n->kind].word,
		           n->id, s->line);
	s = arena_new(&r->mem, struct seen);
	s->key = key;
	s->line = line;
	HASH_ADD_KEYPTR(hh, r->seen, s->key, len, s);
	return true;
}

static bool is_utf8(const struct tsv_row *row)
{
	for (size_t i = 0; i < C_COUNT; i++)
		if (row->cell[i] != NULL && !utf8_valid(row->cell[i], strlen(row->cell[i])))
			return false;
	return true;
}

/* The line as a record; false with r->why set when it breaks a rule of the layout. */
static bool parse(struct reading *r, const struct tsv_row *row, struct rec_entry *n)
{
	const char *const *c = row->cell;
	int                kind;

	if (row->ncell != C_COUNT)
		return bad(r, "%zu columns, want %d", row->ncell, C_COUNT);
	if (!is_utf8(row))
		return bad(r, "not UTF-8");
	for (kind = 0; kind < ENTRY_KIND_COUNT && !str_eq(c[C_KIND], kinds[kind].word); kind++)
		continue;
	if (kind == ENTRY_KIND_COUNT)
		return bad(r, "unknown kind: %.60s", c[C_KIND] != NULL ? c[C_KIND] : "none");
	*n = (struct rec_entry){
		.kind = (enum entry_kind)kind, .framework = c[C_FRAMEWORK], .id = c[C_ID],
		.title = c[C_TITLE], .parent = c[C_PARENT], .class_id = c[C_CLASS], .to = c[C_TO],
		.severity = c[C_SEVERITY], .weight = c[C_WEIGHT], .attributes = c[C_ATTRIBUTES],
		.text = c[C_TEXT], .source = c[C_SOURCE],
	};
	return check_needs(r, n) && check_words(r, n) && check_first(r, n, row->line);
}

static bool put_row(struct reading *r, const struct tsv_row *row, struct err *e)
{
	struct record rec = { .kind = REC_ENTRY };
	char          place[32];

	if (!parse(r, row, &rec.u.entry)) {
		(void)snprintf(place, sizeof(place), "line %" PRIu64, row->line);
		rec = (struct record){ .kind = REC_SKIP,
				       .u.skip = { .place = place, .reason = r->why } };
	}
	return r->sink->put(r->sink, &rec, e);
}

static bool read_rows(struct reading *r, const struct source *src, struct tsv *t, struct err *e)
{
	int64_t  size = source_size(src);
	uint64_t total = size > 0 ? (uint64_t)size : 0;

	for (;;) {
		const struct tsv_row *row;

		if (!tsv_next(t, &row, e) || !r->sink->tick(r->sink, tsv_done(t), total, e))
			return false;
		if (row == NULL)
			return true;
		if (!put_row(r, row, e))
			return false;
	}
}

static int sniff(const struct peek *p)
{
	const char *head = peek_head(p);

	/* Less than all of the header: so near a miss deserves an error that names the column. */
	return str_prefix(head, "kind\tframework\tid\t") ? 100 : 0;
}

static bool run(const struct source *src, UNUSED const struct import_opts *o, struct sink *out,
		struct err *e)
{
	struct reading r = { .sink = out, .mem = ARENA_INIT };
	struct tsv    *t;
	bool           ok = false;

	if (tsv_open(&t, src, columns, C_COUNT, e)) {
		ok = read_rows(&r, src, t, e);
		tsv_close(t);
	}
	HASH_CLEAR(hh, r.seen);
	arena_release(&r.mem);
	return ok;
}

const struct importer importer_framework = {
	.id = "framework",
	.title = "Catalogue of controls, classes, rules or deadlines",
	.spec = "importers/README.md",
	.sniff = sniff,
	.run = run,
};
