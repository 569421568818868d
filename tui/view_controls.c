/* SPDX-License-Identifier: MIT */
/* view_controls.c - a framework's controls, each with its word; and those it counts for too. */
#include <stdlib.h>

#include "tui/acts.h"
#include "tui/strip.h"

/* ---- the controls of one framework ---- */

enum { SECTIONS_MAX = 16, TOTAL_ROWS = 6 };

/* How the controls of a part of the framework stand. */
struct section {
	const char *name;
	int64_t     n[CONTROL_COUNT];
};

/* The frameworks, and the control under the cursor where it is previewed. */
struct seen {
	struct status s; /* postures only */
	struct control_detail control;
	struct section section[SECTIONS_MAX];
	size_t nsection;
};

struct counting_sections {
	struct seen  *seen;
	struct arena *mem;
	size_t        section, status; /* columns */
};

/* Of more sections than there is room for the last holds the rest. */
static bool count_row(void *ctx, const struct row *r, struct err *e)
{
	struct counting_sections *k = ctx;
	struct seen *a = k->seen;
	const char *name = r->val[k->section].u.s;
	size_t i = 0;

	(void)e;
	while (i < a->nsection && !str_eq(a->section[i].name, name))
		i++;
	if (i == SECTIONS_MAX)
		return true;
	if (i == a->nsection)
		a->section[a->nsection++].name = arena_dup(k->mem, name);
	a->section[i].n[r->val[k->status].u.i]++;
	return true;
}

static bool count_sections(struct store *st, const struct scope *framework, struct arena *mem,
                           struct seen *a, struct err *e)
{
	const struct list_info *li = store_list(LIST_controls);
	struct counting_sections k = { .seen = a, .mem = mem,
	                               .section = (size_t)table_column_index(li, "section"),
	                               .status = (size_t)table_column_index(li, "status") };
	const struct list_query q = { .list = LIST_controls, .scope = *framework,
	                              .columns = UINT64_C(1) << k.section |
	                                         UINT64_C(1) << k.status };

	return framework->kind != SCOPE_FRAMEWORK || store_each(st, &q, count_row, &k, e);
}

static bool find_seen(struct store *st, const struct question *q, struct arena *mem,
                      void *answer, struct err *e)
{
	struct seen *a = answer;

	return store_postures(st, mem, &a->s, e) &&
	       (!q->shown || count_sections(st, &q->scope, mem, a, e)) &&
	       (q->row.kind != SCOPE_CONTROL || !q->shown ||
	        store_control(st, q->row.key[0], mem, &a->control, e));
}

static const struct status *frameworks(const struct view *v)
{
	const struct seen *a = v->answer;

	return a ? &a->s : NULL;
}

static void sheet(const struct view *v, struct sheet *s)
{
	const struct seen *a = v->answer;

	if (a->control.id != 0)
		sheet_control(s, &a->control);
}

static const struct status_framework *current(const struct view *v)
{
	const struct status *s = frameworks(v);

	for (size_t i = 0; s && i < s->nframework; i++)
		if (s->framework[i].framework == v->scope.key[0] && !s->framework[i].baseline)
			return &s->framework[i];
	return NULL;
}

static void set_framework(struct view *v, const struct status_framework *f)
{
	v->scope = (struct scope){ SCOPE_FRAMEWORK, { f->framework } };
	str_copy(v->label, sizeof(v->label), f->title);
	table_rescope(&v->pane[0], &v->scope);
	view_ask_rows(v, 0);
}

/* ---- totals by section ---- */

static void add_total(struct strip *s, int y, int group, const struct section *of,
                      enum control_word word)
{
	struct strip_cell c = { .y = y, .group = group, .right = true, .role = ROLE_dim };
	struct buf term = BUF_INIT;

	if (of->n[word] > 0) {
		buf_addf(&term, "section==\"%s\" is:%s", of->name, control_word(word));
		c.term = term.s;
		c.role = control_role(word);
	}
	strip_add(s, &c, "%lld", (long long)of->n[word]);
	buf_release(&term);
}

static void add_section(struct strip *s, int group, const struct section *of)
{
	struct strip_cell c = { .y = 0, .group = group, .right = true, .role = ROLE_dim };
	struct buf term = BUF_INIT;
	bool narrow = s->groups > 12; /* there is room for its number only */

	buf_addf(&term, "section==\"%s\"", of->name);
	c.term = term.s;
	strip_add(s, &c, "%.*s", narrow ? (int)strcspn(of->name, " ") : (int)strlen(of->name),
	          of->name);
	buf_release(&term);
}

/* Sections beside each other; below each how many of its controls pass, fail, wait. */
static void fill_totals(struct strip *s, const struct seen *a)
{
	enum { LEAD = 10 };
	static const enum control_word word[TOTAL_ROWS - 1] = {
		CONTROL_PASS, CONTROL_FAIL, CONTROL_STALE, CONTROL_MANUAL, CONTROL_NONE,
	};
	struct strip_cell label = { .y = 0, .group = -1, .role = ROLE_head };

	strip_reset(s, (a->nsection + 1) * TOTAL_ROWS, LEAD, (int)a->nsection);
	for (int y = 0; y < TOTAL_ROWS && a->nsection > 0; y++) {
		label.y = y;
		label.role = y == 0 ? ROLE_head : ROLE_text;
		strip_add(s, &label, "%s", y == 0 ? "SECTION" : control_word(word[y - 1]));
		for (size_t i = 0; i < a->nsection; i++)
			if (y == 0)
				add_section(s, (int)i, &a->section[i]);
			else
				add_total(s, y, (int)i, &a->section[i], word[y - 1]);
	}
}

static struct strip *totals(const struct view *v)
{
	return v->state;
}

static void speak_totals(const struct view *v, struct buf *out)
{
	if (strip_of(v))
		strip_speak(totals(v), out);
}

static void closed(struct view *v)
{
	strip_release(totals(v));
}

/* The first framework is shown until another is chosen. */
static void taken(struct view *v)
{
	const struct status *s = frameworks(v);

	fill_totals(totals(v), v->answer);

	if (v->scope.kind != SCOPE_ALL)
		return;
	if (s->nframework > 0)
		set_framework(v, &s->framework[0]);
	else
		view_ask_rows(v, 0);
}

static void tell(const struct view *v, struct buf *right)
{
	static const enum control_word word[] = {
		CONTROL_PASS, CONTROL_FAIL, CONTROL_STALE, CONTROL_MANUAL, CONTROL_NONE,
		CONTROL_EXCEPTED, CONTROL_NA,
	};
	const struct status_framework *f = current(v);

	for (size_t i = 0; f && i < LENGTH(word); i++)
		if (f->posture.n[word[i]] > 0)
			buf_addf(right, "%s%lld %s", right->len > 0 ? " " : "",
			         (long long)f->posture.n[word[i]], control_word(word[i]));
}

/* Baselines are no frameworks of their own: the filter shows them ("baseline:fedramp-high"). */
static bool take_framework(struct view *v, size_t i, struct err *e)
{
	const struct status *s = frameworks(v);

	(void)e;
	for (size_t k = 0; s && k < s->nframework; k++)
		if (!s->framework[k].baseline && i-- == 0) {
			set_framework(v, &s->framework[k]);
			return true;
		}
	return true;
}

static void choose_framework(struct view *v)
{
	const struct status *s = frameworks(v);
	struct choice *c = xcalloc(s->nframework + 1, sizeof(*c));
	size_t at = 0, n = 0;

	for (size_t i = 0; i < s->nframework; i++) {
		if (s->framework[i].baseline)
			continue;
		if (&s->framework[i] == current(v))
			at = n;
		c[n++] = (struct choice){ s->framework[i].title, s->framework[i].key };
	}
	app_choose(v->app, "Framework", c, n, at, take_framework);
	free(c);
}

enum view_result act_on_control(struct view *v, enum action a, const struct scope *control,
                                struct err *e)
{
	const struct view_arg arg = { .scope = *control, .label = "crosswalk" };

	if (control->kind == SCOPE_CONTROL && a == ACT_EVIDENCE) {
		act_evidence(v, control);
		return VIEW_DONE;
	}
	if (control->kind == SCOPE_CONTROL && a == ACT_CROSSWALK) {
		if (!view_push(v->app, view_find("crosswalk"), &arg, e))
			app_fault(v->app, e);
		return VIEW_DONE;
	}
	return act_on(v, a, control);
}

static enum view_result act(struct view *v, enum action a, struct err *e)
{
	const struct scope row = view_row(v);

	if (a == ACT_SCOPE && v->answer) {
		choose_framework(v);
		return VIEW_DONE;
	}
	return act_on_control(v, a, &row, e);
}

static const struct table_column columns[] = {
	{ "id",       "CONTROL", 10, 0, false },
	{ "title",    "TITLE",   30, 0, true },
	{ "status",   "IS",       4, 0, false },
	{ "status_30d", "30d",      4, 6, false },
	{ "evidence.count", "EVID",     4, 3, false },
	{ "evidence.at", "AGE",      5, 2, false },
	{ "failing",  "FAILS",    5, 0, false },
	{ "excepted", "EXC",      4, 6, false },
	{ "tested",   "TEST",     5, 5, false },
	{ "owner",    "OWNER",    7, 4, false },
	{ "review",   "REVIEW",   6, 4, false },
	{ "classes",  "OF",       4, 5, false },
	{ "manual",   "ANSWER",   7, 7, false },
	{ "section",  "SECTION", 20, 8, false },
};

static const struct table_view controls = {
	.list = LIST_controls,
	.column = columns,
	.ncolumn = LENGTH(columns),
	.enter = "control",
	.opens = SCOPE_CONTROL,
	.label = "id",
	.empty = "no framework is loaded",
};

/* Of what counts alike elsewhere, which framework it is of comes first. */
static const struct table_column crosswalk_columns[] = {
	{ "framework", "FRAMEWORK", 12, 0, false },
	{ "id",       "CONTROL", 10, 0, false },
	{ "title",    "TITLE",   22, 0, true },
	{ "status",   "IS",       4, 0, false },
	{ "status_30d", "30d",      4, 6, false },
	{ "evidence.count", "EVID",     4, 3, false },
	{ "evidence.at", "AGE",      5, 2, false },
	{ "failing",  "FAILS",    5, 0, false },
	{ "excepted", "EXC",      4, 6, false },
	{ "owner",    "OWNER",    7, 4, false },
	{ "review",   "REVIEW",   6, 5, false },
};

static const struct table_view crosswalk = {
	.list = LIST_controls,
	.column = crosswalk_columns,
	.ncolumn = LENGTH(crosswalk_columns),
	.enter = "control",
	.opens = SCOPE_CONTROL,
	.label = "id",
	.empty = "no other control counts for the same",
};

static const struct hint hints[] = {
	{ ACT_ENTER, "open" }, { ACT_SCOPE, "framework" }, { ACT_COUNTS, "counts" },
	{ ACT_FILTER, "filter" },
	{ ACT_CROSSWALK, "crosswalk" }, { ACT_EVIDENCE, "evidence" }, { ACT_NOTE, "note" },
	{ ACT_OWNER, "owner" }, { ACT_PREVIEW, "preview" }, { ACT_SORT_RIGHT, "order" },
	{ ACT_COLUMNS, "columns" },
};

static bool worth(const struct view *v, struct buf *out)
{
	buf_adds(out, v->at.w < 100 ? "Worst result wins; NONE counts against met" :
	         "Worst result wins; NONE counts against met; 30d is its word a month ago");
	return false;
}

const struct view_ops view_controls = {
	.name = "controls",
	.title = "Controls",
	.pane = &controls,
	.npane = 1,
	.rows_later = true,
	.state_size = sizeof(struct strip),
	.worth = worth,
	.answer_size = sizeof(struct seen),
	.by_row = true,
	.hint = hints,
	.nhint = LENGTH(hints),
	.find = find_seen,
	.sheet = sheet,
	.taken = taken,
	.strip = totals,
	.strip_rows = TOTAL_ROWS,
	.speak = speak_totals,
	.tell = tell,
	.act = act,
	.close = closed,
};

static bool find_row(struct store *st, const struct question *q, struct arena *mem, void *answer,
                     struct err *e)
{
	return q->row.kind != SCOPE_CONTROL || store_control(st, q->row.key[0], mem, answer, e);
}

static void sheet_row(const struct view *v, struct sheet *s)
{
	const struct control_detail *d = v->answer;

	if (d->id != 0)
		sheet_control(s, d);
}

static const struct hint crosswalk_hints[] = {
	{ ACT_ENTER, "open" }, { ACT_FILTER, "filter" }, { ACT_SORT_RIGHT, "order" },
	{ ACT_COLUMNS, "columns" }, { ACT_NOTE, "note" }, { ACT_OWNER, "owner" },
	{ ACT_PREVIEW, "preview" },
};

const struct view_ops view_crosswalk = {
	.name = "crosswalk",
	.title = "Crosswalk",
	.pane = &crosswalk,
	.npane = 1,
	.answer_size = sizeof(struct control_detail),
	.by_row = true,
	.hint = crosswalk_hints,
	.nhint = LENGTH(crosswalk_hints),
	.needs = SCOPE_CONTROL,
	.find = find_row,
	.sheet = sheet_row,
	.act = act_on_row,
};
