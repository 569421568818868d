/* SPDX-License-Identifier: MIT */
/*
 * audit_check.c - is the audit trail as it was written? With the store, or from an export alone.
 *
 * A signature is a record of its own: its `after` names the head (number and hash of the record
 * before it), the public key and the signature (hexadecimal) over these three lines:
 * "seaworthy-head-1", the number, the hash in hexadecimal, each ended by a newline.
 */
#include <inttypes.h>

#include "store/audit.h"

#define ACT_SIGN "sign"

void audit_fault(struct verify_answer *out, int64_t seq, const char *reason)
{
	if (!out->intact)
		return;
	out->intact = false;
	out->bad_seq = seq;
	out->reason = reason;
}

/* ---- signatures ---- */

static void signed_text(int64_t seq, const uint8_t head[static SHA256_SIZE], struct buf *out)
{
	char hex[2 * SHA256_SIZE + 1];

	hex_print(head, SHA256_SIZE, hex);
	buf_addf(out, "seaworthy-head-1\n%" PRId64 "\n%s\n", seq, hex);
}

static int nibble(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The n bytes behind "NAME<TAB>" in 'name<TAB>value' lines. */
static bool bytes_of(const char *lines, const char *name, uint8_t *out, size_t n)
{
	size_t len = strlen(name);

	while (strncmp(lines, name, len) != 0 || lines[len] != '\t') {
		lines = strchr(lines, '\n');
		if (!lines++)
			return false;
	}
	lines += len + 1;
	for (size_t i = 0; i < n; i++) {
		int high = nibble(lines[2 * i]), low = high < 0 ? -1 : nibble(lines[2 * i + 1]);

		if (low < 0)
			return false;
		out[i] = (uint8_t)(high << 4 | low);
	}
	return lines[2 * n] == '\n' || lines[2 * n] == '\0';
}

/* It signs the record before it, whose hash is `prev`. */
static void check_signature(struct audit_check *c, const struct audit_record *r)
{
	uint8_t head[SHA256_SIZE], key[SIGN_KEY_SIZE], signature[SIGN_SIZE];
	struct buf text = BUF_INIT;
	bool ok = bytes_of(r->after, "head", head, sizeof(head)) &&
		  bytes_of(r->after, "key", key, sizeof(key)) &&
		  bytes_of(r->after, "signature", signature, sizeof(signature)) &&
		  memcmp(head, c->prev, SHA256_SIZE) == 0;

	signed_text(r->seq - 1, c->prev, &text);
	if (!ok || !sign_check(key, text.s, text.len, signature)) {
		audit_fault(c->out, r->seq, "the signature in it does not hold");
	} else if (!c->want || !c->want->by_key || memcmp(key, c->want->key, sizeof(key)) == 0) {
		c->out->anchored = r->seq - 1;
		hex_print(key, sizeof(key), c->out->key);
	}
	buf_release(&text);
}

bool store_anchor(struct store *st, int64_t *seq, char head[static 2 * SHA256_SIZE + 1],
		  struct err *e)
{
	struct stmt *s = db_stmt(st->db, "SELECT seq, lower(hex(hash))\n"
					 "FROM main.audit\n"
					 "WHERE seq <= $1\n"
					 "ORDER BY seq DESC\n"
					 "LIMIT 1");

	*seq = 0;
	head[0] = '\0';
	db_int(s, 1, st->as_of ? st->known : INT64_MAX);
	if (db_next(s)) {
		*seq = db_column(s, 0);
		(void)str_copy(head, 2 * SHA256_SIZE + 1, db_column_text(s, 1));
	}
	return db_done(s, e);
}

bool store_sign(struct store *st, const char *key_file, int64_t *seq,
		char head[static 2 * SHA256_SIZE + 1], struct err *e)
{
	struct verify_answer v;
	uint8_t bytes[SHA256_SIZE], key[SIGN_KEY_SIZE], signature[SIGN_SIZE];
	char key_hex[2 * SIGN_KEY_SIZE + 1], hex[2 * SIGN_SIZE + 1];
	struct buf text = BUF_INIT, after = BUF_INIT;
	bool ok;

	if (!may_write(st, ACT_SIGN, e) || !db_begin(st->db, DB_SYNC_FULL, e))
		return false;
	ok = store_verify(st, NULL, &v, e);
	if (ok && (!v.intact || v.records == 0))
		ok = err_set(e, ERR_USAGE, v.records ? "the trail is not intact: see verify"
						     : "there is no record to sign");
	ok = ok && store_head(st, bytes, e);
	if (ok) {
		signed_text(v.seq, bytes, &text);
		ok = sign_make(key_file, text.s, text.len, signature, key, e);
	}
	if (ok) {
		hex_print(key, sizeof(key), key_hex);
		hex_print(signature, sizeof(signature), hex);
		buf_addf(&after, "head\t%s\nkey\t%s\nsignature\t%s\n", v.head, key_hex, hex);
		*seq = v.seq;
		(void)str_copy(head, 2 * SHA256_SIZE + 1, v.head);
	}
	ok = act_end(st, ok, &(struct audit_entry){ .act = ACT_SIGN, .object = "trail",
						   .after = after.s }, e);
	buf_release(&text);
	buf_release(&after);
	return ok;
}

/* ---- the chain ---- */

void audit_check_begin(struct audit_check *c, const struct anchor *want, struct verify_answer *out)
{
	*out = (struct verify_answer){ .intact = true };
	*c = (struct audit_check){ .out = out, .want = want };
}

static void check_time(struct audit_check *c, const struct audit_record *r)
{
	struct verify_answer *out = c->out;

	if (r->at >= c->latest)
		c->latest = r->at;
	else if (out->backdated++ == 0)
		out->first_backdated = r->seq;
}

void audit_check_add(struct audit_check *c, const struct audit_record *r)
{
	struct verify_answer *out = c->out;
	struct audit_record l = *r;
	uint8_t hash[SHA256_SIZE];

	if (l.seq <= out->seq)
		audit_fault(out, l.seq, "it stands there twice, or behind a later one");
	else if (l.seq != out->records + 1)
		audit_fault(out, out->records + 1, "the record is missing");
	if (memcmp(r->prev, c->prev, SHA256_SIZE) != 0)
		audit_fault(out, l.seq, "it does not follow the record before it");
	memcpy(l.prev, c->prev, SHA256_SIZE);
	audit_hash(&l, hash);
	if (memcmp(r->hash, hash, SHA256_SIZE) != 0)
		audit_fault(out, l.seq, "its contents were changed");
	if (str_eq(l.act, ACT_SIGN))
		check_signature(c, &l);
	check_time(c, &l);
	memcpy(c->prev, hash, SHA256_SIZE);
	out->records++;
	out->seq = l.seq;
	if (!c->want || c->want->seq != l.seq)
		return;
	c->met = true;
	if (memcmp(hash, c->want->head, SHA256_SIZE) != 0)
		audit_fault(out, l.seq, "it is not the record that the anchor names");
}

void audit_check_other(struct audit_check *c, int64_t seq)
{
	audit_fault(c->out, seq, "what stands there says what the record does not");
}

void audit_check_end(struct audit_check *c)
{
	struct verify_answer *out = c->out;

	if (out->records > 0)
		hex_print(c->prev, SHA256_SIZE, out->head);
	if (!c->want || c->want->seq == 0)
		return;
	if (!c->met)
		audit_fault(out, out->seq + 1, "the end of the trail was cut off");
	if (c->want->seq > out->anchored) {
		out->anchored = c->want->seq;
		out->key[0] = '\0';
	}
}

/* ---- with the store: what else proves that a record was there ---- */

static const char SQL_ANCHORS[] =
	"SELECT max(seq) FROM (\n"
	"SELECT max(seq) AS seq FROM main.import\n"
	"UNION ALL SELECT max(seq) FROM main.span\n"
	"UNION ALL SELECT max(seq) FROM main.image_name\n"
	"UNION ALL SELECT max(seq) FROM main.answer\n"
	"UNION ALL SELECT max(seq) FROM main.note\n"
	"UNION ALL SELECT max(seq) FROM main.attachment\n"
	"UNION ALL SELECT max(seq) FROM main.assessment\n"
	"UNION ALL SELECT max(seq) FROM main.owner\n"
	"UNION ALL SELECT max(seq) FROM main.sample\n"
	"UNION ALL SELECT max(seq) FROM main.exception\n"
	"UNION ALL SELECT max(seq) FROM main.exception_end\n"
	"UNION ALL SELECT max(by_seq) FROM main.undone\n"
	"UNION ALL SELECT max(seq) FROM main.tag\n"
	"UNION ALL SELECT max(until_seq) FROM main.tag\n"
	"UNION ALL SELECT max(seq) FROM main.policy\n"
	"UNION ALL SELECT max(until_seq) FROM main.policy\n"
	"UNION ALL SELECT max(seq) FROM main.target\n"
	"UNION ALL SELECT max(until_seq) FROM main.target\n"
	"UNION ALL SELECT max(seq) FROM main.mute\n"
	"UNION ALL SELECT max(ended_seq) FROM main.mute)";

static bool check_anchors(struct store *st, struct verify_answer *out, struct err *e)
{
	struct arena mem = ARENA_INIT;
	const char *hex;
	int64_t counter, used;
	bool ok = meta_int(st, "counter", &counter, e) && meta_get(st, "head", &mem, &hex, e) &&
		  db_scalar(db_stmt(st->db, SQL_ANCHORS), 0, &used, e);

	if (ok && (counter > out->seq || used > out->seq))
		audit_fault(out, out->seq + 1, "the end of the trail was cut off");
	if (ok && counter < out->seq)
		audit_fault(out, counter + 1, "it was added by something else than this program");
	if (ok && out->records > 0 && !str_eq(hex, out->head))
		audit_fault(out, out->seq, "the trail was written anew from somewhere before it");
	arena_release(&mem);
	return ok;
}

/* Evidence is told in the record that attached it, or came with a checklist. */
static bool check_files(struct store *st, struct verify_answer *out, struct err *e)
{
	struct stmt *s = db_stmt(st->db,
				 "SELECT f.seq, f.bytes, f.link, f.sha256, lower(hex(f.sha256)),\n"
				 "       a.act, a.after\n"
				 "FROM main.attachment AS f\n"
				 "JOIN main.audit AS a ON a.seq = f.seq\n"
				 "ORDER BY f.seq, f.id");

	while (db_next(s)) {
		size_t size, nhash;
		const void *bytes = db_column_blob(s, 1, &size);
		const char *link = db_column_text(s, 2);
		const void *was;
		uint8_t hash[SHA256_SIZE];

		if (*link)
			sha256_of(link, strlen(link), hash);
		else
			sha256_of(bytes ? bytes : "", bytes ? size : 0, hash);
		was = db_column_blob(s, 3, &nhash);
		if (nhash != SHA256_SIZE || memcmp(was, hash, SHA256_SIZE) != 0 ||
		    (str_eq(db_column_text(s, 5), "attach") &&
		     !strstr(db_column_text(s, 6), db_column_text(s, 4))))
			audit_fault(out, db_column(s, 0), "the evidence it attached was changed");
	}
	return db_done(s, e);
}

static bool on_record(void *ctx, const struct audit_record *r, struct err *e)
{
	(void)e;
	audit_check_add(ctx, r);
	return true;
}

static bool check_all(struct store *st, const struct anchor *want, struct verify_answer *out,
		      struct err *e)
{
	struct audit_check c;

	audit_check_begin(&c, want, out);
	if (!store_audit_each(st, on_record, &c, e))
		return false;
	audit_check_end(&c);
	return st->as_of || (check_anchors(st, out, e) && check_files(st, out, e) &&
			     audit_check_said(st, out, e));
}

bool store_verify(struct store *st, const struct anchor *want, struct verify_answer *out,
		  struct err *e)
{
	bool within = db_in_transaction(st->db), ok;

	if (!within && !db_begin_read(st->db, e))
		return false;
	ok = check_all(st, want, out, e);
	return (within || db_end(st->db, false, e)) && ok;
}
