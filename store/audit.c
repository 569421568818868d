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

#include "store/audit.h"

#define LAYOUT "seaworthy-audit-1"

static void add_field(struct buf *b, const char *s)
{
	buf_addf(b, "%zu:%s,", strlen(s), s);
}

static void add_number(struct buf *b, int64_t v)
{
	char digits[24];
	struct buf n = BUF_INIT;

	buf_addf(&n, "%lld", (long long)v);
	str_copy(digits, sizeof(digits), n.s);
	buf_release(&n);
	add_field(b, digits);
}

void audit_hash(const struct audit_record *l, uint8_t out[static SHA256_SIZE])
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

bool audit_next(struct store *st, int64_t *seq, struct err *e)
{
	if (!meta_int(st, "counter", seq, e))
		return false;
	++*seq;
	return true;
}

/* Hash of the newest record; zeros when there is none. */
bool store_head(struct store *st, uint8_t out[static SHA256_SIZE], struct err *e)
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

static bool insert(struct store *st, const struct audit_record *l,
		   const uint8_t hash[static SHA256_SIZE], struct err *e)
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
static bool anchor(struct store *st, int64_t seq, const uint8_t hash[static SHA256_SIZE],
		   struct err *e)
{
	char hex[2 * SHA256_SIZE + 1];

	hex_print(hash, SHA256_SIZE, hex);
	return meta_set_int(st, "counter", seq, e) && meta_set(st, "head", hex, e);
}

bool audit_append(struct store *st, const struct audit_entry *a, int64_t *seq, struct err *e)
{
	struct audit_record l = { .at = st->now,
		                  .actor = st->actor,
		                  .act = a->act,
		                  .object = a->object,
		                  .before = a->before ? a->before : "",
		                  .after = a->after ? a->after : "" };
	uint8_t     hash[SHA256_SIZE];

	if (!audit_next(st, &l.seq, e) || !store_head(st, l.prev, e))
		return false;
	audit_hash(&l, hash);
	if (!insert(st, &l, hash, e) || !anchor(st, l.seq, hash, e))
		return false;
	if (seq)
		*seq = l.seq;
	return true;
}

bool store_audit_each(struct store *st, audit_fn *fn, void *ctx, struct err *e)
{
	struct stmt *s = db_stmt(st->db,
		"SELECT seq, at, actor, act, object, before, after, prev, hash\n"
		"FROM main.audit\n"
		"WHERE seq <= $1\n"
		"ORDER BY seq");
	struct err ignored = ERR_INIT;
	bool       ok = true;

	db_int(s, 1, st->as_of ? st->known : INT64_MAX);
	while (ok && db_next(s)) {
		struct audit_record r = { .seq = db_column(s, 0), .at = db_column(s, 1) };
		size_t              nprev, nhash;
		const void         *prev = db_column_blob(s, 7, &nprev),
			           *hash = db_column_blob(s, 8, &nhash);

		r.actor = db_column_text(s, 2);
		r.act = db_column_text(s, 3);
		r.object = db_column_text(s, 4);
		r.before = db_column_text(s, 5);
		r.after = db_column_text(s, 6);
		if (nprev == SHA256_SIZE)
			memcpy(r.prev, prev, SHA256_SIZE);
		if (nhash == SHA256_SIZE)
			memcpy(r.hash, hash, SHA256_SIZE);
		ok = fn(ctx, &r, e);
	}
	return db_done(s, ok ? e : &ignored) && ok;
}
