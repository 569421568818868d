/* SPDX-License-Identifier: MIT */
/*
 * view_overview.c - how we stand, what is due, which way it moves, and what needs a person now.
 * Every count opens the rows that it counts.
 */
#include <inttypes.h>
#include <stdio.h>

#include "tui/overview.h"

static bool find(struct store *st, const struct question *q, struct arena *mem, void *answer,
                 struct err *e)
{
	(void)q;
	return store_status(st, mem, answer, e);
}

static void taken(struct view *v)
{
	struct overview *o = v->state;

	for (int b = 0; b < BLOCK_COUNT; b++) {
		size_t n = overview_rows(v, (enum block)b);

		if (o->at[b] >= n)
			o->at[b] = n > 0 ? n - 1 : 0;
	}
	if (overview_rows(v, o->block) == 0)
		o->block = BLOCK_POSTURE;
	overview_ask_owners(v);
}

/* ---- moving ---- */

static void next_block(struct view *v, int by)
{
	struct overview *o = v->state;
	struct rect at[BLOCK_COUNT];

	overview_places(v, at);
	for (int i = 0; i < BLOCK_COUNT; i++) {
		o->block = (enum block)(((int)o->block + by + BLOCK_COUNT) % BLOCK_COUNT);
		if (overview_rows(v, o->block) > 0 && at[o->block].h > 1)
			return;
	}
}

/* Sideways over the counts of a row; past its end into the next block. */
static void next_cell(struct view *v, int by)
{
	struct overview *o = v->state;
	size_t cell = overview_cell(v);

	if (by > 0 ? cell + 1 < overview_row_cells(v) : cell > 0)
		o->cell[o->block] = by > 0 ? cell + 1 : cell - 1;
	else
		next_block(v, by);
}

static void move(struct view *v, int64_t by)
{
	struct overview *o = v->state;
	int64_t n = (int64_t)overview_rows(v, o->block);
	int64_t to = (int64_t)o->at[o->block] + by;

	if (to >= n)
		to = n - 1;
	o->at[o->block] = to < 0 ? 0 : (size_t)to;
}

/* ---- opening ---- */

static bool open_list(struct view *v, const char *view, const char *filter, const char *label,
                      struct err *e)
{
	const struct view_arg arg = { .filter = filter, .label = label };

	return view_push(v->app, view_find(view), &arg, e);
}

/* The filter of a row of OPEN FINDINGS. */
const char *overview_severity(size_t row)
{
	static const char *const filter[SEVERITIES + 1] = {
		"sev:critical", "sev:high", "sev:medium", "sev:low", "kev",
	};

	return filter[row];
}

/* Those that were open seven days ago are listed as of that day. */
static bool open_findings(struct view *v, size_t i, size_t cell, struct err *e)
{
	static const char *const label[SEVERITIES + 1] = { "Critical", "High", "Medium", "Low",
	                                                   "Known exploited" };
	char day[11];

	if (cell == 1 || cell == 2) {
		overview_choose_move(v, i, cell == 2);
		return true;
	}
	if (cell == 3) {
		time_print_date(app_now(v->app) - 7 * DAY_S, day);
		past_go(v->app, day);
	}
	if (!open_list(v, "each", overview_severity(i), label[i], e))
		return false;
	if (cell == 3)
		past_visit(v->app);
	return true;
}

/*
 * The rows of one row of DUE, cell by cell: all within a week, late, within a day, within the week.
 * Findings are counted by the day they fall due, the others by the second.
 */
static bool open_due(struct view *v, size_t i, size_t cell, struct err *e)
{
	static const char *const what[STATUS_DUE_COUNT] = {
		"sev:critical ", "sev:high ", "kev ", "", "ended:none ", "ever ",
	};
	static const char *const view[STATUS_DUE_COUNT] = {
		"each", "each", "each", "alerts", "exceptions", "checklist",
	};
	static const char *const by_second[4] = { "due<7d", "late", "!late due<1d",
	                                          "due>=1d due<7d" };
	static const char *const review[4] = { "due<7d", "due<0d", "due>=0d due<1d",
	                                       "due>=1d due<7d" };
	static const char *const label[4] = { "due in 7d", "late", "due in 24h", "due in 7d" };
	static const char *const open[STATUS_DUE_COUNT] = {
		"sev:critical", "sev:high", "kev", NULL, "ended:none", "open",
	};
	char day[3][11], filter[64];

	if (cell == 4)
		return open_list(v, view[i], open[i], "open", e);

	for (int k = 0; k < 3; k++)
		time_print_date(app_now(v->app) + (k < 2 ? k : 7) * 86400, day[k]);
	if (i == STATUS_ALERT || i == STATUS_EXCEPTION || i == STATUS_ANSWER)
		(void)snprintf(filter, sizeof(filter), "%s%s", what[i],
		               i == STATUS_ALERT ? by_second[cell] : review[cell]);
	else if (cell == 0 || cell == 1)
		(void)snprintf(filter, sizeof(filter), "%sdue<%s", what[i], day[cell ? 0 : 2]);
	else
		(void)snprintf(filter, sizeof(filter), "%sdue>=%s due<%s", what[i], day[cell - 2],
		               day[cell - 1]);
	return open_list(v, view[i], filter, label[cell], e);
}

static bool open_estate(struct view *v, size_t i, size_t cell, struct err *e)
{
	const struct status *s = v->answer;
	char old[64], silent[32];
	const struct { const char *view, *filter; } row[ESTATE_ROWS][2] = {
		{ { "images", NULL }, { "images", "running" } },
		{ { "images", "unsigned" }, { "images", "unsigned running" } },
		{ { "images", old }, { "images", old } },
		{ { "clusters", NULL }, { "clusters", silent } },
		{ { "events", "kind:admission action:denied age<24h" },
		  { "events", "kind:admission action:denied age<24h" } },
		{ { "drift", "kind:gate" }, { "drift", "kind:admission" } },
	};

	(void)snprintf(old, sizeof(old), "scan>%" PRId64 "h or scan:none", s->scan_window / 3600);
	(void)snprintf(silent, sizeof(silent), "data>%" PRId64 "h", s->silent_window / 3600);
	return open_list(v, row[i][cell].view, row[i][cell].filter, NULL, e);
}

static bool open_posture(struct view *v, size_t i, size_t cell, struct err *e)
{
	const struct status *s = v->answer;
	static const char *const answered[] = { NULL, "is:pass", "(is:fail or is:partial)", "open",
	                                        "open", "open" };
	struct view_arg arg = { .label = NULL };
	struct buf filter = BUF_INIT;
	bool ok;

	if (i == s->nframework)
		return open_list(v, "checklist", answered[cell], NULL, e);
	arg.scope = (struct scope){ SCOPE_FRAMEWORK, { s->framework[i].framework } };
	arg.label = s->framework[i].title;
	if (s->framework[i].baseline)
		buf_addf(&filter, "baseline:%s ", s->framework[i].baseline);
	if (cell > 0)
		buf_addf(&filter, "is:%s", control_word(overview_word(cell)));
	arg.filter = filter.len > 0 ? filter.s : NULL;
	ok = view_open_scope(v->app, &arg, e);
	buf_release(&filter);
	return ok;
}

static bool open_source(struct view *v, size_t i, struct err *e)
{
	const struct status_source *r = &((const struct status *)v->answer)->source[i];
	const struct view_arg arg = { .scope = { SCOPE_SOURCE, { r->source } }, .label = r->name };

	return view_push(v->app, view_find("scans"), &arg, e);
}

static bool open_owner(struct view *v, size_t i, size_t cell, struct err *e)
{
	static const char *const what[] = { "", "sev:critical ", "sev:high ", "" };
	const struct overview *o = v->state;
	struct buf filter = BUF_INIT;
	char day[11];
	bool ok;

	buf_adds(&filter, what[cell]);
	if (cell == 3) {
		time_print_date(app_now(v->app), day);
		buf_addf(&filter, "due<%s ", day);
	}
	filter_add_term(&filter, "owner", o->owner[i].name);
	ok = open_list(v, "each", filter.s, NULL, e);
	buf_release(&filter);
	return ok;
}

static bool open_now(struct view *v, size_t i, struct err *e)
{
	const struct status *s = v->answer;
	struct view_arg arg = { .scope = s->now[i].target, .label = s->now[i].where };

	if (arg.scope.kind == SCOPE_ALL)
		return open_list(v, "exceptions", "ended:none due>=0d due<7d", "end within 7d", e);
	if (arg.scope.kind == SCOPE_PROBLEM)
		arg.filter = "still-open";
	return view_open_scope(v->app, &arg, e);
}

static bool open_row(struct view *v, struct err *e)
{
	const struct overview *o = v->state;
	size_t i = o->at[o->block], cell = overview_cell(v);

	if (i >= overview_rows(v, o->block))
		return true;
	switch (o->block) {
	case BLOCK_FINDINGS: return open_findings(v, i, cell, e);
	case BLOCK_DUE: return open_due(v, i, cell, e);
	case BLOCK_ESTATE: return open_estate(v, i, cell, e);
	case BLOCK_POSTURE: return open_posture(v, i, cell, e);
	case BLOCK_SOURCES: return open_source(v, i, e);
	case BLOCK_OWNERS: return open_owner(v, i, cell, e);
	default: return open_now(v, i, e);
	}
}

static void closed(struct view *v)
{
	struct overview *o = v->state;

	arena_release(&o->mem);
}

static enum view_result act(struct view *v, enum action a, struct err *e)
{
	if (!v->answer || ((const struct status *)v->answer)->newest == 0)
		return VIEW_PASS;
	switch (a) {
	case ACT_DOWN: move(v, 1); return VIEW_DONE;
	case ACT_UP: move(v, -1); return VIEW_DONE;
	case ACT_PAGE_DOWN: case ACT_HALF_DOWN: move(v, 5); return VIEW_DONE;
	case ACT_PAGE_UP: case ACT_HALF_UP: move(v, -5); return VIEW_DONE;
	case ACT_TOP: move(v, INT32_MIN); return VIEW_DONE;
	case ACT_BOTTOM: move(v, INT32_MAX); return VIEW_DONE;
	case ACT_RIGHT: next_cell(v, 1); return VIEW_DONE;
	case ACT_LEFT: next_cell(v, -1); return VIEW_DONE;
	case ACT_PANE: next_block(v, 1); return VIEW_DONE;
	case ACT_PANE_BACK: next_block(v, -1); return VIEW_DONE;
	case ACT_ENTER:
		if (!open_row(v, e))
			app_fault(v->app, e);
		return VIEW_DONE;
	default: return VIEW_PASS;
	}
}

/* A source that fell silent before one that was not read whole, that before what was skipped. */
static int ill(const struct status_source *s)
{
	return !s->fresh ? 3 : s->skipped > 0 ? 2 : s->partial ? 1 : 0;
}

/* What is wrong with the data itself: the worst of it, and how much more. */
static bool worth(const struct view *v, struct buf *out)
{
	const struct status *s = v->answer;
	const struct status_source *worst = NULL;
	size_t n = 0;

	for (size_t i = 0; s && i < s->nsource; i++) {
		if (ill(&s->source[i]) == 0)
			continue;
		n++;
		if (!worst || ill(&s->source[i]) > ill(worst))
			worst = &s->source[i];
	}
	if (!worst)
		return false;
	switch (ill(worst)) {
	case 3: buf_addf(out, "! %s has fallen silent", worst->name); break;
	case 2:
		buf_addf(out, "! %s: %lld records were not understood", worst->name,
		         (long long)worst->skipped);
		break;
	default: buf_addf(out, "! %s was not complete", worst->name); break;
	}
	if (n > 1)
		buf_addf(out, ", and %zu more", n - 1);
	buf_adds(out, "  (:sources shows why)");
	return true;
}

static const struct hint hints[] = {
	{ ACT_ENTER, "open" }, { ACT_PANE, "block" }, { ACT_RIGHT, "count" },
	{ ACT_WRITE, "report" }, { ACT_PALETTE, "go to" }, { ACT_REFRESH, "refresh" },
	{ ACT_QUIT, "quit" },
};

const struct view_ops view_overview = {
	.name = "overview",
	.title = "Overview",
	.state_size = sizeof(struct overview),
	.answer_size = sizeof(struct status),
	.hint = hints,
	.nhint = LENGTH(hints),
	.find = find,
	.taken = taken,
	.draw = overview_draw,
	.worth = worth,
	.speak = overview_speak,
	.act = act,
	.close = closed,
};
