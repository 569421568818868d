/* SPDX-License-Identifier: MIT */
/* 2030-value.c - scores, digests, targets and secrets, as many formats write them. */
#include "t/lib/test.h"

#include "importers/kinds.h"
#include "importers/value.h"

#define HEX "1111111111111111111111111111111111111111111111111111111111111111"

static void a_score_is_in_tenths_or_is_none(UNUSED void **state)
{
	assert_int_equal(value_score("9.8"), 98);
	assert_int_equal(value_score("10"), 100);
	assert_int_equal(value_score("0.0"), 0);
	assert_int_equal(value_score("10.1"), -1);
	assert_int_equal(value_score("-1"), -1);
	assert_int_equal(value_score("high"), -1);
	assert_int_equal(value_score(""), -1);
	assert_int_equal(value_score(NULL), -1);
}

static void a_share_is_in_ten_thousandths_or_is_none(UNUSED void **state)
{
	assert_int_equal(value_share("0.0719"), 719);
	assert_int_equal(value_share("1"), 10000);
	assert_int_equal(value_share("0.00004"), 0);
	assert_int_equal(value_share("1.01"), -1);
	assert_int_equal(value_share(NULL), -1);
}

static void a_digest_is_well_formed_or_is_none(UNUSED void **state)
{
	assert_string_equal(value_digest("sha256:" HEX), "sha256:" HEX);
	assert_string_equal(value_digest("host:5000/a@sha256:" HEX), "sha256:" HEX);
	assert_null(value_digest("sha256:test"));
	assert_null(value_digest("sha256:" HEX "1"));
	assert_null(value_digest("shop/web:1.4"));
	assert_null(value_digest("sha512:" HEX));
	assert_null(value_digest(""));
	assert_null(value_digest(NULL));
}

static void only_an_image_has_a_system_behind_its_name(UNUSED void **state)
{
	static const char *const other[] = {
		"Node.js", "app/package-lock.json", "main.tf (a", "(debian 12)", " (debian 12)",
		"a ()", "a(debian)", ")", "",
	};
	struct arena mem = ARENA_INIT;
	const char *name, *os;

	assert_true(value_target(&mem, "host:5000/a:1 (debian 12.5)", &name, &os));
	assert_string_equal(name, "host:5000/a:1");
	assert_string_equal(os, "debian 12.5");
	for (size_t i = 0; i < LENGTH(other); i++)
		assert_false(value_target(&mem, other[i], &name, &os));
	assert_false(value_target(&mem, NULL, &name, &os));
	arena_release(&mem);
}

static void a_file_is_no_reference(UNUSED void **state)
{
	assert_true(value_is_file("out/web.tar.gz"));
	assert_true(value_is_file("/srv/image"));
	assert_true(value_is_file("./image"));
	assert_false(value_is_file("shop/web:1.4"));
	assert_false(value_is_file(NULL));
}

static void what_a_scanner_has_masked_is_shown(UNUSED void **state)
{
	struct arena mem = ARENA_INIT;

	assert_string_equal(value_mask(&mem, "PAT=*****"), "PAT=*****");
	assert_null(value_mask(&mem, NULL));
	arena_release(&mem);
}

static void what_nobody_has_masked_is_hidden(UNUSED void **state)
{
	struct arena mem = ARENA_INIT;

	assert_string_equal(value_mask(&mem, "pin: 12 34"), "pin: ** **");
	assert_string_equal(value_mask(&mem, "a*b=secret"), "a*b=******");
	assert_string_equal(value_mask(&mem, "secret"), "******");
	assert_string_equal(value_mask(&mem, "secret="), "secret=");
	assert_string_equal(value_mask_values(&mem, "A=1 and B=2=3 x"), "A=* and B=*=* x");
	assert_string_equal(value_mask_values(&mem, "nothing"), "nothing");
	assert_null(value_mask_values(&mem, NULL));
	arena_release(&mem);
}

static void a_title_loses_how_it_is_checked(UNUSED void **state)
{
	struct arena mem = ARENA_INIT;

	assert_string_equal(value_title(&mem, "Ensure it (Automated)"), "Ensure it");
	assert_string_equal(value_title(&mem, "Ensure it(Not Scored)"), "Ensure it");
	assert_string_equal(value_title(&mem, "Ensure (it)"), "Ensure (it)");
	assert_string_equal(value_title(&mem, "(Manual)"), "(Manual)");
	assert_null(value_title(&mem, NULL));
	arena_release(&mem);
}

static void two_parts_are_joined_and_one_stands_alone(UNUSED void **state)
{
	struct arena mem = ARENA_INIT;

	assert_string_equal(value_join(&mem, "a", ", ", "b"), "a, b");
	assert_string_equal(value_join(&mem, "a", ", ", NULL), "a");
	assert_string_equal(value_join(&mem, NULL, ", ", "b"), "b");
	assert_null(value_join(&mem, NULL, ", ", NULL));
	arena_release(&mem);
}

static void a_type_is_told_by_a_place_or_a_system(UNUSED void **state)
{
	assert_string_equal(kind_of_path("app/package-lock.json"), "npm");
	assert_string_equal(kind_of_path("go.mod"), "golang");
	assert_string_equal(kind_of_path("/opt/app/lib/log4j-core-2.14.1.jar"), "maven");
	assert_string_equal(kind_of_path("usr/lib/python3/site-packages/x/METADATA"), "pypi");
	assert_string_equal(kind_of_path("var/lib/dpkg/status"), "deb");
	assert_null(kind_of_path("usr/bin/bash"));
	assert_null(kind_of_path("app/my-package.json")); /* an ending is no name */
	assert_null(kind_of_path(NULL));
	assert_string_equal(kind_of_system("Debian GNU/Linux 9 (stretch)"), "deb");
	assert_string_equal(kind_of_system("alpine:3.12"), "apk");
	assert_string_equal(kind_of_system("Red Hat Enterprise Linux 8.6"), "rpm");
	assert_null(kind_of_system("Unknown"));
	assert_string_equal(kind_of_tracker("https://security.alpinelinux.org/vuln/X"), "apk");
	assert_null(kind_of_tracker("https://nvd.nist.gov/vuln/detail/X"));
}

static void two_types_of_one_package_are_none(UNUSED void **state)
{
	struct kinds k = KINDS_INIT;

	kinds_note(&k, "rack", "2", "gem");
	kinds_note(&k, "rack", "2", "gem");
	assert_string_equal(kinds_find(&k, "rack", "2"), "gem");
	assert_null(kinds_find(&k, "rack", "3"));
	kinds_note(&k, "rack", "2", "npm");
	assert_null(kinds_find(&k, "rack", "2"));
	kinds_note(&k, "rack", "2", "npm");
	assert_null(kinds_find(&k, "rack", "2"));
	kinds_release(&k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_score_is_in_tenths_or_is_none),
		cmocka_unit_test(a_share_is_in_ten_thousandths_or_is_none),
		cmocka_unit_test(a_digest_is_well_formed_or_is_none),
		cmocka_unit_test(only_an_image_has_a_system_behind_its_name),
		cmocka_unit_test(a_file_is_no_reference),
		cmocka_unit_test(what_a_scanner_has_masked_is_shown),
		cmocka_unit_test(what_nobody_has_masked_is_hidden),
		cmocka_unit_test(a_title_loses_how_it_is_checked),
		cmocka_unit_test(two_parts_are_joined_and_one_stands_alone),
		cmocka_unit_test(a_type_is_told_by_a_place_or_a_system),
		cmocka_unit_test(two_types_of_one_package_are_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
