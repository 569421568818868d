/* SPDX-License-Identifier: MIT */
/* map_time.c - times as reports write them, by a pattern. */
#include "importers/map.h"

enum { YEAR, MONTH, DAY, HOUR, MINUTE, SECOND, PARTS };

/* Up to `most` digits at *s; false: none. */
static bool digits(const char **s, size_t most, int *out)
{
	size_t n = 0;

	*out = 0;
	for (; n < most && (*s)[n] >= '0' && (*s)[n] <= '9'; n++)
		*out = *out * 10 + ((*s)[n] - '0');
	*s += n;
	return n > 0;
}

static bool month_name(const char **s, int *out)
{
	static const char *const name[] = {
		"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
	};
	char word[4];

	(void)str_copy(word, sizeof(word), *s);
	*out = str_index(name, LENGTH(name), word) + 1;
	*s += strlen(word);
	return *out > 0;
}

static bool part(char letter, const char **s, int *at)
{
	static const char letters[] = "YmdHMS";
	const char *which = strchr(letters, letter);

	if (letter == 'b')
		return month_name(s, &at[MONTH]);
	if (which == NULL || letter == '\0')
		return false;
	return digits(s, letter == 'Y' ? 4 : 2, &at[which - letters]);
}

static int64_t by_pattern(const char *format, const char *text)
{
	int at[PARTS] = { [MONTH] = 1, [DAY] = 1 };
	struct buf b = BUF_INIT;
	int64_t t = 0;
	bool ok = true;

	while (ok && *format != '\0') {
		if (*format == '%') {
			ok = part(format[1], &text, at); /* fails at the pattern's end */
			format += ok ? 2 : 0;
		} else {
			ok = *text == *format++;
			text += ok;
		}
	}
	buf_addf(&b, "%04d-%02d-%02dT%02d:%02d:%02dZ", at[YEAR], at[MONTH], at[DAY], at[HOUR],
	         at[MINUTE], at[SECOND]);
	ok = ok && *text == '\0' && time_parse(b.s, &t);
	buf_release(&b);
	return ok ? t : 0;
}

int64_t map_time(const char *format, const char *text)
{
	double d;
	int64_t t;

	if (text == NULL)
		return 0;
	if (format == NULL)
		return time_parse(text, &t) ? t : 0;
	if (!str_eq(format, "unix") && !str_eq(format, "unix-ms"))
		return by_pattern(format, text);
	if (!str_double(text, &d) || d < 0 || d > 1e15)
		return 0;
	return (int64_t)(str_eq(format, "unix") ? d : d / 1000);
}
