/* SPDX-License-Identifier: MIT */
/* package.c - one spelling for packages: types, names, versions, purls. */
#include "store/identity.h"

/* Tools' words for what a purl calls its type. Sources: Trivy's result types, Grype's and Syft's
 * package types, Snyk's package managers. */
static const struct type_word {
	const char *word, *type;
} type_words[] = {
	{ "debian", "deb" },
	{ "ubuntu", "deb" },
	{ "dpkg", "deb" },
	{ "alpine", "apk" },
	{ "wolfi", "apk" },
	{ "chainguard", "apk" },
	{ "minimos", "apk" },
	{ "echo", "deb" },
	{ "redhat", "rpm" },
	{ "rhel", "rpm" },
	{ "centos", "rpm" },
	{ "rocky", "rpm" },
	{ "alma", "rpm" },
	{ "oracle", "rpm" },
	{ "amazon", "rpm" },
	{ "fedora", "rpm" },
	{ "suse", "rpm" },
	{ "sles", "rpm" },
	{ "opensuse", "rpm" },
	{ "opensuse.leap", "rpm" },
	{ "opensuse-leap", "rpm" },
	{ "opensuse.tumbleweed", "rpm" },
	{ "opensuse-tumbleweed", "rpm" },
	{ "suse linux enterprise server", "rpm" },
	{ "suse linux enterprise micro", "rpm" },
	{ "slem", "rpm" },
	{ "photon", "rpm" },
	{ "azurelinux", "rpm" },
	{ "cbl-mariner", "rpm" },
	{ "mariner", "rpm" },
	{ "gobinary", "golang" },
	{ "gomod", "golang" },
	{ "go", "golang" },
	{ "go-module", "golang" },
	{ "gomodules", "golang" },
	{ "golangdep", "golang" },
	{ "jar", "maven" },
	{ "pom", "maven" },
	{ "gradle", "maven" },
	{ "gradle-lockfile", "maven" },
	{ "sbt", "maven" },
	{ "sbt-lockfile", "maven" },
	{ "java", "maven" },
	{ "java-archive", "maven" },
	{ "jenkins-plugin", "maven" },
	{ "node-pkg", "npm" },
	{ "yarn", "npm" },
	{ "pnpm", "npm" },
	{ "node", "npm" },
	{ "nodejs", "npm" },
	{ "javascript", "npm" },
	{ "bun", "npm" },
	{ "python-pkg", "pypi" },
	{ "pip", "pypi" },
	{ "pipenv", "pypi" },
	{ "poetry", "pypi" },
	{ "uv", "pypi" },
	{ "python", "pypi" },
	{ "pylock", "pypi" },
	{ "wheel", "pypi" },
	{ "conda-pkg", "conda" },
	{ "conda-environment", "conda" },
	{ "bundler", "gem" },
	{ "gemspec", "gem" },
	{ "ruby", "gem" },
	{ "rubygems", "gem" },
	{ "composer-vendor", "composer" },
	{ "php-composer", "composer" },
	{ "php", "composer" },
	{ "nuget-config", "nuget" },
	{ "dotnet-core", "nuget" },
	{ "dotnet", "nuget" },
	{ "packages-props", "nuget" },
	{ "rustbinary", "cargo" },
	{ "rust-binary", "cargo" },
	{ "rust-crate", "cargo" },
	{ "rust", "cargo" },
	{ "mix-lock", "hex" },
	{ "erlang-otp", "otp" },
	{ "dart-pub", "pub" },
	{ "pod", "cocoapods" },
	{ "portage", "ebuild" },
	{ "R-package", "cran" },
	{ "hackage", "hackage" },
	{ "haskell", "hackage" },
	{ "lua-rocks", "luarocks" },
	{ "github-action", "githubactions" },
	{ "binary", "generic" },
};

static char *lowered(const char *s, struct arena *mem)
{
	char *out = arena_dup(mem, s);

	for (char *c = out; *c; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c - 'A' + 'a');
	return out;
}

const char *package_type(const char *word, struct arena *mem)
{
	if (str_empty(word))
		return "generic";
	for (size_t i = 0; i < LENGTH(type_words); i++)
		if (str_ieq(type_words[i].word, word))
			return type_words[i].type;
	return lowered(word, mem);
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Percent-decoding; a '%' that is followed by no two digits, or by 00, stays as it is. */
static char *decoded(const char *s, size_t n, struct arena *mem)
{
	char *out = arena_dupn(mem, s, n), *to = out;

	for (const char *c = out; *c; c++) {
		int hi = c[0] == '%' ? hex_digit(c[1]) : -1;
		int lo = hi >= 0 ? hex_digit(c[2]) : -1;

		if (lo >= 0 && hi + lo > 0) {
			*to++ = (char)(hi * 16 + lo);
			c += 2;
		} else {
			*to++ = *c;
		}
	}
	*to = '\0';
	return out;
}

/* The last `c` in the n bytes at s; NULL when there is none. */
static const char *last_of(const char *s, size_t n, char c)
{
	while (n > 0)
		if (s[--n] == c)
			return s + n;
	return NULL;
}

/* Types whose purl namespace is part of the package's name, and what joins the two. */
static const char *joins_namespace(const char *type)
{
	static const char *const slash[] = { "golang",	      "npm",	"composer", "swift",
					     "githubactions", "github", "bitbucket" };

	if (str_eq(type, "maven"))
		return ":";
	return str_index(slash, LENGTH(slash), type) >= 0 ? "/" : NULL;
}

/* pkg:type/namespace/name@version?qualifiers#subpath */
static bool purl_parse(const char *purl, struct arena *mem, struct package_id *out)
{
	const char *type, *slash, *name, *at, *join;
	size_t n;

	if (!str_prefix(purl, "pkg:"))
		return false;
	for (type = purl + 4; *type == '/'; type++)
		continue;
	n = strcspn(type, "?#");
	slash = memchr(type, '/', n);
	if (!slash || slash == type)
		return false;
	out->type = lowered(arena_dupn(mem, type, (size_t)(slash - type)), mem);
	n -= (size_t)(slash + 1 - type);
	at = last_of(slash + 1, n, '@');
	if (at && at > slash + 1 && at[-1] != '/') {
		out->version = decoded(at + 1, n - (size_t)(at - slash), mem);
		n = (size_t)(at - slash - 1);
	}
	name = last_of(slash + 1, n, '/');
	join = joins_namespace(out->type);
	if (name && join)
		out->name = arena_printf(mem, "%s%s%s",
					 decoded(slash + 1, (size_t)(name - slash - 1), mem), join,
					 decoded(name + 1, n - (size_t)(name - slash), mem));
	else if (name)
		out->name = decoded(name + 1, n - (size_t)(name - slash), mem);
	else
		out->name = decoded(slash + 1, n, mem);
	return *out->name != '\0';
}

/* The value of a qualifier, decoded; NULL when it is not there. */
static const char *qualifier(const char *purl, const char *name, struct arena *mem)
{
	const char *s = strchr(purl, '?');
	size_t len = strlen(name);

	for (; s; s = strchr(s, '&')) {
		s++;
		if (strncmp(s, name, len) == 0 && s[len] == '=')
			return decoded(s + len + 1, strcspn(s + len + 1, "&#"), mem);
	}
	return NULL;
}

/*
 * Of an OCI image, repository_url is the whole repository, though some leave out its last part; of
 * a Docker image it is the registry alone. Source: purl's type definitions.
 */
bool purl_image(const char *purl, struct arena *mem, struct purl_image *out)
{
	bool docker = str_prefix(purl, "pkg:docker/");
	const char *path = strchr(purl, '/'), *at, *url, *last;
	size_t n;

	*out = (struct purl_image){ 0 };
	if (!path || (!docker && !str_prefix(purl, "pkg:oci/")))
		return false;
	n = strcspn(++path, "?#");
	at = memchr(path, '@', n);
	if (at) {
		out->digest = decoded(at + 1, n - (size_t)(at + 1 - path), mem);
		n = (size_t)(at - path);
	}
	path = decoded(path, n, mem);
	url = qualifier(purl, "repository_url", mem);
	out->tag = qualifier(purl, "tag", mem);
	if (!str_prefix(out->digest, "sha256:")) {
		out->tag = out->tag ? out->tag : out->digest;
		out->digest = NULL;
	}
	last = url ? strrchr(url, '/') : NULL;
	if (docker)
		out->repository = url ? arena_printf(mem, "%s/%s", url, path) : path;
	else if (url)
		out->repository = last && str_eq(last + 1, path)
					  ? url
					  : arena_printf(mem, "%s/%s", url, path);
	return *path != '\0';
}

/* PEP 503: runs of '-', '_' and '.' are one '-', letters are small. */
static const char *pypi_name(const char *name, struct arena *mem)
{
	char *out = lowered(name, mem), *to = out;

	for (const char *c = out; *c; c++) {
		bool sep = *c == '-' || *c == '_' || *c == '.';

		if (!sep)
			*to++ = *c;
		else if (to == out || to[-1] != '-')
			*to++ = '-';
	}
	*to = '\0';
	return out;
}

static bool is_system(const char *type)
{
	return str_eq(type, "deb") || str_eq(type, "rpm") || str_eq(type, "apk");
}

static const char *name_normal(const char *type, const char *name, struct arena *mem)
{
	const char *slash = strrchr(name, '/');

	if (str_eq(type, "pypi"))
		return pypi_name(name, mem);
	if (str_eq(type, "nuget") || str_eq(type, "composer"))
		return lowered(name, mem);
	if (is_system(type) && slash && slash[1])
		return slash + 1; /* Snyk: "source/binary" */
	return name;
}

/* Go's "v1.2.3" and "go1.21.5"; rpm's "0:1.2-3", where epoch 0 says nothing. */
static const char *version_normal(const char *type, const char *v)
{
	if (str_eq(type, "golang")) {
		if (str_prefix(v, "go") && v[2] >= '0' && v[2] <= '9')
			return v + 2;
		if (v[0] == 'v' && v[1] >= '0' && v[1] <= '9')
			return v + 1;
	}
	if ((str_eq(type, "rpm") || str_eq(type, "deb")) && str_prefix(v, "0:"))
		return v + 2;
	return v;
}

void package_normal(const char *type, const char *name, const char *version, const char *purl,
		    struct arena *mem, struct package_id *out)
{
	struct package_id p = { 0 };

	if (purl && purl_parse(purl, mem, &p)) {
		type = p.type;
		name = p.name;
		version = str_empty(version) ? p.version : version;
	}
	out->type = package_type(type, mem);
	out->name = name_normal(out->type, name ? name : "", mem);
	out->version = version_normal(out->type, version ? version : "");
}
