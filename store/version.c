/* SPDX-License-Identifier: MIT */
/* version.c - which of two versions is the later: systems' packages, and the choice of rules. */
#include "store/version_rules.h"

static int sign(int64_t d)
{
	return d < 0 ? -1 : d > 0;
}

bool version_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool version_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

size_t version_digits(const char *s)
{
	size_t n = 0;

	while (version_digit(s[n]))
		n++;
	return n;
}

int version_numbers(const char *a, size_t na, const char *b, size_t nb)
{
	int c;

	for (; na > 0 && *a == '0'; na--)
		a++;
	for (; nb > 0 && *b == '0'; nb--)
		b++;
	if (na != nb)
		return na < nb ? -1 : 1;
	c = na ? memcmp(a, b, na) : 0;
	return sign(c);
}

/* ---- dpkg ---- */

/* The tilde before the end, the end before letters, letters before the rest. */
static int dpkg_order(char c)
{
	if (c == '~')
		return -1;
	if (c == '\0' || version_digit(c))
		return 0;
	if (version_alpha(c))
		return (unsigned char)c;
	return (unsigned char)c + 256;
}

static int dpkg_part(const char *a, size_t na, const char *b, size_t nb)
{
	const char *ea = a + na, *eb = b + nb;

	while (a < ea || b < eb) {
		size_t da, db;
		int c;

		while ((a < ea && !version_digit(*a)) || (b < eb && !version_digit(*b))) {
			c = dpkg_order(a < ea ? *a : '\0') - dpkg_order(b < eb ? *b : '\0');
			if (c != 0)
				return sign(c);
			a += a < ea;
			b += b < eb;
		}
		da = a < ea ? version_digits(a) : 0;
		db = b < eb ? version_digits(b) : 0;
		if (da > (size_t)(ea - a))
			da = (size_t)(ea - a);
		if (db > (size_t)(eb - b))
			db = (size_t)(eb - b);
		c = version_numbers(a, da, b, db);
		if (c != 0)
			return c;
		a += da;
		b += db;
	}
	return 0;
}

/* Length of "epoch:" before a version; 0: it has none. */
static size_t epoch(const char *s)
{
	size_t n = version_digits(s);

	return n > 0 && s[n] == ':' ? n + 1 : 0;
}

/* [epoch:]version[-release], as dpkg and rpm write it */
struct evr {
	const char *epoch, *version, *release; /* release: NULL where it has none */
	size_t      nepoch, nversion;
};

static struct evr evr_split(const char *s)
{
	size_t n = epoch(s);
	struct evr v = { .epoch = s, .nepoch = n ? n - 1 : 0, .version = s + n };
	const char *dash = strrchr(v.version, '-');

	v.nversion = dash ? (size_t)(dash - v.version) : strlen(v.version);
	v.release = dash ? dash + 1 : NULL;
	return v;
}

typedef int part_compare(const char *a, size_t na, const char *b, size_t nb);

/* By epoch, then by version. */
static int evr_compare(const struct evr *a, const struct evr *b, part_compare *part)
{
	int c = version_numbers(a->epoch, a->nepoch, b->epoch, b->nepoch);

	return c != 0 ? c : part(a->version, a->nversion, b->version, b->nversion);
}

static int compare_dpkg(const char *a, const char *b)
{
	struct evr va = evr_split(a), vb = evr_split(b);
	const char *ra = va.release ? va.release : "", *rb = vb.release ? vb.release : "";
	int c = evr_compare(&va, &vb, dpkg_part);

	return c != 0 ? c : dpkg_part(ra, strlen(ra), rb, strlen(rb));
}

/* ---- rpm ---- */

static size_t rpm_separators(const char *s, const char *end)
{
	size_t n = 0;

	while (s + n < end && !version_digit(s[n]) && !version_alpha(s[n]) && s[n] != '~' &&
	       s[n] != '^')
		n++;
	return n;
}

static size_t rpm_segment(const char *s, const char *end)
{
	bool number = version_digit(*s);
	size_t n = 0;

	while (s + n < end && (number ? version_digit(s[n]) : version_alpha(s[n])))
		n++;
	return n;
}

/* `~` is before the end, the end before `^`, and `^` before more. 2: neither side has one here. */
static int rpm_mark(const char *a, const char *ea, const char *b, const char *eb)
{
	bool ta = a < ea && *a == '~', tb = b < eb && *b == '~';
	bool ca = a < ea && *a == '^', cb = b < eb && *b == '^';

	if (ta != tb)
		return ta ? -1 : 1;
	if (ca != cb)
		return ca ? (b == eb ? 1 : -1) : (a == ea ? -1 : 1);
	return ta || ca ? 0 : 2;
}

static int rpm_words(const char *a, size_t na, const char *b, size_t nb)
{
	int c;

	if (version_digit(*a) != version_digit(*b))
		return version_digit(*a) ? 1 : -1;
	if (version_digit(*a))
		return version_numbers(a, na, b, nb);
	c = memcmp(a, b, na < nb ? na : nb);
	return c != 0 ? sign(c) : sign((int64_t)na - (int64_t)nb);
}

static int rpm_part(const char *a, size_t na, const char *b, size_t nb)
{
	const char *ea = a + na, *eb = b + nb;

	for (;;) {
		int c;
		size_t sa, sb;

		a += rpm_separators(a, ea);
		b += rpm_separators(b, eb);
		c = rpm_mark(a, ea, b, eb);
		if (c == 0) {
			a++;
			b++;
			continue;
		}
		if (c != 2)
			return c;
		if (a == ea || b == eb)
			return sign((ea - a) - (eb - b));
		sa = rpm_segment(a, ea);
		sb = rpm_segment(b, eb);
		c = rpm_words(a, sa, b, sb);
		if (c != 0)
			return c;
		a += sa;
		b += sb;
	}
}

static int compare_rpm(const char *a, const char *b)
{
	struct evr va = evr_split(a), vb = evr_split(b);
	int c = evr_compare(&va, &vb, rpm_part);

	if (c != 0 || !va.release || !vb.release)
		return c; /* where one has no release, any release will do */
	return rpm_part(va.release, strlen(va.release), vb.release, strlen(vb.release));
}

/* ---- apk: 1.2.3b_rc1_p2-r4 ---- */

static int apk_suffix(const char *s, size_t *n)
{
	static const struct {
		const char *word;
		int rank;
	} known[] = {
		{ "_alpha", -4 }, { "_beta", -3 }, { "_pre", -2 }, { "_rc", -1 }, { "_cvs", 1 },
		{ "_svn", 2 },	  { "_git", 3 },   { "_hg", 4 },   { "_p", 5 },
	};

	for (size_t i = 0; i < LENGTH(known); i++) {
		if (str_prefix(s, known[i].word)) {
			*n = strlen(known[i].word);
			return known[i].rank;
		}
	}
	*n = 0;
	return 0;
}

/* A part after the first that begins with a zero counts as the decimals of a fraction. */
static int apk_numbers(const char *a, size_t na, const char *b, size_t nb, bool first)
{
	size_t n = na < nb ? na : nb;
	int c;

	if (first || na == 0 || nb == 0 || (*a != '0' && *b != '0'))
		return version_numbers(a, na, b, nb);
	c = memcmp(a, b, n);
	return c != 0 ? sign(c) : sign((int64_t)na - (int64_t)nb);
}

static int apk_dotted(const char **a, const char **b)
{
	for (bool first = true;; first = false) {
		size_t na = version_digits(*a), nb = version_digits(*b);
		int c = apk_numbers(*a, na, *b, nb, first);

		if (c != 0)
			return c;
		*a += na;
		*b += nb;
		if (**a != '.' || **b != '.')
			return sign((**a == '.') - (**b == '.'));
		++*a;
		++*b;
	}
}

static int apk_suffixes(const char **a, const char **b)
{
	while (**a == '_' || **b == '_') {
		size_t na, nb;
		int c = sign(apk_suffix(*a, &na) - apk_suffix(*b, &nb));

		if (c != 0)
			return c;
		if (na == 0)
			break;
		*a += na;
		*b += nb;
		na = version_digits(*a);
		nb = version_digits(*b);
		c = version_numbers(*a, na, *b, nb);
		if (c != 0)
			return c;
		*a += na;
		*b += nb;
	}
	return 0;
}

static int compare_apk(const char *a, const char *b)
{
	char letter_a = '\0', letter_b = '\0';
	int c = apk_dotted(&a, &b);

	if (c != 0)
		return c;
	if (version_alpha(*a))
		letter_a = *a++;
	if (version_alpha(*b))
		letter_b = *b++;
	if (letter_a != letter_b)
		return letter_a < letter_b ? -1 : 1;
	c = apk_suffixes(&a, &b);
	if (c != 0)
		return c;
	a += str_prefix(a, "-r") ? 2 : 0;
	b += str_prefix(b, "-r") ? 2 : 0;
	return version_numbers(a, version_digits(a), b, version_digits(b));
}

/* ---- the choice ---- */

static int compare_go(const char *a, const char *b)
{
	a += str_prefix(a, "go") ? 2 : *a == 'v';
	b += str_prefix(b, "go") ? 2 : *b == 'v';
	return version_semver(a, b);
}

int version_compare(const char *type, const char *a, const char *b)
{
	static const struct {
		const char *type;
		int (*compare)(const char *a, const char *b);
	} rules[] = {
		{ "deb", compare_dpkg },     { "debian", compare_dpkg },
		{ "ubuntu", compare_dpkg },  { "dpkg", compare_dpkg },
		{ "rpm", compare_rpm },	     { "apk", compare_apk },
		{ "alpine", compare_apk },   { "pypi", version_pep440 },
		{ "maven", version_maven },  { "golang", compare_go },
		{ "go", compare_go },	     { "npm", version_semver },
		{ "cargo", version_semver }, { "nuget", version_nuget },
		{ "hex", version_semver },
	};

	for (size_t i = 0; i < LENGTH(rules); i++)
		if (str_ieq(rules[i].type, type))
			return rules[i].compare(a, b);
	return version_words(a, b);
}

const char *version_next(const char *type, const char *have, const char *list, struct arena *mem)
{
	const char *best = NULL, *lowest = NULL;

	while (*list) {
		const char *end = strpbrk(list, ",");
		size_t n = end ? (size_t)(end - list) : strlen(list);
		const char *v = arena_dupn(mem, list, n);

		if (n > 0) {
			if (!lowest || version_compare(type, v, lowest) < 0)
				lowest = v;
			if (version_compare(type, v, have) > 0 &&
			    (!best || version_compare(type, v, best) < 0))
				best = v;
		}
		for (list += n; *list == ',' || *list == ' '; list++)
			continue;
	}
	return best ? best : lowest;
}

size_t version_release(const char *os)
{
	bool two = str_prefix(os, "alpine ") || str_prefix(os, "ubuntu ");
	size_t len = strcspn(os, ".");

	return two && os[len] ? len + 1 + strcspn(os + len + 1, ".") : len;
}
