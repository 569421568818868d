/* SPDX-License-Identifier: MIT */
/* 1020-audit.c - the audit trail: whole as written, and every kind of tampering is found. */
#include "t/lib/test.h"
#include "t/lib/records.h"

#include "store/audit.h"

static struct import in;

/* Five imports; then the guards are taken away, as whoever holds the file could. */
static int setup(UNUSED void **state)
{
	struct err e = ERR_INIT;

	import_init(&in, store_for_test());
	for (int k = 0; k < 5; k++)
		scan_image(&in, "trivy", "app:1", digest('a'), T0 + k * D, "CVE-1");
	return db_script(in.st->db, "DROP TRIGGER audit_no_update; DROP TRIGGER audit_no_delete",
			 &e)
		       ? 0
		       : -1;
}

static int teardown(UNUSED void **state)
{
	import_free(&in);
	store_close(in.st);
	return 0;
}

static struct verify_answer verify(void)
{
	struct err e = ERR_INIT;
	struct verify_answer v;

	assert_true(store_verify(in.st, NULL, &v, &e));
	return v;
}

static void tamper(const char *sql)
{
	struct err e = ERR_INIT;

	if (!db_script(in.st->db, sql, &e))
		fail_msg("%s", e.text);
}

static void a_trail_as_written_is_intact(UNUSED void **state)
{
	struct verify_answer v = verify();

	assert_true(v.intact);
	assert_int_equal(v.records, 5);
	assert_int_equal(v.seq, 5);
	assert_int_equal(strlen(v.head), 64);
}

static void a_record_of_before_the_one_ahead_of_it_is_told(UNUSED void **state)
{
	const int64_t now = in.st->now;
	struct scope what = { SCOPE_IMAGE, { number(in.st, "SELECT max(asset) FROM image") } };
	struct err e = ERR_INIT;

	assert_int_equal(verify().backdated, 0);
	assert_int_equal(verify().first_backdated, 0);
	for (int i = 0; i < 4; i++) { /* tomorrow, today, in between, the same time again */
		store_set_now(in.st, now + (i == 0 ? 2 * D : i == 1 ? 0 : i == 2 ? D : 2 * D));
		if (!store_note(in.st, &what, "looked at", &e))
			fail_msg("%s", e.text);
	}
	assert_true(verify().intact);
	assert_int_equal(verify().backdated, 2);
	assert_int_equal(verify().first_backdated, 7);
}

static void records_cannot_be_changed_through_the_store(UNUSED void **state)
{
	struct err e = ERR_INIT;
	struct store *st = store_for_test();

	in.st->now++;
	assert_true(db_begin(st->db, DB_SYNC_FULL, &e));
	assert_true(
		audit_append(st, &(struct audit_entry){ "note", "image 1", NULL, "x" }, NULL, &e));
	assert_false(db_script(st->db, "DELETE FROM audit", &e));
	assert_false(db_script(st->db, "UPDATE audit SET actor = 'nobody'", &e));
	assert_true(db_end(st->db, true, &e));
	store_close(st);
}

static void an_edit_is_found(UNUSED void **state)
{
	tamper("UPDATE audit SET actor = 'nobody' WHERE seq = 3");
	assert_false(verify().intact);
	assert_int_equal(verify().bad_seq, 3);
}

static void a_deletion_is_found(UNUSED void **state)
{
	tamper("DELETE FROM audit WHERE seq = 2");
	assert_int_equal(verify().bad_seq, 2);
}

static void an_insertion_is_found(UNUSED void **state)
{
	tamper("INSERT INTO audit SELECT 6, at, actor, act, object, before, after, hash, "
	       "randomblob(32)\n"
	       "FROM audit WHERE seq = 5");
	assert_false(verify().intact);
	assert_int_equal(verify().bad_seq, 6);
}

static void a_swap_is_found(UNUSED void **state)
{
	tamper("UPDATE audit SET seq = 99 WHERE seq = 2; UPDATE audit SET seq = 2 WHERE seq = 3;\n"
	       "UPDATE audit SET seq = 3 WHERE seq = 99");
	assert_int_equal(verify().bad_seq, 2);
}

static void a_truncation_is_found(UNUSED void **state)
{
	tamper("DELETE FROM audit WHERE seq > 3");
	assert_int_equal(verify().bad_seq, 4);
}

static void a_truncation_with_its_counter_is_found_by_what_the_records_did(UNUSED void **state)
{
	tamper("DELETE FROM audit WHERE seq > 3; UPDATE meta SET value = '3' WHERE name = "
	       "'counter'");
	assert_int_equal(verify().bad_seq, 4);
}

/* The newest record is gone, and what is kept of its number and hash with it. */
static void cut_off_newest(void)
{
	tamper("DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit);\n"
	       "UPDATE meta SET value = (SELECT max(seq) FROM audit) WHERE name = 'counter';\n"
	       "UPDATE meta SET value = (SELECT lower(hex(hash)) FROM audit ORDER BY seq DESC\n"
	       "  LIMIT 1) WHERE name = 'head'");
}

static void what_a_decision_did_proves_its_record(UNUSED void **state)
{
	const struct scope image = { SCOPE_IMAGE, { number(in.st, "SELECT asset FROM image") } };
	const int64_t advisory = number(in.st, "SELECT advisory FROM finding");
	const int64_t part = number(in.st, "SELECT part FROM finding");
	const struct scope finding = { SCOPE_FINDING, { image.key[0], advisory, part } };
	const struct exception x = { .kind = STATE_ACCEPTED, .reason = "so it is",
				     .until = T0 + 11 * D };
	struct except_answer a = { 0 };
	struct err e = ERR_INIT;
	bool changed;

	store_set_now(in.st, T0 + 6 * D);
	for (int act = 0; act < 6; act++) {
		bool ok = act == 0   ? store_tag(in.st, &image, "pci", true, &changed, &e)
			  : act == 1 ? store_tag(in.st, &image, "pci", false, &changed, &e)
			  : act == 2 ? store_policy_use(in.st, "pci-dss-4.0.1", NULL, NULL, &e) &&
				       store_policy_use(in.st, "baseline", NULL, NULL, &e)
			  : act == 3 ? store_due(in.st, &finding, in.st->now + D, &e)
			  : act == 4 ? store_except(in.st, &x, &finding, 1, false, &a, &e)
				     : store_except_end(in.st, a.id, "no longer", &e);
		struct verify_answer v = verify();

		if (!ok || !v.intact)
			fail_msg("act %d: %s%s", act, e.text, v.reason ? v.reason : "");
		assert_true(db_begin(in.st->db, DB_SYNC_FULL, &e));
		cut_off_newest();
		v = verify();
		if (v.intact || v.bad_seq != v.seq + 1)
			fail_msg("act %d: not missed", act);
		assert_true(db_end(in.st->db, false, &e));
	}
}

/* Of an export: no store says what else there was. */
static void add(struct audit_check *c, struct audit_record *r, int64_t seq)
{
	r->seq = seq;
	audit_hash(r, r->hash);
	audit_check_add(c, r);
	memcpy(r->prev, r->hash, SHA256_SIZE);
}

static void a_record_that_stands_there_twice_is_found(UNUSED void **state)
{
	struct audit_record r = { .actor = "kim", .act = "note", .object = "x", .before = "",
				  .after = "" };
	struct verify_answer v;
	struct audit_check c;

	audit_check_begin(&c, NULL, &v);
	add(&c, &r, 1);
	add(&c, &r, 2);
	assert_true(v.intact);
	add(&c, &r, 2);
	assert_int_equal(v.bad_seq, 2);
	assert_non_null(strstr(v.reason, "twice"));
}

/* Hashes all the way, yet nobody with the key signed that. */
static void a_signature_has_to_hold(UNUSED void **state)
{
	static const char zeros[] = "00000000000000000000000000000000";
	struct audit_record r = { .actor = "kim", .act = "note", .object = "x", .before = "" };
	struct verify_answer v;
	struct audit_check c;
	struct buf after = BUF_INIT;
	char head[2 * SHA256_SIZE + 1];

	audit_check_begin(&c, NULL, &v);
	r.after = "";
	add(&c, &r, 1);
	hex_print(r.prev, SHA256_SIZE, head);
	buf_addf(&after, "head\t%s\nkey\t%s%s\nsignature\t%s%s%s%s\n", head, zeros, zeros, zeros,
		 zeros, zeros, zeros);
	r.act = "sign";
	r.after = after.s;
	add(&c, &r, 2);
	assert_false(v.intact);
	assert_int_equal(v.bad_seq, 2);
	assert_int_equal(v.anchored, 0);
	buf_release(&after);
}

static void who_may_not_sign_does_not(UNUSED void **state)
{
	char head[2 * SHA256_SIZE + 1];
	struct err e = ERR_INIT;
	int64_t seq;

	in.st->role = ROLE_VIEWER;
	assert_false(store_sign(in.st, "/nonexistent", &seq, head, &e));
	assert_int_equal(number(in.st, "SELECT count(*) FROM audit"), 5);
}

static void an_end_written_anew_is_found(UNUSED void **state)
{
	struct err e = ERR_INIT;

	tamper("DELETE FROM audit WHERE seq = 5; UPDATE meta SET value = '4' WHERE name = "
	       "'counter'");
	assert_true(db_begin(in.st->db, DB_SYNC_FULL, &e));
	tamper("UPDATE meta SET value = value WHERE name = 'head'");
	assert_true(audit_append(in.st, &(struct audit_entry){ "import", "other.json", NULL, "" },
				 NULL, &e));
	tamper("UPDATE meta SET value = 'ff' WHERE name = 'head'");
	assert_true(db_end(in.st->db, true, &e));
	assert_false(verify().intact);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

static void sign(const char *key)
{
	char head[2 * SHA256_SIZE + 1];
	struct err e = ERR_INIT;
	int64_t seq;

	if (!store_sign(in.st, key, &seq, head, &e))
		fail_msg("%s", e.text);
}

/* A new key in a file of its own, and the head signed with it. */
static void sign_with_new(const char *name)
{
	struct buf path = BUF_INIT;
	struct err e = ERR_INIT;

	buf_addf(&path, "%s/%s", getenv("TMPDIR"), name);
	assert_true(sign_make_key(path.s, &e));
	sign(path.s);
	buf_release(&path);
}

static void what_a_signature_covers_is_said(UNUSED void **state)
{
	struct verify_answer v;

	sign_with_new("key");
	scan_image(&in, "trivy", "app:1", digest('a'), T0 + 9 * D, "CVE-1");
	v = verify();
	assert_true(v.intact);
	assert_int_equal(v.anchored, 5);
	assert_int_equal(v.seq, 7);
	assert_int_equal(strlen(v.key), 64);
}

static void another_signature_in_its_place_is_found(UNUSED void **state)
{
	struct verify_answer v;

	sign_with_new("key2");
	tamper("UPDATE audit SET after = replace(after, 'signature\t', 'signature\tff')\n"
	       "WHERE act = 'sign'");
	v = verify();
	assert_false(v.intact);
	assert_int_equal(v.bad_seq, 6);
}

static void what_was_cut_off_is_found_by_an_anchor_kept_elsewhere(UNUSED void **state)
{
	struct anchor kept = { .seq = 5 };
	struct err e = ERR_INIT;
	struct verify_answer v;

	memset(kept.head, 7, sizeof(kept.head));
	assert_true(store_verify(in.st, &kept, &v, &e));
	assert_false(v.intact);
	assert_int_equal(v.bad_seq, 5);
	kept.seq = 6;
	assert_true(store_verify(in.st, &kept, &v, &e));
	assert_int_equal(v.bad_seq, 6);
	assert_string_equal(v.reason, "the end of the trail was cut off");
}

/* An item to attach to, and evidence whose bytes are changed behind the store's back. */
static void a_changed_file_of_evidence_is_found(UNUSED void **state)
{
	const struct scope item = { SCOPE_ITEM, { 1 } };
	const struct evidence_in file = { .name = "a.txt", .bytes = "as it was", .size = 9 };
	struct err e = ERR_INIT;
	struct verify_answer v;

	tamper("INSERT INTO item (id, ident, ord, section, title) VALUES (1, 'X-1', 1, 'x', 'y')");
	assert_true(store_attach(in.st, &item, &file, NULL, &e));
	assert_true(verify().intact);
	tamper("UPDATE attachment SET bytes = x'00'");
	v = verify();
	assert_false(v.intact);
	assert_int_equal(v.bad_seq, 6);
	tamper("UPDATE attachment SET sha256 = x'6e340b9cffb37a989ca544e6bb780a2c"
	       "78901d3fb33738768511a30617afa01d'");
	assert_false(verify().intact);
}

/* The trail's newest record holds this line. */
static void newest_tells(const char *line)
{
	struct arena mem = ARENA_INIT;
	const char *sql = arena_printf(&mem, "SELECT instr(after, '%s') > 0 FROM audit\n"
					     "ORDER BY seq DESC LIMIT 1", line);

	if (!number(in.st, sql))
		fail_msg("not told: %s", line);
	arena_release(&mem);
}

static void evidence_is_a_file_or_a_link_and_told_with_both_dates(UNUSED void **state)
{
	const struct scope item = { SCOPE_ITEM, { 1 } };
	struct evidence_in x = { .name = "a.txt", .note = "as asked" };
	const struct evidence_piece *piece;
	struct arena mem = ARENA_INIT;
	struct err e = ERR_INIT;
	size_t n;

	tamper("INSERT INTO item (id, ident, ord, section, title) VALUES (1, 'X-1', 1, 'x', 'y')");
	assert_false(store_attach(in.st, &item, &x, NULL, &e));
	assert_non_null(strstr(e.text, "a file or a link"));
	x.bytes = "as it was";
	x.size = EVIDENCE_MAX + 1;
	assert_false(store_attach(in.st, &item, &x, NULL, &e));
	assert_non_null(strstr(e.text, "a.txt: 16777217 bytes"));
	x.size = 9;
	x.made_at = T0;
	assert_true(store_attach(in.st, &item, &x, NULL, &e));
	newest_tells("name\ta.txt\n");
	newest_tells("size\t9\n");
	newest_tells("made\t2025-06-15T15:06:40Z\n");
	newest_tells("note\tas asked\n");
	x = (struct evidence_in){ .link = "ticket SEC-12" };
	assert_true(store_attach(in.st, &item, &x, NULL, &e));
	newest_tells("link\tticket SEC-12\n");
	assert_true(store_evidence(in.st, &item, &mem, &piece, &n, &e));
	assert_int_equal(n, 2);
	assert_false(piece[0].file);
	assert_string_equal(piece[0].link, "ticket SEC-12");
	assert_true(piece[1].file);
	assert_int_equal(piece[1].size, 9);
	assert_int_equal(piece[1].made_at, T0);
	assert_int_equal(piece[1].at, in.st->now);
	assert_true(store_evidence(in.st, NULL, &mem, &piece, &n, &e));
	assert_int_equal(n, 2);
	assert_true(verify().intact);
	tamper("UPDATE attachment SET link = 'ticket SEC-13' WHERE link <> ''");
	assert_false(verify().intact);
	arena_release(&mem);
}

/* An exception and an answer; each edit of what they left is found, at the record of it. */
static void an_edit_of_what_was_decided_is_found(UNUSED void **state)
{
	static const struct {
		const char *edit, *back;
		int64_t seq;
	} edits[] = {
		{ "UPDATE exception SET until = until + 86400",
		  "UPDATE exception SET until = until - 86400", 6 },
		{ "UPDATE exception SET kind = 3",
		  "UPDATE exception SET kind = 2", 6 },
		{ "UPDATE exception SET reason = 'another'",
		  "UPDATE exception SET reason = 'so'", 6 },
		{ "UPDATE exception SET at = at - 1",
		  "UPDATE exception SET at = at + 1", 6 },
		{ "UPDATE exception SET seq = 5",
		  "UPDATE exception SET seq = 6", 5 },
		{ "UPDATE decides SET until = until + 1",
		  "UPDATE decides SET until = until - 1", 6 },
		{ "UPDATE decides SET state = 3",
		  "UPDATE decides SET state = 2", 6 },
		{ "UPDATE answer SET verdict = 0",
		  "UPDATE answer SET verdict = 1", 7 },
		{ "UPDATE answer SET note = 'b'",
		  "UPDATE answer SET note = 'a'", 7 },
		{ "UPDATE answer SET until = until + 1",
		  "UPDATE answer SET until = until - 1", 7 },
		{ "UPDATE answer SET actor = 'x' || actor",
		  "UPDATE answer SET actor = substr(actor, 2)", 7 },
	};
	const struct exception x = { .kind = STATE_ACCEPTED,
				     .reason = "so",
				     .until = T0 + 20 * D };
	const struct scope item = { SCOPE_ITEM, { 1 } };
	struct except_answer a = { 0 };
	struct err e = ERR_INIT;
	struct scope what = { .kind = SCOPE_FINDING };

	tamper("INSERT INTO item (id, ident, ord, section, title) VALUES (1, 'X-1', 1, 'x', 'y')");
	store_set_now(in.st, T0 + 5 * D);
	what.key[0] = number(in.st, "SELECT asset FROM finding");
	what.key[1] = number(in.st, "SELECT advisory FROM finding");
	what.key[2] = number(in.st, "SELECT part FROM finding");
	assert_true(store_except(in.st, &x, &what, 1, false, &a, &e));
	assert_true(store_answer(in.st, &item, ANSWER_FAIL, "a", 0, &e));
	for (size_t i = 0; i < LENGTH(edits); i++) {
		assert_true(verify().intact);
		tamper(edits[i].edit);
		if (verify().intact || verify().bad_seq != edits[i].seq)
			fail_msg("not found: %s", edits[i].edit);
		tamper(edits[i].back);
	}
}

static void what_was_decided_and_is_gone_is_missed(UNUSED void **state)
{
	const struct exception x = { .kind = STATE_ACCEPTED,
				     .reason = "so",
				     .until = T0 + 20 * D };
	struct except_answer a = { 0 };
	struct err e = ERR_INIT;
	struct scope what = { .kind = SCOPE_FINDING };

	store_set_now(in.st, T0 + 5 * D);
	what.key[0] = number(in.st, "SELECT asset FROM finding");
	what.key[1] = number(in.st, "SELECT advisory FROM finding");
	what.key[2] = number(in.st, "SELECT part FROM finding");
	assert_true(store_except(in.st, &x, &what, 1, false, &a, &e));
	assert_true(store_except_renew(in.st, a.id, T0 + 25 * D, NULL, NULL, &a, &e));
	assert_true(store_except_end(in.st, a.id, "no more", &e));
	assert_true(verify().intact);
	tamper("DELETE FROM exception_end WHERE exception = 2; UPDATE decides SET until = (SELECT\n"
	       "until FROM exception WHERE id = 2) WHERE maker = 2");
	assert_int_equal(verify().bad_seq, 8);
	tamper("DELETE FROM decides; DELETE FROM exception_end; DELETE FROM exception");
	assert_int_equal(verify().bad_seq, 6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_trail_as_written_is_intact),
		T(a_record_of_before_the_one_ahead_of_it_is_told),
		T(records_cannot_be_changed_through_the_store),
		T(an_edit_is_found),
		T(a_deletion_is_found),
		T(an_insertion_is_found),
		T(a_swap_is_found),
		T(a_truncation_is_found),
		T(a_truncation_with_its_counter_is_found_by_what_the_records_did),
		T(an_end_written_anew_is_found),
		T(what_a_decision_did_proves_its_record),
		T(a_record_that_stands_there_twice_is_found),
		T(a_signature_has_to_hold),
		T(who_may_not_sign_does_not),
		T(what_a_signature_covers_is_said),
		T(another_signature_in_its_place_is_found),
		T(what_was_cut_off_is_found_by_an_anchor_kept_elsewhere),
		T(a_changed_file_of_evidence_is_found),
		T(evidence_is_a_file_or_a_link_and_told_with_both_dates),
		T(an_edit_of_what_was_decided_is_found),
		T(what_was_decided_and_is_gone_is_missed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
