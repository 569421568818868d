/* SPDX-License-Identifier: MIT */
/* dated.c - times whose parts stand apart, or are not all there. */
#include "importers/dated.h"

bool dated_ns(const char *date, const char *clock, const char *zone, int64_t *ns)
{
	char text[64];
	struct buf b = BUF_INIT;
	buf_addf(&b, "%sT%s%s", date, clock, zone);
	bool fits = str_copy(text, sizeof(text), b.s);
	buf_release(&b);
	return fits && time_parse_ns(text, ns);
}

bool dated_month_day(int month, int day, const char *clock, int64_t until, int64_t *ns)
{
	char today[11], date[32];
	int64_t year;
	time_print_date(until, today);
	today[4] = '\0';
	if (!str_int64(today, 1970, 2261, &year))
		return false;
	for (int64_t y = year; y >= year - 4 && y >= 1970; y--) { /* four back: 29 February */
		struct buf b = BUF_INIT;
		buf_addf(&b, "%04d-%02d-%02d", (int)y, month, day);
		bool ok = str_copy(date, sizeof(date), b.s) && dated_ns(date, clock, "Z", ns);
		buf_release(&b);
		if (ok && *ns / NS_PER_S <= until + DAY_S)
			return true;
	}
	return false;
}
