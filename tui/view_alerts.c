/* SPDX-License-Identifier: MIT */
/* view_alerts.c - runtime alerts by the time that is left; one alert with its events. */
#include "tui/acts.h"
#include "tui/pace.h"

/* ---- one alert, as preview and in full ---- */

static bool find_row(struct store *st, const struct question *q, struct arena *mem, void *answer,
                     struct err *e)
{
	if (q->row.kind != SCOPE_ALERT)
		return true;
	return store_alert(st, q->row.key[0], mem, answer, e);
}

static bool find_one(struct store *st, const struct question *q, struct arena *mem, void *answer,
                     struct err *e)
{
	return store_alert(st, q->scope.key[0], mem, answer, e);
}

struct targets {
	struct buf late, other;
};

static void add_step(struct targets *t, const char *what, int64_t done, int64_t due, int64_t now)
{
	struct buf *b = done <= 0 && due < now ? &t->late : &t->other;
	char span[16];

	buf_addf(b, "%s%s ", b->len > 0 ? "   " : "", what);
	if (done > 0) {
		print_age(done, now, span);
		buf_addf(b, "done %s ago", span);
	} else if (due > 0 && due != DUE_NONE) {
		print_due(due, now, span);
		buf_addf(b, due < now ? "late by %s" : "in %s", due < now ? span + 1 : span);
	} else {
		buf_adds(b, "-");
	}
}

/* What is late stands first, by itself: the other steps have time. */
static void sheet_targets(const struct alert_detail *d, struct sheet *s)
{
	struct targets t = { BUF_INIT, BUF_INIT };

	add_step(&t, "acknowledge", d->acknowledged, d->ack_due, s->now);
	add_step(&t, "contain", d->contained, d->contain_due, s->now);
	add_step(&t, "close", d->closed, d->close_due, s->now);
	if (d->reported > 0 || d->report_due != DUE_NONE)
		add_step(&t, "report", d->reported, d->report_due, s->now);
	if (t.late.len > 0)
		sheet_role(s, ROLE_late, "Target", "%s", t.late.s);
	if (t.other.len > 0)
		sheet_field(s, t.late.len > 0 ? "" : "Target", "%s", t.other.s);
	buf_release(&t.late);
	buf_release(&t.other);
}

static void sheet_place(const struct alert_detail *d, struct sheet *s)
{
	struct buf b = BUF_INIT;

	buf_addf(&b, "%s", text_or(d->cluster, "none"));
	if (!str_empty(d->namespace))
		buf_addf(&b, " %s/%s", d->namespace, text_or(d->pod, "none"));
	if (!str_empty(d->container))
		buf_addf(&b, "  container %s", d->container);
	if (!str_empty(d->node))
		buf_addf(&b, "  node %s", d->node);
	sheet_field(s, "Where", "%s", b.s);
	buf_reset(&b);
	print_severities(d->image_open, &b);
	if (str_empty(d->image))
		sheet_field(s, "Image", "%s", "");
	else
		sheet_field(s, "Image", "%s   open %s", short_name(d->image), b.s);
	buf_release(&b);
}

/* "name<TAB>value" at `at`: the lengths of both; the start of the next, or of the end. */
static const char *split_field(const char *at, size_t *name, size_t *value)
{
	*name = strcspn(at, "\t\n");
	at += *name;
	*value = *at == '\t' ? strcspn(at + 1, "\n") : 0;
	at += *at == '\t' ? *value + 1 : 0;
	return at + (*at == '\n');
}

/* The fields the tool gave, a line each: names beside values, as wide as the longest needs. */
static void sheet_fields(const char *fields, struct sheet *s)
{
	enum { NAME_MOST = 28 };
	size_t name, value;
	int label = s->label;

	for (const char *at = fields; *at != '\0';) {
		at = split_field(at, &name, &value);
		if ((int)name + 2 > s->label && name < NAME_MOST)
			s->label = (int)name + 2;
	}
	for (const char *at = fields; *at != '\0';) {
		const char *next = split_field(at, &name, &value);
		char head[NAME_MOST + 1];

		snprintf(head, sizeof(head), "%.*s", (int)name, at);
		sheet_field(s, head, "%.*s", (int)value, value > 0 ? at + name + 1 : "");
		at = next;
	}
	s->label = label;
}

static void sheet_mute(const struct alert_detail *d, struct sheet *s)
{
	char day[11];

	if (d->muted_until == 0)
		return;
	time_print_date(d->muted_until - 1, day);
	sheet_role(s, ROLE_warn, "Muted", "%s until %s by %s: %s", d->muted_where, day,
	           d->muted_by, d->muted_why);
}

/* What else happened there, before it and after: of a container that is a story. */
static void sheet_near(const struct alert_detail *d, struct sheet *s)
{
	for (size_t i = 0; i < d->nnear; i++) {
		const struct near_event *n = &d->near[i];
		char at[21];

		time_print(n->at_ns / NS_PER_S, at);
		sheet_field(s, i == 0 ? "Near" : "", "%s  %s  %s%s%s", at + 11,
		            event_kind_word(n->kind), text_or(n->who, ""),
		            str_empty(n->who) ? "" : " ", n->what);
	}
	if (d->nnear == 0)
		sheet_role(s, ROLE_dim, "Near", "nothing else there within %d minutes",
		           NEAR_S / 60);
}

static void sheet_before(const struct alert_detail *d, struct sheet *s)
{
	int64_t all = d->before_here + d->before_else;

	sheet_field(s, "Before", "its rule in 90 days%s: %lld here, %lld elsewhere",
	            all >= BEFORE_MAX ? ", at least" : "", (long long)d->before_here,
	            (long long)d->before_else);
}

static void sheet_alert(const struct view *v, struct sheet *s)
{
	const struct alert_detail *d = v->answer;
	struct buf events = BUF_INIT;
	char first[21], last[21];

	if (d->id == 0)
		return;
	time_print(d->first_ns / 1000000000, first);
	time_print(d->last_ns / 1000000000, last);
	sheet_line(s, ROLE_head, "%s   %s %s", text_or(d->rule, "?"), text_or(d->source, "?"),
	           priority_word(d->priority));
	print_many(d->events, "event", &events);
	sheet_field(s, "Seen", "%s, first %s, last %s", events.s, first, last);
	sheet_targets(d, s);
	sheet_place(d, s);
	sheet_near(d, s);
	sheet_before(d, s);
	sheet_field(s, "Owner", "%s   state %s", text_or(d->owner, "none"),
	            alert_state_word(d->state));
	sheet_mute(d, s);
	sheet_controls(s, "Breaks", d->control, d->ncontrol, true);
	buf_release(&events);
}

/* What follows the first questions of whoever responds. */
static void sheet_more(const struct view *v, struct sheet *s)
{
	const struct alert_detail *d = v->answer;

	sheet_history(s, d->history, d->nhistory);
	sheet_notes(s, d->note, d->nnote);
	if (!str_empty(d->fields)) {
		sheet_gap(s);
		sheet_head(s, "Newest event");
		sheet_fields(d->fields, s);
	}
	sheet_gap(s);
	sheet_head(s, "Its record as it came");
	sheet_text(s, d->raw ? ROLE_text : ROLE_dim,
	           d->raw ? d->raw : "not kept: records of alerts are, others with --keep-raw");
}

static void sheet_full(const struct view *v, struct sheet *s)
{
	sheet_alert(v, s);
	sheet_more(v, s);
}

/* As much as there is room for. */
static void sheet_preview(const struct view *v, struct sheet *s)
{
	enum { ROOMY = 16, WIDE = 110 };

	sheet_alert(v, s);
	if (s->r.h < ROOMY)
		return;
	if (s->r.w >= WIDE)
		pace_sheet(v->state, s);
	if (((const struct alert_detail *)v->answer)->id != 0)
		sheet_more(v, s);
}

/* ---- the list ---- */

/* All that is known to have happened in its container. */
static void open_time_line(struct view *v, const struct alert_detail *d, struct err *e)
{
	const char *where = str_empty(d->pod) ? d->container : d->pod;
	struct view_arg arg = { .scope = { SCOPE_CONTAINER, { d->asset } } };
	struct buf label = BUF_INIT;

	buf_addf(&label, "%s%stime line", text_or(where, ""), str_empty(where) ? "" : ", ");
	arg.label = label.s;
	if (!view_push(v->app, view_find("timeline"), &arg, e))
		app_fault(v->app, e);
	buf_release(&label);
}

static enum view_result act_row(struct view *v, enum action a, struct err *e)
{
	const struct alert_detail *d = v->answer;
	const struct scope row = view_row(v);

	if (a == ACT_TIMELINE && d && d->id == row.key[0]) {
		open_time_line(v, d, e);
		return VIEW_DONE;
	}
	return act_on(v, a, &row);
}

static const struct table_column columns[] = {
	{ "clock.next_due", "LEFT",     6, 0, false },
	{ "clock.next", "NEXT",     7, 1, false },
	{ "priority",  "PRIO",     4, 0, false },
	{ "rule",      "RULE",    20, 0, true },
	{ "cluster",   "CLUSTER",  9, 2, false },
	{ "namespace", "NAMESPACE", 10, 4, false },
	{ "pod",       "WHERE",   16, 1, true },
	{ "container", "CONTAINER", 14, 9, false },
	{ "count",     "N",        4, 2, false },
	{ "last",      "LAST",     5, 5, false },
	{ "state",     "IS",      12, 10, false },
	{ "owner",     "OWNER",    7, 3, false },
	{ "source",    "BY",       6, 8, false },
	{ "muted",     "MUTED",    5, 11, false },
};

static const struct table_view alerts = {
	.list = LIST_alerts,
	.column = columns,
	.ncolumn = LENGTH(columns),
	.enter = "alert",
	.opens = SCOPE_ALERT,
	.label = "rule",
	.empty = "no alert is open",
};

/* Muted ones are no rows of the list: that there are some is said. */
static void tell_muted(const struct view *v, struct buf *right)
{
	const struct responding *r = v->state;

	if (r->known && r->r.muted > 0)
		buf_addf(right, "%lld muted", (long long)r->r.muted);
}

static const struct hint hints[] = {
	{ ACT_ACCEPT, "ack" }, { ACT_STATE, "state" }, { ACT_OWNER, "owner" },
	{ ACT_NOTE, "note" }, { ACT_TIMELINE, "time line" }, { ACT_ENTER, "open" },
	{ ACT_FILTER, "filter" }, { ACT_CROSSWALK, "mute" }, { ACT_PREVIEW, "preview" },
};

static bool worth(const struct view *v, struct buf *out)
{
	(void)v;
	buf_adds(out, "LEFT counts down to NEXT; what is late comes first");
	return false;
}

const struct view_ops view_alerts = {
	.name = "alerts",
	.title = "Alerts",
	.pane = &alerts,
	.npane = 1,
	.state_size = sizeof(struct responding),
	.worth = worth,
	.answer_size = sizeof(struct alert_detail),
	.by_row = true,
	.always = true,
	.tick = 1,
	.hint = hints,
	.nhint = LENGTH(hints),
	.find = find_row,
	.taken = pace_ask,
	.sheet = sheet_preview,
	.tell = tell_muted,
	.act = act_row,
	.close = pace_close,
};

/* ---- one alert ---- */

static void tell(const struct view *v, struct buf *right)
{
	const struct alert_detail *d = v->answer;

	buf_adds(right, alert_state_word(d->state));
}

static enum view_result act_one(struct view *v, enum action a, struct err *e)
{
	const struct alert_detail *d = v->answer;
	struct view_arg arg = { .label = NULL };

	if (a == ACT_ENTER && d && d->image_id != 0) {
		arg.scope = (struct scope){ SCOPE_IMAGE, { d->image_id } };
		arg.label = d->image;
		if (!view_open_scope(v->app, &arg, e))
			app_fault(v->app, e);
		return VIEW_DONE;
	}
	if (a == ACT_TIMELINE && d) {
		open_time_line(v, d, e);
		return VIEW_DONE;
	}
	return act_on(v, a, &v->scope);
}

static const struct hint one_hints[] = {
	{ ACT_ACCEPT, "acknowledge" }, { ACT_STATE, "state" },
	{ ACT_TIMELINE, "time line" }, { ACT_NOTE, "note" }, { ACT_OWNER, "owner" },
	{ ACT_ENTER, "its image" }, { ACT_NEXT_ITEM, "next" }, { ACT_CROSSWALK, "mute" },
};

const struct view_ops view_alert = {
	.name = "alert",
	.title = "Alert",
	.answer_size = sizeof(struct alert_detail),
	.tick = 1,
	.hint = one_hints,
	.nhint = LENGTH(one_hints),
	.needs = SCOPE_ALERT,
	.find = find_one,
	.sheet = sheet_full,
	.tell = tell,
	.act = act_one,
};
