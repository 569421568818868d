/* SPDX-License-Identifier: MIT */
/* identity.c - one spelling for images, advisories, rules and containers. */
#include "store/identity.h"

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static char upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

static size_t hex_run(const char *s)
{
	size_t n = 0;

	while (is_hex(s[n]))
		n++;
	return n;
}

/* ---- images ---- */

bool digest_normal(const char *s, char out[static DIGEST_SIZE])
{
	static const char prefix[] = "sha256:";
	const char *at = s ? strstr(s, prefix) : NULL;

	out[0] = '\0';
	if (!at || hex_run(at + strlen(prefix)) != 64)
		return false;
	for (size_t i = 0; i < 71; i++)
		out[i] = lower(at[i]);
	out[71] = '\0';
	return true;
}

static bool is_reference(const char *s)
{
	if (str_empty(s))
		return false;
	for (; *s; s++)
		if ((unsigned char)*s <= ' ' || *s == 0x7f)
			return false;
	return true;
}

bool image_ref_names_registry(const char *ref)
{
	size_t host = strcspn(ref, "/");

	return ref[host] == '/' && (memchr(ref, '.', host) || memchr(ref, ':', host) ||
				    (host == 9 && str_prefix(ref, "localhost")));
}

static const char *full_repository(const char *path, struct arena *mem)
{
	const char *slash = strchr(path, '/');

	if (!slash)
		return arena_printf(mem, "docker.io/library/%s", path);
	if (!image_ref_names_registry(path))
		return arena_printf(mem, "docker.io/%s", path);
	if (str_prefix(path, "index.docker.io/"))
		return full_repository(slash + 1, mem);
	if (str_prefix(path, "docker.io/") && !strchr(slash + 1, '/'))
		return arena_printf(mem, "docker.io/library/%s", slash + 1);
	return path;
}

/* Engines put a scheme before what they pulled. */
static const char *without_scheme(const char *ref)
{
	const char *scheme = strstr(ref, "://");

	return scheme ? scheme + 3 : ref;
}

bool image_ref_parse(const char *ref, struct arena *mem, struct image_ref *out)
{
	char digest[DIGEST_SIZE];
	char *path, *at, *colon, *slash;

	*out = (struct image_ref){ 0 };
	if (!is_reference(ref))
		return false;
	path = arena_dup(mem, without_scheme(ref));
	at = strchr(path, '@');
	if (at) {
		if (digest_normal(at, digest))
			out->digest = arena_dup(mem, digest);
		*at = '\0';
	} else if (digest_normal(path, digest)) {
		out->digest = arena_dup(mem, digest);
		return true;
	}
	slash = strrchr(path, '/');
	colon = strrchr(slash ? slash : path, ':');
	if (colon) {
		*colon = '\0';
		out->tag = colon + 1;
	} else if (!out->digest) {
		out->tag = "latest";
	}
	if (*path == '\0')
		return false;
	for (char *c = path; *c; c++)
		*c = lower(*c);
	out->repository = full_repository(path, mem);
	if (out->tag)
		out->name = arena_printf(mem, "%s:%s", out->repository, out->tag);
	return true;
}

/* What machines and kernels call an architecture, and what images do, with the variant it has. */
static const char *const architectures[][2] = {
	{ "x86_64", "amd64" },  { "x86-64", "amd64" },   { "amd64/v1", "amd64" },
	{ "i386", "386" },      { "i686", "386" },       { "aarch64", "arm64" },
	{ "arm64/v8", "arm64" }, { "aarch64/v8", "arm64" }, { "arm", "arm/v7" },
	{ "armhf", "arm/v7" },  { "armel", "arm/v6" },
};

const char *platform_normal(const char *s, struct arena *mem)
{
	const char *slash = s != NULL ? strchr(s, '/') : NULL;
	const char *system = "linux", *machine;
	char *folded;

	if (s == NULL || *s == '\0' || str_prefix(s, "unknown"))
		return "";
	folded = arena_dup(mem, s);
	for (char *c = folded; *c != '\0'; c++)
		*c = lower(*c);
	machine = folded;
	if (slash != NULL && slash[1] != '\0' && (slash[1] != 'v' || slash[2] > '9')) {
		folded[slash - s] = '\0';
		system = folded;
		machine = folded + (slash - s) + 1;
	}
	for (size_t i = 0; i < LENGTH(architectures); i++)
		if (str_eq(machine, architectures[i][0]))
			machine = architectures[i][1];
	return arena_printf(mem, "%s/%s", system, machine);
}

/* ---- advisories and rules ---- */

const char *advisory_normal(const char *id, struct arena *mem)
{
	char *s;
	size_t n, prefix;

	while (*id == ' ' || *id == '\t')
		id++;
	n = strlen(id);
	while (n > 0 && (unsigned char)id[n - 1] <= ' ')
		n--;
	s = arena_dupn(mem, id, n);
	if (n > 4 && (s[3] == '-' || s[4] == '-')) {
		bool cve = upper(s[0]) == 'C' && upper(s[1]) == 'V' && upper(s[2]) == 'E';
		bool ghsa = upper(s[0]) == 'G' && upper(s[1]) == 'H' && upper(s[2]) == 'S' &&
			    upper(s[3]) == 'A';

		prefix = cve ? n : ghsa ? 4 : 0;
		for (size_t i = 0; i < prefix; i++)
			s[i] = upper(s[i]);
		for (size_t i = prefix; ghsa && i < n; i++)
			s[i] = lower(s[i]);
	}
	return s;
}

bool advisory_is_cve(const char *normal)
{
	return str_prefix(normal, "CVE-");
}

bool tree_named(const char *name)
{
	static const char *const everywhere[] = {
		"-", "dev/stdin", "github/workspace", "Dockerfile", "Containerfile",
	};
	const char *s = name, *end = name + strlen(name);

	if (str_prefix(s, "file://"))
		s += strlen("file://");
	while (*s == '/' || (*s == '.' && strchr("./", s[1])))
		s++;
	while (end > s && end[-1] == '/')
		end--;
	for (size_t i = 0; i < LENGTH(everywhere); i++)
		if (strlen(everywhere[i]) == (size_t)(end - s) &&
		    memcmp(s, everywhere[i], (size_t)(end - s)) == 0)
			return false;
	return end > s;
}

const char *rule_tool(const char *source)
{
	if (str_eq(source, "trivy-operator") || str_eq(source, "starboard"))
		return "trivy";
	return source;
}

/* Letters and blanks out of a family name, then a number of three digits or more: "DS002",
 * "AVD-DS-0002". */
static const char *trivy_rule(const char *id, struct arena *mem)
{
	const char *s = str_prefix(id, "AVD-") ? id + 4 : id;
	size_t letters = 0, digits = 0;
	const char *number;

	while (s[letters] >= 'A' && s[letters] <= 'Z')
		letters++;
	number = s + letters + (s[letters] == '-');
	while (number[digits] >= '0' && number[digits] <= '9')
		digits++;
	if (letters < 2 || digits < 3 || number[digits] != '\0')
		return id;
	return arena_printf(mem, "%.*s-%s%s", (int)letters, s, digits == 3 ? "0" : "", number);
}

const char *rule_normal(const char *source, const char *id, struct arena *mem)
{
	if (str_eq(rule_tool(source), "trivy"))
		return trivy_rule(id, mem);
	return id;
}

/* ---- containers ---- */

static const char *id_digits(const char *id)
{
	return id ? without_scheme(id) : "";
}

void container_id12(const char *id, char out[static ID12_SIZE])
{
	const char *s = id_digits(id);

	out[0] = '\0';
	if (hex_run(s) < 12)
		return;
	for (size_t i = 0; i < 12; i++)
		out[i] = lower(s[i]);
	out[12] = '\0';
}

const char *container_id64(const char *id, struct arena *mem)
{
	const char *s = id_digits(id);
	size_t n = hex_run(s);
	char *out;

	if (n < 12)
		return "";
	out = arena_dupn(mem, s, n);
	for (size_t i = 0; i < n; i++)
		out[i] = lower(out[i]);
	return out;
}

/* ---- hashes of identity ---- */

static void add_piece(struct sha256 *h, const char *s, size_t n)
{
	uint8_t len[8];

	for (size_t i = 0; i < 8; i++)
		len[i] = (uint8_t)((uint64_t)n >> (8 * i));
	sha256_add(h, len, sizeof(len));
	sha256_add(h, s, n);
}

void id_hash(struct sha256 *h, const char *const *text, size_t n, const char *raw, size_t raw_len,
	     uint8_t out[static ID_HASH_SIZE])
{
	uint8_t full[SHA256_SIZE];

	for (size_t i = 0; i < n; i++)
		add_piece(h, text[i] ? text[i] : "", text[i] ? strlen(text[i]) : 0);
	add_piece(h, raw ? raw : "", raw ? raw_len : 0);
	sha256_take(h, full);
	memcpy(out, full, ID_HASH_SIZE);
}
