/* SPDX-License-Identifier: MIT */
/* words.c - the public words of the judgement and of an import's counts. */
#include <assert.h>

#include "store/store.h"

const char *count_noun(enum count_kind k, int64_t n)
{
	static const char *const names[COUNT_COUNT][2] = {
		{ "finding", "findings" },     { "check", "checks" },
		{ "event", "events" },	       { "component", "components" },
		{ "statement", "statements" }, { "signature", "signatures" },
		{ "object", "objects" },       { "container", "containers" },
		{ "signal", "signals" },       { "entry", "entries" },
	};

	assert(k < COUNT_COUNT);
	return names[k][n != 1];
}

const char *count_word(enum count_kind k)
{
	return count_noun(k, 2);
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

const char *evidence_word(int64_t data, int64_t answer)
{
	if (data)
		return answer ? "both" : "data";
	return answer ? "answer" : "none";
}

const char *alert_state_word(enum alert_state s)
{
	static const char *const names[ALERT_STATE_COUNT] = { "open", "acknowledged", "contained",
							      "closed" };

	assert(s < ALERT_STATE_COUNT);
	return names[s];
}
