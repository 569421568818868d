/* SPDX-License-Identifier: MIT */
/* words.c - `i`: what each column and each short word on this screen means. */
#include <stdlib.h>

#include "tui/app_state.h"

enum { WORDS_MAX = 240 };

/* A short word as screens show it; `type` says in which columns, `column` in which one. */
static const struct word {
	enum value_type type;
	const char *column, *word, *meaning;
} words[] = {
	{ VAL_SEVERITY, NULL, "C H M L", "critical, high, medium, low: the worst a tool says" },
	{ VAL_SEVERITY, NULL, "N ?", "negligible; ? the tool does not know" },
	{ VAL_STATE, NULL, "open", "it is there, and nobody decided otherwise" },
	{ VAL_STATE, NULL, "res", "resolved: no tool sees it any more" },
	{ VAL_STATE, NULL, "acc", "risk accepted, with an end date" },
	{ VAL_STATE, NULL, "fp", "false positive: it is not there" },
	{ VAL_STATE, NULL, "na", "not affected: it is there, and does no harm here" },
	{ VAL_STATE, NULL, "oper", "operational requirement: it must stay, and is listed" },
	{ VAL_STATE, NULL, "adj", "risk adjusted: open, with another severity" },
	{ VAL_STATE, NULL, "vend", "waits for the vendor, with a date to ask again" },
	{ VAL_CONTROL, NULL, "PASS", "evidence passes, and is fresh" },
	{ VAL_CONTROL, NULL, "FAIL", "an open finding, or a person's answer, fails it" },
	{ VAL_CONTROL, NULL, "STAL", "it passed, but its evidence is older than its window" },
	{ VAL_CONTROL, NULL, "NONE", "no evidence: this is not a pass" },
	{ VAL_CONTROL, NULL, "MANL", "a person must judge it, and has not" },
	{ VAL_CONTROL, NULL, "EXC", "it would fail but for exceptions" },
	{ VAL_CONTROL, NULL, "N/A", "a person said that it does not apply" },
	{ VAL_VERDICT, NULL, "pass fail", "what the tool found when it checked" },
	{ VAL_VERDICT, NULL, "info skip", "said by the tool, or not checked: counts for nothing" },
	{ VAL_VERDICT, NULL, "manual", "a check that only a person can decide" },
	{ VAL_VERDICT, NULL, "warn", "neither passes nor fails a control" },
	{ VAL_PRIORITY, NULL, "emer aler crit", "emergency, alert, critical: the shortest clocks" },
	{ VAL_PRIORITY, NULL, "err warn", "error, warning" },
	{ VAL_PRIORITY, NULL, "note info debu", "notice, information, debug: the longest clocks" },
	{ VAL_ALERT_STATE, NULL, "acknowledged", "somebody looks at it; then contained, closed" },
	{ VAL_ANSWER, NULL, "partial", "a person's answer: in part; counts as fail" },
	{ VAL_ANSWER, NULL, "n/a", "a person's answer: it does not apply here" },
	{ VAL_DUE, NULL, "-3d", "late by three days" },
	{ VAL_DUE, NULL, "19h", "that long left; - when nothing is due" },
	{ VAL_TIME, NULL, "4h", "so long ago; none: never" },
	{ VAL_LIST, "sources", "TG", "first letters of the tools that see it: Trivy, Grype" },
	{ VAL_FLAG, "kev", "KEV", "in CISA's list of vulnerabilities known to be exploited" },
	{ VAL_EPSS, "cis", "82%", "- when no benchmark was run there" },
	{ VAL_EPSS, "epss", "85%", "chance that it is exploited within 30 days (EPSS)" },
	{ VAL_SCORE, NULL, "9.8", "CVSS base score, 0 to 10" },
	{ VAL_FAILS, NULL, "-", "no report of that tool on the image was imported" },
	{ VAL_TEXT, "signed", "ok", "verified; whether who signed is trusted, the gate says" },
	{ VAL_TEXT, "signed", "none", "no signature is known" },
	{ VAL_TEXT, "signed", "bad", "a signature that does not hold" },
	{ VAL_TEXT, "signed", "key?", "signed by a key that no policy names" },
	{ VAL_TEXT, "signed", "present", "nobody verified it; who signed is only claimed" },
	{ VAL_TEXT, "admission", "denied", "admission refused it; allowed, warned: it did not" },
	{ VAL_TEXT, "admission", "audited", "seen in what ran already; nobody was refused" },
	{ VAL_TEXT, "action", "denied", "admission refused it; audited: nobody was refused" },
	{ VAL_TEXT, "gate", "refused", "the gate of the policy does not let it through" },
	{ VAL_TEXT, "exposed", "exposed?", "no services are known there: counts as exposed" },
	{ VAL_TEXT, "clock.next", "ack", "the response's next step: ack, contain, close, report" },
};

/* Said of the clusters' lower half. */
static const struct choice of_matrix[] = {
	{ "RULE", "a check that fails in a cluster at least", 0 },
	{ "FAILS", "results of it that fail, in the clusters that speak", 0 },
	{ "manual warn", "a person must judge it; neither pass nor fail", 0 },
	{ "F P m w", "fail, pass, manual (a person must judge), warn: the worst there", 0 },
	{ "-", "no data: not checked there, or the cluster is silent; never a pass", 0 },
};

/* Said of what stands beside the lists of alerts and of checklist items. */
static const struct choice of_alerts[] = {
	{ "RESPONSE", "times within which an alert of that priority must be acted on", 0 },
	{ "ack contain close", "the steps: somebody looks; it does no more harm; it is over", 0 },
	{ "30d", "steps that were taken or due in 30 days", 0 },
	{ "in time", "share of those that were taken in time", 0 },
	{ "median", "half of them were taken within this", 0 },
	{ "NOISE in 30d; x mutes the rule", "rules by how often they spoke", 0 },
	{ "events alerts", "how often the rule spoke, and how many alerts that made", 0 },
};
static const struct choice of_alert[] = {
	{ "Target", "the steps, and when each must be done; what is late stands first", 0 },
	{ "acknowledge contain close", "somebody looks; it does no more harm; it is over", 0 },
	{ "Near", "what else happened there, within 45 minutes before and after", 0 },
	{ "Before", "alerts of its rule in the 90 days before; here: of its workload", 0 },
};
static const struct choice of_items[] = {
	{ "AREA", "a part of the checklist", 0 },
	{ "pass fail part", "items of it answered so; part: partial, counts as fail", 0 },
	{ "n/a open", "items that do not apply; items that nobody answered", 0 },
	{ "QUESTION", "what is asked of whoever assesses", 0 },
	{ "ANSWER", "the newest one: P pass, F fail, M partial, A does not apply", 0 },
};

/* Said of the counts above the previews of controls and problems. */
static const struct choice of_totals[] = {
	{ "SECTION", "a part of the framework; below it how many of its controls stand so", 0 },
};
static const struct choice of_facets[] = {
	{ "BY SEVERITY", "the problems listed here, by the worst a tool says of them", 0 },
	{ "BY TOOL", "by the tools that see them: TG is trivy and grype together", 0 },
	{ "BY OWNER", "by who takes care of them; none: nobody does", 0 },
	{ "BY FIX", "yes: a version with the fix is known", 0 },
};

/* Said of the overview, which has blocks in place of columns. */
static const struct choice of_overview[] = {
	{ "POSTURE", "how each framework stands: its controls by their result", 0 },
	{ "pass fail", "controls that evidence passes, or that an open finding fails", 0 },
	{ "manual manl", "controls that a person must judge, and has not", 0 },
	{ "stale", "controls that passed, on evidence that is too old by now", 0 },
	{ "DUE", "what must be done by when", 0 },
	{ "late <24h <7d open", "its time has passed; ends in 24 hours; in 7 days; in all", 0 },
	{ "OPEN FINDINGS", "of each severity: how many, and which way that moves", 0 },
	{ "now", "open at this time", 0 },
	{ "7d ago", "open seven days ago; Enter lists them as of then", 0 },
	{ "weeks, oldest first", "open at the end of each of the last weeks", 0 },
	{ "ESTATE", "what there is, and what is wrong with it", 0 },
	{ "unsigned denied", "images without a good signature; requests that admission denied", 0 },
	{ "KEV", "in CISA's list of vulnerabilities known to be exploited", 0 },
	{ "SOURCES", "the tools: when they last spoke, and whether it was understood", 0 },
	{ "last", "age of the newest report of the tool", 0 },
	{ "state", "of that report: ok, OLD, partial, or how many records were skipped", 0 },
	{ "OWNER", "who has how much open; none: nobody's", 0 },
	{ "crit high", "open critical and high findings of an owner; late counts all", 0 },
	{ "NOW", "what waits for a person, least time first", 0 },
	{ "what where owner", "of a row of NOW: of what kind, in which thing, and whose", 0 },
	{ "next", "what a person does about it", 0 },
	{ "met", "controls that pass, of those that apply; NONE and MANL count against it", 0 },
	{ "7d 30d", "points of met more or less than 7 and 30 days ago", 0 },
	{ "test", "controls that some evidence could test", 0 },
	{ "in", "came in 7 days: found, back, its image in use", 0 },
	{ "out", "went in 7 days: fixed, decided, image retired", 0 },
	{ "change", "open now against 7 days ago", 0 },
	{ "refused", "images that run and that the gate, or admission, refuses", 0 },
	{ "MTTR", "days that what an owner mended in 90 days had been open, on average", 0 },
	{ "its DB", "age of the database that the newest scan looked into", 0 },
	{ "OLD", "a source whose newest report is older than its window", 0 },
	{ "skip", "records of its newest file that were not understood; Enter lists them", 0 },
	{ "left", "time until it is due; -2d: late by two days; -00:12: by 12 minutes", 0 },
	{ "none", "an owner none: it is nobody's", 0 },
};

/* Said of any screen: the words of line 2 and of sheets. */
static const struct choice everywhere[] = {
	{ "problem", "one vulnerability in one package, or one rule, wherever it is found", 0 },
	{ "finding", "a problem in one place: one image, host, cluster or workload", 0 },
	{ "stale", "evidence older than the policy's window for it", 0 },
	{ "silent", "a cluster or a source that sent nothing for longer than its window", 0 },
	{ "late", "past its due time under the policy in force", 0 },
	{ "running", "in the newest inventory of a cluster or a host", 0 },
	{ "still-open", "in filters: also what waits for its vendor, or has another severity", 0 },
	{ "retired", "an image that neither runs nor holds a name: kept, not counted", 0 },
	{ "unpinned", "an image known by name only, not by digest", 0 },
	{ "partial", "a scan that did not show everything: it closes nothing", 0 },
	{ "*", "a marked row; acts then work on all that are marked", 0 },
};

static bool of_column(const struct word *w, const struct column *c)
{
	return w->column ? str_eq(w->column, c->name) : w->type == c->type;
}

/* A word is said once, though several columns use it. */
static size_t add_words(const struct column *c, bool said[LENGTH(words)], struct choice *out,
                        struct arena *mem)
{
	size_t n = 0;

	for (size_t i = 0; i < LENGTH(words); i++) {
		if (said[i] || !of_column(&words[i], c))
			continue;
		said[i] = true;
		out[n++] = (struct choice){ arena_printf(mem, "  %s", words[i].word),
			                    words[i].meaning, 0 };
	}
	return n;
}

static const struct column *column_of(const struct table *t, const char *name)
{
	const struct list_info *li = store_list(t->lv->list);

	for (size_t i = 0; i < li->ncol; i++)
		if (str_eq(li->col[i].name, name))
			return &li->col[i];
	return NULL;
}

/* Two lists may have a column of the same head and meaning. */
static bool is_said(const struct choice *out, size_t n, const struct choice *c)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(out[i].text, c->text) && str_eq(out[i].more, c->more))
			return true;
	return false;
}

/* Behind the n there are; how many there are then. */
static size_t add_columns(const struct table *t, bool said[LENGTH(words)], size_t n,
                          struct choice *out, struct arena *mem)
{
	for (size_t i = 0; i < t->lv->ncolumn && n + LENGTH(words) < WORDS_MAX; i++) {
		const struct table_column *want = &t->lv->column[i];
		const struct column *c = column_of(t, want->name);

		if (!c || t->hidden[i])
			continue;
		out[n] = (struct choice){ want->head ? want->head : c->head,
			                  arena_printf(mem, "%s In filters: %s", c->help,
			                               c->brief ? c->brief : c->name), 0 };
		if (!is_said(out, n, &out[n]))
			n++;
		n += add_words(c, said, out + n, mem);
	}
	return n;
}

/* The pane that the keys act on comes first. */
static size_t add_panes(const struct view *v, struct choice *out, struct arena *mem)
{
	bool said[LENGTH(words)] = { false };
	const struct table *first = view_table_const(v);
	size_t n = first ? add_columns(first, said, 0, out, mem) : 0;

	for (size_t i = 0; i < v->ops->npane; i++)
		if (&v->pane[i] != first)
			n = add_columns(&v->pane[i], said, n, out, mem);
	return n;
}

static size_t add_all(const struct choice *from, size_t many, size_t n, struct choice *out)
{
	for (size_t i = 0; i < many; i++)
		out[n++] = from[i];
	return n;
}

static bool take_word(struct view *v, size_t i, struct err *e)
{
	(void)v;
	(void)i;
	(void)e;
	return true;
}

void words_choose(struct app *a)
{
	static const struct {
		const struct view_ops *view;
		const struct choice   *choice;
		size_t                 n;
	} more[] = {
		{ &view_overview, of_overview, LENGTH(of_overview) },
		{ &view_clusters, of_matrix, LENGTH(of_matrix) },
		{ &view_alerts, of_alerts, LENGTH(of_alerts) },
		{ &view_alerts, of_alert, LENGTH(of_alert) },
		{ &view_alert, of_alert, LENGTH(of_alert) },
		{ &view_controls, of_totals, LENGTH(of_totals) },
		{ &view_findings, of_facets, LENGTH(of_facets) },
		{ &view_item, of_items, LENGTH(of_items) },
	};
	struct choice c[WORDS_MAX + LENGTH(of_overview) + LENGTH(everywhere)];
	const struct view *top = app_top(a);
	struct arena mem = ARENA_INIT;
	size_t n = top ? add_panes(top, c, &mem) : 0;

	for (size_t i = 0; top && i < LENGTH(more); i++)
		if (top->ops == more[i].view)
			n = add_all(more[i].choice, more[i].n, n, c);
	n = add_all(everywhere, LENGTH(everywhere), n, c);
	app_choose(a, "What the words here mean", c, n, 0, take_word);
	arena_release(&mem);
}
