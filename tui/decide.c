/* SPDX-License-Identifier: MIT */
/*
 * decide.c - decisions on findings: what kind, why, until when, how far; then one question that
 * names what would be touched, then the act.
 */
#include <stdio.h>
#include <stdlib.h>

#include "tui/acts.h"
#include "tui/app_state.h"

enum { REASON_MAX = 400, WHO_MAX = 64, NAMES_MAX = 6, NAME_MAX_BYTES = 96, DAY = 86400 };

/* What is being decided; kept in the app's scratch from one step to the next. */
struct decision {
	struct scope       what;
	bool               marked;
	enum finding_state kind;
	enum except_reach  reach;
	enum severity      severity;
	int                justification; /* index of `justifications`; -1: none */
	int64_t            until;         /* 0: no end */
	char               reason[REASON_MAX + 1], approver[WHO_MAX + 1];
};

/* The decision, what it is made on, and what a trial found that it would hold. */
struct verdict_order {
	struct decision d;
	bool            trial;
	size_t          nnamed;
	int64_t         findings;
	char            name[NAMES_MAX][NAME_MAX_BYTES];
	size_t          n;
	struct scope    what[];
};

/* The words of VEX for why something does no harm. */
static const struct choice justifications[] = {
	{ "code not present", "the vulnerable code is not in it", 'p' },
	{ "component not present", "the package is not in it after all", 'c' },
	{ "not in the execute path", "the code is there, and never runs", 'x' },
	{ "not controllable", "nobody from outside can reach it with input", 'r' },
	{ "mitigations exist", "something in place stops the attack", 'm' },
};
static const char *const vex_word[] = {
	"vulnerable_code_not_present", "component_not_present",
	"vulnerable_code_not_in_execute_path",
	"vulnerable_code_cannot_be_controlled_by_adversary", "inline_mitigations_already_exist",
};

static struct decision *decision_of(struct view *v)
{
	return app_scratch(v->app, sizeof(struct decision));
}

/* ---- the job: a trial first, then the act ---- */

static void add_name(void *ctx, const struct except_held *h)
{
	struct verdict_order *o = ctx;

	if (o->nnamed < NAMES_MAX)
		(void)snprintf(o->name[o->nnamed++], NAME_MAX_BYTES, "%s  %s %s  in %s",
		               h->advisory, h->package, h->version ? h->version : "",
		               short_name(h->asset));
}

static struct exception exception_of(const struct decision *d)
{
	return (struct exception){
		.kind = d->kind,
		.reach = d->reach,
		.severity = d->severity,
		.check_in = d->kind == STATE_VENDOR ? d->until : 0,
		.reason = d->reason,
		.justification = d->justification >= 0 ? vex_word[d->justification] : NULL,
		.approver = d->approver[0] != '\0' ? d->approver : NULL,
		.until = d->until,
	};
}

static bool run(struct store *st, void *arg, struct buf *say, struct err *e)
{
	struct verdict_order *o = arg;
	const struct exception x = exception_of(&o->d);
	struct except_answer a = { .each = o->trial ? add_name : NULL, .ctx = o };

	o->nnamed = 0;
	if (!store_except(st, &x, o->what, o->n, o->trial, &a, e))
		return false;
	o->findings = a.findings;
	if (o->trial)
		return true;
	buf_addf(say, "%s: ", state_word(o->d.kind));
	print_many(a.findings, "finding", say);
	return true;
}

static void add_terms(const struct decision *d, struct buf *b)
{
	char until[11] = "no end";

	if (d->until > 0)
		time_print_date(d->until - 1, until);
	buf_addf(b, "%s, %s, %s%s", state_word(d->kind),
	         d->reach == REACH_EVERYWHERE ? "everywhere" :
	         d->reach == REACH_REPOSITORY ? "its repository" : "there only",
	         d->until > 0 ? "until " : "", until);
	if (d->kind == STATE_RISK_ADJUSTED)
		buf_addf(b, ", as %s", severity_word(d->severity));
}

/* The trial is back: say what it would touch, and ask. */
static void tried(struct app *a, void *arg, size_t size)
{
	struct verdict_order *o = arg;
	const char *name[NAMES_MAX];
	struct buf title = BUF_INIT;

	for (size_t i = 0; i < o->nnamed; i++)
		name[i] = o->name[i];
	add_terms(&o->d, &title);
	buf_adds(&title, " - touches ");
	print_many(o->findings, "finding", &title);
	buf_addc(&title, ':');
	o->trial = false;
	app_confirm(a, title.s, name, o->nnamed, (size_t)o->findings - o->nnamed, arg, size, run);
	buf_release(&title);
}

static void send(struct view *v)
{
	const struct decision *d = decision_of(v);
	struct table *t = d->marked ? view_table(v) : NULL;
	size_t n = t ? t->marks.n : 1;
	size_t size = sizeof(struct verdict_order) + array_size(n, sizeof(struct scope));
	struct verdict_order *o = xcalloc(1, size);

	o->d = *d;
	o->trial = true;
	o->n = n;
	for (size_t i = 0; i < n; i++) {
		o->what[i] = d->what;
		if (t)
			memcpy(o->what[i].key, t->marks.mark[i].key, sizeof(d->what.key));
	}
	app_job_then(v->app, o, size, run, tried);
	free(o);
}

/* ---- the steps ---- */

static bool take_reach(struct view *v, size_t i, struct err *e)
{
	(void)e;
	decision_of(v)->reach = (enum except_reach)i;
	send(v);
	return true;
}

static void choose_reach(struct view *v)
{
	static const struct choice reach[] = {
		{ "there only", "this image, host or workload: its digest", 'd' },
		{ "its repository", "every image of it, those that come later too", 'r' },
		{ "everywhere", "wherever the problem is found", 'e' },
	};
	bool problem = decision_of(v)->what.kind == SCOPE_PROBLEM;

	app_choose(v->app, "How far does the decision reach?", reach, LENGTH(reach),
	           problem ? REACH_EVERYWHERE : REACH_DIGEST, take_reach);
}

bool read_until(const char *text, int64_t now, int64_t *out)
{
	char number[8];
	size_t n = strspn(text, "0123456789");
	int64_t count, day;

	*out = 0;
	if (text[0] == '\0')
		return true;
	if (n > 0 && n < sizeof(number) && (text[n] == 'd' || text[n] == 'w') &&
	    text[n + 1] == '\0') {
		memcpy(number, text, n);
		number[n] = '\0';
		if (!str_int64(number, 1, 3650, &count))
			return false;
		*out = (time_day(now) + count * (text[n] == 'w' ? 7 : 1) + 1) * DAY;
		return true;
	}
	if (strlen(text) == 10) {
		char whole[21];

		(void)snprintf(whole, sizeof(whole), "%sT00:00:00Z", text);
		if (time_parse(whole, &day)) {
			*out = day + DAY;
			return *out > now;
		}
	}
	return false;
}

static bool take_until(struct view *v, const char *text, size_t *at, struct err *e)
{
	struct decision *d = decision_of(v);

	*at = 0;
	if (!read_until(text, app_now(v->app), &d->until))
		return err_set(e, ERR_USAGE, "30d, 12w or a date to come such as 2027-01-31");
	if (d->until == 0 && d->kind != STATE_FALSE_POSITIVE && d->kind != STATE_NOT_AFFECTED)
		return err_set(e, ERR_USAGE, "this kind ends some day: 30d, 12w or a date");
	choose_reach(v);
	return true;
}

static bool take_reason(struct view *v, const char *text, size_t *at, struct err *e)
{
	struct decision *d = decision_of(v);
	struct line_ask ask = { .label = "until (30d, 12w, 2027-01-31): ", .text = "30d",
	                        .propose = true, .done = take_until,
	                        .history = HISTORY_NOTE };

	*at = 0;
	if (text[0] == '\0')
		return err_set(e, ERR_USAGE, "a decision says why; Esc leaves");
	if (!str_copy(d->reason, sizeof(d->reason), text))
		return err_set(e, ERR_LIMIT, "at most %d bytes", REASON_MAX);
	if (d->kind == STATE_FALSE_POSITIVE || d->kind == STATE_NOT_AFFECTED) {
		ask.label = "until (30d, a date; empty: no end): ";
		ask.text = "";
	}
	app_prompt(v->app, &ask);
	return true;
}

static void ask_reason(struct view *v)
{
	struct buf label = BUF_INIT;
	struct line_ask ask = { .text = "", .done = take_reason, .history = HISTORY_NOTE };

	buf_addf(&label, "%s: why? ", state_word(decision_of(v)->kind));
	ask.label = label.s;
	app_prompt(v->app, &ask);
	buf_release(&label);
}

static bool take_justification(struct view *v, size_t i, struct err *e)
{
	(void)e;
	decision_of(v)->justification = (int)i;
	ask_reason(v);
	return true;
}

static bool take_severity(struct view *v, size_t i, struct err *e)
{
	(void)e;
	decision_of(v)->severity = (enum severity)i;
	ask_reason(v);
	return true;
}

static void begin_kind(struct view *v, enum finding_state kind)
{
	static const struct choice severities[] = {
		{ "critical", NULL, 'c' }, { "high", NULL, 'h' }, { "medium", NULL, 'm' },
		{ "low", NULL, 'l' },
	};

	decision_of(v)->kind = kind;
	if (kind == STATE_NOT_AFFECTED)
		app_choose(v->app, "Why does it do no harm here?", justifications,
		           LENGTH(justifications), 0, take_justification);
	else if (kind == STATE_RISK_ADJUSTED)
		app_choose(v->app, "What does it count as?", severities, LENGTH(severities), 2,
		           take_severity);
	else
		ask_reason(v);
}

static const struct {
	struct choice      choice;
	enum finding_state kind;
} kinds[] = {
	{ { "accepted", "the risk is taken until a date", 'a' }, STATE_ACCEPTED },
	{ { "false positive", "it is not there", 'f' }, STATE_FALSE_POSITIVE },
	{ { "not affected", "it is there, and does no harm here", 'n' }, STATE_NOT_AFFECTED },
	{ { "operational", "it must stay so, until a date", 'o' }, STATE_OPERATIONAL },
	{ { "risk adjusted", "open, at another severity", 'r' }, STATE_RISK_ADJUSTED },
	{ { "vendor", "waits for the vendor, asked again by a date", 'v' }, STATE_VENDOR },
};

static bool take_kind(struct view *v, size_t i, struct err *e)
{
	(void)e;
	begin_kind(v, kinds[i].kind);
	return true;
}

enum view_result act_decide(struct view *v, enum action a, const struct scope *what)
{
	const struct table *t = view_table_const(v);
	struct choice c[LENGTH(kinds)];

	if (!app_may(v->app, "except"))
		return VIEW_DONE;
	*decision_of(v) = (struct decision){
		.what = *what,
		.marked = t && t->marks.n > 0 && t->lv->opens == what->kind,
		.justification = -1,
	};
	for (size_t i = 0; i < LENGTH(kinds); i++)
		c[i] = kinds[i].choice;
	if (a == ACT_ACCEPT)
		begin_kind(v, STATE_ACCEPTED);
	else
		app_choose(v->app, "Decide: it holds until its date, u takes it back", c,
		           LENGTH(c), 0, take_kind);
	return VIEW_DONE;
}
