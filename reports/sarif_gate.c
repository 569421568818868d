/* SPDX-License-Identifier: MIT */
/*
 * sarif_gate.c - the gate's answers as SARIF 2.1.0, for code scanning: a result for each reason.
 * Source: OASIS, Static Analysis Results Interchange Format 2.1.0.
 */
#include "reports/jot.h"
#include "reports/report.h"

/* A rule's place in the run's list; added where it is new. */
struct rules {
	const char **id;
	size_t n;
	struct arena mem;
};

static size_t rule_index(struct rules *r, const char *id)
{
	int at = str_index(r->id, r->n, id);
	const char **grown;

	if (at >= 0)
		return (size_t)at;
	grown = arena_array(&r->mem, const char *, r->n + 1);
	if (r->n)
		memcpy(grown, r->id, r->n * sizeof(*grown));
	grown[r->n] = id;
	r->id = grown;
	return r->n++;
}

static void driver(struct jot *j, const struct rules *r)
{
	jot_object(j, "tool");
	jot_object(j, "driver");
	jot_text(j, "name", "seaworthy");
	jot_text(j, "version", build_version);
	jot_array(j, "rules");
	for (size_t i = 0; i < r->n; i++) {
		jot_object(j, NULL);
		jot_text(j, "id", r->id[i]);
		jot_end(j);
	}
	jot_end(j);
	jot_end(j);
	jot_end(j);
}

static void message(struct jot *j, const struct gate_reason *r)
{
	struct buf text = BUF_INIT;

	buf_addf(&text, "%s%s%s%s%s%s", r->text, r->fix ? "; fix: " : "", r->fix ? r->fix : "",
		 str_empty(r->policy) ? "" : " (policy ", r->policy ? r->policy : "",
		 str_empty(r->policy) ? "" : ")");
	jot_object(j, "message");
	jot_text(j, "text", text.s);
	jot_end(j);
	buf_release(&text);
}

static void location(struct jot *j, const struct gate_answer *a)
{
	struct buf full = BUF_INIT;

	buf_addf(&full, "%s%s%s", a->name, *a->digest ? "@" : "", a->digest);
	jot_array(j, "locations");
	jot_object(j, NULL);
	jot_array(j, "logicalLocations");
	jot_object(j, NULL);
	jot_text(j, "name", a->name);
	jot_text(j, "fullyQualifiedName", full.s);
	jot_text(j, "kind", "image");
	jot_end(j);
	jot_end(j);
	jot_end(j);
	jot_end(j);
	buf_release(&full);
}

static void result(struct jot *j, const struct gate_answer *a, const struct gate_reason *r,
		   struct rules *rules)
{
	struct buf print = BUF_INIT;

	buf_addf(&print, "%s %s", *a->digest ? a->digest : a->name, r->rule);
	jot_object(j, NULL);
	jot_text(j, "ruleId", r->rule);
	jot_int(j, "ruleIndex", (int64_t)rule_index(rules, r->rule));
	jot_text(j, "level", r->evidence ? "warning" : "error");
	message(j, r);
	location(j, a);
	jot_object(j, "partialFingerprints");
	jot_text(j, "imageRule/v1", print.s);
	jot_end(j);
	jot_end(j);
	buf_release(&print);
}

void sarif_gate(struct out *o, const struct gate_answer *a, size_t n)
{
	struct rules rules = { NULL, 0, ARENA_INIT };
	struct jot j = { .out = o };

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < a[i].nreason; k++)
			rule_index(&rules, a[i].reason[k].rule);
	jot_object(&j, NULL);
	jot_text(&j, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
	jot_text(&j, "version", "2.1.0");
	jot_array(&j, "runs");
	jot_object(&j, NULL);
	driver(&j, &rules);
	jot_array(&j, "results");
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < a[i].nreason; k++)
			result(&j, &a[i], &a[i].reason[k], &rules);
	jot_end(&j);
	jot_end(&j);
	jot_end(&j);
	jot_end(&j);
	arena_release(&rules.mem);
}
