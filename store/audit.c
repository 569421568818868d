/* SPDX-License-Identifier: MIT */
/*
 * audit.c - the audit trail: append-only records, each holding the hash of the one before.
 *
 * A record's hash is the SHA-256 of these nine fields, each as a netstring ("3:abc,"), in this
 * order: the word "seaworthy-audit-1", seq, at (both decimal), actor, act, object, before, after
 * (as bytes), prev (64 hex digits). Whoever has an export can compute it again with nothing but
 * this description.
 */
#include "store/store_private.h"

#define LAYOUT "seaworthy-audit-1"

struct link { /* one record on its way into or out of the table */
	int64_t        seq, at;
	const char    *actor, *act, *object, *before, *after;
	uint8_t        prev[SHA256_SIZE];
};

static void
add_field(struct buf *b, const char *s)
{
	buf_addf(b, "%zu:%s,", strlen(s), s);
}

static void
add_number(struct buf *b, int64_t v)
{
	char digits[24];
	struct buf n = BUF_INIT;

	buf_addf(&n, "%lld", (long long)v);
	str_copy(digits, sizeof(digits), n.s);
	buf_release(&n);
	add_field(b, digits);
}

static void
link_hash(const struct link *l, uint8_t out[static SHA256_SIZE])
{
	char       prev[2 * SHA256_SIZE + 1];
	struct buf b = BUF_INIT;

	hex_print(l->prev, SHA256_SIZE, prev);
	add_field(&b, LAYOUT);
	add_number(&b, l->seq);
	add_number(&b, l->at);
	add_field(&b, l->actor);
	add_field(&b, l->act);
	add_field(&b, l->object);
	add_field(&b, l->before);
	add_field(&b, l->after);
	add_field(&b, prev);
	sha256_of(b.s, b.len, out);
	buf_release(&b);
}

bool
audit_next(struct store *st, int64_t *seq, struct err *e)
{
	if (!meta_int(st, "counter", seq, e))
		return false;
	++*seq;
	return true;
}

/* Hash of the newest record; zeros when there is none. */
static bool
head(struct store *st, uint8_t out[static SHA256_SIZE], struct err *e)
{
	struct stmt *s = db_stmt(st->db,
		"SELECT hash\n"
		"FROM audit\n"
		"ORDER BY seq DESC\n"
		"LIMIT 1");
	size_t       size;
	const void  *p;

	memset(out, 0, SHA256_SIZE);
	if (db_next(s)) {
		p = db_column_blob(s, 0, &size);
		if (size == SHA256_SIZE)
			memcpy(out, p, size);
	}
	return db_done(s, e);
}

static bool
insert(struct store *st, const struct link *l, const uint8_t hash[static SHA256_SIZE],
       struct err *e)
{
	struct stmt *s = db_stmt(st->db,
		"INSERT INTO audit (seq, at, actor, act, object, before, after, prev, hash)\n"
		"VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");

	db_int(s, 1, l->seq);
	db_int(s, 2, l->at);
	db_text(s, 3, l->actor);
	db_text(s, 4, l->act);
	db_text(s, 5, l->object);
	db_text(s, 6, l->before);
	db_text(s, 7, l->after);
	db_blob(s, 8, l->prev, SHA256_SIZE);
	db_blob(s, 9, hash, SHA256_SIZE);
	return db_run(s, e);
}

/*
 * The counter and the head are kept apart from the table, so that records cut off its end are
 * missed.
 */
static bool
anchor(struct store *st, int64_t seq, const uint8_t hash[static SHA256_SIZE], struct err *e)
{
	char hex[2 * SHA256_SIZE + 1];

	hex_print(hash, SHA256_SIZE, hex);
	return meta_set_int(st, "counter", seq, e) && meta_set(st, "head", hex, e);
}

bool
audit_append(struct store *st, const struct audit_entry *a, int64_t *seq, struct err *e)
{
	struct link l = { .at = st->now, .actor = st->actor, .act = a->act, .object = a->object,
	                  .before = a->before ? a->before : "", .after = a->after ? a->after : "" };
	uint8_t     hash[SHA256_SIZE];

	if (!audit_next(st, &l.seq, e) || !head(st, l.prev, e))
		return false;
	link_hash(&l, hash);
	if (!insert(st, &l, hash, e) || !anchor(st, l.seq, hash, e))
		return false;
	if (seq)
		*seq = l.seq;
	return true;
}

/* ---- verification ---- */

static void
find_fault(struct verify_answer *out, int64_t seq, const char *reason)
{
	if (!out->intact)
		return;
	out->intact = false;
	out->bad_seq = seq;
	out->reason = reason;
}

static void
check_link(struct stmt *s, uint8_t prev[static SHA256_SIZE], struct verify_answer *out)
{
	struct link l = { .seq = db_column(s, 0), .at = db_column(s, 1) };
	uint8_t     hash[SHA256_SIZE];
	size_t      nprev, nhash;
	const void *was_prev = db_column_blob(s, 7, &nprev),
		   *was_hash = db_column_blob(s, 8, &nhash);

	l.actor = db_column_text(s, 2);
	l.act = db_column_text(s, 3);
	l.object = db_column_text(s, 4);
	l.before = db_column_text(s, 5);
	l.after = db_column_text(s, 6);
	if (l.seq != out->records + 1)
		find_fault(out, out->records + 1, "the record is missing");
	if (nprev != SHA256_SIZE || memcmp(was_prev, prev, SHA256_SIZE) != 0)
		find_fault(out, l.seq, "it does not follow the record before it");
	memcpy(l.prev, prev, SHA256_SIZE);
	link_hash(&l, hash);
	if (nhash != SHA256_SIZE || memcmp(was_hash, hash, SHA256_SIZE) != 0)
		find_fault(out, l.seq, "its contents were changed");
	memcpy(prev, hash, SHA256_SIZE);
	out->records++;
	out->seq = l.seq;
}

static bool
check_chain(struct store *st, struct verify_answer *out, struct err *e)
{
	uint8_t      prev[SHA256_SIZE] = { 0 };
	struct stmt *s = db_stmt(st->db,
		"SELECT seq, at, actor, act, object, before, after, prev, hash\n"
		"FROM audit\n"
		"ORDER BY seq");

	while (db_next(s))
		check_link(s, prev, out);
	if (out->records > 0)
		hex_print(prev, SHA256_SIZE, out->head);
	return db_done(s, e);
}

/* Everything that bears the number of a record proves that the record was there. */
static const char SQL_ANCHORS[] =
	"SELECT max(seq) FROM (\n"
	"SELECT max(seq) AS seq FROM import\n"
	"UNION ALL SELECT max(seq) FROM span\n"
	"UNION ALL SELECT max(seq) FROM image_name\n"
	"UNION ALL SELECT max(seq) FROM answer\n"
	"UNION ALL SELECT max(seq) FROM note\n"
	"UNION ALL SELECT max(seq) FROM owner)";

static bool
check_anchors(struct store *st, struct verify_answer *out, struct err *e)
{
	struct arena mem = ARENA_INIT;
	const char  *hex;
	int64_t      counter, used;
	bool ok = meta_int(st, "counter", &counter, e) && meta_get(st, "head", &mem, &hex, e) &&
		  db_scalar(db_stmt(st->db, SQL_ANCHORS), 0, &used, e);

	if (ok && (counter > out->seq || used > out->seq))
		find_fault(out, out->seq + 1, "the end of the trail was cut off");
	if (ok && counter < out->seq)
		find_fault(out, counter + 1, "it was added by something else than this program");
	if (ok && out->records > 0 && !str_eq(hex, out->head))
		find_fault(out, out->seq, "the trail was written anew from somewhere before it");
	arena_release(&mem);
	return ok;
}

bool
store_verify(struct store *st, struct verify_answer *out, struct err *e)
{
	bool ok;

	*out = (struct verify_answer){ .intact = true };
	if (!db_begin_read(st->db, e))
		return false;
	ok = check_chain(st, out, e) && check_anchors(st, out, e);
	return db_end(st->db, false, e) && ok;
}
