/* SPDX-License-Identifier: MIT */
/* image.c - one image: what it is, what is wrong with it, what to change, where it runs. */
#include <inttypes.h>

#include "reports/doc.h"

/* ---- facts ---- */

static void fact_time(struct doc *d, const char *name, int64_t t)
{
	char s[21];

	time_print(t, s);
	doc_fact(d, name, "%s", t && t != DUE_NONE ? s : "none");
}

static void fact_text(struct doc *d, const char *name, const char *s)
{
	if (!str_empty(s))
		doc_fact(d, name, "%s", s);
}

static const char *standing(const struct image_detail *i)
{
	if (i->running)
		return "running";
	return i->current ? "current, not running" : "retired";
}

static const char *signature_text(const char *word)
{
	static const char *const map[][2] = {
		{ "ok", "verified" },
		{ "none", "none found" },
		{ "bad", "does not verify" },
		{ "key?", "made with a key that no policy names" },
		{ "present", "present, not verified" },
	};

	for (size_t i = 0; i < LENGTH(map); i++)
		if (str_eq(map[i][0], word))
			return map[i][1];
	return "not checked";
}

static void tell_identity(struct doc *d, const struct image_detail *i)
{
	fact_time(d, "Judged at", d->job->now);
	fact_text(d, "Image", i->name);
	for (size_t k = 0; k < i->nnames; k++)
		fact_text(d, "Name", i->names[k]);
	for (size_t k = 0; k < i->ndigest; k++)
		fact_text(d, "Digest", i->digest[k]);
	fact_text(d, "System", i->os);
	fact_text(d, "Platform", i->arch);
	fact_text(d, "Base", i->base);
	fact_time(d, "Built", i->built);
	doc_fact(d, "Standing", "%s", standing(i));
	if (i->eol)
		doc_fact(d, "Support", "its base system is out of support");
	if (i->unpinned)
		doc_fact(d, "Identity", "known by name only: no report gave a digest");
	doc_fact(d, "Signature", "%s", signature_text(i->signature));
	fact_text(d, "Signer", i->signer);
	if (!str_empty(i->claimed))
		doc_fact(d, "Signer, as it claims", "%s: nobody verified it", i->claimed);
	fact_text(d, "Admission", i->admission);
	fact_text(d, "Owner", i->owner);
}

static void tell_standing(struct doc *d, const struct image_detail *i)
{
	fact_time(d, "Newest scan", i->scanned_at);
	fact_time(d, "Its database", i->db_built);
	fact_time(d, "Next deadline", i->due);
	doc_fact(d, "Past their deadline", "%" PRId64, i->late);
	doc_fact(d, "Known to be exploited", "%" PRId64, i->kev);
	doc_fact(d, "With a fix", "%" PRId64, i->fixable);
	doc_fact(d, "Set aside", "%" PRId64, i->accepted);
	if (!i->scanned_at)
		doc_para(d, "No complete scan is known. An empty list below is no evidence that "
		            "nothing is wrong.");
}

static bool tell_counts(struct doc *d, const struct image_detail *i, struct err *e)
{
	static const struct doc_column col[] = {
		{ "severity", "Severity", VAL_SEVERITY },
		{ "open", "Open", VAL_INT },
	};
	bool ok = true;

	doc_table(d, "open", col, LENGTH(col));
	for (int s = 0; ok && s < SEV_COUNT; s++) {
		const struct value v[] = { value_of(VAL_SEVERITY, s), value_int(i->open[s]) };

		ok = doc_row(d, v, e);
	}
	doc_table_end(d);
	return ok;
}

/* ---- the gate ---- */

static bool tell_gate(struct doc *d, struct arena *mem, struct err *e)
{
	static const struct doc_column col[] = {
		{ "rule", "Rule", VAL_TEXT },
		{ "text", "Why not", VAL_TEXT },
		{ "fix", "What would help", VAL_TEXT },
		{ "evidence", "For want of evidence", VAL_FLAG },
	};
	struct gate_answer g;
	bool ok = true;

	doc_heading(d, 1, "May it be promoted?");
	if (!store_gate(d->job->st, arena_printf(mem, "%" PRId64, d->job->image), NULL, 0, mem, &g,
	                e))
		return false;
	doc_para(d, "%s, under the policy %s.", g.admitted ? "Yes" : "No", g.policy);
	if (g.admitted)
		return true;
	doc_table(d, "gate", col, LENGTH(col));
	for (size_t i = 0; ok && i < g.nreason; i++) {
		const struct gate_reason *r = &g.reason[i];
		const struct value v[] = { value_text(r->rule), value_text(r->text),
			                   value_text(r->fix), value_of(VAL_FLAG, r->evidence) };

		ok = doc_row(d, v, e);
	}
	doc_table_end(d);
	return ok;
}

/* ---- lists ---- */

static bool tell_lists(struct doc *d, struct err *e)
{
	const struct {
		const char *heading, *name;
		struct doc_rows rows;
	} part[] = {
		{ "What to change", "fixes",
		  { .list = LIST_fixes,
		    .columns = "kind,what=Change,removes,findings.critical=Critical,"
			       "findings.high=High,findings.medium=Medium,findings.low=Low,kev,"
			       "also_in" } },
		{ "Findings", "findings",
		  { .list = LIST_findings,
		    .columns = "severity,kind,advisory=Finding,title,package.name=Package,"
			       "package.version=Version,fixed_in,place,state,due,kev,epss,cvss,"
			       "sources,first_seen" } },
		{ "Findings it no longer has", "resolved",
		  { .list = LIST_findings,
		    .filter = "state:resolved",
		    .columns = "severity,advisory=Finding,package.name=Package,"
			       "package.version=Version,first_seen,last_seen" } },
		{ "Scans of it", "scans",
		  { .list = LIST_scans,
		    .columns = "at=Scanned,source,version,database,partial,created,resolved,"
			       "reopened,file" } },
		{ "Where it runs", "containers",
		  { .list = LIST_containers,
		    .columns = "cluster,namespace,workload,pod,name=Container,node" } },
	};

	for (size_t i = 0; i < LENGTH(part); i++) {
		struct doc_rows rows = part[i].rows;

		rows.scope = (struct scope){ SCOPE_IMAGE, { d->job->image } };
		doc_heading(d, 1, part[i].heading);
		if (!doc_list(d, part[i].name, &rows, e))
			return false;
	}
	return true;
}

static bool tell_controls(struct doc *d, const struct image_detail *i, struct err *e)
{
	static const struct doc_column col[] = {
		{ "framework", "Framework", VAL_TEXT }, { "id", "Control", VAL_TEXT },
		{ "title", "Title", VAL_TEXT },         { "status", "Status", VAL_CONTROL },
	};
	bool ok = true;

	doc_heading(d, 1, "Controls that its findings fail");
	doc_table(d, "controls", col, LENGTH(col));
	for (size_t k = 0; ok && k < i->ncontrol; k++) {
		const struct control_ref *c = &i->control[k];
		const struct value v[] = { value_text(c->framework), value_text(c->ident),
			                   value_text(c->title), value_of(VAL_CONTROL, c->word) };

		ok = doc_row(d, v, e);
	}
	doc_table_end(d);
	return ok;
}

static bool tell_notes(struct doc *d, const struct image_detail *i, struct err *e)
{
	static const struct doc_column col[] = {
		{ "at", "At", VAL_TIME },
		{ "actor", "Who", VAL_TEXT },
		{ "text", "Note", VAL_TEXT },
	};
	bool ok = true;

	if (!i->nnote)
		return true;
	doc_heading(d, 1, "Notes");
	doc_table(d, "notes", col, LENGTH(col));
	for (size_t k = 0; ok && k < i->nnote; k++) {
		const struct value v[] = { value_of(VAL_TIME, i->note[k].at),
			                   value_text(i->note[k].actor),
			                   value_text(i->note[k].text) };

		ok = doc_row(d, v, e);
	}
	doc_table_end(d);
	return ok;
}

static bool tell(struct doc *d, struct err *e)
{
	struct arena mem = ARENA_INIT;
	struct image_detail i;
	bool ok = store_image(d->job->st, d->job->image, &mem, &i, e);

	if (ok) {
		tell_identity(d, &i);
		tell_standing(d, &i);
	}
	ok = ok && tell_counts(d, &i, e) && tell_gate(d, &mem, e) && tell_lists(d, e) &&
	     tell_controls(d, &i, e) && tell_notes(d, &i, e);
	arena_release(&mem);
	return ok;
}

const struct report report_image = {
	.info = { .id = "image", .title = "Image report", .wants_image = true,
		  .about = "one image: the gate's word, findings, decisions, controls" },
	.tell = tell,
};
