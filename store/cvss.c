/* SPDX-License-Identifier: MIT */
/* cvss.c - base scores of CVSS versions 2 and 3, and what vectors of all versions share. */
#include <math.h>

#include "store/cvss.h"

/* ---- vectors ---- */

static bool add_metric(struct cvss_vector *v, const char *text, size_t len)
{
	const char *colon = memchr(text, ':', len);
	size_t name = colon ? (size_t)(colon - text) : 0, value = len - name - 1;

	if (!colon || name == 0 || value == 0 || name >= sizeof(v->metric[0].name) ||
	    value >= sizeof(v->metric[0].value) || v->n == CVSS_METRICS)
		return false;
	memcpy(v->metric[v->n].name, text, name);
	memcpy(v->metric[v->n].value, colon + 1, value);
	v->metric[v->n].name[name] = v->metric[v->n].value[value] = '\0';
	if (cvss_value(v, v->metric[v->n].name))
		return false;
	v->n++;
	return true;
}

/* false: it is malformed, or says a metric twice. */
static bool cvss_read(const char *metrics, struct cvss_vector *out)
{
	out->n = 0;
	for (;;) {
		size_t len = strcspn(metrics, "/");

		if (!add_metric(out, metrics, len))
			return false;
		if (!metrics[len])
			return true;
		metrics += len + 1;
	}
}

char cvss_value(const struct cvss_vector *v, const char *name)
{
	for (size_t i = 0; i < v->n; i++)
		if (str_eq(v->metric[i].name, name))
			return v->metric[i].value[1] ? '?' : v->metric[i].value[0];
	return 0;
}

/* ---- weights ---- */

struct weight {
	char value;
	double weight;
};

/* -1 when the metric is not there, or has no such value. */
static double weigh(const struct cvss_vector *v, const char *name, const struct weight *w, size_t n)
{
	char value = cvss_value(v, name);

	for (size_t i = 0; i < n; i++)
		if (w[i].value == value)
			return w[i].weight;
	return -1;
}
#define WEIGH(v, name, table) weigh((v), (name), (table), LENGTH(table))

/* ---- version 2 ---- */

static int score2(const struct cvss_vector *v)
{
	static const struct weight access[] = { { 'L', 0.395 }, { 'A', 0.646 }, { 'N', 1.0 } };
	static const struct weight complexity[] = { { 'H', 0.35 }, { 'M', 0.61 }, { 'L', 0.71 } };
	static const struct weight login[] = { { 'M', 0.45 }, { 'S', 0.56 }, { 'N', 0.704 } };
	static const struct weight harm[] = { { 'N', 0 }, { 'P', 0.275 }, { 'C', 0.66 } };
	double av = WEIGH(v, "AV", access), ac = WEIGH(v, "AC", complexity),
	       au = WEIGH(v, "Au", login), c = WEIGH(v, "C", harm), i = WEIGH(v, "I", harm),
	       a = WEIGH(v, "A", harm);
	double impact = 10.41 * (1 - (1 - c) * (1 - i) * (1 - a));
	double base = 0.6 * impact + 0.4 * (20 * av * ac * au) - 1.5;

	if (av < 0 || ac < 0 || au < 0 || c < 0 || i < 0 || a < 0)
		return -1;
	return impact > 0 ? (int)floor(base * 1.176 * 10 + 0.5) : 0;
}

/* ---- version 3 ---- */

/* The least tenth that is not below x; appendix A says how, so that no float's error shows. */
static int tenths_up(double x)
{
	int64_t n = (int64_t)floor(x * 100000 + 0.5);

	return (int)(n % 10000 == 0 ? n / 10000 : n / 10000 + 1);
}

static int score3(const struct cvss_vector *v)
{
	static const struct weight vector[] = {
		{ 'N', 0.85 }, { 'A', 0.62 }, { 'L', 0.55 }, { 'P', 0.2 }
	};
	static const struct weight complexity[] = { { 'L', 0.77 }, { 'H', 0.44 } };
	static const struct weight rights[] = { { 'N', 0.85 }, { 'L', 0.62 }, { 'H', 0.27 } };
	static const struct weight changed[] = { { 'N', 0.85 }, { 'L', 0.68 }, { 'H', 0.5 } };
	static const struct weight user[] = { { 'N', 0.85 }, { 'R', 0.62 } };
	static const struct weight harm[] = { { 'H', 0.56 }, { 'L', 0.22 }, { 'N', 0 } };
	char scope = cvss_value(v, "S");
	double pr = scope == 'C' ? WEIGH(v, "PR", changed) : WEIGH(v, "PR", rights);
	double av = WEIGH(v, "AV", vector), ac = WEIGH(v, "AC", complexity),
	       ui = WEIGH(v, "UI", user), c = WEIGH(v, "C", harm), i = WEIGH(v, "I", harm),
	       a = WEIGH(v, "A", harm);
	double sub = 1 - (1 - c) * (1 - i) * (1 - a);
	double impact = scope == 'C' ? 7.52 * (sub - 0.029) - 3.25 * pow(sub - 0.02, 15)
				     : 6.42 * sub;
	double sum = (impact + 8.22 * av * ac * pr * ui) * (scope == 'C' ? 1.08 : 1);

	if (av < 0 || ac < 0 || pr < 0 || ui < 0 || c < 0 || i < 0 || a < 0 ||
	    (scope != 'U' && scope != 'C'))
		return -1;
	return impact <= 0 ? 0 : tenths_up(sum < 10 ? sum : 10);
}

/* ---- any of them ---- */

static const char *behind(const char *s, const char *prefix)
{
	return str_prefix(s, prefix) ? s + strlen(prefix) : NULL;
}

/* NVD writes vectors of version 2 in brackets. */
static bool read2(const char *s, struct cvss_vector *out)
{
	char bare[96];
	size_t len = strlen(s);

	if (s[0] == '(' && s[len - 1] == ')' && len < sizeof(bare)) {
		memcpy(bare, s + 1, len - 2);
		bare[len - 2] = '\0';
		return cvss_read(bare, out);
	}
	return cvss_read(s, out);
}

const char *cvss_version(const char *vector)
{
	static const char *const versions[] = { "4.0", "3.1", "3.0" };

	if (str_empty(vector))
		return NULL;
	for (size_t i = 0; i < LENGTH(versions); i++)
		if (str_prefix(vector, "CVSS:") && str_prefix(vector + 5, versions[i]) &&
		    vector[8] == '/')
			return versions[i];
	return str_prefix(vector, "AV:") || str_prefix(vector, "(AV:") ? "2" : NULL;
}

int cvss_score(const char *vector)
{
	const char *version = cvss_version(vector), *rest;
	struct cvss_vector v;

	if (!version)
		return -1;
	if (str_eq(version, "2"))
		return read2(vector, &v) ? score2(&v) : -1;
	rest = behind(vector, "CVSS:") + 4;
	if (!cvss_read(rest, &v))
		return -1;
	return str_eq(version, "4.0") ? cvss4_score(&v) : score3(&v);
}
