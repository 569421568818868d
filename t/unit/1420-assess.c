/* SPDX-License-Identifier: MIT */
/* 1420-assess.c - what answers rest on, samples that can be drawn again, and steps. */
#include "t/lib/test.h"
#include "t/lib/records.h"

static const struct scope item = { SCOPE_ITEM, { 1 } };
static struct import in;
static struct arena mem;

static void change(const char *sql)
{
	struct err e = ERR_INIT;

	if (!db_script(in.st->db, sql, &e))
		fail_msg("%s", e.text);
}

static int setup(UNUSED void **state)
{
	mem = (struct arena)ARENA_INIT;
	import_init(&in, store_for_test());
	change("INSERT INTO item (id, ident, ord, section, title)\n"
	       "VALUES (1, 'X-1', 1, 'x', 'y'), (2, 'X-2', 2, 'x', 'z')");
	return 0;
}

static int teardown(UNUSED void **state)
{
	import_free(&in);
	store_close(in.st);
	arena_release(&mem);
	return 0;
}

/* ---- evidence ---- */

static int64_t attach(const struct evidence_in *x)
{
	struct err e = ERR_INIT;
	int64_t id;

	if (!store_attach(in.st, &item, x, &id, &e))
		fail_msg("%s", e.text);
	return id;
}

static void no_bytes(int64_t id, const char *why)
{
	struct buf out = BUF_INIT;
	struct err e = ERR_INIT;

	assert_false(store_evidence_bytes(in.st, id, &out, &e));
	if (!strstr(e.text, why))
		fail_msg("%s", e.text);
	assert_int_equal(out.len, 0);
	buf_release(&out);
}

static void a_file_comes_back_as_it_went_in_or_not_at_all(UNUSED void **state)
{
	int64_t file = attach(&(struct evidence_in){ .name = "a", .bytes = "a\0b", .size = 3 });
	int64_t empty = attach(&(struct evidence_in){ .name = "b", .bytes = "", .size = 0 });
	int64_t link = attach(&(struct evidence_in){ .link = "ticket 7" });
	struct buf out = BUF_INIT;
	struct err e = ERR_INIT;

	assert_true(store_evidence_bytes(in.st, file, &out, &e));
	assert_int_equal(out.len, 3);
	assert_memory_equal(out.s, "a\0b", 3);
	buf_reset(&out);
	assert_true(store_evidence_bytes(in.st, empty, &out, &e));
	assert_int_equal(out.len, 0);
	buf_release(&out);
	no_bytes(link, "is a link");
	no_bytes(link + 1, "there is no evidence");
	change("UPDATE attachment SET bytes = x'610062' WHERE name = 'b'");
	no_bytes(empty, "not those that were attached");
	change("UPDATE attachment SET sha256 = x'00' WHERE name = 'a'");
	no_bytes(file, "not those that were attached");
}

static void evidence_is_of_items_and_controls(UNUSED void **state)
{
	const struct evidence_in x = { .name = "a", .bytes = "abc", .size = EVIDENCE_MAX };
	const struct scope image = { SCOPE_IMAGE, { 1 } }, control = { SCOPE_CONTROL, { 1 } };
	char hex[2 * SHA256_SIZE + 1];
	uint8_t hash[SHA256_SIZE];
	const struct evidence_piece *piece;
	struct evidence_in large = x, link = { .link = "" };
	char *whole = xcalloc(1, EVIDENCE_MAX);
	struct err e = ERR_INIT;
	size_t n;

	large.size++;
	large.name = NULL;
	assert_false(store_attach(in.st, &item, &large, NULL, &e));
	assert_non_null(strstr(e.text, "evidence: 16777217 bytes"));
	large.size--;
	large.bytes = whole;
	assert_true(store_attach(in.st, &item, &large, NULL, &e));
	sha256_of(whole, EVIDENCE_MAX, hash);
	hex_print(hash, SHA256_SIZE, hex);
	free(whole);
	assert_false(store_attach(in.st, &item, &link, NULL, &e));
	assert_false(store_attach(in.st, &image, &x, NULL, &e));
	assert_non_null(strstr(e.text, "only items and controls"));
	change("INSERT INTO framework (id, key, title) VALUES (9, 'MINE', 'Mine');\n"
	       "INSERT INTO control (id, framework, ident, title, ord)\n"
	       "VALUES (1, 9, '1', 'one', 1)");
	link.link = "ticket 8";
	assert_true(store_attach(in.st, &control, &link, NULL, &e));
	attach(&(struct evidence_in){ .link = "ticket 9" });
	assert_true(store_evidence(in.st, &control, &mem, &piece, &n, &e));
	assert_int_equal(n, 1);
	assert_string_equal(piece[0].link, "ticket 8");
	assert_true(store_evidence(in.st, NULL, &mem, &piece, &n, &e));
	assert_int_equal(n, 3);
	assert_string_equal(piece[0].link, "ticket 9"); /* newest first */
	assert_true(piece[2].file);
	assert_string_equal(piece[2].sha256, hex);
}

/* ---- samples ---- */

static bool draw(int64_t seed, size_t want, struct err *e)
{
	const struct list_query q = { .list = LIST_images };
	const struct sample_query s = { .from = &q, .seed = seed, .want = want };
	int64_t id;

	return store_sample(in.st, &item, &s, &id, e);
}

/* The newest sample. */
static const struct sample *drawn(void)
{
	const struct sample *s;
	struct err e = ERR_INIT;
	size_t n;

	if (!store_samples(in.st, &item, &mem, &s, &n, &e))
		fail_msg("%s", e.text);
	assert_true(n > 0);
	return &s[0];
}

static void six_images(void)
{
	for (char c = 'a'; c <= 'f'; c++)
		scan_image(&in, "trivy", arena_printf(&mem, "app:%c", c), digest(c), T0, "");
}

/* As anybody can draw again who has the list and the seed: by SHA-256 of "SEED KEY". */
static void a_sample_is_what_its_seed_says(UNUSED void **state)
{
	uint8_t hash[2][SHA256_SIZE];
	const struct sample *all, *some;
	struct err e = ERR_INIT;

	six_images();
	assert_true(draw(7, 10, &e));
	all = drawn();
	assert_int_equal(all->nrow, 6); /* all there are */
	assert_int_equal(all->population, 6);
	for (size_t i = 0; i < all->nrow; i++) {
		const char *seeded = arena_printf(&mem, "7 %s", all->row[i].key);

		sha256_of(seeded, strlen(seeded), hash[i % 2]);
		assert_true(i == 0 || memcmp(hash[(i + 1) % 2], hash[i % 2], SHA256_SIZE) < 0);
		assert_non_null(strstr(all->row[i].label, "app:"));
		assert_int_equal(strlen(strstr(all->row[i].label, "app:")), strlen("app:a"));
	}
	for (size_t want = 1; want <= 6; want++) {
		assert_true(draw(7, want, &e));
		some = drawn();
		assert_int_equal(some->nrow, want);
		assert_int_equal(some->population, 6);
		for (size_t i = 0; i < want; i++)
			assert_string_equal(some->row[i].key, all->row[i].key);
	}
}

static void a_sample_has_rows(UNUSED void **state)
{
	struct err e = ERR_INIT;

	assert_false(draw(1, 3, &e));
	assert_non_null(strstr(e.text, "no row to draw"));
	six_images();
	assert_false(draw(1, 0, &e));
	assert_non_null(strstr(e.text, "1 to 10000"));
	assert_false(draw(1, 10001, &e));
	assert_true(draw(1, 10000, &e));
	assert_true(draw(1, 1, &e));
	assert_int_equal(number(in.st, "SELECT count(*) FROM sample"), 2);
}

/* ---- steps ---- */

static void steps(enum assess_step to, const char *who, const char *note)
{
	struct err e = ERR_INIT;

	if (!store_assess_step(in.st, &item, to, who, note, &e))
		fail_msg("%s", e.text);
}

static void refused(enum assess_step to, const char *who, const char *note, const char *why)
{
	struct err e = ERR_INIT;

	assert_false(store_assess_step(in.st, &item, to, who, note, &e));
	if (!strstr(e.text, why))
		fail_msg("%s", e.text);
}

static struct assess_state state_of(void)
{
	struct assess_state s;
	struct err e = ERR_INIT;

	if (!store_assess_state(in.st, &item, &mem, &s, &e))
		fail_msg("%s", e.text);
	return s;
}

static void answer(int64_t until)
{
	struct err e = ERR_INIT;

	if (!store_answer(in.st, &item, ANSWER_PASS, "looked at it", until, &e))
		fail_msg("%s", e.text);
}

static void the_trail_tells_until_when_as_a_date(UNUSED void **state)
{
	const struct list_info *li = store_list(LIST_audit);
	const struct list_query q = { .list = LIST_audit };
	struct page p = PAGE_INIT;
	struct err e = ERR_INIT;
	size_t is = 0;

	answer(T0 + 200 * D);
	while (!str_eq(li->col[is].name, "is"))
		is++;
	assert_true(store_page(in.st, &q, PAGE_TOP, NULL, 1, &p, &e));
	assert_string_equal(p.row[0].val[is].u.s,
	                    "answer pass; note looked at it; until 2026-01-01");
	page_release(&p);
}

static void each_step_has_its_place(UNUSED void **state)
{
	assert_int_equal(state_of().step, STEP_OPEN);
	assert_null(state_of().who);
	refused(STEP_ASSIGNED, "", NULL, "to whom");
	refused(STEP_OPEN, "kim", "so", "opens by itself");
	refused(STEP_CLOSED, NULL, NULL, "it is open, not submitted");
	refused(STEP_RETURNED, NULL, "why", "it is open, not submitted");
	steps(STEP_ASSIGNED, "kim", NULL);
	assert_string_equal(state_of().who, "kim");
	refused(STEP_CLOSED, NULL, NULL, "it is assigned, not submitted");
	refused(STEP_SUBMITTED, NULL, NULL, "no valid answer");
	answer(in.st->now + 10);
	steps(STEP_SUBMITTED, NULL, NULL);
	refused(STEP_RETURNED, NULL, "", "note is needed");
	steps(STEP_RETURNED, NULL, "half of it is missing");
	assert_int_equal(state_of().step, STEP_RETURNED);
	assert_string_equal(state_of().who, "kim"); /* who does it stays */
	assert_string_equal(state_of().note, "half of it is missing");
	steps(STEP_SUBMITTED, NULL, NULL);
	steps(STEP_CLOSED, NULL, NULL);
	assert_int_equal(state_of().step, STEP_CLOSED);
}

static void an_answer_that_fell_due_is_nothing_to_submit(UNUSED void **state)
{
	answer(in.st->now + 10);
	in.st->now += 10;
	refused(STEP_SUBMITTED, NULL, NULL, "no valid answer");
	in.st->now -= 1;
	steps(STEP_SUBMITTED, NULL, NULL);
}

/* Of this item: one of another changes nothing. */
static void a_new_answer_opens_what_was_closed(UNUSED void **state)
{
	const struct scope other = { SCOPE_ITEM, { 2 } };
	struct err e = ERR_INIT;

	answer(0);
	steps(STEP_SUBMITTED, NULL, NULL);
	steps(STEP_CLOSED, NULL, NULL);
	in.st->now += 5;
	assert_true(store_answer(in.st, &other, ANSWER_PASS, "so", 0, &e));
	assert_int_equal(state_of().step, STEP_CLOSED);
	answer(0);
	assert_int_equal(state_of().step, STEP_OPEN);
	steps(STEP_ASSIGNED, "kim", NULL);
	steps(STEP_SUBMITTED, NULL, NULL);
	steps(STEP_CLOSED, NULL, NULL);
	in.st->now += 5;
	answer(0);
	assert_int_equal(state_of().step, STEP_ASSIGNED); /* by whom is known */
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(a_file_comes_back_as_it_went_in_or_not_at_all),
		T(evidence_is_of_items_and_controls),
		T(a_sample_is_what_its_seed_says),
		T(a_sample_has_rows),
		T(the_trail_tells_until_when_as_a_date),
		T(each_step_has_its_place),
		T(an_answer_that_fell_due_is_nothing_to_submit),
		T(a_new_answer_opens_what_was_closed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
