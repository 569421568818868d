/* SPDX-License-Identifier: MIT */
/* dated.h - times whose parts stand apart, or are not all there. */
#ifndef DATED_H
#define DATED_H

#include "store/base/base.h"

/* "2026-11-20", "08:01:02.5" and "Z" or "+01:00" or "" as ns UTC; false: no such time. */
bool dated_ns(const char *date, const char *clock, const char *zone, int64_t *ns);
/*
 * The newest `month` (1-12) and `day` not after `until`, seconds UTC, with a day's grace for clocks
 * and zones: of logs that leave the year out.
 */
bool dated_month_day(int month, int day, const char *clock, int64_t until, int64_t *ns);

#endif
