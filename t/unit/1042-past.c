/* SPDX-License-Identifier: MIT */
/* 1042-past.c - as of a past day: what the store said then, to the row. */
#include <stdio.h>

#include "t/lib/test.h"
#include "t/lib/chance.h"

#define HISTORIES 8
#define IMPORTS	  20

static struct import in;

/* Everything that lists, counts and judgements are read from. */
static const struct {
	const char *table, *columns, *where;
} compared[] = {
	{ "scan", "id, source, at, db_built", "1" },
	{ "cover", "asset, source, kind, scope, at, scan, complete", "1" },
	{ "asset", "id, kind, parent, name", "1" },
	{ "image", "*", "1" },
	{ "image_name", "name, since, image, until, repository", "1" },
	{ "cluster", "*", "1" },
	{ "node", "*", "1" },
	{ "workload", "*", "1" },
	{ "container", "asset, image, running, last_at", "1" },
	{ "inventory", "place, at", "1" },
	{ "advisory", "id, kev, kev_added, kev_due, epss, class", "kev + epss + class > 0" },
	{ "advisory", "id, title, score, vector, severity, url, text", "kev + epss + class > 0" },
	{ "affects", "advisory, part, n, fixed_in, fix", "n <> 0" },
	{ "holds", "*", "1" },
	{ "location", "*", "asset IN (SELECT id FROM asset)" },
	{ "source", "word", "id IN (SELECT source FROM scan)" },
	{ "finding", "asset, advisory, part, severity, state, since, due", "1" },
	{ "check_result", "*", "1" },
	{ "clock", "*", "ended = 0" },
	{ "clock", "repository, advisory, package, ended, start", "ended > 0" },
	{ "problem", "*", "assets > 0" },
	{ "tally", "*", "1" },
	{ "check_tally", "*", "1" },
	/* what has nothing to count may stand there or not */
	{ "counted", "*",
	  "asset IN (SELECT asset FROM finding UNION SELECT asset FROM check_result)" },
	{ "snapshot", "*", "open <> 0 OR came <> 0 OR went <> 0" },
	{ "alert", "*", "1" },
	{ "event", "id, ts_ns, rule, asset", "1" },
	{ "signature", "*", "1" },
	{ "sighting", "asset, advisory, part, source, severity, word, score, until = 0", "1" },
	{ "audit", "seq, at, act, object", "1" },
	{ "exception", "*", "1" },
	{ "exception_end", "*", "1" },
	{ "decided", "*", "1" },
	{ "statement", "id, import, asset, advisory, status, at, outcome", "1" },
	{ "standing_note", "*", "1" },
	{ "standing_answer", "*", "1" },
	{ "owner", "object, name", "until = 0" },
	{ "tag", "object, tag, since", "until = 0" },
	{ "policy", "name, since", "until = 0" },
};

/* The columns of a table as one text expression; "*": all of them. */
static void row_text(const char *table, const char *columns, struct buf *out)
{
	struct buf sql = BUF_INIT;
	struct err e = ERR_INIT;
	struct stmt *s;

	if (strcmp(columns, "*") != 0) {
		buf_addf(&sql, "SELECT trim(value) FROM json_each('[\"' || replace('%s', ', ', "
			       "'\",\"') || '\"]')", columns);
	} else {
		buf_addf(&sql, "SELECT name FROM pragma_table_info('%s')", table);
	}
	s = db_stmt(in.st->db, sql.s);
	while (db_next(s))
		buf_addf(out, "%squote(%s)", out->len ? " || ' ' || " : "", db_column_text(s, 0));
	assert_true(db_done(s, &e));
	buf_release(&sql);
}

static char *text_of(size_t i)
{
	struct buf row = BUF_INIT, sql = BUF_INIT, all = BUF_INIT;
	struct err e = ERR_INIT;
	struct stmt *s;

	row_text(compared[i].table, compared[i].columns, &row);
	buf_addf(&sql, "SELECT %s AS r FROM %s WHERE %s ORDER BY r", row.s, compared[i].table,
		 compared[i].where);
	s = db_stmt(in.st->db, sql.s);
	while (db_next(s))
		buf_addf(&all, "%s\n", db_column_text(s, 0));
	if (!db_done(s, &e))
		fail_msg("%s: %s", compared[i].table, e.text);
	buf_release(&row);
	buf_release(&sql);
	return buf_detach(&all);
}

struct memory { /* what the store held after an import */
	int64_t now, seq;
	char *text[LENGTH(compared)];
};

static void remember(struct memory *m)
{
	m->now = store_now(in.st);
	m->seq = number(in.st, "SELECT max(seq) FROM audit");
	for (size_t i = 0; i < LENGTH(compared); i++)
		m->text[i] = text_of(i);
}

static void forget(struct memory *m)
{
	for (size_t i = 0; i < LENGTH(compared); i++)
		free(m->text[i]);
}

/* Where the first line begins that is not the same in both. */
static size_t first_difference(const char *a, const char *b)
{
	size_t line = 0;

	for (size_t i = 0; a[i] && a[i] == b[i]; i++)
		if (a[i] == '\n')
			line = i + 1;
	return line;
}

static void same(const struct memory *m, int history, int import, const char *how)
{
	for (size_t i = 0; i < LENGTH(compared); i++) {
		char *is = text_of(i);

		if (strcmp(is, m->text[i]) != 0) {
			size_t at = first_difference(is, m->text[i]);

			fail_msg("history %d, import %d, %s: %s\nis:  %.60s\nwas: %.60s", history,
				 import, how, compared[i].table, is + at, m->text[i] + at);
		}
		free(is);
	}
}

static void go_to(int64_t now, int64_t at, int64_t known)
{
	struct err e = ERR_INIT;

	store_set_now(in.st, now);
	if (!store_set_as_of(in.st, at, known, &e) || (at == 0 && !store_settle(in.st, true, &e)))
		fail_msg("%s", e.text);
}

/* An import, and what people did then. */
static void a_day(int64_t at)
{
	history_import(&in, at, chance_pick(8));
	for (int n = chance_pick(3); n > 0; n--) {
		store_set_now(in.st, store_now(in.st) + 60);
		history_act(&in, (enum history_act)chance_pick(ACT_COUNT));
	}
	if (chance_pick(6) == 0)
		history_state(&in, at, at);
}

static void new_store(void)
{
	policy_for_test("by-grype", "{\"extends\":\"baseline\",\"severity\":\"grype\"}");
	import_init(&in, store_for_test());
}

static void live_and_look_back(int history, bool in_order)
{
	static struct memory then[IMPORTS];

	chance_seed((uint64_t)history + 100);
	new_store();
	for (int k = 0; k < IMPORTS; k++) {
		int day = in_order || chance_pick(3) ? k : chance_pick(IMPORTS);

		store_set_now(in.st, T0 + (in_order ? k * D : IMPORTS * D + k * 600) + 3600);
		a_day(T0 + day * D);
		remember(&then[k]);
	}
	for (int k = IMPORTS; k-- > 0;) {
		go_to(then[IMPORTS - 1].now, then[k].now, then[k].seq);
		same(&then[k], history, k, "as known then");
		if (in_order) {
			go_to(then[IMPORTS - 1].now, then[k].now, 0);
			same(&then[k], history, k, "as of then");
		}
	}
	go_to(then[IMPORTS - 1].now, 0, 0);
	same(&then[IMPORTS - 1], history, IMPORTS, "the present again");
	for (int k = 0; k < IMPORTS; k++)
		forget(&then[k]);
	import_free(&in);
	store_close(in.st);
}

static void past_days_are_as_they_were_when_reports_come_in_order(UNUSED void **state)
{
	for (int h = 0; h < test_tries(HISTORIES); h++)
		live_and_look_back(h, true);
}

static void what_was_known_then_is_repeated_whatever_came_late(UNUSED void **state)
{
	for (int h = 0; h < test_tries(HISTORIES); h++)
		live_and_look_back(1000 + h, false);
}

/* Histories in which a verdict that was gone was given again by a report of before. */
static void what_came_late_of_a_verdict_that_was_gone_is_no_exception(UNUSED void **state)
{
	static const int history[] = { 1034, 1041, 1398 };

	for (int i = 0; i < test_tries((int)LENGTH(history)); i++)
		live_and_look_back(history[i], false);
}

static void as_of_today_is_now(UNUSED void **state)
{
	struct memory now;

	for (int h = 0; h < test_tries(HISTORIES); h++) {
		chance_seed((uint64_t)h + 5000);
		new_store();
		for (int k = 0; k < IMPORTS; k++)
			a_day(T0 + chance_pick(IMPORTS) * D);
		remember(&now);
		go_to(now.now, now.now, 0);
		same(&now, h, IMPORTS, "as of now");
		forget(&now);
		import_free(&in);
		store_close(in.st);
	}
}

/* As when a key interrupts the way back: the day is still the one that is shown. */
static void who_cannot_leave_a_day_is_still_there(UNUSED void **state)
{
	const char *count = "SELECT count(*) FROM finding";
	struct err e = ERR_INIT;
	int64_t at, known, all;
	struct stmt *s;

	new_store();
	scan_image(&in, "trivy", "app:1", digest('a'), T0, "CVE-1");
	scan_image(&in, "trivy", "app:2", digest('b'), T0 + 2 * D, "CVE-2 CVE-3");
	all = number(in.st, count);
	assert_true(store_set_as_of(in.st, T0 + D, 0, &e));
	s = db_stmt(in.st->db, "SELECT asset FROM finding");
	assert_true(db_next(s)); /* a table that is read cannot be dropped */
	assert_false(store_set_as_of(in.st, 0, 0, &e));
	store_as_of(in.st, &at, &known);
	assert_int_equal(at, T0 + D);
	(void)!db_done(s, &e);
	assert_int_equal(number(in.st, count), 1);
	e = (struct err)ERR_INIT;
	if (!store_set_as_of(in.st, 0, 0, &e))
		fail_msg("%s", e.text);
	assert_int_equal(number(in.st, count), all);
	import_free(&in);
	store_close(in.st);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_cannot_leave_a_day_is_still_there),
		cmocka_unit_test(as_of_today_is_now),
		cmocka_unit_test(past_days_are_as_they_were_when_reports_come_in_order),
		cmocka_unit_test(what_was_known_then_is_repeated_whatever_came_late),
		cmocka_unit_test(what_came_late_of_a_verdict_that_was_gone_is_no_exception),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
