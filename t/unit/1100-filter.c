/* SPDX-License-Identifier: MIT */
/* 1100-filter.c - the language of filters: what is parsed, refused, and what text matches. */
#include "t/lib/test.h"

#include "store/filter.h"

#define NOW INT64_C(1000000000) /* 2001-09-09T01:46:40Z */

/* ---- trees as text: (and (sev <= 1) (kev = 1)) ---- */

static const char *op_text(enum filter_op op)
{
	static const char *const names[] = {
		[FILTER_AND] = "and",	[FILTER_OR] = "or",    [FILTER_NOT] = "not",
		[FILTER_EQ] = "=",	[FILTER_LT] = "<",     [FILTER_LE] = "<=",
		[FILTER_GT] = ">",	[FILTER_GE] = ">=",    [FILTER_HAS] = "has",
		[FILTER_GLOB] = "glob", [FILTER_REGEX] = "re", [FILTER_IS] = "empty",
		[FILTER_WHOLE] = "all of",
	};

	return names[op];
}

static void print_tree(const struct filter *f, const struct list_info *l, struct buf *b)
{
	const char *op = op_text(f->op);

	if (f->op <= FILTER_NOT) {
		buf_addf(b, "(%s ", op);
		print_tree(f->left, l, b);
		if (f->right) {
			buf_addc(b, ' ');
			print_tree(f->right, l, b);
		}
		buf_addc(b, ')');
		return;
	}
	buf_addf(b, "(%s %s", f->col == FILTER_ANY ? "any" : l->col[f->col].name, op);
	if (f->op != FILTER_IS && f->value.type == VAL_TEXT)
		buf_addf(b, " %s", f->value.u.s);
	else if (f->op != FILTER_IS)
		buf_addf(b, " %lld", (long long)f->value.u.i);
	buf_addc(b, ')');
}

static void parses(enum list_id list, const char *text, const char *want)
{
	struct arena mem = ARENA_INIT;
	struct buf b = BUF_INIT;
	struct err e = ERR_INIT;
	const struct filter *f;
	size_t at;

	if (!filter_parse(list, text, NOW, &mem, &f, &at, &e))
		fail_msg("%s: at %zu: %s", text, at, e.text);
	if (f)
		print_tree(f, store_list(list), &b);
	if (!str_eq(b.s, want))
		fail_msg("%s\n gives %s\n wants %s", text, b.s, want);
	buf_release(&b);
	arena_release(&mem);
}

static void refuses(enum list_id list, const char *text, size_t where, const char *why)
{
	struct arena mem = ARENA_INIT;
	struct err e = ERR_INIT;
	const struct filter *f;
	size_t at = 999;

	if (filter_parse(list, text, NOW, &mem, &f, &at, &e))
		fail_msg("%s is taken", text);
	if (at != where || !strstr(e.text, why))
		fail_msg("%s: at %zu (want %zu): %s (want %s)", text, at, where, e.text, why);
	assert_int_equal(e.kind, ERR_USAGE);
	arena_release(&mem);
}

static void terms_join_by_and_or_and_brackets(UNUSED void **state)
{
	const enum list_id l = LIST_findings;

	parses(l, "", "");
	parses(l, "  \t ", "");
	parses(l, "sev>=high kev", "(and (severity <= 1) (kev = 1))");
	parses(l, "epss>0.5 or kev", "(or (epss > 5000) (kev = 1))");
	parses(l, "a b or c d", "(or (and (any has a) (any has b)) (and (any has c) (any has d)))");
	parses(l, "a and b", "(and (any has a) (any has b))");
	parses(l, "api:2.14.1", "(any has api:2.14.1)");
	parses(l, "api:v3.2 sha256:ab12", "(and (any has api:v3.2) (any has sha256:ab12))");
	parses(l, "(a or b) c", "(and (or (any has a) (any has b)) (any has c))");
	parses(l, "!kev", "(not (kev = 1))");
	parses(l, "! (a or b)", "(not (or (any has a) (any has b)))");
	parses(l, "!!a", "(not (not (any has a)))");
	parses(l, "image:payments/* !accepted",
	       "(and (asset.name glob payments/*) (not (state = 2)))");
	parses(l, "order orb", "(and (any has order) (any has orb))");
}

static void words_of_the_list_are_tests_and_quotes_force_text(UNUSED void **state)
{
	parses(LIST_findings, "running", "(running > 0)");
	parses(LIST_findings, "late", "(overdue = 1)");
	parses(LIST_findings, "fixable", "(not (fixed_in empty))");
	parses(LIST_findings, "RETIRED", "(retired = 1)");
	parses(LIST_findings, "open", "(state = 0)");
	parses(LIST_findings, "fp", "(state = 3)");
	parses(LIST_findings, "High", "(severity = 1)");
	parses(LIST_findings, "\"high\"", "(any has high)");
	parses(LIST_findings, "'open'", "(any has open)");
	parses(LIST_findings, "h", "(any has h)");
	parses(LIST_findings, "libc6", "(any has libc6)");
	parses(LIST_findings, "libc*", "(any glob libc*)");
	parses(LIST_findings, "/re.*gex/", "(any re re.*gex)");
	parses(LIST_findings, "/a\\/b/", "(any re a/b)");
	parses(LIST_findings, "CVE-2023-4911", "(any has CVE-2023-4911)");
	parses(LIST_alerts, "open", "(not (state = 3))");
	parses(LIST_alerts, "crit", "(priority = 2)");
	parses(LIST_controls, "fail", "(status = 1)");
	parses(LIST_controls, "manl", "(status = 4)");
	parses(LIST_checks, "warn", "(status = 2)");
}

static void values_follow_the_type_of_their_column(UNUSED void **state)
{
	const enum list_id l = LIST_findings;

	parses(l, "sev:critical", "(severity = 0)");
	parses(l, "severity!=low", "(not (severity = 3))");
	parses(l, "sev<medium", "(severity > 2)");
	parses(l, "sev:h", "(severity = 1)");
	parses(l, "is:false-positive", "(state = 3)");
	parses(l, "epss>=50%", "(epss >= 5000)");
	parses(l, "cvss>=7.5", "(cvss >= 75)");
	parses(l, "cvss<4", "(and (cvss >= 0) (cvss < 40))");
	parses(l, "run>0", "(running > 0)");
	parses(l, "run:3", "(running = 3)");
	parses(l, "kev:no", "(kev = 0)");
	parses(l, "kev!=yes", "(kev = 0)");
	parses(l, "by==\"grype, trivy\" kev==yes", "(and (sources all of grype, trivy) (kev = 1))");
	parses(l, "owner:none", "(owner empty)");
	parses(l, "fixed:none", "(fixed_in empty)");
	parses(l, "owner!=none", "(not (owner empty))");
	parses(l, "owner:\"none\"", "(owner = none)");
	parses(l, "title:shell", "(title has shell)");
	parses(l, "cve=CVE-2023-4911", "(advisory = CVE-2023-4911)");
	parses(l, "by:TG", "(sources = TG)");
	parses(l, "pkg:\"a b\"", "(package.name = a b)");
	parses(l, "pkg:/^lib/", "(package.name re ^lib)");
	parses(l, "package.name:curl", "(package.name = curl)");
	parses(LIST_alerts, "prio>=err", "(priority <= 3)");
	parses(LIST_images, "c>0", "(findings.critical > 0)");
	parses(LIST_controls, "id:164.308(a)(5)(ii)(B)", "(id = 164.308(a)(5)(ii)(B))");
	parses(LIST_controls, "(id:164.308(a))", "(id = 164.308(a))");
}

static void times_are_relative_or_dates(UNUSED void **state)
{
	const enum list_id l = LIST_findings;

	parses(l, "due<7d", "(due < 1000604800)");
	parses(l, "due<0", "(due < 1000000000)");
	parses(l, "due<-1d", "(due < 999913600)");
	parses(l, "due>2w", "(and (due > 1001209600) (due < 9223372036854775807))");
	parses(l, "due:none", "(due empty)");
	parses(l, "age>30d", "(first_seen < 997408000)");
	parses(l, "age<=12h", "(first_seen >= 999956800)");
	parses(LIST_images, "scan>7d", "(last_scan < 999395200)");
	parses(l, "first_seen:2001-09-08",
	       "(and (first_seen >= 999907200) (first_seen < 999993600))");
	parses(l, "due<=2001-09-08", "(due < 999993600)");
	parses(l, "first_seen>2001-09-08T00:00:10Z", "(first_seen > 999907210)");
}

static void faults_are_named_and_placed(UNUSED void **state)
{
	const enum list_id l = LIST_findings;

	refuses(l, "kev foo:1", 4, "no column 'foo' here");
	refuses(l, "kev foo:1", 4, "columns: id, kind, sev,");
	refuses(l, "sev>=bad", 5, "'bad' is no severity; there are: critical, high");
	refuses(l, "sev>=", 5, "a value is missing");
	refuses(l, "(kev", 0, "not closed");
	refuses(l, "kev)", 3, "never opened");
	refuses(l, "kev or", 6, "a term is missing");
	refuses(l, "or kev", 0, "a term is missing");
	refuses(l, "!", 1, "a term is missing");
	refuses(l, "()", 1, "a term is missing");
	refuses(l, "a \"b", 2, "quote is not closed");
	refuses(l, "/a", 0, "no second one");
	refuses(l, "x /(/", 2, "/(/:");
	refuses(l, ">5", 0, "name is missing");
	refuses(l, "epss>2", 5, "no share");
	refuses(l, "cvss>11", 5, "no score");
	refuses(l, "due<soon", 4, "no time");
	refuses(l, "pkg>1", 4, "no order");
	refuses(l, "is>=open", 4, "no order");
	refuses(l, "kev:perhaps", 4, "yes or no");
	refuses(l, "run:many", 4, "takes a number");
	refuses(l, "run:/1/", 4, "is not text");
	refuses(l, "a\xff", 0, "not UTF-8");
}

static void what_would_cost_too_much_is_refused(UNUSED void **state)
{
	struct buf b = BUF_INIT;

	for (int i = 0; i < 100; i++)
		buf_addc(&b, '(');
	refuses(LIST_findings, b.s, 64, "nested too deep");
	buf_reset(&b);
	for (int i = 0; i < 300; i++)
		buf_adds(&b, "a ");
	refuses(LIST_findings, b.s, 512, "too many terms");
	buf_reset(&b);
	refuses(LIST_findings, "/((a{1,99}){1,99}){1,99}/", 0, "repeats too much");
	refuses(LIST_findings, "/e.*g+++++++++++++++++++++++++++++ex/", 0, "repeats too much");
	refuses(LIST_findings, "/(((((((((((a+)+)+)+)+)+)+)+)+)+)+)+/", 0, "repeats too much");
	refuses(LIST_findings, "/(a)\\1/", 0, "back references");
	buf_addc(&b, '/');
	for (int i = 0; i < 300; i++)
		buf_addc(&b, 'a');
	buf_addc(&b, '/');
	refuses(LIST_findings, b.s, 0, "longer than");
	buf_release(&b);
}

/* ---- text ---- */

static bool matches(enum text_how how, const char *pattern, const char *text)
{
	struct err e = ERR_INIT;
	struct pattern *p = pattern_new(how, pattern, &e);
	bool yes;

	if (!p)
		fail_msg("%s", e.text);
	yes = pattern_match(p, text);
	pattern_free(p);
	return yes;
}

static void text_is_matched_case_blind(UNUSED void **state)
{
	assert_true(matches(TEXT_HAS, "ReGex", "a rEgEx b"));
	assert_true(matches(TEXT_HAS, "", "x"));
	assert_false(matches(TEXT_HAS, "ab", "acb"));
	assert_true(matches(TEXT_HAS, "aab", "aaab"));
	assert_true(matches(TEXT_EQUAL, "CVE-1", "cve-1"));
	assert_false(matches(TEXT_EQUAL, "CVE-1", "CVE-11"));
	assert_true(matches(TEXT_GLOB, "lib*6", "libC6"));
	assert_false(matches(TEXT_GLOB, "lib", "libc"));
	assert_true(matches(TEXT_REGEX, "^LIB(c|z)", "libz1g"));
	assert_false(matches(TEXT_REGEX, "^c", "libc"));
	assert_true(matches(TEXT_ITEM, "b", "a, B, c"));
	assert_false(matches(TEXT_ITEM, "a, b", "a, b"));
	assert_true(matches(TEXT_ITEM, "ghsa-*", "CVE-1, GHSA-x"));
	assert_false(matches(TEXT_ITEM, "x", ""));
}

static void image_names_match_from_any_slash_with_or_without_tag(UNUSED void **state)
{
	static const char name[] = "registry.example:5000/payments/api:2.14.1";

	assert_true(matches(TEXT_NAME, name, name));
	assert_true(matches(TEXT_NAME, "payments/api:2.14.1", name));
	assert_true(matches(TEXT_NAME, "payments/api", name));
	assert_true(matches(TEXT_NAME, "API", name));
	assert_true(matches(TEXT_NAME, "payments/*", name));
	assert_true(matches(TEXT_NAME, "registry.example:5000/*", name));
	assert_false(matches(TEXT_NAME, "pay", name));
	assert_false(matches(TEXT_NAME, "ments/api", name));
	assert_false(matches(TEXT_NAME, "payments/api:2.14", name));
	assert_true(matches(TEXT_NAME, "api", "x/api@sha256:aa"));
}

static void capitals_are_the_first_letters_of_all_tools(UNUSED void **state)
{
	assert_true(matches(TEXT_LETTERS, "TG", "grype, trivy"));
	assert_true(matches(TEXT_LETTERS, "GT", "grype, trivy"));
	assert_false(matches(TEXT_LETTERS, "TG", "grype, snyk, trivy"));
	assert_false(matches(TEXT_LETTERS, "TG", "trivy"));
	assert_true(matches(TEXT_LETTERS, "trivy", "grype, trivy"));
	assert_true(matches(TEXT_LETTERS, "tr*", "grype, trivy"));
	assert_false(matches(TEXT_LETTERS, "T", ""));
}

static void fields_are_found_by_their_whole_name(UNUSED void **state)
{
	static const char fields[] = "username\tx\nuser\troot\nempty\t\nlast\tz";
	size_t n;

	assert_memory_equal(fields_find(fields, "user", &n), "root", 4);
	assert_int_equal(n, 4);
	assert_non_null(fields_find(fields, "empty", &n));
	assert_int_equal(n, 0);
	assert_memory_equal(fields_find(fields, "last", &n), "z", 2);
	assert_null(fields_find(fields, "name", &n));
	assert_null(fields_find("", "user", &n));
}

/* ---- rows in memory ---- */

static bool holds(const struct list_def *def, const struct row *r, const char *text)
{
	struct arena mem = ARENA_INIT;
	struct err e = ERR_INIT;
	const struct filter *f;
	struct filter_eval *v;
	size_t at;
	bool yes;

	if (!filter_parse_for(def, text, NOW, &mem, &f, &at, &e))
		fail_msg("%s: %s", text, e.text);
	v = filter_eval_new(f, def);
	yes = filter_eval_row(v, r);
	filter_eval_free(v);
	arena_release(&mem);
	return yes;
}

static void a_row_in_memory_is_judged_as_in_sql(UNUSED void **state)
{
	static const struct list_field names = { .named = true, .match = MATCH_NAME };
	static const struct column col[] = {
		{ .name = "name", .type = VAL_TEXT },	 { .name = "n", .type = VAL_INT },
		{ .name = "sev", .type = VAL_SEVERITY }, { .name = "due", .type = VAL_DUE },
		{ .name = "list", .type = VAL_LIST },	 { .name = "answer", .type = VAL_ANSWER },
		{ .name = "owner", .type = VAL_TEXT },
		{ .name = "in", .type = VAL_INT, .field = &names },
	};
	static const struct list_def def = { .info = { .name = "x",
						       .col = col,
						       .ncol = LENGTH(col) } };
	const struct value val[] = {
		{ VAL_TEXT, { .s = "Alpha" } }, { VAL_INT, { .i = 3 } },
		{ VAL_SEVERITY, { .i = 1 } },	{ VAL_DUE, { .i = DUE_NONE } },
		{ VAL_LIST, { .s = "p, q" } },	{ VAL_NULL, { .i = 0 } },
		{ VAL_TEXT, { .s = NULL } },	{ VAL_INT, { .i = INT64_MAX } },
	};
	const struct row r = { { 1 }, val };

	assert_true(holds(&def, &r, ""));
	assert_true(holds(&def, &r, "in>3"));
	assert_false(holds(&def, &r, "in:*7/"));
	assert_true(holds(&def, &r, "alp"));
	assert_true(holds(&def, &r, "name:alpha n>2 sev>=high"));
	assert_false(holds(&def, &r, "name:alph"));
	assert_true(holds(&def, &r, "n:4 or list:q"));
	assert_true(holds(&def, &r, "due:none owner:none answer:none"));
	assert_false(holds(&def, &r, "due<9d"));
	assert_false(holds(&def, &r, "due>9d"));
	assert_false(holds(&def, &r, "answer:pass"));
	assert_true(holds(&def, &r, "!answer:pass"));
	assert_true(holds(&def, &r, "/^q|, q/ !critical"));
	assert_true(holds(&def, &r, "a*a"));
	assert_false(holds(&def, &r, "n<3 or n>3"));
	assert_true(holds(&def, &r, "n<=3 n>=3 n=3"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(terms_join_by_and_or_and_brackets),
		cmocka_unit_test(words_of_the_list_are_tests_and_quotes_force_text),
		cmocka_unit_test(values_follow_the_type_of_their_column),
		cmocka_unit_test(times_are_relative_or_dates),
		cmocka_unit_test(faults_are_named_and_placed),
		cmocka_unit_test(what_would_cost_too_much_is_refused),
		cmocka_unit_test(text_is_matched_case_blind),
		cmocka_unit_test(image_names_match_from_any_slash_with_or_without_tag),
		cmocka_unit_test(capitals_are_the_first_letters_of_all_tools),
		cmocka_unit_test(fields_are_found_by_their_whole_name),
		cmocka_unit_test(a_row_in_memory_is_judged_as_in_sql),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
