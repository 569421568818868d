/* SPDX-License-Identifier: MIT */
/* event_pack.c - texts of many events in one row: gathered, written, found again. */
#include "store/event_pack.h"
#include "store/db.h"

/* So many make a pack: more would be smaller still, but one event is read by unpacking all. */
#define EVENTS	   128
#define BYTES	   ((size_t)256 << 10)
#define ENTRY_SIZE 16 /* bytes before a text */

void event_pack_release(struct event_pack *p)
{
	packer_free(p->packer[0]);
	packer_free(p->packer[1]);
	buf_release(&p->fields);
	buf_release(&p->raw);
	*p = (struct event_pack)EVENT_PACK_INIT;
}

/* ---- one text ---- */

static void add_number(char *out, uint64_t v)
{
	for (int i = 0; i < 8; i++)
		out[i] = (char)(v >> (8 * i));
}

static uint64_t number_at(const char *s)
{
	uint64_t v = 0;

	for (int i = 8; i-- > 0;)
		v = v << 8 | (unsigned char)s[i];
	return v;
}

static void add_text(struct buf *b, int64_t id, const char *s, size_t n)
{
	char entry[ENTRY_SIZE];

	add_number(entry, (uint64_t)id);
	add_number(entry + 8, n);
	buf_add(b, entry, sizeof(entry));
	buf_add(b, s, n);
}

const char *event_pack_find(const char *s, size_t n, int64_t id, size_t *len)
{
	while (n >= ENTRY_SIZE) {
		uint64_t size = number_at(s + 8);

		if (size > n - ENTRY_SIZE)
			return NULL;
		if (number_at(s) == (uint64_t)id) {
			*len = (size_t)size;
			return s + ENTRY_SIZE;
		}
		s += ENTRY_SIZE + size;
		n -= ENTRY_SIZE + (size_t)size;
	}
	return NULL;
}

/* ---- a pack ---- */

bool event_pack_flush(struct event_pack *p, struct db *db, struct err *e)
{
	const struct buf *text[2] = { &p->fields, &p->raw };
	struct stmt *s;
	size_t n;

	if (p->first == 0)
		return true;
	s = db_stmt(db, "INSERT INTO event_pack (first, fields, raw)\n"
			"VALUES ($1, $2, $3)");
	db_int(s, 1, p->first);
	for (int i = 0; i < 2; i++) {
		const void *bytes;

		if (!p->packer[i])
			p->packer[i] = packer_new();
		bytes = packer_pack(p->packer[i], text[i]->s, text[i]->len, &n);
		db_blob(s, 2 + i, bytes, n);
	}
	p->first = 0;
	p->n = 0;
	buf_reset(&p->fields);
	buf_reset(&p->raw);
	return db_run(s, e);
}

bool event_pack_add(struct event_pack *p, struct db *db, int64_t id, const struct buf *fields,
		    const void *raw, size_t raw_len, struct err *e)
{
	if (p->first == 0)
		p->first = id;
	if (fields->len > 0)
		add_text(&p->fields, id, fields->s, fields->len);
	if (raw)
		add_text(&p->raw, id, raw, raw_len);
	p->n++;
	return (p->n < EVENTS && p->fields.len + p->raw.len < BYTES) ||
	       event_pack_flush(p, db, e);
}
