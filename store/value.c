/* SPDX-License-Identifier: MIT */
/* value.c - a value of a list as plain text. */
#include "store/store.h"

static void print_number(const struct value *v, struct buf *out)
{
	if (v->type == VAL_EPSS && v->u.i >= 0)
		buf_addf(out, "%lld%%", (long long)((v->u.i + 50) / 100));
	else if (v->type == VAL_SCORE && v->u.i >= 0)
		buf_addf(out, "%lld.%lld", (long long)(v->u.i / 10), (long long)(v->u.i % 10));
	else if (v->u.i >= 0 || v->type == VAL_INT)
		buf_addf(out, "%lld", (long long)v->u.i);
}

static void print_time(int64_t t, int64_t none, struct buf *out)
{
	char text[21];

	if (t == none)
		return;
	time_print(t, text);
	buf_adds(out, text);
}

void value_print(const struct value *v, struct buf *out)
{
	switch (v->type) {
	case VAL_NULL:
		break;
	case VAL_TEXT:
	case VAL_LIST:
		buf_adds(out, v->u.s ? v->u.s : "");
		break;
	case VAL_TIME:
		print_time(v->u.i, 0, out);
		break;
	case VAL_DUE:
		print_time(v->u.i, DUE_NONE, out);
		break;
	case VAL_SEVERITY:
		buf_adds(out, severity_word((enum severity)v->u.i));
		break;
	case VAL_VERDICT:
		buf_adds(out, verdict_word((enum verdict)v->u.i));
		break;
	case VAL_STATE:
		buf_adds(out, state_word((enum finding_state)v->u.i));
		break;
	case VAL_CONTROL:
		buf_adds(out, control_word((enum control_word)v->u.i));
		break;
	case VAL_PRIORITY:
		buf_adds(out, priority_word((enum priority)v->u.i));
		break;
	case VAL_ALERT_STATE:
		buf_adds(out, alert_state_word((enum alert_state)v->u.i));
		break;
	case VAL_ANSWER:
		buf_adds(out, answer_word((enum answer)v->u.i));
		break;
	case VAL_FLAG:
		buf_adds(out, v->u.i ? "yes" : "no");
		break;
	case VAL_INT:
	case VAL_EPSS:
	case VAL_SCORE:
	case VAL_FAILS:
		print_number(v, out);
		break;
	}
}
