/* SPDX-License-Identifier: MIT */
/* words.c - the public words of the judgement and of an import's counts. */
#include <assert.h>

#include "store/store.h"

const char *count_word(enum count_kind k)
{
	static const char *const names[COUNT_COUNT] = {
		"findings",   "checks",	 "events",     "components", "statements",
		"signatures", "objects", "containers", "signals",    "entries",
	};

	assert(k < COUNT_COUNT);
	return names[k];
}

const char *state_word(enum finding_state s)
{
	static const char *const names[STATE_COUNT] = {
		"open",		"resolved",    "accepted",	"false-positive",
		"not-affected", "operational", "risk-adjusted", "vendor",
	};

	assert(s < STATE_COUNT);
	return names[s];
}

const char *control_word(enum control_word w)
{
	static const char *const names[CONTROL_COUNT] = {
		"pass", "fail", "stale", "none", "manual", "n/a", "excepted",
	};

	assert(w < CONTROL_COUNT);
	return names[w];
}

const char *answer_word(enum answer a)
{
	static const char *const names[ANSWER_COUNT] = { "pass", "fail", "partial", "n/a" };

	assert(a < ANSWER_COUNT);
	return names[a];
}

const char *alert_state_word(enum alert_state s)
{
	static const char *const names[ALERT_STATE_COUNT] = { "open", "acknowledged", "contained",
							      "closed" };

	assert(s < ALERT_STATE_COUNT);
	return names[s];
}
