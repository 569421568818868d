/* SPDX-License-Identifier: MIT */
/*
 * cvss4.c - scores of CVSS version 4: a table of 270 classes of vectors, and how far a vector lies
 * below the worst of its class. Source: FIRST, CVSS v4.0 specification, section 8 and its lookup
 * table; the numbers there are facts of the standard.
 */
#include <math.h>

#include "store/cvss.h"

/* Scores times ten by EQ1, EQ2, EQ3 (rows) and EQ4, EQ5, EQ6 (columns); -1: there is no such class.
 */
enum { EQ1, EQ2, EQ3, EQ4, EQ5, EQ6, EQ_COUNT };
static const signed char table[3 * 2 * 3][3 * 3 * 2] = {
	{ 100, 99, 98, 95, 95, 92, 100, 96, 93, 87, 91, 81, 93, 90, 89, 80, 81, 68 }, /* 000 */
	{ 98, 95, 95, 92, 90, 84, 93, 92, 89, 81, 81, 65, 88, 80, 78, 70, 69, 48 },   /* 001 */
	{ -1, 92, -1, 82, -1, 72, -1, 79, -1, 69, -1, 50, -1, 69, -1, 55, -1, 27 },   /* 002 */
	{ 99, 97, 95, 92, 92, 85, 95, 91, 90, 83, 84, 71, 92, 81, 82, 71, 72, 53 },   /* 010 */
	{ 95, 93, 92, 85, 85, 73, 92, 82, 80, 72, 70, 59, 84, 70, 71, 52, 50, 30 },   /* 011 */
	{ -1, 86, -1, 75, -1, 52, -1, 71, -1, 52, -1, 29, -1, 63, -1, 29, -1, 17 },   /* 012 */
	{ 98, 95, 94, 87, 91, 81, 94, 89, 86, 74, 77, 64, 87, 75, 74, 63, 63, 49 },   /* 100 */
	{ 94, 89, 88, 77, 76, 67, 86, 76, 74, 58, 59, 50, 72, 57, 57, 52, 52, 25 },   /* 101 */
	{ -1, 83, -1, 70, -1, 54, -1, 65, -1, 58, -1, 26, -1, 53, -1, 21, -1, 13 },   /* 102 */
	{ 95, 90, 88, 76, 76, 70, 90, 77, 75, 62, 61, 53, 77, 66, 68, 59, 52, 30 },   /* 110 */
	{ 89, 78, 76, 67, 62, 58, 74, 59, 57, 57, 47, 23, 61, 52, 57, 29, 24, 16 },   /* 111 */
	{ -1, 71, -1, 59, -1, 30, -1, 58, -1, 26, -1, 15, -1, 23, -1, 13, -1, 6 },    /* 112 */
	{ 93, 87, 86, 72, 75, 58, 86, 74, 74, 61, 56, 34, 70, 54, 52, 40, 40, 22 },   /* 200 */
	{ 85, 75, 74, 55, 62, 51, 72, 57, 55, 41, 46, 19, 53, 36, 34, 19, 19, 8 },    /* 201 */
	{ -1, 64, -1, 51, -1, 20, -1, 47, -1, 21, -1, 11, -1, 24, -1, 9, -1, 4 },     /* 202 */
	{ 88, 75, 73, 53, 60, 50, 73, 55, 59, 40, 41, 20, 54, 43, 45, 22, 20, 11 },   /* 210 */
	{ 75, 55, 58, 45, 40, 21, 61, 51, 48, 18, 20, 9, 46, 18, 17, 7, 8, 2 },	      /* 211 */
	{ -1, 53, -1, 24, -1, 14, -1, 24, -1, 12, -1, 5, -1, 10, -1, 3, -1, 1 },      /* 212 */
};

static int look_up(const int eq[static EQ_COUNT])
{
	static const int most[EQ_COUNT] = { 2, 1, 2, 2, 2, 1 };

	for (int i = 0; i < EQ_COUNT; i++)
		if (eq[i] > most[i])
			return -1;
	return table[(eq[EQ1] * 2 + eq[EQ2]) * 3 + eq[EQ3]][(eq[EQ4] * 3 + eq[EQ5]) * 2 + eq[EQ6]];
}

/* ---- metrics: what counts of a vector ---- */

enum metric { AV, PR, UI, AC, AT, VC, VI, VA, SC, SI, SA, CR, IR, AR, E, METRIC_COUNT };

/* Values from the worst to the best, a step apart; a safety harm (S) only as a modified metric. */
static const struct {
	const char *name, *values;
	char unsaid;   /* what stands for a metric that is not there; 0: it must be */
	bool modified; /* M and its name outranks it */
	int first;     /* step of the first value */
} metrics[METRIC_COUNT] = {
	[AV] = { "AV", "NALP", 0, true, 0 },   [PR] = { "PR", "NLH", 0, true, 0 },
	[UI] = { "UI", "NPA", 0, true, 0 },    [AC] = { "AC", "LH", 0, true, 0 },
	[AT] = { "AT", "NP", 0, true, 0 },     [VC] = { "VC", "HLN", 0, true, 0 },
	[VI] = { "VI", "HLN", 0, true, 0 },    [VA] = { "VA", "HLN", 0, true, 0 },
	[SC] = { "SC", "HLN", 0, true, 1 },    [SI] = { "SI", "SHLN", 0, true, 0 },
	[SA] = { "SA", "SHLN", 0, true, 0 },   [CR] = { "CR", "HML", 'H', false, 0 },
	[IR] = { "IR", "HML", 'H', false, 0 }, [AR] = { "AR", "HML", 'H', false, 0 },
	[E] = { "E", "APU", 'A', false, 0 },
};

struct reading {
	char value[METRIC_COUNT];
};

static int step_of(enum metric m, char value)
{
	const char *at = strchr(metrics[m].values, value);

	return value && at ? (int)(at - metrics[m].values) + metrics[m].first : -1;
}

static bool read_metric(const struct cvss_vector *v, enum metric m, char *out)
{
	char name[4] = "M", base = cvss_value(v, metrics[m].name), changed;

	(void)str_copy(name + 1, sizeof(name) - 1, metrics[m].name);
	changed = metrics[m].modified ? cvss_value(v, name) : 0;
	if (!base || base == 'X')
		base = metrics[m].unsaid;
	if (step_of(m, base) < 0 || (base == 'S' && metrics[m].first == 0 && m >= SC))
		return false;
	*out = changed && changed != 'X' ? changed : base;
	return step_of(m, *out) >= 0;
}

static bool read_all(const struct cvss_vector *v, struct reading *r)
{
	for (int m = 0; m < METRIC_COUNT; m++)
		if (!read_metric(v, (enum metric)m, &r->value[m]))
			return false;
	return true;
}

/* ---- classes ---- */

static bool is(const struct reading *r, enum metric m, char value)
{
	return r->value[m] == value;
}

static void classify(const struct reading *r, int eq[static EQ_COUNT])
{
	bool remote = is(r, AV, 'N'), anybody = is(r, PR, 'N'), alone = is(r, UI, 'N');
	bool c = is(r, VC, 'H'), i = is(r, VI, 'H'), a = is(r, VA, 'H');

	eq[EQ1] = remote && anybody && alone			    ? 0
		  : (remote || anybody || alone) && !is(r, AV, 'P') ? 1
								    : 2;
	eq[EQ2] = is(r, AC, 'L') && is(r, AT, 'N') ? 0 : 1;
	eq[EQ3] = c && i ? 0 : c || i || a ? 1 : 2;
	eq[EQ4] = is(r, SI, 'S') || is(r, SA, 'S')		       ? 0
		  : is(r, SC, 'H') || is(r, SI, 'H') || is(r, SA, 'H') ? 1
								       : 2;
	eq[EQ5] = step_of(E, r->value[E]);
	eq[EQ6] = (is(r, CR, 'H') && c) || (is(r, IR, 'H') && i) || (is(r, AR, 'H') && a) ? 0 : 1;
}

/* ---- how far below the worst of its class ---- */

/* The worst vectors of each class, as values of the metrics named. */
static const enum metric of1[] = { AV, PR, UI }, of2[] = { AC, AT },
			 of36[] = { VC, VI, VA, CR, IR, AR }, of4[] = { SC, SI, SA };
static const char *const worst1[3][4] = { { "NNN" }, { "ANN", "NLN", "NNP" }, { "PNN", "ALP" } };
static const char *const worst2[2][3] = { { "LN" }, { "HN", "LP" } };
static const char *const worst36[3][2][6] = {
	{ { "HHHHHH" }, { "HHLMMH", "HHHMMM" } },
	{ { "LHHHHH", "HLHHHH" }, { "LHLHMH", "LHHHMM", "HLHMHM", "HLLMHH", "LLHHHM" } },
	{ { NULL }, { "LLLHHH" } },
};
static const char *const worst4[3][2] = { { "HSS" }, { "HHH" }, { "LLL" } };
/* Steps between the worst and the best of each class. */
static const int depth1[] = { 1, 4, 5 }, depth2[] = { 1, 2 },
		 depth36[3][2] = { { 7, 6 }, { 8, 8 }, { 10, 10 } }, depth4[] = { 6, 5, 4 };

/* Steps below the first of the worst vectors that it is not above in any metric. */
static int distance(const struct reading *r, const enum metric *m, size_t n,
		    const char *const *worst)
{
	for (; *worst; worst++) {
		int sum = 0;
		bool below = true;

		for (size_t i = 0; i < n; i++) {
			int d = step_of(m[i], r->value[m[i]]) - step_of(m[i], (*worst)[i]);

			below = below && d >= 0;
			sum += d;
		}
		if (below)
			return sum;
	}
	return 0;
}

/* The score of the next lower class in these sets; -1: there is none. */
static int lower(const int eq[static EQ_COUNT], int first, int second)
{
	int next[EQ_COUNT];

	memcpy(next, eq, sizeof(next));
	next[first]++;
	if (second != first)
		next[second]++;
	return look_up(next);
}

/* EQ3 and EQ6 hang together: of two ways down the one that loses least. */
static int lower36(const int eq[static EQ_COUNT])
{
	int by3 = lower(eq, EQ3, EQ3), by6 = lower(eq, EQ6, EQ6);

	if (eq[EQ3] == 0 && eq[EQ6] == 0)
		return by3 > by6 ? by3 : by6;
	if (eq[EQ6] == 1)
		return by3;
	return by6;
}

int cvss4_score(const struct cvss_vector *v)
{
	struct reading r;
	int eq[EQ_COUNT], n = 0, score;
	double sum = 0;

	if (!read_all(v, &r))
		return -1;
	if (is(&r, VC, 'N') && is(&r, VI, 'N') && is(&r, VA, 'N') && is(&r, SC, 'N') &&
	    is(&r, SI, 'N') && is(&r, SA, 'N'))
		return 0;
	classify(&r, eq);
	score = look_up(eq);
	const struct {
		int lower, depth, distance;
	} part[] = {
		{ lower(eq, EQ1, EQ1), depth1[eq[EQ1]],
		  distance(&r, of1, LENGTH(of1), worst1[eq[EQ1]]) },
		{ lower(eq, EQ2, EQ2), depth2[eq[EQ2]],
		  distance(&r, of2, LENGTH(of2), worst2[eq[EQ2]]) },
		{ lower36(eq), depth36[eq[EQ3]][eq[EQ6]],
		  distance(&r, of36, LENGTH(of36), worst36[eq[EQ3]][eq[EQ6]]) },
		{ lower(eq, EQ4, EQ4), depth4[eq[EQ4]],
		  distance(&r, of4, LENGTH(of4), worst4[eq[EQ4]]) },
		{ lower(eq, EQ5, EQ5), 1, 0 },
	};

	for (size_t i = 0; i < LENGTH(part); i++) {
		if (part[i].lower < 0)
			continue;
		n++;
		sum += (double)((score - part[i].lower) * part[i].distance) / part[i].depth;
	}
	return (int)floor(score - (n ? sum / n : 0) + 0.5 + 1e-9);
}
