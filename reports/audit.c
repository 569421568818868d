/* SPDX-License-Identifier: MIT */
/* audit.c - the auditor's report: what was judged, by what evidence, what fails, who decided. */
#include <inttypes.h>

#include "reports/doc.h"

#define FAILING_SHOWN 20  /* findings named under a failing control; the rest are counted */
#define TRAIL_SHOWN   100 /* newest records of the audit trail */

struct audit {
	struct doc *doc;
	struct status status;
	struct verify_answer chain;
	struct policy_facts policy;
	struct arena mem;
};

/* ---- what this report stands on ---- */

static const char *time_text(struct arena *mem, int64_t t)
{
	char s[21];

	time_print(t, s);
	return t ? arena_dup(mem, s) : "none";
}

static const char *span_text(struct arena *mem, int64_t seconds)
{
	char s[16];

	time_print_span(seconds, s);
	return arena_dup(mem, s);
}

static void tell_chain(struct audit *a)
{
	const struct verify_answer *c = &a->chain;

	if (c->intact)
		doc_fact(a->doc, "Audit trail", "intact: %" PRId64 " records, head #%" PRId64 " %s",
		         c->records, c->seq, c->head);
	else
		doc_fact(a->doc, "Audit trail", "NOT INTACT: record #%" PRId64 ": %s", c->bad_seq,
		         c->reason);
}

static bool is_told(const struct audit *a, const struct status_framework *f)
{
	return !a->doc->job->framework || f->framework == a->doc->job->framework;
}

static bool tell_basis(struct audit *a, struct err *e)
{
	const struct policy_facts *p = &a->policy;
	struct doc *d = a->doc;
	size_t told = 0;

	doc_fact(d, "Judged at", "%s", time_text(&a->mem, d->job->now));
	doc_fact(d, "Newest data", "%s", time_text(&a->mem, a->status.newest));
	doc_fact(d, "Known to", "#%" PRId64, a->status.seq);
	tell_chain(a);
	doc_fact(d, "Policy", "%s: %s", p->name, p->title);
	doc_fact(d, "Evidence stays good",
	         "scans %s, scanners' databases %s, benchmarks %s, admission %s, signatures %s, "
	         "answers %s",
	         span_text(&a->mem, p->scan), span_text(&a->mem, p->database),
	         span_text(&a->mem, p->benchmark), span_text(&a->mem, p->admission),
	         span_text(&a->mem, p->signature), span_text(&a->mem, p->answer));
	for (size_t i = 0; i < a->status.nframework; i++)
		if (is_told(a, &a->status.framework[i])) {
			doc_fact(d, "Framework", "%s: %s", a->status.framework[i].key,
			         a->status.framework[i].title);
			told++;
		}
	doc_fact(d, "Made by", "seaworthy %s", build_version);
	return told || !d->job->framework ||
	       err_set(e, ERR_USAGE, "there is no such framework in this store");
}

/* ---- what was judged, and what was not ---- */

static int64_t total(const struct posture *p)
{
	int64_t n = 0;

	for (int w = 0; w < CONTROL_COUNT; w++)
		n += p->n[w];
	return n;
}

static bool tell_posture_rows(struct audit *a, struct err *e)
{
	for (size_t i = 0; i < a->status.nframework; i++) {
		const struct status_framework *f = &a->status.framework[i];
		struct value v[CONTROL_COUNT + 3];

		if (!is_told(a, f))
			continue;
		v[0] = value_text(f->key);
		v[1] = value_int(total(&f->posture));
		for (int w = 0; w < CONTROL_COUNT; w++)
			v[w + 2] = value_int(f->posture.n[w]);
		v[CONTROL_COUNT + 2] = value_int(f->tested);
		if (!doc_row(a->doc, v, e))
			return false;
	}
	return true;
}

static bool tell_posture(struct audit *a, struct err *e)
{
	struct doc_column col[CONTROL_COUNT + 3] = {
		{ "framework", "Framework", VAL_TEXT },
		{ "controls", "Controls", VAL_INT },
		[CONTROL_COUNT + 2] = { "tested", "Tested", VAL_INT },
	};
	bool ok;

	for (int w = 0; w < CONTROL_COUNT; w++) {
		const char *word = control_word((enum control_word)w);

		col[w + 2] = (struct doc_column){ word, word, VAL_INT };
	}
	doc_para(a->doc,
	         "Only what rests on evidence inside its window passes. Stale evidence, missing "
	         "evidence and questions nobody has answered are counted by themselves and are "
	         "never a pass. Tested are the controls that some imported evidence could test.");
	doc_table(a->doc, "posture", col, LENGTH(col));
	ok = tell_posture_rows(a, e);
	doc_table_end(a->doc);
	return ok;
}

/* ---- the controls, framework by framework ---- */

static const char *failing_name(struct arena *mem, const char *framework, const char *ident)
{
	return arena_printf(mem, "fail-%s-%s", framework, ident);
}

static const char *leads_to_failing(const struct list_info *l, const struct row *r,
				    struct arena *mem)
{
	if (row_value(l, r, "status")->u.i != CONTROL_FAIL)
		return NULL;
	return failing_name(mem, row_value(l, r, "framework")->u.s, row_value(l, r, "id")->u.s);
}

static struct doc_place place_of(struct audit *a, const struct status_framework *f)
{
	return (struct doc_place){ arena_printf(&a->mem, "framework-%s", f->key), f->title };
}

static bool tell_controls(struct audit *a, const struct status_framework *f, struct err *e)
{
	const struct doc_rows rows = {
		.list = LIST_controls,
		.scope = { SCOPE_FRAMEWORK, { f->framework } },
		.columns = "id=Control,title,status,why,evidence.kind=Evidence,"
			   "evidence.at=Newest,evidence.count=Pieces,failing,excepted,"
			   "covered,applicable=Of,tested,classes=Of classes,owner",
		.leads = leads_to_failing,
	};
	const struct posture *p = &f->posture;
	int64_t all = total(p);
	int64_t judged = p->n[CONTROL_PASS] + p->n[CONTROL_FAIL] + p->n[CONTROL_EXCEPTED];
	const struct doc_place place = place_of(a, f);

	doc_place(a->doc, 1, &place);
	doc_para(a->doc,
	         "%" PRId64 " of %" PRId64 " controls were judged by evidence: %" PRId64
	         " pass, %" PRId64 " fail, %" PRId64 " excepted. Not judged: %" PRId64
	         " stale, %" PRId64 " without evidence, %" PRId64 " await a person. %" PRId64
	         " do not apply.",
	         judged, all, p->n[CONTROL_PASS], p->n[CONTROL_FAIL], p->n[CONTROL_EXCEPTED],
	         p->n[CONTROL_STALE], p->n[CONTROL_NONE], p->n[CONTROL_MANUAL], p->n[CONTROL_NA]);
	return doc_list(a->doc, arena_printf(&a->mem, "controls-%s", f->key), &rows, e);
}

/* ---- those that fail, and what fails them ---- */

struct failing { /* a control, kept while its findings are asked for */
	int64_t id;
	const char *framework, *ident, *title, *why;
	struct failing *next;
};
struct gathering {
	struct arena *mem;
	const struct list_info *info;
	struct failing *first, **end;
};

static bool on_failing(void *ctx, const struct row *r, struct err *e)
{
	struct gathering *g = ctx;
	struct failing *f = arena_new(g->mem, struct failing);

	(void)e;
	f->id = r->key[0];
	f->framework = arena_dup(g->mem, row_value(g->info, r, "framework")->u.s);
	f->ident = arena_dup(g->mem, row_value(g->info, r, "id")->u.s);
	f->title = arena_dup(g->mem, row_value(g->info, r, "title")->u.s);
	f->why = arena_dup(g->mem, row_value(g->info, r, "why")->u.s);
	*g->end = f;
	g->end = &f->next;
	return true;
}

/* A table only when there is something in it. */
static bool tell_some(struct audit *a, const char *name, const struct doc_rows *rows, struct err *e)
{
	struct list_query q;
	int64_t n;

	return doc_query(a->doc, rows, &a->mem, &q, e) &&
	       store_count(a->doc->job->st, &q, &n, e) &&
	       (!n || doc_list(a->doc, name, rows, e));
}

/* Of vulnerabilities only the late ones fail a control, and those come first. */
static bool tell_failing(struct audit *a, const struct failing *f, struct err *e)
{
	const struct doc_rows findings = {
		.list = LIST_findings,
		.scope = { SCOPE_CONTROL, { f->id } },
		.filter = "!kind:vulnerability or overdue",
		.order = "due",
		.columns = "due,severity,kind,advisory=Finding,package.name=Package,"
			   "package.version=Version,fixed_in,asset.name=Where,place,owner",
		.most = FAILING_SHOWN,
	};
	const struct doc_rows alerts = {
		.list = LIST_alerts,
		.scope = { SCOPE_CONTROL, { f->id } },
		.columns = "clock.next_due=Due,clock.next=Next step,priority,rule,cluster,"
			   "namespace,pod,container,first,count=Events,state,owner",
		.most = FAILING_SHOWN,
	};
	const char *name = arena_printf(&a->mem, "%s-%s", f->framework, f->ident);
	const struct doc_place place = {
		failing_name(&a->mem, f->framework, f->ident),
		arena_printf(&a->mem, "%s %s: %s", f->framework, f->ident, f->title),
	};

	doc_place(a->doc, 2, &place);
	doc_para(a->doc, "%s", f->why);
	return tell_some(a, arena_printf(&a->mem, "findings-%s", name), &findings, e) &&
	       tell_some(a, arena_printf(&a->mem, "alerts-%s", name), &alerts, e);
}

static bool tell_all_failing(struct audit *a, struct err *e)
{
	const int64_t only = a->doc->job->framework;
	const struct doc_rows rows = {
		.list = LIST_controls,
		.scope = { only ? SCOPE_FRAMEWORK : SCOPE_ALL, { only } },
		.filter = "status:fail",
	};
	struct gathering g = { .mem = &a->mem, .info = store_list(LIST_controls) };
	struct list_query q;

	g.end = &g.first;
	if (!doc_query(a->doc, &rows, &a->mem, &q, e) ||
	    !store_each(a->doc->job->st, &q, on_failing, &g, e))
		return false;
	if (!g.first)
		doc_para(a->doc, "None fails. That says nothing of those that were not judged.");
	for (const struct failing *f = g.first; f; f = f->next)
		if (!tell_failing(a, f, e) || !doc_part(a->doc, e))
			return false;
	return true;
}

/* ---- findings ---- */

static bool tell_open(struct audit *a, struct err *e)
{
	static const struct doc_column col[] = {
		{ "severity", "Severity", VAL_SEVERITY },
		{ "open", "Open", VAL_INT },
		{ "in_7d", "Joined in 7 days", VAL_INT },
		{ "out_7d", "Left in 7 days", VAL_INT },
	};
	const struct status *s = &a->status;
	bool ok = true;

	doc_fact(a->doc, "Known to be exploited", "%" PRId64, s->kev);
	doc_table(a->doc, "open", col, LENGTH(col));
	for (int i = 0; ok && i < SEV_COUNT; i++) {
		const struct value v[] = { value_of(VAL_SEVERITY, i), value_int(s->open[i]),
			                   value_int(s->in7[i]), value_int(s->out7[i]) };

		ok = doc_row(a->doc, v, e);
	}
	doc_table_end(a->doc);
	return ok;
}

static bool tell_late(struct audit *a, struct err *e)
{
	static const struct doc_rows rows = {
		.list = LIST_findings,
		.filter = "overdue",
		.order = "due",
		.columns = "due,severity,advisory=Finding,package.name=Package,"
			   "package.version=Version,fixed_in,asset.name=Where,kev,first_seen,owner",
	};

	return doc_list(a->doc, "late", &rows, e);
}

static bool tell_decided(struct audit *a, struct err *e)
{
	static const struct doc_rows rows = {
		.list = LIST_findings,
		.filter = "!state:open !state:resolved",
		.columns = "state,severity,advisory=Finding,package.name=Package,"
			   "package.version=Version,asset.name=Where,first_seen,owner",
	};

	return doc_list(a->doc, "decided", &rows, e);
}

/* ---- people, sources, silence ---- */

static bool tell_checklist(struct audit *a, struct err *e)
{
	static const struct doc_rows rows = {
		.list = LIST_items,
		.columns = "id=Item,section,title,answered,answer,by,at,review,data=Data says,"
			   "data_why=Why",
	};
	const struct status *s = &a->status;

	doc_para(a->doc,
	         "%" PRId64 " answered pass, %" PRId64 " fail, %" PRId64 " partial, %" PRId64
	         " n/a; %" PRId64 " without a valid answer.",
	         s->answered[ANSWER_PASS], s->answered[ANSWER_FAIL], s->answered[ANSWER_PARTIAL],
	         s->answered[ANSWER_NA], s->unanswered);
	return doc_list(a->doc, "checklist", &rows, e);
}

static bool tell_sources(struct audit *a, struct err *e)
{
	static const struct doc_rows rows = {
		.list = LIST_sources,
		.columns = "name=Source,version,scans,last=Newest scan,database=Its database,"
			   "partial,skipped",
	};

	doc_para(a->doc, "%" PRId64 " of %" PRId64 " sources spoke within %s.", a->status.fresh,
	         a->status.sources, span_text(&a->mem, a->policy.silent));
	return doc_list(a->doc, "sources", &rows, e);
}

/* Every file that was taken in, by its hash: what an auditor asks to see. */
static bool tell_evidence(struct audit *a, struct err *e)
{
	static const struct doc_rows rows = {
		.list = LIST_scans,
		.columns = "at=Scanned,inferred=Time inferred,source,version,cluster,node,partial,"
			   "file,sha256=SHA-256,imported,skipped",
	};

	return doc_list(a->doc, "scans", &rows, e);
}

static bool tell_silent(struct audit *a, struct err *e)
{
	const int64_t since = a->doc->job->now - a->policy.silent;
	const struct doc_rows rows = {
		.list = LIST_clusters,
		.filter = arena_printf(&a->mem, "data<%s or data:none", time_text(&a->mem, since)),
		.columns = "name=Cluster,data=Newest data,nodes,images,pods,owner",
	};

	doc_para(a->doc,
	         "Nothing was heard of these for %s or longer: what is said of them is what was so "
	         "then.",
	         span_text(&a->mem, a->policy.silent));
	return doc_list(a->doc, "silent", &rows, e);
}

static bool tell_trail(struct audit *a, struct err *e)
{
	static const struct doc_rows rows = {
		.list = LIST_audit,
		.order = "newest",
		.columns = "seq=Number,at,actor=Who,act,object,after,hash",
		.most = TRAIL_SHOWN,
	};

	return doc_list(a->doc, "trail", &rows, e);
}

/* ---- the whole ---- */

static bool has_section(const struct audit *a, const struct status_framework *f)
{
	return is_told(a, f) && !f->baseline;
}

static bool tell_frameworks(struct audit *a, struct err *e)
{
	for (size_t i = 0; i < a->status.nframework; i++) {
		const struct status_framework *f = &a->status.framework[i];

		if (has_section(a, f) && !tell_controls(a, f, e))
			return false;
	}
	return true;
}

static const struct section {
	struct doc_place place; /* without a name: it has its own, one a framework */
	bool (*tell)(struct audit *a, struct err *e);
} sections[] = {
	{ { "posture", "What was judged, and what was not" }, tell_posture },
	{ { "open", "Open findings by severity" }, tell_open },
	{ { NULL, NULL }, tell_frameworks },
	{ { "fail", "Controls that fail" }, tell_all_failing },
	{ { "late", "Findings past their deadline" }, tell_late },
	{ { "decided", "Findings set aside by a decision or a statement" }, tell_decided },
	{ { "checklist", "Checklist" }, tell_checklist },
	{ { "silent", "Silent clusters" }, tell_silent },
	{ { "sources", "Sources, and how fresh they are" }, tell_sources },
	{ { "scans", "Evidence taken in, newest first" }, tell_evidence },
	{ { "trail", "Audit trail, newest first" }, tell_trail },
};

static void tell_contents(struct audit *a)
{
	const size_t most = LENGTH(sections) + a->status.nframework;
	struct doc_place *place = arena_array(&a->mem, struct doc_place, most);
	size_t n = 0;

	for (size_t i = 0; i < LENGTH(sections); i++) {
		if (sections[i].place.name)
			place[n++] = sections[i].place;
		for (size_t k = 0; !sections[i].place.name && k < a->status.nframework; k++)
			if (has_section(a, &a->status.framework[k]))
				place[n++] = place_of(a, &a->status.framework[k]);
	}
	doc_contents(a->doc, place, n);
}

/* Its sections, and each control that fails: those take the time. */
static void count_parts(struct audit *a)
{
	a->doc->parts = LENGTH(sections);
	for (size_t i = 0; i < a->status.nframework; i++)
		if (has_section(a, &a->status.framework[i]))
			a->doc->parts += a->status.framework[i].posture.n[CONTROL_FAIL];
}

static bool tell_all(struct audit *a, struct err *e)
{
	struct store *st = a->doc->job->st;

	if (!store_status(st, &a->mem, &a->status, e) || !store_verify(st, NULL, &a->chain, e) ||
	    !store_policy_facts(st, &a->policy, e) || !tell_basis(a, e))
		return false;
	tell_contents(a);
	count_parts(a);
	for (size_t i = 0; i < LENGTH(sections); i++) {
		if (sections[i].place.name)
			doc_place(a->doc, 1, &sections[i].place);
		if (!sections[i].tell(a, e) || !doc_part(a->doc, e))
			return false;
	}
	return true;
}

static bool tell(struct doc *d, struct err *e)
{
	struct audit a = { .doc = d, .mem = ARENA_INIT };
	bool ok = tell_all(&a, e);

	arena_release(&a.mem);
	return ok;
}

const struct report report_audit = {
	.info = { .id = "audit", .title = "Audit report",
		  .about = "posture, what fails or is late, decisions, checklist, trail" },
	.tell = tell,
};
