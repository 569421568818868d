/* SPDX-License-Identifier: MIT */
/* words.h - the words of the judgement: part of store.h. */
#ifndef WORDS_H
#define WORDS_H

#include "store/base/base.h"

enum finding_state {
	STATE_OPEN, STATE_RESOLVED, STATE_ACCEPTED, STATE_FALSE_POSITIVE, STATE_NOT_AFFECTED,
	STATE_OPERATIONAL,
	STATE_RISK_ADJUSTED, STATE_VENDOR, STATE_COUNT
};
enum control_word {
	CONTROL_PASS, CONTROL_FAIL, CONTROL_STALE, CONTROL_NONE, CONTROL_MANUAL, CONTROL_NA,
	CONTROL_EXCEPTED,
	CONTROL_COUNT
};
enum answer { ANSWER_PASS, ANSWER_FAIL, ANSWER_PARTIAL, ANSWER_NA, ANSWER_COUNT };
enum alert_state { ALERT_OPEN, ALERT_ACKNOWLEDGED, ALERT_CONTAINED, ALERT_CLOSED,
ALERT_STATE_COUNT };
enum role { ROLE_LEAD, ROLE_AUDITOR, ROLE_ENGINEER, ROLE_VIEWER };
const char *state_word(enum finding_state s);     /* "open", "false-positive" */
const char *control_word(enum control_word w);    /* "pass", "n/a"            */
const char *answer_word(enum answer a);           /* "partial"                */
/* What a control rests on, by the newest of each, 0: none. "data", "answer", "both", "none" */
const char *evidence_word(int64_t data, int64_t answer);
const char *alert_state_word(enum alert_state s); /* "acknowledged"           */
#define DUE_NONE INT64_MAX

#endif
