/* SPDX-License-Identifier: MIT */
/* 1046-statements.c - VEX statements and suppressions: what they hold, and what becomes of them. */
#include "t/lib/test.h"
#include "t/lib/records.h"

static struct import in;
static struct store *st;

#define NOW (T0 + 100 * D)

static int setup(UNUSED void **state)
{
	st = store_for_test();
	import_init(&in, st);
	return 0;
}

static int teardown(UNUSED void **state)
{
	import_free(&in);
	store_close(st);
	return 0;
}

/* A VEX document of one statement. */
static void say(const char *product, const char *purl, const char *status, int64_t at)
{
	import_begin_test(&in);
	scan(&in, "openvex", at);
	put(&in, &(struct record){ REC_STATEMENT,
				   { .statement = { .advisory = "CVE-1",
						    .product = product,
						    .purl = purl,
						    .status = status,
						    .author = "vendor",
						    .at = at } } });
	import_end_test(&in);
}

static const char *outcome(void)
{
	static char text[80];
	struct page p = PAGE_INIT;
	struct err e = ERR_INIT;
	struct list_query q = { .list = LIST_statements };
	const struct list_info *l = store_list(LIST_statements);

	assert_true(store_page(st, &q, PAGE_TOP, NULL, 1, &p, &e));
	assert_int_equal(p.nrow, 1);
	for (size_t i = 0; i < l->ncol; i++)
		if (str_eq(l->col[i].name, "outcome"))
			assert_true(str_copy(text, sizeof(text), p.row[0].val[i].u.s));
	page_release(&p);
	return text;
}

/* How many findings of CVE-1 are in a state. */
static int64_t in_state(enum finding_state s)
{
	struct arena mem = ARENA_INIT;
	int64_t n = number(st, arena_printf(&mem,
					    "SELECT count(*) FROM finding AS f\n"
					    "JOIN advisory AS a ON a.id = f.advisory\n"
					    "WHERE a.name = 'CVE-1' AND f.state = %d",
					    (int)s));

	arena_release(&mem);
	return n;
}

#define OCI(c) "pkg:oci/app@sha256%3A" c c c c c c c c c c c c c c c c
#define AAAA   OCI("aaaa")

static void an_image_by_digest_is_not_affected(UNUSED void **state)
{
	scan_image(&in, "trivy", "app:1", digest('a'), T0, "CVE-1 CVE-2");
	scan_image(&in, "trivy", "app:2", digest('b'), T0, "CVE-1");
	say(AAAA, NULL, "not_affected", T0 + D);
	assert_int_equal(in_state(STATE_NOT_AFFECTED), 1);
	assert_int_equal(in_state(STATE_OPEN), 1);
	assert_string_equal(outcome(), "applied");
}

static void one_that_came_before_the_image_applies_when_it_comes(UNUSED void **state)
{
	say(AAAA, NULL, "not_affected", T0);
	assert_string_equal(outcome(), "waiting: the product was not seen yet");
	scan_image(&in, "trivy", "app:1", digest('a'), T0 + D, "CVE-1");
	assert_int_equal(in_state(STATE_NOT_AFFECTED), 1);
	assert_string_equal(outcome(), "applied");
}

static void one_by_name_holds_what_held_the_name_then(UNUSED void **state)
{
	scan_image(&in, "trivy", "registry.example/app:1", digest('a'), T0, "CVE-1");
	say("registry.example/app:1", NULL, "not_affected", T0 + D);
	scan_image(&in, "trivy", "registry.example/app:1", digest('b'), T0 + 2 * D, "CVE-1");
	assert_int_equal(in_state(STATE_NOT_AFFECTED), 1);
	assert_int_equal(in_state(STATE_OPEN), 1);
}

static void one_of_a_repository_holds_every_tag(UNUSED void **state)
{
	say("registry.example/app", NULL, "not_affected", T0);
	scan_image(&in, "trivy", "registry.example/app:1", digest('a'), T0, "CVE-1");
	scan_image(&in, "trivy", "registry.example/other:1", digest('b'), T0, "CVE-1");
	assert_int_equal(in_state(STATE_NOT_AFFECTED), 1);
}

static void one_of_another_repository_is_not_outranked(UNUSED void **state)
{
	scan_image(&in, "trivy", "registry.example/app:1", digest('a'), T0, "CVE-1");
	say("registry.example/app", NULL, "not_affected", T0);
	say("registry.example/other", NULL, "not_affected", T0);
	assert_string_equal(outcome(), "waiting: the product holds no such component with it");
	say("registry.example/app", NULL, "false_positive", T0 - D);
	assert_string_equal(outcome(), "refused: outranked by another statement");
}

static void one_that_has_ended_says_so(UNUSED void **state)
{
	scan_image(&in, "trivy", "registry.example/app:1", digest('a'), T0, "CVE-1");
	import_begin_test(&in);
	scan(&in, "trivyignore", T0);
	put(&in, &(struct record){ REC_STATEMENT, { .statement = { .advisory = "CVE-1",
								   .status = "ignored",
								   .at = T0,
								   .until = T0 + D } } });
	import_end_test(&in);
	assert_int_equal(in_state(STATE_OPEN), 1);
	assert_string_equal(outcome(), "ended: its last day is over");
}

static void one_of_a_package_holds_that_version_alone(UNUSED void **state)
{
	scan_image(&in, "trivy", "app:1", digest('a'), T0, "CVE-1");
	say("pkg:deb/debian/CVE-1@2.0", NULL, "not_affected", T0);
	assert_int_equal(in_state(STATE_OPEN), 1);
	assert_string_equal(outcome(), "waiting: the product holds no such component with it");
	say("pkg:deb/debian/CVE-1@1.0", NULL, "not_affected", T0);
	assert_int_equal(in_state(STATE_NOT_AFFECTED), 1);
}

static void one_of_a_package_inside_another_holds_when_the_asset_holds_both(UNUSED void **state)
{
	scan_image(&in, "trivy", "app:1", digest('a'), T0, "CVE-1");
	say("pkg:deb/debian/CVE-2@1.0", "pkg:deb/debian/CVE-1", "not_affected", T0);
	assert_int_equal(in_state(STATE_OPEN), 1);
	scan_image(&in, "trivy", "app:1", digest('a'), T0 + D, "CVE-1 CVE-2");
	assert_int_equal(in_state(STATE_NOT_AFFECTED), 1);
}

static void a_distribution_s_package_without_a_version_is_refused(UNUSED void **state)
{
	scan_image(&in, "trivy", "app:1", digest('a'), T0, "CVE-1");
	say("pkg:deb/debian/CVE-1", NULL, "not_affected", T0);
	assert_int_equal(in_state(STATE_OPEN), 1);
	assert_string_equal(outcome(),
			    "refused: it names a distribution's package without a version");
	assert_int_equal(in.stats.nwarning, 1);
}

static void a_fix_is_believed_of_a_version_and_resolves_nothing(UNUSED void **state)
{
	scan_image(&in, "trivy", "app:1", digest('a'), T0, "CVE-1");
	say("registry.example/app", "pkg:deb/debian/CVE-1", "fixed", T0);
	assert_string_equal(outcome(),
			    "refused: it claims a fix, and names no version that has it");
	say(AAAA, "pkg:deb/debian/CVE-1@1.0", "fixed", T0 + D);
	assert_int_equal(in_state(STATE_NOT_AFFECTED), 1);
	assert_int_equal(in_state(STATE_RESOLVED), 0);
}

/* What becomes of a statement on each product, and of one finding in registry.example/app:1. */
static void a_product_is_taken_for_what_it_names(UNUSED void **state)
{
	static const struct {
		const char *product, *outcome;
		int holds;
	} x[] = {
		{ "registry.example/app:1", "applied", 1 },
		{ "registry.example/app:2", "waiting: the product was not seen yet", 0 },
		{ "registry.example/app", "applied", 1 },
		{ "registry.example:5000/app", /* a port is no tag */
		  "waiting: the product holds no such component with it", 0 },
		{ "pkg:oci/app?repository_url=registry.example/app", "applied", 1 },
		{ "pkg:oci/app?repository_url=registry.example/app&tag=1", "applied", 1 },
		{ "pkg:oci/app?repository_url=registry.example/app&tag=2",
		  "waiting: the product was not seen yet", 0 },
		{ "pkg:oci/app", "refused: the product's purl has neither digest nor repository",
		  0 },
		{ "app", "refused: the product is no image or package", 0 },
		{ "my app:1", "refused: the product is no image or package", 0 },
		{ "https://registry.example/app:1", "refused: the product is no image or package",
		  0 },
		{ "pkg:deb/debian/CVE-1@1.0", "applied", 1 },
		{ "pkg:rpm/redhat/CVE-1",
		  "refused: it names a distribution's package without a version", 0 },
		{ "pkg:apk/alpine/CVE-1",
		  "refused: it names a distribution's package without a version", 0 },
		{ "pkg:npm/CVE-1", "waiting: the product holds no such component with it", 0 },
	};

	for (size_t i = 0; i < LENGTH(x); i++) {
		if (i > 0)
			(void)setup(NULL);
		scan_image(&in, "trivy", "registry.example/app:1", digest('a'), T0, "CVE-1");
		say(x[i].product, NULL, "not_affected", T0 + D);
		if (!str_eq(outcome(), x[i].outcome))
			fail_msg("%s: %s, not %s", x[i].product, outcome(), x[i].outcome);
		assert_int_equal(in_state(STATE_NOT_AFFECTED), x[i].holds);
		if (i + 1 < LENGTH(x))
			(void)teardown(NULL);
	}
}

static void each_status_means_a_state(UNUSED void **state)
{
	static const struct {
		const char *status;
		enum finding_state state;
	} x[] = {
		{ "not_affected", STATE_NOT_AFFECTED },
		{ "known_not_affected", STATE_NOT_AFFECTED },
		{ "false_positive", STATE_FALSE_POSITIVE },
		{ "ignored", STATE_ACCEPTED },
		{ "fixed", STATE_NOT_AFFECTED },
		{ "resolved", STATE_NOT_AFFECTED },
		{ "resolved_with_pedigree", STATE_NOT_AFFECTED },
		{ "affected", STATE_OPEN },
		{ "exploitable", STATE_OPEN },
		{ "under_investigation", STATE_OPEN },
		{ "in_triage", STATE_OPEN },
	};

	scan_image(&in, "trivy", "app:1", digest('a'), T0, "CVE-1");
	for (size_t i = 0; i < LENGTH(x); i++) {
		say(AAAA, NULL, x[i].status, T0 + (int64_t)(i + 1) * D);
		assert_int_equal(in_state(x[i].state), 1);
		assert_int_equal(str_eq(outcome(), "applied"), x[i].state != STATE_OPEN);
	}
	say(AAAA, NULL, "who knows", T0 + 50 * D);
	assert_string_equal(outcome(), "refused: its status is not known");
	say(AAAA, NULL, "listed", T0 + 51 * D); /* which is ours to say */
	assert_string_equal(outcome(), "refused: its status is not known");
}

static void why(bool explained, int64_t at)
{
	import_begin_test(&in);
	scan(&in, "openvex", at);
	put(&in, &(struct record){ REC_STATEMENT,
				   { .statement = { .advisory = "CVE-1",
						    .product = AAAA,
						    .status = "not_affected",
						    .text = explained ? "never called" : NULL,
						    .author = "vendor",
						    .at = at,
						    .unexplained = !explained } } });
	import_end_test(&in);
}

static void who_says_not_affected_says_why(UNUSED void **state)
{
	scan_image(&in, "trivy", "app:1", digest('a'), T0, "CVE-1");
	why(false, T0 + D);
	assert_string_equal(outcome(), "refused: it says not affected, and not why");
	assert_int_equal(in_state(STATE_NOT_AFFECTED), 0);
	why(true, T0 + D); /* the same words, and now a reason */
	assert_int_equal(in_state(STATE_NOT_AFFECTED), 1);
}

static void one_without_a_time_is_as_old_as_its_document(UNUSED void **state)
{
	scan_image(&in, "trivy", "app:1", digest('a'), T0, "CVE-1");
	import_begin_test(&in);
	scan(&in, "openvex", T0 + 5 * D);
	put(&in, &(struct record){ REC_STATEMENT,
				   { .statement = { .advisory = "CVE-1",
						    .product = AAAA,
						    .status = "not_affected" } } });
	import_end_test(&in);
	say(AAAA, NULL, "affected", T0 + 4 * D);
	assert_int_equal(in_state(STATE_NOT_AFFECTED), 1);
	say(AAAA, NULL, "affected", T0 + 6 * D);
	assert_int_equal(in_state(STATE_OPEN), 1);
}

static void one_with_an_end_holds_until_then(UNUSED void **state)
{
	scan_image(&in, "trivy", "app:1", digest('a'), T0, "CVE-1");
	import_begin_test(&in);
	scan(&in, "trivy", T0 + D);
	put(&in, &(struct record){ REC_STATEMENT,
				   { .statement = { .advisory = "CVE-1",
						    .status = "ignored",
						    .until = NOW + D } } });
	import_end_test(&in);
	assert_int_equal(in_state(STATE_ACCEPTED), 1); /* without a product it holds everywhere */
	store_set_now(st, NOW + D);
	assert_true(store_settle(st, true, &(struct err)ERR_INIT));
	assert_int_equal(in_state(STATE_OPEN), 1);
}

static void what_is_said_again_later_counts_anew(UNUSED void **state)
{
	scan_image(&in, "trivy", "app:1", digest('a'), T0, "CVE-1");
	say(AAAA, NULL, "not_affected", T0 + D);
	say(AAAA, NULL, "affected", T0 + 2 * D);
	assert_int_equal(in_state(STATE_OPEN), 1);
	say(AAAA, NULL, "not_affected", T0 + 3 * D);
	assert_int_equal(in_state(STATE_NOT_AFFECTED), 1);
	say(AAAA, NULL, "affected", T0 + 2 * D); /* the same as before */
	assert_int_equal(in_state(STATE_NOT_AFFECTED), 1);
	assert_int_equal(in.stats.unchanged[COUNT_STATEMENTS], 1);
}

static void the_newest_statement_counts(UNUSED void **state)
{
	scan_image(&in, "trivy", "app:1", digest('a'), T0, "CVE-1");
	say(AAAA, NULL, "not_affected", T0 + D);
	say(AAAA, NULL, "affected", T0 + 2 * D);
	assert_int_equal(in_state(STATE_OPEN), 1);
	say(AAAA, NULL, "under_investigation", T0); /* late, and older */
	assert_int_equal(in_state(STATE_OPEN), 1);
	assert_string_equal(outcome(), "refused: under_investigation sets nothing aside");
}

static void a_person_outranks_it(UNUSED void **state)
{
	struct scope what = { SCOPE_FINDING, { 0 } };
	const struct exception x = { .kind = STATE_OPERATIONAL,
				     .reach = REACH_EVERYWHERE,
				     .reason = "needed",
				     .until = NOW + 5 * D };
	struct except_answer a = { 0 };
	struct err e = ERR_INIT;

	scan_image(&in, "trivy", "app:1", digest('a'), T0, "CVE-1");
	what.key[0] = number(st, "SELECT asset FROM finding");
	what.key[1] = number(st, "SELECT advisory FROM finding");
	what.key[2] = number(st, "SELECT part FROM finding");
	assert_true(store_except(st, &x, &what, 1, false, &a, &e));
	say(AAAA, NULL, "not_affected", NOW);
	assert_int_equal(in_state(STATE_OPERATIONAL), 1);
	assert_string_equal(outcome(), "refused: outranked by a person");
	store_set_now(st, NOW + 6 * D);
	assert_int_equal(in_state(STATE_NOT_AFFECTED), 1);
	assert_string_equal(outcome(), "applied");
}

static void the_same_document_again_changes_nothing(UNUSED void **state)
{
	scan_image(&in, "trivy", "app:1", digest('a'), T0, "CVE-1");
	say(AAAA, NULL, "not_affected", T0 + D);
	say(AAAA, NULL, "not_affected", T0 + D);
	assert_int_equal(in.stats.created[COUNT_STATEMENTS], 0);
	assert_int_equal(in.stats.unchanged[COUNT_STATEMENTS], 1);
	say(AAAA, NULL, "not_affected", T0 + 2 * D); /* nor later, where nothing came between */
	assert_int_equal(in.stats.unchanged[COUNT_STATEMENTS], 1);
	assert_int_equal(number(st, "SELECT count(*) FROM statement"), 1);
}

/* Two scans: in the second, the scanner was told to set the finding aside. */
/* The tool's own word in the report in hand. */
static void set_aside(void)
{
	put(&in, &(struct record){ REC_STATEMENT,
				   { .statement = { .advisory = "CVE-1",
						    .package_type = "deb",
						    .package = "CVE-1",
						    .version = "1.0",
						    .status = "ignored",
						    .text = "not in use" } } });
}

static void what_a_scanner_sets_aside_is_there_all_the_same(UNUSED void **state)
{
	scan_image(&in, "grype", "app:1", digest('a'), T0, "CVE-1 CVE-2");
	import_begin_test(&in);
	scan(&in, "grype", T0 + D);
	image(&in, "app:1", digest('a'));
	cover(&in, FINDING_VULNERABILITY);
	vuln(&in, "CVE-2", "CVE-2", "1.0", SEV_HIGH);
	set_aside();
	import_end_test(&in);
	assert_int_equal(in.stats.resolved[COUNT_FINDINGS], 0);
	assert_int_equal(in_state(STATE_ACCEPTED), 1);
	assert_int_equal(number(st, "SELECT count(*) FROM sighting WHERE until = 0"), 2);
}

/* A scan of app:1 that lists CVE-1, or sets it aside, or both. */
static void look(int64_t at, bool lists, bool ignores)
{
	import_begin_test(&in);
	scan(&in, "grype", at);
	image(&in, "app:1", digest('a'));
	cover(&in, FINDING_VULNERABILITY);
	if (lists)
		vuln(&in, "CVE-1", "CVE-1", "1.0", SEV_HIGH);
	if (ignores)
		set_aside();
	import_end_test(&in);
}

static void what_a_scanner_lists_again_is_no_longer_set_aside(UNUSED void **state)
{
	look(T0, true, false);
	look(T0 + D, false, true);
	assert_int_equal(in_state(STATE_ACCEPTED), 1);
	look(T0 + 2 * D, true, true);
	assert_int_equal(in_state(STATE_ACCEPTED), 1);
	assert_string_equal(outcome(), "applied");
	look(T0 + 3 * D, true, false);
	assert_int_equal(in_state(STATE_OPEN), 1);
	assert_int_equal(in.stats.created[COUNT_STATEMENTS], 0);
	look(T0 + 4 * D, true, false);
	assert_int_equal(number(st, "SELECT count(*) FROM statement"), 2);
	look(T0 + 5 * D, false, true);
	assert_int_equal(in_state(STATE_ACCEPTED), 1);
	look(T0 + 6 * D, true, false);
	assert_int_equal(in_state(STATE_OPEN), 1);
	look(T0 + D + 1, true, false); /* an older scan takes nothing back */
	look(T0 + 7 * D, false, true);
	look(T0 + 6 * D + 1, true, false);
	assert_int_equal(in_state(STATE_ACCEPTED), 1);
}

/* What is said beside the reports stands: a vendor's document, rules for the scanner. */
static void what_another_sets_aside_stays_so(UNUSED void **state)
{
	look(T0, true, false);
	say(AAAA, NULL, "not_affected", T0 + D);
	look(T0 + 2 * D, true, false);
	assert_int_equal(in_state(STATE_NOT_AFFECTED), 1);
	say(AAAA, NULL, "affected", T0 + 3 * D);
	in.o.importer = "rules";
	look(T0 + 4 * D, false, true);
	in.o.importer = "test";
	look(T0 + 5 * D, true, false);
	assert_int_equal(in_state(STATE_ACCEPTED), 1);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(an_image_by_digest_is_not_affected),
		T(one_that_came_before_the_image_applies_when_it_comes),
		T(one_by_name_holds_what_held_the_name_then),
		T(one_of_a_repository_holds_every_tag),
		T(one_of_another_repository_is_not_outranked),
		T(one_that_has_ended_says_so),
		T(one_of_a_package_holds_that_version_alone),
		T(one_of_a_package_inside_another_holds_when_the_asset_holds_both),
		T(a_distribution_s_package_without_a_version_is_refused),
		T(a_fix_is_believed_of_a_version_and_resolves_nothing),
		T(a_product_is_taken_for_what_it_names),
		T(each_status_means_a_state),
		T(who_says_not_affected_says_why),
		T(one_without_a_time_is_as_old_as_its_document),
		T(one_with_an_end_holds_until_then),
		T(what_is_said_again_later_counts_anew),
		T(the_newest_statement_counts),
		T(a_person_outranks_it),
		T(the_same_document_again_changes_nothing),
		T(what_a_scanner_sets_aside_is_there_all_the_same),
		T(what_a_scanner_lists_again_is_no_longer_set_aside),
		T(what_another_sets_aside_stays_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
