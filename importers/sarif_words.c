/* SPDX-License-Identifier: MIT */
/* sarif_words.c - what some tools say of packages in sentences and in the ids of their rules. */
#include "importers/sarif.h"

/* "name@version"; a name may begin with an "@", and a version be missing. */
static bool take_package(struct arena *mem, const char *text, size_t n, struct sarif_labels *out)
{
	char *s = arena_dupn(mem, text, n), *at = strrchr(s, '@');

	if (n == 0 || at == s)
		return false;
	if (at != NULL)
		*at = '\0';
	out->package = s;
	out->version = at == NULL || at[1] == '\0' ? NULL : at + 1;
	return true;
}

/* What stands between two words; NULL: not there. The first one is taken up to the last `to`. */
static const char *between(struct arena *mem, const char *text, const char *from, const char *to)
{
	const char *a = text == NULL ? NULL : strstr(text, from), *b;

	if (a == NULL)
		return NULL;
	a += strlen(from);
	b = to == NULL ? a + strlen(a) : strstr(a, to);
	return b == NULL || b == a ? NULL : arena_dupn(mem, a, (size_t)(b - a));
}

/*
 * "(CVE-2011-3374, CVE-2012-1) apt/libapt-pkg6.0@2.6.1": the ids and the package of a rule of
 * Snyk's.
 */
bool sarif_snyk(struct arena *mem, const struct sarif_said *x, struct sarif_labels *out,
                const char **alias, size_t max, size_t *n)
{
	const char *text = x->rule->text == NULL ? "" : x->rule->text, *end, *at;
	size_t len;

	*n = 0;
	if (*text == '(' && (end = strchr(text, ')')) != NULL) {
		for (text++; text < end && *n < max; text += len + strspn(text + len, ", ")) {
			len = strcspn(text, ",)");
			alias[(*n)++] = arena_dupn(mem, text, len);
		}
		text = end + 1 + strspn(end + 1, " ");
	}
	at = strrchr(text, '@');
	if (at == NULL || strchr(text, ' ') != NULL ||
	    !take_package(mem, text, strlen(text), out))
		return false;
	out->type = x->rule->type;
	return true;
}

/* "Package 'a@1' is vulnerable to 'CVE-1' (also known as 'GHSA-2', 'GO-3')." */
bool sarif_osv(struct arena *mem, const struct sarif_said *x, struct sarif_labels *out,
               const char **alias, size_t max, size_t *n)
{
	const char *package = between(mem, x->message, "Package '", "' is vulnerable to '");
	const char *s = x->message == NULL ? NULL : strstr(x->message, "(also known as '");
	size_t len;

	*n = 0;
	if (package == NULL || !take_package(mem, package, strlen(package), out))
		return false;
	for (s = s == NULL ? NULL : strchr(s, '\''); s != NULL && *s == '\'' && *n < max;) {
		len = strcspn(++s, "'");
		alias[(*n)++] = arena_dupn(mem, s, len);
		s += len;
		s = str_prefix(s, "', '") ? s + 3 : NULL;
	}
	return true;
}

/*
 * A rule's "High severity CVE-1 found in openssl version 1.1.1": the same rule for every package
 * that has it, so that only the first is named.
 */
bool sarif_twistcli(struct arena *mem, const struct sarif_said *x, struct sarif_labels *out)
{
	const char *text = x->rule->text;
	const char *package = between(mem, text, " found in ", " version ");
	const char *version = between(mem, text, " version ", NULL);

	if (text == NULL || strstr(text, " severity ") == NULL)
		return false;
	out->severity = arena_dupn(mem, text, strcspn(text, " "));
	out->package = package;
	out->version = version;
	return package != NULL;
}

/* "[openssl - 1.1.1-2 - High] What it is." */
bool sarif_clair(struct arena *mem, const struct sarif_said *x, struct sarif_labels *out)
{
	const char *inside = x->message == NULL || *x->message != '[' ? NULL :
	                     between(mem, x->message, "[", "] ");
	char *name, *version, *severity;

	if (inside == NULL)
		return false;
	name = arena_dup(mem, inside);
	version = strstr(name, " - ");
	severity = version == NULL ? NULL : strstr(version + 3, " - ");
	if (severity == NULL)
		return false;
	*version = *severity = '\0';
	out->package = name;
	out->version = version[3] == '\0' ? NULL : version + 3;
	out->severity = severity + 3;
	return *name != '\0';
}

/* "CVE-1_openssl@1.1.1"; of a licence it is the same with the licence's name before. */
bool sarif_checkov(struct arena *mem, const struct sarif_said *x, struct sarif_labels *out)
{
	static const char *const advisory[] = { "CVE-", "GHSA-", "PRISMA-" };
	size_t n = x->id == NULL ? 0 : strcspn(x->id, "_"), i;

	for (i = 0; i < LENGTH(advisory); i++)
		if (n > 0 && str_prefix(x->id, advisory[i]) && x->id[n] == '_' &&
		    strchr(x->id, '@') != NULL &&
		    take_package(mem, x->id + n + 1, strlen(x->id + n + 1), out)) {
			out->id = arena_dupn(mem, x->id, n);
			return true;
		}
	return false;
}

/* "ANCHOREVULN_alpine:3.10_CVE-1_apk_zlib_1.2" */
const char *sarif_anchore_image(struct arena *mem, const char *id, const struct sarif_labels *l)
{
	static const char head[] = "ANCHOREVULN_";

	if (l->id == NULL || id == NULL || !str_prefix(id, head))
		return NULL;
	return between(mem, id, head, arena_printf(mem, "_%s_", l->id));
}
