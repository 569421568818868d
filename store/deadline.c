/* SPDX-License-Identifier: MIT */
/* deadline.c - when a finding is due, and by which rule. */
#include "store/policy.h"

static bool matches(int wanted, bool is)
{
	return wanted < 0 || (wanted != 0) == is;
}

/* FedRAMP's "likely exploitable", as far as data can tell. */
static bool is_likely(const struct policy *p, const struct deadline_case *c)
{
	return c->kev || c->automatable || c->epss >= p->likely_epss;
}

static bool has_tag(const struct policy_texts *tags, const char *tag)
{
	return !tag || (tags && str_index(tags->s, tags->n, tag) >= 0);
}

/* The end of a rule is that of its policy, where that ends before. */
static int64_t ends(const struct policy *p, const struct policy_deadline *d)
{
	if (!d->valid_to || !p->valid_to)
		return d->valid_to ? d->valid_to : p->valid_to;
	return d->valid_to < p->valid_to ? d->valid_to : p->valid_to;
}

static bool holds(const struct policy *p, const struct policy_deadline *d,
		  const struct deadline_case *c)
{
	return (d->severities & (1u << c->severity)) && matches(d->kev, c->kev) &&
	       matches(d->exposed, c->exposed) && matches(d->running, c->running) &&
	       matches(d->likely, is_likely(p, c)) && matches(d->automatable, c->automatable) &&
	       matches(d->total, !c->partial) && has_tag(c->tags, d->tag) &&
	       (!ends(p, d) || c->start < ends(p, d));
}

/* A rule binds from the day it is in force, also for what was found before, and asks for nothing
 * before its policy's grace is over; and whatever would have been due before it was found is due at
 * once. */
static int64_t due_by(const struct policy *p, const struct policy_deadline *d,
		      const struct deadline_case *c)
{
	int64_t from = d->valid_from > p->valid_from ? d->valid_from : p->valid_from;
	int64_t start = c->start, due;

	if (d->within == DUE_NONE)
		return DUE_NONE;
	if (p->start_kev && c->kev && c->kev_added > 0 && c->kev_added < start)
		start = c->kev_added;
	if (start < from)
		start = from;
	due = start + d->within > c->start ? start + d->within : c->start;
	return due > p->grace_to ? due : p->grace_to;
}

int64_t deadline_due(const struct policy *p, const struct deadline_case *c,
		     const struct policy_deadline **rule)
{
	const struct policy_deadline *by = NULL;
	int64_t due = DUE_NONE;

	for (size_t i = 0; i < p->ndeadline; i++) {
		const struct policy_deadline *d = &p->deadline[i];

		if (holds(p, d, c) && due_by(p, d, c) < due) {
			due = due_by(p, d, c);
			by = d;
		}
	}
	if (c->kev_due > 0) {
		/* A date that was past when it was first seen makes it due at once. */
		int64_t listed = c->kev_due > c->start ? c->kev_due : c->start;

		if (listed < due) {
			due = listed;
			by = NULL;
		}
	}
	if (rule)
		*rule = by;
	return due;
}

int64_t deadline_end(int64_t due)
{
	return due == DUE_NONE ? DUE_NONE : (time_day(due) + 1) * DAY_S - 1;
}

bool duration_parse(const char *s, int64_t *out)
{
	static const struct {
		char unit;
		int64_t seconds;
	} units[] = {
		{ 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', DAY_S }, { 'w', 7 * DAY_S },
	};
	char number[16];
	size_t n = s ? strlen(s) : 0;
	int64_t count;

	if (n < 2 || n > sizeof(number))
		return false;
	memcpy(number, s, n - 1);
	number[n - 1] = '\0';
	for (size_t i = 0; i < LENGTH(units); i++) {
		if (units[i].unit != s[n - 1])
			continue;
		if (!str_int64(number, 0, 100000000, &count))
			return false;
		*out = count * units[i].seconds;
		return true;
	}
	return false;
}
