/* SPDX-License-Identifier: MIT */
/* kinds.c - what type a package is of: by its place, its system, its report's list of packages. */
#include "importers/kinds.h"

#include <stdlib.h>
#include <strings.h>

#define uthash_fatal(msg) die("out of memory")
#include <uthash.h>

/* ---- by a text ---- */

struct word {
	const char *part, *type;
};

/* Names of files end a path, and stand alone in it; endings are those of a name. */
static const struct word file_name[] = {
	{ "go.mod", "golang" },           { "go.sum", "golang" },
	{ "package.json", "npm" },        { "package-lock.json", "npm" },
	{ "yarn.lock", "npm" },           { "pnpm-lock.yaml", "npm" },
	{ "npm-shrinkwrap.json", "npm" }, { "bun.lock", "npm" },
	{ "requirements.txt", "pypi" },   { "Pipfile.lock", "pypi" },
	{ "poetry.lock", "pypi" },        { "uv.lock", "pypi" },
	{ "pom.xml", "maven" },           { "gradle.lockfile", "maven" },
	{ "build.sbt.lock", "maven" },    { "Gemfile.lock", "gem" },
	{ "composer.lock", "composer" },  { "installed.json", "composer" },
	{ "packages.lock.json", "nuget" }, { "packages.config", "nuget" },
	{ "Cargo.lock", "cargo" },        { "mix.lock", "hex" },
	{ "pubspec.lock", "pub" },        { "Podfile.lock", "cocoapods" },
	{ "conan.lock", "conan" },        { "Package.resolved", "swift" },
}, file_ending[] = {
	{ ".jar", "maven" }, { ".war", "maven" }, { ".ear", "maven" }, { ".gemspec", "gem" },
	{ ".deps.json", "nuget" }, { ".egg-info", "pypi" }, { ".dist-info", "pypi" },
	{ ".whl", "pypi" },
}, file_part[] = {
	{ ".dist-info/", "pypi" }, { ".egg-info/", "pypi" }, { "site-packages/", "pypi" },
	{ "node_modules/", "npm" }, { "lib/dpkg/", "deb" }, { "lib/apk/db/", "apk" },
	{ "lib/rpm/", "rpm" }, { "sysimage/rpm/", "rpm" },
}, system_word[] = {
	{ "debian", "deb" }, { "ubuntu", "deb" }, { "distroless", "deb" }, { "alpine", "apk" },
	{ "wolfi", "apk" }, { "chainguard", "apk" }, { "red hat", "rpm" }, { "redhat", "rpm" },
	{ "rhel", "rpm" }, { "centos", "rpm" }, { "rocky", "rpm" }, { "alma", "rpm" },
	{ "oracle", "rpm" }, { "amazon", "rpm" }, { "amzn", "rpm" }, { "fedora", "rpm" },
	{ "suse", "rpm" }, { "opensuse", "rpm" }, { "sles", "rpm" }, { "vmware photon", "rpm" },
	{ "photon", "rpm" }, { "cbl-mariner", "rpm" }, { "mariner", "rpm" },
	{ "azure linux", "rpm" }, { "azurelinux", "rpm" }, { "microsoft azure linux", "rpm" },
}, tracker_part[] = {
	{ "security.alpinelinux.org/", "apk" }, { "security-tracker.debian.org/", "deb" },
	{ "ubuntu.com/security/", "deb" }, { "access.redhat.com/security/", "rpm" },
	{ "access.redhat.com/errata/", "rpm" }, { "linux.oracle.com/", "rpm" },
	{ "alas.aws.amazon.com/", "rpm" }, { "suse.com/security/", "rpm" },
	{ "errata.rockylinux.org/", "rpm" }, { "errata.almalinux.org/", "rpm" },
};

static const char *part_of(const struct word *w, size_t n, const char *s)
{
	for (size_t i = 0; i < n; i++)
		if (strstr(s, w[i].part) != NULL)
			return w[i].type;
	return NULL;
}

const char *kind_of_path(const char *path)
{
	const char *slash = path == NULL ? NULL : strrchr(path, '/');
	const char *name = slash == NULL ? path : slash + 1;

	if (path == NULL)
		return NULL;
	for (size_t i = 0; i < LENGTH(file_name); i++)
		if (str_eq(name, file_name[i].part))
			return file_name[i].type;
	for (size_t i = 0; i < LENGTH(file_ending); i++)
		if (str_suffix(name, file_ending[i].part))
			return file_ending[i].type;
	return part_of(file_part, LENGTH(file_part), path);
}

const char *kind_of_system(const char *os)
{
	for (size_t i = 0; os != NULL && i < LENGTH(system_word); i++)
		if (strncasecmp(os, system_word[i].part, strlen(system_word[i].part)) == 0)
			return system_word[i].type;
	return NULL;
}

const char *kind_of_tracker(const char *url)
{
	return url == NULL ? NULL : part_of(tracker_part, LENGTH(tracker_part), url);
}

/* ---- by the report's list of packages ---- */

struct kind {
	const char    *key;
	const char    *type; /* NULL: they differ */
	UT_hash_handle hh;
};

static struct kind *find(const struct kinds *k, const char *key)
{
	struct kind *one = NULL;

	HASH_FIND_STR(k->first, key, one);
	return one;
}

void kinds_note(struct kinds *k, const char *name, const char *version, const char *type)
{
	const char *key;
	struct kind *one;

	if (name == NULL || version == NULL || type == NULL)
		return;
	key = arena_printf(&k->mem, "%s\n%s", name, version);
	one = find(k, key);
	if (one != NULL) {
		one->type = str_eq(one->type, type) ? one->type : NULL;
		return;
	}
	one = arena_new(&k->mem, struct kind);
	one->key = key;
	one->type = arena_dup(&k->mem, type);
	HASH_ADD_KEYPTR(hh, k->first, one->key, strlen(one->key), one);
}

const char *kinds_find(const struct kinds *k, const char *name, const char *version)
{
	struct buf key = BUF_INIT;
	const struct kind *one;

	if (name == NULL || version == NULL)
		return NULL;
	buf_addf(&key, "%s\n%s", name, version);
	one = find(k, key.s);
	buf_release(&key);
	return one == NULL ? NULL : one->type;
}

void kinds_release(struct kinds *k)
{
	HASH_CLEAR(hh, k->first);
	arena_release(&k->mem);
}
