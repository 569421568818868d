/* SPDX-License-Identifier: MIT */
/* words.c - `i`: what each column and each short word on this screen means. */
#include <stdlib.h>

#include "tui/app_state.h"

enum { WORDS_MAX = 160 };

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
	{ VAL_VERDICT, NULL, "manual", "a check that only a person can decide" },
	{ VAL_VERDICT, NULL, "warn", "neither passes nor fails a control" },
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
	{ VAL_TEXT, "exposed", "exposed?", "no services are known there: counts as exposed" },
	{ VAL_TEXT, "clock.next", "ack", "the response's next step: ack, contain, close, report" },
};

/* Said of the overview, which has blocks in place of columns. */
static const struct choice of_overview[] = {
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

static size_t add_columns(const struct table *t, struct choice *out, struct arena *mem)
{
	bool said[LENGTH(words)] = { false };
	size_t n = 0;

	for (size_t i = 0; i < t->lv->ncolumn && n + LENGTH(words) < WORDS_MAX; i++) {
		const struct table_column *want = &t->lv->column[i];
		const struct column *c = column_of(t, want->name);

		if (!c || t->hidden[i])
			continue;
		out[n++] = (struct choice){ want->head ? want->head : c->head,
			                    arena_printf(mem, "%s In filters: %s", c->help,
			                                 c->brief ? c->brief : c->name), 0 };
		n += add_words(c, said, out + n, mem);
	}
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
	struct choice c[WORDS_MAX + LENGTH(of_overview) + LENGTH(everywhere)];
	const struct view *top = app_top(a);
	const struct table *t = top ? view_table_const(top) : NULL;
	struct arena mem = ARENA_INIT;
	size_t n = t ? add_columns(t, c, &mem) : 0;

	for (size_t i = 0; top && top->ops == &view_overview && i < LENGTH(of_overview); i++)
		c[n++] = of_overview[i];
	for (size_t i = 0; i < LENGTH(everywhere); i++)
		c[n++] = everywhere[i];
	app_choose(a, "What the words here mean", c, n, 0, take_word);
	arena_release(&mem);
}
