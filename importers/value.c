/* SPDX-License-Identifier: MIT */
/* value.c - values that many formats write alike. */
#include "importers/value.h"

#define DIGEST_PREFIX "sha256:"
#define DIGEST_HEX    64

/* `text` times `scale`, rounded, when it lies in 0..limit; -1 otherwise. */
static int scaled(const char *text, double limit, int scale)
{
	double d;

	if (text == NULL || !str_double(text, &d) || d < 0.0 || d > limit)
		return -1;
	return (int)(d * scale + 0.5);
}

const char *value_join(struct arena *mem, const char *a, const char *sep, const char *b)
{
	if (a == NULL || b == NULL)
		return a != NULL ? a : b;
	return arena_printf(mem, "%s%s%s", a, sep, b);
}

const char *value_package_type(struct arena *mem, const char *type, const char *os)
{
	if (!str_ieq(type, "os") || os == NULL)
		return type;
	return arena_dupn(mem, os, strcspn(os, " "));
}

bool value_is_file(const char *name)
{
	static const char *const archive[] = {
		".tar", ".tar.gz", ".tgz", ".tar.zst", ".tar.xz", ".tar.bz2",
	};
	size_t i;

	if (name == NULL)
		return false;
	for (i = 0; i < LENGTH(archive); i++)
		if (str_suffix(name, archive[i]))
			return true;
	return name[0] == '/' || str_prefix(name, "./") || str_prefix(name, "../");
}

int value_score(const char *text)
{
	return scaled(text, 10.0, 10);
}

int value_share(const char *text)
{
	return scaled(text, 1.0, 10000);
}

const char *value_digest(const char *ref)
{
	const char *at = ref == NULL ? NULL : strrchr(ref, '@');
	const char *digest = at == NULL ? ref : at + 1;
	const char *hex;

	if (digest == NULL || !str_prefix(digest, DIGEST_PREFIX))
		return NULL;
	hex = digest + strlen(DIGEST_PREFIX);
	if (strlen(hex) != DIGEST_HEX || strspn(hex, "0123456789abcdef") != DIGEST_HEX)
		return NULL;
	return digest;
}

bool value_target(struct arena *mem, const char *target, const char **name, const char **os)
{
	size_t n = target == NULL ? 0 : strlen(target);
	size_t i = n;

	if (n < 4 || target[n - 1] != ')')
		return false;
	while (i > 0 && target[i - 1] != '(')
		i--;
	if (i < 3 || target[i - 2] != ' ' || i == n - 1)
		return false;
	*name = arena_dupn(mem, target, i - 2);
	*os = arena_dupn(mem, target + i, n - 1 - i);
	return true;
}

const char *value_mask(struct arena *mem, const char *match)
{
	char *copy;
	size_t i;

	if (match == NULL || strstr(match, "***") != NULL)
		return match;
	i = strcspn(match, "=:");
	copy = arena_dup(mem, match);
	for (i = copy[i] == '\0' ? 0 : i + 1; copy[i] != '\0'; i++)
		if (copy[i] != ' ' && copy[i] != '\t')
			copy[i] = '*';
	return copy;
}

const char *value_mask_values(struct arena *mem, const char *text)
{
	char *copy = arena_dup(mem, text);
	bool value = false;
	size_t i;

	for (i = 0; copy != NULL && copy[i] != '\0'; i++) {
		value = copy[i] == '=' || (value && copy[i] != ' ' && copy[i] != '\t');
		if (value && copy[i] != '=')
			copy[i] = '*';
	}
	return copy;
}

const char *value_title(struct arena *mem, const char *title)
{
	static const char *const end[] = {
		"(Automated)", "(Manual)", "(Scored)", "(Not Scored)",
	};
	size_t i, n = title == NULL ? 0 : strlen(title);

	for (i = 0; i < LENGTH(end); i++)
		if (n > strlen(end[i]) && str_ieq(title + n - strlen(end[i]), end[i]))
			break;
	if (i == LENGTH(end))
		return title;
	n -= strlen(end[i]);
	while (n > 0 && title[n - 1] == ' ')
		n--;
	return arena_dupn(mem, title, n);
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

const char *value_decoded(struct arena *mem, const char *s)
{
	char *out = arena_dup(mem, s), *to = out;

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

const char *value_purl_digest(struct arena *mem, const char *purl)
{
	const char *at = purl ? strchr(purl, '@') : NULL;

	if (at == NULL)
		return NULL;
	return value_digest(value_decoded(mem, arena_dupn(mem, at + 1, strcspn(at + 1, "?#"))));
}

const char *value_plain(struct arena *mem, const char *s)
{
	struct buf out = BUF_INIT;
	const char *text;

	if (strchr(s, '\033') == NULL)
		return s;
	while (*s != '\0') {
		if (s[0] != '\033' || s[1] != '[') {
			buf_addc(&out, *s++);
			continue;
		}
		s += 2 + strspn(s + 2, "0123456789;");
		s += *s != '\0';
	}
	text = arena_dup(mem, out.len > 0 ? out.s : "");
	buf_release(&out);
	return text;
}
