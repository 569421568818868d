/* SPDX-License-Identifier: MIT */
/*
 * checklist_file.c - the checklist as a file, JSON or CSV: both say the same, and nothing is lost.
 *
 * The fields are those of struct carried, under the names of the table below; times are RFC 3339.
 */
#include <jansson.h>
#include <stdlib.h>

#include "tui/checklist_file.h"

#define FORMAT "seaworthy-checklist-1"

enum field_type { FIELD_TEXT, FIELD_TIME, FIELD_INT };
static const struct field {
	const char *name;
	enum field_type type;
	size_t at;
} fields[] = {
#define FIELD(name, type, member) { name, type, offsetof(struct carried, member) }
	FIELD("object", FIELD_TEXT, object),
	FIELD("at", FIELD_TIME, at),
	FIELD("by", FIELD_TEXT, actor),
	FIELD("word", FIELD_TEXT, word),
	FIELD("note", FIELD_TEXT, note),
	FIELD("until", FIELD_TIME, until),
	FIELD("from", FIELD_TIME, from),
	FIELD("to", FIELD_TIME, to),
	FIELD("name", FIELD_TEXT, name),
	FIELD("link", FIELD_TEXT, link),
	FIELD("made", FIELD_TIME, made_at),
	FIELD("list", FIELD_TEXT, list),
	FIELD("filter", FIELD_TEXT, filter),
	FIELD("seed", FIELD_INT, seed),
	FIELD("population", FIELD_INT, population),
	FIELD("who", FIELD_TEXT, who),
#undef FIELD
};

static const char *text_at(const struct carried *c, const struct field *f)
{
	const char *s;

	memcpy(&s, (const char *)c + f->at, sizeof(s));
	return s ? s : "";
}

static int64_t int_at(const struct carried *c, const struct field *f)
{
	int64_t v;

	memcpy(&v, (const char *)c + f->at, sizeof(v));
	return v;
}

/* A field as text; "": it has none. */
static void print_field(const struct carried *c, const struct field *f, struct buf *out)
{
	char time[21];

	buf_reset(out);
	if (f->type == FIELD_TEXT) {
		buf_adds(out, text_at(c, f));
	} else if (int_at(c, f) != 0 && f->type == FIELD_TIME) {
		time_print(int_at(c, f), time);
		buf_adds(out, time);
	} else if (int_at(c, f) != 0) {
		buf_addf(out, "%lld", (long long)int_at(c, f));
	}
}

/* ---- writing ---- */

struct writing {
	struct out *out;
	bool csv;
	size_t n;
};

/* Every cell in quotes; one that a spreadsheet would take for a formula gets one more before it. */
static void csv_cell(struct out *o, const char *s)
{
	out_puts(o, "\"");
	if (strchr("=+-@\t\r'", *s) && *s)
		out_puts(o, "'");
	for (; *s; s++) {
		if (*s == '"')
			out_puts(o, "\"");
		out_add(o, s, 1);
	}
	out_puts(o, "\"");
}

static void csv_record(struct out *o, const struct carried *c, const char *bytes)
{
	struct buf cell = BUF_INIT;

	csv_cell(o, carry_word(c->kind));
	for (size_t i = 0; i < LENGTH(fields); i++) {
		print_field(c, &fields[i], &cell);
		out_puts(o, ",");
		csv_cell(o, cell.s);
	}
	out_puts(o, ",");
	csv_cell(o, bytes);
	out_puts(o, "\r\n");
	buf_release(&cell);
}

static void json_record(struct out *o, const struct carried *c, const char *bytes, bool first)
{
	struct buf cell = BUF_INIT;
	json_t *j = json_object();
	char *text;

	json_object_set_new(j, "record", json_string(carry_word(c->kind)));
	for (size_t i = 0; i < LENGTH(fields); i++) {
		print_field(c, &fields[i], &cell);
		if (cell.len > 0)
			json_object_set_new(j, fields[i].name, json_string(cell.s));
	}
	if (c->kind == CARRY_EVIDENCE && c->bytes)
		json_object_set_new(j, "bytes", json_string(bytes));
	text = json_dumps(j, JSON_COMPACT | JSON_ENSURE_ASCII);
	out_puts(o, first ? "\n" : ",\n");
	out_puts(o, text ? text : "{}");
	free(text);
	json_decref(j);
	buf_release(&cell);
}

static bool write_record(void *ctx, const struct carried *c, struct err *e)
{
	struct writing *w = ctx;
	struct buf bytes = BUF_INIT;

	if (c->bytes)
		base64_add(&bytes, c->bytes, c->size);
	if (w->csv)
		csv_record(w->out, c, bytes.s);
	else
		json_record(w->out, c, bytes.s, w->n == 0);
	buf_release(&bytes);
	w->n++;
	return !out_failed(w->out) || err_set(e, ERR_IO, "the file cannot be written");
}

bool checklist_write(struct store *st, struct out *o, bool csv, struct err *e)
{
	struct writing w = { o, csv, 0 };

	if (csv) {
		out_puts(o, "record");
		for (size_t i = 0; i < LENGTH(fields); i++)
			out_printf(o, ",%s", fields[i].name);
		out_puts(o, ",bytes\r\n");
	} else {
		out_puts(o, "{\"format\":\"" FORMAT "\",\"records\":[");
	}
	if (!store_checklist_each(st, write_record, &w, e))
		return false;
	if (!csv)
		out_puts(o, "\n]}\n");
	return true;
}

/* ---- reading ---- */

struct reading {
	struct checklist_file *f;
	size_t cap;
	size_t line; /* record or line, for errors */
};

static struct carried *more(struct reading *r)
{
	if (r->f->n == r->cap) {
		r->cap = r->cap ? 2 * r->cap : 64;
		r->f->record = xrealloc_array(r->f->record, r->cap, sizeof(*r->f->record));
	}
	r->f->record[r->f->n] = (struct carried){ .kind = CARRY_COUNT };
	return &r->f->record[r->f->n++];
}

static bool set_kind(struct reading *r, struct carried *c, const char *word, struct err *e)
{
	for (int k = 0; k < CARRY_COUNT; k++)
		if (str_eq(word, carry_word((enum carry)k))) {
			c->kind = (enum carry)k;
			return true;
		}
	return err_set(e, ERR_FORMAT, "record %zu: \"%s\" is no kind of record", r->line, word);
}

static bool set_field(struct reading *r, struct carried *c, const struct field *f,
                      const char *text, struct err *e)
{
	const char *kept = arena_dup(&r->f->mem, text);
	int64_t v = 0;

	if (f->type == FIELD_TEXT) {
		memcpy((char *)c + f->at, &kept, sizeof(kept));
		return true;
	}
	if (*text && !(f->type == FIELD_TIME ? time_parse(text, &v)
	                                     : str_int64(text, INT64_MIN, INT64_MAX, &v)))
		return err_set(e, ERR_FORMAT, "record %zu: %s: \"%s\" is no %s", r->line, f->name,
		               text, f->type == FIELD_TIME ? "time" : "number");
	memcpy((char *)c + f->at, &v, sizeof(v));
	return true;
}

static bool set_bytes(struct reading *r, struct carried *c, const char *text, struct err *e)
{
	if (c->kind != CARRY_EVIDENCE || !str_empty(c->link))
		return true;
	c->bytes = base64_decode(&r->f->mem, text, &c->size);
	return c->bytes || err_set(e, ERR_FORMAT, "record %zu: bytes: not base64", r->line);
}

static bool set_named(struct reading *r, struct carried *c, const char *name, const char *text,
                      struct err *e)
{
	for (size_t i = 0; i < LENGTH(fields); i++)
		if (str_eq(fields[i].name, name))
			return set_field(r, c, &fields[i], text, e);
	return err_set(e, ERR_FORMAT, "record %zu: there is no field \"%s\"", r->line, name);
}

static bool read_json_record(struct reading *r, const json_t *j, struct err *e)
{
	struct carried *c = more(r);
	const char *name, *kind = json_string_value(json_object_get(j, "record"));
	json_t *object = json_deep_copy(j), *value;
	bool ok = set_kind(r, c, kind ? kind : "", e);

	json_object_foreach(object, name, value) {
		if (!ok || str_eq(name, "record") || str_eq(name, "bytes"))
			continue;
		ok = json_is_string(value)
			     ? set_named(r, c, name, json_string_value(value), e)
			     : err_set(e, ERR_FORMAT, "record %zu: %s: not a text", r->line, name);
	}
	if (ok && json_object_get(object, "bytes"))
		ok = set_bytes(r, c, json_string_value(json_object_get(object, "bytes")), e);
	json_decref(object);
	return ok;
}

static bool read_json(struct reading *r, const struct buf *text, struct err *e)
{
	json_error_t at;
	json_t *root = json_loadb(text->s, text->len, 0, &at), *list;
	const char *format;
	bool ok = true;

	if (!root)
		return err_set(e, ERR_FORMAT, "line %d: %s", at.line, at.text);
	format = json_string_value(json_object_get(root, "format"));
	list = json_object_get(root, "records");
	if (!str_eq(format, FORMAT) || !json_is_array(list))
		ok = err_set(e, ERR_FORMAT, "not a checklist (format " FORMAT ")");
	for (size_t i = 0; ok && i < json_array_size(list); i++) {
		r->line = i + 1;
		ok = read_json_record(r, json_array_get(list, i), e);
	}
	json_decref(root);
	return ok;
}

/* One cell; *s stands behind it then. A quote that defuses a formula goes. */
static bool read_cell(const char **s, struct buf *out)
{
	const char *p = *s;
	bool quoted = *p == '"';

	buf_reset(out);
	for (p += quoted; *p; p++) {
		if (quoted && *p == '"' && p[1] != '"')
			break;
		if (!quoted && strchr(",\r\n", *p))
			break;
		p += quoted && *p == '"';
		buf_addc(out, *p);
	}
	if (quoted && *p != '"')
		return false;
	*s = p + quoted;
	if (out->len > 1 && out->s[0] == '\'' && strchr("=+-@\t\r'", out->s[1])) {
		memmove(out->s, out->s + 1, out->len);
		out->len--;
	}
	return true;
}

static bool read_csv_record(struct reading *r, const char **s, struct err *e)
{
	struct carried *c = more(r);
	struct buf cell = BUF_INIT;
	bool ok = true;

	for (size_t i = 0; ok && i < LENGTH(fields) + 2; i++) {
		ok = read_cell(s, &cell) ||
		     err_set(e, ERR_FORMAT, "record %zu: a quote is not closed", r->line);
		if (ok && i == 0)
			ok = set_kind(r, c, cell.s, e);
		else if (ok && i <= LENGTH(fields))
			ok = set_field(r, c, &fields[i - 1], cell.s, e);
		else if (ok)
			ok = set_bytes(r, c, cell.s, e);
		if (ok && **s == ',' && i < LENGTH(fields) + 1)
			++*s;
		else if (ok && i < LENGTH(fields) + 1)
			ok = err_set(e, ERR_FORMAT, "record %zu: it has %zu cells, not %zu",
			             r->line, i + 1, LENGTH(fields) + 2);
	}
	buf_release(&cell);
	*s += strspn(*s, "\r\n");
	return ok;
}

static bool read_csv(struct reading *r, const struct buf *text, struct err *e)
{
	const char *s = text->s;

	if (!str_prefix(s, "record,object,at,"))
		return err_set(e, ERR_FORMAT, "neither a checklist in JSON nor one in CSV");
	s += strcspn(s, "\n");
	s += *s == '\n';
	for (r->line = 1; *s; r->line++)
		if (!read_csv_record(r, &s, e))
			return false;
	return true;
}

bool checklist_read(const struct buf *text, struct checklist_file *out, struct err *e)
{
	struct reading r = { .f = out };

	*out = (struct checklist_file){ .mem = ARENA_INIT };
	return text->len > 0 && text->s[strspn(text->s, " \t\r\n")] == '{' ? read_json(&r, text, e)
	                                                                   : read_csv(&r, text, e);
}

void checklist_release(struct checklist_file *f)
{
	free(f->record);
	arena_release(&f->mem);
}
