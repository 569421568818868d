/* SPDX-License-Identifier: MIT */
/* record.c - the words of records, and the folding of tools' own words into them. */
#include <assert.h>

#include "store/record.h"

static const char *const severity_names[SEV_COUNT] = {
	"critical", "high", "medium", "low", "negligible", "unknown",
};
static const char *const verdict_names[VERDICT_COUNT] = {
	"pass", "fail", "warn", "info", "manual", "skip",
};
static const char *const finding_kind_names[FINDING_KIND_COUNT] = {
	"vulnerability", "misconfiguration", "secret", "licence", "lint", "policy",
};
static const char *const asset_kind_names[ASSET_KIND_COUNT] = {
	"image", "host", "cluster", "namespace", "workload", "container", "tree",
};
static const char *const event_kind_names[EVENT_KIND_COUNT] = {
	"alert", "admission", "lifecycle", "audit", "process", "network", "health",
};
static const char *const priority_names[PRIO_COUNT] = {
	"emergency", "alert", "critical", "error", "warning", "notice", "info", "debug",
};
static const char *const exploitation_names[EXPLOITATION_COUNT] = {
	[EXPLOITATION_NONE] = "none", [EXPLOITATION_POC] = "poc",
	[EXPLOITATION_ACTIVE] = "active",
};
static const char *const impact_names[IMPACT_COUNT] = {
	[IMPACT_PARTIAL] = "partial", [IMPACT_TOTAL] = "total",
};
static const char *const said_names[SAID_COUNT] = { [SAID_NO] = "no", [SAID_YES] = "yes" };

/* What tools call them besides our own words. */
static const struct fold { const char *word; int value; } severity_folds[] = {
	{ "defcon1", SEV_CRITICAL },
	{ "important", SEV_HIGH }, { "danger", SEV_HIGH },
	{ "moderate", SEV_MEDIUM }, { "warning", SEV_MEDIUM },
	{ "negligible", SEV_NEGLIGIBLE }, { "info", SEV_NEGLIGIBLE }, { "none", SEV_NEGLIGIBLE },
	{ "informational", SEV_NEGLIGIBLE }, { "unimportant", SEV_NEGLIGIBLE },
};
static const struct fold priority_folds[] = {
	{ "emerg", PRIO_EMERGENCY }, { "panic", PRIO_EMERGENCY },
	{ "crit", PRIO_CRITICAL }, { "err", PRIO_ERROR }, { "warn", PRIO_WARNING },
	{ "informational", PRIO_INFO }, { "information", PRIO_INFO },
};
static const struct fold exploitation_folds[] = {
	{ "none", EXPLOITATION_NONE }, { "poc", EXPLOITATION_POC },
	{ "public poc", EXPLOITATION_POC }, { "active", EXPLOITATION_ACTIVE },
};
static const struct fold impact_folds[] = {
	{ "partial", IMPACT_PARTIAL }, { "total", IMPACT_TOTAL },
};
static const struct fold said_folds[] = {
	{ "no", SAID_NO }, { "yes", SAID_YES }, { "false", SAID_NO }, { "true", SAID_YES },
};

static int fold(const struct fold *table, size_t n, const char *word, int none)
{
	for (size_t i = 0; i < n; i++)
		if (str_ieq(table[i].word, word))
			return table[i].value;
	return none;
}

const char *severity_word(enum severity s)
{
	assert(s < SEV_COUNT);
	return severity_names[s];
}

const char *verdict_word(enum verdict v)
{
	assert(v < VERDICT_COUNT);
	return verdict_names[v];
}

const char *finding_kind_word(enum finding_kind k)
{
	assert(k < FINDING_KIND_COUNT);
	return finding_kind_names[k];
}

const char *asset_kind_word(enum asset_kind k)
{
	assert(k < ASSET_KIND_COUNT);
	return asset_kind_names[k];
}

const char *event_kind_word(enum event_kind k)
{
	assert(k < EVENT_KIND_COUNT);
	return event_kind_names[k];
}

const char *priority_word(enum priority p)
{
	assert(p < PRIO_COUNT);
	return priority_names[p];
}

enum severity severity_fold(const char *word)
{
	int i = str_index(severity_names, SEV_COUNT, word);

	if (i >= 0)
		return (enum severity)i;
	return (enum severity)fold(severity_folds, LENGTH(severity_folds), word, SEV_UNKNOWN);
}

enum severity severity_rating(int64_t tenths)
{
	return tenths >= 90   ? SEV_CRITICAL
	       : tenths >= 70 ? SEV_HIGH
	       : tenths >= 40 ? SEV_MEDIUM
	       : tenths > 0   ? SEV_LOW
	       : tenths == 0  ? SEV_NEGLIGIBLE
			      : SEV_UNKNOWN;
}

enum priority priority_fold(const char *word)
{
	int i = str_index(priority_names, PRIO_COUNT, word);

	if (i >= 0)
		return (enum priority)i;
	return (enum priority)fold(priority_folds, LENGTH(priority_folds), word, PRIO_COUNT);
}

const char *exploitation_word(enum exploitation x)
{
	assert(x < EXPLOITATION_COUNT);
	return exploitation_names[x];
}

const char *impact_word(enum impact i)
{
	assert(i < IMPACT_COUNT);
	return impact_names[i];
}

const char *said_word(enum said s)
{
	assert(s < SAID_COUNT);
	return said_names[s];
}

enum exploitation exploitation_fold(const char *word)
{
	return (enum exploitation)fold(exploitation_folds, LENGTH(exploitation_folds), word,
				       EXPLOITATION_UNSAID);
}

enum impact impact_fold(const char *word)
{
	return (enum impact)fold(impact_folds, LENGTH(impact_folds), word, IMPACT_UNSAID);
}

enum said said_fold(const char *word)
{
	return (enum said)fold(said_folds, LENGTH(said_folds), word, SAID_NOTHING);
}
