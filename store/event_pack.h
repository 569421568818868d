/* SPDX-License-Identifier: MIT */
/*
 * event_pack.h - texts of many events in one row, where they are a tenth of their size. Private to
 * store/.
 *
 * Unpacked it is, for each event that has such a text, in the order of ids: its id and the text's
 * length, eight bytes each, the lowest first, and the text.
 */
#ifndef EVENT_PACK_H
#define EVENT_PACK_H

#include "store/base/base.h"

struct db;

/* What is not yet written, a pack at most. */
struct event_pack {
	int64_t first; /* 0: it is empty */
	size_t n;
	struct buf fields, raw;
	struct packer *packer[2]; /* of both; made when first needed */
};
#define EVENT_PACK_INIT { .fields = BUF_INIT, .raw = BUF_INIT }
void event_pack_release(struct event_pack *p);

/* The texts of an event, whose id is above all before; `raw` NULL: not kept. */
bool event_pack_add(struct event_pack *p, struct db *db, int64_t id, const struct buf *fields,
		    const void *raw, size_t raw_len, struct err *e) MUST_CHECK;
bool event_pack_flush(struct event_pack *p, struct db *db, struct err *e) MUST_CHECK;

/* An event's text in an unpacked one; NULL: none. */
const char *event_pack_find(const char *s, size_t n, int64_t id, size_t *len);

/* In SQL, of the event `ev`: packed() is of db.h. */
#define SQL_PACK_OF(ev, column)                                                                    \
	"packed((SELECT k." column " FROM event_pack k WHERE k.first <= " ev ".id\n"               \
	"ORDER BY k.first DESC LIMIT 1), " ev ".id)"
#define SQL_EVENT_FIELDS(ev)                                                                       \
	"CASE WHEN " ev ".fields <> '' THEN " ev ".fields ELSE " SQL_PACK_OF(ev, "fields") " END"
#define SQL_EVENT_RAW(ev) "COALESCE(" ev ".raw, " SQL_PACK_OF(ev, "raw") ")"

#endif
