/* SPDX-License-Identifier: MIT */
/* view_drift.c - what runs although the gate refuses it or admission denied it. */
#include "tui/acts.h"

static bool find(struct store *st, const struct question *q, struct arena *mem, void *answer,
                 struct err *e)
{
	if (q->row.kind != SCOPE_IMAGE)
		return true;
	return store_gate(st, arena_printf(mem, "%lld", (long long)q->row.key[0]), NULL, 0, mem,
	                  answer, e);
}

static void sheet(const struct view *v, struct sheet *s)
{
	const struct gate_answer *a = v->answer;

	if (a->image == 0)
		return;
	sheet_line(s, ROLE_head, "%s   policy %s", a->name, a->policy);
	for (size_t i = 0; i < a->nreason; i++) {
		const struct gate_reason *r = &a->reason[i];

		sheet_field(s, r->evidence ? "Lacks" : "Refused", "%s   %s", r->rule, r->text);
		if (r->fix)
			sheet_field(s, "Fix", "%s", r->fix);
	}
}

static const struct table_column columns[] = {
	{ "image", "IMAGE", 24, 0, true },  { "kind", "BY", 9, 0, false },
	{ "running", "RUN", 4, 1, false },  { "rules", "RULES", 22, 0, true },
	{ "where", "WHERE", 24, 2, false }, { "policy", "POLICY", 14, 4, false },
	{ "at", "DENIED", 6, 3, false },
};

static const struct table_view drift = {
	.list = LIST_drift,
	.column = columns,
	.ncolumn = LENGTH(columns),
	.enter = "image",
	.opens = SCOPE_IMAGE,
	.label = "image",
	.empty = "nothing runs that the gate refuses or admission denied",
};

static const struct hint hints[] = {
	{ ACT_ENTER, "open" }, { ACT_FILTER, "filter" }, { ACT_PREVIEW, "preview" },
	{ ACT_NOTE, "note" },  { ACT_OWNER, "owner" },
};

const struct view_ops view_drift = {
	.name = "drift",
	.title = "Running against the rules",
	.pane = &drift,
	.npane = 1,
	.answer_size = sizeof(struct gate_answer),
	.by_row = true,
	.hint = hints,
	.nhint = LENGTH(hints),
	.find = find,
	.sheet = sheet,
	.act = act_on_row,
};
