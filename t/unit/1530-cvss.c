/* SPDX-License-Identifier: MIT */
/* 1530-cvss.c - scores from vectors, against those that the standards' own documents give. */
#include "t/lib/test.h"

#include "store/cvss.h"

struct example {
	const char *vector;
	int score;
};

static void hold(const struct example *x, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (cvss_score(x[i].vector) != x[i].score)
			fail_msg("%s: %d, not %d", x[i].vector, cvss_score(x[i].vector),
				 x[i].score);
}

static void version_2_scores_as_its_guide_says(void **state)
{
	static const struct example x[] = {
		{ "AV:N/AC:L/Au:N/C:N/I:N/A:C", 78 },
		{ "AV:N/AC:L/Au:N/C:C/I:C/A:C", 100 },
		{ "AV:L/AC:H/Au:N/C:C/I:C/A:C", 62 },
		{ "(AV:N/AC:L/Au:N/C:P/I:P/A:P)", 75 },
		{ "AV:N/AC:M/Au:N/C:N/I:P/A:N", 43 },
		{ "AV:N/AC:L/Au:N/C:N/I:N/A:N", 0 },
		{ "AV:L/AC:L/Au:N/C:P/I:N/A:N/E:POC/RL:OF/RC:C", 21 },
		{ "AV:A/AC:L/Au:S/C:P/I:P/A:P", 52 },
	};

	(void)state;
	hold(x, LENGTH(x));
}

static void version_3_scores_as_its_examples_do(void **state)
{
	static const struct example x[] = {
		{ "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 98 },
		{ "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", 100 },
		{ "CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", 61 },
		{ "CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H", 78 },
		{ "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:H", 81 },
		{ "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H", 75 },
		{ "CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N", 64 },
		{ "CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N", 31 },
		{ "CVSS:3.1/AV:P/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 68 },
		{ "CVSS:3.1/AV:L/AC:L/PR:H/UI:N/S:U/C:L/I:L/A:L", 42 },
		{ "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", 0 },
		{ "CVSS:3.1/A:H/I:H/C:H/S:U/UI:N/PR:N/AC:L/AV:N/E:U", 98 },
	};

	(void)state;
	hold(x, LENGTH(x));
}

static void version_4_scores_as_its_examples_do(void **state)
{
	static const struct example x[] = {
		{ "CVSS:4.0/AV:L/AC:L/AT:P/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 73 },
		{ "CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:P/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 77 },
		{ "CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:N/VC:H/VI:L/VA:L/SC:N/SI:N/SA:N", 83 },
		{ "CVSS:4.0/AV:L/AC:L/AT:N/PR:N/UI:A/VC:L/VI:N/VA:N/SC:N/SI:N/SA:N", 46 },
		{ "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:A/VC:N/VI:N/VA:N/SC:L/SI:L/SA:N", 51 },
		{ "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:L/VI:L/VA:N/SC:N/SI:N/SA:N", 69 },
		{ "CVSS:4.0/AV:L/AC:L/AT:N/PR:H/UI:N/VC:N/VI:N/VA:N/SC:H/SI:N/SA:N", 59 },
		{ "CVSS:4.0/AV:P/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:H/SA:N", 83 },
		{ "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:N/VA:N/SC:N/SI:N/SA:N", 87 },
		{ "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H", 100 },
		{ "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 93 },
		{ "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:N/SC:N/SI:N/SA:N", 0 },
		{ "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H/MSI:S", 100 },
		{ "CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:N/VC:H/VI:L/VA:L/SC:N/SI:N/SA:N/CR:H/IR:L/"
		  "AR:L/MAV:N/MAC:H/MVC:H/MVI:L/MVA:L",
		  81 },
	};

	(void)state;
	hold(x, LENGTH(x));
}

static void what_is_no_vector_has_no_score(void **state)
{
	static const char *const wrong[] = {
		"",
		"9.8",
		"CVSS:5.0/AV:N",
		"CVSS:3.1",
		"CVSS:3.1/",
		"AV:N",
		"AV:N/AC:L/Au:N/C:C/I:C",
		"AV:N/AV:N/AC:L/Au:N/C:C/I:C/A:C",
		"AV:X/AC:L/Au:N/C:C/I:C/A:C",
		"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:X/C:H/I:H/A:H",
		"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/",
		"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A",
		"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H",
		"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:S/SA:H",
		"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H/E:Z",
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(wrong); i++)
		if (cvss_score(wrong[i]) != -1)
			fail_msg("%s: %d", wrong[i], cvss_score(wrong[i]));
	assert_int_equal(cvss_score(NULL), -1);
	assert_null(cvss_version("9.8"));
	assert_string_equal(cvss_version("AV:N/AC:L/Au:N/C:C/I:C/A:C"), "2");
	assert_string_equal(cvss_version("CVSS:3.0/AV:N"), "3.0");
	assert_string_equal(cvss_version("CVSS:4.0/AV:N"), "4.0");
}

/* A vector that is worse in one metric never scores less. */
static void version_4_never_falls_when_a_metric_gets_worse(void **state)
{
	static const char *const impact[] = { "N", "L", "H" };
	char vector[128];
	int before;

	(void)state;
	for (int sc = 0; sc < 3; sc++)
		for (int vi = 0; vi < 3; vi++) {
			before = -1;
			for (int vc = 0; vc < 3; vc++) {
				struct buf b = BUF_INIT;
				int score;

				buf_addf(&b,
					 "CVSS:4.0/AV:N/AC:L/AT:N/PR:L/UI:N/VC:%s/VI:%s/VA:N/SC:%s/"
					 "SI:N/SA:N",
					 impact[vc], impact[vi], impact[sc]);
				assert_true(str_copy(vector, sizeof(vector), b.s));
				buf_release(&b);
				score = cvss_score(vector);
				assert_true(score >= before);
				before = score;
			}
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(version_2_scores_as_its_guide_says),
		cmocka_unit_test(version_3_scores_as_its_examples_do),
		cmocka_unit_test(version_4_scores_as_its_examples_do),
		cmocka_unit_test(what_is_no_vector_has_no_score),
		cmocka_unit_test(version_4_never_falls_when_a_metric_gets_worse),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
