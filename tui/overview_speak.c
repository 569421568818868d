/* SPDX-License-Identifier: MIT */
/* overview_speak.c - the overview in sentences: every figure behind the word it belongs to. */
#include <inttypes.h>

#include "importers/importer.h"
#include "tui/overview.h"

/* A row of POSTURE: a framework, or below them the checklist. */
static void speak_posture(const struct status *s, size_t i, struct buf *b)
{
	bool framework = i < s->nframework;

	buf_addf(b, "%s:", framework ? s->framework[i].title : "Checklist");
	if (!framework) {
		buf_addf(b, " %" PRId64 " pass, %" PRId64 " fail, %" PRId64 " partial, %" PRId64
		         " n/a, %" PRId64 " not answered", s->answered[ANSWER_PASS],
		         s->answered[ANSWER_FAIL], s->answered[ANSWER_PARTIAL],
		         s->answered[ANSWER_NA], s->unanswered);
		return;
	}
	for (size_t cell = 1; cell < overview_cells(BLOCK_POSTURE); cell++)
		buf_addf(b, "%s %" PRId64 " %s", cell > 1 ? "," : "",
		         s->framework[i].posture.n[overview_word(cell)],
		         control_word(overview_word(cell)));
}

static void speak_due(const struct status *s, size_t i, struct buf *b)
{
	buf_addf(b, "%s due: %" PRId64 " late, %" PRId64 " within 24h, %" PRId64
	         " within 7d, %" PRId64 " open", overview_due_word(i), s->late[i], s->day[i],
	         s->week[i], overview_due_open(s, i));
}

static void speak_findings(const struct status *s, size_t i, struct buf *b)
{
	bool kev = i == SEVERITIES;

	buf_addf(b, "open %s: %" PRId64 ", in 7d %" PRId64 " came in and %" PRId64
	         " went out for any reason, %" PRId64 " 7d ago",
	         kev ? "known exploited" : severity_word((enum severity)i),
	         kev ? s->kev : s->open[i], kev ? s->kev_in7 : s->in7[i],
	         kev ? s->kev_out7 : s->out7[i], kev ? s->kev_ago7 : s->ago7[i]);
}

static void speak_estate(const struct status *s, size_t i, struct buf *b)
{
	const struct overview_estate e = overview_estate(s, i);

	buf_addf(b, "%s: %" PRId64, e.label, e.n);
	if (e.of >= 0)
		buf_addf(b, ", %" PRId64, e.of);
	buf_addf(b, " %s", e.unit);
}

static void speak_now(const struct status *s, size_t i, struct buf *b)
{
	const struct status_now *n = &s->now[i];
	char span[16];

	time_print_span(n->left < 0 ? -n->left : n->left, span);
	buf_addf(b, "%s: %s, %s%s, %s %s, owner %s", n->what, n->text,
	         str_eq(n->what, "accept") ? "" : "in ", n->where,
	         n->left < 0 ? "late by" : "left", span, str_empty(n->owner) ? "none" : n->owner);
}

static void speak_source(const struct view *v, size_t i, struct buf *b)
{
	const struct status_source *s = &((const struct status *)v->answer)->source[i];
	char age[16];

	print_age(s->at, app_now(v->app), age);
	buf_addf(b, "%s: last %s ago%s", s->name, age, s->fresh ? "" : ", too old");
	if (s->db_built) {
		print_age(s->db_built, app_now(v->app), age);
		buf_addf(b, ", its database %s old", age);
	}
	if (s->skipped > 0)
		buf_addf(b, ", %" PRId64 " records not understood", s->skipped);
}

static void speak_owner(const struct view *v, size_t i, struct buf *b)
{
	const struct overview_owner *w = &((const struct overview *)v->state)->owner[i];

	buf_addf(b, "%s: open %" PRId64 " critical, %" PRId64 " high, %" PRId64 " late of all",
	         w->name, w->critical, w->high, w->late);
	if (w->days >= 0)
		buf_addf(b, ", what went in 90 days had been open %" PRId64 " days", w->days);
}

static void speak_row(const struct view *v, enum block block, size_t i, struct buf *b)
{
	const struct status *s = v->answer;

	switch (block) {
	case BLOCK_NOW: speak_now(s, i, b); break;
	case BLOCK_POSTURE: speak_posture(s, i, b); break;
	case BLOCK_DUE: speak_due(s, i, b); break;
	case BLOCK_FINDINGS: speak_findings(s, i, b); break;
	case BLOCK_SOURCES: speak_source(v, i, b); break;
	case BLOCK_OWNERS: speak_owner(v, i, b); break;
	default: speak_estate(s, i, b); break;
	}
	buf_addc(b, '\n');
}

void overview_speak(const struct view *v, struct buf *out)
{
	static const char *const title[BLOCK_COUNT] = {
		[BLOCK_NOW] = "Now, least time first", [BLOCK_POSTURE] = "Posture",
		[BLOCK_DUE] = "Due", [BLOCK_FINDINGS] = "Open findings", [BLOCK_ESTATE] = "Estate",
		[BLOCK_SOURCES] = "Sources", [BLOCK_OWNERS] = "Owners",
	};
	const struct status *s = v->answer;
	const struct overview *o = v->state;

	if (s->newest == 0) {
		buf_adds(out, "nothing imported yet; :import FILE brings in a report\n");
		return;
	}
	buf_addf(out, "selected in %s, row %zu", title[o->block], o->at[o->block] + 1);
	if (overview_cell(v) > 0)
		buf_addf(out, ", count %zu", overview_cell(v));
	buf_adds(out, ": ");
	speak_row(v, o->block, o->at[o->block], out);
	for (int b = 0; b < BLOCK_COUNT; b++) {
		buf_addf(out, "%s\n", title[b]);
		for (size_t i = 0; i < overview_rows(v, (enum block)b); i++)
			speak_row(v, (enum block)b, i, out);
	}
}
