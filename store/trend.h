/* SPDX-License-Identifier: MIT */
/* trend.h - how many findings were open at the end of each day, as an import changes that. */
#ifndef TREND_H
#define TREND_H

#include "store/base/base.h"

struct ingest;

/* So many came at a time, or (less than 0) went. */
void trend_add(struct ingest *ig, int64_t at, int64_t severity, bool kev, int n);
/*
 * As many more are open from then on, but none came: so many that went did not, or (less than 0)
 * so many that came did not.
 */
void trend_take_back(struct ingest *ig, int64_t at, int64_t severity, bool kev, int n);
bool trends_settle(struct ingest *ig, struct err *e) MUST_CHECK;
void trends_release(struct ingest *ig);

#endif
