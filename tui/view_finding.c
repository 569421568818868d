/* SPDX-License-Identifier: MIT */
/*
 * view_finding.c - one finding in full: what is wrong, where, how bad and why, how to mend it, how
 * far it reaches, what it breaks, how long there is, and what people decided. The most opened
 * screen of all.
 */
#include "tui/acts.h"

/* The finding, and the decision that holds it now. */
struct shown {
	struct finding_detail d; /* first: what only needs the finding takes the answer as one */
	const char           *decided; /* NULL: nobody decided */
};

static const struct value *cell(const struct row *r, const char *column)
{
	static const struct value none = { VAL_NULL, { 0 } };
	const struct list_info *li = store_list(LIST_exceptions);

	for (size_t i = 0; i < li->ncol; i++)
		if (str_eq(li->col[i].name, column))
			return &r->val[i];
	return &none;
}

static const char *describe(const struct row *r, struct arena *mem)
{
	const struct value *until = cell(r, "until");
	const char *approver = cell(r, "approver")->u.s;
	char date[11] = "";

	if (until->u.i != DUE_NONE && until->u.i > 0)
		time_print_date(until->u.i - 1, date);
	return arena_printf(mem, "%s%s%s, %s, by %s%s%s: %s",
	                    state_word((enum finding_state)cell(r, "kind")->u.i),
	                    date[0] != '\0' ? " until " : "", date, cell(r, "reach")->u.s,
	                    cell(r, "requester")->u.s,
	                    str_empty(approver) ? "" : ", approved by ",
	                    text_or(approver, ""), cell(r, "reason")->u.s);
}

static bool find_decision(struct store *st, const struct question *q, struct arena *mem,
                          struct shown *out, struct err *e)
{
	struct list_query lq = { .list = LIST_exceptions, .scope = q->scope };
	struct page p = PAGE_INIT;
	size_t at;
	bool ok = filter_parse(LIST_exceptions, "ended:none", q->now, mem, &lq.where, &at, e) &&
	          store_page(st, &lq, PAGE_TOP, NULL, 1, &p, e);

	if (ok && p.nrow > 0)
		out->decided = describe(&p.row[0], mem);
	page_release(&p);
	return ok;
}

static bool find(struct store *st, const struct question *q, struct arena *mem, void *answer,
                 struct err *e)
{
	struct shown *s = answer;

	return store_finding(st, q->scope.key, mem, &s->d, e) && find_decision(st, q, mem, s, e);
}

static bool is_vulnerability(const struct finding_detail *d)
{
	return d->kind == FINDING_VULNERABILITY;
}

/* ---- the parts, in the order of the questions a reader has ---- */

/* One line says how bad it is: words first, then what they stand on. */
static void sheet_what(const struct finding_detail *d, struct sheet *s)
{
	struct buf b = BUF_INIT;

	buf_addf(&b, "%s", severity_word(d->severity));
	if (d->score >= 0 && is_vulnerability(d))
		buf_addf(&b, "   CVSS %d.%d", d->score / 10, d->score % 10);
	if (d->epss >= 0 && is_vulnerability(d))
		buf_addf(&b, "   EPSS %d%%", d->epss / 100);
	if (d->kev)
		buf_adds(&b, "   known exploited");
	sheet_text(s, ROLE_head, str_empty(d->title) ? d->name : d->title);
	sheet_role(s, severity_role(d->severity), "Severity", "%s", b.s);
	sheet_field(s, "Why", "%s", text_or(d->why, ""));
	buf_release(&b);
}

static void add_running(const struct finding_detail *d, struct buf *b)
{
	if (d->running > 0) {
		buf_adds(b, "   runs in ");
		print_many(d->running, "container", b);
	} else if (d->asset_kind == ASSET_IMAGE) {
		buf_adds(b, "   not running");
	}
	if (d->exposed)
		buf_addf(b, "   %s", d->exposed == 2 ? "exposed" : "perhaps exposed");
}

static void sheet_where(const struct finding_detail *d, struct sheet *s)
{
	struct buf b = BUF_INIT;

	if (d->asset_kind != ASSET_IMAGE)
		buf_addf(&b, "%s ", asset_kind_word(d->asset_kind));
	buf_adds(&b, short_name(d->asset_name));
	if (d->asset_kind == ASSET_IMAGE && !str_empty(d->asset_digest))
		buf_addf(&b, "@%.15s", d->asset_digest);
	add_running(d, &b);
	sheet_field(s, "Where", "%s", b.s);
	buf_reset(&b);
	for (size_t i = 0; i < d->nlocation && i < 4; i++)
		buf_addf(&b, "%s%s", i > 0 ? ", " : "", d->location[i]);
	if (d->nlocation > 4)
		buf_addf(&b, ", %zu more", d->nlocation - 4);
	if (!str_empty(d->package))
		sheet_field(s, "Package", "%s %s  (%s)%s%s", d->package, text_or(d->version, ""),
		            text_or(d->package_type, "?"), b.len > 0 ? "  at " : "", b.s);
	else if (!str_empty(d->place) || b.len > 0)
		sheet_field(s, "Place", "%s", str_empty(d->place) ? b.s : d->place);
	if (!str_empty(d->message))
		sheet_field(s, "Says", "%s", d->message);
	buf_release(&b);
}

static void sheet_fix(const struct finding_detail *d, struct sheet *s)
{
	struct buf b = BUF_INIT;

	print_fix(d, &b);
	sheet_role(s, str_empty(d->fixed_in) ? ROLE_warn : ROLE_pass, "Fix", "%s", b.s);
	buf_release(&b);
	if (!str_empty(d->remedy))
		sheet_field(s, "Remedy", "%s", d->remedy);
}

/* The catalogue's own words of urgency, where they set the date or say more than it. */
static void sheet_urgency(const struct finding_detail *d, struct sheet *s)
{
	char date[11];

	if (d->kev_due > 0) {
		time_print_date(d->kev_due, date);
		sheet_field(s, "KEV", "the catalogue's date is %s%s", date,
		            d->triage == SAID_YES ? "; forensic triage is asked for" : "");
	}
	if (d->exploitation != EXPLOITATION_UNSAID || d->automatable != SAID_NOTHING ||
	    d->impact != IMPACT_UNSAID)
		sheet_field(s, "SSVC", "exploitation %s, automatable %s, impact %s",
		            text_or(exploitation_word(d->exploitation), "-"),
		            text_or(said_word(d->automatable), "-"),
		            text_or(impact_word(d->impact), "-"));
}

static void sheet_clock(const struct finding_detail *d, struct sheet *s)
{
	char due[16], open[16], seen[16], first[11];
	bool late = d->due != DUE_NONE && d->due < s->now;

	print_due(d->due, s->now, due);
	print_age(d->clock_start > 0 ? d->clock_start : d->since, s->now, open);
	print_age(d->last_seen, s->now, seen);
	time_print_date(d->since, first);
	sheet_role(s, late ? ROLE_late : ROLE_text, "Due", "%s%s%s%s", late ? "late by " : "",
	           late && due[0] == '-' ? due + 1 : due, str_empty(d->due_rule) ? "" : ", ",
	           text_or(d->due_rule, ""));
	sheet_field(s, "Clock", "open %s, here since %s, last seen %s ago", open, first, seen);
}

static void sheet_seen(const struct finding_detail *d, struct sheet *s)
{
	for (size_t i = 0; i < d->nsighting; i++) {
		const struct sighting *n = &d->sighting[i];
		char scan[16], db[16];
		struct buf b = BUF_INIT;

		print_age(n->last_scan, s->now, scan);
		print_age(n->db_built, s->now, db);
		buf_addf(&b, "%-10s %-9s", n->source, str_empty(n->word) ? "-" : n->word);
		if (n->score >= 0)
			buf_addf(&b, " %d.%d", n->score / 10, n->score % 10);
		buf_addf(&b, "  scan %s ago", scan);
		if (n->db_built > 0)
			buf_addf(&b, ", its data %s old", db);
		if (n->until > 0)
			buf_adds(&b, ", sees it no more");
		sheet_role(s, n->until > 0 ? ROLE_dim : ROLE_text, i == 0 ? "Seen by" : "", "%s",
		           b.s);
		buf_release(&b);
	}
}

static void sheet_reach(const struct finding_detail *d, struct sheet *s)
{
	if (d->reach > 1)
		sheet_field(s, "Reach",
		            "%lld assets have it, %lld of them running; x shows them all",
		            (long long)d->reach, (long long)d->reach_running);
	else
		sheet_field(s, "Reach", "nothing else has it");
}

/* What people said of it, and who must act. */
static void sheet_people(const struct finding_detail *d, struct sheet *s)
{
	sheet_field(s, "Owner", "%s", text_or(d->owner, "none: w sets one"));
	sheet_notes(s, d->note, d->nnote);
	sheet_history(s, d->history, d->nhistory);
}

static void sheet_more(const struct finding_detail *d, struct sheet *s)
{
	struct buf b = BUF_INIT;

	for (size_t i = 0; i < d->nalias; i++)
		buf_addf(&b, "%s%s", i > 0 ? ", " : "", d->alias[i]);
	if (b.len > 0)
		sheet_field(s, "Also", "%s", b.s);
	if (!str_empty(d->class_name))
		sheet_field(s, "Class", "%s", d->class_name);
	if (!str_empty(d->vector))
		sheet_field(s, "Vector", "%s", d->vector);
	if (!str_empty(d->url))
		sheet_field(s, "Read", "%s", d->url);
	buf_release(&b);
}

/* The first screen answers what to do; the rest is there to prove it. */
static void sheet(const struct view *v, struct sheet *s)
{
	const struct shown *shown = v->answer;
	const struct finding_detail *d = &shown->d;

	sheet_what(d, s);
	if (shown->decided)
		sheet_role(s, ROLE_warn, "Decided", "%s", shown->decided);
	sheet_fix(d, s);
	sheet_clock(d, s);
	sheet_urgency(d, s);
	sheet_where(d, s);
	sheet_reach(d, s);
	sheet_seen(d, s);
	sheet_people(d, s);
	sheet_controls(s, "Breaks", d->control, d->ncontrol, true);
	sheet_gap(s);
	if (!str_empty(d->text))
		sheet_text(s, ROLE_text, d->text);
	sheet_more(d, s);
	sheet_controls(s, "Controls", d->control, d->ncontrol, false);
}

static void tell(const struct view *v, struct buf *right)
{
	const struct finding_detail *d = v->answer;

	if (!str_eq(v->label, d->name))
		buf_addf(right, "%s  ", d->name);
	buf_addf(right, "%s  %s", severity_word(d->severity), state_word(d->state));
}

static void copy(const struct view *v, struct buf *out)
{
	print_fix(v->answer, out);
}

static enum view_result act(struct view *v, enum action a, struct err *e)
{
	const struct finding_detail *d = v->answer;
	struct view_arg arg = { .label = NULL };

	if (a == ACT_ENTER && d && d->asset_kind == ASSET_IMAGE) {
		arg.scope = (struct scope){ SCOPE_IMAGE, { d->asset } };
		arg.label = d->asset_name;
		if (!view_open_scope(v->app, &arg, e))
			app_fault(v->app, e);
		return VIEW_DONE;
	}
	if (a == ACT_CROSSWALK && d) {
		arg.scope = (struct scope){ SCOPE_PROBLEM, { d->advisory, d->problem } };
		arg.label = d->name;
		if (!view_open_scope(v->app, &arg, e))
			app_fault(v->app, e);
		return VIEW_DONE;
	}
	return act_on(v, a, &v->scope);
}

static const struct hint hints[] = {
	{ ACT_STATE, "state" }, { ACT_ACCEPT, "accept" }, { ACT_OWNER, "owner" },
	{ ACT_DUE, "due" },
	{ ACT_NOTE, "note" }, { ACT_NEXT_ITEM, "next" }, { ACT_ENTER, "its image" },
	{ ACT_CROSSWALK, "where else" }, { ACT_COPY_MENU, "copy" },
};

const struct view_ops view_finding = {
	.name = "finding",
	.title = "Finding",
	.answer_size = sizeof(struct shown),
	.hint = hints,
	.nhint = LENGTH(hints),
	.needs = SCOPE_FINDING,
	.find = find,
	.sheet = sheet,
	.tell = tell,
	.copy = copy,
	.act = act,
};
