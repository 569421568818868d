/* SPDX-License-Identifier: MIT */
/* 1415-judgement.c - what was judged and kept is, as long as it holds, what judging anew says. */
#include <stdio.h>

#include "t/lib/test.h"
#include "t/lib/chance.h"

#include "store/gate_inner.h"
#include "store/judged.h"
#include "store/judgement.h"

#define HISTORIES 25
#define STEPS	  25

static struct import in;

/* ---- a catalogue in which each class tests a control, and one control is tested by all ---- */

static const struct {
	const char *name, *record, *tool, *rule;
	bool supporting;
} classes[] = {
	{ "vuln-critical", "vulnerability", NULL, NULL },
	{ "vuln-high", "vulnerability", NULL, NULL },
	{ "vuln-kev", "vulnerability", NULL, NULL },
	{ "vuln-overdue", "vulnerability", NULL, NULL },
	{ "scan-missing", "scan", NULL, NULL },
	{ "scan-expired", "scan", NULL, NULL, true },
	{ "unsigned-image", "image", NULL, NULL },
	{ "gate-drift", "image", NULL, NULL },
	{ "root-user", "misconfiguration", "trivy", "DS-0001" },
	{ "latest-tag", "misconfiguration", "grype", "DS-0002" },
	{ "runtime-shell", "runtime", "falco", "Shell in a container" },
	{ "secret-in-image", "secret", NULL, NULL },
	{ "eol-os", "image", NULL, NULL },
};

static const struct {
	const char *control, *rule;
} rules[] = {
	{ "by-rule", "trivy/DS-0001" },
	{ "by-rules", "trivy/DS-0001" },
	{ "by-rules", "grype/DS-0002" },
};

static void entry(struct rec_entry r)
{
	put(&in, &(struct record){ REC_ENTRY, { .entry = r } });
}

static void control(const char *ident, const char *class_name, const char *weight,
		    const char *attributes)
{
	entry((struct rec_entry){ .kind = ENTRY_CONTROL, .framework = "F", .id = ident,
				  .title = ident, .attributes = attributes });
	if (class_name)
		entry((struct rec_entry){ .kind = ENTRY_MAP, .framework = "F", .id = ident,
					  .class_id = class_name, .weight = weight });
}

static void a_class(size_t i)
{
	char attributes[64];

	snprintf(attributes, sizeof(attributes), "record=%s", classes[i].record);
	entry((struct rec_entry){ .kind = ENTRY_CLASS, .id = classes[i].name,
				  .title = classes[i].name, .severity = "high",
				  .attributes = attributes });
	if (classes[i].tool)
		entry((struct rec_entry){ .kind = ENTRY_RULE, .framework = classes[i].tool,
					  .id = classes[i].rule, .class_id = classes[i].name });
	control(classes[i].name, classes[i].name, classes[i].supporting ? "supporting" : "primary",
		"baselines=fedramp-low,fedramp-high");
}

static void a_catalogue(void)
{
	import_begin_test(&in);
	entry((struct rec_entry){ .kind = ENTRY_FRAMEWORK, .framework = "F", .id = "F",
				  .title = "F" });
	for (size_t i = 0; i < LENGTH(classes); i++)
		a_class(i);
	control("person", NULL, NULL, "assessment=manual");
	control("by-rule", NULL, NULL, NULL);
	control("by-rules", NULL, NULL, NULL);
	for (size_t i = 0; i < LENGTH(rules); i++)
		entry((struct rec_entry){ .kind = ENTRY_MAP, .framework = "F",
					  .id = rules[i].control, .to = rules[i].rule,
					  .weight = "primary" });
	control("all", NULL, NULL, "baselines=fedramp-moderate");
	for (size_t i = 0; i < LENGTH(classes); i++)
		entry((struct rec_entry){ .kind = ENTRY_MAP, .framework = "F", .id = "all",
					  .class_id = classes[i].name, .weight = "supporting" });
	import_end_test(&in);
}

/* ---- the law ---- */

static bool holds(void)
{
	char sql[160];

	snprintf(sql, sizeof(sql),
		 "SELECT count(*) FROM judgement WHERE seq = (SELECT max(seq) FROM audit)\n"
		 "AND since <= %lld AND until > %lld",
		 (long long)in.st->now, (long long)in.st->now);
	return number(in.st, sql) == 1;
}

static int64_t kept(int64_t id)
{
	char sql[96];

	snprintf(sql, sizeof(sql), "SELECT word FROM judged_control WHERE control = %lld",
		 (long long)id);
	return number(in.st, sql);
}

static void words_are_those_of_judging_anew(int history, int step)
{
	struct arena mem = ARENA_INIT;
	struct control_row *row;
	struct err e = ERR_INIT;
	size_t n;

	judged_forget(in.st);
	assert_true(control_words(in.st, 0, &mem, &row, &n, &e));
	for (size_t i = 0; i < n; i++)
		if (kept(row[i].id) != (int64_t)row[i].word)
			fail_msg("history %d, step %d: %s was kept as %s, and is %s", history, step,
				 row[i].ident,
				 control_word((enum control_word)kept(row[i].id)),
				 control_word(row[i].word));
	arena_release(&mem);
}

static void same_number(int64_t is, int64_t want, const char *of, const char *what, int history,
			int step)
{
	if (is != want)
		fail_msg("history %d, step %d: %s of %s was kept as %lld, and is %lld", history,
			 step, what, of, (long long)is, (long long)want);
}

/* One row of what was kept beside the fact that is found now. */
static void same_fact(struct stmt *s, const struct fact *f, const char *of, int history, int step)
{
	static const char *const what[] = { "open", "excepted", "passed", "covered",
					    "applicable", "oldest", "newest", "manual" };
	const int64_t want[] = { f->open, f->excepted, f->passed, f->covered, f->applicable,
				 f->oldest, f->newest, f->manual };

	for (int i = 0; i < (int)LENGTH(what); i++)
		same_number(db_column(s, 1 + i), want[i], of, what[i], history, step);
}

static void facts_are_those_of_judging_anew(int history, int step)
{
	struct judge j;
	struct err e = ERR_INIT;
	struct stmt *s;
	size_t n = 0;

	judged_forget(in.st);
	assert_true(judge_load(in.st, &j, &e));
	s = db_stmt(in.st->db, "SELECT class, open, excepted, passed, covered, applicable,\n"
			       "  oldest, newest, manual FROM judged_class");
	for (; db_next(s); n++) {
		const struct class_fact *c = judge_class(&j, db_column(s, 0));

		same_fact(s, &c->fact, c->name, history, step);
	}
	assert_true(db_done(s, &e));
	assert_int_equal(n, j.nclass);
	n = 0;
	s = db_stmt(in.st->db, "SELECT advisory, open, excepted, passed, covered, applicable,\n"
			       "  oldest, newest, manual FROM judged_rule");
	for (; db_next(s); n++) {
		const struct rule_fact *r = judge_rule(&j, db_column(s, 0));

		if (!r)
			fail_msg("history %d, step %d: a rule has no result", history, step);
		same_fact(s, &r->fact, "a rule", history, step);
	}
	assert_true(db_done(s, &e));
	assert_int_equal(n, j.nrule);
}

static int64_t count(const struct judgement *j, enum control_word w, bool tested, int64_t baseline)
{
	int64_t n = 0;

	for (size_t i = 0; i < j->npart; i++)
		if (j->part[i].word == w && j->part[i].tested == tested &&
		    (!baseline || (j->part[i].baselines & baseline)))
			n += j->part[i].n;
	return n;
}

/* The words alone are those of judging. */
static void assert_words(void)
{
	const struct control_row *words, *judged;
	struct err e = ERR_INIT;
	size_t n, all;

	assert_true(judged_words(in.st, &words, &n, &e));
	assert_true(judged_controls(in.st, &judged, &all, &e));
	assert_int_equal(n, all);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(words[i].id, judged[i].id);
		assert_int_equal(words[i].word, judged[i].word);
		assert_string_equal(words[i].ident, judged[i].ident);
	}
}

static void counts_are_those_of_judging_anew(void)
{
	const struct scope estate = { SCOPE_ALL, { 0 } };
	struct arena mem = ARENA_INIT;
	struct judgement is, want = { .npart = 0 };
	struct judge facts;
	struct err e = ERR_INIT;

	assert_words();
	assert_true(judgement_of(in.st, &mem, &is, &e));
	assert_true(judgement_parts(in.st, &estate, &mem, &want.part, &want.npart, &e));
	for (int w = 0; w < CONTROL_COUNT; w++)
		for (int64_t b = 0; b <= BASELINE_HIGH; b++)
			for (int tested = 0; tested < 2; tested++)
				assert_int_equal(
					count(&is, (enum control_word)w, tested != 0, b),
					count(&want, (enum control_word)w, tested != 0, b));
	assert_true(judge_load(in.st, &facts, &e));
	assert_true(drift_counts(in.st, 0, &want.refused, &want.denied, &e));
	assert_int_equal(is.images, facts.images);
	assert_int_equal(is.running, facts.running);
	assert_int_equal(is.stale, facts.stale);
	assert_int_equal(is.refused, want.refused);
	assert_int_equal(is.denied, want.denied);
	arena_release(&mem);
}

static void obey(int history, int step)
{
	if (holds()) {
		words_are_those_of_judging_anew(history, step);
		facts_are_those_of_judging_anew(history, step);
	}
	counts_are_those_of_judging_anew();
}

/* ---- random histories ---- */

static void an_answer(void)
{
	int n = (int)number(in.st, "SELECT max(id) FROM control");
	const struct scope what = { SCOPE_CONTROL, { 1 + chance_pick(n) } };
	struct err e = ERR_INIT;

	if (!store_answer(in.st, &what, (enum answer)chance_pick(4), "so it is",
			  in.st->now + (1 + chance_pick(9)) * D, &e))
		assert_int_equal(e.kind, ERR_USAGE);
}

static void an_exception(void)
{
	const struct exception x = { .kind = STATE_ACCEPTED,
				     .reach = REACH_EVERYWHERE,
				     .reason = "so it is",
				     .until = in.st->now + (1 + chance_pick(9)) * D };
	struct scope what = { .kind = SCOPE_FINDING };
	struct except_answer a = { 0 };
	struct err e = ERR_INIT;
	struct stmt *s = db_stmt(in.st->db, "SELECT asset, advisory, part FROM finding\n"
					    "ORDER BY part, asset LIMIT 1");
	bool some = db_next(s);

	for (int k = 0; some && k < 3; k++)
		what.key[k] = db_column(s, k);
	assert_true(db_done(s, &e));
	if (some && !store_except(in.st, &x, &what, 1, false, &a, &e))
		assert_int_equal(e.kind, ERR_USAGE);
}

static void a_step(void)
{
	static const char *const policies[] = { "baseline", "bod-26-04", "pci-dss-4.0.1" };
	struct err e = ERR_INIT;

	switch (chance_pick(10)) {
	case 0:
		an_answer();
		break;
	case 1:
		an_exception();
		break;
	case 2:
		if (!store_policy_use(in.st, policies[chance_pick(3)], NULL, NULL, &e))
			assert_int_equal(e.kind, ERR_USAGE);
		break;
	default:
		history_import(&in, in.st->now - chance_pick(20) * D, chance_pick(8));
	}
}

static const char SQL_OTHER_WORDS[] =
	"SELECT count(*) FROM judged_control AS c\n"
	"WHERE c.word <> coalesce((SELECT w.word FROM judged_word AS w\n"
	"  WHERE w.control = c.control ORDER BY w.day DESC LIMIT 1), -1)";

static void what_is_kept_is_what_judging_anew_says(UNUSED void **state)
{
	static const char newest[] = "SELECT max(seq) FROM audit";

	for (int h = 0; h < test_tries(HISTORIES); h++) {
		chance_seed((uint64_t)h + 1);
		import_init(&in, store_for_test());
		a_catalogue();
		for (int k = 0; k < STEPS; k++) {
			int64_t seq = number(in.st, newest);

			a_step();
			assert_true(holds() || number(in.st, newest) == seq);
			assert_int_equal(number(in.st, SQL_OTHER_WORDS), 0); /* of the day */
			obey(h, k);
			for (int hours = 1 + chance_pick(4); hours > 0; hours--) {
				store_set_now(in.st, in.st->now + 1 + chance_pick(8) * 3600);
				obey(h, k);
			}
		}
		import_free(&in);
		store_close(in.st);
	}
}

/* ---- when it is used ---- */

static int64_t passing(void)
{
	struct arena mem = ARENA_INIT;
	struct judgement j;
	struct err e = ERR_INIT;
	int64_t n;

	assert_true(judgement_of(in.st, &mem, &j, &e));
	n = count(&j, CONTROL_PASS, false, 0) + count(&j, CONTROL_PASS, true, 0);
	arena_release(&mem);
	return n;
}

static void spoil(void)
{
	struct err e = ERR_INIT;

	assert_true(db_script(in.st->db, "UPDATE judged_control SET word = 0", &e));
}

static int setup(UNUSED void **state)
{
	import_init(&in, store_for_test());
	a_catalogue();
	history_import(&in, T0 + 99 * D, 1);
	spoil();
	return 0;
}

static int teardown(UNUSED void **state)
{
	import_free(&in);
	store_close(in.st);
	return 0;
}

static void what_is_kept_is_read_not_judged(UNUSED void **state)
{
	assert_int_equal(passing(), LENGTH(classes) + 4);
}

static void the_next_day_is_judged_anew(UNUSED void **state)
{
	store_set_now(in.st, in.st->now + D);
	assert_int_equal(passing(), 0);
}

static void a_time_before_is_judged_anew(UNUSED void **state)
{
	store_set_now(in.st, in.st->now - 1);
	assert_int_equal(passing(), 0);
}

static void a_past_day_is_judged_anew(UNUSED void **state)
{
	struct err e = ERR_INIT;

	assert_true(store_set_as_of(in.st, in.st->now, 0, &e));
	assert_int_equal(passing(), 0);
}

static void under_another_policy_it_is_judged_anew(UNUSED void **state)
{
	in.st->policy = xstrdup("bod-26-04");
	policies_forget(in.st);
	assert_int_equal(passing(), 0);
}

static void after_a_change_only_what_differs_is_written(UNUSED void **state)
{
	struct err e = ERR_INIT;
	int64_t before;

	history_import(&in, T0 + 99 * D, 1);
	before = number(in.st, "SELECT total_changes()");
	assert_true(db_begin(in.st->db, DB_SYNC_NORMAL, &e));
	assert_true(judgement_keep(in.st, &e));
	assert_true(db_end(in.st->db, true, &e));
	assert_int_equal(number(in.st, "SELECT total_changes()") - before, 1);
}

/* ---- how much is judged ---- */

/* Was the control judged again with the newest commit? Its kept word was spoilt before. */
static bool judged(const char *ident)
{
	char sql[160];

	snprintf(sql, sizeof(sql),
		 "SELECT word <> 99 FROM judged_control WHERE control =\n"
		 "(SELECT id FROM control WHERE ident = '%s')",
		 ident);
	return number(in.st, sql) == 1;
}

static void expect_judged(const char *const *idents, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!judged(idents[i]))
			fail_msg("%s was not judged", idents[i]);
	assert_int_equal(number(in.st, "SELECT count(*) FROM judged_control WHERE word <> 99"), n);
}

static void spoil_words(void)
{
	struct err e = ERR_INIT;

	assert_true(db_script(in.st->db, "UPDATE judged_control SET word = 99", &e));
}

static void a_scan_again_bears_on_weaknesses_and_scans(UNUSED void **state)
{
	static const char *const idents[] = { "all", "vuln-critical", "vuln-high", "vuln-kev",
					      "vuln-overdue", "scan-missing", "scan-expired",
					      "eol-os" };

	scan_image(&in, "trivy", "new:1", digest('f'), in.st->now - 2 * D, "CVE-1 CVE-2");
	spoil_words();
	scan_image(&in, "trivy", "new:1", digest('f'), in.st->now - D, "CVE-1 CVE-3");
	expect_judged(idents, LENGTH(idents));
}

static void a_check_bears_on_its_own_control(UNUSED void **state)
{
	static const char *const idents[] = { "all", "root-user", "by-rule", "by-rules" };

	scan_image(&in, "trivy", "new:1", digest('f'), in.st->now - 2 * D, "CVE-1 CVE-2");
	import_begin_test(&in);
	scan(&in, "trivy", in.st->now - D);
	image(&in, "new:1", digest('f'));
	check(&in, "DS-0001", "a", VERDICT_PASS);
	import_end_test(&in);
	spoil_words();
	import_begin_test(&in);
	scan(&in, "trivy", in.st->now - D / 2);
	image(&in, "new:1", digest('f'));
	check(&in, "DS-0001", "a", VERDICT_FAIL);
	import_end_test(&in);
	expect_judged(idents, LENGTH(idents));
}

static void an_alert_bears_on_what_it_breaks(UNUSED void **state)
{
	static const char *const idents[] = { "all", "runtime-shell" };

	import_begin_test(&in);
	scan(&in, "falco", in.st->now - D);
	event(&in, "Other", "0123456789ab", in.st->now - D, PRIO_CRITICAL);
	import_end_test(&in);
	spoil_words();
	import_begin_test(&in);
	scan(&in, "falco", in.st->now - D);
	event(&in, "Shell in a container", "0123456789ab", in.st->now - D, PRIO_CRITICAL);
	import_end_test(&in);
	expect_judged(idents, LENGTH(idents));
}

static void what_people_do_is_judged_whole(UNUSED void **state)
{
	const struct scope what = { SCOPE_CONTROL, { 1 } };
	struct err e = ERR_INIT;

	spoil_words();
	assert_true(store_answer(in.st, &what, ANSWER_PASS, "so it is", 0, &e));
	assert_int_equal(number(in.st, "SELECT count(*) FROM judged_control WHERE word = 99"), 0);
}

static void a_week_later_it_is_known_how_it_was(UNUSED void **state)
{
	struct arena mem = ARENA_INIT;
	struct status before, after;
	struct err e = ERR_INIT;

	history_import(&in, T0 + 99 * D, 1);
	assert_true(store_status(in.st, &mem, &before, &e));
	store_set_now(in.st, in.st->now + 8 * D);
	history_import(&in, in.st->now, 2);
	assert_true(store_status(in.st, &mem, &after, &e));
	assert_int_equal(after.nframework, before.nframework);
	for (int w = 0; w < CONTROL_COUNT; w++) {
		assert_int_equal(after.framework[0].ago[STATUS_WEEK].n[w],
				 before.framework[0].posture.n[w]);
		assert_int_equal(after.framework[0].ago[STATUS_MONTH].n[w], 0);
	}
	arena_release(&mem);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_kept_is_what_judging_anew_says),
		TEST(what_is_kept_is_read_not_judged),
		TEST(the_next_day_is_judged_anew),
		TEST(a_time_before_is_judged_anew),
		TEST(a_past_day_is_judged_anew),
		TEST(under_another_policy_it_is_judged_anew),
		TEST(a_scan_again_bears_on_weaknesses_and_scans),
		TEST(a_check_bears_on_its_own_control),
		TEST(an_alert_bears_on_what_it_breaks),
		TEST(what_people_do_is_judged_whole),
		TEST(a_week_later_it_is_known_how_it_was),
		TEST(after_a_change_only_what_differs_is_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
