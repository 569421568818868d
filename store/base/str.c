/* SPDX-License-Identifier: MIT */
/* str.c - comparing, matching, copying and reading terminated strings. */
#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>

#include "store/base/base.h"

/* The C library folds by locale; identifiers must not (a Turkish i is no ASCII i). */
static unsigned char fold(char c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

static bool digit(char c)
{
	return c >= '0' && c <= '9';
}

bool str_eq(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

bool str_ieq(const char *a, const char *b)
{
	if (!a || !b)
		return a == b;
	while (*a && fold(*a) == fold(*b)) {
		a++;
		b++;
	}
	return *a == *b;
}

bool str_prefix(const char *s, const char *prefix)
{
	return s && strncmp(s, prefix, strlen(prefix)) == 0;
}

bool str_suffix(const char *s, const char *suffix)
{
	size_t n = s ? strlen(s) : 0, m = strlen(suffix);

	return s && m <= n && memcmp(s + n - m, suffix, m) == 0;
}

bool str_empty(const char *s)
{
	return !s || !*s;
}

/* Bytes of the first character of s; 0 at the end. */
static size_t step(const char *s)
{
	uint32_t c;

	return *s ? utf8_next(s, strnlen(s, 4), &c) : 0;
}

/*
 * Only the latest star needs to be remembered: what an earlier one matched stays matched whenever
 * a later one exists. Never worse than the product of the lengths, and no recursion.
 */
bool str_glob(const char *pattern, const char *s)
{
	const char *star = NULL, *resume = NULL;

	while (*s) {
		if (*pattern == '*') {
			star = ++pattern;
			resume = s;
		} else if (*pattern == '?') {
			pattern++;
			s += step(s);
		} else if (*pattern && fold(*pattern) == fold(*s)) {
			pattern++;
			s++;
		} else if (star) {
			pattern = star;
			resume += step(resume);
			s = resume;
		} else {
			return false;
		}
	}
	while (*pattern == '*')
		pattern++;
	return !*pattern;
}

bool str_int64(const char *s, int64_t lo, int64_t hi, int64_t *out)
{
	long long n;
	char     *end;

	if (!s || !digit(s[*s == '-']))
		return false;
	errno = 0;
	n = strtoll(s, &end, 10);
	if (*end || errno || n < lo || n > hi)
		return false;
	*out = n;
	return true;
}

/* Digits, a point, an exponent: the whole of s, and nothing strtod would take besides. */
static bool looks_decimal(const char *s)
{
	const char *p = s + (*s == '-');
	size_t      whole = strspn(p, "0123456789"), part = 0;

	p += whole;
	if (*p == '.') {
		part = strspn(++p, "0123456789");
		p += part;
	}
	if (whole + part == 0)
		return false;
	if (*p == 'e' || *p == 'E') {
		p++;
		p += *p == '-' || *p == '+';
		if (!digit(*p))
			return false;
		p += strspn(p, "0123456789");
	}
	return !*p;
}

/* strtod in the C locale, whatever the thread's own is: elsewhere the point may be a comma. */
static double read_c(const char *s)
{
	locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0), old;
	double   d;

	if (!c)
		die("the C locale is missing");
	old = uselocale(c);
	d = strtod(s, NULL);
	uselocale(old);
	freelocale(c);
	return d;
}

bool str_double(const char *s, double *out)
{
	double d;

	if (!s || !looks_decimal(s))
		return false;
	d = read_c(s);
	if (!isfinite(d))
		return false;
	*out = d;
	return true;
}

bool str_copy(char *dst, size_t size, const char *src)
{
	size_t at = 0, n;

	if (size == 0)
		return false;
	while ((n = step(src + at)) > 0 && at + n < size) {
		memcpy(dst + at, src + at, n);
		at += n;
	}
	dst[at] = '\0';
	return n == 0;
}

int str_index(const char *const *names, size_t n, const char *s)
{
	if (!s)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (str_ieq(names[i], s))
			return (int)i;
	return -1;
}

#define NEAR_MAX 64 /* letters of a word that may be a slip of another */

/* Letters put in, left out or changed to make `b` of `a`; NEAR_MAX where either is too long. */
static size_t edits(const char *a, const char *b)
{
	size_t row[NEAR_MAX + 1], na = strlen(a), nb = strlen(b);

	if (na > NEAR_MAX || nb > NEAR_MAX)
		return NEAR_MAX;
	for (size_t k = 0; k <= nb; k++)
		row[k] = k;
	for (size_t i = 1; i <= na; i++) {
		size_t above_left = row[0];

		row[0] = i;
		for (size_t k = 1; k <= nb; k++) {
			size_t change = above_left + (fold(a[i - 1]) != fold(b[k - 1]));

			above_left = row[k];
			row[k] = (row[k] < row[k - 1] ? row[k] : row[k - 1]) + 1;
			if (change < row[k])
				row[k] = change;
		}
	}
	return row[nb];
}

const char *str_nearest(const char *const *names, size_t n, const char *s)
{
	const char *near = NULL;
	size_t best = s ? strlen(s) / 3 + 2 : 0;

	for (size_t i = 0; s && i < n; i++) {
		size_t d = edits(names[i], s);

		if (d < best && d < strlen(names[i])) {
			best = d;
			near = names[i];
		}
	}
	return near;
}
