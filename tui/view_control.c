/* SPDX-License-Identifier: MIT */
/* view_control.c - one control: its word and why, what it is judged by, and what makes it fail. */
#include "tui/acts.h"

static bool find(struct store *st, const struct question *q, struct arena *mem, void *answer,
                 struct err *e)
{
	return store_control(st, q->scope.key[0], mem, answer, e);
}

static void sheet_answer(const struct control_detail *d, struct sheet *s)
{
	char at[16];

	if (!d->answered)
		return;
	print_age(d->answered_at, s->now, at);
	sheet_field(s, "Answer", "%s by %s %s ago%s%s", answer_word(d->answer), d->answer_by, at,
	            str_empty(d->answer_note) ? "" : ": ",
	            text_or(d->answer_note, ""));
}

static void sheet_log(const struct control_detail *d, struct sheet *s)
{
	if (d->nnote > 0)
		sheet_notes(s, d->note, d->nnote < 2 ? d->nnote : 2);
	if (d->nhistory > 0)
		sheet_history(s, d->history, d->nhistory < 3 ? d->nhistory : 3);
}

void sheet_control(struct sheet *s, const struct control_detail *d)
{
	struct buf of = BUF_INIT, fresh = BUF_INIT;
	char span[16];

	sheet_text(s, ROLE_head, d->title);
	if (!s->terse || str_empty(d->title))
		sheet_text(s, ROLE_text, d->text);
	sheet_role(s, control_role(d->word), "Is", "%s  %s", control_short(d->word),
	           text_or(d->why, ""));
	if (d->newest > 0) {
		print_age(d->newest, s->now, span);
		buf_addf(&fresh, "   newest %s old", span);
		time_print_span(d->window, span);
		if (d->window > 0)
			buf_addf(&fresh, ", good for %s", span);
	}
	if (d->applicable > 0)
		buf_addf(&of, "   evidence on %lld of %lld assets", (long long)d->covered,
		         (long long)d->applicable);
	sheet_field(s, "Tested", "%d of %d classes%s%s", d->tested, d->classes, of.s, fresh.s);
	buf_release(&of);
	buf_release(&fresh);
	sheet_answer(d, s);
	sheet_controls(s, "Also", d->also, d->nalso, false);
	if (!str_empty(d->owner))
		sheet_field(s, "Owner", "%s", d->owner);
	sheet_log(d, s);
}

static void sheet(const struct view *v, struct sheet *s)
{
	sheet_control(s, v->answer);
}

static void tell(const struct view *v, struct buf *right)
{
	const struct control_detail *d = v->answer;

	buf_addf(right, "%s", control_short(d->word));
	if (d->failing > 0)
		buf_addf(right, "  %lld failing", (long long)d->failing);
	if (d->excepted > 0)
		buf_addf(right, "  %lld excepted", (long long)d->excepted);
}

static bool take_answer(struct view *v, size_t i, struct err *e)
{
	const struct control_detail *d = v->answer;
	bool data_pass = d && d->word == CONTROL_PASS, data_fail = d && d->word == CONTROL_FAIL;
	enum answer a = (enum answer)i;

	(void)e;
	act_answer(v, a, &v->scope, (data_pass && a != ANSWER_PASS) ||
	           (data_fail && a != ANSWER_FAIL));
	return true;
}

/*
 * What a piece of evidence was made from: a source's scans, the results of one check, the alerts of
 * one rule, the images that were signed. Its key holds what kind it is and the ids of these.
 */
static bool open_evidence(struct view *v, struct err *e)
{
	static const struct { const char *kind,
		*view; enum scope_kind scope; int key; } behind[] = {
		{ "scan", "scans", SCOPE_SOURCE, 1 },
		{ "check", "checks", SCOPE_PROBLEM, 2 },
		{ "alert", "alerts", SCOPE_PROBLEM, 1 },
		{ "signature", "images", SCOPE_ALL, 1 },
	};
	const struct table *t = view_table_const(v);
	const struct row *r = table_row(t);
	const struct value *kind = table_value(t, "kind"), *what = table_value(t, "what");

	for (size_t i = 0; r && kind && i < LENGTH(behind); i++) {
		struct view_arg arg = { .label = what ? what->u.s : NULL };

		if (!str_eq(kind->u.s, behind[i].kind))
			continue;
		arg.scope = (struct scope){ behind[i].scope, { r->key[behind[i].key] } };
		return view_push(v->app, view_find(behind[i].view), &arg, e);
	}
	app_say(v->app, "a person's answer: it is written above");
	return true;
}

static struct scope subject(const struct view *v)
{
	return v->scope;
}

static enum view_result act(struct view *v, enum action a, struct err *e)
{
	static const struct choice answers[] = {
		{ "pass", "a person judged it met", 'p' },
		{ "fail", "a person judged it not met", 'f' },
		{ "partial", "met in part", 'm' }, { "n/a", "does not apply here", 'a' },
	};

	if (a == ACT_ENTER && v->focus == 0 && table_row(&v->pane[0])) {
		if (!open_evidence(v, e))
			app_fault(v->app, e);
		return VIEW_DONE;
	}
	if (a == ACT_STATE && app_may(v->app, "answer")) {
		app_choose(v->app, "Answer this control", answers, LENGTH(answers), 0, take_answer);
		return VIEW_DONE;
	}
	return act_on_control(v, a, &v->scope, e);
}

static const struct table_column evidence_columns[] = {
	{ "kind",      "EVIDENCE", 9, 0, false },
	{ "source",    "BY",    10, 1, false },
	{ "what",      "what it shows", 24, 0, true },
	{ "says",      "SAYS",   6, 0, false },
	{ "count",     "COUNT",  6, 1, false },
	{ "failing",   "FAILS",  5, 1, false },
	{ "at",        "AGE",    5, 0, false },
	{ "sha256",    "SHA-256", 12, 3, false },
};
static const struct table_column failing_columns[] = {
	{ "severity",  "S",        1, 0, false },
	{ "asset.name", "FAILING", 24, 0, true },
	{ "advisory",  "FINDING", 16, 0, false },
	{ "package.name", "PACKAGE", 14, 3, false },
	{ "fixed_in",  "FIXED IN", 14, 4, false },
	{ "state",     "IS",       5, 2, false },
	{ "owner",     "OWNER",    7, 1, false },
	{ "due",       "DUE",      6, 0, false },
};

/* What people did to it, and to the items of the checklist that bear on it. */
static const struct table_column log_columns[] = {
	{ "at",        "LOG",     6, 0, false },
	{ "actor",     "WHO",    10, 1, false },
	{ "act",       "DID",     9, 0, false },
	{ "what",      "TO",     14, 2, false },
	{ "is",        "WHAT",   30, 0, true },
	{ "seq",       "#",       7, 3, false },
};

static const struct table_view panes[] = {
	{
		.list = LIST_evidence,
		.by_view = true,
		.column = evidence_columns,
		.ncolumn = LENGTH(evidence_columns),
		.empty = "no evidence: that is not a pass",
	}, {
		.list = LIST_findings,
		.column = failing_columns,
		.ncolumn = LENGTH(failing_columns),
		.enter = "finding",
		.opens = SCOPE_FINDING,
		.label = "advisory",
		.empty = "no finding makes it fail",
	}, {
		.list = LIST_audit,
		.column = log_columns,
		.ncolumn = LENGTH(log_columns),
		.empty = "nobody did anything to it yet",
	},
};

static const struct hint hints[] = {
	{ ACT_ENTER, "open" }, { ACT_PANE, "pane" }, { ACT_NEXT_ITEM, "next" },
	{ ACT_STATE, "answer" }, { ACT_CROSSWALK, "crosswalk" }, { ACT_EVIDENCE, "evidence" },
	{ ACT_NOTE, "note" }, { ACT_OWNER, "owner" }, { ACT_ZOOM, "full" },
};

const struct view_ops view_control = {
	.name = "control",
	.title = "Control",
	.pane = panes,
	.npane = LENGTH(panes),
	.answer_size = sizeof(struct control_detail),
	.hint = hints,
	.nhint = LENGTH(hints),
	.needs = SCOPE_CONTROL,
	.find = find,
	.sheet = sheet,
	.head = 11,
	.tell = tell,
	.act = act,
	.subject = subject,
};
