/* SPDX-License-Identifier: MIT */
/* 1110-version.c - which of two versions is the later, in each ecosystem. */
#include "t/lib/test.h"

#include "store/version.h"

/* Every version is later than those before it, and equal to itself. */
static void rises(const char *type, const char *const *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < n; k++) {
			int want = i < k ? -1 : i > k;
			int got = version_compare(type, v[i], v[k]);

			if (got != want)
				fail_msg("%s: %s and %s: %d, not %d", type, v[i], v[k], got, want);
		}
}
#define RISES(type, ...)                                                                           \
	do {                                                                                       \
		static const char *const list[] = { __VA_ARGS__ };                                 \
		rises(type, list, LENGTH(list));                                                   \
	} while (0)

static void same(const char *type, const char *a, const char *b)
{
	if (version_compare(type, a, b) != 0 || version_compare(type, b, a) != 0)
		fail_msg("%s: %s and %s differ", type, a, b);
}

static void debian_orders_tildes_epochs_and_revisions(UNUSED void **state)
{
	RISES("deb", "~~", "~~a", "~", "0", "a");
	RISES("deb", "1.0~beta1~svn1245", "1.0~beta1", "1.0", "1.0-1", "1.0-1+deb12u1",
	      "1.0-1+deb12u2", "1.0-1+deb12u10", "1.0-2", "1.0a", "1.0+b", "1.0.1", "1.10");
	RISES("deb", "2.36-9+deb12u1", "2.36-9+deb12u3", "2.36-10", "1:1.2.11", "1:1.2.13.dfsg-1",
	      "2:0");
	same("deb", "0:1.0", "1.0");
	same("deb", "1.0", "1.00");
	same("deb", "1.0-0", "1.0");
}

static void rpm_orders_segments_tildes_and_carets(UNUSED void **state)
{
	RISES("rpm", "1.0~rc1", "1.0", "1.0^git1", "1.0^git2", "1.0.1", "1.1");
	RISES("rpm", "5.5p1", "5.5p2", "5.5p10", "5.6p1");
	RISES("rpm", "xyz.4", "8", "10");
	RISES("rpm", "1.a", "1.a^1", "1.ab~1", "1.ab");
	RISES("rpm", "2.0-1.el9", "2.0-1.el9_2", "2.0-2.el9", "2.0.1-1.el9", "1:1.0-1");
	RISES("rpm", "1.0^20160101", "1.0^20160102", "1.01");
	same("rpm", "0:1.0-1", "1.0-1");
	same("rpm", "1.0.0", "1_0_0");
	same("rpm", "2.0-1", "2.0");
	same("rpm", "010", "10");
}

static void alpine_orders_letters_suffixes_and_builds(UNUSED void **state)
{
	RISES("apk", "1.2_alpha", "1.2_alpha2", "1.2_beta", "1.2_pre1", "1.2_rc1", "1.2",
	      "1.2_git1", "1.2_p1", "1.2_p1-r1", "1.2a", "1.2b", "1.2.1", "1.10");
	RISES("apk", "3.1.4-r0", "3.1.4-r5", "3.1.4-r10", "3.1.5-r0");
	RISES("apk", "0.1.01", "0.1.01_p1", "0.1.011", "0.1.1");
	same("apk", "1.2-r0", "1.2");
}

static void semantic_versions_follow_clause_11(UNUSED void **state)
{
	RISES("npm", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta",
	      "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "2.0.0", "2.1.0", "2.1.1",
	      "2.1.10");
	same("cargo", "1.0.0+a", "1.0.0+b");
	same("nuget", "1.0", "1.0.0.0");
	same("npm", "v1.2.3", "1.2.3");
}

static void go_orders_modules_and_toolchains(UNUSED void **state)
{
	RISES("golang", "v0.0.0-20190101000000-aaaaaaaaaaaa", "v0.0.0-20200101000000-aaaaaaaaaaaa",
	      "v0.1.0", "v1.2.3-0.20200101000000-aaaaaaaaaaaa", "v1.2.3", "v1.10.0",
	      "v2.0.0+incompatible");
	RISES("golang", "1.20.14", "1.21rc1", "1.21rc2", "1.21.0", "1.21.5", "1.21.11", "1.22.4");
	same("golang", "go1.21.5", "1.21.5");
}

static void python_follows_pep_440(UNUSED void **state)
{
	RISES("pypi", "1.dev0", "1.0.dev456", "1.0a1", "1.0a2.dev456", "1.0a12.dev456", "1.0a12",
	      "1.0b1.dev456", "1.0b2", "1.0b2.post345.dev456", "1.0b2.post345", "1.0rc1.dev456",
	      "1.0rc1", "1.0", "1.0+abc.5", "1.0+abc.7", "1.0+5", "1.0.post456.dev34",
	      "1.0.post456", "1.0.15", "1.1.dev1", "1!0.5");
	RISES("pypi", "1.0", "2.0", "v3.0", "10.0", "v11.0");
	same("pypi", "1.0", "1.0.0");
	same("pypi", "1.0-alpha.1", "1.0a1");
	same("pypi", "1.0-1", "1.0.post1");
	same("pypi", "v1.0", "1.0");
}

static void maven_knows_its_qualifiers(UNUSED void **state)
{
	RISES("maven", "1-alpha", "1-alpha-2", "1-beta", "1-milestone-1", "1-rc", "1-SNAPSHOT", "1",
	      "1-sp", "1-foo", "1-foo2", "1.0.1", "1.1", "1.10", "2");
	same("maven", "1", "1.0");
	same("maven", "1.ga", "1-final");
	same("maven", "1-a1", "1-alpha-1");
	same("maven", "1-CR1", "1-rc1");
}

static void others_compare_numbers_and_words(UNUSED void **state)
{
	RISES("gem", "1.0.a", "1.0.ab", "1.0.b", "1.0", "1.0.1", "1.2", "1.10");
	RISES("", "2024-01-02", "2024-01-10", "2024-02-01");
	same("generic", "v1.0", "1");
}

/* Pairs that the ecosystems' own tests order: the first is the earlier. */
static void published_pairs_are_ordered(UNUSED void **state)
{
	static const char *const pair[][3] = {
		{ "deb", "1.4.4-5", "1.4.4-5+b1" },
		{ "deb", "0:1", "1:0" },
		{ "deb", "7.6-0", "7.6p2-4" },
		{ "deb", "1.2.2-2", "1.3" },
		{ "deb", "0-pre", "0-pree" },
		{ "deb", "1.1.6r-1", "1.1.6r2-2" },
		{ "deb", "2.6b-2", "2.6b2-1" },
		{ "deb", "98.1p5-1", "98.1-pre2-b6-2" },
		{ "deb", "0.4-1", "0.4a6-2" },
		{ "deb", "1:3.0.5-2", "1:3.0.5.1" },
		{ "rpm", "2.0.1", "2.0.1a" },
		{ "rpm", "10xyz", "10.1xyz" },
		{ "rpm", "xyz10", "xyz10.1" },
		{ "rpm", "xyz.4", "2" },
		{ "rpm", "6.0", "6.0.rc1" },
		{ "rpm", "10a1", "10b2" },
		{ "rpm", "1.0a", "1.0aa" },
		{ "rpm", "10.0001", "10.0039" },
		{ "rpm", "4.999.9", "5.0" },
		{ "rpm", "1.0~rc1~git123", "1.0~rc1" },
		{ "rpm", "1.0^20160101", "1.0.1" },
		{ "rpm", "1.0^20160101", "1.0^20160101^git1" },
		{ "rpm", "1.0~rc1", "1.0~rc1^git1" },
		{ "rpm", "1.0^git1~pre", "1.0^git1" },
		{ "apk", "0.1.0_alpha", "0.1.3_alpha" },
		{ "apk", "0.1.0_alpha", "2.34" },
		{ "apk", "0.1.2.1", "0.12.1" },
		{ "maven", "1-m2", "1-m11" },
		{ "maven", "1-rc", "1-rc123" },
		{ "maven", "1-sp", "1-sp2" },
		{ "maven", "1-abc", "1-def" },
		{ "maven", "1-pom-1", "1-1" },
		{ "maven", "1-1", "1-123" },
		{ "maven", "2-1", "2.0.2" },
		{ "maven", "2.0.123", "2.1.0" },
		{ "pypi", "1.0+abc.7", "1.0+5" },
		{ "pypi", "2012.4", "2013.10" },
		{ "npm", "1.0.0-1", "1.0.0-alpha" },
	};

	for (size_t i = 0; i < LENGTH(pair); i++)
		if (version_compare(pair[i][0], pair[i][1], pair[i][2]) != -1 ||
		    version_compare(pair[i][0], pair[i][2], pair[i][1]) != 1)
			fail_msg("%s: %s is before %s", pair[i][0], pair[i][1], pair[i][2]);
	same("rpm", "10.0001", "10.1");
	same("rpm", "2_0", "2.0");
	same("rpm", "a+", "a_");
	same("deb", "0:0-0", "0-0");
}

/* More of what the ecosystems' own tests hold: one list rises, two versions are the same. */
static void published_lists_rise(UNUSED void **state)
{
	RISES("rpm", "1.0~rc1~git123", "1.0~rc1", "1.0~rc1^git1", "1.0~rc2", "1.0", "1.0^git1~pre",
	      "1.0^git1", "1.0^git2", "1.0^20160101", "1.0^20160101^git1", "1.0^20160102", "1.0.1",
	      "1.01");
	RISES("rpm", "1b.fc17", "1.fc17", "1g.fc17");
	RISES("rpm", "20101121", "20101122");
	RISES("deb", "1.2.3-1", "1.2.3-1+b1", "1.2.3-1.1", "1.2.3-2", "1.2.4~rc1-1", "1.2.4-1");
	RISES("deb", "0.2.0-1", "2.0.7pre1-4", "2.0.7r-1", "3.0-1", "3.0.1");
	RISES("apk", "1.0_alpha_pre2", "1.0_alpha", "1.0_beta", "1.0", "1.0-r1", "1.0_cvs",
	      "1.0_svn", "1.0_git", "1.0_hg", "1.0_p", "1.0_p9", "1.0_p10");
	RISES("maven", "1-alpha2snapshot", "1-alpha2", "1-alpha-123", "1-beta-2", "1-beta123",
	      "1-m2", "1-m11", "1-rc", "1-cr2", "1-rc123", "1-SNAPSHOT", "1", "1-sp", "1-sp2",
	      "1-sp123", "1-abc", "1-def", "1-pom-1", "1-1-snapshot", "1-1", "1-2", "1-123");
	RISES("maven", "2.0", "2.0.a", "2-1", "2.0.2", "2.0.123", "2.1.0", "2.1-a", "2.1b", "2.1-c",
	      "2.1-1", "2.1.0.1", "2.2", "2.123", "11.a2", "11.a11", "11.b2", "11.b11", "11.m2",
	      "11.m11", "11", "11.a", "11b", "11c", "11m");
	RISES("golang", "v1.2.3-0.20191109021931-daa7c04131f5", "v1.2.3-pre",
	      "v1.2.3-pre.0.20191109021931-daa7c04131f5", "v1.2.3", "v1.2.4-0.20191109021931-abc");
	RISES("gem", "0.9.3.a", "1.0.a", "1.0.a9", "1.0.a10", "1.0.b1", "1.0", "1.8.2.b", "1.8.2",
	      "1.9.3.alpha.9", "1.9.3.alpha.10", "1.9.3");
	RISES("nuget", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-beta", "1.0.0-beta.2",
	      "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "1.0.0.1", "1.0.1");
	same("maven", "1x", "1.0.0-x");
	same("maven", "1.0ga", "1-final");
	same("maven", "1.0.0-0", "1");
	same("maven", "1-cr", "1-rc");
	same("maven", "1m3", "1Milestone3");
	same("maven", "1A", "1a");
	same("maven", "1.release", "1");
	same("golang", "v2.0.0+incompatible", "v2.0.0");
	same("gem", "1.0", "1.0.0");
	same("nuget", "1.0.0-BETA", "1.0.0-beta");
	same("pypi", "1.0.RC1", "1.0c1");
	same("pypi", "1.0.post", "1.0-r0");
	same("pypi", "1.0+ABC.1", "1.0+abc-1");
	same("pypi", "1.0.dev", "1.0dev0");
	same("npm", "1.0.0+20130313144700", "1.0.0");
	same("rpm", "_+", "+_");
}

static void any_text_ends(UNUSED void **state)
{
	static const char *const types[] = { "deb",    "rpm",  "apk",	"npm",
					     "golang", "pypi", "maven", "" };
	static const char *const odd[] = { "",	 "-",	":",  "~",  "^",   "..", "1..2",
					   "*",	 "1*2", "!",  "1!", "+",   "_",	 "_rc",
					   "-r", "é",	"1é", "a-", "1:-", "v" };

	for (size_t t = 0; t < LENGTH(types); t++)
		for (size_t i = 0; i < LENGTH(odd); i++)
			for (size_t k = 0; k < LENGTH(odd); k++) {
				int c = version_compare(types[t], odd[i], odd[k]);

				if (c != -version_compare(types[t], odd[k], odd[i]))
					fail_msg("%s: '%s' and '%s' disagree", types[t], odd[i],
						 odd[k]);
			}
}

static void the_next_version_is_the_lowest_above(UNUSED void **state)
{
	struct arena mem = ARENA_INIT;

	assert_string_equal(version_next("golang", "1.21.5", "1.22.4, 1.21.11", &mem), "1.21.11");
	assert_string_equal(version_next("golang", "1.22.1", "1.22.4, 1.21.11", &mem), "1.22.4");
	assert_string_equal(version_next("golang", "1.23.0", "1.22.4,1.21.11", &mem), "1.21.11");
	assert_null(version_next("deb", "1", "", &mem));
	arena_release(&mem);
}

/* Of what is one release: minor numbers tell those of Alpine and Ubuntu apart, of no other. */
static void a_release_is_as_many_numbers_as_its_system_counts(UNUSED void **state)
{
	static const struct {
		const char *os, *release;
	} x[] = {
		{ "alpine 3.18.4", "alpine 3.18" },
		{ "alpine 3.18", "alpine 3.18" },
		{ "alpine edge", "alpine edge" },
		{ "ubuntu 22.04.3", "ubuntu 22.04" },
		{ "debian 12.5", "debian 12" },
		{ "redhat 9.3", "redhat 9" },
		{ "debian 12", "debian 12" },
	};

	for (size_t i = 0; i < LENGTH(x); i++)
		assert_int_equal(version_release(x[i].os), strlen(x[i].release));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(debian_orders_tildes_epochs_and_revisions),
		cmocka_unit_test(rpm_orders_segments_tildes_and_carets),
		cmocka_unit_test(alpine_orders_letters_suffixes_and_builds),
		cmocka_unit_test(semantic_versions_follow_clause_11),
		cmocka_unit_test(go_orders_modules_and_toolchains),
		cmocka_unit_test(python_follows_pep_440),
		cmocka_unit_test(maven_knows_its_qualifiers),
		cmocka_unit_test(others_compare_numbers_and_words),
		cmocka_unit_test(published_pairs_are_ordered),
		cmocka_unit_test(published_lists_rise),
		cmocka_unit_test(any_text_ends),
		cmocka_unit_test(the_next_version_is_the_lowest_above),
		cmocka_unit_test(a_release_is_as_many_numbers_as_its_system_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
