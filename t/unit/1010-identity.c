/* SPDX-License-Identifier: MIT */
/* 1010-identity.c - one spelling for images, packages, advisories, rules and containers. */
#include "t/lib/test.h"
#include "store/identity.h"

static struct arena mem;

static int teardown(UNUSED void **state)
{
	arena_release(&mem);
	return 0;
}

#define SHA "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void image_references_have_one_spelling(UNUSED void **state)
{
	static const struct {
		const char *ref, *repository, *name, *digest;
	} table[] = {
		{ "nginx", "docker.io/library/nginx", "docker.io/library/nginx:latest", NULL },
		{ "docker.io/nginx", "docker.io/library/nginx", "docker.io/library/nginx:latest",
		  NULL },
		{ "index.docker.io/library/nginx:1", "docker.io/library/nginx",
		  "docker.io/library/nginx:1", NULL },
		{ "bitnami/redis:7", "docker.io/bitnami/redis", "docker.io/bitnami/redis:7", NULL },
		{ "localhost/app", "localhost/app", "localhost/app:latest", NULL },
		{ "localhost:5000/app:1", "localhost:5000/app", "localhost:5000/app:1", NULL },
		{ "reg.example.com/a/b@" SHA, "reg.example.com/a/b", NULL, SHA },
		{ "reg.example.com/a/b:2@" SHA, "reg.example.com/a/b", "reg.example.com/a/b:2",
		  SHA },
		{ "docker-pullable://nginx@" SHA, "docker.io/library/nginx", NULL, SHA },
		{ "Docker.IO/Library/Nginx:RC", "docker.io/library/nginx",
		  "docker.io/library/nginx:RC", NULL },
		{ SHA, NULL, NULL, SHA },
	};
	struct image_ref r;

	for (size_t i = 0; i < LENGTH(table); i++) {
		assert_true(image_ref_parse(table[i].ref, &mem, &r));
		assert_true(str_eq(r.repository, table[i].repository));
		assert_true(str_eq(r.name, table[i].name));
		assert_true(str_eq(r.digest, table[i].digest));
	}
	assert_false(image_ref_parse("", &mem, &r));
	assert_false(image_ref_parse("two words", &mem, &r));
	assert_false(image_ref_parse(":tag", &mem, &r));
}

static void packages_have_one_spelling(UNUSED void **state)
{
	static const struct {
		const char *type, *name, *version, *purl, *want_type, *want_name, *want_version;
	} table[] = {
		{ "debian", "openssl", "1.1", NULL, "deb", "openssl", "1.1" },
		{ "ubuntu", "x", "1", "pkg:deb/ubuntu/libssl3@3.0.2?arch=amd64", "deb", "libssl3",
		  "1" },
		{ NULL, NULL, NULL, "pkg:deb/debian/curl@7.88%2Bdfsg-1", "deb", "curl",
		  "7.88+dfsg-1" },
		{ "deb", "openssl/libssl3", "3", NULL, "deb", "libssl3", "3" },
		{ "python-pkg", "Flask_SQLAlchemy", "2", NULL, "pypi", "flask-sqlalchemy", "2" },
		{ "python", "zope..interface", "5", NULL, "pypi", "zope-interface", "5" },
		{ "gobinary", "stdlib", "v1.21.5", NULL, "golang", "stdlib", "1.21.5" },
		{ "go-module", "stdlib", "go1.21.5", NULL, "golang", "stdlib", "1.21.5" },
		{ "go-module", "golang.org/x/net", "v0.1.0", "pkg:golang/golang.org/x/net@v0.1.0",
		  "golang", "golang.org/x/net", "0.1.0" },
		{ "redhat", "bash", "0:5.1-2", NULL, "rpm", "bash", "5.1-2" },
		{ "rpm", "bash", "1:5.1-2", NULL, "rpm", "bash", "1:5.1-2" },
		{ "node-pkg", "@angular/core", "1", "pkg:npm/%40angular/core@1", "npm",
		  "@angular/core", "1" },
		{ "jar", "org.apache:log4j", "2", "pkg:maven/org.apache/log4j@2", "maven",
		  "org.apache:log4j", "2" },
		{ "nuget", "Newtonsoft.Json", "1", NULL, "nuget", "newtonsoft.json", "1" },
		{ "odd", "n", "1", "not a purl", "odd", "n", "1" },
		{ NULL, "n", NULL, NULL, "generic", "n", "" },
	};
	struct package_id p;

	for (size_t i = 0; i < LENGTH(table); i++) {
		package_normal(table[i].type, table[i].name, table[i].version, table[i].purl, &mem,
			       &p);
		assert_string_equal(p.type, table[i].want_type);
		assert_string_equal(p.name, table[i].want_name);
		assert_string_equal(p.version, table[i].want_version);
	}
}

static void platforms_have_one_spelling(UNUSED void **state)
{
	static const char *const same[][2] = {
		{ "linux/amd64", "linux/amd64" }, { "amd64", "linux/amd64" },
		{ "AMD64", "linux/amd64" },       { "linux/x86_64", "linux/amd64" },
		{ "linux/arm64/v8", "linux/arm64" }, { "arm64", "linux/arm64" },
		{ "aarch64", "linux/arm64" },     { "linux/arm/v6", "linux/arm/v6" },
		{ "arm/v6", "linux/arm/v6" },     { "linux/arm", "linux/arm/v7" },
		{ "windows/amd64", "windows/amd64" }, { "unknown/unknown", "" },
		{ "", "" },                       { "linux/", "linux/linux/" },
	};

	for (size_t i = 0; i < LENGTH(same); i++)
		assert_string_equal(platform_normal(same[i][0], &mem), same[i][1]);
	assert_string_equal(platform_normal(NULL, &mem), "");
}

static void advisories_and_rules_have_one_spelling(UNUSED void **state)
{
	assert_string_equal(advisory_normal(" cve-2024-3094 ", &mem), "CVE-2024-3094");
	assert_string_equal(advisory_normal("ghsa-ABCD-efgh-1234", &mem), "GHSA-abcd-efgh-1234");
	assert_string_equal(advisory_normal("DSA-5678-1", &mem), "DSA-5678-1");
	assert_string_equal(rule_normal("trivy", "DS002", &mem), "DS-0002");
	assert_string_equal(rule_normal("trivy", "AVD-DS-0002", &mem), "DS-0002");
	assert_string_equal(rule_normal("trivy-operator", "DS-0002", &mem), "DS-0002");
	assert_string_equal(rule_normal("trivy", "KSV-01010", &mem), "KSV-01010");
	assert_string_equal(rule_normal("trivy", "aws-access-key-id", &mem), "aws-access-key-id");
	assert_string_equal(rule_normal("hadolint", "DL3002", &mem), "DL3002");
}

static void a_tree_is_told_from_others_by_more_than_a_dot(UNUSED void **state)
{
	static const char *const nameless[] = {
		".", "./", "..", "../..", "./.", "/", "file:///", "-", "/dev/stdin", "Dockerfile",
		"./Dockerfile", "/github/workspace", "file:///github/workspace/",
	};
	static const char *const named[] = {
		"shop", "./shop", "/home/ci/shop/", "shop/Dockerfile", "file:///srv/shop", ".shop",
		"..shop", "https://git.example/shop",
	};

	for (size_t i = 0; i < LENGTH(nameless); i++)
		if (tree_named(nameless[i]))
			fail_msg("%s names something", nameless[i]);
	for (size_t i = 0; i < LENGTH(named); i++)
		if (!tree_named(named[i]))
			fail_msg("%s names nothing", named[i]);
}

static void containers_are_known_by_twelve_digits(UNUSED void **state)
{
	char id[ID12_SIZE];

	container_id12("containerd://0123456789ABcdef0123", id);
	assert_string_equal(id, "0123456789ab");
	container_id12("host", id);
	assert_string_equal(id, "");
	container_id12(NULL, id);
	assert_string_equal(id, "");
}

static void a_hash_of_identity_keeps_its_pieces_apart(UNUSED void **state)
{
	const char *const a[] = { "ab", "c" }, *const b[] = { "a", "bc" };
	uint8_t x[ID_HASH_SIZE], y[ID_HASH_SIZE];
	struct sha256 *h = sha256_new();

	id_hash(h, a, 2, "raw", 3, x);
	id_hash(h, b, 2, "raw", 3, y);
	assert_memory_not_equal(x, y, ID_HASH_SIZE);
	id_hash(h, a, 2, "raw", 3, y);
	assert_memory_equal(x, y, ID_HASH_SIZE);
	sha256_free(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(image_references_have_one_spelling, teardown),
		cmocka_unit_test_teardown(packages_have_one_spelling, teardown),
		cmocka_unit_test_teardown(platforms_have_one_spelling, teardown),
		cmocka_unit_test_teardown(advisories_and_rules_have_one_spelling, teardown),
		cmocka_unit_test_teardown(a_tree_is_told_from_others_by_more_than_a_dot, teardown),
		cmocka_unit_test_teardown(containers_are_known_by_twelve_digits, teardown),
		cmocka_unit_test_teardown(a_hash_of_identity_keeps_its_pieces_apart, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
