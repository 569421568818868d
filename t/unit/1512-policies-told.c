/* SPDX-License-Identifier: MIT */
/* 1512-policies-told.c - which policies there are, and of an image all that they ask for. */
#include <stdio.h>

#include "t/lib/test.h"
#include "t/lib/records.h"

static struct import in;

static int setup(UNUSED void **state)
{
	import_init(&in, store_for_test());
	scan_image(&in, "trivy", "shop/a:1", digest('a'), T0, "CVE-2024-1");
	scan_image(&in, "trivy", "web/b:1", digest('b'), T0, "CVE-2024-1");
	return 0;
}

static int teardown(UNUSED void **state)
{
	import_free(&in);
	store_close(in.st);
	return 0;
}

/* Where 'a' runs: in the namespace pay of the cluster prod. */
static void run_in(const char *namespace)
{
	in.o.cluster = "prod";
	import_begin_test(&in);
	scan(&in, "kubectl", T0 + D);
	running(&in, namespace, "api", "pod-1", "shop/a:1", digest('a'));
	import_end_test(&in);
	in.o.cluster = NULL;
}

static void tag(const char *object, const char *word, bool bear)
{
	struct arena mem = ARENA_INIT;
	const struct scope *what;
	struct err e = ERR_INIT;
	bool changed;
	size_t n;

	if (!store_scope_find(in.st, object, &mem, &what, &n, &e))
		fail_msg("%s", e.text);
	for (size_t i = 0; i < n; i++)
		if (!store_tag(in.st, &what[i], word, bear, &changed, &e))
			fail_msg("%s", e.text);
	arena_release(&mem);
}

static void use(const char *policy)
{
	struct err e = ERR_INIT;

	if (!store_policy_use(in.st, policy, NULL, NULL, &e))
		fail_msg("%s", e.text);
}

/* Whose word a line is, "VALUE by POLICY"; of several with this name the first; "" none. */
static const char *asked(const struct policy_line *l, size_t n, const char *section,
			 const char *name)
{
	static char text[120];

	for (size_t i = 0; i < n; i++)
		if (str_eq(l[i].section, section) && str_eq(l[i].name, name)) {
			snprintf(text, sizeof(text), "%s by %s", l[i].value, l[i].policy);
			return text;
		}
	return "";
}

/* Everything that the gate, exceptions and responses go by, with whose word it is. */
static void of_an_image_all_that_is_asked_for_is_told(UNUSED void **state)
{
	static const char *const expected[][3] = {
		{ "gate", "signature", "required by strict" },
		{ "gate", "fixable_only", "what has no fix counts by " },
		{ "gate", "lint.negligible", "4 by loose" },
		{ "gate", "lint.unknown", "any by loose" },
		{ "exception", "longest.low", "5d by strict" },
		{ "exception", "longest.negligible", "7d by loose" },
		{ "exception", "longest.unknown", "90d by loose" },
		{ "exception", "approver", "another than the requester by loose" },
		{ "approved", "registries", "a.example, b.example by strict" },
		{ "approved", "base_images", "a.example/base/* by loose" },
		{ "attestation", "required", "https://slsa.dev/provenance/v1 by strict" },
		{ "signer", "trusted", "*@ci.example by https://i.example by strict" },
		{ "response", "critical.acknowledge", "5m by strict" },
		{ "response", "critical.contain", "30m by loose" },
		{ "response", "critical.report", "1d by loose" },
	};
	const struct policy_line *line;
	struct arena mem = ARENA_INIT;
	struct err e = ERR_INIT;
	int64_t id;
	size_t n;

	policy_for_test("strict", "{\"extends\":\"baseline\",\"scope\":{\"tags\":[\"x\"]},"
		"\"gate\":{\"signature\":true},\"exceptions\":{\"longest\":{\"low\":\"5d\"}},"
		"\"approved\":{\"registries\":[\"a.example\",\"b.example\"]},"
		"\"attestations\":[\"https://slsa.dev/provenance/v1\"],"
		"\"signers\":[{\"identity\":\"*@ci.example\",\"issuer\":\"https://i.example\"}],"
		"\"alerts\":{\"response\":{\"critical\":{\"acknowledge\":\"5m\"}}}}");
	policy_for_test("loose", "{\"extends\":\"baseline\",\"scope\":{\"tags\":[\"y\"]},"
		"\"gate\":{\"lint\":{\"negligible\":4}},\"exceptions\":{\"approver\":true,"
		"\"longest\":{\"negligible\":\"7d\"}},"
		"\"approved\":{\"base_images\":[\"a.example/base/*\"]},"
		"\"alerts\":{\"response\":{\"critical\":{\"contain\":\"30m\"}}}}");
	tag("repo/docker.io/shop/a", "x", true);
	tag("repo/docker.io/shop/a", "y", true);
	assert_true(store_image_find(in.st, "shop/a:1", &id, &e));
	if (!store_policy_show(in.st, id, &mem, &line, &n, &e))
		fail_msg("%s", e.text);
	for (size_t i = 0; i < LENGTH(expected); i++) {
		const char *is = asked(line, n, expected[i][0], expected[i][1]);

		if (!str_eq(is, expected[i][2]))
			fail_msg("%s.%s: %s, not %s", expected[i][0], expected[i][1], is,
				 expected[i][2]);
	}
	arena_release(&mem);
}

static const char *told_of(const char *image, const char *section, const char *name, size_t *lines)
{
	static char text[120];
	const struct policy_line *line;
	struct arena mem = ARENA_INIT;
	struct err e = ERR_INIT;
	int64_t id;
	size_t n;

	if (!store_image_find(in.st, image, &id, &e) ||
	    !store_policy_show(in.st, id, &mem, &line, &n, &e))
		fail_msg("%s", e.text);
	snprintf(text, sizeof(text), "%s", asked(line, n, section, name));
	*lines = 0;
	for (size_t i = 0; i < n; i++)
		*lines += str_eq(line[i].section, section) && str_eq(line[i].name, name);
	arena_release(&mem);
	return text;
}

/* The dates that are told are those of an image that runs or not, is exposed or not, as it does. */
static void what_is_told_of_an_image_goes_by_what_it_does(UNUSED void **state)
{
	size_t n;

	policy_for_test("runs", "{\"extends\":\"baseline\",\"gate\":{\"signature\":true},"
		"\"scope\":{\"tags\":[\"z\"]},\"deadlines\":["
		"{\"id\":\"runs\",\"running\":true,\"exposed\":true,\"within\":\"1d\"},"
		"{\"id\":\"rests\",\"running\":false,\"exposed\":false,\"within\":\"9d\"}]}");
	tag("image/shop/a:1", "z", true);
	assert_string_equal(told_of("shop/a:1", "scope", "z", &n), "image docker.io/shop/a:1 by ");
	assert_string_equal(told_of("shop/a:1", "deadline", "low", &n), "9d: rule rests by runs");
	assert_string_equal(told_of("shop/a:1", "gate", "signature", &n), "required by runs");
	assert_int_equal(n, 1);
	run_in("pay"); /* no services were listed: it counts as exposed */
	assert_string_equal(told_of("shop/a:1", "deadline", "low", &n), "1d: rule runs by runs");
}

static const struct policy_info *info_of(struct arena *mem, const char *name)
{
	const struct policy_info *p;
	struct err e = ERR_INIT;
	size_t n;

	if (!store_policy_list(in.st, mem, &p, &n, &e))
		fail_msg("%s", e.text);
	for (size_t i = 0; i < n; i++)
		if (str_eq(p[i].name, name))
			return &p[i];
	fail_msg("there is no policy %s", name);
	return NULL;
}

static void of_all_policies_it_is_told_which_hold_and_which_changed(UNUSED void **state)
{
	struct arena mem = ARENA_INIT;

	policy_for_test("ours", "{\"extends\":\"baseline\"}");
	use("ours");
	tag("repo/docker.io/shop/a", "pci", true);
	assert_string_equal(info_of(&mem, "ours")->use, "estate");
	assert_false(info_of(&mem, "ours")->edited);
	assert_string_equal(info_of(&mem, "pci-dss-4.0.1")->use, "by tag");
	assert_false(info_of(&mem, "pci-dss-4.0.1")->edited);
	assert_string_equal(info_of(&mem, "hipaa-2025-proposal")->use, "");
	assert_string_equal(info_of(&mem, "fedramp-2026")->validity,
			    "recommended from 2026-12-07 with grace to 2027-03-07");
	policy_for_test("ours", "{\"extends\":\"baseline\",\"gate\":{\"high\":1}}");
	assert_true(info_of(&mem, "ours")->edited);
	assert_false(info_of(&mem, "pci-dss-4.0.1")->edited);
	arena_release(&mem);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(of_an_image_all_that_is_asked_for_is_told),
		T(what_is_told_of_an_image_goes_by_what_it_does),
		T(of_all_policies_it_is_told_which_hold_and_which_changed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
