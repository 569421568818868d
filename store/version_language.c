/* SPDX-License-Identifier: MIT */
/* version_language.c - which of two versions is the later: packages of programming languages. */
#include "store/version_rules.h"

static int sign(int64_t d)
{
	return d < 0 ? -1 : d > 0;
}

/* ---- Semantic Versioning ---- */

static size_t until(const char *s, const char *stops)
{
	return strcspn(s, stops);
}

static char fold(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static char same_letter(char c)
{
	return c;
}

/* Numbers before words, numbers by value, words by bytes, of letters as `of` gives them. */
static int identifier(const char *a, size_t na, const char *b, size_t nb, char (*of)(char c))
{
	bool da = na > 0 && version_digits(a) >= na, db = nb > 0 && version_digits(b) >= nb;
	int c;

	if (da && db)
		return version_numbers(a, na, b, nb);
	if (da != db)
		return da ? -1 : 1;
	for (size_t i = 0; i < na && i < nb; i++) {
		c = of(a[i]) - of(b[i]);
		if (c != 0)
			return sign(c);
	}
	return sign((int64_t)na - (int64_t)nb);
}

static int prerelease(const char *a, const char *b, char (*of)(char c))
{
	while (*a && *b) {
		size_t na = until(a, ".+"), nb = until(b, ".+");
		int c = identifier(a, na, b, nb, of);

		if (c != 0)
			return c;
		a += na;
		b += nb;
		if (*a != '.' || *b != '.')
			return sign((*a == '.') - (*b == '.'));
		a++;
		b++;
	}
	return 0;
}

/* The numbers, any count of them; stops at what follows. */
static int release(const char **a, const char **b)
{
	for (;;) {
		size_t na = version_digits(*a), nb = version_digits(*b);
		int c = version_numbers(*a, na, *b, nb);

		if (c != 0)
			return c;
		*a += na;
		*b += nb;
		if (**a != '.' && **b != '.')
			return 0;
		*a += **a == '.';
		*b += **b == '.';
	}
}

static int semantic(const char *a, const char *b, char (*of)(char c))
{
	int c;

	a += *a == 'v';
	b += *b == 'v';
	c = release(&a, &b);
	if (c != 0)
		return c;
	/* Go's own releases write 1.21rc1, without the dash. */
	bool pa = *a && *a != '+', pb = *b && *b != '+';

	if (pa != pb)
		return pa ? -1 : 1;
	return prerelease(a + (*a == '-'), b + (*b == '-'), of);
}

int version_semver(const char *a, const char *b)
{
	return semantic(a, b, same_letter);
}

int version_nuget(const char *a, const char *b)
{
	return semantic(a, b, fold);
}

/* ---- PEP 440: N!1.2.3rc1.post2.dev3+local ---- */

struct pep440 {
	const char *epoch, *release, *local;
	size_t nepoch;
	int pre; /* -1 a, 0 b, 1 rc; 9 none; -9: a development release of no pre-release */
	int64_t npre, post, dev; /* post -1, dev INT64_MAX: none */
};

static int64_t small_number(const char **s)
{
	int64_t n = 0;

	while (**s == '.' || **s == '-' || **s == '_')
		++*s;
	for (; version_digit(**s); ++*s)
		n = n < INT64_MAX / 16 ? n * 10 + (**s - '0') : n;
	return n;
}

static bool take_word(const char **s, const char *const *words, size_t n)
{
	const char *p = *s;

	while (*p == '.' || *p == '-' || *p == '_')
		p++;
	for (size_t i = 0; i < n; i++) {
		size_t k = 0;

		while (words[i][k] && fold(p[k]) == words[i][k])
			k++;
		if (words[i][k] == '\0' && !version_alpha(p[k])) {
			*s = p + k;
			return true;
		}
	}
	return false;
}

static void pep440_tail(const char *s, struct pep440 *v)
{
	static const char *const a[] = { "alpha", "a" }, *const b[] = { "beta", "b" };
	static const char *const rc[] = { "preview", "pre", "rc", "c" };
	static const char *const post[] = { "post", "rev", "r" }, *const dev[] = { "dev" };

	if (take_word(&s, a, LENGTH(a)))
		v->pre = -1;
	else if (take_word(&s, b, LENGTH(b)))
		v->pre = 0;
	else if (take_word(&s, rc, LENGTH(rc)))
		v->pre = 1;
	if (v->pre != 9)
		v->npre = small_number(&s);
	if (take_word(&s, post, LENGTH(post)) || (*s == '-' && version_digit(s[1])))
		v->post = small_number(&s);
	if (take_word(&s, dev, LENGTH(dev)))
		v->dev = small_number(&s);
	if (v->pre == 9 && v->post < 0 && v->dev != INT64_MAX)
		v->pre = -9;
	v->local = *s == '+' ? s + 1 : NULL;
}

static void pep440_read(const char *s, struct pep440 *v)
{
	*v = (struct pep440){ .pre = 9, .post = -1, .dev = INT64_MAX };
	s += *s == 'v' || *s == 'V';
	v->epoch = s;
	if (s[version_digits(s)] == '!') {
		v->nepoch = version_digits(s);
		s += v->nepoch + 1;
	}
	v->release = s;
	while (version_digit(*s) || (*s == '.' && version_digit(s[1])))
		s++;
	pep440_tail(s, v);
}

/* Segments of a local version: numbers above words, more above fewer; none at all is the lowest. */
static int pep440_local(const char *a, const char *b)
{
	if (!a || !b)
		return (a != NULL) - (b != NULL);
	while (*a && *b) {
		size_t na = until(a, ".-_"), nb = until(b, ".-_");
		int c = identifier(a, na, b, nb, fold);
		bool mixed = (version_digits(a) >= na) != (version_digits(b) >= nb);

		if (c != 0)
			return mixed ? -c : c;
		a += na + (a[na] != '\0');
		b += nb + (b[nb] != '\0');
	}
	return (*a != '\0') - (*b != '\0');
}

int version_pep440(const char *a, const char *b)
{
	struct pep440 x, y;
	int c;

	pep440_read(a, &x);
	pep440_read(b, &y);
	c = version_numbers(x.epoch, x.nepoch, y.epoch, y.nepoch);
	if (c == 0)
		c = release(&x.release, &y.release);
	if (c == 0)
		c = sign(x.pre - y.pre);
	if (c == 0)
		c = sign(x.npre - y.npre);
	if (c == 0)
		c = sign(x.post - y.post);
	if (c == 0 && x.dev != y.dev)
		c = x.dev < y.dev ? -1 : 1;
	return c != 0 ? c : pep440_local(x.local, y.local);
}

/* ---- Maven ---- */

/* Known qualifiers below and at a release; what is not known comes after them, by the alphabet. One
 * letter is short for one of them only before a number: 1a1, and not 1a. */
static int maven_rank(const char *s, size_t n)
{
	static const struct {
		const char *word;
		int rank;
	} known[] = {
		{ "alpha", 0 },	    { "a", 0 },	 { "beta", 1 },	 { "b", 1 },
		{ "milestone", 2 }, { "m", 2 },	 { "rc", 3 },	 { "cr", 3 },
		{ "snapshot", 4 },  { "", 5 },	 { "final", 5 }, { "ga", 5 },
		{ "release", 5 },   { "sp", 6 },
	};

	for (size_t i = 0; i < LENGTH(known); i++) {
		size_t k = 0;

		while (k < n && known[i].word[k] && fold(s[k]) == known[i].word[k])
			k++;
		if (k == n && known[i].word[k] == '\0' && (n != 1 || version_digit(s[n])))
			return known[i].rank;
	}
	return 7;
}

static size_t token(const char *s)
{
	size_t n = version_digits(s);

	if (n == 0)
		while (version_alpha(s[n]) || (unsigned char)s[n] >= 0x80)
			n++;
	return n;
}

static int maven_words(const char *a, size_t na, const char *b, size_t nb)
{
	int ra = maven_rank(a, na), rb = maven_rank(b, nb);

	if (ra != rb)
		return ra < rb ? -1 : 1;
	for (size_t i = 0; ra == 7 && i < na && i < nb; i++)
		if (fold(a[i]) != fold(b[i]))
			return fold(a[i]) < fold(b[i]) ? -1 : 1;
	return ra == 7 ? sign((int64_t)na - (int64_t)nb) : 0;
}

/* A missing token is nought beside a number, and a release beside a word. */
static int maven_tokens(const char *a, size_t na, const char *b, size_t nb)
{
	bool da = na > 0 && version_digit(*a), db = nb > 0 && version_digit(*b);

	if (da && (db || nb == 0))
		return version_numbers(a, na, b, nb);
	if (db && na == 0)
		return version_numbers(a, na, b, nb);
	if (da != db)
		return da ? 1 : -1;
	return maven_words(a, na, b, nb);
}

static bool separates(char c)
{
	return c == '.' || c == '-' || c == '_' || c == '+';
}

/* Where a version is read: the next token, and what stands before it ('-' at a letter's border). */
struct maven_at {
	const char *s;
	char before;
};

/* Noughts before a hyphen, a letter or the end say nothing: 1.0-1 is 1-1, 1.0ga is 1ga. */
static void pass_noughts(struct maven_at *m)
{
	const char *p = m->s;

	for (;;) {
		size_t n = version_digits(p);

		if (m->before != '.' || n == 0 || strspn(p, "0") < n)
			return;
		p += n;
		if (*p != '.' || version_alpha(p[1]))
			break;
		p++;
	}
	if (*p == '-' || *p == '.' || version_alpha(*p))
		*m = (struct maven_at){ p + !version_alpha(*p), '-' };
	else if (*p == '\0')
		m->s = p;
}

/* What is neither digit, letter nor separator is passed over, so that the end is reached. */
static void pass_token(struct maven_at *m, size_t n)
{
	m->s += n;
	m->before = *m->s == '.' ? '.' : '-';
	m->s += *m->s && (separates(*m->s) || n == 0);
}

int version_maven(const char *a, const char *b)
{
	struct maven_at x = { a, '-' }, y = { b, '-' };

	while (*x.s || *y.s) {
		size_t nx, ny;
		int c;

		pass_noughts(&x);
		pass_noughts(&y);
		nx = token(x.s);
		ny = token(y.s);
		if (nx > 0 && ny > 0 && version_digit(*x.s) && version_digit(*y.s) &&
		    x.before != y.before) /* a number after a hyphen is below one after a dot */
			return x.before == '-' ? -1 : 1;
		c = maven_tokens(x.s, nx, y.s, ny);
		if (c != 0)
			return c;
		pass_token(&x, nx);
		pass_token(&y, ny);
	}
	return 0;
}

/* ---- anything else ---- */

static void skip_separators(const char **s)
{
	while (**s && token(*s) == 0)
		++*s;
}

int version_words(const char *a, const char *b)
{
	a += *a == 'v';
	b += *b == 'v';
	for (;;) {
		size_t na, nb;
		bool da, db;
		int c;

		skip_separators(&a);
		skip_separators(&b);
		na = token(a);
		nb = token(b);
		da = na > 0 && version_digit(*a);
		db = nb > 0 && version_digit(*b);
		if (na == 0 && nb == 0)
			return 0;
		if (na == 0 || nb == 0)
			c = na == 0 ? (db ? -version_numbers(b, nb, "", 0) : 1)
				    : (da ? version_numbers(a, na, "", 0) : -1);
		else if (da && db)
			c = version_numbers(a, na, b, nb);
		else if (da != db)
			c = da ? 1 : -1;
		else
			c = identifier(a, na, b, nb, same_letter);
		if (c != 0)
			return c;
		a += na;
		b += nb;
	}
}
