/* SPDX-License-Identifier: MIT */
/* time.c - times as tools write them, and as people read them. All in UTC. */
#include <stdio.h>
#include <time.h>

#include "store/base/base.h"

/* 1970-01-01 and 2262-01-01: what an int64 of nanoseconds holds, in whole years. */
#define TIME_FIRST INT64_C(0)
#define TIME_END   INT64_C(9214646400)

/* 0000-01-01 and 9999-12-31T23:59:59: what four digits of a year can say. */
#define PRINT_FIRST INT64_C(-62167219200)
#define PRINT_LAST  INT64_C(253402300799)

#define HOUR_S 3600
#define WEEK_S (7 * DAY_S)
#define YEAR_S (365 * DAY_S)

/*
 * Days before each month, in a year that begins in March: a leap day then comes last, and no other
 * month's beginning depends on it.
 */
static const int month_start[] = { 0, 31, 61, 92, 122, 153, 184, 214, 245, 275, 306, 337 };
#define DAYS_400Y    INT64_C(146097)

/* Years are counted from -0400-03-01, so that nothing below is ever negative. */
#define YEAR_SHIFT   400
#define DAYS_TO_1970 INT64_C(865565)

struct civil {
	int64_t year;
	int     month, day, hour, minute, second;
};

/* Division that rounds down; d > 0. */
static int64_t floor_div(int64_t n, int64_t d)
{
	return n / d - (n % d < 0);
}

static bool leap(int64_t year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int month_days(int64_t year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	return days[month - 1] + (month == 2 && leap(year));
}

/* Days before a year that begins in March. */
static int64_t year_start(int64_t year)
{
	return year * 365 + year / 4 - year / 100 + year / 400;
}

static int64_t days_of(const struct civil *c)
{
	int64_t year = c->year + YEAR_SHIFT - (c->month < 3);

	return year_start(year) + month_start[(c->month + 9) % 12] + c->day - 1 - DAYS_TO_1970;
}

static int64_t seconds_of(const struct civil *c)
{
	return days_of(c) * DAY_S + c->hour * HOUR_S + c->minute * 60 + c->second;
}

/* The inverse, for the years 0000-9999. The average year guesses ours to within one. */
static void civil_of(int64_t t, struct civil *c)
{
	int64_t day = floor_div(t, DAY_S), rest = t - day * DAY_S, year;
	int     m = 11;

	day += DAYS_TO_1970;
	year = day * 400 / DAYS_400Y;
	if (year_start(year) > day)
		year--;
	else if (year_start(year + 1) <= day)
		year++;
	day -= year_start(year);
	while (month_start[m] > day)
		m--;
	c->day = (int)(day - month_start[m]) + 1;
	c->month = (m + 2) % 12 + 1;
	c->year = year - YEAR_SHIFT + (c->month < 3);
	c->hour = (int)(rest / HOUR_S);
	c->minute = (int)(rest % HOUR_S / 60);
	c->second = (int)(rest % 60);
}

/* Exactly n digits at *s, moving it past them. */
static bool digits(const char **s, int n, int *out)
{
	int v = 0;

	for (int i = 0; i < n; i++, (*s)++) {
		if (**s < '0' || **s > '9')
			return false;
		v = v * 10 + (**s - '0');
	}
	*out = v;
	return true;
}

static bool skip(const char **s, char c)
{
	if (**s != c)
		return false;
	(*s)++;
	return true;
}

static bool read_date(const char **s, struct civil *c)
{
	int year;

	if (!digits(s, 4, &year) || !skip(s, '-') || !digits(s, 2, &c->month) || !skip(s, '-') ||
	    !digits(s, 2, &c->day))
		return false;
	c->year = year;
	return c->month >= 1 && c->month <= 12 && c->day >= 1 &&
	       c->day <= month_days(year, c->month);
}

/* Second 60 is a leap second, and counts as the next minute's first, as POSIX has it. */
static bool read_clock(const char **s, struct civil *c)
{
	return digits(s, 2, &c->hour) && skip(s, ':') && digits(s, 2, &c->minute) && skip(s, ':') &&
	       digits(s, 2, &c->second) && c->hour < 24 && c->minute < 60 && c->second <= 60;
}

/* ".123" as nanoseconds; none is 0. */
static bool read_fraction(const char **s, int64_t *ns)
{
	int64_t v = 0;
	int     n = 0;

	*ns = 0;
	if (!skip(s, '.'))
		return true;
	for (; **s >= '0' && **s <= '9'; (*s)++, n++) {
		if (n == 9)
			return false;
		v = v * 10 + (**s - '0');
	}
	for (int i = n; i < 9; i++)
		v *= 10;
	*ns = v;
	return n > 0;
}

/* Z, +02:00, +0200, and " +0000 UTC", which is how Go prints a time it was not asked to format. */
static bool read_zone(const char **s, int *offset)
{
	bool apart = skip(s, ' ');
	int  hour, minute, sign;

	*offset = 0;
	if (!apart && (skip(s, 'Z') || skip(s, 'z')))
		return true;
	if (**s != '+' && **s != '-')
		return false;
	sign = *(*s)++ == '-' ? -1 : 1;
	if (!digits(s, 2, &hour))
		return false;
	skip(s, ':');
	if (!digits(s, 2, &minute) || hour > 23 || minute > 59)
		return false;
	*offset = sign * (hour * HOUR_S + minute * 60);
	if (apart && str_eq(*s, " UTC"))
		*s += strlen(" UTC");
	return true;
}

/* Seconds and, apart, nanoseconds below a second. */
static bool parse(const char *s, int64_t *out, int64_t *ns)
{
	struct civil c = { 0 };
	int64_t      t;
	int          offset = 0;

	*ns = 0;
	if (!s || !read_date(&s, &c))
		return false;
	if (*s) {
		if (!skip(&s, 'T') && !skip(&s, 't') && !skip(&s, ' '))
			return false;
		if (!read_clock(&s, &c) || !read_fraction(&s, ns) || !read_zone(&s, &offset) || *s)
			return false;
	}
	t = seconds_of(&c) - offset;
	if (t < TIME_FIRST || t >= TIME_END)
		return false;
	*out = t;
	return true;
}

bool time_parse(const char *rfc3339, int64_t *out)
{
	int64_t ns;

	return parse(rfc3339, out, &ns);
}

bool time_parse_ns(const char *rfc3339, int64_t *out_ns)
{
	int64_t t, ns;

	if (!parse(rfc3339, &t, &ns))
		return false;
	*out_ns = t * NS_PER_S + ns;
	return true;
}

/* v in exactly n digits and then one character more. */
static char *put(char *at, int64_t v, int n, char then)
{
	for (int i = n; i-- > 0; v /= 10)
		at[i] = (char)('0' + v % 10);
	at[n] = then;
	return at + n + 1;
}

static char *put_date(char *at, const struct civil *c, char then)
{
	at = put(at, c->year, 4, '-');
	at = put(at, c->month, 2, '-');
	return put(at, c->day, 2, then);
}

static char *put_time(char *at, const struct civil *c, char then)
{
	at = put_date(at, c, 'T');
	at = put(at, c->hour, 2, ':');
	at = put(at, c->minute, 2, ':');
	return put(at, c->second, 2, then);
}

static int64_t clamp(int64_t t)
{
	if (t < PRINT_FIRST)
		return PRINT_FIRST;
	return t > PRINT_LAST ? PRINT_LAST : t;
}

void time_print(int64_t t, char out[static 21])
{
	struct civil c;

	civil_of(clamp(t), &c);
	*put_time(out, &c, 'Z') = '\0';
}

void time_print_ns(int64_t t_ns, char out[static 31])
{
	int64_t      below = t_ns % NS_PER_S;
	struct civil c;

	civil_of(floor_div(t_ns, NS_PER_S), &c);
	*put(put_time(out, &c, '.'), below < 0 ? below + NS_PER_S : below, 9, 'Z') = '\0';
}

void time_print_date(int64_t t, char out[static 11])
{
	struct civil c;

	civil_of(clamp(t), &c);
	put_date(out, &c, '\0');
}

void time_print_span(int64_t seconds, char out[static 16])
{
	const char *sign = seconds < 0 ? "-" : "";
	/* The magnitude, also of INT64_MIN. */
	uint64_t s = seconds < 0 ? 0 - (uint64_t)seconds : (uint64_t)seconds;

	if (seconds < 0 && s < (uint64_t)DAY_S)
		snprintf(out, 16, "-%02d:%02d", (int)(s / HOUR_S), (int)(s % HOUR_S / 60));
	else if (s < HOUR_S)
		snprintf(out, 16, "%dm", (int)(s / 60));
	else if (s < (uint64_t)DAY_S)
		snprintf(out, 16, "%dh", (int)(s / HOUR_S));
	else if (s < (uint64_t)(14 * WEEK_S))
		snprintf(out, 16, "%s%dd", sign, (int)(s / (uint64_t)DAY_S));
	else if (s < (uint64_t)(2 * YEAR_S))
		snprintf(out, 16, "%s%dw", sign, (int)(s / (uint64_t)WEEK_S));
	else if (s < (uint64_t)(1000 * YEAR_S))
		snprintf(out, 16, "%s%dy", sign, (int)(s / (uint64_t)YEAR_S));
	else
		snprintf(out, 16, "%s>999y", sign);
}

int64_t time_day(int64_t t)
{
	return floor_div(t, DAY_S);
}

int64_t time_now(void)
{
	struct timespec now;

	if (clock_gettime(CLOCK_REALTIME, &now) != 0)
		die("the system has no clock");
	return now.tv_sec;
}

int64_t time_monotonic_ms(void)
{
	struct timespec now;

	if (clock_gettime(CLOCK_MONOTONIC, &now) != 0)
		die("the system has no monotonic clock");
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}
